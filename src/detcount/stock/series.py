"""The stock of every day from estimates at some dates, whose errors are mostly one error."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount._numerics.stock.paths import (
    bridge,
    correlated_scores,
    joined_levels,
    shared_out,
)
from detcount.assumptions import Assumption
from detcount.calibration import Calibrated
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator, StockPath, UncertainCount
from detcount.persons.dates import as_day, number_of
from detcount.stock.correlation import ErrorCorrelation
from detcount.stock.late_exits import LateExits, those_who_left
from detcount.stock.levels import quantiles_of
from detcount.stock.tables import DAY, Snapshots
from detcount.words import Message

__all__ = ["SeriesDetail", "chosen_estimator", "series"]

_N_DRAWS = 4000
_HALF = 0.5


@dataclass(frozen=True, eq=False)
class SeriesDetail:
    """What stands behind a path of `series`.

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
    left : dict of datetime.date to UncertainCount
        Those on the lists, persons, who are taken to have left without any list knowing it; empty where the
        tables were taken as they are.

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


def chosen_estimator(estimator: Estimator | None) -> Estimator:
    """Check an estimator of abundance; `Calibrated` where none was chosen."""
    chosen = Calibrated() if estimator is None else estimator
    if isinstance(chosen, type) or not isinstance(chosen, Estimator):
        raise TypeError(
            Message("estimator: expected an estimator such as Calibrated(), got {got}", got=repr(chosen))
        )
    return chosen


def series(
    estimator: Estimator | None,
    snapshots: Snapshots,
    *,
    correlation: ErrorCorrelation = ErrorCorrelation(),  # noqa: B008  frozen
    variance_of_change: float = 2e-4,
    late_exits: LateExits | None = LateExits(),  # noqa: B008  frozen
    n_draws: int = _N_DRAWS,
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
    snapshots : Snapshots
        The tables; at least two dates have to have an estimate.
    correlation : ErrorCorrelation, optional
        How far the errors at two dates are one error.
    variance_of_change : float, optional
        Variance a day, between the dates, of the logarithm that is joined: the true ups and downs of which
        the tables say nothing.
    late_exits : LateExits or None, optional
        How those are taken out of the tables who left without any list knowing it yet; None takes the tables
        as they are.
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
    *As known at one day* (`as_of` "latest" or a date). With F_t the floor less those of whom no list knows
    yet that they left, on average, U_t = S_t - F_t and v_t = log((U_t + 1/2) / (F_t + 1/2)). At date d, v_d =
    Q_d(Phi(z_d)), with Q_d the quantile function of the estimator's draws and z standard normal with
    correlation rho exp(-abs(s - t) / ell) between two dates. Between dates Q is interpolated level by level,
    z goes on, and a Brownian bridge is added to v. S_t is rounded, and at least the floor of `snapshots`,
    which is a bound if every exit known to the lists is in the data.

    *As known on each day* (`as_of` "day"). The same with log S in place of v: the named do not scale it, so
    that a surge of late entries does not move the stock between the dates.

    *Exits of which no list knows yet* (`late_exits`). The estimator is fitted to the table less those who
    left, on average by capture history, and Q_d is that of its draws times draws of the share who have not
    left. Where no exit was learned after it happened nothing says how late lists learn, and the tables are
    taken as they are.

    An estimator without draws gives Q_d by its limits at all levels. A date whose limits are not finite has
    no answer.

    Examples
    --------
    >>> from detcount import abundance, simulate, stock
    >>> system = simulate.detention_system(n_days=200, seed=2)
    >>> taken = stock.snapshots(system.people, ["2024-10-01", "2024-11-01", "2024-12-01"])
    >>> path = stock.series(abundance.LogLinear(), taken)
    >>> path.at("2024-11-15").median, system.truth.at("2024-11-15")
    (910, 1128)
    """
    chosen = chosen_estimator(estimator)
    if not isinstance(snapshots, Snapshots):
        raise TypeError(Message("snapshots: expected Snapshots, got {kind}", kind=type(snapshots).__name__))
    if not isinstance(correlation, ErrorCorrelation):
        raise TypeError(
            Message("correlation: expected an ErrorCorrelation, got {kind}", kind=type(correlation).__name__)
        )
    variance = arguments.number("variance_of_change", variance_of_change, least=0)
    if not (late_exits is None or isinstance(late_exits, LateExits)):
        raise TypeError(
            Message("late_exits: expected LateExits or None, got {kind}", kind=type(late_exits).__name__)
        )
    n_draws = arguments.whole_number("n_draws", n_draws, least=1)
    seed = arguments.seed(seed)
    left = None if late_exits is None else those_who_left(snapshots, late_exits, seed)
    tables = snapshots.tables if left is None else left.tables
    estimates, levels, declined = _fitted(chosen, tables, snapshots.declined, seed)
    if len(estimates) < 2:
        raise NotEstimableError(
            "series",
            Message("fewer than two dates have an estimate"),
            Message("Take other dates, or report the floor of each day."),
        )
    dates = np.array([number_of(date) for date in estimates], dtype=np.int64)
    days = np.arange(dates[0], dates[-1] + 1)
    first = number_of(snapshots.first_day)
    floor = np.array(
        [snapshots.floors[day - first] if day >= first else 0 for day in days.tolist()], dtype=np.int64
    )
    ell = correlation.days(snapshots)
    rng = np.random.default_rng(seed)
    scores = correlated_scores(dates, days, correlation.rho, ell, n_draws, rng)
    by_day = snapshots.as_of == DAY
    at = dates - days[0]
    base = np.zeros(len(days)) if by_day else floor.astype(np.float64)
    if left is not None:
        levels = [
            shared_out(each, tables[date].n_observed, left.on(number), rng)
            for each, date, number in zip(levels, estimates, dates.tolist(), strict=True)
        ]
        if not by_day:
            base = np.maximum(base - left.mean(days), 0.0)
    quantiles = np.stack([_logarithm(each, base[k], by_day) for each, k in zip(levels, at, strict=True)])
    values = joined_levels(quantiles, dates, days, scores)
    values += bridge(dates, days, variance, n_draws, rng)
    stock = np.exp(values) if by_day else base[:, None] + np.exp(values) * (base[:, None] + _HALF) - _HALF
    draws = np.maximum(np.rint(stock).astype(np.int64), floor[:, None]).T
    gone = {} if left is None else {date: left.count(number_of(date)) for date in estimates}
    exits = Assumption.KNOWN_EXITS if left is None else Assumption.LATE_EXITS
    notes = _notes(snapshots, estimates, declined, gone, correlation.rho, ell)
    return StockPath(
        dates=tuple(map(as_day, days.tolist())),
        draws=draws,
        floor=floor,
        ceiling=np.full(len(days), math.inf),
        anchors=tuple(estimates),
        method=(
            f"series({chosen!r}, correlation={correlation!r}, variance_of_change={variance!r}, "
            f"late_exits={late_exits!r})"
        ),
        assumptions=(*chosen.assumes, exits, Assumption.STATED_CORRELATION),
        digest=snapshots.digest,
        seed=seed,
        notes=notes,
        detail=SeriesDetail(estimates, declined, correlation.rho, ell, variance, gone),
        definition=snapshots.definition,
        estimator=chosen,
    )


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
        at = quantiles_of(estimate)
        if np.isfinite(at).all():
            estimates[date] = estimate
            levels.append(at)
        else:
            declined[date] = Message("its limits are not finite")
    return estimates, levels, declined


def _logarithm(quantiles: Floats, base: float, by_day: bool) -> Floats:
    """Logarithm that is joined: of the stock, or of those who are not certain over those who are."""
    if by_day:
        return np.log(np.maximum(quantiles, _HALF))
    return np.log((np.maximum(quantiles - base, 0) + _HALF) / (base + _HALF))


def _notes(
    snapshots: Snapshots,
    estimates: Mapping[dt.date, AbundanceEstimate],
    declined: Mapping[dt.date, str],
    gone: Mapping[dt.date, UncertainCount],
    rho: float,
    ell: float,
) -> tuple[str, ...]:
    """What a reader must know of the path."""
    notes: list[str] = list(snapshots.notes)
    if gone:
        last, count = list(gone.items())[-1]
        limits = count.interval()
        notes.append(
            Message(
                "Lists learn of exits late, and of some never. Among those whom the lists still show as held "
                "on {day}, between {low:,.0f} and {high:,.0f} people have left (95%); the estimate is "
                "without them.",
                day=last,
                low=limits.low,
                high=limits.high,
            )
        )
    lasting = (
        Message("that does not fade")
        if ell == math.inf
        else Message("that falls to a third in {n:,.0f} days", n=1.0986 * ell)
    )
    notes.append(
        Message(
            "The errors of the estimates at two dates are taken to be correlated: {rho:.2f} for dates that "
            "lie close, a correlation {lasting}.",
            rho=rho,
            lasting=lasting,
        )
    )
    if declined:
        notes.append(
            Message.counted(
                "1 date has no estimate, and the path goes over it.",
                "{n:,} dates have no estimate, and the path goes over them.",
                n=len(declined),
            )
        )
    noted = sum(bool(estimate.notes) for estimate in estimates.values())
    if noted:
        notes.append(
            Message.counted(
                "The estimate of 1 date has notes of its own, in the detail of the path.",
                "The estimates of {n:,} dates have notes of their own, in the detail of the path.",
                n=noted,
            )
        )
    return tuple(notes)
