# Writes python/bineural/data/kyphosis.csv from rpart and sacramento.csv from modeldata, rows in their order.
# Run from the repository root.
write_data <- function(data, name) {
  write.csv(data, file.path("python/bineural/data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}

data(kyphosis, package = "rpart")
stopifnot(identical(names(kyphosis), c("Kyphosis", "Age", "Number", "Start")), nrow(kyphosis) == 81)
write_data(kyphosis, "kyphosis")

data(Sacramento, package = "modeldata")
columns <- c("city", "zip", "beds", "baths", "sqft", "type", "price", "latitude", "longitude")
stopifnot(identical(names(Sacramento), columns), nrow(Sacramento) == 932)
write_data(Sacramento, "sacramento")
