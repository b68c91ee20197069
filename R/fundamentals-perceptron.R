#' Learn the weights of one threshold unit by Rosenblatt's rule of error correction
#'
#' Where the unit is wrong, `w` becomes `w + (y - f(x)) x`. Rows are visited in order, again and again, until an epoch
#' has no mistake. Weights start at 0. Where a plane with margin gamma separates rows of length at most R, there are at
#' most (R / gamma)^2 mistakes (Novikoff, 1962); where none does, it never ends.
#'
#' @param x Inputs, a matrix or data frame with a row for each case; a vector is one column.
#' @param y Vector of 0 and 1: whether the unit ought to fire.
#' @param epochs Most passes over the rows.
#' @param learning_rate Size of a correction; it scales the weights and changes no mistake.
#' @return A list with `weights`, `bias`, `converged`, `mistakes`, `bound` (infinite where no plane separates the rows),
#'   `history` (tibble: epoch, mistakes) and `cases`; [plot()][plot.bineural_mechanism] draws the mistakes of each epoch
#'   and, for two inputs, the line.
#' @section Conditions:
#' `bineural_InputError` if `y` does not hold 0 and 1, one for each row.
#' @references Rosenblatt (1962). *Principles of Neurodynamics*. Spartan Books; first in a report of 1960 (Cornell
#'   Aeronautical Laboratory, VG-1196-G-4). The perceptron of 1958 was reinforced in other ways.
#' @export
#' @examplesIf bineural_available()
#' pairs <- cbind(a = c(0, 0, 1, 1), b = c(0, 1, 0, 1))
#' fit_perceptron(pairs, c(0, 1, 1, 1)) # OR
#' fit_perceptron(pairs, c(0, 1, 1, 0)) # XOR
fit_perceptron <- function(x, y, epochs = 100, learning_rate = 1) {
  fit <- call_core(
    "fit_perceptron", as_py_inputs(x), as_py_vector(y), as_py_count(epochs), as_py_number(learning_rate)
  )
  new_mechanism(fit, "perceptron_fit")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_perceptron_fit <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  if (length(object$weights) != 2) {
    return(
      ggplot2::ggplot(object$history, ggplot2::aes(.data$epoch, .data$mistakes)) +
        ggplot2::geom_line(colour = plot_colours[1]) +
        ggplot2::geom_point(colour = plot_colours[1]) +
        ggplot2::expand_limits(y = 0) +
        ggplot2::labs(x = "Epoch", y = "Mistakes") +
        plain_theme()
    )
  }
  plane <- from_python(call_core(
    "fundamentals.perceptron.plane_data",
    as_py_frame(object$cases), as_py_vector(object$weights), as_py_number(object$bias)
  ))
  ggplot2::ggplot(object$cases, ggplot2::aes(.data$x1, .data$x2)) +
    ggplot2::geom_raster(data = plane[plane$fires == 1, ], fill = plot_colours[2], alpha = 0.15) +
    ggplot2::geom_point(ggplot2::aes(colour = factor(.data$y), shape = factor(.data$y)), size = 2.5) +
    ggplot2::scale_colour_manual(values = plot_colours) +
    ggplot2::coord_cartesian(xlim = range(plane$x1), ylim = range(plane$x2), expand = FALSE) +
    ggplot2::labs(
      colour = "y", shape = "y", title = "The unit fires on the shaded side", caption = wrapped(object$text)
    ) +
    plain_theme()
}
