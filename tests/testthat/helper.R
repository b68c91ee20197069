# Python looks for garbage seldom: a session with TensorFlow has a million objects, and they stay.
setHook("reticulate.onPyInit", function() {
  reticulate::py_run_string("import gc; gc.set_threshold(10000, 10, 10)", local = TRUE)
}, "append")

# Python must be there in CI; elsewhere a test that needs it says why it is skipped.
skip_without_python <- function() {
  if (bineural_available()) return(invisible())
  if (nzchar(Sys.getenv("CI"))) stop("In CI Python must be found; run `make setup` and set RETICULATE_PYTHON.")
  testthat::skip("Python with NumPy, pandas, scikit-learn and Keras was not found (see sitrep())")
}

skip_without <- function(package) {
  if (requireNamespace(package, quietly = TRUE)) return(invisible())
  if (nzchar(Sys.getenv("CI"))) stop("In CI the R package ", package, " must be installed; run `make setup`.")
  testthat::skip(paste("R package", package, "is not installed"))
}

# A Python function, made of code, for tests of the crossing.
python_function <- function(code, name) {
  reticulate::py_run_string(code, convert = FALSE)
  reticulate::py_get_attr(reticulate::import_main(convert = FALSE), name)
}

there_and_back <- function(x) from_python(as_py_vector(x))

# Run R code in a process of its own that has loaded the package; its output lines.
fresh_r <- function(code) {
  script <- withr::local_tempfile(fileext = ".R")
  in_checkout <- requireNamespace("pkgload", quietly = TRUE) && pkgload::is_dev_package("bineural")
  load <- if (in_checkout) {
    sprintf("suppressMessages(pkgload::load_all(%s, quiet = TRUE))", deparse(getNamespaceInfo("bineural", "path")))
  } else {
    "library(bineural)"
  }
  writeLines(c(load, code), script)
  suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = TRUE, stderr = TRUE))
}

# The C locale's collation, and those of this machine that sort "a" before "B", as most languages do.
collations <- function() {
  withr::local_locale(LC_COLLATE = "C")
  as_languages_do <- function(locale) {
    nzchar(suppressWarnings(Sys.setlocale("LC_COLLATE", locale))) && identical(sort(c("B", "a")), c("a", "B"))
  }
  c("C", Filter(as_languages_do, c("en_US.UTF-8", "C.UTF-8", "de_DE.UTF-8")))
}
