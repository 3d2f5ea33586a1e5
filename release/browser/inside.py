"""The web worker of the page in a browser: it answers as the server does, without server or process.

`page.js` sends requests, and the application of `detcount.page.views` answers them. Work waits until the page
shows that it is at work; then it holds this worker until it is done, or until the page ends the worker.
"""

import json
import logging
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import js
from pyodide.ffi import to_js

from detcount.errors import DetcountWarning
from detcount.page.answering import files_of
from detcount.page.pages import STAGES
from detcount.page.protocol import LIMITS
from detcount.page.sessions import Sessions, taken
from detcount.page.views import Views
from detcount.page.worker import Held


class HeldFolder(Held):
    """A folder of files, in the memory of this page."""

    def __init__(self, files, full, lang):
        super().__init__()
        self.files, self.full, self.lang = files, full, lang

    def _do(self, head, body, send):
        """Report on all files, whatever is asked."""
        from detcount.assessment import report

        send({"is": "stage", "stage": "fitting"}, b"")
        with tempfile.TemporaryDirectory() as folder:
            for name, content in self.files:
                file = Path(folder, *PurePosixPath(name).parts[1:])  # without the name of the folder
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            made = report(folder, dayfirst=head["reading"]["dayfirst"] or None)
        send({"is": "stage", "stage": "writing"}, b"")
        shown = made.full() if self.full else made.public()
        for name, content in files_of(shown.document(), shown.record(), self.lang):
            send({"is": "file", "name": name}, content)
        send({"is": "answered"}, b"")


class InWorker(Sessions):
    """The files that are open; what is asked of one waits for `work`."""

    def __init__(self):
        super().__init__(LIMITS)
        self.held, self.waiting = {}, None

    def open(self, name, content):
        """Take a file; the oldest makes room for it."""
        while len(self.opened) >= self.limits.files:
            self.forget(next(iter(self.opened.values())))
        return super().open(name, content)

    def open_folder(self, files, full, lang):
        """Take a folder, and begin its report."""
        found = self.open(PurePosixPath(files[0][0]).parts[0], b"")
        found.files_lang = lang
        self.held[found.key] = HeldFolder(files, full, lang)
        return f"/{found.key}?lang={lang}"

    def forget(self, found):
        """Forget a file, and what was read of it."""
        super().forget(found)
        self.held.pop(found.key, None)

    def _begin(self, found, head):
        """Let work wait."""
        found.fault, found.at_work, found.stage, found.since = None, True, "start", self.clock()
        self.waiting = found, {**head, "name": found.name, "reading": asdict(found.reading)}

    def work(self, lang):
        """Do what waits; the page is shown each stage."""
        found, head = self.waiting
        held = self.held.setdefault(found.key, Held(self.limits))

        def send(head, body):
            if head["is"] == "stage":
                js.postMessage(to_js(["stage", STAGES[head["stage"]].translated(lang)]))
            taken(found, head, body)

        held.do(head, b"" if held.source else found.content, send)
        found.at_work = False


async def answered(app, method, address, kind, body):
    """Ask the application; give the address that it led to, the headers and the content."""
    while True:
        place = urlsplit(address)
        scope = {"type": "http", "method": method, "path": place.path, "query_string": place.query.encode()}
        scope |= {"root_path": "", "headers": [(b"content-type", kind.encode()), (b"host", b"here")]}
        parts = []

        async def receive(body=body):
            return {"type": "http.request", "body": body}

        async def send(part, parts=parts):
            parts.append(part)

        await app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in parts[0]["headers"]}
        if "location" not in headers:
            return [address, json.dumps(headers), b"".join(part.get("body", b"") for part in parts[1:])]
        method, address, kind, body = "GET", headers["location"], "", b""


def begin(lang):
    """Give what answers requests."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it says that it looks for fonts
    warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes of the report
    sessions = InWorker()
    app = Views(sessions, lang, in_browser=True).app()

    async def answer(asked):
        kind, body = asked.type, b""
        if hasattr(asked, "files"):
            files = [(name, content.to_bytes()) for name, content in asked.files]
            method, address = "GET", sessions.open_folder(files, asked.full, asked.lang)
            return to_js(await answered(app, method, address, kind, body))
        method, address = asked.method, asked.address
        if method == "WORK":
            sessions.work(asked.lang)
            method = "GET"
        elif method == "POST":
            body = asked.body.to_bytes()
        return to_js(await answered(app, method, address, kind, body))

    return answer
