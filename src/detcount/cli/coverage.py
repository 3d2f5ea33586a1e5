"""``detcount coverage``: how many of those released were on the list before."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from detcount.cli.data import definition_of, frame_of, none_given, read_or_suggest
from detcount.cli.places import check_places, write_answer
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.stock import ReleaseWaves

_FRESH = {"yes": True, "no": False, "si": True, "y": True, "n": False, "s": True}
_SCOPE = "released_counts"


def answer(options: argparse.Namespace) -> str:
    """Set waves of releases against the list of a monitor, and write the report where asked."""
    check_places(options, (options.file,))
    from detcount.shown import together
    from detcount.stock import CoverageFromReleases

    waves = read_or_suggest(waves_of, options)
    odds = options.odds_ratio
    estimate = CoverageFromReleases(odds[0] if len(odds) == 1 else tuple(odds)).fit(waves, seed=options.seed)
    return write_answer(options, together([estimate]), estimate.to_frame, record=estimate.record)


def waves_of(options: argparse.Namespace) -> ReleaseWaves:
    """The waves that the options describe; at a terminal, what decides and is not said is asked for."""
    from detcount.stock import ReleaseWaves

    if options.file is None:
        raise none_given(options.command, Message("a file"))
    frame, fresh = frame_of(options, options.file), _FRESH.get(options.fresh)
    if sys.stdin.isatty() and sys.stderr.isatty() and not options.quiet:
        frame, fresh = _asked(frame, fresh, options.lang)
    return ReleaseWaves.from_frame(
        frame,
        by=options.by,
        fresh=fresh,
        definition=definition_of(options),
        dayfirst=options.dayfirst,
        allow_future=options.allow_future,
    )


def _asked(frame: Any, fresh: bool | None, lang: str) -> tuple[Any, bool | None]:
    """Ask what decides and is not said: who is counted among those released, and how fresh the list is."""
    if _SCOPE not in frame:
        frame = frame.assign(**{_SCOPE: None})
    open_ = frame[_SCOPE].isna() | (frame[_SCOPE].astype(str).str.strip() == "")
    if open_.any():
        question = Message(
            "Who is counted among those released? same (as on the list), official (the state's word for it), "
            "wider (of all offences), returned (everybody who came back); blank if nobody said: "
        )
        frame = frame.assign(**{_SCOPE: frame[_SCOPE].astype(object).where(~open_, _line(question, lang))})
    if fresh is None:
        question = Message(
            "Is it known that the list held nobody who was dead, free or named twice? yes, no; blank if "
            "nobody said: "
        )
        fresh = _FRESH.get(_line(question, lang).casefold().replace("í", "i"))
    return frame, fresh


def _line(question: Message, lang: str) -> str:
    """One line that answers a question; the question stands beside the answer and not in it."""
    sys.stderr.write(question.say(lang))
    sys.stderr.flush()
    return sys.stdin.readline().strip()
