"""Result of an assessment of lists, in every form that it can be given."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from detcount.assessment.abundance.document import assessment_document
from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.figures import KINDS, FigureKind
from detcount.assessment.abundance.public import for_public, record_of
from detcount.assessment.abundance.rows import VERDICTS, at_least
from detcount.assessment.common.result import Assessed
from detcount.assessment.common.verdict import LEVEL
from detcount.contract import arguments
from detcount.estimates import PRIVATE
from detcount.estimates.result import plain, provenance
from detcount.privacy import keyed_digest, public_floor
from detcount.reports.blocks import Document
from detcount.reports.printed import figure_of
from detcount.reports.printing import frame_of
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Assessment(AssessmentFacts, Assessed):
    """Assessment of how many persons there are, by some lists.

    Made by `assess`. ``print(assessment)`` shows all of it but the overlaps; the reports show those too. Its
    attributes are what reports show and, but in what `public` gives, the fits behind it.

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
    >>> print(assessment.public().n_observed)
    180
    """

    @property
    def _private(self) -> bool:
        return not self.dataset

    def _for_public(self) -> Self:
        return for_public(self, self._known("public"), self)

    def _with_digest(self, public: Self, digest_key: str) -> Self:
        return replace(public, keyed_digest=keyed_digest(self.table, digest_key))

    def _document(self) -> Document:
        return assessment_document(self)

    def _headline(self) -> Message:
        verdict = Message("Verdict: {verdict}.", verdict=VERDICTS[self.verdict])
        return Message.together((at_least(self.n_observed), verdict))

    def plot(self, *, kind: FigureKind = "overview", lang: str = "en") -> Figure:
        """Draw the families beside the floor, the overlaps, and the sensitivity, or one of the figures alone.

        A public figure has no overlaps, and numbers of the recommended method alone.

        Parameters
        ----------
        kind : {"overview", "forest", "posterior", "upset", "sensitivity"}, optional
            Those of the report one under the other; or the estimate and limits of every method, the
            distributions of those that have one, the overlaps, or the total by the odds ratio between lists.
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("overview.png")`` writes it.

        Raises
        ------
        InputError
            If the kind or the language is unknown.

        Examples
        --------
        >>> import detcount as dc
        >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
        >>> figure = dc.assess(table).plot(kind="forest", lang="es")
        >>> print(figure.axes[0].get_title(loc="left"))
        Número de personas según cada método
        """
        arguments.one_of("kind", kind, list(KINDS))
        return figure_of(lambda canvas: KINDS[kind](canvas, self._printed), lang)

    def to_frame(self, level: float = LEVEL) -> pd.DataFrame:
        """Give every method as a row of a pandas frame, for those who may see the lists unless it is public.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility of the limits, in (0, 1); in public they are of 95%.

        Returns
        -------
        pandas.DataFrame
            ``family``, ``recommended``, the columns of an estimate, and ``declined``: why there is none. In
            public ``family``, ``recommended``, ``low``, ``point``, ``high`` and ``level``.
        """
        if self.fits is None:
            names = ("low", "point", "high")
            shown = [
                {"family": row.key, "recommended": row.recommended}
                | {name: getattr(row, name) for name in names}
                | {"level": LEVEL}
                for row in self.families
            ]
            return frame_of(shown, ["family", "recommended", *names, "level"])
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

    def record(self) -> dict[str, Any]:
        """Give what was found as plain values that JSON can hold.

        Returns
        -------
        dict
            Verdict, findings, estimates with their records, what was declined, seed, digest, versions:
            everything needed to make the numbers again, for those who may see the lists. In public what the
            public report gives and no more.
        """
        if self.disclosure == "public":
            return record_of(self)
        known = {
            "disclosure": "full",
            "private": PRIVATE,
            "verdict": self.verdict,
            "reasons": [finding.full_record() for finding in self.findings],
            "sentence": self.statement,
            "definition": self.definition,
            "printed": [
                {"family": row.key, "low": row.low, "point": row.point, "high": row.high}
                for row in self.families
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
            **({} if self.fits is None or self.fits.anchor is None else {"anchor": repr(self.fits.anchor)}),
            "seed": self.seed,
            "data_sha256": self.digest,
        }
        return plain(known) | provenance()

    def __repr__(self) -> str:
        if self._private or self.fits is None:
            floor = public_floor(self.n_observed)
            return f"<Assessment of {floor:,} persons or more on {len(self.lists)} lists>"
        return (
            f"<Assessment of {self.n_observed:,} persons on {len(self.lists)} lists: {self.verdict}; "
            f"{len(self.estimates)} families answer, {len(self.declined)} decline>"
        )
