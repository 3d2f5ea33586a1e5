"""How many of those who came out were on the list before, and so how many the list does not know."""

from detcount.stock.coverage.result import CoverageEstimate, WaveAnswer
from detcount.stock.coverage.specification import CoverageFromReleases
from detcount.stock.coverage.waves import ReleaseWaves

__all__ = ["CoverageEstimate", "CoverageFromReleases", "ReleaseWaves", "WaveAnswer"]
