"""What a reader must know of announcements: notes, reasons why there is no answer, and what to do."""

from __future__ import annotations

NOTE_RESTATED = (
    "The announcement was also given as {others:;}. The estimate uses {announced:,}, the latest figure of "
    "{source}, who announced it first; another figure moves the unsubstantiated part by the difference."
)
NOTE_OTHER_PEOPLE = (
    "Of other people the announcement was given as {others:;}: that is not set against what monitors "
    "verified."
)
NOTE_AT_LEAST_ANNOUNCED = (
    "The announcement said at least {announced:,}: the split is of that number, and releases beyond it are "
    "not counted."
)
NOTE_NO_START = (
    "{source} did not say when the releases announced began: they are taken to be of {day}, the last day."
)
NOTE_NO_END = (
    "{source} did not say when the releases announced ended: the day of publication, {day}, is taken as "
    "the last."
)
NOTE_SPREAD = (
    "The releases announced are taken to be spread evenly over the {days} days from {start} to {end}."
)
NOTE_EARLY = (
    "{monitor} verified releases on {day}, before the first day announced: the releases are taken to begin "
    "then."
)
NOTE_WITHDRAWN = (
    "{monitor} gave {before:,} verified on {day_before} and {after:,} on {day_after}: the later figure is "
    "used; it is lower by {withdrawn:,}."
)
NOTE_SAME_DAY = (
    "{monitor} gave several figures on {day} ({figures:,|,}): the largest is used, as the last word of the "
    "day."
)
NOTE_AT_LEAST_VERIFIED = (
    '{monitor} said "at least {count:,}" on {day}: the number then verified may be larger, and is treated as '
    "unknown."
)
NOTE_PART_OF_WINDOW = (
    "The {count:,} that {monitor} gave on {day} cover a part of the days announced: they are used as a lower "
    "bound."
)
NOTE_BOUNDS_IN_A_ROW = (
    '{monitor} said "at least" several times in a row: only the largest of these figures, {count:,}, is used.'
)
NOTE_BY_WINDOW = (
    "Figures of {monitors} belong to this announcement by their days, not by name: they may count other "
    "releases of the same days."
)
NOTE_OTHER_MONITORS = "Other monitors verified {others:;}."
NOTE_EXCEEDS = (
    "{monitor} verified {verified:,}, more than the {announced:,} announced: at least {more:,} verified "
    "releases are outside the announcement, by definition, window or error."
)
NOTE_NO_DELAY = (
    "No delay was modelled: what had not been verified by {day} counts as never to be verified, so that "
    "nothing is pending."
)
NOTE_DELAY_FROM_PRIOR = (
    "The successive figures of {monitor} do not show how long its verification takes: what is pending here "
    "rests on the stated prior of the delay."
)
NOTE_SILENT = (
    "{monitor} has no later figure of these releases in these rows since {day}, {days} days: with a chance "
    "of {chance:.0%}, from a stated prior, its last figure is its final one."
)
NOTE_HANDED_OVER = (
    "Every figure of {monitor} is the number announced: with a chance of {chance:.0%}, from a stated prior, "
    "all were released before its eyes, and nothing is pending. If it passed the announced number on, it has "
    "verified nobody: then give its figures the role 'reported'."
)
NOTE_SPLIT_FROM_PRIOR = (
    "Published totals cannot tell the unverifiable from the unsubstantiated: that split rests on the prior "
    "chance, Beta({a:g}, {b:g}) with mean {mean:.0%}, that {monitor} ever verifies a true release. The "
    "bounds hold without it."
)
NOTE_DEFINITION = (
    "{monitor} counts a part of what {source} announced, by its definition: nothing of the rest can be "
    "called unsubstantiated, and bounds alone are given for it."
)
BOUNDS_NONE = "nobody whom {monitors} verified is outside the announcement"
NOTE_FOUND = "Supposed, not learned: in the end the monitor of each split finds {found:.0%} of what happened."
NOTE_UNCOUNTED = (
    "The counts of {monitor} hold less than half of the days announced: of the rest bounds alone are given."
)
NOTE_YEAR = (
    "{monitor} has no later figure in these rows since {day}, {days} days: after a year nothing counts as "
    "pending."
)
NOTE_PARTIAL = (
    "The {count:,} that {monitor} gave on {day} are partial, as a note to the row says: they are used as a "
    "lower bound."
)
NOTE_MEASURES = (
    "What {source} announced and what {monitors} verified are not measured alike, as their measure says: "
    "a part of the difference may be one of definition."
)
NOTE_NO_FIGURES = "No figure in these rows is by {monitors}."
NOTE_DECLINED = "Not estimated, {label}: {reason}. {remedy}"
NOTE_UNMATCHED = (
    "Verified figures that belong to no batch, by event or by window, are not used here: {n:,} of {total:,}; "
    "figures of other days are compared as running totals."
)
NOTE_UNDATED = "Of these figures, those without a first day could be matched by event only: {n:,}."
REASON_NONE_ANNOUNCED = "no row is an announced figure"
REASON_NONE_VERIFIED = "no row is a verified figure"
REASON_NO_MONITOR = "none of the monitors {monitors!r} has a figure"
REASON_NO_BATCH = "no announcement is a batch with an answer ({reasons:;})"
REASON_RUNNING_TOTAL = (
    "{source} announced a running total under this name, {first:,} at first and {last:,} later, not one batch"
)
REASON_LONG = "the days announced are {days}, more than the {most} of a batch"
REASON_UNVERIFIED = "no monitor published a verified figure for it"
REASON_HEADLINE = "none of its verified figures is by {monitor}"
REMEDY_NONE_ANNOUNCED = "Give what was announced the role 'announced'."
REMEDY_NONE_VERIFIED = (
    "Report the announcement as unverified, or count reported figures with roles=('verified', 'reported')."
)
REMEDY_NO_MONITOR = "Check the names in monitors, or the day of as_of."
REMEDY_PROCESS = "Use ReleaseProcess, which compares totals over different windows."
REMEDY_WINDOW = "Use ReleaseProcess, or raise max_window if it was one announcement."
REMEDY_UNVERIFIED = "Report the announcement as unverified, or give the monitors' rows its event or its days."
REMEDY_HEADLINE = "Leave headline out, or name a monitor of this batch."
REASON_NOTHING = "nothing was announced: the figure given is 0"
REMEDY_NOTHING = "Report what was verified by itself."
REASON_LARGE = "a figure of {n:,} persons, more than the {most:,} whose split is computed"
REMEDY_LARGE = (
    "Check the figures: few amnesties on record freed so many. If they hold, compare them as they are."
)
ADVICE_NONE_ANNOUNCED = "Say in the data which of the figures were announced."
ADVICE_NONE_VERIFIED = "Report the announcement as unverified."
ADVICE_NO_MONITOR = "Check the names of the monitors, or choose a later day."
ADVICE_PROCESS = "Set the running total against what was verified of the same days."
ADVICE_UNVERIFIED = (
    "Report the announcement as unverified, or ask the monitors whom of these people they have confirmed."
)
ADVICE_HEADLINE = "Use the figures of a monitor that has some for this announcement."
LABELLED = "{labels}: {reason}"
FIGURE = "{count:,} ({source}, {day})"
