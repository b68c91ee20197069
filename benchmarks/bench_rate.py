"""Which share of the machine's matrix-product rate a stack of small nets reaches, and where the rest goes.

The kyphosis stack of `bench_resampling` (100 nets 3-32-16-1, 100 epochs, batches of 32) is timed warm. Beside
it, each in a graph of its own with the same shapes and as many steps: the batched products alone, and Adam's
update alone; what is left is gathering rows, activations, losses, sums over rows and the loops. The rate is
that of one 2048 x 2048 product in TensorFlow. Processor time is given too, for the cores are shared.
"""

import statistics
import time
from pathlib import Path

import numpy as np

from bench_resampling import PROBLEMS, keras_net, make_rows
from bineural._tensorflow import tf
from bineural.training import train_stack

PROBLEM = "kyphosis, batch 32"
BATCHES = 32, 32, 8  # of 72 rows


def timed(run, times=5):
    """Return medians of clock and processor seconds, after a first run."""
    run()
    clock, processor = [], []
    for _ in range(times):
        begun = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - begun[0])
        processor.append(time.process_time() - begun[1])
    return statistics.median(clock), statistics.median(processor)


def stack_run():
    _, p, units, replicas, epochs, batch, _ = PROBLEMS[PROBLEM]
    x, y, rows = make_rows(PROBLEM)
    net = keras_net(p, units)
    options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch}
    return timed(lambda: train_stack(net, x, y, seeds=range(replicas), rows=rows, **options))


def products_run():
    """Time the products of all steps: forward, and two backward for each layer but the first."""
    _, p, units, replicas, epochs, _, _ = PROBLEMS[PROBLEM]
    sizes = [p, *units, 1]
    draw = np.random.default_rng(1).normal
    weights = [tf.constant(draw(size=(replicas, *s)), tf.float32) for s in zip(sizes, sizes[1:])]

    @tf.function(autograph=False)
    def run():
        def body(k, total):
            for batch in BATCHES:
                for i, kernel in enumerate(weights):
                    into = tf.ones([replicas, batch, sizes[i]]) * total
                    out = tf.matmul(into, kernel)
                    total += 1e-20 * out[0, 0, 0]
                    total += 1e-20 * tf.matmul(into, out, transpose_a=True)[0, 0, 0]
                    if i:
                        total += 1e-20 * tf.matmul(out, kernel, transpose_b=True)[0, 0, 0]
            return k + 1, total

        return tf.while_loop(lambda k, _: k < epochs, body, (0, 1.0), parallel_iterations=1)

    return timed(lambda: run()[1].numpy())


def adam_run():
    """Time Adam's update of all weights, one tensor for all, as many steps."""
    _, p, units, replicas, epochs, _, _ = PROBLEMS[PROBLEM]
    sizes = [p, *units, 1]
    n = sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))
    start = [tf.zeros([replicas, n]) for _ in range(3)]

    @tf.function(autograph=False)
    def run(w, m, v):
        def body(k, w, m, v):
            g = w + 1.0
            m, v = m + (g - m) * 0.1, v + (tf.square(g) - v) * 0.001
            return k + 1, w - m * 0.001 / (tf.sqrt(v) + 1e-7), m, v

        steps = epochs * len(BATCHES)
        return tf.while_loop(lambda k, *_: k < steps, body, (0, w, m, v), parallel_iterations=1)

    return timed(lambda: run(*start)[1].numpy())


def sgemm():
    a = tf.random.stateless_normal([2048, 2048], [1, 2])
    clock, _ = timed(lambda: tf.matmul(a, a)[0, 0].numpy())
    return 2 * 2048**3 / clock / 1e9


def main():
    _, p, units, replicas, epochs, _, _ = PROBLEMS[PROBLEM]
    sizes = [p, *units, 1]
    kernels = sum(a * b for a, b in zip(sizes, sizes[1:]))
    work = 6 * kernels * sum(BATCHES) * epochs * replicas / 1e9
    rate, whole, products, adam = sgemm(), stack_run(), products_run(), adam_run()
    lines = [
        "# The rate of a stack of small nets",
        "",
        "Written by `benchmarks/bench_rate.py`: 100 nets 3-32-16-1, 100 epochs of 72 rows in batches of 32, "
        "warm. Medians of 5 runs. The parts are run alone, so they need not add up.",
        "",
        "| part | clock, s | processor, s | GFLOP/s |",
        "|---|---|---|---|",
        f"| one product of 2048 x 2048 | | | {rate:.0f} |",
        f"| the whole stack | {whole[0]:.3f} | {whole[1]:.3f} | {work / whole[0]:.1f} |",
        f"| its batched products alone | {products[0]:.3f} | {products[1]:.3f} | {work / products[0]:.1f} |",
        f"| Adam's updates alone | {adam[0]:.3f} | {adam[1]:.3f} | |",
        "",
        f"Share of the rate: {work / whole[0] / rate:.1%} of the whole, {work / products[0] / rate:.1%} "
        "while multiplying: products of 32 x 3 and 32 x 32 numbers are bound by memory and by the calls.",
    ]
    print("\n".join(lines))
    path = Path(__file__).resolve().parent / "results" / "bench_rate.md"
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
