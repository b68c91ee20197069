#' Test whether the predictors say anything at all about the outcome
#'
#' A logistic GLM is cross-validated as it is, and again with the rows of the predictors dealt out anew to outcome and
#' folds.
#'
#' Outcome and folds stay together, so strata and test outcomes are those of every permutation. Folds that do not hold
#' both classes are left out and counted. All fits run as one batch, a second for 1000 permutations of 10 folds of 81
#' rows, unless the formula learns from its rows (`ns`, `poly`, `scale`, ...); then each fit prepares its own training
#' rows, which takes milliseconds a fit.
#'
#' @param formula Formula `outcome ~ terms` (or its text) with an outcome of two classes; or the predictors x, a data
#'   frame or numeric matrix, with the outcome y as `data`. A recipe can't be used, as it learns from all rows at once.
#' @param data Data frame; or the outcome y (a vector, or the name of its column in x).
#' @param event Class whose probability is meant; it must be named.
#' @param folds Number of folds, stratified by the outcome; or what [make_folds()] takes or gives.
#' @param repeats How often to make new folds.
#' @param n_permutations How many permutations; the smallest p-value is `1 / (1 + n_permutations)`.
#' @param measure What is averaged over the folds: the name of a measure of an event's probability, such as `"auroc"` or
#'   `"log_loss"` (nats).
#' @param seed Whole number for folds (as in [make_folds()]) and permutations. `NULL` draws one from R's random numbers,
#'   which is recorded.
#' @return A record that prints itself; a list with `observed`, `p_value` ((1 + permutations that do as well or better)
#'   / (1 + `n_permutations`)), `permuted` (the measure under each permutation), `measure`, `n`, `n_events`, `event`,
#'   `n_folds`, `n_undefined`, `n_permutations` and `seed`.
#' @section Conditions:
#' `bineural_InputError` if formula, columns, outcome or folds cannot be used, or no fold holds both classes.
#' @references Ojala and Garriga (2010). *Journal of Machine Learning Research* 11, 1833-1863.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' permutation_test(Kyphosis ~ Age + Number + Start, kyphosis, event = "present", seed = 1)
permutation_test <- function(formula,
                             data,
                             event = NULL,
                             folds = 10,
                             repeats = 1,
                             n_permutations = 1000,
                             measure = "auroc",
                             seed = NULL) {
  call <- rlang::current_env()
  problem <- as_py_refits(formula, data, call)
  if (inherits(folds, "rset") && missing(repeats)) repeats <- rset_repeats(folds)
  found <- call_fit(
    "permutation_test", problem, formula,
    event = as_py_level(event),
    folds = if (inherits(folds, "bineural_folds")) as_py_record(folds) else as_py_folds(folds, data),
    repeats = as_py_count(repeats),
    n_permutations = as_py_count(n_permutations),
    measure = as_py_text(measure),
    seed = as_py_seed(seed),
    call = call
  )
  new_record(found, "bineural_permutation_test")
}

#' Correct a logistic GLM's AUROC and Brier score for having been measured on its own rows
#'
#' The model is fitted to bootstrap samples; what the fits lose between their own sample and all rows is the optimism.
#' The Brier score has the .632 and .632+ estimates too.
#'
#' Samples without both classes are left out and counted. What the formula learns from its rows (`ns`, `poly`, levels,
#' ...) is learnt anew from every sample.
#'
#' @inheritParams permutation_test
#' @param n_boot How many bootstrap samples, each as large as the data.
#' @param seed Whole number as for `set.seed()`. `NULL` draws one from R's random numbers, which is recorded.
#' @param rng Random stream: `"R"`, that of `sample.int(n, n, TRUE)`, or `"pcg64"`, NumPy's.
#' @return A record that prints itself; a list with `auroc_apparent`, `auroc_optimism`, `auroc_corrected`, the same for
#'   `brier`, `brier_loo` (each row judged by the fits that did not see it), `brier_632`, `brier_632_plus`, `n`,
#'   `n_events`, `event`, `n_boot`, `n_undefined`, `seed` and `rng`.
#' @section Conditions:
#' `bineural_InputError` if formula, columns or outcome cannot be used, or no sample holds both classes.
#' @references
#' Harrell, Lee and Mark (1996). *Statistics in Medicine* 15(4), 361-387.
#'
#' Efron and Tibshirani (1997). *JASA* 92(438), 548-560.
#' @export
#' @examplesIf bineural_available()
#' kyphosis <- load_dataset("kyphosis")
#' optimism_bootstrap(Kyphosis ~ Age + Number + Start, kyphosis, event = "present", seed = 1)
optimism_bootstrap <- function(formula,
                               data,
                               event = NULL,
                               n_boot = 200,
                               seed = NULL,
                               rng = "R") {
  call <- rlang::current_env()
  found <- call_fit(
    "optimism_bootstrap", as_py_refits(formula, data, call), formula,
    event = as_py_level(event),
    n_boot = as_py_count(n_boot),
    seed = as_py_seed(seed),
    rng = as_py_text(rng),
    call = call
  )
  new_record(found, "bineural_optimism_bootstrap")
}

# A recipe is prepared with all rows, so its fits would know the rows that they are tested on.
as_py_refits <- function(formula, data, call) {
  if (!missing(formula) && inherits(formula, "recipe")) {
    abort_input(
      "`formula` must be a formula or predictors.", "It is a recipe, which learns from all rows at once.",
      "Write the steps in the formula, e.g. `y ~ ns(age, 3)`; each fit then learns them from its own rows.",
      call = call
    )
  }
  as_py_problem(formula, data, call)
}
