"""The sections of the report of a comparison of forecasters; each takes the comparison and returns HTML."""

import math

from bineural.comparing.forecast_judging import LABELS
from bineural.comparing.rounding import limits
from bineural.comparing.run_record import record_session
from bineural.markup import bullets, element, wrap
from bineural.messages import listed, number_of
from bineural.reporting.forecast_code import python_code, r_code
from bineural.reporting.page import code, heading, picture, section, table, terms

_ROLES = {"baseline": "baseline", "glm": "AR GLM", "net": "net", "function": "function"}


def sections(comparison, title, source):
    """Return all sections, in the order of the page."""
    run = record_session()
    return [
        _head(comparison, title, run),
        _verdicts(comparison),
        _measures(comparison),
        _figure(comparison),
        _series_and_origins(comparison),
        _models(comparison),
        _repeat(comparison, source),
        _run_record(comparison, run),
    ]


def _head(comparison, title, run):
    """Return the title, what was forecast from where, the principal verdict, and what to know of it."""
    about = f"{comparison._headline()}. {comparison._origins_line()}."
    return heading(title, about, comparison.verdict, (*comparison.notes, *comparison.warned), run)


def _verdicts(comparison):
    """Return every verdict, and the table of differences."""
    level, label = f"{100 * comparison.level:g}%", LABELS[comparison.measure]
    columns = [
        "model",
        "other",
        "difference",
        f"{level} interval",
        "p",
        "p (Holm)",
        "origins",
        "could be seen",
    ]
    rows = []
    for row in comparison.differences.query("measure == @comparison.measure").to_dict("records"):
        interval = "–" if math.isnan(row["low"]) else limits(row["low"], row["high"])
        cells = [row["model"], row["other"], _number(row["difference"]), interval]
        rows.append([*cells, _p(row["p"]), _p(row["p_holm"]), str(row["n"]), _number(row["detectable"])])
    caption = f"Differences in {label}, model minus other; smaller is better."
    how = (
        "Origins look at much the same past and, where they are nearer than the horizon, at the same future: "
        "the test counts that (Diebold and Mariano 1995, corrected as Harvey, Leybourne and Newbold 1997 "
        "have it); of 20 series and more it draws series again. A winner must also beat the naive forecast "
        f"{comparison.naive}. “Could be seen” is the difference that so many origins would find in 80 of 100 "
        "cases."
    )
    return section(
        "Verdicts",
        element("p", comparison._verdict_line()),
        bullets(comparison.verdicts),
        table(columns, rows, caption, text=("other",)) if rows else "",
        element("p", how, class_="soft"),
    )


def _measures(comparison):
    """Return the table of all measures, over origins and series."""
    chosen, level = comparison.measure, f"{100 * comparison.level:g}%"
    others = [name for name in LABELS if name != chosen]
    columns = ["model", LABELS[chosen], f"{level} interval", *(LABELS[name] for name in others)]
    columns += ["coverage", "seed SD", "origins", "seconds"]
    rows = []
    for row in comparison.table.to_dict("records"):
        interval = "–" if math.isnan(row["low"]) else limits(row["low"], row["high"])
        covered = "–" if math.isnan(row["coverage"]) else f"{row['coverage']:.0%} of {row['n_covered']}"
        cells = [row["model"], _number(row[chosen]), interval, *(_number(row[name]) for name in others)]
        rows.append([*cells, covered, _number(row["seed_sd"]), str(row["n"]), _number(row["seconds"], 2)])
    caption = (
        "Means over origins and series; smaller is better. MASE and RMSSE are errors in the unit of the "
        "change from one season to the next, as it was known at each origin: 1 is no better than that. "
        f"Coverage is of {level} intervals made of the errors of earlier origins."
    )
    return section("Measures", table(columns, rows, caption))


def _figure(comparison):
    from bineural.figures.forecasts import plot_origins

    label = LABELS[comparison.measure]
    best = min(comparison.models, key=lambda name: _or_infinite(comparison.estimate(name)))
    alt = (
        f"{label} of {listed(comparison.models)} at each of "
        f"{number_of(len(comparison.positions), 'origin')}; the smallest mean is that of {best}"
    )
    caption = f"{label} of each forecaster at each origin; smaller is better."
    return section("Figures", wrap("div", picture(plot_origins(comparison), alt, caption), class_="figures"))


def _series_and_origins(comparison):
    table_, shown = comparison.task.table, comparison.task.table.axis.shown
    names = [str(series.name) for series in table_.series]
    lengths = [len(series.values) for series in table_.series]
    least, most = min(lengths), max(lengths)
    pairs = [
        ("Outcome", comparison.outcome),
        ("Series", f"{len(names)}: {listed(names, 12)}" if len(names) > 1 else None),
        ("Values of a series", f"{least:,}" if least == most else f"{least:,} to {most:,}"),
        (
            "Times",
            f"{shown(min(s.start for s in table_.series))} to {shown(table_.end - 1)} by {table_.axis.unit}",
        ),
        ("Season", f"{comparison.season} steps" if comparison.season > 1 else "none"),
        ("Known ahead", listed(table_.known) if table_.known else None),
        ("Origins", comparison._origins_line()),
    ]
    return section("Series and origins", terms(pairs))


def _models(comparison):
    rows = []
    for entrant in comparison.entrants:
        role = {comparison.reference: "reference", comparison.naive: "must be beaten"}.get(entrant.name, "")
        rows.append([entrant.name, _ROLES[entrant.kind], entrant.describe(), role])
    caption = "Every forecaster was fitted anew at every origin, to what was known there."
    columns = ["model", "kind", "as fitted", ""]
    return section("Forecasters as fitted", table(columns, rows, caption, text=("kind", "as fitted", "")))


def _repeat(comparison, source):
    return section(
        "To repeat it",
        element("p", "The seed gives the same fits and the same numbers in both languages."),
        element("h3", "Python"),
        code(python_code(comparison, source), "Python"),
        element("h3", "R"),
        code(r_code(comparison, source), "R"),
    )


def _run_record(comparison, run):
    pairs = [
        ("Begun", comparison.begun),
        ("Seconds of forecasting", f"{sum(comparison.seconds.values()):.4g}"),
        ("Seed", comparison.seed),
        ("Python", run["python"]),
        *run["versions"].items(),
        ("Machine", run["machine"]),
    ]
    return section("Run record", terms(pairs))


def _number(value, places=3):
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.{places}f}" if abs(value) < 100 else f"{value:,.0f}"


def _p(value):
    if math.isnan(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _or_infinite(value):
    return math.inf if math.isnan(value) else value
