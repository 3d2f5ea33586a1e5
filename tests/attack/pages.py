"""A reader of public reports: what is printed in each format, and which tables agree with it.

Nothing here uses what makes the reports: numbers are read off the words of the page.
"""

import enum
import functools
import html
import io
import itertools
import json
import pickle
import pickletools
import re
import types
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount import CaptureTable
from detcount.assessment import Assessment

SMALL = range(1, 5)
NAMES = ("press", "court", "families", "ngo", "church")


def histories(k: int) -> list[tuple[int, ...]]:
    """Capture histories of k lists, but that of nobody."""
    return list(itertools.product((0, 1), repeat=k))[1:]


def made(cells: tuple[int, ...]) -> CaptureTable:
    k = (len(cells) + 1).bit_length() - 1
    counts = {"".join(map(str, row)): n for row, n in zip(histories(k), cells, strict=True)}
    return CaptureTable.from_counts(counts, lists=NAMES[:k])


def cells_of(table: CaptureTable) -> tuple[int, ...]:
    known = {tuple(row): int(n) for row, n in zip(table.histories.tolist(), table.counts, strict=True)}
    return tuple(known.get(row, 0) for row in histories(table.n_lists))


def random_cells(rng: np.random.Generator, k: int) -> tuple[int, ...]:
    """Cells of a small table: some empty, many small, a few larger."""
    while True:
        scale = rng.choice([3.0, 8.0, 20.0, 60.0])
        depth = np.array([sum(row) for row in histories(k)])
        means = scale * rng.gamma(1.0, 1.0, size=len(depth)) / depth
        cells = rng.poisson(means)
        if cells.any():
            return tuple(int(n) for n in cells)


def quantities(k: int) -> dict[str, NDArray[np.int64]]:
    """Every cell, pair and number of lists, as the cells that it adds up."""
    rows = np.array(histories(k))
    named = {f"cell {''.join(map(str, row))}": np.eye(len(rows), dtype=int)[j] for j, row in enumerate(rows)}
    for i, j in itertools.combinations(range(k), 2):
        named[f"pair {i}{j}"] = rows[:, i] * rows[:, j]
    for j in range(1, k + 1):
        named[f"times {j}"] = (rows.sum(axis=1) == j).astype(int)
    return named


def hidden_counts(cells: tuple[int, ...]) -> dict[str, tuple[NDArray[np.int64], int]]:
    """Cells, pairs and numbers of lists with 1 to 4 persons: what must not be found."""
    k = (len(cells) + 1).bit_length() - 1
    sums = {name: (row, int(row @ np.array(cells))) for name, row in quantities(k).items()}
    return {name: item for name, item in sums.items() if item[1] in SMALL}


@dataclass(frozen=True)
class Printed:
    """Counts that a page prints: the least and the most who can be listed, and sizes of lists."""

    n: tuple[int, int]
    sizes: tuple[int, ...] | None
    unit: int | None


def read_markdown(text: str) -> Printed:
    plain = re.sub(r"\\(.)", r"\1", text).replace("\u00a0", "")
    return _read(plain, [line.strip("| ").split(" | ") for line in plain.splitlines() if line[:1] == "|"])


def read_plain(text: str) -> Printed:
    return _read(" ".join(text.split()), [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()])


def read_html(text: str) -> Printed:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    plain = html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)))
    return _read(plain.replace("\u00a0", ""), [[html.unescape(cell) for cell in row] for row in cells])


def read_record(record: Mapping[str, object]) -> Printed:
    known = json.loads(json.dumps(record, allow_nan=False))
    sizes = tuple(known["lists"].values())
    return Printed(
        _listed(known["at_least"] or 0), None if None in sizes else sizes, known["sizes_rounded_to"]
    )


def _listed(floor: int) -> tuple[int, int]:
    """Numbers that are rounded down to a floor: to tens, and to 25, 50 or 75 where they are below 100."""
    return (floor, floor + 9) if floor >= 100 else (max(floor, 1), floor + 24)


def _read(text: str, rows: list[list[str]]) -> Printed:
    """The number listed, and the sizes of lists where there are some."""
    few = re.search(r"(?:Fewer than|Menos de) 25 (?:people|personas)", text)
    found = re.search(r"(?:At least|Al menos) ([\d,]+) (?:people|personas) (?:are named|figuran)", text)
    assert (few is None) != (found is None)
    rounded = re.search(r"(?:nearest|múltiplo de) (\d+)", text)
    sizes = [row[1] for row in rows if len(row) == 2 and row[0] in NAMES]
    return Printed(
        _listed(0 if found is None else int(found[1].replace(",", ""))),
        tuple(int(size.replace(",", "")) for size in sizes) if rounded else None,
        int(rounded[1]) if rounded else None,
    )


def zeros(public: object, full: object, path: str = "") -> list[str]:
    """Places of a public record with 0 where the full one has another number: withheld is null.

    A lower limit is rounded down, and may be 0.
    """
    if isinstance(public, dict):
        others = full if isinstance(full, dict) else {}
        return [found for key in public for found in zeros(public[key], others.get(key), f"{path}/{key}")]
    if isinstance(public, list):
        days = isinstance(full, list) and all(isinstance(each, dict) and "day" in each for each in full)
        of_day = {each["day"]: each for each in full} if days else {}
        return [
            found
            for k, each in enumerate(public)
            for found in zeros(each, of_day.get(each["day"]) if days else None, f"{path}/{k}")
        ]
    wrong = public == 0 and not isinstance(public, bool) and not path.endswith("low") and full != 0
    return [path] if wrong else []


def pages_of(result: Assessment, *, pictures: bool = False) -> dict[str, str]:
    """All that can be printed of an assessment without asking for more."""
    pages = {
        "markdown en": result.to_markdown(),
        "markdown es": result.to_markdown(lang="es"),
        "notebook": result._repr_markdown_(),
        "plain": str(result),
        "repr": repr(result),
        "sentence en": result.sentence(),
        "sentence es": result.sentence(lang="es"),
        "record": json.dumps(result.public().record()),
    }
    if pictures:
        pages |= {"html en": result.to_html(), "html es": result.to_html(lang="es")}
        pages |= {"docx": result.to_docx().hex(), "xlsx": result.to_excel().hex(), "tex": result.to_latex()}
        stream = io.BytesIO()
        result.plot().savefig(stream, format="png", dpi=60, metadata={"Software": None})
        pages["picture"] = stream.getvalue().hex()
    return pages


def statements(text: str, k: int) -> list[tuple[NDArray[np.float64], float, float]]:
    """What the words of an English page say of the cells: rows, and the least and the most of their sum."""
    rows = np.array(histories(k))
    plain = re.sub(r"\\(.)", r"\1", text)
    said: list[tuple[NDArray[np.float64], float, float]] = []
    if "nobody is named on two lists" in plain or "Nobody is named on two lists" in plain:
        said.append(((rows.sum(axis=1) > 1).astype(float), 0, 0))
    empty = re.search(r"[-;:] (?:[Tt]he lists )?((?:'\w+'(?:, | and )?)+) names? nobody", plain)
    if empty:
        named = [NAMES.index(name) for name in re.findall(r"'(\w+)'", empty[1])]
        said += [(rows[:, j].astype(float), 0, 0) for j in named]
    if "name nearly the same people" in plain:
        for pair in re.findall(r"'(\w+)' and '(\w+)'", plain):
            said += [_share(rows, a, b) for a, b in (pair, pair[::-1])]
    said += [_share(rows, *pair) for pair in re.findall(r"'(\w+)' on '(\w+)'", plain)]
    for name in re.findall(r"everybody listed is on one list \('(\w+)'\)", plain):
        said.append((1.0 - rows[:, NAMES.index(name)], 0, 0))
    return said


def _share(rows: NDArray[np.int64], small: str, large: str) -> tuple[NDArray[np.float64], float, float]:
    """At least 90% of one list is on another."""
    on, other = rows[:, NAMES.index(small)], rows[:, NAMES.index(large)]
    return on * other - 0.9 * on, 0.0, np.inf


def constraints(printed: Printed, k: int, text: str = "") -> list[tuple[NDArray[np.float64], float, float]]:
    """Everything that is printed, as sums of cells with their least and most."""
    rows = np.array(histories(k))
    known = [(np.ones(len(rows)), *map(float, printed.n)), *statements(text, k)]
    if printed.sizes is not None and printed.unit is not None:
        below, above = printed.unit // 2, printed.unit - printed.unit // 2 - 1
        known += [
            (rows[:, j].astype(float), float(size - below), float(size + above))
            for j, size in enumerate(printed.sizes)
        ]
    return known


def integer_range(
    row: NDArray[np.int64],
    known: list[tuple[NDArray[np.float64], float, float]],
    *,
    apart_from: int | None = None,
) -> tuple[int, int]:
    """Least and greatest value of a sum of cells; of the greatest alone where that settles it."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    limits = LinearConstraint(
        np.array([item[0] for item in known]), [item[1] for item in known], [item[2] for item in known]
    )
    ends = []
    for sign in (-1, 1):
        found = milp(sign * row.astype(float), constraints=limits, integrality=1, bounds=Bounds(0, np.inf))
        assert found.x is not None, "no table agrees with what is printed"
        ends.append(round(float(row @ np.round(found.x))))
        if apart_from is not None and ends[0] > apart_from:
            return apart_from, ends[0]
    return ends[1], ends[0]


ROUNDED = re.compile(r"0|[1-9]\d*0|12|15|25|75|\d{1,3}%|0\.\d\d")
"""Kinds of figures that may differ: persons in tens (a lower limit of 4 is 0) or on a grid, and per cents."""
ODDS = re.compile(r"(?<=between )\S+ and \S+|(?<=entre )\S+ y \S+|(?<=reached_within\": )\[[^]]*]|[\d.]+ ?cm")
"""Besides, powers of two between which an odds ratio lies, and widths of columns."""


def texts(result):
    """Everything that is public of a result: by format, the words and numbers that stand there."""
    found = {}
    for lang in ("en", "es"):
        found[f"markdown {lang}"] = result.to_markdown(lang=lang, detail=True)
        found[f"html {lang}"] = words_of(result.to_html(lang=lang))
        found[f"terminal {lang}"] = result.translated(lang)
        found[f"sentence {lang}"] = result.sentence(lang=lang)
        found[f"headline {lang}"] = result.headline().translated(lang)
    found["json"] = json.dumps(result.public().record(), allow_nan=False)
    found["notebook"] = result._repr_markdown_() + repr(result)
    found["latex"] = result.to_latex()
    for name, bytes_ in (("docx", result.to_docx()), ("xlsx", result.to_excel())):
        with zipfile.ZipFile(io.BytesIO(bytes_)) as archive:
            parts = [part for part in sorted(archive.namelist()) if part.endswith(".xml")]
            found[name] = "\n".join(words_of(archive.read(part).decode()) for part in parts)
    if not hasattr(result, "table"):
        found["csv"] = result.to_frame().to_csv(sep=";")
    return found


def words_of(page):
    """Text between tags, with that of figures; where lines are drawn is left out, and numbers of axes."""
    plain = re.sub(r"<(style|script)[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    plain = re.sub(r">(0|[1-9][\d,.\u00a0]*0)<(?=/text>)", "><", plain)
    return html.unescape(re.sub(r"<[^>]*>", "\n", plain))


def tokens(text):
    """Words and numbers, these without the signs between thousands and without a fraction of zero."""
    plain = re.sub(r"(?<=\d)[,.\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    plain = ODDS.sub("#", " ".join(plain.split()))
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f\\]*%", "%", plain)
    return re.findall(r"0\.\d\d\b|\d+%?|[^\W\d]+|[^\s\w]", re.sub(r"(?<=\d)\.0\b", "", plain))


def differences(one, other):
    """By format, where tokens differ that are no rounded numbers, or their number does."""
    found = {}
    for name, text in one.items():
        # the line below a headline is as long as it, and so as the figures in it
        a, b = (tokens(re.sub("={3,}", "===", each)) for each in (text, other[name]))
        apart = [(k, x, y) for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
        wrong = [each for each in apart if not all(ROUNDED.fullmatch(part) for part in each[1:])]
        if wrong or len(a) != len(b):
            k = wrong[0][0] if wrong else 0
            found[name] = (" ".join(a[max(k - 12, 0) : k + 12]), " ".join(b[max(k - 12, 0) : k + 12]))
    return found


def reachable(value: object) -> Iterator[object]:
    """Everything that can be reached from an object by attributes, items, closures and arguments held."""
    seen: dict[int, object] = {}
    left = [value]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, type | types.ModuleType):
            continue
        seen[id(each)] = each
        yield each
        left += [each.tolist()] if isinstance(each, np.ndarray | np.generic) else []
        left += [*each.keys(), *each.values()] if isinstance(each, Mapping) else []
        left += list(each) if isinstance(each, list | tuple | set | frozenset) else []
        left += [each.func, each.args, each.keywords] if isinstance(each, functools.partial) else []
        left += [each.__self__] if isinstance(each, types.MethodType) else []
        if isinstance(each, enum.Enum):  # the same of every assessment
            left.append(each.value)
        elif isinstance(each, types.FunctionType):
            left += [cell.cell_contents for cell in each.__closure__ or ()]
            left += [each.__defaults__, each.__kwdefaults__]
        else:
            left += [vars(each)] if hasattr(each, "__dict__") else []
            slots = [name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ())]
            left += [getattr(each, name) for name in slots if hasattr(each, name)]


def held(value: object) -> tuple[set[float], set[str]]:
    """Numbers and words that an object holds: reached by walking, and stored by pickle."""
    steps = pickletools.genops(pickle.dumps(value))
    stored = [
        arg for step, arg, _ in steps if arg is not None and not re.search("GET|PUT|FRAME|MEMO", step.name)
    ]
    found = [*reachable(value), *stored, repr(value), repr(vars(value))]
    numbers = {float(each) for each in found if isinstance(each, int | float) and not isinstance(each, bool)}
    return numbers, {each for each in found if isinstance(each, str)}
