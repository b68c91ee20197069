"""What `saveRDS()` keeps is read by a list of classes: no bytes can have anything else looked up, or run."""

import pickle

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural._rkept import Lost, from_bytes, to_bytes

KYPHOSIS = bn.load_dataset("kyphosis")
X, Y = KYPHOSIS[["Age", "Start"]], KYPHOSIS["Kyphosis"]


def call(module, name, *arguments):
    """Return bytes that ask for a callable by its address, and call it when they are read."""

    def text(word):
        return b"\x8c" + bytes([len(word)]) + word.encode()

    given = b"".join(pickle.dumps(argument, protocol=4)[2:-1] for argument in arguments)
    return b"\x80\x04" + text(module) + text(name) + b"\x93(" + given + b"tR."


def test_the_bytes_of_these_tests_are_read_by_pickle_itself():
    assert pickle.loads(call("builtins", "divmod", 7, 2)) == (3, 1)


@pytest.mark.parametrize(
    ("module", "name", "arguments"),
    [
        ("os", "system", ["touch {}"]),
        ("builtins", "eval", ["open({!r}, 'w')"]),
        ("bineural.course.rendering", "subprocess.Popen", [["touch", "{}"]]),
        ("bineural.course.rendering", "os.system", ["touch {}"]),
        ("bineural.measures.bootstrap", "np.testing.runstring", ["open({!r}, 'w')", {}]),
        ("bineural.measures.bootstrap", "np.savetxt", ["{}", [1.0]]),
        ("bineural.files", "write_atomically", ["{}", b"x"]),
        ("bineural._rbridge", "sys.exit", []),
        ("sklearn.externals.joblib", "dump", [1, "{}"]),
        ("sklearn.utils._testing", "TempMemmap", [[1.0]]),
        ("numpy", "savetxt", ["{}", [1.0]]),
    ],
)
def test_nothing_else_is_looked_up(tmp_path, module, name, arguments):
    target = tmp_path / "ran"

    def filled(part):
        if isinstance(part, list):
            return [filled(each) for each in part]
        return part.format(str(target)) if isinstance(part, str) else part

    try:
        answer = from_bytes(call(module, name, *map(filled, arguments)))
    except bn.InputError:
        answer = Lost()
    assert isinstance(answer, Lost) and not target.exists()


@pytest.mark.parametrize(
    "model",
    [make_pipeline(StandardScaler(), LogisticRegression()), RandomForestClassifier(3, random_state=1)],
    ids=["pipeline", "forest"],
)
def test_models_of_scikit_learn_come_back(model):
    model.fit(X, Y)
    back = from_bytes(to_bytes(model))
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))


def test_records_come_back():
    models = {"glm": "glm", "forest": RandomForestClassifier(3, random_state=1)}
    quick = {"event": "present", "folds": 2, "repeats": 1, "seed": 1}
    comparison = bn.compare_models(models, KYPHOSIS, "Kyphosis", measures={"area": bn.auroc}, **quick)
    back = from_bytes(to_bytes(comparison))
    assert str(back) == str(comparison)
    for name in ("glm", "forest"):
        np.testing.assert_array_equal(back.averaged_predictions(name), comparison.averaged_predictions(name))
