#' Write a comparison, or one fitted model, as one self-contained HTML page
#'
#' The page of a comparison holds the verdicts, data and folds, the models as they were fitted, all measures, the
#' figures with alternative texts, what was tuned, the run record, and code that repeats the comparison in Python and in
#' R; of images examples, confusion tables and the surest errors, of objects in images true and predicted boxes; that of
#' a comparison of forecasters the errors from each origin. The page of a fitted model holds its measures and curves on
#' rows that are given here, what it takes these rows for, examples, what training images were changed by, the losses of
#' training, its layers, and code that fits it again. It loads nothing from outside, needs no script, and is written as
#' a whole or not at all.
#'
#' @param result What [compare_models()] returned, in the session that made it; or what [fit_net()] or [fit_glm()]
#'   returned.
#' @param path File to write, ending in `.html`.
#' @param title By default the models and the outcome.
#' @param source File, data set or folder of images that the rows were loaded from; the code to repeat it names it.
#' @param data,y Of a fitted model: rows to ask it about, best those that it has never seen, and their outcome, as in
#'   [evaluate_model()]. Without them nothing is said of how well it predicts.
#' @return The path, invisibly.
#' @section Conditions:
#' `bineural_InputError` if `result` is neither, or a comparison made in another session; if rows are given with a
#' comparison or can't be used; or if the path cannot be written.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' comparison <- compare_models(glm, kyphosis, folds = 5, repeats = 2, seed = 1)
#' path <- write_report(comparison, tempfile(fileext = ".html"), source = "kyphosis")
#' path <- write_report(glm, tempfile(fileext = ".html"), data = kyphosis)
write_report <- function(result, path, title = NULL, source = NULL, data = NULL, y = NULL) {
  call <- rlang::current_env()
  model <- inherits(result, fitted_classes) || is_python(result)
  asked <- asked_rows(result, data, row_values("y", data, call), call)
  call_core(
    "write_report", if (model) python_model(result) else live_comparison(result, call, "result"), as_py_path(path),
    title = as_py_text(title), source = as_py_text(source),
    data = if (!is.null(asked$data)) as_py_new_rows(asked$data, "data", call),
    y = as_py_row_values(asked$y, asked$data, "y", call)
  )
  invisible(path)
}
