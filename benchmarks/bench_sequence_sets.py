"""Do recurrent nets and convolutions beat a GLM of summaries on two real sets of sequences, and how surely?

The part of JapaneseVowels to train on (270 utterances of 7 to 26 steps, 12 features, nine speakers), and all
of ItalyPowerDemand (1,096 days of 24 hours, winter or summer). Every model is fitted to the same folds; the
ridge of the GLM and the epochs of nets are chosen within training rows.
"""

import time

from running import read_command, write

FOLDS, REPEATS, EPOCHS, SEED = 5, 10, 60, 2019
NETS = ["gru", "lstm", "cnn_1d"]
SETS = {  # parts; id, time, outcome, event; and the measure that the verdict is about
    "japanese_vowels": (["train"], "utterance", "step", "speaker", None, "log_loss"),
    "italy_power": (["train", "test"], "day", "hour", "season", "winter", "auroc"),
}
OWED = {
    "japanese_vowels, glm": "reported",
    "japanese_vowels, gru": "reported",
    "japanese_vowels, lstm": "reported",
    "japanese_vowels, cnn_1d": "reported",
    "italy_power, glm": "reported",
    "italy_power, gru": "reported",
    "italy_power, lstm": "reported",
    "italy_power, cnn_1d": "reported",
}


def compare(name, folds, repeats, epochs):
    """Return the comparison on one set, and the seconds that it took."""
    import bineural as bn

    parts, id, step, outcome, event, measure = SETS[name]
    sequences = bn.as_sequences(bn.load_dataset(name), id=id, time=step, outcome=outcome)
    sequences = sequences[sequences.rows["part"].isin(parts)]
    models = {"glm": "glm"} | {net: bn.make_net(architecture=net, epochs=epochs) for net in NETS}
    begin = time.perf_counter()
    comparison = bn.compare_models(
        models,
        sequences,
        sequences.outcome,
        event=event,
        folds=folds,
        repeats=repeats,
        measure=measure,
        seed=SEED,
    )
    return comparison, time.perf_counter() - begin


def main():
    command = read_command(__doc__, only={"choices": list(SETS), "help": "one set, printed and not written"})
    quick, only = command.quick, command.only
    folds, repeats, epochs = (3, 1, 5) if quick else (FOLDS, REPEATS, EPOCHS)
    parts, measured = [], {}
    for name in [only] if only else SETS:
        comparison, seconds = compare(name, folds, repeats, epochs)
        parts.append(f"## {name}\n\n```\n{comparison}\n```\n\nThe comparison took {seconds:,.0f} s.")
        print(parts[-1], flush=True)
        measure = SETS[name][-1]
        for model in ["glm", *NETS]:
            low, high = comparison.interval(model, measure)
            figure = f"{comparison.estimate(model, measure):.4f} ({low:.4f} to {high:.4f})"
            measured[f"{name}, {model}"] = f"{measure} {figure}"
    about = (
        f"{FOLDS} folds x {REPEATS} repeats; nets of up to {EPOCHS} epochs, else by default options; the GLM "
        "a ridge on summaries and lags of each feature (mean, SD, least, largest, first, last, slope, "
        "autocorrelation, means of up to 16 parts) and the length."
    )
    if not quick and not only:
        write("bench_sequence_sets", "Nets of real sequences beside a GLM", about, parts, measured)


if __name__ == "__main__":
    main()
