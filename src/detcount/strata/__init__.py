"""Strata: split the persons listed, estimate each part by itself or all together, and add up."""

from detcount.strata.changes import CompositionDifference as CompositionDifference
from detcount.strata.composing import composition
from detcount.strata.fit import fit_strata
from detcount.strata.groups import Composition as Composition
from detcount.strata.missing import Imputed as Imputed
from detcount.strata.missing import impute
from detcount.strata.result import StrataResult as StrataResult
from detcount.strata.split import stratify

__all__ = ["composition", "fit_strata", "impute", "stratify"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
