"""The variables of a formula as steps of a program: what `formula/values.py` computes, written down."""

from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError
from bineural.exporting.approximation import fit_pieces
from bineural.formula.splines import BASES
from bineural.formula.syntax import deparse, names_in
from bineural.formula.values import Values
from bineural.formula.variables import as_variable
from bineural.tables.factors import Factor

_ROUNDED = ("round", "floor", "ceiling", "trunc")


@dataclass(frozen=True)
class Number:
    """A step that is a number."""

    step: int


@dataclass(frozen=True)
class Truth:
    """A step that is a truth."""

    step: int


@dataclass(frozen=True)
class Basis:
    """Steps that are the columns of a basis."""

    steps: tuple


@dataclass(frozen=True)
class Coded:
    """A step that is the place of a level, and the levels; their number for a level never seen."""

    step: int
    levels: tuple


class Symbols:
    """Write trees down as steps.

    Parameters
    ----------
    program : Program
    columns : dict of str to Number, Truth or Coded
        Raw columns.
    calls : dict of str to dict
        What functions learnt, by the text of their call.
    """

    def __init__(self, program, columns, calls):
        self.program, self.columns, self.calls = program, columns, calls

    def value(self, tree):
        """Return what a tree is: Number, Truth, Basis, Coded, or a plain constant."""
        kind = tree[0]
        if kind == "name":
            return self.columns[tree[1]]
        if kind in ("number", "text", "constant", "word"):
            return tree[1]
        if kind == "paren":
            return self.value(tree[1])
        source = self._one_category(tree)
        if source is not None:
            return self._tabulate(tree, source)
        if kind == "call":
            return self._call(tree)
        parts = [self.value(part) for part in tree[2:]]
        return self._operate(tree, parts)

    def number(self, value, tree):
        """Return the step of a value that is a number; truths are 0 and 1."""
        if isinstance(value, Number):
            return value.step
        if isinstance(value, Truth):
            return self.program.as_number(value.step)
        if isinstance(value, (bool, int, float)):
            return self.program.constant(value)
        raise self.refusal(tree)

    def truth(self, value, tree):
        """Return the step of a value that is a truth; numbers but 0 are true."""
        if isinstance(value, Truth):
            return value.step
        zero = self.program.add("eq", self.number(value, tree), self.program.constant(0.0))
        return self.program.add("not", zero)

    def refusal(self, tree):
        """Return the error of a tree that can't be written down."""
        return InputError(
            "A formula must be made of functions that every language has to be written as a scorer.",
            f"`{deparse(tree)}` is none of them.",
            "Compute that column before the formula, or use format='saved_model' for other kinds of input.",
        )

    # ---- categories: what depends on one of them alone is tabulated ----

    def _one_category(self, tree):
        """Return the one column that a tree is of, where that is a category or a truth; else None."""
        names = set(names_in(tree))
        if len(names) != 1:
            return None
        column = self.columns[next(iter(names))]
        return next(iter(names)) if isinstance(column, Coded) else None

    def _tabulate(self, tree, name):
        """Ask the real functions about every level of a column, and about one never seen."""
        return self._ask(tree, name, self.columns[name])

    def _ask(self, tree, name, coded):
        """Ask the real functions about every level of what `name` is in a tree, and about one never seen."""
        factor = Factor(np.arange(len(coded.levels) + 1), list(coded.levels))
        result = Values({name: factor}, self.calls, learning=False).value(tree)
        if isinstance(result, Factor):
            return Coded(self.program.lookup(coded.step, result.codes), tuple(result.levels))
        result = np.asarray(result)
        step = self.program.lookup(coded.step, result.astype(np.float64))
        if result.dtype.kind == "b":
            return Truth(self.program.add("eq", step, self.program.constant(1.0)))
        return Number(step)

    def as_coded(self, value, levels):
        """Return the code of a variable in the levels that the model learnt; None if it is no category."""
        if isinstance(value, Truth):
            value = Coded(self.program.as_number(value.step), ("FALSE", "TRUE"))
        if not isinstance(value, Coded):
            return None
        if tuple(levels) == value.levels:
            return value.step
        place = {level: k for k, level in enumerate(levels)}
        table = [place.get(level, len(levels)) for level in value.levels] + [len(levels)]
        return self.program.lookup(value.step, table)

    # ---- operators ----

    def _operate(self, tree, parts):
        p, operator = self.program, tree[1]
        for place, part in enumerate(parts):
            if isinstance(part, Coded):  # compared with one of its levels
                written = [*tree[:2], *tree[2:]]
                written[2 + place] = ("name", "x")
                return self._ask(tuple(written), "x", part)
        if operator == "!":
            return Truth(p.add("not", self.truth(parts[0], tree)))
        if operator in ("&", "|"):
            truths = [self.truth(part, tree) for part in parts]
            return Truth(p.add("and" if operator == "&" else "or", *truths))
        numbers = [self.number(part, tree) for part in parts]
        if len(numbers) == 1:
            return Number(p.affine(0.0, (-1.0 if operator == "-" else 1.0,), numbers))
        a, b = numbers
        if operator in ("<", "<="):
            return Truth(p.add("lt" if operator == "<" else "le", a, b))
        if operator in (">", ">="):
            return Truth(p.add("lt" if operator == ">" else "le", b, a))
        if operator in ("==", "!="):
            same = p.add("eq", a, b)
            return Truth(same if operator == "==" else p.add("not", same))
        if operator == "^":
            return Number(self._power(a, b, tree))
        if operator in ("%%", "%/%"):
            whole = p.add("floor", p.over(a, b))
            return Number(whole if operator == "%/%" else p.minus(a, p.times(b, whole)))
        arithmetic = {"+": p.plus, "-": p.minus, "*": p.times, "/": p.over}
        if operator not in arithmetic:
            raise self.refusal(tree)
        return Number(arithmetic[operator](a, b))

    def _power(self, a, b, tree):
        p, exponent = self.program, self.program.value_of(b)
        if exponent is not None and exponent == int(exponent) and abs(exponent) <= 10:
            result = p.constant(1.0)
            for _ in range(abs(int(exponent))):
                result = p.times(result, a)
            return result if exponent >= 0 else p.over(p.constant(1.0), result)
        positive = p.add("lt", p.constant(0.0), a)
        p.need(positive)
        return p.add("pow", p.where(positive, a, p.constant(1.0)), b)

    # ---- calls ----

    def _call(self, tree):
        function, p = tree[1], self.program
        arguments = [self.value(value) for _, value in tree[2]]
        named = {name: value for (name, _), value in zip(tree[2], arguments) if name is not None}
        positional = [value for (name, _), value in zip(tree[2], arguments) if name is None]
        first = positional[0] if positional else named.pop("x", None)
        if function == "c":
            return arguments
        if function == "I":
            return first
        if function in ("as.numeric", "offset"):
            return Number(self.number(first, tree))
        if function in BASES:
            return self._basis(function, self.number(first, tree), self.calls[deparse(tree)])
        if function == "cut":
            return self._cut(tree, self.number(first, tree))
        if function in ("factor", "as.factor", "ordered", "C", "relevel"):
            return self._factor_of_numbers(tree, first)
        if function in ("pmin", "pmax"):
            numbers = [self.number(value, tree) for value in arguments]
            result = numbers[0]
            for number in numbers[1:]:
                result = (p.least if function == "pmin" else p.most)(result, number)
            return Number(result)
        base = positional[1] if len(positional) > 1 else named.get("base", named.get("digits"))
        return Number(self._function(function, self.number(first, tree), base, tree))

    def _function(self, function, a, option, tree):
        p, log = self.program, self.program.log_of_positive
        if function == "log":
            base = 1.0 if option is None else np.log(self._plain(option, tree))
            return p.affine(0.0, (1.0 / base,), (log(a),))
        if function == "round" and option not in (None, 0, 0.0):
            raise self.refusal(tree)
        if function in _ROUNDED:
            return self._rounded(function, a)
        one = p.constant(1.0)
        simple = {
            "log2": lambda: p.affine(0.0, (1 / np.log(2),), (log(a),)),
            "log10": lambda: p.affine(0.0, (1 / np.log(10),), (log(a),)),
            "log1p": lambda: log(p.plus(a, one)),
            "exp": lambda: p.exp(a),
            "expm1": lambda: p.minus(p.exp(a), one),
            "sqrt": lambda: self._root(a),
            "abs": lambda: p.absolute(a),
            "sin": lambda: p.add("sin", a),
            "cos": lambda: p.add("cos", a),
            "tan": lambda: p.over(p.add("sin", a), p.add("cos", a)),
            "tanh": lambda: p.tanh(a),
            "sign": lambda: p.minus(
                p.as_number(p.add("lt", p.constant(0.0), a)), p.as_number(p.add("lt", a, p.constant(0.0)))
            ),
        }
        if function not in simple:
            raise self.refusal(tree)
        return simple[function]()

    def _plain(self, value, tree):
        if isinstance(value, (int, float)):
            return float(value)
        known = self.program.value_of(value.step) if isinstance(value, Number) else None
        if known is None:
            raise self.refusal(tree)
        return known

    def _root(self, a):
        p = self.program
        fine = p.add("le", p.constant(0.0), a)
        p.need(fine)
        return p.add("sqrt", p.where(fine, a, p.constant(0.0)))

    def _rounded(self, function, a):
        p = self.program
        floor = p.add("floor", a)
        if function == "floor":
            return floor
        up = p.affine(0.0, (-1.0,), (p.add("floor", p.affine(0.0, (-1.0,), (a,))),))
        if function == "ceiling":
            return up
        if function == "trunc":
            return p.where(p.add("lt", a, p.constant(0.0)), up, floor)
        part, half = p.minus(a, floor), p.constant(0.5)
        doubled = p.affine(0.0, (2.0,), (p.add("floor", p.affine(0.0, (0.5,), (floor,))),))
        to_even = p.where(p.add("eq", floor, doubled), floor, up)
        away = p.where(p.add("lt", part, half), floor, up)
        return p.where(p.add("eq", part, half), to_even, away)

    def _cut(self, tree, a):
        """Return the interval of a number; a row outside all of them has no prediction."""
        p = self.program
        breaks, right, lowest = self._cut_options(tree)
        n, levels = len(breaks) - 1, self._levels_of_cut(tree)
        finite = [b for b in breaks if np.isfinite(b)]
        codes = [[float(k)] for k in range(n)]
        inner = breaks[1:-1]
        step = p.pieces(a, inner, codes, [0.0] * n, from_left=right) if n > 1 else p.constant(0.0)
        low, high = p.constant(max(breaks[0], -1e308)), p.constant(min(breaks[-1], 1e308))
        if finite:
            below = "le" if not right or lowest else "lt"
            above = "le" if right or lowest else "lt"
            p.need(p.add("and", p.add(below, low, a), p.add(above, a, high)))
        return Coded(step, levels)

    def _cut_options(self, tree):
        given = [(name, self._constant_of(value)) for name, value in tree[2][1:]]
        names = ["breaks", "labels", "include.lowest", "right"]
        words = dict(zip(names, [value for name, value in given if name is None]))
        words |= {name: value for name, value in given if name is not None}
        breaks = np.sort(np.atleast_1d(np.asarray(words["breaks"], dtype=np.float64)))
        return breaks.tolist(), bool(words.get("right", True)), bool(words.get("include.lowest", False))

    def _constant_of(self, tree):
        return Values({}, self.calls, learning=False).value(tree)

    def _levels_of_cut(self, tree):
        """Ask the real function for its labels, with a number that lies within."""
        breaks = [b for b in self._cut_options(tree)[0] if np.isfinite(b)] or [0.0]
        middle = (breaks[0] + breaks[1]) / 2 if len(breaks) > 1 else breaks[0]
        name = ("name", "x")
        call = (tree[0], tree[1], [(tree[2][0][0], name), *tree[2][1:]])
        for x in (middle, breaks[0] - 1, breaks[0] + 1):
            try:
                return tuple(Values({"x": np.array([x])}, self.calls, learning=False).value(call).levels)
            except InputError:
                continue
        raise self.refusal(tree)

    def _factor_of_numbers(self, tree, first):
        """Return the place of a number among those of training; the labels are those of the real function."""
        if isinstance(first, Coded):  # a category that another function made
            call = (tree[0], tree[1], [(tree[2][0][0], ("name", "x")), *tree[2][1:]])
            return self._ask(call, "x", first)
        state = self.calls.get(deparse(tree))
        if state is None or not isinstance(first, (Number, Truth)) or not isinstance(tree[2][0][1], tuple):
            raise self.refusal(tree)
        known = np.asarray(state["values"], dtype=np.float64)
        known = known == 1 if isinstance(first, Truth) else known
        new = np.append(known, np.nextafter(float(known.max()), np.inf))  # the last was never seen
        name = ("name", "x")
        call = (tree[0], tree[1], [(tree[2][0][0], name), *tree[2][1:]])
        values = known if isinstance(first, Truth) else new
        learnt = {**self.calls, deparse(call): state}
        factor = Values({"x": values}, learnt, learning=False).value(call)
        codes = (
            factor.codes if len(factor.codes) > len(known) else np.append(factor.codes, len(factor.levels))
        )
        numbers = tuple(known.astype(np.float64).tolist())
        place = self.program.add("place", self.number(first, tree), constants=(numbers,))
        return Coded(self.program.lookup(place, codes), tuple(factor.levels))

    def _basis(self, function, a, state):
        p, apply = self.program, BASES[function][1]
        if function == "scale":
            return Number(p.affine(-state["center"] / state["scale"], (1 / state["scale"],), (a,)))
        if function == "poly":
            return Basis(tuple(self._polynomials(a, state)))
        return Basis(tuple(self._splines(a, state, apply)))

    def _polynomials(self, a, state):
        p, one = self.program, self.program.constant(1.0)
        if state["raw"]:
            powers = [a]
            for _ in range(1, state["degree"]):
                powers.append(p.times(powers[-1], a))
            return powers
        alpha, norm2 = state["alpha"], state["norm2"]
        columns = [one, p.affine(-alpha[0], (1.0,), (a,))]
        for i in range(1, state["degree"]):
            moved = p.times(p.affine(-alpha[i], (1.0,), (a,)), columns[i])
            columns.append(p.affine(0.0, (1.0, -norm2[i + 1] / norm2[i]), (moved, columns[i - 1])))
        return [p.affine(0.0, (1 / np.sqrt(n),), (c,)) for n, c in zip(norm2[2:], columns[1:])]

    def _splines(self, a, state, apply):
        """Return the basis as polynomials between knots, which it is; beyond them the first and last go
        on."""
        low, high = state["boundary"]
        knots = np.unique(np.concatenate([[low], state["knots"], [high]]))
        degree, wide = state["degree"], high - low
        ends = np.concatenate([[low - wide], knots, [high + wide]])
        n = apply(np.array([low]), state).shape[1]
        fits = [fit_pieces(lambda x, j=j: apply(x, state)[:, j], ends, degree) for j in range(n)]
        return [self.program.pieces(a, knots, coefficients, middles) for coefficients, middles in fits]


def variable_of(symbols, tree):
    """Return a variable of the model: Number, Basis, Truth or Coded."""
    value = symbols.value(tree)
    if isinstance(value, (Number, Truth, Basis, Coded)):
        return value
    if isinstance(value, Factor):
        return as_variable(value)
    raise symbols.refusal(tree)
