# Where attention looks: a map of what is read and what is said.

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
