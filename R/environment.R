#' Report what Python, packages, GPU, R and caches were found, and how to mend what was not
#'
#' @param deep Import TensorFlow as well and list the devices that `device` can name (takes seconds). Otherwise a GPU is
#'   looked for without TensorFlow.
#' @param mend Install what Python's side lacks and report again: by [install_bineural()] where Python is missing or is
#'   the one that it made, which asks first in an interactive session; else by pip into the Python that
#'   `RETICULATE_PYTHON` names. Needs a connection. What R lacks stays named.
#' @return A situation, which prints as a page: a list with `sections`, `missing` (each with `what`, the line that
#'   mends it, `mend`, and the `side` that lacks it, `"Python"` or `"R"`) and `ok`: whether Python's side is whole.
#' @section Conditions:
#' `bineural_SetupError` if packages can't be downloaded; it repeats what the installer said.
#' @export
#' @examplesIf bineural_available()
#' sitrep()
sitrep <- function(deep = FALSE, mend = FALSE) {
  call <- rlang::current_env()
  for (name in c("deep", "mend")) {
    if (!rlang::is_bool(get(name))) abort_value(get(name), "TRUE or FALSE", "Use TRUE or FALSE.", name, call)
  }
  situation <- look_around(deep)
  if (!mend || situation$ok) return(situation)
  if (made_by_us()) install_bineural() else mend_own_python()
  look_around(deep)
}

# Whether what is missing belongs into the Python that install_bineural() makes: no other one was chosen, or runs.
made_by_us <- function() {
  is_own_python() || (!nzchar(Sys.getenv("RETICULATE_PYTHON")) && !reticulate::py_available())
}

# Install into the Python that the user has chosen.
mend_own_python <- function() {
  problem <- tryCatch(core()$environment$sitrep(mend = TRUE), error = identity)
  if (!inherits(problem, "error")) return(invisible())
  abort_setup(
    "What is missing must be installed into the Python that R uses.",
    if (is.null(problem$found)) first_line(conditionMessage(problem)) else problem$found,
    if (is.null(problem$hint)) {
      "Take `RETICULATE_PYTHON` out of the environment and start R anew: `install_bineural()` then makes a Python."
    } else {
      problem$hint
    }
  )
}

look_around <- function(deep) {
  # Straight to the core's report, which needs no package, so that it also answers where packages are missing.
  found <- tryCatch(core()$environment$sitrep(deep = deep), error = identity)
  if (inherits(found, "error")) return(no_python(found))
  r <- reticulate::py_get_item(found$sections, "R") # asks another R; this one knows better
  version <- paste(utils::packageVersion("bineural"), "(loaded)")
  reticulate::py_set_item(r, "R package bineural", reticulate::r_to_py(version))
  if (is_own_python()) {
    for (item in reticulate::iterate(found$missing)) {
      line <- reticulate::r_to_py("sitrep(mend = TRUE), and start R anew")
      if (reticulate::py_to_r(item$get("side")) == "Python") reticulate::py_set_item(item, "mend", line)
    }
  }
  structure(
    list(
      ok = reticulate::py_to_r(found$ok), missing = reticulate::py_to_r(found$missing),
      sections = reticulate::py_to_r(found$sections), text = printed(found)
    ),
    class = "bineural_situation"
  )
}

no_python <- function(error) {
  what <- if (is.null(error$found)) first_line(conditionMessage(error)) else error$found
  chosen <- Sys.getenv("RETICULATE_PYTHON")
  mend <- if (nzchar(chosen)) {
    if (is.null(error$hint)) python_advice(chosen) else error$hint
  } else {
    "sitrep(mend = TRUE) or install_bineural(), and start R anew"
  }
  python <- if (nzchar(chosen)) chosen else "not set"
  structure(
    list(
      ok = FALSE, missing = list(list(what = what, mend = mend, side = "Python")),
      sections = list(R = list(
        R = as.character(getRversion()), reticulate = as.character(utils::packageVersion("reticulate")),
        RETICULATE_PYTHON = python
      )),
      text = c(
        "R", paste("  R                 ", getRversion()),
        paste("  reticulate        ", utils::packageVersion("reticulate")),
        paste("  RETICULATE_PYTHON ", python), "Missing", paste(" ", what), paste("    mend it with: ", mend)
      )
    ),
    class = "bineural_situation"
  )
}

#' @export
print.bineural_situation <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' Install the Python that bineural needs
#'
#' Makes an environment of its own, with Python 3.11 or newer, TensorFlow and the other packages, or mends the one that
#' is there. It is found by itself whenever the package is loaded, unless `RETICULATE_PYTHON` names another. It takes
#' about 1.5 GB and some minutes, and needs a connection to a package index.
#'
#' @param path Folder of the environment.
#' @param gpu Whether TensorFlow is to use an NVIDIA GPU (Linux).
#' @param ask Ask before anything is downloaded; not in scripts.
#' @return The path of Python, invisibly. Where Python was started in this session, start R anew.
#' @details
#' With [uv](https://docs.astral.sh/uv/) on the search path it is uv that makes it, a Python included; otherwise
#' [reticulate::virtualenv_create()], from a Python 3.11 or newer of this machine.
#' @section Conditions:
#' `bineural_SetupError` if there is neither uv nor such a Python, or packages can't be downloaded; it repeats what the
#' installer said.
#' @export
#' @examples
#' \dontrun{
#' install_bineural()
#' }
install_bineural <- function(path = own_environment(), gpu = FALSE, ask = interactive()) {
  call <- rlang::current_env()
  if (!is_path(path)) abort_value(path, "a path", "Leave it out.", "path", call)
  for (name in c("gpu", "ask")) {
    if (!rlang::is_bool(get(name))) abort_value(get(name), "TRUE or FALSE", "Use TRUE or FALSE.", name, call)
  }
  path <- path.expand(path)
  uv <- Sys.which("uv")
  if (ask && !agreed(path)) return(invisible(NULL))
  packages <- python_packages()
  if (gpu) packages <- sub("^tensorflow(-cpu)?(?=>)", "tensorflow[and-cuda]", packages, perl = TRUE)
  dir.create(dirname(path), recursive = TRUE, showWarnings = FALSE)
  python <- python_of(path)
  if (nzchar(uv)) {
    if (!file.exists(python)) run_installer(uv, c("venv", "--python", shQuote(">=3.11"), shQuote(path)))
    run_installer(uv, c("pip", "install", "--python", shQuote(python), shQuote(packages)))
  } else {
    if (!file.exists(python)) {
      starter <- starter_python()
      run_installer(starter, c("-m", "venv", shQuote(path)))
    }
    run_installer(python, c("-m", "pip", "install", shQuote(packages)))
  }
  if (reticulate::py_available()) {
    rlang::inform("Start R anew: Python runs already in this session.", class = "bineural_SetupMessage")
  } else {
    use_own_python()
  }
  invisible(python)
}

own_environment <- function() file.path(tools::R_user_dir("bineural", "data"), "python")

python_of <- function(path) {
  if (.Platform$OS.type == "windows") file.path(path, "Scripts", "python.exe") else file.path(path, "bin", "python")
}

# Whether the Python of this session, or the one that would be started, is the one that install_bineural() made.
is_own_python <- function() {
  if (!reticulate::py_available()) return(FALSE)
  startsWith(normalizePath(reticulate::py_exe(), mustWork = FALSE), normalizePath(own_environment(), mustWork = FALSE))
}

use_own_python <- function() {
  python <- python_of(own_environment())
  if (nzchar(Sys.getenv("RETICULATE_PYTHON")) || !file.exists(python)) return(FALSE)
  reticulate::use_python(python, required = FALSE)
  TRUE
}

agreed <- function(path) {
  question <- paste0("Install Python, TensorFlow and others (about 1.5 GB) into ", path, "?")
  isTRUE(utils::askYesNo(question))
}

# A Python of this machine that is new enough.
starter_python <- function() {
  for (name in c("python3.13", "python3.12", "python3.11", "python3", "python")) {
    program <- Sys.which(name)
    if (!nzchar(program)) next
    asked <- "import sys, venv, ensurepip; print(sys.version_info >= (3, 11))"
    said <- suppressWarnings(system2(program, c("-c", shQuote(asked)), stdout = TRUE, stderr = FALSE))
    if (identical(utils::tail(as.character(said), 1), "True")) return(program)
  }
  abort_setup(
    "There must be uv, or a Python 3.11 or newer with its module venv, to install from.", "There is neither.",
    "Install uv (its site says how), or Python with `python3-venv`, and try again."
  )
}

run_installer <- function(program, arguments) {
  said <- suppressWarnings(system2(program, arguments, stdout = TRUE, stderr = TRUE))
  status <- attr(said, "status")
  if (is.null(status) || status == 0) return(invisible())
  text <- paste(said, collapse = "\n")
  offline <- grepl(
    paste0(
      "name resolution|Connection refused|error sending request|Failed to fetch|Temporary failure|",
      "Network is unreachable|Could not resolve|ConnectTimeout|dns error|No route"
    ),
    text,
    ignore.case = TRUE
  )
  last <- utils::tail(said[nzchar(said)], 1)
  abort_setup(
    "Python's packages must be downloaded once.",
    paste0(
      if (offline) "There is no connection to a package index: ",
      if (length(last)) shortened(last) else paste(basename(program), "ended with status", status), "."
    ),
    if (offline) {
      "Connect and try again, or let pip's configuration name an index that can be reached."
    } else {
      paste0("Run it yourself to see more: ", basename(program), " ", shortened(paste(arguments, collapse = " ")))
    }
  )
}
