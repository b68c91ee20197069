test_that("a restored network predicts the same and goes on as if it had not been stopped", {
  skip_without_python()
  skip_without("ggplot2")
  x <- datasets::mtcars[c("wt", "hp")]
  y <- datasets::mtcars$mpg
  saved <- file.path(withr::local_tempdir(), "cars")
  whole <- fit_layers(x, y, units = 4, momentum = 0.9, epochs = 4, seed = 2)
  first <- fit_layers(x, y, units = 4, momentum = 0.9, epochs = 1, save_to = saved, seed = 2)
  restored <- restore_layers(saved)
  expect_identical(predict(restored, x), predict(first, x))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(restored)))
  more <- fit_layers(x, y, momentum = 0.9, epochs = 3, restore_from = saved)
  expect_identical(more[c("weights", "biases", "history")], whole[c("weights", "biases", "history")])
  table <- list_checkpoint(saved)
  expect_identical(table$shape[table$variable == "layers/0/weights"], "(2, 4)")
  expect_error(restore_layers("none"), class = "bineural_InputError")
})
