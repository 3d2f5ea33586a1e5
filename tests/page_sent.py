"""A page that is served to tests, and a small client of it that sends forms as browsers do."""

import http.client
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from detcount.page.protocol import LIMITS, Limits
from detcount.page.sessions import Sessions
from detcount.page.views import application

BOUNDARY = "----tests-of-detcount"
CSV = "prensa;familias;ong;conteo\n1;0;0;60\n0;1;0;50\n1;1;0;14\n0;0;1;45\n1;0;1;12\n0;1;1;9\n1;1;1;4\n"


def multipart(name: str, content: bytes, key: str = "file") -> bytes:
    """A form with one file."""
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="{key}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@dataclass
class Answered:
    """What a request came to."""

    status: int
    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Client:
    """A person at a browser of this machine, who follows where the page leads."""

    port: int
    token: str
    sessions: Sessions
    seen: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> Answered:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: list[tuple[str, str]] | None = None, **headers: str) -> Answered:
        body = urllib.parse.urlencode(form or []).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", **self._own()}
        return self._ask("POST", path, body, {**kind, **headers})

    def send(self, name: str, content: bytes, lang: str = "en") -> Answered:
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **self._own()}
        return self._ask("POST", f"/{self.token}/file?lang={lang}", multipart(name, content), kind)

    def send_folder(self, files: dict[str, bytes], lang: str = "en") -> Answered:
        """Send a folder as browsers do, which give each file its path in it."""
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **self._own()}
        forms = [multipart(name, content, "files") for name, content in files.items()]
        end = f"--{BOUNDARY}--\r\n".encode()
        body = b"".join(form.removesuffix(end) for form in forms) + end
        return self._ask("POST", f"/{self.token}/folder?lang={lang}", body, kind)

    def wait(self, answered: Answered, most: float = 90) -> Answered:
        """Look again as long as the page says so."""
        until = time.monotonic() + most
        while "refresh" in answered.headers:
            assert time.monotonic() < until, "the work has no end"
            time.sleep(0.1)
            answered = self.get(answered.path)
        return answered

    def _own(self) -> dict[str, str]:
        return {"Origin": f"http://127.0.0.1:{self.port}", "Sec-Fetch-Site": "same-origin"}

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answered:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
            found = {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()
        if response.status == 303:
            return self.get(found["location"])
        return Answered(response.status, found, content, path)


@contextmanager
def served(limits: Limits = LIMITS, clock: Callable[[], float] = time.monotonic) -> Iterator[Client]:
    """Serve the page from a thread, as `serve` does from the main one."""
    import uvicorn

    from detcount.page import server

    bound = server._bound(0)
    port = bound.getsockname()[1]
    sessions = Sessions(limits, clock)
    app: Any = application("tok", (f"127.0.0.1:{port}",), limits=limits, sessions=sessions)
    running = uvicorn.Server(server.config(app))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    try:
        yield Client(port, "tok", sessions)
    finally:
        running.should_exit = True
        thread.join(20)
        bound.close()
        assert not thread.is_alive()
