"""Terms: a formula's right side as products of variables, in R's order, with R's rule for coding them.

The algebra of `*`, `:`, `/`, `^` and `-` is in algebra.py.
"""

import functools
from dataclasses import dataclass

from bineural.errors import FormulaError
from bineural.formula.algebra import Algebra
from bineural.formula.guard import parse_guarded, split_formula
from bineural.formula.syntax import deparse, join_sum, names_in


@dataclass
class Terms:
    """What a right side says.

    Attributes
    ----------
    intercept : bool
    variables : list of (str, tree)
        R's name and the tree of each variable, in order of appearance.
    terms : list of tuple of int
        Indices into `variables`; main effects first, then by degree.
    offsets : list of tree
        What stands inside `offset()`.
    has_dot : bool
        Whether `.` was among them.
    """

    intercept: bool
    variables: list
    terms: list
    offsets: list
    has_dot: bool = False

    @property
    def columns(self):
        """Names of the raw columns that are needed, in order of appearance."""
        used = sorted({i for term in self.terms for i in term})
        trees = [self.variables[i][1] for i in used] + self.offsets
        return list(dict.fromkeys(name for tree in trees for name in names_in(tree)))

    @property
    def offset_columns(self):
        """Names of the raw columns that offsets read."""
        return {name for tree in self.offsets for name in names_in(tree)}


def read_terms(text, dot_columns=(), intercept=True):
    """Read a right side into Terms.

    Parameters
    ----------
    text : str
        Right side of a formula.
    dot_columns : sequence of str
        What `.` stands for.
    intercept : bool
        False takes the intercept out as `-1` does.
    """
    return _read_terms(text, tuple(dot_columns), bool(intercept))


@functools.lru_cache(maxsize=256)  # folds read the same formula again and again; nobody changes `Terms`
def _read_terms(text, dot_columns, intercept):
    written = parse_guarded(text)
    tree = _expand_dot(written, list(dot_columns))
    places, variables = {}, []

    def place_of(variable):
        name = deparse(_strip(variable))
        if name not in places:
            places[name] = len(variables)
            variables.append((name, _strip(variable)))
        return places[name]

    algebra = Algebra(place_of)
    ordered = sorted((tuple(sorted(term)) for term in algebra.terms(tree)), key=len)
    terms, offsets = _take_offsets(ordered, variables)
    return Terms(algebra.intercept and intercept, variables, terms, offsets, tree is not written)


def used_columns(columns, formulas):
    """List the columns of a table that models use, in the table's order; not what a formula takes out by `-`.

    Parameters
    ----------
    columns : sequence of str
        What `.` stands for.
    formulas : list of (str or None)
        Of each model. None uses every column, and so does a list without formulas.
    """
    if not formulas or None in formulas or "." in formulas:
        return list(columns)
    sides = dict.fromkeys(split_formula(formula)[1] for formula in formulas)
    used = {name for side in sides for name in read_terms(side, columns).columns}
    return [name for name in columns if name in used]


def _expand_dot(tree, columns):
    """Put the sum of all columns, in parentheses, where `.` stands; gives the same tree where it does not."""
    chain = []
    while tree[0] == "binary":
        chain.append(tree)
        tree = tree[2]
    if tree == ("name", "."):
        if not columns:
            raise FormulaError("`.` must stand for at least one column.", "There is no other column.")
        whole = ("paren", join_sum([("name", name) for name in columns]))
    elif tree[0] in ("unary", "paren"):
        inner = _expand_dot(tree[-1], columns)
        whole = tree if inner is tree[-1] else (*tree[:-1], inner)
    else:
        whole = tree
    for link in reversed(chain):
        right = _expand_dot(link[3], columns)
        whole = link if whole is link[2] and right is link[3] else (*link[:2], whole, right)
    return whole


def _strip(tree):
    return _strip(tree[1]) if tree[0] == "paren" else tree


def _take_offsets(terms, variables):
    """Part the offsets from the terms; an offset can't be multiplied or subtracted."""
    is_offset = [tree[0] == "call" and tree[1] == "offset" for _, tree in variables]
    kept, offsets = [], []
    for term in terms:
        if not any(is_offset[i] for i in term):
            kept.append(term)
        elif len(term) == 1:
            arguments = variables[term[0]][1][2]
            if len(arguments) != 1:
                raise FormulaError("`offset()` must have one argument.", f"Found `{variables[term[0]][0]}`.")
            offsets.append(arguments[0][1])
    if len(offsets) != sum(is_offset) or any(any(is_offset[i] for i in t) and len(t) > 1 for t in terms):
        raise FormulaError(
            "An offset can only be added.",
            "It is multiplied or subtracted here.",
            "Write `y ~ a + offset(log(b))`.",
        )
    return kept, offsets


def full_coding(terms, intercept, is_factor):
    """Say which factors of which terms get all their levels instead of contrasts, by R's rule.

    A factor in a term is coded by contrasts if the rest of the term is contained in an earlier term (or is
    empty); without an intercept the first factor met gets all its levels.

    Parameters
    ----------
    terms : list of tuple of int
    intercept : bool
    is_factor : sequence of bool
        By variable.

    Returns
    -------
    set of (int, int)
        (term, variable) pairs with full coding.

    References
    ----------
    Chambers and Hastie (1992). *Statistical Models in S*, p. 38.
    """
    full, earlier = set(), {frozenset()}
    sets = [frozenset(term) for term in terms]
    for place, term in enumerate(terms):
        for variable in term:
            rest = sets[place] - {variable}
            if not is_factor[variable] or rest in earlier:
                continue
            if not any(rest < other for other in earlier):
                full.add((place, variable))
        earlier.add(sets[place])
    if not intercept:
        first = next(((p, v) for p, term in enumerate(terms) for v in term if is_factor[v]), None)
        full |= {first} if first else set()
    return full
