"""Versions of one list: withdrawals told from changed identifiers, and how many are still to come."""

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detcount import quality, simulate
from detcount._numerics import withdrawn
from detcount.errors import InputError, NotEstimableError
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


@pytest.mark.slow
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


def test_the_next_of_exchangeable_values_lies_within_limits_as_often_as_is_said():
    """Each of k + 1 values in turn is the next, and the others are those so far."""
    for k, level in itertools.product((1, 2, 3, 9, 10, 39), (0.5, 0.8, 0.95)):
        values = np.random.default_rng(k).lognormal(size=k + 1)
        inside, probabilities = [], set()
        for place in range(k + 1):
            low, high, probability = withdrawn.range_of_next(np.delete(values, place), level)
            inside.append(low <= values[place] <= high)
            probabilities.add(probability)
        assert [np.mean(inside)] == [pytest.approx(each) for each in probabilities]
        assert np.mean(inside) >= min(level, (k - 1) / (k + 1)) - 1e-12
        assert np.mean(inside) - 2 / (k + 1) < level  # one rank further in holds less


def counted(step, entries, gone):
    """Versions so many days apart, of a list as long as it was: of each as many are new as gone."""
    days = pd.date_range("2025-01-01", periods=len(gone) + 1, freq=f"{step}D").strftime("%Y-%m-%d")
    counts = {"in_first": [entries] * len(gone), "gone": gone, "new_in_second": gone}
    return quality.Versions.from_counts({"first": days[:-1], "second": days[1:], **counts})


def test_limits_are_the_lowest_and_the_highest_daily_rate_so_far():
    row = quality.Withdrawals(days=15).fit(counted(30, 2000, [60, 20, 40])).rows()[-1]
    low, high = (2000 * (1 - (1 - gone / 2000) ** (15 / 30)) for gone in (20, 60))
    assert (row["low"], row["high"]) == (math.floor(low), math.ceil(high))
    assert (row["steps"], row["probability"]) == (3, 0.5)
    assert row["withdrawn"] == pytest.approx(20, abs=1)


def test_where_none_was_withdrawn_nothing_else_is_said():
    found = quality.Withdrawals(days=30).fit(counted(30, 1000, [0, 0, 0]))
    assert "0 entries were withdrawn, in 3 steps" in found.sentence()
    assert "0 to 0 of the 1,000" in found.sentence()
    assert "probability of 50%" in found.sentence()


def test_two_versions_do_not_say_how_much_the_next_step_differs():
    with pytest.raises(NotEstimableError, match="one step does not say how much the next differs"):
        quality.Withdrawals(days=30).fit(counted(30, 1000, [9]))


def test_a_blank_source_and_a_new_one_have_rows_of_their_own():
    days = [["2026-01-01", "2026-02-01"], ["2026-02-01", "2026-03-01"], ["2026-03-01", None]]
    counts = pd.DataFrame(
        [(*pair, source, 500, gone) for pair in days for source, gone in (("", 5), ("h", 10))]
        + [(*days[2], "new", 40, 0)],
        columns=["first", "second", "source", "in_first", "gone"],
    ).assign(gone=lambda rows: rows["gone"].where(rows["second"].notna(), 0))
    found = quality.Withdrawals(days=30).fit(quality.Versions.from_counts(counts))
    rows = {row["source"]: row for row in found.rows()}
    assert list(rows) == [None, "h", "new", ""]
    assert (rows["new"]["low"], rows["new"]["high"], rows["new"]["withdrawn"]) == (0, 40, None)
    assert rows[""]["entries"] == 1040


@pytest.mark.slow
def test_the_rates_of_steps_to_come_lie_within_limits_as_often_as_is_said():
    covered = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        rates = np.exp(np.log(rng.uniform(2e-4, 2e-3)) + abs(rng.normal()) * rng.standard_normal(5))
        gone = rng.binomial(300_000, -np.expm1(-45 * rates))
        row = quality.Withdrawals(days=45).fit(counted(45, 300_000, gone[:4])).rows()[-1]
        covered.append(row["low"] <= gone[4] <= row["high"])
    assert np.mean(covered) == pytest.approx(0.6, abs=0.075)  # three standard errors


def test_groups_of_sources_add_up_and_words_are_in_both_languages():
    found = quality.Withdrawals().fit(quality.Versions.from_counts(COUNTS))
    rows = found.rows()
    assert [row["source"] for row in rows] == ["family", "hospital", ""]
    assert rows[-1]["entries"] == sum(row["entries"] for row in rows[:-1]) == 1390
    assert "A withdrawal is no proof of an error" in found.sentence()
    assert found.sentence().translated("es") != found.sentence()
    assert found.record()["days"] == 30
