test_that("a batch is standardised by its own rows in training and by moving averages in use", {
  skip_without_python()
  skip_without("ggplot2")
  x <- as.matrix(datasets::mtcars[c("mpg", "wt")])
  variance <- apply(x, 2, function(v) mean((v - mean(v))^2))
  step <- normalise_batch(x, scale = c(2, 3), shift = 1)
  known <- sweep(scale(x, colMeans(x), sqrt(variance + 0.001)), 2, c(2, 3), `*`) + 1
  expect_equal(step$values, known, ignore_attr = TRUE)
  expect_equal(step$moving_mean, 0.01 * colMeans(x), ignore_attr = TRUE)
  expect_equal(step$moving_variance, 0.99 + 0.01 * variance, ignore_attr = TRUE)
  used <- normalise_batch(x, moving_mean = c(20, 3), moving_variance = c(36, 1), training = FALSE)
  expect_equal(used$values, scale(x, c(20, 3), sqrt(c(36, 1) + 0.001)), ignore_attr = TRUE)
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(step)))
})
