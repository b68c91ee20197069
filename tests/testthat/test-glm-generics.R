# R's generics of a glm(), asked of models of ours: the truth is stats::glm(), MASS or lm().

cases <- function() {
  rows <- datasets::mtcars
  rows$cyl <- factor(rows$cyl)
  rows
}

same_table <- function(ours, theirs, tolerance = 1e-6) {
  expect_s3_class(ours, "anova")
  expect_identical(rownames(ours), rownames(theirs))
  expect_equal(lapply(as.list(ours), as.double), lapply(as.list(theirs), as.double), tolerance = tolerance)
}

test_that("anova() and drop1() are those of stats::glm()", {
  skip_without_python()
  rows <- cases()
  ours <- fit_glm(am ~ wt + cyl, rows, event = 1)
  theirs <- stats::glm(am ~ wt + cyl, stats::binomial(), rows)
  same_table(anova(ours), stats::anova(theirs, test = "Chisq"))
  same_table(drop1(ours), stats::drop1(theirs))
  same_table(drop1(ours, test = "Chisq"), stats::drop1(theirs, test = "Chisq"))
  same_table(drop1(ours, ~wt, test = "LRT", k = 3), stats::drop1(theirs, ~wt, test = "LRT", k = 3))
  small <- update(ours, . ~ . - cyl)
  same_table(anova(small, ours), stats::anova(stats::update(theirs, . ~ . - cyl), theirs, test = "Chisq"))
  ours <- fit_glm(mpg ~ wt * cyl, rows)
  theirs <- stats::glm(mpg ~ wt * cyl, data = rows)
  same_table(anova(ours), stats::anova(theirs, test = "F"))
  same_table(drop1(ours, test = "F"), stats::drop1(theirs, test = "F"))
  same_table(drop1(ours, test = "Chisq"), stats::drop1(theirs, test = "Chisq"))
  expect_error(anova(ours, theirs), "Only models", class = "bineural_InputError")
  expect_error(drop1(ours, "wt"), "can be dropped", class = "bineural_InputError")
  expect_error(anova(ours, test = "Rao"), "one of", class = "bineural_InputError")
})

test_that("step(), add1() and extractAIC() find what they find for stats::glm()", {
  skip_without_python()
  rows <- cases()[c("mpg", "wt", "hp", "qsec", "cyl")]
  ours <- fit_glm(mpg ~ ., rows)
  theirs <- stats::glm(mpg ~ ., data = rows)
  expect_equal(stats::extractAIC(ours), stats::extractAIC(theirs))
  expect_equal(stats::extractAIC(ours, k = 3), stats::extractAIC(theirs, k = 3))
  chosen <- formula(stats::step(ours, trace = 0))
  expect_equal(chosen, formula(stats::step(theirs, trace = 0)), ignore_formula_env = TRUE)
  ours <- stats::add1(update(ours, . ~ wt), ~ . + hp)
  expect_equal(ours$AIC, stats::add1(stats::glm(mpg ~ wt, data = rows), ~ . + hp)$AIC)
})

test_that("update() changes and makes the call again, of nets that are not fitted too", {
  skip_without_python()
  rows <- cases()
  glm <- fit_glm(mpg ~ wt, rows)
  expect_equal(coef(update(glm, . ~ . + hp)), coef(stats::glm(mpg ~ wt + hp, data = rows)))
  expect_equal(coef(update(glm, subset = cyl != "4")), coef(stats::glm(mpg ~ wt, data = rows, subset = cyl != "4")))
  expect_identical(update(glm, weights = hp, evaluate = FALSE)$weights, quote(hp))
  net <- make_net(mpg ~ wt, units = 2)
  expect_identical(formula(update(net, . ~ . + hp, units = 3)), mpg ~ wt + hp, ignore_formula_env = TRUE)
  path <- save_model(glm, withr::local_tempfile(fileext = ".bineural"))
  expect_error(update(load_model(path), weights = hp), "keep its call", class = "bineural_InputError")
  inlined <- do.call(fit_glm, list(mpg ~ wt, rows))
  expect_null(inlined$call)
})

test_that("rows, columns, terms and family are those of stats::glm()", {
  skip_without_python()
  rows <- cases()
  ours <- fit_glm(mpg ~ wt * cyl, rows)
  theirs <- stats::glm(mpg ~ wt * cyl, data = rows)
  expect_equal(model.matrix(ours), model.matrix(theirs), ignore_attr = TRUE)
  expect_identical(attr(model.matrix(ours), "assign"), attr(model.matrix(theirs), "assign"))
  expect_identical(colnames(model.matrix(ours)), colnames(model.matrix(theirs)))
  expect_equal(model.frame(ours), model.frame(theirs), ignore_attr = TRUE)
  expect_identical(attr(terms(ours), "term.labels"), attr(terms(theirs), "term.labels"))
  expect_equal(hatvalues(ours), unname(hatvalues(theirs)), tolerance = 1e-6)
  expect_equal(cooks.distance(ours), unname(cooks.distance(theirs)), tolerance = 1e-6)
  expect_identical(family(ours)$family, "gaussian")
  dotted <- fit_glm(mpg ~ ., rows, weights = wt)
  expect_false("wt" %in% attr(terms(dotted), "term.labels"))
  for (made in list(stats::poisson(), stats::quasipoisson(), stats::inverse.gaussian("log"), stats::Gamma("log"))) {
    found <- family(fit_glm(carb ~ hp, rows, family = made))
    expect_identical(found[c("family", "link")], made[c("family", "link")])
  }
})

test_that("subset, na.action and cbind() are read as glm() reads them", {
  skip_without_python()
  air <- datasets::airquality
  ours <- suppressWarnings(fit_glm(Ozone ~ Wind, air, subset = Month > 6, na.action = na.exclude))
  theirs <- stats::glm(Ozone ~ Wind, data = air, subset = Month > 6, na.action = stats::na.exclude)
  expect_equal(coef(ours), coef(theirs))
  expect_equal(residuals(ours), unname(residuals(theirs)))
  expect_equal(fitted(ours), unname(fitted(theirs)))
  expect_error(fit_glm(Ozone ~ Wind, air, na.action = "na.pass"), "na.exclude", class = "bineural_InputError")
  expect_error(fit_glm(Ozone ~ Wind, air, subset = "a"), "`subset` must", class = "bineural_InputError")
  expect_error(fit_glm(Ozone ~ Wind, air, subst = 1), "`subst`", class = "bineural_InputError")
  beetles <- data.frame(dose = 1:6, dead = c(1, 3, 6, 8, 9, 10), alive = c(9, 7, 4, 2, 1, 0), w = c(1, 1, 2, 2, 1, 1))
  ours <- fit_glm(cbind(dead, alive) ~ dose, beetles)
  theirs <- stats::glm(cbind(dead, alive) ~ dose, stats::binomial(), beetles)
  expect_equal(coef(ours), coef(theirs))
  expect_equal(AIC(ours), AIC(theirs))
  expect_equal(predict(ours, beetles)$.pred, unname(fitted(theirs)))
})

test_that("predict() gives standard errors and intervals, and finds the rows of the fit", {
  skip_without_python()
  rows <- cases()
  ours <- fit_glm(mpg ~ wt, rows)
  line <- stats::lm(mpg ~ wt, rows)
  for (interval in c("confidence", "prediction")) {
    found <- predict(ours, rows, interval = interval, level = 0.9)
    expect_equal(unname(as.matrix(found)), unname(predict(line, rows, interval = interval, level = 0.9)))
  }
  logistic <- fit_glm(am ~ wt, rows, event = 1)
  theirs <- stats::glm(am ~ wt, stats::binomial(), rows)
  found <- predict(logistic, rows, type = "response", se.fit = TRUE)
  expect_equal(found$.pred, unname(fitted(theirs)))
  truth <- predict(theirs, rows, type = "response", se.fit = TRUE)$se.fit
  expect_equal(found$.std_error, unname(truth), tolerance = 1e-5)
  found <- predict(logistic, rows, type = "link", se.fit = TRUE)
  expect_equal(found$.std_error, unname(predict(theirs, rows, se.fit = TRUE)$se.fit), tolerance = 1e-5)
  expect_identical(predict(ours), predict(ours, rows))
  expect_identical(augment(ours), augment(ours, rows))
  rows$wt[1] <- 100
  expect_error(augment(ours), "has changed since the fit", class = "bineural_InputError")
  rm(rows)
  expect_error(predict(ours), "isn't found", class = "bineural_InputError")
})

test_that("simulate() follows R's random numbers", {
  skip_without_python()
  rows <- cases()
  glm <- fit_glm(carb ~ hp, rows, family = "poisson")
  set.seed(3)
  first <- simulate(glm, 2)
  set.seed(3)
  expect_identical(simulate(glm, 2), first)
  expect_identical(simulate(glm, 2, seed = attr(first, "seed")), first)
  classes <- simulate(fit_glm(cyl ~ wt, rows))
  expect_identical(levels(classes$sim_1), levels(rows$cyl))
})

test_that("set.seed() governs what is random, and only the draw of a seed moves the stream", {
  skip_without_python()
  rows <- cases()
  drawn <- function(code) {
    set.seed(11)
    list(force(code), globalenv()[[".Random.seed"]])
  }
  one <- drawn(split_rows(rows)$seed)
  expect_identical(one, drawn(sample.int(.Machine$integer.max, 1L)))
  compare <- quote(compare_models("glm", rows, formula = mpg ~ wt, folds = 2, repeats = 1, baseline = FALSE))
  set.seed(11)
  found <- eval(compare)
  after <- globalenv()[[".Random.seed"]]
  expect_identical(found$seed, one[[1]])
  expect_identical(after, one[[2]])
  unmoved <- drawn(evaluate_model(fit_glm(mpg ~ wt, rows), rows)$n)[[2]]
  expect_identical(unmoved, drawn(NULL)[[2]])
})
