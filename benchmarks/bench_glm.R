# R's side of bench_glm.py: `Rscript bench_glm.R folder rows columns rounds` times glm() and glm.fit() on the raw
# doubles in the folder and prints one line of JSON. Each is run in a fresh loop after a garbage collection.
a <- commandArgs(TRUE)
n <- as.integer(a[2]); p <- as.integer(a[3]); rounds <- as.integer(a[4])
x <- matrix(readBin(file.path(a[1], "x.bin"), "double", n * p), n)
y <- readBin(file.path(a[1], "y.bin"), "double", n)
colnames(x) <- paste0("x", seq_len(p))
d <- as.data.frame(x); d$y <- y
one <- cbind(1, x)
peak <- function() as.numeric(sub("[^0-9]*([0-9]+).*", "\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
clock <- function(run, inner) {
  times <- matrix(0, rounds, 2)
  for (i in seq_len(rounds)) {
    gc(FALSE)
    t <- system.time(for (j in seq_len(inner)) run())
    times[i, ] <- c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]) / inner
  }
  apply(times, 2, median)
}
inner <- if (n < 1000) 200 else 1
gc(FALSE); before <- peak()
whole <- clock(function() glm(y ~ ., binomial, d), inner)
memory <- peak() - before
core <- clock(function() glm.fit(one, y, family = binomial()), inner)
cat(sprintf(
  '{"R glm": [%.9g, %.9g], "R glm.fit": [%.9g, %.9g], "memory": %.6g, "deviance": %.17g}\n',
  whole[1], whole[2], core[1], core[2], memory, deviance(glm(y ~ ., binomial, d))
))
