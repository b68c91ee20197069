quick_fits <- function(..., data = load_dataset("kyphosis")) {
  fit_nets(Kyphosis ~ Age + Number + Start, data, event = "present", units = 3, epochs = 4, ...)
}

test_that("each of many nets is the net fitted alone, and its held-out rows are predicted", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  folds <- make_folds(kyphosis, folds = 3, repeats = 2, strata = "Kyphosis", seed = 7)
  settings <- data.frame(learning_rate = c(0.02, NA), optimizer = c("adam", "adam"))
  fits <- quick_fits(folds = folds, settings = settings, seeds = c(4, 9))
  expect_identical(nrow(fits$table), 24L)
  expect_identical(tibble::as_tibble(fits), fits$table)
  expect_identical(unlist(fits$table[24, c("setting", "repeat", "fold", "seed")], use.names = FALSE), c(2L, 2L, 3L, 9L))
  expect_identical(fits$table$learning_rate, rep(c(0.02, NA), each = 12))
  alone <- fit_net(Kyphosis ~ Age + Number + Start, folds[[6]]$train,
    event = "present", units = 3, epochs = 4, seed = 9
  )
  part <- fits$held_out[fits$held_out$setting == 2 & fits$held_out$`repeat` == 2 & fits$held_out$fold == 3, ]
  part <- part[part$seed == 9, ]
  expect_identical(part$row, folds[[6]]$test_ids)
  expect_identical(part$truth, folds[[6]]$test$Kyphosis)
  probability <- function(net, rows) predict(net, rows, type = "prob")
  expect_equal(part[c(".pred_absent", ".pred_present")], probability(alone, folds[[6]]$test), tolerance = 1e-4)
  expect_equal(probability(fits$nets[[24]], kyphosis), probability(alone, kyphosis), tolerance = 1e-4)
  expect_output(print(fits), "24 nets: 2 settings x 6 training sets x 2 seeds\nHow: stack\n")
  expect_identical(capture.output(summary(fits)), capture.output(fits))
  expect_identical(formula(fits$nets[[1]]), Kyphosis ~ Age + Number + Start, ignore_formula_env = TRUE)
})

test_that("settings may be lists, rows may be listed, and truth values keep R's names", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  kyphosis$Kyphosis <- kyphosis$Kyphosis == "present"
  fits <- fit_nets(Kyphosis ~ Age + Start, kyphosis,
    folds = list(1:60, list(1:60, 61:63)), settings = list(list(), list(units = c(3, 2))),
    event = TRUE, units = 3, epochs = 2, seed = 1
  )
  expect_identical(fits$table$units, rep(c("3", "3, 2"), each = 2))
  expect_named(fits$held_out[7:8], c(".pred_FALSE", ".pred_TRUE"))
  expect_identical(fits$held_out$row, rep(c(61:81, 61:63), 2))
  expect_null(fit_nets(mpg ~ wt, datasets::mtcars, epochs = 1, seed = 1)$held_out)
})

test_that("rsample's folds and splits are taken as they are", {
  skip_without_python()
  skip_without("rsample")
  kyphosis <- load_dataset("kyphosis")
  set.seed(4)
  rset <- rsample::vfold_cv(kyphosis, v = 3, repeats = 2)
  fits <- quick_fits(folds = rset, seed = 1)
  expect_identical(fits$table$`repeat`, rep(1:2, each = 3))
  truth <- rsample::testing(rset$splits[[5]])
  part <- fits$held_out[fits$held_out$`repeat` == 2 & fits$held_out$fold == 2, ]
  expect_identical(kyphosis[part$row, ], truth, ignore_attr = TRUE)
  expect_identical(quick_fits(folds = rset$splits[[5]], seed = 1)$held_out$row, part$row)
})

test_that("what many nets can't be fitted to is refused in words", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  folds <- make_folds(kyphosis, folds = 3, seed = 1)
  expect_error(quick_fits(folds = folds, data = kyphosis[81:1, ]), "folds", class = "bineural_DataMismatchError")
  expect_error(quick_fits(folds = 10), "make_folds", class = "bineural_InputError")
  expect_error(quick_fits(folds = list(0:60)), "from 1", class = "bineural_InputError")
  expect_error(quick_fits(settings = list(l2 = 1)), "named lists", class = "bineural_InputError")
  expect_error(quick_fits(settings = data.frame(l3 = 1)), "\"l3\"", class = "bineural_InputError")
  expect_error(quick_fits(settings = data.frame(l2 = c(1, -1))), "setting 2", class = "bineural_InputError")
  expect_error(
    quick_fits(folds = list(1:60, 1:2), seed = 1), "repeat 1, fold 2, seed 1",
    class = "bineural_OutcomeError"
  )
  withr::local_envvar(TZ = "UTC") # recipes' imports ask the system for it otherwise, with a warning
  skip_without("recipes")
  recipe <- recipes::recipe(Kyphosis ~ Age, kyphosis)
  expect_error(fit_nets(recipe, kyphosis, event = "present"), "held-out", class = "bineural_InputError")
})

test_that("levels that training never saw are one warning of R's for all folds", {
  rows <- data.frame(a = sin(1:30), town = paste0("t", 1:30 %/% 2), y = rep(c("up", "down"), 15))
  said <- capture_warnings(
    fit_nets(y ~ a + town, rows, make_folds(rows, 3, seed = 1),
      event = "up", units = 2, epochs = 1, ensemble = 1, seed = 1
    )
  )
  expect_length(grep("In 3 fits: Levels that training never saw", said), 1)
})

test_that("a number of workers reaches Python", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  few <- list(event = "present", units = 3, epochs = 1, seed = 1)
  expect_error(rlang::inject(fit_nets(Kyphosis ~ Age, kyphosis, n_jobs = 0, !!!few)), "whole number other than 0")
  expect_error(rlang::inject(tune_net(Kyphosis ~ Age, kyphosis, n_jobs = 0, !!!few)), "whole number other than 0")
  expect_error(compare_models(list(glm = "glm"), kyphosis, "Kyphosis", n_jobs = 0), "whole number other than 0")
})

test_that("workers train the nets of one process", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG")))
  given <- list(
    Kyphosis ~ Age + Start, load_dataset("kyphosis"),
    seeds = 1:4, event = "present", units = 3, epochs = 4, ensemble = 1, l2 = 0.1
  )
  expect_equal(do.call(fit_nets, c(given, n_jobs = 2))$table, do.call(fit_nets, given)$table, tolerance = 1e-6)
})
