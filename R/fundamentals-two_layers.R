#' Draw points of a square, inside a figure or not
#'
#' @param pattern `"circle"` (radius 0.75), `"diamond"` (|x1| + |x2| < 1), `"square"` (half the width) or `"corner"` (x1
#'   or x2 above 0).
#' @param n_rows Points.
#' @param seed The same seed gives the same points.
#' @return Tibble with columns `x1` and `x2` (-1 to 1) and `inside` (0 or 1).
#' @section Conditions:
#' `bineural_InputError` if there is no such pattern.
#' @export
#' @examplesIf bineural_available()
#' make_pattern("circle", 200, seed = 1)
make_pattern <- function(pattern = "diamond", n_rows = 500, seed = NULL) {
  from_python(call_core("make_pattern", as_py_text(pattern), as_py_count(n_rows), as_py_seed(seed)))
}

#' Train a network of one hidden layer, every gradient by backpropagation
#'
#' Gradient descent on all rows; all units are sigmoid.
#'
#' @inheritParams backpropagate
#' @param y Vector of 0 and 1.
#' @param units Of the hidden layer.
#' @param learning_rate Of the mean log loss; 0.5 on 500 rows is 0.001 of their sum.
#' @param epochs Steps, each on all rows.
#' @param seed Of the initial weights, uniform from -1 to 1.
#' @return A list with `network` (see [build_network()]), `history` (tibble: epoch; loss, in nats, and accuracy before
#'   the epoch's step) and `cases`; [plot()][plot.bineural_mechanism] draws where the network says 1, or the loss.
#' @section Conditions:
#' `bineural_InputError` if `y` does not hold 0 and 1, one for each row.
#' @export
#' @examplesIf bineural_available()
#' rows <- make_pattern("diamond", 500, seed = 1)
#' fit_two_layers(rows[c("x1", "x2")], rows$inside, seed = 1)
fit_two_layers <- function(x, y, units = 4, learning_rate = 0.5, epochs = 5000, seed = NULL) {
  object <- call_core(
    "fit_two_layers", as_py_inputs(x), as_py_vector(y), as_py_count(units), as_py_number(learning_rate),
    as_py_count(epochs), as_py_seed(seed)
  )
  fit <- new_mechanism(object, "two_layer_fit")
  fit$network <- new_mechanism(object$network, "network")
  fit
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_two_layer_fit <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  if (nrow(object$network$weights[[1]]) != 2) {
    return(
      ggplot2::ggplot(object$history, ggplot2::aes(.data$epoch, .data$loss)) +
        ggplot2::geom_line(colour = plot_colours[1], linewidth = 0.8) +
        ggplot2::expand_limits(y = 0) +
        ggplot2::labs(x = "Epoch", y = "Loss (nats)", caption = wrapped(strsplit(object$text, "\n")[[1]])) +
        plain_theme()
    )
  }
  plane <- from_python(call_core("fundamentals.two_layers.plane_data", as_py_network(object$network)))
  ggplot2::ggplot(object$cases, ggplot2::aes(.data$x1, .data$x2)) +
    ggplot2::geom_raster(data = plane[plane$answer > 0.5, ], fill = plot_colours[2], alpha = 0.2) +
    ggplot2::geom_point(ggplot2::aes(colour = factor(.data$y), shape = factor(.data$y)), size = 1) +
    ggplot2::scale_colour_manual(values = plot_colours) +
    ggplot2::coord_equal(xlim = range(plane$x1), ylim = range(plane$x2), expand = FALSE) +
    ggplot2::labs(
      colour = "y", shape = "y", title = "Shaded: the network says 1",
      caption = wrapped(strsplit(object$text, "\n")[[1]])
    ) +
    plain_theme()
}
