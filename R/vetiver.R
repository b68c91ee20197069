# vetiver's methods, registered where vetiver is there (S3method(vetiver::...) in NAMESPACE): a model is described,
# pinned as it is (saveRDS() keeps all of it) and served by plumber.

#' Models in vetiver
#'
#' `vetiver::vetiver_model(model, "name")` takes what [fit_glm()] and [fit_net()] returned. Its service answers with
#' what [predict()] gives: probabilities of each class, or numbers.
#'
#' @param model What [fit_glm()] or [fit_net()] returned.
#' @param metadata,vetiver_model,... See the functions of vetiver.
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
vetiver_ptype.bineural_model <- function(model, ...) {
  given <- list(...)
  if (!"prototype_data" %in% names(given)) {
    abort_input(
      "`prototype_data` must be given: a few rows of the model's columns.", "Found none.",
      "Write `vetiver_model(model, \"name\", prototype_data = head(rows))`."
    )
  }
  tibble::as_tibble(given$prototype_data)[0, ]
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
handler_predict.bineural_model <- function(vetiver_model, ...) {
  function(req) {
    rows <- req$body
    if (!is.null(vetiver_model$prototype)) {
      rows <- vetiver_function("vetiver_type_convert")(rows, vetiver_model$prototype)
    }
    model <- vetiver_model$model
    if (is.null(model$levels)) stats::predict(model, rows) else stats::predict(model, rows, type = "prob")
  }
}

vetiver_function <- function(name) utils::getFromNamespace(name, "vetiver")
