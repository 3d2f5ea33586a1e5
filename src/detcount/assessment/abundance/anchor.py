"""A random sample as one of the lists of an assessment: who weighs it, its rules, and its companions.

It is one thing in three parts: the estimator that the sample and the other lists allow, what may be printed
of its answer, and the designs that share one public page with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from detcount.abundance import Anchored, ClustersAtRandom, KnownShare, PersonsAtRandom
from detcount.assessment.common.verdict import (
    FEWEST_PERSONS,
    LEVEL,
    MOST_WIDTH,
    WIDTH_OF_NOTHING,
    Rule,
)
from detcount.calibration import Calibrated
from detcount.copies import copied_lists
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.privacy import LARGEST_SMALL_COUNT, reflected
from detcount.reports.numbers import ratio
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_STANDS = Message(
    "One of the lists is a random sample of known design: those whom it found on no other list stand for all "
    "who are on none, however the other lists depend on each other."
)
_WEIGHED = Message(
    "What these say by themselves is weighed by what the sample found. With a probability of one in five, "
    "stated beforehand, it is taken not to hold."
)


def stated(
    sample: str,
    drawn: str,
    read: Callable[[str], pd.DataFrame],
    clusters: int | None = None,
    inmates: int | None = None,
) -> Anchored:
    """Take a sample with its design in a word: persons of a roll, a share, or the file of what was drawn."""
    n, of, roll = drawn.partition("/")
    if of and n.isdecimal() and roll.isdecimal():
        return Anchored(sample, PersonsAtRandom(drawn=int(n), roll=int(roll)))
    if drawn.replace(".", "", 1).isdecimal():
        return Anchored(sample, KnownShare(float(drawn)))
    frame = read(drawn)
    among = [*dict.fromkeys(frame["drawn_from"].tolist())] if "drawn_from" in frame else []
    drawn_from = clusters or (int(among[0]) if len(among) == 1 and str(among[0]).isdecimal() else None)
    if drawn_from is None:
        raise InputError(
            Message(
                "anchor: expected beside a file without a column drawn_from the number of all prisons, as "
                "--clusters 22 or clusters = 22, got none. Add it"
            )
        )
    if clusters is None and "inmates" not in frame:
        return Anchored(sample, PersonsAtRandom(drawn=len(frame), roll=drawn_from))
    return Anchored(sample, ClustersAtRandom.from_frame(frame, clusters=drawn_from, inmates=inmates))


def explained(anchor: Anchored) -> Message:
    """Explain the recommended number, without a number of the data, so that it is the same in public."""
    return _STANDS if anchor.lists is None else Message.together((_STANDS, _WEIGHED))


def belonging(anchor: Anchored, wrong: float | Mapping[str, float] | None) -> float | Mapping[str, float]:
    """Shares of linked lists that do not belong, none of a sample unless it is stated; refuse clusters."""
    if isinstance(anchor.design, ClustersAtRandom):
        raise InputError(
            Message(
                "anchor: expected persons drawn at random or a known share, as lists were linked, got "
                "clusters, whose counts are those of one table. Assess the table of the linkage"
            )
        )
    if wrong is not None and not isinstance(wrong, Mapping):
        return wrong
    return {anchor.sample: 0.0} | dict(wrong or {})


def with_lists(anchor: Anchored, table: CaptureTable, calibrated: Calibrated, seed: int) -> Anchored:
    """The sample with an estimator of the other lists; alone where these are copies or have no answer."""
    if anchor.lists is not None or table.n_lists < 3 or table.exclusives[anchor.sample] == table.n_observed:
        return anchor
    rest = table.drop(anchor.sample)
    if copied_lists(rest):
        return anchor
    try:
        calibrated.fit(rest, seed=seed)
    except NotEstimableError:
        return anchor
    return replace(anchor, lists=calibrated)


def designs(anchor: Anchored, tables: Sequence[CaptureTable]) -> list[tuple[CaptureTable, Anchored]]:
    """Give tables that share a page, each with every design that shares it; none where one cannot be.

    Of clusters every small number on no list has two values, which change places as in `companions`. The
    cluster with the most inmates among the others makes up for the sum.
    """
    design = anchor.design
    if not isinstance(design, ClustersAtRandom):
        return [(table, anchor) for table in tables]
    unlisted = [found for _, _, found in design.visited]
    others = [k for k, found in enumerate(unlisted) if found > LARGEST_SMALL_COUNT]
    largest = max(others, key=lambda k: design.visited[k][1], default=0)
    made: dict[tuple[int, Anchored], None] = {}
    for place, table in enumerate(tables):
        for counts in (unlisted, [reflected(found) for found in unlisted]):
            each = list(counts)
            gap = table.exclusives[anchor.sample] - sum(each)
            each[largest] += gap
            possible = all(found <= row[1] for found, row in zip(each, design.visited, strict=True))
            if not possible or (gap and min(each[largest], counts[largest]) <= LARGEST_SMALL_COUNT):
                return []
            rows = tuple((*row[:2], found) for found, row in zip(each, design.visited, strict=True))
            made[place, replace(anchor, design=replace(design, visited=rows))] = None
    return [(tables[place], each) for place, each in made]


def _width(estimate: AbundanceEstimate) -> float:
    """Upper limit over lower."""
    low, high = estimate.interval(LEVEL)
    return high / low


def _contradicted(estimate: AbundanceEstimate) -> bool:
    """Check whether lists and sample contradict each other, in most draws of linked lists."""
    drawn = getattr(estimate.detail, "estimates", (estimate,))
    return 2 * sum(getattr(each.detail, "apart", None) is not None for each in drawn) > len(drawn)


WIDE = Message(
    "the limits are wide: the upper one is more than {width} times the lower", width=ratio(MOST_WIDTH)
)
RULES: tuple[Rule[AbundanceEstimate], ...] = (
    Rule(
        "too few",
        "floor only",
        lambda made: made.n_observed < FEWEST_PERSONS,
        lambda made: Message.counted(
            "only one person is listed, fewer than {least}",
            "only {n} people are listed, fewer than {least}",
            n=made.n_observed,
            least=FEWEST_PERSONS,
        ),
    ),
    Rule(
        "says nothing",
        "floor only",
        lambda made: _width(made) > WIDTH_OF_NOTHING,
        lambda _: Message(
            "the sample says next to nothing: the upper limit is more than {most:.0f} times the lower",
            most=WIDTH_OF_NOTHING,
        ),
    ),
    Rule(
        "wide limits",
        "range",
        lambda made: MOST_WIDTH < _width(made) <= WIDTH_OF_NOTHING,
        lambda _: WIDE,
    ),
    Rule(
        "contradiction",
        "range",
        _contradicted,
        lambda _: Message(
            "the random sample and the other lists contradict each other; look at how the sample was drawn"
        ),
    ),
)
"""Rules of a number with a random sample, on which those of how lists depend have no bearing."""
NO_SAMPLE = Message(
    "no limits follow from the random sample, so that what stands here rests on the lists alone"
)
