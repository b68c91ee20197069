"""The report of a comparison: one page of HTML that can be handed over, printed and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bineural._typing import PathLike
from bineural.checks import checked, name_or_path, text, writable
from bineural.errors import InputError
from bineural.files import write_atomically
from bineural.messages import shown

if TYPE_CHECKING:
    from bineural.comparing.comparison import Comparison

REPORT_FILE = writable(".html", ".htm")


@checked(
    path=REPORT_FILE,
    title=text().or_none(),
    source=name_or_path(hint="Name the file or data set that the rows were loaded from.").or_none(),
)
def write_report(
    comparison: Comparison, path: PathLike, title: str | None = None, source: str | None = None
) -> Path:
    """Write a comparison as one self-contained HTML page.

    The page holds the verdicts, data and folds, the models as they were fitted, all measures, the figures
    with alternative texts, of images examples, confusion tables and the surest errors, what was tuned, the
    run record, and code that repeats the comparison in Python and in R. It loads nothing from outside, needs
    no script, and is written as a whole or not at all.

    Parameters
    ----------
    comparison : Comparison
        What `compare_models` returned.
    path : str or path
        File to write, ending in .html.
    title : str, optional
        By default the models and the outcome.
    source : str, optional
        File, data set or folder of images that the rows were loaded from; the code to repeat the comparison
        names it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        If `comparison` is none, or the path cannot be written.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> comparison = bn.compare_models(glm, kyphosis, folds=5, repeats=2, seed=1)
    >>> write_report(comparison, "kyphosis.html", source="kyphosis").name
    'kyphosis.html'
    """
    from bineural.markup import wrap
    from bineural.reporting import image_sections, sections
    from bineural.reporting.page import page

    if not hasattr(comparison, "averaged_predictions"):
        raise InputError(
            "`comparison` must be what compare_models returned.",
            f"Found {shown(comparison)}.",
            "Write write_report(compare_models(...), 'report.html').",
        )
    title = _title(comparison) if title is None else title
    parts = [
        sections.head(comparison, title),
        sections.verdicts(comparison),
        sections.measures(comparison),
        sections.figures(comparison),
        image_sections.images(comparison),
        sections.data_and_folds(comparison),
        sections.models(comparison),
        sections.repeat(comparison, source),
        sections.run_record(comparison),
    ]
    write_atomically(path, page(title, wrap("main", "\n".join(parts))).encode())
    return path


def _title(comparison):
    from bineural.comparing.rounding import NULL

    names = [name for name in comparison.models if name != NULL]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{shown} compared" + (f": {comparison.outcome}" if comparison.outcome else "")
