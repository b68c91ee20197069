test_that("units that stay are scaled, and in use nothing happens", {
  skip_without_python()
  x <- matrix(1:12 / 2, 3)
  keep <- matrix(rep(c(TRUE, FALSE, TRUE), 4), 3)
  expect_equal(drop_units(x, 0.2, keep = keep), x * keep / 0.8)
  expect_equal(drop_units(x, 0.2, training = FALSE), x)
  expect_equal(mean(drop_units(rep(1, 20000), 0.2, seed = 1)), 1, tolerance = 0.02)
  expect_error(drop_units(x, 1), class = "bineural_InputError")
})
