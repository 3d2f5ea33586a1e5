"""The front door: every family of estimators side by side, and what of it can be printed."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from detcount import abundance, arguments
from detcount._numerics.copies import pair_overlaps
from detcount._numerics.modes import density_of_draws, modes_of_draws
from detcount._numerics.parallel import progress
from detcount.abundance.guards import require_names_on_every_list
from detcount.assumptions import Assumption
from detcount.calibration import DEFAULT_BASE, Calibrated, CalibratedDetail
from detcount.capture_rows import MAX_DENSE_LISTS
from detcount.captures import CaptureTable
from detcount.citation import CitationStyle, Reference, cite
from detcount.copies import copied_lists
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import PRIVATE, AbundanceEstimate, Estimator, Interval, versions
from detcount.privacy import (
    MOST_COMPARED_LISTS,
    Disclosure,
    check_digest_key,
    check_disclosure,
    companions,
    keyed_digest,
    size_unit,
)
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
from detcount.report.document import FigureSlot, assessment_document
from detcount.report.html import page
from detcount.report.messages import LANGUAGES, MESSAGES, Text, check_language, percent, persons, say
from detcount.report.public import public_content, public_record
from detcount.report.text import markdown, plain_text
from detcount.report.verdict import Evidence, apply_rules, printable_sentence, strictest
from detcount.report.writing import Target, check_target, write_report
from detcount.sensitivity import SensitivityCurve, TippingValue, odds_ratio_curve, tipping_odds_ratio
from detcount.words import Message
from detcount.wrong_entries import WrongEntries, checked_share
from detcount.wrong_entries import wrong_entries as wrong_entries_by_list

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FAMILIES", "RECOMMENDED_ORDER", "Assessment", "Family", "Sensitivity", "assess"]

T = TypeVar("T")

_LEVEL = 0.95
_CALIBRATED = "calibrated"
_PRECEDENCE: tuple[Role, ...] = ("claim", "bound", "baseline", "calibrated")
_BOOTSTRAPS = (abundance.BCaBootstrap, abundance.PercentileBootstrap)
_MOST_LISTS_EACH_LEFT_OUT = 10  # each is a fit of the calibrated family, a second or more
_MOST_LEFT_OUT = 8  # the largest lists, where there are more
_FEW_SHARED = 20  # below it the log-normal interval of two lists holds the truth less often than it says
_MOST_LISTS_MODELLED = 10  # beyond it a log-linear model for each list in turn takes seconds
_STRIP_NODES = 240
_ON_REQUEST = "left out of this assessment on request"
_TOO_MANY_LISTS = "not asked with more than {most} lists, where it takes minutes"
_STRIP_LEAST = 0.004  # of the greatest height, below which nothing is drawn
ODDS_RATIOS: tuple[float, ...] = tuple(2.0 ** (k / 4) for k in range(-8, 9))

# How often the 95% intervals of established methods held the truth on the bank: the least and the most of
# six package defaults on three lists or more, and Chapman's on two. docs/calibration.md has the figures.
_HELD = (0.53, 0.66)
_HELD_BY_CHAPMAN = 0.43


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
    lists : {"two", "more", "any"}
        Whether it is for two lists, for three and more, or for both.
    role : {"calibrated", "claim", "bound", "baseline"}, optional
        "claim" gives a number of persons. "bound" is a lower bound and "baseline" a model that the
        others extend: neither speaks for the total. "calibrated" is made from the others. These three do
        not count when families are compared.
    most_lists : int, optional
        Lists beyond which it is not asked, as it would take minutes.
    """

    key: str
    name: Text
    estimator: Estimator | Callable[[CaptureTable], Estimator]
    lists: Literal["two", "more", "any"]
    role: Role = "claim"
    most_lists: int | None = None


def _two_largest_lists(table: CaptureTable) -> Estimator:
    """Two lists taken as independent: the largest, which overlap the most by chance."""
    require_names_on_every_list("PairwiseNoInteraction", table)
    sizes = table.list_sizes
    first, second = sorted(table.lists, key=lambda name: (-sizes[name], table.lists.index(name)))[:2]
    return abundance.PairwiseNoInteraction((first, second))


def _exact_where_few(
    estimator: abundance.Chapman | abundance.LincolnPetersen, table: CaptureTable
) -> Estimator:
    """The same with the exact interval where two lists share few persons, or one lies inside the other."""
    shared = table.overlap(*table.lists)
    if shared >= _FEW_SHARED and shared < min(table.list_sizes.values()):
        return estimator
    return replace(estimator, interval=abundance.Hypergeometric())


FAMILIES: tuple[Family, ...] = (
    Family(_CALIBRATED, Text("Calibrated", "Calibrado"), Calibrated(), "any", "calibrated"),
    Family(
        "chapman",
        Text("Chapman", "Chapman"),
        lambda table: _exact_where_few(abundance.Chapman(), table),
        "two",
    ),
    Family(
        "lincoln-petersen",
        Text("Lincoln-Petersen", "Lincoln-Petersen"),
        lambda table: _exact_where_few(abundance.LincolnPetersen(), table),
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
        most_lists=10,
    ),
    Family(
        "stepwise",
        Text("Log-linear, stepwise", "Log-lineal, paso a paso"),
        abundance.StepwiseLogLinear(),
        "more",
        most_lists=9,
    ),
    Family(
        "averaged",
        Text("Log-linear, averaged by AIC", "Log-lineal, promediado por AIC"),
        abundance.AveragedLogLinear(criterion="aic"),
        "more",
        most_lists=9,
    ),
    Family(
        "thresholded",
        Text("Log-linear, thresholded (Bayes)", "Log-lineal, con umbral (Bayes)"),
        abundance.ThresholdedLogLinear(),
        "more",
    ),
    Family(
        "decomposable",
        Text("Decomposable graphs (Bayes)", "Grafos descomponibles (Bayes)"),
        abundance.DecomposableGraphs(),
        "more",
    ),
    Family(
        "latent class",
        Text("Latent classes (Bayes)", "Clases latentes (Bayes)"),
        # half the classes of the default and a limit on draws: medians within 3% of it on tables that ship
        abundance.LatentClass(n_classes=5, min_effective_size=400, max_draws=1000),
        "more",
        most_lists=9,
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

RECOMMENDED_ORDER: tuple[str, ...] = (_CALIBRATED, "chapman", "selected", "averaged", "stepwise")


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
    again : callable, optional
        Assesses another table as this one was, for what must be printed of both alike; without it `assess`
        with the same seed and claim.

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
    envelope: Interval | None
    modes: dict[str, tuple[float, ...]]
    sensitivity: Sensitivity | None
    leave_one_list_out: tuple[LeaveOutRow, ...]
    claim: float | None = None
    wrong_entries: tuple[WrongEntries, ...] = ()
    wrong_entries_base: str | None = None
    again: Callable[[CaptureTable], Assessment] | None = None

    @property
    def n_observed(self) -> int:
        """Persons on at least one list: the floor."""
        return self.table.n_observed

    @property
    def range(self) -> Interval | None:
        """What is printed where one number is not: the calibrated 95% interval, or else the envelope."""
        if self.recommended is not None and self.recommended_family == _CALIBRATED:
            return self.recommended.interval(_LEVEL)
        return self.envelope

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
        """What a reader must know besides: of the recommended estimate, of the data, of the other methods."""
        first = () if self.recommended is None else self.recommended.notes
        rest = (note for key in self.estimates for note in self._notes_of(key))
        return _once((*first, *self.table.notes, *rest))

    def _notes_of(self, key: str) -> tuple[str, ...]:
        """Notes of a family, with word of its modes."""
        notes = self.estimates[key].notes
        return _once((*notes, _modes_note(self.modes[key]))) if key in self.modes else notes

    def sentence(self, *, lang: str = "en", disclosure: Disclosure | None = None) -> str:
        """Write a sentence that can be printed: the floor, and as much as the verdict allows.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the sentence.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.

        Returns
        -------
        str
            The sentence. Numbers are rounded; the tables of a full report have them whole.
        """
        return self._shown(disclosure).sentence.say(check_language(lang))

    def to_markdown(
        self,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
    ) -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the report.
        disclosure : {"public", "full"}, optional
            "public" prints what no small count can be computed from, "full" prints every count, for
            those who may see the lists. By default public data sets are printed in full, and others not.
        digest_key : str, optional
            A secret made by `privacy.new_digest_key`; a public report has a digest of the data only under it.

        Returns
        -------
        str
            The report, with a newline at its end.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown, or the key could be guessed.

        Notes
        -----
        A public report is the same, to the letter, for this table and for its companions
        (`privacy.companions`), in which every count of 1 to 4 is another one. For that they are assessed
        too, so that the first public report of a table with such counts takes as long again as `assess` did,
        or a few times as long.
        """
        lang = check_language(lang)
        return markdown(assessment_document(self._shown(disclosure, digest_key), lang))

    def to_html(
        self,
        path: Target | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
        force: bool = False,
    ) -> str:
        """Write the report as one HTML file that loads nothing from anywhere.

        Parameters
        ----------
        path : str, Path or text stream, optional
            File to write, or an open stream of text such as ``io.StringIO()``. A file that is there is
            replaced in one step, and only where it is a report of detcount.
        lang : {"en", "es"}, optional
            Language of the report.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        digest_key : str, optional
            As in `to_markdown`.
        force : bool, optional
            Whether a file of that name that is no report of detcount may be written over.

        Returns
        -------
        str
            The page.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown, the key could be guessed, or there is a folder of
            that name, or a file that is no report of detcount and not empty.
        TypeError
            If the path is neither the name of a file nor a stream of text.
        """
        lang = check_language(lang)
        check_target(path, force=force)
        content = self._shown(disclosure, digest_key)
        blocks = assessment_document(content, lang)
        draw = {"forest": figures.forest, "upset": figures.upset, "sensitivity": figures.sensitivity}
        slots = [block.key for block in blocks if isinstance(block, FigureSlot)]
        drawn = {key: draw[key](content, lang=lang) for key in slots}
        text = page(blocks, drawn, lang=lang, title=say("title", lang))
        write_report(text, path, force=force)
        return text

    def plot(self, *, lang: str = "en", disclosure: Disclosure | None = None) -> Figure:
        """Draw the families beside the floor, the overlaps, and the sensitivity.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words and numbers.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`; a public figure has no overlaps, and numbers of the recommended method alone.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("overview.png")`` writes it.
        """
        return figures.overview(self._shown(disclosure), lang=lang)

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
            As in `to_markdown`.

        Returns
        -------
        dict
            Verdict, findings, estimates with their records, what was declined, seed, digest, versions.
        """
        if check_disclosure(disclosure or "full", self.table.dataset) == "public":
            return public_record(self._shown("public", digest_key))
        return {
            "disclosure": "full",
            "private": PRIVATE,
            "verdict": self.verdict,
            "reasons": [
                {"rule": finding.rule, "verdict": finding.verdict, "text": finding.text.en}
                | ({"lists": [asdict(copy) for copy in finding.copies]} if finding.copies else {})
                for finding in self.findings
            ],
            "sentence": self._sentence.en,
            "definition": None if self.table.definition is None else self.table.definition.record(),
            "n_observed": self.n_observed,
            "lists": list(self.table.lists),
            "sample_coverage": self.sample_coverage,
            "recommended": self.recommended_family,
            "disagreement": self.disagreement,
            "range": _limits(self.range),
            "envelope": _limits(self.envelope),
            "modes": {key: list(modes) for key, modes in self.modes.items()},
            "estimates": {key: estimate.record() for key, estimate in self.estimates.items()},
            "declined": {
                key: {"reason": error.reason, "remedy": error.remedy} for key, error in self.declined.items()
            },
            "sensitivity": _sensitivity_record(self.sensitivity),
            "leave_one_list_out": [
                {key: _finite(value) for key, value in asdict(row).items()} for row in self.leave_one_list_out
            ],
            "wrong_entries": [asdict(row) for row in self.wrong_entries],
            "seed": self.seed,
            "data_sha256": self.table.digest,
            "versions": versions(),
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
        """Everything that a full report shows, as rows in no language."""
        return _content(self)

    @cached_property
    def public_content(self) -> AssessmentContent:
        """What a public report shows: the same for this table and its companions, without a digest."""
        return replace(
            self._coarse_content,  # notes of the data hold no count of persons
            notes=tuple(NoteRow((), note) for note in self.table.notes),
        )

    @property
    def _coarse_content(self) -> AssessmentContent:
        """What is the same for this table and its companions."""
        family = companions(self.table)
        if not family:
            many = self.table.n_lists > MOST_COMPARED_LISTS
            return public_content([self.content], size_unit=None, alone=not many, rounded_only=many)
        again = self.again or partial(assess, seed=self.seed, claim=self.claim)
        contents = [(self if table == self.table else again(table)).content for table in family]
        return public_content(contents, size_unit=size_unit(family))

    def _shown(self, disclosure: Disclosure | None, digest_key: str | None = None) -> AssessmentContent:
        """What a report shows, of so much disclosure."""
        if digest_key is not None:
            check_digest_key(digest_key)
        if check_disclosure(disclosure, self.table.dataset) == "full":
            return self.content
        if digest_key is None:
            return self.public_content
        return replace(self.public_content, digest=keyed_digest(self.table, digest_key))

    @cached_property
    def _sentence(self) -> Text:
        """The sentence in both languages."""
        return printable_sentence(
            self.verdict,
            n_observed=self.n_observed,
            findings=self.findings,
            recommended=self.recommended,
            calibrated=self.recommended_family == _CALIBRATED,
            span=self.range,
            n_claims=len(_claims(self.estimates)),
        )

    def _references(self) -> tuple[Reference, ...]:
        """Papers of the recommended estimate, or of every one."""
        chosen = self.estimates.values() if self.recommended is None else (self.recommended,)
        return _once(paper for estimate in chosen for paper in estimate.estimator.references)

    def __str__(self) -> str:
        return plain_text(assessment_document(self._shown(None), "en"))

    def __repr__(self) -> str:
        if not self.table.dataset:
            return f"<Assessment of {self.n_observed:,} persons on {self.table.n_lists} lists>"
        return (
            f"<Assessment of {self.n_observed:,} persons on {self.table.n_lists} lists: {self.verdict}; "
            f"{len(self.estimates)} families answer, {len(self.declined)} decline>"
        )

    def _repr_markdown_(self) -> str:
        """Show the report in a notebook."""
        return self.to_markdown()


def assess(
    table: CaptureTable,
    *,
    seed: int = 0,
    claim: float | None = None,
    families: Sequence[str] | None = None,
    wrong_entries: float | None = 0.05,
) -> Assessment:
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
    families : sequence of str, optional
        Keys of the `FAMILIES` to run, where time is short; without it every one. Those left out stand
        among the families that decline, so that no report hides the choice.
    wrong_entries : float, optional
        Share of the entries of one list, from 0 to 0.5, that are taken not to belong to the population, for
        each list in turn: persons freed before, held for another reason, or entered twice. None or 0 leaves
        that table out.

    Returns
    -------
    Assessment
        Estimates in persons, the families that declined with their reasons, and the verdict.

    Raises
    ------
    InputError
        If the seed is no whole number of 0 or more, the claim no number above 0, a family unknown, or the
        share of wrong entries not from 0 to 0.5.

    See Also
    --------
    leave_one_list_out : The same for one estimator.

    Notes
    -----
    The recommended estimate is calibrated (`Calibrated`): its interval was learned from populations of known
    size, and holds that the error of standard estimators is here as it was there. The other families
    stay beside it under assumptions of their own.

    Verdicts, from the least to the most that can be printed: "floor only" (nobody is on two lists),
    "refuse" (no estimate of the total), "range" (limits and no number between), "estimate". Refused are
    tables with a list that names nobody, an empty overlap without which no log-linear model can be fitted,
    or a model whose existence code is not 0; without a family that claims a number; with lists that share
    nearly everybody (`detcount.copies`); or with more than 5 persons unlisted for each listed one by the
    recommended estimate. A floor alone is left by fewer than 10 persons, or a calibrated interval whose
    upper limit is more than 20 times the lower. A range is left by sample coverage of 0.55 or less (three
    lists and more), families more than a factor 2 apart, a posterior with several modes, a calibrated
    interval whose upper limit is more than 4 times the lower, a list that looks like an extract from
    another, or no calibration. The report of a refused table shows the calibrated limits with a warning,
    and no sentence to print has them.

    Families that claim a number are compared; a lower bound and a baseline that other families extend are
    shown beside them and do not count. `LatentClass` has a limit on its draws: where its chains do
    not agree by then it stands among the families that decline.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    >>> assessment = dc.assess(table)
    >>> assessment.verdict, assessment.recommended_family, list(assessment.declined)
    ('estimate', 'calibrated', [])
    >>> print(assessment.sentence().split(". ")[0])
    At least 190 people are named on the lists
    """
    return _assessed(
        table, seed=seed, claim=claim, families=families, wrong_entries=wrong_entries, leave_out=True
    )


def _assessed(
    table: CaptureTable,
    *,
    seed: int,
    claim: float | None,
    families: Sequence[str] | None,
    wrong_entries: float | None,
    leave_out: bool,
) -> Assessment:
    """Assess a table; a companion, of which no list left out is printed, without those fits."""
    if not isinstance(table, CaptureTable):
        raise TypeError(
            f"table: expected a CaptureTable, got {type(table).__name__}. "
            "Make one with CaptureTable.from_frame(frame, lists=[...])"
        )
    seed = arguments.seed(seed)
    if claim is not None:
        claim = arguments.positive("claim", claim, unit="of persons")
    wrong_share = 0.0 if wrong_entries is None else checked_share(wrong_entries)
    wanted = _wanted(families)
    estimates, declined = _fit_families(table, seed, wanted)
    chosen = next((key for key in RECOMMENDED_ORDER if key in estimates), None)
    other = next((key for key in RECOMMENDED_ORDER if key in estimates and key != _CALIBRATED), None)
    claims = _claims(estimates)
    points = [estimates[key].point for key in claims]
    disagreement = max(points) / min(points) if points else None
    modes = {key: several for key in claims if len(several := _modes(estimates[key])) > 1}
    evidence = _evidence(table, estimates, declined, wanted, other, disagreement, modes)
    findings = apply_rules(evidence)
    verdict = strictest(findings)
    printable = chosen if chosen == _CALIBRATED or verdict in ("estimate", "range") else None
    base = None if evidence.n_shared == 0 else other or _best_available(estimates)
    repeated = chosen if chosen == _CALIBRATED else base
    wrong_base, wrong = (
        (None, ()) if repeated is None else _wrong_entries(estimates, repeated, table, wrong_share)
    )
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
        envelope=_span([estimates[key] for key in claims]),
        modes=modes,
        sensitivity=None if base is None else _sensitivity(estimates[base], base, claim),
        leave_one_list_out=()
        if repeated is None or not leave_out
        else _leave_out(_left_out_family(repeated, table), estimates.get(_CALIBRATED), table, seed),
        claim=claim,
        wrong_entries=wrong,
        wrong_entries_base=wrong_base,
        again=partial(
            _assessed,
            seed=seed,
            claim=claim,
            families=families,
            wrong_entries=wrong_entries,
            leave_out=False,
        ),
    )


def sample_coverage(table: CaptureTable) -> float:
    """Mean over the lists of the share of their persons who are on another list; empty lists have none."""
    sizes, alone = table.list_sizes, table.exclusives
    shares = [1 - alone[name] / sizes[name] for name in table.lists if sizes[name]]
    return sum(shares) / len(shares)


def _wanted(families: Sequence[str] | None) -> frozenset[str]:
    """Keys to run, all of them known."""
    known = {family.key for family in FAMILIES}
    if families is None:
        return frozenset(known)
    if isinstance(families, str):
        raise TypeError(
            f"families: expected a sequence of keys, got the text {families!r}. Write [{families!r}]"
        )
    families = tuple(families)
    if not families:
        raise InputError(
            "families: expected at least one key, got none. Leave `families` out to run every one; the keys "
            f"are {', '.join(map(repr, sorted(known)))}"
        )
    for key in families:
        if key not in known:
            raise InputError(
                f"families: no family {key!r}; the keys are {', '.join(map(repr, sorted(known)))}"
            )
    return frozenset(families)


def _fit_families(
    table: CaptureTable, seed: int, wanted: frozenset[str]
) -> tuple[dict[str, AbundanceEstimate], dict[str, NotEstimableError]]:
    """Fit the families made for so many lists; what declines is kept. Warnings stand in the notes."""
    answers: dict[str, AbundanceEstimate | NotEstimableError] = {}
    families = _families_for(table)
    with progress(len(families), "families of estimators", at_once=True) as done:
        for family in sorted(families, key=lambda family: family.role == "calibrated"):
            fitted = [answer for answer in answers.values() if isinstance(answer, AbundanceEstimate)]
            answers[family.key] = _not_asked(family, table, wanted) or _answer(family, table, seed, fitted)
            done(1)
    estimates: dict[str, AbundanceEstimate] = {}
    declined: dict[str, NotEstimableError] = {}
    for family in families:
        answer = answers[family.key]
        if isinstance(answer, NotEstimableError):
            declined[family.key] = answer
        else:
            estimates[family.key] = answer
    return estimates, declined


def _not_asked(family: Family, table: CaptureTable, wanted: frozenset[str]) -> NotEstimableError | None:
    """Why a family is not even tried; None where it is."""
    if family.key not in wanted:
        return NotEstimableError(
            family.name.en,
            Message(_ON_REQUEST),
            Message("Run assess without `families`."),
            advice=Message("Ask every method."),
        )
    if family.most_lists is not None and table.n_lists > family.most_lists:
        return NotEstimableError(
            family.name.en,
            Message(_TOO_MANY_LISTS, most=family.most_lists),
            Message("Merge lists that share a source (table.merge), or fit it alone."),
            advice=Message("Merge lists that share a source, or fit it alone."),
        )
    return None


def _was_asked(error: NotEstimableError) -> bool:
    """Whether a family was tried; else it was left out whatever the data."""
    return getattr(error.reason, "template", "") not in (_ON_REQUEST, _TOO_MANY_LISTS)


def _answer(
    family: Family, table: CaptureTable, seed: int, fitted: list[AbundanceEstimate]
) -> AbundanceEstimate | NotEstimableError:
    """What a family says; one that is calibrated takes what is fitted already."""
    try:
        estimator = _estimator(family, table)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            if isinstance(estimator, Calibrated):
                shared = {estimate.estimator: estimate for estimate in fitted}
                return estimator.fit_sharing(table, shared, seed=seed)  # type: ignore[arg-type]
            return estimator.fit(table, seed=seed)
    except NotEstimableError as error:
        return error
    except ConvergenceError as error:
        return _without_convergence(family, error)


def _without_convergence(family: Family, error: ConvergenceError) -> NotEstimableError:
    """The reason and the remedy of an iteration that gave up, in its own words."""
    return NotEstimableError(
        family.name.en,
        error.reason or Message("an iteration did not converge"),
        error.remedy or Message("Use another family."),
        advice=error.advice,
    )


def _families_for(table: CaptureTable) -> tuple[Family, ...]:
    """The families made for two lists, or those for more."""
    wanted = "two" if table.n_lists == 2 else "more"
    return tuple(family for family in FAMILIES if family.lists in (wanted, "any"))


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
    wanted: frozenset[str],
    other: str | None,
    disagreement: float | None,
    modes: dict[str, tuple[float, ...]],
) -> Evidence:
    """What the rules look at; `other` is the first family that is not calibrated and could be recommended."""
    preferred = next(
        family
        for family in _families_for(table)
        if family.key in RECOMMENDED_ORDER and family.key != _CALIBRATED
    )
    empty = tuple(name for name, size in table.list_sizes.items() if size == 0)
    asked = _not_asked(preferred, table, wanted) is None and not empty
    needs = ""
    if other is None and asked and 0 in _pair_overlaps(table).values():
        needs = declined[preferred.key].reason
    best = None if other is None else estimates[other]
    calibrated = estimates.get(_CALIBRATED)
    judged = calibrated or best
    names = {family.key: family.name for family in FAMILIES}
    return Evidence(
        n_lists=table.n_lists,
        empty_lists=empty,
        n_shared=int(table.capture_frequencies[1:].sum()),
        sample_coverage=sample_coverage(table),
        n_claims=len(_claims(estimates)),
        needs_empty_overlap=needs,
        existence_code=_existence_code(table, best),
        unlisted_a_listed=None if judged is None else judged.n_unobserved / judged.n_observed,
        disagreement=disagreement,
        not_calibrated="" if calibrated is not None else declined[_CALIBRATED].reason,
        width=None if calibrated is None else _width(calibrated.interval(_LEVEL)),
        modes=tuple((names[key], several) for key, several in modes.items()),
        n_observed=table.n_observed,
        copies=copied_lists(table),
    )


def _width(interval: Interval) -> float:
    """Upper limit over lower."""
    return interval.high / interval.low


def _modes(estimate: AbundanceEstimate) -> tuple[float, ...]:
    """Modes of a posterior of N that stand out, persons; of an exact one from its grid, else from draws."""
    if estimate.interval_rule.method != "posterior" or estimate.draws is None:
        return ()
    exact: tuple[float, ...] | None = getattr(estimate.detail, "modes", None)
    if exact is not None:
        return exact
    unobserved, independent = _draws_of_unobserved(estimate)
    return tuple(estimate.n_observed + mode for mode in modes_of_draws(unobserved, independent))


def _draws_of_unobserved(estimate: AbundanceEstimate) -> tuple[NDArray[np.float64], float]:
    """Finite draws of n_0, and how many independent ones they are worth."""
    draws = np.asarray(estimate.draws, dtype=np.float64) - estimate.n_observed
    draws = draws[np.isfinite(draws)]
    return draws, float(getattr(estimate.detail, "effective_sample_size", len(draws)))


def _modes_note(modes: tuple[float, ...]) -> Message:
    """Say that a posterior has several modes, in the words of the estimators that find them."""
    return Message(
        "The posterior has {n} modes, near {modes:and|,.0f} persons: models that fit about as well "
        "disagree, and one number hides it.",
        n=len(modes),
        modes=modes,
    )


def _strip(estimate: AbundanceEstimate) -> tuple[tuple[float, float], ...]:
    """The distribution of log n_0 by N, its greatest height 1; empty without draws of a distribution of N."""
    if estimate.draws is None or estimate.interval_rule.method not in ("posterior", "calibrated"):
        return ()
    unobserved, independent = _draws_of_unobserved(estimate)
    values, density = density_of_draws(unobserved, independent)
    if len(values) == 0:
        return ()
    density = density / density.max()
    kept = np.flatnonzero(density > _STRIP_LEAST)
    places = np.linspace(np.log1p(values[kept[0]]), np.log1p(values[kept[-1]]), _STRIP_NODES)
    heights = np.interp(places, np.log1p(values), density)
    return tuple(zip((estimate.n_observed + np.expm1(places)).tolist(), heights.tolist(), strict=True))


def _existence_code(table: CaptureTable, best: AbundanceEstimate | None) -> int:
    """Code of the log-linear model behind the recommended estimate, or of the smallest one where none is."""
    if table.n_lists == 2 or table.n_lists > MAX_DENSE_LISTS or 0 in table.list_sizes.values():
        return 0
    models = () if best is None else getattr(best.detail, "models", ())
    model = abundance.LogLinear(interactions=models[0].interactions if models else ())
    return model.existence_code(table)


def _pair_overlaps(table: CaptureTable) -> dict[tuple[str, ...], int]:
    """Persons on both lists of each pair."""
    both = pair_overlaps(table.histories, table.counts)
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


def _wrong_entries(
    estimates: dict[str, AbundanceEstimate], key: str, table: CaptureTable, share: float
) -> tuple[str | None, tuple[WrongEntries, ...]]:
    """What wrong entries do to an estimate, and by whose model; nothing where no model answers."""
    if share == 0:
        return None, ()
    names = _lists_to_leave_out(table)
    for base, estimator in _models_at_hand(estimates, table):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            try:
                rows = wrong_entries_by_list(estimates[key], table, share=share, base=estimator)
            except (NotEstimableError, ConvergenceError):
                continue
        if any(row.point is not None for row in rows):
            return base, tuple(row for row in rows if row.name in names)
    return None, ()


def _models_at_hand(
    estimates: dict[str, AbundanceEstimate], table: CaptureTable
) -> Iterator[tuple[str, Estimator]]:
    """Models that are fitted in milliseconds, the one that was chosen first, each with its family."""
    if table.n_lists == 2:
        yield "chapman", abundance.Chapman()
        return
    for key in RECOMMENDED_ORDER:
        models = getattr(estimates[key].detail, "models", ()) if key in estimates else ()
        if models:
            yield key, abundance.LogLinear(interactions=models[0].interactions)
    if table.n_lists <= _MOST_LISTS_MODELLED:
        yield "independence", abundance.LogLinear()
    yield "chao", abundance.ChaoLowerBound()


def _left_out_family(base: str, table: CaptureTable) -> str:
    """The family that is fitted without each list: that of two lists where two are left."""
    return "chapman" if table.n_lists == 3 and base != _CALIBRATED else base


def _leave_out(
    key: str, calibrated: AbundanceEstimate | None, table: CaptureTable, seed: int
) -> tuple[LeaveOutRow, ...]:
    """The same family without each list in turn, or each of the largest where there are many."""
    if table.n_lists < 3:
        return ()
    family = next(family for family in FAMILIES if family.key == key)
    if key == _CALIBRATED and calibrated is not None and table.n_lists > 3:
        family = replace(family, estimator=_same_base(calibrated))
    alone = table.exclusives
    rows = []
    names = _lists_to_leave_out(table)
    with warnings.catch_warnings(), progress(len(names), "without each list in turn", at_once=True) as done:
        warnings.simplefilter("ignore", DetcountWarning)
        for name in names:
            try:
                rows.append(_without(family, table, name, seed))
            except NotEstimableError as error:
                rows.append(LeaveOutRow(name, table.n_observed - alone[name], reason=error.reason))
            except ConvergenceError:
                rows.append(
                    LeaveOutRow(
                        name,
                        table.n_observed - alone[name],
                        reason=Message("an iteration did not converge"),
                    )
                )
            done(1)
    return tuple(rows)


def _lists_to_leave_out(table: CaptureTable) -> tuple[str, ...]:
    """Every list, or the largest where there are many; in the order of the table."""
    if table.n_lists <= _MOST_LISTS_EACH_LEFT_OUT:
        return table.lists
    sizes = table.list_sizes
    largest = sorted(table.lists, key=lambda name: -sizes[name])[:_MOST_LEFT_OUT]
    return tuple(name for name in table.lists if name in largest)


def _same_base(calibrated: AbundanceEstimate) -> Estimator:
    """The calibrated estimator on what answered for the whole table: with fewer lists more might."""
    used = calibrated.detail.base_unobserved if isinstance(calibrated.detail, CalibratedDetail) else {}
    if all(repr(estimator) in used for estimator in DEFAULT_BASE):
        return Calibrated()
    return Calibrated(base=tuple(estimator for estimator in DEFAULT_BASE if repr(estimator) in used))


def _without(family: Family, table: CaptureTable, name: str, seed: int) -> LeaveOutRow:
    """The total without one list; its limits too, unless they would have to be resampled."""
    if table.exclusives[name] == table.n_observed:
        raise NotEstimableError(
            family.name.en, Message("nobody is on the other lists"), Message("Keep the list.")
        )
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
    calibrated = assessment.recommended_family == _CALIBRATED
    repeated = _CALIBRATED if calibrated else None if sensitivity is None else sensitivity.family
    claim = 2.0 * table.n_observed if assessment.claim is None else float(assessment.claim)
    return AssessmentContent(
        disclosure="full",
        rounded_only=False,
        dataset=table.dataset,
        n_observed=table.n_observed,
        lists=tuple(ListRow(name, sizes[name], alone[name]) for name in table.lists),
        size_unit=None,
        pairs=tuple(OverlapRow(pair, count) for pair, count in assessment.overlaps.items()),
        patterns=patterns,
        frequencies=tuple(table.capture_frequencies.tolist()),
        sample_coverage=assessment.sample_coverage,
        families=tuple(
            _family_row(
                families[key],
                estimate,
                recommended=key == assessment.recommended_family,
                modes=assessment.modes.get(key, ()),
            )
            for key, estimate in assessment.estimates.items()
        ),
        declined=tuple(
            DeclinedRow(key, families[key].name, error.reason, error.advice, _was_asked(error))
            for key, error in assessment.declined.items()
        ),
        verdict=assessment.verdict,
        findings=assessment.findings,
        sentence=assessment._sentence,
        calibration=_calibration(assessment) if calibrated else None,
        disagreement=assessment.disagreement,
        n_claims=len(_claims(assessment.estimates)),
        span=None if assessment.envelope is None else (assessment.envelope.low, assessment.envelope.high),
        curve=() if sensitivity is None else _curve_rows(sensitivity.curve),
        curve_base=None if sensitivity is None else families[sensitivity.family].name,
        claim=claim,
        claim_given=assessment.claim is not None,
        tipping=None if sensitivity is None or sensitivity.tipping is None else sensitivity.tipping.at_point,
        tipping_within=None,
        leave_out=assessment.leave_one_list_out,
        leave_out_base=None if repeated is None else families[_left_out_family(repeated, table)].name,
        assumptions=assessment.assumptions,
        recommended=assessment.recommended is not None,
        notes=tuple(
            NoteRow(
                tuple(
                    families[key].name for key in assessment.estimates if note in assessment._notes_of(key)
                ),
                note,
            )
            for note in assessment.notes
        ),
        seed=assessment.seed,
        digest=table.digest,
        versions=tuple(versions().items()),
        citation=assessment.cite(),
        definition=table.definition,
        wrong_entries=assessment.wrong_entries,
        wrong_entries_base=None
        if assessment.wrong_entries_base is None
        else families[assessment.wrong_entries_base].name,
    )


def _calibration(assessment: Assessment) -> Text | None:
    """In one sentence what the calibrated interval assumes, and what it was learned from."""
    detail = None if assessment.recommended is None else assessment.recommended.detail
    if not isinstance(detail, CalibratedDetail):
        return None
    key = "calibration two" if assessment.table.n_lists == 2 else "calibration"
    en, es = (
        say(key, lang).format(
            k=persons(detail.n_cases, lang),
            d=detail.n_datasets,
            least=percent(_HELD[0], lang),
            most=percent(_HELD[1], lang),
            chapman=percent(_HELD_BY_CHAPMAN, lang),
        )
        for lang in LANGUAGES
    )
    return Text(en, es)


def _family_row(
    family: Family, estimate: AbundanceEstimate, *, recommended: bool, modes: tuple[float, ...]
) -> FamilyRow:
    """One family, for the tables and the forest."""
    interval = estimate.interval(_LEVEL)
    errors = None
    if estimate.monte_carlo_error is not None or interval.monte_carlo_error is not None:
        low, high = (error or 0.0 for error in interval.finite_errors)
        errors = low, estimate.monte_carlo_error or 0.0, high
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
        modes=modes,
        strip=_strip(estimate),
        errors=errors,
        printed=None if errors is None else estimate.printed(_LEVEL),
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


def _limits(interval: Interval | None) -> list[float | None] | None:
    """Limits as plain values."""
    return None if interval is None else [_finite(interval.low), _finite(interval.high)]


def _finite(value: Any) -> Any:
    """None for an infinite number, which JSON cannot hold."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _once(items: Iterable[T]) -> tuple[T, ...]:
    """Each item once, in order."""
    return tuple(dict.fromkeys(items))
