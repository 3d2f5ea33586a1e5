"""Evidence of some lists, and the rules that decide what can be printed of it.

Each rule stands beside its sentence and the evidence that it reads.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount import abundance
from detcount._numerics.closed_forms import LEAST_COVERAGE, chao_tsay_coverage
from detcount._numerics.diagnostics import pair_overlaps
from detcount._numerics.roots import modes_of_draws
from detcount.assessment.abundance.families import (
    CALIBRATED,
    RECOMMENDED_ORDER,
    claims_of,
    families_for,
    family_name,
    not_asked,
    was_asked,
)
from detcount.assessment.common.verdict import (
    FEWEST_PERSONS,
    LEVEL,
    MOST_DISAGREEMENT,
    MOST_WIDTH,
    WIDTH_OF_NOTHING,
    Rule,
    Verdict,
)
from detcount.copies import NEARLY_ALL, CopyKind, ListCopy, copied_lists
from detcount.data.capture_rows import MAX_DENSE_LISTS
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Interval
from detcount.estimates.figures import draws_of_unobserved
from detcount.reports.numbers import decimal, percent, ratio, rounded
from detcount.words import N_, Message


@dataclass(frozen=True)
class Tuning:
    """Thresholds of the verdict on a number of people.

    Parameters
    ----------
    most_unlisted : float, ratio
        Unlisted people per listed one beyond which a range stands instead of an estimate. Convention: five.
    most_digits : int, digits
        Digits below which a ratio is printed above its limit. Convention: those that a float surely has.
    """

    most_unlisted: float = 5.0
    most_digits: int = 12


TUNING = Tuning()
MOST_UNLISTED = TUNING.most_unlisted


def sample_coverage(table: CaptureTable) -> float:
    """Mean over the lists of the share of their persons who are on another list; empty lists have none."""
    sizes, alone = (np.array(list(counts.values())) for counts in (table.list_sizes, table.exclusives))
    return float(chao_tsay_coverage(sizes[sizes > 0], alone[sizes > 0]))


def shared_by_pair(table: CaptureTable) -> dict[tuple[str, ...], int]:
    """Persons on both lists of each pair."""
    both = pair_overlaps(table.histories, table.counts)
    return {
        (table.lists[i], table.lists[j]): int(both[i, j])
        for i, j in itertools.combinations(range(table.n_lists), 2)
    }


def modes_of(estimate: AbundanceEstimate) -> tuple[float, ...]:
    """Modes of a posterior of N that stand out, persons; of an exact one from its grid, else from draws."""
    if estimate.interval_rule.method != "posterior" or estimate.draws is None:
        return ()
    exact: tuple[float, ...] | None = getattr(estimate.detail, "modes", None)
    if exact is not None:
        return exact
    unobserved, independent = draws_of_unobserved(estimate)
    return tuple(estimate.n_observed + mode for mode in modes_of_draws(unobserved, independent))


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Evidence that the rules look at.

    Parameters
    ----------
    n_lists : int
        Lists, 2 or more.
    empty_lists : tuple of str
        Lists that name nobody.
    n_shared : int
        Persons on two or more lists.
    sample_coverage : float
        Mean over the lists of the share of their persons who are on another list.
    n_claims : int
        Families that claim a number and have one.
    claims_asked : bool
        Whether any family was asked that claims a number.
    needs_empty_overlap : str
        Why the recommended model cannot do with the overlaps there are; empty if it can.
    existence_code : int
        0, or what is wrong with the recommended model: 1 no maximum, 2 not identified, 3 both.
    unlisted_per_listed : float, optional
        Unlisted persons for each listed one, by the recommended estimate.
    disagreement : float, optional
        Highest over lowest number among the families that claim one.
    not_calibrated : str
        Why there is no calibrated interval; empty if there is one.
    width : float, optional
        Upper over lower limit of the calibrated interval; None where there is none.
    modes : tuple of (str, tuple of float)
        Families whose posterior has several modes, and these, persons.
    n_observed : int, optional
        Persons on at least one list; None where it is not looked at.
    copies : tuple of ListCopy
        Lists that share nearly everybody, or lie nearly whole inside another.
    """

    n_lists: int
    empty_lists: tuple[str, ...]
    n_shared: int
    sample_coverage: float
    n_claims: int
    claims_asked: bool = True
    needs_empty_overlap: str = ""
    existence_code: int = 0
    unlisted_per_listed: float | None = None
    disagreement: float | None = None
    not_calibrated: str = ""
    width: float | None = None
    modes: tuple[tuple[str, tuple[float, ...]], ...] = ()
    n_observed: int | None = None
    copies: tuple[ListCopy, ...] = ()


def evidence_of(
    table: CaptureTable,
    estimates: dict[str, AbundanceEstimate],
    declined: dict[str, NotEstimableError],
    wanted: frozenset[str],
    best: AbundanceEstimate | None,
    disagreement: float | None,
    modes: dict[str, tuple[float, ...]],
) -> Evidence:
    """Gather the evidence; `best` is of the first family, not calibrated, that could be recommended."""
    preferred = next(
        family
        for family in families_for(table)
        if family.key in RECOMMENDED_ORDER and family.key != CALIBRATED
    )
    empty = tuple(name for name, size in table.list_sizes.items() if size == 0)
    asked = not_asked(preferred, table, wanted) is None and not empty
    needs = ""
    if best is None and asked and 0 in shared_by_pair(table).values():
        needs = declined[preferred.key].reason
    calibrated = estimates.get(CALIBRATED)
    judged = calibrated or best
    return Evidence(
        n_lists=table.n_lists,
        empty_lists=empty,
        n_shared=int(table.capture_frequencies[1:].sum()),
        sample_coverage=sample_coverage(table),
        n_claims=len(claims_of(estimates)),
        claims_asked=bool(claims_of([*estimates, *(key for key, why in declined.items() if was_asked(why))])),
        needs_empty_overlap=needs,
        existence_code=_existence_code(table, best),
        unlisted_per_listed=None if judged is None else judged.n_unobserved / judged.n_observed,
        disagreement=disagreement,
        not_calibrated="" if calibrated is not None else declined[CALIBRATED].reason,
        width=None if calibrated is None else _width(calibrated.interval(LEVEL)),
        modes=tuple((family_name(key), several) for key, several in modes.items()),
        n_observed=table.n_observed,
        copies=copied_lists(table),
    )


def _width(interval: Interval) -> float:
    """Upper limit over lower."""
    return interval.high / interval.low


def _existence_code(table: CaptureTable, best: AbundanceEstimate | None) -> int:
    """Code of the log-linear model behind the recommended estimate, or of the smallest one where none is."""
    if table.n_lists == 2 or table.n_lists > MAX_DENSE_LISTS or 0 in table.list_sizes.values():
        return 0
    models = () if best is None else getattr(best.detail, "models", ())
    model = abundance.LogLinear(interactions=models[0].interactions if models else ())
    return model.existence_code(table)


_NO_WITNESS: dict[CopyKind, str] = {
    "copy": N_(
        "{pairs:;} name nearly the same people (at least {share:.0%} of either list is on the other), more "
        "than lists made apart would by what the other lists show: one looks like a copy of the other, and a "
        "copy is not a second witness; merge the two into one list"
    ),
    "alike": N_(
        "{pairs:;} name nearly the same people (at least {share:.0%} of either list is on the other), and "
        "nothing shows whether both are nearly complete or one is a copy of the other; a copy is not a "
        "second witness, and says nothing of people who are on neither"
    ),
    "extract": N_(
        "at least {share:.0%} of one list is on another ({pairs:;}), more than lists made apart would share "
        "by what the other lists show: it looks like an extract, which is not a second witness and makes the "
        "numbers too low; compare them with those of a table in which the two are merged"
    ),
    "inside": N_(
        "at least {share:.0%} of one list is on the other ({pairs:;}), and nothing shows whether the larger "
        "is nearly complete or the smaller was taken from it; an extract is not a second witness, and says "
        "nothing of people who are on neither"
    ),
}
_EXISTENCE = (  # by the code of existence, from 1
    Message("no finite maximum"),
    Message("not identified"),
    Message("no finite maximum and not identified"),
)


def _no_witness(kinds: tuple[CopyKind, ...]) -> Callable[[Evidence], Message]:
    """Say which lists are no witnesses of their own."""

    def text(seen: Evidence) -> Message:
        found = {kind: [_pair(copy) for copy in seen.copies if copy.kind == kind] for kind in kinds}
        clauses = []
        for kind, pairs in found.items():
            if pairs and kind == "all on one":
                clauses.append(
                    Message(
                        "everybody listed is on one list ({pairs:;}): it may be complete, or the others "
                        "were taken from it, and then they are not witnesses of their own",
                        pairs=pairs,
                    )
                )
            elif pairs:
                clauses.append(Message(_NO_WITNESS[kind], pairs=pairs, share=NEARLY_ALL))
        return Message.together(clauses, "; ")

    return text


def _pair(copy: ListCopy) -> Message:
    """The lists of one finding."""
    if copy.kind == "all on one":
        return Message("{name!r}", name=copy.larger)
    if copy.kind in ("copy", "alike"):
        return Message("{names!r}", names=(copy.larger, *copy.smaller))
    return Message("{smaller!r} on {larger!r}", smaller=copy.smaller[0], larger=copy.larger)


def _beyond(value: float | None, limit: float) -> dict[str, Any]:
    """A factor, with as many digits as it takes to be above its limit as printed, and the limit."""
    found = value or 0.0
    for digits in range(2, TUNING.most_digits):
        if round(found, digits) > limit:
            break
    above = ratio(found) if ratio(found) != ratio(limit) else decimal(found, digits)
    return {"ratio": above, "most": ratio(limit)}


def _modes(several: tuple[str, tuple[float, ...]]) -> Message:
    """A posterior with several modes, and these."""
    name, modes = several
    return Message("{name}: {modes}", name=name, modes=tuple(rounded(mode, figures=3) for mode in modes))


def _copy_rule(key: str, verdict: Verdict, *kinds: CopyKind) -> Rule[Evidence]:
    """A rule about lists that are no witnesses of their own."""
    return Rule(
        key,
        verdict,
        lambda seen: any(copy.kind in kinds for copy in seen.copies),
        _no_witness(kinds),
        kinds,
    )


RULES: tuple[Rule[Evidence], ...] = (
    Rule(
        "no overlap",
        "floor only",
        lambda seen: seen.n_shared == 0,
        lambda _: Message(
            "nobody is named on two lists, so nothing limits the total from above (no upper bound)"
        ),
    ),
    Rule(
        "too few",
        "floor only",
        lambda seen: seen.n_observed is not None and seen.n_observed < FEWEST_PERSONS,
        lambda seen: Message.counted(
            "only one person is listed, fewer than {least}",
            "only {n} people are listed, fewer than {least}",
            n=seen.n_observed or 0,
            least=FEWEST_PERSONS,
        ),
    ),
    Rule(
        "says nothing",
        "floor only",
        lambda seen: seen.width is not None and seen.width > WIDTH_OF_NOTHING,
        lambda seen: (
            Message(
                "the calibrated interval says next to nothing: its upper limit is more than {most:.0f} times "
                "the lower",
                most=WIDTH_OF_NOTHING,
            )
            if math.isfinite(seen.width or 0.0)
            else Message("the calibrated interval says next to nothing: it has no upper limit")
        ),
    ),
    _copy_rule("copied lists", "refuse", "copy"),
    _copy_rule("lists alike", "refuse", "alike", "inside"),
    _copy_rule("nested lists", "range", "extract", "all on one"),
    Rule(
        "empty list",
        "refuse",
        lambda seen: bool(seen.empty_lists),
        lambda seen: (
            Message("the list {names!r} names nobody; leave it out", names=seen.empty_lists)
            if len(seen.empty_lists) == 1
            else Message("the lists {names!r} name nobody; leave them out", names=seen.empty_lists)
        ),
    ),
    Rule(
        "empty overlap",
        "refuse",
        lambda seen: seen.n_shared > 0 and bool(seen.needs_empty_overlap),
        lambda seen: Message(
            "the log-linear model needs an overlap that is empty: {why}", why=seen.needs_empty_overlap
        ),
    ),
    Rule(
        "existence",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.existence_code != 0,
        lambda seen: Message(
            "the data do not determine the log-linear model ({what})",
            what=_EXISTENCE[seen.existence_code - 1],
        ),
    ),
    Rule(
        "no answer",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.n_claims == 0 and (seen.claims_asked or seen.width is None),
        lambda _: Message("no method that claims a number gave an answer"),
    ),
    Rule(
        "nothing beside",
        "range",
        lambda seen: seen.n_shared > 0 and not seen.claims_asked and seen.width is not None,
        lambda _: Message(
            "no other method that claims a number was asked, so that nothing stands beside the calibrated "
            "interval"
        ),
    ),
    Rule(
        "coverage",
        "range",
        lambda seen: seen.n_lists > 2 and seen.n_shared > 0 and seen.sample_coverage <= LEAST_COVERAGE,
        lambda seen: Message(
            "the lists overlap too little for one number: sample coverage is {c}, and that needs more than "
            "{least}",
            c=percent(seen.sample_coverage),
            least=percent(LEAST_COVERAGE),
        ),
    ),
    Rule(
        "unlisted",
        "refuse",
        lambda seen: seen.n_shared > 0 and (seen.unlisted_per_listed or 0.0) > TUNING.most_unlisted,
        lambda seen: Message(
            "the estimate sets {ratio} unlisted people beside each listed one, more than {most}",
            **_beyond(seen.unlisted_per_listed, TUNING.most_unlisted),
        ),
    ),
    Rule(
        "disagreement",
        "range",
        lambda seen: seen.disagreement is not None and seen.disagreement > MOST_DISAGREEMENT,
        lambda seen: Message(
            "the methods disagree: the highest number is {ratio} times the lowest, more than {most}",
            **_beyond(seen.disagreement, MOST_DISAGREEMENT),
        ),
    ),
    Rule(
        "modes",
        "range",
        lambda seen: bool(seen.modes),
        lambda seen: Message(
            "a posterior has several modes ({modes:;} people), and one number would hide all but one of them",
            modes=tuple(map(_modes, seen.modes)),
        ),
    ),
    Rule(
        "width",
        "range",
        lambda seen: seen.width is not None and MOST_WIDTH < seen.width <= WIDTH_OF_NOTHING,
        lambda seen: Message(
            "the calibrated interval is wide: its upper limit is {ratio} times the lower, more than {most}",
            **_beyond(seen.width, MOST_WIDTH),
        ),
    ),
    Rule(
        "not calibrated",
        "range",
        lambda seen: seen.n_shared > 0 and not seen.empty_lists and bool(seen.not_calibrated),
        lambda seen: Message(
            "no interval learned from populations of known size can be given ({why})", why=seen.not_calibrated
        ),
    ),
)
