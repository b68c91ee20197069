#' Load a data set by name, or a table from a file
#'
#' @param name Name of a data set (see [list_datasets()]), or the path of a CSV or Parquet file.
#' @param trust Whether to read on where a file would become more than 200 times as large as it is (and more
#'   than 256 MiB), as files do that are made to fill the memory.
#' @return Tibble.
#' @section Conditions:
#' `bineural_InputError` for an unknown name, with names near it, and for a file that would become far larger
#' than it is.
#' @export
#' @examplesIf bineural_available()
#' load_dataset("kyphosis")
load_dataset <- function(name, trust = FALSE) {
  from_python(call_core("load_dataset", as_py_path(name), trust = trust))
}

#' List the data sets that [load_dataset()] knows
#'
#' @return Tibble with a row for each data set.
#' @export
#' @examplesIf bineural_available()
#' list_datasets()
list_datasets <- function() {
  from_python(call_core("list_datasets"))
}
