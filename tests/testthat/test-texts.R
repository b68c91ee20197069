skip_without_python()

foods <- load_dataset("fine_foods")[1:60, ]
foods$price <- seq_len(60) / 10

test_that("the reviews are modeldata's", {
  skip_without("modeldata")
  sets <- new.env()
  data("small_fine_foods", package = "modeldata", envir = sets)
  expect_identical(load_dataset("fine_foods")$review, sets$training_data$review[1:800])
})

test_that("a character vector is texts, and one string is one text", {
  glm <- fit_glm(foods$review, foods$score, event = "great")
  expect_equal(nrow(predict(glm, foods$review[1:3])), 3)
  expect_equal(predict(glm, foods$review[2], type = "prob"), predict(glm, foods$review[1:2], type = "prob")[2, ])
  expect_error(predict(glm, c("good", NA)), "must not be missing", class = "bineural_InputError")
  names <- coef(glm)
  expect_true("word:not" %in% names(names))
})

test_that("a formula reads a column as texts, with others beside it", {
  glm <- fit_glm(score ~ text(review) + price, foods, event = "great")
  expect_equal(sum(predict(glm, foods[1, ], type = "prob")), 1)
  expect_error(
    fit_glm(score ~ text(review) * price, foods, event = "great"), "once, added",
    class = "bineural_FormulaError"
  )
})

test_that("features of texts are made by a function of R", {
  glm <- fit_glm(foods$review, foods$score, event = "great", features = function(x) data.frame(n = nchar(x)))
  expect_named(coef(glm), c("(Intercept)", "n"))
})

test_that("a net of texts has near words", {
  net <- fit_net(
    foods$review, foods$score,
    event = "great", epochs = 1, ensemble = 1, seed = 1, max_length = 16, n_words = 40
  )
  near <- nearest_words(net, "good", n = 3)
  expect_named(near, c("rank", "word", "similarity"))
  expect_identical(near$rank, 1:3)
  expect_true(all(diff(near$similarity) <= 0))
  expect_error(nearest_words(net, "xyzzy"), "vocabulary", class = "bineural_InputError")
})
