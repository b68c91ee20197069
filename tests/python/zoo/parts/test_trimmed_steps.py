"""Batches are cut at their longest row, alone and in a stack."""

import numpy as np
import pytest

from bineural._tensorflow import tf
from bineural.inputs.filling import FILL
from bineural.zoo.parts.trimmed_steps import TrimmedSteps

X = np.full((2, 3, 6, 2), FILL, "float32")  # replicas, rows, steps, features
X[0, 0, :2] = X[0, 1, :4] = X[1, 2, :3] = 1
X[0, 1, 1, 0] = FILL  # one feature of a step that is real


@pytest.mark.parametrize(("x", "longest"), [(X[0], 4), (X[1], 3), (X[1, :2], 1)])
def test_a_batch_has_as_many_steps_as_its_longest_row_and_one_at_least(x, longest):
    np.testing.assert_array_equal(TrimmedSteps()(x), x[:, :longest])
    words = (x[..., 1] == 1).astype("int32")
    np.testing.assert_array_equal(TrimmedSteps()(words), words[:, :longest])


def test_a_stack_is_cut_at_the_longest_row_of_all_replicas():
    np.testing.assert_array_equal(TrimmedSteps().call_replicas(None, tf.constant(X)), X[:, :, :4])
