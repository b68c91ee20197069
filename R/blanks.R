#' The blank of an exercise
#'
#' Where code of the course says `FILL_IN` there is something for you to do. It is a missing value, and whatever is
#' computed from it is missing, so that a script, or all chunks of a notebook, go on past a blank, and
#' [check_exercise()] says what is to be filled in. Where a number or a decision is needed, e.g. in `if ()` or by a
#' function of bineural, it is an error.
#'
#' @format A missing number of class `FILL_IN`.
#' @export
#' @examples
#' FILL_IN
#' 2 * FILL_IN + 1
#' @examplesIf bineural_available()
#' check_exercise("or-gate", weights = c(FILL_IN, FILL_IN), bias = 0)
FILL_IN <- structure(NA_real_, class = "FILL_IN") # nolint: object_name_linter.

# What is computed from a blank is a missing value of the shape it would have, and keeps the class, which errors name.
still_blank <- function(x) structure(x, class = "FILL_IN")

#' @export
format.FILL_IN <- function(x, ...) ifelse(is.na(x), "FILL_IN", format(unclass(x), ...))

#' @export
print.FILL_IN <- function(x, ...) {
  print(format(x), quote = FALSE)
  invisible(x)
}

#' @export
c.FILL_IN <- function(...) still_blank(as.double(unlist(lapply(list(...), unclass))))

#' @export
Ops.FILL_IN <- function(e1, e2) still_blank(NextMethod())

#' @export
Math.FILL_IN <- function(x, ...) still_blank(NextMethod())

#' @export
Summary.FILL_IN <- function(..., na.rm = FALSE) FILL_IN # nolint: object_name_linter.

#' @export
`[.FILL_IN` <- function(x, ...) x

#' @export
`[[.FILL_IN` <- function(x, ...) x

#' @export
`$.FILL_IN` <- function(x, name) x # nolint: object_name_linter.

#' @importFrom utils str
#' @export
str.FILL_IN <- function(object, ...) cat(" FILL_IN\n") # nolint: object_name_linter.

#' @export
as.data.frame.FILL_IN <- function(x, ...) as.data.frame(unclass(x), ...) # nolint: object_name_linter.
