#' Warp points by hidden layers until a line separates them
#'
#' `warp_points()` sends points through the hidden layers of a network and asks whether a line separates them before and
#' after; `fit_warp()` trains such a network by Adam on all rows.
#'
#' @param network What [build_network()] returned, with two inputs and at least one hidden layer.
#' @param x Points: a matrix or data frame of two columns.
#' @param y Vector of 0 and 1.
#' @param units Of the hidden layers; two in the last can be drawn in full.
#' @param activation A name from [list_activations()].
#' @param learning_rate Of Adam.
#' @param steps Updates.
#' @param seed Of the initial weights (normal, variance 1 / number of inputs).
#' @return A list with `network`, `separable_before`, `separable_after`, `margin`, `weights` and `bias` (of the plane in
#'   the last hidden layer, as [find_separator()] has it) and `table` (tibble: x1, x2, y and the values h1, h2, ... of
#'   the last hidden layer), which [plot()][plot.bineural_mechanism] draws with a warped grid.
#' @section Conditions:
#' `bineural_InputError` if the network has no hidden layer or not two inputs, or `y` does not hold 0 and 1.
#' @export
#' @examplesIf bineural_available()
#' xor <- build_network(list(matrix(1, 2, 2), c(1, -2)), biases = list(c(0, -1), 0))
#' warp_points(xor, cbind(c(0, 0, 1, 1), c(0, 1, 0, 1)), c(0, 1, 1, 0))
#' spirals <- make_spirals(100)
#' fit_warp(spirals[c("x1", "x2")], spirals$arm, seed = 1)
warp_points <- function(network, x, y) {
  new_warp(call_core("warp_points", as_py_network(network), as_py_inputs(x), as_py_vector(y)))
}

#' @rdname warp_points
#' @export
fit_warp <- function(
  x, y, units = c(16, 2), activation = "tanh", learning_rate = 0.02, steps = 1000, seed = NULL
) {
  new_warp(call_core(
    "fit_warp", as_py_inputs(x), as_py_vector(y), as_py_counts(units), as_py_text(activation),
    as_py_number(learning_rate), as_py_count(steps), as_py_seed(seed)
  ))
}

#' Draw points of two arms that wind around each other
#'
#' @param n_rows Points of both arms together, at least 2.
#' @param turns Of each arm.
#' @param noise Standard deviation of what is added to both inputs.
#' @param seed Of the noise.
#' @return Tibble with columns `x1`, `x2` and `arm` (0 or 1).
#' @section Conditions:
#' `bineural_InputError` if there are fewer than 2 points, or no turns.
#' @export
#' @examplesIf bineural_available()
#' make_spirals(6)
make_spirals <- function(n_rows = 200, turns = 1, noise = 0, seed = NULL) {
  from_python(call_core(
    "make_spirals", as_py_count(n_rows), as_py_number(turns), as_py_number(noise), as_py_seed(seed)
  ))
}

new_warp <- function(object) {
  warp <- new_mechanism(object, "warp")
  warp$network <- new_mechanism(object$network, "network")
  warp
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_warp <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  grid <- from_python(call_core(
    "fundamentals.representation.grid_data",
    as_py_network(object$network), as_py_vector(object$table$x1), as_py_vector(object$table$x2)
  ))
  places <- c("Inputs", "Last hidden layer")
  stacked <- function(table, kept) {
    second <- if ("h2" %in% names(table)) table$h2 else numeric(nrow(table))
    rbind(
      data.frame(across = table$x1, up = table$x2, where = places[1], kept = table[[kept]]),
      data.frame(across = table$h1, up = second, where = places[2], kept = table[[kept]])
    )
  }
  figure <- ggplot2::ggplot(stacked(object$table, "y"), ggplot2::aes(.data$across, .data$up)) +
    ggplot2::geom_path(ggplot2::aes(group = .data$kept), stacked(grid, "line"), colour = "grey85") +
    ggplot2::geom_point(ggplot2::aes(colour = factor(.data$kept), shape = factor(.data$kept)), size = 1.5) +
    ggplot2::facet_wrap(~where, scales = "free") +
    ggplot2::scale_colour_manual(values = plot_colours) +
    ggplot2::labs(x = NULL, y = NULL, colour = "y", shape = "y", caption = wrapped(object$text)) +
    plain_theme()
  w <- object$weights
  if (!object$separable_after || length(w) != 2) return(figure)
  line <- data.frame(where = places[2])
  figure + if (w[2] == 0) {
    ggplot2::geom_vline(ggplot2::aes(xintercept = -object$bias / w[1]), line, linetype = 2)
  } else {
    ggplot2::geom_abline(
      ggplot2::aes(intercept = -object$bias / w[2], slope = -w[1] / w[2]), line, linetype = 2
    )
  }
}
