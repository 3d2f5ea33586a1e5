"""The result as frames: releases day by day, and ratios between sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detcount.releases.process.forecast import Forecast, never_verified
from detcount.releases.process.series import Array

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["daily_frame", "ratio_frame"]

_LEVEL = 0.95
_LEAST = 0.5  # persons: fewer releases than one are taken for half of one
_TAILS = [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]


def daily_frame(forecast: Forecast, main: int, chance: Array, *, cumulative: bool) -> pd.DataFrame:
    """One row a day and quantity; `chance` is that of ever being verified, by draw."""
    import pandas as pd

    frames = []
    days = np.arange(forecast.layout.first, forecast.layout.today + 1)
    dates = pd.to_datetime(days.astype("datetime64[D]"))
    for which, one in enumerate(forecast.series):
        if one.role == "announced":
            continue
        random = np.random.default_rng([forecast.seed, 6, which])
        verified = forecast.by_day(which, random)
        quantities = [("verified in the end", verified)]
        if which == main:
            never = never_verified(forecast.counted(which, days), chance[:, None], random)
            quantities.append(("carried out", verified + never))
        for name, draws in quantities:
            if cumulative:
                draws = draws.cumsum(axis=1)
            low, high = np.quantile(draws, _TAILS, axis=0, method="inverted_cdf")
            frames.append(
                pd.DataFrame(
                    {
                        "date": dates,
                        "quantity": name,
                        "source": one.source,
                        "role": one.role,
                        "median": np.median(draws, axis=0),
                        "low": low,
                        "high": high,
                        "identified_by": "prior",  # the days of releases are told apart by the delay alone
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def ratio_frame(forecast: Forecast, main: int) -> pd.DataFrame:
    """One row a source: what it counts for one release that the main monitor will verify.

    What was announced is divided by the releases of the days it covers.
    """
    import pandas as pd

    rows = []
    own = forecast.ratio(main)
    for which, one in enumerate(forecast.series):
        if which == main:
            continue
        if one.role != "announced":
            ratio = forecast.ratio(which) / own
        else:
            cover = list(one.cover(forecast.layout.first, forecast.layout.today, forecast.layout.today))
            days = np.concatenate([np.arange(one.start[k], one.end[k] + 1) for k in cover])
            released = forecast.counted(main, np.clip(days, None, forecast.layout.today)).sum(axis=1)
            ratio = one.count[cover].sum() / np.maximum(released, _LEAST)
        low, high = np.quantile(ratio, _TAILS)
        rows.append(
            {
                "source": one.source,
                "role": one.role,
                "relative_to": forecast.series[main].source,
                "median": float(np.median(ratio)),
                "low": float(low),
                "high": float(high),
                "n_counts": len(one.plan.rows),
            }
        )
    columns = ["source", "role", "relative_to", "median", "low", "high", "n_counts"]
    return pd.DataFrame(rows, columns=columns)
