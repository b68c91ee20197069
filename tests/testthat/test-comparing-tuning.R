kyphosis <- load_dataset("kyphosis")
tune <- function(grid = list(l2 = c(0.01, 0.5), learning_rate = c(0.01, 0.1)), ..., epochs = 6, folds = 3) {
  tune_net(Kyphosis ~ Age + Start, kyphosis, grid,
    folds = folds, event = "present", units = 4, epochs = epochs, ensemble = 1, seed = 7, ...
  )
}

test_that("a search is many nets on the same folds, and the chosen one is fitted to all rows", {
  skip_without_python()
  found <- tune()
  expect_identical(tibble::as_tibble(found), found$table)
  expect_identical(tidy(found), found$table)
  expect_identical(found$table$l2, c(0.01, 0.01, 0.5, 0.5))
  scores <- found$scores
  auroc_alone <- function(fold, setting) {
    own <- scores[scores$fold == fold & scores$setting == setting, ]
    net <- fit_net(Kyphosis ~ Age + Start, found$folds[[fold]]$train,
      event = "present", units = 4, epochs = 6, ensemble = 1, seed = own$seed, l2 = found$table$l2[setting],
      learning_rate = found$table$learning_rate[setting]
    )
    test <- found$folds[[fold]]$test
    c(own$auroc, auroc(test$Kyphosis == "present", predict(net, test, type = "prob")$.pred_present))
  }
  for (fold in c(1, 3)) {
    pair <- auroc_alone(fold, 2)
    expect_equal(pair[1], pair[2], tolerance = 0.02)
  }
  means <- tapply(scores$auroc, scores$setting, mean)
  expect_equal(found$table$mean, as.vector(means))
  best <- which.max(found$table$mean)
  expect_identical(which(found$table$best), best)
  near <- found$table[found$table$mean >= found$table$mean[best] - found$table$se[best], ]
  expect_identical(found$table$l2[found$table$chosen], max(near$l2))
  expect_identical(found$chosen, as.list(found$table[found$table$chosen, c("l2", "learning_rate")]))
  again <- rlang::inject(fit_net(Kyphosis ~ Age + Start, kyphosis,
    event = "present", units = 4, epochs = 6, ensemble = 1, seed = 7, !!!found$chosen
  ))
  probability <- function(net) predict(net, kyphosis, type = "prob")$.pred_present
  expect_equal(probability(found$model), probability(again), tolerance = 1e-4)
  expect_s3_class(ggplot2::autoplot(found), "ggplot")
})

test_that("a tuned net is tuned anew within each training fold of a comparison", {
  skip_without_python()
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG"))) # the path of the tests beside it
  tuned <- tune()
  found <- compare_models(list(tuned = tuned), kyphosis, folds = 3, repeats = 1, seed = 4)
  expect_identical(found$table$model, c("glm", "tuned", "null"))
  expect_length(found$run$told$tuned$chosen, 3)
  expect_identical(compare_models(tuned, kyphosis, folds = 3, repeats = 1, seed = 4)$models[2], "tuned net")
})

test_that("grids are given in every form, and rounds are halved", {
  skip_without_python()
  ranges <- list(
    l2 = list(low = 0.001, high = 1, log = TRUE), batch_size = list(low = 8, high = 10), units = list(4, c(3, 2))
  )
  drawn <- tune(ranges, n_settings = 9, epochs = 3, halving = TRUE, refit = FALSE)
  expect_true(all(drawn$table$batch_size %in% 8:10 & drawn$table$l2 > 0.001 & drawn$table$l2 < 1))
  expect_setequal(drawn$table$units, c("4", "3, 2"))
  expect_identical(sum(drawn$table$round == 2), 3L)
  expect_null(drawn$model)
  frame <- data.frame(l2 = c(0.1, NA))
  expect_identical(tune(frame, epochs = 1, refit = FALSE)$table$l2, c(0.1, NA))
  expect_identical(tune(list(list(l2 = 0.1), list(units = 3)), epochs = 1, refit = FALSE)$table$units, c("4", "3"))
  cost <- function(y_true, prediction) mean(abs(y_true - prediction))
  own <- tune(frame, epochs = 1, measure = list(cost, "smaller"), rule = "best", refit = FALSE)
  expect_identical(own$table$chosen, own$table$mean == min(own$table$mean))
  curve <- tune(list(l2 = c(0.01, 0.1, 1)), epochs = 1, measure = "log_loss", refit = FALSE)
  expect_identical(ggplot2::autoplot(curve)$labels$x, "l2")
  mtcars <- datasets::mtcars
  numbers <- tune_net(mpg ~ wt, mtcars, list(l2 = c(0.1, 1)), folds = 2, epochs = 2, units = 2, ensemble = 1, seed = 1)
  expect_identical(numbers$measure, "rmse")
  expect_identical(nrow(predict(numbers$model, mtcars)), 32L)
})

test_that("it prints, and says what cannot be tuned", {
  skip_without_python()
  expect_output(print(tune(list(l2 = c(0.1, 1)), epochs = 1, refit = FALSE)), "2 settings tried by AUROC on 81 rows")
  expect_snapshot(error = TRUE, {
    tune(list(l3 = 1))
    tune(list(l2 = numeric()))
    tune(list(l2 = "a"))
    tune(list(seed = 1))
    tune(c(l2 = 1))
    tune(list(l2 = list(low = 1, high = 0)))
    tune(measure = "auc")
    tune(rule = "first")
    tune(halving = 1)
    tune(folds = 200)
  })
})
