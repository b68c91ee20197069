"""Nets as scikit-learn estimators: options in, a `FittedNet` kept, predictions from it."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from bineural._typing import ArrayLike, Floats, Label, RowsLike
from bineural.drawn import Drawn
from bineural.errors import InputError
from bineural.inputs.estimator import ClassifierFace, RegressorFace, TableModel
from bineural.inputs.learnt_outcome import learn_classes, learn_numbers
from bineural.inputs.sklearn_columns import note_columns
from bineural.messages import listed
from bineural.nets import fitting, results
from bineural.nets.default_architecture import architecture_for
from bineural.nets.features import hidden_features
from bineural.nets.fitted import keras_model_of, member_spread, predict_rows, predict_with_logits
from bineural.nets.objectives.objective import find_objective, named_objective, registered_objectives
from bineural.nets.options import BY_NAME, FOR_NUMBERS, OPTIONS
from bineural.nets.packed import Packed, packs
from bineural.nets.pretraining_settings import as_machines
from bineural.nets.residuals import NetResiduals
from bineural.nets.saved import NET, NET_CLASSES, NET_NUMBERS, check_net, net_of, state_of
from bineural.notebook import Printed
from bineural.options import refuse_unknown, takes, with_paragraphs
from bineural.tables.batches import is_stream


def learnt(read, doc):
    """Make a property that reads something of the fitted net."""

    def get(self):
        if "fitted_" not in vars(self):
            raise AttributeError(f"this {type(self).__name__} is not fitted")
        return read(self.fitted_)

    return property(get, doc=doc)


_HINTS_OF_ROWS = {
    "weights": "Weights are of rows: give them where the rows are, to fit_net or compare_models.",
    "offset": "Write it into the formula, as in 'cases ~ age + offset(log(years))'.",
}


def _hint_owners(option):
    """Say which architectures or objectives have an option, or where rows have it; nothing where none has."""
    from bineural.zoo.architecture import registered_architectures

    if option in _HINTS_OF_ROWS:
        return _HINTS_OF_ROWS[option]
    owners = {"architecture": registered_architectures(), "objective": registered_objectives().values()}
    for owner, records in owners.items():
        names = [record.name for record in records if any(own.name == option for own in record.options)]
        if names:
            named = f"it as `{owner}`" if len(names) == 1 else f"one of these as `{owner}`"
            return f"It is an option of {listed(names, 20)}: name {named}."
    return ""


class NetEstimator(NetResiduals, Drawn, TableModel):
    """What the two estimators share: their options, fitting, and asking the fitted net."""

    OPTIONS = OPTIONS
    KEPT = ("_metadata_request", "_sklearn_output_config")  # by copies, as scikit-learn's own keep them

    def _keep(self, options):
        """Keep options as attributes, those of the architecture's own apart; none is checked before `fit`."""
        for option in self.OPTIONS:
            setattr(self, option.name, options.pop(option.name, option.default))
        if self.pretrain is not None:
            with contextlib.suppress(InputError):  # said at `fit`
                self.pretrain = as_machines(self.pretrain)
        if options:
            own = [option.name for option in self.own_options()]
            refuse_unknown("A net", options, [*self._get_param_names(), *own], _hint_owners)
            self._own = options

    def own_options(self):
        """Return the options of the architecture's own and of the objective's; none of what is not known."""
        from bineural.zoo.architecture import as_architecture

        options = []
        build = lambda: architecture_for(self.architecture, formula=self.formula)  # noqa: E731
        for look_up in (lambda: as_architecture(build()), lambda: named_objective(self.objective)):
            with contextlib.suppress(InputError):
                options += look_up().options
        return options

    @property
    def asked_objective(self):
        """The objective that was asked for by name, settled on its options; None where the outcome decides.

        Raises
        ------
        InputError
            If there is none of that name, or a value of its options will not do.
        """
        name = BY_NAME["objective"].check(self.objective, "objective")
        return None if name is None else named_objective(name).settled(getattr(self, "_own", {}))

    def objective_for(self, options, n_parts, shape):
        """Return the objective, settled on the options.

        `n_parts` counts classes, labels or columns of the outcome; `shape` is that of a row as the net takes
        it.
        """
        return find_objective(options["objective"], self.outcome_kind, n_parts, options)

    def get_params(self, deep=True):
        """Return all options by name, those of the architecture's and the objective's own too."""
        own = {option.name: option.default for option in self.own_options()}
        return {**super().get_params(deep), **own, **getattr(self, "_own", {})}

    def set_params(self, **params):
        """Set options by name, those of the architecture's and the objective's own too."""
        for name in ("architecture", "objective"):
            if name in params:
                super().set_params(**{name: params.pop(name)})
        own = {option.name for option in self.own_options()}
        mine = {name: params.pop(name) for name in list(params) if name in own}
        kept = {name: value for name, value in getattr(self, "_own", {}).items() if name in own} | mine
        vars(self).pop("_own", None)
        if kept:
            self._own = kept
        return super().set_params(**params)

    def read_options(self, X: RowsLike | None = None, in_batches: bool = False) -> tuple[dict[str, Any], Any]:
        """Return the options as they are used, by name, and the architecture's record.

        Rows that come in batches have no quantiles, and a net without hidden layers is a ridge GLM: their
        numbers are plain by default.

        Parameters
        ----------
        X : object, optional
            The rows, whose kind decides where no architecture is named; None: a table.
        in_batches : bool

        Raises
        ------
        InputError
            Naming the option, the value found and what to try.
        """
        from bineural.zoo.architecture import as_architecture

        record = as_architecture(architecture_for(self.architecture, X, self.formula))
        if record.learns != "outcome":
            raise InputError(
                "A net of an outcome must have an architecture that learns outcomes.",
                f"Found {record.name!r}, which learns the rows.",
                "Use it in fit_autoencoder or fit_gan, or choose another of list_architectures().",
            )
        options = {
            option.name: option.check(getattr(self, option.name), option.name) for option in self.OPTIONS
        }
        if in_batches and options["pretrain"] is not None:
            raise InputError(
                "`pretrain` can't be used where rows come in batches.",
                f"Found {options['pretrain']!r}.",
                "Leave it out, or pass a table that is held in memory.",
            )
        if options["numbers"] is None:
            hidden = options["units"] is None or np.size(options["units"]) > 0
            options["numbers"] = record.numbers if hidden and not in_batches else "plain"
        objective = self.asked_objective
        settings = {} if objective is None else objective.settings
        both = [option.name for option in record.options if option.name in settings]
        if both:
            raise InputError(
                "An architecture and an objective must not have options of the same name.",
                f"`{both[0]}` is one of {record.name!r} and of {objective.name!r}.",
                "Rename that of your own.",
            )
        own = {name: v for name, v in getattr(self, "_own", {}).items() if name not in settings}
        return {"class_weight": None, **options, **settings, **record.own_options(own)}, record

    def _fit(self, X, y, sample_weight=None, offset=None, exclude=(), outcome=None, formula=None):
        """Fit to rows in memory, or in batches where `y` names a column of theirs."""
        if offset is not None:
            raise fitting.no_offset_values()
        if isinstance(y, str) and is_stream(X):
            from bineural.nets.batches import fit_estimator

            return self.fit_by(lambda: fit_estimator(self, X, y, sample_weight), outcome, formula)
        return self.fit_by(lambda: fitting.fit(self, X, y, sample_weight, exclude), outcome, formula)

    def fit_by(self, fit, outcome=None, formula=None):
        """Wrap the net that `fit()` returns, or what it had reached when Ctrl-C came."""
        try:
            return self.keep_fitted(fit(), outcome, formula)
        except KeyboardInterrupt as stop:
            if getattr(stop, "fitted", None) is not None:
                self.keep_fitted(stop.fitted, outcome, formula)
            raise

    def fit_problem(self, problem):
        """Fit to a `Problem`."""
        names = {"outcome": problem.outcome, "formula": problem.formula}
        self._fitted_rows = problem.X, problem.y  # by reference, and left out of files: see `measures.reuse`
        return self._fit(problem.X, problem.y, problem.weights, problem.offset, problem.exclude, **names)

    def keep_fitted(self, fitted, outcome=None, formula=None):
        """Wrap a fitted net; return the estimator."""
        self.fitted_, self.outcome_, self.formula_ = fitted, outcome, formula
        note_columns(self, fitted.input)
        return self

    def _prepare(self, X):
        """Turn new rows into what the net takes."""
        return self.fitted_.input.apply(self.checked_columns(X, type(self.fitted_.input), reset=False))

    def checked_columns(self, X, kind, reset=True):
        """Return rows checked as scikit-learn would, where they are a table."""
        return self._check_columns(X, reset) if kind.kind == "table" else X

    # ---- what was learnt, as scikit-learn's attributes ----

    history_ = learnt(lambda net: net.members[0].history, "Losses of each epoch, of the first member.")
    weights_ = learnt(lambda net: net.members[0].weights, "Weights of the first member.")
    members_ = learnt(
        lambda net: [member.weights for member in net.members] if len(net.members) > 1 else None,
        "Weights of each member of an ensemble, else None.",
    )
    histories_ = learnt(
        lambda net: [member.history for member in net.members] if len(net.members) > 1 else None,
        "History of each member of an ensemble, else None.",
    )
    n_epochs_ = n_iter_ = learnt(lambda net: net.members[0].epochs_run, "Epochs run.")
    best_epoch_ = learnt(lambda net: net.members[0].best_epoch, "The epoch whose weights are kept, from 1.")
    how_ = learnt(lambda net: net.members[0].how, "How it was trained.")
    why_alone_ = learnt(lambda net: net.members[0].why, "What kept it from a stack.")
    preparation_ = learnt(lambda net: getattr(net.input, "preparation", None), "Of a table, else None.")
    scaling_ = learnt(lambda net: net.scaling, "How columns (or channels) were scaled, or False.")
    why_unscaled_ = learnt(lambda net: net.why_unscaled, "What kept scaling='auto' from it.")
    channel_centers_ = learnt(lambda net: getattr(net.input, "centers", None), "Means of the channels.")
    channel_scales_ = learnt(lambda net: getattr(net.input, "scales", None), "SDs of the channels.")
    input_shape_ = learnt(lambda net: net.input_shape, "Shape of one row.")
    n_outputs_ = learnt(lambda net: net.n_outputs, "Outputs of the net.")
    output_ = learnt(lambda net: net.ending, "Activation of the last layer.")
    loss_ = learnt(lambda net: net.loss, "Name of the loss trained on.")
    l2_ = learnt(lambda net: net.l2, "The penalty in effect.")
    seed_ = learnt(lambda net: net.seed, "Seed, drawn if none was given.")
    n_rows_ = learnt(lambda net: net.n_rows, "Rows it was fitted to.")
    n_validation_rows_ = learnt(lambda net: net.n_validation_rows, "Rows that were watched.")
    ensemble_ = learnt(lambda net: net.ensemble, "Members there were to be.")
    interrupted_ = learnt(lambda net: net.interrupted, "Whether Ctrl-C ended the training early.")

    @property
    def n_weights_(self):
        """Number of trained and untrained weights."""
        return results.count_weights(self.fitted_)

    @property
    def keras_model_(self):
        """The fitted net as a Keras model of its own, built when first asked for.

        Its input is the prepared matrix (`preparation_.transform`); changing it leaves the estimator alone.
        """
        check_is_fitted(self)
        return keras_model_of(self.fitted_)

    def predict_spread(self, X: RowsLike) -> Floats:
        """Predict how far the members of an ensemble lie apart.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
            SD over members (n-1) of what `predict` or `predict_proba` gives the mean of.

        Raises
        ------
        InputError
            If the net is no ensemble.
        """
        return self._answer(X, lambda rows: member_spread(self.fitted_, rows))

    def predict_features(self, X: RowsLike) -> Floats:
        """Compute the outputs of the last hidden layer: the features that the net has learnt.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray of float64, shape (n_rows, n_units)
            As the net is used (nothing dropped out). Outputs of several axes are laid out as one row; members
            of an ensemble stand side by side.

        Raises
        ------
        InputError
            If the net has no hidden layer, or it can't be told which is the last.
        """
        return self._answer(X, lambda rows: hidden_features(self.fitted_, rows.inputs))

    def summary(self) -> str:
        """Write what was trained, on how much, for how long and how well.

        Returns
        -------
        str
            It shows itself as it prints.
        """
        check_is_fitted(self)
        return Printed(results.write_summary(self))

    def glance(self) -> dict[str, Any]:
        """Return the fit in one row of numbers.

        Returns
        -------
        dict
            n_rows, n_weights, n_epochs, best_epoch, loss, validation_loss (None without validation), seed.
        """
        check_is_fitted(self)
        return results.glance(self.fitted_)

    # ---- copies and files ----

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        return state_of(self)

    @classmethod
    def from_state(cls, state):
        """Make an estimator of what a file holds."""
        return net_of(cls, state)

    def check_state(self):
        """Check what holds between the parts of a net from a file."""
        check_net(self)

    def __sklearn_clone__(self):
        """Return an unfitted net of the same options; it shares the architecture, which nobody changes."""
        options = self.get_params(deep=False).items()
        return self.unfitted(**{k: v if k == "architecture" else clone(v, safe=False) for k, v in options})

    def unfitted(self, **options):
        """Return an unfitted net of the same options, or of other ones; they are not copied."""
        fresh = type(self)(**{**self.get_params(deep=False), **options})
        for name in self.KEPT:
            if name in vars(self):
                setattr(fresh, name, vars(self)[name])
        return fresh

    def __getstate__(self):
        """Leave the rows it was fitted to; pack an architecture that Keras can't pickle."""
        state = dict(super().__getstate__())
        state.pop("_fitted_rows", None)
        if packs(self.architecture):
            state["architecture"] = Packed(self.architecture)
        if "fitted_" in state:
            state["fitted_"] = state["fitted_"].without_architecture()
        return state

    def __setstate__(self, state):
        """Take back what was pickled."""
        if isinstance(state.get("architecture"), Packed):
            state = {**state, "architecture": state["architecture"].unpack()}
        super().__setstate__(state)
        if "fitted_" in vars(self):
            from bineural.zoo.architecture import as_architecture, default_architecture

            default = default_architecture(self.fitted_.input.kind)
            given = default if self.architecture is None else self.architecture
            self.fitted_.architecture = as_architecture(given)

    def __sklearn_tags__(self):
        """Say to scikit-learn that fits repeat only with a seed."""
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self.seed is None
        return tags


class NetClassifier(ClassifierFace, NetEstimator):
    """Net for labels: one logit for two classes, one for each class for more.

    Parameters
    ----------
    formula : str, optional
        Right-hand side, for example ``"Age + Number + Start"``; None takes every column by its type.
    event : label, optional
        Class whose log-odds are modelled; None takes the last of `classes_` and leaves the event unnamed.
    {options}

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
    event_ : label or None
    history_ : dict of list of float
        "loss", "validation_loss" (nats a row, without penalties) and "penalty", one number for each epoch.
    n_epochs_, best_epoch_ : int
        Epochs run; the one whose weights are kept, counted from 1.
    how_ : str
        How it was trained: "alone" or "alone, XLA" (compiled, in long work), in a "stack" (with others at
        once; "stack, vectorised" where a layer has no wide form; both also with ", XLA"), or by "Keras" (with
        callbacks, or a model with a `train_step` of its own).
    weights_ : list of ndarray of float32
        In the order of `keras_model_.get_weights()`.
    keras_model_ : keras.Model
        The fitted net, built when first asked for; its input is the prepared matrix.
    preparation_ : Preparation
        None for arrays of more than two dimensions.
    scaling_ : {"standard", "robust", "quantile"} or False
        How columns (or channels) were scaled.
    why_unscaled_ : str
        What kept `scaling="auto"` from it; empty if nothing did.
    channel_centers_, channel_scales_ : ndarray of float64, shape (n_channels,), or None
        Mean and n-1 SD of the channels of such arrays (1 for a constant one).
    loss_ : str
        Name of the loss trained on; "own ..." where it is one that the model was compiled with.
    l2_ : float
    seed_ : int
    n_validation_rows_ : int
    interrupted_ : bool
        Whether Ctrl-C ended the training early. `fit` then keeps the weights of the best epoch so far (of an
        ensemble the members that had begun) and raises KeyboardInterrupt; `fit_net` returns them.
    members_, histories_ : list
        Weights and history of each member of an ensemble, else None; `weights_`, `history_`, `keras_model_`
        and the numbers of epochs are then those of the first member.

    Notes
    -----
    Of a compiled Keras model loss, `loss_weights` and optimizer are taken; an `optimizer` or `learning_rate`
    that is given wins, with a warning. The loss gets the outcome as in Keras: one column; for several outputs
    a column for each class, or class numbers where its name begins with "sparse_". It must fit the last layer
    (`from_logits`) and give one number for each row. Metrics are kept in Keras' own loop only; `run_eagerly`,
    `jit_compile` and `steps_per_execution` are not used.

    Where the members of an ensemble watch all rows between them, as by default, each is trained with three
    default penalties at once. That of precision 1 stays unless another has a loss on the rows watched that is
    lower by more than a standard error of the difference (`fitted_.penalties` has them, the summary too).
    With 10 steps or more in an epoch this is decided after 10 epochs, and the nets of the others end.
    `benchmarks/results/bench_tables.md` compares this and other defaults on 41 tables.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> net = NetClassifier("Age + Number + Start", event="present", seed=2019)
    >>> net.fit(kyphosis, kyphosis["Kyphosis"]).predict_proba(kyphosis[:2]).shape
    (2, 2)
    """

    __doc__ = with_paragraphs(__doc__, OPTIONS)
    SCHEMA = {**NET, **NET_CLASSES}
    outcome_kind = "classes"

    @takes(OPTIONS, others=True, shown=False)
    def __init__(self, formula: str | None = None, *, event: Label | None = None, **options: Any) -> None:
        self.formula, self.event = formula, event
        self._keep(options)

    def learn_outcome(self, y, levels=None):
        """Return the `Outcome` of labels, and each row's position among its classes."""
        return learn_classes(y, self.event, levels)

    classes_ = learnt(lambda net: net.outcome.classes, "Classes, sorted.")
    levels_ = learnt(lambda net: net.outcome.levels, "Classes in the order of the outcome's levels.")
    event_ = learnt(lambda net: net.outcome.event, "The event, as it stands in `classes_`.")
    n_class_rows_ = learnt(lambda net: net.outcome.n_class_rows, "Rows of each class.")

    measured_also_ = learnt(lambda net: net.objective.shows, "Measures that evaluations have besides.")

    def _probability(self, prepared):
        return predict_rows(self.fitted_, prepared)

    def _probability_and_logit(self, prepared):
        return predict_with_logits(self.fitted_, prepared)


class NetRegressor(RegressorFace, NetEstimator):
    """Net for numbers, trained on the squared error of the standardised outcome, or by `objective`.

    Mean and SD of the outcome are learnt from the rows trained on, and predictions are in its own units. A
    model of your own sees the outcome as it is where it ends in another than linear activation, keeps its
    weights, or is compiled with a loss other than squared or absolute error, which would depend on the unit.

    Parameters
    ----------
    formula : str, optional
        As in `NetClassifier`.
    {options}

    Attributes
    ----------
    history_ : dict of list of float
        "loss" and "validation_loss" (mean squared error of the standardised outcome) and "penalty".
    outcome_center_, outcome_scale_ : float
        Mean and n-1 SD of the outcome.
    n_epochs_, best_epoch_, weights_, keras_model_, preparation_, l2_, seed_, n_validation_rows_,
    interrupted_, scaling_, why_unscaled_, channel_centers_, channel_scales_, loss_
        See `NetClassifier`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-1, 1, 60).reshape(-1, 1)
    >>> net = NetRegressor(seed=1, epochs=50).fit(x, 3 * x[:, 0] + 100)
    >>> net.predict(x).shape
    (60,)
    """

    __doc__ = with_paragraphs(__doc__, FOR_NUMBERS)
    OPTIONS = FOR_NUMBERS
    SCHEMA = {**NET, **NET_NUMBERS}
    outcome_kind = "numbers"

    @takes(FOR_NUMBERS, others=True, shown=False)
    def __init__(self, formula: str | None = None, **options: Any) -> None:
        self.formula = formula
        self._keep(options)

    def learn_outcome(self, y, levels=None):
        """Return the `Outcome` of numbers, and the numbers."""
        return learn_numbers(y)

    def score(self, X: RowsLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return R squared of the predictions, or what the objective is scored by.

        Of quantiles it is the share of the pinball loss that they explain, as scikit-learn's
        `d2_pinball_score`; of several labels the mean R squared of their probabilities.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)
        y : array_like of float64, shape (n_rows,)
        sample_weight : array_like of float64, shape (n_rows,), optional

        Returns
        -------
        float
            1 is perfect; 0 no better than predicting the same of all rows.
        """
        check_is_fitted(self)
        own = self.fitted_.objective.score
        if own is None:
            return super().score(X, y, sample_weight)
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        return float(own(learn_numbers(np.ravel(y))[1], self.predict(X), weights))

    measured_ = learnt(lambda net: net.objective.measured, "What measures must know of the predictions.")
    measured_as_ = learnt(lambda net: net.objective.task, "Task of its measures, where it is not regression.")
    several_outcomes_ = learnt(
        lambda net: bool(net.outcome.columns), "Whether the outcome is several columns."
    )
    columns_ = learnt(
        lambda net: list(net.outcome.columns or net.objective.columns),
        "Names of the numbers predicted of a row, where they are several.",
    )
    outcome_center_ = learnt(lambda net: net.state.get("center", 0.0), "Mean of the outcome.")
    outcome_scale_ = learnt(lambda net: net.state.get("scale", 1.0), "SD of the outcome.")

    def _mean(self, prepared):
        return predict_rows(self.fitted_, prepared)
