"""The sitrep says what is here, and how to mend what is not."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bineural import environment, sitrep
from bineural.cli import main
from bineural.errors import InputError

ROOT = Path(__file__).parents[2]


def test_needed_packages_are_those_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {}
    for line in project["dependencies"]:
        name, _, rest = line.partition(";")[0].partition(">=")
        declared[name.replace("tensorflow-cpu", "tensorflow").strip()] = rest.split(",")[0].strip()
    assert declared == environment.PACKAGES


def test_sitrep_names_this_python_and_its_packages():
    situation = sitrep()
    assert sys.executable in situation.sections["Python"]["executable"]
    assert situation.sections["Packages"]["numpy"] == __import__("numpy").__version__
    assert "numpy" in str(situation)
    assert json.loads(json.dumps(situation.to_dict()))["ok"] is situation.ok


def test_a_missing_package_comes_with_the_line_that_mends_it(monkeypatch):
    monkeypatch.setattr(environment, "PACKAGES", {"no-such-package": "1.5", "numpy": "999"})
    situation = sitrep()
    assert not situation.ok
    absent, old = situation.missing[:2]
    assert "no-such-package is not installed" in absent["what"]
    assert absent["mend"] == f"{sys.executable} -m pip install 'no-such-package>=1.5'"
    assert "older than 999" in old["what"]
    assert absent["mend"] in str(situation)


def test_what_is_missing_is_installed_where_that_is_asked_for(monkeypatch, capsys):
    needed, ran = {"no-such-package": "1.5", "numpy": "1"}, []

    def run(command, **options):
        ran.append(command)
        monkeypatch.setattr(environment, "PACKAGES", {"numpy": "1"})
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(environment, "PACKAGES", needed)
    monkeypatch.setattr(environment, "_run_pip", run)
    assert not sitrep().ok and ran == []
    situation = sitrep(mend=True)
    assert ran == [[sys.executable, "-m", "pip", "install", "no-such-package>=1.5"]]
    assert not any("no-such-package" in item["what"] for item in situation.missing)
    assert sitrep(mend=True).ok and len(ran) == 1
    monkeypatch.setattr(environment, "PACKAGES", needed)
    failed = subprocess.CompletedProcess([], 1, "", "ERROR: No matching distribution found\n\n")
    monkeypatch.setattr(environment, "_run_pip", lambda command, **options: failed)
    with pytest.raises(InputError, match=r"(?s)No matching distribution found.*no-such-package>=1.5"):
        sitrep(mend=True)
    assert main(["sitrep", "--mend"]) == 2
    assert "No matching distribution" in capsys.readouterr().err


def test_without_r_the_sitrep_says_so_and_asks_for_nothing(monkeypatch):
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    situation = sitrep()
    assert situation.sections["R"]["R"].startswith("not found")
    assert not any("R" in m["what"].split() for m in situation.missing)


def only_r_is_there(monkeypatch):
    found = {"Rscript": "/bin/Rscript"}
    monkeypatch.setattr(environment.shutil, "which", found.get)


def test_an_old_reticulate_is_named(monkeypatch):
    only_r_is_there(monkeypatch)
    monkeypatch.setattr(environment, "_say", lambda command: "4.2.2\n1.28\nnot found")
    monkeypatch.setenv("R_LIBS", str(ROOT / ".Rlib"))
    (item,) = [m for m in sitrep().missing if "reticulate" in m["what"]]
    assert "1.28" in item["what"] and "install.packages" in item["mend"]


def test_a_reticulate_that_set_up_built_is_pointed_to(monkeypatch, tmp_path):
    only_r_is_there(monkeypatch)
    monkeypatch.setattr(environment, "_say", lambda command: "4.2.2\n1.28\nnot found")
    monkeypatch.setenv("R_LIBS", "")
    monkeypatch.setattr(environment, "__file__", str(tmp_path / "python/bineural/environment.py"))
    (tmp_path / ".Rlib/reticulate").mkdir(parents=True)
    assert any(m["mend"] == f"export R_LIBS={tmp_path / '.Rlib'}" for m in sitrep().missing)


def test_an_r_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(environment, "_say", lambda command: None)
    only_r_is_there(monkeypatch)
    assert any("does not answer" in m["what"] for m in sitrep().missing)


def test_what_only_r_lacks_leaves_the_situation_whole(monkeypatch, capsys):
    only_r_is_there(monkeypatch)
    monkeypatch.setattr(environment, "_say", lambda command: "4.2.2\nnot found\nnot found")
    situation = sitrep()
    assert situation.ok and [item["side"] for item in situation.missing] == ["R"]
    assert "Missing on R's side only" in str(situation) and "Nothing is missing" not in str(situation)
    assert main(["sitrep"]) == 0 and main(["sitrep", "--json"]) == 0
    assert '"side": "R"' in capsys.readouterr().out
    monkeypatch.setattr(environment, "PACKAGES", {"no-such-package": "1.5"})
    assert not sitrep().ok and [item["side"] for item in sitrep().missing] == ["Python", "R"]
    assert main(["sitrep"]) == 1


@pytest.mark.parametrize(
    "older, newer", [("2.9", "2.10"), ("1.41", "1.41.0.1"), ("2.0.0rc1", "2.0.1"), ("3", "3.1")]
)
def test_versions_are_ordered_by_their_numbers(older, newer):
    assert environment._parts(older) < environment._parts(newer)


@pytest.mark.parametrize(
    "modules, variables, said",
    [
        ({"rpytools": sys}, {"RETICULATE_PYTHON": "/a/python"}, "RETICULATE_PYTHON is /a/python"),
        ({"rpytools": sys}, {}, "reticulate chose it by itself"),
        ({}, {"CONDA_PREFIX": sys.prefix}, "conda environment"),
    ],
)
def test_sitrep_says_why_this_python(monkeypatch, modules, variables, said):
    for name in ("RETICULATE_PYTHON", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    assert said in environment._why_this_python()
