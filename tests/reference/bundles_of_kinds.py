"""Keep bundles that tests/kinds.R wrote, with what Python says of its rows, in tests/reference/bundles_of_kinds/.

    Rscript tests/kinds.R . FOLDER fit; python tests/reference/bundles_of_kinds.py FOLDER

They are of format 1 with a checksum, written by R in November 2026; a later format gets a folder of its own.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "python")]
LARGEST = 60_000  # bytes of a file that is kept


def main(folder):
    """Copy small bundles, and write `predictions.json`."""
    import bineural as bn
    from kinds import ask, make_rows

    rows, kinds = make_rows(), json.loads((Path(folder) / "rows.json").read_text())
    target = HERE / "bundles_of_kinds"
    target.mkdir(exist_ok=True)
    file = target / "predictions.json"
    said = json.loads(file.read_text()) if file.exists() else {"answers": {}, "rows": {}}
    for path in sorted(Path(folder).glob("*.bineural")):
        if path.stem not in kinds or path.stat().st_size > LARGEST:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = ask(bn.load_model(path), rows[kinds[path.stem]])
        shutil.copy(path, target / path.name)
        said["answers"][path.stem] = [np.ravel(column).astype(float).tolist() for column in answer]
        said["rows"][path.stem] = kinds[path.stem]
    with file.open("w") as out:
        json.dump(said, out)
        out.write("\n")


if __name__ == "__main__":
    for given in sys.argv[1:]:
        main(given)
