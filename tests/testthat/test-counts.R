test_that("cbind(successes, failures) is compared and evaluated as R's glm has it", {
  skip_without_python()
  cases <- transform(esoph, ncontrols = ncontrols + 1)
  cases <- transform(cases, age = as.numeric(agegp), alcohol = as.numeric(alcgp))
  model <- fit_glm(cbind(ncases, ncontrols) ~ age + alcohol, cases)
  fold <- rep(1:4, length.out = nrow(cases))
  found <- compare_models(model, cases, folds = fold, seed = 1)
  expected <- vapply(1:4, function(k) {
    own <- glm(cbind(ncases, ncontrols) ~ age + alcohol, binomial, cases[fold != k, ])
    test <- cases[fold == k, ]
    p <- predict(own, test, type = "response")
    n <- test$ncases + test$ncontrols
    sum(binomial()$dev.resids(test$ncases / n, p, n)) / sum(n)
  }, 0)
  of_glm <- found$scores[found$scores$model == "glm", ]
  expect_equal(of_glm$mean_deviance[order(of_glm$fold)], expected, tolerance = 1e-8)
  expect_identical(found$measure, "mean_deviance")
  expect_output(print(found), "mean binomial deviance")
  measured <- as_tibble(evaluate_model(model, cases))
  expect_equal(
    measured$estimate[measured$measure == "mean_deviance"],
    deviance(glm(cbind(ncases, ncontrols) ~ age + alcohol, binomial, cases)) / sum(cases$ncases + cases$ncontrols),
    tolerance = 1e-8
  )
})
