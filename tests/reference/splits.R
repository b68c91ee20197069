# Writes tests/reference/splits.json: row numbers (from 1) that base R and rsample draw.
# Run from the repository root: Rscript --vanilla tests/reference/splits.R   (made with R 4.2.2, rsample 1.1.1)
suppressPackageStartupMessages(library(rsample))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
invisible(Sys.setlocale("LC_COLLATE", "C"))
data(kyphosis, package = "rpart")

tests <- function(folds) lapply(folds$splits, complement)
patients <- data.frame(
  patient = rep(c("p4", "p1", "p9", "p2", "p7", "p3", "p8", "p5", "p6", "p0"), times = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3)),
  arm = rep(c("b", "a", "b", "a", "a", "b", "a", "b", "a", "b"), times = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3))
)
numbers <- data.frame(y = (seq_len(120) * 37) %% 101 + seq_len(120) / 7)
rare <- data.frame(level = rep(c("d", "b", "c", "a", "b"), times = c(3, 40, 30, 4, 23)))

result <- list(
  versions = list(R = as.character(getRversion()), rsample = as.character(packageVersion("rsample"))),
  sample_81_5 = { set.seed(123); sample(81, 5) },
  sample_81_replace = { set.seed(123); sample(81, 10, TRUE) },
  sample_70000_5 = { set.seed(-7); sample(70000, 5) },
  runif_5 = { set.seed(2019); runif(5) },
  split = { set.seed(123); initial_split(kyphosis)$in_id },
  split_strata = { set.seed(123); initial_split(kyphosis, prop = 3 / 4, strata = "Kyphosis")$in_id },
  split_numeric = { set.seed(5); initial_split(numbers, prop = 0.6, strata = "y")$in_id },
  split_rare = { set.seed(6); initial_split(rare, strata = "level")$in_id },
  split_groups = { set.seed(7); group_initial_split(patients, patient, prop = 0.7)$in_id },
  split_groups_strata = { set.seed(7); group_initial_split(patients, patient, prop = 0.6, strata = arm)$in_id },
  folds = { set.seed(123); tests(vfold_cv(kyphosis)) },
  folds_strata = { set.seed(123); tests(vfold_cv(kyphosis, v = 10, repeats = 2, strata = "Kyphosis")) },
  folds_rare = { set.seed(8); tests(vfold_cv(rare, v = 4, repeats = 3, strata = "level")) },
  folds_groups = { set.seed(9); tests(group_vfold_cv(patients, patient, v = 4, repeats = 2)) },
  folds_groups_strata = { set.seed(9); tests(group_vfold_cv(patients, patient, v = 2, repeats = 3, strata = arm)) }
)
jsonlite::write_json(result, "tests/reference/splits.json", auto_unbox = TRUE, digits = NA)
