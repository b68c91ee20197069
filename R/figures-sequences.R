# What is drawn of models of sequences: the tree of a search, and where attention looks.

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

#' Draw where a model of sequences looks while it says a target
#'
#' @param model What [fit_sequence()] returned, fitted with a source and attention.
#' @param source One sequence, as text.
#' @param target What is said; `NULL`: what the model says.
#' @param path PNG, SVG or PDF file to write, or `NULL`.
#' @return A ggplot object: a row for each symbol that is said, a column for each symbol of the source; dark: much of
#'   the attention at that step. Each row sums to 1.
#' @section Conditions:
#' `bineural_InputError` if the model has no attention to a source.
#' @export
#' @examplesIf bineural_available() && rlang::is_installed("ggplot2")
#' pairs <- make_sequences("reversal", 60, seed = 1)
#' model <- fit_sequence(pairs$target, pairs$source, units = 8, epochs = 1, seed = 1)
#' plot_attention(model, "abc")
plot_attention <- function(model, source, target = NULL, path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  table <- from_python(call_core(
    "figures.attention.attention_data", python_model(model), as_py_text(source), as_py_text(target)
  ))
  said <- table$said[!duplicated(table$step)]
  read <- table$read[!duplicated(table$place)]
  figure <- ggplot2::ggplot(table, ggplot2::aes(.data$place, -.data$step, fill = .data$weight)) +
    ggplot2::geom_tile() +
    ggplot2::scale_fill_gradient(low = "white", high = plot_colours[[1]], limits = c(0, 1)) +
    ggplot2::scale_x_continuous(breaks = seq_along(read), labels = read, expand = c(0, 0)) +
    ggplot2::scale_y_continuous(breaks = -seq_along(said), labels = said, expand = c(0, 0)) +
    ggplot2::labs(x = "Source", y = "Said", fill = "Share of\nattention") +
    plain_theme()
  write_figure(figure, path, width = max(3.5, 0.34 * length(read) + 1.8), height = max(2.6, 0.34 * length(said) + 1.2))
}
