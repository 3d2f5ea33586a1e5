"""What reports about releases say: English templates by key, the same that catalogues know."""

from __future__ import annotations

from typing import Any

from detcount.words import Message


def tell(key: str, /, **values: Any) -> Message:
    """Say the words of a key, with what stands in their braces."""
    return Message(MESSAGES[key], **values)


def times(key: str, /, n: int, **values: Any) -> Message:
    """Say the words of a key for so many things."""
    return Message.counted(COUNTED[key][0], COUNTED[key][1], n=n, **values)


MESSAGES: dict[str, str] = {
    "title": "Announced and verified releases: what the counts say",
    # days, after "for"
    "for unknown": "for days that the source did not say",
    "for to": "for days up to {day}",
    "for from": "for days since {first}",
    "for day": "for {day}",
    "for span": "for {first} to {last}",
    "for span of one year": "for {first:no year} to {last}",
    # days as headings
    "days unknown": "Days not said",
    "days to": "Up to {day:short year}",
    "days from": "Since {first:short year}",
    "days span": "{first:short year} to {last:short year}",
    # the sentence of an announcement
    "of announced on": "Of {announced} {window} announced by {who} on {day}, {what}.",
    "of announced by": "Of {announced} {window} announced by {who} (reported by {day}), {what}.",
    "at least": "at least {number}",
    "none verified": "none was verified by {who} by {day}",
    "verified too": "{number} by {who} by {day}",
    "reported by each": "{number} were reported by each of {who:and} by {day}",
    "not by": "{number} not by {who}",
    "at least not by": "at least {number} not by {who}",
    "at most not by": "at most {number} not by {who}",
    "by neither": "by neither {low} to {high}, as their names were not compared",
    "more than announced": "more than was announced, so that the two may count different people",
    "other days": "{number} were verified by {who} {window}, which are other days",
    "in parts whole": "its counts of exactly these days add up to {number}",
    "in parts whole alone": "the counts of {who} of exactly these days add up to {number}",
    "no verified": "this file has no verified count of these",
    "no full verified": "this file has no full verified count of these",
    "no count": "this file has neither a verified nor a reported count of these",
    "reviews": "reviews are no releases, and neither number is taken from the other",
    "house arrest": "house arrest is no release, and neither number is taken from the other",
    "other people": (
        "one counts all prisoners, the other political prisoners, and neither number is taken from the other"
    ),
    "people not said": "{who} does not say whether it counts all prisoners or political prisoners alone.",
    "not said": "What became of these the counts do not say.",
    "no later": "This file has no later figure of these.",
    "doubted": "The file notes a doubt about the figure of {who:and}.",
    # the sentence of what nobody announced
    "not announced reported": (
        "{what} {window}; this file has no announced number and no verified count of these."
    ),
    "not announced verified": "{what} {window}; this file has no announced number of these days.",
    "partial alone": "This file has a count of a part alone {window}, by {who:and}.",
    # the first lines and the table
    "as of": "As of {day}",
    "no accusation": (
        "What is not verified is not false: a count that lacks is no proof that nobody was let out."
    ),
    "table": "Announced, verified and reported",
    "column days": "Days",
    "column announced": "Announced",
    "column verified": "Verified",
    "column reported": "Reported",
    "column bounds": "Least to most",
    "cell on": "{number} ({who}, {day:short year})",
    "cell by": "{number} ({who}, by {day:short year})",
    "cell doubted": "{cell}, doubted by a note",
    "cell partial": "{cell}, of a part alone",
    "cell other days": "{cell}, {window}",
    "cell in parts": "{number} in counts of {covered} of {days} days ({who})",
    "cell more": "{cells}; {n} more",
    "cell review": "{number} reviews",
    "cell house arrest": "{number} to house arrest",
    "cell bounds": "{low}–{high}",
    "cell all": "{high}, or 0–{high}",
    "cell both": "{low}–{high}, or 0–{high}",
    "cell from": "≥{low}, or ≥0",
    "cell apart": "not compared",
    "table note": (
        "Least to most of those announced: first if those verified are of this announcement, then if that is "
        "not known."
    ),
    "table part": "Where only some days were counted, nothing is said of the others.",
    # folds
    "fold sentences": "The other announcements and counts, a sentence each",
    "fold counts": "Every count of the file",
    "fold conflicts": "Counts that do not stand together",
    "fold differences": "What two totals of one source, of one day, leave",
    "fold supposed": "If a monitor finds in the end so much of what happens, then so many were completed",
    "fold register": "What is not known of the register",
    "fold method": "How these lines are made",
    "difference": ("{who}: {whole} {window}, less {part} {inner}, both published by {day}: {rest} {left}."),
    "supposed note": (
        "The reader chooses the share; no count says which one holds. What was completed lies inside the "
        "announcement, and not below the verified. Limits at {level}, rounded outward."
    ),
    "supposed column": "If {share} is found",
    "supposed monitors": "Monitor",
    "conflict contradiction": "{what}.",
    "conflict doubted": "{what}. The file notes a doubt about one of the two.",
    "column published": "Published",
    "column source": "Source",
    "column role": "Kind",
    "column count": "Persons",
    "column marks": "Marks",
    "mark partial": "of a part alone",
    "mark doubted": "doubted by its note",
    "mark by": "published by that day",
    "mark review": "reviews of custody",
    "mark house arrest": "house arrest",
    "mark difference": "difference of two totals",
    "role announced": "announced",
    "role verified": "verified",
    "role reported": "reported",
    # the register
    "register sentence": (
        "By its own totals {who} had {first} people in its register on {start}, added {arrests} arrests, "
        "and had {last} on {end}: {first} + {arrests} − {last} = {exits} left the register between the two "
        "days."
    ),
    "register announced": "Announced were {items:and}: of other days, and nothing is taken from either.",
    "register item": "{number} {window} ({who})",
    "register prior": (
        "With deaths and late entries that no bulletin prints the exits may be {low} to {high} ({level}); "
        "how late entries come is judged from the bulletins that can be checked, by a stated prior."
    ),
    "register bounds": (
        "With deaths and late entries that no bulletin prints the exits are at least {low}; how many more "
        "these bulletins do not bound."
    ),
    "register no names": (
        "People whom this register never named are in none of its totals, so that a difference is no proof "
        "that a release did not happen."
    ),
    # how it is made
    "method role": (
        "Announced is what a body of the state said; verified, what a monitor confirmed case by case; "
        "reported, what was passed on without that claim."
    ),
    "method windows": (
        "Two counts are set against each other where they bear one name and the announcement is of one "
        "lot, or where their first and last days are at most {n} days apart. Windows of different sources "
        "that differ by more are never subtracted."
    ),
    "method parts": (
        "Where no monitor counted all days announced, its counts of parts of them that share no day are "
        "added. A count that is named for one lot counts only the days of that lot."
    ),
    "method marks": (
        "A count of a part alone, by its column or its note, is set against nothing. “By” a day says that "
        "the file does not have the day of publication itself."
    ),
    # the figure
    "figure": "What was announced, verified and reported",
    "figure alt": "A bar for each announcement, filled as far as it was verified.",
    "axis persons": "Persons",
    "part announced": "announced",
    "part verified": "the most that one monitor verified",
    "part in parts": "verified, added from counts of parts of the days",
    "mark verified": "verified by others",
    "mark reported": "reported",
    "bar announced": "{number} announced",
    "bar verified": "{number} verified, {who}",
    "bar reported": "{number} reported, {who}",
    "bar nothing": "no verified count",
}

COUNTED: dict[str, tuple[str, str]] = {
    "release": ("{number} release", "{number} releases"),
    "review": ("{number} custody review", "{number} custody reviews"),
    "house arrest": ("{number} move to house arrest", "{number} moves to house arrest"),
    "were verified": ("{number} was verified by {who} by {day}", "{number} were verified by {who} by {day}"),
    "were reported": ("{number} was reported by {who} by {day}", "{number} were reported by {who} by {day}"),
    "in parts": (
        "{verified} were verified by {who} in counts of {covered} of these {days:,} days; of the other day "
        "this file has no full count by it",
        "{verified} were verified by {who} in counts of {covered} of these {days:,} days; of the other "
        "{n:,} days this file has no full count by it",
    ),
    "older": (
        "1 older event stands in the folds.",
        "{n:,} older events stand in the folds.",
    ),
    "counts read": (
        "{n:,} published count by {sources}, {first} to {last}.",
        "{n:,} published counts by {sources}, {first} to {last}.",
    ),
    "source": ("1 source", "{n} sources"),
}
