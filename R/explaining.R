#' Measure how much worse a fitted model predicts when a column's values are shuffled
#'
#' Raw columns are shuffled, before the model prepares them, so a column of three levels is one column and not two.
#'
#' @inheritParams evaluate_model
#' @param columns Names of columns; by default all but the outcome. Columns of a matrix are named `"x1"`, `"x2"`, ...
#' @param measure By default `"auroc"` where an event is predicted, `"log_loss"` for several classes, `"rmse"` for
#'   numbers; [list_measures()] has them all.
#' @param event Class whose probability is measured; by default the one named when the model was fitted.
#' @param repeats Shuffles of each column.
#' @param seed A column's shuffles follow from it and the column's name; `NULL` draws one from R's random
#'   numbers, and keeps it.
#' @return An object of class `bineural_importance`: a list with `table`, also by `as_tibble()`, `tidy()` (column,
#'   importance: mean over shuffles, in units of the measure, positive means that the column matters; sd), `draws`,
#'   `measure`, `estimate`, `seed` and more; `autoplot()` and `plot()` draw it.
#' @details
#' Columns that say the same share their importance: each can be shuffled while the other still tells. It is about this
#' model and these rows, not about causes.
#' @section Conditions:
#' `bineural_InputError` if a column is not there, or the model cannot predict the rows.
#' @references Breiman (2001). *Machine Learning* 45(1), 5-32.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
#' permutation_importance(glm, kyphosis, seed = 1)
permutation_importance <- function(model,
                                   data,
                                   y = NULL,
                                   columns = NULL,
                                   measure = NULL,
                                   event = NULL,
                                   repeats = 10,
                                   seed = NULL) {
  refuse_recipe(model)
  found <- call_core(
    "permutation_importance", python_model(model), as_py_data(data),
    y = as_py_row_values(y, data), columns = as_py_texts(columns), measure = as_py_text(measure),
    event = as_py_level(event), repeats = as_py_count(repeats), seed = as_py_seed(seed)
  )
  new_explanation(found, "bineural_importance")
}

#' Predict all rows with a column set to one value after the other, and average
#'
#' @inheritParams permutation_importance
#' @param data Data frame or matrix of rows to average over.
#' @param column Raw column; columns of a matrix are named `"x1"`, `"x2"`, ...
#' @param event Class whose probability is averaged; by default the one named when the model was fitted, and for several
#'   classes all of them.
#' @param n_points Values of a numeric column, at even quantiles, ends included; of a factor or text every level is
#'   taken.
#' @return An object of class `bineural_dependence`: a list with `table`, also by `as_tibble()`, `tidy()` (value, class
#'   where there are several, or curve of several labels or quantiles, mean, and low and high, between which the
#'   predictions of 80 of 100 rows lie) and more; `autoplot()` and `plot()` draw it.
#' @details
#' Rows are made that may not exist: where columns hang together, a value may be set beside others that it never comes
#' with.
#' @section Conditions:
#' `bineural_InputError` if the column is not there, or the model cannot predict the rows.
#' @references Friedman (2001). *Annals of Statistics* 29(5), 1189-1232.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
#' partial_dependence(glm, kyphosis, "Start", n_points = 3)
partial_dependence <- function(model, data, column, event = NULL, n_points = 20) {
  refuse_recipe(model)
  found <- call_core(
    "partial_dependence", python_model(model), as_py_data(data), as_py_text(column),
    event = as_py_level(event), n_points = as_py_count(n_points)
  )
  new_explanation(found, "bineural_dependence")
}

#' Split the linear predictor of an additive model into a curve for each column
#'
#' @inheritParams permutation_importance
#' @param model A net or GLM fitted to a table and additive in its columns: a net without hidden layers
#'   (`units = integer()`), whose columns have curves with `numbers = "piecewise"`, or a GLM without interactions. Of a
#'   skip net with hidden layers the additive part is split, and `share` says how much of the predictor that is.
#' @param data Data frame or matrix of rows over which each curve is centred, best those trained on. Rows with missing
#'   values are left out.
#' @param columns Names of columns; by default all. Columns of a matrix are named `"x1"`, `"x2"`, ...
#' @return An object of class `bineural_curves`: a list with `table`, also by `as_tibble()`, `tidy()` (column, curve
#'   where there are several classes or outcomes, value or level, part, and low and high, between which the members of
#'   an ensemble lie), `knots`, `intercept`, `share` and more; `autoplot()` and `plot()` draw it: points on a curve are
#'   its knots, strokes beneath are the rows.
#' @details
#' Parts are of the mean linear predictor of an ensemble's members. For each row their sum and the intercept are that
#' predictor: the log-odds of the event, the logarithm of a mean count, a predicted number. An offset counts as a part
#' of its columns. Knots are known of columns that stand alone in the formula.
#' @section Conditions:
#' `bineural_InputError` if the model is not additive in its columns, has no linear predictor, or a column is not there.
#' @references Hastie and Tibshirani (1986). *Statistical Science* 1(3), 297-310.
#' @export
#' @examplesIf bineural_available()
#' line <- fit_glm(Petal.Width ~ Petal.Length + Sepal.Width, iris)
#' additive_curves(line, iris)
additive_curves <- function(model, data, columns = NULL) {
  refuse_recipe(model)
  curves <- call_core("additive_curves", python_model(model), as_py_data(data), columns = as_py_texts(columns))
  new_explanation(curves, "bineural_curves")
}

# The core would take raw columns for prepared ones.
refuse_recipe <- function(model, call = rlang::caller_env()) {
  if (!inherits(model, "bineural_model") || is.null(model$recipe)) return(invisible())
  abort_input(
    "A model of a recipe can't be asked about raw columns.", "The recipe prepares them in R, before the core.",
    "Fit with a formula.",
    call = call
  )
}

new_explanation <- function(object, class) {
  fields <- from_python(object$to_dict())
  fields$text <- in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  structure(fields, class = c(class, "bineural_explanation"))
}

#' @export
print.bineural_explanation <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
as_tibble.bineural_explanation <- function(x, ...) {
  check_dots(...)
  x$table
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_explanation <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(x$table, row.names, stringsAsFactors)
}
# nolint end

#' @export
tidy.bineural_explanation <- function(x, ...) {
  check_dots(...)
  x$table
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_importance <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  places <- rev(object$table$column)
  means <- object$table
  ggplot2::ggplot(object$draws, ggplot2::aes(.data$importance, factor(.data$column, places))) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey40") +
    ggplot2::geom_point(colour = plot_colours[1], alpha = 0.5) +
    ggplot2::geom_point(data = means, shape = 18, size = 4) +
    ggplot2::labs(x = paste(object$label, "(diamond: mean)"), y = NULL) +
    plain_theme()
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_dependence <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  table <- object$table
  of <- intersect(c("class", "curve"), names(table)) # labels and quantiles have curves
  table$class <- if (length(of)) factor(table[[of]], unique(table[[of]])) else factor("mean of all rows")
  look <- (seq_len(nlevels(table$class)) - 1) %% length(plot_colours) + 1
  numeric <- is.numeric(table$value) || inherits(table$value, c("Date", "POSIXct"))
  if (!numeric) table$value <- factor(table$value, unique(table$value))
  beside <- ggplot2::position_dodge(width = 0.3)
  named <- if (!numeric) ggplot2::scale_x_discrete(guide = axis_of_levels(nlevels(table$value), most = 8))
  drawn <- if (numeric) {
    list(ggplot2::geom_ribbon(ggplot2::aes(fill = .data$class), alpha = 0.15, colour = NA), ggplot2::geom_line())
  } else {
    list(ggplot2::geom_linerange(position = beside, alpha = 0.4), ggplot2::geom_point(position = beside))
  }
  ggplot2::ggplot(
    table,
    ggplot2::aes(.data$value, .data$mean, ymin = .data$low, ymax = .data$high, colour = .data$class)
  ) +
    drawn +
    named +
    ggplot2::scale_colour_manual(values = plot_colours[look], aesthetics = c("colour", "fill")) +
    ggplot2::labs(x = object$column, y = object$label, colour = NULL, fill = NULL, caption = "band: 80 of 100 rows") +
    plain_theme() +
    ggplot2::theme(legend.position = "bottom")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_curves <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  table <- object$table
  columns <- unique(table$column)
  if (!"curve" %in% names(table)) table$curve <- ""
  table$curve <- factor(table$curve, unique(table$curve))
  # levels stand side by side, far below all numbers and far from those of other columns, where labels find them
  is_level <- !is.na(table$level)
  levels_at <- unique(table[is_level, c("column", "level")])
  levels_at$at <- -1e12 * match(levels_at$column, columns) + seq_len(nrow(levels_at))
  key <- function(rows) paste(rows$column, rows$level, sep = "\r")
  table$value[is_level] <- levels_at$at[match(key(table[is_level, ]), key(levels_at))]
  breaks <- function(limits) {
    inside <- levels_at$at[levels_at$at >= limits[1] & levels_at$at <= limits[2]]
    if (length(inside)) inside else scales_breaks(limits)
  }
  labels <- function(at) {
    known <- match(at, levels_at$at)
    ifelse(is.na(known), format(at, trim = TRUE, drop0trailing = TRUE), levels_at$level[known])
  }
  in_panels <- function(rows) {
    rows$column <- factor(rows$column, columns)
    rows
  }
  table <- in_panels(table)
  look <- (seq_len(nlevels(table$curve)) - 1) %% length(plot_colours) + 1
  beside <- ggplot2::position_dodge(width = 0.3)
  numbers <- table[!is_level, ]
  knots <- in_panels(knots_on(numbers, object$knots))
  levels <- table[is_level, ]
  ggplot2::ggplot(
    mapping = ggplot2::aes(.data$value, .data$part, ymin = .data$low, ymax = .data$high, colour = .data$curve)
  ) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey60") +
    ggplot2::geom_ribbon(ggplot2::aes(fill = .data$curve), numbers, alpha = 0.15, colour = NA) +
    ggplot2::geom_line(data = numbers, linewidth = 0.8) +
    ggplot2::geom_point(data = knots, size = 1.2) +
    ggplot2::geom_linerange(data = levels, position = beside, alpha = 0.4) +
    ggplot2::geom_point(data = levels, position = beside, size = 2) +
    ggplot2::geom_rug(
      ggplot2::aes(x = .data$value), in_panels(object$rows), sides = "b", alpha = 0.4, linewidth = 0.2,
      inherit.aes = FALSE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$column), scales = "free_x", strip.position = "bottom") +
    ggplot2::scale_x_continuous(
      breaks = breaks, labels = labels, minor_breaks = NULL,
      guide = axis_of_levels(max(0, table(levels_at$column)), most = 6)
    ) +
    ggplot2::scale_colour_manual(values = plot_colours[look], aesthetics = c("colour", "fill")) +
    ggplot2::labs(x = NULL, y = wrapped(object$label, 34), colour = NULL, fill = NULL, caption = wrapped(object$note)) +
    plain_theme() +
    ggplot2::theme(
      legend.position = if (nlevels(table$curve) > 1) "bottom" else "none", strip.placement = "outside",
      strip.background = ggplot2::element_blank()
    )
}

# An axis of levels: many stand upright, and those that would lie over others are left out.
axis_of_levels <- function(n_levels, most) {
  ggplot2::guide_axis(check.overlap = TRUE, angle = if (n_levels > most) 90)
}

# Knots with the parts of the curves that they lie on.
knots_on <- function(numbers, knots) {
  curves <- split(numbers, list(numbers$column, numbers$curve), drop = TRUE)
  on_curve <- function(curve) curve[curve$value %in% knots$value[knots$column == as.character(curve$column[1])], ]
  if (length(curves)) do.call(rbind, lapply(curves, on_curve)) else numbers
}

# Round numbers within limits, as ggplot2 has them by default.
scales_breaks <- function(limits) {
  at <- pretty(limits, 4)
  at[at >= limits[1] & at <= limits[2]]
}

#' @export
plot.bineural_importance <- function(x, ...) draw(autoplot.bineural_importance(x, ...))

#' @export
plot.bineural_dependence <- function(x, ...) draw(autoplot.bineural_dependence(x, ...))

#' @export
plot.bineural_curves <- function(x, ...) draw(autoplot.bineural_curves(x, ...))

#' List the rows whose most probable class is another than theirs, the surest mistakes first
#'
#' @inheritParams evaluate_model
#' @param model Fitted classifier: a net, or a GLM.
#' @param data Rows, images for example, best those the model has never seen.
#' @param most List at most so many.
#' @return Tibble: `row` (position, from 1), `truth`, `predicted`, `probability` (of what was predicted) and
#'   `probability_of_truth`; no rows where nothing is wrong.
#' @section Conditions:
#' `bineural_InputError` if the model is no classifier.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
#' list_errors(glm, kyphosis, most = 2)
list_errors <- function(model, data, y = NULL, most = NULL) {
  refuse_recipe(model)
  errors <- from_python(call_core(
    "list_errors", python_model(model), as_py_data(data), y = as_py_row_values(y, data), most = as_py_count(most)
  ))
  errors$row <- errors$row + 1L
  errors
}

#' Find the rows that are most like others to a net, by its last hidden layer or its codes
#'
#' Of images: reverse image search, with what the net has learnt to see.
#'
#' @param net What [fit_net()] returned, with a hidden layer; or what [fit_autoencoder()] or [fit_rbm()] returned, by
#'   its codes or the probabilities of its hidden units.
#' @param data Rows that are looked through: images for example.
#' @param query Rows that others are to be like.
#' @param n How many to find for each, at most those that there are.
#' @return Tibble: `query` and `row` (positions, from 1), `rank` (from 1) and `similarity`: cosine of the angle between
#'   the outputs of the hidden layer, 1 where they point the same way; of codes and hidden units 1 / (1 + d), where d is
#'   their Euclidean distance. A row that is itself among `data` finds itself first.
#' @section Conditions:
#' `bineural_InputError` if the net has no hidden layer, or the rows can't be used.
#' @export
#' @examplesIf bineural_available()
#' net <- fit_net(Species ~ ., iris, epochs = 20, ensemble = 1, seed = 1)
#' find_similar(net, iris, iris[101, ], n = 2)
find_similar <- function(net, data, query, n = 5) {
  refuse_recipe(net)
  similar <- from_python(call_core(
    "find_similar", python_model(net), as_py_data(data), as_py_data(query), n = as_py_count(n)
  ))
  similar$query <- similar$query + 1L
  similar$row <- similar$row + 1L
  similar
}

#' Find the words that are most like another to a net of texts
#'
#' By the cosine of the angle between the embeddings that the net has learnt. They are learnt for the outcome alone:
#' words are near that speak for the same outcome, whether or not they mean the same. Words that are rare have hardly
#' moved from where chance put them.
#'
#' @param net Net that was fitted to texts, with an embedding of words.
#' @param word One word of its vocabulary.
#' @param n How many to find, at most the other words that there are.
#' @return Tibble: `rank` (from 1), `word`, and `similarity`, 1 where the embeddings point the same way. Embeddings of
#'   the members of an ensemble stand side by side.
#' @section Conditions:
#' `bineural_InputError` if the net is not of texts, or has not learnt that word.
#' @export
#' @examplesIf bineural_available()
#' foods <- load_dataset("fine_foods")
#' net <- fit_net(score ~ text(review), foods, event = "great", epochs = 3, seed = 1)
#' nearest_words(net, "delicious", n = 3)
nearest_words <- function(net, word, n = 10) {
  from_python(call_core("nearest_words", python_model(net), as_py_text(word), n = as_py_count(n)))
}
