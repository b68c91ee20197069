# Models that predict without bineural, written from R; the numbers of all forms are compared in tests/python/exporting.

test_that("a scorer in R gives the probabilities of predict(), from a file that knows nothing of bineural", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ log(Age) + poly(Number, 2) + Start, rows, event = "present")
  path <- withr::local_tempfile(fileext = ".R")
  expect_identical(export_model(glm, path, format = "r"), path)
  scorer <- new.env(parent = baseenv())
  sys.source(path, scorer)
  answer <- scorer$predict_rows(as.data.frame(rows))
  expected <- as.data.frame(predict(glm, rows, type = "prob"))
  expect_equal(answer, expected[names(answer)], tolerance = 1e-12)
  expect_identical(is.na(scorer$predict_rows(data.frame(Age = c(NA, 5), Number = 3, Start = 1))[[1]]), c(TRUE, FALSE))
})

test_that("a small net becomes R, with gaps filled and factors as levels", {
  skip_without_python()
  rows <- iris
  rows$Sepal.Width[c(2, 9)] <- NA
  net <- fit_net(
    Sepal.Length ~ Sepal.Width + Species, rows,
    units = 3, epochs = 2, ensemble = 2, seed = 1, missing = "impute"
  )
  path <- export_model(net, withr::local_tempfile(fileext = ".R"), format = "r")
  scorer <- new.env(parent = baseenv())
  sys.source(path, scorer)
  expect_equal(scorer$predict_rows(rows)$.pred, predict(net, rows)$.pred, tolerance = 1e-6)
})

test_that("a query is of the table that is named, and keeps columns", {
  skip_without_python()
  glm <- fit_glm(Kyphosis ~ Age, load_dataset("kyphosis"), event = "present")
  path <- withr::local_tempfile(fileext = ".sql")
  export_model(glm, path, format = "sql", table = "patients", keep = "id")
  query <- paste(readLines(path), collapse = "\n")
  expect_match(query, "FROM \"patients\"", fixed = TRUE)
  expect_match(query, "\"id\"", fixed = TRUE)
})

test_that("what can't be exported is said", {
  skip_without_python()
  glm <- fit_glm(Kyphosis ~ Age, load_dataset("kyphosis"), event = "present")
  expect_error(export_model(glm, tempfile(), format = "pmml"), class = "bineural_InputError")
  expect_error(export_model(1, tempfile()), class = "bineural_InputError")
  net <- fit_net(array(sin(1:(8 * 36)), c(8, 6, 6, 1)), rep(c("a", "b"), 4),
    event = "a", architecture = "cnn", width = 0.1, epochs = 1, ensemble = 1, seed = 1
  )
  expect_error(export_model(net, tempfile(), format = "sql"), "of a table", class = "bineural_InputError")
})
