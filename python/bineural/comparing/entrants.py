"""Everything that is compared: whatever can be fitted to some rows and asked about others, in one form.

An entrant answers `predict_out(basis, draws, run)`: its predictions for the test rows of every resample,
each from a fit to that resample's training rows alone.
"""

import contextlib
import inspect
import warnings

import numpy as np
from sklearn.base import clone

from bineural.comparing.answers import Answer, NotFiniteError, ask, settle_answer
from bineural.errors import FailedFitWarning, InputError, InterruptedWarning
from bineural.messages import naming, warn
from bineural.tables.frames import is_frame
from bineural.tables.rows import count_rows, take_rows


class Entrant:
    """Parent of all: fits one resample at a time by `_fit_predict`."""

    kind = "model"
    random = False  # whether another draw (seed) gives another fit
    parallel = True
    prepares = False  # whether the columns of the formula, and no others, are used
    gets_all = False  # whether every column is given to it as it is, whatever the formula
    remedy = ""  # what to try when fits fail but give predictions
    failing = None  # what to try when code that is not ours fails; None for models of ours

    def __init__(self, name, model=None):
        self.name, self.model = name, model
        self.told = {}  # what is told of the fits: how nets were run, what was tuned
        self.logits = None  # as the predictions, where the model has any
        self.failures = {}  # (resample, draw) to why that fit is no model of its rows
        self.advice = None  # what to try about them; None for `remedy`

    def describe(self):
        """Say in a line what is fitted."""
        return repr(self.model)

    def identity(self, basis):
        """Return what this model's fits depend on, beside rows, folds and seed; see `tables/identity.py`."""
        return [self.kind, self.model]

    def predict_out(self, basis, draws, run):
        """Predict the test rows of every resample.

        Parameters
        ----------
        basis : Basis
        draws : int
            Fits to each training set, with other seeds; one for an entrant that is not random.
        run : Run
            Runs the fits, in parallel where it can, and shows progress.

        Returns
        -------
        ndarray of float64, shape (draws, n_out) or (draws, n_out, n_classes)
            In the order of `basis.rows`.
        """
        draws = draws if self.random else 1
        jobs = [(k, d) for d in range(draws) for k in range(len(basis.sets))]
        return self.keep(run.each(self, basis, jobs), jobs, basis)

    def keep(self, answers, jobs, basis):
        """Return the predictions of all fits as `predict_out` does; keep logits, failures and notes."""
        n = len(basis.sets)
        self.failures = {job: answer.failure for job, answer in zip(jobs, answers) if answer.failure}
        self.advice = next((answer.advice for answer in answers if answer.advice), None)
        notes = [answer.note for answer in answers if answer.note]
        for what in dict.fromkeys(name for note in notes for name in note):
            self.told[what] = [note[what] for note in notes if note.get(what) is not None]

        def stacked(parts):
            return np.stack([np.concatenate(parts[start : start + n]) for start in range(0, len(parts), n)])

        known = all(answer.logit is not None for answer in answers)
        self.logits = stacked([answer.logit for answer in answers]) if known else None
        return stacked([answer.prediction for answer in answers])

    def fit_predict(self, basis, k, draw):
        """Fit to the training rows of resample `k`; return the `Answer` for its test rows."""
        resample = basis.sets[k]
        with naming(f"{self.name}, resample {k + 1}"):
            try:
                seed = basis.seed_of(self.name, k, draw)
                if self.failing is None:
                    return Answer.of(self._fit_predict(basis, resample.train, resample.test, seed))
                with _complaints() as failures:
                    answer = Answer.of(self._fit_predict(basis, resample.train, resample.test, seed))
                return answer._replace(failure=failures[0]) if failures else answer
            except NotFiniteError as error:
                advice = error.hint if self.failing else None
                return stand_in(basis, resample, Answer(None, failure=error.failure, advice=advice))
            except InputError:
                raise
            except Exception as error:
                if self.failing is None:
                    raise
                must = "A model must be able to fit and predict in every fold."
                raise InputError(must, _said(error), self.failing) from error


def stand_in(basis, resample, answer):
    """Put the null model's predictions into an `Answer` that gives none for a resample's test rows."""
    warn(FailedFitWarning, f"{answer.failure}: the null model's predictions stand in.")
    failure = answer.failure[:1].lower() + answer.failure[1:]
    prediction = Null("null")._fit_predict(basis, resample.train, resample.test, None)
    return answer._replace(prediction=prediction, failure=failure)


def ask_net(net, basis, resample):
    """Ask a net of `fit_nets` about the test rows of a resample; one that has diverged predicts None."""
    from bineural.nets.fitted import diverged_loss
    from bineural.training.run import STEADIER

    loss = diverged_loss(net.fitted_)
    if loss is not None:
        return Answer(None, failure=f"The training loss became {loss}", advice=STEADIER)
    try:
        return ask(net, take_rows(basis.problem.X, resample.test), basis, len(resample.test))
    except NotFiniteError as error:
        return Answer(None, failure=error.failure, advice=STEADIER)


class Null(Entrant):
    """The model that knows no predictor: the training rows' share of each class, or their mean."""

    kind = "null"
    parallel = False  # no process starts as fast as a mean is taken

    def describe(self):
        """Say in a line what is fitted."""
        return "mean of the training rows, no predictor"

    def _fit_predict(self, basis, train, test, seed):
        truth = basis.truth[train]
        weights = None if basis.weights is None else basis.weights[train]
        if basis.task != "multiclass":
            return np.full(len(test), np.average(truth, weights=weights))
        shares = np.bincount(truth, weights, minlength=len(basis.classes))
        return np.tile(shares / shares.sum(), (len(test), 1))


class OwnModel(Entrant):
    """A GLM of ours: prepares the columns itself, within the training rows."""

    kind = "glm"
    prepares = True

    @property
    def remedy(self):
        """What to try when fits fail."""
        if getattr(self.model, "penalty", None) is None:
            return "Try penalty='auto', a ridge where maximum likelihood does not exist."
        return "Scale the columns, or drop some."

    def describe(self):
        """Say in a line what is fitted."""
        return call_text(self.model)

    def identity(self, basis):
        """Return what its fits depend on: its options, and the weights that it starts from."""
        model = self.unfitted(basis)
        starts = getattr(model, "keep_weights", False) and hasattr(model.architecture, "get_weights")
        return [self.kind, model, model.architecture.get_weights() if starts else None]

    def unfitted(self, basis):
        """Return an unfitted copy that knows the formula and the event."""
        model = clone(self.model)
        if model.formula is None and basis.problem.terms is not None:
            model.set_params(formula=basis.problem.terms)
        if basis.event is not None:
            model.set_params(event=basis.event)
        return model

    def _fit_predict(self, basis, train, test, seed):
        X, y, weights = basis.take(train)
        model = self.unfitted(basis)._fit(_flat(X), y, weights, exclude=basis.problem.exclude)
        answer = ask(model, _flat(take_rows(basis.problem.X, test)), basis, len(test))
        note = {}
        if model.penalty == "auto":
            how = "maximum likelihood" if model.penalty_ is None else model.penalty_
            note = {"fitted_by": how, "strength": model.strength_}
        return answer._replace(failure=model.failure_, note=note)


class Net(OwnModel):
    """A net of ours: all its folds and draws are trained together, as few stacks as can be."""

    kind = "net"
    random = True

    def predict_out(self, basis, draws, run):
        """Predict the test rows of every resample; see `Entrant.predict_out`."""
        from bineural.nets.astray import say_astray
        from bineural.nets.many import NetRun, fit_runs

        jobs = [(k, d) for d in range(draws) for k in range(len(basis.sets))]
        seeds = [basis.seed_of(self.name, k, d) for k, d in jobs]
        if len(set(seeds)) < len(seeds):
            raise AssertionError("two nets of a comparison would start from the same weights")
        problem = basis.problem
        template = self.unfitted(basis).set_params(verbose=run.verbose)
        names = [f"{self.name}, resample {k + 1}{f', draw {d + 1}' * (draws > 1)}" for k, d in jobs]
        settings = self.choose_settings(basis, template, jobs, names, run.memory)
        runs = [
            NetRun(basis.sets[k].train, seed, setting, name)
            for (k, _), seed, setting, name in zip(jobs, seeds, settings, names)
        ]
        weights = {"sample_weight": basis.weights, "exclude": problem.exclude, "memory": run.memory}
        nets = fit_runs(template, problem.X, problem.y, runs, diverged="keep", **weights)
        say_astray([net.fitted_ for net in nets])
        self.note(nets)
        answers = []
        for net, (k, _) in zip(nets, jobs):
            answer = ask_net(net, basis, basis.sets[k])
            answers.append(stand_in(basis, basis.sets[k], answer) if answer.failure else answer)
        return self.keep(answers, jobs, basis)

    def choose_settings(self, basis, template, jobs, names, memory):
        """Return the options, beside the template's, of the net of each (resample, draw)."""
        return [{}] * len(jobs)

    def note(self, nets):
        """Note how the nets were run."""
        from bineural.nets.progress import counted_how

        self.told["how"] = counted_how(net.how_ for net in nets)
        self.told["epochs"] = [int(net.best_epoch_) for net in nets]
        self.told["members"] = sum(len(net.fitted_.members) for net in nets)


class Estimator(Entrant):
    """A scikit-learn estimator: it gets the prepared columns; a pipeline gets the columns as they are."""

    kind = "scikit-learn"
    prepares = True
    remedy = "Let it take more iterations, or scale its columns."

    def __init__(self, name, model, missing="error"):
        super().__init__(name, model)
        self.missing = missing
        self.random = any(_is_random_state(p) for p in model.get_params())
        self.takes_weights = "sample_weight" in inspect.signature(model.fit).parameters
        self.gets_all = _takes_raw(model)
        self.failing = _IN_PIPELINE if self.gets_all else _ON_NUMBERS

    def describe(self):
        """Say in a line what is fitted."""
        return " ".join(repr(self.model).split())

    def identity(self, basis):
        """Return what its fits depend on: its options, and how gaps in the columns are filled."""
        return [self.kind, self.model, self.missing]

    def _fit_predict(self, basis, train, test, seed):
        X, y, weights = basis.take(train)
        X, new = self._columns(basis, X, take_rows(basis.problem.X, test), weights)
        given = {}
        if weights is not None:
            if not self.takes_weights:
                raise InputError(
                    "Every model must take row weights where `weights` are given.",
                    f"{type(self.model).__name__}.fit() has no `sample_weight`.",
                    "Leave the model or the weights out.",
                )
            given["sample_weight"] = weights
        model = seeded(self.model, seed)
        if basis.task == "regression":
            return ask(model.fit(X, basis.truth[train], **given), new, basis, len(test))
        labels = _labels(basis, train)
        try:
            fitted = model.fit(X, labels, **given)
        except InputError:
            raise
        except Exception as refused:
            fitted = OnCodes.fitted(seeded(self.model, seed), X, labels, given, refused)
        return ask(fitted, new, basis, len(test))

    def _columns(self, basis, X, new, weights):
        """Return training and test predictors."""
        from bineural.inputs.preparation import Preparation

        if not is_frame(X):
            return _flat(X), _flat(new)
        exclude = [c for c in basis.problem.exclude if c in list(X.columns)]
        if self.gets_all:
            return X.drop(columns=exclude), new.drop(columns=exclude)
        preparation = Preparation(basis.problem.terms, categories="onehot", missing=self.missing)
        made = preparation.fit_transform(X, outcome=exclude, weights=weights)
        return _frame(made, preparation), _frame(preparation.transform(new), preparation)


class OnCodes:
    """A fitted classifier that refuses labels and takes their places in sorted order, as xgboost's do."""

    def __init__(self, model, classes):
        self.model, self.classes_ = model, classes

    @classmethod
    def fitted(cls, model, X, labels, given, refused):
        """Fit to the places of labels; if the model refuses these too, raise what it said of labels."""
        classes, places = np.unique(labels, return_inverse=True)
        try:
            return cls(model.fit(X, places, **given), classes)
        except Exception:
            raise refused from None

    def predict_proba(self, X):
        """Return a probability for each class: float64, shape (n_rows, n_classes)."""
        return self.model.predict_proba(X)

    def __getattr__(self, name):
        """Answer as the model does, for example with its `decision_function`."""
        return getattr(self.model, name)


class Function(Entrant):
    """A function (train, test) -> predictions of the test rows.

    With a data frame, `train` is one with the outcome and `test` one without; with arrays, `train` is (X, y)
    and `test` is X.
    """

    kind = "function"
    gets_all = True
    failing = "Call it yourself with such rows to see more."

    def describe(self):
        """Say in a line what is fitted."""
        return getattr(self.model, "__name__", type(self.model).__name__)

    def _fit_predict(self, basis, train, test, seed):
        X, y, _ = basis.take(train)
        new = take_rows(basis.problem.X, test)
        if is_frame(X):
            columns = basis.outcome_columns
            new = new.drop(columns=columns)
            if not columns:
                X = X.assign(**{basis.problem.outcome or "outcome": np.asarray(y)})
            answer = self.model(X, new)
        else:
            answer = self.model((X, y), new)
        return settle_answer(answer, basis, len(test))


class ByRows(Function):
    """A function of row positions, (train_ids, test_ids, seed) -> predictions; how R's functions come in."""

    kind = "R"
    remedy = 'Fit it with a penalty, or take fit_glm(penalty = "auto").'
    random = True
    parallel = False

    def __init__(self, name, function, text=None, known_by=None):
        super().__init__(name, function)
        self.text, self.known_by = text, known_by

    def describe(self):
        """Say in a line what is fitted."""
        return self.text or "R function"

    def identity(self, basis):
        """Return what tells R's function from others."""
        return [self.kind, self.text, self.known_by]

    def _fit_predict(self, basis, train, test, seed):
        return settle_answer(self.model(train, test, seed), basis, len(test))


class Average(Entrant):
    """The mean of predictions: of other entrants by name, where nothing is fitted again, or of members."""

    kind = "average"

    def __init__(self, name, names, weights=None, members=None):
        super().__init__(name)
        self.names, self.weights, self.members = list(names), weights, members or {}
        self.random = any(member.random for member in self.members.values())

    def identity(self, basis):
        """Return what the members' fits depend on, and their weights in the mean."""
        members = {name: member.identity(basis) for name, member in self.members.items()}
        return [self.kind, self.names, self.weights, members]

    def predict_out(self, basis, draws, run):
        """Predict the test rows of every resample by the members; see `Entrant.predict_out`."""
        predictions = {n: member.predict_out(basis, draws, run) for n, member in self.members.items()}
        return self.average(predictions, self.members)

    def describe(self):
        """Say in a line what is fitted."""
        return f"mean of the predictions of {', '.join(self.names)}"

    def average(self, predictions, entrants):
        """Average what entrants of those names have predicted, draw by draw; their failures are its own."""
        members = [entrants[name] for name in self.names]
        self.failures = {job: why for member in members for job, why in member.failures.items()}
        logits = [member.logits for member in members]
        self.logits = None if any(logit is None for logit in logits) else self._mean(logits)
        return self._mean([predictions[name] for name in self.names])

    def _mean(self, parts):
        draws = max(len(p) for p in parts)
        parts = np.stack([np.broadcast_to(p, (draws, *p.shape[1:])) for p in parts])
        return np.average(parts, axis=0, weights=self.weights)


@contextlib.contextmanager
def _complaints():
    """Let warnings through; yields a list that gets what says that a fit failed.

    scikit-learn's nets that stop at their last epoch complain too; that is a setting, and no failure.
    """
    failures = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield failures
    for entry in caught:
        if issubclass(entry.category, InterruptedWarning):  # Ctrl-C, after which a fit within went on
            raise KeyboardInterrupt
        warnings.warn_explicit(entry.message, entry.category, entry.filename, entry.lineno)
        text = str(entry.message).partition("\n")[0]
        failed = entry.category.__name__ in _FAILED or any(words in text for words in _FAILED_IN_R)
        if failed and "Stochastic Optimizer" not in text:
            failures.append(text.rstrip(":. "))


_FAILED = ("ConvergenceWarning", "PerfectSeparationWarning")
_FAILED_IN_R = ("algorithm did not converge", "fitted probabilities numerically 0 or 1")


def _said(error):
    kind = "" if type(error) is RuntimeError else f"{type(error).__name__}: "  # R's errors are RuntimeErrors
    return f"{kind}{' '.join(str(error).split())[:300].removesuffix('.')}."


_IN_PIPELINE = "A pipeline gets the columns as they are: text must be encoded and gaps be filled within it."
_ON_NUMBERS = "It gets the columns prepared as numbers: try it on those of model_matrix()."


def seeded(estimator, seed):
    """Return a clone whose `random_state`s, where they are None, follow `seed`."""
    estimator = clone(estimator)
    parameters = estimator.get_params()
    free = [p for p in parameters if _is_random_state(p) and parameters[p] is None]
    return estimator.set_params(**dict.fromkeys(free, seed % 2**31))


def _is_random_state(parameter):
    return parameter.split("__")[-1] == "random_state"


def _takes_raw(model):
    """Say whether a model is a pipeline, or a search or wrapper that holds one."""
    if hasattr(model, "steps"):
        return True
    inner = [getattr(model, name, None) for name in ("estimator", "regressor", "classifier")]
    return any(hasattr(part, "steps") for part in inner)


def _labels(basis, rows):
    from bineural.inputs.outcomes import plain_values

    return np.asarray(plain_values(take_rows(basis.problem.y, rows)))


def _frame(prepared, preparation):
    import pandas as pd

    return pd.DataFrame(prepared.matrix, columns=preparation.names_)


def _flat(X):
    """Return rows of more than one dimension as plain rows: pixels or lags as columns."""
    if is_frame(X) or getattr(X, "ndim", 2) <= 2:
        return X
    return np.asarray(X, dtype=np.float64).reshape(count_rows(X), -1)


def call_text(model):
    """Write a model of ours with the options that are not at their defaults."""
    defaults = {n: p.default for n, p in inspect.signature(type(model).__init__).parameters.items()}
    formula = getattr(model, "formula_", None) or getattr(model, "formula", None)
    given = [repr(formula)] if formula else []
    for name, value in model.get_params(deep=False).items():
        if name in ("formula", "event", "seed", "verbose") or _same(value, defaults.get(name)):
            continue
        given.append(f"{name}={value!r}" if not callable(value) else f"{name}={value.__name__}")
    return f"{type(model).__name__}({', '.join(given)})"


def _same(a, b):
    try:
        return bool(np.all(a == b)) and np.shape(a) == np.shape(b)
    except (TypeError, ValueError):
        return a is b
