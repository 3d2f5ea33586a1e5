"""Published rows read as announcements with the figures of monitors, or why a row is none.

One chapter: which rows are one announcement, which verified figures are of it, and in what order they stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from detcount.data.published import PublishedReleases
from detcount.data.published.counts import MATCH_DAYS, PublishedCount, counts_of, kinds_of, same_people
from detcount.data.published.events import Event, events_of
from detcount.errors import NotEstimableError
from detcount.words import N_, Message, Name

NAME = "AnnouncedBatches"


@dataclass(frozen=True)
class Tuning:
    """Limits of announcements that are split.

    Parameters
    ----------
    most_days : int, days
        Longest announcement, and how long a figure of its first day may run on. Convention: two weeks.
    most : int, persons
        Most persons of an announcement. Convention: beyond, figures are to be checked.
    """

    most_days: int = 14
    most: int = 1_000_000


TUNING = Tuning()


_ORDER = {"same": 0, "unknown": 1, "different": 2}  # of the people that two counts are of
_FIGURE = N_("{count:,} ({source}, {day})")


@dataclass
class Batch:
    """An announcement, and the figures for it by monitor.

    Parameters
    ----------
    head : PublishedCount
        The announcement whose days are those of the releases: the first of its source.
    stated : PublishedCount
        The latest figure of that source, which is the number announced.
    notes : list of Message
        What a reader must know of it.
    figures : dict of str to list of PublishedCount
        What each monitor verified of it, in order.
    otherwise, part : set of str
        Monitors that count other people or another thing; those of them that count a part by definition.
    first : datetime.date
        First day of the releases as modelled.
    """

    head: PublishedCount
    stated: PublishedCount
    first: dt.date
    notes: list[Message] = field(default_factory=list)
    figures: dict[str, list[PublishedCount]] = field(default_factory=dict)
    otherwise: set[str] = field(default_factory=set)
    part: set[str] = field(default_factory=set)

    @property
    def label(self) -> str:
        """Its name; of an announcement that its source gave none, its days."""
        first, last = self.window
        if self.head.event:
            return self.head.event
        if first == last:
            return Name(f"{first}", Message("{day}", day=first))
        return Name(f"{first} to {last}", Message("{first} to {second}", first=first, second=last))

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """First and last day, as far as said; of releases to come without an end the first alone."""
        first = self.head.start or self.head.last
        return first, max(first, self.head.last)


@dataclass(frozen=True)
class Read:
    """Everything read from the rows."""

    reports: PublishedReleases
    batches: list[Batch]
    declined: dict[str, NotEstimableError]
    notes: list[Message]


def read_batches(reports: PublishedReleases) -> Read:
    """Sort rows into announcements, and verified figures to them."""
    verified = [each for each in counts_of(reports) if each.role == "verified"]
    events = [event for event in events_of(reports) if event.announced]
    if not events:
        raise NotEstimableError(
            NAME,
            Message("no row is an announced figure"),
            Message("Give what was announced the role 'announced'."),
            advice=Message("Say in the data which of the figures were announced."),
        )
    if not verified:
        raise NotEstimableError(
            NAME, Message("no row is a verified figure"), Message("Report the announcement as unverified.")
        )
    declined: dict[str, NotEstimableError] = {}
    read = []
    used: set[int] = set()
    for event in events:
        rows = [each for each in event.counts if each.role == "announced" and each.standing != "partial"]
        batch, error = _announcement(sorted(rows, key=lambda each: each.row), verified)
        used |= _give_figures(batch, event)
        if error is None:
            read.append(batch)
        else:
            declined[batch.label] = error
    unused = [each for each in verified if each.row not in used]
    unmatched, undated = len(unused), sum(each.start is None for each in unused)
    kept = []
    for batch in read:
        error = _put_in_order(batch)
        if error is None:
            kept.append(batch)
        else:
            declined[batch.label] = error
    kept.sort(key=lambda batch: (batch.window, batch.label))
    declined = dict(sorted(declined.items()))
    if not kept:
        raise _none_left(declined)
    notes = [
        Message(
            "Not estimated, {label}: {reason}. {remedy}",
            label=label,
            reason=error.reason,
            remedy=error.advice,
        )
        for label, error in declined.items()
    ]
    if unmatched:
        notes.append(
            Message(
                "Verified figures that belong to no announcement, by name or by days, are not used here: "
                "{n:,} of {total:,}; figures of other days are compared as running totals.",
                n=unmatched,
                total=len(verified),
            )
        )
    if undated:
        notes.append(
            Message(
                "Of these figures, those without a first day could be matched by event only: {n:,}.",
                n=undated,
            )
        )
    return Read(reports, kept, declined, notes)


def _none_left(declined: dict[str, NotEstimableError]) -> NotEstimableError:
    """Say why no announcement has an answer."""
    alike: dict[str, list[str]] = {}
    for label, error in declined.items():
        alike.setdefault(error.reason, []).append(label)
    reasons = [
        Message("{labels}: {reason}", labels=labels, reason=reason) for reason, labels in alike.items()
    ]
    first = next(iter(declined.values()))
    reason = Message("no announcement has an answer ({reasons:;})", reasons=reasons)
    return NotEstimableError(NAME, reason, first.remedy, advice=first.advice)


# --- which rows are one announcement


def _announcement(
    rows: list[PublishedCount], verified: Sequence[PublishedCount]
) -> tuple[Batch, NotEstimableError | None]:
    """Read the announced rows of one event: one announcement, or why it is none."""
    by_source: dict[str, list[PublishedCount]] = {}
    for each in rows:
        by_source.setdefault(each.source, []).append(each)
    others = _of_other_people(rows, verified)
    source = min(
        by_source,
        key=lambda name: (
            all(each in others for each in by_source[name]),
            min(each.published for each in by_source[name]),
            name,
        ),
    )
    own = by_source[source]
    # of rows published first, the one with the shortest window
    head = min(
        own,
        key=lambda each: (each.published, each.last, -(each.start or dt.date.min).toordinal(), each.count),
    )
    stated = max(own, key=lambda each: (each.published, each.count, not each.at_least))
    batch = Batch(head, stated, head.start or head.last)
    for name in sorted(by_source):
        rising = _running_total(by_source[name])
        # what another source counts of the same, up to what was announced, is how far it has come
        if rising is not None and (name == source or rising[1] > stated.count):
            reason = Message(
                "{source} announced a running total under this name, {first:,} at first and {last:,} later, "
                "not one announcement",
                source=name,
                first=rising[0],
                last=rising[1],
            )
            return batch, _for_process(reason)
    if stated.count == 0:
        return batch, NotEstimableError(
            NAME,
            Message("nothing was announced: the figure given is 0"),
            Message("Report what was verified by itself."),
        )
    length = (batch.window[1] - batch.window[0]).days + 1
    if length > TUNING.most_days:
        reason = Message(
            "the days announced are {days}, more than the {most} of one announcement",
            days=length,
            most=TUNING.most_days,
        )
        return batch, _for_process(reason)
    batch.notes += _notes_on(batch, rows, length)
    return batch, None


def _for_process(reason: Message) -> NotEstimableError:
    """Decline what is no announcement of a few days."""
    return NotEstimableError(
        NAME,
        reason,
        Message("Use ReleaseProcess, which compares totals over different windows."),
        advice=Message("Set the running total against what was verified of the same days."),
    )


def _of_other_people(rows: list[PublishedCount], verified: Sequence[PublishedCount]) -> list[PublishedCount]:
    """Announced rows of an event whose measure is of other people than that of every monitor of the event."""
    seen = [each.measure for each in verified if each.event and each.event == rows[0].event]
    return [
        each for each in rows if seen and all(same_people(each.measure, one) == "different" for one in seen)
    ]


def _running_total(rows: list[PublishedCount]) -> tuple[int, int] | None:
    """First and last figure of a total that rose while its last day moved on, or None."""
    order = sorted(rows, key=lambda each: (each.published, each.last, each.count))
    last = order[-1]
    rose = any(each.count < last.count and each.last < last.last for each in order)
    return (order[0].count, last.count) if rose else None


def _notes_on(batch: Batch, rows: list[PublishedCount], length: int) -> Iterable[Message]:
    """Notes on how an announcement was read."""
    head, stated = batch.head, batch.stated
    alike = [each for each in rows if same_people(each.measure, stated.measure) != "different"]
    given = _figures([each for each in alike if each.count != stated.count])
    if given:
        yield Message(
            "The announcement was also given as {others:;}. The estimate uses {announced:,}, the latest "
            "figure of {source}, who announced it first; another figure moves the unsubstantiated part by "
            "the difference.",
            others=given,
            announced=stated.count,
            source=stated.source,
        )
    unlike = _figures([each for each in rows if each not in alike])
    if unlike:
        yield Message(
            "Of other people the announcement was given as {others:;}: that is not set against what monitors "
            "verified.",
            others=unlike,
        )
    if stated.at_least:
        yield Message(
            "The announcement said at least {announced:,}: the split is of that number, and releases beyond "
            "it are not counted.",
            announced=stated.count,
        )
    if head.end is None:
        yield Message(
            "{source} did not say when the releases announced ended: the day of publication, {day}, is taken "
            "as the last.",
            source=head.source,
            day=head.last,
        )
    if head.start is None:
        yield Message(
            "{source} did not say when the releases announced began: they are taken to be of {day}, the last "
            "day.",
            source=head.source,
            day=head.last,
        )
    elif length > 1:
        yield Message(
            "The releases announced are taken to be spread evenly over the {days} days from {start} to "
            "{end}.",
            days=length,
            start=head.start,
            end=head.last,
        )


def _figures(rows: list[PublishedCount]) -> list[Message]:
    """Figures in words, each once, in the order of their days."""
    found = sorted({(each.published, each.source, each.count) for each in rows})
    return [Message(_FIGURE, count=n, source=name, day=day) for day, name, n in found]


# --- which figures are of an announcement


def _give_figures(batch: Batch, event: Event) -> set[int]:
    """Give an announcement the figures of each monitor of its days; say which rows they are."""
    figures = []
    for each in event.counts:
        of = next((one for one in event.verified if one.source == each.source), None)
        look = each.standing in ("stands", "earlier", "replaced") and of and each.start == of.start
        if each.role == "verified" and (look or each.partial):
            if each.partial and not each.at_least:
                batch.notes.append(
                    Message(
                        "The {count:,} that {monitor} gave on {day} are partial, as its row says: they are "
                        "used as a lower bound.",
                        count=each.count,
                        monitor=each.source,
                        day=each.published,
                    )
                )
            figures.append(replace(each, at_least=each.at_least or each.partial))
    for part in event.parts:
        last = max(part.counts, key=lambda each: each.order)
        first = min(part.counts, key=lambda each: each.start or each.last)
        end = max(each.last for each in part.counts)
        exact = part.most == part.total and not part.at_least
        figures.append(replace(last, count=part.total, start=first.start, end=end, at_least=not exact))
        if not exact:
            batch.notes.append(
                Message(
                    "The {count:,} that {monitor} gave on {day} cover a part of the days announced: they are "
                    "used as a lower bound.",
                    monitor=part.source,
                    day=last.published,
                    count=part.total,
                )
            )
    by_days = set()
    for figure in figures:
        batch.figures.setdefault(figure.source, []).append(figure)
        if figure.event != batch.head.event and batch.head.event:
            by_days.add(figure.source)
        if same_people(batch.stated.measure, figure.measure) == "different":
            batch.otherwise.add(figure.source)
            if (batch.stated.measure.who, figure.measure.who) == ("all", "political"):
                batch.part.add(figure.source)
    if batch.otherwise:
        batch.notes.append(
            Message(
                "What {source} announced and what {monitors} verified are not measured alike, as their "
                "measure says: a part of the difference may be one of definition.",
                source=batch.stated.source,
                monitors=sorted(batch.otherwise),
            )
        )
    if by_days:
        batch.notes.append(
            Message(
                "Figures of {monitors} belong to this announcement by their days, not by name: they may "
                "count other releases of the same days.",
                monitors=sorted(by_days),
            )
        )
    return {each.row for each in figures} | {each.row for part in event.parts for each in part.counts}


def headline_monitor(reports: PublishedReleases, batch: Batch) -> str:
    """Name of the monitor of the same people, then of the nearest days, then the most recent.

    It stands against an announcement because its days match it, not because it is the highest.
    """
    stated = batch.stated
    kinds = kinds_of(counts_of(reports))

    def rank(figure: PublishedCount) -> tuple[object, ...]:
        both = figure.start is not None and stated.start is not None
        first = abs(((figure.start or stated.last) - (stated.start or stated.last)).days) if both else 0
        apart = first, 0 if kinds[stated.row] == "prospective" else abs((figure.last - stated.last).days)
        named = bool(stated.event) and figure.event == stated.event
        return (
            _ORDER[same_people(stated.measure, figure.measure, defined=reports.definition is not None)],
            not both,
            0 if named and max(apart) <= MATCH_DAYS else sum(apart),
            figure.at_least,
            -figure.published.toordinal(),
            figure.source,
        )

    return min((figures[-1] for figures in batch.figures.values()), key=rank).source


# --- the order of the figures


def _put_in_order(batch: Batch) -> NotEstimableError | None:
    """Put the figures of an announcement in order; give the error where it has no answer."""
    if not batch.figures:
        return NotEstimableError(
            NAME,
            Message("no monitor published a verified figure for it"),
            Message(
                "Report the announcement as unverified, or give the monitors' rows its event or its days."
            ),
            advice=Message(
                "Report the announcement as unverified, or ask the monitors whom of these people they have "
                "confirmed."
            ),
        )
    batch.figures = {name: _orderly(batch.figures[name], batch.notes) for name in sorted(batch.figures)}
    largest = max(batch.stated.count, *(each.count for figures in batch.figures.values() for each in figures))
    if largest > TUNING.most:
        return NotEstimableError(
            NAME,
            Message(
                "a figure of {n:,} persons, more than the {most:,} whose split is computed",
                n=largest,
                most=TUNING.most,
            ),
            Message(
                "Check the figures: few amnesties on record freed so many. If they hold, compare them as "
                "they are."
            ),
        )
    early = min(
        ((figures[0].published, name) for name, figures in batch.figures.items() if figures[0].count),
        default=(batch.first, ""),
    )
    if early[0] < batch.first:
        batch.notes.append(
            Message(
                "{monitor} verified releases on {day}, before the first day announced: the releases are "
                "taken to begin then.",
                monitor=early[1],
                day=early[0],
            )
        )
        batch.first = early[0]
    return None


def _orderly(figures: list[PublishedCount], notes: list[Message]) -> list[PublishedCount]:
    """One figure a day, no total above a later one, no bound that says nothing."""
    monitor = figures[0].source
    by_day: dict[dt.date, list[PublishedCount]] = {}
    for figure in figures:
        by_day.setdefault(figure.published, []).append(figure)
    standing: list[PublishedCount] = []
    for day in sorted(by_day):
        figure = max(by_day[day], key=lambda each: (each.count, not each.at_least))
        given = sorted({each.count for each in by_day[day] if not each.at_least})
        if len(given) > 1:
            notes.append(
                Message(
                    "{monitor} gave several figures on {day} ({figures:,|,}): the largest is used, as the "
                    "last word of the day.",
                    monitor=monitor,
                    day=day,
                    figures=given,
                )
            )
        if not figure.at_least:
            fallen = [before for before in standing if before.count > figure.count]
            if fallen:
                highest = max(fallen, key=lambda before: before.count)
                notes.append(
                    Message(
                        "{monitor} gave {before:,} verified on {day_before} and {after:,} on {day_after}: "
                        "the later figure is used; it is lower by {withdrawn:,}.",
                        monitor=monitor,
                        before=highest.count,
                        day_before=highest.published,
                        after=figure.count,
                        day_after=day,
                        withdrawn=highest.count - figure.count,
                    )
                )
            standing = [before for before in standing if before not in fallen]
        standing.append(figure)
    kept: list[PublishedCount] = []
    several = 0
    for figure in standing:
        known = max((before.count for before in kept), default=0)
        if figure.at_least and figure.count <= known:
            continue
        if figure.at_least and kept and kept[-1].at_least:
            kept[-1] = figure
            several = figure.count
            continue
        kept.append(figure)
    if not kept:  # nothing but "at least 0"
        kept = [replace(standing[0], count=0, at_least=True)]
    if several:
        notes.append(
            Message(
                '{monitor} said "at least" several times in a row: only the largest of these figures, '
                "{count:,}, is used.",
                monitor=monitor,
                count=several,
            )
        )
    notes.extend(
        Message(
            '{monitor} said "at least {count:,}" on {day}: the number then verified may be larger, and is '
            "treated as unknown.",
            monitor=monitor,
            count=figure.count,
            day=figure.published,
        )
        for figure in kept
        if figure.at_least
    )
    return kept
