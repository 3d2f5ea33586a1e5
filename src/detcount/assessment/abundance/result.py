"""What some lists can say about how many persons there are.

One class: what an assessment found, and every form that it can be given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount.abundance.guards import note_on_modes
from detcount.assessment.abundance.content import AssessmentContent, LeaveOutRow, at_least, message
from detcount.assessment.abundance.document import assessment_document
from detcount.assessment.abundance.families import CALIBRATED
from detcount.assessment.abundance.figures import KINDS, FigureKind
from detcount.assessment.abundance.groups import group_rows, public_group_rows
from detcount.assessment.abundance.moves import Sensitivity
from detcount.assessment.abundance.public import content_for_public
from detcount.assessment.abundance.verdict import sample_coverage, shared_by_pair
from detcount.assessment.common.result import Assessed
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict, reason
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.estimates import PRIVATE, AbundanceEstimate, Interval
from detcount.estimates.result import plain, provenance
from detcount.printing import frame_of
from detcount.privacy import Disclosure, keyed_digest, public_floor
from detcount.reports.blocks import Document
from detcount.reports.printed import figure_of
from detcount.strata import Composition
from detcount.words import Message
from detcount.wrong_entries import WrongEntries

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Assessment(Assessed[AssessmentContent]):
    """What some lists can say about how many persons there are.

    Made by `assess`. ``print(assessment)`` shows all of it but the overlaps; the reports show those too.

    Parameters
    ----------
    table : CaptureTable
        The lists.
    seed : int
        Seed of every fit.
    estimates : dict of str to AbundanceEstimate
        The answer of every family that has one, by key.
    declined : dict of str to NotEstimableError
        Why the others have none, by key.
    verdict : {"estimate", "range", "floor only", "refuse"}
        What can be printed.
    findings : tuple of Finding
        The rules against printing more, each with what it found.
    recommended : AbundanceEstimate, optional
        The calibrated estimate, wherever any two lists overlap: its interval is to be rested on, its point
        only where the verdict is "estimate". Where calibration declines, the first other of
        `RECOMMENDED_ORDER` if the verdict is "range"; else None.
    recommended_family : str, optional
        Its key.
    disagreement : float, optional
        Highest over lowest number among the families that claim one; None where none does.
    envelope : Interval, optional
        From the lowest to the highest 95% limit of the families that claim a number.
    modes : dict of str to tuple of float
        Modes of the posterior of N, persons, of the families that have more than one, by key.
    sensitivity : Sensitivity, optional
        The first family of `RECOMMENDED_ORDER` that is not calibrated, or else the first that there is, by
        odds ratio. The calibrated interval holds such dependence already.
    leave_one_list_out : tuple of LeaveOutRow
        The recommended family without each list in turn, of more than 10 lists without each of the 8
        largest; empty for two lists, or without an estimate.
        Limits that take a bootstrap are left to the function of this name.
    claim : float, optional
        Persons in all, of the claim to test; without it twice the persons listed, the point at which
        most of them are listed or are not.
    wrong_entries : tuple of WrongEntries, optional
        What becomes of the recommended number if a share of the entries of one list does not belong, by list
        (of the largest where there are many); empty without an estimate, or where it was not asked for.
    wrong_entries_base : str, optional
        Key of the family whose model says how the unlisted change then.
    all_belong : AbundanceEstimate, optional
        The number if everybody on the lists belongs, where a share of the entries was taken not to.
    law : Message, optional
        Which share that is.
    composition : Composition, optional
        Persons and shares by group, where groups were given.
    groups_declined : str, optional
        Why there are none though groups were given.
    again : callable
        Assesses another table as this one was, for what must be printed of both alike.
    fill : callable
        Fills in what a full report of an assessment shows.

    See Also
    --------
    assess : Makes one.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> assessment = dc.assess(table, families=["chao", "independence", "calibrated"])
    >>> print(assessment.n_observed, assessment.verdict)
    182 range
    """

    table: CaptureTable
    seed: int
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    verdict: Verdict
    findings: tuple[Finding, ...]
    recommended: AbundanceEstimate | None
    recommended_family: str | None
    disagreement: float | None
    envelope: Interval | None
    modes: dict[str, tuple[float, ...]]
    sensitivity: Sensitivity | None
    leave_one_list_out: tuple[LeaveOutRow, ...]
    claim: float | None = None
    wrong_entries: tuple[WrongEntries, ...] = ()
    wrong_entries_base: str | None = None
    all_belong: AbundanceEstimate | None = None
    law: Message | None = None
    composition: Composition | None = None
    groups_declined: str | None = None
    again: Callable[[CaptureTable], Assessment]
    fill: Callable[[Assessment], AssessmentContent]

    @property
    def n_observed(self) -> int:
        """Persons on at least one list: the floor."""
        return self.table.n_observed

    @property
    def range(self) -> Interval | None:
        """What is printed where one number is not: the calibrated 95% interval, or else the envelope."""
        if self.recommended is not None and self.recommended_family == CALIBRATED:
            return self.recommended.interval(LEVEL)
        return self.envelope

    @property
    def sample_coverage(self) -> float:
        """Mean over the lists of the share of their persons who are on another list."""
        return sample_coverage(self.table)

    @cached_property
    def overlaps(self) -> dict[tuple[str, ...], int]:
        """Persons on both lists of each pair."""
        return shared_by_pair(self.table)

    @property
    def reason(self) -> str:
        """Why the verdict is what it is; a `Message`, which can be said in other languages."""
        return reason(self.findings)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the recommended number assumes; of every family that answers, where none is recommended."""
        if self.recommended is not None:
            return self.recommended.assumptions
        return tuple(
            dict.fromkeys(item for estimate in self.estimates.values() for item in estimate.assumptions)
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides: of the recommended estimate, of the data, of the other methods."""
        first = () if self.recommended is None else self.recommended.notes
        rest = (note for key in self.estimates for note in self.notes_of(key))
        return tuple(dict.fromkeys((*first, *self.table.notes, *rest)))

    def notes_of(self, key: str) -> tuple[str, ...]:
        """Give the notes of a family, with word of its modes."""
        notes = self.estimates[key].notes
        return tuple(dict.fromkeys((*notes, note_on_modes(self.modes[key])))) if key in self.modes else notes

    def headline(self, *, disclosure: Disclosure | None = None) -> Message:
        """Give the floor and the verdict, in one line.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        Message
            The line, which can be said in any language.
        """
        content = self.content(disclosure)
        verdict = message("verdict", verdict=message(f"verdict {content.verdict}"))
        return Message.together((at_least(content.n_observed), verdict))

    def plot(
        self, *, kind: FigureKind = "overview", lang: str = "en", disclosure: Disclosure | None = None
    ) -> Figure:
        """Draw the families beside the floor, the overlaps, and the sensitivity, or one of the figures alone.

        Parameters
        ----------
        kind : {"overview", "forest", "posterior", "upset", "sensitivity"}, optional
            Those of the report one under the other; or the estimate and limits of every method, the
            distributions of those that have one, the overlaps, or the total by the odds ratio between lists.
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        disclosure : {"public", "full"}, optional
            As in `document`; a public figure has no overlaps, and numbers of the recommended method alone.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("overview.png")`` writes it.

        Raises
        ------
        InputError
            If the kind, the language or the disclosure is unknown.

        Examples
        --------
        >>> import detcount as dc
        >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
        >>> figure = dc.assess(table).plot(kind="forest", lang="es")
        >>> print(figure.axes[0].get_title(loc="left"))
        Número de personas según cada método
        """
        arguments.one_of("kind", kind, list(KINDS))
        return figure_of(lambda canvas: KINDS[kind](canvas, self.content(disclosure)), lang)

    def to_frame(self, level: float = LEVEL) -> pd.DataFrame:
        """Give every method as a row of a pandas frame, for those who may see the lists.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility of the limits, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            ``family``, ``recommended``, the columns of an estimate, and ``declined``: why there is none.
        """
        rows: list[dict[str, Any]] = [
            {"family": key, "recommended": key == self.recommended_family, **row, "declined": None}
            for key, estimate in self.estimates.items()
            for row in estimate.rows(level)
        ]
        rows += [
            {"family": key, "recommended": False, "declined": error.reason}
            for key, error in self.declined.items()
        ]
        return frame_of(rows)

    def record(
        self, *, disclosure: Disclosure | None = None, digest_key: str | None = None
    ) -> dict[str, Any]:
        """Give what was found as plain values that JSON can hold.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            "full" gives everything needed to make the numbers again, and is for those who may see the lists;
            "public" gives what the public report gives and no more. By default full, whatever the table.
        digest_key : str, optional
            As in `document`.

        Returns
        -------
        dict
            Verdict, findings, estimates with their records, what was declined, seed, digest, versions.
        """
        if self._disclosure(disclosure or "full") == "public":
            return self.content("public", digest_key=digest_key).public_record()
        known = {
            "disclosure": "full",
            "private": PRIVATE,
            "verdict": self.verdict,
            "reasons": [finding.full_record() for finding in self.findings],
            "sentence": self.full_content.sentence,
            "definition": self.table.definition,
            "printed": [
                {"family": row.key, "low": row.low, "point": row.point, "high": row.high}
                for row in self.full_content.families
            ],
            "n_observed": self.n_observed,
            "lists": self.table.lists,
            "sample_coverage": self.sample_coverage,
            "recommended": self.recommended_family,
            "disagreement": self.disagreement,
            "range": self.range and list(self.range),
            "envelope": self.envelope and list(self.envelope),
            "modes": self.modes,
            "estimates": self.estimates,
            "declined": {
                key: {"reason": error.reason, "remedy": error.remedy} for key, error in self.declined.items()
            },
            "sensitivity": self.sensitivity,
            "leave_one_list_out": [asdict(row) for row in self.leave_one_list_out],
            "wrong_entries": [asdict(row) for row in self.wrong_entries],
            **({} if self.composition is None else {"groups": self.composition}),
            "seed": self.seed,
            "data_sha256": self.table.digest,
        }
        return plain(known) | provenance()

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the recommended method; of every family that answers, where none is recommended."""
        chosen = self.estimates.values() if self.recommended is None else (self.recommended,)
        return tuple(dict.fromkeys(paper for estimate in chosen for paper in estimate.estimator.references))

    @cached_property
    def full_content(self) -> AssessmentContent:
        """Everything that a full report shows, as rows in no language."""
        content = self.fill(self)
        if self.composition is None:
            return self._without_groups(content, self.groups_declined)
        return replace(content, groups=group_rows(self.composition))

    @cached_property
    def public_content(self) -> AssessmentContent:
        """What a public report shows: the same for this table and its companions, without a digest."""
        content = content_for_public(
            self.table, self.full_content, lambda table: self.again(table).full_content
        )
        if self.composition is None:
            return self._without_groups(content, self.groups_declined)
        printed = content.verdict in ("estimate", "range")
        rows = public_group_rows(self.composition) if printed else None
        return (
            self._without_groups(content, message("groups withheld"))
            if rows is None
            else replace(content, groups=rows)
        )

    @staticmethod
    def _without_groups(content: AssessmentContent, why: str | None) -> AssessmentContent:
        """A content whose groups, where there are any, cannot be printed."""
        return content if why is None else replace(content, groups=(), groups_withheld=why)

    @property
    def _private(self) -> bool:
        return not self.table.dataset

    def _content(self, disclosure: Disclosure, digest_key: str | None) -> AssessmentContent:
        if disclosure == "full":
            return self.full_content
        if digest_key is None:
            return self.public_content
        return replace(self.public_content, digest=keyed_digest(self.table, digest_key))

    def _document(self, content: AssessmentContent, *, named: bool) -> Document:
        return assessment_document(content)

    def __repr__(self) -> str:
        if not self.table.dataset:
            floor = public_floor(self.n_observed)
            return f"<Assessment of {floor:,} persons or more on {self.table.n_lists} lists>"
        return (
            f"<Assessment of {self.n_observed:,} persons on {self.table.n_lists} lists: {self.verdict}; "
            f"{len(self.estimates)} families answer, {len(self.declined)} decline>"
        )
