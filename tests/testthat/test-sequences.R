# Sequences out, from R: step functions of R's, models of sequences, and what stands beside them.

after <- list(
  "<start>" = c(red = 0.5, blue = 0.4, green = 0.1),
  red = c(house = 0.4, door = 0.35, "<end>" = 0.25),
  blue = c(house = 0.1, door = 0.8, "<end>" = 0.1),
  green = c(house = 0.6, door = 0.2, "<end>" = 0.2),
  house = c("<end>" = 1), door = c("<end>" = 1)
)

test_that("a step function of R's is searched: greedy at width 1, the best of all at full width", {
  skip_without_python()
  step <- function(tokens) log(after[[tail(tokens, 1)]])
  greedy <- decode_beams(step, "<start>", "<end>", width = 1)
  expect_s3_class(greedy, "tbl_df")
  expect_identical(greedy$sequence, "red house")
  expect_equal(greedy$log_prob, log(0.5 * 0.4))
  every <- decode_beams(step, "<start>", "<end>", width = 30)
  expect_identical(every$sequence[[1]], "blue door")
  expect_equal(sum(exp(every$log_prob)), 1)
  expect_identical(every$tokens[[1]], c("blue", "door", "<end>"))
  tree <- attr(every, "tree")
  expect_equal(sum(tree$token_log_prob[tree$on_path]), every$log_prob[[1]])
  penalised <- decode_beams(step, "<start>", "<end>", width = 30, length_penalty = 1)
  expect_equal(penalised$score, penalised$log_prob / penalised$length)
})

test_that("tokens without names are counted from 1, and an error of the function is its own", {
  skip_without_python()
  found <- decode_beams(\(tokens) log(c(0.5, 0.3, 0.2)), 0, 3, width = 2, max_length = 2)
  expect_identical(found$tokens[[1]], c(1L, 1L))
  expect_error(decode_beams(\(tokens) "x", "s", "e"), class = "bineural_InputError")
  expect_error(decode_beams(\(tokens) stop("mine"), "s", "e"), class = "bineural_FunctionError")
})

test_that("an n-gram scores, generates and is kept by saveRDS", {
  skip_without_python()
  ngram <- fit_ngram(c("anna", "hanna", "susanna"), order = 2, strength = 1)
  expect_output(print(ngram), "2-gram of characters")
  scored <- score_sequences(ngram, c("anna", "nan"))
  expect_equal(scored$bits_per_symbol, -scored$log_prob / log(2) / 9)
  expect_equal(scored$perplexity, 2^scored$bits_per_symbol)
  expect_identical(generate(ngram, 3, seed = 1), generate(ngram, 3, seed = 1))
  copy <- unserialize(serialize(ngram, NULL))
  copy$pointer$object <- NULL
  expect_equal(score_sequences(copy, "anna"), score_sequences(ngram, "anna"))
  expect_identical(edit_distance(c("kitten", "ab"), c("sitting", "ab")), c(3L, 0L))
})

test_that("a net says targets, scores them and shows where it looks", {
  skip_without_python()
  pairs <- make_sequences("reversal", 40, seed = 1)
  expect_identical(pairs$target, vapply(strsplit(pairs$source, ""), \(s) paste(rev(s), collapse = ""), ""))
  net <- fit_sequence(pairs$target, pairs$source, units = 4, embedding = 4, epochs = 1, seed = 1)
  expect_s3_class(net, c("bineural_net", "bineural_sequence", "bineural_model"), exact = TRUE)
  expect_named(net$errors, c("net", "baseline"))
  said <- predict(net, pairs$source[1:4])
  expect_identical(said$.pred, generate(net, pairs$source[1:4])$sequence)
  every <- generate(net, pairs$source[[1]], beams = 3)
  expect_length(every$tokens, 3)
  expect_s3_class(attr(every, "tree"), "tbl_df")
  log_prob <- predict(net, pairs$target[1:4], type = "log_prob", source = pairs$source[1:4])$.log_prob
  expect_equal(score_sequences(net, pairs$target[1:4], pairs$source[1:4])$log_prob, sum(log_prob))
  saved <- withr::local_tempfile()
  saveRDS(net, saved)
  expect_equal(predict(readRDS(saved), pairs$source[1:4]), said)
  skip_if_not_installed("ggplot2")
  expect_s3_class(plot_attention(net, "abc"), "ggplot")
  expect_error(predict(net, NA_character_), class = "bineural_InputError")
})

test_that("models of sequences are compared beside the n-gram, and beside copying", {
  skip_without_python()
  names <- tolower(load_dataset("first_names")$name[1:40])
  bigram <- fit_ngram(names, order = 2)
  net <- fit_sequence(names, units = 4, epochs = 1, seed = 1)
  comparison <- compare_models(list(gru = net, bigram = bigram), names, folds = 2, repeats = 1, seed = 1)
  expect_setequal(comparison$table$model, c("gru", "bigram", "null"))
  expect_true("bits_per_symbol" %in% names(comparison$scores))
  pairs <- make_sequences("reversal", 20, seed = 1)
  net <- fit_sequence(pairs$target, pairs$source, units = 4, epochs = 1, seed = 1)
  comparison <- compare_models(list(gru = net), as.data.frame(pairs), folds = 2, repeats = 1, seed = 1)
  expect_setequal(comparison$table$model, c("gru", "copy", "null"))
})

test_that("the tree of a search is drawn", {
  skip_without_python()
  skip_if_not_installed("ggplot2")
  step <- function(tokens) log(after[[tail(tokens, 1)]])
  path <- withr::local_tempfile(fileext = ".png")
  expect_s3_class(plot_search_tree(decode_beams(step, "<start>", "<end>", width = 2), path), "ggplot")
  expect_gt(file.size(path), 1000)
  expect_error(plot_search_tree(data.frame(a = 1)), class = "bineural_InputError")
})
