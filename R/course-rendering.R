#' Render topics of the course: pages, slides, notebooks and scripts in both languages
#'
#' A topic is one R Markdown file. It gives a page with a switch between R and Python, slides (reveal.js), and for each
#' language files with exercises and with solutions. Nothing in them is loaded from a network. Pages and slides are
#' knitted in an R process of their own.
#'
#' @param topic Names of topics ("bineural", "neurons", "learning", "depth", "tensors-and-training", "images",
#'   "architectures", "texts", "recurrent", "representations", "generators", "sequence-to-sequence", "agents") or
#'   paths of one's own `.Rmd` files; all topics by default.
#' @param format Any of "page" and "slides" (HTML), "notebook" (`.ipynb`, and `.Rmd` for R) and "script" (`.R`, `.py`).
#' @param language Languages, "r", "python" or both.
#' @param solutions Whether solutions are given: folded in pages, on slides of their own, and as files.
#' @param directory Folder to write to; it is made. Its `index.html` lists what lies there.
#' @param verbose 1 says what is done, 0 is silent.
#' @return The paths of the files written, invisibly.
#' @section Conditions:
#' `bineural_InputError` if a topic, format or language is unknown, two topics have one name, or a topic does not run
#' from top to bottom.
#' @seealso [course_page()] for how a topic is written.
#' @export
#' @examplesIf bineural_available()
#' render_course("neurons", format = "script", language = "r", directory = tempfile())
render_course <- function(topic = NULL, format = c("page", "slides", "notebook", "script"),
                          language = c("r", "python"), solutions = TRUE, directory = "course", verbose = 1) {
  call_core("course.rendering.set_r_libraries", as_py_texts(.libPaths()))
  files <- call_core(
    "render_course", as_py_texts(topic), as_py_texts(format), as_py_texts(language), as_py_flag(solutions),
    as_py_path(directory), as_py_count(verbose)
  )
  invisible(from_python(call_core("course.rendering.path_texts", files)))
}
