"""Who is counted, as the options say it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from detcount.cli.values import flag
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.definition import Definition

DEFINITION = ("who", "unit", "where", "period", "day", "excludes")
"""The options that say who is counted."""


def definition_of(options: argparse.Namespace) -> Definition | None:
    """Who is counted; None where nobody says it."""
    given = {name: getattr(options, name) for name in DEFINITION if getattr(options, name) is not None}
    if not given:
        return None
    if "who" not in given:
        raise InputError(
            Message(
                "--{option}: expected --who beside it, which says in words whom the data count, as in --who "
                "'people held for political ends'",
                option=next(iter(given)),
            )
        )
    if options.dayfirst:
        from detcount.published.days import day_first

        if "day" in given:
            given["day"] = day_first(given["day"])
        if "period" in given:
            given["period"] = [day_first(each) for each in given["period"]]
    from detcount.definition import Definition

    return Definition(**{"unit": "person", **given})


def require_absent(options: argparse.Namespace, names: tuple[str, ...]) -> None:
    """Refuse options that a data set answers itself."""
    for name in names:
        if getattr(options, name) not in (None, False):
            called = Message("file") if name == "file" else flag(name)
            raise InputError(
                Message("--dataset: expected no {name} beside it, as the data set has its own", name=called)
            )
