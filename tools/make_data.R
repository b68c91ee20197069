# Writes python/bineural/data/kyphosis.csv from rpart, in rpart's row order. Run from the repository root.
data(kyphosis, package = "rpart")
stopifnot(identical(names(kyphosis), c("Kyphosis", "Age", "Number", "Start")), nrow(kyphosis) == 81)
write.csv(kyphosis, "python/bineural/data/kyphosis.csv", row.names = FALSE, quote = FALSE)
