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

test_that("a file is read as it was written, by the options of the same names", {
  skip_without_python()
  path <- withr::local_tempfile(fileext = ".csv")
  table <- tibble::tibble(x = c(1.5, NA, -2), n = c(1234L, 5L, 1000000L), who = c("J\u00fcrgen", NA, "Anna"))
  lines <- c("x;n;who", "1,5;1.234;J\u00fcrgen", "?;5;-", "-2;1.000.000;Anna")
  writeLines(iconv(lines, "UTF-8", "latin1"), path, useBytes = TRUE)
  options <- list(separator = ";", decimal = ",", thousands = ".", encoding = "latin1", missing_values = c("?", "-"))
  expect_identical(do.call(load_dataset, c(path, options)), table)
  expect_error(
    load_dataset(path, encoding = "latin1"), "separator = \";\" and decimal = \",\"",
    class = "bineural_InputError"
  )
  expect_error(load_dataset(path, separator = ";"), "encoding = \"cp1252\"", class = "bineural_InputError")
  expect_error(load_dataset(path, separator = 3), "separator", class = "bineural_InputError")
  expect_error(load_dataset("kyphosis", decimal = ","), "`decimal` must be given for text files only")
})

test_that("what R's own functions write is read", {
  skip_without_python()
  table <- data.frame(a = c(1.25, NA), b = c("x", "y"))
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv2(table, path, row.names = FALSE)
  expect_identical(as.data.frame(load_dataset(path, separator = ";", decimal = ",")), table)
  text <- withr::local_tempfile(fileext = ".txt")
  utils::write.table(table, text, row.names = FALSE)
  expect_identical(as.data.frame(load_dataset(text, separator = " ")), table)
  utils::write.table(table, text)
  expect_error(load_dataset(text, separator = " "), "row.names = FALSE", class = "bineural_InputError")
  skip_without("jsonlite")
  json <- withr::local_tempfile(fileext = ".json")
  jsonlite::write_json(table, json)
  expect_identical(as.data.frame(load_dataset(json)), table)
})

test_that("an unknown name is met with those near it", {
  skip_without_python()
  expect_error(load_dataset("kyphosi"), class = "bineural_InputError")
  expect_snapshot(load_dataset("kyphosi"), error = TRUE)
  expect_error(load_dataset(3), class = "bineural_InputError")
})
