"""`bineural agent`: what it prints and writes is what the functions give."""

import pytest

import bineural as bn
from bineural.cli import main


def test_agents_learn_and_are_written(tmp_path, capsys):
    files = [tmp_path / "agent.bineural", tmp_path / "map.png", tmp_path / "play.gif"]
    call = ["agent", "frozen_lake", "--method", "value_iteration", "--gamma", "1", "--seed", "1"]
    call += ["--save", str(files[0]), "--plot", str(files[1]), "--animate", str(files[2])]
    assert main(call) == 0
    printed = capsys.readouterr().out
    agent = bn.fit_agent(bn.make_environment("frozen_lake"), "value_iteration", gamma=1, seed=1)
    assert printed.startswith(str(agent))
    assert all(file.stat().st_size > 500 for file in files)
    assert str(bn.load_model(files[0])) == str(agent)


def test_methods_are_compared(capsys):
    call = ["agent", "bandit", "--compare", "thompson,ucb", "--seeds", "5", "--episodes", "2", "--seed", "1"]
    assert main(call) == 0
    assert "4 agents in bandit" in capsys.readouterr().out


@pytest.mark.parametrize("call", [["frozen_lak"], ["bandit", "--compare", "ucb", "--steps", "5"]])
def test_what_cannot_be_is_said(call, capsys):
    assert main(["agent", *call]) != 0
    assert capsys.readouterr().err
