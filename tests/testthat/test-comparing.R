kyphosis <- load_dataset("kyphosis")
glm_full <- fit_glm(Kyphosis ~ Age + Number + Start, kyphosis, event = "present")
by_rank <- function(k) {
  rank <- ave(seq_len(81), kyphosis$Kyphosis, FUN = seq_along) - 1L
  lapply(seq_len(k) - 1L, function(fold) list(which(rank %% k != fold), which(rank %% k == fold)))
}
r_glm <- function(train, test) {
  fit <- stats::glm(Kyphosis ~ Age + Number + Start, binomial, train)
  stats::predict(fit, test, type = "response")
}

test_that("functions of R's and models of the core see the same rows", {
  found <- compare_models(list(core = glm_full, r = r_glm), kyphosis, folds = by_rank(10))
  own <- split(found$predictions, found$predictions$model)
  expect_equal(own$r$.pred_present, own$core$.pred_present, tolerance = 1e-10)
  expect_equal(own$r$row, own$core$row)
  truth <- as.character(kyphosis$Kyphosis)[own$r$row]
  expect_equal(as.character(own$r$truth), truth)
  table <- as.data.frame(found)
  expect_equal(table$auroc[table$model == "core"], 0.857142857142857, tolerance = 1e-12)
  expect_true(all(found$differences$finding %in% c("too few resamples", "identical")))
  expect_identical(tidy(found), found$table)
  expect_identical(augment(found)[names(found$predictions)], found$predictions)
})

test_that("a difference is R's corrected t", {
  start <- function(train, test) {
    stats::predict(stats::glm(Kyphosis ~ Start, binomial, train), test, type = "response")
  }
  found <- compare_models(list(start = start, full = glm_full), kyphosis, folds = 5, repeats = 10, seed = 2)
  scores <- found$scores
  d <- scores$auroc[scores$model == "start"] - scores$auroc[scores$model == "full"]
  t <- mean(d) / sqrt(var(d) * (1 / 50 + 1 / 4))
  one <- found$differences[found$differences$measure == "auroc", ]
  expect_equal(one$difference, mean(d))
  expect_equal(one$p, 2 * pt(-abs(t), 49), tolerance = 1e-3) # folds of 16 and 17 rows
  expect_match(found$verdicts, "not distinguishable.*with 17 events")
  expect_equal(found$folds[[3]]$test_ids, make_folds(kyphosis, 5, 10, strata = "Kyphosis", seed = 2)[[3]]$test_ids)
})

test_that("R's models are wrapped, may give a column for each class, and draw from the seed", {
  noise <- function(train, test) runif(nrow(test))
  tree <- r_model(
    function(train) rpart::rpart(Kyphosis ~ ., train),
    function(model, test) predict(model, test, type = "prob")
  )
  run <- function() {
    compare_models(list(tree = tree, noise = noise), kyphosis, "Kyphosis", event = "present", folds = 3, repeats = 1,
                   seed = 9)
  }
  set.seed(1)
  before <- .Random.seed
  found <- run()
  expect_identical(.Random.seed, before)
  expect_identical(run()$predictions, found$predictions)
  own <- found$predictions[found$predictions$model == "tree" & found$predictions$fold == 2, ]
  test_ids <- found$folds[[2]]$test_ids
  expect_equal(own$row, test_ids)
  fit <- rpart::rpart(Kyphosis ~ ., kyphosis[found$folds[[2]]$train_ids, ])
  expect_equal(own$.pred_present, unname(predict(fit, kyphosis[test_ids, ])[, "present"]))
  expect_snapshot(print(tree))
})

test_that("R's random stream is left as it was, none where none had begun, whatever the functions do to it", {
  compare <- function(model) {
    compare_models(list(own = model), kyphosis, "Kyphosis", event = "present", folds = 3, repeats = 1, seed = 9)
  }
  turn <- function(train, test) {
    RNGkind("Wichmann-Hill", "Box-Muller")
    stats::runif(nrow(test))
  }
  broken <- function(train, test) stop(stats::runif(1))
  stopped <- function(train, test) rlang::interrupt()
  run <- list(
    function() compare(turn), function() try(compare(broken), silent = TRUE),
    function() suppressWarnings(compare(stopped), "bineural_InterruptedWarning") # the GLM is finished
  )
  withr::local_preserve_seed()
  for (one in run) {
    for (kinds in list(c("Mersenne-Twister", "Inversion", "Rejection"), c("L'Ecuyer-CMRG", "Inversion", "Rounding"))) {
      suppressWarnings(RNGkind(kinds[1], kinds[2], kinds[3]))
      set.seed(4)
      before <- .Random.seed
      one()
      expect_identical(.Random.seed, before)
      expect_identical(RNGkind(), kinds)
      rm(".Random.seed", envir = globalenv())
      suppressWarnings(one())
      expect_false(exists(".Random.seed", globalenv(), inherits = FALSE)) # so the next numbers are new ones
      expect_identical(RNGkind(), kinds)
    }
  }
  RNGkind("default", "default", "default")
})

test_that("the numbers that functions draw depend on the seed, and not on the kind of the session's generator", {
  noise <- function(train, test) stats::runif(nrow(test))
  run <- function() {
    compare_models(list(noise = noise), kyphosis, "Kyphosis",
      event = "present", folds = 3, repeats = 1, seed = 9
    )$predictions
  }
  withr::local_preserve_seed()
  expected <- run()
  RNGkind("L'Ecuyer-CMRG")
  expect_identical(run(), expected)
  RNGkind("default")
})

test_that("one leave-out row stays a vector, and measures of R's are measures", {
  rows <- list(list(2:81, 1L), list(1:80, 81L))
  hit <- function(y_true, prediction) mean((prediction >= 0.5) == y_true)
  found <- compare_models(list(r = r_glm), kyphosis, "Kyphosis", event = "present", folds = rows,
                          measures = list(hit = hit), measure = "hit")
  expect_equal(nrow(found$predictions), 6L)
  own <- found$scores[found$scores$model == "r", ]
  expected <- vapply(rows, function(pair) {
    truth <- kyphosis$Kyphosis[pair[[2]]] == "present"
    as.numeric((r_glm(kyphosis[pair[[1]], ], kyphosis[pair[[2]], ]) >= 0.5) == truth)
  }, 0)
  expect_equal(own$hit, expected)
})

test_that("averages are models", {
  short <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  both <- average_models(list(full = glm_full, short = short))
  mean_of_two <- (predict(glm_full, kyphosis, type = "prob") + predict(short, kyphosis, type = "prob")) / 2
  expect_equal(as.data.frame(predict(both, kyphosis, type = "prob")), as.data.frame(mean_of_two))
  expect_equal(evaluate_model(both, kyphosis)$n_events, 17L)
  models <- list(full = glm_full, short = short, both = average_models(c("full", "short")))
  found <- compare_models(models, kyphosis, folds = 3, repeats = 1, seed = 1)
  own <- split(found$predictions$.pred_present, found$predictions$model)
  expect_equal(own$both, (own$full + own$short) / 2)
})

test_that("a family of differences is judged, and what to know of the estimates is there", {
  share <- function(train, test) rep(mean(train$Kyphosis == "present"), nrow(test))
  turned <- function(train, test) 1 - r_glm(train, test)
  models <- list(full = glm_full, share = share, turned = turned)
  few <- compare_models(models, kyphosis, folds = 4, repeats = 2, seed = 1)
  every <- compare_models(models, kyphosis, folds = 4, repeats = 2, pairs = "all", seed = 1)
  expect_length(few$verdicts, 2)
  expect_length(every$verdicts, 3)
  own <- few$differences[few$differences$measure == "auroc", ]
  expect_equal(own$other, c("full", "full"))
  expect_equal(own$p_holm, p.adjust(own$p, "holm"))
  expect_match(few$notes, "turned ranks the other class first", fixed = TRUE)
  expect_match(few$text, "! turned ranks the other class first", fixed = TRUE, all = FALSE)
  expect_identical(few$warned, character())
  expect_error(compare_models(models, kyphosis, pairs = "some"), "`pairs` must be", class = "bineural_InputError")
})

test_that("it prints", {
  found <- compare_models(list(full = glm_full), kyphosis, folds = 5, repeats = 10, seed = 1)
  expect_snapshot(found)
})

test_that("bad input is said", {
  expect_snapshot(error = TRUE, {
    compare_models("gml", kyphosis, "Kyphosis", event = "present")
    compare_models("glm", kyphosis, "Kyphosis")
    compare_models(list(bad = function(train, test) rep(2, nrow(test))), kyphosis, "Kyphosis", event = "present")
    compare_models(list(bad = function(train, test) stop("no such thing")), kyphosis, "Kyphosis", event = "present")
    compare_models(list(bad = function(train, test) "present"), kyphosis, "Kyphosis", event = "present")
    r_model("glm")
    average_models("glm")
    compare_models("glm", kyphosis, "Kyphosis", event = "present", measures = mean)
  })
})

test_that("a function that fails is named, with the fold and its own error", {
  broken <- r_model(function(train) stop("no such thing"))
  error <- expect_error(
    compare_models(list(broken = broken), kyphosis, "Kyphosis", event = "present", folds = 3, repeats = 1),
    "This is broken, resample 1", class = "bineural_InputError"
  )
  expect_s3_class(error, "bineural_FunctionError")
  expect_match(conditionMessage(error$parent), "no such thing", fixed = TRUE)
})

test_that("a date that orders rows is no predictor", {
  ordered <- cbind(kyphosis, day = as.Date("2020-01-01") + seq_len(nrow(kyphosis)))
  found <- compare_models("glm", ordered, "Kyphosis", event = "present", time = "day", folds = 3, seed = 1)
  expect_match(found$text, "in order of day", fixed = TRUE, all = FALSE)
})

test_that("a baseline that breaks down falls back, R's fits that fail get no verdict, and all is said", {
  cars <- transform(mtcars, am = ifelse(am == 1, "manual", "automatic"), gear = factor(gear))
  r_model <- function(train, test) {
    fit <- stats::glm(factor(am) ~ hp + gear, binomial, train)
    stats::predict(fit, test, type = "response")
  }
  ml <- suppressWarnings(fit_glm(am ~ hp + gear, cars, event = "manual"))
  found <- suppressWarnings(compare_models(
    list(glm = "glm", ml = ml, r = r_model), cars,
    formula = am ~ hp + gear, folds = 5, repeats = 10, seed = 1
  ))
  expect_type(found$warned, "character")
  expect_match(found$warned, "^glm, in [0-9]+ of 50 fits: The classes are .* a ridge of strength", all = FALSE)
  expect_match(found$warned, "^r, in [0-9]+ of 50 fits: glm.fit: fitted probabilities", all = FALSE)
  shown <- paste(capture.output(print(found)), collapse = "\n")
  for (sentence in found$warned) expect_match(shown, strsplit(sentence, "\n")[[1]][1], fixed = TRUE)
  auroc <- found$differences[found$differences$measure == "auroc", ]
  expect_equal(auroc$finding[auroc$other == "glm"], c("failed fits", "failed fits"))
  expect_match(auroc$verdict[auroc$model == "r"], "fits of r failed \\(glm.fit: .*penalty = \"auto\"", all = FALSE)
  expect_match(auroc$verdict[auroc$model == "ml"], "fits of ml failed \\(the classes are", all = FALSE)
})

test_that("a comparison stratifies exactly, reads times of text, and asks about sets of test rows", {
  data <- data.frame(x = sin(1:120), y = rep(c("no", "yes"), c(110, 10)))
  found <- compare_models("glm", data, "y", event = "yes", folds = 5, repeats = 2, seed = 1)
  expect_identical(found$text[1:2], c(
    "1 model and the null model on 120 rows, 10 events (y: yes; no 110)",
    "5 folds x 2 repeats, stratified by y, seed 1"
  ))
  for (i in 1:10) expect_identical(sum(found$folds[[i]]$test_ids > 110), 2L)
  number <- rep(1:3, 40)
  found <- compare_models("glm", data, "y", event = "yes", folds = number, seed = 1)
  expect_equal(found$folds[[2]]$test_ids, which(number == 2))
  expect_error(
    compare_models("glm", data, "y", event = "yes", folds = split(1:120, number)), "look like test rows",
    class = "bineural_InputError"
  )
  days <- as.Date("2021-01-01") + 0:119
  data$when <- format(days, "%d/%m/%Y")
  timed <- data.frame(x = data$x, z = cos(1:120), when = data$when)
  found <- compare_models("glm", timed, "x", folds = 3, time = "when", seed = 1)
  expect_identical(found$text[2], "3 folds, in order of when (read as day/month/year), seed 1")
  for (i in 1:3) expect_lt(max(days[found$folds[[i]]$train_ids]), min(days[found$folds[[i]]$test_ids]))
})

test_that("a message of ours is given for the first fit only, a model's own for each", {
  withr::local_envvar(TZ = "UTC") # recipes' imports ask the system for it otherwise, with a warning
  skip_if_not_installed("recipes")
  rec <- recipes::step_log(recipes::recipe(Volume ~ Girth, trees), Volume, skip = TRUE)
  model <- r_model(
    function(train) {
      message("fitting")
      fit_glm(rec, train)
    },
    function(model, test) exp(predict(model, test)$.pred)
  )
  said <- capture_messages(suppressWarnings(
    compare_models(list(m = model), trees, "Volume", folds = 3, repeats = 1, seed = 1)
  ))
  expect_length(grep("changes the outcome", said), 1)
  expect_length(grep("fitting", said), 3)
})

test_that("what can be called in Python is no function of R's, and functions of R's take columns", {
  keras <- reticulate::import("keras")
  x <- array(rnorm(20 * 3 * 3), c(20, 3, 3))
  y <- factor(rep(c("a", "b"), 10))
  shape <- reticulate::tuple(3L, 3L)
  model <- keras$Sequential(list(keras$Input(shape), keras$layers$Flatten(), keras$layers$Dense(1L)))
  expect_error(
    compare_models(list(mine = model), x, y, event = "a", folds = 2, repeats = 1, seed = 1),
    "architecture of a net", class = "bineural_InputError"
  )
  expect_error(
    compare_models(list(mine = function(train, test) 0.5), x, y, event = "a", folds = 2, repeats = 1, seed = 1),
    "data frame or a matrix", class = "bineural_InputError"
  )
})

test_that("an interrupt leaves the models that are finished, and the same call goes on from its checkpoint", {
  checkpoint <- withr::local_tempfile()
  flag <- withr::local_tempfile()
  share <- 0.2
  stops <- function(train, test) {
    if (!file.exists(flag)) {
      file.create(flag)
      rlang::interrupt()
    }
    rep(share, nrow(test))
  }
  compare <- function(...) {
    models <- list(glm = fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), own = stops, ...)
    compare_models(models, kyphosis, folds = 3, repeats = 1, seed = 3, checkpoint = checkpoint)
  }
  expect_warning(part <- compare(), "own is not in it", class = "bineural_InterruptedWarning")
  expect_identical(part$unfinished, "own")
  expect_identical(part$models, c("glm", "null"))
  whole <- compare()
  expect_identical(whole$unfinished, character())
  expect_identical(whole$models, c("glm", "own", "null"))
  expect_equal(unique(subset(whole$predictions, model == "own")$.pred_present), 0.2)
  unlink(flag) # would stop a fit
  expect_equal(compare()$predictions, whole$predictions)
  share <- 0.3
  expect_error(compare(), "other model \"own\"", class = "bineural_InputError")
})
