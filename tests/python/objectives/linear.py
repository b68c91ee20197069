"""Nets without hidden units, trained until nothing changes: what a linear model must equal."""

import bineural as bn

LINEAR = {"units": (), "l2": 0.0, "validation": 0, "ensemble": 1, "seed": 1}
LINEAR |= {"epochs": 400, "learning_rate": 0.02, "batch_size": 10_000}


def linear_net(formula, data, **options):
    """Fit the linear part alone, on the full batch."""
    return bn.fit_net(formula, data, **{**LINEAR, **options})
