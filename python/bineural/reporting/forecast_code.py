"""The code that repeats a comparison of forecasters, in Python and in R."""

import inspect

from bineural.forecasting.forecaster import CHECKS
from bineural.messages import number_of
from bineural.reporting.repeat_code import literal, quoted, r_literal, r_name

_LEFT_OUT = {"models", "data", "outcome", "verbose", "n_jobs", "memory", "checkpoint"}


def python_code(comparison, source=None):
    """Return Python code that repeats a comparison of forecasters; what can't be written stands by a name."""
    models = [
        (repr(name), *_model(name, model, comparison, "bn.", literal, "="))
        for name, model in _asked(comparison)
    ]
    lines = [
        "import bineural as bn",
        "",
        _data_line(comparison, source, "bn.load_dataset", "="),
        "models = {",
    ]
    lines += [f"    {name}: {text},{_comment(comment)}" for name, text, comment in models]
    lines += ["}", "comparison = bn.compare_models(", "    models,", "    data,"]
    lines += [f"    {name}={literal(value)}," for name, value in _arguments(comparison)]
    return "\n".join([*lines, ")", "print(comparison)", 'bn.write_report(comparison, "report.html")'])


def r_code(comparison, source=None):
    """Return R code that repeats a comparison of forecasters."""
    models = [
        (r_name(name), *_model(name, model, comparison, "", r_literal, " = "))
        for name, model in _asked(comparison)
    ]
    lines = ["library(bineural)", "", _data_line(comparison, source, "load_dataset", "<-"), "models <- list("]
    for k, (name, text, comment) in enumerate(models):
        lines.append(f"  {name} = {text}{',' * (k < len(models) - 1)}{_comment(comment)}")
    given = ["models", "data", *(f"{name} = {r_literal(value)}" for name, value in _arguments(comparison))]
    lines += [")", "comparison <- compare_models(", ",\n".join(f"  {text}" for text in given)]
    return "\n".join([*lines, ")", "print(comparison)", 'write_report(comparison, "report.html")'])


def _asked(comparison):
    return comparison.asked.get("models") or [(name, name) for name in comparison.models]


def _data_line(comparison, source, loader, becomes):
    known = f"{number_of(comparison.task.table.n_values, 'value')} of {comparison.outcome}"
    if source is None:
        return f"# data: your table of {known}"
    return f"data {becomes} {loader}({quoted(source)})  # {known}"


def _arguments(comparison):
    """Return (name, value) of the arguments that are not at their defaults."""
    from bineural.comparing.compare import compare_models

    asked = {**comparison.asked, "seed": comparison.seed}
    yield "outcome", comparison.outcome
    for name, parameter in inspect.signature(compare_models).parameters.items():
        value = asked.get(name, parameter.default)
        if name not in _LEFT_OUT and value is not None and value != parameter.default:
            yield name, value


def _model(name, model, comparison, package, write, is_):
    """Return (code, comment) of a forecaster as it was asked for."""
    if isinstance(model, str):
        return write(model), ""
    kind = type(model).__name__
    if kind == "Net":
        return _call(f"{package}make_net", [], model.options, write, is_)
    if kind == "Forecaster":
        asked = comparison.asked
        given = {each: getattr(model, each) for each in CHECKS if each not in ("origins", "seed")}
        given |= {each: asked[each] for each in ("horizon", "season", "time", "series", "known")}
        given |= {"architecture": model.architecture, **model.options}
        rows = ["data", write(comparison.outcome)]
        return _call(f"{package}fit_forecast", rows, given, write, is_)
    own = getattr(model, "__name__", "")
    text = own if own.isidentifier() else "".join(c if c.isalnum() else "_" for c in f"model_{name}")
    return text, "your own function"


def _call(verb, rows, options, write, is_):
    written = {name: write(value) for name, value in options.items() if value is not None}
    lost = [name for name, text in written.items() if text is None]
    given = [f"{name}{is_}{text}" for name, text in written.items() if text is not None]
    return f"{verb}({', '.join([*rows, *given])})", f"add your own {', '.join(lost)}" if lost else ""


def _comment(text):
    return f"  # {text}" if text else ""
