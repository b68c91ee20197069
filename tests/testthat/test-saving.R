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

# One new session answers for all kinds of objects, since it takes seconds to begin.
test_that("saveRDS() carries everything into a new session, and what a file can't keep says so when it is used", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  one <- fit_glm(Kyphosis ~ Age + Start, rows, event = "present")
  two <- fit_net(Kyphosis ~ Start, rows, event = "present", epochs = 2, ensemble = 1, seed = 1)
  net <- make_net(Kyphosis ~ Age, event = "present", epochs = 2, ensemble = 1, units = 4)
  average <- average_models(list(one = one, two = two))
  tuned <- tune_net(net, rows, list(l2 = c(0.1, 0.01)), folds = 2, seed = 1)
  fold <- function(models) compare_models(models, rows, outcome = Kyphosis, folds = 2, repeats = 1, seed = 1)
  start_only <- function(train, test) rep(mean(train$Kyphosis == "present"), nrow(test))
  comparison <- fold(list(one = one, start = start_only, tuned = tuned))
  fits <- fit_nets(net, rows, split_rows(rows, seed = 1), seeds = 1)
  folds <- make_folds(rows, folds = 3, seed = 3)
  manifest <- withr::local_tempfile(fileext = ".json")
  exactly <- alist(
    predict(one, rows, type = "prob"), coef(one), predict(two, rows, type = "prob"),
    predict(fits$nets[[1]], rows[fits$held_out$row, ], type = "prob"), readLines(save_split(folds, manifest))
  )
  told <- lapply(exactly, eval, environment())
  expect_equal(told[[4]]$.pred_present, fits$held_out$.pred_present, tolerance = 1e-6)

  builder <- function(input_shape, n_outputs) reticulate::import("keras")$Sequential(list())
  lost <- make_net(Kyphosis ~ Age, event = "present", architecture = builder, epochs = 2)
  plain <- make_net(Kyphosis ~ Age, event = "present")
  plain["kept"] <- list(NULL) # as of an object that is too large
  refused <- alist(
    fit_nets(lost, rows, seeds = 1), fit_nets(plain, rows, seeds = 1), print(plain), auroc(object, 1:2),
    evaluate_model(object, rows), compare_models(list(a = object), rows), plot_roc(list(a = object))
  )

  report <- withr::local_tempfile(fileext = ".html")
  asked <- alist(
    predict(average, rows, type = "prob"), evaluate_model(average, rows)$table, utils::capture.output(average),
    fold(list(average = average))$table$auroc, fit_nets(net, rows, seeds = 1)$table, utils::capture.output(net),
    fold(list(tuned = tuned))$table$auroc, predict(tuned$model, rows),
    fold(list(net = net))$table$auroc, plot_comparison(comparison, "roc")$data, comparison$table$auroc,
    nchar(paste(readLines(write_report(comparison, report)), collapse = "")) > 10000
  )
  answers <- lapply(asked, eval, environment())
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(list(
    rows = rows, one = one, two = two, net = net, average = average, tuned = tuned, comparison = comparison,
    fits = fits, folds = folds, manifest = manifest, fold = `environment<-`(fold, globalenv()), report = report,
    lost = lost, plain = plain, object = core()$errors, # a pointer to nothing, when it is read
    exactly = exactly, told = told, asked = asked, answers = answers, refused = refused
  ), path)
  lines <- fresh_r(sprintf(
    "list2env(readRDS(%s), globalenv())
    for (i in seq_along(exactly)) {
      answer <- tryCatch(eval(exactly[[i]]), error = conditionMessage)
      if (!identical(answer, told[[i]])) print(list(exactly[[i]], answer))
    }
    for (i in seq_along(asked)) {
      answer <- tryCatch(eval(asked[[i]]), error = conditionMessage)
      if (!isTRUE(all.equal(answer, answers[[i]]))) print(list(asked[[i]], answer))
    }
    for (call in refused) {
      answer <- tryCatch(eval(call), error = identity)
      if (!inherits(answer, 'bineural_InputError')) print(list(call, answer))
    }
    cat('done')", deparse(path)
  ))
  expect_identical(utils::tail(lines, 1), "done", info = paste(lines, collapse = "\n"))
  expect_no_match(lines, "^\\[\\[1\\]\\]", info = paste(lines, collapse = "\n"))
})

test_that("reading a kept object looks up nothing but what is on the list", {
  skip_without_python()
  ran <- withr::local_tempfile()
  evil <- python_function(
    "def evil(path):
      import pickle
      class Evil:
        def __reduce__(self):
          return open, (path, 'w')
      class Writer:
        def __reduce__(self):
          from bineural.files import write_atomically
          return write_atomically, (path, b'x')
      return pickle.dumps([Evil(), Writer()], protocol=5)", "evil"
  )
  back <- call_core(import_core("bineural._rkept")$from_bytes, call_core(evil, as_py_path(ran)))
  expect_match(reticulate::py_str(back), "not kept in the file")
  expect_false(file.exists(ran))
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
