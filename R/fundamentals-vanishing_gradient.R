#' Measure the gradient of every layer of untrained networks that differ only in their activation
#'
#' The slope of a sigmoid is at most 1/4, so that gradients shrink from layer to layer on their way back. Inputs are
#' normal, outcomes the flips of a coin; weights are normal with variance `2 / inputs`, biases 0.
#'
#' @param activation Names from [list_activations()].
#' @param depth Layers with weights, at least 2; the last has one unit.
#' @param units Of every layer but the last.
#' @param n_rows Rows of the batch.
#' @param seed Of inputs, outcomes and weights.
#' @return A list with `table` (tibble: activation; layer, from 1 next to the inputs; gradient, the norm of the loss's
#'   slope in the layer's weights), which [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if there is no such activation.
#' @references He, Zhang, Ren and Sun (2015). *ICCV*, 1026-1034.
#' @export
#' @examplesIf bineural_available()
#' gradient_by_layer(seed = 1)
gradient_by_layer <- function(activation = c("sigmoid", "relu"), depth = 10, units = 32, n_rows = 64, seed = NULL) {
  found <- call_core(
    "gradient_by_layer", as_py_texts(activation), as_py_count(depth), as_py_count(units), as_py_count(n_rows),
    as_py_seed(seed)
  )
  new_mechanism(found, "layer_gradients")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_layer_gradients <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  table <- object$table
  table$activation <- factor(table$activation, levels = unique(table$activation))
  ggplot2::ggplot(table, ggplot2::aes(.data$layer, .data$gradient, colour = .data$activation)) +
    ggplot2::geom_line(ggplot2::aes(linetype = .data$activation), linewidth = 0.8) +
    ggplot2::geom_point() +
    ggplot2::scale_x_continuous(breaks = function(limits) unique(round(pretty(limits)))) +
    ggplot2::scale_y_log10() +
    ggplot2::scale_colour_manual(values = plot_colours) +
    ggplot2::labs(x = "Layer, from the inputs", y = "Norm of its gradient", colour = NULL, linetype = NULL) +
    plain_theme()
}
