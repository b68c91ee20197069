library(testthat)
library(bineural)

# Where there is no Python for the core, only what needs none can be tested.
test_check("bineural", filter = if (!bineural_available()) "core_folder")
