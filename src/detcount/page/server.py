"""The server: on this machine alone, without a log, until it is interrupted."""

from __future__ import annotations

import errno
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from detcount.errors import InputError
from detcount.page.views import application
from detcount.words import Message

_HERE = "127.0.0.1"
_TOKEN_BYTES = 18
_BACKLOG = 32  # connections that wait until they are taken
_MOST = 64  # connections that are open at once
_SECONDS = 20.0  # for a request to come in whole
_LAST_ANSWERS = 2  # seconds that answers under way have when the server ends


def serve(port: int, lang: str, started: Callable[[str], None]) -> None:
    """Serve the page until somebody interrupts.

    Parameters
    ----------
    port : int
        The port; 0 takes one that is free.
    lang : str
        Code of the language that the page begins in.
    started : callable
        Takes the address, once it can be opened.

    Raises
    ------
    InputError
        If the port is taken.
    """
    bound = _bound(port)
    number = bound.getsockname()[1]
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    app = application(token, (f"{_HERE}:{number}", f"localhost:{number}"), lang=lang)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                started(f"http://{_HERE}:{number}/{token}/")

    with bound, suppress(KeyboardInterrupt):
        Server(config(app)).run(sockets=[bound])


def config(app: Any) -> uvicorn.Config:
    """Configure the server: no log, no name of the server, nothing taken on trust from other machines."""
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=Connection,
        backlog=_BACKLOG,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )


def _bound(port: int) -> socket.socket:
    """A socket of this machine alone."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.bind((_HERE, port))
    except OSError as error:
        bound.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise InputError(
                Message(
                    "--port: expected a port that is free, got {port}. Choose another, or leave it out",
                    port=port,
                )
            ) from None
        raise
    return bound


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
        """True if a request has come in whole."""
        return self.cycle is not None and not self.cycle.more_body

    def close_unless_asked(self) -> None:
        """Close a connection on which nobody asks anything."""
        if not self.asked:
            self.transport.abort()
