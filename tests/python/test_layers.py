"""Rooms use only the rooms below them, and no two files need one another: the contract in .importlinter."""

import re
import subprocess
import sysconfig
from collections import Counter
from pathlib import Path

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).parents[2]
CODE = ROOT / "python" / "bineural"
CONTRACTS = {"layers": LayersContract, "acyclic_siblings": AcyclicSiblingsContract}
CONFIGURATION = read_configuration(str(ROOT / ".importlinter"))


def is_kept(kind, importer=None, imported=None):
    """Check the contract of a kind on the package, with one import more."""
    graph = grimp.build_graph("bineural", cache_dir=None, exclude_type_checking_imports=True)
    if importer is not None:
        graph.add_import(importer=importer, imported=imported)
    options = next(o for o in CONFIGURATION["contracts_options"] if o["type"] == kind)
    contract = CONTRACTS[kind](options["name"], CONFIGURATION["session_options"], options)
    return contract.check(graph, verbose=False).kept


def test_the_contract_is_kept():
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    command = [program, "--no-cache", "--no-logo", ROOT / ".importlinter"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CODE.parent)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("kind", "importer", "imported"),
    [
        ("layers", "bineural.measures.evaluation", "bineural.figures.curves"),
        ("layers", "bineural.errors", "bineural.messages"),
        ("layers", "bineural.drawn", "bineural.comparing"),
        ("acyclic_siblings", "bineural.splitting.manifests", "bineural.splitting.loading"),
    ],
)
def test_an_import_against_the_contract_is_seen(kind, importer, imported):
    assert is_kept(kind)
    assert not is_kept(kind, importer, imported)


def test_imports_inside_functions_count():
    graph = grimp.build_graph("bineural", cache_dir=None)
    inside = "bineural.comparing.run_record"  # `Comparison.run` imports it when first asked for
    assert inside in graph.find_modules_directly_imported_by("bineural.comparing.comparison")


def test_only_what_draws_names_a_figure():
    above = ("figures", "reporting", "fundamentals", "course", "cli")  # and the two that find them by name
    naming = {
        file.relative_to(CODE).parts[0]
        for file in CODE.rglob("*.py")
        if "bineural.figures" in file.read_text()
    }
    assert naming - set(above) == {"drawn.py", "demo.py"}


def test_no_function_of_r_is_defined_twice():
    """One file would silently take the place of the other's."""
    files = (ROOT / "R").glob("*.R")
    defined = Counter(
        name
        for file in files
        for name in re.findall(r"^([\w.]+) <- function\b", file.read_text(), re.MULTILINE)
    )
    assert len(defined) > 500
    assert [name for name, n in defined.items() if n > 1] == []
