"""The assumptions that a number can rest on, as clauses."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import reduce

from detcount.words import Message, Messages

message = Messages("detcount")

__all__ = ["Assumption"]


class Assumption(Enum):
    """A condition under which an estimate means what it says.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> estimate = dc.abundance.Chapman().fit(table)
    >>> print(estimate.assumptions[0])
    nobody enters or leaves the population while the lists are made
    """

    CLOSED_POPULATION = Message("nobody enters or leaves the population while the lists are made")
    ERROR_FREE_LINKAGE = message("error free linkage")
    NO_OVERCOVERAGE = Message("nobody outside the population is on a list")
    INDEPENDENT_LISTS = Message("being on one list does not change a person's chance of being on another")
    INDEPENDENT_GIVEN_COVARIATES = message("independent given covariates")
    REACH_ELSEWHERE = message("reach elsewhere")
    EQUAL_LIST_SHARES = Message("every list names the same share of the population")
    HOMOGENEOUS_PERSONS = Message("on any one list, every person had the same chance of being named")
    KNOWN_ODDS_RATIO = message("known odds ratio")
    MODELLED_DEPENDENCE = message("modelled dependence")
    SELECTED_DEPENDENCE = message("selected dependence")
    NO_HIGHEST_ORDER_INTERACTION = message("no highest order interaction")
    HETEROGENEITY_FORM = message("heterogeneity form")
    LOWER_BOUND = message("lower bound")
    SAMPLE_COVERAGE = message("sample coverage")
    LATENT_CLASSES = message("latent classes")
    RANDOM_AUDIT = message("random audit")
    DOUBT_APART_FROM_LISTING = message("doubt apart from listing")
    WITHDRAWALS_AS_BEFORE = Message("withdrawals to come vary as those between the versions that are known")
    COUNT_DISTRIBUTION = message("count distribution")
    EXCHANGEABLE_ERROR = message("exchangeable error")
    DRAWN_TABLES = message("drawn tables")
    MISSING_LIKE_KNOWN = message("missing like known")
    VERIFIED_HAPPENED = message("verified happened")
    COMMON_DELAY = message("common delay")
    DELAY_BY_BATCH = message("delay by batch")
    STATED_VERIFICATION = message("stated verification")
    INDEPENDENT_MONITORS = message("independent monitors")
    ALIKE_MONITORS = message("alike monitors")
    MONITORS_IN_PAIRS = message("monitors in pairs")
    UNCHANGED_VERIFICATION = message("verification as before")
    STATED_WINDOWS = message("stated windows")
    LIKE_CAMPAIGNS = message("like campaigns")
    CONSISTENT_REGISTER = message("consistent register")

    KNOWN_EXITS = message("known exits")
    REGISTER_BALANCE = message("register balance")
    LATE_EXITS = message("late exits")
    STATED_WRONG_ENTRIES = message("stated wrong entries")
    REGISTER_GOES_ON = message("register goes on")
    STATED_CORRELATION = message("stated correlation")
    REGISTER_MODEL = message("register model")
    STATED_COVERAGE = message("stated coverage")

    @property
    def sentence(self) -> Message:
        """The assumption as a clause, without a full stop."""
        message: Message = self.value
        return message

    def __str__(self) -> str:
        return str(self.value)


# What all estimates assume: a report lists it, and no sentence says it again.
_COMMON = (Assumption.CLOSED_POPULATION, Assumption.ERROR_FREE_LINKAGE, Assumption.NO_OVERCOVERAGE)


def conditions(assumptions: Iterable[Assumption]) -> Message:
    """Say what an estimate assumes besides what all of them do.

    Parameters
    ----------
    assumptions : iterable of Assumption
        Everything that it assumes.

    Returns
    -------
    Message
        The conditions, as clauses after "if".

    Examples
    --------
    >>> from detcount.assumptions import Assumption, conditions
    >>> print(conditions([Assumption.INDEPENDENT_LISTS]))
    being on one list does not change a person's chance of being on another
    """
    clauses = [assumption.sentence for assumption in assumptions if assumption not in _COMMON]
    return reduce(_and_if, clauses) if clauses else Message("")


def _and_if(first: Message, second: Message) -> Message:
    """Two conditions as one."""
    return Message("{first}, and if {second}", first=first, second=second)
