#' Write a comparison as one self-contained HTML page
#'
#' The page holds the verdicts, data and folds, the models as they were fitted, all measures, the figures with
#' alternative texts, of images examples, confusion tables and the surest errors, what was tuned, the run record, and
#' code that repeats the comparison in Python and in R. It loads nothing from outside, needs no script, and is written
#' as a whole or not at all.
#'
#' @param comparison What [compare_models()] returned, in the session that made it.
#' @param path File to write, ending in `.html`.
#' @param title By default the models and the outcome.
#' @param source File, data set or folder of images that the rows were loaded from; the code to repeat the comparison
#'   names it.
#' @return The path, invisibly.
#' @section Conditions:
#' `bineural_InputError` if `comparison` is none, was made in another session, or the path cannot be written.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' comparison <- compare_models(glm, kyphosis, folds = 5, repeats = 2, seed = 1)
#' path <- write_report(comparison, tempfile(fileext = ".html"), source = "kyphosis")
write_report <- function(comparison, path, title = NULL, source = NULL) {
  call_core(
    "write_report", live_comparison(comparison, rlang::current_env()), as_py_path(path),
    title = as_py_text(title), source = as_py_text(source)
  )
  invisible(path)
}
