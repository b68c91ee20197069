"""Exercises on what layers do: regions, codes, bumps, folds, and counting what is learnt."""

from itertools import product

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong
from bineural.fundamentals.separator import find_separator

TOPIC = "depth"
PAIRS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = [0, 1, 1, 0]

# ---- regions and codes ----


def _check_regions(regions):
    lines = 4
    answers.expect(
        answers.number(regions, "regions"),
        1 + lines + lines * (lines - 1) // 2,
        "regions",
        (
            (2**lines, "that would be all codes of on and off; lines in a plane do not reach them all."),
            (2 * lines, "that is when all lines go through one point."),
            (lines + lines * (lines - 1) // 2, "before the first line there is a region already."),
            (1 + lines, "that is when all lines are parallel: here they cross."),
        ),
        "draw them one after the other: a new line cuts each region that it goes through in two.",
    )


def _check_code(code):
    bits = answers.digits(code, "code", 3)
    places = {}
    for x1, x2 in product((-2, -0.5, 0.25, 2), repeat=2):
        places[(x1 > 0, x2 > 0, x1 + x2 > 1)] = (x1, x2)
    place = places.get(tuple(bits == 1))
    if place is not None:
        raise Wrong("code", f"that one occurs, for instance at x1 = {place[0]:g}, x2 = {place[1]:g}.")


# ---- counting and collapsing ----


def _check_parameters(parameters):
    units = np.array([1, 30, 100, 100, 30, 1])
    weights = int(units[:-1] @ units[1:])
    answers.expect(
        answers.number(parameters, "parameters"),
        weights + units[1:].sum(),
        "parameters",
        (
            (weights, "every unit has a bias too."),
            (weights + units.sum(), "the input has no bias."),
            (units.sum(), "those are the units; count the connections between them."),
        ),
        "that is not all weights and biases.",
    )


LAYERS = {
    "W1": np.array([[1, 2], [3, -1]]),
    "b1": np.array([1, 2]),
    "W2": np.array([[2, 0], [1, 3]]),
    "b2": np.array([0.5, -1]),
}


def _check_linear_layers(weights, bias):
    first, second = LAYERS["W1"], LAYERS["W2"]
    answers.expect(
        answers.matrix(weights, "weights", (2, 2)),
        first @ second,
        "weights",
        (
            (second @ first, "the first layer comes first: the order of a product matters."),
            ((first @ second).T, "rows and columns are exchanged; a row belongs to an input."),
            (first * second, "that is the product of each number with the one at its place."),
            (first + second, "layers one after the other multiply."),
        ),
        "it is not the product of the two matrices.",
    )
    answers.expect(
        answers.vector(bias, "bias", 2),
        LAYERS["b1"] @ second + LAYERS["b2"],
        "bias",
        (
            (LAYERS["b1"] + LAYERS["b2"], "the first bias goes through the second layer too."),
            (LAYERS["b1"] @ second, "the second bias is missing."),
        ),
        "it is not what the two layers give for the input (0, 0).",
    )


# ---- a bump, and a fold ----

EDGES, HEIGHT = (0.3, 0.7), 0.6


def _check_bump(weights, biases, output_weights):
    weights = answers.vector(weights, "weights", 2)
    biases = answers.vector(biases, "biases", 2)
    output_weights = answers.vector(output_weights, "output_weights", 2)
    x = np.linspace(0, 1, 201)
    x = x[np.min(np.abs(x[:, None] - np.array(EDGES)), axis=1) > 0.05]  # away from the steps
    given = (1 / (1 + np.exp(-np.clip(np.outer(x, weights) + biases, -700, 700)))) @ output_weights
    inside = (x > EDGES[0]) & (x < EDGES[1])
    gap = np.abs(given - np.where(inside, HEIGHT, 0))
    if gap.max() < 0.02:
        return
    if not weights.all():
        raise Wrong("weights", "a unit with weight 0 has no step.")
    steps = np.sort(-biases / weights)
    if np.abs(steps - EDGES).max() > 0.02:
        raise Wrong(
            "biases",
            f"a unit steps where weight x + bias is 0; these do at x = {steps[0]:.3g} and {steps[1]:.3g}.",
        )
    if np.abs(weights).min() < 75:
        raise Wrong("weights", "the steps are at their places, but too flat.")
    at = int(gap.argmax())
    raise Wrong(
        "output_weights", f"the steps are fine; at x = {x[at]:.3g} the network gives {given[at]:.3g}."
    )


def _check_fold(hidden_weights, hidden_bias):
    weights = answers.matrix(hidden_weights, "hidden_weights", (2, 2))
    bias = answers.vector(hidden_bias, "hidden_bias", 2)
    hidden = np.maximum(0, PAIRS @ weights + bias)
    if _is_separable(hidden):
        return
    if _is_separable(np.maximum(0, PAIRS @ weights.T + bias)):
        raise Wrong(
            "hidden_weights", "a column holds the weights of one unit; here rows and columns are exchanged."
        )
    reach = np.abs(weights).max() or 1.0
    for shift in product(np.linspace(-1.5, 1.5, 7) * reach, repeat=2):
        if _is_separable(np.maximum(0, PAIRS @ weights + shift)):
            raise Wrong("hidden_bias", f"{_told(hidden)} With other biases these weights would do.")
    raise Wrong("hidden_weights", _told(hidden))


def _is_separable(hidden):
    scale = np.abs(hidden).max()
    return bool(scale > 0 and find_separator(hidden / scale, XOR).margin > 1e-6)


def _told(hidden):
    points = ", ".join(f"({a:.4g}, {b:.4g})" for a, b in hidden)
    return f"no line parts the points, which the hidden units send to {points}."


EXERCISES = (
    Exercise(
        name="count-regions",
        topic=TOPIC,
        title="Regions of four lines",
        task="Four units see two inputs; each cuts the plane by a line. Into how many regions do they cut "
        "it at most?",
        inputs={"regions": "a whole number"},
        check=_check_regions,
        hints=(
            "The most come where no two lines are parallel and no three meet. Begin with one line: two "
            "regions.",
            "The n-th line crosses the n - 1 before it, and so goes through n regions, each of which it "
            "cuts in two.",
            "1 + 1 + 2 + 3 + 4 = 11.",
        ),
        lesson="With n lines it is 1 + n + n (n - 1) / 2: regions grow with the square of the units, and not "
        "with two to their number. A second layer cuts each of them again.",
        answer={"regions": 11},
        wrong=(({"regions": 16}, "regions"), ({"regions": 8}, "regions"), ({"regions": 10}, "regions")),
    ),
    Exercise(
        name="impossible-code",
        topic=TOPIC,
        title="The code that can't occur",
        task="Three units are on (1) where x1 > 0, where x2 > 0, and where x1 + x2 > 1. Which of the 8 "
        "codes of on and off has no point?",
        inputs={"code": "three digits 0 or 1, in the order of the units"},
        check=_check_code,
        hints=(
            "Three lines make 7 regions, one fewer than there are codes.",
            "If x1 and x2 are both at most 0, what do you know of their sum?",
            "0, 0, 1: the sum of two numbers at most 0 can't be above 1.",
        ),
        lesson="Three units that are on or off tell 7 places apart, where three classes would tell 3: codes "
        "that share units go far (a distributed representation), if not all the way to 8.",
        answer={"code": [0, 0, 1]},
        wrong=(({"code": [1, 1, 0]}, "code"), ({"code": "111"}, "code"), ({"code": [0, 2, 1]}, "code")),
    ),
    Exercise(
        name="parameter-count",
        topic=TOPIC,
        title="Count what is learnt",
        task="A dense network has 1 input, hidden layers of 30, 100, 100 and 30 units, and 1 output. How "
        "many weights and biases does it learn?",
        inputs={"parameters": "a whole number"},
        check=_check_parameters,
        hints=(
            "Between two layers every unit is joined with every other, and each unit that is not an input "
            "has a bias.",
            "A layer learns (units before + 1) x units. Add up five layers.",
            "60 + 3,100 + 10,100 + 3,030 + 31 = 16,321.",
        ),
        lesson="Most of it lies between the two wide layers: parameters grow with the product of "
        "neighbouring widths. The workshop let it learn from ten points.",
        answer={"parameters": 16321},
        wrong=(
            ({"parameters": 16060}, "parameters"),
            ({"parameters": 16322}, "parameters"),
            ({"parameters": 262}, "parameters"),
        ),
    ),
    Exercise(
        name="linear-layers",
        topic=TOPIC,
        title="Two linear layers are one",
        task="A layer gives x W + b. The first has W with rows (1, 2) and (3, -1) and b = (1, 2), the "
        "second W with rows (2, 0) and (1, 3) and b = (0.5, -1); there is no activation between. Which "
        "single layer gives the same?",
        inputs={"weights": "a 2 x 2 matrix", "bias": "two numbers"},
        check=_check_linear_layers,
        hints=(
            "Write out (x W + b) W + b with the matrices of each layer, and take the brackets away.",
            "The weights are the product of the two matrices, the first on the left; the bias is what comes "
            "out for an input of zeros.",
            "The weights have rows (4, 6) and (5, -3); the bias is (4.5, 5).",
        ),
        lesson="Without an activation between, depth adds nothing: any number of linear layers is one. "
        "The bend between the layers is what makes them deep.",
        answer={"weights": [[4, 6], [5, -3]], "bias": [4.5, 5]},
        wrong=(
            ({"weights": [[2, 4], [10, -1]]}, "weights"),
            ({"weights": [[4, 5], [6, -3]]}, "weights"),
            ({"bias": [1.5, 1]}, "bias"),
            ({"bias": [4, 6]}, "bias"),
        ),
    ),
    Exercise(
        name="bump",
        topic=TOPIC,
        title="A bump of two units",
        task="Two sigmoid units see x, and the output adds them up with its own weights. Choose the numbers "
        "so that it is 0.6 between x = 0.3 and x = 0.7 and 0 elsewhere from 0 to 1 (within 0.05 of the "
        "steps anything goes).",
        inputs={
            "weights": "two numbers, one for each unit",
            "biases": "two numbers, one for each unit",
            "output_weights": "two numbers, one for each unit",
        },
        check=_check_bump,
        hints=(
            "A sigmoid with a large weight is a step up, at x = -bias / weight.",
            "One unit steps up where the bump begins, the other where it ends; the output adds the first "
            "and takes the second away.",
            "Weights 200 and 200, biases -60 and -140, output weights 0.6 and -0.6.",
        ),
        lesson="Bumps side by side approximate any function: this is the universal approximation theorem, "
        "drawn. It says that such weights exist, not that they are learnt.",
        answer={"weights": [200, 200], "biases": [-60, -140], "output_weights": [0.6, -0.6]},
        wrong=(
            ({"biases": [60, 140]}, "biases"),
            ({"weights": [20, 20], "biases": [-6, -14]}, "weights"),
            ({"output_weights": [1, -1]}, "output_weights"),
            ({"output_weights": [0.5, 0.5]}, "output_weights"),
        ),
    ),
    Exercise(
        name="fold-xor",
        topic=TOPIC,
        title="Fold the plane for XOR",
        task="Choose weights and biases of two hidden ReLU units such that one line parts the points of XOR "
        "in the hidden layer: (0, 1) and (1, 0) on one side, (0, 0) and (1, 1) on the other.",
        inputs={
            "hidden_weights": "a 2 x 2 matrix, a row for each input, a column for each unit",
            "hidden_bias": "two numbers, one for each unit",
        },
        check=_check_fold,
        hints=(
            "Let (0, 1) and (1, 0) fall on the same point: then three points are left.",
            "Two units that add up the inputs do that. Give the second a bias that keeps it at 0 until both "
            "inputs are 1.",
            "Weights with rows (1, 1) and (1, 1), biases 0 and -1: the points go to (0, 0), (1, 0), (1, 0) "
            "and (2, 1).",
        ),
        lesson="The hidden layer does not draw a better line, it moves the points until a line is enough: "
        "it learns a representation.",
        answer={"hidden_weights": [[1, 1], [1, 1]], "hidden_bias": [0, -1]},
        wrong=(
            ({"hidden_weights": [[1, 0], [0, 1]], "hidden_bias": [0, 0]}, "hidden_weights"),
            ({"hidden_bias": [0, 0]}, "hidden_bias"),
            ({"hidden_weights": [[1, 2], [0, 0]]}, "hidden_weights"),
        ),
    ),
)
