"""R's side of the options of nets, written from the one table: `R/nets-options.R`.

`tools/build_options.py` writes the file (`make docs` calls it), and a test fails when it is stale.
"""

import re
import textwrap

from bineural.nets.options import OPTIONS

HEAD = """# Made by tools/build_options.py from python/bineural/nets/options.py: change that and `make docs`.
"""
_CONVERTERS = {
    "number": "as_py_number",
    "count": "as_py_count",
    "counts": "as_py_counts",
    "text": "as_py_text",
    "flag": "as_py_flag",
    "path": "as_py_path",
    "any": "as_py_option",
    "as_is": "as_it_is",
    "text_or_flag": "as_py_text_or_flag",
    "verbose": "as_py_verbose",
}
# Functions with all options: their other arguments, and what of them they pass on by themselves.
_DOORS = {
    "fit_net": (
        ["formula", "data", "event = NULL", "classes = NULL", "weights = NULL", "offset = NULL"],
        "formula, data",
    ),
    "make_net": (["formula = NULL", "event = NULL", "classes = NULL"], "formula"),
}


def r_source():
    """Return the whole file as text."""
    parts = [HEAD, _converters()]
    parts += [_door(name, *how) for name, how in _DOORS.items()]
    return "\n".join(parts)


def r_value(value):
    """Write a default as R writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (tuple, list)):
        return f"c({', '.join(map(r_value, value))})"
    return f"{value:g}"


def r_help(option):
    """Return an option's sentences for R's page, values written as in R."""
    if option.r_help:
        return option.r_help
    text = re.sub(r'"([^"]+)"', r'`"\1"`', option.help)
    text = re.sub(r"\bNone\b", "`NULL`", text)
    text = re.sub(r"\bTrue\b", "`TRUE`", text)
    return re.sub(r"\bFalse\b", "`FALSE`", text)


def params():
    """Return the options as `@param` lines of roxygen2."""
    lines = []
    for option in OPTIONS:
        text = f"@param {option.name} {r_help(option)}"
        lines += textwrap.wrap(
            text, 118, initial_indent="#' ", subsequent_indent="#'   ", break_long_words=False
        )
    return "\n".join(lines)


def _converters():
    pairs = ",\n".join(f"    {option.name} = {_CONVERTERS[option.in_r]}" for option in OPTIONS)
    return (
        f"# How each option goes to Python.\noption_converters <- function() {{\n  list(\n{pairs}\n  )\n}}\n"
    )


def _door(name, arguments, passed_on):
    indent = " " * (len(name) + len(" <- function("))
    formals = [*arguments, *(f"{option.name} = {r_value(option.default)}" for option in OPTIONS), "..."]
    lines = [
        f"#' @rdname {name}",
        params(),
        "#' @export",
        f"{name} <- function(" + f",\n{indent}".join(formals) + ") {",
        f"  {name}_with({passed_on}, rlang::current_env(), ...)",
        "}\n",
    ]
    return "\n".join(lines)
