"""The commands ``assess``, ``report``, ``datasets``, ``cite`` and ``page``."""

from __future__ import annotations

import argparse
import webbrowser
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from detcount.cli.data import (
    cells_of,
    definition_of,
    frame_of,
    groups_of,
    last_day,
    likely_lists,
    none_given,
    read_or_suggest,
    table_of,
)
from detcount.cli.places import check_places, disclosed, keep_key, key_of, write_answer
from detcount.cli.terminal import print_beside
from detcount.errors import InputError, MissingExtraError
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

    from detcount.abundance import Anchored
    from detcount.assessment import Assessment, JointReport
    from detcount.data.captures import CaptureTable
    from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock

_NEEDED = ("starlette", "uvicorn", "python_multipart", "jinja2")
_LAST_PORT = 65535


def assess_lists(options: argparse.Namespace) -> str:
    """Assess a file or a data set, and write the report where asked."""
    from detcount.strata.composing import together

    visited = (options.anchor or "").rpartition("=")[2] or None
    check_places(options, (options.file, options.key_file, visited))
    key, new = key_of(options.key_file)
    if options.families is not None:
        from detcount.assessment.abundance.families import wanted_families

        wanted_families(options.families)
    anchor = anchor_of(options)
    groups = None if options.by is None else read_or_suggest(groups_of, options, likely_lists)
    table = read_or_suggest(table_of, options, likely_lists) if groups is None else together(groups)
    from detcount.assessment import assess
    from detcount.privacy import check_disclosure

    # what is written follows one choice, in whatever form: that of the report
    disclosure = check_disclosure(options.disclosure, table.dataset)
    if disclosure == "public":
        refuse_level(options.level)
    assessment = assess(table, seed=options.seed, families=options.families, by=groups, anchor=anchor)
    if new:
        keep_key(key, options.key_file, options.lang)
    assessment = disclosed(assessment, disclosure, key)
    return write_answer(options, assessment, partial(_table, assessment, options.level))


def anchor_of(options: argparse.Namespace) -> Anchored | None:
    """The list that is a random sample, with its design; None where the options name none."""
    if options.anchor is None:
        return None
    name, found, drawn = options.anchor.rpartition("=")
    if not found or not name or not drawn:
        raise InputError(
            Message(
                "--anchor: expected a list and its design, got {text!r}. Write --anchor visit=120/1500, "
                "--anchor visit=0.1, or --anchor visit=prisons.csv --clusters 22",
                text=options.anchor,
            )
        )
    from detcount.assessment.abundance.anchor import stated

    return stated(name.strip(), drawn, partial(frame_of, options), options.clusters, options.inmates)


def _table(assessment: Assessment, level: float) -> pd.DataFrame:
    """The answer of each family, or who is missing by group, as far as the report shows it."""
    import pandas as pd

    if not assessment.groups:
        return assessment.to_frame(level)
    if assessment.disclosure == "full" and assessment.composition is not None:
        return assessment.composition.to_frame(level)
    limits = [(row.name, *row.share_limits, level) for row in assessment.groups]
    return pd.DataFrame(limits, columns=["group", "share_low", "share_high", "level"])


def refuse_level(level: float, *, of_jobs: bool = False) -> None:
    """Refuse limits of another level than those of the report, where no others are given."""
    from detcount.assessment.common.verdict import LEVEL

    if level == LEVEL:
        return
    known, got = repr(LEVEL), repr(level)
    if of_jobs:
        raise InputError(
            Message(
                "--level: expected {known}, which the report of all jobs has, got {got}. The commands "
                "assess, releases and stock give others",
                known=known,
                got=got,
            )
        )
    raise InputError(
        Message(
            "--level: expected {known}, which the public report has, got {got}. --disclosure full gives "
            "others, to those who may see the lists",
            known=known,
            got=got,
        )
    )


def report_folder(options: argparse.Namespace) -> str:
    """Do every job that the files of a folder allow, and write the report where asked."""
    if options.folder is None:
        raise none_given("report", Message("a folder"))
    from detcount.assessment import report
    from detcount.assessment.joint.folder import files_of, is_ours

    data = [str(file) for file in files_of(options.folder) if file.is_file() and not is_ours(file)]
    check_places(options, (*data, options.key_file))
    refuse_level(options.level, of_jobs=True)
    key, new = key_of(options.key_file)
    made = report(
        options.folder,
        as_of=last_day(options),
        families=options.families,
        anchor=anchor_of(options),
        definition=definition_of(options),
        take=_take(options),
        lists=options.lists,
        seed=options.seed,
        **cells_of(options),
        dayfirst=options.dayfirst,
        allow_future=options.allow_future,
    )
    _print_read(made, options)
    if new:
        keep_key(key, options.key_file, options.lang)
    made = disclosed(made, options.disclosure or ("public" if key else None), key)
    return write_answer(options, made, made.to_frame)


def _print_read(made: JointReport, options: argparse.Namespace) -> None:
    """Say of each file what it was taken for, to who ran the command: names stand nowhere else."""
    from detcount.reading.headers import KIND_WORDS

    if options.quiet:
        return
    for row in made.files:
        words = (
            Message("{file}: left aside: {why}", file=row.name, why=row.why)
            if row.kind is None
            else Message(
                "{file}: taken for {kind}: {why}", file=row.name, kind=KIND_WORDS[row.kind], why=row.why
            )
        )
        print_beside(words.translated(options.lang))


def _take(options: argparse.Namespace) -> dict[str, str]:
    """Give what files were said to be."""
    found: dict[str, str] = {}
    for word in options.take or ():
        name, _, kind = word.rpartition("=")
        if not name or not kind:
            raise InputError(
                Message(
                    "--take: expected the name of a file, = and what it is, as in --take counts.csv=releases"
                )
            )
        found[name] = kind
    return found


def list_datasets(options: argparse.Namespace) -> str:
    """List the data sets, or describe one."""
    from detcount import datasets
    from detcount.data.captures import CaptureTable

    if options.name is None:
        described = datasets.describe()
        rows = zip(described["name"], described["year"], described["what"], strict=True)
        lines = ["| name | holds | year | what |", "|---|---|---|---|"]
        lines += [
            f"| {name} | {_holds(datasets.load(name))} | {year} | {what} |" for name, year, what in rows
        ]
        return "\n".join(lines)
    record = datasets.describe(options.name)
    table = datasets.load(options.name)
    if isinstance(table, CaptureTable):
        parts = ", ".join(f"{name} {size:,}" for name, size in table.list_sizes.items())
    else:
        parts = ", ".join(f"{source} {table.source.count(source):,}" for source in table.sources)
    lines = [
        f"{record.name}: {record.what}",
        f"{_holds(table)}: {parts}",
        f"Source: {record.source}",
        f"Found in: {record.found_in}",
    ]
    return "\n".join([*lines, *(f"Mind: {caveat}" for caveat in record.caveats)])


def _holds(table: CaptureTable | PublishedReleases | PublishedStock | PublishedArrests) -> str:
    """Write how much a table holds."""
    from detcount.data.captures import CaptureTable

    if isinstance(table, CaptureTable):
        return f"{table.n_observed:,} persons on {table.n_lists} lists"
    return f"{len(table):,} published counts by {len(table.sources)} sources"


def print_citation(options: argparse.Namespace) -> str:
    """Say how to cite the library."""
    from detcount.contract.citation import cite

    return cite(options.style)


def serve_page(options: argparse.Namespace) -> str:
    """Serve the page until it is interrupted."""
    from detcount.contract import arguments

    lang = arguments.language(options.lang)
    if not 0 <= options.port <= _LAST_PORT:
        raise InputError(
            Message(
                "--port: expected a number from 0 to {last}, got {port}", last=_LAST_PORT, port=options.port
            )
        )
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError(Message("the page on this computer"), "page")
    from detcount.page.server import serve

    def started(address: str) -> None:
        print(address, flush=True)
        print_beside(
            Message(
                "the page is at this address, for this computer alone. Ctrl-C ends it, and everything is "
                "forgotten"
            ).translated(lang)
        )
        if not options.no_browser:
            webbrowser.open(address)

    serve(options.port, lang, started)
    print_beside(Message("the page has ended, and everything is forgotten").translated(lang))
    return ""
