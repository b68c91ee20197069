# Writes python/bineural/data/kyphosis.csv from rpart, sacramento.csv and fine_foods.csv.gz from modeldata, rows in
# their order.
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

# The first 800 reviews; packed, as they are long.
data(small_fine_foods, package = "modeldata")
stopifnot(identical(names(training_data), c("product", "review", "score")), nrow(training_data) == 4000)
foods <- training_data[1:800, ]
foods$review <- enc2utf8(foods$review)
written <- file.path("python/bineural/data", "fine_foods.csv")
write.csv(as.data.frame(foods), written, row.names = FALSE, fileEncoding = "UTF-8")
system2("gzip", c("-9", "-n", "-f", written))
