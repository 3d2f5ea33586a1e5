"""Releases by name in other jobs: exits for the stock, waves for coverage, and rows to look at."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np

from detcount._numerics.arrays import Ints
from detcount._numerics.by_name import PRIORS, is_day
from detcount._numerics.stock.spells import NEVER
from detcount.contract import arguments
from detcount.data.persons import PersonLists
from detcount.data.persons.dates import STATUSES
from detcount.errors import InputError
from detcount.reading.days import number_of
from detcount.releases.by_name_draws import Draw, LinkedReleases, drawn
from detcount.reports.sheets import safe_text
from detcount.reports.writing import write_report
from detcount.words import Message

_HEAD = ("list", "row", "on_register", "inside_later", "left_before")
REVIEW_MARKS = (",".join(_HEAD),)
"""How a file of rows to look at begins."""


def with_exits(linked: LinkedReleases, people: PersonLists, *, announced: bool) -> PersonLists:
    """Let out of register spells whoever is verified as released, or only announced too."""
    one, kinds = _best(linked)
    at, released = one.named, linked.released
    assert released is not None, "an estimate has lists of released people"
    official = np.array([kind == "announced" for kind in kinds])[at.on]
    leaves = at.registered[at.who] & ~(at.held_after | at.already_out | at.again) & is_day(at.day)
    n = int(linked.person.max(initial=-1)) + 1
    first, last = np.full(n, NEVER), np.full(n, NEVER)
    for mine in (leaves & official, leaves & ~official):
        np.minimum.at(first, at.label[at.who[mine]], at.day[mine])
    chosen = leaves if announced else leaves & ~official
    np.minimum.at(last, at.label[at.who[chosen]], at.day[chosen])
    label = linked.person[people.row]
    out = (last[label] < NEVER) & (people.left_last >= NEVER) & (people.entered_first <= last[label])
    begin = np.maximum(np.maximum(first[label], people.confirmed), people.entered_first)
    end = np.maximum(last[label], begin)
    known = np.maximum(end, people.listed)
    return replace(
        people,
        left_first=np.where(out, begin, people.left_first),
        left_last=np.where(out, end, people.left_last),
        left_known=np.where(out, known, people.left_known),
        status=np.where(out, STATUSES.index("released"), people.status),
        latest=int(max(people.latest, known[out].max(initial=people.latest))),
    )


def waves(
    linked: LinkedReleases, window: tuple[dt.date | None, dt.date | None], lists: Sequence[str]
) -> dict[str, list[Any]]:
    """A wave for each verified list that was not made from the registers."""
    released = linked.released
    assert released is not None, "an estimate has lists of released people"
    first, last = window
    if first is None or last is None:
        raise InputError(Message("waves: expected days of an announced list, or a window, got none"))
    theirs = [name for name, kind in zip(released.lists, released.kinds, strict=True) if kind == "verified"]
    for name in lists:
        arguments.one_of("waves: lists", name, theirs)
    span = number_of(first), number_of(last)
    ends = np.where(is_day(released.days), released.days, span[1])
    ends[:, 0] = span[0]
    one = drawn(linked, linked.person, released.best, ends)
    stays, at = one.stays, one.named
    there = stays.owner[(stays.entered_first < span[0]) & (stays.left_last >= span[0])]
    before = np.union1d(there, np.setdiff1d(one.registered, stays.owner))
    rows = []
    for name in lists:
        mine = (at.on == released.lists.index(name)) & ~(at.held_after | at.already_out)
        mine &= ~is_day(at.day) | (at.day >= span[0] - PRIORS.near)
        both = np.isin(at.label[at.who[mine]], before)
        rows.append((name, first, last, name, len(before), int(mine.sum()), int(both.sum())))
    columns = ("wave", "day", "day_end", "source", "list_size_before", "released_identified")
    return {name: [row[k] for row in rows] for k, name in enumerate((*columns, "of_these_on_list"))}


def review(linked: LinkedReleases, path: str | PathLike[str], *, force: bool) -> int:
    """Write rows on no register, recorded inside later, left before, or in doubt, by number."""
    released = linked.released
    assert released is not None, "an estimate has lists of released people"
    shares = np.zeros((3, len(released.row)))
    for labels, person in zip(linked.draws, released.person, strict=True):
        shares += _of_rows(drawn(linked, labels.astype(np.int64), person.astype(np.int64)), linked, person)
    shares /= len(released.person)
    asked = np.flatnonzero((shares[0] < PRIORS.sure) | (shares[1:].max(axis=0) > 1 - PRIORS.sure))
    lines = [
        [safe_text(released.lists[released.list_of[k]]), released.row[k], *(f"{x:.2f}" for x in shares[:, k])]
        for k in asked.tolist()
    ]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([_HEAD, *lines])
    write_report(text.getvalue(), path, force=force, marks=REVIEW_MARKS, private=True)
    return len(lines)


def _of_rows(one: Draw, linked: LinkedReleases, person: Ints) -> Ints:
    """Of each row whether a register has its person, inside later or out before."""
    at, released = one.named, linked.released
    assert released is not None, "asked before"
    who = np.searchsorted(at.label, person)
    pair = np.searchsorted(at.on * len(at.label) + at.who, released.list_of * len(at.label) + who)
    return np.array([at.registered[who], at.held_after[pair], at.already_out[pair]])


def _best(linked: LinkedReleases) -> tuple[Draw, Sequence[str]]:
    """The best links."""
    released = linked.released
    assert released is not None, "an estimate has lists of released people"
    return drawn(linked, linked.person, released.best), released.kinds
