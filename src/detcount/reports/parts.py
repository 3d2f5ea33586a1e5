"""Parts of every report: who is counted, what has to hold, notes, the numbers made again, the citation."""

from __future__ import annotations

from collections.abc import Iterable

from detcount.assumptions import Assumption
from detcount.definition import NOT_DEFINED, Definition
from detcount.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from detcount.words import Message, Sentence


def title_part(title: str, definition: Definition | None) -> list[Block]:
    """Say what the report is about, and who is counted."""
    counted = NOT_DEFINED if definition is None else definition.sentence()
    return [Heading(title, 1, "title"), Paragraph(counted)]


def assumptions_part(assumptions: Iterable[Assumption], title: str) -> list[Block]:
    """Say what has to hold; nothing where there is nothing."""
    sentences = tuple(Sentence(assumption.sentence) for assumption in assumptions)
    return [Heading(title, 2, "assumptions"), Bullets(sentences)] if sentences else []


def notes_part(notes: Iterable[str]) -> list[Block]:
    """Say what a reader must know besides; nothing where there is nothing."""
    items = tuple(notes)
    return [Heading(Message("Notes"), 2, "notes"), Bullets(items)] if items else []


def provenance_part(rows: Iterable[tuple[str, str]]) -> list[Block]:
    """Say what it takes to make the numbers again: names, each with its value."""
    title = Message("To make the numbers again")
    heads = (Message("Item"), Message("Value"))
    return [Heading(title, 2, "provenance"), Table(heads, tuple(rows), "ll", caption=title, code=(1,))]


def software_rows(versions: Iterable[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """Say with what software, and from which seed, the numbers were made."""
    software = ", ".join(f"{name} {version}" for name, version in versions)
    return [(Message("Software"), software), (Message("Seed"), str(seed))]


def citation_part(citation: str) -> list[Block]:
    """Say how to cite, an item a line."""
    return [Heading(Message("Citation"), 2, "citation"), Bullets(tuple(citation.splitlines()))]
