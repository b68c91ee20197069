# Fitted models in R: what every one has, whatever it learnt. A model is a list with the bundle (bytes that saveRDS
# keeps) and a pointer to the live Python object, which is made again from the bundle when a new session needs it.

new_model <- function(object, formula = NULL, recipe = NULL) {
  python_class <- reticulate::py_to_r(object$`__class__`$`__name__`)
  if (python_class == "Forecaster") return(new_forecaster(object))
  if (python_class == "Agent") return(new_agent(object))
  kind <- if (startsWith(python_class, "GLM")) "bineural_glm" else "bineural_net"
  tasks <- c(
    Classifier = "bineural_classifier", Regressor = "bineural_regressor", Detector = "bineural_detector",
    Autoencoder = "bineural_autoencoder", GAN = "bineural_gan", RBM = "bineural_rbm",
    SequenceModel = "bineural_sequence"
  )
  task <- tasks[[sub("^(GLM|Net)", "", python_class)]]
  attribute <- function(name) from_python(reticulate::py_get_attr(object, name, silent = TRUE))
  if (is.null(formula) && !is.null(attribute("formula_"))) formula <- as_formula(attribute("formula_"))
  parts <- structure(
    list(
      formula = formula,
      outcome = attribute("outcome_"),
      event = attribute("event_"),
      levels = if (task == "bineural_classifier") as.character(attribute("levels_")),
      classes = attribute("classes_"),
      columns = as.character(unlist(attribute("columns_"))),
      errors = if (task %in% c("bineural_autoencoder", "bineural_sequence")) unlist(attribute("errors_")),
      labels = if (task == "bineural_detector") as.character(attribute("labels_")),
      n_rows = attribute("n_rows_"),
      recipe = recipe,
      bundle = to_bundle(object),
      pointer = new_pointer(object)
    ),
    class = c(kind, task, "bineural_model")
  )
  if (task == "bineural_sequence") {
    parts$symbols <- as.character(unlist(attribute("symbols_")))
    parts$baseline <- function() printed(object$baseline_)
  }
  if (kind == "bineural_net") {
    history <- attribute("history_")
    parts[c("history", "seed", "interrupted")] <- list(
      tibble::as_tibble(c(list(epoch = seq_along(history$loss)), history)), attribute("seed_"),
      isTRUE(attribute("interrupted_"))
    )
  }
  parts
}

# A formula of text that may come from a file: it is only parsed (`as.formula("{f(); y ~ x}")` would run f).
as_formula <- function(text) {
  parsed <- tryCatch(str2lang(text), error = function(e) NULL)
  if (!is.call(parsed) || !identical(parsed[[1]], quote(`~`))) return(text)
  structure(parsed, class = "formula", .Environment = globalenv())
}

# NULL where a file can't carry the model (a builder function of the user's): it then lives as long as the session.
to_bundle <- function(object) {
  tryCatch(
    from_python(call_core("saving.models.model_to_bytes", object)),
    bineural_SavingError = function(e) NULL
  )
}

# The live Python object of a model; any Python object stands for itself.
python_model <- function(model, arg = rlang::caller_arg(model), call = rlang::caller_env()) {
  if (is_python(model)) return(model)
  if (inherits(model, c("bineural_average", "bineural_tuned"))) {
    return(live_object(model, paste0("`", arg, "`"), call))
  }
  if (!inherits(model, "bineural_model")) {
    other <- not_model(model)
    abort_input(
      paste0("`", arg, "` must be a fitted model."),
      paste0("It is ", if (is.null(other)) describe(model) else other$what, "."),
      if (is.null(other)) "Give what `fit_glm()`, `fit_net()` or `load_model()` returned." else other$hint,
      call = call
    )
  }
  if (!is_live(model$pointer$object)) {
    if (is.null(model$bundle)) {
      abort_input(
        paste0("`", arg, "` must hold its weights."),
        "The model has a function or layer that no file carries, and the session that fitted it has ended.",
        "Fit it again.",
        call = call
      )
    }
    model$pointer$object <- call_core("saving.models.model_from_bytes", to_py(model$bundle), .call = call)
  }
  model$pointer$object
}

# Formula and data, x and y, or a recipe and data, ready for the two first positions of a fitting verb.
as_py_problem <- function(formula, data, call) {
  if (missing(formula) || missing(data)) {
    abort_input(
      "A formula and its data must be given, or predictors x and an outcome y.",
      paste0("`", if (missing(formula)) "formula" else "data", "` is missing."),
      "Write e.g. `fit_glm(y ~ ., data = table)`.",
      call = call
    )
  }
  check_order(formula, data, call)
  if (inherits(formula, "recipe")) return(recipe_problem(formula, data, call))
  factors <- predictors_of(formula, data)
  if (inherits(formula, "formula") || is_formula_text(formula) || is_python(formula)) {
    frame <- as_py_frame(data, "data", call)
    columns <- if (is.data.frame(data)) names(data)
    return(list(
      formula = as_py_formula(formula, "formula", call), data = frame, columns = columns, factors = factors, rows = data
    ))
  }
  list(
    formula = as_py_x(formula, "formula", call), data = as_py_y(data, "data", call), factors = factors, rows = formula
  )
}

# Predictors x and the outcome y beside them: a column's name, boxes, several labels, or a value for each row.
as_py_x <- function(x, arg, call) if (is_pictures(x)) as_py_pictures(x, arg, call) else as_py_data(x, arg, call)

as_py_y <- function(y, arg, call) {
  if (is.character(y) && length(y) == 1) return(as_py_text(y, arg, call))
  if (is_box_frame(y)) return(as_py_boxes(y, arg, call))
  if (length(dim(y)) == 2 && ncol(y) > 1) as_py_data(y, arg, call) else as_py_vector(y, arg, call)
}

# What stands where the formula must be: the data (as a pipe puts them), or a model.
check_order <- function(formula, data, call) {
  verb <- called_name(call)
  if (inherits(data, "formula") || (is.data.frame(formula) && rlang::is_string(data) && grepl("~", data))) {
    abort_input(
      "The formula must come first, and the data second.",
      paste0("`data` is a formula, and `formula` is ", describe(formula), "."),
      paste0("Write `", sub("()", "(y ~ x, data)", verb, fixed = TRUE), "`; after a pipe `data = _`."),
      call = call
    )
  }
  if (inherits(formula, fitted_classes)) {
    abort_input(
      "A formula, or predictors x, must come first.", paste0("`formula` is ", describe(formula), "."),
      paste0("Give the formula of the model, `", sub("()", "(formula(model), data, ...)", verb, fixed = TRUE), "`."),
      call = call
    )
  }
}

fitted_classes <- c("bineural_model", "bineural_tuned", "bineural_average", "bineural_net_value")

# Text that is a formula, and not the path of a picture.
is_formula_text <- function(x) is.character(x) && !is_pictures(x)

# Rows in batches, beside a formula; or as x, with the name of the outcome.
batch_problem <- function(formula, data, call) {
  if (is_batches(formula)) {
    return(list(formula = as_py_batches(formula, "formula", call), data = as_py_text(data, "data", call)))
  }
  list(formula = as_py_formula(formula, "formula", call), data = as_py_batches(data, "data", call))
}

comes_in_batches <- function(formula, data) {
  if (missing(formula) || missing(data)) return(FALSE)
  if (is.character(formula) && is_pictures(formula)) return(FALSE)
  has_formula <- inherits(formula, "formula") || is.character(formula)
  if (has_formula) is_batches(data) || is_path(data) else is_batches(formula) && is_path(data)
}

# The columns that the right-hand side of a formula names; all predictors where x and y are given.
predictors_of <- function(formula, data) {
  if (is.data.frame(formula)) return(formula[setdiff(names(formula), if (is_path(data)) data)])
  if (is.character(formula)) formula <- as_formula(formula)
  if (!is.data.frame(data) || !inherits(formula, "formula")) return(NULL)
  named <- all.vars(formula[[length(formula)]])
  if ("." %in% named) named <- setdiff(names(data), all.vars(formula[[2]]))
  data[intersect(named, names(data))]
}

# Run a fitting call; where the core misses a column that is a variable of the user's session, say so.
fit_core <- function(verb, problem, formula, ..., call) {
  object <- call_fit(verb, problem, formula, ..., call = call)
  new_model(object, formula = if (inherits(formula, "formula")) formula, recipe = problem$recipe)
}

call_fit <- function(verb, problem, formula, ..., call) {
  tryCatch(
    call_core(verb, problem$formula, problem$data, ..., .call = call),
    bineural_InputError = function(e) {
      outside <- session_variables(formula, problem$columns, e)
      if (!length(outside)) rlang::cnd_signal(e)
      abort_sentences(
        sub("^bineural_", "", setdiff(grep("^bineural_", class(e), value = TRUE), "bineural_error")),
        e$must, e$found,
        paste0("`", outside[1], "` is a variable of your session; a formula sees columns only: add it to `data`."),
        call
      )
    }
  )
}

session_variables <- function(formula, columns, error) {
  about_columns <- inherits(error, c("bineural_ColumnError", "bineural_FormulaError"))
  if (!inherits(formula, "formula") || !about_columns) return(NULL)
  named <- setdiff(all.vars(formula), c(".", columns))
  environment <- environment(formula)
  named[vapply(named, exists, NA, envir = environment, mode = "numeric")]
}

#' Predict with a fitted model
#'
#' @param object A model from [fit_glm()], [fit_net()] or [load_model()].
#' @param new_data Data frame with the columns of the training data, or a matrix or array where the model was fitted to
#'   one; or rows in batches, more than memory holds (see [fit_net()]). Batches are read once, and only the predictions
#'   are kept. Where it is left out, the rows of the fit, if the variable that held them is still there, unchanged.
#' @param type `"class"` (the default of a classifier) gives the most probable class; `"prob"` the probability of each
#'   class, 0 to 1; `"numeric"` (the default of a regressor) the mean of the outcome, or its quantiles, in its units;
#'   `"response"` what [stats::predict.glm()] calls so: the mean, or the probability of the event, as `.pred`;
#'   `"link"` (GLM) the linear predictor, for a logit link the log-odds of the event; for several classes those of each
#'   level but the first against the first; `"spread"` (net) how far the members of an ensemble lie apart: the SD over
#'   members (n-1) of what `"prob"` or `"numeric"` gives the mean of; `"features"` (net) the outputs of its last hidden
#'   layer, the features that it has learnt (members of an ensemble side by side).
#' @param ... Must be empty.
#' @return A tibble with a row for each row of `new_data`: column `.pred_class` (factor with the training levels),
#'   columns `.pred_<level>` (double), or `.pred` (double), of quantiles a column for each, `.pred_0.1` for example; for
#'   the spread `.spread_<level>` or `.spread`; for features `.feature_1`, `.feature_2`, ... Rows that the model leaves
#'   out for missing values are `NA`.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
#' predict(glm, head(kyphosis), type = "prob")
#' net <- fit_net(Kyphosis ~ Start, kyphosis, event = "present", ensemble = 3, epochs = 10, seed = 1)
#' predict(net, head(kyphosis), type = "spread")
#' predict(net, head(kyphosis), type = "features")
predict.bineural_model <- function(object, new_data, type = NULL, ...) {
  check_dots(...)
  predict_rows(object, if (!missing(new_data)) new_data, type, missing(new_data), rlang::current_env())
}

#' @rdname predict.bineural_model
#' @param se.fit Whether to add `.std_error`, the standard error of the linear predictor (`type = "link"`) or, by the
#'   delta method, of the mean (`"response"`).
#' @param interval `"confidence"` adds `.pred_lower` and `.pred_upper` of the mean, carried over from the linear
#'   predictor by the link, with quantiles of t where the dispersion is estimated; `"prediction"` those of a new
#'   outcome (Gaussian family with identity link), as [stats::predict.lm()].
#' @param level Of the interval, between 0 and 1.
#' @export
predict.bineural_glm <- function(object,
                                 new_data,
                                 type = NULL,
                                 se.fit = FALSE, # nolint: object_name_linter.
                                 interval = "none",
                                 level = 0.95,
                                 ...) {
  check_dots(...)
  call <- rlang::current_env()
  if (!rlang::is_string(interval) || !interval %in% c("none", "confidence", "prediction")) {
    abort_value(
      interval, "one of \"none\", \"confidence\", \"prediction\"", "Leave it out for none.", "interval", call
    )
  }
  if (!rlang::is_bool(se.fit)) abort_value(se.fit, "TRUE or FALSE", "Use TRUE or FALSE.", "se.fit", call)
  uncertain <- se.fit || interval != "none"
  if (uncertain && is.null(type)) type <- "response"
  rows <- if (!missing(new_data)) new_data
  if (!uncertain) return(predict_rows(object, rows, type, missing(new_data), call))
  if (!type %in% c("response", "link", "numeric")) {
    abort_input(
      "Standard errors and intervals are of `type = \"response\"` or `\"link\"`.",
      paste0("It is ", describe(type), "."), "Ask for `type = \"response\"`.",
      call = call
    )
  }
  if (missing(new_data)) rows <- training_data(object, "`predict()` without `new_data`", call)
  with_errors(object, rows, type, se.fit, interval, level, call)
}

with_errors <- function(model, rows, type, errors, interval, level, call) {
  baked <- bake_rows(model, rows, call)
  n_rows <- nrow(rows)
  rows <- as_py_new_rows(baked, "new_data", call)
  live <- python_model(model, call = call)
  if (type == "link") {
    if (interval != "none") {
      abort_input(
        "An interval must be of the response.", "`type` is \"link\".", "Ask for `type = \"response\"`.",
        call = call
      )
    }
    found <- from_python(call_core(live$predict_link, rows, std_error = to_py(TRUE), .call = call))
    found <- tibble::tibble(.pred = na_of(found[[1]]), .std_error = na_of(found[[2]]))
    return(put_back_dropped(found, baked, n_rows))
  }
  kind <- if (interval == "none") "confidence" else interval
  found <- from_python(call_core(
    live$predict_mean, rows,
    level = as_py_number(level, "level", call), interval = to_py(kind), .call = call
  ))
  result <- tibble::tibble(.pred = na_of(found$mean))
  if (errors) result$.std_error <- na_of(found$std_error)
  if (interval != "none") result[c(".pred_lower", ".pred_upper")] <- list(na_of(found$low), na_of(found$high))
  put_back_dropped(result, baked, n_rows)
}

na_of <- function(x) replace(x, is.nan(x), NA)

predict_rows <- function(object, new_data, type, of_training, call) {
  if (of_training) new_data <- training_data(object, "`predict()` without `new_data`", call)
  classifier <- inherits(object, "bineural_classifier")
  own <- if (inherits(object, "bineural_glm")) "link" else c("spread", "features")
  answers <- if (classifier) c("class", "prob") else "numeric"
  allowed <- c(answers, own)
  type <- if (is.null(type)) allowed[1] else type
  if (identical(type, "response")) return(predict_response(object, new_data, call))
  if (!is.character(type) || length(type) != 1 || !type %in% allowed) {
    abort_input(
      paste0("`type` must be one of ", paste0('"', allowed, '"', collapse = ", "), " for this model."),
      paste0("It is ", describe(type), "."), "Choose one of them, or leave it out.",
      call = call
    )
  }
  model <- python_model(object, call = call)
  if (is.data.frame(new_data) && nrow(new_data) == 0 && type != "features") return(no_predictions(type, object))
  baked <- bake_rows(object, new_data, call)
  rows <- as_py_new_rows(baked, "new_data", call)
  values <- switch(type,
    prob = model$predict_proba,
    link = model$predict_link,
    spread = model$predict_spread,
    features = model$predict_features,
    model$predict
  )
  found <- as_prediction(from_python(call_core(values, rows, .call = call)), type, object)
  put_back_dropped(found, baked, nrow(new_data))
}

# What glm() calls the response: the mean, or the probability of the event; of several classes that of each.
predict_response <- function(object, new_data, call) {
  if (!inherits(object, "bineural_classifier")) return(predict_rows(object, new_data, "numeric", FALSE, call))
  prob <- predict_rows(object, new_data, "prob", FALSE, call)
  if (length(object$levels) > 2) return(prob)
  event <- if (is.null(object$event)) rev(object$levels)[1] else as.character(object$event)
  tibble::tibble(.pred = prob[[paste0(".pred_", event)]])
}

as_prediction <- function(values, type, model) {
  if (type == "class") return(tibble::tibble(.pred_class = factor(as.character(values), levels = model$levels)))
  values[is.nan(values)] <- NA # rows left out
  if (type == "features") {
    colnames(values) <- paste0(".feature_", seq_len(ncol(values)))
    return(tibble::as_tibble(values))
  }
  name <- if (type == "spread") ".spread" else ".pred"
  if (!is.matrix(values)) return(tibble::as_tibble(stats::setNames(list(as.double(values)), name)))
  labels <- if (type == "link") model$levels[-1] else c(as.character(model$classes), model$columns)
  colnames(values) <- paste0(name, "_", labels)
  ordered <- c(intersect(model$levels, labels), model$columns)
  tibble::as_tibble(values[, paste0(name, "_", ordered), drop = FALSE])
}

# No rows, no predictions: the columns alone.
no_predictions <- function(type, model) {
  several <- type == "prob" || (type == "link" && length(model$levels) > 2) ||
    (type == "spread" && length(model$levels) > 1) || length(model$columns)
  columns <- length(model$levels) - (type == "link") + length(model$columns)
  as_prediction(if (type == "class") character() else if (several) matrix(0, 0, columns) else double(), type, model)
}

#' @export
print.bineural_model <- function(x, ...) {
  check_dots(...)
  writeLines(model_text(x))
  invisible(x)
}

# What Python's summary() says.
model_text <- function(model) {
  object <- python_model(model)
  in_r_words(strsplit(from_python(call_core(object$summary)), "\n", fixed = TRUE)[[1]])
}

#' @export
summary.bineural_model <- function(object, ...) {
  check_dots(...)
  structure(
    list(text = model_text(object), coefficients = if (inherits(object, "bineural_glm")) tidy.bineural_glm(object)),
    class = "bineural_summary"
  )
}

#' @export
print.bineural_summary <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
formula.bineural_model <- function(x, env = NULL, ...) { # as.formula() of R gives `env`
  check_dots(...)
  x$formula
}

#' @export
nobs.bineural_model <- function(object, use.fallback = FALSE, ...) { # nolint: object_name_linter.
  check_dots(...)
  object$n_rows
}
