"""A record made again: every number of it refitted from the data, and what became of each."""

from __future__ import annotations

from detcount.reproduction.making import reproduce
from detcount.reproduction.result import Reproduction

__all__ = ["Reproduction", "reproduce"]
