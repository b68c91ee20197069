"""A model as a program of few operations on one row, which every language can be written from.

A program is a list of steps; each applies an operation to earlier steps and to constants, and is known by its
place. Equal steps are one. A step is a number, or a truth; nothing is ever missing within: what may be
missing is read as 0 or as no level, and `valid` holds the truths without which a row has no prediction.

=============  ================================================  ==================================
operation      constants                                         arguments
=============  ================================================  ==================================
constant       number
number         column: its finite number, else 0
present        column: whether it holds a finite number
logical        column: whether it holds TRUE
truth_present  column: whether it holds TRUE or FALSE
there          column: whether it holds text
code           column, labels: place of its text, or their number
place          numbers: place of the argument, or their number   number
affine         constant, weights                                 numbers: constant + weights x them
mul, div, pow, exp, log, sqrt, sin, cos, atan, floor             numbers
lt, le, eq                                                       two numbers -> truth
and, or, not                                                     truths -> truth
where                                                            truth, number, number
lookup         table of numbers                                  a code, which is a place in it
pieces         ends, coefficients (n + 1, degree + 1), origins,  number: the polynomial of its piece,
               whether an end belongs to the piece on its left   in the distance from the origin
=============  ================================================  ==================================
"""

from dataclasses import dataclass, field

TRUTHS = ("present", "logical", "truth_present", "there", "lt", "le", "eq", "and", "or", "not")
SOURCES = ("number", "present", "logical", "truth_present", "there", "code")  # that read a column
REPEATS = ("pieces", "place")  # whose argument is written down more than once
LARGEST = 700.0  # exp of more is as good as infinite, and an error in some languages
_DEEPEST = 12  # expressions within one another


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes
    ----------
    name : str
    constants : tuple
    arguments : tuple of int
        Places of earlier steps.
    """

    name: str
    constants: tuple = ()
    arguments: tuple = ()


@dataclass
class Program:
    """Steps, and which of them are the predictions.

    Attributes
    ----------
    steps : list of Operation
    valid : list of int
        Truths that must hold for a row to have a prediction.
    outputs : dict of str to int
        Name of what is predicted, as `.pred_yes` or `.pred`, to its step.
    columns : dict of str to str
        Raw columns: "numeric", "logical" or "category".
    """

    steps: list = field(default_factory=list)
    valid: list = field(default_factory=list)
    outputs: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    _places: dict = field(default_factory=dict, repr=False)

    def add(self, name, *arguments, constants=()):
        """Return the place of a step, made if there is none like it."""
        step = Operation(name, tuple(constants), tuple(int(a) for a in arguments))
        if step not in self._places:
            self._places[step] = len(self.steps)
            self.steps.append(step)
        return self._places[step]

    def need(self, truth):
        """Let a row have no prediction where a truth does not hold."""
        if truth not in self.valid:
            self.valid.append(truth)

    def value_of(self, step):
        """Return the number that a step is in every row, or None."""
        operation = self.steps[step]
        return operation.constants[0] if operation.name == "constant" else None

    # ---- arithmetic, folded where all is constant ----

    def constant(self, value):
        """Return the step of a number."""
        return self.add("constant", constants=(float(value),))

    def affine(self, constant, weights, arguments):
        """Return constant + sum of weights times arguments; arguments of weight 0 are left out."""
        terms = {}
        for weight, argument in zip(weights, arguments):
            known = self.value_of(argument)
            if known is not None:
                constant = constant + float(weight) * known
            else:
                terms[argument] = terms.get(argument, 0.0) + float(weight)
        terms = {argument: weight for argument, weight in terms.items() if weight != 0}
        if not terms:
            return self.constant(constant)
        if float(constant) == 0 and list(terms.values()) == [1.0]:
            return next(iter(terms))
        return self.add("affine", *terms, constants=(float(constant), tuple(terms.values())))

    def plus(self, a, b):
        """Return a + b."""
        return self.affine(0.0, (1.0, 1.0), (a, b))

    def minus(self, a, b):
        """Return a - b."""
        return self.affine(0.0, (1.0, -1.0), (a, b))

    def times(self, a, b):
        """Return a * b."""
        for known, other in ((self.value_of(a), b), (self.value_of(b), a)):
            if known is not None:
                return self.affine(0.0, (known,), (other,))
        return self.add("mul", a, b)

    def over(self, a, b):
        """Return a / b; a row where b is 0 has no prediction."""
        known = self.value_of(b)
        if known is not None and known != 0:
            return self.affine(0.0, (1.0 / known,), (a,))
        zero = self.add("eq", b, self.constant(0.0))
        self.need(self.add("not", zero))
        return self.add("div", a, self.where(zero, self.constant(1.0), b))

    def where(self, truth, a, b):
        """Return a where a truth holds, else b."""
        return a if a == b else self.add("where", truth, a, b)

    def least(self, a, b):
        """Return the smaller of two."""
        return self.where(self.add("lt", a, b), a, b)

    def most(self, a, b):
        """Return the larger of two."""
        return self.where(self.add("lt", a, b), b, a)

    def clip(self, a, low, high):
        """Return a, held between two numbers."""
        return self.least(self.most(a, self.constant(low)), self.constant(high))

    def as_number(self, truth):
        """Return 1 where a truth holds, else 0."""
        return self.where(truth, self.constant(1.0), self.constant(0.0))

    # ---- functions made of these ----

    def exp(self, a):
        """Return exp(a); of 700 where a is more."""
        return self.add("exp", self.least(a, self.constant(LARGEST)))

    def log_of_positive(self, a):
        """Return log(a); a row where a is not above 0 has no prediction."""
        above = self.add("lt", self.constant(0.0), a)
        self.need(above)
        return self.add("log", self.where(above, a, self.constant(1.0)))

    def sigmoid(self, a):
        """Return 1 / (1 + exp(-a)), of the tail that keeps its digits."""
        size = self.add("exp", self.affine(0.0, (-1.0,), (self.absolute(a),)))
        share = self.add("div", size, self.affine(1.0, (1.0,), (size,)))  # of the smaller tail
        return self.where(self.add("lt", a, self.constant(0.0)), share, self.affine(1.0, (-1.0,), (share,)))

    def tanh(self, a):
        """Return tanh(a)."""
        return self.affine(-1.0, (2.0,), (self.sigmoid(self.affine(0.0, (2.0,), (a,))),))

    def softplus(self, a):
        """Return log(1 + exp(a))."""
        size = self.add("exp", self.affine(0.0, (-1.0,), (self.absolute(a),)))
        return self.plus(self.most(a, self.constant(0.0)), self.add("log", self.affine(1.0, (1.0,), (size,))))

    def absolute(self, a):
        """Return a without its sign."""
        return self.where(self.add("lt", a, self.constant(0.0)), self.affine(0.0, (-1.0,), (a,)), a)

    def softmax(self, numbers):
        """Return shares in proportion to exp of numbers."""
        highest = numbers[0]
        for number in numbers[1:]:
            highest = self.most(highest, number)
        sizes = [self.add("exp", self.minus(number, highest)) for number in numbers]
        total = self.affine(0.0, (1.0,) * len(sizes), sizes)
        return [self.add("div", size, total) for size in sizes]

    def lookup(self, code, table):
        """Return the number at a place of a table."""
        table = tuple(float(value) for value in table)
        return (
            self.constant(table[0]) if len(set(table)) == 1 else self.add("lookup", code, constants=(table,))
        )

    def pieces(self, a, ends, coefficients, origins, from_left=False):
        """Return a polynomial of a for each piece between ascending ends."""
        constants = tuple(map(float, ends)), tuple(tuple(map(float, c)) for c in coefficients)
        return self.add("pieces", a, constants=(*constants, tuple(map(float, origins)), bool(from_left)))

    # ---- for whoever writes it down ----

    def used(self):
        """Return the steps that predictions need, in order, and how often each is an argument."""
        counts = dict.fromkeys([*self.outputs.values(), *self.valid], 1)
        for step in reversed(range(len(self.steps))):
            if step in counts:
                for argument in self.steps[step].arguments:
                    counts[argument] = counts.get(argument, 0) + 1
        return dict(sorted(counts.items()))

    def named(self):
        """Return steps with a name of their own, in order; the others are written where they stand."""
        counts, depths, named = self.used(), {}, []
        outputs = {*self.outputs.values(), *self.valid}
        looked_at = {a for s in counts for a in self.steps[s].arguments if self.steps[s].name in REPEATS}
        for step, count in counts.items():
            operation = self.steps[step]
            depths[step] = 1 + max((depths[a] for a in operation.arguments), default=0)
            if operation.name == "constant":
                depths[step] = 0
            elif (
                step in outputs
                or step in looked_at
                or operation.name in SOURCES
                or count > 1
                or depths[step] > _DEEPEST
            ):
                named.append(step)
                depths[step] = 0
        return named

    @property
    def size(self):
        """How many numbers there are in the steps that are used: what makes a file long."""
        return sum(
            1
            + len(self.steps[s].arguments)
            + sum(len(c) for c in self.steps[s].constants if isinstance(c, tuple))
            for s in self.used()
        )
