"""The options that several commands take, by what they are for."""

from __future__ import annotations

import argparse

from detcount.cli.values import (
    Choice,
    Days,
    Files,
    Language,
    Names,
    Number,
    Repeated,
    RepeatedFiles,
    Text,
    Whole,
)
from detcount.words import Message, languages


def add_language(command: argparse._ActionsContainer, default: str = argparse.SUPPRESS) -> None:
    """The language; that of a command is only kept where it is given, as it may stand before the command."""
    command.add_argument(
        "--lang",
        action=Language,
        default=default,
        metavar=Message("CODE"),
        help=Message(
            "language of help, answer and messages: {codes:,}; {default}", codes=languages(), default="en"
        ),
    )


def add_lists(command: argparse.ArgumentParser) -> None:
    """How the file says who is on which list."""
    group = command.add_argument_group(
        Message("layout"),
        Message(
            "A row is a person with 0 or 1 under each list; with --count, a history with its persons; with "
            "--list, a person on one list; with --pattern, persons with a history such as 101."
        ),
    )
    group.add_argument(
        "--lists", action=Names, metavar="A,B,C", help=Message("columns that are lists, or their names")
    )
    group.add_argument(
        "--count",
        action=Text,
        metavar=Message("COLUMN"),
        help=Message("column with the persons of each history"),
    )
    group.add_argument(
        "--person",
        action=Text,
        metavar=Message("COLUMN"),
        help=Message(
            "column that identifies each person, to check that nobody stands twice, or beside --list"
        ),
    )
    group.add_argument(
        "--list",
        action=Text,
        metavar=Message("COLUMN"),
        help=Message("column that names a list; a row is a person on one list"),
    )
    group.add_argument(
        "--pattern",
        action=Text,
        metavar=Message("COLUMN"),
        help=Message("column of histories such as 101, in the order of --lists"),
    )
    add_marks(group)


def add_marks(group: argparse._ArgumentGroup) -> None:
    """What the marks under a list mean."""
    group.add_argument(
        "--yes",
        action=Names,
        metavar="A,B,C",
        help=Message("marks that mean 1, beside 1 itself, as in --yes x,sí"),
    )
    group.add_argument(
        "--no", action=Names, metavar="A,B,C", help=Message("marks that mean 0, beside 0 itself")
    )
    group.add_argument("--blank-is-0", action="store_true", help=Message("take a blank under a list for a 0"))


def add_day_order(group: argparse._ArgumentGroup) -> None:
    """Which part of a written date is the month."""
    group.add_argument(
        "--dayfirst",
        action="store_true",
        help=Message("read 31/01/2026 as a day, the month in the middle; in options too"),
    )


def add_families(group: argparse._ArgumentGroup) -> None:
    """Which methods run."""
    group.add_argument(
        "--families",
        action=Names,
        metavar="A,B",
        help=Message("the methods to run, where time is short; all of them"),
    )


def add_reading(command: argparse.ArgumentParser) -> None:
    """How a file is read."""
    group = command.add_argument_group(Message("file"))
    group.add_argument(
        "--sheet",
        action=Text,
        metavar=Message("NAME"),
        help=Message("sheet of a workbook, when it has several"),
    )
    group.add_argument(
        "--header-row",
        action=Whole,
        metavar="N",
        help=Message("row that names the columns, counted from 1 as a spreadsheet does; the first"),
    )
    add_day_order(group)


def add_definition(command: argparse.ArgumentParser) -> None:
    """Who is counted."""
    group = command.add_argument_group(
        Message("definition"), Message("Who is counted; printed as it is written.")
    )
    group.add_argument(
        "--who", action=Text, metavar=Message("TEXT"), help=Message("whom the data count, in words")
    )
    group.add_argument(
        "--unit",
        action=Choice,
        const=("person", "detention"),
        metavar="{person,detention}",
        help=Message("what counts once; a person"),
    )
    group.add_argument("--where", action=Text, metavar=Message("TEXT"), help=Message("where"))
    group.add_argument(
        "--period",
        action=Days,
        nargs=2,
        metavar=(Message("FIRST"), Message("LAST")),
        help=Message("days between which people are counted"),
    )
    group.add_argument("--day", metavar=Message("DATE"), help=Message("day at whose end people are counted"))
    group.add_argument(
        "--excludes",
        action=Repeated,
        metavar=Message("TEXT"),
        help=Message("who is not counted; may be given several times"),
    )


def add_register(command: argparse.ArgumentParser) -> None:
    """A register to set the releases against."""
    group = command.add_argument_group(
        Message("register"), Message("What the persons held and those arrested imply of releases.")
    )
    group.add_argument(
        "--stock",
        action=Files,
        metavar=Message("FILE"),
        help=Message("file of the persons held, with columns date, source, role, count"),
    )
    group.add_argument(
        "--arrests",
        action=Files,
        metavar=Message("FILE"),
        help=Message("file of the persons arrested, with columns source, role, start, end, count"),
    )
    group.add_argument(
        "--audit",
        action=Days,
        nargs=2,
        metavar=(Message("FIRST"), Message("LAST")),
        help=Message("first and last day that the register is set against"),
    )


def add_days(command: argparse.ArgumentParser) -> None:
    """Rows of lists with days of arrest and exit, and what was published of arrests and releases."""
    group = command.add_argument_group(
        Message("lists with days"), Message("A row is a spell in detention of a person on one list.")
    )
    group.add_argument(
        "--people", action=Files, metavar=Message("FILE"), help=Message("file of the rows of lists")
    )
    group.add_argument(
        "--person",
        action=Text,
        metavar=Message("COLUMN"),
        help=Message("column that identifies each person; it is not kept"),
    )
    group.add_argument(
        "--list", action=Text, metavar=Message("COLUMN"), help=Message("column that names the list")
    )
    _add_days_and_flows(command, group)


def add_stock_beside(command: argparse.ArgumentParser) -> None:
    """The same, beside the options of lists, for a record of the stock."""
    group = command.add_argument_group(
        Message("lists with days"), Message("For a record of the stock, with --person and --list.")
    )
    group.add_argument(
        "--people", action=Files, metavar=Message("FILE"), help=Message("file of the rows of lists")
    )
    _add_days_and_flows(command, group)


def _add_days_and_flows(command: argparse.ArgumentParser, group: argparse._ArgumentGroup) -> None:
    """Columns with days, and files of what was published of arrests and releases."""
    for option, words in (
        ("--entered", Message("column with the day of the arrest: 2024-08-15, 2024-08, before 2024-08")),
        ("--left", Message("column with the day of the exit")),
        ("--status", Message("column with inside, released, dead, transferred, house arrest or unknown")),
        ("--listed-on", Message("column with the day on which the list named the person")),
        ("--left-known-on", Message("column with the day on which the list knew the exit")),
    ):
        group.add_argument(option, action=Text, metavar=Message("COLUMN"), help=words)
    group = command.add_argument_group(
        Message("flows"), Message("What was published beside the persons held.")
    )
    group.add_argument(
        "--arrests",
        action=Files,
        metavar=Message("FILE"),
        help=Message("file of the persons arrested, with columns published, source, role, start, end, count"),
    )
    group.add_argument(
        "--releases",
        action=Files,
        metavar=Message("FILE"),
        help=Message("file of the releases, with columns published, source, role, start, end, count"),
    )


def add_answer(command: argparse.ArgumentParser) -> None:
    """What is written, where, and in which language."""
    group = command.add_argument_group(Message("answer"))
    add_language(group)
    group.add_argument(
        "--out",
        action=RepeatedFiles,
        default=[],
        metavar=Message("OUT"),
        help=Message(
            "also write the report to this file, which ends in .html, .docx, .xlsx, .tex, .md or .json; "
            "may be given several times"
        ),
    )
    group.add_argument(
        "--html",
        action=Files,
        metavar=Message("OUT"),
        help=Message("also write the report, with its figures, to this file"),
    )
    group.add_argument(
        "--json",
        action=Files,
        metavar=Message("OUT"),
        help=Message("also write the numbers as JSON to this file; - prints them in place of the report"),
    )
    group.add_argument(
        "--csv",
        action=Files,
        metavar=Message("OUT"),
        help=Message("also write the numbers as a table to this file; - prints it in place of the report"),
    )
    group.add_argument(
        "--level",
        action=Number,
        default=0.95,
        metavar=Message("SHARE"),
        help=Message("level of the limits in --csv, as in 0.8; those of the report are always of 0.95"),
    )
    group.add_argument(
        "--figures",
        action=Files,
        metavar=Message("FOLDER"),
        help=Message("also write every figure of the report to this folder"),
    )
    group.add_argument(
        "--figures-as",
        action=Choice,
        const=("png", "svg"),
        default="png",
        metavar="{png,svg}",
        help=Message("how figures are written; png"),
    )
    group.add_argument(
        "--force",
        action="store_true",
        help=Message("write over files of those names that detcount did not write"),
    )
    group.add_argument("--quiet", action="store_true", help=Message("print nothing but what is at fault"))
    group.add_argument(
        "--seed",
        action=Whole,
        default=0,
        metavar=Message("INTEGER"),
        help=Message("seed of the random numbers; 0"),
    )
