test_that("plot_roc() draws the core's points, with n, events and interval in the legend", {
  skip_without_python()
  skip_without("ggplot2")
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
  evaluation <- evaluate_model(glm, kyphosis)
  figure <- plot_roc(list(glm = evaluation, "glm again" = evaluation))
  expect_s3_class(figure, "ggplot")
  expect_match(as.character(figure$data$label), "^glm", all = TRUE)
  points <- roc_points(evaluation$y_true, evaluation$score)
  drawn <- figure$data[figure$data$curve == "glm", ]
  expect_true(all(paste(drawn$sensitivity, drawn$specificity) %in% paste(points$sensitivity, points$specificity)))
  expect_no_error(ggplot2::ggplot_build(figure))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(evaluation)))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(glm)))
})

test_that("a figure is written where asked", {
  skip_without_python()
  skip_without("ggplot2")
  kyphosis <- load_dataset("kyphosis")
  evaluation <- evaluate_model(fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), kyphosis)
  begins <- list(
    .png = as.raw(c(0x89, utf8ToInt("PNG"))), .pdf = charToRaw("%PDF"), .svg = charToRaw("<?xml"),
    .SVG = charToRaw("<?xml")
  )
  for (ending in names(begins)) {
    path <- withr::local_tempfile(fileext = ending)
    plot_roc(evaluation, path)
    expect_gt(file.size(path), 1000)
    expect_equal(readBin(path, "raw", length(begins[[ending]])), begins[[ending]])
  }
})

test_that("several classes give a curve each", {
  skip_without_python()
  skip_without("ggplot2")
  glm <- suppressWarnings(fit_glm(Species ~ Sepal.Length, datasets::iris))
  figure <- plot_roc(evaluate_model(glm, datasets::iris))
  expect_length(unique(figure$data$curve), 3)
})

test_that("what has no curve is refused", {
  skip_without_python()
  skip_without("ggplot2")
  line <- fit_glm(dist ~ speed, datasets::cars)
  expect_error(plot_roc(evaluate_model(line, datasets::cars)), class = "bineural_InputError")
  expect_error(plot_roc(list(1)), class = "bineural_InputError")
  expect_error(plot_history(line), class = "bineural_InputError")
})

test_that("precision-recall, calibration and decision curves draw the core's tables", {
  skip_without_python()
  skip_without("ggplot2")
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
  evaluation <- evaluate_model(glm, kyphosis, weights = rep(1:3, 27))
  start <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  pair <- list(glm = evaluation, "glm of start" = evaluate_model(start, kyphosis))
  for (draw_it in list(plot_roc, plot_precision_recall, plot_calibration, plot_net_benefit)) {
    for (given in list(evaluation, pair)) {
      figure <- draw_it(given)
      expect_s3_class(figure, "ggplot")
      expect_no_error(ggplot2::ggplot_build(figure))
    }
  }
  found <- calibration(evaluation$y_true, evaluation$score, bins = 5)
  drawn <- ggplot2::autoplot(found)$data
  expect_equal(drawn$observed, found$bins$observed)
  expect_match(as.character(plot_calibration(list(a = found, b = evaluation))$data$label[1]), "^a  slope ")
  curve <- net_benefit(evaluation$y_true, evaluation$score)
  expect_equal(ggplot2::autoplot(curve)$data$model, curve$table$model)
  apart <- calibration(c(0, 0, 1, 1), c(0.1, 0.2, 0.3, 0.4))
  expect_match(as.character(plot_calibration(apart)$data$label[1]), "slope undefined")
})

test_that("the band of an ROC curve is drawn for one curve, or when asked", {
  skip_without_python()
  skip_without("ggplot2")
  kyphosis <- load_dataset("kyphosis")
  evaluation <- evaluate_model(fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), kyphosis)
  pair <- list(a = evaluation, b = evaluation)
  n_band <- function(figure) nrow(figure$layers[[2]]$data)
  expect_identical(n_band(plot_roc(evaluation)), 101L)
  expect_identical(n_band(plot_roc(pair)), 0L)
  expect_identical(n_band(plot_roc(pair, band = TRUE)), 202L)
  expect_identical(n_band(plot_roc(evaluation, band = FALSE)), 0L)
})
