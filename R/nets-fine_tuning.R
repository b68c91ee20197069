#' Tune a net that has learnt to a new outcome: a new last layer, behind features that it has
#'
#' @inheritParams fit_net
#' @param net A fitted net of images or other arrays (of an ensemble the first member); a Keras model with weights; or
#'   the name of a net of `keras.applications`, such as `"MobileNetV2"`.
#' @param x Rows of the shape that the net has learnt from, or a formula as in [fit_net()]. They are standardised as the
#'   net's own rows were. `NULL`: nothing is fitted, and what comes back stands in [compare_models()].
#' @param y Outcome, or the rows of a formula, as in [fit_net()].
#' @param freeze Layers that stay as they are, with the averages of their normalisations: `"features"`, those that make
#'   maps (all but the last where none does); a number, the first so many that have weights; or their names (see
#'   [describe_architecture()]). `0` freezes none.
#' @param unfreeze Epochs after which all layers are trained; or what is frozen from then on, epoch by epoch:
#'   `list("5" = 4, "10" = 0)`.
#' @param learning_rate `NULL`: that of the net, and a tenth of it from where `unfreeze` begins.
#' @param start Of a net of `keras.applications`: a file of weights without the last layers. `NULL` is `"imagenet"`,
#'   which Keras downloads once.
#' @param ... Options of training, as in [fit_net()]; those not given are the net's.
#' @return A fitted net, as of [fit_net()]; frozen weights and averages are those of `net` to the bit. Without `x` an
#'   object of class `bineural_net_value`, as of [make_net()].
#' @details
#' With `unfreeze` each stage starts from the best epoch of the one before, on the same rows; histories are joined.
#' What frozen layers make of the rows is computed once, before the first epoch, unless `augmentation` or dropout
#' changes it in each step or it would take more than 1 GiB.
#' @section Conditions:
#' `bineural_InputError` if the net has no features to keep, rows differ from those it has learnt from, or there are no
#' such layers or weights.
#' @export
#' @examplesIf bineural_available()
#' images <- array(rnorm(40 * 36), c(40, 6, 6, 1))
#' net <- fit_net(
#'   images, rep(0:1, 20),
#'   event = 1, epochs = 2, seed = 1, width = 0.2, architecture = "cnn"
#' )
#' fine_tune(net, images, rep(c("a", "b", "c", "d"), 10), epochs = 2, seed = 1)
fine_tune <- function(net,
                      x = NULL,
                      y = NULL,
                      freeze = "features",
                      unfreeze = NULL,
                      learning_rate = NULL,
                      start = NULL,
                      event = NULL,
                      classes = NULL,
                      weights = NULL,
                      ...) {
  call <- rlang::current_env()
  problem <- if (!is.null(x)) as_py_problem(x, y, call)
  arguments <- list(
    freeze = as_py_option(freeze),
    unfreeze = as_py_option(unfreeze),
    learning_rate = as_py_number(learning_rate),
    start = as_py_text(start),
    event = as_py_level(event),
    classes = as_py_levels(classes),
    weights = if (!is.null(problem)) as_py_row_values(weights, problem$rows)
  )
  source <- if (is.character(net)) as_py_text(net) else python_model(net, call = call)
  object <- rlang::inject(call_core(
    "fine_tune", source, problem$formula, problem$data, !!!arguments, !!!seeded(architecture_options(..., call = call)),
    .call = call
  ))
  if (!is.null(problem)) return(new_model(object, formula = if (inherits(x, "formula")) x))
  structure(c(list(formula = NULL), standing_for(object)), class = "bineural_net_value")
}
