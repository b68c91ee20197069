# Runs lintr over the R code with the settings of .lintr; ends with status 1 when there is something to say.
lints <- c(
  lintr::lint_dir("R"),
  lintr::lint_dir("tests/testthat"),
  lintr::lint_dir("tools", pattern = "[.][Rr]$")
)
for (lint in lints) {
  cat(sprintf("%s:%d:%d: %s\n", lint$filename, lint$line_number, lint$column_number, lint$message))
}
cat(sprintf("lintr: %d lints\n", length(lints)))
quit(status = as.integer(length(lints) > 0))
