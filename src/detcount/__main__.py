"""Run the command as ``python -m detcount``."""

from __future__ import annotations

from detcount.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
