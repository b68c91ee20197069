"""Exercises on recurrent nets and forecasts: states, masks, slopes by lag, gates, windows, MASE."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Unread, Wrong

TOPIC = "recurrent"


def states_of(x, U, W, b):
    """Return the states of a simple recurrent net, a row for each step: (time, units); it starts at 0."""
    states, state = [], np.zeros(len(b))
    for step in x:
        state = np.tanh(U @ step + W @ state + b)
        states.append(state)
    return np.array(states)


# ---- the state ----

X, U_ONE, W_ONE, V_ONE, C_ONE = (1.0, 0.0, -1.0), 1.0, 0.5, 2.0, 0.1


def _run_one(squash=np.tanh, carry=lambda state, total: state, start=0.0):
    """Return the three states of one unit; slips change how it squashes and what it carries on."""
    states, kept = [], start
    for x in X:
        total = U_ONE * x + W_ONE * kept
        states.append(squash(total))
        kept = carry(states[-1], total)
    return np.array(states)


def _check_state(states, output):
    truth = _run_one()
    answers.expect(
        answers.vector(states, "states", 3),
        truth,
        "states",
        (
            (np.tanh(np.array(X)), "each step also takes the state before it, times W."),
            (_run_one(squash=lambda total: total), "the sum goes through tanh."),
            (_run_one(carry=lambda state, total: total), "what is carried on is the state, behind tanh."),
            (_run_one(start=1.0), "before the first step the state is 0."),
            (truth[::-1], "the order is turned round: first step first."),
        ),
        "each state is tanh(U x + W h), h being the state before it.",
    )
    last = truth[-1]
    answers.expect(
        answers.number(output, "output"),
        V_ONE * last + C_ONE,
        "output",
        (
            (V_ONE * last, "V has a bias too."),
            (np.tanh(V_ONE * last + C_ONE), "the output is linear; no tanh comes behind V."),
            (V_ONE * truth.sum() + C_ONE, "only the last state goes out."),
            (V_ONE * truth.mean() + C_ONE, "only the last state goes out."),
            (V_ONE * truth[0] + C_ONE, "that is read from the first state."),
        ),
        "it is V times the last state, and the bias.",
    )


_RNG = np.random.default_rng(1990)
NETS = tuple(
    tuple(np.round(_RNG.normal(size=shape), 1) for shape in ((n, k), (units, k), (units, units), (units,)))
    for n, k, units in ((4, 3, 2), (3, 2, 3))
)


def _check_recurrence(run):
    call = answers.function(run, "run")
    for x, U, W, b in NETS:
        truth = states_of(x, U, W, b)
        what = f"What `run` returns for {len(x)} steps of {x.shape[1]} numbers and a state of {len(b)}"
        given = call(x=x, U=U, W=W, b=b)
        try:
            states = answers.matrix(given, "run", truth.shape, what)
        except Unread:
            _refuse_shape(given, truth)
            raise
        answers.expect(
            states,
            truth,
            "run",
            (
                (states_of(x, U, W.T, b), "rows and columns of W are exchanged."),
                (states_of(x, U, 0 * W, b), "the state before is left out, or is 0 at every step."),
                (states_of(x, U, W, 0 * b), "the bias is left out."),
                (states_of(x[::-1], U, W, b), "the steps are read from last to first."),
                (np.zeros(truth.shape), "nothing is written into the result."),
            ),
            "each state is tanh(U x + W h + b), h being the state before it, 0 at first.",
        )


def _refuse_shape(given, truth):
    """Say what states of another shape are, where it is known."""
    try:
        array = np.asarray(given, dtype=np.float64)
    except Exception:  # whatever a learner's function returns
        return
    if array.shape == truth.T.shape:
        raise Wrong("run", "rows and columns are exchanged: a row is a step, a column a unit.") from None
    if array.size == truth.shape[1] and answers.is_near(array.ravel(), truth[-1]):
        raise Wrong("run", "that is the last state; return the states of all steps.") from None


# ---- counting ----

UNITS, FEATURES = 10, 4


def _check_counts(rnn, lstm, gru):
    kernel, recurrent = FEATURES * UNITS, UNITS**2
    simple = kernel + recurrent + UNITS
    answers.expect(
        answers.number(rnn, "rnn"),
        simple,
        "rnn",
        (
            (kernel + recurrent, "each unit has a bias too."),
            (kernel + UNITS, "each unit also reads the states before, all of them."),
            (kernel + 2 * UNITS, "each unit reads the states of all units before it, and not its own alone."),
            (simple + UNITS, "a simple recurrent layer has one bias for each unit."),
        ),
        "(inputs + units + bias) x units.",
    )
    answers.expect(
        answers.number(lstm, "lstm"),
        4 * simple,
        "lstm",
        (
            (3 * simple, "three gates, and what is to be written: four of them."),
            (4 * (kernel + recurrent), "each unit of each gate has a bias too."),
            (simple, "each gate has weights of its own."),
            (4 * (simple + UNITS), "so PyTorch counts, with two biases; Keras has one."),
        ),
        "four times the simple layer.",
    )
    answers.expect(
        answers.number(gru, "gru"),
        3 * (simple + UNITS),
        "gru",
        (
            (3 * simple, "so it is with one bias for each unit of each gate; Keras and PyTorch have two."),
            (2 * (simple + UNITS), "two gates, and the new value: three of them."),
            (3 * (kernel + recurrent), "each unit of each gate has biases too."),
            (4 * simple, "that is the LSTM."),
        ),
        "three times the simple layer, with a second bias for each unit.",
    )


# ---- padding ----

LENGTHS, RIGHT = (3, 5, 2), 9


def _check_padding(filled, masked, unmasked):
    real, longest = sum(LENGTHS), max(LENGTHS)
    whole = longest * len(LENGTHS)
    answers.expect(
        answers.number(filled, "filled"),
        whole - real,
        "filled",
        (
            (real, "those are the real steps."),
            (whole, "those are all steps of the batch."),
            (longest - min(LENGTHS), "that is the shortest one alone."),
        ),
        "each sequence is filled up to the longest one.",
    )
    answers.expect(
        answers.number(masked, "masked"),
        RIGHT / real,
        "masked",
        (
            (RIGHT / whole, "steps that are filled up count neither as right nor as wrong."),
            ((RIGHT + whole - real) / whole, "that is without the mask."),
            (100 * RIGHT / real, "give a share, not percent."),
        ),
        "of the real steps, which share is right?",
    )
    answers.expect(
        answers.number(unmasked, "unmasked"),
        (RIGHT + whole - real) / whole,
        "unmasked",
        (
            (RIGHT / whole, "at the steps that are filled up it is right too."),
            (RIGHT / real, "that is with the mask."),
            (100 * (RIGHT + whole - real) / whole, "give a share, not percent."),
        ),
        "of all steps of the batch, the filled-up ones too, which share is right?",
    )


# ---- slopes by lag ----

SHRINKS, GROWS = 0.8, 1.1


def _check_lags(vanished, exploded):
    small = int(np.ceil(np.log(0.01) / np.log(SHRINKS)))
    large = int(np.ceil(np.log(100) / np.log(GROWS)))
    answers.expect(
        answers.number(vanished, "vanished"),
        small,
        "vanished",
        (
            (small - 1, "there it is still above 0.01."),
            (np.log(0.01) / np.log(SHRINKS), "that is the power; give the first whole number of steps."),
            (round((1 - 0.01) / (1 - SHRINKS)), "each step multiplies; nothing is taken away."),
        ),
        "the slope is multiplied by 0.8 at each step back.",
    )
    answers.expect(
        answers.number(exploded, "exploded"),
        large,
        "exploded",
        (
            (large - 1, "there it is still below 100."),
            (np.log(100) / np.log(GROWS), "that is the power; give the first whole number of steps."),
            (round(99 / (GROWS - 1)), "each step multiplies; nothing is added."),
        ),
        "the slope is multiplied by 1.1 at each step back.",
    )


# ---- gates ----


def _check_lstm(cell, state):
    forget, put, show, new, old = 0.9, 0.4, 0.8, -0.4, 2.0
    truth = forget * old + put * new
    answers.expect(
        answers.number(cell, "cell"),
        truth,
        "cell",
        (
            ((1 - forget) * old + put * new, "a forget gate of 0.9 keeps nine tenths."),
            (forget * old + (1 - forget) * new, "so it is in a GRU; here the input gate is one of its own."),
            (forget * old + new, "what is new passes the input gate."),
            (old + put * new, "what is old passes the forget gate."),
            (np.tanh(truth), "the cell itself goes through no tanh."),
            (forget * old, "add what is new, behind its gate."),
        ),
        "forget gate times old cell, and input gate times new value.",
    )
    answers.expect(
        answers.number(state, "state"),
        show * np.tanh(truth),
        "state",
        (
            (show * truth, "the cell goes through tanh before it is shown."),
            (np.tanh(truth), "the output gate is left out."),
            (np.tanh(show * truth), "first tanh, then the gate."),
        ),
        "output gate times tanh of the new cell.",
    )


def _check_forget(gate, bias):
    truth = 0.5**0.01
    answers.expect(
        answers.number(gate, "gate"),
        truth,
        "gate",
        (
            (1 - 0.5 / 100, "a gate multiplies at each step, it takes no equal parts away."),
            (0.5, "so half would be left after one step."),
            (0.5 / 100, "which number gives 0.5, a hundred times multiplied by itself?"),
            (1 - truth, "that is what is lost at each step."),
        ),
        "a hundred gates, multiplied, are 0.5.",
        digits=4,
    )
    answers.expect(
        answers.number(bias, "bias"),
        np.log(truth / (1 - truth)),
        "bias",
        (
            (np.log(truth), "a sigmoid gives the gate, and no exponential function."),
            (np.log((1 - truth) / truth), "the sign is turned round: so a gate of 0.0069 would come."),
            (1 / (1 + np.exp(-truth)), "go back through the sigmoid: which sum gives this gate?"),
            (np.arctanh(truth), "gates go through a sigmoid, and not through tanh."),
        ),
        "the log-odds of the gate.",
        digits=2,
    )


# ---- windows of back-propagation ----


def _check_windows(full, window_two):
    w, states = 0.5, [0.0]
    for x in (1.0, 1.0, 1.0, 1.0):
        states.append(w * states[-1] + x)
    terms = [w**back * states[-2 - back] for back in range(4)]  # steps 4, 3, 2 and 1
    answers.expect(
        answers.number(full, "full"),
        sum(terms),
        "full",
        (
            (terms[0], "the state before it changes with w as well."),
            (sum(terms[:2]), "go back further: to the first step."),
            (4 * w**3, "there is an input at every step, and not at the first alone."),
            (states[-1], "that is the last state; how does it change with w?"),
            (sum(states[1:4]), "each step back multiplies by w."),
        ),
        "the slope of a state is the state before it, and w times the slope of that.",
    )
    answers.expect(
        answers.number(window_two, "window_two"),
        sum(terms[:2]),
        "window_two",
        (
            (terms[0], "that is a window of one step."),
            (sum(terms), "that goes back to the first step."),
            (terms[1], "the last step counts too."),
            (1 + w, "the state is carried into the window: it doesn't start at 0 there."),
        ),
        "the last two terms of the sum; the state before the window counts as a fixed number.",
    )


# ---- forecasts ----

PAST = np.array([10.0, 20, 30, 40, 12, 22, 34, 44])
AHEAD = np.array([15.0, 24, 36, 50])


def _check_mase(scale, mase):
    season = 4
    truth = np.mean(np.abs(PAST[season:] - PAST[:-season]))
    size = np.mean(np.abs(AHEAD - PAST[-season:]))
    every = np.concatenate([PAST, AHEAD])
    answers.expect(
        answers.number(scale, "scale"),
        truth,
        "scale",
        (
            (
                np.mean(np.abs(np.diff(PAST))),
                "a season is four quarters: take each from the same of last year.",
            ),
            (
                np.mean(np.abs(every[season:] - every[:-season])),
                "of the past alone: the third year is not known yet.",
            ),
            (size, "that is of the year to be forecast; the scale is of the past."),
            (np.sum(np.abs(PAST[season:] - PAST[:-season])), "take the mean of the four."),
            (
                np.mean(np.abs(np.diff(AHEAD))),
                "that is of the year to be forecast; the scale is of the past.",
            ),
        ),
        "the mean distance of each quarter of the second year from that of the first.",
    )
    answers.expect(
        answers.number(mase, "mase"),
        size / truth,
        "mase",
        (
            (1, "so it would be if the errors were their own scale; it is that of the past."),
            (size, "that is the mean error; divide it by the scale."),
            (
                size / np.mean(np.abs(np.diff(AHEAD))),
                "the scale is that of the past, not of what was forecast.",
            ),
            (size / np.mean(np.abs(np.diff(PAST))), "the scale is that of a season, the one you found."),
            (truth / size, "it is the other way round: errors by scale."),
        ),
        "the mean error of the forecast, divided by the scale.",
    )


def _check_origins(origins, known, needed):
    answers.expect(
        answers.number(origins, "origins"),
        len(range(60, 100 - 5 + 1, 5)),
        "origins",
        (
            (7, "count the first one too."),
            (9, "from the last one five more values must be there, to be forecast."),
            (36, "origins are five apart."),
            (40, "those are the values that are forecast."),
        ),
        "60, 65, and so on, as long as five values follow.",
    )
    answers.expect(
        answers.number(known, "known"),
        sum(origin + 5 <= 75 for origin in range(60, 75, 5)),
        "known",
        (
            (4, "its own error is not known yet."),
            (2, "the one from 70 was of value 75, which is known by then."),
            (8, "those of later origins lie ahead."),
            (15, "one error for each origin, that of five steps ahead."),
        ),
        "from which origins before it is the fifth value already there?",
    )
    answers.expect(
        answers.number(needed, "needed"),
        19,
        "needed",
        (
            (20, "the new value is counted with them: it is no past error."),
            (95, "of how many values is the largest passed by one in twenty?"),
            (18, "then the largest covers a little less than 95 percent."),
            (1, "with one error it would be as likely larger as smaller."),
        ),
        "n errors and a new one, each as likely the largest: n / (n + 1) must be 0.95.",
    )


EXERCISES = (
    Exercise(
        name="state-by-hand",
        topic=TOPIC,
        title="A state by hand",
        task="One unit, h = tanh(x + 0.5 h'), h' being the state before, reads 1, 0, -1; before the first "
        "step the state is 0. Which are the three states, and what does 2 h + 0.1 put out behind the last?",
        inputs={"states": "three numbers, to three decimals", "output": "a number, to three decimals"},
        check=_check_state,
        hints=(
            "The first state is tanh(1), as there is no state before it.",
            "The second reads 0, and is tanh(0.5 x the first); the third is tanh(-1 + 0.5 x the second).",
            "0.7616, 0.3634 and -0.6739; the output is -1.2478.",
        ),
        lesson="The second input was 0, and the state was not: it remembers the first. The three weights are "
        "the same at every step, so a sequence may be of any length.",
        answer=lambda: {"states": _run_one(), "output": V_ONE * _run_one()[-1] + C_ONE},
        wrong=(
            ({"states": [0.7616, 0.0, -0.7616]}, "states"),
            ({"states": [1, 0.5, -0.75]}, "states"),
            ({"states": [0.7616, 0.4621, -0.6351]}, "states"),
            ({"output": -1.3478}, "output"),
            ({"output": 1.0024}, "output"),
        ),
    ),
    Exercise(
        name="write-recurrence",
        topic=TOPIC,
        title="A recurrent net in code",
        task="Write a function that lets a net read a sequence x, a row for each step, and returns its "
        "states, a row for each step; U has a row for each unit and a column for each feature, W is units x "
        "units.",
        inputs={"run": "a function of x, U, W and b"},
        check=_check_recurrence,
        hints=(
            "Begin with a state of zeros, one for each unit.",
            "Each step: multiply the matrix U by the row of x, the matrix W by the state, add both and b.",
            "state = tanh(U x + W state + b); keep it as the next row of the result.",
        ),
        lesson="A loop and one line: that is the whole layer. Keras writes U and W the other way round "
        "(features x units), and calls them kernel and recurrent kernel.",
        answer={"run": states_of},
        wrong=(
            ({"run": lambda x, U, W, b: states_of(x, U, W.T, b)}, "run"),
            ({"run": lambda x, U, W, b: states_of(x, U, 0 * W, b)}, "run"),
            ({"run": lambda x, U, W, b: states_of(x, U, W, b)[-1]}, "run"),
            ({"run": lambda x, U, W, b: states_of(x, U, W, b).T}, "run"),
        ),
    ),
    Exercise(
        name="count-recurrent",
        topic=TOPIC,
        title="Count the weights",
        task="A layer of 10 units reads 4 features. How many weights has it as a simple recurrent layer, as "
        "an LSTM, and as a GRU, as Keras has them?",
        inputs={"rnn": "a whole number", "lstm": "a whole number", "gru": "a whole number"},
        check=_check_counts,
        hints=(
            "A unit of the simple layer has a weight for each feature, one for each unit before it, and a "
            "bias.",
            "An LSTM computes four such things, a GRU three; a GRU of Keras has two biases for each unit.",
            "(4 + 10 + 1) x 10 = 150; 4 x 150 = 600; 3 x (150 + 10) = 480.",
        ),
        lesson="How long the sequences are does not matter: the same weights are used at every step.",
        answer={"rnn": 150, "lstm": 600, "gru": 480},
        wrong=(
            ({"rnn": 140}, "rnn"),
            ({"rnn": 50}, "rnn"),
            ({"lstm": 450}, "lstm"),
            ({"lstm": 640}, "lstm"),
            ({"gru": 450}, "gru"),
        ),
    ),
    Exercise(
        name="padded-batch",
        topic=TOPIC,
        title="A mask that reaches the measure",
        task="Sequences of 3, 5 and 2 steps are filled up to one length. A net that labels every step is "
        "right at 9 of the 10 real steps, and at all that were filled up. How many were? Which share is "
        "right with the mask, and which would be told without it?",
        inputs={"filled": "a whole number", "masked": "a share", "unmasked": "a share, to three decimals"},
        check=_check_padding,
        hints=(
            "All three are filled up to the longest.",
            "With the mask only the real steps count; without it all 15 do.",
            "5 are filled up; 9 / 10 = 0.9; 14 / 15 = 0.933.",
        ),
        lesson="The more unequal the lengths, the better a net without a mask looks. The mask must reach the "
        "loss and the measure, and not only the layers.",
        answer={"filled": 5, "masked": 0.9, "unmasked": 14 / 15},
        wrong=(
            ({"filled": 10}, "filled"),
            ({"masked": 0.6}, "masked"),
            ({"masked": 14 / 15}, "masked"),
            ({"unmasked": 0.9}, "unmasked"),
            ({"unmasked": 0.6}, "unmasked"),
        ),
    ),
    Exercise(
        name="slope-by-lag",
        topic=TOPIC,
        title="How far back a slope reaches",
        task="A slope is multiplied by 0.8 at each step back. After how many steps is it below 0.01 for the "
        "first time? And where it is multiplied by 1.1, after how many is it above 100?",
        inputs={"vanished": "a whole number", "exploded": "a whole number"},
        check=_check_lags,
        hints=(
            "After k steps it is 0.8 to the power k.",
            "Take logarithms: k is at least log(0.01) / log(0.8), and log(100) / log(1.1).",
            "20.6 and 48.3, so 21 and 49.",
        ),
        lesson="A sentence of 21 words is not long, and a day has 24 hours. Slopes that grow are cut to a "
        "largest length; those that vanish can't be helped by cutting, they need another net.",
        answer={"vanished": 21, "exploded": 49},
        wrong=(
            ({"vanished": 20}, "vanished"),
            ({"vanished": 5}, "vanished"),
            ({"exploded": 48}, "exploded"),
            ({"exploded": 990}, "exploded"),
        ),
    ),
    Exercise(
        name="lstm-step",
        topic=TOPIC,
        title="One step of an LSTM",
        task="The cell holds 2. The gates are open by 0.9 (forget), 0.4 (input) and 0.8 (output); the new "
        "value is -0.4. What does the cell hold then, and which state is shown?",
        inputs={"cell": "a number", "state": "a number, to three decimals"},
        check=_check_lstm,
        hints=(
            "The forget gate says how much is kept, the input gate how much of the new value is added.",
            "cell = 0.9 x 2 + 0.4 x (-0.4); the state is the output gate times tanh of it.",
            "1.64, and 0.8 x tanh(1.64) = 0.7420.",
        ),
        lesson="From one cell to the next there is no tanh and no matrix, only the forget gate: where it is "
        "near 1 the slope of the cell goes back undiminished.",
        answer={"cell": 1.64, "state": 0.8 * np.tanh(1.64)},
        wrong=(
            ({"cell": 0.04}, "cell"),
            ({"cell": 1.4}, "cell"),
            ({"cell": 0.9275}, "cell"),
            ({"state": 1.312}, "state"),
            ({"state": 0.9275}, "state"),
        ),
    ),
    Exercise(
        name="gate-that-holds",
        topic=TOPIC,
        title="A gate that holds",
        task="Half of what a cell holds is to be left after 100 steps. How far must the forget gate be open, "
        "and with which bias is a sigmoid so far open, if everything else is 0?",
        inputs={"gate": "a number from 0 to 1, to four decimals", "bias": "a number, to two decimals"},
        check=_check_forget,
        hints=(
            "The gate to the power 100 is 0.5.",
            "gate = 0.5 to the power 1/100; the bias is log(gate / (1 - gate)).",
            "0.9931, and 4.968.",
        ),
        lesson="Keras starts the bias of the forget gate at 1: a gate of 0.73, and half is gone in little "
        "more than two steps. Nets must learn to hold, and a bias that starts higher helps where lags are "
        "long.",
        answer={"gate": 0.5**0.01, "bias": np.log(0.5**0.01 / (1 - 0.5**0.01))},
        wrong=(
            ({"gate": 0.995}, "gate"),
            ({"gate": 0.5}, "gate"),
            ({"bias": -4.97}, "bias"),
            ({"bias": 0.73}, "bias"),
        ),
    ),
    Exercise(
        name="truncated-windows",
        topic=TOPIC,
        title="Back through time",
        task="h = w h' + x without tanh, w = 0.5, reads 1, 1, 1, 1 from a state of 0. What is the slope of "
        "the last state by w, and what is it where the gradient goes back through the last two steps only?",
        inputs={"full": "a number", "window_two": "a number"},
        check=_check_windows,
        hints=(
            "The states are 1, 1.5, 1.75 and 1.875. The slope of a state is the state before it, and w times "
            "the slope of the state before it.",
            "Slopes of the four states: 0, 1, 1.5 + 0.5 x 1, and so on. With a window the state that comes "
            "into it has a slope of 0.",
            "1.75 + 0.5 x 1.5 + 0.25 x 1 = 2.75; the first two terms are 2.5.",
        ),
        lesson="The state itself is carried into the window and its value is right; what is left out is how "
        "it came about. The further back, the smaller the terms: a window that is long enough loses little.",
        answer={"full": 2.75, "window_two": 2.5},
        wrong=(
            ({"full": 1.75}, "full"),
            ({"full": 0.5}, "full"),
            ({"window_two": 1.75}, "window_two"),
            ({"window_two": 2.75}, "window_two"),
            ({"window_two": 1.5}, "window_two"),
        ),
    ),
    Exercise(
        name="mase-by-hand",
        topic=TOPIC,
        title="Seasonal naive and MASE",
        task="Quarters of two years: 10, 20, 30, 40, 12, 22, 34, 44; the third year was 15, 24, 36, 50. What "
        "is the scale, and the MASE of the forecast that repeats the second year?",
        inputs={"scale": "a number", "mase": "a number, to three decimals"},
        check=_check_mase,
        hints=(
            "The scale is how far a quarter of the past was, on average, from the same quarter a year "
            "before.",
            "The second year is above the first by 2, 2, 4 and 4; divide the mean error of the forecast by "
            "the mean of these.",
            "(2 + 2 + 4 + 4) / 4 = 3; 3.25 / 3 = 1.0833.",
        ),
        lesson="The forecast is the one that makes the scale, and still its MASE is not 1: this year changed "
        "more than the last. Programs that scale by the year to be forecast would always tell 1 here.",
        answer={"scale": 3, "mase": 3.25 / 3},
        wrong=(
            ({"scale": 90 / 7}, "scale"),
            ({"scale": 3.125}, "scale"),
            ({"scale": 3.25}, "scale"),
            ({"mase": 1}, "mase"),
            ({"mase": 3.25}, "mase"),
        ),
    ),
    Exercise(
        name="rolling-origins",
        topic=TOPIC,
        title="Rolling origins",
        task="A series of 100 values is forecast five steps ahead, first from the first 60, then from every "
        "fifth value on. How many origins are there? At that of 75 values, how many errors of forecasts five "
        "steps ahead are known? And how many must be, for an interval of 95 percent that ends at the "
        "largest?",
        inputs={"origins": "a whole number", "known": "a whole number", "needed": "a whole number"},
        check=_check_origins,
        hints=(
            "The last origin needs five values behind it.",
            "Known are those whose fifth value has come: from 60, 65 and 70. A new error is as likely the "
            "largest as any of the past ones.",
            "60, 65, ..., 95 are 8; 3; and 19, as 19 of 20 are 95 percent.",
        ),
        lesson="With fewer past errors than 19 the honest interval of 95 percent is infinite, and the "
        "program says so. For 80 percent four are enough.",
        answer={"origins": 8, "known": 3, "needed": 19},
        wrong=(
            ({"origins": 7}, "origins"),
            ({"origins": 9}, "origins"),
            ({"known": 4}, "known"),
            ({"known": 2}, "known"),
            ({"needed": 20}, "needed"),
        ),
    ),
)
