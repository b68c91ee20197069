"""What the bootstrap says of a model judged on its own rows: optimism, and the .632 and .632+ estimates.

References: Harrell, Lee and Mark (1996), Statistics in Medicine 15(4), 361-387; Efron and Tibshirani (1997),
JASA 92(438), 548-560.
"""

import numpy as np

from bineural.comparing.glm_refits import BLOCK_VALUES
from bineural.measures.ranking import area_under_roc


def judge_draws(refits, draws):
    """Fit to each bootstrap sample and measure on the sample and on all rows.

    Parameters
    ----------
    refits : GLMRefits
    draws : ndarray of int64, shape (n_boot, n_rows)
        Rows of each sample; both classes must be there.

    Returns
    -------
    dict of str to float
        `auroc` and `brier`: `_apparent`, `_optimism`, `_corrected`; `brier_loo`, `brier_632`,
        `brier_632_plus`.
    """
    y, event = refits.y, refits.y == 1
    (apparent,), (apparent_order,) = refits.answers(np.ones((1, refits.n_rows)))
    gains = np.empty((len(draws), 2))  # AUROC and Brier: on the sample less on all rows
    missed, loss_missed = np.zeros(refits.n_rows), np.zeros(refits.n_rows)
    together = max(1, BLOCK_VALUES // refits.n_rows)
    for start in range(0, len(draws), together):
        rows = draws[start : start + together]
        counts = np.array([np.bincount(draw, minlength=refits.n_rows) for draw in rows])
        probability, orders = refits.answers(counts)
        losses = np.square(y - probability)
        for k, (draw, score) in enumerate(zip(rows, orders)):
            area = area_under_roc(event[draw], score[draw]) - area_under_roc(event, score)
            gains[start + k] = area, losses[k][draw].mean() - losses[k].mean()
        missed += (counts == 0).sum(axis=0)
        loss_missed += np.where(counts == 0, losses, 0.0).sum(axis=0)
    optimism = gains.mean(axis=0)
    auroc, brier = area_under_roc(event, apparent_order), float(np.square(y - apparent).mean())
    out = missed > 0
    loo = float((loss_missed[out] / missed[out]).mean()) if out.any() else float("nan")
    return {
        "auroc_apparent": auroc,
        "auroc_optimism": float(optimism[0]),
        "auroc_corrected": float(auroc - optimism[0]),
        "brier_apparent": brier,
        "brier_optimism": float(optimism[1]),
        "brier_corrected": float(brier - optimism[1]),
        "brier_loo": loo,
        "brier_632": 0.368 * brier + 0.632 * loo,
        "brier_632_plus": _plus(brier, loo, _no_information(y, apparent)),
    }


def _no_information(y, probability):
    """Mean squared distance of every outcome from every prediction."""
    share = y.mean()
    return float(share * np.square(1 - probability).mean() + (1 - share) * np.square(probability).mean())


def _plus(apparent, loo, no_information):
    """Weigh the leave-one-out bootstrap by how much the model overfits, from .632 up to 1."""
    loo = min(loo, no_information)
    overfit = (loo - apparent) / (no_information - apparent) if loo > apparent else 0.0
    weight = 0.632 / (1 - 0.368 * overfit)
    return (1 - weight) * apparent + weight * loo
