set.seed(3)
dense <- matrix(rbinom(240, 1, 0.4) * rnorm(240), 60)
outcome <- as.vector(dense %*% c(1, -1, 0, 2)) + rnorm(60, sd = 0.1)

test_that("matrices of the Matrix package are the dense ones, of whatever class", {
  skip_without("Matrix")
  glm <- fit_glm(dense, outcome)
  sparse <- Matrix::Matrix(dense, sparse = TRUE)
  classes <- c("RsparseMatrix", "TsparseMatrix")
  classes <- c(lapply(classes, methods::as, object = sparse), sparse, Matrix::Matrix(dense, sparse = FALSE))
  for (x in classes) {
    expect_equal(predict(fit_glm(x, outcome), x), predict(glm, dense))
  }
  truths <- sparse > 0.5 # lgCMatrix
  counted <- as.matrix(truths) + 0
  expect_equal(predict(fit_glm(truths, outcome), truths), predict(fit_glm(counted, outcome), counted))
  symmetric <- Matrix::forceSymmetric(Matrix::crossprod(sparse))
  expect_equal(from_python(as_py_data(symmetric)$toarray()), unname(as.matrix(symmetric)))
})

test_that("they go to nets, folds, evaluations and comparisons, by their columns' names where they have any", {
  skip_without("Matrix")
  sparse <- Matrix::Matrix(dense, sparse = TRUE)
  few <- function(...) fit_net(..., epochs = 2, ensemble = 1, seed = 1)
  net <- few(sparse, outcome)
  expect_equal(predict(net, sparse), predict(few(dense, outcome), dense))
  expect_equal(evaluate_model(net, sparse, y = outcome)$measures, evaluate_model(net, dense, y = outcome)$measures)
  split <- split_rows(sparse, seed = 1)
  expect_identical(split$train, sparse[split$train_ids, , drop = FALSE])
  compared <- function(x) {
    mean_of <- function(train, test) rep(mean(train$outcome), nrow(test)) # which gets the zeros, too
    models <- list("glm", mean_of)
    compare_models(stats::setNames(models, c("glm", "mean")), x, outcome, folds = 2, repeats = 1, seed = 1)$table$rmse
  }
  expect_equal(compared(sparse), compared(dense))
  named <- sparse
  colnames(named) <- c("a", "b", "c", "d")
  glm <- fit_glm(named, outcome)
  expect_setequal(tidy(glm)$term, c("(Intercept)", "a", "b", "c", "d"))
  table <- as.data.frame(as.matrix(named))
  expect_equal(predict(glm, table), predict(glm, named))
})
