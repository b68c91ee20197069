"""What the README shows works as it stands."""

import re
import shlex
from pathlib import Path

import pytest

import bineural as bn
from bineural.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.S)


@pytest.mark.long
def test_the_flow_in_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks("python"):
        assert "repeats=10" in block
        exec(compile(block.replace("repeats=10", "repeats=1"), "README.md", "exec"), names)
    assert len(names["fits"].nets) == 20 and len(names["fits"].held_out) == 2 * 81
    printed = capsys.readouterr().out
    assert printed.count("n = 21, events = 5") == 2
    assert bn.load_model("net.bineural").seed == 2019


def test_the_commands_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    kyphosis = bn.load_dataset("kyphosis")
    mine = kyphosis.assign(ill=kyphosis["Kyphosis"].map({"absent": "no", "present": "yes"}).astype(str))
    for name in ("mine", "new", "test"):
        mine.drop(columns="Kyphosis").to_csv(f"{name}.csv", index=False)
    commands = next(b for b in blocks("sh") if "bineural fit" in b).splitlines()
    for line in commands:
        argv = shlex.split(line, comments=True)
        argv += ["--repeats", "1"] if argv[1] == "compare" else []  # instead of 10
        assert main(argv[1:]) == 0 or argv[1] == "sitrep"
    assert "n = 81, events = 17" in capsys.readouterr().out


def test_the_files_it_names_are_there():
    for name in re.findall(r"\]\(([^)]+)\)", README) + re.findall(r"^\| `([^`]+)`", README, flags=re.M):
        assert (ROOT / name).exists() or (ROOT / "python/bineural" / name).exists(), name


def test_make_help_lists_what_the_makefile_has():
    makefile = (ROOT / "Makefile").read_text()
    for target in ["help", "setup", "demo", "test", "lint", "check", "docs", "bench", "clean"]:
        assert re.search(rf"^{target}:.*## ", makefile, flags=re.M)
