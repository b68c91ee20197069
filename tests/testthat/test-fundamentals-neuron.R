pairs <- cbind(c(0, 0, 1, 1), c(0, 1, 0, 1))

test_that("units compute every gate that is listed, and a sum of 0 does not fire", {
  skip_without_python()
  gates <- list_gates()
  expect_identical(sum(gates$one_unit), 14L)
  for (i in seq_len(16)) {
    truth <- unlist(gates[i, c("f00", "f01", "f10", "f11")], use.names = FALSE)
    expect_identical(apply_gate(gates$gate[i], pairs[, 1], pairs[, 2]), truth)
    if (gates$one_unit[i]) {
      expect_identical(fire_neuron(pairs, c(gates$weight_a[i], gates$weight_b[i]), gates$bias[i]), truth)
    }
  }
  expect_identical(fire_neuron(as.data.frame(pairs), c(0.5, 0.5), -0.5), c(0L, 0L, 0L, 1L))
  expect_identical(fire_neuron(c(1, 1), c(1, -1)), 0L)
})

test_that("the adder adds", {
  skip_without_python()
  bits <- expand.grid(a = 0:1, b = 0:1, carry = 0:1)
  added <- add_bits(bits$a, bits$b, bits$carry)
  expect_equal(added$sum + 2 * added$carry, rowSums(bits), ignore_attr = TRUE)
  expect_error(add_bits(2, 1), "`a` must hold 0 and 1", class = "bineural_InputError")
})
