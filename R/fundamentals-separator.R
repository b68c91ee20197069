#' Find the plane of the widest margin between two classes, or prove that there is none
#'
#' The shortest `(w, b)` with `w . x + b` at least 1 for the rows of class 1 and at most -1 for the others is a
#' least-distance problem, solved exactly by nonnegative least squares; where it has no solution, the same answer is
#' the proof.
#'
#' @inheritParams fit_perceptron
#' @param y Vector of 0 and 1.
#' @return A list with `separable`, `weights`, `bias`, `margin` (least distance of a row to the plane, where a row is
#'   (x, 1) and the plane goes through the origin) and `proof` (where there is no plane: shares with which the rows
#'   (x, 1) of one class and of the other have the same mean).
#' @inheritSection fit_perceptron Conditions
#' @references Lawson and Hanson (1974). *Solving Least Squares Problems*, chapter 23. Prentice-Hall.
#' @export
#' @examplesIf bineural_available()
#' pairs <- cbind(a = c(0, 0, 1, 1), b = c(0, 1, 0, 1))
#' find_separator(pairs, c(0, 0, 0, 1))
#' find_separator(pairs, c(0, 1, 1, 0))$proof # XOR
find_separator <- function(x, y) {
  new_mechanism(call_core("find_separator", as_py_inputs(x), as_py_vector(y)), "separator")
}
