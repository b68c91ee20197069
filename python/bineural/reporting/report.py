"""The report of a comparison or of one fitted model: a page of HTML to hand over, print and check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bineural._typing import ArrayLike, DataFrame, Model, PathLike, RowsLike
from bineural.checks import checked, name_or_path, text, writable
from bineural.errors import InputError
from bineural.files import write_atomically
from bineural.messages import shown
from bineural.not_models import NotAModel, called, instead, is_fitted

if TYPE_CHECKING:
    from bineural.comparing.comparison import Comparison

FORECASTS = "a comparison of forecasters"
REPORT_FILE = writable(".html", ".htm")


@checked(
    path=REPORT_FILE,
    title=text().or_none(),
    source=name_or_path(hint="Name the file or data set that the rows were loaded from.").or_none(),
)
def write_report(
    result: Comparison | Model,
    path: PathLike,
    title: str | None = None,
    source: str | None = None,
    *,
    data: RowsLike | None = None,
    y: str | ArrayLike | DataFrame | None = None,
) -> Path:
    """Write a comparison, or one fitted model, as one self-contained HTML page.

    The page of a comparison holds the verdicts, data and folds, the models as they were fitted, all measures,
    the figures with alternative texts, what was tuned, the run record, and code that repeats the comparison
    in Python and in R; of images examples, confusion tables and the surest errors, of objects in images true
    and predicted boxes; that of a comparison of forecasters the errors from each origin. The page of a fitted
    model holds its measures and curves on rows that are given here, what it takes these rows for, examples,
    what training images were changed by, the losses of training, its layers, and code that fits it again;
    that of an autoencoder, GAN or Boltzmann machine what codes keep beside PCA, likelihoods, how well made
    rows are told from real ones, and their pictures. It loads nothing from outside, needs no script, and is
    written as a whole or not at all.

    Parameters
    ----------
    result : Comparison, or fitted GLM or net
        What `compare_models`, `fit_net`, `fit_glm`, `fit_autoencoder`, `fit_gan` or `fit_rbm` returned.
    path : str or path
        File to write, ending in .html.
    title : str, optional
        By default the models and the outcome.
    source : str, optional
        File, data set or folder of images that the rows were loaded from; the code to repeat it names it.
    data, y : data frame or array_like, optional
        Of a fitted model: rows to ask it about, best those that it has never seen, and their outcome, as in
        `evaluate_model`. Without them nothing is said of how well it predicts. Of an autoencoder `y` says
        what each row is, for the map of its codes.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        If `result` is neither, rows are given with a comparison or can't be used, or the path cannot be
        written.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> comparison = bn.compare_models(glm, kyphosis, folds=5, repeats=2, seed=1)
    >>> write_report(comparison, "kyphosis.html", source="kyphosis").name
    'kyphosis.html'
    >>> write_report(glm, "glm.html", data=kyphosis).name
    'glm.html'
    """
    from bineural.markup import wrap
    from bineural.reporting.page import page

    if hasattr(result, "averaged_predictions") or called(result) == FORECASTS:
        if data is not None or y is not None:
            raise InputError(
                "`data` and `y` can be given with one fitted model only.",
                "Found a comparison, which has its own rows.",
                "Leave them out.",
            )
        title = _title(result) if title is None else title
        parts = _of_comparison(result, title, source)
    elif hasattr(result, "summary") and hasattr(result, "get_params") and is_fitted(result):
        title, parts = _of_model(result, title, source, data, y)
    else:
        raise InputError(
            "`result` must be what compare_models, fit_net or fit_glm returned.",
            f"Found {_called(result)}.",
            instead(result, "Write write_report(compare_models(...), 'report.html')."),
        )
    write_atomically(path, page(title, wrap("main", "\n".join(part for part in parts if part))).encode())
    return path


def _called(value):
    if isinstance(value, NotAModel):
        return called(value)
    return shown(value) if is_fitted(value) else f"a {type(value).__name__} that is not fitted"


def _of_comparison(comparison, title, source):
    from bineural.reporting import box_sections, forecast_sections, image_sections, sections

    if called(comparison) == FORECASTS:
        return forecast_sections.sections(comparison, title, source)
    return [
        sections.head(comparison, title),
        sections.verdicts(comparison),
        sections.measures(comparison),
        sections.figures(comparison),
        image_sections.images_compared(comparison),
        box_sections.boxes_compared(comparison),
        sections.data_and_folds(comparison),
        sections.models(comparison),
        sections.repeat(comparison, source),
        sections.run_record(comparison),
    ]


def _of_model(model, title, source, data, y):
    """Return title and parts of the page of one fitted model."""
    from bineural.comparing.run_record import record_session
    from bineural.data.pictures import as_images, as_pictures
    from bineural.measures.evaluate import evaluate_model
    from bineural.reporting import net_sections, row_sections

    if data is None and y is not None:
        raise InputError(
            "`y` must come with the rows that it is of.", "Found no `data`.", "Pass data=x, y=y."
        )
    if getattr(model, "outcome_kind", None) == "sequences":
        raise InputError(
            "A report must be of a comparison, or of a model of rows.",
            "Found a model of sequences.",
            "Report compare_models() of it, or see score_sequences() and summary().",
        )
    if row_sections.is_of_rows(model):
        title = row_sections.title_of(model) if title is None else title
        return title, row_sections.sections_of(model, title, source, data, y, record_session())
    evaluation = None if data is None else evaluate_model(model, data, y)
    of_images = len(getattr(model, "input_shape_", ())) == 3
    rows = None if data is None else (as_images if of_images else as_pictures)(data)
    run, title = record_session(), _model_title(model) if title is None else title
    return title, [
        net_sections.head(model, evaluation, title, run),
        net_sections.measures(evaluation),
        net_sections.figures(model, evaluation),
        net_sections.rows_asked(model, evaluation, rows),
        net_sections.augmentation(model, rows),
        net_sections.as_fitted(model),
        net_sections.layers(model),
        net_sections.repeat(model, source),
        net_sections.run_record(run),
    ]


def _model_title(model):
    kind = "GLM" if type(model).__name__.startswith("GLM") else "Net"
    architecture = getattr(getattr(model, "fitted_", None), "architecture", None)
    kind += f" ({architecture.name})" if architecture is not None else ""
    outcome = getattr(model, "outcome_", None)
    return f"{kind} of {outcome}" if outcome else kind


def _title(comparison):
    from bineural.comparing.rounding import NULL

    names = [name for name in comparison.models if name != NULL]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{shown} compared" + (f": {comparison.outcome}" if comparison.outcome else "")
