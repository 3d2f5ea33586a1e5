"""Invented data whose truth is known, to see what an estimator makes of it.

Nobody in it exists.

>>> from detcount import simulate
>>> campaign = simulate.release_campaign(seed=3)
>>> campaign.truth.total.carried_out
260
"""

from __future__ import annotations

from detcount.simulate.campaign import (
    Authority,
    Batch,
    Campaign,
    Monitor,
    Wave,
    Waves,
    release_campaign,
)
from detcount.simulate.detention.parts import Burst, DetaineeList, ReleaseWave, Surge
from detcount.simulate.detention.system import DetentionSystem, detention_system
from detcount.simulate.names import Mistakes, WrittenList, name_lists
from detcount.simulate.populations import Independent, LogitNormal, TwoClasses, population
from detcount.simulate.populations import Mechanism as Mechanism

__all__ = [
    "Authority",
    "Batch",
    "Burst",
    "Campaign",
    "DetaineeList",
    "DetentionSystem",
    "Independent",
    "LogitNormal",
    "Mistakes",
    "Monitor",
    "ReleaseWave",
    "Surge",
    "TwoClasses",
    "Wave",
    "Waves",
    "WrittenList",
    "detention_system",
    "name_lists",
    "population",
    "release_campaign",
]
