"""Which share of the machine's matrix-product rate stacks of small nets reach, and where the rest goes.

The stacks of `bench_resampling` are timed warm. Beside each, in graphs of their own with the same shapes and
as many steps: the batched products, the gathering of rows and Adam's update of all weights; the rest is
biases, activations, losses, sums over rows, and orders, weights and results in Python. The dispatch of
operations, which is in all of these, is the engine's own graph on next to nothing (two nets p-1-1-1, as many
steps). The rate is that of one product of 2048 x 2048 in TensorFlow. Parts are run alone, so they need not
add up; processor time is all threads'.
"""

import numpy as np

from bench_resampling import PROBLEMS, UNITS, make_rows
from peers import dense_net, load
from programs import ProgramFailed, alone, alone_each, attempt
from running import failed_row, read_command, timed, write

WHOLE, PRODUCTS, GATHER, ADAM = "the whole stack", "batched products", "gathering rows", "Adam's updates"
DISPATCH = "dispatch (the same graph, two nets p-1-1-1)"
REST = "the rest (the whole less products, gathering and Adam)"
PARTS = [WHOLE, PRODUCTS, GATHER, ADAM, DISPATCH]
OWED = {
    "kyphosis, batch 32: share of the rate of one product": "reported",
    "10,000 x 20, batch 32: share of the rate of one product": "reported",
    "10,000 x 20, batch 256: share of the rate of one product": "reported",
}


def shapes(problem):
    """Return the sizes of the layers, the sizes of the batches of one epoch, replicas and epochs."""
    n, p, replicas, epochs, batch, _ = PROBLEMS[problem]
    full, last = divmod(n * 9 // 10, batch)
    return [p, *UNITS, 1], [batch] * full + [last] * bool(last), replicas, epochs


def n_billions(problem):
    """Return the billions of operations of all products: forward, and two backward but for the inputs."""
    sizes, batches, replicas, epochs = shapes(problem)
    kernels = [a * b for a, b in zip(sizes, sizes[1:])]
    return 2 * (3 * sum(kernels) - kernels[0]) * sum(batches) * epochs * replicas / 1e9


def stack(problem, units=UNITS, replicas=None):
    """Return a function that trains the stack, or the same graph with other units and fewer replicas."""
    from bineural.training import train_stack

    _, p, n_nets, epochs, batch, _ = PROBLEMS[problem]
    x, y, rows = make_rows(problem)
    n, net = replicas or n_nets, dense_net(p, units)
    options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch}
    return lambda: train_stack(net, x, y, seeds=range(n), rows=rows[:n], **options) and None


def epochs_of(problem, body, *state):
    """Return a function that runs `body(size of the batch, *state)` for every step, in one graph."""
    from bineural._tensorflow import tf

    _, batches, _, epochs = shapes(problem)
    size, n_full, last = batches[0], batches.count(batches[0]), batches[-1]

    @tf.function(autograph=False)
    def run(*state):
        def steps(n, size, state):
            loop = tf.while_loop(
                lambda k, *_: k < n,
                lambda k, *s: (k + 1, *body(size, *s)),
                (0, *state),
                parallel_iterations=1,
            )
            return loop[1:]

        def epoch(k, *state):
            state = steps(n_full, size, state)
            return k + 1, *(steps(1, last, state) if last != size else state)

        return tf.while_loop(lambda k, *_: k < epochs, epoch, (0, *state), parallel_iterations=1)[-1]

    return lambda: run(*state).numpy() is None


def products(problem):
    from bineural._tensorflow import tf

    sizes, _, replicas, _ = shapes(problem)
    draw = np.random.default_rng(1).normal
    weights = [tf.constant(draw(size=(replicas, *s)), tf.float32) for s in zip(sizes, sizes[1:])]

    def body(batch, total):
        for i, kernel in enumerate(weights):
            into = tf.ones([replicas, batch, sizes[i]]) * total
            out = tf.matmul(into, kernel)
            total += 1e-20 * out[0, 0, 0]
            total += 1e-20 * tf.matmul(into, out, transpose_a=True)[0, 0, 0]
            if i:
                total += 1e-20 * tf.matmul(out, kernel, transpose_b=True)[0, 0, 0]
        return (total,)

    return epochs_of(problem, body, tf.constant(1.0))


def gather(problem):
    from bineural._tensorflow import tf

    _, batches, replicas, _ = shapes(problem)
    x, y, rows = make_rows(problem)
    x, y = tf.constant(x), tf.constant(y)
    chosen = tf.constant([r[: batches[0]] for r in rows], tf.int32)

    def body(batch, total):
        of_step = chosen[:, :batch] + tf.cast(total, tf.int32)  # so that no step is that of another
        return (total + 1e-20 * (tf.gather(x, of_step)[0, 0, 0] + tf.gather(y, of_step)[0, 0]),)

    return epochs_of(problem, body, tf.constant(0.0))


def adam(problem):
    from bineural._tensorflow import tf

    sizes, _, replicas, _ = shapes(problem)
    n_weights = sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))

    def body(_, w, m, v):
        g = w + 1.0
        m, v = m + (g - m) * 0.1, v + (tf.square(g) - v) * 0.001
        return w - m * 0.001 / (tf.sqrt(v) + 1e-7), m, v

    return epochs_of(problem, body, *(tf.zeros([replicas, n_weights]) for _ in range(3)))


def one_product():
    from bineural._tensorflow import tf

    a = tf.random.stateless_normal([2048, 2048], [1, 2])
    return lambda: tf.matmul(a, a)[0, 0].numpy() is None


def measure(part, problem):
    """Return the timings of one part in this process."""
    load(part)
    run = {
        "product": lambda: one_product(),
        WHOLE: lambda: stack(problem),
        PRODUCTS: lambda: products(problem),
        GATHER: lambda: gather(problem),
        ADAM: lambda: adam(problem),
        DISPATCH: lambda: stack(problem, (1, 1), 2),
    }[part]()
    return timed(run, again=5)


def table(problem, answers, rate):
    """Write one problem's parts; return the table and the share of the rate that the whole reaches."""
    work, heads = n_billions(problem), ["part", "clock, s", "of the whole", "processor, s", "GFLOP/s"]
    lines = [f"## {problem}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    worked = {part: answer for part, answer in answers.items() if not isinstance(answer, ProgramFailed)}
    parts = [worked[part] for part in (WHOLE, PRODUCTS, GATHER, ADAM) if part in worked]
    if len(parts) == 4:
        left = {key: parts[0][key] - sum(part[key] for part in parts[1:]) for key in ("warm", "processor")}
        answers = {**answers, REST: left}
    for part, answer in answers.items():
        if part not in worked and part != REST:
            lines.append(failed_row(part, answer, len(heads)))
            continue
        share = f"{answer['warm'] / worked[WHOLE]['warm']:.0%}" if WHOLE in worked else ""
        flops = f"{work / answer['warm']:.1f}" if part in (WHOLE, PRODUCTS) else ""
        lines.append(f"| {part} | {answer['warm']:.3f} | {share} | {answer['processor']:.3f} | {flops} |")
    shares = {
        part: work / worked[part]["warm"] / rate for part in (WHOLE, PRODUCTS) if part in worked and rate
    }
    if len(shares) == 2:
        lines += [
            "",
            f"Share of the rate: {shares[WHOLE]:.1%}, and {shares[PRODUCTS]:.1%} while multiplying.",
        ]
    return "\n".join(lines), shares.get(WHOLE)


def main():
    quick, parts, measured = read_command(__doc__, measure).quick, [], {}
    product = attempt("product", lambda: alone("bench_rate.py", "product", ""))
    rate = None if isinstance(product, ProgramFailed) else 2 * 2048**3 / product["warm"] / 1e9
    for problem in list(PROBLEMS)[: 1 if quick else None]:
        answers = alone_each("bench_rate.py", PARTS, problem)
        text, share = table(problem, answers, rate)
        measured[f"{problem}: share of the rate of one product"] = share and f"{share:.1%}"
        parts.append(text)
        print(text, flush=True)
    reached = "can't be had" if rate is None else f"reaches {rate:.0f} GFLOP/s"
    about = (
        f"Warm, medians of 5 runs, nets p-32-16-1. One product of 2048 x 2048 {reached}; parts are run alone."
    )
    print(about)
    if not quick:
        write("bench_rate", "The rate of stacks of small nets", about, parts, measured)


if __name__ == "__main__":
    main()
