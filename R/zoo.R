#' List the architectures that `fit_net(architecture = )` knows by name
#'
#' @return A tibble with a row for each, in alphabetical order: `name`, `title`, `inputs` (kinds of input that it
#'   takes), `learns` (`"outcome"`; `"rows"`, `"samples"`, `"hidden"` or `"sequences"`: see [fit_autoencoder()],
#'   [fit_gan()], [fit_rbm()], [fit_sequence()]), `options` (those of a net that it reads, then its own),
#'   `learning_rate` (default with an optimizer by name; `NA`: the optimizer's own), `paper`, `year`.
#' @seealso [describe_architecture()] for the layers of one of them.
#' @export
#' @examplesIf bineural_available()
#' list_architectures()
list_architectures <- function() {
  from_python(call_core("list_architectures"))
}

#' Describe an architecture: its layers, their shapes and parameters
#'
#' @param architecture A name that [list_architectures()] has, a Keras model, or a builder
#'   `function(input_shape, n_outputs)` that returns one.
#' @param input_shape Shape of one row, such as `3` or `c(28, 28, 1)`; `NA` in it for a length that varies. A list, or a
#'   list with names, for a model of several inputs. `NULL`: that of a Keras model that is built.
#' @param n_outputs One logit for two classes or a number, else one for each class; a Keras model has its own.
#' @param ... Options of the architecture, such as `units`; `level_counts`, the levels of each category that comes as
#'   codes; and `vocabulary`, how many numbers the words of a text have.
#' @return An object of class `bineural_architecture`, which prints the table and the totals: a list with `table`, also
#'   by `as_tibble()` and `tidy()` (layer: "model/layer" inside a model that is a layer; kind; output_shape; trainable
#'   and parameters, where those that two layers share are counted at the first), `parameters`, `trainable`, `inputs`,
#'   `outputs` (shapes as text), `notes` (what can't be told, and counts of recurrent layers with one or two biases)
#'   and more; `autoplot()` and `plot()` draw a box for each
#'   call of a layer, with arrows from what it takes.
#' @details
#' The net is built to be described, so a large one takes its memory a moment. A Keras model is left as it is. A layer
#' that holds others is one row. Where a model's class has a `call` of its own, its layers are listed, and their shapes
#' and graph can't be told.
#' @section Conditions:
#' `bineural_InputError` if there is no such architecture or option, or it can't be built for this shape.
#' @export
#' @examplesIf bineural_available()
#' describe_architecture("skip", 3, units = c(16, 8))
describe_architecture <- function(architecture, input_shape, n_outputs = 1, ...) {
  call <- rlang::current_env()
  options <- list(...)
  if (length(options) && !rlang::is_named(options)) {
    abort_input(
      "Options of an architecture must be given by name.", "One has no name.", "Write e.g. `units = c(16, 8)`."
    )
  }
  options <- Map(function(value, name) as_py_option(value, name, call), options, names(options))
  described <- rlang::inject(call_core(
    "describe_architecture", as_py_option(architecture), as_py_shape(input_shape, call),
    n_outputs = as_py_count(n_outputs), !!!options
  ))
  fields <- from_python(described$to_dict())
  fields$text <- in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  fields$notes <- as.character(fields$notes)
  fields$figure <- from_python(call_core("figures.architecture.architecture_data", described))
  structure(fields, class = "bineural_architecture")
}

# A vector is one shape, NA a length that varies; a list holds the shapes of several inputs.
as_py_shape <- function(x, call) {
  if (is.null(x) || is_python(x)) return(x)
  if (is.list(x)) {
    shapes <- lapply(x, as_py_shape, call = call)
    return(if (rlang::is_named(x)) py_dict(shapes) else py_list(unname(shapes)))
  }
  py_list(lapply(unname(as_parts(x, "input_shape", call)), function(size) {
    if (is.atomic(size) && is.na(size)) NULL else as_py_level(size, "input_shape", call)
  }))
}

#' @export
print.bineural_architecture <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
as_tibble.bineural_architecture <- function(x, ...) {
  check_dots(...)
  x$table
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_architecture <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(x$table, row.names, stringsAsFactors)
}
# nolint end

#' @export
tidy.bineural_architecture <- function(x, ...) {
  check_dots(...)
  x$table
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_architecture <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  figure <- object$figure
  fitting <- min(1, 7 / figure$width, 7 / figure$height) # text of a figure of 7 by 7 inches, R's own size
  tip <- ggplot2::arrow(length = ggplot2::unit(0.08 * fitting, "inches"), type = "closed")
  ggplot2::ggplot(figure$boxes, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_path(
      ggplot2::aes(group = .data$arrow),
      data = figure$arrows, arrow = tip, colour = "grey25", linewidth = 0.4
    ) +
    ggplot2::geom_tile(
      ggplot2::aes(width = .data$width, height = .data$height, fill = .data$part),
      colour = "grey35", linewidth = 0.3
    ) +
    ggplot2::geom_text(ggplot2::aes(label = .data$label), size = 2.8 * fitting, lineheight = 0.95) +
    ggplot2::scale_fill_manual(values = c(input = "#EEEEEE", learnt = "#D6E8F5", fixed = "#FFFFFF"), guide = "none") +
    ggplot2::coord_equal() +
    ggplot2::labs(title = figure$title) +
    ggplot2::theme_void() +
    ggplot2::theme(plot.title = ggplot2::element_text(size = 10, hjust = 0.5))
}

#' @export
plot.bineural_architecture <- function(x, ...) draw(autoplot.bineural_architecture(x, ...))
