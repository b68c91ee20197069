test_that("sitrep() names the Python that R uses", {
  skip_without_python()
  situation <- sitrep()
  expect_s3_class(situation, "bineural_situation")
  expect_identical(normalizePath(situation$sections$Python$executable), normalizePath(reticulate::py_exe()))
  expect_output(print(situation), "tensorflow")
})

test_that("sitrep() answers without Python, with the line that mends it", {
  skip_without_python()
  folder <- withr::local_tempdir()
  lines <- withr::with_envvar(
    c(RETICULATE_PYTHON = file.path(folder, "python")),
    fresh_r("s <- sitrep(); print(s); cat(s$ok)")
  )
  expect_match(lines, "mend it with", all = FALSE)
  expect_identical(utils::tail(lines, 1), "FALSE")
})

test_that("R package and Python core of different versions are said to be so", {
  expect_warning(check_version("9.9.9", package_version("0.1.0")), "9.9.9", class = "bineural_VersionWarning")
  expect_silent(check_version("0.1.0", package_version("0.1.0")))
})

test_that("the package asks for what the core needs", {
  skip_without_python()
  declared <- reticulate::py_require()$packages
  needed <- from_python(core()$environment$PACKAGES)
  for (name in setdiff(names(needed), "tensorflow")) {
    expect_match(declared, paste0("^", name, ">=", needed[[name]], "($|[.,])"), all = FALSE)
  }
  expect_match(declared, paste0("^tensorflow(-cpu)?>=", needed$tensorflow), all = FALSE)
})

test_that("sitrep() takes TRUE or FALSE", {
  for (wrong in list("yes", NA, 1)) {
    expect_error(sitrep(wrong), "`deep` must be TRUE or FALSE", class = "bineural_InputError")
    expect_error(sitrep(mend = wrong), "`mend` must be TRUE or FALSE", class = "bineural_InputError")
  }
})

# Functions of the package replaced until the end of a test.
stub <- function(..., frame = parent.frame()) {
  force(frame)
  package <- environment(sitrep)
  for (name in names(list(...))) {
    before <- get(name, package)
    if (bindingIsLocked(name, package)) unlockBinding(name, package)
    assign(name, list(...)[[name]], package)
    local({
      kept <- list(name = name, value = before)
      withr::defer(assign(kept$name, kept$value, package), frame)
    })
  }
}

situation <- function(ok) structure(list(ok = ok, missing = list(), text = ""), class = "bineural_situation")

test_that("sitrep(mend = TRUE) installs where Python is missing, and reports again", {
  installed <- 0
  stub(
    look_around = function(deep) situation(installed > 0),
    install_bineural = function(...) installed <<- installed + 1,
    made_by_us = function() TRUE
  )
  expect_false(sitrep()$ok)
  expect_identical(installed, 0)
  expect_true(sitrep(mend = TRUE)$ok)
  expect_identical(installed, 1)
  sitrep(mend = TRUE) # nothing is missing any more
  expect_identical(installed, 1)
})

test_that("sitrep(mend = TRUE) installs into the Python that was chosen, or says why it can't", {
  looked <- 0
  pip <- function(mend) looked <<- looked + mend
  stub(
    look_around = function(deep) situation(looked > 0),
    core = function() list(environment = list(sitrep = pip)),
    install_bineural = function(...) stop("not this one"),
    made_by_us = function() FALSE
  )
  expect_true(sitrep(mend = TRUE)$ok)
  looked <- 0
  pip <- function(mend) stop("no Python here")
  expect_error(sitrep(mend = TRUE), "RETICULATE_PYTHON", class = "bineural_SetupError")
})

test_that("a Python that install_bineural() makes is mended where no other one was chosen", {
  stub(is_own_python = function() FALSE)
  withr::with_envvar(c(RETICULATE_PYTHON = "/opt/python"), expect_false(made_by_us()))
  stub(is_own_python = function() TRUE)
  expect_true(made_by_us())
})

test_that("sitrep() answers with a Python that has no packages", {
  skip_without_python()
  skip_on_os("windows")
  folder <- withr::local_tempdir()
  made <- system2(reticulate::py_exe(), c("-m", "venv", "--without-pip", folder), stdout = FALSE, stderr = FALSE)
  expect_identical(made, 0L)
  lines <- withr::with_envvar(
    c(RETICULATE_PYTHON = file.path(folder, "bin", "python"), PYTHONPATH = ""),
    fresh_r("s <- sitrep(); cat('said', s$ok, length(s$missing) >= length(bineural:::python_packages()))")
  )
  expect_identical(utils::tail(lines, 1), "said FALSE TRUE")
})

test_that("what an installer says is repeated, and a missing connection named", {
  offline <- "import sys; print('Could not resolve host: Temporary failure in name resolution'); sys.exit(1)"
  skip_without_python()
  python <- reticulate::py_exe()
  expect_error(run_installer(python, c("-c", shQuote(offline))), "no connection", class = "bineural_SetupError")
  silent <- c("-c", shQuote("raise SystemExit(3)"))
  expect_error(run_installer(python, silent), "status 3", class = "bineural_SetupError")
  expect_silent(run_installer(python, c("-c", shQuote("print(1)"))))
  expect_error(install_bineural(3), "must be a path", class = "bineural_InputError")
})
