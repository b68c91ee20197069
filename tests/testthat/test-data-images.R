# Pictures of two classes and three sizes as files, in a folder with a sub-folder for each class.
picture_folder <- function(n = 12, env = parent.frame()) {
  folder <- withr::local_tempdir(.local_envir = env)
  pillow <- reticulate::import("PIL.Image", convert = FALSE)
  numpy <- reticulate::import("numpy", convert = FALSE)
  withr::local_seed(1)
  for (i in seq_len(n)) {
    class <- c("cat", "dog")[i %% 2 + 1]
    dir.create(file.path(folder, class), showWarnings = FALSE)
    size <- c(8, 8 + i %% 3)
    pixels <- array(as.integer(stats::runif(prod(size), 0, 100) + 100 * (class == "dog")), size)
    file <- file.path(folder, class, sprintf("%02d.png", i))
    pillow$fromarray(numpy$asarray(pixels)$astype("uint8"))$save(file)
  }
  folder
}

test_that("a folder of pictures is images, labels and files", {
  skip_without_python()
  loaded <- load_images(picture_folder())
  expect_s3_class(loaded, "bineural_images")
  expect_identical(levels(loaded$labels), c("cat", "dog"))
  expect_length(loaded$images, 12) # of several sizes: a list of arrays
  expect_identical(vapply(loaded$images, function(x) dim(x)[3], 1L), rep(1L, 12))
  expect_match(loaded$text, "12 images of 8 x 8 to 8 x 10 pixels")
  same <- load_images(picture_folder(), size = c(6, 5), colour = "rgb")
  expect_identical(dim(same$images), c(12L, 6L, 5L, 3L))
  expect_error(load_images(c(NA, "a.png")), "must have a path", class = "bineural_InputError")
  expect_error(load_images("no folder"), "must be a folder, a list of files", class = "bineural_InputError")
})

test_that("boxes that name their pictures are put to them, numbered from 1", {
  skip_without_python()
  folder <- picture_folder()
  boxes <- data.frame(file = c("dog/01.png", "02.png"), x1 = 1, y1 = 2, x2 = 4, y2 = 8, label = c("a", "b"))
  loaded <- load_images(folder, size = c(4, 4), boxes = boxes)
  expect_identical(loaded$files[loaded$boxes$image], c("dog/01.png", "cat/02.png"))
  expect_equal(loaded$boxes$y2, c(4, 4))
  expect_identical(loaded$boxes$label, c("a", "b"))
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(boxes, path, row.names = FALSE)
  expect_equal(load_images(folder, size = c(4, 4), boxes = path)$boxes, loaded$boxes)
  expect_error(
    load_images(folder, boxes = transform(boxes, file = "x.png")), "a picture that was loaded",
    class = "bineural_InputError"
  )
})

test_that("digits are images as they are a table", {
  skip_without_python()
  digits <- load_images("digits")
  expect_identical(dim(digits$images), c(1797L, 8L, 8L, 1L))
  table <- load_dataset("digits")
  expect_identical(table$pixel_3_5, as.vector(digits$images[, 4, 6, 1]))
  expect_identical(table$digit, digits$labels)
})

test_that("nets and GLMs take paths, lists and a formula of paths, and predict the same of each", {
  skip_without_python()
  folder <- picture_folder()
  loaded <- load_images(folder)
  paths <- file.path(folder, loaded$files)
  table <- tibble::tibble(path = paths, label = loaded$labels)
  options <- list(event = "dog", architecture = "mlp", units = 3, epochs = 2, ensemble = 1, seed = 1)
  fit <- function(...) rlang::inject(fit_net(..., !!!options))
  expect_warning(net <- fit(paths, loaded$labels), "resized to 8 x 8 pixels", class = "bineural_ResizedWarning")
  expect_warning(by_formula <- fit(label ~ image(path), table), class = "bineural_ResizedWarning")
  expected <- predict(net, paths, type = "prob")
  expect_identical(predict(net, loaded$images, type = "prob"), expected)
  expect_identical(predict(by_formula, table, type = "prob"), expected)
  expect_identical(predict(net, paths[[3]], type = "prob"), expected[3, ])
  file <- save_model(by_formula, withr::local_tempfile(fileext = ".bineural"))
  expect_identical(predict(load_model(file), table, type = "prob"), expected)
  grey <- lapply(loaded$images, function(x) x[, , 1]) # matrices
  glm <- suppressWarnings(fit_glm(grey, loaded$labels, event = "dog"))
  expect_identical(
    predict(glm, paths, type = "prob"),
    predict(suppressWarnings(fit_glm(paths, loaded$labels, event = "dog")), grey, type = "prob")
  )
  expect_error(
    fit(c(paths, file.path(folder, "none.png")), c(loaded$labels, "cat")),
    "Picture 13 of 13 .*none.png.* must be there",
    class = "bineural_InputError"
  )
})

test_that("a function of R's makes the columns of a GLM, and GLM and net of images are compared", {
  skip_without_python()
  digits <- load_images("digits")
  rows <- which(digits$labels %in% c("0", "1"))[1:80]
  x <- digits$images[rows, , , , drop = FALSE]
  y <- droplevels(digits$labels[rows])
  ink <- function(x) data.frame(middle = apply(x[, , 4:5, , drop = FALSE], 1, mean), all = apply(x, 1, mean))
  glm <- suppressWarnings(fit_glm(x, y, event = "1", features = ink))
  by_hand <- suppressWarnings(fit_glm(ink(x), y, event = "1"))
  expect_equal(coef(glm), coef(by_hand))
  expect_equal(predict(glm, x[1:5, , , , drop = FALSE], type = "prob"), predict(by_hand, ink(x)[1:5, ], type = "prob"))
  expect_error(fit_glm(x, y, event = "1", features = 3), "`features` must be", class = "bineural_InputError")
  net <- make_net(architecture = "mlp", units = 3, epochs = 5, ensemble = 1, event = "1")
  comparison <- compare_models(list(pixels = "glm", net = net), x, y, folds = 3, repeats = 1, seed = 1)
  expect_identical(comparison$table$model, c("pixels", "net", "null"))
  expect_gt(comparison$table$auroc[1], 0.9)
  expect_length(comparison$verdicts, 1)
})

test_that("predictions stand beside the paths of pictures", {
  skip_without_python()
  folder <- picture_folder()
  loaded <- load_images(folder, size = 6)
  paths <- file.path(folder, loaded$files)
  glm <- fit_glm(loaded$images, loaded$labels, event = "dog")
  beside_paths <- suppressWarnings(augment(glm, paths)) # resized
  expect_identical(beside_paths$path, paths)
  expect_named(augment(glm, loaded$images), c(".pred_class", ".pred_cat", ".pred_dog"))
})
