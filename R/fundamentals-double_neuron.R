#' Fit the mean of two logistic neurons beside one
#'
#' With g the logistic function the double neuron says `Y = g(b1 + w1 . x) / 2 + g(b2 + w2 . x) / 2`. Between two lines
#' both neurons fire and Y is near 1; beyond either of them one fires and Y is near 1/2: above a threshold between, the
#' class is a band. At the usual threshold of 1/2 nothing is gained: Y > 1/2 exactly where
#' `(w1 + w2) . x + b1 + b2 > 0`, a half-plane as of one neuron. `fit_double_neuron()` fits both by the log loss, and
#' each says 1 above the threshold at which most of these rows are right. `make_band()` draws points of a square, inside
#' a band along its diagonal or not.
#'
#' @param x Inputs, best with variances near 1: a matrix or data frame; a vector is one column.
#' @param y Vector of 0 and 1.
#' @param learning_rate Of Adam.
#' @param steps Updates, each on all rows.
#' @param seed Of the initial weights, normal with standard deviation 3 (the double neuron starts 20 times and the
#'   lowest loss counts), or of the points.
#' @return `fit_double_neuron()`: a list with `weights` (matrix, a row for each neuron), `biases` and `threshold` of the
#'   double neuron, `table` (tibble: neuron as `"single"` or `"double"`, loss in nats, accuracy_at_half, threshold,
#'   accuracy above it), `history` (tibble: step, and the losses single and double), `cases` (tibble: x1, x2, ..., y,
#'   and what single and double say) and `plane` (tibble: x1, x2, single, double on a grid, where there are two
#'   inputs). [plot()][plot.bineural_mechanism] draws where each says 1, or the loss. `make_band()`: a tibble with
#'   columns `x1` and `x2` (-1 to 1) and `inside` (0 or 1).
#' @section Conditions:
#' `bineural_InputError` if `y` does not hold 0 and 1, one for each row, a size or share can't be, or descent runs away.
#' @export
#' @examplesIf bineural_available()
#' rows <- make_band(200, seed = 1)
#' fit_double_neuron(rows[c("x1", "x2")], rows$inside, seed = 1)
fit_double_neuron <- function(x, y, learning_rate = 0.2, steps = 500, seed = NULL) {
  fit <- call_core(
    "fit_double_neuron", as_py_inputs(x), as_py_vector(y), as_py_number(learning_rate), as_py_count(steps),
    as_py_seed(seed)
  )
  new_mechanism(fit, "double_neuron_fit")
}

#' @rdname fit_double_neuron
#' @param n_rows Points.
#' @param width Of the band; the square reaches from -1 to 1.
#' @param flipped Share of the points whose label is turned, at random.
#' @export
make_band <- function(n_rows = 400, width = 0.8, flipped = 0, seed = NULL) {
  from_python(call_core(
    "make_band", as_py_count(n_rows), as_py_number(width), as_py_number(flipped), as_py_seed(seed)
  ))
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_double_neuron_fit <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  kinds <- object$table$neuron
  long <- function(table) {
    parts <- lapply(kinds, function(kind) cbind(table, neuron = kind, says = table[[kind]]))
    do.call(rbind, parts)
  }
  if (is.null(object$plane)) {
    return(
      ggplot2::ggplot(long(object$history), ggplot2::aes(.data$step, .data$says, colour = .data$neuron)) +
        ggplot2::geom_line(linewidth = 0.8) +
        ggplot2::scale_colour_manual(values = plot_colours, limits = kinds) +
        ggplot2::labs(x = "Step", y = "Loss (nats)", colour = NULL, caption = object$text) +
        plain_theme()
    )
  }
  titles <- sprintf(
    "%s: 1 above %.2f, accuracy %.2f", c("Single", "Double"), object$table$threshold, object$table$accuracy
  )
  titled <- function(table) transform(table, where = factor(titles[match(table$neuron, kinds)], levels = titles))
  plane <- titled(long(object$plane))
  shaded <- plane[plane$says > object$table$threshold[match(plane$neuron, kinds)], ]
  halved <- kinds[vapply(kinds, function(kind) min(object$plane[[kind]]) < 0.5 && max(object$plane[[kind]]) > 0.5, NA)]
  half <- plane[plane$neuron %in% halved, ]
  ggplot2::ggplot(titled(long(object$cases)), ggplot2::aes(.data$x1, .data$x2)) +
    ggplot2::geom_raster(data = shaded, fill = plot_colours[2], alpha = 0.15) +
    (if (nrow(half)) {
      ggplot2::geom_contour(ggplot2::aes(z = .data$says), half, breaks = 0.5, colour = "black", linetype = 2)
    }) +
    ggplot2::geom_point(ggplot2::aes(colour = factor(.data$y), shape = factor(.data$y)), size = 1.2) +
    ggplot2::facet_wrap(~where) +
    ggplot2::scale_colour_manual(values = plot_colours) +
    ggplot2::labs(colour = "y", shape = "y", caption = "dashed: it says 1/2") +
    plain_theme()
}
