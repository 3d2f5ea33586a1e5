"""Log-linear models chosen or averaged by the data, with the choice repeated inside the bootstrap."""

from __future__ import annotations

from detcount.abundance.selection.averaged import AveragedLogLinear, AveragedLogLinearDetail
from detcount.abundance.selection.ranking import CandidateModel
from detcount.abundance.selection.selected import SelectedLogLinear, SelectedLogLinearDetail
from detcount.abundance.selection.stepwise import PairStep, StepwiseLogLinear, StepwiseLogLinearDetail

__all__ = [
    "AveragedLogLinear",
    "AveragedLogLinearDetail",
    "CandidateModel",
    "PairStep",
    "SelectedLogLinear",
    "SelectedLogLinearDetail",
    "StepwiseLogLinear",
    "StepwiseLogLinearDetail",
]
