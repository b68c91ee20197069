# Models of R's own, as lm(), glm(), gam(), ranger() and others return them, in compare_models() and evaluate_model().
#
# They are refitted by their own call with `data` replaced by the training rows, as update() does it, and answer in
# probabilities of each class, or numbers.

# Whether an object is a fitted model of R's.
is_r_fit <- function(x) {
  if (!is.object(x) || is_python(x) || isS4(x) || !is.list(x) || is.data.frame(x)) return(FALSE)
  if (any(startsWith(class(x), "bineural_")) || inherits(x, c("recipe", "workflow", "model_spec", "rset"))) {
    return(FALSE)
  }
  is.call(call_of_fit(x))
}

call_of_fit <- function(x) tryCatch(stats::getCall(x), error = function(e) NULL)

# The formula of a model of R's; NULL where it has none.
formula_of_fit <- function(x) {
  if (inherits(x$terms, "formula")) return(stats::formula(x$terms))
  found <- tryCatch(stats::formula(x), error = function(e) NULL)
  if (inherits(found, "formula")) return(found)
  found <- tryCatch(eval(call_of_fit(x)$formula, parent.frame()), error = function(e) NULL)
  if (inherits(found, "formula")) found
}

# A model of R's as `r_model()` makes them.
as_r_model <- function(fit, name, call) {
  own <- call_of_fit(fit)
  verb <- shortened(deparse(own[[1]]))
  hint <- paste0(
    "Write it as `r_model(function(train) ", verb, "(", written_formula(fit), ", data = train))`, with `predict` ",
    "where it needs one."
  )
  if (is.null(own$data)) {
    abort_input(
      "A model of R's must have been fitted with `data`, to be fitted again to the training rows of a fold.",
      paste0("The call of `", name, "` has none."), hint,
      call = call
    )
  }
  text <- shortened(deparse(own))
  refit <- function(train) {
    place <- new.env(parent = place_of_fit(fit))
    place$.rows <- train
    again <- own
    again$data <- quote(.rows)
    if (is.name(again$formula)) again$formula <- formula_of_fit(fit)
    tryCatch(eval(again, place), error = function(e) {
      rlang::abort(
        c(
          paste0("`", name, "` can't be fitted again by its call."), x = first_line(conditionMessage(e)), i = hint
        ),
        class = c("bineural_InputError", "bineural_error"), call = NULL
      )
    })
  }
  structure(list(fit = refit, predict = r_prediction, packages = NULL, text = text), class = "bineural_r_model")
}

written_formula <- function(fit) {
  formula <- formula_of_fit(fit)
  if (is.null(formula)) "..." else shortened(deparse(formula))
}

place_of_fit <- function(fit) {
  place <- environment(formula_of_fit(fit))
  if (is.environment(place)) place else globalenv()
}

# What a model of R's predicts: a matrix with a column for each class, or numbers.
r_prediction <- function(model, new) {
  predicted <- suppressWarnings(first_prediction(model, new))
  if (is.list(predicted) && !is.data.frame(predicted) && !is.null(predicted$predictions)) {
    predicted <- predicted$predictions # ranger's
  }
  if (is.factor(predicted) || is.character(predicted)) {
    stop("it predicts classes and no probabilities; fit it so that it does, or write an r_model().", call. = FALSE)
  }
  levels <- classes_of_fit(model)
  if (length(dim(predicted)) == 2) {
    predicted <- as.matrix(predicted)
    if (ncol(predicted) > 1) return(predicted)
    predicted <- predicted[, 1]
  }
  if (length(dim(predicted)) == 3) predicted <- predicted[, , 1]
  if (length(levels) != 2) return(as.double(predicted))
  both <- cbind(1 - as.double(predicted), as.double(predicted))
  structure(both, dimnames = list(NULL, levels))
}

first_prediction <- function(model, new) {
  if (inherits(model, "ranger")) return(stats::predict(model, data = new))
  if (inherits(model, c("glm", "gam", "negbin", "glmnet"))) return(stats::predict(model, new, type = "response"))
  types <- if (inherits(model, "lm")) list(NULL) else list("prob", "probs", "probability", "response", NULL)
  for (type in types) {
    found <- tryCatch(
      if (is.null(type)) stats::predict(model, new) else stats::predict(model, new, type = type),
      error = function(e) NULL
    )
    if (!is.null(found) && !is.factor(found)) return(found)
  }
  if (inherits(model, "lm")) stats::predict(model, new) else found
}

# The two labels of a binomial model's outcome, that of the failures first.
classes_of_fit <- function(model) {
  family <- tryCatch(stats::family(model)$family, error = function(e) NULL)
  if (!is.null(family) && !family %in% c("binomial", "quasibinomial")) return(NULL)
  y <- tryCatch(stats::model.response(stats::model.frame(model)), error = function(e) NULL)
  if (is.null(y) && !is.null(model$model)) y <- model$model[[1]]
  if (is.factor(y)) return(levels(y))
  if (is.logical(y)) return(c("FALSE", "TRUE"))
  if (is.numeric(y) && !is.null(family) && all(y %in% 0:1) && is.null(dim(y))) c("0", "1")
}

# A model of R's in the place of a fitted model of ours, for given rows: an object of Python that predicts them.
predictions_of_fit <- function(model, data, event, call) {
  if (!is.data.frame(data)) {
    abort_input(
      "A model of R's must be evaluated on a data frame.", paste0("`data` is ", describe(data), "."),
      "Give the rows as a data frame.",
      call = call
    )
  }
  predicted <- tryCatch(r_prediction(model, data), error = function(e) {
    abort_input(
      "A model of R's must predict probabilities or numbers by `predict()`.", first_line(conditionMessage(e)),
      "Compute the measures from predictions, e.g. `auroc(y_true, score)`.",
      call = call
    )
  })
  outcome <- formula_of_fit(model)
  outcome <- if (!is.null(outcome)) as_py_formula(stats::as.formula(call("~", outcome[[2]])))
  classes <- if (is.matrix(predicted)) as_py_levels(colnames(predicted))
  bridge()$predictions_from_r(reticulate::np_array(unname(predicted)), classes, outcome)
}
