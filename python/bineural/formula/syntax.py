"""R's expressions read into small trees, and trees written back as R writes them (deparse).

A tree is a tuple: ("name", text), ("number", value), ("text", value), ("word", text),
("constant", value, word), ("call", function, ((argument name or None, tree), ...)),
("binary", operator, left, right), ("unary", operator, tree), ("paren", tree). Nothing is ever evaluated here.
"""

import math
import re

from bineural.errors import FormulaError

_TOKEN = re.compile(
    r"""(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)L?
    |(?:(?:base|stats|splines)::)?(?P<name>(?:[^\W\d]|\.(?!\d))[\w.]*)
    |`(?P<quoted>(?:\\.|[^`\\])+)`
    |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<operator>%[^%\s]*%|\*\*|<=|>=|==|!=|&&|\|\||[-+*/^:<>!&|(),=~])
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
# Binary operators from loose to tight; `^` is to the right and binds tighter than a sign.
_LEVELS = [["|", "||"], ["&", "&&"], ["=="], ["+", "-"], ["*", "/"], ["%%"], [":"]]
_COMPARE = {"==", "!=", "<", ">", "<=", ">="}
_SPACED = {"+", "-", "*", "&", "|", "&&", "||", "%in%"} | _COMPARE
_CONSTANTS = {"TRUE": True, "FALSE": False, "True": True, "False": False, "NULL": None, "None": None}
_PLAIN_NAME = re.compile(r"(?:[^\W\d_]|\.(?!\d))[\w.]*\Z")


def parse(text):
    """Read one R expression; raises FormulaError with the place where reading stopped."""
    reader = _Reader(text)
    try:
        tree = reader.binary(0)
    except RecursionError:
        reader.fail("it is nested too deeply")
    if reader.peek() is not None:
        reader.fail(f"`{reader.peek()[1]}` can't stand here")
    return tree


def _tokens(text):
    tokens, position = [], _SPACE.match(text).end()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(
                "A formula must be made of columns, operators and functions.",
                f"Can't read {text[position]!r} in {shorten(text.strip())!r}.",
                "Put back-ticks around column names with spaces or signs.",
            )
        kind = match.lastgroup
        tokens.append((kind, match.group(kind)))
        position = _SPACE.match(text, match.end()).end()
    return tokens


def shorten(text, most=200):
    """Cut the middle out of a long text, for messages."""
    half = most // 2 - 4
    return text if len(text) <= most else f"{text[:half]} [...] {text[-half:]}"


class _Reader:
    """A precedence climber over the tokens of one expression."""

    def __init__(self, text):
        self.text, self.tokens, self.at = text, _tokens(text), 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def is_next(self, *operators):
        token = self.peek()
        return token is not None and token[0] == "operator" and token[1] in operators

    def take(self):
        token = self.peek()
        if token is None:
            self.fail("it ends too early")
        self.at += 1
        return token

    def expect(self, operator):
        if not self.is_next(operator):
            self.fail(f"`{operator}` is missing")
        self.at += 1

    def fail(self, what):
        raise FormulaError(
            "A formula must read like R's.",
            f"In {shorten(self.text.strip())!r}: {what}.",
            "Write for example `y ~ a + b * log(c)`; column names with spaces go in back-ticks.",
        )

    def _is_level(self, level):
        token = self.peek()
        if token is None or token[0] != "operator":
            return False
        operators = _LEVELS[level]
        if operators == ["=="]:
            return token[1] in _COMPARE
        if operators == ["%%"]:
            return token[1].startswith("%")
        return token[1] in operators

    def binary(self, level):
        if level == len(_LEVELS):
            return self.signed()
        if level == 2 and self.is_next("!"):
            self.take()
            return ("unary", "!", self.binary(2))
        run = [self.binary(level + 1)]
        while self._is_level(level):
            operator = self.take()[1]
            right = self.binary(level + 1)
            if operator == "+":
                run.append(right)
            else:
                run = [("binary", operator, join_sum(run), right)]
        return join_sum(run)

    def signed(self):
        if self.is_next("-", "+"):
            operator = self.take()[1]
            return ("unary", operator, self.signed())
        return self.power()

    def power(self):
        base = self.atom()
        if self.is_next("^", "**"):
            self.take()
            return ("binary", "^", base, self.signed())
        return base

    def atom(self):
        kind, value = self.take()
        if kind == "number":
            return ("number", float(value))
        if kind == "text":
            return ("text", re.sub(r"\\(.)", r"\1", value[1:-1]))
        if kind == "quoted":
            return ("name", re.sub(r"\\(.)", r"\1", value))
        if kind == "name":
            if self.is_next("("):
                return self.call(value)
            if value == "Inf":
                return ("number", math.inf)
            if value in _CONSTANTS:
                return ("constant", _CONSTANTS[value], value)
            return ("name", value)
        if value == "(":
            inner = self.binary(0)
            self.expect(")")
            return ("paren", inner)
        self.fail(f"`{value}` can't stand here")

    def call(self, function):
        self.expect("(")
        arguments = []
        while not self.is_next(")"):
            if arguments:
                self.expect(",")
            named = self.at + 1 < len(self.tokens) and self.tokens[self.at + 1] == ("operator", "=")
            name = self.take()[1] if named else None
            if named:
                self.take()
            value = self.binary(0)
            if name is not None and value in (("name", "T"), ("name", "F")):
                value = ("constant", value == ("name", "T"), value[1])  # elsewhere T and F may be columns
            elif function == "C" and arguments and value[0] == "name":
                value = ("word", value[1])  # the name of a contrast, not of a column
            arguments.append((name, value))
        self.expect(")")
        return ("call", function, tuple(arguments))


def join_sum(parts):
    """Add trees from left to right; thousands of them by halves, so that the tree stays shallow."""
    if len(parts) > 64:
        half = len(parts) // 2
        return ("binary", "+", join_sum(parts[:half]), join_sum(parts[half:]))
    total = parts[0]
    for part in parts[1:]:
        total = ("binary", "+", total, part)
    return total


def deparse(tree):
    """Write a tree as R's deparse() would: `poly(Age, 2)`, `I(a^2)`, `ns(Age, df = 3)`."""
    kind = tree[0]
    if kind == "name":
        return quote_name(tree[1])
    if kind == "word":
        return tree[1]
    if kind == "number":
        return format_number(tree[1])
    if kind == "text":
        return '"' + tree[1].replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind == "constant":
        return {"True": "TRUE", "False": "FALSE", "None": "NULL"}.get(tree[2], tree[2])
    if kind == "paren":
        return f"({deparse(tree[1])})"
    if kind == "unary":
        return tree[1] + deparse(tree[2])
    if kind == "binary":
        links = []
        while tree[0] == "binary":
            space = " " if tree[1] in _SPACED else ""
            links.append(f"{space}{tree[1]}{space}{deparse(tree[3])}")
            tree = tree[2]
        return deparse(tree) + "".join(reversed(links))
    arguments = [(f"{name} = " if name else "") + deparse(value) for name, value in tree[2]]
    return f"{tree[1]}({', '.join(arguments)})"


def quote_name(name):
    """Put back-ticks around a name that R could not read bare."""
    return name if _PLAIN_NAME.match(name) and name not in _CONSTANTS else f"`{name}`"


def format_number(value):
    """Write a number as R does: at most 15 digits, scientific where that is shorter."""
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    value = float(f"{value:.14e}")
    digits = next((d for d in range(1, 16) if float(f"{value:.{d - 1}e}") == value), 15)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    scientific = f"{mantissa}e{exponent[0]}{exponent[1:].zfill(2)}"
    decimals = max(0, digits - 1 - int(exponent))
    fixed = f"{value:.{decimals}f}"
    return fixed if len(fixed) <= len(scientific) else scientific


def names_in(tree):
    """List the column names in a tree, in order of appearance, each once."""
    names, waiting = {}, [tree]
    while waiting:
        tree = waiting.pop()
        if tree[0] == "name":
            names[tree[1]] = None
        elif tree[0] == "call":
            waiting += [value for _, value in reversed(tree[2])]
        elif tree[0] in ("binary", "unary"):
            waiting += reversed(tree[2:])
        elif tree[0] == "paren":
            waiting.append(tree[1])
    return list(names)
