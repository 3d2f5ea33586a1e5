"""What a reader must know of the process of releases: notes, and reasons why there is no answer."""

from __future__ import annotations

__all__ = [
    "NOTE_ANNOUNCED_PART",
    "NOTE_ANNOUNCED_SUM",
    "NOTE_CORRECTION",
    "NOTE_DELAY_PRIOR",
    "NOTE_EARLY",
    "NOTE_FUTURE",
    "NOTE_MIXING",
    "NOTE_MORE_VERIFIED",
    "NOTE_NOTHING_VERIFIED",
    "NOTE_NO_ANNOUNCEMENT",
    "NOTE_NO_END",
    "NOTE_NO_NEWS",
    "NOTE_NO_START",
    "NOTE_OTHER_PEOPLE",
    "NOTE_OVERLAP",
    "NOTE_SAME_DAY",
    "NOTE_STOCK",
    "NOTE_THINNED",
    "NOTE_VERIFICATION_PRIOR",
    "REASON_ABOVE",
    "REASON_LARGE",
    "REMEDY_ABOVE",
    "REMEDY_LARGE",
]

NOTE_NO_START = (
    "Counts that do not say from which day they count were left out: {n:,} (published by {sources:;})."
)
NOTE_NO_END = "Of counts that do not say up to which day they count the day of publication is taken: {n:,}."
NOTE_EARLY = "Counts published before the first day they count were left out: {n:,}."
NOTE_CORRECTION = (
    "{source} had {old:,} on {old_day} for days that its total of {new:,} of {new_day} contains: "
    "the later figure counts; it is lower by {withdrawn:,}."
)
NOTE_SAME_DAY = (
    "{source} published {old:,} and later {new:,} on {day} for the same days; the later figure counts."
)
NOTE_NO_NEWS = (
    '{source} said "at least {old:,}" on {day}, less than its earlier figures for the same days; '
    "that adds nothing and was left out."
)
NOTE_OVERLAP = (
    "{source}: pairs of its counts share some days although neither window lies in the other, {n:,} in all; "
    "they are taken as separate evidence, and intervals may be somewhat too narrow."
)
NOTE_DELAY_PRIOR = (
    "No closed window was counted twice, so the counts cannot tell late verification from new releases: "
    "what is still to be verified rests on the stated prior of the delay."
)
NOTE_VERIFICATION_PRIOR = (
    "How many releases happened and will never be verified cannot be learned from totals: it rests on the "
    "stated prior, that a true release has a chance of {mean:.2f} ({low:.2f} to {high:.2f}) of ever being "
    "verified."
)
NOTE_NO_ANNOUNCEMENT = (
    "No announced count could be used: there is nothing to compare the verified releases with."
)
NOTE_MIXING = (
    "The chains of draws have not mixed fully (R-hat {r_hat:.2f}, {effective:,.0f} effective draws): "
    "read the limits as approximate."
)
NOTE_MORE_VERIFIED = (
    "{verified_by} verified {verified:,} releases for these days, more than the {announced:,} announced; "
    "the windows or the definitions differ, or the announcement left people out."
)
NOTE_OTHER_PEOPLE = (
    "{announced_by} counts all prisoners and {verified_by} political ones: how many of the announced are "
    "political is not known, so that nothing of the announcement is called unsubstantiated."
)
NOTE_STOCK = (
    "No more than {persons:,} can have been released since {day}: those held then, and those arrested since."
)
NOTE_ANNOUNCED_SUM = (
    "The announced number is the sum of {n:,} announcements of {announced_by} inside the window."
)
NOTE_ANNOUNCED_PART = (
    "The announcements of {announced_by} inside the window cover {covered:,} of its {days:,} days."
)
NOTE_NOTHING_VERIFIED = (
    "{verified_by} has no count that lies inside the window: its releases there are estimated."
)
NOTE_THINNED = (
    "Of many counts, those of the last {days:,} days are all used, and of older ones the last of each "
    "period: "
    "the counts between them say little more."
)
NOTE_FUTURE = "The window ends after the last count; the gap is that of the days up to {as_of}."
REASON_LARGE = "a count of {n:,} releases is above the {most:,} up to which the model computes"
REMEDY_LARGE = "Check that figure, or leave it out."
REASON_ABOVE = (
    "every draw has more releases than there were people held and arrested, {persons:,} since {day}"
)
REMEDY_ABOVE = (
    "Compare the definitions: the stock may count fewer kinds of people than the releases, or be of another "
    "day."
)
