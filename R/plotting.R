# The core gives what is drawn as tables (roc_data, history_data); ggplot2 draws them as matplotlib does in Python.

# Okabe and Ito's colours, which the colour-blind can tell apart
plot_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
plot_lines <- c("solid", "dashed", "dotdash", "dotted", "twodash")

#' Draw ROC curves, each with its AUROC and interval
#'
#' @param evaluations What [evaluate_model()] returned, or a named list of several. An evaluation of several classes
#'   gives a curve for each class against the rest.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`); 5 by 5 inches and more for the legend.
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if an evaluation is of a regression or has one class only.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' plot_roc(evaluate_model(glm, kyphosis))
plot_roc <- function(evaluations, path = NULL) {
  need_ggplot2()
  found <- call_core("plotting.roc_data", as_py_evaluations(evaluations, rlang::current_env()))
  table <- from_python(found)
  title <- from_python(found$attrs)$title
  labels <- unique(table$label)
  table$label <- factor(table$label, levels = labels)
  table <- table[rev(seq_len(nrow(table))), ] # from (0, 0) on, so that steps are drawn in order
  look <- (seq_along(labels) - 1) # 0, 1, 2, ... round and round the colours and lines
  figure <- ggplot2::ggplot(
    table, ggplot2::aes(1 - .data$specificity, .data$sensitivity, colour = .data$label, linetype = .data$label)
  ) +
    ggplot2::annotate("segment", x = 0, y = 0, xend = 1, yend = 1, colour = "grey60", linetype = "dashed") +
    ggplot2::geom_path(linewidth = 0.8) +
    ggplot2::scale_colour_manual(values = plot_colours[look %% length(plot_colours) + 1]) +
    ggplot2::scale_linetype_manual(values = plot_lines[look %% length(plot_lines) + 1]) +
    ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1), expand = FALSE, clip = "off") +
    ggplot2::labs(x = "1 - specificity", y = "Sensitivity", colour = title, linetype = title) +
    plain_theme() +
    ggplot2::theme(
      legend.position = "bottom", legend.direction = "vertical", plot.margin = ggplot2::margin(8, 16, 4, 4),
      legend.title = ggplot2::element_text(size = 9), legend.text = ggplot2::element_text(size = 8),
      legend.key.height = ggplot2::unit(if (any(grepl("\n", labels))) 1.9 else 1.1, "lines"),
      legend.key.width = ggplot2::unit(2.2, "lines")
    )
  n_lines <- sum(lengths(strsplit(labels, "\n")))
  write_figure(figure, path, width = 5, height = 5.3 + 0.2 * n_lines)
}

#' Draw the loss of each epoch and mark the best epoch
#'
#' @param model A net from [fit_net()].
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`); 6 by 4 inches.
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if the model has no training history.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' net <- fit_net(Kyphosis ~ Age + Number + Start, kyphosis, event = "present", epochs = 20, seed = 1)
#' plot_history(net)
plot_history <- function(model, path = NULL) {
  need_ggplot2()
  table <- from_python(call_core("plotting.history_data", python_model(model)))
  table$part <- factor(table$part, levels = c("training", "validation"))
  best <- table[table$best, ]
  best <- best[nrow(best), ] # of validation where there is one
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$epoch, .data$loss, colour = .data$part, linetype = .data$part)) +
    ggplot2::geom_vline(data = best, ggplot2::aes(xintercept = .data$epoch), colour = "grey60", linetype = "dotted") +
    (if (max(table$epoch) > 1) ggplot2::geom_line(linewidth = 0.8) else ggplot2::geom_point()) +
    ggplot2::geom_point(data = best, colour = "black", size = 2) +
    ggplot2::scale_colour_manual(values = plot_colours[1:2], drop = FALSE) +
    ggplot2::scale_linetype_manual(values = plot_lines[1:2], drop = FALSE) +
    ggplot2::labs(
      x = "Epoch", y = "Loss", colour = NULL, linetype = NULL,
      caption = if (nrow(best)) sprintf("best epoch: %d (loss %.4g)", best$epoch, best$loss)
    ) +
    plain_theme() +
    ggplot2::theme(legend.position = "bottom")
  write_figure(figure, path, width = 6, height = 4)
}

# Evaluations as the core's plotting reads them: one, or a dict of several.
as_py_evaluations <- function(evaluations, call) {
  if (inherits(evaluations, "bineural_evaluation")) return(as_py_evaluation(evaluations))
  several <- is.list(evaluations) && all(vapply(evaluations, inherits, NA, "bineural_evaluation"))
  if (!several || (length(evaluations) && !rlang::is_named(evaluations))) {
    abort_input(
      "`evaluations` must be an evaluation, or a list of evaluations with a name for each.",
      paste0("It is ", describe(evaluations), "."),
      "Give e.g. `list(glm = evaluate_model(glm, test), net = evaluate_model(net, test))`.",
      call = call
    )
  }
  py_dict(lapply(evaluations, as_py_evaluation))
}

as_py_evaluation <- function(evaluation) {
  bridge()$evaluation_from_r(
    task = evaluation$task, level = evaluation$level, n = evaluation$n, n_events = evaluation$n_events,
    event = evaluation$event, classes = as_py_levels(evaluation$classes),
    n_class_rows = as_py_counts(unname(evaluation$n_class_rows)),
    undefined = py_dict(evaluation$undefined),
    y_true = as_py_vector(evaluation$y_true),
    score = if (is.matrix(evaluation$score)) as_py_data(evaluation$score) else as_py_vector(evaluation$score)
  )
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_evaluation <- function(object, ...) plot_roc(object) # nolint: object_name_linter.

#' @export
plot.bineural_evaluation <- function(x, ...) draw(plot_roc(x))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_net <- function(object, ...) plot_history(object) # nolint: object_name_linter.

#' @export
plot.bineural_net <- function(x, ...) draw(plot_history(x))

draw <- function(figure) {
  print(figure)
  invisible(figure)
}

plain_theme <- function() ggplot2::theme_minimal() + ggplot2::theme(panel.grid.minor = ggplot2::element_blank())

write_figure <- function(figure, path, width, height) {
  if (is.null(path)) return(figure)
  ggplot2::ggsave(path.expand(path), figure, width = width, height = height, dpi = 150, bg = "white")
  figure
}

need_ggplot2 <- function(call = rlang::caller_env()) {
  if (requireNamespace("ggplot2", quietly = TRUE)) return(invisible())
  abort_input(
    "ggplot2 must be installed to draw in R.", "The package is not there.", "Run `install.packages(\"ggplot2\")`.",
    class = "SetupError", call = call
  )
}
