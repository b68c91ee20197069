#' Load a data set by name, or a table from a file
#'
#' @param name Name of a data set (see [list_datasets()]), or the path of a CSV or Parquet file.
#' @param max_bytes Most bytes that the content of a file may have once it is unpacked. `NULL` is 200 times the size of
#'   the file, and at least 256 MiB: more is what files become that are made to fill the memory.
#' @return Tibble.
#' @section Conditions:
#' `bineural_InputError` for an unknown name, with names near it, and for a file that would become far larger
#' than it is.
#' @export
#' @examplesIf bineural_available()
#' load_dataset("kyphosis")
load_dataset <- function(name, max_bytes = NULL) {
  from_python(call_core("load_dataset", as_py_path(name), max_bytes = as_py_count(max_bytes)))
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
