"""Exercises on tensors and on training: shapes, a layer, when to stop, dropout and batch normalisation."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong
from bineural.fundamentals.batch_norm import normalise_batch
from bineural.fundamentals.early_stopping import stop_early

TOPIC = "tensors-and-training"

# ---- shapes ----


def _check_shapes(weights, hidden, output):
    rows, inputs, units = 32, 10, 4
    for name, value, shape, slips in (
        (
            "weights",
            weights,
            (inputs, units),
            (
                ((units, inputs), "rows and columns are exchanged: a row belongs to an input."),
                ((rows, units), "weights do not know how many rows there are."),
            ),
        ),
        (
            "hidden",
            hidden,
            (rows, units),
            (((units, rows), "rows and columns are exchanged: a row stays a row."),),
        ),
        (
            "output",
            output,
            (rows, 1),
            (
                ((1, rows), "rows and columns are exchanged: a row stays a row."),
                ((1, 1), "there is one for each row."),
            ),
        ),
    ):
        answers.expect(
            answers.vector(value, name, 2),
            shape,
            name,
            slips,
            "(n, k) times (k, m) is (n, m): the inner numbers must agree, and they vanish.",
        )


# ---- a layer ----

X = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 1.0], [2.0, 0.0]])
WEIGHTS = np.array([[1.0, -1.0, 0.5], [2.0, 0.5, -1.0]])
BIAS = np.array([0.25, -0.5, 1.0])


def _check_dense(layer):
    call = answers.function(layer, "layer")
    for x in (X, X[:1]):
        what = f"What `layer` returns for x of {len(x)} x 2 and 3 units"
        outputs = answers.matrix(call(x=x, weights=WEIGHTS, bias=BIAS), "layer", (len(x), 3), what)
        net = x @ WEIGHTS
        down = np.resize(BIAS, net.size).reshape(net.shape, order="F")  # as R recycles a vector
        answers.expect(
            outputs,
            np.maximum(0, net + BIAS),
            "layer",
            (
                (net + BIAS, "the ReLU is missing: nothing below 0 may come out."),
                (np.maximum(0, net), "the bias is missing."),
                (np.maximum(0, net) + BIAS, "the bias belongs inside the ReLU."),
                (np.maximum(0, net + down), "the bias runs down the columns; each unit, a column, has one."),
                (np.minimum(0, net + BIAS), "it keeps what is below 0, and not what is above."),
            ),
            "it does not give relu(x weights + bias).",
        )


# ---- training ----

LOSSES = (0.62, 0.5, 0.43, 0.45, 0.31)


def _check_early_stop(last_epoch, kept_epoch):
    stop = stop_early(np.repeat(LOSSES, 10), every=10)
    answers.expect(
        answers.number(last_epoch, "last_epoch"),
        stop.last_epoch,
        "last_epoch",
        (
            (stop.last_epoch / 10, "that is the number of the look; there are ten epochs between two looks."),
            (10 * len(LOSSES), "the rule does not wait to see that."),
        ),
        "it ends at the first look that is worse than the one before.",
    )
    answers.expect(
        answers.number(kept_epoch, "kept_epoch"),
        stop.kept_epoch,
        "kept_epoch",
        (
            (10 * len(LOSSES), "that model is never trained: it stopped before."),
            (stop.last_epoch, "that model is the one that was worse."),
            (stop.kept_epoch / 10, "that is the number of the look; there are ten epochs between two looks."),
        ),
        "the model that is kept is that of the look before the last.",
    )


def _check_dropout(factor):
    rate = 0.2
    answers.expect(
        answers.number(factor, "factor"),
        1 / (1 - rate),
        "factor",
        (
            (
                1 - rate,
                "that is the share that stays; so sums get smaller, and they are to be as large as before.",
            ),
            (1 + rate, "what is missing is a share of the whole, not of what stays."),
            (1 / rate, "that would be if only the dropped ones had stayed."),
        ),
        "on average the sum must be what it was without dropout.",
    )


BATCH, EPSILON = np.array([0.1, 0.2, 0.3, 0.6]), 0.001


def _check_batch_norm(values):
    centred = BATCH - BATCH.mean()
    n = BATCH.size
    answers.expect(
        answers.vector(values, "values", n),
        normalise_batch(BATCH, epsilon=EPSILON).values.ravel(),
        "values",
        (
            (
                centred / np.sqrt(BATCH.var(ddof=1) + EPSILON),
                "the variance here divides by the number of rows.",
            ),
            (
                centred / BATCH.std(ddof=1),
                "the variance here divides by the number of rows, and has epsilon added.",
            ),
            (centred / BATCH.std(), "epsilon is missing; it is added to the variance."),
            (centred / (BATCH.std() + EPSILON), "epsilon is added to the variance, not to its root."),
            (centred, "the mean is taken away, but nothing is divided yet."),
        ),
        "it is not (value - mean) / root of (variance + epsilon).",
    )


def _check_count_bn(parameters, trainable):
    units = np.array([1, 30, 100, 100, 30, 1])
    dense, normalised = int(units[:-1] @ units[1:] + units[1:].sum()), int(units[1:-1].sum())
    answers.expect(
        answers.number(parameters, "parameters"),
        dense + 4 * normalised,
        "parameters",
        (
            (dense, "those are the dense layers alone."),
            (dense + 2 * normalised, "besides scale and shift each unit keeps two moving averages."),
            (dense + normalised, "a unit has more than one number more."),
        ),
        "each hidden unit that is normalised has four numbers more.",
    )
    if answers.is_near(answers.number(trainable, "trainable"), dense + 4 * normalised):
        raise Wrong("trainable", "not all of them are learnt by descent.")
    answers.expect(
        answers.number(trainable, "trainable"),
        dense + 2 * normalised,
        "trainable",
        ((dense, "scale and shift are learnt too."),),
        "scale and shift are learnt by descent; the moving averages only follow.",
    )


EXERCISES = (
    Exercise(
        name="tensor-shapes",
        topic=TOPIC,
        title="Shapes on the way through a net",
        task="32 rows of 10 inputs go through a dense layer of 4 units and then through one of a single "
        "unit. What are the shapes of the first layer's weights, of what comes out of it, and of what comes "
        "out of the second?",
        inputs={"weights": "rows, columns", "hidden": "rows, columns", "output": "rows, columns"},
        check=_check_shapes,
        hints=(
            "A layer gives x W: the columns of x must be as many as the rows of W.",
            "W has a row for each input and a column for each unit; what comes out has a row for each row "
            "of x.",
            "The weights are 10 x 4, the hidden values 32 x 4, the output 32 x 1.",
        ),
        lesson="The number of rows goes through untouched and is in no weight: this is why a net that was "
        "trained in batches of one size predicts rows of any number.",
        answer={"weights": [10, 4], "hidden": [32, 4], "output": [32, 1]},
        wrong=(
            ({"weights": [4, 10]}, "weights"),
            ({"weights": [32, 4]}, "weights"),
            ({"hidden": [4, 32]}, "hidden"),
            ({"output": [1, 1]}, "output"),
        ),
    ),
    Exercise(
        name="dense-layer",
        topic=TOPIC,
        title="A dense layer",
        task="Write a function of x (a row for each case), weights (a row for each input, a column for each "
        "unit) and bias (one for each unit) that returns relu(x weights + bias), a row for each case.",
        inputs={"layer": "a function of x, weights and bias"},
        check=_check_dense,
        hints=(
            "There are three steps: a matrix product, a sum, and the larger of 0 and what came out. Each has "
            "to keep rows and columns: in R `pmax(m, 0)` does, and `pmax(0, m)` does not.",
            "The product of matrices is not the product of numbers at the same place; and mind that the "
            "bias is added to every row, one number for each column. Try it with more rows than units.",
            'Python: np.maximum(0, x @ weights + bias). R: pmax(sweep(x %*% weights, 2, bias, "+"), 0).',
        ),
        lesson="This line is most of a neural network; the rest is many of them in a row. In Python a "
        "vector is added to each row, in R it runs down the columns: the same formula, two traps.",
        answer={"layer": lambda x, weights, bias: np.maximum(0, x @ weights + bias)},
        wrong=(
            ({"layer": lambda x, weights, bias: x @ weights + bias}, "layer"),
            ({"layer": lambda x, weights, bias: np.maximum(0, x @ weights)}, "layer"),
            ({"layer": lambda x, weights, bias: np.maximum(0, x @ weights) + bias}, "layer"),
        ),
    ),
    Exercise(
        name="early-stop",
        topic=TOPIC,
        title="When to stop",
        task="The validation loss is looked at every 10 epochs, and is 0.62, 0.50, 0.43, 0.45, 0.31. "
        "Training stops at the first look that is worse than the one before, and goes back to the model of "
        "that one. At which epoch does it end, and of which epoch is the model that is kept?",
        inputs={"last_epoch": "an epoch", "kept_epoch": "an epoch"},
        check=_check_early_stop,
        hints=(
            "Go from look to look, and compare each with the one before only.",
            "The first rise ends it; what comes after is never seen.",
            "The fourth look is worse: training ends at epoch 40, and the model of epoch 30 is kept.",
        ),
        lesson="The rule has no patience: it never sees the 0.31. Waiting for a few looks more before "
        "giving up is what `patience` does.",
        answer={"last_epoch": 40, "kept_epoch": 30},
        wrong=(
            ({"last_epoch": 4}, "last_epoch"),
            ({"last_epoch": 50}, "last_epoch"),
            ({"kept_epoch": 50}, "kept_epoch"),
            ({"kept_epoch": 40}, "kept_epoch"),
        ),
    ),
    Exercise(
        name="dropout-scale",
        topic=TOPIC,
        title="What is left is made larger",
        task="Dropout with rate 0.2 sets one in five units to 0 in training. By which factor are those that "
        "stay multiplied, so that sums are on average what they were and nothing has to be done at "
        "prediction?",
        inputs={"factor": "a number"},
        check=_check_dropout,
        hints=(
            "Let five units of value 1 be added up. How many stay, on average?",
            "The factor times the share that stays must be 1.",
            "1 / 0.8 = 1.25.",
        ),
        lesson="Scaled in training (inverted dropout), the net is used as it is at prediction. The older way "
        "multiplies at prediction instead; the expectation is the same.",
        answer={"factor": 1.25},
        wrong=(({"factor": 0.8}, "factor"), ({"factor": 1.2}, "factor"), ({"factor": 5}, "factor")),
    ),
    Exercise(
        name="batch-norm",
        topic=TOPIC,
        title="Normalise a batch",
        task="A unit gives 0.1, 0.2, 0.3 and 0.6 for the four rows of a batch. What does batch "
        "normalisation make of them in training, with scale 1, shift 0 and epsilon 0.001? Three decimals.",
        inputs={"values": "four numbers"},
        check=_check_batch_norm,
        hints=(
            "Take the mean of the batch away, and divide by the root of its variance and epsilon together.",
            "The variance of a batch divides by the number of its rows, not by one fewer.",
            "The mean is 0.3, the variance 0.035: -1.054, -0.527, 0 and 1.581.",
        ),
        lesson="What a row becomes depends on the other rows of its batch; at prediction moving averages "
        "stand in, so that one row can be predicted alone.",
        answer={"values": [-1.054, -0.527, 0, 1.581]},
        wrong=(
            ({"values": [-0.916, -0.458, 0, 1.374]}, "values"),
            ({"values": [-1.069, -0.535, 0, 1.604]}, "values"),
            ({"values": [-0.2, -0.1, 0, 0.3]}, "values"),
        ),
    ),
    Exercise(
        name="count-bn",
        topic=TOPIC,
        title="What batch normalisation adds",
        task="The dense network with 1 input, hidden layers of 30, 100, 100 and 30 units and 1 output has "
        "16,321 weights and biases. Batch normalisation is put after each hidden layer. How many numbers "
        "has the net then, and how many of them are learnt by descent?",
        inputs={"parameters": "a whole number", "trainable": "a whole number"},
        check=_check_count_bn,
        hints=(
            "There are 260 hidden units. What does batch normalisation keep for each?",
            "A scale, a shift, and two moving averages (mean and variance), of which descent learns the "
            "first two.",
            "16,321 + 4 x 260 = 17,361, of which 16,321 + 2 x 260 = 16,841 are learnt.",
        ),
        lesson="The moving averages are no weights, but they are part of the model: a file without them "
        "predicts something else.",
        answer={"parameters": 17361, "trainable": 16841},
        wrong=(
            ({"parameters": 16841}, "parameters"),
            ({"parameters": 16321}, "parameters"),
            ({"trainable": 17361}, "trainable"),
            ({"trainable": 16321}, "trainable"),
        ),
    ),
)
