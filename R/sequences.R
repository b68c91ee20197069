# Sequences that are predicted symbol by symbol: texts go to the core as character vectors; what it says comes back as
# tibbles, whose `tokens` are list columns.

#' Fit a net that predicts sequences symbol by symbol
#'
#' Without sources it is a language model: it knows how probable a sequence is, and makes up others. With sources it
#' reads one (encoder) and says another (decoder).
#'
#' @param target Character vector of sequences to be predicted.
#' @param source Character vector of what is read before each of them; `NULL` is nothing.
#' @param unit What is predicted one after the other: `"character"`, or `"word"`, which white space parts. Words that
#'   are in a single training sequence are one symbol, the unknown one.
#' @param architecture `"gru"`, `"lstm"`, `"rnn"` or `"transformer"`; `NULL` is gru.
#' @param attention Whether each symbol that is said looks at all symbols of the source; `NULL`: where there is a
#'   source. A transformer always does.
#' @param weights Weights of the sequences.
#' @param ... Options of training and of the architecture, as in [fit_net()]: `units`, `embedding` (0: a column for each
#'   symbol), `dropout`, `epochs`, `learning_rate`, `validation`, `patience`, `seed`, ...
#' @return A model of class `bineural_sequence`, for [predict()][predict.bineural_sequence], [generate()],
#'   [score_sequences()], [plot_attention()], [compare_models()], `summary()`, `plot()`, [save_model()] and `saveRDS()`.
#'   A list with `errors` (of the net and of its baseline on the sequences watched: bits per symbol, with sources the
#'   share that is not met exactly), `symbols`, `history`, `seed` and more; `baseline()` is the n-gram, or copying the
#'   source or the most frequent target (`NULL` in a new session).
#' @details
#' In training the true symbols before each one are given (teacher forcing); [generate()] gives the net what it has said
#' itself. What is made small is the sum over all symbols of a sequence, the end among them.
#' @section Conditions:
#' `bineural_InputError` if sequences or options cannot be used.
#' @references Sutskever, Vinyals and Le (2014). Sequence to sequence learning with neural networks. *NeurIPS* 27.
#'   Luong, Pham and Manning (2015). Effective approaches to attention-based neural machine translation. *EMNLP*.
#' @export
#' @examplesIf bineural_available()
#' pairs <- make_sequences("reversal", 100, seed = 1)
#' model <- fit_sequence(pairs$target, pairs$source, units = 8, epochs = 2, seed = 1)
#' predict(model, c("abc", "bca"))
fit_sequence <- function(target,
                         source = NULL,
                         unit = "character",
                         architecture = NULL,
                         attention = NULL,
                         weights = NULL,
                         ...) {
  call <- rlang::current_env()
  object <- rlang::inject(call_core(
    "fit_sequence",
    as_py_vector(target, "target", call),
    as_py_vector(source, "source", call),
    unit = as_py_text(unit),
    architecture = as_py_option(architecture),
    attention = as_py_flag(attention),
    weights = as_py_option(weights),
    !!!seeded(architecture_options(..., call = call)),
    .call = call
  ))
  new_model(object)
}

#' Predict targets or log probabilities with a model of sequences
#'
#' @param object What [fit_sequence()] returned.
#' @param new_data Character vector: sources, whose targets are said; or with `type = "log_prob"` targets.
#' @param type `"sequence"`: the target of each source, `.pred`, by greedy search or beams. `"log_prob"`: `.log_prob`,
#'   the log probability of each target in nats, its end among it.
#' @param source With `type = "log_prob"` and a model that reads sources: that of each target.
#' @param beams Hypotheses that are kept in the search; 1 is greedy.
#' @param ... Must be empty.
#' @return A tibble with a row for each of `new_data`.
#' @export
#' @examplesIf bineural_available()
#' model <- fit_sequence(c("abab", "ab", "ababab"), units = 4, epochs = 2, validation = NULL, seed = 1)
#' predict(model, c("ab", "ba"), type = "log_prob")
predict.bineural_sequence <- function(object, new_data, type = "sequence", source = NULL, beams = 1, ...) {
  check_dots(...)
  type <- rlang::arg_match0(type, c("sequence", "log_prob"))
  model <- python_model(object)
  rows <- as_py_vector(new_data)
  if (type == "log_prob") {
    values <- from_python(call_core(model$log_prob, rows, as_py_vector(source)))
    return(tibble::tibble(.log_prob = as.vector(values)))
  }
  said <- from_python(call_core(model$predict, rows, beams = as_py_count(beams)))
  tibble::tibble(.pred = as.character(unlist(said)))
}

#' Fit an n-gram to sequences: the baseline of language models
#'
#' The probability of a symbol after a context is how often it followed it, smoothed by the same of a shorter context.
#'
#' @inheritParams fit_sequence
#' @param order Symbols of a gram: 1 is how frequent each is, 3 looks at two symbols before. `NULL` chooses 1 to 8 by
#'   the likelihood of sequences that are held out.
#' @param strength How many symbols the probabilities of shorter contexts count for; `NULL` chooses it with the order.
#' @return An object of class `bineural_ngram`, for [score_sequences()], [generate()] and [compare_models()]: a list
#'   with `order`, `strength` and `n_symbols`.
#' @section Conditions:
#' `bineural_InputError` if there are no sequences of text.
#' @references MacKay and Peto (1995). A hierarchical Dirichlet language model. *Natural Language Engineering* 1(3),
#'   289-307.
#' @export
#' @examplesIf bineural_available()
#' fit_ngram(c("anna", "hanna", "susanna"), order = 3)
fit_ngram <- function(target, unit = "character", order = NULL, strength = NULL) {
  object <- call_core(
    "fit_ngram", as_py_vector(target),
    unit = as_py_text(unit), order = as_py_count(order), strength = as_py_number(strength)
  )
  new_ngram(object)
}

new_ngram <- function(object) {
  attribute <- function(name) from_python(reticulate::py_get_attr(object, name))
  parts <- list(
    order = attribute("order_"), strength = attribute("strength_"), n_symbols = attribute("n_symbols"),
    text = printed(object)
  )
  structure(c(parts, standing_for(object)), class = "bineural_ngram")
}

#' @export
print.bineural_ngram <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

# A model of sequences, or a baseline of one, as the core knows it.
as_py_predictor <- function(model, call) {
  if (inherits(model, "bineural_ngram")) return(live_object(model, "The n-gram", call))
  python_model(model, "model", call)
}

#' Measure how well a model predicts sequences
#'
#' @param model What [fit_sequence()] or [fit_ngram()] returned.
#' @param target Character vector of sequences that it was not trained on.
#' @param source That of each, where the model reads sources.
#' @param beams Hypotheses that are kept in the search for a target, where there are sources; 1 is greedy.
#' @return Tibble of one row: `n` sequences with `n_symbols` symbols, the end of each counted; their `log_prob` (nats,
#'   of all); `bits_per_symbol`; `perplexity`, 2 to the power of it; with sources `exact_match`, the share of targets
#'   that are met to the last symbol, and `edit_distance`, the mean of edits that are missing. `NaN` is what a model
#'   does not say.
#' @details
#' A symbol that training has not counts as the unknown one. Bits per symbol of two models can be compared where both
#' have learnt their symbols from the same sequences.
#' @section Conditions:
#' `bineural_InputError` if `model` predicts no sequences, or a source is missing.
#' @export
#' @examplesIf bineural_available()
#' score_sequences(fit_ngram(c("anna", "hanna", "susanna"), order = 3), "nanna")
score_sequences <- function(model, target, source = NULL, beams = 1) {
  call <- rlang::current_env()
  from_python(call_core(
    "score_sequences", as_py_predictor(model, call), as_py_vector(target), as_py_vector(source),
    beams = as_py_count(beams)
  ))
}

#' Count the edits that make each target of what was said
#'
#' @param said,target Character vectors of the same length.
#' @param unit `"character"` or `"word"`: what is inserted, deleted or replaced.
#' @return Integer vector: insertions, deletions and replacements, at least (Levenshtein's distance).
#' @references Levenshtein (1966). Binary codes capable of correcting deletions, insertions and reversals. *Soviet
#'   Physics Doklady* 10(8), 707-710.
#' @export
#' @examplesIf bineural_available()
#' edit_distance("kitten", "sitting")
edit_distance <- function(said, target, unit = "character") {
  as.integer(from_python(call_core("edit_distance", as_py_vector(said), as_py_vector(target), unit = as_py_text(unit))))
}

#' Make pairs of sequences that follow a rule
#'
#' @param task `"reversal"`: 3 to 8 random letters among a to j, and the same backwards. `"pig_latin"`: random words of
#'   English look; the consonants that a word begins with move to its end, before "ay", and a word that begins with a
#'   vowel gets "way". `"dates"`: days from 1900 to 2099 as people write them, in one of four forms, and as
#'   year-month-day.
#' @param n Pairs; they are all different.
#' @param seed A whole number; `NULL` draws one from R's random numbers.
#' @return Tibble of `source` and `target`.
#' @export
#' @examplesIf bineural_available()
#' make_sequences("dates", 3, seed = 1)
make_sequences <- function(task, n = 1000, seed = NULL) {
  from_python(call_core("make_sequences", as_py_text(task), as_py_count(n), seed = as_py_seed(seed)))
}

#' Search for the most probable sequences of a step function with a beam
#'
#' @param step Function of the tokens so far, a vector that begins with `start`; it returns the log probability (nats)
#'   of each token that may follow: a numeric vector with the tokens as names, or without names, whose positions from 1
#'   are the tokens. `-Inf` is a token that can't follow.
#' @param start,end Tokens that every sequence begins with, and ends with: text, or whole numbers.
#' @param width Hypotheses that are kept at each step; 1 is greedy search. With as many as there are sequences of
#'   `max_length` - 1 tokens (or more) the search is exhaustive.
#' @param length_penalty The score of a sequence is its log probability over its number of tokens (those after the
#'   start, the end among them) to the power of this: 0 leaves the log probability, which favours short sequences; 1 is
#'   its mean over tokens.
#' @param max_length Tokens after the start at most; sequences that have not ended by then are cut off there.
#' @return Tibble of at most `width` sequences, the best score first: `rank`, `sequence` (tokens without start and end,
#'   parted by spaces), `log_prob`, `score`, `length`, `finished` (`FALSE` where it was cut off), and `tokens`, a list
#'   column. Its attribute `"tree"` is what [plot_search_tree()] draws.
#' @details
#' Hypotheses that have reached the end are frozen and keep their place among the others. The penalty is used only
#' between sequences that have ended (or been cut off), not between steps.
#' @section Conditions:
#' `bineural_InputError` if `step` returns no log probabilities, or no token can follow.
#' @references Wu and others (2016). Google's neural machine translation system. *arXiv* 1609.08144, section 7.
#' @export
#' @examplesIf bineural_available()
#' after <- list(
#'   "<start>" = c(a = 0.6, b = 0.4), a = c(c = 0.4, "<end>" = 0.6),
#'   b = c(c = 0.05, "<end>" = 0.95), c = c("<end>" = 1)
#' )
#' step <- function(tokens) log(after[[tail(tokens, 1)]])
#' decode_beams(step, "<start>", "<end>", width = 1)
#' decode_beams(step, "<start>", "<end>", width = 2)
decode_beams <- function(step, start, end, width = 4, length_penalty = 0, max_length = 50) {
  call <- rlang::current_env()
  found <- call_core(
    "decode_beams", as_py_beam_step(step, call), as_py_level(start), as_py_level(end),
    width = as_py_count(width), length_penalty = as_py_number(length_penalty), max_length = as_py_count(max_length)
  )
  new_hypotheses(found)
}

# A step function of R's: it gets a vector, and its answer is sent as names and numbers.
as_py_beam_step <- function(step, call) {
  if (is_python(step)) return(step)
  if (!is.function(step)) return(as_py_option(step, "step", call))
  parts_of <- function(tokens) {
    answer <- step(unlist(tokens))
    if (!is.numeric(answer) || !length(answer)) answer <- NA_real_
    list(names = if (is.null(names(answer))) NULL else as.list(names(answer)), values = as.list(as.numeric(answer)))
  }
  call_core("sequences.beams.step_from_r", as_py_function(parts_of), .call = call)
}

new_hypotheses <- function(found) {
  parts <- call_core("sequences.beams.hypotheses_to_r", found)
  table <- from_python(parts$get("table"))
  tokens <- from_python(parts$get("tokens"))
  if (!is.null(tokens)) table$tokens <- lapply(tokens, unlist)
  attr(table, "tree") <- from_python(parts$get("tree"))
  table
}

#' Generate rows, or sequences
#'
#' @param x A variational autoencoder, whose codes are drawn from a standard normal distribution and decoded; a
#'   generator of [fit_gan()], which makes rows of normal noise; a machine of [fit_rbm()]; or a model of sequences.
#' @param n Number of rows or sequences; to a model that reads sources, a character vector of them.
#' @param start What sequences of a language model begin with.
#' @param temperature Symbols are drawn from log probabilities divided by it: below 1 the probable ones come more often,
#'   at 0 always the most probable one (greedy search). `NULL` is 1 for a language model; a model with sources is then
#'   not drawn from, but searched.
#' @param top_k Only so many of the most probable symbols are drawn from.
#' @param beams Hypotheses that a beam keeps, see [decode_beams()]: of a language model the `n` best of them are given,
#'   of each source the best, and of one source alone all, with what [plot_search_tree()] draws. `NULL` is 1, greedy,
#'   where sources are searched.
#' @param length_penalty Of beams: the log probability is divided by the length to the power of it.
#' @param max_length Symbols of a sequence, its end among them; `NULL`: as many as the longest one of training had.
#' @param seed A whole number; `NULL` draws one from R's random numbers.
#' @param ... Must be empty.
#' @return Tibble, matrix or array, in the units of the training rows; of an autoencoder the mean of each value given
#'   the drawn codes. Of sequences a tibble: `sequence`, its `log_prob` under the model (nats, the end among it), its
#'   `length` with the end, and whether it is `finished` or was cut off; with beams `rank` and `score` too, and `source`
#'   where there is one.
#' @section Conditions:
#' `bineural_InputError` if the model generates nothing, or ways to generate exclude each other.
#' @name generate-methods
#' @examplesIf bineural_available()
#' coder <- fit_autoencoder(iris[1:4], 2, variational = TRUE, epochs = 5, seed = 1)
#' generate(coder, 3, seed = 1)
#' generate(fit_ngram(c("anna", "hanna", "susanna", "nathan")), 3, seed = 1)
NULL

#' @rdname generate-methods
#' @export
generate.bineural_model <- function(x,
                                    n = 1,
                                    start = NULL,
                                    temperature = NULL,
                                    top_k = NULL,
                                    beams = NULL,
                                    length_penalty = 0,
                                    max_length = NULL,
                                    seed = NULL,
                                    ...) {
  check_dots(...)
  given <- if (is.character(n)) as_py_vector(n) else as_py_count(n)
  made <- call_core(
    "generate", as_py_predictor(x, rlang::current_env()), given,
    start = as_py_text(start), temperature = as_py_number(temperature), top_k = as_py_count(top_k),
    beams = as_py_count(beams), length_penalty = as_py_number(length_penalty), max_length = as_py_count(max_length),
    seed = as_py_seed(seed)
  )
  if (inherits(x, c("bineural_sequence", "bineural_ngram"))) new_hypotheses(made) else from_python(made)
}

#' @rdname generate-methods
#' @export
generate.bineural_ngram <- generate.bineural_model
