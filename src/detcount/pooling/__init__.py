"""One estimate over several tables of one population, such as imputations or linkages that were drawn."""

from detcount.pooling.pooled import Pooled, pool
from detcount.pooling.result import Combine, PooledDetail, RubinRule

__all__ = ["Combine", "Pooled", "PooledDetail", "RubinRule", "pool"]
