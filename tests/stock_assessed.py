"""Assessments of the stock that several tests look at, each made once."""

from functools import cache

from detcount import assess_stock, datasets, simulate
from detcount.assessment import StockAssessment


@cache
def system() -> simulate.DetentionSystem:
    """An invented system of which monitor, authority and lists speak."""
    return simulate.detention_system(n_days=120, seed=2)


@cache
def lists() -> StockAssessment:
    made = system()
    return assess_stock(people=made.people, stock=made.stock, arrests=made.arrests, releases=made.releases)


@cache
def shipped(as_of: str | None = "2025-04-30") -> StockAssessment:
    """The totals that ship, up to a day."""
    names = {name: datasets.load(f"venezuela_{name}") for name in ("stock", "arrests", "releases")}
    return assess_stock(**names, as_of=as_of)
