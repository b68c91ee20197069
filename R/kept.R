# Objects of R that stand for one of the core's. They hold a pointer to it, which lives as long as the session, and as
# `kept` the bytes that saveRDS() writes and from which another session makes it again when it is needed.

# The two parts of such an object, e.g. `structure(c(list(...), standing_for(object)), class = ...)`.
standing_for <- function(object) list(kept = to_kept(object), pointer = new_pointer(object))

new_pointer <- function(object) list2env(list(object = object), parent = emptyenv())

# NULL where the object is too large.
to_kept <- function(object) from_python(import_core("bineural._rkept")$to_bytes(object))

is_live <- function(object) is_python(object) && !reticulate::py_is_null_xptr(object)

has_pointer <- function(x) is.list(x) && is.environment(.subset2(x, "pointer"))

# The Python object itself; `words` say what it is where it can't be made again.
live_object <- function(x, words, call = rlang::caller_env()) {
  if (is_live(x$pointer$object)) return(x$pointer$object)
  if (is.null(x$kept)) {
    abort_input(
      paste0(words, " must have been made in this R session."),
      "It comes from another session, and its Python part was too large to be kept.", "Make it again.",
      call = call
    )
  }
  x$pointer$object <- call_core(import_core("bineural._rkept")$from_bytes, to_py(x$kept), .call = call)
  x$pointer$object
}

# A Python object of another session is a pointer to nothing, which reticulate would pass on or stumble over.
refuse_dead <- function(values, call) {
  dead <- is.list(values) && any(vapply(values, function(x) is_python(x) && !is_live(x), NA))
  if (!dead) return(invisible())
  abort_input(
    "Python objects live as long as the R session that made them.",
    "One that was given comes from another session, by `saveRDS()`, `save()` or a workspace.", "Make it again.",
    call = call
  )
}
