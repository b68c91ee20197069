"""Validate the baseline by itself: is there any signal, and how much of its fit is optimism?

Both questions take hundreds of fits of one logistic GLM, which run as one batch where they can
(`glm_refits.py`).
"""

from __future__ import annotations

import secrets
import zlib
from typing import Literal

import numpy as np

from bineural._typing import FoldsLike, Label, RowsLike, Seed
from bineural.checks import checked, choice, label, text, whole
from bineural.comparing.bootstrapping import judge_draws
from bineural.comparing.glm_refits import GLMRefits
from bineural.comparing.permuting import measure_orders, usable_folds
from bineural.comparing.validations import OptimismBootstrap, PermutationTest
from bineural.errors import InputError
from bineural.measures.bootstrap import SEED
from bineural.measures.registry import choose_measure, measures_of
from bineural.messages import number_of
from bineural.splitting.making import make_exact_folds, make_folds
from bineural.splitting.r_random import R_INTEGER_MAX, STREAMS


@checked(
    event=label().or_none(),
    n_permutations=whole(1, hint="Try 200."),
    measure=text("Use for example 'auroc' or 'log_loss'."),
    seed=SEED,
)
def permutation_test(
    formula: str | RowsLike,
    data: RowsLike,
    *,
    event: Label | None = None,
    folds: FoldsLike = 10,
    repeats: int = 1,
    n_permutations: int = 1000,
    measure: str = "auroc",
    seed: Seed = None,
) -> PermutationTest:
    """Test whether the predictors say anything at all about the outcome.

    A logistic GLM is cross-validated as it is, and again with the rows of the predictors dealt out anew to
    outcome and folds [1]_.

    Parameters
    ----------
    formula, data
        As for `fit_glm`; the outcome has two classes.
    event : label, optional
        Class whose probability is meant; it must be named.
    folds : int, scikit-learn splitter, or iterable of (train_ids, test_ids), default 10
        As for `make_folds`; a number makes folds stratified by the outcome.
    repeats : int, default 1
        How often to make new folds.
    n_permutations : int, default 1000
        How many permutations; the smallest p-value is 1 / (1 + n_permutations).
    measure : str, default "auroc"
        What is averaged over the folds: the name of a measure of an event's probability, such as "auroc" or
        "log_loss" (nats).
    seed : int, optional
        For folds (as in `make_folds`) and permutations. None: one is drawn and recorded.

    Returns
    -------
    PermutationTest
        With `observed`, `p_value`, `permuted` and the counts.

    Raises
    ------
    InputError
        If formula, columns, outcome or folds cannot be used, or no fold holds both classes.

    Notes
    -----
    Where classes are separated, or maximum likelihood does not converge, a ridge whose strength is chosen
    within the training rows stands in for it, for observed and permuted rows alike; such fits are counted.

    Outcome and folds stay together, so strata and test outcomes are those of every permutation. Folds that
    do not hold both classes are left out and counted. All fits run as one batch, a second for 1000
    permutations of 10 folds of 81 rows, unless the formula learns from its rows (`ns`, `poly`, `scale`, ...);
    then each fit prepares its own training rows, which takes milliseconds a fit.

    References
    ----------
    .. [1] Ojala and Garriga (2010). *Journal of Machine Learning Research* 11, 1833-1863.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> test = permutation_test("Kyphosis ~ Start", kyphosis, event="present", n_permutations=99, seed=1)
    >>> test.p_value
    0.01
    """
    measure = choose_measure(measure, measures_of("binary", also=(measure,)))
    seed = _draw_seed(seed)
    refits = GLMRefits(formula, data, event)
    made = _make_folds(refits, folds, repeats, seed)
    usable = usable_folds(refits.y, list(made), measure)
    if not usable:
        raise InputError(
            "At least one fold must hold both classes.",
            f"None of the {len(made)} does; {_events(refits)}.",
            "Make fewer folds.",
        )
    observed = float(measure_orders(refits, usable, np.arange(refits.n_rows)[None], measure)[0])
    orders = _draw_orders(refits.n_rows, n_permutations, seed)
    permuted = measure_orders(refits, usable, orders, measure)
    sign = 1 if measure.larger_is_better else -1
    as_good = sign * permuted >= sign * observed - 1e-12
    return PermutationTest(
        observed=observed,
        p_value=(1 + int(np.count_nonzero(as_good))) / (1 + n_permutations),
        permuted=permuted,
        measure=measure.name,
        label=measure.label,
        larger_is_better=measure.larger_is_better,
        n=refits.n_rows,
        n_events=refits.n_events,
        event=refits.event,
        n_folds=len(usable),
        n_undefined=len(made) - len(usable),
        n_permutations=n_permutations,
        seed=seed,
        n_fits=refits.n_fits,
        n_penalised=refits.n_penalised,
    )


@checked(event=label().or_none(), n_boot=whole(1, hint="Try 200."), seed=SEED, rng=choice(*STREAMS))
def optimism_bootstrap(
    formula: str | RowsLike,
    data: RowsLike,
    *,
    event: Label | None = None,
    n_boot: int = 200,
    seed: Seed = None,
    rng: Literal["R", "pcg64"] = "R",
) -> OptimismBootstrap:
    """Correct a logistic GLM's AUROC and Brier score for having been measured on its own rows.

    The model is fitted to bootstrap samples; what the fits lose between their own sample and all rows is the
    optimism [1]_. The Brier score has the .632 and .632+ estimates [2]_ too.

    Parameters
    ----------
    formula, data
        As for `fit_glm`; the outcome has two classes.
    event : label, optional
        Class whose probability is meant; it must be named.
    n_boot : int, default 200
        How many bootstrap samples, each as large as the data.
    seed : int, optional
        As in R's `set.seed()`. None: one is drawn and recorded.
    rng : {"R", "pcg64"}, default "R"
        Random stream: that of R's `sample.int(n, n, TRUE)`, or NumPy's.

    Returns
    -------
    OptimismBootstrap
        With `auroc_apparent`, `auroc_optimism`, `auroc_corrected`, the same for the Brier score,
        `brier_loo`, `brier_632`, `brier_632_plus` and the counts.

    Raises
    ------
    InputError
        If formula, columns or outcome cannot be used, or no sample holds both classes.

    Notes
    -----
    Samples without both classes are left out and counted. Where a sample separates the classes, as small ones
    often do, a ridge whose strength is chosen within the sample stands in for maximum likelihood, and is
    counted. What the formula learns from its rows (`ns`,
    `poly`, levels, ...) is learnt anew from every sample.

    References
    ----------
    .. [1] Harrell, Lee and Mark (1996). *Statistics in Medicine* 15(4), 361-387.
    .. [2] Efron and Tibshirani (1997). *JASA* 92(438), 548-560.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> print(optimism_bootstrap("Kyphosis ~ Age + Number + Start", kyphosis, event="present", seed=1))
    n = 81, events = 17; 200 bootstrap samples
    <BLANKLINE>
    measure  apparent  optimism  corrected
    AUROC      0.8594    0.0176     0.8418
    Brier      0.1199   -0.0161     0.1360
    <BLANKLINE>
    Brier by rows left out 0.1462, .632 0.1365, .632+ 0.1385
    """
    seed = _draw_seed(seed)
    refits = GLMRefits(formula, data, event)
    stream = STREAMS[rng](seed)
    draws = np.array([stream.integers(refits.n_rows, refits.n_rows) for _ in range(n_boot)])
    events = refits.y[draws].sum(axis=1)
    usable = (events > 0) & (events < refits.n_rows)
    if not usable.any():
        raise InputError(
            "At least one bootstrap sample must hold both classes.",
            f"None of {n_boot} does; {_events(refits)}.",
            "Draw more samples.",
        )
    return OptimismBootstrap(
        n=refits.n_rows,
        n_events=refits.n_events,
        event=refits.event,
        n_boot=int(usable.sum()),
        n_undefined=int(n_boot - usable.sum()),
        **judge_draws(refits, draws[usable]),
        seed=seed,
        rng=rng,
        n_fits=refits.n_fits,
        n_penalised=refits.n_penalised,
    )


def _make_folds(refits, folds, repeats, seed):
    """Make folds stratified by the outcome; folds that are given know their own seed."""
    if not isinstance(folds, (int, float, np.number)):
        return make_folds(refits.y, folds, repeats, strata=refits.labels)
    fewest = min(refits.n_events, refits.n_rows - refits.n_events)
    if folds > fewest:
        raise InputError(
            "Each class must have at least as many rows as there are folds.",
            f"The rarer one has {fewest}, and there are {number_of(folds, 'fold')}.",
            "Make fewer folds.",
        )
    return make_exact_folds(refits.y, folds, repeats, strata=refits.labels, seed=seed)


def _draw_seed(seed):
    return secrets.randbelow(R_INTEGER_MAX) if seed is None else seed


def _draw_orders(n_rows, n_orders, seed):
    """Draw orders of the rows, int64 (n_orders, n_rows), from a stream of their own."""
    entropy = np.random.SeedSequence(seed & 0xFFFFFFFF, spawn_key=(zlib.crc32(b"permutations"),))
    generator = np.random.Generator(np.random.PCG64(entropy))
    return generator.permuted(np.tile(np.arange(n_rows), (n_orders, 1)), axis=1)


def _events(refits):
    return f"the rows with an event are {refits.n_events} of {number_of(refits.n_rows, 'row')}"
