"""The front door for the stock: verdicts by rule, what is said, and what is refused."""

import datetime as dt
import json
import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import detcount as dc
from cases import tables
from detcount import PersonLists, assess_stock, simulate
from detcount.assessment.common.verdict import apply_rules, strictest
from detcount.assessment.joint.assessing import _ever
from detcount.assessment.stock.registers import attempted, audits_of, balance_of
from detcount.assessment.stock.rows import change_rows, near, up
from detcount.assessment.stock.verdict import RULES, StockEvidence, _disagreement, recommended_of
from detcount.assumptions import Assumption
from detcount.copies import ListCopy
from detcount.errors import ConvergenceError, InputError
from detcount.estimates import UncertainCount
from stock_assessed import lists as assessed
from stock_assessed import shipped, system

TABLES = tables("stock_rules")
ABSENT = dict.fromkeys(("days_since", "disagreement", "excess"))
SEEN = {"has_people": True, "has_anchors": False, "answered": ("lists",), "named": 700, "shared": 300}
OF_PATH = {"copies": (), "copied": (), "limits": (850.0, 1100.0), "exceeds": ""}
LISTS = StockEvidence(**ABSENT | SEEN | OF_PATH)
TOTALS = replace(LISTS, has_people=False, answered=(), named=None, shared=None, days_since=None, limits=None)


def people(rows):
    columns = ("id", "list", "entered")
    frame = {name: [row[k] for row in rows] for k, name in enumerate(columns)}
    return PersonLists.from_frame(frame, person="id", list="list", entered="entered")


def test_an_answer_without_the_wrong_entries_assumes_their_number_and_not_that_there_are_none():
    of_both = assessed().answers["lists"].assumptions, assessed().all_belong.assumptions
    wanted = Assumption.NO_OVERCOVERAGE, Assumption.STATED_WRONG_ENTRIES
    assert [[each in found for each in wanted] for found in of_both] == [[False, True], [True, False]]
    assert "as many as an assumed law says" in str(assessed().sentence())


def test_a_limit_that_is_rounded_to_nothing_has_no_sign():
    assert [str(float(of(-3.0, 10))) for of in (up, near)] == ["0.0", "0.0"]


@pytest.mark.parametrize(("of", "changed", "rule", "verdict"), TABLES["rules"])
def test_each_rule_applies_where_it_should(of, changed, rule, verdict):
    changed = {name: tuple(value) if isinstance(value, list) else value for name, value in changed.items()}
    if "copies" in changed:
        changed["copies"] = (ListCopy(changed["copies"][0], ("a",), "b"),)
    if changed.pop("no path", False):
        changed |= {"answered": (), "limits": None}
    evidence = replace({"lists": LISTS, "totals": TOTALS}[of], **changed)
    findings = apply_rules(evidence, RULES)
    assert strictest(findings) == verdict
    assert (rule in {finding.rule for finding in findings}) == (rule != "")
    for finding in findings:
        assert finding.text.translated("es") != str(finding.text)


@pytest.mark.parametrize("limits", [None, (500.0, 2000.0), (500.0, math.inf), (1e-9, 1e9)])
@pytest.mark.parametrize("answered", [(), ("balance",), ("integrated", "balance")])
def test_totals_of_registers_never_carry_an_estimate_nor_a_floor(limits, answered):
    evidence = replace(TOTALS, limits=limits, answered=answered)
    assert strictest(apply_rules(evidence, RULES)) in ("register only", "refuse")


def test_lists_of_an_invented_system_are_assessed():
    assessment, made = assessed(), system()
    assert assessment.recommended_key == "lists"
    assert assessment.day == made.people.latest_day == assessment.path.dates[-1]
    truth = made.truth.at(assessment.day)
    low, high = assessment.path.interval(0.95).low[-1], assessment.path.interval(0.95).high[-1]
    assert low <= truth <= high
    row = assessment.answer_rows[0]
    assert row.low <= truth <= row.high
    assert row.floor == assessment.snapshots.floor(assessment.day)


def test_the_sentence_has_floor_number_and_limits_rounded_outward():
    assessment = assessed()
    sentence = assessment.full().sentence()
    point, low, high = (
        int(number.replace(",", ""))
        for number in re.search(r" about ([\d,]+) people .*interval ([\d,]+) to ([\d,]+)", sentence).groups()
    )
    floor = assessment.snapshots.floor(assessment.day)
    limits = assessment.path.at(assessment.day).interval(0.95)
    assert floor <= low <= limits.low <= point <= limits.high <= high
    assert high <= 1.1 * limits.high + 10
    assert "Los datos sostienen una estimación" in assessment.sentence(lang="es")
    assert "people" not in assessment.sentence(lang="es")


def test_a_public_report_is_the_default_where_there_are_lists():
    assessment = assessed()
    assert assessment.to_markdown() == assessment.public().to_markdown()
    assert "is for the public" in assessment.to_markdown()
    assert "who may see the lists" in assessment.full().to_markdown()
    assert shipped().to_markdown() == shipped().full().to_markdown()


def test_custody_reviews_never_stand_beside_exits():
    """1,369 and 1,515 of the prosecutors are reviews of measures, the first to the very day of an audit."""
    told = [each.count for row in shipped().exits for each in row.announced]
    assert {1369, 1515, 1896}.isdisjoint(told)
    assert not re.search(
        r"1[,.\u00a0]?(369|515|896)", shipped().to_markdown() + shipped().to_markdown(lang="es")
    )


def test_venezuela_on_31_january_is_what_registers_print():
    made = shipped("2026-01-31")
    said = str(made.sentence())
    assert made.verdict == "register only"
    assert "from 14 January 2026 on: 711 (Foro Penal, 28 January 2026); at least 854 (Plataforma" in said
    assert "949 (Justicia, Encuentro y Perdon (JEP), 21 January 2026)" in said
    assert "403 people left the register of Foro Penal after 15 December 2025 and up to 28 January" in said
    assert set(re.findall(r"\b\d{3}\b", said)) == {"711", "854", "949", "403", "902", "212"}


@pytest.mark.slow
def test_what_was_known_on_a_day_is_all_that_counts():
    made = system()
    early = assess_stock(people=made.people, stock=made.stock, as_of="2024-10-01")
    assert early.as_of == dt.date(2024, 10, 1)
    assert early.path.dates[-1] <= early.as_of
    assert early.stock.last_date <= early.as_of
    assert early.people == made.people.as_of("2024-10-01")


def test_lists_that_share_nobody_leave_the_floor():
    rows = [(f"a{k}", "press", "2024-08-01") for k in range(30)]
    rows += [(f"b{k}", "court", "2024-09-20") for k in range(25)]
    assessment = assess_stock(people=people(rows))
    assert assessment.verdict == "floor only"
    assert next(finding.rule for finding in assessment.findings) == "no overlap"
    assert assessment.sentence().startswith("At the end of 20 September 2024 at least 20 people were held")
    assert assessment.path is None
    assert list(assessment.declined) == ["lists"]
    assert "Another list made apart" in str(assessment)


def test_the_floor_stands_with_its_evidence_beside_those_not_known_to_have_left():
    taken = assessed().snapshots
    row = assessed().floor_rows[0]
    assert row.day == assessed().day
    assert row.floor == taken.floor(row.day) == row.left_later + row.named_later
    assert row.not_left == taken.not_known_to_have_left(row.day) > 5 * row.floor
    public = assessed().public()
    shown = [each for row in public.floor_rows for each in (row.floor, row.left_later, row.not_left)]
    assert {each % 10 for each in shown if each is not None} == {0}
    assert (
        f"Of the people on the lists {public.floor_rows[0].not_left:,.0f} are not known"
        in assessed().sentence()
    )


def test_wrong_entries_and_unreported_exits_are_said_with_the_answer_without_them():
    public = assessed().public()
    path = assessed().path
    whole = dc.stock.series(None, dc.stock.snapshots(system().people, path.anchors[-2:]), wrong=None)
    low, _, high = whole.at(assessed().day).printed(0.95)
    doubt = public.doubt
    assert doubt.all_belong == (low // 10 * 10, -(-high // 10) * 10)
    assert doubt.wrong[1] >= path.detail.wrong[assessed().day].interval(0.95).high
    assert [row.name for row in public.wrong_rows] == list(system().people.lists)
    for row in public.wrong_rows:
        shares, held = zip(*row.held, strict=True)
        assert shares == (0.01, 0.03, 0.05)
        assert held[0] >= held[1] >= held[2] > 0.9 * held[0]
    text = " ".join(str(assessed()).split())
    assert "2.5% in the middle and above 8% in one case of 20" in text
    assert "have somebody check a random sample of the entries not known to have left" in text
    assert (shipped().doubt, shipped().wrong_rows) == (None, ())


def test_the_balance_of_the_register_stands_beside_the_other_answers():
    assessment = shipped()
    rows = {row.key: row for row in assessment.answer_rows}
    assert set(rows) == {"balance"}
    row = rows["balance"]
    assert (row.identified_by, row.median, row.high, row.ceiling) == ("bounds", None, math.inf, math.inf)
    names = ("stock", "arrests", "releases")
    held, arrests, releases = (dc.datasets.load(f"venezuela_{name}").as_of("2025-04-30") for name in names)
    largest = max(held.select(source="Foro Penal").count)
    alone = dc.stock.StockBalance(
        register="Foro Penal", removed_within=30, backlog=math.ceil(largest / 10)
    ).fit(held, arrests=arrests, releases=releases)
    assert row.day == alone.dates[-31]
    assert row.low == row.floor == alone.at(row.day).bounds[0] > 0.3 * 906
    days = {each.day: each for each in assessment.day_rows}
    inside = [day for day in days if day >= alone.dates[0]]
    assert {day: days[day].least for day in inside} == {day: alone.at(day).bounds[0] for day in inside}
    assert sum(days[day].least > 0.3 * days[day].published for day in inside) > len(inside) / 2
    assert {(each.least, each.most) for day, each in days.items() if day < alone.dates[0]} == {(None, None)}


def test_bounds_say_what_they_take_for_granted_and_why_there_is_none():
    assert shipped().conditions == (30, 197)
    text = " ".join(shipped().to_html().replace("<wbr>", "").split())
    assert "whoever left is removed within 30 days, and its running total of arrests never lacks" in text
    assert "more than 197 entries" in text
    assert "There is no upper bound: totals of one register" in text
    spanish = shipped().to_html(lang="es").replace("<wbr>", "")
    assert "nunca le faltan más de 197 inscripciones" in spanish
    assert "No hay máximo" in spanish
    without = assess_stock(stock=shipped().stock)
    assert without.conditions == (30, None)
    assert "running total of arrests never lacks" not in without.to_html()
    assert not any("the path has bounds alone" in note for note in shipped().notes)  # said of no other answer
    silent = replace(shipped(), answer_rows=(), recommended_key=None)
    assert "The lower bound by balance" not in silent.to_html()


@pytest.mark.parametrize("seed", [2, 3, 5, 8])
def test_the_balance_never_bounds_above_the_truth(seed):
    made = simulate.detention_system(n_days=200, seed=seed)
    path = balance_of(made.stock, made.arrests, made.releases, None, 0)
    truth = [made.truth.at(day) for day in path.dates]
    assert all(low <= held for low, held in zip(path.floor.tolist(), truth, strict=True))
    assert max(low / held for low, held in zip(path.floor.tolist(), truth, strict=True)) > 0.3
    named = dc.stock.snapshots(made.people, [made.people.latest_day])
    floored = balance_of(made.stock, made.arrests, made.releases, named, 0)
    assert (floored.floor >= path.floor).all()
    assert (floored.floor > path.floor).any()


def test_answers_from_data_disagree_by_the_highest_over_the_lowest_median():
    day = dt.date(2025, 1, 1)

    def path(median, by="data"):
        return SimpleNamespace(
            at=lambda _: SimpleNamespace(median=median), identified_by=by, dates=(day, day)
        )

    answers = {"a": path(600), "b": path(900), "c": path(100, "prior"), "d": path(400)}
    assert _disagreement(answers, day) == 2.25


def test_a_change_says_how_likely_it_is_that_fewer_are_held():
    count = UncertainCount.from_draws(
        np.repeat([-2, -1, 0, 1], [20, 40, 20, 20]), bounds=(-9, 9), identified_by="data"
    )
    path = SimpleNamespace(dates=[dt.date(2025, 1, 1), dt.date(2025, 1, 2)], change=lambda *_: count)
    (row,) = change_rows(path)
    assert row.fewer == pytest.approx(0.6)


def test_what_does_not_converge_is_declined():
    def fails():
        raise ConvergenceError("an iteration went on")

    assert str(attempted("StockBalance", fails).reason) == "an iteration did not converge"


def test_the_balance_is_never_the_recommended_answer():
    answers = shipped().answers
    assert recommended_of({"balance": answers["balance"]}) is None
    lists = assessed().answers["lists"]
    later = SimpleNamespace(dates=(lists.dates[-1] + dt.timedelta(days=400),))
    assert recommended_of({"lists": lists, "integrated": later}) == "integrated"
    assert recommended_of({"lists": lists, "integrated": SimpleNamespace(dates=lists.dates)}) == "lists"
    assert recommended_of({"lists": lists, "balance": assessed().answers["balance"]}) == "lists"


def test_arrests_of_another_source_take_no_part_in_the_balance():
    made = system()
    frame = made.arrests.to_frame().assign(source="another")
    other = dc.PublishedArrests.from_frame(frame, allow_future=True)
    path = balance_of(made.stock, other, made.releases, None, 0)
    assert (path.floor == balance_of(made.stock, None, made.releases, None, 0).floor).all()


def test_of_two_running_totals_that_of_the_longest_time_is_taken():
    made = system()
    frame = made.arrests.to_frame()
    region = frame.assign(event="of a region", count=frame["count"] // 2).drop(index=frame.index[5])
    both = pd.concat([region, frame])
    arrests = dc.PublishedArrests.from_frame(both, allow_future=True)
    path = balance_of(made.stock, arrests, made.releases, None, 0)
    assert (path.floor == balance_of(made.stock, made.arrests, made.releases, None, 0).floor).all()
    audits, alone = (audits_of(made.stock, each, None, 0) for each in (arrests, made.arrests))
    assert [audit.implied for audit in audits] == [audit.implied for audit in alone] != []


def test_a_register_of_one_total_has_no_balance_and_says_why():
    made = system()
    first = made.stock.as_of(made.stock.last_date).where(made.stock.date <= min(made.stock.date))
    assessment = assess_stock(stock=first)
    assert "balance" in assessment.declined
    assert assessment.conditions is None
    assert assessment.verdict == "register only"
    assert "no source gives exact totals of two days" in assessment.to_html()


def test_the_record_holds_what_the_lists_show_and_what_wrong_entries_do():
    assessment = assessed()
    taken, whole = assessment.snapshots, assessment.all_belong
    full = assessment.full().record()["listed"]
    day = taken.dates[-1]
    row = full["dates"][0]
    assert row["day"] == day.isoformat()
    assert row["floor"] == taken.floor(day) == row["left_later"] + row["named_later"]
    assert row["not_known_to_have_left"] == taken.not_known_to_have_left(day) > row["floor"]
    low, _, high = whole.at(day).printed(0.95)
    assert full["held_if_all_belong"] == {"low": low, "high": high}
    shares = [each["share"] for each in full["held_if_wrong"]]
    assert shares == [0.01, 0.03, 0.05] * len(taken.tables[day].lists)
    held = [each["held"] for each in full["held_if_wrong"][:3]]
    assert held == sorted(held, reverse=True)
    public = assessment.record()["listed"]
    assert public["dates"][0]["floor"] == (row["floor"] // 10 * 10 or None)
    assert all(each["held"] % 10 == 0 for each in public["held_if_wrong"])
    assert all(
        public[key][side] % 10 == 0
        for key in ("left_unreported", "do_not_belong")
        for side in ("low", "high")
    )
    assert not shipped().record()["listed"]["dates"]


@pytest.mark.slow
def test_stated_shares_and_days_reach_floor_path_flows_table_and_record():
    people = simulate.detention_system(n_days=120, seed=5).people
    name, other = people.lists[:2]
    day = people.latest_day
    asked = {"wrong": {name: 0.4, other: 0.0}, "operates": {other: (None, day - dt.timedelta(days=10))}}
    stated, plain = assess_stock(people=people, **asked), assess_stock(people=people)
    taken, before = stated.snapshots, plain.snapshots
    assert set(before.tables[day].lists) - set(taken.tables[day].lists) == {other}
    assert ((taken.floors <= before.floors) & (taken.left_later == before.left_later)).all()
    assert taken.floors.sum() < before.floors.sum() > stated.path.floor.sum()
    detail, law = stated.path.detail, plain.path.detail.lone_wrong
    assert detail.lone_wrong[name] > 2 * law[name] > detail.lone_wrong[other] == 0
    assert stated.path.at(day).median < plain.path.at(day).median
    paths = stated.path, replace(stated.path, detail=replace(detail, operates=None))
    window = day - dt.timedelta(days=30), day
    moved, wider = (dc.stock.flows(dc.abundance.LogLinear(), people, path, *window) for path in paths)
    assert moved.estimate.n_observed < wider.estimate.n_observed
    assert [share for share, _ in stated.wrong_rows[0].held] == [0.01, 0.03, 0.05, 0.4]
    assert "their share was stated" in " ".join(str(stated).split())
    record = json.loads(json.dumps(stated.full().record()))
    assert record["wrong"] == asked["wrong"]
    assert dc.reproduce(record, people).agrees


def test_everybody_is_said_to_belong():
    said = assess_stock(people=system().people, wrong=0)
    text = " ".join(str(said).split())
    assert not any(said.path.detail.lone_wrong.values())
    assert "Everybody on the lists is said to belong." in text
    assert "do not belong (95%)" not in text
    with pytest.raises(InputError, match="shares: expected one of the lists"):
        assess_stock(people=system().people, wrong={"nobody": 0.1})


def test_those_ever_held_are_those_held_at_first_and_those_arrested_since():
    path, people = assessed().answers["lists"], system().people
    first, last = path.dates[0], path.dates[-1]
    since = dc.stock.flows(None, people, path, first, last, seed=0).arrests.interval(0.95)
    start, ever = path.interval(0.95), _ever(assessed(), 0)
    assert (ever.low, ever.high) == (start.low[0] + since.low, start.high[0] + since.high)
    assert ever.low > assessed().snapshots.floor(first)


def test_the_path_begins_where_lists_do_and_nothing_is_printed_of_days_before():
    of_all = simulate.detention_system(n_days=100, daily=3.0, bursts=(), seed=2).people
    began = int(of_all.listed.min()) + 50
    later = {name: np.maximum(getattr(of_all, name), began) for name in ("listed", "confirmed")}
    found = assess_stock(people=replace(of_all, **later))
    path = found.answers["lists"]
    first = np.datetime64(began, "D").item()
    assert path.dates[0] == first
    with pytest.raises(InputError, match="expected a day from"):
        path.at(first - dt.timedelta(days=1))
    frame = found.full().to_frame()
    assert min(frame.select_dtypes("datetime").min(), default=pd.Timestamp(first)) >= pd.Timestamp(first)
