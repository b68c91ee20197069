# The tree of a beam search: the core says where each token stands, and ggplot2 draws it.

#' Draw the tree of a beam search
#'
#' From left to right, a column for each step: tokens with the probability of all that stands before and with them. The
#' best hypothesis is blue, others that were kept at a step are black, and what was looked at and left out is grey (of
#' each hypothesis at most the eight most probable).
#'
#' @param hypotheses What [decode_beams()] returned.
#' @param path PNG, SVG or PDF file to write, or `NULL`.
#' @return A ggplot object.
#' @section Conditions:
#' `bineural_InputError` if no tree is with them, or it has more than 400 tokens.
#' @export
#' @examplesIf bineural_available() && rlang::is_installed("ggplot2")
#' found <- decode_beams(\(tokens) log(c(0.5, 0.3, 0.2)), 0, 3, width = 2, max_length = 3)
#' plot_search_tree(found)
plot_search_tree <- function(hypotheses, path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  tree <- attr(hypotheses, "tree")
  table <- from_python(call_core(
    "figures.search_tree.search_tree_data",
    if (is.data.frame(tree)) as_py_dict(lapply(as.list(tree), as.list), "hypotheses") else as_py_option(hypotheses)
  ))
  table$look <- ifelse(table$on_path, "best", ifelse(table$kept, "kept", "left out"))
  edges <- table[table$parent >= 0, ]
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$x, -.data$y, colour = .data$look)) +
    ggplot2::geom_segment(
      data = edges,
      ggplot2::aes(
        x = .data$x_from, y = -.data$y_from, xend = .data$x, yend = -.data$y, linewidth = .data$look
      )
    ) +
    ggplot2::geom_label(ggplot2::aes(label = .data$label), size = 3, show.legend = FALSE) +
    ggplot2::scale_colour_manual(values = c(best = plot_colours[[1]], kept = "black", "left out" = "grey62")) +
    ggplot2::scale_linewidth_manual(values = c(best = 1.1, kept = 0.6, "left out" = 0.3)) +
    ggplot2::scale_x_continuous(breaks = seq(0, max(table$x)), expand = ggplot2::expansion(add = 0.6)) +
    ggplot2::scale_y_continuous(breaks = NULL, expand = ggplot2::expansion(add = 0.6)) +
    ggplot2::labs(x = "Step", y = NULL, colour = NULL, linewidth = NULL) +
    plain_theme()
  write_figure(figure, path, width = 1.6 + 1.5 * (max(table$x) + 1), height = max(2.4, 0.34 * (max(table$y) + 1) + 0.8))
}
