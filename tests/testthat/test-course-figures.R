# What a reader of R and a reader of Python see: the same numbers, drawn at the same places.

# What a matplotlib figure shows: bars, points (of lines, marks, outlines) on the scale of the axis, and lines across.
drawn_by_python <- function(code) {
  drawn <- python_function("
def drawn(code):
    import ast, matplotlib
    matplotlib.use('Agg')
    import matplotlib.pyplot as plt
    import numpy as np
    plt.close('all')
    plt.show = lambda: None
    tree, last = ast.parse(code), None
    if isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    names = {}
    exec(compile(tree, 'chunk', 'exec'), names)
    figure = eval(compile(last, 'chunk', 'eval'), names) if last else None
    if not isinstance(figure, matplotlib.figure.Figure):
        figure = plt.gcf()
    bars, points, across = [], [], []
    for axes in figure.axes:
        def scaled(xy):
            xy = np.array(xy, dtype=float).reshape(-1, 2)
            for j, scale in enumerate((axes.get_xscale(), axes.get_yscale())):
                xy[:, j] = np.log10(xy[:, j]) if scale == 'log' else xy[:, j]
            return xy.tolist()
        for line in axes.lines:
            if line.get_transform() == axes.transData:
                points += scaled(line.get_xydata())
            else:
                across += [np.ravel(values)[0] for values in line.get_data() if len(set(np.ravel(values))) == 1][:1]
        for patch in axes.patches:
            if isinstance(patch, matplotlib.patches.Rectangle):
                bars.append([patch.get_x(), patch.get_x() + patch.get_width(), patch.get_height()])
            else:
                points += scaled(patch.get_xy())
        for marks in axes.collections:
            points += scaled(marks.get_offsets()) if len(marks.get_offsets()) > 1 else []
    return [np.array(x, dtype=float).reshape(-1, n) for x, n in ((bars, 3), (points, 2), (across, 1))]
", "drawn")
  stats::setNames(lapply(from_python(drawn(code)), unclass), c("bars", "points", "across"))
}

# The same of a ggplot.
drawn_by_r <- function(figure) {
  layers <- ggplot2::ggplot_build(figure)$data
  of <- function(columns) {
    rows <- lapply(layers, function(layer) if (all(columns %in% names(layer))) as.matrix(layer[columns]))
    do.call(rbind, rows)
  }
  is_bar <- vapply(layers, function(layer) "count" %in% names(layer), NA)
  across <- unlist(lapply(layers, function(layer) c(layer$xintercept[1], layer$yintercept[1])))
  list(
    bars = of(c("xmin", "xmax", "count")), across = across,
    points = do.call(rbind, lapply(layers[!is_bar], function(layer) {
      if (all(c("x", "y") %in% names(layer))) data.matrix(layer[c("x", "y")])
    }))
  )
}

places <- function(x) {
  x <- x[stats::complete.cases(x), , drop = FALSE]
  unique(sprintf("%.4f %.4f", round(x[, 1], 4) + 0, round(x[, 2], 4) + 0))
}

# The chunks of a topic, in pairs, without marks of solutions.
chunk_pairs <- function(topic) {
  chunks <- python_function("
def chunks(topic):
    from bineural.course.materials import solution
    from bineural.course.topic import find_topics, read_topic
    parts = [part for part in read_topic(find_topics(topic)[0]).parts if part.language and not part.left_out]
    return [[solution(part.text) for part in parts if part.language == language] for language in ('r', 'python')]
", "chunks")
  pairs <- from_python(chunks(topic))
  data.frame(r = unlist(pairs[[1]]), python = unlist(pairs[[2]]))
}

# Figures that the pages draw by code of their own, with the chunks that these need.
own_figures <- list(
  bineural = list(r = "areas <- (96:159) / 160", python = "areas = [i / 160 for i in range(96, 160)]"),
  learning = c("RandomState", "kyphosis <- load_dataset"),
  "tensors-and-training" = "ten_points",
  architectures = list(
    r = paste(
      "published <- data.frame(family = c('A', 'B', 'B'), depth = 1:3)",
      "published[c('millions', 'accuracy')] <- list(c(61.1, 20, 140), c(56.6, 70, 75))",
      sep = "\n"
    ),
    python = paste(
      "published = pd.DataFrame({'family': ['A', 'B', 'B'], 'depth': [1, 2, 3]})",
      "published[['millions', 'accuracy']] = [[61.1, 56.6], [20.0, 70.0], [140.0, 75.0]]",
      sep = "\n"
    )
  )
)

test_that("figures that the pages draw by themselves show the same bars and lines in both languages", {
  skip_without_python()
  skip_without("ggplot2")
  n_figures <- 0
  for (topic in names(own_figures)) {
    pairs <- chunk_pairs(topic)
    needed <- own_figures[[topic]]
    if (is.character(needed)) needed <- pairs[grepl(paste(needed, collapse = "|"), pairs$r), ]
    before <- list(
      r = c("library(ggplot2)", needed$r),
      python = c(
        "import bineural as bn, bineural.fundamentals as bf",
        "import numpy as np, pandas as pd, matplotlib.pyplot as plt", needed$python
      )
    )
    for (i in grep("geom_", pairs$r)) {
      room <- new.env(parent = globalenv())
      quiet <- utils::capture.output(
        figure <- eval(parse(text = c(before$r, pairs$r[i])), room)
      )
      code <- paste(c(before$python, pairs$python[i]), collapse = "\n")
      quiet <- utils::capture.output(python <- drawn_by_python(code))
      r <- drawn_by_r(figure)
      label <- paste(topic, "figure", i)
      bars <- lapply(list(r$bars, python$bars), function(x) matrix(as.numeric(x), ncol = 3))
      expect_equal(bars[[1]], bars[[2]], tolerance = 1e-9, label = label)
      expect_setequal(places(rbind(r$points, c(0, 0))), places(rbind(python$points, c(0, 0))))
      expect_equal(sort(as.numeric(python$across)), sort(as.numeric(r$across)), label = label)
      n_figures <- n_figures + 1
    }
  }
  expect_gte(n_figures, 4)
})

test_that("no value that can occur lies on an edge of a histogram", {
  skip_without_python()
  found <- grep("geom_histogram", chunk_pairs("bineural")$r, value = TRUE)
  edges <- eval(parse(text = sub(".*breaks = ([^,]*),.*", "\\1", found)))
  areas <- (0:160) / 160 # of 5 x 16 pairs, in which a tie counts one half
  expect_gt(min(abs(outer(edges, areas, "-"))), 1e-3)
})

test_that("records are drawn at the same places in both languages", {
  skip_without_python()
  skip_without("ggplot2")
  W <- rbind(c(1, 0), c(0.5, 1)) # nolint: object_name_linter.
  x <- cbind(c(1, 2, 3, 5), c(2, 1, 4, 3))
  figures <- list(
    list(stop_early(0.3 + (1:100 - 42)^2 / 10000), "stop_early(0.3 + (np.arange(1, 101) - 42) ** 2 / 10000)"),
    list(
      count_linear_regions(build_network(list(W, c(1, 1)), activation = "abs")),
      "count_linear_regions(bf.build_network([W, [1, 1]], activation='abs'))"
    ),
    list(approximate_function(sqrt, n_pieces = 5), "approximate_function(np.sqrt, n_pieces=5)"),
    list(
      gradient_by_layer(c("sigmoid", "relu"), depth = 5, seed = 1),
      "gradient_by_layer(['sigmoid', 'relu'], depth=5, seed=1)"
    ),
    list(map_letter(W, bias = c(2, 0)), "map_letter(W, bias=[2, 0])"),
    list(shrink_weights(x, c(1, 3, 2, 5), c(0.1, 1, 10)), "shrink_weights(x, [1, 3, 2, 5], [0.1, 1, 10])"),
    list(
      descend_gradient(function(w) c(1, 40) * w, c(5, 1), c("sgd", "adam"), learning_rate = 0.02, steps = 20),
      "descend_gradient(lambda w: np.array([1, 40]) * w, [5, 1], ['sgd', 'adam'], learning_rate=0.02, steps=20)"
    )
  )
  before <- "import numpy as np
import bineural.fundamentals as bf
W, x = [[1, 0], [0.5, 1]], [[1, 2], [2, 1], [3, 4], [5, 3]]"
  for (figure in figures) {
    python <- places(drawn_by_python(paste0(before, "\nbf.", figure[[2]], ".plot()"))$points)
    r <- places(drawn_by_r(ggplot2::autoplot(figure[[1]]))$points)
    expect_gt(length(python), 4)
    expect_identical(setdiff(python, r), character(), label = figure[[2]])
  }
})
