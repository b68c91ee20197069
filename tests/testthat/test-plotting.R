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
  path <- withr::local_tempfile(fileext = ".png")
  plot_roc(evaluation, path)
  expect_gt(file.size(path), 1000)
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
