"""What many nets differ in: settings, training rows and seeds, read at the door and checked in words."""

from typing import NamedTuple

import numpy as np

from bineural.errors import DataMismatchError, InputError
from bineural.messages import listed, near_names
from bineural.nets.options import OPTIONS
from bineural.splitting.given_folds import read_pairs
from bineural.splitting.resamples import Folds, Split, other_rows
from bineural.tables.fingerprint import describe_differences, fingerprint_data
from bineural.tables.rows import count_rows

_SHARED = ("formula", "event", *(option.name for option in OPTIONS if option.shared))  # by all nets of a call


class TrainingSet(NamedTuple):
    """Rows to train on and rows held out, by number; `repeat` and `fold` count from 1, None without folds."""

    train: np.ndarray
    test: np.ndarray
    repeat: int | None = None
    fold: int | None = None


def read_settings(settings, template):
    """Return the settings as a list of dicts of options that a net like `template` has.

    Parameters
    ----------
    settings : None, list of dict, or data frame
        A data frame has a column for each option and a row for each setting; missing values are None.
    template : NetClassifier or NetRegressor

    Returns
    -------
    list of dict
        One empty setting for None.

    Raises
    ------
    InputError
        If a setting names no option or one that all nets share, or a value can't be used.
    """
    if settings is None:
        return [{}]
    if hasattr(settings, "to_pandas"):
        settings = settings.to_pandas()
    if hasattr(settings, "iloc") and hasattr(settings, "columns"):
        columns = {str(name): settings[name].tolist() for name in settings.columns}
        settings = [dict(zip(columns, map(_known, row))) for row in zip(*columns.values())]
    if not isinstance(settings, (list, tuple)) or not all(isinstance(row, dict) for row in settings):
        raise InputError(
            "`settings` must be a list of dicts of options, or a data frame with a row for each setting.",
            f"It is {_spoken(settings)}.",
            "Write for example settings=[{'l2': 0.1}, {'l2': 0.01}].",
        )
    if not settings:
        raise InputError("`settings` must hold a setting.", "It is empty.", "Leave it out for one net.")
    for number, setting in enumerate(settings, 1):
        _check_setting(setting, number, template)
    return [dict(setting) for setting in settings]


def _check_setting(setting, number, template):
    check_option_names(setting, template, f"Setting {number}", "`settings`")
    check_setting_values(setting, number, template)


def check_option_names(names, template, who, what):
    """Refuse names of no option, or of one that all nets of a call share.

    Parameters
    ----------
    names : iterable of str
    template : NetClassifier or NetRegressor
    who, what : str
        What names them, for the message, and the argument that it stands in: "Setting 2", "`settings`".
    """
    tried = [template]
    if "architecture" in names and isinstance(names, dict):
        tried = [template.unfitted().set_params(architecture=names["architecture"])]
    shared = {*_SHARED, *(o.name for net in tried for o in net.own_options() if o.shared)}
    allowed = [name for net in tried for name in net.get_params(deep=False) if name not in shared]
    for name in names:
        if name in shared or name in ("classes", "weights", "memory"):
            raise InputError(
                f"`{name}` must be the same for all nets of a call.",
                f"{who} names it.",
                "Use `seeds`." if (name, what) == ("seed", "`settings`") else f"Give it outside of {what}.",
            )
        if name not in allowed:
            raise InputError(
                "A setting must name options of the net.", f"{who} names {name!r}.", near_names(name, allowed)
            )


def check_setting_values(setting, number, template):
    """Refuse values that a net like `template` can't use."""
    try:
        template.unfitted().set_params(**setting).read_options()
    except InputError as error:
        raise InputError(error.must, f"{error.found} This is setting {number}.", error.hint) from error


def read_seeds(seeds, seed):
    """Return the seeds as a list of int: those given, else the one `seed` (drawn for None)."""
    from bineural.training import check_seed

    if seeds is None:
        return [check_seed(seed)]
    if seed is not None:
        raise InputError(
            "`seeds` and `seed` can't both be given.",
            f"seeds={seeds!r}, seed={seed!r}.",
            "Give the one seed of all nets, or the seeds that each is fitted with.",
        )
    checked = [check_seed(seed) for seed in _listed(seeds)]
    if not checked or len(set(checked)) < len(checked):
        raise InputError(
            "`seeds` must be different whole numbers, at least one.",
            f"They are {listed(checked)}." if checked else "There are none.",
            "A net of the same rows, setting and seed is the same net.",
        )
    return checked


def _listed(seeds):
    return seeds if isinstance(seeds, (list, tuple, range)) or getattr(seeds, "ndim", 0) == 1 else [seeds]


def read_training_sets(folds, data):
    """Return the training sets as a list of `TrainingSet`.

    Parameters
    ----------
    folds : None, Folds, Split, list or array
        As in `make_folds`; sets of rows are training rows, and hold out all others.
    data : data frame or array_like
        What the rows are of.

    Raises
    ------
    DataMismatchError
        If folds were made of other data.
    InputError
        If they are no folds.
    """
    n_rows = count_rows(data)
    if folds is None:
        return [TrainingSet(np.arange(n_rows), np.arange(0))]
    if isinstance(folds, (Folds, Split)):
        _check_same_data(folds, data, n_rows)
    pairs = [
        (other_rows(test, n_rows) if train is None else train, test)
        for train, test in read_pairs(folds, n_rows, count="")
    ]
    each = folds.folds if isinstance(folds, Folds) else max(1, len(pairs))
    return [TrainingSet(*pair, k // each + 1, k % each + 1) for k, pair in enumerate(pairs)]


def _check_same_data(folds, data, n_rows):
    """Refuse folds of other rows; columns may have been added, left out or renamed since."""
    differences = []
    if folds.n_rows != n_rows:
        differences = [f"They were made of {folds.n_rows} rows, and there are {n_rows}."]
    elif folds.data is not data and folds.fingerprint is not None:
        old, new = folds.fingerprint, fingerprint_data(data)
        columns = [
            {n: made["columns"][n] for n in old["columns"] if n in new["columns"]} for made in (old, new)
        ]
        if columns[0] != columns[1]:
            differences = describe_differences({**old, "columns": columns[0]}, {**new, "columns": columns[1]})
    if differences:
        raise DataMismatchError(
            "`folds` must be of the rows that are given.",
            " ".join(differences),
            "Make folds of these data, in this order of rows, with make_folds().",
        )


def _known(value):
    """Return a cell of a data frame as an option: None where it is missing."""
    import pandas as pd

    return None if np.ndim(value) == 0 and pd.isna(value) else value


def _spoken(value):
    if isinstance(value, (int, float, str)):
        return repr(value)
    empty = hasattr(value, "__len__") and not len(value)
    return f"of type {type(value).__name__}{' and empty' * empty}"
