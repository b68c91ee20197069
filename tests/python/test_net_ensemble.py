"""A deep ensemble: every member is a net of its own seed, and the mean predicts."""

import pickle

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError
from bineural.nets.estimators import NetClassifier, NetRegressor
from bineural.training import stream_seed

FORMULA = "Kyphosis ~ Age + Number + Start"


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


@pytest.fixture(scope="module")
def ensemble(kyphosis):
    options = {"epochs": 20, "patience": 4, "validation": 0.25, "seed": 4}
    return bn.fit_net(FORMULA, kyphosis, event="present", ensemble=3, **options)


def test_the_mean_of_the_members_predicts(ensemble, kyphosis):
    one = NetClassifier(**{**ensemble.get_params(), "ensemble": 1})
    each = []
    for trained in ensemble.fitted_.members:
        member = pickle.loads(pickle.dumps(ensemble))
        member.fitted_.members = [trained]
        each.append(member.predict_event(kyphosis))
    assert one.ensemble == 1 and np.std(each, axis=0).min() > 0
    np.testing.assert_allclose(ensemble.predict_event(kyphosis), np.mean(each, axis=0), rtol=1e-12)
    spread = ensemble.predict_spread(kyphosis)
    np.testing.assert_allclose(spread[:, 1], np.std(each, axis=0, ddof=1), rtol=1e-9)
    assert "3 members" in ensemble.summary() and len(ensemble.histories_) == 3


@pytest.mark.long
def test_a_member_is_the_net_of_its_seed_on_the_same_rows(kyphosis):
    x, y = kyphosis[["Age", "Number", "Start"]], kyphosis["Age"]
    options = {"epochs": 5, "validation": None}
    members = NetRegressor(seed=9, ensemble=2, **options).fit(x, y).members_
    for i, weights in enumerate(members):
        alone = NetRegressor(seed=stream_seed(9, "member", i), ensemble=1, **options).fit(x, y)
        for ours, theirs in zip(weights, alone.weights_, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_saved_and_pickled_ensembles_predict_alike(ensemble, kyphosis, tmp_path):
    wanted = ensemble.predict_spread(kyphosis)
    bn.save_model(ensemble, tmp_path / "net.bineural")
    for again in (bn.load_model(tmp_path / "net.bineural"), pickle.loads(pickle.dumps(ensemble))):
        assert (again.predict_spread(kyphosis) == wanted).all()
        assert (again.predict_proba(kyphosis) == ensemble.predict_proba(kyphosis)).all()


def test_a_single_net_has_no_spread(kyphosis):
    x, y = kyphosis[["Age", "Start"]], kyphosis["Number"].astype(float)
    net = NetRegressor(epochs=1, ensemble=1, seed=1).fit(x, y)
    with pytest.raises(InputError, match="several members"):
        net.predict_spread(x)
    with pytest.raises(InputError, match="`ensemble`"):
        NetRegressor(ensemble=0).fit(x, y)


def test_a_small_table_gets_five_members_by_default_and_other_nets_one(kyphosis, tmp_path):
    options = {"event": "present", "epochs": 2, "seed": 3}
    default = bn.fit_net("Kyphosis ~ Start", kyphosis, **options)
    five = bn.fit_net("Kyphosis ~ Start", kyphosis, ensemble=5, **options)
    np.testing.assert_array_equal(default.predict_proba(kyphosis), five.predict_proba(kyphosis))
    assert default.ensemble_ == 5
    for other in ({"architecture": "mlp"}, {"checkpoint": tmp_path / "net"}, {"ensemble": 1}):
        net = bn.fit_net("Kyphosis ~ Start", kyphosis, **options, **other)
        assert net.ensemble_ == 1 and net.members_ is None
    rows = pd.concat([kyphosis] * 247, ignore_index=True)
    options |= {"epochs": 1, "validation": 0}
    for n, members in ((20_000, 5), (20_001, 1)):  # rows that are trained on
        assert bn.fit_net("Kyphosis ~ Start", rows[:n], **options).ensemble_ == members
