"""How many a list does not know, from how many of those released were on it."""

import datetime as dt
import io
import json
import math
import re
import time
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
from detcount import simulate, stock
from detcount._numerics.stock.released import shares_released
from detcount.assessment.joint.result import JointReport
from detcount.assessment.joint.summaries import summaries_of
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
    assert (answer.interval().low, answer.interval().high) == (low, high)
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
    assert answer.interval().low == 6 + kept[0]
    assert answer.interval().high >= 6 + kept[-1]
    if kept[-1] < 13:
        assert answer.interval().high == 6 + kept[-1]


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
    assert there.held == pytest.approx(answer.interval().high)


def several(*waves, **cells):
    """Waves of one monitor, each of those listed, released and both, a month apart."""
    listed, released, both = zip(*waves, strict=True)
    n = len(waves)
    days = [f"{2024 + k // 12}-{k % 12 + 1:02d}-02" for k in range(n)]
    counts = {"list_size_before": listed, "released_identified": released, "of_these_on_list": both}
    return {"wave": [f"w{k}" for k in range(n)], "day": days, "source": ["FP"] * n} | {
        **{name: list(values) for name, values in counts.items()},
        "released_counts": ["same"] * n,
        **cells,
    }


SEVERAL = ((201, 60, 40), (180, 50, 38), (170, 40, 33), (150, 30, 22))


def report_of(found):
    """A report of nothing but waves of releases."""
    return JointReport(lists=None, stock=None, releases=None, files=(), seed=0, waves=found)


def said(found):
    """The limits of the last wave, of every wave, by each door that gives them."""
    (front,) = summaries_of(report_of(found))
    last = found.usable[-1]
    frame, path, recorded = found.to_frame(), found.path(), found.record()["waves"]
    public = found.public()
    read = read_anchors(found, *beside([each.day_end for each in found.usable]))
    counts = [found.at(each.day_end) for each in found.usable]
    listed = frame["listed"].tolist()[: len(path)]
    return {
        "answers": [each.interval() for each in found.usable],
        "at 80%": [each.interval(0.8) for each in found.usable],
        "frame": list(zip(frame["low"], frame["high"], strict=True)),
        "record": [(row["low"], row["high"]) for row in recorded],
        "front": [(front.rows[0].low, front.rows[0].high)],
        "public": [each.interval() for each in public.usable],
        "public record": [(row["low"], row["high"]) for row in public.record()["waves"]],
        "at": [count.interval(0.95) for count in counts],
        "at, 80%": [count.interval(0.8) for count in counts],
        "anchors": [count.interval(0.95) for count in found.anchors().values()],
        "taken by a register": np.quantile(read.draws, [0.025, 0.975], axis=0).T,
        "path": [(k / high, k / low) for k, low, high in zip(listed, path["low"], path["high"], strict=True)],
        "forecast": list(zip(path["forecast_low"], path["forecast_high"], strict=True))[1:],
    }, f"{last.interval().low:,.0f} to {last.interval().high:,.0f}"


def beside(days):
    """A register about some days, from which nobody leaves."""
    numbers = np.array(days, dtype="datetime64[D]").astype(int)
    figures = SimpleNamespace(days=np.array([numbers.min() - 9, numbers.max() + 9]), exits_a_day=0.0)
    return SimpleNamespace(definition=None), figures, (5.0, 60.0), 0.5, 4000, 0


@pytest.mark.parametrize("odds", [(0.2, 5.0), (1.0, 4.0), (0.5, 3.0)])
@pytest.mark.parametrize("n_waves", [1, pytest.param(2, marks=pytest.mark.slow), 4])
def test_nothing_is_narrower_than_a_stated_range_allows(n_waves, odds):
    rows = several(*SEVERAL[:n_waves])
    found = fitted(rows, odds_ratio=odds)
    wide, words = said(found)
    for one in (odds[0], math.sqrt(odds[0] * odds[1]), odds[1]):
        for door, limits in said(fitted(rows, odds_ratio=one))[0].items():
            for (low, high), (least, most) in zip(wide[door], limits, strict=True):
                assert low <= least * (1 + 1e-9), (door, one)
                assert high >= most * (1 - 1e-9), (door, one)
    for answer in found.usable:
        inside = [ends for each, ends in answer.by_odds.items() if odds[0] <= each <= odds[1]]
        assert answer.interval().low <= min(low for _, low, _ in inside)
        assert answer.interval().high >= max(high for _, _, high in inside)
    assert wide["frame"] == wide["record"] == [tuple(each) for each in wide["answers"]]
    assert wide["front"] == wide["frame"][-1:]
    stated = f"if the odds of being released were {odds[0]:g} to {odds[1]:g} times as high"
    for text in (str(found.headline()), str(found.sentence()), str(found.summary())):
        assert words in text
        assert stated in text.lower()
    assert "about" not in str(found.sentence())  # of a range no number in it is the middle
    assert found.to_frame()["held"].isna().all()
    (front,) = summaries_of(report_of(found))
    assert stated in str(front.rows[0].question)


@pytest.mark.slow
def test_a_register_keeps_a_stated_range_between_two_waves():
    system = simulate.detention_system(n_days=120, seed=4).stock
    days = [str(system.date[k].item()) for k in (len(system.date) // 3, 2 * len(system.date) // 3)]
    rows = several((300, 60, 40), (320, 50, 38), day=days)
    model = stock.IntegratedStock(coverage=(0.33, 0.9), n_draws=400)
    wide, *ends = (
        model.fit(system, anchors=fitted(rows, odds_ratio=odds)) for odds in ((0.3, 3.0), 0.3, 3.0)
    )
    between = slice(*(wide.dates.index(dt.date.fromisoformat(day)) for day in days))
    low, high = np.quantile(wide.draws[:, between], [0.025, 0.975], axis=0)
    assert (low < 1.1 * np.quantile(ends[0].draws[:, between], 0.025, axis=0)).all()
    assert (high > 0.9 * np.quantile(ends[1].draws[:, between], 0.975, axis=0)).all()


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(k, marks=pytest.mark.slow) for k in range(2, 6))])
def test_no_median_of_a_chain_stands_outside_the_exact_limits_beside_it(seed):
    """Lists that are halved, doubled or known anew between waves, so that the waves before say otherwise."""
    rng = np.random.default_rng(seed)
    waves, moved = [], 0
    for _ in range(12):
        listed, unlisted = rng.integers(5, 800), rng.integers(0, 800)
        out = int(rng.integers(1, max((listed + unlisted) // 2, 2)))
        waves.append((int(listed), out, int(rng.hypergeometric(listed, unlisted, out))))
    found = fitted(several(*waves), odds_ratio=(0.5, 2.0) if seed % 2 else 1.0)
    path = found.path()
    for each, known in zip(found.usable, path["known_share"], strict=True):
        low, high = each.interval()
        assert low - 1e-6 <= each.listed / known <= high + 1e-6
        count = found.at(each.day_end)
        assert low <= count.median <= high
        moved += not low <= count.interval(0.95).low
    assert moved  # the chain widens limits where it says otherwise, and does not begin anew


def test_all_who_came_out_were_listed_is_an_upper_limit_and_has_its_place_in_a_chain():
    found = fitted(several(*TABLES["nearly_all_listed"]))
    frame = found.to_frame()
    assert (frame["held"].isna() == (frame["identified"] == frame["on_list"])).all()  # they bound from above
    assert [each.kind for each in found.answers] == ["coverage"] * 8
    answer = found.answers[1]
    assert (answer.held, answer.floor, answer.share[0]) == (558, 558, 1)
    assert answer.interval().low == 558
    assert brute_all(558, int(answer.interval().high) - 558, 12) > 0.025
    assert brute_all(558, int(answer.interval().high) - 557, 12) <= 0.025
    assert answer.sentence() == (
        "All 12 released were on the list of 558. If the released are like those still inside, at most "
        f"{answer.interval().high:,.0f} were held. If they were confirmed first because their names were "
        "known, the wave gives no upper limit."
    )
    assert len(found.path()) == 8
    assert found.path()["known_share"].iloc[-1] > 0.95
    assert found.path()["low"].iloc[-1] > 0.88


def brute_all(listed, unlisted, released):
    """Probability that all who come out are of the listed."""
    return math.comb(listed, released) / math.comb(listed + unlisted, released)


@pytest.mark.parametrize(("cells", "kinds"), TABLES["first_counts"])
def test_first_is_stated_or_a_count_that_goes_on_from_the_same_day(cells, kinds):
    rows = several((62, 20, 20), (62, 24, 18), **cells)
    found = fitted(rows)
    assert [each.kind for each in found.answers] == kinds
    files = [{name: values[k : k + 1] for name, values in rows.items()} for k in (0, 1)]
    parts = [wave for each in files for wave in stock.ReleaseWaves.from_frame(each).waves]
    together = stock.CoverageFromReleases().fit(stock.ReleaseWaves(waves=tuple(parts)))
    assert sorted(each.kind for each in together.answers) == sorted(kinds)
    assert len(found.chains) == (kinds == ["coverage", "coverage"] and "day_end" not in cells)
    if "day_end" in cells and "coverage" in kinds[0]:
        assert any("followed where they share no days" in note for note in found.notes)


@pytest.mark.parametrize(("m", "n", "english", "spanish"), TABLES["sentences_of_few"])
def test_sentences_of_one_and_of_none(m, n, english, spanish):
    (answer,) = fitted(changed(released_identified=n, of_these_on_list=m)).answers
    for start, text in ((english, str(answer.sentence())), (spanish, answer.sentence().translated("es"))):
        assert text.startswith(start), text
        assert not re.search(r"\b(the|las|los) 1\b|\b1 (estaban|were)\b", text)


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
    for answer in found.answers:  # what is said is true of the row
        words = TABLES["reasons"].get(answer.wave)
        assert words is None or words in answer.sentence()


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
    asked = {"": None, "yes": True, "no": False}[fresh]
    waves = stock.ReleaseWaves.from_frame(changed(**cells), fresh=asked)
    found = stock.CoverageFromReleases().fit(waves)
    assert found.answers[0].kind == kind
    assert found.answers[0].held is None
    assert found.verdict == "refuse"
    assert any("released_counts" in note for note in found.notes) == (not waves.waves[0].scope)
    with pytest.raises(NotEstimableError, match="no wave that can be set against a list"):
        found.at("2025-12-02")


def test_nobody_listed_among_those_released_has_no_upper_limit():
    (answer,) = fitted(changed(of_these_on_list=0)).answers
    assert math.isinf(answer.interval().high)
    assert answer.tipping is None
    assert "or more)" in answer.sentence()


def test_groups_add_up_and_small_ones_are_put_together():
    found = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(GROUPS, by="stay"))
    whole, *groups = found.answers
    assert [group.stratum for group in groups] == ["a month", "a year", "longer"]
    assert whole.floor == sum(group.floor for group in groups)
    assert 1 < whole.held / sum(group.held for group in groups) < 1.1  # the sum is too low where few came out
    assert any("need not add up" in note for note in found.notes)
    assert whole.interval().low >= sum(group.floor for group in groups)
    assert whole.interval().high < sum(group.interval().high for group in groups)
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
    assert "of some groups hardly anybody came out" in whole.sentence()
    assert {group.kind for group in groups} == {"coverage"}
    for names in TABLES["by_length"]["names"]:  # in any order of rows, in days or words or in no order at all
        for step in (1, -1):
            asked = {name: list(values)[::step] for name, values in (rows | {"stay": names}).items()}
            assert fitted_by(asked).kind == "by length", names
    turned = {name: list(values)[::-1] for name, values in rows.items() if name != "stay"}
    for names in (rows["stay"], TABLES["by_length"]["names"][0]):  # short stays first: routine exits
        assert fitted_by(turned | {"stay": names}).held is not None


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
    assert (found.usable[-1].held, found.usable[-1].interval()) == (together.held, together.interval())
    assert (
        "December (the monitor + families): Of the 35 released, 23 were on the list of 97" in found.sentence()
    )
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
    assert answer.interval().low >= answer.floor
    assert answer.interval().low <= answer.held <= answer.interval().high


def test_the_command_reads_a_file_and_says_the_sentence(tmp_path, capsys):
    place = tmp_path / "waves.csv"
    pd.DataFrame(DECEMBER).to_csv(place, index=False)
    assert main(["coverage", str(place)]) == 0
    assert "about 147 were held (117 to 218)" in capsys.readouterr().out
    assert main(["coverage", str(place), "--lang", "es", "--fresh", "no"]) == 0
    printed = capsys.readouterr().out
    assert "De ahí no se sigue ninguna proporción" in printed
    assert "147" not in printed
    assert main(["coverage", str(place), "--level", "0.8", "--csv", "-"]) == 0
    (row,) = pd.read_csv(io.StringIO(capsys.readouterr().out)).to_dict("records")
    assert (row["level"], row["low"], row["high"]) == (0.8, *fitted(DECEMBER).answers[0].interval(0.8))
    assert 117 < row["low"] < 147 < row["high"] < 218


@pytest.mark.parametrize(("rows", "options", "english"), TABLES["refused"])
def test_what_cannot_be_asked_of_the_rows_is_refused(tmp_path, capsys, rows, options, english):
    place = tmp_path / "waves.csv"
    pd.DataFrame(DECEMBER | {"list_is_fresh": "yes"}).head(rows).to_csv(place, index=False)
    assert main(["coverage", str(place), *options]) == 2
    assert english in capsys.readouterr().err


def test_a_path_is_read_and_a_list_of_many_is_quick(tmp_path):
    place = tmp_path / "waves.csv"
    many = changed(list_size_before=10**9, released_identified=40, of_these_on_list=20)
    pd.DataFrame(many).to_csv(place, index=False)
    found = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(place))
    assert found.answers[0].held == pytest.approx(2e9, rel=0.1)
    start = time.process_time()
    waves = several((10**6, 400_000, 200_000), (900_000, 300_000, 160_000))
    assert fitted(waves).usable[1].interval().high > 900_000 * 1.8
    assert time.process_time() - start < 5  # 56 seconds where every number of listed was weighed


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
    mixed = several((77, 35, 18), (62, 24, 18), released_counts=["same", ""])
    assert [each.kind for each in stock.ReleaseWaves.from_frame(mixed, scope="wider").waves] == [
        "coverage",
        "share only",
    ]
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
    given = beside([day])
    read = read_anchors(found, *given)
    (one,) = found.answers  # all who are on no list came out: nobody of them stayed
    nobody = replace(found, answers=(replace(one, draws=np.full(100, 35 - 18)),))
    assert (read_anchors(nobody, *given).draws == 77 + 35 - 18).all()
    assert np.quantile(read.draws, [0.1, 0.9]) == pytest.approx(
        np.quantile(count.draws, [0.1, 0.9]), rel=0.05
    )
