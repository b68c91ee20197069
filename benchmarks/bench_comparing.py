"""A whole comparison from a cold start, from Python and from R: seconds, and whether the numbers are equal.

GLM, net (ensemble of 5) and random forest on kyphosis, 10 x 10 folds. `--quick` runs Python alone.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from programs import ProgramFailed, attempt, run_program
from running import failed_row, read_command, write

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("glm", "net", "random forest")
OWED = {
    "GLM, net and random forest, 10 x 10 folds, from Python": "<= 60 s",
    "GLM, net and random forest, 10 x 10 folds, from R": "<= 60 s",
}
IN_PYTHON = """
import json, sys
import bineural as bn
data = bn.load_dataset("kyphosis")
models = {"glm": "glm", "net": "net", "random forest": "random_forest"}
comparison = bn.compare_models(models, data, "Kyphosis", event="present", seed=2019)
print(comparison)
json.dump(comparison.scores.to_dict("list") | {"seconds": comparison.seconds}, open(sys.argv[1], "w"))
"""
IN_R = """
pkgload::load_all("ROOT", quiet = TRUE)
data <- load_dataset("kyphosis")
models <- list(glm = "glm", net = "net", `random forest` = "random_forest")
comparison <- compare_models(models, data, "Kyphosis", event = "present", seed = 2019)
print(comparison)
scores <- as.list(comparison$scores)
seconds <- as.list(stats::setNames(comparison$table$seconds, comparison$table$model))
jsonlite::write_json(c(scores, list(seconds = seconds)), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)
"""
LANGUAGES = {
    "Python": ([sys.executable], IN_PYTHON, ".py"),
    "R": (["Rscript", "--vanilla"], IN_R.replace("ROOT", str(ROOT)), ".R"),
}


def run(command, code, suffix):
    """Run a program in a process of its own; return seconds, what it printed and what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        script, out = Path(folder) / f"program{suffix}", Path(folder) / "out.json"
        script.write_text(code)
        begun = time.perf_counter()
        printed = run_program([*command, str(script), str(out)])
        return time.perf_counter() - begun, printed, json.loads(out.read_text())


def largest_gap(scores):
    """Return the largest difference between the fold scores of two languages."""
    pairs = [[np.array(each[name], float) for each in scores] for name in ("auroc", "log_loss", "brier")]
    return max(float(np.max(np.abs(a - b))) for a, b in pairs)


def main():
    """Run both, compare, print and write."""
    quick = read_command(__doc__).quick
    languages = list(LANGUAGES)[: 1 if quick else None]
    runs = {
        language: attempt(language, lambda language=language: run(*LANGUAGES[language]))
        for language in languages
    }
    lines = ["| from | seconds, cold | GLM | net | random forest |", "|---|---|---|---|---|"]
    complete = {language: ran for language, ran in runs.items() if not isinstance(ran, ProgramFailed)}
    for language, ran in runs.items():
        if language not in complete:
            lines.append(failed_row(language, ran, 5))
            continue
        seconds, _, scores = ran
        cells = [f"{scores['seconds'][model]:.1f}" for model in MODELS]
        lines.append(f"| {language} | {seconds:.1f} | {' | '.join(cells)} |")
    if len(complete) == 2:
        gap = largest_gap([scores for _, _, scores in complete.values()])
        lines += ["", f"Largest difference between the two languages' fold scores: {gap:.1e}."]
    for _, printed, _ in list(complete.values())[:1]:
        lines += ["", "```", printed.rstrip(), "```"]
    print("\n".join(lines))
    if not quick:
        measured = dict(zip(OWED, (complete[name][0] if name in complete else None for name in LANGUAGES)))
        write("bench_comparing", "A comparison from a cold start", "", ["\n".join(lines)], measured)


if __name__ == "__main__":
    main()
