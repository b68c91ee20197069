# Runs the demo in R: Rscript tools/demo.R [directory]
arguments <- commandArgs(trailingOnly = TRUE)
pkgload::load_all(".", quiet = TRUE)
invisible(run_demo(if (length(arguments)) arguments[[1]] else "output"))
