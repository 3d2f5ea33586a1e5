"""Tables of documents: merged cells, hidden rows and layouts; what is refused, and what does no harm."""

import io
import json
import time
import tracemalloc

import pytest

import documents
from detcount.errors import InputError
from detcount.io import read_frame
from detcount.reading.content import Source
from detcount.reading.tables import read_grid, tables_in

HEAD = "<tr><th>Nombre<th>Cédula<th>Detenido el<th>Estado</tr>"
ROWS = [
    ["Nombre", "Cédula", "Detenido el", "Estado"],
    ["Ana Gil", "V-12.345.678", "24/08/2024", "Zulia"],
    ["Luis Paz", "V-9.345.671", "25/08/2024", "Zulia"],
    ["Rosa Mora", "V-7.345.672", "01/02/2025", "Lara"],
]


def grid(content, table=None, name="lista"):
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    found = read_grid(stream if table is None else (stream, table), name)
    return found.rows, " | ".join(map(str, found.notes))


def table(*rows):
    return f"<!doctype html><table>{HEAD}{''.join(rows)}</table>"


def test_cells_that_are_merged_stand_in_every_row_and_the_columns_stay_in_place():
    content = table(
        "<tr><td>Ana Gil<td>V-12.345.678<td rowspan=2>24/08/2024<td rowspan=3>Zulia",
        "<tr><td>Luis Paz<td>V-9.345.671",
        "<tr><td colspan=2>Rosa Mora<td>01/02/2025",
        "<tr><td>Eva Ruiz<td rowspan=2>31<td>02/02/2025<td>Lara",
        "<tr><td>Inés Sol<td>03/02/2025<td rowspan=0>Lara",
        "<tr><td>Max Rey<td>V-8.345.671<td>04/02/2025",
    )
    rows, said = grid(content)
    assert rows[1:] == [
        ["Ana Gil", "V-12.345.678", "24/08/2024", "Zulia"],
        ["Luis Paz", "V-9.345.671", "24/08/2024", "Zulia"],
        ["Rosa Mora", "", "01/02/2025", "Zulia"],
        ["Eva Ruiz", "31", "02/02/2025", "Lara"],
        ["Inés Sol", "", "03/02/2025", "Lara"],  # a number may be one count of both rows
        ["Max Rey", "V-8.345.671", "04/02/2025", "Lara"],
    ]
    assert "4 cells that are merged with one above were filled" in said


def test_what_a_page_hides_or_draws_is_said():
    rows, said = grid(
        table(
            '<tr style="display: none"><td>Ana Gil<td>V-12.345.678<td><span hidden>2024</span>24/08/2024'
            "<td>Zulia",
            "<tr><td><img src='http://a.invalid/x.png'><td>V-9.345.671<td>25/08/2024<sup>[2]</sup><td>"
            "<select><option>Lara<option>Zulia</select>Lara &amp; Zulia<script>f()</script>",
        )
    )
    assert rows[1] == ROWS[1]
    assert rows[2] == ["", "V-9.345.671", "25/08/2024", "Lara & Zulia"]
    assert "1 row is hidden on the page, and was read" in said
    assert "1 cell holds a picture alone" in said


def test_tables_are_named_and_what_holds_no_names_of_columns_is_left_out_aloud():
    first, second = documents.page(ROWS).decode(), table(*map(documents.cells, ROWS[1:3]))
    layout = "<table><tr><td>Ayuda<td>Noticias</tr><tr><td>Boletines<td>Mapa</table>"
    both = first + second.removeprefix("<!doctype html>") + layout
    assert tables_in(Source("a.html", both.encode())) == ("table 1", "table 2")
    with pytest.raises(
        InputError, match=r"one of 2 tables .* 'table 1' \(4 rows of 4 columns\), 'table 2' \(3"
    ):
        grid(both)
    assert grid(both, "table 2")[0] == ROWS[:3]
    rows, said = grid(both, 0)
    assert rows == ROWS
    assert "table 3 has no names of columns and was left out" in said


def test_a_list_is_read_where_a_page_has_no_table():
    rows, _ = grid(documents.items(ROWS))
    assert rows == [[row[0]] for row in ROWS]
    made = documents.docx.Document()
    for name, *_ in ROWS:
        made.add_paragraph(name, style="List Number")
    made.save(stream := io.BytesIO())
    assert grid(stream.getvalue())[0] == [[row[0]] for row in ROWS]


def test_merged_cells_of_word_stand_in_every_row():
    made = documents.docx.Document()
    drawn = made.add_table(len(ROWS), 4)
    for k, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            drawn.cell(k, j).text = "" if (k, j) == (2, 3) else cell
    drawn.cell(1, 3).merge(drawn.cell(2, 3))
    made.save(stream := io.BytesIO())
    rows, said = grid(stream.getvalue())
    assert rows == ROWS
    assert "1 cell that is merged with the one above" in said


def test_marked_changes_are_accepted_and_counted():
    rows, said = grid(documents.word(ROWS, changed=True))
    assert rows == ROWS
    assert "3 marked changes are read as if they were accepted" in said


def test_nested_records_and_several_arrays():
    made = [{"name": "Ana Gil", "arrest": {"day": "2024-08-24", "by": ["a", "b"]}}]
    rows, said = grid(json.dumps({"held": made, "freed": [{"name": "Luis Paz"}]}), "held")
    assert rows == [["name", "arrest day", "arrest by"], ["Ana Gil", "2024-08-24", "a; b"]]
    assert "records within records are read as columns" in said
    with pytest.raises(InputError, match=r"'held' .*'freed'"):
        grid(json.dumps({"held": made, "freed": [{"name": "Luis Paz"}]}))


HOSTILE = {
    "depth of JSON": ("[" * 10_000 + '{"a": 1}' + "]" * 10_000, "expected a record of JSON"),
    "objects in objects": ('{"a":' * 10_000 + "1" + "}" * 10_000, "expected a record of JSON"),
    "a long number": ('[{"a": ' + "9" * 10_000 + "}]", "expected a record of JSON"),
    "a name twice": ('[{"a": 1, "a": 2}]', "a record of JSON, got one that comes twice"),
    "tables in tables": ("<html>" + "<table><tr><td>" * 10_000, "at most 60 tables within each other"),
    "a cell over a million columns": (
        "<html>" + "<table>" + "<tr><td colspan=99999>a" * 1000,
        "at most 10,000,000 cells",
    ),
    "nothing but marks": ("<html>" + "<div>" * 100_000, "got a document without one"),
    "a page that a script writes": (
        "<html><script>document.write('<table><tr><td>a</table>')</script>",
        "got a document without one",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_soon(what):
    content, match = HOSTILE[what]
    begun = time.process_time()
    with pytest.raises(InputError, match=match):
        grid(content)
    assert time.process_time() - begun < SECONDS


SECONDS = 10  # of a slow machine; each takes less than one


def entities(name="a", depth=10):
    lines = "".join(f'<!ENTITY e{k + 1} "{f"&e{k};" * 10}">' for k in range(depth))
    return f'<!DOCTYPE {name} [<!ENTITY e0 "nnnnnnnnnn">{lines}<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("entity", ["&e10;", "&x;"])
def test_entities_of_documents_are_never_written_out(entity):
    for made, part in ((documents.word(ROWS), "word/document.xml"), (documents.odt(ROWS), "content.xml")):
        content = documents.part_of(made, part).partition(b"?>\n")
        body = (content[2] or content[0]).replace(b"Zulia", entity.encode(), 1)
        tracemalloc.start()
        with pytest.raises(InputError, match="is damaged or has a password"):
            grid(documents.with_part(made, part, entities().encode() + body))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 50_000_000
    # in a page a word between & and ; that is no letter of HTML stays as it is
    rows, _ = grid(entities("html") + documents.page([*ROWS[:-1], ["a", entity, "01/02/2025", "b"]]).decode())
    assert entity in rows[-1][1]


@pytest.mark.slow
def test_depth_and_damage_of_documents():
    deep = b"<w:p>" * 10_000 + b"</w:p>" * 10_000
    content = documents.part_of(documents.word(ROWS), "word/document.xml").replace(
        b"<w:body>", b"<w:body>" + deep
    )
    made = documents.with_part(documents.word(ROWS), "word/document.xml", content)
    assert grid(made)[0] == ROWS
    for broken in (content[:-40], b"", content.replace(b"</w:tbl>", b"")):
        with pytest.raises(InputError, match="is damaged or has a password"):
            grid(documents.with_part(made, "word/document.xml", broken))
    bomb = documents.with_part(made, "word/media/a.xml", b"\0" * (1 << 29))
    with pytest.raises(InputError, match="when it is unpacked"):
        grid(bomb)


def test_nothing_is_fetched(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("an address was asked for"))
    assert grid(documents.page(ROWS))[0] == ROWS
    assert list(read_frame(io.BytesIO(documents.page(ROWS))).columns) == ROWS[0]
