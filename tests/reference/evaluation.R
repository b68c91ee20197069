# Writes evaluation.json: what pROC says of four scores of rpart's kyphosis data, and of three on iris.
# Run from the repository: Rscript tests/reference/evaluation.R
suppressMessages(library(pROC))
kyphosis <- rpart::kyphosis
y_true <- as.integer(kyphosis$Kyphosis == "present")
glm_fit <- glm(Kyphosis ~ Age + Number + Start, binomial, kyphosis)
exact <- function(x) sprintf("%.17g", x) # jsonlite's 15 digits would make ties of near ties
scores <- list(A = unname(fitted(glm_fit)), B = -kyphosis$Start, C = kyphosis$Number, D = kyphosis$Age)

curve <- function(score) roc(y_true, score, levels = c(0, 1), direction = "<", quiet = TRUE)
curves <- lapply(scores, curve)

single <- lapply(curves, function(one) {
  points <- coords(one, "all", ret = c("threshold", "sensitivity", "specificity"), transpose = FALSE)
  limits <- ci.auc(one, method = "delong")
  error <- sqrt(var(one)) / (auc(one) * (1 - auc(one)))
  list(
    auroc = as.numeric(auc(one)), variance = var(one), delong = as.numeric(limits)[c(1, 3)],
    logit = plogis(qlogis(as.numeric(auc(one))) + c(-1, 1) * qnorm(0.975) * as.numeric(error)),
    threshold = exact(points$threshold),
    sensitivity = points$sensitivity, specificity = points$specificity
  )
})
pairs <- combn(names(scores), 2, function(pair) {
  test <- roc.test(curves[[pair[1]]], curves[[pair[2]]], method = "delong", paired = TRUE)
  list(
    a = pair[1], b = pair[2], statistic = unname(test$statistic), p_value = test$p.value,
    low = test$conf.int[1], high = test$conf.int[2], covariance = cov(curves[[pair[1]]], curves[[pair[2]]])
  )
}, simplify = FALSE)

flowers <- iris[1:120, ]
columns <- cbind(-flowers$Petal.Length, -abs(flowers$Sepal.Width - 2.7), flowers$Sepal.Length)
colnames(columns) <- levels(flowers$Species)
hand_till <- as.numeric(multiclass.roc(flowers$Species, columns, quiet = TRUE)$auc)

result <- list(
  made_with = paste("R", getRversion(), "pROC", packageVersion("pROC")),
  y_true = y_true, scores = lapply(scores, exact), single = single, pairs = pairs,
  iris = list(species = as.character(flowers$Species), scores = apply(columns, 1, exact, simplify = FALSE), hand_till = hand_till)
)
path <- file.path("tests", "reference", "evaluation.json")
writeLines(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE), path)
