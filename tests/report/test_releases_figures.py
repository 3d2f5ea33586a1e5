"""Figures about releases: what is drawn, that words stand in their language and nothing overlaps."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import partial

import matplotlib.dates as mdates
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from detcount.assessment.releases import figures
from detcount.assessment.releases.content import AnnouncedLine, FanContent, FanDay, GapRow
from detcount.assessment.releases.counts import count_rows, latest_counts
from detcount.datasets.known_names import known_name
from detcount.errors import InputError
from detcount.estimates import UncertainCount
from detcount.reports import style
from detcount.reports.canvas import drawn
from releases_hand import gap, series

LANGUAGES = ["en", "es"]
APART = 0.12  # luminance by which neighbouring parts of a bar differ, so that grey print tells them apart


def some_rows():
    """Rows with all that the picture draws: other days, a prior, bounds, more than announced, others' counts."""
    gaps = [
        gap(225, 169, label="month 2024-11", end=dt.date(2024, 11, 30)),
        gap(99, 61, label="event 2025-12-25", end=dt.date(2025, 12, 25)),
        gap(88, 87, label="event 2026-01-01"),
        gap(116, 56),
        gap(400, 143, label="since 2025-12", at_least=True, by=("bounds", "bounds", "bounds")),
        gap(50, 60, label="event 2026-02-01"),
    ]
    gaps[1] = replace(gaps[1], verified_start=dt.date(2025, 12, 25), verified_end=dt.date(2025, 12, 31))
    rows = [GapRow(one, announced_on=one.end) for one in gaps]
    reported = [row for row in count_rows(series()) if row.role == "reported"]
    verified = [row for row in count_rows(series()) if row.role == "verified"]
    rows[2] = replace(rows[2], beside=(*reported, verified[1]))
    return rows


def some_fan():
    rows = [row for row in count_rows(series()) if row.event == "since 2026-03-08"]
    expected = tuple(
        FanDay(
            dt.date(2026, 3, 19) + dt.timedelta(days=k),
            UncertainCount.from_draws(
                36 + k + np.array([0, 1, 2, 3, 9]), bounds=(36, 1000), identified_by="data"
            ),
        )
        for k in (0, 3, 7)
    )
    announced = [row for row in count_rows(series()) if row.role == "announced"][-2:]
    return FanContent(
        source="Monitor",
        event=known_name("since 2026-03-08"),
        start=dt.date(2026, 3, 8),
        observed=tuple(rows),
        expected=expected,
        eventually=expected[-1].total,
        announced=tuple(AnnouncedLine(row, False) for row in announced),
    )


def announcements(rows, lang="en", *, narrow=False, **options):
    return drawn(partial(figures.announcements, rows=rows, **options), lang, narrow=narrow)


def one_row(*given, **options):
    return announcements([GapRow(gap(*given, **options))])


def windows(rows, lang="en", *, narrow=False):
    return drawn(partial(figures.windows, rows=rows), lang, narrow=narrow)


def fan(content, lang="en", *, narrow=False):
    return drawn(partial(figures.fan, content=content), lang, narrow=narrow)


def words(figure) -> str:
    """Everything written in a figure."""
    parts = [text.get_text() for text in figure.texts]
    for legend in figure.legends:
        parts += [text.get_text().replace("\n", " ") for text in legend.get_texts()]
    for axes in figure.axes:
        parts += [text.get_text() for text in axes.texts]
        parts += [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
        parts += [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    return "\n".join(parts)


def ready(figure):
    figure.canvas.draw()
    return figure


def overlapping(figure) -> list[tuple[str, str]]:
    """Pairs of texts in a figure that cover each other."""
    renderer = ready(figure).canvas.get_renderer()
    texts = []
    for axes in figure.axes:
        texts += [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
        texts += [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
    for legend in figure.legends:
        texts += legend.get_texts()
    boxes = [
        (text.get_text(), text.get_window_extent(renderer).shrunk(0.9, 0.75))
        for text in texts
        if text.get_text().strip() and text.get_visible()
    ]
    return [
        (one[0], other[0])
        for k, one in enumerate(boxes)
        for other in boxes[k + 1 :]
        if one[1].overlaps(other[1])
    ]


def outside(figure) -> list[str]:
    """Texts that reach over the edge of a figure."""
    renderer = ready(figure).canvas.get_renderer()
    found = []
    for axes in figure.axes:
        for text in (*axes.texts, *axes.get_yticklabels(), axes._left_title):
            box = text.get_window_extent(renderer)
            if text.get_text() and (box.x0 < -1 or box.x1 > figure.bbox.x1 + 1):
                found.append(text.get_text())
    return found


MAKERS = {
    "announcements": lambda lang, **how: announcements(some_rows(), lang=lang, **how),
    "windows": lambda lang, **how: windows(latest_counts(series()), lang=lang, **how),
    "fan": lambda lang, **how: fan(some_fan(), lang=lang, **how),
}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", MAKERS)
def test_no_words_overlap_or_leave_the_figure(name, lang, narrow):
    figure = MAKERS[name](lang, narrow=narrow)
    assert overlapping(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize("name", MAKERS)
def test_words_are_in_one_language(name):
    english, spanish = words(ready(MAKERS[name]("en"))), words(ready(MAKERS[name]("es")))
    for word in ("announced", "verified", "carried out", "publication", "releases", "since", "Jan"):
        assert word not in spanish
    assert english != spanish


def bars(figure):
    """Widths and patterns of the bars: the whole, then what is verified and pending."""
    return [(bar.get_width(), bar.get_hatch()) for bar in figure.axes[0].patches]


def test_a_bar_is_what_is_verified_and_pending_of_all_that_was_announced():
    widths = [round(width * 116) for width, _ in bars(one_row(116, 56))]
    assert widths == [116, 56, 15]


def test_nothing_is_drawn_as_unsubstantiated():
    text = words(announcements(some_rows()))
    assert "unsubstantiated" not in text
    assert "open: the counts alone do not say" in text


def test_what_is_pending_by_a_prior_is_hatched():
    figure = one_row(116, 56, by=("prior", "prior", "prior"))
    assert [hatch for _, hatch in bars(figure)][2] == "////"
    assert "by a stated prior (median)" in words(figure)
    known = one_row(116, 56, by=("data", "data", "data"))
    assert not any(hatch for _, hatch in bars(known))
    assert "prior" not in words(known)


def test_a_count_of_other_days_looks_different_and_is_explained():
    figure = announcements(some_rows()[1:2])
    assert bars(figure)[1][1] == "\\\\\\\\"
    assert "verified, but of other or fewer days, or other people" in words(figure)
    assert "other days" not in words(one_row(116, 56))


def test_the_limits_of_the_carried_out_are_drawn_under_the_bar():
    one = gap(116, 56)
    lines = announcements([GapRow(one)]).axes[0].lines
    spans = [tuple(map(float, line.get_xdata())) for line in lines if len(line.get_xdata()) == 2]
    low, median, high = one.carried_out.printed()
    assert spans == [(low / 116, high / 116)]
    assert [float(line.get_xdata()[0]) for line in lines if len(line.get_xdata()) == 1] == [median / 116]


def test_every_figure_in_the_picture_has_its_day():
    figure = ready(announcements(some_rows()))
    texts = figure.axes[0].texts
    beside = [text for text in texts if text.xy[0] > 1]
    assert len(beside) == len(some_rows()) + sum(row.largest_beside is not None for row in some_rows())
    for text in beside:
        assert re.search(r"\d (?:verified|reported), \d+ \w{3} \d{4}", text.get_text()), text
    (families,) = (text for text in beside if text.get_text() == "71 reported, 5 Mar 2026 (Families)")
    assert round(families.xy[1]) == 2
    labels = [text.get_text() for text in texts if text.xy[0] < 0]
    for k, row in enumerate(some_rows()):
        assert f"announced {row.announced_on.day} " in labels[2 * k + 1]


def test_bounds_alone_are_no_interval():
    figure = one_row(400, 143, by=("bounds", "bounds", "bounds"))
    assert len(figure.axes[0].patches) == 2
    assert figure.axes[0].lines == [] or len(figure.axes[0].lines) == 0


def test_more_verified_than_announced_fills_the_bar_and_says_the_number():
    figure = one_row(50, 60)
    assert bars(figure)[1][0] == pytest.approx(1.0)
    assert [line.get_marker() for line in figure.axes[0].lines] == [">"]
    assert "60 verified" in words(figure)


def test_what_is_verified_and_pending_is_told_apart_without_colour():
    light = [np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)) for colour in (style.BLUE, style.PALE)]
    assert abs(light[0] - light[1]) > APART


def test_nothing_to_draw_says_so():
    assert "nada que mostrar" in words(announcements([], lang="es"))
    assert "nothing to draw" in words(windows([]))
    empty = some_fan()
    object.__setattr__(empty, "observed", ())
    assert "nothing to draw" in words(fan(empty))


def test_windows_draw_the_last_count_of_each_source_and_event():
    figure = ready(windows(latest_counts(series())))
    numbers = {text.get_text() for text in figure.axes[0].texts}
    assert {"≥300", "210", "61", "36", "93", "90"} <= numbers
    assert "64" not in numbers
    assert "start not said" in words(figure)
    assert len(latest_counts(series())) == len(figure.axes[0].get_yticklabels())


def test_many_windows_leave_the_oldest_out():
    rows = latest_counts(series()) * 5
    assert f"{len(rows) - 24} older ones not shown." in words(windows(rows))


def test_a_fan_ends_with_its_last_day_and_says_the_end():
    figure = ready(fan(some_fan()))
    text = words(figure)
    assert "Verified by Monitor, since 8 March 2026" in text
    assert "in the end" in text
    assert "≥300  (start not said)" in text
    assert "210  since 20 Feb 2026" in text


def test_levels_are_checked():
    with pytest.raises(InputError, match="level: expected a number between 0 and 1, got 2"):
        announcements(some_rows(), level=2)


def test_pyplot_knows_nothing_of_it():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    MAKERS["announcements"]("en")
    assert plt.get_fignums() == before


def test_the_bands_of_a_fan_reach_from_the_low_end_to_the_high_one():
    content = some_fan()
    figure = ready(fan(content))
    bands = [band.get_paths()[0].vertices for band in figure.axes[0].collections if band.get_paths()]
    assert len(bands) == 2
    for band, level in zip(bands, (0.95, 0.8), strict=True):
        for row in content.expected:
            at = band[np.isclose(band[:, 0], mdates.date2num(row.day)), 1]
            interval = row.total.interval(level)
            assert (at.min(), at.max()) == (max(interval.low, content.verified), interval.high)


def test_no_limit_is_drawn_or_said_below_what_is_verified():
    content = some_fan()
    verified = max(int(content.expected[-1].total.interval(0.8).low) + 1, 1)
    last = replace(content.observed[-1], count=verified)
    raised = replace(content, observed=(*content.observed[:-1], last))
    figure = ready(fan(raised))
    bands = [band.get_paths()[0].vertices for band in figure.axes[0].collections if band.get_paths()]
    assert min(band[:, 1].min() for band in bands) == verified
    low = min(row.total.interval().low for row in raised.expected)
    assert low < verified
    assert f"({verified} to " in words(figure)


def test_what_was_announced_for_other_days_has_no_height_to_compare():
    content = some_fan()
    figure = ready(fan(content))
    total, apart = figure.axes
    assert not any(line.get_color() == style.ORANGE for line in total.lines)
    marks = [line for line in apart.lines if line.get_marker() == "D"]
    assert [float(line.get_ydata()[0]) for line in marks] == list(range(len(content.announced)))
    assert len(apart.get_yticks()) == 0
    same = replace(content, announced=tuple(AnnouncedLine(line.count, True) for line in content.announced))
    (alone,) = fan(same).axes
    drawn_at = {float(line.get_ydata()[0]) for line in alone.lines if line.get_color() == style.ORANGE}
    assert drawn_at == {float(line.count.count) for line in content.announced}
