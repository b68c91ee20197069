#' Load a data set by name, or a table from a file
#'
#' @param name Name of a data set (see [list_datasets()]); or a path that ends in .csv, .tsv, .txt, .json, .jsonl or
#'   .ndjson (each may be packed: .gz, .bz2, .xz, or .zip with one file), .parquet, .pq, .feather or .arrow.
#' @param max_bytes Most bytes that the content of a file may have once it is unpacked. `NULL` is 200 times the size of
#'   the file, and at least 256 MiB: more is what files become that are made to fill the memory.
#' @param separator What stands between the fields of a text file: one sign, or `"tab"`. `NULL` is a comma in .csv, and
#'   a tab in .tsv and .txt. A file of any other ending is read as text when it is given.
#' @param decimal What stands before the decimals of a number in a text file.
#' @param thousands What parts the thousands of a number in a text file. `NULL` is nothing. A column is taken as numbers
#'   when each of its values is one, its groups of three digits complete.
#' @param encoding How the letters of a text file are written, by its name in Python: `"cp1252"`, `"utf-16"`.
#' @param missing_values What else stands for a missing value in a text file, such as `c("?", "-")`. Nothing, NA, N/A,
#'   #N/A, NaN, nan, NULL and null always do.
#' @return Tibble.
#' @section Conditions:
#' `bineural_InputError` for an unknown name, with names near it, for a file that is no table or not written as the
#' options say (the error names the option that reads it), and for one that would become far larger than it is.
#' @export
#' @examplesIf bineural_available()
#' load_dataset("kyphosis")
load_dataset <- function(name, max_bytes = NULL, separator = NULL, decimal = ".", thousands = NULL,
                         encoding = "utf-8", missing_values = NULL) {
  from_python(call_core(
    "load_dataset", as_py_path(name),
    max_bytes = as_py_count(max_bytes), separator = as_py_text(separator), decimal = as_py_text(decimal),
    thousands = as_py_text(thousands), encoding = as_py_text(encoding), missing_values = as_py_texts(missing_values)
  ))
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

#' Load a photograph
#'
#' @param name `"china"`, a Chinese temple (by danielbuechele), or `"flower"`, a dahlia (by vultilion).
#' @return Array (427, 640, 3): red, green and blue, from 0 to 255. Both come with scikit-learn, under the licence CC BY
#'   2.0.
#' @export
#' @examplesIf bineural_available()
#' dim(load_photograph("flower"))
load_photograph <- function(name = "china") {
  from_python(call_core("load_photograph", as_py_text(name)))
}
