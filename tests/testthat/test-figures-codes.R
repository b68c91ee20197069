# Pictures of codes and samples from R: the tables of the core, drawn by ggplot2.

test_that("rows, codes and what is made of them are drawn", {
  skip_without("ggplot2")
  coder <- fit_autoencoder(iris[1:4], 2, units = 4, epochs = 2, seed = 1)
  map <- plot_codes(coder, iris[1:4], "map", labels = iris$Species)
  expect_equal(unname(as.matrix(map$data[1:2])), unname(as.matrix(predict(coder, iris[1:4]))))
  expect_identical(as.character(map$data$label), as.character(iris$Species))
  pairs <- plot_codes(coder, iris[1:4], most = 3)
  expect_identical(levels(pairs$data$label), paste("row", 1:3))
  expect_identical(unique(pairs$data$name), names(iris)[1:4])
  for (kind in c("decoded", "interpolation")) {
    file <- withr::local_tempfile(fileext = ".png")
    plot_codes(coder, iris[1:4], kind, most = 2, path = file)
    expect_gt(file.size(file), 1000)
  }
  expect_error(plot_codes(coder, kind = "map"), "must be given", class = "bineural_InputError")
  expect_error(plot_samples(coder), "must generate rows", class = "bineural_InputError")
})

test_that("a map of images is a picture", {
  skip_without("ggplot2")
  set.seed(1)
  images <- array(runif(20 * 6 * 6), c(20, 6, 6))
  coder <- fit_autoencoder(images, 2, variational = TRUE, units = 4, epochs = 1, seed = 1)
  pairs <- plot_codes(coder, images, most = 2)
  above <- pairs$data[pairs$data$label == "row 2", ]
  expect_equal(above$value, images[2, , ][cbind(above$row, above$column)], tolerance = 1e-5)
  made <- plot_samples(coder, images, most = 4, seed = 3)
  expect_identical(levels(made$data$label), c("real", "made"))
  first <- made$data[made$data$label == "made" & made$data$row <= 6 & made$data$column <= 6, ]
  expect_equal(first$value, generate(coder, 4, seed = 3)[1, , ][cbind(first$row, first$column)], tolerance = 1e-5)
  file <- withr::local_tempfile(fileext = ".png")
  plot_codes(coder, kind = "decoded", most = 2, path = file)
  expect_gt(file.size(file), 1000)
  expect_setequal(plot_history(coder)$data$part, c("training", "validation", "reconstruction", "KL"))
})

test_that("several generators are drawn side by side, with what their discriminators say", {
  skip_without("ggplot2")
  set.seed(1)
  x <- matrix(rnorm(80), 40)
  after <- function(n) fit_gan(x, n_noise = 2, units = 4, epochs = n, seed = 1)
  fits <- suppressWarnings(lapply(c(a = 1, b = 2), after))
  figure <- plot_samples(fits, x, most = 30)
  expect_setequal(figure$data$label, c("a", "b"))
  expect_equal(sum(figure$data$part == "made"), 60)
  one <- suppressWarnings(fit_gan(x[, 1, drop = FALSE], n_noise = 2, units = 4, epochs = 1, seed = 1))
  expect_setequal(plot_samples(one, x[, 1, drop = FALSE])$data$part, c("real", "made"))
  file <- withr::local_tempfile(fileext = ".png")
  plot_samples(one, x[, 1, drop = FALSE], path = file)
  expect_gt(file.size(file), 1000)
})
