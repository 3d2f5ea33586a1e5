"""Results: estimates of abundance, uncertain counts, the parts of announced releases, and intervals."""

from __future__ import annotations

from detcount.contract.specification import Specification as Specification
from detcount.estimates.abundance import AbundanceEstimate as AbundanceEstimate
from detcount.estimates.abundance import Estimator as Estimator
from detcount.estimates.count import IdentifiedBySource as IdentifiedBySource
from detcount.estimates.count import UncertainCount as UncertainCount
from detcount.estimates.gap import GapEstimate as GapEstimate
from detcount.estimates.interval import BCaRule as BCaRule
from detcount.estimates.interval import CautiousRule as CautiousRule
from detcount.estimates.interval import Interval as Interval
from detcount.estimates.interval import IntervalRule as IntervalRule
from detcount.estimates.interval import LogNormalRule as LogNormalRule
from detcount.estimates.interval import PercentileRule as PercentileRule
from detcount.estimates.path import StockPath as StockPath
from detcount.estimates.path_flows import PathInterval as PathInterval
from detcount.estimates.result import PRIVATE as PRIVATE
from detcount.estimates.result import provenance as provenance
from detcount.estimates.result import versions as versions
