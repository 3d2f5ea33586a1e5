"""The stock of every day from estimates at some dates, whose errors are mostly one error.

It is one function with what stands behind its result, most of it the documentation of both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints, repeat
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.held import PRIORS, TUNING
from detcount._numerics.stock.paths import (
    SCORES,
    bridge,
    correlated_scores,
    joined_levels,
    smoothed,
    straight,
)
from detcount.assumptions import Assumption
from detcount.calibration import Calibrated
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator, StockPath, UncertainCount
from detcount.reading.days import as_day, number_of
from detcount.stock.inputs import ErrorCorrelation, has_prior_of_share, quantiles_inside
from detcount.stock.late_exits import LateExits, ListedInside, WrongShare, listed_inside
from detcount.stock.snapshots import DAY, Snapshots, operating, table_of
from detcount.words import Message


@dataclass(frozen=True, eq=False)
class SeriesDetail:
    """Detail behind a path of `series`.

    Parameters
    ----------
    estimates : dict of datetime.date to AbundanceEstimate
        The estimate of each date.
    declined : dict of datetime.date to str
        Dates without one, and why.
    rho, ell : float
        Correlation of the errors at two dates that lie close, and days after which it has fallen to rho / e.
    variance_of_change : float
        Variance a day, between the dates, of the logarithm that is joined.
    left, wrong : dict of datetime.date to UncertainCount
        Those whom the lists show as held, persons, who have left without any list knowing it, and who do not
        belong; empty where the tables were taken as they are.
    learned : dict of str to tuple of float
        Of each list the share of exits of which it never learns, and the median days until it learns of the
        others; medians of their draws.
    lone_wrong : dict of str to float
        Of each list the share of those on no other, and not known to have left, who do not belong.
    identified : bool
        True where data show how late lists learn; else the path has bounds alone.
    copied : tuple of str
        Lists that took names from another: the limits are wider then.
    share_links : float
        Share of the variance on the last day that is due to who is who; 0 for one partition.
    operates : Operates, optional
        The dates about which a list could say anything.

    Examples
    --------
    >>> import detcount as dc
    >>> known = dc.simulate.detention_system(seed=1).people
    >>> taken = dc.stock.snapshots(known, ["2025-06-30", "2025-07-14"])
    >>> path = dc.stock.series(dc.abundance.LogLinear(), taken, n_draws=100)
    >>> len(path.detail.estimates)
    2
    """

    estimates: Mapping[dt.date, AbundanceEstimate]
    declined: Mapping[dt.date, str]
    rho: float
    ell: float
    variance_of_change: float
    left: Mapping[dt.date, UncertainCount]
    wrong: Mapping[dt.date, UncertainCount]
    learned: Mapping[str, tuple[float, float]]
    lone_wrong: Mapping[str, float]
    identified: bool
    copied: tuple[str, ...] = ()
    share_links: float = 0.0
    operates: Operates | None = None


def chosen_estimator(estimator: Estimator | None) -> Estimator:
    """`Calibrated` where none was chosen."""
    return Calibrated() if estimator is None else estimator


@door
def series(
    estimator: Estimator | None,
    snapshots: Snapshots | Sequence[Snapshots],
    *,
    correlation: ErrorCorrelation = ErrorCorrelation(),  # noqa: B008  frozen
    variance_of_change: float = 2e-4,
    late_exits: LateExits | None = LateExits(),  # noqa: B008  frozen
    wrong: WrongShare | None = WrongShare(),  # noqa: B008  frozen
    n_draws: int = TUNING.n_draws,
    seed: int = 0,
) -> StockPath:
    """Estimate the stock at some dates, and give it for every day from the first to the last of them.

    The estimand is S_t, the people held at the end of day t. An estimator of abundance is fitted to the table
    of each date; between the dates the answers are joined. What an estimator gets wrong at one date it mostly
    gets wrong at the next, so that the errors of the dates are correlated.

    Parameters
    ----------
    estimator : Estimator or None
        Any estimator of abundance; None takes `Calibrated`.
    snapshots : Snapshots or sequence of Snapshots
        The tables; at least two dates have to have an estimate. Those of several drawn partitions, as of
        `linkage.Linkage.people` with `draws`, share the draws of the path.
    correlation : ErrorCorrelation, optional
        Correlation of the errors at two dates.
    variance_of_change : float, optional
        Variance a day, between the dates, of the logarithm that is joined: the true ups and downs of which
        the tables say nothing.
    late_exits : LateExits or None, optional
        Law of the exits of which no list knows; None takes every exit as known.
    wrong : WrongShare or None, optional
        Law of the share of wrong entries; None takes everybody to belong.
    n_draws : int, optional
        Draws of the path.
    seed : int, optional
        Seed of the fits and of the draws.

    Returns
    -------
    StockPath
        Draws of the stock of every day, persons; none below the floor.

    Raises
    ------
    NotEstimableError
        If fewer than two dates have an estimate.
    InputError
        If an argument is out of its range.

    See Also
    --------
    snapshots : Makes the tables.

    Notes
    -----
    *On lists.* L_t, those on the lists who are inside, is drawn: all who are not known to have left, less
    those who left unreported (`late_exits`) and those who do not belong (`wrong`), by capture history. Where
    persons on several lists left, exits of those on one list only, set against theirs, weigh the draws of the
    share that does not belong: whoever never was inside never leaves. Where nothing says how late lists learn
    the path has bounds alone: the floor, and the 97.5% limit with everybody inside who is not known to have
    left.

    *On no list.* The estimator is fitted to the mean table of each date, and gives the distribution of U_d,
    those on no list. U_d / L_d = Q_d(Phi(z_d)), z standard normal with correlation rho exp(-abs(s - t) / ell)
    between two dates; between dates the logarithm is interpolated level by level and a Brownian bridge is
    added. Draws with more persons on one list and fewer on two have more on none, as the square of the first
    over the second. `Calibrated` is made for any one table, however its lists depend on each other, and takes
    1/N beforehand, by which lists name a thousandth as easily as half. Here the share of those held who are
    on lists is Beta(2, 1) beforehand: its density grows with the share. Of the spread of the logarithm beyond
    chance, as Chao's lower bound has it, half is taken, unless lists copy. Medians of log(U_d / L_d) differ
    from date to date by chance, and truly with standard deviation 0.3 around one mean that is not known; both
    are correlated as far as two tables share people. Each date takes the best linear guess by all of them.
    S_t = L_t + U_t, times a log-normal error of standard deviation 0.04 for what no part of the model knows.
    S_t is rounded, and at least the floor of `snapshots`.

    *As known on each day* (`as_of` "day"). The same at each date with what was known then, but for the shares
    that do not belong: they are drawn at the last date, for all. Between dates the logarithm of S is
    interpolated.

    An estimator without draws gives Q_d by its limits at all levels. A date whose limits are not finite has
    no answer.

    Examples
    --------
    >>> from detcount import simulate, stock
    >>> system = simulate.detention_system(n_days=200, seed=3)
    >>> taken = stock.snapshots(system.people, ["2024-10-01", "2024-11-01", "2024-12-01"])
    >>> held = stock.series(None, taken).at("2024-11-15")
    >>> print(held.headline(), "truth:", system.truth.at("2024-11-15"))
    945 (835 to 1,080, 95%, from the counts) truth: 1096
    """
    chosen = chosen_estimator(estimator)
    if isinstance(snapshots, Sequence) and snapshots:
        share = max(n_draws // len(snapshots), 1)
        options: dict[str, Any] = {"variance_of_change": variance_of_change, "late_exits": late_exits}
        options |= {"correlation": correlation, "wrong": wrong, "n_draws": share}
        # a seed of its own for each: draws in common would not average out over the partitions
        paths = [series(chosen, each, **options, seed=seed + k) for k, each in enumerate(snapshots)]
        return _together(paths, snapshots[0], wrong)
    if not isinstance(snapshots, Snapshots):
        raise InputError(Message("snapshots: expected one or more, got none. stock.snapshots makes them"))
    variance = arguments.number("variance_of_change", variance_of_change, least=0)
    n_draws = arguments.whole_number("n_draws", n_draws, least=1)
    inside = listed_inside(snapshots, late_exits, wrong, seed)
    identified = inside is None or inside.identified
    if not identified:
        inside = None
    tables = snapshots.tables if inside is None else _tables(snapshots, inside)
    estimates, levels, declined = _fitted(chosen, tables, snapshots.declined, seed)
    if len(estimates) < 2:
        raise NotEstimableError(
            "series",
            Message("fewer than two dates have an estimate"),
            Message("Take other dates, or report the floor of each day."),
        )
    time = _Time.of(estimates, correlation, snapshots, variance, n_draws, seed)
    sizes = np.array([tables[date].n_observed for date in estimates], dtype=np.float64)
    copied = () if snapshots.people is None else snapshots.people.copied
    ratios = _log_ratios(levels, sizes)
    if inside is not None and isinstance(chosen, Calibrated):
        there = [snapshots.dates.index(date) for date in estimates]
        kept = 1.0 if copied else PRIORS.kept_spread
        of_dates = [tables[date] for date in estimates]
        ratios = _narrowed(ratios, of_dates, snapshots.shared[np.ix_(there, there)], kept)
    if snapshots.as_of == DAY:
        held = _held_by_dates(inside, time, ratios, sizes)
    else:
        held = _held_by_days(inside, time, ratios, snapshots)
    if inside is not None:
        held = held * np.exp(PRIORS.unmodelled * time.scores())
    draws, floor, ceiling = _within_bounds(held, snapshots, time, identified)
    left: dict[dt.date, UncertainCount] = {}
    strange: dict[dt.date, UncertainCount] = {}
    if inside is not None:
        left = {date: inside.count(inside.departed, number_of(date)) for date in estimates}
        strange = {date: inside.count(inside.wrong, number_of(date)) for date in estimates}
    exits = Assumption.KNOWN_EXITS if late_exits is None else Assumption.LATE_EXITS
    takes_out = any(np.any(each.draws) for each in strange.values())
    assumes = [each for each in chosen.assumes if not takes_out or each is not Assumption.NO_OVERCOVERAGE]
    wrongly_listed = [Assumption.STATED_WRONG_ENTRIES] if takes_out else []
    detail = SeriesDetail(
        estimates,
        declined,
        correlation.rho,
        time.ell,
        variance,
        left,
        strange,
        {} if inside is None else inside.learned,
        {} if inside is None else inside.lone,
        identified,
        copied,
        operates=snapshots.operates,
    )
    return StockPath(
        dates=tuple(map(as_day, time.days.tolist())),
        draws=draws,
        floor=floor,
        ceiling=ceiling,
        anchors=tuple(estimates),
        method=(
            f"series({chosen!r}, correlation={correlation!r}, variance_of_change={variance!r}, "
            f"late_exits={late_exits!r}, wrong={wrong!r})"
        ),
        assumptions=(*assumes, exits, *wrongly_listed, Assumption.STATED_CORRELATION),
        digest=snapshots.digest,
        seed=seed,
        identified_by="data" if identified else "bounds",
        notes=_notes(snapshots, detail, wrong),
        detail=detail,
        definition=snapshots.definition,
        estimator=chosen,
    )


@dataclass(frozen=True)
class _Time:
    """The days of a path, and the laws of its errors over them.

    Parameters
    ----------
    dates, days : ndarray of int64
        Days since 1970: the dates that have an estimate, and all from the first of them to the last.
    rho, ell : float
        Correlation of errors at two dates that lie close, and days after which it has fallen to rho / e.
    variance : float
        Variance a day of the Brownian bridge between dates.
    n_draws : int
        Draws of the path.
    rng : numpy.random.Generator
        Source of random numbers.
    """

    dates: Ints
    days: Ints
    rho: float
    ell: float
    variance: float
    n_draws: int
    rng: np.random.Generator

    @classmethod
    def of(
        cls,
        estimates: Mapping[dt.date, AbundanceEstimate],
        correlation: ErrorCorrelation,
        snapshots: Snapshots,
        variance: float,
        n_draws: int,
        seed: int,
    ) -> _Time:
        """Take the dates with an estimate, and the correlation of their errors."""
        dates = np.array([number_of(date) for date in estimates], dtype=np.int64)
        days, ell = np.arange(dates[0], dates[-1] + 1), correlation.days(snapshots)
        return cls(dates, days, correlation.rho, ell, variance, n_draws, np.random.default_rng(seed))

    def scores(self) -> Floats:
        """Draw normal scores of the errors of each day, shape (n_days, n_draws)."""
        return correlated_scores(self.dates, self.days, self.rho, self.ell, self.n_draws, self.rng)

    def bridge(self) -> Floats:
        """Draw the changes between dates of which the tables say nothing, shape (n_days, n_draws)."""
        return bridge(self.dates, self.days, self.variance, self.n_draws, self.rng)

    def drawn(self, inside: ListedInside, of_days: Ints) -> Floats:
        """Repeat draws of the persons on lists on some days, shape (n_some_days, n_draws)."""
        return inside.total[np.maximum(of_days - inside.first, 0)][:, self.of_draw(inside)]

    def of_draw(self, inside: ListedInside) -> Ints:
        """Draw of those inside that each draw of the path takes, shape (n_draws,)."""
        return np.asarray(np.arange(self.n_draws) % inside.total.shape[1])

    def response(self, inside: ListedInside | None) -> Floats:
        """Response of the unlisted of each date to draws of the listed, shape (n_dates, n_draws)."""
        if inside is None:
            return np.zeros((len(self.dates), self.n_draws))
        cells = [inside.cells[as_day(day)] for day in self.dates.tolist()]
        return np.stack([_response(*each) for each in cells])[:, self.of_draw(inside)]


def _log_ratios(levels: Sequence[Floats], sizes: Floats) -> Floats:
    """Logarithm of unlisted over listed at the scores, shape (n_dates, len(SCORES))."""
    unlisted = np.stack([np.maximum(each - size, 0.0) for each, size in zip(levels, sizes, strict=True)])
    return np.asarray(np.log(unlisted + PRIORS.half) - np.log(sizes + PRIORS.half)[:, None])


def _held_by_dates(inside: ListedInside | None, time: _Time, ratios: Floats, sizes: Floats) -> Floats:
    """Draw the number held where each date knows its own data, straight between, shape (n_days, n_draws)."""
    listed = repeat(sizes[:, None], time.n_draws, axis=1)
    if inside is not None:
        listed = time.drawn(inside, time.dates)
    unlisted = ratios + np.log(sizes + PRIORS.half)[:, None]
    more = joined_levels(unlisted, time.dates, time.days, time.scores())[time.dates - time.days[0]]
    logs = np.log(np.maximum(listed + np.exp(more + time.response(inside)), 1.0))
    return np.exp(straight(logs, time.dates, time.days) + time.bridge())


def _held_by_days(inside: ListedInside | None, time: _Time, ratios: Floats, snapshots: Snapshots) -> Floats:
    """Draw the number held by the listed of each day, shape (n_days, n_draws)."""
    if inside is None:
        taken = snapshots.not_left[_places(snapshots, time)].astype(np.float64)
        listed = repeat(taken[:, None], time.n_draws, axis=1)
    else:
        listed = time.drawn(inside, time.days)
    more = joined_levels(ratios, time.dates, time.days, time.scores())
    more = more + straight(time.response(inside), time.dates, time.days)
    more += time.bridge()
    base = listed.mean(axis=1, keepdims=True) + PRIORS.half
    return np.asarray(listed + np.maximum(np.exp(more) * base - PRIORS.half, 0.0))


def _within_bounds(
    held: Floats, snapshots: Snapshots, time: _Time, identified: bool
) -> tuple[Ints, Ints, Floats]:
    """Round draws, shape (n_draws, n_days), none below the floor; and give floor and ceiling of each day.

    Where nothing shows how late lists learn of exits, draws are uniform between floor and ceiling.
    """
    at, days = _places(snapshots, time), time.days
    floor = np.where(days >= number_of(snapshots.first_day), snapshots.floors[at], 0)
    ceiling = np.full(len(days), math.inf)
    if not identified:
        most = np.maximum(snapshots.not_left[at], floor)
        ceiling = np.ceil(np.maximum(np.quantile(held, PRIORS.high, axis=1), most))
        width = np.minimum(held, ceiling[:, None]) - floor[:, None]
        held = floor[:, None] + width * time.rng.random(time.n_draws)
    return np.maximum(np.rint(held).astype(np.int64), floor[:, None]).T, floor, ceiling


def _places(snapshots: Snapshots, time: _Time) -> Ints:
    """Position of each day among those of the snapshots."""
    return np.asarray(np.maximum(time.days - number_of(snapshots.first_day), 0))


def _together(paths: Sequence[StockPath], snapshots: Snapshots, wrong: WrongShare | None) -> StockPath:
    """One path of those of several partitions, over the days that all have."""
    first, last = max(path.dates[0] for path in paths), min(path.dates[-1] for path in paths)
    parts = [path.dates.index(first) for path in paths]
    n_days = (last - first).days + 1
    draws = np.concatenate([path.draws[:, k : k + n_days] for path, k in zip(paths, parts, strict=True)])
    floor, ceiling = (
        np.stack([values[k : k + n_days] for values, k in zip(each, parts, strict=True)])
        for each in ([path.floor for path in paths], [path.ceiling for path in paths])
    )
    means = np.array([path.draws[:, k + n_days - 1].mean() for path, k in zip(paths, parts, strict=True)])
    among = float(means.var() / max(float(draws[:, -1].var()), 1e-12))
    details = [path.detail for path in paths if isinstance(path.detail, SeriesDetail)]
    detail = replace(
        details[0],
        left=_of_all([each.left for each in details]),
        wrong=_of_all([each.wrong for each in details]),
        identified=all(each.identified for each in details),
        copied=tuple(dict.fromkeys(name for each in details for name in each.copied)),
        share_links=among,
    )
    content = hashlib.sha256(json.dumps([path.digest for path in paths]).encode())
    return replace(
        paths[0],
        dates=tuple(first + dt.timedelta(days=k) for k in range(n_days)),
        draws=draws,
        floor=floor.min(axis=0),
        ceiling=ceiling.max(axis=0),
        anchors=tuple(day for day in paths[0].anchors if first <= day <= last),
        identified_by="data" if detail.identified else "bounds",
        digest=content.hexdigest(),
        notes=(*_notes(snapshots, detail, wrong), share_of_links(among, len(paths))),
        detail=detail,
    )


def _of_all(counts: Sequence[Mapping[dt.date, UncertainCount]]) -> dict[dt.date, UncertainCount]:
    """Counts of the dates that all partitions have, by the draws of all."""
    return {
        date: UncertainCount.from_draws(
            np.concatenate([each[date].draws for each in counts]), bounds=(0, math.inf), identified_by="data"
        )
        for date in counts[0]
        if all(date in each for each in counts)
    }


def share_of_links(share: float, n: int) -> Message:
    """State the share of the variance on the last day that is due to who is who."""
    return Message(
        "Of the variance on the last day {share:.0%} is due to who is who, over {n:,} drawn partitions.",
        share=share,
        n=n,
    )


def _tables(snapshots: Snapshots, inside: ListedInside) -> dict[dt.date, CaptureTable]:
    """Tables of those inside, on average, by capture history."""
    people = snapshots.people
    assert people is not None  # they were drawn from them
    days = np.array([number_of(date) for date in snapshots.dates], dtype=np.int64)
    there = operating(snapshots.operates, people.lists, days)
    found = {}
    for k, date in enumerate(snapshots.dates):
        if date in inside.cells:
            codes, cells = inside.cells[date]
            table, _ = table_of(codes, cells.mean(axis=0), there[:, k], people)
            if isinstance(table, CaptureTable):
                found[date] = table
    return found


def _response(codes: NDArray[np.uint64], cells: Floats) -> Floats:
    """Logarithm by which draws of the cells move the unlisted, as in the lower bound of Chao.

    The unlisted go with the square of the persons on one list over those on two.
    """
    n_on = unpack(codes, 64).sum(axis=1)
    once, twice = cells[:, n_on == 1].sum(axis=1), cells[:, n_on == 2].sum(axis=1)
    moved = 2 * np.log((once + 1) / (once.mean() + 1)) - np.log((twice + 1) / (twice.mean() + 1))
    return np.asarray(moved - np.log(np.exp(moved).mean()))


def _narrowed(ratios: Floats, tables: Sequence[CaptureTable], shared: Ints, kept: float) -> Floats:
    """Logarithm of those on no list over those on lists at the scores, as all dates say it.

    What is chance at a date is that of the lower bound of Chao, from those on one list and on two. Of the
    spread beyond chance a share is kept.
    """
    low, middle, high = np.array([np.interp((-1.0, 0.0, 1.0), SCORES, each) for each in ratios]).T
    variance = np.maximum(((high - low) / 2) ** 2, 1e-12)
    once, twice = (
        np.array([each.counts[each.histories.sum(axis=1) == n].sum() for each in tables]) for n in (1, 2)
    )
    sampling = np.minimum(4 / (once + 1) + 1 / (twice + 1), variance)
    size = np.sqrt(np.maximum(np.diag(shared), 1))
    correlation = np.where(np.eye(len(size)) > 0, 1 + 1e-9, shared / np.outer(size, size))
    centre, left = smoothed(
        middle, np.sqrt(np.outer(sampling, sampling)) * correlation, PRIORS.ratio_change**2 * correlation
    )
    share = np.sqrt((kept**2 * (variance - sampling) + np.minimum(left, sampling)) / variance)
    return np.asarray(centre[:, None] + share[:, None] * (ratios - middle[:, None]))


def _fitted(
    estimator: Estimator,
    tables: Mapping[dt.date, CaptureTable],
    without: Mapping[dt.date, str],
    seed: int,
) -> tuple[dict[dt.date, AbundanceEstimate], list[Floats], dict[dt.date, str]]:
    """The estimate of each date that has one, its quantiles at the scores, and why others have none."""
    estimates: dict[dt.date, AbundanceEstimate] = {}
    levels: list[Floats] = []
    declined = dict(without)
    for date, table in tables.items():
        try:
            estimate = estimator.fit(table, seed=seed)
        except NotEstimableError as error:
            declined[date] = error.reason
            continue
        at = quantiles_inside(estimate)
        if np.isfinite(at).all():
            estimates[date] = estimate
            levels.append(at)
        else:
            declined[date] = Message("its limits are not finite")
    return estimates, levels, declined


def _notes(snapshots: Snapshots, detail: SeriesDetail, wrong: WrongShare | None) -> tuple[str, ...]:
    """Notes for a reader of the path."""
    notes: list[str] = list(snapshots.notes)
    if not detail.identified:
        notes.append(
            Message(
                "Nothing in the data says how late lists learn of exits, and of which share never, so that "
                "there are bounds alone: at least those known to be inside, at most all who are not known to "
                "have left and those on no list. Add the day on which each list learned of an exit, or state "
                "how late lists learn."
            )
        )
    if detail.left and snapshots.people is not None:
        last = max(detail.left)
        departed, strange = detail.left[last].interval(), detail.wrong[last].interval()
        notes.append(
            Message(
                "Lists learn of exits late, and of some never. Among those whom the lists still show as held "
                "on {day}, between {low:,.0f} and {high:,.0f} people have left (95%); the estimate is "
                "without them.",
                day=last,
                low=departed.low,
                high=departed.high,
            )
        )
        lists = snapshots.people.lists, snapshots.people.audited
        if wrong is not None and wrong.none(*lists):
            notes.append(wrong.sentence(*lists))
        elif wrong is not None:
            law, low, high = wrong.sentence(*lists), strange.low, strange.high
            notes.append(
                Message(
                    "Some entries are of people who do not belong, and mostly have no exit. {law} Of those "
                    "whom the lists still show as held on {day} between {low:,.0f} and {high:,.0f} are taken "
                    "to be such (95%); the estimate is without them.",
                    law=law,
                    day=last,
                    low=low,
                    high=high,
                )
            )
    if any(map(has_prior_of_share, detail.estimates.values())):
        notes.append(
            Message(
                "Of those held the share on lists is Beta(2, 1) beforehand: a large share is more likely "
                "than a small one. Where lists name few, the number is lower for it; where they name nearly "
                "all, it hardly changes."
            )
        )
    if detail.copied:
        notes.append(
            Message(
                "{lists:and} took names from another list, by a column of the data or as the names come too "
                "soon after it. Whom two lists name is then no sign of how many are on neither: the number "
                "is rather too low, and its limits are left as wide as for a single table.",
                lists=detail.copied,
            )
        )
    lasting = (
        Message("that does not fade")
        if detail.ell == math.inf
        else Message("that falls to a third in {n:,.0f} days", n=1.0986 * detail.ell)
    )
    notes.append(
        Message(
            "The errors of the estimates at two dates are taken to be correlated: {rho:.2f} for dates that "
            "lie close, a correlation {lasting}.",
            rho=detail.rho,
            lasting=lasting,
        )
    )
    if detail.declined:
        notes.append(
            Message.counted(
                "1 date has no estimate, and the path goes over it.",
                "{n:,} dates have no estimate, and the path goes over them.",
                n=len(detail.declined),
            )
        )
    return tuple(notes)
