# Writes formula.json: what R's model.matrix, splines and contrasts make of rpart's kyphosis data.
# Run from the repository: Rscript tests/reference/formula.R   (made with R 4.2.2)
library(splines)
rows <- c(1, 2, 10, 43, 81) # the rows whose numbers are kept, from 1
kyphosis <- rpart::kyphosis
kyphosis$NumF <- cut(kyphosis$Number, c(0, 3, 4, 10), labels = c("lo", "mid", "hi"))
kyphosis$Size <- factor(kyphosis$NumF, ordered = TRUE)
kyphosis$flag <- kyphosis$Age > 80
kyphosis[["my col"]] <- kyphosis$Start / 3
new <- data.frame(Age = c(5, 50, 150, 300, -20), Start = c(2, 10, 16, 20, 0), Number = c(2, 3, 5, 12, 1))

formulas <- c(
  "Age + Number + Start", "Kyphosis ~ .", "Kyphosis ~ . - Number", "Age + NumF + Start", "Age * Start + I(Number^2)",
  "NumF * Start", "NumF:Start", "(Age + Number + Start)^2", "(Age + NumF + Start)^2 - Age:NumF", "NumF - 1", "0 + Age + NumF",
  "Age %in% NumF", "NumF/Start", "Size * Age", "Size:NumF", "flag * NumF", "NumF:flag - 1", "`my col` * flag",
  "poly(Age,2)+Start", "poly(Age, degree=3, raw=TRUE)", "ns(Age,df=3)+Start", "bs(Age,df=4)+Start", "bs(Age, df=6, degree=2)",
  "ns(Age, knots=c(48,120), intercept=TRUE) - 1", "poly(Age, 2):NumF", "scale(Age) + log(Number) + sqrt(Start)", "exp(-Start)",
  "factor(Number)", "C(NumF, sum)", "cut(Age, c(0, 50, 100.5, 300), right = FALSE)", "Age > 80", "I(Age / 2 + (Start - 1)^2)",
  "relevel(NumF, ref = 'mid') : flag", "Kyphosis ~ .^2"
)
matrix_of <- function(formula) {
  if (!grepl("~", formula)) formula <- paste("~", formula)
  made <- model.matrix(as.formula(formula), kyphosis)
  list(names = colnames(made), rows = unname(made[rows, , drop = FALSE]), sums = unname(colSums(made)))
}
new_of <- function(formula) {
  terms <- terms(model.frame(as.formula(paste("~", formula)), kyphosis))
  unname(suppressWarnings(model.matrix(terms, model.frame(terms, new))[, -1, drop = FALSE]))
}
moving <- c("poly(Age, 2) + Start", "ns(Age, df = 3)", "bs(Age, df = 4)", "scale(Start)", "poly(log(Number), 2)",
            "ns(Age, 4, Boundary.knots = c(10, 150))", "bs(Age, knots = c(30, 90), degree = 2)")
contrasts_of <- function(k) {
  list(treatment = contr.treatment(k), sum = contr.sum(k), helmert = contr.helmert(k), poly = contr.poly(k))
}
spline <- ns(kyphosis$Age, 3)
result <- list(
  made_with = paste("R", getRversion()), rows = rows, new = new,
  matrices = sapply(formulas, matrix_of, simplify = FALSE), new_rows = sapply(moving, new_of, simplify = FALSE),
  contrasts = lapply(c("2" = 2, "3" = 3, "6" = 6), function(k) lapply(contrasts_of(k), unname)),
  ns_knots = unname(attr(spline, "knots")), ns_row = unname(spline[1, ]), poly = attr(poly(kyphosis$Age, 2), "coefs")
)
jsonlite::write_json(result, "tests/reference/formula.json", auto_unbox = TRUE, digits = NA)
