raise <- function(what) {
  python_function(paste0("def raise_it():\n  from bineural import errors\n  raise ", what), "raise_it")
}

test_that("an error of the core keeps its three sentences, its classes and the R call", {
  skip_without_python()
  fit_it <- function() call_core(raise("errors.ColumnError('`x` must hold {numbers}.', 'It is <b>.', 'Try y.')"))
  error <- expect_error(fit_it(), class = "bineural_ColumnError")
  expect_identical(
    class(error),
    c("bineural_ColumnError", "bineural_InputError", "bineural_error", "rlang_error", "error", "condition")
  )
  expect_identical(error[c("must", "found", "hint")], list(
    must = "`x` must hold {numbers}.", found = "It is <b>.", hint = "Try y."
  ))
  expect_identical(deparse(error$call), "fit_it()")
  expect_no_match(conditionMessage(error), "Traceback")
  expect_match(error$python_traceback, "Traceback")
  expect_snapshot(fit_it(), error = TRUE)
})

test_that("an error without hint has no empty bullet", {
  skip_without_python()
  fit_it <- function() call_core(raise("errors.InputError('`x` must be one.')"))
  expect_snapshot(fit_it(), error = TRUE)
})

test_that("any other Python error is classed and shown without its traceback", {
  skip_without_python()
  fit_it <- function() call_core(raise("KeyError('nothing')"))
  error <- expect_error(fit_it(), class = "bineural_PythonError")
  expect_s3_class(error, c("bineural_KeyError", "bineural_LookupError", "bineural_error"), exact = FALSE)
  expect_match(error$python_traceback, "raise_it")
  expect_snapshot(fit_it(), error = TRUE)
})

test_that("a missing Python package is named with the line that installs it", {
  skip_without_python()
  load_it <- function() call_core(python_function("def load_it():\n  import no_such_package", "load_it"))
  expect_error(load_it(), "-m pip install no_such_package", class = "bineural_ModuleNotFoundError")
})

test_that("warnings of the core are classed R warnings, others say whose they are", {
  skip_without_python()
  warn <- python_function(
    "def warn_it(c, text):
      import warnings
      warnings.warn(text, c)
      return 1", "warn_it"
  )
  separation <- core()$errors$SeparationWarning
  give <- function() call_core(warn, separation, "Columns `x` separate.\nTry Firth.")
  warning <- expect_warning(expect_identical(from_python(give()), 1L), class = "bineural_SeparationWarning")
  expect_s3_class(warning, "bineural_BineuralWarning")
  expect_identical(deparse(warning$call), "give()")
  expect_snapshot(invisible(give()))
  other <- reticulate::import_builtins(convert = FALSE)$UserWarning
  expect_warning(call_core(warn, other, "Beware."), "UserWarning: Beware.", class = "bineural_python_warning")
})

test_that("what Python prints is said as messages", {
  skip_without_python()
  talk <- python_function("def talk():\n  import sys\n  print('to out')\n  print('to err', file=sys.stderr)", "talk")
  expect_message(expect_message(call_core(talk), "to out"), "to err")
  expect_silent(suppressMessages(call_core(talk)))
  quiet <- python_function("def quiet():\n  print('half a line', end='')", "quiet")
  expect_message(call_core(quiet), "half a line")
})

test_that("an R error inside a function that Python calls is shown", {
  skip_without_python()
  run <- python_function("def run_it(f):\n  return f()", "run_it")
  expect_error(call_core(run, as_py_option(function() stop("from R's side"))), "from R's side")
})

test_that("without a Python that has the packages every door says what to do, whatever it converts first", {
  skip_without_python()
  folder <- withr::local_tempdir()
  lines <- withr::with_envvar(
    c(RETICULATE_PYTHON = file.path(folder, "python")),
    fresh_r("
      tryCatch(bineural:::core(), bineural_SetupError = function(e) cat(conditionMessage(e), '\\n'))
      calls <- alist(load_dataset('x'), auroc(c(0, 1), 1:2), fit_glm(mpg ~ wt, mtcars), list_datasets(),
                     build_network(list(matrix(1, 2, 1))), raise_bump(1, 0, 1), make_net(y ~ x))
      for (call in calls) cat(class(tryCatch(eval(call), error = identity))[1], '')")
  )
  expect_identical(utils::tail(lines, 1), strrep("bineural_SetupError ", 7))
  expect_match(lines, "bineural needs Python 3.11", all = FALSE)
  command <- regmatches(lines, regexpr("python -m pip install .*'tensorflow[^']*'", lines))
  packages <- gsub("'", "", regmatches(command, gregexpr("'[^']+'", command))[[1]])
  expect_identical(packages, python_packages()) # what reticulate would install, the core being in the R package
  expect_no_match(lines, core_dir(), fixed = TRUE) # no pip can install that folder
  expect_no_match(lines, "sitrep", fixed = TRUE) # which would say this very sentence
})

test_that("an error in a function of the user's is the parent of ours", {
  skip_without_python()
  builder <- function(input_shape, n_outputs) stop("no layers today")
  error <- expect_error(
    fit_net(Kyphosis ~ Age, load_dataset("kyphosis"), event = "present", architecture = builder, seed = 1),
    class = "bineural_FunctionError"
  )
  expect_identical(conditionMessage(error$parent), "no layers today")
})

test_that("no method or function of ours swallows an argument", {
  skip_without_python()
  space <- asNamespace("bineural")
  methods <- getNamespaceInfo("bineural", "S3methods")
  named <- function(i) paste(sub("^.*::", "", methods[i, 1]), methods[i, 2], sep = ".")
  takes_dots <- function(name) "..." %in% names(formals(get(name, space)))
  others <- which(methods[, 2] != "FILL_IN") # a blank takes what its place takes
  names <- Filter(takes_dots, unique(vapply(others, named, "")))
  expect_gt(length(names), 90)
  for (name in names) {
    object <- structure(list(), class = sub("^.*[.]bineural_", "bineural_", name))
    expect_error(get(name, space)(object, no_such_argument = 1), "no_such_argument", label = name)
  }
  uses_them <- c("check_exercise", "course_page", "course_slides") # inputs by name; arguments of rmarkdown's formats
  # options, refused by name
  of_nets <- c("fine_tune", "fit_net", "fit_nets", "make_net", "tune_net", "describe_architecture")
  of_nets <- c(of_nets, "fit_autoencoder", "fit_gan", "fit_rbm", "fit_forecast", "fit_sequence", "fit_agent")
  of_nets <- c(of_nets, "make_environment", "parsnip_net", "parsnip_glm")
  of_nets <- c(of_nets, "fit_glm") # subset and na.action
  functions <- Filter(function(name) is.function(get(name, space)), getNamespaceExports("bineural"))
  generics <- c("augment", "forecast", "generate", "glance", "tidy")
  expect_setequal(Filter(takes_dots, functions), c(uses_them, of_nets, generics))
})

test_that("an argument that is refused is named, with the one that was meant", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  expect_snapshot(error = TRUE, {
    predict(glm, newdata = kyphosis)
    predict(glm, kyphosis, terms = "Start")
    augment(glm, kyphosis, type.predict = "response")
    confint(glm, levle = 0.9)
    print(glm, digits = 3)
    plot(glm, which = 1)
    glance(glm, "more")
  })
  expect_s3_class(tryCatch(glance(glm, 1), error = identity), "rlib_error_dots_nonempty")
})

test_that("records go into data frames by the arguments of data.frame()", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  evaluation <- evaluate_model(fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), kyphosis)
  plain <- as.data.frame(evaluation$table)
  expect_identical(data.frame(evaluation), plain)
  expect_identical(row.names(as.data.frame(evaluation, row.names = plain$measure)), plain$measure)
  expect_s3_class(as.data.frame(evaluation, stringsAsFactors = TRUE)$measure, "factor")
})
