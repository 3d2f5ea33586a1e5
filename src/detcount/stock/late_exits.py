"""Assumptions on unreported exits and wrong entries, and the persons on lists who are inside under them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount._numerics.arrays import Floats, Ints, bincount
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.held import PRIORS, TUNING
from detcount._numerics.stock.inside import (
    Inside,
    Listed,
    draw_inside,
    lone_exits,
    weighed_by_exits,
    wrong_odds_by_day,
)
from detcount._numerics.stock.learning import (
    Learning,
    draw_learning,
    evidence_of,
    reported_once,
    stated_learning,
)
from detcount._numerics.stock.spells import NEVER
from detcount.contract import arguments
from detcount.contract.arguments import AtLeast1
from detcount.contract.specification import specification
from detcount.data.persons import PersonLists
from detcount.errors import InputError
from detcount.estimates import UncertainCount
from detcount.reading.days import number_of
from detcount.stock.snapshots import DAY, Snapshots
from detcount.words import Message


@specification
class LateExits:
    """Number of the listed who have left although nobody reported it.

    Lists learn of exits late, and of some never. How late, and of which share, is learned from the exits that
    another list knows, from second arrests, and from the days on which exits became known. Where none of
    these says it, state both, or the answer is bounds.

    Parameters
    ----------
    never_learned : float, optional
        Share of exits of which a list never learns, stated; None learns it.
    days : float, optional
        Median days after which it learns of the others, stated with the share.
    n_draws : int, optional
        Draws of how many have left.

    Raises
    ------
    InputError
        If a number is out of its range, or one of the two is stated alone.

    Notes
    -----
    List k learns of a share 1 - m of exits, after d days with probability 1 - exp(-((d + 1/2) / tau)^c), c
    0.7, 1 or 1.5; log tau and logit m have normal priors, by list around what all lists say. Of an exit of
    age a that another list knows it knows with (1 - m) G(a); days on which it learned, where it says them,
    are truncated at today. A list that has reported no exit for long learns of none any more. An exit
    without a day, a status alone, was on an unknown day after the person was last named as held and by
    the day on which it was known. Lists learn of the same exits more often than by chance: of an exit of
    persons on n lists none knows with the product of what each does not know to the power 1 / (1 + r (n -
    1)), r uniform on 0 to 1/2. Persons leave with the hazard of the day, more or less often by how many
    lists name them and by the days since their arrest. Where each exit is written down once for all
    lists, the first to know counts for all, and the share never learned has its prior alone.

    Examples
    --------
    >>> from detcount import stock
    >>> stock.LateExits(never_learned=0.1, days=30.0)
    LateExits(never_learned=0.1, days=30.0)
    """

    never_learned: Annotated[float | None, arguments.share] = None
    days: Annotated[float | None, arguments.positive] = None
    n_draws: AtLeast1 = 200

    def __post_init__(self) -> None:
        if (self.never_learned is None) != (self.days is None):
            raise InputError(
                Message("never_learned, days: expected both or none. State the share and the days together")
            )


@specification
class WrongShare:
    """Share of the entries of lists that are wrong: of people who do not belong.

    Such people were never held, or were held for something else. They mostly stand on one list and have no
    exit, so that they gather among those who seem to be held. Where nothing is stated a share of all entries
    is drawn from a log-normal law: 2.5% in the middle, above 8% in one case of 20.

    Parameters
    ----------
    shares : float or tuple of tuple of str and float, optional
        Shares stated or audited instead, of all lists or by list, as ``(("press", 0.03),)``; lists that are
        not named keep the law. 0 says that everybody belongs. Of lists that `linkage.Audit` checked the share
        is 0 unless they are named, as `Linkage.people` leaves out whom the audit found.

    Raises
    ------
    InputError
        If a share is not from 0 to 1.

    Examples
    --------
    >>> from detcount import stock
    >>> stock.WrongShare(shares=0.01)
    WrongShare(shares=0.01)
    """

    shares: float | tuple[tuple[str, float], ...] | None = None

    def __post_init__(self) -> None:
        for name, share in self.by_list.items():
            arguments.share(name, share)

    @property
    def by_list(self) -> dict[str, float]:
        """Shares stated, by list; "" stands for all lists."""
        if self.shares is None:
            return {}
        return dict(self.shares) if isinstance(self.shares, tuple) else {"": float(self.shares)}

    @classmethod
    def of(cls, given: WrongShare | float | Mapping[str, float] | None) -> WrongShare:
        """Take shares as they are given: of all lists, or by list; None keeps the law."""
        if isinstance(given, WrongShare):
            return given
        return cls(shares=tuple(given.items()) if isinstance(given, Mapping) else given)

    def stated(self, lists: Sequence[str], audited: Sequence[str]) -> dict[str, float]:
        """Give the shares of the lists that do not keep the law: stated, and 0 of audited ones."""
        given = self.by_list
        if given.keys() - {"", *lists}:
            raise InputError(
                Message(
                    "shares: expected one of the lists {lists!r:,}, got another. Write it as the data do",
                    lists=tuple(lists),
                )
            )
        of = {name: given.get(name, 0.0 if name in audited else given.get("")) for name in lists}
        return {name: share for name, share in of.items() if share is not None}

    def none(self, lists: Sequence[str], audited: Sequence[str]) -> bool:
        """Check that no list keeps a wrong entry."""
        stated = self.stated(lists, audited)
        return all(stated.get(name) == 0 for name in lists)

    def sentence(self, lists: Sequence[str], audited: Sequence[str], *, by_exits: bool = True) -> Message:
        """State the share of wrong entries of some lists, of which some were audited."""
        found, named = [], set(self.by_list)
        drawn = set(lists) - self.stated(lists, audited).keys()
        if drawn and named:
            found.append(
                Message(
                    "Of {lists:and} their share was stated, or found by an audit; of the others it was not.",
                    lists=sorted(named),
                )
            )
        elif named - {""} or (named and not set(lists) <= set(audited)):
            none = not any(self.by_list.values())
            found.append(
                Message("Everybody on the lists is said to belong.")
                if none
                else Message("Their share was stated, or found by an audit.")
            )
        if drawn:
            how = (
                Message(
                    "Nobody said how many: a share of all entries is drawn, {median:.1%} in the middle and "
                    "above {high:.0%} in one case of 20, and weighed by how often those on one list leave.",
                    median=PRIORS.wrong_median,
                    high=PRIORS.wrong_high,
                )
                if by_exits
                else Message(
                    "Nobody said how many: a share of all entries is drawn, {median:.1%} in the middle and "
                    "above {high:.0%} in one case of 20.",
                    median=PRIORS.wrong_median,
                    high=PRIORS.wrong_high,
                )
            )
            found.append(how)
        if audited:
            found.append(
                Message(
                    "An audit checked {lists:and}: the share that it found is left out, and no other is "
                    "drawn of what is left.",
                    lists=audited,
                )
            )
        return Message.together(found)

    def draw(
        self, lists: Sequence[str], audited: Sequence[str], n_draws: AtLeast1, rng: np.random.Generator
    ) -> Floats:
        """Draw the share of each list's entries, shape (n_draws, n_lists); of audited ones 0."""
        spread = math.log(PRIORS.wrong_high / PRIORS.wrong_median) / ndtri(0.95)
        common = spread * rng.standard_normal(n_draws)[:, None]
        own = PRIORS.wrong_between * rng.standard_normal((n_draws, len(lists)))
        drawn = PRIORS.wrong_median * np.exp(common + own)
        for name, share in self.stated(lists, audited).items():
            drawn[:, lists.index(name)] = share
        return np.asarray(np.minimum(drawn, PRIORS.most_wrong_entries))


@dataclass(frozen=True, eq=False)
class ListedInside:
    """Draws of those on the lists who are inside, at some dates and, where it can be, on each day.

    Parameters
    ----------
    first : int
        First day of `total`, days since 1970.
    total, departed, wrong : ndarray of float64, shape (n_days, n_draws)
        Persons inside, those who left unreported, and entries that do not belong; as known on each day
        itself, of the dates alone.
    cells : dict of datetime.date to tuple of ndarray
        Histories of each date and draws of the persons inside, shape (n_draws, n_codes).
    learned : dict of str to tuple of float
        Share of exits that each list never learns, and median days until it learns of the others.
    lone : dict of str to float
        Share of those on this list alone, and not known to have left, who do not belong; mean of the draws.
    identified : bool
        True where data show how late lists learn.
    """

    first: int
    total: Floats
    departed: Floats
    wrong: Floats
    cells: Mapping[dt.date, tuple[NDArray[np.uint64], Floats]]
    learned: Mapping[str, tuple[float, float]]
    lone: Mapping[str, float]
    identified: bool

    def count(self, what: Floats, day: int) -> UncertainCount:
        """One of the three on a day, persons: nobody before the first."""
        at = day - self.first
        drawn = what[at] if at >= 0 else np.zeros(what.shape[1])
        return UncertainCount.from_draws(
            np.rint(drawn).astype(np.int64), bounds=(0, math.inf), identified_by="data"
        )


def listed_inside(
    snapshots: Snapshots, late: LateExits | None, wrong: WrongShare | None, seed: int
) -> ListedInside | None:
    """Draw the listed who are inside at the dates of snapshots; None where no lists are behind them."""
    people = snapshots.people
    if people is None or (late is None and wrong is None):
        return None
    days = np.array([number_of(date) for date in snapshots.dates], dtype=np.int64)
    if snapshots.as_of != DAY:
        found, learning, lone, _ = _drawn(people, days, late, wrong, seed)
        cells = {date: (found.codes, found.cells[k]) for k, date in enumerate(snapshots.dates)}
        first, total, departed, strange = found.first, found.total, found.departed, found.wrong
    else:
        n_draws = LateExits().n_draws if late is None else late.n_draws
        total, departed, strange = (np.zeros((days[-1] - days[0] + 1, n_draws)) for _ in range(3))
        first, cells, shares = int(days[0]), {}, None
        of_last: tuple[Learning, dict[str, float]] | None = None
        # lists are as clean on the one day as on the other, and the last knows most of it
        for date, day in zip(reversed(snapshots.dates), days[::-1], strict=True):
            if date in snapshots.tables:
                found, learning, lone, shares = _drawn(
                    people.as_of(date), day[None], late, wrong, seed, shares
                )
                of_last = of_last or (learning, lone)
                cells[date] = found.codes, found.cells[0]
                at = day - days[0]
                total[at], departed[at], strange[at] = found.total[-1], found.departed[-1], found.wrong[-1]
        if of_last is None:
            return None
        learning, lone = of_last
    identified = late is None or (learning.identified and bool(people.left_known.min() < NEVER))
    return ListedInside(first, total, departed, strange, cells, _by_list(people, learning), lone, identified)


def _by_list(people: PersonLists, learning: Learning) -> dict[str, tuple[float, float]]:
    """Median delays and shares never learned by list; the same where exits are written down once for all."""
    never, days = np.median(learning.never, axis=0), np.median(learning.days, axis=0)
    at = [min(k, len(never) - 1) for k in range(people.n_lists)]
    return {name: (float(never[k]), float(days[k])) for name, k in zip(people.lists, at, strict=True)}


def _drawn(
    people: PersonLists,
    days: Ints,
    late: LateExits | None,
    wrong: WrongShare | None,
    seed: int,
    shares: Floats | None = None,
) -> tuple[Inside, Learning, dict[str, float], Floats | None]:
    """Draws of those inside, on what some lists know; and shares of wrong entries, drawn if not given."""
    rng = np.random.default_rng([seed, people.latest])
    n_draws = LateExits().n_draws if late is None else late.n_draws
    listed, once = _listed(people, late, n_draws, rng)
    on_lists = unpack(listed.codes, people.n_lists).astype(np.float64)
    share = np.zeros((n_draws, len(listed.codes)))
    lone = np.flatnonzero(on_lists.sum(axis=1) == 1)
    if wrong is not None and len(lone):
        drawn, rows = shares, np.arange(n_draws)
        if drawn is None:
            drawn = wrong.draw(people.lists, people.audited, TUNING.tried * n_draws, rng)
        by_exits = late is not None and not once and shares is None
        listed, tried, weights = _weighed(people, listed, drawn, by_exits)
        if shares is None:
            rows = rng.choice(len(tried), size=n_draws, p=weights)
        share[:, lone], shares = tried[rows], drawn[rows]
    together = rng.uniform(0.0, PRIORS.shared_learning, n_draws)
    found = draw_inside(listed, share, together, days, rng)
    of_lone = {people.lists[int(on_lists[c].argmax())]: float(share[:, c].mean()) for c in lone}
    return found, listed.learning, of_lone, shares


def wrong_by_list(people: PersonLists, wrong: WrongShare, n_draws: int, seed: int) -> tuple[Floats, bool]:
    """Draw the share of each list's entries that do not belong; and whether exits weigh the draws."""
    rng = np.random.default_rng([seed, people.latest])
    listed, once = _listed(people, LateExits(), LateExits().n_draws, rng)
    drawn = wrong.draw(people.lists, people.audited, TUNING.tried * LateExits().n_draws, rng)
    weights = _weighed(people, listed, drawn, not once)[2]
    return drawn[rng.choice(len(drawn), size=n_draws, p=weights)], bool(np.ptp(weights) > 0)


def _listed(
    people: PersonLists, late: LateExits | None, n_draws: int, rng: np.random.Generator
) -> tuple[Listed, bool]:
    """The spells with how lists learn of exits, and whether each exit is written down once for all lists."""
    spells = people.spells
    evidence = evidence_of(spells, people.entries, people.n_lists)
    codes, code = np.unique(spells.code, return_inverse=True)
    once = reported_once(spells, people.entries)
    rows, n_lists, knows = people.entries, people.n_lists, unpack(codes, people.n_lists).astype(np.float64)
    if once:
        rows = replace(rows, on=np.zeros_like(rows.on))
        n_lists, knows = 1, np.ones((len(codes), 1))
    never, after = (0.0, 0.01) if late is None else (late.never_learned, late.days)
    if never is None or after is None:
        learning = draw_learning(spells, evidence, rows, n_lists, people.latest, n_draws, rng)
    else:
        learning = stated_learning(never, after, n_lists, people.latest, n_draws, rng)
    equal = np.ones(len(spells.entered))
    return Listed(spells, evidence, codes, code, knows, learning, people.latest, equal), once


def _weighed(
    people: PersonLists,
    listed: Listed,
    drawn: Floats,
    by_exits: bool,
) -> tuple[Listed, Floats, Floats]:
    """Draws of who does not belong, and their probabilities by the exits of those on one list.

    The spells by how likely each does not belong; shares of the open entries of each history of one list; and
    probabilities of the draws.
    """
    on_lists = unpack(listed.codes, people.n_lists)
    lone = np.flatnonzero(on_lists.sum(axis=1) == 1)
    is_open = listed.evidence.until == NEVER
    n_open = bincount(listed.code[is_open], minlength=len(listed.codes))[lone]
    of_list = on_lists[lone].argmax(axis=1)
    entries = bincount(people.on, minlength=people.n_lists)[of_list]
    tried = np.minimum(drawn[:, of_list] * entries / np.maximum(n_open, 1), PRIORS.most_wrong_open)
    expected, list_of = np.zeros(len(listed.codes)), np.full(len(listed.codes), -1)
    expected[lone], list_of[lone] = tried.mean(axis=0), of_list
    odds = wrong_odds_by_day(
        listed.spells.entered, is_open, listed.code, list_of, expected, people.entries.entered_last, people.on
    )
    listed = replace(listed, wrong_odds=odds)
    compared = lone_exits(listed, on_lists.sum(axis=1) == 1) if by_exits else None
    weights = np.full(len(tried), 1 / len(tried))
    if compared is not None:
        weights = weighed_by_exits(tried, compared, lone, PRIORS.lone_spread)
    return listed, tried, weights
