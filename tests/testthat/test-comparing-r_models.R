few <- function(...) suppressWarnings(compare_models(..., folds = 3, repeats = 1, seed = 1, baseline = FALSE))

test_that("bare models of R's are fitted again to the training rows, by their own call", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  form <- Kyphosis ~ Age + Start # the call has its name
  bare <- stats::glm(form, stats::binomial(), kyphosis)
  by_hand <- function(train, test) predict(stats::glm(form, stats::binomial(), train), test, type = "response")
  found <- few(list(bare = bare, hand = by_hand, ours = "glm"), kyphosis, event = "present", formula = form)
  own <- split(found$predictions$.pred_present, found$predictions$model)
  expect_equal(own$bare, own$hand)
  expect_equal(own$bare, own$ours, tolerance = 1e-6)
  expect_match(found$text, "bare", all = FALSE)
  line <- stats::lm(mpg ~ wt, datasets::mtcars)
  found <- few(line, datasets::mtcars)
  expect_true("lm" %in% found$table$model)
})

test_that("smooths and trees of R's answer in probabilities", {
  skip_without_python()
  for (package in c("mgcv", "rpart")) skip_without(package)
  kyphosis <- load_dataset("kyphosis")
  gam <- mgcv::gam(Kyphosis ~ s(Start, k = 4), stats::binomial(), data = kyphosis)
  tree <- rpart::rpart(Kyphosis ~ Age + Start, kyphosis)
  found <- few(list(gam = gam, tree = tree), kyphosis, event = "present")
  gam_of_fold <- function(train, test) {
    as.vector(predict(mgcv::gam(Kyphosis ~ s(Start, k = 4), stats::binomial(), data = train), test, type = "response"))
  }
  own <- found$predictions[found$predictions$model == "gam" & found$predictions$fold == 1, ]
  train <- setdiff(seq_len(81), own$row)
  expect_equal(own$.pred_present, gam_of_fold(kyphosis[train, ], kyphosis[own$row, ]))
  evaluation <- evaluate_model(tree, kyphosis, event = "present")
  score <- predict(tree, kyphosis)[, "present"]
  expect_equal(evaluation$table$estimate[1], auroc(as.integer(kyphosis$Kyphosis == "present"), score))
})

test_that("bare models are evaluated as those of ours", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  theirs <- evaluate_model(stats::glm(Kyphosis ~ Start, stats::binomial(), kyphosis), kyphosis, event = "present")
  ours <- evaluate_model(fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), kyphosis)
  expect_equal(theirs$table, ours$table, tolerance = 1e-6)
  line <- evaluate_model(stats::lm(mpg ~ wt, datasets::mtcars), datasets::mtcars)
  expect_equal(line$table, evaluate_model(fit_glm(mpg ~ wt, datasets::mtcars), datasets::mtcars)$table)
})

test_that("a bare model that can't be fitted again says how to write it", {
  skip_without_python()
  x <- datasets::mtcars$wt
  loose <- stats::lm(datasets::mtcars$mpg ~ x)
  line <- "r_model\\(function\\(train\\)"
  expect_error(few(list(loose = loose), datasets::mtcars, "mpg"), line, class = "bineural_InputError")
  weights <- rep(1, 32)
  form <- mpg ~ wt
  environment(form) <- list2env(list(weights = weights), parent = globalenv())
  stuck <- stats::lm(form, datasets::mtcars, weights = weights)
  expect_error(few(list(stuck = stuck), datasets::mtcars), line, class = "bineural_InputError")
})

test_that("yardstick's columns stand in augment(comparison)", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  found <- augment(few("glm", kyphosis, Kyphosis, event = "present"))
  expect_identical(levels(found$truth), c("present", "absent"))
  expect_identical(levels(found$.pred_class), c("present", "absent"))
  expect_equal(found$.pred_present + found$.pred_absent, rep(1, nrow(found)))
  expect_identical(as.character(found$.pred_class) == "present", found$.pred_present >= 0.5)
  iris <- augment(few("glm", datasets::iris, Species))
  expect_identical(sort(levels(iris$truth)), levels(datasets::iris$Species))
})
