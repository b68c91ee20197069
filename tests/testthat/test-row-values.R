test_that("weights and offsets are looked up as by glm(): among the columns, then in the session", {
  skip_without_python()
  cars <- transform(mtcars, w = rep(1:4, 8), o = log(wt))
  w <- rep(4:1, 8)
  outside <- rep(c(1, 5), 16)
  near <- function(ours, theirs) expect_equal(coef(ours), coef(theirs), tolerance = 1e-10)
  near(fit_glm(mpg ~ hp, cars, weights = w), stats::glm(mpg ~ hp, data = cars, weights = w))
  near(fit_glm(mpg ~ hp, cars, weights = 1 / w), stats::glm(mpg ~ hp, data = cars, weights = 1 / w))
  near(fit_glm(mpg ~ hp, cars, weights = outside), stats::glm(mpg ~ hp, data = cars, weights = outside))
  near(fit_glm(mpg ~ hp, cars, weights = w * outside), stats::glm(mpg ~ hp, data = cars, weights = w * outside))
  near(
    fit_glm(carb ~ hp, cars, family = "poisson", offset = o, weights = w),
    stats::glm(carb ~ hp, stats::poisson(), cars, offset = o, weights = w)
  )
  near(fit_glm(mpg ~ hp, cars, weights = !!w), stats::glm(mpg ~ hp, data = mtcars, weights = w)) # has no column w
})

test_that("programs name columns by text, and say when they mean their own variable", {
  skip_without_python()
  cars <- transform(mtcars, w = rep(1:4, 8))
  truth <- coef(fit_glm(mpg ~ hp, cars, weights = cars$w))
  column <- "w"
  own <- function(data, w) coef(fit_glm(mpg ~ hp, data, weights = !!w))
  pronoun <- function(data, name) coef(fit_glm(mpg ~ hp, data, weights = .data[[name]]))
  passed <- function(data, name) coef(fit_glm(mpg ~ hp, data, weights = name))
  expect_identical(coef(fit_glm(mpg ~ hp, cars, weights = "w")), truth)
  expect_identical(coef(fit_glm(mpg ~ hp, cars, weights = column)), truth)
  expect_identical(passed(cars, "w"), truth)
  expect_identical(pronoun(cars, "w"), truth)
  expect_identical(own(transform(cars, w = 1), cars$w), truth)
  expect_identical(coef(do.call(fit_glm, list(mpg ~ hp, cars, weights = cars$w))), truth)
  w <- cars$w
  expect_identical(coef(fit_glm(mpg ~ hp, transform(cars, w = 1), weights = .env$w)), truth)
})

test_that("every verb takes a name alone as the column, whatever the session holds", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG"))) # all verbs; some are above
  cars <- transform(mtcars, w = rep(1:4, 8), day = 32:1)
  w <- cyl <- day <- mpg <- am <- rep(1, 32) # not these
  nets <- list(epochs = 2, seed = 1, verbose = 0)
  folds <- make_folds(cars, 3, seed = 1)
  grid <- list(l2 = c(0.1, 0.01))
  few <- list(folds = 3, repeats = 1, seed = 1, verbose = 0)
  of <- function(code, frame) suppressWarnings(eval(code, frame), classes = "bineural_PenaltyWarning") # 10 columns
  same <- function(alone, quoted) expect_identical(of(alone, parent.frame()), of(quoted, parent.frame()))
  same(
    quote(rlang::inject(fit_net(mpg ~ wt, cars, weights = w, !!!nets))$history),
    quote(rlang::inject(fit_net(mpg ~ wt, cars, weights = "w", !!!nets))$history)
  )
  same(
    quote(rlang::inject(fit_nets(mpg ~ wt, cars, folds, weights = w, !!!nets))$held_out),
    quote(rlang::inject(fit_nets(mpg ~ wt, cars, folds, weights = "w", !!!nets))$held_out)
  )
  same(
    quote(rlang::inject(tune_net(mpg ~ wt, cars, grid, folds = 3, groups = cyl, weights = w, !!!nets))$scores),
    quote(rlang::inject(tune_net(mpg ~ wt, cars, grid, folds = 3, groups = "cyl", weights = "w", !!!nets))$scores)
  )
  same(
    quote(rlang::inject(tune_net(mpg ~ wt, cars, grid, folds = 2, strata = am, !!!nets))$scores),
    quote(rlang::inject(tune_net(mpg ~ wt, cars, grid, folds = 2, strata = "am", !!!nets))$scores)
  )
  same(
    quote(rlang::inject(compare_models("glm", cars, mpg, groups = cyl, weights = w, !!!few))$predictions),
    quote(rlang::inject(compare_models("glm", cars, "mpg", groups = "cyl", weights = "w", !!!few))$predictions)
  )
  same(
    quote(rlang::inject(compare_models("glm", cars, mpg, time = day, !!!few))$predictions),
    quote(rlang::inject(compare_models("glm", cars, "mpg", time = "day", !!!few))$predictions)
  )
  same(
    quote(split_rows(cars, strata = am, seed = 1)$train_ids),
    quote(split_rows(cars, strata = "am", seed = 1)$train_ids)
  )
  same(quote(split_rows(cars, time = day)$train_ids), quote(split_rows(cars, time = "day")$train_ids))
  same(
    quote(make_folds(cars, 3, groups = cyl, seed = 1)[[1]]$test_ids),
    quote(make_folds(cars, 3, groups = "cyl", seed = 1)[[1]]$test_ids)
  )
  model <- fit_glm(mpg ~ wt, cars)
  same(
    quote(evaluate_model(model, cars, y = mpg, weights = w)$table),
    quote(evaluate_model(model, cars, y = "mpg", weights = "w")$table)
  )
  same(
    quote(permutation_importance(model, cars, y = mpg, seed = 1)$table),
    quote(permutation_importance(model, cars, y = "mpg", seed = 1)$table)
  )
})

test_that("a switch stays a switch, and what is nowhere is said", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  found <- compare_models("glm", kyphosis, Kyphosis,
    event = "present", strata = FALSE, folds = 3, repeats = 1, seed = 1
  )
  expect_false(any(grepl("stratified", found$text)))
  expect_snapshot(error = TRUE, {
    fit_glm(Kyphosis ~ Age, kyphosis, event = "present", weights = Numbr)
    split_rows(kyphosis, strata = Kyphose)
    fit_glm(kyphosis["Age"], kyphosis$Kyphosis, event = "present", weights = Age)
  })
})
