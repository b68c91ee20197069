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
