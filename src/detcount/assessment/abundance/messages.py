"""What reports of lists say: the English templates by key, with the names of their values in braces."""

from __future__ import annotations

from detcount.privacy import FEWEST_TOLD
from detcount.words import Message

MESSAGES: dict[str, str] = {
    "title": "How many people: what the lists can carry",
    # verdicts
    "verdict": "Verdict: {verdict}.",
    "verdict estimate": "an estimate can be printed",
    "verdict range": "print a range, not one number",
    "verdict floor only": "print the floor only",
    "verdict refuse": "do not print an estimate of the total",
    "no rule fired": "no rule against printing an estimate applies",
    "sentence": "A sentence that can be printed",
    # the sentence
    "supports estimate": (
        "The lists support an estimate of about {point} in all ({level} interval {low} to {high}), if "
        "{condition}."
    ),
    "supports estimate without limit": (
        "The lists support an estimate of about {point} in all ({level} interval {low} or more, with no "
        "upper limit), if {condition}."
    ),
    "supports range": (
        "The lists support a range and no single number: {low} to {high} in all (from the lowest to the "
        "highest limit of the {level} intervals of {k} methods). The reason: {reason}."
    ),
    "supports range without limit": (
        "The lists support a range and no single number: {low} or more in all, with no upper limit (from "
        "the {level} intervals of {k} methods). The reason: {reason}."
    ),
    "supports range one": (
        "The lists support a range and no single number: {low} to {high} in all ({level} interval of the "
        "one method that gives a number). The reason: {reason}."
    ),
    "supports range one without limit": (
        "The lists support a range and no single number: {low} or more in all, with no upper limit "
        "({level} interval of the one method that gives a number). The reason: {reason}."
    ),
    "supports calibrated range": (
        "The lists support a range and no single number: {low} to {high} in all ({level} interval, "
        "learned from populations of known size), if {condition}. The reason: {reason}."
    ),
    "supports calibrated range without limit": (
        "The lists support a range and no single number: {low} or more in all, with no upper limit "
        "({level} interval, learned from populations of known size), if {condition}. The reason: "
        "{reason}."
    ),
    "not for print": (
        "Not to be printed, but to be known: the {level} interval learned from populations of known size goes"
        " from {low} to {high}. It says how little the lists tell; the reasons above are reasons not to "
        "rely on it."
    ),
    "calibration": (
        "The calibrated interval assumes that these people and lists are like those it was learned from "
        "in how lists depend on each other: {k} cases of known size from {d} data sets. On 28 of them the "
        "{level} intervals of established software packages held the truth only {least} to {most} of the "
        "time."
    ),
    "calibration two": (
        "The calibrated interval assumes that these people and lists are like those it was learned from "
        "in how lists depend on each other: {k} cases of known size from {d} data sets. On pairs of their "
        "lists Chapman's own {level} interval held the truth only {chapman} of the time."
    ),
    "calibration own": (
        "On cases that it had not learned from this {level} interval held the truth {groups} of the time "
        "where groups of tables with the same people count alike, and {tables} where tables do: less often "
        "than it says."
    ),
    "supports floor": (
        "Nobody is named on two lists, so nothing in them limits the total from above: no upper bound can"
        " be given."
    ),
    "supports too little": (
        "They say too little of the people who are on none of them for any number of the total: {reason}."
    ),
    "supports nothing": "The lists cannot carry an estimate of the total: {reason}.",
    # sections
    "floor": "The floor: people listed",
    "coverage sentence": (
        "Sample coverage is {c}: that share of a list's people is, on average over the lists, also on "
        "another list."
    ),
    "families": "Every method side by side",
    "declined": "Methods that cannot answer",
    "none declined": "Every method gave an answer.",
    "none answered": "No method gave an answer.",
    "overlaps": "Overlaps",
    "sensitivity": "If the lists depend on each other",
    "wrong entries": "If some entries do not belong on a list",
    "wrong list": "List with wrong entries",
    "floor change": "People listed",
    "total change": "Total",
    "wrong entries sentence": (
        "Lists often hold people who do not belong to those counted: freed before, held for another "
        "reason, or entered under a wrong name. If {share} of the entries of one list are such, and stand"
        " on no other list, the floor above is too high, and the total as a rule too. Without these "
        "entries they would change by as much as the table says, the unlisted as by the model of one "
        "method ({base})."
    ),
    "leave out": "Leaving out one list at a time",
    "assumptions": "What the recommended method assumes",
    "assumptions all": "What the methods assume",
    # columns
    "list": "List",
    "persons": "People",
    "exclusive": "On no other list",
    "pair": "Lists",
    "on both": "On both",
    "on exactly": "On exactly these lists",
    "times": "Number of lists",
    "method": "Method",
    "estimator": "Estimator",
    "listed": "Listed",
    "low": "Low",
    "point": "Point",
    "high": "High",
    "interval": "Interval",
    "kind": "Gives",
    "reason": "Reason",
    "remedy": "What to do",
    "odds ratio": "Odds ratio",
    "left out": "List left out",
    # kinds of family
    "kind claim": "a number",
    "kind bound": "a lower bound",
    "kind baseline": "a baseline",
    "kind calibrated": "a calibrated interval",
    "recommended mark": "★ marks the recommended method.",
    "no point": "Its number is left out (–), as the verdict is against printing one.",
    "agreement sentence": "The {k} methods that claim a number give nearly the same one.",
    "kinds sentence two": (
        "The calibrated interval is wide on purpose and does not count when the methods are compared."
    ),
    "kinds sentence": (
        "A lower bound, a baseline and the calibrated interval, which is wide on purpose, do not count when "
        "the methods are compared."
    ),
    "modes sentence": (
        "Some disagree within themselves: the posterior has several modes ({modes:;}), as models that fit "
        "about as well say different things, and one number hides it."
    ),
    "rounded": (
        "Numbers are rounded to two or three figures, and limits outward to two; the files of numbers have "
        "every figure, with the Monte Carlo error where there is one."
    ),
    "ticks sentence": (
        "In the figure, a shaded strip shows where a method puts its probability, and ticks mark the modes."
    ),
    "strips sentence": "In the figure, a shaded strip shows where a method puts its probability.",
    "disagreement sentence": (
        "The highest number is {ratio} times the lowest, over {k} methods that claim one."
    ),
    # sensitivity
    "sensitivity sentence": (
        "The odds ratio multiplies the number of people on no list. Above 1, being on one list goes with "
        "being on others more than the method assumes, below 1 less; 1 is what it assumes ({base}), and no "
        "data on listed people can show which is true."
    ),
    "sensitivity calibrated": (
        "The calibrated interval allows for such dependence already, as far as it was found in the "
        "populations of known size."
    ),
    "tipping sentence": "The total reaches {claim} people ({meaning}) at an odds ratio of {tipping}.",
    "tipping within": (
        "The total reaches {claim} people ({meaning}) at an odds ratio between {low} and {high}."
    ),
    "tipping none": (
        "No odds ratio brings the total to {claim} people ({meaning}): that is not above the number listed."
    ),
    "claim half": "the point where half of the people are listed",
    "claim given": "the claim under test",
    "no sensitivity": "There is no estimate to vary.",
    "leave out sentence": "The total by the same method ({base}) when one list is left out.",
    "leave out largest": (
        "Of {n} lists the {k} largest are left out, one at a time; each list more would take seconds."
    ),
    "leave out three": "The total from the two lists that stay when one is left out ({base}).",
    "leave out two": "With two lists none can be left out.",
    "no leave out": "There is no estimate to repeat.",
    "cannot answer": "cannot answer: {reason}",
    # what is printed
    "disclosure": "What is printed here, and what is not",
    "disclosure full": (
        "This report is full: it gives every count. Whoever reads it can work out how many people are on "
        "exactly which lists, even where they are one or two. Share it only with those who may see the "
        "lists themselves; the public report is made without asking for anything."
    ),
    "disclosure dataset": "This report is full: it gives every count, as the data set is public.",
    "disclosure public": (
        "This report is for the public. It gives the number of people listed, rounded down, and otherwise "
        "rounded numbers: limits go outward, and where a combination of lists has 1 to 4 people, so far "
        "that at least one other table, in which every such count is another one, gives the same page. "
        "How many people are on one list alone, on a pair or on a combination of lists is left out, and "
        "so are the numbers of each method. This keeps a reader from finding such a count by subtracting "
        "or by computing. It is no proof against somebody who knows all counts but one, and each further "
        "report on nearly the same people tells more."
    ),
    "disclosure rounded": (
        "This report is for the public. It gives the number of people listed, rounded down, and otherwise "
        "rounded numbers. How many people are on each list, on a pair or on a combination of lists is "
        "left out, and so are the numbers of each method. With so many lists the tables that would give "
        "the same page cannot be counted; that keeps a reader from finding a small count by subtracting "
        "or by computing. It is no proof against somebody who knows all counts but one, and each further "
        "report on nearly the same people tells more."
    ),
    "public few": (
        "the lists name so few people that anything beyond their number would show who is on which list"
    ),
    "public other rule": (
        "a rule against printing more applies, and its reason cannot be given without numbers that would "
        "show small counts"
    ),
    "public empty overlap": "the model needs an overlap of lists that is empty",
    "public existence": "the data do not determine the model",
    "public coverage": (
        "the lists overlap too little for one number: sample coverage is not above {coverage}"
    ),
    "public unlisted": "the estimate sets more than {unlisted} unlisted people beside each listed one",
    "public disagreement": (
        "the methods disagree: the highest number is more than {disagreement} times the lowest"
    ),
    "public modes": "a posterior has several modes, and one number would hide all but one of them",
    "public width": "the calibrated interval is wide: its upper limit is more than {width} times the lower",
    "public not calibrated": "no interval learned from populations of known size can be given",
    "public estimate": (
        "The lists support an estimate of {low} to {high} in all ({level} interval), if {condition}."
    ),
    "public estimate without limit": (
        "The lists support an estimate of {low} or more in all ({level} interval, with no upper limit), "
        "if {condition}."
    ),
    "public range": (
        "The lists support a range and no single number: {low} to {high} in all ({level} interval), if "
        "{condition}. The reason: {reason}."
    ),
    "public range without limit": (
        "The lists support a range and no single number: {low} or more in all, with no upper limit "
        "({level} interval), if {condition}. The reason: {reason}."
    ),
    "public methods": (
        "These methods gave an answer: {names:;}. The figure draws those that are not recommended "
        "without their numbers, and rounds their limits outward in larger steps than the table."
    ),
    "public declined": "These did not, for all that may be told here: {names:;}. The full report says why.",
    "public not asked": (
        "These were not asked, on request or because there are too many lists for them: {names:;}."
    ),
    "public spread": "All {k} methods that claim a number, lowest to highest limit",
    "public sizes": (
        "The number is rounded down, and the people on each list are rounded to the nearest {unit}."
    ),
    "public no sizes": (
        "The number is rounded down. How many people are on each list is left out: even rounded, it could "
        "show a small count, or whether somebody is on a list."
    ),
    "keyed digest": "Keyed digest of the data",
    "more rows": "{k} more not shown.",
    "lists in no bar": "{k} lists are in none of these combinations.",
    # figures
    "figure forest": "Number of people by each method",
    "figure posterior": "Where each method puts its probability",
    "figure upset": "People by the lists that name them",
    "figure sensitivity": "Total if the lists depend on each other",
    "axis persons": "people",
    "axis odds ratio": "odds ratio between the lists",
    "floor line": "{n} listed",
    "claim half short": "{n}: half of them listed",
    "claim given short": "{n}: the claim",
    "tipping label": "{n} reached at {value}",
    "assumed label": "assumed",
    "alt forest": "Estimates and {level} intervals of {k} methods beside the {n} people listed.",
    "alt forest public": (
        "{level} intervals of {k} methods, roughly and without numbers, beside the {n} people listed."
    ),
    "alt upset": (
        "Bars: people named on each combination of the {k} lists. The table that follows gives the counts."
    ),
    "alt sensitivity": (
        "Curve: the total as the odds ratio between the lists goes from {low} to {high}. The table that "
        "follows gives the values."
    ),
    # provenance
    "digest": "SHA-256 of the data",
}


def tell(key: str, **values: object) -> Message:
    """Say something by its key.

    Parameters
    ----------
    key : str
        Key of the template in `MESSAGES`.
    **values : str, number, Message, or tuple of these
        What stands in its braces.

    Returns
    -------
    Message
        The words.
    """
    return Message(MESSAGES[key], **values)


def at_least(n: int) -> Message:
    """Say how many people the lists name, as the floor of the total; 0 where they are few."""
    if n == 0:
        return Message("Fewer than {n} people are named on the lists.", n=FEWEST_TOLD)
    return Message.counted(
        "At least 1 person is named on the lists.", "At least {n:,} people are named on the lists.", n=n
    )


def listed_on(n: int, k: int) -> Message:
    """Say how many people so many lists name."""
    return Message.counted(
        "1 person is named on at least one of {k} lists.",
        "{n:,} people are named on at least one of {k} lists.",
        n=n,
        k=k,
    )
