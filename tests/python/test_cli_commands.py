"""Commands are files that are found; options of a table are arguments, read as their checks say."""

import argparse
import subprocess
import sys

import pytest

from bineural.checks import Check, choice, flag, list_of, number, path, share, text, whole
from bineural.cli import commands, find_commands, main
from bineural.cli.options import add_options, read_options
from bineural.options import Option


def _read_widths(widths):
    if not isinstance(widths, (int, tuple)) or isinstance(widths, bool):
        raise ValueError
    return widths


TABLE = (
    Option("units", (16, 8), Check("whole numbers", _read_widths), "", "Widths of `layers`. More.", "counts"),
    Option("dropout", 0.0, share(below=True), "", "share left out, 20% say.", "number"),
    Option("patience", 30, whole(0).or_none(), "", "Epochs without a new best.", "count"),
    Option("keep", False, flag(), "", "Keep them.", "flag"),
    Option("scaling", "auto", choice("auto", "robust", False), "", "Scale columns.", "text_or_flag"),
    Option("rate", None, number(0, above=True).or_none(), "", "Step size; None is the usual one.", "number"),
    Option("class_weight", None, Check("anything", lambda value: value), "", "Weights.", "any"),
    Option("activation", "relu", text(), "", "relu, tanh, ...", "text"),
    Option("checkpoint", None, path().or_none(), "", "File.", "path"),
    Option("callbacks", None, Check("anything", lambda value: value), "", "Objects.", "as_is", cli_help=None),
    Option("loss", "mse", text(), "", "Function of (y, output).", "text", cli_help="loss by name"),
    Option("labels", None, list_of(text()).or_none(), "", "What is missing.", "texts"),
)


def parse(*argv):
    parser = argparse.ArgumentParser(prog="fit", exit_on_error=False)
    add_options(parser, TABLE)
    return read_options(parser.parse_args(argv), TABLE)


@pytest.mark.parametrize(
    ("argv", "options"),
    [
        ([], {}),
        (["--units", "16,8"], {"units": (16, 8)}),
        (["--units", "4"], {"units": 4}),
        (["--units", ""], {"units": ()}),
        (["--dropout", "0.2"], {"dropout": 0.2}),
        (["--patience", "none"], {"patience": None}),
        (["--patience", "1e1"], {"patience": 10}),
        (["--keep"], {"keep": True}),
        (["--no-keep"], {"keep": False}),
        (["--scaling", "robust"], {"scaling": "robust"}),
        (["--scaling", "no"], {"scaling": False}),
        (["--scaling", "auto"], {"scaling": "auto"}),
        (["--rate", "none", "--dropout", "0"], {"dropout": 0.0, "rate": None}),
        (["--class-weight", "yes=3, no=1"], {"class_weight": {"yes": 3.0, "no": 1.0}}),
        (["--class-weight", "a=b=2"], {"class_weight": {"a=b": 2.0}}),
        (["--class-weight", "balanced"], {"class_weight": "balanced"}),
        (["--activation", "none"], {"activation": "none"}),
        (["--activation", "7"], {"activation": "7"}),
        (["--labels", "?,-"], {"labels": ("?", "-")}),
        (["--labels", "-"], {"labels": ("-",)}),
        (["--labels", "99"], {"labels": ("99",)}),
    ],
)
def test_text_is_read_as_what_the_check_lets_pass(argv, options):
    found = parse(*argv)
    assert found == options
    assert [type(value) for value in found.values()] == [type(value) for value in options.values()]


def test_a_path_may_look_like_a_number():
    assert str(parse("--checkpoint", "12")["checkpoint"]) == "12"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--units", "a,b"], "must be whole numbers; found 'a,b'"),
        (["--dropout", "1"], "of at least 0 and below 1; found '1'"),
        (["--dropout", "nan"], "found 'nan'"),
        (["--patience", "2.5"], "a whole number of at least 0, or none; found '2.5'"),
        (["--scaling", "true story"], "one of auto, robust, no; found 'true story'"),
        (["--rate", "0"], "above 0, or none; found '0'"),
    ],
)
def test_what_will_not_do_is_said_with_the_text_that_was_typed(argv, words):
    with pytest.raises(argparse.ArgumentError) as caught:
        parse(*argv)
    assert words in str(caught.value) and argv[0] in str(caught.value)


def test_help_says_what_is_meant_and_the_default():
    parser = argparse.ArgumentParser()
    add_options(parser, TABLE)
    lines = " ".join(parser.format_help().split())
    for words in (
        "widths of layers (whole numbers; default: 16,8)",
        "share left out, 20% say (a number of at least 0 and below 1; default: 0.0)",
        "--keep, --no-keep keep them (default: no)",
        "step size; none is the usual one (a number above 0, or none)",
        "relu, tanh, ... (default: relu)",
        "--loss LOSS loss by name",
    ):
        assert words in lines
    assert "callbacks" not in lines


def test_a_command_is_its_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "greet.py").write_text(
        "from bineural.cli.command import Command\n"
        "def add(parser): parser.add_argument('--name', required=True, help='whom')\n"
        "def run(arguments): print('Hello,', arguments.name); return 3\n"
        "COMMAND = Command('Say hello', add, run)\n"
    )
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    assert list(find_commands())[-1] == "greet"
    assert main(["greet", "--name", "you"]) == 3
    assert capsys.readouterr().out == "Hello, you\n"
    with pytest.raises(SystemExit) as caught:
        main(["greet"])
    assert caught.value.code == 2 and "--name" in capsys.readouterr().err
    monkeypatch.delitem(sys.modules, "bineural.cli.commands.greet")


def test_commands_stand_in_the_order_of_the_flow():
    assert list(find_commands()) == [
        "demo",
        "fit",
        "predict",
        "evaluate",
        "compare",
        "forecast",
        "sequence",
        "encode",
        "generate",
        "agent",
        "serve",
        "course",
        "sitrep",
    ]


@pytest.mark.parametrize("name", find_commands())
def test_help_of_a_command_is_light(name):
    code = (
        f"from bineural.cli import main\nimport sys\ntry:\n    main(['{name}', '--help'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print(*{m.split('.')[0] for m in sys.modules} & {'tensorflow', 'keras', 'pandas', 'sklearn'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert find_commands()[name].help.split()[0] in done.stdout
    assert done.stdout.splitlines()[-1] == ""
