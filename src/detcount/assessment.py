"""The front door: every family of estimators side by side, and what of it can be printed."""

from __future__ import annotations

import itertools
import math
import platform
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from detcount import abundance
from detcount.abundance._guards import require_names_on_every_list
from detcount.assumptions import Assumption, Language
from detcount.captures import MAX_DENSE_LISTS, CaptureTable
from detcount.citation import CitationStyle, Reference, cite
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator, Interval
from detcount.report import figures
from detcount.report.content import (
    AssessmentContent,
    CurveRow,
    DeclinedRow,
    FamilyRow,
    Finding,
    LeaveOutRow,
    ListRow,
    NoteRow,
    OverlapRow,
    Role,
    Verdict,
)
from detcount.report.document import assessment_document
from detcount.report.html import page
from detcount.report.messages import MESSAGES, Text, check_language, say
from detcount.report.tables import check_suppression
from detcount.report.text import markdown, plain_text
from detcount.report.verdict import Evidence, apply_rules, printable_sentence, strictest
from detcount.sensitivity import SensitivityCurve, TippingValue, odds_ratio_curve, tipping_odds_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FAMILIES", "RECOMMENDED_ORDER", "Assessment", "Family", "Sensitivity", "assess"]

T = TypeVar("T")

_LEVEL = 0.95
_PRECEDENCE: tuple[Role, ...] = ("claim", "again", "bound", "baseline")
_BOOTSTRAPS = (abundance.BCaBootstrap, abundance.PercentileBootstrap)
ODDS_RATIOS: tuple[float, ...] = tuple(2.0 ** (k / 4) for k in range(-8, 9))


@dataclass(frozen=True)
class Family:
    """One way of estimating, as `assess` runs it.

    Parameters
    ----------
    key : str
        Short name; the key of ``assessment.estimates`` and ``assessment.declined``.
    name : Text
        Name of the family, as it is printed.
    estimator : Estimator, or function of CaptureTable that gives one
        The specification; a function where it names lists.
    lists : {"two", "more"}
        Whether it is for two lists or for three and more.
    role : {"claim", "bound", "baseline", "again"}, optional
        "claim" gives a number of persons. "bound" is a lower bound and "baseline" a model that the
        others extend: neither speaks for the total, so neither counts when families are compared.
        "again" is the number of another family with another interval.
    """

    key: str
    name: Text
    estimator: Estimator | Callable[[CaptureTable], Estimator]
    lists: Literal["two", "more"]
    role: Role = "claim"


def _two_largest_lists(table: CaptureTable) -> Estimator:
    """Two lists taken as independent: the largest, which overlap the most by chance."""
    require_names_on_every_list("PairwiseNoInteraction", table)
    sizes = table.list_sizes
    first, second = sorted(table.lists, key=lambda name: (-sizes[name], table.lists.index(name)))[:2]
    return abundance.PairwiseNoInteraction((first, second))


FAMILIES: tuple[Family, ...] = (
    Family("chapman", Text("Chapman", "Chapman"), abundance.Chapman(), "two"),
    Family(
        "chapman exact",
        Text("Chapman, exact interval", "Chapman, intervalo exacto"),
        abundance.Chapman(interval=abundance.Hypergeometric()),
        "two",
        "again",
    ),
    Family(
        "lincoln-petersen",
        Text("Lincoln-Petersen", "Lincoln-Petersen"),
        abundance.LincolnPetersen(),
        "two",
    ),
    Family(
        "independence",
        Text("Independent lists (Mt)", "Listas independientes (Mt)"),
        abundance.LogLinear(),
        "more",
        "baseline",
    ),
    Family(
        "chao",
        Text("Chao's lower bound", "Cota inferior de Chao"),
        abundance.ChaoLowerBound(),
        "more",
        "bound",
    ),
    Family(
        "mth chao",
        Text("Heterogeneity, Mth Chao", "Heterogeneidad, Mth Chao"),
        abundance.Heterogeneity(model="Mth", form="Chao"),
        "more",
        "bound",
    ),
    Family(
        "mth poisson",
        Text("Heterogeneity, Mth Poisson", "Heterogeneidad, Mth Poisson"),
        abundance.Heterogeneity(model="Mth", form="Poisson"),
        "more",
    ),
    Family(
        "mth darroch",
        Text("Heterogeneity, Mth Darroch", "Heterogeneidad, Mth Darroch"),
        abundance.Heterogeneity(model="Mth", form="Darroch"),
        "more",
    ),
    Family(
        "selected",
        Text("Log-linear, chosen by BIC", "Log-lineal, elegido por BIC"),
        abundance.SelectedLogLinear(criterion="bic"),
        "more",
    ),
    Family(
        "stepwise",
        Text("Log-linear, stepwise", "Log-lineal, paso a paso"),
        abundance.StepwiseLogLinear(),
        "more",
    ),
    Family(
        "averaged",
        Text("Log-linear, averaged by AIC", "Log-lineal, promediado por AIC"),
        abundance.AveragedLogLinear(criterion="aic"),
        "more",
    ),
    Family(
        "no highest-order interaction",
        Text("No highest-order interaction", "Sin interacción de orden máximo"),
        abundance.NoHighestOrderInteraction(),
        "more",
    ),
    Family(
        "pairwise",
        Text("Two largest lists alone", "Solo las dos listas más grandes"),
        _two_largest_lists,
        "more",
        "baseline",
    ),
    Family(
        "sample coverage",
        Text("Sample coverage", "Cobertura muestral"),
        abundance.SampleCoverage(),
        "more",
    ),
    Family(
        "sample coverage, low",
        Text("Sample coverage, one step", "Cobertura muestral, un paso"),
        abundance.SampleCoverage(estimate="low-coverage"),
        "more",
        "bound",
    ),
)

RECOMMENDED_ORDER: tuple[str, ...] = ("chapman", "chapman exact", "selected", "averaged", "stepwise")


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """How the total moves when the lists depend on each other more or less than assumed.

    Parameters
    ----------
    family : str
        Key of the family that the curve starts from.
    curve : SensitivityCurve
        Estimate and 95% limits of N by odds ratio, persons.
    claim : float
        Persons in all, of the claim under test.
    tipping : TippingValue, optional
        The odds ratios at which the total reaches the claim; None where none does.
    """

    family: str
    curve: SensitivityCurve
    claim: float
    tipping: TippingValue | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Assessment:
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
        The estimate to rest on; None where the verdict is "refuse" or "floor only".
    recommended_family : str, optional
        Its key.
    disagreement : float, optional
        Highest over lowest number among the families that claim one; None where none does.
    range : Interval, optional
        From the lowest to the highest 95% limit of the families that claim a number.
    sensitivity : Sensitivity, optional
        The recommended estimate, or else the first that there is, by odds ratio.
    leave_one_list_out : tuple of LeaveOutRow
        The same family without each list in turn, Chapman where two lists are left; empty for two lists,
        or without an estimate. Limits that take a bootstrap are left to the function of this name.
    claim : float, optional
        Persons in all, of the claim to test; without it twice the persons listed, the point at which
        most of them are listed or are not.

    See Also
    --------
    assess : Makes one.
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
    range: Interval | None
    sensitivity: Sensitivity | None
    leave_one_list_out: tuple[LeaveOutRow, ...]
    claim: float | None = None

    @property
    def n_observed(self) -> int:
        """Persons on at least one list: the floor."""
        return self.table.n_observed

    @property
    def sample_coverage(self) -> float:
        """Mean over the lists of the share of their persons who are on another list."""
        return sample_coverage(self.table)

    @cached_property
    def overlaps(self) -> dict[tuple[str, ...], int]:
        """Persons on both lists of each pair."""
        return _pair_overlaps(self.table)

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, in English; `sentence` and the reports speak Spanish too."""
        texts = [finding.text.en for finding in self.findings]
        return "; ".join(texts) or MESSAGES["no rule fired"].en

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the recommended number assumes; of every family that answers, where none is recommended."""
        if self.recommended is not None:
            return self.recommended.assumptions
        return _once(item for estimate in self.estimates.values() for item in estimate.assumptions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides, those of the recommended estimate first."""
        first = () if self.recommended is None else self.recommended.notes
        rest = (note for estimate in self.estimates.values() for note in estimate.notes)
        return _once((*first, *rest))

    def sentence(self, *, lang: Language = "en") -> str:
        """Write a sentence that can be printed: the floor, and as much as the verdict allows.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the sentence.

        Returns
        -------
        str
            The sentence. Numbers are rounded; the tables have them whole.
        """
        return self._sentence.say(check_language(lang))

    def to_markdown(self, *, lang: Language = "en", suppress_below: int = 5) -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the report.
        suppress_below : int, optional
            Overlaps from 1 to this less one are not shown; 0 shows every count.

        Returns
        -------
        str
            The report, with a newline at its end.
        """
        lang, below = check_language(lang), check_suppression(suppress_below)
        return markdown(assessment_document(self.content, lang, suppress_below=below))

    def to_html(
        self, path: str | Path | None = None, *, lang: Language = "en", suppress_below: int = 5
    ) -> str:
        """Write the report as one HTML file that loads nothing from anywhere.

        Parameters
        ----------
        path : str or Path, optional
            File to write.
        lang : {"en", "es"}, optional
            Language of the report.
        suppress_below : int, optional
            Overlaps from 1 to this less one are not shown; 0 shows every count.

        Returns
        -------
        str
            The page.
        """
        lang, below = check_language(lang), check_suppression(suppress_below)
        drawn = {
            "forest": figures.forest(self.content, lang=lang),
            "upset": figures.upset(self.content, lang=lang, suppress_below=below),
            "sensitivity": figures.sensitivity(self.content, lang=lang),
        }
        blocks = assessment_document(self.content, lang, suppress_below=below)
        text = page(blocks, drawn, lang=lang, title=say("title", lang))
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def plot(self, *, lang: Language = "en", suppress_below: int = 5) -> Figure:
        """Draw the families beside the floor, the overlaps, and the sensitivity.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words and numbers.
        suppress_below : int, optional
            Overlaps from 1 to this less one are drawn hatched; 0 shows every count.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("overview.png")`` writes it.
        """
        return figures.overview(self.content, lang=lang, suppress_below=suppress_below)

    def record(self) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold.

        Returns
        -------
        dict
            Verdict, findings, estimates with their records, what was declined, seed, digest, versions.
        """
        return {
            "verdict": self.verdict,
            "reasons": [
                {"rule": finding.rule, "verdict": finding.verdict, "text": finding.text.en}
                for finding in self.findings
            ],
            "sentence": self.sentence(),
            "n_observed": self.n_observed,
            "lists": list(self.table.lists),
            "sample_coverage": self.sample_coverage,
            "recommended": self.recommended_family,
            "disagreement": self.disagreement,
            "range": None if self.range is None else [_finite(self.range.low), _finite(self.range.high)],
            "estimates": {key: estimate.record() for key, estimate in self.estimates.items()},
            "declined": {
                key: {"reason": error.reason, "remedy": error.remedy} for key, error in self.declined.items()
            },
            "sensitivity": _sensitivity_record(self.sensitivity),
            "leave_one_list_out": [
                {key: _finite(value) for key, value in asdict(row).items()} for row in self.leave_one_list_out
            ],
            "seed": self.seed,
            "data_sha256": self.table.digest,
            "versions": dict(_versions()),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of every family that answers.

        Parameters
        ----------
        style : {"text", "bibtex", "cff"}, optional
            A line of prose each, BibTeX entries, or a Citation File Format document.

        Returns
        -------
        str
            The citation.
        """
        return cite(style, references=self._references())

    @cached_property
    def content(self) -> AssessmentContent:
        """Everything that a report shows, as rows in no language."""
        return _content(self)

    @cached_property
    def _sentence(self) -> Text:
        """The sentence in both languages."""
        return printable_sentence(
            self.verdict,
            n_observed=self.n_observed,
            findings=self.findings,
            recommended=self.recommended,
            span=self.range,
            n_claims=len(_claims(self.estimates)),
        )

    def _references(self) -> tuple[Reference, ...]:
        """Papers of the recommended estimate, or of every one."""
        chosen = self.estimates.values() if self.recommended is None else (self.recommended,)
        return _once(paper for estimate in chosen for paper in estimate.estimator.references)

    def __str__(self) -> str:
        return plain_text(assessment_document(self.content, "en"))

    def __repr__(self) -> str:
        return (
            f"<Assessment of {self.n_observed:,} persons on {self.table.n_lists} lists: {self.verdict}; "
            f"{len(self.estimates)} families answer, {len(self.declined)} decline>"
        )

    def _repr_markdown_(self) -> str:
        """Show the report in a notebook."""
        return self.to_markdown()


def assess(table: CaptureTable, *, seed: int = 0, claim: float | None = None) -> Assessment:
    """Run every family of estimators on some lists, and say what of it can be printed.

    The estimand is N, the persons in the closed population that the lists were made of, listed or not.
    Each family says it under assumptions of its own; the lists cannot choose between them. So the
    answer is all of them beside the floor, how far they are apart, how the number moves when its
    assumption fails, and a verdict.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.
    seed : int, optional
        Seed of every fit, 0 or more.
    claim : float, optional
        A number of persons in all that somebody claims, to be tested against the sensitivity curve;
        without it twice the persons listed.

    Returns
    -------
    Assessment
        Estimates in persons, the families that declined with their reasons, and the verdict.

    Raises
    ------
    InputError
        If the seed is no whole number of 0 or more, or the claim no number above 0.

    See Also
    --------
    leave_one_list_out : The same for one estimator.

    Notes
    -----
    Verdicts, from the least to the most that can be printed: "floor only" (nobody is on two lists), "refuse"
    (no estimate of the total), "range" (the methods are more than a factor 2 apart), "estimate". An
    estimate is refused when a list names nobody, the model needs an overlap that is empty or has an
    existence code other than 0, no family that claims a number answers, sample coverage is 0.55 or less
    (three lists and more), or more than 5 persons are unlisted for each one listed.

    Families that claim a number are compared; a lower bound, a baseline that other families extend and
    a second interval of the same number are shown beside them and do not count. The range goes from the
    lowest to the highest 95% limit of the families that claim a number.

    The recommended estimate is that of the first of `RECOMMENDED_ORDER` that answers.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    >>> assessment = dc.assess(table)
    >>> assessment.verdict, round(assessment.recommended.point), list(assessment.declined)
    ('estimate', 216, [])
    >>> print(assessment.sentence()[44:119])
    The lists support an estimate of about 220 in all (95% interval 200 to 240)
    """
    if not isinstance(table, CaptureTable):
        raise TypeError(
            f"table: expected a CaptureTable, got {type(table).__name__}. "
            "Make one with CaptureTable.from_frame(frame, lists=[...])"
        )
    _check_arguments(seed, claim)
    estimates, declined = _fit_families(table, seed)
    chosen = next((key for key in RECOMMENDED_ORDER if key in estimates), None)
    claims = _claims(estimates)
    points = [estimates[key].point for key in claims]
    disagreement = max(points) / min(points) if points else None
    evidence = _evidence(table, estimates, declined, chosen, disagreement)
    findings = apply_rules(evidence)
    verdict = strictest(findings)
    printable = chosen if verdict in ("estimate", "range") else None
    base = None if evidence.n_shared == 0 else chosen or _best_available(estimates)
    return Assessment(
        table=table,
        seed=seed,
        estimates=estimates,
        declined=declined,
        verdict=verdict,
        findings=findings,
        recommended=None if printable is None else estimates[printable],
        recommended_family=printable,
        disagreement=disagreement,
        range=_span([estimates[key] for key in claims]),
        sensitivity=None if base is None else _sensitivity(estimates[base], base, claim),
        leave_one_list_out=() if base is None else _leave_out(_left_out_family(base, table), table, seed),
        claim=claim,
    )


def sample_coverage(table: CaptureTable) -> float:
    """Mean over the lists of the share of their persons who are on another list; empty lists have none."""
    sizes, alone = table.list_sizes, table.exclusives
    shares = [1 - alone[name] / sizes[name] for name in table.lists if sizes[name]]
    return sum(shares) / len(shares)


def _check_arguments(seed: int, claim: float | None) -> None:
    """Refuse a seed or a claim that cannot mean what it says."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed: expected a whole number of 0 or more, got {seed!r}")
    if claim is None:
        return
    if isinstance(claim, bool) or not isinstance(claim, (int, float)):
        raise TypeError(f"claim: expected a number of persons, got {type(claim).__name__}")
    if not (math.isfinite(claim) and claim > 0):
        raise InputError(f"claim: expected a number of persons above 0, got {claim!r}")


def _fit_families(
    table: CaptureTable, seed: int
) -> tuple[dict[str, AbundanceEstimate], dict[str, NotEstimableError]]:
    """Fit the families made for so many lists; what declines is kept. Warnings stand in the notes."""
    estimates: dict[str, AbundanceEstimate] = {}
    declined: dict[str, NotEstimableError] = {}
    for family in _families_for(table):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DetcountWarning)
                estimates[family.key] = _estimator(family, table).fit(table, seed=seed)
        except NotEstimableError as error:
            declined[family.key] = error
        except ConvergenceError:
            declined[family.key] = NotEstimableError(
                family.name.en, "an iteration did not converge", "Use another family."
            )
    return estimates, declined


def _families_for(table: CaptureTable) -> tuple[Family, ...]:
    """The families made for two lists, or those for more."""
    wanted = "two" if table.n_lists == 2 else "more"
    return tuple(family for family in FAMILIES if family.lists == wanted)


def _estimator(family: Family, table: CaptureTable) -> Estimator:
    """The specification of a family for one table."""
    return family.estimator if isinstance(family.estimator, Estimator) else family.estimator(table)


def _claims(estimates: Iterable[str]) -> tuple[str, ...]:
    """Keys of the families with an answer that claim a number."""
    roles = {family.key: family.role for family in FAMILIES}
    return tuple(key for key in estimates if roles[key] == "claim")


def _best_available(estimates: Iterable[str]) -> str | None:
    """The first family with an answer: one that claims a number, else a bound, else whatever there is."""
    keys = tuple(estimates)
    roles = {family.key: family.role for family in FAMILIES}
    return min(keys, key=lambda key: _PRECEDENCE.index(roles[key]), default=None)


def _evidence(
    table: CaptureTable,
    estimates: dict[str, AbundanceEstimate],
    declined: dict[str, NotEstimableError],
    chosen: str | None,
    disagreement: float | None,
) -> Evidence:
    """What the rules look at."""
    preferred = next((family.key for family in _families_for(table) if family.key in RECOMMENDED_ORDER), None)
    empty = tuple(name for name, size in table.list_sizes.items() if size == 0)
    fits = table.n_lists <= MAX_DENSE_LISTS and not empty
    needs = ""
    if chosen is None and fits and preferred in declined and 0 in _pair_overlaps(table).values():
        needs = declined[preferred].reason
    best = None if chosen is None else estimates[chosen]
    return Evidence(
        n_lists=table.n_lists,
        empty_lists=empty,
        n_shared=int(table.capture_frequencies[1:].sum()),
        sample_coverage=sample_coverage(table),
        n_claims=len(_claims(estimates)),
        needs_empty_overlap=needs,
        existence_code=_existence_code(table, best),
        unlisted_a_listed=None if best is None else best.n_unobserved / best.n_observed,
        disagreement=disagreement,
    )


def _existence_code(table: CaptureTable, best: AbundanceEstimate | None) -> int:
    """Code of the log-linear model behind the recommended estimate, or of the smallest one where none is."""
    if table.n_lists == 2 or table.n_lists > MAX_DENSE_LISTS or 0 in table.list_sizes.values():
        return 0
    models = () if best is None else getattr(best.detail, "models", ())
    model = abundance.LogLinear(interactions=models[0].interactions if models else ())
    return model.existence_code(table)


def _pair_overlaps(table: CaptureTable) -> dict[tuple[str, ...], int]:
    """Persons on both lists of each pair."""
    histories = table.histories.astype(np.int64)
    both = histories.T @ (histories * table.counts[:, None])
    return {
        (table.lists[i], table.lists[j]): int(both[i, j])
        for i, j in itertools.combinations(range(table.n_lists), 2)
    }


def _span(estimates: list[AbundanceEstimate]) -> Interval | None:
    """From the lowest to the highest limit."""
    if not estimates:
        return None
    intervals = [estimate.interval(_LEVEL) for estimate in estimates]
    return Interval(
        min(interval.low for interval in intervals),
        max(interval.high for interval in intervals),
        _LEVEL,
        "envelope",
    )


def _sensitivity(estimate: AbundanceEstimate, family: str, claim: float | None) -> Sensitivity | None:
    """The curve around an estimate; none where it has nobody unlisted."""
    if estimate.n_unobserved <= 0:
        return None
    target = 2.0 * estimate.n_observed if claim is None else float(claim)
    tipping = None if target <= estimate.n_observed else tipping_odds_ratio(estimate, target, level=_LEVEL)
    return Sensitivity(
        family=family,
        curve=odds_ratio_curve(estimate, ODDS_RATIOS, level=_LEVEL),
        claim=target,
        tipping=tipping,
    )


def _left_out_family(base: str, table: CaptureTable) -> str:
    """The family that is fitted without each list: that of two lists where two are left."""
    return RECOMMENDED_ORDER[0] if table.n_lists == 3 else base


def _leave_out(key: str, table: CaptureTable, seed: int) -> tuple[LeaveOutRow, ...]:
    """The same family without each list in turn."""
    if table.n_lists < 3:
        return ()
    family = next(family for family in FAMILIES if family.key == key)
    alone = table.exclusives
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        for name in table.lists:
            try:
                rows.append(_without(family, table, name, seed))
            except NotEstimableError as error:
                rows.append(LeaveOutRow(name, table.n_observed - alone[name], reason=error.reason))
            except ConvergenceError:
                rows.append(
                    LeaveOutRow(name, table.n_observed - alone[name], reason="an iteration did not converge")
                )
    return tuple(rows)


def _without(family: Family, table: CaptureTable, name: str, seed: int) -> LeaveOutRow:
    """The total without one list; its limits too, unless they would have to be resampled."""
    if table.exclusives[name] == table.n_observed:
        raise NotEstimableError(family.name.en, "nobody is on the other lists", "Keep the list.")
    rest = table.drop(name)
    estimator = _estimator(family, rest)
    if isinstance(getattr(estimator, "interval", None), _BOOTSTRAPS):
        return LeaveOutRow(name, rest.n_observed, _point(estimator, rest, seed))
    estimate = estimator.fit(rest, seed=seed)
    interval = estimate.interval(_LEVEL)
    return LeaveOutRow(name, rest.n_observed, estimate.point, interval.low, interval.high)


def _point(estimator: Any, table: CaptureTable, seed: int) -> float:
    """The point of an estimator whose limits are a bootstrap, with as little of it as can be."""
    if hasattr(estimator, "_point"):
        return float(estimator._point(table, seed=seed))
    short = replace(estimator, interval=abundance.PercentileBootstrap(100))
    return float(short.fit(table, seed=seed).point)


def _content(assessment: Assessment) -> AssessmentContent:
    """Everything that a report shows."""
    table = assessment.table
    families = {family.key: family for family in FAMILIES}
    sizes, alone = table.list_sizes, table.exclusives
    order = np.lexsort((table.codes, -table.counts))  # the same whatever the platform
    patterns = tuple(
        OverlapRow(
            tuple(name for name, mark in zip(table.lists, table.histories[k], strict=True) if mark),
            int(table.counts[k]),
        )
        for k in order.tolist()
    )
    sensitivity = assessment.sensitivity
    base = None if sensitivity is None else sensitivity.family
    claim = 2.0 * table.n_observed if assessment.claim is None else float(assessment.claim)
    return AssessmentContent(
        n_observed=table.n_observed,
        lists=tuple(ListRow(name, sizes[name], alone[name]) for name in table.lists),
        pairs=tuple(OverlapRow(pair, count) for pair, count in assessment.overlaps.items()),
        patterns=patterns,
        frequencies=tuple(table.capture_frequencies.tolist()),
        sample_coverage=assessment.sample_coverage,
        families=tuple(
            _family_row(families[key], estimate, recommended=key == assessment.recommended_family)
            for key, estimate in assessment.estimates.items()
        ),
        declined=tuple(
            DeclinedRow(key, families[key].name, error.reason, error.remedy)
            for key, error in assessment.declined.items()
        ),
        verdict=assessment.verdict,
        findings=assessment.findings,
        sentence=assessment._sentence,
        disagreement=assessment.disagreement,
        n_claims=len(_claims(assessment.estimates)),
        curve=() if sensitivity is None else _curve_rows(sensitivity.curve),
        curve_base=None if sensitivity is None else families[sensitivity.family].name,
        claim=claim,
        claim_given=assessment.claim is not None,
        tipping=None if sensitivity is None or sensitivity.tipping is None else sensitivity.tipping.at_point,
        leave_out=assessment.leave_one_list_out,
        leave_out_base=None if base is None else families[_left_out_family(base, table)].name,
        assumptions=assessment.assumptions,
        recommended=assessment.recommended is not None,
        notes=tuple(
            NoteRow(
                tuple(
                    families[key].name
                    for key, estimate in assessment.estimates.items()
                    if note in estimate.notes
                ),
                note,
            )
            for note in assessment.notes
        ),
        seed=assessment.seed,
        digest=table.digest,
        versions=_versions(),
        citation=assessment.cite(),
    )


def _family_row(family: Family, estimate: AbundanceEstimate, *, recommended: bool) -> FamilyRow:
    """One family, for the tables and the forest."""
    interval = estimate.interval(_LEVEL)
    return FamilyRow(
        key=family.key,
        name=family.name,
        estimator=repr(estimate.estimator),
        role=family.role,
        recommended=recommended,
        low=interval.low,
        point=estimate.point,
        high=interval.high,
        interval=interval.method,
    )


def _curve_rows(curve: SensitivityCurve) -> tuple[CurveRow, ...]:
    """The curve, for the table and the figure."""
    columns = (curve.odds_ratios, curve.points, curve.lows, curve.highs)
    return tuple(CurveRow(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _sensitivity_record(sensitivity: Sensitivity | None) -> dict[str, Any] | None:
    """The curve as plain values."""
    if sensitivity is None:
        return None
    curve = sensitivity.curve
    return {
        "family": sensitivity.family,
        "odds_ratios": curve.odds_ratios.tolist(),
        "points": curve.points.tolist(),
        "lows": curve.lows.tolist(),
        "highs": [_finite(value) for value in curve.highs.tolist()],
        "claim": sensitivity.claim,
        "tipping": None if sensitivity.tipping is None else sensitivity.tipping.at_point,
    }


def _finite(value: Any) -> Any:
    """None for an infinite number, which JSON cannot hold."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _versions() -> tuple[tuple[str, str], ...]:
    """Software that the numbers depend on."""
    names = ("detcount", "numpy", "scipy")
    return (*((name, metadata.version(name)) for name in names), ("python", platform.python_version()))


def _once(items: Iterable[T]) -> tuple[T, ...]:
    """Each item once, in order."""
    return tuple(dict.fromkeys(items))
