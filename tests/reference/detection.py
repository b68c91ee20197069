"""Write detection.json: average precisions of random boxes by pycocotools 2.0.11, COCO's own program.

Run in an environment that has pycocotools and NumPy: `python tests/reference/detection.py`. Bineural's tests read the
file, so that they need no pycocotools. Some scores and overlaps are equal on purpose, one image of each case has more
than a hundred boxes of a class, and images lack true boxes or predicted ones.
"""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CASES = {  # name: (images, most objects, labels, grid that edges lie on, grid of scores)
    "one class": (8, 4, 1, 1.0, 0.05),
    "three classes": (12, 6, 3, 0.25, 0.01),
    "coarse": (10, 5, 2, 4.0, 0.1),
    "ten true boxes a class": (10, 2, 1, 1.0, 0.001),
}


def draw_boxes(random, n, grid):
    edges = random.uniform(0, 40, (n, 2))
    boxes = np.column_stack([edges, edges + random.uniform(6, 24, (n, 2))])
    return np.maximum(np.round(boxes / grid) * grid, [0, 0, grid, grid])


def make_case(seed, n_images, most, n_labels, grid, step):
    random = np.random.default_rng(seed)
    truth, predicted = [], []
    for image in range(n_images):
        n = int(random.integers(0, most + 1)) if n_labels > 1 or most != 2 else 1
        boxes, labels = draw_boxes(random, n, grid), random.integers(0, n_labels, n)
        truth += [[image, *box, label] for box, label in zip(boxes.tolist(), labels.tolist())]
        near = np.repeat(np.arange(n), 3)
        moved = np.round((boxes[near] + random.normal(0, 2.5, (3 * n, 4))) / grid) * grid
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + grid)
        others = draw_boxes(random, 130 if image == 1 else int(random.integers(0, 4)), grid)
        found = np.concatenate([moved, others])
        labels = np.concatenate([labels[near], random.integers(0, n_labels, len(others))])
        scores = np.round(random.uniform(0, 1, len(found)) / step) * step
        if image == 3:
            continue  # nothing predicted
        predicted += [[image, *b, int(k), float(s)] for b, k, s in zip(found.tolist(), labels, scores)]
    return truth, predicted


def judge(n_images, truth, predicted):
    """Return COCO's mean average precision at .5, .75 and over .50:.05:.95."""
    wide = lambda b: [b[0], b[1], b[2] - b[0], b[3] - b[1]]  # noqa: E731
    coco = COCO()
    labels = sorted({row[5] for row in truth} | {row[5] for row in predicted})
    coco.dataset = {
        "images": [{"id": i + 1} for i in range(n_images)],
        "categories": [{"id": k + 1} for k in labels],
        "annotations": [
            {
                "id": i + 1,
                "image_id": row[0] + 1,
                "category_id": row[5] + 1,
                "bbox": wide(row[1:5]),
                "area": (row[3] - row[1]) * (row[4] - row[2]),
                "iscrowd": 0,
            }
            for i, row in enumerate(truth)
        ],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
        results = [
            {"image_id": r[0] + 1, "category_id": r[5] + 1, "bbox": wide(r[1:5]), "score": r[6]}
            for r in predicted
        ]
        evaluation = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return {"0.5": evaluation.stats[1], "0.75": evaluation.stats[2], "coco": evaluation.stats[0]}


def main():
    cases = {}
    for seed, (name, shape) in enumerate(CASES.items(), 2014):
        truth, predicted = make_case(seed, *shape)
        cases[name] = {"truth": truth, "predicted": predicted, "map": judge(shape[0], truth, predicted)}
    file = Path(__file__).with_suffix(".json")
    file.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
