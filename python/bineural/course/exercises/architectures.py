"""Exercises on nets of images: what is counted, what a place sees, what stays frozen, and boxes by hand."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong
from bineural.detection.overlap import overlaps

TOPIC = "architectures"


def _count(value, name, truth, slips, otherwise):
    """Check a whole number that is counted."""
    answers.expect(answers.number(value, name), truth, name, slips, otherwise)


# ---- parameters ----


def _check_table(table, full):
    pairs, maps, kernel = 6 * 3 + 9 * 4 + 1 * 6, 16, 5 * 5
    _count(
        table,
        "table",
        pairs * kernel + maps,
        (
            (pairs * kernel, "every one of the sixteen maps has a bias too."),
            (pairs * (kernel + 1), "a map has one bias, however many maps it sees."),
            (maps * (kernel + 1), "a map has a kernel for each of the maps that it sees."),
            (pairs, "those are the pairs of maps; each of them has a kernel."),
            (maps * 6 * kernel + maps, "that is the layer in which every map sees all of those before."),
        ),
        "add up how many maps the sixteen see; each pair of maps has a kernel of 5 x 5.",
    )
    _count(
        full,
        "full",
        maps * 6 * kernel + maps,
        (
            (maps * 6 * kernel, "every one of the sixteen maps has a bias too."),
            (maps * 6 * (kernel + 1), "a map has one bias, however many maps it sees."),
            (maps * (kernel + 1), "each of the sixteen has a kernel for every map before."),
        ),
        "now each of the sixteen maps sees all six.",
    )


def _check_kernels(three, one):
    pairs = 64 * 64
    _count(
        three,
        "three",
        3 * 9 * pairs,
        (
            (9 * pairs, "that is one of the three."),
            (3 * 9 * 64, "each of the 64 maps has a kernel for every map before."),
            (3 * (9 * pairs + 64), "without the biases, it was said."),
        ),
        "a kernel of 3 x 3 stands between each map before and each map behind.",
    )
    _count(
        one,
        "one",
        49 * pairs,
        (
            (81 * pairs, "a further kernel of 3 x 3 adds a pixel on each side, so two on a side, not three."),
            (25 * pairs, "that is what two of them see."),
            (49 * 64, "each of the 64 maps has a kernel for every map before."),
            (49 * pairs + 64, "without the biases, it was said."),
        ),
        "first find how many pixels on a side the last of the three sees.",
    )


def _check_branch(fewer, naive):
    before, reduced, behind, kernel = 192, 16, 32, 25
    first = before * reduced + reduced
    _count(
        fewer,
        "fewer",
        first + kernel * reduced * behind + behind,
        (
            (kernel * reduced * behind + behind, "the convolution of 1 x 1 learns too."),
            (first, "that is the convolution of 1 x 1; behind it stands one of 5 x 5."),
            (before * reduced + kernel * reduced * behind, "maps have biases."),
        ),
        "count both convolutions: the second sees what the first puts out.",
    )
    _count(
        naive,
        "naive",
        kernel * before * behind + behind,
        (
            (kernel * before * behind, "maps have biases."),
            (before * behind + behind, "the kernels have 5 x 5 weights each."),
        ),
        "now each map of the branch sees all maps before, through a kernel of 5 x 5.",
    )


def _check_frozen(frozen, trained):
    first, second, flat = 9 * 32 + 32, 9 * 32 * 32 + 32, 12 * 12 * 32
    dense, last = flat * 128 + 128, 128 * 5 + 5
    _count(
        frozen,
        "frozen",
        first + second,
        (
            (9 * 32 + 9 * 32 * 32, "every map has a bias."),
            (2 * first, "the second convolution sees not one map but those of the first."),
            (first, "there are two convolutions."),
            (dense + last, "that is what is trained."),
        ),
        "count the two convolutions: a kernel for each pair of maps, a bias for each map.",
    )
    _count(
        trained,
        "trained",
        dense + last,
        (
            (first + second + dense + last, "those are all, frozen ones with them."),
            (dense, "the last layer is trained too."),
            (last, "not the last layer alone: the one before it makes no maps, and is trained too."),
            (flat * 128 + 128 * 5, "every unit has a bias."),
            (
                14 * 14 * 32 * 128 + 128 + last,
                "without pixels around, a convolution of 3 x 3 takes two away.",
            ),
            (24 * 24 * 32 * 128 + 128 + last, "the pooling halves both sides first."),
        ),
        "first find how many numbers the flattened maps are.",
    )


# ---- what a place sees, and what a shortcut does ----

WINDOWS = ((3, 2), (3, 1), (2, 2), (3, 1))  # pixels on a side, step


def _check_field(field):
    side = step = 1
    for pixels, stride in WINDOWS:
        side, step = side + (pixels - 1) * step, step * stride
    sizes = [pixels for pixels, _ in WINDOWS]
    _count(
        field,
        "field",
        side,
        (
            (1 + sum(n - 1 for n in sizes), "the steps count: behind a step of two, neighbours lie apart."),
            (sum(sizes), "windows overlap, and behind a step of two neighbours lie apart."),
            (int(np.prod(sizes)), "the windows overlap."),
            (9, "that is what the pooling sees; one convolution is behind it."),
            (13, "the pooling has a step of its own, and it was left out."),
        ),
        "go layer by layer: (pixels - 1) times the steps of all layers before is added.",
    )


def _check_slope(plain, residual):
    slope, layers = 0.5, 4
    answers.expect(
        answers.number(plain, "plain"),
        slope**layers,
        "plain",
        ((slope * layers, "slopes of layers behind each other multiply."),),
        "the slope of a chain is the product of the slopes.",
    )
    answers.expect(
        answers.number(residual, "residual"),
        (1 + slope) ** layers,
        "residual",
        (
            (1 + slope**layers, "each layer has a shortcut of its own."),
            (1 + slope * layers, "slopes of layers behind each other multiply."),
            (slope**layers, "x is added in every layer: that changes each slope."),
            (1, "the layers add to what the shortcuts carry."),
        ),
        "what is the slope of x + 0.5 x, and of that four times?",
    )


# ---- boxes ----

A, B = np.array([2, 2, 6, 6]), np.array([4, 3, 8, 7])


def _check_iou(iou):
    shared, area = 6, 16
    answers.expect(
        answers.number(iou, "iou"),
        float(overlaps(A[None].astype(float), B[None].astype(float))[0, 0]),
        "iou",
        (
            (shared, "that is the area that both cover; divide it by the area that either covers."),
            (shared / (2 * area), "the part that both cover is counted twice in the sum of the two areas."),
            (shared / area, "divide by the area that either covers, not by that of one box."),
            (12 / 38, "a box from 2 to 6 is four wide: edges lie between pixels, and none is added."),
        ),
        "how wide and how high is the part that both cover?",
    )


def _check_kept(kept):
    bits = answers.digits(kept, "kept", 4).astype(int)
    truth = np.array([1, 0, 1, 1])
    if (bits == truth).all():
        return
    if not bits[0]:
        raise Wrong("kept", "the box of the highest score always stays.")
    if bits[1]:
        raise Wrong("kept", "the second box shares 3 of the 5 units that it and the first cover.")
    if not bits[3]:
        raise Wrong("kept", "the last box overlaps none of the others.")
    raise Wrong(
        "kept", "the third box is covered by the second alone, and that one has been left out already."
    )


HITS = np.array([False, True, True, False, True])


def _check_precision(best, ap):
    precision = np.cumsum(HITS) / np.arange(1, 6)
    truth = np.maximum.accumulate(precision[::-1])[::-1][HITS]
    answers.expect(
        answers.vector(best, "best", 3),
        truth,
        "best",
        (
            (precision[HITS], "precision is the best at that recall or at a higher one."),
            (np.array([1, 1, 1]), "false boxes with higher scores count against a hit."),
            (np.arange(1, 4) / 5, "divide by the boxes so far, not by all of them."),
            (np.arange(1, 4) / 3, "that is the recall: hits so far over true boxes."),
        ),
        "at each hit: how many of the boxes up to there are right, and is it more at a later hit?",
    )
    answers.expect(
        answers.number(ap, "ap"),
        truth.sum() / 3,
        "ap",
        (
            (precision[HITS].sum() / 3, "take the best precisions, not those at the hits themselves."),
            (truth.sum(), "that is their sum."),
            (truth.sum() / 5, "divide by the true boxes, not by the predicted ones."),
        ),
        "it is the mean of the three over the true boxes.",
    )


EXERCISES = (
    Exercise(
        name="lenet-table",
        topic=TOPIC,
        title="The table of LeNet-5",
        task="In the LeNet-5 of 1998 the second convolution has 16 maps and kernels of 5 x 5. Of these 6 "
        "maps see three of the 6 maps before, 9 see four, and one sees all six. How many weights and biases "
        "does it learn, and how many would it with every map seeing all six?",
        inputs={"table": "a whole number, with the table", "full": "a whole number, with all connections"},
        check=_check_table,
        hints=(
            "A map has a kernel of 25 weights for each map that it sees, and one bias.",
            "With the table there are 6 x 3 + 9 x 4 + 6 = 60 pairs of maps, else 6 x 16.",
            "60 x 25 + 16 = 1,516 with the table, 96 x 25 + 16 = 2,416 without.",
        ),
        lesson="The table saved weights when weights were dear, and made maps differ. Today a layer sees "
        "all maps, and chance makes them differ.",
        answer={"table": 1516, "full": 2416},
        wrong=(
            ({"table": 1500}, "table"),
            ({"table": 1560}, "table"),
            ({"full": 2400}, "full"),
            ({"full": 416}, "full"),
        ),
    ),
    Exercise(
        name="receptive-field",
        topic=TOPIC,
        title="What a place sees",
        task="An image goes through a convolution of 3 x 3 with steps of 2, a convolution of 3 x 3 with "
        "steps of 1, a pooling of 2 x 2 with steps of 2, and a convolution of 3 x 3 with steps of 1. How "
        "many pixels on a side does a place of the last layer see?",
        inputs={"field": "a whole number"},
        check=_check_field,
        hints=(
            "Each layer adds (pixels of its window - 1) times the steps of all layers before it.",
            "Before the first layer the steps are 1, behind it 2, and behind the pooling twice that.",
            "1 + 2 x 1 + 2 x 2 + 1 x 2 + 2 x 4 = 17.",
        ),
        lesson="Steps multiply, and so does what later layers see: that is how a small kernel gets to see a "
        "large part of an image after a few poolings.",
        answer={"field": 17},
        wrong=(({"field": 8}, "field"), ({"field": 9}, "field"), ({"field": 54}, "field")),
    ),
    Exercise(
        name="small-kernels",
        topic=TOPIC,
        title="Three small kernels for a large one",
        task="Three convolutions of 3 x 3 stand behind each other, with 64 maps before and behind each. How "
        "many weights have they together, without biases? And how many has one convolution, 64 maps to 64, "
        "with a kernel so large that it sees what the three see?",
        inputs={"three": "a whole number", "one": "a whole number"},
        check=_check_kernels,
        hints=(
            "Between 64 maps and 64 maps there are 64 x 64 kernels.",
            "One convolution of 3 x 3 sees 3 pixels on a side, and each further one sees 2 more.",
            "3 x 9 x 64 x 64 = 110,592; of 7 x 7 it is 49 x 64 x 64 = 200,704.",
        ),
        lesson="Little more than half the weights, for the same field, and two activations more in between. "
        "This is the idea of VGG.",
        answer={"three": 110592, "one": 200704},
        wrong=(
            ({"three": 36864}, "three"),
            ({"three": 110784}, "three"),
            ({"one": 331776}, "one"),
            ({"one": 102400}, "one"),
        ),
    ),
    Exercise(
        name="inception-branch",
        topic=TOPIC,
        title="Fewer maps first",
        task="A branch of an inception module sees 192 maps. A convolution of 1 x 1 makes 16 of them, and "
        "one of 5 x 5 makes 32 of these. How many weights and biases are that, and how many without the "
        "first convolution?",
        inputs={"fewer": "a whole number, of both convolutions", "naive": "a whole number, of one"},
        check=_check_branch,
        hints=(
            "A convolution learns (weights of a kernel) x (maps before) x (maps behind), and a bias for "
            "each map behind.",
            "192 x 16 + 16 for the first, 25 x 16 x 32 + 32 for the second; 25 x 192 x 32 + 32 without it.",
            "3,088 + 12,832 = 15,920, and 153,632 without.",
        ),
        lesson="A tenth of the weights: a convolution of 1 x 1 is a dense layer at each pixel that says "
        "what the larger kernel gets to see.",
        answer={"fewer": 15920, "naive": 153632},
        wrong=(
            ({"fewer": 12832}, "fewer"),
            ({"fewer": 15872}, "fewer"),
            ({"naive": 153600}, "naive"),
            ({"naive": 6176}, "naive"),
        ),
    ),
    Exercise(
        name="shortcut-slope",
        topic=TOPIC,
        title="The slope of a shortcut",
        task="Each of four layers multiplies what comes in by 0.5. What is the slope of the whole, output "
        "by input, to three decimals? And if each layer adds its input to that, x + 0.5 x?",
        inputs={"plain": "a number", "residual": "a number"},
        check=_check_slope,
        hints=(
            "The slope of functions behind each other is the product of their slopes.",
            "A layer with a shortcut has the slope 1 + 0.5.",
            "0.5 to the power of 4 is 0.0625; 1.5 to the power of 4 is 5.0625.",
        ),
        lesson="A shortcut carries the slope of 1 past the layer, so nothing vanishes. It can grow, though: "
        "that is what normalisation is for, and why blocks may begin at zero.",
        answer={"plain": 0.0625, "residual": 5.0625},
        wrong=(
            ({"plain": 2}, "plain"),
            ({"residual": 1.0625}, "residual"),
            ({"residual": 3}, "residual"),
        ),
    ),
    Exercise(
        name="frozen-and-trained",
        topic=TOPIC,
        title="What is frozen, and what is trained",
        task="A net for grey images of 28 x 28 pixels has two convolutions of 3 x 3 with 32 maps each, "
        "without pixels around; a pooling of 2 x 2; a dense layer of 128 units; and one of 5 classes. The "
        "layers that make maps are frozen. How many weights and biases stay, and how many are trained?",
        inputs={"frozen": "a whole number", "trained": "a whole number"},
        check=_check_frozen,
        hints=(
            "Without pixels around, a convolution of 3 x 3 makes 26 of 28 pixels on a side, and the next 24.",
            "Behind the pooling there are 12 x 12 x 32 numbers, each of which goes to each of 128 units.",
            "320 + 9,248 = 9,568 stay; 589,952 + 645 = 590,597 are trained.",
        ),
        lesson="The frozen part is a sixtieth of the weights, but it takes most of the multiplications: "
        "freezing saves less time than the counts suggest, unless the features are computed once and kept.",
        answer={"frozen": 9568, "trained": 590597},
        wrong=(
            ({"frozen": 640}, "frozen"),
            ({"frozen": 9504}, "frozen"),
            ({"trained": 600165}, "trained"),
            ({"trained": 2360069}, "trained"),
        ),
    ),
    Exercise(
        name="iou-by-hand",
        topic=TOPIC,
        title="Two boxes",
        task="One box has the edges x1 = 2, y1 = 2, x2 = 6, y2 = 6, another x1 = 4, y1 = 3, x2 = 8, y2 = 7. "
        "What is their intersection over union, to three decimals?",
        inputs={"iou": "a number"},
        check=_check_iou,
        hints=(
            "The part that both cover goes from the larger x1 to the smaller x2, and likewise for y.",
            "It is 2 wide and 3 high. Either covers both areas, less that part, which is in both.",
            "6 / (16 + 16 - 6) = 6 / 26 = 0.231.",
        ),
        lesson="Boxes that look close have a small overlap: at the usual limit of one half this one would "
        "not count as found.",
        answer={"iou": 6 / 26},
        wrong=(({"iou": 6 / 32}, "iou"), ({"iou": 6 / 16}, "iou"), ({"iou": 12 / 38}, "iou")),
    ),
    Exercise(
        name="suppress-by-hand",
        topic=TOPIC,
        title="Which boxes stay",
        task="Four boxes of one label are 4 wide, equally high and side by side in one row: they begin at x "
        "= 0, 1, 2 and 10, with scores 0.9, 0.8, 0.7 and 0.6. Which of them stay, where an overlap above "
        "one half counts as the same object?",
        inputs={"kept": "four digits, 1 where a box stays, in their order"},
        check=_check_kept,
        hints=(
            "Take the box of the highest score, and leave out those that overlap it by more than a half.",
            "Boxes that begin 1 apart share 3 of 5 units, those that begin 2 apart share 2 of 6.",
            "1, 0, 1, 1: the second goes because of the first, and then nothing covers the third.",
        ),
        lesson="A box that has been left out leaves out no other. So a chain of boxes is thinned, and not "
        "taken for one object.",
        answer={"kept": [1, 0, 1, 1]},
        wrong=(
            ({"kept": [1, 0, 0, 1]}, "kept"),
            ({"kept": [1, 1, 1, 1]}, "kept"),
            ({"kept": [1, 0, 1, 0]}, "kept"),
            ({"kept": "0111"}, "kept"),
        ),
    ),
    Exercise(
        name="average-precision",
        topic=TOPIC,
        title="Average precision",
        task="There are three true boxes. Five boxes are predicted, from the highest score down: a miss, a "
        "hit, a hit, a miss, a hit. What is the best precision at each hit's recall or a higher one, and "
        "what is the average precision, to three decimals?",
        inputs={"best": "three numbers, one for each hit", "ap": "a number"},
        check=_check_precision,
        hints=(
            "Precision at a hit is the share of hits among the boxes up to it: the first hit is the second "
            "box.",
            "At the hits it is one of two, two of three, three of five. For the first hit take the best of "
            "all three, for the second the better of the last two.",
            "0.667, 0.667 and 0.6; their mean is 0.644.",
        ),
        lesson="The miss in front costs something at every recall, the one behind it little, and misses "
        "behind the last hit would cost nothing.",
        answer={"best": [2 / 3, 2 / 3, 3 / 5], "ap": 29 / 45},
        wrong=(
            ({"best": [1 / 2, 2 / 3, 3 / 5]}, "best"),
            ({"best": [1 / 3, 2 / 3, 1]}, "best"),
            ({"ap": (1 / 2 + 2 / 3 + 3 / 5) / 3}, "ap"),
            ({"ap": 29 / 75}, "ap"),
        ),
    ),
)
