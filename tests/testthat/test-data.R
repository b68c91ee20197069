test_that("kyphosis is that of rpart, as a tibble", {
  skip_without_python()
  skip_without("rpart")
  kyphosis <- load_dataset("kyphosis")
  expect_s3_class(kyphosis, "tbl_df")
  expect_equal(as.data.frame(kyphosis), rpart::kyphosis, ignore_attr = "row.names")
})

test_that("Sacramento is that of modeldata, as a tibble", {
  skip_without_python()
  skip_without("modeldata")
  expect_equal(as.data.frame(load_dataset("sacramento")), as.data.frame(modeldata::Sacramento), tolerance = 0)
})

test_that("the data sets are listed, and each can be loaded with the rows it says", {
  skip_without_python()
  known <- list_datasets()
  expect_named(known, c("name", "rows", "columns", "outcome", "source"))
  for (i in match(c("iris", "diabetes"), known$name)) {
    data <- load_dataset(known$name[i])
    expect_identical(dim(data), c(known$rows[i], known$columns[i]))
    expect_true(known$outcome[i] %in% names(data))
  }
})

test_that("a file of one's own is read, with what is missing as NA", {
  skip_without_python()
  path <- withr::local_tempfile(fileext = ".csv")
  table <- tibble::tibble(n = c(1L, NA), x = c(0.5, NA), text = c("a", NA), flag = c(TRUE, FALSE))
  utils::write.csv(table, path, row.names = FALSE)
  expect_identical(load_dataset(path), table)
})

test_that("an unknown name is met with those near it", {
  skip_without_python()
  expect_error(load_dataset("kyphosi"), class = "bineural_InputError")
  expect_snapshot(load_dataset("kyphosi"), error = TRUE)
  expect_error(load_dataset(3), class = "bineural_InputError")
})
