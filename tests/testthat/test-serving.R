# vetiver's methods: tried with vetiver where it is there, and by what it asks of them where it is not.

test_that("vetiver takes a model, describes it, pins it and serves it", {
  skip_without_python()
  skip_if(!requireNamespace("vetiver", quietly = TRUE), "R package vetiver is not in Debian")
  skip_if(!requireNamespace("pins", quietly = TRUE), "R package pins is not in Debian")
  rows <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Start, rows, event = "present")
  model <- vetiver::vetiver_model(glm, "glm", prototype_data = head(rows[c("Age", "Start")]))
  expect_match(model$description, "A bineural GLM of Kyphosis ~ Age + Start", fixed = TRUE)
  board <- pins::board_temp()
  vetiver::vetiver_pin_write(board, model)
  again <- vetiver::vetiver_pin_read(board, "glm")
  answer <- vetiver::handler_predict(again)(list(body = as.data.frame(rows[c("Age", "Start")])))
  expect_equal(answer, predict(glm, rows, type = "prob"))
})

test_that("the methods answer as vetiver asks", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Start, rows, event = "present")
  expect_identical(vetiver_create_description.bineural_model(glm), "A bineural GLM of Kyphosis ~ Age + Start")
  expect_identical(vetiver_prepare_model.bineural_model(glm), glm)
  prototype <- vetiver_ptype.bineural_model(glm, prototype_data = rows[c("Age", "Start")])
  expect_identical(dim(prototype), c(0L, 2L))
  expect_error(vetiver_ptype.bineural_model(glm), class = "bineural_InputError")
  serve <- handler_predict.bineural_model(list(model = glm)) # without a prototype nothing of vetiver's is asked
  expect_equal(serve(list(body = rows)), predict(glm, rows, type = "prob"))
  line <- fit_glm(Start ~ Age, rows)
  expect_equal(handler_predict.bineural_model(list(model = line))(list(body = rows)), predict(line, rows))
})

test_that("the methods are registered with vetiver where it is there", {
  namespace <- readLines(system.file("NAMESPACE", package = "bineural"))
  for (generic in c("vetiver_create_description", "vetiver_ptype", "handler_predict", "handler_startup")) {
    expect_true(sprintf("S3method(vetiver::%s,bineural_model)", generic) %in% namespace)
  }
})

test_that("MLflow gets a model as Python logs it, in both languages, and asks it as a pyfunc", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Age + Start, rows, event = "present")
  path <- withr::local_tempdir()
  known <- list(run_id = "of a run", artifact_path = "glm", utc_time_created = "2026-11-30 10:00:00.000000")
  known$signature <- list(inputs = '[{"type": "long", "name": "Age"}, {"type": "long", "name": "Start"}]')
  said <- mlflow_save_model.bineural_model(glm, path, c(known, list(flavors = list(other = list(version = "1")))))
  expect_identical(said[c("run_id", "artifact_path", "utc_time_created")], known[1:3])
  expect_setequal(names(said$flavors), c("other", "bineural", "python_function"))
  again <- mlflow_load_flavor.mlflow_flavor_bineural(character(), path)
  expect_equal(predict(again, rows, type = "prob"), predict(glm, rows, type = "prob"))
  pyfunc <- reticulate::import("mlflow.pyfunc", convert = FALSE)$load_model(path)
  asked <- as.data.frame(rows[c("Age", "Start")])
  told <- from_python(pyfunc$predict(reticulate::r_to_py(asked)))
  table <- mlflow_predict.bineural_model(again, asked)
  expect_equal(as.data.frame(table), as.data.frame(told))
  expect_identical(names(table), c(".pred_absent", ".pred_present", ".pred_class"))
  logged <- reticulate::import("bineural.serving.mlflow_flavor")$load_mlflow_model(path)
  expect_true(inherits(logged, "python.builtin.object"))
})
