"""Figures show the numbers they are given, in both languages, and leave pyplot alone."""

import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import detcount as dc
from assessed import QUICK, assessed, assessed_quickly
from detcount.assessment import assess
from detcount.assessment.abundance import figures
from detcount.reports.canvas import drawn
from detcount.reports.style import NARROW, WIDE
from pictures import overlapping

SMALL = dc.CaptureTable.from_counts(
    {"100": 61, "010": 37, "001": 3, "110": 12, "101": 8, "011": 6, "111": 2}, lists=["press", "court", "ngo"]
)


@pytest.fixture(scope="module")
def kosovo():
    return assessed("kosovo")


@pytest.fixture(scope="module")
def small():
    return assess(SMALL)


def _drawn(draw, content, lang="en"):
    return drawn(partial(draw, content=content), lang)


def _words(figure):
    figure.canvas.draw()
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    ticks = [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    return [*texts, *ticks, *titles]


def test_the_forest_has_every_family_and_the_floor(kosovo):
    figure = _drawn(figures.forest, kosovo.full_content)
    words = _words(figure)
    for row in kosovo.full_content.families:
        marked = f"{row.name} ★" if row.recommended else row.name
        assert marked in words
        low, point, high = row.low, row.point, row.high
        limits = f"{low:,.0f} – {high:,.0f}"
        assert (limits if row.recommended else f"{point:,.0f}  ({limits})") in words
    assert " 4,400 listed" in words
    floor = [line for line in figure.axes[0].lines if list(line.get_xdata()) == [4400, 4400]]
    assert len(floor) == 1


def test_a_limit_that_runs_away_leaves_the_axis_readable(kosovo):
    row = kosovo.full_content.families[1]
    far = replace(row, key="far", high=float("inf"), point=5e9, low=4500.0)
    figure = _drawn(
        figures.forest, replace(kosovo.full_content, families=(*kosovo.full_content.families, far))
    )
    words = _words(figure)
    assert figure.axes[0].get_xlim()[1] < 1e6
    assert "5,000,000,000  (4,500 – ∞)" in words


def test_the_upset_draws_the_counts_of_the_table(kosovo):
    figure = _drawn(figures.upset, kosovo.full_content)
    heights = [patch.get_height() for patch in figure.axes[0].patches]
    assert heights == sorted(kosovo.table.counts.tolist(), reverse=True)
    assert "EXH  (1,910)" in _words(figure)


def test_a_public_figure_has_no_overlaps_and_no_numbers_of_the_other_methods(small):
    public = small.public_content
    figure = _drawn(figures.overview, public)
    assert len(figure.axes) == 2
    (row,) = [row for row in public.families if row.recommended]
    texts = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {text for text in texts if any(mark.isdigit() for mark in text)} == {
        f" {public.n_observed} listed",
        f"{row.low:,.0f} – {row.high:,.0f}",
        f"{public.n_observed} listed",
    }
    assert "nothing to draw" in _words(_drawn(figures.upset, public))


def test_other_methods_are_drawn_on_a_grid(small):
    drawn = [row for row in small.public_content.families if not row.recommended]
    digits = {f"{value:.2e}"[:4] for row in drawn for value in (row.low, row.high)}
    steps = {"1.00", "1.20", "1.50", "2.00", "2.50", "3.00", "4.00", "5.00", "6.00", "8.00"}
    assert len(drawn) > 10
    assert digits <= steps | {f"{small.public_content.n_observed:.2e}"[:4]}
    assert all(row.point is None and not row.strip and not row.modes for row in drawn)


def test_the_curve_passes_through_the_estimate_and_the_claim(kosovo):
    figure = _drawn(figures.sensitivity, kosovo.full_content)
    curve = max(figure.axes[0].lines, key=lambda line: len(line.get_xdata()))
    x, y = np.asarray(curve.get_xdata(), float), np.asarray(curve.get_ydata(), float)
    assert y[np.argmin(abs(x - 1))] == kosovo.estimates["selected"].point
    words = _words(figure)
    assert "8,800 reached at 0.739" in words
    assert "4,400 listed" in words
    assert "8,800: half of them listed" in words


def test_a_posterior_is_a_strip_and_several_modes_are_ticks():
    result = assessed_quickly("gaza")
    keys = [row.key for row in result.full_content.families]
    axes = _drawn(figures.forest, result.full_content).axes[0]
    ticks = [
        path.vertices for lines in axes.collections for path in lines.get_paths() if len(path.vertices) == 2
    ]
    at = {
        round(float(tick[0, 0]))
        for tick in ticks
        if abs(tick[:, 1].mean() - keys.index("decomposable")) < 0.01
    }
    assert at == {round(mode) for mode in result.modes["decomposable"]}
    posteriors = {key for key, row in zip(keys, result.full_content.families, strict=True) if row.strip}
    assert posteriors == {"calibrated", "thresholded", "decomposable"}
    strip = dict(result.full_content.families[keys.index("decomposable")].strip)
    near = {
        mode: max(height for x, height in strip.items() if abs(x / mode - 1) < 0.02)
        for mode in (53112, 79547)
    }
    between = min(height for x, height in strip.items() if 53112 < x < 79547)
    assert between < 0.5 * min(near.values())
    assert max(strip.values()) <= 1


def test_a_number_against_the_verdict_is_not_drawn(kosovo):
    def marks(result):
        axes = _drawn(figures.forest, result.full_content).axes[0]
        return sum(line.get_marker() == "D" for line in axes.lines)

    assert marks(kosovo) == 0
    assert marks(assessed("spina")) == 1


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["kosovo", pytest.param("korea", marks=pytest.mark.slow), "spina"])
def test_no_words_overlap_or_leave_the_figure(name, lang):
    assert overlapping(assessed(name).plot(lang=lang)) == []


@pytest.fixture(scope="module")
def long_names():
    long = ["Comité de familiares de personas detenidas", "private_networks_2", "drug_misuse_database"]
    table = dc.CaptureTable(tuple(long), SMALL.histories, 1000 * SMALL.counts)
    return assess(table, families=QUICK).full_content


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("draw", [figures.forest, figures.upset, figures.sensitivity])
def test_nor_where_it_is_narrow_and_names_are_long(draw, lang, long_names):
    content = long_names
    for narrow in (False, True):
        figure = drawn(partial(draw, content=content), lang, narrow=narrow)
        assert overlapping(figure) == []
        assert figure.get_figwidth() == (NARROW if narrow else WIDE)


def test_of_many_lists_those_on_a_bar_are_drawn():
    table = dc.datasets.load("colombia_recruitment_2000_2004")
    figure = _drawn(figures.upset, assess(table).full_content)
    largest = np.argsort(-table.counts, kind="stable")[:20]
    on_a_bar = int(table.histories[largest].any(axis=0).sum())
    assert len(figure.axes[1].get_yticklabels()) == on_a_bar
    assert figure.axes[1].get_xlabel() == (
        f"336 more not shown. {34 - on_a_bar} lists are in none of these combinations."
    )
    assert figure.get_size_inches()[1] < 8


def test_pyplot_is_never_loaded():
    code = (
        "import sys, detcount as dc\n"
        "t = dc.CaptureTable.from_counts({'10': 40, '01': 60, '11': 20}, lists=['a', 'b'])\n"
        "a = dc.assess(t); a.plot(); a.to_html()\n"
        "sys.exit('matplotlib.pyplot' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
