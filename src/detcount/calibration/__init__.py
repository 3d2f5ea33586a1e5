"""Intervals held to populations whose size is known.

The members of one list are a population of known size, and the other lists, cut to it, are real lists of
it, which depend on each other as real lists do. Standard estimators miss most of these populations, and
nearly always below. `Calibrated` learns from cases by how much, and how lists depend on each other, and
carries both to the table at hand; `evaluate` says how any estimator does on cases, those learned from left
out.

>>> import detcount as dc
>>> estimate = dc.Calibrated().fit(dc.datasets.load("korea"))
>>> estimate.interval(0.5).low < estimate.point < estimate.interval(0.5).high
True
"""

from detcount.calibration.calibrated import Calibrated
from detcount.calibration.errors import FOUR_FAMILIES
from detcount.calibration.evaluation import evaluate
from detcount.calibration.result import CalibratedDetail as CalibratedDetail
from detcount.calibration.scored import CaseResult as CaseResult
from detcount.calibration.scored import Evaluation as Evaluation
from detcount.calibration.training import TrainingCases, training_cases
from detcount.datasets.known_truth import cases_from

__all__ = ["FOUR_FAMILIES", "Calibrated", "TrainingCases", "cases_from", "evaluate", "training_cases"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
