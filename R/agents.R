# Agents: what learns to act in a world, its episodes, and comparisons over seeds.

#' Let an agent learn to act in a world, from as many seeds as are wanted at once
#'
#' @param environment What [make_environment()] returned. `NULL` takes `experience` alone, its states and actions as
#'   labels.
#' @param method Of worlds whose chances are known: `"value_iteration"`, `"policy_iteration"` (exact). Of one state:
#'   `"epsilon_greedy"`, `"ucb"`, `"thompson"`. Of numbered states: `"q_learning"`, `"sarsa"`. Of any: `"dqn"`,
#'   `"reinforce"`, `"actor_critic"` (nets), `"random_play"` (a forest of the returns of random play), and `"random"`.
#' @param steps Steps that each seed takes in the world, or moves that it learns from of `experience`. `NULL` is
#'   2,000 of bandits, 20,000 of `"random_play"`, 200,000 of `"reinforce"` and `"actor_critic"`, else 50,000.
#' @param gamma Discount: a reward k steps later counts `gamma^k`.
#' @param seeds How many agents learn, each from a seed of its own: `seed`, `seed + 1`, ... An agent is the same alone
#'   and among others (of nets to rounding).
#' @param seed Whole number, the same in R and Python; `NULL` draws one from R's random numbers, and keeps it.
#' @param experience Recorded moves to learn from instead of acting, by `"q_learning"`, `"value_iteration"` or
#'   `"dqn"`: a data frame with `s` (state), `a` (action), `r` (reward), `s_new` (the state that followed), and `done`
#'   (whether the world ended there; no move did if it is left out). With an environment states and actions are numbers
#'   from 1. Of vectors a list with matrices `s` and `s_new`.
#' @param architecture,units Of nets: see [fit_net()]; `units` are the hidden layers.
#' @param learning_rate `NULL` is 0.0023 (dqn), 0.005 (reinforce), 0.003 (actor_critic); of tables `n^-0.7` at the n-th
#'   visit of a state and action, and at least 0.05.
#' @param verbose `NULL` shows the progress of nets where somebody watches, 0 never, 1 always.
#' @param ... Options of the method by name. Of tables, `"epsilon_greedy"` and `"dqn"`: `epsilon`, the chance of a
#'   random action, or `c(first, last, share of the steps over which it falls)`. Of tables and nets: `truncated`,
#'   `"bootstrap"` (what would have followed a truncated episode counts) or `"terminal"` (it does not: an error, for
#'   lessons). Of tables and epsilon-greedy: `initial` (values to begin with). Of `"ucb"`: `confidence` (2). Of
#'   `"random_play"`: `trees` (50), `leaf` (1). Of nets: `worlds` that each seed acts in at once; `"dqn"`: `batch_size`
#'   (64), `memory` (50,000 moves), `warm_up` (1,000 steps), `train_every` (256 steps), `updates` (128 each time),
#'   `target_every` (128 updates), `double` (`TRUE`); of `"reinforce"` and `"actor_critic"`: `horizon` (steps between
#'   updates), `entropy` (0.01), and `trace` (0.95) of the latter.
#' @return An object of class `bineural_agent`, for [predict()][predict.bineural_agent], [play_episodes()],
#'   [expected_return()], [plot_agent()], `glance()`, `tidy()` (its values and actions), [save_model()], `saveRDS()` and
#'   [compare_models()]. A list with `returns` (mean return per episode of each seed, without exploring), `baseline`
#'   (that of random play, and of the best policy where chances are known), `history`, `watched`, `seeds` and more.
#' @details
#' A truncated episode is broken off, and its last state is still worth something: targets are
#' the reward and `gamma * max Q(s')` there too, and the reward alone only where the world has ended.
#'
#' While a net learns, twenty episodes are played without exploring after every fiftieth part of the steps, and the best
#' weights are kept; learning ends early where no seed can do better. Those episodes count for no result: `returns` and
#' comparisons play others.
#' @section Conditions:
#' `bineural_InputError` if the method cannot learn in this world, or an option is not its own; a warning of class
#' `bineural_InterruptedWarning` after Ctrl-C, with what was learnt until then.
#' @export
#' @examplesIf bineural_available()
#' lake <- make_environment("frozen_lake", is_slippery = FALSE)
#' agent <- fit_agent(lake, "q_learning", steps = 4000, seeds = 2, seed = 1)
#' agent
#' predict(agent, 1)
fit_agent <- function(environment = NULL,
                      method = "q_learning",
                      steps = NULL,
                      gamma = 0.99,
                      seeds = 1,
                      seed = NULL,
                      experience = NULL,
                      architecture = "mlp",
                      units = c(64, 64),
                      learning_rate = NULL,
                      verbose = NULL,
                      ...) {
  call <- rlang::current_env()
  options <- rlang::list2(...)
  if (length(options) && !rlang::is_named(options)) {
    abort_input(
      "Options of a method must be given by name.", paste0("Found ", describe(options[[1]]), "."),
      "Write e.g. `epsilon = 0.1`.",
      call = call
    )
  }
  object <- rlang::inject(call_core(
    "fit_agent",
    as_py_world(environment),
    as_py_text(method),
    steps = as_py_count(steps),
    gamma = as_py_number(gamma),
    seeds = as_py_count(seeds),
    seed = as_py_seed(seed),
    experience = as_py_experience(experience, is.null(environment), call),
    architecture = as_py_option(architecture),
    units = as_py_counts(units),
    learning_rate = as_py_number(learning_rate),
    verbose = as_py_count(verbose),
    !!!Map(function(value, name) as_py_agent_option(value, name, call), options, names(options)),
    .call = call
  ))
  new_agent(object)
}

as_py_agent_option <- function(value, name, call) {
  if (is.numeric(value) && length(value) > 1) return(py_list(unname(as.list(value))))
  if (is_count(value)) as_py_count(value, name, call) else as_py_option(value, name, call)
}

# Moves as a dict of columns; numbered from 1 where a world says what the numbers are.
as_py_experience <- function(x, labelled, call) {
  if (is.null(x) || is_python(x)) return(x)
  if (!is.list(x) || !length(x) || !rlang::is_named(x)) {
    abort_value(x, "a data frame of moves", "It needs the columns s, a, r and s_new.", "experience", call)
  }
  columns <- lapply(stats::setNames(names(x), names(x)), function(name) {
    column <- x[[name]]
    numbered <- is.numeric(column) && !labelled && name %in% c("s", "a", "s_new")
    if (is.matrix(column)) return(to_py(column))
    if (is.factor(column)) column <- as.character(column)
    as_py_vector(if (numbered) column - 1 else column, name, call)
  })
  py_dict(columns)
}

new_agent <- function(object) {
  fields <- from_python(call_core(object$to_dict))
  attribute <- function(name) from_python(reticulate::py_get_attr(object, name, silent = TRUE))
  has_world <- !is.null(reticulate::py_to_r(reticulate::py_get_attr(object, "environment", silent = TRUE)))
  parts <- list(
    method = fields$method,
    gamma = fields$gamma,
    seeds = as.integer(unlist(fields$seeds)),
    steps = fields$steps,
    states = unlist(fields$states),
    n_states = fields$n_states,
    n_actions = fields$n_actions,
    actions = if (has_world) as.character(unlist(from_python(object$environment$actions))),
    world = if (has_world) from_python(object$environment$name),
    history = if (!is.null(fields$history)) tibble::as_tibble(fields$history),
    watched = if (!is.null(fields$watched)) tibble::as_tibble(fields$watched),
    returns = if (has_world) as.numeric(attribute("returns_")),
    baseline = if (has_world) unlist(attribute("baseline_")),
    text = in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]]),
    bundle = to_bundle(object),
    pointer = new_pointer(object)
  )
  structure(parts, class = c("bineural_agent", "bineural_model"))
}

#' Choose actions with an agent
#'
#' @param object What [fit_agent()] returned.
#' @param new_data States, counted from 1 (of recorded moves their labels), or a matrix with a row for each observation.
#' @param ... Must be empty.
#' @return Tibble with a row for each seed and observation: `.seed`, `.row`, `.pred_action` (number of the action, from
#'   1) and `.pred_label` (its name).
#' @export
#' @examplesIf bineural_available()
#' agent <- fit_agent(make_environment("frozen_lake"), "value_iteration")
#' predict(agent, 1:3)
predict.bineural_agent <- function(object, new_data, ...) {
  check_dots(...)
  call <- rlang::current_env()
  labelled <- !is.null(object$states)
  seen <- if (is.data.frame(new_data)) as.matrix(new_data) else new_data
  seen <- if (is.matrix(seen)) {
    to_py(unname(seen))
  } else if (labelled || is.null(object$n_states) || !is.numeric(seen)) {
    as_py_vector(seen, "new_data", call)
  } else {
    as_py_vector(seen - 1, "new_data", call)
  }
  actions <- from_python(call_core(python_model(object)$predict, seen, .call = call)) + 1L
  label <- if (length(object$actions)) object$actions[actions] else as.character(actions)
  tibble::tibble(
    .seed = rep(object$seeds, times = ncol(actions)), .row = rep(seq_len(ncol(actions)), each = nrow(actions)),
    .pred_action = as.integer(actions), .pred_label = as.character(label)
  )
}

#' @export
print.bineural_agent <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' @export
summary.bineural_agent <- function(object, ...) {
  check_dots(...)
  structure(list(text = object$text), class = "bineural_forecaster_summary")
}

#' @export
glance.bineural_agent <- function(x, ...) {
  check_dots(...)
  fields <- from_python(call_core(python_model(x)$glance))
  tibble::as_tibble(fields[!vapply(fields, is.null, NA)])
}

#' @export
tidy.bineural_agent <- function(x, ...) {
  check_dots(...)
  object <- python_model(x)
  policy <- from_python(object$policy_)
  if (is.null(policy)) {
    abort_input("Values are of numbered states.", "This agent knows none.", "Use `predict()` for its actions.")
  }
  values <- from_python(object$values_)
  tibble::tibble(
    seed = rep(x$seeds, times = ncol(policy)),
    state = rep(if (is.null(x$states)) seq_len(ncol(policy)) else x$states, each = nrow(policy)),
    value = if (is.null(values)) NA_real_ else as.numeric(values),
    action = if (length(x$actions)) x$actions[policy + 1L] else as.integer(policy + 1L)
  )
}

#' Play episodes without learning and without exploring
#'
#' @param agent What [fit_agent()] returned: all its seeds play. Or a `function(observation)` that returns an action
#'   counted from 1, a rule; or `"random"`.
#' @param environment What [make_environment()] returned; `NULL` is the agent's own.
#' @param episodes Number of episodes.
#' @param keep Episodes of each seed whose moves are kept, to be drawn and learnt from.
#' @param longest Steps after which an episode is broken off, whatever the world's own limit.
#' @param seed Starts and luck follow from it, episode by episode: the same for every seed of the agent, and for every
#'   agent that plays with this seed.
#' @return An object of class `bineural_episodes`: a list with `table`, a tibble with a row for each episode (`seed`,
#'   `episode`, `return`, `length`, `terminated`, `truncated`), and `experience`, the moves that were kept, for
#'   [fit_agent()]; drawn by [plot_episodes()].
#' @section Conditions:
#' `bineural_InputError` if there is no world, or the agent gives no action of it.
#' @export
#' @examplesIf bineural_available()
#' pole <- make_environment("cart_pole")
#' play_episodes(function(seen) 1 + (seen[3] + seen[4] > 0), pole, episodes = 5, seed = 1)
play_episodes <- function(agent, environment = NULL, episodes = 100, keep = 1, longest = 10000, seed = NULL) {
  call <- rlang::current_env()
  world <- as_py_world(environment)
  object <- call_core(
    "play_episodes",
    as_py_actor(agent, environment, "agent", call),
    world,
    as_py_count(episodes),
    keep = as_py_count(keep),
    longest = as_py_count(longest),
    seed = as_py_seed(seed),
    .call = call
  )
  fields <- from_python(call_core(object$to_dict))
  moves <- fields$experience
  for (name in intersect(c("s", "s_new", "a"), names(moves))) {
    if (!is.matrix(moves[[name]])) moves[[name]] <- moves[[name]] + 1L
  }
  parts <- list(
    table = tibble::as_tibble(fields$table),
    experience = if (is.data.frame(moves)) tibble::as_tibble(moves) else moves,
    seed = fields$seed, text = in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  )
  structure(c(parts, standing_for(object)), class = "bineural_episodes")
}

# Who acts: an agent, a rule of R's (states and actions counted from 1), or "random".
as_py_actor <- function(x, environment, arg, call) {
  if (inherits(x, "bineural_agent")) return(python_model(x, arg, call))
  if (is.character(x)) return(as_py_text(x, arg, call))
  if (!is.function(x) || is_python(x)) return(if (is_python(x)) x else as_py_option(x, arg, call))
  numbered <- inherits(environment, "bineural_world") && !is.null(environment$n_states)
  as_py_function(function(seen) {
    action <- x(if (numbered) as.integer(seen) + 1L else as.vector(seen))
    if (is.numeric(action)) action - 1 else action
  })
}

#' @export
print.bineural_episodes <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

# ---- comparisons ----------------------------------------------------------------------------------------------------

# Whether models are compared in a world.
is_acting <- function(models, data) {
  inherits(data, "bineural_world") || inherits(models, "bineural_agent") ||
    (is.list(models) && any(vapply(models, inherits, NA, what = "bineural_agent")))
}

# `given` holds the arguments of compare_models().
compare_agents <- function(given, call) {
  own <- function(model) if (is.character(model)) model else if (is.function(model)) "function" else model$method
  models <- by_name(given$models, "bineural_agent", own)
  actors <- Map(function(model, name) as_py_actor(model, given$data, name, call), models, names(models))
  check_given("agents", given, call)
  object <- call_core(
    "compare_models",
    py_dict(actors),
    as_py_world(given$data, "data", call),
    baseline = as_py_baseline(given$baseline, call = call),
    pairs = as_py_text(given$pairs, "pairs", call),
    measure = as_py_text(given$measure, "measure", call),
    seeds = as_py_count(given$seeds, "seeds", call),
    level = as_py_number(given$level, "level", call),
    seed = as_py_count(given$seed, "seed", call),
    episodes = as_py_count(given$episodes, "episodes", call),
    .call = call
  )
  new_agent_comparison(object)
}

new_agent_comparison <- function(object) {
  fields <- from_python(object$to_dict())
  fields$text <- in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  for (name in c("verdicts", "notes", "warned")) fields[[name]] <- in_r_words(as.character(fields[[name]]))
  structure(c(fields, standing_for(object)), class = c("bineural_agent_comparison", "bineural_comparison"))
}
