test_that("a worse look goes back to the one before", {
  skip_without_python()
  skip_without("ggplot2")
  stop <- stop_early(c(0.5, 0.4, 0.45, 0.1), every = 1)
  expect_true(stop$stopped)
  expect_equal(c(stop$last_epoch, stop$kept_epoch, stop$loss), c(3, 2, 0.4))
  expect_equal(stop_early(rep(c(0.5, 0.4, 0.45), each = 10))$kept_epoch, 20)
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(stop)))
})
