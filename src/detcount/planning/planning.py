"""`plan`: limits that each step would leave, before it is done, and the best mix of steps for a budget.

It is one thing with its documentation: facts of a table, or what is printed of it, the truths that are drawn
from these, an outcome of each step under each truth, and the limits that the outcomes leave.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Annotated

import numpy as np

from detcount._numerics.anchored import TUNING as ANCHORED
from detcount._numerics.anchored import Drawn, Evidence, Seen, scored
from detcount._numerics.arrays import Floats
from detcount._numerics.intervals import normal_quantile
from detcount._numerics.planned import TUNING as DRAWN
from detcount._numerics.planned import (
    Cloud,
    cloud_of,
    log_drawn,
    log_of,
    named_further,
    visits,
    with_other_limits,
    wrong_entries,
)
from detcount.calibration import Calibrated
from detcount.calibration.dependence import cells, shipped_dependence
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import Estimator
from detcount.planning.options import (
    AuditSample,
    ClusterSample,
    FurtherList,
    Option,
    RandomSample,
    part_of,
)
from detcount.planning.result import Mix, Plan, Step
from detcount.privacy import (
    FEW_LISTED,
    TENS,
    Disclosure,
    coarse_limits,
    companions,
    public_floor,
    round_to,
    size_unit,
)
from detcount.words import Message
from detcount.wrong_entries import MOST_WRONG, without_wrong_entries

_NAME = "plan"


@dataclass(frozen=True)
class Tuning:
    """Outcomes that a plan draws.

    Parameters
    ----------
    outcomes : int, outcomes
        Outcomes of each step or mix. Convention: the middle one then moves by few per cent.
    further : int, outcomes
        Outcomes of a further list, each a fit. Convention: what takes seconds.
    parts : tuple of float, shares
        Parts of each step that are weighed too. Convention: quarter, half and whole.
    inner : float, share
        Share of the outcomes whose widths are printed as their spread. Convention: eight in ten.
    mixes : int, mixes
        Most mixes that are compared. Convention: what takes less than a minute.
    """

    outcomes: int = 100
    further: int = 60
    parts: tuple[float, ...] = (0.25, 0.5, 1.0)
    inner: float = 0.8
    mixes: int = 2000


TUNING = Tuning()
Outcome = tuple[Floats, tuple[float, float] | None]
"""Logarithm of the likelihood at each draw; limits of U by a sample alone."""
Curve = Callable[[str, float], tuple[float, Floats, Floats]]
Curves = Callable[[list[float]], list[list[tuple[float, Floats, Floats]]]]
"""Without some wrong entries of a list: log(U + 1/2) and normal scores, up to the most of each list."""


@dataclass(frozen=True)
class _World:
    """One draw as the truth: its draws of today, persons on no list, wrong entries by list."""

    cloud: Cloud
    unlisted: int
    wrong: tuple[int, ...]

    @property
    def persons(self) -> float:
        """N."""
        return self.cloud.listed - sum(self.wrong) + self.unlisted


@dataclass(frozen=True)
class _Facts:
    """Start of a plan: persons listed, today's number, lists to check, their sizes and those on one alone."""

    listed: int
    point: float
    audited: list[str]
    alone: dict[str, int]
    sizes: dict[str, int]

    def most(self, name: str) -> int:
        """Most entries of a list that are taken as wrong."""
        return min(self.alone[name], int(MOST_WRONG * self.sizes[name]))


@dataclass(frozen=True, eq=False)
class _Base:
    """Truths, as they are today or after a further list, and outcomes drawn from them."""

    worlds: list[_World]
    seed: int
    outcomes: dict[Option, list[Outcome]] = field(default_factory=dict)

    def of(self, option: Option, facts: _Facts) -> list[Outcome]:
        """Outcomes of a step, one for each truth."""
        if option not in self.outcomes:
            random = np.random.default_rng(self.seed)
            self.outcomes[option] = [_outcome(option, world, facts, random) for world in self.worlds]
        return self.outcomes[option]


@door
def plan(
    table: CaptureTable,
    options: Sequence[AuditSample | RandomSample | ClusterSample | FurtherList],
    *,
    estimator: Estimator | None = None,
    budget: Annotated[float | None, arguments.positive] = None,
    goal: Annotated[float | None, arguments.positive] = None,
    level: float = 0.95,
    disclosure: Disclosure = "full",
    seed: int = 0,
) -> Plan:
    """Say what the limits of N would become by steps that are not done yet.

    Each promise rests on today's answer and on an assumption that the result names. Outcomes of a step are
    drawn from today's answer, and each gives the limits that would follow.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.
    options : sequence of AuditSample, RandomSample, ClusterSample or FurtherList
        The steps.
    estimator : Estimator, optional
        What gives today's limits; `Calibrated()` without it.
    budget : float, optional
        In the unit of the costs of the steps: the mix with the narrowest limits that costs at most so much
        is sought, of quarters, halves and wholes of the steps.
    goal : float, optional
        Persons between the limits: the cheapest mix that is promised to reach it is sought.
    level : float, optional
        Level of the limits.
    disclosure : {"full", "public"}, optional
        "public" makes the plan from numbers that a public report may print, and leaves a further list out.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    Plan
        The limits of today, and those that each step promises.

    Raises
    ------
    InputError
        If there is no step, a list is not in the table, a sample is larger than what it is drawn from, or a
        step has no cost where a budget or a goal is given.
    NotEstimableError
        If the estimator declines, today's limits have no upper end, or a public form prints too little.

    Notes
    -----
    Today N = L - W + U. U, the persons on no list, follows the limits of the estimator at many levels. W, the
    wrong entries of the lists to be checked, follow the laws of the options; each makes U smaller, as the
    estimator says without some of them, for several lists by the sum of the changes of log U. Draws evenly
    spread over N are the truth in turn, none of more persons than a roll or all prisons hold. The outcome of
    an audit is hypergeometric among the entries that no other list has. That of a sample is drawn from U as
    `detcount.abundance.Anchored` takes it, with its one in five for lists that do not hold; prisons have
    log-normal sizes and gamma shares. A further list names each person with log odds that add up over the
    other lists, by log odds ratios drawn from those between the lists; the estimator is then fitted to all.
    Limits are those of the draws, weighed by the likelihood of the outcome [1]_; likelihoods of several steps
    multiply. What is promised are geometric means over the outcomes.

    References
    ----------
    .. [1] Raiffa, H. and Schlaifer, R. (1961). Applied statistical decision theory. Harvard University,
       Boston.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 440, "01": 600, "11": 200}, lists=["press", "families"])
    >>> sample = dc.planning.RandomSample(n=200, frame=4000)
    >>> made = dc.plan(table, [sample], estimator=dc.abundance.Chapman())
    >>> made.steps[0].width < made.today[1] - made.today[0]
    True
    """
    steps = _checked(table, tuple(options))
    _require_costs(steps, budget, goal)
    asked: Estimator = Calibrated() if estimator is None else estimator
    notes: list[Message] = []
    if disclosure == "public":
        steps, notes = _printed(table, steps)
    parts = [[part_of(step, part) for part in TUNING.parts] for step in steps]
    mixes = [] if budget is None and goal is None else _mixes(parts)
    laws = {step.list: step.wrong for step in steps if isinstance(step, AuditSample)}
    random = np.random.default_rng(seed)
    facts, curves = (_of_printed if disclosure == "public" else _of_lists)(table, asked, level, seed, [*laws])
    drawn = [
        np.minimum(wrong_entries(facts.alone[name], laws[name], random), facts.most(name)) for name in laws
    ]
    wrong = np.reshape(drawn, (len(drawn), DRAWN.draws + DRAWN.even))
    cloud = cloud_of(facts.listed, curves(wrong.max(axis=1).tolist()), wrong, random)
    bases: dict[Option | None, _Base] = {
        None: _Base([_world(cloud, k) for k in cloud.worlds(TUNING.outcomes)], seed)
    }
    for step in steps:
        if isinstance(step, FurtherList):
            worlds = [
                _after(step, table, cloud, facts, asked, k, random) for k in cloud.worlds(TUNING.further)
            ]
            bases[step] = _Base(worlds, seed)
    promised = partial(_promised, bases=bases, facts=facts, level=level)
    efforts = [
        Step(**promised((part_of(step, part),)), option=part_of(step, part), part=part, number=k)
        for k, step in enumerate(steps)
        for part in (TUNING.parts[-1:] if isinstance(step, FurtherList) else TUNING.parts)
    ]
    found = [Mix(**promised(mix), options=mix) for mix in mixes]
    within = [mix for mix in found if budget is not None and mix.cost <= budget]
    enough = [mix for mix in found if goal is not None and mix.width <= goal]
    return Plan(
        estimator=asked,
        today=cloud.limits(level),
        level=level,
        steps=tuple(effort for effort in efforts if effort.part == 1),
        efforts=tuple(efforts),
        budget=budget,
        goal=goal,
        best=min(within, key=lambda mix: (mix.width, mix.cost), default=None),
        smallest=min(enough, key=lambda mix: (mix.cost, mix.width), default=None),
        disclosure=disclosure,
        digest="" if disclosure == "public" else table.digest,
        seed=seed,
        notes=tuple(notes),
    )


def _checked(table: CaptureTable, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Refuse no step at all, two audits of a list, and samples larger than their list."""
    if not options:
        raise InputError(
            Message("options: expected one step or more, got none. Give AuditSample(...) or another")
        )
    seen: set[str] = set()
    for step in options:
        if isinstance(step, RandomSample) and step.frame is not None:
            _require_part("RandomSample: n", step.n, step.frame)
        if isinstance(step, ClusterSample):
            arguments.whole_number("ClusterSample: prisons", step.prisons, least=2)
            _require_part("ClusterSample: prisons", step.prisons, step.among)
        if isinstance(step, AuditSample):
            arguments.one_of("AuditSample: list", step.list, table.lists)
            arguments.whole_number("AuditSample: n", step.n, least=1, most=table.list_sizes[step.list])
            if step.list in seen:
                raise InputError(
                    Message(
                        "options: expected one audit of list {name!r}, got two. Parts of it are weighed too",
                        name=step.list,
                    )
                )
            seen.add(step.list)
    return options


def _require_part(name: str, n: int, whole: int) -> None:
    """Refuse a sample of all, after which nothing would be left to estimate."""
    if n >= whole:
        raise InputError(
            Message(
                "{name}: expected fewer than the {whole:,} they are drawn from, got {n:,}. A sample of all "
                "is a count: there is nothing to plan",
                name=name,
                whole=whole,
                n=n,
            )
        )


def _printed(table: CaptureTable, steps: tuple[Option, ...]) -> tuple[tuple[Option, ...], list[Message]]:
    """Give the steps that rest on what a public form prints, and a note on the others."""
    family = companions(table) if table.n_observed >= FEW_LISTED else ()
    sizes = bool(family) and size_unit(family) is not None
    left = tuple(
        step
        for step in steps
        if not isinstance(step, FurtherList) and (sizes or not isinstance(step, AuditSample))
    )
    if not family or not left:
        raise NotEstimableError(
            _NAME,
            Message("a public form prints too little of these lists to plan from"),
            Message("Give disclosure='full', for those who may see the lists."),
            advice=Message("Ask those who may see the lists for the full form."),
        )
    out = [step.words() for step in steps if step not in left]
    note = Message(
        "Left out, as it rests on counts that a public form does not print: {steps:and}.", steps=out
    )
    return left, [note] if out else []


def _require_costs(steps: Iterable[Option], budget: float | None, goal: float | None) -> None:
    """Refuse a search of a mix where a step has no cost."""
    lacking = [step for step in steps if step.cost is None]
    if lacking and (budget is not None or goal is not None):
        raise InputError(
            Message(
                "{option}: expected a cost of every step, got none for {step}. Give cost=",
                option="budget" if budget is not None else "goal",
                step=type(lacking[0]).__name__,
            )
        )


def _mixes(parts: Sequence[Sequence[Option]]) -> list[tuple[Option, ...]]:
    """Every mix of parts of steps with at most one further list; refused where they are too many."""
    n = math.prod(len(set(sized)) + 1 for sized in parts)
    if n > TUNING.mixes:
        raise InputError(
            Message(
                "options: expected steps with at most {most:,} mixes, got {n:,}. Give fewer steps",
                most=TUNING.mixes,
                n=n,
            )
        )
    found = itertools.product(*([None, *dict.fromkeys(sized)] for sized in parts))
    mixes = (tuple(step for step in mix if step is not None) for mix in found)
    return [mix for mix in mixes if mix and sum(isinstance(step, FurtherList) for step in mix) < 2]


def _of_lists(
    table: CaptureTable, asked: Estimator, level: float, seed: int, audited: list[str]
) -> tuple[_Facts, Curves]:
    """Facts of a table, and what its estimator says without some entries of a list."""
    facts = _Facts(table.n_observed, 0.0, audited, table.exclusives, table.list_sizes)

    def curve(name: str, wrong: float) -> tuple[float, Floats, Floats]:
        rest = without_wrong_entries(table, name, wrong / facts.sizes[name])
        fitted = asked.fit(rest, seed=seed)
        _require_limit(fitted.interval(level).high)
        return wrong, *scored(rest.n_observed, fitted.interval_rule.bounds)

    return replace(facts, point=asked.fit(table, seed=seed).point), partial(_grid, curve, facts)


def _of_printed(
    table: CaptureTable, asked: Estimator, level: float, seed: int, audited: list[str]
) -> tuple[_Facts, Curves]:
    """Facts that a public form prints: rounded persons and sizes, limits of a table and its companions."""
    family = companions(table)
    floor = public_floor(table.n_observed)
    found = [asked.fit(other, seed=seed).interval(level) for other in family]
    low, high = coarse_limits(min(each.low for each in found), max(each.high for each in found), floor)
    _require_limit(high)
    sizes = {name: round_to(n, TENS) for name, n in table.list_sizes.items()}
    places = np.log(np.array([low, high]) - floor + 0.5)
    ends = np.array([-1, 1]) * normal_quantile(level)
    scores = np.linspace(-ANCHORED.end, ANCHORED.end, DRAWN.even)
    logs = places[0] + (scores - ends[0]) / (ends[1] - ends[0]) * (places[1] - places[0])
    facts = _Facts(floor, math.sqrt(low * high), audited, sizes, sizes)

    def curve(name: str, wrong: float) -> tuple[float, Floats, Floats]:
        # the total falls by the share itself, as of two lists that are independent
        rest = (floor + np.exp(logs) - 0.5) * (1 - wrong / sizes.get(name, 1)) - (floor - wrong)
        return wrong, np.log(np.maximum(rest, 0.0) + 0.5), scores

    return facts, partial(_grid, curve, facts)


def _grid(curve: Curve, facts: _Facts, most: list[float]) -> list[list[tuple[float, Floats, Floats]]]:
    """Curves without some wrong entries of each list that is to be checked; of none, without any."""
    if not facts.audited:
        return [[curve(next(iter(facts.sizes)), 0)]]
    grids = [np.unique(np.rint(np.linspace(0, max(wrong, 1), DRAWN.grid))) for wrong in most]
    return [
        [curve(name, float(wrong)) for wrong in grid] for name, grid in zip(facts.audited, grids, strict=True)
    ]


def _require_limit(high: float) -> None:
    """Decline where today's limits have no upper end."""
    if not math.isfinite(high):
        raise NotEstimableError(
            _NAME,
            Message("today's limits have no upper end, so that no width can be promised"),
            Message("Use an estimator with an upper limit, such as Calibrated()."),
            advice=Message("Use a method with an upper limit."),
        )


def _world(cloud: Cloud, k: int) -> _World:
    """One draw as the truth."""
    return _World(cloud, round(cloud.unlisted[k]), tuple(map(int, cloud.wrong[:, k])))


def _after(
    step: FurtherList,
    table: CaptureTable,
    cloud: Cloud,
    facts: _Facts,
    asked: Estimator,
    k: int,
    random: np.random.Generator,
) -> _World:
    """One draw as the truth, after a further list that was drawn from it."""
    truth = _world(cloud, k)
    counts = table.counts.copy()
    alone = table.histories.sum(axis=1) == 1
    for name, wrong in zip(facts.audited, truth.wrong, strict=True):
        counts[alone & (table.histories[:, table.lists.index(name)] == 1)] -= wrong
    whole = cells(replace(table, counts=np.maximum(counts, 1)))
    whole[0] = truth.unlisted
    histories = np.vstack([table.histories, np.zeros(table.n_lists, dtype=np.uint8)]).astype(np.int64)
    named = named_further(
        histories,
        np.append(counts, truth.unlisted),
        whole,
        shipped_dependence().learned.sizes,
        step.reach,
        random,
    )
    rows = np.vstack(
        [np.column_stack([histories[:-1], np.zeros(len(counts))]), np.column_stack([histories, named >= 0])]
    )
    persons = np.concatenate([table.counts - named[:-1], named])
    further = next(name for k in itertools.count(1) if (name := f"list {k}") not in table.lists)
    seen = persons > 0
    lists = (*table.lists, further)
    try:
        larger = CaptureTable(lists, rows[seen].astype(np.uint8), persons[seen], "", (), table.definition)
        fitted = asked.fit(larger, seed=0)
    except (NotEstimableError, ConvergenceError):
        return truth
    if not math.isfinite(fitted.interval().high):
        return truth
    listed = larger.n_observed
    after = with_other_limits(cloud, listed, scored(listed, fitted.interval_rule.bounds))
    return _World(after, truth.unlisted - int(named[-1]), truth.wrong)


def _outcome(step: Option, world: _World, facts: _Facts, random: np.random.Generator) -> Outcome:
    """Draw the outcome of a step where a draw is the truth, and give its likelihood at every draw."""
    cloud, unlisted = world.cloud, world.unlisted
    if isinstance(step, AuditSample):
        k, alone = facts.audited.index(step.list), facts.alone[step.list]
        checked = min(round(step.n * alone / facts.sizes[step.list]), alone)
        found = int(random.hypergeometric(world.wrong[k], alone - world.wrong[k], checked))
        return log_drawn(cloud.wrong[k], alone, checked, found), None
    evidence: Evidence | None
    most = math.inf
    if isinstance(step, RandomSample) and step.frame is not None:
        unlisted = min(unlisted, step.frame)
        found = int(random.hypergeometric(unlisted, step.frame - unlisted, step.n))
        evidence, most = Drawn(found, step.n, step.frame), step.frame - (step.n - found)
    elif isinstance(step, RandomSample):
        share = min(step.n / facts.point, 1.0)
        evidence = Seen(int(random.binomial(unlisted, share)), share)
    elif isinstance(step, ClusterSample):
        persons = facts.listed + unlisted
        evidence = visits(unlisted, step.prisons, step.among, step.inmates, persons, random)
        most = math.inf if evidence is None else evidence.most
    else:
        evidence = None
    if evidence is None:
        return np.zeros(len(cloud.unlisted)), None
    return log_of(evidence, cloud.unlisted, evidence.found, most), _vague(evidence)


@lru_cache(maxsize=4096)
def _vague(evidence: Evidence) -> tuple[float, float]:
    """Limits of U by a sample alone, between which it is spread; many outcomes are alike."""
    return evidence.bounds(ANCHORED.vague)


def _promised(
    steps: tuple[Option, ...], *, bases: dict[Option | None, _Base], facts: _Facts, level: float
) -> dict[str, float]:
    """Limits that steps together promise, geometric means over the outcomes, and the spread of widths."""
    base = bases[next((step for step in steps if isinstance(step, FurtherList)), None)]
    others = [base.of(step, facts) for step in steps if not isinstance(step, FurtherList)]
    most = min(getattr(step, "frame", None) or getattr(step, "inmates", None) or math.inf for step in steps)
    inside = [k for k, world in enumerate(base.worlds) if world.persons <= most]
    limits = []
    for k in inside or range(len(base.worlds)):
        world = base.worlds[k]
        outcomes = [outcome[k] for outcome in others]
        logs = sum((each for each, _ in outcomes), np.zeros(len(world.cloud.unlisted)))
        samples = [each for _, each in outcomes if each is not None]
        between = (max(low for low, _ in samples), min(high for _, high in samples)) if samples else None
        if between is not None and between[0] >= between[1]:
            between = samples[0]
        limits.append(world.cloud.limits(level, logs, between))
    lows, highs = np.array(limits).T
    low, width = (float(np.exp(np.log(np.maximum(each, 1.0)).mean())) for each in (lows, highs - lows))
    spread = (1 - TUNING.inner) / 2
    narrow, wide = np.quantile(highs - lows, (spread, 1 - spread)).tolist()
    return {"low": low, "high": low + width, "narrow": narrow, "wide": wide}
