"""Invented data whose truth is known, to see what an estimator makes of it.

Nobody in it exists.

>>> from detcount import simulate
>>> campaign = simulate.release_campaign(seed=3)
>>> campaign.truth.total.carried_out
260
"""

from __future__ import annotations

from detcount.simulate.campaign import Authority as Authority
from detcount.simulate.campaign import Batch, Monitor, release_campaign
from detcount.simulate.campaign import Campaign as Campaign
from detcount.simulate.detention.parts import Burst as Burst
from detcount.simulate.detention.parts import DetaineeList as DetaineeList
from detcount.simulate.detention.parts import ReleaseWave as ReleaseWave
from detcount.simulate.detention.parts import Surge as Surge
from detcount.simulate.detention.system import DetentionSystem as DetentionSystem
from detcount.simulate.detention.system import detention_system
from detcount.simulate.names import Mistakes as Mistakes
from detcount.simulate.names import WrittenList as WrittenList
from detcount.simulate.names import name_lists
from detcount.simulate.populations import Independent, LogitNormal, TwoClasses, population
from detcount.simulate.populations import Mechanism as Mechanism
from detcount.simulate.released import ReleasedList as ReleasedList
from detcount.simulate.released import released_lists

__all__ = [
    "Batch",
    "Independent",
    "LogitNormal",
    "Monitor",
    "TwoClasses",
    "detention_system",
    "name_lists",
    "population",
    "release_campaign",
    "released_lists",
]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
