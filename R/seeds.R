# Seeds that are not given are drawn from R's random numbers, so that set.seed() governs all that is random.

# A seed: the number that was given, or one draw of R's where there is none.
settle_seed <- function(seed) if (is.null(seed)) sample.int(.Machine$integer.max, 1L) else seed

as_py_seed <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  as_py_count(settle_seed(x), arg, call)
}

# Options that are ready for Python, with a seed where none is among them.
seeded <- function(options) {
  if (is.null(options$seed)) options$seed <- as_py_seed(NULL)
  options
}
