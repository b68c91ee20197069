# What a user of Python's adds, for one test.
local_additions <- function(frame = parent.frame()) {
  skip_without_python()
  reticulate::py_run_string("
import bineural as bn
from bineural.checks import whole
from bineural.options import Option
from bineural.zoo import Architecture, register_architecture

def build_powers_for_r(input_shape, n_outputs, *, degree=2):
    from bineural._tensorflow import keras
    x = keras.Input(input_shape)
    powers = keras.layers.Concatenate()([x, *[x**k for k in range(2, degree + 1)]])
    return keras.Model(x, keras.layers.Dense(n_outputs)(powers))

degree = Option('degree', 2, whole(2, 9), 'int', 'Highest power.', in_r='count')
register_architecture(Architecture('powers_for_r', build_powers_for_r, options=(degree,), learning_rate=0.05))
bn.register_measure('worst_for_r', lambda y, p: float(max(abs(y - p))), label='largest error', tasks=['binary'],
                    larger_is_better=False)
", convert = FALSE)
  withr::defer(
    reticulate::py_run_string("
from bineural.measures import registry
from bineural.zoo import architecture
registry._registry.pop('worst_for_r')
architecture._registered.pop('powers_for_r')
"),
    envir = frame
  )
}

test_that("an architecture of Python's with an option of its own is fitted, tuned and listed", {
  local_additions()
  kyphosis <- load_dataset("kyphosis")
  net <- fit_net(Kyphosis ~ Age + Start, kyphosis,
    event = "present", architecture = "powers_for_r", degree = 3, epochs = 3, seed = 1
  )
  expect_match(paste(capture.output(print(net)), collapse = "\n"), "degree 3")
  expect_true("powers_for_r" %in% list_architectures()$name)
  expect_equal(sum(describe_architecture("powers_for_r", 2, degree = 3)$table$parameters), 2 * 3 + 1)
  tuned <- tune_net(net, kyphosis, list(degree = c(2, 3)), folds = 2, seed = 1)
  expect_setequal(tuned$table$degree, c(2, 3))
  expect_error(fit_net(Kyphosis ~ Start, kyphosis, event = "present", degre = 3), "`degre`")
})

test_that("a measure of Python's is evaluated and compared", {
  local_additions()
  kyphosis <- load_dataset("kyphosis")
  glm <- fit_glm(Kyphosis ~ Start, kyphosis, event = "present")
  worst <- max(abs((kyphosis$Kyphosis == "present") - predict(glm, kyphosis, type = "prob")$.pred_present))
  evaluation <- evaluate_model(glm, kyphosis)
  expect_equal(evaluation$table$estimate[evaluation$table$measure == "worst_for_r"], worst)
  comparison <- compare_models(list(glm = glm), kyphosis, folds = 3, repeats = 1, measure = "worst_for_r", seed = 1)
  expect_output(print(comparison), "largest error")
})
