test_that("four hidden units learn the diamond", {
  skip_without_python()
  skip_without("ggplot2")
  rows <- make_pattern("diamond", 500, seed = 2)
  fit <- fit_two_layers(rows[c("x1", "x2")], rows$inside, seed = 2)
  expect_gt(tail(fit$history$accuracy, 1), 0.95)
  answers <- run_network(fit$network, rows[c("x1", "x2")]) > 0.5
  expect_equal(mean(answers == rows$inside), tail(fit$history$accuracy, 1))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(fit)))
})
