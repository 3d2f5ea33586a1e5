"""One report for all jobs: which file is taken for what, the front page, remarks, and what is refused."""

import datetime as dt
import io
import itertools
import json
import math
import re
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

import detcount as dc
from cases import tables
from detcount.assessment.joint.answers import (
    TUNING,
    JobNumber,
    answers_of,
    headline_of,
    shortest,
    sources_of,
)
from detcount.assessment.joint.entries import SourceRow, read_entry
from detcount.assessment.joint.folder import Entry
from detcount.assessment.joint.remarks import remarks_of
from detcount.assessment.joint.settings import Settings
from detcount.assessment.joint.sources import gathered
from detcount.assessment.joint.summaries import JobSummary, summaries_of
from detcount.assessment.stock.registers import ExitsRow
from detcount.cli import main
from detcount.errors import InputError
from detcount.privacy import keyed_digest, new_digest_key
from detcount.quality import Audited, Trimmed
from detcount.reports.blocks import (
    Answers,
    Bullets,
    Details,
    FigureSlot,
    Heading,
    Paragraph,
    Table,
    unfolded,
)
from detcount.reports.numbers import printed_limits, printed_point
from detcount.words import Message, languages, translated
from shown_examples import example

report, JointReport = dc.report, dc.assessment.JointReport
TABLES = tables("joint_report")

QUICK = ("averaged", "calibrated")
UNSTATED = "people of whom no list says it"
COUNTS = {"100": 60, "010": 50, "110": 24, "001": 45, "101": 17, "011": 19, "111": 14}
SECRET = "Zoraida Quintanilla"
WORDS = Message("print a range, not one number")


def histories():
    rows = [[*map(int, history), count] for history, count in COUNTS.items()]
    return pd.DataFrame(rows, columns=["prensa", "familias", "ong", "count"])


def persons():
    rows = [list(map(int, history)) for history, count in COUNTS.items() for _ in range(count)]
    frame = pd.DataFrame(rows, columns=["prensa", "familias", "ong"])
    frame.insert(0, "nombre", [f"{SECRET} {k}" for k in range(len(frame))])
    return frame


def memberships():
    frame = persons()
    rows = [(name, each) for each in frame.columns[1:] for name in frame["nombre"][frame[each] == 1]]
    return pd.DataFrame(rows, columns=["persona", "fuente"])


def spells():
    frame = memberships().rename(columns={"persona": "id", "fuente": "lista"})
    frame["fecha de detención"] = [f"2024-0{1 + k % 6}-1{k % 9}" for k in range(len(frame))]
    frame["fecha de excarcelación"] = ["2024-09-01" if k % 9 == 0 else None for k in range(len(frame))]
    return frame


def frame(name):
    return pd.read_csv(io.StringIO(TABLES["frames"][name]))


totals, releases, arrests, waves = (
    partial(frame, name) for name in ("totals", "releases", "arrests", "waves")
)


def read(tables, tmp_path, **how):
    for name, frame in tables.items():
        frame.to_csv(tmp_path / name, index=False)
    found = gathered(tmp_path, Settings(take=how.pop("take", {}), read=how))
    return {"data": found.data, **{row.name: row.kind for row in found.rows}}


def test_a_file_of_waves_has_a_part_of_the_report(tmp_path):
    waves().to_csv(tmp_path / "olas.csv", index=False)
    totals().to_csv(tmp_path / "totales.csv", index=False)
    made = dc.report(tmp_path)
    (row,) = (row for row in made.rows() if row["job"] == "waves")
    assert (row["verdict"], row["floor"], row["low"], row["high"]) == ("range", 68, 71, 111)
    assert "December: Of the 35 released, 18 were on the list of 77." in " ".join(made.to_markdown().split())
    assert made.headline().translated("es").startswith("Foro Penal contó 755 personas detenidas")
    assert made.record()["waves"]["verdict"] == "range"
    alone = dc.report({"waves": waves().assign(released_counts="wider")})
    assert str(alone.headline()) == "No number can be printed."
    assert "no share of those whom it counts" in " ".join(str(alone.summary()).split())


def test_a_public_report_has_no_sizes_of_lists_and_no_small_counts_of_waves(tmp_path):
    few = waves().assign(list_size_before=[341, 339], released_identified=[17, 5], of_these_on_list=[16, 4])
    other = few.assign(of_these_on_list=[15, 4], list_size_before=[341, 342])  # what a second file says
    for name, frame in {"listas.csv": histories(), "olas.csv": few, "olas 2.csv": other}.items():
        frame.to_csv(tmp_path / name, index=False)
    made = dc.report(tmp_path)
    record = made.record()["waves"]
    assert set(record["withheld"]) > {"listed", "identified", "on_list", "held"}
    assert "waves_sha256" not in record
    for row in record["waves"]:
        assert {row[name] for name in record["withheld"]} == {None}
        assert row["floor"] % 10 == 0
    assert dc.reproduce(json.loads(json.dumps(made.record())), tmp_path).agrees
    pages = [made.to_markdown(lang=lang, detail=True) for lang in ("en", "es")]
    pages += [made.to_html(), json.dumps(made.record()), made.to_frame().to_csv(), made.sentence()]
    for page in pages:
        assert "341" not in page
        assert not re.search(r"\b(339|342|[1-4] (were|was|estaba|estaban|who)|the 1)\b", page)
    assert "> CoverageFromReleases" not in pages[0]
    assert "If the released are like those still inside" in " ".join(pages[0].split())
    full = " ".join(made.full().to_markdown().split())
    assert "Of the 5 released, 4 were on the list of 339" in full
    assert ("of whom 15 and 16 listed" in full, "of whom 15" in pages[0]) == (True, False)


def audit(**columns):
    """Answers of 60 of the 115 entries of one list."""
    answers = ["yes"] * 54 + ["no"] * 5 + [""]
    return pd.DataFrame({"belongs": answers, "list": "prensa", "drawn_from": 115} | columns)


def by_lists():
    return audit(also_on=["familias"] * 32 + [""] * 28)


def two_lists():
    rows = [(1, 0, 57), (0, 1, 83), (1, 1, 58)]
    return pd.DataFrame(rows, columns=["prensa", "familias", "count"])


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (audit(), "The samples are of whole lists"),
        (by_lists(), "Without the entries that do not belong there are"),
    ],
    ids=["whole list", "by lists"],
)
def test_an_audit_sets_the_number_without_wrong_entries_beside_that_with_them(answers, told, tmp_path):
    two_lists().to_csv(tmp_path / "listas.csv", index=False)
    answers.to_csv(tmp_path / "muestra.csv", index=False)
    made = report(tmp_path, families=["chapman"])
    (drawn,) = made.audit.drawn
    limits = drawn.limits()
    rows = made.full().to_frame().set_index("job")
    n = 198
    assert rows.at["audit", "floor"] == n - limits[1] < rows.at["lists", "floor"] == n
    estimator = made.lists.recommended.estimator
    if told.startswith("The samples"):
        low, high = (
            Trimmed(on="prensa", most=drawn.shares()[1], estimator=estimator).fit(made.lists.table).bounds
        )
    else:
        found = Audited(made.audit.audits(), estimator).fit(made.lists.table)
        low, high = found.interval_rule.bounds(0.95)
    assert (rows.at["audit", "low"], rows.at["audit", "high"]) == printed_limits(low, high, n - limits[1])
    page = " ".join(str(made.full().summary()).split())
    assert f"that were sampled from, {limits[0]} to {limits[1]} do not belong" in page
    assert told in page
    assert "corresponden" in made.full().sentence(lang="es")
    again = dc.reproduce(json.loads(json.dumps(made.full().record())), tmp_path)
    assert str(again).endswith("values are the same, to the last bit")
    assert list(again.jobs) == ["lists", "audit", "audited"]
    answers.assign(belongs="yes").to_csv(tmp_path / "muestra.csv", index=False)
    assert not dc.reproduce(made.full().record(), tmp_path).agrees


def test_an_audit_tells_the_public_shares_in_whole_per_cent_and_a_floor():
    made = report({"lists": two_lists(), "audit": audit()}, families=["chapman"])
    low, high = made.audit.drawn[0].shares()
    row = made.to_frame().set_index("job").loc["audit"]
    assert row["floor"] == 170
    assert pd.isna(row["high"])
    page = " ".join(str(made.summary()).split())
    share = f"{math.floor(100 * low)}% to {math.ceil(100 * high)}%"
    assert f"Of the entries of prensa of which the sample was drawn {share} do not belong" in page
    assert {"audit", "audited"}.isdisjoint(made.record())
    small = report({"lists": two_lists(), "audit": audit(drawn_from=60)}, families=["chapman"])
    assert "audit" not in list(small.to_frame()["job"])
    assert "Of all entries" not in str(small.summary())


def test_an_audit_of_other_lists_or_alone_says_what_was_found_and_no_number():
    alone = report({"audit": audit()})
    assert str(alone.headline()) == "No number can be printed."
    assert "Of the 115 entries of prensa" in alone.full().to_markdown()
    assert "Of the 115 entries of prensa" in alone.full().sentence()
    other = report({"lists": two_lists(), "audit": audit(list="radio")}, families=["chapman"])
    assert other.audited is None
    assert other.full().to_frame().set_index("job").isna().loc["audit", "high"]


def table_of(frame):
    return dc.CaptureTable.from_counts(COUNTS, lists=list(frame.columns[:3]))


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (histories(), "lists"),
        (persons(), "lists"),
        (memberships(), "lists"),
        (spells(), "people"),
        (totals(), "stock"),
        (waves(), "waves"),
        (audit(), "audit"),
    ],
    ids=["histories", "persons", "memberships", "spells", "totals", "waves", "audit"],
)
def test_a_file_is_taken_for_what_its_columns_say(frame, kind, tmp_path):
    found = read({"datos.csv": frame}, tmp_path)
    assert found["datos.csv"] == kind
    if kind == "lists":
        made = found["data"]["lists"]
        assert made.keep(["prensa", "familias", "ong"]) == table_of(histories())


@pytest.mark.parametrize(("name", "kind"), TABLES["arrests_and_releases_are_told_by_the_name"])
def test_arrests_and_releases_are_told_by_the_name(name, kind, tmp_path):
    frame = releases() if kind == "releases" else arrests()
    (frame.to_excel if name.endswith("x") else frame.to_csv)(tmp_path / name, index=False)
    found = gathered(tmp_path, Settings())
    assert list(found.data) == [kind]
    assert "and the name of the file" in found.rows[0].why


SPANISH = TABLES["spanish"]


def test_published_counts_are_told_in_spanish_too(tmp_path):
    for name, frame in {"excarcelaciones": releases(), "capturas": arrests(), "registro": totals()}.items():
        frame.rename(columns=SPANISH).replace(SPANISH).to_csv(tmp_path / f"{name}.csv", sep=";", index=False)
    found = gathered(tmp_path, Settings())
    assert found.data["releases"] == dc.PublishedReleases.from_frame(releases())
    assert found.data["arrests"] == dc.PublishedArrests.from_frame(arrests())
    assert found.data["stock"] == dc.PublishedStock.from_frame(totals())
    assert all("; it was read so: 'fecha' as" in row.why for row in found.rows)


def test_what_could_be_two_things_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(InputError, match=r"conteos\.csv: .* arrests or releases.* --take conteos\.csv=rel"):
        read({"conteos.csv": arrests()}, tmp_path)
    found = read({"conteos.csv": arrests()}, tmp_path, take={"conteos.csv": "arrests"})
    assert found["conteos.csv"] == "arrests"
    assert read({"conteos.csv": releases()}, tmp_path)["conteos.csv"] == "releases"  # they were announced
    assert read({"arrests and releases.csv": releases()}, tmp_path)["arrests and releases.csv"] is None


def test_totals_without_roles_are_read_as_reported_where_the_file_is_named_so(tmp_path):
    frame = totals().drop(columns="role")
    for name, kind in {"totales.csv": "stock", "sumas.csv": None, "presos liberados.csv": None}.items():
        frame.to_csv(tmp_path / name, index=False)
        read_as = read_entry(Entry(name, tmp_path / name), Settings())
        assert read_as[0].kind == kind
        if kind is not None:
            assert set(read_as[1].role) == {"reported"}
            assert "every count is read as reported" in read_as[0].why
        (tmp_path / name).unlink()


@pytest.mark.parametrize("column", ["mujer", "released", "detenido", "menor de edad"])
def test_a_mark_that_is_no_list_is_not_taken_for_one(column, tmp_path):
    frame = persons()
    frame[column] = [k % 2 for k in range(len(frame))]
    with pytest.raises(InputError, match=rf"personas\.csv: .*{column}.*--lists"):
        read({"personas.csv": frame}, tmp_path)
    found = read({"personas.csv": frame}, tmp_path, lists=["prensa", "familias", "ong"])
    assert found["data"]["lists"].lists == ("prensa", "familias", "ong")


def test_a_column_that_stands_twice_is_refused(tmp_path):
    frame = spells()
    frame["source"] = "x"
    with pytest.raises(InputError, match=r"filas\.csv: expected one column with the name of the list"):
        read({"filas.csv": frame}, tmp_path)


def test_histories_as_text_need_the_names_of_the_lists(tmp_path):
    frame = pd.DataFrame({"history": [f"h{key}"[1:] for key in COUNTS], "count": list(COUNTS.values())})
    frame.to_parquet(tmp_path / "h.parquet")
    with pytest.raises(InputError, match=r"h\.parquet: expected the names of the lists"):
        gathered(tmp_path, Settings())
    found = gathered(tmp_path, Settings(read={"lists": ["prensa", "familias", "ong"]}))
    assert found.data["lists"] == table_of(histories())


def test_what_is_not_understood_is_said_and_never_dropped(tmp_path):
    (tmp_path / "carpeta").mkdir()
    (tmp_path / "carta.docx").write_bytes(b"PK")
    (tmp_path / "vacio.csv").write_text("")
    (tmp_path / "notas.csv").write_text("a,b\nuno,dos\n")
    (tmp_path / "viejo.html").write_text('<meta name="generator" content="detcount">')
    (tmp_path / ".oculto").write_text("")
    names = pd.DataFrame({"Nombre completo": [SECRET], "Cédula": ["V-1234567"], "Edad": [30]})
    found = read({"lista.csv": names, "h.csv": histories()}, tmp_path)
    assert found == {
        **dict.fromkeys(("carpeta", "carta.docx", "lista.csv", "notas.csv", "vacio.csv", "viejo.html")),
        "h.csv": "lists",
        "data": found["data"],
    }
    why = {row.name: str(row.why) for row in gathered(tmp_path, Settings()).rows}
    assert "one list of names alone" in why["lista.csv"]
    assert "detcount wrote it" in why["viejo.html"]
    assert "cannot be read" in why["vacio.csv"]
    assert "folder" in why["carpeta"]
    assert SECRET not in "".join(why.values())


def test_nothing_understood_is_refused_with_the_reasons(tmp_path):
    with pytest.raises(InputError, match=r"nothing that can be used: there is no file"):
        report(tmp_path)
    (tmp_path / "notas.csv").write_text("a,b\nuno,dos\n")
    with pytest.raises(InputError, match=r"notas\.csv: its columns are neither"):
        report(tmp_path)


@cache
def published():
    return dc.assess_releases(dc.PublishedReleases.from_frame(releases()))


@cache
def joint():
    """All jobs; the releases are put in by hand."""
    made = report({"lists": histories(), "stock": totals(), "arrests": arrests()}, families=QUICK)
    row = SourceRow("releases", "releases", Message("it was said to be that"))
    return replace(made, releases=published(), files=(*made.files, row))


def test_each_job_is_printed_as_it_prints_itself():
    page = joint().to_markdown()
    for job, made in joint().jobs.items():
        _, first, rest = made.to_markdown().partition("\n## ")  # what opens it stands on the first page
        whole = f"{first}{rest}".split("\n## Citation")[0]
        lines = [line for line in whole.splitlines() if line.strip()]
        assert len(lines) > 9
        assert [line for line in lines if line.lstrip("#") not in page] == [], job
        assert all(f"#{line}" in page for line in lines if line.startswith("#"))


@pytest.mark.slow
def test_each_job_is_done_as_by_its_own_front_door():
    data = {"lists": histories(), "stock": totals(), "releases": releases(), "arrests": arrests()}
    made = report(data, families=QUICK, as_of="2025-03-01")
    table = dc.CaptureTable.from_frame(histories(), lists=["prensa", "familias", "ong"], count="count")
    counts = dc.PublishedReleases.from_frame(releases())
    stock, flows = dc.PublishedStock.from_frame(totals()), dc.PublishedArrests.from_frame(arrests())
    alone = {
        "lists": dc.assess(table, families=QUICK),
        "stock": dc.assess_stock(stock=stock, arrests=flows, releases=counts, as_of="2025-03-01"),
        "releases": dc.assess_releases(counts, as_of="2025-03-01"),
    }
    assert {job: each.to_markdown() for job, each in made.jobs.items()} == {
        job: each.to_markdown() for job, each in alone.items()
    }
    assert made.stock.as_of == made.releases.as_of == dt.date(2025, 3, 1)


def test_the_front_page_has_the_numbers_of_the_jobs():
    made = joint()
    rows = {row["job"]: row for row in made.rows()}
    lists = made.lists
    chosen = lists.public().recommended_row
    assert rows["lists"]["floor"] == 220 == sum(COUNTS.values()) // 10 * 10
    assert (rows["lists"]["low"], rows["lists"]["high"]) == (chosen.low, chosen.high)
    # totals alone have no limits
    assert made.stock.verdict == "register only"
    assert (rows["stock"]["low"], rows["stock"]["high"]) == (None, None)
    assert rows["stock"]["verdict"] == made.stock.verdict
    (first, *_) = (event for event in made.releases.shown if event.announced)
    assert rows["releases"]["floor"] == first.largest
    frame = made.to_frame()
    numbers = ["floor", "named", "point", "low", "high", "level"]
    assert list(frame.columns) == ["job", "question", "verdict", *numbers]
    assert len(frame) == len(made.rows())


def test_a_verdict_against_a_number_leaves_a_dash():
    few = dc.CaptureTable.from_counts({"10": 41, "01": 62}, lists=["prensa", "familias"])
    made = report({"lists": few})
    row = made.rows()[0]
    assert (row["verdict"], row["floor"], row["low"], row["high"]) == ("floor only", 100.0, None, None)
    assert "≥100; no limit from above. ◐ print the floor." in made.to_markdown()
    assert "A list that shares people with one of these" in made.to_markdown()
    assert "## Beside each other" not in made.to_markdown()


def test_sections_and_figures_have_names_of_their_own():
    blocks = joint().document().blocks
    keys = [block.key for block in unfolded(blocks) if isinstance(block, FigureSlot)]
    assert len(set(keys)) == len(keys) > 3
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert [block.part for block in blocks if isinstance(block, Heading)].count("citation") == 1
    page = joint().to_html(lang="es")
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(set(ids)) == len(ids)
    anchors = re.findall(r'<h\d id="([^"]*)"', page)
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r'<a href="#([^"]*)"', page)) <= set(anchors)
    assert page.count("<section") == page.count("</section>")


def test_files_are_named_to_those_who_ask_for_the_full_report(tmp_path):
    histories().to_csv(tmp_path / f"lista de {SECRET}.csv", index=False)
    (tmp_path / f"carta de {SECRET}.rtf").write_bytes(b"")
    made = report(tmp_path, families=QUICK)
    outputs = [made.to_markdown(), made.to_html(lang="es"), json.dumps(made.record()), str(made), repr(made)]
    assert not any(SECRET in output for output in outputs)
    assert "One other file was left aside" in outputs[0]
    assert "persons on lists" in outputs[0]
    assert made.full().to_markdown().count(SECRET) == 2
    assert SECRET in json.dumps(made.full().record()["files"])


def definition(**when):
    return dc.Definition(unit="person", who="people held", **when)


def public(**when):
    found = joint().public()
    return replace(found, lists=replace(found.lists, definition=definition(**when)))


def as_if(stock, **rows):
    """The same assessment, as if other rows followed from what was published."""
    made = replace(stock)
    vars(made).update(rows)
    return made


def test_a_register_is_set_beside_the_lists_of_its_day_alone():
    assert any("Nobody said which days" in each.words for each in remarks_of(joint().public()))
    told = str(remarks_of(public(period=("2025-01-01", "2025-03-27"))))
    assert "the two are not to be subtracted" in told
    assert "755 people held on 27 March 2025" in told
    same_day = public(day="2025-03-27")
    told = str(remarks_of(same_day))
    assert "the day that the lists are of" in told
    assert not any("which days" in each.words for each in remarks_of(same_day))
    assert not any("Foro Penal published" in each.words for each in remarks_of(public(day="2025-03-20")))


@pytest.mark.parametrize(("count", "key"), TABLES["where_the_register_stands_among_the_limits"])
def test_where_the_register_stands_among_the_limits(count, key):
    found = public(day="2025-03-27")
    limits = summaries_of(found)[0].rows[0]
    assert 229 < 235 < limits.low < 400 < limits.high
    row = replace(found.stock.totals[0], count=count)
    told = remarks_of(replace(found, stock=as_if(found.stock, totals=(row,))))
    assert any(key in each.words for each in told)


def test_verified_releases_stand_beside_the_exits_of_their_days():
    found = joint().public()
    start, end = dt.date(2025, 1, 6), dt.date(2025, 1, 27)
    spans = (
        ExitsRow(start, dt.date(2025, 3, 27), 900, 200, 950, 150, 100.0, 260.0),
        ExitsRow(start, end, 900, 100, 950, 50, 41.0, 62.0),
        ExitsRow(dt.date(2025, 1, 13), end, 900, 52, 950, 2, 1.0, 3.0),
    )
    found = replace(found, stock=as_if(found.stock, exits=spans))
    told = [remark.words for remark in remarks_of(found) if "verified 47 releases" in remark.words]
    assert told == [
        "Foro Penal verified 47 releases for 7 to 20 January 2025. The totals of Foro Penal imply 50 exits "
        "from its register from 6 January 2025 to 27 January 2025. Among exits are those that are no "
        "releases, as deaths and transfers."
    ]
    (event, *_) = (each for each in found.releases.events if each.verified)
    many = replace(event, counts=(replace(event.verified[0], count=8000),))
    of_many = remarks_of(replace(found, releases=replace(found.releases, events=(many,))))
    assert of_many[0].contradicts  # the register's own releases are among its exits
    assert "8,000" in of_many[0].words
    assert "More were verified than that" in of_many[0].words


REGISTER = TABLES["registers_beside_what_they_verified"]


@pytest.mark.parametrize("kind", [kind for kind in REGISTER if kind != "files"])
def test_what_a_register_verified_is_at_most_what_its_totals_leave_room_for(kind):
    given = REGISTER[kind]
    data = {name: pd.read_csv(io.StringIO(text)) for name, text in REGISTER["files"].items()}
    for name, column, row, value in given.get("cells", ()):
        data[name].loc[row, column] = value
    made = report({name: frame for name, frame in data.items() if name not in given.get("without", ())})
    found = remarks_of(made.public())
    assert [each.words for each in found if each.contradicts] == given["contradicts"]
    first = made.to_markdown().split("## ")[0]
    assert all(words in first for words in given["contradicts"])
    assert not found or given.get("beside", "") in found[0].words
    assert bool(found) == ("arrests" not in given.get("without", ()))


def test_people_of_one_day_are_among_all_of_a_period():
    found = public(period=("2025-01-01", "2025-03-27"))
    answer = replace(
        found.stock.answer_rows[0], day=found.stock.day, low=900.0, high=1200.0, recommended=True
    )
    found = replace(found, stock=replace(found.stock, answer_rows=(answer,), definition=definition()))
    assert "At least 900 people were held" in str(remarks_of(found))
    assert "both cannot be right" in str(remarks_of(found))
    within = replace(
        found.stock, answer_rows=(replace(answer, low=200.0, high=300.0),), definition=definition()
    )
    assert "within what the lists allow" in str(remarks_of(replace(found, stock=within)))
    for floor in (1200.0, 1201.0):
        stock = replace(found.stock, answer_rows=(replace(answer, floor=floor),), verdict="estimate")
        words = str(remarks_of(replace(found, stock=stock)))
        assert ("at least 1,201 by what is certain, and at most 1,200 by" in words) == (floor > 1200)
    other = replace(found, stock=replace(found.stock, definition=replace(definition(), who="all prisoners")))
    assert "both cannot be right" not in str(remarks_of(other))


def test_the_record_has_one_of_each_job():
    record = joint().full().record()
    assert record["kind"] == "report"
    assert list(record["jobs"]) == ["lists", "stock", "releases"]
    assert record["jobs"]["lists"]["data_sha256"] == joint().lists.table.digest
    assert json.loads(json.dumps(record)) == record
    assert [each["kind"] for each in record["files"]] == ["lists", "stock", "arrests", "releases"]
    assert joint().record()["jobs"]["lists"]["disclosure"] == "public"


def test_little_is_printed_of_own_lists_and_all_of_public_data():
    assert joint().record()["disclosure"] == "public"
    assert replace(joint(), lists=None).record()["disclosure"] == "full"
    shipped = report({"lists": dc.datasets.load("korea")}, families=QUICK)
    assert shipped.record()["disclosure"] == "full"


def test_a_public_report_has_a_digest_of_the_lists_only_under_a_key():
    key, made = new_digest_key(), joint()
    keyed = keyed_digest(made.lists.table, key)
    assert keyed in made.public(key).to_markdown()
    assert keyed in made.public(key).to_html().replace("<wbr>", "")
    for page in (made.to_markdown(), made.public(key).to_markdown()):
        assert made.lists.table.digest not in page
    assert keyed not in made.public(new_digest_key()).to_markdown()
    for jobs in (made, replace(made, lists=None), replace(made, lists=None, stock=None)):
        with pytest.raises(InputError, match="digest_key: expected at least 32 characters, got 6"):
            jobs.public("secret")


@pytest.mark.slow
def test_a_definition_that_all_share_is_said_once():
    one = definition(period=("2025-01-01", "2025-03-27"))
    made = report({"lists": histories(), "stock": totals()[:4]}, definition=one, families=QUICK)
    assert made.definition == one
    assert made.to_markdown().count(str(one.sentence())) == 1
    assert joint().definition is None


def folder(tmp_path):
    histories().to_csv(tmp_path / "listas.csv", index=False)
    (tmp_path / "carta.docx").write_bytes(b"x")
    return tmp_path


def test_the_command_says_what_each_file_was_taken_for(tmp_path, capsys):
    place = folder(tmp_path)
    expected = report(place, families=QUICK)
    words = ["report", str(place), "--families", ",".join(QUICK), "--lang", "es"]
    out = [str(place / name) for name in ("informe.md", "informe.json", "informe.xlsx")]
    assert main([*words, *(word for each in out for word in ("--out", each))]) == 0
    printed, told = capsys.readouterr()
    whole, shown = expected.to_markdown(lang="es").split("\n"), printed.split("\n")
    assert shown == [*whole[:23], "", "El resto está en informe.md e informe.xlsx.", ""]
    assert "listas.csv: se tomó por personas en listas" in told
    assert "carta.docx: no se usó" in told
    record = json.loads((place / "informe.json").read_text(encoding="utf-8"))
    assert record["made_by"] == "detcount"
    assert set(record["jobs"]) == {"lists"}
    # its own files are no data the next time, and may be written over
    assert main([*words, "--out", out[0], "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("words", "fault"), TABLES["the_command_refuses_in_one_line"])
def test_the_command_refuses_in_one_line(words, fault, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(folder(tmp_path))
    assert main(["report", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert fault in err
    assert err.count("\n") == 1


def test_the_front_of_the_article_has_every_number_with_its_readings():
    made = dc.report({"releases": dc.datasets.load("venezuela_releases")}, as_of="2026-01-31")
    for lang, told in (("en", "if that is not known, 0 to 99"), ("es", "si eso no se sabe, de 0 a 99")):
        front = "".join(made.to_markdown(lang=lang).split("\n## ")[:2])
        assert told in front
        assert " 87 (" in front
        assert re.search(r"\b2[,\s]006\b", front)
        questions = [row.split("|")[1] for row in front.splitlines() if row.startswith("| ")][1:]
        assert len(questions) == 3, "the first has an answer of its own"
        assert not [each for each in questions if "verified" in each or "verificaron" in each]


def test_an_estimate_is_said_beside_its_point_alone():
    table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    made = dc.report({"lists": table}, families=["calibrated", "chapman"])
    (row,) = summaries_of(made.public())[0].rows
    assert row.low <= row.point <= row.high
    assert "● print the estimate" in made.to_markdown()
    assert str(replace(row, point=None).verdict) == "limits can be printed, and no single number"
    partly = dc.abundance.PartialLists().fit({"north": table, "south": table})
    (summary,) = summaries_of(replace(made.public(), partly=partly))
    assert "in 38 of 56 cases" in str(summary.sentences[-1])


def test_a_limit_below_the_number_listed_says_why_it_can_be():
    table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    made = dc.report({"lists": table}, families=["calibrated", "chapman"])
    found = made.public()
    (own, *others) = found.lists.families
    law = Message("so many do not belong")
    lists = replace(found.lists, families=(replace(own, low=150.0), *others), law=law)
    (row,) = summaries_of(replace(found, lists=lists))[0].rows
    assert (row.floor, row.named) == (None, 190.0)


def grouped(**sizes):
    """A report of the shares of groups alone."""
    women = {"100": 40, "010": 60, "001": 30, "110": 20, "101": 9, "011": 12, "111": 6}
    tables = {
        name: dc.CaptureTable.from_counts(
            {history: size * n for history, n in women.items()}, lists=["press", "court", "families"]
        )
        for name, size in sizes.items()
    }
    found = dc.strata.composition(tables)
    return found, JointReport(
        lists=None, stock=None, releases=None, files=(), seed=0, who={"sex": found}, disclosure="full"
    )


def test_the_share_of_a_group_is_an_answer_whose_limits_hold_all_of_whom_nothing_is_said():
    found, made = grouped(women=1, men=2)
    (answer,) = answers_of(made, summaries_of(made))
    low, high = found.share_limits()["women"]
    assert str(answer.number) == f"{math.floor(100 * low)}% to {math.ceil(100 * high)}%"
    assert (str(answer.limits), answer.anchor) == ("33% of those listed", "job-who")
    assert "in the group women" in answer.sentence
    found, made = grouped(women=2, men=3, **{UNSTATED: 1})
    (answer,) = answers_of(made, summaries_of(made))
    shares = found.draws / found.draws.sum(axis=1, keepdims=True)
    most = np.quantile(shares[:, 0] + shares[:, 2], 0.975)
    assert found.share_limits()["women"][1] < most
    assert f"to {math.ceil(100 * most)}%" in answer.number
    (answer,) = answers_of(made.public(), summaries_of(made.public())) or (None,)
    assert answer is None, "the public has no groups"


def test_groups_say_what_they_add_up_to():
    found, made = grouped(women=1, men=2)
    (summary,) = summaries_of(made)
    assert f"about {printed_point(found.total.point):,.0f})" in str(summary.sentences[-1])
    assert math.fsum(found.points.values()) == pytest.approx(found.total.point)


LONG = "Coordination of families, friends and neighbours of people held in the prisons of the whole country"
JOBS = ("lists", "stock", "releases", "waves", "audit")


@pytest.fixture(scope="module")
def five_jobs():
    who = dc.Definition(unit="person", who="people held for political reasons", where="Freedonia")
    stock, releases, waves = (
        pd.read_csv(io.StringIO(TABLES["frames"][name])) for name in ("totals", "releases", "waves")
    )
    audit = {"belongs": ["yes"] * 36 + ["no"] * 4, "list": ["prensa"] * 40, "drawn_from": [115] * 40}
    lists = dc.CaptureTable.from_counts(COUNTS, lists=["prensa", "familias", "ong"], definition=who)
    data = {
        "lists": lists,
        "stock": stock,
        "releases": releases,
        "waves": waves,
        "audit": pd.DataFrame(audit),
    }
    return dc.report(data, families=("averaged", "calibrated"), definition=who)


def rows_of(job, question):
    """Every kind of number that a job can have on the first page."""
    codes = ("estimate", "range", "floor only", "register only", "refuse")
    limits = ((None, None), (12_340.0, 98_760.0), (7.0, None), (7.0, math.inf))
    for code, (low, high), floor, point in itertools.product(
        codes, limits, (None, 5.0, 9_870.0), (None, 45_670.0)
    ):
        known = None if low is None else point
        yield JobNumber(job, question, code, WORDS, floor, low, high, known, named=None if floor else 11.0)


@pytest.mark.parametrize("job", JOBS)
def test_no_sentence_to_print_has_more_than_30_words_whatever_the_verdict(five_jobs, job):
    (summary,) = (each for each in summaries_of(five_jobs) if each.job == job)
    seen = set()
    for shown in (five_jobs.full(), five_jobs.public()):
        if not any(each.job == job and each.rows for each in summaries_of(shown)):
            continue  # as of waves beside a short list
        for row in rows_of(job, summary.rows[0].question):
            one = (JobSummary(job, (row,), ()),)
            (answer,) = answers_of(shown, one)
            assert all(len(answer.sentence.translated(lang).split()) <= TUNING.words for lang in languages())
            assert all(
                len(headline_of(shown, one).translated(lang).split()) <= TUNING.words for lang in languages()
            )
            if row.low is None:
                assert f"{12_340:,}" not in f"{answer.sentence}{answer.number}{answer.limits}"
            elif job not in ("releases", "waves") and row.point is None:
                assert "about" not in str(answer.sentence)
            seen.add((answer.grade, answer.sentence))
    assert len(seen) > 2, "every case has one answer, so that nothing is tested"


def test_long_names_give_way_to_a_shorter_sentence(five_jobs):
    stock = five_jobs.stock.stock
    renamed = replace(stock, source=tuple(LONG for _ in stock.source))
    long = replace(five_jobs, stock=replace(five_jobs.stock, stock=renamed))
    (answer,) = (each for each in answers_of(long, summaries_of(long)) if each.anchor == "job-stock")
    assert LONG in answer.sentence
    assert len(answer.sentence.split()) <= TUNING.words
    words = "one two three four five six seven eight nine ten "
    forms = [Message(words * 4), Message(words * 2), Message(words)]
    assert shortest(*forms) == forms[1]
    assert shortest(forms[0]) == forms[0]


SINGLE = (
    "Assessment",
    "AuditAnswers",
    "CoverageEstimate",
    "LinkageAssessment",
    "ReleasedAssessment",
    "ReleasesAssessment",
    "StockAssessment",
)


def both_of(name):
    """The result of a job for those who see the lists, and for the public where that is another."""
    made = example(name)
    return [
        made.full() if hasattr(made, "full") else made,
        *([made.public()] if hasattr(made, "public") else []),
    ]


@pytest.mark.parametrize("name", SINGLE)
def test_the_page_of_every_job_opens_with_answers_of_at_most_30_words_and_a_picture(name):
    for shown in both_of(name):
        blocks = shown.document().blocks
        kinds = [type(block) for block in blocks]
        at = kinds.index(Answers)
        assert kinds[:2] == [Heading, Paragraph]
        assert not {Details, Table, Bullets} & set(kinds[:at])
        sentences = [blocks[0].text, *(each.sentence for each in blocks[at].items if each.sentence)]
        assert len(sentences) == len(set(map(str, sentences))), "a sentence stands twice"
        for sentence, lang in itertools.product(sentences, languages()):
            assert 3 < len(translated(sentence, lang).split()) <= TUNING.words
        if any(kind is FigureSlot for kind in kinds):
            assert kinds.index(FigureSlot) < kinds.index(Table)
        assert all("or bounds" not in str(each.limits) for each in blocks[at].items)


def test_long_names_of_waves_and_of_lists_give_way_to_a_shorter_sentence():
    found = example("CoverageEstimate")
    ranged = replace(found.estimator, odds_ratio=(0.5, 2.0))
    waves = [replace(each, wave=LONG, odds=(0.5, 2.0)) for each in found.answers]
    audit = example("AuditAnswers")
    checked = [replace(each, lists=(LONG,)) for each in audit.checked]
    for long in (
        replace(found, answers=tuple(waves), estimator=ranged),
        replace(audit, checked=tuple(checked)),
    ):
        (answers,) = (block for block in long.document().blocks if isinstance(block, Answers))
        for answer, lang in itertools.product(answers.items, languages()):
            assert len(translated(answer.sentence, lang).split()) <= TUNING.words


@pytest.mark.parametrize(("lang", "most"), [pytest.param("en", 800, marks=pytest.mark.slow), ("es", 900)])
def test_the_fullest_page_has_few_words_before_its_first_fold(five_jobs, lang, most):
    fullest = replace(
        five_jobs, released=example("ReleasedAssessment"), who={"sex": example("Composition")}
    ).full()
    page = fullest.to_html(lang=lang)
    first = re.sub(r"<svg.*?</svg>", "", page[page.index("<body") : page.index("<details")], flags=re.DOTALL)
    assert 300 < len(re.sub(r"<[^>]+>", " ", first).split()) < most


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("shown", ["public", "full"])
def test_the_first_120_words_say_who_what_when_how_many_and_by_whom(five_jobs, shown, lang):
    report = getattr(five_jobs, shown)()
    words = " ".join(re.sub(r"[#*\\]", "", report.to_markdown(lang=lang)).split()[:120])
    limits = summaries_of(report)[0].rows[0]
    days = {"en": ("27 March 2025", "to"), "es": ("27 de marzo de 2025", "al")}[lang]
    for asked in ("people held for political reasons", "Freedonia", "Foro Penal", "3 list", *days):
        assert asked in words, asked
    for number in (limits.low, limits.high):
        assert f"{number:.0f}" in words, number
    assert ("familias" in str(sources_of(report))) == (shown == "full")


def test_the_answers_and_one_picture_stand_before_every_table(five_jobs):
    for shown in (five_jobs.full(), five_jobs.public()):
        blocks = shown.document().blocks
        kinds = [type(block) for block in blocks]
        assert kinds.index(Answers) < kinds.index(FigureSlot) < kinds.index(Table)
        assert not any(isinstance(block, Details | Table) for block in blocks[: kinds.index(FigureSlot)])
        (answers,) = (block for block in blocks if isinstance(block, Answers))
        anchors = {block.anchor for block in blocks if isinstance(block, Heading)}
        assert {each.anchor for each in answers.items} <= anchors
        titles = [str(block.title) for block in unfolded(blocks) if isinstance(block, FigureSlot)]
        assert len(titles) == len(set(titles)), "a figure stands twice"
        page = shown.to_html()
        assert page.count('<div class="answer">') == len(answers.items)
        assert {each.mark for each in answers.items} <= set(page)


def test_every_format_has_the_sentences(five_jobs, tmp_path):
    from docx import Document

    (answers,) = (block for block in five_jobs.document().blocks if isinstance(block, Answers))
    five_jobs.to_docx(tmp_path / "page.docx")
    word = "\n".join(each.text for each in Document(str(tmp_path / "page.docx")).paragraphs)
    texts = [
        word,
        *(
            " ".join(re.sub(r"\\(.)", r"\1", text).split())
            for text in (five_jobs.to_markdown(), str(five_jobs.summary()))
        ),
    ]
    for answer, text in itertools.product(answers.items, texts):
        assert str(answer.sentence) in text
        assert answer.mark in text


def test_the_picture_of_the_first_page_is_lower_than_that_of_the_job(five_jobs):
    front = next(block for block in five_jobs.document().blocks if isinstance(block, FigureSlot))
    of_job = next(block for block in five_jobs.stock.document().blocks if isinstance(block, FigureSlot))
    assert front.title == of_job.title
    assert front.draw.keywords["height"] < 4


def beside(released, announced=None, verified=None, *, days=("2025-12-25", "2025-12-26")):
    """Remarks on a list of released people beside published counts of some days."""
    counts = {"ministry": ("announced", announced), "foro": ("verified", verified)}
    rows = [
        {"source": source, "type": kind, "persons": n, "measure": "people released"}
        for source, (kind, n) in counts.items()
        if n is not None
    ]
    frame = pd.DataFrame(rows).assign(start=days[0], end=days[1], published="2025-12-30")
    releases = dc.assess_releases(dc.PublishedReleases.from_frame(frame), as_of="2025-12-31")
    made = dc.assessment.JointReport(
        lists=None, stock=None, releases=releases, files=(), seed=0, released=released
    )
    return remarks_of(made)


def test_names_and_counts_of_the_same_days_are_compared():
    full = example("ReleasedAssessment").full()
    public = full.public()
    (few,) = beside(public, announced=60)
    assert not few.contradicts
    assert str(few.words) == (
        "Ministry announced 60 releases for 25 to 26 December 2025, and official list 1 names about 40. "
        "At least 15 of them are not on it."
    )
    assert "20 of them" in str(beside(full, announced=60)[0].words)
    (many,) = beside(public, announced=30)
    assert many.contradicts
    assert "both cannot be right" in str(many.words).lower()
    for near in (36, 40, 44):
        assert beside(public, announced=near) == ()
    for days in (("2025-11-25", "2025-11-26"), ("2025-12-26", "2025-12-27"), ("2025-12-25", "2025-12-27")):
        assert beside(public, announced=60, days=days) == ()
    assert beside(public, verified=90) == ()  # the monitors' list has no days
    dated = tuple(replace(row, first=public.window[0], last=public.window[1]) for row in public.lists)
    (checked,) = beside(replace(public, lists=dated), verified=90)
    assert beside(replace(public, lists=dated), verified=10) == ()  # one monitor may know fewer
    assert "monitors' list 1 names about" in str(checked.words)
    assert all(remark.words.translated("es") != str(remark.words) for remark in (few, many, checked))
    assert few.words.translated("es").startswith("Ministry anunció 60")
