# Numbers of R's own glm() for tests/python/test_irls*.py and the R tests: run `Rscript tests/reference/glm.R` from the
# top of the repository to write glm.json again. Needs rpart, MASS, splines, brglm2, nnet, glmnet and jsonlite.
suppressPackageStartupMessages(library(splines))
options(warn = -1)
k <- rpart::kyphosis
k$NumF <- cut(k$Number, c(0, 3, 4, 10), labels = c("lo", "mid", "hi"))
k$Dup <- 2 * k$Age + k$Start
k$w <- rep(1:3, 27)

# Everything a fit is compared on, with the matrix and outcome it was made from.
record <- function(m, profile = FALSE) {
  x <- model.matrix(m)
  s <- summary(m)
  alias <- is.na(coef(m))
  full <- glm.fit(x[, !alias, drop = FALSE], m$y, m$prior.weights, offset = m$offset, family = m$family,
                  control = glm.control(epsilon = 1e-14, maxit = 100))
  out <- list(
    family = tolower(m$family$family), link = m$family$link, intercept = attr(terms(m), "intercept") == 1,
    x = unname(as.data.frame(x[, colnames(x) != "(Intercept)", drop = FALSE])), y = unname(m$y), names = colnames(x),
    weights = if (!is.null(m$model[["(weights)"]])) unname(m$prior.weights), offset = m$offset,
    coef = unname(coef(m)), std_error = unname(s$coefficients[, 2]), statistic = unname(s$coefficients[, 3]),
    p_value = unname(s$coefficients[, 4]), aliased = unname(alias), rank = m$rank, deviance = deviance(m),
    null_deviance = m$null.deviance, aic = AIC(m), bic = BIC(m), log_lik = as.numeric(logLik(m)),
    df_residual = m$df.residual, df_null = m$df.null, iterations = m$iter, converged = m$converged,
    dispersion = s$dispersion, fitted = unname(fitted(m)), coef_full = unname(replace(coef(m), !alias, coef(full))),
    se_fit = unname(predict(m, se.fit = TRUE)$se.fit)
  )
  out$x <- lapply(out$x, as.numeric)
  if (profile) out$profile <- unname(apply(suppressMessages(confint(m)), 1, identity, simplify = FALSE))
  out
}
logistic <- function(...) eval(substitute(glm(..., family = binomial, data = k)), globalenv())
cases <- list(
  main = record(logistic(Kyphosis ~ Age + Number + Start), profile = TRUE),
  treatment = record(logistic(Kyphosis ~ Age + NumF + Start)),
  sum = record(logistic(Kyphosis ~ Age + NumF + Start, contrasts = list(NumF = "contr.sum"))),
  helmert = record(logistic(Kyphosis ~ Age + NumF + Start, contrasts = list(NumF = "contr.helmert"))),
  poly_contrast = record(logistic(Kyphosis ~ Age + NumF + Start, contrasts = list(NumF = "contr.poly"))),
  interaction = record(logistic(Kyphosis ~ Age * Start + I(Number^2))),
  factor_slope = record(logistic(Kyphosis ~ NumF * Start)),
  factor_by = record(logistic(Kyphosis ~ NumF:Start)),
  pairs = record(logistic(Kyphosis ~ (Age + Number + Start)^2)),
  no_intercept = record(logistic(Kyphosis ~ NumF - 1)),
  within = record(logistic(Kyphosis ~ Age %in% NumF)),
  poly = record(logistic(Kyphosis ~ poly(Age, 2) + Start)),
  ns = record(logistic(Kyphosis ~ ns(Age, df = 3) + Start)),
  bs = record(logistic(Kyphosis ~ bs(Age, df = 4) + Start)),
  weights = record(logistic(Kyphosis ~ Age + Number + Start, weights = w), profile = TRUE),
  offset = record(logistic(Kyphosis ~ Age + Number + Start, offset = log(Number)), profile = TRUE),
  aliased = record(logistic(Kyphosis ~ Age + Number + Start + Dup), profile = TRUE),
  ill_conditioned = record(logistic(Kyphosis ~ Age + I(Age^2) + I(Age^3) + Start))
)
holes <- k
holes$Age[c(3, 10)] <- NA
cases$missing_left_out <- record(glm(Kyphosis ~ Age + Number + Start, binomial, holes))

# Families and links on made-up rows.
set.seed(1972)
d <- data.frame(a = rnorm(60), b = runif(60), f = gl(3, 20), size = rep(5:14, 6), w = round(runif(60, 0.2, 3), 2))
d$o <- d$b / 4
d$share <- rbinom(60, d$size, plogis(d$a / 2)) / d$size
d$count <- rpois(60, exp(1 + d$a / 3))
d$positive <- rgamma(60, 4, 2) * exp(d$a / 8)
d$real <- d$a - d$b + rnorm(60)
d$many <- rpois(60, 5000)
for (link in c("logit", "probit", "cauchit", "cloglog")) {
  cases[[paste0("binomial_", link)]] <- record(glm(share ~ a + b + f, binomial(link), d, weights = size))
}
cases$binomial_log <- record(glm(share ~ b, binomial("log"), d, weights = size))
cases$poisson_log <- record(glm(count ~ a + b + f, poisson, d, weights = w, offset = o), profile = TRUE)
cases$poisson_sqrt <- record(glm(count ~ a + b, poisson("sqrt"), d))
cases$poisson_identity <- record(glm(count ~ b, poisson("identity"), d))
cases$poisson_large <- record(glm(many ~ a + f, poisson, d))
for (link in c("inverse", "log", "identity")) {
  cases[[paste0("gamma_", link)]] <- record(glm(positive ~ a + b, Gamma(link), d, weights = w))
}
cases$gaussian_identity <- record(glm(real ~ a + b + f, gaussian, d, weights = w, offset = o), profile = TRUE)
cases$gaussian_log <- record(glm(positive ~ a + b, gaussian("log"), d))
cases$gaussian_inverse <- record(glm(positive ~ a + b, gaussian("inverse"), d))

# Firth by brglm2, iterated to the end.
firth <- function(...) {
  m <- eval(substitute(
    glm(..., method = brglm2::brglmFit, type = "AS_mean", epsilon = 1e-13, maxit = 1000)
  ), globalenv())
  list(coef = unname(coef(m)), std_error = unname(summary(m)$coefficients[, 2]), deviance = deviance(m))
}
bias_reduced <- list(
  kyphosis = firth(Kyphosis ~ Age + Number + Start, binomial, k),
  weights = firth(Kyphosis ~ Age + Number + Start, binomial, k, weights = w),
  separated = firth(y ~ x, binomial, data.frame(x = 1:6, y = c(0, 0, 0, 1, 1, 1)))
)

# Multinomial by nnet.
m <- nnet::multinom(
  f ~ a + b + real, d, weights = w, trace = FALSE, reltol = 1e-15, abstol = 1e-15, maxit = 10000, Hess = TRUE
)
several <- list(
  x = lapply(unname(d[c("a", "b", "real")]), as.numeric), codes = as.integer(d$f) - 1L, weights = d$w,
  coef = unname(as.list(as.data.frame(t(coef(m))))), deviance = deviance(m),
  std_error = unname(as.list(as.data.frame(t(summary(m)$standard.errors))))
)

# Penalised by glmnet, along a path so that it converges. Its gaussian ridge counts lambda in SDs of the outcome.
path <- function(x, y, family, alpha, lambda) {
  steps <- exp(seq(log(10), log(lambda), length.out = 60))
  fit <- glmnet::glmnet(x, y, family, alpha = alpha, lambda = steps, thresh = 1e-18, maxit = 1e7)
  fit <- coef(fit, s = lambda)
  if (is.list(fit)) lapply(unname(fit), function(part) as.numeric(as.matrix(part))) else as.numeric(as.matrix(fit))
}
xk <- as.matrix(k[c("Age", "Number", "Start")])
xd <- as.matrix(d[c("a", "b", "w")])
sd_real <- sqrt(mean((d$real - mean(d$real))^2))
penalised <- list(
  x_kyphosis = lapply(unname(k[c("Age", "Number", "Start")]), as.numeric), x = lapply(1:3, function(j) unname(xd[, j])),
  real = d$real, count = d$count, codes = as.integer(d$f) - 1L, event = as.integer(k$Kyphosis) - 1L,
  binomial_ridge = path(xk, k$Kyphosis, "binomial", 0, 0.05), binomial_lasso = path(xk, k$Kyphosis, "binomial", 1, 0.05),
  gaussian_ridge = path(xd, d$real, "gaussian", 0, 0.05 * sd_real), gaussian_lasso = path(xd, d$real, "gaussian", 1, 0.05),
  poisson_ridge = path(xd, d$count, "poisson", 0, 0.05), multinomial_ridge = path(xd, d$f, "multinomial", 0, 0.05),
  multinomial_lasso = path(xd, d$f, "multinomial", 1, 0.01)
)

# jsonlite stops at 15 digits, so numbers are written as text of 17 digits and the quotes taken off again.
exact <- function(v) if (is.list(v)) lapply(v, exact) else if (is.numeric(v)) ifelse(is.na(v), NA, sprintf("%.17g", v)) else v
text <- jsonlite::toJSON(
  exact(list(cases = cases, firth = bias_reduced, multinomial = several, penalised = penalised)),
  auto_unbox = TRUE, na = "null", null = "null"
)
text <- gsub('"(-?[0-9][0-9.]*(e[-+]?[0-9]+)?)"', "\\1", text)
writeLines(gsub('("[a-z_]+":\\{"(family|coef)")', "\n\\1", text), "tests/reference/glm.json")
