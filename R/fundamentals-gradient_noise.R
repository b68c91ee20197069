#' Compare the variance of batch gradients with the law of one over the batch size
#'
#' Batches are drawn again and again, with replacement.
#'
#' @inheritParams fit_neuron
#' @param activation As in [fit_neuron()].
#' @param weights,bias Where the gradient is taken; at 0 by default.
#' @param batch_sizes Rows of a batch.
#' @param draws Batches of each size.
#' @param seed The same seed draws the same batches.
#' @return A list with `draws` and `table` (tibble: batch_size; variance, of the batch gradients, summed over the
#'   parameters; expected, that of single rows over the batch size; ratio; distance, of their mean from the gradient of
#'   all rows), which [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if `x` and `y` do not go together, or a size is no whole number.
#' @export
#' @examplesIf bineural_available()
#' measure_gradient_noise(datasets::cars$speed, datasets::cars$dist, "identity", seed = 1)
measure_gradient_noise <- function(x,
                                   y,
                                   activation = "sigmoid",
                                   weights = NULL,
                                   bias = 0,
                                   batch_sizes = c(1, 10, 50, 100),
                                   draws = 2000,
                                   seed = NULL) {
  noise <- call_core(
    "measure_gradient_noise", as_py_inputs(x), as_py_vector(y), as_py_text(activation), as_py_vector(weights),
    as_py_number(bias), as_py_counts(batch_sizes), as_py_count(draws), as_py_seed(seed)
  )
  new_mechanism(noise, "gradient_noise")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_gradient_noise <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  ggplot2::ggplot(object$table, ggplot2::aes(.data$batch_size, .data$variance)) +
    ggplot2::geom_line(ggplot2::aes(y = .data$expected), colour = "grey60") +
    ggplot2::geom_point(colour = plot_colours[1], size = 2) +
    ggplot2::scale_x_log10() +
    ggplot2::scale_y_log10() +
    ggplot2::labs(
      x = "Rows of a batch", y = "Variance of its gradient", caption = "grey: the variance of one row / batch size"
    ) +
    plain_theme()
}
