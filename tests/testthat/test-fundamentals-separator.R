test_that("iris: setosa can be separated, versicolor cannot", {
  skip_without_python()
  x <- datasets::iris[1:4]
  expect_true(find_separator(x, datasets::iris$Species == "setosa")$separable)
  expect_false(find_separator(x, datasets::iris$Species == "versicolor")$separable)
  pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))
  expect_equal(find_separator(pairs, c(0, 1, 1, 0))$proof, rep(0.25, 4))
})
