# The core gives what is drawn as tables (roc_data, history_data, ...); ggplot2 draws them as matplotlib does in Python.

# Okabe and Ito's colours, which the colour-blind can tell apart
plot_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
plot_lines <- c("solid", "dashed", "dotdash", "dotted", "twodash")

#' Draw ROC curves, each with its AUROC and interval
#'
#' @param evaluations What [evaluate_model()] returned, or a named list of several. An evaluation of several classes
#'   gives a curve for each class against the rest, one of several labels a curve for each label.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`); 5 by 5 inches and more for the legend.
#' @param band Whether a band shows where the sensitivity at each specificity lies in 1000 stratified bootstrap draws,
#'   at the evaluation's level. By default it does where there is one curve.
#' @return A ggplot.
#' @section Band:
#' The band is pointwise (at any one specificity, not for the whole curve), and where a curve is perfect it has no
#' width, as the bootstrap always draws a perfect curve again. Its seed is fixed.
#' @section Conditions:
#' `bineural_InputError` if an evaluation is of a regression or has one class only.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' plot_roc(evaluate_model(glm, kyphosis))
plot_roc <- function(evaluations, path = NULL, band = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  evaluations <- as_py_evaluations(evaluations, rlang::current_env())
  drawn <- figure_table(call_core("figures.curves.roc_data", evaluations))
  limits <- from_python(call_core("figures.curves.roc_band_data", evaluations, as_py_flag(band)))
  draw_roc(drawn, limits, path)
}

#' Draw precision-recall curves, each with its average precision
#'
#' Steps, not slopes, join the points: between two thresholds there is none that gives a precision between. A dotted
#' line is the share of events, which is the precision of no skill.
#'
#' @inheritParams plot_roc
#' @inherit plot_roc return
#' @inheritSection plot_roc Conditions
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' plot_precision_recall(evaluate_model(glm, kyphosis))
plot_precision_recall <- function(evaluations, path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  found <- call_core("figures.curves.precision_recall_data", as_py_evaluations(evaluations, rlang::current_env()))
  draw_precision_recall(figure_table(found), path)
}

#' Draw observed shares of events against mean predicted probabilities
#'
#' Each bin has Wilson's interval. The legend gives the slope of the logistic recalibration, its intercept with the
#' slope held at 1 ("in the large") and the expected calibration error; see [calibration()]. Where there is one curve,
#' points are larger where a bin holds more rows.
#'
#' @inheritParams plot_roc
#' @param evaluations What [calibration()] or [evaluate_model()] returned, or a named list of several. An evaluation
#'   gets ten bins of equal width; one of several classes gives a curve for each class against the rest, one of several
#'   labels a curve for each label. One of quantiles gives the share of outcomes at or below each quantile against its
#'   level.
#' @inherit plot_roc return
#' @inheritSection plot_roc Conditions
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' plot_calibration(evaluate_model(glm, kyphosis))
plot_calibration <- function(evaluations, path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  found <- call_core("figures.reliability.calibration_data", as_py_evaluations(evaluations, rlang::current_env()))
  draw_calibration(figure_table(found), path)
}

#' Draw net benefit over thresholds of probability
#'
#' What acting on each model is worth, beside treating all rows (dashed) and none (at 0); see [net_benefit()].
#'
#' @param evaluations What [net_benefit()] or [evaluate_model()] returned, or a named list of several. An evaluation of
#'   several classes gives a curve for each class against the rest, one of several labels a curve for each.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`); 6 by 4 inches and more for the legend.
#' @inherit plot_roc return
#' @inheritSection plot_roc Conditions
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' plot_net_benefit(evaluate_model(glm, kyphosis))
plot_net_benefit <- function(evaluations, path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  evaluations <- as_py_evaluations(evaluations, rlang::current_env())
  drawn <- figure_table(call_core("figures.decision.net_benefit_data", evaluations))
  figure <- ggplot2::ggplot(
    drawn$table, ggplot2::aes(.data$threshold, .data$model, colour = .data$label, linetype = .data$label)
  ) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey40") +
    ggplot2::geom_line(
      ggplot2::aes(.data$threshold, .data$treat_all, group = .data$label),
      colour = "grey50", linetype = "dashed", inherit.aes = FALSE
    ) +
    ggplot2::geom_line(linewidth = 0.8) +
    ggplot2::coord_cartesian(xlim = c(0, 1), ylim = drawn$limits, expand = FALSE) +
    ggplot2::labs(
      x = "Threshold probability", y = "Net benefit (events per row)",
      caption = "grey: treat all (dashed) and treat none (0)"
    ) +
    curve_looks(drawn)
  write_figure(figure, path, width = 6, height = 4.4 + 0.2 * n_legend_lines(drawn))
}

#' Draw a comparison: its intervals, its folds, or its held-out predictions
#'
#' @param comparison What [compare_models()] returned, in the session that made it.
#' @param kind What to draw:
#'   * `"forest"`: each model's estimate and its difference from the reference, with intervals;
#'   * `"folds"`: two models joined fold by fold, and how often each is ahead;
#'   * `"repeats"`: each model's scores over folds and the means of repeats;
#'   * `"roc"`, `"precision_recall"`, `"calibration"`: curves of the held-out predictions, averaged over repeats and
#'     pooled over folds, beside the numbers of the table;
#'   * `"seeds"`: spread over seeds within folds, where there were several.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`).
#' @param models Names of the models to draw, two for `"folds"`; by default all, for `"folds"` the reference and the
#'   best of the others, and for `"calibration"` the reference and the best three others.
#' @param measure By default the one that the verdict is about.
#' @param event Class that is drawn against the rest, for curves of several classes; or the label, of several.
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if kind, models, measure or event are not of the comparison.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
#' comparison <- compare_models(glm, kyphosis, folds = 5, repeats = 2, seed = 1)
#' plot_comparison(comparison)
plot_comparison <- function(comparison, kind = "forest", path = NULL, models = NULL, measure = NULL, event = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  call <- rlang::current_env()
  found <- call_core(
    "figures.comparison.comparison_data", live_comparison(comparison, call),
    kind = as_py_text(kind), models = as_py_texts(models), measure = as_py_text(measure), event = as_py_level(event)
  )
  drawn <- if (kind == "folds") c(list(table = from_python(found)), from_python(found$attrs)) else figure_table(found)
  switch(kind,
    forest = draw_forest(drawn, path),
    folds = draw_folds(drawn, path),
    repeats = draw_spread(drawn, path),
    seeds = draw_spread(drawn, path),
    roc = draw_roc(drawn, no_band, path),
    precision_recall = draw_precision_recall(drawn, path),
    calibration = draw_calibration(drawn, path)
  )
}

no_band <- data.frame(label = character(), specificity = numeric(), low = numeric(), high = numeric())

draw_forest <- function(drawn, path) {
  table <- drawn$table
  titles <- paste0(drawn$title, "\n", vapply(drawn$x, wrapped, ""))
  table$panel <- factor(titles[match(table$panel, c("Models", "Differences"))], levels = titles)
  table$place <- factor(table$label, levels = rev(levels(table$label)))
  table$look <- ifelse(table$model == "null" & table$finding == "", "null", table$finding)
  zero <- data.frame(panel = factor(titles[2], levels = titles), x = 0)
  zero <- zero[zero$panel %in% table$panel, ]
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$estimate, .data$place, colour = .data$look)) +
    ggplot2::geom_vline(data = zero, ggplot2::aes(xintercept = .data$x), colour = "grey40") +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), linewidth = 0.8, na.rm = TRUE) +
    ggplot2::geom_point(size = 2.5) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), ncol = 1, scales = "free") +
    ggplot2::scale_colour_manual(
      values = c(better = plot_colours[1], worse = plot_colours[2], null = "grey50"), na.value = "black", guide = "none"
    ) +
    ggplot2::labs(x = NULL, y = NULL, alt = drawn$alt) +
    plain_theme() +
    ggplot2::theme(strip.text = ggplot2::element_text(hjust = 0))
  n_lines <- sum(lengths(strsplit(as.character(table$label), "\n")))
  write_figure(figure, path, width = 5.6, height = 1.6 + 0.17 * n_lines + 0.14 * nrow(table))
}

draw_folds <- function(drawn, path) {
  table <- drawn$table
  labels <- vapply(drawn$labels, wrapped, "", USE.NAMES = FALSE)
  table$ahead <- factor(labels[table$ahead + 1], levels = labels)
  means <- data.frame(first = drawn$estimates[[1]], second = drawn$estimates[[2]])
  alpha <- min(0.7, max(0.15, 40 / nrow(table)))
  figure <- ggplot2::ggplot(table) +
    ggplot2::geom_segment(
      ggplot2::aes(x = 0, xend = 1, y = .data$first, yend = .data$second, colour = .data$ahead),
      alpha = alpha, show.legend = TRUE
    ) +
    ggplot2::geom_point(ggplot2::aes(0, .data$first, colour = .data$ahead), alpha = alpha, size = 1) +
    ggplot2::geom_point(ggplot2::aes(1, .data$second, colour = .data$ahead), alpha = alpha, size = 1) +
    ggplot2::geom_segment(
      data = means, ggplot2::aes(x = 0, xend = 1, y = .data$first, yend = .data$second), linewidth = 1.2
    ) +
    ggplot2::scale_colour_manual(values = c(plot_colours[1:2], "grey50"), drop = FALSE) +
    ggplot2::scale_x_continuous(
      breaks = 0:1, labels = vapply(drawn$models, wrapped, "", width = 26, USE.NAMES = FALSE), limits = c(-0.35, 1.35)
    ) +
    ggplot2::guides(colour = ggplot2::guide_legend(override.aes = list(alpha = 1))) +
    ggplot2::labs(x = NULL, y = drawn$y, colour = NULL, alt = drawn$alt, caption = "black: over all folds") +
    plain_theme() +
    ggplot2::theme(
      legend.position = "bottom", legend.direction = "vertical", panel.grid.major.x = ggplot2::element_blank()
    )
  write_figure(figure, path, width = 5, height = 4.9)
}

draw_spread <- function(drawn, path) {
  table <- drawn$table
  parts <- names(drawn$labels)
  table <- table[order(match(table$part, parts)), ]
  table$look <- factor(unlist(drawn$labels)[table$part], levels = unlist(drawn$labels))
  n_rows <- nlevels(table$label)
  table$place <- n_rows + 1 - as.integer(table$label) + table$offset
  looks <- list(fold = c(16, plot_colours[1]), `repeat` = c(1, plot_colours[2]), mean = c(18, "black"))[parts]
  n_each <- sum(table$part == "fold") / n_rows
  alphas <- ifelse(parts == "fold", min(0.6, max(0.2, 40 / n_each)), 1)
  figure <- ggplot2::ggplot(
    table,
    ggplot2::aes(
      .data$value, .data$place,
      shape = .data$look, colour = .data$look, size = .data$look, alpha = .data$look
    )
  ) +
    (if (!"repeat" %in% parts) ggplot2::geom_vline(xintercept = 0, colour = "grey40")) +
    ggplot2::geom_point() +
    ggplot2::scale_shape_manual(values = as.integer(vapply(looks, `[`, "", 1))) +
    ggplot2::scale_colour_manual(values = unname(vapply(looks, `[`, "", 2))) +
    ggplot2::scale_size_manual(values = unname(c(fold = 1.2, `repeat` = 2.4, mean = 3.4)[parts])) +
    ggplot2::scale_alpha_manual(values = alphas) +
    ggplot2::scale_y_continuous(breaks = rev(seq_len(n_rows)), labels = levels(table$label), minor_breaks = NULL) +
    ggplot2::labs(x = drawn$x, y = NULL, shape = NULL, colour = NULL, size = NULL, alpha = NULL, alt = drawn$alt) +
    plain_theme() +
    ggplot2::theme(legend.position = "bottom")
  n_lines <- sum(lengths(strsplit(levels(table$label), "\n")))
  write_figure(figure, path, width = 5.6, height = 1.4 + 0.3 * n_rows + 0.17 * n_lines)
}

# Sentences in lines that fit a figure 5 inches wide.
wrapped <- function(text, width = 62) paste(strwrap(text, width), collapse = "\n")

draw_roc <- function(drawn, limits, path) {
  limits$label <- factor(limits$label, levels = levels(drawn$table$label))
  table <- drawn$table[rev(seq_len(nrow(drawn$table))), ] # from (0, 0) on, so that steps are drawn in order
  figure <- ggplot2::ggplot(
    table, ggplot2::aes(1 - .data$specificity, .data$sensitivity, colour = .data$label, linetype = .data$label)
  ) +
    ggplot2::annotate("segment", x = 0, y = 0, xend = 1, yend = 1, colour = "grey60", linetype = "dashed") +
    ggplot2::geom_ribbon(
      ggplot2::aes(1 - .data$specificity, ymin = .data$low, ymax = .data$high, fill = .data$label),
      limits,
      alpha = 0.15, inherit.aes = FALSE, show.legend = FALSE
    ) +
    ggplot2::geom_path(linewidth = 0.8) +
    unit_square() +
    ggplot2::labs(x = "1 - specificity", y = "Sensitivity") +
    curve_looks(drawn)
  write_figure(figure, path, width = 5, height = 5.3 + 0.2 * n_legend_lines(drawn))
}

draw_precision_recall <- function(drawn, path) {
  shares <- data.frame(share = unique(drawn$table$share))
  figure <- ggplot2::ggplot(
    drawn$table, ggplot2::aes(.data$recall, .data$precision, colour = .data$label, linetype = .data$label)
  ) +
    ggplot2::geom_hline(data = shares, ggplot2::aes(yintercept = .data$share), colour = "grey60", linetype = "dotted") +
    ggplot2::geom_step(direction = "vh", linewidth = 0.8) +
    unit_square() +
    ggplot2::labs(x = "Recall (sensitivity)", y = "Precision (PPV)") +
    curve_looks(drawn)
  write_figure(figure, path, width = 5, height = 5.3 + 0.2 * n_legend_lines(drawn))
}

draw_calibration <- function(drawn, path) {
  points <- if (nlevels(drawn$table$label) == 1 && length(unique(drawn$table$n)) > 1) {
    list(
      ggplot2::geom_point(ggplot2::aes(size = .data$n)), ggplot2::scale_size_area(max_size = 6, guide = "none"),
      ggplot2::labs(caption = "The area of a point grows with the rows in its bin.")
    )
  } else {
    ggplot2::geom_point(size = 2)
  }
  figure <- ggplot2::ggplot(
    drawn$table, ggplot2::aes(.data$mean_predicted, .data$observed, colour = .data$label, linetype = .data$label)
  ) +
    ggplot2::annotate("segment", x = 0, y = 0, xend = 1, yend = 1, colour = "grey60", linetype = "dashed") +
    ggplot2::geom_linerange(
      ggplot2::aes(ymin = .data$low, ymax = .data$high),
      linetype = "solid", alpha = 0.6, show.legend = FALSE
    ) +
    ggplot2::geom_line(linewidth = 0.6) +
    points +
    unit_square() +
    ggplot2::labs(x = drawn$x, y = drawn$y) +
    curve_looks(drawn)
  write_figure(figure, path, width = 5, height = 5.6 + 0.2 * n_legend_lines(drawn))
}

# A table of the core's plotting with its attributes; labels are a factor in the order of the curves.
figure_table <- function(found) {
  table <- from_python(found)
  table$label <- factor(table$label, levels = unique(table$label))
  c(list(table = table), from_python(found$attrs))
}

n_legend_lines <- function(drawn) sum(lengths(strsplit(levels(drawn$table$label), "\n")))

unit_square <- function() ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1), expand = FALSE, clip = "off")

# Colours and lines of curves, and their legend below, where it hides nothing.
curve_looks <- function(drawn) {
  labels <- levels(drawn$table$label)
  look <- (seq_along(labels) - 1) # 0, 1, 2, ... round and round the colours and lines
  colours <- plot_colours[look %% length(plot_colours) + 1]
  list(
    ggplot2::scale_colour_manual(values = colours, aesthetics = c("colour", "fill")),
    ggplot2::scale_linetype_manual(values = plot_lines[look %% length(plot_lines) + 1]),
    ggplot2::labs(colour = drawn$title, linetype = drawn$title, fill = drawn$title),
    plain_theme(),
    ggplot2::theme(
      legend.position = "bottom", legend.direction = "vertical", legend.box = "vertical",
      plot.margin = ggplot2::margin(8, 16, 4, 4),
      legend.title = ggplot2::element_text(size = 9), legend.text = ggplot2::element_text(size = 8),
      legend.key.height = ggplot2::unit(if (any(grepl("\n", labels))) 1.9 else 1.1, "lines"),
      legend.key.width = ggplot2::unit(2.2, "lines")
    )
  )
}

#' Draw the loss of each epoch and mark the best epoch
#'
#' Of a variational autoencoder it draws the two parts of the training loss as well, reconstruction and Kullback-Leibler
#' divergence. Of a GAN it draws the losses of discriminator and generator, and as dotted lines 2 ln 2 and ln 2, where
#' they end if made rows can't be told from real ones.
#'
#' @param model A net from [fit_net()], [fit_autoencoder()], [fit_gan()] or [fit_rbm()].
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
  path <- figure_file(path)
  table <- from_python(call_core("figures.history.history_data", python_model(model)))
  competing <- "generator" %in% table$part
  known <- if (competing) c("discriminator", "generator") else c("training", "validation")
  levels <- union(known, unique(table$part))
  table$part <- factor(table$part, levels = levels)
  best <- table[table$best, ]
  best <- best[nrow(best), ] # of validation where there is one
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$epoch, .data$loss, colour = .data$part, linetype = .data$part)) +
    ggplot2::geom_vline(data = best, ggplot2::aes(xintercept = .data$epoch), colour = "grey60", linetype = "dotted") +
    (if (max(table$epoch) > 1) ggplot2::geom_line(linewidth = 0.8) else ggplot2::geom_point()) +
    (if (competing) {
      ggplot2::geom_hline(ggplot2::aes(yintercept = .data$optimum, colour = .data$part), linetype = "dotted")
    }) +
    ggplot2::geom_point(data = best, colour = "black", size = 2) +
    ggplot2::scale_colour_manual(values = plot_colours[seq_along(levels)], drop = FALSE) +
    ggplot2::scale_linetype_manual(values = plot_lines[seq_along(levels)], drop = FALSE) +
    ggplot2::labs(
      x = "Epoch", y = "Loss", colour = NULL, linetype = NULL,
      caption = if (nrow(best)) sprintf("best epoch: %d (loss %.4g)", best$epoch, best$loss)
    ) +
    plain_theme() +
    ggplot2::theme(legend.position = "bottom")
  write_figure(figure, path, width = 6, height = 4)
}

evaluated <- c("bineural_evaluation", "bineural_calibration", "bineural_decision_curve")

# Evaluations as the core's plotting reads them: one, or a dict of several.
as_py_evaluations <- function(evaluations, call) {
  if (inherits(evaluations, evaluated)) return(as_py_evaluation(evaluations))
  several <- is.list(evaluations) && all(vapply(evaluations, inherits, NA, evaluated))
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
  if (!inherits(evaluation, "bineural_evaluation")) {
    fields <- unclass(evaluation)[setdiff(names(evaluation), "undefined")]
    fields <- lapply(fields, function(x) if (is.data.frame(x)) as_py_frame(x) else as_py_vector(x))
    return(do.call(bridge()$figure_record_from_r, fields))
  }
  as_scores <- function(x) if (is.matrix(x)) as_py_data(x) else as_py_vector(x)
  bridge()$evaluation_from_r(
    task = evaluation$task, level = evaluation$level, n = evaluation$n, n_events = evaluation$n_events,
    event = evaluation$event, classes = as_py_levels(evaluation$classes),
    n_class_rows = as_py_counts(unname(evaluation$n_class_rows)),
    undefined = py_dict(evaluation$undefined),
    columns = as_py_texts(evaluation$columns), y_true = as_scores(evaluation$y_true),
    weights = as_py_vector(evaluation$weights),
    score = as_scores(evaluation$score), order = if (!is.null(evaluation$order)) as_scores(evaluation$order)
  )
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_evaluation <- function(object, ...) plot_roc(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_evaluation <- function(x, ...) draw(plot_roc(x, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_calibration <- function(object, ...) plot_calibration(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_calibration <- function(x, ...) draw(plot_calibration(x, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_decision_curve <- function(object, ...) plot_net_benefit(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_decision_curve <- function(x, ...) draw(plot_net_benefit(x, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_comparison <- function(object, kind = "forest", ...) { # nolint: object_name_linter.
  plot_comparison(object, kind, ...)
}

#' @export
plot.bineural_comparison <- function(x, kind = "forest", ...) draw(plot_comparison(x, kind, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_net <- function(object, ...) plot_history(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_net <- function(x, ...) draw(plot_history(x, ...))

draw <- function(figure) {
  print(figure)
  invisible(figure)
}

plain_theme <- function() {
  ggplot2::theme_minimal() +
    ggplot2::theme(panel.grid.minor = ggplot2::element_blank(), plot.caption.position = "plot")
}

write_figure <- function(figure, path, width, height) {
  if (is.null(path)) return(figure)
  draft <- tempfile(fileext = tolower(sub(".*(?=[.])", "", path, perl = TRUE)))
  on.exit(unlink(draft))
  device <- if (is_svg(path)) grDevices::svg # which needs no package more
  ggplot2::ggsave(draft, figure, device = device, width = width, height = height, dpi = 150, bg = "white")
  call_core("files.write_atomically", as_py_path(path), to_py(readBin(draft, "raw", file.size(draft))))
  figure
}

# The path of a figure, looked at before anything is drawn.
figure_file <- function(path, call = rlang::caller_env()) {
  if (is.null(path)) return(NULL)
  can_write <- call_core("checks.writable", to_py(".png"), to_py(".svg"), to_py(".pdf"), .call = call)
  path <- from_python(call_core(can_write, as_py_path(path, "path", call), to_py("path"), .call = call))
  if (is_svg(path) && !capabilities("cairo")) {
    abort_input(
      "R must have been built with cairo to write `.svg`.", "`capabilities(\"cairo\")` is FALSE.",
      "Write a `.png` or `.pdf`, or use an R with cairo.",
      class = "SetupError", call = call
    )
  }
  path
}

is_svg <- function(path) grepl("[.]svg$", path, ignore.case = TRUE)

need_ggplot2 <- function(call = rlang::caller_env()) {
  if (requireNamespace("ggplot2", quietly = TRUE)) return(invisible())
  abort_input(
    "ggplot2 must be installed to draw in R.", "The package is not there.", "Run `install.packages(\"ggplot2\")`.",
    class = "SetupError", call = call
  )
}
