"""The default penalty: chosen by the rows that the members of an ensemble watch, and nothing else changes."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.nets.chosen_penalty import MOST_ROWS, clearly_best, precisions_of
from bineural.zoo.architecture import as_architecture
from bineural.zoo.parts.table_defaults import PRECISIONS

QUICK = {"epochs": 6, "seed": 5, "units": (4,), "numbers": "plain"}


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(1)
    x = random.normal(size=(80, 6))
    y = np.where(x[:, 0] + random.normal(size=80) > 0, "yes", "no")
    return pd.DataFrame(x, columns=list("abcdef")).assign(y=y)


@pytest.mark.long
def test_the_chosen_net_is_the_one_with_that_penalty_given(rows):
    net = bn.fit_net("y ~ .", rows, event="yes", **QUICK)
    penalties, losses = net.fitted_.penalties.T
    assert penalties == pytest.approx([p / (2 * 64) for p in PRECISIONS]) and net.l2_ in penalties
    for penalty, loss in zip(penalties, losses):
        given = bn.fit_net("y ~ .", rows, event="yes", l2=penalty, **QUICK)
        watched = [h["validation_loss"] for h in given.histories_]
        assert np.mean([min(member) for member in watched]) == pytest.approx(loss, rel=1e-5)
        assert given.fitted_.penalties is None
        if penalty == net.l2_:
            np.testing.assert_allclose(given.predict_proba(rows), net.predict_proba(rows), atol=1e-6)
    assert "l2 chosen by the loss on the rows watched" in net.summary()
    assert len(net.members_) == 5 and net.ensemble_ == 5


@pytest.mark.long
def test_a_net_of_a_stack_chooses_as_it_does_alone_and_a_file_keeps_it(rows, tmp_path):
    folds = bn.make_folds(rows, folds=3, seed=1)
    fits = bn.fit_nets(
        bn.make_net("y ~ .", event="yes", **{**QUICK, "seed": None}), rows, folds=folds, seed=5
    )
    for net, (train, _) in zip(fits.nets, folds):
        alone = bn.fit_net("y ~ .", rows.iloc[train], event="yes", **QUICK)
        np.testing.assert_allclose(net.fitted_.penalties, alone.fitted_.penalties, rtol=1e-4)
        np.testing.assert_allclose(net.predict_proba(rows), alone.predict_proba(rows), atol=1e-5)
    bn.save_model(net, tmp_path / "net.bineural")
    again = bn.load_model(tmp_path / "net.bineural")
    np.testing.assert_array_equal(again.fitted_.penalties, net.fitted_.penalties)
    assert again.l2_ == net.l2_ and (again.predict_proba(rows) == net.predict_proba(rows)).all()


def test_the_usual_penalty_stays_unless_another_is_a_standard_error_better():
    usual = np.array([0.5, 0.6, 0.4, 0.5, 0.5])
    gain = np.array([0.1, 0.0, 0.2, 0.1, 0.1])  # mean .1, SD .0707, standard error .0316
    assert clearly_best(np.array([usual + 1, usual, usual - gain]), usual=1) == 2
    noisy = np.array([0.5, -0.4, 0.1, 0.0, -0.15])  # mean .01, standard error .15
    assert clearly_best(np.array([usual - noisy, usual, usual + 1]), usual=1) == 1
    assert clearly_best(np.array([usual, usual, usual]), usual=1) == 1


@pytest.mark.parametrize(
    "given", [{"l2": 0.1}, {"l1": 0.1}, {"validation": None}, {"validation": 0.1}, {"n_rows": MOST_ROWS + 1}]
)
def test_nothing_is_chosen_where_a_penalty_is_given_or_some_rows_are_not_watched(given):
    options = {"l2": None, "l1": 0.0, "checkpoint": None, "callbacks": None, "validation": 0.2} | given
    n_rows, record = options.pop("n_rows", 100), as_architecture("skip")
    assert precisions_of(options, record, n_rows, n_members=5) == ()
    assert precisions_of(options | {"validation": 0.2, "l2": None, "l1": 0.0}, record, 100, 5) == PRECISIONS
    assert precisions_of(options | {"validation": 0.9, "l2": None, "l1": 0.0}, record, 100, 1) == ()


def test_nets_of_penalties_that_lose_end_and_the_chosen_one_is_as_if_none_did(rows, monkeypatch):
    from bineural.nets import chosen_penalty, fitting

    monkeypatch.setattr(chosen_penalty, "DECIDED_AFTER", 2)  # epochs have two steps
    ran, choose = [], fitting.choose

    def noted(job, trained):
        ran.append([member.epochs_run for member in trained])
        return choose(job, trained)

    monkeypatch.setattr(fitting, "choose", noted)
    net = bn.fit_net("y ~ .", rows, event="yes", **QUICK)
    monkeypatch.setattr(fitting, "contest_of", lambda jobs: {})
    whole = bn.fit_net("y ~ .", rows, event="yes", **QUICK)
    chosen = list(PRECISIONS).index(pytest.approx(net.l2_ * 2 * 64))
    assert ran[1] == [6] * 15 and ran[0] == [6 if i // 5 == chosen else 2 for i in range(15)]
    assert net.l2_ == whole.l2_ and (net.fitted_.penalties == whole.fitted_.penalties).all()
    np.testing.assert_allclose(net.predict_proba(rows), whole.predict_proba(rows), atol=1e-6)
