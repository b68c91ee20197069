"""What functions say, in the words of the command line: --missing drop for missing='drop'.

Everything that a command prints to stderr goes through here, so that a message is written once for Python, R
and the command line.
"""

import argparse
import ast
import re

_VALUE = r"""(?>"[^"]*"|'[^']*'|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|[+-]?[\w.]*\w)(?!\()"""
_WORDS = re.compile(
    rf"""(?P<call>\b(?P<function>[a-z_.]+)\((?P<arguments>(?:\(\)|[^()]|\([^()]*\))*)\))
    |(?P<given>(?<![\w.])(?P<name>[a-z_0-9]+)(?:=|\ =\ (?=["']))(?P<value>{_VALUE}))
    |(?P<open>(?<![\w.])(?P<bare>[a-z_0-9]+)=(?=[\s.,;]|$))
    |`(?P<marked>[a-z_0-9]+)`
    |`\.\ -\ (?P<excluded>[^`\s]+|`[^`]+`)`
    |(?P<quoted>"[^"]*"|'[^'\s][^']*'(?!\w))
    |(?<![\w`])(?P<constant>True|False|None)(?![\w`])""",
    re.VERBOSE,
)
_CONSTANTS = {"True": "yes", "False": "no", "None": "none"}
_COMMANDS = {  # functions that a message sends a reader to, and the command that does the same
    "sitrep()": "`bineural sitrep`",
    "sitrep(deep=True)": "`bineural sitrep --deep`",
}
_POSITIONAL = {"name": "data", "path": "model"}  # what functions call an argument that stands alone
_PLAIN = re.compile(r"[\w.@%+:/-]*\w[\w.@%+:/-]*")


def error_in_cli_words(error, parser):
    """Write an `InputError` as a command says it.

    Parameters
    ----------
    error : InputError
    parser : argparse.ArgumentParser
        Of the command.

    Returns
    -------
    str
    """
    parts = [
        in_cli_words(error.must, parser),
        in_cli_words(error.found, parser, names=False, constants=False),
    ]
    return "\n".join(part for part in (*parts, in_cli_words(error.hint, parser)) if part)


def in_cli_words(text, parser, names=True, constants=True):
    """Put arguments of the command in place of Python's: name=value, names in back-ticks, True and None.

    Parameters
    ----------
    text : str
    parser : argparse.ArgumentParser
        Of the command; what it has no argument for stays as it is.
    names : bool
        Whether all names in back-ticks are arguments; else only one that begins a sentence, as columns are
        named like that too.
    constants : bool
        Whether True, False and None are what an argument may be; they are data in what was found.

    Returns
    -------
    str
    """
    actions = {action.dest: action for action in parser._actions if action.option_strings}
    alone = {action.dest for action in parser._actions if not action.option_strings}

    def put(match):
        before = text[: match.start()]
        begins = not before or before.endswith(("\n", ". "))
        if match["call"]:
            return _COMMANDS.get(match[0], _call(match["arguments"], actions) or match[0])
        if match["given"]:
            return _given(match["name"], match["value"], actions) or match[0]
        if match["open"] and match["bare"] in actions:
            return _flag(actions[match["bare"]])
        if match["marked"] in actions and not re.search(r"[Cc]olumns? \Z", before) and (names or begins):
            return f"`{_flag(actions[match['marked']])}`"
        if begins and _POSITIONAL.get(match["marked"]) in alone:
            return f"`{_POSITIONAL[match['marked']]}`"
        if match["excluded"] and "exclude" in actions:
            return f"`--exclude {typed(match['excluded'].strip('`'))}`"
        if (
            constants and match["constant"] and not (begins and match["constant"] == "None")
        ):  # "None of the rows ..."
            return _CONSTANTS[match["constant"]]
        return match[0]

    return _WORDS.sub(put, text)


def _call(arguments, actions):
    """Write the arguments of a call if the command has all of them: (path, max_bytes=9) is --max-bytes 9."""
    given = re.findall(rf"(?:^|, )(?:(\w+)=({_VALUE})|(?:\w+|\.\.\.)(?=,|$))", arguments)
    written = [_given(name, value, actions) for name, value in given if name]
    return " ".join(written) if written and None not in written else None


def _given(name, value, actions):
    """Write name=value as it is typed; None where the command has no such argument, or it can't be typed."""
    if name not in actions:
        return None
    try:
        value = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return None
    action = actions[name]
    if isinstance(action, argparse.BooleanOptionalAction) and isinstance(value, bool):
        return action.option_strings[0 if value else 1]
    if action.nargs == 0:
        return _flag(action)
    is_option = (
        action.default == argparse.SUPPRESS
    )  # whose text is read as yes and no; others take it as it is
    return f"{_flag(action)} {value if isinstance(value, bool) and not is_option else typed(value)}"


def _flag(action):
    return next(name for name in action.option_strings if name.startswith("--"))


def typed(value):
    """Write a value as it is typed on the command line."""
    if value is None or isinstance(value, bool):
        return _CONSTANTS[str(value)]
    if isinstance(value, dict):
        text = ",".join(f"{key}={part}" for key, part in value.items())
    else:
        text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if _PLAIN.fullmatch(text.replace(",", "").replace("=", "")) else f"'{text}'"
