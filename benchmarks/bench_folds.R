# R's side of the fold benchmark: 10 x 10 folds of the kyphosis GLM by rsample and glm(); prints one line of JSON.
suppressPackageStartupMessages(library(rsample))
k <- rpart::kyphosis
rounds <- as.integer(commandArgs(TRUE)[1])
set.seed(1)
clock <- function(run) {
  t <- system.time(run)
  t[["user.self"]] + t[["sys.self"]] # processor time
}
both <- folds <- numeric(rounds)
for (i in seq_len(rounds)) {
  both[i] <- clock({
    v <- vfold_cv(k, v = 10, repeats = 10)
    for (s in v$splits) glm(Kyphosis ~ Age + Number + Start, binomial, analysis(s))
  })
  folds[i] <- clock(for (s in v$splits) glm(Kyphosis ~ Age + Number + Start, binomial, analysis(s)))
}
cat(sprintf('{"rsample + glm": %.9g, "glm on ready folds": %.9g}\n', median(both), median(folds)))
