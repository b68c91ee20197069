kyphosis_glm <- function(...) fit_glm(Kyphosis ~ Age + Number + Start, load_dataset("kyphosis"), event = "present", ...)

test_that("fit_glm() equals stats::glm()", {
  skip_without_python()
  skip_without("rpart")
  ours <- fit_glm(Kyphosis ~ Age + Number + Start, rpart::kyphosis, event = "present")
  theirs <- stats::glm(Kyphosis ~ Age + Number + Start, stats::binomial(), rpart::kyphosis)
  near <- function(a, b) expect_equal(a, b, tolerance = 1e-10)
  near(coef(ours), coef(theirs))
  near(vcov(ours), vcov(theirs))
  near(unname(fitted(ours)), unname(fitted(theirs)))
  near(deviance(ours), deviance(theirs))
  near(AIC(ours), AIC(theirs))
  near(BIC(ours), BIC(theirs))
  near(as.double(logLik(ours)), as.double(logLik(theirs)))
  expect_equal(attr(logLik(ours), "df"), attr(logLik(theirs), "df"))
  expect_identical(df.residual(ours), df.residual(theirs))
  expect_identical(nobs(ours), nobs(theirs))
  expect_identical(formula(ours), Kyphosis ~ Age + Number + Start, ignore_formula_env = TRUE)
  new <- rpart::kyphosis[c(1, 30, 70), ]
  near(predict(ours, new, type = "prob")$.pred_present, unname(predict(theirs, new, type = "response")))
  near(predict(ours, new, type = "link")$.pred, unname(predict(theirs, new)))
  table <- coef(summary(theirs))
  near(tidy(ours)$std.error, unname(table[, "Std. Error"]))
  near(tidy(ours)$p.value, unname(table[, "Pr(>|z|)"]))
})

test_that("profile intervals equal those of MASS", {
  skip_without_python()
  skip_without("MASS")
  theirs <- stats::glm(Kyphosis ~ Age + Start, stats::binomial(), load_dataset("kyphosis"))
  ours <- fit_glm(Kyphosis ~ Age + Start, load_dataset("kyphosis"), event = "present")
  truth <- suppressMessages(stats::confint(theirs, level = 0.9))
  found <- confint(ours, level = 0.9)
  expect_identical(dimnames(found), dimnames(truth))
  expect_equal(found, truth, tolerance = 1e-3)
  expect_identical(confint(ours, "Age", level = 0.9), found["Age", , drop = FALSE])
  expect_equal(confint(ours, method = "wald"), stats::confint.default(theirs), tolerance = 1e-8)
})

test_that("tidy(), glance() and augment() give tibbles in broom's words", {
  skip_without_python()
  glm <- kyphosis_glm()
  expect_named(tidy(glm), c("term", "estimate", "std.error", "statistic", "p.value"))
  intervals <- tidy(glm, conf.int = TRUE, conf.level = 0.9)
  expect_equal(intervals$conf.low, unname(confint(glm, level = 0.9)[, 1]))
  expect_identical(nrow(glance(glm)), 1L)
  expect_equal(glance(glm)$deviance, 61.37993, tolerance = 1e-6)
  rows <- load_dataset("kyphosis")[1:3, ]
  expect_named(augment(glm, rows), c(".pred_class", ".pred_absent", ".pred_present", names(rows)))
})

test_that("numbers, counts, weights and offsets are modelled as by stats::glm()", {
  skip_without_python()
  cars <- datasets::mtcars
  cars$cyl <- factor(cars$cyl)
  cars$w <- rep(c(1, 2), 16)
  cars$o <- log(cars$wt)
  ours <- fit_glm(mpg ~ wt * cyl, cars, weights = "w")
  theirs <- stats::glm(mpg ~ wt * cyl, data = cars, weights = w)
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-10)
  expect_equal(predict(ours, cars)$.pred, unname(predict(theirs, cars)), tolerance = 1e-10)
  expect_equal(coef(fit_glm(mpg ~ wt * cyl, cars, weights = cars$w)), coef(theirs), tolerance = 1e-10)
  ours <- fit_glm(carb ~ hp, cars, family = "poisson", offset = "o")
  theirs <- stats::glm(carb ~ hp + offset(o), stats::poisson(), cars)
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-10)
  expect_equal(predict(ours, cars)$.pred, unname(predict(theirs, cars, type = "response")), tolerance = 1e-10)
})

test_that("several classes get a probability each, and the predicted class has the training levels", {
  skip_without_python()
  iris <- datasets::iris
  iris$Species <- factor(iris$Species, levels = c("virginica", "setosa", "versicolor"))
  glm <- suppressWarnings(fit_glm(Species ~ Sepal.Length + Sepal.Width, iris))
  prob <- predict(glm, iris, type = "prob")
  expect_named(prob, paste0(".pred_", levels(iris$Species)))
  expect_equal(rowSums(prob), rep(1, 150))
  class <- predict(glm, iris)$.pred_class
  expect_identical(levels(class), levels(iris$Species))
  expect_identical(as.integer(class), max.col(as.matrix(prob)))
})

test_that("x and y are taken as data frame, matrix, and column name", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  whole <- unname(coef(kyphosis_glm()))
  x <- kyphosis[c("Age", "Number", "Start")]
  expect_equal(unname(coef(fit_glm(x, kyphosis$Kyphosis, event = "present"))), whole)
  expect_equal(unname(coef(fit_glm(as.matrix(x), as.character(kyphosis$Kyphosis), event = "present"))), whole)
  expect_equal(unname(coef(fit_glm(kyphosis, "Kyphosis", event = "present"))), whole)
  fitted_to_matrix <- fit_glm(unname(as.matrix(x)), kyphosis$Kyphosis == "present", event = TRUE)
  expect_equal(unname(coef(fitted_to_matrix)), whole)
  expect_equal(predict(fitted_to_matrix, unname(as.matrix(x)), type = "prob")$.pred_TRUE, fitted(fitted_to_matrix))
})

test_that("numbers as classes, and an event given as a number", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  kyphosis$sick <- as.integer(kyphosis$Kyphosis == "present")
  glm <- fit_glm(sick ~ Start, kyphosis, event = 1)
  expect_identical(glm$levels, c("0", "1"))
  expect_identical(levels(predict(glm, kyphosis)$.pred_class), c("0", "1"))
})

test_that("missing values are an error, dropped or imputed, as asked", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  kyphosis$Age[c(1, 4)] <- NA
  expect_error(fit_glm(Kyphosis ~ Age, kyphosis, event = "present"), "NaN", class = "bineural_ColumnError")
  expect_warning(
    glm <- fit_glm(Kyphosis ~ Age, kyphosis, event = "present", missing = "drop"),
    class = "bineural_DroppedWarning"
  )
  expect_equal(coef(glm), coef(stats::glm(Kyphosis ~ Age, stats::binomial(), kyphosis)), tolerance = 1e-10)
  prob <- suppressWarnings(predict(glm, kyphosis, type = "prob"))
  expect_identical(which(is.na(prob$.pred_present)), c(1L, 4L))
  expect_identical(which(is.na(suppressWarnings(predict(glm, kyphosis))$.pred_class)), c(1L, 4L))
  imputed <- suppressWarnings(fit_glm(Kyphosis ~ Age, kyphosis, event = "present", missing = "impute"))
  expect_false(anyNA(predict(imputed, kyphosis, type = "prob")))
})

test_that("missing values of every column type are seen as missing", {
  skip_without_python()
  data <- tibble::tibble(
    y = rep(c("no", "yes", "no"), 10),
    integer = c(NA, 1:29),
    double = c(1, NA, 3:30),
    logical = c(NA, rep(c(TRUE, FALSE, TRUE), 9), TRUE, FALSE),
    text = c(NA, rep(c("a", "b"), 14), "a"),
    factor = factor(c(rep(c("u", "v", "u", "u", "v"), 5), "u", "v", "v", "u", NA))
  )
  for (column in names(data)[-1]) {
    formula <- stats::reformulate(column, "y")
    error <- expect_error(fit_glm(formula, data, event = "yes"), class = "bineural_ColumnError")
    expect_match(conditionMessage(error), column)
    warnings <- testthat::capture_warnings(glm <- fit_glm(formula, data, event = "yes", missing = "drop"))
    expect_identical(nobs(glm), 29L)
    imputed <- suppressWarnings(fit_glm(formula, data, event = "yes", missing = "impute")) # one row: separated
    expect_identical(nobs(imputed), 30L)
  }
})

test_that("aliased columns are NA with a warning, as in R", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  kyphosis$Twice <- 2 * kyphosis$Age
  expect_warning(
    glm <- fit_glm(Kyphosis ~ Age + Twice + Start, kyphosis, event = "present"),
    class = "bineural_AliasedWarning"
  )
  expect_equal(
    coef(glm), coef(stats::glm(Kyphosis ~ Age + Twice + Start, stats::binomial(), kyphosis)),
    tolerance = 1e-10
  )
})

test_that("separation is said in a classed warning that names the column", {
  skip_without_python()
  data <- data.frame(x = 1:20, y = rep(c("no", "yes"), each = 10))
  warning <- expect_warning(fit_glm(y ~ x, data, event = "yes"), "'x'", class = "bineural_SeparationWarning")
  expect_s3_class(warning, c("bineural_BineuralWarning", "rlang_warning", "warning"))
})

test_that("a level that training never saw is one warning and not a crash", {
  skip_without_python()
  data <- data.frame(y = rep(c("no", "yes", "yes"), 10), g = rep(c("a", "b", "c", "c", "b"), 6))
  glm <- fit_glm(y ~ g, data, event = "yes")
  new <- data.frame(g = c("a", "z"))
  expect_warning(prob <- predict(glm, new, type = "prob"), "z", class = "bineural_UnseenLevelWarning")
  expect_false(anyNA(prob))
})

test_that("a model and its summary print as Python prints them", {
  skip_without_python()
  expect_snapshot({
    kyphosis_glm()
    summary(kyphosis_glm(method = "firth"))
  })
  object <- python_model(kyphosis_glm())
  expect_identical(paste(summary(kyphosis_glm())$text, collapse = "\n"), from_python(object$summary()))
})

test_that("what can't be fitted is refused in three sentences", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  outside <- rep(1, 81)
  expect_snapshot(error = TRUE, fit_glm(Kyphosis ~ Age, kyphosis))
  expect_snapshot(error = TRUE, fit_glm(Kyphosis ~ Age, kyphosis, event = "presnt"))
  expect_snapshot(error = TRUE, fit_glm(Kyphosis ~ Agee, kyphosis, event = "present"))
  expect_snapshot(error = TRUE, fit_glm(Kyphosis ~ Age + outside, kyphosis, event = "present"))
  expect_snapshot(error = TRUE, fit_glm(Kyphosis ~ Age, list(1), event = "present"))
  expect_snapshot(error = TRUE, predict(kyphosis_glm(), kyphosis, type = "probs"))
  expect_error(fit_glm(Kyphosis ~ Age, kyphosis, event = "present", family = "binom"), class = "bineural_InputError")
  expect_error(predict(kyphosis_glm(), kyphosis["Age"]), class = "bineural_InputError")
  expect_error(predict(kyphosis_glm(), kyphosis, tipe = "prob"), class = "rlib_error_dots_nonempty")
})

test_that("a recipe is prepared by R and baked again at prediction", {
  skip_without_python()
  withr::local_envvar(TZ = "UTC") # recipes' imports ask the system for it otherwise, with a warning
  skip_without("recipes")
  kyphosis <- load_dataset("kyphosis")
  recipe <- recipes::recipe(Kyphosis ~ Age + Number + Start, kyphosis)
  recipe <- recipes::step_mutate(recipe, Age = Age / 12)
  glm <- fit_glm(recipe, kyphosis, event = "present")
  expect_equal(coef(glm)[["Age"]], 12 * coef(kyphosis_glm())[["Age"]])
  expect_equal(predict(glm, kyphosis, type = "prob"), predict(kyphosis_glm(), kyphosis, type = "prob"))
  expect_equal(evaluate_model(glm, kyphosis)$table, evaluate_model(kyphosis_glm(), kyphosis)$table)
  expect_error(save_model(glm, tempfile()), class = "bineural_SavingError")
})
