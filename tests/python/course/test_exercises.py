"""Each exercise takes all right answers and no others; truth is the definition, written slowly, or Keras."""

from itertools import permutations, product

import numpy as np
import pytest

import bineural as bn
from bineural.detection.mean_precision import average_precision_of

PAIRS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])


def passes(name, **inputs):
    return bn.check_exercise(name, **inputs).passed


def slopes(loss, at, step=1e-6):
    """Differentiate by central differences."""
    at = np.asarray(at, dtype=float)
    return np.array([(loss(at + step * e) - loss(at - step * e)) / (2 * step) for e in np.eye(at.size)])


# ---- neurons ----

GATES = {"or-gate": [0, 1, 1, 1], "and-gate": [0, 0, 0, 1], "nand-gate": [1, 1, 1, 0]}


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_right_just_where_its_truth_table_is(name):
    rng = np.random.default_rng(1943)
    passed = 0
    for a, b, bias in rng.integers(-4, 5, (300, 3)) / 2:
        right = [int(a * x + b * y + bias > 0) for x, y in PAIRS] == GATES[name]
        assert passes(name, weights=[a, b], bias=bias) == right
        passed += right
    assert passed > 5


def test_not_is_right_just_where_its_truth_table_is():
    for weight, bias in product(np.arange(-2, 2.5, 0.5), repeat=2):
        assert passes("not-gate", weight=weight, bias=bias) == (bias > 0 >= weight + bias)


def test_every_network_that_computes_xor_is_right():
    rng = np.random.default_rng(1969)
    passed = 0
    for _ in range(1000):
        w, v = rng.choice([-1, 1], (2, 2)), rng.choice([-1, 1], 2)
        c, d = rng.integers(-3, 4, 2) / 2, rng.integers(-3, 4) / 2
        right = ((PAIRS @ w + c > 0) @ v + d > 0).tolist() == [False, True, True, False]
        network = {"hidden_weights": w, "hidden_bias": c, "output_weights": v, "output_bias": d}
        assert passes("xor-network", **network) == right
        passed += right
    assert passed > 3


def test_the_count_of_gates_is_that_of_tables_that_small_units_give():
    units = product((-2, -1, 1, 2, 0), (-2, -1, 1, 2, 0), np.arange(-2.5, 3))
    tables = {tuple((PAIRS @ [a, b] + c > 0).tolist()) for a, b, c in units}
    gates = bn.fundamentals.list_gates()
    missing = [row.gate for row in gates.itertuples() if (row.f00, row.f01, row.f10, row.f11) not in tables]
    assert passes("xor-impossible", gates=len(tables), left_out=missing[::-1])


def test_a_correction_and_the_bound_are_those_of_the_definitions():
    old, row = np.array([0.3, -0.4, 0.1]), np.array([1, 2, 1])
    new = old + 0.5 * (1 - (old @ row > 0)) * row
    assert passes("perceptron-rule", weights=new[:2], bias=new[2])
    rows = np.column_stack([PAIRS, np.ones(4)])
    plane = np.array([2, 2, -3]) / np.sqrt(17)
    margin = np.min(np.abs(rows @ plane))
    rng = np.random.default_rng(1962)
    sign = np.array([-1, -1, -1, 1])
    others = rng.normal(size=(20_000, 3))
    others = np.min(sign * (others @ rows.T), axis=1) / np.linalg.norm(others, axis=1)
    assert margin - 0.02 < others.max() <= margin  # no plane is better
    radius = np.linalg.norm(rows, axis=1).max()
    assert passes("mistake-bound", radius=radius, margin=margin, bound=(radius / margin) ** 2)


# ---- learning ----


def test_a_step_goes_against_the_slope_of_the_summed_loss():
    def loss(at):
        return np.sum((np.maximum(0, PAIRS @ at[:2] + at[2]) - [0, 0, 0, 1]) ** 2)

    start = np.array([0.1, 0.2, 0.3])
    end = start - 0.1 * slopes(loss, start)
    assert passes("relu-and-step", weights=end[:2], bias=end[2])
    assert loss(end) == pytest.approx(0.516)  # the workshop's own second loss
    fit = bn.fundamentals.fit_neuron(
        PAIRS, [0, 0, 0, 1], "relu", [0.1, 0.2], 0.3, 0.1, steps=1, reduction="sum"
    )
    assert passes("relu-and-step", weights=fit.weights, bias=fit.bias)


def test_any_way_to_write_the_slope_is_right():
    for slope in (
        lambda x: 1 / (2 + np.exp(x) + np.exp(-x)),
        lambda x: (1 - np.tanh(x / 2) ** 2) / 4,
        lambda x: slopes(lambda at: 1 / (1 + np.exp(-at[0])), [x]),
    ):
        assert passes("sigmoid-slope", slope=slope)


def test_the_graph_of_the_sigmoid_is_the_one_that_build_graph_walks():
    graph = bn.fundamentals.build_graph("1 / (1 + exp(-x))", {"x": 2.0})
    nodes = graph.nodes.set_index("operation")["value"]
    values = nodes[["neg", "exp", "+", "/"]].to_numpy()
    assert passes("sigmoid-graph", values=values, gradient=graph.gradients["x"])


def test_gradients_by_hand_are_those_of_differences():
    def loss(at):
        b2, w2, b1, w1 = at
        return (w2 * max(0.0, w1 * 4 + b1) + b2 - 1) ** 2

    names = ("output_bias", "output_weight", "hidden_bias", "hidden_weight")
    assert passes("backprop-by-hand", **dict(zip(names, slopes(loss, [-1, 3, -0.5, 0.5]))))


def test_steps_are_counted_batch_by_batch():
    steps = len(range(0, 61, 8))
    assert passes("steps-per-epoch", steps=steps, total=sum(steps for _ in range(100)))


def test_descent_comes_nearer_below_the_rate_and_runs_away_above():
    def multiplied(rate):
        return abs(1 - rate * slopes(lambda w: 4 * w[0] ** 2, [1.0])[0])

    assert multiplied(0.249) < 1 < multiplied(0.251)
    assert passes("learning-rate", rate=0.25)


def test_optimizers_by_hand_are_those_of_their_formulas():
    speed, w, path = 0.0, 1.0, []
    for _ in range(2):
        speed = 0.9 * speed - 0.1 * 2 * w
        w += speed
        path.append(w)
    assert passes("momentum-step", first=path[0], second=path[1])

    def adam(slope):
        mean, square = 0.1 * slope / (1 - 0.9), 0.001 * slope**2 / (1 - 0.999)
        return 0.01 * mean / np.sqrt(square)

    assert passes("adam-step", steep=adam(250.0), flat=-adam(0.004))


# ---- depth ----


def test_four_lines_make_as_many_regions_as_sign_patterns():
    rng = np.random.default_rng(2013)
    x = rng.uniform(-30, 30, (400_000, 2))
    lines = np.array([[1, 0.2, 1], [-0.3, 1, 2], [1, 1, -3], [1, -1.5, 4]])
    patterns = {tuple(row) for row in x @ lines[:, :2].T + lines[:, 2] > 0}
    assert passes("count-regions", regions=len(patterns))


def test_the_code_that_passes_is_the_one_without_a_point():
    grid = np.array(list(product(np.arange(-3, 3.01, 0.25), repeat=2)))
    found = {tuple(row) for row in np.column_stack([grid > 0, grid.sum(axis=1) > 1]).astype(int)}
    for code in product((0, 1), repeat=3):
        assert passes("impossible-code", code=code) == (code not in found)
        assert passes("impossible-code", code="".join(map(str, code))) == (code not in found)


def test_numbers_of_parameters_are_those_of_keras():
    import keras

    for normalised, exercise in ((False, "parameter-count"), (True, "count-bn")):
        net = keras.Sequential([keras.Input((1,))])
        for units in (30, 100, 100, 30):
            net.add(keras.layers.Dense(units))
            if normalised:
                net.add(keras.layers.BatchNormalization())
        net.add(keras.layers.Dense(1))
        trainable = sum(int(np.prod(w.shape)) for w in net.trainable_weights)
        given = {"parameters": net.count_params()} | ({"trainable": trainable} if normalised else {})
        assert passes(exercise, **given)
        assert not passes(exercise, **given | {"parameters": net.count_params() + 1})


def test_two_layers_are_told_by_what_they_do_to_unit_vectors():
    def layers(x):
        return (x @ [[1, 2], [3, -1]] + [1, 2]) @ [[2, 0], [1, 3]] + [0.5, -1]

    bias = layers(np.zeros(2))
    assert passes("linear-layers", weights=layers(np.eye(2)) - bias, bias=bias)


@pytest.mark.parametrize("w", [100, 150, 1e4])
def test_any_two_steep_steps_make_the_bump(w):
    up, down = (w, -0.3 * w, 0.6), (w, -0.7 * w, -0.6)
    for units in ((up, down), (down, up)):
        weights, biases, output = map(list, zip(*units))
        assert passes("bump", weights=weights, biases=biases, output_weights=output)
        assert not passes("bump", weights=weights, biases=biases, output_weights=output[::-1])
    assert passes("bump", weights=[-w, -w], biases=[0.3 * w, 0.7 * w], output_weights=[-0.6, 0.6])
    assert not passes("bump", weights=[w, w], biases=[-0.4 * w, -0.7 * w], output_weights=[0.6, -0.6])


def test_xor_is_folded_just_where_a_linear_programme_finds_a_line():
    from scipy.optimize import linprog

    rng = np.random.default_rng(1986)
    passed = 0
    for _ in range(60):
        weights, bias = rng.choice([-1, 1], (2, 2)), rng.integers(-2, 3, 2) / 2
        hidden = np.column_stack([np.maximum(0, PAIRS @ weights + bias), np.ones(4)])
        sign = np.array([-1, 1, 1, -1])
        line = linprog(np.zeros(3), A_ub=-sign[:, None] * hidden, b_ub=-np.ones(4), bounds=(None, None))
        assert passes("fold-xor", hidden_weights=weights, hidden_bias=bias) == (line.status == 0)
        passed += line.status == 0
    assert passed > 5


# ---- fair comparison ----


def test_pairs_are_counted_one_by_one():
    wins = [1.0 * (a > b) + 0.5 * (a == b) for a in (0.9, 0.6, 0.4) for b in (0.7, 0.4, 0.2)]
    assert passes("count-the-pairs", pairs=sum(wins), auroc=np.mean(wins))


def test_the_smallest_step_is_what_one_exchange_does():
    y, score = np.array([0] * 16 + [1] * 4), np.arange(20.0)
    swapped = score.copy()
    swapped[[15, 16]] = score[[16, 15]]
    step = bn.auroc(y, score) - bn.auroc(y, swapped)
    assert passes("smallest-step", pairs=1 / step, step=step)
    assert 46 * step == 0.71875  # the workshop's AUROC


def test_either_divisor_of_the_standard_deviation_is_right():
    for ddof in (0, 1):
        assert passes(
            "scale-with-training-rows", scale=lambda a, b, ddof=ddof: (b - a.mean()) / a.std(ddof=ddof)
        )
    assert not passes("scale-with-training-rows", scale=lambda a, b: (b - a.mean()) / b.std())


def test_findings_are_read_off_the_ends_of_the_interval():
    words = ("better", "worse", "not distinguishable")
    ends = ((0.02, 0.09), (-0.05, 0.04), (-0.11, -0.01))
    truth = [words[0] if low > 0 else words[1] if high < 0 else words[2] for low, high in ends]
    for guess in permutations(words):
        answer = dict(zip(("first", "second", "third"), guess))
        assert passes("read-the-interval", **answer) == (list(guess) == truth)
    assert passes("name-the-event", event=" Present") and not passes("name-the-event", event="absent")


# ---- tensors and training ----


def test_shapes_are_those_of_arrays():
    x, first, second = np.zeros((32, 10)), np.zeros((10, 4)), np.zeros((4, 1))
    shapes = {"weights": first.shape, "hidden": (x @ first).shape, "output": (x @ first @ second).shape}
    assert passes("tensor-shapes", **shapes)


def test_a_dense_layer_may_be_written_with_loops():
    def layer(x, weights, bias):
        out = np.zeros((len(x), len(bias)))
        for i, j in np.ndindex(out.shape):
            out[i, j] = max(0.0, bias[j] + sum(x[i, k] * weights[k, j] for k in range(x.shape[1])))
        x[:] = 0  # a function that spoils its arguments spoils no check
        return out.tolist()

    assert passes("dense-layer", layer=layer)


def test_the_rule_stops_where_a_loop_does():
    losses, look = [0.62, 0.5, 0.43, 0.45, 0.31], 1
    while losses[look] <= losses[look - 1]:
        look += 1
    assert passes("early-stop", last_epoch=10 * (look + 1), kept_epoch=10 * look)


def test_dropout_keeps_the_mean_over_all_masks():
    def mean_sum(factor):
        masks = product((0, 1), repeat=3)
        return sum(factor * sum(m) * np.prod(np.where(m, 0.8, 0.2)) for m in masks)

    factor = 3 / mean_sum(1.0)
    assert mean_sum(factor) == pytest.approx(3) and passes("dropout-scale", factor=factor)


def test_batch_norm_divides_by_the_biased_variance_with_epsilon():
    x = [0.1, 0.2, 0.3, 0.6]
    mean = sum(x) / 4
    variance = sum((v - mean) ** 2 for v in x) / 4
    assert passes("batch-norm", values=[(v - mean) / (variance + 0.001) ** 0.5 for v in x])


# ---- architectures, transfer, detection ----


def test_maps_are_counted_as_keras_counts_them():
    from keras import Input, Sequential
    from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D

    def count(shape, *layers):
        return Sequential([Input(shape), *layers]).count_params()

    table = sum(n * count((14, 14, seen), Conv2D(1, 5)) for seen, n in ((3, 6), (4, 9), (6, 1)))
    assert passes("lenet-table", table=table, full=count((14, 14, 6), Conv2D(16, 5)))

    side = len(seen_by([(3, 1)] * 3))
    kernels = [count((14, 14, 64), Conv2D(64, n, use_bias=False)) for n in (3, side)]
    assert passes("small-kernels", three=3 * kernels[0], one=kernels[1])

    naive = count((28, 28, 192), Conv2D(32, 5))
    assert passes("inception-branch", fewer=count((28, 28, 192), Conv2D(16, 1), Conv2D(32, 5)), naive=naive)

    maps = [Conv2D(32, 3), Conv2D(32, 3)]
    frozen = count((28, 28, 1), *maps)
    every = count((28, 28, 1), *maps, MaxPooling2D(), Flatten(), Dense(128), Dense(5))
    assert passes("frozen-and-trained", frozen=frozen, trained=every - frozen)


def seen_by(windows):
    """Return the pixels of a line that a place of the last layer sees, of layers (pixels, step)."""
    places = {0}
    for pixels, step in reversed(windows):
        places = {place * step + i for place in places for i in range(pixels)}
    return places


def test_a_receptive_field_is_the_pixels_that_reach_a_place():
    assert passes("receptive-field", field=len(seen_by([(3, 2), (3, 1), (2, 2), (3, 1)])))


def test_slopes_of_layers_multiply_with_and_without_shortcuts():
    def layers(x, shortcut):
        for _ in range(4):
            x = shortcut * x + 0.5 * x
        return x

    plain, residual = (slopes(lambda at, s=s: layers(at[0], s), [1.0])[0] for s in (0, 1))
    assert passes("shortcut-slope", plain=plain, residual=residual)


def cells(x1, y1, x2, y2):
    return set(product(range(x1, x2), range(y1, y2)))


def iou(a, b):
    return len(a & b) / len(a | b)


def test_an_overlap_is_counted_cell_by_cell():
    assert passes("iou-by-hand", iou=iou(cells(2, 2, 6, 6), cells(4, 3, 8, 7)))


def test_a_box_stays_unless_a_better_one_that_stays_covers_it():
    boxes, kept = [cells(x, 0, x + 4, 5) for x in (0, 1, 2, 10)], []
    for box in boxes:
        kept.append(int(not any(k and iou(other, box) > 0.5 for k, other in zip(kept, boxes))))
    for guess in product((0, 1), repeat=4):
        assert passes("suppress-by-hand", kept=list(guess)) == (list(guess) == kept)


def test_average_precision_takes_the_best_precision_from_each_recall_on():
    hits = [0, 1, 1, 0, 1]
    points = [(sum(hits[:k]) / 3, sum(hits[:k]) / k) for k in range(1, 6)]
    best = [max(p for r, p in points if r >= recall - 1e-9) for recall in (1 / 3, 2 / 3, 1)]
    assert passes("average-precision", best=best, ap=np.mean(best))
    assert np.mean(best) == pytest.approx(average_precision_of(np.array(hits, bool), 3))


# ---- images ----


def keras_side(n, layer):
    import keras

    return layer(keras.Input((n, n, 1))).shape[1]


def test_a_kernel_by_hand_and_in_code_are_scipy_s_correlation():
    from scipy.signal import correlate2d

    window, kernel = [[2, 0, 1], [3, 1, 0], [1, 2, 5]], [[1, 0, -1], [2, 0, -2], [0, 1, 0]]
    assert passes("kernel-by-hand", value=correlate2d(window, kernel, "valid"))
    assert passes("write-convolution", convolve=lambda x, k: correlate2d(x, k, "valid"))
    for slip in (
        lambda x, k: correlate2d(x, k[::-1, ::-1], "valid"),  # a convolution
        lambda x, k: correlate2d(x, k, "same"),
        lambda x, k: correlate2d(x, k, "valid") / k.size,
        lambda x, k: correlate2d(x, np.ones(k.shape), "valid"),
    ):
        assert not passes("write-convolution", convolve=slip)


def test_an_edge_kernel_is_right_just_where_it_answers_as_it_should():
    rng = np.random.default_rng(1968)
    row, column = np.indices((3, 3))
    passed = 0
    for i in range(400):
        kernel = rng.integers(-1, 2, (3, 3))
        kernel[2] = -kernel[:2].sum(axis=0) if i % 2 else kernel[2]
        given = lambda image, kernel=kernel: np.sum(kernel * image)  # noqa: E731
        none = all(given(column >= n) == 0 for n in range(3))  # n = 0: even
        right = none and all(given(row >= n) > 0 for n in (1, 2))
        assert passes("edge-kernel", kernel=kernel) == right
        passed += right
    assert passed > 3


def test_sizes_and_counts_are_those_of_keras():
    from keras.layers import Conv2D, Dense

    sizes = {"valid_size": keras_side(28, Conv2D(1, 5)), "strided_size": keras_side(227, Conv2D(1, 11, 4))}
    (zeros,) = [p for p in range(7) if keras_side(28 + 2 * p, Conv2D(1, 7)) == 28]
    assert passes("output-size", zeros=zeros, **sizes)
    counted = {}
    layers = {"first": (Conv2D(6, 5), (28, 28, 1)), "second": (Conv2D(16, 5), (14, 14, 6))}
    for name, (layer, shape) in (layers | {"dense": (Dense(120), (5 * 5 * 16,))}).items():
        layer.build((None, *shape))
        counted[name] = layer.count_params()
    assert passes("count-convolution", **counted)
    net = bn.describe_architecture("lenet5", (28, 28, 1), 10)
    lesson = bn.check_exercise("count-convolution", **counted).message
    assert f"{net.parameters - counted['first'] - counted['second']:,} of {net.parameters:,}" in lesson


def test_pooling_is_keras_s():
    from keras.layers import MaxPooling2D

    image = np.array([[1, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [3, 0, 7, 8]], "float32")
    assert passes("max-pooling", pooled=np.array(MaxPooling2D()(image[None, :, :, None]))[0, :, :, 0])


def test_a_receptive_field_is_the_pixels_that_change_the_number():
    def run(image, n_layers):
        for layer in range(n_layers):
            n, k, step = len(image), 2 if layer == 2 else 3, 2 if layer == 2 else 1
            places = range(0, n - k + 1, step)
            image = np.array([image[i : i + k].sum() for i in places])  # one side; sums see all that is there
        return image[len(image) // 2]

    def seen(n_layers):
        return sum(run(dot, n_layers) != 0 for dot in np.eye(40))

    assert passes("small-windows", two_layers=seen(2), four_layers=seen(4))


def test_digits_survive_no_flip_and_galaxies_all():
    words = ("none", "horizontal", "vertical", "both")
    right = [
        answer
        for answer in product(words, repeat=3)
        if passes("which-flips", **dict(zip(("digits", "photographs", "galaxies"), answer)))
    ]
    assert right == [("none", "horizontal", "both")]


# ---- recurrent nets and forecasts ----


def test_states_are_those_of_keras():
    from keras.layers import SimpleRNN

    def run(x, U, W, b):
        layer = SimpleRNN(len(b), return_sequences=True)
        layer.build((None, *x.shape))
        layer.set_weights([U.T, W.T, b])
        return np.array(layer(x[None].astype("float32")))[0]

    assert passes("write-recurrence", run=run)
    states = run(np.array([[1.0], [0], [-1]]), np.eye(1), np.array([[0.5]]), np.zeros(1))[:, 0]
    assert passes("state-by-hand", states=states, output=2 * states[-1] + 0.1)
    for slip in (
        lambda x, U, W, b: run(x, U, W.T, b),
        lambda x, U, W, b: run(x[::-1], U, W, b),
        lambda x, U, W, b: run(x, U, W, 0 * b),
        lambda x, U, W, b: run(x, U, W, b)[-1],
    ):
        assert not passes("write-recurrence", run=slip)


def test_weights_of_recurrent_layers_are_counted_as_keras_counts_them():
    from keras.layers import GRU, LSTM, SimpleRNN

    counted = {}
    for layer in (SimpleRNN(10), LSTM(10), GRU(10)):
        layer.build((None, None, 4))
        name = {"SimpleRNN": "rnn"}.get(type(layer).__name__, type(layer).__name__.lower())
        counted[name] = layer.count_params()
    assert passes("count-recurrent", **counted)


def test_a_step_of_an_lstm_is_that_of_keras_s_cell():
    from keras.layers import LSTMCell

    cell = LSTMCell(1)
    cell.build((None, 1))
    sums = [np.log(gate / (1 - gate)) for gate in (0.4, 0.9)] + [np.arctanh(-0.4), np.log(0.8 / 0.2)]
    cell.set_weights([np.zeros((1, 4)), np.zeros((1, 4)), np.array(sums)])  # input, forget, new, output
    _, (state, held) = cell(np.zeros((1, 1), "float32"), [np.zeros((1, 1), "float32"), np.float32([[2]])])
    assert passes("lstm-step", cell=np.array(held), state=np.array(state))


def test_a_gate_that_holds_leaves_half_after_a_hundred_steps():
    left, gate = 1.0, 0.5**0.01
    for _ in range(100):
        left *= gate
    assert left == pytest.approx(0.5)
    bias = next(b for b in np.arange(0, 10, 1e-4) if 1 / (1 + np.exp(-b)) >= gate)
    assert passes("gate-that-holds", gate=gate, bias=bias)
    assert passes("gate-that-holds", gate="0.9931", bias=4.97)


def test_steps_that_are_filled_up_are_counted_one_by_one():
    real = [t < n for n in (3, 5, 2) for t in range(5)]
    right = [False] + [True] * 14  # of the first step alone it is not
    masked = np.mean([r for r, here in zip(right, real) if here])
    assert passes("padded-batch", filled=real.count(False), masked=masked, unmasked=np.mean(right))


def test_slopes_by_lag_are_multiplied_step_by_step():
    def steps_until(factor, reached):
        slope, steps = 1.0, 0
        while not reached(slope):
            slope, steps = slope * factor, steps + 1
        return steps

    vanished, exploded = steps_until(0.8, lambda s: s < 0.01), steps_until(1.1, lambda s: s > 100)
    assert passes("slope-by-lag", vanished=vanished, exploded=exploded)


def test_windows_go_back_as_differences_with_a_fixed_state_do():
    def last(w, n_steps, state=0.0):
        for _ in range(n_steps):
            state = w * state + 1
        return state

    full = slopes(lambda w: last(w[0], 4), [0.5])[0]
    border = last(0.5, 2)
    window_two = slopes(lambda w: last(w[0], 2, border), [0.5])[0]
    assert passes("truncated-windows", full=full, window_two=window_two)


def test_mase_by_hand_is_its_definition_quarter_by_quarter():
    quarters = [10, 20, 30, 40, 12, 22, 34, 44, 15, 24, 36, 50]
    changes = [abs(now - before) for before, now in zip(quarters, quarters[4:])]
    scale, error = sum(changes[:4]) / 4, sum(changes[4:]) / 4  # of the past, and of the forecast
    assert passes("mase-by-hand", scale=scale, mase=error / scale)


def test_origins_and_the_errors_known_there_are_counted_by_what_has_happened():
    origins = [n for n in range(60, 101) if n % 5 == 0 and n + 5 <= 100]
    known = [n for n in origins if n < 75 and n + 4 < 75]  # position of the fifth value from there
    needed = next(n for n in range(1, 100) if n / (n + 1) >= 0.95)
    assert passes("rolling-origins", origins=len(origins), known=len(known), needed=needed)


# ---- texts ----


def test_tfidf_by_hand_and_in_code_is_scikit_learn_s():
    from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

    made = TfidfVectorizer(vocabulary=["stale", "tea"]).fit(["stale tea", "tea", "good tea", "coffee"])
    assert passes("tfidf-by-hand", idf=made.idf_, values=made.transform(["stale tea, stale"]).toarray()[0])
    assert passes("write-tfidf", tfidf=lambda counts: TfidfTransformer().fit_transform(counts).toarray())
    for options in ({"norm": None}, {"norm": "l1"}, {"smooth_idf": False}, {"sublinear_tf": True}):
        slip = TfidfTransformer(**options)
        assert not passes("write-tfidf", tfidf=lambda counts, slip=slip: slip.fit_transform(counts).toarray())


def test_all_but_the_rule_is_learnt_from_training_rows():
    inputs, words = ("splitting", "vocabulary", "idf", "strength"), ("training rows", "all rows", "no rows")
    right = [
        answer
        for answer in product(words, repeat=4)
        if passes("what-rows-teach", **dict(zip(inputs, answer)))
    ]
    assert right == [("no rows", "training rows", "training rows", "training rows")]


def test_a_text_is_numbered_as_a_net_reads_it():
    from dataclasses import replace

    from bineural.inputs import find_input

    learnt, _ = find_input("text").learn(["good tea", "good coffee", "tea, not coffee", "not good"])
    numbers = replace(learnt, length=6).apply(["Not a good tea!"]).inputs
    assert len(learnt.vocabulary) == 4 and passes("number-words", numbers=numbers)


def test_masks_means_windows_and_counts_are_those_of_keras():
    from keras.layers import Conv1D, Dense, Embedding, GlobalAveragePooling1D, GlobalMaxPooling1D

    words = Embedding(3, 2, mask_zero=True)
    words.build()
    words.set_weights([np.array([[1, -1], [3, 0], [0, 1]])])  # filling, good, tea
    row, mean = np.array([[1, 2, 0, 0]]), GlobalAveragePooling1D()
    embedded, mask = np.array(words(row)), words.compute_mask(row)
    means = {"masked": mean(embedded, mask=mask), "unmasked": mean(embedded)}
    assert passes("mask-by-hand", **{name: np.array(value) for name, value in means.items()})

    text = np.array([[[1, 2], [0, -1], [0, 2], [3, 0]]], "float32")
    filters = Conv1D(1, 2)
    filters.build(text.shape)
    filters.set_weights([np.array([[[0], [1]], [[1], [0]]]), np.array([-1])])
    sums = filters(text)
    feature = GlobalMaxPooling1D()(np.maximum(sums, 0))
    assert passes("window-by-hand", sums=np.array(sums).ravel(), feature=np.array(feature))

    layers = {"embedding": (Embedding(1000, 32), (60,)), "convolution": (Conv1D(16, 5), (60, 32))}
    layers |= {"dense": (Dense(16), (16,))}
    for layer, shape in layers.values():
        layer.build((None, *shape))
    counted = {name: layer.count_params() for name, (layer, _) in layers.items()}
    assert passes("count-text-net", **counted)
    net = bn.describe_architecture("cnn_1d", (None,), vocabulary=1000, filters=16, units=16)
    assert net.parameters == sum(counted.values()) + 17
    assert f"{net.parameters:,} weights" in bn.check_exercise("count-text-net", **counted).message


def test_the_nearest_word_is_that_of_the_largest_cosine():
    from sklearn.metrics.pairwise import cosine_similarity

    names, rows = ("delicious", "tea", "and"), [[6, 2], [2, 2], [8, 0]]
    cosines = cosine_similarity([[2, 1]], rows)[0]
    for name in names:
        right = name == names[np.argmax(cosines)]
        assert passes("near-words", similarity=cosines[0], nearest=name) == right


def test_lines_meet_where_doubling_brings_them():
    texts, glm, net = 100, 0.74, 0.62
    while net < glm - 1e-9:
        texts, glm, net = 2 * texts, glm + 0.02, net + 0.05
    assert passes("where-they-meet", texts=texts, shown="no")
    assert not passes("where-they-meet", texts=texts, shown="yes")


# ---- representations ----


def test_codes_and_what_is_lost_are_those_of_scikit_learn():
    from sklearn.decomposition import PCA

    pca = PCA(1).fit([[-2.0, -3.0], [4.0, 5.0]])  # the middle is (1, 1), the line that of (3, 4)
    pca.components_ *= np.sign(pca.components_[0, 0])
    code = pca.transform([[2.0, 3.0]])
    row = pca.inverse_transform(code)[0]
    lost = np.sum((row - [2, 3]) ** 2)
    assert passes("project-on-a-line", code=code[0, 0], row=row, lost=lost)


def test_twins_of_pca_are_counted_as_keras_and_as_ranks_count():
    net = bn.describe_architecture("dense_autoencoder", (64,), units=(), n_codes=6)
    rng = np.random.default_rng(6)
    basis, directions = np.linalg.qr(rng.normal(size=(64, 6)))[0], []
    for i in range(64):  # how a plane's projection moves when its basis does: the rank of all ways
        for k in range(6):
            moved = basis.copy()
            moved[i, k] += 1e-6
            moved = np.linalg.qr(moved)[0]
            directions.append(((moved @ moved.T - basis @ basis.T) / 1e-6).ravel())
    plane = np.linalg.matrix_rank(np.array(directions), tol=1e-3)
    right = {"parameters": net.trainable, "needed": 64 + plane}
    for length in (1.0, 1.2, 2.0):
        decoder = length * np.array([0.6, 0.8])
        same = np.allclose(np.outer([0.3, 0.4], decoder), np.outer([0.6, 0.8], [0.6, 0.8]))
        assert passes("linear-twins", decoder=decoder, **right) == same


@pytest.mark.parametrize("shift", [0.0, 2.0])
def test_any_code_that_leads_back_round_the_circle_is_right(shift):
    def encode(x, y):
        return (np.arctan2(y, x) + shift) / 7

    def decode(code):
        return [np.cos(7 * code - shift), np.sin(7 * code - shift)]

    points = np.exp(1j * np.linspace(0, 2 * np.pi, 1000, endpoint=False))
    left = np.linalg.eigvalsh(np.cov(points.real, points.imag))[0]
    assert passes("circle-in-one-code", pca_left=round(left, 3), encode=encode, decode=decode)
    for slip in (lambda x, y: np.arccos(x), lambda x, y: np.arcsin(y), lambda x, y: x + y):
        assert not passes("circle-in-one-code", pca_left=0.5, encode=slip, decode=decode)


def test_no_other_factors_against_noise_leave_less():
    from scipy.optimize import minimize_scalar

    variances, best = (16, 4, 1), []
    for variance in variances:
        best.append(minimize_scalar(lambda f, v=variance: (1 - f) ** 2 * v + f**2 * 4))
    factors, left = [found.x for found in best], sum(found.fun for found in best)
    kept = np.array([1, 0, 0])
    cut = np.sum((1 - kept) ** 2 * variances + kept**2 * 4)
    assert passes("shrink-the-noise", factors=factors, left=left, cut=cut)


def test_a_divergence_is_its_integral():
    from scipy.integrate import quad
    from scipy.stats import norm

    def nats(mean, sd):
        code, standard = norm(mean, sd), norm()
        return quad(lambda z: code.pdf(z) * (code.logpdf(z) - standard.logpdf(z)), -9, 9)[0]

    parts = [nats(1, 0.5), nats(-0.5, 1)]
    assert passes("kl-by-hand", parts=parts, kl=sum(parts))


def test_slopes_of_a_draw_are_differences():
    def draw(at):
        return at[0] + np.sqrt(np.exp(at[1])) * 1.4

    at = [3, np.log(0.16)]
    by_mean, by_log_variance = slopes(draw, at)
    right = {"slope_mean": by_mean, "slope_log_variance": by_log_variance}
    assert passes("draw-and-differentiate", code=draw(at), **right)


def test_a_machine_of_three_units_is_counted_out():
    weights = {(a, b, h): np.exp(-a + h * (2 * a - 0.5 * b)) for a, b, h in product((0, 1), repeat=3)}
    total = sum(weights.values())
    on, off = weights[1, 0, 1], weights[1, 0, 0]
    assert passes("boltzmann-by-hand", hidden=on / (on + off), total=total, share=(on + off) / total)


def test_layers_are_counted_as_keras_counts_them():
    first = bn.describe_architecture("rbm", (64,), n_hidden=32).trainable
    second = bn.describe_architecture("rbm", (32,), n_hidden=16).trainable
    net = bn.describe_architecture("mlp", (64,), 10, units=(32, 16)).table
    started = net["parameters"].sum() - net["parameters"].iloc[-1]
    assert passes("one-layer-at-a-time", first=first, second=second, started=started)


# ---- generators ----


def test_no_other_judge_of_three_kinds_costs_less():
    from scipy.optimize import minimize

    real, made = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])

    def cost(logits):
        return np.sum(real * np.logaddexp(0, -logits) + made * np.logaddexp(0, logits))

    best = minimize(cost, np.zeros(3), tol=1e-12)
    assert passes("best-judge", chances=1 / (1 + np.exp(-best.x)), border=1.5)
    both = (real + made) / 2  # the divergence by its own definition
    divergence = np.sum(real * np.log(real / both) + made * np.log(made / both)) / 2
    at_chance = cost(np.zeros(3))
    assert passes("two-ln-two", at_chance=at_chance, best=best.fun, divergence=divergence)


def test_slopes_of_both_games_are_differences():
    chance = 1 / (1 + np.exp(3))
    first = slopes(lambda s: np.log(1 - 1 / (1 + np.exp(-s[0]))), [-3])[0]
    second = slopes(lambda s: -np.log(1 / (1 + np.exp(-s[0]))), [-3])[0]
    assert passes("slope-of-the-loser", chance=chance, first_game=first, second_game=second)


def turns_by_differences(place, slope, rate):
    """Take both turns down the costs themselves, by differences; real rows lie at 0."""

    def judge(at):
        return np.log(2) + np.logaddexp(0, at[0] * place)

    slope = slope - rate * slopes(judge, [slope])[0]
    place = place - rate * slopes(lambda at: np.logaddexp(0, -slope * at[0]), [place])[0]
    return [place, slope]


def test_turns_go_down_the_costs_of_the_game():
    place, slope = turns_by_differences(2.0, 0.0, 0.4)
    assert passes("one-turn-each", slope=slope, place=place)
    assert passes("write-turns", play=turns_by_differences)
    for slip in (
        lambda place, slope, rate: turns_by_differences(place, slope, -rate),
        lambda place, slope, rate: turns_by_differences(place, slope, rate)[::-1],
        lambda place, slope, rate: [place, turns_by_differences(place, slope, rate)[1]],
    ):
        assert not passes("write-turns", play=slip)


def test_what_collapse_costs_is_counted_row_by_row():
    real, made = [kind for kind in range(8) for _ in range(4)], [0] * 16 + [1] * 16
    chance = {kind: real.count(kind) / (real.count(kind) + made.count(kind)) for kind in range(8)}
    cost = -np.mean([np.log(chance[kind]) for kind in real]) - np.mean([np.log(1 - chance[k]) for k in made])
    pairs = [(chance[r] > chance[m]) + 0.5 * (chance[r] == chance[m]) for r, m in product(real, made)]
    assert passes("what-collapse-costs", chance=chance[0], cost=cost, area=np.mean(pairs))


def test_one_verdict_fits_each_of_three_generators():
    findings = ("copies", "collapsed", "fresh")
    right = [
        answer
        for answer in product(findings, repeat=3)
        if passes("read-the-verdict", **dict(zip(("first", "second", "third"), answer)))
    ]
    assert right == [("copies", "fresh", "collapsed")]


# ---- sequence to sequence ----


def test_bits_and_perplexity_are_those_that_a_model_is_scored_by():
    shares = [0.5, 0.25, 0.25, 0.125]
    n_equal = np.exp(-np.mean(np.log(shares)))  # equally likely symbols that would cost as much
    assert passes("bits-and-perplexity", bits=np.log2(n_equal), perplexity=n_equal)
    assert not passes("bits-and-perplexity", bits=-np.mean(np.log(shares)), perplexity=n_equal)


def test_the_tree_is_searched_as_the_exercise_says():
    from bineural.course.exercises.sequence_to_sequence import FIRST, THEN

    def step(tokens):
        after = FIRST if len(tokens) == 1 else THEN[tokens[1]] if len(tokens) == 2 else {"<end>": 1.0}
        return {token: np.log(p) for token, p in after.items()}

    found = {width: bn.decode_beams(step, "<start>", "<end>", width=width) for width in (1, 2, 50)}
    greedy, best = (np.exp(found[width]["log_prob"][0]) for width in (1, 50))
    narrowest = next(width for width in (1, 2) if found[width]["sequence"][0] == found[50]["sequence"][0])
    assert passes("greedy-loses", greedy=greedy, best=best, width=narrowest)


def test_a_step_of_a_beam_keeps_the_two_best_of_all_eight():
    def slow(sums, steps):
        every = [sums[i] + steps[i][j] for i in range(2) for j in range(4)]
        return sorted(every, reverse=True)[:2]

    assert passes("write-beam-step", best_two=slow)
    assert not passes("write-beam-step", best_two=lambda sums, steps: [max(sums), min(sums)])


def test_length_penalty_attention_and_counts_are_those_of_the_definitions():
    from bineural._tensorflow import keras
    from bineural.zoo.sequence_nets import build_recurrent_sequence

    exponents = np.linspace(0, 1, 100_001)
    first = exponents[np.argmax(-3.0 / 6**exponents >= -2.4 / 3**exponents)]
    assert passes("length-penalty", short=-2.4 / 3, long=-3.0 / 6, exponent=first)
    query, keys = np.array([[[2.0, 0.0]]]), np.array([[[0.0, 3.0], [np.log(3) / 2, 1.0]]])
    seen, weights = keras.layers.Attention()(
        [query, np.array([[[4.0], [8.0]]]), keys], return_attention_scores=True
    )
    assert passes(
        "attention-by-hand", weights=np.asarray(weights).ravel(), seen=float(np.asarray(seen).item())
    )
    net = build_recurrent_sequence("lstm", (None,), 65, units=(512, 512, 512), embedding=0)
    counts = [net.get_layer(name).count_params() for name in ("decoder_0", "decoder_1", "logits")]
    assert passes("count-character-net", **dict(zip(("first", "second", "last"), counts)))


def test_the_decoder_reads_the_truth_in_training_and_itself_afterwards():
    options = ("s", "u", "o", "n", "<start>")
    right = [(a, b) for a, b in product(options, repeat=2) if passes_word(a, b)]
    assert right == [("u", "o")]


def passes_word(training, generating):
    return bn.check_exercise("teacher-forcing", training=training, generating=generating).passed
