#' Fit one neuron by gradient descent
#'
#' The neuron is `activation(w . x + b)`. The loss is the squared error, and for a sigmoid the log loss (nats), which
#' makes it logistic regression.
#'
#' @param x Inputs, a matrix or data frame with a row for each case; a vector is one column.
#' @param y Outcome, one number for each row; 0 and 1 for a sigmoid.
#' @param activation `"identity"` (linear regression), `"sigmoid"` (logistic regression), `"relu"`, or another of
#'   [list_activations()].
#' @param weights Where descent starts, one number for each input; at 0 by default.
#' @param bias Where descent starts.
#' @param learning_rate Length of a step for a gradient of 1.
#' @param steps Updates.
#' @param batch_size Rows of one update: all by default, 1 for stochastic descent. An epoch is
#'   `ceiling(n_rows / batch_size)` steps.
#' @param shuffle Whether every epoch visits the rows in a new order; only where a batch is not all of them.
#' @param reduction `"mean"` or `"sum"` over the rows of a batch.
#' @param seed Of the order of the rows.
#' @return A list with `activation`, `weights`, `bias`, `loss` (over all rows, at the end), `path` (tibble: step, bias,
#'   w1, w2, ..., loss), `least_squares` (intercept and slopes of ordinary least squares, where the activation is the
#'   identity) and `surface` (tibble: bias, w1, loss around the path, where there is one input).
#'   [plot()][plot.bineural_mechanism] draws the path over the surface, or the loss at each step.
#' @section Conditions:
#' `bineural_InputError` if `x` and `y` do not go together, a name is not known, a sigmoid's outcome is not 0 and 1,
#' or descent runs away.
#' @export
#' @examplesIf bineural_available()
#' fit_neuron(datasets::cars$speed, datasets::cars$dist, learning_rate = 0.003, steps = 5000)
#' # AND by a ReLU
#' pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))
#' y <- c(0, 0, 0, 1)
#' fit_neuron(pairs, y, "relu", c(0.1, 0.2), bias = 0.3, learning_rate = 0.1, reduction = "sum")
fit_neuron <- function(x,
                       y,
                       activation = "identity",
                       weights = NULL,
                       bias = 0,
                       learning_rate = 0.01,
                       steps = 1000,
                       batch_size = NULL,
                       shuffle = TRUE,
                       reduction = "mean",
                       seed = NULL) {
  fit <- call_core(
    "fit_neuron", as_py_inputs(x), as_py_vector(y), as_py_text(activation), as_py_vector(weights), as_py_number(bias),
    as_py_number(learning_rate), as_py_count(steps), as_py_count(batch_size), as_py_flag(shuffle),
    as_py_text(reduction), as_py_seed(seed)
  )
  new_mechanism(fit, "neuron_fit")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_neuron_fit <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  if (is.null(object$surface)) {
    figure <- ggplot2::ggplot(object$path, ggplot2::aes(.data$step, .data$loss)) +
      ggplot2::geom_line(colour = plot_colours[1], linewidth = 0.8) +
      ggplot2::labs(x = "Step", y = "Loss", caption = wrapped(strsplit(object$text, "\n")[[1]])) +
      plain_theme()
    return(if (min(object$path$loss) > 0) figure + ggplot2::scale_y_log10() else figure)
  }
  known <- object$least_squares
  ggplot2::ggplot(object$path, ggplot2::aes(.data$bias, .data$w1)) +
    ggplot2::geom_contour(ggplot2::aes(z = log(.data$loss)), object$surface, colour = "grey75", bins = 18) +
    ggplot2::geom_path(colour = plot_colours[1]) +
    ggplot2::geom_point(colour = plot_colours[1], size = 0.8) +
    (if (length(known)) ggplot2::annotate("point", known[1], known[2], shape = 3, size = 4, colour = plot_colours[2])) +
    ggplot2::labs(x = "Bias", y = "Weight", caption = wrapped(strsplit(object$text, "\n")[[1]])) +
    plain_theme()
}
