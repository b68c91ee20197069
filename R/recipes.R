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
      prepped = prepped, predictors = predictors, outcome = outcome, changes_outcome = changes_outcome
    )
  )
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

# The predictors of new rows, one row for each.
bake_rows <- function(model, new_data, call = rlang::caller_env()) {
  if (is.null(model$recipe)) return(new_data)
  refuse_recipe_batches(new_data, call)
  bake_all(model, new_data, call)[model$recipe$predictors]
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
  if (nrow(baked) != nrow(new_data)) {
    abort_input(
      "A recipe must keep every row that is to be predicted.",
      paste0(
        "It made ", nrow(baked), " of ", number_of(nrow(new_data), "row"),
        ", by a step that isn't skipped for new rows."
      ),
      "Write `skip = TRUE` in that step, e.g. `step_naomit(..., skip = TRUE)`, and fit again; or drop the rows first.",
      call = call
    )
  }
  baked
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
  if (is.null(x) && arg == "weights") refuse_unnamed_weights(rows$trained, call)
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

refuse_unnamed_weights <- function(trained, call) {
  name <- names(Filter(function(x) inherits(x, "hardhat_case_weights"), as.list(trained)))
  if (!length(name)) return(invisible())
  abort_input(
    "Case weights of a recipe must be named as `weights`.",
    paste0("`", name[1], "` holds case weights, and `weights` is not given."),
    paste0("Write `weights = ", name[1], "`."),
    call = call
  )
}
