"""Numbers of the model of people held: its priors and its tuning, each with its origin.

The chapter "People held" of `docs/model.md` is the model, from entries of lists to the number held each day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Priors:
    """Priors of the model of people held.

    Those that a rule chose were written down before their figures: of a grid of values, the one with the
    least interval score over eight kinds of invented systems, each kind left out in turn.

    Parameters
    ----------
    wrong_median : float, share
        Median of the share of a list's entries that is wrong. Convention: stated, as no list tells
        it; kept by a rule of benchmarks/results/stock_worlds.md.
    wrong_high : float, share
        Its 95% quantile. Convention: stated, as no list states it; kept by a rule of
        benchmarks/results/stock_worlds.md.
    wrong_between : float, log
        Standard deviation of the log share of a list around that of all lists. Judged with the whole
        in benchmarks/results/stock_worlds.md, and never searched.
    most_wrong_entries : float, share
        Largest share of a list's entries that is drawn as wrong. Convention: half a list.
    most_wrong_open : float, share
        Largest share of the open entries of persons on one list that is drawn as wrong. Judged with
        the whole in benchmarks/results/stock_worlds.md, and never searched.
    groups_of_open : int, entries
        Open entries in a group of days, at least. Judged with the whole in
        benchmarks/results/stock_worlds.md, and never searched.
    most_groups : int
        Groups of days, at most. Judged with the whole in benchmarks/results/stock_worlds.md, and
        never searched.
    lone_spread : float, log
        Standard deviation of the log ratio of exits of persons on one list to those of others. Chosen
        by a rule of benchmarks/results/stock_worlds.md: of 0.05, 0.1 and 0.2.
    shared_learning : float
        Upper end of the uniform law of how far lists learn of the same exits, from 0 (each by itself)
        to 1 (as one). Chosen by a rule of benchmarks/results/stock_worlds.md: of 0, 0.5 and 1.
    least_left : float, share
        Share of the expected exits of persons on one list that happen at least, however many entries
        are wrong. Convention: a logarithm needs more than none.
    lone_after : int, days
        Days after an arrest before which exits are not compared. Judged with the whole in
        benchmarks/results/stock_worlds.md, and never searched.
    fewest_exits : int, exits
        Exits below which nothing is learned of exits or of delays. Convention: twenty.
    day_exits : float, exits
        Exits by which the hazard of a day is shrunk to that of all days. Judged with the whole in
        benchmarks/results/stock_worlds.md, and never searched.
    age_exits : float, exits
        Exits by which the relative hazard of an age is shrunk to 1. Judged with the whole in
        benchmarks/results/stock_worlds.md, and never searched.
    ages : tuple of int, days
        Days since the arrest at which the relative hazard changes. Its worth stands in
        benchmarks/results/stock_worlds.md: much where stays are short, none elsewhere.
    most_lists : int, lists
        Histories on so many lists or more share one relative hazard. Its worth stands in
        benchmarks/results/stock_worlds.md: much where stays are short, none elsewhere.
    shapes : tuple of float
        Shapes, equally probable, of the Weibull law of the days until a list learns of an exit.
        Judged with the whole in benchmarks/results/stock_worlds.md, and never searched.
    never : tuple of float, logit
        Mean and standard deviation of the share of exits that lists never learn: 5%, from 0.5 to 35%
        at 95%. Judged with the whole in benchmarks/results/stock_worlds.md, and never searched.
    log_days : tuple of float, log days
        Mean and standard deviation of the days until lists learn of the others: 20, from 2 to 260 at
        95%. Judged with the whole in benchmarks/results/stock_worlds.md, and never searched.
    never_of_list : float, logit
        Standard deviation of the share never learned of a list around all lists. Judged with the
        whole in benchmarks/results/stock_worlds.md, and never searched.
    log_days_of_list : float, log
        Standard deviation of the days of a list around all lists. Judged with the whole in
        benchmarks/results/stock_worlds.md, and never searched.
    stated_spread : float, log and logit
        Standard deviation of the lists around values that a user states. Judged with the whole in
        benchmarks/results/stock_worlds.md, and never searched.
    once : float, share
        Share of exits with different days on two lists, below which exits are written down once for
        all. Convention: 5%.
    stopped_days : float, days
        Days without a reported exit, at least, after which a list has stopped reporting. Judged with
        the whole in benchmarks/results/stock_worlds.md, and never searched.
    stopped_gaps : float
        Mean gaps between its reports, at least, after which a list has stopped reporting. Judged with
        the whole in benchmarks/results/stock_worlds.md, and never searched.
    confirmed : float, share
        Share of its entries that a list confirms again, above which it confirms all who are held.
        Convention: half.
    confirmed_quantile : float
        Quantile of the days from a last confirmation to a known exit, beyond which an entry has
        ended. Convention: 99%.
    arrested_again : int, days
        Days between two arrests of a person beyond which they are two. Convention: two months, as a
        slip of the pen is shorter.
    copied_within : int, days
        Days within which a list that copies another has the name too. Convention: a week.
    copied_excess : float, standard deviations
        Excess of names that come soon after another list, beyond which a list copies. Of the pairs
        made independently none reached it (benchmarks/results/stock_worlds.md).
    copied_share : float, share
        The same excess as a share of the persons on both lists, at least. Convention: 5%.
    neighbours : int, persons
        Persons arrested before and after, whose waits give the usual wait between two lists. Judged
        with the whole in benchmarks/results/stock_worlds.md, and never searched.
    listed_power : float
        Power of the share of the held who are on lists in its prior, Beta(2, 1). Chosen by a rule of
        benchmarks/results/stock_worlds.md: of 0 to 3.
    kept_spread : float, share
        Share retained of the spread of `Calibrated` beyond sampling. Chosen by a rule of
        benchmarks/results/stock_worlds.md: of 0.5 to 1.
    ratio_change : float, log
        Standard deviation of the log ratio of unlisted to listed of a date around all dates. Chosen
        by a rule of benchmarks/results/whole_worlds.md: of none, 0.6, 0.3 and 0.15.
    unmodelled : float, log
        Standard deviation of the log number held that no part of the model explains. Chosen by a rule
        of benchmarks/results/stock_worlds.md: of 0 to 0.06.
    error_lasts : float
        Duration of errors over that of stays, as tables that share few people err in the same way.
        Judged with the whole in benchmarks/results/stock_worlds.md, and never searched.
    flow_correlation : float
        Correlation of the errors of arrests with those of the stock, on normal scores. Convention:
        that of `ErrorCorrelation`.
    half : float, persons
        Persons added to counts before logarithms are taken. Convention: half a person.
    high : float
        Level of the upper bound where no exits are learned. Convention: of limits at 95%.
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
    arrested_again: int = 60
    copied_within: int = 7
    copied_excess: float = 2.8
    copied_share: float = 0.05
    neighbours: int = 12
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
    """Numbers by which the model of people held is computed and shown.

    Parameters
    ----------
    learned_days : int, days
        Days after which lists learn of no exit. Convention: four years.
    log_days : tuple of (float, float, int), log days
        First and last value and size of the grid of days until lists learn. Convention: about three
        standard deviations of the prior.
    logits : tuple of (float, float, int), logit
        First and last value and size of the grid of shares never learned. Convention: about three
        standard deviations of the prior.
    tiny : float
        Least probability. Computational (`test_numbers`).
    at_once : int, spells
        Spells in one matrix of exits on unknown days. Computational (`test_numbers`).
    fits : int
        Alternations between hazards and exits on unknown days. Convention: two, as a third moves the
        hazards by little.
    turns : int
        Alternations between hazards of days and relative hazards. Convention: five, as a sixth moves
        them by little.
    tried : int, draws
        Draws of shares of wrong entries for each that is retained. Convention: forty.
    n_draws : int, draws
        Draws of a path. Convention: limits at 95% rest on 100 on each side.
    score_end : float
        Largest standard normal score at which distributions are retained. Convention: beyond it lie 7
        of a million.
    score_step : float
        Distance between two scores. Convention: a power of two, so that scores are exact.
    dates_shown : int, dates
        Dates of a printed table. Convention: a year of months.
    """

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
