"""Exercises on how units learn: slopes, steps, rates and gradients worked by hand."""

import math

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise
from bineural.fundamentals.gradient_descent import make_loss
from bineural.fundamentals.optimizers import adam, momentum

TOPIC = "learning"
PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]

# ---- one step of the workshop's ReLU-AND ----


def _check_relu_and_step(weights, bias):
    weights, bias = answers.vector(weights, "weights", 2), answers.number(bias, "bias")
    start, rate = np.array([0.3, 0.1, 0.2]), 0.1  # bias, weights
    gradient = make_loss(PAIRS, [0, 0, 0, 1], "relu", "sum")[0](start, slice(None))
    slips = (
        (start - rate * gradient / 2, "the derivative of the squared error has a factor of its own."),
        (start - rate * gradient / 4, "the loss is the sum over the rows, and this is a step of the mean."),
        (start + rate * gradient, "it went uphill: go against the gradient."),
        (start, "it has not moved."),
    )
    for name, answer, part in (("bias", bias, slice(1)), ("weights", weights, slice(1, 3))):
        answers.expect(
            answer,
            (start - rate * gradient)[part],
            name,
            [(slip[part], sentence) for slip, sentence in slips],
            "that is not where one step leads.",
        )


# ---- the sigmoid ----


def _sigmoid(x):
    return 1 / (1 + math.exp(-x))


def _check_sigmoid_slope(slope):
    slope = answers.function(slope, "slope")
    for x in (0.0, 1.0, -2.0, 3.5):
        answer = answers.number(slope(x=x), "slope", f"What `slope` returns for x = {x:g}")
        s = _sigmoid(x)
        answers.expect(
            answer,
            s * (1 - s),
            "slope",
            (
                (s, f"for x = {x:g} it gives the value of the sigmoid, not its slope."),
                (-s * (1 - s), f"for x = {x:g} it falls, and the sigmoid rises everywhere."),
                (x * (1 - x), "the formula wants the value of the sigmoid at x, not x itself."),
            ),
            f"for x = {x:g} it is not how steeply the sigmoid rises there.",
            digits=4,
        )


def _check_sigmoid_graph(values, gradient):
    values, gradient = answers.vector(values, "values", 4), answers.number(gradient, "gradient")
    x, parts = 2.0, ("-x", "exp", "+ 1", "1 / u")
    truth = [-x, math.exp(-x), 1 + math.exp(-x), _sigmoid(x)]
    for part, answer, value in zip(parts, values, truth):
        answers.expect(
            answer,
            value,
            "values",
            (
                (math.exp(x), "what exp takes is -x: the sign is turned once, at the start."),
                (_sigmoid(-x), "that is the sigmoid of -x: the sign was turned twice."),
            ),
            f"what comes out of the part {part} is something else.",
        )
    slope = truth[3] * (1 - truth[3])
    answers.expect(
        gradient,
        slope,
        "gradient",
        (
            (-slope, "the sign: both the first part and the last have a slope below 0."),
            (-(truth[3] ** 2), "that is the slope of the last part alone."),
        ),
        "it is not the product of the four slopes on the way from the value back to x.",
    )


# ---- counting steps, choosing rates ----


def _check_steps(steps, total):
    n_rows, batch_size, epochs = 61, 8, 100
    answers.expect(
        answers.number(steps, "steps"),
        math.ceil(n_rows / batch_size),
        "steps",
        (
            (n_rows / batch_size, "steps are whole numbers."),
            (n_rows // batch_size, "some rows are left over, and they make a (smaller) batch too."),
            (n_rows, "that is the number of rows: a step takes a batch of them."),
        ),
        "that is not how many batches the rows make.",
    )
    answers.expect(
        answers.number(total, "total"),
        epochs * math.ceil(n_rows / batch_size),
        "total",
        ((math.ceil(epochs * n_rows / batch_size), "a batch does not go on into the next epoch."),),
        "that is not the steps of all epochs.",
    )


def _check_learning_rate(rate):
    curvature = 8.0  # second derivative of 4 w^2
    answers.expect(
        answers.number(rate, "rate"),
        2 / curvature,
        "rate",
        (
            (1 / curvature, "at this rate one step reaches the bottom; larger ones still come nearer."),
            (2 / 4, "the curvature is the second derivative, not the factor in front."),
            (curvature, "that is the curvature; the largest rate falls as it grows."),
        ),
        "at the largest rate a step leads to the other side, just as high as before.",
    )


# ---- gradients and steps by hand ----


BACKPROP = {"x": 4.0, "y": 1.0, "w1": 0.5, "b1": -0.5, "w2": 3.0, "b2": -1.0}  # no two factors are alike


def _check_backprop(output_bias, output_weight, hidden_bias, hidden_weight):
    x, w2 = BACKPROP["x"], BACKPROP["w2"]
    hidden = max(0.0, BACKPROP["w1"] * x + BACKPROP["b1"])
    error = w2 * hidden + BACKPROP["b2"] - BACKPROP["y"]
    by_hidden = "the output weight is missing, through which the slope comes back."
    for name, answer, factors, swapped in (
        ("output_bias", output_bias, (), ()),
        ("output_weight", output_weight, ((hidden, "the hidden value is missing."),), ((x, hidden),)),
        ("hidden_bias", hidden_bias, ((w2, by_hidden),), ()),
        (
            "hidden_weight",
            hidden_weight,
            ((w2, by_hidden), (x, "the input is missing, by which the hidden weight is multiplied.")),
            ((hidden, x),),
        ),
    ):
        gradient = 2 * error * math.prod(factor for factor, _ in factors)
        slips = [
            (gradient / 2, "it is half of it: the derivative of the squared error has a factor of its own."),
            (-gradient, "its sign is wrong: the error is the output less the truth."),
            *((gradient / factor, sentence) for factor, sentence in factors),
            *(
                (gradient * wrong / right, "a weight's slope takes what comes in at that weight.")
                for wrong, right in swapped
            ),
        ]
        answers.expect(
            answers.number(answer, name),
            gradient,
            name,
            slips,
            "multiply the slopes on the way from the loss back to it.",
        )


def _check_momentum(first, second):
    w, state, rate, path = 1.0, {}, 0.1, []
    for t in (1, 2):
        w = w + momentum(state, 2 * w, t, rate)
        path.append(w)
    plain = path[0] * (1 - 2 * rate)
    answers.expect(
        answers.number(first, "first"),
        path[0],
        "first",
        ((1 + 2 * rate, "it went uphill."), (1 - rate, "the slope of w squared is 2 w.")),
        "at the start there is no speed yet: it is a plain step.",
    )
    answers.expect(
        answers.number(second, "second"),
        path[1],
        "second",
        (
            (plain, "that is a plain step: part of the last one is kept."),
            (path[0] + 0.9 * (path[0] - 1), "it is the kept speed alone; the slope here adds to it."),
            (path[1] + 2 * rate * (path[0] - 1), "the slope is taken where the first step led."),
        ),
        "it is not the kept share of the first step with a new one added.",
    )


def _check_adam(steep, flat):
    for name, value, slope in (("steep", steep, 250.0), ("flat", flat, 0.004)):
        answer, truth = abs(answers.number(value, name)), abs(float(adam({}, slope, 1, 0.01)))
        slips = ((0.01 * slope, "that is a plain step; Adam divides by the root of the squared slope."),)
        answers.expect(
            answer, truth, name, slips, "the two corrections undo the shares of the means.", digits=4
        )


EXERCISES = (
    Exercise(
        name="relu-and-step",
        topic=TOPIC,
        title="One step of gradient descent by hand",
        task="A ReLU unit is to learn AND. It starts with weights (0.1, 0.2) and bias 0.3; the loss is the "
        "sum of the squared errors over the four rows, and the learning rate is 0.1. Where are the weights "
        "and the bias after one step over all rows?",
        inputs={"weights": "two numbers", "bias": "a number"},
        check=_check_relu_and_step,
        hints=(
            "Write down for each of the four rows what the unit gives, and by how much that is too large.",
            "All four sums are above 0, so the ReLU lets every slope through. The slope by the bias is twice "
            "the sum of the errors; by a weight, twice the sum of error x input.",
            "The errors are 0.3, 0.5, 0.4 and -0.4; the slopes 0, 0.2 and 1.6; the weights become 0.1 and "
            "0.18, the bias 0.14.",
        ),
        lesson="The first weight stays where it is: its errors cancel over the rows. All rows are looked at "
        "before anything moves.",
        answer={"weights": [0.1, 0.18], "bias": 0.14},
        wrong=(
            ({"bias": 0.22}, "bias"),
            ({"bias": 0.26}, "bias"),
            ({"weights": [0.1, 0.22]}, "weights"),
            ({"weights": [0.1, 0.19]}, "weights"),
        ),
    ),
    Exercise(
        name="sigmoid-slope",
        topic=TOPIC,
        title="The slope of the sigmoid",
        task="Write a function of one number that returns the slope of the sigmoid 1 / (1 + exp(-x)) at x.",
        inputs={"slope": "a function of x"},
        check=_check_sigmoid_slope,
        hints=(
            "The slope is largest at x = 0, and falls towards 0 on both sides.",
            "Let s be the value of the sigmoid at x: the slope can be written with s alone.",
            "It is s (1 - s), with s = 1 / (1 + exp(-x)).",
        ),
        lesson="The slope is never above 1/4: through many layers of sigmoids a gradient gets smaller and "
        "smaller.",
        answer={"slope": lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2},
        wrong=(
            ({"slope": lambda x: 1 / (1 + math.exp(-x))}, "slope"),
            ({"slope": lambda x: x * (1 - x)}, "slope"),
            ({"slope": lambda x: -math.exp(-x) / (1 + math.exp(-x)) ** 2}, "slope"),
            ({"slope": lambda x: 0.25}, "slope"),
        ),
    ),
    Exercise(
        name="sigmoid-graph",
        topic=TOPIC,
        title="The sigmoid as a graph",
        task="The sigmoid is a chain of four parts: -x, exp, + 1 and 1 / u. For x = 2, what comes out of "
        "each part, and what is the gradient of the last value by x? Three decimals.",
        inputs={"values": "four numbers, in the order of the parts", "gradient": "a number"},
        check=_check_sigmoid_graph,
        hints=(
            "Go forward first: each part takes what the part before gave.",
            "Then backward: multiply the slopes of the parts. That of -x is -1, of exp its own value, of + "
            "1 it is 1, of 1 / u it is -1 / (u x u).",
            "The values are -2, 0.135, 1.135 and 0.881; the gradient is 0.105.",
        ),
        lesson="Each part knows only its own slope; the chain rule joins them in one sweep back. The "
        "gradient is s (1 - s), as the formula says.",
        answer={"values": [-2, 0.135, 1.135, 0.881], "gradient": 0.105},
        wrong=(
            ({"values": [-2, 7.389, 8.389, 0.119]}, "values"),
            ({"values": [-2, 0.135, 1.135, 0.119]}, "values"),
            ({"gradient": -0.105}, "gradient"),
            ({"gradient": -0.776}, "gradient"),
        ),
    ),
    Exercise(
        name="backprop-by-hand",
        topic=TOPIC,
        title="Backpropagation by hand",
        task="The input 4 goes through a hidden ReLU unit (weight 0.5, bias -0.5) and a linear output unit "
        "(weight 3, bias -1); the truth is 1 and the loss is the squared error. What is the gradient of the "
        "loss by each of the four?",
        inputs={
            "output_bias": "a number",
            "output_weight": "a number",
            "hidden_bias": "a number",
            "hidden_weight": "a number",
        },
        check=_check_backprop,
        hints=(
            "Go forward first and keep the hidden value: what comes out, and how far is it from the truth?",
            "The slope by the output is twice (output - truth). On the way back it is multiplied by the "
            "hidden value for the output weight, by the output weight to reach the hidden unit, and there "
            "by the input.",
            "The hidden value is 1.5 and the output 3.5; the gradients are 5 (output bias), 7.5 (output "
            "weight), 15 (hidden bias) and 60 (hidden weight).",
        ),
        lesson="Every gradient used the one after it: one sweep back costs about as much as one forward, "
        "however many weights there are.",
        answer={"output_bias": 5, "output_weight": 7.5, "hidden_bias": 15, "hidden_weight": 60},
        wrong=(
            ({"output_bias": 2.5}, "output_bias"),
            ({"output_weight": -7.5}, "output_weight"),
            ({"output_weight": 20}, "output_weight"),
            ({"hidden_bias": 5}, "hidden_bias"),
            ({"hidden_weight": 15}, "hidden_weight"),
            ({"hidden_weight": 30}, "hidden_weight"),
        ),
    ),
    Exercise(
        name="steps-per-epoch",
        topic=TOPIC,
        title="Steps, batches and epochs",
        task="61 training rows are visited in batches of 8, for 100 epochs. How many steps has an epoch, "
        "and how many are there in all?",
        inputs={"steps": "steps in an epoch", "total": "steps in all epochs"},
        check=_check_steps,
        hints=(
            "Every row is used once in an epoch.",
            "Divide rows by batch size, and round up: the rows that are left make a last batch.",
            "An epoch has 8 steps, 100 epochs have 800.",
        ),
        lesson="What counts for learning is steps, not epochs: the same epochs with larger batches are "
        "fewer steps.",
        answer={"steps": 8, "total": 800},
        wrong=(
            ({"steps": 7}, "steps"),
            ({"steps": 7.625}, "steps"),
            ({"total": 763}, "total"),
            ({"total": 100}, "total"),
        ),
    ),
    Exercise(
        name="learning-rate",
        topic=TOPIC,
        title="How large a rate may be",
        task="Gradient descent on the loss 4 w^2: below which learning rate does it come nearer to the "
        "bottom with every step, and above which does it run away?",
        inputs={"rate": "a number"},
        check=_check_learning_rate,
        hints=(
            "One step takes w to w - rate x slope. What is w multiplied by?",
            "It comes nearer while that factor lies between -1 and 1. The slope is the second derivative "
            "times w.",
            "The second derivative is 8, so the factor is 1 - 8 rate, and the rate must be below 2 / 8 = "
            "0.25.",
        ),
        lesson="The limit is 2 / curvature, and the most curved direction sets it for all: this is why "
        "inputs of unlike scale make descent slow.",
        answer={"rate": 0.25},
        wrong=(({"rate": 0.125}, "rate"), ({"rate": 0.5}, "rate"), ({"rate": 1}, "rate")),
    ),
    Exercise(
        name="momentum-step",
        topic=TOPIC,
        title="Two steps with momentum",
        task="Descend the loss w^2 from w = 1 with learning rate 0.1 and momentum 0.9: the speed is 0.9 of "
        "the last speed less rate x slope, and w moves by the speed. Where is w after the first step and "
        "after the second?",
        inputs={"first": "a number", "second": "a number"},
        check=_check_momentum,
        hints=(
            "The slope of the loss at w is 2 w. The first speed has nothing to keep.",
            "For the second step take the slope at the new place, and add it to what is kept of the first "
            "speed.",
            "The speeds are -0.2 and -0.34: w is 0.8 and then 0.46.",
        ),
        lesson="The second step is longer though the slope is smaller: where slopes agree, momentum gathers "
        "speed, and it will overshoot the bottom before it settles.",
        answer={"first": 0.8, "second": 0.46},
        wrong=(
            ({"first": 1.2}, "first"),
            ({"first": 0.9}, "first"),
            ({"second": 0.64}, "second"),
            ({"second": 0.62}, "second"),
        ),
    ),
    Exercise(
        name="adam-step",
        topic=TOPIC,
        title="Adam's first step",
        task="With learning rate 0.01, how long is Adam's first step where the slope is 250, and how long "
        "where it is 0.004?",
        inputs={"steep": "length of the step at slope 250", "flat": "length of the step at slope 0.004"},
        check=_check_adam,
        hints=(
            "Adam divides a moving mean of the slopes by the root of a moving mean of their squares.",
            "After one step both means, corrected for their start at 0, are the slope and its square.",
            "slope / root of slope squared is 1: both steps are as long as the rate, 0.01.",
        ),
        lesson="Adam's first step does not depend on how steep it is: the rate is a length, "
        "and weights of unlike scale move alike.",
        answer={"steep": 0.01, "flat": 0.01},
        wrong=(({"steep": 2.5}, "steep"), ({"flat": 0.00004}, "flat"), ({"flat": 0.02}, "flat")),
    ),
)
