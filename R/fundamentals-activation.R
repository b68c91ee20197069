#' Compute an activation function, or its derivative
#'
#' @param x Net inputs: a vector, matrix or array.
#' @param activation A name from [list_activations()]. Leaky ReLU has slope 0.2 left of 0.
#' @param derivative Whether the derivative is meant. At 0 that of ReLU and of abs is 0, that of leaky ReLU 0.2, and
#'   that of the step `NaN`.
#' @return Numbers of the shape of `x`.
#' @section Conditions:
#' `bineural_InputError` if there is no such activation.
#' @export
#' @examplesIf bineural_available()
#' activate(c(-2, 0, 2), "relu")
#' activate(c(-2, 0, 2), "abs", derivative = TRUE)
activate <- function(x, activation = "sigmoid", derivative = FALSE) {
  from_python(call_core("activate", as_py_inputs(x), as_py_text(activation), as_py_flag(derivative)))
}

#' List the names that activate() knows
#'
#' @return Character vector.
#' @export
#' @examplesIf bineural_available()
#' list_activations()
list_activations <- function() from_python(call_core("list_activations"))

#' Draw activations and their slopes
#'
#' Of `weight * x + bias`: with growing weights a sigmoid becomes a step.
#'
#' @param activation Names from [list_activations()].
#' @param weights A curve is drawn for each activation and each weight.
#' @param bias Added to `weight * x`; a sigmoid is 1/2 at `-bias / weight`.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`); 9 by 3.8 inches.
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if there is no such activation.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' plot_activation(c("sigmoid", "tanh", "relu"))
#' plot_activation("sigmoid", weights = c(1, 5, 25, 125)) # towards a step
plot_activation <- function(activation = "sigmoid", weights = 1, bias = 0, path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  table <- from_python(call_core(
    "fundamentals.activation.activation_data", as_py_texts(activation), as_py_vector(weights), as_py_number(bias)
  ))
  table$label <- factor(table$label, levels = unique(table$label))
  parts <- c(value = "Activation", derivative = "Its slope in x")
  long <- do.call(rbind, lapply(names(parts), function(part) {
    data.frame(x = table$x, y = table[[part]], label = table$label, part = parts[[part]])
  }))
  long$part <- factor(long$part, levels = parts)
  look <- seq_along(levels(table$label)) - 1
  figure <- ggplot2::ggplot(long, ggplot2::aes(.data$x, .data$y, colour = .data$label, linetype = .data$label)) +
    ggplot2::geom_line(linewidth = 0.8, na.rm = TRUE) +
    ggplot2::facet_wrap(~part, scales = "free_y") +
    ggplot2::scale_colour_manual(values = plot_colours[look %% length(plot_colours) + 1]) +
    ggplot2::scale_linetype_manual(values = plot_lines[look %% length(plot_lines) + 1]) +
    ggplot2::labs(x = "x", y = NULL, colour = NULL, linetype = NULL) +
    plain_theme()
  write_figure(figure, path, width = 9, height = 3.8)
}
