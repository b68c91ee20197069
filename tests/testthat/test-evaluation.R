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
  expect_snapshot(error = TRUE, evaluate_model(stats::lm(dist ~ speed, datasets::cars), datasets::cars))
  expect_error(auroc(c(0, 1), c(0.5, NA)), class = "bineural_InputError")
  expect_error(auroc(c(0, 1, NA), c(0.5, 0.2, 0.1)), class = "bineural_InputError")
  expect_error(brier(c(0, 1), c(0.5, 2)), class = "bineural_InputError")
})
