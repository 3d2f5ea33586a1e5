"""Assessments that many tests look at, made once in a run."""

from __future__ import annotations

from functools import cache

from detcount import datasets
from detcount.assessment import FAMILIES, Assessment, assess

__all__ = ["QUICK", "assessed", "assessed_quickly"]

# Every family but the latent classes, whose chains take most of the time.
QUICK = tuple(family.key for family in FAMILIES if family.key != "latent class")


@cache
def assessed(name: str) -> Assessment:
    """Assess a table that ships."""
    return assess(datasets.load(name))


@cache
def assessed_quickly(name: str) -> Assessment:
    """The same without latent classes."""
    return assess(datasets.load(name), families=QUICK)
