#' Draw the end of each series and its forecasts with their intervals
#'
#' @param model What [fit_forecast()] returned, without columns that are known ahead. Of many series the first six are
#'   drawn.
#' @param path File to write (`.png`, `.svg` or `.pdf`), or `NULL`.
#' @param level Of the intervals.
#' @param past Steps of the past that are drawn; `NULL` is four horizons, or three seasons where that is more.
#' @return A ggplot.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' plot_forecast(fit_forecast(AirPassengers, horizon = 12, architecture = "snaive"))
plot_forecast <- function(model, path = NULL, level = 0.8, past = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  table <- from_python(call_core(
    "figures.forecasts.forecast_data", python_model(model),
    level = as_py_number(level), past = as_py_count(past)
  ))
  ahead <- table[table$part == "forecast", ]
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$time, .data$mean)) +
    ggplot2::geom_ribbon(
      data = ahead, ggplot2::aes(ymin = .data$lower, ymax = .data$upper), fill = plot_colours[[1]], alpha = 0.2
    ) +
    ggplot2::geom_line(data = table[table$part == "past", ], colour = "grey30") +
    ggplot2::geom_line(data = ahead, colour = plot_colours[[1]]) +
    ggplot2::facet_wrap("series", ncol = 1, scales = "free_y") +
    ggplot2::labs(x = NULL, y = NULL, caption = sprintf("band: %g%% interval", 100 * level)) +
    plain_theme()
  write_figure(figure, path, width = 6.4, height = 1.2 + 2.6 * length(unique(table$series)))
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_forecaster <- function(object, ...) plot_forecast(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_forecaster <- function(x, ...) draw(plot_forecast(x, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_forecast_comparison <- function(object, path = NULL, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  path <- figure_file(path)
  table <- from_python(call_core("figures.forecasts.origins_data", live_object(object, "The comparison")))
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$origin, .data$value, colour = .data$model)) +
    ggplot2::geom_line() +
    ggplot2::labs(x = "First time that is forecast", y = toupper(object$measure), colour = NULL) +
    plain_theme() +
    ggplot2::theme(legend.position = "bottom")
  write_figure(figure, path, width = 6.4, height = 4.2)
}

#' @export
plot.bineural_forecast_comparison <- function(x, ...) draw(autoplot.bineural_forecast_comparison(x, ...))
