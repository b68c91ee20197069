# Knits one topic and makes its page and slides of that one knit: Rscript render.R job.json
# The job names the source, the topic's own folder, the files to write, the languages, whether solutions are shown, the
# links of the page and where the R package is: a folder of sources, a library, or (null) the libraries R knows.
needed <- c("jsonlite", "knitr", "reticulate", "rmarkdown")
missing <- needed[!vapply(needed, requireNamespace, NA, quietly = TRUE)]
lacks <- function(what) {
  cat(what, sep = ", ")
  quit(status = 3)
}
if (length(missing)) lacks(missing)
if (!rmarkdown::pandoc_available("2.17")) lacks("pandoc (2.17 or later)")
job <- jsonlite::read_json(commandArgs(TRUE)[[1]], simplifyVector = TRUE)
if (!is.null(job$package$sources)) {
  if (!requireNamespace("pkgload", quietly = TRUE)) lacks("pkgload")
  suppressMessages(pkgload::load_all(job$package$sources, export_all = FALSE, quiet = TRUE))
} else if (!suppressMessages(require(bineural, lib.loc = job$package$library, quietly = TRUE))) {
  lacks("bineural")
}
page <- bineural::course_page(job$language, job$solutions)
slides <- bineural::course_slides(job$language, job$solutions)
knitted <- rmarkdown::render(
  job$source, page, run_pandoc = FALSE, clean = FALSE, quiet = TRUE, envir = new.env(parent = globalenv()),
  knit_root_dir = job$beside
)
knitted <- file.path(dirname(job$source), basename(knitted))

# The topic's own pictures lie beside its source.
finish <- function(format, path, ...) {
  format$pandoc$args <- c(format$pandoc$args, ..., "--resource-path", paste(c(".", job$beside), collapse = ":"))
  rmarkdown::render(knitted, format, output_file = basename(path), output_dir = dirname(path), quiet = TRUE)
}
if (!is.null(job$page)) finish(page, job$page, "--include-before-body", job$links)
if (!is.null(job$slides)) finish(slides, job$slides)
