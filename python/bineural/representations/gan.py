"""`GAN`: a generator and a discriminator that compete, with scikit-learn's face."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Floats, RowsLike
from bineural.bundles.schema import number
from bineural.nets.fitted import keras_model_of
from bineural.nets.objectives.objective import named_objective
from bineural.nets.rows import with_channels
from bineural.nets.rows_net import RowsNet, schema_of
from bineural.notebook import Printed
from bineural.options import takes, with_paragraphs
from bineural.representations.collapse import say_collapse
from bineural.representations.options import FIXED_SAMPLES, SAMPLE_OPTIONS


class GAN(RowsNet):
    """Two nets that compete: a generator makes rows of noise, a discriminator tells them from real ones.

    Parameters
    ----------
    formula : str, optional
        Right-hand side, for a table: the columns that are learnt. None takes every column by its type.
    {options}

    Attributes
    ----------
    history_ : dict of list of float
        "discriminator" and "generator" (nats a row), and "loss", their sum. Where made rows can't be told
        from real ones the first is 2 ln 2 = 1.386 and the second ln 2 = 0.693.
    spread_ : float
        Mean distance of 200 made rows from one another, over that of as many real rows: far below 1 the
        generator has collapsed, which a warning says.
    n_epochs_, weights_, keras_model_, preparation_, seed_, interrupted_
        See `NetClassifier`. The Keras model has the layers "generator" and "discriminator".

    Notes
    -----
    In each step the discriminator learns first, then the generator, both by Adam with a beta_1 of 0.5; the
    one whose turn it isn't stays as it is. All rows are trained on, and the weights are those of the last
    epoch: no loss tells which epoch was best. `two_sample_auroc` judges the rows that are made.

    References
    ----------
    Goodfellow and others (2014). Generative adversarial nets. *NeurIPS* 27, 2672-2680.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(4, 0.5, (200, 1))
    >>> gan = GAN(n_noise=4, epochs=40, seed=1).fit(x)
    >>> sorted(gan.history_)
    ['discriminator', 'generator', 'loss']
    """

    __doc__ = with_paragraphs(__doc__, SAMPLE_OPTIONS)
    OPTIONS, FIXED = SAMPLE_OPTIONS, FIXED_SAMPLES
    SHORT = {"dense": "dense_gan", "dcgan": "dcgan"}
    SCHEMA = schema_of(SAMPLE_OPTIONS, FIXED_SAMPLES) | {"spread_": number(low=0)}
    learns, called = "samples", "A GAN"
    generates_ = True

    @takes(SAMPLE_OPTIONS, others=True, shown=False)
    def __init__(self, formula: str | None = None, **options: Any) -> None:
        self.formula = formula
        self._keep(options)

    asked_objective = property(lambda self: named_objective("adversarial"), doc="What is learnt.")

    def objective_for(self, options, n_parts, shape):
        """Return the objective, of two logits."""
        return self.asked_objective

    def fit(self, X: RowsLike, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None) -> Self:
        """Fit both nets.

        Parameters
        ----------
        X : data frame, array_like (n_rows, n_columns) or (n_rows, height, width[, n_channels]), or pictures
            Rows.
        y : None
            Not used.
        sample_weight : array_like of float64, shape (n_rows,), optional

        Returns
        -------
        self

        Raises
        ------
        InputError
            If rows or options cannot be used; the message says which.

        Warns
        -----
        CollapsedWarning
            If made rows are much more alike than real ones.
        """
        return self.fit_rows(X, sample_weight).look_for_collapse(X)

    def look_for_collapse(self, X):
        """Note how far made rows lie apart, and warn where they are too near; return the GAN."""
        self.spread_ = say_collapse(self, X)
        return self

    def draw_values(self, n, rng):
        """Return scaled values of n rows made of fresh noise: float64, (n, n_values)."""
        return self.made_values(rng.standard_normal((n, self.n_noise)))

    def made_values(self, noise):
        """Return scaled values that the generator makes of noise (n, n_noise): float64, (n, n_values)."""
        generator = keras_model_of(self.fitted_).get_layer("generator")
        made = generator(np.asarray(noise, np.float32), training=False)
        return np.asarray(made, np.float64).reshape(len(noise), -1)

    def predict_real(self, X: RowsLike) -> Floats:
        """Predict the probability that rows are real, as the discriminator sees it.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            NaN for rows left out for missing values.
        """

        def ask(rows):
            discriminator = keras_model_of(self.fitted_).get_layer("discriminator")
            logits = np.asarray(discriminator(rows.inputs, training=False), np.float64)[:, 0]
            return 1 / (1 + np.exp(-logits))

        return self._answer(with_channels(X), ask)

    def summary(self) -> str:
        """Write what was trained, on how much and for how long, and how far made rows lie apart.

        Returns
        -------
        str
            It shows itself as it prints.
        """
        spread = f"Spread:       made rows lie {self.spread_:.2f} times as far apart as real ones"
        return Printed(f"{super().summary()}\n{spread}")

    def glance(self) -> dict[str, Any]:
        """Return the fit in one row of numbers.

        Returns
        -------
        dict
            As of nets (n_rows, n_weights, ...), with n_noise and spread.
        """
        return super().glance() | {"n_noise": self.n_noise, "spread": float(self.spread_)}

    def tidy(self) -> DataFrame:
        """Return the losses of both nets after training: a row for each.

        Returns
        -------
        pandas.DataFrame
            net ("discriminator", "generator"), loss (that of the last epoch, nats) and optimum, what it is
            where made rows can't be told from real ones: 2 ln 2 and ln 2.
        """
        import pandas as pd

        nets = ["discriminator", "generator"]
        losses = [self.history_[net][-1] for net in nets]
        return pd.DataFrame({"net": nets, "loss": losses, "optimum": np.array([2, 1]) * np.log(2)})

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        return super().get_state() | {"spread_": float(self.spread_)}

    @classmethod
    def from_state(cls, state):
        """Make a GAN of what a file holds."""
        gan = super().from_state(state)
        gan.spread_ = state["spread_"]
        return gan
