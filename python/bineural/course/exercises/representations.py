"""Exercises on representations: PCA, linear twins, one bent code, noise, KL, draws, Boltzmann machines."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong

TOPIC = "representations"

# ---- PCA ----

DIRECTION, CENTRE, POINT = np.array([0.6, 0.8]), np.array([1.0, 1.0]), np.array([2.0, 3.0])


def _check_projection(code, row, lost):
    away = POINT - CENTRE
    truth = away @ DIRECTION
    answers.expect(
        answers.number(code, "code"),
        truth,
        "code",
        (
            (POINT @ DIRECTION, "take the mean away first: codes count from the middle of the rows."),
            (away.sum(), "weigh both values by the direction."),
            (np.linalg.norm(away), "that is how far the point lies from the mean, in any direction."),
        ),
        "what is left of the mean, times the direction, summed.",
    )
    again = CENTRE + truth * DIRECTION
    answers.expect(
        answers.vector(row, "row", 2),
        again,
        "row",
        (
            (again - CENTRE, "add the mean again."),
            (CENTRE + DIRECTION, "go as far along the direction as the code says."),
            (POINT, "that is the point itself; one number can't hold both of its values."),
        ),
        "the mean, and the code times the direction.",
    )
    squares = np.sum((POINT - again) ** 2)
    answers.expect(
        answers.number(lost, "lost"),
        squares,
        "lost",
        (
            (np.sqrt(squares), "that is the distance; its square is asked for."),
            (squares / 2, "that is the mean of both squares; take their sum."),
            (truth**2, "that is what the code keeps."),
        ),
        "the squares of what is missing in either value, summed.",
    )


# ---- linear autoencoders ----

COLUMNS, CODES = 64, 6


def _check_twins(decoder, parameters, needed):
    answers.expect(
        answers.vector(decoder, "decoder", 2),
        2 * DIRECTION,
        "decoder",
        (
            (DIRECTION, "with this encoder a code is only half as long as that of PCA."),
            (DIRECTION / 2, "so a row would come back a quarter as far from the mean as PCA has it."),
        ),
        "encoder and decoder together must do what the direction does, there and back.",
    )
    kernels = 2 * COLUMNS * CODES
    whole = kernels + CODES + COLUMNS
    answers.expect(
        answers.number(parameters, "parameters"),
        whole,
        "parameters",
        (
            (kernels, "every code and every value also has a bias."),
            (kernels + CODES, "the values that come out have biases too."),
            (kernels + COLUMNS, "the codes have biases too."),
            (COLUMNS * CODES + CODES, "that is the way to the codes; there is one back as well."),
        ),
        "weights there and back, and a bias for each code and each value.",
    )
    plane = CODES * (COLUMNS - CODES)
    answers.expect(
        answers.number(needed, "needed"),
        COLUMNS + plane,
        "needed",
        (
            (plane, "the mean counts as well."),
            (
                COLUMNS + COLUMNS * CODES,
                "directions can be turned within the plane, which leaves the plane as it is.",
            ),
            (COLUMNS * CODES, "the mean counts, and turns within the plane do not."),
            (whole, "the net has more than are needed: which of them change no row that comes out?"),
        ),
        "the mean, and for each direction of the plane as many numbers as there are ways out of it.",
    )


# ---- a bent code ----

ANGLES = np.round(np.linspace(0.3, 6.1, 9), 1)


def _check_circle(pca_left, encode, decode):
    answers.expect(
        answers.number(pca_left, "pca_left"),
        0.5,
        "pca_left",
        (
            (1, "that is the mean square of all; one of the two values is kept."),
            (0, "a straight line does not go round a circle."),
            (0.25, "the two values have equal mean squares, which add up to that of the radius."),
        ),
        "of two values that vary equally one is lost: what is its mean square?",
    )
    to_code, to_point = answers.function(encode, "encode"), answers.function(decode, "decode")
    for angle in ANGLES:
        point = np.array([np.cos(angle), np.sin(angle)])
        x, y = (round(float(value), 6) for value in point)
        at = f"x = {x:.3f}, y = {y:.3f}"
        code = answers.number(to_code(x=x, y=y), "encode", f"What `encode` returns for {at}")
        again = answers.vector(to_point(code=code), "decode", 2, f"What `decode` returns for {code:.3f}")
        if not answers.is_near(again, point):
            _say_what_went_wrong(code, again, point, at)


def _say_what_went_wrong(code, again, point, at):
    """Refuse what came back of a point of the circle; say whether it was lost on the way there or back."""
    if answers.is_near([np.cos(code), np.sin(code)], point):
        swapped = answers.is_near(again[::-1], point)
        raise Wrong("decode", "x and y are exchanged." if swapped else f"{at} came back as another point.")
    if answers.is_near(again, -point):
        raise Wrong(
            "encode", f"{at} came back on the other side of the circle; `atan2` knows which side it is."
        )
    raise Wrong("encode", f"{at} did not come back: two points must not have the same code.")


def _encode(x, y):
    return np.arctan2(y, x)


def _decode(code):
    return np.array([np.cos(code), np.sin(code)])


# ---- noise ----

VARIANCES, NOISE = np.array([16.0, 4.0, 1.0]), 4.0


def _check_shrinking(factors, left, cut):
    truth = VARIANCES / (VARIANCES + NOISE)
    answers.expect(
        answers.vector(factors, "factors", 3),
        truth,
        "factors",
        (
            (1 - truth, "that is the share of the noise; what of the signal?"),
            (VARIANCES / (VARIANCES + np.sqrt(NOISE)), "noise counts by its variance, the square of its SD."),
            (
                np.sqrt(VARIANCES) / (np.sqrt(VARIANCES) + np.sqrt(NOISE)),
                "signal and noise count by their variances, and not by their SDs.",
            ),
            (truth**2, "that is what is left of the variance; the factor is not squared."),
        ),
        "the variance of the signal, divided by that of signal and noise.",
    )
    answers.expect(
        answers.number(left, "left"),
        np.sum(VARIANCES * NOISE / (VARIANCES + NOISE)),
        "left",
        (
            (len(VARIANCES) * NOISE, "that is the error of the noisy row as it is."),
            (np.sum(truth**2 * NOISE), "shrinking also takes away some of the signal."),
            (np.sum((1 - truth) ** 2 * VARIANCES), "the noise that is let through counts as well."),
        ),
        "of each: (1 - factor) squared times the signal, and factor squared times the noise.",
    )
    answers.expect(
        answers.number(cut, "cut"),
        NOISE + VARIANCES[1:].sum(),
        "cut",
        (
            (VARIANCES[1:].sum(), "the first component is kept with its noise."),
            (NOISE, "the two that are left out are lost, and that is an error too."),
            (NOISE * truth[0] + VARIANCES[1:].sum(), "here the first component is kept as it is."),
        ),
        "noise of what is kept, signal of what is left out.",
    )


# ---- variational codes ----

MEANS, SDS = np.array([1.0, -0.5]), np.array([0.5, 1.0])


def _check_kl(parts, kl):
    log_variances = 2 * np.log(SDS)
    truth = (MEANS**2 + SDS**2 - log_variances - 1) / 2
    answers.expect(
        answers.vector(parts, "parts", 2),
        truth,
        "parts",
        (
            (2 * truth, "half of that."),
            (-truth, "a divergence is never negative."),
            ((MEANS**2 + SDS**2 - np.log(SDS) - 1) / 2, "the logarithm is that of the variance."),
            ((MEANS**2 + SDS - np.log(SDS) - 1) / 2, "it is the variance that counts, not the SD."),
            ((SDS**2 - log_variances - 1) / 2, "a mean that is not 0 costs as well."),
            ((MEANS + SDS**2 - log_variances - 1) / 2, "the mean is squared."),
        ),
        "half of (mean squared + variance - log variance - 1).",
    )
    answers.expect(
        answers.number(kl, "kl"),
        truth.sum(),
        "kl",
        (
            (truth.mean(), "codes add up: a mean over them would weigh the divergence too little."),
            (truth.prod(), "the codes are independent, so their divergences add up."),
        ),
        "the sum over codes.",
    )


MEAN, VARIANCE, DRAWN = 3.0, 0.16, 1.4


def _check_draw(code, slope_mean, slope_log_variance):
    sd = np.sqrt(VARIANCE)
    answers.expect(
        answers.number(code, "code"),
        MEAN + sd * DRAWN,
        "code",
        (
            (MEAN + VARIANCE * DRAWN, "the SD is the root of the variance: exp(log variance / 2)."),
            (MEAN + DRAWN, "the normal number is multiplied by the SD."),
            (MEAN + np.log(VARIANCE) * DRAWN, "the SD is exp(log variance / 2)."),
            (sd * DRAWN, "the mean is added."),
        ),
        "mean + exp(log variance / 2) x the normal number.",
    )
    answers.expect(
        answers.number(slope_mean, "slope_mean"),
        1.0,
        "slope_mean",
        (
            (0, "the code moves along with the mean."),
            (MEAN, "that is the mean; by how much does the code change when it does?"),
        ),
        "by how much does the code move when the mean moves, the draw staying what it is?",
    )
    answers.expect(
        answers.number(slope_log_variance, "slope_log_variance"),
        sd * DRAWN / 2,
        "slope_log_variance",
        (
            (sd * DRAWN, "so it is by the log SD; that of the variance is twice as large."),
            (DRAWN, "so it is by the SD; here it is by the log variance."),
            (VARIANCE * DRAWN, "the SD is the root of the variance."),
            (sd / 2, "the normal number that was drawn counts too."),
            (0, "the draw does not depend on it, the code does."),
        ),
        "differentiate exp(log variance / 2), and multiply by what was drawn.",
    )


# ---- layer by layer ----

WEIGHTS, VISIBLE, HIDDEN = np.array([2.0, -0.5]), np.array([-1.0, 0.0]), 0.0
ROW = np.array([1.0, 0.0])


def _check_machine(hidden, total, share):
    sums = {(a, b): HIDDEN + WEIGHTS @ (a, b) for a in (0, 1) for b in (0, 1)}
    states = {row: np.exp(VISIBLE @ row) * (1 + np.exp(s)) for row, s in sums.items()}
    on = 1 / (1 + np.exp(-WEIGHTS @ ROW))
    answers.expect(
        answers.number(hidden, "hidden"),
        on,
        "hidden",
        (
            (1 - on, "that is the probability of its being 0."),
            (WEIGHTS @ ROW, "a sigmoid makes a probability of this sum."),
            (
                1 / (1 + np.exp(-(WEIGHTS + VISIBLE) @ ROW)),
                "biases of visible units say nothing about the hidden one.",
            ),
            (1 / (1 + np.exp(-WEIGHTS.sum())), "only the visible unit that is 1 counts."),
        ),
        "the sigmoid of its bias and of the weights of visible units that are 1.",
    )
    z = sum(states.values())
    alone = sum(np.exp(VISIBLE @ row) for row in states)
    answers.expect(
        answers.number(total, "total"),
        z,
        "total",
        (
            (alone, "so it is with the hidden unit at 0; it may be 1 as well."),
            (z - alone, "so it is with the hidden unit at 1; it may be 0 as well."),
            (z - states[0, 0], "no unit need be 1: those states count too."),
        ),
        "eight states, two of the hidden unit for each of four rows.",
    )
    answers.expect(
        answers.number(share, "share"),
        states[1, 0] / z,
        "share",
        (
            (states[1, 0], "divide by the sum over all states."),
            (np.exp(VISIBLE @ ROW) * np.exp(WEIGHTS @ ROW) / z, "the hidden unit may be 0 as well."),
            (0.25, "the four rows are not equally likely."),
            (np.exp(VISIBLE @ ROW) / z, "the hidden unit may be 1 as well."),
        ),
        "what the row's two states weigh, of the sum over all.",
    )


LAYERS = 64, 32, 16
LABELS = 10


def _check_layers(first, second, started):
    counts = [a * b + a + b for a, b in zip(LAYERS, LAYERS[1:])]
    for value, name, i in ((first, "first", 0), (second, "second", 1)):
        below, above = LAYERS[i : i + 2]
        answers.expect(
            answers.number(value, name),
            counts[i],
            name,
            (
                (below * above, "visible and hidden units have biases too."),
                (below * above + above, "visible units have biases too."),
                (below * above + below, "hidden units have biases too."),
                (2 * below * above + below + above, "both ways have the same weights."),
            ),
            "a weight for each pair of a visible and a hidden unit, and a bias for each unit.",
        )
    to_hidden = sum(a * b + b for a, b in zip(LAYERS, LAYERS[1:]))
    answers.expect(
        answers.number(started, "started"),
        to_hidden,
        "started",
        (
            (sum(counts), "the net goes upwards only: biases of visible units have no place in it."),
            (to_hidden + (LAYERS[-1] + 1) * LABELS, "the output layer has not been trained yet."),
            (sum(a * b for a, b in zip(LAYERS, LAYERS[1:])), "biases of hidden units are kept too."),
        ),
        "weights and hidden biases of both machines.",
    )


EXERCISES = (
    Exercise(
        name="project-on-a-line",
        topic=TOPIC,
        title="One number for two",
        task="Rows have the mean (1, 1), and PCA's first direction is (0.6, 0.8). Which code has the row "
        "(2, 3)? Which row comes back of the code, and which sum of squares is lost?",
        inputs={"code": "a number", "row": "two numbers", "lost": "a number"},
        check=_check_projection,
        hints=(
            "Codes count from the mean: what is left of the row when it is taken away?",
            "Multiply what is left by the direction, value by value, and sum; the way back multiplies the "
            "direction by the code and adds the mean.",
            "0.6 + 1.6 = 2.2; (1 + 1.32, 1 + 1.76) = (2.32, 2.76); 0.32^2 + 0.24^2 = 0.16.",
        ),
        lesson="The square of the code, and what is lost, add up to the squared distance from the mean, 5: "
        "that is why the direction that keeps most variance loses least.",
        answer={"code": 2.2, "row": [2.32, 2.76], "lost": 0.16},
        wrong=(
            ({"code": 3.6}, "code"),
            ({"row": [1.32, 1.76]}, "row"),
            ({"lost": 0.4}, "lost"),
            ({"lost": 4.84}, "lost"),
        ),
    ),
    Exercise(
        name="linear-twins",
        topic=TOPIC,
        title="Twins of PCA",
        task="PCA's direction is (0.6, 0.8). A linear autoencoder of the same error has the encoder (0.3, "
        "0.4): which is its decoder? How many parameters has a linear autoencoder of 64 columns and 6 codes, "
        "with biases? And how many numbers say which mean and plane PCA has found?",
        inputs={"decoder": "two numbers", "parameters": "a whole number", "needed": "a whole number"},
        check=_check_twins,
        hints=(
            "There and back together the net must do what PCA does: codes may be of any length in between.",
            "A plane of 6 directions among 64: each direction can be tilted in 58 ways out of the plane; the "
            "mean has a number for each column.",
            "(1.2, 1.6); 384 + 6 + 384 + 64 = 838; 64 + 6 x 58 = 412.",
        ),
        lesson="About half of the parameters change nothing that comes out: codes of a linear "
        "autoencoder may be stretched and turned, so they span PCA's plane and are not PCA's scores.",
        answer={"decoder": [1.2, 1.6], "parameters": 838, "needed": 412},
        wrong=(
            ({"decoder": [0.6, 0.8]}, "decoder"),
            ({"decoder": [0.3, 0.4]}, "decoder"),
            ({"parameters": 768}, "parameters"),
            ({"needed": 348}, "needed"),
            ({"needed": 448}, "needed"),
        ),
    ),
    Exercise(
        name="circle-in-one-code",
        topic=TOPIC,
        title="A circle in one number",
        task="Rows (x, y) lie on a circle of radius 1, evenly around 0. Which mean square sum does PCA of "
        "one component leave? Write an encoder that gives one number, and a decoder that gives the row "
        "again, without any error.",
        inputs={
            "pca_left": "a number",
            "encode": "a function of x and y, which returns a number",
            "decode": "a function of that number, which returns two",
        },
        check=_check_circle,
        hints=(
            "Which one number says where on a circle a point is?",
            "The angle, by `atan2` (in NumPy `np.arctan2`) of y and x; cosine and sine lead back.",
            "0.5; encode = atan2(y, x), decode = (cos(code), sin(code)).",
        ),
        lesson="A bent line of one code holds what a straight one can't. There is a price: at one point of "
        "the circle the code jumps, so neighbours there have codes far apart.",
        answer={"pca_left": 0.5, "encode": _encode, "decode": _decode},
        wrong=(
            ({"pca_left": 1}, "pca_left"),
            ({"encode": lambda x, y: np.arctan(y / x)}, "encode"),
            ({"encode": lambda x, y: x}, "encode"),
            ({"decode": lambda code: np.array([np.sin(code), np.cos(code)])}, "decode"),
        ),
    ),
    Exercise(
        name="shrink-the-noise",
        topic=TOPIC,
        title="The best a straight line can do against noise",
        task="Three components have the variances 16, 4 and 1, and noise of SD 2 lies on each. By which "
        "factors should they be multiplied, so that the mean squared error is least? Which error is left "
        "then, summed over the three? And which, if the first is kept as it is and the others are left out?",
        inputs={"factors": "three numbers", "left": "a number", "cut": "a number"},
        check=_check_shrinking,
        hints=(
            "A component that is mostly signal stays nearly as it is; one that is mostly noise goes to its "
            "mean.",
            "The factor is variance / (variance + variance of the noise); what is left of each is its "
            "variance x that of the noise / their sum.",
            "16 / 20 = 0.8, 4 / 8 = 0.5, 1 / 5 = 0.2; 3.2 + 2 + 0.8 = 6; 4 + 4 + 1 = 9.",
        ),
        lesson="PCA of one component is a crude case of it, with factors of 1 and 0. A denoising autoencoder "
        "learns such factors by itself, and bent ones where the rows are.",
        answer={"factors": [0.8, 0.5, 0.2], "left": 6, "cut": 9},
        wrong=(
            ({"factors": [0.2, 0.5, 0.8]}, "factors"),
            ({"factors": [16 / 18, 4 / 6, 1 / 3]}, "factors"),
            ({"left": 12}, "left"),
            ({"cut": 5}, "cut"),
        ),
    ),
    Exercise(
        name="kl-by-hand",
        topic=TOPIC,
        title="What a code pays",
        task="A row's two codes have the means 1 and -0.5 and the SDs 0.5 and 1. What is the divergence of "
        "each from a standard normal distribution, in nats, and what does the row pay?",
        inputs={"parts": "two numbers, to three decimals", "kl": "a number, to three decimals"},
        check=_check_kl,
        hints=(
            "Of one code it is half of (mean squared + variance - log variance - 1).",
            "The variance of the first is the square of its SD; its logarithm is negative. The second pays "
            "for its mean alone.",
            "(1 + 0.25 + 1.3863 - 1) / 2 = 0.8181 and 0.25 / 2 = 0.125; together 0.9431.",
        ),
        lesson="A narrow code pays for what it tells, one of mean 0 and SD 1 tells nothing and pays nothing. "
        "Programs that take the mean over codes ask too little of all of them.",
        answer=lambda: {"parts": [(0.25 - np.log(0.25)) / 2, 0.125], "kl": (0.5 - np.log(0.25)) / 2},
        wrong=(
            ({"parts": [1.6363, 0.25]}, "parts"),
            ({"parts": [0.4716, 0.125]}, "parts"),
            ({"kl": 0.4716}, "kl"),
        ),
    ),
    Exercise(
        name="draw-and-differentiate",
        topic=TOPIC,
        title="A draw with a slope",
        task="A code has the mean 3 and the log variance log(0.16), and the normal number that was drawn is "
        "1.4. Which is the code? What are its slopes by the mean and by the log variance, the drawn number "
        "staying as it is?",
        inputs={"code": "a number", "slope_mean": "a number", "slope_log_variance": "a number"},
        check=_check_draw,
        hints=(
            "The SD is exp(log variance / 2), the root of 0.16.",
            "code = mean + SD x the normal number. By the log variance only the SD changes, by half of "
            "itself.",
            "3 + 0.4 x 1.4 = 3.56; 1; 0.5 x 0.4 x 1.4 = 0.28.",
        ),
        lesson="Drawn straight from the distribution the code would have no slope. Written as mean + SD x a "
        "number from outside it has, and the encoder can learn. exp(log variance) for the SD is a slip found "
        "in many a program.",
        answer={"code": 3.56, "slope_mean": 1, "slope_log_variance": 0.28},
        wrong=(
            ({"code": 3.224}, "code"),
            ({"code": 4.4}, "code"),
            ({"slope_mean": 0}, "slope_mean"),
            ({"slope_log_variance": 0.56}, "slope_log_variance"),
            ({"slope_log_variance": 0}, "slope_log_variance"),
        ),
    ),
    Exercise(
        name="boltzmann-by-hand",
        topic=TOPIC,
        title="A machine of three units",
        task="One hidden unit has the weights 2 and -0.5 to two visible ones, whose biases are -1 and 0; its "
        "own is 0. With which probability is it 1, given the row (1, 0)? What do all states sum up to, and "
        "how probable is this row?",
        inputs={
            "hidden": "a probability, to three decimals",
            "total": "a number, to three decimals",
            "share": "a probability, to three decimals",
        },
        check=_check_machine,
        hints=(
            "A state weighs exp(biases of units that are 1, and weights of pairs that are both 1).",
            "Of a row, over both states of the hidden unit: exp(visible biases) x (1 + exp(its weights)). "
            "Do it for all four rows.",
            "sigmoid(2) = 0.8808; 2 + 3.0862 + 1.6065 + 2.0166 = 8.7093; 3.0862 / 8.7093 = 0.3544.",
        ),
        lesson="With 20 hidden units there are a million such states, with 64 more than can ever be counted: "
        "that is why training goes by a few steps of drawing instead.",
        answer=lambda: {
            "hidden": 1 / (1 + np.exp(-2)),
            "total": 3 + np.exp(1) + 2 * np.exp(-1) + np.exp(0.5) + np.exp(-0.5),
            "share": (np.exp(-1) + np.exp(1)) / (3 + np.exp(1) + 2 * np.exp(-1) + np.exp(0.5) + np.exp(-0.5)),
        },
        wrong=(
            ({"hidden": 0.1192}, "hidden"),
            ({"hidden": 0.7311}, "hidden"),
            ({"total": 2.7358}, "total"),
            ({"share": 3.0862}, "share"),
        ),
    ),
    Exercise(
        name="one-layer-at-a-time",
        topic=TOPIC,
        title="One layer at a time",
        task="A net of 64 columns, hidden layers of 32 and 16 units and 10 classes is begun by two Boltzmann "
        "machines. How many parameters has the first, how many the second, and how many of the net's own "
        "start from what they have learnt?",
        inputs={"first": "a whole number", "second": "a whole number", "started": "a whole number"},
        check=_check_layers,
        hints=(
            "A machine has one weight for each pair of a visible and a hidden unit, used both ways, and a "
            "bias for each unit.",
            "The hidden units of the first are the visible ones of the second. The net reads upwards: it "
            "keeps weights and hidden biases.",
            "2048 + 64 + 32 = 2144; 512 + 32 + 16 = 560; 2048 + 32 + 512 + 16 = 2608.",
        ),
        lesson="Labels are needed for the 170 of the output layer and for the last touches. Rows without "
        "labels, of which there are often many more, can do the rest.",
        answer={"first": 2144, "second": 560, "started": 2608},
        wrong=(
            ({"first": 2080}, "first"),
            ({"second": 512}, "second"),
            ({"started": 2704}, "started"),
            ({"started": 2778}, "started"),
        ),
    ),
)
