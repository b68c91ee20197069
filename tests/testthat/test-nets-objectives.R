# Nets without hidden units, on the full batch until nothing changes: R's own models are the judge.
linear_net <- function(formula, data, ..., epochs = 2000, learning_rate = 0.02) {
  fit_net(formula, data,
    units = list(), l2 = 0, validation = 0, ensemble = 1, seed = 1, epochs = epochs, learning_rate = learning_rate,
    batch_size = 10000, ...
  )
}

test_that("a net of counts with an offset is R's Poisson GLM, and is compared with it", {
  skip_without_python()
  skip_without("MASS")
  insurance <- MASS::Insurance
  insurance$log_holders <- log(insurance$Holders)
  net <- linear_net(Claims ~ District + Group + Age + offset(log(Holders)), insurance, objective = "poisson")
  glm <- stats::glm(Claims ~ District + Group + Age + offset(log(Holders)), poisson, insurance)
  expect_equal(predict(net, insurance)$.pred, unname(fitted(glm)), tolerance = 1e-4)
  by_column <- linear_net(Claims ~ District, insurance, objective = "poisson", offset = log_holders)
  glm <- stats::glm(Claims ~ District + offset(log_holders), poisson, insurance)
  expect_equal(predict(by_column, insurance)$.pred, unname(fitted(glm)), tolerance = 1e-4)
  expect_error(predict(by_column, insurance[c("District", "Claims")]), "log_holders", class = "bineural_InputError")
  short <- make_net(Claims ~ District + offset(log_holders), objective = "poisson", epochs = 5)
  comparison <- compare_models(list(net = short), insurance, folds = 3, repeats = 1, seed = 1)
  expect_identical(comparison$measure, "mean_deviance")
  expect_setequal(comparison$table$model, c("net", "glm", "null"))
  insurance$Claims[1] <- -1
  expect_error(linear_net(Claims ~ Age, insurance, objective = "poisson"), "0 or more", class = "bineural_InputError")
})

test_that("a net of positive numbers is R's gamma GLM with a log link", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG"))) # the path of the tests beside it
  set.seed(1)
  costs <- data.frame(x = rnorm(80), days = runif(80, 1, 9))
  costs$cost <- costs$days * exp(1 + 0.5 * costs$x) * rgamma(80, 3, 3)
  net <- linear_net(cost ~ x + offset(log(days)), costs, objective = "gamma")
  glm <- stats::glm(cost ~ x + offset(log(days)), Gamma("log"), costs)
  expect_equal(predict(net, costs)$.pred, unname(fitted(glm)), tolerance = 1e-4)
  expect_error(fit_net(I(cost * 0) ~ x, costs, objective = "gamma"), "greater than 0", class = "bineural_InputError")
})

test_that("a Huber net takes its option, and is hardly moved by outliers", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG"))) # the path of the tests beside it
  skip_without("MASS")
  set.seed(1)
  rows <- data.frame(x = rnorm(80))
  rows$y <- 2 * rows$x + rnorm(80, sd = 0.2)
  gross <- within(rows, y[1:8] <- 50)
  judge <- MASS::rlm(y ~ x, gross, k = 1.345, maxit = 200, acc = 1e-9)
  delta <- 1.345 * judge$s / mad(gross$y)
  net <- linear_net(y ~ x, gross, objective = "huber", delta = delta)
  expect_equal(predict(net, gross)$.pred, unname(fitted(judge)), tolerance = 1e-3)
  expect_error(fit_net(y ~ x, gross, objective = "huber", delta = 0), "above 0", class = "bineural_InputError")
  expect_error(fit_net(y ~ x, gross, delta = 1), "delta", class = "bineural_InputError")
})

test_that("a logarithm is learnt and taken back: R's linear model of it", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG"))) # the path of the tests beside it
  set.seed(1)
  rows <- data.frame(x = rnorm(60))
  rows$y <- exp(1 + rows$x + rnorm(60, sd = 0.3))
  net <- linear_net(y ~ x, rows, target = "log", epochs = 500)
  expect_equal(predict(net, rows)$.pred, unname(exp(fitted(stats::lm(log(y) ~ x, rows)))), tolerance = 1e-4)
  expect_error(linear_net(I(y - 9) ~ x, rows, target = "log"), "above 0", class = "bineural_InputError")
})

test_that("quantiles come as columns that never cross", {
  skip_without_python()
  set.seed(1)
  rows <- data.frame(x = runif(120, -2, 2))
  rows$y <- 10 + 3 * rows$x + (2.5 + rows$x) * rnorm(120)
  net <- linear_net(y ~ x, rows, objective = "quantile", quantiles = c(0.1, 0.5, 0.9), epochs = 300)
  predicted <- predict(net, rows)
  expect_named(predicted, c(".pred_0.1", ".pred_0.5", ".pred_0.9"))
  expect_true(all(predicted$.pred_0.1 < predicted$.pred_0.5 & predicted$.pred_0.5 < predicted$.pred_0.9))
  expect_equal(mean(rows$y <= predicted$.pred_0.9), 0.9, tolerance = 0.03)
  expect_named(predict(net, rows[0, , drop = FALSE]), names(predicted))
  expect_named(augment(net, rows), c(names(predicted), names(rows)), ignore.order = TRUE)
  median <- fit_net(y ~ x, rows, objective = "quantile", quantiles = 0.5, epochs = 2, seed = 1, ensemble = 2)
  expect_named(predict(median, rows), ".pred_0.5")
  expect_named(predict(median, rows, type = "spread"), ".spread_0.5")
  expect_true(all(c("pinball", "coverage_error") %in% evaluate_model(net, rows)$table$measure))
  drawn <- partial_dependence(net, rows, "x", n_points = 3)
  expect_identical(unique(tidy(drawn)$curve), c("0.1", "0.5", "0.9"))
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    figure <- plot_calibration(evaluate_model(net, rows))
    expect_identical(figure$labels$x, "Level of the quantile")
    shares <- vapply(predicted, function(quantile) mean(rows$y <= quantile), 0)
    expect_equal(figure$data$observed, unname(shares))
    expect_no_error(ggplot2::ggplot_build(autoplot.bineural_dependence(drawn)))
  }
  comparison <- compare_models(list(net = net), rows, folds = 3, repeats = 1, seed = 1)
  expect_identical(comparison$measure, "pinball")
  expect_true(all(names(predicted) %in% names(comparison$predictions)))
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(net, path)
  expect_identical(predict(readRDS(path), rows), predicted)
  expect_error(fit_net(y ~ x, rows, objective = "quantile", quantiles = c(0.9, 0.1)), "ascending",
    class = "bineural_InputError"
  )
})

test_that("a net for an ordered factor is MASS::polr", {
  skip_without_python()
  skip_without("MASS")
  housing <- MASS::housing[rep(1:72, MASS::housing$Freq %/% 3 + 1), c("Sat", "Infl", "Type", "Cont")]
  net <- linear_net(Sat ~ Infl + Type + Cont, housing, objective = "ordinal", epochs = 6000)
  polr <- MASS::polr(Sat ~ Infl + Type + Cont, housing, control = list(reltol = 1e-14, maxit = 1000))
  prob <- predict(net, housing, type = "prob")
  expect_named(prob, paste0(".pred_", levels(housing$Sat)))
  expect_equal(unname(as.matrix(prob)), unname(fitted(polr)), tolerance = 1e-3)
  expect_identical(levels(predict(net, housing)$.pred_class), levels(housing$Sat))
  comparison <- compare_models(list(net = make_net(Sat ~ Infl, objective = "ordinal", epochs = 2)), housing,
    folds = 3, repeats = 1, seed = 1
  )
  expect_true("proportional odds" %in% comparison$table$model)
  expect_error(fit_net(Type ~ Infl, housing, objective = "ordinal"), "ordered", class = "bineural_OutcomeError")
})

test_that("several labels are a glm for each", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG"))) # the path of the tests beside it
  set.seed(1)
  rows <- data.frame(x = rnorm(100))
  rows$a <- as.integer(rows$x + rlogis(100) > 0)
  rows$b <- as.integer(-rows$x + rlogis(100) > 1)
  net <- linear_net(cbind(a, b) ~ x, rows, objective = "multilabel", epochs = 400)
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    figure <- plot_roc(evaluate_model(net, rows))
    expect_match(levels(figure$data$label), "^[ab] ")
  }
  predicted <- predict(net, rows)
  expect_named(predicted, c(".pred_a", ".pred_b"))
  expect_equal(predicted$.pred_b, unname(fitted(stats::glm(b ~ x, binomial, rows))), tolerance = 1e-4)
  beside <- linear_net(rows["x"], rows[c("a", "b")], objective = "multilabel", epochs = 400)
  expect_equal(predict(beside, rows["x"]), predicted)
  matrix <- linear_net(as.matrix(rows["x"]), as.matrix(rows[c("a", "b")]), objective = "multilabel", epochs = 400)
  expect_equal(predict(matrix, as.matrix(rows["x"])), predicted)
  expect_true("label_auroc" %in% evaluate_model(net, rows)$table$measure)
  comparison <- compare_models(list(net = make_net(cbind(a, b) ~ x, objective = "multilabel", epochs = 2)), rows,
    formula = cbind(a, b) ~ x, folds = 3, repeats = 1, seed = 1
  )
  expect_identical(comparison$measure, "label_log_loss")
  expect_error(fit_net(cbind(a, x) ~ b, rows, objective = "multilabel"), "0 or 1", class = "bineural_OutcomeError")
})
