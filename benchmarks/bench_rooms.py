"""How many files and functions of bineural a value passes on its way through a verb.

Counts every function with a name of its own (`def`) in the package that is called at least once, by Python's
profiler hook: at the first call, and at the next, when formulas have been read and graphs been made.
`--list` prints the files too.
"""

import sys
import threading
import warnings
from collections import defaultdict
from pathlib import Path

import bineural as bn
from running import read_command, write

ROOT = Path(bn.__file__).parent


def follow(verb):
    """Return file (within the package) -> names of its functions that a call of `verb` runs."""
    passed = defaultdict(set)

    def note(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            name = frame.f_code.co_qualname
            if "<" not in name.replace("<locals>", ""):  # no comprehension, lambda or module
                passed[str(Path(frame.f_code.co_filename).relative_to(ROOT))].add(name)

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
    command = read_command(__doc__, list={"action": "store_true", "help": "print the files too"})
    kyphosis, formula = bn.load_dataset("kyphosis"), "Kyphosis ~ Age + Number + Start"
    options = {"event": "present", "epochs": 5, "seed": 1}
    verbs = {
        "fit_glm": lambda: bn.fit_glm(formula, kyphosis, event="present"),
        "fit_net": lambda: nets.append(bn.fit_net(formula, kyphosis, verbose=0, **options)),
        "fit_net, predict": lambda: nets[0].predict(kyphosis),
        "evaluate_model": lambda: bn.evaluate_model(nets[0], kyphosis),
        "compare_models": lambda: bn.compare_models(
            {"net": nets[0]}, kyphosis, folds=5, repeats=2, seed=1, verbose=0
        ),
    }
    nets, rows = [], []
    for name, verb in list(verbs.items())[: 1 if command.quick else None]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first, passed = follow(verb), follow(verb)
        rows.append(
            (name, *(n for each in (passed, first) for n in (len(each), sum(map(len, each.values())))))
        )
        if command.list:
            print(f"\n{name}")
            for file, functions in sorted(passed.items()):
                print(f"  {file}: {', '.join(sorted(functions))}")
    head = "| verb | files | functions | files, first call | functions, first call |"
    lines = [head, "|---|---|---|---|---|", *(f"| {' | '.join(map(str, row))} |" for row in rows)]
    print("\n".join(lines))
    about = "Kyphosis, three columns; a GLM, a net of five members, and ten folds of it."
    if not command.quick:
        write("bench_rooms", "Rooms that a value passes", about, ["\n".join(lines)])


if __name__ == "__main__":
    main()
