test_that("a seed gives the rows of rsample's initial_split()", {
  skip_without_python()
  skip_without("rsample")
  kyphosis <- load_dataset("kyphosis")
  for (seed in c(1, 2019)) {
    set.seed(seed)
    truth <- rsample::initial_split(kyphosis, prop = 3 / 4, strata = "Kyphosis")
    split <- split_rows(kyphosis, strata = "Kyphosis", prop = 3 / 4, seed = seed)
    expect_identical(split$train_ids, truth$in_id)
    expect_identical(split$train, rsample::training(truth))
    expect_identical(split$test, rsample::testing(truth))
    set.seed(seed)
    truth <- rsample::initial_split(kyphosis, prop = 0.6)
    expect_identical(split_rows(kyphosis, prop = 0.6, seed = seed)$train_ids, truth$in_id)
  }
})

test_that("a seed gives the rows of rsample's vfold_cv()", {
  skip_without_python()
  skip_without("rsample")
  kyphosis <- load_dataset("kyphosis")
  set.seed(123)
  truth <- rsample::vfold_cv(kyphosis, v = 5, repeats = 2, strata = "Kyphosis")
  folds <- make_folds(kyphosis, folds = 5, repeats = 2, strata = "Kyphosis", seed = 123)
  expect_length(folds, 10)
  for (i in seq_along(folds)) expect_identical(folds[[i]]$test, rsample::testing(truth$splits[[i]]))
  expect_identical(nrow(tibble::as_tibble(folds)), 2L * nrow(kyphosis))
  expect_setequal(folds[[1]]$train_ids, setdiff(1:81, folds[[1]]$test_ids))
})

test_that("folds of rsample are taken as they are", {
  skip_without_python()
  skip_without("rsample")
  kyphosis <- load_dataset("kyphosis")
  set.seed(4)
  rset <- rsample::vfold_cv(kyphosis, v = 4, repeats = 2)
  folds <- make_folds(kyphosis, folds = rset)
  expect_identical(c(folds$folds, folds$repeats, length(folds)), c(4L, 2L, 8L))
  expect_identical(folds[[5]]$train, rsample::training(rset$splits[[5]]))
  expect_identical(folds[[5]]$test, rsample::testing(rset$splits[[5]]))
  boots <- rsample::bootstraps(kyphosis, times = 3)
  expect_identical(make_folds(kyphosis, folds = boots)[[2]]$train, rsample::training(boots$splits[[2]]))
  one <- rsample::initial_split(kyphosis)
  expect_identical(make_folds(kyphosis, folds = one)[[1]]$test, rsample::testing(one))
})

test_that("pairs of row numbers count from 1", {
  skip_without_python()
  data <- data.frame(x = 1:4)
  folds <- make_folds(data, folds = list(list(1:2, 3:4), list(3:4, 1:2)))
  expect_identical(folds[[1]]$test, data[3:4, , drop = FALSE])
  expect_error(make_folds(data, folds = list(list(0:1, 2:3))), "from 1", class = "bineural_InputError")
  expect_error(make_folds(data, folds = list(list(1:2, 4:5))), class = "bineural_InputError")
})

test_that("splitting leaves R's random stream alone", {
  skip_without_python()
  set.seed(1)
  before <- .Random.seed
  split_rows(data.frame(x = 1:10), seed = 5)
  expect_identical(.Random.seed, before)
})

test_that("parts have the class of the data, and one column stays a data frame", {
  skip_without_python()
  expect_identical(class(split_rows(data.frame(x = 1:8), seed = 1)$train), "data.frame")
  x <- matrix(as.double(1:16), 8)
  split <- split_rows(x, seed = 1)
  expect_identical(rbind(split$train, split$test)[order(c(split$train_ids, split$test_ids)), ], x)
  images <- array(as.double(1:32), c(8, 2, 2))
  expect_identical(dim(split_rows(images, seed = 1)$test), c(2L, 2L, 2L))
})

test_that("strata, groups and time may be names or values", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  by_name <- split_rows(kyphosis, strata = "Kyphosis", seed = 1)
  expect_identical(split_rows(kyphosis, strata = kyphosis$Kyphosis, seed = 1)$train_ids, by_name$train_ids)
  data <- data.frame(patient = rep(1:10, each = 3), day = as.Date("2020-01-01") + 29:0)
  split <- split_rows(data, groups = "patient", seed = 1)
  expect_length(intersect(split$train$patient, split$test$patient), 0)
  past <- split_rows(data, time = "day")
  expect_lt(max(past$train$day), min(past$test$day))
})

test_that("a seed may be given as a double and comes back; none is drawn and kept", {
  skip_without_python()
  data <- data.frame(x = 1:20)
  expect_identical(split_rows(data, seed = 7)$seed, 7L)
  drawn <- split_rows(data)
  expect_identical(split_rows(data, seed = drawn$seed)$train_ids, drawn$train_ids)
})

test_that("a split and folds are saved, and loaded only beside the same data", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  path <- withr::local_tempfile(fileext = ".json")
  split <- split_rows(kyphosis, strata = "Kyphosis", seed = 3)
  expect_identical(save_split(split, path), path)
  same <- c("train_ids", "test_ids", "seed", "prop", "strata", "n_rows", "train")
  loaded <- load_split(path, kyphosis)
  for (word in same) expect_identical(loaded[[word]], split[[word]])
  changed <- kyphosis
  changed$Age[5] <- 99L
  expect_error(load_split(path, changed), "Age", class = "bineural_DataMismatchError")
  folds <- make_folds(kyphosis, folds = 3, repeats = 2, seed = 3)
  save_split(folds, path)
  expect_identical(load_split(path, kyphosis)[[4]]$test, folds[[4]]$test)
})

test_that("a split loaded without data knows its rows, saves again, and says what it lacks", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  first <- withr::local_tempfile(fileext = ".json")
  again <- withr::local_tempfile(fileext = ".json")
  split <- split_rows(kyphosis, seed = 3)
  save_split(split, first)
  bare <- load_split(first)
  expect_identical(bare$test_ids, split$test_ids)
  save_split(bare, again)
  expect_identical(readLines(again), readLines(first))
  expect_snapshot(bare$train, error = TRUE)
})

test_that("the workshop's split belongs to rpart's kyphosis", {
  skip_without_python()
  skip_without("rpart")
  split <- load_split("sdss2019", rpart::kyphosis)
  expect_identical(c(nrow(split$train), nrow(split$test)), c(61L, 20L))
  expect_setequal(split$test_ids, c(
    8, 9, 12, 13, 15, 18, 24, 30, 50, 54, 55, 63, 68, 69, 70, 78, 10, 40, 58, 77
  ))
})

test_that("splits and folds print in a line", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  expect_snapshot({
    split_rows(kyphosis, strata = "Kyphosis", seed = 2019)
    folds <- make_folds(kyphosis, folds = 5, repeats = 2, seed = 7)
    folds
    folds[[3]]
  })
})

test_that("the summary of a split or folds says what it is", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  folds <- make_folds(kyphosis, folds = 5, seed = 7)
  for (record in list(split_rows(kyphosis, seed = 1), folds, folds[[2]])) {
    expect_identical(capture.output(summary(record)), capture.output(record))
  }
})

test_that("what can't be split is refused in the core's words", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  expect_error(split_rows(kyphosis, strata = "Kyphose"), class = "bineural_ColumnError")
  expect_error(split_rows(kyphosis, prop = 2), class = "bineural_InputError")
  expect_error(make_folds(kyphosis, folds = 2.5), "whole number", class = "bineural_InputError")
  expect_error(make_folds(kyphosis, folds = 100), class = "bineural_InputError")
  expect_error(make_folds(kyphosis, folds = "ten"), class = "bineural_InputError")
  expect_error(make_folds(kyphosis, folds = 3)[[4]], "1 to 3", class = "bineural_InputError")
  expect_error(save_split(list(), "x"), class = "bineural_InputError")
})

test_that("each pair of folds is a split, in loops and in parts too", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  folds <- make_folds(kyphosis, folds = 4, seed = 1)
  sizes <- integer()
  for (fold in folds) sizes <- c(sizes, nrow(fold$train))
  expect_identical(sizes, c(60L, 61L, 61L, 61L))
  expect_identical(folds[2:3][[1]]$test, folds[[2]]$test)
  copy <- unserialize(serialize(folds, NULL))
  expect_identical(copy[[4]]$train, folds[[4]]$train)
  expect_lt(length(serialize(folds, NULL)), 3 * length(serialize(kyphosis, NULL))) # the data are in it once
  expect_true(all(c("train", "test", "seed") %in% utils::.DollarNames(folds[[1]], "")))
})

test_that("rsample's folds must be of the data that are given", {
  skip_without_python()
  skip_without("rsample")
  folds <- rsample::vfold_cv(datasets::mtcars, v = 3)
  expect_error(make_folds(datasets::iris, folds = folds), "made of 32 rows", class = "bineural_DataMismatchError")
})

test_that("folds by time look back, however R holds the times", {
  skip_without_python()
  days <- as.Date("2020-11-03") + 0:89
  minutes <- as.POSIXct("2020-12-30 22:00", tz = "UTC") + 3660 * (0:89)
  months <- seq(as.Date("1999-03-01"), by = "month", length.out = 60)
  looks_back <- function(truth, written) {
    order <- order(sin(seq_along(truth)))
    truth <- as.numeric(truth)[order]
    folds <- make_folds(data.frame(row = seq_along(truth)), 3, time = written[order])
    for (i in 1:3) expect_lte(max(truth[folds[[i]]$train_ids]), min(truth[folds[[i]]$test_ids]))
    folds$read_as
  }
  for (format in c("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d")) {
    withr::with_locale(c(LC_TIME = "C"), expect_match(looks_back(days, format(days, format)), "^read as "))
  }
  expect_identical(looks_back(days, factor(format(days, "%d/%m/%Y"))), "read as day/month/year")
  expect_identical(looks_back(minutes, format(minutes, "%d/%m/%Y %H:%M")), "read as day/month/year")
  quarter <- paste0(format(months, "%Y"), "-", quarters(months))
  expect_identical(looks_back(as.numeric(factor(quarter)), quarter), "read as year/quarter")
  levels <- c("low", "mid", "high", "top")
  expect_identical(looks_back(rep(1:4, each = 5), factor(rep(levels, each = 5), levels, ordered = TRUE)),
                   "in the order of its levels")
  expect_null(looks_back(days, days))
  expect_null(looks_back(minutes, minutes))
  expect_null(looks_back(minutes, as.POSIXlt(minutes)))
  expect_null(looks_back(1:60, structure(1999 + (0:59) / 12, class = "yearmon")))
  expect_null(looks_back(months, structure(as.numeric(months), class = c("yearmonth", "vctrs_vctr"))))
  expect_error(
    split_rows(data.frame(t = format(days[1:10], "%d/%m/%Y")), time = "t"), "certain.*03/11/2020.*month/day/year",
    class = "bineural_ColumnError"
  )
  split <- split_rows(data.frame(t = format(days, "%d/%m/%Y")), time = "t")
  expect_output(print(split), "time t (read as day/month/year)", fixed = TRUE)
  expect_identical(make_folds(data.frame(t = format(days, "%d/%m/%Y")), 3, time = "t")[[1]]$read_as, split$read_as)
})

test_that("sets of test rows are asked about; numbers, names and truth values are understood", {
  skip_without_python()
  data <- data.frame(x = 1:20)
  number <- rep(1:4, 5)
  tests <- split(1:20, paste0("Fold", number)) # as caret::createFolds() gives them
  expect_error(make_folds(data, tests), "look like test rows.*sets = \"test\"", class = "bineural_InputError")
  folds <- make_folds(data, tests, sets = "test")
  trains <- lapply(tests, function(test) setdiff(1:20, test))
  for (other in list(make_folds(data, number), make_folds(data, trains), make_folds(data, factor(number)))) {
    for (i in 1:4) {
      expect_equal(other[[i]]$test_ids, tests[[i]])
      expect_equal(other[[i]]$train_ids, trains[[i]])
      expect_equal(folds[[i]]$test_ids, tests[[i]])
    }
  }
  named <- make_folds(data, list(list(test = 1:5, train = 6:20), list(1:20 > 5, 1:20 < 3)))
  expect_equal(named[[1]]$test_ids, 1:5)
  expect_equal(named[[2]]$test_ids, 1:2)
  expect_output(print(named), "15 of 20 rows never tested", fixed = TRUE)
  expect_error(make_folds(data, 1:7), "fold of each row.*7 values.*20 rows", class = "bineural_InputError")
})

test_that("levels that look alike are said, and rare ones are kept without a pool", {
  skip_without_python()
  data <- data.frame(y = rep(c("no", "yes", "Yes "), c(150, 40, 10)))
  expect_warning(
    expect_warning(split_rows(data, strata = "y", seed = 1), "\"yes\" (40), \"Yes \" (10)", fixed = TRUE,
                   class = "bineural_LabelWarning"),
    "levels|Levels"
  )
  event <- data.frame(y = seq_len(200) <= 12)
  folds <- make_folds(event, 6, strata = "y", pool = NULL, seed = 1)
  for (i in 1:6) expect_identical(sum(event$y[folds[[i]]$test_ids]), 2L)
  expect_warning(folds <- make_folds(event, 15, strata = "y", pool = NULL, seed = 1), "\"True\" in 12 of 15 folds")
  expect_identical(folds$read_as, "'True' in 12 of 15 folds")
})

test_that("what is split already is not split again", {
  skip_without_python()
  split <- split_rows(datasets::mtcars, seed = 1)
  expect_error(make_folds(split), "a split already", class = "bineural_InputError")
  skip_without("rsample")
  expect_error(make_folds(rsample::vfold_cv(datasets::mtcars)), "`make_folds()` must be given rows",
    class = "bineural_InputError", fixed = TRUE
  )
})
