"""Stick-breaking latent classes, sampled with the unseen persons integrated out."""

from __future__ import annotations

from detcount._numerics.latent_class.annealing import Annealed, Ladders, anneal, ladders, sample_ladders
from detcount._numerics.latent_class.gibbs import (
    gibbs_sweep,
    sample,
    sample_plain,
    scattered,
    swap_neighbours,
)
from detcount._numerics.latent_class.parameters import ClassData, ClassState, class_parameters, prior_draws
from detcount._numerics.latent_class.posterior import ClassPosterior, agreement, sample_posterior
from detcount._numerics.latent_class.trajectories import Forces, trajectory

__all__ = [
    "Annealed",
    "ClassData",
    "ClassPosterior",
    "ClassState",
    "Forces",
    "Ladders",
    "agreement",
    "anneal",
    "class_parameters",
    "gibbs_sweep",
    "ladders",
    "prior_draws",
    "sample",
    "sample_ladders",
    "sample_plain",
    "sample_posterior",
    "scattered",
    "swap_neighbours",
    "trajectory",
]
