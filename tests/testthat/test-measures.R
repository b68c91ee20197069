test_that("the workshop's published AUROC is reproduced from R", {
  skip_without_python()
  split <- load_split("sdss2019", load_dataset("kyphosis"))
  glm <- fit_glm(Kyphosis ~ Age + Number + Start, split$train, event = "present")
  evaluation <- evaluate_model(glm, split$test)
  expect_identical(evaluation$measures$auroc, 46 / 64)
  expect_identical(c(evaluation$n, evaluation$n_events), c(20L, 4L))
  expect_identical(tibble::as_tibble(evaluation), evaluation$table)
  expect_identical(names(evaluation$table), c("measure", "estimate", "low", "high"))
  expect_snapshot(evaluation)
})

test_that("AUROC is the share of ordered pairs", {
  skip_without_python()
  withr::local_seed(1)
  y_true <- rbinom(200, 1, 0.3)
  score <- sample(20, 200, replace = TRUE)
  gap <- outer(score[y_true == 1], score[y_true == 0], "-")
  expect_equal(auroc(y_true, score), mean((gap > 0) + 0.5 * (gap == 0)))
  expect_equal(auroc(y_true == 1, score), auroc(y_true, score))
  points <- roc_points(y_true, score)
  expect_identical(points$threshold[c(1, nrow(points))], c(-Inf, Inf))
  expect_equal(average_precision(y_true, y_true), 1)
  interval <- auroc_interval(y_true, score, method = "delong")
  expect_equal(interval$estimate, auroc(y_true, score))
  expect_gt(interval$estimate, interval$low)
})

test_that("Brier score and log loss are their definitions", {
  skip_without_python()
  y_true <- c(0, 1, 1, 0)
  probability <- c(0.2, 0.7, 0.9, 0.4)
  weights <- c(1, 2, 1, 0)
  expect_equal(brier(y_true, probability), mean((y_true - probability)^2))
  expect_equal(log_loss(y_true, probability), -mean(log(ifelse(y_true == 1, probability, 1 - probability))))
  expect_equal(brier(y_true, probability, weights), stats::weighted.mean((y_true - probability)^2, weights))
})

test_that("pROC agrees on DeLong's interval and test", {
  skip_without_python()
  skip_without("pROC")
  withr::local_seed(2)
  y_true <- rbinom(80, 1, 0.4)
  a <- rnorm(80) + y_true
  b <- rnorm(80) + 0.5 * y_true
  roc_a <- pROC::roc(y_true, a, quiet = TRUE, direction = "<")
  roc_b <- pROC::roc(y_true, b, quiet = TRUE, direction = "<")
  truth <- as.double(pROC::ci.auc(roc_a, method = "delong"))
  ours <- auroc_interval(y_true, a, method = "delong")
  expect_equal(c(ours$low, ours$estimate, ours$high), truth)
  test <- pROC::roc.test(roc_a, roc_b, method = "delong")
  expect_equal(compare_aurocs(y_true, a, b)$p_value, as.double(test$p.value))
  expect_snapshot(compare_aurocs(c(0, 0, 1, 1, 1), c(.1, .4, .35, .8, .7), c(.3, .2, .4, .1, .9)))
})

test_that("Hand and Till's M takes a factor's levels as the columns' order", {
  skip_without_python()
  withr::local_seed(3)
  truth <- factor(sample(c("low", "mid", "high"), 60, replace = TRUE), levels = c("low", "mid", "high"))
  score <- matrix(runif(180), 60) + outer(as.integer(truth), 1:3, "==")
  colnames(score) <- paste0(".pred_", levels(truth))
  by_hand <- combn(3, 2, function(pair) {
    rows <- as.integer(truth) %in% pair
    one <- function(k) auroc(as.integer(truth)[rows] == k, score[rows, k])
    mean(c(one(pair[1]), one(pair[2])))
  })
  expect_equal(hand_till(truth, score), mean(by_hand))
  expect_equal(hand_till(truth, as.data.frame(score)), mean(by_hand))
  expect_equal(hand_till(as.character(truth), score, classes = levels(truth)), mean(by_hand))
})

test_that("several classes and numbers are evaluated", {
  skip_without_python()
  iris <- datasets::iris
  glm <- suppressWarnings(fit_glm(Species ~ Sepal.Length, iris))
  evaluation <- evaluate_model(glm, iris)
  expect_identical(unlist(evaluation$n_class_rows), c(setosa = 50L, versicolor = 50L, virginica = 50L))
  expect_true(is.matrix(evaluation$score))
  line <- fit_glm(Sepal.Width ~ Sepal.Length, iris)
  evaluation <- evaluate_model(line, iris)
  expect_equal(evaluation$measures$rmse, sqrt(mean((iris$Sepal.Width - predict(line, iris)$.pred)^2)))
})

test_that("rows left out are counted, and what is undefined says why", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  some <- kyphosis
  some$Kyphosis[c(2, 3)] <- NA
  evaluation <- evaluate_model(glm, some)
  expect_identical(c(evaluation$n, evaluation$n_missing_outcome), c(79L, 2L))
  expect_identical(evaluation$rows, setdiff(1:81, 2:3))
  one_class <- evaluate_model(glm, kyphosis[kyphosis$Kyphosis == "absent", ])
  expect_true(is.na(one_class$measures$auroc))
  expect_true("auroc" %in% names(one_class$undefined))
})

test_that("the outcome may be given beside the rows", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  x <- as.matrix(kyphosis[c("Age", "Start")])
  glm <- fit_glm(x, kyphosis$Kyphosis, event = "present")
  whole <- evaluate_model(fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present"), kyphosis)$table
  expect_equal(evaluate_model(glm, x, kyphosis$Kyphosis)$table, whole)
  expect_error(evaluate_model(glm, x), class = "bineural_InputError")
})

test_that("what can't be measured is refused in the core's words", {
  skip_without_python()
  expect_snapshot(error = TRUE, auroc(integer(20), runif(20)))
  expect_snapshot(error = TRUE, evaluate_model(stats::ecdf(1:3), datasets::cars))
  expect_error(auroc(c(0, 1), c(0.5, NA)), class = "bineural_InputError")
  expect_error(auroc(c(0, 1, NA), c(0.5, 0.2, 0.1)), class = "bineural_InputError")
  expect_error(brier(c(0, 1), c(0.5, 2)), class = "bineural_InputError")
})

test_that("weights, the bootstrap and parts of the curve are their definitions", {
  skip_without_python()
  withr::local_seed(4)
  y_true <- rbinom(60, 1, 0.4)
  score <- round(rnorm(60) + y_true, 1)
  weights <- runif(60)
  gap <- outer(score[y_true == 1], score[y_true == 0], "-")
  pairs <- outer(weights[y_true == 1], weights[y_true == 0])
  truth <- sum(pairs * ((gap > 0) + 0.5 * (gap == 0))) / sum(pairs)
  expect_equal(auroc_interval(y_true, score, weights = weights)$estimate, truth)
  expect_equal(compare_aurocs(y_true, score, -score, weights = weights)$difference, 2 * truth - 1)
  expect_equal(partial_auroc(y_true, score, specificity = c(0, 1), weights = weights), truth)
  points <- pr_points(y_true, score)
  expect_equal(sum(-diff(c(points$recall, 0)) * points$precision), average_precision(y_true, score))
  named <- bootstrap_interval("auroc", y_true, score, n_boot = 100, seed = 1)
  expect_s3_class(named, "bineural_record")
  expect_identical(c(named$n_boot, named$seed, named$n_undefined), c(100L, 1L, 0L))
  area <- function(y, s) (mean(rank(as.vector(s))[y == 1]) - (sum(y) + 1) / 2) / sum(y == 0)
  own <- bootstrap_interval(area, y_true, score, n_boot = 100, seed = 1)
  expect_equal(c(own$low, own$high), c(named$low, named$high))
  drawn <- auroc_interval(y_true, score, method = "bootstrap", n_boot = 100, seed = 1)
  expect_equal(c(drawn$low, drawn$high), c(named$low, named$high))
  expect_error(bootstrap_interval("gini", y_true, score), class = "bineural_InputError")
})

test_that("calibration is a logistic regression on the logit", {
  skip_without_python()
  withr::local_seed(5)
  probability <- rbeta(120, 1, 2)
  y_true <- rbinom(120, 1, probability^1.3)
  x <- stats::qlogis(probability)
  found <- calibration(y_true, probability)
  expect_equal(c(found$intercept, found$slope), unname(stats::coef(stats::glm(y_true ~ x, stats::binomial))))
  expect_equal(
    found$in_the_large,
    unname(stats::coef(stats::glm(y_true ~ 1, stats::binomial, offset = x)))
  )
  expect_s3_class(found$bins, "tbl_df")
  expect_equal(sum(found$bins$n / 120 * abs(found$bins$mean_predicted - found$bins$observed)), found$ece)
  apart <- calibration(c(0, 0, 1, 1), c(0.1, 0.2, 0.3, 0.4))
  expect_true(is.na(apart$slope))
  expect_identical(names(apart$undefined), c("slope", "intercept"))
  expect_snapshot(calibration(rep(0:1, 10), seq(0.05, 0.95, length.out = 20), bins = 4, strategy = "quantile"))
})

test_that("the best threshold is pROC's, costs and prevalence included", {
  skip_without_python()
  skip_without("pROC")
  kyphosis <- load_dataset("kyphosis")
  y_true <- as.integer(kyphosis$Kyphosis == "present")
  score <- -kyphosis$Start
  best <- threshold(y_true, score)
  expect_equal(c(best$threshold, best$sensitivity, best$specificity), c(-12.5, 0.882352941176471, 0.6875))
  curve <- pROC::roc(y_true, score, quiet = TRUE, direction = "<")
  truth <- pROC::coords(
    curve, "best", best.weights = c(5, 0.4), ret = c("threshold", "sensitivity", "specificity"), transpose = FALSE
  )
  costly <- threshold(y_true, score, costs = c(1, 5), prevalence = 0.4)
  expect_equal(c(costly$threshold, costly$sensitivity, costly$specificity), unname(unlist(truth[1, ])))
  expect_snapshot(costly)
})

test_that("net benefit counts events found less vain treatments", {
  skip_without_python()
  y_true <- c(0, 0, 1, 1)
  probability <- c(0.1, 0.4, 0.3, 0.8)
  found <- net_benefit(y_true, probability, thresholds = c(0.2, 0.5))
  by_hand <- vapply(c(0.2, 0.5), function(cut) {
    mean(probability >= cut & y_true == 1) - mean(probability >= cut & y_true == 0) * cut / (1 - cut)
  }, 0)
  expect_equal(found$table$model, by_hand)
  expect_identical(nrow(net_benefit(y_true, probability)$table), 99L)
  expect_identical(net_benefit(y_true, probability, 0.25)$table$threshold, 0.25)
})

test_that("predicted numbers are measured by their definitions, weights included", {
  skip_without_python()
  y_true <- c(1, 2, 4, 8)
  predicted <- c(1.5, 2, 3, 9)
  weights <- c(1, 2, 3, 4)
  expect_equal(rmse(y_true, predicted), sqrt(mean((y_true - predicted)^2)))
  expect_equal(mae(y_true, predicted, weights), stats::weighted.mean(abs(y_true - predicted), weights))
  expect_equal(r_squared(y_true, predicted), 1 - sum((y_true - predicted)^2) / sum((y_true - mean(y_true))^2))
  expect_equal(mean_deviance(y_true, predicted), rmse(y_true, predicted)^2)
  fit <- stats::glm(y_true ~ predicted, stats::poisson)
  expect_equal(4 * mean_deviance(y_true, stats::fitted(fit), "poisson"), stats::deviance(fit))
})

test_that("an evaluation takes weights as a column or as numbers", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  kyphosis$w <- rep(1:3, 27)
  glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  evaluation <- evaluate_model(glm, kyphosis, weights = "w")
  expect_equal(evaluation$measures$auroc, 0.821262002743484)
  expect_identical(evaluate_model(glm, kyphosis, weights = kyphosis$w)$table, evaluation$table)
  expect_equal(evaluation$weights, kyphosis$w)
  expect_error(evaluate_model(glm, kyphosis, weights = "v"), class = "bineural_InputError")
})

test_that("rows are ranked by the linear predictor where probabilities are rounded to the same", {
  rows <- data.frame(x = seq(-1, 1, length.out = 60))
  rows$y <- ifelse(rows$x + rep(c(-0.4, 0.4, 0), 20) > 0, "yes", "no")
  glm <- fit_glm(y ~ x, rows, event = "yes")
  far <- data.frame(x = seq(20, 100, length.out = 40), y = rep(c("no", "no", "yes", "yes"), c(9, 3, 8, 20)))
  link <- predict(glm, far, type = "link")$.pred
  expect_length(unique(predict(glm, far, type = "prob")$.pred_yes), 1)
  found <- evaluate_model(glm, far)
  expect_equal(found$table$estimate[1], auroc(as.integer(far$y == "yes"), link))
  curve <- plot_roc(found)$data
  expect_true(all(curve$threshold[is.finite(curve$threshold)] <= 1))
  expect_equal(max(curve$sensitivity + curve$specificity), 2)
})

test_that("a measure of R's is evaluated, compared, bootstrapped and printed as any other", {
  skip_without_python()
  kappa <- function(y_true, prediction, weights = NULL) {
    if (is.null(weights)) weights <- rep(1, length(y_true))
    called <- as.numeric(prediction >= 0.5)
    share <- function(x) sum(weights * x) / sum(weights)
    by_chance <- share(y_true) * share(called) + share(1 - y_true) * share(1 - called)
    (share(y_true == called) - by_chance) / (1 - by_chance)
  }
  withr::defer(call_core("measures.registry.forget", "kappa"))
  expect_identical(
    withVisible(register_measure("kappa", kappa, label = "kappa of R", tasks = "binary", range = c(-1, 1)))$visible,
    FALSE
  )
  kyphosis <- load_dataset("kyphosis")
  kyphosis$w <- rep(c(1, 2, 0), 27)
  glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
  y <- as.numeric(kyphosis$Kyphosis == "present")
  p <- predict(glm, kyphosis, type = "prob")$.pred_present
  evaluation <- evaluate_model(glm, kyphosis)
  expect_equal(evaluation$measures$kappa, kappa(y, p))
  expect_match(evaluation$text, "kappa of R", all = FALSE)
  expect_equal(evaluate_model(glm, kyphosis, weights = "w")$measures$kappa, kappa(y, p, kyphosis$w))
  found <- compare_models(glm, kyphosis, folds = 5, repeats = 1, measure = "kappa", seed = 1)
  held_out <- found$predictions[found$predictions$model == "glm", ]
  by_fold <- vapply(split(held_out, held_out$fold), function(fold) {
    kappa(as.numeric(fold$truth == "present"), fold$.pred_present)
  }, 0)
  expect_equal(found$table$kappa[1], mean(by_fold))
  expect_match(found$text, "Verdict by kappa of R", all = FALSE)
  interval <- bootstrap_interval("kappa", y, p, n_boot = 100, seed = 1)
  expect_equal(interval$estimate, kappa(y, p))
  listed <- list_measures("binary")
  expect_identical(utils::tail(listed$name, 1), "kappa")
  expect_identical(listed$low[listed$name == "kappa"], -1)
  expect_error(register_measure("auroc", kappa), class = "bineural_InputError")
})

test_that("log loss is one of events and of classes", {
  skip_without_python()
  p <- rbind(c(0.7, 0.2, 0.1), c(0.3, 0.5, 0.2), c(0.1, 0.1, 0.8), c(0.2, 0.2, 0.6))
  y <- factor(c("low", "mid", "high", "low"), levels = c("low", "mid", "high"))
  expected <- -mean(log(p[cbind(1:4, as.integer(y))]))
  expect_equal(log_loss(y, p), expected)
  expect_equal(log_loss(as.character(y), as.data.frame(p), classes = levels(y)), expected)
  expect_equal(log_loss(y == "low", p[, 1]), log_loss(y == "low", cbind(1 - p[, 1], p[, 1])))
})
