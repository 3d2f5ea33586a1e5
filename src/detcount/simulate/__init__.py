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
    CampaignTruth,
    Monitor,
    PartsTruth,
    Press,
    Wave,
    Waves,
    WindowTruth,
    release_campaign,
)
from detcount.simulate.detention import (
    Burst,
    DetaineeList,
    DetentionSystem,
    ReleaseWave,
    StockTruth,
    Surge,
    detention_system,
)
from detcount.simulate.names import InventedLists, Mistakes, NamesTruth, WrittenList, name_lists
from detcount.simulate.populations import (
    Independent,
    LogitNormal,
    Mechanism,
    Population,
    TwoClasses,
    population,
)

__all__ = [
    "Authority",
    "Batch",
    "Burst",
    "Campaign",
    "CampaignTruth",
    "DetaineeList",
    "DetentionSystem",
    "Independent",
    "InventedLists",
    "LogitNormal",
    "Mechanism",
    "Mistakes",
    "Monitor",
    "NamesTruth",
    "PartsTruth",
    "Population",
    "Press",
    "ReleaseWave",
    "StockTruth",
    "Surge",
    "TwoClasses",
    "Wave",
    "Waves",
    "WindowTruth",
    "WrittenList",
    "detention_system",
    "name_lists",
    "population",
    "release_campaign",
]
