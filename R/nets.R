#' Fit a neural net
#'
#' @param formula Formula `outcome ~ terms` (or its text); or the predictors x, a data frame, numeric matrix or array,
#'   with the outcome y as `data`; or a recipe of the recipes package, as in [fit_glm()]. A formula sees the columns of
#'   `data` only. An array of more than two dimensions (images) goes to a model of your own, its channels standardised
#'   (`scale`).
#' @param data Data frame; or the outcome y (a vector, or the name of its column in x); or rows in batches, more than
#'   memory holds (see below): path of a Parquet file or of a folder of them, a data set of the arrow package, a list of
#'   data frames, or a function.
#' @param event Class whose probability is meant. A two-class outcome must name it. With more classes the model is of
#'   all of them, and the event is measured against the others together.
#' @param classes Levels. Takes a numeric outcome as these classes.
#' @param architecture `"skip"` (a ridge GLM plus a penalised hidden part), `"mlp"`, a Keras model, or a builder
#'   `function(input_shape, n_outputs)` that returns one (`input_shape` is a list). A model is a layout: its weights
#'   start afresh from the seed. It ends in logits, a sigmoid or a softmax. One that is compiled is trained on its own
#'   loss by its own optimizer, see below.
#' @param units Width of each hidden layer (architectures by name, as the next five).
#' @param activation Of the hidden layers.
#' @param dropout Share of hidden units left out at random in each training step, from 0 to below 1.
#' @param l1 Penalty on `sum(abs(weight))`, on the scale of the mean loss.
#' @param l2 Penalty on `sum(weight^2)`, on the scale of the mean loss. `NULL` is 3 / (2 n), with n rows trained
#'   on: normal weights of precision 3 a priori, whatever the number of rows.
#' @param batch_normalization Normalise hidden layers over the batch; they then have no bias.
#' @param categories `"onehot"`, one column for each level, or `"embed"`, a learnt embedding of each level (a level not
#'   seen in training is the average level).
#' @param scale Standardise columns of numbers by mean and SD of the training rows, and each channel (the last axis) of
#'   arrays of more dimensions: `"auto"`, `TRUE` or `FALSE`. `"auto"` does so unless a Keras model wants numbers as they
#'   are, and then says so by a warning of class `bineural_UnscaledWarning`: it has an adapted `Normalization`, another
#'   layer that is adapted or frozen, or begins with one that rescales, normalises or embeds, or `keep_weights` is
#'   `TRUE`.
#' @param optimizer Name as in Keras, or an optimizer whose settings are copied. `NULL` is that of a compiled Keras
#'   model, else Adam.
#' @param learning_rate `NULL`: 0.01 for an architecture and optimizer by name, else the optimizer's own.
#' @param batch_size Rows in a step; the last batch of an epoch may be smaller.
#' @param epochs Most passes over the training rows.
#' @param validation Share of the rows of each class, drawn by the seed, that is watched and not trained on; the weights
#'   of the epoch with the lowest loss there are kept. 0 or `NULL` trains on all rows for all epochs.
#' @param monitor What is watched on the validation rows: `"loss"` (the loss trained on), `"auroc"` (two classes; higher
#'   is better), or the name of another loss in Keras.
#' @param patience Epochs without a new best value of `monitor` after which training stops; `NULL` never stops early.
#' @param min_delta By how much a value must be better to count as new best, in the unit of `monitor`.
#' @param ensemble Number of nets of seeds of their own, trained at once on the same rows; the mean of their predictions
#'   predicts. `NULL` is five for the skip net on up to 10,000 training rows (without callbacks or checkpoint),
#'   else one.
#' @param class_weight `"balanced"`, or a number for each class by name, e.g. `c(absent = 1, present = 3)`: factor
#'   on the weights of each class's rows, in training and in the validation loss.
#' @param weights Row weights: a column, in quotes or not, or a number for each row; read as in [fit_glm()]. Scaled to
#'   mean one; a row of weight 0 is left out.
#' @param keep_weights Start from the weights that a Keras model given as `architecture` has.
#' @param callbacks A Keras callback or a list of them. Training then goes through Keras' own loop, net by net: slower,
#'   same seeds and batches. So does a Keras model whose class has a `train_step` of its own.
#' @param checkpoint File that is written about every 10 seconds while training, at an interrupt and at the end. The
#'   same call goes on from it, also after a crash, and ends with the same weights to the bit; `epochs` may be more than
#'   before (of an ensemble not). Without a `seed` it takes the one in the file. The file of another training is an
#'   error.
#' @param device `"gpu"`, `"gpu:1"`, `"cpu"`; `NULL` is the CPU, whose results repeat to the bit.
#' @param precision `"float32"`, or `"mixed"`: computed in bfloat16, weights and losses kept in float32.
#' @param missing What to do with rows that have missing values: `"error"`, `"drop"` or `"impute"` (median or most
#'   frequent level, and an indicator).
#' @param unseen Levels at prediction that training never saw: `"warn"` (an average level and one warning) or
#'   `"error"`.
#' @param seed Whole number. Decides validation rows, initial weights, batch order and dropout, the same in R and
#'   Python. `NULL` draws a fresh one, kept in the model's `seed`.
#' @param verbose `NULL`: a bar in an interactive session, else nothing. 0: nothing. 1: a bar, or one line.
#' @return A model of class `bineural_net`, for [predict()][predict.bineural_model], `print()`, `summary()`, `glance()`,
#'   `augment()`, `plot()` (see [plot_history()]), [evaluate_model()], [save_model()] and `saveRDS()`. A list with
#'   `history` (tibble: epoch, loss, validation_loss, penalty), `seed`, `interrupted` and more. Ctrl-C or the stop
#'   button ends training with the current chunk of epochs: the model then has what was reached (of an ensemble the
#'   members that had begun), `interrupted` is `TRUE`, and a warning of class `bineural_InterruptedWarning` says so.
#' @section Rows in batches:
#' A function that is given as `data` is called without arguments at the start of every pass over the rows. It returns
#' a list of data frames, or a function that gives the next data frame at each call and `NULL` at the end. All batches
#' hold the outcome. They are read once to learn levels, means and SDs, and once more in each epoch; nothing that is
#' kept grows with the rows. Rows are shuffled within a buffer of at most 65,536 rows, row groups of Parquet among each
#' other too where there are several buffers. At most a buffer of rows, drawn without strata, is watched; mean and SD of
#' a numeric outcome are then those of all rows. The net depends on the rows, their order and the seed, not on how they
#' were cut into batches; with `validation = 0` and one buffer it is the net of the same rows in memory. A term that
#' must see all rows at once (`poly()`, quantiles as knots), `missing = "impute"`, `callbacks` and `checkpoint` are
#' refused; members of an ensemble are trained one after the other. Where a category is multiplied in the formula one
#' more pass finds constant columns.
#' @section Compiled Keras models:
#' Of a compiled Keras model loss, `loss_weights` and optimizer are taken; an `optimizer` or `learning_rate` that is
#' given wins, with a warning of class `bineural_UnusedWarning`. The loss gets the outcome as in Keras: one column; for
#' several outputs a column for each class, or class numbers where its name begins with "sparse_". It must fit the last
#' layer (`from_logits`) and give one number for each row. A numeric outcome is standardised for squared and absolute
#' error, and comes as it is for other losses and for a model that keeps its weights. Metrics are kept in Keras' own
#' loop only; `run_eagerly`, `jit_compile` and `steps_per_execution` are not used.
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
                    scale = "auto",
                    optimizer = NULL,
                    learning_rate = NULL,
                    batch_size = 32,
                    epochs = 300,
                    validation = 0.2,
                    monitor = "loss",
                    patience = 30,
                    min_delta = 0,
                    ensemble = NULL,
                    class_weight = NULL,
                    weights = NULL,
                    keep_weights = FALSE,
                    callbacks = NULL,
                    checkpoint = NULL,
                    device = NULL,
                    precision = "float32",
                    missing = "error",
                    unseen = "warn",
                    seed = NULL,
                    verbose = NULL) {
  call <- rlang::current_env()
  problem <- if (comes_in_batches(formula, data)) {
    batch_problem(formula, data, call)
  } else {
    as_py_problem(formula, data, call)
  }
  rows <- problem$rows
  rlang::inject(fit_core("fit_net", problem, formula, !!!net_options(), call = call))
}

# The options of fit_net() and fit_nets() as Python takes them, read in the frame of either.
net_options <- function(frame = rlang::caller_env()) {
  eval(quote(list(
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
    scale = if (rlang::is_bool(scale)) as_py_flag(scale) else as_py_text(scale),
    optimizer = as_py_option(optimizer),
    learning_rate = as_py_number(learning_rate),
    batch_size = as_py_count(batch_size),
    epochs = as_py_count(epochs),
    validation = as_py_number(validation),
    monitor = as_py_option(monitor),
    patience = as_py_count(patience),
    min_delta = as_py_number(min_delta),
    ensemble = as_py_count(ensemble),
    class_weight = as_py_option(class_weight),
    weights = as_py_row_values(weights, rows),
    keep_weights = as_py_flag(keep_weights),
    callbacks = callbacks,
    checkpoint = as_py_path(checkpoint),
    device = as_py_text(device),
    precision = as_py_text(precision),
    missing = as_py_text(missing),
    unseen = as_py_text(unseen),
    seed = as_py_count(seed),
    verbose = as_py_count(if (rlang::is_bool(verbose)) as.integer(verbose) else verbose, "verbose")
  )), frame)
}

#' @export
glance.bineural_net <- function(x, ...) {
  check_dots(...)
  found <- from_python(call_core(python_model(x)$glance))
  found[vapply(found, is.null, NA)] <- NA
  names(found)[names(found) == "n_rows"] <- "nobs"
  tibble::as_tibble(found)
}
