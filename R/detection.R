# Boxes around objects: a data frame with a row for each, see box_iou(). Images are numbered from 1 in R; where a column
# `image` says which of an array's images is meant, it is sent from 0.

#' Compute the intersection over union of each box of `a` with each box of `b`
#'
#' @param a,b Data frames with the columns x1, y1, x2, y2, or numeric matrices of these four columns (or four numbers,
#'   one box): the edges in pixels, or in any one unit, from the top left corner. A box from 2 to 5 is 3 wide.
#' @return Matrix with a row for each box of `a` and a column for each of `b`: area that both cover over area that
#'   either covers, from 0 to 1; 0 where neither has an area.
#' @section Boxes:
#' Boxes are a data frame, a row for each object: `image` (which image it is in), `x1`, `y1`, `x2`, `y2` (its edges in
#' pixels, from the top left corner of the image, x to the right and y down), `label`, and `score` where they are
#' predictions. Images may have no box, or many.
#' @section Conditions:
#' `bineural_InputError` if an edge is missing, or a box ends before it begins; `bineural_ColumnError` names columns
#' that are missing.
#' @export
#' @examplesIf bineural_available()
#' box_iou(c(0, 0, 2, 2), rbind(c(1, 0, 3, 2), c(5, 5, 6, 6)))
box_iou <- function(a, b) {
  from_python(call_core("box_iou", as_py_edges(a), as_py_edges(b)))
}

#' Keep the boxes that no box of a higher score covers, within each image and label
#'
#' The box of the highest score is kept, those that overlap it by more than `iou` are left out, and so on with the boxes
#' that remain.
#'
#' @param boxes Data frame with the columns x1, y1, x2, y2 and score; boxes of different `image` or `label`, where there
#'   are such columns, never leave each other out.
#' @param iou Intersection over union above which two boxes are taken for one object.
#' @return The rows that are kept, in their order: a tibble.
#' @inheritSection box_iou Boxes
#' @inheritSection box_iou Conditions
#' @export
#' @examplesIf bineural_available()
#' boxes <- data.frame(x1 = c(0, 1, 5), y1 = 0, x2 = c(4, 5, 9), y2 = 4, score = c(0.9, 0.8, 0.3))
#' suppress_boxes(boxes)
suppress_boxes <- function(boxes, iou = 0.5) {
  from_python(call_core("suppress_boxes", as_py_frame(boxes), iou = as_py_number(iou)))
}

#' Compute the mean over classes of the average precision of predicted boxes
#'
#' @param truth Data frame with the columns image, x1, y1, x2, y2, and label where there are several classes.
#' @param predicted The same, and score. Images without a predicted box have no row.
#' @param iou Least intersection over union of a box that counts as found; `"coco"` is the mean over 0.50, 0.55, ...,
#'   0.95.
#' @param points Where precision is read off: at every recall reached (`"all"`, VOC since 2010), at the recalls 0, 0.1,
#'   ..., 1 (`11`, VOC 2007), or at 0, 0.01, ..., 1 (`101`, COCO). `NULL` is `"all"`, and with `iou = "coco"` 101.
#' @return Number from 0 to 1; the mean over the classes that `truth` has.
#' @details
#' Predicted boxes are taken from the highest score down, over all images. By VOC's rule a box is right if the true box
#' that it overlaps most is overlapped enough and not taken yet; by COCO's, which goes with 101 points, it takes the
#' free one that it overlaps most, and the 100 best boxes of an image and class are looked at. Precision at a recall is
#' the best at that recall or a higher one, so false boxes below the last right one cost nothing. Boxes are measured
#' without an extra pixel (VOC's own program adds one).
#' @inheritSection box_iou Boxes
#' @section Conditions:
#' `bineural_InputError` if a column or value is missing, a box ends before it begins, or `truth` has no boxes.
#' @references Everingham and others (2010). *International Journal of Computer Vision* 88(2), 303-338; Lin and others
#'   (2014). *ECCV*, 740-755.
#' @export
#' @examplesIf bineural_available()
#' truth <- data.frame(image = 1, x1 = c(0, 10), y1 = 0, x2 = c(4, 14), y2 = 4)
#' predicted <- cbind(truth[c(1, 1, 2), ], score = c(0.9, 0.8, 0.7))
#' mean_average_precision(truth, predicted)
mean_average_precision <- function(truth, predicted, iou = 0.5, points = NULL) {
  from_python(call_core(
    "mean_average_precision", as_py_frame(truth), as_py_frame(predicted),
    iou = as_py_option(iou), points = as_py_option(points)
  ))
}

#' Make images of handwritten digits at random places of a noisy canvas, with their boxes
#'
#' The digits are the 1,797 of `load_dataset("digits")`, 8 by 8 pixels each.
#'
#' @param n Images.
#' @param size Side of the images in pixels, or height and width.
#' @param objects Digits in an image, or the least and the most of them, each number as likely.
#' @param zoom How much larger than 8 pixels the digits are, or the least and the most.
#' @param noise Each pixel gets a random brightness from 0 to this, and is cut at 1.
#' @param digits Which of the digits are shown: the first 1,400 (`"train"`), the others, which no training scene then
#'   has (`"test"`), or `"all"`.
#' @param seed A whole number; the scenes are those of the same seed in Python.
#' @return List of `images`, an array (n, height, width) from 0 to 1, and `boxes`, a tibble: image (from 1), x1, y1, x2,
#'   y2, label (`"0"` to `"9"`). An image without digits has no row.
#' @details
#' A box is the whole square of a digit, blank edges too. Places are drawn evenly; where there are several digits, each
#' is put where it overlaps the others least, of a hundred places.
#' @inheritSection box_iou Boxes
#' @section Conditions:
#' `bineural_InputError` if digits do not fit on the canvas.
#' @export
#' @examplesIf bineural_available()
#' scenes <- make_scenes(3, objects = 2, size = 40, seed = 1)
#' dim(scenes$images)
make_scenes <- function(n,
                        size = 32,
                        objects = 1,
                        zoom = 1,
                        noise = 0.25,
                        digits = "all",
                        seed = NULL) {
  scenes <- from_python(call_core(
    "make_scenes", as_py_count(n),
    size = as_py_option(size), objects = as_py_option(objects), zoom = as_py_option(zoom), noise = as_py_number(noise),
    digits = as_py_text(digits), seed = as_py_seed(seed)
  ))
  scenes$boxes <- numbered_from_one(scenes$boxes)
  scenes
}

#' Predict the boxes of objects in images
#'
#' @param object What [fit_net()] returned for images and boxes.
#' @param new_data Array (n, height, width) or (n, height, width, channels) of images.
#' @param least Least score of a box. To draw boxes 0.5 shows the sure ones; a low one is fair to
#'   [mean_average_precision()]. A net of one object an image gives its box whatever the score.
#' @param iou Intersection over union from which on a box is left out beside one of its label with a higher score; see
#'   [suppress_boxes()].
#' @param ... Must be empty.
#' @return Tibble: image (from 1), x1, y1, x2, y2 in pixels, label and score: the probability that there is an object
#'   of that label. Image after image, from the highest score down.
#' @export
#' @examplesIf bineural_available()
#' scenes <- make_scenes(40, size = 24, seed = 1)
#' net <- fit_net(scenes$images, scenes$boxes, epochs = 2, seed = 1)
#' predict(net, scenes$images[1:2, , ])
predict.bineural_detector <- function(object, new_data, least = 0.1, iou = 0.5, ...) {
  check_dots(...)
  numbered_from_one(from_python(call_core(
    python_model(object)$predict, as_py_data(new_data),
    least = as_py_number(least), iou = as_py_number(iou)
  )))
}

# Whether a data frame holds boxes, complete or not.
is_box_frame <- function(x) is.data.frame(x) && sum(c("x1", "y1", "x2", "y2") %in% names(x)) > 2

# Edges as a data frame or matrix; four numbers are one box.
as_py_edges <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.numeric(x) && !is.object(x) && !length(dim(x)) && length(x) == 4) x <- matrix(as.vector(x), 1)
  as_py_data(if (is.data.frame(x)) x else unname(x), arg, call)
}

# Which image a box is in: counted from 1 in R, from 0 in the core.
as_py_boxes <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.data.frame(x) && is.numeric(x$image)) x$image <- x$image - 1
  as_py_frame(x, arg, call)
}

numbered_from_one <- function(boxes) {
  boxes$image <- boxes$image + 1L
  boxes
}
