library(testthat)
library(bineural)

test_check("bineural")
