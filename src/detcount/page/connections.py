"""Connections that say nothing: a page holds so many and no more, and waits so long and no longer."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

BACKLOG = 32
"""Connections that wait until they are taken."""
_MOST = 64  # connections that are open at once
_SECONDS = 20.0  # for a request to come in whole


class Connection(H11Protocol):
    """A connection that is closed where no whole request comes in time, or when it makes room for another."""

    def connection_made(self, transport: Any) -> None:
        """Take a connection; beyond the most, the one that has been silent longest is closed."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self.loop.call_later(_SECONDS, self.close_unless_asked)
        waiting = [each for each in self.connections if isinstance(each, Connection) and not each.asked]
        if len(self.connections) > _MOST and waiting:
            min(waiting, key=lambda each: each.since).transport.abort()

    @property
    def asked(self) -> bool:
        """Whether a request has come in whole."""
        return self.cycle is not None and not self.cycle.more_body

    def close_unless_asked(self) -> None:
        """Close a connection on which nobody asks anything."""
        if not self.asked:
            self.transport.abort()
