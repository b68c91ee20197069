test_that("boxes are drawn on their images, counted from 1", {
  skip_without("ggplot2")
  scenes <- make_scenes(3, objects = c(1, 2), size = 24, seed = 2)
  predicted <- cbind(scenes$boxes, score = 0.5)
  figure <- plot_boxes(scenes$images, scenes$boxes, predicted)
  expect_identical(levels(figure$data$label), paste("image", 1:3))
  boxes <- figure$layers[[2]]$data
  expect_identical(as.character(boxes$label), paste("image", rep(scenes$boxes$image, 2)))
  expect_equal(boxes$x1, rep(scenes$boxes$x1, 2))
  one <- scenes$images[1, , , drop = FALSE]
  expect_error(plot_boxes(one, scenes$boxes), "from 1 to 1", class = "bineural_InputError")
  file <- withr::local_tempfile(fileext = ".png")
  plot_boxes(scenes$images, path = file)
  expect_gt(file.size(file), 1000)
})

test_that("mistakes and similar rows are counted from 1", {
  glm <- suppressWarnings(fit_glm(Species ~ Sepal.Width, iris, penalty = "ridge", strength = 1))
  errors <- list_errors(glm, iris)
  wrong <- which(as.character(predict(glm, iris)$.pred_class) != as.character(iris$Species))
  expect_setequal(errors$row, wrong)
  expect_identical(errors$truth, as.character(iris$Species)[errors$row])
  net <- fit_net(Species ~ ., iris, epochs = 2, ensemble = 1, seed = 1)
  similar <- find_similar(net, iris, iris[c(7, 120), ], n = 2)
  expect_identical(similar$row[similar$rank == 1], c(7L, 120L))
  expect_identical(similar$query, c(1L, 1L, 2L, 2L))
  expect_error(plot_features(net, kind = "filters"), "net of images", class = "bineural_InputError")
})
