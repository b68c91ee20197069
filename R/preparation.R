#' Turn columns into numbers as R's `model.matrix()` does, in the core
#'
#' @param formula Right-hand side, e.g. `~ Age * Number`; a left-hand side is left alone.
#' @param data Data frame.
#' @param contrasts Named list or vector, e.g. `c(dose = "poly")`; of `"treatment"`, `"sum"`, `"helmert"`, `"poly"`.
#' @return Tibble of double, with R's column names, `(Intercept)` among them.
#' @export
#' @examplesIf bineural_available()
#' model_matrix(~ Age + Start, head(load_dataset("kyphosis")))
model_matrix <- function(formula, data, contrasts = NULL) {
  from_python(call_core("model_matrix", as_py_formula(formula), as_py_frame(data), contrasts = as_py_dict(contrasts)))
}
