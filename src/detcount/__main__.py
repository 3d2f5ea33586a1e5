"""Run the command: ``detcount``, or ``python -m detcount``."""

from __future__ import annotations

import os
import sys

_INTERRUPTED = 130


def run() -> int:
    """Run the command; an interruption ends it with one line, however much is imported by then."""
    try:
        from detcount.cli import main

        code = main()
    except KeyboardInterrupt:
        sys.stderr.write("detcount: interrupted\n")
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        # Python would end by the signal where compiled code was being imported when it came
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    raise SystemExit(run())
