"""Exercises on single units: gates, XOR, and the rule by which a perceptron learns."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong
from bineural.fundamentals.neuron import GATES, fire_neuron
from bineural.fundamentals.separator import find_separator

TOPIC = "neurons"
PAIRS = [(0, 0), (0, 1), (1, 0), (1, 1)]


# ---- gates of one unit ----


def _truth(gate):
    return [int(bit) for bit in GATES[gate][0]]


def _gate_check(gate):
    def check(weights, bias):
        weights, bias = answers.vector(weights, "weights", 2), answers.number(bias, "bias")
        for pair, truth, fires in zip(PAIRS, _truth(gate), fire_neuron(PAIRS, weights, bias)):
            if fires != truth:
                raise Wrong("weights" if any(pair) else "bias", _gate_problem(pair, truth, weights, bias))

    return check


def _gate_problem(inputs, truth, weights, bias):
    at_zero = truth and np.dot(inputs, weights) + bias == 0
    given = f"inputs {tuple(inputs)}" if len(inputs) > 1 else f"input {inputs[0]}"
    return f"with {given} the unit " + (
        ("must fire, and it does not" if truth else "must not fire, and it does")
        + (": its sum is exactly 0, and it fires above 0." if at_zero else ".")
    )


def _check_not(weight, bias):
    weight, bias = answers.number(weight, "weight"), answers.number(bias, "bias")
    for x, truth in ((0, 1), (1, 0)):
        if fire_neuron([[x]], [weight], bias)[0] != truth:
            raise Wrong("weight" if x else "bias", _gate_problem((x,), truth, [weight], bias))


def _gate(name, gate, title, rule, hints, lesson, wrong):
    first, second, bias = GATES[gate][1]
    return Exercise(
        name=name,
        topic=TOPIC,
        title=title,
        task=f"Choose the weights and the bias of one unit that fires {rule}. "
        "A unit fires where weights . inputs + bias is above 0.",
        inputs={"weights": "two numbers, one for each input", "bias": "a number"},
        check=_gate_check(gate),
        hints=hints,
        lesson=lesson,
        answer={"weights": [first, second], "bias": bias},
        wrong=wrong,
    )


# ---- XOR ----


def _check_xor(hidden_weights, hidden_bias, output_weights, output_bias):
    hidden_weights = answers.matrix(hidden_weights, "hidden_weights", (2, 2))
    hidden_bias = answers.vector(hidden_bias, "hidden_bias", 2)
    output_weights = answers.vector(output_weights, "output_weights", 2)
    output_bias = answers.number(output_bias, "output_bias")

    def run(weights):
        hidden = np.column_stack([fire_neuron(PAIRS, weights[:, j], hidden_bias[j]) for j in (0, 1)])
        return hidden, fire_neuron(hidden, output_weights, output_bias)

    hidden, outputs = run(hidden_weights)
    if outputs.tolist() == _truth("XOR"):
        return
    if run(hidden_weights.T)[1].tolist() == _truth("XOR"):
        raise Wrong(
            "hidden_weights",
            "a column holds the weights of one hidden unit; here rows and columns are exchanged.",
        )
    _refuse_hidden_layer(hidden)
    row = next(i for i, truth in enumerate(_truth("XOR")) if truth != outputs[i])
    raise Wrong(
        "output_weights" if hidden[row].any() else "output_bias",
        f"with inputs {PAIRS[row]} the network must give {_truth('XOR')[row]}, and it gives {outputs[row]}; "
        f"the hidden units give {tuple(hidden[row].tolist())} there.",
    )


def _refuse_hidden_layer(hidden):
    """Say why no unit can compute XOR of what these hidden units give, where none can."""
    codes = [tuple(row) for row in hidden.tolist()]
    for a in (0, 3):
        for b in (1, 2):
            if codes[a] == codes[b]:
                raise Wrong(
                    "hidden_weights",
                    f"the hidden units give the same for the inputs {PAIRS[a]} and {PAIRS[b]}, "
                    "which the output must tell apart.",
                )
    wanted = dict(zip(codes, _truth("XOR")))
    units = [fire_neuron(list(wanted), gate[:2], gate[2]).tolist() for _, gate in GATES.values() if gate]
    if list(wanted.values()) not in units:
        raise Wrong(
            "hidden_weights", "the output unit has to compute XOR again from what the hidden units give."
        )


def _check_xor_impossible(gates, left_out):
    if answers.count(gates, "gates") != sum(unit is not None for _, unit in GATES.values()):
        raise Wrong("gates", "that is not how many of the 16 one unit computes.")
    for gate in answers.words(left_out, "left_out", 2, list(GATES)):
        if GATES[gate][1] is not None:
            raise Wrong("left_out", f"one unit computes {gate}.")
    if len(set(answers.words(left_out, "left_out", 2, list(GATES)))) == 1:
        raise Wrong("left_out", "the two must be different gates.")


# ---- learning ----

ROW = {"weights": [0.3, -0.4], "bias": 0.1, "inputs": [1.0, 2.0], "rate": 0.5}  # the unit ought to fire


def _check_perceptron_rule(weights, bias):
    weights, bias = answers.vector(weights, "weights", 2), answers.number(bias, "bias")
    old, row = np.array([*ROW["weights"], ROW["bias"]]), np.array([*ROW["inputs"], 1.0])
    change = ROW["rate"] * row  # the unit does not fire, and ought to: its error is 1
    slips = (
        (old, "it is as it was, but the unit is wrong on this row and has to learn."),
        (old - change, "it went the wrong way: the sum of this row must grow."),
        (old + row, "the learning rate is missing."),
    )
    for name, answer, part in (("weights", weights, slice(2)), ("bias", bias, slice(2, 3))):
        answers.expect(
            answer,
            (old + change)[part],
            name,
            [(slip[part], sentence) for slip, sentence in slips],
            "that is not what one correction makes of it.",
        )


def _check_mistake_bound(radius, margin, bound):
    answers.expect(
        answers.number(radius, "radius"),
        np.sqrt(3),
        "radius",
        (
            (3, "that is its square."),
            (np.sqrt(2), "the input of the bias, which is always 1, belongs to a row too."),
        ),
        "that is not the length of the longest row.",
    )
    answers.expect(
        answers.number(margin, "margin"),
        find_separator(PAIRS, _truth("AND")).margin,
        "margin",
        ((1 / np.sqrt(8), "the bias belongs to the length of (w, b) too."),),
        "that is not the distance of the nearest rows to the best plane.",
    )
    answers.expect(
        answers.number(bound, "bound"),
        51,
        "bound",
        ((np.sqrt(51), "that is its root."),),
        "that is not the square of radius / margin.",
        digits=0,
    )


def _check_teach_a_gate(fit):
    cases = answers.field(fit, "fit", "cases", "fit_perceptron")
    try:
        rows = {(float(a), float(b)): float(y) for a, b, y in np.asarray(cases, dtype=float)}
    except (TypeError, ValueError):
        raise Wrong("fit", "it must have learnt from rows of two inputs.") from None
    if sorted(rows) != PAIRS:
        raise Wrong("fit", "it must have learnt from the four pairs of 0 and 1.")
    for pair, truth in zip(PAIRS, _truth("NAND")):
        if rows[pair] != truth:
            raise Wrong("fit", f"for the inputs {pair} NAND gives {truth}, and it was taught {rows[pair]:g}.")
    if not np.all(answers.field(fit, "fit", "converged", "fit_perceptron")):
        raise Wrong("fit", "its last epoch still had a mistake; let it go on for more epochs.")


def _fitted(y, **options):
    from bineural.fundamentals.perceptron import fit_perceptron

    return {"fit": fit_perceptron(PAIRS, y, **options)}


EXERCISES = (
    _gate(
        "or-gate",
        "OR",
        "A unit that computes OR",
        "where at least one of two inputs is 1",
        (
            "With inputs (0, 0) only the bias is left: the sum is the bias.",
            "So the bias is 0 or below, and each weight alone must lift the sum above 0.",
            "Weights 0.5 and 0.5 with bias 0 do.",
        ),
        "Any bias of 0 or below does, with weights that are each above minus the bias: a unit has many right "
        "weights, for it only matters on which side of its line the four points lie.",
        (({"weights": [0.5, -0.5]}, "weights"), ({"bias": 0.25}, "bias"), ({"bias": -0.5}, "weights")),
    ),
    _gate(
        "and-gate",
        "AND",
        "A unit that computes AND",
        "where both of two inputs are 1",
        (
            "One weight alone must not lift the sum above 0; the two together must.",
            "Keep the weights equal and lower the bias: the threshold lies between one weight and two.",
            "Weights 0.5 and 0.5 with bias -0.5 do.",
        ),
        "Only the bias tells AND from OR: with the same weights, a higher threshold asks for more inputs.",
        (({"bias": 0}, "weights"), ({"bias": -1}, "weights"), ({"bias": 1}, "bias")),
    ),
    Exercise(
        name="not-gate",
        topic=TOPIC,
        title="A unit that computes NOT",
        task="Choose the weight and the bias of one unit with one input that fires where the input is 0 "
        "and does not where it is 1.",
        inputs={"weight": "a number", "bias": "a number"},
        check=_check_not,
        hints=(
            "With input 0 only the bias is left, and the unit must fire.",
            "With input 1 the weight must pull the sum back to 0 or below.",
            "Weight -0.5 with bias 0.5 does.",
        ),
        lesson="A negative weight inhibits. With AND, OR and NOT at hand, units compute every "
        "logical function.",
        answer={"weight": -0.5, "bias": 0.5},
        wrong=(({"weight": 0.5}, "weight"), ({"bias": 0}, "bias"), ({"weight": -0.25}, "weight")),
    ),
    _gate(
        "nand-gate",
        "NAND",
        "A unit that computes NAND",
        "unless both of two inputs are 1",
        (
            "It is AND with what fires and what does not exchanged.",
            "Turn the signs of an AND unit round; but a sum of exactly 0 does not fire, so mind the bias.",
            "Weights -0.5 and -0.5 with bias 1 do.",
        ),
        "Turned signs turn the line's sides round. Every logical function can be built from NAND alone.",
        (({"bias": 0.5}, "weights"), ({"weights": [0.5, 0.5]}, "weights"), ({"bias": 0}, "bias")),
    ),
    Exercise(
        name="xor-network",
        topic=TOPIC,
        title="XOR by two layers",
        task="Choose the weights of a network of units that fire or do not, which computes XOR: two inputs, "
        "two hidden units, one output. Output 1 where just one input is 1.",
        inputs={
            "hidden_weights": "a 2 x 2 matrix, a row for each input, a column for each hidden unit",
            "hidden_bias": "two numbers, one for each hidden unit",
            "output_weights": "two numbers, one for each hidden unit",
            "output_bias": "a number",
        },
        check=_check_xor,
        hints=(
            "There are two ways to have just one input on, and one unit can look for each of them. (OR and "
            "NAND, with AND of the two, do as well.)",
            "One hidden unit fires for (1, 0) alone, the other for (0, 1) alone: each takes one input with a "
            "weight above 0 and the other with one below. The output is OR of the two.",
            "Hidden weights with rows (0.5, -0.5) and (-0.5, 0.5), hidden biases 0 and 0, "
            "output weights 0.5 and 0.5, output bias 0.",
        ),
        lesson="The hidden layer moves the four points until one line is enough for the output. With 'a and "
        "not b' and 'b and not a', (0, 0) and (1, 1) fall together; with OR and NAND, (0, 1) and (1, 0) do.",
        answer={
            "hidden_weights": [[0.5, -0.5], [-0.5, 0.5]],
            "hidden_bias": [0, 0],
            "output_weights": [0.5, 0.5],
            "output_bias": 0,
        },
        wrong=(
            (  # rows and columns exchanged, of OR and NAND
                {
                    "hidden_weights": [[0.5, 0.5], [-0.5, -0.5]],
                    "hidden_bias": [0, 1],
                    "output_bias": -0.5,
                },
                "hidden_weights",
            ),
            ({"hidden_weights": [[0.5, 0], [0, 0.5]]}, "hidden_weights"),
            ({"hidden_weights": [[0.5, 0.5], [0.5, 0.5]]}, "hidden_weights"),
            ({"output_weights": [0.5, -0.5]}, "output_weights"),
            ({"output_bias": -0.5}, "output_weights"),
            ({"output_bias": 0.5}, "output_bias"),
        ),
    ),
    Exercise(
        name="xor-impossible",
        topic=TOPIC,
        title="What one unit can't do",
        task="How many of the 16 gates of two inputs does one unit compute, and which two does it not?",
        inputs={"gates": "a whole number", "left_out": "two names of gates, as `list_gates()` writes them"},
        check=_check_xor_impossible,
        hints=(
            "Draw each gate as four points in a square, some filled; a unit needs one straight line "
            "with the filled ones on one side.",
            "It fails where the filled points are two opposite corners.",
            "One unit computes 14; XOR and XNOR are left out.",
        ),
        lesson="For XOR the bias must be 0 or below and each weight must outweigh it, so both together do "
        "all the more: the four conditions contradict each other, whatever the numbers.",
        answer={"gates": 14, "left_out": ["XOR", "XNOR"]},
        wrong=(({"gates": 15}, "gates"), ({"left_out": ["XOR", "NAND"]}, "left_out")),
    ),
    Exercise(
        name="perceptron-rule",
        topic=TOPIC,
        title="One correction by hand",
        task="A unit with weights (0.3, -0.4) and bias 0.1 sees the inputs (1, 2) and ought to fire. Apply "
        "Rosenblatt's rule once, with learning rate 0.5: what are its weights and its bias then?",
        inputs={"weights": "two numbers", "bias": "a number"},
        check=_check_perceptron_rule,
        hints=(
            "Does it fire? Work out weights . inputs + bias. The error is what it ought to give, less what "
            "it gives.",
            "Each weight changes by learning rate x error x its input; the input of the bias is always 1.",
            "The error is 1: the weights become 0.8 and 0.6, the bias 0.6.",
        ),
        lesson="The larger an input, the more its weight is corrected; and where the unit is right, "
        "nothing changes.",
        answer={"weights": [0.8, 0.6], "bias": 0.6},
        wrong=(
            ({"weights": [0.3, -0.4]}, "weights"),
            ({"weights": [-0.2, -1.4]}, "weights"),
            ({"weights": [1.3, 1.6]}, "weights"),
            ({"bias": 0.1}, "bias"),
            ({"bias": 1.1}, "bias"),
        ),
    ),
    Exercise(
        name="mistake-bound",
        topic=TOPIC,
        title="How often the rule can be wrong",
        task="For the four rows of AND, each with a third input that is always 1 (for the bias): how long is "
        "the longest row, how wide is the margin of the best plane through the origin, and how many mistakes "
        "can Rosenblatt's rule make at most?",
        inputs={"radius": "to three decimals", "margin": "to three decimals", "bound": "a number"},
        check=_check_mistake_bound,
        hints=(
            "The rows are (0, 0, 1), (0, 1, 1), (1, 0, 1) and (1, 1, 1); the length is the root of the "
            "summed squares. `find_separator()` knows the margin.",
            "The shortest (w, b) with w . x + b at least 1 for (1, 1) and at most -1 for the others is "
            "(2, 2, -3); the margin is 1 over its length. The bound is (radius / margin) squared.",
            "The radius is the root of 3, 1.732; the margin 1 over the root of 17, 0.243; the bound 51.",
        ),
        lesson="From weights of 0 the bound holds for any order of the rows and any learning rate. It counts "
        "mistakes, not epochs: rows that are hard to part (a thin margin) cost more of them.",
        answer={"radius": 1.732, "margin": 0.243, "bound": 51},
        wrong=(
            ({"radius": 3}, "radius"),
            ({"radius": 1.414}, "radius"),
            ({"margin": 0.354}, "margin"),
            ({"bound": 7.14}, "bound"),
        ),
    ),
    Exercise(
        name="teach-a-gate",
        topic=TOPIC,
        title="Let a perceptron learn NAND",
        task="Teach a perceptron NAND with `fit_perceptron()`, from the four pairs of inputs, until it makes "
        "no more mistakes, and give what was returned.",
        inputs={"fit": "what `fit_perceptron()` returned"},
        check=_check_teach_a_gate,
        hints=(
            "The rows are the four pairs of 0 and 1, and `y` says for each whether the unit ought to fire.",
            "NAND is 0 only where both inputs are 1. Look at `converged`: did it have enough epochs?",
            "For the rows (0, 0), (0, 1), (1, 0), (1, 1) `y` is 1, 1, 1, 0; the default of 100 epochs "
            "is enough.",
        ),
        lesson="Nobody chose these weights: four rows and a rule found them, with no more "
        "mistakes than the bound allows.",
        answer=lambda: _fitted([1, 1, 1, 0]),
        wrong=(
            (lambda: _fitted([0, 0, 0, 1]), "fit"),
            (lambda: _fitted([1, 1, 1, 0], epochs=1), "fit"),
        ),
    ),
)
