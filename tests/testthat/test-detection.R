test_that("two boxes share the part that both cover", {
  expect_equal(box_iou(c(0, 0, 2, 2), rbind(c(1, 0, 3, 2), c(5, 5, 6, 6))), matrix(c(1 / 3, 0), 1))
  edges <- data.frame(x2 = 2, y2 = 2, x1 = 0, y1 = 0)
  expect_identical(box_iou(edges, edges), matrix(1))
  expect_error(box_iou(c(3, 0, 2, 2), edges), "x2 must be at least x1", class = "bineural_InputError")
  expect_error(box_iou(edges[-1], edges), "x2", class = "bineural_ColumnError")
})

test_that("suppression keeps the best box of each object", {
  boxes <- data.frame(x1 = c(0, 1, 5), y1 = 0, x2 = c(4, 5, 9), y2 = 4, score = c(0.8, 0.9, 0.3))
  expect_equal(suppress_boxes(boxes), tibble::as_tibble(boxes[2:3, ]))
  expect_equal(suppress_boxes(boxes, iou = 0.9), tibble::as_tibble(boxes))
})

test_that("mean average precision is that by hand", {
  truth <- data.frame(image = 1, x1 = c(0, 10), y1 = 0, x2 = c(4, 14), y2 = 4, label = factor("a"))
  predicted <- cbind(truth[c(1, 1, 2), ], score = c(0.9, 0.8, 0.7))
  expect_equal(mean_average_precision(truth, predicted), (1 + 2 / 3) / 2)
  expect_equal(mean_average_precision(truth, predicted, points = 11), (6 + 5 * 2 / 3) / 11)
  expect_equal(mean_average_precision(truth, predicted, iou = "coco"), (51 + 50 * 2 / 3) / 101)
  expect_identical(mean_average_precision(truth, predicted[0, ]), 0)
})

test_that("scenes have images of their own size, counted from 1", {
  scenes <- make_scenes(4, size = c(24, 30), objects = c(0, 2), seed = 3)
  expect_identical(dim(scenes$images), c(4L, 24L, 30L))
  expect_true(all(scenes$boxes$image %in% 1:4))
  expect_identical(make_scenes(2, seed = 1)$boxes$image, 1:2)
  box <- scenes$boxes[1, ]
  part <- scenes$images[box$image, (box$y1 + 1):box$y2, (box$x1 + 1):box$x2]
  expect_gte(max(part), 0.99)
  expect_error(make_scenes(1, objects = c(3, 1)), "the larger first", class = "bineural_InputError")
})

test_that("a net finds objects from R as it does from Python", {
  scenes <- make_scenes(60, size = 16, seed = 1)
  net <- fit_net(scenes$images, scenes$boxes, width = 0.25, architecture = "locator", epochs = 3, seed = 1)
  expect_s3_class(net, c("bineural_net", "bineural_detector", "bineural_model"), exact = TRUE)
  predicted <- predict(net, scenes$images[3:4, , ])
  expect_named(predicted, c("image", "x1", "y1", "x2", "y2", "label", "score"))
  expect_identical(predicted$image, 1:2)
  expect_equal(predict(net, scenes$images)[3:4, -1], predicted[-1], tolerance = 1e-5)
  expect_identical(net$labels, as.character(0:9))
  expect_output(print(net), "the box of one object \\(n = 60\\)")
  evaluated <- evaluate_model(net, scenes$images, scenes$boxes)
  expect_equal(evaluated$table$estimate[1], mean_average_precision(scenes$boxes, predict(net, scenes$images)))
  again <- unserialize(serialize(net, NULL))
  expect_equal(predict(again, scenes$images[3:4, , ]), predicted)
  expect_error(
    fit_net(scenes$images, transform(scenes$boxes, image = image + 1L)), "positions of 60 images",
    class = "bineural_InputError"
  )
})

test_that("nets of boxes are compared", {
  skip_if(!nzchar(Sys.getenv("BINEURAL_LONG")))
  scenes <- make_scenes(40, size = 16, objects = c(0, 2), seed = 1)
  net <- make_net(architecture = "single_shot", epochs = 2, width = 0.25)
  compared <- suppressWarnings(
    compare_models(list(net = net), scenes$images, scenes$boxes, folds = 2, repeats = 1, seed = 1)
  )
  expect_setequal(compared$table$model, c("net", "ridge on pixels", "null"))
})

test_that("nets of boxes are fitted on folds and tuned, and held-out boxes are numbered from 1", {
  scenes <- make_scenes(24, size = 16, seed = 1)
  net <- make_net(architecture = "locator", width = 0.25, epochs = 1)
  fits <- fit_nets(net, list(scenes$images, scenes$boxes), folds = list(1:16), seeds = 1)
  expect_identical(fits$held_out$image, 17:24)
  predicted <- predict(fits$nets[[1]], scenes$images[17:24, , ])
  expect_equal(fits$held_out[c("x1", "y2", "label", "score")], predicted[c("x1", "y2", "label", "score")])
  tuned <- tune_net(net, scenes, list(learning_rate = c(0.001, 0.01)), folds = 2, seed = 1)
  expect_identical(tuned$measure, "map")
  expect_s3_class(tuned$model, "bineural_detector")
  page <- write_report(tuned$model, withr::local_tempfile(fileext = ".html"), data = scenes$images, y = scenes$boxes)
  expect_match(paste(readLines(page), collapse = " "), "Objects in images", fixed = TRUE)
  expect_error(fit_nets(scenes$images, scenes$boxes, event = "1"), "outcome is boxes", class = "bineural_InputError")
})
