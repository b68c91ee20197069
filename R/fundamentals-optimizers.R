#' Follow a gradient downhill by one rule, or by several from the same start
#'
#' @param gradient Function of the weights that returns the gradient, a number for each weight.
#' @param start Weights to begin with.
#' @param optimizer `"sgd"`, `"momentum"` (0.9), `"nesterov"`, `"adagrad"`, `"rmsprop"` (0.9) or `"adam"`, as Keras has
#'   them; several names give several paths.
#' @param learning_rate Length of a step.
#' @param steps Updates.
#' @param loss Function of the weights that returns one number; only for the table and the figure.
#' @return A list with `path` (tibble: optimizer, step, w1, w2, ... and, where a loss was given, loss; step 0 is the
#'   start) and `surface` (tibble: w1, w2, loss, where there are two weights and a loss), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if a rule is not known, the gradient has another length than the weights, or descent runs away.
#' @export
#' @examplesIf bineural_available()
#' slope <- function(w) w * c(1, 20)
#' descend_gradient(slope, c(5, 1), c("sgd", "adam"), learning_rate = 0.05)
descend_gradient <- function(gradient, start, optimizer = "sgd", learning_rate = 0.1, steps = 100, loss = NULL) {
  descent <- call_core(
    "descend_gradient", as_py_option(gradient), as_py_vector(start), as_py_texts(optimizer),
    as_py_number(learning_rate), as_py_count(steps), as_py_option(loss)
  )
  new_mechanism(descent, "descent")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_descent <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  path <- object$path
  path$optimizer <- factor(path$optimizer, levels = unique(path$optimizer))
  drawn <- from_python(call_core("fundamentals.optimizers.drawn_columns", as_py_frame(object$path[1, ])))
  drawn <- unlist(drawn)
  ggplot2::ggplot(path, ggplot2::aes(.data[[drawn[1]]], .data[[drawn[2]]])) +
    (if (!is.null(object$surface)) {
      ggplot2::geom_contour(
        ggplot2::aes(.data$w1, .data$w2, z = sqrt(.data$loss - min(.data$loss))), object$surface,
        colour = "grey80", bins = 15
      )
    }) +
    ggplot2::geom_path(ggplot2::aes(colour = .data$optimizer, linetype = .data$optimizer), linewidth = 0.8) +
    ggplot2::scale_colour_manual(values = plot_colours) +
    ggplot2::scale_linetype_manual(values = rep_len(plot_lines, nlevels(path$optimizer))) +
    ggplot2::labs(x = drawn[1], y = drawn[2], colour = NULL, linetype = NULL) +
    plain_theme()
}
