"""The code that fits a model again, in Python and in R."""

from bineural.inputs.problem import offset_beside
from bineural.reporting.repeat_code import literal, names_images, options_code, quoted, r_literal


def python_code(model, source=None):
    """Return Python code that fits a model again; what can't be written stands as a comment."""
    lines = ["import bineural as bn", "", *_data_lines(model, source, "bn.", "=", ".")]
    return "\n".join([*lines, _call(model, "bn.", literal, "=")])


def r_code(model, source=None):
    """Return R code that fits a model again; see `python_code`."""
    lines = ["library(bineural)", "", *_data_lines(model, source, "", "<-", "$")]
    return "\n".join([*lines, _call(model, "", r_literal, " = ")])


def _data_lines(model, source, package, becomes, member):
    formula = getattr(model, "formula_", None)
    rows = f"it was fitted to {model.n_rows_:,} rows" if hasattr(model, "n_rows_") else "all or some rows"
    if source is not None and formula:
        return [f"data {becomes} {package}load_dataset({quoted(source)})  # {rows}"]
    if names_images(source) and getattr(model, "outcome_kind", None) != "boxes":
        return [
            f"images {becomes} {package}load_images({quoted(source)})  # {rows}",
            f"x {becomes} images{member}images",
            f"y {becomes} images{member}labels",
        ]
    return [f"# {'data: your table' if formula else 'x and y: your own'}; {rows}"]


_OF_ROWS = {"Autoencoder": "fit_autoencoder", "GAN": "fit_gan", "RBM": "fit_rbm"}


def _call(model, package, write, is_):
    verb = "fit_glm" if type(model).__name__.startswith("GLM") else "fit_net"
    verb = _OF_ROWS.get(type(model).__name__, verb)
    formula = getattr(model, "formula_", None)
    rows = [write(formula) if package else formula, "data"] if formula else ["x", "y"]
    if verb in _OF_ROWS.values():
        terms = getattr(model, "formula", None)
        rows = (
            ["x"] if terms is None else [write(f"~ {terms}") if package else f"~ {terms}", f"data{is_}data"]
        )
    given, comment = options_code(model, write)
    event = getattr(model, "event_", None)
    given = [("event", write(event))] * (event is not None) + given
    offset = offset_beside(model)
    given = [("offset", write(offset))] * (offset is not None) + given
    seed = getattr(model, "seed_", None)
    given += [("seed", write(seed))] * (seed is not None)
    name = "glm" if verb == "fit_glm" else "net"
    becomes = "=" if package else "<-"
    call = f"{name} {becomes} {package}{verb}({', '.join([*rows, *(f'{k}{is_}{v}' for k, v in given)])})"
    return call + (f"  # {comment}" if comment else "")
