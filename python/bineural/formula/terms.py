"""Terms: a formula's right side as products of variables, in R's order, with R's rule for coding them.

Sums of variables are read here at once; the algebra of `*`, `:`, `/`, `^` and `-` is formulaic's, which sees
only placeholders (v0, v1, ...) and is imported only then.
"""

from dataclasses import dataclass

from bineural.errors import FormulaError
from bineural.formula.guard import is_unit, is_variable, parse_guarded, placeholder_text
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


def read_terms(text, dot_columns=(), intercept=True, algebra=None):
    """Read a right side into Terms.

    Parameters
    ----------
    text : str
        Right side of a formula.
    dot_columns : sequence of str
        What `.` stands for.
    intercept : bool
        False takes the intercept out as `-1` does.
    algebra : {None, "formulaic"}
        "formulaic" sends plain sums through formulaic too (the tests compare the two ways).
    """
    written = parse_guarded(text)
    tree = _expand_dot(written, list(dot_columns))
    places, variables = {}, []

    def place_of(variable):
        name = deparse(_strip(variable))
        if name not in places:
            places[name] = len(variables)
            variables.append((name, _strip(variable)))
        return places[name]

    found = None if algebra == "formulaic" else _plain_sum(tree, place_of)
    if found is None:
        found = _through_formulaic(tree, place_of)
    has_intercept, terms = found
    ordered = sorted(dict.fromkeys(tuple(sorted(set(term))) for term in terms), key=len)
    terms, offsets = _take_offsets(ordered, variables)
    return Terms(has_intercept and intercept, variables, terms, offsets, tree is not written)


def _expand_dot(tree, columns):
    """Put the sum of all columns, in parentheses, where `.` stands."""
    if tree == ("name", "."):
        if not columns:
            raise FormulaError("`.` must stand for at least one column.", "There is no other column.")
        return ("paren", join_sum([("name", name) for name in columns]))
    first = 2 if tree[0] in ("binary", "unary") else 1
    if tree[0] not in ("binary", "unary", "paren"):
        return tree
    parts = [_expand_dot(part, columns) for part in tree[first:]]
    return tree if all(a is b for a, b in zip(parts, tree[first:])) else (*tree[:first], *parts)


def _strip(tree):
    return _strip(tree[1]) if tree[0] == "paren" else tree


def _plain_sum(tree, place_of):
    """Read a + b + f(c) - 1 without formulaic; None where there is any other algebra."""
    parts, waiting = [], [(tree, "+")]
    while waiting:
        part, sign = waiting.pop()
        if part[0] == "paren" and sign == "+" and not is_unit(part[1]):
            waiting.append((part[1], "+"))
        elif (
            part[0] == "binary"
            and part[1] == "+"
            or (part[0] == "binary" and part[1] == "-" and is_unit(part[3]))
        ):
            waiting += [(part[3], part[1] if sign == "+" else "?"), (part[2], sign)]
        elif part[0] == "unary" and part[1] in "+-" and is_unit(part[2]):
            waiting.append((part[2], part[1] if sign == "+" else "?"))
        elif is_variable(part) and sign == "+" or (is_unit(part) and sign in "+-"):
            parts.append((part, sign))
        else:
            return None
    intercept, terms = True, []
    for part, sign in parts:
        if part[0] == "number":
            intercept = (part[1] == 1.0) == (sign == "+")
        else:
            terms.append((place_of(part),))
    return intercept, terms


def _through_formulaic(tree, place_of):
    from formulaic.parser import DefaultFormulaParser

    text = placeholder_text(tree, place_of)
    intercept, terms = False, []
    try:
        found = list(DefaultFormulaParser(include_intercept=True).get_terms(text))
    except (TypeError, RecursionError) as error:  # nothing left to multiply, or too much
        raise FormulaError("A formula must keep at least one column.", f"Found `{deparse(tree)}`.") from error
    for term in found:
        factors = [str(factor) for factor in term.factors]
        if factors == ["1"]:
            intercept = True
        else:
            terms.append(tuple(int(factor[1:]) for factor in factors if factor != "1"))
    return intercept, terms


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
    full = set()
    sets = [set(term) for term in terms]
    for place, term in enumerate(terms):
        for variable in term:
            rest = sets[place] - {variable}
            if is_factor[variable] and rest and not any(rest <= sets[earlier] for earlier in range(place)):
                full.add((place, variable))
    if not intercept:
        first = next(((p, v) for p, term in enumerate(terms) for v in term if is_factor[v]), None)
        full |= {first} if first else set()
    return full
