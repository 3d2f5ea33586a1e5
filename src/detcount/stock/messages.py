"""Sentences of the rooms of people held, by key."""

from __future__ import annotations

from detcount.words.by_key import Messages

message = Messages("detcount.stock")
