"""A file whose parts of an objective do not fit together is refused, whichever objective it is."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.bundles.schema import Mismatch
from bineural.errors import InputError
from long_cases import long_but

OUTCOMES = {
    "poisson": "count",
    "gamma": "positive",
    "quantile": "number",
    "ordinal": "grade",
    "multilabel": "cbind(yes, no)",
}


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(6)
    rows = pd.DataFrame({"x": rng.normal(size=60), "number": rng.normal(size=60)})
    rows["count"], rows["positive"], rows["grade"] = (
        rng.poisson(2, 60),
        rng.gamma(2, 1, 60),
        rng.integers(1, 5, 60),
    )
    return rows.assign(yes=rng.integers(0, 2, 60), no=rng.integers(0, 2, 60))


@pytest.fixture(scope="module", params=long_but(OUTCOMES, "poisson", "ordinal"))
def net(request, rows):
    how = {"epochs": 1, "ensemble": 1, "seed": 1}
    return bn.fit_net(f"{OUTCOMES[request.param]} ~ x", rows, objective=request.param, **how)


def states(value):
    """Give what can't stand in the place of something that was learnt."""
    yield from ({}, None, "text", float("nan"), [float("nan")] * 9, [])
    if isinstance(value, list):
        yield value * 2


def test_what_an_objective_has_learnt_must_be_whole(net, rows):
    state = net.get_state()
    assert type(net).from_state(state).predict(rows).tolist() == net.predict(rows).tolist()
    learnt = {name: value for name, value in state["objective_state_"].items() if name != "ignorant"}
    assert learnt
    for name, value in learnt.items():
        for other in states(value):
            changed = {**state["objective_state_"], name: other}
            changed = {k: v for k, v in changed.items() if v != {}}
            with pytest.raises((Mismatch, InputError)):
                type(net).from_state({**state, "objective_state_": changed})
    with pytest.raises(InputError, match="registered objective|options that it has"):
        type(net).from_state({**state, "objective": "poison", "objective_": "poison"})
