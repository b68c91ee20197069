small_net <- function(...) {
  fit_net(Kyphosis ~ Age + Number + Start, load_dataset("kyphosis"),
    event = "present", units = 4, epochs = 8, seed = 2019, verbose = 0, ...
  )
}

test_that("a net predicts probabilities of the training levels, the same for the same seed", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- small_net()
  prob <- predict(net, kyphosis, type = "prob")
  expect_named(prob, c(".pred_absent", ".pred_present"))
  expect_equal(rowSums(prob), rep(1, 81))
  expect_identical(levels(predict(net, kyphosis)$.pred_class), c("absent", "present"))
  expect_identical(predict(small_net(), kyphosis, type = "prob"), prob)
  expect_error(predict(net, kyphosis, type = "link"), class = "bineural_InputError")
  expect_output(print(net), "Net: two classes; event present \\(n = 81, events = 17\\)")
  expect_identical(net$seed, 2019L)
  expect_identical(nrow(net$history), glance(net)$n_epochs)
  expect_identical(nobs(net), 81L)
})

test_that("counts and names reach the net as they are meant", {
  skip_without_python()
  weights <- c(absent = 1, present = 3)
  object <- python_model(small_net(batch_size = 16, class_weight = weights, patience = NULL, validation = NULL))
  expect_identical(from_python(object$units), 4L)
  expect_identical(from_python(object$batch_size), 16L)
  expect_identical(from_python(object$class_weight), list(absent = 1L, present = 3L))
  expect_null(from_python(object$patience))
  expect_error(small_net(batch_size = 2.5), "whole number", class = "bineural_InputError")
  expect_error(small_net(missing = "ignore"), class = "bineural_InputError")
})

test_that("saveRDS() carries a net into a new session, and save_model() into a file", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- small_net()
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(list(net, predict(net, kyphosis, type = "prob")), path)
  text <- fresh_r(sprintf(
    "kept <- readRDS(%s); cat(identical(predict(kept[[1]], load_dataset('kyphosis'), type = 'prob'), kept[[2]]))",
    deparse(path)
  ))
  expect_identical(utils::tail(text, 1), "TRUE")
  file <- withr::local_tempfile(fileext = ".bineural")
  save_model(net, file)
  expect_identical(predict(load_model(file), kyphosis, type = "prob"), predict(net, kyphosis, type = "prob"))
})

test_that("numbers are predicted in their units, from a matrix too", {
  skip_without_python()
  x <- as.matrix(datasets::mtcars[c("wt", "hp")])
  net <- fit_net(x, datasets::mtcars$mpg, epochs = 5, seed = 1)
  expect_named(predict(net, x), ".pred")
  expect_s3_class(net, "bineural_regressor")
})

test_that("a builder written in R makes the net", {
  skip_without_python()
  builder <- function(input_shape, n_outputs) {
    keras <- reticulate::import("keras")
    input <- keras$Input(input_shape)
    keras$Model(input, keras$layers$Dense(as.integer(n_outputs))(input))
  }
  net <- small_net(architecture = builder)
  expect_length(predict(net, load_dataset("kyphosis"), type = "prob"), 2)
})

test_that("an ensemble averages its members", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- small_net(ensemble = 2)
  expect_length(python_model(net)$members_, 2)
  expect_equal(rowSums(predict(net, kyphosis, type = "prob")), rep(1, 81))
  expect_output(print(net), "2 members")
  expect_identical(predict(small_net(ensemble = 1), kyphosis), predict(small_net(), kyphosis))
})

test_that("the history is drawn with its best epoch", {
  skip_without_python()
  skip_without("ggplot2")
  figure <- plot_history(small_net())
  expect_named(figure$data, c("epoch", "part", "loss", "best"))
  expect_no_error(ggplot2::ggplot_build(figure))
})
