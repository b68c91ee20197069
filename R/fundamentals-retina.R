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
  retina <- call_core("make_retina", as_py_count(n_images), as_py_count(side), as_py_number(noise), as_py_seed(seed))
  new_mechanism(retina, "retina")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_retina <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
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
