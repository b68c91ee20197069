#' Fit a neural net
#'
#' @param formula Formula `outcome ~ terms` (or its text); or the predictors x, a data frame, numeric matrix or array,
#'   with the outcome y as `data`; or a recipe of the recipes package. A formula sees the columns of `data` only. An
#'   array of more than two dimensions (images) goes to a model of your own as it is.
#' @param data Data frame; or the outcome y (a vector, or the name of its column in x).
#' @param event Class whose probability is meant. A two-class outcome must name it.
#' @param classes Levels. Takes a numeric outcome as these classes.
#' @param architecture `"skip"` (a ridge GLM plus a penalised hidden part), `"mlp"`, a Keras model, or a builder
#'   `function(input_shape, n_outputs)` that returns one (`input_shape` is a list). A model is a layout: its weights
#'   start afresh from the seed. It ends in logits, a sigmoid or a softmax.
#' @param units Width of each hidden layer (architectures by name, as the next five).
#' @param activation Of the hidden layers.
#' @param dropout Share of hidden units left out at random in each training step, from 0 to below 1.
#' @param l1 Penalty on `sum(abs(weight))`, on the scale of the mean loss.
#' @param l2 Penalty on `sum(weight^2)`, on the scale of the mean loss. `NULL` is 1 / (2 n), with n training rows: a
#'   standard normal prior on every weight, whatever the number of rows.
#' @param batch_normalization Normalise hidden layers over the batch.
#' @param categories `"onehot"`, one column for each level, or `"embed"`, a learnt embedding of each level (a level not
#'   seen in training is the average level).
#' @param optimizer Name as in Keras, or an optimizer whose settings are copied.
#' @param learning_rate `NULL`: 0.01 for an architecture and optimizer by name, else the optimizer's own.
#' @param batch_size Rows in a step; the last batch of an epoch may be smaller.
#' @param epochs Most passes over the training rows.
#' @param validation Share of the rows of each class, drawn by the seed, that is watched and not trained on; the weights
#'   of the epoch with the lowest loss there are kept. 0 or `NULL` trains on all rows for all epochs.
#' @param patience Epochs without a new lowest validation loss after which training stops; `NULL` never stops early.
#' @param ensemble Number of nets of seeds of their own, trained at once on the same rows; the mean of their predictions
#'   predicts.
#' @param class_weight `"balanced"`, or a number for each class by name, e.g. `c(absent = 1, present = 3)`: factor
#'   on the weights of each class's rows, in training and in the validation loss.
#' @param weights Row weights: a number for each row, or the name of their column. Scaled to mean one; a row of weight
#'   0 is left out.
#' @param keep_weights Start from the weights that a Keras model given as `architecture` has.
#' @param missing What to do with rows that have missing values: `"error"`, `"drop"` or `"impute"` (median or most
#'   frequent level, and an indicator).
#' @param unseen Levels at prediction that training never saw: `"warn"` (an average level and one warning) or
#'   `"error"`.
#' @param seed Whole number. Decides validation rows, initial weights, batch order and dropout, the same in R and
#'   Python. `NULL` draws a fresh one, kept in the model's `seed`.
#' @param verbose `NULL`: a bar in an interactive session, else nothing. 0: nothing. 1: a bar, or one line.
#' @return A model of class `bineural_net`, for [predict()][predict.bineural_model], `print()`, `summary()`, `glance()`,
#'   `augment()`, `plot()` (see [plot_history()]), [evaluate_model()], [save_model()] and `saveRDS()`. A list with
#'   `history` (tibble: epoch, loss, validation_loss, penalty), `seed` and more.
#' @section Conditions:
#' An error of class `bineural_InputError` says which of formula, columns, outcome or options cannot be used.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' net <- fit_net(Kyphosis ~ Age + Number + Start, kyphosis, event = "present", epochs = 20, seed = 2019)
#' net
#' predict(net, head(kyphosis), type = "prob")
fit_net <- function(formula,
                    data,
                    event = NULL,
                    classes = NULL,
                    architecture = "skip",
                    units = c(16, 8),
                    activation = "relu",
                    dropout = 0,
                    l1 = 0,
                    l2 = NULL,
                    batch_normalization = FALSE,
                    categories = "onehot",
                    optimizer = "adam",
                    learning_rate = NULL,
                    batch_size = 32,
                    epochs = 300,
                    validation = 0.2,
                    patience = 30,
                    ensemble = 1,
                    class_weight = NULL,
                    weights = NULL,
                    keep_weights = FALSE,
                    missing = "error",
                    unseen = "warn",
                    seed = NULL,
                    verbose = NULL) {
  call <- rlang::current_env()
  problem <- as_py_problem(formula, data, call)
  fit_core(
    "fit_net", problem, formula,
    event = as_py_level(event),
    classes = as_py_levels(classes),
    architecture = as_py_option(architecture),
    units = as_py_counts(units),
    activation = as_py_text(activation),
    dropout = as_py_number(dropout),
    l1 = as_py_number(l1),
    l2 = as_py_number(l2),
    batch_normalization = as_py_flag(batch_normalization),
    categories = as_py_text(categories),
    optimizer = as_py_option(optimizer),
    learning_rate = as_py_number(learning_rate),
    batch_size = as_py_count(batch_size),
    epochs = as_py_count(epochs),
    validation = as_py_number(validation),
    patience = as_py_count(patience),
    ensemble = as_py_count(ensemble),
    class_weight = as_py_option(class_weight),
    weights = as_py_row_values(weights),
    keep_weights = as_py_flag(keep_weights),
    missing = as_py_text(missing),
    unseen = as_py_text(unseen),
    seed = as_py_count(seed),
    verbose = as_py_count(if (rlang::is_bool(verbose)) as.integer(verbose) else verbose, "verbose"),
    call = call
  )
}

#' @export
glance.bineural_net <- function(x, ...) {
  found <- from_python(call_core(python_model(x)$glance))
  found[vapply(found, is.null, NA)] <- NA
  names(found)[names(found) == "n_rows"] <- "nobs"
  tibble::as_tibble(found)
}
