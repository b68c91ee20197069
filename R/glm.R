#' Fit a generalised linear model
#'
#' The baseline. Coefficients, standard errors and deviances are those of R's [stats::glm()], computed by the Python
#' core.
#'
#' @param formula Formula `outcome ~ terms` (or its text); or the predictors x, a data frame or numeric matrix, images
#'   as [fit_net()] takes them (their pixels are the columns), texts (a character vector, or
#'   `rating ~ text(review) + price`; see below), or any rows beside `features`, with the outcome y as `data`; or a
#'   recipe of the recipes package, which is prepared with the training rows; steps with `skip = TRUE` are left out for
#'   new rows, as in tidymodels. A formula sees the columns of `data` only. `cbind(successes, failures) ~ terms` is of
#'   shares of trials; the trials are the weights.
#' @param data Data frame; or the outcome y (a vector, or the name of its column in x); or rows in batches, more than
#'   memory holds, as [fit_net()] takes them (see below): path of a Parquet file or of a folder of them, a data set of
#'   the arrow package, a list of data frames, or a function.
#' @param event Class whose probability is meant. A two-class outcome must name it. With more classes the model is of
#'   all of them, and the event is measured against the others together.
#' @param classes Levels. Takes a numeric outcome as these classes.
#' @param family One of `"binomial"`, `"multinomial"`, `"gaussian"`, `"poisson"`, `"gamma"`, `"inverse_gaussian"`,
#'   `"quasibinomial"`, `"quasipoisson"`, `"negative_binomial"` (theta is estimated, as by `glm.nb()` of MASS;
#'   `"negative_binomial(2)"` gives it), or a family of R's, e.g. `binomial("probit")` or `MASS::negative.binomial(2)`.
#'   `NULL`: binomial for two classes and for shares of trials, multinomial (against the first level) for more classes,
#'   gaussian for numbers.
#' @param link Name of the link; `NULL` takes R's default link of the family.
#' @param weights Prior weights with R's meaning: a column, in quotes or not, or a number for each row. As in
#'   [stats::glm()], names are those of columns first (`!!w` is the `w` of your session where there is a column `w`). A
#'   column of weights is not among the terms of `.`.
#' @param offset Known part of the linear predictor: a column, which is found again in new data, or a number for each
#'   row; read as `weights`.
#' @param contrasts Named list or vector, e.g. `c(dose = "poly")`; of `"treatment"`, `"SAS"`, `"sum"`, `"helmert"`,
#'   `"poly"` (or `contr.sum` and its kin), or matrices with a row for each level. `.` stands for all others, a pair of
#'   contrasts for unordered and ordered factors. By default those that a factor carries (set by `contrasts(x) <-`),
#'   else those of `options("contrasts")`, as in [stats::glm()]. They are kept in the model. Levels of text are in the
#'   order of the C locale, as in Python: where the session sorts otherwise, and R's own reference level would be
#'   another, a message says so once in a session.
#' @param penalty `"ridge"` or `"lasso"`: fit with standardised columns; no standard errors then. `"auto"` is maximum
#'   likelihood (or `method`) where it exists, and else a ridge whose strength is chosen within the training rows (the
#'   least deviance of rows left out: five folds, then single rows approximately, Rad and Maleki; none are drawn): where
#'   the classes are separated, the fit does not converge, or there are more than a third as many columns as rows.
#' @param strength Penalty per coefficient on the mean loss (glmnet's lambda); needed with `"ridge"` and `"lasso"`.
#' @param method `"ml"`, maximum likelihood, or `"firth"`, Firth's bias-reduced fit, which stays finite under
#'   separation.
#' @param converge `"r"`, R's stopping rule and standard errors (from the last but one coefficients), or `"full"`
#'   convergence. Where R's steps reach no maximum of the likelihood, they are halved until they do, and a warning says
#'   so.
#' @param missing What to do with rows that have missing values: `"error"`, `"drop"` or `"impute"` (median or most
#'   frequent level, and an indicator; an offset is never imputed).
#' @param unseen Levels at prediction that training never saw: `"warn"` (an average level and one warning) or
#'   `"error"`.
#' @param features What the columns are of rows that are no table: `"auto"` takes the pixels of images (of larger ones
#'   the means of at most 16 x 16 squares) and the values of other arrays, and fits a ridge whose strength is chosen
#'   within the training rows, unless `penalty` or `method` asks for something else; of texts it takes tf-idf. A
#'   function of x (an array, a list of arrays where sizes differ, a character vector) returns a data frame of as many
#'   rows; a file can't hold it.
#' @param ... `subset`, a condition for each row that is read among the columns first, or row numbers; and `na.action`,
#'   one of `na.fail`, `na.omit`, `na.exclude` (`residuals()` and `fitted()` then have `NA` in the rows left out) in the
#'   place of `missing`.
#' @return A model of class `bineural_glm`, for [predict()][predict.bineural_model], `print()`, `summary()`, `coef()`,
#'   `confint()`, `vcov()`, `residuals()`, `tidy()`, `glance()`, `augment()`, `plot()`, [evaluate_model()],
#'   [save_model()] and `saveRDS()`; and for R's generics of a [stats::glm()]: `update()`, `anova()`, `drop1()`,
#'   `add1()`, `step()`, `simulate()`, `hatvalues()`, `cooks.distance()`, `family()`, `terms()`, `model.frame()`,
#'   `model.matrix()`.
#' @section Texts:
#' Texts become tf-idf of words and pairs of words, and of runs of 3 to 5 characters within words, of those that are in
#' two training texts or more: tf(t) * idf(t) with idf(t) = ln((1 + n) / (1 + df(t))) + 1, where df(t) of n texts
#' contain the term t; the values of a text, words and characters each, are divided by the root of the sum of their
#' squares (scikit-learn's formula; tm and tidytext take ln(n / df)). A ridge is fitted to these columns as they are
#' and to the other terms of the formula, standardised; five folds within the training rows choose its strength.
#' @section Sequences:
#' The columns of sequences, a list of matrices or vectors (see [as_sequences()]), are of each feature: `mean_`, `sd_`,
#' `min_`, `max_`, `first_`, `last_`, `lag1_` and `lag2_` (one and two steps before the last), `slope_` (of the least
#' squares line, per step), `autocorrelation_` (of neighbouring steps), `part1_` and so on (means of as many parts of
#' equal length as the longest has steps, at most 16); and `length`. A ridge is fitted to them, as to pixels.
#' @section Rows in batches:
#' Batches are read twice (few rows once): for levels and the outcome, then to prepare the rows, which go to a temporary
#' file (8 bytes a number, in the folder that the environment variable `TMPDIR` names) that each iteration reads.
#' Coefficients, standard errors and deviances are those of the same rows in memory. Nothing that is kept grows with
#' the rows, but with `method = "firth"`, of several classes, with an estimated theta, and where separation is looked
#' for: there a few numbers of each row are. `weights` and `offset` then name columns, in quotes. A term that must see
#' all rows at once (`poly()`, quantiles as knots), `missing = "impute"`, `subset` and a penalty are refused;
#' `penalty = "auto"` is a ridge only while the prepared rows take less than 128 MiB. As the training rows are not kept,
#' residuals, profile intervals and other diagnostics are not to be had; `confint(model, method = "wald")` is.
#' @section Conditions:
#' An error of class `bineural_InputError` says which of formula, columns, outcome or options cannot be used. Warnings
#' are of class `bineural_SeparationWarning`, `bineural_AliasedWarning`, `bineural_ConvergenceWarning`,
#' `bineural_DroppedWarning`, `bineural_PenaltyWarning`, `bineural_LabelWarning` (labels that look alike) or
#' `bineural_ColumnWarning` (text that holds numbers, or names of rows).
#' @references
#' McCullagh and Nelder (1989). *Generalized Linear Models*. Chapman and Hall.
#'
#' Firth (1993). *Biometrika* 80(1), 27-38.
#'
#' Rad and Maleki (2020). *Journal of the Royal Statistical Society B* 82(4), 965-996.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' summary(glm)
fit_glm <- function(formula,
                    data,
                    event = NULL,
                    classes = NULL,
                    family = NULL,
                    link = NULL,
                    weights = NULL,
                    offset = NULL,
                    contrasts = NULL,
                    penalty = NULL,
                    strength = NULL,
                    method = "ml",
                    converge = "r",
                    missing = "error",
                    unseen = "warn",
                    features = "auto",
                    ...) {
  call <- rlang::current_env()
  given <- r_arguments(if (missing(data)) NULL else data, call, ...)
  whole <- if (missing(data)) NULL else data
  if (!is.null(given$subset)) data <- data[given$subset, , drop = FALSE]
  if (!is.null(given$missing)) missing <- if (given$missing == "na.fail") "error" else "drop"
  problem <- if (comes_in_batches(formula, data)) {
    batch_problem(formula, data, call)
  } else {
    as_py_problem(formula, data, call)
  }
  rows <- problem$rows
  how <- as_py_family(family, link, call)
  contrasts <- settle_contrasts(contrasts, without_empty_levels(problem$factors), formula, call)
  say_level_order(c(problem$factors, class_labels(formula, data)), contrasts)
  if (!is.null(given$subset)) {
    weights <- within_subset(row_values("weights", whole, call), given$subset)
    offset <- within_subset(row_values("offset", whole, call), given$subset)
  }
  model <- fit_core(
    "fit_glm", problem, formula,
    event = as_py_level(event),
    classes = as_py_levels(classes),
    family = how$family,
    link = how$link,
    weights = as_py_row_values(weights, rows),
    offset = as_py_row_values(offset, rows),
    contrasts = as_py_contrasts(contrasts, call),
    penalty = as_py_text(penalty),
    strength = as_py_number(strength),
    method = as_py_text(method),
    converge = as_py_text(converge),
    missing = as_py_text(missing),
    unseen = as_py_text(unseen),
    features = as_py_features(features, call),
    call = call
  )
  model <- with_call(model, call, whole)
  model$terms <- terms_of(model$formula, data, call)
  model$subset <- given$subset
  if (is.data.frame(data)) model$na.action <- left_out_rows(model$formula, data, given$missing)
  model
}

# Values of rows, of those that `subset` keeps; a column is found among them by its name.
within_subset <- function(x, subset) if (is.null(x) || rlang::is_string(x)) x else x[subset]

coefficient_table <- function(model, ..., call = rlang::caller_env()) {
  from_python(call_core(python_model(model, call = call)$coefficients, ..., .call = call))
}

#' What a fitted GLM says
#'
#' `coef()`, `vcov()` and `confint()` are as those of [stats::glm()]; `NA` where a column repeats a combination of the
#' columns before it. `tidy()` and `glance()` give the same as tibbles.
#'
#' @param object,x A model from [fit_glm()].
#' @param complete Whether coefficients that are `NA` are given too.
#' @param parm Names or numbers of coefficients; all when missing.
#' @param level,conf.level Confidence level between 0 and 1.
#' @param method `"profile"` (profile likelihood as R's `confint()`; it needs the training rows, which a model from a
#'   file does not hold) or `"wald"`.
#' @param conf.int Whether to add intervals, `conf.low` and `conf.high`.
#' @param exponentiate Whether to give exp(estimate), with a logit link odds ratios and with a log link rate ratios, and
#'   exp of the bounds. Standard errors and tests stay those of the coefficients, as broom has it.
#' @param ... Must be empty.
#' @return `coef()`: named double, on the scale of the linear predictor. `vcov()`: matrix. `confint()`: matrix with two
#'   columns. `tidy()`: tibble with `term`, `estimate`, `std.error`, `statistic`, `p.value`. `glance()`: tibble of one
#'   row.
#' @name glm-results
NULL

#' @rdname glm-results
#' @export
coef.bineural_glm <- function(object, complete = TRUE, ...) {
  check_dots(...)
  table <- coefficient_table(object)
  kept <- complete | !is.na(table$estimate)
  stats::setNames(table$estimate, table$term)[kept]
}

#' @rdname glm-results
#' @export
vcov.bineural_glm <- function(object, complete = TRUE, ...) {
  check_dots(...)
  table <- as.matrix(from_python(call_core(python_model(object)$vcov)))
  rownames(table) <- colnames(table)
  kept <- complete | !is.na(diag(table))
  table[kept, kept, drop = FALSE]
}

#' @rdname glm-results
#' @export
confint.bineural_glm <- function(object, parm, level = 0.95, method = "profile", ...) {
  check_dots(...)
  table <- interval_table(object, level, method, rlang::current_env())
  tails <- c((1 - level) / 2, (1 + level) / 2)
  percent <- paste(format(100 * tails, trim = TRUE, scientific = FALSE, digits = 3), "%")
  bounds <- matrix(c(table$low, table$high), ncol = 2, dimnames = list(table$term, percent))
  if (missing(parm)) return(bounds)
  chosen <- if (is.character(parm)) match(parm, table$term) else seq_len(nrow(bounds))[parm]
  if (anyNA(chosen)) {
    abort_input(
      "`parm` must be names or numbers of coefficients.",
      paste0("It holds ", paste(parm[is.na(chosen)], collapse = ", "), "."),
      paste0("There are: ", paste(table$term, collapse = ", "), ".")
    )
  }
  bounds[chosen, , drop = FALSE]
}

interval_table <- function(model, level, method, call) {
  from_python(call_core(
    python_model(model, call = call)$confint,
    level = as_py_number(level, "level", call), method = as_py_text(method, "method", call), .call = call
  ))
}

#' @rdname glm-results
#' @export
tidy.bineural_glm <- function(x,
                              conf.int = FALSE, # nolint: object_name_linter.
                              conf.level = 0.95, # nolint: object_name_linter.
                              exponentiate = FALSE,
                              method = "profile",
                              ...) {
  check_dots(...)
  table <- coefficient_table(
    x,
    exponentiate = as_py_flag(exponentiate), level = if (conf.int) as_py_number(conf.level),
    method = as_py_text(method)
  )
  names <- c("term", "estimate", "std.error", "statistic", "p.value", if (conf.int) c("conf.low", "conf.high"))
  stats::setNames(table, names)
}

#' @rdname glm-results
#' @export
glance.bineural_glm <- function(x, ...) {
  check_dots(...)
  found <- glance_list(x)
  found[vapply(found, is.null, NA)] <- NA
  tibble::tibble(
    null.deviance = found$null_deviance, df.null = found$df_null, logLik = found$log_lik, AIC = found$aic,
    BIC = found$bic, deviance = found$deviance, df.residual = found$df_residual, nobs = found$n_rows,
    dispersion = found$dispersion, iterations = found$iterations, converged = found$converged
  )
}

glance_list <- function(model, call = rlang::caller_env()) {
  from_python(call_core(python_model(model, call = call)$glance, .call = call))
}

#' @export
deviance.bineural_glm <- function(object, ...) {
  check_dots(...)
  glance_list(object)$deviance
}

#' @export
df.residual.bineural_glm <- function(object, ...) {
  check_dots(...)
  glance_list(object)$df_residual
}

#' @export
AIC.bineural_glm <- function(object, ..., k = 2) { # nolint: object_name_linter.
  check_models(...)
  NextMethod()
}

#' @export
BIC.bineural_glm <- function(object, ...) { # nolint: object_name_linter.
  check_models(...)
  NextMethod()
}

# Further models to stand beside the first; whatever else was given is no argument.
check_models <- function(..., .call = rlang::caller_env()) {
  if (!all(vapply(list(...), is.object, NA))) check_dots(..., .call = .call)
}

#' @export
logLik.bineural_glm <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  found <- glance_list(object)
  if (is.null(found$log_lik)) found[c("log_lik", "aic")] <- NA_real_ # a penalised fit has none
  structure(found$log_lik, df = found$aic / 2 + found$log_lik, nobs = found$n_rows, class = "logLik") # as AIC counts
}

#' @export
fitted.bineural_glm <- function(object, ...) {
  check_dots(...)
  found <- from_python(python_model(object)$fit_$fitted)
  if (is.matrix(found)) colnames(found) <- object$levels
  put_back_rows(found, object)
}

#' Residuals of a fitted GLM
#'
#' @param object A model from [fit_glm()]; one from a file has no training rows and so no residuals.
#' @param type As in [stats::residuals.glm()]: `"deviance"`, signed root of the row's share of the deviance;
#'   `"pearson"`, in standard deviations of the outcome; `"working"`, on the scale of the linear predictor;
#'   `"response"`, in the outcome's units. Several classes have `"response"` alone.
#' @param ... Must be empty.
#' @return A number for each row that the model learnt from (rows left out for missing values have none), in their
#'   order; for several classes a matrix with a column for each. A row of weight 0 keeps its outcome ([stats::glm()]
#'   takes it as 0).
#' @section Conditions:
#' `bineural_InputError` if the model comes from a file, or has no residuals of this type.
#' @references McCullagh and Nelder (1989). *Generalized Linear Models*. Chapman and Hall, section 2.4.
#' @importFrom stats residuals
#' @export
#' @examplesIf bineural_available()
#' glm <- fit_glm(mpg ~ wt, mtcars)
#' head(residuals(glm))
residuals.bineural_glm <- function(object, type = "deviance", ...) {
  check_dots(...)
  found <- from_python(call_core(python_model(object)$residuals, kind = as_py_text(type)))
  if (is.matrix(found)) {
    colnames(found) <- as.character(object$classes)
    found <- found[, object$levels, drop = FALSE]
  }
  put_back_rows(found, object)
}

# Coefficients with Wald intervals, the intercept left out.
#' @exportS3Method ggplot2::autoplot
autoplot.bineural_glm <- function(object, level = 0.95, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  table <- coefficient_table(object)
  bounds <- interval_table(object, level, "wald", rlang::current_env())
  shown <- !grepl("(^|:)\\(Intercept\\)$", table$term) & !is.na(table$estimate)
  table <- cbind(table, bounds[c("low", "high")])[shown, ]
  table$term <- factor(table$term, levels = rev(table$term))
  ggplot2::ggplot(table, ggplot2::aes(x = .data$estimate, y = .data$term)) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey60", linetype = "dashed") +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), colour = plot_colours[1]) +
    ggplot2::geom_point(colour = plot_colours[1], size = 2) +
    ggplot2::labs(x = sprintf("Coefficient (%g%% Wald interval)", 100 * level), y = NULL) +
    plain_theme()
}

#' @export
plot.bineural_glm <- function(x, level = 0.95, ...) {
  check_dots(...)
  draw(autoplot.bineural_glm(x, level))
}
