#' Reproduce the workshop's kyphosis result, put a net beside it, and compare them over the same folds
#'
#' The GLM `Kyphosis ~ Age + Number + Start` on the workshop's frozen split of 61 and 20 rows has the published AUROC,
#' 46/64 = 0.71875. The same GLM and a net are then fitted on a stratified split, and compared over 10 x 10 folds, with
#' a verdict and a report. It runs through R's own functions; a check against Python's numbers is part of `make demo`.
#'
#' @param directory Folder for `demo-roc-r.png`, `demo-history-r.png`, `demo-report-r.html` and `demo-r.json`; made when
#'   it is not there.
#' @return Tibble, invisibly, with one row for each split and model: `split`, `model`, `auroc`, `low`, `high` (DeLong's
#'   interval, 95%), `log_loss` (nats), `n` and `events` (test rows). It is printed too.
#' @references Kuo and Luraschi (2019). *Deep learning with TensorFlow and Keras*. Symposium on Data Science and
#'   Statistics, workshop.
#' @export
#' @examplesIf bineural_available() && interactive()
#' run_demo(tempfile())
run_demo <- function(directory = "output") {
  folder <- from_python(call_core("demo.demo_folder", as_py_path(directory)))
  formula <- stats::as.formula(from_python(core()$demo$FORMULA))
  seed <- from_python(core()$demo$SEED)
  names <- from_python(core()$demo$SPLIT_NAMES)
  kyphosis <- load_dataset("kyphosis")
  splits <- list(
    workshop = load_split("sdss2019", kyphosis),
    stratified = split_rows(kyphosis, strata = "Kyphosis", prop = 0.75, seed = seed)
  )
  results <- list()
  evaluations <- list()
  nets <- list()
  for (name in names(splits)) {
    split <- splits[[name]]
    glm <- fit_glm(formula, split$train, event = "present")
    nets[[name]] <- fit_net(formula, split$train, event = "present", units = c(16, 8), seed = seed, verbose = 0)
    if (nets[[name]]$interrupted) rlang::interrupt()
    for (kind in c("glm", "net")) {
      model <- if (kind == "glm") glm else nets[[name]]
      evaluation <- evaluate_model(model, split$test)
      evaluations[[paste0(kind, ", ", names[[name]])]] <- evaluation
      results <- c(results, list(demo_result(name, kind, split, model, evaluation)))
    }
  }
  plot_roc(evaluations, file.path(folder, "demo-roc-r.png"))
  plot_history(nets$workshop, file.path(folder, "demo-history-r.png"))
  models <- list(glm = glm, net = nets$stratified)
  comparison <- compare_models(models, kyphosis, folds = 10, repeats = 10, seed = seed, verbose = 0)
  if (length(comparison$unfinished)) rlang::interrupt()
  write_report(comparison, file.path(folder, "demo-report-r.html"))
  dicts <- py_list(lapply(results, function(result) py_dict(demo_dict(result))))
  live <- live_object(comparison, "The comparison")
  cat(from_python(call_core("demo.finish_demo", as_py_path(folder), "r", dicts, live)), sep = "")
  columns <- c("split", "model", "auroc", "low", "high", "log_loss", "n", "events")
  invisible(do.call(rbind, lapply(results, function(result) tibble::as_tibble(result[columns]))))
}

demo_result <- function(name, kind, split, model, evaluation) {
  interval <- evaluation$intervals$auroc
  list(
    split = name, model = kind, auroc = evaluation$measures$auroc, low = interval$low, high = interval$high,
    log_loss = evaluation$measures$log_loss, n = evaluation$n, events = evaluation$n_events,
    n_train = length(split$train_ids), test_ids = split$test_ids, probability = evaluation$score,
    coefficients = if (kind == "glm") unname(stats::coef(model)) else double()
  )
}

demo_dict <- function(result) {
  result$test_ids <- as_py_rows(result$test_ids)
  result[c("probability", "coefficients")] <- lapply(result[c("probability", "coefficients")], as_py_vector)
  lapply(result, as_py_option)
}
