"""``detcount coverage``: how many of those released were on the list before."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.data import definition_of, frame_of, none_given, print_notes, read_or_suggest
from detcount.cli.places import check_places, write_answer
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.stock import ReleaseWaves


def answer(options: argparse.Namespace) -> str:
    """Set waves of releases against the list of a monitor, and write the report where asked."""
    check_places(options, (options.file,))
    from detcount.stock import CoverageFromReleases

    waves = read_or_suggest(waves_of, options)
    print_notes(options, (waves,))
    odds = options.odds_ratio
    estimate = CoverageFromReleases(odds[0] if len(odds) == 1 else tuple(odds)).fit(waves, seed=options.seed)
    table = partial(estimate.to_frame, options.level)
    return write_answer(options, estimate, table)


def waves_of(options: argparse.Namespace) -> ReleaseWaves:
    """The waves that the options describe; at a terminal, what decides and is not said is asked for."""
    if options.file is None:
        raise none_given(options.command, Message("a file"))
    frame = frame_of(options, options.file)
    waves = _read(frame, options)
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or options.quiet:
        return waves
    if any(not wave.scope for wave in waves.waves):
        options.scope = _line(
            Message(
                "Who is counted among those released? same (as on the list), official (the state's word for "
                "it), wider (of all offences), returned (everybody who came back), first (those confirmed "
                "first); blank if nobody said: "
            ),
            options.lang,
        )
    if any(not wave.fresh for wave in waves.waves):
        options.fresh = _line(
            Message(
                "Is it known that the list held nobody who was dead, free or named twice? yes, no; blank if "
                "nobody said: "
            ),
            options.lang,
        )
    return _read(frame, options)


def _read(frame: Any, options: argparse.Namespace) -> ReleaseWaves:
    """The waves of a frame."""
    from detcount.stock import ReleaseWaves

    return ReleaseWaves.from_frame(
        frame,
        by=options.by,
        scope=options.scope or "",
        fresh=options.fresh,
        definition=definition_of(options),
        dayfirst=options.dayfirst,
        allow_future=options.allow_future,
    )


def _line(question: Message, lang: str) -> str:
    """One line that answers a question; the question stands beside the answer and not in it."""
    sys.stderr.write(question.translated(lang))
    sys.stderr.flush()
    return sys.stdin.readline().strip()
