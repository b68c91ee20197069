pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))

test_that("the rule learns AND within its bound, and XOR never", {
  skip_without_python()
  fit <- fit_perceptron(pairs, c(0, 0, 0, 1))
  expect_true(fit$converged)
  expect_lte(fit$mistakes, fit$bound)
  expect_identical(fire_neuron(pairs, fit$weights, fit$bias), c(0L, 0L, 0L, 1L))
  expect_output(print(fit), "no mistake in epoch 6")
  never <- fit_perceptron(pairs, c(0, 1, 1, 0), epochs = 20)
  expect_false(never$converged)
  expect_identical(never$bound, Inf)
  expect_equal(find_separator(pairs, c(0, 1, 1, 0))$proof, rep(0.25, 4))
})

test_that("iris: setosa can be separated, versicolor cannot", {
  skip_without_python()
  x <- datasets::iris[1:4]
  expect_true(find_separator(x, datasets::iris$Species == "setosa")$separable)
  expect_false(find_separator(x, datasets::iris$Species == "versicolor")$separable)
})

test_that("left is learnt from right, and figures are drawn", {
  skip_without_python()
  skip_without("ggplot2")
  retina <- make_retina(50, seed = 1958)
  expect_identical(dim(retina$images), c(50L, 400L))
  fit <- fit_perceptron(retina$images, retina$right)
  expect_true(fit$converged)
  for (record in list(retina, fit, fit_perceptron(pairs, c(0, 1, 1, 1)))) {
    expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(record)))
  }
  path <- withr::local_tempfile(fileext = ".png")
  plot(retina, path)
  expect_gt(file.size(path), 1000)
})
