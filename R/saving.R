#' Write a fitted model to one file
#'
#' The file (a bundle) holds the weights, preparation, classes, event, versions and run record. It appears whole or not
#' at all. Loading it gives the same predictions, bit for bit, in R and Python. `saveRDS()` works too, for R alone.
#'
#' @param model A model from [fit_glm()] or [fit_net()].
#' @param path Where to write; the usual ending is `.bineural`. An existing file is replaced.
#' @return The path, invisibly.
#' @section Conditions:
#' `bineural_SavingError` if the model holds what a file can't carry (a function, a custom Keras layer), naming the
#' part; or if the folder does not exist.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
#' path <- save_model(glm, tempfile(fileext = ".bineural"))
#' predict(load_model(path), kyphosis[1:2, ])
save_model <- function(model, path) {
  object <- python_model(model)
  if (inherits(model, "bineural_model") && !is.null(model$recipe)) {
    abort_input(
      "A model that was fitted to a recipe can't be saved for Python.", "Its recipe is a part of R.",
      "Use `saveRDS()`.",
      class = "SavingError"
    )
  }
  invisible(from_python(call_core("save_model", object, as_py_path(path))))
}

#' Read a model that [save_model()] wrote, in this language or the other
#'
#' A bundle is data: nothing in it is run, and all of it is checked before it becomes a model. So a file from a
#' stranger can do no more than predict badly.
#'
#' @param path A bundle.
#' @param max_bytes Most bytes that the file may unpack to. `NULL` is 100 times its size, and at least 16 MiB; what
#'   [save_model()] writes stays below.
#' @return The fitted model; it predicts exactly what it did when it was saved.
#' @section Conditions:
#' `bineural_SavingError` if the file is missing, cut short, changed, not a bundle, of a newer format, larger than it
#' may be, or names foreign code.
#' @export
#' @inherit save_model examples
load_model <- function(path, max_bytes = NULL) {
  new_model(call_core("load_model", as_py_path(path), max_bytes = as_py_count(max_bytes)))
}
