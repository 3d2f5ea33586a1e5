"""What reports about the stock say: English templates by key, the same that catalogues know."""

from __future__ import annotations

from typing import Any

from detcount.words import Message


def tell(key: str, /, **values: Any) -> Message:
    """Say the words of a key, with what stands in their braces."""
    return Message(MESSAGES[key], **values)


def times(key: str, /, n: float, **values: Any) -> Message:
    """Say the words of a key for so many things."""
    return Message.counted(COUNTED[key][0], COUNTED[key][1], n=round(n), **values)


MESSAGES: dict[str, str] = {
    "title": "How many are held, day by day: what the data can carry",
    "verdict": "Verdict on {day}: {verdict}.",
    "verdict estimate": "an estimate can be printed",
    "verdict range": "print a range, not one number",
    "verdict register only": (
        "print what registers hold, each by name and day, and no number of all who are held"
    ),
    "verdict floor only": "print the floor only",
    "verdict refuse": "do not print a number of all who are held",
    "no rule fired": "no rule against printing an estimate applies",
    "sentence": "Sentences that can be printed",
    "register is not the stock": (
        "A register is not the stock: it lacks the people whom its monitor does not know, and for some time "
        "it keeps people who are free."
    ),
    # the sentence
    "floor": (
        "At the end of {day} at least {floor} people were held: they left on a known later day, or a list "
        "named them as held on that day or later."
    ),
    "floor few": "Of the end of {day} no list shows {floor} people inside, by what was known on it or later.",
    "not left": (
        "Of the people on the lists {n} are not known to have left by {day}, which is no floor: exits are "
        "learned late or never, and some entries do not belong."
    ),
    "register": (
        "The last total that {source} published is {count}, of {day}; it is what its register holds, and not "
        "how many are held."
    ),
    "registers": "Registers of people held, the last total of each: {items:;}.",
    "register item": "{count} ({source}, {day})",
    "register item least": "at least {count} ({source}, {day})",
    "registers are not the stock": (
        "Each register counts by rules of its own, and lacks the people whom its source does not know: none "
        "of these is the number held, and no sum or difference of them is."
    ),
    "supports estimate": (
        "The data support an estimate of about {point} people held at the end of {day} ({level} interval "
        "{low} to {high}), if {condition}."
    ),
    "supports range": (
        "The data support a range and no single number: {low} to {high} people held at the end of {day} "
        "({level} interval), if {condition}. The reason: {reason}."
    ),
    "supports floor": (
        "The data say too little of the people on no list for any number of all who are held: {reason}."
    ),
    "supports nothing": "The data cannot carry a number of all who are held: {reason}.",
    "less than": "less than {share}",
    "more than": "more than {share}",
    # sections
    "figure": "The path",
    "figure path": "How many are held, day by day",
    "alt path": (
        "The median of each day from {first} to {last} as a line, limits at 80% and 95% around it, and "
        "published totals as points."
    ),
    "alt registers": "Published totals of people held by {n} sources as points joined by lines.",
    "alt path limits": (
        "Limits at 80% and 95% of each day from {first} to {last} as bands, and published totals as points."
    ),
    "answers": "Every answer side by side",
    "answers sentence": (
        "Each method has its own assumptions. Limits are of {level} on the day that stands beside them, the "
        "last that the method reaches."
    ),
    "bounds folded": "What bounds the number from below, and what that takes for granted",
    "other spans": "Other days",
    "bounds balance": (
        "The lower bound by balance holds whatever the number of people whom {source} does not know, if "
        "everybody on its register was arrested, whoever left is struck off within {days} days, and its "
        "running total of arrests never lacks more than {backlog} entries. Totals do not show that this is "
        "so: it is stated."
    ),
    "bounds balance no arrests": (
        "The lower bound by balance holds whatever the number of people whom {source} does not know, if "
        "everybody on its register was arrested and whoever left is struck off within {days} days. Totals do "
        "not show that this is so: it is stated."
    ),
    "bounds nothing": (
        "It is 0, or what is known otherwise, on days after which no total came {days} days later, and where "
        "nothing limits how many were entered until then; its row stands {days} days before the last total."
    ),
    "bounds above": (
        "There is no upper bound: totals of one register do not say how many people it never enters."
    ),
    "bounds of others": (
        "The bounds of the other methods take none of this for granted: from below the people named on "
        "lists, or 0 where nobody is named, and no limit from above."
    ),
    "no answer": "No method has an answer.",
    "not shown": "No answer is shown, as the verdict is against printing one.",
    "answer lists": "lists of names at many dates",
    "answer integrated": "one register, its flows and estimates at some dates",
    "answer balance": "balance of published totals and flows",
    "recommended mark": "★ marks the recommended method.",
    "effective": "Behind the recommended answer stand {n:,} effective paths.",
    "no point": "Medians are left out (–), as the verdict is against printing one number.",
    "floors": "What lists show of each date",
    "left later": "Left later",
    "named later": "Named later",
    "not left column": "Not known to have left",
    "doubt": "Exits that nobody reported, and entries that do not belong",
    "doubt sentence": (
        "Among those not known to have left by {day}, {left_low} to {left_high} have left without any list "
        "knowing it, and {wrong_low} to {wrong_high} do not belong ({level}); the answer takes both out."
    ),
    "doubt audited": (
        "Among those not known to have left by {day}, {left_low} to {left_high} have left without any list "
        "knowing it ({level}); the answer takes them out."
    ),
    "doubt none": "If everybody on the lists belonged, {low} to {high} people were held ({level}).",
    "doubt change": (
        "To change that, have somebody check a random sample of the entries not known to have left, list by "
        "list: the share found takes the place of the stated one."
    ),
    "links public": (
        "Of the variance on the last day at most {share:.0%} is due to who is who, over {n:,} drawn "
        "partitions."
    ),
    "links": "What lists show of each date is of the partition with fewest people known to be inside.",
    "wrong": "Held, if so many entries of one list do not belong",
    "list": "List",
    "settle": "What would settle it",
    "published": "What was published",
    "published sentence": (
        "Each source counts by rules of its own. The total of one register says how many people this monitor "
        "knows to be held, and is neither a floor nor an estimate."
    ),
    "figure registers": "What monitors published, day by day",
    "twice": "Several totals for one day",
    "twice row": "{source}, {day}: {counts}.",
    "days": "Date by date",
    "days sentence": (
        "Beside what {source} printed stand the bounds, which hold whatever the number of people whom no "
        "register knows, and the limits of {level} of the recommended method for each day by itself, which "
        "rest on {basis}."
    ),
    "days sentence no register": (
        "The limits of {level} of the recommended method are of each day by itself and rest on {basis}; the "
        "bounds hold without it."
    ),
    "changes": "How the number changed",
    "change row": (
        "From {start} to {end} the number of people held changed by {low} to {high} ({level}; median "
        "{median}). The probability that fewer were held in the end is {fewer}."
    ),
    "change row limits": (
        "From {start} to {end} the number of people held changed by {low} to {high} ({level}). The "
        "probability that fewer were held in the end is {fewer}."
    ),
    "exits heading": "Who left a register, by its own totals",
    "exits": (
        "By its own totals {implied} people left the register of {source} after {start} and up to {end}: "
        "{before} were on it, {entered} more were entered, {after} were on it in the end."
    ),
    "arrests lacked": "If its total of arrests lacked entries as it was seen to at times",
    "exits prior": "{low} to {high} left after {start} and up to {end} (95%, by a stated prior).",
    "exits bounds": "Whatever its total of arrests lacked, at least {low} left.",
    "exits announced": "Releases announced of about these days: {items:;}.",
    "exits other days": "The days are not the same, and nothing is subtracted.",
    "announced item": "{count} from {start} to {end} ({source})",
    "differences": "Registers beside each other",
    "difference more": (
        "{source} had {more} more than {register}: {count} of {day}, beside {beside} of {beside_day}."
    ),
    "difference fewer": (
        "{source} had {more} fewer than {register}: {count} of {day}, beside {beside} of {beside_day}."
    ),
    "change of register": "{change} since {day:short year}",
    "noted": "{source}, {day}: {note}",
    "notes of sources": "What sources noted of these totals",
    "shares": "If the register knows 50, 70 or 90% of those held",
    "shares sentence": (
        "If everybody on the register of {source} was held, and it knew this share of all, so many were "
        "held. Nothing here tells the share: this is a division, and no estimate."
    ),
    "share known": "Share that it knows",
    "held then": "Held",
    "change before": "Change over four weeks or more",
    "forecasts": "What the register will publish",
    "forecasts sentence": (
        "These are limits of {level} for the next totals of {source}, around its last one, by the changes "
        "that it published so far. They can be checked when the totals come, and say nothing of how many are "
        "held. No other forecaster tried was better on every series that ships with detcount."
    ),
    "backtest": "How such forecasts did",
    "backtest sentence": (
        "From each day on which {source} had published enough totals, the next ones were forecast from what "
        "was known then. The error is the mean distance of the logarithms: 0.05 is about 5%. Limits that "
        "held fewer than 80% of the totals are too narrow."
    ),
    "silent": "Methods that cannot answer",
    "reason withheld": "the lists say too little",
    "silent row": "{what}: {reason}. {advice}",
    "assumptions": "What the recommended method assumes",
    # who may see what
    "disclosure": "What is printed of the lists",
    "disclosure public": (
        "This report is for the public. Numbers that rest on lists of names are rounded to tens, limits "
        "outward and floors downward, so that one person more or less on the lists can move such a number by "
        "ten; neither the size of a list nor how many people lists share is printed, so that no small number "
        "of people can be found by subtraction."
    ),
    "disclosure full": (
        "This report is for those who may see the lists: floors are whole numbers, and what changes from one "
        "day to the next can tell of single persons."
    ),
    "withheld": "Notes that tell counts of people on lists are left out.",
    # what would settle it
    "settle people": (
        "Lists of names with days of arrest and exit, from at least two sources that work apart: only people "
        "who stand on one list and not on another tell how many stand on none."
    ),
    "settle second list": (
        "Another list made apart from these, so that there are people named on two of them."
    ),
    "settle copies": (
        "Lists that were not made from each other: merge the copies, or find out who copied from whom."
    ),
    "settle date": "Lists as they stand at a later date: the last estimate is of {day}.",
    "settle arrests": (
        "The register's own running total of arrests, or how many people each bulletin entered and struck "
        "off: they tell new arrests from names entered late."
    ),
    "settle late": (
        "How many of the newly entered had been arrested before: each of them was held unknown until then, "
        "and says how large the unknown is."
    ),
    "settle third list": "A third list, or one that overlaps more with the others: two can be off together.",
    "settle roll": (
        "A count taken anew on one day by the same definition, as the roll of a prison or of its visits."
    ),
    # columns
    "method": "Method",
    "day": "Day",
    "low": "Low",
    "median": "Median",
    "high": "High",
    "least": "At least",
    "most": "At most",
    "rests on": "Rests on",
    "source": "Source",
    "count": "Last total",
    "n totals": "Totals",
    "since": "Since",
    "printed": "Register",
    "ahead": "Totals ahead",
    "n": "Forecasts",
    "error": "Error",
    "cover": "Within 80% limits",
    "no total": "–",
    "without limit": "no limit",
    # provenance
    "digest other drawn people": "SHA-256 of the other drawn partitions",
    "digest people": "SHA-256 of the lists",
    "digest keyed people": "Keyed digest of the lists",
    "digest stock": "SHA-256 of the published totals",
    "digest arrests": "SHA-256 of the published arrests",
    "digest releases": "SHA-256 of the published releases",
    "at least count": "≥{number}",
}
COUNTED: dict[str, tuple[str, str]] = {
    "days folded": ("The table of 1 date", "The table of {n} dates"),
}
