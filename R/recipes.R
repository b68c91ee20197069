# Recipes of the recipes package: R's own preparation, learnt from the training rows, kept, and baked at prediction.
#
# As in tidymodels a model learns from the rows that all steps have left (`bake(new_data = NULL)`), and steps with
# `skip = TRUE` are left out for new rows. Every new row is predicted, in its place.

recipe_problem <- function(recipe, data, call) {
  rlang::check_installed("recipes", "to fit a recipe")
  prepped <- recipes::prep(recipe, training = data, fresh = TRUE)
  refuse_moving_steps(prepped$steps, call)
  trained <- recipes::bake(prepped, new_data = NULL)
  if (nrow(trained) == 0) {
    abort_input(
      "A recipe must leave rows to learn from.", paste0("Its steps left none of ", nrow(data), "."),
      "Look at `recipes::bake(recipes::prep(recipe, data), new_data = NULL)`, step by step.",
      call = call
    )
  }
  prepped$template <- prepped$template[0, ] # a model keeps no training rows
  prepped$retained <- FALSE
  roles <- summary(prepped)
  outcome <- roles$variable[roles$role %in% "outcome"]
  if (length(outcome) != 1) {
    abort_input(
      "The recipe must have one outcome.", paste0("It has ", length(outcome), "."),
      "Make it from a formula such as `recipe(y ~ ., data)`.",
      call = call
    )
  }
  predictors <- roles$variable[roles$role %in% "predictor"]
  skips <- any(vapply(prepped$steps, function(step) isTRUE(step$skip), NA))
  changes_outcome <- skips && outcome_differs(prepped, data, outcome, trained[[outcome]])
  if (changes_outcome) say_changed_outcome(outcome)
  list(
    formula = as_py_frame(trained[predictors], "formula", call),
    data = as_py_vector(trained[[outcome]], outcome, call),
    factors = trained[predictors],
    rows = structure(
      list(data = data, trained = trained, stay = !skips && nrow(trained) == nrow(data)),
      class = "bineural_recipe_rows"
    ),
    recipe = list(
      prepped = prepped, predictors = predictors, outcome = outcome, changes_outcome = changes_outcome,
      unprepared = without_rows(recipe)
    )
  )
}

# A recipe that is not prepared, without the rows that it was made from.
without_rows <- function(recipe) {
  recipe$template <- recipe$template[0, ]
  recipe
}

# A model of a recipe in a comparison: its recipe is prepared, and it is fitted, with the training rows of each fold.
recipe_as_r_model <- function(model, name, call) {
  if (isTRUE(model$recipe$changes_outcome)) {
    abort_input(
      "A comparison must measure every model on the scale of the outcome.",
      paste0(
        "The recipe of `", name, "` changes `", model$recipe$outcome, "` in a step that is skipped for new rows, and ",
        "the model predicts the changed outcome."
      ),
      "Take that step out of the recipe, and change the outcome in the data or the formula.",
      call = call
    )
  }
  own <- model$call
  if (is.null(own)) {
    abort_input(
      "A model of a recipe must keep its call, to be fitted again to the training rows of a fold.",
      paste0("`", name, "` keeps none: it comes from a file, or its rows were written out in the call."),
      "Fit it again by `fit_glm(recipe, data, ...)` or `fit_net()`, or wrap it by `r_model()`.",
      call = call
    )
  }
  place <- rlang::caller_env(n = 3)
  refit <- function(train) {
    first <- if (inherits(model, "bineural_tuned")) "net" else "formula"
    around <- new.env(parent = model$place %||% place)
    around$.rows <- train
    around$.recipe <- model$recipe$unprepared
    own[[first]] <- quote(.recipe)
    own$data <- quote(.rows)
    own$seed <- NULL # each fold draws its own
    if (!"package:recipes" %in% search()) { # the steps of a recipe from a file find their selectors there
      attachNamespace("recipes")
      on.exit(detach("package:recipes"))
    }
    eval(own, around)
  }
  structure(
    list(fit = refit, predict = recipe_prediction, packages = "recipes", text = shortened(deparse(own))),
    class = "bineural_r_model"
  )
}

recipe_prediction <- function(model, new) {
  if (inherits(model, "bineural_tuned")) model <- model$model
  if (!inherits(model, "bineural_classifier")) return(stats::predict(model, new)$.pred)
  found <- as.matrix(stats::predict(model, new, type = "prob"))
  structure(found, dimnames = list(NULL, sub("^[.]pred_", "", colnames(found))))
}

`%||%` <- function(x, y) if (is.null(x)) y else x

# The rows of all folds as their own recipes make them, laid under each other: folds of row numbers among them.
#
# So a recipe is prepared with the training rows of each fold alone, and the nets of all folds are still trained
# together.
rows_of_folds <- function(recipe, data, sets, call) {
  made <- lapply(sets, function(set) {
    problem <- recipe_problem(recipe, data[set$train, , drop = FALSE], call)
    if (isTRUE(problem$recipe$changes_outcome)) refuse_changed_outcome(problem$recipe$outcome, call)
    model <- list(recipe = problem$recipe)
    test <- bake_all(model, data[set$test, , drop = FALSE], call)
    columns <- c(problem$recipe$predictors, problem$recipe$outcome)
    list(train = problem$rows$trained[columns], test = test[columns])
  })
  columns <- unique(lapply(made, function(one) sort(names(one$train))))
  if (length(columns) > 1) {
    abort_input(
      "A recipe must make the same columns of the training rows of every fold, for its nets to be trained together.",
      paste0("Some folds lack ", first_levels(setdiff(unlist(columns), Reduce(intersect, columns))), "."),
      "Leave such steps out (e.g. filters of columns), or give fewer folds.",
      call = call
    )
  }
  at <- 0L
  place <- function(n) {
    at <<- at + n
    at - n + seq_len(n)
  }
  folds <- lapply(made, function(one) list(place(nrow(one$train)), place(nrow(one$test))))
  parts <- unlist(lapply(made, function(one) list(one$train, one$test[names(one$train)])), recursive = FALSE)
  list(data = bind_rows(parts), folds = folds)
}

refuse_changed_outcome <- function(outcome, call) {
  abort_input(
    "Settings must be measured on the scale of the outcome.",
    paste0("The recipe changes `", outcome, "` in a step that is skipped for new rows."),
    "Change the outcome in the data instead.",
    call = call
  )
}

# Tables of the same columns under each other, levels joined.
bind_rows <- function(tables) {
  columns <- lapply(names(tables[[1]]), function(name) {
    parts <- lapply(tables, function(table) plain_numbers(table[[name]]))
    if (!is.factor(parts[[1]])) return(do.call(c, parts))
    levels <- unique(unlist(lapply(parts, levels)))
    factor(unlist(lapply(parts, as.character)), levels = levels, ordered = is.ordered(parts[[1]]))
  })
  tibble::as_tibble(stats::setNames(columns, names(tables[[1]])))
}

# Steps that put rows in another order, were they run on new rows.
refuse_moving_steps <- function(steps, call) {
  moving <- c("step_arrange", "step_sample", "step_shuffle", "step_slice")
  for (step in steps) {
    name <- class(step)[1]
    if (name %in% moving && !isTRUE(step$skip)) {
      abort_input(
        "A step that moves rows must be skipped at prediction.", paste0("`", name, "()` has `skip = FALSE`."),
        paste0("Write `", name, "(..., skip = TRUE)`."),
        call = call
      )
    }
  }
}

# Whether skipped steps have changed the outcome's values; those that drop rows leave values that were there.
outcome_differs <- function(prepped, data, outcome, trained) {
  plain <- tryCatch(recipes::bake(prepped, new_data = data)[[outcome]], error = function(e) NULL)
  !is.null(plain) && !all(trained %in% plain)
}

say_changed_outcome <- function(outcome) {
  rlang::inform(
    c(
      paste0("The recipe changes the outcome `", outcome, "` in a step that is skipped for new rows."),
      i = "The model predicts the changed outcome, e.g. its logarithm, as in tidymodels."
    ),
    class = "bineural_RecipeMessage"
  )
}

# The predictors of new rows; where a step has dropped rows, those that are left, with `kept`, their numbers.
bake_rows <- function(model, new_data, call = rlang::caller_env()) {
  if (is.null(model$recipe)) return(new_data)
  refuse_recipe_batches(new_data, call)
  baked <- bake_all(model, new_data, call)
  structure(baked[model$recipe$predictors], kept = attr(baked, "kept"))
}

# Predictions of the rows that a recipe has left, with NA in the others.
put_back_dropped <- function(predictions, rows, n_rows) {
  kept <- attr(rows, "kept")
  if (is.null(kept)) predictions else predictions[match(seq_len(n_rows), kept), ]
}

refuse_recipe_batches <- function(data, call) {
  if (!is_batches(data) && !is_path(data)) return(invisible())
  abort_input(
    "Rows must be in memory for a model that was fitted to a recipe.", paste0("Found ", describe(data), "."),
    "Give one data frame after the other, e.g. `lapply(batches, predict, object = model)`.",
    call = call
  )
}

bake_all <- function(model, new_data, call) {
  rlang::check_installed("recipes", "to use a model that was fitted to a recipe")
  baked <- recipes::bake(model$recipe$prepped, new_data = new_data)
  if (nrow(baked) == nrow(new_data)) return(baked)
  if (nrow(baked) > nrow(new_data)) {
    abort_input(
      "A recipe must make one row of every row that is to be predicted.",
      paste0(
        "It made ", nrow(baked), " of ", number_of(nrow(new_data), "row"),
        ", by a step that isn't skipped for new rows."
      ),
      "Write `skip = TRUE` in that step, and fit again.",
      call = call
    )
  }
  kept <- rows_left(model$recipe$prepped, new_data, seq_len(nrow(new_data)))
  structure(baked, kept = kept)
}

# Which rows the steps of a recipe leave, by halves: a step drops a row for what the row itself holds.
rows_left <- function(prepped, data, rows) {
  n_left <- nrow(recipes::bake(prepped, new_data = data[rows, , drop = FALSE]))
  if (n_left == length(rows)) return(rows)
  if (n_left == 0) return(integer())
  half <- seq_len(length(rows) %/% 2)
  c(rows_left(prepped, data, rows[half]), rows_left(prepped, data, rows[-half]))
}

# The outcome as the model predicts it.
baked_outcome <- function(model, data, call) {
  outcome <- model$recipe$outcome
  if (isTRUE(model$recipe$changes_outcome)) {
    abort_input(
      "The outcome must be on the scale of the predictions.",
      paste0(
        "The recipe changed `", outcome, "` in a step that is skipped for new rows, so the model predicts the changed ",
        "outcome, and `data` hold the plain one."
      ),
      paste0("Give it changed, e.g. `evaluate_model(model, data, y = log(", outcome, "))`."),
      call = call
    )
  }
  bake_all(model, data, call)[[outcome]]
}

# Weights and offsets must be of the rows that the recipe has left, which only the recipe knows where steps are skipped.
recipe_row_values <- function(x, rows, arg, call) {
  if (is.null(x) && arg == "weights" && length(name <- carried_weights(rows$trained, call))) x <- name
  by_name <- is.character(x) && length(x) == 1
  if (by_name && x %in% names(rows$trained)) return(plain_numbers(rows$trained[[x]]))
  if (by_name && !x %in% names(rows$data)) {
    abort_input(
      paste0("`", arg, "` must be a column of the data."), paste0("Found ", describe(x), "."),
      paste0("There are: ", paste(utils::head(names(rows$data), 12), collapse = ", "), "."),
      class = "ColumnError", call = call
    )
  }
  if (is.null(x) || rows$stay) return(if (by_name) rows$data[[x]] else x)
  abort_input(
    paste0("`", arg, "` must be a column that the recipe carries, as its steps may drop or move training rows."),
    if (by_name) paste0("`", x, "` is a column of `data` alone.") else "A value for each row of `data` was given.",
    paste0(
      "Put the column into the recipe, e.g. `recipe(y ~ x + w, data) |> update_role(w, new_role = \"", arg,
      "\")`, and write `", arg, " = w`."
    ),
    call = call
  )
}

# Case weights of tidymodels are numbers with a class.
plain_numbers <- function(x) if (inherits(x, "hardhat_case_weights")) as.double(x) else x

# The column of case weights that a recipe carries.
carried_weights <- function(trained, call) {
  name <- names(Filter(function(x) inherits(x, "hardhat_case_weights"), as.list(trained)))
  if (length(name) < 2) return(name)
  abort_input(
    "Case weights of a recipe must be one column, or named as `weights`.",
    paste0("It has ", paste0("`", name, "`", collapse = ", "), "."), paste0("Write `weights = ", name[1], "`."),
    call = call
  )
}
