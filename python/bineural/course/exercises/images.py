"""Exercises on images: kernels, sizes, pooling, what a place sees, counting weights, and which flips harm."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Wrong
from bineural.fundamentals.convolution import convolve_image

TOPIC = "images"

# ---- kernels ----

PATCH = np.array([[2, 0, 1], [3, 1, 0], [1, 2, 5]])
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [0, 1, 0]])


def _check_value(value):
    answers.expect(
        answers.number(value, "value"),
        np.sum(PATCH * KERNEL),
        "value",
        (
            (np.sum(PATCH * KERNEL[::-1, ::-1]), "the kernel is laid on as it stands, and not turned round."),
            (np.sum(PATCH * KERNEL.T), "rows and columns of the kernel are exchanged."),
            (PATCH.sum(), "those are the pixels; each is multiplied by the weight that lies on it."),
            (np.mean(PATCH * KERNEL), "the products are added up; no mean is taken."),
        ),
        "multiply each pixel by the weight at its place, and add up the products.",
    )


def _check_edge_kernel(kernel):
    weights = answers.matrix(kernel, "kernel", (3, 3))
    if not weights.any():
        raise Wrong("kernel", "nothing but zeros sees nothing at all.")
    size = np.abs(weights).sum()
    even = weights.sum()
    if abs(even) > 1e-6 * size:
        raise Wrong("kernel", f"where all pixels are 1 it gives {even:.4g}, and not 0.")
    for n in (1, 2):  # columns that are dark
        upright = weights[:, n:].sum()
        if abs(upright) > 1e-6 * size:
            raise Wrong(
                "kernel",
                f"on an upright edge, {answers.in_words(n)} of the columns 0 and the others 1, it gives "
                f"{upright:.4g}.",
            )
    for n in (1, 2):  # rows that are dark
        level = weights[n:].sum()
        if level < 1e-6 * size:
            raise Wrong(
                "kernel",
                f"where the picture gets brighter downwards, {answers.in_words(n)} of the rows 0 and the "
                f"others 1, it gives {level:.4g}.",
            )


PICTURES = (
    (np.array([[1.0, 0, 2, 5], [3, 1, 0, 1], [2, 2, 1, 4], [0, 5, 3, 1]]), np.array([[1.0, 2], [0, -3]])),
    (
        np.array([[1.0, 4, 2, 0, 3], [0, 1, 5, 2, 2], [3, 3, 1, 0, 4]]),
        np.array([[1.0, -1, 2], [0, 3, 1]]),
    ),
)


def _check_convolve(convolve):
    call = answers.function(convolve, "convolve")
    for image, kernel in PICTURES:
        truth = convolve_image(image, kernel, padding="valid")
        sides = [" x ".join(map(str, part.shape)) for part in (image, kernel)]
        what = f"What `convolve` returns for an image of {sides[0]} and a kernel of {sides[1]}"
        outputs = answers.matrix(call(image=image, kernel=kernel), "convolve", truth.shape, what)
        at = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        answers.expect(
            outputs,
            truth,
            "convolve",
            (
                (
                    convolve_image(image, kernel[::-1, ::-1], padding="valid"),
                    "the kernel is laid on as it stands, and not turned round.",
                ),
                (at.sum(axis=(2, 3)), "it adds up the pixels, and no weight of the kernel."),
                (truth / kernel.size, "the products are added up; no mean is taken."),
                (np.zeros(truth.shape), "nothing is written into the result."),
                *[(truth.T, "rows and columns are exchanged.")] * (image.shape[0] == image.shape[1]),
            ),
            "each number is the sum of the products of a window, which begins there, and the kernel.",
        )


# ---- sizes ----


def _check_sizes(valid_size, zeros, strided_size):
    answers.expect(
        answers.number(valid_size, "valid_size"),
        28 - 5 + 1,
        "valid_size",
        (
            (28, "so it would be with zeros laid around."),
            (28 - 5, "count the first place too: one pixel for one place would be left with none."),
            (28 - 5 - 5, "the kernel loses its width less one, and that once."),
            (28 / 5, "windows overlap: each step is one pixel."),
        ),
        "at how many places can the left edge of the kernel lie?",
    )
    answers.expect(
        answers.number(zeros, "zeros"),
        (7 - 1) / 2,
        "zeros",
        (
            (7 - 1, "that is for both sides together."),
            (7, "that is the width of the kernel; how much does it take away?"),
            (7 / 2, "zeros come as whole ones; the middle of the kernel needs none."),
        ),
        "so many that n + 2p - k + 1 is n again.",
    )
    answers.expect(
        answers.number(strided_size, "strided_size"),
        (227 - 11) // 4 + 1,
        "strided_size",
        (
            ((227 - 11) // 4, "those are the steps; there is a place before the first of them."),
            (227 - 11 + 1, "so it would be with steps of one pixel."),
            (227 / 4, "the kernel must fit: its width goes off first."),
            (-(-227 // 4), "so it would be with zeros laid around."),
        ),
        "take the width of the kernel off, divide by the step, and count the first place.",
    )


SQUARE = np.array([[1, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [3, 0, 7, 8]])


def _check_pooled(pooled):
    if answers.described(pooled).endswith("3 x 3"):
        raise Wrong("pooled", "the windows overlap: go on by two pixels each time, and not by one.")
    blocks = SQUARE.reshape(2, 2, 2, 2)  # rows of blocks, rows, columns of blocks, columns
    truth = blocks.max(axis=(1, 3))
    answers.expect(
        answers.matrix(pooled, "pooled", (2, 2)),
        truth,
        "pooled",
        (
            (truth.T, "rows and columns are exchanged."),
            (blocks.mean(axis=(1, 3)), "that is the mean of each window."),
            (blocks.sum(axis=(1, 3)), "that is the sum of each window."),
            (blocks.min(axis=(1, 3)), "that is the smallest of each window."),
            (SQUARE[:2, :2], "that is the first window, as it stands."),
            (SQUARE[::2, ::2], "that is the first pixel of each window, wherever the largest is."),
        ),
        "cut the picture into four windows that don't overlap, and take the largest of each.",
    )


# ---- what a place sees ----


def _check_field(two_layers, four_layers):
    answers.expect(
        answers.number(two_layers, "two_layers"),
        1 + 2 + 2,
        "two_layers",
        (
            (6, "the windows of neighbours overlap: the second layer adds a pixel at each side."),
            (9, "the windows of neighbours overlap: the second layer adds a pixel at each side."),
            (3, "that is one layer."),
            (25, "that is the area; give the side."),
        ),
        "go back from one place: what does it see of the first layer, and what do these see of the image?",
    )
    answers.expect(
        answers.number(four_layers, "four_layers"),
        1 + 2 + 2 + 1 + 2 * 2,
        "four_layers",
        (
            (8, "behind the pooling neighbours are two pixels of the image apart."),
            (7, "the pooling sees more of the image too."),
            (9, "the pooling itself adds a pixel."),
            (6, "that is before the last layer."),
            (14, "the pooling does not double what was seen; it doubles the steps that come after it."),
            (12, "the pooling adds its width less one, too, as every window does."),
            (100, "that is the area; give the side."),
        ),
        "each window adds its width less one, times the steps of all layers before it.",
    )


# ---- counting ----


def _check_count(first, second, dense):
    own_bias = "each kernel has a bias of its own."
    answers.expect(
        answers.number(first, "first"),
        (5 * 5 + 1) * 6,
        "first",
        (
            (5 * 5 * 6, own_bias),
            (5 * 5 * 6 + 1, own_bias),
            (5 * 5, "that is one kernel, without its bias."),
            (5 * 5 + 1, "that is one kernel."),
            (28 * 28 * 6, "those are the numbers that come out; count the weights."),
        ),
        "(width x height + bias) x kernels.",
    )
    answers.expect(
        answers.number(second, "second"),
        (5 * 5 * 6 + 1) * 16,
        "second",
        (
            (5 * 5 * 6 * 16, own_bias),
            ((5 * 5 + 1) * 16, "each kernel has weights for all of the maps that it reads."),
            ((5 * 5 + 1) * 6 * 16, "a kernel has one bias, however many maps it reads."),
        ),
        "(width x height x maps + bias) x kernels.",
    )
    answers.expect(
        answers.number(dense, "dense"),
        (400 + 1) * 120,
        "dense",
        (
            (400 * 120, "each unit has a bias too."),
            (400 * 120 + 400, "units have a bias, inputs have none."),
            ((16 + 1) * 120, "every number of every map is an input, and not every map."),
        ),
        "(inputs + bias) x units.",
    )


# ---- flips ----


def _check_flips(digits, photographs, galaxies):
    words = ("none", "horizontal", "vertical", "both")
    truths = (
        (
            "digits",
            digits,
            "none",
            "a mirrored 2, or a 6 on its head, would get a label that it has not.",
        ),
        (
            "photographs",
            photographs,
            "horizontal",
            {
                "none": "seen in a mirror a cat is a cat.",
                "vertical": "cats on their heads are not what it will be shown.",
                "both": "cats on their heads are not what it will be shown.",
            },
        ),
        ("galaxies", galaxies, "both", "a telescope knows neither up nor left; more flips are allowed."),
    )
    for name, value, truth, why in truths:
        word = answers.word(value, name, words)
        if word != truth:
            raise Wrong(name, why[word] if isinstance(why, dict) else why)


EXERCISES = (
    Exercise(
        name="kernel-by-hand",
        topic=TOPIC,
        title="A kernel by hand",
        task="A window of an image has the rows (2, 0, 1), (3, 1, 0) and (1, 2, 5), the kernel (1, 0, -1), "
        "(2, 0, -2) and (0, 1, 0). Which number does the kernel give there?",
        inputs={"value": "a number"},
        check=_check_value,
        hints=(
            "Lay the kernel on the window: nine products, of which four have a weight of 0.",
            "The first row gives 2 - 1, the second twice its first pixel, the third its middle one.",
            "2 - 1 + 6 - 0 + 2 = 9.",
        ),
        lesson="A neuron does the same: a weighted sum. What is new is that the same weights are used at "
        "every place of the image.",
        answer={"value": 9},
        wrong=(({"value": -2}, "value"), ({"value": -3}, "value"), ({"value": 15}, "value")),
    ),
    Exercise(
        name="edge-kernel",
        topic=TOPIC,
        title="A kernel for level edges",
        task="Choose a 3 x 3 kernel that gives 0 where the image is even and on upright edges, and more "
        "than 0 where it gets brighter from top to bottom.",
        inputs={"kernel": "a 3 x 3 matrix"},
        check=_check_edge_kernel,
        hints=(
            "Where the image is even a kernel gives its sum, times the brightness.",
            "On an upright edge it gives the sum of some of its columns: each column must add up to 0. Then "
            "weights below must outweigh those above.",
            "The rows (-1, -1, -1), (0, 0, 0) and (1, 1, 1); or (-1, -2, -1), (0, 0, 0) and (1, 2, 1), "
            "which is Sobel's.",
        ),
        lesson="Many kernels do it: any whose columns add up to 0 and that weighs below more than above. A "
        "net is not told which; it learns the nine numbers as it learns all weights.",
        answer={"kernel": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]},
        wrong=(
            ({"kernel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]}, "kernel"),
            ({"kernel": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]}, "kernel"),
            ({"kernel": [[1, 1, 1], [1, 1, 1], [1, 1, 1]]}, "kernel"),
            ({"kernel": [[0, 0, 0], [0, 0, 0], [0, 0, 0]]}, "kernel"),
        ),
    ),
    Exercise(
        name="write-convolution",
        topic=TOPIC,
        title="A convolution in code",
        task="Write a function that lays a kernel on an image at every place where it fits, in steps of one "
        "pixel and without zeros around, and returns the matrix of weighted sums.",
        inputs={"convolve": "a function of an image and a kernel, both matrices"},
        check=_check_convolve,
        hints=(
            "The result has as many rows as there are places for the kernel's upper edge: image rows less "
            "kernel rows, and one more.",
            "Two loops, over the rows and columns of the result; each cuts the window that begins there out "
            "of the image.",
            "The number is sum(window * kernel), where the window begins at (i, j) and is as large as the "
            "kernel.",
        ),
        lesson="That is all of a convolutional layer but its bias, its activation, and a sum over the maps "
        "that it reads. Libraries for nets call it a convolution though nothing is turned round.",
        answer={"convolve": lambda image, kernel: convolve_image(image, kernel, padding="valid")},
        wrong=(
            (
                {"convolve": lambda image, kernel: convolve_image(image, kernel[::-1, ::-1], "valid")},
                "convolve",
            ),
            ({"convolve": lambda image, kernel: convolve_image(image, kernel, "same")}, "convolve"),
            ({"convolve": lambda image, kernel: convolve_image(image, kernel, "valid").T}, "convolve"),
        ),
    ),
    Exercise(
        name="output-size",
        topic=TOPIC,
        title="How large is what comes out?",
        task="Sides in pixels: that of an image of 28 behind a kernel of 5 without zeros around; the zeros "
        "to lay on each side so that a kernel of 7 leaves the size as it is; and that of an image of 227 "
        "behind a kernel of 11 in steps of 4, without zeros.",
        inputs={"valid_size": "a whole number", "zeros": "a whole number", "strided_size": "a whole number"},
        check=_check_sizes,
        hints=(
            "A kernel of width k can begin at n - k + 1 of n pixels.",
            "With p zeros on each side and steps of s it is (n + 2p - k) / s, rounded down, and 1 more.",
            "28 - 5 + 1 = 24; (7 - 1) / 2 = 3; (227 - 11) / 4 + 1 = 55.",
        ),
        lesson="The last is AlexNet's first layer. Where the division leaves a rest, pixels at the right and "
        "below are never looked at.",
        answer={"valid_size": 24, "zeros": 3, "strided_size": 55},
        wrong=(
            ({"valid_size": 23}, "valid_size"),
            ({"valid_size": 28}, "valid_size"),
            ({"zeros": 6}, "zeros"),
            ({"strided_size": 54}, "strided_size"),
            ({"strided_size": 56.75}, "strided_size"),
        ),
    ),
    Exercise(
        name="max-pooling",
        topic=TOPIC,
        title="Pooling by hand",
        task="An image has the rows (1, 3, 2, 0), (4, 2, 1, 1), (0, 1, 5, 6) and (3, 0, 7, 8). What is left "
        "of it by max pooling with windows of 2 x 2 that don't overlap?",
        inputs={"pooled": "a 2 x 2 matrix"},
        check=_check_pooled,
        hints=(
            "The first window is the upper left quarter of the image.",
            "Of each of the quarters only the largest number is left, at its own place.",
            "The rows (4, 2) and (3, 8).",
        ),
        lesson="Three quarters of the numbers are gone, and with them where exactly in its window the "
        "largest stood. Pooling has no weights.",
        answer={"pooled": [[4, 2], [3, 8]]},
        wrong=(
            ({"pooled": [[4, 3], [2, 8]]}, "pooled"),
            ({"pooled": [[2.5, 1], [1, 6.5]]}, "pooled"),
            ({"pooled": [[4, 3, 2], [4, 5, 6], [3, 7, 8]]}, "pooled"),
        ),
    ),
    Exercise(
        name="small-windows",
        topic=TOPIC,
        title="What one place sees",
        task="Two convolutions of 3 x 3, a pooling of 2 x 2 in steps of 2, then a third convolution of 3 x "
        "3; convolutions go in steps of one. How wide is the piece of the image, in pixels, that one number "
        "sees behind the second convolution, and behind all four layers?",
        inputs={"two_layers": "a whole number", "four_layers": "a whole number"},
        check=_check_field,
        hints=(
            "Begin with one pixel. A window of k widens what is seen by k - 1 pixels of the layer before it.",
            "Behind a pooling in steps of 2 the neighbours are 2 pixels of the image apart, so that what "
            "comes later widens it twice as fast.",
            "1 + 2 + 2 = 5; then 5 + 1 + 2 x 2 = 10.",
        ),
        lesson="Two kernels of 3 x 3 see what one of 5 x 5 sees, with 18 weights for 25 and an activation "
        "more. That is the idea of the VGG nets.",
        answer={"two_layers": 5, "four_layers": 10},
        wrong=(
            ({"two_layers": 6}, "two_layers"),
            ({"two_layers": 9}, "two_layers"),
            ({"four_layers": 8}, "four_layers"),
            ({"four_layers": 14}, "four_layers"),
        ),
    ),
    Exercise(
        name="count-convolution",
        topic=TOPIC,
        title="Count the weights",
        task="Of LeNet-5, with biases: how many weights have its first layer, 6 kernels of 5 x 5 on a grey "
        "image; its second, 16 kernels of 5 x 5 that read all 6 maps; and its first dense layer, 120 units "
        "on 16 maps of 5 x 5?",
        inputs={"first": "a whole number", "second": "a whole number", "dense": "a whole number"},
        check=_check_count,
        hints=(
            "The size of the image does not matter to a convolution: the same weights are used everywhere.",
            "A kernel has a weight for each pixel of its window in each map that it reads, and one bias. The "
            "dense layer has 400 inputs.",
            "26 x 6 = 156; (25 x 6 + 1) x 16 = 2,416; 401 x 120 = 48,120.",
        ),
        lesson="Nearly all of the weights are in the dense layers: 59,134 of 61,706. A convolution shares "
        "its weights over all places; a dense layer has one for each.",
        answer={"first": 156, "second": 2416, "dense": 48120},
        wrong=(
            ({"first": 150}, "first"),
            ({"second": 416}, "second"),
            ({"second": 2400}, "second"),
            ({"dense": 48000}, "dense"),
            ({"dense": 2040}, "dense"),
        ),
    ),
    Exercise(
        name="which-flips",
        topic=TOPIC,
        title="Which flips are allowed?",
        task="By which flips may training images be changed: handwritten digits, photographs of cats and "
        "dogs, galaxies through a telescope?",
        inputs={
            "digits": "'none', 'horizontal' (left to right), 'vertical' (upside down) or 'both'",
            "photographs": "the same",
            "galaxies": "the same",
        },
        check=_check_flips,
        hints=(
            "Would you give the changed picture the same label, and might such a picture come along later?",
            "A mirrored 3 is no digit. Photographs are rarely taken upside down. In space there is no up.",
            "digits: 'none'; photographs: 'horizontal'; galaxies: 'both'.",
        ),
        lesson="Augmentation is prior knowledge: what may change without the label changing. The winner of "
        "the Galaxy Zoo contest turned and flipped, AlexNet's authors flipped left to right, and LeNet's "
        "moved and sheared their digits and flipped none.",
        answer={"digits": "none", "photographs": "horizontal", "galaxies": "both"},
        wrong=(
            ({"digits": "both"}, "digits"),
            ({"digits": "horizontal"}, "digits"),
            ({"photographs": "both"}, "photographs"),
            ({"photographs": "none"}, "photographs"),
            ({"galaxies": "none"}, "galaxies"),
        ),
    ),
)
