"""What holds for the assessment of any published counts of releases: an answer or a reason, never a crash."""

import json
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import detcount as dc
from detcount.data.published.reading import MOST_ALIVE

SHIPPED = tuple(
    name for name in dc.datasets.describe()["name"] if dc.datasets.describe(name).kind == "releases"
)
LARGEST = MOST_ALIVE - 1  # persons that a count may have
FEW = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def shipped(name):
    return dc.datasets.load(name)


@st.composite
def distorted(draw, most_rows, names=SHIPPED):
    """A part of shipped counts, with the rows of a day in another order, and some counts changed."""
    reports = shipped(draw(st.sampled_from(names)))
    rows = draw(
        st.lists(st.integers(0, len(reports) - 1), min_size=1, max_size=most_rows, unique=True)
    )  # from_frame sorts by day: what is left of the shuffle is the order within a day
    frame = reports.to_frame().iloc[rows].reset_index(drop=True)
    for row, count in draw(
        st.dictionaries(
            st.integers(0, len(rows) - 1), st.sampled_from([0, 1, 5_444, 10**6, LARGEST]), max_size=2
        )
    ).items():
        frame.loc[row, "count"] = count
    for row in draw(st.lists(st.integers(0, len(rows) - 1), max_size=2)):
        frame.loc[row, "at_least"] = not frame.loc[row, "at_least"]
    return dc.PublishedReleases.from_frame(frame)


def check(reports):
    found = dc.assess_releases(reports)
    assert len(found.sentences()) == len(found.events) > 0
    for event in found.events:
        if event.bounds is not None and event.bounds[1] is not None:
            assert 0 <= event.bounds[0] <= event.bounds[1] == event.announced[0].count
    for row in found.supposed:
        low, _, high = row.completed.printed()
        assert 0 <= low <= high <= row.event.announced[0].count
    json.dumps(found.record(), allow_nan=False)
    for lang in ("en", "es"):
        text = found.to_markdown(lang=lang)
        assert text
        assert "nan" not in text.split()


@pytest.mark.parametrize("most", [3, pytest.param(15, marks=pytest.mark.slow)])
def test_a_part_of_shipped_counts_has_an_answer_or_a_reason(most):
    settings(FEW, max_examples=most)(given(reports=distorted(most_rows=7 if most == 3 else 14))(check))()


@pytest.mark.parametrize("count", [0, 1, LARGEST])
def test_one_row_is_no_reason_to_crash(count):
    for role in ("announced", "verified"):
        row = {"source": "ministry" if role == "announced" else "monitor", "role": role, "count": count}
        row |= {"published": "2026-01-12", "start": "2026-01-12", "end": None}
        check(dc.PublishedReleases.from_frame({name: [cell] for name, cell in row.items()}))
