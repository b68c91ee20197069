"""`fit_nets`: every combination of settings, training rows and seeds of one net, trained as few stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bineural._typing import ArrayLike, DataFrame, FoldsLike, Label, Labels, RowsLike
from bineural.checks import checked, jobs, label, labels, number
from bineural.detection.problems import with_coded_boxes
from bineural.errors import InputError, InterruptedWarning
from bineural.inputs.outcomes import check_weights
from bineural.messages import number_of, warn
from bineural.nets.net_fits import NetFits
from bineural.nets.progress import shown_nets
from bineural.nets.settings import read_seeds, read_settings, read_training_sets
from bineural.nets.values import as_net, problem_of
from bineural.tables.batches import refuse_batches
from bineural.tables.rows import count_rows

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor
    from bineural.nets.values import Net

check_memory = number(0, above=True, hint="Use for example 1e9.")


@checked(memory=check_memory, n_jobs=jobs(), event=label().or_none(), classes=labels().or_none())
def fit_nets(
    net: Net | NetClassifier | NetRegressor | str | RowsLike,
    data: RowsLike,
    folds: FoldsLike | None = None,
    settings: Sequence[Mapping[str, Any]] | DataFrame | None = None,
    seeds: Sequence[int] | None = None,
    *,
    event: Label | None = None,
    classes: Labels | None = None,
    weights: str | ArrayLike | None = None,
    memory: float = 1e9,
    n_jobs: int | None = None,
    **options: Any,
) -> NetFits:
    """Fit many neural nets at once: one for each combination of settings, training rows and seeds.

    Each net equals the one that `fit_net` fits to the same rows alone, and learns its own preparation from
    them. Nets of equal layout are trained together as a stack, which for a hundred small nets takes little
    longer than one.

    Parameters
    ----------
    net : Net, NetClassifier, NetRegressor, str, data frame or array_like
        What is fitted: a net that is not fitted (`make_net`), the options of one that is, or a formula as in
        `fit_net`, or predictors x.
    data : data frame or array_like
        Rows; or the outcome y beside x. A pair (x, y) for a net that names no outcome.
    folds : Folds, Split or list, optional
        Rows to train on, of each fold; by `make_folds` or `split_rows` from the same data. Or a list of row
        numbers, or of pairs of them (train, test); numbers alone hold out all other rows (sets that part the
        rows are asked about, see `make_folds`); or the fold of each row. None trains on all.
    settings : list of dict, or data frame, optional
        Options below that differ, such as ``[{"l2": 0.1}, {"l2": 0.01, "units": (8,)}]``; in a data frame a
        column for each option and a row for each setting, missing values for None. Not those of the data and
        of the run: event, classes, weights, callbacks, checkpoint, device, seed, verbose.
    seeds : list of int, optional
        None is the one `seed`.
    event, classes, weights
        See `fit_net`.
    memory : float
        Bytes that nets trained at the same time in one process may take; more of them are trained one stack
        after the other.
    n_jobs : int, optional
        Processes that the nets are dealt out to, in chunks; -1 is one for each core. None is what
        `joblib.parallel_config` says (a cluster of Ray or Dask, see Notes), else all are trained in this one.
    **options
        Options of the net, as in `fit_net`; beside a net they replace its own. `checkpoint` must be None.

    Returns
    -------
    NetFits
        With `nets`, `table` and `held_out`. After Ctrl-C, which ends training with the current round of
        epochs, those nets that had begun, with a warning.

    Raises
    ------
    InputError
        If settings, folds, seeds or options cannot be used, or a net can't be fitted; it says which.
    DataMismatchError
        If the folds were made of other data.

    Notes
    -----
    Equal is to float32 rounding, which hundreds of epochs may enlarge: a row that lies within rounding of the
    kink of a ReLU falls on either side. In a model of your own leave out the bias of a layer that goes into a
    `BatchNormalization` (`use_bias=False`): its gradient is rounding alone, and Adam makes steps of it.

    Where the outcome is boxes (see `NetDetector`), all boxes decide on `objective` and `architecture`, and
    each net learns the labels that are among its training rows.

    A stack knows what Keras' own layers do with many nets at once. A layer of a class of your own is
    converted operation by operation (`how` is then "stack, vectorised"), which takes longer to begin with,
    unless its class has a method `call_replicas`: see `zoo.Architecture`.

    Processes pay where training takes minutes: each starts TensorFlow anew and compiles for itself. On a
    cluster: ``with joblib.parallel_config("ray", n_jobs=-1):`` after ``ray.util.joblib.register_ray()``, or
    ``joblib.parallel_config("dask")`` within a `distributed.Client`, whose workers should have one thread
    each. Data go to a worker once. A worker that dies costs a second try of its chunk; one that dies of it
    again is an error that names the chunk. Nets with `callbacks` are trained here, as are all with joblib's
    backends "threading" and "multiprocessing". Chunks give the numbers of one stack to float32 rounding,
    enlarged as said above: the products of a wide stack, and the last net of any, are summed in another
    order. So many workers of any backend give the same ones to the bit.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> folds = bn.make_folds(kyphosis, folds=5, strata="Kyphosis", seed=1)
    >>> settings = [{"learning_rate": 0.01}, {"learning_rate": 0.03}]
    >>> fits = bn.fit_nets("Kyphosis ~ .", kyphosis, folds, settings, event="present", epochs=20, seed=2019)
    >>> fits.table[["setting", "learning_rate", "fold", "n_rows"]].tail(2)
       setting  learning_rate  fold  n_rows
    8        2           0.03     4      65
    9        2           0.03     5      66
    >>> fits.held_out.columns.tolist()
    ['setting', 'repeat', 'fold', 'seed', 'row', 'truth', '.pred_absent', '.pred_present']
    """
    from bineural.nets.many import NetRun, fit_by_workers  # loads TensorFlow

    value = as_net(net, options, event, classes)
    refuse_checkpoint(value, "Fit the net whose training takes long with fit_net().")
    refuse_batches(data)
    problem = with_coded_boxes(problem_of(value, net, data, weights))
    n_rows = _check_rows(problem)
    row_weights = None if problem.weights is None else check_weights(problem.weights, n_rows)
    seeds = read_seeds(seeds, options.get("seed") if seeds is not None else value.options.get("seed"))
    template = problem.ready(value.with_options(seed=seeds[0]).estimator_for(problem))
    settings, sets = read_settings(settings, template), read_training_sets(folds, problem.X)
    plan = [(i, rows, seed) for i in range(len(settings)) for rows in sets for seed in seeds]
    runs = [NetRun(rows.train, seed, settings[i], _name(i, rows, seed, settings)) for i, rows, seed in plan]
    shared = {"sample_weight": row_weights, "exclude": problem.exclude, "memory": int(memory)}
    names = problem.outcome, problem.formula
    try:
        with shown_nets(len(runs), template.verbose) as tell:
            nets = fit_by_workers(
                n_jobs, template, problem.X, problem.y, runs, tell=tell, names=names, **shared
            )
    except KeyboardInterrupt as stop:
        nets = getattr(stop, "nets", [])
        if all(net is None for net in nets):
            raise
        _warn_interrupted(nets)
    plan = [part for part, net in zip(plan, nets) if net is not None]
    nets = [net for net in nets if net is not None]
    return NetFits(nets, plan, settings, template, problem)


def refuse_checkpoint(net, hint):
    """Refuse the checkpoint of one net where many are fitted."""
    checkpoint = net.options.get("checkpoint")
    if checkpoint is not None:
        raise InputError("`checkpoint` can be used with one net only.", f"It is {checkpoint!r}.", hint)


def _name(setting, rows, seed, settings):
    """Say which net of many this is."""
    places = [f"setting {setting + 1}"] if len(settings) > 1 else []
    places += [f"repeat {rows.repeat}, fold {rows.fold}"] if rows.fold is not None else []
    return f"the net of {', '.join([*places, f'seed {seed}'])}"


def _warn_interrupted(nets):
    kept = [net for net in nets if net is not None]
    n_part = sum(getattr(net, "interrupted_", False) for net in kept)
    warn(
        InterruptedWarning,
        f"Training was interrupted: {len(kept) - n_part} of {len(nets)} nets are done.\n"
        f"{n_part} more are kept with the weights of their best epoch so far; the others had not begun.",
    )


def _check_rows(problem):
    n_rows, n_outcomes = count_rows(problem.X), count_rows(problem.y)
    if n_rows != n_outcomes:
        raise InputError(
            "The outcome must have one value for each row.",
            f"Found {n_outcomes} outcomes and {number_of(n_rows, 'row')}.",
            "Pass x and y of the same rows.",
        )
    return n_rows
