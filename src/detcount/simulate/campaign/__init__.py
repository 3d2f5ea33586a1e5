"""Invented campaigns of releases: what is announced, what monitors verify, and what happened."""

from __future__ import annotations

from detcount.simulate.campaign.campaign import Campaign, release_campaign
from detcount.simulate.campaign.parties import Authority, Batch, Monitor
from detcount.simulate.campaign.truth import CampaignTruth, PartsTruth, WindowTruth

__all__ = [
    "Authority",
    "Batch",
    "Campaign",
    "CampaignTruth",
    "Monitor",
    "PartsTruth",
    "WindowTruth",
    "release_campaign",
]
