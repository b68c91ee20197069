"""The record of many nets fitted together: which they are, how they were trained, what they predict."""

import numpy as np

from bineural.inputs.given_rows import put_back
from bineural.messages import number_of
from bineural.nets.fitted import predict_together
from bineural.nets.progress import counted_how
from bineural.not_models import NotAModel
from bineural.notebook import Shown
from bineural.tables.rows import as_series, label_text, take_rows


class NetFits(Shown, NotAModel):
    """Nets that were fitted together by `fit_nets`.

    Attributes
    ----------
    nets : list of NetClassifier or NetRegressor
        Settings vary slowest, then repeats and folds, then seeds.
    table : pandas.DataFrame
        A row for each net: `setting` (from 1) and a column for each option that settings name, `repeat` and
        `fold` (from 1, with folds), `seed`, `n_rows`, `n_epochs`, `best_epoch`, `loss`, `validation_loss`
        (at the best epoch, NaN without validation; of the first member in an ensemble), and `how` it was run:
        "alone", "stack" or "stack, vectorised", also with ", XLA"; with ", interrupted" after Ctrl-C.
    held_out : pandas.DataFrame or None
        Predictions of each net for the rows that it was not to be trained on: `setting`, `repeat`, `fold`,
        `seed`, `row` (position from 0), `truth`, and the probability of each class as `.pred_<class>` (NaN
        for a class that the training rows did not have), or the number as `.pred`. Equal to what the net
        predicts for them to float32 rounding. Made when first asked for; None without folds. Of nets of boxes
        the boxes that are predicted, a row for each: `image` (position from 0), x1, y1, x2, y2, label and
        score instead of `row` and what follows.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> fits = bn.fit_nets("petal_width ~ petal_length", iris, epochs=5, seeds=[1, 2])
    >>> fits
    2 nets: 1 setting x 1 training set x 2 seeds
    How: stack
    >>> len(fits.nets), fits.held_out is None
    (2, True)
    """

    called = "many nets that fit_nets() fitted"
    instead = "Give one of its `nets`."

    def __init__(self, nets, plan, settings, template, problem):
        self.nets = nets
        self._plan, self._settings, self._problem = plan, settings, problem
        self._options = template.get_params(deep=False)
        self._held_out = None
        self.table = self._make_table()

    def __len__(self):
        """Count the nets."""
        return len(self.nets)

    def __repr__(self):
        """Say how many nets there are of what, how they were run, and how each setting did."""
        sizes = len(self._settings), len({(r.repeat, r.fold) for _, r, _ in self._plan})
        sizes = *sizes, len({seed for *_, seed in self._plan})
        parts = [number_of(n, word) for n, word in zip(sizes, ("setting", "training set", "seed"))]
        some = " of" if len(self) < np.prod(sizes) else ":"  # after Ctrl-C
        lines = [
            f"{number_of(len(self), 'net')}{some} {' x '.join(parts)}",
            f"How: {counted_how(self.table['how'])}",
        ]
        table = self._table_lines()
        return "\n".join([*lines, "", *table] if table else lines)

    def _table_lines(self):
        if len(self._settings) == 1:
            return []
        return self._by_setting().to_string(index=False, na_rep="-").splitlines()

    @property
    def held_out(self):
        """Predictions for the rows that each net was not to be trained on."""
        if self._held_out is None and any(len(rows.test) for _, rows, _ in self._plan):
            from bineural.repeated_warnings import merged_warnings

            with merged_warnings():
                self._held_out = self._predict_held_out()
        return self._held_out

    def _make_table(self):
        import pandas as pd

        rows = []
        names = list(dict.fromkeys(name for setting in self._settings for name in setting))
        for net, keys in zip(self.nets, self._keys()):
            setting = {**self._options, **self._settings[keys["setting"] - 1]}
            glance = net.glance()
            fit = {
                name: glance[name] for name in ("n_rows", "n_epochs", "best_epoch", "loss", "validation_loss")
            }
            own = {name: cell(setting[name]) for name in names}
            rows.append({"setting": keys.pop("setting"), **own, **keys, **fit, "how": _how(net)})
        table = pd.DataFrame(rows).astype({"loss": float, "validation_loss": float})
        return of_one_type(table, names)

    def _keys(self):
        """Return what each net is the net of, as the first columns of a table."""
        for i, rows, seed in self._plan:
            folds = {} if rows.fold is None else {"repeat": rows.repeat, "fold": rows.fold}
            yield {"setting": i + 1, **folds, "seed": seed}

    def _by_setting(self):
        options = [c for c in self.table.columns[1:] if c in self._options and c != "seed"]
        means = self.table.groupby("setting")[["n_epochs", "loss", "validation_loss"]].mean()
        means = means.rename(columns={c: f"mean {c.replace('_', ' ')}" for c in means})
        first = self.table.groupby("setting")[options].first() if options else means[[]]
        return first.join(means.dropna(axis=1, how="all")).reset_index()

    def _predict_held_out(self):
        import pandas as pd

        if self._problem.object_labels is not None:
            return self._predict_boxes()
        X, parts = self._problem.X, []
        several = len(np.shape(self._problem.y)) == 2
        truth = None if several else as_series(self._problem.y)
        levels = [] if several else self._levels(truth)
        whose = [i for i, (_, rows, _) in enumerate(self._plan) if len(rows.test)]
        tests, keys = [self._plan[i][1].test for i in whose], list(self._keys())
        nets = [self.nets[i] for i in whose]
        prepared = [net._prepare(take_rows(X, rows)) for net, rows in zip(nets, tests)]
        values = predict_together([net.fitted_ for net in nets], prepared)
        for i, net, rows, part, value in zip(whose, nets, tests, prepared, values):
            own = {**keys[i], "row": rows}
            if several:
                columns = np.asarray(take_rows(self._problem.y, rows)).T
                own |= {f"truth_{name}": column for name, column in zip(net.columns_, columns)}
            else:
                own["truth"] = truth.iloc[rows].array
            own |= _as_columns(net, put_back(value, part.rows, len(rows)), levels)
            parts.append(pd.DataFrame(own))
        return pd.concat(parts, ignore_index=True)

    def _predict_boxes(self):
        """Return the boxes that each net predicts for the images that it was not to be trained on."""
        import pandas as pd

        parts = []
        for net, (_, rows, _), keys in zip(self.nets, self._plan, self._keys()):
            if len(rows.test):
                boxes = net.predict(take_rows(self._problem.X, rows.test))
                boxes["image"] = np.asarray(rows.test)[boxes["image"]]
                parts.append(pd.DataFrame({**{k: np.full(len(boxes), v) for k, v in keys.items()}, **boxes}))
        return pd.concat(parts, ignore_index=True)

    def _levels(self, truth):
        """Return the classes of all nets in the order of the outcome's levels; none for numbers."""
        if not hasattr(self.nets[0], "classes_"):
            return []
        learnt = {label for net in self.nets for label in net.classes_.tolist()}
        categories = getattr(truth.dtype, "categories", None)
        return sorted(learnt) if categories is None else [label for label in categories if label in learnt]


def _how(net):
    return net.how_ + ", interrupted" * getattr(net, "interrupted_", False)


def _as_columns(net, values, levels):
    """Return a net's predictions as columns of a table."""
    if not levels:
        return prediction_columns(net, values)
    columns = {label: values[:, i] for i, label in enumerate(net.classes_.tolist())}
    return {f".pred_{label_text(label)}": columns.get(label, np.nan) for label in levels}


def prediction_columns(net, values):
    """Return what a regressor predicts as columns of a table: `.pred`, or `.pred_<column>` of several."""
    names = getattr(net, "columns_", ())
    return {f".pred_{name}": values[:, k] for k, name in enumerate(names)} if names else {".pred": values}


def of_one_type(table, names):
    """Make columns of options that hold text and numbers text: `units` of (16, 8) and of 4."""
    for name in names:
        text = [isinstance(value, str) for value in table[name]]
        if any(text) and not all(text):
            values = [value if value is None else str(value) for value in table[name]]
            table[name] = np.array(values, dtype=object)
    return table


def cell(value):
    """Write an option for a table: numbers, truth values and text as they are, `None` too."""
    if value is None or isinstance(value, (bool, int, float, str, np.generic)):
        return value
    if isinstance(value, (list, tuple, np.ndarray)):
        return ", ".join(str(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {part}" for key, part in value.items())
    return getattr(value, "name", None) or getattr(value, "__name__", type(value).__name__)
