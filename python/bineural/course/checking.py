"""Exercises that check themselves: what is wrong, hints on further tries, and a lesson at the end."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bineural._typing import DataFrame
from bineural.checks import checked, function, list_of, text
from bineural.course.answers import is_blank
from bineural.course.exercise import Exercise, Unfinished, Wrong
from bineural.course.topic import NAMES
from bineural.errors import InputError
from bineural.messages import near_names, shown
from bineural.notebook import Shown

_TEXT = text("Write it between quotation marks.")
_MAYBE_EMPTY = text("Write it between quotation marks.", empty=True)
_EXERCISE = text("`list_exercises()` lists them all.", words="the name of an exercise")
_OWN = {}  # name -> Exercise that a teacher added
_TRIES = {}  # name -> failed tries in this session


@dataclass(frozen=True, repr=False)
class ExerciseCheck(Shown):
    """The result of `check_exercise`; printed, it is the message.

    Attributes
    ----------
    passed : bool
    exercise : str
        Its name.
    problem_input : str or None
        The input that is wrong or blank, where it is one.
    message : str
        What is wrong, or the lesson.
    hint : str
        The hints so far, a line each; empty before the second failed try.
    tries : int
        Answers given so far; blanks, and numbers rounded too much, are none.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.check_exercise("or-gate", weights=[0.5, 0.5], bias=None).problem_input
    'bias'
    """

    passed: bool
    exercise: str
    problem_input: str | None
    message: str
    hint: str
    tries: int

    def __repr__(self):
        """Write the message, and the hints below it."""
        return self.message + (f"\n{self.hint}" if self.hint else "")


@checked(topic=text("Leave it out for all.", words="the name of a topic").or_none())
def list_exercises(topic: str | None = None) -> DataFrame:
    """List the exercises, in the order of the course.

    Parameters
    ----------
    topic : str, optional
        Of one topic only.

    Returns
    -------
    pandas.DataFrame
        Columns exercise, topic, title, inputs (their names, in one text).

    Raises
    ------
    InputError
        If there is no such topic.

    Examples
    --------
    >>> list_exercises("neurons")["exercise"].tolist()[:2]
    ['or-gate', 'and-gate']
    """
    import pandas as pd

    exercises = list(_all_exercises().values())
    topics = list(dict.fromkeys([*NAMES, *(exercise.topic for exercise in exercises)]))
    if topic is not None and topic not in topics:
        raise InputError(
            f"`topic` must be one of {', '.join(topics)}.", f"Found {topic!r}.", near_names(topic, topics)
        )
    rows = [
        (exercise.name, exercise.topic, exercise.title, ", ".join(exercise.inputs))
        for exercise in exercises
        if topic in (None, exercise.topic)
    ]
    return pd.DataFrame(rows, columns=["exercise", "topic", "title", "inputs"], dtype="str")


@checked(name=_EXERCISE)
def check_exercise(name: str, **inputs: Any) -> ExerciseCheck:
    """Check the answer to an exercise: say which input is wrong and how, and give hints on further tries.

    The second failed try shows a first hint, the next one more; the last hint tells the answer. An answer
    that can't be read is a try like others; an input that is blank (`FILL_IN`, missing, None, `...`, NaN) is
    none, and neither is a right number with too few decimals. Texts of numbers are taken for numbers.

    Parameters
    ----------
    name : str
        A name from `list_exercises`.
    **inputs
        The answer, by the names that the exercise asks for. Without any, the task is shown.

    Returns
    -------
    ExerciseCheck
        With passed, exercise, problem_input, message, hint, tries.

    Raises
    ------
    InputError
        If there is no such exercise, or it has no such input.

    Examples
    --------
    >>> check_exercise("or-gate", weights=[0.5, 0.5], bias=0.25)
    `bias`: with inputs (0, 0) the unit must not fire, and it does.
    >>> check_exercise("or-gate", weights=[0.5, 0.5])
    Fill in `bias` (a number).
    >>> check_exercise("or-gate", weights=[0.5, 0.5], bias=0).passed
    True
    """
    return check_inputs(name, inputs)


@checked(
    name=_TEXT,
    topic=_TEXT,
    title=_TEXT,
    check=function("Let it return True, or the problem as a text."),
    hints=list_of(text()).or_none(),
    lesson=_MAYBE_EMPTY,
    task=_MAYBE_EMPTY,
)
def add_exercise(
    name: str,
    topic: str,
    title: str,
    inputs: Mapping[str, str],
    check: Callable[..., Any],
    hints: Sequence[str] | None = None,
    lesson: str = "",
    task: str = "",
) -> str:
    """Add an exercise of one's own, which `check_exercise` then checks like those of the course.

    It is there until the session ends. One of the same name that was added before is replaced; the course's
    own stay as they are. In a topic of one's own that `render_course` renders, it belongs in a chunk with
    `checks=TRUE`: learners' notebooks and scripts then read it from a file, and don't hold the check.

    Parameters
    ----------
    name : str
        Words with hyphens between them.
    topic : str
        Of the course, or a new one.
    title : str
        A few words.
    inputs : dict of str to str
        What is to be filled in, and what each is.
    check : callable
        Takes the inputs by name; returns True or nothing where they are right, else the problem: a text, or a
        dict of the input that is wrong and the text.
    hints : list of str, optional
        From faint to plain; the last tells the answer.
    lesson : str
        What one should have noticed; shown when the answer is right.
    task : str
        What to do.

    Returns
    -------
    str
        The name.

    Raises
    ------
    InputError
        If the name is that of an exercise of the course, or an argument is of the wrong kind.

    Examples
    --------
    >>> def check(value):
    ...     return True if value == 42 else {"value": "it is another number."}
    >>> add_exercise("the-answer", "my-topic", "The answer", {"value": "a number"}, check)
    'the-answer'
    >>> check_exercise("the-answer", value=41)
    `value`: it is another number.
    """
    name = _plain_name(name)
    if name in _course_exercises():
        raise InputError(
            "An exercise of the course can't be replaced.",
            f"The course has '{name}'.",
            f"Choose another name, e.g. 'my-{name}'.",
        )
    _OWN[name] = Exercise(
        name, topic, title, task, _own_inputs(inputs), _own_check(check), hints or (), lesson
    )
    _TRIES.pop(name, None)
    return name


def check_inputs(name, inputs):
    """Check an answer that is given as a dict; blanks may be in it."""
    exercise = _find_exercise(_EXERCISE(name, "name"))
    for key in inputs:
        if key not in exercise.inputs:
            raise InputError(
                f"The inputs of '{exercise.name}' must be named {', '.join(exercise.inputs)}.",
                f"Found `{key}`.",
                near_names(key, list(exercise.inputs), mark="`"),
            )
    failed = _TRIES.get(exercise.name, 0)
    try:
        _refuse_blanks(exercise, inputs)
        _run_check(exercise, inputs)
    except Wrong as wrong:
        tries = _TRIES[exercise.name] = failed + wrong.counts
        hint = _hints(exercise, tries) if wrong.counts else ""
        return ExerciseCheck(False, exercise.name, wrong.input, wrong.message, hint, tries)
    _TRIES.pop(exercise.name, None)
    return ExerciseCheck(True, exercise.name, None, f"Right. {exercise.lesson}".strip(), "", failed + 1)


def _find_exercise(name):
    exercises = _all_exercises()
    if _plain_name(name) not in exercises:
        raise InputError(
            "`name` must be that of an exercise.",
            f"Found {name!r}.",
            near_names(_plain_name(name), list(exercises)) + " `list_exercises()` lists them all.",
        )
    return exercises[_plain_name(name)]


def _plain_name(name):
    return "-".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _all_exercises():
    return _course_exercises() | _OWN


def _course_exercises():
    """Return name -> Exercise, in the order of the course."""
    exercises = {}
    for topic in NAMES:
        module = importlib.import_module(f"bineural.course.exercises.{topic.replace('-', '_')}")
        exercises |= {exercise.name: exercise for exercise in module.EXERCISES}
    return exercises


def _refuse_blanks(exercise, inputs):
    blank = [name for name in exercise.inputs if is_blank(inputs.get(name))]
    if not blank:
        return
    named = [f"`{name}`" + (f" ({exercise.inputs[name]})" if exercise.inputs[name] else "") for name in blank]
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    untouched = len(blank) == len(exercise.inputs) and exercise.task
    raise Unfinished(blank[0], f"{f'{exercise.task} ' if untouched else ''}Fill in {listed}.")


def _run_check(exercise, inputs):
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            exercise.check(**inputs)
    except Wrong:
        raise
    except Exception as error:  # a learner sees a sentence and no traceback
        reason = f"{type(error).__name__}: {error}".replace("\n", " ").rstrip(".")
        raise Unfinished(
            None, f"The check of '{exercise.name}' can't read this answer ({reason})."
        ) from error


def _hints(exercise, tries):
    """Return the hints that so many failed tries have earned, a line each."""
    shown = exercise.hints[: max(tries - 1, 0)]
    return "\n".join(f"Hint {i} of {len(exercise.hints)}: {hint}" for i, hint in enumerate(shown, start=1))


def _own_inputs(inputs):
    if isinstance(inputs, str) or not hasattr(inputs, "__iter__"):
        inputs = [inputs]
    given = list(inputs.items()) if isinstance(inputs, dict) else [(key, "") for key in inputs]
    refused = [key for key, _ in given if not isinstance(key, str) or not key.isidentifier()]
    named = {} if refused else dict(given)
    refused += [key for key in named if key and "name".startswith(str(key))]  # R would take it for `name`
    if not named or refused:
        raise InputError(
            "`inputs` must have the name of every input and what it is.",
            f"Found {shown(refused[0])}." if refused else "It is empty.",
            "Use letters, digits and underscores, and other names than 'name' or its beginnings.",
        )
    return {key: str(what) for key, what in named.items()}


def _own_check(check):
    def judge(**inputs):
        verdict = check(**inputs)
        if verdict is None or isinstance(verdict, (bool, np.bool_)):
            if verdict is not None and not verdict:
                raise Wrong(None, "That is not right yet.")
            return
        if isinstance(verdict, dict) and verdict:
            input, sentence = next(iter(verdict.items()))
            raise Wrong(input if input in inputs else None, str(sentence))
        if isinstance(verdict, str) and verdict:
            raise Wrong(None, verdict)
        if hasattr(verdict, "message"):  # an error of R's
            raise RuntimeError(verdict.message)
        raise TypeError("the check returned neither True nor a problem")

    return judge
