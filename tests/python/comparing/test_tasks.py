"""Every argument of `compare_models` is used by a task, or refused by name: none is lost without a word."""

from inspect import signature

import numpy as np
import pytest

import bineural as bn
from bineural.comparing.tasks import Task, register_task
from bineural.comparing.tasks import task as tasks
from bineural.errors import InputError

KYPHOSIS = bn.load_dataset("kyphosis")
ROWS = ({"glm": "glm"}, KYPHOSIS, "Kyphosis")
SERIES = ("drift", np.arange(40.0) ** 1.1)
ARGUMENTS = set(signature(bn.compare_models).parameters) - {"models", "data"}


@pytest.mark.parametrize("name", ["rows", "agents", "forecasts"])
def test_a_task_takes_arguments_that_there_are(name):
    assert bn.comparing.tasks.find_task(name).takes < ARGUMENTS


@pytest.mark.parametrize(
    ("call", "given"),
    [
        (lambda **how: bn.compare_models(*ROWS, event="present", **how), {"episodes": 5}),
        (lambda **how: bn.compare_models(*SERIES, horizon=3, **how), {"n_jobs": 2}),
        (lambda **how: bn.compare_models(*SERIES, horizon=3, **how), {"missing": "drop"}),
        (lambda **how: bn.compare_models(*SERIES, horizon=3, **how), {"episodes": 7}),
        (lambda **how: bn.compare_models("random", bn.make_environment("frozen_lake"), **how), {"n_jobs": 2}),
        (lambda **how: bn.compare_models("random", bn.make_environment("frozen_lake"), **how), {"step": 3}),
        (
            lambda **how: bn.compare_models("random", bn.make_environment("frozen_lake"), **how),
            {"memory": 1e6},
        ),
    ],
)
def test_what_means_nothing_is_refused_by_its_name(call, given):
    with pytest.raises(InputError, match=f"Found '{next(iter(given))}'"):
        call(**given)


def test_a_task_of_ones_own_is_one_record(monkeypatch):
    monkeypatch.setattr(tasks, "_TASKS", dict(tasks._TASKS))
    refusal = ("Weights of stones are compared as they are.", "Leave them out.")
    register_task(
        Task(
            "stones",
            lambda asked: isinstance(asked.data, str),
            lambda asked: asked["seeds"],
            frozenset({"seeds"}),
            refusal,
        )
    )
    assert bn.compare_models("glm", "stones", seeds=3) == 3
    with pytest.raises(InputError, match="Weights of stones .*\nFound 'folds'"):
        bn.compare_models("glm", "stones", folds=3)
    assert bn.compare_models(*ROWS, event="present", folds=2, repeats=1, seed=1).models == ["glm", "null"]
