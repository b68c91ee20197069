#' Restore a network of dense layers from a checkpoint, ready to predict; or list what a checkpoint holds
#'
#' @param checkpoint The name that its files begin with: what [fit_layers()] was told to `save_to`.
#' @return `restore_layers()`: what [fit_layers()] returns, without `least_squares` and `measures`, for which the rows
#'   are needed; `predict()` takes new rows. `list_checkpoint()`: a tibble with columns `variable`, `shape` and `dtype`.
#' @section Conditions:
#' `bineural_InputError` if there is no such checkpoint, or it holds something else.
#' @export
#' @examplesIf bineural_available()
#' saved <- file.path(tempdir(), "cars")
#' x <- datasets::cars["speed"]
#' fit <- fit_layers(x, datasets::cars$dist, epochs = 3, save_to = saved, seed = 1)
#' restored <- restore_layers(saved)
#' predict(restored, data.frame(speed = 10))
#' list_checkpoint(saved)
restore_layers <- function(checkpoint) {
  new_mechanism(call_core("restore_layers", as_py_path(checkpoint)), "layers_fit")
}

#' @rdname restore_layers
#' @export
list_checkpoint <- function(checkpoint) {
  from_python(call_core("list_checkpoint", as_py_path(checkpoint)))
}
