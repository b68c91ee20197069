"""What a design learns from rows in batches: kinds, levels and their counts, means and SDs of numbers.

Each batch is evaluated by itself. Whatever needs all rows at once (quantiles, medians, orthogonal
polynomials) is refused, by the name of its term.
"""

import numpy as np

from bineural.errors import ColumnError, DroppedWarning, FormulaError
from bineural.formula.doubtful import tell_doubtful_levels
from bineural.formula.layout import bare_name, build_layout, fill_matrix
from bineural.formula.row_numbers import tell_row_numbers
from bineural.formula.syntax import deparse, names_in
from bineural.formula.terms import Terms
from bineural.formula.values import Values
from bineural.formula.variables import as_variable, learn_variables
from bineural.messages import counted, warn
from bineural.tables import columns as raw
from bineural.tables.blocks import Blocks
from bineural.tables.dense import Moments
from bineural.tables.factors import Factor
from bineural.tables.frames import category_values, column_kind

_BLOCK_NUMBERS = 2**22  # numbers in a block whose moments are taken at once, 32 MiB
MOST_ROWS = 2**16
_SURELY_NAMES = 10_000  # so many rows without a repeated text need not be read to the end
_KNOTS = "Give knots = and Boundary.knots = as numbers, or read the data whole (load_dataset)."
_LEARNING = {  # function: what to try where rows come in batches
    "poly": "Write powers, as I(x^2), or poly(x, 2, raw = TRUE).",
    "scale": "Leave scale() out: a net standardises its columns, and a GLM needs none of it.",
    "ns": _KNOTS,
    "bs": _KNOTS,
}


class Levels:
    """Labels met so far and how many rows have each: all rows, and those of positive weight."""

    def __init__(self):
        self.counts = {}  # label -> [rows, counting rows]; in the order they were met

    def add(self, codes, labels, counting):
        """Count one batch."""
        rows = np.bincount(codes, minlength=len(labels))
        counted = rows if counting is None else np.bincount(codes[counting], minlength=len(labels))
        for label, n, m in zip(labels, rows.tolist(), counted.tolist()):
            held = self.counts.setdefault(label, [0, 0])
            held[0] += n
            held[1] += m

    def state(self, order, ordered, keep_unused=False):
        """Return what `raw.learn_levels` returns, with the levels in the order of `order`."""
        levels = [label for label in order if keep_unused or self.counts.get(label, (0, 0))[0]]
        counts = np.array([self.counts.get(label, (0, 0))[1] for label in levels], dtype=np.float64)
        return {"levels": levels, "counts": counts, "ordered": bool(ordered)}


class BatchLearner:
    """Learn a `Design` from batches.

    Parameters
    ----------
    design : Design
        With its terms; it learns when `finish` is called.
    policy : {"error", "drop"}
    unnamed : sequence of str
        Columns that the formula does not name; text that is different in every row is refused there.
    contrasts : dict, optional
        As for `Preparation`.
    wants_moments : bool
        Whether means and SDs are learnt.
    """

    def __init__(self, design, policy, unnamed=(), contrasts=None, wants_moments=True):
        self.design, self.terms, self.policy, self.unnamed = design, design.terms, policy, unnamed
        self.contrasts, self.wants_moments = contrasts, wants_moments
        for _, tree in self.terms.variables:
            refuse_learnt(tree)
        self.texts = sorted({text for _, tree in self.terms.variables for text in texts_in(tree)})
        self.kinds, self.raw, self.ordered, self.labels = {}, {}, {}, {}
        self.infos, self.levels, self.calls = [None] * len(self.terms.variables), {}, {}
        self.layout = self.moments = None
        self.n_rows, self.dropped = 0, {}

    def add(self, frame, counting, where):
        """Learn from one batch; return the positions of its complete rows.

        Parameters
        ----------
        frame : pandas.DataFrame
        counting : ndarray of bool, shape (n_rows,), or None
            Rows of positive weight.
        where : callable
            Turns a position in the batch into words.
        """
        if self.n_rows == 0:
            unasked = [name for name in self.unnamed if name in self.terms.columns]
            tell_row_numbers(frame, ["."] * bool(unasked), [n for n in frame.columns if n not in unasked])
        columns, gaps = {}, {}
        for name in self.terms.columns:
            columns[name], gap = self._read(frame[name], name)
            if gap.any():
                gaps[name] = gap
        rows = self._complete(gaps, len(frame), where)
        self.n_rows += len(rows)
        if not len(rows):
            return rows
        if self.n_rows > _SURELY_NAMES:
            self._refuse_identifiers()
        if len(rows) < len(frame):
            columns = {name: raw.take_rows(value, rows) for name, value in columns.items()}
        counting = None if counting is None else counting[rows]
        for name, value in columns.items():
            if isinstance(value, Factor):
                self.raw.setdefault(name, Levels()).add(value.codes, value.levels, counting)
        values, infos, _, calls, _ = learn_variables(self.terms, columns, counting, True, self.contrasts)
        self._merge(values, infos, calls, counting)
        if not self.wants_moments:
            return rows
        if self.layout is None:
            self._lay_out_numbers()
        matrix = np.empty((len(rows), len(self.layout.names)), order="F")
        fill_matrix(matrix, self.layout, values)
        counting = np.ones(len(rows), dtype=bool) if counting is None else counting
        for block in self.blocks.add(matrix, counting):
            self._take(block)
        return rows

    def finish(self):
        """Give the design what was learnt; return (mean, spread) of its columns, NaN where not known yet.

        Not known are columns in which a category is multiplied; both are None where no moments are wanted.
        """
        if self.n_rows == 0:
            raise ColumnError("At least one row must be complete.", "All rows hold missing values (NaN).")
        if self.dropped:
            counts = counted({name: n for name, n in self.dropped.items() if name is not None})
            total = self.dropped[None] + self.n_rows
            warn(
                DroppedWarning,
                f"Left out {self.dropped[None]} of {total} rows with missing values in {counts}.",
            )
        self._refuse_identifiers()
        states, columns = {}, {}
        for name in self.terms.columns:
            if name not in self.raw:
                states[name] = {"kind": self.kinds[name]}
                columns[name] = np.empty(0, dtype=bool if self.kinds[name] == "logical" else np.float64)
                continue
            order = sorted(self.labels[name]) if self.kinds[name] == "text" else self.labels[name]
            state = self.raw[name].state(order, self.ordered[name])
            states[name] = {"kind": "category", **state}
            columns[name] = Factor(np.empty(0, dtype=np.int64), state["levels"], state["ordered"])
        bare = {bare_name(tree) for _, tree in self.terms.variables}
        tell_doubtful_levels(
            {
                name: (state["levels"], state["counts"])
                for name, state in states.items()
                if name in bare and self.kinds[name] in ("text", "category")
            }
        )
        infos = self._settle_infos(states, columns)
        self.design.put_back(states, infos, self.calls)
        return self._known_moments() if self.wants_moments else (None, None)

    # ---- one batch ----

    def _read(self, series, name):
        """Read a column of one batch: its values, and where they are missing."""
        kind = column_kind(series)
        nothing = kind == "empty"
        if kind in ("datetime", "other"):
            raw.learn_kind(series, name)
        group = {"ordered": "category"}.get(kind, kind)
        known = self.kinds.setdefault(name, None if nothing else group)
        if known is None and not nothing:
            known = self.kinds[name] = group
        if nothing:
            return np.full(len(series), np.nan), np.ones(len(series), dtype=bool)
        if known != group:
            raise ColumnError(
                f"Column `{name}` must be of one kind in all batches.",
                f"It is {known} in earlier ones and {group} here.",
                "Give the column one type in every batch.",
            )
        if group not in ("category", "text"):
            value, missing, _ = raw.read_column(series, name, {"kind": kind})
            return value, np.zeros(len(series), dtype=bool) if missing is None else missing
        codes, labels = category_values(series)
        self._note_order(name, kind == "ordered", labels)
        self.labels.setdefault(name, {}).update(dict.fromkeys(labels))
        labels = labels + [text for text in self.texts if text not in labels]
        return Factor(codes, labels, kind == "ordered"), codes < 0

    def _note_order(self, name, ordered, labels):
        before = self.ordered.setdefault(name, labels if ordered else False)
        if (before is False) == ordered or (ordered and before != labels):
            raise ColumnError(
                f"The ordered levels of `{name}` must be the same in all batches.",
                f"Found {labels[:20]} after {before[:20] if before else 'levels without order'}.",
                "Set the levels before the rows are cut into batches.",
            )

    def _complete(self, gaps, n_rows, where):
        if not gaps:
            return np.arange(n_rows)
        name, gap = next(iter(gaps.items()))
        if self.policy == "error":
            raise ColumnError(
                "Predictors must not be missing.",
                f"Found NaN (missing values) in `{name}`, first in {where(int(np.argmax(gap)))}.",
                'Choose missing="drop" to leave those rows out.',
            )
        bad = np.logical_or.reduce(list(gaps.values()))
        for name, gap in {None: bad, **gaps}.items():
            self.dropped[name] = self.dropped.get(name, 0) + int(gap.sum())
        return np.flatnonzero(~bad)

    def _refuse_identifiers(self):
        for name in self.unnamed:
            if self.kinds[name] == "text":
                raw.refuse_identifier(name, len(self.raw[name].counts), self.n_rows)

    def _merge(self, values, infos, calls, counting):
        for place, (value, info) in enumerate(zip(values, infos)):
            if info is None:
                continue
            self.infos[place] = info
            if "levels" in info:
                held = self.levels.setdefault(place, Levels())
                held.add(value.codes, value.levels, counting)
        for key, state in calls.items():
            before = self.calls.get(key)
            if before is not None and "values" in state:
                state = {"values": np.union1d(before["values"], state["values"])}
            self.calls[key] = state

    def _lay_out_numbers(self):
        """Lay out the terms that have no category in them; their moments can be taken at once."""
        numeric = [info is not None and "levels" not in info for info in self.infos]
        terms = [term for term in self.terms.terms if all(numeric[i] for i in term)]
        plain = Terms(True, self.terms.variables, terms, [])
        infos = [info if is_number else None for info, is_number in zip(self.infos, numeric)]
        self.layout = build_layout(plain, infos, "contrast")
        self.blocks = Blocks(int(min(MOST_ROWS, max(1, _BLOCK_NUMBERS // max(1, len(self.layout.names))))))

    def _take(self, block, width=None):
        matrix, counting = block
        moments = Moments.of(matrix, None if counting.all() else counting, width)
        self.moments = moments if self.moments is None else self.moments.merged(moments)

    # ---- all of them ----

    def _settle_infos(self, states, columns):
        evaluator = Values(columns, self.calls, learning=False)
        infos = list(self.infos)
        for place, held in self.levels.items():
            name, tree = self.terms.variables[place]
            column = bare_name(tree)
            if column in self.raw:
                info = {key: states[column][key] for key in ("levels", "counts", "ordered")}
            else:
                value = as_variable(evaluator.variable(tree))
                is_truth = value.levels == ["FALSE", "TRUE"]
                info = held.state(value.levels, value.ordered, keep_unused=is_truth)
            info = {**info, "levels": list(info["levels"]), "counts": info["counts"].copy()}
            infos[place] = info | {"contrast": infos[place]["contrast"], "bare": column in self.raw}
        return infos

    def _known_moments(self):
        design = self.design
        last = self.blocks.rest()
        if last is not None:
            self._take(last, len(design.names) if self.moments is None else None)
        mean, spread = np.full((2, len(design.names)), np.nan)
        numeric = np.asarray(design.numeric, dtype=bool)
        mean[numeric], spread[numeric] = self.moments.mean_and_spread()
        end = 0
        for parts in design.layout.blocks:
            begin, (variable, table) = end, parts[0]
            widths = [design.infos[v]["width"] if t is None else t.shape[1] for v, t in parts]
            end = begin + int(np.prod(widths))
            if len(parts) == 1 and table is not None:  # a category by itself: it varies if its levels do
                seen = table[:-1][design.infos[variable]["counts"] > 0]
                mean[begin:end], spread[begin:end] = 0.0, np.ptp(seen, axis=0) if len(seen) else 0.0
        return mean, spread


def refuse_learnt(tree):
    """Refuse what must see all rows at once: quantiles as knots, orthogonal polynomials, scale()."""
    if tree[0] == "call" and tree[1] in _LEARNING:
        named = {name: value for name, value in tree[2] if name is not None}
        raw_poly = tree[1] == "poly" and named.get("raw", ("", False))[1] is True
        if not raw_poly and not {"knots", "Boundary.knots"} <= set(named):
            raise FormulaError(
                "A term must not need all rows at once when they come in batches.",
                f"`{deparse(tree)}` does.",
                _LEARNING[tree[1]],
            )
    for part in _parts(tree):
        refuse_learnt(part)


def texts_in(tree):
    """List the texts in a tree: labels that a batch may lack and that functions ask for."""
    return [tree[1]] if tree[0] == "text" else [text for part in _parts(tree) for text in texts_in(part)]


def with_labels(frame, tree):
    """Add the labels that an outcome such as `a == "b"` asks for to the levels of its columns in a batch."""
    import pandas as pd

    texts = texts_in(tree)
    for name in names_in(tree) if texts else ():
        if name in frame.columns and column_kind(frame[name]) in ("category", "ordered", "text"):
            codes, labels = category_values(frame[name])
            labels = [*labels, *(text for text in texts if text not in labels)]
            frame = frame.assign(**{name: pd.Categorical.from_codes(codes, categories=labels)})
    return frame


def _parts(tree):
    if tree[0] == "call":
        return [value for _, value in tree[2]]
    return [part for part in tree[1:] if isinstance(part, tuple)]
