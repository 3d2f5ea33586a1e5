"""The server: on this machine alone, without a log, until it is interrupted."""

from __future__ import annotations

import errno
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from detcount.errors import InputError
from detcount.page.views import application
from detcount.words import Message

if TYPE_CHECKING:
    import uvicorn

_HERE = "127.0.0.1"
_TOKEN_BYTES = 18
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
    import uvicorn

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
    """How a page is served: no log, no name of the server, nothing taken on trust from other machines."""
    import uvicorn

    from detcount.page.connections import BACKLOG, Connection

    return uvicorn.Config(
        app,
        loop="asyncio",
        http=Connection,
        backlog=BACKLOG,
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
