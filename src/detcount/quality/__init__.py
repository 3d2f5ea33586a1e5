"""People who should not be on a list: audits of a sample, entries of doubtful kinds, versions of one list."""

from detcount.quality.audits import AuditAnswers, Audited, audit_sample_size
from detcount.quality.trimming import Trimmed
from detcount.quality.versions import Versions
from detcount.quality.withdrawals import Withdrawals

__all__ = ["AuditAnswers", "Audited", "Trimmed", "Versions", "Withdrawals", "audit_sample_size"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
