"""Many nets in one call: every combination of settings, training rows and seeds, trained as few stacks."""

import numpy as np

from bineural.errors import InputError, InterruptedWarning
from bineural.inputs.outcomes import check_weights
from bineural.inputs.problem import read_problem
from bineural.messages import warn
from bineural.nets.estimators import NetRegressor, choose_net
from bineural.nets.net_fits import NetFits
from bineural.nets.settings import read_seeds, read_settings, read_training_sets
from bineural.tables.rows import count_rows

__all__ = ["NetFits", "fit_nets"]


def fit_nets(
    formula,
    data,
    folds=None,
    settings=None,
    seeds=None,
    *,
    event=None,
    classes=None,
    architecture="skip",
    units=(16, 8),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=None,
    batch_normalization=False,
    categories="onehot",
    scale="auto",
    optimizer=None,
    learning_rate=None,
    batch_size=32,
    epochs=300,
    validation=0.2,
    monitor="loss",
    patience=30,
    min_delta=0.0,
    ensemble=None,
    class_weight=None,
    weights=None,
    keep_weights=False,
    callbacks=None,
    checkpoint=None,
    device=None,
    precision="float32",
    missing="error",
    unseen="warn",
    seed=None,
    verbose=None,
    memory=1e9,
):
    """Fit many neural nets at once: one for each combination of settings, training rows and seeds.

    Each net equals the one that `fit_net` fits to the same rows alone, and learns its own preparation from
    them. Nets of equal layout are trained together as a stack, which for a hundred small nets takes little
    longer than one.

    Parameters
    ----------
    formula, data
        As in `fit_net`: a formula and a data frame, or predictors x and an outcome y.
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
    architecture, units, activation, dropout, l1, l2, batch_normalization, categories, scale
        The nets; see `NetClassifier`.
    optimizer, learning_rate, batch_size, epochs, validation, monitor, patience, min_delta, ensemble,
    class_weight, keep_weights, callbacks, checkpoint, device, precision
        Their training; see `NetClassifier`.
    missing, unseen, seed, verbose
        See `NetClassifier`.
    memory : float
        Bytes that nets trained at the same time may take; more of them are trained one stack after the other.

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
    given = dict(locals())
    from bineural.nets import many as net_many  # loads TensorFlow

    options = {name: given[name] for name in NetRegressor().get_params() if name != "formula"}
    if checkpoint is not None:
        raise InputError(
            "`checkpoint` can be used with one net only.",
            f"It is {checkpoint!r}.",
            "Fit the net whose training takes long with fit_net().",
        )
    problem = read_problem(formula, data, weights)
    n_rows = _check_rows(problem)
    row_weights = None if problem.weights is None else check_weights(problem.weights, n_rows)
    options["seed"], *_ = seeds = read_seeds(seeds, seed)
    template = problem.ready(choose_net(problem, event, classes, class_weight, options))
    settings, sets = read_settings(settings, template), read_training_sets(folds, problem.X)
    plan = [(i, rows, one) for i in range(len(settings)) for rows in sets for one in seeds]
    runs = [
        net_many.NetRun(rows.train, one, settings[i], _name(i, rows, one, settings)) for i, rows, one in plan
    ]
    shared = {"sample_weight": row_weights, "exclude": problem.exclude, "memory": check_memory(memory)}
    try:
        nets = net_many.fit_nets(template, problem.X, problem.y, runs, **shared)
    except KeyboardInterrupt as stop:
        nets = getattr(stop, "nets", [])
        if all(net is None for net in nets):
            raise
        _warn_interrupted(nets)
    plan = [one for one, net in zip(plan, nets) if net is not None]
    nets = [problem.noted(net) for net in nets if net is not None]
    return NetFits(nets, plan, settings, template, problem)


def _name(setting, rows, seed, settings):
    """Say which net of many this is."""
    said = [f"setting {setting + 1}"] if len(settings) > 1 else []
    said += [f"repeat {rows.repeat}, fold {rows.fold}"] if rows.fold is not None else []
    return f"the net of {', '.join([*said, f'seed {seed}'])}"


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
            f"Found {n_outcomes} outcomes and {n_rows} rows.",
            "Pass x and y of the same rows.",
        )
    return n_rows


def check_memory(memory):
    """Return `memory`, the bytes that nets trained at the same time may take, as an int."""
    number = isinstance(memory, (int, float, np.number)) and not isinstance(memory, bool)
    if not number or not 0 < memory < float("inf"):
        raise InputError(
            "`memory` must be a positive number of bytes.", f"It is {memory!r}.", "Use for example 1e9."
        )
    return int(memory)
