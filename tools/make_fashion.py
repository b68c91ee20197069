"""Write python/bineural/data/fashion_mnist_part.npz: 2,000 images of Fashion-MNIST, so many of each class.

Run from the repository root, with the folder of the four IDX files (Debian: dataset-fashion-mnist)::

    python tools/make_fashion.py /usr/share/datasets/fashion-mnist
"""

import sys
from pathlib import Path

import numpy as np

from bineural.data.idx_files import read_idx

OUT = Path("python/bineural/data/fashion_mnist_part.npz")
PARTS = {"train": 150, "t10k": 50}  # images of each class
SEED = 2017


def draw(codes, n_each, random):
    """Return the places of `n_each` rows of every class, in their order."""
    drawn = [random.choice(np.flatnonzero(codes == code), n_each, replace=False) for code in range(10)]
    return np.sort(np.concatenate(drawn))


def main(folder):
    """Draw the rows and write the file."""
    random, parts = np.random.default_rng(SEED), []
    for name, n_each in PARTS.items():
        images = read_idx(folder / f"{name}-images-idx3-ubyte.gz")
        codes = read_idx(folder / f"{name}-labels-idx1-ubyte.gz")
        rows = draw(codes, n_each, random)
        parts.append((images[rows], codes[rows], np.full(len(rows), name == "t10k"), rows.astype(np.int32)))
    images, codes, is_test, rows = (np.concatenate(values) for values in zip(*parts))
    np.savez_compressed(OUT, images=images, codes=codes, is_test=is_test, rows=rows)
    print(f"Wrote {OUT} ({OUT.stat().st_size:,} bytes).")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist"))
