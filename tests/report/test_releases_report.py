"""Whole reports about releases, word for word, and what the command says.

After a change that is meant, write them again and read the difference:

    DETCOUNT_WRITE_GOLDEN=1 python -m pytest tests/report
"""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import detcount as dc
from detcount import ReleasesAssessment, assess_releases
from detcount.assessment import gap_text
from detcount.assessment.releases import figures
from detcount.assessment.releases.document import anchors, releases_document
from detcount.cli import main
from detcount.errors import ConvergenceError, InputError
from detcount.reports.blocks import FigureSlot, unfolded
from detcount.reports.canvas import drawn
from detcount.reports.render.markdown import markdown
from detcount.words import Message
from pictures import pictures, without_drawings
from releases_hand import gap, series

GOLDEN = Path(__file__).parent / "golden"
NEAR = 0.05  # posterior limits of few persons move in the last figure with the linear algebra of the platform
A_PERSON = 2.0  # and counts of persons are whole
NUMBER = re.compile(r"(?<![\w.])\d[\d,\u00a0]*(?:\.\d+)?(?![\w])")
# where the numbers do not matter
LIGHT = dc.releases.ReleaseProcess(n_draws=100)
FEW = dc.releases.AnnouncedBatches(n_draws=100)
SECONDS = 20.0  # of processor time, for the whole shipped file with its report
MINUTE = 60.0  # of processor time, for counts that nobody published


@cache
def assessed() -> ReleasesAssessment:
    return assess_releases(series())


@cache
def page_of(lang: str) -> str:
    return assessed().to_html(lang=lang)


@cache
def shipped() -> ReleasesAssessment:
    return assess_releases(
        dc.datasets.load("venezuela_releases"),
        stock=dc.datasets.load("venezuela_stock"),
        arrests=dc.datasets.load("venezuela_arrests"),
        audit=("2024-10-07", "2025-03-31"),
    )


def report(kind: str, lang: str) -> str:
    """A report without its pictures, software versions and style."""
    if kind == "txt":
        return str(assessed()) + "\n"
    if kind == "md":
        text = assessed().to_markdown(lang=lang)
    else:
        text = page_of(lang)
        text = without_drawings(text)
        text = re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.DOTALL)
    text = re.sub(r"detcount [\d.]+\w*,(<wbr>)? numpy ([^`<]|<wbr>)*", "SOFTWARE", text)
    return re.sub(r"Version \S+ \[software\]", "Version [software]", text)


def numbers(text: str) -> list[float]:
    return [float(re.sub(r"[,\u00a0]", "", found)) for found in NUMBER.findall(text)]


@pytest.mark.parametrize(
    ("kind", "lang"), [("md", "en"), ("md", "es"), ("html", "en"), ("html", "es"), ("txt", "en")]
)
def test_reports_are_as_they_were(kind, lang):
    path = GOLDEN / f"releases.{lang}.{kind}"
    found = report(kind, lang)
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        path.write_text(found, encoding="utf-8")
    wanted = path.read_text(encoding="utf-8")
    assert re.sub(r" +", " ", NUMBER.sub("#", found)) == re.sub(r" +", " ", NUMBER.sub("#", wanted))
    pairs = zip(numbers(found), numbers(wanted), strict=True)
    assert [(a, b) for a, b in pairs if abs(a - b) > max(A_PERSON, NEAR * max(abs(a), abs(b)))] == []


def test_a_page_loads_nothing_and_describes_its_pictures():
    page = page_of("es")
    drawn = pictures(page)
    assert len(drawn) == len(pictures(page, "narrow")) >= 3
    assert all(len(each.alt) > 60 for each in drawn)
    assert re.findall(r'src=|href="(?!#)', page) == []
    assert 'lang="es"' in page
    assert len({each.drawing for each in drawn}) == len(drawn)


@pytest.mark.slow
def test_the_same_bytes_each_time(tmp_path):
    known = series().as_of("2026-03-13")
    first = assess_releases(known, process=LIGHT).to_html(tmp_path / "one.html")
    assert (tmp_path / "one.html").read_text(encoding="utf-8") == first
    assert assess_releases(known, process=LIGHT).to_html() == first


def test_every_announced_number_is_answered_or_declined_once():
    result = assessed()
    labels = [gap.label for gap in result.gaps]
    assert labels == ["event 2026-03-01", "event 2026-03-12", "since 2026-02-20"]
    assert [gap.announced for gap in result.gaps] == [90, 47, 210]
    assert set(result.declined) == {("total", "since before 2026-03")}
    assert "from which day on it counts" in result.declined["total", "since before 2026-03"].remedy


def test_what_the_parts_are_belongs_together():
    for each in assessed().batches.batches:
        parts = sum(part.draws for part in each.parts.values())
        assert (each.verified + parts >= each.announced).all()


def test_the_sentences_stand_in_the_report_and_the_paragraphs_where_they_are_asked_for():
    for lang in ("en", "es"):
        text = assessed().to_markdown(lang=lang).replace("\\", "")
        whole = assessed().to_markdown(lang=lang, detail=True).replace("\\", "")
        for sentence, paragraph in zip(
            assessed().sentences(lang=lang), assessed().sentences(lang=lang, detail=True), strict=True
        ):
            assert sentence in text
            rest = paragraph.removeprefix(sentence).strip()
            assert len(rest) > len(sentence)
            assert rest not in text
            assert rest in whole


def test_one_picture_and_one_table_stand_first_and_rows_lead_to_their_sentences():
    page = page_of("en")
    parts = re.findall(r'<section class="([\w-]+)">', page)
    assert parts[:3] == ["verdict", "announcements", "sentence"]
    first = page[page.index('<section class="announcements">') : page.index('<section class="sentence">')]
    assert (len(pictures(first)), first.count("<table>")) == (1, 1)
    targets = re.findall(r'<a href="#([^"]+)">', first)
    assert targets == [*re.findall(r'<h3 id="([^"]+)">', page)]
    assert targets == ["2026-02-20-to-2026-03-18", "2026-03-12", "2026-03-01"]
    assert len(set(targets)) == len(assessed().gaps)


def test_each_announcement_has_one_sentence_and_its_paragraph_is_folded():
    page = page_of("es")
    section = page[page.index('<section class="sentence">') :]
    section = section[: section.index("</section>")]
    assert section.count("<h3") == section.count("<blockquote>") == section.count("<details>") == 3
    folded = re.findall(r"<details>(.*?)</details>", section, re.DOTALL)
    assert all("<table>" in text and text.count("<p>") == 1 for text in folded)
    assert "Según un supuesto previo" not in re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_disclaimer_stands_once_and_nothing_is_said_to_the_newsroom(lang):
    page = page_of(lang)
    words = {"en": "Pending is not false", "es": "Pendiente no quiere decir falso"}
    assert page.count(words[lang]) == 1
    assert not re.search(r"look into it|before printing|antes de publicar", page)


def test_what_moves_an_announcement_is_said_where_it_is_asked_for():
    known = series().where([0, 2, 8, 11])
    result = assess_releases(known, batches=FEW, process=LIGHT, influence=True)
    row = result.content.announced[-1]
    assert row.influence
    found = {(each.row, *each.carried_out) for each in result.influence.left_out if each.carried_out}
    for each in row.influence:
        assert any((each.low, each.median, each.high) == line[1:] for line in found)
        assert not each.moves
    page = result.to_markdown(detail=True)
    assert "No single published count moves the number carried out by much." in page
    assert "| **nothing** |" in page
    assert all(not each.influence for each in assessed().content.announced)


def test_two_announcements_of_the_same_days_have_places_of_their_own():
    rows = assessed().content.announced
    assert anchors((*rows, rows[0]))[-1] == "2026-02-20-to-2026-03-18-2"
    unknown = replace(rows[0], gap=replace(rows[0].gap, start=None, end=None))
    assert anchors((unknown, unknown)) == ("day-unknown", "day-unknown-2")


def test_reported_counts_stand_beside_and_are_not_used():
    text = assessed().sentences(detail=True)[-1]
    assert "and 71 reported by 5 March (Families)" in text
    assert (
        "58 were verified by 9 March (Committee" in text
    )  # of the day announced, and so before the larger 61
    assert "Some of the 58 verified may be of no announcement" in text
    assert "Others had verified 61 from 1 to 4 March 2026 (Monitor, 7 March 2026)." in text
    assert "it is not used in the estimate: 71 (Families, 5 March 2026)." in text


def test_days_after_are_not_known():
    earlier = assess_releases(series(), as_of="2026-03-04", batches=FEW, process=LIGHT)
    assert (earlier.as_of.isoformat(), len(earlier.reports)) == ("2026-03-04", 4)
    assert earlier.gaps[0].verified == 64
    assert "Attorney" not in earlier.to_markdown()
    between = assess_releases(series(), as_of="2026-03-11", batches=FEW, process=LIGHT)
    assert between.as_of.isoformat() == "2026-03-11"


def test_notes_stand_with_their_announcement_and_have_spanish_forms():
    content = assessed().content
    notes = [*content.notes, *(note for row in content.announced for note in row.notes)]
    assert all(isinstance(note, Message) for note in notes)
    fallen = content.announced[-1]
    assert fallen.gap.label == "event 2026-03-01"
    assert any("gave 64" in note for note in fallen.notes)
    assert not any("gave 64" in note for note in content.notes)


def test_a_record_is_plain():
    record = json.loads(json.dumps(assessed().record(), allow_nan=False))
    assert record["n_counts"] == 16
    assert record["totals"][0]["announced"] == 210
    assert record["declined"][0]["label"] == "since before 2026-03"


def test_the_methods_are_cited():
    assert "Skellam" in assessed().cite()


def test_figures_of_the_whole():
    result = assessed()
    assert len(result.plot(lang="es").axes) == 1
    assert len(result.plot_windows().axes) == 1
    assert "Monitor" in result.plot_fan("Monitor").axes[0].get_title(loc="left")
    with pytest.raises(InputError, match="source: expected a monitor with at least 4 counts of one window"):
        result.plot_fan("Committee")


def test_a_notebook_shows_the_report_and_a_repr_is_one_line():
    assert assessed()._repr_markdown_() == assessed().to_markdown()
    assert repr(assessed()) == (
        "<ReleasesAssessment of 16 published counts, as of 2026-03-19: 3 announced numbers answered, 1 declined>"
    )


@pytest.mark.parametrize("lang", ["en", "es"])
def test_one_row_only(lang):
    result = assess_releases(series().where([0]))
    assert result.gaps == ()
    assert {part for part, _ in result.declined} == {"batches", "process"}
    text = result.to_markdown(lang=lang)
    assert ("no row is a verified figure" if lang == "en" else "ninguna fila es una cifra verificada") in text
    assert len(pictures(result.to_html(lang=lang))) == 1


def test_verified_alone():
    rows = [k for k, role in enumerate(series().role) if role == "verified"]
    result = assess_releases(series().where(rows), batches=FEW, process=LIGHT)
    assert result.gaps == ()
    assert result.process is not None
    assert "no row is an announced figure" in result.to_markdown()


def test_rows_without_events():
    frame = series().to_frame().drop(columns="event")
    result = assess_releases(dc.PublishedReleases.from_frame(frame), batches=FEW, process=LIGHT)
    assert [gap.announced for gap in result.gaps][-1] == 210
    assert len({(gap.announced_by, gap.announced) for gap in result.gaps}) == len(result.gaps)
    assert "  " not in " ".join(result.sentences(lang="es"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"as_of": "2026-02-01"}, "nothing was known yet, as the first count is of 2026-03-01"),
        ({"as_of": "12 March"}, "text without a year"),
        ({"seed": -1}, "seed: expected a whole number of 0 or more, got -1"),
        ({"seed": 0.5}, "seed: expected a whole number of 0 or more, got 0.5"),
        ({"audit": ("2026-01-01", "2026-02-01")}, "expected stock, arrests and the two days"),
    ],
)
def test_arguments_are_checked(options, message):
    with pytest.raises(InputError, match=message):
        assess_releases(series(), **options)


def test_another_class_of_data_is_named():
    with pytest.raises(TypeError, match="expected PublishedReleases, got DataFrame"):
        assess_releases(series().to_frame())


# the shipped series


@pytest.mark.slow
def test_the_shipped_series_in_both_languages():
    import time

    before = time.process_time()
    result = shipped()
    text = {lang: result.to_markdown(lang=lang) for lang in ("en", "es")}
    assert time.process_time() - before < SECONDS
    assert "Foro Penal: 75 on 26 December 2025, then 61 on 29 December 2025" in text["en"]
    assert "1,440 people left its register" in text["en"]
    assert "566 more than those exits" in text["en"]
    assert "Pregunte a Ministro del Interior desde qué día cuenta" in text["es"]
    assert [note for note in result.notes if not isinstance(note, Message)] == []
    spanish = re.sub(r"`[^`]*`|(?s:## Cita.*)", "", text["es"])
    assert re.findall(r"\b(?:the|were|was|announced|verified)\b", spanish) == []


@pytest.mark.slow
def test_a_batch_that_others_reported_in_full_says_so_in_its_sentence():
    (text,) = [one for one in shipped().sentences() if one.startswith("Of 88 releases")]
    assert "2 were verified by 2 January (Foro Penal; nothing on them alone in 27 days since)" in text
    assert "and 87 reported by 1 January" in text


# the command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    series().to_frame().to_csv("counts.csv", index=False)
    return tmp_path


def from_a_file() -> dc.PublishedReleases:
    """The same counts, with names as a file has them: text, and no words besides."""
    return dc.PublishedReleases.from_frame(pd.read_csv("counts.csv"))


@pytest.mark.slow
def test_the_command_prints_markdown_and_nothing_else(folder, capsys):
    assert main(["releases", "counts.csv"]) == 0
    out, err = capsys.readouterr()
    assert out == assess_releases(from_a_file()).to_markdown()
    assert err == ""


@pytest.mark.slow
def test_the_command_writes_out_what_the_page_folds_away_where_it_is_asked_to(folder, capsys):
    assert main(["releases", "counts.csv", "--detail"]) == 0
    assert capsys.readouterr().out == assess_releases(from_a_file()).to_markdown(detail=True)


@pytest.mark.slow
def test_the_command_leaves_out_each_count_where_it_is_asked_to(folder, capsys):
    assert main(["releases", "counts.csv", "--influence"]) == 0
    out = capsys.readouterr().out
    assert out == assess_releases(from_a_file(), influence=True).to_markdown()
    assert "## Which single counts move these numbers" in out


@pytest.mark.slow
def test_language_day_seed_and_report(folder, capsys):
    words = ["--as-of", "2026-03-13", "--lang", "es", "--seed", "3", "--html", "informe.html"]
    assert main(["releases", "counts.csv", *words]) == 0
    out, err = capsys.readouterr()
    expected = assess_releases(from_a_file(), as_of="2026-03-13", seed=3)
    assert out == expected.to_markdown(lang="es")
    assert err == "detcount: informe escrito en informe.html\n"
    assert (folder / "informe.html").read_text(encoding="utf-8") == expected.to_html(lang="es")


@pytest.mark.slow
def test_a_data_set_of_releases(capsys):
    assert main(["releases", "--dataset", "venezuela_releases", "--as-of", "2024-11-22"]) == 0
    out = capsys.readouterr().out
    assert "What was known on 22 November 2024" in out
    assert "left its register" not in out  # the audit ends later


def test_a_refusal_is_an_answer(folder, capsys):
    series().where([0]).to_frame().to_csv("one.csv", index=False)
    assert main(["releases", "one.csv"]) == 0
    assert "Without an answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["releases"], "expected a file or --dataset, got neither"),
        (["releases", "absent.csv"], "No such file or directory"),
        (["releases", "narrow.csv"], "the frame has no columns 'end', 'count'"),
        (
            ["releases", "yearless.csv"],
            "published, data row 1 (line 2): expected a day as in 2026-01-31, got text without a year",
        ),
        (["releases", "words.csv"], "expected a whole number of persons, got text"),
        (["releases", "backwards.csv"], "the window ends on 2026-03-01, before it starts on 2026-03-02"),
        (
            ["releases", "counts.csv", "--as-of", "2026-02-28"],
            "--as-of: expected 2026-03-01 or later, the day of the first count",
        ),
        (["releases", "counts.csv", "--as-of", "13 March"], "--as-of: expected a day as in 2026-01-31"),
        (["releases", "counts.csv", "--html", "no/such/folder.html"], "does not exist"),
        (["releases", "--dataset", "kosovo"], "Name venezuela_releases"),
        (["releases", "--dataset", "venezuela_stock"], "Name venezuela_releases"),
        (["releases", "counts.csv", "--dataset", "venezuela_releases"], "expected no file beside it"),
    ],
)
def test_faults_are_one_line_and_exit_code_two(folder, capsys, words, message):
    frame = series().to_frame()
    frame.drop(columns=["end", "count"]).to_csv("narrow.csv", index=False)
    frame.assign(published="1 March").to_csv("yearless.csv", index=False)
    text = frame.astype({"count": object})
    text.loc[1, "count"] = "Zutano Ñáñez"
    text.to_csv("words.csv", index=False)
    wrong = frame.astype({"start": object})
    wrong.loc[0, "start"] = "2026-03-02"
    wrong.assign(start=wrong["start"].astype(str).str[:10].replace("NaT", "")).to_csv(
        "backwards.csv", index=False
    )
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.startswith("detcount: ")
    assert err.count("\n") == 1
    assert "Zutano" not in err


def test_a_language_that_does_not_exist_is_exit_code_two(capsys):
    assert main(["releases", "--lang", "fr"]) == 2
    assert "lang: expected 'en', 'es', 'es-MX' or 'es-VE', got 'fr'" in capsys.readouterr().err


def test_wrong_words_are_exit_code_two(capsys):
    assert main(["releases", "--seed", "x"]) == 2
    assert "--seed: expected a whole number, got 'x'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_any_part_of_the_shipped_series_has_a_report(seed):
    import numpy as np

    random = np.random.default_rng(seed)
    reports = dc.datasets.load("venezuela_releases")
    kept = random.random(len(reports)) < random.uniform(0.1, 0.9)
    kept[random.integers(len(reports))] = True
    result = assess_releases(reports.where(kept), process=LIGHT)
    for lang in ("en", "es"):
        text = result.to_html(lang=lang)
        assert not re.search(
            r"\bnan\b|\{|None\b", re.sub(r"<style>.*?</style>", "", without_drawings(text), flags=re.DOTALL)
        )
    texts = [*result.notes]
    texts += [text for row in result.content.silent for text in (row.reason, row.advice)]
    assert [text for text in texts if not isinstance(text, Message)] == []


def test_a_day_to_come_is_refused_by_the_command_unless_it_is_meant(folder, capsys):
    frame = series().to_frame()
    frame.loc[len(frame) - 1, "published"] = np.datetime64("2099-03-19")
    frame.to_csv("slip.csv", index=False)
    assert main(["releases", "slip.csv"]) == 2
    err = capsys.readouterr().err
    assert re.search(r"published, .*row 16.*: expected a day that has come, got 2099-03-19", err)
    assert main(["releases", "counts.csv", "--as-of", "2099-01-01"]) == 2
    assert "--as-of: expected a day that has come, got 2099-01-01" in capsys.readouterr().err


@pytest.mark.parametrize("factor", [pytest.param(10**5, marks=pytest.mark.slow), 10**6, 10**8])
def test_counts_of_any_size_have_an_answer_or_a_stated_refusal(factor, folder, capsys):
    frame = series().to_frame()
    frame["count"] *= factor
    frame.to_csv("large.csv", index=False)
    begun = time.process_time()
    code = main(["releases", "large.csv"])
    assert time.process_time() - begun < MINUTE
    out, err = capsys.readouterr()
    assert code == (2 if factor == 10**8 else 0)
    assert ("got more than are alive" in err) == (code == 2)
    if factor == 10**6:
        assert "up to which the model computes" in out
        assert "whose split is computed" in out


def test_nothing_announced_is_said_in_both_languages():
    frame = series().to_frame()
    frame.loc[frame["role"] == "announced", "count"] = 0
    result = assess_releases(
        dc.PublishedReleases.from_frame(frame),
        batches=FEW,
        process=LIGHT,
    )
    assert result.gaps == ()
    for lang, reason in (("en", "nothing was announced"), ("es", "no se anunció nada")):
        lines = result.unanswered(lang=lang)
        assert sum(reason in line for line in lines) >= 3
        assert len(lines) == len(set(lines))
        assert not re.search(r"\bnan\b|\{|: 0 ", result.to_markdown(lang=lang))


def test_a_language_is_one_that_exists(tmp_path):
    known = "'en', 'es', 'es-MX' or 'es-VE'"
    for ask in (
        lambda: assessed().to_html(tmp_path / "page.html", lang="fr"),
        lambda: assessed().to_markdown(lang="fr"),
        lambda: assessed().sentences(lang="fr"),
        lambda: assessed().contradictions(lang="fr"),
        lambda: assessed().unanswered(lang="fr"),
        lambda: assessed().plot(lang="fr"),
        lambda: assessed().plot_windows(lang="fr"),
        lambda: assessed().plot_fan(lang="fr"),
    ):
        with pytest.raises(InputError, match=f"lang: expected {known}, got 'fr'"):
            ask()
    assert not (tmp_path / "page.html").exists()


def slots_of(content) -> dict[str, FigureSlot]:
    """The figures of a report by their keys."""
    blocks = unfolded(releases_document(content).blocks)
    return {block.key: block for block in blocks if isinstance(block, FigureSlot)}


def test_descriptions_say_how_many_lines_and_bars_are_drawn():
    content = assessed().content
    many = replace(content, counts=content.counts * 4, announced=content.announced * 5)
    slots = slots_of(many)
    assert slots["windows"].alt.startswith("Lines in time, one for each of 24 published counts")
    assert slots["announcements"].alt.startswith("Bars, one for each of 12 announced numbers")
    one = replace(content, counts=content.counts[:1], announced=content.announced[:1])
    slots = slots_of(one)
    assert slots["announcements"].alt.startswith("A bar for 1 announced number")
    assert slots["windows"].alt.say("es").startswith("Una línea en el tiempo para 1 recuento publicado")


def test_one_that_is_left_out_is_said_of_one():
    content = assessed().content
    text = markdown(releases_document(replace(content, announced=(content.announced * 5)[:13])), "en")
    assert "1 older announcement stands in the table alone." in text
    rows = (content.counts * 4)[:31]
    assert len(rows) == 31
    text = markdown(releases_document(replace(content, counts=rows)), "es", detail=True)
    assert "1 anterior no se muestra." in text


@pytest.mark.parametrize(
    ("lang", "number", "share"),
    [("es", "12\u00a0345", "59\u00a0%"), ("es-MX", "12,345", "59%"), ("es-VE", "12.345", "59")],
)
def test_regions_write_numbers_by_their_rules(lang, number, share):
    text = gap_text(gap(12_345, 5000)).say(lang)
    assert text.startswith(f"De {number} excarcelaciones")
    assert share in text
    figure = drawn(partial(figures.fan, content=assessed().content.fans[0]), lang)
    legend = " ".join(text.get_text() for text in figure.legends[0].get_texts())
    assert ("(80% y 95%)" in legend) == (lang == "es-MX")


def test_an_iteration_that_stops_early_is_a_reason(monkeypatch):
    def stopped(self, reports, *, seed):
        raise ConvergenceError("the fit did not converge")

    for estimator in (dc.releases.AnnouncedBatches, dc.releases.ReleaseProcess):
        monkeypatch.setattr(estimator, "fit", stopped)
    result = assess_releases(series())
    assert (result.batches, result.process, result.gaps) == (None, None, ())
    assert list(result.declined)[:2] == [("batches", ""), ("process", "")]
    lines = result.unanswered(lang="es")
    assert len(lines) == len(result.declined) == 3
    assert lines[1].startswith(
        "Excarcelaciones diarias: una iteración no llegó a converger. Revise los recuentos"
    )
