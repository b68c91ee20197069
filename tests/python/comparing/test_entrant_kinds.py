"""A kind of entrants on folds is one record: how its outcome is read, null model, baseline and entrants."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.comparing.entrant_kinds import EntrantKind, register_entrant_kind
from bineural.comparing.entrants import Entrant
from bineural.errors import InputError
from bineural.measures import registry
from bineural.nets.objectives.objective import named_objective
from registries import put_back

MONTHS = 12


def off_by(y_true, prediction, weights=None):
    """Compute by how many months of the year predictions are off: December is beside January."""
    apart = np.abs(y_true - prediction) % MONTHS
    return float(np.average(np.minimum(apart, MONTHS - apart), weights=weights))


class Always(Entrant):
    """A month that is the same for all rows, or the one of a column."""

    def describe(self):
        """Say in a line what is fitted."""
        return f"{self.model}"

    def _fit_predict(self, basis, train, test, seed):
        fixed = isinstance(self.model, float)
        return np.full(len(test), self.model) if fixed else basis.problem.X[self.model].to_numpy()[test]


def _enter(name, model, basis, missing):
    if model not in basis.problem.X.columns:
        raise InputError("A model of months must be a column.", f"Found {model!r}.", "Name one.")
    return Always(name, model)


@pytest.fixture
def months():
    """Register models of months, where the outcome is a column of that name."""
    with put_back():
        registry.built_in(
            "off_by", off_by, label="off by", larger_is_better=False, tasks=("months",), compared=("months",)
        )
        objective = replace(named_objective("numbers"), task="months", measure="off_by")
        register_entrant_kind(
            EntrantKind(
                "months",
                ("months",),
                is_asked=lambda rows, models: rows.outcome == "month",
                read=lambda rows, models: rows._replace(objective=objective),
                null=lambda name, basis: Always(name, 6.0),
                baseline=lambda models, basis, missing: ("spring", Always("spring", 4.0)),
                enter=_enter,
            )
        )
        yield


def test_a_kind_of_ones_own_has_its_measure_null_and_baseline(months):
    rng = np.random.default_rng(1)
    month = rng.integers(0, MONTHS, 60).astype(float)
    data = pd.DataFrame({"near": (month + 1) % MONTHS, "month": month})
    comparison = bn.compare_models({"near": "near"}, data, "month", folds=5, repeats=2, seed=1)
    table = comparison.table.set_index("model")["off_by"]
    assert table["near"] == 1.0  # December and January too
    for name, always in (("null", 6.0), ("spring", 4.0)):
        folds = [off_by(month[test], always) for _, test in comparison.folds]
        assert table[name] == pytest.approx(np.mean(folds), rel=1e-12)
    assert comparison.reference == "spring"
    with pytest.raises(InputError, match="A model of months must be a column"):
        bn.compare_models("glm", data, "month")


def test_other_comparisons_stay_what_they_are(months):
    data = bn.load_dataset("kyphosis")
    comparison = bn.compare_models("glm", data, "Kyphosis", event="present", folds=2, repeats=1, seed=1)
    assert comparison.models == ["glm", "null"]
