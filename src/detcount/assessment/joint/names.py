"""Lists of names of a folder: recognised, linked, and persons with days drawn from the links."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.assessment.abundance.linked import without_wrong
from detcount.assessment.joint.content import NO_SEX, message
from detcount.assessment.joint.settings import NamesOf, Settings
from detcount.captures import CaptureTable
from detcount.linkage import Audit, Linkage, RemoveReferrals, link, read_lists
from detcount.linkage.name_lists import NameLists
from detcount.linkage.same_rows import without_same_rows
from detcount.persons import PersonLists
from detcount.privacy import check_digest_key
from detcount.reading.content import content_of
from detcount.reading.headers import ROLE_WORDS
from detcount.strata.cache import Cache
from detcount.words import Message

N_DRAWS = 10
"""Partitions over which the people held are estimated, where links are in doubt."""
_SEXES = (Message("men"), Message("women"), NO_SEX)
_FEW_ROWS = 3  # below which words without a name of their column may be anything
_FEWEST = 10  # persons listed of a sex, below which nothing is said of it
_WHO = {"name", "given", "surname"}
_MOST_OF_KEY = 4096  # bytes of the file of a secret


@dataclass(frozen=True, eq=False)
class NameSource:
    """A list of names in a folder.

    Parameters
    ----------
    name : str
        Name of the file in the folder, with its sheet.
    called : str
        Name of the list.
    file : Path
        Its file.
    sheet : str or None
        Sheet of a workbook that has several.
    lists : NameLists
        The list as it was read, alone.
    """

    name: str
    called: str
    file: Path
    sheet: str | None
    lists: NameLists

    @property
    def within(self) -> str:
        """Name of the file in the folder."""
        return self.name.removesuffix(f":{self.sheet}")

    @property
    def place(self) -> Path | tuple[Path, str]:
        """What `read_lists` takes."""
        return self.file if self.sheet is None else (self.file, self.sheet)

    @property
    def why(self) -> Message:
        """Say which columns show that it is one; no number, as public reports have it."""
        uses = self.lists.parsed[self.called].mapping
        used = [Message("{column!r} {role}", column=c, role=ROLE_WORDS[r]) for c, r, _ in uses if r]
        words = Message("columns {names:,}", names=used)
        aside = [column for column, role, _ in uses if not role]
        return Message.together([words, message("columns aside", names=aside)], "; ") if aside else words

    def seems(self) -> Message:
        """Say to who has it what it seems to be: rows, columns that are used, days; nothing of a cell."""
        parsed = self.lists.parsed[self.called]
        days = [span for span in parsed.arrested if span is not None and not span.open]
        parts = [message("list of names seen", name=self.called, n=len(parsed), why=self.why)]
        if days:
            first, last = (np.datetime64(day, "D").item() for day in _ends(days))
            parts.append(message("arrests seen", first=first, last=last))
        if parsed.problems:
            columns = sorted({problem.column for problem in parsed.problems})
            parts.append(message("cells not read", n=len(parsed.problems), columns=columns))
        return Message.together(parts, "; ")


def _ends(days: Sequence[Any]) -> tuple[int, int]:
    """The first and the last of some days."""
    return min(day.first for day in days), max(day.last for day in days)


def name_source(
    name: str,
    file: Path,
    sheet: str | None,
    called: str,
    columns: Mapping[str, Any],
    *,
    said: bool,
    allow_future: bool,
) -> NameSource:
    """Read a file as a list of names, in the columns that were said.

    Raises
    ------
    InputError
        If it cannot be read so; or nobody `said` that it is one, and no column is of names.
    """
    place = file if sheet is None else (file, sheet)
    lists = read_lists({called: place}, {called: columns}, allow_future=allow_future)
    parsed = lists.parsed[called]
    named = [column for column, role, _ in parsed.mapping if role in _WHO]
    if not said and (not named or (len(parsed) < _FEW_ROWS and named[0].startswith("column "))):
        raise message.refused("no column of names", file=file.name)
    return NameSource(name, called, file, sheet, lists)


def linked(
    sources: Sequence[NameSource],
    settings: Settings,
    cache: Cache | None,
    same: Mapping[str, str],
    *,
    allow_future: bool,
    seed: int,
) -> tuple[Linkage, list[dict[str, CaptureTable]]]:
    """Link the lists of a folder, and do with them what was said: decisions, lists that forward, audits.

    Parameters
    ----------
    sources : sequence of NameSource
        The lists.
    settings : Settings
        What was said of them.
    cache : Cache, optional
        Where the links are kept.
    same : mapping of str to str
        Lists that are versions, copies or parts of another list.
    allow_future : bool
        Whether days that have not come are accepted.
    seed : int
        Seed of the draws.

    Returns
    -------
    Linkage
        Who is who.
    list of dict of str to CaptureTable
        Persons by sex, by the best partition, and by drawn ones without those who do not belong; empty where
        lists do not say it, or of few.
    """
    how = {each.called: settings.names.get(each.called, NamesOf(file=each.within)) for each in sources}
    if len(how) < len(sources):
        raise message.refused("two lists of one name", names=[each.called for each in sources])
    stated = {name: each.max_copies for name, each in how.items() if each.max_copies is not None}
    decisions, key = _decisions(sources[0].file.parents[sources[0].within.count("/")], settings)
    made_from = [hashlib.sha256(content_of(each.file)).hexdigest() for each in sources]
    made_from += [repr(sorted((name, each.sheet, repr(each.columns)) for name, each in how.items()))]
    made_from += [] if decisions is None else [hashlib.sha256(content_of(decisions)).hexdigest(), str(key)]

    def made() -> Linkage:
        columns = {name: each.columns for name, each in how.items()}
        lists = read_lists({each.called: each.place for each in sources}, columns, allow_future=allow_future)
        lists = without_same_rows(lists, same)
        copies = {name: most for name, most in stated.items() if name in lists.lists}
        return link(lists, seed=seed, decisions=decisions, key=key, max_copies=copies)

    asked = ("links", tuple(made_from), tuple(sorted(stated.items())), allow_future, seed)
    found = made() if cache is None else cache.kept(asked, made, {})
    found = replace(found, definition=settings.definition)
    if found.referred.any():
        found = RemoveReferrals().apply(found).linkage
    for name, each in how.items():
        if each.checked is not None and each.wrong is not None and name in found.lists:
            found = Audit(list=name, checked=each.checked, wrong=each.wrong).apply(found).linkage
    sex = _sexes(found, sources)
    marked = {found.lists[k] for k in np.unique(found.list_of[found.referred]).tolist()}
    pairs = [(name, other) for name in how if name not in marked for other in how[name].forwarded_from]
    notes = tuple(message("version of", name=name, other=other) for name, other in same.items())
    one = _as_one(replace(found, notes=(*found.notes, *notes)), [*pairs, *same.items()])
    best, *drawn = _by_sex(one, sex, seed) or [{}]
    return one, [best, *without_wrong(one, drawn, seed)] if best else []


def _decisions(folder: Path, settings: Settings) -> tuple[Path | None, str | None]:
    """The review in which somebody decided, and the secret that stands beside it."""
    if "decisions" not in settings.read:
        return None, None
    place = folder / settings.read["decisions"]
    secret = content_of(Path(f"{place}.key"), most=_MOST_OF_KEY).decode("utf-8-sig", "replace").strip()
    return place, check_digest_key(secret)


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
    names = tuple(" + ".join(group) for group in groups.values())
    place = np.array([[*groups].index(head[name]) for name in linkage.lists], dtype=np.int64)
    kinds = linkage.missed_kinds
    if kinds is not None:
        bits = [(kinds >> k & 1) << int(to) for k, to in enumerate(place)]
        kinds = np.bitwise_or.reduce(bits) if bits else kinds
    united = [group for group in groups.values() if len(group) > 1]
    notes = tuple(message("lists as one", names=group) for group in united)
    return replace(
        linkage,
        lists=names,
        list_of=place[linkage.list_of],
        missed_kinds=kinds,
        notes=(*linkage.notes, *notes),
    )


def _sexes(linkage: Linkage, sources: Sequence[NameSource]) -> Ints:
    """The sex that each linked row says: 0 male, 1 female, below 0 nothing."""
    parsed = {each.called: each.lists.parsed[each.called] for each in sources}
    said = {
        (name, row): sex
        for name, each in parsed.items()
        for row, sex in zip(each.rows, each.sex, strict=True)
    }
    rows = zip(linkage.list_of.tolist(), linkage.row.tolist(), strict=True)
    return np.array([said[linkage.lists[k], row] for k, row in rows], dtype=np.int64)


def _by_sex(linkage: Linkage, sex: Ints, seed: int) -> list[dict[str, CaptureTable]]:
    """Tables of persons of each sex, as most rows say, and of others, of the best partition and of draws."""
    if len(linkage.lists) < 2:
        return []
    drawn, rng = linkage._drawn("draws", min(N_DRAWS, len(linkage.draws)), seed)
    found: list[dict[str, CaptureTable]] = []
    for k, labels in enumerate([linkage.person, *map(linkage._with_missed, drawn, [rng] * len(drawn))]):
        counts, _ = linkage._belonging(labels, rng, drawn=k > 0)
        votes = np.zeros((labels.max() + 1, 2), dtype=np.int64)
        said = (sex == 0) | (sex == 1)
        np.add.at(votes, (labels[said], sex[said]), 1)
        group = np.where(votes[:, 0] == votes[:, 1], len(_SEXES) - 1, votes.argmax(axis=1))[labels]
        of_each: dict[str, Any] = {name: counts & (group == k) for k, name in enumerate(_SEXES)}
        tables = {name: linkage._captures(labels, mine) for name, mine in of_each.items() if mine.any()}
        if not found or tables.keys() == found[0].keys():
            found.append(tables)
    fewest = min(found[0][name].n_observed if name in found[0] else 0 for name in _SEXES[:2])
    return found if fewest >= _FEWEST else []


def people_of(linkage: Linkage, seed: int) -> tuple[PersonLists, ...]:
    """Persons with days over drawn links, one where all draws are alike; none where lists have no days."""
    if not any((linkage.spells or {}).get("entered", ())):
        return ()
    drawn = linkage.people(draws=min(N_DRAWS, len(linkage.draws)), seed=seed)
    return tuple(drawn) if len({each.digest for each in drawn}) > 1 else (drawn[0],)
