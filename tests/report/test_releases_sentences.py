"""One sentence an announcement: at most 45 words, every figure with its day, and what goes against it said."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detcount as dc
from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.sentences import MOST_WORDS, gap_sentence
from detcount.datasets.known_names import known_name
from releases_hand import gap

SPANISH_WORDS = 55
COMMITTEE = "Comite de Madres en Defensa de la Verdad"
JEP = "Justicia, Encuentro y Perdon (JEP)"
JANUARY = {k: dt.date(2026, 1, k) for k in range(1, 32)}
# a figure, with what follows it up to its day
DATED = {
    "en": re.compile(
        r"\d[\d,]* (?:releases? )?(?:were |was )?(?:verified|reported) (?:by|from|of) \d"
        r"|(?:none|no release) was verified by \d|no count published by \d"
    ),
    "es": re.compile(
        r"verificado (?:al menos )?\d[\d\u00a0]*(?: excarcelaci[oó]n(?:es)?)? al \d"
        r"|\d (?:verificadas|reportadas) (?:al|del) \d|ninguna (?:excarcelación )?al \d|publicado hasta el \d"
    ),
}


def count(number: int, day: dt.date, source: str, role: str = "reported", **changes: object) -> CountRow:
    """A count of one day."""
    made = CountRow(day, known_name(source), role, day, day, number, False, "", "")
    return replace(made, **changes)


def first_of_january(**changes: object) -> GapRow:
    """88 announced on the 13th for the 1st, 2 verified on the 2nd, and 87 counted by a committee."""
    one = replace(
        gap(88, 2, label="event 2026-01-01", start=JANUARY[1], end=JANUARY[1], as_of=JANUARY[29]),
        verified_on=JANUARY[2],
        verified_start=JANUARY[1],
        verified_end=JANUARY[1],
    )
    given = {
        "beside": (count(87, JANUARY[1], COMMITTEE), count(40, JANUARY[3], "NGOs", "verified")),
        "announced_on": JANUARY[13],
        "silent_days": 27,
        **changes,
    }
    return GapRow(one, **given)


def words(text: str) -> int:
    return len(text.split())


def test_the_figure_has_its_own_day_the_silence_and_what_the_committee_counted():
    assert gap_sentence(first_of_january()) == (
        "Of 88 releases of 1 January 2026 announced on 13 January (Ministry of Penitentiary Service), 2 were "
        "verified by 2 January (Foro Penal; nothing on them alone in 27 days since) and 87 reported by 1 "
        "January (Comite de Madres en Defensa de la Verdad)."
    )


def test_the_same_in_spanish():
    text = gap_sentence(first_of_january()).say("es")
    assert text == (
        "De 88 excarcelaciones del 1 de enero de 2026 anunciadas el 13 de enero (Ministerio para el Servicio "
        "Penitenciario), se habían verificado 2 al 2 de enero (Foro Penal; ninguna cifra solo de ellas en los "
        "27 días siguientes) y 87 reportadas al 1 de enero (Comité de Madres en Defensa de la Verdad)."
    )
    assert words(text) <= SPANISH_WORDS


def test_a_sentence_to_print_says_nothing_to_the_newsroom_and_no_disclaimer():
    text = gap_sentence(first_of_january())
    assert "look into" not in text
    assert "Pending is not" not in text


def test_other_days_are_said_of_the_monitor_and_of_others():
    one = replace(
        gap(116, 116, start=JANUARY[8], end=JANUARY[12], as_of=JANUARY[18]),
        verified_on=JANUARY[16],
        verified_start=JANUARY[8],
        verified_end=JANUARY[16],
        verified_by=JEP,
    )
    text = gap_sentence(GapRow(one, announced_on=JANUARY[12]))
    assert (
        "116 were verified by 16 January (Justicia, Encuentro y Perdon (JEP); other days, from 8 to 16 January)"
        in text
    )
    assert "all" not in text.split()
    nearly = replace(one, verified_end=JANUARY[14])
    assert "other days" not in gap_sentence(GapRow(nearly))
    other = count(73, JANUARY[20], "PUD", "verified", start=JANUARY[8], end=JANUARY[20])
    assert "and 73 verified from 8 to 20 January (PUD)." in gap_sentence(GapRow(nearly, beside=(other,)))
    late = replace(other, published=JANUARY[22])
    text = gap_sentence(GapRow(nearly, beside=(late,)))
    assert "and 73 verified by 22 January (PUD; other days, from 8 to 20 January)." in text


def test_days_that_the_announcement_did_not_say_are_said_of_the_count():
    one = replace(gap(116, 56), verified_start=JANUARY[8], verified_end=JANUARY[12], verified_on=JANUARY[13])
    assert "56 were verified by 13 January (Foro Penal; counted from 8 to 12 January)" in gap_sentence(
        GapRow(one)
    )


def test_a_figure_that_fell_is_said_to_have_fallen():
    before = count(75, dt.date(2025, 12, 26), "Foro Penal", "verified")
    text = gap_sentence(first_of_january(fallen=before, beside=()))
    assert "(Foro Penal; down from 75 on 26 December 2025; nothing on them" in text


def test_more_verified_than_announced_is_said():
    text = gap_sentence(GapRow(gap(50, 60), announced_on=JANUARY[12]))
    assert text.endswith("; more than announced: they may count different people.")
    assert "carried out" not in text


def test_a_sum_of_counts_says_how_many_of_the_days_it_is_of():
    days = {"start": dt.date(2025, 12, 1), "end": JANUARY[23], "as_of": JANUARY[28]}
    spec = dc.releases.ReleaseProcess()
    one = replace(
        gap(626, 219, announced_by="Acting President", **days), estimator=spec, verified_on=JANUARY[23]
    )
    own = count(383, JANUARY[26], "Foro Penal", "verified", start=dt.date(2025, 12, 1))
    row = GapRow(one, announced_on=JANUARY[23], covered=(20, 54), beside=(own,))
    assert row.in_part
    assert row.unlike
    assert gap_sentence(row).endswith(
        "219 were verified by 23 January in counts of 20 of those 54 days (Foro Penal) and 383 verified from 1 "
        "December 2025 to 26 January 2026."
    )
    whole = replace(row, covered=(54, 54), beside=())
    assert "219 were verified by 23 January in counts of those days (Foro Penal)" in gap_sentence(whole)
    assert not whole.unlike


def test_reviews_of_custody_are_not_called_releases():
    one = gap(177, 43, start=None, end=dt.date(2024, 12, 23), as_of=dt.date(2024, 12, 30))
    text = gap_sentence(GapRow(one, reviews=True, definitions="different"))
    assert text.startswith("Of 177 custody reviews up to 23 December 2024 announced")
    assert "43 releases were verified by 30 December" in text
    assert text.endswith("; reviews are no releases.")
    assert "177 releases" not in text


def test_at_least_is_said_of_either():
    text = gap_sentence(GapRow(gap(400, 143, at_least=True), at_least=True))
    assert text.startswith("Of at least 400 releases")
    assert "at least 143 were verified by" in text
    text = gap_sentence(GapRow(gap(90, 5), beside=(count(70, JANUARY[5], "NGOs", at_least=True),)))
    assert "and at least 70 reported by 5 January (NGOs)" in text


def test_two_definitions_are_never_set_side_by_side_without_a_word():
    row = GapRow(gap(225, 169), definitions="different")
    assert "; one of the two counts all prisoners, the other political prisoners." in gap_sentence(row)
    for of_all, words in (
        (True, "; all prisoners announced, political prisoners verified."),
        (False, "; political prisoners announced, all prisoners verified."),
    ):
        assert words in gap_sentence(replace(row, of_all=of_all))
    assert "carried out" not in gap_sentence(row)
    assert "different things" not in gap_sentence(replace(row, definitions="unknown"))


@pytest.mark.parametrize(
    ("verified", "english", "spanish"),
    [
        (0, "none was verified by 13 January", "no se había verificado ninguna al 13 de enero"),
        (1, "1 was verified by 13 January", "se había verificado 1 al 13 de enero"),
        (2, "2 were verified by 13 January", "se habían verificado 2 al 13 de enero"),
    ],
)
def test_one_is_not_several(verified, english, spanish):
    row = GapRow(gap(116, verified))
    assert english in gap_sentence(row)
    assert spanish in gap_sentence(row).say("es")


def test_what_the_number_carried_out_rests_on_is_said_where_there_is_room():
    kinds = {
        "prior": "; 64 to 68 were carried out (95%, by a stated prior).",
        "data": "; 64 to 68 were carried out (95%, from the counts).",
        "bounds": "; 56 to 80 can have been carried out.",
    }
    for by, clause in kinds.items():
        assert gap_sentence(GapRow(gap(80, 56, by=("data", by, by)))).endswith(clause), by
    assert "carried out" not in gap_sentence(first_of_january())


def test_long_names_are_shortened_to_what_they_are_known_as():
    row = first_of_january(beside=(count(87, JANUARY[1], f"Comision de Familiares y Amigos {JEP}"),))
    assert "(JEP)" in gap_sentence(row)
    assert "(Ministry of Penitentiary Service)" in gap_sentence(row)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_figure_is_followed_by_its_day(lang):
    rows = [
        first_of_january(),
        first_of_january(beside=()),
        GapRow(gap(116, 0), announced_on=JANUARY[12]),
        GapRow(gap(116, 116), announced_on=JANUARY[12]),
    ]
    for row in rows:
        text = gap_sentence(row).say(lang)
        assert len(DATED[lang].findall(text)) == 1 + bool(row.beside), text


@given(
    announced=st.integers(1, 10**15),
    verified=st.integers(0, 10**15),
    silent=st.integers(0, 900),
    beside=st.lists(st.tuples(st.integers(0, 10**15), st.integers(1, 28)), max_size=3),
    how=st.sampled_from(["data", "prior", "bounds"]),
)
def test_no_sentence_has_a_hole_or_is_long(announced, verified, silent, beside, how):
    one = gap(announced, verified, by=(how, how, how))
    others = tuple(count(number, JANUARY[day], "Families") for number, day in beside)
    row = GapRow(one, beside=others, announced_on=JANUARY[12], silent_days=silent)
    english = gap_sentence(row)
    assert words(english) <= MOST_WORDS
    for text in (english, english.say("es")):
        assert not re.search(r"[{}]|None|nan|\binf\b|  |\(\)", text)
        assert text.endswith(".")
        assert text.count(". ") == 0


# the shipped file, on many of its days


@pytest.mark.slow
def test_every_sentence_of_the_shipped_file_is_short_and_dated_on_any_day():
    reports = dc.datasets.load("venezuela_releases")
    quick = {
        "batches": dc.releases.AnnouncedBatches(n_draws=100),
        "process": dc.releases.ReleaseProcess(n_draws=100),
    }
    days = sorted(set(reports.published))[::5]
    seen = 0
    for day in days:
        result = dc.assess_releases(reports, as_of=str(day), **quick)
        for lang, most in (("en", MOST_WORDS), ("es", SPANISH_WORDS)):
            for row, text in zip(result.content.announced, result.sentences(lang=lang), strict=True):
                assert words(text) <= most, (day, text)
                other = row.largest_beside
                more = other is not None and other.count > row.gap.verified  # whoever counted more is named
                assert len(DATED[lang].findall(text)) >= 1 + more, (day, text)
                assert str(row.verified_on.day) in text
                seen += 1
        page = result.to_markdown(detail=True)
        assert page.count("Pending is not false") == 1
        assert "look into it" not in page
    assert seen > len(days)
