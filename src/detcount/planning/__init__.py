"""Steps not done yet: what the limits would become by an audit, a sample, a visit or one more list."""

from detcount.planning.options import AuditSample, ClusterSample, FurtherList, RandomSample
from detcount.planning.planning import plan
from detcount.planning.result import Mix, Plan, Step

__all__ = ["AuditSample", "ClusterSample", "FurtherList", "Mix", "Plan", "RandomSample", "Step", "plan"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
