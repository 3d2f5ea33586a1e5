"""Lists of names of a folder: recognised, linked, and persons with days drawn from the links.

It is one chapter: from the files to who is who, and who of them is of which group.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

import numpy as np

from detcount._numerics.arrays import Ints, bincount
from detcount.assessment.abundance.linked import without_wrong
from detcount.assessment.joint.settings import NamesOf, Settings
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.errors import InputError
from detcount.linkage import Audit, Linkage, RemoveReferrals, link
from detcount.linkage.list_notes import one_list, without_same_rows
from detcount.linkage.name_lists import Parsed
from detcount.linkage.reading import read_list, stated_days, together
from detcount.linkage.released import Kind
from detcount.linkage.spells import Audited
from detcount.privacy import secret_of
from detcount.quality.audits import AuditAnswers
from detcount.reading.content import Source, content_of
from detcount.reading.days import Span
from detcount.reading.headers import ROLE_WORDS
from detcount.releases.by_name_uses import with_exits
from detcount.strata.cache import Cache
from detcount.words import Message

OTHERS, UNSTATED = Message("all others"), Message("people of whom no list says it")
"""All groups of few, and those of whom no list says to which they belong."""


@dataclass(frozen=True)
class Tuning:
    """Groups of people and draws of links.

    Parameters
    ----------
    draws : int, draws
        Partitions over which the people held are estimated, where links are in doubt. Convention: ten.
    ages : tuple, years
        Ages at which groups begin. Convention: children, and four groups of adults.
    groups : int, groups
        Groups that stand by themselves. Convention: six.
    few_rows : int, rows
        Rows below which words without a name of their column may be anything. Convention: three.
    fewest : int, persons
        People listed of a group, below which nothing is said of it. Convention: ten.
    """

    draws: int = 10
    ages: tuple[int, ...] = (0, 18, 30, 45, 60)
    groups: int = 6
    few_rows: int = 3
    fewest: int = 10


TUNING = Tuning()

RELEASED_WORDS: dict[Kind, Message] = {
    "announced": Message("people announced as released"),
    "verified": Message("people whose release was verified"),
}
_SEXES = (Message("men"), Message("women"))
_UNITED = " + "  # between the names of lists that are one
_YEAR = 365.25  # days
_FEWEST_GROUPS = 2  # with that of those of whom nothing is said
_WHO = {"name", "given", "surname"}


@dataclass(frozen=True, eq=False)
class NameSource:
    """A list of names in a folder.

    Parameters
    ----------
    name : str
        Name of the file in the folder, with its sheet.
    called : str
        Name of the list.
    source : Source
        What its file holds.
    how : NamesOf
        What was said of it: its file and sheet at least.
    parsed : Parsed
        What was read of it.
    """

    name: str
    called: str
    source: Source
    how: NamesOf
    parsed: Parsed

    @property
    def released(self) -> Kind | None:
        """Kind of a list of released people; None for one of the detained."""
        return cast("Kind | None", None if self.how.released == "no" else self.how.released)

    @property
    def group(self) -> str:
        """Its workbook, or its folder within the folder; blank where it stands alone."""
        return self.how.file if self.how.sheet else self.how.file.rpartition("/")[0]

    @property
    def why(self) -> Message:
        """Say which columns show that it is one; no number, as public reports have it."""
        uses = self.parsed.mapping
        used = [Message("{column!r} {role}", column=c, role=ROLE_WORDS[r]) for c, r, _ in uses if r]
        words = Message("columns {names:,}", names=used)
        if self.released is not None:
            kind = RELEASED_WORDS[self.released]
            words = Message("{kind}, by their names: {words}", kind=kind, words=words)
        aside = [column for column, role, _ in uses if not role]
        return (
            Message.together([words, Message("not used: {names!r:,}", names=aside)], "; ") if aside else words
        )

    def seems(self) -> Message:
        """Say to who has it what it seems to be: rows, columns that are used, days; nothing of a cell."""
        parsed = self.parsed
        days = [span for span in parsed.arrested if span is not None and not span.open]
        parts = [
            Message.counted(
                "list {name!r}, 1 row; {why}",
                "list {name!r}, {n:,} rows; {why}",
                name=self.called,
                n=len(parsed),
                why=self.why,
            )
        ]
        if days:
            ends = min(day.first for day in days), max(day.last for day in days)
            first, last = (np.datetime64(day, "D").item() for day in ends)
            parts.append(Message("arrests from {first} to {last}", first=first, last=last))
        if parsed.problems:
            columns = sorted({problem.column for problem in parsed.problems})
            parts.append(
                Message.counted(
                    "1 cell of {columns!r:,} could not be read and counts as blank; its row stays",
                    "{n:,} cells of {columns!r:,} could not be read and count as blank; their rows stay",
                    n=len(parsed.problems),
                    columns=columns,
                )
            )
        parts += parsed.notes
        return Message.together(parts, "; ")


def name_source(
    name: str, source: Source, called: str, how: NamesOf, read_with: Mapping[str, Any], *, stated: bool
) -> NameSource:
    """Read a file as a list of names, in the columns that were stated.

    Raises
    ------
    InputError
        If it cannot be read so; or nobody `stated` that it is one, and no column is of names.
    """
    place = source if how.sheet is None else (source, how.sheet)
    later, order = bool(read_with.get("allow_future")), read_with.get("dayfirst")
    read = partial(read_list, called, place, how.columns, allow_future=later, dayfirst=order)
    parsed = read(released=how.released not in (None, "no"))
    if how.released is None and parsed.seems_released is not None:
        how = replace(how, released=parsed.seems_released)
        parsed = read(released=True)
    named = [column for column, role, _ in parsed.mapping if role in _WHO]
    if not stated and (not named or (len(parsed) < TUNING.few_rows and named[0].startswith("column "))):
        raise InputError(Message("{file}: expected a column of names, got none", file=source.name))
    return NameSource(name, called, source, how, parsed)


def linked(
    sources: Sequence[NameSource],
    folder: Path | None,
    settings: Settings,
    cache: Cache | None,
    same: Mapping[str, str],
    seed: int,
    answers: AuditAnswers | None = None,
) -> tuple[Linkage, dict[str, list[dict[str, CaptureTable]]]]:
    """Link the lists of a folder, and do with them what was said: decisions, lists that forward, audits.

    Parameters
    ----------
    sources : sequence of NameSource
        The lists.
    folder : Path, optional
        Where a file of decisions stands.
    settings : Settings
        What was said of them.
    cache : Cache, optional
        Where the links are kept.
    same : mapping of str to str
        Lists that are versions, copies or parts of another list.
    seed : int
        Seed of the draws.
    answers : AuditAnswers, optional
        What samples of the lists found, where a file has it.

    Returns
    -------
    Linkage
        Who is who.
    dict of str to list of dict of str to CaptureTable
        Persons by "sex", "age" and "place", by the best partition, and by drawn ones without those who do not
        belong; what lists do not say, or of few, is left out.
    """
    how = {each.called: each.how for each in sources}
    if len(how) < len(sources):
        raise InputError(
            Message(
                "two lists of names are called alike: {names!r:,}. Give them other names under [lists] of "
                "detcount.toml, or give the files other names",
                names=[each.called for each in sources],
            )
        )
    stated = {name: each.max_copies for name, each in how.items() if each.max_copies is not None}
    decisions, key = _decisions(folder, settings)
    files = [each.source.content for each in sources] + ([content_of(decisions)] if decisions else [])
    columns = [*sorted(map(repr, how.items())), settings.read.get("dayfirst")]
    kinds = {each.called: each.released for each in sources if each.released is not None}

    def made() -> Linkage:
        days = stated_days(kinds, {name: span for name in kinds if (span := how[name].days)})
        checked = {name: of for name in kinds if (of := how[name].checked_from) in kinds}
        read = together({each.called: each.parsed for each in sources}, kinds, days, checked)
        lists = without_same_rows(read, same)
        copies = {name: most for name, most in stated.items() if name in lists.lists}
        return link(lists, seed=seed, decisions=decisions, key=key, max_copies=copies)

    asked = ("links", files, columns, key, sorted(stated.items()), seed)
    found = made() if cache is None else cache.kept(asked, made, {})
    found = replace(found, definition=settings.definition)
    if found.other_rules:
        return found, {}
    if found.referred.any():
        found = RemoveReferrals().apply(found).linkage
    for name, each in how.items():
        if each.checked is not None and each.wrong is not None and name in found.lists:
            found = Audit(list=name, checked=each.checked, wrong=int(each.wrong)).apply(found).linkage
    groups = _groups(found, sources) if len(found.lists) > 1 else {}
    marked = {found.lists[k] for k in np.unique(found.list_of[found.referred]).tolist()}
    pairs = [(name, other) for name in how if name not in marked for other in how[name].forwarded_from]
    notes = (*found.notes, *version_words(same).values())
    one = _as_one(replace(found, notes=notes), [*pairs, *same.items()])
    one = one if answers is None else _without_audited(one, answers)
    by_group = _by_group(one, groups, seed) if len(one.lists) > 1 else {}
    shares = shares_of(one, sources) or None
    who = {
        kind: [best, *without_wrong(one, drawn, seed, shares)] for kind, (best, *drawn) in by_group.items()
    }
    return one, who


def answers_of(answers: AuditAnswers, sources: Sequence[NameSource]) -> AuditAnswers:
    """Answers to samples of files, each under the name that its list has."""
    called = {Path(each.how.file).stem: each.called for each in sources}
    checked = [
        replace(each, lists=tuple(called.get(name, name) for name in each.lists)) for each in answers.checked
    ]
    return replace(answers, checked=tuple(checked))


def _without_audited(linkage: Linkage, answers: AuditAnswers) -> Linkage:
    """Take out what samples found: of a whole list, from those on it alone, where most of them stand.

    A sample of a list that is one with others says nothing of the entries of these, and is not used.
    """
    of_list = Counter(each.lists[0] for each in answers.checked)
    for each in answers.checked:
        lists = each.lists
        if not each.settled or not set(lists) <= set(linkage.lists):
            continue
        rows = int((linkage.list_of == linkage.lists.index(lists[0])).sum())
        size = each.drawn_from or rows
        kind = Audited(lists, False if size < rows else None, each.wrong + 0.5, each.belong + 0.5)
        if any(other.meets(lists, kind.left) for other in linkage.wrong):
            continue
        alone = len(linkage.persons_like(kind, linkage.person))
        if of_list[each.lists[0]] == 1:
            checked = (each.settled + 1) * alone / size
            kind = replace(kind, beta=max(checked - kind.alpha, 0.5))
        note = Message(
            "of {checked:,} entries of {lists:and} that were checked {wrong:,} do not belong: about "
            "{expected:,.0f} persons are taken away",
            checked=each.settled,
            lists=lists,
            wrong=each.wrong,
            expected=alone * kind.share,
        )
        linkage = replace(linkage, wrong=(*linkage.wrong, kind), notes=(*linkage.notes, note))
    return linkage


def _decisions(folder: Path | None, settings: Settings) -> tuple[Path | None, str | None]:
    """The review in which somebody decided, and the secret that stands beside it."""
    if folder is None or "decisions" not in settings.read:
        return None, None
    place = folder / settings.read["decisions"]
    return place, secret_of(f"{place}.key")


def _as_one(linkage: Linkage, pairs: Sequence[tuple[str, str]]) -> Linkage:
    """Take lists for one witness of which one forwards names unmarked, or is a version or part of another."""
    head = {name: name for name in linkage.lists}
    for name, other in pairs:
        if {name, other} <= head.keys():
            joined = {head[name], head[other]}
            head = {each: min(joined) if of in joined else of for each, of in head.items()}
    groups = {of: [each for each in linkage.lists if head[each] == of] for of in head.values()}
    if len(groups) == len(linkage.lists):
        return linkage
    names = tuple(_UNITED.join(group) for group in groups.values())
    place = np.array([[*groups].index(head[name]) for name in linkage.lists], dtype=np.int64)
    kinds = linkage.missed_kinds
    if kinds is not None:
        bits = [(kinds >> k & 1) << int(to) for k, to in enumerate(place)]
        kinds = np.bitwise_or.reduce(bits) if bits else kinds
    united = [group for group in groups.values() if len(group) > 1]
    notes = tuple(
        Message(
            "{names!r:and} are taken for one list, as one forwards names to the other and nobody marked "
            "which, or is a version, a copy or another part of it: whom both name says nothing of those on "
            "neither.",
            names=group,
        )
        for group in united
    )
    return replace(
        linkage,
        lists=names,
        list_of=place[linkage.list_of],
        missed_kinds=kinds,
        notes=(*linkage.notes, *notes),
    )


def _groups(linkage: Linkage, sources: Sequence[NameSource]) -> dict[str, tuple[list[str], Ints]]:
    """Groups by sex, by age at the arrest and by place that two lists name, as far as lists say them."""
    columns = attrgetter("rows", "sex", "born", "arrested", "place")
    stated = {
        (each.called, row): (sex, bisect_right(TUNING.ages, _age(born, arrested)) - 1, place)
        for each in sources
        for row, sex, born, arrested, place in zip(*columns(each.parsed), strict=True)
    }
    lists = [linkage.lists[k] for k in linkage.list_of.tolist()]
    rows = zip(lists, linkage.row.tolist(), strict=True)
    sex, age, place = zip(*(stated[row] for row in rows), strict=True)
    by_list = Counter(where for where, _ in {*zip(place, lists, strict=True)} if where)
    places = sorted(where for where, n in by_list.items() if n > 1)
    known = {where: k for k, where in enumerate(places)} | {"": -1}
    where_to = [known.get(where, len(places)) for where in place]
    ends = [
        Message("people of {first} to {last} years", first=first, last=last - 1)
        for first, last in pairwise(TUNING.ages[1:])
    ]
    ages = [
        Message("people under {end} years", end=TUNING.ages[1]),
        *ends,
        Message("people of {first} years or more", first=TUNING.ages[-1]),
    ]
    groups = {
        "sex": (_SEXES, [code if code < len(_SEXES) else -1 for code in sex]),
        "age": (ages, age),
        "place": ([Message("people of {place}", place=where.title()) for where in places], where_to),
    }
    found = {kind: _large(names, codes, linkage.person) for kind, (names, codes) in groups.items()}
    return {kind: made for kind, made in found.items() if len(made[0]) > _FEWEST_GROUPS}


def _large(names: Sequence[str], stated: Sequence[int], labels: Ints) -> tuple[list[str], Ints]:
    """Groups of enough persons to be printed, all others as one, and those of whom nothing is said."""
    codes, n = np.array(stated), len(names)
    sizes = bincount(_most_stated(codes, labels, n + 1), minlength=n + 1)[:n]
    large = sorted(
        k for k in np.argsort(-sizes, kind="stable")[: TUNING.groups].tolist() if sizes[k] >= TUNING.fewest
    )
    number = {k: at for at, k in enumerate(large)}
    codes = np.array([number.get(k, len(large) if k >= 0 else -1) for k in codes.tolist()])
    named = [names[k] for k in large]
    if (_most_stated(codes, labels, len(large) + 1) == len(large)).sum() >= TUNING.fewest:
        return [*named, OTHERS, UNSTATED], codes
    return [*named, UNSTATED], np.where(codes == len(large), -1, codes)


def _age(born: Span | None, arrested: Span | None) -> float:
    """Years at the arrest, by the middle of the days that are meant; below 0 where they are not said."""
    if born is None or arrested is None or born.open or arrested.open:
        return -1.0
    return (arrested.first + arrested.last - born.first - born.last) / 2 / _YEAR


def _most_stated(codes: Ints, labels: Ints, n: int) -> Ints:
    """The group of each person, as most rows say; the last, `n`, where they say none or several."""
    votes = np.zeros((labels.max() + 1, n), dtype=np.int64)
    np.add.at(votes, (labels[codes >= 0], codes[codes >= 0]), 1)
    several = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return np.where(several, n, votes.argmax(axis=1))


def _by_group(
    linkage: Linkage, groups: Mapping[str, tuple[list[str], Ints]], seed: int
) -> dict[str, list[dict[str, CaptureTable]]]:
    """Tables of persons of each group, of the best partition and of draws."""
    drawn, rng = linkage._drawn("draws", min(TUNING.draws, len(linkage.draws)), seed)
    partitions = [linkage.person, *map(linkage._with_missed, drawn, [rng] * len(drawn))]
    counted = [linkage._belonging(labels, rng, drawn=k > 0)[0] for k, labels in enumerate(partitions)]
    found: dict[str, list[dict[str, CaptureTable]]] = {}
    for kind, (names, codes) in groups.items():
        made = found.setdefault(kind, [])
        for labels, counts in zip(partitions, counted, strict=True):
            group = _most_stated(codes, labels, len(names) - 1)[labels]
            of_each = {name: counts & (group == k) for k, name in enumerate(names)}
            tables = {name: linkage._captures(labels, mine) for name, mine in of_each.items() if mine.any()}
            if not made or tables.keys() == made[0].keys():
                made.append(tables)
    return found


def same_lists(sources: Sequence[NameSource]) -> dict[str, str]:
    """Lists of names that are versions, copies or parts of another, with that other."""
    detained = [each for each in sources if each.released is None]
    group = {each.called: each.group for each in detained if each.group}
    return one_list({each.called: each.parsed for each in detained}, group)


def version_words(same: Mapping[str, str]) -> dict[str, Message]:
    """Sentences about each list that is a version, a copy or a part of another."""
    return {
        name: Message(
            "{name!r} seems to be a version, a copy or a part of {other!r}: rows that say the same in both "
            "are read once, and the two are one list",
            name=name,
            other=other,
        )
        for name, other in same.items()
    }


def parts_of(name: str) -> set[str]:
    """The name of a list, and those of the lists that are one under it."""
    return {name, *name.split(_UNITED)}


def shares_of(linkage: Linkage, sources: Sequence[NameSource]) -> dict[str, float]:
    """Shares of entries that do not belong, where they were said of every list that is one with it."""
    rows = {each.called: len(each.parsed) for each in sources}
    stated = {each.called: each.how.wrong for each in sources if each.how.checked is None}
    found = {}
    for name in linkage.lists:
        of = [name] if name in rows else name.split(_UNITED)
        shares = [share for each in of if (share := stated.get(each)) is not None]
        if len(shares) == len(of) and name not in linkage.audited:
            found[name] = float(np.average(shares, weights=[rows[each] for each in of]))
    return found


def operates_of(operates: Operates, lists: Sequence[str]) -> Operates:
    """Where lists operate, each under the name of those that are one with it."""
    head = {part: name for name in lists for part in parts_of(name)}
    rows = tuple((head.get(row[0], row[0]), row[1], row[2], row[3]) for row in operates.rows)
    return replace(operates, rows=rows)


def people_of(linkage: Linkage, seed: int) -> tuple[PersonLists, ...]:
    """Persons with days over drawn links, one where draws are alike; none of one list, or without days.

    A verified day of release is an exit.
    """
    if len(linkage.lists) < 2 or not any((linkage.spells or {}).get("entered", ())):
        return ()
    drawn = linkage.people(draws=min(TUNING.draws, len(linkage.draws)), seed=seed)
    if linkage.released is not None:
        drawn = [with_exits(linkage, each, announced=False) for each in drawn]
    return tuple(drawn) if len({each.digest for each in drawn}) > 1 else (drawn[0],)
