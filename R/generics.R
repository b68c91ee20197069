#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

#' Rows with their predictions
#'
#' @param x A model from [fit_glm()], [fit_net()] or [load_model()].
#' @param new_data Data frame with the columns of the training data; or rows in batches, more than memory holds (see
#'   [fit_net()]). Where it is left out, the rows of the fit, if the variable that held them is still there, unchanged.
#' @param ... Must be empty.
#' @return `new_data` as a tibble, with the columns of [predict()][predict.bineural_model] before its own: the class
#'   and the probability of each class, or `.pred`. Of rows in batches a function that gives them in batches again, as
#'   [fit_net()] and [evaluate_model()] take them: called without arguments it begins a pass and returns a function
#'   that gives the next tibble at each call, and `NULL` at the end.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
#' augment(glm, kyphosis)
#' next_rows <- augment(glm, list(kyphosis[1:40, ], kyphosis[41:81, ]))()
#' nrow(next_rows())
augment.bineural_model <- function(x, new_data, ...) {
  check_dots(...)
  if (missing(new_data)) new_data <- training_data(x, "`augment()` without `new_data`", rlang::current_env())
  if (inherits(x, "bineural_detector")) {
    abort_input(
      "Predictions that stand beside the rows must be one for each row.", "The model is a net of boxes.",
      "Use `predict(model, new_data)`: it gives a row for each object."
    )
  }
  if (is_batches(new_data) || is_path(new_data)) return(augment_batches(x, new_data, rlang::current_env()))
  taken <- grep("^\\.pred", names(new_data), value = TRUE)
  if (length(taken)) {
    abort_input(
      "`new_data` must have no columns that hold predictions.", paste0("It has ", paste(taken, collapse = ", "), "."),
      "Rename them first."
    )
  }
  if ("class" %in% x$levels) {
    abort_input(
      "Predicted class and probabilities can stand in one table only where no class is called \"class\".",
      "`.pred_class` would be both the predicted class and the probability of \"class\".",
      "Ask for one of them, `predict(model, new_data, type = \"prob\")`, or give the class another name and fit again."
    )
  }
  types <- if (inherits(x, "bineural_classifier")) c("class", "prob") else "numeric"
  predictions <- lapply(types, function(type) stats::predict(x, new_data, type = type))
  tibble::as_tibble(do.call(cbind, c(predictions, beside(new_data))))
}

# The columns of rows; of pictures their paths, and of arrays of more than two dimensions none.
beside <- function(new_data) {
  if (is.character(new_data) || is.factor(new_data)) return(list(data.frame(path = as.character(new_data))))
  if (is.data.frame(new_data) || length(dim(new_data)) == 2) return(list(as.data.frame(new_data)))
  list()
}

# Rows in batches with their predictions, in batches again.
augment_batches <- function(model, batches, call) {
  if (!is.null(model$recipe)) refuse_recipe_batches(batches, call)
  function() {
    advance <- read_batches(batches, "new_data", call)
    function() {
      batch <- advance()
      if (!is.null(batch)) augment(model, batch)
    }
  }
}

# A table of ours as a data frame, by the arguments of as.data.frame(); names stay as they are.
plain_frame <- function(table, row_names, as_factors) {
  frame <- as.data.frame(table)
  if (as_factors) frame[] <- lapply(frame, function(column) if (is.character(column)) factor(column) else column)
  if (!is.null(row_names)) row.names(frame) <- row_names
  frame
}
