test_that("the points are the exercise's, and weights are counted", {
  skip_without_python()
  skip_without("ggplot2")
  points <- ten_points()
  expect_equal(mean(residuals(lm(y ~ poly(x, 3), points))^2), 0.390, tolerance = 0.002)
  counts <- c(none = 16321, dropout = 16321, batch_norm = 17361)
  for (regulariser in names(counts)) {
    fit <- fit_curve(points$x, points$y, regulariser, steps = 5, seed = 1)
    expect_equal(fit$n_weights, counts[[regulariser]])
    expect_equal(fit$train_loss, mean((fit$cases$use - points$y)^2))
    if (regulariser == "batch_norm") expect_output(print(fit), "in use, .* as it trains")
    expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(fit)))
  }
})
