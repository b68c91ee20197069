breaks <- transform(
  datasets::warpbreaks,
  dose = factor(rep(c("lo", "mid", "hi"), 18), c("lo", "mid", "hi"), ordered = TRUE),
  flag = rep(c(TRUE, FALSE, FALSE), 18), site = rep(c("b", "a", "c"), each = 18), number = rep(1:3, 18)
)
formulas <- list(
  breaks ~ wool * tension, breaks ~ wool + dose + flag, breaks ~ site + factor(number), breaks ~ tension:dose - 1,
  breaks ~ wool + C(tension, sum)
)

test_that("options(contrasts) are followed, as by glm() and model.matrix()", {
  skip_without_python()
  options <- list(
    c("contr.sum", "contr.poly"), c("contr.helmert", "contr.helmert"), c("contr.SAS", "contr.SAS"),
    c("contr.poly", "contr.sum"), c("contr.treatment", "contr.treatment")
  )
  for (option in options) {
    withr::local_options(contrasts = option)
    for (formula in formulas) {
      ours <- suppressWarnings(fit_glm(formula, breaks, family = "poisson"))
      theirs <- stats::glm(formula, stats::poisson(), breaks)
      expect_equal(coef(ours), coef(theirs), tolerance = 1e-9)
      truth <- stats::model.matrix(formula, breaks)
      found <- as.matrix(model_matrix(formula, breaks))
      expect_identical(colnames(found), colnames(truth))
      expect_equal(found, truth, ignore_attr = TRUE)
    }
  }
})

test_that("a model keeps its contrasts when the option changes, in a file too", {
  skip_without_python()
  withr::local_options(contrasts = c("contr.sum", "contr.poly"))
  model <- fit_glm(breaks ~ wool * tension, breaks)
  expected <- predict(model, breaks)
  path <- save_model(model, withr::local_tempfile(fileext = ".bineural"))
  options(contrasts = c("contr.treatment", "contr.poly"))
  expect_identical(predict(model, breaks), expected)
  expect_identical(predict(load_model(path), breaks), expected)
  refitted <- fit_glm(breaks ~ wool * tension, breaks, contrasts = list(. = c("contr.sum", "contr.poly")))
  expect_identical(coef(refitted), coef(model))
})

test_that("contrasts that were named come first, then those of the factor, then the option's", {
  skip_without_python()
  withr::local_options(contrasts = c("contr.sum", "contr.poly"))
  carried <- breaks
  stats::contrasts(carried$tension) <- stats::contr.helmert
  truth <- coef(stats::glm(breaks ~ wool + tension, data = carried))
  expect_equal(coef(fit_glm(breaks ~ wool + tension, carried)), truth)
  expect_equal(coef(fit_glm("breaks ~ wool + tension", carried)), truth)
  expect_equal(coef(fit_glm(carried[2:3], carried$breaks)), truth)
  named <- list(tension = "contr.SAS")
  expect_equal(
    coef(fit_glm(breaks ~ wool + tension, carried, contrasts = named)),
    coef(stats::glm(breaks ~ wool + tension, data = carried, contrasts = named))
  )
  expect_equal(
    unname(coef(fit_glm(breaks ~ C(tension, sum), carried))),
    unname(coef(stats::glm(breaks ~ C(tension, contr.sum), data = carried)))
  )
  few <- carried[carried$tension != "H", ]
  expect_warning(ours <- fit_glm(breaks ~ tension, few), "carries were dropped", class = "bineural_DroppedWarning")
  expect_equal(coef(ours), coef(suppressWarnings(stats::glm(breaks ~ tension, data = few))))
})

test_that("contrasts of the option that the core lacks are refused by name", {
  skip_without_python()
  withr::local_options(contrasts = c("contr.sdif", "contr.poly"))
  expect_snapshot(error = TRUE, fit_glm(breaks ~ wool, breaks))
  expect_error(fit_glm(breaks ~ factor(number), breaks), "contr.sdif", class = "bineural_InputError")
  expect_identical(names(coef(fit_glm(breaks ~ number, breaks))), c("(Intercept)", "number"))
  expect_identical(names(coef(fit_glm(breaks ~ wool, breaks, contrasts = c(wool = "sum")))), c("(Intercept)", "wool1"))
})

mixed <- data.frame(
  y = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8), g = rep(c("b", "B", "a", "A"), 3), h = rep(c("u", "v"), each = 6)
)

# They differ by case on purpose.
alike <- function(code) suppressWarnings(code, classes = "bineural_LabelWarning")

test_that("text has glm()'s levels where the session sorts as Python does, and elsewhere this is said", {
  skip_without_python()
  withr::local_options(rlib_message_verbosity = "verbose")
  for (locale in collations()) {
    withr::local_locale(LC_COLLATE = locale)
    truth <- coef(stats::glm(y ~ g + h, data = mixed))
    if (identical(sort(c("a", "B")), c("B", "a"))) {
      expect_message(ours <- alike(coef(fit_glm(y ~ g + h, mixed))), NA)
      expect_equal(ours, truth)
    } else {
      expect_message(
        ours <- alike(coef(fit_glm(y ~ g + h, mixed))), "Levels of `g`.*\"A\".*\"a\"",
        class = "bineural_OrderMessage"
      )
    }
    expect_equal(ours, coef(stats::glm(y ~ factor(g, c("A", "B", "a", "b")) + h, data = mixed)), ignore_attr = TRUE)
    expect_equal(alike(coef(fit_glm(y ~ g + h, transform(mixed, g = factor(g))))), truth) # a factor carries its levels
  }
})

test_that("another order of levels is said once for a column, where it changes the coefficients", {
  withr::local_options(rlib_message_verbosity = "verbose")
  said <- function(columns, contrasts = NULL, order = c("a", "A", "b", "B", "u", "v")) {
    in_session <- function(x) x[order(match(x, order))]
    found <- list()
    withCallingHandlers(say_level_order(columns, contrasts, in_session), bineural_OrderMessage = function(m) {
      found <<- c(found, list(conditionMessage(m)))
      tryInvokeRestart("muffleMessage")
    })
    length(found)
  }
  expect_identical(said(mixed["g"]), 1L)
  expect_identical(said(mixed[c("g", "h")]), 1L)
  expect_identical(said(transform(mixed, g = factor(g))["g"]), 0L)
  expect_identical(said(mixed["g"], order = c("A", "B", "a", "b")), 0L)
  expect_identical(said(mixed["g"], order = c("A", "a", "b", "B")), 0L) # the same reference
  expect_identical(said(mixed["g"], list(. = "sum"), order = c("A", "a", "b", "B")), 1L)
  expect_identical(said(mixed["g"], list(g = "sum"), order = c("A", "a", "b", "B")), 1L)
})

test_that("another order of levels is said once in a session", {
  backwards <- function(x) sort(x, decreasing = TRUE)
  columns <- list(only_here = c("p", "q"))
  expect_message(say_level_order(columns, NULL, backwards), "only_here", class = "bineural_OrderMessage")
  expect_message(say_level_order(columns, NULL, backwards), NA)
})

test_that("strata of text are rsample's where the session sorts as Python does, and elsewhere this is said", {
  skip_without_python()
  skip_without("rsample")
  withr::local_options(rlib_message_verbosity = "verbose")
  rows <- data.frame(g = rep(c("b", "B", "a", "A"), 15), x = 1:60)
  for (locale in collations()) {
    withr::local_locale(LC_COLLATE = locale)
    set.seed(3)
    truth <- rsample::initial_split(rows, strata = "g")$in_id
    if (identical(sort(c("a", "B")), c("B", "a"))) {
      expect_message(split <- alike(split_rows(rows, strata = g, seed = 3)), NA)
      expect_identical(split$train_ids, truth)
    } else {
      expect_message(split <- alike(split_rows(rows, strata = g, seed = 3)), "rsample", class = "bineural_OrderMessage")
      expect_false(identical(split$train_ids, truth))
      expect_message(alike(make_folds(rows, 3, strata = factor(rows$g), seed = 3)), class = "bineural_OrderMessage")
    }
    expect_message(alike(split_rows(rows, strata = g, seed = 3, rng = "pcg64")), NA)
  }
})
