test_that("worlds show their chances, and states and actions are counted from 1", {
  skip_without_python()
  lake <- make_environment("frozen_lake")
  expect_s3_class(lake, "bineural_world")
  expect_equal(lake$actions, c("left", "down", "right", "up"))
  expect_equal(range(lake$transitions$state), c(1L, 16L))
  expect_equal(expected_return(lake), 0.7441902878, tolerance = 1e-9)
  expect_equal(expected_return(lake, "random"), 0.0139397960, tolerance = 1e-8)
  firm <- make_environment("frozen_lake", is_slippery = FALSE)
  way <- rep(1L, 16)
  way[c(1, 5)] <- 2L # down
  way[c(9, 14, 15)] <- 3L # to the right
  way[10] <- 2L
  expect_equal(expected_return(firm, way), 1)
  expect_equal(expected_return(firm, diag(4)[way, ]), 1)
  expect_output(print(lake), "SFFF")
  own <- make_environment("frozen_lake", desc = c("SF", "HG"), reward_schedule = c(2, -1, 0))
  expect_equal(own$grid, c("SF", "HG"))
  expect_equal(make_environment("bandit", means = 0.5)$n_actions, 1L)
})

test_that("a world written in R is solved from R", {
  skip_without_python()
  # Gambler's walk: states 1 to 5, the ends are the end; the chance to reach 5 from 3 with fair steps is a half.
  walk <- make_environment(
    reset = function() 3,
    step = function(state, action, u) {
      state <- state + if (u[1] < 0.5) 1 else -1
      list(state = state, reward = as.numeric(state == 5), terminated = state %in% c(1, 5))
    },
    n_actions = 1, n_states = 5
  )
  played <- play_episodes("random", walk, 200, seed = 1)
  expect_equal(mean(played$table$return), 0.5, tolerance = 0.25)
  expect_equal(play_episodes("random", walk, 50, seed = 1)$table, played$table[1:50, ])
  choose <- make_environment(
    reset = function() 2,
    step = function(state, action) {
      state <- state + c(-1, 1)[[action]]
      list(state, as.numeric(state == 4), state %in% c(1, 4))
    },
    n_actions = 2, n_states = 4, actions = c("back", "on")
  )
  agent <- fit_agent(choose, steps = 300, gamma = 0.5, seed = 1)
  expect_equal(predict(agent, c(2, 3))$.pred_label, c("on", "on"))
  expect_equal(tidy(agent)$value[2:3], c(0.5, 1), tolerance = 1e-3)
  vectors <- make_environment(
    reset = function() c(0, 1), step = function(state, action) list(state, 1, TRUE), n_actions = 2
  )
  expect_equal(vectors$observation_shape, 2L)
  expect_error(
    make_environment(reset = function() 9, step = function(s, a) s, n_actions = 1, n_states = 2),
    class = "bineural_InputError"
  )
})

test_that("agents learn, are told, saved, and go through saveRDS", {
  skip_without_python()
  firm <- make_environment("frozen_lake", is_slippery = FALSE)
  exact <- fit_agent(firm, "value_iteration", gamma = 1)
  expect_equal(tidy(exact)$value[1], 1)
  agent <- fit_agent(firm, "q_learning", steps = 3000, seeds = 3, seed = 1, epsilon = c(1, 0.1, 0.8))
  expect_equal(agent$seeds, 1:3)
  expect_equal(agent$baseline[["optimal"]], 1)
  expect_named(predict(agent, 1:2), c(".seed", ".row", ".pred_action", ".pred_label"))
  expect_equal(nrow(predict(agent, 1:2)), 6)
  expect_named(agent$history, c("seed", "episode", "step", "return", "length", "truncated"))
  path <- withr::local_tempfile(fileext = ".bineural")
  save_model(agent, path)
  expect_identical(predict(load_model(path), 1:16), predict(agent, 1:16))
  expect_identical(predict(unserialize(serialize(agent, NULL)), 1:16), predict(agent, 1:16))
  expect_output(print(agent), "Q-learning")
  expect_equal(glance(agent)$n_seeds, 3L)
  expect_error(fit_agent(firm, "ucb"), class = "bineural_InputError")
})

test_that("recorded moves are learnt from by their labels", {
  skip_without_python()
  moves <- data.frame(
    s = c("home", "home", "road"), a = c("stay", "go", "go"), r = c(0.1, 0, 1), s_new = c("home", "road", "town"),
    done = c(FALSE, FALSE, TRUE)
  )
  agent <- fit_agent(experience = moves, method = "value_iteration", gamma = 0.9)
  expect_equal(predict(agent, c("home", "road"))$.pred_label, c("stay", "go")) # a tenth, for ever
  expect_equal(tidy(agent)$value[1:2], c(1, 1))
  firm <- make_environment("frozen_lake", is_slippery = FALSE)
  played <- play_episodes("random", firm, 300, keep = 300, seed = 2)
  expect_equal(min(played$experience$s), 1L)
  expect_equal(fit_agent(firm, experience = played$experience, steps = 40000, seed = 1)$returns, 1)
})

test_that("a net learns from recorded moves of vectors, in every form of a table", {
  skip_without_python()
  pole <- make_environment("cart_pole")
  lean <- function(seen) 1 + (seen[3] + seen[4] > 0)
  moves <- play_episodes(lean, pole, episodes = 3, keep = 3, seed = 1)$experience
  expect_equal(sort(unique(moves$a)), 1:2)
  fit <- function(moves) fit_agent(pole, "dqn", experience = moves, steps = 640, units = 8, seed = 1)
  agent <- fit(moves)
  expect_length(agent$returns, 1)
  wide <- data.frame(s = moves$s, s_new = moves$s_new, a = moves$a, r = moves$r, done = moves$done)
  names(wide) <- sub("^(s|s_new)[.]", "\\1_", names(wide))
  tall <- tibble::tibble(s = moves$s, a = moves$a, r = moves$r, s_new = moves$s_new, done = moves$done)
  some <- moves$s[1:50, ]
  for (other in list(fit(wide), fit(tall))) expect_equal(predict(other, some), predict(agent, some))
  expect_error(fit(replace(moves, "a", list(moves$a + 1))), "numbered from 1 to 2.*Found number 3")
  expect_error(fit_agent(experience = moves, method = "dqn"), "come with the `environment`")
})

test_that("states and actions are counted from 1 in what is said of them", {
  skip_without_python()
  firm <- make_environment("frozen_lake", is_slippery = FALSE)
  agent <- fit_agent(firm, "value_iteration")
  expect_error(predict(agent, 17), "numbered from 1 to 16.*Found number 17", class = "bineural_InputError")
  expect_error(predict(agent, 0), "numbered from 1 to 16.*Found number 0", class = "bineural_InputError")
  moves <- data.frame(s = c(1, 17), a = 1, r = 0, s_new = 1)
  expect_error(fit_agent(firm, experience = moves), "states, numbered from 1 to 16.*Found number 17")
  expect_error(play_episodes(function(seen) 5, firm, 1), "numbered from 1 to 4.*Found number 5")
  expect_error(expected_return(firm, rep(5, 16)), "numbered from 1 to 4")
  lost <- make_environment(
    reset = function() 1, step = function(state, action) list(state = 4, reward = 0, terminated = FALSE),
    n_actions = 1, n_states = 3
  )
  expect_error(fit_agent(lost, "q_learning", steps = 10), "numbered from 1 to 3.*returned number 4")
  expect_equal(in_r_words("A share from 0 to 1. Found 0."), "A share from 0 to 1. Found 0.")
})

test_that("agents and rules of R's are compared over seeds, and drawn", {
  skip_without_python()
  firm <- make_environment("frozen_lake", is_slippery = FALSE)
  agent <- fit_agent(firm, "q_learning", steps = 3000, seeds = 5, seed = 1)
  right <- function(state) 3
  comparison <- compare_models(list(learnt = agent, right = right), firm, episodes = 10, seed = 1)
  expect_s3_class(comparison, "bineural_comparison")
  expect_equal(comparison$models, c("learnt", "right", "random", "optimal"))
  expect_equal(tidy(comparison)$return[c(2, 4)], c(0, 1))
  expect_output(print(comparison), "common starts")
  expect_error(compare_models(list(agent), firm, folds = 3), class = "bineural_InputError")
  skip_without("ggplot2")
  expect_s3_class(plot_agent(agent), "ggplot")
  expect_s3_class(plot_agent(agent, what = "learning"), "ggplot")
  played <- play_episodes(agent, episodes = 2, seed = 1)
  expect_s3_class(plot_episodes(played, withr::local_tempfile(fileext = ".png")), "ggplot")
  expect_s3_class(ggplot2::autoplot(comparison, withr::local_tempfile(fileext = ".png")), "ggplot")
  path <- withr::local_tempfile(fileext = ".gif")
  animate_episode(played, path)
  expect_gt(file.size(path), 1000)
  pole <- make_environment("cart_pole")
  by_rule <- play_episodes(function(seen) 1 + (seen[3] + seen[4] > 0), pole, 2, seed = 1)
  expect_equal(by_rule$table$return, c(500, 500), tolerance = 0.3)
  expect_s3_class(plot_episodes(by_rule), "ggplot")
})

test_that("the same seed gives the same agent as in Python", {
  skip_without_python()
  agent <- fit_agent(make_environment("frozen_lake"), "sarsa", steps = 500, seed = 7)
  core <- reticulate::import("bineural")
  same <- core$fit_agent(core$make_environment("frozen_lake"), "sarsa", steps = 500L, seed = 7L)
  expect_equal(tidy(agent)$value, as.numeric(reticulate::py_to_r(same$values_)))
})
