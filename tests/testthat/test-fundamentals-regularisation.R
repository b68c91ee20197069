test_that("ridge is R's normal equations, and L1 at right angles the soft threshold", {
  skip_without_python()
  skip_without("ggplot2")
  x <- scale(as.matrix(datasets::mtcars[c("wt", "hp", "qsec")]))
  y <- datasets::mtcars$mpg
  path <- shrink_weights(x, y, c(0, 5, 50))$path
  expect_equal(unlist(path[1, 2:5]), coef(lm(y ~ x)), ignore_attr = TRUE)
  for (i in 2:3) {
    known <- solve(crossprod(x) + path$penalty[i] * diag(3), crossprod(x, y - mean(y)))
    expect_equal(unlist(path[i, 3:5]), as.vector(known), ignore_attr = TRUE)
  }
  q <- qr.Q(qr(x))
  thresholded <- soft_threshold(drop(crossprod(q, y)), 2)
  expect_equal(unlist(shrink_weights(q, y, 4, "l1")$path[1, 3:5]), thresholded, ignore_attr = TRUE)
  for (kind in c("l1", "l2")) {
    expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(shrink_weights(x, y, kind = kind))))
  }
})
