"""``detcount completion``: scripts that make a shell complete the words of the command, from its parser."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Mapping
from importlib.resources import files

from detcount.cli.values import Option
from detcount.words import translated

SHELLS = ("bash", "zsh", "fish")


def script(shell: str, name: str, commands: Mapping[str, argparse.ArgumentParser], lang: str = "en") -> str:
    """Write the script for a shell.

    Parameters
    ----------
    shell : {"bash", "zsh", "fish"}
        The shell.
    name : str
        Name of the command.
    commands : mapping of str to argparse.ArgumentParser
        Its parts with their options.
    lang : str, optional
        Code of the language in which a shell says what an option is for.

    Returns
    -------
    str
        The script; the shell is to run it where it starts.
    """
    if shell == "fish":
        return "\n".join(_fish(name, commands, lang))
    text = (files("detcount.cli") / "completion.bash").read_text(encoding="utf-8").rstrip("\n")
    known = {
        "name": name,
        "commands": shlex.quote(" ".join((*commands, "--version", "--help"))),
        "cases": "\n".join(f"            {case} ;;" for case in _cases(commands)),
    }
    for word, value in known.items():
        text = text.replace(f"@{word}@", value)
    if shell == "zsh":  # zsh runs the functions of bash
        return f"autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n{text}"
    return text


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Options of a command."""
    return [each for each in parser._actions if each.option_strings and each.help != argparse.SUPPRESS]


def _is_file(action: argparse.Action) -> bool:
    return isinstance(action, Option) and action.is_file


def _suggested(action: argparse.Action) -> str:
    """The words that a shell may offer, in quotation marks; empty where there are none."""
    words = action.suggestions() if isinstance(action, Option) else ()
    return shlex.quote(" ".join(words)) if words else ""


def _first(parser: argparse.ArgumentParser) -> argparse.Action | None:
    """Give what may stand without an option."""
    return next((action for action in parser._actions if not action.option_strings), None)


def _cases(commands: Mapping[str, argparse.ArgumentParser]) -> Iterator[str]:
    """Write what bash offers after an option, and else after a command."""
    for command, parser in commands.items():
        for option in _options(parser):
            patterns = " | ".join(shlex.quote(f"{command} {word}") for word in option.option_strings)
            if _is_file(option):
                yield f"{patterns}) files=yes"
            elif _suggested(option):
                yield f"{patterns}) words={_suggested(option)}"
            elif option.nargs != 0:
                yield f"{patterns}) return"
    for command, parser in commands.items():
        words = [word for option in _options(parser) for word in option.option_strings]
        first = _first(parser)
        words += first.suggestions() if isinstance(first, Option) else ()
        files_too = "; files=yes" if first is not None and _is_file(first) else ""
        yield f"{command}\\ *) words={shlex.quote(' '.join(words))}{files_too}"


def _fish(name: str, commands: Mapping[str, argparse.ArgumentParser], lang: str) -> Iterator[str]:
    """The script for fish, line by line."""
    yield f"complete -c {name} -f"
    yield f"complete -c {name} -n __fish_use_subcommand -a {shlex.quote(' '.join(commands))}"
    yield f"complete -c {name} -n __fish_use_subcommand -l version"
    for command, parser in commands.items():
        within = f"complete -c {name} -n '__fish_seen_subcommand_from {command}'"
        first = _first(parser)
        if first is not None and (_is_file(first) or _suggested(first)):
            yield f"{within} -F" if _is_file(first) else f"{within} -a {_suggested(first)}"
        for option in _options(parser):
            words = " ".join(
                f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"
                for word in option.option_strings
            )
            takes = " -r -F" if _is_file(option) else "" if option.nargs == 0 else " -x"
            takes += f" -a {_suggested(option)}" if _suggested(option) else ""
            yield f"{within} {words}{takes} -d {_fish_quoted(translated(option.help or '', lang))}"


def _fish_quoted(text: str) -> str:
    """Text in quotation marks, as fish reads them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
