#' Raise a bump from two sigmoid units, or a tower from four and a threshold
#'
#' A bump is a step up at `left` and a step down at `right`; a tower stands where the bumps of both inputs are up.
#'
#' @param x,x1,x2 Inputs: vectors or matrices of one shape.
#' @param left,right Where the bump begins and ends.
#' @param bottom,top Where the tower begins and ends in `x2`.
#' @param height Weight of the output.
#' @param sharpness Weight of the inputs; the larger, the steeper.
#' @return Numbers of the shape of the input.
#' @section Conditions:
#' `bineural_InputError` if `sharpness` is not above 0.
#' @export
#' @examplesIf bineural_available()
#' raise_bump(c(0.1, 0.5, 0.9), left = 0.3, right = 0.7, height = 0.6)
#' raise_tower(c(0.5, 0.1), c(0.5, 0.1), 0.4, 0.6, 0.3, 0.7, height = 0.3)
raise_bump <- function(x, left, right, height = 1, sharpness = 3000) {
  from_python(call_core(
    "raise_bump", as_py_inputs(x), as_py_number(left), as_py_number(right), as_py_number(height),
    as_py_number(sharpness)
  ))
}

#' @rdname raise_bump
#' @export
raise_tower <- function(x1, x2, left, right, bottom, top, height = 1, sharpness = 3000) {
  from_python(call_core(
    "raise_tower", as_py_inputs(x1), as_py_inputs(x2), as_py_number(left), as_py_number(right), as_py_number(bottom),
    as_py_number(top), as_py_number(height), as_py_number(sharpness)
  ))
}

#' Approximate a function by bumps or towers
#'
#' Bumps (of one input) or towers (of two) are as high as the function is in their middle.
#'
#' @param f Function of x, or of x1 and x2, that takes vectors and returns one.
#' @param n_pieces Bumps, or towers along each input.
#' @param n_inputs 1 or 2.
#' @param low,high Where each input begins and ends.
#' @param sharpness Weight of the inputs; the larger, the steeper are bumps and towers.
#' @return A list with `n_hidden` (units of all hidden layers), `mean_error`, `largest_error` (of the absolute
#'   differences on a grid) and `table` (tibble: x, or x1 and x2; truth; approximation), which
#'   [plot()][plot.bineural_mechanism] draws.
#' @section Conditions:
#' `bineural_InputError` if the function does not return one number for each point.
#' @references Nielsen (2015). *Neural Networks and Deep Learning*, chapter 4. Determination Press.
#' @export
#' @examplesIf bineural_available()
#' approximate_function(sqrt, n_pieces = 20)
approximate_function <- function(f, n_pieces = 10, n_inputs = 1, low = 0, high = 1, sharpness = 3000) {
  found <- call_core(
    "approximate_function", as_py_option(f), as_py_count(n_pieces), as_py_count(n_inputs), as_py_number(low),
    as_py_number(high), as_py_number(sharpness)
  )
  new_mechanism(found, "approximation")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_approximation <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  parts <- c(truth = "function", approximation = "approximation")
  long <- do.call(rbind, lapply(names(parts), function(part) {
    inputs <- object$table[setdiff(names(object$table), names(parts))]
    cbind(as.data.frame(inputs), value = object$table[[part]], part = parts[[part]])
  }))
  long$part <- factor(long$part, levels = parts)
  figure <- if ("x" %in% names(long)) {
    ggplot2::ggplot(long, ggplot2::aes(.data$x, .data$value, colour = .data$part)) +
      ggplot2::geom_line(linewidth = 0.7) +
      ggplot2::scale_colour_manual(values = c("grey50", plot_colours[1])) +
      ggplot2::labs(x = "x", y = "f(x)", colour = NULL)
  } else {
    ggplot2::ggplot(long, ggplot2::aes(.data$x1, .data$x2, fill = .data$value)) +
      ggplot2::geom_raster() +
      ggplot2::facet_wrap(~part) +
      ggplot2::scale_fill_viridis_c(name = NULL) +
      ggplot2::coord_equal(expand = FALSE)
  }
  figure + ggplot2::labs(caption = wrapped(object$text)) + plain_theme() +
    ggplot2::theme(panel.spacing = ggplot2::unit(1.5, "lines"))
}
