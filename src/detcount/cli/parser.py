"""The words that the command takes: its parts, their options, and what is said of other words.

They stand in ``commands.json``, each option once with its help: the parser, the pages of help and what makes
shells complete words are made from there.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import Any

from detcount.cli import audit, completion, coverage, doors, link, plan, releases, reproduce, start, stock
from detcount.cli.values import Option, too_few_values
from detcount.errors import InputError
from detcount.words import Message, Sentence, languages, translated

_COMMAND = "command"
_ANSWERS: dict[str, Callable[[argparse.Namespace], str | tuple[str, int]]] = {
    "assess": doors.assess_lists,
    "releases": releases.answer,
    "stock": stock.answer,
    "coverage": coverage.answer,
    "audit": audit.answer,
    "plan": plan.answer,
    "start": start.answer,
    "report": doors.report_folder,
    "link": link.answer,
    "page": doors.serve_page,
    "reproduce": reproduce.reproduce_record,
    "datasets": doors.list_datasets,
    "cite": doors.print_citation,
}


class _Page(argparse.HelpFormatter):
    """A page of help in one language; codes, options and commands to copy stay whole."""

    def __init__(self, prog: str, *, lang: str, **named: Any) -> None:
        super().__init__(prog, **named)
        self._lang = lang

    def start_section(self, heading: str | None) -> None:
        """Begin a part of the page."""
        super().start_section(heading and translated(heading, self._lang))

    def add_text(self, text: str | None) -> None:
        """Add a paragraph."""
        super().add_text(text and translated(text, self._lang))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add how the command is typed."""
        if prefix is None:
            word = Message("usage")
            prefix = f"{word.translated(self._lang)}: "
        super().add_usage(usage, actions, groups, prefix)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        """Give the purpose of an option."""
        return action.help and translated(action.help, self._lang)

    def _metavar_formatter(
        self, action: argparse.Action, default_metavar: str
    ) -> Callable[[int], tuple[str, ...]]:
        """Give the names of the values of an option."""
        written = super()._metavar_formatter(action, default_metavar)
        return lambda n_values: tuple(translated(each, self._lang) for each in written(n_values))

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Lines of what an option is for."""
        return textwrap.wrap(text, width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Lines of a paragraph; a command is one line, to be copied."""
        if re.match(rf"{re.escape(self._prog.split()[0])} ", text):
            return f"{indent}{text}"
        return textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )


class Parser(argparse.ArgumentParser):
    """A parser whose help and whose faults can be said in any language.

    Parameters
    ----------
    lang : str
        Code of the language of its help.
    **named
        What `argparse.ArgumentParser` takes.
    """

    def __init__(self, *, lang: str, **named: Any) -> None:
        super().__init__(
            **named,
            formatter_class=partial(_Page, lang=lang),
            add_help=False,
            exit_on_error=False,
            allow_abbrev=False,
        )
        self._positionals.title = Message("arguments")
        self._optionals.title = Message("options")
        self.add_argument("-h", "--help", action="help", help=Message("print this help and stop"))


class _Version(argparse.Action):
    """Print the version; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata

        print(f"detcount {metadata.version('detcount')}")
        parser.exit()


def build(lang: str = "en") -> argparse.ArgumentParser:
    """Describe the command and its options as ``commands.json`` lists them, with the help in one language."""
    table = declared()
    about = table["about"]
    parser = Parser(lang=lang, prog="detcount", description=Message(about))
    _add_option(parser, table["options"]["lang"] | {"default": "en"})
    parser.add_argument("--version", action=_Version, nargs=0, help=Message("print the version and stop"))
    parts = parser.add_subparsers(title=Message("commands"), dest=_COMMAND, metavar=Message("COMMAND"))
    answers = _ANSWERS | {
        "completion": lambda asked: completion.script(asked.shell, parser.prog, commands(parser), lang)
    }
    for name, command in table["commands"].items():
        does, note, more = command["does"], command.get("note"), command.get("example")
        words = Message(does)
        if note is not None:
            more = Message(note, **command["values"])
        part = parts.add_parser(name, lang=lang, help=words, description=Sentence(words), epilog=more)
        part.set_defaults(answer=answers[name])
        for taken in command["takes"]:
            if taken.startswith("+"):
                _add_group(part, table["groups"][taken[1:]], table["options"])
            else:
                _add_option(part, table["options"][taken])
    return parser


@cache
def declared() -> dict[str, Any]:
    """The table of commands, groups and options; a + before a name stands for a whole group."""
    found: dict[str, Any] = json.loads((files("detcount.cli") / "commands.json").read_text(encoding="utf-8"))
    return found


def _add_group(part: argparse.ArgumentParser, group: dict[str, Any], options: dict[str, Any]) -> None:
    """Options that stand together in the help."""
    title, about = group["title"], group.get("about")
    added = part.add_argument_group(Message(title), about and Message(about))
    for taken in group["takes"]:
        _add_option(added, options[taken])


def _add_option(to: argparse._ActionsContainer, option: dict[str, Any]) -> None:
    """One option or argument, as the table has it."""
    kind = option["kind"]
    given = {name: value for name, value in option.items() if name in ("nargs", "default", "dest")}
    if (purpose := option.get("help")) is not None:
        values: dict[str, Any] = {"codes": languages()} if kind == "Language" else {}
        if kind == "RepeatedFiles":
            from detcount.reports.formats import ENDINGS

            values = {"endings": [*ENDINGS, ".json"]}
        given["help"] = Message(purpose, **values)
    if kind == "Language":  # that of a command is kept where it is given, as it may stand before it
        given.setdefault("default", argparse.SUPPRESS)
    if "choices" in option:
        given |= {"known": tuple(option["choices"]), "metavar": f"{{{','.join(option['choices'])}}}"}
    elif "metavar" in option:
        words = option["metavar"]
        given["metavar"] = Message(words) if isinstance(words, str) else tuple(map(Message, words))
    elif "sample" in option:
        given["metavar"] = option["sample"]
    switches: dict[str, dict[str, Any]] = {
        "Switch": {"action": "store_true"},
        "SwitchOff": {"action": "store_false", "default": None},
    }
    given |= switches.get(kind, {"action": Option, "kind": kind})
    to.add_argument(option["name"], **given)
    if (before := option.get("before")) is not None:  # what it was called, which no help shows
        dest = option["name"].strip("-").replace("-", "_")
        to.add_argument(before, **{**given, "dest": dest, "help": argparse.SUPPRESS})


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Each command with its own parser."""
    for action in parser._actions:
        if action.dest == _COMMAND and action.choices is not None:
            return dict(action.choices)
    return {}


def parse(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.Namespace | None:
    """Read the words of a command line, None where they name no command; faults are said as messages."""
    try:
        options, rest = parser.parse_known_args(words)
    except argparse.ArgumentError as error:
        raise InputError(_fault(parser, words, str(error.argument_name))) from None
    if options.command is None and not rest:
        return None
    if options.command is None:
        raise InputError(_no_command(parser, rest[0]))
    if rest:
        raise InputError(_unknown(parser, options.command, rest[0]))
    options.words = list(words)
    return options


def _fault(parser: argparse.ArgumentParser, words: Sequence[str], name: str) -> Message:
    """Describe the fault of an argument: there is no such command, or an option has not its values."""
    known = commands(parser)
    command = next((word for word in words if word in known), "")
    action = next(
        each
        for each in _actions(parser, known.get(command))
        if name in ("/".join(each.option_strings), each.metavar, each.dest)
    )
    if action.dest == _COMMAND:
        named = (word for before, word in pairwise(["", *words]) if before != "--lang" and word[:1] != "-")
        return _no_command(parser, next(named))
    if action.nargs == 0:
        return Message("{option}: expected no value after it, got one", option=name)
    return too_few_values(name, action.nargs if isinstance(action.nargs, int) else 1)


def _actions(*parsers: argparse.ArgumentParser | None) -> Iterator[argparse.Action]:
    """Arguments of some parsers."""
    for parser in parsers:
        if parser is not None:
            yield from parser._actions


def _no_command(parser: argparse.ArgumentParser, word: str) -> Message:
    """Message for a word that is no command."""
    return Message(
        "expected a command, {known!r:or}, got {word!r}. See detcount --help",
        known=tuple(commands(parser)),
        word=word,
    )


def _unknown(parser: argparse.ArgumentParser, command: str, word: str) -> Message:
    """Message for a word that a command has no use for, and the option that is most like it."""
    typed = word.split("=")[0]
    options = [each for action in _actions(commands(parser)[command]) for each in action.option_strings]
    near = difflib.get_close_matches(typed, options, n=1) if typed.startswith("-") else []
    more = f"{parser.prog} {command} --help"
    if near:
        return Message(
            "{command}: there is no {word}. Did you mean {near}? See {help}",
            command=command,
            word=typed,
            near=near[0],
            help=more,
        )
    return Message(
        "{command}: unexpected argument {word!r}. See {help}", command=command, word=typed, help=more
    )
