#' Analysis of deviance of fitted GLMs
#'
#' The tables of R's `anova()` and `drop1()` of a [stats::glm()], by likelihood ratio, F or AIC. `extractAIC()` lets
#' [stats::step()] and [stats::add1()] work.
#'
#' @param object,fit A model from [fit_glm()]; one from a file has no training rows.
#' @param ... `anova()`: further models of the same rows, each nested in the next or the one before; without any the
#'   terms of the model are added one after the other. Otherwise must be empty.
#' @param test `"Chisq"` (or `"LRT"`), likelihood ratio against chi squared, or `"F"`; `"none"` or `FALSE` gives no
#'   test. `NULL` is `"Chisq"` where the dispersion is known and `"F"` where it is estimated (as in R from 4.4 on). The
#'   F of `drop1()` is over the residual deviance.
#' @param scope Terms to be dropped, as text or a formula; all that no interaction contains when missing.
#' @param scale,trace Not used; [stats::step()] gives them.
#' @param k Price of a degree of freedom in AIC.
#' @return A data frame of class `anova`. `extractAIC()`: degrees of freedom used and AIC. Fits by Firth's method have
#'   the penalised likelihood, with the penalty of the whole model (Heinze and Schemper).
#' @section Conditions:
#' `bineural_InputError` for a penalised fit, models of other rows or outcomes, or a model from a file.
#' @references McCullagh and Nelder (1989). *Generalized Linear Models*. Chapman and Hall, section 2.3.
#'
#' Heinze and Schemper (2002). *Statistics in Medicine* 21, 2409-2419.
#' @name glm-deviance-tables
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' anova(glm)
#' drop1(glm, test = "Chisq")
#' step(glm, trace = 0)
NULL

#' @rdname glm-deviance-tables
#' @importFrom stats anova
#' @export
anova.bineural_glm <- function(object, ..., test = NULL) {
  others <- list(...)
  check_models(...)
  for (other in others) {
    if (inherits(other, "bineural_glm")) next
    abort_input(
      "Only models from `fit_glm()` can stand in `anova()`.", paste0("Found ", describe(other), "."),
      "Give models, or leave it out."
    )
  }
  live <- lapply(others, python_model, arg = "...")
  table <- from_python(do.call(
    call_core,
    c(list(python_model(object)$anova), live, list(test = as_py_deviance_test(test), .call = rlang::current_env()))
  ))
  sequence <- !length(others)
  rows <- if (sequence) table$term else as.character(table$model)
  columns <- c("df", "deviance", "df_residual", "residual_deviance")
  names <- c("Df", "Deviance", "Resid. Df", "Resid. Dev")
  order <- if (sequence) 1:4 else c(3, 4, 1, 2)
  result <- as.data.frame(table[columns[order]])
  names(result) <- names[order]
  result <- with_p_values(result, table, if (is_f(object, test)) c("F", "Pr(>F)") else c(NA, "Pr(>Chi)"))
  row.names(result) <- rows
  heading <- if (sequence) {
    c(
      "Analysis of Deviance Table\n", paste0(model_text(object)[1], "\n"),
      "Terms added sequentially (first to last)\n\n"
    )
  } else {
    texts <- vapply(c(list(object), others), function(model) paste(deparse(formula(model)), collapse = " "), "")
    c("Analysis of Deviance Table\n", paste0("Model ", format(rows), ": ", texts, collapse = "\n"))
  }
  structure(result, heading = heading, class = c("anova", "data.frame"))
}

#' @rdname glm-deviance-tables
#' @importFrom stats drop1
#' @export
drop1.bineural_glm <- function(object, scope, scale = 0, test = "none", k = 2, trace = FALSE, ...) {
  check_dots(...)
  table <- from_python(call_core(
    python_model(object)$drop1,
    test = as_py_deviance_test(test), penalty = as_py_number(k)
  ))
  if (!missing(scope)) table <- table[rows_of_scope(scope, object, table$term, rlang::current_env()), ]
  result <- as.data.frame(table[intersect(c("df", "deviance", "aic"), names(table))])
  names(result) <- c("Df", "Deviance", "AIC")[seq_along(result)]
  statistic <- if (is_f(object, test)) {
    c("F value", "Pr(>F)")
  } else {
    c(if (isTRUE(glance_list(object)$dispersion != 1)) "scaled dev." else "LRT", "Pr(>Chi)")
  }
  result <- with_p_values(result, table, statistic)
  row.names(result) <- table$term
  heading <- c("Single term deletions", "\nModel:", deparse(formula(object)))
  structure(result, heading = heading, class = c("anova", "data.frame"))
}

with_p_values <- function(result, table, names) {
  if (!"p_value" %in% names(table)) return(result)
  if (!is.na(names[1])) result[[names[1]]] <- table$statistic
  result[[names[2]]] <- table$p_value
  result[] <- lapply(result, function(x) replace(x, is.nan(x), NA))
  result
}

rows_of_scope <- function(scope, object, known, call) {
  if (inherits(scope, "formula")) scope <- attr(stats::terms(stats::update(object$formula, scope)), "term.labels")
  unknown <- setdiff(scope, known)
  if (!length(unknown)) return(match(c("<none>", scope), known))
  abort_input(
    "`scope` must be of terms that can be dropped.", paste0("Found ", paste(unknown, collapse = ", "), "."),
    paste0("There are: ", paste(setdiff(known, "<none>"), collapse = ", "), "."),
    call = call
  )
}

as_py_deviance_test <- function(test, call = rlang::caller_env()) {
  if (is.null(test)) return(NULL)
  if (isFALSE(test)) test <- "none"
  known <- c(Chisq = "chisq", LRT = "chisq", F = "f", none = "none", chisq = "chisq", f = "f")
  if (is.character(test) && length(test) == 1 && test %in% names(known)) return(to_py(known[[test]]))
  abort_value(test, "one of \"Chisq\", \"LRT\", \"F\", \"none\"", "Leave it out for the usual one.", "test", call)
}

is_f <- function(object, test) {
  if (!is.null(test)) return(identical(toupper(test), "F"))
  identical(from_python(reticulate::py_get_attr(python_model(object)$fit_, "statistic_name", TRUE)), "t")
}

#' @rdname glm-deviance-tables
#' @importFrom stats extractAIC
#' @export
extractAIC.bineural_glm <- function(fit, scale = 0, k = 2, ...) { # nolint: object_name_linter.
  check_dots(...)
  found <- glance_list(fit)
  if (is.null(found$aic)) {
    abort_input(
      "AIC must be of a fit by maximum likelihood.", "The model is penalised.",
      "Fit without a penalty, or use compare_models()."
    )
  }
  core_fit <- python_model(fit)$fit_
  count <- reticulate::py_get_attr(core_fit, "n_parameters", TRUE)
  edf <- from_python(if (is.null(from_python(count))) core_fit$rank else count)
  c(edf, found$aic + (k - 2) * edf)
}
