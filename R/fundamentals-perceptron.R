#' Learn the weights of one threshold unit by Rosenblatt's rule
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
#' @references Rosenblatt (1958). *Psychological Review* 65(6), 386-408.
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
    ggplot2::labs(colour = "y", shape = "y", title = "The unit fires on the shaded side", caption = object$text) +
    plain_theme()
}

#' Find the plane of the widest margin between two classes, or prove that there is none
#'
#' The shortest `(w, b)` with `w . x + b` at least 1 for the rows of class 1 and at most -1 for the others is a
#' least-distance problem, solved exactly by nonnegative least squares; where it has no solution, the same answer is
#' the proof.
#'
#' @inheritParams fit_perceptron
#' @param y Vector of 0 and 1.
#' @return A list with `separable`, `weights`, `bias`, `margin` (least distance of a row to the plane, where a row is
#'   (x, 1) and the plane goes through the origin) and `proof` (where there is no plane: shares with which the rows
#'   (x, 1) of one class and of the other have the same mean).
#' @inheritSection fit_perceptron Conditions
#' @references Lawson and Hanson (1974). *Solving Least Squares Problems*, chapter 23. Prentice-Hall.
#' @export
#' @examplesIf bineural_available()
#' pairs <- cbind(a = c(0, 0, 1, 1), b = c(0, 1, 0, 1))
#' find_separator(pairs, c(0, 0, 0, 1))
#' find_separator(pairs, c(0, 1, 1, 0))$proof # XOR
find_separator <- function(x, y) {
  new_mechanism(call_core("find_separator", as_py_inputs(x), as_py_vector(y)), "separator")
}

#' Draw images of a square in the left or the right half
#'
#' As in the Mark I's first demonstration.
#'
#' @param n_images Number of images.
#' @param side Width and height, pixels, at least 4; the square measures a quarter of it.
#' @param noise Chance that a pixel is flipped.
#' @param seed The same seed gives the same images.
#' @return A list with `images` (a matrix with one flattened image a row), `right` (0 or 1) and `side`;
#'   [plot()][plot.bineural_mechanism] draws the first eight.
#' @section Conditions:
#' `bineural_InputError` if a size is too small.
#' @references Rosenblatt (1958). *Psychological Review* 65(6), 386-408.
#' @export
#' @examplesIf bineural_available()
#' retina <- make_retina(50, seed = 1958)
#' fit_perceptron(retina$images, retina$right)
make_retina <- function(n_images = 50, side = 20, noise = 0.02, seed = NULL) {
  retina <- call_core("make_retina", as_py_count(n_images), as_py_count(side), as_py_number(noise), as_py_count(seed))
  new_mechanism(retina, "retina")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_retina <- function(object, ...) { # nolint: object_name_linter.
  shown <- seq_len(min(8, nrow(object$images)))
  pixels <- expand.grid(column = seq_len(object$side), row = seq_len(object$side), image = shown)
  pixels$light <- as.vector(t(object$images[shown, , drop = FALSE]))
  names <- paste0(shown, ": ", ifelse(object$right[shown] == 1, "right", "left"))
  pixels$image <- factor(names[pixels$image], levels = names)
  ggplot2::ggplot(pixels, ggplot2::aes(.data$column, -.data$row, fill = .data$light)) +
    ggplot2::geom_raster() +
    ggplot2::facet_wrap(~image, nrow = 2) +
    ggplot2::scale_fill_gradient(low = "white", high = "black", guide = "none") +
    ggplot2::coord_equal(expand = FALSE) +
    ggplot2::theme_void() +
    ggplot2::theme(
      panel.border = ggplot2::element_rect(fill = NA, colour = "grey60"),
      strip.text = ggplot2::element_text(margin = ggplot2::margin(3, 0, 3, 0))
    )
}
