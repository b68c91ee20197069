small_net <- function(...) {
  fit_net(Kyphosis ~ Age + Number + Start, load_dataset("kyphosis"),
    event = "present", units = 4, epochs = 8, seed = 2019, ...
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
  expect_output(print(net), "Net: two classes; event present \\(n = 81, events = 17; absent 64\\)")
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

test_that("device and precision reach the net", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  mixed <- predict(small_net(precision = "mixed"), kyphosis, type = "prob")$.pred_present
  gap <- abs(mixed - predict(small_net(device = "cpu"), kyphosis, type = "prob")$.pred_present)
  expect_gt(max(gap), 1e-6)
  expect_lt(max(gap), 0.02)
  expect_error(small_net(device = "gpu:77"), "gpu:77.*cpu:0", class = "bineural_InputError")
  expect_error(small_net(precision = "half"), "precision", class = "bineural_InputError")
})

test_that("save_model() carries a net into a file", { # saveRDS() into a new session: test-saving.R
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- small_net()
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
  expect_identical(predict(small_net(ensemble = 5), kyphosis), predict(small_net(), kyphosis)) # so by default
})

test_that("the spread of an ensemble is how far its members lie apart", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- small_net(ensemble = 3)
  object <- python_model(net)
  each <- vapply(seq_len(3), function(i) {
    member <- reticulate::import("copy", convert = FALSE)$copy(object)
    replace <- reticulate::import("dataclasses", convert = FALSE)$replace
    own <- reticulate::r_to_py(list(object$fitted_$members[[i - 1L]]))
    reticulate::py_set_attr(member, "fitted_", replace(object$fitted_, members = own))
    from_python(member$predict_event(as_py_frame(kyphosis)))
  }, double(81))
  spread <- predict(net, kyphosis, type = "spread")
  expect_named(spread, c(".spread_absent", ".spread_present"))
  expect_equal(spread$.spread_present, apply(each, 1, stats::sd), tolerance = 1e-9)
  expect_identical(predict(net, kyphosis[0, ], type = "spread"), spread[0, ])
  one <- small_net(ensemble = 1)
  expect_error(predict(one, kyphosis, type = "spread"), "several members", class = "bineural_InputError")
  numbers <- fit_net(mpg ~ wt, datasets::mtcars, ensemble = 2, epochs = 2, seed = 1)
  expect_named(predict(numbers, datasets::mtcars, type = "spread"), ".spread")
})

test_that("features are the outputs of the last hidden layer", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- fit_net(
    Kyphosis ~ Age + Start, kyphosis,
    event = "present", architecture = "mlp", units = 4, ensemble = 1, epochs = 3, seed = 1
  )
  features <- predict(net, kyphosis, type = "features")
  expect_named(features, paste0(".feature_", 1:4))
  weights <- lapply(reticulate::py_to_r(python_model(net)$weights_), unclass)
  x <- scale(kyphosis[c("Age", "Start")])
  expect_equal(as.matrix(features), pmax(sweep(x %*% weights[[1]], 2, weights[[2]], "+"), 0),
    tolerance = 1e-5, ignore_attr = TRUE
  )
  glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  expect_error(predict(glm, kyphosis, type = "features"), class = "bineural_InputError")
})

test_that("a long training shows itself in an interactive session, and not in a document or elsewhere", {
  skip_without_python()
  withr::local_options(rlang_interactive = TRUE, knitr.in.progress = NULL)
  environment <- reticulate::import("os")$environ
  before <- environment$get("CI")
  withr::defer(if (!is.null(before)) environment["CI"] <- before)
  if (!is.null(before)) environment$pop("CI")
  said <- function(...) paste(testthat::capture_messages(small_net(verbose = 1, ...)), collapse = "")
  expect_match(said(ensemble = 3), "\\r.*24/24 .*3 nets")
  withr::local_options(knitr.in.progress = TRUE)
  expect_match(said(ensemble = 1), "^8 of at most 8 epochs \\(alone\\), loss [0-9.]+, validation loss [0-9.]+\n$")
  expect_message(fit_net(mpg ~ wt, datasets::mtcars, ensemble = 2, epochs = 2, seed = 1), NA)
  withr::local_options(knitr.in.progress = NULL, rlang_interactive = FALSE)
  expect_message(fit_net(mpg ~ wt, datasets::mtcars, ensemble = 2, epochs = 2, seed = 1), NA)
})

test_that("the history is drawn with its best epoch", {
  skip_without_python()
  skip_without("ggplot2")
  figure <- plot_history(small_net())
  expect_named(figure$data, c("epoch", "part", "loss", "best", "optimum"))
  expect_no_error(ggplot2::ggplot_build(figure))
})

test_that("rows in batches give the net of the rows in memory, from lists, functions, files and data sets", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  parts <- unname(split(kyphosis, rep(1:4, length.out = 81)[order(rep(1:4, length.out = 81))]))
  fit <- function(data) {
    fit_net(Kyphosis ~ Age + Number + Start, data,
      event = "present", units = 4, numbers = "plain", epochs = 3, seed = 2019, validation = 0, ensemble = 1,
      verbose = 0
    )
  }
  expected <- predict(fit(kyphosis), kyphosis, type = "prob")
  reader <- function() {
    at <- 0
    function() {
      at <<- at + 1
      if (at <= 4) parts[[at]]
    }
  }
  folder <- withr::local_tempdir()
  parquet <- reticulate::import("pyarrow.parquet", convert = FALSE)
  table <- reticulate::import("pyarrow", convert = FALSE)$Table$from_pandas(as_py_frame(kyphosis))
  parquet$write_table(table, file.path(folder, "kyphosis.parquet"))
  files <- list(files = list.files(folder, full.names = TRUE), format = list(type = "parquet"))
  sources <- list(
    parts, reader, function() parts, folder, file.path(folder, "kyphosis.parquet"),
    structure(files, class = c("FileSystemDataset", "Dataset")) # of the arrow package, as far as it is looked at
  )
  for (source in sources) expect_identical(predict(fit(source), kyphosis, type = "prob"), expected)
  by_name <- fit_net(reader, "Kyphosis",
    event = "present", units = 4, numbers = "plain", epochs = 3, seed = 2019, validation = 0, ensemble = 1
  )
  expect_identical(predict(by_name, kyphosis, type = "prob"), expected)
})

all_batches <- function(next_rows) {
  batches <- list()
  while (!is.null(batch <- next_rows())) batches <- c(batches, list(batch))
  batches
}

test_that("rows in batches are predicted, augmented and evaluated as the rows in memory", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  parts <- list(kyphosis[1:30, ], kyphosis[31:80, ], kyphosis[81, ])
  file <- withr::local_tempfile(fileext = ".parquet")
  as_py_frame(kyphosis)$to_parquet(file, index = FALSE)
  files <- structure(list(files = file, format = list(type = "parquet")), class = c("FileSystemDataset", "Dataset"))
  sources <- list(parts, function() parts, file, files)
  glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
  for (model in list(glm, small_net(), average_models(list(a = glm, b = small_net())))) {
    expected <- lapply(c("class", "prob"), function(type) predict(model, kyphosis, type = type))
    measured <- as_tibble(evaluate_model(model, kyphosis, y = Kyphosis))
    for (source in sources) {
      answers <- lapply(c("class", "prob"), function(type) predict(model, source, type = type))
      expect_identical(answers, expected)
      expect_identical(as_tibble(evaluate_model(model, source, y = "Kyphosis")), measured)
    }
  }
  for (source in sources) {
    start <- augment(glm, source)
    next_rows <- start()
    expect_identical(do.call(rbind, unname(all_batches(next_rows))), augment(glm, kyphosis))
    expect_null(next_rows())
    expect_identical(evaluate_model(glm, start)$table, evaluate_model(glm, kyphosis)$table) # a source of batches itself
  }
})

test_that("trouble with batches that are predicted is told in words", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age, kyphosis, event = "present")
  gap <- transform(kyphosis, Age = replace(Age, 50, NA))
  expect_error(predict(glm, list(gap[1:40, ], gap[41:81, ])), "batch 2, rows 41 to 81", class = "bineural_ColumnError")
  expect_error(predict(glm, "rows.csv"), "load_dataset", class = "bineural_InputError")
  expect_error(predict(glm, function() NULL), "list of data frames, or a function", class = "bineural_InputError")
  y <- kyphosis$Kyphosis
  expect_error(evaluate_model(glm, list(kyphosis), y = y), "name a column", class = "bineural_InputError")
  for (data in list(list(kyphosis), function() NULL, "rows.parquet")) {
    expect_error(
      tune_net(make_net(Kyphosis ~ Age, event = "present"), data), "in memory here",
      class = "bineural_InputError"
    )
  }
  expect_error(fit_glm(Kyphosis ~ Age, "rows.csv", event = "present"), "load_dataset", class = "bineural_InputError")
})

test_that("batches that can't be read are refused in words", {
  skip_without_python()
  fit <- function(data) fit_net(Kyphosis ~ Age, data, event = "present", epochs = 1, verbose = 0)
  expect_error(fit(function() 1:3), "list of data frames, or a function", class = "bineural_InputError")
  expect_error(fit("nowhere.parquet"), "Parquet file, or a folder", class = "bineural_InputError")
  expect_error(fit(structure(list(), class = "arrow_dplyr_query")), "data set of files", class = "bineural_InputError")
  expect_error(fit(function() stop("no such table")), "no such table")
})

test_that("a callback is heard, and training by Keras gives the same net", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  seen <- c()
  hear <- reticulate::import("keras")$callbacks$LambdaCallback(
    on_epoch_end = function(epoch, logs) seen <<- c(seen, logs$val_loss)
  )
  net <- small_net(callbacks = list(hear))
  expect_identical(seen, net$history$validation_loss)
  expect_output(print(net), "Training: +Keras")
  one <- small_net(ensemble = 1)
  expect_equal(predict(net, kyphosis, type = "prob"), predict(one, kyphosis, type = "prob"), tolerance = 1e-5)
  expect_error(small_net(callbacks = "early"), "Keras callback", class = "bineural_InputError")
})

test_that("a process forked after TensorFlow had started is told so, and GLMs work in it", {
  skip_without_python()
  skip_on_os("windows")
  kyphosis <- load_dataset("kyphosis")
  net <- fit_net(Kyphosis ~ Start, kyphosis, event = "present", epochs = 1, ensemble = 1, seed = 1)
  glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  in_fork <- function(task) {
    job <- parallel::mcparallel(tryCatch(task(), error = function(e) e))
    answer <- parallel::mccollect(job, wait = FALSE, timeout = 60)[[1]]
    if (is.null(answer)) tools::pskill(job$pid, tools::SIGKILL) # it waits for ever
    answer
  }
  error <- in_fork(function() predict(net, kyphosis))
  expect_s3_class(error, "bineural_ForkedProcessError")
  expect_match(conditionMessage(error), "forked after TensorFlow had started")
  expect_s3_class(in_fork(function() fit_net(Kyphosis ~ Start, kyphosis, event = "present")), "bineural_InputError")
  expect_equal(in_fork(function() predict(glm, kyphosis)), predict(glm, kyphosis))
})

test_that("a compiled model is trained on its own loss, and one that keeps its weights gets columns as they are", {
  skip_without_python()
  keras <- reticulate::import("keras", convert = FALSE)
  sized <- function(...) {
    input <- keras$Input(list(1L))
    model <- keras$Model(input, keras$layers$Dense(1L)(input))
    model$compile(keras$optimizers$SGD(0), keras$losses$Huber(delta = 0.5), ...)
    model
  }
  model <- sized()
  weights <- list(matrix(2), array(0.5, 1))
  model$set_weights(reticulate::r_to_py(lapply(weights, function(w) reticulate::np_array(w, "float32"))))
  fit <- function(...) fit_net(dist ~ speed, cars, architecture = model, epochs = 1, validation = NULL, seed = 1, ...)
  expect_warning(net <- fit(keep_weights = TRUE), "keeps its weights", class = "bineural_UnscaledWarning")
  expect_equal(predict(net, cars)$.pred, 2 * cars$speed + 0.5, tolerance = 1e-6)
  error <- abs(cars$dist - 2 * cars$speed - 0.5)
  cost <- ifelse(error < 0.5, error^2 / 2, 0.5 * error - 0.125)
  expect_equal(net$history$loss, mean(cost), tolerance = 1e-5)
  expect_output(print(net), "as they are, because it keeps its weights.*the model's own huber_loss")
  twice <- fit(keep_weights = TRUE, scaling = "standard")
  expect_gt(max(abs(predict(twice, cars)$.pred - predict(net, cars)$.pred)), 1)
  expect_warning(fit(optimizer = "adam", scaling = FALSE), "takes the place", class = "bineural_UnusedWarning")
  expect_error(fit(scaling = "yes"), "\"auto\"", class = "bineural_InputError")
  expect_warning(
    raw <- fit_net(
      dist ~ speed, cars,
      scaling = FALSE, units = c(16, 8), numbers = "plain", epochs = 2, ensemble = 1, seed = 1
    ),
    "far worse than none", class = "bineural_ConvergenceWarning"
  )
  expect_output(print(raw), "Columns:      as they are")
})

test_that("channels of an array are standardised, the same in R and Python", {
  skip_without_python()
  keras <- reticulate::import("keras", convert = FALSE)
  series <- array(seq_len(20 * 3 * 2)^1.5, c(20, 3, 2))
  builder <- function(input_shape, n_outputs) {
    input <- keras$Input(input_shape)
    keras$Model(input, keras$layers$Dense(n_outputs)(keras$layers$Flatten()(input)))
  }
  net <- fit_net(series, rowMeans(series), architecture = builder, epochs = 2, seed = 1)
  expect_equal(as.numeric(from_python(python_model(net)$channel_centers_)), apply(series, 3, mean))
  expect_output(print(net), "Channels:     standardised")
})

test_that("what is not fitted says what to ask for predictions instead", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  net <- make_net(Kyphosis ~ Age, event = "present", epochs = 1, ensemble = 1)
  tuned <- tune_net(net, kyphosis, list(l2 = c(0.1, 1)), folds = 2, seed = 1, refit = FALSE)
  comparison <- compare_models("glm", kyphosis, "Kyphosis", event = "present", folds = 2, repeats = 1, seed = 1)
  expect_error(predict(net, kyphosis), "fit_net()", class = "bineural_InputError", fixed = TRUE)
  expect_error(augment(net, kyphosis), "fit_net()", class = "bineural_InputError", fixed = TRUE)
  expect_error(predict(tuned, kyphosis), "refit = TRUE", class = "bineural_InputError")
  expect_error(augment(tuned, kyphosis), "refit = TRUE", class = "bineural_InputError")
  expect_error(predict(comparison, kyphosis), "held-out rows", class = "bineural_InputError")
})
