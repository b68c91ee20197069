#' Train a network of dense layers on a table in mini-batches; save a checkpoint, or go on from one
#'
#' Each step takes some rows: `velocity <- momentum * velocity + gradient`, then
#' `weight <- weight - rate * velocity`.
#'
#' @param x Training rows: a numeric matrix or data frame. Each column is standardised by their mean and standard
#'   deviation.
#' @param y Outcome, one number for each row.
#' @param test_x,test_y Rows on which the loss is followed, too, and their outcome; nothing is learnt from them.
#' @param units Of the hidden layers; a last layer of one unit follows.
#' @param activation Of the hidden layers: `"relu"`, `"tanh"`, `"sigmoid"` or `"identity"`.
#' @param target_scale `"sd"` takes the mean off the outcome and divides by its standard deviation; `"max"` divides it
#'   by its largest value.
#' @param learning_rate Length of a step for a velocity of 1.
#' @param momentum Share of the velocity that stays, less than 1; 0 is plain gradient descent.
#' @param batch_size Rows of one step.
#' @param epochs Passes over the rows, in a new order each.
#' @param save_to Checkpoint to write at the end: two files that begin with this name.
#' @param restore_from Checkpoint to go on from. The network keeps its own units, activation, scaling and seed.
#' @param seed Of the first weights (see [draw_weights()]) and of each epoch's order of rows.
#' @return A list with `layers` (tibble: layer, inputs, units, activation, weights), `n_weights`, `weights` and `biases`
#'   (of each layer, as [build_network()] takes them), `activations`, `scaling` (columns, means, sds, centre and
#'   spread), `epoch` (epochs before a checkpoint count), `seed`, `history` (tibble: epoch, train, test: the mean
#'   squared error of the scaled target), `least_squares` (the loss of ordinary least squares), `measures` (tibble:
#'   model, rows, mse, r_squared) and `n_traces`. `predict()` takes new rows, and [plot()][plot.bineural_mechanism]
#'   draws the loss.
#' @section Conditions:
#' `bineural_InputError` if rows, columns and outcome do not go together, a checkpoint can't be read, its files can't
#' be written (what only happens after training is a warning of class `bineural_CheckpointWarning`), or descent runs
#' away.
#' @export
#' @examplesIf bineural_available()
#' houses <- load_dataset("sacramento")
#' x <- houses[c("sqft", "latitude", "longitude")]
#' saved <- file.path(tempdir(), "houses")
#' fit <- fit_layers(x, houses$price, epochs = 2, save_to = saved, seed = 1)
#' more <- fit_layers(x, houses$price, epochs = 3, restore_from = saved)
#' more$epoch
#' predict(more, head(x))
fit_layers <- function(
  x, y, test_x = NULL, test_y = NULL, units = c(32, 32), activation = "relu", target_scale = "sd",
  learning_rate = 0.01, momentum = 0, batch_size = 32, epochs = 200, save_to = NULL, restore_from = NULL, seed = NULL
) {
  fit <- call_core(
    "fit_layers", as_py_inputs(x), as_py_vector(y), as_py_test(test_x), as_py_vector(test_y), as_py_counts(units),
    as_py_text(activation), as_py_text(target_scale), as_py_number(learning_rate), as_py_number(momentum),
    as_py_count(batch_size), as_py_count(epochs), as_py_path(save_to), as_py_path(restore_from), as_py_seed(seed)
  )
  new_mechanism(fit, "layers_fit")
}

#' @export
predict.bineural_layers_fit <- function(object, new_data, ...) { # nolint: object_name_linter.
  check_dots(...)
  from_python(call_core(
    "fundamentals.layers.predict_layers",
    py_list(lapply(object$weights, as_py_inputs)), py_list(lapply(object$biases, as_py_vector)),
    as_py_texts(object$activations), as_py_scaling(object$scaling), as_py_inputs(new_data)
  ))
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_layers_fit <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  plot_losses(object)
}
