# Worlds to act in. States and actions are counted from 1 in R, from 0 in the core: they change on the way.

#' Make a world for an agent to act in
#'
#' @param environment `"frozen_lake"`, `"cliff_walking"`, `"taxi"`, `"cart_pole"` or `"bandit"`, which are ours and run
#'   many at once; a name of Python's gymnasium, or an environment of it, where that is installed; `NULL` with `reset`
#'   and `step`.
#' @param reset `function()` or `function(u)` that returns the state in which an episode begins: a number from 1 to
#'   `n_states`, or a vector.
#' @param step `function(state, action)` or `function(state, action, u)` that returns
#'   `list(state = , reward = , terminated = )`; actions are counted from 1. What is left to chance it decides by `u`,
#'   uniform numbers between 0 and 1 that follow from the seed, and it keeps nothing to itself.
#' @param n_actions,n_states Of a world of functions; `n_states` where states are numbered.
#' @param n_draws Length of `u`.
#' @param actions Names of the actions of a world of functions.
#' @param step_limit Steps after which an episode is truncated; `NULL` is the limit that the world has.
#' @param threshold Mean return from which on the world counts as solved; `NULL` is the one that the world has.
#' @param ... Options of the world by name. Of `"frozen_lake"`: `map` (`"4x4"` or `"8x8"`), `desc` (rows of a lake of
#'   one's own, in the letters S, F, H and G), `is_slippery` (`TRUE`), `success_rate` (a third), `reward_schedule`
#'   (`c(1, 0, 0)`). Of `"cliff_walking"`: `is_slippery` (`FALSE`). Of `"taxi"`: `is_rainy` (`FALSE`),
#'   `rainy_probability` (0.8). Of `"cart_pole"`: `version` (`"v1"`, or `"v0"`, which is shorter). Of `"bandit"`:
#'   `means` (of each arm), `reward` (`"bernoulli"` or `"normal"`), `sd` (1). Of functions: `name`. Others go to
#'   gymnasium.
#' @return An object of class `bineural_world`: a list with `name`, `n_actions`, `actions`, `n_states`, `step_limit`,
#'   `threshold`, `grid`, and `transitions`, a tibble of what may follow each action in each state where that is known.
#' @details
#' An episode ends in one of two ways. It is *terminated* where the world has ended: the pole fell. It is *truncated*
#' where it is only broken off, at `step_limit`: what would have followed is still worth something, and methods here
#' count it.
#' @section Conditions:
#' `bineural_InputError` if there is no such world, or an option is not its own.
#' @export
#' @examplesIf bineural_available()
#' make_environment("frozen_lake")
#' walk <- make_environment(
#'   reset = function() 2,
#'   step = function(state, action) {
#'     state <- state + c(-1, 1)[[action]]
#'     list(state = state, reward = as.numeric(state == 4), terminated = state %in% c(1, 4))
#'   },
#'   n_actions = 2, n_states = 4, actions = c("left", "right")
#' )
#' fit_agent(walk, "q_learning", steps = 200, seed = 1)
make_environment <- function(environment = NULL,
                             reset = NULL,
                             step = NULL,
                             n_actions = NULL,
                             n_states = NULL,
                             n_draws = 1,
                             actions = NULL,
                             step_limit = NULL,
                             threshold = NULL,
                             ...) {
  call <- rlang::current_env()
  options <- rlang::list2(...)
  if (length(options) && !rlang::is_named(options)) {
    abort_input(
      "Options of a world must be given by name.", paste0("Found ", describe(options[[1]]), "."),
      "Write e.g. `is_slippery = FALSE`.",
      call = call
    )
  }
  numbered <- !is.null(n_states)
  object <- rlang::inject(call_core(
    "make_environment",
    if (is_python(environment)) environment else as_py_text(environment),
    reset = as_py_world_reset(reset, numbered, call),
    step = as_py_world_step(step, numbered, call),
    n_actions = as_py_count(n_actions),
    n_states = as_py_count(n_states),
    n_draws = as_py_count(n_draws),
    actions = as_py_texts(actions),
    step_limit = as_py_count(step_limit),
    threshold = as_py_number(threshold),
    !!!Map(function(value, name) as_py_world_option(value, name, call), options, names(options)),
    .call = call
  ))
  new_world(object)
}

as_py_world_option <- function(value, name, call) {
  if (is.list(value)) value <- unlist(value)
  if (length(value) != 1 && is.atomic(value) && !is.null(value)) {
    refuse_blank(value, name, call)
    return(py_list(unname(as.list(value))))
  }
  if (name %in% c("means", "reward_schedule", "desc") && is.atomic(value)) return(py_list(list(value)))
  as_py_option(value, name, call)
}

# A function of R's as the core calls it: always with `u`, and with states and actions counted from 0.
as_py_world_reset <- function(reset, numbered, call) {
  if (is.null(reset) || is_python(reset)) return(reset)
  if (!is.function(reset)) abort_value(reset, "a function", "Pass a function without calling it.", "reset", call)
  takes_u <- length(formals(args(reset))) > 0
  as_py_function(function(u) {
    state <- if (takes_u) reset(as.vector(u)) else reset()
    if (numbered && is.numeric(state)) state - 1 else state
  })
}

as_py_world_step <- function(step, numbered, call) {
  if (is.null(step) || is_python(step)) return(step)
  if (!is.function(step)) abort_value(step, "a function", "Pass a function without calling it.", "step", call)
  takes_u <- length(formals(args(step))) > 2
  as_py_function(function(state, action, u) {
    state <- if (numbered) as.integer(state) + 1L else as.vector(state)
    action <- as.integer(action) + 1L
    made <- if (takes_u) step(state, action, as.vector(u)) else step(state, action)
    if (is.list(made) && is.null(names(made)) && length(made) == 3) names(made) <- c("state", "reward", "terminated")
    if (numbered && is.list(made) && is.numeric(made$state)) made$state <- made$state - 1
    made
  })
}

new_world <- function(object) {
  fields <- from_python(call_core(object$to_dict))
  fields$actions <- as.character(unlist(fields$actions))
  fields$text <- in_r_words(strsplit(fields$text, "\n", fixed = TRUE)[[1]])
  if (isTRUE(fields$is_finite)) {
    fields$transitions <- from_one(from_python(object$transitions), c("state", "next_state"))
  }
  structure(c(fields, standing_for(object)), class = "bineural_world")
}

# Columns of states and actions, counted from 1.
from_one <- function(table, columns) {
  for (name in intersect(columns, names(table))) table[[name]] <- table[[name]] + 1L
  tibble::as_tibble(table)
}

as_py_world <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is.null(x) || is_python(x)) return(x)
  if (!inherits(x, "bineural_world")) {
    abort_value(x, "what make_environment() returned", "Make one, e.g. `make_environment(\"frozen_lake\")`.", arg, call)
  }
  live_object(x, paste0("`", arg, "`"), call)
}

#' @export
print.bineural_world <- function(x, ...) {
  check_dots(...)
  writeLines(x$text)
  invisible(x)
}

#' Compute the mean return per episode exactly, in a world whose chances are known
#'
#' @param environment What [make_environment()] returned, one with `transitions`.
#' @param policy `"optimal"`, the best of all policies, one that may look at the steps that are left; `"random"`, all
#'   actions equally likely; an agent from [fit_agent()], as it acts when it explores no more; the action of each state,
#'   counted from 1; or a matrix of the chance of each action, a row for each state.
#' @param gamma Discount: a reward k steps later counts `gamma^k`.
#' @param steps Steps that are counted; `NULL` is the `step_limit` of the environment, or without one all of them.
#' @return A number; of an agent one for each seed.
#' @section Conditions:
#' `bineural_InputError` if chances are not known, `policy` is none, or the sum has no end.
#' @export
#' @examplesIf bineural_available()
#' lake <- make_environment("frozen_lake")
#' expected_return(lake)
#' expected_return(lake, "random")
expected_return <- function(environment, policy = "optimal", gamma = 1, steps = NULL) {
  call <- rlang::current_env()
  from_python(call_core(
    "expected_return",
    as_py_world(environment),
    as_py_policy(policy, call),
    gamma = as_py_number(gamma),
    steps = as_py_count(steps),
    .call = call
  ))
}

as_py_policy <- function(policy, call) {
  if (inherits(policy, "bineural_agent")) return(python_model(policy, "policy", call))
  if (is_python(policy)) return(policy)
  if (is.character(policy)) return(as_py_text(policy, "policy", call))
  if (is.matrix(policy) && is.numeric(policy)) return(to_py(policy))
  if (is.numeric(policy) && !is.object(policy) && length(policy)) return(as_py_vector(policy - 1, "policy", call))
  as_py_option(policy, "policy", call)
}
