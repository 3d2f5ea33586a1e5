"""What an assessment says, in no language yet: plain rows that every report is made from.

It is one record and the rows it is made of, most of it their documentation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from detcount.arguments import Sentences
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict
from detcount.assumptions import Assumption, conditions
from detcount.definition import Definition
from detcount.privacy import FEWEST_PRINTED, Disclosure
from detcount.reports.numbers import level_words, persons
from detcount.words import Message
from detcount.wrong_entries import WrongEntries

message = Sentences("detcount.assessment.abundance")
CURVE_SHOWN = (0.25, 0.5, 1.0, 2.0, 4.0)  # odds ratios that a table of the curve has
MAX_PATTERNS = 20  # combinations of lists that a report shows

Role = Literal["calibrated", "claim", "bound", "baseline"]


@dataclass(frozen=True)
class ListRow:
    """One list.

    Parameters
    ----------
    name : str
        Name of the list.
    persons : int, optional
        Persons on it, or their number rounded; None where it is not to be printed.
    exclusive : int, optional
        Persons on it and on no other; None where it is not to be printed.
    """

    name: str
    persons: int | None
    exclusive: int | None


@dataclass(frozen=True)
class OverlapRow:
    """Persons on several lists at once, or with one capture history.

    Parameters
    ----------
    lists : tuple of str
        The lists that name them.
    persons : int
        How many they are.
    """

    lists: tuple[str, ...]
    persons: int


@dataclass(frozen=True)
class FamilyRow:
    """The answer of one method.

    Parameters
    ----------
    key : str
        Short name of the family.
    name : str
        Name of the family, as it is printed; a `Message` where it has words.
    estimator : str
        The specification, as it can be evaluated.
    role : {"calibrated", "claim", "bound", "baseline"}
        Whether the interval learned from populations of known size, or the method claims a number,
        bounds it from below, or serves as a baseline.
    recommended : bool
        Whether it is the recommended one.
    low : float
        Lower limit of N, persons.
    point : float, optional
        Estimate of N, persons; None where it is not to be printed.
    high : float
        Upper limit of N, persons.
    interval : str
        Name of the interval.
    modes : tuple of float, optional
        Modes of the posterior of N that stand out, persons; empty without a posterior.
    strip : tuple of (float, float), optional
        The distribution of N: values in persons, and heights up to 1; empty where there is none.
    """

    key: str
    name: str
    estimator: str
    role: Role
    recommended: bool
    low: float
    point: float | None
    high: float
    interval: str
    modes: tuple[float, ...] = ()
    strip: tuple[tuple[float, float], ...] = ()

    @property
    def starred(self) -> str:
        """Its name, marked where it is the recommended one."""
        return Message("{name} ★", name=self.name) if self.recommended else self.name


@dataclass(frozen=True)
class DeclinedRow:
    """A method that cannot answer.

    Parameters
    ----------
    key : str
        Short name of the family.
    name : str
        Name of the family, as it is printed; a `Message` where it has words.
    reason : str
        What the data lack.
    advice : str
        What can be done, without code.
    """

    key: str
    name: str
    reason: str
    advice: str


@dataclass(frozen=True)
class GroupRow:
    """A group among all, listed or not.

    Parameters
    ----------
    name : str
        Name of the group.
    share_limits : tuple of (float, float)
        Limits of its share of all, from 0 to 1.
    listed : int, optional
        Persons listed; None where it is not to be printed, as the rest.
    limits : tuple of (float, float), optional
        Limits of N of the group, persons.
    persons : float, optional
        N of the group, persons.
    share : float, optional
        Its share of all.
    listed_share : float, optional
        Its share of those listed.
    apart_share : float, optional
        Its share by estimates of each group by itself.
    pooled : bool
        Whether it was taken together with others of few listed.
    """

    name: str
    share_limits: tuple[float, float]
    listed: int | None = None
    limits: tuple[float, float] | None = None
    persons: float | None = None
    share: float | None = None
    listed_share: float | None = None
    apart_share: float | None = None
    pooled: bool = False


@dataclass(frozen=True)
class CurveRow:
    """The total at one odds ratio.

    Parameters
    ----------
    odds_ratio : float
        By how much the persons on no list are multiplied.
    point : float, optional
        N, persons; None where it is not to be printed.
    low, high : float, optional
        Limits of N, persons, where the method gives them.
    """

    odds_ratio: float
    point: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LeaveOutRow:
    """The total without one of the lists.

    Parameters
    ----------
    name : str
        The list left out.
    n_observed : int, optional
        Persons on the other lists.
    point, low, high : float, optional
        Estimate and limits of N, persons, where there is an answer.
    reason : str, optional
        Why there is none.
    """

    name: str
    n_observed: int | None = None
    point: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class NoteRow:
    """What a reader must know besides.

    Parameters
    ----------
    names : tuple of str
        The methods that say it; none where it is of the data.
    text : str
        What they say.
    """

    names: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class AssessmentContent:
    """Everything that a report of an assessment shows.

    Parameters
    ----------
    disclosure : {"public", "full"}
        Whether everything is here, or what a reader cannot subtract.
    rounded_only : bool
        Whether a public report is of one table alone, of so many lists that rounding is enough.
    dataset : str
        Name of the public data set that the table comes from; empty for any other.
    n_observed : int
        Persons on at least one list; in a public report rounded down.
    lists : tuple of ListRow
        The lists, in the order of the table.
    size_unit : int, optional
        Persons that the sizes of lists are rounded to; None where they are whole, or not to be printed.
    pairs : tuple of OverlapRow
        Persons on both lists of each pair.
    patterns : tuple of OverlapRow
        Persons on exactly these lists, the most frequent first.
    frequencies : tuple of int
        Persons on exactly 1, 2, ... lists.
    sample_coverage : float, optional
        Mean over the lists of the share of their persons who are on another list.
    families : tuple of FamilyRow
        The methods that answer.
    declined : tuple of DeclinedRow
        The methods that cannot.
    verdict : {"estimate", "range", "floor only", "refuse"}
        What can be printed.
    findings : tuple of Finding
        The rules that apply.
    calibration : Message, optional
        What the recommended interval assumes, and what it was learned from; None where it is not calibrated.
    disagreement : float, optional
        Highest over lowest number among the methods that claim one.
    n_claims : int
        Methods that claim a number.
    span : tuple of (float, float), optional
        From the lowest to the highest limit of the methods that claim a number, persons.
    curve : tuple of CurveRow
        The total by odds ratio.
    curve_base : str, optional
        The method that the curve starts from.
    claim : float
        Persons in all, of the claim under test.
    claim_given : bool
        Whether the claim is somebody's, or the point at which half of the persons are listed.
    tipping : float, optional
        The odds ratio at which the total reaches the claim.
    tipping_within : tuple of (float, float), optional
        In place of it, powers of two between which it lies.
    leave_out : tuple of LeaveOutRow
        The total without each list.
    leave_out_base : str, optional
        The method that gives it.
    assumptions : tuple of Assumption
        What the recommended number assumes; of every method, where none is recommended.
    recommended : bool
        Whether a method is recommended.
    notes : tuple of NoteRow
        What a reader must know besides.
    seed : int
        Seed of the fits.
    digest : str
        SHA-256 of the data, in public reports under a key; empty where it is not to be printed.
    versions : tuple of (str, str)
        Software and versions.
    citation : str
        The library and the papers of the methods, one a line.
    definition : Definition, optional
        Who is counted; None where nobody said so.
    wrong_entries : tuple of WrongEntries, optional
        What becomes of the number if a share of one list does not belong, by list.
    wrong_entries_base : str, optional
        The method whose model says how the unlisted change then.
    law : Message, optional
        Which share of the entries was taken to be of people who do not belong.
    all_belong : tuple of (float, float), optional
        Limits of the number if everybody on the lists belongs.
    groups : tuple of GroupRow, optional
        Who is missing, by group; None where no groups were given, empty where nothing can be printed.
    groups_withheld : str, optional
        Why nothing can be printed of them.
    """

    disclosure: Disclosure
    rounded_only: bool = False
    dataset: str
    n_observed: int
    lists: tuple[ListRow, ...]
    size_unit: int | None = None
    pairs: tuple[OverlapRow, ...] = ()
    patterns: tuple[OverlapRow, ...] = ()
    frequencies: tuple[int, ...] = ()
    sample_coverage: float | None = None
    families: tuple[FamilyRow, ...]
    declined: tuple[DeclinedRow, ...]
    verdict: Verdict
    findings: tuple[Finding, ...]
    calibration: Message | None = None
    disagreement: float | None = None
    n_claims: int
    span: tuple[float, float] | None = None
    curve: tuple[CurveRow, ...] = ()
    curve_base: str | None = None
    claim: float
    claim_given: bool
    tipping: float | None = None
    tipping_within: tuple[float, float] | None = None
    leave_out: tuple[LeaveOutRow, ...] = ()
    leave_out_base: str | None = None
    assumptions: tuple[Assumption, ...]
    recommended: bool
    notes: tuple[NoteRow, ...] = ()
    seed: int
    digest: str = ""
    versions: tuple[tuple[str, str], ...]
    citation: str
    definition: Definition | None = None
    wrong_entries: tuple[WrongEntries, ...] = ()
    wrong_entries_base: str | None = None
    law: Message | None = None
    all_belong: tuple[float, float] | None = None
    groups: tuple[GroupRow, ...] | None = None
    groups_withheld: str = ""

    @property
    def print_point(self) -> bool:
        """Whether the number in the middle of the recommended interval can be printed."""
        return self.verdict == "estimate"

    @property
    def least(self) -> int:
        """Persons below whom no limit is printed: those named, but where some may not belong."""
        return self.n_observed if self.law is None else 0

    @property
    def sentence(self) -> Message:
        """A sentence that can be printed: the floor, and as much as the verdict allows."""
        own = next((row for row in self.families if row.recommended), None)
        calibrated = own is not None and own.role == "calibrated"
        limits = None if own is None else (own.low, own.high)
        if self.verdict == "range" and not calibrated:
            limits = self.span
        found = (finding.text for finding in self.findings if finding.verdict == self.verdict)
        reason = Message.together(found, "; ")
        named = at_least(self.n_observed)
        if self.verdict in ("floor only", "refuse") or limits is None:
            apart = any(finding.rule == "no overlap" for finding in self.findings)
            floor_only = "supports floor" if apart else "supports too little"
            key = floor_only if self.verdict == "floor only" else "supports nothing"
            rest = message(key, reason=reason or message("public other rule"))
        else:
            key = "public estimate" if own is None or own.point is None else "supports estimate"
            if self.verdict == "range":
                full = self.disclosure == "full"
                spread = (
                    ("supports range one" if self.n_claims == 1 else "supports range")
                    if full
                    else "public range"
                )
                key = "supports calibrated range" if calibrated else spread
            rest = message(
                key if math.isfinite(limits[1]) else f"{key} without limit",
                low=persons(limits[0]),
                high=persons(limits[1]),
                point="" if own is None or own.point is None else persons(own.point),
                level=level_words(LEVEL),
                condition=conditions(self.assumptions),
                reason=reason,
                k=self.n_claims,
            )
            rest = Message.together((rest, *self._belonging))
            if self.law is not None:
                named = message("named beside wrong entries", n=self.n_observed)
        return Message.together((named, rest))

    @property
    def _belonging(self) -> list[Message]:
        """What was taken of entries that do not belong, the number without that, and how to change it."""
        if self.law is None:
            return []
        found = [message("some do not belong", law=self.law)]
        if self.all_belong is not None:
            low, high = map(persons, self.all_belong)
            found.append(message("if all belong", low=low, high=high, level=level_words(LEVEL)))
        return found

    def public_record(self) -> dict[str, Any]:
        """Give what a public report shows as plain values that JSON can hold."""
        return {
            "disclosure": self.disclosure,
            "verdict": self.verdict,
            "reasons": [finding.record() for finding in self.findings],
            "sentence": str(self.sentence),
            "definition": None if self.definition is None else self.definition.record(),
            "notes": [row.text for row in self.notes],
            "at_least": self.n_observed or None,
            "lists": {row.name: row.persons for row in self.lists},
            "sizes_rounded_to": self.size_unit,
            "withheld": [*([] if self.n_observed else ["at_least"]), *([] if self.size_unit else ["lists"])],
            "recommended": next(
                (
                    {"family": row.key, **_plain(row.low, row.high), "point": row.point}
                    for row in self.families
                    if row.recommended
                ),
                None,
            ),
            "spread": None if self.span is None else _plain(*self.span),
            "claim": self.claim,
            "claim_reached_within": None if self.tipping_within is None else list(self.tipping_within),
            "sensitivity": [{"odds_ratio": row.odds_ratio, **_plain(*ends(row))} for row in self.curve],
            "wrong_entries": [
                {
                    "list": row.name,
                    "share": row.share,
                    "floor_change": row.floor_change,
                    "total_change": row.total_change,
                }
                for row in self.wrong_entries
            ],
            **self._groups_record(),
            "seed": self.seed,
            "keyed_digest": self.digest or None,
            "versions": dict(self.versions),
        }

    def _groups_record(self) -> dict[str, Any]:
        """Who is missing, as plain values; nothing where no groups were given."""
        if self.groups is None:
            return {}
        return {
            "groups": [
                {"group": row.name, "share_low": row.share_limits[0], "share_high": row.share_limits[1]}
                for row in self.groups
            ]
        }


def ends(row: CurveRow) -> tuple[float, float]:
    """Limits at an odds ratio; the number itself where there are none."""
    point = math.nan if row.point is None else row.point
    return point if row.low is None else row.low, point if row.high is None else row.high


def _plain(low: float, high: float) -> dict[str, float | None]:
    """Limits that JSON can hold: none where there is no upper one."""
    return {"low": low, "high": high if math.isfinite(high) else None}


def at_least(n: int) -> Message:
    """Say how many people the lists name, as the floor of the total; 0 where they are few."""
    if n == 0:
        return Message("Fewer than {n} people are named on the lists.", n=FEWEST_PRINTED)
    return message("named on the lists", n=n)


def listed_on(n: int, k: int) -> Message:
    """Say how many people so many lists name."""
    return message("named on at least one of so many", n=n, k=k)
