"""Sentences about announced releases: whose numbers, of which base, resting on what, in both languages."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detcount as dc
from detcount.assessment import gap_text
from detcount.assessment.releases.announced import announced_rows
from detcount.assessment.releases.content import GapRow, InfluenceRow
from detcount.assessment.releases.counts import count_rows
from detcount.assessment.releases.messages import times
from detcount.assessment.releases.paragraphs import gap_paragraph
from detcount.assessment.releases.phrases import event_words, share, span_words, window_words
from detcount.assessment.releases.sentences import gap_sentence
from detcount.assessment.releases.tables import overview_table
from detcount.datasets.known_names import known_name
from detcount.errors import InputError
from detcount.estimates import UncertainCount
from detcount.words import Message, day, said
from releases_hand import gap, series

LANGUAGES = ["en", "es"]
NO_BREAK = "\u00a0"


def test_the_paragraph_of_the_twelfth_of_january():
    text = gap_text(gap(116, 56))
    assert text.startswith(
        "Of 116 releases up to 12 January 2026 announced (Ministry of Penitentiary Service), 56 were verified by "
        "13 January (Foro Penal)"
    )
    assert (
        "From how long verification took before, about 15 more will be verified (95% interval 13 to 17)."
        in text
    )
    assert "By a stated prior, not by the counts, the rest splits" in text
    assert text.endswith(
        "Whatever the chances and the delays are, at most 60 (52% of the 116 announced) cannot be accounted for, "
        "and perhaps none."
    )


def test_the_same_in_spanish():
    text = gap_text(gap(116, 56)).say("es")
    assert text.startswith(
        "De 116 excarcelaciones hasta el 12 de enero de 2026 anunciadas (Ministerio para el Servicio "
        "Penitenciario), se habían verificado 56 al 13 de enero (Foro Penal)"
    )
    assert "(intervalo del 95\u00a0%: de 13 a 17)" in text
    assert text.endswith(
        "quedan sin explicar como máximo 60 (52\u00a0% de las 116 anunciadas), y quizá ninguna."
    )


def test_the_disclaimer_is_not_said_again_in_each_paragraph():
    for one in (gap(116, 56), gap(40, 40), gap(56, 60), gap(30, 20, by=("bounds", "bounds", "bounds"))):
        assert "Pending is not" not in gap_text(one)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_percentage_says_its_base(lang):
    text = gap_text(gap(116, 56)).say(lang)
    shares = re.findall(r"(\d+)\u00a0?% (of the|de las) 116 (?:announced|anunciadas)", text)
    levels = re.findall(r"95\u00a0?%", text)
    assert len(shares) == 1
    assert len(re.findall(r"\d\u00a0?%", text)) == len(shares) + len(levels)


def test_one_announced_release():
    text = gap_text(gap(1, 0, pending=0, unverifiable=0))
    assert text.startswith("Of 1 release up to")
    assert "at most 1 (100% of the 1 announced)" in text
    assert gap_text(gap(1, 0, pending=0, unverifiable=0)).say("es").startswith("De 1 excarcelación hasta")


def test_one_more_will_be_verified():
    few = gap(10, 7, pending=1, unverifiable=1)
    assert "about 1 more will be verified" in gap_text(few)
    assert "se verificará aproximadamente 1 más" in gap_text(few).say("es")


def test_none_and_probably_none_differ():
    never = gap(100, 90, pending=0, unverifiable=0)
    assert "never to be verified, none (95% interval 0 to 0)" in gap_text(never)
    draws = [0] * 9 + [3]
    perhaps = UncertainCount.from_draws(draws, bounds=(0, 10), identified_by="prior", effective_size=10**6)
    object.__setattr__(never, "unverifiable", perhaps)
    assert "never to be verified, probably none (95% interval 0 to 3)" in gap_text(never)


def test_no_number_is_finer_than_its_monte_carlo_error():
    vague = gap(1000, 90)
    draws = 400 + 37 * np.arange(9)
    count = UncertainCount.from_draws(draws, bounds=(0, 910), identified_by="prior")
    object.__setattr__(vague, "unsubstantiated", count)
    low, median, high = count.printed()
    assert (low, median, high) != (400, 548, 696)
    found = re.search(
        r"unsubstantiated, .*?about ([\d,]+) \(95% interval ([\d,]+) to ([\d,]+)\)", gap_text(vague)
    )
    assert found is not None
    assert [float(number.replace(",", "")) for number in found.groups()] == [median, low, high]


def test_an_announcement_of_at_least_gives_shares_that_are_limits():
    text = gap_text(gap(400, 143, at_least=True))
    assert text.startswith("Of at least 400 releases")
    assert "at most 64% of the 400 announced" in text
    assert "“at least”, so the percentages are upper limits" in text
    assert gap_text(gap(400, 143, at_least=True)).say("es").startswith("De al menos 400 excarcelaciones")


def test_more_verified_than_announced_is_no_gap():
    text = gap_text(gap(56, 60))
    assert "More were verified than announced" in text
    assert "%" not in text
    assert "unsubstantiated" not in text


def test_all_verified_is_said_of_one_count_only():
    assert gap_text(gap(40, 40)).endswith(
        "By the count of Foro Penal, as many were verified as were announced."
    )


def test_bounds_are_no_estimate():
    text = gap_text(gap(30, 20, by=("bounds", "bounds", "bounds")))
    assert "about" not in text
    assert "How many more will be verified the counts do not say: 0 to 10." in text
    assert "(0 to 10)" in text


def test_parts_that_rest_on_different_things_are_said_apart():
    text = gap_text(gap(116, 56, by=("data", "data", "prior")))
    assert "Carried out, and never to be verified: about 10 (95% interval 8 to 12; from the counts)." in text
    assert "from a stated prior, not from the counts" in text


def test_a_prior_for_all_is_not_named_as_the_counts():
    text = gap_text(gap(116, 56, by=("prior", "prior", "prior")))
    assert "From how long verification took before" not in text
    assert "By a stated prior, not by the counts, about 15 more" in text
    assert "By a prior too" in text


def test_an_open_limit():
    open_ended = gap(116, 56)
    count = UncertainCount(bounds=(0, math.inf), identified_by="bounds", draws=np.empty(0, dtype=np.int64))
    object.__setattr__(open_ended, "pending", count)
    assert "the counts do not say: 0 or more." in gap_text(open_ended)


def cuba():
    """553 of all prisoners announced, 192 political prisoners verified: what the file says of both."""
    reports = dc.datasets.load("cuba_releases_2025").as_of("2025-01-20")
    rows = count_rows(reports)
    split = gap(553, 192, start=dt.date(2025, 1, 14), end=None, as_of=dt.date(2025, 1, 20))
    monitor = {"verified_by": "Prisoners Defenders", "verified_on": dt.date(2025, 1, 20)}
    one = replace(split, announced_by=rows[0].source, label=rows[0].event, **monitor)
    (row,) = announced_rows((one,), ({},), reports, rows)
    return row


def test_all_prisoners_and_political_ones_are_not_compared_and_nothing_is_called_unsubstantiated():
    row = cuba()
    assert (row.definitions, row.other_people) == ("different", True)
    for lang, people, split, never in (
        ("en", "political prisoners", "nothing of the difference may be called unsubstantiated", "pending"),
        (
            "es",
            "presas por motivos políticos",
            "nada de la diferencia puede llamarse sin sustento",
            "verificarán",
        ),
    ):
        text = gap_paragraph(row).say(lang)
        assert people in text
        assert split in text
        assert never not in text
        assert not re.search(r"\d\u00a0?%", text)
    assert "all prisoners announced, political prisoners verified" in gap_sentence(row)
    cells = overview_table((row,), ("x",)).rows[0]
    assert cells[-3:] == ("not comparable", "", "")


def test_what_others_counted_is_said_and_a_misfit_is_said_as_a_fact():
    rows = count_rows(series())
    reported = [row for row in rows if row.role == "reported"]
    text = gap_text(gap(90, 5, pending=5, unverifiable=3), beside=reported)
    assert "71 of 1 March 2026 (Families, 5 March 2026)." in text  # of other days than the announcement
    assert "more than the" in text
    assert "the counts do not agree" in text
    assert "look into" not in text
    assert "do not agree" not in gap_text(gap(90, 80), beside=reported)


def test_days_that_differ_are_said_and_so_are_those_that_nearly_agree():
    reports = series()
    rows = count_rows(reports)
    days = {"start": dt.date(2026, 3, 1), "end": dt.date(2026, 3, 1)}
    for number, on, apart in ((52, 2, "1 day apart"), (64, 4, "3 days apart"), (58, 9, "")):
        who = "Committee" if number == 58 else "Monitor"
        monitor = {"verified_by": who, "verified_on": dt.date(2026, 3, on), "announced_by": "Ministry"}
        one = replace(gap(90, number, label="event 2026-03-01", **days), **monitor)
        (row,) = announced_rows((one,), ({},), reports, rows)
        text = gap_paragraph(row)
        assert apart in text
        assert ("apart" in text) == bool(apart)
        assert row.announced_on == dt.date(2026, 3, 1)


def test_bounds_say_what_they_take_for_granted():
    assumed = Message("half of them are of the announcement")
    text = gap_text(replace(gap(116, 56), bounds_assume=assumed))
    assert text.endswith("and perhaps none, provided that half of them are of the announcement.")
    assert gap_text(replace(gap(116, 56), bounds_assume=assumed)).say("es").endswith(f", si {assumed}.")


def test_a_figure_that_its_monitor_lowered_is_a_correction():
    before = next(row for row in count_rows(series()) if row.count == 64)
    one = replace(
        gap(90, 61), verified_by="Monitor", verified_on=dt.date(2026, 3, 7), end=dt.date(2026, 3, 1)
    )
    text = gap_paragraph(GapRow(one, fallen=before))
    assert (
        "Monitor had given 64 on 4 March and 61 on 7 March: the later figure is used, as a correction."
        in text
    )


def test_the_count_that_moves_the_number_most_stands_in_the_paragraph():
    rows = [row for row in count_rows(series()) if row.role == "verified"]
    row = GapRow(
        gap(90, 61), influence=(InfluenceRow(rows[1], 30, 44.0, 70), InfluenceRow(rows[2], 60, 62.0, 70))
    )
    text = gap_paragraph(row)
    assert "moves this most is the 52 of Monitor (2 March 2026): without it, 30 to 70 would have been" in text


def test_levels_are_checked():
    with pytest.raises(InputError, match="level: expected a number between 0 and 1, got 95"):
        gap_text(gap(116, 56), level=95)
    assert "80% interval" in gap_text(gap(116, 56), level=0.8)
    text = gap_text(gap(90, 5, pending=5, unverifiable=3), level=0.805)
    assert text.count("80.5% interval") > 1


def test_numbers_are_written_by_language():
    big = gap(12345, 5000)
    assert "Of 12,345 releases" in gap_text(big)
    text = gap_text(big).say("es")
    assert f"De 12{NO_BREAK}345 excarcelaciones" in text
    assert "verificado 5000 al" in text


@given(
    announced=st.integers(1, 3000),
    verified=st.integers(0, 3500),
    at_least=st.booleans(),
    how=st.sampled_from(["data", "prior", "bounds"]),
)
def test_no_sentence_has_a_hole_or_a_stray_number(announced, verified, at_least, how):
    one = gap(announced, verified, at_least=at_least, by=(how, how, how))
    for lang in LANGUAGES:
        text = gap_text(one).say(lang)
        assert not re.search(r"[{}]|None|nan|\binf\b|  |\(\)", text)
        assert text.endswith(".")
        for found in re.findall(r"(\d+)\u00a0?% (?:of the|de l)", text):
            assert 0 <= int(found) <= 100


# days and names


@pytest.mark.parametrize(
    ("start", "end", "english", "spanish"),
    [
        ("2026-01-12", "2026-01-12", "of 12 January 2026", "del 12 de enero de 2026"),
        ("2026-01-08", "2026-01-12", "from 8 to 12 January 2026", "del 8 al 12 de enero de 2026"),
        (
            "2025-12-25",
            "2026-01-01",
            "from 25 December 2025 to 1 January 2026",
            "del 25 de diciembre de 2025 al 1 de enero de 2026",
        ),
        (
            "2024-11-16",
            "2024-12-03",
            "from 16 November to 3 December 2024",
            "del 16 de noviembre al 3 de diciembre de 2024",
        ),
        (None, "2026-01-12", "up to 12 January 2026", "hasta el 12 de enero de 2026"),
        ("2026-01-08", None, "since 8 January 2026", "desde el 8 de enero de 2026"),
        (None, None, "of days that the source did not say", "de días que la fuente no precisó"),
    ],
)
def test_windows_in_words(start, end, english, spanish):
    days = [None if day is None else dt.date.fromisoformat(day) for day in (start, end)]
    assert window_words(*days) == english
    assert window_words(*days).say("es") == spanish


@pytest.mark.parametrize(
    ("event", "english", "spanish"),
    [
        ("event 2025-12-25", "Event of 25 December 2025", "Anuncio del 25 de diciembre de 2025"),
        ("since 2026-01-08", "Since 8 January 2026", "Desde el 8 de enero de 2026"),
        ("since 2025-12", "Since December 2025", "Desde diciembre de 2025"),
        ("cumulative since 2024-11", "In all since November 2024", "Acumulado desde noviembre de 2024"),
        ("month 2024-11", "November 2024", "Noviembre de 2024"),
        ("December 2025", "December 2025", "Diciembre de 2025"),
        ("week to 2024-12-23", "Week to 23 December 2024", "Semana hasta el 23 de diciembre de 2024"),
        ("Operation Dawn", "Operation Dawn", "Operation Dawn"),
    ],
)
def test_events_in_words(event, english, spanish):
    assert event_words(known_name(event)) == english
    assert said(event_words(known_name(event)), "es") == spanish
    assert said(event_words(event), "es") == event  # from another file it is a name


def test_events_inside_a_sentence_start_small():
    assert said(known_name("since 2026-01-08"), "en") == "since 8 January 2026"
    assert said(known_name("month 2024-11"), "en") == "November 2024"
    assert said(known_name("month 2024-11"), "es") == "noviembre de 2024"
    assert said(known_name("Operation Dawn"), "es") == "Operation Dawn"


def test_every_source_of_the_shipped_series_is_said_in_spanish():
    reports = dc.datasets.load("venezuela_releases")
    english = re.compile(r"\b(?:and|of|the|Minister|President|Ministry|Groups?|by|with|via)\b")
    assert [name for name in set(reports.source) if english.search(said(name, "es"))] == []


def test_every_event_and_measure_of_the_shipped_series_is_said_in_words():
    reports = dc.datasets.load("venezuela_releases")
    for event in set(reports.event):
        for lang in LANGUAGES:
            assert not re.search(
                r"\d-\d|event|round|since|cumulative|week", said(event_words(event), lang)
            ) or (lang == "en"), event
        assert not re.search(r"\d-\d", event_words(event))


def test_months_have_names():
    days = {day(dt.date(2026, month, 1), "es") for month in range(1, 13)}
    assert len(days) == 12
    assert "1 de septiembre de 2026" in days


@pytest.mark.parametrize(
    ("part", "whole", "english"),
    [
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 500, "less than 1%"),
        (10, 1000, "1%"),
        (3, 7, "43%"),
        (990, 1000, "99%"),
        (993, 1000, "more than 99%"),
        (499, 500, "more than 99%"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(part, whole, english):
    assert share(part, whole) == english


def test_a_form_that_is_not_there_falls_back_on_many():
    assert times("release", 0) == "0 releases"


def test_spans_in_words():
    count = UncertainCount.from_draws([3, 4, 9], bounds=(0, 10), identified_by="data", effective_size=10**6)
    assert span_words(count) == "95% interval 3 to 9"
    assert span_words(count, 0.805).say("es") == "intervalo del 80,5\u00a0%: de 3 a 9"
