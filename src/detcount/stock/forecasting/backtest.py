"""How well forecasts of a register did: rolling origins, and the totals that were published next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount.errors import NotEstimableError
from detcount.printing import Column, frame_of
from detcount.published import PublishedStock
from detcount.shown import Result
from detcount.stock.forecasting.forecast import (
    LastValue,
    RegisterForecaster,
    checked_forecasters,
    counts_of,
    totals_of,
)
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_LEVELS = (0.8, 0.95)
_QUANTILES = np.arange(1, 10) / 10
_HALF = 0.5
_DEFAULT = (LastValue(),)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RegisterBacktest(Result):
    """How well forecasts of a register did, each made from what was published by its day.

    Parameters
    ----------
    source : str
        Whose register it is.
    forecasters : tuple of RegisterForecaster
        The specifications, in the order of the rows.
    rows : tuple of dict
        A row for each forecaster, origin and total to come: ``forecaster``, ``origin``, ``ahead`` (1 for the
        next total), ``days``, ``date``, ``published``, ``median``, the limits ``low_80``, ``high_80``,
        ``low_95``, ``high_95``, ``error`` (absolute, of the logarithm) and ``pinball`` (mean loss of the nine
        deciles, of the logarithm).
    least : int
        Days with totals that were known at the first origin.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str, optional
        What a reader must know besides.

    See Also
    --------
    backtest_register : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> published = dc.datasets.load("venezuela_stock_2017")
    >>> scored = dc.stock.backtest_register(published, [dc.stock.LastValue()], least=4)
    >>> print(scored.headline())
    next totals of Foro Penal forecast from 14 days: mean absolute log error 0.243 with LastValue
    """

    source: str
    forecasters: tuple[RegisterForecaster, ...]
    rows: tuple[dict[str, Any], ...]
    least: int
    digest: str
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def n_origins(self) -> int:
        """Days at which forecasts were made."""
        return len({row["origin"] for row in self.rows})

    def scores(self) -> list[dict[str, Any]]:
        """Give mean error, cover of the limits, their width on the log scale, and pinball loss.

        Returns
        -------
        list of dict
            A row for each forecaster and number of totals ahead: ``forecaster``, ``ahead``, ``n``, ``error``,
            ``cover_80``, ``cover_95``, ``width_80``, ``pinball``.
        """
        found = []
        for forecaster in self.forecasters:
            name = repr(forecaster)
            for ahead in sorted({row["ahead"] for row in self.rows}):
                rows = [row for row in self.rows if (row["forecaster"], row["ahead"]) == (name, ahead)]
                scores = {"forecaster": name, "ahead": ahead, "n": len(rows), "error": _mean(rows, "error")}
                for level in _LEVELS:
                    low, high = f"low_{level * 100:.0f}", f"high_{level * 100:.0f}"
                    inside = [row[low] <= row["published"] <= row[high] for row in rows]
                    scores[f"cover_{level * 100:.0f}"] = float(np.mean(inside))
                widths = [np.log((row["high_80"] + _HALF) / (row["low_80"] + _HALF)) for row in rows]
                found.append(
                    {**scores, "width_80": float(np.mean(widths)), "pinball": _mean(rows, "pinball")}
                )
        return found

    def to_frame(self) -> pd.DataFrame:
        """Give every forecast and the total that came as a row of a pandas frame."""
        return frame_of([dict(row) for row in self.rows])

    def headline(self) -> Message:
        """Give the error of each forecaster at the next total, in one line."""
        first = [row for row in self.scores() if row["ahead"] == 1]
        best = min(first, key=lambda row: row["error"])
        return Message(
            "next totals of {source} forecast from {n} days: mean absolute log error {error:.3f} with "
            "{forecaster}",
            source=self.source,
            n=self.n_origins,
            error=best["error"],
            forecaster=best["forecaster"].partition("(")[0],
        )

    def sentence(self) -> Message:
        """Say how often limits at 80% held the totals that came."""
        name = repr(self.forecasters[0])
        rows = [row for row in self.rows if row["forecaster"] == name]
        inside = float(np.mean([row["low_80"] <= row["published"] <= row["high_80"] for row in rows]))
        return Message(
            "Of the {n} forecasts with {forecaster}, each made from what was published by its day, limits at "
            "80% held the total that came in {share:.0%}. Neighbouring forecasts overlap, so that they say "
            "less than their number.",
            n=len(rows),
            forecaster=name.partition("(")[0],
            share=inside,
        )

    @property
    def _items(self) -> list[dict[str, Any]]:
        """The scores, a row for each forecaster and number of totals ahead."""
        return self.scores()

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns of the scores."""
        titles = {
            "ahead": (Message("Totals ahead"), ","),
            "n": (Message("Forecasts"), ","),
            "error": (Message("Error"), ".3f"),
            "cover_80": (Message("Cover at 80%"), ".0%"),
            "cover_95": (Message("Cover at 95%"), ".0%"),
            "width_80": (Message("Width at 80%"), ".3f"),
            "pinball": (Message("Pinball loss"), ".3f"),
        }

        def called(row: dict[str, Any]) -> str:
            return str(row["forecaster"]).partition("(")[0]

        return (
            Column(value=called, title=Message("Forecaster")),
            *(Column(name=name, title=title, write=write) for name, (title, write) in titles.items()),
        )

    def __repr__(self) -> str:
        return f"<RegisterBacktest: {self.headline()}>"


def backtest_register(
    stock: PublishedStock,
    forecasters: Sequence[RegisterForecaster] | None = None,
    *,
    ahead: int = 3,
    least: int = 9,
    seed: int = 0,
) -> RegisterBacktest:
    """Forecast the next totals of a register from each day on which one was published, and score them.

    Parameters
    ----------
    stock : PublishedStock
        The totals of one source.
    forecasters : sequence of RegisterForecaster, optional
        Without it `LastValue`; one's own are scored the same way.
    ahead : int, optional
        Totals to come that are forecast from each day.
    least : int, optional
        Days with totals that have to be known before the first forecast, at least 3.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    RegisterBacktest
        Every forecast beside the total that came.

    Raises
    ------
    InputError
        If there are several sources, or a number is out of its range.
    NotEstimableError
        If there are totals of too few days.

    Notes
    -----
    A forecast knows the totals of its own day and of those before. A day with several totals is scored once,
    against the first of its rows.

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> done = stock.backtest_register(totals, [stock.LastValue()])
    >>> done.n_origins, [round(row["error"], 3) for row in done.scores()]
    (22, [0.054, 0.084, 0.114])
    """
    chosen = checked_forecasters("forecasters", _DEFAULT if forecasters is None else forecasters)
    ahead = arguments.whole_number("ahead", ahead, least=1)
    least = arguments.whole_number("least", least, least=3)
    seed = arguments.seed(seed)
    totals = totals_of("backtest_register", stock, least=3)
    days = sorted(set(totals.dates))
    if len(days) <= least:
        raise NotEstimableError(
            "backtest_register",
            Message("needs totals of more than {least} days, got those of {n}", least=least, n=len(days)),
            Message("Begin with fewer totals, or add published ones."),
        )
    known = [sum(date <= day for date in totals.dates) for day in days]  # totals known at the end of a day
    first = {day: totals.dates.index(day) for day in days}
    origins = list(range(least - 1, len(days) - 1))
    targets = [days[k + 1 : k + 1 + ahead] for k in origins]
    distances = [
        np.array([(day - days[k]).days for day in target], dtype=np.float64)
        for k, target in zip(origins, targets, strict=True)
    ]
    rows = []
    for forecaster in chosen:
        draws = forecaster.log_draws(totals, [known[k] for k in origins], distances, seed)
        for k, target, made in zip(origins, targets, draws, strict=True):
            for place, day in enumerate(target):
                came = int(totals.counts[first[day]])
                rows.append(
                    {
                        "forecaster": repr(forecaster),
                        "origin": days[k],
                        "ahead": place + 1,
                        "days": (day - days[k]).days,
                        "date": day,
                        "published": came,
                        **_scored(made[:, place], came),
                    }
                )
    return RegisterBacktest(
        source=totals.source,
        forecasters=chosen,
        rows=tuple(rows),
        least=least,
        digest=totals.digest,
        seed=seed,
        notes=totals.notes,
    )


def _scored(log_draws: Floats, came: int) -> dict[str, float]:
    """What a forecast says of a total, and how far it was off."""
    row: dict[str, float] = {}
    counts = counts_of(log_draws)
    row["median"] = float(np.quantile(counts, 0.5, method="inverted_cdf"))
    for level in _LEVELS:
        tail = (1 - level) / 2
        low, high = np.quantile(counts, [tail, 1 - tail], method="inverted_cdf")
        row[f"low_{level * 100:.0f}"], row[f"high_{level * 100:.0f}"] = float(low), float(high)
    truth = np.log(came + _HALF)
    row["error"] = abs(float(np.log(row["median"] + _HALF) - truth))
    above = truth - np.quantile(log_draws, _QUANTILES)
    row["pinball"] = float(np.maximum(_QUANTILES * above, (_QUANTILES - 1) * above).mean())
    return row


def _mean(rows: list[dict[str, Any]], name: str) -> float:
    """Mean of a column."""
    return float(np.mean([row[name] for row in rows]))
