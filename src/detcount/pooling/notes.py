"""What a reader must know of tables that were pooled."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from detcount.estimates import AbundanceEstimate
from detcount.pooling.combining import Answer
from detcount.pooling.result import Combine
from detcount.words import Message

_FEW_FOR_RUBIN = 10
_FEW_TO_MIX = 100  # Zhou and Reiter (2010): a mixture of few posteriors is too narrow


def notes_of(estimates: Sequence[AbundanceEstimate], answer: Answer, way: Combine) -> list[Message]:
    """What a reader must know of how the tables were pooled."""
    m = len(estimates)
    listed = [estimate.n_observed for estimate in estimates]
    degrees = getattr(answer.rule, "degrees_of_freedom", math.inf)
    if way == "mixture":
        notes = [Message("the posteriors of {n:,} tables are mixed, each with the same weight", n=m)]
    else:
        texts = {
            "rubin": Message("the logarithm of the persons beyond {least:,}", least=min(listed)),
            "rubin-n": Message("the number of persons"),
            "verdata": Message("the logarithm of the persons on no list, as verdata has them"),
        }
        notes = [
            Message(
                "the estimates of {n:,} tables are pooled by Rubin's rules on {what}; they do not differ",
                n=m,
                what=texts[way],
            )
            if math.isinf(degrees)
            else Message(
                "the estimates of {n:,} tables are pooled by Rubin's rules on {what}, with {degrees:,.0f} "
                "degrees of freedom",
                n=m,
                what=texts[way],
                degrees=degrees,
            )
        ]
    notes.append(
        Message("{share:.0%} of the variance is between tables", share=answer.combined.share_between)
    )
    if min(listed) < max(listed):
        notes.append(
            Message(
                "the tables list from {least:,} to {most:,} persons, and no limit is below {least:,}",
                least=min(listed),
                most=max(listed),
            )
        )
    few = _FEW_TO_MIX if way == "mixture" else _FEW_FOR_RUBIN
    if m < few:
        notes.append(
            Message(
                "{n} tables say little of how far tables differ: at least {least} are advised", n=m, least=few
            )
        )
    if answer.n_nobody:
        notes.append(
            Message(
                "in {n:,} of {tables:,} tables nobody unlisted is estimated, which counts as half a person",
                n=answer.n_nobody,
                tables=m,
            )
        )
    return notes


def notes_of_tables(estimates: Sequence[AbundanceEstimate]) -> list[str]:
    """What was said of single tables: once, and of how many it was said."""
    alike: dict[str, list[str]] = defaultdict(list)
    for estimate in estimates:
        for note in estimate.notes:
            alike[note.template if isinstance(note, Message) else note].append(note)
    m = len(estimates)
    told: list[str] = []
    for notes in alike.values():
        if len(notes) == m and len(set(notes)) == 1:
            told.append(notes[0])
        elif len(set(notes)) == 1:
            told.append(
                Message("of {n:,} of {tables:,} tables: {note}", n=len(notes), tables=m, note=notes[0])
            )
        else:
            told.append(
                Message(
                    "of {n:,} of {tables:,} tables, such as: {note}", n=len(notes), tables=m, note=notes[0]
                )
            )
    return told
