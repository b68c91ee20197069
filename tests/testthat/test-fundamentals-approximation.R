test_that("bumps and towers have their height, and more of them come nearer", {
  skip_without_python()
  skip_without("ggplot2")
  expect_equal(raise_bump(c(0.1, 0.5, 0.9), 0.3, 0.7, height = 0.6), c(0, 0.6, 0))
  expect_equal(raise_tower(c(0.5, 0.1), c(0.5, 0.5), 0.4, 0.6, 0.3, 0.7, height = 0.3), c(0.3, 0))
  curve <- function(x) 0.2 + 0.4 * x^2 + 0.3 * x * sin(15 * x) + 0.05 * cos(50 * x)
  errors <- vapply(c(5, 10, 20, 50, 100), function(n) approximate_function(curve, n)$mean_error, 0)
  expect_equal(errors / c(0.0933, 0.0560, 0.0245, 0.0096, 0.0045), rep(1, 5), tolerance = 0.1)
  towers <- approximate_function(function(x1, x2) x1 * x2, 5, n_inputs = 2)
  for (record in list(approximate_function(curve), towers)) {
    expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(record)))
  }
})
