"""The stock from one register's totals and flows, and from estimates at some dates as anchors."""

from __future__ import annotations

import hashlib
import math
from typing import Any, ClassVar

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.steady import on_lattice
from detcount._numerics.stock.integrated.bridges import bends, drifted
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.definition import common
from detcount.errors import NotEstimableError
from detcount.estimates import IdentifiedBySource, StockPath
from detcount.estimates.path_flows import PathFlows
from detcount.persons.dates import as_day
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.specification import specification
from detcount.stock.integrated.anchors import above_floor, anchors_of_prior, read_anchors, read_floor
from detcount.stock.integrated.detail import IntegratedDetail
from detcount.stock.integrated.drawing import draw_paths
from detcount.stock.integrated.notes import path_notes
from detcount.stock.integrated.prior import FIXED_LIMITS, Stated, checked_limits
from detcount.stock.integrated.reading import METHOD, NO_SPANS, read_register, totals_of, wave_spans
from detcount.stock.integrated.result import daily, register_draws
from detcount.words import Message

_SHARES = ("coverage", "brief_share")
_COVERAGE = (0.33, 0.9)  # beside anchors, which say what it is
_LIMITS = ("coverage", "entry_delay", "exit_delay", "stay", "brief_share", "brief_stay", "waiting", "left")


@specification
class IntegratedStock:
    """How many are held, day by day, from what one register publishes and from estimates at some dates.

    The estimand is the stock S_t, the people held at the end of day t; what the register holds is another
    quantity. The register enters some of the arrested after a delay and others never, and strikes people off
    some time after they left. Estimates at some dates, the anchors, say how many there are; the register says
    how that moves between them.

    Each pair of limits holds 95% of a prior: normal on the logit for shares, on the logarithm for the others.

    Parameters
    ----------
    register : str, optional
        Source whose totals are taken; needed where several publish.
    coverage : tuple of float, optional
        Limits of the share of the arrested whom the register enters sooner or later, if they stay for long;
        needed where there are no anchors, as totals do not hold it. None is 0.33 and 0.9 beside anchors.
    entry_delay, exit_delay : tuple of float, optional
        Limits of the mean days from arrest to entry, and from exit to being struck off.
    stay : tuple of float, optional
        Limits of the mean days for which people are held, were there no waves of releases.
    brief_share, brief_stay : tuple of float, optional
        Limits of the share of the arrested who are held for days only, and of their mean days.
    waiting, left : tuple of float, optional
        Limits, at the first bulletin and over its total, of those held who are still to be entered, and of
        those on the register who have left.
    bursts, waves, surges : tuple of float, optional
        Scale of a week's usual move, and weight of the tail, of the logarithms of the arrests, of the hazard
        of leaving, and of the chance of the unknown to be entered in a surge of late entries.
    announced : float, optional
        By how much the waves of weeks in which releases were announced or counted may be larger.
    flow_error : float, optional
        Standard deviation of the root of a printed flow, over that of a Poisson count.
    bend : float, optional
        Standard deviation, on the logarithm, by which a path may be bent to pass through the anchors.
    drift : float, optional
        Standard deviation a week of the logarithm of what the model does not describe; nothing at anchors.
    anchor_correlation : float, optional
        Correlation, as of normal scores, of the errors of anchors that are separate estimates. Those of a
        `StockPath` are drawn together already.
    horizon : int, optional
        Days after the last bulletin for which the register is forecast.
    n_draws : int, optional
        Draws of the path.

    Raises
    ------
    InputError
        If a number is out of its range.

    See Also
    --------
    series : Makes anchors of lists.

    Notes
    -----
    By weeks, with hazards that compete within each: of A_t arrested a share is brief; of the others
    `coverage` wait to be entered, with hazard 1 / `entry_delay`, and the rest never are, save in surges. Log
    A_t is a random walk with moves scale sinh(tail z) / tail, the hazard of leaving has slow moves and such
    waves of one week. The known who left are struck off with hazard 1 / `exit_delay`. The published totals
    are taken as they are, printed flows as counts around the model's.

    Paths are drawn given the register and a normal that stands for the anchors, widened. Each joint draw of
    the anchors then takes one of them, with weights that sum to 1 within that draw: by the bends that it
    needs, and over the density it was drawn with. It is bent, straight on the logarithm between anchors, to
    pass through the draw. So the anchors keep their distribution, which only the floor cuts. The other way,
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
    brief_share: tuple[float, float] = (0.05, 0.5)
    brief_stay: tuple[float, float] = (5.0, 25.0)
    waiting: tuple[float, float] = (0.01, 1.5)
    left: tuple[float, float] = (0.01, 0.3)
    bursts: tuple[float, float] = (0.12, 1.2)
    waves: tuple[float, float] = (0.15, 1.5)
    surges: tuple[float, float] = (0.8, 1.5)
    announced: float = 2.0
    flow_error: float = 1.15
    bend: float = 0.03
    drift: float = 0.018
    anchor_correlation: float = 0.9
    horizon: int = 182
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_MODEL,)
    references: ClassVar[tuple[Reference, ...]] = ()

    def __post_init__(self) -> None:
        for name, pair in self._limits().items():
            checked_limits(f"IntegratedStock: {name}", pair, share=name in _SHARES)
        for name in ("bursts", "waves", "surges"):
            arguments.positive_pair(f"IntegratedStock: {name}", getattr(self, name))
        for name in ("announced", "flow_error", "bend"):
            arguments.positive(f"IntegratedStock: {name}", getattr(self, name))
        arguments.number("IntegratedStock: drift", self.drift, least=0)
        arguments.share("IntegratedStock: anchor_correlation", self.anchor_correlation)
        arguments.whole_number("IntegratedStock: horizon", self.horizon, least=1, unit="of days")
        arguments.whole_number("IntegratedStock: n_draws", self.n_draws, least=100)

    def _limits(self) -> dict[str, tuple[float, float]]:
        """Limits of the constants by name."""
        return {name: getattr(self, name) or _COVERAGE for name in _LIMITS}

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
        anchors : StockPath or mapping of date to UncertainCount or AbundanceEstimate, optional
            Estimates of the stock: the dates at which a path of `series` was estimated, or estimates with
            draws by day.
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
        for name, value, kind in (
            ("stock", stock, PublishedStock),
            ("arrests", arrests, PublishedArrests),
            ("releases", releases, PublishedReleases),
        ):
            if not isinstance(value, kind) and not (value is None and name != "stock"):
                raise TypeError(
                    Message(
                        "{name}: expected {wanted}, got {kind}",
                        name=name,
                        wanted=kind.__name__,
                        kind=type(value).__name__,
                    )
                )
        seed = arguments.seed(seed)
        figures = read_register(stock, self.register)
        if anchors is None and self.coverage is None:
            raise NotEstimableError(
                METHOD,
                Message("totals of one register do not hold the number of people whom it does not know"),
                Message("Give anchors, as of stock.series; or state a coverage, as in coverage=(0.33, 0.9)."),
                advice=Message("Add lists of names, or an estimate of some day."),
            )
        limits = self._limits()
        lower = read_floor(floor, anchors)
        first, newest = int(figures.days[0]), int(figures.days[-1])
        if anchors is None:
            at = anchors_of_prior(figures, limits["coverage"], self.n_draws, seed)
        else:
            at = read_anchors(anchors, stock, first, newest, self.anchor_correlation, self.n_draws, seed)
        rng = np.random.default_rng([seed, 2])
        joint = np.log(above_floor(at, lower, rng))
        announced = NO_SPANS if releases is None else wave_spans(releases)
        totals = NO_SPANS if arrests is None else totals_of(arrests, figures)
        moves = {"bursts": self.bursts, "waves": self.waves, "surges": self.surges}
        stated = Stated({**limits, **FIXED_LIMITS}, moves, self.announced, self.flow_error, self.bend)
        drawn = draw_paths(figures, totals, announced, at.days, joint, stated, self.horizon, rng)
        days = np.arange(first, max(newest, int(at.days[-1])) + 1)
        least = lower.on(days)
        drift = drifted(at.days, days, self.drift, self.n_draws, rng)
        found = daily(drawn, bends(joint, drawn.at_anchors, at.days, days), days, drift, least)
        limits_of_days = np.quantile(found.stock, [0.025, 0.975], axis=0)
        ratio = float(np.median(limits_of_days[1] / np.maximum(limits_of_days[0], 1.0)))
        detail = IntegratedDetail(
            register=figures.source,
            published=dict(zip(map(as_day, figures.days.tolist()), figures.totals.tolist(), strict=True)),
            constants=drawn.constants,
            ratio=ratio,
            n_paths=drawn.n_paths,
            effective_paths=drawn.effective,
            softened=drawn.softened,
            n_modes=drawn.n_modes,
            acceptance=drawn.acceptance,
        )
        identified: IdentifiedBySource = "prior" if anchors is None else "data"
        forecast = register_draws(drawn, figures, newest + self.horizon, self.flow_error, rng)
        return StockPath(
            dates=tuple(map(as_day, days.tolist())),
            draws=found.stock,
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
                *path_notes(detail, identified, found.raised, len(announced.count)),
            ),
            detail=detail,
            published=stock,
            definition=common(each for each in (stock.definition, at.definition) if each),
            flows=PathFlows(found.arrested, "prior", {figures.source: forecast}),
            estimator=self,
        )


def _digest(published: tuple[Any, ...], anchors: Floats, floor: Ints) -> str:
    """SHA-256 of the data."""
    content = hashlib.sha256()
    for each in published:
        content.update(b"-" if each is None else each.digest.encode())
    # draws of anchors are computed, and their last bits differ between processors
    content.update(on_lattice(anchors).tobytes() + floor.tobytes())
    return content.hexdigest()
