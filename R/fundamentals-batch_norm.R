#' Standardise each unit over the rows of a batch, then scale and shift it
#'
#' Variances divide by the number of rows. In training the moving averages become `momentum` times themselves plus
#' `1 - momentum` times the batch's mean and variance; in use they stand in for the batch's.
#'
#' @param x Values of units, a matrix or data frame with a row for each case; a vector is one column.
#' @param scale,shift What is learnt (gamma and beta): one number, or one for each unit.
#' @param moving_mean,moving_variance Before this batch: one number, or one for each unit.
#' @param momentum Share of the moving averages that stays.
#' @param epsilon Added to the variance.
#' @param training Whether the batch's own mean and variance are used.
#' @return A list with `values`, `mean` and `variance` (by which units were standardised), `moving_mean` and
#'   `moving_variance` (after this batch) and `x`; [plot()][plot.bineural_mechanism] draws the units before and after.
#' @section Conditions:
#' `bineural_InputError` if a number for each unit is asked for and not given.
#' @references Ioffe and Szegedy (2015). *Proceedings of ICML* 37, 448-456.
#' @export
#' @examplesIf bineural_available()
#' batch <- normalise_batch(cbind(c(1, 3), c(10, 10)))
#' batch$values
#' normalise_batch(cbind(c(1, 3), c(10, 10)), moving_mean = batch$moving_mean, training = FALSE)
normalise_batch <- function(
  x, scale = 1, shift = 0, moving_mean = 0, moving_variance = 1, momentum = 0.99, epsilon = 0.001, training = TRUE
) {
  each <- function(value) if (is.numeric(value) && length(value) == 1) rep(value, NCOL(x)) else value
  batch <- call_core(
    "normalise_batch", as_py_inputs(x), as_py_vector(each(scale)), as_py_vector(each(shift)),
    as_py_vector(each(moving_mean)), as_py_vector(each(moving_variance)), as_py_number(momentum),
    as_py_number(epsilon), as_py_flag(training)
  )
  new_mechanism(batch, "normalised_batch")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_normalised_batch <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  long <- data.frame(
    unit = rep(as.vector(col(object$x)), 2), value = c(object$x, object$values),
    when = factor(rep(c("Before", "After"), each = length(object$x)), levels = c("Before", "After"))
  )
  ggplot2::ggplot(long, ggplot2::aes(.data$unit, .data$value)) +
    ggplot2::geom_point(colour = plot_colours[1], alpha = 0.6) +
    ggplot2::facet_wrap(~when, scales = "free_y") +
    ggplot2::scale_x_continuous(breaks = seq_len(ncol(object$x))) +
    ggplot2::labs(x = "Unit", y = "Value") +
    plain_theme()
}
