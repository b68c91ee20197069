#' Ask a network of two inputs at every point of a square grid
#'
#' @param network What [build_network()] returned, or a function of a matrix with two columns that returns one number
#'   for each row.
#' @param grid Values of both inputs; 21 from -15 to 15 by default.
#' @return A list with `grid` and `table` (tibble: x1, x2, response; x1 runs first), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if the network does not return one number for each row.
#' @export
#' @examplesIf bineural_available()
#' network <- build_network(list(diag(2), c(0.1, 0.1)), activation = "abs")
#' response_surface(network)
response_surface <- function(network, grid = NULL) {
  new_mechanism(call_core("response_surface", as_py_network(network), as_py_vector(grid)), "response_surface")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_response_surface <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  figure <- ggplot2::ggplot(object$table, ggplot2::aes(.data$x1, .data$x2)) +
    ggplot2::geom_raster(ggplot2::aes(fill = .data$response), interpolate = TRUE) +
    ggplot2::scale_fill_viridis_c(name = "Response") +
    ggplot2::coord_equal(expand = FALSE) +
    plain_theme()
  if (diff(range(object$table$response)) == 0) return(figure)
  figure + ggplot2::geom_contour(ggplot2::aes(z = .data$response), colour = "white", alpha = 0.6)
}
