#' Drop units by chance, as dropout does in training
#'
#' Units are set to 0 by chance and the others divided by `1 - rate`, so that their mean stays.
#'
#' @param x Values of units: a vector, matrix or array.
#' @param rate Chance that a unit is dropped: 0 or more, less than 1.
#' @param training Whether units are dropped; in use they are returned as they are.
#' @param keep Which units stay, `TRUE` or `FALSE` in the shape of `x`; drawn by chance where it is left out.
#' @param seed The same seed drops the same units.
#' @return Numbers of the shape of `x`.
#' @section Conditions:
#' `bineural_InputError` if `rate` is not a share below 1, or `keep` has another shape than `x`.
#' @references Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014). *Journal of Machine Learning
#'   Research* 15, 1929-1958. There units are scaled in use instead.
#' @export
#' @examplesIf bineural_available()
#' drop_units(1:4, rate = 0.5, keep = c(TRUE, FALSE, TRUE, TRUE))
#' drop_units(1:4, rate = 0.5, training = FALSE)
drop_units <- function(x, rate = 0.2, training = TRUE, keep = NULL, seed = NULL) {
  if (!is.null(keep)) keep <- as_py_inputs(keep)
  from_python(call_core(
    "drop_units", as_py_inputs(x), as_py_number(rate), as_py_flag(training), keep, as_py_seed(seed)
  ))
}
