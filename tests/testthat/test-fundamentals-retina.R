test_that("left is learnt from right, and figures are drawn", {
  skip_without_python()
  skip_without("ggplot2")
  retina <- make_retina(50, seed = 1958)
  expect_identical(dim(retina$images), c(50L, 400L))
  fit <- fit_perceptron(retina$images, retina$right)
  expect_true(fit$converged)
  for (record in list(retina, fit)) {
    expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(record)))
  }
  path <- withr::local_tempfile(fileext = ".png")
  plot(retina, path)
  expect_gt(file.size(path), 1000)
})
