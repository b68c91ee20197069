# What is no fitted model, though predictions are asked of it: the answer names what has them.

#' @export
predict.bineural_tuned <- function(object, new_data, type, ...) {
  check_dots(...)
  abort_unfitted("object", "what `tune_net()` returned", tuned_hint(object, "predict"))
}

#' @export
predict.bineural_net_value <- function(object, new_data, type, ...) {
  check_dots(...)
  abort_unfitted("object", "a net that `make_net()` described", "Fit one with `fit_net()`.")
}

#' @export
predict.bineural_comparison <- function(object, new_data, type, ...) {
  check_dots(...)
  abort_unfitted("object", "a comparison", "Its `predictions` are those of held-out rows; fit a model for new rows.")
}

#' @export
augment.bineural_tuned <- function(x, new_data, ...) {
  check_dots(...)
  abort_unfitted("x", "what `tune_net()` returned", tuned_hint(x, "augment"))
}

#' @export
augment.bineural_net_value <- function(x, new_data, ...) {
  check_dots(...)
  abort_unfitted("x", "a net that `make_net()` described", "Fit one with `fit_net()`.")
}

tuned_hint <- function(tuned, verb) {
  if (is.null(tuned$model)) return("Tune with `refit = TRUE`, which fits the chosen setting.")
  paste0("Use the net of the chosen setting, `", verb, "(tuned$model, new_data)`.")
}

abort_unfitted <- function(arg, what, hint, call = rlang::caller_env()) {
  abort_input(paste0("`", arg, "` must be a fitted model."), paste0("It is ", what, "."), hint, call = call)
}
