"""The command ``detcount``: a thin layer over the front doors, `linkage`, `datasets`, `reproduce` and `cite`.

Standard output carries the answer and nothing else; messages go to standard error. The exit code is 0 for
every answer, a refusal to give a number included, 1 when a record is not made again, and 2 when data, options
or files are at fault.
"""

from __future__ import annotations

from detcount.cli.command import main

__all__ = ["main"]
