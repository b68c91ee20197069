"""How many files and functions of bineural a value passes on its way through a verb.

Counts every function of the package that is called at least once (comprehensions and lambdas with it), by
Python's own profiler hook, after the verb has run once: what is loaded by then is not on the way.
`python benchmarks/bench_rooms.py` writes benchmarks/results/bench_rooms.md; `--list` prints the files too.
"""

import argparse
import sys
import threading
import warnings
from collections import defaultdict
from pathlib import Path

import bineural as bn
from running import write

ROOT = Path(bn.__file__).parent


def follow(verb):
    """Return file (within the package) -> names of its functions that a call of `verb` runs."""
    passed = defaultdict(set)

    def note(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            passed[str(Path(frame.f_code.co_filename).relative_to(ROOT))].add(frame.f_code.co_qualname)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        verb()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return passed


def main():
    """Follow the verbs and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    kyphosis, formula = bn.load_dataset("kyphosis"), "Kyphosis ~ Age + Number + Start"
    options = {"event": "present", "epochs": 5, "seed": 1}
    verbs = {
        "fit_glm": lambda: bn.fit_glm(formula, kyphosis, event="present"),
        "fit_net": lambda: bn.fit_net(formula, kyphosis, verbose=0, **options),
        "fit_net, predict": lambda: net.predict(kyphosis),
        "evaluate_model": lambda: bn.evaluate_model(net, kyphosis),
        "compare_models": lambda: bn.compare_models(
            {"net": net}, kyphosis, folds=5, repeats=2, seed=1, verbose=0
        ),
    }
    net = bn.fit_net(formula, kyphosis, verbose=0, **options)
    rows = []
    for name, verb in verbs.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verb()
            passed = follow(verb)
        rows.append((name, len(passed), sum(map(len, passed.values()))))
        if arguments.list:
            print(f"\n{name}")
            for file, functions in sorted(passed.items()):
                print(f"  {file}: {', '.join(sorted(functions))}")
    lines = ["| verb | files | functions |", "|---|---|---|", *(f"| {n} | {f} | {k} |" for n, f, k in rows)]
    print("\n".join(lines))
    about = "Kyphosis, three columns; a GLM, a net of five members, and ten folds of it."
    write("bench_rooms", "Rooms that a value passes", about, ["\n".join(lines)])


if __name__ == "__main__":
    main()
