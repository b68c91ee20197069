"""Mutations of files: bytes, the JSON tree and the arrays of an archive, or the entries of a manifest."""

import copy
import io
import json
import zipfile

import numpy as np

from bineural.bundles.archive import content_hash

VALUES = [
    None, True, False, 0, -1, 1, 2, 10**9, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308, 1e-300, "", "y ~ x",
    "(a + b + c)^30", "nan", "../../etc/passwd", "x" * 10_000, [], {}, [[]], [None], [1, 2, 3], ["a", "b"],
    {"~": "float", "value": "nan"}, {"~": "float", "value": "inf"}, {"~": "missing", "value": "read_pickle"},
    {"~": "tuple", "items": []}, {"~": "pairs", "items": [[1, 2]]},
    {"~": "objects", "shape": [10**9], "items": []},
    {"~": "range", "items": [0, 10**12, 1]}, {"~": "array", "array": "a0"}, {"~": "array", "array": "no"},
    {"~": "scalar", "array": "a0"}, {"~": "set", "items": [1]}, {"~": "bytes", "value": "AAAA"},
    {"~": "object", "class": "bineural.irls.separation:Separation", "state": {}},
]  # fmt: skip


def unpack(content):
    """Return (JSON text's name, tree, arrays) of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".json"))
        with np.load(io.BytesIO(archive.read("arrays.npz"))) as stored:
            return name, json.loads(archive.read(name)), {key: stored[key] for key in stored.files}


def pack(name, tree, arrays, hashed=True):
    """Return the bytes of an archive, its hash made anew where it had one."""
    if hashed and "sha256" in tree:
        rest = {key: value for key, value in tree.items() if key != "sha256"}
        tree = {**rest, "sha256": content_hash(json.loads(json.dumps(rest)), arrays)}
    packed, out = io.BytesIO(), io.BytesIO()
    np.savez(packed, **arrays)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, json.dumps(tree))
        archive.writestr("arrays.npz", packed.getvalue())
    return out.getvalue()


def places(tree, path=()):
    """List the paths to all parts of a tree."""
    found = [path] if path else []
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        found += places(value, (*path, key))
    return found


def mutate_tree(tree, random):
    """Change a tree in one place; return what was done."""
    if not places(tree):
        return "tree: nothing left"
    *path, last = pick(places(tree), random)
    parent = tree
    for key in path:
        parent = parent[key]
    value, how = parent[last], random.integers(7)
    if how == 0:
        del parent[last]
    elif how == 1 and isinstance(value, (int, float)) and not isinstance(value, bool):
        parent[last] = pick([value + 1, -value, value * 1000, float(value), str(value), value / 3], random)
    elif how == 2 and isinstance(value, str):
        parent[last] = pick([value[:-1], value + "x", value.upper(), value[::-1], value * 3], random)
    elif how == 3 and isinstance(parent, list) and len(parent) > 1:
        parent[last] = copy.deepcopy(pick(parent, random))
    elif how == 4 and isinstance(parent, list):
        parent.insert(last, copy.deepcopy(value))
    elif how == 5:
        donor = tree
        for key in pick(places(tree), random):
            donor = donor[key]
        parent[last] = copy.deepcopy(donor)
    else:
        parent[last] = copy.deepcopy(pick(VALUES, random))
    return f"tree {how} {'.'.join(map(str, [*path, last]))}: {str(value)[:60]} -> {str(parent)[:80]}"


def mutate_arrays(arrays, random):
    """Change one array; return what was done."""
    if not arrays:
        return "arrays: none"
    name, how = pick(sorted(arrays), random), random.integers(8)
    array = arrays[name]
    numeric = array.dtype.kind in "fiu" and array.size
    if how == 0:
        del arrays[name]
    elif how == 1:
        arrays[name] = arrays[pick(sorted(arrays), random)]
    elif how == 2:
        arrays[name] = array.reshape(-1)[: array.size // 2]
    elif how == 3:
        arrays[name] = array.reshape(*array.shape, 1)
    elif how == 4:
        kinds = ["f4", "f8", "i8", "U5", "b1", "c16"] if array.dtype.kind != "U" else ["U1", "U40", "S3"]
        with np.errstate(all="ignore"):
            arrays[name] = array.astype(pick(kinds, random))
    elif how == 5 and numeric:
        changed = array.copy()
        extremes = [np.nan, np.inf, -1.0, 1e300] if array.dtype.kind == "f" else [0, 1, 120]
        with np.errstate(all="ignore"):
            changed.reshape(-1)[random.integers(array.size)] = pick(extremes, random)
        arrays[name] = changed
    elif how == 6:
        arrays[name] = np.concatenate([array.reshape(-1)] * 2)
    else:
        arrays[name] = array.T[::-1].copy() if array.ndim else array
    return f"arrays {how} {name} {array.dtype} {array.shape}"


def mutate_bytes(content, random):
    """Flip or cut bytes; return (bytes, what was done)."""
    content, how = bytearray(content), random.integers(3)
    if how == 0:
        for place in random.integers(len(content), size=random.integers(1, 5)):
            content[place] ^= 1 << int(random.integers(8))
    elif how == 1:
        content = content[: random.integers(len(content))]
    else:
        start, end = sorted(random.integers(len(content), size=2))
        del content[start : min(end, start + 50)]
    return bytes(content), f"bytes {how}"


def mutate_archive(content, random):
    """Mutate a bundle or checkpoint; return (bytes, what was done)."""
    how = random.integers(10)
    if how == 0:
        return mutate_bytes(content, random)
    name, tree, arrays = unpack(content)
    said = []
    for _ in range(random.integers(1, 4) if how < 4 else 1):
        target = tree["model"] if "model" in tree and random.random() < 0.9 else tree
        said.append(mutate_tree(target, random) if random.random() < 0.7 else mutate_arrays(arrays, random))
    try:
        return pack(name, tree, arrays, hashed=how != 9), "; ".join(said)
    except (TypeError, ValueError, OverflowError):
        return content, "not packed"


def mutate_manifest(text, random):
    """Mutate a manifest; return (bytes, what was done)."""
    if random.random() < 0.1:
        return mutate_bytes(text, random)
    entries = json.loads(text)
    said = [mutate_tree(entries, random) for _ in range(random.integers(1, 3))]
    return json.dumps(entries).encode(), "; ".join(said)


def pick(values, random):
    """Pick one of some values."""
    return values[random.integers(len(values))]
