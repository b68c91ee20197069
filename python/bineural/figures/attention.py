"""Where a model of sequences looks in the source while it says a target, drawn as a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked, text
from bineural.figures.canvas import FIGURE_FILE, new_figure, plain_text, write_figure

if TYPE_CHECKING:
    from bineural.sequences.model import SequenceModel

_LOOKS = {
    "source": text("Pass one sequence.", empty=True),
    "target": text("Pass one sequence, or leave it out.", empty=True).or_none(),
}


@checked(**_LOOKS, path=FIGURE_FILE)
def plot_attention(
    model: SequenceModel, source: str, target: str | None = None, *, path: PathLike | None = None
) -> Figure:
    """Draw where a model of sequences looks while it says a target.

    Parameters
    ----------
    model : SequenceModel
        Fitted with a source and attention.
    source : str
        One sequence.
    target : str, optional
        What is said; None: what the model says. Source and target have fewer than 1,000 symbols.
    path : str or path, optional
        PNG or SVG file to write.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each symbol that is said, a column for each symbol of the source; dark: much of the
        attention at that step. Each row sums to 1.

    Raises
    ------
    InputError
        If the model has no attention to a source.

    Examples
    --------
    >>> import bineural as bn
    >>> pairs = bn.make_sequences("reversal", 60, seed=1)
    >>> model = bn.fit_sequence(pairs["target"], pairs["source"], units=(8,), epochs=1, seed=1)
    >>> bn.plot_attention(model, "abc").axes[0].get_xlabel()
    'Source'
    """
    table = attention_data(model, source, target)
    said = table.drop_duplicates("step")["said"].tolist()
    read = table.drop_duplicates("place")["read"].tolist()
    weights = table["weight"].to_numpy().reshape(len(said), len(read))
    figure = new_figure(max(3.0, 0.34 * len(read) + 1.2), max(2.4, 0.34 * len(said) + 1.0))
    axes = figure.subplots()
    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(read)), [plain_text(symbol) for symbol in read])
    axes.set_yticks(range(len(said)), [plain_text(symbol) for symbol in said])
    axes.set_xlabel("Source")
    axes.set_ylabel("Said")
    for label in axes.get_xticklabels():
        label.set_rotation(90 if max(map(len, read[:-1]), default=1) > 1 else 0)
    axes.get_xticklabels()[-1].set_rotation(90)
    figure.colorbar(image, ax=axes, label="Share of attention", shrink=0.8)
    return write_figure(figure, path)


@checked(**_LOOKS)
def attention_data(model: SequenceModel, source: str, target: str | None = None) -> DataFrame:
    """Make the table behind `plot_attention`, see `SequenceModel.attention_to`."""
    from bineural.errors import InputError
    from bineural.not_models import called
    from bineural.sequences.attention import shown_symbols

    if not hasattr(model, "attention_to"):
        raise InputError(
            "`model` must be a model of sequences.", f"Found {called(model)}.", "Fit one with fit_sequence."
        )
    if target is None:
        shown_symbols(source, model.fitted_.input.unit, "source")
        target = model.predict([source])[0]
    return model.attention_to(source, target)
