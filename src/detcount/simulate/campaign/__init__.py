"""Invented campaigns of releases: what is announced, what monitors verify, and what happened."""

from __future__ import annotations

from detcount.simulate.campaign.campaign import Campaign, release_campaign
from detcount.simulate.campaign.lots import Batch, Wave, Waves
from detcount.simulate.campaign.parties import Authority, Monitor
from detcount.simulate.campaign.truth import CampaignTruth, PartsTruth, WindowTruth

__all__ = [
    "Authority",
    "Batch",
    "Campaign",
    "CampaignTruth",
    "Monitor",
    "PartsTruth",
    "Wave",
    "Waves",
    "WindowTruth",
    "release_campaign",
]
