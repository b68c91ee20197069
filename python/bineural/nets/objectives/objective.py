"""Objectives as records: how an outcome becomes targets, what a net loses by an output, what an output means.

An objective is a record of plain functions. What it learns of the training outcome (a mean, an SD) is a dict
of plain values, which goes into files. A file of this folder holds one family and registers it at its end;
nothing else lists them. `register_objective` adds one from outside, and `fit_net(objective=)` takes it by
name; without a name the outcome decides: "binary", "classes" or "numbers".
"""

from dataclasses import dataclass, field, replace

from bineural.errors import InputError
from bineural.lazy import import_files
from bineural.messages import near_names
from bineural.options import Option
from bineural.zoo.record_checks import check_plain, is_reserved

OUTCOMES = ("classes", "numbers", "boxes", "rows")


@dataclass(frozen=True)
class Objective:
    """What a net learns.

    Attributes
    ----------
    name : str
    outcome : {"classes", "numbers", "boxes", "rows"}
        What it is for: labels (NetClassifier), numbers (NetRegressor), boxes of objects (NetDetector), or the
        rows themselves (Autoencoder).
    several_outcomes : bool
        Whether the outcome is several columns: (n_rows, n_columns), named as what is predicted is.
    ordered : bool
        Whether classes must have an order: those of an ordered category, or whole numbers.
    title : str
        What such a net does, for a heading; of classes they are counted instead.
    loss : str, keras.Loss or callable (inputs, y, outputs) -> (n_rows,)
        What each row costs; a name as `training.losses.row_loss` knows it.
    step : callable, optional
        () -> `training.StepMaker` of a net that is not trained by one loss and one optimizer; `loss` is then
        not used.
    parts : tuple of str
        Of a function that returns a dict: the parts of the loss, which the history has beside their "loss".
    rows_only : bool
        Of a function: whether what a row costs depends on no other row, so that many nets share a call.
    endings : tuple of str
        Activations that the last layer may have; () for any.
    unit : str
        Of the loss, for printing: "nats a row".
    describe_unit : callable, optional
        State -> the unit in full, where it depends on what was learnt.
    most_classes : int, optional
        Largest number of classes that it is for.
    several : str
        Name of the objective of a model of the user's own that has more outputs; "" is the same.
    count_outputs : callable
        Number of classes, or of columns of the outcome (0 for one of numbers) -> number of outputs of a
        layout that is built.
    allow_outputs : callable
        Number of classes -> numbers of outputs that a model of the user's own may have.
    head : callable, optional
        Number of outputs -> a Keras layer that makes them of the one output that the net is built with.
    check : callable
        Outcome of all rows that are given -> None; raises where the objective can't be of it.
    learn : callable
        (y, ending, own_unit, offset, weights) -> dict of plain values, from the rows trained on; `own_unit`
        says that the outcome must stay in its own unit (a loss or a pretrained model that minds it); offset
        and weights are arrays of the same rows, or None.
    learn_moments : callable, optional
        (mean, SD, ending, own_unit) -> the same of an outcome in batches, of which these are known.
    targets : callable
        (y, state) -> array that the loss takes; `y` is class positions, or numbers. `state` also has
        "event", the position of the event among the classes, and "n_outputs".
    start : callable
        State -> (n_outputs,) numbers that are added to every output, in losses and predictions: what a net
        whose weights are 0 says of all rows. None for nothing.
    offset : callable, optional
        (offset, state) -> (n_rows, n_outputs), what a known part of the linear predictor adds to the outputs.
        Without it the net takes no offset.
    may_change : bool
        Whether the outcome, of numbers, may be learnt in another form; see `changed_targets.py`.
    predict : callable
        (output, ending, state) -> probabilities (n_rows, n_classes), or numbers (n_rows,), of one member.
    logits : callable, optional
        (mean output over members, state) -> log-odds (n_rows, n_classes), for ties that rounding makes.
    linear : callable, optional
        (output, state) -> (n_rows, n_curves), the linear predictor of a linear ending: a curve for each class
        or column where there are several. Without it parts of the predictor can't be drawn.
    linear_unit : str
        What it is in, in words.
    ignorant_loss : callable
        State -> what a row costs where the output tells no rows apart, or None where that isn't known. A net
        at twice that is said to have been led astray.
    family, link : str
        Of the GLM that does the same without hidden units, of numbers: an evaluation shows its deviance, and
        a comparison has it as the baseline.
    task : str
        What measures take its predictions for, as `Measure.tasks` names it; "" is that of the outcome.
    columns : tuple of str
        Names of what is predicted of a row, where that is several numbers: `predict` then gives
        (n_rows, n_columns).
    constant : callable, optional
        (y, weights or None) -> what is predicted of all rows where nothing is known of them, a number or
        (n_columns,), if that is not the mean or the shares of classes.
    known : dict
        What measures must know of the predictions; see `Measure.settle`.
    measure : str
        What a comparison's verdict is about by default; "" is the first measure of the task.
    shows : tuple of str
        Measures that evaluations and comparisons have beside those of the task.
    score : callable, optional
        (y, predicted, weights or None) -> what the estimator's `score` gives; R squared by default.
    baseline : callable, optional
        Missing -> (name, unfitted linear estimator of scikit-learn), which a comparison has as the baseline
        in place of a GLM, on standardised columns.
    options : tuple of bineural.options.Option
        Options of its own, plain data: a net takes them by name.
    settle : callable, optional
        Gets the values of its options by name, and returns the fields that depend on them as a dict.
    settings : dict
        Those values, in an objective that is settled, and "target" where its outcome is changed.
    """

    name: str
    outcome: str
    loss: object
    several_outcomes: bool = False
    ordered: bool = False
    title: str = "numbers"
    endings: tuple = ()
    unit: str = "loss a row"
    describe_unit: object = None
    step: object = None
    parts: tuple = ()
    rows_only: bool = False
    most_classes: int | None = None
    several: str = ""
    count_outputs: object = field(default=lambda n_classes: 1)
    allow_outputs: object = field(default=lambda n_classes: (1,))
    head: object = None
    check: object = field(default=lambda y: None)
    learn: object = field(default=lambda y, ending, own_unit, offset=None, weights=None: {})
    learn_moments: object = None
    targets: object = field(default=lambda y, state: y)
    start: object = field(default=lambda state: None)
    offset: object = None
    may_change: bool = False
    predict: object = None
    logits: object = None
    linear: object = None
    linear_unit: str = "log-odds"
    ignorant_loss: object = field(default=lambda state: None)
    family: str = "gaussian"
    link: str | None = None
    task: str = ""
    columns: tuple = ()
    constant: object = None
    known: dict = field(default_factory=dict)
    measure: str = ""
    shows: tuple = ()
    score: object = None
    baseline: object = None
    options: tuple = ()
    settle: object = None
    settings: dict = field(default_factory=dict)

    def settled(self, given):
        """Return the objective for given values of its options; defaults where none is given.

        Parameters
        ----------
        given : dict of str to object
            "target" too, the form in which the outcome is learnt; further names are left alone.

        Raises
        ------
        InputError
            If a value will not do.
        """
        values = {o.name: o.check(given.get(o.name, o.default), o.name) for o in self.options}
        for name, value in values.items():
            check_plain(value, name)
        settled = {} if self.settle is None else self.settle(**values)
        objective, target = replace(self, **settled, settings=values), given.get("target", "plain")
        if target == "plain":
            return objective
        from bineural.nets.objectives.changed_targets import with_target

        return with_target(objective, target)

    @property
    def measured(self):
        """What measures must know of the predictions, the family too."""
        return {"family": self.family, **self.known}

    @property
    def settles_loss(self):
        """Whether what is learnt is its own loss alone, which no compiled model's can replace."""
        return callable(self.loss)

    def written_unit(self, state):
        """Return the unit of the loss in full."""
        return self.unit if self.describe_unit is None else self.describe_unit(state)


REGISTERED = {}


def register_objective(objective):
    """Make an objective known by its name, to `fit_net(objective=)`, files and everything between.

    Parameters
    ----------
    objective : Objective

    Returns
    -------
    Objective

    Raises
    ------
    InputError
        If there is another of that name, it is no objective, or an option of its own has the name of an
        option of every net.
    """
    if not isinstance(objective, Objective) or objective.outcome not in OUTCOMES:
        raise InputError(
            "An objective must be an `Objective`, for 'classes', 'numbers', 'boxes' or 'rows'.",
            f"Found {objective!r}.",
            "Write Objective(name='counts', outcome='numbers', loss=..., predict=...).",
        )
    for option in objective.options:
        if not isinstance(option, Option) or is_reserved(option.name):
            raise InputError(
                "An option of an objective's own must be an `Option` with a name that no net's option has.",
                f"Found {getattr(option, 'name', option)!r} for {objective.name!r}.",
                "Choose another name.",
            )
    if REGISTERED.get(objective.name, objective) != objective:
        raise InputError(
            "An objective must have a name of its own.", f"There is a {objective.name!r}.", "Choose another."
        )
    REGISTERED[objective.name] = objective
    return objective


def registered_objectives():
    """Return all registered objectives by name."""
    import_files(__package__)
    return REGISTERED


def options_of_objectives():
    """Return the options that objectives of an outcome have of their own, each once."""
    known = [objective for objective in registered_objectives().values() if objective.outcome != "rows"]
    return list({option.name: option for objective in known for option in objective.options}.values())


def named_objective(name):
    """Return the objective of a name, as it is registered.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    known = registered_objectives()
    if not isinstance(name, str) or name not in known:
        raise InputError(
            "`objective` must be a registered objective.", f"Found {name!r}.", near_names(str(name), known)
        )
    return known[name]


def find_objective(name, outcome, n_classes=0, options=None):
    """Return the objective of a name, or that of the outcome, settled on values of its own options.

    Parameters
    ----------
    name : str or None
    outcome : {"classes", "numbers"}
    n_classes : int
    options : dict, optional
        Those of the net, by name.

    Raises
    ------
    InputError
        If there is none of that name, or it is for another outcome.
    """
    if name is None:
        name = "numbers" if outcome == "numbers" else "binary" if n_classes == 2 else "classes"
    objective = named_objective(name)
    fits = objective.outcome == outcome and n_classes <= (objective.most_classes or n_classes)
    if not fits:
        of = f"{n_classes} classes" if outcome == "classes" else outcome
        raise InputError(
            "`objective` must be for the outcome.",
            f"{name!r} is for {objective.outcome}; the outcome is {of}.",
            "Leave it out: the outcome then decides.",
        )
    return objective.settled(options or {})


def is_of_numbers(objective, event=None, classes=None):
    """Say whether an objective settles that the outcome is numbers, or boxes; no class must then be named.

    Parameters
    ----------
    objective : Objective or None
    event : label, optional
    classes : list of labels, optional

    Raises
    ------
    InputError
        If it does, and the event or classes are named.
    """
    if objective is None or objective.outcome == "classes":
        return False
    if event is not None or classes is not None:
        raise InputError(
            f"`objective={objective.name!r}` models {objective.outcome}, so `event` and `classes` can't be "
            "named.",
            f"Found event={event!r}, classes={classes!r}.",
            "Drop one.",
        )
    return True


def is_of_ordered(objective):
    """Say whether an objective (or None) settles that the outcome, numbers too, is ordered classes."""
    return objective is not None and objective.ordered


def takes_several(objective):
    """Say whether an objective (or None) is of an outcome of several columns."""
    return objective is not None and objective.several_outcomes


def objective_of(objective, n_outputs, n_classes=0):
    """Return the objective for a model of so many outputs: two for two classes are one for each of them."""
    if objective.several and n_outputs > objective.count_outputs(n_classes):
        return named_objective(objective.several)
    return objective
