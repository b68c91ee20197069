#' Average models: a model that predicts the mean of their predictions
#'
#' At a hundred rows an average of unlike models is often better than any of them, and needs no tuning.
#'
#' @param models A named list of models from [fit_glm()] and [fit_net()] with the same classes; or, inside
#'   [compare_models()], names of the other models (a character vector), whose predictions are then averaged within each
#'   fold.
#' @param weights Numbers, one for each model; `NULL` weighs them alike.
#' @return An object of class `bineural_average`, for [evaluate_model()] and [compare_models()]; `predict()` and
#'   `augment()` work as for the models.
#' @section Conditions:
#' `bineural_InputError` if there are fewer than two models, or they differ in classes, task or event.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' one <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
#' two <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
#' both <- average_models(list(one = one, two = two))
#' evaluate_model(both, kyphosis)
#' average_models(c("glm", "net"))
average_models <- function(models, weights = NULL) {
  call <- rlang::current_env()
  if (is.character(models)) {
    given <- py_list(as.list(models))
  } else {
    if (inherits(models, "bineural_model") || !is.list(models)) models <- list(models)
    for (model in models) refuse_recipe(model, call)
    live <- lapply(models, python_model, arg = "models", call = call)
    given <- if (all(rlang::names2(models) != "")) py_dict(live) else py_list(unname(live))
  }
  object <- call_core("average_models", given, weights = as_py_vector(weights), .call = call)
  first <- if (!is.character(models)) models[[1]]
  fields <- list(
    names = as.character(unlist(from_python(object$names))), formula = first$formula, outcome = first$outcome,
    levels = first$levels,
    classes = if (!is.null(first)) from_python(reticulate::py_get_attr(object, "classes_", TRUE))
  )
  structure(c(fields, standing_for(object)), class = "bineural_average")
}

#' @export
print.bineural_average <- function(x, ...) {
  check_dots(...)
  writeLines(printed(live_object(x, "The average")))
  invisible(x)
}

#' @export
predict.bineural_average <- function(object, new_data, type = NULL, ...) {
  check_dots(...)
  allowed <- if (is.null(object$classes)) "numeric" else c("class", "prob")
  type <- if (is.null(type)) allowed[1] else rlang::arg_match0(type, allowed)
  model <- live_object(object, "The average")
  values <- if (type == "prob") model$predict_proba else model$predict
  as_prediction(from_python(call_core(values, as_py_new_rows(new_data, "new_data"))), type, object)
}

#' @export
augment.bineural_average <- function(x, new_data, ...) {
  check_dots(...)
  if (missing(new_data)) {
    abort_input(
      "`new_data` must be given.", "It is missing; an average keeps no rows.", "Write `augment(average, new_data)`."
    )
  }
  types <- if (is.null(x$classes)) "numeric" else c("class", "prob")
  predictions <- lapply(types, function(type) stats::predict(x, new_data, type = type))
  tibble::as_tibble(do.call(cbind, c(predictions, beside(new_data))))
}
