"""The stock from one register's totals and flows, and from estimates at some dates as anchors.

It is one specification: its prior, the paths that it draws, and what is said of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints, on_lattice
from detcount._numerics.sampler import sample_residuals
from detcount._numerics.stock.course import (
    CONSTANTS,
    PRIORS,
    SHARES,
    TUNING,
    Course,
    PriorValues,
    constants_of,
)
from detcount._numerics.stock.paths import AnchorTarget, bridge, chosen_paths, straight
from detcount._numerics.stock.readings import crude_flows, shares_of_steps, starting_numbers
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.arguments import AtLeast100, Proportion
from detcount.contract.citation import Reference
from detcount.contract.definition import common
from detcount.contract.specification import specification
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import IdentifiedBySource, StockPath
from detcount.estimates.path_flows import PathFlows
from detcount.reading.days import as_day
from detcount.stock.anchors import above_floor, anchors_of_prior, centre_and_spread, read_anchors
from detcount.stock.figures import (
    METHOD,
    Figures,
    Grid,
    Spans,
    read_figures,
    wave_spans,
)
from detcount.stock.inputs import floor_of
from detcount.words import Message

_FIXED = ("brief_share", "brief_stay", "waiting", "left", "never", "unknown_leave")
"""Constants of which the limits are no options."""
_SHOWN = ("coverage", "entry_delay", "exit_delay", "stay", "brief_share", "brief_stay")


@dataclass(frozen=True)
class IntegratedDetail:
    """Detail behind a path of `IntegratedStock`.

    Parameters
    ----------
    register : str
        Whose register.
    published : dict of datetime.date to int
        Its totals that were used, persons.
    constants : dict of str to tuple of float
        Limits at 95% and the median of what holds for all of the time: ``coverage`` and ``brief_share``
        as shares, ``entry_delay``, ``exit_delay``, ``stay`` and ``brief_stay`` in days.
    ratio : float
        Upper over lower limit of the stock at 95%, the median over the days.
    n_paths : int
        Paths that the anchors choose from.
    effective_paths : float
        Effective number of them: with anchors the median over their joint draws, without them
        the draws from which the paths come.
    softened : float
        Power to which the weights of the choice were taken; 1 where they were taken whole.
    n_modes : int
        Readings of the published flows that stay apart, such as a wave of arrests or a surge of late
        entries.
    acceptance : float
        Share of the last moves of the sampler that were accepted.
    """

    register: str
    published: Mapping[dt.date, int]
    constants: Mapping[str, tuple[float, float, float]]
    ratio: float
    n_paths: int
    effective_paths: float
    softened: float
    n_modes: int
    acceptance: float


@dataclass(frozen=True)
class _Drawn:
    """Paths, that of each joint draw of the anchors, and its log stock."""

    course: Course
    grid: Grid
    path: Ints
    at_anchors: Floats
    detail: IntegratedDetail


@specification
class IntegratedStock:
    """Number of people held, day by day, from what one register publishes and estimates at some dates.

    The estimand is the stock S_t, the people held at the end of day t; what the register holds is another
    quantity. The register enters some of the arrested after a delay and others never, and removes people
    some time after they left. Estimates at some dates, the anchors, say how many there are; the register says
    how that moves between them.

    Each pair of limits holds 95% of a prior: normal on the logit for the coverage, else on the logarithm.

    Parameters
    ----------
    register : str, optional
        Source whose totals are taken; needed where several publish.
    coverage : tuple of float, optional
        Limits of the share of the arrested that the register enters sooner or later, if they stay for long;
        needed where there are no anchors, as totals do not hold it. None is 0.33 and 0.9 beside anchors.
    entry_delay, exit_delay : tuple of float, optional
        Limits of the mean days from arrest to entry, and from exit to removal.
    stay : tuple of float, optional
        Limits of the mean days for which people are held, were there no waves of releases.
    anchor_correlation : float, optional
        Correlation, as of normal scores, of the errors of anchors that are separate estimates. Those of a
        `StockPath` are drawn together already.
    n_draws : int, optional
        Draws of the path.

    Raises
    ------
    InputError
        If a number is out of its range.

    See Also
    --------
    series : Makes anchors of lists.
    CoverageFromReleases : Makes anchors of waves of releases.

    Notes
    -----
    By weeks, with hazards that compete within each: of A_t arrested a share is brief; of the others
    `coverage` wait to be entered, with hazard 1 / `entry_delay`, and the rest never are, save in surges. Log
    A_t is a random walk with moves scale sinh(tail z) / tail, the hazard of leaving has slow moves and such
    waves of one week. The known who left are removed with hazard 1 / `exit_delay`. The published totals
    are taken as they are, printed flows as counts around the model's.

    Paths are drawn given the register and a normal that stands for the anchors, widened. Each joint draw of
    the anchors then takes one of them, with weights that sum to 1 within that draw: by the bends that it
    needs, and over the density it was drawn with. It is bent, straight on the logarithm between anchors, to
    pass through the draw. So the anchors keep their distribution, which only the floor cuts. One deviation
    of all anchors is added, of standard deviation 0.04 on the logarithm, which none shows. The other way,
    prior times likelihood with the anchors' own prior on the number divided out, needs a prior that
    estimators do not have in a closed form, and counts the one error that all the anchors share once for each
    of them; it is not taken.

    References
    ----------
    .. [1] Besbeas, P., Freeman, S. N., Morgan, B. J. T. & Catchpole, E. A. (2002). Integrating
       mark-recapture-recovery and census data to estimate animal abundance and demographic parameters.
       Biometrics, 58, 540-547. https://doi.org/10.1111/j.0006-341X.2002.00540.x

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").as_of("2024-12-31")
    >>> path = stock.IntegratedStock(register="Foro Penal", coverage=(0.33, 0.9)).fit(totals)
    >>> path.identified_by
    'prior'
    """

    register: str | None = None
    coverage: tuple[float, float] | None = None
    entry_delay: tuple[float, float] = (4.0, 60.0)
    exit_delay: tuple[float, float] = (4.0, 60.0)
    stay: tuple[float, float] = (100.0, 1200.0)
    anchor_correlation: Proportion = 0.9
    n_draws: AtLeast100 = 4000
    _where: ClassVar[str] = "IntegratedStock: "

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_MODEL,)
    references: ClassVar[tuple[Reference, ...]] = ()

    def __post_init__(self) -> None:
        for name, pair in self._limits().items():
            low, high = arguments.positive_pair(f"IntegratedStock: {name}", pair)
            share = name in SHARES
            if not low < high or (share and high >= 1):
                what = (
                    Message("the smaller first, and both below 1") if share else Message("the smaller first")
                )
                where = f"IntegratedStock: {name}"
                raise InputError(
                    Message(
                        "{where}: expected two limits that hold 95% of the prior, {what}, got {got}",
                        where=where,
                        what=what,
                        got=repr((low, high)),
                    )
                )

    def _limits(self) -> dict[str, tuple[float, float]]:
        """Limits of the constants by name."""
        return {
            "coverage": self.coverage or PRIORS.coverage,
            "entry_delay": self.entry_delay,
            "exit_delay": self.exit_delay,
            "stay": self.stay,
            **{name: getattr(PRIORS, name) for name in _FIXED},
        }

    def fit(
        self,
        stock: PublishedStock,
        *,
        arrests: PublishedArrests | None = None,
        releases: PublishedReleases | None = None,
        anchors: Any = None,
        floor: Any = None,
        seed: int = 0,
    ) -> StockPath:
        """Draw the path of the stock from the first bulletin to the last, or to the last anchor.

        Parameters
        ----------
        stock : PublishedStock
            Totals of the register, with what each bulletin prints of entries and exits.
        arrests : PublishedArrests, optional
            A running total of the same source: what it grows by is what was entered.
        releases : PublishedReleases, optional
            Announced or counted releases; their windows tell when waves were, and not how large.
        anchors : StockPath, CoverageEstimate or mapping of date to UncertainCount, optional
            Estimates of the stock: the dates at which a path of `series` was estimated, waves of releases, or
            estimates with draws by day. Of waves those on the list who have left are taken out first.
        floor : int, mapping of date to int, Snapshots or StockPath, optional
            Lower bound of the stock, persons: of every day, of some days, or that of lists. That of the
            anchors is taken too.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        StockPath
            Draws of the stock of every day, persons. ``identified_by`` is "data" with anchors and "prior"
            without; arrests and exits always rest on the prior.

        Raises
        ------
        NotEstimableError
            If there are neither anchors nor a stated coverage, the register has fewer than two totals of
            different days, or an anchor has no draws.
        InputError
            If the source is not there, all anchors are outside the days of the register or below the floor,
            or numbers are of different definitions.
        """
        figures = read_figures(stock, arrests, self.register)
        if anchors is None and self.coverage is None:
            raise NotEstimableError(
                METHOD,
                Message("totals of one register do not hold the number of people whom it does not know"),
                Message("Give anchors, as of stock.series; or state a coverage, as in coverage=(0.33, 0.9)."),
                advice=Message("Add lists of names, or an estimate of some day."),
            )
        first, newest = int(figures.days[0]), int(figures.days[-1])
        if anchors is None:
            at = anchors_of_prior(figures, self._limits()["coverage"], self.n_draws, seed)
        else:
            at = read_anchors(
                anchors, stock, figures, self.exit_delay, self.anchor_correlation, self.n_draws, seed
            )
        days = np.arange(first, max(newest, int(at.days[-1])) + 1)
        own = floor_of(anchors if isinstance(anchors, StockPath) else None, days)
        least = np.maximum(own, floor_of(floor, days))
        rng = np.random.default_rng([seed, 2])
        joint = np.log(above_floor(at, least[at.days - first], rng))
        announced = wave_spans(releases)
        drawn = self._draw(figures, announced, at.days, joint, rng)
        drift = bridge(at.days, days, PRIORS.drift**2 / 7, self.n_draws, rng)
        bent = straight((joint - drawn.at_anchors).T, at.days, days)
        if anchors is not None:
            bent = bent + PRIORS.anchors_share * rng.standard_normal(self.n_draws)
        logs = straight(np.log(np.maximum(drawn.course.stock[:, drawn.path], 1.0)), drawn.grid.edges, days)
        held = np.rint(np.exp(logs + bent + drift)).T.astype(np.int64)
        raised = float((held < least).mean())
        held = np.maximum(held, least)
        whole = np.cumsum(np.pad(drawn.course.arrests[:, drawn.path], ((1, 0), (0, 0))), axis=0)
        came = np.diff(straight(whole, drawn.grid.edges, days), axis=0, prepend=0.0)
        arrested = np.rint(np.cumsum(came * np.exp(bent), axis=0)).T
        low, high = np.quantile(held, [0.025, 0.975], axis=0)
        detail = replace(drawn.detail, ratio=float(np.median(high / np.maximum(low, 1.0))))
        identified: IdentifiedBySource = "prior" if anchors is None else "data"
        return StockPath(
            dates=tuple(map(as_day, days.tolist())),
            draws=held,
            floor=least,
            ceiling=np.full(len(days), math.inf),
            anchors=() if anchors is None else tuple(map(as_day, at.days.tolist())),
            method=repr(self),
            assumptions=tuple(dict.fromkeys((*at.assumptions, *self.assumes))),
            digest=_digest((stock, arrests, releases), joint, least),
            seed=seed,
            identified_by=identified,
            notes=(
                *figures.notes,
                *at.notes,
                *_notes(detail, identified, raised, len(announced.count)),
            ),
            detail=detail,
            published=stock,
            definition=common(each for each in (stock.definition, at.definition) if each),
            flows=PathFlows(arrested.astype(np.int64), "prior"),
            estimator=self,
        )

    def _draw(
        self, figures: Figures, announced: Spans, days: Ints, joint: Floats, rng: np.random.Generator
    ) -> _Drawn:
        """Draw paths given the register and the anchors, and choose one for each joint draw of these."""
        grid = Grid.of(figures, max(int(figures.days[-1]), int(days[-1])))
        observed = grid.observed(figures)
        crude = crude_flows(observed, grid.register)
        shares = shares_of_steps(announced.first, announced.last, grid.edges)
        prior = self._prior(float(figures.totals.mean()), np.asarray(shares.any(axis=0)), crude.surge_steps)
        target = AnchorTarget.of(joint, PRIORS.bend)
        posterior = sample_residuals(
            grid.residuals(observed, prior, days, target),
            starting_numbers(crude, grid.register, grid.step, prior),
            TUNING.paths,
            TUNING.moves,
            TUNING.states,
            rng,
        )
        course = grid.paths(posterior.draws, prior)
        values = straight(np.log(np.maximum(course.stock, 1.0)), grid.edges, days).T
        chosen = chosen_paths(joint, values, target, PRIORS.bend, rng)
        constants = constants_of(posterior.draws[chosen.path], prior)
        limits = {name: np.quantile(constants[name], [0.025, 0.5, 0.975]).tolist() for name in _SHOWN}
        detail = IntegratedDetail(
            register=figures.source,
            published=dict(zip(map(as_day, figures.days.tolist()), figures.totals.tolist(), strict=True)),
            constants={name: (low, middle, high) for name, (low, middle, high) in limits.items()},
            ratio=math.nan,
            n_paths=len(posterior.draws),
            effective_paths=min(chosen.effective, posterior.effective * TUNING.states),
            softened=chosen.softened,
            n_modes=posterior.modes,
            acceptance=posterior.acceptance,
        )
        return _Drawn(course, grid, chosen.path, values[chosen.path], detail)

    def _prior(self, held: float, with_waves: NDArray[np.bool_], surge_steps: Ints) -> PriorValues:
        """Centres and spreads on the scales of the numbers, of a register that holds so many on average."""
        stated = self._limits()
        centre, spread = np.zeros(len(CONSTANTS)), np.ones(len(CONSTANTS))
        for k, name in enumerate(CONSTANTS):
            if name == "arrests":
                centre[k] = math.log(held / PRIORS.days_of_arrests)
            elif name in stated:
                low, high = (math.log(each / (1 - each) if name in SHARES else each) for each in stated[name])
                centre[k], spread[k] = centre_and_spread(low, high)
        return PriorValues(centre, spread, np.where(with_waves, PRIORS.announced, 1.0), surge_steps)


def _digest(published: tuple[Any, ...], anchors: Floats, floor: Ints) -> str:
    """SHA-256 of the data."""
    content = hashlib.sha256()
    for each in published:
        content.update(b"-" if each is None else each.digest.encode())
    # draws of anchors are computed, and their last bits differ between processors
    content.update(on_lattice(anchors).tobytes() + floor.tobytes())
    return content.hexdigest()


def _notes(
    detail: IntegratedDetail, identified_by: IdentifiedBySource, raised: float, waves: int
) -> list[str]:
    """Notes on what identifies the path, the paths that it rests on, and the floor."""
    notes: list[str] = [
        Message(
            "The number rests on the anchors; the register says how it moves between them. A deviation of "
            "all anchors is added: what they may have in common, and none of them shows."
        )
        if identified_by == "data"
        else Message(
            "No anchor: how many people the register does not know is the stated prior, and no data show it. "
            "The path is no estimate."
        ),
        Message(
            "The upper limit at 95% is {ratio:.1f} times the lower one, the median over the days.",
            ratio=detail.ratio,
        ),
        Message(
            "Arrests and exits rest on the prior: totals of one register identify the net change alone, and "
            "late entries are no arrests."
        ),
        Message(
            "{n:,} paths were drawn, and they are worth {worth:,.0f}.",
            n=detail.n_paths,
            worth=detail.effective_paths,
        ),
    ]
    if detail.effective_paths < TUNING.few_paths:
        notes.append(
            Message("That is few: limits are rough. Give wider priors, or look at anchors that fit no path.")
        )
    if detail.softened < 1:
        notes.append(
            Message(
                "Few paths come near the anchors, so that paths were bent further than stated: take the days "
                "between anchors with care."
            )
        )
    if raised > TUNING.raised:
        notes.append(
            Message("{share:.0%} of the draws, over all days, were raised to the floor.", share=raised)
        )
    if waves:
        notes.append(
            Message.counted(
                "1 window of releases says when a wave may have been, and not how large it was.",
                "{n:,} windows of releases say when waves may have been, and not how large they were.",
                n=waves,
            )
        )
    return notes
