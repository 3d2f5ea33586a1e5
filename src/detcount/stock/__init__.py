"""How many are held, day by day: from lists with dates, taken at many days."""

from __future__ import annotations

from detcount.stock.snapshots import snapshots
from detcount.stock.tables import Snapshots

__all__ = ["Snapshots", "snapshots"]
