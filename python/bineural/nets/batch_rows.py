"""The rows in batches of a net: each row has its luck, and what a net asks for of all rows is refused.

Luck is a uniform number, drawn from the seed by row number; rows to watch are those with the lowest.
"""

import numpy as np

from bineural.errors import InputError
from bineural.formula.batches import MOST_ROWS
from bineural.inputs import row_batches
from bineural.inputs.preparation import Preparation
from bineural.inputs.row_batches import WHOLE


class RowBatches(row_batches.RowBatches):
    """Rows that come in batches, as a net learns them.

    Parameters
    ----------
    data, outcome, weights, labels
        See `inputs.row_batches.RowBatches`.
    net : NetClassifier or NetRegressor
        Unfitted; its formula and options count.

    Attributes
    ----------
    lowest : ndarray of float64
        The lowest lucks of rows that count, one more than can be watched.
    """

    def __init__(self, data, outcome, net, weights=None, labels=False):
        from bineural.nets.fitting import settle_place
        from bineural.nets.scaling import read_scaling

        options, record = net.read_options(in_batches=True)
        _check_for_batches(options)
        self.seed, self.lowest = settle_place(options, record), np.empty(0)
        preparation = Preparation(
            net.formula,
            scaling=read_scaling(options["scaling"], record.model, options["keep_weights"])[0],
            categories={"onehot": "onehot", "embed": "codes"}[options["categories"]],
            missing=options["missing"],
            unseen=options["unseen"],
        )
        super().__init__(data, outcome, preparation, weights, labels)

    def _luck(self, n_before):
        from bineural.training import stream

        luck = stream(self.seed, "validation")
        luck.bit_generator.advance(n_before)
        return luck.random

    def _learn_batch(self, learner, batch):
        rows, weights = super()._learn_batch(learner, batch)
        luck = batch.luck[rows] if weights is None else batch.luck[rows][weights > 0]
        self.lowest = np.sort(np.concatenate([self.lowest, luck]))[: MOST_ROWS + 1]
        return rows, weights


def _check_for_batches(options):
    """Refuse options that need all rows at once."""
    for name in ("callbacks", "checkpoint"):
        if options[name] is not None:
            raise InputError(
                f"`{name}` can't be used where rows come in batches.", "Found it beside such data.", WHOLE
            )
    if options["missing"] == "impute":
        raise InputError(
            "Rows that come in batches can't be imputed: a median needs all rows at once.",
            "Found missing='impute'.",
            "Choose missing='drop' or 'error', or fill the columns before.",
        )
    if options["scaling"] in ("robust", "quantile"):
        raise InputError(
            "Columns of rows that come in batches can be standardised only: quantiles need all rows at once.",
            f"Found scaling={options['scaling']!r}.",
            f"Leave it out. {WHOLE}",
        )
    if options["target"] != "plain":
        raise InputError(
            "The outcome of rows that come in batches can be learnt as it is only.",
            f"Found target={options['target']!r}.",
            f"Change the column in the formula, as in log(y) ~ x. {WHOLE}",
        )
    if options["numbers"] == "piecewise":
        raise InputError(
            "Rows that come in batches can't be read piece by piece: the pieces lie between quantiles, which "
            "need all rows at once.",
            "Found numbers='piecewise'.",
            "Choose numbers='periodic' or 'plain'.",
        )
