test_that("the optimism bootstrap gives what R's own glm and sample.int give", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  found <- optimism_bootstrap(Kyphosis ~ Age + Number + Start, kyphosis, event = "present", seed = 1)
  expect_equal(found$auroc_corrected, 0.8417557153464451, tolerance = 1e-12)
  expect_identical(c(found$n, found$n_events, found$n_boot), c(81L, 17L, 200L))
  expect_snapshot(found)

  y <- kyphosis$Kyphosis == "present"
  few <- optimism_bootstrap(Kyphosis ~ Start + poly(Age, 2), kyphosis, event = "present", n_boot = 5, seed = 3)
  withr::local_seed(3, .rng_kind = "Mersenne-Twister", .rng_sample_kind = "Rejection")
  gains <- replicate(5, {
    draw <- sample.int(81, 81, TRUE)
    fit <- stats::glm(Kyphosis ~ Start + poly(Age, 2), stats::binomial, kyphosis[draw, ])
    score <- stats::predict(fit, kyphosis)
    auroc(y[draw], score[draw]) - auroc(y, score)
  })
  expect_equal(few$auroc_optimism, mean(gains))
})

test_that("the permutation test takes formulas, arrays and folds", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  found <- permutation_test(Kyphosis ~ Start, kyphosis, event = "present", folds = 5, n_permutations = 19, seed = 1)
  expect_identical(found$p_value, 1 / 20)
  expect_length(found$permuted, 19)
  expect_snapshot(found)
  folds <- make_folds(kyphosis, 5, strata = "Kyphosis", seed = 1)
  x <- as.matrix(kyphosis["Start"])
  again <- permutation_test(x, kyphosis$Kyphosis, event = "present", folds = folds, n_permutations = 19, seed = 1)
  expect_equal(again$permuted, found$permuted)
  noise <- permutation_test(
    Kyphosis ~ Start, kyphosis,
    event = "present", n_permutations = 9, measure = "log_loss", seed = 2
  )
  expect_identical(noise$measure, "log_loss")
})

test_that("what can't be validated is said", {
  skip_without_python()
  kyphosis <- load_dataset("kyphosis")
  expect_snapshot(permutation_test(Kyphosis ~ Start, kyphosis), error = TRUE)
  expect_snapshot(optimism_bootstrap(Kyphosis ~ Start, kyphosis, event = "present", n_boot = 0), error = TRUE)
  skip_without("recipes")
  recipe <- recipes::recipe(Kyphosis ~ Start, kyphosis)
  expect_error(permutation_test(recipe, kyphosis, event = "present"), class = "bineural_InputError")
})
