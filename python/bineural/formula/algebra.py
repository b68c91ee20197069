"""The algebra of terms, as R's: each term is a set of variables, and every product drops what it has already.

`+` joins, `-` takes away, `:` multiplies, `a * b` is a + b + a:b, `a / b` is a + a:b (b within all of a),
`a %in% b` is a within all of b, and `(a + b)^2` multiplies a sum by itself. A term times itself is itself.
Reference: Chambers and Hastie (1992). Statistical Models in S, section 2.3.
"""

from bineural.errors import FormulaError
from bineural.formula.guard import is_unit, is_variable
from bineural.formula.syntax import deparse, shorten

MOST_TERMS = 10_000  # products of variables; the variables themselves are not counted
_MOST_PRODUCTS = 4_000_000
_OPERATORS = {"+", "-", "*", ":", "/", "^", "%in%"}


class Algebra:
    """Reads trees into terms.

    Parameters
    ----------
    place_of : callable
        Gives the place of a variable's tree, a new one where it is met for the first time.

    Attributes
    ----------
    intercept : bool
        What the ones and zeros at the top have left of it.
    """

    def __init__(self, place_of):
        self.place_of, self.intercept = place_of, True
        self._n_products, self._places = 0, set()

    def terms(self, tree, top=True):
        """List the terms of a tree, a frozenset of places each, in the order in which R meets them.

        Numbers can stand at the `top` of a formula only. Chains such as a - b - c are read from the left
        without a call for each link.
        """
        chain = []
        while tree[0] == "binary" and tree[1] in _OPERATORS:
            chain.append((tree, top))
            tree, top = tree[2], top and tree[1] in "+-"
        terms = self._first(tree, top)
        for link, at_top in reversed(chain):
            terms = self._join(link, terms, at_top)
        return terms

    def _first(self, tree, top):
        """Read what begins a chain."""
        if top and is_unit(tree):
            self._take_unit(tree, "+")
            return {}
        if is_variable(tree):
            place = self.place_of(tree)
            self._places.add(place)
            return {frozenset((place,)): None}
        if tree[0] == "paren":
            return self.terms(tree[1], top=False)
        if tree[0] == "unary" and top and tree[1] in "+-":
            terms = self.terms(tree[2])
            return terms if tree[1] == "+" else {}
        raise FormulaError(
            "Terms must be columns or functions of them.",
            f"Found `{shorten(deparse(tree))}`.",
            "Only 0 and 1 stand alone, at the top of a formula; arithmetic goes inside I().",
        )

    def _join(self, link, left, top):
        """Apply the operator of one link to the terms on its left."""
        operator, tree = link[1], link[3]
        if operator in "+-":
            if top and is_unit(tree):
                self._take_unit(tree, operator)
                return left
            right = self.terms(tree, top=top and operator == "+" and tree[:2] == ("binary", "+"))
            return left | right if operator == "+" else {t: None for t in left if t not in right}
        if operator == "^":
            return self._power(left, link)
        if operator == "%in%":
            within = frozenset(map(self._place, _variables(tree)))
            return self._product(left, {within: None}, link)
        right = self.terms(tree, top=False)
        if operator == ":":
            return self._product(left, right, link)
        if operator == "/":
            return left | self._product({frozenset().union(*left): None} if left else {}, right, link)
        return left | right | self._product(left, right, link)

    def _place(self, tree):
        self._places.add(self.place_of(tree))
        return self.place_of(tree)

    def _take_unit(self, tree, operator):
        """Let + 1, - 1, + 0 or - 0, with signs of its own, set the intercept."""
        adds = operator == "+"
        while tree[0] == "unary":
            adds, tree = adds == (tree[1] == "+"), tree[2]
        self.intercept = adds == (tree[1] == 1.0)

    def _product(self, left, right, link):
        """Join each term on the left with each on the right; refuse more than can be meant."""
        if not (left and right):
            raise FormulaError(
                "A formula must keep at least one column.", f"Found `{shorten(deparse(link))}`."
            )
        made = {}
        for a in left:
            for b in right:
                made[a | b] = None
            self._n_products += len(right)
            if len(made) > MOST_TERMS + len(self._places) or self._n_products > _MOST_PRODUCTS:
                raise FormulaError(
                    f"A formula must make at most {MOST_TERMS:,} products of columns.",
                    f"`{shorten(deparse(link))}` makes more: k columns multiplied have 2^k - 1 terms.",
                    "Multiply fewer columns, or take their products up to a degree, as in (a + b + c)^2.",
                )
        return made

    def _power(self, terms, link):
        """Multiply a sum by itself until nothing new comes: after as many times as it has terms."""
        made = list(terms)
        for _ in range(min(whole_power(link), len(terms) + 1) - 1):
            before, made = made, list(self._product(dict.fromkeys(made), terms, link))
            if made == before:
                break
        return dict.fromkeys(made)


def _variables(tree):
    """List the variables of an algebra; `a %in% (b + c)` is a:b:c, within all of them at once."""
    if is_variable(tree):
        return [tree]
    if tree[0] in ("number", "text", "constant") or (tree[0] == "binary" and tree[1] == "-"):
        raise FormulaError(
            "To the right of `%in%` only columns can stand.", f"Found `{shorten(deparse(tree))}`."
        )
    if tree[0] == "binary" and tree[1] == "^":
        return _variables(tree[2])
    return [variable for part in tree[1:] if isinstance(part, tuple) for variable in _variables(part)]


def whole_power(tree):
    """Give the exponent of a power of terms."""
    power = tree[3][1] if tree[3][0] == "number" else 0
    if not 1 <= power < float("inf") or power != int(power):
        raise FormulaError(
            "A power of terms must be a whole number of at least 1.",
            f"Found `{shorten(deparse(tree))}`.",
            "Use I() for powers of numbers.",
        )
    return int(power)
