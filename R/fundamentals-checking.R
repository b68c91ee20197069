# What the mechanisms take and give in R: inputs, functions of R's, and records that print and draw themselves.

# Rows of numbers: a data frame or matrix, or a vector, which the core reads as its page says.
as_py_inputs <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.data.frame(x) || is.array(x)) as_py_data(x, arg, call) else as_py_vector(x, arg, call)
}

# A record of the core as a list of its fields; it prints the core's words, and autoplot() of its class draws it.
new_mechanism <- function(object, class) {
  structure(
    c(from_python(object), list(text = paste(printed(object), collapse = "\n"))),
    class = c(paste0("bineural_", class), "bineural_mechanism")
  )
}

#' @export
print.bineural_mechanism <- function(x, ...) {
  check_dots(...)
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' Draw a mechanism of the fundamentals
#'
#' @param x What e.g. [fit_perceptron()], [fit_neuron()] or [response_surface()] returned.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`).
#' @param ... Must be empty.
#' @return The ggplot, invisibly; without `path` it is drawn.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' plot(fit_perceptron(cbind(c(0, 0, 1, 1), c(0, 1, 0, 1)), c(0, 0, 0, 1)))
plot.bineural_mechanism <- function(x, path = NULL, ...) {
  check_dots(...)
  need_ggplot2()
  path <- figure_file(path)
  figure <- ggplot2::autoplot(x)
  if (is.null(path)) return(draw(figure))
  invisible(write_figure(figure, path, width = 6, height = 4))
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_mechanism <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  abort_input(
    "`x` must be a record that has a figure.", paste0("It is of class ", class(object)[1], "."), "Print it instead."
  )
}
