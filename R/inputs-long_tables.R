#' Make sequences of a long table, or of arrays
#'
#' @param data Data frame with a row for each step; or sequences: a list of matrices (a row for each step, a column for
#'   each feature), a list of vectors, or an array (sequence, step, feature).
#' @param id Column that says which sequence a row is of.
#' @param time Column that says when: numbers, dates, or text of one form. Rows are brought into its order; times of a
#'   sequence must be evenly spaced, by days or months for example. `NULL`: rows stand in their order.
#' @param outcome Column that is predicted, and is the same in all rows of a sequence.
#' @param features Columns that are read at each step. `NULL`: all columns of numbers and truths but those above.
#' @return A list of class `bineural_sequences`: `sequences`, a list of matrices, named by id, in the order in which
#'   their ids first come; `outcome`, a vector or factor of the same order, or `NULL`; `rows`, a tibble with a row for
#'   each: its id, the outcome, and other columns of text that do not change within a sequence.
#' @section Conditions:
#' `bineural_ColumnError` if there is no such column, an id or a time is missing, a time comes twice in a sequence or is
#' left out, the outcome changes within one, or a feature is no number; it names the sequence. `bineural_InputError` if
#' the data are no sequences, or a value is missing or infinite.
#' @export
#' @examplesIf bineural_available()
#' vowels <- load_dataset("japanese_vowels")
#' vowels <- as_sequences(vowels, id = "utterance", time = "step", outcome = "speaker")
#' vowels
#' train <- vowels$rows$part == "train"
#' model <- fit_glm(vowels$sequences[train], vowels$outcome[train])
as_sequences <- function(data, id = NULL, time = NULL, outcome = NULL, features = NULL) {
  call <- rlang::current_env()
  object <- call_core(
    "as_sequences", as_py_data(data, "data", call),
    id = as_py_text(id), time = as_py_text(time), outcome = as_py_text(outcome), features = as_py_texts(features)
  )
  parts <- from_python(ask_core(bridge()$sequences_to_r, object, call = call))
  sequences <- lapply(parts$sequences, function(steps) {
    colnames(steps) <- parts$features
    steps
  })
  if (!is.null(parts$ids)) names(sequences) <- as.character(parts$ids)
  structure(
    list(sequences = sequences, outcome = parts$outcome, rows = parts$rows, text = parts$text),
    class = "bineural_sequences"
  )
}

#' @export
print.bineural_sequences <- function(x, ...) {
  check_dots(...)
  cat(x$text, "\n", sep = "")
  invisible(x)
}
