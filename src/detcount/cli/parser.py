"""The words that the command takes: its parts, their options, and what is said of other words.

It is one table of options, each with its help.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from detcount.cli import (
    assess,
    cite,
    completion,
    coverage,
    datasets,
    link,
    page,
    releases,
    report,
    reproduce,
    stock,
)
from detcount.cli.helping import Parser
from detcount.cli.options import (
    add_answer,
    add_days,
    add_definition,
    add_families,
    add_language,
    add_lists,
    add_reading,
    add_register,
    add_stock_beside,
)
from detcount.cli.values import Choice, Files, Names, Number, Shipped, Text, Whole, too_few_values
from detcount.errors import InputError
from detcount.words import Message, Sentence

_COMMAND = "command"


class _Version(argparse.Action):
    """Print the version; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata

        print(f"detcount {metadata.version('detcount')}")
        parser.exit()


def build(lang: str = "en") -> argparse.ArgumentParser:
    """Describe the command and its options, with the help in one language."""
    parser = Parser(
        lang=lang,
        prog="detcount",
        description=Message(
            "How many people are detained, from several incomplete lists, and how sure we can be."
        ),
    )
    add_language(parser, default="en")
    parser.add_argument("--version", action=_Version, nargs=0, help=Message("print the version and stop"))
    parts = parser.add_subparsers(title=Message("commands"), dest=_COMMAND, metavar=Message("COMMAND"))

    def add(name: str, answer: Callable[[argparse.Namespace], str], words: Message, more: str = "") -> Parser:
        part: Parser = parts.add_parser(
            name, lang=lang, help=words, description=Sentence(words), epilog=more or None
        )
        part.set_defaults(answer=answer)
        return part

    part = add(
        "assess",
        assess.answer,
        Message("estimate a population from lists, with the verdict and what it rests on"),
        "detcount assess people.csv --lists prensa,familias,ong --lang es --html informe.html",
    )
    part.add_argument(
        "file",
        nargs="?",
        action=Files,
        metavar=Message("FILE"),
        help=Message("CSV, Parquet or Excel file; - is standard input"),
    )
    part.add_argument(
        "--dataset",
        action=Shipped,
        metavar=Message("NAME"),
        help=Message("a table that ships with detcount, in place of a file"),
    )
    add_lists(part)
    add_reading(part)
    group = part.add_argument_group(Message("analysis"))
    add_families(group)
    group.add_argument(
        "--disclosure",
        action=Choice,
        const=("public", "full"),
        metavar="{public,full}",
        help=Message("what is printed: no small count, or every count; public for files, full for data sets"),
    )
    group.add_argument(
        "--digest-key-file",
        action=Files,
        metavar=Message("FILE"),
        help=Message("file with a secret of 32 characters, for a digest of the data in a public report"),
    )
    add_definition(part)
    add_answer(part)

    part = add(
        "releases",
        releases.answer,
        Message("set announced releases against verified ones, and say what the gap is made of"),
        "detcount releases counts.csv --as-of 2026-01-13 --lang es --html informe.html",
    )
    part.add_argument(
        "file",
        nargs="?",
        action=Files,
        metavar=Message("FILE"),
        help=Message(
            "CSV, Parquet or Excel file with columns published, source, role, start, end, count; - is "
            "standard input"
        ),
    )
    part.add_argument(
        "--dataset",
        action=Shipped,
        metavar=Message("NAME"),
        help=Message("a series that ships with detcount, in place of a file"),
    )
    add_reading(part)
    part.add_argument(
        "--as-of", metavar=Message("DATE"), help=Message("last day that may be known, as in 2026-01-31")
    )
    part.add_argument(
        "--allow-future",
        action="store_true",
        help=Message("keep counts of days that have not come, if they are meant"),
    )
    part.add_argument(
        "--detail",
        action="store_true",
        help=Message("write out what the page folds away: every sentence, every count, and how it is made"),
    )
    add_register(part)
    add_definition(part)
    add_answer(part)

    part = add(
        "stock",
        stock.answer,
        Message("say how many are held, day by day, from lists with days, published totals or both"),
        "detcount stock totals.csv --people rows.csv --person id --list source --entered arrest --left exit "
        "--lang es --html informe.html",
    )
    part.add_argument(
        "file",
        nargs="?",
        action=Files,
        metavar=Message("FILE"),
        help=Message(
            "CSV, Parquet or Excel file of the persons held, with columns date, source, role, count; of "
            "rows of lists, where --person stands without --people; - is standard input"
        ),
    )
    part.add_argument(
        "--dataset",
        action=Shipped,
        metavar=Message("NAME"),
        help=Message("a series that ships with detcount, in place of a file"),
    )
    add_days(part)
    add_reading(part)
    part.add_argument(
        "--as-of", metavar=Message("DATE"), help=Message("last day that may be known, as in 2026-01-31")
    )
    part.add_argument(
        "--allow-future",
        action="store_true",
        help=Message("keep counts of days that have not come, if they are meant"),
    )
    part.add_argument(
        "--disclosure",
        action=Choice,
        const=("public", "full"),
        metavar="{public,full}",
        help=Message("what is printed of lists: numbers in tens, or every number; public"),
    )
    add_definition(part)
    add_answer(part)

    part = add(
        "coverage",
        coverage.answer,
        Message("say how many a list does not know, from how many of those released were on it"),
        "detcount coverage waves.csv --by days_inside --lang es --html informe.html",
    )
    part.add_argument(
        "file",
        action=Files,
        metavar=Message("FILE"),
        help=Message(
            "CSV, Parquet or Excel file with columns wave, day, source, list_size_before, "
            "released_identified, of_these_on_list, released_counts; - is standard input"
        ),
    )
    part.add_argument(
        "--by",
        action=Text,
        metavar=Message("COLUMN"),
        help=Message("column of the groups of those inside, as days inside, women, a prison"),
    )
    part.add_argument(
        "--fresh",
        action=Choice,
        const=("yes", "no"),
        metavar="{yes,no}",
        help=Message("whether the list held nobody who was dead, free or named twice; nobody said"),
    )
    part.add_argument(
        "--odds-ratio",
        action=Number,
        nargs="+",
        default=[1.0],
        metavar=Message("NUMBER"),
        help=Message("odds of being released, listed against unlisted; two are a range; 1"),
    )
    add_reading(part)
    part.add_argument(
        "--allow-future",
        action="store_true",
        help=Message("keep waves of days that have not come, if they are meant"),
    )
    add_definition(part)
    add_answer(part)

    part = add(
        "report",
        report.answer,
        Message("do every job that the files of a folder allow, in one report: lists, people held, releases"),
        "detcount report folder --lang es --out informe.html --out informe.docx",
    )
    report.add_folder(part)
    add_definition(part)
    add_answer(part)

    part = add(
        "link",
        link.answer,
        Message("find who is who on lists of names, and write capture histories without any name"),
        "detcount link gov.csv fp.xlsx com.csv --out histories.csv --review review.xlsx --lang es",
    )
    link.add_linkage(part)

    part = add(
        "page",
        page.answer,
        Message("open a page on this computer: drop a file, tick its columns, get the report"),
        "detcount page --lang es",
    )
    part.add_argument(
        "--port", action=Whole, default=0, metavar="N", help=Message("port of the page; one that is free")
    )
    part.add_argument(
        "--no-browser", action="store_true", help=Message("print the address and open no browser")
    )
    add_language(part)

    part = add(
        "reproduce",
        reproduce.answer,
        Message("make a record again from the data, and say of each number whether it is the same"),
        "detcount reproduce record.json people.csv --lists prensa,familias,ong",
    )
    part.add_argument(
        "record", nargs="?", action=Files, metavar=Message("RECORD"), help=Message("JSON that --json wrote")
    )
    part.add_argument(
        "file",
        nargs="?",
        action=Files,
        metavar=Message("FILE"),
        help=Message("the data: CSV, Parquet or Excel file, or the folder of a report of several jobs"),
    )
    part.add_argument(
        "--schema", action="store_true", help=Message("print the JSON schema of records, and no more")
    )
    part.add_argument(
        "--dataset",
        action=Shipped,
        metavar=Message("NAME"),
        help=Message("data that ship with detcount, in place of a file"),
    )
    add_lists(part)
    add_stock_beside(part)
    add_reading(part)
    add_definition(part)
    part.add_argument(
        "--families",
        action=Names,
        metavar="A,B",
        help=Message(
            "the methods that were asked for, where a public record of fewer than all is made again"
        ),
    )
    part.add_argument(
        "--allow-future", action="store_true", help=Message("as for releases, where the record is of them")
    )
    add_language(part)
    part.add_argument(
        "--csv",
        action=Files,
        metavar=Message("OUT"),
        help=Message("also write every value and what was found to this file"),
    )
    part.add_argument(
        "--force",
        action="store_true",
        help=Message("write over a file of that name that detcount did not write"),
    )

    part = add(
        "datasets",
        datasets.answer,
        Message("list the tables that ship with detcount, or describe one of them"),
    )
    part.add_argument("name", nargs="?", action=Shipped, metavar=Message("NAME"))

    part = add("cite", cite.answer, Message("say how to cite this version"))
    part.add_argument(
        "--style",
        action=Choice,
        const=("text", "bibtex", "cff"),
        default="text",
        metavar="{text,bibtex,cff}",
        help=Message("prose, BibTeX, or a Citation File Format document; text"),
    )

    part = add(
        "completion",
        lambda options: completion.script(options.shell, parser.prog, commands(parser), lang),
        Message("print what makes a shell complete the words of this command"),
        Message(
            "bash: {bash} in ~/.bashrc; zsh: the same in ~/.zshrc; fish: {fish} in "
            "~/.config/fish/config.fish",
            bash='eval "$(detcount completion bash)"',
            fish="detcount completion fish | source",
        ),
    )
    part.add_argument(
        "shell", action=Choice, const=completion.SHELLS, metavar="{bash,zsh,fish}", nargs="?", default="bash"
    )
    return parser


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
    """What is wrong with an argument: there is no such command, or an option has not its values."""
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
    values = {"command": command, "word": typed, "help": f"{parser.prog} {command} --help"}
    if near:
        return Message(
            "{command}: there is no {word}. Did you mean {near}? See {help}", near=near[0], **values
        )
    return Message("{command}: expected no {word!r}. See {help}", **values)
