test_that("the variance falls as one over the batch size", {
  skip_without_python()
  skip_without("ggplot2")
  noise <- measure_gradient_noise(datasets::cars$speed, datasets::cars$dist, "identity", draws = 4000, seed = 1)
  expect_identical(noise$table$batch_size, c(1L, 10L, 50L, 100L))
  expect_true(all(abs(noise$table$ratio - 1) < 0.1))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(noise)))
})
