#' Draw what an agent learnt: values and actions on the map of its world, or how its seeds learnt
#'
#' @param agent What [fit_agent()] returned.
#' @param path File to write (`.png`, `.svg` or `.pdf`), or `NULL`.
#' @param what `"values"` of worlds that are grids: the value of each state (mean over seeds) and the action that most
#'   seeds take, the paler the fewer agree. `"learning"`: returns in training, or of bandits the regret beside the
#'   Lai-Robbins bound, as the mean over seeds with its 95% interval. `NULL` is the map where there is one.
#' @return A ggplot.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' plot_agent(fit_agent(make_environment("frozen_lake"), "value_iteration"))
plot_agent <- function(agent, path = NULL, what = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  table <- call_core("figures.agents.agent_data", python_model(agent), what = as_py_text(what))
  labels <- from_python(table$attrs)
  table <- from_python(table)
  if ("row" %in% names(table)) return(draw_agent_map(table, path))
  own <- table[table$part == "agent", ]
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$step, .data$mean, colour = .data$part)) +
    ggplot2::geom_ribbon(
      data = own, ggplot2::aes(ymin = .data$low, ymax = .data$high), fill = plot_colours[[1]], alpha = 0.2,
      colour = NA, na.rm = TRUE
    ) +
    ggplot2::geom_line() +
    ggplot2::labs(x = labels$x, y = labels$y, colour = NULL, caption = "band: 95% interval over seeds") +
    plain_theme() +
    ggplot2::theme(legend.position = "bottom")
  if (isTRUE(labels$log)) figure <- figure + ggplot2::scale_x_log10()
  write_figure(figure, path, width = 6.4, height = 4.2)
}

draw_agent_map <- function(table, path) {
  n_rows <- max(table$row)
  n_columns <- max(table$column)
  closed <- table[table$letter %in% c("H", "G", "C"), ]
  open <- table[!table$letter %in% c("H", "G", "C"), ]
  open$text <- ifelse(is.finite(open$value), formatC(open$value, digits = 2, format = "f"), "")
  figure <- ggplot2::ggplot(open, ggplot2::aes(.data$column, .data$row)) +
    ggplot2::geom_tile(ggplot2::aes(fill = .data$value), colour = "white") +
    ggplot2::geom_tile(data = closed, fill = ifelse(closed$letter == "G", "#9fd39a", "#3b4a5a"), colour = "white") +
    ggplot2::geom_text(
      data = closed, ggplot2::aes(label = .data$letter), colour = ifelse(closed$letter == "G", "black", "white")
    ) +
    ggplot2::geom_segment(
      ggplot2::aes(
        x = .data$column - 0.1 * .data$dx, y = .data$row - 0.1 * .data$dy - 0.1,
        xend = .data$column + 0.25 * .data$dx, yend = .data$row + 0.25 * .data$dy - 0.1, alpha = .data$share
      ),
      arrow = grid::arrow(length = grid::unit(2, "mm"), type = "closed"), show.legend = FALSE
    ) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text), nudge_y = -0.36, size = 2.8) +
    ggplot2::scale_fill_gradient(low = "#f7fbff", high = "#6aaed6", na.value = "#dbe9f6") +
    ggplot2::scale_alpha_continuous(range = c(0.25, 1), limits = c(0, 1)) +
    ggplot2::scale_y_reverse() +
    ggplot2::coord_fixed() +
    ggplot2::labs(fill = "Value") +
    ggplot2::theme_void()
  write_figure(figure, path, width = min(9, 1.8 + 0.9 * n_columns), height = min(7, 0.8 + 0.9 * n_rows))
}

#' Draw an episode frame by frame, up to eight frames of it
#'
#' @param episodes What [play_episodes()] returned.
#' @param path File to write (`.png`, `.svg` or `.pdf`), or `NULL`.
#' @param seed,episode Which of the agent's seeds, and which of its episodes, counted from 1; its moves must have been
#'   kept.
#' @return A ggplot. Worlds other than grids and the cart pole are drawn as the rewards so far.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' agent <- fit_agent(make_environment("frozen_lake"), "value_iteration")
#' plot_episodes(play_episodes(agent, episodes = 1, seed = 1))
plot_episodes <- function(episodes, path = NULL, seed = 1, episode = 1) {
  need_ggplot2()
  path <- figure_file(path)
  object <- live_episodes(episodes)
  table <- call_core("figures.agents.episodes_data", object, as_py_count(seed), as_py_count(episode))
  kind <- from_python(table$attrs)$kind
  table <- from_python(table)
  if (kind == "rewards") {
    figure <- ggplot2::ggplot(table, ggplot2::aes(.data$frame, .data$return)) +
      ggplot2::geom_line(colour = plot_colours[[1]]) +
      ggplot2::labs(x = "Step", y = "Return so far") +
      plain_theme()
    return(write_figure(figure, path, width = 6.4, height = 3.4))
  }
  frames <- table$frame[unique(round(seq(1, nrow(table), length.out = min(8, nrow(table)))))]
  shown <- table[table$frame %in% frames, ]
  if (kind == "cart") {
    figure <- ggplot2::ggplot(shown) +
      ggplot2::geom_hline(yintercept = 0, colour = "grey60") +
      ggplot2::geom_segment(
        ggplot2::aes(x = .data$place - 0.25, xend = .data$place + 0.25, y = 0, yend = 0),
        linewidth = 3
      ) +
      ggplot2::geom_segment(
        ggplot2::aes(
          x = .data$place, xend = .data$place + sin(.data$angle), y = 0.05, yend = cos(.data$angle)
        ),
        colour = plot_colours[[2]], linewidth = 1.2
      ) +
      ggplot2::coord_fixed(xlim = c(-2.6, 2.6), ylim = c(-0.2, 1.2))
  } else {
    grid <- unlist(from_python(object$environment$grid))
    letters <- strsplit(grid, "")
    cells <- data.frame(
      row = rep(seq_along(letters), lengths(letters)), column = sequence(lengths(letters)), letter = unlist(letters)
    )
    ground <- c(S = "#dbe9f6", F = "#dbe9f6", H = "#3b4a5a", C = "#3b4a5a", G = "#9fd39a")
    cells$ground <- ground[cells$letter]
    path_so_far <- do.call(rbind, lapply(frames[frames > 0], function(frame) {
      part <- table[table$frame <= frame, ]
      part$frame <- frame
      part
    }))
    figure <- ggplot2::ggplot(shown, ggplot2::aes(.data$column, .data$row)) +
      ggplot2::geom_tile(data = cells, ggplot2::aes(fill = .data$ground), colour = "white") +
      ggplot2::scale_fill_identity() +
      ggplot2::geom_path(data = path_so_far, colour = plot_colours[[2]], alpha = 0.5) +
      ggplot2::geom_point(colour = plot_colours[[2]], size = 3) +
      ggplot2::scale_y_reverse() +
      ggplot2::coord_fixed()
  }
  figure <- figure +
    ggplot2::facet_wrap("frame", ncol = 4, labeller = ggplot2::as_labeller(function(x) paste("step", x))) +
    ggplot2::theme_void()
  write_figure(figure, path, width = 8, height = if (kind == "cart") 3.2 else 4.6)
}

live_episodes <- function(x, call = rlang::caller_env()) {
  if (is_python(x)) return(x)
  if (!inherits(x, "bineural_episodes")) {
    abort_value(x, "what play_episodes() returned", "Play some: `play_episodes(agent)`.", "episodes", call)
  }
  live_object(x, "`episodes`", call)
}

#' Write an episode as an animation
#'
#' @param episodes What [play_episodes()] returned, in a world that is a grid or the cart pole.
#' @param path GIF file to write; it is replaced as a whole or not at all.
#' @param seed,episode As in [plot_episodes()].
#' @param frames_per_second Frames in a second.
#' @return The path, invisibly. Of more than 200 steps some are left out, evenly.
#' @section Conditions:
#' `bineural_InputError` if the moves were not kept, or the world has no picture.
#' @export
#' @examplesIf bineural_available()
#' agent <- fit_agent(make_environment("frozen_lake", is_slippery = FALSE), "value_iteration")
#' animate_episode(play_episodes(agent, episodes = 1, seed = 1), tempfile(fileext = ".gif"))
animate_episode <- function(episodes, path, seed = 1, episode = 1, frames_per_second = 5) {
  call <- rlang::current_env()
  call_core(
    "animate_episode", live_episodes(episodes), as_py_path(path),
    seed = as_py_seed(seed), episode = as_py_count(episode), frames_per_second = as_py_count(frames_per_second),
    .call = call
  )
  invisible(path)
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_agent <- function(object, ...) plot_agent(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_agent <- function(x, ...) draw(plot_agent(x, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_episodes <- function(object, ...) plot_episodes(object, ...) # nolint: object_name_linter.

#' @export
plot.bineural_episodes <- function(x, ...) draw(plot_episodes(x, ...))

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_agent_comparison <- function(object, path = NULL, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  path <- figure_file(path)
  table <- call_core("figures.agents.agents_data", live_object(object, "The comparison"))
  label <- from_python(table$attrs)$x
  table <- from_python(table)
  table$model <- factor(table$model, rev(unique(table$model)))
  means <- merge(stats::aggregate(value ~ model, table, mean), unique(table[c("model", "low", "high")]))
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$value, .data$model)) +
    ggplot2::geom_point(shape = 124, size = 4, colour = plot_colours[[1]], alpha = 0.6) +
    ggplot2::geom_segment(
      data = means, ggplot2::aes(x = .data$low, xend = .data$high, yend = .data$model), na.rm = TRUE
    ) +
    ggplot2::geom_point(data = means, size = 2) +
    ggplot2::labs(x = label, y = NULL) +
    plain_theme()
  write_figure(figure, path, width = 6.4, height = 1.4 + 0.5 * nrow(means))
}
