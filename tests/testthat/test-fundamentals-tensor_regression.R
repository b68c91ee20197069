test_that("descent comes down to lm()", {
  skip_without_python()
  skip_without("ggplot2")
  x <- datasets::mtcars[c("wt", "hp")]
  fit <- fit_tensors(x[1:25, ], datasets::mtcars$mpg[1:25], x[26:32, ], datasets::mtcars$mpg[26:32],
    learning_rate = 0.2, epochs = 500
  )
  judge <- stats::lm(mpg ~ wt + hp, datasets::mtcars[1:25, ])
  expect_equal(fit$coefficients$descent, unname(stats::coef(judge)), tolerance = 1e-6)
  expect_equal(predict(fit, x[26:32, ]), unname(stats::predict(judge, x[26:32, ])), tolerance = 1e-6)
  expect_equal(fit$measures$mse[2], mean((predict(fit, x[26:32, ]) - datasets::mtcars$mpg[26:32])^2))
  expect_identical(fit$n_traces, 1L)
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(fit)))
  expect_error(predict(fit, x["wt"]), "\"hp\"", class = "bineural_InputError")
})
