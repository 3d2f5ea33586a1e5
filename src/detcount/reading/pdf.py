"""Tables and numbered lists of a PDF: what is refused, what is read, and what is said of the rest by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from detcount.errors import InputError
from detcount.reading.content import Source
from detcount.reading.documents import NO_TABLE, Builder, Cell, Found
from detcount.reading.grids import Grid
from detcount.reading.layout import items_of, tables_of
from detcount.reading.letters import Pages, pages_of
from detcount.words import N_, Message


@dataclass(frozen=True)
class Tuning:
    """Thresholds from which a PDF is no text.

    Parameters
    ----------
    scan : float, share
        Share of a page that a picture covers, from which it may be a scan. Convention: half.
    unmapped : float, share
        Share of letters without a meaning from which a file is refused. Convention: one in fifty.
    shown : int, pages
        Pages that a note names. Convention: as for rows.
    """

    scan: float = 0.5
    unmapped: float = 0.02
    shown: int = 8


TUNING = Tuning()

_SCAN = N_(
    "{file}: expected a PDF with text, got pictures of pages, of which no letter can be read for certain. "
    "Type the table into a spreadsheet, have a second person compare it, and save it there"
)
_UNMAPPED = N_(
    "{file}: expected a PDF with text, got letters that do not say which they are. Ask who made it for the "
    "spreadsheet, or type the table and have a second person compare it"
)
_NAMES = "nombre"
_NOTES = {
    "hidden": N_("{file}: letters that cannot be seen were left out, on {pages}"),
    "slanted": N_("{file}: letters that are turned against the others were left out, on {pages}"),
    "unmapped": N_(
        "{file}: letters that do not say which they are stand as {sign}, on {pages}. Compare the rows"
    ),
    "fields": N_("{file}: fields of forms, notes or stamps were not read, on {pages}. Compare the rows"),
    "scanned": N_("{file}: pictures without text were not read, on {pages}. Type what they show"),
    "differ": N_("{file}: two programs read different letters on {pages}. Compare the rows with the page"),
    "raised": N_(
        "{file}: small raised signs are taken for references to notes and were left out, on {pages}"
    ),
    "edges": N_(
        "{file}: lines at the edges that come again, and numbers of pages, were left out, on {pages}"
    ),
    "over each other": N_("{file}: letters stand over each other on {pages}. Compare the rows with the page"),
    "right to left": N_(
        "{file}: words written from right to left cannot be told apart for certain on {pages}. Compare the "
        "rows with the page"
    ),
    "outside": N_("{file}: text outside the rows was left out, on {pages}"),
    "heads": N_("{file}: names of columns that come again were left out, on {pages}"),
    "across": N_("{file}: text reaches over two columns in rows on {pages}. Compare the rows with the page"),
    "alone": N_(
        "{file}: rows with one filled cell may continue the row above or be headings, on {pages}. Compare "
        "the rows with the page"
    ),
    "joined": N_("{file}: lines were joined to the rows that they continue, on {pages}"),
    "hyphens": N_("{file}: words parted by a hyphen were put together, on {pages}. Compare the rows"),
    "two in one": N_(
        "{file}: rows between drawn lines may hold several persons, on {pages}. Compare the rows"
    ),
}


@lru_cache(maxsize=2)
def tables_of_pdf(source: Source) -> dict[str, Grid]:
    """Find the tables of a PDF, or its numbered list where it has no table.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    dict of str to Grid
        The tables by name.

    Raises
    ------
    InputError
        If it is damaged or locked, needs too much, has no text or no table, or its letters have no meaning.
    """
    read = pages_of(source)
    notes = _notes_of(source.name, read)
    tables, free, doubts = tables_of(read.pages)
    notes += _noted(source.name, doubts)
    builder = Builder(source.name)
    for table in tables:
        builder.done.append(Found(rows=table.rows, notes=_noted(source.name, table.doubts)))
    if not tables:
        titles, items = items_of(free)
        if not items:
            raise InputError(Message(NO_TABLE, file=source.name))
        if titles:  # whose day counts, as that of titles above names of columns
            items = [*titles, _NAMES, *items]
            notes.append(
                Message(
                    "{file}: the items of the list are taken for a column {name!r}",
                    file=source.name,
                    name=_NAMES,
                )
            )
        builder.done.append(Found("list", [[Cell(pieces=[text])] for text in items]))
    elif free:
        notes += _noted(source.name, {"outside": [line.page for line in free]})
    return builder.grids(notes)


def _notes_of(file: str, read: Pages) -> list[Message]:
    """Refuse a file without text; say what was not read of others."""
    scans = [page.number for page in read.pages if not len(page.codes) and page.found["picture"] > 0.05]
    under = [page.number for page in read.pages if page.found["picture"] > TUNING.scan]
    n_letters = sum(len(page.codes) for page in read.pages)
    n_unmapped = sum(page.found["unmapped"] for page in read.pages)
    if not n_letters or 2 * len({*scans, *under}) > len(read.pages):
        raise InputError(Message(_SCAN, file=file))
    if n_unmapped > TUNING.unmapped * n_letters:
        raise InputError(Message(_UNMAPPED, file=file))
    found = {
        name: [page.number for page in read.pages if page.found[name]]
        for name in ("hidden", "slanted", "unmapped", "fields")
    }
    found |= {"scanned": scans, "differ": read.differ or []}
    notes = _noted(file, found)
    if read.differ is None:
        notes.append(
            Message("{file}: no second program could read it. Compare the rows with the pages", file=file)
        )
    return notes


def _noted(file: str, found: Mapping[str, Iterable[int]]) -> list[Message]:
    """Notes with the pages on which something was found."""
    pages = {name: sorted(+Counter(numbers)) for name, numbers in found.items()}
    return [
        Message(_NOTES[name], file=file, pages=_pages(numbers), sign="\ufffd")
        for name, numbers in pages.items()
        if numbers
    ]


def _pages(numbers: list[int]) -> Message:
    """Pages as a person finds them."""
    more = [Message("{n:,} more", n=len(numbers) - TUNING.shown)] if len(numbers) > TUNING.shown else []
    shown = [*map(str, numbers[: TUNING.shown]), *more]
    return Message.counted("page {pages:and}", "pages {pages:and}", n=len(numbers), pages=shown)
