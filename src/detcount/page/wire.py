"""What goes between the page and its workers: a line of JSON that says how many bytes follow, then those."""

from __future__ import annotations

import json
from typing import Any

MOST_HEAD = 1 << 22
"""Bytes of the longest line."""


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Write one message."""
    return json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body


def unpacked_head(line: bytes) -> tuple[dict[str, Any], int]:
    """Read the line of a message: what it says, and how many bytes follow."""
    head = json.loads(line)
    return head, int(head.pop("bytes"))
