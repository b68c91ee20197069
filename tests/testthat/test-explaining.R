kyphosis <- load_dataset("kyphosis")
glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")

test_that("partial dependence is the mean of R's own predictions with the column set", {
  found <- partial_dependence(glm, kyphosis, "Start", n_points = 4)
  own <- stats::glm(Kyphosis ~ Age + Start, binomial, kyphosis)
  means <- vapply(found$table$value, function(value) {
    mean(stats::predict(own, transform(kyphosis, Start = value), type = "response"))
  }, 0)
  expect_equal(found$table$mean, means, tolerance = 1e-6)
  expect_identical(tidy(found), found$table)
  expect_output(print(found), "Start set to each value")
})

test_that("a column that the model does not use has no importance", {
  found <- permutation_importance(glm, kyphosis, repeats = 3, seed = 1)
  importance <- stats::setNames(found$table$importance, found$table$column)
  expect_named(importance[1], "Start")
  expect_identical(importance[["Number"]], 0)
  expect_equal(found$estimate, evaluate_model(glm, kyphosis)$table$estimate[1])
  alone <- permutation_importance(glm, kyphosis, columns = "Age", repeats = 3, seed = 1)
  expect_identical(alone$table$importance, importance[["Age"]])
  expect_error(permutation_importance(glm, kyphosis, columns = "age"), "Age", class = "bineural_InputError")
})

test_that("curves of a GLM are the terms of R's own, and those of a net add up to its predictions", {
  own <- stats::lm(Petal.Width ~ Petal.Length + Species, datasets::iris)
  terms <- stats::predict(own, type = "terms")
  curves <- additive_curves(fit_glm(Petal.Width ~ Petal.Length + Species, datasets::iris), datasets::iris)
  levels <- curves$table[curves$table$column == "Species", ]
  expect_equal(levels$part[match(datasets::iris$Species, levels$level)], unname(terms[, 2]), tolerance = 1e-8)
  line <- curves$table[curves$table$column == "Petal.Length", ]
  expect_equal(
    stats::approx(line$value, line$part, datasets::iris$Petal.Length)$y, unname(terms[, 1]),
    tolerance = 1e-8
  )
  expect_equal(curves$intercept, attr(terms, "constant"), tolerance = 1e-8)
  net <- fit_net(
    dist ~ speed, datasets::cars, units = integer(), numbers = "piecewise", ensemble = 1, epochs = 5, seed = 1
  )
  bend <- additive_curves(net, datasets::cars)
  expect_equal(
    bend$intercept + stats::approx(bend$table$value, bend$table$part, datasets::cars$speed)$y,
    predict(net, datasets::cars)$.pred,
    tolerance = 1e-5
  )
  expect_identical(nrow(bend$knots), 3L) # two pieces, of 50 rows
  skip_without("ggplot2")
  for (drawn in list(curves, bend)) {
    figure <- autoplot.bineural_curves(drawn)
    expect_no_error(ggplot2::ggplot_build(figure))
    expect_identical(levels(figure$layers[[2]]$data$column), unique(drawn$table$column))
  }
})

test_that("explanations are drawn", {
  skip_without("ggplot2")
  rows <- datasets::iris
  flowers <- suppressWarnings(fit_glm(Species ~ Petal.Width + Sepal.Width, rows, penalty = "ridge", strength = 0.1))
  line <- fit_glm(Petal.Width ~ Species, rows)
  for (found in list(
    permutation_importance(glm, kyphosis, repeats = 2), partial_dependence(flowers, rows, "Petal.Width", n_points = 3),
    partial_dependence(line, rows, "Species")
  )) {
    expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(found)))
  }
})
