"""Write python/bineural/data/japanese_vowels.npz and italy_power.npz from the files of aeon's wheel.

Run from the repository root, with the folder where the wheel was unpacked::

    python tools/make_sequence_sets.py aeon-1.6.0
"""

import sys
from pathlib import Path

import numpy as np

OUT = Path("python/bineural/data")


def read_ts(path):
    """Return sequences (time, n_features) and labels of a file of lines `v,v,v:v,v,v:label`."""
    lines = path.read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.lower().startswith("@data")) + 1
    sequences, labels = [], []
    for line in filter(None, map(str.strip, lines[first:])):
        *features, label = line.split(":")
        sequences.append(np.array([feature.split(",") for feature in features], np.float64).T)
        labels.append(label.strip())
    return sequences, labels


def read_both(folder, name):
    """Return the sequences of both parts, the class of each as a number from 0, and which are to test."""
    parts = [read_ts(folder / name / f"{name}_{part}.ts") for part in ("TRAIN", "TEST")]
    sequences, labels = parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]
    codes = np.searchsorted(sorted(set(labels)), labels).astype(np.uint8)
    return sequences, codes, np.arange(len(labels)) >= len(parts[0][1])


def write(name, **arrays):
    """Write a file, and say how large it is."""
    np.savez_compressed(OUT / f"{name}.npz", **arrays)
    print(f"Wrote {OUT / name}.npz ({(OUT / f'{name}.npz').stat().st_size:,} bytes).")


def main(folder):
    """Write both files."""
    folder = folder / "aeon" / "datasets" / "data"
    sequences, codes, is_test = read_both(folder, "JapaneseVowels")
    values = np.concatenate(sequences)
    millionths = np.ascontiguousarray(np.round(values * 1e6).astype("<i4"))
    assert (millionths / 1e6 == values).all()
    planes = (
        millionths.view(np.uint8).reshape(*values.shape, 4).transpose(2, 1, 0)
    )  # pack better byte by byte
    lengths = np.array([len(steps) for steps in sequences], np.uint8)
    write(
        "japanese_vowels", planes=np.ascontiguousarray(planes), lengths=lengths, codes=codes, is_test=is_test
    )
    sequences, codes, is_test = read_both(folder, "ItalyPowerDemand")
    values = np.stack(sequences)[:, :, 0].astype(np.float32)
    write("italy_power", values=values, codes=codes, is_test=is_test)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
