# Errors and warnings of the core become classed conditions with the same sentences.

# Three sentences: what must hold, what was found, what to try.
abort_input <- function(must, found = NULL, hint = NULL, class = "InputError", call = rlang::caller_env()) {
  abort_sentences(c(class, if (class != "InputError") "InputError"), must, found, hint, call)
}

abort_setup <- function(must, found = NULL, hint = NULL) {
  abort_sentences("SetupError", must, found, hint, call = NULL)
}

abort_sentences <- function(classes, must, found, hint, call, ...) {
  said <- function(x) if (length(x) == 1 && nzchar(x)) x
  rlang::abort(
    c(said(must), x = said(found), i = said(hint)),
    class = c(ifelse(startsWith(classes, "rlib_"), classes, paste0("bineural_", classes)), "bineural_error"),
    call = call, must = must, found = found, hint = hint, ...
  )
}

# Refuse what a function has no argument for (`...` is there for the generic), and propose the argument that was meant.
# The class of rlang's own check is kept.
check_dots <- function(..., .call = rlang::caller_env()) {
  given <- rlang::names2(rlang::exprs(...))
  if (!length(given)) return(invisible())
  known <- setdiff(names(formals(rlang::frame_fn(.call))), "...")
  named <- given[nzchar(given)]
  abort_sentences(
    c("InputError", "rlib_error_dots_nonempty"),
    paste0("The arguments of `", called_name(.call), "` are ", paste0("`", known, "`", collapse = ", "), "."),
    if (length(named)) {
      paste0("It was given ", paste0("`", named, "`", collapse = ", "), " too.")
    } else {
      "It was given one more, without a name."
    },
    near_argument(named, known),
    .call
  )
}

called_name <- function(frame) {
  name <- rlang::call_name(rlang::frame_call(frame))
  paste0(if (is.null(name)) "this function" else sub("[.]bineural_.*", "", name), "()")
}

near_argument <- function(given, known) {
  gap <- utils::adist(given, known, ignore.case = TRUE)
  near <- known[apply(gap <= 2 & gap < nchar(given) / 2, 2, any)]
  if (length(near)) paste0("Did you mean `", near[1], "`?") else "Leave it out."
}

# The parts of an exception that reticulate has made an R error of; an error of R's own stays one.
error_parts <- function(error) {
  exception <- attr(error, "py_object")
  if (is.null(exception)) stop(error)
  reticulate::py_to_r(bridge()$error_parts(exception))
}

# A Python exception, in its parts, becomes a condition without traceback in its text; the traceback is kept
# in the field `python_traceback`.
abort_from_python <- function(parts, call) {
  if (parts$ours) {
    classes <- parts$classes[seq_len(match("InputError", parts$classes))]
    said <- in_r_words(c(parts$must, parts$found, parts$hint))
    if (!is.null(.state$r_error)) classes <- c(classes, "FunctionError") # of which the sentences speak
    abort_sentences(classes, said[1], said[2], said[3], call,
      python_traceback = parts$traceback, parent = .state$r_error
    )
  }
  if (!is.null(.state$r_error)) {
    rlang::abort(
      c("A function that you gave failed.", i = "Call it yourself with the same arguments to see more."),
      class = c("bineural_FunctionError", "bineural_error"), call = call, parent = .state$r_error
    )
  }
  if (!is.null(parts$module)) {
    must <- paste0("bineural needs the Python package `", parts$module, "` for this.")
    hint <- paste0("Install it: ", python_program(), " -m pip install ", parts$module)
  } else {
    must <- "The Python core can't do this."
    hint <- "`rlang::last_error()$python_traceback` says where it stopped."
  }
  abort_sentences(c(parts$classes, "PythonError"), must, parts$found, hint, call,
    python_traceback = parts$traceback
  )
}

python_program <- function() {
  program <- tryCatch(reticulate::py_exe(), error = function(e) NULL)
  if (is.null(program)) "python" else program
}

# Warnings: ours by their class, e.g. `bineural_SeparationWarning`; those of other Python packages with the class
# `bineural_python_warning`.
warn_from_python <- function(warnings, call) {
  for (entry in warnings) {
    classes <- unlist(entry$classes)
    ours <- classes[seq_len(match("BineuralWarning", classes, nomatch = 0))]
    class <- if (length(ours)) paste0("bineural_", ours) else "bineural_python_warning"
    text <- if (length(ours)) in_r_words(entry$text) else paste0(classes[1], ": ", entry$text)
    rlang::warn(warning_lines(text), class = class, call = call)
  }
}

# The sentences of a warning stand on lines of their own.
warning_lines <- function(text) {
  lines <- strsplit(text, "\n", fixed = TRUE)[[1]]
  if (length(lines) == 0) return("")
  stats::setNames(lines, c("", rep("i", length(lines) - 1)))
}
