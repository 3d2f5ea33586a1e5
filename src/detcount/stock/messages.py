"""Sentences of the rooms of people held, by key."""

from __future__ import annotations

from detcount.contract.arguments import Sentences

message = Sentences("detcount.stock")
