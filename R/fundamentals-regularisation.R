#' Fit least squares under penalties on the weights
#'
#' What is least is the residual sum of squares plus `penalty` times the sum of the weights' squares (`"l2"`, ridge) or
#' sizes (`"l1"`, lasso); the bias bears none. L2 has a closed form: `(X'X + penalty I) w = X'y` with centred columns.
#' L1 has none unless columns are at right angles; there, and for one weight after the other in general, it is the soft
#' threshold of the least-squares answer.
#'
#' @param x Inputs on one scale, e.g. standardised: a matrix or data frame with a row for each case; a vector is one
#'   column. For `soft_threshold()`, numbers.
#' @param y Outcome, a vector.
#' @param penalties Numbers of 0 or more; by default 41, evenly on a log scale, up to that at which L1 leaves nothing.
#' @param kind `"l2"` or `"l1"`.
#' @param threshold Number of at least 0: by how much numbers are drawn towards 0; of those that are smaller, 0 is left.
#' @return `shrink_weights()`: a list with `kind` and `path` (tibble: penalty, bias, w1, w2, ..., rss, the residual sum
#'   of squares), which [plot()][plot.bineural_mechanism] draws. `soft_threshold()`: numbers of the shape of `x`.
#' @section Conditions:
#' `bineural_InputError` if a penalty is negative, or `x` and `y` do not go together.
#' @references Hoerl and Kennard (1970). *Technometrics* 12(1), 55-67.
#'
#' Friedman, Hastie and Tibshirani (2010). *Journal of Statistical Software* 33(1).
#' @export
#' @examplesIf bineural_available()
#' x <- cbind(c(-1, -1, 1, 1), c(-1, 1, -1, 1))
#' shrink_weights(x, c(-4, -2, 2, 4), c(0, 4, 16), "l1")$path
#' soft_threshold(c(-3, -0.5, 0.5, 3), 1)
shrink_weights <- function(x, y, penalties = NULL, kind = "l2") {
  found <- call_core("shrink_weights", as_py_inputs(x), as_py_vector(y), as_py_vector(penalties), as_py_text(kind))
  new_mechanism(found, "shrinkage")
}

#' @rdname shrink_weights
#' @export
soft_threshold <- function(x, threshold) {
  from_python(call_core("soft_threshold", as_py_inputs(x), as_py_number(threshold)))
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_shrinkage <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  names <- grep("^w", names(object$path), value = TRUE)
  path <- object$path[object$path$penalty > 0, ]
  long <- data.frame(
    penalty = rep(path$penalty, length(names)), weight = unlist(path[names], use.names = FALSE),
    input = factor(rep(names, each = nrow(path)), levels = names)
  )
  ggplot2::ggplot(long, ggplot2::aes(.data$penalty, .data$weight, linetype = .data$input, colour = .data$input)) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey60") +
    ggplot2::geom_line(linewidth = 0.8) +
    ggplot2::scale_x_log10() +
    ggplot2::scale_colour_manual(values = rep_len(plot_colours, length(names))) +
    ggplot2::labs(x = "Penalty", y = "Weight", colour = NULL, linetype = NULL, caption = wrapped(object$text)) +
    plain_theme()
}
