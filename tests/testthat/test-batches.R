test_that("a GLM of rows in batches is that of R's glm, and says what it has not kept", {
  skip_without_python()
  parts <- list(warpbreaks[1:11, ], warpbreaks[12:50, ], warpbreaks[51:54, ])
  folder <- withr::local_tempdir()
  file <- file.path(folder, "breaks.parquet")
  as_py_frame(warpbreaks)$to_parquet(file, index = FALSE, row_group_size = 5L)
  expected <- glm(wool ~ breaks + tension, binomial, warpbreaks)
  for (data in list(parts, function() parts, folder, file)) {
    found <- fit_glm(wool ~ breaks + tension, data, event = "B")
    expect_equal(coef(found), coef(expected), tolerance = 1e-10)
    expect_equal(sqrt(diag(vcov(found))), sqrt(diag(vcov(expected))), tolerance = 1e-10, ignore_attr = TRUE)
    expect_equal(glance(found)$deviance, deviance(expected), tolerance = 1e-10)
  }
  weighted <- fit_glm(breaks ~ tension + offset(log(breaks)), parts, weights = "breaks")
  expect_equal(
    coef(weighted), coef(glm(breaks ~ tension + offset(log(breaks)), data = warpbreaks, weights = breaks)),
    tolerance = 1e-10
  )
  withr::local_options(contrasts = c("contr.sum", "contr.poly"))
  expect_equal(
    coef(fit_glm(breaks ~ wool * tension, parts, family = "poisson")),
    coef(glm(breaks ~ wool * tension, poisson, warpbreaks)),
    tolerance = 1e-10
  )
  expect_error(confint(found), "wald", class = "bineural_InputError")
  expect_error(residuals(found), "came in batches", class = "bineural_InputError")
  expect_identical(nrow(confint(found, method = "wald")), 4L)
  expect_error(fit_glm(wool ~ poly(breaks, 2), parts, event = "B"), "raw = TRUE", class = "bineural_FormulaError")
  expect_error(fit_glm(breaks ~ wool, parts, subset = breaks > 20), "data frame", class = "bineural_InputError")
  expect_output(print(summary(found)), "tensionM")
})

test_that("models are compared over row groups, and over a list of data frames", {
  skip_without_python()
  set.seed(2)
  rows <- data.frame(x = rnorm(400), z = rnorm(400))
  rows$y <- ifelse(rows$x + rlogis(400) > 0, "yes", "no")
  parts <- unname(split(rows, rep(1:8, each = 50)))
  folder <- withr::local_tempdir()
  as_py_frame(rows)$to_parquet(file.path(folder, "rows.parquet"), index = FALSE, row_group_size = 50L)
  fold <- rep(1:4, 2)
  compare <- function(data, folds) {
    compare_models("glm", data, formula = y ~ x + z, event = "yes", folds = folds, seed = 1)
  }
  expected <- compare(rows, rep(fold, each = 50))
  for (data in list(parts, folder)) {
    found <- compare(data, fold)
    expect_equal(found$table$auroc, expected$table$auroc, tolerance = 1e-10)
    expect_equal(found$differences$low, expected$differences$low, tolerance = 1e-8)
    expect_setequal(found$predictions$row, 1:400)
    expect_output(print(found), "4 folds, of whole (tables|row groups) \\(8\\)")
  }
  drawn <- compare_models("glm", folder, outcome = "y", event = "yes", folds = 2, repeats = 2, seed = 1)
  expect_output(print(drawn), "2 folds x 2 repeats, of whole row groups \\(8\\), seed 1")
  for (wrong in list(list(strata = "x"), list(missing = "impute"), list(folds = 9), list(models = "rf"))) {
    given <- utils::modifyList(list(models = "glm", data = folder, outcome = "y", event = "yes", folds = 2), wrong)
    expect_error(do.call(compare_models, given), class = "bineural_InputError")
  }
  expect_error(
    compare_models("glm", function() parts, outcome = "y", event = "yes"), "list of tables",
    class = "bineural_InputError"
  )
})
