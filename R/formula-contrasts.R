# Which contrasts and which order of levels a GLM takes, as R's users expect it of stats::glm().

contrast_kinds <- c("treatment", "SAS", "sum", "helmert", "poly")

# The contrasts that were named, those that factors carry, and as `.` those of options("contrasts") where they are not
# the usual ones.
settle_contrasts <- function(contrasts, columns, formula, call) {
  if (is_python(contrasts)) return(contrasts)
  contrasts <- as_parts(contrasts, "contrasts", call)
  carried <- lapply(Filter(is.factor, as.list(columns)), attr, "contrasts")
  carried <- Filter(Negate(is.null), carried)
  if (length(carried)) carried <- carried[standing_alone(formula, columns, names(carried))]
  contrasts <- c(contrasts, carried[setdiff(names(carried), names(contrasts))])
  option <- as.character(getOption("contrasts"))
  if (!"." %in% names(contrasts) && !identical(option, c("contr.treatment", "contr.poly"))) {
    check_option(option, columns[setdiff(names(columns), names(contrasts))], call)
    contrasts[["."]] <- option
  }
  contrasts
}

# Factors that have levels without rows lose their contrasts, as in glm().
without_empty_levels <- function(columns) {
  for (name in names(Filter(function(x) !is.null(attr(x, "contrasts")), as.list(columns)))) {
    x <- columns[[name]]
    empty <- setdiff(levels(x), as.character(x))
    if (!length(empty)) next
    columns[[name]] <- factor(x)
    rlang::warn(
      c(
        paste0("The contrasts that `", name, "` carries were dropped, as in glm()."),
        i = paste0("No row has its ", if (length(empty) == 1) "level " else "levels ", first_levels(empty), ".")
      ),
      class = c("bineural_DroppedWarning", "bineural_BineuralWarning")
    )
  }
  columns
}

# The columns that are variables of the formula as they are, and not within a call such as `C(f, sum)`.
standing_alone <- function(formula, columns, names) {
  if (is.character(formula)) formula <- as_formula(formula)
  if (!inherits(formula, "formula")) return(names)
  variables <- attr(stats::terms(formula, data = columns), "variables")
  intersect(names, vapply(as.list(variables)[-1], function(x) if (is.name(x)) as.character(x) else "", ""))
}

check_option <- function(option, columns, call) {
  is_category <- function(x) is.factor(x) || is.character(x) || is.logical(x)
  known <- sub("^contr[.]", "", option) %in% contrast_kinds
  if (length(option) == 2 && all(known) || !any(vapply(columns, is_category, NA))) return(invisible())
  abort_input(
    paste0("`options(\"contrasts\")` must name two of ", paste0("contr.", contrast_kinds, collapse = ", "), "."),
    paste0("It is ", paste(option, collapse = ", "), "."),
    "Set the option, or give contrasts or their matrices by name as `contrasts`.",
    call = call
  )
}

# The labels of an outcome of several classes, whose first is the reference.
class_labels <- function(formula, data) {
  if (is.character(formula)) formula <- as_formula(formula)
  left <- if (inherits(formula, "formula") && length(formula) == 3) formula[[2]]
  name <- if (is.name(left)) as.character(left) else if (!inherits(formula, "formula") && is_path(data)) data
  table <- if (is.data.frame(formula)) formula else data
  labels <- if (is.null(name) || !is.data.frame(table)) list() else stats::setNames(list(table[[name]]), name)
  if (is.data.frame(formula) && !is_path(data)) labels <- list(y = data)
  labels[lengths(lapply(labels, unique)) > 2]
}

# Levels of text are sorted by code point, in R and Python alike. Where the session sorts them otherwise, and with it
# the coefficients of stats::glm() would be others, this is said.
say_level_order <- function(columns, contrasts, sorted = sort) {
  columns <- Filter(is.character, as.list(columns))
  for (name in names(columns)) {
    levels <- unique(columns[[name]])
    ours <- sort(levels, method = "radix")
    theirs <- sorted(levels)
    plain <- name %in% names(contrasts) || "." %in% names(contrasts)
    if (identical(ours, theirs) || !plain && ours[1] == theirs[1]) next
    say_order(
      paste0(
        "Levels of `", name, "` are in the order of the C locale, ", first_levels(ours), ", as in Python; this ",
        "session's is ", first_levels(theirs), "."
      ),
      paste0("For the other order make a factor of it: `data$", name, " <- factor(data$", name, ")`.")
    )
  }
}

# Strata are drawn one after the other, and rsample takes them in the session's order.
say_strata_order <- function(strata, data, sorted = sort) {
  values <- if (is_path(strata)) if (is.data.frame(data)) data[[strata]] else NULL else strata
  if (!is.character(values) && !is.factor(values)) return(invisible())
  levels <- unique(as.character(values))
  ours <- sort(levels, method = "radix")
  theirs <- sorted(levels)
  if (identical(ours, theirs)) return(invisible())
  say_order(
    paste0(
      "Strata are drawn in the order of the C locale, ", first_levels(ours), ", as in Python; rsample takes this ",
      "session's, ", first_levels(theirs), ", and draws other rows from the seed."
    ),
    "Where they must be its rows, make them with rsample and give them to `make_folds(data, folds = ...)`."
  )
}

first_levels <- function(levels) {
  paste0(paste0("\"", utils::head(levels, 3), "\"", collapse = ", "), if (length(levels) > 3) ", ...")
}

say_order <- function(found, hint) {
  id <- paste0("bineural_order: ", found)
  rlang::inform(c(found, i = hint), class = "bineural_OrderMessage", .frequency = "once", .frequency_id = id)
}
