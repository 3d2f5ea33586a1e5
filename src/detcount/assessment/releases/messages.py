"""What reports about releases say: English templates by key, the same that catalogues know.

One thing, as a catalogue is: each part of the report takes its words from here.
"""

from __future__ import annotations

from typing import Any

from detcount.words import Message

__all__ = ["COUNTED", "MESSAGES", "tell", "times"]


def tell(key: str, /, **values: Any) -> Message:
    """Say the words of a key, with what stands in their braces."""
    return Message(MESSAGES[key], **values)


def times(key: str, /, n: float, **values: Any) -> Message:
    """Say the words of a key for so many things; where there are words of their own for none, these."""
    number = round(n)
    if number == 0 and f"{key} none" in MESSAGES:
        return tell(f"{key} none", **values)
    return Message.counted(COUNTED[key][0], COUNTED[key][1], n=number, **values)


MESSAGES: dict[str, str] = {
    "title": "Announced and verified releases: what the counts can carry",
    # days
    "window unknown": "of days that the source did not say",
    "window to": "up to {day}",
    "window from": "since {first}",
    "window day": "of {day}",
    "window span": "from {first} to {last}",
    "window span of one year": "from {first:no year} to {last}",
    # numbers
    "less than": "less than {share}",
    "more than": "more than {share}",
    "at least": "at least {number}",
    "window to no year": "up to {day:no year}",
    "window from no year": "since {first:no year}",
    "window day no year": "of {day:no year}",
    "window span no year": "from {first} to {last:no year}",
    "window span of one year no year": "from {first:no year} to {last:no year}",
    # days as headings
    "days unknown": "Days not said",
    "days to": "Up to {day}",
    "days from": "Since {first}",
    "days span": "{first} to {last}",
    "days span of one year": "{first:no year} to {last}",
    # the sentences
    "of announced": "Of {announced} {window} announced ({who})",
    "of announced on": "Of {announced} {window} announced on {day} ({who})",
    "were verified none": "none was verified by {day}",
    "were verified at least none": "none was verified by {day}",
    "releases were verified none": "no release was verified by {day}",
    "in part of those days none": "no count published by {day} lies within those days",
    "within those days none": "no count published by {day} lies within those days",
    "other days": "other days, {window}",
    "counted days": "counted {window}",
    "lowered from": "down from {number} on {day}",
    "lowered from no day": "down from {number}",
    "and verified": "and {number} verified by {day} ({who:;})",
    "and reported": "and {number} reported by {day} ({who:;})",
    "and of its own": "and {number} verified {window}",
    "and verified of": "and {number} verified {window} ({who})",
    "and reported of": "and {number} reported {window} ({who})",
    "clause more verified": "more than announced: they may count different people",
    "clause more verified short": "more than announced",
    "clause reviews": "reviews are no releases",
    "clause another measure": "one of the two counts all prisoners, the other political prisoners",
    "clause of all": "all prisoners announced, political prisoners verified",
    "clause of political": "political prisoners announced, all prisoners verified",
    "clause completed": "{who} says that {number} were out by {day}",
    "clause completed short": "{number} out by {day}, says {who}",
    "clause data": "{low} to {high} were carried out ({level}, from the counts)",
    "clause prior": "{low} to {high} were carried out ({level}, by a stated prior)",
    "clause outside": "{clause}: some of the verified may be others",
    "clause bounds": "{low} to {high} can have been carried out",
    # the paragraphs
    "at most": "at most {share}",
    "more verified": (
        "More were verified than announced, so there is no gap to explain; the two may count different "
        "people."
    ),
    "all verified": "By the count of {who}, as many were verified as were announced.",
    "not split": (
        "How many of the rest were carried out these counts cannot say: they are of different people, and "
        "nothing of the difference may be called unsubstantiated."
    ),
    "some outside": (
        "Some of the {verified} verified may be of no announcement, so that fewer than these may have been "
        "carried out of this one."
    ),
    "lowered": (
        "{who} had given {before} on {day} and {after} on {later}: the later figure is used, as a correction."
    ),
    "others verified": "Others had verified {items:and}.",
    "others reported": (
        "Others had reported, without saying that each case was confirmed, and it is not used in the "
        "estimate: {items:and}."
    ),
    "others above": (
        "The {number} that {who} counted are more than the {high} that this split allows: the counts do not "
        "agree."
    ),
    "moved by none": "No single published count moves the number carried out by much.",
    "moved by": (
        "The count that moves this most is the {number} of {who} ({day}): without it, {low} to {high} would "
        "have been carried out, and not {now_low} to {now_high}."
    ),
    "about none": "none",
    "about few": "probably none",
    "pending data none": (
        "From how long verification took before, no more are expected to be verified ({span})."
    ),
    "pending data zero": "From how long verification took before, no more are expected to be verified.",
    "pending prior zero": "By a stated prior, not by the counts, no more are expected to be verified.",
    "pending prior none": (
        "By a stated prior, not by the counts, no more are expected to be verified ({span})."
    ),
    "pending model none": (
        "From this monitor's counts of all days and how long it took before, no more of these days are "
        "expected to be verified ({span})."
    ),
    "pending bounds": "How many more will be verified the counts do not say: {span}.",
    "pending not modelled": "Verification is taken as complete: delay is not modelled here.",
    "both prior": (
        "By a stated prior, not by the counts, the rest splits into carried out but never to be verified,"
        " {unverifiable}, and unsubstantiated, that is announced and not carried out in the definition "
        "used, {unsubstantiated}."
    ),
    "both prior again": (
        "By a prior too, the rest splits into carried out but never to be verified, {unverifiable}, and "
        "unsubstantiated, that is announced and not carried out in the definition used, "
        "{unsubstantiated}."
    ),
    "both data": (
        "From the counts, the rest splits into carried out but never to be verified, {unverifiable}, and "
        "unsubstantiated, that is announced and not carried out in the definition used, "
        "{unsubstantiated}."
    ),
    "both bounds": (
        "How the rest splits into carried out but never to be verified ({unverifiable}) and "
        "unsubstantiated, that is announced and not carried out in the definition used "
        "({unsubstantiated}), the counts do not say."
    ),
    "unverifiable": "Carried out, and never to be verified: {words}.",
    "unsubstantiated": (
        "Unsubstantiated, that is announced and not carried out in the definition used: {words}."
    ),
    "about data": "{about} ({span}; from the counts)",
    "about prior": "{about} ({span}; from a stated prior, not from the counts)",
    "about bounds": "{span} (bounds; the counts say no more)",
    "span": "{level} interval {low} to {high}",
    "span open": "{level} interval {low} or more",
    "span bounds": "{low} to {high}",
    "span bounds open": "{low} or more",
    "cannot account none": "Whatever the chances and the delays are, all of them can be accounted for.",
    "cannot account if none": (
        "Whatever the chances and the delays are, all of them can be accounted for, provided that {assumed}."
    ),
    "cannot account between": (
        "Whatever the chances and the delays are, at least {low} and at most {high} ({share}) cannot be "
        "accounted for."
    ),
    "as many verified": (
        "As many were verified as were announced; whether they are the same people the counts cannot show."
    ),
    "completed": (
        "{who} announced on {day} that {number} had been released by {end}: that is an announcement too, "
        "verifies nothing, and is not used in the estimate."
    ),
    "at least base": "The announcement said “at least”, so the percentages are upper limits.",
    "no accusation": (
        "Pending is not false, and unsubstantiated is not proof that a release did not happen."
    ),
    # figures
    "figure announcements": "Announced, verified, pending, open",
    "bar announced": "{number} announced",
    "bar announced on": "{number} announced {day:short year}",
    "bar verified": "{number} verified, {day:short year} ({who})",
    "bar other verified": "{number} verified, {day:short year} ({who})",
    "bar other reported": "{number} reported, {day:short year} ({who})",
    "part verified": "verified",
    "part other days": "verified, but of other or fewer days, or other people",
    "part pending": "pending: will be verified, from the counts (median)",
    "part pending prior": "pending: will be verified, by a stated prior (median)",
    "part open": "open: the counts alone do not say",
    "line carried out data": "carried out, from the counts ({level} interval)",
    "line carried out prior": "carried out, by a stated prior ({level} interval)",
    "mark verified": "verified by another monitor",
    "mark reported": "reported by others",
    "axis share": "share of the announced releases",
    "figure windows": "Who counted the releases of which days",
    "role announced": "announced",
    "role verified": "verified",
    "role reported": "reported",
    "start unknown": "start not said",
    "figure fan": "Verified by {source}, {event}",
    "axis releases": "releases",
    "axis published": "day of publication",
    "short start unknown": "(start not said)",
    "short since": "since {first:short year}",
    "in the end": "{total} in the end ({low} to {high})",
    "fan verified": "verified, as published",
    "fan expected": "expected for the same days ({levels:and|.0%})",
    "fan announced": "announced for the same days",
    "fan announced elsewhere": "announced for other days: not comparable as it stands",
    "alt fan": (
        "Curve: the total that {source} had verified rises from {first} on {from_day} to {last} on {to_day}."
    ),
    "alt fan expected": (
        "A band shows what it is expected to be by {day} of releases up to {end}: {low} to {high} ({level})."
    ),
    "alt fan lines": "Totals announced for the same days are lines, the others stand apart: {lines:and}.",
    "alt fan no lines": "No announced total is drawn.",
    "fan grown": ("{source} had verified {first} by {from_day} and {last} by {to_day} ({event})."),
    "fan will be": "Of releases up to {end} it is expected to give {low} to {high} by {day} ({level}).",
    "fan lowered": "No limit is put below what is verified, though monitors lower their figures at times.",
    # the report
    "as of": "What was known on {day}",
    "conflict none": "No counts contradict each other.",
    "no batch": (
        "No announcement of one day or round can be set against a verified count of the same event."
    ),
    "announcements": "What was announced, and what was verified",
    "printable": "Each announcement in a sentence that can be printed",
    "rule": "Which verified figure stands against which announced one",
    "heading announced": "{days}: {number} announced",
    "heading reviews": "{days}: {number} reviews announced",
    "people unknown of all": ("No source said whether it counts all prisoners or political prisoners alone."),
    "behind": "What this rests on",
    "table of": "What became of the releases announced: {days}",
    "influence": "The number carried out without each count",
    "influence sentence": (
        "The number carried out, with one published count left out at a time; the count that moves it most "
        "stands first. Without its announcement, or its only verified count, it has no answer."
    ),
    "moves": "Which single counts move these numbers",
    "moves sentence": (
        "Each count was left out in turn; shown are those that move the number carried out the most. Without "
        "its announcement, or its only verified count, an announcement has no answer at all."
    ),
    "moves none": "None moves it by more than a tenth of its interval beyond what chance in the draws does.",
    "moves error": (
        "The last column is what chance does to the limits and the median without the count: one standard "
        "error, at most. Rows are numbered from 0, in the order of publication."
    ),
    "row": "Row",
    "announcement": "Announcement",
    "with it": "Carried out, all counts",
    "without it": "Without this one",
    "by chance": "By chance",
    "left out": "Left out",
    "nothing left out": "nothing",
    "identified": "What the counts can tell, and what they cannot",
    "identified data": (
        "From the counts: how many more a monitor will have verified in the end (pending), where two "
        "kinds of delay and a weaker prior give nearly the same. That takes several successive figures of"
        " one thing; otherwise it rests on a prior."
    ),
    "identified bounds": (
        "As bounds: the least and the most that can have been carried out, whatever the chances and the "
        "delays are. They take for granted that the announcement is not short, and what stands with each "
        "of them."
    ),
    "identified prior": (
        "Not from totals: how many of the rest happened and will never be verified, and how many did not "
        "happen. That split rests on a prior, a stated assumption about how many of the people freed a "
        "monitor ever finds; only two or more monitors whose people are matched case by case can settle "
        "it."
    ),
    "facts": "The facts: who counted what",
    "facts sentence": (
        "The last count of each source about each event. Windows that differ are not compared without a "
        "model."
    ),
    "contradictions": "Counts that contradict each other",
    "corrections": "Figures that their source lowered or restated later",
    "updates": "Figures that their source raised on the same day",
    "growth": "Verified totals as they grow",
    "delay": "How long verification takes",
    "delay sentence": (
        "Share of the releases that are ever verified that had been verified so many days after the release."
    ),
    "audit": "Exits implied by the number held",
    "silent": "Without an answer",
    "assumptions": "What the numbers assume",
    "source": "Source",
    "role": "Kind",
    "days": "Releases",
    "published": "Published",
    "count": "Count",
    "event": "Event",
    "quantity": "Quantity",
    "persons": "People",
    "announced": "Announced",
    "verified": "Verified",
    "others": "Others",
    "pending": "Pending",
    "carried out": "Carried out",
    "cell verified": "{number} verified",
    "cell reported": "{number} reported",
    "cell reviews": "{number} reviews",
    "cell part of days": "in {covered} of {days} days",
    "cell other people": "not comparable",
    "cell data": "{median} ({limits}), counts",
    "cell prior": "{median} ({limits}), prior",
    "low": "Low",
    "median": "Median",
    "high": "High",
    "rests on": "Rests on",
    "bounds": "Bounds",
    "rests data": "the counts",
    "rests prior": "a stated prior",
    "rests bounds": "bounds alone",
    "quantity eventually verified": "verified in the end",
    "quantity carried out": "carried out",
    "quantity pending": "pending",
    "quantity unverifiable": "carried out, never to be verified",
    "quantity unsubstantiated": "unsubstantiated",
    "days since": "Days since the release",
    "share verified": "Verified by then",
    "specifications": "Specification",
    "counted": "Most counts are of: {usual}. Others are not: {others:;}.",
    "table level": (
        "Pending and carried out are medians with limits at {level}: “counts” says that they rest on the "
        "counts, “prior” that they rest on a stated assumption. Bounds hold whatever the chances and the "
        "delays are; what they take for granted stands with each announcement."
    ),
    "table bounds below": (
        "A lower limit below the verified: up to half of those whom a monitor verified may be of no "
        "announcement."
    ),
    "table above announced": (
        "Of a sum of counts, pending and carried out are of all releases of those days, announced or not: "
        "they may be more than was announced."
    ),
    "table overlap": (
        "Announcements of the same days count some of the same people: their numbers are not to be added."
    ),
    "cell completed": "{number} said to be out ({who}, {day:short year})",
    "part of report batches": "Announcements of one day or round",
    "part of report process": "Daily releases",
    "part of report audit": "Audit of the number held",
    "span up to": "up to {high}",
    "audit held": "held on {day}",
    "audit arrests": "arrested since",
    "audit exits": "exits implied",
    "audit limits": "limits of the exits at {level}",
    "audit excess": "Above the exits",
    "audit compared": "Published totals of about the same days, the nearest first",
    "audit sentence": (
        "By its own counts, {source} had {held} people as held on {start}, added {arrests} arrests, and "
        "had {left} on {end}: so {exits} people left its register. As its total of arrests was behind at "
        "times, {span} may have ({level}, by a stated prior)."
    ),
    "audit sentence bounds": (
        "By its own counts, {source} had {held} people as held on {start}, added {arrests} arrests, and "
        "had {left} on {end}: so {exits} people left its register if the arrests are complete ({span} in "
        "any case)."
    ),
    "audit announced more": (
        "The authorities ({who}) announced {number} releases {window}: {more} more than those exits ({span})."
    ),
    "audit announced less": (
        "The authorities ({who}) announced {number} releases {window}, no more than those exits."
    ),
    "audit other days": (
        "The authorities ({who}) announced {number} releases {window}: other days, so that nothing is "
        "subtracted."
    ),
    "audit mind": (
        "People whom {source} never listed are in neither number of its register, so the difference is no"
        " proof that a release did not happen."
    ),
}

# The words for one, and for any other number.
COUNTED: dict[str, tuple[str, str]] = {
    "release": (
        "{n:,} release",
        "{n:,} releases",
    ),
    "were verified": (
        "1 was verified by {day}",
        "{n:,} were verified by {day}",
    ),
    "were verified at least": (
        "at least 1 was verified by {day}",
        "at least {n:,} were verified by {day}",
    ),
    "releases were verified": (
        "1 release was verified by {day}",
        "{n:,} releases were verified by {day}",
    ),
    "review": (
        "{n:,} custody review",
        "{n:,} custody reviews",
    ),
    "in part of those days": (
        "1 was verified by {day} in counts of {covered} of those {days} days",
        "{n:,} were verified by {day} in counts of {covered} of those {days} days",
    ),
    "within those days": (
        "1 was verified by {day} in counts of those days",
        "{n:,} were verified by {day} in counts of those days",
    ),
    "silent since": (
        "nothing on them alone in the day since",
        "nothing on them alone in {n:,} days since",
    ),
    "silent for": (
        "silent on them alone for a day",
        "silent on them alone for {n:,} days",
    ),
    "older announcements": (
        "1 older announcement stands in the table alone.",
        "{n:,} older announcements stand in the table alone.",
    ),
    "people unknown": (
        (
            "Of 1 of these announcements nobody said whether both sides count all prisoners or political "
            "prisoners alone."
        ),
        (
            "Of {n:,} of these announcements nobody said whether both sides count all prisoners or political "
            "prisoners alone."
        ),
    ),
    "counts folded": (
        "The count behind this figure",
        "The {n:,} counts behind this figure",
    ),
    "alt announcements": (
        (
            "A bar for 1 announced number, as a share of what was announced: verified, pending, and open. "
            "The table that follows gives the numbers and the days."
        ),
        (
            "Bars, one for each of {n:,} announced numbers, as shares of what was announced: verified, "
            "pending, and open. The table that follows gives the numbers and the days."
        ),
    ),
    "of the announced": (
        "{share} of the 1 announced",
        "{share} of the {n:,} announced",
    ),
    "about": (
        "about 1",
        "about {n:,}",
    ),
    "pending data": (
        "From how long verification took before, about 1 more will be verified ({span}).",
        "From how long verification took before, about {n:,} more will be verified ({span}).",
    ),
    "pending prior": (
        "By a stated prior, not by the counts, about 1 more will be verified ({span}).",
        "By a stated prior, not by the counts, about {n:,} more will be verified ({span}).",
    ),
    "pending model": (
        (
            "From this monitor's counts of all days and how long it took before, about 1 more of these "
            "days is in its other counts or will be verified ({span})."
        ),
        (
            "From this monitor's counts of all days and how long it took before, about {n:,} more of "
            "these days are in its other counts or will be verified ({span})."
        ),
    ),
    "cannot account": (
        (
            "Whatever the chances and the delays are, at most 1 ({share}) cannot be accounted for, and "
            "perhaps none."
        ),
        (
            "Whatever the chances and the delays are, at most {n:,} ({share}) cannot be accounted for, and "
            "perhaps none."
        ),
    ),
    "cannot account if": (
        (
            "Whatever the chances and the delays are, at most 1 ({share}) cannot be accounted for, and "
            "perhaps none, provided that {assumed}."
        ),
        (
            "Whatever the chances and the delays are, at most {n:,} ({share}) cannot be accounted for, and "
            "perhaps none, provided that {assumed}."
        ),
    ),
    "counts read": (
        "{n:,} published count by {sources}, from {first} to {last}.",
        "{n:,} published counts by {sources}, from {first} to {last}.",
    ),
    "source": (
        "{n:,} source",
        "{n:,} sources",
    ),
    "conflict": (
        "2 counts contradict each other.",
        "{n:,} pairs of counts contradict each other.",
    ),
    "corrected": (
        "{n:,} figure was lowered or restated later by its own source.",
        "{n:,} figures were lowered or restated later by their own source.",
    ),
    "updated": (
        "{n:,} figure was raised on the same day by its own source, which contradicts nothing.",
        "{n:,} figures were raised on the same day by their own source, which contradicts nothing.",
    ),
    "more counts": ("1 older one is not shown.", "{n:,} older ones are not shown."),
    "more windows": ("1 older one not shown.", "{n:,} older ones not shown."),
    "alt windows": (
        (
            "A line in time for 1 published count: the days whose releases it covers, and the day it was "
            "published. The table that follows gives the days and the number."
        ),
        (
            "Lines in time, one for each of {n:,} published counts: the days whose releases it covers, and "
            "the day it was published. The table that follows gives the days and the numbers."
        ),
    ),
}
