"""``detcount assess``: how many people there are, by lists."""

from __future__ import annotations

import argparse
import math
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.lists import likely_lists, table_of
from detcount.cli.places import Answer, check_places, written
from detcount.cli.suggestion import read_or_suggest

if TYPE_CHECKING:
    from detcount.assessment import Assessment
    from detcount.privacy import Disclosure

__all__ = ["answer"]

_COLUMNS = ("family", "name", "role", "recommended", "low", "point", "high", "level")


def answer(options: argparse.Namespace) -> str:
    """Assess a file or a data set, and write the report where asked."""
    check_places(options, (options.file, options.digest_key_file), _COLUMNS)
    digest_key = _digest_key(options.digest_key_file)
    _check_families(options)
    table = read_or_suggest(table_of, options, likely_lists)
    from detcount.assessment import assess
    from detcount.privacy import check_disclosure

    assessment = assess(table, seed=options.seed, families=options.families)
    # what is written follows one choice, in whatever form: that of the report
    disclosure = check_disclosure(options.disclosure, table.dataset)
    form: dict[str, Any] = {"disclosure": disclosure, "digest_key": digest_key}
    return written(
        Answer(
            markdown=partial(assessment.to_markdown, lang=options.lang, **form),
            html=partial(assessment.to_html, lang=options.lang, force=options.force, **form),
            document=partial(assessment.document, **form),
            record=partial(assessment.record, **form),
            rows=partial(_rows, assessment, disclosure, options.lang),
            columns=_COLUMNS,
        ),
        options,
    )


def _rows(assessment: Assessment, disclosure: Disclosure, lang: str) -> list[tuple[object, ...]]:
    """The answer of each family, as far as the report shows it."""
    from detcount.assessment.level import LEVEL
    from detcount.words import said

    content = assessment.content if disclosure == "full" else assessment.public_content
    return [
        (
            row.key,
            said(row.name, lang),
            row.role,
            int(row.recommended),
            row.low,
            "" if row.point is None else row.point,
            row.high if math.isfinite(row.high) else "",
            LEVEL,
        )
        for row in content.families
    ]


def _check_families(options: argparse.Namespace) -> None:
    """Refuse a family that there is not before a file is read."""
    if options.families is not None:
        from detcount.assessment.abundance.answers import wanted_families

        wanted_families(options.families)


def _digest_key(path: str | None) -> str | None:
    """The secret that a file holds; it is checked before minutes are spent."""
    if path is None:
        return None
    from detcount.privacy import check_digest_key

    with open(path, encoding="ascii", errors="replace") as file:
        return check_digest_key(file.read().strip())
