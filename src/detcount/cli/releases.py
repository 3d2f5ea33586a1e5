"""``detcount releases``: announced releases against verified ones."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.data import (
    day_of,
    definition_of,
    frame_of,
    last_day,
    load_shipped,
    print_notes,
    read_or_suggest,
    require_file,
)
from detcount.cli.places import check_places, write_answer
from detcount.cli.values import message
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.published import PublishedReleases

_REGISTER = ("stock", "arrests", "audit")
_REGISTERS = {"venezuela_releases": ("venezuela_stock", "venezuela_arrests")}  # beside a series that ships


def answer(options: argparse.Namespace) -> str:
    """Set announced releases against verified ones, and write the report where asked."""
    check_places(options, (options.file, options.stock, options.arrests))
    as_of = last_day(options)
    audit = None if options.audit is None else tuple(day_of("--audit", day, options) for day in options.audit)
    _check_register(options)
    reports = read_or_suggest(reports_of, options)
    if as_of is not None and as_of < reports.first_published:
        raise message.refused(
            "as-of before the first count", first=reports.first_published.isoformat(), day=as_of.isoformat()
        )
    register = (
        {**read_or_suggest(_register, options), "audit": audit}
        if options.stock is not None
        else _shipped_register(options.dataset)
    )
    print_notes(options, (reports, *(register[name] for name in ("stock", "arrests") if name in register)))
    from detcount.assessment import assess_releases

    assessment = assess_releases(reports, as_of=as_of, seed=options.seed, **register)
    table = partial(assessment.to_frame, options.level)
    return write_answer(options, assessment, table, detail={"detail": options.detail})


def reports_of(options: argparse.Namespace) -> PublishedReleases:
    """Published counts that the options describe."""
    from detcount.published import PublishedReleases

    if options.dataset is not None:
        return load_shipped(options, PublishedReleases, Message("published releases"), _REGISTER)
    require_file(options)
    definition = definition_of(options)
    frame = frame_of(options, options.file)
    return PublishedReleases.from_frame(
        frame, definition=definition, allow_future=options.allow_future, dayfirst=options.dayfirst
    )


def _check_register(options: argparse.Namespace) -> None:
    """Refuse a part of a register where all of it is needed."""
    stock, arrests, audit = (getattr(options, name) is not None for name in ("stock", "arrests", "audit"))
    if stock != arrests or (audit and not stock):
        raise InputError(message("register in part"))


def _register(options: argparse.Namespace) -> dict[str, Any]:
    """The counts of a register in files: the persons held, and those arrested."""
    from detcount.published import PublishedArrests, PublishedStock

    future, dayfirst = options.allow_future, options.dayfirst
    stock, arrests = frame_of(options, options.stock), frame_of(options, options.arrests)
    return {
        "stock": PublishedStock.from_frame(stock, allow_future=future, dayfirst=dayfirst),
        "arrests": PublishedArrests.from_frame(arrests, allow_future=future, dayfirst=dayfirst),
    }


def _shipped_register(dataset: str | None) -> dict[str, Any]:
    """The register beside a data set."""
    if dataset not in _REGISTERS:
        return {}
    from detcount import datasets

    stock, arrests = _REGISTERS[dataset]
    return {"stock": datasets.load(stock), "arrests": datasets.load(arrests)}
