# Makes man/ and NAMESPACE from the comments in R/ (roxygen2); starts no Python.

suppressMessages(pkgload::load_all(".", quiet = TRUE))
roxygen2::roxygenise(".", roclets = c("rd", "namespace"), load_code = roxygen2::load_pkgload)
