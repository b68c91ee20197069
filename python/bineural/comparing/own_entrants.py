"""Models of ours in a comparison: GLMs one fit at a time, nets all folds and draws together."""

import inspect
from functools import partial

import numpy as np
from sklearn.base import clone

from bineural.comparing.answers import Answer, NotFiniteError, ask
from bineural.comparing.entrants import Entrant, stand_in
from bineural.tables.rows import take_rows


class OwnModel(Entrant):
    """A GLM of ours: prepares the columns itself, within the training rows."""

    kind = "glm"
    prepares = True
    is_linear = True

    @property
    def remedy(self):
        """What to try when fits fail."""
        if getattr(self.model, "penalty", None) is None:
            return "Try penalty='auto', a ridge where maximum likelihood does not exist."
        return "Scale the columns, or drop some."

    def describe(self):
        """Say in a line what is fitted."""
        return call_text(self.model)

    def take_formula(self, terms):
        """Prepare columns by a formula of its own."""
        self.model.set_params(formula=terms)

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
        labels = basis.problem.object_labels
        return model if labels is None else model.settled_for(basis.truth, labels)

    def _fit_predict(self, basis, train, test, seed):
        X, y, weights = basis.take(train)
        model = self.unfitted(basis)._fit(X, y, weights, exclude=basis.problem.exclude)
        answer = ask(model, take_rows(basis.problem.X, test), basis, len(test))
        note = {}
        if model.penalty == "auto":
            how = "maximum likelihood" if model.penalty_ is None else model.penalty_
            note = {"fitted_by": how, "strength": model.strength_}
        return answer._replace(failure=model.failure_, note=note)


class Net(OwnModel):
    """A net of ours: all its folds and draws are trained together, as few stacks as can be."""

    kind = "net"
    is_linear = False
    random = True

    def predict_out(self, basis, draws, run):
        """Predict the test rows of every resample; see `Entrant.predict_out`."""
        from bineural.nets.chunks import fit_in_chunks
        from bineural.nets.many import NetRun

        jobs = [(k, d) for d in range(draws) for k in range(len(basis.sets))]
        seeds = [basis.seed_of(self.name, k, d) for k, d in jobs]
        if len(set(seeds)) < len(seeds):
            raise AssertionError("two nets of a comparison would start from the same weights")
        template = self.unfitted(basis).set_params(verbose=run.verbose)
        names = [f"{self.name}, resample {k + 1}{f', draw {d + 1}' * (draws > 1)}" for k, d in jobs]
        settings = self.choose_settings(basis, template, jobs, names, run)
        runs = [
            NetRun(basis.sets[k].train, seed, setting, name)
            for (k, _), seed, setting, name in zip(jobs, seeds, settings, names)
        ]
        items, shared = [(one, k) for one, (k, _) in zip(runs, jobs)], (self, basis, template, run.memory)
        here, tell = bool(template.callbacks), partial(run.step, self.name)
        fits = fit_in_chunks(run.n_jobs, _fit_and_ask, shared, items, settings, self.name, here, tell)
        answers, notes = zip(*fits)
        self.note(notes)
        return self.keep(answers, jobs, basis)

    def training_rows(self, basis):
        """Return the rows and the outcome, of all resamples."""
        return basis.problem.X, basis.problem.y

    ask = None  # how else than about an outcome beside the rows; see `ask_net`

    def choose_settings(self, basis, template, jobs, names, run):
        """Return the options, beside the template's, of the net of each (resample, draw)."""
        return [{}] * len(jobs)

    def note(self, notes):
        """Note how the nets were run, from (way, best epoch, members) of each."""
        from bineural.nets.progress import counted_how

        ways, epochs, members = zip(*notes)
        self.told["how"], self.told["epochs"] = counted_how(ways), list(epochs)
        self.told["members"] = sum(members)


class NetWithoutOutcome(Net):
    """Parent of nets that learn rows or sequences themselves; `ask` makes numbers of what they answer."""

    def training_rows(self, basis):
        """Return the rows and zeros, which stand for an outcome."""
        return basis.problem.X, np.zeros(len(basis.truth))


def _fit_and_ask(entrant, basis, template, memory, items):
    """Return the answer of each net and how it was run: (way, best epoch, members).

    `items` has the run of each net and the number of its resample.
    """
    from bineural.nets.astray import say_astray
    from bineural.nets.many import fit_runs

    how = {"sample_weight": basis.weights, "exclude": basis.problem.exclude, "memory": memory}
    X, y = entrant.training_rows(basis)
    nets = fit_runs(template, X, y, [run for run, _ in items], diverged="keep", **how)
    say_astray([net.fitted_ for net in nets])
    fits = []
    for net, (_, k) in zip(nets, items):
        answer = ask_net(net, basis, basis.sets[k], entrant.ask)
        answer = stand_in(basis, basis.sets[k], answer) if answer.failure else answer
        fits.append((answer, (net.how_, int(net.best_epoch_), len(net.fitted_.members))))
    return fits


def ask_net(net, basis, resample, asked=None):
    """Ask a net of `fit_nets` about the test rows of a resample; one that has diverged predicts None.

    `asked` (net, basis, resample) gives the `Answer`, where that isn't of an outcome beside the rows.
    """
    from bineural.nets.fitted import diverged_loss
    from bineural.training.run import STEADIER

    loss = diverged_loss(net.fitted_)
    if loss is not None:
        return Answer(None, failure=f"The training loss became {loss}", advice=STEADIER)
    try:
        if asked is not None:
            return asked(net, basis, resample)
        return ask(net, take_rows(basis.problem.X, resample.test), basis, len(resample.test))
    except NotFiniteError as error:
        return Answer(None, failure=error.failure, advice=STEADIER)


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
