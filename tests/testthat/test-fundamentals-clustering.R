test_that("clusters come as from Python, for a formula and for x and y", {
  skip_without_python()
  skip_without("ggplot2")
  iris <- load_dataset("iris")
  found <- cluster_features(species ~ ., iris, units = 8, epochs = 5, folds = 2, seed = 1)
  expect_named(found$table, c("fold", "columns", "n_rows", "ari", "silhouette"))
  expect_identical(found$classes, levels(iris$species))
  expect_identical(tapply(found$table$n_rows, found$table$columns, sum)[["learnt"]], 150L)
  expect_output(print(found), "Learnt features are ahead of raw columns in . of 2 folds")
  expect_no_error(ggplot2::ggplot_build(ggplot2::autoplot(found)))
  again <- cluster_features(as.matrix(iris[1:4]), iris$species, units = 8, epochs = 5, folds = 2, seed = 1)
  expect_equal(again$table, found$table)
  raw <- found$points[found$points$columns == "raw", ]
  judge <- stats::prcomp(iris[iris$species %in% raw$class, 1:4])
  expect_lt(stats::var(raw$pc2), stats::var(raw$pc1))
  expect_equal(stats::sd(raw$pc1), judge$sdev[1], tolerance = 0.2) # half of the rows
})

test_that("unseen classes are named as labels or numbers", {
  skip_without_python()
  digits <- load_dataset("digits")[1:400, ]
  found <- cluster_features(digit ~ ., digits, units = 8, epochs = 2, unseen_classes = 7:9, folds = 2, seed = 1)
  expect_identical(found$unseen_classes, c("7", "8", "9"))
  expect_true(is.na(found$accuracy))
  expect_error(
    cluster_features(digit ~ ., digits, unseen_classes = "ten"), "must be classes",
    class = "bineural_InputError"
  )
})
