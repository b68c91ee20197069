#' Say where training stops: look at the loss now and then; if worse than last time, go back
#'
#' @param losses Validation loss after each epoch.
#' @param every Epochs from one look to the next.
#' @return A list with `stopped` (whether a look was worse than the one before), `last_epoch` (where training ends),
#'   `kept_epoch` and `loss` (of the model that is kept; the last look's where none was worse), `checks` (tibble:
#'   check, epoch, loss) and `losses`; [plot()][plot.bineural_mechanism] draws it.
#' @section Conditions:
#' `bineural_InputError` if there are fewer epochs than `every`.
#' @export
#' @examplesIf bineural_available()
#' stop_early(0.3 + (1:100 - 42)^2 / 1e4)
stop_early <- function(losses, every = 10) {
  new_mechanism(call_core("stop_early", as_py_vector(losses), as_py_count(every)), "early_stop")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_early_stop <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  all <- data.frame(epoch = seq_along(object$losses), loss = object$losses)
  kept <- data.frame(epoch = object$kept_epoch, loss = object$loss)
  ggplot2::ggplot(all, ggplot2::aes(.data$epoch, .data$loss)) +
    ggplot2::geom_line(colour = "grey70") +
    ggplot2::geom_line(data = object$checks, colour = plot_colours[1]) +
    ggplot2::geom_point(data = object$checks, colour = plot_colours[1], size = 2) +
    ggplot2::geom_point(data = kept, colour = plot_colours[2], size = 4, shape = 15) +
    ggplot2::labs(x = "Epoch", y = "Validation loss", caption = wrapped(object$text)) +
    plain_theme()
}
