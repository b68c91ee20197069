skip_without_python()

test_that("architectures are listed as a tibble, with the year as a whole number", {
  listed <- list_architectures()
  expect_s3_class(listed, "tbl_df")
  expect_named(listed, c("name", "title", "inputs", "learns", "options", "learning_rate", "paper", "year"))
  expect_true(all(c("mlp", "skip") %in% listed$name))
  expect_type(listed$year, "integer")
})

test_that("parameters are those counted by hand", {
  described <- describe_architecture("skip", 3, units = c(16, 8))
  expect_identical(described$parameters, 3L + 1L + (3L * 16L + 16L) + (16L * 8L + 8L) + 8L)
  expect_identical(sum(described$table$parameters), described$parameters)
  expect_identical(tidy(described), described$table)
  expect_s3_class(as_tibble(described), "tbl_df")
  expect_output(print(described), "212 parameters, all trainable")
  one <- describe_architecture("mlp", 3, units = 4) # a vector of length one
  expect_identical(one$parameters, 3L * 4L + 4L + 4L + 1L)
  coded <- describe_architecture("mlp", 2, units = 4, level_counts = 3)
  expect_identical(coded$parameters, (3L + 3L) + (3L * 4L + 4L) + (4L + 1L))
})

test_that("shapes cross as they are: NA for a length that varies, lists for several inputs", {
  keras <- reticulate::import("keras", convert = FALSE)
  text <- keras$Sequential(list(keras$layers$Embedding(10L, 4L), keras$layers$GlobalAveragePooling1D()))
  described <- describe_architecture(text, NA)
  expect_identical(described$inputs, "(batch, any)")
  expect_identical(described$parameters, 40L)
  left <- keras$Input(list(4L), name = "left")
  right <- keras$Input(list(2L), name = "right")
  both <- keras$Model(list(left, right), keras$layers$concatenate(list(left, right)))
  expect_identical(describe_architecture(both, list(4, 2))$outputs, "(batch, 6)")
  expect_identical(describe_architecture(both, list(left = 4, right = 2))$outputs, "(batch, 6)")
  expect_identical(describe_architecture(both, NULL)$parameters, 0L)
})

test_that("nets over steps are described for a length that varies, their biases counted both ways", {
  described <- describe_architecture("lstm", c(NA, 3), units = 7, truncate_gradient = 5)
  expect_identical(described$parameters, 308L + 8L)
  expect_match(described$notes, "there are 336 in lstm_0")
  text <- describe_architecture("cnn_1d", NA, vocabulary = 20, filters = c(5, 4), kernel_size = 3, embedding = 8)
  expect_identical(text$parameters, 160L + (3L * 8L * 5L + 5L) + (3L * 5L * 4L + 4L) + (4L * 32L + 32L) + 33L)
  one <- describe_architecture("gru", c(NA, 3), units = 7, bidirectional = TRUE)
  expect_identical(one$parameters, 2L * 252L + 15L)
})

test_that("a builder of R's is described", {
  builder <- function(input_shape, n_outputs) {
    keras <- reticulate::import("keras")
    keras$Sequential(list(keras$Input(input_shape), keras$layers$Dense(as.integer(n_outputs))))
  }
  expect_identical(describe_architecture(builder, 5, n_outputs = 2)$parameters, 5L * 2L + 2L)
})

test_that("what can't be described is refused in words", {
  expect_error(describe_architecture("skipp", 3), "Did you mean \"skip\"", class = "bineural_InputError")
  expect_error(describe_architecture("skip", 3, unit = 4), "Did you mean `units`", class = "bineural_InputError")
  expect_error(describe_architecture("skip", 2.5), "`input_shape` must hold", class = "bineural_InputError")
  expect_error(describe_architecture("skip", "3"), "`input_shape` must hold", class = "bineural_InputError")
  expect_error(describe_architecture("skip", 3, 1, 4), "by name", class = "bineural_InputError")
})

test_that("an architecture is drawn, a box for each call", {
  skip_without("ggplot2")
  described <- describe_architecture("skip", 3)
  figure <- ggplot2::ggplot_build(ggplot2::autoplot(described))
  expect_identical(nrow(figure$data[[2]]), 8L) # input, linear, two hidden and their activations, two of logits
  expect_length(unique(figure$data[[1]]$group), 8)
})
