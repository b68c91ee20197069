library(testthat)
library(bineural)

# The course starts R anew, which would look for R CMD check's startup file in its own folder.
Sys.setenv(R_TESTS = "")
# Where there is no Python for the core, only what needs none can be tested.
test_check("bineural", filter = if (!bineural_available()) "core_folder")
