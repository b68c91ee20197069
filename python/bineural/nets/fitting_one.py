"""`fit_net`: one net to one set of rows, of whatever kind they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bineural._typing import ArrayLike, Label, Labels, RowsLike, RowSource
from bineural.checks import checked, label, labels
from bineural.errors import InterruptedWarning
from bineural.messages import warn
from bineural.nets.options import OPTIONS
from bineural.nets.values import make_net, problem_of
from bineural.options import takes

if TYPE_CHECKING:
    from bineural.nets.detector import NetDetector
    from bineural.nets.estimators import NetClassifier, NetRegressor


@takes(OPTIONS, others=True)
@checked(event=label().or_none(), classes=labels().or_none())
def fit_net(
    formula: str | RowsLike,
    data: RowSource,
    *,
    event: Label | None = None,
    classes: Labels | None = None,
    weights: str | ArrayLike | None = None,
    offset: str | ArrayLike | None = None,
    **options: Any,
) -> NetClassifier | NetRegressor | NetDetector:
    """Fit a neural net.

    Parameters
    ----------
    formula : str, data frame or array_like
        ``"outcome ~ terms"`` in R's notation (``"cbind(a, b) ~ terms"`` for several labels, see Notes); or
        the predictors x, with the outcome y as `data`. Images are an array (n_rows, height, width,
        n_channels), without channels where the architecture takes images only, a list of arrays, or the
        paths of files; or ``"label ~ image(path)"`` names the column of paths. Their channels are
        standardised (`scaling`); where sizes differ they are resized to the median height and width, to
        multiples of 8 and at most 224, which a warning says. A net of tables gets the pixels as columns.
        Texts are a list, array or column of strings; or ``"rating ~ text(review) + price"`` names their
        column, and other terms may stand beside it (see Notes).
        Sequences are a list of arrays (time, n_features) of any lengths, or `as_sequences` makes them of a
        long table; to an architecture of sequences also an array (n_rows, time, n_features) or series
        (n_rows, time). Their features are standardised; steps that fill them up to one length are masked.
    data : data frame, array_like, str, path, pyarrow.dataset.Dataset, callable or iterable
        Rows; or the outcome y (or its column name) beside x; or rows in batches, more than memory holds: a
        Parquet file or a folder of them, a pyarrow data set, a function without arguments that returns a
        fresh iterator of tables, or a list or other iterable of tables (see Notes).
    event : label, optional
        Class whose probability is meant. A two-class outcome must name it.
    classes : list of labels, optional
        Takes a numeric outcome as these classes.
    weights : str or array_like of float64, shape (n_rows,), optional
        Row weights, or the name of their column. Scaled to mean one; on the full batch a weight of 2 is the
        row twice, and a row of weight 0 is left out.
    offset : str, optional
        Column of a known part of the linear predictor, which is found again in new rows; or write it into the
        formula, as in ``"cases ~ age + offset(log(years))"``. It is on the scale of the net's output: of log
        means with ``objective="poisson"``, of log-odds for two classes.
    {options}
    **options
        Options of the architecture's own, see `list_architectures`, and of the objective's.

    Returns
    -------
    NetClassifier, NetRegressor or NetDetector
        Fitted; `.summary()`, `.plot()`, `.predict_proba(new)`. After Ctrl-C, which ends training with the
        current chunk of epochs, what was reached, with a warning and `interrupted_` True.

    Raises
    ------
    InputError
        If formula, columns, outcome or options cannot be used; the message says which.

    Notes
    -----
    What is learnt (`objective`), beside what the outcome asks for:

    - "poisson" (counts) and "gamma" (positive numbers) predict the mean by its logarithm and start from the
      mean rate, all outcomes over all exposures exp(offset).
    - "huber" predicts a centre; `delta` (1.345) says from where on errors count by their size alone.
    - "quantile" predicts the levels `quantiles` (0.1, 0.5, 0.9), a column for each, which never cross.
    - "ordinal" takes an ordered category, or whole numbers, as classes; without hidden units it is the
      proportional-odds model.
    - "multilabel" takes several columns of 0 and 1 as outcome, ``"cbind(a, b) ~ x"`` or a table or matrix y,
      and predicts the probability of each.

    The words of texts, in any alphabet, are numbered by a vocabulary of the training rows (`n_words`,
    `lowercase`): words in two texts or more; all others are one unknown word, and so is a text without any.
    In Chinese, Japanese and other scripts without spaces each character is a word, and so is an emoji. With
    other terms in the formula, these columns are standardised, and the last layer reads them beside what the
    architecture makes of the words, directly and through 16 hidden units. `nearest_words` shows what was
    learnt of words.

    Where x is images, the outcome may be a data frame of boxes (image, x1, y1, x2, y2, label; see
    `NetDetector`): "location" learns the one box of each image, "boxes" any number of them by a grid of
    cells.

    `compare_models` puts the linear model of the same kind beside such a net, and measures both by what fits.

    Batches are read once to learn levels, means and SDs, and once more in each epoch; nothing that is kept
    grows with the rows. Rows are shuffled within a buffer of at most 65,536 rows, row groups of Parquet
    among each other too where there are several buffers. At most a buffer of rows, drawn without strata, is
    watched; mean and SD of a numeric outcome are then those of all rows. The net depends on the rows, their
    order and the seed, not on how they were cut into batches; with `validation=0` and one buffer it is the
    net of the same rows in memory with `numbers="plain"`. A term that must see all rows at once (`poly`,
    quantiles as knots), `missing="impute"`, `callbacks` and `checkpoint` are refused; members of an ensemble
    are trained one after the other. Where a category is multiplied in the formula one more pass finds
    constant columns.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> net = bn.fit_net("Kyphosis ~ Age + Number + Start", kyphosis, event="present", seed=2019)
    >>> net.predict_event(kyphosis[:3]).shape
    (3,)
    """
    net = make_net(formula if isinstance(formula, str) else None, event=event, classes=classes, **options)
    problem = problem_of(net, formula, data, weights, offset)
    return fit_or_part(problem, net.estimator_for(problem))


def fit_or_part(problem, estimator):
    """Fit an estimator to a problem; after Ctrl-C return what was reached, with a warning."""
    try:
        return problem.fit(estimator)
    except KeyboardInterrupt:
        if "fitted_" not in vars(estimator):
            raise
    warn(InterruptedWarning, "\n".join(_sentences(estimator)))
    return estimator


def _sentences(net):
    members, most = net.fitted_.members, int(net.epochs)
    epochs = f"{max(member.epochs_run for member in members)} of at most {most} epochs"
    if net.ensemble_ == 1:
        kept = f"The net has the weights of epoch {net.best_epoch_}."
    else:
        kept = f"{len(members)} of {net.ensemble_} members had begun; their mean predicts."
    if net.checkpoint is None:
        hint = "Give checkpoint='net.checkpoint', and the same call goes on after an interruption."
    elif not Path(net.checkpoint).expanduser().exists():
        hint = "Its checkpoint could not be written."
    else:
        hint = f"The same call goes on from {str(net.checkpoint)!r}."
        hint += "" if net.seed is not None else f" Its seed is {net.seed_}."
    return f"Training was interrupted after {epochs}.", kept, hint
