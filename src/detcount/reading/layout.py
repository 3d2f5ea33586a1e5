"""Letters of pages put together: words, lines, columns and rows of tables, with or without drawn lines.

Nothing is joined or left out in silence: what is in doubt is counted by page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from typing import Any

import numpy as np

from detcount._numerics.arrays import bincount
from detcount.reading.documents import Cell
from detcount.reading.grids import LOOKED_AT, is_data
from detcount.reading.headers import names_a_column
from detcount.reading.letters import Page


@dataclass(frozen=True)
class Tuning:
    """Distances on a page by which letters are put together; the unit is the height of a letter.

    Parameters
    ----------
    one_line : float, heights
        Difference of the lines on which letters of one line stand. Convention: half of a small letter.
    blank : float, heights
        Gap that is a blank between words, where the file writes none. Convention: fonts have .22 to .30.
    joined : float, heights
        Gap within a word. Convention: pairs of letters are moved by .05 at most.
    column : float, heights
        Gap between columns. Convention: two blanks.
    raised : float, share
        Height of a reference to a note over that of letters beside it. Convention: programs use .58 to .84.
    touching : float, points
        Distance of drawn lines that meet. Convention: three times the width of a line.
    one_row : float, heights
        Distance of lines of text below which they are of one row. Convention: none are set closer.
    wider : float, ratio
        Distance of rows over that of lines within one, from which it parts rows. Convention: a fifth more.
    full : float, share
        Share of the fullest rows that a row fills which shows where the columns are. Convention: four fifths.
    crossing : float, share
        Share of rows whose text may reach over a gap between columns. Convention: one in thirty.
    farthest : float, heights
        Distance of rows from which it says nothing of the lines within one. Convention: four lines.
    most_lines : int, lines
        Lines of a row between drawn lines. Convention: cells of lists have two or three.
    edge : int, lines
        Lines at the top and at the foot of a page that may come again on others. Convention: three.
    crowded : int
        Drawn lines or small letters of a page beyond which they say nothing. Convention: ten times a list's.
    apart : float, distances
        Distance to the rows above from which text is none of the table. Convention: two and a half lines.
    boxes : int
        Boxes of one cell each on a page from which they are no tables. Convention: four rows of three.
    """

    one_line: float = 0.3
    blank: float = 0.16
    joined: float = 0.06
    column: float = 0.55
    raised: float = 0.9
    touching: float = 2.5
    one_row: float = 0.75
    wider: float = 1.2
    full: float = 0.8
    crossing: float = 0.033
    farthest: float = 4.0
    most_lines: int = 8
    edge: int = 3
    crowded: int = 2_000
    apart: float = 2.5
    boxes: int = 12


TUNING = Tuning()

_RAISED = [*map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹")]
_LATIN = re.compile("[A-Za-z]{2}")
_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
_PAGE_NUMBER = re.compile(r"\D{0,24}\d{1,4}(\D{1,12}\d{1,4})?\D{0,3}")
_ITEM = re.compile(r"\(?\d{1,5}\s?[.)\]°ºª:–-]+\s*(?=\D|$)|[.)-]+\d{1,5}\s+|[•▪◦●·*–—-]\s+")
_PARTED, _ARTICLE = re.compile(r"\w-$"), len("ibn-")
_MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")


Rule = tuple[float, float, float]
"""A drawn line: its place, where it begins, and where it ends."""
Zone = tuple[float, float]
"""Where a column begins and ends."""
Doubts = dict[str, Counter[int]]
"""What is in doubt: how often on which page."""


@dataclass(repr=False)
class Chunk:
    """Words of a line without a wide gap between them."""

    left: float
    right: float
    text: str


@dataclass(repr=False)
class Line:
    """Chunks on one line of a page."""

    page: int
    base: float
    height: float
    chunks: list[Chunk]
    ruled: bool = False  # whether a line is drawn above it

    @property
    def texts(self) -> list[str]:
        """The text of each chunk."""
        return [chunk.text for chunk in self.chunks]

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(self.texts)


@dataclass(repr=False)
class Part:
    """Lines of a table on one page, and the lines drawn around its cells."""

    lines: list[Line]
    upright: list[Rule] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)

    @property
    def walls(self) -> list[float]:
        """Places of its upright lines."""
        return _apart(place for place, _, _ in self.upright)


@dataclass(repr=False)
class Laid:
    """A table: text above it, its parts, its rows, and what is in doubt."""

    titles: list[Line]
    parts: list[Part]
    rows: list[list[Cell]] = field(default_factory=list)
    merged: set[int] = field(default_factory=set)  # columns in which cells reach into the next row
    doubts: Doubts = field(default_factory=lambda: defaultdict(Counter))


Placed = list[tuple[Line, dict[int, str]]]
"""Lines with their texts by column."""


# Letters to lines.


def _is_right_to_left(text: str) -> bool:
    """Tell whether a letter of a text is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _logical(units: Sequence[str]) -> str:
    """A text as it is read, of units as they stand from left to right."""
    if not any(map(_is_right_to_left, units)):
        return unicodedata.normalize("NFC", "".join(units))
    level = [not _is_right_to_left(unit) and any(map(str.isalnum, unit)) for unit in units]
    runs: list[list[str]] = [[]]
    for k, unit in enumerate(units):  # a sign between digits or Latin letters is one of them
        joins = level[max(k - 1, 0)] and (
            level[k] or (not _is_right_to_left(unit) and any(level[k + 1 : k + 2]))
        )
        level[k] |= joins
        runs[-1:] = [[*runs[-1], unit]] if joins else [runs[-1], [unit]]
    text = "".join("".join(run) for run in reversed(runs))
    first = next((sign for sign in text if sign in "()[]{}«»"), " ")
    return unicodedata.normalize("NFC", text.translate(_MIRRORED) if first in ")]}»" else text)


def _beside(left: str, right: str) -> str:
    """Two texts of one line in the order in which they are read."""
    return f"{right} {left}".strip() if _is_right_to_left(left + right) else f"{left} {right}".strip()


def _lines_of(page: Page, upright: Sequence[Rule], doubts: Doubts) -> list[Line]:
    """Put the letters of a page into lines, from the top down."""
    boxes = page.letters
    usual = float(np.median(boxes[:, 3])) if len(boxes) else 0.0
    small = (boxes[:, 3] < TUNING.raised * usual) & ~np.isin(page.codes, [*map(ord, " -.,")])
    raised = set[int]()
    for k in np.flatnonzero(small) if small.sum() < TUNING.crowded else ():
        _, right, base, height = boxes.T
        near = (np.abs(right - boxes[k, 0]) < usual) & (base > boxes[k, 2]) & (base < boxes[k, 2] + usual)
        raised |= {int(k)} if (near & (height * TUNING.raised > boxes[k, 3])).any() else set()
    raised.update(np.flatnonzero(np.isin(page.codes, _RAISED)).tolist())
    doubts["raised"][page.number] += len(raised)
    groups: list[list[int]] = []
    begun = -np.inf
    for k in np.lexsort((boxes[:, 0], boxes[:, 2])).tolist():
        if k not in raised:
            if boxes[k, 2] - begun > TUNING.one_line * max(min(boxes[k, 3], usual), usual / 2):
                groups.append([])
                begun = boxes[k, 2]
            groups[-1].append(k)
    marks = [code for code in {*page.codes.tolist()} if unicodedata.category(chr(code)) == "Mn"]
    before = np.isin(page.codes, marks)  # marks stand where the letter does that is before them in the file
    order = [sorted(group, key=lambda k: (boxes[k - before[k], 0], k)) for group in groups]
    lines = [_line(page, group, upright, doubts) for group in order]
    return [line for line in lines if line.chunks]


def _line(page: Page, group: list[int], upright: Sequence[Rule], doubts: Doubts, again: bool = False) -> Line:
    """Letters of one line as chunks; those over each other `again` in the order of the file."""
    base, height = float(page.letters[group, 2].max()), float(np.median(page.letters[group, 3]))
    walls = [x for x, top, bottom in upright if top - 1 <= base - height / 4 <= bottom + 1]
    made: list[tuple[float, float, list[str]]] = []
    blank, edge, last = False, -np.inf, (0.0, 0.0, "")
    spacing, blanks = page.spacing, page.blanks
    over = unsure = False
    for k in group:
        left, right = page.letters[k, :2].tolist()
        letter = chr(page.codes[k])
        same, gap = (left, right) == last[:2], left - edge - spacing * (1 + blank)
        # letters that are drawn twice, as bold ones are by some programs
        if (
            letter.isspace()
            or unicodedata.category(letter) == "Cf"
            or (letter == last[2] and abs(left - last[0]) < height / 10 and not same)
        ):
            blank |= letter.isspace()
            continue
        letter, last = _FORMS.sub(_plain, letter), (left, right, letter)
        if made and (same or unicodedata.category(letter) == "Mn"):
            unit = made[-1][2][-1] + letter
            is_alef = unit[-1] == "ل" and unit[0] in "اأإآٱ"  # a ligature, whose letters come in either order
            made[-1][2][-1] = unit[::-1] if is_alef else unit
            unsure |= len(unit) > 1 and "ل" not in unit and _is_right_to_left(letter)
            continue
        turned = bool(made) and _is_right_to_left(letter) and _is_right_to_left(made[-1][2][-1])
        unsure |= turned and not blank and TUNING.joined < gap / height < TUNING.column
        unplaced = page.found["moved"] and bool(made) and _is_right_to_left(letter + made[-1][2][-1])
        wide = gap > TUNING.column * height or (
            blanks and not blank and not turned and not unplaced and gap > TUNING.blank * height
        )
        wall = gap > -height / 2 and any(edge - 1 < x < left + 1 for x in walls)
        if not made or wall or wide or (again and gap < -height / 2):
            made.append((left, right, []))
            edge = right if again else max(edge, right)
        elif blank or gap > TUNING.blank * height:
            made[-1][2].append(" ")
        over |= bool(made[-1][2]) and not turned and gap < -min(right - left, height) / 2
        made[-1][2].append(letter)
        edge, blank = max(edge, right), False
        made[-1] = (made[-1][0], max(made[-1][1], right), made[-1][2])
    if over and not again and not any(_is_right_to_left(unit) for *_, units in made for unit in units):
        return _line(page, sorted(group), upright, doubts, True)
    chunks = [Chunk(left, right, _logical(units)) for left, right, units in made]
    turned_texts = [chunk.text for chunk in chunks if _is_right_to_left(chunk.text)]
    unsure |= any(_LATIN.search(text) for text in turned_texts)  # either may come first
    doubts["over each other"][page.number] += over or again
    doubts["right to left"][page.number] += unsure
    return Line(page.number, base, height, chunks)


def _plain(found: re.Match[str]) -> str:
    """The letters of a drawn form."""
    return unicodedata.normalize("NFKC", found[0])


# Drawn lines to regions.


def _drawn(page: Page) -> tuple[list[Rule], list[Rule]]:
    """Upright and level lines of a page; pieces of one line are put together."""
    left, right, top, bottom = page.rules.T
    across = right - left >= bottom - top
    upright = np.stack([(left + right) / 2, top, bottom], axis=1)[~across]
    level = np.stack([(top + bottom) / 2, left, right], axis=1)[across]
    lines = _joined(upright), _joined(level)
    return lines if sum(map(len, lines)) < TUNING.crowded else ([], [])


def _joined(pieces: Any) -> list[Rule]:
    """Pieces on one line as longer ones."""
    places = _apart(pieces[:, 0].tolist())
    made: list[Rule] = []
    of = np.searchsorted(places, pieces[:, 0], side="right") - 1
    for k, begin, end in sorted(zip(of.tolist(), *pieces[:, 1:].T.tolist(), strict=True)):
        if made and made[-1][0] == places[k] and begin - made[-1][2] <= TUNING.touching:
            made[-1] = (places[k], made[-1][1], max(made[-1][2], end))
        else:
            made.append((places[k], begin, end))
    return made


def _apart(places: Iterable[float]) -> list[float]:
    """Places of which those that touch count as one."""
    made: list[float] = []
    for place in sorted(places):
        if not made or place - made[-1] > TUNING.touching:
            made.append(place)
    return made


def _regions(upright: Sequence[Rule], level: Sequence[Rule]) -> list[Part]:
    """Drawn lines that meet each other, where they make cells; without any text yet."""
    near, parts = TUNING.touching, list[tuple[set[Rule], set[Rule]]]()
    for x, top, bottom in upright:
        met = {
            (y, left, right)
            for y, left, right in level
            if left - near <= x <= right + near and top - near <= y <= bottom + near
        }
        others = [part for part in parts if part[1] & met]
        parts = [part for part in parts if not part[1] & met]
        beside = {(x, top, bottom)}.union(*(part[0] for part in others))
        parts.append((beside, met.union(*(part[1] for part in others))))
    made = [Part([], sorted(x), sorted(y)) for x, y in parts if len(x) > 1 and len(y) > 1]
    boxes = [part for part in made if len(part.upright) == len(part.level) == 2]
    return made if 2 * len(boxes) < len(made) or len(boxes) < TUNING.boxes else []  # a box around each cell


def _covers(lines: Sequence[Rule], at: float, point: float) -> bool:
    """Tell whether a line is drawn at a place."""
    near = TUNING.touching
    return any(abs(place - at) < near and begin - 1 <= point <= end + 1 for place, begin, end in lines)


# Lines to tables.


def tables_of(pages: Iterable[Page]) -> tuple[list[Laid], list[Line], Doubts]:
    """Tables of a document in their order, text that is in none of them, and doubts that are of none."""
    doubts: Doubts = defaultdict(Counter)
    parts: list[list[Part]] = []
    rests: list[list[Line]] = []
    for page in pages:
        upright, level = _drawn(page)
        inside, rest = _in_regions(_regions(upright, level), _lines_of(page, upright, doubts))
        if not any(_names_columns(line.texts) for line in rest):
            rest = [*map(_with_marks, rest)]
        above = -np.inf
        level = [rule for rule in level if not any(_underlines(rule, line) for line in rest)]
        for line in rest:
            low, high = max(line.base - 2 * line.height, above), line.base - line.height / 2
            above = line.base
            line.ruled = any(
                low < y < high and a < line.chunks[-1].right and b > line.chunks[0].left for y, a, b in level
            )
        parts.append(inside)
        rests.append(rest)
    rests = _without_edges(rests, any(parts), doubts)
    tables: list[Laid] = []
    free: list[Line] = []  # text since the last table
    for inside, rest in zip(parts, rests, strict=True):
        bottom = -np.inf
        for part in sorted([*inside, *_beside_each_other(rest)], key=lambda part: part.lines[0].base):
            _add(part, tables, free, part.lines[0].base - bottom)
            bottom = part.lines[-1].base
    found: list[Laid] = []
    for table in reversed(tables):  # a letterhead is no table, but its day may be that of the next
        lines = [line for part in table.parts for line in part.lines]
        if len(lines) > 2 or table.parts[0].upright or len(tables) == 1:
            found.insert(0, table)
        else:
            (found[0].titles if found else free)[:0] = [*table.titles, *lines]
    for table in found:
        _fill(table)
    return found, free, doubts


def _with_marks(line: Line) -> Line:
    """A line whose items stand in one chunk with the numbers or dots before them."""
    marks, texts = line.chunks[::2], line.chunks[1::2]
    if len(marks) != len(texts) or not all(_ITEM.fullmatch(f"{mark.text} ") for mark in marks):
        return line
    both = [Chunk(a.left, b.right, f"{a.text} {b.text}") for a, b in zip(marks, texts, strict=True)]
    return Line(line.page, line.base, line.height, both, line.ruled)


def _beside_each_other(lines: Iterable[Line]) -> list[Part]:
    """Lines so close that they are of one row, as where names of one line stand beside names of two."""
    parts: list[Part] = []
    for line in lines:
        if parts and line.base - parts[-1].lines[-1].base < TUNING.one_row * line.height:
            parts[-1].lines.append(line)
        else:
            parts.append(Part([line]))
    return parts


def _underlines(rule: Rule, line: Line) -> bool:
    """Tell whether a drawn line underlines words."""
    below = 0 < rule[0] - line.base < TUNING.one_line * line.height
    return below and any(c.left - 1 < rule[1] and rule[2] < c.right + 1 for c in line.chunks)


def _without_edges(pages: list[list[Line]], ruled: bool, doubts: Doubts) -> list[list[Line]]:
    """Lines of pages without those at the edges that come again, but for the first; and page numbers."""
    if len(pages) < 2:
        return pages
    keys = [[(line.text, round(line.base / 4)) for line in lines] for lines in pages]
    often = Counter(key for page in keys for key in {*page[: TUNING.edge], *page[-TUNING.edge :]})
    ends = [
        [line for line in (*lines[:1], *lines[-1:]) if _PAGE_NUMBER.fullmatch(line.text)] for lines in pages
    ]
    drop = (
        {id(line) for lines in ends for line in lines}
        if 2 * sum(map(bool, ends)) > len(pages)
        else set[int]()
    )
    seen = set[tuple[str, int]]()
    for lines, page in zip(pages, keys, strict=True):
        for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
            for k in order[: TUNING.edge]:
                again = 1 < often[page[k]] >= len(pages) / 2 and len(lines[k].chunks) < 2 + ruled
                if not again and id(lines[k]) not in drop:
                    break
                drop |= {id(lines[k])} if page[k] in seen else set()
                seen.add(page[k])
    for lines in pages:
        doubts["edges"].update(line.page for line in lines if id(line) in drop)
    return [[line for line in lines if id(line) not in drop] for lines in pages]


def _in_regions(parts: list[Part], lines: list[Line]) -> tuple[list[Part], list[Line]]:
    """Parts of tables with the lines of text within them, and the lines that are in none."""
    rest: list[Line] = []
    for line in lines:
        inside: dict[int, list[Chunk]] = {}
        for chunk in line.chunks:
            x, y = (chunk.left + chunk.right) / 2, line.base - line.height / 4
            around = [
                part.walls[0] < x < part.walls[-1]
                and min(top for _, top, _ in part.upright) < y < max(bottom for *_, bottom in part.upright)
                for part in parts
            ]
            inside.setdefault(around.index(True) if any(around) else -1, []).append(chunk)
        for at, chunks in inside.items():
            (rest if at < 0 else parts[at].lines).append(Line(line.page, line.base, line.height, chunks))
    return [part for part in parts if part.lines], rest


def _names_columns(texts: Sequence[str]) -> bool:
    """Tell whether the texts of a line name columns."""
    named = 2 * sum(map(names_a_column, texts)) > len(texts)
    return len(texts) > 1 and named and not any(map(is_data, texts))


def _widest(part: Part) -> list[str]:
    """Texts of the first line of a part with lines between its columns; else of its fullest line."""
    near = [line for line in part.lines if line.base - part.lines[0].base < TUNING.one_row * line.height]
    return part.lines[0].texts if part.upright else max((line.texts for line in near), key=len)


def _add(part: Part, tables: list[Laid], free: list[Line], far: float) -> None:
    """Add a part of a table, or a line of text, to the last table that it continues, or as a new one."""
    line, last = part.lines[0], tables[-1] if tables else None
    before = last.parts[-1] if last else Part([])
    texts = _widest(part)
    alone = last is None or before.upright or free or far > TUNING.apart * line.height
    if not part.upright and (all(map(_ITEM.match, texts)) or (len(texts) == 1 and alone)):
        free += part.lines
        return
    names = _names_columns(texts)
    fits = not names or len(before.lines) < 2
    if part.upright:
        near = [abs(a - b) < 2 * TUNING.touching for a, b in zip(part.walls, before.walls, strict=False)]
        fits = not names and len(part.walls) == len(before.walls) and all(near)
    elif before.upright:
        fits = False
    if last and (fits or (len(texts) > 1 and texts == _widest(last.parts[0]))):
        last.doubts["outside"].update(each.page for each in free)
        if part.upright or before.upright or free or before.lines[-1].page != line.page:
            last.parts.append(part)
        else:
            before.lines += part.lines
    else:
        tables.append(Laid([*free], [part]))
    free.clear()


# Tables to rows.


def _fill(table: Laid) -> None:
    """Put the lines of a table into rows and columns."""
    own = [_zones(part.lines) for part in table.parts]
    zones = _zones([line for part in table.parts for line in part.lines])
    apart = {*map(len, own)} == {len(own[0])} and len(own[0]) > len(zones)  # pages with columns of their own
    heads: list[list[str]] = []
    for part, each in zip(table.parts, own, strict=True):
        rows = (
            _ruled_rows(part, table)
            if len(part.walls) > 2
            else _free_rows(part, each if apart else zones, table)
        )
        texts = [[cell.text for cell in row] for row in rows]
        n = next((k for k, row in enumerate(texts) if row not in heads), len(texts))
        table.doubts["heads"][part.lines[0].page] += n > 0
        if not table.rows:
            first = next((k for k, row in enumerate(texts) if any(map(is_data, row))), 0)
            named = [_names_columns([*filter(None, row)]) for row in texts[:LOOKED_AT]]
            first = max([first, *(k + 1 for k, names in enumerate(named) if names)][:2])
            heads = [row for row in texts[:first] if sum(map(bool, row)) > 1]
        rows = _stacked(rows[n:], heads[-1] if heads else [])
        if table.rows and rows:
            rows = _over_pages(table, rows, len(heads), part.lines[0].page)
        table.rows += rows
    if len({*map(len, table.rows)}) == 1 and not table.merged:
        filled = [any(row[k].text for row in table.rows) for k in range(len(table.rows[0]))]
        table.rows = [[*compress(row, filled)] for row in table.rows]
    letters = "".join(cell.text for row in table.rows for cell in row)
    if 2 * sum(map(_is_right_to_left, letters)) > sum(map(str.isalpha, letters)):
        table.rows = [row[::-1] for row in table.rows]
    table.rows[:0] = [[Cell(pieces=[line.text])] for line in table.titles]


def _over_pages(table: Laid, rows: list[list[Cell]], n_heads: int, page: int) -> list[list[Cell]]:
    """Rows of a further page without the first, if it goes on with the last row of the page before."""
    first, last = rows[0], table.rows[-1]
    for k, cell in enumerate(first if len(first) == len(last) or table.merged else ()):
        cell.continued = k in table.merged and not cell.text
    filled = [k for k, cell in enumerate(first) if cell.text]
    edge = -_is_right_to_left("".join(first[k].text for k in filled))  # where rows begin
    if (
        len(first) != len(last)
        or not filled
        or first[edge].text
        or not all(row and row[edge].text for row in table.rows[n_heads:])
        or any(is_data(first[k].text) or not last[k].text for k in filled)
    ):
        return rows
    table.doubts["joined"][page] += 1
    for k in filled:
        last[k].pieces.append(f" {first[k].text}")
    return rows[1:]


def _stacked(rows: list[list[Cell]], head: list[str]) -> list[list[Cell]]:
    """Rows of a list that stands in two or three columns of a page, one below the other."""
    for n in (3, 2):
        size = len(head) // n
        if size and head == head[:size] * n:
            parts = [row[k : k + size] for k in range(0, n * size, size) for row in rows]
            texts = [[cell.text for cell in part] for part in parts]
            return [
                part
                for k, part in enumerate(parts)
                if any(texts[k]) and (k < len(rows) or texts[k] != head[:size])
            ]
    return rows


def _zones(lines: Sequence[Line]) -> list[Zone]:
    """Where the columns of lines are, by the gaps that the fullest lines have in common."""
    counts = sorted(len(line.chunks) for line in lines)
    fewest = max(TUNING.full * counts[len(counts) * 9 // 10], 2)
    full = [line for line in lines if len(line.chunks) >= fewest]
    if not full:
        return [(line.chunks[0].left, line.chunks[0].right) for line in lines[:1]]
    spans = np.array([(chunk.left, chunk.right) for line in full for chunk in line.chunks])
    origin, ends = spans.min(), ((spans - spans.min()) * 2).astype(int)  # in halves of points
    steps = bincount(ends[:, 0], minlength=ends.max() + 2) - bincount(
        ends[:, 1] + 1, minlength=ends.max() + 2
    )
    covered = np.concatenate([[False], steps.cumsum() > TUNING.crossing * len(full), [False]])
    turns = (np.flatnonzero(covered[1:] != covered[:-1]) / 2 + origin).tolist()
    begins = Counter((spans[:, 0] * 2).round().tolist())
    starts = sorted(at / 2 for at, n in begins.items() if 2 * n > len(full))
    zones: list[Zone] = []
    for left, right in zip(turns[::2], turns[1::2], strict=True):
        several = ((spans[:, 0] > left - 1) & (spans[:, 0] < right)).sum() > 3 / 2 * len(full)
        inner = [at for at in starts if several and left + 2 < at < right - 2]  # text reaches over the gap
        zones += pairwise([left, *inner, right])
    for chunk in (chunk for line in lines if len(line.chunks) > 1 for chunk in line.chunks):
        if not _over(chunk, zones):
            zones = sorted([*zones, (chunk.left, chunk.right)])
    names = {k for k, line in enumerate(lines) if _names_columns(line.texts)}
    of = [{k for k, line in enumerate(lines) for c in line.chunks if _over(c, [zone])} for zone in zones]
    for k in range(len(zones) - 1, 0, -1):  # a name set in the middle stands beside its column
        if not of[k - 1] & of[k] and any(part and part <= names for part in of[k - 1 : k + 1]):
            zones[k - 1 : k + 1] = [(zones[k - 1][0], zones[k][1])]
            of[k - 1 : k + 1] = [of[k - 1] | of[k]]
    return zones


def _over(chunk: Chunk, zones: Sequence[Zone]) -> list[int]:
    """Columns that a chunk touches."""
    return [k for k, (left, right) in enumerate(zones) if chunk.left < right and chunk.right > left]


def _place(chunk: Chunk, zones: Sequence[Zone]) -> tuple[int, int]:
    """First and last column that a chunk reaches, or the nearest."""
    over = [
        k for k, (left, right) in enumerate(zones) if min(chunk.right, right) - max(chunk.left, left) > 1 / 2
    ]
    middle = (chunk.left + chunk.right) / 2
    near = min(range(len(zones)), key=lambda k: min(abs(middle - zones[k][0]), abs(middle - zones[k][1])))
    return (over[0], over[-1]) if over else (near, near)


def _rows(groups: Iterable[Placed], n: int, doubts: Doubts) -> list[list[Cell]]:
    """Cells of groups of lines that are a row each."""
    return [[Cell(pieces=[_below(group, k, doubts)]) for k in range(n)] for group in groups]


def _below(group: Placed, column: int, doubts: Doubts) -> str:
    """The text of a column in lines below each other; a word may go on after a hyphen."""
    made = ""
    for line, cells in group:
        text = cells.get(column, "")
        if not _PARTED.search(made) or not text[:1].isalnum():
            made = f"{made} {text}".strip()
        elif text[0].islower() and made[-2].islower() and len(made.split()[-1]) > _ARTICLE:
            doubts["hyphens"][line.page] += 1
            made = made[:-1] + text
        else:
            made += text
    return made


def _free_rows(part: Part, zones: Sequence[Zone], table: Laid) -> list[list[Cell]]:
    """Rows of a part without lines between its columns."""
    placed: Placed = []
    for number, line in enumerate(part.lines):
        cells: dict[int, str] = {}
        places = [_place(chunk, zones) for chunk in line.chunks]
        for (first, _), text in zip(places, line.texts, strict=True):
            cells[first] = _beside(cells.get(first, ""), text)
        crossing = any(first != end for first, end in places)
        if crossing and len(places) == 1 and number:
            table.doubts["outside"][line.page] += 1
        else:
            table.doubts["across"][line.page] += crossing and any(map(is_data, cells.values()))
            placed.append((line, cells))
    groups = _grouped(placed, zones, table)
    edge = (len(zones) - 1) * _is_right_to_left("".join(line.text for line in part.lines))
    for (_, above), (line, cells) in (pair for group in groups for pair in pairwise(group)):
        begins = [*cells] == [edge] and above.keys() != {edge} and above.get(edge, "").strip(".").isdecimal()
        if begins and not is_data(cells[edge]):  # the whole line goes on, not its first cell
            table.doubts["across"][line.page] += 1
            cells[(max if edge == 0 else min)(above)] = cells.pop(edge)
    return _rows(groups, len(zones), table.doubts)


def _grouped(placed: Placed, zones: Sequence[Zone], table: Laid) -> list[Placed]:
    """Lines that make one row each: by drawn lines, by their distance, or as the words above had no place."""
    height = placed[0][0].height
    steps = [b.base - a.base for (a, _), (b, _) in pairwise(placed)]
    close = _cut([[each] for each in placed], [step >= TUNING.one_row * height for step in steps])
    ordered = sorted(step / height for step in steps if step >= TUNING.one_row * height)
    limits = [(b / a, (a + b) / 2 * height) for a, b in pairwise(ordered) if b < TUNING.farthest]
    ratio, limit = max(limits, default=(0.0, 0.0))
    breaks = [b[0][0].base - a[-1][0].base > limit for a, b in pairwise(close)]
    if around := _around_numbers(placed, 0) or _around_numbers(placed, len(zones) - 1):
        return around
    ruled = [group[0][0].ruled for group in close[1:]]
    whole = [
        any(is_data(text) for _, cells in group for text in cells.values()) and _is_one_row(group)
        for group in _cut(close, ruled)
    ]
    if 3 * sum(ruled) > len(close) or (sum(whole) > 3 and sum(whole) > TUNING.full * len(whole)):
        breaks = ruled
    elif ratio < TUNING.wider:
        breaks = []
    groups = _cut(close, breaks) if breaks else close
    if not breaks or not all(map(_is_one_row, groups)):
        usual = {k for k in range(len(zones)) if 5 * sum(k in cells for _, cells in placed) > 4 * len(placed)}
        spans = [(*_place(chunk, zones), chunk.right) for line, _ in placed for chunk in line.chunks]
        ends = [max((right for a, b, right in spans if a == b == k), default=0.0) for k in range(len(zones))]
        counted = _numbers(close, 0) or _numbers(close, len(zones) - 1)
        breaks = [
            counted[k + 1] > 0 if any(counted[: k + 1]) else not _continues(a, b, usual, zones, ends)
            for k, (a, b) in enumerate(pairwise(close))
        ]
        groups = _cut(close, breaks)
    for group in groups if len(groups) < len(close) else ():
        table.doubts["joined"][group[0][0].page] += len(group) > 1
    for group in groups:
        alone = len({k for _, cells in group for k in cells}) == 1 and len(zones) > 2
        table.doubts["alone"][group[0][0].page] += alone
    return groups


def _numbers(close: list[Placed], column: int) -> list[int]:
    """Numbers that count the rows in a column, and 0 for lines without one; none where they do not count."""
    texts = ["".join(cells.get(column, "") for _, cells in group).rstrip(".)") for group in close]
    numbers = [int(text) if text.isdecimal() and len(text) < 6 else 0 for text in texts]
    known = [number for number in numbers if number]
    return numbers if len(known) > 2 and known == [*range(known[0], known[0] + len(known))] else []


def _around_numbers(placed: Placed, column: int) -> list[Placed]:
    """Lines around the number in the middle of each row; none where numbers do not stand in the middle."""
    near = TUNING.one_line * placed[0][0].height
    n = next((k for k, (_, cells) in enumerate(placed) if not _names_columns([*cells.values()])), 0)
    groups, rest, farthest = [[each] for each in placed[:n]], placed[n:], 0.0
    for (line, _), number in zip(placed, _numbers([[each] for each in placed], column), strict=False):
        if not number:
            continue
        reach = line.base - rest[0][0].base if rest else -np.inf
        own = [each for each in rest if abs(each[0].base - line.base) <= reach + near]
        if not own or abs(own[-1][0].base - line.base - reach) > near:
            return []
        groups.append(own)
        rest, farthest = rest[len(own) :], max(farthest, reach)
    return groups if not rest and farthest > near else []


def _cut(close: list[Placed], breaks: Sequence[bool]) -> list[Placed]:
    """Lines put together where there is no break."""
    groups = [[*close[0]]]
    for each, cut in zip(close[1:], breaks, strict=True):
        groups[-1:] = [groups[-1], each] if cut else [groups[-1] + each]
    return groups


def _is_one_row(group: Placed) -> bool:
    """Tell whether lines can be one row: they are few, and no column has data twice."""
    seen = Counter(k for _, cells in group for k, text in cells.items() if is_data(text))
    return len(group) <= TUNING.most_lines and max(seen.values(), default=0) < 2


def _continues(
    above: Placed, below: Placed, usual: set[int], zones: Sequence[Zone], ends: Sequence[float]
) -> bool:
    """Tell whether a line continues the one above, in which its words had no place."""
    cells = {k: text for _, row in below for k, text in row.items()}
    before = {k for _, row in above for k in row}
    few = 2 * len(cells) <= len(zones) + 1 and 2 * len(usual & cells.keys()) < max(len(usual), 1)
    if any(map(is_data, cells.values())) or not (cells.keys() < before and few):
        return False
    for chunk in below[0][0].chunks:
        k, _ = _place(chunk, zones)
        edge = max((c.right for c in above[-1][0].chunks if _place(c, zones)[0] == k), default=0.0)
        word = (chunk.right - chunk.left) * (len(chunk.text.split()[0]) + 1) / len(chunk.text)
        if edge + word < ends[k] - below[0][0].height / 10:
            return False
    return True


def _ruled_rows(part: Part, table: Laid) -> list[list[Cell]]:
    """Rows of a part with lines between its columns; cells that are merged reach over others."""
    walls, ys = part.walls, _apart(y for y, _, _ in part.level)
    n = len(walls) - 1
    bands: list[Placed] = [[] for _ in range(len(ys) + 1)]
    open_ = {  # rows without upright lines between their columns
        sum(y < line.base - line.height / 4 for y in ys)
        for line in part.lines
        if len(line.chunks) > 1
        and not any(_covers(part.upright, x, line.base - line.height / 4) for x in walls[1:-1])
    }
    for line in part.lines:
        middle, cells = line.base - line.height / 4, dict[int, str]()
        row = sum(y < middle for y in ys)
        for chunk in line.chunks:
            at = max(sum(x < (chunk.left + chunk.right) / 2 for x in walls[:-1]) - 1, 0)
            while at and row not in open_ and not _covers(part.upright, walls[at], middle):
                at -= 1
            cells[at] = _beside(cells.get(at, ""), chunk.text)
        bands[row].append((line, cells))
    odd = [band for band in bands if not _is_one_row(band)]
    if 2 * sum(map(len, odd)) > len(part.lines):  # few lines are drawn: they part the names from the rows
        zones = [*pairwise(walls)]
        groups = (group for band in bands if band for group in _grouped(band, zones, table))
        return _rows(groups, n, table.doubts)
    table.doubts["two in one"].update(band[0][0].page for band in odd)
    rows: list[list[Cell]] = []
    merged: dict[int, Cell] = {}  # cells that reach into the next row
    for k, band in enumerate(bands, -1):
        made = [merged.get(column) or Cell(rows=0) for column in range(n)]
        for column, cell in enumerate(made):
            cell.rows += 1
            cell.pieces += [f" {_below(band, column, table.doubts)}"]
        alone = len(band) == 1 and len(band[0][1]) == 1 and n > 2 and not merged
        table.doubts["alone"][part.lines[0].page] += alone
        if band or merged:
            rows.append([cell for column, cell in enumerate(made) if column not in merged])
        middles = [(a + b) / 2 for a, b in pairwise(walls)]
        inside = -1 < k < len(ys) - 2
        merged = {
            column: made[column]
            for column, middle in enumerate(middles)
            if inside and not _covers(part.level, ys[k + 1], middle)
        }
        table.merged |= {*merged}
    return rows


def items_of(lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """Text above a list, and its items, where most lines below are items; else nothing."""
    zones = _zones(lines) if lines else []
    split = [
        (line.page, _place(chunk, zones)[0] if len(line.chunks) > 1 else 0, line.base, chunk.text)
        for line in lines
        for chunk in (line.chunks if len(zones) > 1 else [Chunk(0, 0, line.text)])
    ]
    texts = [text for *_, text in sorted(split)]
    begins = [k for k, text in enumerate(texts) if _ITEM.match(text)]
    if len(begins) < 3 or 2 * len(begins) < len(texts) - begins[0]:
        return [], []
    items: list[str] = []
    for text in texts[begins[0] :]:
        if (found := _ITEM.match(text)) is not None:
            items.append(text[found.end() :])
        else:
            items[-1] += f" {text}"
    return texts[: begins[0]], items
