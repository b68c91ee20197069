#' Join layers of given weights
#'
#' Each layer is `activation(values %*% weights + bias)`.
#'
#' @param weights List of matrices, one for each layer: a row for each input, a column for each unit. A vector is a
#'   layer of one unit.
#' @param biases List of vectors, one for each layer; one number serves all units, and 0 is used where they are left
#'   out.
#' @param activation Of every layer but the last: a name from [list_activations()].
#' @param output Of the last layer: `"identity"`, `"sigmoid"` or `"softmax"`.
#' @return A network for [run_network()], [backpropagate()], [response_surface()] and [count_linear_regions()]: a list
#'   with `weights`, `biases`, `activation` and `output`.
#' @section Conditions:
#' `bineural_InputError` if a layer does not have a row of weights for each unit before it.
#' @export
#' @examplesIf bineural_available()
#' weights <- list(rbind(c(1, -1, 0), c(1, 1, -3)), rep(0.1, 3))
#' build_network(weights, biases = list(-5, 0), activation = "abs")
build_network <- function(weights, biases = NULL, activation = "relu", output = "identity") {
  new_mechanism(py_network(weights, biases, activation, output), "network")
}

#' Compute the outputs of a network, or the values of all its layers
#'
#' @param network What [build_network()] returned.
#' @param x Inputs, a matrix or data frame with a row for each case; a vector is one row.
#' @param layers Whether the values of every layer are returned.
#' @return A vector with the output for each row, or a matrix where there are several; with `layers` a list of matrices,
#'   the last being the outputs.
#' @section Conditions:
#' `bineural_InputError` if `x` has another number of columns than the network has inputs.
#' @export
#' @examplesIf bineural_available()
#' # XOR by one hidden layer of ReLUs
#' xor <- build_network(list(matrix(1, 2, 2), c(1, -2)), biases = list(c(0, -1), 0))
#' run_network(xor, cbind(c(0, 0, 1, 1), c(0, 1, 0, 1)))
run_network <- function(network, x, layers = FALSE) {
  from_python(call_core("run_network", as_py_network(network), as_py_inputs(x), as_py_flag(layers)))
}

py_network <- function(weights, biases, activation, output, call = rlang::caller_env()) {
  weights <- py_list(lapply(as_parts(weights, "weights", call), as_py_inputs, arg = "weights", call = call))
  if (!is.null(biases)) {
    biases <- py_list(lapply(as_parts(biases, "biases", call), as_py_vector, arg = "biases", call = call))
  }
  call_core("build_network", weights, biases, as_py_text(activation), as_py_text(output), .call = call)
}

# A network of the core; other things go as they are, so that the core can say what must hold.
as_py_network <- function(network, call = rlang::caller_env()) {
  if (!inherits(network, "bineural_network")) return(as_py_option(network, "network", call))
  py_network(network$weights, network$biases, network$activation, network$output, call)
}
