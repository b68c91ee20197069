forget_tries <- function() invisible(core()$course$checking$`_TRIES`$clear())

# The answers that the course keeps for its tests, as R's values.
course_exercises <- function() {
  code <- "
from bineural.course import checking
def made(answer):
    return answer() if callable(answer) else answer
def stored():
    found = []
    for e in checking._course_exercises().values():
        right = made(e.answer)
        wrong = [(right | made(change), problem) for change, problem in e.wrong]
        wrong = [(a, problem, checking.check_inputs(e.name, a).message) for a, problem in wrong]
        found.append({'name': e.name, 'right': right, 'wrong': wrong})
    return found
"
  from_python(python_function(code, "stored")())
}

test_that("right answers pass and wrong ones name the input, in the words of the core", {
  skip_without_python()
  for (exercise in course_exercises()) {
    check <- function(inputs) do.call(check_exercise, c(exercise$name, inputs))
    right <- check(exercise$right)
    expect_true(right$passed, label = exercise$name)
    expect_null(right$problem_input)
    for (wrong in exercise$wrong) {
      forget_tries()
      found <- check(wrong[[1]])
      expect_false(found$passed, label = exercise$name)
      expect_identical(found$problem_input, wrong[[2]], label = exercise$name)
      expect_identical(found$message, wrong[[3]], label = exercise$name)
      expect_identical(found$tries, 1L, label = paste(exercise$name, found$message))
    }
    forget_tries()
    for (input in names(exercise$right)) {
      blank <- check(utils::modifyList(exercise$right, stats::setNames(list(NA), input)))
      expect_match(blank$message, paste0("Fill in `", input, "`"), fixed = TRUE)
      expect_identical(blank$tries, 0L)
    }
  }
})

test_that("hints come with further tries", {
  skip_without_python()
  forget_tries()
  check <- function() check_exercise("or-gate", weights = c(0.5, -0.5), bias = 0)
  expect_output(print(check()), "^`weights`: with inputs \\(0, 1\\) the unit must fire, and it does not[.]$")
  expect_output(print(check()), "\nHint 1 of 3: ")
  expect_match(check()$hint, "Hint 2 of 3: ")
  expect_true(check_exercise("or-gate", weights = c(0.5, 0.5), bias = 0)$passed)
  expect_identical(check()$hint, "")
})

test_that("blanks of R's are no tries", {
  skip_without_python()
  forget_tries()
  for (blank in list(NULL, NA, NA_integer_, NA_character_, c(0.5, NA), double(), "___", list(NULL), NaN)) {
    check <- check_exercise("or-gate", weights = blank, bias = 0)
    expect_identical(check$message, "Fill in `weights` (two numbers, one for each input).")
    expect_identical(check$tries, 0L)
  }
  expect_match(check_exercise("or-gate", weights = , bias = 0)$message, "Fill in `weights`")
  expect_match(check_exercise("or-gate")$message, "^Choose the weights")
})

test_that("numbers may come as any of R's types", {
  skip_without_python()
  for (weights in list(
    c(1, 1), c(1L, 1L), c(a = 1, b = 1), list(1, 1), c(TRUE, TRUE), matrix(c(1, 1), 1), array(c(1, 1)),
    tibble::tibble(w = c(1, 1))
  )) {
    expect_true(check_exercise("or-gate", weights = weights, bias = 0L)$passed)
  }
})

test_that("texts, classes that only print, and words in any order are right forms", {
  skip_without_python()
  expect_true(check_exercise("or-gate", weights = c("0.5", "0.5"), bias = "0")$passed)
  expect_true(check_exercise("or-gate", weights = I(c(1, 1)), bias = table(FALSE)[["FALSE"]] - 1)$passed)
  expect_true(check_exercise("impossible-code", code = "001")$passed)
  expect_true(check_exercise("impossible-code", code = c("0", "0", "1"))$passed)
  gates <- table(list_gates()$one_unit)[["TRUE"]]
  for (left_out in list(c("XNOR", "xor"), "XOR and XNOR", noquote(c("XOR", "XNOR")), factor(c("XOR", "XNOR")))) {
    expect_true(check_exercise("xor-impossible", gates = gates, left_out = left_out)$passed)
  }
})

test_that("an answer that can't be read earns hints, and one rounded too much is told the decimals", {
  skip_without_python()
  forget_tries()
  flat <- function() {
    check_exercise("dense-layer", layer = function(x, weights, bias) pmax(0, sweep(x %*% weights, 2, bias, "+")))
  }
  expect_match(flat()$message, "rows and columns are lost")
  expect_match(flat()$hint, "in R `pmax(m, 0)` does", fixed = TRUE)
  rounded <- check_exercise("mistake-bound", radius = 1.73, margin = 0.243, bound = 51)
  expect_match(rounded$message, "`radius`: that is right, but rounded too much: give it to three dec", fixed = TRUE)
  expect_identical(rounded$tries, 0L)
})

test_that("nothing that is typed is an error", {
  skip_without_python()
  odd <- list(
    "text", c("a", "b"), 1i, as.raw(1), globalenv(), quote(x), y ~ x, Sys.Date(), list(a = 1, b = list(2)),
    function(...) stop("no"), data.frame(x = I(list(1, 2))), factor("a"), array(1, c(2, 2, 2)), Inf, TRUE, mean,
    list(pointer = new.env()), structure(list(), class = "lm"), matrix("a", 2, 2)
  )
  kinds <- c("or-gate", "xor-network", "xor-impossible", "teach-a-gate", "sigmoid-slope", "impossible-code")
  for (name in kinds) {
    inputs <- strsplit(list_exercises()$inputs[list_exercises()$exercise == name], ", ")[[1]]
    for (value in odd) {
      check <- do.call(check_exercise, c(name, stats::setNames(rep(list(value), length(inputs)), inputs)), quote = TRUE)
      expect_s3_class(check, "bineural_exercise_check")
      expect_no_match(check$message, "can't read this answer")
    }
  }
})

test_that("a function of R's is an answer", {
  skip_without_python()
  slope <- function(slope) check_exercise("sigmoid-slope", slope = slope)
  expect_true(slope(stats::dlogis)$passed)
  expect_identical(slope(stats::plogis)$problem_input, "slope")
  expect_identical(slope(function(x) stop("no roots"))$message, "`slope`: it stopped with an error for x = 0: no roots")
  expect_match(slope(function(x) NULL)$message, "^Fill in `slope`")
  expect_error(list_exercises("nothing"), class = "bineural_InputError") # the function's error is not remembered

  scaled <- function(scale) check_exercise("scale-with-training-rows", scale = scale)
  expect_true(scaled(function(train, test) (test - mean(train)) / sd(train))$passed)
  expect_true(scaled(function(train, test) scale(test, mean(train), sd(train)))$passed)
  expect_match(scaled(function(train, test) scale(test))$message, "their own mean")

  layer <- function(layer) check_exercise("dense-layer", layer = layer)
  expect_true(layer(function(x, weights, bias) pmax(sweep(x %*% weights, 2, bias, "+"), 0))$passed)
  expect_match(layer(function(x, weights, bias) pmax(x %*% weights + bias, 0))$message, "runs down the columns")
})

test_that("a record of R's is an answer", {
  skip_without_python()
  pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))
  expect_true(check_exercise("teach-a-gate", fit = fit_perceptron(pairs, c(1, 1, 1, 0)))$passed)
  expect_match(check_exercise("teach-a-gate", fit = fit_perceptron(pairs, c(0, 1, 1, 1)))$message, "it was taught 0")
  expect_match(check_exercise("teach-a-gate", fit = lm(dist ~ speed, cars))$message, "an object of class lm")
})

test_that("loading the package starts no Python, and the first call of a session finds the checker", {
  skip_without_python()
  lines <- fresh_r('cat(reticulate::py_available(), "\n")\ncheck_exercise("or-gate", weights = c(1, 1), bias = 0)')
  expect_identical(trimws(lines[[1]]), "FALSE")
  expect_match(lines, "^Right[.]", all = FALSE)
})

test_that("unknown names are conditions with suggestions", {
  skip_without_python()
  expect_error(check_exercise("or-gte"), "or-gate", class = "bineural_InputError")
  expect_error(check_exercise("or-gate", wieghts = 1), "weights", class = "bineural_InputError")
  expect_error(check_exercise("or-gate", c(1, 1)), "names", class = "bineural_InputError")
  expect_error(list_exercises("nothing"), "neurons", class = "bineural_InputError")
})

test_that("a teacher's exercise in R is checked by its function", {
  skip_without_python()
  withr::defer(core()$course$checking$`_OWN`$clear())
  seen <- NULL
  check <- function(values, f) {
    seen <<- values
    if (any(values < 0)) return(c(values = "none may be below 0."))
    if (f(2) != 4) return("`f` must double.")
    if (sum(values) > 100) stop("too much")
    TRUE
  }
  inputs <- c(values = "two numbers", f = "a function")
  name <- add_exercise("my-own", "mine", "Mine", inputs, check, "Think.", "None is left.")
  expect_identical(name, "my-own")
  expect_identical(list_exercises("mine")$inputs, "values, f")
  twice <- function(x) 2 * x
  expect_identical(check_exercise("my-own", values = c(1.5, 2), f = twice)$message, "Right. None is left.")
  expect_identical(seen, c(1.5, 2))
  problem <- check_exercise("my-own", values = c(-1, 2), f = twice)
  expect_identical(problem[c("problem_input", "message")], list(
    problem_input = "values", message = "`values`: none may be below 0."
  ))
  expect_identical(check_exercise("my-own", values = 1, f = sqrt)$message, "`f` must double.")
  expect_match(check_exercise("my-own", values = c(99, 98), f = twice)$message, "can't read this answer .*too much")
  add_exercise("unsure", "mine", "Unsure", c(value = "a number"), function(value) value > NA)
  expect_match(check_exercise("unsure", value = 1)$message, "can't read this answer .*returned NA")
  expect_error(add_exercise("or-gate", "mine", "Mine", "x", check), "replaced", class = "bineural_InputError")
})
