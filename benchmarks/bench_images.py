"""Nets of images beside pixels: accuracy on digits and clothes, a tuned head, seconds of folds and stacks.

Digits are scikit-learn's 1,797 of 8 x 8 pixels, for LeNet-5 enlarged to 32 x 32; clothes are the 2,000 of
Fashion-MNIST that ship. Models have the defaults of this package or of scikit-learn but for what a table
says; the augmentation, turns of at most 10 degrees, was chosen on other splits (three of seeds 101 to 103:
.989 of the rows held out, .982 without, .979 with zooms of at most a tenth). Intervals are corrected t over
five folds, of a model or of a difference on the same folds. `--store FILE` keeps every part, and goes on from
it (comparisons from the model that they were at); `--parts` does some only, and the page says which are
lacking; `--quick` does the tuned head, with few epochs.
"""

import json
import sys
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np

from peers import fit_keras, fit_torch, load
from programs import ProgramFailed, alone, alone_each, available, torch_note
from running import comparison, ratio, read_command, timed, write

SEED, TURN = 2019, {"rotate": 10}
NETS, EPOCHS, BATCH = 10, 10, 32  # of the stack
STACK, LOOP, FOLDS = "stack", "loop of train_net", "folds"
PROGRAMS = [STACK, LOOP, "Keras", "PyTorch"]
SPLITS = 3  # of the tuned head
OWED = {
    "digits: accuracy of LeNet-5": ">= 0.975",
    "digits: accuracy of the small CNN, augmented": ">= 0.985",
    "clothes: accuracy of the small CNN less that of the pixel GLM": "reported",
    "clothes: accuracy of the small CNN less that of a random forest": "reported",
    "frozen head: accuracy behind full training, points": "<= 1",
    "frozen head: seconds of the processor / full training's": "<= 0.5x",
    "5 x 2 folds of CNN, MLP and GLM on digits, s": "<= 180",
    "10 small CNNs: ten fits of Keras, cold": ">= 3x",
    "10 small CNNs: ten fits of Keras, warm": ">= 10x",
    "10 small CNNs: ten fits of Keras, seconds of the processor": "reported",
    "10 small CNNs: a loop of PyTorch, warm": "reported",
    "10 small CNNs: a loop of PyTorch, seconds of the processor": "reported",
}


# ---- accuracy ----


def forest():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(500, random_state=0, n_jobs=2)


def compare(models, images, labels, checkpoint=None, **options):
    """Compare by accuracy on the same folds; return the rows of the table, the verdicts and the seconds."""
    import bineural as bn

    begun = time.perf_counter(), time.process_time()
    options |= {"measure": "accuracy", "seed": SEED, "verbose": 0, "checkpoint": checkpoint}
    compared = bn.compare_models(models, images, labels, **options)
    seconds = {"clock": time.perf_counter() - begun[0], "processor": time.process_time() - begun[1]}
    table = compared.table[["model", "accuracy", "low", "high", "log_loss", "seconds"]]
    rows = json.loads(table.to_json(orient="records"))
    return {"rows": rows, "verdicts": compared.verdicts, "folds": len(compared.folds), **seconds}


def digits(size=None):
    import bineural as bn

    loaded = bn.load_images("digits", size=size)
    return loaded.images, loaded.labels


def measure_lenet(checkpoint=None):
    """LeNet-5 on digits of 32 x 32."""
    import bineural as bn

    models = {"LeNet-5": bn.make_net(architecture="lenet5")}
    return compare(models, *digits(32), checkpoint, folds=5, repeats=1, baseline=False)


def measure_digits(checkpoint=None):
    """Nets, forest and GLM on digits of 8 x 8."""
    import bineural as bn

    models = {
        "small CNN": bn.make_net(),
        "small CNN, augmented": bn.make_net(augmentation=TURN),
        "MLP": bn.make_net(architecture="mlp"),
        "random forest": forest(),
    }
    return compare(models, *digits(), checkpoint, folds=5, repeats=1)


def measure_clothes(checkpoint=None):
    """The same on clothes of 28 x 28; training of the CNN stops after ten epochs without a better one."""
    import bineural as bn

    loaded = bn.load_images("fashion_mnist_part")
    models = {
        "small CNN": bn.make_net(patience=10),
        "MLP": bn.make_net(architecture="mlp"),
        "random forest": forest(),
    }
    options = {"folds": 5, "repeats": 1, "pairs": "all"}
    return compare(models, loaded.images, loaded.labels, checkpoint, **options)


def measure_folds():
    """Time 5 x 2 folds of CNN, MLP and GLM, in a process that has fitted nothing yet."""
    return alone("bench_images.py", FOLDS)


def compare_in_folds():
    """Compare CNN, MLP and GLM on 5 x 2 folds of digits."""
    import bineural as bn

    models = {"small CNN": bn.make_net(), "MLP": bn.make_net(architecture="mlp")}
    return compare(models, *digits(), folds=5, repeats=2)


# ---- a tuned head ----


def measure_head(quick=False):
    """Train on digits 5 to 9, then on 0 to 4: a new head alone, and all of a net from its start."""
    from sklearn.model_selection import train_test_split

    import bineural as bn
    from bineural.training.engine import clear_compiled

    images, labels = digits()
    number, rows, options = labels.astype(int), [], {"epochs": 2} if quick else {}
    for split in range(1 if quick else SPLITS):
        train, test = train_test_split(np.arange(len(number)), random_state=split, stratify=number)
        high, low, asked = (train[number[train] > 4], train[number[train] < 5], test[number[test] < 5])
        first = bn.fit_net(images[high], number[high], classes=list(range(5, 10)), seed=split, **options)
        given, tuned = (images[low], number[low]), {**options, "classes": list(range(5)), "seed": split}
        ways = {
            "all of a new net": partial(bn.fit_net, *given, **tuned),
            "head on frozen features": partial(bn.fine_tune, first, *given, **tuned),
        }
        for way, fit in ways.items():
            clear_compiled()  # so that no way has the graph of another
            begun = time.perf_counter(), time.process_time()
            net = fit()
            seconds = time.perf_counter() - begun[0], time.process_time() - begun[1]
            right = float(np.mean(net.predict(images[asked]) == number[asked]))
            rows.append([split, way, right, net.fitted_.members[0].epochs_run, *seconds])
            print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows}


# ---- seconds of a stack ----


def stack_rows():
    """Return 1,347 digits, standardised, (n, 8, 8, 1) and their numbers, both float32."""
    from bineural.data.image_sets import IMAGE_SETS

    loaded = IMAGE_SETS["digits"].load()
    x = loaded.images[:1347, ..., None].astype(np.float32)
    return (x - x.mean()) / x.std(), loaded.codes[:1347].astype(np.float32)


def torch_net():
    """Build the default CNN for 8 x 8 pixels in PyTorch, where channels come first."""
    from torch import nn

    def convolve(n, filters):
        return nn.Conv2d(n, filters, 3, padding=1), nn.ReLU()

    first = [*convolve(1, 16), *convolve(16, 16), nn.MaxPool2d(2)]
    second = [*convolve(16, 32), *convolve(32, 32), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*first, *second, nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def measure(program, file=None):
    """Return the timings of one program in this process; of PyTorch on rows from a file."""
    if program == FOLDS:
        warnings.simplefilter("ignore")
        return compare_in_folds()
    load(program, threads=2)
    if program == "PyTorch":
        held = np.load(file)
        x, y = np.moveaxis(held["x"], -1, 1).copy(), held["y"]
        return timed(lambda: [fit_torch(torch_net(), x, y, EPOCHS, BATCH) for _ in range(NETS)], again=1)
    from bineural.training import train_net, train_stack
    from bineural.zoo.cnn import build_cnn

    x, y = stack_rows()
    if program == "Keras":
        return timed(lambda: fit_keras(build_cnn((8, 8, 1), 10), x, y, EPOCHS, BATCH), again=1, scale=NETS)
    net = build_cnn((8, 8, 1), 10)
    options = {"loss": "sparse_categorical_crossentropy", "epochs": EPOCHS, "batch_size": BATCH}
    if program == LOOP:
        return timed(lambda: [train_net(net, x, y, seed=s, **options) for s in range(NETS)] and None, again=1)
    return timed(lambda: {"how": train_stack(net, x, y, seeds=range(NETS), **options)[0].how}, again=1)


def measure_stack():
    """Time all programs, each in a process of its own."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.npz"
        x, y = stack_rows()
        np.savez(file, x=x, y=y)
        answers = alone_each("bench_images.py", available(PROGRAMS), file)
    return {p: {"failed": a.reason} if isinstance(a, ProgramFailed) else a for p, a in answers.items()}


# ---- the page ----

PARTS = {
    "head": measure_head,
    "digits": measure_digits,
    "stack": measure_stack,
    "folds": measure_folds,
    "lenet": measure_lenet,
    "clothes": measure_clothes,
}


def compared_part(title, answer):
    """Write the table and the verdicts of a comparison."""
    seconds = f"{answer['clock']:.0f} s by the clock, {answer['processor']:.0f} s of the processor."
    lines = [f"## {title}", "", f"{answer['folds']} folds; {seconds}", ""]
    lines += ["| model | accuracy | 95% interval | log loss | fits, s |", "|---" * 5 + "|"]
    for row in answer["rows"]:
        low, high, loss = (
            "" if row[k] is None else f"{row[k]:.4f}".removeprefix("0") for k in ("low", "high", "log_loss")
        )
        interval = f"{low} to {high}" if low else ""
        lines.append(
            f"| {row['model']} | {row['accuracy']:.4f} | {interval} | {loss} | {row['seconds'] or 0:.1f} |"
        )
    return "\n".join([*lines, "", *[f"- {' '.join(verdict.split())}" for verdict in answer["verdicts"]]])


def head_part(answer):
    """Write the table of the tuned head, and return it with the two figures owed."""
    lines = ["## A new head on frozen features", ""]
    lines += ["Digits 0 to 4, behind features that were learnt on digits 5 to 9; three splits.", ""]
    lines += ["| split | trained | test accuracy | epochs | s | processor, s |", "|---" * 6 + "|"]
    lines += [
        f"| {split} | {way} | {right:.4f} | {epochs} | {clock:.1f} | {busy:.1f} |"
        for split, way, right, epochs, clock, busy in answer["rows"]
    ]
    whole, head = (np.array([row[2:] for row in answer["rows"][i::2]], float).mean(0) for i in (0, 1))
    return "\n".join(lines), 100 * (whole[0] - head[0]), head[3] / whole[3]


def stack_part(answer):
    """Write the table of the stack, and return it with the figures owed."""
    answers = {p: ProgramFailed([p], a["failed"]) if "failed" in a else a for p, a in answer.items()}
    how = answers[STACK].get("how", "") if isinstance(answers[STACK], dict) else ""
    note = (
        f"The default CNN (25,274 weights), 1,347 digits, {EPOCHS} epochs, batch {BATCH}, Adam; way of the "
        f"stack: {how}. Keras is timed on one fit, times {NETS}: each of its fits compiles. {WHAT_BOUNDS}"
    )
    cell = {"processor, s": lambda a: f"{a['processor']:.1f}"}
    figures = {
        f"10 small CNNs: {who}, {name}": ratio(answers, program, STACK, key)
        for who, program in {"ten fits of Keras": "Keras", "a loop of PyTorch": "PyTorch"}.items()
        for name, key in {"cold": "cold", "warm": "warm", "seconds of the processor": "processor"}.items()
    }
    return comparison("Ten small CNNs", answers, STACK, note, cell), figures


WHAT_BOUNDS = (
    "What bounds it: of the time of the stack's operations the profiler of TensorFlow gives convolutions and "
    "their two gradients about three quarters, gradients of poolings 7%, joining replicas 4%. A layer of 16 "
    "filters of 3 x 3 on 16 maps of 8 x 8 takes about 1 ms a net, step and core, forwards and back, in "
    "TensorFlow and in PyTorch alike (25 to 40 GFLOP/s), and more as a product of patches, with XLA or "
    "without. So a stack saves what single operations and Keras' compiling cost, not the arithmetic."
)


def accuracies(answers, part):
    """Return the accuracy of each model of a part, none where it has not been measured."""
    return {row["model"]: row["accuracy"] for row in answers.get(part, {"rows": []})["rows"]}


def write_page(answers):
    """Write the results of the parts that were measured, and say which were not."""
    right, clothes = (
        accuracies(answers, "lenet") | accuracies(answers, "digits"),
        accuracies(answers, "clothes"),
    )
    measured = dict.fromkeys(OWED, "not yet")
    if "lenet" in answers:
        measured["digits: accuracy of LeNet-5"] = right["LeNet-5"]
    if "digits" in answers:
        name = "small CNN, augmented"
        measured[f"digits: accuracy of the {name}"] = right.get(name, "not yet")
    if "clothes" in answers:
        glm = next(name for name in clothes if name.startswith("glm"))
        for words, other in (("the pixel GLM", glm), ("a random forest", "random forest")):
            gain = clothes["small CNN"] - clothes[other]
            measured[f"clothes: accuracy of the small CNN less that of {words}"] = gain
    if "folds" in answers:
        measured["5 x 2 folds of CNN, MLP and GLM on digits, s"] = answers["folds"]["clock"]
    parts = [compared_part(title, answers[name]) for name, title in TITLES.items() if name in answers]
    if "head" in answers:
        head, behind, share = head_part(answers["head"])
        measured["frozen head: accuracy behind full training, points"] = behind
        measured["frozen head: seconds of the processor / full training's"] = share
        parts.append(head)
    if "stack" in answers:
        stack, figures = stack_part(answers["stack"])
        measured |= {name: figure for name, figure in figures.items() if name in OWED}
        parts.append(stack)
    lacking = [name for name in PARTS if name not in answers]
    about = " ".join(__doc__.split("\n\n")[1].split(" `--store")[0].split())
    about += f" Not measured yet: {', '.join(lacking)}." if lacking else ""
    write("bench_images", "Images", f"{about} {torch_note()}", parts, measured)


TITLES = {
    "lenet": "Digits of 32 x 32 pixels",
    "digits": "Digits of 8 x 8 pixels",
    "clothes": "Clothes, 2,000 of Fashion-MNIST",
    "folds": "5 x 2 folds of digits",
}


def main():
    store = {"help": "keep every part in this file, and go on from it"}
    parts = {"nargs": "*", "default": list(PARTS), "help": f"some of: {', '.join(PARTS)}"}
    command = read_command(__doc__, measure, store=store, parts=parts)
    warnings.simplefilter("ignore")
    if command.quick:
        print(head_part(measure_head(quick=True))[0])
        return
    store = Path(command.store) if command.store else None
    answers = json.loads(store.read_text()) if store and store.exists() else {}
    for name in command.parts:
        if name not in answers:
            compared = store is not None and name in ("lenet", "digits", "clothes")
            answers[name] = PARTS[name](*[store.with_suffix(f".{name}.checkpoint")] * compared)
            print(name, json.dumps(answers[name], indent=1), file=sys.stderr, flush=True)
            if store:
                with store.open("w") as file:
                    json.dump(answers, file)
    write_page(answers)


if __name__ == "__main__":
    main()
