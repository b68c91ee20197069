"""Mixup: rows are trained on as mixtures of two, with the loss mixed by the same shares.

Zhang, Cisse, Dauphin and Lopez-Paz (2018), ICLR. Shares are of a Beta(strength, strength) distribution. With
a cross-entropy or a squared error the mixed loss has the gradient of the loss of the mixed outcome.
"""

from bineural.checks import number
from bineural.training.augmenting.registry import Change, register_change

register_change(
    Change(
        "mixup",
        number(0, 100, above=True),
        "a of the Beta(a, a) distribution by whose shares two images and their losses are mixed",
        1,
    )
)
