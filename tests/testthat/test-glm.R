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

test_that("tidy(exponentiate = TRUE) is broom's", {
  skip_without_python()
  glm <- kyphosis_glm()
  found <- tidy(glm, conf.int = TRUE, exponentiate = TRUE)
  plain <- tidy(glm, conf.int = TRUE)
  # broom 1.0.3, tidy(glm(Kyphosis ~ Age + Number + Start, binomial, kyphosis), conf.int = TRUE, exponentiate = TRUE)
  expect_equal(found$estimate, c(0.130428053126, 1.01099043811, 1.50772393663, 0.813418086764), tolerance = 1e-8)
  expect_equal(found$conf.low, c(0.00603747243796, 0.998908818099, 1.00388402265, 0.705475157385), tolerance = 1e-4)
  expect_equal(found$conf.high, c(1.94747228839, 1.02498799594, 2.45374012972, 0.923973137202), tolerance = 1e-4)
  expect_identical(found[c("term", "std.error", "statistic", "p.value")], plain[c(1, 3:5)])
  numbers <- fit_glm(mpg ~ wt, datasets::mtcars)
  expect_warning(ratios <- tidy(numbers, exponentiate = TRUE), "identity link", class = "bineural_BineuralWarning")
  expect_equal(ratios$estimate, unname(exp(coef(numbers))))
})

test_that("AIC() and BIC() take further models and a penalty, as those of glm()", {
  skip_without_python()
  ours <- list(kyphosis_glm(), fit_glm(mpg ~ wt, datasets::mtcars))
  theirs <- list(
    stats::glm(Kyphosis ~ Age + Number + Start, stats::binomial(), load_dataset("kyphosis")),
    stats::glm(mpg ~ wt, data = datasets::mtcars)
  )
  for (measure in list(AIC, BIC)) {
    expect_equal(suppressWarnings(do.call(measure, ours))[[2]], suppressWarnings(do.call(measure, theirs))[[2]])
  }
  expect_equal(AIC(ours[[1]], k = 3), AIC(theirs[[1]], k = 3))
  expect_error(AIC(ours[[1]], kk = 3), "`kk`", class = "bineural_InputError")
  expect_identical(AIC(fit_glm(mpg ~ wt, datasets::mtcars, penalty = "ridge", strength = 0.1)), NA_real_)
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

test_that("coef() and vcov() leave aliased columns out where that is asked", {
  skip_without_python()
  rows <- transform(datasets::mtcars, twice = 2 * wt)
  ours <- suppressWarnings(fit_glm(mpg ~ wt + twice, rows))
  theirs <- stats::glm(mpg ~ wt + twice, data = rows)
  for (complete in c(TRUE, FALSE)) {
    expect_equal(coef(ours, complete = complete), coef(theirs, complete = complete), tolerance = 1e-10)
    expect_equal(vcov(ours, complete = complete), vcov(theirs, complete = complete), tolerance = 1e-8)
  }
})

test_that("separation is said in a classed warning that names the column", {
  skip_without_python()
  data <- data.frame(x = 1:20, y = rep(c("no", "yes"), each = 10))
  warning <- expect_warning(fit_glm(y ~ x, data, event = "yes"), "\"x\"", class = "bineural_SeparationWarning")
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

test_that("residuals() equals that of stats::glm()", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  rows$Age[3] <- NA
  formula <- Kyphosis ~ Age + Start
  expect_warning(ours <- fit_glm(formula, rows, event = "present", missing = "drop"), class = "bineural_DroppedWarning")
  theirs <- stats::glm(formula, stats::binomial(), rows)
  for (type in c("deviance", "pearson", "working", "response")) {
    expect_equal(residuals(ours, type), unname(residuals(theirs, type)), tolerance = 1e-8)
  }
  expect_identical(resid(ours), residuals(ours))
  expect_error(residuals(ours, "partial"), class = "bineural_InputError")
  expect_error(residuals(unserialize(serialize(ours, NULL))), "need the training rows", class = "bineural_InputError")
})

test_that("several classes are set against the first level, as nnet::multinom() has it", {
  skip_without_python()
  flowers <- datasets::iris
  flowers$Species <- factor(flowers$Species, levels = c("virginica", "setosa", "versicolor"))
  model <- fit_glm(Species ~ Sepal.Length, flowers)
  expect_identical(names(coef(model))[1:2], c("setosa:(Intercept)", "setosa:Sepal.Length"))
  link <- predict(model, flowers[1:3, ], type = "link")
  share <- predict(model, flowers[1:3, ], type = "prob")
  expect_named(link, c(".pred_setosa", ".pred_versicolor"))
  expect_equal(link$.pred_setosa, log(share$.pred_setosa / share$.pred_virginica))
  expect_identical(colnames(fitted(model)), levels(flowers$Species))
  expect_identical(colnames(residuals(model, "response")), levels(flowers$Species))
  skip_without("nnet")
  theirs <- nnet::multinom(Species ~ Sepal.Length, flowers, trace = FALSE, reltol = 1e-14, maxit = 1000)
  expect_equal(unname(coef(model)), as.double(t(coef(theirs))), tolerance = 1e-3)
})

test_that("families of R are understood, as functions and as objects", {
  skip_without_python()
  cars <- datasets::mtcars
  same <- function(a, b) expect_identical(coef(a), coef(b))
  same(fit_glm(am ~ wt, cars, event = 1, family = stats::binomial), fit_glm(am ~ wt, cars, event = 1))
  probit <- fit_glm(am ~ wt, cars, event = 1, family = stats::binomial("probit"))
  same(probit, fit_glm(am ~ wt, cars, event = 1, link = "probit"))
  same(fit_glm(mpg ~ wt, cars, family = stats::Gamma("log")), fit_glm(mpg ~ wt, cars, family = "Gamma", link = "log"))
  expect_error(fit_glm(carb ~ wt, cars, family = stats::quasi()), class = "bineural_InputError")
  expect_error(fit_glm(carb ~ wt, cars, family = mean), class = "bineural_InputError")
})

test_that("contrasts can be R's functions, matrices, or what a factor carries", {
  skip_without_python()
  ours <- function(data, ...) coef(fit_glm(breaks ~ wool * tension, data, family = "poisson", ...))
  theirs <- function(data, ...) coef(stats::glm(breaks ~ wool * tension, stats::poisson(), data, ...))
  given <- list(tension = stats::contr.sum)
  expect_equal(ours(warpbreaks, contrasts = given), theirs(warpbreaks, contrasts = given), tolerance = 1e-10)
  given <- list(tension = stats::contr.helmert(3))
  expect_equal(ours(warpbreaks, contrasts = given), theirs(warpbreaks, contrasts = given), tolerance = 1e-10)
  carried <- warpbreaks
  stats::contrasts(carried$tension) <- stats::contr.sum
  stats::contrasts(carried$wool) <- "contr.helmert"
  expect_equal(ours(carried), theirs(carried), tolerance = 1e-10)
  dot <- coef(fit_glm(breaks ~ ., carried, family = "poisson"))
  expect_equal(dot, coef(stats::glm(breaks ~ ., stats::poisson(), carried)), tolerance = 1e-10)
  expect_error(ours(warpbreaks, contrasts = list(tension = mean)), class = "bineural_InputError")
})

test_that("a truth value as outcome is written as R writes it", {
  skip_without_python()
  cars <- transform(datasets::mtcars, am = am == 1)
  model <- fit_glm(am ~ wt, cars, event = "TRUE")
  expect_identical(coef(model), coef(fit_glm(am ~ wt, cars, event = TRUE)))
  expect_match(capture.output(print(model))[1], "event TRUE")
  expect_match(capture.output(print(evaluate_model(model, cars)))[1], "(am: TRUE)", fixed = TRUE)
  expect_error(fit_glm(am ~ wt, cars), "FALSE, TRUE")
})

test_that("what is forgotten or misspelt is said in three sentences", {
  skip_without_python()
  glm <- kyphosis_glm()
  kyphosis <- load_dataset("kyphosis")
  expect_snapshot(error = TRUE, {
    fit_glm(Kyphosis ~ Age)
    fit_glm(Kyphosis ~ Age, kyphosis, event = "present", weights = Numbr)
    fit_glm(Kyphosis ~ Age, kyphosis, event = "present", weights = ~Number)
    augment(glm, augment(glm, kyphosis))
    confint(glm, "Agee")
  })
})

test_that("no rows and rows left out are predicted as no rows and as NA", {
  skip_without_python()
  glm <- kyphosis_glm(missing = "drop")
  none <- load_dataset("kyphosis")[0, ]
  expect_identical(predict(glm, none)$.pred_class, factor(character(), levels = c("absent", "present")))
  expect_identical(dim(predict(glm, none, type = "prob")), c(0L, 2L))
  expect_identical(predict(glm, none, type = "link")$.pred, double())
  gap <- load_dataset("kyphosis")[1:2, ]
  gap$Age[1] <- NA
  found <- predict(glm, gap, type = "prob")$.pred_present
  expect_identical(is.na(found) & !is.nan(found), c(TRUE, FALSE))
})

test_that("numbers stored as text are told, from characters and from factors", {
  skip_without_python()
  data <- data.frame(y = rep(c("no", "yes"), 40), a = sin(1:80), spend = sprintf("%.2f", cos(1:80)))
  data$spend[3] <- "12.3%"
  for (spend in list(data$spend, factor(data$spend))) {
    data$spend <- spend
    expect_warning(
      fit_glm(y ~ a + spend, data, event = "yes", penalty = "ridge", strength = 1),
      "`spend` are text, but 100% of 80 read as numbers.*\"12.3%\" \\(1\\)",
      class = "bineural_ColumnWarning"
    )
  }
  expect_no_warning(fit_glm(y ~ a + factor(spend), data, event = "yes", penalty = "ridge", strength = 1))
})

test_that("a maximum that R's own glm misses is found, and the warning says so", {
  skip_without_python()
  data <- data.frame(y = c(0L, 1L, 1L), o = qlogis(c(.999999, .99, .99)))
  expect_warning(
    glm <- fit_glm(y ~ 1 + offset(o), data, event = 1L),
    "differ from what R's `glm` gives",
    class = "bineural_ConvergenceWarning"
  )
  score <- function(shift) sum(data$y - plogis(shift + data$o))
  expect_equal(unname(coef(glm)), uniroot(score, c(-20, 20), tol = 1e-12)$root, tolerance = 1e-9)
  expect_true(glance(glm)$converged)
})

test_that("penalty = \"auto\" is R's glm where it exists, and else a ridge, which is said", {
  auto <- fit_glm(am ~ hp, mtcars, event = 1, penalty = "auto")
  expect_equal(unname(coef(auto)), unname(coef(stats::glm(am ~ hp, binomial, mtcars))), tolerance = 1e-12)
  expect_warning(
    auto <- fit_glm(am ~ hp + factor(gear), mtcars, event = 1, penalty = "auto"),
    "separated by.*ridge of strength", class = "bineural_PenaltyWarning"
  )
  expect_true(all(abs(coef(auto)) < 1000))
  expect_true(all(is.na(tidy(auto)$std.error)))
  expect_output(print(auto), "ridge with strength .*chosen, as the classes are .* separated by")
})
