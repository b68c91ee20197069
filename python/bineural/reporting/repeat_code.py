"""The code that repeats a comparison, in Python and in R, made from what was asked."""

import inspect
from pathlib import Path

import numpy as np

from bineural.messages import number_of
from bineural.tables.frames import is_frame

_DEFAULTS_LEFT_OUT = {"verbose", "n_jobs", "models", "data"}


def python_code(comparison, source=None):
    """Return Python code that repeats a comparison.

    Parameters
    ----------
    comparison : Comparison
    source : str, optional
        File or data set that `load_dataset` reads.

    Returns
    -------
    str
        What can't be written, such as a function, stands as a name with a comment.
    """
    models = [(name, *_python_model(name, entrant, comparison)) for name, entrant in _named(comparison)]
    imports = sorted({line for _, _, lines, _ in models for line in lines})
    loads_outcome = loads_labels(comparison, source) or loads_sequences(comparison, source)
    lines = ["import bineural as bn", *imports, "", *_data_lines(comparison, source, "bn.load_dataset", "=")]
    lines += ["models = {"]
    lines += [f"    {name!r}: {text},{_comment(comment)}" for name, text, _, comment in models]
    lines += ["}", "comparison = bn.compare_models(", "    models,", "    data,"]
    for name, value in _arguments(comparison):
        text = literal(value)
        comment = "" if name == "outcome" and loads_outcome else _of_own(name, value, text)
        lines += [f"    {name}={name if text is None else text},{_comment(comment)}"]
    return "\n".join([*lines, ")", "print(comparison)", 'bn.write_report(comparison, "report.html")'])


def r_code(comparison, source=None):
    """Return R code that repeats a comparison; see `python_code`."""
    models = [(name, *_r_model(name, entrant, comparison)) for name, entrant in _named(comparison)]
    imports = sorted({line for _, _, lines, _ in models for line in lines})
    loads_outcome = loads_labels(comparison, source) or loads_sequences(comparison, source)
    lines = ["library(bineural)"]
    lines += [f"reticulate::py_run_string({r_literal(line)})" for line in imports]
    lines += ["", *_data_lines(comparison, source, "load_dataset", "<-"), "models <- list("]
    for k, (name, text, _, comment) in enumerate(models):
        comma = "," if k < len(models) - 1 else ""
        lines += [f"  {r_name(name)} = {text}{comma}{_comment(comment)}"]
    lines += [")", "comparison <- compare_models("]
    held = [("models", ""), ("data", "")]
    for name, value in _arguments(comparison):
        text = r_literal(value)
        comment = "" if name == "outcome" and loads_outcome else _of_own(name, value, text)
        held.append((f"{name} = {name if text is None else text}", comment))
    for k, (text, comment) in enumerate(held):
        lines += [f"  {text}{',' if k < len(held) - 1 else ''}{_comment(comment)}"]
    return "\n".join([*lines, ")", "print(comparison)", 'write_report(comparison, "report.html")'])


def _of_own(name, value, text):
    """Say what of an argument is the user's own; `text` is how it is written, or None."""
    from bineural.measures.registry import is_own

    if name == "measure" and is_own(value):
        return "your own: register_measure() it first"
    return "" if text else "your own"


def _named(comparison):
    """Return (name, model) as they were asked for."""
    entrants = {entrant.name: entrant for entrant in comparison.entrants}
    asked = comparison.asked["models"]
    return [(name, given if isinstance(given, str) else entrants[name]) for name, given in asked]


def _data_lines(comparison, source, loader, becomes):
    if getattr(comparison.basis, "kept", None) is not None:
        known = f"{number_of(comparison.n_rows, 'row')}, read in batches"
        return [
            f"# data: your {known}" if source is None else f"data {becomes} {quoted(str(source))}  # {known}"
        ]
    n = len(comparison.basis.truth)
    known = f"{number_of(n, 'row')}, hash {comparison.run['data_hash']} without the outcome"
    if source is None:
        return [f"# data: your table of {known}"]
    if loads_images(comparison, source):
        return _image_lines(comparison, source, loader, becomes, known)
    if loads_sequences(comparison, source):
        return _sequence_lines(comparison, source, loader, becomes, known)
    return [f"data {becomes} {loader}({quoted(source)})  # {known}"]


def loads_images(comparison, source):
    """Say whether the rows are images that a source names: a folder, or a set of `load_images`."""
    return getattr(comparison.basis.problem.X, "ndim", 0) == 4 and names_images(source)


def names_images(source):
    """Say whether a source is a folder, or a set of `load_images`."""
    from bineural.data.image_sets import IMAGE_SETS

    return source is not None and (str(source) in IMAGE_SETS or Path(source).is_dir())


def _image_lines(comparison, source, loader, becomes, known):
    """Return the lines that load images and their labels; `loader` is that of tables."""
    write, member = (literal, ".") if becomes == "=" else (r_literal, "$")
    is_, (_, *size, n_channels) = becomes if becomes == "=" else " = ", comparison.basis.problem.X.shape
    given = [] if None in size else [f"size{is_}{write(size)}"]
    given += [f"colour{is_}{write('grey' if n_channels == 1 else 'rgb')}"]
    call = f"{loader.replace('load_dataset', 'load_images')}({quoted(source)}, {', '.join(given)})"
    lines = [f"images {becomes} {call}  # {known}", f"data {becomes} images{member}images"]
    if comparison.basis.problem.object_labels is not None:  # whose boxes are no part of the source
        return lines
    return [*lines, f"outcome {becomes} images{member}labels"]


def loads_labels(comparison, source):
    """Say whether the rows are images that a source names, with labels: boxes are no part of it."""
    return loads_images(comparison, source) and comparison.basis.problem.object_labels is None


def loads_sequences(comparison, source):
    """Say whether the rows are the sequences of a long table that a source names."""
    return source is not None and bool(getattr(comparison.basis.problem.X, "made_by", None))


def _sequence_lines(comparison, source, loader, becomes, known):
    """Return the lines that load a long table, and make sequences of it."""
    write, is_ = (literal, "=") if becomes == "=" else (r_literal, " = ")
    given = [f"{name}{is_}{write(value)}" for name, value in comparison.basis.problem.X.made_by.items()]
    make = f"{loader.replace('load_dataset', 'as_sequences')}(table, {', '.join(given)})"
    table = f"table {becomes} {loader}({quoted(source)})"
    if becomes == "=":
        return [table, f"data = {make}  # {known}", "outcome = data.outcome"]
    return [
        table,
        f"sequences <- {make}  # {known}",
        "data <- sequences$sequences",
        "outcome <- sequences$outcome",
    ]


def _arguments(comparison):
    """Return (name, value) of the arguments that are not at their defaults, and those that fits knew."""
    from bineural.comparing.compare import compare_models

    asked = dict(comparison.asked)
    if asked.get("outcome") is None and asked.get("formula") is None:
        asked["outcome"] = comparison.outcome
    if asked.get("event") is None and comparison.basis.task == "binary":
        asked["event"] = comparison.event
    asked["seed"] = comparison.seed
    for name, parameter in inspect.signature(compare_models).parameters.items():
        value = asked.get(name, parameter.default)
        if name in _DEFAULTS_LEFT_OUT or (value is None and parameter.default is None):
            continue
        always = name in ("folds", "repeats")  # what a reader looks for
        if always or not _same(value, parameter.default):
            yield name, value


def _python_model(name, entrant, comparison):
    """Return (code, imports, comment)."""
    if isinstance(entrant, str):
        return repr(entrant), [], ""
    if hasattr(entrant, "tuned"):
        return _tuned(entrant.tuned, "bn.tune_net({})", literal, "=")
    model = entrant.model
    kind = type(model).__name__
    if kind in _OWN:
        formula = [literal(model.formula)] if model.formula else []
        given, comment = options_code(model, literal)
        return f"bn.{kind}({', '.join(formula + [f'{k}={v}' for k, v in given])})", [], comment
    if kind == "RModel" or hasattr(entrant, "spec"):
        spec = entrant.spec
        packages = f", packages={spec.packages!r}" if spec.packages else ""
        return f"bn.r_model({spec.fit!r}, {spec.predict!r}{packages})", [], ""
    if entrant.kind == "average":
        return f"bn.average_models({entrant.names!r}{_weights(entrant, literal, '=')})", [], ""
    if hasattr(model, "get_params"):
        return _repr(model), _imports(model), ""
    return _identifier(entrant.describe(), name), [], f"your own: {entrant.describe()}"


def _r_model(name, entrant, comparison):
    if isinstance(entrant, str):
        return r_literal(entrant), [], ""
    if hasattr(entrant, "tuned"):
        return _tuned(entrant.tuned, "tune_net({})", r_literal, " = ")
    model = entrant.model
    kind = type(model).__name__
    if kind in _OWN:
        verb = "fit_glm" if kind.startswith("GLM") else "fit_net"
        given, comment = options_code(model, r_literal)
        if comparison.task == "binary":
            given.insert(0, ("event", r_literal(comparison.event)))
        if comparison.asked.get("classes") is not None:
            given.append(("classes", r_literal(comparison.asked["classes"])))
        terms = model.formula or comparison.basis.problem.terms or "."
        formula = terms if "~" in terms else f"{comparison.outcome or 'outcome'} ~ {terms}"
        rows = [formula, "data"] if is_frame(comparison.basis.problem.X) else ["data", "outcome"]
        return f"{verb}({', '.join(rows + [f'{k} = {v}' for k, v in given])})", [], comment
    if hasattr(entrant, "spec"):
        packages = f", packages = {r_literal(entrant.spec.packages)}" if entrant.spec.packages else ""
        return f"r_model({entrant.spec.fit}, {entrant.spec.predict}{packages})", [], ""
    if entrant.kind == "average":
        return f"average_models({r_literal(entrant.names)}{_weights(entrant, r_literal, ' = ')})", [], ""
    if hasattr(model, "get_params"):
        return f"reticulate::py_eval({r_literal(_repr(model))}, convert = FALSE)", _imports(model), ""
    return r_name(_identifier(entrant.describe(), name)), [], f"your own: {entrant.describe()}"


def _tuned(tuned, call, write, is_):
    """Return (code, imports, comment) of a tuned net; of x and y where no formula was given."""
    from bineural.comparing.tuning import tune_net

    formula = tuned.formula_
    written = [write(formula) if write is literal else formula, "data"] if formula else ["data", "outcome"]
    asked = {**tuned.asked, "seed": tuned.seed}
    if hasattr(asked.get("grid"), "columns"):  # a data frame: the settings that were read from it
        asked |= {"grid": tuned.settings, "n_settings": None}
    given, comment = _not_default(asked, inspect.signature(tune_net).parameters, write)
    return call.format(", ".join(written + [f"{k}{is_}{v}" for k, v in given])), [], comment


def _weights(average, write, is_):
    return "" if average.weights is None else f", weights{is_}{write([float(w) for w in average.weights])}"


_OWN = ("GLMClassifier", "GLMRegressor", "NetClassifier", "NetRegressor", "NetDetector")


def options_code(model, write):
    """Return (name, code) of the options that are not at their defaults, and a comment on others."""
    options = {n: v for n, v in model.get_params(deep=False).items() if n not in ("formula", "event", "seed")}
    return _not_default(options, inspect.signature(type(model).__init__).parameters, write)


def _not_default(options, parameters, write):
    """Return (name, code) of the options that are not at the defaults of `parameters`, and a comment."""
    from bineural.nets.options import OPTIONS

    given, lost = [], []
    defaults = {option.name: option.default for option in OPTIONS}
    defaults |= {name: parameter.default for name, parameter in parameters.items()}
    for name, value in options.items():
        if name == "verbose" or (name in defaults and _same(value, defaults[name])):
            continue  # an option of an architecture's own is always written
        text = write(value)
        given += [(name, text)] if text is not None else []
        lost += [name] if text is None else []
    return given, f"add your own {', '.join(lost)}" if lost else ""


def _repr(estimator):
    return " ".join(estimator.__repr__(N_CHAR_MAX=10**6).split())


def _imports(estimator):
    """Return the import lines of an estimator and those within it."""
    modules, waiting = set(), [estimator]
    while waiting:
        estimator_part = waiting.pop()
        if isinstance(estimator_part, (list, tuple)):
            waiting += estimator_part
        elif hasattr(estimator_part, "get_params") and not isinstance(estimator_part, type):
            parts = []
            for part in type(estimator_part).__module__.split("."):
                if part.startswith("_"):
                    break
                parts.append(part)
            modules.add(f"from {'.'.join(parts)} import {type(estimator_part).__name__}")
            waiting += estimator_part.get_params(deep=False).values()
    return modules


def literal(value):
    """Write a plain value as Python code; None for what can't be written."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    if isinstance(value, dict):
        held = [(literal(k), literal(v)) for k, v in value.items()]
        return (
            None if any(None in pair for pair in held) else f"{{{', '.join(f'{k}: {v}' for k, v in held)}}}"
        )
    if not isinstance(value, (list, tuple)):
        return None
    held = [literal(part) for part in value]
    if None in held:
        return None
    inside = ", ".join(held)
    return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(held) == 1)})"


def r_literal(value):
    """Write a plain value as R code; None for what can't be written."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return repr(value).replace("inf", "Inf").replace("nan", "NaN")
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        held = [(r_name(str(k)), r_literal(v)) for k, v in value.items()]
        return (
            None
            if any(None in pair for pair in held)
            else f"list({', '.join(f'{k} = {v}' for k, v in held)})"
        )
    if not isinstance(value, (list, tuple)):
        return None
    held = [r_literal(part) for part in value]
    return None if None in held else f"{_container(value)}({', '.join(held)})"


def _container(values):
    """Return R's word for some values: a vector where they are single values of one kind, or else a list."""
    kinds = {float if isinstance(v, (int, float)) and not isinstance(v, bool) else type(v) for v in values}
    return "c" if len(kinds) == 1 and kinds <= {float, str, bool} else "list"


def quoted(text):
    """Write text between double quotes, as both languages read it."""
    text = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\t", "\\t") + '"'


def r_name(name):
    """Write a name as R code: between backticks where it is no plain one."""
    plain = name.replace("_", "a").replace(".", "a")
    simple = (
        plain.isascii() and plain.isidentifier() and name[0] != "_" and name not in ("if", "for", "function")
    )
    return name if simple else "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _identifier(text, name):
    """Return a name that code can use for a model that only its owner can write."""
    if text.isidentifier():
        return text
    made = "".join(c if c.isalnum() else "_" for c in name)
    return made if made.isidentifier() else f"model_{made}"


def _comment(text):
    return f"  # {' '.join(text.split())[:100]}" if text else ""


def _same(a, b):
    a = tuple(a) if isinstance(a, list) and isinstance(b, tuple) else a  # R sends vectors as lists
    try:
        return _kind(a) is _kind(b) and bool(np.all(a == b)) and np.shape(a) == np.shape(b)
    except (TypeError, ValueError):
        return a is b


def _kind(value):
    """Return the type of a value; that of all numbers is one, as 1e9 is 1000000000."""
    return float if type(value) is int else type(value)
