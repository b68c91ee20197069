"""Make the page README.md: what each script measures, and what is owed beside what was measured.

The first sentence of a script's docstring says what it measures. Its `OWED` names its headline rows:
`{"work": ">= 400x"}`, a bound and a unit, or "reported" where nothing is owed but the figure. What was
measured is read from the results, so that nothing on the page is typed by hand. `running.write` makes the
page whenever results are written; `python benchmarks/page.py` makes it alone.
"""

import ast
import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
HEADING = "## Owed and measured"
COLUMNS = "| work | owed | measured | kept |"
INTRODUCTION = """# Benchmarks

`make bench` runs every script and says at its end which ones failed; `python benchmarks/bench_x.py` runs one,
with `--quick` its smallest part, which is printed and not written. PyTorch is timed where
`BINEURAL_TORCH_PYTHON` names a Python that has it and NumPy. A program that fails is marked in its table with
the reason; the others still run. Results say their commit, date, machine and versions. This page is made by
`page.py` from the scripts and their results.
"""


class Script(NamedTuple):
    """What a benchmark says of itself."""

    name: str
    sentence: str
    owed: dict


def read_script(path):
    """Read a benchmark's first sentence and what it owes, without running it."""
    tree = ast.parse(path.read_text())
    sentence = " ".join(ast.get_docstring(tree).split("\n\n")[0].split())
    owed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "OWED"
    ]
    return Script(path.stem, re.split(r"(?<=[.?])\s", sentence)[0], owed[0] if owed else {})


def read_bound(owed):
    """Part ">= 400x" into (">=", 400.0, "x"); None where only the figure is owed."""
    if owed == "reported":
        return None
    sign, number, unit = re.fullmatch(r"(>=|<=) ([\d.]+)(.*)", owed).groups()
    return sign, float(number), unit


def owed_table(owed, measured):
    """Write the headline rows of one benchmark.

    Parameters
    ----------
    owed : dict of str to str
        The script's OWED.
    measured : dict of str to float, str or None
        By the same names; None where it could not be measured.
    """
    if unknown := set(measured) - set(owed):
        raise KeyError(f"OWED has no {sorted(unknown)}; it has {sorted(owed)}.")
    lines = [HEADING, "", COLUMNS, "|---" * COLUMNS.count(" |") + "|"]
    for work, bound in owed.items():
        figure, kept = judge(bound, measured.get(work))
        lines.append(f"| {work} | {bound} | {figure} | {kept} |")
    return "\n".join(lines)


def judge(owed, value):
    """Return the figure as written, and whether the bound is kept ("" where there is none)."""
    if value is None:
        return "failed", "no"
    if isinstance(value, str):
        return value, ""
    bound, figure = read_bound(owed), f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if bound is None:
        return figure, ""
    sign, limit, unit = bound
    kept = value >= limit if sign == ">=" else value <= limit
    return figure + unit, "yes" if kept else "no"


def read_result(path):
    """Return the commit of a result file, and its headline rows as {work: (owed, measured, kept)}."""
    text = path.read_text() if path.exists() else ""
    commit = re.search(r"Commit (\w+(?: \(with changes\))?),", text)
    rows = {}
    if HEADING in text:
        for line in text.split(HEADING)[1].strip().splitlines()[2:]:
            if not line.startswith("|"):
                break
            work, *cells = (cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|"))
            rows[work] = tuple(cells)
    return commit[1] if commit else "", rows


def make_page(folder):
    """Return the page of a folder of benchmarks as Markdown."""
    scripts = [read_script(path) for path in sorted(folder.glob("bench_*.py"))]
    lines = [INTRODUCTION, "| script | what it measures | commit |", "|---|---|---|"]
    ratios = [HEADING, "", f"{COLUMNS} script |", "|---" * 5 + "|"]
    for script in scripts:
        commit, rows = read_result(folder / "results" / f"{script.name}.md")
        result = f"[{commit or 'before commits were noted'}](results/{script.name}.md)"
        if not (folder / "results" / f"{script.name}.md").exists():
            result = "not yet run"
        lines.append(f"| `{script.name}.py` | {script.sentence} | {result} |")
        for work, owed in script.owed.items():
            bound, figure, kept = rows.get(work, (owed, "not yet", ""))
            kept = kept if bound == owed else f"measured for {bound}"
            ratios.append(f"| {work} | {owed} | {figure} | {kept} | `{script.name}` |")
    return "\n".join([*lines, "", *ratios]) + "\n"


def write_page():
    """Write README.md."""
    (HERE / "README.md").write_text(make_page(HERE))


if __name__ == "__main__":
    write_page()
