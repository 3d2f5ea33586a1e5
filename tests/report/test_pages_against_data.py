"""Each number on the pages of the data that ship, against its rows, read anew with csv alone."""

import contextlib
import datetime as dt
import re
import shutil
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pytest

from cases import rows_in, tables
from detcount.cli import main

TABLES = tables("pages_against_data")

ONE_DAY = dt.timedelta(days=1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NUMBER = r"((?:[Aa]t (?:least|most) |≥)?\d[\d,]*)"
DAY = r"(\d{1,2} [A-Z][a-z]+(?: \d{4})?)"
_FROM = r"(?:[Uu]p to|[Ss]ince|days up to|days since)? ?\d{1,2}(?: [A-Z][a-z]+)?(?: \d{4})?"
WINDOW = rf"({_FROM}(?: to \d{{1,2}} [A-Z][a-z]+ \d{{4}})?)"
OTHERS = TABLES["others"]
FOLDED = r"^#+ (To make the numbers again|Para repetir las cifras|Citation|Cita)\n.*?(?=^## |\Z)"
DAYS = ("2025-12-29", "2026-01-05", "2026-01-13", "2026-01-31")


def rows_of(name):
    return rows_in(files("detcount.datasets") / "data" / f"{name}.csv")


def day(text):
    return dt.date.fromisoformat(text) if text else None


def date_of(text, like=None):
    """A day as printed; where no year is, that of ``like``."""
    number, month, *year = text.split()
    return dt.date(int(year[0]) if year else like.year, MONTHS.index(month[:3]) + 1, int(number))


def span_of(text):
    """A window as printed: "16 to 30 November 2024", "days up to 12 January 2026"."""
    text = text.strip().removeprefix("days ")
    if text.lower().startswith("up to "):
        return None, date_of(text[6:])
    if text.lower().startswith("since "):
        return date_of(text[6:]), None
    first, _, last = text.partition(" to ")
    end = date_of(last or first)
    words = first.split()
    month = words[1] if len(words) > 1 else MONTHS[end.month - 1]
    return date_of(f"{words[0]} {month} {words[2] if len(words) > 2 else end.year}"), end


def value(text):
    return int(re.sub(r"\D", "", text))


def at_least(text):
    return text.lower().startswith(("at least", "≥"))


def names_of(source):
    """A source, in full and by the letters that end it: "Justicia, Encuentro y Perdon (JEP)" is JEP."""
    return {source, *re.findall(r"\(([A-Z]{3,})\)$", source)}


class Data:
    """What was published by a day, and what it says of a number; one with no row is an AssertionError."""

    def __init__(self, prefix, as_of, name):
        held = [row for row in rows_of(name) if row["published"] <= as_of]
        self.all, self.as_of = held, as_of
        # a review of custody and an arrest at home are no release
        self.releases = [row for row in held if not re.search(r"review|house", row["measure"])]
        self.stock, self.arrests = [], []
        if prefix:
            self.stock = [row for row in rows_of(f"{prefix}_stock") if row["date"] <= as_of]
            self.arrests = [row for row in rows_of(f"{prefix}_arrests") if row["published"] <= as_of]
        sources = {name for row in (*held, *self.stock, *self.arrests) for name in names_of(row["source"])}
        self.source = f"({'|'.join(map(re.escape, sorted(sources, key=len, reverse=True)))})"

    def counts(self, number, source, roles, known=""):
        """The rows of a number: its count, "at least" or not, source, role, and day of publication."""
        found = [
            row
            for row in self.releases
            if int(row["count"]) == value(number)
            and (row["at_least"] == "true") == at_least(number)
            and source in names_of(row["source"])
            and row["role"] in roles.split()
            and (not known or date_of(known, day(row["published"])) == day(row["published"]))
        ]
        assert found, f"no row says {number} by {source} ({roles}, {known or 'any day'})"
        return found

    def announced(self, number, source, known, window):
        """The rows of an announcement, of exactly these days."""
        found = self.counts(number, source, "announced", known)
        found = [row for row in found if (day(row["start"]), day(row["end"])) == span_of(window)]
        assert found, f"no row of {number} by {source} is of {window}"
        return found

    def in_parts(self, number, source, covered, window):
        """A sum of counts of days that do not overlap, or of differences of two totals of one source."""
        first, last = window
        events = {
            row["event"]: (day(row["start"]), day(row["end"]))
            for row in sorted(self.releases, key=lambda row: row["published"], reverse=True)
            if row["role"] == "announced" and row["event"].startswith("event") and row["start"] and row["end"]
        }
        newest = {}  # what a source said later of the same days stands
        for row in sorted(self.releases, key=lambda row: row["published"]):
            if (
                source in names_of(row["source"])
                and row["role"] == "verified"
                and row["start"]
                and row["end"]
            ):
                days = events.get(row["event"]) or (day(row["start"]), day(row["end"]))
                newest[row["event"], days] = int(row["count"])
        own = [(n, *days) for (_, days), n in newest.items()]
        pieces = set(own)
        pieces |= {(n - m, u + ONE_DAY, t) for n, a, t in own for m, b, u in own if a == b and u < t}
        pieces |= {(n - m, a, b - ONE_DAY) for n, a, t in own for m, b, u in own if t == u and a < b}
        inside = sorted(
            (p for p in pieces if p[0] >= 0 and first <= p[1] <= p[2] <= last), key=lambda p: p[1]
        )

        def sums(left, days, after):
            return (left, days) == (0, 0) or any(
                sums(left - n, days - (b - a).days - 1, b)
                for n, a, b in inside
                if a > after and n <= left and (b - a).days < days
            )

        # of "at least", counts of some of the days covered add up to it
        days = range(value(covered) + 1) if at_least(number) else (value(covered),)
        found = any(sums(value(number), each, first - ONE_DAY) for each in days)
        assert found, f"no rows add up to {number} by {source}"

    def held(self, number, source, when):
        """The row of a total of a register, of this day."""
        found = [
            row
            for row in self.stock
            if (int(row["count"]), row["at_least"] == "true") == (value(number), at_least(number))
            and source in names_of(row["source"])
            and day(row["date"]) == date_of(when)
        ]
        assert found, f"no row says that {source} held {number} on {when}"
        return found[0]

    def entered(self, source, first, last):
        """Differences of two totals of arrests of one source since one day."""
        totals = {
            (row["event"], row["start"], day(row["end"])): int(row["count"])
            for row in self.arrests
            if source in names_of(row["source"])
        }
        return {
            totals[event, start, date_of(last)] - n
            for (event, start, end), n in totals.items()
            if end == date_of(first) and (event, start, date_of(last)) in totals
        }


def releases_sentence(text, data):
    """One sentence about what was announced; what no row was looked for is left of it."""
    head, said = None, {}

    def announced(found):
        nonlocal head
        head = data.announced(found[1], found[3], found[4] or found[5], found[2]), found[1], span_of(found[2])
        return ""

    def counted(found):
        for who in filter(None, (found[2], found[3])):
            rows = data.counts(found[1], who, "verified reported", found[4])
            said[who] = value(found[1]), {row["measure"] for row in rows}, at_least(found[1])
        if found[5]:
            assert any((day(r["start"]), day(r["end"])) == span_of(found[5]) for r in rows), found[0]
        return ""

    def exactly(found):
        data.in_parts(found[1], next(iter(said)), str((head[2][1] - head[2][0]).days + 1), head[2])
        said.update({who: (value(found[1]), *rest) for who, (_, *rest) in said.items()})
        return ""

    def parts(found):
        last = head[2][1] or day(head[0][0]["published"])
        whole = (last - head[2][0]).days + 1
        assert (value(found[4]), value(found[5])) == (whole, whole - value(found[3])), found[0]
        data.in_parts(found[1], found[2], found[3], (head[2][0], last))
        return ""

    def lacking(found):
        number, measures, least = said[found[2]]
        assert value(found[1]) == value(head[1]) - number, found[0]
        assert found[1].startswith("at most") is least, found[0]
        assert at_least(found[1]) is at_least(head[1]), found[0]
        other = "whether it counts all prisoners" in text
        assert other or measures & {row["measure"] for row in head[0]}, f"of two measures: {found[0]}"
        return ""

    def neither(found):
        assert value(found[1]) == min(value(head[1]) - number for number, *_ in said.values()), found[0]
        return ""

    def window(found):
        days = {
            (day(row["start"]), day(row["end"])) for row in data.releases if int(row["count"]) in reported
        }
        assert span_of(found[1]) in days, found[0]
        return ""

    s, reported = (
        data.source,
        {value(n) for n in re.findall(rf"{NUMBER}(?: releases)?(?: were)? (?:reported|verified)", text)},
    )
    known = rf"(?:on {DAY}|\(reported by {DAY}\))"
    either = rf"(?:each of {s} and )?{s}"
    text = re.sub(rf"Of {NUMBER} releases for {WINDOW} announced by {s} {known}", announced, text)
    for_days = rf"(?: for {WINDOW}, which are other days)?"
    counts = rf"{NUMBER}(?: releases)?(?: were)?(?: verified| reported)? by {either}(?: by {DAY})?{for_days}"
    text = re.sub(
        rf"{NUMBER} were verified by {s} in counts of (\d+) of these (\d+) days; of the other (\d+) days",
        parts,
        text,
    )
    text = re.sub(counts, counted, text)
    text = re.sub(rf"add up to {NUMBER}", exactly, text)
    text = re.sub(rf"{NUMBER} not by {s}", lacking, text)
    text = re.sub(r"by neither 0 to (\d+)", neither, text) if "by neither" in text else text
    return text if head else re.sub(rf"for {WINDOW}", window, text)


def releases_row(line, data):
    """One row of the table of events: its cells, and the least and most that they leave."""
    days, announced, verified, reported, bounds = (cell.strip() for cell in line.strip("| ").split(" | "))
    window, most, firm = span_of(days), [], []
    for role, cell in (("announced", announced), ("verified", verified), ("verified reported", reported)):
        cell = re.sub(r"; \d+ more$", "", cell)
        for each in () if cell == "–" else cell.split("; "):
            parts = re.fullmatch(rf"{NUMBER} in counts of (\d+) of (\d+) days \({data.source}\)", each)
            if parts:
                assert int(parts[3]) == (window[1] - window[0]).days + 1, f"{each} in {days}"
                data.in_parts(parts[1], parts[4], parts[2], window)
                most.append(value(parts[1]))
                continue
            told = rf"{NUMBER} \({data.source}, (by )?{DAY}\)(, doubted by a note)?(, of a part alone)?"
            told += rf"(?:, {WINDOW})?"
            found = re.fullmatch(told, each)
            assert found, f"not read: {each!r}"
            rows = data.counts(found[1], found[2], role, found[4])
            own = span_of(found[7]) if found[7] else window
            if role == "announced" or found[7] or announced == "–":
                spans = {(day(row["start"]), day(row["end"])) for row in rows}
                alike = {start for start, _ in spans} if announced == "–" else set()  # totals since one day
                assert own in spans or own[0] in alike, f"{each!r} stands under {days!r}"
            if role == "announced":
                firm += [value(found[1])] if not at_least(found[1]) else []
            elif role == "verified" and not found[6] and not found[7]:
                most.append(value(found[1]))
    if re.search(r"\d", bounds):
        low, high, other = re.fullmatch(r"≥?([\d,]+)(?:–([\d,]+))?(, or .*)?", bounds).groups()
        assert value(low) == max(most, default=0), f"{bounds} in {days}"
        head = value(re.match(NUMBER, announced)[1])
        assert re.search(r"^, or (≥0|0–[\d,]+)$", other or "") or not most, bounds
        assert not high or value(high) == value(bounds.rsplit("–")[-1]) == head >= value(low), bounds


def opening_text(text, data, page):
    """Headlines and answers on announced releases, and who counted; what no row was looked for is left."""
    s, stated = data.source, None
    asked = rf"How many were completed, of {NUMBER} releases for {WINDOW} announced by {s}"
    told = rf"{s} announced {NUMBER} releases(?: for {WINDOW})?"
    if found := re.search(asked, text):
        stated = data.announced(found[1], found[3], "", found[2]), found[1]
        text = text.replace(found[0], "").replace(f"of {found[1]} announced", "")
        text = text.replace(f"{found[1]} were announced", "")
    elif found := re.search(told, text):
        rows = data.counts(found[2], found[1], "announced")
        spans = [(row, (day(row["start"]), day(row["end"]))) for row in rows]
        stated = [row for row, span in spans if not found[3] or span == span_of(found[3])], found[2]
        assert stated[0], f"no row of {found[0]}"
        text = text.replace(found[0], "")

    def ends(found):
        low, high = found[1], found[2] or found[1]
        assert value(high) == value(stated[1]) >= value(low), found[0]
        own = [row for row in data.releases if row["event"] in {each["event"] for each in stated[0]}]
        counted = {int(row["count"]) for row in own if row["role"] == "verified"}
        assert f"| {low}–{high}, or " in page or value(low) in counted, found[0]
        return ""

    def in_parts(found):
        number, covered, whole = found.group("number", "covered", "whole")
        (row,) = {(row["start"], row["end"] or row["published"]) for row in stated[0]} or [()]
        first, last = map(day, row)
        assert value(whole) == (last - first).days + 1, found[0]
        sources = [found["who"]] if "who" in found.groupdict() else {row["source"] for row in data.releases}
        for source in sources:
            with contextlib.suppress(AssertionError):
                data.in_parts(number, source, covered, (first, last))
                return ""
        raise AssertionError(f"no rows add up to {found[0]}")

    if stated is None:
        return text
    days = r"(?P<covered>\d+) of (?:these )?(?P<whole>\d+) days"
    number = NUMBER.replace("(", "(?P<number>", 1)
    text = re.sub(rf"(?P<who>{s}) verified {number} in counts of {days}", in_parts, text)
    text = re.sub(rf": {number}; verified in counts of {days}, ", in_parts, text)
    text = re.sub(rf"(?:among them, |: ){NUMBER}(?: to {NUMBER})?(?: were completed|; (?=\.| ◐))", ends, text)
    text = re.sub(rf"{s} (verified|reported) {NUMBER}", lambda m: data.counts(m[3], m[1], m[2]) and "", text)
    verified = {int(row["count"]) for row in data.releases if row["role"] == "verified"}
    return re.sub(rf": {NUMBER}; verified; ", lambda m: "" if value(m[1]) in verified else m[0], text)


def counted_from(text, data, page):
    """Who counted, of which days; the definition is the file's."""
    text = re.sub(r"^(?:Who is counted:|Nobody stated) .*?\. (?=Counted from)", "", text)
    found = re.fullmatch(rf"Counted from what (.*) published; days (?:up to|from {DAY} to) {DAY}\.?", text)
    if not found:
        return text
    stock, releases = "Verdict on" in page, "As of" in page
    rows = [*(data.stock if stock else ()), *(data.all if releases else ())]
    names = {min(names_of(row["source"]), key=len) for row in rows}
    others = re.search(r" and (\d+) others$| and (one) other$", found[1])
    stated = 3 + (int(others[1] or 1)) if others else len(re.split(r", | and ", found[1]))
    assert stated == len(names), f"{found[0]}: {sorted(names)}"
    known = (
        [row["date"] for row in data.stock]
        if stock
        else [each for row in data.all for each in (row["start"], row["end"] or row["published"]) if each]
    )
    stated = date_of(found[2] or found[3]), date_of(found[3])
    assert stated == (day(min(known)), day(max(known))), found[0]
    return ""


def stock_text(text, data):
    """Sentences on registers; what no row was looked for is left of them."""

    def register(found):
        data.held(*(found if isinstance(found, list) else found.groups()))
        return ""

    def left(number, source, first, last, opening, more, closing):
        data.held(opening, source, first)
        data.held(closing, source, last)
        assert value(more) in data.entered(source, first, last), f"{more} entered from {first} to {last}"
        assert value(number) == value(opening) + value(more) - value(closing), number
        limits = re.search(r"(\d+) to (\d+) left \(95%", text)
        assert not limits or value(limits[1]) <= value(number) <= value(limits[2]), limits[0]
        return ""

    def again(found):
        assert found.group(2, 4, 5) == found.group(7, 8, 9), found[0]
        return ""

    def late(found):
        more, first, last, opening, when, floor = found.groups()
        rows = [row for row in data.arrests if int(row["count"]) == value(more)]
        (row,) = [r for r in rows if (day(r["start"]), day(r["end"])) == (date_of(first), date_of(last))]
        data.held(opening, row["source"], when)
        assert value(floor) == value(opening) + value(more), found[0]
        return ""

    def implied(found):
        source, number, first, last = found.groups()
        at = {
            when: [
                int(r["count"])
                for r in data.stock
                if r["source"] == source and day(r["date"]) == date_of(when)
            ]
            for when in (first, last)
        }
        exits = {a + b - c for a in at[first] for b in data.entered(source, first, last) for c in at[last]}
        assert value(number) in exits, found[0]
        return ""

    def verified(found):
        rows = data.counts(found[2], found[1], "verified reported")
        assert any((day(row["start"]), day(row["end"])) == span_of(found[3]) for row in rows), found[0]
        return ""

    def announced(found):
        data.announced(found[1], found[3], "", found[2])
        return ""

    def gaps(found):
        days = [
            day(row["date"])
            for row in data.stock
            if row["source"] == "Foro Penal" and row["at_least"] != "true"
        ]
        long = [(b - a).days for a, b in pairwise(sorted(days)) if (b - a).days > 31]
        assert (value(found[1]), value(found[2])) == (len(long), max(long)), found[0]
        return ""

    def still(found):
        totals = [
            int(row["count"]) for row in data.arrests if row["event"].startswith("political arrests since")
        ]
        assert value(found[1]) == sum(a == b for a, b in pairwise(totals)), found[0]
        return ""

    s = data.source
    text = re.sub(rf" that printed one from {DAY} on(?=:)", "", text)
    text = re.sub(rf"{NUMBER} \({s}, {DAY}\)", register, text)
    balance = (
        rf"{NUMBER} people left the register of {s} after {DAY} and up to {DAY}: {NUMBER} were on it, "
        rf"{NUMBER} more were entered, {NUMBER} were on it in the end"
    )
    text = re.sub(balance, lambda m: left(*m.groups()), text)
    balance = (
        rf"{s} had {NUMBER} people in its register on {DAY}, added {NUMBER} arrests, and had "
        rf"{NUMBER} on {DAY}: {NUMBER} \+ {NUMBER} − {NUMBER} = {NUMBER} left"
    )
    text = re.sub(balance, lambda m: left(m[10], m[1], m[3], m[6], m[7], m[8], m[9]) + again(m), text)
    told = (
        rf"{NUMBER} people entered between {DAY} and {DAY} had been arrested earlier, by the register's own "
        rf"account. With the {NUMBER} on the register on {DAY} they put {NUMBER} inside"
    )
    text = re.sub(told, late, text)
    text = re.sub(
        rf"The totals of {s} imply {NUMBER} exits from its register from {DAY} to {DAY}", implied, text
    )
    told = rf"{s} (?:verified|reported) {NUMBER} releases for {WINDOW}"
    text = re.sub(told, verified, text)
    text = re.sub(rf"{NUMBER} (?:for|from) {WINDOW} \({s}\)", announced, text)
    text = re.sub(
        rf"{s} announced {NUMBER} releases for {WINDOW}",
        lambda m: announced([m[0], m[2], m[3], m[1]]),
        text,
    )
    text = re.sub(rf"{s} counted {NUMBER} people held on {DAY}", lambda m: register([m[2], m[1], m[3]]), text)
    text = re.sub(
        rf"held at the end of {DAY}: {NUMBER}; on the register of {s}",
        lambda m: register([m[2], m[3], m[1]]),
        text,
    )
    said = rf"How many releases were counted for {WINDOW}: {NUMBER}; by {s}; no announced number in this file"
    text = re.sub(said, lambda m: verified([m[0], m[3], m[2], m[1]]), text)
    text = re.sub(
        r"(\d) times the register prints no total for more than a month, for (\d+) days", gaps, text
    )
    text = re.sub(r"stands still over (\d+) spans", still, text)
    text = re.sub(rf"{s} itself counts {NUMBER} releases between {DAY} and {DAY}.*", "", text)
    return re.sub(r"\d+ to \d+ left \(95%", "", text)  # limits of a model, which hold the number above


def stock_row(line, data):
    """One register: its last total, and how it changed."""
    source, number, when, change = (cell.strip() for cell in line.strip("| ").split(" | "))
    data.held(number, source, when)
    assert date_of(when) == max(
        day(r["date"]) for r in data.stock if r["source"] == source and r["role"] != "x"
    ), line
    found = re.fullmatch(r"([−+]?\d+) since (.+)", change)
    if found:
        before = value(number) - int(found[1].replace("−", "-"))
        data.held(str(before), source, found[2])
        assert (date_of(when) - date_of(found[2])).days >= 28, line


def short_row(line, data):
    """One row of what stands in short: limits that hold their points, and a floor of the day printed."""
    question, least, low, high, _ = (cell.strip() for cell in line.strip("| ").split(" | "))
    numbers = [value(cell) for cell in (least, low, high) if cell != "–"]
    assert numbers == sorted(numbers), line
    held = re.fullmatch(rf"How many were held at the end of {DAY}", question)
    if held:
        assert not numbers, f"a floor of {held[1]} without lists: {line}"
        return
    number, window, source = re.fullmatch(
        rf"How many were completed, of {NUMBER} releases for {WINDOW} announced by {data.source}", question
    ).groups()
    rows = data.announced(number, source, "", window)
    if high == "–":  # counts of parts, which the table of events is held against
        assert all(each <= value(number) for each in numbers), line
    elif numbers:
        verified = [
            int(row["count"])
            for row in data.releases
            if row["role"] == "verified" and row["event"] in {each["event"] for each in rows}
        ]
        superseded = {
            int(r["count"])
            for r in data.releases
            for s in data.releases
            if r["role"] == s["role"] == "verified"
            and r["source"] == s["source"]
            and r["event"] == s["event"]
            and r["published"] < s["published"]
        }
        latest = set(verified) - superseded
        if not latest:  # a part of the days was counted, under the names of other events
            assert len(numbers) == 1, line
            assert numbers[0] <= value(number), line
            return
        assert numbers == [max(latest)] * 2 + [value(number)], line


def audit(page, data):
    """Whatever is wrong with a page, by line."""
    last = max(row["date"] for row in data.stock) if "Verdict on" in page else data.as_of
    published = max(row["published"] for row in data.all)
    days = {day(each) for each in (last, data.as_of, published) if each < "9"}
    heads = "|".join(f"{each.day} {each:%B %Y}" for each in days)
    for line in page.splitlines():
        text = line.lstrip("> -#").strip()
        if not re.search(r"\d", text) or line.startswith(("|:", "<!--")):
            continue
        try:
            if text.startswith("| "):
                if text.startswith("| How many"):
                    short_row(text, data)
                elif text.count(" | ") == 3:
                    stock_row(text, data)
                else:
                    releases_row(text, data)
                continue
            text = opening_text(counted_from(text, data, page), data, page)
            left = (
                releases_sentence(text, data)
                if re.search(r"^Of |were (?:reported|verified) by", text)
                else stock_text(text, data)
            )
            left = re.sub(
                rf"^(?:As of|Verdict on) (?:{heads})|\d+ older events?|: 95% limits|upper limit: 95%",
                "",
                left,
            )
            left = re.sub(
                r".*?(\d+) published counts by (\d+) sources, (.*?) to (.*?)\.", lambda m: read(m, data), left
            )
            assert not re.search(r"\d", left), f"no row was found for {left!r}"
        except AssertionError as wrong:
            yield f"{wrong} [{text}]"


def read(found, data):
    """How much was read: rows, and their sources."""
    assert int(found[1]) == len(data.all), found[0]
    assert int(found[2]) == len({row["source"] for row in data.all}), found[0]
    days = sorted(day(row["published"]) for row in data.all)
    assert (date_of(found[3]), date_of(found[4])) == (days[0], days[-1]), found[0]
    return ""


@cache
def printed(folder, *words):
    """A page as the command writes it, before what makes its numbers again."""
    out = folder / "page.md"
    assert main([*words, "--quiet", "--force", "--out", str(out)]) == 0
    text = re.sub(r"\\(.)", r"\1", out.read_text(encoding="utf-8"))
    return re.sub(FOLDED, "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("audit")
    (made / "data").mkdir()
    for name in ("arrests", "releases", "stock"):
        shutil.copy(str(files("detcount.datasets") / "data" / f"venezuela_{name}.csv"), made / "data")
    return made


PAGES = {
    **{
        day: ("venezuela_releases", day, ("releases", "--dataset", "venezuela_releases", "--as-of", day))
        for day in DAYS
    },
    **{name: (name, "9999", ("releases", "--dataset", name)) for name in OTHERS},
    "stock": ("venezuela_releases", "9999", ("stock", "--dataset", "venezuela_stock")),
    "joint": ("venezuela_releases", "2026-01-31", ("report", "data", "--as-of", "2026-01-31")),
}


@pytest.mark.parametrize(
    ("name", "as_of", "words"),
    [
        pytest.param(*page, id=name, marks=[pytest.mark.slow] * (name == DAYS[-1]))
        for name, page in PAGES.items()
    ],
)
def test_each_number_on_a_page_has_its_rows(name, as_of, words, folder):
    words = tuple(str(folder / word) if word == "data" else word for word in words)
    page = printed(folder, *words)
    data = Data("venezuela" if name == "venezuela_releases" else "", as_of, name)
    assert not list(audit(page, data))
    numbers = [re.sub(r"\D", "", n) for n in re.findall(r"\d+(?:[,.\u202f\u00a0]\d{3})*", page)]
    spanish = printed(folder, *words, "--lang", "es")
    other = [re.sub(r"\D", "", n) for n in re.findall(r"\d+(?:[,.\u202f\u00a0]\d{3})*", spanish)]
    assert sorted(set(other)) == sorted(set(numbers))
