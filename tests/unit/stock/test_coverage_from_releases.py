"""How many a list does not know, from how many of those released were on it."""

import io
import json
import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency

from cases import tables
from detcount import stock
from detcount._numerics.stock.released import shares_released
from detcount.cli import main
from detcount.errors import InputError, NotEstimableError
from detcount.stock.anchors import read_anchors

WAVES = Path(__file__).parents[2] / "reference" / "data" / "release_waves.csv"
TABLES = tables("coverage_from_releases")
DECEMBER, GROUPS = TABLES["december"], TABLES["groups"]


def fitted(rows, **options):
    return stock.CoverageFromReleases(**options).fit(stock.ReleaseWaves.from_frame(rows))


def changed(**cells):
    return {**DECEMBER, **{name: [value] for name, value in cells.items()}}


@pytest.mark.parametrize(("listed", "released", "both", "held", "low", "high"), TABLES["printed_waves"])
def test_the_printed_waves(listed, released, both, held, low, high):
    rows = changed(list_size_before=listed, released_identified=released, of_these_on_list=both)
    (answer,) = fitted(rows).answers
    assert round(answer.held) == held
    assert (answer.interval.low, answer.interval.high) == (low, high)
    assert answer.floor == listed + released - both
    exact = binomtest(both, released).proportion_ci(0.95, "exact")
    assert answer.share == pytest.approx((both / released, exact.low, exact.high), rel=1e-9)


def brute(listed, unlisted, released, both, odds):
    """Tails by naming every lot of those inside."""
    weights = {}
    for lot in combinations(range(listed + unlisted), released):
        m = sum(person < listed for person in lot)
        weights[m] = weights.get(m, 0.0) + odds**m
    whole = sum(weights.values())
    return (
        sum(weight for m, weight in weights.items() if m <= both) / whole,
        sum(weight for m, weight in weights.items() if m >= both) / whole,
    )


@pytest.mark.parametrize("odds", [1.0, 0.3, 2.5])
def test_limits_against_every_lot(odds):
    rows = changed(list_size_before=6, released_identified=5, of_these_on_list=3)
    (answer,) = fitted(rows, odds_ratio=odds).answers
    kept = [unlisted for unlisted in range(2, 14) if min(brute(6, unlisted, 5, 3, odds)) > 0.025]
    assert answer.interval.low == 6 + kept[0]
    assert answer.interval.high >= 6 + kept[-1]
    if kept[-1] < 13:
        assert answer.interval.high == 6 + kept[-1]


def test_the_sentence_in_both_languages():
    (answer,) = fitted(DECEMBER).answers
    assert answer.sentence() == (
        "Of the 35 released, 18 were on the list of 77. If the released are like those still inside, about "
        "147 were held (117 to 218), and 112 after it; if the odds of being released were twice as high "
        "for the listed, about 200. If the 17 who were not on the list are not of the kind that it counts, "
        "the wave says nothing beyond the list: at least 77."
    )
    spanish = (
        "De las 35 personas excarceladas, 18 estaban en la lista de 77. Si las excarceladas son como las que "
        "siguen presas, había unas 147 presas (de 117 a 218), y 112 después"
    )
    assert answer.sentence().translated("es").startswith(spanish)


def test_the_odds_ratio_moves_the_number_and_its_tipping_value_says_how_far():
    (answer,) = fitted(DECEMBER).answers
    points = [answer.by_odds[odds][0] for odds in sorted(answer.by_odds)]
    assert points == sorted(points)
    assert round(answer.by_odds[2.0][0]) == 200
    (there,) = fitted(DECEMBER, odds_ratio=answer.tipping).answers
    assert there.held == pytest.approx(answer.interval.high)


def test_a_range_of_odds_ratios_is_as_wide_as_its_ends():
    (wide,) = fitted(DECEMBER, odds_ratio=(0.5, 2.0)).answers
    assert wide.interval.low == wide.by_odds[0.5][1]
    assert wide.interval.high == wide.by_odds[2.0][2]


def waves_of_the_world():
    return pd.read_csv(WAVES, comment=None)


def test_every_wave_is_answered_as_what_it_is_with_the_words_blanked():
    frame = waves_of_the_world()
    blanked = frame.assign(use="", definition_note="")
    found = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(blanked))
    use = dict(zip(frame["wave"], frame["use"], strict=True))
    assert len(found.answers) == 29
    for answer in found.answers:
        assert answer.kind in TABLES["uses"][use[answer.wave]], answer.wave
        assert (answer.held is not None) <= (use[answer.wave] == "coverage")
        assert answer.floor is None or answer.kind == "coverage"
    assert len(found.usable) == 3
    assert found.verdict == "range"


def test_those_recognised_alone_have_two_readings():
    frame = waves_of_the_world()
    one = frame[frame["wave"] == "venezuela_2025_12_jep"]
    (answer,) = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(one)).answers
    assert answer.sentence().startswith(
        "venezuela_2025_12_jep: 71 of 99 released were on the list, or 71 of 71 if the others are not of "
        "its kind."
    )


@pytest.mark.parametrize(("cells", "fresh", "kind"), TABLES["no_coverage"])
def test_what_is_no_coverage_gives_no_number(cells, fresh, kind):
    waves = stock.ReleaseWaves.from_frame(changed(**cells), fresh={"": None, "yes": True, "no": False}[fresh])
    found = stock.CoverageFromReleases().fit(waves)
    assert found.answers[0].kind == kind
    assert found.answers[0].held is None
    assert found.verdict == "refuse"
    assert any("released_counts" in note for note in found.notes) == (kind == "definition")
    with pytest.raises(NotEstimableError, match="no wave that can be set against a list"):
        found.at("2025-12-02")


def test_nobody_listed_among_those_released_has_no_upper_limit():
    (answer,) = fitted(changed(of_these_on_list=0)).answers
    assert math.isinf(answer.interval.high)
    assert answer.tipping is None
    assert "or more)" in answer.sentence()


def test_groups_add_up_and_small_ones_are_put_together():
    found = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(GROUPS, by="stay"))
    whole, *groups = found.answers
    assert [group.stratum for group in groups] == ["a month", "a year", "longer"]
    assert whole.held == pytest.approx(sum(group.held for group in groups))
    assert whole.interval.low >= sum(group.floor for group in groups)
    assert whole.interval.high < sum(group.interval.high for group in groups)
    few = {**GROUPS, "of_these_on_list": [9, 3, 2]}
    pooled = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(few, by="stay"))
    assert [group.stratum for group in pooled.answers[1:]] == ["a month", "a year + longer"]
    assert any("a year, longer" in note for note in pooled.notes)


def test_a_lot_of_the_longest_held_has_no_number_for_all():
    """The trend is that of the correlation of coming out and group; the spread that of chi-square."""
    k, m = np.array([3, 30, 47, 60]), np.array([0, 4, 20, 45])
    person = np.repeat(np.arange(4), k)
    out = np.concatenate([np.arange(a) < b for a, b in zip(k, m, strict=True)])
    trend, p = shares_released(k, m)
    assert trend == pytest.approx(np.corrcoef(person, out)[0, 1] * math.sqrt(k.sum()), rel=1e-9)
    assert p == pytest.approx(chi2_contingency(np.array([m, k - m]), correction=False).pvalue, rel=1e-9)
    rows = {name: (values * 4)[:4] for name, values in GROUPS.items()} | TABLES["by_length"]
    rows |= {"list_size_before": k, "of_these_on_list": m, "released_identified": m + np.array([4, 9, 8, 3])}
    found = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(rows, by="stay"))
    whole, *groups = found.answers
    assert (whole.kind, whole.held, whole.floor, found.verdict) == ("by length", None, 140 + 24, "refuse")
    assert "those held longest came out most readily" in whole.sentence()
    assert {group.kind for group in groups} == {"coverage"}
    turned = {name: list(values)[::-1] for name, values in rows.items() if name != "stay"}
    assert fitted_by(turned | {"stay": rows["stay"]}).held is not None  # short stays first: routine exits
    assert fitted_by(rows | {"stay": ["women", "men", "a", "b"]}).held is not None  # no order is said


def fitted_by(rows):
    return stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(rows, by="stay")).answers[0]


def test_two_lists_and_a_wave_say_who_is_on_neither():
    rows = {name: values * 2 for name, values in DECEMBER.items()}
    rows |= {
        "source": ["the monitor", "families"],
        "list_size_before": [77, 50],
        "of_these_on_list": [18, 14],
    }
    rows |= {"on_other_list_too": [30, 30], "of_these_on_both": [9, 9]}
    found = fitted(rows)
    assert [each.source for each in found.usable] == ["the monitor", "families", "the monitor + families"]
    together = fitted(changed(list_size_before=97, of_these_on_list=23)).answers[0]
    assert (found.usable[-1].held, found.usable[-1].interval) == (together.held, together.interval)
    said = "December (the monitor + families): Of the 35 released, 23 were on the list of 97"
    assert said in found.sentence()
    two = DECEMBER | {"wave": ["one", "two"]} | {"day": ["2025-12-02", "2025-12-03"]}
    alone = fitted({name: two[name] * (2 // len(two[name])) for name in two})
    assert "(the monitor)" not in alone.sentence()  # of one list nobody has to be told which
    for name, value in (("on_other_list_too", 60), ("of_these_on_both", 16), ("of_these_on_both", 31)):
        with pytest.raises(InputError, match="expected no more than stand on each of the two lists"):
            fitted({**rows, name: [9, value]})


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_the_number_is_never_below_those_seen(listed, released, both):
    both = min(both, listed, released)
    (answer,) = fitted(
        changed(list_size_before=listed, released_identified=released, of_these_on_list=both)
    ).answers
    if both < released:
        assert answer.interval.low >= answer.floor
        assert answer.held >= answer.floor
        assert answer.interval.low <= answer.held <= answer.interval.high


def test_the_command_reads_a_file_and_says_the_sentence(tmp_path, capsys):
    place = tmp_path / "waves.csv"
    pd.DataFrame(DECEMBER).to_csv(place, index=False)
    assert main(["coverage", str(place)]) == 0
    assert "about 147 were held (117 to 218)" in capsys.readouterr().out
    assert main(["coverage", str(place), "--lang", "es", "--fresh", "no"]) == 0
    said = capsys.readouterr().out
    assert "De ahí no se sigue ninguna proporción" in said
    assert "147" not in said


@pytest.mark.parametrize(("said", "verdict"), TABLES["asked"])
def test_a_terminal_is_asked_for_what_decides(tmp_path, capsys, monkeypatch, said, verdict):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    place, record = tmp_path / "waves.csv", tmp_path / "numbers.json"
    pd.DataFrame(DECEMBER).drop(columns="released_counts").to_csv(place, index=False)
    asked = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(said))
    monkeypatch.setattr("sys.stderr", asked)
    assert main(["coverage", str(place), "--lang", "es", "--json", str(record)]) == 0
    assert json.loads(record.read_text())["verdict"] == verdict
    assert "¿A quiénes se cuenta" in asked.getvalue()
    assert "¿Se sabe que" in asked.getvalue()
    assert "¿" not in capsys.readouterr().out


def test_what_no_column_says_is_stated():
    rows = {name: cells for name, cells in DECEMBER.items() if name != "released_counts"}
    waves = stock.ReleaseWaves.from_frame(rows, scope="same", fresh=True)
    assert stock.CoverageFromReleases().fit(waves).answers[0].held == fitted(DECEMBER).answers[0].held
    assert stock.ReleaseWaves.from_frame(DECEMBER, scope="wider").waves[0].kind == "coverage"
    with pytest.raises(InputError, match="day"):
        fitted(changed(day=None))


def test_the_anchor_is_the_number_of_the_wave():
    found = fitted(DECEMBER)
    ((day, count),) = found.anchors().items()
    assert day.isoformat() == "2025-12-02"
    low, high = np.quantile(count.draws, [0.025, 0.975])
    assert low == pytest.approx(117, abs=3)
    assert high == pytest.approx(218, rel=0.05)
    assert count.draws.min() >= 94
    # for a register from which nobody leaves the anchor is the number as it stands
    figures = SimpleNamespace(days=np.datetime64(day).astype(int) + np.array([-9, 9]), exits_a_day=0.0)
    given = SimpleNamespace(definition=None), figures, (5.0, 60.0), 0.5, 4000, 0
    read = read_anchors(found, *given)
    (one,) = found.answers  # all who are on no list came out: nobody of them stayed
    nobody = replace(found, answers=(replace(one, draws=np.full(100, 35 - 18)),))
    assert (read_anchors(nobody, *given).draws == 77 + 35 - 18).all()
    assert np.quantile(read.draws, [0.1, 0.9]) == pytest.approx(
        np.quantile(count.draws, [0.1, 0.9]), rel=0.05
    )
