"""What reports about releases say: names left as they are, days and numbers by language, and no code."""

from __future__ import annotations

import calendar
import datetime as dt
import html
import pickle
import re

import pytest

from detcount import PublishedReleases, ReleasesAssessment, assess_releases, datasets, releases, stock
from detcount.assessment.releases.filling import content_of
from detcount.assessment.releases.phrases import event_words
from detcount.releases.batches import notes
from detcount.words import Message, Name, said

# Names as anybody may choose them: days, numbers, words of both languages, mark-up, right to left.
HOSTILE = (
    "Reporters and Jurists",
    "Ombudsman 2,000",
    "event 2025-12-25 and after",
    "event 2025-12-25",
    "December 2025",
    "Acting President",
    "none",
    "ninguna y otras, con 1.5%",
    "<b>&lt;i&gt;</b>",
    "{n:,} {0} %s",
    "لجنة\u200f الأهالي",
)
CODE = re.compile(r"\w+\.\w+\(|[A-Z][a-z]+[A-Z]\w+|\b\w+_\w+\b|\w=\w")


def counts(announcer: str, monitor: str, other: str, event: str, measure: str = "") -> PublishedReleases:
    """A small file in which nearly everything happens that a note can be about."""
    rows = [
        ("2026-01-08", announcer, "announced", 116, True, event),
        ("2026-01-09", announcer, "announced", 120, False, event),
        ("2026-01-09", monitor, "verified", 41, False, event),
        ("2026-01-10", monitor, "verified", 56, False, event),
        ("2026-01-10", other, "verified", 44, False, event),
        ("2026-01-12", other, "verified", 39, False, event),
        ("2026-01-13", monitor, "verified", 61, True, event),
    ]
    return PublishedReleases.from_frame(
        {
            "published": [row[0] for row in rows],
            "source": [row[1] for row in rows],
            "role": [row[2] for row in rows],
            "start": ["2026-01-08"] * len(rows),
            "end": ["2026-01-08"] * len(rows),
            "count": [row[3] for row in rows],
            "at_least": [row[4] for row in rows],
            "event": [row[5] for row in rows],
            "measure": [measure if row[2] == "announced" else "" for row in rows],
        }
    )


@pytest.fixture(scope="module")
def shipped() -> ReleasesAssessment:
    reports = datasets.load("venezuela_releases")
    few = releases.AnnouncedBatches(n_draws=400), releases.ReleaseProcess(n_draws=200)
    return assess_releases(reports, as_of="2026-01-16", batches=few[0], process=few[1])


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "es"])
def test_names_come_back_unchanged_in_every_sentence(lang):
    for k, name in enumerate(HOSTILE):
        announcer, monitor, other = (f"{name}{tail}" for tail in ("", " II", " III"))
        reports = counts(announcer, monitor, other, name)
        batched = releases.AnnouncedBatches(n_draws=100).fit(reports, seed=k)
        (gap,) = batched.batches
        for note in (*gap.notes, *batched.notes):
            assert isinstance(note, Message)
            for value in note.values.values():
                if value in (announcer, monitor, other):
                    assert value in note.say(lang)
        assert gap.label == name
        assert said(event_words(gap.label), lang) == name


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("announcer", "monitor", "other", "event"),
    [(HOSTILE[0], HOSTILE[1], HOSTILE[5], HOSTILE[2]), (HOSTILE[7], HOSTILE[9], HOSTILE[10], HOSTILE[8])],
)
def test_names_come_back_unchanged_in_the_report(lang, announcer, monitor, other, event):
    reports = counts(announcer, monitor, other, event, measure="none")
    assessment = assess_releases(
        reports,
        batches=releases.AnnouncedBatches(n_draws=100),
        process=releases.ReleaseProcess(n_draws=100),
    )
    text = html.unescape(assessment.to_markdown(lang=lang).replace("\\", ""))
    for name in (announcer, monitor, other, html.unescape(event)):
        assert name in text
    for changed in ("Reporters y Jurists", "Ombudsman 2000", "Ombudsman 2\u00a0000", "Presidenta encargada"):
        assert changed not in text
    sentence = assessment.sentences(lang=lang)[0]
    assert f"({announcer})" in sentence
    assert f"({monitor})" in sentence


def test_what_ships_has_the_names_that_readers_know():
    reports = datasets.load("venezuela_releases")
    (ministry,) = {name for name in reports.source if name == "Ministry of Penitentiary Service"}
    assert said(ministry, "es") == "Ministerio para el Servicio Penitenciario"
    again = pickle.loads(pickle.dumps(reports)).as_of("2026-01-05").where([0])
    assert said(again.source[0], "es") == "Ministerio Público / Fiscal General"
    events = {str(event): said(event, "es") for event in reports.event}
    assert events["event 2025-12-25"] == "anuncio del 25 de diciembre de 2025"
    assert events["since before 2025-12"] == "desde antes de diciembre de 2025"
    assert events["2025-12-25 to 2026-01-01"] == "del 25 de diciembre de 2025 al 1 de enero de 2026"
    assert [event for event in reports.event if not isinstance(event, Name)] == []


def test_the_same_words_from_somebody_else_are_a_name():
    reports = counts("Acting President", "Interior Minister", "Foro", "event 2025-12-25")
    assert {type(name) for name in (*reports.source, *reports.event)} == {str}


def test_months_do_not_follow_the_locale_of_the_process(monkeypatch, shipped):
    monkeypatch.setattr(
        calendar, "month_name", ["", *(["Januar", "Februar", "März", "April", "Mai", "Juni"] * 2)]
    )
    text = shipped.to_markdown()
    assert "16 January 2026" in text
    assert "Januar " not in text


def test_days_and_numbers_are_written_by_the_language():
    note = Message(
        notes.NOTE_WITHDRAWN,
        monitor="12,075 and more",
        before=12_075,
        day_before=dt.date(2025, 12, 26),
        after=61,
        day_after=dt.date(2025, 12, 29),
        withdrawn=12_014,
    )
    assert note.say("es") == (
        "12,075 and more dio 12\u00a0075 verificadas el 26 de diciembre de 2025 y 61 el 29 de diciembre "
        "de 2025: se usa la última cifra, que es menor en 12\u00a0014."
    )
    assert "on 26 December 2025 and 61 on 29 December 2025" in note


def test_every_note_reason_and_remedy_of_the_shipped_series_is_said_in_spanish(shipped):
    texts = [*shipped.notes, *(row.reason for row in shipped.content.silent)]
    texts += [row.advice for row in shipped.content.silent]
    assert len(texts) > 10
    for text in texts:
        assert isinstance(text, Message)
        spanish = text.say("es")
        assert spanish != text
        assert not re.search(r"\b(?:the|and|of|was|were|with|from)\b", spanish), spanish


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_code_stands_in_what_newsrooms_read(shipped, lang):
    lines = [
        *shipped.sentences(lang=lang),
        *shipped.contradictions(lang=lang),
        *shipped.unanswered(lang=lang),
    ]
    lines += [said(note, lang) for note in shipped.notes]
    assert [line for line in lines if CODE.search(line)] == []


def test_remedies_for_scripts_may_name_code(shipped):
    declined = [*shipped.declined.values(), *shipped.batches.declined.values()]
    assert any(CODE.search(error.remedy) for error in declined)
    assert not any(CODE.search(error.advice) for error in declined)


@pytest.mark.parametrize(
    ("lang", "by", "other"),
    [
        ("en", "(Public Ministry / Attorney General)", "other days, so that nothing is subtracted"),
        ("es", "(Ministerio Público / Fiscal General)", "son otros días, así que no se resta nada"),
    ],
)
def test_an_audit_says_whose_total_it_is_and_subtracts_none_of_other_days(lang, by, other):
    reports = datasets.load("venezuela_releases").as_of("2025-04-30")
    audit = stock.stock_flow_audit(
        datasets.load("venezuela_stock"), datasets.load("venezuela_arrests"), "2024-10-07", "2025-03-31"
    )
    made = ReleasesAssessment(
        reports=reports,
        as_of=dt.date(2025, 4, 30),
        seed=0,
        batches=None,
        process=None,
        totals=(),
        audit=audit,
        declined={},
        fill=content_of,
    )
    text = made.to_markdown(lang=lang)
    assert by in text
    assert other in text
