"""The architectures of nets of rows: parameters counted by hand, and outputs of the shape that is said."""

import pytest

import bineural as bn

DEEP = [784, 1000, 500, 250, 30, 250, 500, 1000, 784]  # Hinton and Salakhutdinov (2006)


def dense(*sizes):
    return sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))


@pytest.mark.parametrize(
    "name, shape, options, n_outputs, n_parameters",
    [
        ("dense_autoencoder", (9,), {"units": (5,), "n_codes": 2}, 11, dense(9, 5, 2, 5, 9)),
        (
            "dense_autoencoder",
            (9,),
            {"units": (5,), "n_codes": 2, "variational": True},
            14,
            dense(9, 5) + 2 * dense(5, 2) + dense(2, 5, 9) + 1,
        ),
        ("deep_autoencoder", (784,), {"n_codes": 30}, 814, dense(*DEEP)),
        (
            "conv_autoencoder",
            (8, 8, 1),
            {"n_codes": 3, "width": 0.25},
            67,
            # 8 -> 4 -> 2 pixels with 4 and 8 filters of 3 x 3, and back
            (9 * 1 + 1) * 4 + (9 * 4 + 1) * 8 + dense(32, 3) + dense(3, 32) + (9 * 8 + 0) * 4 + 4 + 9 * 4 + 1,
        ),
        ("dense_gan", (3,), {"units": (6, 4), "n_noise": 2}, 2, dense(2, 4, 6, 3) + dense(3, 6, 4, 1)),
        ("rbm", (9,), {"n_hidden": 4}, 5, 9 * 4 + 9 + 4),
    ],
)
def test_parameters_are_those_counted_by_hand(name, shape, options, n_outputs, n_parameters):
    described = bn.describe_architecture(name, shape, **options)
    assert described.trainable == n_parameters
    assert described.table["output_shape"].iloc[-1] == f"(batch, {n_outputs})"


def test_the_deep_one_has_the_published_number():
    assert dense(*DEEP) == 2_837_314
