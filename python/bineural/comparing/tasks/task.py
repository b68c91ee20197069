"""The record of a task of `compare_models`: when it is the one, what it can be told, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bineural.errors import InputError
from bineural.lazy import import_files
from bineural.messages import listed

__all__ = ["Asked", "Task", "find_task", "register_task", "task_of"]


@dataclass(frozen=True)
class Asked:
    """A call of `compare_models`.

    Attributes
    ----------
    named : list of (str, model)
    data : object
    arguments : dict of str to object
        All others, by name.
    defaults : dict of str to object
    """

    named: list
    data: Any
    arguments: dict
    defaults: dict

    def __getitem__(self, name):
        """Return an argument by its name."""
        return self.arguments[name]

    @cached_property
    def given(self):
        """Names of the arguments that are not what they are by default."""
        return [name for name, value in self.arguments.items() if not _same(value, self.defaults[name])]


def _same(value, default):
    return value is default or (
        type(value) is type(default) and isinstance(value, (int, float, str)) and value == default
    )


@dataclass(frozen=True)
class Task:
    """What can be compared.

    Attributes
    ----------
    name : str
    is_asked : function (Asked) -> bool
        Whether a call is of this task; it may raise an `InputError` where a call is of it by half.
    compare : function (Asked) -> comparison
    takes : frozenset of str
        Arguments of `compare_models`, beside models and data, that mean something here; others are refused.
    refusal : tuple of str
        What is said of the others: the first sentence, and the last.
    """

    name: str
    is_asked: Callable[[Asked], bool]
    compare: Callable[[Asked], Any]
    takes: frozenset
    refusal: tuple[str, str]

    def run(self, asked):
        """Compare, or say which arguments have no place here."""
        self.check_given(asked.given)
        return self.compare(asked)

    def check_given(self, names):
        """Refuse arguments that mean nothing here."""
        stray = [name for name in names if name not in self.takes]
        if stray:
            raise InputError(self.refusal[0], f"Found {listed(stray)}.", self.refusal[1])


_TASKS = {}


def register_task(task):
    """Let `compare_models` know a task."""
    _TASKS[task.name] = task
    return task


def task_of(asked):
    """Return the task that a call is of: of rows, where no other says that it is the one."""
    others = (task for name, task in _tasks().items() if name != "rows")
    return next((task for task in others if task.is_asked(asked)), find_task("rows"))


def find_task(name):
    """Return a task by its name."""
    return _tasks()[name]


def _tasks():
    import_files("bineural.comparing.tasks")
    return _TASKS
