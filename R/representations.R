#' Fit an autoencoder: a net that squeezes rows into codes and makes them again
#'
#' PCA of the same width stands beside it.
#'
#' @param x Rows: a data frame, numeric matrix, or images or sequences as [fit_net()] takes them. Or a formula without
#'   an outcome, such as `~ Age + Start`, with `data`. `NULL`: nothing is fitted, and what comes back stands in
#'   [compare_models()].
#' @param n_codes Numbers that a row is squeezed into.
#' @param data Data frame, beside a formula.
#' @param architecture `"dense"` (for any rows; `units` are the hidden layers on the way to the codes, and in reverse
#'   back), `"deep"` (1000-500-250 units), `"convolutional"` (images), `"recurrent"` (sequences), an architecture of the
#'   zoo that learns rows, or a Keras model or builder with the same outputs. `NULL` is dense, and recurrent for a list
#'   of sequences.
#' @param variational Whether codes are drawn about their means in training, and pay for their distance from a standard
#'   normal distribution; rows can then be generated.
#' @param noise SD of normal numbers that are added to the scaled input in training (denoising); the target stays clean.
#' @param beta Factor on the Kullback-Leibler divergence of a variational one; 1 is the evidence lower bound.
#' @param likelihood What a value is about its reconstruction: normal (`"gaussian"`), or 0 or 1 (`"bernoulli"`; rows
#'   then hold numbers from 0 to 1).
#' @param weights Row weights: the name of a column, or a number for each row.
#' @param ... Options of training and of the architecture, as in [fit_net()]: `units`, `activation`, `epochs`, `seed`,
#'   ... (not those of an outcome or an ensemble).
#' @return A model of class `bineural_autoencoder`, for [predict()][predict.bineural_autoencoder], [generate()],
#'   `summary()`, `glance()`, `tidy()` (`model` and `mse`), `augment()`, `plot()`, [compare_models()], [save_model()],
#'   `saveRDS()`. Its `errors` are the mean squared errors of the scaled values, of the net and of PCA, on the rows
#'   watched. Without `x` an object of class `bineural_net_value`, as of [make_net()].
#' @section Conditions:
#' `bineural_InputError` if rows or options cannot be used.
#' @export
#' @examplesIf bineural_available()
#' coder <- fit_autoencoder(iris[1:4], 2, epochs = 5, seed = 1)
#' coder
#' predict(coder, head(iris[1:4]))
fit_autoencoder <- function(x = NULL,
                            n_codes = 2,
                            data = NULL,
                            architecture = NULL,
                            variational = FALSE,
                            noise = 0,
                            beta = 1,
                            likelihood = "gaussian",
                            weights = NULL,
                            ...) {
  call <- rlang::current_env()
  object <- rlang::inject(call_core(
    "fit_autoencoder",
    as_py_rows_alone(x, call),
    as_py_count(n_codes),
    if (!is.null(data)) as_py_data(data, "data", call),
    architecture = as_py_option(architecture),
    variational = as_py_flag(variational),
    noise = as_py_number(noise),
    beta = as_py_number(beta),
    likelihood = as_py_text(likelihood),
    weights = as_py_option(weights),
    !!!seeded(architecture_options(..., call = call)),
    .call = call
  ))
  fitted_to_rows(object, x)
}

# Rows, or a formula of one side; nothing where nothing is fitted.
as_py_rows_alone <- function(x, call) {
  if (is.null(x)) return(NULL)
  if (inherits(x, "formula") || rlang::is_string(x)) as_py_formula(x, "x", call) else as_py_data(x, "x", call)
}

# A fitted net of rows; one that is not fitted where there were none.
fitted_to_rows <- function(object, x) {
  if (!is.null(x)) return(new_model(object, formula = if (inherits(x, "formula")) x))
  structure(c(list(formula = NULL), standing_for(object)), class = "bineural_net_value")
}

#' @export
tidy.bineural_autoencoder <- function(x, ...) {
  check_dots(...)
  tibble::as_tibble(from_python(call_core(python_model(x)$tidy)))
}

#' @export
tidy.bineural_gan <- tidy.bineural_autoencoder

#' @export
tidy.bineural_rbm <- tidy.bineural_autoencoder

#' Predict codes, rows or errors with an autoencoder
#'
#' @param object What [fit_autoencoder()] returned.
#' @param new_data Rows like those of training.
#' @param type `"codes"`: a tibble of `.code_1`, `.code_2`, ... (of a variational one their means). `"rows"`: the rows
#'   as they are made again from their codes, in their own units: a tibble, matrix or array, or a list of sequences of
#'   unequal lengths. `"error"`: the mean
#'   squared error of each row's scaled values, `.error`. `"score"`: how usual rows are, `.score` (low scores are
#'   anomalies; of a variational one the evidence lower bound in nats).
#' @param ... Must be empty.
#' @return A tibble with a row for each row of `new_data`; for `"rows"` of an array an array.
#' @export
#' @examplesIf bineural_available()
#' coder <- fit_autoencoder(iris[1:4], 2, epochs = 5, seed = 1)
#' predict(coder, iris[1:3, 1:4], type = "rows")
predict.bineural_autoencoder <- function(object, new_data, type = "codes", ...) {
  check_dots(...)
  type <- rlang::arg_match0(type, c("codes", "rows", "error", "score"))
  model <- python_model(object)
  rows <- as_py_data(new_data)
  answer <- switch(type,
    codes = from_python(call_core(model$transform, rows)),
    rows = return(from_python(call_core(model$reconstruct, rows))),
    error = from_python(call_core(model$reconstruction_errors, rows)),
    score = from_python(call_core(model$score_samples, rows))
  )
  if (type != "codes") return(rlang::set_names(tibble::tibble(as.vector(answer)), paste0(".", type)))
  colnames(answer) <- paste0(".code_", seq_len(ncol(answer)))
  tibble::as_tibble(answer)
}

#' @export
augment.bineural_autoencoder <- function(x, new_data, ...) {
  check_dots(...)
  tibble::as_tibble(cbind(new_data, predict(x, new_data), predict(x, new_data, type = "error")))
}

#' Fit a generative adversarial net: a generator that makes rows of noise, against a discriminator
#'
#' @inheritParams fit_autoencoder
#' @param n_noise Normal numbers that a row is made of.
#' @param architecture `"dense"` (for any rows; `units` are the hidden layers of the discriminator, and in reverse of
#'   the generator), `"dcgan"` (images), or the name of another architecture for samples in the zoo. `NULL` is dense.
#' @param ... Options of training and of the architecture, as in [fit_net()]: `units`, `epochs`, `learning_rate`,
#'   `seed`, ... (not those of an outcome, an ensemble or of stopping).
#' @return A model of class `bineural_gan`, for [generate()], `summary()`, `plot()` (both losses, see [plot_history()]),
#'   `predict()` (`.real`, the probability that rows are real as the discriminator sees it), `glance()`, `tidy()` (the
#'   `loss` of each `net` after training, and its `optimum`), [save_model()] and `saveRDS()`. Without `x` an object of
#'   class `bineural_net_value`, as of [make_net()]. A warning of class `bineural_CollapsedWarning` says if made rows
#'   are much more alike than real ones.
#' @section Conditions:
#' `bineural_InputError` if rows or options cannot be used.
#' @export
#' @examplesIf bineural_available()
#' gan <- fit_gan(iris[1:4], units = 8, epochs = 5, seed = 1)
#' generate(gan, 3, seed = 1)
fit_gan <- function(x = NULL,
                    data = NULL,
                    n_noise = 16,
                    architecture = NULL,
                    weights = NULL,
                    ...) {
  call <- rlang::current_env()
  object <- rlang::inject(call_core(
    "fit_gan",
    as_py_rows_alone(x, call),
    if (!is.null(data)) as_py_data(data, "data", call),
    n_noise = as_py_count(n_noise),
    architecture = as_py_option(architecture),
    weights = as_py_option(weights),
    !!!seeded(architecture_options(..., call = call)),
    .call = call
  ))
  fitted_to_rows(object, x)
}

#' @export
predict.bineural_gan <- function(object, new_data, ...) {
  check_dots(...)
  tibble::tibble(.real = as.vector(from_python(call_core(python_model(object)$predict_real, as_py_data(new_data)))))
}

#' Compute how well a classifier tells made rows from real ones
#'
#' @param real,made Data frames, matrices or arrays of numbers: real rows that the generator was not trained on, and
#'   rows that it made.
#' @param seed A whole number, of the halves and of the forest.
#' @return Tibble of one row: `auroc` (0.5: not at all; 1: without an error), `lower` and `upper`, DeLong's 95 %
#'   interval, and `n_real` and `n_made`, the rows it is of.
#' @details
#' A random forest of 300 trees is fitted to one half of the real and of the made rows, and asked about the other half:
#' over folds of all rows areas would come out below 0.5 where there is no difference.
#' @section Conditions:
#' `bineural_InputError` if rows differ in shape, or there are fewer than 20 of either.
#' @references Lopez-Paz and Oquab (2017). Revisiting classifier two-sample tests. *ICLR*.
#' @export
#' @examplesIf bineural_available()
#' set.seed(1)
#' two_sample_auroc(matrix(rnorm(80), 40), matrix(rnorm(80, 2), 40))
two_sample_auroc <- function(real, made, seed = 1) {
  answer <- call_core("two_sample_auroc", as_py_data(real), as_py_data(made), seed = as_py_seed(seed))
  tibble::as_tibble(from_python(answer$`_asdict`()))
}

#' Judge the rows that a generator makes
#'
#' As many are made as there are real ones.
#'
#' @param model What [fit_gan()], [fit_rbm()] or [fit_autoencoder()] with `variational = TRUE` returned.
#' @param real Real rows that the generator was not trained on.
#' @param train The rows that it was trained on.
#' @param labels Classes of the real rows, for the coverage, or `NULL`.
#' @param seed A whole number, of made rows and classifiers.
#' @return An object of class `bineural_judged_samples`, a list: `told_apart` (how well a classifier tells made rows
#'   from real ones, see [two_sample_auroc()]), `nearness` (median distance of made rows from the nearest training row,
#'   over that of the real rows; far below 1 training rows are copied), `copied` (share of made rows that are nearer to
#'   a training row than 95 in 100 real rows are), `classes` (tibble: the share of each class among real and made rows,
#'   the latter as a classifier takes them), `coverage` (sum over classes of the smaller of both shares: 1 where made
#'   rows have the classes of real ones) and `spread` (mean distance of made rows from one another, over that of real
#'   rows).
#' @details
#' Distances are Euclidean, of values scaled as the generator has them. Both classifiers are random forests of 300
#' trees; that of classes is fitted to the real rows, and so the same for all generators that scale rows alike.
#' @section Conditions:
#' `bineural_InputError` if the model generates nothing, rows can't be used, or fewer than 20 are complete.
#' @export
#' @examplesIf bineural_available()
#' vae <- fit_autoencoder(iris[1:100, 1:4], 2, variational = TRUE, epochs = 3, seed = 1)
#' judge_samples(vae, iris[101:150, 1:4], iris[1:100, 1:4])
judge_samples <- function(model,
                          real,
                          train,
                          labels = NULL,
                          seed = 1) {
  object <- call_core(
    "judge_samples", python_model(model), as_py_data(real), as_py_data(train),
    labels = if (!is.null(labels)) as_py_vector(labels), seed = as_py_seed(seed)
  )
  parts <- from_python(object)
  parts$told_apart <- tibble::as_tibble(parts$told_apart)
  structure(c(parts, list(text = from_python(object$`__str__`()))), class = "bineural_judged_samples")
}

#' @export
print.bineural_judged_samples <- function(x, ...) {
  check_dots(...)
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @importFrom generics generate
#' @export
generics::generate

#' Fit a restricted Boltzmann machine: hidden units, 0 or 1, of rows that are 0 or 1
#'
#' @inheritParams fit_autoencoder
#' @param x Rows of numbers from 0 to 1: a data frame, numeric matrix or images. Or a formula without an outcome, such
#'   as `~ a + b`, with `data`. `NULL`: nothing is fitted, and what comes back stands in [compare_models()].
#' @param n_hidden Hidden units.
#' @param steps Gibbs steps from the rows (or of the chains) in each step of training: the k of CD-k.
#' @param persistent Whether 100 chains go on from one step of training to the next, instead of starting from the rows.
#' @param ... Options of training, as in [fit_net()]: `epochs`, `batch_size`, `learning_rate`, `seed`, ...
#' @return A model of class `bineural_rbm`, for [predict()][predict.bineural_rbm], [generate()], `summary()`,
#'   `glance()`, `tidy()` (a row for each `weight` between a `unit` and a `column`, and each bias), `plot()`,
#'   [save_model()] and `saveRDS()`; and for `pretrain` of [fit_net()]. Without `x` an object of class
#'   `bineural_net_value`, as of [make_net()].
#' @section Conditions:
#' `bineural_InputError` if rows or options cannot be used.
#' @references Hinton (2002). Training products of experts by minimizing contrastive divergence. *Neural Computation*
#'   14(8), 1771-1800.
#' @export
#' @examplesIf bineural_available()
#' set.seed(1)
#' x <- matrix(rbinom(240, 1, 0.5), 60)
#' rbm <- fit_rbm(x, 2, epochs = 2, seed = 1)
#' predict(rbm, x[1:3, ])
fit_rbm <- function(x = NULL,
                    n_hidden = 64,
                    data = NULL,
                    steps = 1,
                    persistent = FALSE,
                    weights = NULL,
                    ...) {
  call <- rlang::current_env()
  object <- rlang::inject(call_core(
    "fit_rbm",
    as_py_rows_alone(x, call),
    as_py_count(n_hidden),
    if (!is.null(data)) as_py_data(data, "data", call),
    steps = as_py_count(steps),
    persistent = as_py_flag(persistent),
    weights = as_py_option(weights),
    !!!seeded(architecture_options(..., call = call)),
    .call = call
  ))
  fitted_to_rows(object, x)
}

#' Predict hidden units or likelihoods with a Boltzmann machine
#'
#' @param object What [fit_rbm()] returned.
#' @param new_data Rows like those of training.
#' @param type `"units"`: a tibble of `.unit_1`, `.unit_2`, ..., the probabilities of the hidden units.
#'   `"log_likelihood"`: the exact log likelihood of each row in nats, `.log_likelihood`, beside `.baseline`, that of
#'   independent columns (where one side has at most 20 units). `"score"`: the log likelihood up to one constant,
#'   `.score`.
#' @param ... Must be empty.
#' @return A tibble with a row for each row of `new_data`.
#' @export
#' @examplesIf bineural_available()
#' set.seed(1)
#' x <- matrix(rbinom(240, 1, 0.5), 60)
#' predict(fit_rbm(x, 2, epochs = 2, seed = 1), x[1:3, ], type = "log_likelihood")
predict.bineural_rbm <- function(object, new_data, type = "units", ...) {
  check_dots(...)
  type <- rlang::arg_match0(type, c("units", "log_likelihood", "score"))
  model <- python_model(object)
  rows <- as_py_data(new_data)
  if (type == "log_likelihood") {
    return(tibble::tibble(
      .log_likelihood = as.vector(from_python(call_core(model$log_likelihood, rows))),
      .baseline = as.vector(from_python(call_core(model$baseline_log_likelihood, rows)))
    ))
  }
  if (type == "score") return(tibble::tibble(.score = as.vector(from_python(call_core(model$score_samples, rows)))))
  units <- from_python(call_core(model$transform, rows))
  colnames(units) <- paste0(".unit_", seq_len(ncol(units)))
  tibble::as_tibble(units)
}
