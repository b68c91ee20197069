"""How often nets say a held-out sequence exactly, and the bits that a symbol costs beside an n-gram.

Exact match: 2,000 pairs to learn from and 500 others, words turned round and dates in another notation; a GRU
with attention, five seeds as one stack; greedy search and a beam of four. Bits per symbol: 3,000 first names
and the first sentences of a novel (the first 80 characters of each), folds by sequence; the n-gram's order
and smoothing are chosen within the training sequences, the nets' epochs on a tenth of them.
"""

import json
import time
from pathlib import Path

import numpy as np

from running import read_command, write

SEEDS, TRAINED, TESTED, BEAMS, DATA_SEED = 5, 2000, 500, 4, 2019
TASKS = {
    "reversal": {"units": (64,), "embedding": 32, "epochs": 60, "learning_rate": 0.005},
    "dates": {"units": (64,), "embedding": 32, "epochs": 40, "learning_rate": 0.005},
}
TEXTS = {
    "first_names": ("name", {"units": (128,), "epochs": 30, "patience": 3, "dropout": 0.2}, 3),
    "persuasion": ("sentence", {"units": (128,), "epochs": 25, "patience": 3, "max_length": 80}, 3),
}
KEPT = Path(__file__).with_name("results") / "bench_sequence_to_sequence.json"
OWED = {
    "reversal: exact match, the worst of five seeds": ">= 0.95",
    "dates: exact match, the worst of five seeds": ">= 0.95",
    "reversal: beam less greedy, exact match, the worst": ">= 0",
    "dates: beam less greedy, exact match, the worst": ">= 0",
    "first_names: bits per symbol of the n-gram": "reported",
    "first_names: bits per symbol of the GRU": "reported",
    "persuasion: bits per symbol of the n-gram": "reported",
    "persuasion: bits per symbol of the GRU": "reported",
}


def match_pairs(task, quick):
    """Return exact match and edit distance of each seed, by greedy search and by beams."""
    import bineural as bn
    from bineural.nets.many import NetRun, fit_runs

    n_seeds, options = (2, TASKS[task] | {"epochs": 2}) if quick else (SEEDS, TASKS[task])
    pairs = bn.make_sequences(task, TRAINED + TESTED, seed=DATA_SEED)
    begun = time.process_time()
    runs = [NetRun(np.arange(TRAINED), seed, {}, f"seed {seed}") for seed in range(n_seeds)]
    nets = fit_runs(bn.SequenceModel(verbose=0, **options), pairs, np.zeros(len(pairs)), runs)
    answers, test = {"seconds": time.process_time() - begun, "how": nets[0].how_}, pairs.iloc[TRAINED:]
    for beams in (1, BEAMS):
        rows = [bn.score_sequences(net, test["target"], test["source"], beams=beams).iloc[0] for net in nets]
        answers[str(beams)] = {
            name: [float(row[name]) for row in rows] for name in ("exact_match", "edit_distance")
        }
    copied = bn.edit_distance(test["source"], test["target"])
    answers["copy"] = {"exact_match": float(np.mean(copied == 0)), "edit_distance": float(np.mean(copied))}
    answers["epochs"] = [int(net.best_epoch_) for net in nets]
    return answers


def weigh_texts(name, quick):
    """Return the printed comparison, and bits per symbol of each model."""
    import bineural as bn

    column, options, folds = TEXTS[name]
    texts = bn.load_dataset(name)[column].tolist()
    texts, options = (texts[:100], options | {"epochs": 1}) if quick else (texts, options)
    begun = time.process_time()
    model = bn.SequenceModel(verbose=0, **options)
    comparison = bn.compare_models({"gru": model}, texts, folds=folds, repeats=1, seed=DATA_SEED)
    scores = comparison.scores.groupby("model")["bits_per_symbol"]
    return {
        "bits": {model: float(value) for model, value in scores.mean().items()},
        "folds": {model: list(map(float, value)) for model, value in scores},
        "shown": str(comparison),
        "seconds": time.process_time() - begun,
    }


def pair_table(kept):
    """Write exact match and edit distance, a row for each task and search."""
    lines = [
        "| task | search | exact match: mean | worst and best seed | edit distance: mean |",
        "|---|---|---|---|---|",
    ]
    for task in TASKS:
        if task not in kept:
            continue
        for beams, label in (("1", "greedy"), (str(BEAMS), f"beam of {BEAMS}")):
            match, edits = (np.array(kept[task][beams][name]) for name in ("exact_match", "edit_distance"))
            lines.append(
                f"| {task} | {label} | {match.mean():.4f} | {match.min():.4f} to {match.max():.4f} | "
                f"{edits.mean():.4f} |"
            )
        copied = kept[task]["copy"]
        lines.append(
            f"| {task} | the source copied | {copied['exact_match']:.4f} | | {copied['edit_distance']:.4f} |"
        )
    return "\n".join(lines)


def write_page(kept):
    """Write the page of the parts that are kept."""
    measured, parts = {}, []
    for task in TASKS:
        if task in kept:
            greedy, beam = (np.array(kept[task][key]["exact_match"]) for key in ("1", str(BEAMS)))
            measured[f"{task}: exact match, the worst of five seeds"] = float(greedy.min())
            measured[f"{task}: beam less greedy, exact match, the worst"] = float((beam - greedy).min())
    if any(task in kept for task in TASKS):
        seconds = ", ".join(
            f"{task}: {kept[task]['seconds']:.0f} ({kept[task]['how']}; best epochs "
            f"{', '.join(map(str, kept[task]['epochs']))})"
            for task in TASKS
            if task in kept
        )
        note = f"Seconds of the processor to train all five nets: {seconds}."
        parts.append(
            f"## Exact match on {TESTED} held-out pairs, {SEEDS} seeds\n\n{pair_table(kept)}\n\n{note}"
        )
    for name in TEXTS:
        if name in kept:
            bits = kept[name]["bits"]
            measured[f"{name}: bits per symbol of the n-gram"] = f"{bits['ngram']:.3f}"
            measured[f"{name}: bits per symbol of the GRU"] = f"{bits['gru']:.3f}"
            folds = kept[name]["folds"]
            gaps = ", ".join(f"{a - b:+.3f}" for a, b in zip(folds["gru"], folds["ngram"]))
            parts.append(
                f"## {name}\n\n{kept[name]['seconds']:.0f} seconds of the processor. GRU less n-gram in each "
                f"fold, bits per symbol: {gaps}.\n\n```\n{kept[name]['shown'].strip()}\n```"
            )
    for row in OWED:
        if "bits" in row:
            measured.setdefault(row, "not measured")
    about = (
        "A GRU of 64 units with attention for pairs, of 128 for texts; batches of 32, Adam. Beams hold "
        f"{BEAMS} hypotheses, without a penalty. Fewer than 50 resamples have no verdict."
    )
    write("bench_sequence_to_sequence", "Sequence to sequence", about, parts, measured)


def main():
    command = read_command(__doc__, part={"choices": [*TASKS, *TEXTS], "default": None})
    kept = json.loads(KEPT.read_text()) if KEPT.exists() and not command.quick else {}
    for part in [*TASKS, *TEXTS] if command.part is None else [command.part]:
        kept[part] = match_pairs(part, command.quick) if part in TASKS else weigh_texts(part, command.quick)
        print(pair_table(kept) if part in TASKS else kept[part]["shown"], flush=True)
        if not command.quick:
            with KEPT.open("w") as file:
                json.dump(kept, file)
    if not command.quick:
        write_page(kept)


if __name__ == "__main__":
    main()
