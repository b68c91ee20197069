#' Convolve an image with a kernel, as the layers of nets do
#'
#' @param image Matrix (height, width), or array (height, width, channels), each channel of which is convolved by
#'   itself.
#' @param kernel A name from [list_kernels()], or a matrix of weights.
#' @param padding `"same"` lays zeros around the image so that with stride 1 it keeps its size (where an odd one must be
#'   laid, it is below and on the right); `"valid"` takes only places where the whole kernel fits.
#' @param stride Pixels from one place to the next.
#' @return Matrix or array: side n becomes ceiling(n / stride) with `"same"`, and floor((n - k) / stride) + 1 with
#'   `"valid"`.
#' @details
#' The kernel is laid on the image as it stands, and not turned by 180 degrees as in mathematics: strictly it is a
#' cross-correlation, which is what Keras' `Conv2D` and all other libraries for nets compute.
#' @section Conditions:
#' `bineural_InputError` if image or kernel have another shape, hold no finite numbers, or the kernel does not fit.
#' @export
#' @examplesIf bineural_available()
#' steps <- matrix(c(0, 0, 5, 5), 3, 4, byrow = TRUE)
#' convolve_image(steps, "sobel_x", padding = "valid")
#' convolve_image(steps, matrix(c(-1, 1), 1), padding = "valid")
convolve_image <- function(image, kernel, padding = "same", stride = 1) {
  kernel <- if (is.character(kernel)) as_py_text(kernel) else as_py_data(kernel)
  convolved <- call_core(
    "convolve_image", as_py_data(image), kernel, padding = as_py_text(padding), stride = as_py_count(stride)
  )
  from_python(convolved)
}

#' List the kernels that [convolve_image()] knows by name
#'
#' @return Tibble with a row for each: `name`, `kernel` (its rows, as text) and `does`.
#' @export
#' @examplesIf bineural_available()
#' list_kernels()
list_kernels <- function() {
  from_python(call_core("list_kernels"))
}
