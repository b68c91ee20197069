#' Learn ten points by heart, or be held back by dropout or batch normalisation
#'
#' `ten_points()` gives the points of the overfitting exercise. `fit_curve()` fits a curve to points by a network of
#' sigmoid layers and squared error; at the defaults it has 16,321 weights.
#'
#' @param x,y Points: two vectors.
#' @param regulariser `"none"`, `"dropout"` (after each hidden layer) or `"batch_norm"` (before each sigmoid).
#' @param units Of the hidden layers.
#' @param rate Share of units that dropout silences.
#' @param learning_rate Of Adam.
#' @param batch_size Points of a step, drawn with replacement.
#' @param steps Updates.
#' @param seed Of the initial weights (normal, standard deviation 0.1), the batches and the dropped units.
#' @return `ten_points()`: a tibble with columns x and y. `fit_curve()`: a list with `regulariser`, `n_weights`,
#'   `n_trainable` (moving averages are weights that no gradient trains), `train_loss` (mean squared error, as the
#'   network is used), `total_variation` (sum of the curve's ups and downs), `history` (tibble: step, loss), `cases`
#'   (tibble: x, y, and what the network says in `training` and in `use`) and `curve` (tibble: x, y), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if `x` and `y` do not go together, or a size is too small.
#' @export
#' @examplesIf bineural_available()
#' points <- ten_points()
#' fit_curve(points$x, points$y, "dropout", steps = 100, seed = 1)
fit_curve <- function(
  x, y, regulariser = "none", units = c(30, 100, 100, 30), rate = 0.2, learning_rate = 0.001, batch_size = 50,
  steps = 10000, seed = NULL
) {
  fit <- call_core(
    "fit_curve", as_py_vector(x), as_py_vector(y), as_py_text(regulariser), as_py_counts(units), as_py_number(rate),
    as_py_number(learning_rate), as_py_count(batch_size), as_py_count(steps), as_py_seed(seed)
  )
  new_mechanism(fit, "curve_fit")
}

#' @rdname fit_curve
#' @export
ten_points <- function() {
  from_python(call_core("ten_points"))
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_curve_fit <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  ggplot2::ggplot(object$cases, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_line(data = object$curve, colour = plot_colours[1], linewidth = 0.8) +
    (if (object$regulariser != "none") {
      ggplot2::geom_point(ggplot2::aes(y = .data$training), colour = plot_colours[2], shape = 4, size = 2.5)
    }) +
    ggplot2::geom_point(size = 2.5) +
    ggplot2::labs(x = "x", y = "y", caption = wrapped(object$text)) +
    plain_theme()
}
