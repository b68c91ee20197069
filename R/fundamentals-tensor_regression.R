#' Fit a linear regression by gradient descent, from TensorFlow's basic operations alone
#'
#' The operations are matmul, subtract, square, mean and one gradient. The weights begin at 1, and every step takes all
#' rows.
#'
#' @param x Training rows: a numeric matrix or data frame. Each column is standardised by their mean and standard
#'   deviation.
#' @param y Outcome, one number for each row.
#' @param test_x,test_y Rows on which the loss is followed, too, and their outcome; nothing is learnt from them.
#' @param target_scale `"max"` divides the outcome by its largest value; `"sd"` takes off its mean and divides by its
#'   standard deviation.
#' @param learning_rate Length of a step for a gradient of 1.
#' @param epochs Steps, each on all rows.
#' @return A list with `weights` (on the scale of training, the bias first), `scaling` (columns, means, sds, centre and
#'   spread), `coefficients` (tibble: term, descent, least_squares), `history` (tibble: epoch, train, test: the mean
#'   squared error of the scaled target), `least_squares` (the loss of ordinary least squares, to which training comes
#'   down), `measures` (tibble: model, rows, mse, r_squared) and `n_traces`. `predict()` takes new rows, and
#'   [plot()][plot.bineural_mechanism] draws the loss.
#' @section Conditions:
#' `bineural_InputError` if rows, columns and outcome do not go together, a column is constant, or descent runs away.
#' @export
#' @examplesIf bineural_available()
#' houses <- load_dataset("sacramento")
#' fit <- fit_tensors(houses[c("beds", "baths", "sqft")], houses$price)
#' fit
#' predict(fit, data.frame(beds = 3, baths = 2, sqft = 1500))
fit_tensors <- function(
  x, y, test_x = NULL, test_y = NULL, target_scale = "max", learning_rate = 0.005, epochs = 2000
) {
  fit <- call_core(
    "fit_tensors", as_py_inputs(x), as_py_vector(y), as_py_test(test_x), as_py_vector(test_y),
    as_py_text(target_scale), as_py_number(learning_rate), as_py_count(epochs)
  )
  new_mechanism(fit, "tensor_regression")
}

as_py_test <- function(test_x, call = rlang::caller_env()) {
  if (!is.null(test_x)) as_py_inputs(test_x, "test_x", call)
}

#' @export
predict.bineural_tensor_regression <- function(object, new_data, ...) { # nolint: object_name_linter.
  check_dots(...)
  from_python(call_core(
    "fundamentals.tensor_regression.predict_linear",
    as_py_vector(object$weights), as_py_scaling(object$scaling), as_py_inputs(new_data)
  ))
}

as_py_scaling <- function(scaling, call = rlang::caller_env()) {
  call_core(
    "fundamentals.table_scaling.Scaling", as_py_texts(scaling$columns), as_py_vector(scaling$means),
    as_py_vector(scaling$sds), as_py_number(scaling$centre), as_py_number(scaling$spread), .call = call
  )
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_tensor_regression <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  plot_losses(object)
}

# The loss in training and test rows, over the floor that least squares reaches.
plot_losses <- function(object) {
  parts <- setdiff(names(object$history), "epoch")
  long <- do.call(rbind, lapply(parts, function(part) {
    data.frame(epoch = object$history$epoch, loss = object$history[[part]], part = part)
  }))
  floor <- if (length(object$least_squares)) {
    ggplot2::geom_hline(
      ggplot2::aes(yintercept = .data$loss, colour = .data$part),
      data.frame(loss = unlist(object$least_squares), part = names(object$least_squares)),
      linetype = 2
    )
  }
  ggplot2::ggplot(long, ggplot2::aes(.data$epoch, .data$loss, colour = .data$part)) +
    ggplot2::geom_line(linewidth = 0.8) +
    floor +
    ggplot2::scale_y_log10() +
    ggplot2::scale_colour_manual(values = stats::setNames(plot_colours[seq_along(parts)], parts)) +
    ggplot2::labs(
      x = "Epoch", y = "Loss (scaled target)", colour = NULL, caption = if (!is.null(floor)) "dashed: least squares"
    ) +
    plain_theme()
}
