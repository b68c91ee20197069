# Runs the R tests, says what was skipped and why, and ends with status 1 on a failure.
# `Rscript tools/test_r.R glm` runs only the files whose name holds "glm".
# In CI (environment variable CI) a skip for something that is not installed is a failure too.
Sys.setenv(NOT_CRAN = "true") # snapshots and slow tests are run too
# lubridate, which recipes loads, asks the system otherwise, with a warning where that has no systemd
if (!nzchar(Sys.getenv("TZ"))) Sys.setenv(TZ = "UTC")
suppressPackageStartupMessages({
  pkgload::load_all(".", quiet = TRUE)
  library(testthat)
})

only <- commandArgs(trailingOnly = TRUE)
results <- as.data.frame(test_dir(
  "tests/testthat",
  filter = if (length(only)) only[[1]], package = "bineural", load_package = "none",
  reporter = "summary", stop_on_failure = FALSE, stop_on_warning = FALSE
))
n_failed <- sum(results$failed) + sum(results$error)
cat(sprintf(
  "\ntestthat: %d passed, %d failed, %d warnings, %d skipped\n",
  sum(results$passed), n_failed, sum(results$warning), sum(results$skipped)
))

reasons <- unlist(lapply(results$result, function(test) {
  skips <- Filter(function(e) inherits(e, "expectation_skip"), test)
  vapply(skips, function(e) sub("^Reason: ", "", conditionMessage(e)), "")
}))
for (reason in unique(reasons)) cat("  skipped:", reason, "\n")

not_installed <- grepl("not installed|cannot be loaded|not available|not found|missing|On CRAN", reasons)
if (nzchar(Sys.getenv("CI")) && any(not_installed)) {
  cat("In CI nothing may be missing: run `make setup`.\n")
  quit(status = 1)
}
quit(status = as.integer(n_failed > 0 || sum(results$warning) > 0 || nrow(results) == 0))
