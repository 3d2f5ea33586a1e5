"""Run the command: ``detcount``, or ``python -m detcount``."""

from __future__ import annotations

import sys


def run() -> int:
    """Run the command; an interruption ends it with one line, however much is imported by then."""
    try:
        from detcount.cli import main

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("detcount: interrupted\n")
        return 130


if __name__ == "__main__":
    raise SystemExit(run())
