test_that("rules of R's own functions descend", {
  skip_without_python()
  skip_without("ggplot2")
  descent <- descend_gradient(
    function(w) w * c(1, 20), c(5, 1), c("sgd", "adam"),
    learning_rate = 0.04, steps = 10, loss = function(w) sum(w^2 * c(1, 20)) / 2
  )
  plain <- descent$path[descent$path$optimizer == "sgd", ]
  expect_equal(plain$w1, 5 * 0.96^(0:10))
  expect_equal(plain$w2, 0.2^(0:10))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(descent)))
  one <- descend_gradient(function(w) 2 * w, 3, steps = 5)
  expect_equal(one$path$w1, 3 * 0.8^(0:5))
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(one)))
  expect_error(descend_gradient(function(w) stop("mine"), 1), class = "bineural_FunctionError")
  expect_error(descend_gradient(function(w) 1:3, 1), "one number for each weight", class = "bineural_InputError")
})
