# Autoencoders from R: the numbers of Python, in R's shapes.

test_that("an autoencoder gives codes, rows, errors and scores", {
  skip_without_python()
  coder <- fit_autoencoder(iris[1:4], 2, units = 4, epochs = 5, seed = 1)
  expect_s3_class(coder, c("bineural_net", "bineural_autoencoder", "bineural_model"), exact = TRUE)
  codes <- predict(coder, iris[1:3, 1:4])
  expect_named(codes, c(".code_1", ".code_2"))
  rows <- predict(coder, iris[1:3, 1:4], type = "rows")
  expect_s3_class(rows, "tbl_df")
  expect_named(rows, names(iris)[1:4])
  scaled <- scale(iris[1:4])
  errors <- rowMeans(((as.matrix(rows) - as.matrix(iris[1:3, 1:4])) / rep(attr(scaled, "scaled:scale"), each = 3))^2)
  expect_equal(predict(coder, iris[1:3, 1:4], type = "error")$.error, unname(errors), tolerance = 1e-4)
  expect_equal(predict(coder, iris[1:3, 1:4], type = "score")$.score, -unname(errors), tolerance = 1e-4)
  expect_equal(ncol(augment(coder, iris[1:3, 1:4])), 7)
  expect_named(coder$errors, c("net", "pca"))
  expect_output(print(summary(coder)), "Beside PCA")
})

test_that("a formula without an outcome says which columns are learnt", {
  skip_without_python()
  coder <- fit_autoencoder(~ Sepal.Length + Sepal.Width, 1, iris, units = integer(), epochs = 2, seed = 1)
  expect_named(predict(coder, iris[1:2, ], type = "rows"), c("Sepal.Length", "Sepal.Width"))
  expect_error(fit_autoencoder(Species ~ ., 1, iris), class = "bineural_InputError")
})

test_that("a variational one generates, the same rows for the same seed", {
  skip_without_python()
  coder <- fit_autoencoder(iris[1:4], 2, variational = TRUE, units = 4, epochs = 3, seed = 1)
  expect_equal(dim(generate(coder, 3, seed = 1)), c(3, 4))
  expect_identical(generate(coder, 3, seed = 1), generate(coder, 3, seed = 1))
  expect_true(all(c("reconstruction", "kl") %in% names(coder$history)))
  saved <- withr::local_tempfile()
  saveRDS(coder, saved)
  expect_equal(predict(readRDS(saved), iris[1:3, 1:4]), predict(coder, iris[1:3, 1:4]))
})

test_that("images come back as an array", {
  skip_without_python()
  set.seed(1)
  images <- array(runif(20 * 6 * 6), c(20, 6, 6))
  coder <- fit_autoencoder(images, 2, architecture = "convolutional", width = 0.2, epochs = 1, seed = 1)
  expect_equal(dim(predict(coder, images[1:3, , ], type = "rows")), c(3, 6, 6))
})

test_that("autoencoders are compared beside PCA", {
  skip_without_python()
  coder <- fit_autoencoder(iris[1:4], 2, units = 4, epochs = 3, seed = 1)
  comparison <- compare_models(list(net = coder), iris[1:4], folds = 3, repeats = 1, seed = 1)
  expect_setequal(comparison$table$model, c("pca", "net", "null"))
})

test_that("a generator makes rows, and a classifier is asked whether they are real", {
  skip_without_python()
  gan <- suppressWarnings(fit_gan(iris[1:4], units = 8, epochs = 3, seed = 1))
  made <- generate(gan, 30, seed = 2)
  expect_named(made, names(iris)[1:4])
  expect_identical(made, generate(gan, 30, seed = 2))
  expect_named(predict(gan, iris[1:3, 1:4]), ".real")
  told <- two_sample_auroc(iris[1:4], made)
  expect_named(told, c("auroc", "lower", "upper", "n_real", "n_made"))
  expect_true(told$lower <= told$auroc && told$auroc <= told$upper)
  skip_without("ggplot2")
  drawn <- plot_history(gan)$data
  expect_equal(unique(drawn$optimum), c(2 * log(2), log(2)))
})

test_that("a Boltzmann machine gives hidden units and exact likelihoods", {
  skip_without_python()
  set.seed(1)
  x <- matrix(rbinom(200, 1, 0.4), 50)
  rbm <- fit_rbm(x, 2, epochs = 3, seed = 1)
  expect_named(predict(rbm, x), c(".unit_1", ".unit_2"))
  exact <- predict(rbm, unname(as.matrix(expand.grid(0:1, 0:1, 0:1, 0:1))), type = "log_likelihood")
  expect_equal(sum(exp(exact$.log_likelihood)), 1, tolerance = 1e-6)
  expect_equal(sum(exp(exact$.baseline)), 1, tolerance = 1e-6)
  score <- predict(rbm, x, type = "score")$.score
  expect_equal(diff(range(score - predict(rbm, x, type = "log_likelihood")$.log_likelihood)), 0, tolerance = 1e-6)
  expect_equal(dim(generate(rbm, 5, seed = 1)), c(5, 4))
})

test_that("made rows are judged by copies, classes and spread", {
  skip_without_python()
  vae <- fit_autoencoder(iris[seq(1, 149, 2), 1:4], 2, variational = TRUE, units = 4, epochs = 2, seed = 1)
  held <- iris[seq(2, 150, 2), ]
  judged <- judge_samples(vae, held[1:4], iris[seq(1, 149, 2), 1:4], held$Species)
  expect_s3_class(judged$told_apart, "tbl_df")
  expect_named(judged$classes, c("label", "real", "made"))
  expect_equal(judged$coverage, sum(pmin(judged$classes$real, judged$classes$made)))
  expect_output(print(judged), "Told apart")
  expect_error(judge_samples(vae, held[1:5, 1:4], held[1:4]), "20 or more", class = "bineural_InputError")
})

test_that("similar rows are found by their codes", {
  skip_without_python()
  coder <- fit_autoencoder(iris[1:4], 2, units = 4, epochs = 2, seed = 1)
  found <- find_similar(coder, iris[1:4], iris[c(7, 120), 1:4], n = 2)
  codes <- as.matrix(predict(coder, iris[1:4]))
  distance <- sqrt(colSums((t(codes) - codes[120, ])^2))
  expect_equal(found$similarity[found$query == 2], 1 / (1 + sort(distance)[1:2]), tolerance = 1e-4)
})

test_that("sequences of unequal lengths come back in their lengths", {
  skip_without_python()
  set.seed(1)
  waves <- lapply(1:20, function(k) matrix(sin(seq_len(2 + k %% 3)), ncol = 1))
  coder <- fit_autoencoder(waves, 1, units = 3, epochs = 1, seed = 1)
  again <- predict(coder, waves, type = "rows")
  expect_equal(lengths(again), 2 + (1:20) %% 3)
  expect_named(predict(coder, waves), ".code_1")
  expect_length(predict(coder, waves, type = "error")$.error, 20)
})

test_that("a net's hidden layers start from machines, and a file keeps that", {
  skip_without_python()
  fit <- function(pretrain, ...) {
    fit_net(
      Species ~ ., iris,
      architecture = "mlp", units = 3, activation = "sigmoid", epochs = 1, seed = 1, pretrain = pretrain, ...
    )
  }
  plain <- fit(NULL)
  net <- fit(list(epochs = 2))
  expect_false(isTRUE(all.equal(predict(net, iris), predict(plain, iris))))
  saved <- withr::local_tempfile()
  saveRDS(net, saved)
  expect_equal(predict(readRDS(saved), iris), predict(net, iris))
  expect_error(fit("dbn"), "must be .rbm. or a named list", class = "bineural_InputError")
})

test_that("an autoencoder and a generator are reported", {
  skip_without_python()
  coder <- fit_autoencoder(iris[1:4], 2, units = 4, epochs = 2, seed = 1)
  page <- withr::local_tempfile(fileext = ".html")
  write_report(coder, page, data = iris[1:4], y = iris$Species)
  expect_match(paste(readLines(page, warn = FALSE), collapse = ""), "PCA of 2 components")
})

test_that("without rows nothing is fitted, and what comes back is trained anew in each fold", {
  skip_without_python()
  coder <- fit_autoencoder(n_codes = 2, units = 4, epochs = 2)
  expect_s3_class(coder, "bineural_net_value")
  expect_output(print(coder), "Autoencoder\\(epochs = 2")
  expect_error(fit_autoencoder(data = iris), "`data` must come with `x`", class = "bineural_InputError")
  expect_error(tidy(coder), "fitted model", class = "bineural_InputError")
  compared <- compare_models(list(net = coder), iris[1:4], folds = 2, repeats = 1, seed = 1, verbose = 0)
  expect_equal(compared$table$model, c("pca", "net", "null"))
  scaled <- scale(iris[1:4])
  test <- subset(compared$predictions, model == "pca" & fold == 1)$row
  centre <- rep(colMeans(scaled[-test, ]), each = length(test))
  plane <- svd(scale(scaled[-test, ], scale = FALSE))$v[, 1:2]
  again <- (scaled[test, ] - centre) %*% plane %*% t(plane) + centre
  mse <- compared$scores$mse[compared$scores$model == "pca"][1]
  expect_equal(mse, mean((again - scaled[test, ])^2), tolerance = 1e-4)
  expect_s3_class(fit_gan(n_noise = 2), "bineural_net_value")
  expect_s3_class(fit_rbm(n_hidden = 2), "bineural_net_value")
})

test_that("autoencoders are compared as detectors of anomalies, which learn normal rows", {
  skip_without_python()
  rows <- iris[c(1:50, 101:110), ]
  rows$odd <- ifelse(rows$Species == "setosa", "no", "yes")
  rows$Species <- NULL
  coder <- fit_autoencoder(n_codes = 1, units = 3, epochs = 2)
  compared <- compare_models(
    list(net = coder), rows, odd,
    event = "yes", folds = 2, repeats = 1, seed = 1, verbose = 0
  )
  expect_equal(compared$table$model, c("pca", "net", "null"))
  expect_equal(compared$table$auroc[3], 0.5)
  shown <- subset(compared$predictions, model == "pca" & fold == 1)
  test <- shown$row
  train <- setdiff(which(rows$odd == "no"), test)
  centre <- colMeans(rows[train, 1:4])
  sd <- apply(rows[train, 1:4], 2, stats::sd)
  plane <- svd(scale(rows[train, 1:4], centre, sd))$v[, 1]
  new <- scale(rows[test, 1:4], centre, sd)
  errors <- rowMeans((new - new %*% plane %*% t(plane))^2)
  expect_equal(shown$.anomaly_score, unname(errors), tolerance = 1e-4)
  odd <- rows$odd[test] == "yes"
  ordered <- outer(errors[odd], errors[!odd], ">")
  expect_equal(compared$scores$auroc[compared$scores$model == "pca"][1], mean(ordered))
  expect_error(
    compare_models(list(net = coder), rows, odd, folds = 2), "label of anomalies", class = "bineural_InputError"
  )
})

test_that("nets of rows have a row of numbers, and tables of what they have learnt", {
  skip_without_python()
  coder <- fit_autoencoder(iris[1:4], 2, units = 4, epochs = 2, seed = 1)
  expect_equal(tidy(coder), tibble::tibble(model = c("net", "pca"), mse = unname(coder$errors[c("net", "pca")])))
  row <- glance(coder)
  expect_equal(c(row$nobs, row$n_codes), c(150, 2))
  expect_equal(row$pca_mse, coder$errors[["pca"]])
  gan <- fit_gan(iris[1:4], n_noise = 2, units = 4, epochs = 2, seed = 1)
  expect_equal(tidy(gan)$optimum, c(2, 1) * log(2))
  expect_equal(tidy(gan)$loss, unlist(tail(gan$history, 1)[c("discriminator", "generator")], use.names = FALSE))
  expect_equal(glance(gan)$n_noise, 2)
  bits <- data.frame(a = rep(0:1, 20), b = rep(0:1, each = 20), c = 1)
  rbm <- fit_rbm(bits, 2, epochs = 2, seed = 1)
  weights <- tidy(rbm)
  expect_equal(nrow(weights), 2 * 3 + 2 + 3)
  own <- function(u) subset(weights, unit == u & column != "(bias)")$weight
  bias <- subset(weights, unit == "unit_2" & column == "(bias)")$weight
  expect_equal(predict(rbm, bits)$.unit_2, plogis(as.vector(as.matrix(bits) %*% own("unit_2")) + bias))
  expect_equal(glance(rbm)$n_hidden, 2)
})

test_that("hidden layers start from machines that were fitted before", {
  skip_without_python()
  set.seed(1)
  bits <- matrix(rbinom(240, 1, 0.5), 60, dimnames = list(NULL, letters[1:4]))
  y <- rep(c("no", "yes"), 30)
  first <- fit_rbm(bits, 3, epochs = 2, seed = 1)
  second <- fit_rbm(as.matrix(predict(first, bits)), 2, epochs = 2, seed = 1)
  fit <- function(machines, units = c(3, 2)) {
    fit_net(
      bits, y,
      event = "yes", architecture = "mlp", activation = "sigmoid", units = units, scaling = FALSE,
      pretrain = machines, epochs = 1, learning_rate = 1e-12, validation = NULL, ensemble = 1, seed = 1, verbose = 0
    )
  }
  net <- fit(list(first, second))
  weights <- reticulate::py_to_r(python_model(net)$keras_model_$get_weights())
  start <- function(...) Find(function(w) identical(dim(w), as.integer(c(...))), weights)
  of_machine <- function(rbm) subset(tidy(rbm), unit != "(bias)" & column != "(bias)")$weight
  expect_equal(as.vector(start(4, 3)), of_machine(first), tolerance = 1e-5)
  expect_equal(as.vector(start(3, 2)), of_machine(second), tolerance = 1e-5)
  expect_error(fit(list(first, second), c(3, 4)), "4 to 3, 3 to 4, the machines 4 to 3, 3 to 2")
  expect_no_error(fit(first))
})
