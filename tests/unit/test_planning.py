"""`detcount.plan`: promises against closed forms and what steps give, mixes, public plans, the command."""

import itertools
import json
import math

import numpy as np
import pytest
from scipy.stats import betabinom, hypergeom

import detcount as dc
from detcount.cli import main
from detcount.errors import InputError, NotEstimableError
from detcount.planning import AuditSample, ClusterSample, FurtherList, RandomSample

LISTS = ("press", "families", "court")
COUNTS = {"100": 160, "010": 150, "110": 34, "001": 145, "101": 37, "011": 29, "111": 14}
SMALL = {**COUNTS, "111": 3, "101": 41}
# nearly everybody on the second list is on the first too: hardly anybody is on none
NESTED = dc.CaptureTable.from_counts({"10": 400, "11": 600, "01": 1}, lists=LISTS[:2])
TWO = dc.CaptureTable.from_counts({"10": 440, "01": 600, "11": 200}, lists=LISTS[:2])
CHAPMAN = dc.abundance.Chapman()
STEPS = (
    AuditSample("press", 90, cost=2.0),
    RandomSample(120, 1900, cost=3.0),
    ClusterSample(6, 31, cost=4.0),
)
CLOSE = 0.08  # two standard errors of 200 outcomes


def table(counts=None):
    return dc.CaptureTable.from_counts(counts or COUNTS, lists=LISTS)


def made(steps=STEPS, *, of=TWO, **options):
    return dc.plan(of, steps, estimator=CHAPMAN, **options)


def geometric(values):
    return math.exp(np.mean(np.log(values)))


def test_an_audit_promises_what_the_beta_binomial_law_says():
    step = made([AuditSample("press", 200, wrong=0.2)], of=NESTED).steps[0]
    alone, checked, a, b = 400, 80, 0.5, 2.0
    found = np.arange(checked + 1)
    widths = [
        np.diff(betabinom(alone - checked, a + w, b + checked - w).ppf([0.025, 0.975]))[0] for w in found
    ]
    masses = betabinom(checked, a, b).pmf(found)
    assert step.width == pytest.approx(math.exp(masses @ np.log(np.maximum(widths, 1))), rel=CLOSE)
    assert step.low + step.width == pytest.approx(1001 - masses @ found * 5, rel=CLOSE)


def test_before_any_check_the_law_of_wrong_entries_is_in_the_limits():
    law, plain = made([AuditSample("press", 1, wrong=0.1)], of=NESTED), CHAPMAN.fit(NESTED).interval()
    assert law.today[1] == pytest.approx(plain.high, rel=0.01)
    assert law.today[0] == pytest.approx(1001 - betabinom(400, 0.5, 4.5).ppf(0.975), rel=0.01)


def test_a_sample_promises_what_the_estimator_then_gives():
    n, roll, today, widths = 300, 9000, CHAPMAN.fit(TWO), []
    for level, side, quantile in itertools.product((0.1, 0.5, 0.9), (0, 1), (0.1, 0.3, 0.5, 0.7, 0.9)):
        unlisted = round([*today.interval(level)][side] - TWO.n_observed)
        found = int(hypergeom(roll, unlisted, n).ppf(quantile))
        rows = {"100": 436, "101": 4, "010": 600, "110": 200, "001": found}
        sampled = dc.CaptureTable.from_counts(rows, lists=[*LISTS[:2], "sample"])
        design = dc.abundance.PersonsAtRandom(n, roll)
        low, high = dc.abundance.Anchored("sample", design, CHAPMAN).fit(sampled).interval()
        widths.append(high - low)
    step = made([RandomSample(n, roll)]).steps[0]
    assert step.width == pytest.approx(geometric(widths), rel=CLOSE)


@pytest.mark.parametrize("step", [*STEPS[1:], RandomSample(200)])
def test_more_effort_promises_narrower_limits(step):
    plan = dc.plan(table(), [step])
    widths = [effort.width for effort in plan.efforts]
    assert len(widths) == 3
    assert widths == sorted(widths, reverse=True)
    assert widths[0] < 1.02 * (plan.today[1] - plan.today[0])
    assert plan.steps[0].narrow < plan.steps[0].width < plan.steps[0].wide


@pytest.mark.slow
def test_a_further_list_promises_narrower_limits_the_more_it_names():
    plan = dc.plan(table(), [FurtherList(0.02), FurtherList(0.6)])
    few, many = (step.width for step in plan.steps)
    assert many < few < 1.1 * (plan.today[1] - plan.today[0])


def test_inmates_of_all_prisons_are_no_fewer_than_those_who_are_counted():
    few, many = (dc.plan(table(), [ClusterSample(6, 31, inmates=n)]).steps[0] for n in (1900, 90_000))
    assert few.low + few.wide < 1900 < many.low + many.wide


def test_mixes_keep_to_the_budget_and_reach_the_goal():
    plan = made(STEPS[1:], budget=4.0, goal=400.0)
    alone = {step.option: step.width for step in plan.steps if step.option.cost <= 4}
    assert plan.best.cost <= 4
    assert plan.best.width <= min(alone.values())
    assert plan.smallest.width <= 400
    assert made(STEPS[1:], budget=7.0).best.width <= plan.best.width
    poor = made(STEPS[1:2], budget=0.1, goal=1.0)
    assert (poor.best, poor.smallest) == (None, None)
    assert "costs at most 0.1" in poor.sentence()
    assert "No mix of these steps" in poor.sentence()


def test_a_promise_is_a_condition_and_the_same_with_the_same_seed():
    plan = made()
    assert made(STEPS[:1]) == made(STEPS[:1])
    assert made(STEPS[:1]).steps != made(STEPS[:1], seed=1).steps
    assert plan.sentence().startswith("If today's limits hold")
    assert plan.headline().startswith("120 of 1,900 persons drawn by lot: ")
    assert "nobody outside the population is on a list" not in map(str, plan.assumptions)
    assert json.loads(json.dumps(plan.record()))["plan"][0] == repr(STEPS[0])


def test_a_public_plan_is_the_same_for_a_table_and_its_companions():
    family = dc.privacy.companions(table(SMALL))
    assert len(family) > 1
    plans = [dc.plan(one, (*STEPS, FurtherList(0.3)), disclosure="public", level=0.9) for one in family]
    assert plans[0] == plans[1]
    assert not any(isinstance(step.option, FurtherList) for step in plans[0].steps)
    assert plans[0].notes[0].endswith("does not print: one more list that names 30% of all.")
    assert plans[0].record()["data_sha256"] == ""
    assert not plans[0].document().private
    assert made().document().private


def test_of_few_no_public_plan_is_made():
    few = dc.CaptureTable.from_counts({"10": 30, "01": 20, "11": 12}, lists=LISTS[:2])
    with pytest.raises(NotEstimableError, match="prints too little"):
        dc.plan(few, [RandomSample(20)], disclosure="public")
    assert dc.plan(few, [RandomSample(20)]).steps


@pytest.mark.parametrize(
    ("steps", "options", "words"),
    [
        ([], {}, "expected one step or more"),
        ([AuditSample("church", 9)], {}, "AuditSample: list: expected"),
        ([AuditSample("press", 641)], {}, "a whole number from 1 to 640"),
        ([AuditSample("press", 9), AuditSample("press", 8)], {}, "one audit of list 'press'"),
        ([RandomSample(90, 90)], {}, "fewer than the 90"),
        ([ClusterSample(1, 9)], {}, "prisons: expected"),
        ([ClusterSample(9, 9)], {}, "fewer than the 9"),
        ([RandomSample(9)], {"budget": 3.0}, "expected a cost of every step"),
        (
            [FurtherList(0.1 * k, cost=1) for k in range(1, 10)] + [*STEPS],
            {"goal": 9.0},
            "at most 2,000 mixes",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(steps, options, words):
    with pytest.raises(InputError, match=words):
        made(steps, **options)


@pytest.mark.parametrize("disclosure", ["full", "public"])
@pytest.mark.slow
def test_a_record_of_a_plan_is_made_again(disclosure):
    record = dc.plan(table(), STEPS[1:], budget=4.0, disclosure=disclosure).record()
    turned = table().keep(LISTS[::-1])
    assert {value.outcome for value in dc.reproduce(record, turned).values} == {"same"}
    with pytest.raises(InputError, match="a specification of this version"):
        dc.reproduce(record | {"plan": ["LogLinear()"]}, turned)
    with pytest.raises(InputError, match="expected the steps of a plan"):
        dc.reproduce(record | {"plan": 7}, turned)
    other = dc.reproduce(record | {"seed": 3}, turned).values
    assert {value.outcome for value in other} > {"different"}
    if disclosure == "full":
        with pytest.raises(InputError, match="expected those of the record"):
            dc.reproduce(record, table(SMALL))


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "people.csv"
    table().to_frame().to_csv(place, index=False)
    return [str(place), "--lists", ",".join(LISTS), "--count", "count"]


def test_the_command_writes_promises_in_two_languages_and_costs(file, tmp_path, capsys):
    steps = ["--audit", "press=90", "--sample", "120/1900", "--prisons", "6/31", "--inmates", "2900"]
    costs = ["--cost", "press=2", "--cost", "sample=3", "--cost", "prisons=4", "--budget", "5"]
    csv, record = str(tmp_path / "plan.csv"), str(tmp_path / "plan.json")
    full = ["--disclosure", "full", "--csv", csv, "--json", record, "--lang", "es"]
    assert main(["plan", *file, *steps, *costs, *full]) == 0
    printed = capsys.readouterr().out
    assert "6 de 31 cárceles visitadas" in printed
    assert "lo mejor que se consigue con 5" in printed
    numbers = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert numbers["disclosure"] == "full"
    assert numbers["best"]["steps"]
    assert (tmp_path / "plan.csv").read_text("utf-8").startswith("step,low,high,width")
    assert main(["plan", *file, "--sample", "120", "--further-list", "0.3"]) == 0
    assert "Left out, as it rests on counts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], "plan: expected a step"),
        (["--audit", "press"], "--audit: expected two values with = between them"),
        (["--prisons", "4"], "--prisons: expected two values with / between them"),
        (["--sample", "many"], "--sample: expected a whole number"),
        (["--sample", "9", "--cost", "sample=x"], "--cost: expected a number"),
        (["--sample", "9", "--cost", "press=3"], "--cost: expected an audited list"),
    ],
)
def test_the_command_says_what_is_at_fault(file, words, fault, capsys):
    assert main(["plan", *file, *words]) != 0
    assert fault in capsys.readouterr().err
