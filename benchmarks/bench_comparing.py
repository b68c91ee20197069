"""A whole comparison from a cold start, from Python and from R: seconds, and whether the numbers are equal.

GLM, net (ensemble of 5) and random forest on kyphosis, 10 x 10 folds. Owed: under 60 s on two cores.
`python benchmarks/bench_comparing.py` writes benchmarks/results/bench_comparing.md.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "bench_comparing.md"
IN_PYTHON = """
import json, sys
import bineural as bn
data = bn.load_dataset("kyphosis")
models = {"glm": "glm", "net": "net", "random forest": "random_forest"}
found = bn.compare_models(models, data, "Kyphosis", event="present", seed=2019)
print(found)
json.dump(found.scores.to_dict("list") | {"seconds": found.seconds}, open(sys.argv[1], "w"))
"""
IN_R = """
pkgload::load_all("ROOT", quiet = TRUE)
data <- load_dataset("kyphosis")
models <- list(glm = "glm", net = "net", `random forest` = "random_forest")
found <- compare_models(models, data, "Kyphosis", event = "present", seed = 2019)
print(found)
scores <- as.list(found$scores)
seconds <- as.list(stats::setNames(found$table$seconds, found$table$model))
jsonlite::write_json(c(scores, list(seconds = seconds)), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)
"""


def run(command, code, suffix):
    """Run a program in a process of its own; return seconds, what it printed and what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        script, out = Path(folder) / f"program{suffix}", Path(folder) / "out.json"
        script.write_text(code)
        begun = time.perf_counter()
        done = subprocess.run([*command, str(script), str(out)], capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - begun
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return seconds, done.stdout, json.loads(out.read_text())


def main():
    """Run both, compare, print and write."""
    python = run(
        [sys.executable], f"import sys; sys.path.insert(0, {str(ROOT / 'python')!r})" + IN_PYTHON, ".py"
    )
    r = run(["Rscript", "--vanilla"], IN_R.replace("ROOT", str(ROOT)), ".R")
    gap = 0.0
    for name in ("auroc", "log_loss", "brier"):
        gap = max(gap, float(np.max(np.abs(np.array(python[2][name], float) - np.array(r[2][name], float)))))
    lines = ["| from | seconds, cold | GLM | net | random forest |", "|---|---|---|---|---|"]
    for language, (seconds, _, told) in (("Python", python), ("R", r)):
        cells = [f"{told['seconds'][m]:.1f}" for m in ("glm", "net", "random forest")]
        lines.append(f"| {language} | {seconds:.1f} | {' | '.join(cells)} |")
    lines += ["", f"Largest difference between the two languages' fold scores: {gap:.1e}.", ""]
    lines += ["```", python[1].rstrip(), "```"]
    print("\n".join(lines))
    RESULTS.write_text("# A comparison from a cold start\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
