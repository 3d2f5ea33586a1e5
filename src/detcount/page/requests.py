"""Who may ask, and what they send: this machine's own page alone, and forms that are kept in memory.

A request must name this machine, have the random path, and come from the page itself. If a form is too large,
the rest of it is not read into memory.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from detcount.page.pages import FIELDS
from detcount.page.protocol import KINDS, Limits, Question, Reading
from detcount.words import Message

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
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
_AROUND = 1 << 16  # bytes that a form adds to its file
_FIELDS = 1 << 20
_MOST_FIELDS = 3000
_LONGEST_NAME = 120
_SAMPLE = ("sample", "chosen", "design", "clusters", "inmates")
_DAYS = ("first", "last", "day", "as_of")
_TEXTS = ("names", "yes", "no", "who", "where", "claim", "scope", "fresh", *_DAYS, *_SAMPLE)


class Refused(Exception):
    """A request that is refused.

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
        """Check whether the browser says that a form was sent by our own page; saying nothing is a no."""
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


async def sent_file(request: Request, most: int) -> tuple[str, bytes]:
    """Take a file from a form.

    Parameters
    ----------
    request : Request
        The form.
    most : int
        Bytes that the file may have.

    Returns
    -------
    tuple of (str, bytes)
        Its name, without folders, and its content.

    Raises
    ------
    Refused
        If the file is too large, or there is none.
    """
    form = await _parsed(request, most)
    try:
        found = form.get("file")
        if found is None or isinstance(found, str) or not found.filename:
            raise Refused(422, Message("no file was chosen. Choose one, and send it again"))
        content = await found.read()
    finally:
        await form.close()
    if len(content) > most:
        raise _too_large(most)
    return _plain_name(found.filename), content


async def sent_folder(request: Request, limits: Limits) -> tuple[str, bytes, list[tuple[str, int]]]:
    """Take a folder from a form.

    Parameters
    ----------
    request : Request
        The form.
    limits : Limits
        How many files and bytes are taken.

    Returns
    -------
    tuple of (str, bytes, list of tuple)
        Its name, what its files hold, one after another, and the name of each in it with its bytes.

    Raises
    ------
    Refused
        If there are too many files or bytes, or none.
    """
    form = await _parsed(request, limits.file_bytes, limits.in_folder)
    try:
        sent = [each for each in form.getlist("files") if not isinstance(each, str) and each.filename]
        read = [(PurePosixPath(each.filename or ""), await each.read()) for each in sent]
    finally:
        await form.close()
    if not read:
        raise Refused(422, Message("no folder was chosen, or it is empty. Choose one, and send it again"))
    deep = all(len(name.parts) > 1 for name, _ in read)
    name = _plain_name(read[0][0].parts[0]) if deep else "-"
    parts = [(PurePosixPath(*file.parts[deep:]).as_posix(), len(content)) for file, content in read]
    return name, b"".join(content for _, content in read), parts


async def sent_fields(request: Request) -> FormData:
    """Take the fields of a form that has no file."""
    form = await _parsed(request, _FIELDS)
    await form.close()
    return form


async def _parsed(request: Request, most: int, files: int = 1) -> FormData:
    """Read a form in memory; of one that is too large the rest is passed over, so that the words arrive."""
    from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

    class InMemory(MultiPartParser):
        spool_max_size = most + _AROUND + 1  # beyond it a file would go to the disk

    async def within() -> AsyncGenerator[bytes, None]:
        taken = 0
        async for piece in request.stream():
            taken += len(piece)
            if taken <= most + _AROUND:
                yield piece
        if taken > most + _AROUND:
            raise _too_large(most)

    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            parser = InMemory(request.headers, within(), max_files=files, max_fields=_MOST_FIELDS)
            return await parser.parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(request.headers, within()).parse()
    except MultiPartException:
        if files > 1:
            words = Message("expected a folder of at most {n} files, got more. Take out others", n=files)
            raise Refused(413, words) from None
    raise Refused(400, Message("the form did not come in whole. Send it again"))


def _too_large(most: int) -> Refused:
    """Refusal of what is too large."""
    return Refused(
        413,
        Message(
            "the file is too large: at most {most} MB are taken. Keep only the columns that are needed, or "
            "count the rows by combination of lists; the command detcount assess takes larger files",
            most=max(1, most >> 20),
        ),
    )


def _plain_name(name: str) -> str:
    """Name of a file without folders and line breaks, and not too long."""
    name = PureWindowsPath(PurePosixPath(name).name).name
    name = "".join(letter for letter in name if letter.isprintable()).strip() or "file"
    stem, dot, suffix = name.rpartition(".")
    return name if len(name) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - 10]}{dot}{suffix[:9]}"


def reading_of(form: FormData) -> Reading:
    """Take the options of reading from a form."""
    written = _text(form, "header_row")
    row = whole_number(written)
    if written and not row:
        raise Refused(
            422,
            Message(
                "{field}: expected a whole number of 1 or more, got something else",
                field=FIELDS["header_row"],
            ),
        )
    return Reading(
        sheet=_text(form, "sheet") or None,
        header_row=row or None,
        dayfirst=_text(form, "dayfirst") == "1",
    )


def whole_number(text: str, figures: int = 6) -> int | None:
    """The number that some figures are; None for anything else, and for more figures than it may have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= figures else None


def question_of(form: FormData, n_columns: int) -> Question:
    """Take the question about a file with so many columns from a form."""

    def position(text: object) -> int | None:
        found = whole_number(text) if isinstance(text, str) else None
        return found if found is not None and found < n_columns else None

    def texts(name: str) -> list[str]:
        return [text for text in form.getlist(name) if isinstance(text, str)]

    families = texts("families")
    given: dict[str, Any] = {name: _text(form, name) for name in _TEXTS}
    given |= {name: position(form.get(name)) for name in ("count", "person", "list", "pattern", "by")}
    return Question(
        kind=next((kind for kind in KINDS if kind == _text(form, "kind")), "columns"),
        lists=tuple(sorted({found for text in texts("lists") if (found := position(text)) is not None})),
        blank_is_0=_text(form, "blank_is_0") == "1",
        families=() if set(families) == set(texts("offered")) else tuple(families),
        full=_text(form, "full") == "1",
        **given,
    )


def question_of_folder(form: FormData, looked: Mapping[str, Any]) -> tuple[Question, Reading]:
    """Take the question about a folder that was looked at from a form, and how its days are read."""
    take, columns, once = [], [], []
    for n, each in enumerate(looked["files"]):
        if (kind := _text(form, f"kind{n}")) in looked["kinds"]:
            take.append((each["name"], kind))
        known = [column for column, _ in each["columns"]]
        chosen = {role: whole_number(_text(form, f"{role}{n}")) for role in looked["roles"]}
        stated = {role: known[at] for role, at in chosen.items() if at is not None and at < len(known)}
        seen = {role: column for column, role in each["columns"]}
        columns += [(each["list"], role, c) for role, c in stated.items() if seen.get(role) != c]
        once += [each["list"]] if _text(form, f"once{n}") == "1" else []
    asked = replace(question_of(form, 0), take=tuple(take), columns=tuple(columns), once=tuple(once))
    return asked, Reading(dayfirst=_text(form, "dayfirst") == "1")


def _text(form: FormData, name: str) -> str:
    """Take the text of a field, without spaces around it."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
