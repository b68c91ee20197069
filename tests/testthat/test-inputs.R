test_that("model_matrix() equals stats::model.matrix()", {
  skip_without_python()
  skip_without("rpart")
  kyphosis <- rpart::kyphosis
  kyphosis$dose <- factor(rep(c("low", "mid", "high"), 27), levels = c("low", "mid", "high"), ordered = TRUE)
  kyphosis$site <- rep(c("a", "b", "c"), each = 27)
  for (formula in list(~ Age * Start, ~ site + Age, ~ dose, ~ Number:site - 1, ~ I(Age^2) + log(Age))) {
    truth <- stats::model.matrix(formula, kyphosis)
    found <- model_matrix(formula, kyphosis)
    expect_s3_class(found, "tbl_df")
    expect_identical(names(found), colnames(truth))
    expect_equal(as.matrix(found), truth, ignore_attr = TRUE, tolerance = 1e-12)
  }
  found <- model_matrix(~site, kyphosis, contrasts = c(site = "sum"))
  truth <- stats::model.matrix(~site, kyphosis, contrasts.arg = list(site = "contr.sum"))
  expect_equal(as.matrix(found), truth, ignore_attr = TRUE)
})

test_that("rows with missing values are left out as by R, with a warning that names column and count", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  kyphosis$Age[c(2, 5)] <- NA
  expect_warning(found <- model_matrix(~ Age + Start, kyphosis), "`Age` \\(2\\)", class = "bineural_DroppedWarning")
  expect_equal(as.matrix(found), stats::model.matrix(~ Age + Start, kyphosis), ignore_attr = TRUE)
})
