"""Numbers of the model of people held: its priors and its tuning, each with its origin.

The chapter "People held" of `docs/model.md` is the model, from entries of lists to the number held each day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Priors:
    """Numbers that move the answer.

    "Rule" names a rule of `benchmarks/results/stock_worlds.md`, written before its figures: of a grid of
    values the one with the least interval score at 95% over eight kinds of invented systems, each kind left
    out in turn. "Set" names a value that was set when its part was written and was never searched; the
    tables of that file judge it with the whole.

    Parameters
    ----------
    wrong_median, wrong_high : float
        Share of a list's entries that is wrong: median of the log-normal law, and its 95% quantile.
        Stated, as no list says it; the rule on the form of the law kept both (0.15.0).
    wrong_between : float
        Standard deviation of the log share of a list around that of all lists. Set.
    most_wrong_entries, most_wrong_open : float
        Largest share that is drawn of a list's entries, and of the open entries of persons on it alone. Set.
    groups_of_open, most_groups : int
        Open entries of a history in a group of days, at least, and groups at most. Set.
    lone_spread : float
        Standard deviation of the log ratio of exits of persons on one list to those of others. Rule of 0.11.0
        (0.05, 0.1, 0.2).
    shared_learning : float
        Upper end of the uniform law of how far lists learn of the same exits: 0 each by itself, 1 as one
        list. Rule of 0.11.0 (0, 0.5, 1).
    least_left : float
        Share of the expected exits of persons on one list that are taken to happen at least, however many of
        their entries are wrong. Set.
    lone_after : int
        Days after an arrest before which exits are not compared, as those let out soon are on few lists. Set.
    fewest_exits : int
        Exits below which nothing is learned of exits or of delays. Convention.
    day_exits, age_exits : float
        Exits by which the hazard of a day, and the relative hazard of an age, are shrunk to that of all. Set.
    ages : tuple of int
        Days since the arrest at which the relative hazard changes. Set (0.13.0); `stock_worlds.md` has what
        systems with short stays lose without them.
    most_lists : int
        Histories on so many lists or more share one relative hazard. Set (0.13.0).
    shapes : tuple of float
        Shapes of the Weibull law of the days until a list learns of an exit, as likely as each other. Set.
    never, log_days : tuple of float
        Mean and standard deviation of the logit of the share of exits that lists never learn, and of the log
        mean days until they learn of the others; of all lists. Set, and wide: 5%, from 0.5 to 35% at 95%; 20
        days, from 2 to 260.
    never_of_list, log_days_of_list : float
        Standard deviations of the lists around all lists, on the same scales. Set.
    stated_spread : float
        Standard deviation, on the same scales, of the lists around values that a user states. Set.
    once : float
        Share of exits that lists report on different days, below which exits are taken to be written down
        once for all lists. Convention: 5%.
    stopped_days, stopped_gaps : float
        Days, and mean gaps between reports, without an exit after which a list has stopped reporting. Set.
    confirmed : float
        Share of a list's entries that it confirms again, above which it confirms all who are held.
        Convention: half.
    confirmed_quantile : float
        Quantile of the days from a last confirmation to a known exit, beyond which an entry has ended.
        Convention: 99%.
    copied_within : int
        Days within which a list that copies another has the name too. Convention: a week.
    copied_excess, copied_share : float
        Standard deviations, and share of the persons on both lists, by which names must come too soon. Of 746
        pairs of invented lists made apart none reached 2.8 (`stock_worlds.md`, 0.14.0).
    listed_power : float
        Power of the share of the held who are on lists, in its prior: Beta(2, 1). Rule of 0.14.0 (0 to 3).
    kept_spread : float
        Share retained of the spread of `Calibrated` beyond sampling. Rule of 0.12.0 (0.5 to 1).
    ratio_change : float
        Standard deviation of the log ratio of unlisted to listed of a date around all dates. Rule of
        `whole_worlds.md` (0.15, 0.3, 0.6, none).
    unmodelled : float
        Standard deviation of the log number held that no part of the model explains. Rule of 0.12.0.
    error_lasts : float
        Duration of errors over that of stays, as tables that share few people err alike. Set.
    flow_correlation : float
        Correlation of the errors of arrests with those of the stock before and after them, on normal scores.
        Set: that of `ErrorCorrelation`.
    half : float
        Persons added to counts before logarithms are taken. Convention.
    high : float
        Level of the upper bound where no exits are learned. Convention.
    """

    wrong_median: float = 0.025
    wrong_high: float = 0.08
    wrong_between: float = 0.4
    most_wrong_entries: float = 0.5
    most_wrong_open: float = 0.9
    groups_of_open: int = 15
    most_groups: int = 8
    lone_spread: float = 0.1
    shared_learning: float = 0.5
    least_left: float = 0.02
    lone_after: int = 40
    fewest_exits: int = 20
    day_exits: float = 2.0
    age_exits: float = 5.0
    ages: tuple[int, ...] = (0, 30, 90, 240)
    most_lists: int = 3
    shapes: tuple[float, ...] = (0.7, 1.0, 1.5)
    never: tuple[float, float] = (-3.0, 1.2)
    log_days: tuple[float, float] = (math.log(20.0), 1.3)
    never_of_list: float = 0.8
    log_days_of_list: float = 0.7
    stated_spread: float = 0.3
    once: float = 0.05
    stopped_days: float = 45.0
    stopped_gaps: float = 8.0
    confirmed: float = 0.5
    confirmed_quantile: float = 0.99
    copied_within: int = 7
    copied_excess: float = 2.8
    copied_share: float = 0.05
    listed_power: float = 2.0
    kept_spread: float = 0.5
    ratio_change: float = 0.3
    unmodelled: float = 0.04
    error_lasts: float = 2.0
    flow_correlation: float = 0.95
    half: float = 0.5
    high: float = 0.975


@dataclass(frozen=True)
class Tuning:
    """Numbers by which the model of people held is computed, without a part in the model.

    Parameters
    ----------
    arrested_again : int
        Days between two arrests of a person, beyond which they are two. Convention, and no computation: a
        slip of a day is shorter.
    neighbours : int
        Persons arrested before and after, whose waits give the usual wait between two lists.
    learned_days : int
        Days after which a list learns of no exit: those not learned by then count as never learned.
    log_days, logits : tuple of (float, float, int)
        First and last value, and number of values, of the grids of log days and of the logit of the share
        never learned; both reach three standard deviations of their priors.
    tiny : float
        Least probability, below which logarithms are not taken.
    at_once : int
        Spells in one matrix of exits on unknown days.
    fits : int
        Alternations between exits on unknown days and hazards; ages and days are alternated `turns` times.
    turns : int
        See `fits`.
    tried : int
        Draws of shares of wrong entries for each draw that is retained.
    n_draws : int
        Draws of a path.
    score_end, score_step : float
        Largest standard normal score at which distributions are retained, and distance between two.
    dates_shown : int
        Dates of a printed table. Convention.
    """

    arrested_again: int = 60
    neighbours: int = 12
    learned_days: int = 1500
    log_days: tuple[float, float, int] = (math.log(0.4), math.log(800.0), 26)
    logits: tuple[float, float, int] = (-6.0, 3.0, 25)
    tiny: float = 1e-12
    at_once: int = 2000
    fits: int = 2
    turns: int = 5
    tried: int = 40
    n_draws: int = 4000
    score_end: float = 4.5
    score_step: float = 1 / 32
    dates_shown: int = 12


PRIORS, TUNING = Priors(), Tuning()
