# Made once, by the first test that asks.
unfitted <- local({
  made <- NULL
  function() {
    if (is.null(made)) made <<- make_unfitted()
    made
  }
})

make_unfitted <- function() {
  kyphosis <- load_dataset("kyphosis")
  net <- make_net(Kyphosis ~ Age, event = "present", epochs = 1, units = 2, validation = NULL)
  glm <- fit_glm(Kyphosis ~ Age, kyphosis, event = "present")
  list(
    net = net, tuned = tune_net(net, kyphosis, grid = list(l2 = c(0.1, 1)), folds = 2, seed = 1),
    fits = fit_nets(net, kyphosis, settings = data.frame(l2 = c(0.1, 1)), seeds = 1),
    average = average_models(list(a = glm, b = glm)), names = average_models(c("glm", "net")),
    comparison = compare_models(list(glm = glm), kyphosis, folds = 2, repeats = 1, seed = 1),
    evaluation = evaluate_model(glm, kyphosis)
  )
}

test_that("what is no GLM answers no verb of a GLM, and none with NULL", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  fitted_net <- fit_net(Kyphosis ~ Age, kyphosis, event = "present", epochs = 1, units = 2, seed = 1, verbose = 0)
  verbs <- list(
    coef, stats::vcov, stats::confint, stats::residuals, stats::fitted, stats::logLik, stats::deviance,
    stats::df.residual, stats::anova, stats::simulate, stats::weights, stats::family, stats::AIC, stats::BIC
  )
  expect_error(tidy(fitted_net), "asked of a fitted GLM", class = "bineural_InputError")
  for (object in c(unfitted(), list(fitted_net))) {
    own <- if (inherits(object, "bineural_net")) list(stats::residuals, stats::fitted) # a net has these
    for (verb in setdiff(verbs, own)) {
      expect_error(verb(object), "asked of a fitted GLM", class = "bineural_InputError")
    }
  }
  expect_error(coef(fitted_net), "It is a fitted net")
})

test_that("what is no model says what it is and where the model is", {
  skip_without_python()
  objects <- unfitted()
  kyphosis <- load_dataset("kyphosis")
  expect_error(predict(objects$net, kyphosis), "make_net.*fit_net", class = "bineural_InputError")
  expect_error(generics::tidy(objects$net), "fit_net", class = "bineural_InputError")
  expect_error(glance(objects$tuned), "glance\\(tuned\\$model\\)", class = "bineural_InputError")
  expect_error(predict(objects$fits, kyphosis), "nets\\[\\[1\\]\\]", class = "bineural_InputError")
  expect_error(predict(objects$comparison, kyphosis), "held-out rows", class = "bineural_InputError")
  expect_error(predict(objects$names, kyphosis), "compare_models", class = "bineural_InputError")
  expect_error(tidy(objects$average), "one by one", class = "bineural_InputError")
  expect_error(plot(objects$net), "asked of a fitted model", class = "bineural_InputError")
  expect_error(evaluate_model(objects$net, kyphosis), "`make_net\\(\\)` described", class = "bineural_InputError")
  expect_error(plot_history(objects$tuned), "net of the chosen setting", class = "bineural_InputError")
  expect_error(save_model(objects$tuned, tempfile()), "Give its `model`", class = "bineural_InputError")
  expect_error(average_models(objects["tuned"]), "at least two", class = "bineural_InputError")
  two <- list(a = objects$tuned, b = objects$tuned)
  expect_error(average_models(two), "a is what tune_net.*Give its `model`", class = "bineural_InputError")
})

test_that("a net that is not fitted, an average and an evaluation sum up as they print", {
  skip_without_python()
  objects <- unfitted()
  for (name in c("net", "average", "evaluation")) {
    expect_identical(capture.output(print(summary(objects[[name]]))), capture.output(print(objects[[name]])))
  }
})
