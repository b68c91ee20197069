"""Errors and warnings in three sentences: what must hold, what was found, what to try.

R shows the same sentences as the bullets of a classed condition (`R/conditions.R`).
"""

from bineural.printable import printable

_LONGEST = 1000  # characters of a sentence, which may repeat what a user gave


def _shortened(text):
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 200]} ... {text[-195:]}"


class InputError(ValueError):
    """Input that cannot be used, said in three sentences.

    Parameters
    ----------
    must : str
        What must hold (or what can't be done), naming the argument or column.
    found : str, optional
        What was found: value, shape, column, count.
    hint : str, optional
        What to try.

    Attributes
    ----------
    must, found, hint : str
        The three sentences.

    Examples
    --------
    >>> import bineural as bn
    >>> try:
    ...     bn.auroc([1, 1], [0.2, 0.8])
    ... except bn.InputError as error:
    ...     print(error)
    `y_true` must hold both classes, 0 and 1.
    It holds [1] (n = 2).
    Stratify the split by the outcome, or code the event as 1.
    """

    def __init__(self, must, found="", hint=""):
        self.must, self.found, self.hint = (_shortened(printable(str(part))) for part in (must, found, hint))
        super().__init__("\n".join(s for s in (self.must, self.found, self.hint) if s))

    def __reduce__(self):
        """Pickle by the three sentences, so that worker processes can raise it."""
        return type(self), (self.must, self.found, self.hint)


class ColumnError(InputError):
    """A column is missing, doubled, of the wrong type, or holds values that cannot be used."""


class OutcomeError(InputError):
    """The outcome or its event cannot be used."""


class DataMismatchError(InputError):
    """A file speaks of other data than those at hand."""


class FormulaError(InputError):
    """A formula cannot be read."""


class SavingError(InputError):
    """A file cannot be written or read as what it claims to be."""


class ForkedProcessError(InputError):
    """A net was used in a process that was forked after TensorFlow had started."""


class BineuralWarning(UserWarning):
    """Parent of every warning that bineural gives.

    Examples
    --------
    Take them as errors:

    >>> import warnings, bineural as bn
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", bn.BineuralWarning)
    ...     split = bn.split_rows(bn.load_dataset("kyphosis"), strata="Kyphosis", seed=1)
    """


class SeparationWarning(BineuralWarning):
    """Some columns separate the classes, so that maximum likelihood has no finite answer."""


class AliasedWarning(BineuralWarning):
    """Columns that are combinations of earlier ones; they get no coefficient."""


class ConvergenceWarning(BineuralWarning):
    """A fit stopped before it converged, converged by other steps than R's, or left a net worse than none."""


class FailedFitWarning(BineuralWarning):
    """A fit of a comparison has no usable predictions; the null model's stand in, and there is no verdict."""


class PenaltyWarning(BineuralWarning):
    """A penalised fit stands in for maximum likelihood, which has no finite answer there."""


class InterruptedWarning(BineuralWarning):
    """Training was interrupted, and what it had reached was kept."""


class CheckpointWarning(BineuralWarning):
    """A checkpoint could not be written; the work that it is of goes on."""


class LeakWarning(BineuralWarning):
    """Something in the rows, or in how they were used, flatters a model.

    Examples
    --------
    Take it as an error:

    >>> import warnings, bineural as bn
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", bn.LeakWarning)
    ...     iris = bn.load_dataset("iris")
    """


class LabelWarning(BineuralWarning):
    """Labels that differ by case, white space or notation only, and count as different ones."""


class UnseenLevelWarning(BineuralWarning):
    """Levels at prediction that training never saw; they take the reserved place."""


class ColumnWarning(BineuralWarning):
    """A text column is hardly a category: numbers stored as text, or names of rows."""


class DroppedWarning(BineuralWarning):
    """Rows or columns that were left out."""


class LargeNetWarning(BineuralWarning):
    """The training of a net takes more memory than there is for it."""


class UnscaledWarning(BineuralWarning):
    """Columns that go to a net as they are, because its model normalises them or keeps its weights."""


class SkewedWarning(BineuralWarning):
    """Columns that are so skewed that standardising puts most of their values close together."""


class UnusedWarning(BineuralWarning):
    """Something that a model came with, and an option of the fit takes the place of."""


class CollapsedWarning(BineuralWarning):
    """A generator that makes nearly the same row of all noise."""


class ResizedWarning(BineuralWarning):
    """Pictures of other sizes than the one that a model takes, which were brought to it."""
