# What each exported function says to a value that it can't use: an error of bineural in three sentences. Some values
# for each argument; with BINEURAL_LONG (`make test-long`) all of them (seven minutes), and with e.g.
# BINEURAL_LONG=auroc,fit_glm all those of these functions.

# The materials in an environment of their own, made at the first call.
made_materials <- local({
  made <- NULL
  function() {
    if (is.null(made)) made <<- valid_materials()
    list2env(made, parent = asNamespace("bineural"))
  }
})

test_that("every exported function has a valid call, or a reason why it is not tried", {
  skip_without_python()
  exported <- getNamespaceExports("bineural")
  exported <- exported[!startsWith(exported, ".__")]
  expect_setequal(c(names(valid_calls()), not_tried), exported)
  expect_length(intersect(names(valid_calls()), not_tried), 0)
  without_arguments <- Filter(function(name) !length(formals(get(name))), setdiff(not_tried, "FILL_IN"))
  more <- setdiff(not_tried, c("FILL_IN", without_arguments))
  expect_setequal(more, c(
    "course_page", "course_slides", "install_bineural", "parsnip_glm", "parsnip_net", "render_course", "run_demo"
  ))
})

test_that("a wrong value is refused in three sentences, and a right one that is taken has a reason", {
  skip_without_python()
  skip_without("ggplot2")
  materials <- made_materials()
  withr::local_dir(withr::local_tempdir())
  takes <- takes_value()
  values <- bad_values()
  asked <- Sys.getenv("BINEURAL_LONG")
  valid <- valid_calls()
  named <- intersect(strsplit(asked, ",")[[1]], names(valid))
  if (length(named)) valid <- valid[named]
  calls <- bad_calls(valid, values)
  if (!nzchar(asked)) calls <- calls[some_calls(calls, takes), ]
  clean <- put_back()
  calls$seconds <- NA_real_
  calls$verdict <- vapply(seq_len(nrow(calls)), function(i) {
    wrong <- calls[i, ]
    call <- with_value(valid[[wrong$name]], get(wrong$name), wrong$argument, values[[wrong$value]])
    outcome <- outcome_of(call, materials)
    clean()
    calls$seconds[i] <<- outcome$seconds
    if (outcome$verdict == "taken" && takes(wrong$name, wrong$argument, wrong$value)) return("taken for a reason")
    if (!outcome$verdict %in% c("refused", "warned")) {
      fail(sprintf("%s(%s = <%s>): %s: %s", wrong$name, wrong$argument, wrong$value, outcome$verdict, outcome$message))
    }
    outcome$verdict
  }, "")
  if (nzchar(asked)) message(paste(names(table(calls$verdict)), table(calls$verdict), collapse = ", "))
  answers <- Sys.getenv("BINEURAL_ANSWERS") # benchmarks/bench_answers.py reads it
  if (nzchar(answers)) utils::write.csv(calls, answers, row.names = FALSE)
  expect_gt(sum(calls$verdict == "refused"), nrow(calls) / 2)
})

test_that("the valid calls are valid", {
  skip_without_python()
  skip_without("ggplot2")
  materials <- made_materials()
  withr::local_dir(withr::local_tempdir())
  clean <- put_back()
  valid <- valid_calls()
  for (name in names(valid)) {
    outcome <- outcome_of(valid[[name]], materials)
    clean()
    if (!outcome$verdict %in% c("taken", "warned")) fail(paste0(name, ": ", outcome$verdict, ": ", outcome$message))
  }
  succeed()
})
