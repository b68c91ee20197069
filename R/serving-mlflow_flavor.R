# The methods of R's MLflow, registered where it is there (S3method(mlflow::...) in NAMESPACE): a model is logged as its
# bundle, with the same flavours that Python writes, so that either language loads what the other logged.
# nolint start: object_name_linter, object_length_linter. MLflow's generics are not here.

#' Models in MLflow
#'
#' `mlflow::mlflow_log_model(model, "name")` logs what [fit_glm()], [fit_net()] and the other verbs returned, and
#' `mlflow::mlflow_load_model()` gives it back; Python loads it as a `pyfunc` or as itself
#' (`bineural.serving.mlflow_flavor`), and R what Python logged. Nothing in the bundle is run.
#'
#' @param model What [fit_glm()], [fit_net()] or another verb returned.
#' @param path A folder; what it holds is replaced.
#' @param model_spec,flavor,model_path See the functions of MLflow.
#' @param data A data frame.
#' @param ... Must be empty.
#' @return `mlflow_save_model()`: the model's specification, a list. `mlflow_load_flavor()`: the model.
#'   `mlflow_predict()`: a tibble of `.pred_<class>` for each class and `.pred_class`, or of `.pred`.
#' @section Conditions:
#' `bineural_InputError` if the core's Python has no MLflow; `bineural_SavingError` as [save_model()].
#' @name mlflow_methods
#' @keywords internal
NULL

#' @rdname mlflow_methods
#' @exportS3Method mlflow::mlflow_save_model
mlflow_save_model.bineural_model <- function(model, path, model_spec = list(), ...) {
  check_dots(...)
  unlink(path, recursive = TRUE)
  given <- lapply(model_spec[setdiff(names(model_spec), c("flavors", "signature"))], as.character)
  signature <- model_spec$signature
  if (!is.null(signature)) given$signature <- py_dict(lapply(signature, as.character))
  said <- call_core("serving.mlflow_flavor.save_from_r", python_model(model), as_py_path(path), py_dict(given))
  said <- from_python(said)
  said$flavors <- c(model_spec$flavors, said$flavors)
  said
}

#' @rdname mlflow_methods
#' @exportS3Method mlflow::mlflow_load_flavor
mlflow_load_flavor.mlflow_flavor_bineural <- function(flavor, model_path) { # nolint: object_length_linter.
  load_model(file.path(model_path, "model.bineural"))
}

#' @rdname mlflow_methods
#' @exportS3Method mlflow::mlflow_predict
mlflow_predict.bineural_model <- function(model, data, ...) {
  check_dots(...)
  table <- call_core("serving.mlflow_flavor.predict_from_r", python_model(model), as_py_data(data, "data"))
  from_python(table)
}
# nolint end
