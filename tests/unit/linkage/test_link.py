"""Lists of names made into a linkage: whole jobs, decisions, order, privacy, and the command."""

import argparse
import logging
import pickle
import re
import traceback

import numpy as np
import pytest
from openpyxl import load_workbook

from cases import tables
from detcount import abundance, linkage, pooling, simulate
from detcount.cli import main
from detcount.cli.link import _key
from detcount.errors import InputError
from detcount.linkage.files import Decisions, key_check
from detcount.privacy import new_digest_key, public_floor

KEY = new_digest_key()
N = 50  # draws
CANARIES = ("zutanejo", "quilapayun", "31415926", "ollantaytambo")  # given, surname, document, place


@pytest.fixture(scope="module")
def invented():
    return simulate.name_lists(70, seed=11)


@pytest.fixture(scope="module")
def with_canaries(invented):
    """The lists with a person of our own on two of them."""
    frames = {name: frame.copy() for name, frame in invented.frames.items()}
    given, family, document, place = CANARIES
    frames["government"].iloc[0] = [
        f"{family.upper()}, {given.upper()}",
        f"V-{int(document):,}".replace(",", "."),
        *("11/03/1980", "12/08/2024", place.upper(), "M"),
    ]
    frames["foro_penal"].iloc[3] = [
        *(f"{given.title()} {family.title()}", document, "1980-03-11", "2024-08-12", place.title(), "M")
    ]
    return frames


@pytest.fixture(scope="module")
def with_secrets(with_canaries):
    lists = linkage.read_lists(with_canaries)
    return lists, linkage.link(lists, key=KEY, n_draws=N)


@pytest.fixture(scope="module")
def linked(invented):
    return linkage.link(linkage.read_lists(invented.frames), key=KEY, n_draws=N)


def test_who_is_who_is_found(invented, linked):
    measured = linked.measure(invented.truth.to_frame())
    assert measured.f1.point > 0.95
    assert abs(linked.n_persons / invented.truth.n_persons - 1) < 0.05
    low, high = linked.persons_interval(0.99)
    assert low <= linked.n_persons <= high
    perfect = abundance.LogLinear().fit(invented.truth.table())
    pooled = pooling.pool(abundance.LogLinear(), linked.tables(50))
    assert abs(np.log(pooled.point / perfect.point)) < 0.1
    assert set(linked.clusters["list"]) == set(invented.frames)
    together = (linked.draws[:, linked.pair_first] == linked.draws[:, linked.pair_second]).mean(axis=0)
    assert np.abs(together - linked.pair_probability).mean() < 0.02
    for labels in (linked.person, *linked.draws[:5]):  # numbered by first rows
        assert [*dict.fromkeys(labels.tolist())] == [*range(labels.max() + 1)]


def test_decisions_hold_in_every_draw_and_outlive_an_update(invented, linked):
    doubt = np.abs(linked.pair_probability - 0.5)
    close = np.argsort(doubt)[:2]
    pairs = [(int(linked.pair_first[k]), int(linked.pair_second[k])) for k in close]
    far = (0, int(np.flatnonzero(linked.list_of != linked.list_of[0])[0]))
    digest = [each.decode() for each in linked.digests.tolist()]
    wanted = [(*pairs[0], True), (*pairs[1], False)]
    decisions = Decisions(
        tuple(digest[i] for i, _, _ in wanted),
        tuple(digest[j] for _, j, _ in wanted),
        tuple(same for _, _, same in wanted),
        key_check(KEY),
    )
    # a list that lost its last rows and is sorted otherwise
    frames = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in invented.frames.items()}
    again = linkage.link(linkage.read_lists(frames), key=KEY, decisions=decisions, n_draws=N)
    at = {each.decode(): k for k, each in enumerate(again.digests.tolist())}
    for i, j, same in wanted:
        one, two = at[digest[i]], at[digest[j]]
        assert ((again.draws[:, one] == again.draws[:, two]) == same).all()
        assert (again.person[one] == again.person[two]) == same
    wrong = Decisions((digest[far[0]],) * 2, (digest[far[1]],) * 2, (True, False), key_check(KEY))
    with pytest.raises(InputError, match="are one person by some decisions and two by another"):
        linkage.link(linkage.read_lists(invented.frames), key=KEY, decisions=wrong)


def test_a_list_without_duplicates_has_one_row_a_person(invented):
    lists = linkage.read_lists(invented.frames)
    linked = linkage.link(lists, max_copies={"government": 1}, n_draws=N)
    k = linked.lists.index("government")
    mine = linked.list_of == k
    for draw in (linked.person, *linked.draws):
        assert len(np.unique(draw[mine])) == mine.sum()


def test_rows_without_a_name_and_a_document_are_persons_of_their_own(invented):
    frames = {name: frame.copy() for name, frame in invented.frames.items()}
    for column in ("Nombre y apellido", "Cédula"):
        frames["government"].loc[:9, column] = ""
    linked = linkage.link(linkage.read_lists(frames), n_draws=N)
    assert (~linked.linkable).sum() == 10
    alone = np.flatnonzero(~linked.linkable)
    assert (np.bincount(linked.person)[linked.person[alone]] == 1).all()
    assert any("10 rows have neither a name nor a document" in str(note) for note in linked.notes)


def leaks(text):
    """Canaries in a text, however it is written."""
    found = text if isinstance(text, str) else text.decode("latin-1")
    low = found.lower().replace(".", "").replace(",", "")
    return [canary for canary in CANARIES if canary in low]


def test_no_name_document_or_place_ever_leaves(with_canaries, with_secrets, tmp_path, monkeypatch, caplog):
    """Neither by repr, words, frames, errors, tracebacks, logs, pickles, files nor temporary files."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    lists, linked = with_secrets
    # once more, with the log and the folders watched
    again = linkage.link(linkage.read_lists(with_canaries), key=KEY, n_draws=4)
    assert again.n_rows == linked.n_rows
    texts = [repr(lists), str(lists), repr(linked), str(linked), linked._repr_html_(), repr(vars(linked))]
    for shown in (linked, linked.quality, linked.bound(), linked.people()):
        whole = shown.summary()
        texts += [str(whole), whole.translated("es"), whole.html("en"), shown.to_frame().to_csv()]
    texts += [linked.pairs.to_csv(), linked.doubtful.to_csv(), linked.clusters.to_csv()]
    texts.append(pickle.dumps(linked))
    linked.review(tmp_path / "review.xlsx")
    linkage.write_histories(tmp_path / "histories.csv", linked.table())
    for row in load_workbook(tmp_path / "review.xlsx").active.iter_rows(values_only=True):
        texts += [str(cell) for cell in row]
    texts.append((tmp_path / "histories.csv").read_text())
    for broken in (
        lambda: linkage.link(lists, max_copies={"nobody": 1}),
        lambda: linkage.link(lists, key="x"),
        lambda: linkage.link(with_canaries),
        lambda: linked.measure({"list": ["government"], "row": [10**6], "person": [1]}),
        lambda: linked.tables(10**6),
        lambda: pickle.dumps(lists),
        lambda: linked.review(tmp_path / "nowhere" / "review.xlsx"),
    ):
        with pytest.raises(Exception, match=r".") as error:
            broken()
        told = traceback.TracebackException.from_exception(error.value, capture_locals=False)
        texts += ["".join(told.format()), str(error.value)]
    texts.append(caplog.text)
    assert [leaks(text) for text in texts if leaks(text)] == []
    # the canary is seen where it is asked for, so that the test can fail
    linked.review(tmp_path / "secret.xlsx", most=10**6, names=lists)
    sheet = load_workbook(tmp_path / "secret.xlsx").active
    assert sheet.cell(row=1, column=6).value == "what_a"
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "secret.xlsx"]
    assert {path.name for path in files} == {"review.xlsx", "histories.csv"}


def test_names_stand_in_a_review_only_when_asked_for(invented, with_secrets, tmp_path):
    lists, linked = with_secrets
    linked.review(tmp_path / "plain.xlsx")
    head = [cell.value for cell in next(load_workbook(tmp_path / "plain.xlsx").active.iter_rows())]
    assert "what_a" not in head
    written = [linked._written(lists, end) for end in (linked.pair_first, linked.pair_second)]
    assert any(leaks(a) and leaks(b) for a, b in zip(*written, strict=True))
    other = linkage.read_lists({"another": invented.frames["government"]})
    with pytest.raises(InputError, match="names: expected the lists that were linked"):
        linked.review(tmp_path / "wrong.xlsx", names=other)


@pytest.fixture(scope="module")
def unclear():
    return simulate.name_lists(45, pool="narrow", seed=10)


def test_frames_of_errors_hold_no_name_of_a_review(unclear, tmp_path):
    lists = linkage.read_lists(unclear.frames)
    linked = linkage.link(lists, key=KEY, n_draws=N)
    review = tmp_path / "review.xlsx"
    assert linked.review(review, most=10**6, names=lists)
    workbook = load_workbook(review)
    name = workbook.active.cell(row=2, column=6).value
    workbook.active.cell(row=2, column=1).value = "perhaps"
    workbook.save(review)
    for broken in (
        lambda: linked.review(tmp_path / "nowhere" / "review.xlsx", most=10**6, names=lists),
        lambda: linkage.read_decisions(review),
        lambda: linkage.link(lists, key=KEY, decisions=review),
        lambda: linkage.RemoveReferrals().apply(linked).linkage.tables(10**6),
        lambda: linkage.Audit(list="government", checked=10**6, wrong=0).apply(linked),
    ):
        with pytest.raises(Exception, match=r".") as error:
            broken()
        frames = [frame for frame, _ in traceback.walk_tb(error.value.__traceback__)]
        held = [frame.f_locals for frame in frames if "/detcount/" in frame.f_code.co_filename]
        words = [
            value.to_csv() if hasattr(value, "to_csv") else repr(value)
            for each in held
            for value in each.values()
        ]
        assert not any(name in each for each in words)


def saved(invented, folder):
    """The lists as files of three kinds."""
    invented.frames["government"].to_csv(folder / "gov.csv", index=False, sep=";", encoding="cp1252")
    invented.frames["foro_penal"].to_excel(folder / "fp.xlsx", index=False)
    invented.frames["committee"].to_csv(folder / "com.csv", index=False)


def test_the_command_writes_histories_and_a_review_without_any_connection(
    unclear, tmp_path, monkeypatch, capsys, offline
):
    monkeypatch.chdir(tmp_path)
    saved(unclear, tmp_path)
    words = ["link", "gov.csv", "fp.xlsx", "com.csv", "--out", "histories.csv", "--review", "review.xlsx"]
    words += ["--disclosure", "full"]
    assert main([*words, "--draws", "20"]) == 0
    out, err = capsys.readouterr()
    n_rows = sum(map(len, unclear.frames.values()))
    assert f"The {n_rows} rows of com, fp, gov are" in out
    assert "doubtful" in out
    assert "LogLinear estimates" in out
    assert "20 draws of who is who" in out
    assert "review.xlsx" in err
    for secret in ("review.xlsx.key", "review.xlsx", "histories.csv"):
        assert (tmp_path / secret).stat().st_mode & 0o777 == 0o600
    lines = (tmp_path / "histories.csv").read_text().splitlines()
    assert lines[0] == "com,fp,gov,count"
    listed = sum(int(line.rsplit(",", 1)[1]) for line in lines[1:])
    assert f"{listed:,} persons" in out
    # what is written can be assessed as it is
    lists = ["--lists", "com,fp,gov", "--count", "count", "--families", "chao"]
    assert main(["assess", "histories.csv", *lists]) == 0
    capsys.readouterr()

    assert main([*words, "--draws", "20", "--lang", "es"]) == 2  # nothing is written over
    assert "histories.csv" in capsys.readouterr().err
    decided = load_workbook("review.xlsx")
    decided.active.cell(row=2, column=1).value = "distinta"
    decided.save("decided.xlsx")
    more = ["--decisions", "decided.xlsx", "--key-file", "review.xlsx.key", "--draws", "20"]
    public = ["link", "gov.csv", "fp.xlsx", "com.csv", *more, "--out", "public.csv", "--lang", "es"]
    assert main(public) == 0
    out = capsys.readouterr().out
    assert "filas" in out
    assert "The" not in out.split()
    # public unless asked: of few people a floor alone, and nothing that would give a count back
    assert f"al menos {public_floor(listed)} personas" in out
    assert {int(n) for n in re.findall(r"\d+", out)} <= {public_floor(listed), 1, 4}
    lines = (tmp_path / "public.csv").read_text().splitlines()
    assert lines[0] == "com,fp,gov,rounded_count"
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {""}


def test_faults_of_the_command_are_one_line(invented, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    saved(invented, tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "gov.csv").write_bytes((tmp_path / "gov.csv").read_bytes())

    def fault(*words):
        assert main(["link", *words]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        return err

    (tmp_path / "here.xlsx").touch()
    for words, told in tables("linkage_names")["faults"]:
        assert told in fault(*words), words
    for content in (b"\x80 no text", "a secret".encode("utf-16"), b"A" * 5000, b"short"):
        (tmp_path / "k").write_bytes(content)
        (tmp_path / "k").chmod(0o600)
        refused = fault("gov.csv", "com.csv", "--review", "x.xlsx", "--key-file", "k")
        assert "k: expected a secret that detcount wrote, got another file" in refused
    assert not [*tmp_path.glob("x.xlsx*")]  # no secret is left behind by what failed


def test_a_secret_is_the_same_with_a_mark_of_its_encoding(tmp_path):
    options = argparse.Namespace(key_file=str(tmp_path / "k"), decisions=None, review=None)
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "k").write_text(f"{KEY}\r\n", encoding=encoding)
        (tmp_path / "k").chmod(0o600)
        assert _key(options) == (KEY, False)


@pytest.mark.parametrize("options", [{"max_copies": {"a": 1, "b": 1}}, {}])
def test_two_names_without_one_word_alike_are_two_persons_on_the_smallest_lists(options):
    tables = {"a": {"Name": ["Luis Mora Gil"]}, "b": {"Name": ["Juan Sosa Mata"]}}
    linked = linkage.link(linkage.read_lists(tables), n_draws=100, **options)
    assert linked.n_persons == 2
    assert linked.pair_evidence["names"][0] < -5
    alike = linkage.link(linkage.read_lists({"a": tables["a"], "b": tables["a"]}), n_draws=100, **options)
    assert alike.n_persons == 1
