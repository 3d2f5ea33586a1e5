"""``detcount coverage``: how many of those released were on the list before."""

from __future__ import annotations

import argparse
from functools import partial

from detcount.cli.definition import definition_of
from detcount.cli.places import Answer, check_places, written
from detcount.cli.reading import frame_of
from detcount.cli.suggestion import read_or_suggest


def answer(options: argparse.Namespace) -> str:
    """Set waves of releases against the list of a monitor, and write the report where asked."""
    check_places(options, (options.file,))
    from detcount.shown import together
    from detcount.stock import CoverageEstimate, CoverageFromReleases, ReleaseWaves

    def found() -> CoverageEstimate:
        waves = ReleaseWaves.from_frame(
            frame_of(options, options.file),
            by=options.by,
            fresh={"yes": True, "no": False}.get(options.fresh),
            definition=definition_of(options),
            dayfirst=options.dayfirst,
            allow_future=options.allow_future,
        )
        odds = options.odds_ratio
        return CoverageFromReleases(odds[0] if len(odds) == 1 else tuple(odds)).fit(waves, seed=options.seed)

    estimate = read_or_suggest(lambda _: found(), options)
    report = together([estimate])
    return written(
        Answer(
            markdown=partial(report.to_markdown, lang=options.lang),
            html=partial(report.to_html, lang=options.lang, force=options.force),
            document=report.document,
            record=estimate.record,
            table=estimate.to_frame,
        ),
        options,
    )
