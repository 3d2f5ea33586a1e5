"""``detcount assess``: how many people there are, by lists."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.lists import likely_lists, table_of
from detcount.cli.places import Answer, check_places, written
from detcount.cli.suggestion import read_or_suggest
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

    from detcount.assessment import Assessment
    from detcount.privacy import Disclosure

_MOST_SECRET = 1 << 20  # bytes of a file with a secret, which has some tens


def answer(options: argparse.Namespace) -> str:
    """Assess a file or a data set, and write the report where asked."""
    check_places(options, (options.file, options.digest_key_file))
    digest_key = _digest_key(options.digest_key_file)
    _check_families(options)
    table = read_or_suggest(table_of, options, likely_lists)
    from detcount.assessment import assess
    from detcount.privacy import check_disclosure

    # what is written follows one choice, in whatever form: that of the report
    disclosure = check_disclosure(options.disclosure, table.dataset)
    if disclosure == "public":
        refuse_level(options.level)
    assessment = assess(table, seed=options.seed, families=options.families)
    form: dict[str, Any] = {"disclosure": disclosure, "digest_key": digest_key}
    return written(
        Answer(
            markdown=partial(assessment.to_markdown, lang=options.lang, **form),
            html=partial(assessment.to_html, lang=options.lang, force=options.force, **form),
            document=partial(assessment.document, **form),
            record=partial(assessment.record, **form),
            table=partial(_table, assessment, disclosure, options.level),
        ),
        options,
    )


def _table(assessment: Assessment, disclosure: Disclosure, level: float) -> pd.DataFrame:
    """The answer of each family, as far as the report shows it."""
    import pandas as pd

    if disclosure == "full":
        return assessment.to_frame(level)
    rows = [
        (row.key, row.recommended, row.low, row.point, row.high, level)
        for row in assessment.public_content.families
    ]
    return pd.DataFrame(rows, columns=["family", "recommended", "low", "point", "high", "level"])


def refuse_level(level: float) -> None:
    """Refuse limits that the public report does not have."""
    from detcount.assessment.common.verdict import LEVEL

    if level != LEVEL:
        raise InputError(
            Message(
                "--level: expected {known}, which the public report has, got {got}. --disclosure full gives "
                "others, to those who may see the lists",
                known=repr(LEVEL),
                got=repr(level),
            )
        )


def _check_families(options: argparse.Namespace) -> None:
    """Refuse a family that there is not before a file is read."""
    if options.families is not None:
        from detcount.assessment.abundance.families import wanted_families

        wanted_families(options.families)


def _digest_key(path: str | None) -> str | None:
    """The secret that a file holds; it is checked before minutes are spent."""
    if path is None:
        return None
    from detcount.privacy import check_digest_key
    from detcount.reading.content import content_of

    return check_digest_key(content_of(path, most=_MOST_SECRET).decode("ascii", "replace").strip())
