"""What the writers of programs in text share: expressions, short numbers, sums that parsers bear."""

import numpy as np

_TERMS = 24  # of a sum without parentheses, as parsers nest what stands in a row


def short(value):
    """Write a number so that it reads back the same; one of float32 to float32's digits."""
    value = float(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{value:.1f}"
    with np.errstate(over="ignore"):
        narrow = np.float32(value)
    return str(narrow) if float(narrow) == value and np.isfinite(narrow) else repr(value)


class Writer:
    """Write the steps of a program as expressions of one language.

    Parameters
    ----------
    program : Program
    """

    def __init__(self, program):
        self.program = program
        self.names = {step: f"v{k}" for k, step in enumerate(program.named(), 1)}

    def refer(self, step):
        """Return the name of a step, or its expression where it has none."""
        return self.names.get(step) or self.expression(step)

    def expression(self, step):
        """Write the expression of a step."""
        operation = self.program.steps[step]
        arguments = [self.refer(a) for a in operation.arguments]
        if operation.name == "affine":
            return self.write_sum(*operation.constants, arguments)
        return getattr(self, f"write_{operation.name}")(*arguments, *operation.constants)

    def number(self, value):
        """Write a number."""
        return short(value)

    def write_constant(self, value):
        """Write a constant, negative ones in parentheses."""
        return f"({self.number(value)})" if value < 0 else self.number(value)

    def write_sum(self, constant, weights, arguments):
        """Write constant + sum of weights times arguments."""
        terms = [self.write_constant(constant)] if constant else []
        for weight, argument in zip(weights, arguments):
            terms.append(argument if weight == 1 else f"{self.write_constant(weight)} * {argument}")
        while len(terms) > _TERMS:
            terms = [
                f"({' + '.join(terms[k : k + _TERMS])})" if len(terms[k : k + _TERMS]) > 1 else terms[k]
                for k in range(0, len(terms), _TERMS)
            ]
        return f"({' + '.join(terms)})"

    def write_mul(self, a, b):
        """Write a product."""
        return f"({a} * {b})"

    def write_div(self, a, b):
        """Write a quotient."""
        return f"({a} / {b})"

    def write_lt(self, a, b):
        """Write that a is less than b."""
        return f"({a} < {b})"

    def write_le(self, a, b):
        """Write that a is at most b."""
        return f"({a} <= {b})"

    def call(self, function, *arguments):
        """Write a call."""
        return f"{function}({', '.join(arguments)})"

    def horner(self, x, coefficients):
        """Write a polynomial of an expression."""
        written = self.write_constant(coefficients[-1])
        for coefficient in coefficients[-2::-1]:
            written = f"({self.write_constant(coefficient)} + {x} * {written})"
        return written
