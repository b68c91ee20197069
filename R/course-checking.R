#' List the exercises of the course
#'
#' @param topic Of one topic only.
#' @return Tibble with columns `exercise`, `topic`, `title`, `inputs` (their names, in one text), in the order of the
#'   course.
#' @section Conditions:
#' `bineural_InputError` if there is no such topic.
#' @export
#' @examplesIf bineural_available()
#' list_exercises("neurons")
list_exercises <- function(topic = NULL) from_python(call_core("list_exercises", as_py_text(topic)))

#' Check the answer to an exercise
#'
#' Says which input is wrong and how, and gives hints on further tries: the second failed try shows a first hint, the
#' next one more; the last hint tells the answer. An answer that can't be read is a try like others; an input that is
#' blank ([FILL_IN], missing, `NULL`, `NA`) is none, and neither is a right number with too few decimals. Texts of
#' numbers are taken for numbers.
#'
#' @param name A name from [list_exercises()].
#' @param ... The answer, by the names that the exercise asks for. Without any the task is told.
#' @return A list with `passed`, `exercise`, `problem_input` (the one that is wrong or blank, or `NULL`), `message`
#'   (what is wrong, or the lesson), `hint` and `tries`; printed, it is the message and the hints.
#' @section Conditions:
#' `bineural_InputError` if there is no such exercise, or it has no such input.
#' @export
#' @examplesIf bineural_available()
#' check_exercise("or-gate", weights = c(0.5, 0.5), bias = 0.25)
#' check_exercise("or-gate", weights = c(0.5, 0.5), bias = NA)
#' check_exercise("or-gate", weights = c(0.5, 0.5), bias = 0)
check_exercise <- function(name, ...) {
  inputs <- rlang::dots_list(..., .preserve_empty = TRUE, .ignore_empty = "none", .homonyms = "error")
  if (!all(nzchar(names(inputs)))) {
    abort_input(
      "The inputs must have their names.", "One has none.",
      "Write e.g. `check_exercise(\"or-gate\", weights = c(1, 1), bias = 0)`."
    )
  }
  answers <- lapply(inputs, function(x) if (!rlang::is_missing(x)) as_py_answer(x))
  check <- call_core(course_core("checking")$check_inputs, as_py_text(name), py_dict(answers))
  structure(from_python(check), class = "bineural_exercise_check")
}

#' @export
print.bineural_exercise_check <- function(x, ...) {
  check_dots(...)
  cat(x$message, if (nzchar(x$hint)) x$hint, sep = "\n")
  invisible(x)
}

#' Add an exercise of one's own
#'
#' [check_exercise()] then checks it like those of the course, until the session ends. One of the same name that was
#' added before is replaced; the course's own stay as they are. In a topic of one's own that [render_course()] renders,
#' it belongs in a chunk with `checks=TRUE`: learners' notebooks and scripts then read it from a file, and don't hold
#' the check.
#'
#' @param name Words with hyphens between them.
#' @param topic Of the course, or a new one.
#' @param title A few words.
#' @param inputs Named character vector: what is to be filled in, and what each is.
#' @param check Function of the inputs, by name, that returns `TRUE` or `NULL` where they are right, else the problem: a
#'   text, which may have the name of the input that is wrong.
#' @param hints Character vector, from faint to plain; the last tells the answer.
#' @param lesson What one should have noticed; shown when the answer is right.
#' @param task What to do.
#' @return The name, invisibly.
#' @section Conditions:
#' `bineural_InputError` if the name is that of an exercise of the course, or an argument is of the wrong kind.
#' @export
#' @examplesIf bineural_available()
#' check <- function(value) if (value == 42) TRUE else c(value = "it is another number.")
#' add_exercise("the-answer", "my-topic", "The answer", c(value = "a number"), check)
#' check_exercise("the-answer", value = 41)
add_exercise <- function(name, topic, title, inputs, check, hints = NULL, lesson = "", task = "") {
  inputs <- if (is.null(names(inputs))) as_py_texts(inputs) else py_dict(lapply(as.list(inputs), as_py_text, "inputs"))
  name <- call_core(
    "add_exercise", as_py_text(name), as_py_text(topic), as_py_text(title), inputs, as_py_check(check),
    as_py_texts(hints), as_py_text(lesson), as_py_text(task)
  )
  invisible(from_python(name))
}

# A file of the shelf, with the version of the core looked at first.
course_core <- function(file) {
  core()
  import_core(paste0("bineural.course.", file))
}

# Whatever was typed: blanks as None, numbers and texts as they are, vectors as lists, records as what the core knows.
as_py_answer <- function(x) {
  if (is.null(x) || is_python(x)) return(x)
  if (is.function(x)) return(as_py_quiet_function(x, as_py_answer))
  if (inherits(x, "bineural_model")) return(python_model(x))
  if (has_pointer(x)) return(tryCatch(live_object(x, "The answer"), bineural_error = function(e) unreadable(x)))
  if (is.factor(x)) x <- as.character(x)
  if (inherits(x, plain_inside)) x <- unclass(x)
  if (is.data.frame(x)) return(tryCatch(as_py_frame(x), bineural_error = function(e) unreadable(x)))
  if (is.object(x) && !any(startsWith(class(x), "bineural_"))) return(unreadable(x))
  if (is.list(x)) return((if (rlang::is_named(x)) py_dict else py_list)(lapply(x, as_py_answer)))
  if (!(is.numeric(x) || is.logical(x) || is.character(x))) return(unreadable(x))
  blank <- as.vector(is.na(x) & !is.nan(x)) # what can't be computed (NaN) is none
  if (length(dim(x)) > 1 && !is.character(x) && !any(blank)) return(as_py_data(unname(x)))
  parts <- as.list(unname(as.vector(x)))
  parts[blank] <- list(NULL)
  if (length(parts) == 1) to_py(parts[[1]]) else py_list(parts)
}

# Classes that only change how numbers and texts print.
plain_inside <- c("FILL_IN", "table", "noquote", "AsIs", "glue")

unreadable <- function(x) call_core(course_core("answers")$Unreadable, paste("an object of class", class(x)[1]))

# A function of R's; where it fails the core gets the message, and no error crosses.
as_py_quiet_function <- function(x, as_py_result) {
  plain <- function(argument) if (length(dim(argument)) == 1) as.vector(argument) else argument
  call_it <- function(...) {
    result <- tryCatch(
      suppressWarnings(do.call(x, lapply(list(...), plain))),
      error = function(e) call_core(course_core("answers")$Failed, conditionMessage(e))
    )
    as_py_result(result)
  }
  to_py(call_it, convert = TRUE)
}

as_py_check <- function(x) {
  if (!is.function(x)) return(as_py_answer(x))
  as_py_quiet_function(x, function(verdict) {
    if (is.atomic(verdict) && anyNA(verdict)) return(call_core(course_core("answers")$Failed, "the check returned NA"))
    if (is.character(verdict) && rlang::is_named(verdict)) py_dict(as.list(verdict)) else as_py_answer(verdict)
  })
}
