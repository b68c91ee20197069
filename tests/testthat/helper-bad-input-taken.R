# Which of the values of helper-bad-input.R are no wrong ones, where, and why. `where` has function(argument), with *
# for any text.

taken_values <- function() {
  taken <- function(why, values, ...) list(why = why, values = values, where = c(...))
  numbers <- c("half", "negative", "zero", "huge")
  rows <- c(numbers, "frame", "long", "true", "empty")
  list(
    taken("a number with a name is the number", "named", "*"),
    taken("NULL leaves it out, which is the default", "null", arguments_without_value()),
    taken("NULL says none, or the usual", "null", "fit_autoencoder(units)", "two_sample_auroc(seed)",
      "judge_samples(seed)", "plot_samples(seed)", "generate()", "generate(seed)", "fit_sequence(units)",
      "fit_net(monitor)", "make_net(monitor)", "*_net(patience)",
      "*_net(validation)", "*_net(ensemble)", "make_folds(pool)", "split_rows(pool)"),
    taken("TRUE is one of the two answers", "true", "activate(derivative)", "compare_models(baseline)", "*(corrected)",
      "*(training)", "*_net(batch_normalization)", "*_net(keep_weights)", "*_net(scaling)", "*_net(verbose)",
      "fit_autoencoder(variational)", "fit_rbm(persistent)", "fit_sequence(attention)", "*_net(lowercase)",
      "fit_neuron(shuffle)", "plot_roc(band)", "register_measure(larger_is_better)", "register_measure(ranks)",
      "run_network(layers)", "sitrep(*)", "tune_net(halving)", "tune_net(refit)"),
    taken("0 and TRUE are bits", c("zero", "true"), "add_bits(*)", "apply_gate(a)", "apply_gate(b)"),
    taken("0 is a seed", "zero", "*(seed)", "fit_nets(seeds)"),
    taken("R's random numbers have negative seeds", "negative", "cluster_features(seed)", "make_folds(seed)",
      "optimism_bootstrap(seed)", "permutation_test(seed)", "split_rows(seed)"),
    taken("any number will do", numbers, "*(bias)", "build_network(*)", "fire_neuron(bias)", "map_letter(bias)",
      "normalise_batch(moving_mean)", "normalise_batch(scale)", "normalise_batch(shift)", "raise_*(height)",
      "raise_*(left)", "raise_*(right)", "raise_*(top)", "raise_*(bottom)"),
    taken("a number within the other bound", c("half", "negative", "zero"), "approximate_function(low)",
      "approximate_function(high)"),
    taken("any number above 0", c("half", "huge"), "*(learning_rate)", "*(sharpness)", "*(memory)", "*(strength)",
      "count_linear_regions(limit)", "make_band(width)", "make_spirals(turns)", "normalise_batch(epsilon)"),
    taken("one number weighs all rows alike", c("half", "huge"), "fit_autoencoder(weights)", "fit_gan(weights)",
      "fit_rbm(weights)", "fit_sequence(weights)"),
    taken("a token is text or a number", c("text", "true", "factor", "inf", numbers), "decode_beams(start)",
      "decode_beams(end)"),
    taken("a sequence is text", c("text", "factor"), "plot_attention(source)", "plot_attention(target)",
      "fit_ngram(target)"),
    taken("0 to 100", c("half", "zero"), "decode_beams(length_penalty)"),
    taken("0 is none", "zero", "generate(length_penalty)", "generate(temperature)"),
    taken("0 to 1000", c("half", "zero"), "fit_autoencoder(beta)"),
    taken("0 says none", "zero", "fit_autoencoder(noise)", "fit_forecast(origins)", "play_episodes(keep)",
      "expected_return(gamma)", "fit_agent(gamma)"),
    taken("a mean return of any size", numbers, "make_environment(threshold)"),
    taken("a rule is a function of what is seen", "function_", "play_episodes(agent)"),
    taken("any number from 0", c("half", "zero", "huge"), "*(rope)", "*_net(l1)", "*_net(l2)", "*(min_delta)",
      "make_spirals(noise)", "normalise_batch(moving_variance)", "shrink_weights(penalties)",
      "soft_threshold(threshold)"),
    taken("0 says none, or is the lower bound", "zero", "*(verbose)", "*(rate)", "*(momentum)", "*(dropout)",
      "*(pool)", "*_net(patience)", "*_net(validation)", "evaluate_model(threshold)", "make_band(flipped)",
      "make_retina(noise)", "make_scenes(noise)", "make_scenes(objects)",
      "fine_tune(freeze)", "suppress_boxes(iou)", "net_benefit(thresholds)"),
    taken("-1 says all cores", "negative", "*(n_jobs)"),
    taken("numbers or rows of any number, also none; truth values count as 0 and 1", rows, "activate(x)",
      "drop_units(x)", "normalise_batch(x)", "raise_bump(x)", "raise_tower(x1)", "raise_tower(x2)",
      "soft_threshold(x)", "stop_early(losses)", "descend_gradient(start)", "plot_activation(weights)"),
    taken("truth values count as 0 and 1", c("true", "long"), "build_network(*)", "shrink_weights(penalties)",
      "response_surface(grid)"),
    taken("an empty list says none", c("list", "frame", "empty"), "*(contrasts)", "*_net(units)",
      "fit_autoencoder(units)", "fit_gan(units)", "*_net(callbacks)",
      "compare_models(measures)", "r_model(packages)"),
    taken("text is what it takes", "text", "add_exercise(*)", "*(save_to)", "register_measure(*)", "save_*(path)",
      "write_report(*)", "make_net(activation)", "make_net(checkpoint)", "make_net(device)",
      "make_net(optimizer)", "make_net(monitor)", "fit_net(checkpoint)", "*(checkpoint)",
      "export_model(path)", "export_model(table)", "export_model(keep)"),
    taken("labels of a factor are text", "factor", "export_model(keep)", "add_exercise(hints)", "add_exercise(inputs)",
      "cluster_features(unseen_classes)"),
    taken("a class that is looked up when it is fitted", c("text", numbers, "long", "inf", "true", "factor"),
      "make_net(event)", "make_net(classes)"),
    taken("a function is what it takes", "function_", "add_exercise(check)", "descend_gradient(loss)",
      "r_model(fit)", "r_model(predict)", "register_measure(compute)", "register_measure(undefined)",
      "make_net(architecture)", "make_net(monitor)", "trace_graph(expression)", "tune_net(measure)"),
    taken("a formula is what it takes, or text as R's formulas are", "formula", "build_graph(expression)",
      "trace_graph(expression)", "make_net(formula)", "make_net(optimizer)", "make_net(monitor)"),
    taken("text may be a formula", "text", "make_net(formula)")
  )
}

# As function(argument): those whose default is NULL.
arguments_without_value <- function() {
  names <- names(valid_calls())
  unlist(lapply(names, function(name) {
    arguments <- formals(get(name))
    sprintf("%s(%s)", name, names(arguments)[vapply(arguments, is.null, NA)])
  }))
}

# A function that says whether a value is taken.
takes_value <- function(rules = taken_values()) {
  patterns <- lapply(rules, function(rule) paste(utils::glob2rx(rule$where), collapse = "|"))
  function(name, argument, value) {
    call <- sprintf("%s(%s)", name, argument)
    any(mapply(function(rule, pattern) value %in% rule$values && grepl(pattern, call), rules, patterns))
  }
}
