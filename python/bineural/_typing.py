"""Names of types for signatures. They import nothing: what they stand for is read by type checkers only."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    import keras
    import matplotlib.figure
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    ArrayLike: TypeAlias = npt.ArrayLike
    Array: TypeAlias = npt.NDArray[Any]
    Floats: TypeAlias = npt.NDArray[np.float64]
    Integers: TypeAlias = npt.NDArray[np.int64]
    DataFrame: TypeAlias = pd.DataFrame
    Series: TypeAlias = pd.Series[Any]
    Figure: TypeAlias = matplotlib.figure.Figure
    KerasModel: TypeAlias = keras.Model
    KerasLoss: TypeAlias = keras.Loss
    KerasOptimizer: TypeAlias = keras.Optimizer
    KerasCallback: TypeAlias = keras.callbacks.Callback
else:
    ArrayLike = Array = Floats = Integers = DataFrame = Series = Figure = Any
    KerasModel = KerasLoss = KerasOptimizer = KerasCallback = Any

RowsLike: TypeAlias = (
    Any  # a data frame of any library, an array, or other rows; see the argument's own words
)
RowSource: TypeAlias = Any  # rows, or a source of them in batches
Label: TypeAlias = Any  # of a class: text, a number, True or False, a date
Labels: TypeAlias = Sequence[Label]
Seed: TypeAlias = int | None  # a whole number, or None to draw one
PathLike: TypeAlias = str | os.PathLike[str]
Model: TypeAlias = Any  # whatever fits and predicts as scikit-learn's estimators do
FoldsLike: TypeAlias = Any  # a number, Folds, Split, a splitter, pairs of row numbers, the fold of each row
Missing: TypeAlias = Literal["error", "drop", "impute"]
Unseen: TypeAlias = Literal["warn", "error"]

Function = TypeVar("Function", bound=Callable[..., Any])  # what a decorator of ours gives back as it came
