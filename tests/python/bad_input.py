"""One valid call of each public function, and values that are wrong for most arguments."""

import contextlib
import datetime
import inspect
import io
import json
import os
import tempfile
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import bineural as bn
from bineural import fundamentals as bf
from bineural.course import checking
from bineural.errors import InputError
from public import PUBLIC
from registries import put_back

N_ROWS = 24
_RNG = np.random.default_rng(7)
TABLE = pd.DataFrame(
    {
        "a": _RNG.normal(size=N_ROWS).round(2),
        "b": _RNG.normal(size=N_ROWS).round(2),
        "group": np.repeat([f"g{i}" for i in range(8)], 3),
        "y": np.tile(["no", "yes", "no", "yes", "yes", "no"], 4),
    }
)
Y01 = (TABLE["y"] == "yes").to_numpy().astype(int)
SCORE = (Y01 * 0.3 + _RNG.random(N_ROWS) * 0.6).round(3)
NUMBERS = TABLE["a"].to_numpy() + 3
THREE = np.tile(["u", "v", "w"], 8)
SHARES = _RNG.dirichlet([1, 1, 1], N_ROWS)
IMAGES = _RNG.normal(size=(N_ROWS, 4, 4, 1))
LABELS = TABLE["y"].to_numpy()
POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND = np.array([0, 0, 0, 1])
LONG = pd.DataFrame(
    {"who": np.repeat(range(8), 3), "day": np.tile(range(3), 8), "a": NUMBERS, "y": np.repeat(list("uv"), 12)}
)
SOURCES, TARGETS = ["ab", "ba", "abb", "b"], ["ba", "ab", "bba", "b"]
BITS = (_RNG.random((N_ROWS, 4)) < 0.5).astype(float)
PICTURES = _RNG.random((6, 12, 10))
BOXES = pd.DataFrame({"image": range(6), "x1": 2, "y1": 1, "x2": 7, "y2": range(3, 9), "score": 0.5})
SERIES = pd.DataFrame({"t": np.arange(40), "y": np.sin(np.arange(40))})
QUICK = {"epochs": 1, "ensemble": 1, "seed": 1}
CHEAP = {"folds": 2, "repeats": 1, "seed": 1}


class Made:
    """Fitted models and records that calls need, each made once."""

    def __init__(self, folder):
        self.folder = folder

    def __getattr__(self, name):
        value = getattr(self, f"_{name}")()
        setattr(self, name, value)
        return value

    def _word_net(self):
        return bn.fit_net(["good tea", "bad tea"] * 6, ["yes", "no"] * 6, event="yes", **QUICK)

    def _glm(self):
        return bn.fit_glm("y ~ a + b", TABLE, event="yes")

    def _net(self):
        return bn.fit_net("y ~ a + b", TABLE, event="yes", **QUICK)

    def _lake(self):
        return bn.make_environment("frozen_lake", is_slippery=False)

    def _agent(self):
        return bn.fit_agent(self.lake, "value_iteration")

    def _episodes(self):
        return bn.play_episodes(self.agent, episodes=1, seed=1)

    def _forecaster(self):
        return bn.fit_forecast(SERIES, "y", horizon=2, season=2, time="t", architecture="snaive")

    def _image_net(self):
        return bn.fit_net(IMAGES, LABELS, event="yes", architecture="cnn", width=0.1, epochs=1, seed=1)

    def _detector(self):
        boxes = BOXES.drop(columns="score")
        return bn.fit_net(PICTURES, boxes, architecture="locator", width=0.1, epochs=1, seed=1)

    def _rbm(self):
        return bn.fit_rbm(BITS, 2, epochs=1, seed=1)

    def _coder(self):
        return bn.fit_autoencoder(TABLE[["a", "b"]], 2, units=2, epochs=1, seed=1)

    def _sequence_model(self):
        return bn.fit_sequence(TARGETS, SOURCES, units=2, embedding=2, epochs=1, validation=None, seed=1)

    def _ngram(self):
        return bn.fit_ngram(TARGETS, order=2, strength=1)

    def _hypotheses(self):
        return bn.decode_beams(_step, "<start>", 1, width=2, max_length=2)

    def _split(self):
        return bn.split_rows(TABLE, seed=1)

    def _comparison(self):
        return bn.compare_models({"glm": self.glm}, TABLE, **CHEAP)

    def _evaluation(self):
        return bn.evaluate_model(self.glm, TABLE)

    def _saved_split(self):
        bn.save_split(self.split, self.folder / "split.json")
        return self.folder / "split.json"

    def _saved_model(self):
        bn.save_model(self.glm, self.folder / "glm.bineural")
        return self.folder / "glm.bineural"

    def _checkpoint(self):
        bf.fit_layers(POINTS, AND, epochs=1, save_to=self.folder / "layers", seed=1)
        return self.folder / "layers"


def _step(tokens):
    return [-0.7, -0.7]


def _measured(**others):
    return lambda made: {"y_true": Y01, **others}


# Arguments of a valid call, as a function of what was made; a public function without an entry fails a test.
CALLS = {
    "load_dataset": lambda made: {"name": "kyphosis"},
    "load_images": lambda made: {"path": "digits"},
    "list_datasets": lambda made: {},
    "load_photograph": lambda made: {},
    "make_scenes": lambda made: {"n": 2, "size": 16, "seed": 1},
    "box_iou": lambda made: {"a": [0, 0, 2, 2], "b": [[1, 0, 3, 2]]},
    "suppress_boxes": lambda made: {"boxes": BOXES},
    "mean_average_precision": lambda made: {"truth": BOXES, "predicted": BOXES},
    "split_rows": lambda made: {"data": TABLE, "seed": 1},
    "make_folds": lambda made: {"data": TABLE, "folds": 2, "seed": 1},
    "save_split": lambda made: {"split": made.split, "path": made.folder / "new_split.json"},
    "load_split": lambda made: {"path_or_name": made.saved_split, "data": TABLE},
    "model_matrix": lambda made: {"formula": "~ a + b", "data": TABLE},
    "fit_glm": lambda made: {"formula": "y ~ a", "data": TABLE, "event": "yes"},
    "list_architectures": lambda made: {},
    "describe_architecture": lambda made: {"architecture": "mlp", "input_shape": (2,)},
    "make_net": lambda made: {"formula": "y ~ a", "event": "yes", **QUICK},
    "fit_net": lambda made: {"formula": "y ~ a", "data": TABLE, "event": "yes", **QUICK},
    "fit_nets": lambda made: {"net": bn.make_net("y ~ a", event="yes", **QUICK), "data": TABLE},
    "fine_tune": lambda made: {
        "net": made.image_net,
        "x": IMAGES,
        "y": LABELS,
        "event": "yes",
        "epochs": 1,
    },
    "as_sequences": lambda made: {"data": LONG, "id": "who", "time": "day", "outcome": "y"},
    "fit_autoencoder": lambda made: {
        "x": TABLE[["a", "b"]],
        "n_codes": 1,
        "units": 2,
        "epochs": 1,
        "seed": 1,
    },
    "fit_gan": lambda made: {"x": TABLE[["a", "b"]], "n_noise": 2, "units": 2, "epochs": 1, "seed": 1},
    "fit_rbm": lambda made: {"x": BITS, "n_hidden": 2, "epochs": 1, "seed": 1},
    "judge_samples": lambda made: {"model": made.rbm, "real": BITS, "train": BITS, "seed": 1},
    "generate": lambda made: {"model": made.rbm, "n": 2, "seed": 1},
    "fit_sequence": lambda made: {
        "target": TARGETS,
        "source": SOURCES,
        "units": 2,
        "embedding": 2,
        "epochs": 1,
        "seed": 1,
    },
    "fit_ngram": lambda made: {"target": TARGETS, "order": 2, "strength": 1},
    "score_sequences": lambda made: {"model": made.sequence_model, "target": TARGETS, "source": SOURCES},
    "edit_distance": lambda made: {"said": TARGETS, "target": SOURCES},
    "make_sequences": lambda made: {"task": "reversal", "n": 2, "seed": 1},
    "decode_beams": lambda made: {"step": _step, "start": "<start>", "end": 1, "width": 2, "max_length": 2},
    "plot_search_tree": lambda made: {"hypotheses": made.hypotheses},
    "plot_attention": lambda made: {"model": made.sequence_model, "source": "ab"},
    "two_sample_auroc": lambda made: {"real": SHARES, "made": SHARES[::-1], "seed": 1},
    "evaluate_model": lambda made: {"model": made.glm, "data": TABLE},
    "auroc": _measured(score=SCORE),
    "average_precision": _measured(score=SCORE),
    "brier": _measured(probability=SCORE),
    "log_loss": _measured(probability=SCORE),
    "hand_till": lambda made: {"y_true": THREE, "probability": SHARES},
    "rmse": lambda made: {"y_true": NUMBERS, "predicted": NUMBERS + 0.1},
    "mae": lambda made: {"y_true": NUMBERS, "predicted": NUMBERS + 0.1},
    "r_squared": lambda made: {"y_true": NUMBERS, "predicted": NUMBERS + 0.1},
    "mean_deviance": lambda made: {"y_true": NUMBERS, "predicted": NUMBERS + 0.1},
    "auroc_interval": _measured(score=SCORE),
    "compare_aurocs": _measured(score_a=SCORE, score_b=SCORE[::-1]),
    "bootstrap_interval": lambda made: {
        "measure": "auroc",
        "y_true": Y01,
        "score": SCORE,
        "n_boot": 100,
        "seed": 1,
    },
    "partial_auroc": _measured(score=SCORE, specificity=(0.8, 1)),
    "roc_points": _measured(score=SCORE),
    "pr_points": _measured(score=SCORE),
    "calibration": _measured(probability=SCORE, bins=3),
    "threshold": _measured(score=SCORE),
    "net_benefit": _measured(probability=SCORE),
    "list_measures": lambda made: {},
    "register_measure": lambda made: {"name": "bias", "compute": lambda y_true, predicted: 0.0},
    "fit_forecast": lambda made: {
        "data": SERIES,
        "outcome": "y",
        "horizon": 2,
        "season": 2,
        "time": "t",
        "architecture": "snaive",
    },
    "plot_forecast": lambda made: {"model": made.forecaster},
    "make_environment": lambda made: {"environment": "frozen_lake"},
    "expected_return": lambda made: {"environment": made.lake},
    "fit_agent": lambda made: {"environment": made.lake, "method": "q_learning", "steps": 20, "seed": 1},
    "play_episodes": lambda made: {"agent": made.agent, "episodes": 1, "seed": 1},
    "plot_agent": lambda made: {"agent": made.agent},
    "plot_episodes": lambda made: {"episodes": made.episodes},
    "animate_episode": lambda made: {"episodes": made.episodes, "path": "lake.gif"},
    "compare_models": lambda made: {"models": {"glm": made.glm}, "data": TABLE, **CHEAP},
    "r_model": lambda made: {"fit": "function(data) glm(y ~ a, binomial, data)"},
    "tune_net": lambda made: {
        "net": bn.make_net("y ~ a", event="yes", **QUICK),
        "data": TABLE,
        "grid": {"l2": [0.01]},
        "folds": 2,
    },
    "permutation_test": lambda made: {
        "formula": "y ~ a",
        "data": TABLE,
        "event": "yes",
        "folds": 2,
        "n_permutations": 100,
        "seed": 1,
    },
    "optimism_bootstrap": lambda made: {
        "formula": "y ~ a",
        "data": TABLE,
        "event": "yes",
        "n_boot": 20,
        "seed": 1,
    },
    "average_models": lambda made: {"models": {"a": made.glm, "b": made.net}},
    "permutation_importance": lambda made: {"model": made.glm, "data": TABLE, "repeats": 1, "seed": 1},
    "partial_dependence": lambda made: {"model": made.glm, "data": TABLE, "column": "a", "n_points": 3},
    "additive_curves": lambda made: {"model": made.glm, "data": TABLE},
    "list_errors": lambda made: {"model": made.glm, "data": TABLE},
    "find_similar": lambda made: {"net": made.detector, "data": PICTURES, "query": PICTURES[:1]},
    "nearest_words": lambda made: {"net": made.word_net, "word": "tea"},
    "plot_comparison": lambda made: {"comparison": made.comparison},
    "plot_roc": lambda made: {"evaluations": made.evaluation},
    "plot_precision_recall": lambda made: {"evaluations": made.evaluation},
    "plot_calibration": lambda made: {"evaluations": made.evaluation},
    "plot_net_benefit": lambda made: {"evaluations": made.evaluation},
    "plot_history": lambda made: {"model": made.net},
    "plot_features": lambda made: {"net": made.detector, "x": PICTURES[0]},
    "plot_boxes": lambda made: {"images": PICTURES, "truth": BOXES},
    "plot_codes": lambda made: {"model": made.coder, "x": TABLE[["a", "b"]]},
    "plot_samples": lambda made: {"model": made.rbm, "x": BITS, "most": 5},
    "write_report": lambda made: {"result": made.comparison, "path": made.folder / "report.html"},
    "export_model": lambda made: {
        "model": made.glm,
        "path": made.folder / "new.sql",
        "format": "sql",
        "table": "new_data",
        "keep": ["Age"],
    },
    "save_model": lambda made: {"model": made.glm, "path": made.folder / "new.bineural"},
    "load_model": lambda made: {"path": made.saved_model},
    "render_course": lambda made: {
        "topic": "neurons",
        "format": "script",
        "language": "python",
        "directory": made.folder / "course",
        "verbose": 0,
    },
    "list_exercises": lambda made: {},
    "check_exercise": lambda made: {"name": "or_gate", "weights": [1, 1], "bias": -0.5},
    "add_exercise": lambda made: {
        "name": "own",
        "topic": "perceptron",
        "title": "Own",
        "inputs": ["x"],
        "check": lambda x: x == 1,
    },
    "sitrep": lambda made: {},
    "run_demo": lambda made: {"directory": made.folder / "demo"},
    "fire_neuron": lambda made: {"x": [1, 0], "weights": [1, 1]},
    "list_gates": lambda made: {},
    "apply_gate": lambda made: {"gate": "AND", "a": 1, "b": 0},
    "add_bits": lambda made: {"a": 1, "b": 0},
    "find_separator": lambda made: {"x": POINTS, "y": AND},
    "fit_perceptron": lambda made: {"x": POINTS, "y": AND},
    "make_retina": lambda made: {"n_images": 2, "side": 8, "seed": 1},
    "activate": lambda made: {"x": [0.5, 1.0]},
    "list_activations": lambda made: {},
    "plot_activation": lambda made: {},
    "fit_neuron": lambda made: {"x": POINTS, "y": AND, "steps": 5, "seed": 1},
    "make_band": lambda made: {"n_rows": 10, "seed": 1},
    "fit_double_neuron": lambda made: {"x": POINTS, "y": AND, "steps": 5, "seed": 1},
    "measure_gradient_noise": lambda made: {
        "x": POINTS,
        "y": AND,
        "batch_sizes": [1, 2],
        "draws": 10,
        "seed": 1,
    },
    "descend_gradient": lambda made: {"gradient": lambda p: 2 * p, "start": [1.0, 2.0], "steps": 5},
    "build_graph": lambda made: {"expression": "x * y + 1", "values": {"x": 1.0, "y": 2.0}},
    "build_network": lambda made: {"weights": [[[1.0, 1.0]]]},
    "run_network": lambda made: {"network": bf.build_network([[1.0, 1.0]]), "x": POINTS},
    "backpropagate": lambda made: {"network": bf.build_network([[1.0, 1.0]]), "x": POINTS, "y": AND},
    "make_pattern": lambda made: {"n_rows": 10, "seed": 1},
    "fit_two_layers": lambda made: {"x": POINTS, "y": AND, "epochs": 5, "seed": 1},
    "gradient_by_layer": lambda made: {"depth": 2, "units": 4, "n_rows": 8, "seed": 1},
    "response_surface": lambda made: {"network": bf.build_network([[1.0, 1.0]])},
    "count_linear_regions": lambda made: {"network": bf.build_network([[[1.0], [1.0]], [1.0]])},
    "region_bounds": lambda made: {},
    "raise_bump": lambda made: {"x": [0.1, 0.5], "left": 0.2, "right": 0.7},
    "raise_tower": lambda made: {
        "x1": [0.1, 0.5],
        "x2": [0.1, 0.5],
        "left": 0.2,
        "right": 0.7,
        "bottom": 0.2,
        "top": 0.7,
    },
    "approximate_function": lambda made: {"f": lambda x: x**2},
    "shrink_weights": lambda made: {"x": TABLE[["a", "b"]], "y": NUMBERS, "penalties": [0.1]},
    "soft_threshold": lambda made: {"x": [1.0, -2.0], "threshold": 0.5},
    "drop_units": lambda made: {"x": POINTS, "seed": 1},
    "normalise_batch": lambda made: {"x": POINTS},
    "stop_early": lambda made: {"losses": [3.0, 2.0, 2.5, 2.6], "every": 1},
    "ten_points": lambda made: {},
    "fit_curve": lambda made: {
        "x": [0.0, 0.5, 1.0],
        "y": [0.0, 1.0, 0.0],
        "units": (3,),
        "steps": 3,
        "seed": 1,
    },
    "map_letter": lambda made: {"weights": [[1.0, 0.0], [0.0, 1.0]]},
    "make_spirals": lambda made: {"n_rows": 10, "seed": 1},
    "warp_points": lambda made: {
        "network": bf.build_network([[[1.0, 0.0], [0.0, 1.0]], [1.0, 1.0]]),
        "x": POINTS,
        "y": AND,
    },
    "fit_warp": lambda made: {"x": POINTS, "y": AND, "units": (2, 2), "steps": 3, "seed": 1},
    "cluster_features": lambda made: {
        "formula": "y ~ a + b",
        "data": TABLE,
        "units": (4,),
        "epochs": 1,
        "folds": 2,
        "seed": 1,
    },
    "convolve_image": lambda made: {"image": PICTURES[0], "kernel": "sobel_x"},
    "list_kernels": lambda made: {},
    "trace_graph": lambda made: {"expression": "x * y + 1", "values": {"x": 1.0, "y": 2.0}},
    "fit_tensors": lambda made: {"x": TABLE[["a", "b"]], "y": NUMBERS, "epochs": 2},
    "draw_weights": lambda made: {"n_inputs": 2, "n_units": 2, "seed": 1},
    "fit_layers": lambda made: {"x": TABLE[["a", "b"]], "y": NUMBERS, "units": (2,), "epochs": 1, "seed": 1},
    "restore_layers": lambda made: {"checkpoint": made.checkpoint},
    "list_checkpoint": lambda made: {"checkpoint": made.checkpoint},
}

# Made anew for each call, since a call may use a value up.
BAD = {
    "None": lambda: None,
    "True": lambda: True,
    "zero": lambda: 0,
    "minus one": lambda: -1,
    "two and a half": lambda: 2.5,
    "huge": lambda: 1e300,
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "complex": lambda: 1j,
    "empty text": lambda: "",
    "text": lambda: "no such thing",
    "long text": lambda: "x" * 100_000,
    "NUL": lambda: "a\0b",
    "bytes": lambda: b"yes",
    "empty list": lambda: [],
    "a list": lambda: [1],
    "list of None": lambda: [None],
    "list of text": lambda: ["a", "nope"],
    "list of lists": lambda: [[1], [2, 3]],
    "empty dict": lambda: {},
    "dict": lambda: {"nope": 1},
    "set": lambda: {1, 2},
    "range": lambda: range(3),
    "generator": lambda: (i for i in range(3)),
    "no rows": lambda: np.empty((0, 2)),
    "array": lambda: np.arange(6.0).reshape(2, 3),
    "text array": lambda: np.array(["a", "b"]),
    "object array": lambda: np.array([None, {}], dtype=object),
    "NaN array": lambda: np.full(N_ROWS, np.nan),
    "empty frame": lambda: pd.DataFrame(),
    "frame": lambda: TABLE,
    "series": lambda: TABLE["y"],
    "NaT": lambda: pd.NaT,
    "NA": lambda: pd.NA,
    "date": lambda: datetime.date(2020, 1, 1),
    "object": object,
    "function": lambda: len,
    "failing function": lambda: _fail,
    "class": lambda: int,
    "module": lambda: datetime,
    "record": lambda: bn.split_rows(TABLE, seed=1),
}


def _fail(*args, **kwargs):
    raise RuntimeError("a user's function failed")


def pairs():
    """Give (function, argument) of all public functions; options that are collected are no arguments."""
    for name, function in PUBLIC.items():
        if inspect.isfunction(function):
            for argument in inspect.signature(function).parameters.values():
                if argument.kind not in (argument.VAR_KEYWORD, argument.VAR_POSITIONAL):
                    yield name, argument.name


@contextlib.contextmanager
def apart():
    """Let a call have a folder of its own and leave nothing registered."""
    here = Path.cwd()
    own = dict(checking._OWN)
    with put_back(), tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)
            checking._OWN.clear()
            checking._OWN.update(own)
            plt.close("all")


def arguments_of(name):
    """Return the names of a function's arguments."""
    return [argument for function, argument in pairs() if function == name]


def call(made, name, /, **replaced):
    """Make the valid call of a function, some of its arguments replaced."""
    return PUBLIC[name](**{**CALLS[name](made), **replaced})


def accepts(made, name, argument, bad):
    """Say whether a function takes a value; any error but an `InputError` passes."""
    try:
        call(made, name, **{argument: BAD[bad]()})
    except InputError:
        return False
    return True


# Code of the user's that fails keeps its own error: here it runs within Keras or TensorFlow.
THEIR_OWN = {
    ("fit_autoencoder", "architecture"),
    ("fit_gan", "architecture"),
    ("decode_beams", "step"),
    ("fit_sequence", "architecture"),
    ("fit_net", "activation"),
    ("fit_net", "monitor"),
    ("fit_net", "architecture"),
    ("fit_forecast", "architecture"),
    ("describe_architecture", "architecture"),
}
CALLED = ("function", "failing function", "class")


def refusal_faults(made, name, argument, bad, known):
    """Return what is wrong with the answer to a value: nothing, if it is refused in three sentences.

    Parameters
    ----------
    known : bool
        Whether the value is known to be accepted.
    """
    try:
        with apart():
            call(made, name, **{argument: BAD[bad]()})
    except InputError as error:
        if known:
            return f"refused, though it is listed as accepted: {error}"
        if not (error.must and error.found and error.hint):
            return f"not three sentences: {error}"
        return f"{len(str(error))} characters" if len(str(error)) > 2000 else ""
    except Exception as error:
        if (name, argument) in THEIR_OWN and bad in CALLED:
            return ""
        return f"{type(error).__name__}: {str(error)[:200]}"
    return "" if known else "accepted"


def write_accepted(path):
    """Write which values are accepted, by function and argument."""
    accepted = {}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Made(Path(folder))
        os.chdir(folder)
        for name, argument in pairs():
            names = [] if name == "run_demo" else [bad for bad in BAD if _taken(made, name, argument, bad)]
            if names:
                accepted.setdefault(name, {})[argument] = names
    path.write_text(json.dumps(accepted, indent=1) + "\n")


def _taken(made, name, argument, bad):
    try:
        with apart(), contextlib.redirect_stdout(io.StringIO()):
            return accepts(made, name, argument, bad)
    except Exception:
        return False


if __name__ == "__main__":
    write_accepted(Path(__file__).parents[1] / "reference" / "accepted_values.json")
