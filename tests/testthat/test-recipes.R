baked_glm <- function(recipe, data, ...) {
  prepped <- recipes::prep(recipe, training = data)
  stats::glm(stats::formula(prepped), data = recipes::bake(prepped, new_data = NULL), ...)
}
local_recipes <- function(env = parent.frame()) {
  withr::local_envvar(TZ = "UTC", .local_envir = env) # recipes' imports ask the system for it otherwise, with a warning
  skip_without_python()
  skip_without("recipes")
}

test_that("a model learns from the rows that all steps leave, and predicts every new row in its place", {
  local_recipes()
  air <- datasets::airquality
  base <- recipes::recipe(Ozone ~ Solar.R + Wind + Temp, air)
  complete <- recipes::step_naomit(base, recipes::all_predictors(), recipes::all_outcomes())
  recipes <- list(
    dropped = complete,
    filtered = recipes::step_filter(complete, Temp > 70, skip = TRUE),
    scaled = recipes::step_normalize(recipes::step_filter(complete, Wind > 8, skip = TRUE), Wind, Temp),
    sliced = recipes::step_slice(complete, 5:60),
    moved = recipes::step_arrange(complete, Temp, skip = TRUE),
    changed = recipes::step_log(complete, Ozone, skip = TRUE)
  )
  for (recipe in recipes) {
    ours <- suppressMessages(fit_glm(recipe, air, missing = "drop"))
    theirs <- baked_glm(recipe, air)
    expect_equal(coef(ours), coef(theirs), tolerance = 1e-10)
    expect_identical(nobs(ours), nobs(theirs))
    rows <- recipes::bake(recipes::prep(recipe, air), new_data = air)
    found <- suppressWarnings(predict(ours, air))
    expect_equal(found$.pred, unname(stats::predict(theirs, rows)), tolerance = 1e-10)
  }
  expect_identical(nrow(found), nrow(air))
})

test_that("a net learns from the rows that all steps leave", {
  local_recipes()
  recipe <- recipes::step_log(recipes::recipe(Volume ~ ., trees), Volume, skip = TRUE)
  recipe <- recipes::step_filter(recipe, Girth > 9, skip = TRUE)
  rows <- transform(trees[trees$Girth > 9, ], Volume = log(Volume))
  fit <- function(formula, data) fit_net(formula, data, epochs = 3, seed = 1)
  expect_equal(
    predict(suppressMessages(fit(recipe, trees)), trees), predict(fit(rows[1:2], rows$Volume), trees[1:2]),
    tolerance = 1e-6
  )
})

test_that("sampled rows are those of R's random stream", {
  local_recipes()
  recipe <- recipes::step_sample(recipes::recipe(mpg ~ wt + hp, mtcars), size = 20)
  set.seed(5)
  ours <- fit_glm(recipe, mtcars)
  set.seed(5)
  expect_equal(coef(ours), coef(baked_glm(recipe, mtcars)), tolerance = 1e-10)
  expect_identical(nrow(predict(ours, mtcars)), nrow(mtcars))
})

test_that("an outcome that a skipped step changes is said, and never measured against the plain one", {
  local_recipes()
  recipe <- recipes::step_log(recipes::recipe(Volume ~ ., trees), Volume, skip = TRUE)
  expect_message(model <- fit_glm(recipe, trees), "skipped for new rows", class = "bineural_RecipeMessage")
  expect_error(evaluate_model(model, trees), "on the scale of the predictions", class = "bineural_InputError")
  expect_error(evaluate_model(model, trees, y = Volume), "on the scale", class = "bineural_InputError")
  truth <- stats::lm(log(Volume) ~ ., trees)
  found <- evaluate_model(model, trees, y = log(Volume))
  expect_equal(found$table$estimate[1], sqrt(mean(stats::residuals(truth)^2)))
  changed <- recipes::step_log(recipes::recipe(Volume ~ ., trees), Volume) # for all rows
  expect_message(model <- fit_glm(changed, trees), NA)
  expect_equal(evaluate_model(model, trees)$table$estimate[1], sqrt(mean(stats::residuals(truth)^2)))
})

test_that("a recipe that moves rows at prediction is refused", {
  local_recipes()
  air <- datasets::airquality
  base <- recipes::recipe(Ozone ~ Wind + Solar.R, air)
  model <- fit_glm(recipes::step_naomit(base, recipes::all_predictors(), recipes::all_outcomes(), skip = FALSE), air)
  expect_identical(sum(is.na(predict(model, air)$.pred)), 42L)
  expect_identical(nrow(predict(model, stats::na.omit(air))), 111L)
  expect_error(
    fit_glm(recipes::step_shuffle(base, Wind, skip = FALSE), air), "`step_shuffle()` has `skip = FALSE`",
    fixed = TRUE, class = "bineural_InputError"
  )
  expect_error(fit_glm(recipes::step_filter(base, Wind > 99), air), "left none of 153", class = "bineural_InputError")
})

test_that("weights go with the rows that the recipe leaves", {
  local_recipes()
  cars <- transform(mtcars, w = rep(1:4, 8))
  recipe <- recipes::update_role(recipes::recipe(mpg ~ wt + hp + w, cars), w, new_role = "weights")
  recipe <- recipes::step_filter(recipe, hp > 100, skip = TRUE)
  truth <- coef(stats::glm(mpg ~ wt + hp, data = subset(cars, hp > 100), weights = w))
  expect_equal(coef(fit_glm(recipe, cars, weights = w)), truth, tolerance = 1e-10)
  expect_equal(coef(fit_glm(recipe, cars, weights = "w")), truth, tolerance = 1e-10)
  expect_error(fit_glm(recipe, cars, weights = 1 / w), "that the recipe carries", class = "bineural_InputError")
  plain <- recipes::recipe(mpg ~ wt + hp, cars)
  truth <- coef(stats::glm(mpg ~ wt + hp, data = cars, weights = w))
  for (weights in list("w", cars$w)) {
    expect_equal(coef(fit_glm(plain, cars, weights = weights)), truth, tolerance = 1e-10)
  }
})

test_that("case weights of tidymodels are taken by name, and not forgotten", {
  local_recipes()
  skip_without("hardhat")
  cars <- transform(mtcars, w = getExportedValue("hardhat", "frequency_weights")(rep(1:4, 8)))
  recipe <- recipes::step_filter(recipes::recipe(mpg ~ wt + w, cars), wt > 2, skip = TRUE)
  expect_equal(coef(fit_glm(recipe, cars)), coef(fit_glm(recipe, cars, weights = w)))
  truth <- stats::glm(mpg ~ wt, data = subset(cars, wt > 2), weights = as.double(w))
  expect_equal(coef(fit_glm(recipe, cars, weights = w)), coef(truth), tolerance = 1e-10)
})

test_that("a recipe is prepared anew in each fold, as a model of R's", {
  local_recipes()
  kyphosis <- load_dataset("kyphosis")
  ours <- r_model(
    function(train) {
      recipe <- recipes::step_normalize(recipes::recipe(Kyphosis ~ Age + Start, train), Age, Start)
      fit_glm(recipes::step_filter(recipe, Age > -1, skip = TRUE), train, event = "present")
    },
    function(model, test) predict(model, test, type = "prob")
  )
  theirs <- r_model(function(train) {
    kept <- train[as.vector(scale(train$Age)) > -1, ]
    stats::glm(Kyphosis ~ Age + Start, stats::binomial(), kept)
  })
  found <- compare_models(list(ours = ours, theirs = theirs), kyphosis, Kyphosis,
    event = "present", folds = 3, repeats = 1, seed = 1
  )
  own <- split(found$predictions$.pred_present, found$predictions$model)
  expect_equal(own$ours, own$theirs, tolerance = 1e-8)
})

test_that("models of recipes are not averaged in the core, which would take raw columns for prepared ones", {
  local_recipes()
  model <- fit_glm(recipes::recipe(mpg ~ wt, mtcars), mtcars)
  expect_error(average_models(list(model, fit_glm(mpg ~ wt, mtcars))), "recipe", class = "bineural_InputError")
})

test_that("a recipe in a comparison and in tune_net() is prepared with the training rows of each fold alone", {
  local_recipes()
  kyphosis <- load_dataset("kyphosis")
  recipe <- recipes::step_pca(
    recipes::step_normalize(recipes::recipe(Kyphosis ~ Age + Number + Start, kyphosis), Age, Number, Start),
    Age, Number, Start,
    num_comp = 2
  )
  model <- fit_glm(recipe, kyphosis, event = "present")
  by_hand <- function(train, test) {
    own <- stats::prcomp(train[c("Age", "Number", "Start")], scale. = TRUE)
    fold <- data.frame(stats::predict(own, train)[, 1:2], y = train$Kyphosis)
    fit <- stats::glm(y ~ PC1 + PC2, stats::binomial(), fold)
    stats::predict(fit, data.frame(stats::predict(own, test)[, 1:2]), type = "response")
  }
  found <- compare_models(list(recipe = model, hand = by_hand), kyphosis, folds = 3, repeats = 1, seed = 1)
  own <- split(found$predictions$.pred_present, found$predictions$model)
  expect_equal(own$recipe, unname(own$hand), tolerance = 1e-6)
  tuned <- tune_net(recipe, kyphosis, list(l2 = c(0.1, 1)),
    folds = 2, event = "present", epochs = 2, ensemble = 1, seed = 1
  )
  expect_identical(nrow(tuned$scores), 4L)
  expect_named(predict(tuned, kyphosis[1:3, ], type = "prob"), c(".pred_absent", ".pred_present"))
  expect_match(tuned$text[1], "on 81 rows, by a recipe")
})

test_that("a row that a step drops is an NA row of the predictions", {
  local_recipes()
  air <- datasets::airquality[c("Temp", "Ozone", "Wind")]
  recipe <- recipes::step_naomit(recipes::recipe(Temp ~ Ozone + Wind, air), Ozone, skip = FALSE)
  model <- fit_glm(recipe, air)
  predicted <- predict(model, air)$.pred
  expect_identical(is.na(predicted), is.na(air$Ozone))
  truth <- stats::lm(Temp ~ Ozone + Wind, air)
  expect_equal(predicted, unname(predict(truth, air)))
  expect_equal(evaluate_model(model, air)$n, sum(!is.na(air$Ozone)))
})

test_that("a net that was fitted to a recipe is not tuned as if its columns were given", {
  local_recipes()
  net <- structure(list(recipe = list()), class = c("bineural_net", "bineural_model"))
  expect_error(tune_net(net, mtcars), "tuned by the recipe", class = "bineural_InputError")
})
