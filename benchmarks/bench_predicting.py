"""How long predicting the held-out rows of a hundred nets takes, together and net by net, beside NumPy.

Nets p-32-16-1 with weights of their own; each predicts the tenth of the rows that it was not trained on. Cold
is the first run of the process, warm the median of the next two. NumPy's loop of three matrix products for
each net is the least that one net after the other can cost.
"""

import numpy as np

from bench_resampling import UNITS
from peers import dense_net, kyphosis_rows, load, made_up_rows
from programs import alone_each
from running import comparison, ratio, read_command, timed, write

NETS = 100
PROBLEMS = {"81 rows": (81, 3), "10,000 rows": (10_000, 20)}
TOGETHER, LOOP = "predict_nets", "loop of predict_net"


def all_by_predict_nets(net, weights, x, held_out):
    from bineural.training import Blueprint, predict_nets

    return predict_nets([Blueprint.from_model(net)] * len(weights), weights, [x[rows] for rows in held_out])


def loop_of_predict_net(net, weights, x, held_out):
    from bineural.training import predict_net

    return [predict_net(net, w, x[rows]) for w, rows in zip(weights, held_out)]


def loop_of_numpy(net, weights, x, held_out):
    def predict(w, x):
        for kernel, bias in zip(w[:-2:2], w[1:-2:2]):
            x = np.maximum(x @ kernel + bias, 0)
        return x @ w[-2] + w[-1]

    return [predict(w, x[rows]) for w, rows in zip(weights, held_out)]


# Another way of predicting is one more entry: a function of the same arguments that returns as many arrays.
PROGRAMS = {TOGETHER: all_by_predict_nets, LOOP: loop_of_predict_net, "NumPy": loop_of_numpy}
OWED = {
    "100 nets, 81 rows: loop of predict_net / predict_nets, warm": "reported",
    "100 nets, 10,000 rows: loop of predict_net / predict_nets, warm": "reported",
}


def measure(program, problem):
    """Return the timings of one program in this process, and the mean of what it predicts."""
    load(program)
    n, p = PROBLEMS[problem]
    x, _ = kyphosis_rows() if n == 81 else made_up_rows(n, p)
    rng, net = np.random.default_rng(2019), dense_net(p, UNITS)
    held_out = [rng.permutation(n)[: n // 10] for _ in range(NETS)]
    weights = [[rng.normal(size=w.shape).astype(np.float32) for w in net.weights] for _ in range(NETS)]

    def run():
        return {"mean": float(np.mean(PROGRAMS[program](net, weights, x, held_out)))}

    return timed(run)


def main():
    quick, parts, measured = read_command(__doc__, measure).quick, [], {}
    for problem in list(PROBLEMS)[: 1 if quick else None]:
        answers = alone_each("bench_predicting.py", PROGRAMS, problem, threads=1)
        more = {"mean of the predictions": lambda answer: f"{answer['mean']:.5f}"}
        parts.append(comparison(problem, answers, TOGETHER, more=more))
        faster = ratio(answers, LOOP, TOGETHER)
        measured[f"100 nets, {problem}: {LOOP} / {TOGETHER}, warm"] = faster and f"{faster:.1f}x"
        print(parts[-1], flush=True)
    if not quick:
        about = f"{NETS} nets p-32-16-1, a tenth of the rows each."
        write("bench_predicting", "Predicting with many nets", about, parts, measured)


if __name__ == "__main__":
    main()
