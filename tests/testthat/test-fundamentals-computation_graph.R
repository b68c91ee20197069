test_that("a graph differentiates as deriv() does", {
  skip_without_python()
  skip_without("ggplot2")
  graph <- build_graph(~ 1 / (1 + exp(-x)), list(x = 1))
  expect_equal(graph$value, stats::plogis(1))
  expect_equal(graph$gradients$x, stats::dlogis(1))
  expect_identical(sum(graph$nodes$operation == "exp"), 1L)
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(graph)))
  x <- 1.3
  y <- 0.7
  judge <- eval(deriv(~ x^y * exp(-x / y) + log(x) * y, c("x", "y")))
  found <- build_graph(~ x^y * exp(-x / y) + log(x) * y, c(x = x, y = y))
  expect_equal(found$value, as.numeric(judge))
  expect_equal(unlist(found$gradients), attr(judge, "gradient")[1, ])
  expect_error(build_graph("x + z", list(x = 1)), "\"z\"", class = "bineural_InputError")
})
