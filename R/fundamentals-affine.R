#' Send the letter F through a layer of two inputs and two units
#'
#' The affine map of a layer keeps parallel lines parallel; its activation bends them.
#'
#' @param weights Matrix of 2 by 2: a row for each input, a column for each unit, as in [build_network()].
#' @param bias Of the units: where the origin goes. One number serves both.
#' @param activation A name from [list_activations()].
#' @return A list with `determinant` (areas grow by it; the letter is mirrored where it is negative, flat where it is
#'   0), `activation` and `table` (tibble: corner, x1, x2, mapped1, mapped2; the outline, 20 points an edge), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if `weights` is not 2 by 2.
#' @export
#' @examplesIf bineural_available()
#' map_letter(rbind(c(1, 0), c(0.5, 1)), bias = c(2, 0)) # sheared and shifted
#' map_letter(rbind(c(-2, 0), c(0, 1)), activation = "tanh")
map_letter <- function(weights, bias = 0, activation = "identity") {
  if (is.numeric(bias) && length(bias) == 1) bias <- rep(bias, 2)
  letter <- call_core("map_letter", as_py_inputs(weights), as_py_vector(bias), as_py_text(activation))
  new_mechanism(letter, "mapped_letter")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_mapped_letter <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  ggplot2::ggplot(object$table) +
    ggplot2::geom_polygon(ggplot2::aes(.data$x1, .data$x2), fill = "grey80") +
    ggplot2::geom_polygon(
      ggplot2::aes(.data$mapped1, .data$mapped2),
      fill = plot_colours[1], colour = plot_colours[1], alpha = 0.5
    ) +
    ggplot2::coord_equal() +
    ggplot2::labs(x = "Unit 1", y = "Unit 2", title = "Grey: before", caption = wrapped(object$text)) +
    plain_theme()
}
