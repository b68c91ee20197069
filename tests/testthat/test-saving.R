test_that("a saved model predicts the same, from R and from Python", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
  path <- withr::local_tempfile(fileext = ".bineural")
  expect_identical(save_model(glm, path), path)
  loaded <- load_model(path)
  expect_identical(class(loaded), class(glm))
  expect_identical(loaded[c("event", "levels", "outcome", "n_rows")], glm[c("event", "levels", "outcome", "n_rows")])
  expect_identical(predict(loaded, kyphosis, type = "prob"), predict(glm, kyphosis, type = "prob"))
  expect_identical(coef(loaded), coef(glm))
  in_python <- call_core("load_model", as_py_path(path))
  expect_identical(
    from_python(call_core(in_python$predict_event, as_py_frame(kyphosis))),
    predict(glm, kyphosis, type = "prob")$.pred_present
  )
})

test_that("saveRDS() carries a model into a new session", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(list(glm, predict(glm, kyphosis, type = "prob")), path)
  text <- fresh_r(sprintf(
    "kept <- readRDS(%s); rows <- load_dataset('kyphosis')
    cat(identical(predict(kept[[1]], rows, type = 'prob'), kept[[2]]), length(coef(kept[[1]])))",
    deparse(path)
  ))
  expect_identical(utils::tail(text, 1), "TRUE 3")
})

test_that("a model without weights says so", {
  skip_without_python()
  glm <- fit_glm(Kyphosis ~ Start, load_dataset("kyphosis"), event = "present")
  glm$bundle <- NULL
  glm$pointer <- new.env(parent = emptyenv())
  expect_snapshot(error = TRUE, coef(glm))
})

test_that("what is no model or no bundle is refused", {
  skip_without_python()
  path <- withr::local_tempfile()
  writeLines("not a bundle", path)
  expect_error(load_model(path), class = "bineural_SavingError")
  expect_error(load_model(withr::local_tempfile()), class = "bineural_SavingError")
  expect_error(save_model(1, path), class = "bineural_InputError")
  glm <- fit_glm(Kyphosis ~ Start, load_dataset("kyphosis"), event = "present")
  expect_error(save_model(glm, file.path(path, "no", "folder")), class = "bineural_SavingError")
})

test_that("the formula of a loaded model is parsed and not run", {
  ran <- withr::local_tempfile()
  hostile <- sprintf("{file.create(%s); y ~ x}", deparse(ran))
  expect_identical(as_formula(hostile), hostile)
  expect_false(file.exists(ran))
  expect_identical(as_formula("y ~ x + log(z)"), as.formula("y ~ x + log(z)", globalenv()))
  expect_identical(as_formula("not a formula"), "not a formula")
})

test_that("a bundle may unpack to no more than is allowed", {
  skip_without_python()
  glm <- fit_glm(Kyphosis ~ Start, load_dataset("kyphosis"), event = "present")
  path <- withr::local_tempfile(fileext = ".bineural")
  save_model(glm, path)
  expect_error(load_model(path, max_bytes = 100), "much more than its own size", class = "bineural_SavingError")
  expect_identical(coef(load_model(path, max_bytes = 1e6)), coef(glm))
})
