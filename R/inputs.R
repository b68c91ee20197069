#' Turn columns into numbers as R's `model.matrix()` does, in the core
#'
#' @param formula Right-hand side, e.g. `~ Age * Number`; a left-hand side is left alone.
#' @param data Data frame.
#' @param contrasts As in [fit_glm()].
#' @return Tibble of double, with R's column names, `(Intercept)` among them.
#' @export
#' @examplesIf bineural_available()
#' model_matrix(~ Age + Start, head(load_dataset("kyphosis")))
model_matrix <- function(formula, data, contrasts = NULL) {
  call <- rlang::current_env()
  check_order(formula, data, call)
  frame <- as_py_frame(data)
  columns <- predictors_of(formula, data)
  contrasts <- settle_contrasts(contrasts, columns, formula, call)
  say_level_order(columns, contrasts)
  from_python(call_core("model_matrix", as_py_formula(formula), frame, contrasts = as_py_contrasts(contrasts, call)))
}
