"""What a report of several jobs says: English templates by key, the same that catalogues know."""

from __future__ import annotations

from typing import Any

from detcount.words import Message


def tell(key: str, /, **values: Any) -> Message:
    """Say the words of a key, with what stands in their braces."""
    return Message(MESSAGES[key], **values)


MESSAGES: dict[str, str] = {
    "title": "How many people are detained: what the data at hand can carry",
    "short": "In short",
    "short sentence": (
        "Each row answers another question, by a definition of its own: their numbers are not to be added. "
        "At least: the floor, by what is taken for granted in the part on each job. Lower and upper limit: "
        "{level} limits, or bounds where the verdict says so. A dash stands where no number is to be printed."
    ),
    "headline lists": "lists: {verdict}",
    "headline stock": "people held: {verdict}",
    "headline releases": "releases: {verdict}",
    # columns
    "question": "Question",
    "verdict": "Verdict",
    "floor": "At least",
    "low": "Lower limit",
    "high": "Upper limit",
    "file": "File",
    "taken": "Taken for",
    "why": "Why",
    # questions
    "question lists": "How many people in all, by the lists",
    "question stock": "How many were held at the end of {day}",
    "question releases": "How many were verified, of {number} releases {window} announced by {who}",
    # verdicts of announcements
    "split none": "two counts that are of different people: neither is taken from the other",
    "split unverified": "this file has no verified count of these",
    "split part": "some of the days alone were counted: nothing is said of the others",
    "split bounds": "the least and the most, if those verified are of this announcement",
    # what stands under each job
    "job lists": "The lists",
    "job stock": "The people held",
    "job releases": "The releases",
    "assumes": "What the numbers assume: {items:;}.",
    "assumes more": "What the numbers assume, first of all: {items:;}. The part on this job has the rest.",
    "changes": "What would change it:",
    "change names": (
        "Names that two monitors or more verified, matched case by case: only these say how many none of "
        "them found."
    ),
    "change third list": "A further list that was made apart from these.",
    "change second list": "A list that shares people with one of these, and was not made from it.",
    "change one list": (
        "A list left out: without {name!r} the number goes from {low} to {high}, and not from {whole_low} to "
        "{whole_high}."
    ),
    "change wrong entries": (
        "Entries that do not belong: if {share} of those of {name!r} do not, the number changes by {change}."
    ),
    # what stands side by side
    "beside": "Beside each other",
    "beside sentence": (
        "These remarks compare what is printed above and below. They are no estimates, and none of them "
        "changes a number."
    ),
    "lists day": (
        "{source} published {count} people held on {day}, the day that the lists are of. The lists name at "
        "least {floor}."
    ),
    "lists day below": (
        "That is fewer than the lists name: the register lacks people whom they know, or they name people "
        "who were not held that day."
    ),
    "lists day within": "That is within the limits of the lists, from {low} to {high}.",
    "lists day under": (
        "That is less than the lower limit of the lists, {low}, as a register is that lacks the people whom "
        "its monitor does not know."
    ),
    "lists day above": (
        "That is more than the upper limit of the lists, {high}: the register counts people whom the "
        "definition of the lists leaves out, or the limits are too low."
    ),
    "lists other day": (
        "The lists count everybody who was held at any time from {first} to {last}, and {source} published "
        "{count} people held on {day}: the first number is the larger one wherever people were let out in "
        "between, and the two are not to be subtracted."
    ),
    "lists no day": (
        "Nobody said which days the lists are of, so that their number cannot be set against the {count} "
        "people held on {day} that {source} published, nor against the people held on one day. Say the day "
        "or the period whom they count."
    ),
    "stock above lists": (
        "At least {held} people were held at the end of {day}, and the lists allow {high} in all: both "
        "cannot be right if the two count the same people."
    ),
    "stock within lists": (
        "From {low} to {high} people were held at the end of {day}, within what the lists allow of all who "
        "were held at any time."
    ),
    "verified": "{who} verified {verified} releases {window}.",
    "audit": "The totals of {source} imply {exits} exits from its register from {start} to {end}.",
    "exits other": "Among exits are those that are no releases, as deaths and transfers.",
    "exits above": (
        "More were verified than that: the two do not agree, or people were let out who are not among those "
        "counted as held."
    ),
    "no remark": "Nothing of the jobs can be set side by side: they are of other days or other people.",
    # what was read
    "read": "What was read",
    "names of files": "The names of files stand in the full report alone.",
    "aside": "left aside",
}
