test_that("layers are counted, predict as by hand, and give Python's numbers", {
  skip_without_python()
  skip_without("ggplot2")
  x <- datasets::mtcars[c("wt", "hp")]
  y <- datasets::mtcars$mpg
  fit <- fit_layers(x[1:25, ], y[1:25], x[26:32, ], y[26:32], units = c(8, 4), epochs = 5, seed = 1)
  expect_identical(fit$n_weights, 2L * 8L + 8L + 8L * 4L + 4L + 4L + 1L)
  by_hand <- run_network(build_network(fit$weights, fit$biases), scale(x, fit$scaling$means, fit$scaling$sds))
  expect_equal(predict(fit, x), fit$scaling$centre + fit$scaling$spread * by_hand, tolerance = 1e-5)
  python <- call_core(
    "fit_layers", as_py_inputs(x[1:25, ]), as_py_vector(y[1:25]), units = as_py_counts(c(8, 4)),
    epochs = as_py_count(5), seed = as_py_count(1)
  )
  expect_identical(predict(fit, x), from_python(python$predict(as_py_inputs(x))))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(fit)))
  expect_output(print(fit), "after 5 epochs")
})
