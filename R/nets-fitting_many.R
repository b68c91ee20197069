#' Fit many neural nets at once: one for each combination of settings, training rows and seeds
#'
#' Each net equals the one that [fit_net()] fits to the same rows alone, and learns its own preparation
#' from them. Nets of equal layout are trained together, which for a hundred small nets takes little longer than one.
#'
#' @inheritParams fit_net
#' @param net What is fitted: a net that is not fitted ([make_net()]), the options of one that is, or a formula as in
#'   [fit_net()], or predictors x. A recipe can't be used: it would be prepared from the rows that are held out too.
#' @param data Data frame; or the outcome y beside x; or both, `list(x, y)`, for a net that names no outcome.
#' @param folds Rows to train on, of each fold; by [make_folds()], [split_rows()] or rsample, from the same data. Or a
#'   list of row numbers, or of pairs of them `list(train, test)`; numbers alone hold out all other rows (sets that
#'   part the rows are asked about, see [make_folds()]); or the fold of each row. `NULL` trains on all.
#' @param settings Options below that differ: a data frame with a column for each and a row for each setting (`NA` is
#'   `NULL`; `units` in a list column), or a list of named lists, `list(list(l2 = 0.1), list(l2 = 0.01, units = 8))`.
#'   Not those of the data and of the run: event, classes, weights, callbacks, checkpoint, device, seed, verbose.
#' @param seeds Whole numbers. `NULL` is the one `seed`.
#' @param memory Bytes that nets trained at the same time in one process may take; more of them are trained one after
#'   the other.
#' @param n_jobs Processes that the nets are dealt out to, in chunks; -1 is one for each core, `NULL` trains all in this
#'   one. It pays where training takes minutes: each process starts TensorFlow anew and compiles for itself.
#' @param ... Options of the net, as in [fit_net()]; beside a net they replace its own. `checkpoint` must be `NULL`.
#' @return An object of class `bineural_net_fits`, a list with
#'   * `nets`: the models, as of [fit_net()]; settings vary slowest, then repeats and folds, then seeds.
#'   * `table`, also by `as_tibble()`: a row for each net with `setting` and a column for each option that settings
#'     name, `repeat` and `fold` (with folds), `seed`, `n_rows`, `n_epochs`, `best_epoch`, `loss`, `validation_loss` (at
#'     the best epoch; of the first member in an ensemble), and `how` it was run: `"alone"` or
#'     `"stack"` or `"stack, vectorised"`, also with `", XLA"`; with `", interrupted"` after Ctrl-C.
#'   * `held_out`: predictions of each net for the rows that it was not to be trained on: `setting`, `repeat`, `fold`,
#'     `seed`, `row` (number from 1), `truth`, and the probability of each class as `.pred_<class>` (`NA` for a class
#'     that the training rows did not have), or the number as `.pred`; equal to what the net predicts for them to
#'     float32 rounding. `NULL` without folds. Of nets of boxes the boxes that are predicted, a row for each: `image`
#'     (from 1), x1, y1, x2, y2, label and score instead of `row` and what follows.
#'
#'   Ctrl-C or the stop button ends training with the current round of epochs: nets that had begun are returned, with a
#'   warning of class `bineural_InterruptedWarning`.
#' @details
#' Equal is to float32 rounding, which hundreds of epochs may enlarge: a row that lies within rounding of the kink of a
#' ReLU falls on either side. In a model of your own leave out the bias of a layer that goes into a
#' `BatchNormalization` (`use_bias=False`): its gradient is rounding alone, and Adam makes steps of it.
#'
#' Where the outcome is boxes, all boxes decide on `objective` and `architecture`, and each net learns the labels that
#' are among its training rows.
#'
#' A stack knows what Keras' own layers do with many nets at once. A layer of a class of your own is converted operation
#' by operation (`how` is then `"stack, vectorised"`), which takes longer to begin with, unless its class has a method
#' `call_replicas`: see the help of `bineural.zoo.Architecture` in Python.
#'
#' Chunks give the numbers of one stack to float32 rounding, enlarged as said above. A worker that dies costs a second
#' try of its chunk; one that dies of it again is an error that names the chunk. Nets with `callbacks` are trained in
#' this process. A cluster of Ray or Dask is used from Python, within `joblib.parallel_config("ray", n_jobs=-1)`: see
#' the help of `bineural.fit_nets` there.
#' @section Conditions:
#' An error of class `bineural_InputError` says which of settings, folds, seeds or options cannot be used, or which net
#' can't be fitted; `bineural_DataMismatchError` says that the folds were made of other data.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' folds <- make_folds(kyphosis, folds = 5, strata = "Kyphosis", seed = 1)
#' settings <- data.frame(learning_rate = c(0.01, 0.03))
#' fits <- fit_nets(
#'   Kyphosis ~ ., kyphosis, folds, settings,
#'   event = "present", epochs = 20, seed = 2019
#' )
#' fits
#' fits$table
#' fits$held_out
fit_nets <- function(net,
                     data,
                     folds = NULL,
                     settings = NULL,
                     seeds = NULL,
                     event = NULL,
                     classes = NULL,
                     weights = NULL,
                     memory = 1e9,
                     n_jobs = NULL,
                     ...) {
  call <- rlang::current_env()
  problem <- as_py_net_problem(net, data, call)
  rows <- problem$rows
  options <- architecture_options(..., call = call)
  object <- rlang::inject(call_fit(
    "fit_nets", problem, problem$written,
    folds = as_py_training_sets(folds, rows, call),
    settings = as_py_settings(settings, call),
    seeds = as_py_counts(seeds),
    event = as_py_level(event),
    classes = as_py_levels(classes),
    weights = as_py_row_values(weights, rows),
    memory = as_py_number(memory),
    n_jobs = as_py_count(n_jobs),
    !!!if (is.null(seeds) && !is_net(net)) seeded(options) else options,
    call = call
  ))
  new_net_fits(object, problem$written, call)
}

# Nets that have options, a seed among them.
is_net <- function(net) inherits(net, c("bineural_net", "bineural_net_value"))

# A net, a formula or x, and the rows, as Python takes them; `written` is the formula where there is one.
as_py_net_problem <- function(net, data, call) {
  if (inherits(net, "recipe")) {
    abort_input(
      "`net` must not be a recipe here.", "A recipe is prepared once, from held-out rows too.",
      "Give a formula, or fit each fold with `fit_net()`.",
      call = call
    )
  }
  if (!is_net(net)) {
    problem <- as_py_problem(net, data, call)
    problem$written <- if (inherits(net, "formula")) net
    return(problem)
  }
  value <- inherits(net, "bineural_net_value")
  formula <- if (value) live_object(net, "`net`", call) else python_model(net, call = call)
  if (is.list(data) && !is.data.frame(data) && length(data) == 2) { # x and y of a net that names no outcome
    pair <- reticulate::tuple(as_py_x(data[[1]], "data", call), as_py_y(data[[2]], "data", call))
    return(list(formula = formula, data = pair, rows = data[[1]]))
  }
  list(
    formula = formula, data = as_py_data(data, "data", call), rows = data, columns = names(data), written = net$formula
  )
}

new_net_fits <- function(object, formula, call) {
  held_out <- from_python(call_core(reticulate::import_builtins()$getattr, object, "held_out", .call = call))
  if (!is.null(held_out)) {
    place <- if (is_box_frame(held_out)) "image" else "row"
    held_out[[place]] <- held_out[[place]] + 1L
    names(held_out) <- sub("^[.]pred_(True|False)$", ".pred_\\U\\1", names(held_out), perl = TRUE) # as R writes it
  }
  nets <- lapply(seq_len(reticulate::py_len(object)) - 1L, function(i) new_model(object$nets[[i]], formula))
  structure(
    list(nets = nets, table = from_python(object$table), held_out = held_out, text = printed(object)),
    class = "bineural_net_fits"
  )
}

#' @export
print.bineural_net_fits <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
summary.bineural_net_fits <- function(object, ...) {
  check_dots(...)
  structure(list(text = object$text), class = "bineural_summary")
}

#' @export
as_tibble.bineural_net_fits <- function(x, ...) {
  check_dots(...)
  x$table
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_net_fits <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(x$table, row.names, stringsAsFactors)
}
# nolint end

# ---- to Python ------------------------------------------------------------------------------------------------------

# A data frame with a row for each setting, or a list of named lists: a list of dicts.
as_py_settings <- function(settings, call) {
  if (is.null(settings) || is_python(settings)) return(settings)
  if (is.data.frame(settings)) {
    settings <- lapply(seq_len(nrow(settings)), function(i) lapply(as.list(settings), setting_value, i))
  }
  if (!is.list(settings) || !all(vapply(settings, is.list, NA))) {
    abort_input(
      "`settings` must be a data frame with a row for each setting, or a list of named lists.",
      paste0("It is ", describe(settings), "."), "Write e.g. `settings = data.frame(l2 = c(0.1, 0.01))`.",
      call = call
    )
  }
  as_dict <- function(setting) if (length(setting)) as_py_dict(setting, "settings", call) else py_dict(list())
  py_list(lapply(unname(settings), as_dict))
}

setting_value <- function(column, i) {
  value <- column[[i]]
  if (is.factor(value)) value <- as.character(value)
  if (is.atomic(value) && length(value) == 1 && is.na(value)) NULL else value
}

# Folds of ours know their data; where these are the very data they need not cross a second time.
as_py_training_sets <- function(folds, rows, call) {
  if (inherits(folds, c("rset", "rsplit"))) folds <- make_folds(rows, folds)
  if (inherits(folds, c("bineural_split", "bineural_folds"))) {
    known <- if (inherits(folds, "bineural_split")) whole_split(folds) else attr(folds, "settings")
    made_of <- if (is.environment(known)) known$data else unclass(known)$data
    return(as_py_record(folds, call, with_data = !identical(made_of, rows)))
  }
  if (is.null(folds)) return(NULL)
  as_py_folds(folds, rows, call)
}
