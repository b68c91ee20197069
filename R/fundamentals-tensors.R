#' Trace an expression of tensors to a graph, and run it on one set of values or on several in turn
#'
#' A constant is a number that is written into the graph; a variable keeps its value between calls; what was a
#' placeholder is an argument of the function. A call whose arguments have new shapes or types, or another constant,
#' traces a new graph; any other call runs one that is there.
#'
#' @param expression A formula without a left side, or text: numbers and names joined by `+ - * / ^`, and TensorFlow's
#'   functions add, subtract, multiply, divide, pow, maximum, minimum, matmul, transpose, abs, exp, log, sqrt, square,
#'   tanh, sigmoid, relu, reduce_sum and reduce_mean. Or a function of tensors, called with the names as arguments.
#' @param values Named list: the value of each name, a number, vector, matrix or array. Or a list of such lists, one for
#'   each call. Integers become int32, other numbers float32, truth values bool.
#' @param variables Names kept in a `tf.Variable`: a later list may leave them out, and a new value is assigned.
#' @param constants Names whose values are plain numbers, written into the graph; a later list may leave them out.
#' @param free Names whose first dimension is left free (None in the shape), for any number of rows.
#' @return A list with `expression`, `value` (of the last call), `values` (of each call), `n_traces` (graphs that were
#'   made), `calls` (tibble: call, inputs, traced, shape), `operations` (tibble, of the last call's graph: operation,
#'   type, inputs, shape, dtype; label, kind, across, up) and `edges` (tibble: start, end, rows of `operations`), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if a name has no value, the expression holds something else, or shapes or types do not fit.
#' @export
#' @examplesIf bineural_available()
#' trace_graph(~ x * y + y * x * y, list(x = 32, y = 45))
#' # another value of a variable needs no new graph
#' trace_graph(~ w * x, list(list(x = 2, w = 3), list(x = 2, w = 4)), variables = "w")$calls
#' # four rows, then seven
#' rows <- lapply(c(4, 7), function(n) list(x = matrix(1, n, 10), w = matrix(1, 10, 1)))
#' trace_graph(~ matmul(x, w), rows)$n_traces
#' trace_graph(~ matmul(x, w), rows, free = "x")$n_traces
trace_graph <- function(expression, values, variables = NULL, constants = NULL, free = NULL) {
  graph <- call_core(
    "trace_graph", if (is.function(expression)) as_py_function(expression) else as_py_formula(expression),
    as_py_feeds(values), as_py_texts(variables), as_py_texts(constants), as_py_texts(free)
  )
  new_mechanism(graph, "traced_graph")
}

# Values by name: one list, or a list of lists. Other things go as they are, so that the core can say what must hold.
as_py_feeds <- function(values, call = rlang::caller_env()) {
  if (is.list(values) && !rlang::is_named(values) && all(vapply(values, rlang::is_named, NA))) {
    return(py_list(lapply(values, as_py_feed, call = call)))
  }
  if (rlang::is_named(values)) as_py_feed(values, call) else as_py_option(values, "values", call)
}

as_py_feed <- function(values, call) {
  py_dict(lapply(as_parts(values, "values", call), function(x) {
    if (is.data.frame(x) || is.array(x)) return(as_py_data(x, "values", call))
    if (length(x) != 1) return(as_py_vector(x, "values", call))
    if (is.integer(x)) as_py_count(x, "values", call) else as_py_scalar(x, call)
  }))
}

as_py_scalar <- function(x, call) {
  if (is.numeric(x)) as_py_number(x, "values", call) else as_py_option(x, "values", call)
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_traced_graph <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  nodes <- object$operations
  start <- nodes[object$edges$start, ]
  end <- nodes[object$edges$end, ]
  arrows <- data.frame(x = start$across + 0.1, y = start$up, xend = end$across - 0.28, yend = end$up)
  colours <- stats::setNames(c("grey30", plot_colours[1:3]), c("operation", "placeholder", "constant", "variable"))
  ggplot2::ggplot(nodes, ggplot2::aes(.data$across, .data$up, colour = .data$kind)) +
    ggplot2::geom_segment(
      ggplot2::aes(.data$x, .data$y, xend = .data$xend, yend = .data$yend), arrows,
      colour = "grey60", arrow = ggplot2::arrow(length = ggplot2::unit(2, "mm"))
    ) +
    ggplot2::geom_label(ggplot2::aes(label = .data$label), size = 3.2) +
    ggplot2::geom_text(ggplot2::aes(label = .data$shape), vjust = 3, colour = "black", size = 2.7) +
    ggplot2::scale_colour_manual(values = colours, guide = "none") +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(add = 0.5)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(add = 0.5)) +
    ggplot2::labs(title = object$expression) +
    ggplot2::theme_void()
}
