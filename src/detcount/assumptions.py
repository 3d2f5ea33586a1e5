"""The assumptions that a number can rest on, as clauses."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import reduce

from detcount.words import Message

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
    ERROR_FREE_LINKAGE = Message(
        "a person named on several lists is recognised as one person, and no two persons are taken for one"
    )
    NO_OVERCOVERAGE = Message("nobody outside the population is on a list")
    INDEPENDENT_LISTS = Message("being on one list does not change a person's chance of being on another")
    INDEPENDENT_GIVEN_COVARIATES = Message(
        "among persons alike in the covariates given, being on one list makes nobody more or less likely to "
        "be on the other, and everybody can be on either"
    )
    REACH_ELSEWHERE = Message(
        "where a list does not operate, it would have overlapped with the others as it does where it operates"
    )
    EQUAL_LIST_SHARES = Message("every list names the same share of the population")
    HOMOGENEOUS_PERSONS = Message("on any one list, every person had the same chance of being named")
    KNOWN_ODDS_RATIO = Message(
        "the odds ratio between the lists is the one stated; data on the listed persons cannot show it"
    )
    MODELLED_DEPENDENCE = Message(
        "lists depend on each other only through the interactions that the model contains"
    )
    SELECTED_DEPENDENCE = Message(
        "some candidate model describes how the lists depend on each other, for listed and unlisted persons "
        "alike"
    )
    NO_HIGHEST_ORDER_INTERACTION = Message(
        "the dependence among all the lists together is the value stated (an odds ratio; 1 means none); data "
        "on the listed persons cannot show it"
    )
    HETEROGENEITY_FORM = Message(
        "persons differ in how easily they are listed in the way that the stated form describes"
    )
    LOWER_BOUND = Message(
        "persons may differ in how easily they are listed; the number is then a lower bound"
    )
    SAMPLE_COVERAGE = Message(
        "the dependence seen between pairs of lists is carried to the unlisted through the sample coverage"
    )
    LATENT_CLASSES = Message(
        "persons fall into classes within which the lists are independent, listed and unlisted persons alike"
    )
    RANDOM_AUDIT = Message(
        "the entries that were checked were drawn at random from all of their kind, and each answer is right"
    )
    RANDOM_SAMPLE = Message(
        "the sample was drawn as its design says, everybody counted whom no list names could be drawn, and who "
        "of the sample is on no list was rightly found"
    )
    DOUBT_APART_FROM_LISTING = Message(
        "among those who belong, whether an entry is doubtful has nothing to do with being on the other lists"
    )
    WITHDRAWALS_AS_BEFORE = Message("withdrawals to come vary as those between the versions that are known")
    COUNT_DISTRIBUTION = Message(
        "the number of times the list names a person follows the stated distribution, the same for listed "
        "and unlisted"
    )
    EXCHANGEABLE_ERROR = Message(
        "standard estimators miss here by as much, and in the same direction, and lists depend on each other "
        "as strongly, as in the populations of known size they were compared with"
    )
    DRAWN_TABLES = Message(
        "the draws of who is who, or of missing values, differ as much as these are uncertain"
    )
    MISSING_LIKE_KNOWN = Message(
        "among persons whom the same lists name and whose other fields are the same, a field that is missing "
        "has the values that it has where it is known"
    )
    VERIFIED_HAPPENED = Message(
        "every release that a monitor counts as verified did happen and is counted once; how many of them "
        "are outside the announcement follows the stated prior"
    )
    COMMON_DELAY = Message(
        "how long verification takes follows one distribution of the stated form, the same for all releases "
        "of one monitor"
    )
    DELAY_BY_BATCH = Message(
        "how long verification takes has the stated form, with a quick part and a slow one, and differs from "
        "announcement to announcement by no more than the stated priors allow"
    )
    STATED_VERIFICATION = Message(
        "the chance that a monitor ever verifies a release that happened follows the stated prior; published "
        "totals cannot show it"
    )
    INDEPENDENT_MONITORS = Message(
        "among the releases that happened, being verified by one monitor does not change the chance of being "
        "verified by another, or changes it by the odds ratio stated"
    )
    ALIKE_MONITORS = Message(
        "what one monitor finds, misses or passes on of an announcement resembles what another does, as much "
        "as stated; given the chances of both, each release is verified by the one whether or not by the "
        "other"
    )
    MONITORS_IN_PAIRS = Message(
        "of three monitors or more each two may depend on each other, as the releases that another one "
        "verified show, and all together depend no further; two monitors are independent, or have the odds "
        "ratio stated"
    )
    UNCHANGED_VERIFICATION = Message(
        "recent releases are verified in the end as often, and as fast, as earlier ones were"
    )
    STATED_WINDOWS = Message(
        "the days that a published total names are those of the releases it counts, and all totals of one "
        "source in one role come from one register, apart from corrections"
    )
    LIKE_CAMPAIGNS = Message(
        "releases to come resemble what the same monitor counted so far and what monitors counted in other "
        "campaigns, as much as stated"
    )
    CONSISTENT_REGISTER = Message(
        "the stock and the arrest total of the monitor belong to one register: whoever enters is in both, "
        "and whoever leaves is out of the stock by the next bulletin"
    )

    KNOWN_EXITS = Message(
        "every exit that a list knows is in the data, and nobody on a list was released without any list "
        "learning of it"
    )
    REGISTER_BALANCE = Message(
        "whoever the register enters was held from some day before the entry, whoever it removes had left, "
        "and what it counts as entered late was inside on the day before"
    )
    LATE_EXITS = Message(
        "every list learns of exits as late, and misses as many, as the exits show that a list knows, and "
        "whoever is on one list leaves as often as whoever is on several"
    )
    STATED_WRONG_ENTRIES = Message(
        "entries of people who do not belong are as many as an audit found or somebody stated, or else as "
        "many as an assumed law says: 2.5% in the middle, and above 8% in one case of 20"
    )
    REGISTER_GOES_ON = Message(
        "the register goes on to be kept as it was, and its total moves as far and as unevenly as it did, "
        "give or take what the stated priors allow"
    )
    STATED_CORRELATION = Message(
        "the errors of the estimates at different dates are as much one error as stated; tables of the dates "
        "cannot show it"
    )
    REGISTER_MODEL = Message(
        "what the register holds follows from arrests, exits and delays as the model has it: people are "
        "entered after a delay or never, those who left are removed after a delay, and the unknown leave "
        "about as fast as the known"
    )
    STATED_COVERAGE = Message(
        "the share of the arrested whom the register ever enters follows the stated prior; published totals "
        "cannot show it"
    )

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
    return reduce(_and_if, clauses) if clauses else Message.together(())


def _and_if(first: Message, second: Message) -> Message:
    """Two conditions as one."""
    return Message("{first}, and if {second}", first=first, second=second)
