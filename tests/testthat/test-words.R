# The core writes values as Python does; R's users read them as R would.

test_that("constants, quotation marks and names are R's, and what is quoted stays", {
  said <- in_r_words(c(
    "event=True, or None.", "classes 'True', \"None\"", "x_True isTrue `False`", "Found 'it\\'s \"so\"'.",
    "Pass for example missing='drop'.", "a >= 3, x==2", "None of them is inf.", "Found 2.0.", "Found a=-5.0, b=2.05."
  ))
  expect_identical(said, c(
    "event = TRUE, or NULL.", "classes \"True\", \"None\"", "x_True isTrue `False`", "Found \"it's \\\"so\\\"\".",
    "Pass for example missing = \"drop\".", "a >= 3, x==2", "None of them is Inf.", "Found 2.",
    "Found a = -5, b = 2.05."
  ))
})

test_that("a list, tuple or dict of values is what R parses to those values", {
  written <- list(
    "[1, 2.5]" = c(1, 2.5), "['a', 'b']" = c("a", "b"), "{'a': 1, 'b': True}" = list(a = 1, b = TRUE), "[]" = list(),
    "[[1, 2], [3, 4]]" = list(c(1, 2), c(3, 4)), "['one']" = "one", "{'l2': [0.1, 1]}" = list(l2 = c(0.1, 1))
  )
  for (value in names(written)) {
    said <- in_r_words(paste0("Found ", value))
    expect_identical(eval(parse(text = sub("Found ", "", said))), written[[value]], label = said)
  }
})

test_that("intervals keep their brackets, rows of tables their width, texts their lines", {
  lines <- c(
    "full beats null by 0.344 AUROC [0.247, 0.441] over 50 folds.", "a  [1, 2]   b=3", "a\n", "\n", "a\n\nb", ""
  )
  expect_identical(in_r_words(lines), lines)
  expect_identical(in_r_words("0.3 [-inf, nan]"), "0.3 [-Inf, NaN]")
})
