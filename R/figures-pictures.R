# Pictures: the core gives a row for each pixel with its colour, and ggplot2 draws it as it is.

#' Draw what a net of images looks for, and where it looks
#'
#' @param net What [fit_net()] returned, fitted to images; of an ensemble the first member is drawn.
#' @param x One image: a matrix (height, width), or an array (height, width, channels). Filters need none.
#' @param kind What to draw:
#'   * `"filters"`: the weights of a convolutional layer (the mean over the channels that they read), from blue,
#'     negative, to red, positive;
#'   * `"maps"`: what these filters make of the image, behind the activation, white where it is large;
#'   * `"occlusion"`: how much less probable the class becomes where a square of the mean colour covers the image (red:
#'     the pixels speak for the class; blue: against it), of an ensemble all members;
#'   * `"gradient"`: how fast the output for the class changes with each pixel, white where it is fast.
#' @param layer Convolutional layer, by its number from 1 or its name, of filters and maps.
#' @param label Class of occlusion and gradient; by default the one that the net predicts.
#' @param most Filters or maps that are drawn, from the first on.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`).
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if the net takes no images, has no such layer, or `x` is not one image of its size.
#' @references Zeiler and Fergus (2014). Visualizing and understanding convolutional networks. *ECCV*, 818-833;
#'   Simonyan, Vedaldi and Zisserman (2014). Deep inside convolutional networks. *ICLR workshop*.
#' @export
plot_features <- function(net,
                          x = NULL,
                          kind = "maps",
                          layer = 1,
                          label = NULL,
                          most = 16,
                          path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  drawn <- figure_table(call_core(
    "figures.features.features_data", python_model(net), as_py_data(x),
    kind = as_py_text(kind), layer = as_py_option(layer), label = as_py_level(label), most = as_py_count(most)
  ))
  draw_pictures(drawn, path)
}

#' Draw images with the boxes of their objects
#'
#' True boxes are drawn in green, predicted ones in orange with dashes, their label and score beside them.
#'
#' @param images Array (n, height, width), grey, or (n, height, width, 3), in colour.
#' @param truth,predicted Boxes, see [box_iou()]; `image` is the position among `images`, from 1.
#' @param most Images that are drawn, from the first on.
#' @param path File to write, as the ending says (`.png`, `.svg`, `.pdf`).
#' @return A ggplot.
#' @section Conditions:
#' `bineural_InputError` if the images are no such array, or a box is in an image that there is not.
#' @export
#' @examplesIf bineural_available() && requireNamespace("ggplot2", quietly = TRUE)
#' scenes <- make_scenes(4, objects = c(0, 3), size = 40, seed = 1)
#' plot_boxes(scenes$images, scenes$boxes)
plot_boxes <- function(images,
                       truth = NULL,
                       predicted = NULL,
                       most = 9,
                       path = NULL) {
  need_ggplot2()
  path <- figure_file(path)
  images <- as_py_data(images)
  one <- to_py(1L)
  drawn <- figure_table(call_core(
    "figures.boxes.pictures_data", images,
    most = as_py_count(most), first = one
  ))
  outlines <- from_python(call_core(
    "figures.boxes.outlines_data", images, as_py_boxes(truth), as_py_boxes(predicted),
    most = as_py_count(most), first = one
  ))
  draw_pictures(drawn, path, outlines)
}

draw_pictures <- function(drawn, path, outlines = NULL) {
  labels <- levels(drawn$table$label)
  n_across <- if (is.null(drawn$n_across)) ceiling(sqrt(length(labels))) else drawn$n_across
  side <- if (is.null(drawn$size)) 1.6 else drawn$size # inches
  figure <- ggplot2::ggplot(drawn$table, ggplot2::aes(.data$column - 0.5, .data$row - 0.5)) +
    ggplot2::geom_tile(ggplot2::aes(fill = .data$colour), width = 1, height = 1) +
    ggplot2::facet_wrap(~label, ncol = n_across, scales = "free") +
    ggplot2::scale_fill_identity() +
    ggplot2::scale_y_reverse(expand = c(0, 0)) +
    ggplot2::scale_x_continuous(expand = c(0, 0)) +
    ggplot2::labs(title = drawn$title, caption = drawn$caption) +
    ggplot2::theme_void() +
    ggplot2::theme(
      aspect.ratio = max(drawn$table$row) / max(drawn$table$column),
      panel.spacing = ggplot2::unit(6, "pt"),
      plot.margin = ggplot2::margin(6, 6, 6, 6),
      strip.text = ggplot2::element_text(margin = ggplot2::margin(3, 0, 3, 0))
    )
  if (!is.null(outlines) && nrow(outlines)) figure <- figure + outline_layers(outlines, labels)
  height <- (side + 0.2) * ceiling(length(labels) / n_across) + 0.7
  write_figure(figure, path, width = max(side * n_across, 4.2), height = height)
}

outline_layers <- function(outlines, labels) {
  outlines$label <- factor(outlines$label, levels = labels)
  true <- outlines$kind == "true"
  outlines$y <- ifelse(true, outlines$y2, outlines$y1)
  list(
    ggplot2::geom_rect(
      ggplot2::aes(
        xmin = .data$x1, ymin = .data$y1, xmax = .data$x2, ymax = .data$y2, colour = .data$colour,
        linetype = .data$kind
      ),
      outlines,
      fill = NA, linewidth = 0.8, inherit.aes = FALSE
    ),
    ggplot2::geom_text(
      ggplot2::aes(
        .data$x1, .data$y,
        label = .data$text, colour = .data$colour, vjust = ifelse(.data$kind == "true", 1.2, -0.3)
      ),
      outlines,
      size = 2.5, hjust = 0, inherit.aes = FALSE
    ),
    ggplot2::scale_colour_identity(),
    ggplot2::scale_linetype_manual(values = c(true = "solid", predicted = "dashed"), guide = "none")
  )
}
