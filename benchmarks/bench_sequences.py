"""How long 16 recurrent nets of one comparison take on spoken vowels, as one stack and one after the other.

JapaneseVowels, the 270 utterances for training (7 to 26 steps, 12 features, 9 speakers): 8 folds, 2 seeds,
one layer of 32 units, batches of 32, 10 epochs. Each program in a process of its own, imports not counted.
Cold is the first run of the process with tracing, warm the median of the next two. `fit_net` in a loop is
timed on four nets and Keras on two, after none, and scaled to 16. The profile says in which operations a
stack, and a net alone, spend their time.
"""

import collections
import tempfile
from pathlib import Path

import numpy as np

from peers import load
from programs import ProgramFailed, alone, alone_each, attempt
from running import comparison, ratio, read_command, timed, write

KINDS = {"gru": "GRU", "lstm": "LSTM", "rnn": "SimpleRNN"}
STACK, LOOP, KERAS = "a stack", "one by one", "Keras"
UNITS, EPOCHS, BATCH, FOLDS, SEEDS = 32, 10, 32, 8, (1, 2)
N_NETS = FOLDS * len(SEEDS)
SHOWN = 12  # operations of a profile
HOWS = {"cold": "cold", "warm": "warm", "processor": "processor, warm"}
OWED = {
    "gru: one by one, cold": ">= 1x",
    "gru: one by one, warm": ">= 1x",
    "gru: one by one, processor, warm": ">= 1x",
    "gru: Keras, cold": "reported",
    "lstm: one by one, cold": ">= 1x",
    "lstm: one by one, warm": ">= 1x",
    "lstm: one by one, processor, warm": ">= 1x",
    "lstm: Keras, cold": "reported",
    "rnn: one by one, cold": ">= 1x",
    "rnn: one by one, warm": ">= 1x",
    "rnn: one by one, processor, warm": ">= 1x",
    "rnn: Keras, cold": "reported",
}


def make_rows():
    """Return the utterances, a list of arrays (time, 12), their speakers, and the folds."""
    import bineural as bn

    frame = bn.load_dataset("japanese_vowels")
    groups = [rows for _, rows in frame[frame["part"] == "train"].groupby("utterance")]
    x = [rows[[f"c{k}" for k in range(1, 13)]].to_numpy("float32") for rows in groups]
    y = np.array([rows["speaker"].iloc[0] for rows in groups])
    places = np.random.default_rng(2019).permutation(len(y))
    tests = np.array_split(places, FOLDS)
    return x, y, [(np.sort(np.setdiff1d(places, test)), np.sort(test)) for test in tests]


def measure(program, kind):
    """Return the timings of one program in this process; of "profile", the seconds by operation."""
    import bineural as bn

    load(program)
    x, y, folds = make_rows()
    options = {"architecture": kind, "units": UNITS, "batch_size": BATCH, "verbose": 0}

    def stack(epochs=EPOCHS):
        bn.fit_nets(x, y, folds, seeds=list(SEEDS), epochs=epochs, **options)

    def one_by_one(n=4, epochs=EPOCHS):
        for k in range(n):
            rows = folds[k // 2][0]
            bn.fit_net([x[i] for i in rows], y[rows], seed=SEEDS[k % 2], epochs=epochs, **options)

    def keras(n=2):
        codes = np.unique(y, return_inverse=True)[1]
        for rows, _ in folds[:n]:
            fit_keras(KINDS[kind], [x[i] for i in rows], codes[rows])

    if program == "profile":
        return {STACK: profile(lambda: stack(2)), LOOP: profile(lambda: one_by_one(1, 2))}
    if program == STACK:
        return timed(stack)
    if program == LOOP:
        return timed(one_by_one, scale=N_NETS / 4)
    return timed(keras, again=0, scale=N_NETS / 2)


def fit_keras(kind, x, y):
    """Fit a net of Keras' own on sequences that are filled up and masked."""
    from bineural._tensorflow import keras

    values = np.concatenate(x)
    scaled = [(part - values.mean(0)) / values.std(0) for part in x]
    filled = keras.utils.pad_sequences(scaled, dtype="float32", padding="post", value=-99.0)
    layers = [keras.layers.Masking(-99.0), getattr(keras.layers, kind)(UNITS), keras.layers.Dense(9)]
    net = keras.Sequential([keras.Input((None, 12)), *layers])
    net.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    net.fit(filled, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)


# ---- where the time goes ----


def profile(run):
    """Return [operation, seconds, number] of a second run, the longest first, all threads together."""
    from bineural._tensorflow import tf

    try:
        from tensorflow.tsl.profiler.protobuf.xplane_pb2 import XSpace
    except ImportError:  # it has no fixed place
        return []
    run()
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder):
            run()
        (file,) = Path(folder).rglob("*.xplane.pb")
        space = XSpace.FromString(file.read_bytes())
    seconds, numbers = collections.Counter(), collections.Counter()
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                kind = plane.event_metadata[event.metadata_id].name.split(":")[-1]
                if kind in OPERATIONS or hasattr(tf.raw_ops, kind):
                    seconds[kind] += event.duration_ps / 1e12
                    numbers[kind] += 1
    return [[kind, second, numbers[kind]] for kind, second in seconds.most_common()]


OPERATIONS = {"_FusedMatMul"}


def profile_table(kind, profiles):
    """Write the longest operations of a stack of 16 nets beside those of one net, 2 epochs."""
    if isinstance(profiles, ProgramFailed) or not profiles[STACK]:
        return ""
    head = f"## {kind}: where the time of 2 epochs goes"
    lines = [
        head,
        "",
        "| operation | 16 nets, share | times | 1 net, share | times |",
        "|---|---|---|---|---|",
    ]
    totals = {way: sum(second for _, second, _ in rows) for way, rows in profiles.items()}
    of_one = {operation: (second, n) for operation, second, n in profiles[LOOP]}
    for operation, second, n in profiles[STACK][:SHOWN]:
        other, times = of_one.get(operation, (0, 0))
        shares = f"{second / totals[STACK]:.0%} | {n:,} | {other / totals[LOOP]:.0%} | {times:,}"
        lines.append(f"| {operation} | {shares} |")
    calls = {way: sum(n for _, _, n in rows) for way, rows in profiles.items()}
    lines += ["", f"{calls[STACK]:,} operations for 16 nets, {calls[LOOP]:,} for one."]
    return "\n".join(lines)


def main():
    quick, parts, measured = read_command(__doc__, measure).quick, [], {}
    for kind in list(KINDS)[: 1 if quick else None]:
        answers = alone_each("bench_sequences.py", [STACK, LOOP, KERAS], kind)
        more = {"processor, s": lambda answer: f"{answer['processor']:.2f}"}
        parts.append(comparison(f"{kind}: {N_NETS} nets", answers, STACK, more=more))
        for program in (LOOP, KERAS):
            figures = {
                f"{kind}: {program}, {words}": ratio(answers, program, STACK, how)
                for how, words in HOWS.items()
            }
            measured |= {work: figure for work, figure in figures.items() if work in OWED}
        profiles = attempt("profile", lambda kind=kind: alone("bench_sequences.py", "profile", kind))
        parts.append(profile_table(kind, profiles))
        print("\n\n".join(parts[-2:]), flush=True)
    if not quick:
        about = "A stack is `fit_nets`, one by one is `fit_net` of the same rows and seeds."
        parts = [part for part in parts if part]
        write("bench_sequences", "Recurrent nets of a comparison", about, parts, measured)


if __name__ == "__main__":
    main()
