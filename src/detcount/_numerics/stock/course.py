"""Standard normal numbers made into arrests, hazards and probabilities: the prior of the integrated model.

It is one model: its numbers with their origin, its prior, and the compartments that follow from a draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints

CONSTANTS = (
    "coverage",
    "entry_delay",
    "exit_delay",
    "stay",
    "brief_share",
    "brief_stay",
    "arrests",
    "waiting",
    "never",
    "left",
    "unknown_leave",
    "arrests_at_first",
)
"""Numbers that hold for all of the time, in their order."""

SHARES = ("coverage", "brief_share")
"""Those of them that are shares: their prior is normal on the logit, that of the others on the logarithm."""


@dataclass(frozen=True)
class Moves:
    """Heavy-tailed moves of a logarithm from step to step: scale sinh(tail z) / tail, and bounded.

    Parameters
    ----------
    scale : float
        Of usual moves.
    tail : float
        Weight of the tail; 0 for normal ones.
    most : float
        Bound of a move.
    """

    scale: float
    tail: float
    most: float = 3.5

    def of(self, z: Floats, times: Floats | float = 1.0) -> Floats:
        """Moves of standard normal numbers."""
        moves = self.scale * times * (np.sinh(self.tail * z) / self.tail if self.tail > 0 else z)
        return np.asarray(self.most * np.tanh(moves / self.most), dtype=np.float64)

    def numbers(self, moves: Floats) -> Floats:
        """Standard normal numbers of moves."""
        free = self.most * np.arctanh(np.clip(moves / self.most, -0.99, 0.99)) / self.scale
        return np.asarray(np.arcsinh(self.tail * free) / self.tail if self.tail > 0 else free)


@dataclass(frozen=True)
class Priors:
    """Prior of the register model, and standard deviations of its errors.

    Pairs are limits that hold 95% of the prior. Chosen on invented systems with seeds below 100 of
    `benchmarks/stock_integrated.py`; the stored result judges them on others.

    Parameters
    ----------
    coverage : tuple of float, share
        Limits of the share of the arrested that the register enters, beside anchors. Convention: from
        a third to nine tenths.
    brief_share : tuple of float, share
        Limits of the share of the arrested who are held for days only. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    brief_stay : tuple of float, days
        Limits of their mean stay. Judged with the whole in benchmarks/results/stock_integrated.json;
        no search is stored.
    waiting : tuple of float, of the first total
        Limits of the held who are still to be entered, at first. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    left : tuple of float, of the first total
        Limits of the persons on the register who have left, at first. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    never : tuple of float, factor
        Limits of those never entered, at first, over what the coverage implies. Judged with the whole
        in benchmarks/results/stock_integrated.json; no search is stored.
    unknown_leave : tuple of float, factor
        Limits of the hazard of leaving of the unknown over that of the known. Judged with the whole
        in benchmarks/results/stock_integrated.json; no search is stored.
    days_of_arrests : float, days
        Days in which as many are arrested, in the prior's middle, as the register holds. Judged with
        the whole in benchmarks/results/stock_integrated.json; no search is stored.
    bursts : Moves, log
        Lasting moves of the arrests. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    waves : Moves, log
        Moves of the hazard of leaving, of one step. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    surges : Moves, log
        Moves of the probability of late entry, of three steps. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    first_move : float, log
        Scale of the difference of arrests in the first step from the usual. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    hazard : float, log
        Standard deviation of the slow moves of the hazard from knot to knot. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    knot : int, steps
        Steps between two knots of the hazard. Convention: four weeks.
    surge : float, a step
        Usual probability of late entry of an unknown person in a surge. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    announced : float, factor
        Factor of the waves in steps with announced or counted releases. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    most_left : float, share
        Largest share of the register who have left, at first. Convention: nine tenths.
    least_known : float, share
        Least share of the register who are held. Convention: a guard, so that no compartment is
        negative.
    brief_known : tuple of float, shares
        Largest shares of those held for days, and of the register, who are held for days and on it at
        first. Judged with the whole in benchmarks/results/stock_integrated.json; no search is stored.
    flow_error : float, factor
        Standard deviation of the root of a printed flow over that of a Poisson count. Judged with the
        whole in benchmarks/results/stock_integrated.json; no search is stored.
    total_error : float, factor
        The same of the growth of a running total, which is often stale. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    change_variance : float, factor
        Variance of a change of the total over the flow. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    usual_flow : float, share a day
        Flow in that variance where none is printed, as a share of the register. Judged with the whole
        in benchmarks/results/stock_integrated.json; no search is stored.
    usual_exits : float, share a day
        Share of a register that leaves where few days have printed exits. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    exit_days : int, days
        Days with printed exits from which their rate is taken. Convention: four weeks.
    anchors_share : float, log
        Standard deviation of one deviation of all anchors, which none of them shows. Chosen by a rule of
        benchmarks/results/stock_worlds.md, of 0 to 0.08, under another law of wrong entries.
    bend : float, log
        Standard deviation of a bend of the path through the anchors. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    drift : float, log a week
        Standard deviation of what the model does not describe. Judged with the whole in
        benchmarks/results/stock_integrated.json; no search is stored.
    """

    coverage: tuple[float, float] = (0.33, 0.9)
    brief_share: tuple[float, float] = (0.05, 0.5)
    brief_stay: tuple[float, float] = (5.0, 25.0)
    waiting: tuple[float, float] = (0.01, 1.5)
    left: tuple[float, float] = (0.01, 0.3)
    never: tuple[float, float] = (0.55, 1.8)
    unknown_leave: tuple[float, float] = (0.68, 1.48)
    days_of_arrests: float = 250.0
    bursts: Moves = Moves(0.12, 1.2)
    waves: Moves = Moves(0.15, 1.5)
    surges: Moves = Moves(0.8, 1.5, 7.0)
    first_move: float = 0.25
    hazard: float = 0.12
    knot: int = 4
    surge: float = 0.002
    announced: float = 2.0
    most_left: float = 0.9
    least_known: float = 0.02
    brief_known: tuple[float, float] = (0.3, 0.2)
    flow_error: float = 1.15
    total_error: float = 2.5
    change_variance: float = 1.3
    usual_flow: float = 0.005
    usual_exits: float = 1 / 350
    exit_days: int = 28
    anchors_share: float = 0.04
    bend: float = 0.03
    drift: float = 0.018


@dataclass(frozen=True)
class Tuning:
    """Numbers by which the register model is computed and shown.

    Parameters
    ----------
    step : int, days
        Days of a step. Convention: a week, as bulletins are.
    most_steps : int, steps
        Steps beyond which a step is longer. Convention: two years and a half of weeks.
    longest_wave : int, days
        Longest window of releases that dates a wave. Convention: three weeks.
    latest_anchor : int, days
        Days after the last bulletin up to which an anchor belongs to the series. Convention: four
        weeks.
    draws_above_floor : float, share
        Share of the anchors' draws above the floor, below which the two contradict each other.
        Convention: 2%.
    paths : int, paths
        Paths drawn. Convention: hundreds of effective paths
        (benchmarks/results/stock_integrated.json).
    moves : int
        Moves of the sampler. Convention: hundreds of effective paths
        (benchmarks/results/stock_integrated.json).
    states : int
        States of each path that are retained. Convention: hundreds of effective paths
        (benchmarks/results/stock_integrated.json).
    few_paths : int, paths
        Effective paths below which a note is printed. Convention: a hundred.
    raised : float, share
        Share of draws raised to the floor above which a note is printed. Convention: 1%.
    delays : tuple of float, days
        Days from arrest to entry at which the search for a mode begins. Convention: a week and two.
    around : int, steps
        Steps on each side of which the median is the ordinary number of entries, in that search.
        Convention: two months.
    most_episodes : int
        Episodes of many entries that the search tries as surges. Convention: two.
    usual_removed : float, share a step
        Share of the register removed where no exit is printed, in that search. Convention: 2% a week.
    surging : float, score
        Score at which a surge begins, in that search. Convention: above the usual.
    effective_paths : float, paths
        Effective paths of an anchor's draw below which weights are softened, with a note. Convention:
        thirty.
    chunk : int, draws
        Joint draws weighed at once. Computational (`test_numbers`).
    """

    step: int = 7
    most_steps: int = 130
    longest_wave: int = 21
    latest_anchor: int = 28
    draws_above_floor: float = 0.02
    paths: int = 1600
    moves: int = 5
    states: int = 5
    few_paths: int = 100
    raised: float = 0.01
    delays: tuple[float, float] = (5.0, 15.0)
    around: int = 8
    most_episodes: int = 2
    usual_removed: float = 0.02
    surging: float = 1.2
    effective_paths: float = 30.0
    chunk: int = 250


PRIORS, TUNING = Priors(), Tuning()


@dataclass(frozen=True)
class PriorValues:
    """Centres and spreads of the prior on the scales on which it is normal, and sizes of the moves.

    Parameters
    ----------
    centre, spread : ndarray of float64, shape (len(CONSTANTS),)
        Mean and standard deviation: logits of shares, logarithms of the others.
    wave_times : ndarray of float64, shape (n_steps,)
        By how much the waves of each step are larger than usual.
    surge_steps : ndarray of int64
        Steps in which there may be a surge.
    bursts, waves, surges : Moves
        Of the arrests, which last from step to step; of the hazard of leaving, of one step; of the
        probability of an unknown person to be entered in a surge, of three steps.
    hazard : float
        Standard deviation of the slow moves of the hazard, from knot to knot.
    surge : float
        Usual probability, a step, of an unknown person to be entered in a surge.
    """

    centre: Floats
    spread: Floats
    wave_times: Floats
    surge_steps: Ints
    bursts: Moves = PRIORS.bursts
    waves: Moves = PRIORS.waves
    surges: Moves = PRIORS.surges
    hazard: float = PRIORS.hazard
    surge: float = PRIORS.surge


@dataclass(frozen=True)
class Forces:
    """Forces on the compartments; steps lead in arrays of two dimensions.

    Parameters
    ----------
    constants : dict of str to ndarray of float64, shape (n_draws,)
        Shares, days, and ratios.
    arrests, hazard, surge : ndarray of float64, shape (n_steps, n_draws)
        Persons arrested in a step, and hazards, a step.
    """

    constants: dict[str, Floats]
    arrests: Floats
    hazard: Floats
    surge: Floats


def n_numbers(n_steps: int, n_surging: int) -> int:
    """Standard normal numbers of one path."""
    return len(CONSTANTS) + 2 * n_steps + n_surging + _n_knots(n_steps)


def forces(z: Floats, step: int, prior: PriorValues) -> Forces:
    """Make the forces of each path from its standard normal numbers.

    Parameters
    ----------
    z : ndarray of float64, shape (n_draws, n_numbers)
        Numbers: the constants, then arrests and waves of each step, surges, and the knots of the hazard.
    step : int
        Days of a step.
    prior : PriorValues
        What is made of them.
    """
    n_steps = len(prior.wave_times)
    moves, waves, surges, knots = (part.T for part in _blocks(z, n_steps, len(prior.surge_steps)))
    constants = constants_of(z, prior)
    first = Moves(PRIORS.first_move, prior.bursts.tail).of(z[:, CONSTANTS.index("arrests_at_first")])
    arrests = first + np.cumsum(prior.bursts.of(moves), axis=0)
    slow = np.cumsum(np.vstack([np.zeros((1, len(z))), prior.hazard * knots]), axis=0)
    place = np.arange(n_steps) / PRIORS.knot
    left = np.minimum(place.astype(int), len(slow) - 2)
    weight = (place - left)[:, None]
    hazard = slow[left] * (1 - weight) + slow[left + 1] * weight
    hazard += prior.waves.of(waves, prior.wave_times[:, None])
    lasting, surge = np.zeros((n_steps + 2, len(z))), np.zeros((n_steps, len(z)))
    lasting[prior.surge_steps + 1] = surges
    lasting = (lasting[:-2] + lasting[1:-1] + lasting[2:])[prior.surge_steps] / math.sqrt(3)
    surge[prior.surge_steps] = prior.surge * np.exp(prior.surges.of(lasting))
    return Forces(
        constants=constants,
        arrests=step * constants["arrests"] * np.exp(np.clip(arrests, -12, 8)),
        hazard=step / constants["stay"] * np.exp(np.clip(hazard, -12, 8)),
        surge=surge,
    )


def constants_of(z: Floats, prior: PriorValues) -> dict[str, Floats]:
    """Shares, days, and ratios of each path, each of shape (n_draws,)."""
    found = {}
    for k, name in enumerate(CONSTANTS):
        value = prior.centre[k] + prior.spread[k] * z[:, k]
        found[name] = 1 / (1 + np.exp(-value)) if name in SHARES else np.exp(value)
    return found


def numbers_of(
    constants: dict[str, float],
    arrests: Floats,
    hazard: Floats,
    surging: Floats,
    step: int,
    prior: PriorValues,
) -> Floats:
    """Numbers whose forces are near to some, where the search for the mode can begin.

    Parameters
    ----------
    constants : dict of str to float
        Some of the constants; the others have their medians.
    arrests, hazard : ndarray of float64, shape (n_steps,)
        Persons arrested, and hazards, a step.
    surging : ndarray of float64, shape (n_surging,)
        Numbers of the surges themselves.
    step : int
        Days of a step.
    prior : PriorValues
        What is made of them.
    """
    z = np.zeros(n_numbers(len(arrests), len(prior.surge_steps)))
    for name, value in constants.items():
        k = CONSTANTS.index(name)
        normal = math.log(value / (1 - value)) if name in SHARES else math.log(value)
        z[k] = (normal - prior.centre[k]) / prior.spread[k]
    levels = np.log(arrests) - prior.centre[CONSTANTS.index("arrests")] - math.log(step)
    first = Moves(PRIORS.first_move, prior.bursts.tail).numbers(levels[:1])
    z[CONSTANTS.index("arrests_at_first")] = first[0]
    moves, waves, surges, _ = _blocks(z[None], len(arrests), len(prior.surge_steps))
    moves[0, 1:] = prior.bursts.numbers(np.diff(levels))
    usual = math.log(step) - prior.centre[CONSTANTS.index("stay")]
    waves[0] = prior.waves.numbers(np.log(hazard) - usual)
    surges[0] = surging
    return z


def _blocks(z: Floats, n_steps: int, n_surging: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Views of the numbers of arrests, waves, surges and knots."""
    moves = len(CONSTANTS)
    waves, surges = moves + n_steps, moves + 2 * n_steps
    knots = surges + n_surging
    return z[:, moves:waves], z[:, waves:surges], z[:, surges:knots], z[:, knots:]


def _n_knots(n_steps: int) -> int:
    """Knots of the hazard after the first."""
    return max(1, math.ceil((n_steps - 1) / PRIORS.knot))


@dataclass(frozen=True)
class State:
    """Persons in each compartment at the end of a step, each of shape (n_draws,).

    Parameters
    ----------
    register : ndarray of float64
        Those whom the register holds.
    waiting, never, brief : ndarray of float64
        Held and not in it: those whom it will enter, those whom it will not, and those held for days only.
    brief_known : ndarray of float64
        Held for days only, and in it.
    left : ndarray of float64
        In it, and no longer held.
    """

    register: Floats
    waiting: Floats
    never: Floats
    brief: Floats
    brief_known: Floats
    left: Floats

    @property
    def unknown(self) -> Floats:
        """Held, and not in the register."""
        return np.asarray(self.waiting + self.never + self.brief)

    @property
    def stock(self) -> Floats:
        """Held."""
        return np.asarray(self.register - self.left + self.unknown)


@dataclass(frozen=True)
class Course:
    """Course of a register, each of shape (n_steps, n_draws); the stock has the first state before.

    Parameters
    ----------
    stock, unknown, register : ndarray of float64, shape (n_steps + 1, n_draws)
        Held; held and not in the register; in the register.
    entered, removed, arrests, exits : ndarray of float64, shape (n_steps, n_draws)
        Flows of each step: onto the register, off it, into and out of the stock.
    """

    stock: Floats
    unknown: Floats
    register: Floats
    entered: Floats
    removed: Floats
    arrests: Floats
    exits: Floats


def first_state(register: float, forces: Forces) -> State:
    """State before the first step."""
    by = forces.constants
    coverage = by["coverage"]
    known = np.full(len(coverage), register, dtype=np.float64)
    left = known * np.minimum(by["left"], PRIORS.most_left)
    of_brief, of_known = PRIORS.brief_known
    brief = by["arrests"] * by["brief_share"] * by["brief_stay"]
    return State(
        register=known,
        waiting=known * by["waiting"],
        never=(known - left) * (1 - coverage) / coverage * by["never"],
        brief=brief,
        brief_known=np.minimum(of_brief * brief, of_known * known),
        left=left,
    )


def course(forces: Forces, first: State, register: Floats, step: int) -> Course:
    """Follow everybody through the steps.

    Within a step hazards are constant and compete; whoever comes in it comes, on average, at its middle.

    Parameters
    ----------
    forces : Forces
        What drives them.
    first : State
        Where they are before.
    register : ndarray of float64, shape (n_steps + 1,)
        What the register holds at the end of each step, as published; NaN where the model has to say.
    step : int
        Days of a step.
    """
    by = forces.constants
    n_steps, n_draws = forces.arrests.shape
    p, b, faster = by["coverage"], by["brief_share"], by["unknown_leave"]
    enter, remove, short = (step / by[name] for name in ("entry_delay", "exit_delay", "brief_stay"))
    stays, stays_half = np.exp(-remove), np.exp(-remove / 2)
    now = first
    stock, unknown, known = (np.empty((n_steps + 1, n_draws)) for _ in range(3))
    entered, removed, exits = (np.empty((n_steps, n_draws)) for _ in range(3))
    stock[0], unknown[0], known[0] = first.stock, first.unknown, first.register
    for k in range(n_steps):
        arrests, hazard, surge = forces.arrests[k], forces.hazard[k], forces.surge[k]
        out = faster * hazard
        waiting, found, departed = _through(now.waiting, arrests * (1 - b) * p, enter + surge, out)
        never, more, off = _through(now.never, arrests * (1 - b) * (1 - p), surge, out)
        brief, seen, free = _through(now.brief, arrests * b, enter * p + surge, short + out)
        brief_known, _, known_free = _through(now.brief_known, seen, 0.0, short + hazard)
        long_known = np.maximum(now.register - now.left - now.brief_known, PRIORS.least_known * now.register)
        leaving = -long_known * np.expm1(-hazard) - (found + more) * np.expm1(-hazard / 2) + known_free
        removed[k] = now.left * (1 - stays) + leaving * (1 - stays_half)
        left = now.left * stays + leaving * stays_half
        entered[k] = found + more + seen
        exits[k] = leaving + departed + off + free
        total = np.maximum(now.register + entered[k] - removed[k], 1.0)
        if register[k + 1] == register[k + 1]:
            total = np.full(n_draws, register[k + 1])
        now = State(
            total, waiting, never, brief, brief_known, np.minimum(left, (1 - PRIORS.least_known) * total)
        )
        stock[k + 1], unknown[k + 1], known[k + 1] = now.stock, now.unknown, total
    return Course(stock, unknown, known, entered, removed, forces.arrests, exits)


def _through(
    held: Floats, coming: Floats, found: Floats | float, departed: Floats
) -> tuple[Floats, Floats, Floats]:
    """Those who stay in a compartment, those found, and those departed."""
    total = found + departed
    keep_half = np.exp(-total / 2)
    keep = keep_half**2
    stay = held * keep + coming * keep_half
    out = held + coming - stay
    seen = out * (found / np.maximum(total, 1e-12))
    return stay, seen, out - seen
