"""Reading manifests of splits and folds, checked against the data that they are said to be of."""

from __future__ import annotations

from pathlib import Path

from bineural._typing import PathLike, RowsLike
from bineural.bundles.archive import Unreadable, read_json
from bineural.bundles.schema import (
    Mismatch,
    check_attributes,
    dict_of,
    list_of,
    may_lack,
    number,
    one_of,
    optional,
    record,
    require,
    text,
    whole,
)
from bineural.checks import checked, name_or_path
from bineural.errors import DataMismatchError, SavingError
from bineural.messages import near_names, number_of
from bineural.splitting.manifests import FOLDS, FORMAT, SETTINGS, SPLIT
from bineural.splitting.r_random import STREAMS
from bineural.splitting.resamples import Folds, Split
from bineural.splitting.row_ids import check_pair
from bineural.tables.fingerprint import describe_differences, fingerprint_data
from bineural.tables.rows import count_rows

SHIPPED = Path(__file__).parents[1] / "data"
_ROWS, _ROWS_PER_ID = 10_000_000, 1000  # of how many rows a manifest may be that names few of them


def _ids(value):
    """Row ids, as `check_ids` reads them."""
    return type(value) is list and len(value) > 0


_MANIFEST = {
    "file": text,
    "format": whole(),
    "row_ids": may_lack(text),
    "n_rows": whole(1),
    "seed": may_lack(optional(whole(-(2**63)))),
    "rng": may_lack(one_of(None, *STREAMS)),
    "prop": may_lack(optional(number(0, 1, nan=False))),
    **dict.fromkeys(("strata", "groups", "time"), may_lack(optional(text))),
    "pool": may_lack(optional(number(0, 1, nan=False))),
    "read_as": may_lack(optional(text)),
    "fingerprint": optional(
        record(
            version=whole(),
            n_rows=whole(),
            columns=dict_of(text, record(kind=text, hash=text, bag=text)),
            hash=text,
        )
    ),
    "versions": may_lack(dict_of(text, optional(text))),
}
_SPLIT = {**_MANIFEST, "train_ids": _ids, "test_ids": _ids}
_FOLDS = {
    **_MANIFEST,
    "folds": whole(1),
    "repeats": whole(1),
    "train_ids": list_of(optional(_ids)),
    "test_ids": list_of(_ids),
}


@checked(path_or_name=name_or_path(hint="Name a file that save_split() wrote, or 'sdss2019'."))
def load_split(path_or_name: PathLike, data: RowsLike | None = None) -> Split | Folds:
    """Read a split or folds from a manifest, and check that `data` are the data it was made for.

    Parameters
    ----------
    path_or_name : str or path-like
        A file that `save_split` wrote; or the name of a manifest that ships with bineural: "sdss2019",
        the frozen 61/20 split of `kyphosis` that gives the workshop's published AUROC 0.719 = 46/64.
    data : optional
        The data, of any type `split_rows` takes. None: only the row ids are of use.

    Returns
    -------
    Split or Folds
        What was saved.

    Raises
    ------
    SavingError
        If there is no such file or it is no manifest.
    DataMismatchError
        If `data` differ from the data that were split; it says in what.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.load_split("sdss2019", bn.load_dataset("kyphosis"))
    <Split of 81 rows: 61 to train, 20 to test; strata Kyphosis>
    """
    path = Path(path_or_name).expanduser()
    shipped = sorted(file.stem for file in SHIPPED.glob("*.json"))
    if path_or_name in shipped:
        path = SHIPPED / f"{path_or_name}.json"
    try:
        content = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SavingError(
            "`path_or_name` must be a file that save_split() wrote, or the name of a split that ships.",
            f"{path_or_name!r}: {getattr(error, 'strerror', None) or 'not text'}.",
            near_names(path_or_name, shipped),
        ) from error
    loaded = from_manifest(content, path.name)
    if data is None:
        return loaded
    differences = [f"There are {number_of(count_rows(data), 'row')} where {loaded.n_rows} are expected."]
    if loaded.fingerprint is not None:
        differences = describe_differences(loaded.fingerprint, fingerprint_data(data))
    elif count_rows(data) == loaded.n_rows:
        differences = []
    if differences:
        raise DataMismatchError(
            f"`data` must be the data that {path.name} was made for.",
            " ".join(differences),
            "Load the same data in the same order of rows, or split anew.",
        )
    object.__setattr__(loaded, "data", data)
    return loaded


def from_manifest(content, name):
    """Read what `to_manifest` wrote and check that its ids make sense.

    Raises
    ------
    SavingError
        If the text is no manifest, is of a newer format, or has ids that can't be.
    """
    try:
        entries = read_json(content)
        kind = entries.get("file") if isinstance(entries, dict) else None
    except Unreadable:
        kind = None
    if not isinstance(kind, str) or kind not in (SPLIT, FOLDS):
        raise SavingError(
            "The file must be a split or folds written by save_split().",
            f"{name} is something else, or damaged.",
            "Save the split again; a table of data is read by load_dataset().",
        )
    if type(entries.get("format")) is not int or not 1 <= entries["format"] <= FORMAT:
        raise SavingError(
            f"A manifest must be of format {FORMAT} or older to be read by this version of bineural.",
            f"{name} is of format {str(entries.get('format'))[:20]}.",
            "Update bineural.",
        )
    try:
        return _make_record(entries, kind == SPLIT)
    except (Mismatch, TypeError, ValueError, OverflowError) as error:
        raise SavingError(
            "A manifest must be complete, with row ids from 0 to n_rows - 1 and no row on both sides.",
            f"{name} is not: {error}.",
            "Save the split again.",
        ) from error


def _make_record(entries, is_split):
    check_attributes(entries, _SPLIT if is_split else _FOLDS, "manifest")
    n_rows = entries["n_rows"]
    named = [entries["train_ids"], entries["test_ids"]]
    named = named if is_split else [ids for side in named for ids in side if ids is not None]
    n_ids, rows = sum(map(len, named)), number_of(n_rows, "row", ",")
    require(
        n_rows <= max(_ROWS, _ROWS_PER_ID * n_ids),
        f"it is of {rows} and names {n_ids:,}",
    )
    known = entries["fingerprint"] or {"n_rows": n_rows}
    require(
        known["n_rows"] == n_rows,
        f"it is of {rows}, and its data had {known['n_rows']:,}",
    )
    common = {"data": None, "n_rows": n_rows, "_fingerprint": entries["fingerprint"]}
    common |= {word: entries.get(word) for word in SETTINGS if is_split or word != "prop"}
    if is_split:
        train_ids, test_ids = check_pair(entries["train_ids"], entries["test_ids"], n_rows)
        return Split(train_ids=train_ids, test_ids=test_ids, **common)
    pairs = zip(entries["train_ids"], entries["test_ids"], strict=True)
    resamples = tuple(check_pair(train, test, n_rows) for train, test in pairs)
    folds, repeats = entries["folds"], entries["repeats"]
    require(
        folds * repeats == len(resamples), f"{folds} folds x {repeats} repeats but {len(resamples)} pairs"
    )
    return Folds(resamples=resamples, folds=folds, repeats=repeats, **common)
