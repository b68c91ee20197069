test_that("a convolution is the sum of what the kernel covers, kernel not turned", {
  image <- matrix(c(0, 1, 4, 2, 5, 3, 7, 1, 2, 8, 1, 0), 3)
  kernel <- matrix(c(1, 2, -1, 3), 2)
  slowly <- outer(1:2, 1:3, Vectorize(function(i, j) sum(image[i:(i + 1), j:(j + 1)] * kernel)))
  expect_equal(convolve_image(image, kernel, padding = "valid"), slowly)
  expect_equal(convolve_image(image, "identity"), image)
  expect_identical(dim(convolve_image(array(1:60, c(4, 5, 3)), "box_blur", stride = 2)), c(2L, 3L, 3L))
  expect_error(convolve_image(image, "sobel"), "sobel_x", class = "bineural_InputError")
  expect_true("gaussian" %in% list_kernels()$name)
})

test_that("photographs are arrays of three channels", {
  expect_identical(dim(load_photograph()), c(427L, 640L, 3L))
})
