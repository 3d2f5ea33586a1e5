"""Invented lists of names: messy rows of the same invented people, and who is who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Bools, Ints, ReadOnly, repeat
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.simulate.names.people import People, arrested_again, invent_people
from detcount.simulate.names.writing import Mistakes, WrittenList, titled, write_rows
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE, _LISTED, _ROWS, _WRITING, _ORDER, _AGAIN = range(6)  # streams of random numbers
_MOST_PERSONS = 5_000_000
_THREE = (
    WrittenList(
        name="government",
        share=0.48,
        layout="surnames, given",
        capitals=True,
        accents=False,
        document="V-12.345.678",
        documents_missing=0.15,
    ),
    WrittenList(
        name="foro_penal",
        share=0.43,
        layout="given surnames",
        document="12345678",
        documents_missing=0.40,
        day="2024-08-24",
    ),
    WrittenList(
        name="committee",
        share=0.29,
        layout="columns",
        document="V12345678",
        documents_missing=0.75,
        day="agosto 2024",
        birth="age",
    ),
)


@dataclass(frozen=True, eq=False, repr=False)
class NamesTruth(ReadOnly):
    """Who is who on invented lists of names.

    Parameters
    ----------
    population : int
        Persons in the population.
    lists : tuple of str
        Names of the lists.
    list_of : ndarray of int64, shape (n_rows,)
        List of each row, a position in `lists`.
    row : ndarray of int64, shape (n_rows,)
        Row number in its list, from 1.
    person : ndarray of int64, shape (n_rows,)
        Number of the person, from 0.
    forwarded : ndarray of bool, shape (n_rows,)
        Rows that another list forwarded.
    relatives : ndarray of int64, shape (n_pairs, 2)
        Numbers of relatives who were arrested together.

    Examples
    --------
    >>> import detcount as dc
    >>> invented = dc.simulate.name_lists(30, seed=1)
    >>> invented.truth.n_persons
    21
    """

    population: int
    lists: tuple[str, ...]
    list_of: Ints
    row: Ints
    person: Ints
    forwarded: Bools
    relatives: Ints

    @property
    def n_persons(self) -> int:
        """Persons on at least one list."""
        return len(np.unique(self.person))

    def __repr__(self) -> str:
        return f"<NamesTruth: {len(self.person):,} rows of {self.n_persons:,} persons of {self.population:,}>"

    def table(self, *, forwarded: bool = True) -> CaptureTable:
        """Give the capture table of a perfect linkage.

        Parameters
        ----------
        forwarded : bool, optional
            Whether rows that another list forwarded count.

        Returns
        -------
        CaptureTable
            Persons by capture history.
        """
        kept = np.ones(len(self.person), bool) if forwarded else ~self.forwarded
        on = np.zeros((self.population, len(self.lists)), np.uint8)
        on[self.person[kept], self.list_of[kept]] = 1
        histories, counts = np.unique(on[on.any(axis=1)], axis=0, return_counts=True)
        return CaptureTable(self.lists, histories, counts)

    def to_frame(self) -> pd.DataFrame:
        """Give the person of each row: columns ``list``, ``row`` and ``person``."""
        import pandas as pd

        names = np.array(self.lists, dtype=object)[self.list_of]
        return pd.DataFrame({"list": names, "row": self.row, "person": self.person})


@dataclass(frozen=True, eq=False, repr=False)
class InventedLists:
    """Invented lists of names, with their truth.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        The rows of each list, every cell text: what a linkage may see.
    truth : NamesTruth
        Who is who.
    seed : int
        Seed they were made with.

    Examples
    --------
    >>> import detcount as dc
    >>> invented = dc.simulate.name_lists(30, seed=1)
    >>> sorted(invented.frames)
    ['committee', 'foro_penal', 'government']
    """

    frames: dict[str, pd.DataFrame]
    truth: NamesTruth
    seed: int

    def __repr__(self) -> str:
        return f"<InventedLists: {', '.join(self.frames)}; {self.truth!r}>"


@door
def name_lists(
    population: int = 1000,
    *,
    lists: tuple[WrittenList, ...] = _THREE,
    mistakes: Mistakes | None = None,
    pool: Literal["wide", "narrow"] = "wide",
    duplicates: float = 0.04,
    relatives: float = 0.03,
    again: float = 0.0,
    dependence: float = 0.0,
    first_day: Any = "2024-07-29",
    seed: int = 0,
) -> InventedLists:
    """Invent people, and lists that name some of them, each in its own format and with errors.

    Nobody in them exists. Given names and surnames are Venezuelan, with frequencies that fall as those of
    real names do. The truth, the number of the person of every row, is apart from the rows.

    Parameters
    ----------
    population : int, optional
        Persons in the population, each of whom a list may name.
    lists : tuple of WrittenList, optional
        The lists, one or more. Without it there are three, of about 0.5, 0.45 and 0.3 rows for each person
        of the population: surnames first and in capitals; names in ordinary order; names in columns, with
        ages and months. Documents are missing in 0.15, 0.40 and 0.75 of the rows.
    mistakes : Mistakes, optional
        How often the lists err.
    pool : {"wide", "narrow"}, optional
        Surnames: some hundreds, or 51, so that names say little.
    duplicates : float, optional
        Share of the entries of a list that it has once more, written anew.
    relatives : float, optional
        Share of the population in pairs of relatives with the same surnames, arrested together.
    again : float, optional
        Share of the population arrested a second time, 20 to 399 days later. Lists find each arrest by
        itself, so that one person may stand on them with two days.
    dependence : float, optional
        Correlation, in [0, 1), of what decides whether lists find a person.
    first_day : date, str or numpy.datetime64, optional
        First day of arrests; most are arrested in the month after it.
    seed : int, optional
        Seed of everything. The same seed gives the same people whatever the lists are.

    Returns
    -------
    InventedLists
        Frames by list, and the truth.

    Raises
    ------
    InputError
        If an argument is out of its range, or a list names nobody.

    Examples
    --------
    >>> from detcount import simulate
    >>> invented = simulate.name_lists(300, seed=4)
    >>> {name: len(frame) for name, frame in invented.frames.items()}
    {'government': 164, 'foro_penal': 129, 'committee': 92}
    >>> invented.truth
    <NamesTruth: 385 rows of 234 persons of 300>
    """
    population = arguments.whole_number(
        "population", population, least=2, most=_MOST_PERSONS, unit="of persons"
    )
    arguments.one_of("pool", pool, ("wide", "narrow"))
    arguments.share("relatives", relatives)
    arguments.share("again", again)
    for name, value in (("duplicates", duplicates), ("dependence", dependence)):
        if not 0 <= arguments.number(name, value, least=0) < 1:
            raise InputError(
                Message("{name}: expected a number from 0 to below 1, got {got}", name=name, got=repr(value))
            )
    start = int(np.datetime64(arguments.day("first_day", first_day), "D").astype(np.int64))
    names = arguments.different_names("lists", [each.name for each in lists])
    for position, each in enumerate(lists):
        if each.forwards is not None:
            arguments.one_of("WrittenList: forwards", each.forwards[0], names[:position])
    errs = Mistakes() if mistakes is None else mistakes

    def stream(*number: int) -> np.random.Generator:
        return np.random.default_rng([seed, *number])

    people = invent_people(population, pool, relatives, start, stream(_PEOPLE))
    arrests, who = arrested_again(people, again, stream(_AGAIN))
    listed = found_by(len(arrests), lists, dependence, stream(_LISTED))
    made: list[tuple[Ints, list[dict[str, str]], list[str]]] = []
    for k, how in enumerate(lists):
        made.append(
            _rows(
                how,
                errs,
                arrests,
                listed[:, k],
                made,
                names,
                duplicates,
                stream(_ROWS, k),
                stream(_WRITING, k),
            )
        )
    return _invented(lists, made, population, people, who, seed, stream(_ORDER))


def found_by(
    population: int, lists: tuple[WrittenList, ...], dependence: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Who is found by which list: normal variables with one common part, cut so that the shares hold."""
    from scipy.special import ndtri

    common = rng.standard_normal((population, 1))
    own = rng.standard_normal((population, len(lists)))
    cuts = ndtri(np.array([how.share for how in lists]))
    return np.asarray(np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own < cuts)


def _rows(
    how: WrittenList,
    mistakes: Mistakes,
    people: People,
    found: NDArray[np.bool_],
    earlier: list[tuple[Ints, list[dict[str, str]], list[str]]],
    names: tuple[str, ...],
    duplicates: float,
    rng: np.random.Generator,
    writing: np.random.Generator,
) -> tuple[Ints, list[dict[str, str]], list[str]]:
    """Persons, cells and senders of the rows of one list, in a random order."""
    # entries of a person are one more than a geometric number, so that a share of the rows is written again
    persons = repeat(np.flatnonzero(found), rng.geometric(1 - duplicates, int(found.sum())))
    if not len(persons):
        raise InputError(
            Message("list {list}: it names nobody. Take a larger share or population", list=how.name)
        )
    rows = write_rows(how, mistakes, people, persons, writing)
    senders = [""] * len(rows)
    if how.forwards is not None:
        sender, share = how.forwards
        theirs, cells, _ = earlier[names.index(sender)]
        sent = np.flatnonzero(rng.random(len(theirs)) < share)
        persons = np.concatenate([persons, theirs[sent]])
        own = list(dict.fromkeys(key for row in rows for key in row))
        for k in sent.tolist():
            rows.append(_copied(cells[k], own, how))
            senders.append(sender)
    order = rng.permutation(len(persons))
    return persons[order], [rows[k] for k in order.tolist()], [senders[k] for k in order.tolist()]


def _copied(cells: dict[str, str], own: list[str], how: WrittenList) -> dict[str, str]:
    """A forwarded row, as far as the list has columns for it; a name goes as it was written."""
    kept = {key: cells.get(key, "") for key in own}
    if "name" in own and "name" not in cells:
        order = ("given 1", "given 2", "family 1", "family 2")
        kept["name"] = " ".join(filter(None, (cells[key] for key in order)))
    if "name" in cells and "name" not in own:
        last, comma, first = cells["name"].partition(", ")
        words = last.split()
        given, family = (first.split(), words) if comma else (words[:2], words[2:])
        kept["given 1"], kept["given 2"] = " ".join(given[:1]), " ".join(given[1:])
        kept["family 1"], kept["family 2"] = " ".join(family[:1]), " ".join(family[1:])
    return kept


def _invented(
    lists: tuple[WrittenList, ...],
    made: list[tuple[Ints, list[dict[str, str]], list[str]]],
    population: int,
    people: People,
    who: Ints,
    seed: int,
    rng: np.random.Generator,
) -> InventedLists:
    """The frames and the truth."""
    import pandas as pd

    frames = {}
    for how, (_, rows, senders) in zip(lists, made, strict=True):
        states = how.forwards is not None and how.marks_forwarded
        frames[how.name] = pd.DataFrame(titled(how, rows, senders if states else None), dtype=str)
    pairs = np.flatnonzero(people.relative_of >= 0)
    truth = NamesTruth(
        population=population,
        lists=tuple(how.name for how in lists),
        list_of=repeat(np.arange(len(lists)), [len(persons) for persons, _, _ in made]),
        row=np.concatenate([np.arange(1, len(persons) + 1) for persons, _, _ in made]),
        person=who[np.concatenate([persons for persons, _, _ in made])],
        forwarded=np.array([bool(sender) for _, _, senders in made for sender in senders]),
        relatives=np.column_stack([people.relative_of[pairs], pairs]),
    )
    return InventedLists(frames=frames, truth=truth, seed=seed)
