#' Fire where the weighted sum of the inputs is above 0
#'
#' 1 if `w . x + b > 0`, else 0.
#'
#' @param x Inputs, a matrix or data frame with a row for each case; a vector is one row.
#' @param weights How much each input counts.
#' @param bias Minus the threshold; a sum of exactly 0 does not fire.
#' @return Integer vector of 0 and 1, one for each row.
#' @section Conditions:
#' `bineural_InputError` if `weights` has not one number for each input.
#' @references Rosenblatt (1958). *Psychological Review* 65(6), 386-408.
#' @export
#' @examplesIf bineural_available()
#' pairs <- expand.grid(b = 0:1, a = 0:1)[, c("a", "b")]
#' fire_neuron(pairs, weights = c(0.5, 0.5), bias = -0.5) # AND
fire_neuron <- function(x, weights, bias = 0) {
  from_python(call_core("fire_neuron", as_py_inputs(x), as_py_vector(weights), as_py_number(bias)))
}

#' List the 16 gates of two inputs, with weights for the 14 that one unit computes
#'
#' @return Tibble with columns `gate`; `f00`, `f01`, `f10`, `f11` (what it gives for each pair of inputs); `one_unit`;
#'   `weight_a`, `weight_b`, `bias` (`NA` where one unit cannot compute it); `hidden` (the two gates of the layer
#'   before, whose AND it is).
#' @export
#' @examplesIf bineural_available()
#' list_gates()
list_gates <- function() from_python(call_core("list_gates"))

#' Compute a gate of two inputs by threshold units
#'
#' By one unit where one suffices, else by two layers.
#'
#' @param gate A name from [list_gates()], such as `"AND"` or `"XOR"`.
#' @param a,b Vectors of 0 and 1.
#' @return Integer vector of 0 and 1.
#' @section Conditions:
#' `bineural_InputError` if there is no such gate, or the inputs are not 0 and 1.
#' @export
#' @examplesIf bineural_available()
#' apply_gate("XOR", c(0, 0, 1, 1), c(0, 1, 0, 1))
apply_gate <- function(gate, a, b) {
  from_python(call_core("apply_gate", as_py_text(gate), as_py_vector(a), as_py_vector(b)))
}

#' Add two bits and a carry by five gates: a full adder
#'
#' @param a,b Vectors of 0 and 1.
#' @param carry What the place to the right carries: 0 and 1, one for each row or one for all.
#' @return Tibble with columns `sum` and `carry`: `a + b + carry` is `sum + 2 * carry`.
#' @section Conditions:
#' `bineural_InputError` if the inputs are not 0 and 1.
#' @export
#' @examplesIf bineural_available()
#' add_bits(c(0, 0, 1, 1), c(0, 1, 0, 1), carry = 1)
add_bits <- function(a, b, carry = 0) {
  from_python(call_core("add_bits", as_py_vector(a), as_py_vector(b), as_py_vector(carry)))
}
