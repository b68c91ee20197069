# A valid call for each exported function, and values that are wrong in most places, for test-bad-input.R.

# What the calls are made of. Made once: fits take a second.
valid_materials <- function() {
  rows <- as.data.frame(load_dataset("kyphosis"))
  glm <- fit_glm(Kyphosis ~ Age + Start, rows, event = "present")
  net <- fit_net(Kyphosis ~ Age + Start, rows, event = "present", epochs = 2, ensemble = 1, seed = 1)
  images <- array(sin(1:(24 * 36)), c(24, 6, 6, 1))
  label <- rep(c("dark", "light"), 12)
  image_net <- fit_net(
    images, label,
    event = "light", architecture = "cnn", width = 0.1, epochs = 1, seed = 1
  )
  split <- split_rows(rows, seed = 1)
  evaluation <- evaluate_model(glm, rows)
  pictures <- array(seq_len(720) / 720, c(6, 12, 10))
  boxes <- data.frame(image = 1:6, x1 = 2, y1 = 1, x2 = 7, y2 = 3:8)
  bits <- matrix(rep(c(0, 1, 1), 20), 20)
  lake <- make_environment("frozen_lake", is_slippery = FALSE)
  folder <- tempfile("bad-input")
  dir.create(folder)
  list(
    rows = rows, glm = glm, net = net, images = images, label = label, image_net = image_net,
    split = split, evaluation = evaluation, folder = folder,
    pictures = pictures, boxes = boxes, scored = cbind(boxes, score = 0.5),
    word_net = fit_net(
      rep(c("good tea", "bad tea"), 6), rep(c("yes", "no"), 6),
      event = "yes", epochs = 1, ensemble = 1, seed = 1
    ),
    detector = fit_net(pictures, boxes, architecture = "locator", width = 0.1, epochs = 1, seed = 1),
    comparison = compare_models(glm, rows, folds = 2, repeats = 1, seed = 1),
    bundle = save_model(glm, file.path(folder, "glm.bineural")),
    manifest = save_split(split, file.path(folder, "split.json")),
    checkpoint = {
      fit_layers(matrix(1:6, 3), 1:3, epochs = 1, units = 2, save_to = file.path(folder, "layers"), seed = 1)
      file.path(folder, "layers")
    },
    network = build_network(list(matrix(c(1, 2, 3, 4), 2), matrix(c(1, -1), 2))),
    out = function(ending) file.path(folder, paste0("out", ending)),
    y = c(0, 0, 1, 0, 1, 1), p = c(0.1, 0.4, 0.35, 0.2, 0.8, 0.7), q = c(0.3, 0.2, 0.4, 0.6, 0.1, 0.9),
    series = data.frame(t = 1:40, y = sin(1:40)),
    forecaster = fit_forecast(sin(1:40), horizon = 2, season = 2, architecture = "snaive"),
    lake = lake, agent = fit_agent(lake, "value_iteration"),
    episodes = play_episodes("random", lake, 1, seed = 1),
    four = data.frame(g = rep(c("u", "v", "w", "z"), 8), a = sin(1:32), b = cos(3 * (1:32))),
    long = data.frame(id = rep(1:4, each = 3), time = rep(1:3, 4), a = sin(1:12), y = rep(c("u", "v"), each = 6)),
    bits = bits, rbm = fit_rbm(bits, 2, epochs = 1, seed = 1),
    coder = fit_autoencoder(rows[2:3], 2, units = 2, epochs = 1, seed = 1),
    targets = c("ba", "ab", "bba"), sources = c("ab", "ba", "abb"),
    sequence_net = fit_sequence(
      c("ba", "ab", "bba"), c("ab", "ba", "abb"),
      units = 2, embedding = 2, epochs = 1, validation = NULL, seed = 1
    ),
    token_step = function(tokens) log(c(0.5, 0.5)),
    hypotheses = decode_beams(function(tokens) log(c(0.5, 0.5)), 0, 2, width = 2, max_length = 2),
    x = matrix(c(0, 0, 1, 1, 0, 1, 0, 1), 4), gate = c(0, 1, 1, 1)
  )
}

# By function: a call whose arguments are expressions of the materials.
valid_calls <- function() {
  alist(
    activate = activate(x, "sigmoid", FALSE),
    add_bits = add_bits(1, 0, 1),
    animate_episode = animate_episode(episodes, out(".gif"), 1, 1, 5),
    additive_curves = additive_curves(glm, rows, "Age"),
    add_exercise = add_exercise("bad-input", "neurons", "T", "a", function(a) TRUE, "h", "l", "t"),
    apply_gate = apply_gate("AND", 0, 1),
    additive_curves = additive_curves(glm, rows, "Age"),
    approximate_function = approximate_function(function(x) x^2, 3, 1, 0, 1, 3000),
    augment = augment(glm, rows),
    auroc = auroc(y, p, weights = rep(1, 6)),
    auroc_interval = auroc_interval(y, p, 0.95, "bootstrap", rep(1, 6), 100, 1),
    average_models = average_models(list(a = glm, b = net), weights = c(1, 2)),
    average_precision = average_precision(y, p, rep(1, 6)),
    backpropagate = backpropagate(network, x, gate),
    bootstrap_interval = bootstrap_interval("brier", y, p, rep(1, 6), 100, 1, 0.95),
    box_iou = box_iou(boxes, boxes),
    brier = brier(y, p, rep(1, 6)),
    build_graph = build_graph(~ a * b, c(a = 1, b = 2)),
    build_network = build_network(list(matrix(1, 2, 1)), list(1), "relu", "identity"),
    calibration = calibration(y, p, rep(1, 6), 3, "uniform", 0.95),
    check_exercise = check_exercise("or-gate"),
    cluster_features = cluster_features(g ~ a + b, four, c(4, 2), 1, c("u", "v"), 2, 1),
    compare_aurocs = compare_aurocs(y, p, q, 0.95, rep(1, 6)),
    compare_models = compare_models(
      list(glm = glm), rows, Kyphosis, Kyphosis ~ Age, "present", NULL, 2, 1, "Kyphosis", NULL, NULL, rep(1, 81), TRUE,
      "reference", "auroc", NULL, 1, 0.95, 0.01, "error",
      n_jobs = 1, memory = 1e9, seed = 1, verbose = 0
    ),
    convolve_image = convolve_image(x, "sobel_x", "same", 1),
    count_linear_regions = count_linear_regions(network, 5),
    descend_gradient = descend_gradient(function(w) 2 * w, c(1, 1), "sgd", 0.1, 3, function(w) sum(w^2)),
    describe_architecture = describe_architecture("skip", 3, 1),
    draw_weights = draw_weights(2, 3, FALSE, 1),
    drop_units = drop_units(x, 0.2, TRUE, NULL, 1),
    evaluate_model = evaluate_model(glm, rows, Kyphosis, "present", 0.5, 0.95, rep(1, 81)),
    find_similar = find_similar(detector, pictures, pictures[1:2, , ], 1),
    find_separator = find_separator(x, gate),
    as_sequences = as_sequences(long, "id", "time", "y", "a"),
    expected_return = expected_return(lake, "optimal", 0.9, 10),
    fit_agent = fit_agent(lake, "q_learning", 20, 0.9, 1, 1, NULL, "mlp", c(64, 64), 0.1, 0),
    fit_autoencoder = fit_autoencoder(
      rows[2:4], 1, NULL, "dense", FALSE, 0.1, 1, "gaussian", NULL,
      epochs = 1, units = 2
    ),
    fit_gan = fit_gan(rows[2:4], NULL, 2, "dense", NULL, epochs = 1, units = 2),
    fit_rbm = fit_rbm(bits, 2, NULL, 1, FALSE, NULL, epochs = 1),
    generate = generate(rbm, 2, seed = 1),
    fit_sequence = fit_sequence(targets, sources, "character", "rnn", FALSE, rep(1, 3), epochs = 1, units = 2),
    fit_ngram = fit_ngram(targets, "character", 2, 1),
    score_sequences = score_sequences(sequence_net, targets, sources, 1),
    edit_distance = edit_distance(targets, sources, "character"),
    make_sequences = make_sequences("reversal", 2, 1),
    decode_beams = decode_beams(token_step, 0, 2, 2, 0, 3),
    plot_search_tree = plot_search_tree(hypotheses, NULL),
    plot_attention = plot_attention(sequence_net, "ab", "ba", NULL),
    two_sample_auroc = two_sample_auroc(as.matrix(four[2:3]), -as.matrix(four[2:3]), 1),
    fine_tune = fine_tune(image_net, images, label, 0, NULL, 0.01, NULL, "light", NULL, rep(1, 24)),
    fire_neuron = fire_neuron(c(1, 0), c(1, 2), 0.5),
    fit_curve = fit_curve(c(0, 0.5, 1), c(0, 1, 0), "none", 3, 0.2, 0.001, 50, 2, 1),
    fit_double_neuron = fit_double_neuron(x, gate, 0.2, 2, 1),
    fit_forecast = fit_forecast(series, "y", 2, 2, "t", NULL, NULL, NULL, 3, "snaive", 5, 1),
    fit_glm = fit_glm(
      Kyphosis ~ Age, rows, "present", c("absent", "present"), "binomial", "logit", rep(1, 81), NULL, NULL, "ridge",
      0.1, "ml", "r", "error", "warn"
    ),
    fit_layers = fit_layers(x, gate, x, gate, 2, "relu", "sd", 0.01, 0, 32, 1, out(""), NULL, 1),
    fit_net = fit_net(
      Kyphosis ~ Age, rows, "present", NULL, NULL, NULL, "skip", NULL, "plain", 2, "relu", 0, 0, 0.1, FALSE, "onehot",
      "plain", NULL, NULL, NULL, "end", "auto", "adam", 0.01, 32, 1, 0.2, "loss", 1, 0, 1, NULL, FALSE, NULL, NULL,
      NULL, "float32", "error", 100, TRUE, "warn", 1, 0
    ),
    fit_nets = fit_nets(
      net, rows, split, data.frame(l2 = 0.1), 1, "present", NULL, NULL, 1e9, 1
    ),
    fit_neuron = fit_neuron(x, gate, "identity", c(0, 0), 0, 0.01, 2, 2, TRUE, "mean", 1),
    fit_perceptron = fit_perceptron(x, gate, 3, 1),
    fit_tensors = fit_tensors(x, gate, x, gate, "max", 0.005, 2),
    fit_two_layers = fit_two_layers(x, gate, 2, 0.5, 2, 1),
    fit_warp = fit_warp(x, gate, c(3, 2), "tanh", 0.02, 2, 1),
    glance = glance(glm),
    gradient_by_layer = gradient_by_layer("relu", 3, 4, 4, 1),
    hand_till = hand_till(c("a", "a", "b", "b"), cbind(c(2, 3, 1, 1), c(1, 2, 3, 3)), c("a", "b"), rep(1, 4)),
    judge_samples = judge_samples(rbm, bits, bits, rep(c("u", "v"), 10), 1),
    list_checkpoint = list_checkpoint(checkpoint),
    list_errors = list_errors(glm, rows, Kyphosis, 2),
    list_exercises = list_exercises(NULL),
    forecast = forecast(forecaster),
    list_measures = list_measures("binary"),
    load_dataset = load_dataset("iris", 1e9),
    load_images = load_images("digits"),
    load_model = load_model(bundle, 1e8),
    load_photograph = load_photograph("flower"),
    load_split = load_split(manifest, rows),
    log_loss = log_loss(y, p, rep(1, 6), NULL),
    mae = mae(y, p, rep(1, 6)),
    make_band = make_band(20, 0.8, 0, 1),
    make_environment = make_environment("frozen_lake", step_limit = 10, threshold = 0.5),
    make_folds = make_folds(rows, 5, 1, "Kyphosis", NULL, NULL, 1, 0.1, "R", NULL),
    make_net = make_net(
      Kyphosis ~ Age, "present", NULL, "skip", NULL, "plain", 2, "relu", 0, 0, 0.1, FALSE, "onehot", "plain", NULL,
      NULL, NULL, "end", "auto", "adam", 0.01, 32, 1, 0.2, "loss", 1, 0, 1, NULL, FALSE, NULL, NULL, NULL, "float32",
      "error",
      100, TRUE, "warn", 1, 0
    ),
    make_pattern = make_pattern("diamond", 20, 1),
    make_retina = make_retina(3, 10, 0.02, 1),
    make_scenes = make_scenes(2, 16, 1, 1, 0.1, "all", 1),
    make_spirals = make_spirals(20, 1, 0, 1),
    map_letter = map_letter(diag(2), c(0, 0), "identity"),
    mean_average_precision = mean_average_precision(boxes, scored, 0.5, "all"),
    mean_deviance = mean_deviance(c(1, 2), c(1, 3), "gaussian", c(1, 1)),
    measure_gradient_noise = measure_gradient_noise(x, gate, "sigmoid", c(0, 0), 0, c(1, 2), 5, 1),
    model_matrix = model_matrix(~ Age, rows, NULL),
    nearest_words = nearest_words(word_net, "tea", 1),
    net_benefit = net_benefit(y, p, 0.5, rep(1, 6)),
    normalise_batch = normalise_batch(x, 1, 0, 0, 1, 0.99, 0.001, TRUE),
    optimism_bootstrap = optimism_bootstrap(Kyphosis ~ Age, rows, "present", 5, 1, "R"),
    partial_auroc = partial_auroc(y, p, c(0.5, 1), NULL, FALSE, rep(1, 6)),
    partial_dependence = partial_dependence(glm, rows, "Age", "present", 3),
    permutation_importance = permutation_importance(glm, rows, Kyphosis, "Age", "auroc", "present", 2, 1),
    permutation_test = permutation_test(Kyphosis ~ Age, rows, "present", 2, 1, 5, "auroc", 1),
    plot_activation = plot_activation("relu", 1, 0, out(".png")),
    plot_boxes = plot_boxes(pictures, boxes, scored, 2, out(".png")),
    plot_calibration = plot_calibration(evaluation, out(".png")),
    plot_codes = plot_codes(coder, rows[2:3], "map", rows$Kyphosis, 2, out(".png")),
    play_episodes = play_episodes(agent, lake, 1, 1, 100, 1),
    plot_agent = plot_agent(agent, out(".png"), "values"),
    plot_comparison = plot_comparison(comparison, "roc", out(".png"), "glm", "auroc", "present"),
    plot_episodes = plot_episodes(episodes, out(".png"), 1, 1),
    plot_features = plot_features(detector, pictures[1, , ], "maps", 1, NULL, 2, out(".png")),
    plot_forecast = plot_forecast(forecaster, out(".png"), 0.8, 9),
    plot_history = plot_history(net, out(".png")),
    plot_net_benefit = plot_net_benefit(evaluation, out(".png")),
    plot_precision_recall = plot_precision_recall(evaluation, out(".png")),
    plot_roc = plot_roc(evaluation, out(".png"), FALSE),
    plot_samples = plot_samples(rbm, bits, 5, 1, out(".png")),
    pr_points = pr_points(y, p, rep(1, 6)),
    r_model = r_model(function(train) 1, function(model, test) 0, "stats"),
    r_squared = r_squared(y, p, rep(1, 6)),
    raise_bump = raise_bump(0.5, 0, 1, 1, 3000),
    raise_tower = raise_tower(0.5, 0.5, 0, 1, 0, 1, 1, 3000),
    region_bounds = region_bounds(4, 2, 2),
    register_measure = register_measure(
      "bad_input", function(y_true, prediction) 0, "l", "binary", TRUE, c(0, 1), FALSE, function(y, p) NULL, "r"
    ),
    response_surface = response_surface(network, c(0, 1)),
    restore_layers = restore_layers(checkpoint),
    rmse = rmse(y, p, rep(1, 6)),
    roc_points = roc_points(y, p, rep(1, 6)),
    run_network = run_network(network, c(1, 2), FALSE),
    save_model = save_model(glm, out(".bineural")),
    export_model = export_model(glm, out(".sql"), "sql", "new_data", "Age"),
    save_split = save_split(split, out(".json")),
    shrink_weights = shrink_weights(x, gate, c(0.1, 1), "l2"),
    sitrep = sitrep(FALSE, FALSE),
    soft_threshold = soft_threshold(c(-1, 2), 0.5),
    split_rows = split_rows(rows, "Kyphosis", NULL, NULL, 0.75, 1, 0.1, "R"),
    stop_early = stop_early(c(3, 2, 1), 1),
    suppress_boxes = suppress_boxes(scored, 0.5),
    threshold = threshold(y, p, c(1, 2), 0.5, rep(1, 6), "cost"),
    tidy = tidy(glm),
    trace_graph = trace_graph(~ a * b, list(a = 1, b = 2), NULL, NULL, NULL),
    tune_net = tune_net(
      net, rows, list(l2 = 0.1), NULL, 2, 1, NULL, NULL, NULL, "auroc", "best", FALSE, TRUE, "present", NULL, NULL, 1,
      1e9, 1
    ),
    warp_points = warp_points(network, x, gate),
    write_report = write_report(comparison, out(".html"), "t", "kyphosis")
  )
}

# Functions without arguments, and those whose arguments are rmarkdown's or whose work takes minutes.
not_tried <- c(
  "FILL_IN", "bineural_available", "course_page", "course_slides", "list_activations", "list_architectures",
  "list_datasets", "list_gates", "list_kernels", "render_course", "run_demo", "ten_points", "install_bineural",
  "parsnip_glm", "parsnip_net" # what parsnip calls; the values go on to fit_glm() and fit_net()
)

bad_values <- function() {
  list(
    null = NULL, na = NA, text = "text", half = 2.5, negative = -1, zero = 0, list = list(),
    function_ = function(...) 1, frame = data.frame(), long = seq_len(50) / 7, inf = Inf, true = TRUE,
    environment = new.env(), nan = NaN, huge = 1e300, nested = list(list(1), "a"), formula = ~a,
    texts = c("a", "b", NA), date = Sys.Date(), raw = as.raw(1), complex = 1i, factor = factor(c("u", "v")),
    symbol = quote(a), named = c(a = 1), empty = character()
  )
}

# What one call ends in: "taken", "warned" (a warning of bineural said something), "refused" (an error of bineural of
# three sentences), or what is wrong with it.
outcome_of <- function(call, envir) {
  foreign <- warned <- character()
  started <- proc.time()[["elapsed"]]
  ended <- tryCatch(
    withCallingHandlers(
      suppressMessages(utils::capture.output(value <- eval(call, envir))),
      warning = function(w) {
        if (any(startsWith(class(w), "bineural_"))) warned <<- "warned" else foreign <<- conditionMessage(w)
        invokeRestart("muffleWarning")
      }
    ),
    error = identity
  )
  verdict <- if (inherits(ended, "error")) {
    verdict_on(ended)
  } else if (length(foreign)) {
    paste("foreign warning:", foreign)
  } else {
    c(warned, "taken")[1]
  }
  message <- if (inherits(ended, "error")) conditionMessage(ended) else ""
  list(verdict = verdict, seconds = proc.time()[["elapsed"]] - started, message = message)
}

verdict_on <- function(error) {
  three <- c("must", "found", "hint")
  if (!inherits(error, "bineural_error") || inherits(error, "bineural_PythonError")) return("raw")
  if (inherits(error, "bineural_FunctionError")) return("refused")
  if (!all(vapply(error[three], function(x) isTRUE(nzchar(x)), NA))) return("not three sentences")
  if (nchar(conditionMessage(error)) > 1200) "long" else "refused"
}

# All calls with one argument replaced by one bad value: a data frame of function, argument, value.
bad_calls <- function(valid, values) {
  parts <- lapply(names(valid), function(name) {
    named <- names(as.list(match.call(get(name), valid[[name]])))[-1]
    arguments <- setdiff(union(named, names(formals(get(name)))), "...")
    generics <- c("augment", "forecast", "generate", "glance", "tidy") # R itself looks for a method
    if (name %in% generics) arguments <- setdiff(arguments, c("x", "object"))
    if (!length(arguments)) return(NULL)
    expand.grid(value = names(values), argument = arguments, name = name, stringsAsFactors = FALSE)
  })
  do.call(rbind, parts)
}

# Rows of some of the calls: one value for each argument, in turn, without those that it takes, which may mean a fit.
some_calls <- function(calls, takes) {
  n_values <- length(unique(calls$value))
  argument <- (seq_len(nrow(calls)) - 1) %/% n_values
  place <- (seq_len(nrow(calls)) - 1) %% n_values
  chosen <- which(place == argument %% n_values)
  chosen[!mapply(takes, calls$name[chosen], calls$argument[chosen], calls$value[chosen])]
}

# What calls leave behind is taken away: measures, exercises, files of the folder where they run.
put_back <- function() {
  code <- "
from bineural.course.checking import _OWN
from bineural.measures.registry import _registry
kept = [(table, dict(table)) for table in (_OWN, _registry)]
def put_back():
    for table, before in kept:
        if table != before:
            table.clear()
            table.update(before)
"
  restore <- python_function(code, "put_back")
  files <- list.files(all.files = TRUE, no.. = TRUE)
  function() {
    restore()
    unlink(setdiff(list.files(all.files = TRUE, no.. = TRUE), files), recursive = TRUE)
  }
}

with_value <- function(call, definition, argument, value) {
  call <- match.call(definition, call)
  call[argument] <- list(if (is.symbol(value) || is.call(value)) call("quote", value) else value)
  call
}
