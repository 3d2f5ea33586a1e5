"""What page and workers agree on: limits, and messages, a line of JSON that says how many bytes follow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from detcount.reading.archives import MOST_PARTS, MOST_UNPACKED

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What the page takes, and how long it keeps it.

    Parameters
    ----------
    file_bytes : int, optional
        Bytes of a file.
    unpacked_bytes : int, optional
        Bytes of all parts of a workbook, unpacked.
    parts : int, optional
        Parts of a workbook.
    files : int, optional
        Files that are open at once.
    unseen_at_work : float, optional
        Seconds without a page that asks, after which work is stopped.
    unseen : float, optional
        Seconds without a page that asks, after which a file and its answer are forgotten.
    makes_room : float, optional
        Seconds without a page that asks, after which a file that nobody works on makes room for another.
    """

    file_bytes: int = 100 * MEGABYTE
    unpacked_bytes: int = MOST_UNPACKED
    parts: int = MOST_PARTS
    files: int = 4
    unseen_at_work: float = 300.0
    unseen: float = 1800.0
    makes_room: float = 120.0


LIMITS = Limits()
MOST_HEAD = 1 << 22
"""Bytes of the longest line."""


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Write one message."""
    return json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body


def unpacked_head(line: bytes) -> tuple[dict[str, Any], int]:
    """Read the line of a message: what it says, and how many bytes follow."""
    head = json.loads(line)
    return head, int(head.pop("bytes"))
