# What is no fitted model, or no GLM, though it is asked what these answer: the answer names what does.
#
# The verbs below are given to every class of `not_models` that has no method of its own, when the package is loaded;
# R's default methods would answer NULL, or speak of components.

model_verbs <- list(base = "plot", stats = c("predict", "nobs"), generics = c("augment", "tidy", "glance", "generate"))
glm_verbs <- list(stats = c(
  "coef", "vcov", "confint", "residuals", "fitted", "logLik", "deviance", "df.residual", "anova", "simulate", "weights",
  "family", "hatvalues", "cooks.distance", "drop1", "extractAIC", "model.matrix"
))
of_nets_too <- c("residuals", "fitted")
nets_without_tidy <- c("bineural_classifier", "bineural_regressor", "bineural_detector", "bineural_sequence")

# Class: what it is, to follow "It is", and where the model is (a function gets the object and the verb).
not_models <- list(
  bineural_net_value = list("a net that `make_net()` described", "Fit one with `fit_net()`."),
  bineural_tuned = list("what `tune_net()` returned", function(object, verb) tuned_hint(object, verb)),
  bineural_net_fits = list("many nets that `fit_nets()` fitted", "Give one of its `nets`, e.g. `fits$nets[[1]]`."),
  bineural_average = list("an average of models", function(object, verb) average_hint(object)),
  bineural_comparison = list(
    "a comparison", "Its `predictions` are those of held-out rows; fit a model for new rows."
  ),
  bineural_evaluation = list("an evaluation", "Give the model that was evaluated."),
  bineural_net = list("a fitted net", "Fit a GLM with `fit_glm()`; a net has `predict()`, `summary()` and `plot()`.")
)

add_refusals <- function(namespace = asNamespace("bineural")) {
  for (class in names(not_models)) {
    verbs <- if (class == "bineural_net") {
      list(stats = setdiff(glm_verbs$stats, of_nets_too))
    } else {
      c(model_verbs, glm_verbs)
    }
    for (k in seq_along(verbs)) {
      for (verb in verbs[[k]]) add_refusal(verb, class, names(verbs)[k], namespace)
    }
  }
  for (class in nets_without_tidy) add_refusal("tidy", class, "generics", namespace, of = "bineural_net")
}

add_refusal <- function(verb, class, package, namespace, of = class) {
  if (exists(paste(verb, class, sep = "."), envir = namespace, inherits = FALSE)) return(invisible())
  generic <- getExportedValue(package, verb)
  method <- function() NULL
  formals(method) <- formals(generic)
  object <- as.name(names(formals(generic))[1])
  body(method) <- bquote(refuse_model_verb(.(object), .(verb), .(of), rlang::current_env()))
  environment(method) <- namespace
  registerS3method(verb, class, method, envir = asNamespace(package))
}

refuse_model_verb <- function(object, verb, class, call) {
  of_glm <- class == "bineural_net" || verb %in% unlist(glm_verbs)
  what <- not_models[[class]][[1]]
  hint <- not_models[[class]][[2]]
  if (of_glm && class != "bineural_net") hint <- "Fit a GLM with `fit_glm()`."
  if (is.function(hint)) hint <- hint(object, verb)
  abort_input(
    paste0("`", verb, "()` must be asked of a fitted ", if (of_glm) "GLM" else "model", "."),
    paste0("It is ", what, "."), hint,
    call = call
  )
}

# What an object is that stands where a fitted model must, and where the model is; NULL of other things.
not_model <- function(object, verb = NULL) {
  class <- intersect(class(object), setdiff(names(not_models), "bineural_net"))
  if (!length(class)) return(NULL)
  hint <- not_models[[class[1]]][[2]]
  list(what = not_models[[class[1]]][[1]], hint = if (is.function(hint)) hint(object, verb) else hint)
}

tuned_hint <- function(tuned, verb) {
  if (is.null(tuned$model)) return("Tune with `refit = TRUE`, which fits the chosen setting.")
  if (is.null(verb)) return("Give its `model`, the net of the chosen setting.")
  rows <- if (verb %in% c("predict", "augment")) ", new_data"
  paste0("Use the net of the chosen setting, `", verb, "(tuned$model", rows, ")`.")
}

average_hint <- function(average) {
  if (is.null(average$classes) && is.null(average$outcome)) return("Average fitted models, not names.")
  "Ask its models one by one."
}

#' @export
summary.bineural_net_value <- function(object, ...) {
  check_dots(...)
  object
}

#' @export
summary.bineural_average <- function(object, ...) {
  check_dots(...)
  object
}

#' @export
summary.bineural_evaluation <- function(object, ...) {
  check_dots(...)
  object
}
