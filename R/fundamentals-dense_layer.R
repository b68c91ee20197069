#' Draw the first weights of a dense layer, normal with SD 2 / sqrt(inputs + units)
#'
#' What falls beyond two standard deviations is drawn again. This makes the standard deviation smaller: 0.8796 of what
#' was asked for.
#'
#' @param n_inputs,n_units The layer's inputs and units.
#' @param corrected Whether the normal is drawn wider, so that the standard deviation is what was asked for.
#' @param seed The same seed draws the same weights.
#' @return Matrix with a row for each input and a column for each unit.
#' @section Conditions:
#' `bineural_InputError` if a number is not a count.
#' @export
#' @examplesIf bineural_available()
#' sd(draw_weights(400, 400, seed = 1)) / (2 / sqrt(800))
draw_weights <- function(n_inputs, n_units, corrected = FALSE, seed = NULL) {
  from_python(call_core(
    "draw_weights", as_py_count(n_inputs), as_py_count(n_units), as_py_flag(corrected), as_py_seed(seed)
  ))
}
