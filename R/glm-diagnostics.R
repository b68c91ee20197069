#' Diagnostics of a fitted GLM, row by row
#'
#' `hatvalues()` and `cooks.distance()` are those of [stats::glm()], at the estimates themselves ([stats::glm()] takes
#' the weights of the last step but one). `simulate()` draws outcomes of the training rows from the fitted model.
#'
#' @param model,object A model from [fit_glm()]; one from a file has no training rows.
#' @param nsim Draws of each row.
#' @param seed Whole number; `NULL` draws one from R's random numbers.
#' @param ... Must be empty.
#' @return `hatvalues()`, `cooks.distance()`: a number for each row that the model learnt from. `simulate()`: a data
#'   frame with a column `sim_1`, `sim_2`, ... for each draw, of classes a factor, with the attribute `seed`.
#' @section Conditions:
#' `bineural_InputError` for a penalised fit, several classes (but `simulate()`), or a model from a file.
#' @references Cook and Weisberg (1982). *Residuals and Influence in Regression*. Chapman and Hall.
#' @name glm-diagnostics
#' @examplesIf bineural_available()
#' glm <- fit_glm(mpg ~ wt + hp, mtcars)
#' head(hatvalues(glm))
#' head(cooks.distance(glm))
#' simulate(glm, seed = 1)[1:3, , drop = FALSE]
NULL

#' @rdname glm-diagnostics
#' @importFrom stats hatvalues
#' @export
hatvalues.bineural_glm <- function(model, ...) {
  check_dots(...)
  put_back_rows(from_python(call_core(python_model(model)$hat_values)), model)
}

#' @rdname glm-diagnostics
#' @importFrom stats cooks.distance
#' @export
cooks.distance.bineural_glm <- function(model, ...) { # nolint: object_name_linter.
  check_dots(...)
  put_back_rows(from_python(call_core(python_model(model)$cooks_distance)), model)
}

#' @rdname glm-diagnostics
#' @importFrom stats simulate
#' @export
simulate.bineural_glm <- function(object, nsim = 1, seed = NULL, ...) {
  check_dots(...)
  if (!is_count(nsim) || nsim < 1) {
    abort_value(nsim, "a whole number of at least 1", "Give e.g. `nsim = 10`.", "nsim", rlang::current_env())
  }
  seed <- settle_seed(seed)
  drawn <- from_python(call_core(python_model(object)$simulate, n = as_py_count(nsim), seed = as_py_seed(seed)))
  drawn <- as.data.frame(drawn)
  if (length(object$levels)) drawn[] <- lapply(drawn, function(x) factor(as.character(x), levels = object$levels))
  attr(drawn, "seed") <- seed
  drawn
}

# Values of rows, with NA where na.exclude left rows out.
put_back_rows <- function(values, model) {
  values[is.nan(values)] <- NA
  if (is.null(model$na.action)) values else stats::naresid(model$na.action, values)
}

# The family as an object of R's, for functions that ask a GLM for it.
#' @importFrom stats family
#' @export
family.bineural_glm <- function(object, ...) {
  check_dots(...)
  fit <- python_model(object)$fit_
  if (length(object$levels) > 2) return(structure(list(family = "multinomial", link = "logit"), class = "family"))
  name <- from_python(fit$family)
  link <- from_python(fit$link)
  if (startsWith(name, "negative_binomial")) {
    rlang::check_installed("MASS", "for the negative binomial family")
    theta <- as.numeric(sub(".*\\((.*)\\)", "\\1", name))
    return(eval(bquote(MASS::negative.binomial(theta = .(theta), link = .(link)))))
  }
  makers <- list(
    binomial = stats::binomial, gaussian = stats::gaussian, poisson = stats::poisson, gamma = stats::Gamma,
    inverse_gaussian = stats::inverse.gaussian, quasibinomial = stats::quasibinomial,
    quasipoisson = stats::quasipoisson
  )
  makers[[name]](link)
}

#' @importFrom stats terms
#' @export
terms.bineural_model <- function(x, ...) {
  check_dots(...)
  if (inherits(x$formula, "terms")) return(x$formula)
  if (is.null(x$terms)) {
    abort_input("A model must have a formula to have terms.", "It was fitted without one.", "Fit with a formula.")
  }
  x$terms
}

# The terms of a formula, in which `.` stands for all columns but those of weights and offset.
terms_of <- function(formula, data, frame) {
  if (!inherits(formula, "formula") || !is.data.frame(data)) return(NULL)
  others <- lapply(c("weights", "offset"), row_values, data = data, frame = frame)
  others <- unlist(others[vapply(others, rlang::is_string, NA)])
  tryCatch(stats::terms(formula, data = data[setdiff(names(data), others)]), error = function(e) NULL)
}

# The rows as R's functions of models want them: the variables of the formula.
#' @importFrom stats model.frame
#' @export
model.frame.bineural_model <- function(formula, ...) {
  check_dots(...)
  data <- training_data(formula, "`model.frame()`", rlang::current_env())
  action <- if (is.null(formula$na.action)) stats::na.omit else stats::na.exclude
  stats::model.frame(stats::terms(formula), data, na.action = action)
}

# The columns that were fitted, the core's own.
#' @importFrom stats model.matrix
#' @export
model.matrix.bineural_glm <- function(object, ...) {
  check_dots(...)
  parts <- from_python(call_core(python_model(object)$design_matrix))
  columns <- as.matrix(parts$columns)
  rownames(columns) <- as.character(seq_len(nrow(columns)))
  structure(columns, assign = as.integer(parts$assign))
}
