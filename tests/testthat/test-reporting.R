kyphosis <- load_dataset("kyphosis")
glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
start_only <- function(train, test) {
  stats::predict(stats::glm(Kyphosis ~ Start, binomial, train), test, type = "response")
}
comparison <- compare_models(list(glm = glm, start = start_only), kyphosis, folds = 4, repeats = 2, seed = 1)

test_that("a report is one page that names models and verdict, and R's code in it repeats the comparison", {
  path <- withr::local_tempfile(fileext = ".html")
  expect_identical(write_report(comparison, path, source = "kyphosis", title = "R & Python"), path)
  page <- paste(readLines(path, encoding = "UTF-8"), collapse = "\n")
  expect_match(page, "<title>R &amp; Python</title>", fixed = TRUE)
  for (model in comparison$models) expect_match(page, model, fixed = TRUE)
  expect_match(page, comparison$verdict, fixed = TRUE)
  expect_no_match(page, "<script")

  code <- regmatches(page, regexpr("library\\(bineural\\)[^<]*", page))
  for (pair in list(c("&lt;", "<"), c("&quot;", "\""), c("&#x27;", "'"), c("&amp;", "&"))) {
    code <- gsub(pair[1], pair[2], code, fixed = TRUE)
  }
  again <- withr::local_tempfile(fileext = ".html")
  code <- sub("report.html", again, sub("library(bineural)", "", code, fixed = TRUE), fixed = TRUE)
  space <- new.env()
  space$start <- start_only
  utils::capture.output(eval(parse(text = code), space))
  expect_equal(space$comparison$scores, comparison$scores)
  expect_true(file.exists(again))
})

test_that("figures of a comparison draw the core's numbers", {
  skip_without("ggplot2")
  forest <- plot_comparison(comparison)
  expect_s3_class(forest, "ggplot")
  models <- forest$data[grepl("^Models", forest$data$panel), ]
  expect_equal(models$estimate, comparison$table$auroc)
  expect_equal(models$low, comparison$table$low)
  path <- withr::local_tempfile(fileext = ".png")
  for (kind in c("folds", "repeats", "roc", "precision_recall", "calibration")) {
    expect_no_warning(plot_comparison(comparison, kind, path))
    expect_gt(file.size(path), 1000)
  }
  folds <- plot_comparison(comparison, "folds", models = c("start", "glm"))
  own <- split(comparison$scores$auroc, comparison$scores$model)
  expect_equal(folds$data$first, own$start)
  expect_equal(folds$data$second, own$glm)
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(comparison, "roc", models = "glm")))
  expect_error(plot_comparison(comparison, "froest"), "forest", class = "bineural_InputError")
  expect_error(plot_comparison(comparison, "seeds"), class = "bineural_InputError")
  expect_error(plot_comparison(glm), class = "bineural_InputError")
})

test_that("a comparison read from a file is reported as the comparison itself", {
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(comparison, path)
  back <- readRDS(path)
  expect_identical(back$table, comparison$table)
  expect_identical(capture.output(print(back)), capture.output(print(comparison)))
  page <- withr::local_tempfile(fileext = ".html")
  expect_error(write_report(back["table"], page), "compare_models", class = "bineural_InputError")
  write_report(back, page)
  expect_gt(file.size(page), 10000)
  back["kept"] <- list(NULL) # as of a comparison that is too large
  back$pointer <- list2env(list(object = NULL), parent = emptyenv()) # as of another session
  expect_error(write_report(back, page), "this R session", class = "bineural_InputError")
})

test_that("one fitted model is reported, with what it is worth on rows that are given", {
  path <- withr::local_tempfile(fileext = ".html")
  write_report(glm, path, source = "kyphosis", data = kyphosis, y = Kyphosis)
  page <- paste(readLines(path, encoding = "UTF-8"), collapse = "\n")
  expect_match(page, sprintf("AUROC %.4f", evaluate_model(glm, kyphosis)$table$estimate[1]), fixed = TRUE)
  expect_match(page, "fit_glm(Kyphosis ~ Age + Number + Start, data, event = &quot;present&quot;)", fixed = TRUE)
  expect_error(write_report(comparison, path, data = kyphosis), "one fitted model", class = "bineural_InputError")
  expect_error(write_report(3, path), "a fitted model", class = "bineural_InputError")
  expect_error(write_report(make_net(), path), "fitted", class = "bineural_InputError")
})
