# Writes as JSON what tests/python/test_both_languages.py compares.
# Arguments: the repository's root, the file to write, a net that Python saved, the file for a GLM of ours.
arguments <- commandArgs(TRUE)
suppressMessages(pkgload::load_all(arguments[1], quiet = TRUE, export_all = FALSE))
kyphosis <- load_dataset("kyphosis")
formula <- Kyphosis ~ Age + Number + Start
split <- split_rows(kyphosis, strata = "Kyphosis", prop = 0.75, seed = 2019)
row_of <- function(rows) match(do.call(paste, rows), do.call(paste, kyphosis))
folds <- make_folds(kyphosis, folds = 5, repeats = 2, strata = "Kyphosis", seed = 7)
nets <- fit_nets(formula, kyphosis, folds, data.frame(l2 = c(0.1, 0.01)), event = "present", epochs = 8, seed = 5)
glm <- fit_glm(formula, split$train, event = "present")
fit <- function() fit_net(formula, split$train, event = "present", units = c(8, 4), epochs = 30, seed = 2019)
net <- fit()
probability <- function(model) predict(model, split$test, type = "prob")[[".pred_present"]]
evaluation <- evaluate_model(glm, split$test)
loaded <- load_model(arguments[3])
save_model(glm, arguments[4])
exact <- function(x) sprintf("%.17g", unname(x)) # as text: JSON writers round
jsonlite::write_json(
  list(
    test_rows = row_of(split$test),
    fold_test_rows = lapply(seq_along(folds), function(i) row_of(folds[[i]]$test)),
    glm_coef = exact(coef(glm)),
    glm_probability = exact(probability(glm)),
    net_probability = exact(probability(net)),
    net_probability_again = exact(probability(fit())),
    held_out_probability = exact(nets$held_out$.pred_present),
    held_out_rows = nets$held_out$row,
    nets_loss = exact(nets$table$validation_loss),
    loaded_probability = exact(probability(loaded)),
    measures = evaluation$table$measure,
    estimates = exact(evaluation$table$estimate)
  ),
  arguments[2],
  auto_unbox = TRUE
)
