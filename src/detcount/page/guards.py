"""Who may ask: this machine by its own name, with the random path, from its own page; and what it may do."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from detcount.words import Message

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send
    from starlette.types import Message as Sent

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers would hide the origin of our own forms
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer says."""
STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of an answer that is no page."""


class Refused(Exception):
    """Something is asked that is not done.

    Parameters
    ----------
    status : int
        Status of the answer.
    words : Message
        Why, and what to do.
    """

    def __init__(self, status: int, words: Message) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class Guard:
    """Let pass only what comes from this machine's own page.

    A page of another site can make a browser ask 127.0.0.1 under a name of its own (the Host is then that
    name), or send a form there (the Origin is then that site). Neither knows the random path.

    Parameters
    ----------
    app : callable
        What answers, below the path.
    token : str
        The random path.
    hosts : tuple of str
        Names with port that the page is reached by.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: tuple[str, ...]) -> None:
        self.app = app
        self.token = token
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with few words and no sign of what is here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        status = self._status(scope["method"], scope["path"], headers)
        if status:
            await _bare(status, send)
            return
        inside = {**scope, "root_path": f"{scope.get('root_path', '')}/{self.token}"}

        async def with_headers(message: Sent) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = HEADERS | {"Content-Security-Policy": STRICT}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in more.items()
                        if name.lower().encode() not in given
                    ),
                ]
            await send(message)

        await self.app(inside, receive, with_headers)

    def _status(self, method: str, path: str, headers: dict[str, str]) -> int:
        """Status of a refusal; 0 where there is none."""
        if headers.get("host") not in self.hosts:
            return 421
        first = path.split("/")[1] if path.startswith("/") else ""
        if not secrets.compare_digest(first.encode(), self.token.encode()):
            return 404
        if method not in ("GET", "HEAD", "POST"):
            return 405
        if method == "POST" and not self._from_here(headers):
            return 403
        return 0

    def _from_here(self, headers: dict[str, str]) -> bool:
        """Whether a form was sent by our own page, as far as the browser says, which has to say something."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            return False
        if site is not None and site != "same-origin":
            return False
        return origin is not None or site is not None


_BARE = {
    403: b"This form was not sent by the page itself.\n",
    404: b"Nothing is here. The whole address stands where detcount page was started.\n",
    405: b"This cannot be asked.\n",
    421: b"Nothing is here under this name.\n",
}


async def _bare(status: int, send: Send) -> None:
    """Refuse."""
    headers = HEADERS | {"Content-Security-Policy": STRICT, "Content-Type": "text/plain; charset=utf-8"}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": _BARE[status]})
