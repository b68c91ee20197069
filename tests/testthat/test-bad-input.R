# What each exported function says to a value that it can't use: an error of bineural in three sentences, or it takes
# the value. By default some values for each argument; all of them where BINEURAL_ALL_BAD_INPUT is set (half an hour),
# or those of the functions that it names, e.g. "auroc,fit_glm".

test_that("every exported function has a valid call, or a reason why it is not tried", {
  skip_without_python()
  exported <- getNamespaceExports("bineural")
  exported <- exported[!startsWith(exported, ".__")]
  expect_setequal(c(names(valid_calls()), not_tried), exported)
  expect_length(intersect(names(valid_calls()), not_tried), 0)
  without_arguments <- Filter(function(name) !length(formals(get(name))), setdiff(not_tried, "FILL_IN"))
  more <- setdiff(not_tried, c("FILL_IN", without_arguments))
  expect_setequal(more, c("course_page", "course_slides", "render_course", "run_demo"))
})

test_that("wrong values are answered in three sentences, or taken", {
  skip_without_python()
  skip_without("ggplot2")
  materials <- list2env(valid_materials(), parent = asNamespace("bineural"))
  withr::local_dir(materials$folder) # where what is written without a folder goes
  valid <- valid_calls()
  values <- bad_values()
  asked <- Sys.getenv("BINEURAL_ALL_BAD_INPUT")
  named <- strsplit(asked, ",")[[1]]
  if (any(named %in% names(valid))) valid <- valid[named]
  calls <- bad_calls(valid, values)
  if (!nzchar(asked)) calls <- calls[some_calls(calls), ]
  for (i in seq_len(nrow(calls))) {
    one <- calls[i, ]
    call <- with_value(valid[[one$name]], get(one$name), one$argument, values[[one$value]])
    outcome <- outcome_of(call, materials)
    if (outcome$verdict %in% c("ok", "ours")) next
    fail(sprintf(
      "%s(%s = <%s>): %s: %s", one$name, one$argument, one$value, outcome$verdict, outcome$message
    ))
  }
  expect_gt(nrow(calls), 25)
})

test_that("the valid calls are valid", {
  skip_without_python()
  skip_without("ggplot2")
  materials <- list2env(valid_materials(), parent = asNamespace("bineural"))
  withr::local_dir(materials$folder)
  valid <- valid_calls()
  for (name in names(valid)) {
    outcome <- outcome_of(valid[[name]], materials)
    if (outcome$verdict != "ok") fail(paste0(name, ": ", outcome$verdict, ": ", outcome$message))
  }
  succeed()
})
