# A built package carries its core as an archive, which is unpacked once and whole.

packed <- function(text, env = parent.frame()) {
  folder <- withr::local_tempdir(.local_envir = env)
  dir.create(file.path(folder, "bineural", "data"), recursive = TRUE)
  writeLines(text, file.path(folder, "bineural", "__init__.py"))
  writeLines("1", file.path(folder, "bineural", "data", "numbers.csv"))
  archive <- file.path(folder, "python.tar.xz")
  withr::with_dir(folder, utils::tar(archive, "bineural", compression = "xz", tar = "internal"))
  archive
}

test_that("the core is unpacked once, whole, and the one of a version before goes", {
  cache <- withr::local_tempdir()
  archive <- packed("first")
  folder <- unpacked_core(archive, cache)
  expect_setequal(list.files(folder, recursive = TRUE), c("bineural/__init__.py", "bineural/data/numbers.csv"))
  expect_identical(dirname(folder), cache)
  writeLines("marked", file.path(folder, "bineural", "mark"))
  expect_identical(unpacked_core(archive, cache), folder)
  expect_true(file.exists(file.path(folder, "bineural", "mark"))) # not unpacked again
  later <- unpacked_core(packed("second"), cache)
  expect_identical(list.files(cache), basename(later))
  expect_identical(readLines(file.path(later, "bineural", "__init__.py")), "second")
})

test_that("where the cache can't be written the session's folder serves, and a broken archive leaves nothing", {
  archive <- packed("third")
  no_folder <- withr::local_tempfile(lines = "a file where the cache should be")
  expect_identical(dirname(unpacked_core(archive, file.path(no_folder, "cache"))), tempdir())
  broken <- withr::local_tempfile(fileext = ".tar.xz")
  writeBin(readBin(archive, "raw", 60), broken)
  cache <- withr::local_tempdir()
  expect_null(unpacked_core(broken, cache))
  expect_identical(list.files(cache), character())
})
