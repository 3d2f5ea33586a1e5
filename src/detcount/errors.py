"""Errors and warnings: where, what was expected, what was found, what to do."""

from __future__ import annotations

__all__ = [
    "BoundaryWarning",
    "ConvergenceError",
    "DependenceWarning",
    "DetcountError",
    "DetcountWarning",
    "InputError",
    "MissingExtraError",
    "MixingWarning",
    "NotEstimableError",
    "SparseTableWarning",
]


class DetcountError(Exception):
    """Root of every error that detcount raises on purpose."""


class InputError(DetcountError, ValueError):
    """Data or an argument cannot mean what it says."""


class NotEstimableError(DetcountError, ValueError):
    """The data are valid, and this estimator has no answer for them.

    Parameters
    ----------
    estimator : str
        Name of the estimator that declines.
    reason : str
        What the data lack, without a full stop.
    remedy : str
        What the analyst can do about it, a sentence; it may name code.
    advice : str, optional
        The same for readers of a report, without code; `remedy` where it is not given.
    """

    def __init__(self, estimator: str, reason: str, remedy: str, *, advice: str | None = None) -> None:
        super().__init__(estimator, reason, remedy)
        self.estimator = estimator
        self.reason = reason
        self.remedy = remedy
        self.advice = remedy if advice is None else advice

    def __str__(self) -> str:
        return f"{self.estimator}: {self.reason}. {self.remedy}"


class ConvergenceError(DetcountError, RuntimeError):
    """An iteration stopped before it had converged.

    Parameters
    ----------
    message : str
        What did not converge, and what to do.
    last : object, optional
        The partial answer.
    reason : str, optional
        What a report says of it, without a full stop; None where it has nothing to say to its readers.
    remedy, advice : str, optional
        What to do about it, as in `NotEstimableError`.
    """

    def __init__(
        self,
        message: str,
        last: object = None,
        *,
        reason: str | None = None,
        remedy: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message, last)
        self.message = message
        self.last = last
        self.reason = reason
        self.remedy = remedy
        self.advice = remedy if advice is None else advice

    def __str__(self) -> str:
        return self.message


class MissingExtraError(DetcountError, ImportError):
    """An optional dependency is absent.

    Parameters
    ----------
    what : str
        The function or option that needs it.
    extra : str
        Name of the extra to install.
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, extra)
        self.what = what
        self.extra = extra

    def __str__(self) -> str:
        return f'{self.what} needs the extra {self.extra!r}: pip install "detcount[{self.extra}]"'


class DetcountWarning(UserWarning):
    """Root of every warning; its text also stands in the notes of the result."""


class SparseTableWarning(DetcountWarning):
    """Lists share nobody, or the cells that drive an estimate are empty."""


class BoundaryWarning(DetcountWarning):
    """An estimate sits on the number of persons listed, or a parameter on its bound."""


class DependenceWarning(DetcountWarning):
    """A diagnostic contradicts a stated assumption."""


class MixingWarning(DetcountWarning):
    """Chains disagree, by R-hat or effective sample size."""
