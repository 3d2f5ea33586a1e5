"""Versions of one list: withdrawals told from changed identifiers, and how many are still to come."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detcount import quality, simulate
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


def counted(step, entries, gone):
    """Versions so many days apart, of a list as long as it was: of each as many are new as gone."""
    days = pd.date_range("2025-01-01", periods=len(gone) + 1, freq=f"{step}D").strftime("%Y-%m-%d")
    counts = {"in_first": [entries] * len(gone), "gone": gone, "new_in_second": gone}
    return quality.Versions.from_counts({"first": days[:-1], "second": days[1:], **counts})


def limits(gone, level=0.95, entries=2000):
    row = quality.Withdrawals().fit(counted(30, entries, gone)).rows(level)[-1]
    return row["low"], row["withdrawn"], row["high"]


def test_steps_that_were_calm_leave_a_narrow_interval_and_a_purge_may_come_again():
    calm, purged = [20, 24, 22, 19, 23, 21, 20, 25, 22, 21], [20, 24, 400, 19, 23, 21, 20, 380, 22, 21]
    low, middle, high = limits(calm, 0.8)
    assert 12 <= low <= middle <= high <= 34
    assert limits(purged)[2] > 300 > limits(calm)[2]
    assert limits(purged, 0.6)[2] < 60
    assert limits([0, 0, 0], 0.8)[2] < 20


def test_steps_count_and_days_do_not():
    one, other = (quality.Withdrawals().fit(counted(days, 500, [5, 9, 40])) for days in (7, 90))
    assert one.rows() == other.rows()


def test_sources_learn_from_each_other():
    """A source of one calm step is told how much steps differ, and what a purge is, by five more sources."""
    days = pd.date_range("2025-01-01", periods=7, freq="30D").strftime("%Y-%m-%d")
    rows = [(days[k], days[k + 1], f"s{j}", 1000, 9 + (k + j) % 4) for k in range(6) for j in range(5)]
    last = [(*days[5:7], "late", 1000, 10)]
    columns = ["first", "second", "source", "in_first", "gone"]
    found = {
        len(each): {
            row["source"]: row["high"]
            for row in quality.Withdrawals()
            .fit(quality.Versions.from_counts(pd.DataFrame(each, columns=columns)))
            .rows(0.9)
        }["late"]
        for each in (rows + last, [row for row in rows if row[2] == "s0"][:6] + last)
    }
    assert found[31] < 0.8 * found[7]


def test_the_sentence_gives_the_shares_so_far_and_the_limits_of_the_law():
    found = quality.Withdrawals().fit(counted(30, 2000, [60, 20, 40]))
    row = found.rows()[-1]
    assert "20 to 60 of 2,000 entries are withdrawn by the next version" in found.headline()
    assert f"{row['low']:,} to {row['high']:,} (95%)" in found.sentence()
    assert "0 to 0 of the 2,000" in quality.Withdrawals().fit(counted(30, 2000, [0, 0, 0])).sentence()


def test_two_versions_do_not_say_how_much_the_next_step_differs():
    with pytest.raises(NotEstimableError, match="one step does not say how much the next differs"):
        quality.Withdrawals().fit(counted(30, 1000, [9]))


def test_a_blank_source_and_a_new_one_have_rows_of_their_own():
    days = [["2026-01-01", "2026-02-01"], ["2026-02-01", "2026-03-01"], ["2026-03-01", None]]
    counts = pd.DataFrame(
        [(*pair, source, 500, gone) for pair in days for source, gone in (("", 5), ("h", 10))]
        + [(*days[2], "new", 40, 0)],
        columns=["first", "second", "source", "in_first", "gone"],
    ).assign(gone=lambda rows: rows["gone"].where(rows["second"].notna(), 0))
    found = quality.Withdrawals().fit(quality.Versions.from_counts(counts))
    rows = {row["source"]: row for row in found.rows()}
    assert list(rows) == [None, "h", "new", ""]
    assert (rows["new"]["steps"], rows["new"]["entries"]) == (0, 40)
    assert 0 <= rows["new"]["low"] <= rows["new"]["withdrawn"] < rows["new"]["high"] < 40
    assert rows[""]["entries"] == 1040


@pytest.mark.slow
def test_the_next_step_lies_within_limits_as_often_as_is_said():
    """Histories of the law itself: calm steps, and purges one time in ten."""
    held = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        odds = rng.normal(-4.5, 1.5) + np.where(rng.random(7) < 0.1, rng.uniform(1, 4, 7), 0)
        shape = rng.choice([2.0, 5.0, 20.0])
        gone = rng.binomial(5000, rng.beta(shape, shape * np.exp(-odds)))
        answer = quality.Withdrawals().fit(counted(45, 5000, gone[:6]))
        held.append([answer.rows(p)[-1]["low"] <= gone[6] <= answer.rows(p)[-1]["high"] for p in (0.8, 0.95)])
    assert np.mean(held, axis=0) == pytest.approx([0.8, 0.95], abs=0.09)  # three standard errors of 80%


def test_groups_of_sources_add_up_and_words_are_in_both_languages():
    found = quality.Withdrawals().fit(quality.Versions.from_counts(COUNTS))
    rows = found.rows()
    assert [row["source"] for row in rows] == ["family", "hospital", ""]
    assert rows[-1]["entries"] == sum(row["entries"] for row in rows[:-1]) == 1390
    assert "A withdrawal is no proof of an error" in found.sentence()
    assert found.sentence().translated("es") != found.sentence()
