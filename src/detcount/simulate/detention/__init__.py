"""Invented systems of detention: who was held when, what lists know of it, and what is published."""

from __future__ import annotations

from detcount.simulate.detention.parts import Burst, DetaineeList, ReleaseWave, Surge
from detcount.simulate.detention.system import DetentionSystem, detention_system
from detcount.simulate.detention.truth import StockTruth

__all__ = [
    "Burst",
    "DetaineeList",
    "DetentionSystem",
    "ReleaseWave",
    "StockTruth",
    "Surge",
    "detention_system",
]
