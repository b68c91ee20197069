# Values cross between R and Python here and nowhere else; the other half is python/bineural/_rbridge.py.
#
# Going: NA is settled before the crossing (a mask goes with the values), factors go as labels, counts as integers,
# formulas as text, NULL as None; vectors stay vectors whatever their length.
# Coming: data frames are tibbles; missing values are NA of the column's type.

# ---- calls ----------------------------------------------------------------------------------------------------------

# Call a public name of the core (or any Python callable). Arguments are ready for Python; the value is a Python object.
call_core <- function(.target, ..., .call = rlang::caller_env()) {
  arguments <- list(...)
  named <- rlang::names2(arguments) != ""
  bridge <- bridge()
  target <- if (is.character(.target)) ask_core(bridge$find, to_py(.target), call = .call) else .target
  refuse_dead(c(list(target), arguments), .call)
  .state$r_error <- NULL
  outcome <- tryCatch(
    bridge$call(
      target, py_list(unname(arguments[!named])), py_dict(arguments[named]), console_stream(), someone_watches()
    ),
    error = function(e) abort_from_python(error_parts(e), .call)
  )
  warn_from_python(reticulate::py_to_r(outcome$get("warnings")), .call)
  value_of(outcome, .call)
}

# Call a function of the bridge, without warnings and messages.
ask_core <- function(target, ..., call) {
  value_of(bridge()$call(target, py_list(list(...)), empty_dict()), call)
}

value_of <- function(outcome, call) {
  parts <- reticulate::py_to_r(outcome$get("error"))
  if (!is.null(parts)) abort_from_python(parts, call)
  outcome$get("value")
}

# Whether progress bars make sense: they are messages that write over themselves, as terminals and editors show them.
someone_watches <- function() rlang::is_interactive() && !isTRUE(getOption("knitr.in.progress"))

# What Python prints is said as R messages.
console_stream <- function() {
  if (is.null(.state$console)) {
    emit <- function(text) {
      message(in_r_words(text), appendLF = FALSE)
      invisible(NULL)
    }
    .state$console <- to_py(emit, convert = TRUE)
  }
  .state$console
}

# Python is started first, so that where there is none it is our error that says so.
to_py <- function(x, ...) {
  bridge()
  reticulate::r_to_py(x, ...)
}

# Containers that stay what they are when they are empty or of length one.
py_list <- function(values) {
  refuse_dead(values, rlang::caller_env())
  if (length(values)) to_py(as.list(values)) else to_py(list())
}

py_dict <- function(values) {
  refuse_dead(values, rlang::caller_env())
  if (length(values)) to_py(as.list(values)) else empty_dict()
}

empty_dict <- function() {
  bridge()
  reticulate::dict(convert = FALSE)
}

is_python <- function(x) inherits(x, "python.builtin.object")

# ---- single values --------------------------------------------------------------------------------------------------

# A count or a seed: a whole number, sent as int.
as_py_count <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (is_count(x)) return(py_integer(x))
  if (is.numeric(x) && !is.object(x) && length(x) == 1 && is.finite(x) && abs(x) > 2^53) {
    abort_value(x, "a whole number of at most 2^53, which R holds exactly", "Give a smaller one.", arg, call)
  }
  as_py_other(x, "one whole number", paste0("Give e.g. `", arg, " = 10`."), arg, call)
}

# What is not of the type that was asked for: a plain value goes as it is, and the core says what it must be, bounds
# and all. What has no counterpart is refused here in the same sentences.
as_py_other <- function(x, words, hint, arg, call) {
  refuse_blank(x, arg, call)
  is_plain <- (is.numeric(x) || is.character(x) || is.logical(x)) && !is.object(x)
  if (is_plain && length(x) == 1 && !is.na(x)) return(to_py(as.vector(x)))
  abort_value(x, words, hint, arg, call)
}

abort_value <- function(x, words, hint, arg, call) {
  refuse_blank(x, arg, call)
  abort_input(paste0("`", arg, "` must be ", words, "."), paste0("Found ", describe(x), "."), hint, call = call)
}

refuse_blank <- function(x, arg, call) {
  if (!inherits(x, "FILL_IN")) return(invisible())
  abort_input(
    paste0("`", arg, "` must be filled in."), "Found FILL_IN.", "Put your own answer where FILL_IN stands.", call = call
  )
}

is_count <- function(x) {
  is.numeric(x) && !is.object(x) && length(x) == 1 && is.finite(x) && x == trunc(x) && abs(x) <= 2^53
}

py_integer <- function(x) {
  if (abs(x) <= .Machine$integer.max) return(to_py(as.integer(x)))
  bridge()$integer_from_r(sprintf("%.0f", x))
}

# The parts of a vector or list, which nothing else has.
as_parts <- function(x, arg, call) {
  if (is.atomic(x) || is.list(x)) return(as.list(x))
  abort_value(x, "a vector or a list", paste0("Give e.g. `", arg, " = c(...)`."), arg, call)
}

# Several counts, e.g. units = c(16, 8): a list of int.
as_py_counts <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  py_list(lapply(as_parts(x, arg, call), as_py_count, arg = arg, call = call))
}

as_py_number <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  is_number <- is.numeric(x) && !is.object(x) && length(x) == 1 && !is.na(x)
  if (is_number) to_py(as.double(x)) else as_py_other(x, "one number", "Pass a number.", arg, call)
}

as_py_flag <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (!rlang::is_bool(x)) abort_value(x, "TRUE or FALSE", "Use TRUE or FALSE.", arg, call)
  to_py(as.logical(x))
}

# One text: a name, a level, a path. A factor value counts as its label.
as_py_text <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (is.factor(x)) x <- as.character(x)
  if (!is.character(x) || length(x) != 1 || is.na(x)) {
    abort_value(x, "text", "Write it between quotation marks.", arg, call)
  }
  to_py(enc2utf8(as.character(x)))
}

as_py_path <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (!is.character(x) || length(x) != 1 || is.na(x)) {
    abort_value(x, "a path", "Pass a path such as \"folder/file\".", arg, call)
  }
  as_py_text(path.expand(x), arg, call)
}

# A level of an outcome: text, or the number or truth value that stands in the column.
as_py_level <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (is_count(x)) return(py_integer(x))
  if (rlang::is_bool(x)) return(as_py_flag(x, arg, call))
  if (is.numeric(x)) return(as_py_number(x, arg, call))
  is_text <- (is.character(x) || is.factor(x)) && length(x) == 1 && !is.na(x)
  if (is_text) as_py_text(x, arg, call) else abort_value(x, "one label", "Name one class.", arg, call)
}

# Several levels: a list, also of length one.
as_py_levels <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (is.factor(x)) x <- as.character(x)
  py_list(lapply(as_parts(x, arg, call), as_py_level, arg = arg, call = call))
}

# Several texts, e.g. column names: a list, also of length one.
as_py_texts <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  py_list(lapply(as_parts(x, arg, call), as_py_text, arg = arg, call = call))
}

# An option whose type depends on its meaning: text, count, number, flag, vector of them, named list, Python object.
# Whole numbers go as integers; a named vector or list goes as a dict; a function goes as a callable.
as_py_option <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (is.function(x)) return(as_py_function(x))
  if (inherits(x, "formula")) return(as_py_formula(x, call = call))
  if (inherits(x, "bineural_model")) return(python_model(x, arg, call))
  if (is.data.frame(x)) return(as_py_frame(x, arg, call))
  if (!is.null(names(x))) return(as_py_dict(x, arg, call))
  if (is.list(x) || length(x) != 1) {
    if (is.factor(x)) x <- as.character(x)
    return(py_list(lapply(as_parts(x, arg, call), as_py_option, arg = arg, call = call)))
  }
  if (is.atomic(x) && is.na(x)) abort_value(x, "a known value", "Leave it out, or give a value.", arg, call)
  as_py_level(x, arg, call)
}

# A function of R's: its arguments arrive as R's, and its error is kept for abort_from_python().
as_py_function <- function(x) {
  keep_error <- function(e) {
    .state$r_error <- e
    stop(e)
  }
  f <- to_py(function(...) tryCatch(x(...), error = keep_error), convert = TRUE)
  reticulate::py_set_attr(f, "__name__", to_py("function"))
  f
}

# A named list or vector: a dict, keyed by the names.
as_py_dict <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (!length(x) || !rlang::is_named(x)) {
    abort_input(
      paste0("`", arg, "` must have a name for every value."), paste0("It is ", describe(x), "."),
      paste0("Give e.g. `", arg, " = list(name = value)`."),
      call = call
    )
  }
  values <- lapply(as_parts(x, arg, call), as_py_option, arg = arg, call = call)
  py_dict(stats::setNames(values, enc2utf8(names(x))))
}

# A family by R's name, as an object or as the function that makes one: its name and link in the core's words.
as_py_family <- function(family, link, call = rlang::caller_env()) {
  if (is.function(family)) family <- tryCatch(family(), error = function(e) family)
  if (inherits(family, "family")) {
    if (is.null(link)) link <- family$link
    variance <- if (identical(family$family, "quasi")) family$varfun
    family <- family$family
    if (identical(variance, "mu")) family <- "quasipoisson"
    if (identical(variance, "mu(1-mu)")) family <- "quasibinomial"
  }
  if (identical(family, "Gamma")) family <- "gamma"
  if (identical(family, "inverse.gaussian")) family <- "inverse_gaussian"
  if (rlang::is_string(family)) family <- sub("^Negative Binomial\\((.*)\\)$", "negative_binomial(\\1)", family)
  list(family = as_py_text(family, "family", call), link = as_py_text(link, "link", call))
}

# Contrasts by name, as one of R's contrast functions, or as a matrix with a row for each level.
as_py_contrasts <- function(contrasts, call = rlang::caller_env()) {
  if (is_python(contrasts) || is.null(contrasts)) return(contrasts)
  if (is.list(contrasts) && !length(contrasts)) return(NULL)
  as_py_dict(lapply(as_parts(contrasts, "contrasts", call), as_py_contrast, call = call), "contrasts", call)
}

as_py_contrast <- function(x, call) {
  if (is.matrix(x) && is.numeric(x)) return(as_py_data(unname(x), "contrasts", call))
  if (length(x) > 1) return(py_list(lapply(unname(as.list(x)), as_py_contrast, call = call)))
  functions <- lapply(paste0("contr.", contrast_kinds), getExportedValue, ns = "stats")
  if (is.function(x)) x <- c(contrast_kinds[vapply(functions, identical, NA, x)], "a function")[1]
  as_py_text(x, "contrasts", call)
}

# A formula: its text. Python sees the columns of the data and not the variables around the formula.
as_py_formula <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (inherits(x, "formula")) {
    x <- paste(trimws(deparse(unclass_formula(x), width.cutoff = 500L, backtick = TRUE)), collapse = " ")
  }
  as_py_text(x, arg, call)
}

unclass_formula <- function(x) {
  attributes(x) <- NULL
  x
}

# ---- columns and vectors --------------------------------------------------------------------------------------------

# A column of a data frame. What has no counterpart goes as the words that say what it is, so that only who uses the
# column is refused.
frame_column_parts <- function(x, name, call) {
  tryCatch(column_parts(x, name, call), bineural_ColumnError = function(e) other_parts(x, e$what))
}

other_parts <- function(x, what) {
  n_rows <- if (length(dim(x))) dim(x)[1] else length(x)
  words <- if (is.atomic(x) && !is.object(x) && !length(dim(x))) trimws(format(x)) else rep(what, n_rows)
  list(kind = "other", values = py_list(unname(words)), missing = NULL)
}

# One column, taken apart: kind, values without NA, where NA was.
column_parts <- function(x, name, call) {
  x <- plain_column(x, name, call)
  kind <- column_kind(x, name, call)
  missing <- is.na(x)
  parts <- switch(kind,
    double = list(kind = "double", values = as.double(x)),
    integer = list(kind = "integer", values = replace(as.integer(x), missing, 0L)),
    integer64 = list(kind = "integer64", values = unclass(x)),
    logical = list(kind = "logical", values = replace(as.logical(x), missing, FALSE)),
    character = list(kind = "character", values = enc2utf8(replace(as.character(x), missing, ""))),
    factor = factor_parts(x),
    date = list(kind = "date", values = as.double(unclass(x))),
    time = list(kind = "time", values = as.double(unclass(x)), tz = time_zone(x))
  )
  if (inherits(x, "integer64")) missing <- integer64_missing(x)
  parts$values <- array(parts$values)
  parts["missing"] <- list(if (any(missing) && parts$kind != "double") array(missing))
  parts
}

plain_column <- function(x, name, call) {
  if (inherits(x, "AsIs")) class(x) <- setdiff(class(x), "AsIs")
  if (inherits(x, "POSIXlt")) x <- as.POSIXct(x)
  if (inherits(x, c("yearmon", "yearqtr"))) x <- as.double(unclass(x)) # of zoo: years and parts of years
  if (inherits(x, c("yearmonth", "yearquarter", "yearweek"))) x <- structure(as.double(unclass(x)), class = "Date")
  if (is.numeric(x) && !is.object(x) && length(dim(x)) == 1) x <- as.vector(x)
  if (length(dim(x)) > 0) abort_column(name, paste(class(x)[1], "of", ncol(x), "columns"), call)
  if (inherits(x, c("POSIXct", "Date")) && any(is.infinite(unclass(x)))) abort_column(name, "time without end", call)
  x
}

column_kind <- function(x, name, call) {
  if (is.factor(x)) return("factor")
  if (inherits(x, "Date")) return("date")
  if (inherits(x, "POSIXct")) return("time")
  if (inherits(x, "integer64")) return("integer64")
  if (is.object(x) || !is.atomic(x) || is.complex(x) || is.raw(x) || is.null(x)) {
    abort_column(name, if (is.list(x) && !is.object(x)) "list" else class(x)[1], call)
  }
  typeof(x)
}

factor_parts <- function(x) {
  x <- factor(x, levels = levels(x)[!is.na(levels(x))], ordered = is.ordered(x)) # a level NA is a missing value
  list(
    kind = "factor", values = replace(as.integer(x), is.na(x), 0L), levels = as.list(enc2utf8(levels(x))),
    ordered = is.ordered(x)
  )
}

# bit64 keeps its NA as the smallest 64-bit integer, which reads as -0 in double
integer64_missing <- function(x) {
  x <- unclass(x)
  x == 0 & 1 / x == -Inf
}

time_zone <- function(x) {
  zone <- attr(x, "tzone")[1]
  if (is.null(zone) || is.na(zone) || !nzchar(zone)) zone <- session_zone()
  if (is.null(zone) || is.na(zone) || !nzchar(zone)) "UTC" else zone
}

# Sys.timezone() keeps what it found first, whatever the session has set since.
session_zone <- function() {
  zone <- Sys.getenv("TZ")
  if (nzchar(zone)) sub("^:", "", zone) else suppressWarnings(Sys.timezone())
}

abort_column <- function(name, what, call) {
  abort_sentences(
    c("ColumnError", "InputError"),
    paste0("Column `", name, "` must hold numbers, truth values, text, factor levels, dates or date-times."),
    paste0("It is of type ", what, "."), "Convert it (e.g. with `as.numeric()`) or leave it out.", call,
    what = what
  )
}

# A vector stays one, whatever its length.
as_py_vector <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(call)
  if (is.null(x) || is_python(x)) return(x)
  refuse_blank(x, arg, call)
  vector <- if (identical(ncol(x), 1L)) one_column(x) else x
  parts <- tryCatch(column_parts(vector, arg, call), bineural_ColumnError = function(e) abort_vector(x, arg, call))
  ask_core(bridge()$vector_from_r, py_dict(parts), call = call)
}

one_column <- function(x) if (is.data.frame(x)) x[[1]] else as.vector(x)

abort_vector <- function(x, arg, call) {
  abort_input(
    paste0("`", arg, "` must hold numbers, truth values, text, factor levels, dates or date-times."),
    paste0("Found ", describe(x), "."), "Convert it (e.g. with `as.numeric()`) or leave it out.",
    class = "ColumnError", call = call
  )
}

# ---- data -----------------------------------------------------------------------------------------------------------

# A data frame or tibble: a pandas DataFrame. Row names stay in R.
as_py_frame <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (!is.data.frame(x)) {
    refuse_batches(x, arg, call)
    abort_input(
      paste0("`", arg, "` must be a data frame."), paste0("It is ", describe(x), "."),
      if (is_path(x)) "`load_dataset(path)` reads a file." else "Use `as.data.frame()` or `tibble::tibble()`.",
      call = call
    )
  }
  names <- enc2utf8(names(x))
  columns <- lapply(seq_along(names), function(i) frame_column_parts(.subset2(x, i), names[i], call))
  columns <- py_list(lapply(columns, py_dict))
  ask_core(bridge()$frame_from_r, py_list(names), columns, to_py(nrow(x)), call = call)
}

# Rows in batches: functions, lists of data frames, data sets of the arrow package. A path counts beside a formula.
is_batches <- function(x) {
  tables <- is.list(x) && !is.data.frame(x) && length(x) > 0 && all(vapply(x, is.data.frame, NA))
  tables || is.function(x) || inherits(x, c("Dataset", "arrow_dplyr_query"))
}

is_path <- function(x) is.character(x) && length(x) == 1 && !is.na(x)

# The path of a Parquet file, or of a folder.
names_parquet <- function(x) is_path(x) && (grepl("[.](parquet|pq)$", x, ignore.case = TRUE) || dir.exists(x))

# Batches: a path; or what Python calls at the start of every pass, and then for one data frame after the other.
as_py_batches <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is_path(x)) return(as_py_path(x, arg, call))
  if (inherits(x, c("Dataset", "arrow_dplyr_query"))) return(as_py_arrow_files(x, arg, call))
  start <- function() {
    advance <- batch_reader(if (is.function(x)) x() else x, arg, call)
    as_py_function(function() as_py_frame(advance(), arg, call))
  }
  bridge()$batches_from_r(as_py_function(start))
}

# Where all rows are needed at once.
refuse_batches <- function(x, arg, call) {
  if (!is_batches(x) && !(is_path(x) && grepl("[.](parquet|pq)$", x, ignore.case = TRUE))) return(invisible())
  abort_input(
    paste0(
      "Rows must be in memory here: only `fit_glm()`, `fit_net()`, `compare_models()`, `predict()`, `augment()` and ",
      "`evaluate_model()` take `", arg, "` in batches."
    ),
    paste0("Found ", describe(x), "."), "Read them whole, e.g. by `load_dataset(path)` or `do.call(rbind, batches)`.",
    call = call
  )
}

# Rows that a model is asked about, in memory or in batches.
as_py_new_rows <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is_batches(x) || is_path(x)) as_py_batches(x, arg, call) else as_py_data(x, arg, call)
}

# A function without arguments that gives the next batch as a data frame, and NULL at the end.
read_batches <- function(x, arg, call) {
  if (is.function(x) || !(is_path(x) || inherits(x, c("Dataset", "arrow_dplyr_query")))) {
    return(batch_reader(if (is.function(x)) x() else x, arg, call))
  }
  advance <- call_core(bridge()$batches_to_r, as_py_batches(x, arg, call), .call = call)
  function() from_python(call_core(advance, .call = call))
}

# A function that gives the next data frame and NULL at the end, of such a function or of a list of data frames.
batch_reader <- function(found, arg, call) {
  if (is.function(found)) return(found)
  if (is.data.frame(found)) found <- list(found)
  if (!is_batches(found)) {
    abort_input(
      paste0("A function that is given as `", arg, "` must return a list of data frames, or a function."),
      paste0("It returned ", describe(found), "."),
      "Let it return a function that gives the next data frame at each call, and NULL at the end.",
      call = call
    )
  }
  at <- 0
  function() {
    at <<- at + 1
    if (at <= length(found)) found[[at]]
  }
}

# The files of a data set of the arrow package; Python reads them itself.
as_py_arrow_files <- function(x, arg, call) {
  if (!inherits(x, "FileSystemDataset")) {
    abort_input(
      paste0("`", arg, "` must be a data set of files."), paste0("It is of class ", class(x)[1], "."),
      "Open the files with `arrow::open_dataset()`, and leave filters and other verbs out.",
      call = call
    )
  }
  bridge()$arrow_files_from_r(py_list(enc2utf8(x$files)), as_py_text(x$format$type))
}

# Pictures: a list of matrices or arrays, one of each, or the paths of files. Text with `~` is a formula.
is_pictures <- function(x) {
  if (is.factor(x) || is.character(x)) return(length(x) > 0 && !(length(x) == 1 && grepl("~", x)))
  is.list(x) && !is.object(x) && length(x) > 0 && all(vapply(x, is_picture, NA))
}

is_picture <- function(x) (is.numeric(x) || is.logical(x)) && !is.object(x) && length(dim(x)) %in% 2:3

as_py_pictures <- function(x, arg, call) {
  if (!is.list(x)) return(as_py_strings(x))
  arrays <- py_list(lapply(unname(x), function(picture) as_py_data(unname(picture), arg, call)))
  features <- shared_columns(x)
  if (is.null(features)) arrays else ask_core(bridge()$sequences_from_r, arrays, py_list(features), call = call)
}

# The columns that matrices of a list all have: the features of sequences, a row for each step. Pictures have none.
shared_columns <- function(x) {
  columns <- unique(lapply(x, colnames))
  if (length(columns) == 1 && !is.null(columns[[1]])) enc2utf8(columns[[1]])
}

# Series: a list of vectors of numbers, sequences of one feature.
is_series <- function(x) {
  is.list(x) && !is.object(x) && length(x) > 0 &&
    all(vapply(x, function(s) (is.numeric(s) || is.logical(s)) && !is.object(s) && is.null(dim(s)), NA))
}

# Paths of pictures, or texts: a list whatever their number; NA is None.
as_py_strings <- function(x) {
  py_list(lapply(unname(as.character(x)), function(text) if (is.na(text)) NULL else enc2utf8(text)))
}

# A data frame, a numeric matrix or array (rows first), or pictures. A matrix is not copied: Python reads R's memory. A
# matrix of the Matrix package goes without its zeros.
as_py_data <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (is.data.frame(x)) return(as_py_frame(x, arg, call))
  if (is_of_matrix(x)) return(as_py_sparse(x, arg, call))
  if (is_pictures(x) && !is_path(x)) return(as_py_pictures(x, arg, call))
  if (is_series(x)) return(as_py_pictures(lapply(x, as.matrix), arg, call))
  if (is.array(x) && (is.numeric(x) || is.logical(x)) && !is.object(x)) {
    if (!is.double(x) && anyNA(x)) storage.mode(x) <- "double"
    columns <- if (length(dim(x)) == 2) colnames(x)
    dimnames(x) <- NULL
    array <- to_py(x)
    return(if (is.null(columns)) array else bridge()$matrix_from_r(array, py_list(enc2utf8(columns))))
  }
  refuse_batches(x, arg, call)
  abort_input(
    paste0("`", arg, "` must be a data frame, or a numeric matrix or array."), paste0("It is ", describe(x), "."),
    if (is_path(x)) "`load_dataset(path)` reads a file." else "Use `as.data.frame()` or `as.matrix()`.",
    call = call
  )
}

# A matrix of the Matrix package, whose namespace knows its dimensions.
is_of_matrix <- function(x) {
  isS4(x) && identical(attr(class(x), "package"), "Matrix") && requireNamespace("Matrix", quietly = TRUE) &&
    methods::is(x, "Matrix")
}

# Numbers column by column, without the zeros, and where they stand; names of columns go along.
as_py_sparse <- function(x, arg, call) {
  if (!methods::is(x, "sparseMatrix")) return(as_py_data(as.matrix(x), arg, call))
  x <- methods::as(methods::as(methods::as(x, "dMatrix"), "generalMatrix"), "CsparseMatrix")
  slot <- function(name) methods::slot(x, name)
  ask_core(
    bridge()$sparse_from_r, to_py(array(slot("x"))), to_py(array(slot("i"))), to_py(array(slot("p"))),
    py_list(as.list(dim(x))), if (!is.null(colnames(x))) py_list(enc2utf8(colnames(x))),
    call = call
  )
}

# The same with its zeros, for functions of R's; anything else as it is.
as_dense <- function(x) if (is_of_matrix(x)) as.matrix(x) else x

# Row numbers: from 1 in R, from 0 in Python.
as_py_rows <- function(x) as_py_vector(as.integer(x) - 1L)

# ---- back to R ------------------------------------------------------------------------------------------------------

# Any value of the core: NULL, a vector, a matrix, a tibble, a list, or the Python object itself.
from_python <- function(x, call = rlang::caller_env()) {
  if (!is_python(x)) return(x)
  parts <- ask_core(bridge()$plain, x, call = call)
  from_parts(if (is_python(parts)) reticulate::py_to_r(parts) else parts)
}

from_parts <- function(parts) {
  switch(parts$is,
    none = NULL,
    vector = vector_from_parts(parts$column),
    matrix = parts$values,
    frame = frame_from_parts(parts),
    list = lapply(parts$values, from_parts),
    dict = stats::setNames(lapply(parts$values, from_parts), as.character(unlist(parts$names))),
    bytes = as.raw(parts$values),
    object = parts$value
  )
}

vector_from_parts <- function(column) {
  values <- column$values
  values <- switch(column$kind,
    character = as.character(unlist(values)),
    factor = factor_from_parts(as.vector(values), column),
    date = structure(as.double(values), class = "Date"),
    time = structure(as.double(values), class = c("POSIXct", "POSIXt"), tzone = column$tz),
    integer = as.integer(values),
    logical = as.logical(values),
    double = as.double(values)
  )
  missing <- as.vector(column$missing)
  if (any(missing)) values[missing] <- NA
  values
}

factor_from_parts <- function(codes, column) {
  codes <- as.integer(codes)
  codes[codes == 0L] <- NA_integer_
  classes <- if (isTRUE(column$ordered)) c("ordered", "factor") else "factor"
  structure(codes, levels = as.character(unlist(column$levels)), class = classes)
}

frame_from_parts <- function(parts) {
  columns <- lapply(parts$columns, vector_from_parts)
  names(columns) <- as.character(unlist(parts$names))
  tibble::new_tibble(columns, nrow = as.integer(parts$n_rows))
}

# ---- words for messages ---------------------------------------------------------------------------------------------

# What a value is, to follow "It is" or "Found".
describe <- function(x) {
  if (is.null(x)) return("NULL")
  if (inherits(x, "FILL_IN")) return("FILL_IN")
  if (inherits(x, "formula")) return("a formula")
  if (is.factor(x) && length(x) == 1) x <- as.character(x)
  if (is.atomic(x) && length(x) == 1 && !is.object(x)) return(shortened(deparse(as.vector(x))))
  if (is.data.frame(x)) {
    return(paste("a data frame of", number_of(nrow(x), "row"), "and", number_of(length(x), "column")))
  }
  if (is.object(x) && !is.factor(x)) return(paste0("an object of class ", class(x)[1]))
  if (is.function(x)) return("a function")
  if (is.environment(x)) return("an environment")
  if (length(dim(x))) return(paste0(if (length(dim(x)) == 2) "a matrix of " else "an array of ", times(dim(x))))
  if (is.language(x)) return(paste0("the expression ", shortened(deparse(x))))
  what <- if (is.list(x)) "a list" else if (is.factor(x)) "a factor" else if (is.atomic(x)) "a vector" else typeof(x)
  paste0(what, " of length ", length(x))
}

# A count with its noun: 1 row, 2 rows.
number_of <- function(n, noun) paste0(n, " ", noun, if (n != 1) "s")

times <- function(sizes) paste(sizes, collapse = " x ")

shortened <- function(text) {
  text <- gsub("\\s+", " ", trimws(paste(text, collapse = " ")))
  if (nchar(text) > 80) paste0(substr(text, 1, 77), "...") else text
}
