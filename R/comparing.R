#' Compare models on the same folds, and say which differences are there
#'
#' Every model is fitted anew to the training rows of every fold, preparation included, and predicts the rows that were
#' held out. All folds of a net are trained together.
#'
#' @param models A named list of models, a character vector of short names, or one model. A model is one of: a GLM or
#'   net from [fit_glm()] or [fit_net()] (its formula, outcome and event are used); a function `function(train, test)`
#'   of two data frames, `test` without the outcome, that returns probabilities of the event (or a column for each
#'   class), or numbers; a fitted model of R's, as `lm()`, `glm()`, `mgcv::gam()` or `ranger::ranger()` return it, whose
#'   call is made again with the training rows as `data`, or any other by [r_model()]; a model that was fitted to a
#'   recipe, which is prepared with the training rows of each fold; an average of other models by name,
#'   [average_models()]; a net from [tune_net()], tuned anew within each training fold; a Python object, such as a
#'   scikit-learn estimator; a short name: `"glm"`, `"net"`, `"random_forest"` (`"rf"`), `"extra_trees"`,
#'   `"boosting"`, or the architecture of a net (`"mlp"`).
#' @param data Data frame or matrix: predictors and outcome, or predictors only; or images as [fit_net()] takes them.
#' @param outcome Column to predict, in quotes or not, or its values; by default what `formula` or the models name. This
#'   and `strata`, `groups`, `time` and `weights` are read as `weights` in [fit_glm()].
#'   Of images it may be a data frame of boxes (see [box_iou()]), of which at most ten an image, or twice as many as an
#'   image has, are predicted.
#' @param formula Formula for models that have none of their own; by default all other columns.
#' @param event Class whose probability is measured; a two-class outcome must name it, here or in a fitted model. With
#'   more classes it is measured against all others together, by models of all classes, as [fit_glm()] and [fit_net()]
#'   fit them; printing shows the rows of each class.
#' @param classes Takes a numeric outcome as these classes.
#' @param folds Number of folds; or folds from [make_folds()] or rsample, a split, pairs of row numbers, or the fold of
#'   each row; see [make_folds()]. One split gives no verdict.
#' @param repeats How often to make new folds; fewer than 50 resamples give no verdict.
#' @param strata Column to stratify by, its values, or `FALSE`; `NULL` is the outcome if it holds classes. Every class
#'   is a stratum, however rare; one with fewer rows than folds is tested in as many folds as it has rows, which is
#'   said.
#' @param groups,time As in [make_folds()]; printing says how times that are text were read. Beside folds made already,
#'   `groups` are checked. A column of groups, or of dates that order rows, is no predictor.
#' @param weights Row weights, or their column, in fitting and measuring; functions see them only as a column.
#' @param baseline `TRUE` adds a GLM of the same columns if there is none (of the formula of the models of ours, if they
#'   have one and the same), with `penalty = "auto"`: maximum likelihood, or a ridge whose strength is chosen within the
#'   training rows where the classes are separated, the fit does not converge, or columns are many for the rows. Where
#'   a net asks for an objective by name it is the GLM of that family and link (with the offset of the formula), or the
#'   linear model that the objective names. A name makes that model the one that others are measured against.
#' @param pairs The differences that are judged, and corrected together by Holm: `"reference"`, of every other model
#'   from the baseline, or `"all"`, of every model from every other, which hides more.
#' @param measure What the verdict is about: by default `"auroc"` (two classes), `"log_loss"` (several), `"rmse"`
#'   (numbers), or that of the objective that a net asks for by name (`"mean_deviance"` for counts); any measure of the
#'   task that [list_measures()] has, registered ones too.
#' @param measures Measures of your own for this comparison: a named list of functions
#'   `function(y_true, prediction)`, larger being better, or of `list(function, "smaller")`. `y_true` is 1 for the
#'   event, the class's position from 0, or the number; weights of rows go to a function with an argument `weights`.
#'   See [register_measure()].
#' @param seeds Fits of each random model to each training set; more than one tells the spread over seeds.
#' @param level Confidence level.
#' @param rope Half-width of the region of practical equivalence, in the measure's units; `NULL` is 0.01, or a hundredth
#'   of the null model's RMSE or MAE.
#' @param missing `"error"`, `"drop"` or `"impute"`: for models made from short names, the baseline, and columns
#'   prepared for scikit-learn; `"drop"` leaves rows with missing predictors out for all models alike.
#' @param memory Bytes that nets trained at the same time may take; more of them are trained one after the other.
#' @param n_jobs scikit-learn models run in so many threads; `NULL` is one.
#' @param checkpoint File that is written as each model is finished. The same call goes on from it, after a crash too;
#'   models may be added. Without a `seed` it takes the one in the file. A model that has changed, or other rows,
#'   folds or origins, are an error; what functions read from files is not noticed.
#' @param seed Folds and fits follow from it; `NULL` draws one from R's random numbers, and keeps it.
#' @param verbose `NULL` shows progress where somebody watches, 0 never, 1 always.
#' @param horizon Makes it a comparison of forecasts so many steps ahead, over rolling origins: see below. Models are
#'   then what [fit_forecast()] returned (its options are used), names (`"net"`, `"naive"`, `"snaive"`, `"drift"`,
#'   `"mean"`, `"ar"`, `"ets"`, `"arima"`, or the architecture of a net), nets of [make_net()], or functions
#'   `function(values, horizon, season)` that return forecasts of one series; `data` may be a `ts`.
#' @param season,series,known Of forecasts, see [fit_forecast()]; by default those of fitted forecasters.
#' @param origins Of forecasts: how many, up to the end of the series; `NULL` is 60, or as many as the series allow.
#' @param step Of forecasts: times from one origin to the next.
#' @param episodes Of agents: how many each seed plays.
#' @return An object of class `bineural_comparison`; printing shows n and events, the table and the verdicts. A list
#'   with
#'   * `table`, also by `as_tibble()`, `tidy()`: a row for each model with the estimate over folds of every measure, and
#'     of the one that the verdict is about `low` and `high`, `fold_sd`, `repeat_sd`, `seed_sd` (`NA` where there is
#'     one), `n` folds in which it is defined, calibration (two classes) and `seconds`;
#'   * `differences`: a row for each measure and pair of the family that `pairs` names, with interval, `p`, `p_holm`,
#'     the probabilities that the model is worse, practically the same or better, what difference could have been
#'     seen, `finding` and `verdict`;
#'   * `verdicts`: a sentence for each pair; `verdict`: the one on the best of the others against the reference;
#'   * `scores`: a row for each model, fold and draw of the seed; `predictions`: a row for each held-out row (`row` from
#'     1) with `truth` (labels as a factor, the event first, as yardstick takes them) and `.pred_<event>`,
#'     `.pred_<class>` or `.pred`; `augment()` adds `.pred_class`;
#'   * `notes`: what to know of the estimates (folds in which a measure is undefined or infinite, models that rank the
#'     other class first);
#'   * `warned`: what was warned of, once for each kind: rows left out, what the guards found, what fits complained of
#'     and in how many of them; printing shows both;
#'   * `unfinished`: models that are not in it, as Ctrl-C came before they were finished;
#'   * `folds`, `seed`, `run` (versions, hash of the data, times) and more.
#'
#'   After an interrupt, of the models that were finished, with a warning of class `bineural_InterruptedWarning` that
#'   names the others.
#' @details
#' Estimates are means over folds; AUROC is not pooled over folds, which would bias it. RMSE is the root of the mean
#' over folds of the mean squared error, and R squared is 1 less the ratio of all squared errors to the squared
#' distances from the mean of all rows tested (that of the held-out predictions, see [r_squared()]), as means of the
#' folds' own values are biased; their differences are tested on the scale of the measure, by the delta method.
#'
#' Intervals and tests of differences are the corrected resampled t (Nadeau and Bengio), cut at what a difference can
#' be. All differences of the family (`pairs`) are corrected by Holm. "Beats" further takes evidence that the better
#' model is better than none; a difference whose whole interval lies in the region of practical equivalence is
#' "practically equivalent", however sure its sign.
#'
#' A model's own interval is the corrected t interval on the scale of log-odds (shares) or logarithms (positive
#' numbers), with the degrees of freedom of the rarest class where these are fewer. Fewer than 5 folds give no interval;
#' fewer than 50 in which the measure is defined, or than half of all, or a single split, give no verdict; nor do models
#' whose fits failed: separated without a penalty, not converged, a net whose training loss became NaN, or predictions
#' that are missing or infinite, for which the null model's stand in.
#'
#' Forecasts are compared over rolling origins: every model is fitted anew at each, to nothing but the past, and the
#' nets of all origins are trained as one stack. The naive forecast (of the season before, or the last value) is
#' always there, and the AR GLM unless `baseline` is `FALSE`. Errors are in the unit of the past of their origin: MASE
#' is the mean absolute error over the mean absolute difference from the season before, in the training part, so that
#' the naive forecast need not have 1 (Hyndman and Koehler); RMSSE the same of squares. Intervals are conformal over
#' the origins whose errors were known by then; what they cover is shown. With fewer than 20 series differences are
#' tested over origins by Diebold and Mariano's test, with the correction of Harvey, Leybourne and Newbold and degrees
#' of freedom of the origins without overlap; with more by drawing series again. Fewer than 20 origins give no
#' verdict, nor do two models neither of which is shown to be better than the naive forecast. `origins` stand in the
#' place of `folds`.
#'
#' Models of sequences are compared where one is what [fit_sequence()] or [fit_ngram()] returned: `data` is then a
#' character vector of sequences, or a data frame with a column `target` and, of pairs, `source` (or sources, and
#' targets as `outcome`); other models may be named `"gru"`, `"lstm"`, `"rnn"`, `"transformer"`, and `"ngram"`, or of
#' pairs `"copy"` and `"most_frequent"`. Language models are measured by bits per symbol beside the n-gram, whose order
#' and smoothing are chosen within the training rows, and how frequent each symbol is; translations by exact match and
#' edit distance, by greedy search, beside copying and the most frequent target.
#'
#' Agents are compared in a world from [make_environment()], which stands in the place of `data`: fitted agents, methods
#' of [fit_agent()] by name, which learn here, and functions `function(observation)` that return an action. Seeds are
#' the resamples (`seeds`; of fitted agents theirs, by name 10): seed k of everybody plays `episodes` episodes from the
#' same starts, with the same luck, and differences are tested by the t test paired over seeds. Random play is the null
#' model, and where chances are known the best policy is the ceiling. An interquartile mean over episodes with a
#' bootstrap over seeds is beside (Agarwal et al. 2021). `measure` is `"return"` or, of bandits, `"regret"` while they
#' learnt.
#'
#' @section Conditions:
#' `bineural_InputError` if data, folds or models cannot be used; it says which model in which fold. Warnings of class
#' `bineural_LeakWarning` if a single column tells the outcome apart, rows come twice, or folds part what belongs
#' together; `bineural_LabelWarning` if labels of the outcome or of a predictor differ by case, white space or notation
#' only; of other classes, such as `bineural_PenaltyWarning`, for what fits warn of, once for each kind with how many
#' fits it is of.
#' @references Nadeau and Bengio (2003). *Machine Learning* 52, 239-281. Hyndman and Koehler (2006). *International
#'   Journal of Forecasting* 22(4), 679-688. Harvey, Leybourne and Newbold (1997). *International Journal of
#'   Forecasting* 13(2), 281-291.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' start_only <- function(train, test) {
#'   fit <- stats::glm(Kyphosis ~ Start, binomial, train)
#'   stats::predict(fit, test, type = "response")
#' }
#' comparison <- compare_models(list(glm = glm, start = start_only), kyphosis, seed = 1)
#' comparison
#' comparison$differences
compare_models <- function(models,
                           data,
                           outcome = NULL,
                           formula = NULL,
                           event = NULL,
                           classes = NULL,
                           folds = 10,
                           repeats = 10,
                           strata = NULL,
                           groups = NULL,
                           time = NULL,
                           weights = NULL,
                           baseline = TRUE,
                           pairs = "reference",
                           measure = NULL,
                           measures = NULL,
                           seeds = 1,
                           level = 0.95,
                           rope = NULL,
                           missing = "error",
                           n_jobs = NULL,
                           memory = 1e9,
                           checkpoint = NULL,
                           seed = NULL,
                           verbose = NULL,
                           horizon = NULL,
                           season = NULL,
                           series = NULL,
                           known = NULL,
                           origins = NULL,
                           step = 1,
                           episodes = 100) {
  call <- rlang::current_env()
  if (!resumes(checkpoint)) seed <- settle_seed(seed)
  keep_random_stream() # functions of R's draw from seeds of their own
  if (is_acting(models, data)) {
    return(compare_agents(environment(), call))
  }
  if (is_forecasting(models, horizon)) {
    return(compare_forecasts(environment(), call))
  }
  asked <- row_values("outcome", data, call)
  of_models <- known_outcome(models)
  if (is.null(asked) && is.null(formula)) outcome <- asked <- of_models$outcome
  if (is.null(event)) event <- of_models$event
  rows <- compared_rows(data, asked, formula, models)
  object <- call_core(
    "compare_models",
    as_py_models(models, rows, call),
    as_py_data(data, "data", call),
    outcome = as_py_row_values(outcome, data),
    formula = if (!is.null(formula)) as_py_formula(formula, "formula", call),
    event = as_py_level(event),
    classes = as_py_levels(classes),
    folds = if (is_count(folds)) as_py_count(folds) else as_py_training_sets(folds, data, call),
    repeats = as_py_count(repeats),
    strata = as_py_row_values(strata, data, flags = TRUE),
    groups = as_py_row_values(groups, data),
    time = as_py_row_values(time, data),
    season = as_py_count(season),
    series = as_py_text(series),
    known = as_py_texts(known),
    origins = as_py_count(origins),
    step = as_py_count(step),
    episodes = as_py_count(episodes),
    weights = as_py_row_values(weights, data),
    baseline = as_py_baseline(baseline, call = call),
    pairs = as_py_text(pairs),
    measure = as_py_text(measure),
    measures = as_py_measures(measures, call),
    seeds = as_py_count(seeds),
    level = as_py_number(level),
    rope = as_py_number(rope),
    missing = as_py_text(missing),
    n_jobs = as_py_count(n_jobs),
    memory = as_py_number(memory),
    checkpoint = as_py_path(checkpoint),
    seed = as_py_count(seed),
    verbose = as_py_count(verbose),
    .call = call
  )
  new_comparison(object, data)
}

# The core refuses the arguments of compare_models() that are not what they are by default and mean nothing in a task.
check_given <- function(task, given, call) {
  defaults <- formals(compare_models)
  is_given <- function(name) {
    if (eval(rlang::call2("missing", as.name(name)), given)) return(FALSE)
    value <- tryCatch(given[[name]], error = function(e) NA) # a column by its bare name
    !isTRUE(all.equal(value, defaults[[name]], check.attributes = FALSE))
  }
  names <- Filter(is_given, setdiff(names(defaults), c("models", "data", "...")))
  ask_core(bridge()$check_given, task, py_list(as.list(names)), call = call)
}

# One model, or a list of them, as a list with names of its own: those without one have what `own` says of them.
by_name <- function(models, class, own) {
  models <- if (is.function(models) || inherits(models, class) || is_python(models)) list(models) else as.list(models)
  names <- rlang::names2(models)
  names[names == ""] <- vapply(models[names == ""], own, "")
  repeated <- stats::ave(seq_along(names), names, FUN = seq_along)
  names[repeated > 1] <- paste(names, repeated)[repeated > 1]
  stats::setNames(models, names)
}

#' Wrap a model of R's for a comparison
#'
#' @param fit A function of the training rows, a data frame, that returns a fitted model, for example
#'   `function(train) mgcv::gam(y ~ s(x), binomial, train)`.
#' @param predict A function `function(model, test)` that returns probabilities of the event (or a column for each
#'   class), or numbers; by default `predict(model, test, type = "response")`.
#' @param packages Names of R packages to load first.
#' @return An object of class `bineural_r_model`, to be passed to [compare_models()], which draws R's random numbers
#'   from a seed for each fold.
#' @section Conditions:
#' `bineural_InputError` if an argument is no function.
#' @export
#' @examples
#' r_model(function(train) stats::glm(Kyphosis ~ Start, binomial, train))
r_model <- function(fit, predict = NULL, packages = NULL) {
  for (given in c(list(fit), if (!is.null(predict)) list(predict))) {
    if (!is.function(given)) {
      abort_input(
        "`fit` and `predict` must be functions.", paste0("Found ", describe(given), "."),
        "Write e.g. `r_model(function(train) glm(y ~ ., binomial, train))`."
      )
    }
  }
  if (!is.null(packages) && (!is.character(packages) || anyNA(packages))) {
    abort_input(
      "`packages` must be names of R packages.", paste0("Found ", describe(packages), "."),
      "Write e.g. `packages = \"mgcv\"`."
    )
  }
  for (package in packages) {
    if (!requireNamespace(package, quietly = TRUE)) {
      abort_input(
        "`packages` must be installed.", paste0("There is no package ", package, "."),
        paste0("Run `install.packages(\"", package, "\")`, or leave it out."), class = "SetupError"
      )
    }
  }
  if (is.null(predict)) predict <- function(model, test) stats::predict(model, test, type = "response")
  text <- gsub("\\s+", " ", paste(deparse(fit), collapse = " "))
  structure(list(fit = fit, predict = predict, packages = packages, text = text), class = "bineural_r_model")
}

#' @export
print.bineural_r_model <- function(x, ...) {
  check_dots(...)
  cat("<R model: ", x$text, ">\n", sep = "")
  invisible(x)
}

new_comparison <- function(object, data) {
  fields <- from_python(object$to_dict())
  fields$text <- in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  for (name in c("verdicts", "notes", "warned")) fields[[name]] <- in_r_words(as.character(fields[[name]]))
  fields$unfinished <- as.character(fields$unfinished)
  fields$scores <- from_python(object$scores)
  fields$predictions <- from_python(object$predictions)
  fields$predictions$row <- as.integer(fields$predictions$row) + 1L # row numbers count from 1 in R
  fields$predictions <- with_labels(fields$predictions, fields)
  fields$folds <- as_r_folds(object$folds, data)
  structure(c(fields, standing_for(object)), class = "bineural_comparison")
}

# Labels as a factor whose first level is the event, as yardstick takes them.
with_labels <- function(predictions, comparison) {
  if (!"truth" %in% names(predictions)) return(predictions) # of sequences
  if (!is.character(predictions$truth) && !is.logical(predictions$truth)) return(predictions)
  event <- if (length(comparison$event)) as.character(comparison$event)
  levels <- unique(c(event, sub("^[.]pred_", "", grep("^[.]pred_", names(predictions), value = TRUE))))
  truth <- as.character(predictions$truth)
  predictions$truth <- factor(truth, levels = unique(c(levels, sort(truth, method = "radix"))))
  predictions
}

as_r_folds <- function(folds, data) {
  if (!reticulate::py_has_attr(folds, "fingerprint")) return(NULL) # a list of pairs
  parts <- record_parts(folds)
  if (is.null(parts$resamples)) new_split(parts, data) else new_folds(parts, data)
}

#' @export
print.bineural_comparison <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
summary.bineural_comparison <- function(object, ...) {
  check_dots(...)
  structure(list(text = object$text), class = "bineural_summary")
}

#' @export
as_tibble.bineural_comparison <- function(x, ...) {
  check_dots(...)
  x$table
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_comparison <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(x$table, row.names, stringsAsFactors)
}
# nolint end

#' @export
tidy.bineural_comparison <- function(x, ...) {
  check_dots(...)
  x$table
}

#' @export
augment.bineural_comparison <- function(x, ...) {
  check_dots(...)
  found <- x$predictions
  if (!"truth" %in% names(found) || !is.factor(found$truth) || ".pred_class" %in% names(found)) return(found)
  columns <- grep("^[.]pred_", names(found), value = TRUE)
  levels <- levels(found$truth)
  if (length(columns) == 1 && length(levels) == 2) {
    found[[paste0(".pred_", levels[2])]] <- 1 - found[[columns]]
    columns <- paste0(".pred_", levels)
  }
  if (!setequal(columns, paste0(".pred_", levels))) return(found)
  best <- max.col(replace(as.matrix(found[columns]), is.na(found[columns]), -1), ties.method = "first")
  found$.pred_class <- factor(sub("^[.]pred_", "", columns)[best], levels = levels)
  found$.pred_class[is.na(found[[columns[1]]])] <- NA
  found
}

# The core's own object.
live_comparison <- function(comparison, call, arg = "comparison") {
  if (!inherits(comparison, "bineural_comparison")) {
    abort_input(
      paste0("`", arg, "` must be what compare_models() returned", if (arg == "result") ", or a fitted model", "."),
      paste0("It is ", describe(comparison), "."),
      paste0("Write e.g. `", sub("()", "(compare_models(...))", called_name(call), fixed = TRUE), "`."),
      call = call
    )
  }
  live_object(comparison, "The comparison", call)
}

# ---- to Python ------------------------------------------------------------------------------------------------------

# What functions of R's get: the data frame as it is, and which of its columns are the outcome.
compared_rows <- function(data, outcome, formula, models) {
  named <- outcome
  if (is.null(outcome)) {
    known <- if (is.null(formula)) model_outcome(models) else formula
    if (is.character(known)) known <- as_formula(known)
    named <- if (inherits(known, "formula") && length(known) == 3) all.vars(known[[2]]) else known
  }
  data <- as_dense(data)
  if (!is.data.frame(data)) {
    as_table <- function(data) if (length(dim(data)) == 2) as.data.frame(data) else list() # an array is no table
    data <- if (is.null(dim(data)) && !is.list(data)) data.frame(x = data) else as_table(data)
  }
  if (length(named) && is.character(named) && all(named %in% names(data))) return(list(data = data, outcome = named))
  if (is.null(outcome) || (is.atomic(outcome) && identical(length(outcome), nrow(data)))) data$outcome <- outcome
  list(data = data, outcome = "outcome")
}

model_outcome <- function(models) {
  if (inherits(models, c("bineural_model", "bineural_tuned")) || is_r_fit(models)) models <- list(models)
  for (model in if (is.list(models)) models) {
    if (inherits(model, c("bineural_model", "bineural_tuned")) && !is.null(model$formula)) return(model$formula)
  }
  outcome_of_r(models)
}

# The outcome's name of models that the core does not know: of recipes, and of R's own.
outcome_of_r <- function(models) {
  for (model in if (is.list(models)) models) {
    if (has_recipe(model)) return(model$recipe$outcome)
    formula <- if (is_r_fit(model)) formula_of_fit(model)
    if (length(formula) == 3) return(paste(deparse(formula[[2]]), collapse = " "))
  }
  NULL
}

has_recipe <- function(model) inherits(model, c("bineural_model", "bineural_tuned")) && !is.null(model$recipe)

# Outcome and event where no model that the core knows names them.
known_outcome <- function(models) {
  if (!is.list(models) || inherits(models, c("bineural_model", "bineural_tuned")) || is_r_fit(models)) {
    models <- list(models)
  }
  names_outcome <- function(model) inherits(model, fitted_classes) && !has_recipe(model) && !is.null(model$formula)
  if (any(vapply(models, names_outcome, NA))) return(list())
  events <- lapply(Filter(has_recipe, models), `[[`, "event")
  list(outcome = outcome_of_r(models), event = if (length(events)) events[[1]])
}

as_py_models <- function(models, rows, call) {
  one_model <- c("bineural_model", "bineural_r_model", "bineural_average", "bineural_tuned", "bineural_ngram")
  single <- is.function(models) || inherits(models, one_model) || is_python(models) || is_r_fit(models)
  if (single) models <- list(models)
  models <- as.list(models)
  given <- rlang::names2(models)
  given[given == ""] <- vapply(models[given == ""], model_name, "")
  repeated <- stats::ave(seq_along(given), given, FUN = seq_along)
  given[repeated > 1] <- paste(given, repeated)[repeated > 1]
  made <- Map(function(model, name) as_py_model(model, name, rows, call), models, given)
  py_dict(stats::setNames(made, given))
}

model_name <- function(model) {
  if (is.character(model)) return(model)
  if (inherits(model, "bineural_glm")) return("glm")
  if (inherits(model, "bineural_net")) return("net")
  if (inherits(model, "bineural_average")) return("average")
  if (inherits(model, "bineural_ngram")) return("ngram")
  if (inherits(model, "bineural_tuned")) return("tuned net")
  if (is.function(model)) return("function")
  if (inherits(model, "bineural_r_model")) return("R model")
  if (is_r_fit(model)) return(class(model)[1])
  "model"
}

as_py_model <- function(model, name, rows, call) {
  if (is_r_fit(model)) model <- as_r_model(model, name, call)
  if (has_recipe(model)) model <- recipe_as_r_model(model, name, call)
  if (is.character(model)) return(as_py_text(model, "models", call))
  if (inherits(model, c("bineural_net_value", "bineural_ngram"))) {
    return(live_object(model, paste0("`", name, "`"), call))
  }
  if (inherits(model, "bineural_r_model")) {
    lapply(model$packages, requireNamespace, quietly = TRUE)
    run <- function(train, test) model$predict(model$fit(train), test)
    return(as_py_rows_function(run, name, model$text, rows, call, list(model$fit, model$predict, model$packages)))
  }
  if (is.function(model) && !is_python(model)) { # what can be called in Python is a function too
    return(as_py_rows_function(model, name, gsub("\\s+", " ", paste(deparse(model), collapse = " ")), rows, call))
  }
  python_model(model, "models", call)
}

# Warnings of R's fits go to the core, which counts them; a message of ours is given for the first fit only.
hear_warnings <- function(code, said) {
  tell <- function(w) {
    bridge()$hear_warning(conditionMessage(w), inherits(w, "bineural_InterruptedWarning"))
    invokeRestart("muffleWarning")
  }
  tell_once <- function(m) {
    text <- conditionMessage(m)
    if (!any(startsWith(class(m), "bineural_"))) return()
    if (text %in% said$messages) invokeRestart("muffleMessage")
    said$messages <- c(said$messages, text)
  }
  withCallingHandlers(code, warning = tell, message = tell_once)
}

# A function of R's sees R's own rows; its random numbers come from the seed.
as_py_rows_function <- function(f, name, text, rows, call, known_by = list(f)) {
  if (!is.data.frame(rows$data)) {
    abort_input(
      "A model of R's must have a data frame or a matrix to learn from.",
      paste0("`", name, "` is a function, and `data` is an array of more dimensions."),
      "Leave the model out, or give `data` as columns.",
      call = call
    )
  }
  said <- new.env(parent = emptyenv())
  run <- function(train, test, seed) {
    set.seed(seed, "default", "default", "default")
    others <- setdiff(names(rows$data), rows$outcome)
    take <- function(ids, columns) rows$data[as.integer(ids) + 1L, columns, drop = FALSE]
    answer <- hear_warnings(f(take(train, names(rows$data)), take(test, others)), said)
    if (is.data.frame(answer) || (is.matrix(answer) && !is.null(colnames(answer)))) {
      return(as_py_frame(as.data.frame(answer, check.names = FALSE, optional = TRUE), "answer"))
    }
    if (!is.numeric(answer)) stop("it must return numbers, and returned ", describe(answer), call. = FALSE)
    reticulate::np_array(if (is.matrix(answer)) answer else as.double(answer))
  }
  call_core("comparing.compare.by_rows", name, as_py_function(run), text, rlang::hash(lapply(known_by, told_by)))
}

# What tells a function from others: its code, and what it takes from around it, but from packages.
told_by <- function(f) {
  if (!is.function(f) || is.primitive(f)) return(f)
  names <- setdiff(all.names(body(f)), names(formals(f)))
  around <- mget(names, environment(f), inherits = TRUE, ifnotfound = list(NULL))
  of_package <- function(value) is.function(value) && (is.primitive(value) || isNamespace(topenv(environment(value))))
  around <- Filter(function(value) !of_package(value), around)
  list(deparse(f), lapply(around, function(value) if (is.function(value)) deparse(value) else value))
}

as_py_baseline <- function(x, arg = "baseline", call = rlang::caller_env()) {
  if (is.character(x)) return(as_py_text(x, arg, call))
  if (!rlang::is_bool(x)) abort_value(x, "TRUE, FALSE or the name of a model", "Use TRUE.", arg, call)
  as_py_flag(x, arg, call)
}

# R's random stream as it was, when `frame` ends, at an error or interrupt too; where none had begun there is none.
keep_random_stream <- function(frame = rlang::caller_env()) {
  before <- globalenv()[[".Random.seed"]]
  kinds <- as.list(RNGkind())
  put_back <- function() {
    if (is.null(before)) {
      do.call(RNGkind, kinds)
      rm(".Random.seed", envir = globalenv())
    } else {
      assign(".Random.seed", before, envir = globalenv())
    }
  }
  do.call(on.exit, list(as.call(list(put_back)), add = TRUE), envir = frame)
}

as_py_measures <- function(measures, call) {
  if (is.null(measures)) return(NULL)
  if (!is.list(measures) || !rlang::is_named(measures)) {
    abort_input(
      "`measures` must be a named list of functions.", paste0("It is ", describe(measures), "."),
      "Write e.g. `measures = list(mcc = function(y_true, prediction) ...)`.",
      call = call
    )
  }
  py_dict(lapply(measures, function(one) {
    if (is.list(one)) return(py_list(list(as_py_measuring(one[[1]]), one[[2]])))
    as_py_measuring(one)
  }))
}
