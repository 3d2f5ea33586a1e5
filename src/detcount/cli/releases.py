"""``detcount releases``: announced releases against verified ones."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.data import (
    day_of,
    definition_of,
    last_day,
    load_beside,
    load_shipped,
    print_notes,
    published,
    read_or_suggest,
    require_file,
)
from detcount.cli.places import check_places, write_answer
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.data.published import PublishedReleases

_REGISTER = ("stock", "arrests", "audit")
_REGISTERS = {  # beside a series that ships
    "venezuela_releases": {"stock": "venezuela_stock", "arrests": "venezuela_arrests"}
}


def answer(options: argparse.Namespace) -> str:
    """Set announced releases against verified ones, and write the report where asked."""
    check_places(options, (options.file, options.stock, options.arrests))
    as_of = last_day(options)
    audit = None if options.audit is None else tuple(day_of("--audit", day, options) for day in options.audit)
    _check_register(options)
    reports = read_or_suggest(reports_of, options)
    if as_of is not None and as_of < reports.first_published:
        raise InputError(
            Message(
                "--as-of: expected {first} or later, the day of the first count, got {day}",
                first=reports.first_published.isoformat(),
                day=as_of.isoformat(),
            )
        )
    register = (
        {**read_or_suggest(_register, options), "audit": audit}
        if options.stock is not None
        else load_beside(_REGISTERS.get(options.dataset, {}))
    )
    print_notes(options, (reports, *(register[name] for name in ("stock", "arrests") if name in register)))
    from detcount.assessment import assess_releases

    assessment = assess_releases(reports, as_of=as_of, seed=options.seed, **register)
    table = partial(assessment.to_frame, options.level)
    return write_answer(options, assessment, table, detail={"detail": options.detail})


def reports_of(options: argparse.Namespace) -> PublishedReleases:
    """Published counts that the options describe."""
    from detcount.data.published import PublishedReleases

    if options.dataset is not None:
        return load_shipped(options, PublishedReleases, Message("published releases"), _REGISTER)
    require_file(options)
    found: PublishedReleases = published(PublishedReleases, options, options.file, definition_of(options))
    return found


def _check_register(options: argparse.Namespace) -> None:
    """Refuse a part of a register where all of it is needed."""
    stock, arrests, audit = (getattr(options, name) is not None for name in ("stock", "arrests", "audit"))
    if stock != arrests or (audit and not stock):
        raise InputError(
            Message(
                "--stock, --arrests: expected both or none, and --audit with its two days beside them alone, "
                "as in --audit 2025-01-06 2025-03-31"
            )
        )


def _register(options: argparse.Namespace) -> dict[str, Any]:
    """The counts of a register in files: the persons held, and those arrested."""
    from detcount.data.published import PublishedArrests, PublishedStock

    return {
        "stock": published(PublishedStock, options, options.stock),
        "arrests": published(PublishedArrests, options, options.arrests),
    }
