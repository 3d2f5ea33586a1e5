"""Stick-breaking latent classes, sampled with the unseen persons integrated out."""

from __future__ import annotations

from detcount._numerics.latent_class.chains import sample, sample_plain, warm_up
from detcount._numerics.latent_class.moves import gibbs_sweep
from detcount._numerics.latent_class.parameters import ClassData, ClassState, class_parameters, initial_state
from detcount._numerics.latent_class.tempered import Ladder, sample_tempered, warm_up_tempered

__all__ = [
    "ClassData",
    "ClassState",
    "Ladder",
    "class_parameters",
    "gibbs_sweep",
    "initial_state",
    "sample",
    "sample_plain",
    "sample_tempered",
    "warm_up",
    "warm_up_tempered",
]
