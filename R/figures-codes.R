# Codes and samples: the core gives what is drawn as tables, and ggplot2 draws them as matplotlib does in Python.

#' Draw what an autoencoder makes of rows, or the rows that it makes of codes
#'
#' @param model What [fit_autoencoder()] returned.
#' @param x Rows like those of training; rows decoded by a variational autoencoder need none.
#' @param kind What to draw:
#'   * `"reconstructions"`: the first rows, and beside each what is made of its codes;
#'   * `"map"`: rows by two codes (of more, those two that vary most), coloured by `labels`, each label written at the
#'     median of its rows;
#'   * `"decoded"`: rows made of a grid of two codes: at even quantiles of the standard normal distribution of a
#'     variational one, else between the 5th and the 95th percentile of the codes of `x`; other codes are at their
#'     median;
#'   * `"interpolation"`: rows made of even steps between the codes of the first and the second row of `x`.
#' @param labels What each row is, at most 20 of them, for the map.
#' @param most Pairs, steps, or codes along a side of the grid; `NULL` is 8 (and 12 along a side of a grid of images, 4
#'   of others).
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`).
#' @return A ggplot.
#' @seealso [plot_samples()] for rows that a generator makes; [plot_history()] for losses of the epochs.
#' @section Conditions:
#' `bineural_InputError` if the model is no autoencoder, `x` is needed and missing, or there are fewer than two codes
#' for a map or a grid.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' coder <- fit_autoencoder(iris[1:4], 2, epochs = 5, seed = 1)
#' plot_codes(coder, iris[1:4], "map", labels = iris$Species)
plot_codes <- function(model,
                       x = NULL,
                       kind = "reconstructions",
                       labels = NULL,
                       most = NULL,
                       path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  found <- call_core(
    "figures.codes.codes_data", python_model(model), as_py_data(x),
    kind = as_py_text(kind), labels = if (!is.null(labels)) as_py_vector(labels), most = as_py_count(most)
  )
  drawn <- figure_table(found)
  if (kind == "map") return(draw_map(drawn, path))
  if (!"colour" %in% names(drawn$table)) return(draw_lines(drawn, path))
  if (kind == "decoded") draw_decoded(drawn, path) else draw_pictures(drawn, path)
}

#' Draw rows that a generator makes, beside real ones
#'
#' Images are drawn in a grid. Rows of one number are drawn as distributions, rows of two as points, both with what the
#' discriminator of a GAN says of each place; rows of more numbers as points in the plane of the first two principal
#' components of `x` (or of the rows made).
#'
#' @param model What [fit_gan()], [fit_rbm()] or [fit_autoencoder()] with `variational = TRUE` returned; or a named list
#'   of several of the same rows, such as one after 1, 10 and 100 epochs, which are drawn in a panel each.
#' @param x Real rows; of more than 2,000, and of images, some are drawn at random.
#' @param most Rows that are made; `NULL` is 25 images, else 1,000.
#' @param seed A whole number, of the rows made and of the real rows drawn.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`).
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if a model generates nothing, or several are of rows of different shapes.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' gan <- fit_gan(iris["Sepal.Length"], units = 8, epochs = 5, seed = 1)
#' plot_samples(gan, iris["Sepal.Length"])
plot_samples <- function(model,
                         x = NULL,
                         most = NULL,
                         seed = 1,
                         path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  several <- is.list(model) && !inherits(model, "bineural_model") && rlang::is_named(model)
  model <- if (several) to_py(lapply(model, python_model)) else python_model(model)
  drawn <- figure_table(call_core(
    "figures.samples.samples_data", model, as_py_data(x), most = as_py_count(most), seed = as_py_seed(seed)
  ))
  switch(drawn$look,
    pictures = draw_pictures(drawn, path),
    distributions = draw_distributions(drawn, path),
    points = draw_points(drawn, path)
  )
}

draw_lines <- function(drawn, path) {
  table <- drawn$table
  table$line <- factor(table$line, levels = unique(table$line))
  n_across <- if (is.null(drawn$n_across)) ceiling(sqrt(nlevels(table$label))) else drawn$n_across
  names <- table[!duplicated(table$position), ]
  named <- nrow(names) <= 40 && !all(grepl("^[0-9]+$", names$name))
  figure <- ggplot2::ggplot(
    table, ggplot2::aes(.data$position, .data$value, colour = .data$line, linetype = .data$line)
  ) +
    ggplot2::geom_line() +
    ggplot2::geom_point(size = 0.8) +
    ggplot2::facet_wrap(~label, ncol = n_across) +
    ggplot2::scale_colour_manual(values = plot_colours) +
    (if (named) ggplot2::scale_x_continuous(breaks = names$position, labels = names$name)) +
    ggplot2::labs(x = NULL, y = drawn$y, title = drawn$title, colour = NULL, linetype = NULL) +
    plain_theme() +
    ggplot2::theme(
      legend.position = if (nlevels(table$line) > 1) "bottom" else "none",
      axis.text.x = if (named) ggplot2::element_text(angle = 90, hjust = 1, vjust = 0.5, size = 7)
    )
  n_down <- ceiling(nlevels(table$label) / n_across)
  write_figure(figure, path, width = max(1.7 * n_across, 5.2), height = 1.5 * n_down + 1.3)
}

draw_map <- function(drawn, path) {
  table <- drawn$table
  levels <- unlist(drawn$levels)
  labelled <- length(levels) > 0
  table$label <- factor(as.character(table$label), levels = if (labelled) levels else "row")
  look <- seq_along(levels(table$label)) - 1
  figure <- ggplot2::ggplot(
    table, ggplot2::aes(.data$code_x, .data$code_y, colour = .data$label, shape = .data$label)
  ) +
    ggplot2::geom_point(alpha = 0.6, size = min(2.5, max(0.6, 60 / sqrt(nrow(table))))) +
    ggplot2::scale_colour_manual(values = plot_colours[look %% length(plot_colours) + 1]) +
    ggplot2::scale_shape_manual(values = c(16, 15, 17, 18, 25)[look %/% length(plot_colours) %% 5 + 1]) +
    ggplot2::labs(x = drawn$x, y = drawn$y, title = drawn$title) +
    plain_theme() +
    ggplot2::theme(legend.position = "none")
  if (labelled) {
    places <- stats::aggregate(cbind(code_x, code_y) ~ label, table, stats::median)
    figure <- figure + ggplot2::geom_label(data = places, ggplot2::aes(label = .data$label), size = 3)
  }
  write_figure(figure, path, width = 5.6, height = 5)
}

draw_decoded <- function(drawn, path) {
  limits <- unlist(drawn$limits)
  ends <- function(values) sprintf("%.2g", values)
  size <- c(max(drawn$table$column), max(drawn$table$row))
  figure <- ggplot2::ggplot(drawn$table, ggplot2::aes(.data$column - 0.5, .data$row - 0.5)) +
    ggplot2::geom_tile(ggplot2::aes(fill = .data$colour), width = 1, height = 1) +
    ggplot2::scale_fill_identity() +
    ggplot2::scale_x_continuous(breaks = c(0, size[1]), labels = ends(limits[1:2]), expand = c(0, 0)) +
    ggplot2::scale_y_reverse(breaks = c(0, size[2]), labels = ends(limits[4:3]), expand = c(0, 0)) +
    ggplot2::coord_fixed() +
    ggplot2::labs(x = drawn$x, y = drawn$y, title = drawn$title) +
    plain_theme()
  write_figure(figure, path, width = 5.2, height = 5.2)
}

panels <- function(table, drawn) {
  list(
    if (any(levels(table$label) != "")) ggplot2::facet_wrap(~label, ncol = 4),
    ggplot2::labs(x = drawn$x, y = drawn$y, caption = drawn$caption, fill = NULL, colour = NULL),
    plain_theme(),
    ggplot2::theme(legend.position = "bottom")
  )
}

draw_distributions <- function(drawn, path) {
  table <- drawn$table
  said <- table[table$part == "discriminator", ]
  bars <- table[table$part != "discriminator", ]
  figure <- ggplot2::ggplot(bars, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_col(ggplot2::aes(fill = .data$part), width = drawn$width, alpha = 0.55, position = "identity") +
    ggplot2::scale_fill_manual(values = c(real = "grey60", made = plot_colours[[1]])) +
    panels(table, drawn)
  if (nrow(said)) {
    figure <- figure +
      ggplot2::geom_hline(yintercept = 0.5, colour = "grey50", linetype = "dotted") +
      ggplot2::geom_line(ggplot2::aes(colour = .data$part), said) +
      ggplot2::scale_colour_manual(values = c(discriminator = plot_colours[[2]]))
  }
  write_figure(figure, path, width = panel_width(table, 4), height = panel_height(table, 3.6))
}

draw_points <- function(drawn, path) {
  table <- drawn$table
  surface <- table[table$part == "surface", ]
  points <- table[table$part != "surface", ]
  figure <- ggplot2::ggplot(points, ggplot2::aes(.data$x, .data$y)) + panels(table, drawn)
  if (nrow(surface)) {
    figure <- figure +
      ggplot2::geom_raster(ggplot2::aes(fill = .data$value), surface, alpha = 0.5) +
      ggplot2::scale_fill_gradient(low = "white", high = plot_colours[[2]], limits = c(0, 1)) +
      ggplot2::labs(fill = "P(real)")
  }
  figure <- figure +
    ggplot2::geom_point(ggplot2::aes(colour = .data$part), size = 0.8, alpha = 0.5) +
    ggplot2::scale_colour_manual(values = c(real = "grey35", made = plot_colours[[1]]))
  write_figure(figure, path, width = panel_width(table, 3.6), height = panel_height(table, 3.4))
}

panel_width <- function(table, size) max(size * min(nlevels(table$label), 4), 4.6)

panel_height <- function(table, size) size * ceiling(nlevels(table$label) / 4) + 0.8
