skip_without_python()

pictures <- function(n = 24) {
  set.seed(1)
  label <- rep(c("dark", "light"), n / 2)
  list(x = array(rnorm(n * 36), c(n, 6, 6, 1)) + (label == "light"), y = factor(label))
}

test_that("every architecture for images is described, counted in both ways", {
  lenet <- describe_architecture("lenet5", c(28, 28, 1), 10)
  expect_identical(c(lenet$trainable, lenet$parameters), c(61706L, 61706L))
  old <- describe_architecture("lenet5", c(32, 32, 1), 10, connections = "1998")
  expect_identical(c(old$trainable, old$parameters), c(60000L, 60840L))
  deep <- describe_architecture("resnet", c(224, 224, 3), 1000, depth = 18)
  expect_identical(c(deep$trainable, deep$parameters), c(11689512L, 11699112L))
  expect_identical(subset(lenet$table, layer == "C3")$receptive_field, "14 x 14")
  expect_output(print(lenet), "sees")
  expect_error(describe_architecture("lenet5", c(8, 8, 1)), "at least 12 x 12", class = "bineural_InputError")
})

test_that("images are fitted as they are, by the cnn, with changes of training images as a named list", {
  images <- pictures()
  fit <- function(...) fit_net(images$x, images$y, event = "light", epochs = 2, seed = 1, ...)
  plain <- fit()
  expect_identical(glance(plain)$n_weights, describe_architecture("cnn", c(6, 6, 1))$parameters)
  net <- fit(architecture = "cnn", width = 0.3, augmentation = list(shift = 1, flip = "horizontal"))
  again <- fit(architecture = "cnn", width = 0.3, augmentation = list(flip = "horizontal", shift = 1))
  expect_identical(predict(net, images$x, type = "prob"), predict(again, images$x, type = "prob"))
  expect_error(fit(augmentation = list(shft = 1)), "Did you mean", class = "bineural_InputError")
  expect_error(fit(augmentation = list(shift = -1)), "whole number from 0", class = "bineural_InputError")
})

test_that("a net that has learnt is tuned to another outcome, and frozen layers stay to the bit", {
  images <- pictures()
  net <- fit_net(images$x, images$y, event = "light", architecture = "cnn", width = 0.2, epochs = 2, seed = 1)
  three <- factor(rep(c("a", "b", "c"), 8))
  tuned <- fine_tune(net, images$x, three, epochs = 2, seed = 2)
  expect_named(predict(tuned, images$x, type = "prob"), paste0(".pred_", c("a", "b", "c")))
  weights <- function(model, layer) reticulate::py_to_r(python_model(model)$keras_model_$get_layer(layer)$get_weights())
  expect_identical(weights(tuned, "block_0b"), weights(net, "block_0b"))
  expect_false(identical(weights(tuned, "dense_0"), weights(net, "dense_0")))
  staged <- fine_tune(net, images$x, three, unfreeze = list("1" = 0), epochs = 2, seed = 2)
  expect_identical(nrow(staged$history), 2L)
  expect_s3_class(fine_tune(net, epochs = 2), "bineural_net_value")
  expect_error(fine_tune(net, images$x, three, freeze = 99), "at most", class = "bineural_InputError")
})

test_that("every architecture for images learns, and predicts the same once it was saved and loaded", {
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG")))
  small <- list(
    alexnet = list(side = 67), cnn = list(side = 8), googlenet = list(side = 32), inception_v3 = list(side = 75),
    lenet5 = list(side = 12), resnet = list(side = 32, depth = 18), resnet_cifar = list(side = 8, depth = 8),
    vgg = list(side = 32, depth = 11)
  )
  known <- list_architectures()
  of_boxes <- c("locator", "single_shot")
  own <- setdiff(known$name[known$inputs == "image" & known$learns == "outcome"], of_boxes)
  expect_setequal(own, names(small))
  labels <- factor(rep(c("a", "b", "c"), 8))
  for (name in own) {
    options <- small[[name]]
    side <- options$side
    withr::local_seed(1)
    x <- array(stats::rnorm(24 * side^2) + as.integer(labels), c(24, side, side, 1))
    layout <- options[names(options) != "side"]
    rate <- if (name == "inception_v3") 0.003 else 0.01 # its many normalised layers overshoot by 0.01
    arguments <- list(architecture = name, width = 0.125, epochs = 4, batch_size = 8, learning_rate = rate, seed = 1)
    net <- do.call(fit_net, c(list(x, labels), arguments, layout))
    losses <- net$history$loss
    expect_lt(min(losses[-1]), losses[1], label = name)
    counted <- do.call(describe_architecture, c(list(name, dim(x)[-1], n_outputs = 3, width = 0.125), layout))
    expect_equal(glance(net)$n_weights, counted$parameters, label = name)
    path <- save_model(net, withr::local_tempfile(fileext = ".bineural"))
    expect_equal(predict(load_model(path), x, type = "prob"), predict(net, x, type = "prob"), label = name)
  }
})
