# Values of rows that verbs take by name or by value: weights, offset, outcome, strata, groups, time.
#
# One rule for all, that of `weights` in stats::glm(): the argument is read among the columns of the data first, and
# then where the verb was called. A column's name, in quotes or alone, is the column; `!!x` and `.env$x` mean a variable
# of the caller where a column has the same name.

# An argument of `frame` as the name of a column, or a value for each row; NULL where it is not given.
row_values <- function(arg, data, frame) {
  asked <- eval(as.call(list(rlang::enquo, as.name(arg))), frame)
  expr <- rlang::quo_get_expr(asked)
  columns <- if (is.data.frame(data)) names(data) else if (length(dim(data)) == 2) colnames(data)
  if (rlang::is_symbol(expr) && rlang::as_string(expr) %in% columns) return(rlang::as_string(expr))
  mask <- if (is.data.frame(data) && rlang::is_call(expr)) columns_in(expr, data)
  tryCatch(rlang::eval_tidy(asked, mask), error = function(e) {
    name <- sub("^object '(.+)' not found$", "\\1", conditionMessage(e))
    if (name == conditionMessage(e)) stop(e)
    abort_input(
      paste0("`", arg, "` must be a column of the data, or a value for each row."),
      paste0(conditionMessage(e), "."),
      if (length(columns)) {
        paste0("There are: ", paste(utils::head(columns, 12), collapse = ", "), ".")
      } else {
        paste0("Write e.g. `", arg, " = \"", name, "\"`.")
      },
      call = frame
    )
  })
}

# The columns that a call names; all of them for the pronoun `.data`.
columns_in <- function(expr, data) {
  named <- all.vars(expr)
  if (".data" %in% named) data else data[intersect(named, names(data))]
}

as_py_row_values <- function(x, data, arg = rlang::caller_arg(x), call = rlang::caller_env(), flags = FALSE) {
  from_recipe <- inherits(data, "bineural_recipe_rows")
  x <- row_values(arg, if (from_recipe) data$data else data, call)
  if (from_recipe) x <- recipe_row_values(x, data, arg, call)
  if (flags && rlang::is_bool(x)) return(as_py_flag(x, arg, call))
  if (is_box_frame(x)) return(as_py_boxes(x, arg, call))
  if (is.character(x) && length(x) == 1) as_py_text(x, arg, call) else as_py_vector(x, arg, call)
}
