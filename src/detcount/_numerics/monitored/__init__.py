"""Releases seen by several monitors with delay, who may depend on each other in pairs."""

from __future__ import annotations

from detcount._numerics.monitored.dependence import Edges
from detcount._numerics.monitored.futures import Futures, allocate, draw_futures
from detcount._numerics.monitored.likelihood import (
    Structure,
    chances,
    log_likelihood_of_histories,
    seen_share,
    shares_ever,
    start_and_prior,
)
from detcount._numerics.monitored.registers import Registers, pair_tables, registers
from detcount._numerics.monitored.structures import Weighed, laplace_evidence, weigh_structures

__all__ = [
    "Edges",
    "Futures",
    "Registers",
    "Structure",
    "Weighed",
    "allocate",
    "chances",
    "draw_futures",
    "laplace_evidence",
    "log_likelihood_of_histories",
    "pair_tables",
    "registers",
    "seen_share",
    "shares_ever",
    "start_and_prior",
    "weigh_structures",
]
