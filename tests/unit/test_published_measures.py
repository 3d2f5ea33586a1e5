"""What a release is in a published count, and of whom: the words that sources use, and what stays unknown."""

import pytest

from cases import tables
from detcount import PublishedReleases, datasets
from detcount.errors import InputError
from detcount.published.counts import MEASURES, measure_of, measures

TABLES = tables("published_measures")


@pytest.mark.parametrize(
    ("text", "who", "release"),
    TABLES["words_of_a_measure"],
)
def test_words_of_a_measure(text, who, release):
    found = measure_of(text)
    assert (found.who, found.release) == (who, release)
    assert found.read_in == ("" if who == "unknown" else "measure")


def test_what_is_stated_is_read_as_itself():
    assert [(measure_of(text).who, measure_of(text).release) for text in MEASURES] == [
        ("all", True),
        ("political", True),
        ("unknown", False),
    ]


@pytest.mark.parametrize(
    ("measure", "note", "who", "read_in"),
    TABLES["a_note_is_read_where_the_measure_says_nothing"],
)
def test_a_note_is_read_where_the_measure_says_nothing(measure, note, who, read_in):
    found = measure_of(measure, note)
    assert (found.who, found.read_in) == (who, read_in)


def rows(measure, note, source):
    n = len(measure)
    columns = {
        "published": [f"2025-01-1{k}" for k in range(n)],
        "source": source,
        "role": ["announced"] * n,
        "start": ["2025-01-09"] * n,
        "end": [None] * n,
        "count": [7 + k for k in range(n)],
        "measure": measure,
        "note": note,
    }
    return PublishedReleases.from_frame(columns)


def test_what_one_count_notes_holds_for_all_of_its_source_in_the_same_words():
    read = measures(rows(["exit"] * 4, ["all offences", "", "", ""], ["court", "court", "monitor", "ngo"]))
    assert [(found.who, found.read_in) for found in read] == [("all", "note")] * 2 + [("unknown", "")] * 2
    torn = measures(rows(["exit"] * 3, ["all offences", "political prisoners only", ""], ["court"] * 3))
    assert [found.who for found in torn] == ["all", "political", "unknown"]


def test_a_stated_mapping_takes_the_place_of_words():
    reports = rows(["exit", "exit", "review"], ["", "", ""], ["court", "court", "court"])
    stated = reports.with_measures({"exit": "political prisoners"})
    assert [found.who for found in measures(stated)] == ["political", "political", "unknown"]
    assert stated.measure == ("political prisoners", "political prisoners", "review")
    assert stated.digest != reports.digest
    assert reports.with_measures({}) == reports
    with pytest.raises(InputError, match="expected texts that stand in the column, got another"):
        reports.with_measures({"exits": "political prisoners"})
    with pytest.raises(InputError, match="'all prisoners', 'political prisoners' or 'reviews of custody'"):
        reports.with_measures({"exit": "politicals"})
    with pytest.raises(TypeError, match="expected a mapping of measures to what they are, got list"):
        reports.with_measures(["exit"])


def test_the_shipped_series_does_not_say_whom_it_counts():
    reports = datasets.load("venezuela_releases")
    read = measures(reports)
    assert {found.who for found in read} == {"unknown"}
    reviews = {reports.source[row] for row, found in enumerate(read) if not found.release}
    assert reviews == {"Public Ministry / Attorney General"}
    said = str(reports.summary())
    assert f"The last 20 of {len(reports)} counts stand here." in said
    assert said.count("\n20") == 20  # a day at the beginning of each row
