"""Interactions by the names or positions of lists, and the terms of a model by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.poisson import HierarchicalFits
from detcount.abundance.guards import label, members
from detcount.captures import CaptureTable
from detcount.errors import InputError
from detcount.words import Message


def coefficients_by_name(
    model: NDArray[np.bool_], fits: HierarchicalFits, table: CaptureTable
) -> dict[str, float]:
    """Coefficients by the names of the lists, small terms first."""
    codes = sorted(np.flatnonzero(model).tolist(), key=lambda code: (code.bit_count(), code))
    return {label(code, table.lists): float(fits.coefficients[0, code]) for code in codes}


def empty_overlaps(
    model: NDArray[np.bool_], fits: HierarchicalFits, table: CaptureTable
) -> tuple[tuple[str, ...], ...]:
    """Terms at minus infinity that contain no other such term."""
    empty = np.flatnonzero(model & np.isneginf(fits.coefficients[0])).tolist()
    smallest = [code for code in empty if not any(other != code and other & ~code == 0 for other in empty)]
    return tuple(members(code, table.lists) for code in smallest)


def checked_interactions(groups: Any) -> tuple[tuple[str | int, ...], ...]:
    """Groups of lists as tuples, each of two or more, none named twice."""
    if isinstance(groups, str) or not isinstance(groups, Iterable):
        raise InputError(
            Message(
                "interactions: expected groups of lists such as (('press', 'court'),), got {got}",
                got=repr(groups),
            )
        )
    checked = []
    for group in groups:
        if isinstance(group, str) or not isinstance(group, Iterable):
            raise InputError(
                Message(
                    "interactions: expected groups of lists such as (('press', 'court'),), got the group "
                    "{group}. Put each group in brackets of its own",
                    group=repr(group),
                )
            )
        named = tuple(_checked_member(member) for member in group)
        if len(named) < 2:
            raise InputError(
                Message(
                    "interactions: expected two lists or more in a group, got {group}. The main effect of "
                    "every list is always in the model",
                    group=repr(named),
                )
            )
        if len(set(named)) < len(named):
            raise InputError(Message("interactions: group {group} names a list twice", group=repr(named)))
        checked.append(named)
    return tuple(checked)


def _checked_member(member: Any) -> str | int:
    """Name of a list, or its position from 1."""
    if isinstance(member, str):
        return member
    if isinstance(member, int | np.integer) and not isinstance(member, bool) and member >= 1:
        return int(member)
    raise InputError(
        Message(
            "interactions: expected the name of a list or its position from 1, got {got}", got=repr(member)
        )
    )


def term_code(group: tuple[str | int, ...], table: CaptureTable) -> int:
    """Bit code of a group of lists."""
    code = 0
    for member in group:
        if isinstance(member, str):
            if member not in table.lists:
                raise InputError(
                    Message(
                        "interactions: no list {name!r}. The lists are {lists!r:,}",
                        name=member,
                        lists=table.lists,
                    )
                )
            position = table.lists.index(member)
        elif member > table.n_lists:
            raise InputError(
                Message(
                    "interactions: no list {position}, the table has {lists} lists",
                    position=member,
                    lists=table.n_lists,
                )
            )
        else:
            position = member - 1
        if code >> position & 1:
            raise InputError(
                Message(
                    "interactions: group {group} names list {name!r} twice",
                    group=repr(group),
                    name=table.lists[position],
                )
            )
        code |= 1 << position
    return code
