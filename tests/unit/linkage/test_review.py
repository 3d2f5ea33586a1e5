"""Reviews and decisions: which pairs come first, what a sheet holds, and what is read back."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import load_workbook

from detcount import abundance
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.linkage import files, link, read_lists
from detcount.privacy import companions
from detcount.reading.tables import read_grid
from invented_linkage import KEY, invented_linkage


@pytest.fixture(scope="module")
def linked():
    return invented_linkage(seed=4, doubtful=40)


def filled(path, words):
    workbook = load_workbook(path)
    for row, word in enumerate(words, 2):
        workbook.active.cell(row=row, column=1).value = word
    workbook.save(path)


def test_the_pairs_that_move_the_estimate_most_come_first(linked, tmp_path):
    written = linked.review(tmp_path / "review.xlsx", most=12)
    assert written == 12
    head, *rows = read_grid(tmp_path / "review.xlsx", "review").rows
    cells = [dict(zip(head, row, strict=True)) for row in rows]
    values = [float(row["value"]) for row in cells]
    assert values == sorted(values, reverse=True)
    # what the value says is what an estimate says with the pair put together and kept apart
    top = cells[0]
    at = {
        (n, r): k for k, (n, r) in enumerate(zip(linked.list_of.tolist(), linked.row.tolist(), strict=True))
    }
    names = list(linked.lists)
    a = at[names.index(top["list_a"]), int(top["row_a"])]
    b = at[names.index(top["list_b"]), int(top["row_b"])]
    point = []
    for join in (True, False):
        labels = linked.person.copy()
        labels[b] = labels[a] if join else labels.max() + 1
        one = replace(linked, person=np.unique(labels, return_inverse=True)[1])
        point.append(abundance.LogLinear().fit(one.table()).point)
    assert float(top["effect"]) == pytest.approx(point[0] - point[1], rel=0.15)
    p = float(top["probability"])
    assert values[0] == pytest.approx(np.sqrt(p * (1 - p)) * abs(float(top["effect"])), rel=0.01)


def test_a_review_holds_no_name_and_is_read_back(linked, tmp_path):
    path = tmp_path / "review.xlsx"
    linked.review(path, most=6)
    assert len(files.read_decisions(path)) == 0
    filled(path, ["same", "no", " Sí ", None, "different", "0"])
    decisions = files.read_decisions(path)
    assert decisions.same == (True, False, True, False, False)
    assert repr(decisions) == "<Decisions: 2 pairs the same person, 3 not>"
    together, apart, n_lost = files.decided_pairs(decisions, linked.digests, files.key_check(KEY))
    assert (len(together), len(apart), n_lost) == (2, 3, 0)
    # the same rows in another order: the decisions stay with them
    order = np.random.default_rng(1).permutation(linked.n_rows)
    moved, _, _ = files.decided_pairs(decisions, linked.digests[order], files.key_check(KEY))
    assert {frozenset(order[pair].tolist()) for pair in moved} == {frozenset(p) for p in together.tolist()}
    # rows that went away
    assert files.decided_pairs(decisions, linked.digests[order[:3]], files.key_check(KEY))[2] == 5


def test_words_that_are_no_answer_are_refused_by_row_without_their_content(linked, tmp_path):
    path = tmp_path / "review.xlsx"
    linked.review(path, most=3)
    filled(path, ["same", "Ana María Secreta"])
    with pytest.raises(InputError, match=r'review.xlsx, row 3: expected "same" or "different"') as refused:
        files.read_decisions(path)
    assert "Secreta" not in str(refused.value)
    for name, content, fault in (
        ("other.csv", b"a,b\n1,2\n", "other.csv: expected the columns decision, digest_a, digest_b"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "broken.xlsx: the file cannot be read as a workbook"),
        ("empty.csv", b"", "empty.csv: expected a head and rows, got an empty file"),
        ("bare.csv", b"decision,digest_a,digest_b,key\nsame,,,k\n", "bare.csv, row 2: a decision stands"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=fault):
            files.read_decisions(tmp_path / name)


def test_a_review_with_decisions_and_any_other_file_are_never_written_over(linked, tmp_path):
    path = tmp_path / "review.xlsx"
    linked.review(path, most=3)
    assert path.stat().st_mode & 0o777 == 0o600
    linked.review(path, most=4)  # nobody decided anything in it
    filled(path, ["same", "no"])
    before = path.read_bytes()
    refusal = r"review.xlsx: it is a review that holds 2 decisions, which would be lost. Choose another name"
    for force in (False, True):
        with pytest.raises(InputError, match=refusal):
            linked.review(path, force=force)
    assert path.read_bytes() == before
    other = tmp_path / "list.xlsx"
    files.write_table(other, ["nombre"], [["Ana"]], [10])
    with pytest.raises(InputError, match=r"list.xlsx: there is a file of this name that is no report of"):
        linked.review(other)
    linked.review(other, force=True)
    with pytest.raises(InputError, match=r"review.csv: expected a name that ends with .xlsx"):
        linked.review(tmp_path / "review.csv")


def test_damaged_reviews_are_refused_by_name(linked, tmp_path):
    path = tmp_path / "review.xlsx"
    linked.review(path, most=3)
    whole = path.read_bytes()
    rng = np.random.default_rng(5)
    for number in range(15):
        damaged = np.frombuffer(whole, dtype=np.uint8).copy()
        at = rng.integers(30, len(damaged), 4)
        damaged[at] = rng.integers(0, 256, 4)
        path.write_bytes(damaged.tobytes()[: None if number % 2 else int(rng.integers(50, len(whole)))])
        with suppress(InputError):  # or it can be read all the same
            files.read_decisions(path)
    (tmp_path / "long.csv").write_text(f"decision,key\n{'x' * 200_000},k\n")
    with pytest.raises(InputError, match=r"^long.csv, line 2: a cell is longer than any cell"):
        files.read_decisions(tmp_path / "long.csv")


def test_contradictory_decisions_are_refused_by_row():
    lists = read_lists(
        {"a": {"nombre": ["Ana Pérez", "Luis Mora"]}, "b": {"nombre": ["Eva Gil", "Juan Rojas"]}}
    )
    first, second, third, _ = (digest.decode() for digest in lists.records(KEY).key.tolist())

    def decided(*pairs):
        return files.Decisions(*map(tuple, zip(*pairs, strict=True)), files.key_check(KEY))

    wrong = decided((first, second, True), (second, third, True), (third, first, False))
    refusal = r"^decisions: list 'a', row 1, and list 'b', row 1, are one person by some decisions and two by"
    with pytest.raises(InputError, match=refusal):
        link(lists, key=KEY, decisions=wrong)
    fine = link(lists, key=KEY, n_draws=2, decisions=decided((first, third, True), (second, third, False)))
    assert fine.person[0] == fine.person[2] != fine.person[1]


def test_a_linkage_without_a_key_writes_no_review(linked, tmp_path):
    with pytest.raises(InputError, match="review: the digests of this linkage have no key that is kept"):
        replace(linked, key="").review(tmp_path / "review.xlsx")
    assert files.key_check(None) == ""
    assert KEY not in files.key_check(KEY)


DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1+1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text, tmp_path):
    assert files.safe_text(text).startswith("'")
    files.write_table(tmp_path / "t.xlsx", ["head", text], [[text, 1.5]], [10, 10])
    sheet = load_workbook(tmp_path / "t.xlsx").active
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    assert sheet["A2"].value.startswith("'")
    assert files.plain_text(files.safe_text(text)) == text
    assert files.safe_text("a=b") == "a=b"
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=[text.strip() or "a", "b"])
    files.write_histories(tmp_path / "h.csv", table)
    assert (tmp_path / "h.csv").read_text().lstrip('"').startswith("'")


def test_public_histories_are_in_tens_and_the_same_for_companions(tmp_path):
    counts = {"100": 162, "010": 150, "110": 2, "001": 145, "101": 37, "011": 29, "111": 14}
    table = CaptureTable.from_counts(counts, lists=["a", "b", "c"])
    files.write_histories(tmp_path / "full.csv", table, disclosure="full")
    lines = (tmp_path / "full.csv").read_text().splitlines()
    assert lines[0] == "a,b,c,count"
    assert "1,1,0,2" in lines
    assert (tmp_path / "full.csv").stat().st_mode & 0o777 == 0o600
    files.write_histories(tmp_path / "public.csv", table)
    text = (tmp_path / "public.csv").read_text()
    assert text.splitlines() == [
        *("a,b,c,rounded_count", "0,0,1,150", "0,1,0,150", "0,1,1,30"),
        *("1,0,0,160", "1,0,1,40", "1,1,0,", "1,1,1,10"),
    ]
    family = companions(table)
    assert len(family) > 1
    assert {files.histories_text(other) for other in family} == {text}
    # where everybody is few nothing is told but where there are people
    few = CaptureTable.from_counts({"10": 1, "01": 2, "11": 4}, lists=["a", "b"])
    assert files.histories_text(few) == "a,b,rounded_count\n0,1,\n1,0,\n1,1,\n"
    with pytest.raises(InputError, match="a file of this name"):
        files.write_histories(tmp_path / "full.csv", table)
