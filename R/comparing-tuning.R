#' Tune a neural net: try settings on folds, choose one, and fit it to all rows
#'
#' The nets of all settings and folds are trained together. The result may stand in [compare_models()], where the whole
#' search is made anew within each training fold.
#'
#' @inheritParams fit_net
#' @param net What is tuned: a net that is not fitted ([make_net()]), the options of one that is, or a formula as in
#'   [fit_net()], or predictors x; or a recipe of the recipes package, which is prepared with the training rows of each
#'   fold (it must make the same columns in all of them).
#' @param data Data frame; or the outcome y beside x; or both, `list(x, y)`, for a net that names no outcome.
#' @param grid What to try. A named list of options of the net and their values, such as
#'   `list(l2 = c(0.01, 0.1), units = list(4, c(16, 8)))`: every combination (`NA` or `NULL` in a list is `NULL`). A
#'   range instead of values, `list(low = 0.001, high = 0.1, log = TRUE)`, is drawn from at random, evenly or (`log`)
#'   evenly in the logarithm; whole numbers for batch_size, epochs, ensemble and patience. A data frame or a list of
#'   named lists as in [fit_nets()]: these settings. `NULL` or `"default"`: 24 settings of `l2` (prior precisions 0.1,
#'   1 and 10), `units` (4 and `c(64, 32)`; with 1,000 rows to train on `c(64, 32)` and `c(256, 128)`), `numbers`
#'   (`"plain"` and `"piecewise"`) and `learning_rate` (0.003 and 0.01), those that are given below left as they are;
#'   for a model of your own 4 learning rates. That they beat the default net is not shown: put both into
#'   [compare_models()].
#' @param n_settings Settings to draw at random, by the seed, from the ranges (`NULL`: 20) or from all combinations
#'   (`NULL`: all of them).
#' @param folds,repeats,strata,groups,time The folds; see [compare_models()].
#' @param measure What is measured on the held-out rows: a name as in [compare_models()], by default `"auroc"` (two
#'   classes), `"log_loss"` (several), `"rmse"` (numbers), `"map"` (boxes) or that of the net's objective; or a function
#'   `function(y_true, prediction)`, larger being better, or `list(function, "smaller")`.
#' @param rule `"one_se"` chooses the simplest setting whose mean is within one standard error of the best; `"best"` the
#'   best. Simpler is: a stronger penalty (`l2`, then `l1`), fewer hidden units, more dropout, fewer epochs, in this
#'   order; of equally simple ones the better.
#' @param halving `FALSE`, `TRUE` (3) or a whole number. Successive halving: all settings are trained for a few epochs,
#'   the best of every `halving` go on to so many times the epochs, and so on, until at most so many are left, which are
#'   trained for all their epochs. Each round trains from the start, so the numbers of the last round are those of a
#'   search without halving. Only settings of the last round can be chosen. Each round compiles anew: it pays where
#'   training is long.
#' @param refit Fit the chosen setting to all rows, with `seed`.
#' @param seed Folds, draws and fits follow from it; `NULL` draws one from R's random numbers, and keeps it. The nets of
#'   a fold start from the same seed in all settings.
#' @param memory Bytes that nets trained at the same time in one process may take.
#' @param n_jobs Processes that the nets are dealt out to, in chunks, as in [fit_nets()]; `NULL` trains all in this one.
#' @param ... Options of the net where settings do not say otherwise, as in [fit_net()]; beside a net they replace its
#'   own. `checkpoint` must be `NULL`.
#' @return An object of class `bineural_tuned`, which prints the best settings and the chosen one; a list with
#'   * `table`, also by `as_tibble()` and `tidy()`: a row for each setting with `setting`, a column for each option,
#'     `mean` of the measure over folds, its `se`, `n` folds in which it is defined, `round` (the last in which it was
#'     trained; the numbers are of that round), `best` and `chosen`;
#'   * `best`, `chosen`: the setting with the best mean and the one that the rule chose, as named lists;
#'   * `model`: the net of the chosen setting, fitted to all rows; `NULL` with `refit = FALSE`;
#'   * `scores`: a row for each net: `setting`, `round`, `repeat`, `fold`, `seed` and the measure;
#'   * `measure`, `rule`, `folds`, `seed`.
#'
#'   `autoplot()` and `plot()` draw the measure of each setting with its standard error.
#' @details
#' RMSE is the root of the mean squared error over folds, as in [compare_models()].
#' The standard error is that of the mean over folds, corrected for the training rows that folds share (Nadeau and
#' Bengio); with a single split there is none, and the best setting is chosen. The mean of what was chosen for its mean
#' is too good: compare by [compare_models()], which does not show the search any row that it tests on.
#' @section Conditions:
#' `bineural_InputError` if grid, folds, measure or options cannot be used; it says which.
#' @references
#' Breiman, Friedman, Olshen and Stone (1984). *Classification and Regression Trees*, section 3.4.3.
#'
#' Jamieson and Talwalkar (2016). AISTATS, 240-248.
#'
#' Nadeau and Bengio (2003). *Machine Learning* 52, 239-281.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' grid <- list(l2 = c(0.02, 0.2), units = list(4, 8))
#' tuned <- tune_net(Kyphosis ~ ., kyphosis, grid, event = "present", epochs = 10, seed = 2019)
#' tuned
#' predict(tuned$model, head(kyphosis), type = "prob")
tune_net <- function(net,
                     data,
                     grid = NULL,
                     n_settings = NULL,
                     folds = 5,
                     repeats = 1,
                     strata = NULL,
                     groups = NULL,
                     time = NULL,
                     measure = NULL,
                     rule = "one_se",
                     halving = FALSE,
                     refit = TRUE,
                     event = NULL,
                     classes = NULL,
                     weights = NULL,
                     seed = NULL,
                     memory = 1e9,
                     n_jobs = NULL,
                     ...) {
  call <- rlang::current_env()
  seed <- settle_seed(seed)
  if (inherits(net, "recipe")) {
    given <- as.list(call)[setdiff(names(formals(tune_net)), c("net", "data", "refit", "seed", "..."))]
    named <- lapply(stats::setNames(nm = c("strata", "groups", "time", "weights")), row_values, data, call)
    given[names(named)] <- named
    return(tune_recipe(net, data, given, refit, seed, list(...), call))
  }
  refuse_recipe_net(net, call)
  problem <- as_py_net_problem(net, data, call)
  rows <- problem$rows
  object <- rlang::inject(call_fit(
    "tune_net", problem, problem$written,
    grid = as_py_grid(grid, call),
    n_settings = as_py_count(n_settings),
    folds = if (is_count(folds)) as_py_count(folds) else as_py_training_sets(folds, rows, call),
    repeats = as_py_count(repeats),
    strata = as_py_row_values(strata, rows, flags = TRUE),
    groups = as_py_row_values(groups, rows),
    time = as_py_row_values(time, rows),
    measure = if (is.character(measure)) as_py_text(measure) else as_py_measure(measure),
    rule = as_py_text(rule),
    halving = if (rlang::is_bool(halving)) as_py_flag(halving) else as_py_count(halving),
    refit = as_py_flag(refit),
    event = as_py_level(event),
    classes = as_py_levels(classes),
    weights = as_py_row_values(weights, rows),
    seed = as_py_count(seed),
    memory = as_py_number(memory),
    n_jobs = as_py_count(n_jobs),
    !!!architecture_options(..., call = call),
    call = call
  ))
  tuned <- new_tuned(object, rows, problem$written)
  tuned["call"] <- list(fitting_call(call))
  tuned
}

# A fitted net knows its recipe as it was prepared with all rows.
refuse_recipe_net <- function(net, call) {
  if (!inherits(net, "bineural_model") || is.null(net$recipe)) return(invisible())
  abort_input(
    "A net of a recipe must be tuned by the recipe, which is then prepared with the training rows of each fold.",
    "Found a net that was fitted to one.",
    "Write e.g. `tune_net(recipe, data, event = \"yes\")`, with options of the net.",
    call = call
  )
}

# A recipe is prepared with the training rows of each fold, and the chosen setting is fitted to it with all rows.
tune_recipe <- function(recipe, data, given, refit, seed, options, call) {
  check_frame_for_recipe(data, call)
  outcome <- recipe$var_info$variable[recipe$var_info$role %in% "outcome"]
  strata <- given$strata
  if (is.null(strata) && is.null(given$time) && length(outcome) == 1 && !is.numeric(data[[outcome]])) strata <- outcome
  folds <- if (is_count(given$folds)) {
    make_folds(
      data,
      folds = given$folds, repeats = given$repeats, strata = if (!isFALSE(strata)) strata, groups = given$groups,
      time = given$time, seed = seed
    )
  } else {
    make_folds(data, folds = given$folds)
  }
  sets <- lapply(seq_along(folds), function(i) list(train = folds[[i]]$train_ids, test = folds[[i]]$test_ids))
  if (!is.null(given$weights)) {
    abort_input(
      "Weights of a recipe can't be used in `tune_net()`.", "`weights` is given.", "Leave them out.",
      call = call
    )
  }
  laid <- rows_of_folds(recipe, data, sets, call)
  given[c("folds", "repeats", "strata", "groups", "time", "weights")] <- NULL
  formula <- stats::as.formula(call("~", as.name(outcome), quote(.)), globalenv())
  tuned <- suppress_repeats(do.call(
    tune_net, c(list(formula, laid$data, folds = laid$folds, refit = FALSE, seed = seed), given, options)
  ))
  tuned["recipe"] <- list(list(unprepared = without_rows(recipe), outcome = outcome))
  tuned$text[1] <- sub(" on .*$", paste0(" on ", number_of(nrow(data), "row"), ", by a recipe"), tuned$text[1])
  tuned$text <- sub(", [0-9,]+ of [0-9,]+ rows never tested", "", tuned$text)
  tuned$event <- given$event
  tuned["call"] <- list(fitting_call(call))
  tuned$folds <- folds
  if (refit) {
    chosen <- c(tuned$chosen, options[setdiff(names(options), names(tuned$chosen))])
    tuned$model <- do.call(
      fit_net, c(list(recipe, data, event = given$event, classes = given$classes, seed = seed), chosen)
    )
    tuned$model$call <- NULL
  }
  tuned
}

# Rows come again in every fold, which is meant.
suppress_repeats <- function(code) {
  withCallingHandlers(code, bineural_LeakWarning = function(w) invokeRestart("muffleWarning"))
}

check_frame_for_recipe <- function(data, call) {
  if (is.data.frame(data)) return(invisible())
  abort_input(
    "A recipe must be prepared with a data frame.", paste0("`data` is ", describe(data), "."), "Give a data frame.",
    call = call
  )
}

#' Predict with a tuned net
#'
#' The net of the chosen setting, `tuned$model`, is asked.
#'
#' @param object,x What [tune_net()] returned.
#' @param new_data,type As for [predict()][predict.bineural_model] and [augment()][augment.bineural_model] of a net.
#' @param ... Must be empty.
#' @return As of a fitted net.
#' @section Conditions:
#' `bineural_InputError` if the search was made with `refit = FALSE`.
#' @export
predict.bineural_tuned <- function(object, new_data, type = NULL, ...) {
  check_dots(...)
  net <- chosen_net(object)
  if (missing(new_data)) stats::predict(net, type = type) else stats::predict(net, new_data, type = type)
}

#' @rdname predict.bineural_tuned
#' @export
augment.bineural_tuned <- function(x, new_data, ...) {
  check_dots(...)
  net <- chosen_net(x)
  if (missing(new_data)) augment(net) else augment(net, new_data)
}

chosen_net <- function(tuned, call = rlang::caller_env()) {
  if (!is.null(tuned$model)) return(tuned$model)
  abort_input(
    "A tuned net must have been fitted to all rows to predict.", "It was tuned with `refit = FALSE`.",
    "Tune with `refit = TRUE`, which fits the chosen setting.",
    call = call
  )
}

new_tuned <- function(object, data, formula) {
  model <- if (!is.null(from_python(object$model))) new_model(object$model, formula)
  fields <- list(
    table = from_python(object$table), best = from_python(object$best), chosen = from_python(object$chosen),
    model = model, scores = from_python(object$scores), measure = from_python(object$measure),
    rule = from_python(object$rule), folds = as_r_folds(object$folds, data), seed = from_python(object$seed),
    formula = formula, text = printed(object), figure = figure_parts(call_core(object$plot_data))
  )
  structure(c(fields, standing_for(object)), class = "bineural_tuned")
}

figure_parts <- function(data) c(list(table = from_python(data)), from_python(data$attrs))

#' @export
print.bineural_tuned <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
summary.bineural_tuned <- function(object, ...) {
  check_dots(...)
  structure(list(text = object$text), class = "bineural_summary")
}

#' @export
as_tibble.bineural_tuned <- function(x, ...) {
  check_dots(...)
  x$table
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_tuned <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(x$table, row.names, stringsAsFactors)
}
# nolint end

#' @export
tidy.bineural_tuned <- function(x, ...) {
  check_dots(...)
  x$table
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_tuned <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  need_ggplot2()
  parts <- object$figure
  table <- parts$table
  curve <- !is.null(parts$option)
  with_limit <- is.finite(parts$limit)
  table$place <- if (curve) table$value else factor(table$label, levels = rev(table$label))
  title <- paste0(parts$measure, ", over folds, and one SE")
  left_out <- if (parts$left_out > 0) paste(parts$left_out, "more settings not drawn")
  figure <- ggplot2::ggplot(
    table,
    ggplot2::aes(
      .data$place, .data$mean,
      ymin = .data$low, ymax = .data$high, colour = .data$chosen, shape = .data$chosen
    )
  ) +
    (if (curve) ggplot2::geom_line(ggplot2::aes(group = 1), colour = "grey60")) +
    (if (with_limit) ggplot2::geom_hline(yintercept = parts$limit, colour = "grey40", linetype = "dashed")) +
    ggplot2::geom_linerange() +
    ggplot2::geom_point(ggplot2::aes(size = .data$chosen)) +
    ggplot2::scale_colour_manual(values = c(`FALSE` = plot_colours[1], `TRUE` = plot_colours[2])) +
    ggplot2::scale_shape_manual(values = c(`FALSE` = 16, `TRUE` = 18)) +
    ggplot2::scale_size_manual(values = c(`FALSE` = 1.8, `TRUE` = 4)) +
    ggplot2::guides(colour = "none", shape = "none", size = "none") +
    ggplot2::labs(
      x = if (curve) parts$option, y = title,
      caption = paste(c("Diamond: chosen", if (with_limit) "dashed: one SE from the best", left_out),
        collapse = "; "
      )
    ) +
    plain_theme()
  if (!curve) return(figure + ggplot2::coord_flip())
  if (isTRUE(parts$log)) figure + ggplot2::scale_x_log10() else figure
}

#' @export
plot.bineural_tuned <- function(x, ...) draw(autoplot.bineural_tuned(x, ...))

# ---- to Python ------------------------------------------------------------------------------------------------------

# A named list is a dict of options and values or ranges; a data frame or a list of lists is a list of settings.
as_py_grid <- function(grid, call) {
  if (is.null(grid) || is_python(grid) || identical(grid, "default")) return(grid)
  named <- is.list(grid) && !is.data.frame(grid) && rlang::is_named(grid)
  if (!named) {
    if (is.list(grid) && (is.data.frame(grid) || all(vapply(grid, is.list, NA)))) return(as_py_settings(grid, call))
    abort_input(
      "`grid` must be a named list of options and their values, or a data frame or list of settings.",
      paste0("It is ", describe(grid), "."), "Write e.g. `grid = list(l2 = c(0.01, 0.1), units = list(4, c(16, 8)))`.",
      call = call
    )
  }
  py_dict(Map(function(values, name) as_py_values(values, name, call), grid, names(grid)))
}

as_py_values <- function(values, name, call) {
  if (is_python(values) || is.function(values)) return(as_py_option(values, name, call))
  if (is.list(values) && rlang::is_named(values)) return(as_py_dict(values, name, call))
  if (is.factor(values)) values <- as.character(values)
  is_none <- function(value) is.atomic(value) && length(value) == 1 && is.na(value)
  one <- function(value) if (is_none(value)) NULL else as_py_option(value, name, call)
  py_list(lapply(unname(as.list(values)), one))
}

as_py_measure <- function(measure) {
  if (is.list(measure) && length(measure) == 2 && is.function(measure[[1]])) {
    return(py_list(list(as_py_measuring(measure[[1]]), measure[[2]])))
  }
  if (is.function(measure)) as_py_measuring(measure) else as_py_option(measure)
}
