test_that("what is computed from a blank is missing, and keeps its shape", {
  pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))
  blanks <- list(
    FILL_IN, 2 * FILL_IN + 1, -FILL_IN, c(FILL_IN, FILL_IN), exp(FILL_IN), FILL_IN > 0, FILL_IN[2], pmax(0, FILL_IN),
    max(0, FILL_IN), sum(FILL_IN, 1), mean(FILL_IN), matrix(FILL_IN, 2, 2), cbind(c(FILL_IN, 1), c(FILL_IN, 1))[1, ],
    pairs %*% c(FILL_IN, FILL_IN), colSums(c(FILL_IN) * pairs), sapply(1:3, function(i) FILL_IN), round(FILL_IN, 2)
  )
  for (blank in blanks) expect_true(all(is.na(blank)))
  expect_identical(dim(pairs * FILL_IN), dim(pairs))
  expect_identical(is.na(c(1, FILL_IN)), c(FALSE, TRUE))
  expect_error(if (FILL_IN > 0) 1, "missing value")
})

test_that("a check says what is still to be filled in, in every form of a blank", {
  skip_without_python()
  core()$course$checking$`_TRIES`$clear()
  for (blank in list(FILL_IN, c(FILL_IN, FILL_IN), c(1, FILL_IN), 2 * c(FILL_IN, 1), list(FILL_IN, 1))) {
    check <- check_exercise("or-gate", weights = blank, bias = 0)
    expect_identical(check$message, "Fill in `weights` (two numbers, one for each input).")
    expect_identical(check$tries, 0L)
  }
  weights <- c(FILL_IN, FILL_IN)
  weights[1] <- 0.5
  weights[2] <- 0.5
  expect_true(check_exercise("or-gate", weights = weights, bias = 0)$passed)
  square <- cbind(c(FILL_IN, FILL_IN), c(FILL_IN, FILL_IN))
  check <- check_exercise("fold-xor", hidden_weights = square, hidden_bias = c(0, -1))
  expect_match(check$message, "^Fill in `hidden_weights`")
  for (f in c(function(x) FILL_IN, function(x) x * FILL_IN)) {
    expect_match(check_exercise("sigmoid-slope", slope = f)$message, "^Fill in `slope`")
  }
  blanks <- list(
    c(FILL_IN, FILL_IN), c(1, FILL_IN), NA, c(NA, 2), list(1, FILL_IN), cbind(c(FILL_IN, 1), 2), c(FILL_IN, 1) * diag(2)
  )
  for (blank in blanks) {
    check <- check_exercise("write-turns", play = function(place, slope, rate) blank)
    expect_match(check$message, "^Fill in `play`: it returns nothing for place = 2")
    expect_identical(check$tries, 0L)
  }
  check <- check_exercise("write-turns", play = function(place, slope, rate) c(0 / 0, 1))
  expect_match(check$message, "must be finite.*It holds missing values")
  expect_match(check_exercise("teach-a-gate", fit = FILL_IN)$message, "Fill in `fit`")
})

test_that("functions of bineural name the blank that they are given", {
  skip_without_python()
  pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))
  calls <- list(
    function() fire_neuron(pairs, c(1, 1), FILL_IN), function() fit_perceptron(pairs, FILL_IN),
    function() fit_perceptron(pairs, c(0, 1, 1, 1), epochs = FILL_IN), function() load_dataset(FILL_IN),
    function() auroc(c(0, 1), FILL_IN), function() check_exercise(FILL_IN), function() activate(FILL_IN, "relu"),
    function() fit_glm(Kyphosis ~ Age, load_dataset("kyphosis"), event = FILL_IN),
    function() evaluate_model(FILL_IN, pairs), function() stop_early(FILL_IN)
  )
  for (call in calls) expect_error(call(), "FILL_IN", class = "bineural_InputError")
  expect_error(fire_neuron(pairs, c(1, FILL_IN), 0), "fill in what is missing", class = "bineural_InputError")
})
