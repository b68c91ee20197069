"""A hash of data that is the same wherever the data come from, and that tells what differs.

Every column has a kind (number, text, logical, time, duration, empty), a hash of its values in order, and a
`bag`, a sum over its values that forgets the order. A factor and its labels as text hash alike, integers and
whole floats alike, all spellings of missing alike: a table has one fingerprint in CSV, R, pandas and polars.
"""

import hashlib
import zlib

import numpy as np

from bineural.tables.rows import as_series, column_names, count_rows, is_dict, label_text

VERSION = 1
_BLOCK = 1 << 16  # values hashed at a time, few enough to stay in the cache
_EXACT = 2**53  # whole numbers beyond this are no doubles
_WORD = 2**64 - 1


def fingerprint_data(data):
    """Fingerprint a data frame, an array of any rank, a dict of columns or a list.

    Parameters
    ----------
    data : pandas, polars or pyarrow frame, ndarray, sparse matrix, dict or list

    Returns
    -------
    dict
        `version`, `n_rows`, `columns` ({name: {"kind", "hash", "bag"}}; "values" stands for a whole array)
        and `hash` of all, which does not depend on the order of columns. Plain values, ready for JSON.
    """
    names = column_names(data)
    if names is None:
        columns = {"values": _array_entry(data)}
    else:
        columns = {_unique(name, names, k): _column_entry(_column(data, k)) for k, name in enumerate(names)}
    n_rows = count_rows(data)
    total = hashlib.blake2b(f"{VERSION} {n_rows}".encode(), digest_size=16)
    for name in sorted(columns):
        entry = columns[name]
        total.update("\0".join(["", name, entry["kind"], entry["hash"]]).encode("utf-8", "surrogatepass"))
    return {"version": VERSION, "n_rows": n_rows, "columns": columns, "hash": total.hexdigest()}


def describe_differences(expected, actual):
    """Describe in sentences how two fingerprints differ; the list is empty where they do not."""
    if expected["hash"] == actual["hash"]:
        return []
    sentences = []
    if expected["n_rows"] != actual["n_rows"]:
        sentences.append(f"There are {actual['n_rows']} rows where {expected['n_rows']} are expected.")
    old, new = expected["columns"], actual["columns"]
    missing, extra = [c for c in old if c not in new], [c for c in new if c not in old]
    renamed = [(a, b) for a in missing for b in extra if _same(old[a], new[b])]
    renamed = list({a: (a, b) for a, b in renamed}.values())
    missing = [c for c in missing if c not in {a for a, _ in renamed}]
    extra = [c for c in extra if c not in {b for _, b in renamed}]
    sentences += [f"Column {a!r} is now called {b!r}." for a, b in renamed]
    sentences += [f"Missing: {_list(missing)}."] if missing else []
    sentences += [f"New: {_list(extra)}."] if extra else []
    if expected["n_rows"] == actual["n_rows"]:
        sentences += _describe_values(old, new)
    return sentences or ["The values differ."]


def _describe_values(old, new):
    common = [c for c in old if c in new]
    kinds = [c for c in common if old[c]["kind"] != new[c]["kind"]]
    differ = [c for c in common if c not in kinds and not _same(old[c], new[c])]
    sentences = [f"Column {c!r} is {new[c]['kind']} where {old[c]['kind']} is expected." for c in kinds]
    if differ and all(old[c]["bag"] == new[c]["bag"] for c in differ):
        sentences.append(f"The same values stand in another order of rows (columns {_list(differ)}).")
    elif differ:
        sentences.append(f"Values differ in {_list(differ)}.")
    return sentences


def _same(first, other):
    return first["kind"] == other["kind"] and first["hash"] == other["hash"]


def _list(names):
    return ", ".join(map(repr, names[:8])) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _unique(name, names, k):
    return name if names.count(name) == 1 else f"{name}#{names[: k + 1].count(name)}"


def _column(data, k):
    if is_dict(data):
        return list(data.values())[k]
    if hasattr(data, "iloc"):
        return data.iloc[:, k]
    return data.column(k) if hasattr(data, "num_rows") else data[data.columns[k]]


# --- one column ---------------------------------------------------------------------------------------------


def _column_entry(column):
    series = as_series(column)
    kind = _kind(series)
    if series.isna().all():
        return {"kind": "empty", "hash": "", "bag": "0"}
    if kind == "text":
        return _entry(kind, *_hash_labels(series))
    if kind in ("time", "duration"):
        numbers = _microseconds(series, kind)
    else:
        numbers = _as_numbers(series)
    if numbers is None:
        return _entry(kind, *_hash_labels(series))
    return _entry(kind, *_hash_numbers(numbers))


def _entry(kind, digest, bag):
    return {"kind": kind, "hash": digest, "bag": str(bag & _WORD)}


def _kind(series):
    import pandas as pd
    from pandas.api import types

    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return "text"
    if types.is_bool_dtype(dtype):
        return "logical"
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return "number"
    if types.is_datetime64_any_dtype(dtype):
        return "time"
    if types.is_timedelta64_dtype(dtype):
        return "duration"
    if not types.is_object_dtype(dtype):
        return "text"
    return _OBJECT_KINDS.get(types.infer_dtype(series, skipna=True), "text")


_OBJECT_KINDS = {
    "boolean": "logical",
    **dict.fromkeys(["integer", "floating", "mixed-integer-float", "decimal"], "number"),
    **dict.fromkeys(["date", "datetime", "datetime64"], "time"),
}


def _as_numbers(series):
    """Return float64 with NaN where missing, or None where a whole number is too large to be a double."""
    from pandas.api import types

    if types.is_integer_dtype(series.dtype):
        known = series.dropna()
        if len(known) and (known.max() > _EXACT or known.min() < -_EXACT):
            return None
    return series.to_numpy(dtype=np.float64, na_value=np.nan)


def _microseconds(series, kind):
    import pandas as pd

    if kind == "duration":
        return series.to_numpy("timedelta64[us]").astype(np.int64).astype(np.float64)
    stamps = pd.to_datetime(series, utc=True).dt.tz_localize(None).to_numpy("datetime64[us]")
    return stamps.astype(np.int64).astype(np.float64)  # exact until the year 2255


def _hash_numbers(values):
    """Return (hash, bag) of numbers, whatever their dtype, in C order; -0 counts as 0, every NaN alike."""
    digest, bag = hashlib.blake2b(digest_size=16), 0
    values = np.asarray(values)
    n_each = max(1, _BLOCK // max(1, values[:1].size))
    for start in range(0, len(values), n_each):
        with np.errstate(invalid="ignore"):  # R's NA is a signalling NaN
            block = np.add(values[start : start + n_each], 0.0, dtype=np.float64, order="C")  # no -0.0
        block[np.isnan(block)] = np.nan
        digest.update(block)
        bits = block.view(np.uint64)
        mixed = (bits ^ (bits >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        bag += int(mixed.sum(dtype=np.uint64))
    return digest.hexdigest(), bag


def _hash_labels(series):
    """Return (hash, bag) of labels: which labels, in order of appearance, and where each stands."""
    import pandas as pd

    try:
        codes, labels = pd.factorize(series)
    except TypeError:  # rows that are sets, lists or arrays
        codes, labels = pd.factorize(series.map(_as_text))
    digest, bag = hashlib.blake2b(digest_size=16), 0
    digest.update(codes.astype(np.int32))
    counts = np.bincount(codes[codes >= 0], minlength=len(labels)).tolist()
    encoded = [label_text(label).encode("utf-8", "surrogatepass") for label in labels]
    for label, count in zip(encoded, counts):
        bag += count * (zlib.crc32(label) + 1)
    digest.update(np.array([len(label) for label in encoded], dtype=np.int64))
    digest.update(b"".join(encoded))
    return digest.hexdigest(), bag


def _as_text(value):
    """Write what can't be hashed as text that is the same in every process."""
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=repr)
    if isinstance(value, np.ndarray):
        value = (value.shape, value.dtype.str, hashlib.blake2b(np.ascontiguousarray(value)).hexdigest())
    return repr(value)


# --- an array of any rank -----------------------------------------------------------------------------------


def _array_entry(data):
    if hasattr(data, "tocsr"):
        return _sparse_entry(data.tocsr(copy=True))
    if hasattr(data, "content_hashes"):  # pictures
        return _column_entry(data.content_hashes())
    if not hasattr(data, "dtype") or not hasattr(data, "shape") or hasattr(data, "iloc"):
        return _column_entry(data)
    array = np.asarray(data)
    if array.ndim == 1 or array.dtype.kind not in "biuf":
        entry = _column_entry(array.reshape(-1))
    else:
        entry = _entry("logical" if array.dtype.kind == "b" else "number", *_hash_numbers(array))
    shape = "x".join(str(size) for size in array.shape[1:])
    return {**entry, "kind": f"{entry['kind']} {shape}".strip()}


def _sparse_entry(matrix):
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    parts = [_hash_numbers(part) for part in (matrix.indptr, matrix.indices, matrix.data)]
    return _entry(f"sparse {matrix.shape[1]}", "".join(part[0] for part in parts), parts[2][1])
