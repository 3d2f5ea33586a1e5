"""Interactions that are stated, since the listed cannot show them: of all the lists, or of two."""

from __future__ import annotations

from detcount.abundance.no_interaction.highest_order import NoHighestOrderInteraction
from detcount.abundance.no_interaction.pairwise import PairwiseNoInteraction

__all__ = ["NoHighestOrderInteraction", "PairwiseNoInteraction"]
