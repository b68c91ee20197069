"""Ctrl-C leaves the models that are finished; from its checkpoint a call goes on to the same numbers."""

import os
import signal

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier

import bineural as bn
from bineural.comparing.estimator_entrants import Estimator
from bineural.comparing.own_entrants import Net, OwnModel
from bineural.errors import CheckpointWarning, InputError, InterruptedWarning

KYPHOSIS = bn.load_dataset("kyphosis")
GLM = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present")
FOLDS = {"folds": 3, "repeats": 2, "seed": 7}


def thirds(train, test):
    return np.full(len(test), 0.3)


def stops(train, test):
    """Press Ctrl-C, once; what it leaves in the environment is not part of the function."""
    if "STOPPED" not in os.environ:
        os.environ["STOPPED"] = "yes"
        signal.raise_signal(signal.SIGINT)
    return np.full(len(test), 0.2)


def models(**others):
    net = bn.make_net("Kyphosis ~ .", event="present", units=3, epochs=3)
    forest = RandomForestClassifier(5)
    return {"glm": GLM, "net": net, "forest": forest, "mean": bn.average_models(["glm", "forest"]), **others}


def same(one, other):
    pd.testing.assert_frame_equal(one.predictions, other.predictions)
    pd.testing.assert_frame_equal(*(c.table.drop(columns="seconds") for c in (one, other)))
    pd.testing.assert_frame_equal(one.differences, other.differences)
    assert one.warned == other.warned and one.run["told"] == other.run["told"]


@pytest.fixture
def _ctrl_c_once(monkeypatch):
    monkeypatch.delenv("STOPPED", raising=False)


@pytest.fixture(scope="module")
def whole():
    return bn.compare_models(models(thirds=thirds), KYPHOSIS, **FOLDS)


def no_fits(monkeypatch):
    for kind in (OwnModel, Net, Estimator):
        monkeypatch.setattr(
            kind, "predict_out", lambda self, *_: pytest.fail(f"{self.name} was fitted again")
        )


@pytest.mark.long
@pytest.mark.usefixtures("_ctrl_c_once")
def test_ctrl_c_leaves_what_is_finished_and_the_same_call_goes_on(tmp_path, monkeypatch):
    path = tmp_path / "comparison.checkpoint"
    asked = models(stops=stops, late=bn.average_models(["glm", "stops"])), KYPHOSIS
    with pytest.warns(
        InterruptedWarning, match="stops and late are not in it.\n.* goes on from .*checkpoint'"
    ):
        part = bn.compare_models(*asked, checkpoint=path, **FOLDS)
    assert part.models == ["glm", "net", "forest", "mean", "null"] and part.unfinished == ["stops", "late"]
    assert "! The comparison was interrupted: stops and late are not in it." in str(part)
    bn.write_report(part, tmp_path / "part.html")
    alone = bn.compare_models(models(), KYPHOSIS, **FOLDS)
    pd.testing.assert_frame_equal(part.predictions, alone.predictions)
    with monkeypatch.context() as patch:
        no_fits(patch)
        went_on = bn.compare_models(*asked, checkpoint=path, **FOLDS)
    same(went_on, bn.compare_models(*asked, **FOLDS))
    assert went_on.unfinished == []


@pytest.mark.usefixtures("_ctrl_c_once")
def test_others_are_measured_against_a_model_that_is_there():
    with pytest.warns(
        InterruptedWarning, match="stops is not in it. Others are measured against glm.\nGive chec"
    ):
        part = bn.compare_models({"glm": GLM, "stops": stops}, KYPHOSIS, baseline="stops", **FOLDS)
    assert part.reference == "glm" and part.verdict


@pytest.mark.usefixtures("_ctrl_c_once")
def test_before_a_model_is_finished_nothing_is_there():
    with pytest.raises(KeyboardInterrupt):
        bn.compare_models({"stops": stops}, KYPHOSIS, "Kyphosis", event="present", baseline=False, **FOLDS)


def test_without_a_seed_the_one_in_the_file_is_taken_and_models_may_be_added(tmp_path, monkeypatch, whole):
    path, folds = tmp_path / "comparison.checkpoint", FOLDS | {"seed": None}
    first = bn.compare_models({"glm": GLM}, KYPHOSIS, checkpoint=path, **folds)
    more = bn.compare_models({"glm": GLM, "thirds": thirds}, KYPHOSIS, checkpoint=path, **folds)
    assert more.seed == first.seed
    with monkeypatch.context() as patch:
        no_fits(patch)
        again = bn.compare_models({"thirds": thirds, "glm": GLM}, KYPHOSIS, checkpoint=path, **folds)
    pd.testing.assert_frame_equal(again.differences, more.differences)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, whole):
    path = tmp_path_factory.mktemp("finished") / "comparison.checkpoint"
    same(bn.compare_models(models(thirds=thirds), KYPHOSIS, checkpoint=path, **FOLDS), whole)
    return path


def test_a_finished_comparison_is_read_back(finished, monkeypatch, whole):
    no_fits(monkeypatch)
    same(bn.compare_models(models(thirds=thirds), KYPHOSIS, checkpoint=finished, **FOLDS), whole)


OTHERS = {
    "folds": {"folds": 4},
    "folds, seed": {"seed": 8},
    "seeds": {"seeds": 2},
    "data": {"data": KYPHOSIS.assign(Age=KYPHOSIS["Age"] + 1)},
    "weights": {"weights": np.arange(1.0, 82.0)},
    "model 'net'": {"models": models(net=bn.make_net("Kyphosis ~ .", event="present", units=3, epochs=4))},
    "model 'forest'": {"models": models(forest=RandomForestClassifier(6))},
    "model 'thirds'": {"models": models(thirds=lambda train, test: np.full(len(test), 0.3))},
    "model 'glm'": {"models": models(glm=bn.fit_glm("Kyphosis ~ Age", KYPHOSIS, event="present"))},
}


@pytest.mark.parametrize("part", OTHERS)
def test_the_file_of_another_comparison_is_refused_and_kept(finished, monkeypatch, part):
    no_fits(monkeypatch)
    before = finished.read_bytes()
    asked = {"models": models(thirds=thirds), "data": KYPHOSIS, "checkpoint": finished, **FOLDS} | OTHERS[
        part
    ]
    with pytest.raises(InputError, match=f"of the same comparison.\n.* of a comparison with other {part}"):
        bn.compare_models(**asked)
    assert finished.read_bytes() == before


def test_the_file_of_other_work_or_of_something_else_is_refused(tmp_path, finished):
    net, words = tmp_path / "net.checkpoint", tmp_path / "words"
    options = {"event": "present", "units": 2, "epochs": 1, "seed": 1}
    bn.fit_net("Kyphosis ~ .", KYPHOSIS, checkpoint=net, **options)
    words.write_text("words")
    for path, found in ((net, "is of a training"), (words, "can't be read"), (tmp_path, "not a folder")):
        with pytest.raises(InputError, match=found):
            bn.compare_models({"glm": GLM}, KYPHOSIS, checkpoint=path, **FOLDS)
    with pytest.raises(InputError, match="same training.\n.*is of a comparison"):
        bn.fit_net("Kyphosis ~ .", KYPHOSIS, checkpoint=finished, **options)


def test_a_comparison_goes_on_where_its_checkpoint_can_not_be_written(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    def spoil(train, test):
        if folder.exists():
            folder.rmdir()
        return np.full(len(test), 0.3)

    asked = {"models": {"spoil": spoil, "glm": GLM}, "data": KYPHOSIS, **FOLDS}
    with pytest.warns(CheckpointWarning) as caught:
        found = bn.compare_models(checkpoint=folder / "file", **asked)
    assert [str(w.message).splitlines()[-1] for w in caught] == ["The comparison goes on without it."]
    pd.testing.assert_frame_equal(found.predictions, bn.compare_models(**asked).predictions)


@pytest.mark.long
def test_a_tuned_net_and_what_it_chose_are_kept(tmp_path, monkeypatch):
    path = tmp_path / "comparison.checkpoint"
    grid = {"l2": [0.1, 1.0], "units": [(2,), (3,)]}
    tuned = bn.tune_net(
        "Kyphosis ~ .", KYPHOSIS, grid, event="present", folds=2, epochs=2, seed=1, refit=False
    )
    asked = {"models": {"tuned": tuned}, "data": KYPHOSIS, "checkpoint": path, **FOLDS, "repeats": 1}
    first = bn.compare_models(**asked)
    no_fits(monkeypatch)
    same(bn.compare_models(**asked), first)


@pytest.mark.long
def test_ctrl_c_while_the_chosen_setting_is_fitted_leaves_the_search(monkeypatch):
    from bineural.training import run
    from interrupting import press_ctrl_c_in_chunk

    monkeypatch.setattr(run, "_FIRST_STEPS", 3)
    press_ctrl_c_in_chunk(monkeypatch, 1)  # a single net is trained for the chosen setting only
    asked = {"grid": {"l2": [0.1, 1.0]}, "event": "present", "ensemble": 1}
    asked |= {"folds": 2, "epochs": 20, "units": 2, "seed": 1}
    with pytest.warns(InterruptedWarning, match="all settings had been tried.\n.*has the weights of epoch"):
        part = bn.tune_net("Kyphosis ~ .", KYPHOSIS, **asked)
    whole = bn.tune_net("Kyphosis ~ .", KYPHOSIS, **asked)
    pd.testing.assert_frame_equal(part.table, whole.table)
    assert part.model.interrupted_ and 0 < part.model.n_epochs_ < whole.model.n_epochs_
