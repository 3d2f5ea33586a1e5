"""Forms as they come in: kept in memory, cut off where they are too large, and read into questions."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from detcount.page.guards import Refused
from detcount.page.question import KINDS, Kind, Question, Reading
from detcount.page.words import FIELDS
from detcount.words import Message

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

_AROUND = 1 << 16  # bytes that a form adds to its file
_FIELDS = 1 << 20
_MOST_FIELDS = 3000
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Sent:
    """A file that was sent.

    Parameters
    ----------
    name : str
        Its name, without folders.
    content : bytes
        The file.
    """

    name: str
    content: bytes


async def sent_file(request: Request, most: int) -> Sent:
    """Take a file from a form.

    Parameters
    ----------
    request : Request
        The form.
    most : int
        Bytes that the file may have.

    Returns
    -------
    Sent
        The file.

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
    return Sent(_plain_name(found.filename), content)


async def sent_fields(request: Request) -> FormData:
    """Take the fields of a form that has no file."""
    form = await _parsed(request, _FIELDS)
    await form.close()
    return form


async def _parsed(request: Request, most: int) -> FormData:
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
            parser = InMemory(request.headers, within(), max_files=1, max_fields=_MOST_FIELDS)
            return await parser.parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(request.headers, within()).parse()
    except MultiPartException:
        pass
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
    """How a file is to be read."""
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
    """What is asked of a file with so many columns."""
    kind: Kind = next((kind for kind in KINDS if kind == _text(form, "kind")), "columns")

    def position(text: object) -> int | None:
        found = whole_number(text) if isinstance(text, str) else None
        return found if found is not None and found < n_columns else None

    lists = {found for text in form.getlist("lists") if (found := position(text)) is not None}
    offered = [text for text in form.getlist("offered") if isinstance(text, str)]
    families = [text for text in form.getlist("families") if isinstance(text, str)]
    texts = {
        name: _text(form, name)
        for name in ("names", "yes", "no", "who", "where", "first", "last", "day", "claim", "as_of")
    }
    return Question(
        kind=kind,
        lists=tuple(sorted(lists)),
        count=position(form.get("count")),
        person=position(form.get("person")),
        list=position(form.get("list")),
        pattern=position(form.get("pattern")),
        blank_is_0=_text(form, "blank_is_0") == "1",
        families=() if set(families) == set(offered) else tuple(families),
        full=_text(form, "full") == "1",
        **texts,
    )


def _text(form: FormData, name: str) -> str:
    """What a field holds, without spaces around it."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
