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

__all__ = [
    "add_answer",
    "add_days",
    "add_definition",
    "add_folder",
    "add_linkage",
    "add_lists",
    "add_reading",
    "add_register",
    "add_stock_beside",
]


def add_lists(command: argparse.ArgumentParser) -> None:
    """How the file says who is on which list."""
    group = command.add_argument_group(
        "layout",
        "A row is a person with 0 or 1 under each list; with --count, a history with its persons; with "
        "--list, a person on one list; with --pattern, persons with a history such as 101.",
    )
    group.add_argument(
        "--lists", action=Names, metavar="A,B,C", help="columns that are lists, or their names"
    )
    group.add_argument(
        "--count", action=Text, metavar="COLUMN", help="column with the persons of each history"
    )
    group.add_argument(
        "--person",
        action=Text,
        metavar="COLUMN",
        help="column that identifies each person, to check that nobody stands twice, or beside --list",
    )
    group.add_argument(
        "--list",
        action=Text,
        metavar="COLUMN",
        help="column that names a list; a row is a person on one list",
    )
    group.add_argument(
        "--pattern",
        action=Text,
        metavar="COLUMN",
        help="column of histories such as 101, in the order of --lists",
    )
    group.add_argument(
        "--yes", action=Names, metavar="A,B,C", help="marks that mean 1, beside 1 itself, as in --yes x,sí"
    )
    group.add_argument("--no", action=Names, metavar="A,B,C", help="marks that mean 0, beside 0 itself")
    group.add_argument("--blank-is-0", action="store_true", help="take a blank under a list for a 0")


def add_reading(command: argparse.ArgumentParser) -> None:
    """How a file is read."""
    group = command.add_argument_group("file")
    group.add_argument(
        "--sheet", action=Text, metavar="NAME", help="sheet of a workbook, when it has several"
    )
    group.add_argument(
        "--header-row",
        action=Whole,
        metavar="N",
        help="row that names the columns, counted from 1 as a spreadsheet does; the first",
    )
    group.add_argument(
        "--dayfirst",
        action="store_true",
        help="read 31/01/2026 as a day, the month in the middle; in options too",
    )


def add_definition(command: argparse.ArgumentParser) -> None:
    """Who is counted."""
    group = command.add_argument_group("definition", "Who is counted; printed as it is written.")
    group.add_argument("--who", action=Text, metavar="TEXT", help="whom the data count, in words")
    group.add_argument(
        "--unit",
        action=Choice,
        const=("person", "detention"),
        metavar="{person,detention}",
        help="what counts once; a person",
    )
    group.add_argument("--where", action=Text, metavar="TEXT", help="where")
    group.add_argument(
        "--period",
        action=Days,
        nargs=2,
        metavar=("FIRST", "LAST"),
        help="days between which people are counted",
    )
    group.add_argument("--day", metavar="DATE", help="day at whose end people are counted")
    group.add_argument(
        "--excludes",
        action=Repeated,
        metavar="TEXT",
        help="who is not counted; may be given several times",
    )


def add_register(command: argparse.ArgumentParser) -> None:
    """A register to set the releases against."""
    group = command.add_argument_group(
        "register", "What the persons held and those arrested imply of releases."
    )
    group.add_argument(
        "--stock",
        action=Files,
        metavar="FILE",
        help="file of the persons held, with columns date, source, role, count",
    )
    group.add_argument(
        "--arrests",
        action=Files,
        metavar="FILE",
        help="file of the persons arrested, with columns source, role, start, end, count",
    )
    group.add_argument(
        "--audit",
        action=Days,
        nargs=2,
        metavar=("FIRST", "LAST"),
        help="first and last day that the register is set against",
    )


def add_days(command: argparse.ArgumentParser) -> None:
    """Rows of lists with days of arrest and exit, and what was published of arrests and releases."""
    group = command.add_argument_group(
        "lists with days", "A row is a spell in detention of a person on one list."
    )
    group.add_argument("--people", action=Files, metavar="FILE", help="file of the rows of lists")
    group.add_argument(
        "--person",
        action=Text,
        metavar="COLUMN",
        help="column that identifies each person; it is not kept",
    )
    group.add_argument("--list", action=Text, metavar="COLUMN", help="column that names the list")
    _add_days_and_flows(command, group)


def add_stock_beside(command: argparse.ArgumentParser) -> None:
    """The same, beside the options of lists, for a record of the stock."""
    group = command.add_argument_group(
        "lists with days", "For a record of the stock, with --person and --list."
    )
    group.add_argument("--people", action=Files, metavar="FILE", help="file of the rows of lists")
    _add_days_and_flows(command, group)


def _add_days_and_flows(command: argparse.ArgumentParser, group: argparse._ArgumentGroup) -> None:
    """Columns with days, and files of what was published of arrests and releases."""
    for option, words in (
        ("--entered", "column with the day of the arrest: 2024-08-15, 2024-08, before 2024-08"),
        ("--left", "column with the day of the exit"),
        ("--status", "column with inside, released, dead, transferred, house arrest or unknown"),
        ("--listed-on", "column with the day on which the list named the person"),
        ("--left-known-on", "column with the day on which the list knew the exit"),
    ):
        group.add_argument(option, action=Text, metavar="COLUMN", help=words)
    group = command.add_argument_group("flows", "What was published beside the persons held.")
    group.add_argument(
        "--arrests",
        action=Files,
        metavar="FILE",
        help="file of the persons arrested, with columns published, source, role, start, end, count",
    )
    group.add_argument(
        "--releases",
        action=Files,
        metavar="FILE",
        help="file of the releases, with columns published, source, role, start, end, count",
    )


def add_answer(command: argparse.ArgumentParser) -> None:
    """What is written, where, and in which language."""
    group = command.add_argument_group("answer")
    group.add_argument(
        "--lang",
        action=Language,
        default="en",
        metavar="CODE",
        help="language of the answer and of messages: en, es, es-VE, es-MX",
    )
    group.add_argument(
        "--out",
        action=RepeatedFiles,
        default=[],
        metavar="OUT",
        help="also write the report to this file, which ends in .html, .docx, .xlsx, .tex, .md or .json; "
        "may be given several times",
    )
    group.add_argument(
        "--html",
        action=Files,
        metavar="OUT",
        help="also write the report, with its figures, to this file",
    )
    group.add_argument(
        "--json",
        action=Files,
        metavar="OUT",
        help="also write the numbers as JSON to this file; - prints them in place of the report",
    )
    group.add_argument(
        "--csv",
        action=Files,
        metavar="OUT",
        help="also write the numbers as a table to this file; - prints it in place of the report",
    )
    group.add_argument(
        "--level",
        action=Number,
        default=0.95,
        metavar="SHARE",
        help="level of the limits in --csv, as in 0.8; those of the report are always of 0.95",
    )
    group.add_argument(
        "--figures",
        action=Files,
        metavar="FOLDER",
        help="also write every figure of the report to this folder",
    )
    group.add_argument(
        "--figures-as",
        action=Choice,
        const=("png", "svg"),
        default="png",
        metavar="{png,svg}",
        help="how figures are written; png",
    )
    group.add_argument(
        "--force", action="store_true", help="write over files of those names that detcount did not write"
    )
    group.add_argument("--quiet", action="store_true", help="print nothing but what is at fault")
    group.add_argument(
        "--seed", action=Whole, default=0, metavar="INTEGER", help="seed of the random numbers; 0"
    )


def add_folder(command: argparse.ArgumentParser) -> None:
    """A folder of data, and how its files are understood."""
    command.add_argument(
        "folder",
        nargs="?",
        action=Files,
        metavar="FOLDER",
        help="folder with CSV, Parquet or Excel files: persons on lists, published totals, arrests, releases",
    )
    group = command.add_argument_group(
        "files",
        "Each file is recognised by the names of its columns; the answer says which was taken for what.",
    )
    group.add_argument(
        "--take",
        action=Repeated,
        metavar="FILE=KIND",
        help="what a file is: lists, people, stock, arrests, releases, or nothing to leave it aside; may be "
        "given several times",
    )
    group.add_argument(
        "--lists", action=Names, metavar="A,B,C", help="columns that are lists, where others hold marks too"
    )
    group.add_argument(
        "--yes", action=Names, metavar="A,B,C", help="marks that mean 1, beside 1 itself, as in --yes x,sí"
    )
    group.add_argument("--no", action=Names, metavar="A,B,C", help="marks that mean 0, beside 0 itself")
    group.add_argument("--blank-is-0", action="store_true", help="take a blank under a list for a 0")
    group.add_argument(
        "--dayfirst",
        action="store_true",
        help="read 31/01/2026 as a day, the month in the middle; in options too",
    )
    group.add_argument(
        "--as-of",
        metavar="DATE",
        help="last day that may be known of releases and people held, as in 2026-01-31",
    )
    group.add_argument(
        "--allow-future",
        action="store_true",
        help="keep counts of days that have not come, if they are meant",
    )
    group = command.add_argument_group("analysis")
    group.add_argument(
        "--families", action=Names, metavar="A,B", help="the methods to run, where time is short; all of them"
    )
    group.add_argument(
        "--disclosure",
        action=Choice,
        const=("public", "full"),
        metavar="{public,full}",
        help="what is printed of lists: no small count, or every count; public for files",
    )


def add_linkage(command: argparse.ArgumentParser) -> None:
    """Lists of names, and what is written of who is who on them."""
    command.add_argument(
        "files",
        nargs="*",
        action=Files,
        metavar="FILE",
        help="CSV, Excel or Parquet file with a list of names; NAME=FILE gives the list another name",
    )
    group = command.add_argument_group("linkage")
    group.add_argument(
        "--out", action=Files, metavar="OUT", help="write capture histories, with their persons, to this file"
    )
    group.add_argument(
        "--published",
        action="store_true",
        help="leave counts of 1 to 4 persons out of --out, and as many others as subtraction would need",
    )
    group.add_argument(
        "--review",
        action=Files,
        metavar="OUT",
        help="write the pairs whose answer would move the number most to this workbook",
    )
    group.add_argument(
        "--with-names",
        action="store_true",
        help="write names and documents into --review too; it is then as secret as the lists",
    )
    group.add_argument("--most", action=Whole, default=100, metavar="N", help="pairs to write; 100")
    group.add_argument(
        "--decisions",
        action=Files,
        metavar="FILE",
        help="a review in which somebody wrote what the pairs are",
    )
    group.add_argument(
        "--key-file",
        action=Files,
        metavar="FILE",
        help="file with the secret of the digests in a review; made beside it where there is none",
    )
    group.add_argument("--draws", action=Whole, default=100, metavar="N", help="tables to draw; 100")
    group.add_argument(
        "--engine",
        metavar="ENGINE",
        help="duckdb or spark, to choose the pairs that are compared there at any number of rows",
    )
    group = command.add_argument_group("answer")
    group.add_argument(
        "--lang",
        action=Language,
        default="en",
        metavar="CODE",
        help="language of the answer and of messages: en, es, es-VE, es-MX",
    )
    group.add_argument("--force", action="store_true", help="write over files of those names that are there")
    group.add_argument(
        "--seed", action=Whole, default=0, metavar="INTEGER", help="seed of the random numbers; 0"
    )
