"""Answers of each address of the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from detcount.page.pages import policy, rendered, with_bar
from detcount.page.protocol import KINDS, LIMITS, Limits, Question, fault, in_all, question_of_plain
from detcount.page.requests import (
    Guard,
    Refused,
    question_of,
    question_of_folder,
    reading_of,
    sent_fields,
    sent_file,
    sent_folder,
)
from detcount.page.sessions import Full, Opened, Sessions
from detcount.words import Message, languages, translated

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_FILES = {
    "report.html": ("html", "text/html; charset=utf-8"),
    "report.docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "report.xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "record.json": ("json", "application/json"),
}
_EXAMPLE = "kosovo.csv"
_QUICK = 10.0  # seconds of work in which the page looks again often
_OFTEN, _RARELY = 1, 4  # seconds between two looks


def application(
    token: str,
    hosts: tuple[str, ...],
    *,
    lang: str = "en",
    limits: Limits = LIMITS,
    sessions: Sessions | None = None,
) -> Guard:
    """Give the whole: the views behind the guard.

    Parameters
    ----------
    token : str
        The random path.
    hosts : tuple of str
        Names with port that the page is reached by.
    lang : str, optional
        Code of the language to begin with.
    limits : Limits, optional
        What is taken.
    sessions : Sessions, optional
        Where files lie; one of its own by default.

    Returns
    -------
    Guard
        An ASGI application.
    """
    views = Views(sessions or Sessions(limits), lang)
    return Guard(views.app(), token, hosts)


class Views:
    """The views of the files that are open.

    Parameters
    ----------
    sessions : Sessions
        Where files lie.
    lang : str
        Code of the language to begin with.
    in_browser : bool, optional
        Whether a browser answers by itself, without a server.
    """

    def __init__(self, sessions: Sessions, lang: str, in_browser: bool = False) -> None:
        self.sessions = sessions
        self.lang = lang
        self.in_browser = in_browser

    def app(self) -> Starlette:
        """Give the views by their addresses."""
        from starlette.applications import Starlette
        from starlette.exceptions import HTTPException
        from starlette.routing import Route

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            rounds = asyncio.get_running_loop().create_task(self.sessions.keep_forgetting())
            try:
                yield
            finally:
                rounds.cancel()
                with suppress(asyncio.CancelledError):
                    await rounds
                await self.sessions.close()

        return Starlette(
            routes=[
                Route("/", self.start),
                Route("/file", self.file, methods=["POST"]),
                Route("/folder", self.folder, methods=["POST"]),
                Route("/example", self.example, methods=["POST"]),
                Route("/{key}", self.show),
                Route("/{key}/form", self.form),
                Route("/{key}/read", self.read, methods=["POST"]),
                Route("/{key}/ask", self.ask, methods=["POST"]),
                Route("/{key}/stop", self.stop, methods=["POST"]),
                Route("/{key}/forget", self.forget, methods=["POST"]),
                Route("/{key}/{file}", self.download),
            ],
            exception_handlers={
                Refused: self.refused,
                HTTPException: self.not_there,
                Exception: self.unexpected,
            },
            lifespan=lifespan,
        )

    async def start(self, request: Request) -> Response:
        """Ask for a file."""
        from detcount.reading.tables import ENDINGS

        return self._page(request, "start.html", {"endings": ",".join(ENDINGS)})

    async def file(self, request: Request) -> Response:
        """Take a file."""
        return self._opened(request, *await sent_file(request, self.sessions.limits.file_bytes))

    async def folder(self, request: Request) -> Response:
        """Take a folder."""
        return self._opened(request, *await sent_folder(request, self.sessions.limits))

    async def example(self, request: Request) -> Response:
        """Open a table that ships with detcount, as if it had been sent."""
        content = (files("detcount.datasets") / "data" / _EXAMPLE).read_bytes()
        return self._opened(request, _EXAMPLE, content)

    def _opened(self, request: Request, *sent: Any) -> Response:
        """Open a file or a folder, where there is room for it."""
        try:
            found = self.sessions.open(*sent)
        except Full:
            raise Refused(
                503,
                Message(
                    "{n} files are open, and there is no room for another. Forget one of them, or wait a few "
                    "minutes",
                    n=self.sessions.limits.files,
                ),
            ) from None
        return self._go(request, found)

    async def show(self, request: Request) -> Response:
        """Show where the work on a file stands: at work, a report, or the form."""
        found = self._found(request)
        if found.at_work:
            return self._working(request, found)
        return self._report(request, found) if found.answered else self._form(request, found)

    async def form(self, request: Request) -> Response:
        """Show the form, also where there is a report."""
        found = self._found(request)
        return self._working(request, found) if found.at_work else self._form(request, found)

    async def read(self, request: Request) -> Response:
        """Read a file in another way."""
        found = self._found(request)
        reading = reading_of(await sent_fields(request))
        found.question, found.answered = None, False
        self.sessions.look(found, reading)
        return self._go(request, found)

    async def ask(self, request: Request) -> Response:
        """Take a question."""
        found = self._found(request)
        form = await sent_fields(request)
        if found.looked is None:
            return self._go(request, found)
        lang = form.get("answer_lang")
        chosen = lang if isinstance(lang, str) and lang in languages() else self._lang(request)
        if found.parts:
            asked, found.reading = question_of_folder(form, found.looked)
        else:
            asked = question_of(form, len(found.looked["columns"]))
        self.sessions.ask(found, asked, chosen)
        return self._go(request, found)

    async def stop(self, request: Request) -> Response:
        """Stop what is being done on a file."""
        found = self._found(request)
        if found.at_work:
            self.sessions.stop(found)
            words = Message("the work was stopped, and there is no answer. The file is still here")
            found.fault = fault(in_all(words))
        return self._go(request, found)

    async def forget(self, request: Request) -> Response:
        """Forget a file."""
        self.sessions.forget(self._found(request))
        return self._go(request, None)

    async def download(self, request: Request) -> Response:
        """Hand out a file of an answer."""
        from starlette.responses import Response

        found = self._found(request)
        name, media = _FILES.get(request.path_params["file"], ("", ""))
        if not found.answered or name not in found.files:
            raise Refused(
                404,
                Message("there is no such file of this report. Go back, and choose one that is named there"),
            )
        shown = f'attachment; filename="detcount-{request.path_params["file"]}"'
        return Response(found.files[name], media_type=media, headers={"Content-Disposition": shown})

    async def refused(self, request: Request, error: Exception) -> Response:
        """Say why something is not done."""
        assert isinstance(error, Refused)
        values = {"words": translated(error.words, self._lang(request))}
        return self._page(request, "refused.html", values, status=error.status)

    async def not_there(self, request: Request, error: Exception) -> Response:
        """Say that there is no such address."""
        status = getattr(error, "status_code", 404)
        return await self.refused(
            request, Refused(status, Message("there is no such page here. Begin again"))
        )

    async def unexpected(self, request: Request, error: Exception) -> Response:
        """Say that something went wrong, and no more."""
        words = Message(
            "something went wrong that should not ({kind}). Begin again", kind=type(error).__name__
        )
        return await self.refused(request, Refused(500, words))

    def _found(self, request: Request) -> Opened:
        """The file of an address."""
        key = request.path_params["key"]
        found = self.sessions.find(key)
        if found is None:
            words = Message("there is no such file here: it was forgotten, or never sent. Send it again")
            raise Refused(404, self.sessions.forgotten.get(key, words))
        return found

    def _working(self, request: Request, found: Opened) -> Response:
        """The page that says what is being done; it reloads by itself, unless the user stops that."""
        seconds = self.sessions.clock() - found.since
        still = request.query_params.get("still") == "1"
        values = {
            "opened": found,
            "still": still,
            "seconds": Message.counted("{n} second until now.", "{n} seconds until now.", n=int(seconds)),
        }
        page = self._page(request, "working.html", values)
        if not still:
            page.headers["Refresh"] = str(_OFTEN if seconds < _QUICK else _RARELY)
        return page

    def _form(self, request: Request, found: Opened) -> Response:
        """The form for what the columns are, filled in as far as anybody knows."""
        wrong = found.fault or {"words": {}, "ask_for": {}, "sheets": []}
        asked, looked, reading = wrong["ask_for"], found.looked, asdict(found.reading)
        question, kind = found.question, request.query_params.get("kind")
        if question is None:
            question = Question() if looked is None else question_of_plain(looked["question"])
        if kind in KINDS and kind != question.kind:
            question = replace(question, kind=kind, lists=())
        filled = asdict(question) | {name: ", ".join(asked[name]) for name in ("yes", "no") if name in asked}
        filled |= {"blank_is_0": True} if asked.get("blank_is_0") else {}
        filled["columns"] = {(name, role): column for name, role, column in question.columns}
        filled["take"] = dict(question.take)
        lang = self._lang(request)
        values = {
            "opened": found,
            "fault": wrong["words"].get(lang, ""),
            "filled": bool(asked),
            "notices": [notice.get(lang, "") for notice in found.notices],
            "looked": looked,
            "size": "" if looked is None or found.parts else translated(_size(looked), lang),
            "question": filled,
            "reading": reading | {name: asked[name] for name in reading if name in asked},
            "sheets": wrong["sheets"] or ([found.reading.sheet] if found.reading.sheet else []),
            "reread": looked is None or bool(asked.keys() & reading.keys()),
        }
        return self._page(request, "folder.html" if found.parts else "form.html", values)

    def _report(self, request: Request, found: Opened) -> Response:
        """The report, with what can be done with it above."""
        lang = found.files_lang
        names = [name for name, (kind, _) in _FILES.items() if kind in found.files]
        bar = rendered(
            "bar.html", lang, self.sessions.limits, {**self._of(request), "opened": found, "names": names}
        )
        page = with_bar(found.files["html"].decode(), bar)
        return self._html(page, 200)

    def _page(self, request: Request, name: str, values: dict[str, Any], status: int = 200) -> Response:
        """A page in the language that the address asks for."""
        lang = self._lang(request)
        shown = {
            key: translated(value, lang) if isinstance(value, Message) else value
            for key, value in values.items()
        }
        page = rendered(name, lang, self.sessions.limits, {**self._of(request), **shown})
        return self._html(page, status)

    def _html(self, page: str, status: int) -> Response:
        """A page with the policy that allows its style."""
        from starlette.responses import HTMLResponse

        return HTMLResponse(page, status, headers={"Content-Security-Policy": policy(page)})

    def _go(self, request: Request, found: Opened | None) -> Response:
        """Go to the page of a file, or to the first one."""
        from starlette.responses import RedirectResponse

        where = f"{request.scope['root_path']}/{found.key if found else ''}?lang={self._lang(request)}"
        return RedirectResponse(where, 303)

    def _of(self, request: Request) -> dict[str, Any]:
        """Give what every page knows of its address."""
        root = request.scope["root_path"]
        return {"root": root, "here": request.url.path, "in_browser": self.in_browser}

    def _lang(self, request: Request) -> str:
        """The language that an address asks for."""
        lang = request.query_params.get("lang")
        return lang if lang in languages() and lang is not None else self.lang


def _size(looked: dict[str, Any]) -> Message:
    """Rows and columns of a file."""
    return Message(
        "{rows}, {columns}",
        rows=Message.counted("{n:,} row", "{n:,} rows", n=looked["n_rows"]),
        columns=Message.counted("{n:,} column", "{n:,} columns", n=len(looked["columns"])),
    )
