"""Every block of Python in the pages runs, and prints what the page says it prints.

A page has one namespace. A ``text`` block that follows a ``python`` block is what the block prints.
"""

import contextlib
import hashlib
import io
import os
import re
import tokenize
import warnings
from pathlib import Path

import pytest

from detcount import abundance
from detcount.assumptions import Assumption
from detcount.errors import DetcountWarning
from detcount.reports.render.svg import svg
from detcount.words.catalogue import read_po
from near import apart, words
from scripts import loaded

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "README.es.md"]
MOST_WORDS = 900  # of README.md: what is read in four minutes
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text):
    return [
        (found.group(1), found.group(2), text.count("\n", 0, found.start()) + 1)
        for found in BLOCK.finditer(text)
    ]


# Their blocks run with the simulations; the same calls are made on smaller data by the tests of their rooms.
LONG = {"releases", "register_is_not_the_stock", "gallery", "stock_integrated", "calibration"}
LONG |= {"stock", "choosing", "linkage", "README.es"}


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow if page.stem in LONG else (), id=page.stem) for page in PAGES],
)
def test_every_block_runs_and_prints_what_follows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": page.stem}
    found = blocks(page.read_text(encoding="utf-8"))
    for position, (language, code, line) in enumerate(found):
        if language != "python":
            continue
        printed = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(printed):
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", DetcountWarning)
            exec(compile("\n" * line + code, str(page), "exec"), namespace)
        if position + 1 < len(found) and found[position + 1][0] == "text":
            assert_printed(printed.getvalue().rstrip(), found[position + 1][1].rstrip())


DRAWN = re.compile("posterior|random draws")
POINT = 0.01  # by which the middle of a posterior may differ: its Monte Carlo error is 0.3% in README
PERSONS = re.compile(r"([\d,]+) persons \(.*posterior\)")


def middles(text):
    """The numbers of persons in the middle of posteriors."""
    return [float(found.replace(",", "")) for found in PERSONS.findall(text)]


def assert_printed(printed, wanted):
    """The same to the letter, but for numbers of a line that a sampler may have made."""
    assert middles(printed) == pytest.approx(middles(wanted), rel=POINT)
    lines = list(zip(printed.splitlines(), wanted.splitlines(), strict=True))
    assert [words(a) if DRAWN.search(a) else a for a, _ in lines] == [
        words(b) if DRAWN.search(b) else b for _, b in lines
    ]
    assert [apart(a, b) for a, b in lines if DRAWN.search(b)] == [[] for _, b in lines if DRAWN.search(b)]


def test_the_middle_of_a_posterior_is_held_more_closely_than_its_limits():
    line = "latent class: {} persons (9,000 to 14,000, 95% posterior); 4,400 listed"
    assert_printed(line.format("10,600"), line.format("10,500"))
    with pytest.raises(AssertionError):
        assert_printed(line.format("10,600"), line.format("10,400"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_assumption_has_its_paragraph_in_both_languages():
    text = re.sub(r"[ \n]+", " ", (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8"))
    for assumption in Assumption:
        assert f"`{assumption.name}`" in text
        assert str(assumption) in text, assumption.name
        assert assumption.sentence.translated("es") in text, assumption.name


@pytest.mark.parametrize("page", ["choosing", "model"])
def test_every_estimator_stands_in_the_pages(page):
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    names = [name for name in abundance.__all__ if hasattr(getattr(abundance, name), "fit")]
    assert [name for name in names if f"`{name}" not in text] == []


FRONT_PAGES = sorted(path.stem for path in (ROOT / "docs/locales/es/LC_MESSAGES").glob("*.po"))
TRANSLATIONS = loaded("docs/site/translations.py")
RELEASES = re.findall(r"^## (\d+\.\d+\.\d+) ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("name", FRONT_PAGES)
def test_the_spanish_of_a_page_is_at_most_one_release_old(name):
    """`dev.py docs --catalogues` brings a catalogue up to date, and its version once nothing is missing."""
    text = (ROOT / f"docs/locales/es/LC_MESSAGES/{name}.po").read_text(encoding="utf-8")
    page = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
    translated = read_po(text)
    links = re.compile(r"\]\(([^)]*)\)")
    assert all(links.findall(one) == links.findall(other) for one, (other, *_) in translated.items())
    newer = TRANSLATIONS.in_english_alone(page, translated)
    assert not newer or TRANSLATIONS.version_of(text) in RELEASES[:2], newer


def test_a_page_that_changed_says_that_some_of_it_is_not_translated():
    page = "# Stock\n\nHeld, *day by day*:\n\n```python\nheld()\n```\n\n| a | 12 |\n\nA register is not it."
    sentences = ["Stock", "Held, *day by day*:", "a"]
    newer = TRANSLATIONS.in_english_alone(page, sentences)
    assert newer == "12Aregisterisnotit."
    assert TRANSLATIONS.in_english_alone(page, [*sentences, "A register is not it."]) == ""
    assert TRANSLATIONS.with_note(page, "0.1.2").startswith(
        "# Stock\n\n> Esta página traduce la de la versión 0.1.2."
    )
    head = '"Project-Id-Version: detcount 0.7.0\\n"\n'
    assert TRANSLATIONS.version_of(TRANSLATIONS.of_version(head, "0.1.2")) == "0.1.2"


def frame(page):
    """Commands, pictures, links and the depths of headings; strings, comments and languages aside."""
    text = page.read_text(encoding="utf-8").replace('.translated("es")', "").replace(".headline()", "")
    text = text.replace('lang="es"', "")
    aside = (tokenize.COMMENT, tokenize.STRING, tokenize.NL)

    def tokens(code):
        found = tokenize.generate_tokens(io.StringIO(code).readline)
        return [each.string for each in found if each.type not in aside]

    commands = [
        tokens(code) if language == "python" else code
        for language, code, _ in blocks(text)
        if language != "text"
    ]
    prose = BLOCK.sub("", text)
    links = [each for each in re.findall(r"\]\(([^)]*)\)", prose) if not each.startswith("README")]
    return commands, links, [len(each) for each in re.findall(r"^(#+) ", prose, re.M)]


def test_both_languages_of_readme_have_the_same_commands_pictures_and_headings():
    english, spanish = ROOT / "README.md", ROOT / "README.es.md"
    assert frame(english) == frame(spanish)
    assert "](README.es.md)" in english.read_text(encoding="utf-8")
    assert "](README.md)" in spanish.read_text(encoding="utf-8")
    assert len(english.read_text(encoding="utf-8").split()) <= MOST_WORDS


SOURCE = re.compile(r"Traduce la versión (\S+?)\. <!-- ([0-9a-f]{64}) -->")  # of README.md


def test_the_spanish_of_readme_is_at_most_one_release_old():
    """Whoever has read both again runs this with DETCOUNT_WRITE_GOLDEN=1."""
    path = ROOT / "README.es.md"
    text = path.read_text(encoding="utf-8")
    digest = hashlib.sha256((ROOT / "README.md").read_bytes()).hexdigest()
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        text = SOURCE.sub(f"Traduce la versión {RELEASES[0]}. <!-- {digest} -->", text)
        path.write_text(text, encoding="utf-8")
    version, of = SOURCE.search(text).groups()
    assert of == digest or version in RELEASES[:2]


@pytest.mark.slow
def test_the_picture_of_readme_is_that_of_the_first_page():
    namespace = {}
    first = next(
        code
        for language, code, _ in blocks((ROOT / "docs/index.md").read_text(encoding="utf-8"))
        if language == "python"
    )
    exec(compile(first, "index", "exec"), namespace)
    drawn = svg(namespace["figure"]).replace("<svg ", '<svg style="background:#fff" ', 1)
    stored = ROOT / "docs" / "how_many.svg"
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        stored.write_text(drawn, encoding="utf-8")
    assert re.findall("<text[^>]*>([^<]*)<", drawn) == re.findall(
        "<text[^>]*>([^<]*)<", stored.read_text(encoding="utf-8")
    )
