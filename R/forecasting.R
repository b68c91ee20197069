# Forecasts: series as data frames, `ts` objects or vectors go to the core; forecasts come back as tibbles.

#' Fit a forecaster to one or many series
#'
#' A net is fitted to the windows of all series, and once more at past origins, to what was known there: their errors
#' make the intervals. All these nets are trained as one stack.
#'
#' @param data Data frame with a row for each time (of each series); or a `ts`, whose times and season are its own, or
#'   a numeric vector. Rows at the end in which the outcome is missing are the times to come, of which only what is
#'   known ahead is taken.
#' @param outcome Column that is forecast, as text; of a `ts` or vector the name of its values.
#' @param horizon Steps to forecast.
#' @param season Steps in a season: 12 for months, 7 for days. `NULL` is no season, and of a `ts` its frequency.
#' @param time Column of times, as text: dates, numbers, or text of one form. They must be equally far apart, without
#'   gaps and repeats. `NULL` is the order of the rows.
#' @param series Column that says which series a row is of, as text. One model is fitted to all of them.
#' @param known Columns of numbers that are known ahead, such as holidays or prices, as text.
#' @param calendar Waves of the calendar beside the season: `"hour"`, `"weekday"`, `"month"`, `"year_day"`; of dates
#'   only.
#' @param lags Past values that a window has, at least `season`. `NULL` is 12, or a season and half of it (at most 12
#'   more), as far as the series allow.
#' @param architecture Of a net of columns (`"mlp"`, `"skip"`) or of sequences (`"lstm"`, `"gru"`, `"rnn"`, `"cnn_1d"`,
#'   `"transformer"`, `"bag"`), which reads the lags one after the other; or the name of a baseline: `"naive"` (last
#'   value), `"snaive"` (season before), `"drift"`, `"mean"`, `"ar"` (AR GLM), and where Python's statsmodels is
#'   installed `"ets"` and `"arima"`.
#' @param origins Past origins that intervals come from. `NULL` is 30, or as many as the series allow.
#' @param seed Whole number; initial weights and batches follow from it, the same in R and Python.
#' @param ... Options of the net by name, see [fit_net()]: `units`, `ensemble`, `epochs`, ...
#' @return An object of class `bineural_forecaster`, for [forecast()][forecast.bineural_forecaster], `summary()`,
#'   `plot()` (see [plot_forecast()]), [save_model()], `saveRDS()` and [compare_models()], where it is fitted anew at
#'   every origin. A list with `baseline` (a function without arguments that gives the naive forecast and the AR GLM of
#'   the same series), `history` of the net, `model` (what it is called), `season`, `lags`, `seed` and more.
#' @details
#' A window is taken in a unit of its own: values less its mean, over its SD. The net gives all steps of the horizon at
#' once (it is direct), as what it adds to the naive forecast, the value of the season before (or the last value): a net
#' that learns nothing is the naive forecast with its mean drift. Windows that never change are not learnt from, and
#' forecast as the naive forecast does. The AR GLM is a ridge on the same columns, direct too.
#'
#' A net is by default an ensemble of 5 nets with one hidden layer of 32 units, trained on all windows for 100 epochs;
#' with more than 1,000 windows for fewer, and with more than 2,000 one net.
#' @section Conditions:
#' `bineural_ColumnError`, `bineural_OutcomeError`, `bineural_InputError` if columns are missing, times have gaps or are
#' irregular, values are missing, or series too short.
#' @export
#' @examplesIf bineural_available()
#' model <- fit_forecast(AirPassengers, horizon = 12, architecture = "ar")
#' model
#' forecast(model)
fit_forecast <- function(data,
                         outcome = NULL,
                         horizon,
                         season = NULL,
                         time = NULL,
                         series = NULL,
                         known = NULL,
                         calendar = NULL,
                         lags = NULL,
                         architecture = "mlp",
                         origins = NULL,
                         seed = NULL,
                         ...) {
  call <- rlang::current_env()
  if (missing(horizon)) {
    abort_input("`horizon` must be given.", "It is missing.", "Give the number of steps to forecast, such as 12.")
  }
  given <- as_py_series(data, outcome, time, season, call)
  object <- rlang::inject(call_core(
    "fit_forecast",
    given$data,
    outcome = given$outcome,
    horizon = as_py_count(horizon),
    season = as_py_count(given$season, "season", call),
    time = given$time,
    series = as_py_text(series),
    known = as_py_texts(known),
    calendar = as_py_texts(calendar),
    lags = as_py_count(lags),
    architecture = as_py_option(architecture),
    origins = as_py_count(origins),
    seed = as_py_seed(seed),
    !!!architecture_options(..., call = call),
    .call = call
  ))
  new_forecaster(object)
}

new_forecaster <- function(object) {
  attribute <- function(name) from_python(reticulate::py_get_attr(object, name, silent = TRUE))
  history <- attribute("history_")
  parts <- list(
    outcome = from_python(object$task_$table$outcome),
    season = attribute("season_"),
    lags = attribute("lags_"),
    n_rows = from_python(object$task_$table$n_values),
    seed = attribute("seed_"),
    model = attribute("label"),
    history = if (length(history)) tibble::as_tibble(c(list(epoch = seq_along(history$loss)), history)),
    baseline = function() lapply(reticulate::py_to_r(object$baseline_), new_forecaster),
    bundle = to_bundle(object),
    pointer = new_pointer(object)
  )
  structure(parts, class = c("bineural_forecaster", "bineural_model"))
}

#' @importFrom generics forecast
#' @export
generics::forecast

#' Forecast the next steps of every series
#'
#' @param object What [fit_forecast()] returned.
#' @param h Steps; `NULL` is all that was fitted, of which it can be some.
#' @param data Rows of the times to come, with what is known ahead of them. Or the series as they are by now, in the
#'   columns that were fitted (a `ts` where one was): forecasts then start at their end, and nothing is fitted anew.
#' @param level Share of what will be that the intervals are to cover.
#' @param ... Must be empty.
#' @return Tibble with a row for each series and step: `.series`, `.time`, `.mean`, `.lower` and `.upper`. The limits
#'   are conformal over past origins, and infinite where these are too few for the level.
#' @section Conditions:
#' `bineural_InputError` if the horizon is longer than the one fitted, or what is known ahead is not given; a warning of
#' class `bineural_BineuralWarning` if intervals are infinite.
#' @rawNamespace S3method(generics::forecast,bineural_forecaster)
#' @examplesIf bineural_available()
#' model <- fit_forecast(nottem, horizon = 6, architecture = "snaive")
#' forecast(model, h = 3, level = 0.8)
forecast.bineural_forecaster <- function(object, h = NULL, data = NULL, level = 0.95, ...) {
  check_dots(...)
  call <- rlang::current_env()
  rows <- if (!is.null(data)) as_py_series(data, object$outcome, NULL, NULL, call)$data
  from_python(call_core(
    python_model(object)$forecast,
    horizon = as_py_count(h), data = rows, level = as_py_number(level), .call = call
  ))
}

#' @export
print.bineural_forecaster <- function(x, ...) {
  check_dots(...)
  writeLines(printed(python_model(x)))
  invisible(x)
}

#' @export
summary.bineural_forecaster <- function(object, ...) {
  check_dots(...)
  structure(list(text = printed(python_model(object))), class = "bineural_forecaster_summary")
}

#' @export
print.bineural_forecaster_summary <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
glance.bineural_forecaster <- function(x, ...) {
  check_dots(...)
  fields <- from_python(call_core(python_model(x)$glance))
  names(fields)[names(fields) == "n_rows"] <- "nobs"
  tibble::as_tibble(fields)
}

#' @export
predict.bineural_forecaster <- function(object, ...) {
  forecast.bineural_forecaster(object, ...)
}

# Series as the core takes them: a `ts` as a frame of its times and values, its frequency as the season.
as_py_series <- function(data, outcome, time, season, call) {
  if (!stats::is.ts(data)) {
    convert <- if (is.data.frame(data) || is_python(data)) as_py_data else as_py_vector
    return(list(
      data = convert(data, "data", call), outcome = as_py_text(outcome, "outcome", call),
      time = as_py_text(time, "time", call), season = season
    ))
  }
  if (NCOL(data) > 1) {
    abort_input(
      "A `ts` must be of one series.", paste0("It has ", NCOL(data), " columns."),
      "Make a data frame with a row for each time and series, and name its `series`.",
      call = call
    )
  }
  name <- if (is.null(outcome)) "value" else outcome
  place <- stats::tsp(data)
  frame <- call_core(
    "forecasting.series.frame_of_ts", as_py_vector(as.vector(data), "data", call),
    as_py_number(place[[1]]), as_py_number(place[[3]]), as_py_text(name, "outcome", call),
    .call = call
  )
  frequency <- place[[3]]
  own_season <- if (frequency > 1 && frequency == round(frequency)) frequency
  list(
    data = frame, outcome = as_py_text(name), time = to_py("time"),
    season = if (is.null(season)) own_season else season
  )
}

# ---- comparisons ----------------------------------------------------------------------------------------------------

# Whether models are compared on forecasts.
is_forecasting <- function(models, horizon) {
  if (!is.null(horizon) || inherits(models, "bineural_forecaster")) return(TRUE)
  is.list(models) && any(vapply(models, inherits, NA, what = "bineural_forecaster"))
}

# `given` holds the arguments of compare_models().
compare_forecasts <- function(given, call) {
  check_given("forecasts", given, call)
  models <- by_name(given$models, "bineural_forecaster", forecaster_name)
  fitted <- Filter(function(model) inherits(model, "bineural_forecaster"), models)
  named <- function(arg) row_values(arg, given$data, given) # a column, in quotes or alone
  outcome <- named("outcome")
  if (is.null(outcome) && length(fitted)) outcome <- fitted[[1]]$outcome
  rows <- as_py_series(given$data, outcome, named("time"), given$season, call)
  object <- call_core(
    "compare_models",
    py_dict(Map(function(model, name) as_py_forecaster(model, name, call), models, names(models))),
    rows$data,
    outcome = rows$outcome,
    time = rows$time,
    horizon = as_py_count(given$horizon, "horizon", call),
    season = as_py_count(rows$season, "season", call),
    series = as_py_text(given$series, "series", call),
    known = as_py_texts(given$known, "known", call),
    origins = as_py_count(given$origins, "origins", call),
    step = as_py_count(given$step, "step", call),
    baseline = as_py_baseline(given$baseline, call = call),
    pairs = as_py_text(given$pairs, "pairs", call),
    measure = as_py_text(given$measure, "measure", call),
    seeds = as_py_count(given$seeds, "seeds", call),
    level = as_py_number(given$level, "level", call),
    memory = as_py_number(given$memory, "memory", call),
    checkpoint = as_py_path(given$checkpoint, "checkpoint", call),
    seed = as_py_count(given$seed, "seed", call),
    verbose = as_py_count(given$verbose, "verbose", call),
    .call = call
  )
  new_forecast_comparison(object)
}

new_forecast_comparison <- function(object) {
  fields <- from_python(object$to_dict())
  fields$text <- in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  for (name in c("verdicts", "notes", "warned")) fields[[name]] <- in_r_words(as.character(fields[[name]]))
  fields$scores <- from_python(object$scores)
  fields$predictions <- from_python(object$predictions)
  structure(c(fields, standing_for(object)), class = c("bineural_forecast_comparison", "bineural_comparison"))
}

forecaster_name <- function(model) {
  if (is.character(model)) return(model)
  if (inherits(model, "bineural_forecaster")) return(model$model)
  if (inherits(model, "bineural_net_value")) return("net")
  if (is.function(model)) "function" else "model"
}

as_py_forecaster <- function(model, name, call) {
  if (is.character(model)) return(as_py_text(model, "models", call))
  if (inherits(model, "bineural_net_value")) return(live_object(model, paste0("`", name, "`"), call))
  if (is.function(model) && !is_python(model)) {
    f <- as_py_function(function(values, horizon, season) {
      model(as.vector(values), as.integer(horizon), as.integer(season))
    })
    reticulate::py_set_attr(f, "known_by", to_py(rlang::hash(told_by(model)))) # for a checkpoint
    return(f)
  }
  if (is_python(model)) model else python_model(model, paste0("models$", name), call)
}
