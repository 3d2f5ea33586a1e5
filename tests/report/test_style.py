"""Colours told apart in grey and by readers who see few; marks that stand where the data are."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import detcount as dc
from assessed import QUICK
from cases import capture_table
from detcount.reports import style
from detcount.reports.blocks import FigureSlot, unfolded
from detcount.reports.canvas import drawn, marked
from detcount.reports.printing.html import html_table
from detcount.reports.render.html import page
from detcount.reports.render.svg import inline_svg, svg
from detcount.words import Message
from pictures import parts, pictures

ROOT = Path(__file__).parents[2]
# Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
BLIND = {
    "sees all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
ROLES = ("paper", "ink", "blue", "pale", "orange")
WORDS = ("ink", "quiet", "blue", "orange", "green", "purple", "olive", "slate")


@pytest.fixture(scope="module")
def lists():
    return dc.assess(capture_table("many overlaps"), families=QUICK)


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour, sight="sees all"):
    """A colour as it is seen, in steps that are about equal to the eye."""
    light = np.clip(BLIND[sight] @ linear(colour), 0, 1)
    ratio = XYZ @ light / (XYZ @ np.ones(3))
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, other):
    """The ratio of two lights, as rules for legible text count it."""
    high, low = sorted((float(XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("by", ["light", "dark"])
@pytest.mark.parametrize("sight", BLIND)
def test_colours_that_mean_something_are_told_apart(sight, by):
    for one, other in itertools.combinations(ROLES, 2):
        seen = [lab(getattr(style.PALETTE[name], by), sight) for name in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 15, (one, other)


@pytest.mark.parametrize("by", ["light", "dark"])
def test_colours_that_mean_something_are_told_apart_in_grey(by):
    for one, other in itertools.combinations(ROLES, 2):
        greys = [lab(getattr(style.PALETTE[name], by))[0] for name in (one, other)]
        assert abs(greys[0] - greys[1]) > 10, (one, other)


@pytest.mark.parametrize("by", ["light", "dark"])
def test_words_in_colour_are_legible(by):
    paper, band = (getattr(style.PALETTE[name], by) for name in ("paper", "band"))
    for name in WORDS:
        colour = getattr(style.PALETTE[name], by)
        assert contrast(colour, paper) >= 4.5, name
        assert contrast(colour, band) >= 4.2, name


def test_sources_have_shapes_of_their_own():
    colours, shapes = zip(*style.SERIES, strict=True)
    assert len(set(shapes)) == len(set(colours)) == len(style.SERIES)


def test_every_colour_of_a_drawing_has_its_rule_for_the_dark(lists):
    text = page(lists.full().document(), "en")
    drawings = "".join(each.drawing for kind in ("wide", "narrow") for each in pictures(text, kind))
    colours = set(re.findall(r'(?:fill|stroke)="(#\w+)"', drawings))
    assert colours <= {colour.light for colour in style.PALETTE.values()}
    assert len(colours) > 4
    for colour in colours:
        assert f'[fill="{colour}"]' in text
        assert f'[stroke="{colour}"]' in text


def line(canvas):
    """A drawing whose numbers are known."""
    axes = canvas.start(style.WIDE, 2.0).add_subplot()
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 4)
    marked(axes.axvline(2.5), "floor")
    marked(axes.plot([5.0], [1.0], "o")[0], "mark")
    axes.text(1, 3, "Ñandú <b> & «x»", parse_math=False)
    canvas.title(axes, Message("nothing to draw"))


@pytest.mark.parametrize("narrow", [False, True])
def test_text_is_text_and_names_are_its_own(narrow):
    figure = drawn(line, "es", narrow=narrow)
    made = inline_svg(figure, key="k-", title='A "title"', alt="a < b", kind="wide")
    (picture,) = pictures(made)
    assert (picture.title, picture.alt) == ('A "title"', "a < b")
    assert "Ñandú <b> & «x»" in picture.words
    assert "nada que mostrar" in picture.words
    names = re.findall(r' id="([^"]*)"', made)
    assert names == list(dict.fromkeys(names))
    assert all(name.startswith("k-") for name in names)
    referred = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', made))
    assert {one or other for one, other in referred} <= set(names)
    assert "style=" not in made


def test_marks_stand_where_the_data_are():
    figure = drawn(line, "en")
    made = svg(figure)
    (floor,), (mark,) = parts(made)["floor"], parts(made)["mark"]
    axes = figure.axes[0]
    height = 72 * figure.get_figheight()
    for point, data in ((floor[0], (2.5, 0.0)), (floor[1], (2.5, 4.0)), (mark[0], (5.0, 1.0))):
        x, y = axes.transData.transform(data) * 72 / figure.dpi
        assert point == pytest.approx([x, height - y], abs=0.02)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_shows_floor_limits_and_points_as_they_are(lists, lang):
    """From the ticks of the axis back to persons: what a reader measures is what the table says."""
    result = lists
    (slot,) = (
        slot
        for slot in unfolded(result.full().document().blocks)
        if isinstance(slot, FigureSlot) and slot.key == "forest"
    )
    made = inline_svg(drawn(slot.draw, lang, narrow=True), key="f", title="t", alt="a", kind="narrow")
    (forest,) = pictures(made, "narrow")
    ticks = re.findall(
        r'<text [^>]*text-anchor="middle"[^>]*x="([\d.]+)"[^>]*>([\d.,\u00a0\u202f ]+)</text>', forest.drawing
    )
    x = np.array([float(place) for place, _ in ticks])
    persons = np.array([float(re.sub(r"\D", "", text)) for _, text in ticks])
    slope, start = np.polyfit(x, persons, 1)
    marks = parts(forest.drawing)
    near = 3 * abs(slope) * 0.02
    assert slope * marks["floor"][0][0, 0] + start == pytest.approx(result.n_observed, abs=near)
    for row in result.families:
        low, high = marks[f"limits {row.key}"][0][:, 0] * slope + start
        assert low == pytest.approx(row.low, abs=near)
        assert high <= row.high + near
        if f"point {row.key}" in marks:
            assert marks[f"point {row.key}"][0][0, 0] * slope + start == pytest.approx(row.point, abs=near)
    assert sum(key.startswith("limits ") for key in marks) == len(result.families)
    (advised,) = (row for row in result.families if row.recommended)
    band = marks["recommended interval"][0][:, 0] * slope + start
    assert (band.min(), band.max()) == pytest.approx((advised.low, advised.high), abs=near)


def test_each_cell_of_many_columns_has_its_head_beside_it():
    page = html_table(("Día", "Low", "<b>", "Rests on"), [("1", "2", "3", "prior")], "en", align="lrrl")
    assert 'class="scroll stacked"' in page
    assert re.findall(r'data-head="([^"]*)"', page) == ["Low", "&lt;b&gt;", "Rests on"]
    few = html_table(("a", "b", "c"), [("1", "2", "3")], "en", align="lrr")
    assert 'class="scroll"' in few
    assert "data-head" not in few


def test_the_style_of_pages_sets_them_in_lines_and_shows_that_others_scroll():
    css = (ROOT / "src/detcount/reports/render/page.css").read_text(encoding="utf-8")
    assert ".stacked td::before { content: attr(data-head)" in css
    scrolls = css.split(".scroll { overflow-x: auto")[1].split("}")[0]
    assert scrolls.count("local") == 2  # these hide the shadow where the table ends
