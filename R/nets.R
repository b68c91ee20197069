#' Fit a neural net
#'
#' @param formula Formula `outcome ~ terms` (or its text; `cbind(a, b) ~ terms` for several labels, see `objective`);
#'   or the predictors x, a data frame, numeric matrix or array, with the outcome y as `data`; or a recipe of the
#'   recipes package, as in [fit_glm()]. A formula sees the columns of `data` only. Images are an array (row, height,
#'   width, channel), without channels where the architecture takes images only, a list of matrices or arrays, or the
#'   paths of files; or `label ~ image(path)` names the column of paths. Their channels are standardised (`scaling`);
#'   where sizes differ they are resized to the median height and width, to multiples of 8 and at most 224, which a
#'   warning of class `bineural_ResizedWarning` says. A net of tables gets the pixels as columns. Texts are a character
#'   vector; or `rating ~ text(review) + price` names their column, and other terms may stand beside it.
#'   Sequences are a list of matrices (a row for each step, a column for each feature) or of vectors, of any lengths, or
#'   [as_sequences()] makes them of a long table; to an architecture of sequences also an array (row, step, feature).
#'   Their features are standardised; steps that fill them up to one length are masked.
#' @param data Data frame; or the outcome y (a vector, or the name of its column in x); or rows in batches, more than
#'   memory holds (see below): path of a Parquet file or of a folder of them, a data set of the arrow package, a list of
#'   data frames, or a function.
#' @param event Class whose probability is meant. A two-class outcome must name it. With more classes the model is of
#'   all of them, and the event is measured against the others together.
#' @param classes Levels. Takes a numeric outcome as these classes.
#' @param weights Row weights: a column, in quotes or not, or a number for each row; read as in [fit_glm()]. Scaled to
#'   mean one; a row of weight 0 is left out.
#' @param offset Column of a known part of the linear predictor, in quotes or not, which is found again in new rows; or
#'   write it into the formula, as in `cases ~ age + offset(log(years))`. It is on the scale of the net's output: of
#'   log means with `objective = "poisson"`, of log-odds for two classes.
#' @return A model of class `bineural_net`, for [predict()][predict.bineural_model], `print()`, `summary()`, `glance()`,
#'   `augment()`, `plot()` (see [plot_history()]), [evaluate_model()], [save_model()] and `saveRDS()`. A list with
#'   `history` (tibble: epoch, loss, validation_loss, penalty), `seed`, `interrupted` and more. Ctrl-C or the stop
#'   button ends training with the current chunk of epochs: the model then has what was reached (of an ensemble the
#'   members that had begun), `interrupted` is `TRUE`, and a warning of class `bineural_InterruptedWarning` says so.
#' @section Texts:
#' The words of texts, in any alphabet, are numbered by a vocabulary of the training rows (`n_words`, `lowercase`):
#' words in two texts or more; all others are one unknown word, and so is a text without any. In Chinese, Japanese and
#' other scripts without spaces each character is a word, and so is an emoji. With other terms in the formula, these
#' columns are standardised, and the last layer reads them beside what the architecture makes of the words, directly
#' and through 16 hidden units. [nearest_words()] shows what was learnt of words.
#' @section Boxes of objects:
#' Where x is an array of images, the outcome may be a data frame of boxes (see [box_iou()]; `image` counts the images
#' from 1, an image without objects has no row). Where each image has one object, the net learns its four edges by
#' squared error, and its label (`objective = "location"`); otherwise a grid is laid over the image, and the cell that
#' holds the centre of an object says where its edges are (`"boxes"`). `architecture` is by default `"locator"` or
#' `"single_shot"`. See [predict()][predict.bineural_detector]; [evaluate_model()] takes the true boxes as `y`, and
#' [compare_models()] as `outcome`, with the mean box and a ridge on pixels beside the net.
#' @section Rows in batches:
#' A function that is given as `data` is called without arguments at the start of every pass over the rows. It returns
#' a list of data frames, or a function that gives the next data frame at each call and `NULL` at the end. All batches
#' hold the outcome. They are read once to learn levels, means and SDs, and once more in each epoch; nothing that is
#' kept grows with the rows. Rows are shuffled within a buffer of at most 65,536 rows, row groups of Parquet among each
#' other too where there are several buffers. At most a buffer of rows, drawn without strata, is watched; mean and SD of
#' a numeric outcome are then those of all rows. The net depends on the rows, their order and the seed, not on how they
#' were cut into batches; with `validation = 0` and one buffer it is the net of the same rows in memory with
#' `numbers = "plain"`. A term that
#' must see all rows at once (`poly()`, quantiles as knots), `missing = "impute"`, `callbacks` and `checkpoint` are
#' refused; members of an ensemble are trained one after the other. Where a category is multiplied in the formula one
#' more pass finds constant columns.
#' @section Objectives:
#' What is learnt (`objective`), beside what the outcome asks for:
#'
#' * `"poisson"` (counts) and `"gamma"` (positive numbers) predict the mean by its logarithm and start from the mean
#'   rate, all outcomes over all exposures exp(offset).
#' * `"huber"` predicts a centre; `delta` (1.345) says from where on errors count by their size alone.
#' * `"quantile"` predicts the levels `quantiles` (0.1, 0.5, 0.9), a column for each, which never cross.
#' * `"ordinal"` takes an ordered factor, or whole numbers, as classes; without hidden units it is the
#'   proportional-odds model.
#' * `"multilabel"` takes several columns of 0 and 1 as outcome, `cbind(a, b) ~ x` or a data frame or matrix y, and
#'   predicts the probability of each.
#'
#' [compare_models()] puts the linear model of the same kind beside such a net, and measures both by what fits.
#' @section Compiled Keras models:
#' Of a compiled Keras model loss, `loss_weights` and optimizer are taken; an `optimizer` or `learning_rate` that is
#' given wins, with a warning of class `bineural_UnusedWarning`. The loss gets the outcome as in Keras: one column; for
#' several outputs a column for each class, or class numbers where its name begins with "sparse_". It must fit the last
#' layer (`from_logits`) and give one number for each row. A numeric outcome is standardised for squared and absolute
#' error, and comes as it is for other losses and for a model that keeps its weights. Metrics are kept in Keras' own
#' loop only; `run_eagerly`, `jit_compile` and `steps_per_execution` are not used.
#' @section Conditions:
#' An error of class `bineural_InputError` says which of formula, columns, outcome or options cannot be used.
#' @param ... Options of the architecture's own by name, see [list_architectures()], and of the objective's.
#' @name fit_net
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' net <- fit_net(Kyphosis ~ Age + Start, kyphosis, event = "present", epochs = 20, seed = 2019)
#' net
#' predict(net, head(kyphosis), type = "prob")
NULL

# `frame` is that of fit_net(), in R/nets-options.R.
fit_net_with <- function(formula, data, frame, ...) {
  problem <- if (comes_in_batches(formula, data)) {
    batch_problem(formula, data, frame)
  } else {
    as_py_problem(formula, data, frame)
  }
  if (!is_box_frame(data) && !resumes(frame$checkpoint)) frame$seed <- settle_seed(frame$seed)
  model <- rlang::inject(fit_core(
    "fit_net", problem, formula,
    event = as_py_level(frame$event, "event", frame),
    classes = as_py_levels(frame$classes, "classes", frame),
    weights = as_py_row_values("weights", problem$rows, "weights", frame),
    offset = as_py_row_values("offset", problem$rows, "offset", frame),
    !!!net_options(frame, given_only = is_box_frame(data)), # a net of boxes has defaults of its own
    !!!architecture_options(..., call = frame),
    call = frame
  ))
  model <- with_call(model, frame, data)
  model$terms <- terms_of(model$formula, data, frame)
  model
}

# Whether a training goes on from a file, whose seed it then takes.
resumes <- function(checkpoint) rlang::is_string(checkpoint) && file.exists(checkpoint)

#' Make a net that is not fitted yet
#'
#' For [fit_nets()], [tune_net()] and [compare_models()].
#'
#' @inheritParams fit_net
#' @param formula Formula `outcome ~ terms` (or its text); `NULL` takes all columns.
#' @return An object of class `bineural_net_value`, for [fit_nets()], [tune_net()] and [compare_models()].
#' @section Conditions:
#' An error of class `bineural_InputError` if there is no such option. Values are checked when the net is fitted.
#' @name make_net
#' @examplesIf bineural_available()
#' net <- make_net(Kyphosis ~ Age + Start, event = "present", units = 4, epochs = 20)
#' net
#' fits <- fit_nets(net, load_dataset("kyphosis"), settings = data.frame(l2 = c(0.1, 0.01)), seeds = 1)
NULL

# `frame` is that of make_net(), in R/nets-options.R.
make_net_with <- function(formula, frame, ...) {
  object <- rlang::inject(call_core(
    "make_net", if (!is.null(formula)) as_py_formula(formula, "formula", frame),
    event = as_py_level(frame$event, "event", frame),
    classes = as_py_levels(frame$classes, "classes", frame),
    !!!net_options(frame, given_only = TRUE),
    !!!architecture_options(..., call = frame),
    .call = frame
  ))
  formula <- if (inherits(formula, "formula")) formula
  parts <- list(formula = formula, call = fitting_call(frame))
  structure(c(parts, standing_for(object)), class = "bineural_net_value")
}

#' @export
print.bineural_net_value <- function(x, ...) {
  check_dots(...)
  writeLines(printed(live_object(x, "The net")))
  invisible(x)
}

# The options of a net, by name, that stand in the frame of a function, as Python takes them.
net_options <- function(frame, given_only = FALSE) {
  converters <- option_converters()
  if (given_only) {
    defaults <- lapply(formals(make_net)[names(converters)], eval)
    differs <- function(name) !identical(frame[[name]], defaults[[name]])
    converters <- Filter(Negate(is.null), sapply(names(converters), function(n) if (differs(n)) converters[[n]]))
  }
  Map(function(convert, name) convert(frame[[name]], name, frame), converters, names(converters))
}

# Options that came in the dots: those of nets as Python takes them, others (an architecture's own) by their type.
architecture_options <- function(..., call) {
  given <- list(...)
  if (length(given) && !rlang::is_named(given)) {
    abort_input(
      "Options must be named.", paste0("Found ", sum(rlang::names2(given) == ""), " without a name."),
      "Write e.g. `epochs = 20`.",
      call = call
    )
  }
  converters <- option_converters()
  convert <- function(value, name) {
    own <- converters[[name]]
    if (is.null(own)) as_py_option(value, name, call) else own(value, name, call)
  }
  Map(convert, given, names(given))
}

# Keras' own objects, one or a list of them; the core refuses the rest.
as_it_is <- function(x, arg, call) as_py_option(x, arg, call)

as_py_text_or_flag <- function(x, arg, call) {
  if (rlang::is_bool(x)) as_py_flag(x, arg, call) else as_py_text(x, arg, call)
}

as_py_verbose <- function(x, arg, call) as_py_count(if (rlang::is_bool(x)) as.integer(x) else x, arg, call)

#' @export
glance.bineural_net <- function(x, ...) {
  check_dots(...)
  found <- from_python(call_core(python_model(x)$glance))
  found[vapply(found, is.null, NA)] <- NA
  names(found)[names(found) == "n_rows"] <- "nobs"
  tibble::as_tibble(found)
}

#' Fitted values and residuals of a net
#'
#' @param object A net from [fit_net()]; one from a file, or of rows in batches, has no training rows.
#' @param type `"response"`: the outcome less the fitted value.
#' @param ... Must be empty.
#' @return A number for each row, in the outcome's units; of two classes the probability of the event, and what 1 (the
#'   event) or 0 is less it; of several classes a matrix with a column for each. They flatter a net, which has seen
#'   these rows: see [compare_models()].
#' @section Conditions:
#' `bineural_InputError` if the net has no training rows.
#' @name net-residuals
#' @examplesIf bineural_available()
#' net <- fit_net(mpg ~ wt, mtcars, epochs = 20, seed = 1)
#' head(residuals(net))
NULL

#' @rdname net-residuals
#' @export
residuals.bineural_net <- function(object, type = "response", ...) {
  check_dots(...)
  if (!identical(type, "response")) {
    abort_value(type, "\"response\" for a net", "Leave it out.", "type", rlang::current_env())
  }
  of_classes(from_python(call_core(python_model(object)$residuals)), object)
}

#' @rdname net-residuals
#' @export
fitted.bineural_net <- function(object, ...) {
  check_dots(...)
  of_classes(from_python(call_core(python_model(object)$fitted_values)), object)
}

of_classes <- function(values, model) {
  if (!is.matrix(values)) return(values)
  colnames(values) <- c(as.character(model$classes), model$columns)
  if (length(model$levels)) values[, model$levels, drop = FALSE] else values
}
