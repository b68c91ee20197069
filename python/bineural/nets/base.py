"""What the two net estimators share: preparing, holding out validation rows, training and predicting."""

import numpy as np

from bineural.errors import InputError
from bineural.inputs.estimator import TableModel, Training
from bineural.nets.batches import fit_batches, no_offset
from bineural.nets.copying import Copied
from bineural.nets.features import HiddenFeatures
from bineural.nets.interrupted import keep_what_was_reached
from bineural.nets.members import Job, Members, train_job
from bineural.nets.option_checks import check_net_options, unit_counts
from bineural.nets.results import NetResults, name_of
from bineural.nets.saved import check_net
from bineural.tables.batches import is_stream

# Default penalty: normal weights of this precision a priori (columns are standardised), that is
# l2 = precision / (2 n_rows) on the mean loss. See `NetClassifier`.
PRIOR_PRECISION = 3.0
NAMED_LEARNING_RATE = 0.01  # for the zoo's nets, which see standardised columns


class FittedByTraining(Copied, Members, HiddenFeatures, NetResults, TableModel):
    """A net on prepared columns (or on arrays of more dimensions), trained by `training`."""

    check_state = check_net  # of a model from a file

    def _fit(self, X, y, sample_weight=None, offset=None, exclude=()):
        if isinstance(y, str) and is_stream(X):
            return fit_batches(self, X, y, sample_weight, offset)
        self._train(self._begin_job(X, y, sample_weight, offset, exclude))
        return self

    def _begin_job(self, X, y, sample_weight=None, offset=None, exclude=()):
        """Learn everything but the weights; return the `Job` that is left to train."""
        check_net_options(self)
        self._check_where()
        if offset is not None:
            raise no_offset()
        self.seed_ = self._check_seed()
        training = self._begin(X, y, sample_weight, exclude)
        if training.offset is not None:
            raise no_offset()
        self.n_outputs_ = self._n_outputs()
        weights = self._total_weights(training)
        rows = np.arange(len(training.y)) if weights is None else np.flatnonzero(weights > 0)
        train, watch = self._hold_out(training.y, rows)
        self.n_validation_rows_ = len(watch)
        return self._make_job(training, weights, train, watch)

    # ---- rows ----

    def _begin(self, X, y, sample_weight, exclude):
        """Return the training rows as numbers."""
        begin = self._begin_deep if _is_deep(X) else self._begin_columns
        self._settle_scaling(self.architecture, self.keep_weights)
        training = begin(X, y, sample_weight, exclude)
        if self._scaling_follows_building() and not self._settle_scaling(self._built_model()):
            training = begin(X, y, sample_weight, exclude)
        self._say_unscaled(_is_deep(X))
        return training

    def _begin_columns(self, X, y, sample_weight, exclude):
        categories = {"onehot": "onehot", "embed": "codes"}[self.categories]
        training = self._begin_fit(
            X, y, sample_weight, None, exclude, categories=categories, scale=self.scaled_
        )
        self.input_shape_ = (max(1, training.matrix.shape[1]),)
        self.channel_centers_ = self.channel_scales_ = None
        return training

    def _begin_deep(self, X, y, sample_weight, exclude=()):
        from bineural.inputs.outcomes import check_weights
        from bineural.nets.scaling import learn_channels

        if self.formula is not None or isinstance(self.architecture, str):
            raise InputError(
                "Rows of more than one dimension must come with a Keras model or builder as `architecture`.",
                f"Found rows of shape {np.shape(X)[1:]} and "
                + ("a formula." if self.formula is not None else f"architecture={self.architecture!r}."),
                "Build a model for that input shape.",
            )
        X = _check_deep(X)
        y = self._check_outcome(y, len(X))
        weights = None if sample_weight is None else check_weights(sample_weight, len(X))
        X, y, weights, _ = self._drop_missing_outcomes(X, y, weights, None)
        y = self._learn_outcome(y)
        self.preparation_, self.input_shape_, self.n_rows_ = None, X.shape[1:], len(y)
        self.n_features_in_ = int(np.prod(X.shape[1:]))
        learnt = learn_channels(X, weights) if self.scaled_ else (None, None)
        self.channel_centers_, self.channel_scales_ = learnt
        return Training(self._scale_channels(X), np.zeros((len(y), 0), np.int32), y, weights, None)

    def _scale_channels(self, X):
        from bineural.nets.scaling import scale_channels

        centers = getattr(self, "channel_centers_", None)  # older files have none
        return X if centers is None else scale_channels(X, centers, self.channel_scales_)

    def _settle_scaling(self, model, keep_weights=False):
        """Note whether columns are standardised, and why not; return whether."""
        from bineural.nets.scaling import read_scaling

        self.scaled_, self.why_unscaled_ = read_scaling(self.scale, model, keep_weights)
        return self.scaled_

    def _scaling_follows_building(self):
        """Say whether only the model that a builder builds tells if it wants columns standardised."""
        from bineural._tensorflow import keras

        given = isinstance(self.architecture, (str, keras.Model)) or not callable(self.architecture)
        return self.scale == "auto" and not given

    def _built_model(self):
        self._made_plan, self.n_outputs_ = None, self._n_outputs()
        return self._plan().source

    def _say_unscaled(self, deep=False):
        from bineural.nets.scaling import say_unscaled

        if self.why_unscaled_:
            say_unscaled(name_of(self.architecture), self.why_unscaled_, deep)

    def _inputs(self, prepared, rows=slice(None)):
        """Return what the model takes, for some of the prepared rows."""
        matrix = prepared.matrix[rows]
        if matrix.dtype == np.float64:
            matrix = matrix.astype(np.float32)
        if matrix.shape[1] == 0:  # only embedded categories, or only the intercept: one column of nothing
            matrix = np.zeros((len(matrix), 1), np.float32)
        if not self._level_counts():
            return matrix
        return [matrix, prepared.codes[rows]]

    def _hold_out(self, y, rows):
        """Part `rows` into those trained on and those watched, by the seed; each class gives its share."""
        from bineural.training import stream

        if not self.validation:
            return rows, rows[:0]
        random, watched = stream(self.seed_, "validation"), []
        strata = np.zeros(len(rows), int) if not hasattr(self, "classes_") else y[rows]
        for stratum in np.unique(strata):
            members = random.permutation(rows[strata == stratum])
            watched.append(members[: min(int(self.validation * len(members) + 0.5), len(members) - 1)])
        watched = np.sort(np.concatenate(watched))
        return np.setdiff1d(rows, watched), watched

    # ---- training ----

    def _check_seed(self):
        from bineural.training import check_seed

        seed, checkpoint = self.seed, self._open_checkpoint()
        if seed is None and checkpoint is not None:
            seed = checkpoint.read_note().get("seed")
        return check_seed(seed)

    def _open_checkpoint(self, note=None):
        from bineural.training.checkpoint import Checkpoint

        return None if self.checkpoint is None else Checkpoint(self.checkpoint, note)

    def _check_where(self):
        """Refuse a device that is not here, and a precision that the model can't have."""
        from bineural.nets.plan import check_precision
        from bineural.training import find_device

        find_device(self.device)
        check_precision(self.architecture, self.precision)

    def _level_counts(self):
        preparation = self.preparation_
        if preparation is None or self.categories != "embed":
            return ()
        return tuple(int(n) for n in preparation.level_counts_)

    def _builder_options(self):
        """Return the options of the zoo's builder, `l2` as in the graph; nothing for other models."""
        if not isinstance(self.architecture, str):
            return {}
        options = {
            "units": unit_counts(self.units),
            "activation": self.activation,
            "dropout": float(self.dropout),
            "l1": float(self.l1),
            "l2": PRIOR_PRECISION / 2 if self._scales_penalty() else self.l2_,
            "batch_normalization": bool(self.batch_normalization),
        }
        if self._shares_graph():  # each net of a stack brings its own, see `_rates`
            options |= {"l1": float(self.l1 > 0), "l2": 1.0, "dropout": 0.5 * self._drops_out()}
        counts = self._level_counts()
        return {**options, "level_counts": counts} if counts else options

    def _scales_penalty(self):
        """Say whether the penalty is that of the summed loss, so that folds of any size share a graph.

        The penalties of a model of the user's own are its own affair.
        """
        return isinstance(self.architecture, str) and self.l2 is None and not self.l1

    def _shares_graph(self):
        """Say whether the graph is that of a stack whose nets may differ in `l1`, `l2` and `dropout`."""
        return getattr(self, "_stacks", False) and isinstance(self.architecture, str)

    def _drops_out(self):
        """Say whether the graph of a stack has dropout: nets without it then share the stack, at rate 0."""
        return self.dropout > 0 or getattr(self, "_beside_dropout", False)

    def _rates(self, n_rows):
        """Return what the engine multiplies penalties with, and in a stack the rate of dropout."""
        if not self._shares_graph():
            return {"penalty_scale": 1 / n_rows if self._scales_penalty() else 1.0}
        rates = {"l1_scale": float(self.l1)} if self.l1 else {}
        rates |= {"dropout": float(self.dropout)} if self._drops_out() else {}
        return {"penalty_scale": 1.0, "l2_scale": self.l2_, **rates}

    def _plan(self):
        from bineural.nets.plan import make_plan

        if getattr(self, "_made_plan", None) is None:
            plan = make_plan(
                self.architecture,
                self.input_shape_,
                self.n_outputs_,
                self._builder_options(),
                self.keep_weights,
                self._precision(),
            )
            self._made_plan = plan.starting_from(self._level_shares())
        return self._made_plan

    def _precision(self):
        return getattr(self, "precision", "float32")  # older files have none

    def _level_shares(self):
        """Return how often each level was seen, for the embeddings' weights of that meaning."""
        if not self._level_counts():
            return {}
        shares = [self.preparation_.level_frequencies_[name] for name in self.preparation_.code_columns_]
        return {f"{kind}_{i}/shares": s for i, s in enumerate(shares) for kind in ("embedding", "effect")}

    def _make_job(self, training, weights, train, watch):
        """Return what is to be trained, on which rows and how."""
        plan, rates, options = self._settle_training(len(train))
        self._say_unused(plan)
        y, inputs = self._targets(training.y, train), self._inputs(training)
        keep = self._open_checkpoint(note={"seed": self.seed_})
        return Job(
            plan,
            inputs,
            y,
            weights,
            train,
            watch,
            self._seeds(len(train)),
            self._rate(),
            rates,
            options,
            keep,
        )

    def _settle_training(self, n_rows):
        """Return the plan, its rates and the engine's options for training on `n_rows`."""
        from bineural.training.by_keras import check_callbacks

        self._made_plan = self._keras_model = None
        self.l2_ = PRIOR_PRECISION / (2 * n_rows) if self.l2 is None else float(self.l2)
        plan = self._checked_plan()
        compiled = self._read_compiled(plan)
        loss = self._loss() if compiled.loss is None else compiled.loss
        self.loss_ = loss if isinstance(loss, str) else f"own {loss.name}"
        options = {
            "loss": loss,
            "from_logits": self.output_ == "linear",
            "optimizer": self._settle_optimizer(compiled),
            "batch_size": int(self.batch_size),
            "epochs": int(self.epochs),
            "monitor": self.monitor,
            "patience": None if self.patience is None else int(self.patience),
            "min_delta": float(self.min_delta),
            "callbacks": check_callbacks(self.callbacks),
            "device": self.device,
        }
        return plan, self._rates(n_rows), options

    def _read_compiled(self, plan):
        """Return what is taken of a model that is compiled, and note whether the outcome keeps its unit."""
        from bineural.nets.compiled import Compiled, read_compiled

        compiled = Compiled()
        if not isinstance(self.architecture, str):
            n_classes = len(self.classes_) if hasattr(self, "classes_") else 0
            compiled = read_compiled(plan.source, self.n_outputs_, n_classes, self.output_)
        self._in_unit = compiled.minds_unit or self._is_pretrained()
        return compiled

    def _say_unused(self, plan):
        """Warn of what a model is compiled with and an option replaces, unless that is what is tried."""
        from bineural.nets.compiled import say_unused

        tried = getattr(self, "_tried", ())
        given = {name: getattr(self, name) for name in ("optimizer", "learning_rate") if name not in tried}
        say_unused(plan.source, **given)

    def _is_pretrained(self):
        """Say whether the model has learnt already what its output means."""
        from bineural._tensorflow import keras

        model = self.architecture
        return isinstance(model, keras.Model) and (self.keep_weights or not model.trainable_variables)

    def _settle_optimizer(self, compiled):
        """Return the optimizer that was asked for, else the model's own, else Adam."""
        if self.optimizer is not None:
            return self.optimizer
        return "adam" if compiled.optimizer is None else compiled.optimizer

    def _leave_stack(self, job):
        """Return the job of a net that turned out to be alone: with its own settings in the graph."""
        self._stacks = False
        plan, rates, _ = self._settle_training(len(job.train))
        return job._replace(plan=plan, rates=rates)

    def _train(self, job):
        """Train one job by itself."""
        from bineural.nets.progress import shown_progress

        n_nets = len(job.seeds)
        with shown_progress(n_nets * job.options["epochs"], self.verbose, n_nets) as progress:
            try:
                trained = train_job(job, progress)
            except KeyboardInterrupt as stop:
                if hasattr(stop, "trained"):
                    keep_what_was_reached(self, stop)
                raise
            if progress is not None:
                progress.end(trained)
        self._keep_trained(trained)

    def _checked_plan(self):
        from bineural.nets.plan import check_fit_of_shapes, output_shape, read_output

        plan = self._plan()
        if isinstance(self.architecture, str):
            self.output_ = "linear"
            return plan
        check_fit_of_shapes(plan.model, self.input_shape_, self._allowed_outputs())
        self.n_outputs_ = int(output_shape(plan.model, self.input_shape_)[-1])
        self.output_ = read_output(plan.model)
        self._check_output()
        return plan

    def _rate(self):
        if self.learning_rate is not None:
            return float(self.learning_rate)
        named = self.optimizer is None or isinstance(self.optimizer, str)
        zoo = named and isinstance(self.architecture, str)
        return NAMED_LEARNING_RATE if zoo else None

    def _outputs(self, prepared, weights):
        """Return the model's output with given weights as float64, shape (n_rows, n_outputs)."""
        from bineural.training import device_or_cpu, predict_net

        device = device_or_cpu(getattr(self, "device", None))
        return predict_net(self._plan(), weights, self._inputs(prepared), device=device).astype(np.float64)

    def _prepare(self, X):
        """Turn new rows into numbers; arrays of more than two dimensions must have the shape of training."""
        from sklearn.utils.validation import check_is_fitted

        from bineural.inputs.table import Prepared

        check_is_fitted(self)
        if self.preparation_ is not None and not _is_deep(X):
            return super()._prepare(X)
        if np.shape(X)[1:] != tuple(self.input_shape_):
            raise InputError(
                f"Rows must have the shape of training, {tuple(self.input_shape_)}.",
                f"Found {np.shape(X)[1:]}.",
                "Pass an array of such rows.",
            )
        X = self._scale_channels(_check_deep(X))
        return Prepared(X, np.zeros((len(X), 0), np.int32), None, np.arange(len(X)))

    def __getstate__(self):
        """Leave what can be built again: no live Keras object of ours goes into a file or another process."""
        state = dict(super().__getstate__())
        for name in (
            "_made_plan",
            "_keras_model",
            "_stacks",
            "_beside_dropout",
            "_fitted_rows",
            "_in_unit",
            "_tried",
        ):
            state.pop(name, None)
        return state

    def __sklearn_tags__(self):
        """Say to scikit-learn that fits repeat only with a seed."""
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self.seed is None
        return tags


def _is_deep(X):
    """Say whether X is an array (or nested lists) of more than two dimensions."""
    return (np.ndim(X) if isinstance(X, (list, tuple)) else getattr(X, "ndim", 2)) > 2


def _check_deep(X):
    X = np.asarray(X)
    if X.dtype.kind not in "fiub":
        raise InputError("Arrays must hold numbers.", f"Found dtype {X.dtype}.", "Convert them.")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        raise InputError(
            "Arrays must be finite.",
            f"Input X contains NaN or infinity: {np.size(X) - np.isfinite(X).sum()} of {np.size(X)} values.",
            "Fill or leave out those rows.",
        )
    return X
