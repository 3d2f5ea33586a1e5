"""Stick-breaking latent classes, sampled with the unseen persons integrated out."""

from __future__ import annotations

from detcount._numerics.latent_class.annealing import Annealed, Tempered, anneal, sample_tempered, tempered
from detcount._numerics.latent_class.gibbs import (
    gibbs_sweep,
    sample,
    sample_plain,
    scattered,
    swap_neighbours,
)
from detcount._numerics.latent_class.parameters import (
    ClassData,
    ClassState,
    SparseTree,
    Tree,
    class_parameters,
    prior_draws,
)
from detcount._numerics.latent_class.posterior import ClassPosterior, agreement, sample_posterior
from detcount._numerics.latent_class.trajectories import Forces, trajectory

__all__ = [
    "Annealed",
    "ClassData",
    "ClassPosterior",
    "ClassState",
    "Forces",
    "SparseTree",
    "Tempered",
    "Tree",
    "agreement",
    "anneal",
    "class_parameters",
    "gibbs_sweep",
    "prior_draws",
    "sample",
    "sample_plain",
    "sample_posterior",
    "sample_tempered",
    "scattered",
    "swap_neighbours",
    "tempered",
    "trajectory",
]
