"""Every format of the registry escapes what a name of a list may hold; a new one is in the test as it is."""

import csv
import io
import zipfile

import pytest

from detcount import CaptureTable, linkage
from detcount.reports.blocks import Bullets, Details, Document, Heading, Paragraph, Quote, Table
from detcount.reports.formats import FORMATS
from detcount.reports.render.text import plain_text
from detcount.words import translated

# each begins or ends something in one format at least; the last two move or end what stands around them
SIGNS = ("<script>", "&amp;", "\\input{x}", "a_b", "c|d", "**e**", "$f$", "=1+1", "\u202eg", "\nzq")
PLAIN = "the name of a list"


def document(name):
    blocks = (Heading(name, 1), Paragraph(name), Quote(name), Bullets((name,)), Details(name, (Quote(name),)))
    return Document(name, (*blocks, Table((name, "n"), ((name, name),), "ll", caption=name, code=(1,))))


def text_of(render, name):
    """The characters of a file, those of its parts where it is an archive."""
    made = render(document(name), "en")
    if isinstance(made, str):
        return made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return "\n".join(archive.read(part).decode("utf-8", "replace") for part in archive.namelist())


def faults(render):
    """What a format lets through, of a name with all signs."""
    name = "".join(SIGNS)
    made = text_of(render, name)
    found = [sign for sign in ("\u202e", "\nzq") if sign in made]
    found += ["the name as it is"] * (translated(name, "en") in made or name in made)
    # what is escaped opens nothing: the lines are those of a file with a name of letters alone
    return found + ["lines"] * (made.count("\n") != text_of(render, PLAIN).count("\n"))


@pytest.mark.parametrize("ending", FORMATS)
def test_a_format_escapes_what_a_name_holds(ending):
    assert faults(FORMATS[ending].render) == []


def test_a_format_that_escapes_nothing_fails():
    raw = lambda made, lang: "\n".join(  # noqa: E731
        [made.title, *(getattr(block, "text", "") for block in made.blocks)]
    )
    assert faults(raw) == ["\u202e", "\nzq", "the name as it is", "lines"]
    shown = lambda made, lang: translated(raw(made, lang).replace("\n", " "), lang)  # noqa: E731
    assert faults(shown) == ["the name as it is"]


def test_a_terminal_shows_a_name_and_is_not_moved_by_it():
    made = text_of(plain_text, "".join(SIGNS))
    assert not {"\u202e", "\x1b"} & {*made}
    assert "\nzq" not in made
    assert "<script>" in made


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "|a", "a,b", 'a"b', "<script>"])
def test_a_csv_file_has_a_name_in_one_cell_that_is_no_formula(sign):
    table = CaptureTable.from_counts({"10": 42, "01": 60, "11": 30}, lists=[sign, "families"])
    head, *rows = csv.reader(io.StringIO(linkage.histories_text(table, disclosure="full")))
    assert head[0].removeprefix("'") == table.lists[0]
    assert head[0].lstrip()[:1] not in {*"=+-@"}
    assert {len(row) for row in (head, *rows)} == {3}
