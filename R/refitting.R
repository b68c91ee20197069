# The call and the rows of a fit, as R's generics need them: update(), step(), model.frame(), augment() without rows.
#
# A model keeps its call and no rows. They are found again where the call finds its `data`, as update() and
# model.frame() of an lm() do, and a fingerprint says whether they are still those of the fit.

# The call of a fitting verb, without `data` that were written out in it, which would be rows.
fitting_call <- function(frame) {
  call <- tryCatch(
    rlang::call_match(rlang::frame_call(frame), rlang::frame_fn(frame), dots_env = frame),
    error = function(e) NULL
  )
  if (is.null(call) || !is.name(call[[1]]) && !is.call(call[[1]])) return(NULL)
  if (!is.null(call$data) && !is.language(call$data)) return(NULL)
  if (!is.null(call$formula) && is.object(call$formula) && !inherits(call$formula, "formula")) return(NULL)
  call
}

# A model with its call, and a fingerprint of its rows.
with_call <- function(model, frame, data) {
  model["call"] <- list(fitting_call(frame))
  model$fingerprint <- if (is.data.frame(data)) rlang::hash(data)
  model
}

# The rows that a model was fitted to, with `subset` applied.
training_data <- function(model, what, call = rlang::caller_env()) {
  own <- model$call
  if (is.null(own$data)) no_training_data(what, "The model keeps no call that names its rows", call)
  places <- c(environment(model$formula), call_place(call), globalenv())
  data <- NULL
  for (place in Filter(is.environment, places)) {
    found <- tryCatch(eval(own$data, place), error = function(e) NULL)
    if (!is.data.frame(found)) next
    data <- found
    if (identical(rlang::hash(found), model$fingerprint)) break
  }
  if (is.null(data)) no_training_data(what, paste0("`", shortened(deparse(own$data)), "` isn't found"), call)
  if (!identical(rlang::hash(data), model$fingerprint)) {
    no_training_data(what, paste0("`", shortened(deparse(own$data)), "` has changed since the fit"), call)
  }
  if (is.null(model$subset)) data else data[model$subset, , drop = FALSE]
}

# Where a method was called.
call_place <- function(frame) if (is.environment(frame)) rlang::caller_env(n = 2) else globalenv()

no_training_data <- function(what, found, call) {
  abort_input(
    paste0(what, " must find the rows of the fit, which no model keeps."), paste0(found, "."),
    "Give the rows as `new_data`, or fit again with `data` in a variable of its own.",
    call = call
  )
}

#' Fit a model again with something changed
#'
#' As [stats::update()] of a [stats::glm()]: the call of the fit is changed and made again where `update()` is called.
#' [stats::step()], [stats::add1()] and the like work by it.
#'
#' @param object A model from [fit_glm()] or [fit_net()], or a net from [make_net()].
#' @param formula. Changes of the formula, e.g. `. ~ . - Age`.
#' @param ... Other arguments of the fit, by name; `NULL` takes one away.
#' @param evaluate Whether to fit; `FALSE` returns the call.
#' @return The new model, or its call.
#' @section Conditions:
#' `bineural_InputError` if the model keeps no call, as one from a file or one whose rows were written out in its call.
#' @importFrom stats update
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Age + Start, kyphosis, event = "present")
#' update(glm, . ~ . + Number)
update.bineural_model <- function(object, formula., ..., evaluate = TRUE) { # nolint: object_name_linter.
  call <- changed_call(object, if (!missing(formula.)) formula., rlang::enexprs(...), rlang::current_env())
  if (evaluate) eval(call, parent.frame()) else call
}

#' @rdname update.bineural_model
#' @export
update.bineural_net_value <- function(object, formula., ..., evaluate = TRUE) { # nolint: object_name_linter.
  call <- changed_call(object, if (!missing(formula.)) formula., rlang::enexprs(...), rlang::current_env())
  if (evaluate) eval(call, parent.frame()) else call
}

changed_call <- function(object, changes, others, frame) {
  call <- object$call
  if (is.null(call)) {
    abort_input(
      "A model must keep its call to be fitted again by `update()`.",
      "It comes from a file, or its rows were written out in the call.",
      paste0("Fit it again: `fit_glm(formula(model), data, ", paste(c(names(others), "weights")[1], "= ...)`.")),
      call = frame
    )
  }
  if (!is.null(changes)) {
    if (!inherits(object$formula, "formula")) {
      abort_input(
        "A model must have a formula for it to be changed.", "It was fitted to predictors x and an outcome y.",
        "Fit with a formula.",
        call = frame
      )
    }
    call$formula <- stats::update(object$formula, changes)
  }
  if (length(others) && !rlang::is_named(others)) {
    abort_input("Arguments must be named.", "One is not.", "Write e.g. `update(model, weights = w)`.", call = frame)
  }
  for (name in names(others)) call[[name]] <- others[[name]]
  call
}

# `subset` and `na.action` of a fit, which R's users give beside its own arguments; anything else is refused.
r_arguments <- function(data, frame, ...) {
  given <- rlang::enquos(...)
  others <- setdiff(rlang::names2(given), c("subset", "na.action"))
  if (length(others)) check_dots(..., .call = frame)
  list(subset = row_subset(given$subset, data, frame), missing = missing_rule(given$na.action, frame))
}

row_subset <- function(quosure, data, frame) {
  if (is.null(quosure) || rlang::quo_is_null(quosure)) return(NULL)
  if (!is.data.frame(data)) {
    abort_input(
      "`subset` must choose rows of a data frame.", paste0("`data` is ", describe(data), "."),
      "Choose the rows before the fit.",
      call = frame
    )
  }
  kept <- rlang::eval_tidy(quosure, data)
  if (!is.logical(kept) && !is.numeric(kept) || is.logical(kept) && length(kept) != nrow(data)) {
    abort_input(
      "`subset` must be a condition for each row, or row numbers.", paste0("Found ", describe(kept), "."),
      "Write e.g. `subset = age > 40`.",
      call = frame
    )
  }
  if (is.logical(kept)) which(kept) else seq_len(nrow(data))[kept]
}

missing_rule <- function(quosure, frame) {
  if (is.null(quosure)) return(NULL)
  action <- rlang::eval_tidy(quosure)
  known <- list(na.fail = stats::na.fail, na.omit = stats::na.omit, na.exclude = stats::na.exclude)
  if (is.function(action)) action <- names(known)[vapply(known, identical, NA, action)]
  if (is.character(action) && length(action) == 1 && action %in% names(known)) return(action)
  abort_input(
    "`na.action` must be one of na.fail, na.omit, na.exclude.", paste0("Found ", describe(action), "."),
    "Or use `missing`, which also imputes.",
    call = frame
  )
}

# The rows left out for missing values, as residuals() and fitted() put them back after na.exclude.
left_out_rows <- function(formula, data, action) {
  if (!identical(action, "na.exclude")) return(NULL)
  named <- intersect(all.vars(stats::terms(formula, data = data)), names(data))
  gone <- which(!stats::complete.cases(data[named]))
  if (length(gone)) structure(gone, names = row.names(data)[gone], class = "exclude")
}
