"""What benchmarks share: a failed program tells why, results say their commit, the page is current."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SCRIPTS = sorted(BENCHMARKS.glob("bench_*.py"))


@pytest.fixture
def benchmarks(monkeypatch):
    """Import running.py, page.py and programs.py as the scripts do."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    before = set(sys.modules)
    import page
    import programs
    import running

    yield running, page, programs
    for name in set(sys.modules) - before:
        if name in ("running", "page", "programs", "peers") or name.startswith("bench_"):
            sys.modules.pop(name)


@pytest.fixture
def broken_python(tmp_path):
    """A Python whose every program ends with an error of its own."""
    path = tmp_path / "python"
    path.write_text("#!/bin/sh\necho 'loading' >&2\necho \"ImportError: no library | of mine\" >&2\nexit 3\n")
    path.chmod(0o755)
    return str(path)


def test_a_failed_peer_tells_its_own_error_and_the_others_still_run(
    benchmarks, broken_python, monkeypatch, capsys
):
    running, _, programs = benchmarks
    monkeypatch.setattr(programs, "TORCH_PYTHON", broken_python)
    script = Path(broken_python).with_name("bench_small.py")
    script.write_text('print(\'{"cold": 2.0, "warm": 1.0, "memory": 3.0}\')')
    answers = programs.alone_each(str(script), ["PyTorch", "ours"], "problem")
    told = capsys.readouterr().err
    assert "ImportError: no library | of mine" in told
    assert f"{broken_python} {script} --one PyTorch problem" in told
    assert "BINEURAL_TORCH_PYTHON" in told
    assert "Traceback" not in told
    assert answers["ours"]["warm"] == 1.0
    table = running.comparison("Problem", answers, "ours").splitlines()
    failed, kept = (next(line for line in table if line.startswith(f"| {p} |")) for p in ("PyTorch", "ours"))
    assert "failed: ImportError" in failed
    assert (
        len({len(re.findall(r"(?<!\\)\|", line)) for line in (failed, kept, table[2])}) == 1
    )  # same columns
    assert running.ratio(answers, "PyTorch", "ours") is None


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["/nowhere/python"], "No such file"),
        ([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], "signal 9"),
        ([sys.executable, "-c", "pass"], "printed no result"),
        ([sys.executable, "-c", "raise ValueError('seven')"], "ValueError: seven"),
    ],
)
def test_a_program_without_a_result_is_a_failure_with_its_reason(benchmarks, command, reason):
    running, _, programs = benchmarks
    with pytest.raises(programs.ProgramFailed, match=reason) as failure:
        programs.ask(command)
    assert reason in failure.value.reason


def test_a_failed_first_program_leaves_the_ratios_empty(benchmarks):
    running, _, programs = benchmarks
    answers = {
        "ours": programs.ProgramFailed(["x"], "ended with status 1"),
        "peer": {"cold": 1.0, "warm": 1.0, "memory": 1.0},
    }
    assert "| peer | 1.000 | 1.000 |  |  | 1 |" in running.comparison("Problem", answers, "ours")


@pytest.fixture
def own_folder(benchmarks, tmp_path, monkeypatch):
    """A folder with one benchmark, for which `write` writes."""
    running, page, programs = benchmarks
    (tmp_path / "results").mkdir()
    (tmp_path / "bench_small.py").write_text(
        '"""How long small things take. More of it.\n\nAnd more."""\n'
        'OWED = {"loop, warm": ">= 5x", "call": "<= 1 s", "share": "reported", "peer": ">= 2x"}\n'
    )
    for module in (running, page):
        monkeypatch.setattr(module, "HERE", tmp_path)
    return tmp_path


def test_results_say_commit_date_machine_and_versions_and_the_page_repeats_what_is_owed(
    benchmarks, own_folder
):
    running, page, programs = benchmarks
    measured = {"loop, warm": 6.04, "call": 1.5, "share": "4%", "peer": None}
    running.write("bench_small", "Small", "About.", ["## Part"], measured)
    result = (own_folder / "results" / "bench_small.md").read_text()
    git = ["git", "-C", str(BENCHMARKS), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip()
    assert f"Commit {commit or 'unknown'}" in result
    for pattern in (
        r"\d{4}-\d\d-\d\d \d\d:\d\d UTC",
        r"\d+ cores",
        r"Python 3\.",
        r"TensorFlow \d",
        r"Keras \d",
    ):
        assert re.search(pattern, result)
    written = (own_folder / "README.md").read_text()
    assert "| `bench_small.py` | How long small things take. |" in written
    assert "| loop, warm | >= 5x | 6.04x | yes | `bench_small` |" in written
    assert "| call | <= 1 s | 1.5 s | no | `bench_small` |" in written
    assert "| share | reported | 4% |  | `bench_small` |" in written
    assert "| peer | >= 2x | failed | no | `bench_small` |" in written
    assert commit in written


def test_a_page_says_what_was_not_measured_or_for_another_bound(benchmarks, own_folder):
    running, page, programs = benchmarks
    assert "| call | <= 1 s | not yet |  | `bench_small` |" in page.make_page(own_folder)
    running.write("bench_small", "Small", "", [], {"call": 0.5})
    script = own_folder / "bench_small.py"
    script.write_text(script.read_text().replace("<= 1 s", "<= 0.4 s"))
    assert "| call | <= 0.4 s | 0.5 s | measured for <= 1 s |" in page.make_page(own_folder)
    with pytest.raises(KeyError, match="no \\['typo'\\]"):
        running.write("bench_small", "Small", "", [], {"typo": 0.5})


def test_changes_of_the_tree_are_noted_and_those_of_results_are_not(benchmarks, tmp_path, monkeypatch):
    running, _, programs = benchmarks
    monkeypatch.setattr(running, "HERE", tmp_path / "benchmarks")
    (tmp_path / "benchmarks" / "results").mkdir(parents=True)
    assert running.find_commit() == "unknown"
    (tmp_path / "code.py").write_text("1\n")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    (tmp_path / "benchmarks" / "results" / "bench_x.md").write_text("new")
    (tmp_path / "benchmarks" / "README.md").write_text("new")
    assert re.fullmatch(r"[0-9a-f]+", running.find_commit())
    (tmp_path / "code.py").write_text("2\n")
    assert running.find_commit().endswith(" (with changes)")


def test_the_page_is_what_scripts_and_results_make_it(benchmarks):
    _, page, _ = benchmarks
    assert (BENCHMARKS / "README.md").read_text() == page.make_page(BENCHMARKS), (
        "run `python benchmarks/page.py`"
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_benchmark_is_on_the_page_takes_quick_and_writes_through_running(benchmarks, script):
    _, page, _ = benchmarks
    read = page.read_script(script)
    assert f"| `{script.name}` | {read.sentence} |" in (BENCHMARKS / "README.md").read_text()
    for bound in read.owed.values():
        page.read_bound(bound)
    code = script.read_text()
    assert "read_command(__doc__" in code
    assert f'write("{script.stem}"' in code
    assert "subprocess" not in code
    assert ".write_text(" not in code.replace("script.write_text(", "")


PROGRAMS_APART = ["architectures", "memory", "predicting", "rate", "resampling", "single", "tuning"]


@pytest.mark.parametrize("works", [True, False])
@pytest.mark.parametrize("name", PROGRAMS_APART)
def test_a_script_measures_what_it_owes_whether_its_programs_work_or_fail(
    benchmarks, monkeypatch, name, works
):
    running, page, programs = benchmarks
    script = importlib.import_module(f"bench_{name}")
    figures = {"cold": 1.0, "warm": 1.0, "processor": 1.0, "memory": 1.0, "how": "alone", "share": 1.0}
    figures |= {"mean": 0.5, "auroc": 0.5, "results": 1.0, "weights": 100, "estimate": 1.0}

    def alone(script, program, *arguments, **options):
        if not works:
            raise programs.ProgramFailed([program], "ended with status 1", "ImportError: none of it")
        if program == "leaks":
            return {
                kind: {"fits": 1, "grown": 1.0, "seconds": 1.0} for kind in sys.modules["bench_memory"].KINDS
            }
        return dict(figures)

    def write(*words):
        written.append(words)

    written = []
    monkeypatch.setattr(programs, "alone", alone)
    for own, value in {"alone": alone, "write": write}.items():
        monkeypatch.setattr(script, own, value, raising=False)
    monkeypatch.setattr(sys, "argv", ["bench_x.py"])
    script.main()
    [(_, _, _, parts, *more)], owed = written, page.read_script(BENCHMARKS / f"bench_{name}.py").owed
    measured = more[0] if more else {}
    assert set(measured) == set(owed)
    assert {work for work, figure in measured.items() if figure is None} == (set() if works else set(owed))
    assert any("failed: ImportError: none of it" in part for part in parts) is not works


def test_one_measures_in_this_process_and_prints_json(benchmarks, monkeypatch, capsys):
    running, _, programs = benchmarks
    monkeypatch.setattr(sys, "argv", ["bench_x.py", "--one", "ours", "problem"])
    with pytest.raises(SystemExit):
        running.read_command("About.", lambda *words: {"words": words})
    assert json.loads(capsys.readouterr().out) == {"words": ["ours", "problem"]}


def test_fits_to_tables_are_kept_and_means_take_the_splits_that_all_models_have(benchmarks, tmp_path):
    bench = importlib.import_module("bench_tables")
    store = bench.Store(tmp_path / "fits.jsonl")
    for split, model, loss in [(0, "a", 1.0), (1, "a", 3.0), (2, "a", 9.0), (0, "b", 2.0), (1, "b", 4.0)]:
        store.add("t", split, model, {"loss": loss})
    store.add("u", 0, "a", {"loss": 5.0})
    store.add("u", 0, "b", {"failed": "no memory"})
    again = bench.Store(tmp_path / "fits.jsonl")
    assert ("u", 0, "b") not in again.fits and again.fits["t", 1, "a"]["loss"] == 3
    means = bench.frame_of(again, ["t", "u"], ["a", "b"], "loss")
    assert means.loc["t"].tolist() == [2, 3, 2] and "u" not in means.index


def test_a_candidate_is_judged_on_tables_that_did_not_choose_it(benchmarks):
    bench = importlib.import_module("bench_tables")
    import pandas as pd

    loss = pd.DataFrame({"old": [1.0, 1.0, 1.0], "new": [0.5, 1.02, 1.02]}, index=list("xyz"))
    chosen, _ = bench.choose_nested(loss, pd.Series(1.0, index=list("xyz")))
    assert chosen.to_dict() == {"x": "old", "y": "new", "z": "new"}
