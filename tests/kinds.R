# One model of every kind, for tests/python/test_every_kind_travels.py.
# Arguments: the repository's root, a folder, and "fit" (fit, save, and write what each predicts) or "load" (load what
# Python saved again, and write what that predicts).
arguments <- commandArgs(TRUE)
suppressMessages(pkgload::load_all(arguments[1], quiet = TRUE, export_all = FALSE))
folder <- arguments[2]

# ---- rows that Python can make as well ----
waves <- function(...) array(sin(seq_len(prod(...))), c(...))
table <- data.frame(a = sin(1:40), b = cos(3 * (1:40)), g = rep(c("u", "v", "w", "z"), 10))
table$y <- ifelse(table$a > table$b, "yes", "no")
table$n <- table$a + 2 * table$b
table$k <- rep(0:3, 10)
small <- waves(c(8, 12, 12, 1))
large <- waves(c(4, 75, 75, 3))
label <- rep(c("dark", "light"), 4)
texts <- rep(c("good tea", "bad tea", "fine wine", "sour wine"), 5)
verdict <- rep(c("yes", "no"), 10)
series <- lapply(1:12, function(i) matrix(sin(seq_len(2 * (3 + i %% 4)) + i), ncol = 2))
boxes <- data.frame(image = 1:8, x1 = 2, y1 = 1, x2 = 7, y2 = 4:11)
bits <- matrix(rep(c(0, 1, 1), 20), 20)

# ---- the models: name, a function that fits, the rows that it is asked about ----
fast <- list(epochs = 1, ensemble = 1, seed = 1)
one <- list(epochs = 1, seed = 1)
net <- function(...) function() suppressWarnings(do.call(fit_net, c(list(...), fast)))
of_table <- function(formula, ...) list(net(formula, table, ...), "table")
of_images <- function(architecture, rows, ...) {
  list(net(rows, label[seq_len(dim(rows)[1])], event = "light", architecture = architecture, ...),
    if (identical(rows, small)) "small" else "large"
  )
}
of_steps <- function(architecture, rows, y, name) {
  list(net(rows, y, event = "yes", architecture = architecture, units = 4), name)
}
plain <- function(verb, ..., rows) list(function() suppressWarnings(do.call(verb, c(list(...), one))), rows)
kinds <- list(
  glm = list(function() fit_glm(y ~ a + g, table, event = "yes"), "table"),
  glm_several = list(function() fit_glm(g ~ a, table, penalty = "ridge", strength = 0.1), "table"),
  glm_poisson = list(function() fit_glm(k ~ a, table, family = "poisson"), "table"),
  glm_images = list(function() suppressWarnings(fit_glm(small, label, event = "light")), "small"),
  glm_texts = list(function() suppressWarnings(fit_glm(texts, verdict, event = "yes")), "texts"),
  glm_series = list(function() suppressWarnings(fit_glm(series, verdict[1:12], event = "yes")), "series"),
  skip = of_table(y ~ a + g, event = "yes", units = 3),
  mlp = of_table(n ~ a + g, architecture = "mlp", units = 3, numbers = "periodic"),
  batch_ensemble = of_table(g ~ a + b, architecture = "batch_ensemble", units = 3, n_heads = 2),
  embedded = of_table(y ~ a + g, event = "yes", categories = "embed", units = 3),
  ordinal = of_table(k ~ a, objective = "ordinal", units = 3),
  poisson = of_table(k ~ a, objective = "poisson", units = 3),
  gamma = of_table(I(k + 1) ~ a, objective = "gamma", units = 3),
  huber = of_table(n ~ a, objective = "huber", units = 3),
  quantile = of_table(n ~ a, objective = "quantile", units = 3),
  cnn = of_images("cnn", small, width = 0.1),
  lenet5 = of_images("lenet5", small, width = 0.3),
  resnet_cifar = of_images("resnet_cifar", small, width = 0.25),
  alexnet = of_images("alexnet", large, width = 0.02),
  vgg = of_images("vgg", large, width = 0.02),
  resnet = of_images("resnet", large, width = 0.05),
  googlenet = of_images("googlenet", large, width = 0.05),
  inception_v3 = of_images("inception_v3", large, width = 0.05),
  locator = plain("fit_net", small, boxes, architecture = "locator", width = 0.1, rows = "small"),
  single_shot = plain("fit_net", small, boxes, architecture = "single_shot", width = 0.1, rows = "small"),
  bag = of_steps("bag", texts, verdict, "texts"),
  cnn_1d = of_steps("cnn_1d", texts, verdict, "texts"),
  transformer = of_steps("transformer", texts, verdict, "texts"),
  lstm = of_steps("lstm", series, verdict[1:12], "series"),
  gru = of_steps("gru", series, verdict[1:12], "series"),
  rnn = of_steps("rnn", texts, verdict, "texts"),
  dense_autoencoder = plain("fit_autoencoder", table[c("a", "b")], 1, units = 3, rows = "table"),
  deep_autoencoder = plain(
    "fit_autoencoder", table[c("a", "b")], 1, architecture = "deep", width = 0.01, rows = "table"
  ),
  conv_autoencoder = plain(
    "fit_autoencoder", small, 2, architecture = "convolutional", width = 0.1, variational = TRUE, rows = "small"
  ),
  dense_gan = plain("fit_gan", table[c("a", "b")], n_noise = 2, units = 3, rows = "none"),
  dcgan = plain("fit_gan", small, n_noise = 2, architecture = "dcgan", width = 0.05, rows = "none"),
  rbm = plain("fit_rbm", bits, 2, rows = "bits"),
  recurrent_autoencoder = plain(
    "fit_autoencoder", array(sin(1:72), c(12, 3, 2)), 2,
    architecture = "recurrent_autoencoder", units = 3, rows = "steps"
  ),
  language = plain("fit_sequence", texts, architecture = "gru", units = 4, rows = "texts"),
  translation = plain("fit_sequence", texts, rev(texts), architecture = "lstm", units = 4, rows = "texts"),
  simple_language = plain("fit_sequence", texts, architecture = "rnn", units = 4, rows = "texts"),
  transformer_language = plain("fit_sequence", texts, architecture = "transformer", units = 4, rows = "texts"),
  agent = list(function() fit_agent(make_environment("frozen_lake"), "q_learning", steps = 50, seed = 1), "none"),
  forecaster = list(function() {
    suppressWarnings(fit_forecast(table$a, horizon = 2, architecture = "mlp", epochs = 1, seed = 1))
  }, "none"),
  rule = list(function() fit_forecast(table$a, horizon = 2, season = 4, architecture = "snaive"), "none")
)
only <- strsplit(Sys.getenv("BINEURAL_KINDS"), ",")[[1]] # some of them, by name
if (length(only)) kinds <- kinds[only]
rows_of <- list(table = table, small = small, large = large, texts = texts, series = series, bits = bits, none = NULL,
  steps = array(sin(1:72), c(12, 3, 2))
)

# What a model says of its rows, as columns of numbers.
ask <- function(model, rows) {
  if (inherits(model, "bineural_gan")) return(list(generate(model, 2, seed = 3)))
  if (inherits(model, "bineural_agent")) return(list(as.integer(predict(model, 1:16)$.pred_action) - 1L))
  if (inherits(model, "bineural_sequence")) {
    source <- if (bineural:::from_python(bineural:::python_model(model)$has_source_)) rev(rows)
    return(as.list(predict(model, rows, type = "log_prob", source = source)))
  }
  if (inherits(model, "bineural_forecaster")) return(list(forecast(model, level = 0.8)$.mean))
  if (inherits(model, "bineural_detector")) {
    found <- predict(model, rows)
    return(as.list(found[c("x1", "y1", "x2", "y2", "score")]))
  }
  if (inherits(model, "bineural_classifier")) return(as.list(predict(model, rows, type = "prob")))
  if (inherits(model, "bineural_autoencoder") && is.data.frame(rows)) rows <- rows[c("a", "b")]
  as.list(predict(model, rows))
}
exact <- function(values) lapply(unname(values), function(x) sprintf("%.17g", as.vector(unlist(x))))

about <- vapply(kinds, function(kind) kind[[2]], "")
jsonlite::write_json(as.list(about), file.path(folder, "rows.json"), auto_unbox = TRUE)
answers <- lapply(names(kinds), function(name) {
  path <- file.path(folder, paste0(name, ".bineural"))
  if (arguments[3] == "load") return(exact(ask(load_model(paste0(path, ".again")), rows_of[[kinds[[name]][[2]]]])))
  model <- kinds[[name]][[1]]()
  save_model(model, path)
  exact(ask(model, rows_of[[kinds[[name]][[2]]]]))
})
jsonlite::write_json(
  list(answers = stats::setNames(answers, names(kinds)), rows = as.list(about)),
  file.path(folder, paste0(arguments[3], ".json")),
  auto_unbox = TRUE
)
