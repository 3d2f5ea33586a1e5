"""A page on one's own machine: a file is dropped, its columns are ticked, and the report comes back.

The server is of this machine alone and keeps everything in memory. Each file is read and answered by a
process of its own, which is stopped with whatever it holds when somebody says so, or when no page has asked
for it for a while.
"""

from __future__ import annotations

__all__: list[str] = []
