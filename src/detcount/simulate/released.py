"""Invented lists of released people beside registers of detained ones, and who is who on all of them.

It is one thing, a third of it documentation: what happens to people decides what each list can write of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from detcount._numerics.arrays import Bools, Ints, ReadOnly, repeat
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.contract import arguments
from detcount.contract.arguments import AtLeast0, AtLeast1, Proportion
from detcount.contract.specification import AS_TYPED, checked, door
from detcount.errors import InputError
from detcount.simulate.names.lists import found_by
from detcount.simulate.names.people import People, invent_people, words
from detcount.simulate.names.writing import Layout, Mistakes, WrittenList, titled, write_rows
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE, _STAYS, _FOUND, _KNOWN, _WRITING, _NAMED = range(6)  # streams of random numbers
_LAYOUTS: tuple[Layout, ...] = ("surnames, given", "surnames given", "given surnames")


@dataclass(frozen=True)
class Tuning:
    """Invented releases.

    Parameters
    ----------
    campaign : int, days
        From the first day of arrests to the first of releases, after all first arrests. Convention: invented.
    after : int, days
        Days after the last release in which somebody can be seen inside or arrested again. Convention:
        invented.
    least_stay : int, days
        Days before the first of releases on which the last who left earlier leave. Convention: invented.
    of_late : int, number
        Power of a uniform number that is the share of a stay since somebody saw the person inside.
        Convention: invented.
    slips : float, times
        Mistakes of each further clerk over those of the one before. Convention: invented.
    """

    campaign: int = 545
    after: int = 60
    least_stay: int = 2
    of_late: int = 3
    slips: float = 1.5


TUNING = Tuning()


@checked(kw_only=True)
class ReleasedList:
    """A list of released people: whom it names, rightly or not, and how it is written.

    Parameters
    ----------
    name : str
        Name of the list.
    kind : {"announced", "verified"}, optional
        Whether an authority announces the releases, or a monitor verifies them.
    named : int, optional
        Persons that an announced list names.
    inside : float, optional
        Share of them who are of the definition, the others being common prisoners.
    day, over_days : int, optional
        First day of an announced list, counted from the first of the campaign, and its days of release.
    undone : float, optional
        Share of those of the definition whom it names and nobody releases.
    before : float, optional
        Share of those of the definition whom it names and who had left before.
    finds : float, optional
        Share of the released of the definition that a monitor finds by itself, among those on a register.
    unknown : float, optional
        The same for those on no register, as a factor of it: monitors verify sooner whom they know.
    checks : tuple of (str, float), optional
        An announced list, and the share of those released from it whom the monitor verifies from that list.
    wrong : float, optional
        Names too many for each right one of a monitor: persons who were not released, half of them of no
        definition.
    delay : float, optional
        Mean days from a release to its verification.
    repeated : float, optional
        Share of its entries that a list has once more, written anew.
    dated : bool, optional
        Whether a column has the day of each release or verification.
    documents_missing : float, optional
        Share of rows without a document.
    clerks : int, optional
        Hands that write it; each orders names in its own way, and errs more than the one before.

    Examples
    --------
    >>> import detcount as dc
    >>> amnesty = dc.simulate.ReleasedList(name="gazette", named=2000, inside=0.05)
    >>> amnesty.kind, amnesty.over_days
    ('announced', 1)
    """

    name: str
    kind: Annotated[Literal["announced", "verified"], AS_TYPED] = "announced"
    named: AtLeast1 = 100
    inside: Proportion = 0.9
    day: int = 0
    over_days: AtLeast1 = 1
    undone: Proportion = 0.05
    before: Proportion = 0.03
    finds: Proportion = 0.6
    unknown: Proportion = 0.6
    checks: tuple[str, float] | None = None
    wrong: Proportion = 0.02
    delay: AtLeast0 = 3.0
    repeated: Proportion = 0.03
    dated: bool = True
    documents_missing: Proportion = 0.1
    clerks: AtLeast1 = 1
    _where: ClassVar[str] = "ReleasedList: "

    def __post_init__(self) -> None:
        arguments.whole_number("ReleasedList: day", self.day)


_REGISTERS = (
    WrittenList(name="foro", share=0.6, documents_missing=0.4),
    WrittenList(name="families", share=0.4, layout="columns", documents_missing=0.7, birth="age"),
)
_RELEASED = (
    ReleasedList(name="lista_oficial"),
    ReleasedList(name="verificados", kind="verified", documents_missing=0.6),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasedTruth(ReadOnly):
    """Who is who on registers and on lists of released people, and who was released.

    Parameters
    ----------
    registers, released_lists : tuple of str
        Names of both kinds of lists; rows are counted over all of them, registers first.
    kinds : tuple of str
        Kind of each list of released people.
    days : ndarray of int64, shape (n_released, 2)
        First and last day of each list of released people, since 1970.
    list_of, row : ndarray of int64, shape (n_rows,)
        List of each row, and its number there, from 1.
    person, stay : ndarray of int64, shape (n_rows,)
        Person of each row, and of registers the stay that it records; -1 elsewhere.
    day : ndarray of int64, shape (n_rows,)
        Day that the row of a list of released people states; otherwise the sentinel of no exit.
    left, seen : ndarray of int64, shape (n_rows,)
        Day of exit that a register records, and last day on which it saw the person inside.
    stay_person, entered, out : ndarray of int64, shape (n_stays,)
        Person of each stay in detention, its first day and the day of exit.
    inside : ndarray of bool, shape (n_persons,)
        Persons of the definition.
    relatives : ndarray of int64, shape (n_pairs, 2)
        Relatives with the same surnames, arrested together.

    Examples
    --------
    >>> from detcount import simulate
    >>> simulate.released_lists(200, seed=1).truth.released_lists
    ('lista_oficial', 'verificados')
    """

    registers: tuple[str, ...]
    released_lists: tuple[str, ...]
    kinds: tuple[str, ...]
    days: Ints
    list_of: Ints
    row: Ints
    person: Ints
    stay: Ints
    day: Ints
    left: Ints
    seen: Ints
    stay_person: Ints
    entered: Ints
    out: Ints
    inside: Bools
    relatives: Ints

    @property
    def window(self) -> tuple[int, int]:
        """First and last day of all announced lists, since 1970."""
        announced = self.days[np.array(self.kinds) == "announced"]
        return int(announced[:, 0].min()), int(announced[:, 1].max())

    @property
    def released(self) -> int:
        """Persons of the definition who left between these days, on any list or on none."""
        first, last = self.window
        return len(np.unique(self.stay_person[(self.out >= first) & (self.out <= last)]))

    def on(self, *names: str) -> set[int]:
        """Persons on any of some lists."""
        numbers = [(*self.registers, *self.released_lists).index(name) for name in names]
        return {*self.person[np.isin(self.list_of, numbers)].tolist()}

    def counts(self, name: str) -> dict[str, int]:
        """Count what true links would say of a list of released people, from what lists record."""
        at = self.released_lists.index(name)
        mine = self.list_of == len(self.registers) + at
        first, last = self.days[at].tolist()
        day: dict[int, int] = {}
        for person, when in zip(self.person[mine].tolist(), self.day[mine].tolist(), strict=True):
            day[person] = max(day.get(person, LONG_AGO), last if when == NEVER else when)
        known, named = self.on(*self.registers), {*day}
        recorded = np.unique(self.stay[self.stay >= 0])
        out, held, again = set(), set(), set()
        for person in known & named:
            stays = recorded[self.stay_person[recorded] == person]
            again |= {person} if (self.entered[stays] > day[person]).any() else set()
            begun = stays[self.entered[stays] <= day[person]]
            if len(begun):
                rows = self.stay == begun[np.argmax(self.entered[begun])]
                held |= {person} if self.seen[rows].max() > day[person] else set()
                out |= {person} if self.left[rows].min() < first else set()
        others = [*zip(self.kinds, self.released_lists, strict=True)]
        others.remove((self.kinds[at], name))
        verified, announced = (
            named & self.on(*(each for kind, each in others if kind == wanted))
            for wanted in ("verified", "announced")
        )
        found = {
            "named": len(named),
            "repeated": int(mine.sum()) - len(named),
            "on_register": len(named & known),
            "not_on_register": len(named - known),
            "already_out": len(out),
            "held_after": len(held),
            "arrested_again": len(again),
        }
        if self.kinds[at] == "verified":
            return found | {"announced": len(announced), "not_announced": len(named - announced)}
        found |= {"also_announced": len(announced)}
        return found | {"verified": len(verified), "unverified": len(named - verified)}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class InventedReleases:
    """Invented registers and lists of released people, as `linkage.read_lists` takes them, and the truth.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        Rows of each list, every cell text.
    released : dict of str to str
        Kind of each list of released people.
    days : dict of str to (str, str)
        First and last day of each announced list.
    checked_from : dict of str to str
        Announced list from which a monitor checks, by list.
    truth : ReleasedTruth
        Who is who, and who was released.
    seed : int
        Seed they were made with.

    Examples
    --------
    >>> from detcount import simulate
    >>> sorted(simulate.released_lists(200, seed=1).frames)
    ['families', 'foro', 'lista_oficial', 'verificados']
    """

    frames: dict[str, pd.DataFrame]
    released: dict[str, str]
    days: dict[str, tuple[str, str]]
    checked_from: dict[str, str]
    truth: ReleasedTruth
    seed: int

    def __repr__(self) -> str:
        return f"<InventedReleases: {', '.join(self.frames)}; {self.truth.released} released>"


@door
def released_lists(
    detained: int = 600,
    *,
    registers: tuple[WrittenList, ...] = _REGISTERS,
    released: tuple[ReleasedList, ...] = _RELEASED,
    mistakes: Mistakes | None = None,
    pool: Literal["wide", "narrow"] = "wide",
    relatives: float = 0.03,
    dependence: float = 0.0,
    left_before: float = 0.3,
    unannounced: float = 0.1,
    again: float = 0.05,
    house_arrest: float = 0.0,
    exits_known: float = 0.6,
    seen_inside: float = 0.4,
    first_day: Any = "2024-06-28",
    seed: int = 0,
) -> InventedReleases:
    """Invent detained people, registers that name some of them, and lists of those who were released.

    Nobody in them exists. Authorities announce whom they release, with common prisoners, people who had left
    before and people who stay inside; monitors verify releases that they find, or check from such a list.

    Parameters
    ----------
    detained : int, optional
        Persons of the definition who are ever detained before the first release.
    registers : tuple of WrittenList, optional
        Lists of the detained; each finds stays in detention by itself.
    released : tuple of ReleasedList, optional
        Lists of released people, an announced one at least.
    mistakes : Mistakes, optional
        How often all lists err.
    pool : {"wide", "narrow"}, optional
        Surnames: some hundreds, or 51, so that names say little.
    relatives : float, optional
        Share of all people, common prisoners too, in pairs of relatives with the same surnames.
    dependence : float, optional
        Correlation, in [0, 1), of what decides whether registers find somebody.
    left_before : float, optional
        Share of the detained who leave before the first release.
    unannounced : float, optional
        Share of those held in the end who are released on the days of the lists without being named.
    again : float, optional
        Share of those who left, before or then, who are arrested once more.
    house_arrest : float, optional
        Share of releases that are to house arrest, as lists of released people say.
    exits_known, seen_inside : float, optional
        Shares of rows of registers with the day of exit, and with the last day on which somebody saw the
        person inside.
    first_day : date, str or numpy.datetime64, optional
        First day of arrests; releases begin 545 days later.
    seed : int, optional
        Seed of everything.

    Returns
    -------
    InventedReleases
        Frames, what is said of them, and the truth.

    Raises
    ------
    InputError
        If an argument is out of its range, or no list is announced.

    Examples
    --------
    >>> from detcount import simulate
    >>> campaign = simulate.released_lists(300, seed=4)
    >>> campaign
    <InventedReleases: foro, families, lista_oficial, verificados; 96 released>
    >>> campaign.truth.counts("lista_oficial")["on_register"]
    73
    """
    detained = arguments.whole_number("detained", detained, least=2, unit="of persons")
    shares = {
        "relatives": relatives, "dependence": dependence, "left_before": left_before, "again": again,
        "unannounced": unannounced, "house_arrest": house_arrest, "exits_known": exits_known,
        "seen_inside": seen_inside,
    }  # fmt: skip
    for name, value in shares.items():
        arguments.share(name, value)
    arguments.one_of("pool", pool, ("wide", "narrow"))
    arguments.different_names("lists", [*(how.name for how in registers), *(each.name for each in released)])
    announced = [each for each in released if each.kind == "announced"]
    if not announced:
        raise InputError(Message("released_lists: expected an announced list, got none"))
    for each in released:
        if each.checks is not None:
            arguments.one_of("ReleasedList: checks", each.checks[0], [other.name for other in announced])

    def stream(*number: int) -> np.random.Generator:
        return np.random.default_rng([seed, *number])

    start = int(np.datetime64(arguments.day("first_day", first_day), "D").astype(np.int64))
    n_others = sum(round(each.named * (1 - each.inside)) for each in announced) + sum(
        each.named for each in announced
    )
    people = invent_people(detained + n_others, pool, relatives, start, stream(_PEOPLE))
    history = _History(people, detained, start, stream(_STAYS))
    history.leave_before(left_before, again)
    for each in sorted(announced, key=lambda each: each.day):
        history.announce(each)
    history.end(unannounced, again)
    stays = np.array(history.stays, dtype=np.int64)
    of_stays = _taken(people, stays[:, 0], stays[:, 1])
    made = _Rows(mistakes or Mistakes(), people, history.last + TUNING.after)
    found = found_by(len(stays), registers, dependence, stream(_FOUND))
    for k, how in enumerate(registers):
        stay = np.flatnonzero(found[:, k])
        made.register(how, stays, of_stays, stay, exits_known, seen_inside, stream(_KNOWN, k))
    house = stream(_NAMED).random(len(people)) < house_arrest
    known = np.isin(np.arange(len(people)), stays[found.any(axis=1), 0])
    days = []
    for k, each in enumerate(released):
        rng = stream(_WRITING, k)
        named = history.named[each.name] if each.kind == "announced" else history.verified(each, known, rng)
        made.released(each, named, house, rng)
        spread = [day for _, day in named] or [history.first]
        if each.kind == "announced":
            spread = [history.first + each.day, history.first + each.day + each.over_days - 1]
        days.append((min(spread), max(spread)))
    pairs = np.flatnonzero(people.relative_of >= 0)
    truth = ReleasedTruth(
        registers=tuple(each.name for each in registers),
        released_lists=tuple(each.name for each in released),
        kinds=tuple(each.kind for each in released),
        days=np.array(days),
        **{name: np.concatenate(values) for name, values in made.truth.items()},
        stay_person=stays[:, 0],
        entered=stays[:, 1],
        out=stays[:, 2],
        inside=np.arange(len(people)) < detained,
        relatives=np.column_stack([people.relative_of[pairs], pairs]),
    )
    return InventedReleases(
        frames=made.frames,
        released={each.name: each.kind for each in released},
        days={
            each.name: (_written(first, "%Y-%m-%d"), _written(last, "%Y-%m-%d"))
            for each, (first, last) in zip(released, days, strict=True)
            if each.kind == "announced"
        },
        checked_from={each.name: each.checks[0] for each in released if each.checks is not None},
        truth=truth,
        seed=seed,
    )


class _History:
    """Stays of everybody of the definition, and whom announced lists name."""

    def __init__(self, people: People, detained: int, start: int, rng: np.random.Generator) -> None:
        self.rng, self.detained, self.first = rng, detained, start + TUNING.campaign
        self.stays = [[who, day, NEVER] for who, day in enumerate(people.arrested[:detained].tolist())]
        self.others = (detained + rng.permutation(len(people) - detained)).tolist()
        self.named: dict[str, list[tuple[int, int]]] = {}
        self.freed: dict[str, set[int]] = {}
        self.last = self.first

    def _between(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, max(high, low) + 1))

    def held(self) -> dict[int, list[int]]:
        """The stay of everybody who is held, as far as the story has come."""
        return {stay[0]: stay for stay in self.stays if stay[2] == NEVER}

    def leave_before(self, share: float, again: float) -> None:
        """Let a share out before the first release, and arrest some of them once more."""
        latest = self.first - TUNING.least_stay
        for stay in self.stays[:]:
            if self.rng.random() < share:
                stay[2] = self._between(stay[1] + 1, latest)
                if self.rng.random() < again and stay[2] < latest:
                    self.stays.append([stay[0], self._between(stay[2] + 1, latest), NEVER])

    def announce(self, each: ReleasedList) -> None:
        """Let an authority name people, and release most of them."""
        begin = self.first + each.day
        end = begin + each.over_days - 1
        self.last = max(self.last, end)
        held = self.held()
        out = sorted({stay[0] for stay in self.stays if stay[2] < begin} - held.keys())
        n_inside = round(each.named * each.inside)
        n_out = min(round(n_inside * each.before), len(out))
        chosen = self.rng.permutation(sorted(held))[: n_inside - n_out].tolist()
        earlier = self.rng.permutation(out)[:n_out].tolist() if out else []
        others = [self.others.pop() for _ in range(each.named - len(chosen) - len(earlier))]
        freed = {who for who in chosen if self.rng.random() >= each.undone}
        self.named[each.name] = [(who, self._between(begin, end)) for who in (*chosen, *earlier, *others)]
        self.freed[each.name] = freed
        for who, day in self.named[each.name]:
            if who in freed:
                held[who][2] = day

    def end(self, unannounced: float, again: float) -> None:
        """Release some whom nobody names, and arrest some of the released once more."""
        for stay in self.held().values():
            if self.rng.random() < unannounced:
                stay[2] = self._between(self.first, self.last)
        for who, _, out in self.stays[:]:
            if self.first <= out < NEVER and self.rng.random() < again:
                self.stays.append([who, self._between(out + 1, self.last + TUNING.after), NEVER])

    def verified(self, each: ReleasedList, known: Bools, rng: np.random.Generator) -> list[tuple[int, int]]:
        """Persons whom a monitor verifies, and on which day."""
        source, share = each.checks or ("", 0.0)
        found: dict[int, int] = {}
        for who, _, out in self.stays:
            if self.first <= out <= self.last:
                own = rng.random() < each.finds * (1.0 if known[who] else each.unknown)
                checked = rng.random() < share and who in self.freed.get(source, ())
                if own or checked:
                    found[who] = out + int(rng.exponential(each.delay))
        strangers = [who for who, _, out in self.stays if out == NEVER and who not in found]
        for turn in range(rng.binomial(len(found), each.wrong)):
            inside = turn % 2 == 0 and strangers
            who = int(rng.choice(strangers)) if inside else self.others[-1 - turn]
            found.setdefault(who, int(rng.integers(self.first, self.last + 1)))
        return list(found.items())


class _Rows:
    """The rows of all lists, written by their hands, and who they are."""

    def __init__(self, mistakes: Mistakes, people: People, end: int) -> None:
        self.mistakes, self.people, self.end = mistakes, people, end
        self.frames: dict[str, pd.DataFrame] = {}
        self.truth: dict[str, list[Ints]] = {
            name: [] for name in ("list_of", "row", "person", "stay", "day", "left", "seen")
        }

    def _add(self, name: str, columns: dict[str, Any], **truth: Ints) -> None:
        import pandas as pd

        n, number = len(truth["person"]), len(self.frames)
        self.frames[name] = pd.DataFrame(columns, dtype=str)
        nothing = {"stay": -1, "day": NEVER, "left": NEVER, "seen": LONG_AGO}
        for key, values in self.truth.items():
            values.append(truth.get(key, np.full(n, nothing.get(key, number), dtype=np.int64)))
        self.truth["row"][-1] = np.arange(1, n + 1)

    def register(
        self, how: WrittenList, stays: Ints, people: People, found: Ints, known: float, seen: float, rng: Any
    ) -> None:
        """A register of the detained: stays in a random order, with exits and last visits."""
        stay = rng.permutation(found)
        if not len(stay):
            raise InputError(
                Message("list {list}: it names nobody. Take a larger share or population", list=how.name)
            )
        entered, out = stays[stay, 1], stays[stay, 2]
        left = np.where((out < NEVER) & (rng.random(len(stay)) < known), out, NEVER)
        until = np.maximum(np.minimum(out, self.end), entered)
        ago = (until - entered) * rng.random(len(stay)) ** TUNING.of_late
        visit = np.where(rng.random(len(stay)) < seen, until - ago.astype(np.int64), LONG_AGO)
        columns = titled(how, write_rows(how, self.mistakes, people, stay, rng), None)
        columns["Fecha de liberación"] = ["" if day == NEVER else _written(day) for day in left.tolist()]
        columns["Última vez visto"] = ["" if day == LONG_AGO else _written(day) for day in visit.tolist()]
        self._add(how.name, columns, person=stays[stay, 0], stay=stay, left=left, seen=visit)

    def released(self, each: ReleasedList, named: list[tuple[int, int]], house: Bools, rng: Any) -> None:
        """A list of released people, by its clerks."""
        entries = np.array(named, dtype=np.int64).reshape(-1, 2)
        entries = rng.permutation(repeat(entries, rng.geometric(1 - each.repeated, len(named)), axis=0))
        clerk = np.sort(rng.integers(each.clerks, size=len(entries)))
        rows: list[dict[str, str]] = []
        order = _LAYOUTS if each.kind == "announced" else _LAYOUTS[::-1]
        for k in range(each.clerks):
            how = WrittenList(
                name=each.name, share=0.5, layout=order[k % len(order)],
                capitals=(each.kind == "announced") != bool(k % 2), accents=each.kind == "verified",
                documents_missing=each.documents_missing, document="12345678" if k % 2 else "V-12.345.678",
                birth="none",
            )  # fmt: skip
            slips = replace(self.mistakes, words=min(self.mistakes.words * TUNING.slips**k, 1.0))
            rows += write_rows(how, slips, self.people, entries[clerk == k, 0], rng)
        person, day = entries.T
        place = [words()["places"][k] for k in self.people.place[person].tolist()]
        official = each.kind == "announced"
        columns = {
            "Apellidos y nombres" if official else "Nombre y apellido": [row["name"] for row in rows],
            "Cédula": [row["document"] for row in rows],
            "Centro penitenciario": [f"Centro Penitenciario de {name}" for name in place],
        }
        if each.dated:
            title = "Fecha de excarcelación" if official else "Verificado el"
            columns[title] = [_written(when) for when in day.tolist()]
        if house.any():
            columns["Situación"] = np.where(house[person], "arresto domiciliario", "libertad").tolist()
        if official:
            year = _written(self.end, "%Y")
            columns["Expediente"] = [f"{k:05d}-{year}" for k in range(1, len(day) + 1)]
        self._add(each.name, columns, person=person, day=day if each.dated else np.full(len(day), NEVER))


def _taken(people: People, who: Ints, arrested: Ints) -> People:
    """Everybody once for each stay."""
    columns: dict[str, Any] = {
        name: getattr(people, name)[who]
        for name in ("woman", "foreign", "document", "born", "place", "relative_of")
    }
    columns |= {name: tuple(getattr(people, name)[k] for k in who.tolist()) for name in ("given", "family")}
    return replace(people, **columns, arrested=arrested)


def _written(day: int, style: str = "%d/%m/%Y") -> str:
    """A day as lists write it."""
    return f"{dt.date(1970, 1, 1) + dt.timedelta(int(day)):{style}}"
