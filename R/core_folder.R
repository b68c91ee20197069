# Where the Python core is: a folder of the package, or in a built package an archive, which is unpacked once.

# The archive's `bineural` folder, in the user's cache, or in this session's folder where there is no place for one.
unpacked_core <- function(archive, cache = core_cache()) {
  name <- paste0("core-", unname(tools::md5sum(archive)))
  for (place in unique(c(cache, tempdir()))) {
    folder <- file.path(place, name)
    if (dir.exists(file.path(folder, "bineural"))) return(folder)
    if (tryCatch(unpack_core(archive, folder), error = function(e) FALSE, warning = function(e) FALSE)) {
      others <- setdiff(list.files(place, "^core-[0-9a-f]{32}$"), name)
      if (place != tempdir()) unlink(file.path(place, others), recursive = TRUE) # of versions before
      return(folder)
    }
  }
  NULL
}

# A process that looks meanwhile sees all of it or nothing: it is unpacked beside its place and moved there.
unpack_core <- function(archive, folder) {
  if (!dir.exists(dirname(folder))) dir.create(dirname(folder), recursive = TRUE)
  begun <- tempfile("begun-", tmpdir = dirname(folder))
  on.exit(unlink(begun, recursive = TRUE))
  utils::untar(archive, exdir = begun, tar = "internal")
  file.rename(begun, folder) || dir.exists(file.path(folder, "bineural")) # by another process
}

# Checks of packages leave nothing in a user's folders.
core_cache <- function() {
  if (nzchar(Sys.getenv("_R_CHECK_PACKAGE_NAME_"))) tempdir() else tools::R_user_dir("bineural", "cache")
}
