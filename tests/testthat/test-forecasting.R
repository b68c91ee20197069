test_that("a ts is forecast from its end, its frequency being the season", {
  skip_without_python()
  model <- fit_forecast(AirPassengers, horizon = 3, architecture = "snaive")
  expect_s3_class(model, "bineural_forecaster")
  ahead <- forecast(model, level = 0.8)
  expect_s3_class(ahead, "tbl_df")
  expect_named(ahead, c(".series", ".time", ".mean", ".lower", ".upper"))
  expect_equal(ahead$.mean, as.vector(window(AirPassengers, 1960, c(1960, 3))))
  expect_equal(ahead$.time, as.Date(c("1961-01-01", "1961-02-01", "1961-03-01")))
  expect_equal(nrow(forecast(model, h = 2, level = 0.8)), 2)
  expect_equal(model$season, 12L)
  expect_equal(glance(model)$nobs, 144L)
  expect_equal(predict(model, level = 0.8), ahead)
})

test_that("a data frame of several series is forecast, and the model goes through files", {
  skip_without_python()
  sales <- load_dataset("texas_sales")
  some <- sales[sales$city %in% c("Austin", "Dallas"), ]
  model <- fit_forecast(
    some, "sales", horizon = 2, season = 12, time = "month", series = "city", architecture = "ar", origins = 5
  )
  ahead <- forecast(model, level = 0.5)
  expect_setequal(ahead$.series, c("Austin", "Dallas"))
  path <- withr::local_tempfile(fileext = ".bineural")
  save_model(model, path)
  expect_identical(forecast(load_model(path), level = 0.5), ahead)
  expect_identical(forecast(unserialize(serialize(model, NULL)), level = 0.5), ahead)
  expect_named(model$baseline(), c("snaive", "ar"))
  expect_output(print(model), "AR GLM")
  expect_output(print(summary(model)), "2 series")
})

test_that("forecasters are compared over origins, functions of R's too", {
  skip_without_python()
  line <- fit_forecast(UKgas, horizon = 2, architecture = "drift")
  mine <- function(values, horizon, season) utils::tail(values, season)[seq_len(horizon)]
  comparison <- compare_models(list(line, mine = mine), UKgas, origins = 20, level = 0.8, seed = 1)
  expect_s3_class(comparison, "bineural_comparison")
  expect_equal(comparison$models, c("drift", "mine", "ar", "snaive"))
  table <- tidy(comparison)
  expect_equal(table$mase[table$model == "mine"], table$mase[table$model == "snaive"])
  values <- as.vector(UKgas)
  rows <- comparison$predictions[comparison$predictions$model == "mine" & comparison$predictions$step == 1, ]
  expect_equal(rows$truth - rows$.mean, (values - c(rep(NA, 4), values[1:104]))[88:107])
  expect_output(print(comparison), "20 origins")
  expect_length(comparison$verdicts, 3)
})

test_that("the MASE of the passengers is that of the training part", {
  skip_without_python()
  one <- compare_models("snaive", AirPassengers, horizon = 12, origins = 1, baseline = FALSE)
  scale <- mean(abs(diff(AirPassengers[1:132], 12)))
  expect_equal(one$table$mase, mean(abs(AirPassengers[133:144] - AirPassengers[121:132])) / scale)
  expect_equal(one$table$mase, 1.5708812261, tolerance = 1e-10)
})

test_that("forecasts are drawn", {
  skip_without_python()
  skip_without("ggplot2")
  model <- fit_forecast(nottem, horizon = 3, architecture = "snaive")
  expect_s3_class(plot_forecast(model), "ggplot")
  expect_s3_class(ggplot2::autoplot(model, past = 24), "ggplot")
})

test_that("what can't be forecast is refused with words", {
  skip_without_python()
  expect_error(fit_forecast(AirPassengers), "`horizon` must be given", class = "bineural_InputError")
  expect_error(fit_forecast(EuStockMarkets, horizon = 2), "one series", class = "bineural_InputError")
  gap <- load_dataset("air_passengers")[-5, ]
  expect_error(
    fit_forecast(gap, "passengers", horizon = 2, time = "month"), "1949-05", class = "bineural_ColumnError"
  )
  expect_error(
    compare_models("drift", AirPassengers, horizon = 2, folds = 5), "arguments of folds", class = "bineural_InputError"
  )
})

test_that("an argument that means nothing in a task is refused by its name", {
  skip_without_python()
  expect_error(compare_models("drift", AirPassengers, horizon = 2, n_jobs = 2), "n_jobs", class = "bineural_InputError")
  expect_error(
    compare_models("drift", AirPassengers, horizon = 2, strata = nothing), "strata", class = "bineural_InputError"
  )
  lake <- make_environment("frozen_lake")
  expect_error(compare_models("random", lake, memory = 1e6), "memory", class = "bineural_InputError")
  expect_error(compare_models("glm", iris, Species, episodes = 3), "episodes", class = "bineural_InputError")
})

test_that("a comparison of forecasters goes on from its checkpoint, and has a report", {
  skip_without_python()
  path <- withr::local_tempfile(fileext = ".checkpoint")
  mine <- function(values, horizon, season) utils::tail(values, season)[seq_len(horizon)]
  compare <- function(...) {
    compare_models(list(...), UKgas, horizon = 2, origins = 20, level = 0.8, checkpoint = path, seed = 1)
  }
  first <- compare(mine = mine)
  again <- compare(mine = mine, drift = "drift")
  expect_equal(again$models, c("mine", "drift", "ar", "snaive"))
  expect_equal(
    again$predictions[again$predictions$model == "mine", ], first$predictions[first$predictions$model == "mine", ],
    ignore_attr = TRUE
  )
  other <- function(values, horizon, season) rep(mean(values), horizon)
  expect_error(compare(mine = other), "other model", class = "bineural_InputError")
  page <- withr::local_tempfile(fileext = ".html")
  expect_identical(write_report(again, page, source = "gas.csv"), page)
  text <- paste(readLines(page, warn = FALSE), collapse = "\n")
  expect_match(text, "every model fitted at each, seed 1", fixed = TRUE)
  expect_match(text, "compare_models(", fixed = TRUE)
})

test_that("a recurrent net forecasts by one word", {
  skip_without_python()
  model <- fit_forecast(
    UKgas, horizon = 2, lags = 4, architecture = "gru", units = 3, epochs = 2, ensemble = 1, origins = 5, seed = 1
  )
  ahead <- forecast(model, level = 0.5)
  expect_true(all(is.finite(ahead$.mean)))
  expect_equal(model$model, "gru")
})
