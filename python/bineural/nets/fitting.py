"""Fit a net: learn everything but the weights, train, and keep both as one `FittedNet`."""

from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import NamedTuple

import numpy as np

from bineural.errors import InputError, OutcomeError
from bineural.inputs import choose_input, find_input
from bineural.inputs.given_rows import read_rows
from bineural.inputs.kinds import describe
from bineural.messages import listed
from bineural.nets.astray import say_astray
from bineural.nets.chosen_penalty import choose, contest_of, precisions_of, try_each
from bineural.nets.class_weights import class_weights
from bineural.nets.fitted import (
    FittedNet,
    batch_of,
    layout_options,
    penalty_of,
    plan_of,
    scales_penalty,
    units_of,
)
from bineural.nets.heads import over_heads
from bineural.nets.objectives.objective import is_of_ordered, objective_of, takes_several
from bineural.nets.pretraining import pretrained
from bineural.nets.shifting import base_of, check_offset_fits, shifted_loss, shifted_targets
from bineural.nets.watched_rows import hold_out, rows_of


class Sharing(NamedTuple):
    """How a net shares the graph of a stack: whether others in it have dropout, and what is tried."""

    dropout: bool = False
    tried: frozenset = frozenset()


@dataclass
class Job:
    """One net, or one ensemble, to be trained: a replica for each of its seeds."""

    fitted: FittedNet
    options: dict
    plan: object
    inputs: object
    y: object
    weights: object
    partings: list  # of its rows, one for each seed
    seeds: list
    learning_rate: object
    rates: dict  # of each: a number, or one for each seed
    engine: dict
    checkpoint: object = None
    precisions: tuple = ()  # that the penalty is chosen among, see `chosen_penalty`
    starts: list = ()  # values by variable that each replica starts from, see `pretraining`
    frozen: object = None  # the part of the net that was computed before, see `frozen_part`

    @property
    def plans(self):
        """The plan of each replica."""
        if not self.starts:
            return [self.plan] * len(self.seeds)
        return [self.plan.starting_from(values) for values in self.starts]


def begin(net, X, y, sample_weight=None, exclude=(), sharing=None):
    """Learn everything but the weights.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
        Its options; it is not changed.
    X, y, sample_weight
        Training rows.
    exclude : sequence of str
        Columns that `.` in the formula does not mean.
    sharing : Sharing, optional
        Of a net that may be trained in a stack with others.

    Returns
    -------
    Job
    """
    from bineural.nets.layouts import check_one_input

    options, record = net.read_options(X)
    if record.model is not None:
        check_one_input(record.model)
    seed = settle_place(options, record)
    fitted, rows = _learn_rows(net, options, record, seed, X, y, sample_weight, exclude)
    weights = _total_weights(options, fitted, rows)
    counting = np.arange(len(rows.y)) if weights is None else np.flatnonzero(weights > 0)
    classes = rows.y if fitted.outcome.is_classes else None
    part = partial(hold_out, counting, options["validation"], seed, classes)
    seeds = member_seeds(options, fitted, n_rows=len(part()[0].train))
    return make_job(options, fitted, rows, weights, part(len(seeds)), seeds, sharing)


def settle_place(options, record):
    """Refuse a device, precision or checkpoint that can't be; return the seed, drawn if there is none."""
    from bineural.nets.layouts import check_precision
    from bineural.training import check_seed, find_device

    device = find_device(options["device"])
    check_precision(record, options["precision"])
    if options["categories"] == "embed" and not record.takes_codes:
        raise InputError(
            "`categories='embed'` can be used with architectures that embed categories only.",
            f"Found architecture={record.name!r}.",
            "Use categories='onehot', or architecture='skip' or 'mlp'.",
        )
    checkpoint = open_checkpoint(options)
    if options["seed"] is None and checkpoint is not None:
        seed = check_seed(checkpoint.read_note().get("seed"))
    else:
        seed = check_seed(options["seed"])
    if device != "workers":
        return seed
    from bineural.training.several_workers import find_workers

    return find_workers().agreed(seed)[0]  # one that was drawn is the first worker's


def open_checkpoint(options, note=None):
    """Return the checkpoint that was asked for, or None."""
    from bineural.bundles.checkpoint import Checkpoint

    return None if options["checkpoint"] is None else Checkpoint(options["checkpoint"], note)


# ---- rows ----


class TrainingRows(NamedTuple):
    """Training rows as the net takes them: inputs, class positions or numbers, weights and offset or None."""

    inputs: object
    y: np.ndarray
    weights: np.ndarray | None
    offset: np.ndarray | None = None


def _learn_rows(net, options, record, seed, X, y, sample_weight, exclude):
    """Learn input and outcome; a builder's model says only once it is built whether it wants numbers raw."""
    from bineural.nets.scaling import read_scaling, say_skewed, say_unscaled

    kind = choose_input(X, record.inputs or None, net.formula)
    if kind.kind == "table" and not kind.claims(X):
        kind = find_input("flat")
    X = net.checked_columns(X, kind)
    how = {"missing": options["missing"], "owner": type(net).__name__}
    given = read_rows(X, y, sample_weight, several=takes_several(net.asked_objective), **how)
    if is_of_ordered(net.asked_objective) and not given.ordered:
        raise no_order(net.asked_objective, given.y)
    asked = {
        "formula": net.formula,
        "exclude": exclude,
        "weights": given.weights,
        "missing": options["missing"],
        "unseen": options["unseen"],
        "categories": {"onehot": "onehot", "embed": "codes"}[options["categories"]],
        **{name: options[name] for name in ("numbers", "max_length", "cut", "n_words", "lowercase")},
    }
    asked |= {"unit": options["unit"]} if "unit" in options else {}  # of sequences
    _check_length(options["max_length"], kind, X)

    def learn(scaling, why):
        learnt, prepared = kind.learn(given.X, scaling=scaling, **asked)
        kept = given.kept(prepared.rows)
        outcome, positions = net.learn_outcome(kept.y, given.levels)
        outcome.columns = given.columns
        n_classes = outcome.n_parts
        objective = net.objective_for(options, n_classes, learnt.shape)
        objective.check(positions)
        fitted = FittedNet(record, learnt, objective, outcome, len(positions), seed)
        fitted.precision, fitted.device = options["precision"], options["device"]
        fitted.keep_weights, fitted.n_outputs = options["keep_weights"], objective.count_outputs(n_classes)
        fitted.scaling, fitted.why_unscaled, fitted.input_shape = scaling, why, learnt.shape
        fitted.has_offset = prepared.offset is not None
        return fitted, TrainingRows(prepared.inputs, positions, kept.weights, prepared.offset)

    fitted, rows = learn(*read_scaling(options["scaling"], record.model, options["keep_weights"]))
    if options["scaling"] == "auto" and record.given is not None and record.model is None:
        scaling, why = read_scaling("auto", plan_of(fitted).source)
        if not scaling:
            fitted, rows = learn(scaling, why)
    if fitted.why_unscaled:
        say_unscaled(record.name, fitted.why_unscaled, kind.kind != "table")
    elif options["scaling"] == "auto" and kind.kind == "table":
        say_skewed(fitted.input, rows.inputs, rows.weights)
    return fitted, rows


def _check_length(max_length, kind, X):
    """Refuse a length for rows that have none."""
    if max_length is not None and not kind.shortens:
        raise InputError(
            "`max_length` can be used with sequences and texts only.",
            f"Found {max_length} and {describe(X)}.",
            "Leave it out.",
        )


def _total_weights(options, fitted, rows):
    """Return the weights of the rows, times those of their classes."""
    if options["class_weight"] is None or not fitted.outcome.is_classes:
        return rows.weights
    each = np.ones(len(rows.y)) if rows.weights is None else rows.weights
    counts = np.bincount(rows.y, weights=each, minlength=len(fitted.outcome.classes))
    return each * class_weights(options["class_weight"], fitted.outcome.classes, counts)[rows.y]


# ---- what is trained ----


def make_job(options, fitted, rows, weights, partings, seeds, sharing=None):
    """Return what is to be trained, on which rows and how; the members share what the outcome teaches."""
    from bineural.nets.frozen_part import leave_frozen  # loads TensorFlow

    trained = reduce(np.union1d, [parting.train for parting in partings])
    known = [None if values is None else values[trained] for values in (rows.offset, weights)]
    learn = lambda *how: fitted.objective.learn(rows.y[trained], *how, *known)  # noqa: E731
    fitted.n_validation_rows = len(partings[0].watch)
    plan, rates, engine = settle_training(options, fitted, len(partings[0].train), learn, sharing)
    base = base_of(fitted, rows.offset, len(rows.y))
    if fitted.architecture.given is not None:
        tell_unused(options, plan, () if sharing is None else sharing.tried)
    n_train = len(partings[0].train)
    job = Job(
        fitted,
        options,
        plan,
        rows.inputs,
        shifted_targets(fitted, rows.y, base),
        weights,
        partings,
        seeds,
        learning_rate_of(options, fitted.architecture),
        rates,
        engine,
        open_checkpoint(options, note={"seed": fitted.seed}),
        precisions_of(options, fitted.architecture, n_train, len(seeds)),
    )
    return leave_frozen(try_each(job))


def settle_training(options, fitted, n_rows, learn, sharing=None):
    """Settle layout, loss and unit of the outcome; return the plan, its rates and the engine's options.

    Parameters
    ----------
    options : dict
    fitted : FittedNet
        Gets its layout, number of outputs, ending, loss and the objective's state.
    n_rows : int
        Rows trained on.
    learn : callable
        (ending, own_unit) -> state of the objective.
    sharing : Sharing, optional
    """
    from bineural.training import RowLoss
    from bineural.training.by_keras import check_callbacks

    record, further = fitted.architecture, fitted.input.builder_options
    fitted.l2 = penalty_of(options, record, n_rows)
    fitted.batch_size = batch_of(options, record, n_rows)
    options = {**options, "units": units_of(options, record, n_rows), "batch_size": fitted.batch_size}
    fitted.layout = layout_options(options, record, fitted.l2, further)
    scaled = scales_penalty(options, record)
    fitted.plan = plan = _plan(options, fitted, further, sharing, scaled)
    _check_layout(fitted, plan)
    _check_one_loss(fitted.objective, plan.source)
    compiled = None if record.given is None else _read_compiled(fitted, plan)
    own_unit = compiled is not None and (compiled.minds_unit or _is_pretrained(record, options))
    state = learn(fitted.ending, own_unit)
    fitted.state = {**state, **fitted.outcome.places, "n_outputs": fitted.n_outputs}
    objective, from_logits = fitted.objective, fitted.ending == "linear"
    own, loss = getattr(compiled, "loss", None), objective.loss
    fitted.loss = f"own {own.name}" if own else loss if isinstance(loss, str) else objective.name
    if callable(loss) and not hasattr(loss, "get_config"):
        loss = RowLoss(
            objective.name, loss, parts=objective.parts, rows_only=objective.rows_only
        )  # of (inputs, y, outputs)
    loss = own or loss
    if fitted.has_offset:
        check_offset_fits(fitted)
    if fitted.has_offset or objective.start(fitted.state) is not None:
        loss = shifted_loss(loss, options["monitor"], fitted.n_outputs, from_logits)
    if record.several_heads:
        loss = over_heads(loss, options["monitor"], from_logits)
    how = {"loss": loss, "from_logits": from_logits, "optimizer": _optimizer(options["optimizer"], compiled)}
    engine = {
        **(how if objective.step is None else {"step": objective.step()}),
        **{name: options[name] for name in ("batch_size", "epochs", "monitor", "patience", "min_delta")},
        "callbacks": check_callbacks(options["callbacks"]),
        "device": options["device"],
    }
    plan = _augmented(options, fitted, plan)
    return plan, _rates(options, fitted, n_rows, sharing, scaled), engine


def _augmented(options, fitted, plan):
    """Return the plan that is trained: with layers in front that change images, where that is asked for."""
    if not options["augmentation"]:
        return plan
    from bineural.training.augmenting.model import augmented
    from bineural.training.augmenting.registry import refuse_moves

    rows = getattr(fitted.input, "inner", fitted.input)  # of images whose pixels are laid out as columns
    if rows.kind != "image":
        raise InputError(
            "`augmentation` can be used with images only.",
            f"Found {options['augmentation']!r} and rows of the kind {rows.kind!r}.",
            "Leave it out, or pass images as an array (n_rows, height, width, n_channels).",
        )
    if fitted.outcome.object_labels is not None:
        refuse_moves(options["augmentation"])
    return augmented(plan, options["augmentation"], tuple(rows.shape))


def _check_one_loss(objective, model):
    """Refuse a compiled loss beside an objective whose own loss is what it means."""
    loss = getattr(model, "loss", None) if getattr(model, "compiled", False) else None
    if loss is not None and objective.settles_loss:
        raise InputError(
            "An objective that is asked for and the loss of a compiled model can't both be learnt.",
            f"Found objective={objective.name!r}, and {model.name!r} is compiled with a loss.",
            "Compile the model without a loss, or leave `objective` out.",
        )


def no_order(objective, values):
    """Make the error that asks for an order of the classes, of some of which the values are given."""
    held = listed(dict.fromkeys(np.asarray(values).tolist()), 3)
    return OutcomeError(
        f"The outcome must be ordered classes for objective={objective.name!r}.",
        f"It holds {held}, which are in no order of classes.",
        "Make it an ordered category, lowest class first, or whole numbers; in a formula "
        "ordered(y, c('low', 'high')) does.",
    )


def _optimizer(given, compiled):
    if given is not None:
        return given
    return getattr(compiled, "optimizer", None) or "adam"


def _read_compiled(fitted, plan):
    from bineural.nets.compiled import read_compiled

    return read_compiled(plan.source, fitted.n_outputs, fitted.n_classes, fitted.ending)


def tell_unused(options, plan, tried=()):
    """Warn of what a model is compiled with and an option replaces, unless that is what is tried."""
    from bineural.nets.compiled import say_unused

    say_unused(
        plan.source, **{name: options[name] for name in ("optimizer", "learning_rate") if name not in tried}
    )


def _plan(options, fitted, further, sharing, scaled):
    from bineural.nets.layouts import make_plan

    record = fitted.architecture
    sharing = sharing if record.given is None else None
    l2 = record.default_l2(1) if scaled else fitted.l2
    return make_plan(fitted, layout_options(options, record, l2, further, sharing))


def _rates(options, fitted, n_rows, sharing, scaled):
    """Return what the engine multiplies penalties with, and in a stack the rate of dropout."""
    record = fitted.architecture
    if sharing is None or record.given is not None:
        return {"penalty_scale": 1 / n_rows if scaled else 1.0}
    rates = {"penalty_scale": 1.0}
    rates |= {"l2_scale": fitted.l2} if "l2" in record.reads else {}
    rates |= {"l1_scale": float(options["l1"])} if "l1" in record.reads and options["l1"] else {}
    if "dropout" in record.reads and (sharing.dropout or options["dropout"] > 0):
        rates["dropout"] = float(options["dropout"])
    return rates


def _check_layout(fitted, plan):
    """Note the ending of a model of the user's own, which must fit rows and outcome."""
    from bineural.nets.layouts import check_fit_of_shapes, check_one_input, output_shape, read_output

    if fitted.architecture.given is None:
        fitted.ending = "linear"
        return
    if type(fitted.input).__module__.startswith("bineural."):  # a user's own kind may prepare several arrays
        check_one_input(plan.model)
    check_fit_of_shapes(plan.model, fitted.input_shape, fitted.objective.allow_outputs(fitted.n_classes))
    fitted.n_outputs = int(output_shape(plan.model, fitted.input_shape)[-1])
    fitted.ending = read_output(plan.model)
    fitted.objective = objective_of(fitted.objective, fitted.n_outputs, fitted.n_classes)
    check_ending(fitted)


def check_ending(fitted):
    """Refuse a last layer that does not fit what is learnt."""
    wanted = fitted.objective.endings
    if wanted and fitted.ending not in wanted:
        raise InputError(
            f"{_owner(fitted)} of {fitted.n_outputs} output(s) must end in {' or '.join(wanted)}.",
            f"Found {fitted.ending!r}.",
            f"Use activation={wanted[-1]!r} in its last layer, or none for logits.",
        )


def _owner(fitted):
    return "A classifier" if fitted.outcome.is_classes else f"A net with objective={fitted.objective.name!r}"


def _is_pretrained(record, options):
    """Say whether the model has learnt already what its output means."""
    return record.model is not None and (options["keep_weights"] or not record.model.trainable_variables)


def member_seeds(options, fitted, n_rows):
    """Return the seed of each member: the net's own for one, else one of its streams for each."""
    from bineural.training import stream_seed

    n_members = options["ensemble"]
    if n_members is None:
        plain = options["checkpoint"] is None and not options["callbacks"] and options["device"] != "workers"
        n_members = fitted.architecture.default_members(n_rows) if plain else 1
    fitted.ensemble = n_members
    if n_members == 1:
        return [fitted.seed]
    return [stream_seed(fitted.seed, "member", i) for i in range(n_members)]


def learning_rate_of(options, record):
    """Return the rate that was given, else the architecture's with an optimizer by name, else None."""
    if options["learning_rate"] is not None:
        return float(options["learning_rate"])
    named = options["optimizer"] is None or isinstance(options["optimizer"], str)
    return record.learning_rate if named else None


def leave_stack(job):
    """Return the job of a net that turned out to be alone: with its own settings in the graph."""
    if job.frozen is not None:
        return job
    state = job.fitted.state
    plan, rates, _ = settle_training(job.options, job.fitted, len(job.partings[0].train), lambda *_: state)
    return replace(job, plan=plan, rates=rates)


# ---- training ----


def train(job, progress=None, diverged="raise"):
    """Train a job by itself, reporting to `progress.Bar`; return a `Trained` for each seed."""
    from bineural.training import train_net, train_stack
    from bineural.training.training_rows import some_rows

    weights = job.weights
    shared = {"learning_rate": job.learning_rate, **job.rates, **job.engine}
    shared |= {"checkpoint": job.checkpoint, "diverged": diverged}
    if len(job.seeds) > 1:
        shown = {} if progress is None else {"progress": progress.stack, "compiling": progress.compiling}
        names = [member_name(job, i) for i in range(len(job.seeds))]
        rows = rows_of(job.partings) | {"row_weights": weights} | contest_of([job])
        return train_stack(
            job.plans if job.starts else job.plan,
            job.inputs,
            job.y,
            seeds=job.seeds,
            names=names,
            **shown,
            **rows,
            **shared,
        )
    rows, watch = job.partings[0]
    pick = lambda rows: None if weights is None else weights[rows]  # noqa: E731
    validation = (some_rows(job.inputs, watch), job.y[watch], pick(watch)) if len(watch) else None
    shared |= {"progress": None if progress is None else progress.one}
    shared |= {"sample_weight": pick(rows), "validation": validation}
    return [train_net(job.plans[0], some_rows(job.inputs, rows), job.y[rows], seed=job.seeds[0], **shared)]


def member_name(job, i):
    """Name a replica of an ensemble, as errors and warnings do."""
    return f"member {i % job.fitted.ensemble + 1}"


def finish(job, trained, interrupted=False):
    """Return the fitted net of a job and what its members have become; None for those that had not begun."""
    if job.frozen is not None:
        trained = [None if member is None else job.frozen.complete(member) for member in trained]
    return keep_members(job.fitted, choose(job, trained), interrupted)


def keep_members(fitted, trained, interrupted=False):
    """Keep what the members have become; the layout is made again when it is needed."""
    fitted.members, fitted.interrupted, fitted.plan = list(trained), interrupted, None
    return fitted


def fit(net, X, y, sample_weight=None, exclude=()):
    """Fit one net to rows in memory; return the `FittedNet`.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C; its `fitted` is the net of the members that had begun, if any had.
    """
    from bineural.nets.progress import shown_progress

    (job,) = pretrained([begin(net, X, y, sample_weight, exclude)])
    n_nets = len(job.seeds)
    with shown_progress(n_nets * job.engine["epochs"], job.options["verbose"], n_nets) as progress:
        try:
            trained = train(job, progress)
        except KeyboardInterrupt as stop:
            stop.fitted = reached(job, getattr(stop, "trained", None))
            raise
        if progress is not None:
            progress.end(trained)
    fitted = finish(job, trained)
    say_astray([fitted])
    return fitted


def keep_begun(fitted, stop):
    """Note in an interruption the net of the members that had begun, as `stop.fitted`."""
    trained = getattr(stop, "trained", [])
    trained = trained if isinstance(trained, list) else [trained]
    begun = [member for member in trained if member is not None and member.epochs_run]
    if begun:
        stop.fitted = keep_members(fitted, begun, interrupted=True)


def reached(job, trained):
    """Return the net of the members that had begun when an interruption came, None where none had."""
    trained = trained if isinstance(trained, list) else [trained]
    begun = [member if member is not None and member.epochs_run else None for member in trained]
    if not any(begun):
        return None
    each = begun + [None] * (len(job.seeds) - len(begun))
    done = [m is not None and (m.stopped or m.epochs_run == job.engine["epochs"]) for m in each]
    return finish(job, each, interrupted=not all(done))


def no_offset_values():
    """Make the error that asks for an offset that is found again in new rows."""
    return InputError(
        "The offset of a net must be a column, which is found again in new rows.",
        "Found values beside the rows.",
        "Write it into the formula, as offset(log(time)), or pass offset='column'.",
    )
