"""A number that remembers how it was made, and so knows its slope in all it was made of.

A node holds a value, the nodes it was made of and the slope in each. Backwards, every node hands its gradient
times that slope to each of them; what arrives is added up.
"""

import math


class Node:
    """A number that remembers how it was made.

    Parameters
    ----------
    value : float
    operation : str
        What made it, or its name.
    inputs : sequence of (Node, float)
        The nodes it was made of, each with the slope of `value` in it.

    Attributes
    ----------
    gradient : float
        Slope of the node on which `backward()` was called, in this one.

    Examples
    --------
    >>> import bineural as bn
    >>> x, y = bn.fundamentals.Node(32.0, "x"), bn.fundamentals.Node(45.0, "y")
    >>> z = x * y + y * x * y
    >>> z.backward()
    >>> z.value, x.gradient, y.gradient
    (66240.0, 2070.0, 2912.0)
    """

    def __init__(self, value, operation="", inputs=()):
        self.value, self.operation, self.inputs = float(value), operation, tuple(inputs)
        self.gradient = 0.0

    def __repr__(self):
        """Say value and gradient."""
        return f"Node({self.operation!r}, value {self.value:g}, gradient {self.gradient:g})"

    def __add__(self, other):
        """Add: slopes 1 and 1."""
        other = as_node(other)
        return Node(self.value + other.value, "+", [(self, 1), (other, 1)])

    def __sub__(self, other):
        """Subtract: slopes 1 and -1."""
        other = as_node(other)
        return Node(self.value - other.value, "-", [(self, 1), (other, -1)])

    def __mul__(self, other):
        """Multiply: the slope in each is the other."""
        other = as_node(other)
        return Node(self.value * other.value, "*", [(self, other.value), (other, self.value)])

    def __truediv__(self, other):
        """Divide: slopes 1 / b and -a / b^2."""
        other = as_node(other)
        value = self.value / other.value
        return Node(value, "/", [(self, 1 / other.value), (other, -value / other.value)])

    def __pow__(self, other):
        """Raise to a power: slopes b a^(b - 1) and, where a > 0, a^b log(a)."""
        other = as_node(other)
        a, b = self.value, other.value
        if a < 0 and b != int(b):
            raise ValueError(f"{a:g} ^ {b:g} is no real number")
        slope = a**b * math.log(a) if a > 0 else (math.nan if other.inputs else 0.0)
        return Node(a**b, "^", [(self, b * a ** (b - 1) if b else 0.0), (other, slope)])

    def __neg__(self):
        """Change the sign: slope -1."""
        return Node(-self.value, "neg", [(self, -1)])

    def __radd__(self, other):
        """Add a number."""
        return as_node(other) + self

    def __rsub__(self, other):
        """Subtract from a number."""
        return as_node(other) - self

    def __rmul__(self, other):
        """Multiply a number."""
        return as_node(other) * self

    def __rtruediv__(self, other):
        """Divide a number."""
        return as_node(other) / self

    def apply(self, function):
        """Apply "exp", "log", "sqrt", "tanh", "sigmoid" or "relu"."""
        value, slope = FUNCTIONS[function](self.value)
        return Node(value, function, [(self, slope)])

    def order(self):
        """List this node and all it was made of, each after its inputs."""
        ordered, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for before, _ in node.inputs:
                    visit(before)
                ordered.append(node)

        visit(self)
        return ordered

    def backward(self):
        """Set the gradient of every node that this one was made of."""
        nodes = self.order()
        for node in nodes:
            node.gradient = 0.0
        self.gradient = 1.0
        for node in reversed(nodes):
            for before, slope in node.inputs:
                before.gradient += node.gradient * slope


def as_node(value):
    """Return a node as it is, and a number as a node."""
    return value if isinstance(value, Node) else Node(value, f"{value:g}")


def _exp(a):
    return math.exp(a), math.exp(a)


def _sigmoid(a):
    s = 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))
    return s, s * (1 - s)


# value and slope
FUNCTIONS = {
    "exp": _exp,
    "log": lambda a: (math.log(a), 1 / a),
    "sqrt": lambda a: (math.sqrt(a), 0.5 / math.sqrt(a)),
    "tanh": lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2),
    "sigmoid": _sigmoid,
    "relu": lambda a: (max(a, 0.0), float(a > 0)),
}
