"""The net: any Keras architecture as a scikit-learn estimator, and as one verb beside `fit_glm`.

Columns are prepared as for the GLM and standardised; the engine in `training/` does the rest, from one seed.
"""

import numpy as np
from scipy.special import expit, softmax

from bineural.errors import InputError
from bineural.inputs.estimator import ClassifierFace, RegressorFace
from bineural.inputs.problem import is_classification, read_problem
from bineural.measures.ordering import class_logits
from bineural.nets.base import FittedByTraining
from bineural.nets.batches import read_stream
from bineural.nets.interrupted import fit_or_part
from bineural.nets.option_checks import class_weights
from bineural.nets.saved import NET, NET_CLASSES, NET_NUMBERS
from bineural.tables.batches import is_stream


class NetClassifier(ClassifierFace, FittedByTraining):
    """Net for labels: one logit for two classes, one for each class for more.

    Parameters
    ----------
    formula : str, optional
        Right-hand side, for example ``"Age + Number + Start"``; None takes every column by its type.
    event : label, optional
        Class whose log-odds are modelled; None takes the last of `classes_` and leaves the event unnamed.
    architecture : str, keras.Model or callable
        "skip" (a ridge GLM plus a penalised hidden part), "mlp", a Keras model, or a builder
        ``(input_shape, n_outputs) -> keras.Model``. A model is a layout: it is never changed, and its weights
        start afresh from the seed (those of frozen and adapted layers stay). It ends in logits, a sigmoid or
        a softmax. One that is compiled is trained on its own loss by its own optimizer, see Notes.
    units : sequence of int
        Width of each hidden layer (zoo architectures, as the next five).
    activation : str
        Of the hidden layers.
    dropout : float in [0, 1)
        Share of hidden units left out at random in each training step.
    l1 : float
        Penalty on sum(abs(weight)), on the scale of the mean loss.
    l2 : float, optional
        Penalty on sum(weight**2), on the scale of the mean loss. None is 3 / (2 n), with n rows trained on:
        normal weights of precision 3 a priori, whatever the number of rows.
    batch_normalization : bool
        Normalise hidden layers over the batch; they then have no bias.
    categories : {"onehot", "embed"}
        One column for each level, or a learnt embedding of each level (a level not seen in training is the
        average level).
    scale : {"auto"} or bool
        Standardise columns of numbers by mean and SD of the training rows, and each channel (the last axis)
        of arrays of more dimensions. "auto" does so unless a Keras model wants numbers as they are, and then
        says so: it has an adapted `Normalization`, another layer that is adapted or frozen, or begins with
        one that rescales, normalises or embeds, or `keep_weights` is True.
    optimizer : str or keras.Optimizer, optional
        Name as in Keras, or an optimizer whose settings are copied. None is that of a compiled Keras model,
        else Adam.
    learning_rate : float, optional
        None: 0.01 for a zoo architecture with a named optimizer, else the optimizer's own.
    batch_size : int
        Rows in a step; the last batch of an epoch may be smaller.
    epochs : int
        Most passes over the training rows.
    validation : float in [0, 1) or None
        Share of the rows of each class, drawn by the seed, that is watched and not trained on; the weights of
        the epoch with the lowest loss there are kept. 0 or None trains on all rows for all epochs.
    monitor : str, keras.Loss or callable
        What is watched on the validation rows: "loss" (the loss trained on), "auroc" (two classes; higher is
        better), or another loss, as its name in Keras or a function of (y, output).
    patience : int, optional
        Epochs without a new best value of `monitor` after which training stops; None never stops early.
    min_delta : float
        By how much a value must be better to count as new best, in the unit of `monitor`.
    ensemble : int, optional
        Nets of seeds of their own, trained at once on the same rows; the mean of their predictions predicts,
        and `predict_spread` says how far they lie apart. None is five for the skip net on up to 10,000
        training rows (without callbacks or checkpoint), else one.
    class_weight : None, "balanced" or dict of label to float
        Factor on the weights of each class's rows, in training and in the validation loss.
    keep_weights : bool
        Start from the weights that a Keras model given as `architecture` has.
    callbacks : keras.callbacks.Callback or list of them, optional
        Training then goes through Keras' own loop, net by net: slower, same seeds and batches. So does a
        Keras model whose class has a `train_step` of its own. A file of the net leaves them out.
    checkpoint : str or path, optional
        File that is written about every 10 seconds while training, at Ctrl-C and at the end. The same call
        goes on from it, also after a crash, and ends with the same weights to the bit; `epochs` may be more
        than before (of an ensemble not). Without a `seed` it takes the one in the file. The file of another
        training is an error.
    device : str, optional
        "gpu", "gpu:1", "cpu"; None is the CPU, whose results repeat to the bit.
    precision : {"float32", "mixed"}
        "mixed" computes in bfloat16 and keeps weights and losses in float32.
    missing : {"error", "drop", "impute"}
        What to do with rows that have missing values.
    unseen : {"warn", "error"}
        Levels at prediction that training never saw.
    seed : int, optional
        Decides validation rows, initial weights, batch order and dropout. None draws a fresh one, kept in
        `seed_`.
    verbose : None, 0 or 1
        None: a bar on a terminal or in a notebook, else nothing. 0: nothing. 1: a bar, or one line.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
    event_ : label or None
    history_ : dict of list of float
        "loss", "validation_loss" (nats a row, without penalties) and "penalty", one number for each epoch.
    n_epochs_, best_epoch_ : int
        Epochs run; the one whose weights are kept, counted from 1.
    how_ : str
        How it was trained: "alone" or "alone, XLA" (compiled, in long work), in a "stack" or "stack, XLA"
        (with others at once), or by "Keras" (with callbacks, or a model with a `train_step` of its own).
    weights_ : list of ndarray of float32
        In the order of `keras_model_.get_weights()`.
    keras_model_ : keras.Model
        The fitted net, built when first asked for; its input is the prepared matrix.
    preparation_ : Preparation
        None for arrays of more than two dimensions.
    scaled_ : bool
        Whether columns (or channels) were standardised.
    why_unscaled_ : str
        What kept `scale="auto"` from it; empty if nothing did.
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

    The default penalty was chosen among precisions 1, 2, 3, 4, 5 and 10 by repeated stratified 10-fold
    cross-validation (mean log loss of the net; of the GLM on the same folds): kyphosis 0.407; 0.436, birthwt
    0.588; 0.589, Pima.tr with Pima.te 0.453; 0.457, Sonar 0.349; 7.4. Weaker penalties do better on
    kyphosis (0.388 at 1) and lose on birthwt; without validation rows and with a tenth of precision 1 the
    same net loses badly (kyphosis 1.12).

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> net = NetClassifier("Age + Number + Start", event="present", seed=2019)
    >>> net.fit(kyphosis, kyphosis["Kyphosis"]).predict_proba(kyphosis[:2]).shape
    (2, 2)
    """

    def __init__(
        self,
        formula=None,
        *,
        event=None,
        architecture="skip",
        units=(16, 8),
        activation="relu",
        dropout=0.0,
        l1=0.0,
        l2=None,
        batch_normalization=False,
        categories="onehot",
        scale="auto",
        optimizer=None,
        learning_rate=None,
        batch_size=32,
        epochs=300,
        validation=0.2,
        monitor="loss",
        patience=30,
        min_delta=0.0,
        ensemble=None,
        class_weight=None,
        keep_weights=False,
        callbacks=None,
        checkpoint=None,
        device=None,
        precision="float32",
        missing="error",
        unseen="warn",
        seed=None,
        verbose=None,
    ):
        self.formula = formula
        self.event = event
        self.architecture = architecture
        self.units = units
        self.activation = activation
        self.dropout = dropout
        self.l1 = l1
        self.l2 = l2
        self.batch_normalization = batch_normalization
        self.categories = categories
        self.scale = scale
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation = validation
        self.monitor = monitor
        self.patience = patience
        self.min_delta = min_delta
        self.ensemble = ensemble
        self.class_weight = class_weight
        self.keep_weights = keep_weights
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.device = device
        self.precision = precision
        self.missing = missing
        self.unseen = unseen
        self.seed = seed
        self.verbose = verbose

    SCHEMA = {**NET, **NET_CLASSES}

    def _n_outputs(self):
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _allowed_outputs(self):
        return (1, 2) if len(self.classes_) == 2 else (len(self.classes_),)

    def _check_output(self):
        wanted = ("linear", "sigmoid") if self.n_outputs_ == 1 else ("linear", "softmax")
        if self.output_ not in wanted:
            raise InputError(
                f"A classifier of {self.n_outputs_} output(s) must end in {wanted[0]} or {wanted[1]}.",
                f"Found {self.output_!r}.",
                f"Use activation={wanted[1]!r} in its last layer, or none for logits.",
            )

    def _loss(self):
        return "binary_crossentropy" if self.n_outputs_ == 1 else "categorical_crossentropy"

    def _targets(self, y, train):
        return (y == self.event_position_).astype(np.float32) if self.n_outputs_ == 1 else y

    def _total_weights(self, training):
        if self.class_weight is None:
            return training.weights
        each = np.ones(len(training.y)) if training.weights is None else training.weights
        counts = np.bincount(training.y, weights=each, minlength=len(self.classes_))
        return each * class_weights(self.class_weight, self.classes_, counts)[training.y]

    def _probability(self, prepared):
        return self._predictions(prepared).mean(axis=0)

    def _probability_and_logit(self, prepared):
        outputs = [self._outputs(prepared, weights) for weights in self._members()]
        probability = np.stack([self._from_output(output) for output in outputs]).mean(axis=0)
        if self.output_ != "linear":
            return probability, None
        mean = np.mean(outputs, axis=0)
        if self.n_outputs_ > 1:
            return probability, class_logits(mean)
        sign = np.where(np.arange(2) == self.event_position_, 1.0, -1.0)
        return probability, mean * sign

    def _from_output(self, output):
        if self.n_outputs_ > 1:
            return (
                softmax(output, axis=1) if self.output_ == "linear" else output / output.sum(1, keepdims=True)
            )
        event = expit(output[:, 0]) if self.output_ == "linear" else output[:, 0]
        both = np.empty((len(event), 2))
        both[:, self.event_position_] = event
        both[:, 1 - self.event_position_] = 1 - event
        return both


class NetRegressor(RegressorFace, FittedByTraining):
    """Net for numbers, trained on the squared error of the standardised outcome.

    Mean and SD of the outcome are learnt from the rows trained on, and predictions are in its own units. A
    model of your own sees the outcome as it is where it ends in another than linear activation, keeps its
    weights, or is compiled with a loss other than squared or absolute error, which would depend on the unit.

    Parameters
    ----------
    formula, architecture, units, activation, dropout, l1, l2, batch_normalization, categories, scale
        See `NetClassifier`.
    optimizer, learning_rate, batch_size, epochs, validation, monitor, patience, min_delta, ensemble
        See `NetClassifier`; validation rows are drawn without strata.
    keep_weights, callbacks, checkpoint, device, precision
        See `NetClassifier`.
    missing, unseen, seed, verbose
        See `NetClassifier`.

    Attributes
    ----------
    history_ : dict of list of float
        "loss" and "validation_loss" (mean squared error of the standardised outcome) and "penalty".
    outcome_center_, outcome_scale_ : float
        Mean and n-1 SD of the outcome.
    n_epochs_, best_epoch_, weights_, keras_model_, preparation_, l2_, seed_, n_validation_rows_,
    interrupted_, scaled_, why_unscaled_, channel_centers_, channel_scales_, loss_
        See `NetClassifier`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-1, 1, 60).reshape(-1, 1)
    >>> net = NetRegressor(seed=1, epochs=50).fit(x, 3 * x[:, 0] + 100)
    >>> net.predict(x).shape
    (60,)
    """

    def __init__(
        self,
        formula=None,
        *,
        architecture="skip",
        units=(16, 8),
        activation="relu",
        dropout=0.0,
        l1=0.0,
        l2=None,
        batch_normalization=False,
        categories="onehot",
        scale="auto",
        optimizer=None,
        learning_rate=None,
        batch_size=32,
        epochs=300,
        validation=0.2,
        monitor="loss",
        patience=30,
        min_delta=0.0,
        ensemble=None,
        keep_weights=False,
        callbacks=None,
        checkpoint=None,
        device=None,
        precision="float32",
        missing="error",
        unseen="warn",
        seed=None,
        verbose=None,
    ):
        self.formula = formula
        self.architecture = architecture
        self.units = units
        self.activation = activation
        self.dropout = dropout
        self.l1 = l1
        self.l2 = l2
        self.batch_normalization = batch_normalization
        self.categories = categories
        self.scale = scale
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation = validation
        self.monitor = monitor
        self.patience = patience
        self.min_delta = min_delta
        self.ensemble = ensemble
        self.keep_weights = keep_weights
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.device = device
        self.precision = precision
        self.missing = missing
        self.unseen = unseen
        self.seed = seed
        self.verbose = verbose

    SCHEMA = {**NET, **NET_NUMBERS}

    def _n_outputs(self):
        return 1

    def _allowed_outputs(self):
        return (1,)

    def _check_output(self):
        """Any activation will do; another than linear keeps the outcome's own scale."""

    def _loss(self):
        return "mean_squared_error"

    def _targets(self, y, train):
        spread = float(np.std(y[train], ddof=1)) if len(train) > 1 else 0.0
        self._keep_scale(float(np.mean(y[train])), spread)
        return (y - self.outcome_center_) / self.outcome_scale_

    def _keep_scale(self, mean, spread):
        standardise = self.output_ == "linear" and not self._in_unit
        self.outcome_center_ = mean if standardise else 0.0
        self.outcome_scale_ = spread if standardise and spread > 0 else 1.0

    def _total_weights(self, training):
        return training.weights

    def _mean(self, prepared):
        return self._predictions(prepared).mean(axis=0)

    def _from_output(self, output):
        return output[:, 0] * self.outcome_scale_ + self.outcome_center_


def fit_net(
    formula,
    data,
    *,
    event=None,
    classes=None,
    architecture="skip",
    units=(16, 8),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=None,
    batch_normalization=False,
    categories="onehot",
    scale="auto",
    optimizer=None,
    learning_rate=None,
    batch_size=32,
    epochs=300,
    validation=0.2,
    monitor="loss",
    patience=30,
    min_delta=0.0,
    ensemble=None,
    class_weight=None,
    weights=None,
    keep_weights=False,
    callbacks=None,
    checkpoint=None,
    device=None,
    precision="float32",
    missing="error",
    unseen="warn",
    seed=None,
    verbose=None,
):
    """Fit a neural net.

    Parameters
    ----------
    formula : str, data frame or array_like
        ``"outcome ~ terms"`` in R's notation; or the predictors x, with the outcome y as `data`. An array of
        more than two dimensions (images) goes to a model of your own, its channels standardised (`scale`).
    data : data frame, array_like, str, path, pyarrow.dataset.Dataset, callable or iterable
        Rows; or the outcome y (or its column name) beside x; or rows in batches, more than memory holds: a
        Parquet file or a folder of them, a pyarrow data set, a function without arguments that returns a
        fresh iterator of tables, or a list or other iterable of tables (see Notes).
    event : label, optional
        Class whose probability is meant. A two-class outcome must name it.
    classes : list of labels, optional
        Takes a numeric outcome as these classes.
    weights : str or array_like of float64, shape (n_rows,), optional
        Row weights, or the name of their column. Scaled to mean one; on the full batch a weight of 2 is the
        row twice, and a row of weight 0 is left out.
    architecture, units, activation, dropout, l1, l2, batch_normalization, categories, scale
        The net; see `NetClassifier`.
    optimizer, learning_rate, batch_size, epochs, validation, monitor, patience, min_delta, ensemble,
    class_weight, keep_weights, callbacks, checkpoint, device, precision
        Its training; see `NetClassifier`.
    missing, unseen, seed, verbose
        See `NetClassifier`.

    Returns
    -------
    NetClassifier or NetRegressor
        Fitted; `.summary()`, `.plot()`, `.predict_proba(new)`. After Ctrl-C, which ends training with the
        current chunk of epochs, what was reached, with a warning and `interrupted_` True.

    Raises
    ------
    InputError
        If formula, columns, outcome or options cannot be used; the message says which.

    Notes
    -----
    Batches are read once to learn levels, means and SDs, and once more in each epoch; nothing that is kept
    grows with the rows. Rows are shuffled within a buffer of at most 65,536 rows, row groups of Parquet
    among each other too where there are several buffers. At most a buffer of rows, drawn without strata, is
    watched; mean and SD of a numeric outcome are then those of all rows. The net depends on the rows, their
    order and the seed, not on how they were cut into batches; with `validation=0` and one buffer it is the
    net of the same rows in memory. A term that must see all rows at once (`poly`, quantiles as knots),
    `missing="impute"`, `callbacks` and `checkpoint` are refused; members of an ensemble are trained one
    after the other. Where a category is multiplied in the formula one more pass finds constant columns.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> net = bn.fit_net("Kyphosis ~ Age + Number + Start", kyphosis, event="present", seed=2019)
    >>> net.predict_event(kyphosis[:3]).shape
    (3,)
    """
    shared = {
        "architecture": architecture,
        "units": units,
        "activation": activation,
        "dropout": dropout,
        "l1": l1,
        "l2": l2,
        "batch_normalization": batch_normalization,
        "categories": categories,
        "scale": scale,
        "optimizer": optimizer,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "epochs": epochs,
        "validation": validation,
        "monitor": monitor,
        "patience": patience,
        "min_delta": min_delta,
        "ensemble": ensemble,
        "keep_weights": keep_weights,
        "callbacks": callbacks,
        "checkpoint": checkpoint,
        "device": device,
        "precision": precision,
        "missing": missing,
        "unseen": unseen,
        "seed": seed,
        "verbose": verbose,
    }
    if is_stream(data) if isinstance(formula, str) else isinstance(data, str) and is_stream(formula):
        labels = event is not None or classes is not None
        problem = read_stream(formula, data, NetRegressor(**shared), weights, labels)
    else:
        problem = read_problem(formula, data, weights)
    return fit_or_part(problem, choose_net(problem, event, classes, class_weight, shared))


def choose_net(problem, event, classes, class_weight, options):
    """Return the unfitted estimator for a problem's outcome, or say what of it must be named."""
    if is_classification(problem.y, event, classes):
        return NetClassifier(event=event, class_weight=class_weight, **options)
    if class_weight is not None:
        raise InputError(
            "`class_weight` can be used with classes only.",
            "The outcome is numbers.",
            "Use weights=, or name event= or classes=.",
        )
    return NetRegressor(**options)
