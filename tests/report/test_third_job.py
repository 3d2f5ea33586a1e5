"""A third job: its content, document and figure are all that it costs; words and formats are there."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from detcount.assumptions import Assumption
from detcount.errors import InputError
from detcount.reports.blocks import (
    Bullets,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
)
from detcount.reports.canvas import Canvas
from detcount.reports.numbers import percent, persons
from detcount.reports.style import BLUE, INK
from detcount.shown import Printed
from detcount.words import Message, Number
from detcount.words.locale import FOLDERS

# The job: how many were held, by prison, on one day.


@dataclass(frozen=True)
class HeldContent:
    """Persons held in each prison on a day, and the beds there."""

    day: dt.date
    held: dict[str, int]
    beds: dict[str, int]

    @property
    def total(self) -> int:
        """Persons held in all."""
        return sum(self.held.values())


def held_document(content: HeldContent) -> Document:
    """Say how full the prisons are."""
    title = Message("People held on {day}", day=content.day)
    full = [name for name in content.held if content.held[name] > content.beds[name]]
    rows = tuple(
        (name, persons(content.held[name]), percent(content.held[name] / content.beds[name]))
        for name in content.held
    )
    return Document(
        title,
        (
            Heading(title, 1, "title"),
            Quote(Message.counted("1 person was held.", "{n:,} people were held.", n=content.total)),
            Heading(Message("By prison"), 2, "by prison"),
            FigureSlot(
                "bars",
                Message("Held beside beds"),
                Message("Bars of the people held in {k} prisons.", k=len(content.held)),
                lambda canvas: draw_held(canvas, content),
            ),
            Table(
                (Message("Prison"), Message("Held"), Message("Of the beds")),
                rows,
                "lrr",
                caption=Message("By prison"),
                strong=(0,),
            ),
            Paragraph(Message("More are held than there are beds in {names:and}.", names=full)),
            Bullets((Message("A bed is one that the law counts."),)),
            *assumptions_part([Assumption.CLOSED_POPULATION], Message("What has to hold")),
            *notes_part([Message("Nobody was counted at night.")]),
            *provenance_part([(Message("Counted"), "Roll call(2)")]),
            *citation_part("The ministry"),
        ),
        not_in_terminal=("provenance", "citation"),
    )


def draw_held(canvas: Canvas, content: HeldContent) -> None:
    """Draw a bar a prison."""
    axes = canvas.start(6.0, 2.4).add_subplot()
    axes.barh(list(content.held), list(content.held.values()), color=BLUE)
    axes.axvline(max(content.beds.values()), color=INK)
    canvas.persons_axis(axes, "x")
    canvas.plain(axes)
    canvas.title(axes, Message("Held beside beds"))


@dataclass(frozen=True)
class Held(Printed):
    """The result of the job."""

    content: HeldContent

    def document(self) -> Document:
        """What is printed."""
        return held_document(self.content)


WORDS = """
msgid "People held on {day}"
msgstr "Personas detenidas el {day}"

msgid "1 person was held."
msgid_plural "{n:,} people were held."
msgstr[0] "Había 1 persona detenida."
msgstr[1] "Había {n:,} personas detenidas."

msgid "By prison"
msgstr "Por cárcel"

msgid "Held beside beds"
msgstr "Detenidas y camas"

msgid "Bars of the people held in {k} prisons."
msgstr "Barras de las personas detenidas en {k} cárceles."

msgid "Prison"
msgstr "Cárcel"

msgid "Held"
msgstr "Detenidas"

msgid "Of the beds"
msgstr "De las camas"

msgid "More are held than there are beds in {names:and}."
msgstr "Hay más personas que camas en {names:and}."

msgid "A bed is one that the law counts."
msgstr "Una cama es la que cuenta la ley."

msgid "What has to hold"
msgstr "Lo que debe cumplirse"

msgid "Nobody was counted at night."
msgstr "Nadie fue contado de noche."

msgid "Counted"
msgstr "Contado"
"""


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    """The result, and its Spanish as a folder of data."""
    folder = tmp_path / "es-jobs"
    folder.mkdir()
    (folder / "locale.toml").write_text('name = "español"\nparent = "es"\n', encoding="utf-8")
    (folder / "messages.po").write_text(WORDS, encoding="utf-8")
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    beds = {"people with visas | <b>": 10_000, "Iglesia": 10}
    return Held(HeldContent(dt.date(2026, 1, 12), dict.fromkeys(beds, 1234), beds))


def test_text(held):
    english = str(held).splitlines()
    assert english[:2] == ["People held on 12 January 2026", "=" * 30]
    assert "  people with visas | <b>  1,234          12%" in english
    assert "  - Nobody enters or leaves the population while the lists are made." in english
    assert "Citation" not in str(held)


def test_markdown(held):
    english, spanish = held.to_markdown(), held.to_markdown(lang="es-jobs")
    assert "> 2,468 people were held." in english
    assert "| **people with visas \\| \\<b>** | **1,234** | **12%** |" in english
    assert "> Había 2\u00a0468 personas detenidas." in spanish
    assert "| **people with visas \\| \\<b>** | **1\u00a0234** | **12\u00a0%** |" in spanish
    assert "Hay más personas que camas en Iglesia." in spanish
    assert "| Contado | `Roll call(2)` |" in spanish
    assert spanish.startswith("# Personas detenidas el 12 de enero de 2026\n\n")
    assert held._repr_markdown_() == english


def test_page(held, tmp_path):
    page = held.to_html(tmp_path / "held.html", lang="es-jobs")
    assert (tmp_path / "held.html").read_text(encoding="utf-8") == page
    assert page.startswith('<!doctype html>\n<html lang="es-jobs">')
    assert "<title>Personas detenidas el 12 de enero de 2026</title>" in page
    assert page.count('<section class="') == page.count("</section>") == 5
    assert ">Barras de las personas detenidas en 2 cárceles.</desc>" in page
    assert "<b>" not in page
    assert "<code>Roll call(<wbr>2)</code>" in page
    assert page == held.to_html(lang="es-jobs"), "the same bytes again"
    assert re.search(r"src=|<script|url\((?!#)", page) is None


def test_a_language_that_is_not_there(held):
    known = "'en', 'es', 'es-MX', 'es-VE' or 'es-jobs'"
    with pytest.raises(InputError, match=re.escape(f"lang: expected {known}, got 'fr'")):
        held.to_html(lang="fr")


def test_numbers_are_written_by_the_language():
    assert [Number(1234.5, ",.1f").say(lang) for lang in ("en", "es", "es-MX", "es-VE")] == [
        *("1,234.5", "1\u00a0234,5", "1,234.5", "1.234,5"),
    ]
    assert persons(float("inf")).say("es") == "sin límite superior"
