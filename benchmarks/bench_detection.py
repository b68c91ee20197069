"""How well nets find digits on a noisy canvas, one and several, beside the mean box and a ridge on pixels.

Nets learn from scenes of the first 1,400 digits and are tested on scenes of the other 397, which they have
never seen. One object: 32 by 32 pixels, digits of 8 by 8, noise to 0.25, as in the course that the figure
is owed to. Several: 48 by 48 pixels, none to four digits of 8 to 16 pixels. `--quick` takes 200 scenes and
2 epochs.
"""

import sys
import time
import warnings

import numpy as np
import pandas as pd

import bineural as bn
from running import read_command, write

EDGES = ["x1", "y1", "x2", "y2"]
OWED = {
    "one object, test MSE of the edges in shares of the image": "<= 0.003",
    "one object, mean IoU": "reported",
    "several objects, mAP at 0.5": "reported",
    "several objects without labels, mAP at 0.5": "reported",
}


def make_rows(n_train, n_test, **options):
    """Return images, boxes and the split: scenes for training, and scenes of other digits for the test."""
    train = bn.make_scenes(n_train, digits="train", seed=2019, **options)
    test = bn.make_scenes(n_test, digits="test", seed=2020, **options)
    boxes = pd.concat(
        [train.boxes, test.boxes.assign(image=test.boxes["image"] + n_train)], ignore_index=True
    )
    rows = np.arange(n_train + n_test)
    return np.concatenate([train.images, test.images]), boxes, [(rows[:n_train], rows[n_train:])]


def judge(title, net, images, boxes, split):
    """Compare on the one split; return the lines of its table, the measures by model, and the comparison."""
    begun = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        comparison = bn.compare_models({"net": net}, images, boxes, folds=split, seed=2019)
    seconds = time.perf_counter() - begun
    table = comparison.table.set_index("model")
    n_train, n_test = map(len, split[0])
    lines = [f"## {title}", "", f"{n_train} scenes for training, {n_test} for the test; {seconds:.0f} s.", ""]
    lines += ["| model | mAP at 0.5 | mAP, COCO | mean IoU |", "|---|---|---|---|"]
    for name, row in table.iterrows():
        lines.append(f"| {name} | {row['map']:.3f} | {row['map_coco']:.3f} | {row['mean_iou']:.3f} |")
    print("\n".join(lines), file=sys.stderr)
    return [*lines, ""], table, comparison


def edge_error(comparison, boxes, size):
    """Return the mean squared error of the edges of the only object, in shares of the image."""
    held_out = comparison.predictions[comparison.predictions["model"] == "net"]
    predicted = held_out[[f".pred_{edge}_1" for edge in EDGES]].to_numpy()
    truth = boxes.set_index("image").loc[held_out["row"], EDGES].to_numpy() / size
    return float(np.mean((predicted - truth) ** 2))


def main():
    quick = read_command(__doc__).quick
    sizes = (200, 50) if quick else (1500, 500)
    images, boxes, split = make_rows(*sizes, size=32)
    locator = bn.make_net(architecture="locator", epochs=2 if quick else 40, patience=10)
    plain = boxes.drop(columns="label")
    one, table, comparison = judge("One object, without label", locator, images, plain, split)
    measured = {
        "one object, test MSE of the edges in shares of the image": edge_error(comparison, plain, 32),
        "one object, mean IoU": f"{table.loc['net', 'mean_iou']:.3f}",
    }
    labelled = judge("One object and its label", locator, images, boxes, split)[0]
    sizes = (200, 50) if quick else (2000, 400)
    images, boxes, split = make_rows(*sizes, size=48, objects=(0, 4), zoom=(1, 2))
    shot = bn.make_net(architecture="single_shot", epochs=2 if quick else 30, patience=10)
    several, table, _ = judge("None to four objects", shot, images, boxes, split)
    measured["several objects, mAP at 0.5"] = f"{table.loc['net', 'map']:.3f}"
    plain = boxes.drop(columns="label")
    found, table, _ = judge("None to four objects, without labels", shot, images, plain, split)
    measured["several objects without labels, mAP at 0.5"] = f"{table.loc['net', 'map']:.3f}"
    if not quick:
        parts = ["\n".join([*one, *labelled, *several, *found])]
        write("bench_detection", "Finding objects", "", parts, measured)


if __name__ == "__main__":
    main()
