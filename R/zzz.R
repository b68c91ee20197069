# Python is found and started when the first function needs it, never by library(bineural).

.state <- new.env(parent = emptyenv())

core_dir <- function() {
  if (is.null(.state$core_dir)) .state$core_dir <- find_core_dir()
  .state$core_dir
}

find_core_dir <- function() {
  archive <- system.file("python.tar.xz", package = "bineural")
  folder <- if (nzchar(archive)) unpacked_core(archive) else system.file("python", package = "bineural")
  if (is.null(folder) || !dir.exists(file.path(folder, "bineural"))) {
    abort_setup(
      "The Python core of bineural must be installed with the R package.",
      paste(
        "There is neither `python.tar.xz` nor a folder `python/bineural` in it",
        "(a checkout without symbolic links has a text file there)."
      ),
      "Install from a tarball made by `R CMD build`."
    )
  }
  folder
}

add_core_path <- function() {
  folder <- core_dir()
  path <- reticulate::import("sys", convert = FALSE)$path
  if (!folder %in% reticulate::py_to_r(path)) path$insert(0L, folder)
}

# The Python modules, with nothing converted on the way: convert.R does that.
core <- function() {
  if (is.null(.state$core)) {
    .state$core <- import_core("bineural")
    check_version(reticulate::py_to_r(.state$core$`__version__`), utils::packageVersion("bineural"))
  }
  .state$core
}

# Another copy of the core can be there already when Python was started, and used, before the package was loaded.
check_version <- function(python, r) {
  if (package_version(python) == r) return(invisible())
  rlang::warn(
    c(
      sprintf("The Python core is bineural %s and the R package is %s.", python, r),
      i = "Start R anew and load the package before Python is used, or update the older one."
    ),
    class = c("bineural_VersionWarning", "bineural_BineuralWarning")
  )
}

bridge <- function() {
  if (is.null(.state$bridge)) .state$bridge <- import_core("bineural._rbridge")
  .state$bridge
}

import_core <- function(module) {
  core_dir()
  keep_random_stream() # starting Python draws from it
  tryCatch(
    {
      add_core_path()
      reticulate::import(module, convert = FALSE)
    },
    error = function(e) abort_python_missing(e)
  )
}

abort_python_missing <- function(error) {
  chosen <- Sys.getenv("RETICULATE_PYTHON")
  abort_setup(
    "bineural needs Python 3.11 or newer with NumPy, pandas, scikit-learn and TensorFlow.",
    sprintf(
      "%s (RETICULATE_PYTHON: %s).", first_line(conditionMessage(error)), if (nzchar(chosen)) chosen else "not set"
    ),
    python_advice(chosen)
  )
}

# The core comes with the R package; Python needs the packages that it uses.
python_advice <- function(chosen) {
  install <- paste("-m pip install", paste(shQuote(python_packages()), collapse = " "))
  if (reticulate::py_available() && !is_system_python()) {
    return(paste("Install what it lacks, and start R anew:", reticulate::py_exe(), install))
  }
  if (nzchar(chosen) && file.exists(chosen) && !reticulate::py_available()) {
    return(paste("Install what it lacks, and start R anew:", chosen, install))
  }
  paste0(
    "Run install_bineural(), or make one and start R anew: python3 -m venv ~/bineural && ~/bineural/bin/python ",
    install, "; then, before anything else, Sys.setenv(RETICULATE_PYTHON = \"~/bineural/bin/python\")."
  )
}

# A Python of the operating system, into which pip installs nothing.
is_system_python <- function() {
  folder <- reticulate::py_to_r(reticulate::import("sysconfig", convert = FALSE)$get_path("stdlib"))
  in_venv <- file.exists(file.path(dirname(dirname(reticulate::py_exe())), "pyvenv.cfg"))
  file.exists(file.path(folder, "EXTERNALLY-MANAGED")) && !in_venv
}

first_line <- function(text) sub("[.]?\n.*", "", text)

#' Is Python there with what bineural needs?
#'
#' Guards examples, tests and vignettes: where Python, NumPy, pandas or Keras is missing they show their code and do
#' not run it. It starts Python, except where nobody asked for Python (not interactive, `RETICULATE_PYTHON` not set
#' and `NOT_CRAN` not "true"), so that a check on a machine without it downloads nothing.
#'
#' @return `TRUE` or `FALSE`, of length one.
#' @export
#' @examples
#' bineural_available()
bineural_available <- function() {
  asked <- nzchar(Sys.getenv("RETICULATE_PYTHON")) || file.exists(python_of(own_environment())) ||
    identical(tolower(Sys.getenv("NOT_CRAN")), "true") || interactive()
  if (!asked) return(FALSE)
  needed <- c("numpy", "pandas", "sklearn", "keras")
  found <- function() {
    keep_random_stream()
    find <- reticulate::import("importlib.util", convert = FALSE)$find_spec # looks without importing
    all(vapply(needed, function(module) !is.null(reticulate::py_to_r(find(module))), NA))
  }
  isTRUE(tryCatch(suppressMessages(found()), error = function(e) FALSE))
}

.onLoad <- function(libname, pkgname) { # nolint: object_name_linter.
  add_refusals()
  if (isNamespaceLoaded("parsnip")) register_parsnip() else setHook(packageEvent("parsnip", "onLoad"), register_parsnip)
  own <- !reticulate::py_available() && use_own_python()
  if (reticulate::py_available()) {
    add_core_path() # so that {python} chunks can import bineural too
  } else {
    if (!own) declare_python()
    setHook("reticulate.onPyInit", function() try(add_core_path(), silent = TRUE), "append")
  }
}

# What pyproject.toml asks for; only declared, and used when the user has named no Python of their own.
declare_python <- function() {
  reticulate::py_require(python_packages(), python_version = ">=3.11")
}

python_packages <- function() {
  c(
    "joblib>=1.4", "keras>=3.15,<3.16", "matplotlib>=3.9", "numpy>=2.0", "pandas>=2.3",
    "pillow>=13", "pyarrow>=16", "scikit-learn>=1.6", "scipy>=1.15", "threadpoolctl>=3.5", "tqdm>=4.66",
    if (grepl("x86_64|amd64", R.version$arch)) "tensorflow-cpu>=2.20" else "tensorflow>=2.20"
  )
}
