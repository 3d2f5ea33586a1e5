"""One estimate over several tables of one population, such as imputations or linkages that were drawn."""

from detcount.pooling.pooled import Pooled as Pooled
from detcount.pooling.pooled import pool
from detcount.pooling.result import RubinRule as RubinRule

__all__ = ["pool"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
