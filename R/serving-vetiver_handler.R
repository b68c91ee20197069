# vetiver's methods, registered where vetiver is there (S3method(vetiver::...) in NAMESPACE): a model is described,
# pinned as it is (saveRDS() keeps all of it) and served by plumber.
# nolint start: object_name_linter, object_length_linter. vetiver's generics are not here.

#' Models in vetiver
#'
#' `vetiver::vetiver_model(model, "name")` takes what [fit_glm()] and [fit_net()] returned. Its service answers with
#' what [predict()] gives: probabilities of each class, or numbers.
#'
#' @param model What [fit_glm()] or [fit_net()] returned.
#' @param metadata,vetiver_model,check_prototype See the functions of vetiver.
#' @param prototype_data A few rows of the model's columns.
#' @param type What is predicted, as in [predict()][predict.bineural_model]; probabilities, or numbers, by default.
#' @param ... Must be empty.
#' @return What vetiver expects of each.
#' @name vetiver_methods
#' @keywords internal
NULL

#' @rdname vetiver_methods
#' @exportS3Method vetiver::vetiver_create_description
vetiver_create_description.bineural_model <- function(model) {
  what <- paste("A bineural", if (inherits(model, "bineural_glm")) "GLM" else "net")
  if (is.null(model$formula)) what else paste(what, "of", deparse1(stats::formula(model$formula)))
}

#' @rdname vetiver_methods
#' @exportS3Method vetiver::vetiver_create_meta
vetiver_create_meta.bineural_model <- function(model, metadata) {
  vetiver_function("vetiver_meta")(metadata, required_pkgs = "bineural")
}

#' @rdname vetiver_methods
#' @exportS3Method vetiver::vetiver_ptype
vetiver_ptype.bineural_model <- function(model, ..., prototype_data = NULL) {
  check_dots(...)
  if (is.null(prototype_data)) {
    abort_input(
      "`prototype_data` must be given: a few rows of the model's columns.", "Found none.",
      "Write `vetiver_model(model, \"name\", prototype_data = head(rows))`."
    )
  }
  tibble::as_tibble(prototype_data)[0, ]
}

#' @rdname vetiver_methods
#' @exportS3Method vetiver::vetiver_prepare_model
vetiver_prepare_model.bineural_model <- function(model) model

#' @rdname vetiver_methods
#' @exportS3Method vetiver::handler_startup
handler_startup.bineural_model <- function(vetiver_model) {
  vetiver_function("attach_pkgs")(vetiver_model$metadata$required_pkgs)
}

#' @rdname vetiver_methods
#' @exportS3Method vetiver::handler_predict
handler_predict.bineural_model <- function(vetiver_model, ..., type = NULL, check_prototype = TRUE) {
  check_dots(...)
  model <- vetiver_model$model
  if (is.null(type) && !is.null(model$levels)) type <- "prob"
  function(req) {
    rows <- req$body
    if (check_prototype && !is.null(vetiver_model$prototype)) {
      rows <- vetiver_function("vetiver_type_convert")(rows, vetiver_model$prototype)
    }
    stats::predict(model, rows, type = type)
  }
}

vetiver_function <- function(name) utils::getFromNamespace(name, "vetiver")
# nolint end
