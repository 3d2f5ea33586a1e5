"""``detcount completion``: scripts that make a shell complete the words of the command, from its parser."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from detcount.cli.values import Files, Option
from detcount.words import said

SHELLS = ("bash", "zsh", "fish")


@dataclass(frozen=True)
class _Option:
    """An option as a shell knows it: its words, whether it takes a value, which, and what it is for."""

    words: tuple[str, ...]
    takes_value: bool
    choices: tuple[str, ...]
    is_file: bool
    purpose: str


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
    known = {command: _options(parser, lang) for command, parser in commands.items()}
    first = {command: _first(command, parser) for command, parser in commands.items()}
    if shell == "fish":
        return _fish(name, known, first)
    script = _bash(name, known, first)
    if shell == "zsh":  # zsh runs the functions of bash
        return f"autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n{script}"
    return script


def _options(parser: argparse.ArgumentParser, lang: str) -> list[_Option]:
    """Options of a command."""
    return [
        _Option(
            tuple(action.option_strings),
            action.nargs != 0,
            action.suggestions() if isinstance(action, Option) else (),
            isinstance(action, Files),
            said(action.help or "", lang),
        )
        for action in parser._actions
        if action.option_strings
    ]


def _first(command: str, parser: argparse.ArgumentParser) -> tuple[str, ...] | None:
    """Words that may stand without an option; None for the name of a file."""
    for action in parser._actions:
        if not action.option_strings:
            return (
                None if isinstance(action, Files) or not isinstance(action, Option) else action.suggestions()
            )
    return ()


def _bash(name: str, known: Mapping[str, list[_Option]], first: Mapping[str, tuple[str, ...] | None]) -> str:
    """The script for bash."""
    lines = [
        f"_{name}() {{",
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words='' files=''",
        "    COMPREPLY=()",
        '    if [ "$COMP_CWORD" -eq 1 ]; then',
        f"        words={shlex.quote(' '.join((*known, '--version', '--help')))}",
        "    else",
        '        case "${COMP_WORDS[1]} $before" in',
    ]
    for command, options in known.items():
        for option in options:
            patterns = " | ".join(shlex.quote(f"{command} {word}") for word in option.words)
            if option.is_file:
                lines.append(f"            {patterns}) files=yes ;;")
            elif option.choices:
                lines.append(f"            {patterns}) words={shlex.quote(' '.join(option.choices))} ;;")
            elif option.takes_value:
                lines.append(f"            {patterns}) return ;;")
    for command, options in known.items():
        words = [word for option in options for word in option.words]
        words += first[command] or ()
        files = "; files=yes" if first[command] is None else ""
        lines.append(f"            {command}\\ *) words={shlex.quote(' '.join(words))}{files} ;;")
    lines += [
        "        esac",
        "    fi",
        "    local found",
        '    while IFS= read -r found; do COMPREPLY+=("$found"); done < <(',
        '        [ -z "$words" ] || compgen -W "$words" -- "$word"',
        '        [ -z "$files" ] || [ "${word#-}" != "$word" ] || compgen -f -- "$word"',
        "    )",
        '    [ -z "$files" ] || compopt -o filenames 2>/dev/null',
        "}",
        f"complete -F _{name} {name}",
    ]
    return "\n".join(lines)


def _fish(name: str, known: Mapping[str, list[_Option]], first: Mapping[str, tuple[str, ...] | None]) -> str:
    """The script for fish."""
    lines = [
        f"complete -c {name} -f",
        f"complete -c {name} -n __fish_use_subcommand -a {shlex.quote(' '.join(known))}",
        f"complete -c {name} -n __fish_use_subcommand -l version",
    ]
    for command, options in known.items():
        within = f"complete -c {name} -n '__fish_seen_subcommand_from {command}'"
        if first[command] is None:
            lines.append(f"{within} -F")
        elif first[command]:
            lines.append(f"{within} -a {shlex.quote(' '.join(first[command] or ()))}")
        for option in options:
            names = " ".join(
                f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}" for word in option.words
            )
            takes = ""
            if option.is_file:
                takes = " -r -F"
            elif option.choices:
                takes = f" -x -a {shlex.quote(' '.join(option.choices))}"
            elif option.takes_value:
                takes = " -x"
            lines.append(f"{within} {names}{takes} -d {_fish_quoted(option.purpose)}")
    return "\n".join(lines)


def _fish_quoted(text: str) -> str:
    """Text in quotation marks, as fish reads them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
