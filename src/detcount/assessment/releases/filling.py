"""From the assessment to its content: the rows of every part of a report about releases."""

from __future__ import annotations

from detcount.assessment.releases.content import ReleasesContent
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.estimates import versions
from detcount.published.conflicts import conflicts
from detcount.published.counts import counts_of, differences
from detcount.words import Message


def content_of(assessment: ReleasesAssessment) -> ReleasesContent:
    """Rows of every part of the report."""
    reports = assessment.reports
    counts = counts_of(reports)
    return ReleasesContent(
        as_of=assessment.as_of,
        first=reports.first_published,
        last=reports.last_published,
        counts=counts,
        events=assessment.events,
        conflicts=conflicts(reports),
        differences=differences(each for each in counts if each.role != "announced"),
        supposed=assessment.supposed,
        register=assessment.register,
        remarks=(
            *reports.notes,
            *(
                Message("{reason}. {advice}", reason=error.reason, advice=error.advice)
                for error in assessment.declined
            ),
        ),
        seed=assessment.seed,
        digest=reports.digest,
        specifications=tuple(map(repr, assessment.models)),
        versions=tuple(versions().items()),
        citation=assessment.cite(),
        definition=reports.definition,
    )
