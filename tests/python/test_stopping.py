"""A command that is stopped says so by its status and leaves nothing: no file, no draft, no process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import bineural as bn
from bineural.cli import main
from bineural.files import write_atomically
from interrupting import press_ctrl_c_in_chunk, short_chunks  # noqa: F401

ROOT = Path(__file__).parents[2]
FIT = ["fit", "kyphosis", "--formula", "Kyphosis ~ .", "--event", "present", "--model", "net"]
FIT += ["--units", "4", "--epochs", "60", "--ensemble", "1", "--out"]


@pytest.mark.usefixtures("short_chunks")
def test_ctrl_c_of_a_fit_writes_nothing_unless_asked(tmp_path, monkeypatch, capsys):
    file = tmp_path / "net.bineural"
    press_ctrl_c_in_chunk(monkeypatch, 2)
    assert main([*FIT, str(file)]) == 130
    assert list(tmp_path.iterdir()) == []
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Stopped after " in printed.err and "of at most 60 epochs" in printed.err
    assert "Nothing was written; --keep-partial" in printed.err and "--checkpoint FILE" in printed.err


@pytest.mark.usefixtures("short_chunks")
def test_what_was_reached_is_written_where_it_is_asked_for(tmp_path, monkeypatch, capsys):
    file, kept = tmp_path / "net.bineural", tmp_path / "kept"
    press_ctrl_c_in_chunk(monkeypatch, 2)
    assert main([*FIT, str(file), "--keep-partial", "--checkpoint", str(kept)]) == 130
    net = bn.load_model(file)
    assert net.interrupted_ and 0 < net.n_epochs_ < 60
    assert f"The same command goes on from {kept}. Its seed is {net.seed_}." in capsys.readouterr().err
    assert main([*FIT, str(file), "--checkpoint", str(kept)]) == 0
    whole = bn.load_model(file)
    assert not whole.interrupted_ and whole.n_epochs_ > net.n_epochs_ and whole.seed_ == net.seed_


def test_ctrl_c_before_training_is_said_too(tmp_path, monkeypatch, capsys):
    def stop(*_):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("bineural.cli.commands.fit.read_folder", stop)
    assert main([*FIT, str(tmp_path / "net.bineural")]) == 130
    assert capsys.readouterr().err == "bineural fit: Stopped.\n"


def test_sigterm_ends_a_command_and_removes_its_draft(tmp_path, monkeypatch):
    def stop(*_):
        assert [file.suffix for file in tmp_path.iterdir()] == [".draft"]
        signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(os, "fsync", stop)
    monkeypatch.setattr(
        "bineural.cli.commands.fit.read_folder", lambda _: write_atomically(tmp_path / "file", b"x")
    )
    with pytest.raises(SystemExit) as caught:
        main([*FIT, str(tmp_path / "net.bineural")])
    assert caught.value.code == 143 and list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


COMPARE = """
import os, sys, time
from pathlib import Path
import bineural as bn
from bineural.cli import main
def wait(train, test):
    Path({folder!r}, str(os.getpid())).touch()
    time.sleep(600)
def compare(arguments):
    bn.compare_models({{"slow": wait}}, bn.load_dataset("kyphosis"), "Kyphosis", event="present", folds=4,
                      repeats=1, n_jobs=2, baseline=False, seed=1)
if {command}:
    from bineural.cli.commands.compare import COMMAND
    object.__setattr__(COMMAND, "run", compare)
    sys.exit(main(["compare", "kyphosis"]))
compare(None)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("number", "command", "status"),
    [
        pytest.param(signal.SIGINT, True, 130, marks=pytest.mark.long),
        pytest.param(signal.SIGTERM, True, 143, marks=pytest.mark.long),
        pytest.param(signal.SIGKILL, False, -signal.SIGKILL, marks=pytest.mark.long),
    ],
)
def test_no_worker_outlives_its_parent(tmp_path, number, command, status):
    code = COMPARE.format(folder=str(tmp_path), command=command)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
        workers = [file.name for file in tmp_path.iterdir()]
        parent.send_signal(number)  # to this process only, as `kill` does
        assert parent.wait(60) == status
        wait_until(lambda: not any(Path("/proc", pid).exists() for pid in workers))
    finally:
        parent.kill()
        parent.communicate()


def wait_until(true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.long
def test_ctrl_c_of_a_comparison_shows_what_is_finished_and_the_same_command_goes_on(
    tmp_path, monkeypatch, capsys
):
    from bineural.comparing.own_entrants import Net, OwnModel

    report, kept = tmp_path / "report.html", tmp_path / "kept"
    command = ["compare", "kyphosis", "--formula", "Kyphosis ~ .", "--event", "present", "--folds", "2"]
    command += ["--repeats", "1", "--report", str(report), "--checkpoint", str(kept)]

    def stop(*_):
        signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Net, "predict_out", stop)
        assert main(command) == 130
    printed = capsys.readouterr()
    assert "glm" in printed.out and not report.exists()
    assert "! The comparison was interrupted: net is not in it." in printed.out
    assert (
        f"Stopped before net.\n  No report was written.\n  The same command goes on from {kept}"
        in printed.err
    )
    monkeypatch.setattr(OwnModel, "_fit_predict", lambda *_: pytest.fail("the GLM was fitted again"))
    assert main(command) == 0 and report.exists()
