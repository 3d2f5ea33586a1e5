"""A page on one's own machine: a file is dropped, its columns are ticked, and the report comes back.

The server can be reached from this machine only, and keeps everything in memory. Each file is read and
answered by a process of its own. The process is stopped, with everything it holds, when the user asks for it,
or when no page has asked for the file for a while.
"""

from __future__ import annotations

__all__: list[str] = []
