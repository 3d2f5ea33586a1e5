"""Counts, totals, waves and audits: the same in six languages, however days and figures are written."""

import csv
import datetime as dt
import io
import tomllib
import unicodedata
import warnings
import zipfile
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import detcount
from cases import tables
from detcount import PublishedArrests, PublishedReleases
from detcount.cli import main
from detcount.data.published import PublishedStock
from detcount.errors import DetcountWarning, InputError
from detcount.io import read_frame
from detcount.linkage import read_lists
from detcount.quality import AuditAnswers
from detcount.reading.headers import COUNTED
from detcount.reading.kinds import recognised
from detcount.stock import ReleaseWaves

TABLES = tables("columns_of_counts")
DOORS = {
    "releases": PublishedReleases,
    "stock": PublishedStock,
    "waves": ReleaseWaves,
    "audit": AuditAnswers,
}
LANGUAGES = ("es", "pt", "fr", "ru", "ar")
WRITTEN = [
    ("es", "in words"),
    ("pt", "day first"),
    ("fr", "month first"),
    ("ru", "in words"),
    ("ar", "in words"),
]
# how a day and a figure are written, and the order of days that is asked for
FORMS = {
    "as text": (str, "{:d}", None),
    "as dates": (lambda day: day, "{:,}", None),
    "in words": ("in words", "{:d}", None),
    "day first": (lambda day: f"{day:%d/%m/%Y}", "{:,}", True),
    "month first": (lambda day: f"{day:%m-%d-%Y}", "{:d}", False),
}


def columns_of(kind, lang="en", form=None):
    """The table of a kind in a language, days and figures in a form; as it is stored without one."""
    table = TABLES[kind]
    write, figures, dayfirst = FORMS[form] if form else (str, None, None)
    words = {} if lang == "en" else table["words"][lang]
    found = {}
    for k, name in enumerate(table["columns"]):
        cells = [row[k] for row in table["rows"]]
        if name in table["days"]:
            days = map(dt.date.fromisoformat, cells)
            cells = [in_words(day, lang) if write == "in words" else write(day) for day in days]
        elif name in table["counts"]:
            cells = [cell if figures is None else figures.format(cell) for cell in cells]
        found[name if lang == "en" else table[lang][k]] = [words.get(cell, cell) for cell in cells]
    return found, dayfirst


def in_words(day, lang):
    month = TABLES["months"].get(lang, [f"{dt.date(2000, k, 1):%b}" for k in range(1, 13)])[day.month - 1]
    return (
        f"{day.day}{' de' if lang in ('es', 'pt') else ''} {month} {'de ' if lang == 'es' else ''}{day.year}"
    )


def made(kind, columns, dayfirst=None):
    asked = {} if kind == "audit" else {"dayfirst": dayfirst}
    return DOORS[kind].from_frame(columns, **asked)


def content(data):
    return data.checked if isinstance(data, AuditAnswers) else data.digest


@cache
def wanted(kind):
    return content(made(kind, *columns_of(kind)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", ["en", *LANGUAGES])
@pytest.mark.parametrize("kind", DOORS)
def test_every_language_and_form_is_the_same_in_python(kind, lang, form):
    columns, dayfirst = columns_of(kind, lang, form)
    read = made(kind, columns, dayfirst)
    assert content(read) == wanted(kind)
    assert content(made(kind, pl.DataFrame(columns), dayfirst)) == content(read)
    assert recognised(pl.DataFrame(columns).to_pandas(), "tabla.csv").kind == kind


@pytest.mark.parametrize(
    ("kind", "lang", "form"),
    [
        (kind, *how) if kind in ("waves", "audit") else pytest.param(kind, *how, marks=pytest.mark.slow)
        for kind in DOORS
        for how in (
            ("es", "in words"),
            ("pt", "day first"),
            ("fr", "month first"),
            ("ru", "in words"),
            ("ar", "in words"),
        )
    ],
)
def test_every_language_and_form_has_the_same_record_by_command(kind, lang, form, tmp_path):
    records = []
    for name, (columns, dayfirst) in {"one": columns_of(kind), "two": columns_of(kind, lang, form)}.items():
        place, record = tmp_path / name / "press.csv", tmp_path / f"{name}.json"
        place.parent.mkdir()
        with place.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([[*columns], *zip(*columns.values(), strict=True)])
        order = {None: [], True: ["--dayfirst"], False: ["--monthfirst"]}[dayfirst]
        said = [*TABLES[kind]["command"], str(place), *order, "--json", str(record), "--quiet"]
        assert main(said) == 0
        records.append(record.read_text(encoding="utf-8"))
    assert records[0] == records[1]


HEADING = {"releases": "Publicado el", "stock": "Fecha de corte", "waves": "Día"}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("01/02/2025", "no row shows whether the day or the month comes first.*--dayfirst.*--monthfirst"),
        ("agosto de 2025", "expected one day, got a month"),
        ("quién sabe 2025", "got text in another form"),
        (None, "the day is missing"),
    ],
)
@pytest.mark.parametrize("kind", HEADING)
def test_messages_name_the_heading_and_the_row(kind, cell, says):
    columns, _ = columns_of(kind, "es")
    columns[HEADING[kind]][1] = cell
    with pytest.raises(InputError, match=rf"{HEADING[kind]}, data row 2: .*{says}"):
        made(kind, columns)


@pytest.mark.parametrize(
    ("kind", "heading", "cells", "says"),
    [
        ("releases", "Excarcelados", ["10", "cerca de 12", "9"], "Excarcelados, data row 2: .*got text"),
        ("releases", "Excarcelados", ["1.077", "1,200", "9"], "Excarcelados: expected one sign between"),
        ("releases", "Excarcelados", [1.077, 62, 9], "Excarcelados, data row 1: expected a whole number"),
        ("releases", "Tipo", ["anunciado", "dicho", "verificado"], "columns? 'role' \\(or 'rol'"),
        ("waves", "De estos en la lista", [18, 1036], "lista, data row 2: .*'Liberados identificados'"),
        (
            "waves",
            "hasta el",
            ["2025-08-03", "2025-09-02"],
            "hasta el, data row 2: expected a day not before",
        ),
        ("waves", "A quiénes cuenta", ["igual", "todos"], "A quiénes cuenta, data row 2: expected 'same'"),
        ("waves", "Lista al día", ["sí", "casi"], "Lista al día, data row 2: expected yes, no or nothing"),
        (
            "audit",
            "¿Pertenece a la lista?",
            ["sí", "sí", "Zutano", "no"],
            "lista.*, data row 3: expected yes",
        ),
        ("audit", "¿Pertenece a la lista?", ["sí", "✓", "-", "no"], "lista.*, data row 2: expected yes"),
        ("audit", "Extraída de", [9, 9, 8, 9], "column 'Extraída de'"),
    ],
)
def test_what_cannot_be_read_is_refused_under_its_heading(kind, heading, cells, says):
    columns, _ = columns_of(kind, "es")
    with pytest.raises(InputError, match=says) as error:
        made(kind, columns | {heading: cells})
    assert "Zutano" not in str(error.value)


def test_figures_with_a_sign_of_thousands_are_no_fractions_in_files(tmp_path):
    place = tmp_path / "c.csv"
    rows = ["2025-01-01,A,verified,2.000", "2025-02-01,A,verified,62", "2025-03-01,A,verified,"]
    for last, counts in (("9", [2000, 62, 9]), ("1.077", [2000, 62, 1077])):
        place.write_text("\n".join(["date,source,role,count", *rows]) + last + "\n", encoding="utf-8")
        assert PublishedStock.from_frame(read_frame(place)).count.tolist() == counts


@pytest.mark.parametrize(("kind", "heading"), [("waves", "Oleada"), ("audit", "Lista")])
def test_numbers_may_be_names(kind, heading):
    columns, _ = columns_of(kind, "es")
    numbers = [*range(len(columns[heading]))]
    named = made(kind, columns | {heading: [*map(str, numbers)]})
    assert content(made(kind, columns | {heading: numbers})) == content(named)


def test_the_number_of_a_row_is_no_count_beside_one():
    columns, _ = columns_of("releases", "es")
    assert content(made("releases", {"N°": [1, 2, 3], **columns})) == content(made("releases", columns))
    columns["N°"] = columns.pop("Excarcelados")
    assert made("releases", columns).count.tolist() == [1077, 62, 1240]
    with pytest.raises(InputError, match="columns 'Cifra', 'N de personas': expected one read as 'count'"):
        made("releases", columns | {"Cifra": [9] * 3, "N de personas": [9] * 3})


def test_an_order_that_a_row_shows_is_that_of_every_day_and_is_said():
    columns, _ = columns_of("releases", "es")
    days = {"Publicado el": ["02/08/2025"] * 3, "desde el": ["31/07/2025"] * 3, "hasta el": [None] * 3}
    read = made("releases", columns | days)
    assert read.published.astype(str).tolist() == ["2025-08-02"] * 3
    assert "days are read with the day first, as a row shows" in map(str, read.notes)
    with pytest.raises(InputError, match=r"desde el, data row 1: .*got the day first"):
        made("releases", columns | days, dayfirst=False)


@pytest.mark.parametrize("kind", HEADING)
def test_a_row_that_is_a_total_is_left_out_and_said(kind):
    columns, _ = columns_of(kind, "es")
    first = TABLES[kind]["columns"].index(TABLES[kind]["days"][0])
    texts = [k for k, name in enumerate(TABLES[kind]["columns"]) if name in ("source", "wave")]
    row = [None] * len(columns)
    row[texts[0] if kind == "waves" else first] = "TOTAL"
    for k, name in enumerate(TABLES[kind]["columns"]):
        row[k] = 5000 if name in TABLES[kind]["counts"] else row[k]
    longer = {name: [*cells, cell] for (name, cells), cell in zip(columns.items(), row, strict=True)}
    read = made(kind, longer)
    assert content(read) == content(made(kind, columns))
    heading = next(name for name, cells in columns.items() if cells[-1] in ("monitor", "two"))
    assert len(made(kind, columns | {heading: [*columns[heading][:-1], "Total"]}).to_frame()) == len(
        TABLES[kind]["rows"]
    )
    assert "1 row is a total, a source or a note, and was left out" in map(str, read.notes)
    with pytest.raises(InputError, match=r"the day is missing|expected a name, got nothing"):
        made(
            kind,
            {name: [*cells[:-1], None] if cells[-1] == "TOTAL" else cells for name, cells in longer.items()},
        )


def test_words_for_columns_are_plain_and_mean_one_thing_in_a_kind():
    """The words are data: each is written as it is compared, and no kind has one for two columns."""
    words = tomllib.loads((Path(detcount.__file__).parent / "reading/frames/words.toml").read_text("utf-8"))
    known = {"releases": PublishedReleases._columns, "arrests": PublishedArrests._columns}
    known |= {"stock": PublishedStock._columns}
    for kind in COUNTED:
        names = {**words[kind]} if kind not in known else {each.name for each in known[kind]}
        assert {*words[kind]} <= {*names}
        held = [word for name in names for part in ("columns", kind) for word in words[part].get(name, ())]
        assert len(held) == len({*held}), kind
    for kind, things in words.items():
        for each in (each for several in things.values() for each in several):
            assert each == " ".join(each.casefold().split()), (kind, each)
            assert not any(map(unicodedata.combining, unicodedata.normalize("NFKD", each))), (kind, each)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Prisión", "place"),
        ("Cidade", "place"),
        ("Unidade prisional", "place"),
        ("Arrêté(e) le", "arrested"),
        ("Libéré(e) le", "left"),
    ],
)
def test_lists_of_names_know_these_headings(heading, role):
    cells = ["2024-08-01", "2024-08-02"] if role != "place" else ["Zulia", "Lara"]
    frame = {"Nome": ["Zutano Pérez", "Mengana Díaz"], "Documento": ["12345678", "87654321"], heading: cells}
    mapping = read_lists({"a": frame, "b": frame}).mapping
    assert {*mapping["role"][mapping["column"] == heading]} == {role}


@pytest.mark.parametrize("title", ["", "Presos por semana\n\n", "Presos por semana,,,\n"])
def test_totals_with_a_column_a_week_are_read_below_a_title_too(tmp_path, title):
    place = tmp_path / "c.csv"
    place.write_text(f"{title}Medio,06/01/2025,13/01/2025,20/01/2025\nFP,100,110,\nJEP,90,95,99\n", "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        read = PublishedStock.from_frame(read_frame(place))
    days = ["2025-01-06", "2025-01-06", "2025-01-13", "2025-01-13", "2025-01-20"]
    assert read.date.astype(str).tolist() == days
    assert read.count.tolist() == [100, 90, 110, 95, 99]
    with pytest.raises(InputError, match="Write a row for each source and day"):
        made("stock", {"Medio": ["FP"], **{f"Semana {k}": [k] for k in range(3)}})


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": "<a/>", "word/document.xml": "<w/>"},
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<w/>"},
        None,
    ],
)
def test_a_document_without_a_table_or_of_an_old_program_is_called_so(parts):
    held = io.BytesIO(b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"))
    if parts:
        with zipfile.ZipFile(held := io.BytesIO(), "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
    for door in (read_frame, lambda file: read_lists({"a": file, "b": file})):
        with pytest.raises(
            InputError, match="got a document without one" if parts else "got an old document"
        ):
            door(io.BytesIO(held.getvalue()))
