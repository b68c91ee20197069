#' Report what Python, packages, GPU, R and caches were found, and how to mend what was not
#'
#' @param deep Import TensorFlow as well and list the devices that `device` can name (takes seconds). Otherwise a GPU is
#'   looked for without TensorFlow.
#' @return A situation, which prints as a page: a list with `sections`, `missing` (each with `what`, the line that
#'   mends it, `mend`, and the `side` that lacks it, `"Python"` or `"R"`) and `ok`: whether Python's side is whole.
#' @export
#' @examplesIf bineural_available()
#' sitrep()
sitrep <- function(deep = FALSE) {
  if (!rlang::is_bool(deep)) abort_value(deep, "TRUE or FALSE", "Use TRUE or FALSE.", "deep", rlang::current_env())
  # Straight to the core's report, which needs no package, so that it also answers where packages are missing.
  found <- tryCatch(core()$environment$sitrep(deep = deep), error = identity)
  if (inherits(found, "error")) return(no_python(found))
  r <- reticulate::py_get_item(found$sections, "R") # asks another R; this one knows better
  version <- paste(utils::packageVersion("bineural"), "(loaded)")
  reticulate::py_set_item(r, "R package bineural", reticulate::r_to_py(version))
  structure(
    list(
      ok = reticulate::py_to_r(found$ok), missing = reticulate::py_to_r(found$missing),
      sections = reticulate::py_to_r(found$sections), text = printed(found)
    ),
    class = "bineural_situation"
  )
}

no_python <- function(error) {
  what <- if (is.null(error$found)) first_line(conditionMessage(error)) else error$found
  chosen <- Sys.getenv("RETICULATE_PYTHON")
  mend <- if (is.null(error$hint)) python_advice(chosen) else error$hint
  python <- if (nzchar(chosen)) chosen else "not set"
  structure(
    list(
      ok = FALSE, missing = list(list(what = what, mend = mend, side = "Python")),
      sections = list(R = list(
        R = as.character(getRversion()), reticulate = as.character(utils::packageVersion("reticulate")),
        RETICULATE_PYTHON = python
      )),
      text = c(
        "R", paste("  R                 ", getRversion()),
        paste("  reticulate        ", utils::packageVersion("reticulate")),
        paste("  RETICULATE_PYTHON ", python), "Missing", paste(" ", what), paste("    mend it with: ", mend)
      )
    ),
    class = "bineural_situation"
  )
}

#' @export
print.bineural_situation <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}
