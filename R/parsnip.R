# The engine "bineural" of parsnip's models, which is registered when parsnip is loaded; workflows, tune and yardstick
# then work with nets and GLMs of ours as with any other engine.

#' Models of parsnip with the engine `"bineural"`
#'
#' Where the parsnip package is loaded, `mlp()` is [fit_net()], and `logistic_reg()`, `multinom_reg()` and
#' `linear_reg()` are [fit_glm()], with `set_engine("bineural")`. The functions here are what parsnip calls.
#'
#' Of `mlp()`: `hidden_units` (`units`), `penalty` (`l2`), `dropout`, `epochs`, `activation` and `learn_rate`
#' (`learning_rate`); what is not given is [fit_net()]'s default. Of the others: `penalty` (`strength`) and `mixture`, 0
#' for a ridge (the default beside a penalty) and 1 for a lasso; without a penalty it is maximum likelihood. All other
#' options go to `set_engine()`, e.g. `set_engine("bineural", ensemble = 1, seed = 1)`. Predictions are of `type`
#' `"class"`, `"prob"`, `"numeric"`, and of GLMs `"conf_int"` (and of `linear_reg()` `"pred_int"`). The event of two
#' classes is the first level, as for yardstick, unless `set_engine("bineural", event = )` names it.
#'
#' @param formula,data Formula and data frame, as parsnip gives them.
#' @param weights Case weights as numbers, or `NULL`.
#' @param hidden_units,penalty,dropout,epochs,activation,learn_rate,mixture Arguments of parsnip's models.
#' @param ... Options of [fit_net()] or [fit_glm()].
#' @return The fitted model, as from [fit_net()] or [fit_glm()].
#' @section Conditions:
#' As of [fit_net()] and [fit_glm()]; `bineural_InputError` if `mixture` is neither 0 nor 1.
#' @name parsnip-engine
#' @examplesIf bineural_available() && requireNamespace("parsnip", quietly = TRUE)
#' spec <- parsnip::set_engine(parsnip::logistic_reg(), "bineural")
#' fit <- parsnip::fit(spec, Kyphosis ~ Age + Start, load_dataset("kyphosis"))
#' predict(fit, load_dataset("kyphosis")[1:3, ], type = "prob")
NULL

#' @rdname parsnip-engine
#' @export
parsnip_net <- function(formula,
                        data,
                        weights = NULL,
                        hidden_units = NULL,
                        penalty = NULL,
                        dropout = NULL,
                        epochs = NULL,
                        activation = NULL,
                        learn_rate = NULL,
                        ...) {
  given <- list(
    units = hidden_units, l2 = penalty, dropout = dropout, epochs = epochs, activation = activation,
    learning_rate = learn_rate
  )
  parsnip_fit(fit_net, formula, data, weights, Filter(Negate(is.null), given), list(verbose = 0, ...))
}

#' @rdname parsnip-engine
#' @export
parsnip_glm <- function(formula, data, weights = NULL, penalty = NULL, mixture = NULL, ...) {
  given <- list()
  is_number <- function(x) is.numeric(x) && !is.object(x) && length(x) == 1 && !is.na(x) && x >= 0
  if (!is.null(mixture) && !(is_number(mixture) && mixture %in% 0:1)) {
    abort_input(
      "`mixture` must be 0, a ridge, or 1, a lasso.", paste0("Found ", describe(mixture), "."), "Choose one of them."
    )
  }
  if (!is.null(penalty) && !is_number(penalty)) {
    abort_value(penalty, "a number of 0 or more", "Give e.g. `penalty = 0.1`.", "penalty", rlang::current_env())
  }
  if (!is.null(penalty) && penalty > 0) {
    given <- list(penalty = if (identical(as.double(mixture), 1)) "lasso" else "ridge", strength = penalty)
  }
  parsnip_fit(fit_glm, formula, data, weights, given, list(...))
}

# `formula` and `data` stand by name in the call, so that a model can keep it without rows.
parsnip_fit <- function(verb, formula, data, weights, given, options) {
  outcome <- if (inherits(formula, "formula") && length(formula) == 3) formula[[2]]
  y <- if (is.name(outcome) && is.data.frame(data)) data[[as.character(outcome)]]
  two <- is.factor(y) && nlevels(y) == 2 && is.null(options$event)
  if (two) given$event <- levels(y)[1]
  if (!is.null(weights)) given$weights <- weights
  model <- do.call(verb, c(list(formula, data), given, options))
  model["call"] <- list(NULL)
  model
}

# ---- registration ---------------------------------------------------------------------------------------------------

register_parsnip <- function(...) {
  set <- function(name, ...) getExportedValue("parsnip", name)(...)
  known <- set("get_from_env", "mlp")
  if ("bineural" %in% known$engine) return(invisible())
  nets <- c(
    hidden_units = "hidden_units", penalty = "penalty", dropout = "dropout", epochs = "epochs",
    activation = "activation", learn_rate = "learn_rate"
  )
  glms <- c(penalty = "penalty", mixture = "mixture")
  register_model(set, "mlp", c("classification", "regression"), "parsnip_net", nets)
  register_model(set, "logistic_reg", "classification", "parsnip_glm", glms)
  register_model(set, "multinom_reg", "classification", "parsnip_glm", glms)
  register_model(set, "linear_reg", "regression", "parsnip_glm", glms)
}

register_model <- function(set, model, modes, fit, arguments) {
  for (mode in modes) {
    set("set_model_engine", model, mode, "bineural")
    set("set_dependency", model, eng = "bineural", pkg = "bineural", mode = mode)
    set(
      "set_fit",
      model = model, mode = mode, eng = "bineural",
      value = list(
        interface = "formula", protect = c("formula", "data", "weights"), func = c(pkg = "bineural", fun = fit),
        defaults = list()
      )
    )
    set(
      "set_encoding",
      model = model, mode = mode, eng = "bineural",
      options = list(
        predictor_indicators = "none", compute_intercept = FALSE, remove_intercept = FALSE, allow_sparse_x = FALSE
      )
    )
    for (type in prediction_types(model, mode)) {
      set("set_pred", model = model, mode = mode, eng = "bineural", type = type, value = parsnip_prediction(type, mode))
    }
  }
  dials <- c(dropout = "dropout", activation = "activation", learn_rate = "learn_rate")
  for (name in names(arguments)) {
    maker <- if (name %in% names(dials)) dials[[name]] else name
    set(
      "set_model_arg",
      model = model, eng = "bineural", parsnip = name, original = arguments[[name]],
      func = list(pkg = "dials", fun = maker), has_submodel = FALSE
    )
  }
}

prediction_types <- function(model, mode) {
  plain <- if (mode == "classification") c("class", "prob") else "numeric"
  c(plain, switch(model, linear_reg = c("conf_int", "pred_int"), logistic_reg = "conf_int"))
}

parsnip_prediction <- function(type, mode) {
  asked <- switch(type, conf_int = , pred_int = "response", type)
  arguments <- list(object = quote(object$fit), new_data = quote(new_data), type = asked)
  if (asked == "response") {
    arguments$interval <- if (type == "conf_int") "confidence" else "prediction"
    arguments$level <- quote(level)
  }
  post <- switch(type,
    class = function(x, object) x$.pred_class,
    numeric = function(x, object) x$.pred,
    prob = function(x, object) stats::setNames(x, object$lvl),
    function(x, object) interval_of_parsnip(x, object)
  )
  list(pre = NULL, post = post, func = c(fun = "predict"), args = arguments)
}

# The bounds of the mean; of two classes those of both.
interval_of_parsnip <- function(x, object) {
  if (is.null(object$lvl)) return(x[c(".pred_lower", ".pred_upper")])
  event <- as.character(object$fit$event)
  bounds <- list()
  for (level in object$lvl) {
    own <- level == event
    bounds[[paste0(".pred_lower_", level)]] <- if (own) x$.pred_lower else 1 - x$.pred_upper
    bounds[[paste0(".pred_upper_", level)]] <- if (own) x$.pred_upper else 1 - x$.pred_lower
  }
  tibble::as_tibble(bounds)
}
