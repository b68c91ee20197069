#' A page of the course, as an R Markdown format
#'
#' Code of both languages is on the page, with a switch between R and Python that is remembered; solutions of exercises
#' are folded. The page loads nothing from outside. Where Python is missing, code is shown and not run.
#'
#' A topic is prose with `{r}` and `{python}` chunks in pairs. In a block `::: exercise`, chunks with `exercise=TRUE`
#' hold the solution: a line that ends with `#~ text` is shown to learners as `text`, one that ends with `#~` is left
#' out; blanks are written [FILL_IN], a value that code goes on with. Chunks with `checks=TRUE` add exercises of one's
#' own ([add_exercise()]): they are run and not shown, and learners' files read them from a file beside them. Chunks
#' with `eval=FALSE` are shown and not run, in notebooks and scripts too, and those with `purl=FALSE` are not in them.
#' `::: text` goes to the notes of the speaker in slides, `::: slide` is on slides alone, `::: slide-break` starts
#' another slide, and `::: lang-r` and `::: lang-python` are for the readers of one language.
#'
#' @param language Languages to show, "r", "python" or both.
#' @param solutions Whether solutions are on the page.
#' @param ... For [rmarkdown::html_vignette()] (`course_page()`) or [rmarkdown::output_format()] (`course_slides()`).
#' @return An R Markdown output format.
#' @seealso [render_course()], which calls it for the topics of the course and for files of one's own.
#' @export
#' @examplesIf requireNamespace("rmarkdown", quietly = TRUE)
#' course_page(language = "r")$pandoc$to
course_page <- function(language = c("r", "python"), solutions = TRUE, ...) {
  rmarkdown::output_format(
    knitr = course_knitr(language), pre_knit = function(...) show_html(FALSE), on_exit = function() show_html(TRUE),
    pandoc = rmarkdown::pandoc_options(to = "html", args = course_metadata(language, solutions)),
    base_format = rmarkdown::html_vignette(
      ...,
      css = course_asset("page.css"), math_method = "mathml", toc = TRUE, toc_depth = 2, highlight = "tango",
      includes = rmarkdown::includes(
        in_header = course_asset("switch.html"),
        before_body = if (!bineural_available()) course_asset("not-run.html")
      )
    )
  )
}

#' @rdname course_page
#' @export
course_slides <- function(language = c("r", "python"), solutions = TRUE, ...) {
  self_contained <- if (rmarkdown::pandoc_available("2.19")) "--embed-resources" else "--self-contained"
  rmarkdown::output_format(
    knitr = course_knitr(language), pre_knit = function(...) show_html(FALSE), on_exit = function() show_html(TRUE),
    pandoc = rmarkdown::pandoc_options(
      to = "revealjs", from = rmarkdown::from_rmarkdown(), ext = ".html",
      args = c(
        course_metadata(language, solutions), "--standalone", self_contained, "--mathml", "--slide-level=2",
        "--highlight-style=tango", "--include-in-header", course_asset("switch.html"),
        "--include-in-header", course_asset("slides.css"),
        "--variable", paste0("revealjs-url=", course_asset("reveal")),
        unlist(lapply(
          c("theme=white", "hash=true", "width=1100", "height=700", "center=false", "transition=none", "margin=0.06"),
          function(setting) c("--variable", setting)
        ))
      )
    ),
    clean_supporting = TRUE, ...
  )
}

# How chunks are run and written: each in a block of its language, exercises with their blanks before the solution.
course_knitr <- function(language) {
  language <- match.arg(language, c("r", "python"), several.ok = TRUE)
  options <- rmarkdown::knitr_options_html(
    fig_width = 5, fig_height = 3.4, fig_retina = 2, keep_md = FALSE, dev = "png"
  )
  run <- bineural_available()
  options$opts_chunk <- c(options$opts_chunk, list(eval = run, comment = "#>", message = FALSE, fig.align = "default"))
  options$opts_hooks <- list(
    exercise = function(options) {
      if (isTRUE(options$exercise)) {
        options$blanked <- blank_lines(options$code)
        options$code <- sub("\\s*#~.*$", "", options$code)
      }
      options
    },
    checks = function(options) {
      if (isTRUE(options$checks)) options$include <- FALSE
      options
    },
    engine = function(options) {
      other <- options$engine == "python" && !"python" %in% language || options$engine == "R" && !"r" %in% language
      if (other && !isFALSE(options$lang)) options[c("eval", "include")] <- FALSE
      options
    }
  )
  options$knit_hooks <- list(chunk = function(x, options) indented(chunk_block(x, options), options$indent))
  options
}

# Python's records print beside R's; R Markdown would show them as HTML.
show_html <- function(shown) {
  if (bineural_available()) call_core("notebook.show_html", shown)
  invisible()
}

blank_lines <- function(code) {
  marked <- grepl("#~", code, fixed = TRUE)
  text <- trimws(sub(".*?#~", "", code, perl = TRUE))
  shown <- ifelse(marked, paste0(sub("^(\\s*).*", "\\1", code), text), code)
  shown[!marked | nzchar(text)]
}

chunk_block <- function(x, options) {
  language <- c(R = "r", python = "python")[options$engine]
  if (is.na(language) || !nzchar(trimws(x)) || isFALSE(options$lang)) return(x)
  class <- paste0("lang-", language)
  block <- function(text, ...) paste0("\n::: {", paste0(".", c(...), collapse = " "), "}\n", text, "\n:::\n")
  x <- sized_figures(x, options$dpi)
  solved <- block(
    x, if (isTRUE(options$exercise)) "solution", class,
    if (fits_beside(x, options$code)) "beside", if (has_wide_table(x)) "wide"
  )
  if (!isTRUE(options$exercise)) return(solved)
  todo <- paste0("```", language, "\n", paste(options$blanked, collapse = "\n"), "\n```")
  paste0(block(todo, "todo", class), solved)
}

# A chunk within a list stays in it.
indented <- function(x, by) {
  if (is.null(by)) return(x)
  gsub("(?m)^(?=.)", by, x, perl = TRUE)
}

# Whether slides have the figure of a chunk beside its code: long code of short lines.
fits_beside <- function(x, code) grepl(figure_line, x) && length(code) > 5 && longest_line(x) <= 58

# Sentences may go on in the next line, rows of a table not.
has_wide_table <- function(x) {
  lines <- strsplit(x, "\n", fixed = TRUE)[[1]]
  any(nchar(lines) > 95 & grepl("^#>.*[^ ]  +[^ ].*  ", lines))
}

longest_line <- function(x) {
  lines <- strsplit(x, "\n", fixed = TRUE)[[1]]
  max(nchar(lines[!grepl(figure_line, lines)]), 0)
}

figure_line <- "<img|!\\["

# knitr sets no width where code runs in another folder than the page is made in; a page has 96 pixels an inch.
sized_figures <- function(x, dpi) {
  bare <- "<img src=\"([^\"]+[.]png)\" alt=\"([^\"]*)\" +/>"
  folder <- c(knitr::opts_knit$get("base.dir"), knitr::opts_knit$get("output.dir"))[[1]]
  for (figure in regmatches(x, gregexpr(bare, x))[[1]]) {
    file <- file.path(folder, sub(bare, "\\1", figure))
    if (!file.exists(file)) next
    pixels <- readBin(readBin(file, "raw", 20)[17:20], "integer", size = 4, endian = "big") # width, in the PNG's header
    sized <- sub(" +/>$", sprintf(" width=\"%d\" />", round(pixels * 96 / dpi)), figure)
    x <- sub(figure, sized, x, fixed = TRUE)
  }
  x
}

course_metadata <- function(language, solutions) {
  c(
    "--lua-filter", course_asset("course.lua"),
    "--metadata", paste0("course-languages=", paste(language, collapse = " ")),
    "--metadata", paste0("course-solutions=", if (solutions) "yes" else "no")
  )
}

course_asset <- function(file) file.path(core_dir(), "bineural", "course", "assets", file)
