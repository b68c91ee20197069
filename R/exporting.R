#' Write a fitted model in a form that predicts without bineural
#'
#' Raw columns in, probabilities or means out. The whole preparation goes with it: terms of the formula, levels, means
#' and SDs, missing values. Before it is handed over, what was written predicts random rows and is compared with the
#' model.
#'
#' @param model A model from [fit_glm()] or [fit_net()], of a table; for `"onnx"` and `"saved_model"` also a net of
#'   images or other arrays.
#' @param path The file, or the folder of a `"saved_model"`, to write. What is there is replaced; a folder only if it is
#'   a SavedModel itself.
#' @param format `"onnx"` and `"saved_model"` take any net, ensembles too. `"sql"` is one query for SQLite, DuckDB or
#'   PostgreSQL; `"python"` and `"r"` are files with a function (`predict`, `predict_rows`) that need nothing but the
#'   language. These three are for GLMs and small dense nets. `"onnx"` needs the Python packages onnx, onnxruntime and
#'   tf2onnx.
#' @param table Name of the table that the query reads (`format = "sql"`).
#' @param keep Columns of it that stand beside the predictions (`format = "sql"`), such as an id.
#' @return The path, invisibly.
#' @section What is predicted:
#' Predictions are called `.pred_<class>`, in the order of the levels, or `.pred`. A row gets none (`NULL`, `None`,
#' `NA`, NaN) where the model would refuse it or leave it out: a missing value without `missing = "impute"`, a level
#' never seen with `unseen = "error"`, a number outside of what the formula takes.
#'
#' ONNX: each raw column is an input of shape (n_rows, 1), float64, or text ("" is missing); an array is the input
#' `rows`, float32. The output `predictions` is float64 (n_rows, n_outputs). SavedModel: the same of shape (n_rows,),
#' names of columns with _ for what TensorFlow does not take (`bineural.json` lists them).
#'
#' `"sql"` and `"python"` are run for the comparison, `"r"` through the Python file of the same steps. Nets compute in
#' float32 and what is written in float64, so that predictions differ by about 1e-7.
#' @section A service:
#' `bineural serve glm.bineural`, at the command line, serves a model that [save_model()] wrote, from either language.
#' @section Conditions:
#' `bineural_InputError` if the model reads what the format can't, has a layer or a function that it can't express, or a
#' package is missing; `bineural_SavingError` if it is no fitted model, the file can't be written, or what was written
#' predicts otherwise.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
#' path <- export_model(glm, tempfile(fileext = ".R"), format = "r")
#' scorer <- new.env()
#' sys.source(path, scorer)
#' scorer$predict_rows(kyphosis[1:2, ])
export_model <- function(model, path, format = "onnx", table = "new_data", keep = NULL) {
  object <- python_model(model)
  if (inherits(model, "bineural_model") && !is.null(model$recipe)) {
    abort_input(
      "A model that was fitted to a recipe can't be exported.", "Its recipe is a part of R.",
      "Fit it with a formula, or use `saveRDS()`."
    )
  }
  invisible(from_python(call_core(
    "export_model", object, as_py_path(path),
    format = as_py_text(format),
    table = as_py_text(table),
    keep = if (!is.null(keep)) as_py_texts(keep)
  )))
}
