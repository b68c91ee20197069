"""Nets as values: a net that is not fitted yet, and what verbs make of the net that they are given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bineural._typing import Label, Labels
from bineural.checks import checked, label, labels, text
from bineural.detection.boxes import is_boxes
from bineural.errors import InputError
from bineural.formula.pictures import picture_column
from bineural.formula.texts import has_text
from bineural.inputs.preparation import split_formula
from bineural.inputs.problem import is_classification, read_problem
from bineural.nets.default_architecture import architecture_for
from bineural.nets.estimators import NetClassifier, NetEstimator, NetRegressor
from bineural.nets.objectives.objective import is_of_numbers, is_of_ordered, named_objective, takes_several
from bineural.nets.options import OPTIONS
from bineural.not_models import NotAModel
from bineural.options import takes
from bineural.tables.batches import is_stream


@dataclass(frozen=True, repr=False)
class Net(NotAModel):
    """A net that is not fitted yet; made by `make_net`.

    Attributes
    ----------
    formula : str or None
    event : label or None
    classes : list or None
    options : dict
        Those that were given.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.make_net("Kyphosis ~ Start", event="present", units=[4])
    <net: Kyphosis ~ Start, event='present', units=[4]>
    """

    formula: str | None = None
    event: object = None
    classes: object = None
    options: dict = field(default_factory=dict)
    called = "a net that make_net() described"
    instead = "Fit one with fit_net."

    def __repr__(self):
        """Write the formula and the options that were given."""
        given = {"event": self.event, "classes": self.classes, **self.options}
        parts = [self.formula or "all columns"]
        return f"<net: {', '.join([*parts, *(f'{k}={v!r}' for k, v in given.items() if v is not None)])}>"

    def with_options(self, **options):
        """Return the same net with other options."""
        return Net(self.formula, self.event, self.classes, {**self.options, **options})

    def estimator_for(self, problem):
        """Return the unfitted estimator for a problem's outcome, or say what of it must be named.

        A named objective of numbers, or of ordered classes, settles it, as a family does in `fit_glm`. Where
        no architecture is named, that for the kind of rows is.
        """
        if is_boxes(problem.y):
            return self.detector()
        if getattr(problem, "object_labels", None) is not None:
            return self.detector().settled_for(problem.y, problem.object_labels)
        if self.options.get("architecture") is None:
            named = architecture_for(None, getattr(problem, "X", None), getattr(problem, "terms", None))
            return self.with_options(architecture=named).estimator_for(problem)
        if self.wants_numbers:
            return self.estimator(False)
        if is_of_ordered(self.asked_objective):
            return self.estimator(True)
        return self.estimator(is_classification(problem.y, self.event, self.classes))

    @property
    def asked_objective(self):
        """The objective that was asked for by name, settled on its options, or None."""
        name = self.options.get("objective")
        return None if name is None else named_objective(name).settled(self.options)

    @property
    def wants_numbers(self):
        """Whether the objective that was named is one of numbers."""
        return is_of_numbers(self.asked_objective, self.event, self.classes)

    @property
    def terms(self):
        """Right-hand side of the formula, or None."""
        terms = None if self.formula is None else split_formula(self.formula)[1]
        return None if picture_column(terms) else terms

    @property
    def outcome_(self):
        """Left-hand side of the formula, or None."""
        return None if self.formula is None else split_formula(self.formula)[0] or None

    @property
    def event_(self):
        """The event that was named, or None."""
        return self.event

    def detector(self):
        """Return the unfitted estimator for boxes of objects in images."""
        from bineural.nets.detector import NetDetector

        for name, value in (
            ("event", self.event),
            ("classes", self.classes),
            ("class_weight", self.options.get("class_weight")),
        ):
            if value is not None:
                raise InputError(
                    f"`{name}` can't be used where the outcome is boxes.",
                    f"Found {value!r}.",
                    "Leave it out.",
                )
        return NetDetector(**{name: value for name, value in self.options.items() if name != "class_weight"})

    def estimator(self, classifies):
        """Return the unfitted estimator for classes, or for numbers."""
        options = {"formula": self.terms, **self.options}
        if classifies:
            return NetClassifier(event=self.event, **options)
        if options.pop("class_weight", None) is not None:
            raise InputError(
                "`class_weight` can be used with classes only.",
                "The outcome is numbers.",
                "Use weights=, or name event= or classes=.",
            )
        return NetRegressor(**options)


@takes(OPTIONS, others=True)
@checked(
    formula=text(hint="Write for example 'y ~ a + b'.").or_none(),
    event=label().or_none(),
    classes=labels().or_none(),
)
def make_net(
    formula: str | None = None, *, event: Label | None = None, classes: Labels | None = None, **options: Any
) -> Net:
    """Make a net that is not fitted yet: for `fit_nets`, `tune_net` and `compare_models`.

    Parameters
    ----------
    formula : str, optional
        ``"outcome ~ terms"``; None takes all columns.
    event : label, optional
        Class whose probability is meant.
    classes : list of labels, optional
        Takes a numeric outcome as these classes.
    {options}
    **options
        Options of the architecture's own; see `list_architectures`.

    Returns
    -------
    Net

    Raises
    ------
    InputError
        If there is no such option, or a value will not do.

    Examples
    --------
    >>> import bineural as bn
    >>> net = bn.make_net("Kyphosis ~ Age + Start", event="present", units=[4], epochs=20)
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> fits = bn.fit_nets(net, kyphosis, settings=[{"l2": 0.1}, {"l2": 0.01}], seeds=[1])
    >>> len(fits)
    2
    """
    net = Net(formula, event, classes, options)
    NetClassifier(net.terms, **options).read_options()  # refuses what is no option, or will not do
    return net


def as_net(net, options, event=None, classes=None):
    """Return the `Net` that a verb was given, and whether it was a formula or x.

    Parameters
    ----------
    net : Net, NetClassifier, NetRegressor, str, or x
    options : dict
        Given beside it; they replace those that the net has.
    event, classes : label, list
        Given beside it.

    Returns
    -------
    Net
    """
    if isinstance(net, Net):
        named = {
            "event": net.event if event is None else event,
            "classes": net.classes if classes is None else classes,
        }
        return Net(net.formula, **named, options=make_net(**{**net.options, **options}).options)
    if isinstance(net, NetEstimator):
        kept = net.get_params(deep=False)
        terms, own_event = kept.pop("formula"), kept.pop("event", None)
        formula = getattr(net, "formula_", None)
        if formula is None and terms is not None:
            formula = f"~ {terms}"
        if isinstance(net, NetRegressor):
            options = {k: v for k, v in options.items() if k != "class_weight" or v is not None}
        labels = getattr(net, "classes_", None) if isinstance(net, NetClassifier) else None
        named = event if event is not None else own_event
        classes = classes if classes is not None or labels is None or named is not None else labels.tolist()
        return Net(formula, named, classes, make_net(**{**kept, **options}).options)
    return make_net(net if isinstance(net, str) else None, event=event, classes=classes, **options)


def problem_of(net, given, data, weights=None, offset=None):
    """Return the problem of a net and its data.

    Parameters
    ----------
    net : Net
    given : Net, estimator, str or x
        What the verb was given in the place of the net: x, where it was neither net nor formula.
    data : data frame, batches, or the outcome y beside x; for a net without an outcome a pair (x, y)
    weights, offset : str or array_like, optional

    Returns
    -------
    Problem or BatchProblem
    """
    first = net.formula if is_net(given) or isinstance(given, str) else given
    if is_net(given) and (first is None or first.startswith("~")):
        first, data = pair_of(net, data)
    if is_stream(data) if isinstance(first, str) else isinstance(data, str) and is_stream(first):
        from bineural.nets.batches import read_batches, refuse_offset

        if offset is not None:
            raise refuse_offset()
        if has_text(net.terms):
            raise InputError(
                "Texts can't come in batches: their vocabulary is learnt from all rows.",
                f"Found {net.formula!r} and rows in batches.",
                "Read the data whole, load_dataset(path) does, and pass that data frame.",
            )
        if takes_several(net.asked_objective):
            raise InputError(
                "Rows of a net for several outcomes can't come in batches.",
                "Found both.",
                "Read the data whole, load_dataset(path) does, and pass that data frame.",
            )
        labels = net.event is not None or net.classes is not None or is_of_ordered(net.asked_objective)
        options = {name: value for name, value in net.options.items() if name != "class_weight"}
        return read_batches(first, data, NetRegressor(**options), weights, labels)
    return read_problem(first, data, weights, offset, several=takes_several(net.asked_objective))


def is_net(given):
    """Say whether a verb was given a net, and not a formula or x."""
    return isinstance(given, (Net, NetEstimator))


def pair_of(net, data):
    """Return x and y for a net whose formula names no outcome."""
    if isinstance(data, tuple) and len(data) == 2 and net.formula is None:
        return data
    raise InputError(
        "A net that names no outcome must be given data as a pair (x, y).",
        f"Its formula is {net.formula!r}, and `data` is of type {type(data).__name__}.",
        "Write make_net('outcome ~ terms'), or pass (x, y) to a net without a formula.",
    )
