#' Load images with their labels, or with the boxes of their objects
#'
#' @param path A folder with a sub-folder for each class; a folder of pictures, without labels; a vector of files; or a
#'   set by name: `"digits"` (1,797 of 8 x 8 pixels, from 0 to 16), `"fashion_mnist_part"` (2,000 of 28 x 28),
#'   `"fashion_mnist"` and `"mnist"` (70,000 of 28 x 28, where Debian's package or Keras' cache has them on this
#'   machine). Nothing is downloaded.
#' @param size Pixels to which every image is resized, without keeping its proportions: one number, or height and width.
#'   `NULL` leaves them.
#' @param colour `"grey"` or `"rgb"`: make all grey, or all colours. `NULL` is as they are in the files, all alike.
#' @param boxes Boxes of the objects in the pictures of a folder or vector of files, or the file of that table (.csv,
#'   ...): a row for each object with `file`, the picture's name as it stands in the folder, x1, y1, x2, y2 in the
#'   pixels of the file as it stands upright, and `label` where there are several. Pictures without objects have no row.
#' @return A list of class `bineural_images`: `images`, a numeric array (row, height, width, channel) from 0 to 255, or
#'   a list of arrays (height, width, channel) where sizes differ; `labels`, a factor, the sub-folders; `files`, as they
#'   stand in the folder; `part`, `"train"` or `"test"`, where a set comes so divided; `boxes`, with `image` (from 1)
#'   and edges in the pixels of `images`. Sub-folders and files come in the order of their names.
#' @section Conditions:
#' `bineural_InputError` if there is no such folder or set, or a picture can't be read, is grey among colours, or has
#' more pixels than Pillow takes for safe; it names the picture; or a box is of no picture. Warnings of class
#' `bineural_DroppedWarning` for files that are no pictures by their ending, and for sub-folders without pictures.
#' @export
#' @examplesIf bineural_available()
#' digits <- load_images("digits")
#' digits
#' dim(digits$images)
load_images <- function(path, size = NULL, colour = NULL, boxes = NULL) {
  call <- rlang::current_env()
  several <- is_pictures(path) && length(path) > 1
  object <- call_core(
    "load_images",
    if (several) as_py_pictures(path, "path", call) else as_py_path(path),
    size = if (length(size) == 2) as_py_counts(size) else as_py_count(size),
    colour = as_py_text(colour), boxes = if (is.data.frame(boxes)) as_py_frame(boxes) else as_py_path(boxes)
  )
  text <- in_r_words(reticulate::py_repr(object))
  loaded <- from_python(object)
  if (!is.null(loaded$boxes)) loaded$boxes <- numbered_from_one(loaded$boxes)
  structure(c(loaded, list(text = text)), class = "bineural_images")
}

#' @export
print.bineural_images <- function(x, ...) {
  check_dots(...)
  cat(x$text, "\n", sep = "")
  invisible(x)
}

# A function of R's that makes columns of rows, which come as arrays and frames of R's.
as_py_features <- function(x, call) {
  if (!is.function(x)) return(as_py_option(x, "features", call))
  make <- function(rows) as_py_data(x(rows), "features", call)
  bridge()$features_from_r(as_py_function(make))
}
