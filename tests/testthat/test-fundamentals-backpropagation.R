test_that("a logistic regression's slopes are R's", {
  skip_without_python()
  x <- scale(as.matrix(datasets::mtcars[c("wt", "mpg")]))
  y <- datasets::mtcars$vs
  found <- backpropagate(build_network(list(c(0.5, -0.3)), 0.1, output = "sigmoid"), x, y)
  p <- stats::plogis(0.1 + x %*% c(0.5, -0.3))
  expect_equal(found$loss, -mean(y * log(p) + (1 - y) * log(1 - p)))
  expect_equal(found$weights[[1]], t(x) %*% (p - y) / 32, ignore_attr = TRUE)
  expect_equal(found$biases[[1]], mean(p - y))
})
