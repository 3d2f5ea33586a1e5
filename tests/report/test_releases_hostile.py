"""The reports of data that ship, read as a spokesman of who announced would: nothing false, nothing left out."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

import detcount as dc
from detcount import ReleasesAssessment, assess_releases
from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.phrases import known_as
from detcount.assessment.releases.sentences import gap_sentence
from detcount.releases import influence

LIGHT = dc.releases.ReleaseProcess(n_draws=100)  # where the numbers of the process do not matter
FEW = dc.releases.AnnouncedBatches(n_draws=500)
MOST = {"en": 45, "es": 55}  # words of a sentence
LANGUAGES = tuple(MOST)
UNSUBSTANTIATED = {"en": "| unsubstantiated |", "es": "| sin sustento |"}


@cache
def assessed(name: str, day: str | None = None) -> ReleasesAssessment:
    reports = dc.datasets.load(name)
    return assess_releases(reports, as_of=day, batches=FEW, process=LIGHT)


def row(assessment: ReleasesAssessment, announced: int) -> GapRow:
    (found,) = (each for each in assessment.content.announced if each.gap.announced == announced)
    return found


def place(assessment: ReleasesAssessment, announced: int) -> int:
    return [each.gap.announced for each in assessment.content.announced].index(announced)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_an_authority_said_later_of_the_same_announcement_stands_beside_it(lang):
    cuba = assessed("cuba_releases_2025")
    sentence = cuba.sentences(lang=lang)[place(cuba, 553)]
    said = {
        "en": "553 out by 10 March, says Supreme People's Court",
        "es": "553 fuera al 10 de marzo, según Tribunal Supremo Popular",
    }
    assert said[lang] in sentence
    assert len(sentence.split()) <= MOST[lang]
    page = cuba.to_markdown(lang=lang, detail=True)
    cell = {"en": "553 said to be out (Supreme", "es": "553 habrían salido (Tribunal"}
    verifies_nothing = {"en": "verifies nothing", "es": "no verifica nada"}
    assert cell[lang] in page
    assert verifies_nothing[lang] in page


@pytest.mark.slow
def test_the_last_word_counts_and_only_of_later_days():
    algeria = row(assessed("algeria_releases_2021"), 60)
    assert (algeria.completed.count, algeria.completed.source) == (59, "Ministère de la Justice")
    # the Attorney General dates the 88 of 1 January a day earlier and says 92: that is no progress
    for announced in (88, 99):
        assert row(assessed("venezuela_releases", "2026-01-29"), announced).completed is None
    # a later word takes the place of an earlier one
    assert row(assessed("cuba_releases_2025", "2025-01-20"), 553).completed.count == 127
    assert row(assessed("cuba_releases_2025"), 553).completed.count == 553


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whose_are_all_prisoners_is_said(lang):
    sentences = assessed("cuba_releases_2025").sentences(lang=lang)
    words = {
        "en": "all prisoners announced, political prisoners verified",
        "es": "anunciados, presos de todo tipo; verificados, políticos",
    }
    assert all(words[lang] in sentence for sentence in sentences)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_other_people_nothing_is_called_unsubstantiated_behind_the_sentence_either(lang):
    page = assessed("cuba_releases_2025").to_markdown(lang=lang, detail=True)
    assert UNSUBSTANTIATED[lang] not in page
    assert UNSUBSTANTIATED[lang] in assessed("algeria_releases_2021").to_markdown(lang=lang, detail=True)
    # nor where reviews of custody were announced, which are no releases
    venezuela = assessed("venezuela_releases", "2026-01-13")
    parts = re.split(r"^### ", venezuela.to_markdown(lang=lang, detail=True), flags=re.MULTILINE)[1:]
    reviews = {"en": "reviews announced", "es": "revisiones anunciadas"}
    found = [reviews[lang] in part.split("\n")[0] for part in parts]
    assert sum(found) == 2
    for is_review, part in zip(found, parts, strict=True):
        assert (UNSUBSTANTIATED[lang] in part) != is_review


def test_limits_below_the_verified_and_above_the_announced_are_explained_where_they_are():
    venezuela = assessed("venezuela_releases", "2026-01-13").to_markdown()
    below, above, overlap = "A lower limit below the verified", "more than was announced", "not to be added"
    assert all(words in venezuela for words in (below, above, overlap))
    algeria = assessed("algeria_releases_2021").to_markdown()
    assert below in algeria
    assert above not in algeria
    assert overlap not in algeria
    assert below not in assessed("cuba_releases_2025").to_markdown()  # no limits are printed there


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_with_a_limit_below_the_verified_says_why(lang):
    myanmar = assessed("myanmar_releases_2022")
    found = row(myanmar, 712)
    assert found.gap.carried_out.printed(0.95)[0] < found.gap.verified
    sentence = myanmar.sentences(lang=lang)[place(myanmar, 712)]
    carried_out = {"en": "were carried out", "es": "se realizaron"}
    why = {
        "en": ": some of the verified may be others",
        "es": ": algunas de las verificadas pueden ser otras",
    }
    assert (carried_out[lang] in sentence) == (why[lang] in sentence)
    # where the limit is not below it, there is nothing to explain
    above = replace(found, gap=replace(found.gap, verified=100))
    assert why[lang] not in gap_sentence(above).say(lang)
    assert carried_out[lang] in gap_sentence(above).say(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_all_are_verified_that_is_said_before_what_cannot_be_accounted_for(lang):
    page = assessed("exchange_releases_2025").to_markdown(lang=lang, detail=True)
    words = {
        "en": "As many were verified as were announced",
        "es": "Se verificaron tantas como se anunciaron",
    }
    rest = {"en": "cannot be accounted for", "es": "quedan sin explicar"}
    assert page.index(words[lang]) < page.index(rest[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", ["2026-01-13", "2026-01-29"])
def test_no_sentence_is_long_and_nothing_near_what_was_once_printed_stands_there(day, lang):
    venezuela = assessed("venezuela_releases", day)
    for sentence in venezuela.sentences(lang=lang):
        assert len(sentence.split()) <= MOST[lang], sentence
    page = venezuela.to_markdown(lang=lang, detail=True)
    # "81 to 86 of 88 unsubstantiated", from one early figure
    low, _, high = row(venezuela, 88).gap.unsubstantiated.printed(0.95)
    assert low <= 1
    assert high >= 82
    assert not re.search(r"\b81 (?:to|a) 86\b", page)
    # "100% of the 116 announced ... all that was announced is verified", for other days
    assert not re.search(r"100\s?%", page)
    assert not re.search(r"all that was announced|todo lo anunciado", page)


@pytest.mark.slow
def test_each_count_left_out_stands_in_a_table_where_it_is_asked_for():
    reports = dc.datasets.load("venezuela_releases").as_of("2025-12-31")
    asked = assess_releases(reports, batches=FEW, process=LIGHT, influence=True)
    heading = "## Which single counts move these numbers"
    page = asked.to_markdown()
    lines = page.split(heading)[1].split("\n\n")[2].splitlines()
    assert lines[0].startswith("| Row | Source | Published | Count | Announcement |")
    shown = [line.split(" | ") for line in lines[2:]]
    given = {
        (each.row, each.count.count)
        for found in asked.content.announced
        for each in found.influence
    }  # fmt: skip
    assert shown
    for cells in shown:
        number = int(cells[0].strip("| "))
        assert (number, int(cells[3])) in given
        assert int(reports.count[number]) == int(cells[3])
        assert known_as(reports.source[number]) in cells[1]
        assert re.fullmatch(r"±\d+ \|", cells[-1])
    moved = [each.moved for found in asked.content.announced for each in found.influence if not each.moves]
    assert moved
    assert heading not in assess_releases(reports, batches=FEW, process=LIGHT).to_markdown()
    # of other people nothing is split, and so nothing moves
    for found in asked.content.announced:
        assert found.split or not found.influence


def test_draws_of_other_counts_are_refused():
    reports = dc.datasets.load("venezuela_releases")
    early = reports.as_of("2025-12-27")
    fitted = FEW.fit(early)
    with pytest.raises(dc.errors.InputError, match="fitted: expected what AnnouncedBatches"):
        influence(reports.as_of("2025-12-31"), FEW, fitted=fitted)
    with pytest.raises(dc.errors.InputError, match="fitted: expected what AnnouncedBatches"):
        influence(early, fitted=fitted)
    found = influence(early, FEW, fitted=fitted)
    for gap in fitted.batches:  # the draws are those of the fit, so the whole is what the fit says
        low, high = gap.carried_out.interval(0.95).low, gap.carried_out.interval(0.95).high
        whole = found.whole[gap.label][0]
        assert abs(whole.low - low) <= 0.05 * gap.announced
        assert abs(whole.high - high) <= 0.05 * gap.announced
        assert abs(whole.median - gap.carried_out.median) <= 0.05 * gap.announced


def test_an_announcement_of_days_to_come_is_named_with_the_reason_why_nothing_is_known():
    frame = dc.datasets.load("myanmar_releases_2011").to_frame()
    # announced for the day after, before anybody counted; then given by a minister too
    for rows, reason in (([2, 3], "days that had not begun"), ([2, 3, 4], "lies within its days")):
        reports = dc.PublishedReleases.from_frame(frame.iloc[rows].reset_index(drop=True))
        found = assess_releases(reports, batches=FEW, process=LIGHT)
        assert any(reason in each.reason for each in found.content.silent)
        assert reason in found.to_markdown()
