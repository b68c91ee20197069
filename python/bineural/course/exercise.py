"""What an exercise is: a task, inputs to fill in, a check of them, hints and a lesson."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


class Wrong(Exception):
    """An answer that is not right, said in a sentence about one of the inputs.

    Parameters
    ----------
    input : str or None
        The input that is wrong; None where it is none alone.
    sentence : str
        What is wrong, without the answer. It follows the name of the input, unless it has it.
    """

    counts = True  # as a try

    def __init__(self, input, sentence):
        self.input, self.sentence = input, sentence
        super().__init__(sentence)

    @property
    def message(self):
        """The sentence, with the input that it is about."""
        if self.input is None or f"`{self.input}`" in self.sentence:
            return self.sentence
        return f"`{self.input}`: {self.sentence}"


class Unread(Wrong):
    """An answer that can't be read as what was asked for."""


class Unfinished(Wrong):
    """A blank, or a right number with too few decimals; it is no try."""

    counts = False


@dataclass(frozen=True)
class Exercise:
    """A task with the check of its answer.

    Attributes
    ----------
    name : str
        Words with hyphens between them.
    topic, title : str
    task : str
        One or two sentences.
    inputs : dict of str to str
        What a learner fills in, and what each is.
    check : callable
        Takes the inputs by name; raises `Wrong`, or returns None where they are right.
    hints : tuple of str
        From faint to plain; the last tells the answer.
    lesson : str
        What one should have noticed; shown when the answer is right.
    answer : dict or callable
        A right answer, or what makes one: for the tests.
    wrong : tuple of (dict, str)
        Typical wrong answers (what differs from the right one), each with the input that is wrong.
    """

    name: str
    topic: str
    title: str
    task: str
    inputs: Mapping
    check: Callable
    hints: tuple = ()
    lesson: str = ""
    answer: object = None
    wrong: tuple = ()
