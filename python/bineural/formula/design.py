"""The design: terms laid out over the columns of a table, and what was learnt of columns and functions."""

from dataclasses import dataclass

import numpy as np

from bineural.formula.layout import bare_name, build_layout, fill_codes, fill_matrix
from bineural.formula.variables import learn_variables, use_variables
from bineural.tables.missing import learn_columns, read_columns


@dataclass
class TableRows:
    """Rows of a table as numbers.

    Attributes
    ----------
    matrix : ndarray of float64, shape (n_kept, p)
        Without a column for the intercept.
    codes : ndarray of int32, shape (n_kept, q)
        Places of levels, 0 for unseen ones; q = 0 unless `categories="codes"`.
    offset : ndarray of float64, shape (n_kept,), or None
    rows : ndarray of int64, shape (n_kept,)
        Positions of the kept rows in the table that was given.
    """

    matrix: np.ndarray
    codes: np.ndarray
    offset: np.ndarray | None
    rows: np.ndarray

    @classmethod
    def whole(cls, array):
        """Take a plain array (n_rows, p) as such rows."""
        return cls(array, np.empty((len(array), 0), dtype=np.int32), None, np.arange(len(array)))


class Design:
    """Terms over columns.

    Parameters
    ----------
    terms : Terms
    categories : {"contrast", "onehot", "codes"}

    Attributes
    ----------
    columns : dict of str to dict
        What was learnt of each raw column (kind, levels, counts, fill).
    infos : list of dict or None
        What was learnt of each variable (width, or levels and contrast).
    calls : dict of str to dict
        What functions learnt (knots, means), by the text of their call.
    names : list of str
    numeric : list of bool
        Which of the columns have no category in them.
    """

    def __init__(self, terms, categories):
        self.terms, self.categories = terms, categories

    def learn_numbers(self):
        """Learn that every column is a plain number."""
        self.columns = {name: {"kind": "numeric"} for name in self.terms.columns}
        self.infos, self.calls = [{"width": 1} for _ in self.terms.variables], {}
        self.lay_out()

    def learn(self, table, missing, counting, keep_unused, contrasts):
        """Learn from a training table, and return its rows (see `learn_columns`, `learn_variables`)."""
        terms = self.terms
        self.columns, columns, rows, gaps = learn_columns(
            table, terms.columns, missing, counting, terms.offset_columns
        )
        counting = counting if counting is None else counting[rows]
        values, self.infos, levels, self.calls, offsets = learn_variables(
            self.terms, columns, counting, keep_unused, contrasts
        )
        for name, state in levels.items():
            learnt = self.columns[name]
            if "fill" in learnt:  # a place among the levels that stay
                learnt["fill"] = state["levels"].index(columns[name].levels[learnt["fill"]])
            learnt.update(state)
        self.lay_out()
        return self._assemble(values, rows, gaps, offsets)

    def use(self, table, missing):
        """Turn a new table into rows; also return {variable: {unseen label: count}}."""
        values, rows, gaps, unseen = read_columns(table, self.columns, missing, self.terms.offset_columns)
        values, offsets = use_variables(self.terms, values, self.infos, self.calls, unseen)
        return self._assemble(values, rows, gaps, offsets), unseen

    def put_back(self, columns, infos, calls):
        """Take what another design of the same terms has learnt."""
        self.columns, self.infos, self.calls = columns, infos, calls
        self.lay_out()

    def lay_out(self):
        """Derive the layout and the names from what was learnt."""
        self.layout = build_layout(self.terms, self.infos, self.categories)
        self.gap_columns = [name for name, state in self.columns.items() if state.get("indicator")]
        self.names = self.layout.names + [f"{name}_missing" for name in self.gap_columns]
        self.numeric = self.layout.numeric + [False] * len(self.gap_columns)

    def categories_learnt(self):
        """Return {column or call: what was learnt of it} of the categories among the variables."""
        shown = [bare_name(tree) or name for name, tree in self.terms.variables]
        return {shown[i]: info for i, info in enumerate(self.infos) if info and "levels" in info}

    def term_columns(self):
        """Return [(variables, columns)]: what each term multiplies, and its places in the matrix.

        Indicators of missing values are terms of their own, of the column that they are of.
        """
        shown = [name for name, _ in self.terms.variables]
        terms, at = [], 0
        for parts, width in zip(self.layout.blocks, self.layout.widths):
            terms.append((tuple(shown[variable] for variable, _ in parts), list(range(at, at + width))))
            at += width
        return terms + [((f"{name}_missing",), [at + j]) for j, name in enumerate(self.gap_columns)]

    def code_columns(self):
        """Return {column: number of levels} of the columns that become codes, in order."""
        names, infos = self.terms.variables, self.infos
        return {bare_name(names[i][1]): len(infos[i]["levels"]) for i in self.layout.code_variables}

    def _assemble(self, values, rows, gaps, offsets):
        matrix = np.empty((len(rows), len(self.names)), order="F")
        fill_matrix(matrix, self.layout, values)
        for j, name in enumerate(self.gap_columns):
            matrix[:, len(self.layout.names) + j] = gaps[name]
        codes = fill_codes(self.layout, self.infos, values, len(rows))
        return TableRows(matrix, codes, np.array(sum(offsets), dtype=np.float64) if offsets else None, rows)
