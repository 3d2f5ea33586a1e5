"""What is known of an integrated path besides the path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class IntegratedDetail:
    """How an integrated path was made.

    Parameters
    ----------
    register : str
        Whose register.
    published : dict of datetime.date to int
        Its totals that were used, persons.
    constants : dict of str to tuple of float
        Limits at 95% and the median of what holds for all of the time: ``coverage`` and ``brief_share``
        as shares, ``entry_delay``, ``exit_delay``, ``stay`` and ``brief_stay`` in days.
    ratio : float
        Upper over lower limit of the stock at 95%, the median over the days.
    n_paths : int
        Paths that the anchors choose from.
    effective_paths : float
        How many of them the choice is worth: with anchors the median over their joint draws, without them
        the draws from which the paths come.
    softened : float
        Power to which the weights of the choice were taken; 1 where they were taken whole.
    n_modes : int
        Readings of the published flows that were kept apart, such as a wave of arrests or a surge of late
        entries.
    acceptance : float
        Share of the last moves of the sampler that were accepted.

    Examples
    --------
    >>> import detcount as dc
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": ["2025-01-06", "2025-01-13"], "source": ["monitor"] * 2, "count": [900, 870]}
    ...     | {"role": ["verified"] * 2}
    ... )
    >>> path = dc.stock.IntegratedStock(register="monitor", coverage=(0.33, 0.9)).fit(stock)
    >>> path.detail.register
    'monitor'
    """

    register: str
    published: Mapping[dt.date, int]
    constants: Mapping[str, tuple[float, float, float]]
    ratio: float
    n_paths: int
    effective_paths: float
    softened: float
    n_modes: int
    acceptance: float
