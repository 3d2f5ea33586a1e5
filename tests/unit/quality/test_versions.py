"""Versions of one list: withdrawals told from changed identifiers, and how many are still to come."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detcount import quality, simulate
from detcount._numerics import withdrawn
from detcount.errors import InputError
from detcount.quality.versions import _same_entries, _Version

DATA = Path(__file__).parents[2] / "reference" / "data"
COUNTS = {
    "first": ["2026-01-01", "2026-02-01", "2026-02-01"],
    "second": ["2026-02-01", "2026-03-01", "2026-03-01"],
    "source": ["hospital", "hospital", "family"],
    "in_first": [1000, 980, 300],
    "gone": [20, 10, 30],
    "new_in_second": [0, 100, 50],
}


def invented(seed, n=400):
    """Two versions of a list: entries withdrawn, under another identifier or another spelling, and new."""
    rng = np.random.default_rng(seed)
    lists = (
        simulate.WrittenList(name="a", share=0.98, documents_missing=0.1),
        simulate.WrittenList(name="b", share=0.98, documents_missing=0.1),
    )
    made = simulate.name_lists(n, lists=lists, duplicates=0.0, seed=seed)
    frame, other = made.frames["a"], made.frames["b"]
    who = dict(zip(made.truth.person[len(frame) :], range(len(other)), strict=True))
    document = next(column for column in frame if "dula" in column or "CI" in column)
    first = frame.iloc[: int(0.8 * len(frame))].reset_index(drop=True)
    kind = rng.choice(["stays", "withdrawn", "renumbered", "both"], len(first), p=[0.85, 0.07, 0.05, 0.03])
    rows, truth = [], {"gone": set(), "renumbered": set(), "row": {}}
    for k, row in first.iterrows():
        numbered = str(row[document]).strip() not in ("", "nan", "None")
        if kind[k] == "withdrawn":
            truth["gone"].add(k)
            continue
        changed = row.copy()
        if kind[k] in ("renumbered", "both") and numbered:
            truth["renumbered"].add(k)
            if kind[k] == "both" and made.truth.person[k] in who:
                changed = other.iloc[who[made.truth.person[k]]].copy()
            changed[document] = str(rng.integers(5_000_000, 30_000_000))
        truth["row"][k] = len(rows)
        rows.append(changed)
    second = pd.DataFrame([*rows, *(row for _, row in frame.iloc[len(first) :].iterrows())])
    birth = next(column for column in frame if "acimiento" in column)
    names = columns_of({"": frame})[1]
    for row, gone in zip(range(len(rows), len(second)), sorted(truth["gone"]), strict=False):
        if row % 3 == 0:  # a new entry has the name of one that was withdrawn
            second.iloc[row, second.columns.get_loc(names)] = first.iloc[gone][names]
    second.loc[rng.random(len(second)) < 0.3, birth] = None
    return {"2026-01-01": first, "2026-03-01": second.reset_index(drop=True)}, truth


def columns_of(frames):
    """The columns with the document and the name, whatever they are called."""
    columns = next(iter(frames.values())).columns
    document = next(column for column in columns if "dula" in column or "CI" in column)
    return document, next(c for c in columns if "ombre" in c or "ellido" in c or "Detenido" in c)


def read(frames):
    document, name = columns_of(frames)
    return quality.Versions.from_frames(frames, identifier=document, name=name)


def test_changed_identifiers_are_told_from_withdrawals():
    frames, truth = invented(1)
    found = read(frames).changes.sum(numeric_only=True)
    assert found["in_first"] == len(frames["2026-01-01"]) == found.drop("in_first").sum()
    assert found["gone"] <= len(truth["gone"]) + 2
    assert found["identifier_changed"] <= len(truth["renumbered"]) + 2
    assert found["gone"] + found["same_name_other_birth"] >= len(truth["gone"]) - 2


@pytest.mark.slow
def test_of_entries_said_to_have_another_identifier_95_in_100_have():
    """Entry by entry, where births are missing and new entries have names of those who were withdrawn."""
    right = said = there = 0
    for seed in range(2, 7):
        frames, truth = invented(seed)
        document, name = columns_of(frames)
        before, after = (_Version.of(frame, document, [name], None) for frame in frames.values())
        found = [(a, b) for a, b, what in _same_entries(before, after, 0) if what == "identifier_changed"]
        right += sum(a in truth["renumbered"] and truth["row"].get(a) == b for a, b in found)
        birth = next(column for column in frames["2026-03-01"] if "acimiento" in column)
        known = [frame[birth].notna() & (frame[birth].astype(str) != "") for frame in frames.values()]
        with_birth = [a for a in truth["renumbered"] if known[0][a] and known[1][truth["row"][a]]]
        said, there = said + len(found), there + len(with_birth)
    assert right >= 0.95 * said
    assert right >= 0.9 * there


def test_entries_that_return_are_counted_and_new_ones_too():
    names = ["Ana Pérez Rojas", "Luis Mora Gil", "Eva Paz Ruiz", "Juan Sosa Mata", "Rosa Díaz Vera"]

    def version(*who):
        return {"ID": [str(1000 + k) for k in who], "Name": [names[k] for k in who], "by": ["x"] * len(who)}

    found = quality.Versions.from_frames(
        {"2026-01-01": version(0, 1, 2), "2026-02-01": version(0, 2, 3), "2026-03-01": version(0, 1, 3, 4)},
        identifier="ID",
        name="Name",
        source="by",
    )
    assert (list(found.new.values()), list(found.returned.values())) == ([1, 1], [1])
    assert found.changes["gone"].sum() == 2
    assert found.today.groupby(["source", "age"])["entries"].sum().to_dict() == {
        ("x", "new"): 2,
        ("x", "older"): 2,
    }
    assert "Ana" not in repr(found) + str(found.summary()) + str(vars(found))


def test_a_source_under_another_name_and_other_columns_are_the_same_list():
    """The second version writes a source in capitals, the third renames it; columns come and go."""
    names = ["Ana Pérez Rojas", "Luis Mora Gil", "Eva Paz Ruiz", "Juan Sosa Mata", "Rosa Díaz Vera"]

    def version(who, **columns):
        return {"ID": [str(1000 + k) for k in who], "Name": [names[k] for k in who]} | columns

    days = {
        "2026-01-01": version(range(5), by=["h", "h", "h", "f", "f"], note=["x"] * 5),
        "2026-01-20": version([0, 1, 3, 4], by=["H ", "h", "f", "f"]),
        "2026-06-01": version([0, 3, 4], by=["hospital", "f", "f"], sheet=[7, 7, 7]),
    }
    found = quality.Versions.from_frames(days, identifier="ID", name="Name", source="by")
    assert found.changes.groupby(["first", "source"])["gone"].sum().tolist() == [0, 1, 0, 1]
    assert set(found.changes["source"]) == {"f", "hospital"}
    assert found.today.groupby("source")["entries"].sum().to_dict() == {"f": 2, "hospital": 1}
    first = days["2026-01-01"] | {}
    del first["by"]
    untold = quality.Versions.from_frames(
        days | {"2026-01-01": first}, identifier="ID", name="Name", source="by"
    )
    assert set(untold.changes["source"]) == {"", "f", "hospital"}
    with pytest.raises(InputError, match="with sources in one version at least"):
        quality.Versions.from_frames(days, identifier="ID", name="Name", source="who")


def test_identifiers_are_the_same_where_a_blank_made_numbers_of_the_column():
    march = pd.DataFrame({"ID": [11111111, 22222222, 33333333], "Name": ["Ana Gil", "Luis Mora", "Eva Paz"]})
    days = {"2026-03-01": march, "2026-06-01": march.assign(ID=[11111111, 22222222, None])}
    found = quality.Versions.from_frames(days, identifier="ID", name="Name")
    assert found.changes[["same_identifier", "identifier_changed"]].sum().tolist() == [2, 0]


def test_published_counts_are_read_and_other_columns_summed_over():
    found = quality.Versions.from_counts(pd.read_csv(DATA / "gaza_list_versions_transitions.csv"))
    assert [str(day) for day in found.days] == ["2024-03-29", "2024-06-30", "2024-08-31"]
    sums = found.changes.groupby("first").sum(numeric_only=True)
    assert sums[["in_first", "gone"]].to_numpy().tolist() == [[14_140, 128], [24_672, 2532]]
    assert sums["identifier_changed"].sum() == 89
    assert found.today["entries"].sum() == 24_672 - 2532 + found.new[found.days[2]]


def score(low, high, gone):
    """The interval score of limits at 80%."""
    return high - low + 10 * max(low - gone, 0) + 10 * max(gone - high, 0)


def test_withdrawals_to_come_vary_as_the_priors_of_step_and_source_where_nothing_was_seen(monkeypatch):
    for name, value in (("_SPREADS", 0.1), ("_OWN", 0.5), ("_OFFSETS", 0.05)):
        monkeypatch.setattr(withdrawn, name, [value])
    zeros, two, many = np.zeros(2, dtype=int), np.array([0, 1]), np.full(2, 10**12)
    seen = np.full(2, 1e-9), np.zeros(2), np.ones(2), zeros, [two]
    drawn = withdrawn.withdrawal_draws(*seen, many, [two], 1e-3, 20_000, np.random.default_rng(3))
    rates = np.log(-np.log1p(-drawn / 1e12))
    assert np.diff(rates).std() == pytest.approx(np.sqrt(2 * (0.5**2 + 0.05**2)), rel=0.02)
    assert rates.std() == pytest.approx(np.sqrt(3**2 + 0.1**2 + 0.5**2 + 0.05**2), rel=0.02)


def test_withdrawals_of_the_third_version_are_forecast_by_source_better_than_by_the_pooled_rate():
    """The first version names no source; the second says how many entries each has."""
    rows = pd.read_csv(DATA / "gaza_list_versions_transitions.csv")
    after = rows[(rows["first"] == "2024-06-30") & (rows["in_first"] > 0)]
    held = after.groupby(["source", "identifier"])["in_first"].sum().reset_index()
    held = held.assign(first="2024-06-30", second=None, gone=0)
    known = pd.concat([rows[rows["second"] == "2024-06-30"], held])
    found = quality.Withdrawals(days=62).fit(quality.Versions.from_counts(known)).rows(0.8)
    assert [row["source"] for row in found] == ["h", "u", ""]

    for row in found:
        mine = after[(after["source"] == row["source"]) | (row["source"] == "")]
        gone, entries = mine["gone"].sum(), mine["in_first"].sum()
        expected = 128 / (14_140 * 93) * 62 * entries  # at the pooled past rate, as a Poisson number
        half = 1.2816 * expected**0.5
        assert row["entries"] == entries
        assert score(row["low"], row["high"], gone) < score(expected - half, expected + half, gone) / 4


def counted(step, entries, gone):
    """Versions so many days apart, of a list as long as it was: of each as many are new as gone."""
    days = pd.date_range("2025-01-01", periods=len(gone) + 1, freq=f"{step}D").strftime("%Y-%m-%d")
    counts = {"in_first": [entries] * len(gone), "gone": gone, "new_in_second": gone}
    return quality.Versions.from_counts({"first": days[:-1], "second": days[1:], **counts})


def test_forecast_follows_the_rate_and_narrows_with_versions_that_agree():
    few, many = (quality.Withdrawals(days=30).fit(counted(30, 2000, [60] * n)).rows()[-1] for n in (2, 12))
    assert many["withdrawn"] == pytest.approx(60, rel=0.25)
    assert many["low"] <= 60 <= many["high"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 3


def history(rng, kind):
    """Days of five versions, and entries and withdrawals of each step by source, identifier and age."""
    n_sources, days = int(rng.integers(2, 6)), np.cumsum([0, *rng.choice([30, 60, 150, 400], 4)])
    level = np.log(rng.uniform(5e-5, 1e-3)) + rng.normal(0, 0.8, n_sources)
    if kind in ("never", "unlike"):
        level[rng.random(n_sources) < 0.35] = -30
    step = rng.normal(0, 1.0 if kind in ("alike", "unlike") else 0.3, 4)
    own = rng.normal(0, 1.0 if kind in ("apart", "unlike") else 0.2, (4, n_sources))
    if kind in ("mass", "unlike"):
        own[rng.integers(4), rng.integers(n_sources)] += np.log(rng.uniform(5, 30))
    fall = np.log(rng.uniform(2, 6)) if kind in ("falling", "unlike") else 0
    size = rng.integers(100, 6000, n_sources)
    there = [(s, v, 0, int(size[s] * (0.8 if v else 0.2))) for s in range(n_sources) for v in (1, 0)]
    steps = []
    for k, length in enumerate(np.diff(days).tolist()):
        stay, rows = [], []
        for s, v, since, n in there:
            old = min((days[k] - days[since]) / 200, 1.5)
            rate = np.exp(level[s] + step[k] + own[k, s] + (0 if v else 0.5) - fall * old)
            gone = rng.binomial(n, -np.expm1(-rate * length))
            age = "" if not k else "new" if since == k else "older"
            rows.append((f"s{s}", "valid" if v else "not valid", age, n, gone))
            stay.append((s, v, since, n - gone))
            arrived = rng.poisson(size[s] * 0.15 * (0.8 if v else 0.2) * length / 60) if since == 0 else 0
            stay.append((s, v, k + 1, int(arrived)))
        steps.append(pd.DataFrame(rows, columns=["source", "identifier", "age", "in_first", "gone"]))
        there = [each for each in stay if each[3]]
    return pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D"), steps


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "falling", "mass", "never", "apart", "alike", "unlike"])
def test_withdrawals_by_source_of_the_next_step_are_inside_limits_of_80_in_100(kind):
    """Forecasts from the first two, three and four of five versions, set against the pooled past rate."""
    covered, mine, pooled = [], [], []
    for seed in range(8):
        days, steps = history(np.random.default_rng([seed, len(kind), ord(kind[0])]), kind)
        for k in (1, 2, 3):
            past = [each.assign(first=days[j], second=days[j + 1]) for j, each in enumerate(steps[:k])]
            today = steps[k].assign(first=days[k], second=None, gone=0)
            ahead = (days[k + 1] - days[k]).days
            known = quality.Versions.from_counts(pd.concat([*past, today]))
            lengths = np.diff(days).astype("timedelta64[D]").astype(int)
            exposed = sum(n * each["in_first"].sum() for n, each in zip(lengths, steps[:k], strict=False))
            rate = max(sum(each["gone"].sum() for each in past), 0.5) / exposed
            truth = steps[k].groupby("source")["gone"].sum()
            for row in quality.Withdrawals(days=ahead).fit(known, seed=seed).rows(0.8):
                gone = truth.get(row["source"], truth.sum())
                expected = rate * ahead * row["entries"]
                half = 1.2816 * expected**0.5
                covered.append(row["low"] <= gone <= row["high"])
                mine.append(score(row["low"], row["high"], gone) / row["entries"])
                pooled.append(score(max(expected - half, 0), expected + half, gone) / row["entries"])
    assert np.mean(covered) >= 0.8
    assert np.mean(mine) < np.mean(pooled)


@pytest.mark.slow
def test_limits_of_withdrawals_cover():
    covered = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        spread, level = abs(rng.normal(0, 1.0)), np.log(rng.uniform(2e-4, 2e-3))
        rates = np.exp(level + spread * rng.standard_normal(5))
        gone = rng.binomial(3000, -np.expm1(-45 * rates))
        row = quality.Withdrawals(days=45).fit(counted(45, 3000, gone[:4]), seed=seed).rows()[-1]
        covered.append(row["low"] <= gone[4] <= row["high"])
    assert 0.9 <= np.mean(covered) <= 0.99


def test_groups_of_sources_add_up_and_words_are_in_both_languages():
    found = quality.Withdrawals().fit(quality.Versions.from_counts(COUNTS))
    rows = found.rows()
    assert [row["source"] for row in rows] == ["family", "hospital", ""]
    assert rows[-1]["entries"] == sum(row["entries"] for row in rows[:-1]) == 1390
    assert "A withdrawal is no proof of an error" in found.sentence()
    assert found.sentence().translated("es") != found.sentence()
    assert found.record()["days"] == 30
