test_that("parsnip's models take the engine, by the registration that is made when it is loaded", {
  skip_without_python()
  if (!requireNamespace("parsnip", quietly = TRUE)) testthat::skip("R package parsnip is not in Debian")
  own <- asNamespace("parsnip")
  kyphosis <- load_dataset("kyphosis")
  spec <- own$set_engine(own$logistic_reg(), "bineural")
  fit <- generics::fit(spec, Kyphosis ~ Age + Start, kyphosis)
  theirs <- stats::glm(Kyphosis ~ Age + Start, stats::binomial(), kyphosis)
  prob <- predict(fit, kyphosis, type = "prob")
  expect_equal(prob$.pred_present, unname(fitted(theirs)), tolerance = 1e-6)
  expect_identical(levels(predict(fit, kyphosis)$.pred_class), levels(kyphosis$Kyphosis))
  net <- own$set_engine(own$mlp(hidden_units = 2, epochs = 2), "bineural", ensemble = 1, seed = 1)
  net <- generics::fit(own$set_mode(net, "regression"), mpg ~ wt, datasets::mtcars)
  expect_identical(nrow(predict(net, datasets::mtcars[1:3, ])), 3L)
})

# A stand-in for parsnip's registry: what is registered, and how, without the package.
test_that("every model is registered with fit, encoding, predictions and arguments", {
  said <- list()
  set <- function(name, ...) {
    given <- list(...)
    said[[length(said) + 1]] <<- c(list(name = name), given)
    NULL
  }
  register_model(set, "linear_reg", "regression", "parsnip_glm", c(penalty = "penalty"))
  names <- vapply(said, `[[`, "", "name")
  verbs <- c("set_model_engine", "set_dependency", "set_fit", "set_encoding", "set_pred", "set_model_arg")
  expect_setequal(names, verbs)
  fit <- said[[which(names == "set_fit")]]$value
  expect_identical(fit$func, c(pkg = "bineural", fun = "parsnip_glm"))
  expect_true(all(fit$protect %in% names(formals(parsnip_glm))))
  types <- vapply(said[names == "set_pred"], `[[`, "", "type")
  expect_setequal(types, c("numeric", "conf_int", "pred_int"))
})

test_that("what parsnip calls fits GLMs and refuses a mixture between", {
  skip_without_python()
  fit <- parsnip_glm(mpg ~ wt, datasets::mtcars)
  expect_equal(coef(fit), coef(stats::lm(mpg ~ wt, datasets::mtcars)))
  ridge <- parsnip_glm(mpg ~ wt, datasets::mtcars, penalty = 0.1)
  expect_equal(coef(ridge), coef(fit_glm(mpg ~ wt, datasets::mtcars, penalty = "ridge", strength = 0.1)))
  mixed <- quote(parsnip_glm(mpg ~ wt, datasets::mtcars, penalty = 1, mixture = 0.5))
  expect_error(eval(mixed), "lasso", class = "bineural_InputError")
})
