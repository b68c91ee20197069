test_that("ten layers of sigmoids starve the first, and ReLUs do not", {
  skip_without_python()
  skip_without("ggplot2")
  found <- gradient_by_layer(seed = 1)
  ratio <- tapply(found$table$gradient, found$table$activation, function(g) g[1] / g[10])
  expect_lt(ratio[["sigmoid"]], 1e-3)
  expect_gt(ratio[["relu"]], 0.05)
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(found)))
})
