skip_without_python()

walks <- function(n = 40) {
  set.seed(1)
  lengths <- sample(3:6, n, replace = TRUE)
  x <- lapply(lengths, function(l) matrix(rnorm(2 * l), l, dimnames = list(NULL, c("depth", "speed"))))
  up <- vapply(x, function(s) s[nrow(s), 1] > s[1, 1], NA)
  long <- do.call(rbind, lapply(seq_len(n), function(i) {
    data.frame(who = i, day = seq_len(nrow(x[[i]])), x[[i]], end = if (up[i]) "up" else "down")
  }))
  list(x = x, y = factor(ifelse(up, "up", "down")), long = long)
}

test_that("a long table becomes a list of matrices, which fits as one that was made by hand does", {
  data <- walks()
  set.seed(2)
  sequences <- as_sequences(data$long[sample(nrow(data$long)), ], id = "who", time = "day", outcome = "end")
  order <- match(seq_along(data$x), as.integer(names(sequences$sequences)))
  expect_equal(unname(sequences$sequences[order]), data$x)
  expect_identical(as.character(sequences$outcome[order]), as.character(data$y))
  expect_identical(names(sequences$rows), c("who", "end"))
  expect_output(print(sequences), "40 sequences of 3 to 6 steps, 2 features")
  twice <- rbind(data$long, data$long[1, ])
  expect_error(as_sequences(twice, id = "who", time = "day"), "has 1 twice", class = "bineural_ColumnError")
  expect_error(as_sequences(data$long, id = "wo"), "Did you mean", class = "bineural_ColumnError")
  gap <- data$long[!(data$long$who == 7 & data$long$day == 2), ]
  expect_error(as_sequences(gap, id = "who", time = "day"), "7 goes from 1 to 3", class = "bineural_ColumnError")
})

test_that("nets and GLMs take lists of matrices, vectors and an array of three axes", {
  data <- walks()
  glm <- fit_glm(data$x, data$y, event = "up")
  expect_true(all(c("slope_speed", "last_depth", "length") %in% names(coef(glm))))
  net <- fit_net(data$x, data$y, event = "up", units = 3, epochs = 2, seed = 1)
  expect_equal(glance(net)$n_weights, 3 * 3 * (2 + 3 + 2) + 3 + 1) # three gates, two biases each; and the logit
  together <- predict(net, data$x, type = "prob")
  expect_equal(predict(net, data$x[5], type = "prob"), together[5, ], tolerance = 1e-6)
  swapped <- lapply(data$x, function(s) s[, c("speed", "depth")])
  expect_identical(predict(net, swapped, type = "prob"), together)
  first <- lapply(data$x, function(s) s[1:3, 1])
  array <- array(unlist(first), c(3, 40, 1)) |> aperm(c(2, 1, 3))
  fit <- function(x) fit_net(x, data$y, event = "up", units = 3, epochs = 2, seed = 1, architecture = "gru")
  expect_identical(predict(fit(first), first, type = "prob"), predict(fit(array), array, type = "prob"))
  cut <- fit_net(data$x, data$y, event = "up", units = 3, epochs = 2, seed = 1, max_length = 2, cut = "start")
  last <- lapply(data$x, utils::tail, 2)
  expect_identical(predict(cut, data$x, type = "prob"), predict(cut, last, type = "prob"))
  expect_error(predict(net, lapply(data$x, function(s) s[, 1])), "2 features", class = "bineural_InputError")
})

test_that("models of sequences are compared, features are a function of a list of matrices", {
  data <- walks()
  ends <- function(x) data.frame(rise = vapply(x, function(s) s[nrow(s), 1] - s[1, 1], 0))
  own <- fit_glm(data$x, data$y, event = "up", features = ends, penalty = "ridge", strength = 0.1)
  expect_identical(names(coef(own)), c("(Intercept)", "rise"))
  comparison <- compare_models(
    c("glm", "gru"), data$x, data$y, event = "up", folds = 2, seed = 1
  )
  expect_identical(comparison$table$model, c("glm", "gru", "null"))
})
