test_that("a topic's files are written, and their paths come back", {
  folder <- withr::local_tempdir()
  expect_output(
    files <- render_course("neurons", format = c("notebook", "script"), language = "r", directory = folder), NA
  )
  expect_type(files, "character")
  expect_setequal(
    list.files(folder, recursive = TRUE),
    c("index.html", outer(c("exercises/neurons", "solutions/neurons"), c("-r.R", "-r.Rmd", "-r.ipynb"), paste0))
  )
  expect_true(all(file.exists(files)))
  expect_invisible(render_course("neurons", "script", "python", FALSE, folder, verbose = 0))
})

test_that("exercise files parse with their blanks, and hold no solution", {
  folder <- withr::local_tempdir()
  render_course(format = "script", language = "r", solutions = FALSE, directory = folder, verbose = 0)
  scripts <- list.files(file.path(folder, "exercises"), full.names = TRUE)
  expect_length(scripts, length(unique(list_exercises()$topic)))
  for (script in scripts) {
    code <- as.list(parse(script, encoding = "UTF-8"))
    expect_true("FILL_IN" %in% unlist(lapply(code, all.names)))
  }
})

test_that("a page of one's own is knitted in a session of its own, with the libraries of this one", {
  skip_if_not_installed("rmarkdown")
  folder <- withr::local_tempdir()
  x <- "mine"
  topic <- file.path(folder, "own.Rmd")
  writeLines(c(
    "---", "title: \"Own\"", "---", "", "## One", "", "```{r}", "exists(\"x\")",
    "nrow(load_dataset(\"kyphosis\"))", "```"
  ), topic)
  files <- render_course(topic, "page", directory = file.path(folder, "out"), verbose = 0)
  page <- paste(readLines(files[[1]]), collapse = "\n")
  expect_match(page, "[1] FALSE", fixed = TRUE)
  expect_match(page, "[1] 81", fixed = TRUE)
  expect_no_match(page, "https?://[^\"]*[.](js|css)\"")
})

test_that("chunks are blanked as in the notebooks, and the other language is left out", {
  code <- c("y <- f( #~", "  2 #~  y <- FILL_IN #~ ", ") #~  ", "", "check(y)")
  expect_identical(blank_lines(code), c("  y <- FILL_IN #~", "", "check(y)"))
  skip_without_python()
  expect_identical(paste(blank_lines(code), collapse = "\n"), from_python(
    call_core("course.materials.blank", paste(code, collapse = "\n"))
  ))
  skip_if_not_installed("rmarkdown")
  hook <- course_page(language = "r")$knitr$opts_hooks$engine
  expect_false(hook(list(engine = "python", eval = TRUE, include = TRUE))$include)
  expect_true(hook(list(engine = "R", eval = TRUE, include = TRUE))$include)
  expect_true(hook(list(engine = "python", lang = FALSE, eval = TRUE, include = TRUE))$include)
  expect_error(course_page(language = "julia"))
  expect_match(course_slides()$pandoc$to, "revealjs")
})

test_that("Python's records print on a page as R's do, and show as HTML again afterwards", {
  skip_without_python()
  skip_without("rmarkdown")
  folder <- withr::local_tempdir()
  topic <- file.path(folder, "own.Rmd")
  record <- "describe_architecture(\"skip\", 3)"
  writeLines(c(
    "---", "title: \"Own\"", "---", "", "```{r}", record, "```", "",
    "```{python}", "import bineural as bn", paste0("bn.", record), "```"
  ), topic)
  withr::local_options(rmarkdown.html_vignette.check_title = FALSE)
  rmarkdown::render(topic, course_page(), quiet = TRUE, output_dir = folder)
  page <- paste(readLines(file.path(folder, "own.html")), collapse = "\n")
  printed <- regmatches(page, gregexpr("#&gt; [^\n]*parameters[^\n]*", page))[[1]]
  expect_gt(length(printed), 1)
  expect_no_match(page, "<table")
  html <- reticulate::py_has_attr(import_core("bineural.zoo.description")$ArchitectureDescription, "_repr_html_")
  expect_true(html)
})

test_that("an unknown topic is said in the core's words", {
  expect_error(render_course("deep"), "The topics are bineural, neurons", class = "bineural_InputError")
})
