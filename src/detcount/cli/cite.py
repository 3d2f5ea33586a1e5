"""``detcount cite``: how to cite the library."""

from __future__ import annotations

import argparse


def answer(options: argparse.Namespace) -> str:
    """Say how to cite the library."""
    from detcount.citation import cite

    return cite(options.style)
