# Splits and folds in R: lists of row numbers (from 1) beside the data, so that saveRDS keeps them.

#' Split the rows once, into training and test
#'
#' A seed gives the rows of rsample's `initial_split()` (`group_initial_split()`, `initial_time_split()`), version
#' 1.1.1, in R and Python alike.
#'
#' @param data Data frame, or a matrix or array (first dimension: rows).
#' @param strata Column (its name, in quotes or not, or its values) whose shares both parts keep. Numbers with more than
#'   five distinct values are cut at their quartiles. Each stratum of n rows gives `floor(n * prop)` to training.
#' @param groups Column whose rows stay together, e.g. the patient; `prop` is met as nearly as whole groups allow. With
#'   `strata`, each group must lie in one stratum.
#' @param time Column to order by: the first `floor(n_rows * prop)` rows train. Nothing is random. Equal times stay on
#'   one side (the cut moves to the nearest change of time). Not together with `strata` or `groups`. Text is read as
#'   dates, date-times, months, quarters or numbers, all rows of one form: `"31/01/2021"` is day, month and year where
#'   some row has a day above 12, and refused where no row tells day from month. Names of months are English. Printing
#'   says how text was read.
#' @param prop Share of rows to train on, between 0 and 1.
#' @param seed Whole number, as in [set.seed()]. `NULL` draws one from R's random numbers, which is recorded.
#' @param pool Levels of `strata` with a smaller share of the rows are pooled with the others, as rsample does, with a
#'   warning. `NULL`: every level is a stratum, however rare; in folds, one with fewer rows than folds is tested in as
#'   many folds as it has rows.
#' @param rng Random stream: `"R"`, which gives rsample's rows, or `"pcg64"`, NumPy's.
#' @return A split, with `$train` and `$test` (rows of `data`, of its class), `$train_ids` and `$test_ids` (row numbers
#'   from 1), `$seed` and the other settings. R's own random stream is left as it is, but for the draw of a seed.
#' @section Conditions:
#' `bineural_InputError` if an argument can't be used, a part would be empty, or a stratum would be missing in a part;
#' `bineural_ColumnError` if a column is not there, has missing values, or holds times whose order is not certain.
#' Warnings of class `bineural_LabelWarning` if levels of `strata`, or names of `groups`, differ by case, white space or
#' notation only.
#' @references Frick, H. et al. *rsample: General Resampling Infrastructure*, version 1.1.1 (R package).
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' split <- split_rows(kyphosis, strata = "Kyphosis", prop = 0.75, seed = 2019)
#' split
#' split$test
split_rows <- function(data,
                       strata = NULL,
                       groups = NULL,
                       time = NULL,
                       prop = 0.75,
                       seed = NULL,
                       pool = 0.1,
                       rng = "R") {
  call <- rlang::current_env()
  given <- row_values("strata", data, call)
  refuse_split(data, "data", call)
  refuse_split(given, "strata", call)
  if (identical(rng, "R")) say_strata_order(given, data)
  found <- call_core(
    "split_rows", as_py_rows_of(data),
    strata = as_py_row_values(strata, data),
    groups = as_py_row_values(groups, data),
    time = as_py_row_values(time, data),
    prop = as_py_number(prop),
    seed = as_py_seed(seed),
    pool = as_py_number(pool),
    rng = as_py_text(rng)
  )
  new_split(record_parts(found), data)
}

#' Make folds for cross-validation: every row is tested once per repeat
#'
#' A seed gives the rows of rsample's `vfold_cv()` and `group_vfold_cv()`, version 1.1.1, in R and Python alike.
#'
#' @param data Data frame, or a matrix or array (first dimension: rows).
#' @param folds Number of folds, at least 2; or an `rset` or `rsplit` of rsample; or a list of pairs of row numbers
#'   (from 1, or a truth value for each row), in order, `list(list(train, test), ...)`, or named `train` and `test`; or
#'   the fold of each row, a vector of numbers or labels; or a list of sets of row numbers, see `sets`; or a Python
#'   object with `split` and `get_n_splits`, which gets `strata` as `y`.
#' @param repeats How often to make new folds. For pairs and sets: how many repeats they are.
#' @param strata,groups As in [split_rows()]; every fold gets its share of each stratum, and groups never straddle.
#' @param time Column to order by, read as in [split_rows()]: each fold trains on all rows before it and tests on the
#'   next `n_rows %/% (folds + 1)`; the first rows are never tested. Equal times stay together.
#' @param sets Where `folds` lists sets of rows: `"test"` if they are tested, and all others trained on, or `"train"`.
#'   `caret::createFolds()` gives `"test"`, with `returnTrain = TRUE` `"train"`. `NULL`: `"train"`, unless the sets part
#'   the rows, which is asked about.
#' @inheritParams split_rows
#' @return Folds: `length()` counts the pairs, `folds[[i]]` is the i-th as a split with `$train` and `$test`;
#'   `as_tibble()` lists all test rows (`repeat`, `fold`, `row`, from 1).
#' @section Conditions:
#' `bineural_InputError` if there are more folds than rows, groups, or rows of a stratum, or an argument can't be used;
#' `bineural_ColumnError` if a column is not there, has missing values, or holds times whose order is not certain.
#' Warnings of class `bineural_LabelWarning` if levels of `strata`, or names of `groups`, differ by case, white space or
#' notation only.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' folds <- make_folds(kyphosis, folds = 10, repeats = 2, strata = "Kyphosis", seed = 123)
#' folds[[1]]$test_ids
make_folds <- function(data,
                       folds = 10,
                       repeats = 1,
                       strata = NULL,
                       groups = NULL,
                       time = NULL,
                       seed = NULL,
                       pool = 0.1,
                       rng = "R",
                       sets = NULL) {
  refuse_split(data, "data", rlang::current_env())
  if (inherits(folds, "rset") && missing(repeats)) repeats <- rset_repeats(folds)
  if (identical(rng, "R") && is_count(folds)) {
    say_strata_order(row_values("strata", data, rlang::current_env()), data)
  }
  found <- call_core(
    "make_folds", as_py_rows_of(data),
    folds = as_py_folds(folds, data),
    repeats = as_py_count(repeats),
    strata = as_py_row_values(strata, data),
    groups = as_py_row_values(groups, data),
    time = as_py_row_values(time, data),
    seed = if (is_count(folds)) as_py_seed(seed) else as_py_count(seed),
    pool = as_py_number(pool),
    rng = as_py_text(rng),
    sets = as_py_text(sets)
  )
  new_folds(record_parts(found), data)
}

#' Write a split or folds to a file that R and Python read
#'
#' @param split What [split_rows()] or [make_folds()] returned.
#' @param path Where to write; the usual ending is `.json`. An existing file is replaced, whole or not at all. It holds
#'   row numbers (from 0, as Python counts), seed, settings and a hash of the data, and not the data.
#' @return The path, invisibly.
#' @section Conditions:
#' `bineural_SavingError` if the folder does not exist or can't be written to.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' path <- save_split(split_rows(kyphosis, seed = 1), tempfile(fileext = ".json"))
#' load_split(path, kyphosis)
save_split <- function(split, path) {
  invisible(from_python(call_core("save_split", as_py_record(split), as_py_path(path))))
}

#' Read a split or folds, and check that the data are those it was made for
#'
#' @param path_or_name A file that [save_split()] wrote, in R or Python; or the name of one that ships with bineural:
#'   `"sdss2019"`, the frozen 61/20 split of `kyphosis` that gives the workshop's published AUROC, 0.719 = 46/64.
#' @param data The data. `NULL`: only the row numbers are of use.
#' @return What was saved, a split or folds.
#' @section Conditions:
#' `bineural_SavingError` if there is no such file or it is something else; `bineural_DataMismatchError` if `data`
#' differ from the data that were split; it says in what.
#' @export
#' @examplesIf bineural_available()
#' load_split("sdss2019", load_dataset("kyphosis"))
load_split <- function(path_or_name, data = NULL) {
  found <- call_core("load_split", as_py_path(path_or_name), data = if (!is.null(data)) as_py_rows_of(data))
  parts <- record_parts(found)
  if (is.null(parts$resamples)) new_split(parts, data) else new_folds(parts, data)
}

# ---- records --------------------------------------------------------------------------------------------------------

record_parts <- function(record) {
  parts <- from_python(bridge()$record_parts(record))
  from_zero <- c("train_ids", "test_ids")
  count_from_one <- function(pair) {
    pair[from_zero] <- lapply(pair[from_zero], function(ids) if (!is.null(ids)) as.integer(ids) + 1L)
    pair
  }
  if (is.null(parts$resamples)) return(count_from_one(parts))
  parts$resamples <- lapply(parts$resamples, count_from_one)
  parts
}

new_split <- function(parts, data) structure(c(parts, list(data = data)), class = "bineural_split")

# The pairs share one environment with the settings and the data, which saveRDS() writes once. Each is a split, so that
# `for` and purrr, which look inside, meet one too.
new_folds <- function(parts, data) {
  resamples <- parts$resamples
  parts$resamples <- NULL
  shared <- list2env(c(parts, list(data = data, length = length(resamples))), parent = emptyenv())
  pairs <- lapply(seq_along(resamples), function(i) {
    structure(c(resamples[[i]], list(number = i, shared = shared)), class = "bineural_split")
  })
  structure(pairs, settings = shared, class = "bineural_folds")
}

# A pair of folds with all that a split has.
whole_split <- function(x) {
  pair <- unclass(x)
  shared <- pair$shared
  if (is.null(shared)) return(x)
  train_ids <- if (is.null(pair$train_ids)) seq_len(shared$n_rows)[-pair$test_ids] else pair$train_ids
  keep <- c("n_rows", "seed", "rng", "prop", "strata", "groups", "time", "pool", "read_as", "fingerprint")
  text <- sprintf(
    "<Split of %d rows: %d to train, %d to test; pair %d of %d folds>", shared$n_rows, length(train_ids),
    length(pair$test_ids), pair$number, shared$length
  )
  settings <- mget(keep, envir = shared, ifnotfound = list(NULL))
  new_split(c(settings, list(train_ids = train_ids, test_ids = pair$test_ids, text = text)), shared$data)
}

#' @export
`$.bineural_split` <- function(x, name) {
  x <- whole_split(x)
  if (name %in% c("train", "test")) return(part_of(x, name))
  unclass(x)[[name]]
}

#' @export
`[[.bineural_split` <- function(x, i) if (is.character(i)) `$.bineural_split`(x, i) else unclass(whole_split(x))[[i]]

# What can be written after `$`, for an editor's completion.
#' @rawNamespace S3method(utils::.DollarNames, bineural_split)
.DollarNames.bineural_split <- function(x, pattern = "") { # nolint: object_name_linter.
  hidden <- c("text", "data", "fingerprint")
  grep(pattern, c("train", "test", setdiff(names(unclass(whole_split(x))), hidden)), value = TRUE)
}

#' @export
`$.bineural_folds` <- function(x, name) attr(x, "settings")[[name]]

#' @export
`[[.bineural_folds` <- function(x, i) {
  if (is.character(i)) return(`$.bineural_folds`(x, i))
  if (!is_count(i) || i < 1 || i > length(x)) {
    abort_input(
      paste0("`i` must be a number from 1 to ", length(x), "."), paste0("It is ", describe(i), "."),
      "Write e.g. `folds[[1]]`.",
      call = NULL
    )
  }
  whole_split(unclass(x)[[i]])
}

#' @export
`[.bineural_folds` <- function(x, i) lapply(unclass(x)[i], whole_split)

#' @export
print.bineural_split <- function(x, ...) {
  check_dots(...)
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @export
print.bineural_folds <- function(x, ...) {
  check_dots(...)
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @export
summary.bineural_split <- function(object, ...) {
  check_dots(...)
  structure(list(text = object$text), class = "bineural_summary")
}

#' @export
summary.bineural_folds <- summary.bineural_split

#' @export
as_tibble.bineural_folds <- function(x, ...) {
  check_dots(...)
  ids <- lapply(unclass(x), function(pair) pair$test_ids)
  number <- rep(seq_along(ids), lengths(ids)) - 1L
  tibble::tibble(`repeat` = number %/% x$folds + 1L, fold = number %% x$folds + 1L, row = unlist(ids))
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_folds <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(as_tibble.bineural_folds(x), row.names, stringsAsFactors)
}
# nolint end

part_of <- function(split, name) {
  ids <- unclass(split)[[paste0(name, "_ids")]]
  data <- unclass(split)$data
  if (is.null(data)) {
    abort_input(
      paste0("`", name, "` needs the data, which a saved split does not hold."),
      paste0("This one was loaded without; it knows the numbers of ", number_of(length(ids), "row"), "."),
      "Load it with them: `load_split(path, data)`.",
      call = NULL
    )
  }
  if (length(dim(data)) == 2) return(data[ids, , drop = FALSE])
  if (is.null(dim(data))) return(data[ids])
  rest <- rep(list(TRUE), length(dim(data)) - 1)
  do.call(`[`, c(list(data, ids), rest, list(drop = FALSE)))
}

# ---- to Python ------------------------------------------------------------------------------------------------------

as_py_rows_of <- function(data, arg = rlang::caller_arg(data), call = rlang::caller_env()) {
  if (is.atomic(data) && is.null(dim(data)) && !is.null(data)) return(as_py_vector(data, arg, call))
  as_py_data(data, arg, call)
}

# rsample's or ours, where rows are to be split.
refuse_split <- function(x, arg, call) {
  if (!inherits(x, c("rsplit", "rset", "bineural_split", "bineural_folds"))) return(invisible())
  abort_input(
    paste0("`", called_name(call), "` must be given rows, which it splits itself."),
    paste0("`", arg, "` is ", describe(x), ", a split already."),
    "Take it over with `make_folds(data, folds = split)`, or use its parts as they are.",
    call = call
  )
}

# A number of folds, folds of rsample, the fold of each row, or a list of pairs or sets of row numbers.
as_py_folds <- function(folds, data, call = rlang::caller_env()) {
  if (is_python(folds) || (is.numeric(folds) && length(folds) == 1)) return(as_py_count(folds, "folds", call))
  if (inherits(folds, "rset")) folds <- folds$splits
  if (inherits(folds, "rsplit")) folds <- list(folds)
  if (is.atomic(folds) && length(folds) > 1) return(as_py_vector(folds, "folds", call))
  is_part <- function(part) inherits(part, "rsplit") || is.list(part) || is.numeric(part) || is.logical(part)
  if (!is.list(folds) || is.data.frame(folds) || !length(folds) || !all(vapply(folds, is_part, NA))) {
    abort_input(
      "`folds` must be a number of folds, an rsample object, the fold of each row, or a list of pairs of row numbers.",
      paste0("It is ", describe(folds), "."),
      "Give e.g. `folds = 10`.",
      call = call
    )
  }
  py_list(lapply(unname(folds), as_py_part, data = data, call = call))
}

# One pair (its names count more than the order), or one set of row numbers.
as_py_part <- function(part, data, call) {
  check_rows_of(part, data, call)
  if (inherits(part, "rsplit")) part <- rsplit_ids(part)
  if (inherits(part, "bineural_split")) part <- list(part$train_ids, part$test_ids)
  if (!is.list(part)) return(as_py_ids(part, call))
  ids <- lapply(part, as_py_ids, call = call)
  if (setequal(names(ids), c("train", "test")) && length(ids) == 2) return(py_dict(ids))
  py_list(unname(ids))
}

# An rsplit knows the data it was made of.
check_rows_of <- function(pair, data, call) {
  n_rows <- if (length(dim(data))) dim(data)[1] else length(data)
  if (!inherits(pair, "rsplit") || is.null(pair$data) || nrow(pair$data) == n_rows) return(invisible())
  abort_input(
    "`folds` must be of the same rows as `data`.",
    paste0("They were made of ", number_of(nrow(pair$data), "row"), "; `data` has ", n_rows, "."),
    "Give the data frame that the rsample object was made of.",
    class = "DataMismatchError", call = call
  )
}

rsplit_ids <- function(split) list(as.integer(split, data = "analysis"), as.integer(split, data = "assessment"))

rset_repeats <- function(folds) {
  repeats <- attr(folds, "repeats")
  if (is.null(repeats)) 1 else repeats
}

as_py_ids <- function(ids, call) {
  if (is.logical(ids) && length(ids) && !anyNA(ids)) return(as_py_vector(ids, "folds", call))
  if (!is.numeric(ids) || anyNA(ids) || any(ids != trunc(ids)) || any(ids < 1)) {
    abort_input(
      "Row numbers must be whole numbers from 1.", paste0("Found ", describe(ids), "."),
      "Give numbers of rows of `data`, such as `which(...)` returns.",
      call = call
    )
  }
  as_py_rows(ids)
}

as_py_record <- function(split, call = rlang::caller_env(), with_data = TRUE) {
  if (is_python(split)) return(split)
  if (!inherits(split, c("bineural_split", "bineural_folds"))) {
    abort_input(
      "`split` must be made by `split_rows()` or `make_folds()`.", paste0("It is ", describe(split), "."),
      "Write e.g. `save_split(split_rows(data, seed = 1), path)`.",
      call = call
    )
  }
  is_split <- inherits(split, "bineural_split")
  parts <- if (is_split) unclass(whole_split(split)) else as.list(attr(split, "settings"))
  words <- c("strata", "groups", "time", "rng", "read_as", "fingerprint")
  fields <- c(
    lapply(parts[c("n_rows", "seed")], as_py_count, arg = "seed"),
    lapply(parts[c("prop", "pool")], as_py_number, arg = "prop"),
    lapply(parts[words], as_py_text, arg = "strata")
  )
  names(fields) <- c("n_rows", "seed", "prop", "pool", words)
  ids <- function(x) if (!is.null(x)) as_py_rows(x)
  fields <- if (is_split) {
    c(fields, list(train_ids = ids(parts$train_ids), test_ids = ids(parts$test_ids)))
  } else {
    pairs <- lapply(unclass(split), function(pair) py_list(list(ids(pair$train_ids), ids(pair$test_ids))))
    c(fields, list(
      folds = as_py_count(parts$folds), repeats = as_py_count(parts$repeats),
      resamples = py_list(unname(pairs))
    ))
  }
  data <- if (with_data) parts$data
  bridge()$record_from_r(if (!is.null(data)) as_py_rows_of(data, "data", call), py_dict(fields))
}
