"""Dependence of every pair of lists, among the persons on some other list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from detcount._numerics import diagnostics
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.reports.numbers import level_words
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.words import Message

_DEPENDENCE = {
    "positive": Message("positive"),
    "negative": Message("negative"),
    "not shown": Message("not shown"),
}
_METHODS = {"log-normal": Message("log-normal"), "exact conditional": Message("exact conditional")}


@dataclass(frozen=True)
class PairOddsRatio:
    """Dependence of two lists, among the persons on some other list.

    Parameters
    ----------
    first, second : str
        Names of the two lists.
    both, first_only, second_only, neither : int
        Persons on some other list, by whether they are on these two.
    odds_ratio : float
        both x neither / (first_only x second_only), or its conditional maximum likelihood estimate;
        infinite where that is.
    low, high : float
        Limits of the odds ratio; `high` is infinite when there is no upper limit.
    corrected : bool
        Whether 0.5 was added to each of the four counts because one of them is 0.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> pair = dc.diagnose.pairwise_odds_ratios(table).pairs[0]
    >>> print(pair.first, pair.second, round(pair.odds_ratio, 2))
    press court 1.94
    """

    first: str
    second: str
    both: int
    first_only: int
    second_only: int
    neither: int
    odds_ratio: float
    low: float
    high: float
    corrected: bool = False

    @property
    def expected_both(self) -> float:
        """Persons that would be on both, were the two lists independent among these persons."""
        total = self.both + self.first_only + self.second_only + self.neither
        return (self.both + self.first_only) * (self.both + self.second_only) / total

    @property
    def dependence(self) -> Literal["positive", "negative", "not shown"]:
        """Direction of a dependence that the limits show."""
        if self.low > 1:
            return "positive"
        return "negative" if self.high < 1 else "not shown"


@dataclass(frozen=True, repr=False)
class PairwiseOddsRatios(Tabular):
    """Dependence of every pair of lists, among the persons on some other list.

    Parameters
    ----------
    pairs : tuple of PairOddsRatio
        One entry a pair, in the order of the table, for the pairs that have an answer.
    declined : dict of (str, str) to NotEstimableError
        Why the other pairs have none.
    level : float
        Confidence of each interval by itself, in (0, 1).
    method : str
        How the limits were found, as it is printed.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.diagnose.pairwise_odds_ratios(table).headline())
    odds ratios of 3 of 3 pairs of lists
    """

    _prints = ("_table", "notes")
    pairs: tuple[PairOddsRatio, ...]
    declined: dict[tuple[str, str], NotEstimableError]
    level: float
    method: str

    _notebook = "withheld"

    @property
    def _columns(self) -> tuple[Column, ...]:
        method = _METHODS.get(self.method, self.method)
        limits = Message("{level} {method}", level=level_words(self.level), method=method)
        return (
            Column(name="first", title=Message("first")),
            Column(name="second", title=Message("second"), left=True),
            Column(name="both", title=Message("both"), write=","),
            Column(name="first_only", title=Message("first only"), write=","),
            Column(name="second_only", title=Message("second only"), write=","),
            Column(name="neither", title=Message("neither"), write=","),
            Column(name="expected_both"),
            Column(name="odds_ratio"),
            Column(value=_odds_ratio, title=Message("odds ratio")),
            Column(name="low"),
            Column(name="high"),
            Column(value=_limits, title=limits),
            Column(name="level", value=lambda _: self.level),
            Column(name="corrected"),
            Column(name="dependence", title=Message("dependence"), write=_DEPENDENCE.__getitem__),
        )

    @property
    def _items(self) -> tuple[PairOddsRatio, ...]:
        return self.pairs

    def headline(self) -> Message:
        """Say how many pairs of lists have an odds ratio."""
        return Message(
            "odds ratios of {n} of {n_pairs} pairs of lists",
            n=len(self.pairs),
            n_pairs=len(self.pairs) + len(self.declined),
        )

    def sentence(self) -> Message:
        """Say which pairs depend on each other, and which way."""
        shown = Message(
            "{n} of {n_pairs} pairs of lists show that they depend on each other.",
            n=sum(pair.dependence != "not shown" for pair in self.pairs),
            n_pairs=len(self.pairs) + len(self.declined),
        )
        noted: list[str] = [shown]
        noted += [
            Message(
                "Persons on {first!r} are on {second!r} more often: the odds ratio is {ratio}.",
                first=pair.first,
                second=pair.second,
                ratio=_ratio(pair.odds_ratio),
            )
            if pair.dependence == "positive"
            else Message(
                "Persons on {first!r} are on {second!r} less often: the odds ratio is {ratio}.",
                first=pair.first,
                second=pair.second,
                ratio=_ratio(pair.odds_ratio),
            )
            for pair in self.pairs
            if pair.dependence != "not shown"
        ]
        return Message.together(noted)

    @property
    def notes(self) -> tuple[Message, ...]:
        """Notes below the table."""
        notes = [Message("among the persons on some other list than the two")]
        if any(pair.corrected for pair in self.pairs):
            notes.append(Message("* a count is 0, so {half:.1f} was added to each of the four", half=0.5))
        notes += [
            Message("{first!r} and {second!r}: {reason}", first=first, second=second, reason=error.reason)
            for (first, second), error in self.declined.items()
        ]
        return tuple(notes)

    def __repr__(self) -> str:
        n_pairs = len(self.pairs) + len(self.declined)
        return f"<PairwiseOddsRatios: {len(self.pairs)} of {n_pairs} pairs of lists>"


@door
def pairwise_odds_ratios(
    table: CaptureTable, level: float = 0.95, *, method: Literal["log", "exact"] = "log"
) -> PairwiseOddsRatios:
    """Estimate how each pair of lists depends on each other, among the persons on some other list.

    Two lists by themselves do not show their odds ratio, because nobody counted the persons on neither. Among
    those on at least one of the other lists, however, the persons on neither are known. That odds ratio is 1
    if being on one list changes nothing for any other; it carries over to the persons on no list only if
    they depend on the lists in the same way, which the data cannot show.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history, of 3 lists or more.
    level : float, optional
        Confidence of each interval by itself, in (0, 1).
    method : {"log", "exact"}, optional
        "log": limits normal on the log scale, with 0.5 added to all four counts if one is 0. "exact": the
        conditional estimate given the margins, with limits that cover at least as often as they say.

    Returns
    -------
    PairwiseOddsRatios
        Odds ratios by pair; above 1, a person on one list is more often on the other. Pairs without an
        answer are kept with their reason.

    Raises
    ------
    NotEstimableError
        If the table has only two lists.
    InputError
        If the level is not between 0 and 1, or the method is neither of the two.

    See Also
    --------
    detcount.CaptureTable.overlap : Persons on two lists, whoever is on others.

    Notes
    -----
    With a persons on both, b and c on one and d on neither, the odds ratio is ad/(bc), and the standard error
    of its logarithm the root of 1/a + 1/b + 1/c + 1/d. The exact method uses Fisher's noncentral
    hypergeometric distribution of a.

    References
    ----------
    .. [1] Woolf, B. (1955). On estimating the relation between blood group and disease. Annals of Human
       Genetics, 19(4), 251-253. https://doi.org/10.1111/j.1469-1809.1955.tb01348.x
    .. [2] Haldane, J. B. S. (1956). The estimation and significance of the logarithm of a ratio of
       frequencies. Annals of Human Genetics, 20(4), 309-311.
       https://doi.org/10.1111/j.1469-1809.1955.tb01285.x
    .. [3] Cornfield, J. (1956). A statistical problem arising from retrospective studies. Proceedings of the
       Third Berkeley Symposium on Mathematical Statistics and Probability, 4, 135-148.

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14},
    ...     lists=["press", "court", "families"],
    ... )
    >>> pair = diagnose.pairwise_odds_ratios(table).pairs[0]
    >>> pair.first, pair.second, round(pair.odds_ratio, 2), pair.dependence
    ('press', 'court', 5.83, 'positive')
    """
    if method not in ("log", "exact"):
        raise InputError(Message("method: expected 'log' or 'exact', got {got}", got=repr(method)))
    if table.n_lists < 3:
        raise NotEstimableError(
            "pairwise_odds_ratios",
            Message("needs at least 3 lists, got 2, and two lists do not show who is on neither"),
            Message("State an odds ratio instead, as OddsRatioAdjusted does, or add a list."),
            advice=Message("State an odds ratio instead, or add a list."),
        )
    pairs: list[PairOddsRatio] = []
    declined: dict[tuple[str, str], NotEstimableError] = {}
    for (i, j), cells in diagnostics.tables_elsewhere(table.histories, table.counts).items():
        first, second = table.lists[i], table.lists[j]
        reason = _no_odds_ratio(first, second, cells)
        if reason:
            declined[first, second] = NotEstimableError(
                "pairwise_odds_ratios", reason, Message("Merge lists, or add one that overlaps with both.")
            )
            continue
        solve = diagnostics.log_odds_ratio if method == "log" else diagnostics.conditional_odds_ratio
        corrected = method == "log" and 0 in cells
        pairs.append(PairOddsRatio(first, second, *cells, *solve(cells, level), corrected))
    return PairwiseOddsRatios(
        tuple(pairs),
        declined,
        level,
        "log-normal" if method == "log" else "exact conditional",
    )


def _odds_ratio(pair: PairOddsRatio) -> Message:
    """The odds ratio of a pair, marked where a count was 0."""
    return Message("{ratio}*" if pair.corrected else "{ratio}", ratio=_ratio(pair.odds_ratio))


def _limits(pair: PairOddsRatio) -> Message:
    """Its limits."""
    return Message("{low} to {high}", low=_ratio(pair.low), high=_ratio(pair.high))


def _no_odds_ratio(first: str, second: str, cells: tuple[int, int, int, int]) -> str:
    """Why a two-by-two table says nothing about dependence; empty where it does."""
    both, first_only, second_only, _ = cells
    if sum(cells) == 0:
        return Message("nobody is on another list than these two")
    for name, on in ((first, both + first_only), (second, both + second_only)):
        if on == 0:
            return Message("of the persons on another list nobody is on {name!r}", name=name)
        if on == sum(cells):
            return Message("of the persons on another list everybody is on {name!r}", name=name)
    return ""


def _ratio(value: float) -> Message:
    """Odds ratio, three digits."""
    return Message("{ratio:.3g}", ratio=value) if math.isfinite(value) else Message("infinite")
