"""The command ``detcount``: a thin line over `assess`, `assess_releases`, `datasets` and `cite`.

Standard output carries the answer as Markdown or text and nothing else; messages go to standard error.
The exit code is 0 for every answer, a refusal to give a number included, and 2 when data, options or
files are at fault.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
import warnings
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from detcount.errors import DetcountError, DetcountWarning, InputError, error_text, system_words
from detcount.terminal import forgiving_streams
from detcount.words import Message, said

if TYPE_CHECKING:
    from detcount.assessment import Assessment
    from detcount.assessment.releases import ReleasesAssessment
    from detcount.captures import CaptureTable
    from detcount.definition import Definition
    from detcount.published import PublishedArrests, PublishedReleases, PublishedStock

__all__ = ["main"]

_FAULT = 2
# registers beside the series that ship, and the days between which their bulletins allow an audit
_REGISTERS = {
    "venezuela_releases": (
        "venezuela_stock",
        "venezuela_arrests",
        date(2024, 10, 7),
        date(2025, 3, 31),
    )
}
_INTERRUPTED = 130
_DEFINITION = ("who", "unit", "where", "period", "day", "excludes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``detcount``; by default those of the command line.

    Returns
    -------
    int
        The exit code: 0 for an answer, 2 for a fault in data, options or files.

    Examples
    --------
    >>> from detcount.cli import main
    >>> main(["cite"])  # doctest: +ELLIPSIS
    The detcount developers (...
    0
    """
    with forgiving_streams():
        return _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> int:
    """Print the answer, or the fault in one line."""
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 0
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DetcountWarning
            )  # their text stands in the notes that are printed
            print(options.answer(options), flush=True)
    except BrokenPipeError:  # whoever reads us, `head` for one, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except DetcountError as error:
        return _at_fault(error_text(error, _language_of(options)))
    except OSError as error:
        return _at_fault(said(_without_folders(error), _language_of(options)))
    except KeyboardInterrupt:
        print(f"detcount: {Message('interrupted').say(_language_of(options))}", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _language_of(options: argparse.Namespace) -> str:
    """The language to answer in; English where it is the one that is at fault, or none is asked for."""
    from detcount.words import languages

    lang: str = getattr(options, "lang", "en")
    return lang if lang in languages() else "en"


def _at_fault(message: str) -> int:
    """Say what is at fault, in one line whatever the message holds."""
    print(f"detcount: {' '.join(message.splitlines())}", file=sys.stderr)
    return _FAULT


def _without_folders(error: OSError) -> str:
    """The message of the system, with the name of the file and not of its folders."""
    if error.filename is None or error.strerror is None:
        return error.strerror or Message("the file cannot be read or written")
    name = os.path.basename(os.fsdecode(error.filename))
    return Message("{file}: {what}", file=name, what=system_words(error))


def _assess(options: argparse.Namespace) -> str:
    """Assess a file or a data set, and write the report where asked."""
    _check_report(options)
    chosen = {"disclosure": options.disclosure, "digest_key": _digest_key(options.digest_key_file)}
    table = _table(options)
    from detcount.assessment import assess

    assessment = assess(table, seed=options.seed)
    return _reported(assessment, options, **chosen)


def _digest_key(path: str | None) -> str | None:
    """The secret that a file holds; it is checked before minutes are spent."""
    if path is None:
        return None
    from detcount.privacy import check_digest_key

    with open(path, encoding="ascii", errors="replace") as file:
        return check_digest_key(file.read().strip())


def _table(options: argparse.Namespace) -> CaptureTable:
    """Table that the options describe."""
    from detcount.captures import CaptureTable

    lists = None if options.lists is None else _names(options.lists)
    if options.dataset is not None:
        from detcount import datasets

        _require_absent(options, ("file", "count", "person", "sheet", *_DEFINITION))
        table = datasets.load(options.dataset)
        if not isinstance(table, CaptureTable):
            raise InputError(
                Message(
                    "--dataset: expected a table of persons on lists, got {name!r}, which holds published "
                    "counts. detcount datasets says what each one holds",
                    name=options.dataset,
                )
            )
        return table if lists is None else table.keep(lists)
    if options.file is None:
        raise InputError(
            Message("{command}: expected a file or --dataset, got neither. See {help}", **_help("assess"))
        )
    if lists is None:
        raise InputError(
            Message("assess: expected --lists with the columns that are lists. Write --lists one,two,three")
        )
    definition = _definition(options)
    from detcount.io import read_frame

    return CaptureTable.from_frame(
        read_frame(options.file, sheet=options.sheet),
        lists=lists,
        count=options.count,
        person=options.person,
        definition=definition,
    )


def _require_absent(options: argparse.Namespace, names: tuple[str, ...]) -> None:
    """Refuse options that a data set answers itself."""
    for name in names:
        if getattr(options, name) is not None:
            raise InputError(
                Message("--dataset: expected no {name} beside it, as the data set has its own", name=name)
            )


def _definition(options: argparse.Namespace) -> Definition | None:
    """Who is counted, as the options say it."""
    given = {name: getattr(options, name) for name in _DEFINITION if getattr(options, name) is not None}
    if not given:
        return None
    if "who" not in given:
        raise InputError(
            Message(
                "--{option}: expected --who beside it, which says in words whom the data count, as in --who "
                "'people held for political ends'",
                option=next(iter(given)),
            )
        )
    from detcount.definition import Definition

    return Definition(**{"unit": "person", **given})


def _names(text: str) -> list[str]:
    """Names between commas; one that has a comma or a line break stands in quotation marks."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != 1:
        raise InputError(
            Message(
                "--lists: expected names in one line with a comma between them, got something else. "
                "Write --lists one,two,three, with quotation marks around a name that has a comma"
            )
        )
    return rows[0]


def _releases(options: argparse.Namespace) -> str:
    """Set announced releases against verified ones, and write the report where asked."""
    _check_report(options)
    as_of = None if options.as_of is None else _day(options.as_of)
    reports = _reports(options)
    if as_of is not None and not options.allow_future:
        from detcount.published.days import refuse_to_come

        refuse_to_come([as_of], "--as-of", remedy="Name a day that has come", rows=None)
    if as_of is not None and as_of < reports.first_published:
        raise InputError(
            Message(
                "--as-of: expected {first} or later, the day of the first count, got {day}",
                first=reports.first_published.isoformat(),
                day=as_of.isoformat(),
            )
        )
    from detcount.assessment.releases import assess_releases

    register = _register_of(options.dataset, as_of)
    assessment = assess_releases(reports, as_of=as_of, seed=options.seed, **register)
    return _reported(assessment, options)


def _help(command: str) -> dict[str, str]:
    """A command, and how to ask for its help."""
    return {"command": command, "help": f"detcount {command} --help"}


def _check_report(options: argparse.Namespace) -> None:
    """Refuse a language or a place for the report before minutes are spent; data are never written over."""
    from detcount import arguments

    arguments.language(options.lang)
    if options.html is None:
        return
    for read in (options.file, getattr(options, "digest_key_file", None)):
        if read is not None and _same_file(read, options.html):
            raise InputError(
                Message(
                    "--html: expected another file than the one with the data, got the same. "
                    "Choose another name"
                )
            )
    from detcount.report.writing import check_target

    check_target(options.html, force=options.force)


def _same_file(one: str, other: str) -> bool:
    """Whether two names are of one file, through links too."""
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there
        return os.path.realpath(one) == os.path.realpath(other)


def _reported(assessment: Assessment | ReleasesAssessment, options: argparse.Namespace, **chosen: Any) -> str:
    """Write the page where asked, and give the report in Markdown."""
    if options.html is not None:
        assessment.to_html(options.html, lang=options.lang, force=options.force, **chosen)
        written = Message("report written to {file}", file=options.html)
        print(f"detcount: {written.say(options.lang)}", file=sys.stderr)
    return assessment.to_markdown(lang=options.lang, **chosen).rstrip("\n")


def _reports(options: argparse.Namespace) -> PublishedReleases:
    """Published counts that the options describe."""
    from detcount.published import PublishedReleases

    if options.dataset is not None:
        from detcount import datasets

        _require_absent(options, ("file", "sheet", *_DEFINITION))
        reports = datasets.load(options.dataset)
        if not isinstance(reports, PublishedReleases):
            raise InputError(
                Message(
                    "--dataset: expected published releases, got {name!r}, which is something else. "
                    "Name venezuela_releases",
                    name=options.dataset,
                )
            )
        return reports
    if options.file is None:
        raise InputError(
            Message("{command}: expected a file or --dataset, got neither. See {help}", **_help("releases"))
        )
    definition = _definition(options)
    from detcount.io import read_frame

    frame = read_frame(options.file, sheet=options.sheet)
    return PublishedReleases.from_frame(frame, definition=definition, allow_future=options.allow_future)


def _day(text: str) -> date:
    """A day with its year, as the files have it."""
    from detcount import arguments

    return arguments.day("--as-of", text)


def _register_of(dataset: str | None, as_of: date | None) -> dict[str, Any]:
    """The register beside a data set, and the days of its audit, where they were past by then."""
    if dataset not in _REGISTERS:
        return {}
    from detcount import datasets

    stock, arrests, first, last = _REGISTERS[dataset]
    if as_of is not None and as_of <= last:
        return {}
    return {"stock": datasets.load(stock), "arrests": datasets.load(arrests), "audit": (first, last)}


def _datasets(options: argparse.Namespace) -> str:
    """List the data sets, or describe one."""
    from detcount import datasets
    from detcount.captures import CaptureTable

    if options.name is None:
        described = datasets.describe()
        rows = zip(described["name"], described["year"], described["what"], strict=True)
        return "\n".join(
            [
                "| name | holds | year | what |",
                "|---|---|---|---|",
                *(
                    f"| {name} | {_holds(datasets.load(name))} | {year} | {what} |"
                    for name, year, what in rows
                ),
            ]
        )
    record = datasets.describe(options.name)
    table = datasets.load(options.name)
    if isinstance(table, CaptureTable):
        parts = ", ".join(f"{name} {size:,}" for name, size in table.list_sizes.items())
    else:
        parts = ", ".join(f"{source} {table.source.count(source):,}" for source in table.sources)
    return "\n".join(
        [
            f"{record.name}: {record.what}",
            f"{_holds(table)}: {parts}",
            f"Source: {record.source}",
            f"Found in: {record.found_in}",
            *(f"Mind: {caveat}" for caveat in record.caveats),
        ]
    )


def _holds(table: CaptureTable | PublishedReleases | PublishedStock | PublishedArrests) -> str:
    """How much a table holds, in words."""
    from detcount.captures import CaptureTable

    if isinstance(table, CaptureTable):
        return f"{table.n_observed:,} persons on {table.n_lists} lists"
    return f"{len(table):,} published counts by {len(table.sources)} sources"


def _cite(options: argparse.Namespace) -> str:
    """Say how to cite the library."""
    from detcount.citation import cite

    return cite(options.style)


class _Version(argparse.Action):
    """Print the version; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata

        print(f"detcount {metadata.version('detcount')}")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """A parser whose faults are one line, as those of the data are."""

    def error(self, message: str) -> NoReturn:
        _at_fault(f"{message}. See {self.prog} --help")
        raise SystemExit(_FAULT)


def _words(text: str) -> str:
    """Words of the command line; bytes that the locale does not have are taken for UTF-8."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeDecodeError:
        raise argparse.ArgumentTypeError("expected text in UTF-8, got other bytes") from None


def _parser() -> argparse.ArgumentParser:
    """Describe the command and its options."""
    parser = _Parser(
        prog="detcount",
        description="How many people are detained, from several incomplete lists, and how sure we can be.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser(
        "assess",
        help="estimate a population from lists, with the verdict and what it rests on",
        description="Run every family of estimators that can answer, and print the verdict as Markdown.",
        epilog="detcount assess people.csv --lists prensa,familias,ong --lang es --html informe.html",
    )
    command.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV, Parquet or Excel file, one row a person or a history"
    )
    command.add_argument(
        "--dataset", metavar="NAME", help="a table that ships with detcount, in place of a file"
    )
    command.add_argument(
        "--lists", type=_words, metavar="A,B,C", help="columns that are lists, holding 0 and 1"
    )
    command.add_argument(
        "--count",
        type=_words,
        metavar="COLUMN",
        help="column with the persons of each history; else a row is a person",
    )
    command.add_argument(
        "--person",
        type=_words,
        metavar="COLUMN",
        help="column that identifies each person, to check that nobody stands twice",
    )
    command.add_argument(
        "--disclosure",
        choices=("public", "full"),
        help="what is printed: no small count, or every count; public for files, full for data sets",
    )
    command.add_argument(
        "--digest-key-file",
        metavar="FILE",
        help="file with a secret of 32 characters, for a digest of the data in a public report",
    )
    _add_options_of_reports(command)
    command.set_defaults(answer=_assess)

    command = commands.add_parser(
        "releases",
        help="set announced releases against verified ones, and say what the gap is made of",
        description="Set announced releases against verified ones, and print the answer as Markdown.",
        epilog="detcount releases counts.csv --as-of 2026-01-13 --lang es --html informe.html",
    )
    command.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="CSV, Parquet or Excel file with columns published, source, role, start, end, count",
    )
    command.add_argument(
        "--dataset", metavar="NAME", help="a series that ships with detcount, in place of a file"
    )
    command.add_argument("--as-of", metavar="DATE", help="last day that may be known, as in 2026-01-31")
    command.add_argument(
        "--allow-future",
        action="store_true",
        help="keep counts of days that have not come, if they are meant",
    )
    _add_options_of_reports(command)
    command.set_defaults(answer=_releases)

    command = commands.add_parser(
        "datasets", help="list the tables that ship with detcount, or describe one of them"
    )
    command.add_argument("name", nargs="?", metavar="NAME")
    command.set_defaults(answer=_datasets)

    command = commands.add_parser("cite", help="say how to cite this version")
    command.add_argument("--style", choices=("text", "bibtex", "cff"), default="text")
    command.set_defaults(answer=_cite)
    return parser


def _add_options_of_reports(command: argparse.ArgumentParser) -> None:
    """Options of the commands that read a file and write a report."""
    command.add_argument(
        "--who", type=_words, metavar="TEXT", help="whom the data count, in words; printed as it is"
    )
    command.add_argument("--unit", choices=("person", "detention"), help="what counts once; a person")
    command.add_argument("--where", type=_words, metavar="TEXT", help="where; printed as it is")
    command.add_argument(
        "--period", nargs=2, metavar=("FIRST", "LAST"), help="days between which people are counted"
    )
    command.add_argument("--day", metavar="DATE", help="day at whose end people are counted")
    command.add_argument(
        "--excludes",
        type=_words,
        action="append",
        metavar="TEXT",
        help="who is not counted; may be given several times",
    )
    command.add_argument(
        "--sheet", type=_words, metavar="NAME", help="sheet of a workbook, when it has several"
    )
    command.add_argument(
        "--lang", default="en", metavar="CODE", help="language of the answer: en, es, es-VE, es-MX"
    )
    command.add_argument(
        "--html", metavar="OUT", help="also write the report, with its figures, to this file"
    )
    command.add_argument(
        "--force", action="store_true", help="write over a file of that name that is no report of detcount"
    )
    command.add_argument(
        "--seed", type=int, default=0, metavar="INTEGER", help="seed of the random numbers; 0"
    )
