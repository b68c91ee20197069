test_that("first weights have the spread of a normal that is cut at two", {
  skip_without_python()
  weights <- draw_weights(500, 400, seed = 1)
  expect_identical(dim(weights), c(500L, 400L))
  expect_equal(sd(weights) / (2 / sqrt(900)), 0.87962, tolerance = 0.003)
  expect_equal(sd(draw_weights(500, 400, corrected = TRUE, seed = 1)), 2 / sqrt(900), tolerance = 0.003)
})
