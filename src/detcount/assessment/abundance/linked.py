"""Every family of estimators over draws of who is who, beside the assessment of the best partition."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount._numerics.parallel import progress
from detcount.assessment.abundance.families import (
    FAMILIES,
    estimator_of,
    families_for,
    not_asked,
    wanted_families,
    without_convergence,
)
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.common.verdict import LEVEL
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.estimates.interval import persons
from detcount.linkage import Linkage, LinkageBound
from detcount.pooling import pool
from detcount.printing import Columns, frame_of
from detcount.shown import Result
from detcount.words import Message, Number
from detcount.words.by_key import Messages

if TYPE_CHECKING:
    import pandas as pd

message = Messages("detcount.linkage")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LinkageAssessment(Result):
    """What lists of names say of how many there are, with what is not known of who is who.

    Parameters
    ----------
    linkage : Linkage
        Who is who.
    assessment : Assessment
        The assessment of the best partition, with the verdict.
    estimates : dict of str to AbundanceEstimate
        Estimates of the families, persons, each pooled over drawn tables.
    declined : dict of str to NotEstimableError
        Why the other families have none.
    bound : LinkageBound
        The number if every doubtful pair is one person, and if none is.
    n_draws : int
        Tables that were drawn.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = dc.linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> linked = dc.linkage.link(lists, n_draws=200)
    >>> assessment = dc.assess(linked, n_draws=2)
    >>> assessment.n_draws
    2
    """

    linkage: Linkage
    assessment: Assessment
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    bound: LinkageBound
    n_draws: int

    @property
    def recommended(self) -> AbundanceEstimate | None:
        """The recommended estimate over the draws; None where the verdict allows no number."""
        key = self.assessment.recommended_family
        return None if key is None else self.estimates.get(key)

    def headline(self) -> Message:
        """Give the recommended estimate over the draws, in one line."""
        if self.recommended is None:
            return message("no recommended over draws", bound=self.bound.headline())
        return message("recommended over draws", estimate=self.recommended.headline(), draws=self.n_draws)

    def sentence(self) -> Message:
        """Say what the rows are, what the draws give, and how much of the spread is due to the links."""
        parts: list[Message] = [self.linkage.sentence()]
        estimate = self.recommended
        if estimate is not None:
            low, point, high = map(persons, estimate.printed())
            parts.append(
                message(
                    "share due to links",
                    draws=self.n_draws,
                    point=point,
                    low=low,
                    high=high,
                    share=_share(estimate),
                )
            )
        return Message.together(parts)

    def rows(self, level: float = LEVEL) -> list[dict[str, Any]]:
        """Give one row a family, pooled over the draws; `declined` says why there is no estimate."""
        rows = []
        for key in (family.key for family in FAMILIES):
            estimate, why = self.estimates.get(key), self.declined.get(key)
            low = point = high = share = None
            if estimate is not None:
                interval = estimate.interval(level)
                low, point, high, share = interval.low, estimate.point, interval.high, _share(estimate)
            elif why is None:
                continue
            row = {"family": key, "recommended": key == self.assessment.recommended_family}
            numbers = {"low": low, "point": point, "high": high, "share_of_links": share}
            rows.append(row | numbers | {"declined": None if why is None else why.reason})
        return rows

    _notebook = "headline"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the linkage."""
        return self.linkage.notes

    @property
    def _table(self) -> Columns:
        """A row a family over the draws."""
        names = {family.key: family.name for family in FAMILIES}
        rows = tuple(
            (names[key], *map(persons, estimate.printed()), Number(_share(estimate), ".0%"))
            for key, estimate in self.estimates.items()
        )
        head = (Message("Family"), Message("Low"), Message("Point"), Message("High"))
        return Columns((*head, Message("Share due to links")), rows)

    def to_frame(self, level: float = LEVEL) -> pd.DataFrame:
        """Give the families as a pandas frame, a row each."""
        return frame_of(self.rows(level))

    def __repr__(self) -> str:
        return f"<LinkageAssessment: {self.headline()}>"


def _share(estimate: AbundanceEstimate) -> float:
    """Share of the variance that lies between drawn tables."""
    return float(getattr(estimate.detail, "share_between", 0.0))


def families_over_draws(
    linkage: Linkage, assessment: Assessment, families: Any, seed: int, n_draws: int
) -> LinkageAssessment:
    """Run the families over drawn tables, beside an assessment of the best partition."""
    n_draws = arguments.whole_number("n_draws", n_draws, least=2)
    wanted = wanted_families(families)
    table, tables = linkage.table(), linkage.tables(n_draws, seed=seed)
    estimates: dict[str, AbundanceEstimate] = {}
    declined: dict[str, NotEstimableError] = {}
    made = families_for(table)
    names = [str(family.name) for family in made]
    with (
        warnings.catch_warnings(),
        progress(len(made), "families over draws", at_once=True, names=names) as done,
    ):
        warnings.simplefilter("ignore", DetcountWarning)
        for family in made:
            asked = not_asked(family, table, wanted)
            try:
                if asked is not None:
                    raise asked
                estimates[family.key] = pool(estimator_of(family, table), tables, seed=seed)
            except NotEstimableError as error:
                declined[family.key] = error
            except ConvergenceError as error:
                declined[family.key] = without_convergence(family, error)
            done(1)
    return LinkageAssessment(
        linkage=linkage,
        assessment=assessment,
        estimates=estimates,
        declined=declined,
        bound=linkage.bound(),
        n_draws=n_draws,
    )
