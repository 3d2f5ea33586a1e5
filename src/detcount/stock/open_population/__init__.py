"""Populations that people enter and leave, from rosters that are taken anew each time."""

from __future__ import annotations

from detcount.stock.open_population.jolly_seber import JollySeber
from detcount.stock.open_population.result import OpenPopulation, OpenQuantity
from detcount.stock.open_population.robust_design import RobustDesign

__all__ = ["JollySeber", "OpenPopulation", "OpenQuantity", "RobustDesign"]
