# Makes man/ and NAMESPACE from the comments in R/ (roxygen2); starts no Python.

suppressMessages(pkgload::load_all(".", quiet = TRUE))
roxygen2::roxygenise(".", roclets = c("rd", "namespace"), load_code = roxygen2::load_pkgload)

# The index of topics, of _pkgdown.yml; every help page must stand in it once.
name_of <- function(file) sub("^\\\\name\\{(.*)\\}$", "\\1", grep("^\\\\name\\{", readLines(file), value = TRUE)[1])
title_of <- function(file) {
  text <- paste(readLines(file), collapse = "\n")
  trimws(sub("(?s)^.*?\\\\title\\{(.*?)\\}\n.*$", "\\1", text, perl = TRUE))
}

build_index <- function(sections = yaml::read_yaml("_pkgdown.yml")$reference, path = "man/bineural-topics.Rd") {
  files <- setdiff(list.files("man", "[.]Rd$", full.names = TRUE), path)
  names <- vapply(files, name_of, "")
  listed <- unlist(lapply(sections, `[[`, "contents"))
  apart <- c(setdiff(listed, names), setdiff(setdiff(names, "reexports"), listed), listed[duplicated(listed)])
  if (length(apart)) stop("_pkgdown.yml must list every help page once: ", paste(apart, collapse = ", "))
  titles <- vapply(files, title_of, "")
  item <- function(name) sprintf("  \\item \\code{\\link[=%s]{%s}}: %s", name, name, titles[match(name, names)])
  one <- function(section) {
    c(
      sprintf("\\section{%s}{", section$title), section$desc, "\\itemize{",
      vapply(section$contents, item, ""), "}", "}"
    )
  }
  writeLines(c(
    "% Made by tools/build_docs.R from _pkgdown.yml.", "\\name{bineural-topics}", "\\alias{bineural-topics}",
    "\\title{All help pages by topic}", "\\description{", "The help pages of the package, in the order of the flow.",
    "}", unlist(lapply(sections, one)), "\\keyword{internal}"
  ), path)
}
build_index()

# A site, where pkgdown is to be had; else the index alone.
if (requireNamespace("pkgdown", quietly = TRUE)) {
  pkgdown::build_site(".", override = list(destination = "build/site"), preview = FALSE, examples = FALSE)
} else {
  cat("pkgdown is not installed: ?`bineural-topics` is the index.\n")
}
