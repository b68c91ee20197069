#' @section The flow:
#' [load_dataset()], [split_rows()] or [make_folds()], [fit_glm()] and [fit_net()], [predict()][predict.bineural_model],
#' [evaluate_model()], [plot_roc()], [save_model()]. The same names, arguments and numbers are in Python.
#'
#' The page `` `bineural-topics` `` lists all help pages by topic.
#'
#' @section Python:
#' `library(bineural)` starts no Python; the first function that needs it does. Set the environment variable
#' `RETICULATE_PYTHON` to choose one; [sitrep()] says which was found and what is missing.
#'
#' @section Conditions:
#' Errors say what must hold, what was found and what to try, in the same words as in Python. Their class is the
#' Python class with `bineural_` before it, e.g. `bineural_ColumnError`, then `bineural_InputError` and
#' `bineural_error`. Warnings are of class `bineural_SeparationWarning`, `bineural_UnseenLevelWarning` and so on, then
#' `bineural_BineuralWarning`.
#'
#' @importFrom rlang .data
#' @importFrom stats AIC BIC coef confint deviance df.residual fitted formula logLik nobs predict vcov
#' @keywords internal
"_PACKAGE"
