#' Evaluate a fitted model on rows that it did not learn from
#'
#' @param model A model from [fit_glm()], [fit_net()] or [load_model()], or a fitted scikit-learn estimator.
#' @param data Data frame or matrix of rows to predict, best those the model has never seen.
#' @param y Outcome, a vector or the name of a column of `data`; by default the one named in the model's formula.
#' @param event Class whose probability is measured; by default the one named when the model was fitted. For a model of
#'   several classes, naming an event measures that class against the rest.
#' @param threshold Probability from which a row is called an event, for accuracy.
#' @param level Confidence level of the AUROC's interval.
#' @return An evaluation, which prints n and events first; a list with `table` (tibble: measure, estimate, low, high),
#'   `n`, `n_events`, `event`, `undefined` (why a measure is `NA`), `rows` (row numbers measured), `y_true`, `score`
#'   and more. Two classes: AUROC (with DeLong's interval on the logit scale, see [auroc_interval()]), average
#'   precision, log loss (nats), Brier score, accuracy. Several: AUROC as the mean of one-vs-rest and as Hand-Till's M,
#'   log loss, accuracy of the most probable class. Regression: RMSE and MAE in the outcome's units, and R squared
#'   (against the mean of these rows).
#' @section Conditions:
#' `bineural_OutcomeError` if the event is not known, the outcome is not found, or it holds labels the model does not
#' know; `bineural_InputError` if no row has both an outcome and a prediction.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' split <- load_split("sdss2019", kyphosis)
#' glm <- fit_glm(Kyphosis ~ Age + Number + Start, split$train, event = "present")
#' evaluate_model(glm, split$test)
evaluate_model <- function(model,
                           data,
                           y = NULL,
                           event = NULL,
                           threshold = 0.5,
                           level = 0.95) {
  call <- rlang::current_env()
  object <- python_model(model)
  if (inherits(model, "bineural_model") && !is.null(model$recipe)) {
    if (is.null(y)) y <- recipes::bake(model$recipe$prepped, new_data = data)[[model$recipe$outcome]]
    data <- bake_rows(model, data)
  }
  found <- call_core(
    "evaluate_model", object, as_py_data(data),
    y = as_py_row_values(y),
    event = as_py_level(event),
    threshold = as_py_number(threshold),
    level = as_py_number(level),
    .call = call
  )
  new_evaluation(found)
}

new_evaluation <- function(object) {
  fields <- from_python(object)
  fields$rows <- as.integer(fields$rows) + 1L # row numbers count from 1 in R
  fields$table <- from_python(object$table)
  fields$text <- in_r_words(reticulate::py_str(object))
  structure(fields, class = "bineural_evaluation")
}

#' @export
print.bineural_evaluation <- function(x, ...) {
  cat(x$text, sep = "\n")
  invisible(x)
}

#' @importFrom tibble as_tibble
#' @export
as_tibble.bineural_evaluation <- function(x, ...) x$table

#' @export
as.data.frame.bineural_evaluation <- function(x, ...) as.data.frame(x$table)

#' @export
tidy.bineural_evaluation <- function(x, ...) x$table

# A record of the core: its fields as a list, its text for print().
new_record <- function(object, class) {
  structure(from_python(object), text = reticulate::py_str(object), class = c(class, "bineural_record"))
}

#' @export
print.bineural_record <- function(x, ...) {
  cat(attr(x, "text"), sep = "\n")
  invisible(x)
}

#' Area under the ROC curve, ties counting one half
#'
#' @param y_true Whole numbers or truth values: 1 (or `TRUE`) where the event happened, 0 where it did not.
#' @param score Numbers; larger means the event is more likely; any monotone scale, infinite values included.
#' @param weights Row weights; a pair of rows weighs the product of theirs.
#' @return A number: chance that a random event row outscores a random other row; 0.5 is no skill. Below 0.5 the score
#'   points the wrong way; it is never turned round.
#' @section Conditions:
#' `bineural_InputError` if `y_true` does not hold both classes, or the score has `NA` or another length.
#' @references Hanley and McNeil (1982). *Radiology* 143(1), 29-36.
#' @export
#' @examplesIf bineural_available()
#' auroc(c(0, 0, 1, 1), c(0.1, 0.4, 0.35, 0.8))
auroc <- function(y_true, score, weights = NULL) {
  from_python(call_core("auroc", as_py_vector(y_true), as_py_vector(score), as_py_vector(weights)))
}

#' AUROC with an interval from DeLong's variance
#'
#' @inheritParams auroc
#' @param level Confidence level.
#' @param method `"logit"` takes the interval on the log-odds scale, which keeps its coverage on small test sets;
#'   `"delong"` is the plain normal interval, cut at 0 and 1.
#' @return A record that prints itself; a list with `estimate`, `low`, `high`, `variance`, `level`, `method`, `n` and
#'   `n_events`.
#' @references DeLong, DeLong and Clarke-Pearson (1988). *Biometrics* 44(3), 837-845.
#' @export
#' @examplesIf bineural_available()
#' auroc_interval(c(0, 0, 1, 1, 1), c(0.1, 0.4, 0.35, 0.8, 0.7))
auroc_interval <- function(y_true, score, level = 0.95, method = "logit") {
  new_record(
    call_core(
      "auroc_interval", as_py_vector(y_true), as_py_vector(score), as_py_number(level), as_py_text(method)
    ),
    "bineural_interval"
  )
}

#' Compare the AUROCs of two scores of the same rows by DeLong's paired test
#'
#' @inheritParams auroc
#' @param score_a,score_b Numbers; larger means the event is more likely; each on its own monotone scale.
#' @param level Confidence level of the interval for the difference.
#' @return A record that prints itself; a list with `auroc_a`, `auroc_b`, `difference`, `low`, `high`, `statistic`,
#'   `p_value` and more.
#' @references DeLong, DeLong and Clarke-Pearson (1988). *Biometrics* 44(3), 837-845.
#' @export
#' @examplesIf bineural_available()
#' compare_aurocs(c(0, 0, 1, 1, 1), c(0.1, 0.4, 0.35, 0.8, 0.7), c(0.3, 0.2, 0.4, 0.1, 0.9))
compare_aurocs <- function(y_true, score_a, score_b, level = 0.95) {
  new_record(
    call_core(
      "compare_aurocs", as_py_vector(y_true), as_py_vector(score_a), as_py_vector(score_b), as_py_number(level)
    ),
    "bineural_auroc_comparison"
  )
}

#' Points of the ROC curve, one for each way a threshold can part the rows
#'
#' A row is called an event when `score >= threshold`. Thresholds lie halfway between neighbouring distinct scores (as
#' in pROC), so tied rows move together; straight lines between the points enclose [auroc()].
#'
#' @inheritParams auroc
#' @return Tibble with `threshold`, `sensitivity`, `specificity`, thresholds rising. The first row has threshold `-Inf`
#'   (all rows called events: 1, 0), the last `Inf` (none: 0, 1).
#' @export
#' @examplesIf bineural_available()
#' roc_points(c(0, 1, 1), c(0.2, 0.2, 0.6))
roc_points <- function(y_true, score) {
  from_python(call_core("roc_points", as_py_vector(y_true), as_py_vector(score)))
}

#' Average precision: precision summed over the steps in recall, one step a distinct score
#'
#' This is the step rule (no interpolation) of scikit-learn; the trapezoid under the precision-recall curve, which
#' other programs call PR AUC, is another number.
#'
#' @inheritParams auroc
#' @return A number between the share of events (about what no skill gives) and 1.
#' @export
#' @examplesIf bineural_available()
#' average_precision(c(0, 0, 1, 1), c(0.1, 0.4, 0.35, 0.8))
average_precision <- function(y_true, score, weights = NULL) {
  from_python(call_core("average_precision", as_py_vector(y_true), as_py_vector(score), as_py_vector(weights)))
}

#' Brier score, the mean squared distance of probability and outcome
#'
#' @inheritParams auroc
#' @param probability Predicted probability of the event, 0 to 1.
#' @param weights Row weights.
#' @return A number: 0 is perfect; always saying a half gives 0.25.
#' @references Brier (1950). *Monthly Weather Review* 78(1), 1-3.
#' @export
#' @examplesIf bineural_available()
#' brier(c(0, 1, 1), c(0.1, 0.8, 0.5))
brier <- function(y_true, probability, weights = NULL) {
  from_python(call_core("brier", as_py_vector(y_true), as_py_vector(probability), as_py_vector(weights)))
}

#' Log loss, the mean of minus the log probability given to what happened, in nats
#'
#' Probabilities are kept 2.2e-16 away from 0 and 1, as in scikit-learn: a row that was certain and wrong costs 36.04
#' nats rather than infinity.
#'
#' @inheritParams brier
#' @return A number, nats per row: 0 is perfect; always saying a half gives 0.693.
#' @export
#' @examplesIf bineural_available()
#' log_loss(c(0, 1, 1), c(0.1, 0.8, 0.5))
log_loss <- function(y_true, probability, weights = NULL) {
  from_python(call_core("log_loss", as_py_vector(y_true), as_py_vector(probability), as_py_vector(weights)))
}

#' Hand and Till's M, the AUROC of several classes: the mean over pairs of classes
#'
#' For classes i and j, only their rows are kept and A(i|j), the AUROC of column i with i as the event, is averaged
#' with A(j|i). M depends on no class frequencies, and no class is the event.
#'
#' @param y_true Labels: a factor, text or numbers.
#' @param probability Matrix or data frame with one column a class; scores on any scale do.
#' @param classes The columns' classes in order; by default the levels of a factor, else the sorted distinct labels of
#'   `y_true`.
#' @return A number: 0.5 is no skill, 1 is perfect.
#' @references Hand and Till (2001). *Machine Learning* 45(2), 171-186.
#' @export
#' @examplesIf bineural_available()
#' hand_till(c("a", "a", "b", "c"), cbind(c(5, 3, 4, 1), c(1, 2, 6, 3), c(0, 1, 2, 4)))
hand_till <- function(y_true, probability, classes = NULL) {
  if (is.null(classes) && is.factor(y_true)) classes <- levels(y_true)
  probability <- if (is.data.frame(probability)) as.matrix(probability) else probability
  from_python(call_core(
    "hand_till", as_py_vector(y_true), as_py_data(unname(probability), "probability"), as_py_levels(classes)
  ))
}
