#' Evaluate a fitted model on rows that it did not learn from
#'
#' @param model A model from [fit_glm()], [fit_net()] or [load_model()], a fitted scikit-learn estimator, or a fitted
#'   model of R's, as `lm()`, `glm()`, `mgcv::gam()` or `ranger::ranger()` return it.
#' @param data Data frame or matrix of rows to predict, best those the model has never seen; or rows in batches, more
#'   than memory holds (see [fit_net()]). Batches hold the outcome; they are read once, and only outcome and predictions
#'   are kept.
#' @param y Outcome, a column of `data`, in quotes or not, or a vector; by default the one named in the model's formula.
#'   This and `weights` are read as `weights` in [fit_glm()].
#' @param event Class whose probability is measured; by default the one named when the model was fitted. For a model of
#'   several classes, naming an event measures that class against the rest.
#' @param threshold Probability from which a row is called an event, for accuracy.
#' @param level Confidence level of the AUROC's interval.
#' @param weights How much each row stands for, or the name of the column of `data` that says so; rows of weight 0 are
#'   left out. All measures take them; n and events count rows.
#' @return An evaluation, which prints n and events first; a list with `table` (tibble: measure, estimate, low, high),
#'   `n`, `n_events`, `event`, `undefined` (why a measure is `NA`), `rows` (row numbers measured), `y_true`, `score` and
#'   more. Printing cautions where rows are among those that the model was fitted to, or have by now measured five
#'   models or more, in this session (of rows in batches the second isn't counted). Two classes: AUROC (with DeLong's
#'   interval on the logit scale, see [auroc_interval()]), average precision, log loss (nats), Brier score, accuracy.
#'   Several: AUROC as the mean of one-vs-rest and as Hand-Till's M, log loss, accuracy of the most probable class, and
#'   of a net of ordered classes the ranked probability score. Regression: RMSE and MAE in the outcome's units, R
#'   squared (see [r_squared()]), and for a Poisson, gamma or binomial GLM, or a net of such an objective, the mean
#'   deviance. Quantiles: pinball loss, mean distance of the shares of outcomes at or below them from their levels,
#'   and the share between the outermost. Measures that [register_measure()] has added follow. For intervals of the
#'   other measures see [bootstrap_interval()], for calibration [calibration()].
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
                           level = 0.95,
                           weights = NULL) {
  call <- rlang::current_env()
  object <- if (is_r_fit(model)) predictions_of_fit(model, data, event, call) else python_model(model)
  y <- row_values("y", data, call)
  weights <- row_values("weights", data, call)
  if (inherits(model, "bineural_model") && !is.null(model$recipe)) weights <- column_of(weights, data)
  asked <- asked_rows(model, data, y, call)
  data <- asked$data
  y <- asked$y
  if (!is.null(asked$kept) && length(weights)) weights <- weights[asked$kept]
  found <- call_core(
    "evaluate_model", object, as_py_new_rows(data),
    y = as_py_row_values(y, data),
    event = as_py_level(event),
    threshold = as_py_number(threshold),
    level = as_py_number(level),
    weights = as_py_row_values(weights, data),
    .call = call
  )
  new_evaluation(found)
}

# Rows that a model is asked about and their outcome, as its recipe makes them where it has one.
asked_rows <- function(model, data, y, call) {
  if (!inherits(model, "bineural_model") || is.null(model$recipe) || is.null(data)) return(list(data = data, y = y))
  refuse_recipe_batches(data, call)
  known <- is.null(y) || identical(y, model$recipe$outcome)
  baked <- bake_rows(model, data)
  kept <- attr(baked, "kept")
  y <- if (known) baked_outcome(model, data, call) else column_of(y, data)
  if (!known && !is.null(kept)) y <- y[kept]
  list(data = baked, y = y, kept = kept)
}

column_of <- function(x, data) if (is_path(x) && x %in% names(data)) data[[x]] else x

new_evaluation <- function(object) {
  fields <- from_python(object)
  fields$rows <- as.integer(fields$rows) + 1L # row numbers count from 1 in R
  fields$table <- from_python(object$table)
  fields$text <- printed(object)
  structure(fields, class = "bineural_evaluation")
}

#' @export
print.bineural_evaluation <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @importFrom tibble as_tibble
#' @export
as_tibble.bineural_evaluation <- function(x, ...) {
  check_dots(...)
  x$table
}

# nolint start: object_name_linter.
#' @export
as.data.frame.bineural_evaluation <- function(x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE) {
  check_dots(...)
  plain_frame(x$table, row.names, stringsAsFactors)
}
# nolint end

#' @export
tidy.bineural_evaluation <- function(x, ...) {
  check_dots(...)
  x$table
}

# A record of the core: its fields as a list, its text for print().
new_record <- function(object, class) {
  structure(from_python(object), text = printed(object), class = c(class, "bineural_record"))
}

#' @export
print.bineural_record <- function(x, ...) {
  check_dots(...)
  writeLines(attr(x, "text"))
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

#' AUROC with an interval from DeLong's variance, or from the bootstrap
#'
#' @inheritParams auroc
#' @param level Confidence level.
#' @param method `"logit"` takes the interval on the log-odds scale, which keeps its coverage on small test sets;
#'   `"delong"` is the plain normal interval, cut at 0 and 1; `"bootstrap"` draws events and others anew, see
#'   [bootstrap_interval()].
#' @param weights How much each row stands for, such as one over its chance of being in the sample.
#' @param n_boot Draws of the bootstrap.
#' @param seed Where the bootstrap's draws start. `NULL` draws one from R's random numbers, which is recorded.
#' @return A record that prints itself; a list with `estimate`, `low`, `high`, `variance`, `level`, `method`, `n` and
#'   `n_events`; from the bootstrap also `n_boot`, `seed` and `n_undefined`.
#' @section Special cases:
#' With one event, or one other row, DeLong's variance does not exist: variance, low and high are `NA` and `method` is
#' `"undefined"`. At an AUROC of 0 or 1 `"logit"` gives an exact bound, as in the Clopper-Pearson interval of k
#' successes in k, with k the number of events or of others, whichever is less; `method` is then `"exact"`.
#' @section Weights:
#' With weights, placements are weighted shares, and the variance of a class of n rows is the sum over its rows of
#' (w / sum of w)^2 (placement - AUROC)^2, times n / (n - 1): the linearised (sandwich) variance of a weighted mean of
#' independent rows, which is DeLong's where all weights are equal. It depends on no scale of the weights. Weights that
#' count equal rows are another thing: repeat those rows instead. The exact bound takes for each class Kish's effective
#' number of rows, and is an approximation.
#' @references DeLong, DeLong and Clarke-Pearson (1988). *Biometrics* 44(3), 837-845.
#' @export
#' @examplesIf bineural_available()
#' auroc_interval(c(0, 0, 1, 1, 1), c(0.1, 0.4, 0.35, 0.8, 0.7))
auroc_interval <- function(y_true,
                           score,
                           level = 0.95,
                           method = "logit",
                           weights = NULL,
                           n_boot = 2000,
                           seed = NULL) {
  new_record(
    call_core(
      "auroc_interval", as_py_vector(y_true), as_py_vector(score), as_py_number(level), as_py_text(method),
      weights = as_py_vector(weights), n_boot = as_py_count(n_boot),
      seed = if (identical(method, "bootstrap")) as_py_seed(seed) else as_py_count(seed)
    ),
    "bineural_interval"
  )
}

#' Compare the AUROCs of two scores of the same rows by DeLong's paired test
#'
#' @inheritParams auroc
#' @param score_a,score_b Numbers; larger means the event is more likely; each on its own monotone scale.
#' @param level Confidence level of the interval for the difference.
#' @param weights How much each row stands for; variances and covariance are then as in [auroc_interval()].
#' @return A record that prints itself; a list with `auroc_a`, `auroc_b`, `difference`, `low`, `high`, `statistic`,
#'   `p_value` and more.
#' @references DeLong, DeLong and Clarke-Pearson (1988). *Biometrics* 44(3), 837-845.
#' @export
#' @examplesIf bineural_available()
#' compare_aurocs(c(0, 0, 1, 1, 1), c(0.1, 0.4, 0.35, 0.8, 0.7), c(0.3, 0.2, 0.4, 0.1, 0.9))
compare_aurocs <- function(y_true, score_a, score_b, level = 0.95, weights = NULL) {
  new_record(
    call_core(
      "compare_aurocs", as_py_vector(y_true), as_py_vector(score_a), as_py_vector(score_b), as_py_number(level),
      weights = as_py_vector(weights)
    ),
    "bineural_auroc_comparison"
  )
}

#' Any measure with an interval from the stratified bootstrap
#'
#' Rows are drawn with replacement, as many of each class as there are, and measured; the limits are quantiles of the
#' draws' measures.
#'
#' @param measure Name of a measure, such as `"auroc"`, `"brier"` or `"rmse"` ([list_measures()] has them all), or a
#'   function of `(y_true, score)`, with weights of `(y_true, score, weights)`, that returns a number. A name is far
#'   quicker than the function of that name.
#' @param y_true 0 and 1, labels or numbers. Classes are the strata; numbers of more than two values are one stratum.
#' @param score Scores, probabilities or predicted numbers, as the measure takes them: a vector, or a matrix with a row
#'   for each row.
#' @param weights Row weights, given to the measure as `weights`; they go with their rows, which are drawn with equal
#'   chances.
#' @param n_boot Draws.
#' @param seed Where the draws start. `NULL` draws one from R's random numbers, which is recorded.
#' @param level Confidence level.
#' @return A record that prints itself; a list with `estimate` (of the rows as they are), `low`, `high`, `variance` (of
#'   the draws), `level`, `method`, `n`, `n_events`, `measure`, `n_boot`, `seed` and `n_undefined`.
#' @section What it says:
#' The interval speaks of other test rows from the same source and takes the model as given. Its limits are the
#' percentiles of the draws: with few events they are too close (use [auroc_interval()]'s `"logit"` for an AUROC), and a
#' perfect measure has an interval of no width. Draws whose measure is missing are left out and counted; where they are
#' more than one in twenty, or the estimate is, low and high are `NA` and `method` is `"undefined"`.
#' @references Efron and Tibshirani (1993). *An Introduction to the Bootstrap*, chapter 13.
#' @export
#' @examplesIf bineural_available()
#' y_true <- c(0, 0, 1, 0, 1, 1, 0, 1)
#' bootstrap_interval("brier", y_true, seq(0.1, 0.8, by = 0.1), seed = 1)
#' accuracy <- function(y, p) mean((p > 0.5) == y)
#' bootstrap_interval(accuracy, y_true, seq(0.1, 0.8, by = 0.1), n_boot = 100, seed = 1)
bootstrap_interval <- function(measure,
                               y_true,
                               score,
                               weights = NULL,
                               n_boot = 2000,
                               seed = NULL,
                               level = 0.95) {
  new_record(
    call_core(
      "bootstrap_interval",
      if (is.function(measure)) as_py_measuring(measure) else as_py_text(measure),
      as_py_vector(y_true), if (is.matrix(score)) as_py_data(unname(score)) else as_py_vector(score),
      weights = as_py_vector(weights), n_boot = as_py_count(n_boot), seed = as_py_seed(seed),
      level = as_py_number(level)
    ),
    "bineural_interval"
  )
}

#' Area under part of the ROC curve
#'
#' The part lies within a range of specificity or of sensitivity; points are joined by straight lines.
#'
#' @inheritParams auroc
#' @param specificity,sensitivity Smallest and largest value, between 0 and 1; name one of the two ranges.
#' @param corrected Whether the area is put on the scale of an AUROC: 0.5 for no skill, 1 for a perfect score.
#' @return A number, at most the width of the range.
#' @references McClish (1989). *Medical Decision Making* 9(3), 190-195.
#' @export
#' @examplesIf bineural_available()
#' partial_auroc(c(0, 0, 1, 0, 1, 1), 1:6, specificity = c(0.5, 1))
partial_auroc <- function(y_true,
                          score,
                          specificity = NULL,
                          sensitivity = NULL,
                          corrected = FALSE,
                          weights = NULL) {
  from_python(call_core(
    "partial_auroc", as_py_vector(y_true), as_py_vector(score),
    specificity = as_py_vector(specificity), sensitivity = as_py_vector(sensitivity),
    corrected = as_py_flag(corrected), weights = as_py_vector(weights)
  ))
}

#' Points of the ROC curve, one for each way a threshold can part the rows
#'
#' A row is called an event when `score >= threshold`. Thresholds lie halfway between neighbouring distinct scores (as
#' in pROC), so tied rows move together; straight lines between the points enclose [auroc()].
#'
#' @inheritParams auroc
#' @param weights Row weights; the points are then shares of weight.
#' @return Tibble with `threshold`, `sensitivity`, `specificity`, thresholds rising. The first row has threshold `-Inf`
#'   (all rows called events: 1, 0), the last `Inf` (none: 0, 1).
#' @export
#' @examplesIf bineural_available()
#' roc_points(c(0, 1, 1), c(0.2, 0.2, 0.6))
roc_points <- function(y_true, score, weights = NULL) {
  from_python(call_core("roc_points", as_py_vector(y_true), as_py_vector(score), as_py_vector(weights)))
}

#' Points of the precision-recall curve, one for each distinct score
#'
#' A row is called an event when `score >= threshold`; thresholds lie as in [roc_points()]. Precision times the gain in
#' recall, summed from the last row up, is [average_precision()]; straight lines between the points would promise more
#' than any threshold gives, so draw steps.
#'
#' @inheritParams roc_points
#' @return Tibble with `threshold`, `recall`, `precision`, thresholds rising. The first row has threshold `-Inf` (all
#'   rows called events: recall 1, precision the share of events). There is no row that calls none an event, where
#'   precision is undefined.
#' @export
#' @examplesIf bineural_available()
#' pr_points(c(0, 1, 1), c(0.2, 0.2, 0.6))
pr_points <- function(y_true, score, weights = NULL) {
  from_python(call_core("pr_points", as_py_vector(y_true), as_py_vector(score), as_py_vector(weights)))
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
#' @param y_true Whole numbers or truth values: 1 (or `TRUE`) where the event happened, 0 where it did not; one class is
#'   enough. For several columns of probabilities, labels: a factor, text or numbers.
#' @param probability Predicted probability of the event, 0 to 1; or a matrix or data frame with one column a class.
#' @param weights Row weights.
#' @param classes The columns' classes in order; by default the levels of a factor, else the sorted distinct labels of
#'   `y_true`.
#' @return A number, nats per row: 0 is perfect; always saying a half gives 0.693.
#' @export
#' @examplesIf bineural_available()
#' log_loss(c(0, 1, 1), c(0.1, 0.8, 0.5))
#' log_loss(c("a", "b", "c"), rbind(c(0.8, 0.1, 0.1), c(0.3, 0.5, 0.2), c(0.1, 0.1, 0.8)))
log_loss <- function(y_true, probability, weights = NULL, classes = NULL) {
  probability <- if (is.data.frame(probability)) as.matrix(probability) else probability
  columns <- is.matrix(probability) && ncol(probability) > 1
  if (is.null(classes) && columns && is.factor(y_true)) classes <- levels(y_true)
  from_python(call_core(
    "log_loss", as_py_vector(y_true),
    if (columns) as_py_data(unname(probability), "probability") else as_py_vector(probability),
    as_py_vector(weights), as_py_levels(classes)
  ))
}

#' How far predicted probabilities agree with what happened
#'
#' @inheritParams brier
#' @param weights How much each row stands for, such as one over its chance of being in the sample.
#' @param bins Bins of the calibration error and of the plot.
#' @param strategy `"uniform"` (bins of equal width) or `"quantile"` (with about equally many rows). A probability on an
#'   edge counts below it; equal probabilities share a bin, so `"quantile"` may give fewer.
#' @param level Confidence level of the intervals.
#' @return A record that prints itself; a list with `slope` and `intercept` of the logistic recalibration (1 and 0 are
#'   perfect; a slope below 1 says that the probabilities are too extreme), `in_the_large` (the intercept with the slope
#'   held at 1), their intervals (`slope_low`, ...), `ece` (expected calibration error), `bins` (tibble: `lower`,
#'   `upper`, `n`, `mean_predicted`, `observed`, `low`, `high` of Wilson's interval), `undefined` (why a number is
#'   `NA`), `n`, `n_events`, `n_certain`, `level` and `strategy`.
#' @section Details:
#' The recalibration is a logistic regression of the event on logit(probability), with the digits of [stats::glm()].
#' Probabilities are kept 2.2e-16 away from 0 and 1 for the logit, as in [log_loss()], and `n_certain` counts them: they
#' weigh heavily on the slope. Slope and intercept are undefined where all rows have one probability, and where the
#' probabilities separate the classes; with one class in the rows, all three are undefined. `ece` always is defined; it
#' shrinks with wider bins and is above 0 by chance, so compare it on equal bins and rows. Intervals of slope and
#' intercepts are Wald's, with weights from the sandwich variance; Wilson's take with weights Kish's effective number of
#' rows.
#' @references Cox (1958). *Biometrika* 45(3/4), 562-565.
#'
#'   Van Calster, McLernon, van Smeden, Wynants and Steyerberg (2019). *BMC Medicine* 17, 230.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' evaluation <- evaluate_model(fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), kyphosis)
#' calibration(evaluation$y_true, evaluation$score)
calibration <- function(y_true,
                        probability,
                        weights = NULL,
                        bins = 10,
                        strategy = "uniform",
                        level = 0.95) {
  new_record(
    call_core(
      "calibration", as_py_vector(y_true), as_py_vector(probability),
      weights = as_py_vector(weights), bins = as_py_count(bins), strategy = as_py_text(strategy),
      level = as_py_number(level)
    ),
    "bineural_calibration"
  )
}

#' Find the threshold from which rows are best called events
#'
#' @inheritParams auroc
#' @param costs Two numbers: the cost of calling another row an event (false positive), and of missing an event (false
#'   negative).
#' @param prevalence Share of events where the threshold will be used; by default that of these rows. It enters PPV,
#'   NPV, accuracy and cost, and the choice where the criterion is `"cost"` or `"accuracy"`.
#' @param weights Row weights.
#' @param criterion `"youden"`: largest sensitivity + specificity; `"topleft"`: nearest to the corner where both are 1;
#'   `"cost"`: smallest expected cost; `"accuracy"`: most right calls, which is `"cost"` with equal costs. By default
#'   `"cost"` where costs are named, else `"youden"`.
#' @return A record that prints itself; a list with `threshold` (rows that score at least this are called events),
#'   `sensitivity`, `specificity`, `ppv`, `npv`, `accuracy`, `prevalence`, `cost` (expected, per row), `cost_fp`,
#'   `cost_fn`, `criterion`, `n_best` (thresholds that are equally good; the most sensitive is taken), `n` and
#'   `n_events`.
#' @section Honesty:
#' A threshold chosen on the rows on which it is then judged looks better than it is: choose it on training rows, or out
#' of fold. With prevalence p the expected cost of a row is p (1 - sensitivity) cost_fn + (1 - p) (1 - specificity)
#' cost_fp: the choice of pROC's `coords(best.method = "youden", best.weights = c(cost_fn / cost_fp, p))`.
#' @references Youden (1950). *Cancer* 3(1), 32-35.
#' @export
#' @examplesIf bineural_available()
#' threshold(c(0, 0, 1, 0, 1, 1), 1:6)
#' threshold(c(0, 0, 1, 0, 1, 1), 1:6, costs = c(5, 1))
threshold <- function(y_true,
                      score,
                      costs = NULL,
                      prevalence = NULL,
                      weights = NULL,
                      criterion = NULL) {
  new_record(
    call_core(
      "threshold", as_py_vector(y_true), as_py_vector(score),
      costs = as_py_vector(costs), prevalence = as_py_number(prevalence), weights = as_py_vector(weights),
      criterion = as_py_text(criterion)
    ),
    "bineural_threshold"
  )
}

#' Net benefit of acting on a model, at each threshold of probability
#'
#' A row is treated as an event when its probability is at least the threshold. Whoever treats from 20 % on takes one
#' event found to be worth four rows treated in vain; net benefit counts the events found per row, less the vain
#' treatments at that rate.
#'
#' @inheritParams brier
#' @param thresholds Probabilities at least 0 and under 1; by default 0.01, 0.02, ..., 0.99.
#' @return A record that prints itself; a list with `table` (tibble: `threshold`, `model`, `treat_all`, `treat_none`),
#'   `n`, `n_events` and `prevalence`.
#' @references Vickers and Elkin (2006). *Medical Decision Making* 26(6), 565-574.
#' @export
#' @examplesIf bineural_available()
#' net_benefit(c(0, 0, 1, 1), c(0.1, 0.4, 0.3, 0.8), thresholds = c(0.2, 0.5))$table
net_benefit <- function(y_true, probability, thresholds = NULL, weights = NULL) {
  new_record(
    call_core(
      "net_benefit", as_py_vector(y_true), as_py_vector(probability), as_py_vector(thresholds), as_py_vector(weights)
    ),
    "bineural_decision_curve"
  )
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
#' @param weights Row weights; a pair of rows weighs the product of theirs.
#' @return A number: 0.5 is no skill, 1 is perfect.
#' @references Hand and Till (2001). *Machine Learning* 45(2), 171-186.
#' @export
#' @examplesIf bineural_available()
#' hand_till(c("a", "a", "b", "c"), cbind(c(5, 3, 4, 1), c(1, 2, 6, 3), c(0, 1, 2, 4)))
hand_till <- function(y_true, probability, classes = NULL, weights = NULL) {
  if (is.null(classes) && is.factor(y_true)) classes <- levels(y_true)
  probability <- if (is.data.frame(probability)) as.matrix(probability) else probability
  from_python(call_core(
    "hand_till", as_py_vector(y_true), as_py_data(unname(probability), "probability"), as_py_levels(classes),
    as_py_vector(weights)
  ))
}

#' Measures of predicted numbers
#'
#' Root mean squared error, mean absolute error, R squared (the share of the squared distance from these rows' own mean
#' that is predicted) and mean deviance (twice the log-likelihood lost against the outcome itself).
#'
#' R squared has one definition, in evaluations and comparisons too. Over folds the mean is that of all rows that are
#' tested: R squared of a cross-validation is that of its held-out predictions. A model can't know the mean of the rows
#' it is tested on, and no constant comes nearer to them. So a model without predictors gets less than 0, by about one
#' over the number of its training rows, and R squared is never larger than the share of that model's squared error that
#' is gone, which others call the out-of-sample R squared (Campbell and Thompson 2008).
#'
#' @param y_true Outcome, numbers.
#' @param predicted Prediction of it.
#' @param weights Row weights.
#' @param family What the outcome is taken to follow: `"gaussian"` (the deviance is the mean squared error),
#'   `"poisson"`, `"gamma"` or `"binomial"`.
#' @return A number. `rmse()` and `mae()`: in the outcome's units, 0 is perfect. `r_squared()`: 1 is perfect, 0 is no
#'   better than these rows' mean, negative is worse; `NA` where the outcome is the same in all rows. `mean_deviance()`:
#'   per row; times the number of rows (the sum of weights) it is the deviance of [stats::glm()]; infinite where an
#'   outcome has no chance under its predicted mean.
#' @section Conditions:
#' `bineural_InputError` if a value is `NA` or infinite, or outside the family's range, or the lengths differ.
#' @references Campbell and Thompson (2008). *Review of Financial Studies* 21(4), 1509-1531.
#' @name regression-measures
#' @examplesIf bineural_available()
#' rmse(c(1, 2, 3), c(1, 2, 6))
#' mean_deviance(c(0, 1, 3), c(0.5, 1, 2), family = "poisson")
NULL

#' @rdname regression-measures
#' @export
rmse <- function(y_true, predicted, weights = NULL) {
  from_python(call_core("rmse", as_py_vector(y_true), as_py_vector(predicted), as_py_vector(weights)))
}

#' @rdname regression-measures
#' @export
mae <- function(y_true, predicted, weights = NULL) {
  from_python(call_core("mae", as_py_vector(y_true), as_py_vector(predicted), as_py_vector(weights)))
}

#' @rdname regression-measures
#' @export
r_squared <- function(y_true, predicted, weights = NULL) {
  from_python(call_core("r_squared", as_py_vector(y_true), as_py_vector(predicted), as_py_vector(weights)))
}

#' @rdname regression-measures
#' @export
mean_deviance <- function(y_true, predicted, family = "gaussian", weights = NULL) {
  from_python(call_core(
    "mean_deviance", as_py_vector(y_true), as_py_vector(predicted), as_py_text(family), as_py_vector(weights)
  ))
}

#' Register a measure, so that it is evaluated, compared, tuned by, bootstrapped and printed as any other
#'
#' It stays registered until the session ends; a new measure of the same name replaces one of your own.
#'
#' @param name What it is called by, as in `compare_models(measure = "mcc")`.
#' @param compute Function of `(y_true, prediction)`, or of `(y_true, prediction, weights)`, that returns a number,
#'   `NaN` where it is undefined. `y_true` is 1 for the event and 0 for others, the position of the class from 0, or the
#'   number; `prediction` is the probability of the event, a column of them for each class, or the number. Weights of
#'   rows go to a function with an argument `weights`.
#' @param label What it is called in print; by default the name with spaces.
#' @param tasks What it measures predictions of; also `"quantiles"`, then a column for each.
#' @param larger_is_better `FALSE` for a loss.
#' @param range Smallest and largest value there is, where there is one; intervals end there.
#' @param ranks Whether it looks at the order of predictions alone; where probabilities are rounded to ties it then gets
#'   numbers that keep the order.
#' @param undefined Function of `(y_true, prediction)` that says why these rows do not define it, or returns `NULL`.
#' @param reference Its source.
#' @return The name, invisibly.
#' @section Conditions:
#' `bineural_InputError` if the name is one of bineural's own, or an argument cannot be used.
#' @export
#' @examplesIf bineural_available()
#' bias <- function(y_true, prediction) abs(mean(prediction) - mean(y_true))
#' register_measure("bias", bias, larger_is_better = FALSE, tasks = "binary")
#' bootstrap_interval("bias", c(0, 1, 1, 0), c(0.1, 0.9, 0.4, 0.3), n_boot = 100, seed = 1)
register_measure <- function(name,
                             compute,
                             label = NULL,
                             tasks = c("binary", "multiclass", "regression"),
                             larger_is_better = TRUE,
                             range = NULL,
                             ranks = FALSE,
                             undefined = NULL,
                             reference = NULL) {
  call_core(
    "register_measure", as_py_text(name), if (is.function(compute)) as_py_measuring(compute) else compute,
    label = as_py_text(label), tasks = as_py_texts(tasks), larger_is_better = as_py_flag(larger_is_better),
    range = as_py_vector(range), ranks = as_py_flag(ranks),
    undefined = if (is.function(undefined)) as_py_function(undefined) else undefined,
    reference = as_py_text(reference)
  )
  invisible(name)
}

#' The measures that are registered
#'
#' @param task Only those of predictions of an event (`"binary"`), of several classes (`"multiclass"`), of numbers
#'   (`"regression"`) or of quantiles of numbers (`"quantiles"`).
#' @return Tibble with `name`, `label`, `tasks`, `larger_is_better`, `low` and `high` (ends of its range) and
#'   `reference`; those of bineural first.
#' @export
#' @examplesIf bineural_available()
#' list_measures("regression")
list_measures <- function(task = NULL) {
  from_python(call_core("list_measures", as_py_text(task)))
}

# A measure of R's: the core gives it the arguments that it has.
as_py_measuring <- function(compute) {
  f <- as_py_function(compute)
  arguments <- names(formals(args(compute)))
  reticulate::py_set_attr(f, "argument_names", py_list(as.list(arguments)))
  f
}
