"""Files that were made to harm: each is a bundle, manifest or checkpoint that must be refused, with no trace.

`MARKER` in a file stands for the path of a file that must not appear.
"""

import io
import json
import struct
import zipfile

import numpy as np

from bineural.bundles.archive import ARRAYS
from mutations import pack, unpack
from test_old_bundles import FOLDER


def bundle(name):
    """Return (tree, arrays, the model's state) of a bundle of the reference."""
    _, tree, arrays = unpack((FOLDER / f"{name}.bineural").read_bytes())
    return tree, arrays, tree["model"]["state"]


def changed(name, change):
    """Return a bundle after `change(state, arrays)`."""
    tree, arrays, state = bundle(name)
    change(state, arrays)
    return pack("bundle.json", tree, arrays)


def zipped(members, how=zipfile.ZIP_DEFLATED):
    """Return the bytes of a zip of (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def raw(json_text=None, arrays=None, name="glm_binomial", how=zipfile.ZIP_DEFLATED):
    """Return a bundle with the bytes of one of its members replaced."""
    with zipfile.ZipFile(FOLDER / f"{name}.bineural") as old:
        text = old.read("bundle.json") if json_text is None else json_text
        return zipped([("bundle.json", text), (ARRAYS, old.read(ARRAYS) if arrays is None else arrays)], how)


def npy(shape, dtype="<f8", data=b""):
    """Return an npy that declares a shape and holds other data."""
    header = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {shape!r}, }}".encode()
    header += b" " * (64 - (len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def with_array(array, how=zipfile.ZIP_STORED):
    """Return a bundle whose first array is this npy."""
    with zipfile.ZipFile(FOLDER / "glm_binomial.bineural") as old:
        arrays = zipfile.ZipFile(io.BytesIO(old.read(ARRAYS)))
        members = [(n, array if n == "a0.npy" else arrays.read(n)) for n in arrays.namelist()]
    return raw(arrays=zipped(members, how))


# ---- what a file calls ----


def callables():
    """Return the bundles that name something to be called."""

    def at(attribute, value, name="net_mlp"):
        return changed(name, lambda state, arrays: state.__setitem__(attribute, value))

    def formula(text):
        return lambda state, arrays: state.__setitem__("formula_", text)

    pickled = {"~": "missing", "value": "read_pickle"}
    read = {"architecture": pickled, "input_shape_": "MARKER.pkl", "n_outputs_": "infer"}
    own = {"~": "object", "class": "bineural.net:NetClassifier", "state": {}}
    return {
        "a pandas function as architecture": changed("net_mlp", lambda s, a: s.update(read)),
        "a pandas function as activation": at("activation", pickled),
        "a pandas function as callbacks": at("callbacks", pickled),
        "a pandas function as loss": at("monitor", pickled),
        "an optimizer that is a function": at("optimizer", pickled),
        "a class of os": at("preparation_", {"~": "object", "class": "os:system", "state": {}}),
        "a class that is not in the list": at(
            "preparation_", {"~": "object", "class": "bineural.averaging:AverageModel", "state": {}}
        ),
        "a model within the model": at("architecture", own),
        "a path as checkpoint object": at("checkpoint", {"~": "tuple", "items": ["MARKER"]}),
        "code in the formula (R)": changed("glm_binomial", formula("{system('touch MARKER'); ill ~ dose}")),
        "a call in the formula": changed("glm_binomial", formula("ill ~ system('touch MARKER')")),
        "a time zone that is a file": at(
            "event", {"~": "pandas_dtype", "value": "datetime64[ns, dateutil//MARKER]"}
        ),
        "a type that is a structure": at("event", {"~": "dtype", "value": "i4,O"}),
        "a mark of the decoder's own": at("event", {"~": "_init__"}),
        "a mark that is a list": at("event", {"~": ["float"]}),
    }


def keras_part(class_name, config, module="keras.layers", **others):
    """Return a part of a Keras configuration."""
    return {
        "module": module, "class_name": class_name, "config": config, "registered_name": None, **others
    }  # fmt: skip


def sequence(*layers, shape=(5,), **others):
    """Return a Sequential model of parts, as a tree in a bundle."""
    first = keras_part("InputLayer", {"batch_shape": [None, *shape], "dtype": "float32", "name": "i"})
    config = {"name": "m", "layers": [first, *layers]}
    return {"~": "keras", "config": keras_part("Sequential", config, "keras", **others), "weights": []}


def keras_attacks():
    """Return the bundles whose Keras model is foreign, or larger than what is stored."""
    dense = {"name": "d", "units": 1}
    saved = {"filepath": "MARKER"}
    layers = {
        "TFSMLayer": keras_part("TFSMLayer", {"filepath": "MARKER", "call_endpoint": "serve"}),
        "Lambda": keras_part("Lambda", {"function": "lambda x: x"}),
        "a lambda": {"class_name": "__lambda__", "config": {"value": "AAAA"}},
        "a function of Keras": keras_part("load_model", saved, "keras.saving"),
        "a function of Keras' utilities": keras_part("get_file", {"origin": "MARKER"}, "keras.utils"),
        "a function by class": keras_part("function", "get_file", "keras.utils"),
        "a function of Python": keras_part("function", "eval", "builtins"),
        "a type specification": {
            "class_name": "__typespec__", "spec_name": "system", "module": "os", "config": [],
            "registered_name": None,
        },
        "a class of another module": keras_part("system", {}, "os"),
        "a class registered otherwise": {**keras_part("Dense", dense), "registered_name": "bineural>X"},
        "a layer of no module": {"class_name": "Dense", "config": dense},
        "a vocabulary of a file": keras_part("StringLookup", {"vocabulary": "MARKER"}),
        "a vocabulary of numbers of a file": keras_part("IntegerLookup", {"vocabulary": "MARKER"}),
        "an activation that is a function": keras_part(
            "Dense", {**dense, "activation": keras_part("function", "system", "os")}
        ),
        "a class in an object array": {
            "~": "objects", "shape": [1], "items": [keras_part("TFSMLayer", saved)],
        },
        "a class in a set of pairs": {"~": "pairs", "items": [[1, keras_part("TFSMLayer", saved)]]},
        "a wide Dense": keras_part("Dense", {**dense, "units": 10**9}),
        "a Dense that is wide enough": keras_part("Dense", {**dense, "units": 10**6}),
        "a large Embedding": keras_part("Embedding", {"input_dim": 10**9, "output_dim": 8}),
        "a large kernel": keras_part("Dense", {**dense, "units": 2**20 - 1}),
        "a long repetition": keras_part("RepeatVector", {"n": 10**9}),
        "a repetition that is long enough": keras_part("RepeatVector", {"n": 10**6}),
        "a large padding": keras_part("Reshape", {"target_shape": [10**6, 10**6]}),
        "many heads": keras_part("Dense", {**dense, "units": True}),
        "a wide constraint": keras_part("Dense", {**dense, "kernel_constraint": keras_part("x", {}, "os")}),
    }  # fmt: skip

    def net(tree):
        return changed("net_functional", lambda state, arrays: state.__setitem__("architecture", tree))

    found = {f"Keras: {name}": net(sequence(layer)) for name, layer in layers.items()}
    up = keras_part("UpSampling2D", {"size": [10**6, 10**6], "name": "u"})
    flat = [keras_part("Flatten", {"name": "f"}), keras_part("Dense", dense)]
    found["Keras: a large picture"] = net(sequence(up, *flat, shape=(6, 6, 1)))
    smaller = keras_part("UpSampling2D", {"size": [5000, 5000], "name": "u"})
    pool = keras_part("GlobalAveragePooling2D", {"name": "g"})
    found["Keras: a picture that is large enough"] = net(sequence(smaller, pool, shape=(6, 6, 1)))
    found["Keras: many layers"] = net(
        sequence(*[keras_part("Activation", {"activation": "relu", "name": f"a{i}"}) for i in range(9000)])
    )
    compiling = {"loss": keras_part("function", "get_file", "keras.utils"), "optimizer": "adam"}
    found["Keras: compiled with a function"] = net(sequence(compile_config=compiling))
    found["Keras: no configuration"] = net({"~": "keras", "config": {"class_name": 3}, "weights": []})
    found["Keras: weights that are missing"] = net({**sequence(), "weights": ["no"]})
    return found


# ---- what a file costs ----


def bombs():
    """Return the bundles that are small and would become large."""
    zeros = b"\0" * (64 * 2**20)
    twice = zipped([("a0.npy", npy((len(zeros) // 8,), data=zeros))])
    text = (FOLDER / "glm_binomial.bineural").read_bytes()
    _, tree, arrays = unpack(text)

    def tree_with(value):
        return pack("bundle.json", {**tree, "model": {**tree["model"], "state": value}}, arrays)

    nested = '{"~": "tuple", "items": [' * 50_000 + "]}" * 50_000
    return {
        "an array deflated twice": raw(arrays=twice),
        "an array of zeros": raw(arrays=zipped([("a0.npy", npy((2**23,), data=zeros))], zipfile.ZIP_STORED)),
        "spaces in JSON": raw(json_text=b" " * (64 * 2**20) + b"{}"),
        "brackets in JSON": raw(json_text=b"[" * 10_000_000),
        "lists in JSON": raw(json_text=b"[" + b"[]," * 8_000_000 + b"[]]"),
        "JSON nested too deeply": raw(json_text=b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        "marks nested too deeply": raw(json_text=json.dumps(tree).replace('"ill"', nested).encode()),
        "a number of many digits": raw(json_text=json.dumps(tree).replace("90", "9" * 100_000).encode()),
        "a number that is not finite": raw(json_text=json.dumps(tree).replace("90", "1e999").encode()),
        "an array without items": with_array(npy((10**12,))),
        "an array of a negative size": with_array(npy((-1,))),
        "an array of empty text": with_array(npy((10**12,), "<U0")),
        "an array of objects": with_array(npy((1,), "|O", b"\x80\x04N.")),
        "an array of no length": with_array(npy((10**15, 0))),
        "arrays packed again": with_array(npy((3,), data=b"\0" * 24), zipfile.ZIP_DEFLATED),
        "a header that is long": with_array(npy((1,) * 5000, data=b"\0" * 8)),
        "another packing": raw(how=zipfile.ZIP_LZMA),
        "a zip of many files": zipped([(f"{i}", b"") for i in range(2000)]),
        "objects without items": tree_with({"~": "objects", "shape": [10**10], "items": []}),
        "objects of a negative shape": tree_with({"~": "objects", "shape": [-1, -1], "items": [1]}),
    }


def states():
    """Return the bundles whose learnt state would cost much, or can't be."""

    def preparation(name, change):
        def inner(state, arrays):
            change(state["preparation_"]["state"], state, arrays)

        return changed(name, inner)

    def long_formula(inner, state, arrays):
        inner["options"]["formula"] = state["formula"] = "(dose + age + cost)^30"
        inner["others"] = ["dose", "age", "cost"]

    def many_levels(inner, state, arrays):
        levels = [f"{i:x}" for i in range(60_000)]
        arrays["many"] = np.ones(len(levels))
        counts = {"~": "array", "array": "many"}
        inner["design"]["columns"]["centre"].update(levels=levels, counts=counts)
        inner["design"]["infos"][2].update(levels=levels, counts=counts)

    def raw_poly(inner, state, arrays):
        inner["design"]["calls"]["poly(age, 2)"] = {"degree": 10**9, "raw": True}

    def many_digits(state, arrays):
        inner, old = state["preparation_"]["state"], "cut(age, c(0, 40, 100))"
        long = inner["options"]["formula"].replace(old, "cut(age, c(0, 40, 100), dig.lab = 1e9)")
        inner["options"]["formula"] = state["formula"] = long

    def set_width(inner, state, arrays):
        inner["design"]["infos"][0]["width"] = 2**63

    def set_large_width(inner, state, arrays):
        inner["design"]["infos"][0]["width"] = 10**9

    def put(name, **values):
        return changed(name, lambda state, arrays: state.update(values))

    return {
        "a formula of many terms": preparation("glm_binomial", long_formula),
        "a formula of many products": preparation(
            "glm_binomial",
            lambda inner, *_: inner["options"].update(formula="*".join("abcdefghijklmnopqrst")),
        ),
        "labels of many digits": changed("glm_ordered", many_digits),
        "a formula that is nested": preparation(
            "glm_binomial",
            lambda inner, *_: inner["options"].update(formula="(" * 50_000 + "a" + ")" * 50_000),
        ),
        "a width beyond numbers": preparation("glm_terms", set_width),
        "a large width": preparation("glm_terms", set_large_width),
        "a polynomial of a high degree": preparation("glm_terms", raw_poly),
        "many levels": preparation("glm_binomial", many_levels),
        "a wide layer": put("net_mlp", units=[10**9]),
        "a layer as wide as it can be": put("net_mlp", units=[60, 60]),
        "many layers": put("net_mlp", units=[1] * 100_000),
        "many columns": put("net_mlp", input_shape_={"~": "tuple", "items": [10**9]}),
        "many outputs": put("net_mlp", n_outputs_=10**9),
        "many epochs": put("net_mlp", n_epochs_=10**9),
        "no weights": put("net_mlp", weights_=[]),
        "a range of levels": put("glm_binomial", levels_={"~": "range", "items": [0, 10**12, 1]}),
        "another kind than it says": put("glm_binomial", fit_=None),
    }
