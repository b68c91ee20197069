columns <- list(
  integer = c(3L, -1L, 2147483647L),
  double = c(1.5, -Inf, 1e300),
  logical = c(TRUE, FALSE, TRUE),
  character = c("a", "", "\u00e9\u4e2d"),
  factor = factor(c("low", "high", "low"), levels = c("low", "never", "high")),
  ordered = factor(c("b", "a", "b"), levels = c("b", "a"), ordered = TRUE),
  Date = as.Date(c("2020-02-29", "1969-12-31", "2400-01-01")),
  "POSIXct in a zone" = as.POSIXct(c("2020-07-01 12:00", "1960-05-05 01:02", "2019-01-01 00:00"), tz = "Europe/Berlin"),
  "POSIXct in UTC" = as.POSIXct(c("2020-01-01", "1970-01-01", "1999-12-31"), tz = "UTC")
)

for (kind in names(columns)) {
  whole <- columns[[kind]]
  gaps <- whole
  gaps[2] <- NA
  missing <- whole[1]
  missing[1] <- NA

  test_that(paste("a column crosses both ways unchanged:", kind), {
    skip_without_python()
    expect_identical(there_and_back(whole), whole)
    expect_identical(there_and_back(gaps), gaps)
    expect_identical(there_and_back(missing), missing)
    expect_identical(there_and_back(whole[1]), whole[1])
    expect_identical(there_and_back(whole[0]), whole[0])
  })

  test_that(paste("a column crosses both ways inside a data frame:", kind), {
    skip_without_python()
    frame <- tibble::tibble(whole = whole, gaps = gaps, missing = rep(missing, 3))
    expect_identical(from_python(as_py_frame(frame)), frame)
    expect_identical(from_python(as_py_frame(frame[1, ])), frame[1, ])
    expect_identical(from_python(as_py_frame(frame[0, ])), frame[0, ])
  })

  test_that(paste("Python sees what is missing as missing:", kind), {
    skip_without_python()
    count <- python_function(
      "def count_missing(x):\n  import pandas as pd\n  return int(pd.isna(x).sum())", "count_missing"
    )
    expect_identical(from_python(call_core(count, as_py_vector(gaps))), 1L)
    expect_identical(from_python(call_core(count, as_py_vector(whole))), 0L)
  })
}

test_that("Python sees R's types as its own", {
  skip_without_python()
  dtype <- python_function("def dtype_of(x):\n  return str(x.dtype)", "dtype_of")
  dtypes <- vapply(unname(columns), function(x) from_python(call_core(dtype, as_py_vector(x))), "")
  expect_identical(dtypes, c(
    "int64", "float64", "bool", "str", "category", "category", "datetime64[s]",
    "datetime64[us, Europe/Berlin]", "datetime64[us, UTC]"
  ))
})

test_that("factors arrive as labels in their order", {
  skip_without_python()
  labels <- python_function("def labels_of(x):\n  return list(x), list(x.cat.categories), x.cat.ordered", "labels_of")
  expect_identical(
    from_python(call_core(labels, as_py_vector(columns$ordered))),
    list(c("b", "a", "b"), c("b", "a"), TRUE)
  )
  with_na_level <- addNA(factor(c("x", NA)))
  expect_identical(there_and_back(with_na_level), factor(c("x", NA)))
})

test_that("a time without zone keeps its instant and is shown in the session's zone", {
  skip_without_python()
  withr::local_envvar(TZ = "America/New_York")
  time <- as.POSIXct(c("2021-03-04 05:06:07", NA))
  back <- there_and_back(time)
  expect_identical(as.double(back), as.double(time))
  expect_identical(attr(back, "tzone"), "America/New_York")
})

test_that("parts of a second are kept to the microsecond", {
  skip_without_python()
  time <- as.POSIXct(c(-1e9 + 0.25, 1.5e9 + 0.123456), origin = "1970-01-01", tz = "UTC")
  expect_equal(as.double(there_and_back(time)), as.double(time), tolerance = 1e-15)
})

test_that("dates and times of Python become those of R", {
  skip_without_python()
  code <- "
def make_times():
  import datetime as dt, pandas as pd
  return pd.DataFrame({
    'day': [dt.date(2020, 2, 29), None],
    'midnight': pd.to_datetime(['2020-02-29', '2021-01-01']),
    'naive': pd.to_datetime(['2020-02-29 06:00', None]),
  })"
  expect_identical(
    from_python(call_core(python_function(code, "make_times"))),
    tibble::tibble(
      day = as.Date(c("2020-02-29", NA)), midnight = as.Date(c("2020-02-29", "2021-01-01")),
      naive = as.POSIXct(c("2020-02-29 06:00", NA), tz = "UTC")
    )
  )
})

test_that("whole numbers beyond R's integers come as doubles, exactly or not at all", {
  skip_without_python()
  make <- python_function("def make_big(n):\n  import numpy as np\n  return np.array([1, n])", "make_big")
  expect_identical(from_python(call_core(make, as_py_count(2^31 - 1))), c(1L, 2147483647L))
  expect_identical(from_python(call_core(make, as_py_count(2^31))), c(1, 2^31))
  expect_identical(from_python(call_core(make, as_py_count(2^53))), c(1, 2^53))
  beyond <- bridge()$integer_from_r("9007199254740993")
  expect_error(from_python(call_core(make, beyond)), class = "bineural_ColumnError")
})

test_that("64-bit integers of bit64 arrive as integers", {
  skip_without_python()
  x <- structure(c(4.94065645841246544e-324, -0), class = "integer64") # 1 and bit64's NA
  expect_identical(there_and_back(x), c(1L, NA))
})

test_that("counts go as integers, and what can't cross is refused", {
  skip_without_python()
  type <- python_function("def type_of(x):\n  return type(x).__name__", "type_of")
  expect_identical(from_python(call_core(type, as_py_count(10))), "int")
  expect_identical(from_python(call_core(type, as_py_count(10L))), "int")
  expect_identical(from_python(call_core(type, as_py_count(123456789012))), "int")
  expect_identical(from_python(call_core(type, as_py_number(10L))), "float")
  expect_identical(from_python(call_core(type, as_py_flag(TRUE))), "bool")
  expect_identical(from_python(call_core(type, as_py_text("a"))), "str")
  expect_identical(from_python(call_core(type, as_py_counts(16))), "list")
  expect_null(as_py_count(NULL))
  for (wrong in list(NA, NA_integer_, c(1, 2), list(1), Sys.Date(), factor("a"))) {
    expect_error(as_py_count(wrong, "folds"), "`folds` must be one whole number", class = "bineural_InputError")
  }
  expect_error(as_py_flag(NA, "scale"), class = "bineural_InputError")
  expect_error(as_py_number(NA_real_, "level"), class = "bineural_InputError")
  expect_error(as_py_text(c("a", "b"), "event"), class = "bineural_InputError")
})

test_that("the core says what a plain value must be, and a blank is one in both languages", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  for (wrong in list(2.5, 0, Inf, "10", TRUE)) {
    expect_error(
      make_folds(rows, repeats = wrong), "`repeats` must be a whole number of at least 1", class = "bineural_InputError"
    )
  }
  for (wrong in list(0, 1, "a", FALSE)) {
    expect_error(split_rows(rows, prop = wrong), "`prop` must be a number strictly", class = "bineural_InputError")
  }
  for (blank in list(quote(split_rows(rows, prop = FILL_IN)), quote(make_folds(rows, repeats = FILL_IN)),
                     quote(activate(1, FILL_IN)), quote(activate(1, "relu", derivative = FILL_IN)))) {
    expect_error(eval(blank), "must be filled in", class = "bineural_InputError")
  }
  expect_snapshot(make_folds(rows, repeats = Inf), error = TRUE)
})

test_that("a vector stays a vector and containers keep their kind", {
  skip_without_python()
  text <- python_function("def text_of(x):\n  return repr(x)", "text_of")
  shown <- function(x) from_python(call_core(text, x))
  expect_identical(shown(as_py_counts(16)), "[16]")
  expect_identical(shown(as_py_counts(list())), "[]")
  expect_identical(shown(as_py_texts("a")), "['a']")
  expect_identical(shown(as_py_levels(factor("a"))), "['a']")
  expect_identical(shown(as_py_levels(1:2)), "[1, 2]")
  expect_identical(shown(as_py_option(c(a = 1, b = 0.5))), "{'a': 1, 'b': 0.5}")
  expect_identical(shown(as_py_option(list(a = NULL, b = c(1, 2)))), "{'a': None, 'b': [1, 2]}")
  expect_identical(shown(as_py_option("adam")), "'adam'")
  expect_identical(shown(as_py_rows(c(1, 5))), "array([0, 4])")
  expect_identical(shown(NULL), "None")
})

test_that("formulas go as text, in one piece", {
  skip_without_python()
  as_text <- function(f) from_python(as_py_formula(f))
  expect_identical(as_text(y ~ a + b:c - 1), "y ~ a + b:c - 1")
  expect_identical(as_text(~ I(x^2) + `my col`), "~I(x^2) + `my col`")
  expect_identical(as_text("y ~ ."), "y ~ .")
  long <- stats::reformulate(paste0("a_rather_long_name_", 1:60), "y")
  expect_identical(lengths(regmatches(as_text(long), gregexpr("a_rather", as_text(long)))), 60L)
})

test_that("matrices go without a copy, read-only, and column names stay", {
  skip_without_python()
  shape <- python_function(
    "def shape_of(x):
      import numpy as np
      return type(x).__name__, list(x.shape), float(np.asarray(x)[1, 0])", "shape_of"
  )
  x <- matrix(c(1, 2, 3, 4, 5, NA), 2)
  expect_identical(from_python(call_core(shape, as_py_data(x))), list("ndarray", c(2L, 3L), 2))
  colnames(x) <- c("a", "b", "c")
  expect_identical(from_python(call_core(shape, as_py_data(x))), list("DataFrame", c(2L, 3L), 2))
  expect_identical(from_python(as_py_data(x)), tibble::as_tibble(as.data.frame(x)))
  expect_identical(from_python(as_py_data(unname(x))), unname(x))
  write <- python_function("def write_into(x):\n  x[0, 0] = 9", "write_into")
  expect_error(call_core(write, as_py_data(unname(x))), class = "bineural_PythonError")
  expect_identical(from_python(call_core(shape, as_py_data(matrix(c(NA, 7L), 2)))), list("ndarray", c(2L, 1L), 7))
})

test_that("what has no counterpart is refused, with the column named", {
  skip_without_python()
  refused <- list(
    list = I(list(1, 2)), complex = c(1i, 2i), difftime = as.difftime(c(1, 2), units = "mins"), raw = as.raw(1:2),
    matrix = I(matrix(1:4, 2)), endless = structure(c(Inf, 1), class = "Date")
  )
  for (kind in names(refused)) {
    frame <- data.frame(fine = 1:2)
    frame$odd <- refused[[kind]]
    expect_error(as_py_vector(refused[[kind]], "odd"), "`odd` must hold", class = "bineural_ColumnError")
    frame$y <- 1:2
    expect_error(
      fit_glm(y ~ odd, frame, event = 1), "`odd` can't be a predictor",
      class = "bineural_ColumnError", label = kind
    )
  }
  expect_snapshot(fit_glm(y ~ ., data.frame(y = 1:3, length = as.difftime(1:3, units = "mins"))), error = TRUE)
  expect_snapshot(as_py_data(list("a", 2), "data"), error = TRUE)
  expect_snapshot(as_py_count(c(2, 5), "folds"), error = TRUE)
  periods <- python_function(
    "def make_periods():
      import pandas as pd
      return pd.DataFrame({'when': pd.to_timedelta([1, 2], unit='s')})", "make_periods"
  )
  expect_error(from_python(call_core(periods)), "`when`", class = "bineural_ColumnError")
})

test_that("columns that have no counterpart stop nobody who does not use them", {
  skip_without_python()
  rows <- load_dataset("kyphosis")
  odd <- rows
  odd$list <- lapply(seq_len(nrow(odd)), seq_len)
  odd$complex <- complex(real = seq_len(nrow(odd)))
  odd$matrix <- matrix(1, nrow(odd), 2)
  odd$length <- as.difftime(seq_len(nrow(odd)), units = "mins")
  odd$inner <- data.frame(a = seq_len(nrow(odd)))
  glm <- fit_glm(Kyphosis ~ Start, odd, event = "present")
  expect_identical(coef(glm), coef(fit_glm(Kyphosis ~ Start, rows, event = "present")))
  expect_identical(predict(glm, odd, type = "prob"), predict(glm, rows, type = "prob"))
  expect_identical(evaluate_model(glm, odd)$table, evaluate_model(glm, rows)$table)
  split <- split_rows(odd, seed = 1)
  expect_identical(split$train, odd[split$train_ids, ])
  path <- save_split(split, withr::local_tempfile(fileext = ".json"))
  expect_identical(load_split(path, odd)$test_ids, split$test_ids)
  for (name in c("list", "complex", "matrix", "length", "inner")) {
    expect_error(split_rows(odd, time = name), name, class = "bineural_ColumnError", label = name)
  }
})

test_that("columns of one name reach the core, which says so in its own words", {
  skip_without_python()
  frame <- data.frame(a = 1:2, a = c("x", "y"), check.names = FALSE)
  names_of <- python_function("def names_of(x):\n  return list(x.columns)", "names_of")
  expect_identical(from_python(call_core(names_of, as_py_frame(frame))), c("a", "a"))
})

test_that("data frames without columns or rows keep their shape", {
  skip_without_python()
  expect_identical(dim(from_python(as_py_frame(data.frame(row.names = 1:3)))), c(3L, 0L))
  expect_identical(dim(from_python(as_py_frame(data.frame()))), c(0L, 0L))
})

test_that("values of all kinds come back as R's", {
  skip_without_python()
  code <- "
def make_values():
  import numpy as np, pandas as pd, pathlib, collections
  Pair = collections.namedtuple('Pair', ['low', 'high'])
  return {
    'none': None, 'flag': np.bool_(True), 'whole': np.int64(7), 'number': np.float32(0.5), 'nan': float('nan'),
    'text': 'x', 'path': pathlib.PurePosixPath('a/b'), 'texts': ['x'], 'gaps': [1, None, 2.5], 'mixed': [1, 'a', None],
    'pair': Pair(1, 2.5), 'empty': {}, 'matrix': np.eye(2), 'one_by_one': np.ones((1, 1)), 'vector': np.array([2]),
    'series': pd.Series(['u', None]), 'object': pd.Series([True, None], dtype=object), 'tuple': ('a', ('b', 1)),
    'category': pd.Categorical([3, 1, 3]), 'tiny': np.array([1, 2], dtype='uint8'),
  }"
  values <- from_python(call_core(python_function(code, "make_values")))
  expect_identical(values[c("none", "flag", "whole", "number", "nan", "text", "path", "texts", "gaps")], list(
    none = NULL, flag = TRUE, whole = 7L, number = 0.5, nan = NA_real_, text = "x", path = "a/b", texts = "x",
    gaps = c(1, NA, 2.5)
  ))
  expect_identical(values$mixed, list(1L, "a", NULL))
  expect_identical(values$pair, list(low = 1L, high = 2.5))
  expect_length(values$empty, 0)
  expect_identical(values$matrix, diag(2))
  expect_identical(values$one_by_one, matrix(1))
  expect_identical(values$vector, 2L)
  expect_identical(values$series, c("u", NA))
  expect_identical(values$object, c(TRUE, NA))
  expect_identical(values$tuple, list("a", list("b", 1L)))
  expect_identical(values$category, factor(c(3, 1, 3)))
  expect_identical(values$tiny, 1:2)
})

test_that("one column of a table or matrix is a vector, several are not", {
  skip_without_python()
  expect_identical(there_and_back(tibble::tibble(a = c(1, NA))), c(1, NA))
  expect_identical(there_and_back(matrix(1:3)), 1:3)
  expect_error(as_py_vector(matrix(1:4, 2)), class = "bineural_ColumnError")
})

test_that("a factor's labels are no scores", {
  skip_without_python()
  expect_error(auroc(c(0, 1), factor(c(1, 2))), "must be numbers", class = "bineural_InputError")
})
