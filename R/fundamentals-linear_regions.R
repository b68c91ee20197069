#' Cut a square along the folds of a network, and count the pieces
#'
#' A *region* is where one activation pattern holds: each unit is on one side of its fold, so the network is linear
#' there, and the next unit folds it along a straight line. Regions are convex polygons, cut one unit at a time. A
#' *piece* is where the network is one affine map, on regions that hang together by their sides; there are as many or
#' fewer. The number for one layer (Steiner, Schlaefli) counts regions, and is the most for pieces too; the lower bounds
#' for deep networks (Montufar and others) count pieces. [region_bounds()] gives both.
#'
#' @param network What [build_network()] returned, with two inputs and activation `"relu"`, `"leaky_relu"` or `"abs"`.
#' @param limit The square goes from `-limit` to `limit`; regions that lie outside are not counted.
#' @return A list with `n_regions` (activation patterns that occur), `n_pieces` (affine pieces), `regions` (tibble:
#'   region; pattern, 1 for each unit whose net input is above 0, layers apart by |; piece; area; slope1, slope2,
#'   intercept of the first output) and `corners` (tibble: region, x1, x2), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if `network` is none, has another number of inputs, or an activation that is not of straight
#' pieces.
#' @references Steiner (1826). *Journal fuer die reine und angewandte Mathematik* 1, 349-364, for lines in the plane;
#'   Schlaefli (written 1850-52, 1901). *Theorie der vielfachen Kontinuitaet*, for any dimension.
#'
#' Montufar, Pascanu, Cho and Bengio (2014). *NeurIPS*, 2924-2932.
#' @export
#' @examplesIf bineural_available()
#' weights <- list(rbind(c(1, -1, 0), c(1, 1, -3)), rep(0.1, 3))
#' network <- build_network(weights, list(-5, 0), activation = "abs")
#' count_linear_regions(network)
count_linear_regions <- function(network, limit = 15) {
  new_mechanism(call_core("count_linear_regions", as_py_network(network), as_py_number(limit)), "linear_regions")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_linear_regions <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  corners <- object$corners
  middles <- stats::aggregate(corners[c("x1", "x2")], corners["region"], mean)
  middles$pattern <- object$regions$pattern[middles$region]
  ggplot2::ggplot(corners, ggplot2::aes(.data$x1, .data$x2)) +
    ggplot2::geom_polygon(
      ggplot2::aes(group = .data$region, fill = factor(.data$region %% 7)),
      colour = "grey30", alpha = 0.35, show.legend = FALSE
    ) +
    (if (object$n_regions <= 16) ggplot2::geom_text(ggplot2::aes(label = .data$pattern), middles, size = 3.5)) +
    ggplot2::scale_fill_manual(values = plot_colours) +
    ggplot2::coord_equal(expand = FALSE) +
    ggplot2::labs(title = sub(" within .*", "", object$text)) +
    plain_theme()
}

#' Compute how many regions shallow networks have at most, and deep ones at least
#'
#' @param width ReLUs of every hidden layer, at least `n_inputs`.
#' @param layers Hidden layers: a row for each number up to this.
#' @param n_inputs Inputs.
#' @return Tibble with columns `layers`; `units` (of all of them); `shallow` (most regions of one layer of as many
#'   units, and so most affine pieces); `pascanu` and `montufar` (affine pieces that some network of these layers has at
#'   least).
#' @section Conditions:
#' `bineural_InputError` if a layer is narrower than the inputs.
#' @references Steiner (1826). *Journal fuer die reine und angewandte Mathematik* 1, 349-364, for lines in the plane;
#'   Schlaefli (written 1850-52, 1901). *Theorie der vielfachen Kontinuitaet*, for any dimension.
#'
#' Zaslavsky (1975). *Memoirs of the American Mathematical Society* 154, for planes in any position.
#'
#' Pascanu, Montufar and Bengio (2014). *ICLR*. arXiv 1312.6098.
#'
#' Montufar, Pascanu, Cho and Bengio (2014). *NeurIPS*, 2924-2932.
#' @export
#' @examplesIf bineural_available()
#' region_bounds(width = 4, layers = 3)
region_bounds <- function(width = 4, layers = 5, n_inputs = 2) {
  from_python(call_core("region_bounds", as_py_count(width), as_py_count(layers), as_py_count(n_inputs)))
}
