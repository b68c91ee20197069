#' Build the graph of an expression, compute it forwards and differentiate it backwards
#'
#' A node holds a value, the nodes it was made of and the slope in each. Backwards, every node hands its gradient times
#' that slope to each of them; what arrives is added up.
#'
#' @param expression A formula without a left side, or text: numbers and variables joined by `+ - * / ^` and the
#'   functions exp, log, sqrt, tanh, sigmoid and relu.
#' @param values Named list or vector: the value of each variable.
#' @return A list with `expression`, `value`, `gradients` (named list), `nodes` (tibble: node, operation, value,
#'   gradient, across, up) and `edges` (tibble: start, end, slope); [plot()][plot.bineural_mechanism] draws it.
#' @section Conditions:
#' `bineural_InputError` if the expression holds something else, a variable has no value, or a step cannot be computed.
#' @export
#' @examplesIf bineural_available()
#' build_graph(~ 1 / (1 + exp(-x)), list(x = 1))
build_graph <- function(expression, values) {
  new_mechanism(call_core("build_graph", as_py_formula(expression), as_py_dict(values)), "computation_graph")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_computation_graph <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  nodes <- object$nodes
  edges <- object$edges
  start <- nodes[match(edges$start, nodes$node), ]
  end <- nodes[match(edges$end, nodes$node), ]
  arrows <- data.frame(x = start$across, y = start$up, xend = end$across, yend = end$up)
  long <- nchar(nodes$operation) > 3
  length <- sqrt((arrows$xend - arrows$x)^2 + (arrows$yend - arrows$y)^2)
  gap <- ifelse(nchar(end$operation) > 3, 0.35, 0.18) / length # arrows end at the node's rim, however long they are
  arrows$xend <- arrows$xend - gap * (arrows$xend - arrows$x)
  arrows$yend <- arrows$yend - gap * (arrows$yend - arrows$y)
  ggplot2::ggplot(nodes, ggplot2::aes(.data$across, .data$up)) +
    ggplot2::geom_segment(
      ggplot2::aes(.data$x, .data$y, xend = .data$xend, yend = .data$yend), arrows,
      colour = "grey60", arrow = ggplot2::arrow(length = ggplot2::unit(2, "mm"))
    ) +
    ggplot2::geom_point(data = nodes[!long, ], size = 11, shape = 21, fill = "white", colour = "grey40") +
    ggplot2::geom_label(
      ggplot2::aes(label = .data$operation), nodes[long, ],
      colour = "grey40", size = 3.5, label.padding = ggplot2::unit(0.6, "lines"), label.r = ggplot2::unit(0.9, "lines")
    ) +
    ggplot2::geom_text(ggplot2::aes(label = .data$operation), size = 3.5) +
    ggplot2::geom_text(
      ggplot2::aes(label = format_each(.data$value)),
      nudge_y = 0.25, colour = plot_colours[1], size = 3.5
    ) +
    ggplot2::geom_text(
      ggplot2::aes(label = format_each(.data$gradient)),
      nudge_y = -0.25, colour = plot_colours[2], size = 3.5
    ) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(add = 0.5)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(add = 0.5)) +
    ggplot2::labs(title = object$expression, caption = "above: values; below: gradients") +
    ggplot2::theme_void()
}

format_each <- function(x) vapply(x, format, "", digits = 3)
