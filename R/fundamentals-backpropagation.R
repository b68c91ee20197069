#' Compute the loss of a network and its slope in every weight, by the chain rule
#'
#' The loss is the mean over rows: of log loss (nats) for an output `"sigmoid"` or `"softmax"`, of the squared error,
#' summed over outputs, for `"identity"`.
#'
#' @param network What [build_network()] returned.
#' @param x Inputs, a matrix or data frame with a row for each case; a vector is one column.
#' @param y Outcome, a vector or a matrix with a column for each output: 0 and 1 for a sigmoid, class numbers from 0 for
#'   a softmax.
#' @return A list with `loss`, `weights` and `biases`: the slope of the loss in those of each layer.
#' @section Conditions:
#' `bineural_InputError` if `y` does not go with the network's output.
#' @references Rumelhart, Hinton and Williams (1986). *Nature* 323, 533-536.
#' @export
#' @examplesIf bineural_available()
#' weights <- list(matrix(c(0.5, -0.5), 1), c(1, 1))
#' network <- build_network(weights, activation = "sigmoid", output = "sigmoid")
#' backpropagate(network, c(1, 2), c(0, 1))
backpropagate <- function(network, x, y) {
  new_mechanism(call_core("backpropagate", as_py_network(network), as_py_inputs(x), as_py_inputs(y)), "gradients")
}
