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
# Series: a column of times and one of values, of which the first is the first of the series.
months_of <- function(series) {
  first <- as.Date(sprintf("%d-%02d-01", start(series)[1], start(series)[2]))
  format(seq(first, by = "month", length.out = length(series)), "%Y-%m")
}
write_data(data.frame(month = months_of(AirPassengers), passengers = as.vector(AirPassengers)), "air_passengers")
write_data(data.frame(month = months_of(nottem), temperature = as.vector(nottem)), "nottem")

data(Chicago, package = "modeldata")
stopifnot(nrow(Chicago) == 5698, all(diff(Chicago$date) == 1))
write_data(Chicago[c("date", "ridership", "temp")], "chicago")

data(txhousing, package = "ggplot2")
whole <- tapply(txhousing$sales, txhousing$city, function(sales) !anyNA(sales))
kept <- txhousing[txhousing$city %in% names(which(whole)), ]
kept <- data.frame(city = kept$city, month = sprintf("%d-%02d", kept$year, kept$month), sales = kept$sales)
write_data(kept, "texas_sales")
