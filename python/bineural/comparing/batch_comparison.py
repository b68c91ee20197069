"""Models compared over rows in batches: each fitted to the row groups of a fold's training part, in batches.

A fold's predictions are measured and forgotten, but for those of the rows that are kept; see `batch_basis`.
"""

import time

import numpy as np

from bineural.comparing.answers import Answer, NotFiniteError, ask
from bineural.comparing.comparison import Comparison
from bineural.comparing.entrants import Null
from bineural.comparing.fits import Run
from bineural.comparing.held_out import HeldOut
from bineural.comparing.own_entrants import Net, OwnModel
from bineural.comparing.warning_sentences import FitWarnings, failed_sentence
from bineural.errors import FailedFitWarning, InputError
from bineural.glm import batches as glm_batches
from bineural.measures.ordering import ordered
from bineural.messages import naming, warn
from bineural.nets import batches as net_batches
from bineural.nets.batch_rows import RowBatches


class BatchComparison(Comparison):
    """A `Comparison` over rows in batches.

    Measures, differences and verdicts are of all rows. `predictions`, calibration, plots and reports are of
    the rows that are kept, at most 32,768; `folds` says which row groups are held out together.
    """


def check_entrants(entrants):
    """Refuse models that can't learn from batches."""
    for entrant in entrants:
        if type(entrant) not in (OwnModel, Net, Null):
            raise InputError(
                "Models that are compared over rows in batches must be GLMs or nets of ours.",
                f"{entrant.name} is {entrant.describe()[:200]}.",
                "Leave it out, or read the rows whole: load_dataset(path) does.",
            )


class Measured:
    """What the held-out predictions of one model came to.

    Attributes
    ----------
    scores : dict of str to ndarray of float64, shape (draws, n_resamples)
    held_out : HeldOut
        Of the rows that are kept.
    """

    def __init__(self, scores, held_out):
        self.scores, self.held_out = scores, held_out


def measure_entrants(entrants, basis, measures, fitting):
    """Fit every model to every resample, and measure it.

    Parameters
    ----------
    entrants : list of Entrant
    basis : BatchBasis
    measures : dict of str to Measure
    fitting : Fitting

    Returns
    -------
    measured : dict of str to Measured
    shares : dict of str to (ndarray or None)
        Weights of the resamples; see `pooling.resample_shares`.
    sentences : list of str
        What fits warned of.
    """
    n_sets = len(basis.sets)
    counts = {e.name: n_sets * (fitting.seeds if e.random else 1) for e in entrants}
    run = Run(None, fitting.verbose, sum(counts.values()), fitting.memory)
    warned, measured = FitWarnings(), {}
    shares = {name: None if m.weigh is None else np.full(n_sets, np.nan) for name, m in measures.items()}
    try:
        for entrant in entrants:
            with warned.of(entrant.name, counts[entrant.name]):
                measured[entrant.name] = _measure(entrant, basis, measures, shares, fitting, run)
    finally:
        run.close()
        sentences = warned.give()
    return measured, shares, sentences


def _measure(entrant, basis, measures, shares, fitting, run):
    begun, draws = time.perf_counter(), fitting.seeds if entrant.random else 1
    scores = {name: np.full((draws, len(basis.sets)), np.nan) for name in measures}
    kept, notes = [[] for _ in range(draws)], []
    for draw in range(draws):
        for k in range(len(basis.sets)):
            with naming(f"{entrant.name}, resample {k + 1}"):
                answer, truth, weights = _answer(entrant, basis, k, draw, fitting)
            if answer.failure:
                entrant.failures[k, draw] = answer.failure
                entrant.advice = entrant.advice or answer.advice
            notes.append(answer.note)
            order = ordered(answer.prediction, answer.logit)
            for name, measure in measures.items():
                shown = order if measure.ranks else answer.prediction
                scores[name][draw, k] = measure(truth, shown, weights)
                if measure.weigh is not None:
                    shares[name][k] = measure.weigh(truth, weights)
            kept[draw].append(_of_kept(answer, basis, k))
            run.step(entrant.name)
    for what in dict.fromkeys(name for note in notes for name in note):
        entrant.told[what] = [note[what] for note in notes if note.get(what) is not None]
    predictions = np.stack([np.concatenate([part for part, _ in each]) for each in kept])
    known = all(logit is not None for each in kept for _, logit in each)
    logits = np.stack([np.concatenate([logit for _, logit in each]) for each in kept]) if known else None
    failed = failed_sentence(entrant, draws * len(basis.sets))
    return Measured(scores, HeldOut(predictions, logits, time.perf_counter() - begun, failed))


def _of_kept(answer, basis, k):
    """Return prediction and logit (or None) of the kept rows among those that a resample tests."""
    begin, places = 0, []
    for piece, inside in zip(basis.piece_of_sets[k][1], basis.kept_of_test(k)):
        places.append(inside + begin)
        begin += int(basis.sums.n_rows[piece])
    places = np.concatenate(places)
    return answer.prediction[places], None if answer.logit is None else answer.logit[places]


def _answer(entrant, basis, k, draw, fitting):
    """Fit to the training row groups of a resample; return (Answer, truth, weights) of the rows it tests."""
    if isinstance(entrant, Null):
        return _known_nothing(basis, k)
    seed = basis.seed_of(entrant.name, k, draw)
    fit = _fit_net if isinstance(entrant, Net) else _fit_glm
    model, failure, note, advice = fit(entrant, basis, k, seed, fitting)
    try:
        if model is None:
            raise NotFiniteError("", "0 ", "")
        answer, truth, weights = _ask(basis, k, lambda frame: ask(model, frame, basis, len(frame)))
        return answer._replace(failure=failure, note=note), truth, weights
    except NotFiniteError as error:
        failure = failure or error.failure
        warn(FailedFitWarning, f"{failure}: the null model's predictions stand in.")
        answer, truth, weights = _known_nothing(basis, k)
        failure = failure[:1].lower() + failure[1:]
        return answer._replace(failure=failure, note=note, advice=advice or error.hint), truth, weights


def _fit_glm(entrant, basis, k, seed, fitting):
    """Return (model, failure or None, note, advice)."""
    model = entrant.unfitted(basis)
    options = model.get_params(deep=False)
    rows = glm_batches.read_rows(
        *(basis.pieces(k), basis.problem.outcome, model.formula, basis.weight_name, options),
        labels=bool(basis.classes),
    )
    glm_batches.fit_batches(model, rows)
    note = {}
    if model.penalty == "auto":
        how = "maximum likelihood" if model.penalty_ is None else model.penalty_
        note = {"fitted_by": how, "strength": model.strength_}
    return model, model.failure_, note, None


def _fit_net(entrant, basis, k, seed, fitting):
    """Return (net or None, failure or None, note, advice)."""
    from bineural.nets.fitted import diverged_loss
    from bineural.training.run import STEADIER

    net = entrant.unfitted(basis).set_params(verbose=0, seed=seed)
    rows = RowBatches(
        basis.pieces(k), basis.problem.outcome, net, basis.weight_name, labels=bool(basis.classes)
    )
    net.fit_by(lambda: net_batches.fit_batches(net, rows))
    note, loss = {"epochs": int(net.best_epoch_)}, diverged_loss(net.fitted_)
    if loss is not None:
        return None, f"The training loss became {loss}", note, STEADIER
    return net, None, note, None


def _known_nothing(basis, k):
    """Answer with the training rows' mean, or the share of each class."""
    train, sums = basis.piece_of_sets[k][0], basis.sums
    if basis.task == "regression":
        constant = sums.weighted[train].sum() / sums.weights[train].sum()
    else:
        mass = sums.masses[train].sum(axis=0)
        constant = mass / mass.sum()
        constant = constant[1] if basis.task == "binary" else constant
    return _ask(basis, k, lambda frame: Answer(np.repeat([constant], len(frame), axis=0)))


def _ask(basis, k, answer):
    """Ask about the rows that a resample tests, batch after batch; return (Answer, truth, weights)."""
    parts, truth, weights, reading = [], [], [], basis.reading
    for frame in basis.pieces(k, test=True).read_all(set(reading.columns)):
        parts.append(answer(frame))
        truth.append(basis.truth_of(reading.outcome_of(frame)[1]))
        weights.append(reading.weights_of(frame))
    logits = [part.logit for part in parts]
    whole = Answer(
        np.concatenate([part.prediction for part in parts]),
        None if any(logit is None for logit in logits) else np.concatenate(logits),
    )
    return whole, np.concatenate(truth), None if weights[0] is None else np.concatenate(weights)
