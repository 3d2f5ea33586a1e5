"""Privacy of a table of people: companions of a table, rounded sizes, keyed digests.

A reader who subtracts, or who computes the estimates of every table that the printed counts allow, must not
learn a count of 1 to 4. So what is printed for the public is the same for at least two tables: the one at
hand and its companion, in which every such count is different. Nothing is searched for and nothing is drawn
at random: a companion's companion is the table again, which is why the page is the same for both.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import math
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount.contract.arguments import one_of
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError
from detcount.words import N_, Message

__all__ = [
    "companions",
    "keyed_digest",
    "new_digest_key",
]


def __dir__() -> list[str]:
    """Public names alone."""
    return [*__all__]


_REFUSED_KEY_OF_DIGESTS = N_("digest_key: expected {wanted}. detcount.privacy.new_digest_key() makes one")
_MOST_OF_SECRET = 4096  # bytes; a secret has some tens
Disclosure = Literal["public", "full"]


@dataclass(frozen=True)
class Tuning:
    """Rounding of public numbers, and keys of digests.

    Parameters
    ----------
    small : int, persons
        Largest small count: counts from 1 to this are protected. Convention: counts below five are hidden.
    compared_lists : int, lists
        Lists up to which the page of a table without companions has the floor alone. Convention: four; of
        more lists nobody can assess every table that a page allows.
    alike : int, tables
        Most tables that share a page. Convention: six; each of them has to be assessed.
    few : int, persons
        Persons listed below which a public report gives the floor alone. Convention: a hundred; of fewer, one
        person more or less would show in everything else.
    tens : int, persons
        Step that public numbers are rounded to. Convention: ten.
    fewest : int, persons
        Step that numbers below `few` are rounded down to. Convention: a quarter of `few`.
    coarse : tuple, ratios
        Places of limits in each decade. Convention: round numbers, each 20 to 33% above the one before, so
        that one person more or less seldom moves a limit.
    fine : tuple, ratios
        Places of a number between limits in each decade. Convention: round numbers, twice as many.
    decades : int, decades
        Power of ten above all places. Convention: seventeen, beyond any number of persons.
    shares : int, steps
        Steps in which shares are printed. Convention: twenty, of five points each.
    near : float, ratio
        What a limit may lack to a place of the grid and still stand there. Convention: above the rounding of
        floating point.
    key_length : int, characters
        Length of a key of digests, five bits a character. Convention: 160 bits.
    fewest_different : int, characters
        Different characters below which a key was not drawn at random. Convention: ten; of 32 drawn ones
        about 20 are different.
    """

    small: int = 4
    compared_lists: int = 4
    alike: int = 6
    few: int = 100
    tens: int = 10
    fewest: int = 25
    coarse: tuple[float, ...] = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
    fine: tuple[float, ...] = (
        *(1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0, 9.0),
    )
    decades: int = 17
    shares: int = 20
    near: float = 1e-9
    key_length: int = 32
    fewest_different: int = 10


TUNING = Tuning()
LARGEST_SMALL_COUNT, FEW_LISTED, FEWEST_PRINTED, TENS = TUNING.small, TUNING.few, TUNING.fewest, TUNING.tens
_REFLECTION = LARGEST_SMALL_COUNT + 1
_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def check_disclosure(disclosure: str | None, dataset: str) -> Disclosure:
    """Decide what is printed: what was asked for, or else all of a public data set and little of any other.

    Parameters
    ----------
    disclosure : {"public", "full"}, optional
        What was asked for.
    dataset : str
        Name of the public data set that a table comes from; empty for a table of one's own.

    Returns
    -------
    {"public", "full"}
        What is printed.

    Raises
    ------
    InputError
        If something else was asked for.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.privacy.check_disclosure(None, ""), dc.privacy.check_disclosure(None, "kosovo")
    ('public', 'full')
    """
    if disclosure is None:
        return "full" if dataset else "public"
    one_of("disclosure", disclosure, get_args(Disclosure))
    return "full" if disclosure == "full" else "public"


@door
def companions(table: CaptureTable) -> tuple[CaptureTable, ...]:
    """Give the tables that share one public page with a table.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    tuple of CaptureTable
        The table and its companions, in an order that does not depend on which of them was asked for. The
        table alone where no count of it is from 1 to 4; none where it has no companion, or more than 5.

    Notes
    -----
    In a companion every capture history with 1 to 4 persons has another number of them, again 1 to 4: 1 and 2
    change places, and so do 3 and 4. This can leave the sum for a pair of lists, for one list or for a number
    of lists as it was (1 and 2 add up to 3 either way). In that case v becomes 5 - v in all of them instead,
    which leaves no sum from 1 to 4 as it was. The largest history makes up for the persons gained or lost, so
    that as many are listed as before, and keeps at least 5. Empty histories stay empty, so that a sentence
    about them is true of every table.

    If the small counts gain persons, the table belongs to the family of its companion. If they lose persons,
    the others belong to its own family: most often one other, several where histories are about as large as
    the largest.

    Examples
    --------
    >>> from detcount import CaptureTable
    >>> from detcount.privacy import companions
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 3}, lists=["press", "families"])
    >>> [other.overlap("press", "families") for other in companions(table)]
    [4, 3]
    """
    counts = table.counts
    small = counts <= LARGEST_SMALL_COUNT
    if not small.any():
        return (table,)
    swapped = np.where(small, _swapped(table, small), counts)
    gained = int((swapped - counts).sum())
    if gained == 0:
        family = {_key(counts), _key(swapped)}
    elif gained > 0:
        root = _absorbed(swapped, small, gained)
        if root is None:
            return ()
        family = _family(table, root, small, gained)
    elif small.all():
        return ()
    else:
        family = _family(table, counts, small, -gained)
    if len(family) > TUNING.alike:
        return ()
    return tuple(replace(table, counts=np.array(member)) for member in sorted(family))


def _swapped(table: CaptureTable, small: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Small counts in a companion; entries of other counts mean nothing."""
    counts = table.counts
    if _has_even_sum(table, small):
        return _REFLECTION - counts
    return np.where(counts % 2 == 1, counts + 1, counts - 1)


def _has_even_sum(table: CaptureTable, small: NDArray[np.bool_]) -> bool:
    """Check whether a pair, a list or a number of lists has two histories, of 1 and 2 persons or 3 and 4."""
    on = table.histories.astype(bool)
    times = on.sum(axis=1)
    sums = [times == j for j in range(1, table.n_lists + 1)]
    sums += [on[:, k] for k in range(table.n_lists)]
    sums += [on[:, i] & on[:, j] for i, j in itertools.combinations(range(table.n_lists), 2)]
    for members in sums:
        if members.sum() == 2 and small[members].all():
            low, high = sorted(table.counts[members].tolist())
            if (low, high) in ((1, 2), (3, 4)):
                return True
    return False


def _absorbed(counts: NDArray[np.int64], small: NDArray[np.bool_], persons: int) -> NDArray[np.int64] | None:
    """Take persons from the largest history; None where it would be small then."""
    place = _largest(counts, small)
    if place is None or counts[place] - persons <= LARGEST_SMALL_COUNT:
        return None
    taken = counts.copy()
    taken[place] -= persons
    return taken


def _largest(counts: NDArray[np.int64], small: NDArray[np.bool_]) -> int | None:
    """Place of the largest history that is not small, the first of equal ones."""
    if small.all():
        return None
    return int(np.argmax(np.where(small, -1, counts)))


def _family(
    table: CaptureTable, root: NDArray[np.int64], small: NDArray[np.bool_], persons: int
) -> set[tuple[int, ...]]:
    """The root and the tables whose largest history gives it so many persons."""
    rooted = replace(table, counts=root)
    swapped = np.where(small, _swapped(rooted, small), root)
    family = {_key(root)}
    for place in np.flatnonzero(~small).tolist():
        member = swapped.copy()
        member[place] += persons
        if _largest(member, small) == place:
            family.add(_key(member))
    return family


def _key(counts: NDArray[np.int64]) -> tuple[int, ...]:
    """Counts as a value that can be compared."""
    return tuple(counts.tolist())


def reflected(count: int) -> int:
    """Give what stands in a companion in the place of a count: 5 less it where it is small.

    Examples
    --------
    >>> import detcount as dc
    >>> [dc.privacy.reflected(count) for count in (0, 1, 3, 5)]
    [0, 4, 2, 5]
    """
    return _REFLECTION - count if 0 < count <= LARGEST_SMALL_COUNT else count


def size_unit(tables: Sequence[CaptureTable]) -> int | None:
    """Find what list sizes are rounded to, so that they are the same for all of some tables.

    Parameters
    ----------
    tables : sequence of CaptureTable
        A table and its companions.

    Returns
    -------
    int or None
        10 persons; None where the sizes cannot be printed, as in a table of fewer than 100 or with a list of
        fewer than 5.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> dc.privacy.size_unit([table])
    10
    """
    printed = {tuple(round_to(size, TENS) for size in table.list_sizes.values()) for table in tables}
    alike = len(printed) == 1 and all(printed.pop())  # a list of few has no size that can be said
    return TENS if alike and tables[0].n_observed >= FEW_LISTED else None


def public_floor(persons: int) -> int:
    """Round a number of persons listed down, so that it stays a floor and mostly hides one person.

    Parameters
    ----------
    persons : int
        The number.

    Returns
    -------
    int
        Tens; of fewer than 100 persons a multiple of 25.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.privacy.public_floor(187), dc.privacy.public_floor(97), dc.privacy.public_floor(24)
    (180, 75, 0)
    """
    unit = FEWEST_PRINTED if persons < FEW_LISTED else TENS
    return persons // unit * unit


def coarse_limits(low: float, high: float, floor: int) -> tuple[float, float]:
    """Give limits on a coarse grid, outward: one person more or less seldom moves them.

    Parameters
    ----------
    low, high : float
        Limits, persons.
    floor : int
        Persons certainly listed, as they are printed; no limit is below it.

    Returns
    -------
    tuple of float
        1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.privacy.coarse_limits(183.0, 267.0, 170)
    (170.0, 300.0)
    """
    below, above = _around(low, high, TUNING.coarse)
    return max(float(floor), below), max(above, float(floor))


def coarse_point(value: float, low: float, high: float) -> float:
    """Give a number between limits as the nearest place, by ratio, of a grid twice as fine as that of limits.

    Below 100 it is the grid of limits.

    Parameters
    ----------
    value : float
        The number, persons.
    low, high : float
        Limits as they are printed, persons; the place lies within them.

    Returns
    -------
    float
        Persons.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.privacy.coarse_point(860.0, 720.0, 1000.0)
    900.0
    """
    below, above = _around(value, value, TUNING.fine if value >= FEW_LISTED else TUNING.coarse)
    nearest = below if value**2 < below * above else above
    return min(max(nearest, low), high)


def _around(low: float, high: float, steps: tuple[float, ...]) -> tuple[float, float]:
    """The last place of a grid below a number, and the first above another; 0 and infinity without one."""
    first = math.floor(math.log10(max(low, 1.0)))
    grid = [round(step * 10.0**decade, 1) for decade in range(first, TUNING.decades) for step in steps]
    below = [place for place in grid if place <= low * (1 + TUNING.near)]
    above = [place for place in grid if place >= high * (1 - TUNING.near)]
    return max(below, default=0.0), min(above, default=math.inf)


def least_of_listed(low: float, listed: int) -> int:
    """Give a floor of a coarse lower limit, as a share of the persons listed in steps of one in twenty.

    Where entries that do not belong are taken out a limit can be below the number listed; the next place of
    the grid may be far below it.

    Parameters
    ----------
    low : float
        The limit, persons.
    listed : int
        Persons listed, as they are printed.

    Returns
    -------
    int
        At most the limit, persons.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.privacy.least_of_listed(740.0, 760), dc.privacy.least_of_listed(800.0, 760)
    (720, 760)
    """
    share = min(math.floor(TUNING.shares * low / listed), TUNING.shares) if listed else 0
    return public_floor(listed * share // TUNING.shares)


def public_counts(table: CaptureTable) -> tuple[int | None, ...]:
    """Give the persons of each capture history as they may be printed: in tens, and no small count.

    They are the same for a table and its companions, so that what is printed of one is printed of all.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    tuple of (int or None)
        For each history the persons, rounded to tens; None where there are 1 to 4, where a companion has
        another ten, and everywhere in a table of few people or without a companion.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 42, "01": 66, "11": 3}, lists=["press", "families"])
    >>> dc.privacy.public_counts(table)
    (70, 40, None)
    """
    family = companions(table) if table.n_observed >= FEW_LISTED else ()
    shown: list[int | None] = []
    for k, count in enumerate(table.counts.tolist()):
        tens = {round_to(int(other.counts[k]), TENS) for other in family}
        shown.append(tens.pop() if len(tens) == 1 and count > LARGEST_SMALL_COUNT else None)
    return tuple(shown)


def round_to(persons: int, unit: int) -> int:
    """Round a number of persons to the nearest multiple of some number, halves up.

    Parameters
    ----------
    persons : int
        The number.
    unit : int
        What it becomes a multiple of.

    Returns
    -------
    int
        The multiple.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.privacy.round_to(4402, 5), dc.privacy.round_to(4403, 5)
    (4400, 4405)
    """
    return (persons + unit // 2) // unit * unit


def new_digest_key() -> str:
    """Make a secret for keyed digests: 32 characters at random, to be stored where the data are.

    Returns
    -------
    str
        Letters A to Z and digits 2 to 7.

    See Also
    --------
    keyed_digest : Uses it.

    Examples
    --------
    >>> import detcount as dc
    >>> len(dc.privacy.new_digest_key())
    32
    """
    import secrets

    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(TUNING.key_length))


def check_digest_key(key: str) -> str:
    """Refuse a secret that could be guessed; a message never shows it.

    Parameters
    ----------
    key : str
        The secret.

    Returns
    -------
    str
        The secret.

    Raises
    ------
    InputError
        If it is not 32 characters or more of A to Z and 2 to 7, or has too few different ones to be random.
    InputTypeError
        If it is not text.

    Examples
    --------
    >>> import detcount as dc
    >>> key = dc.privacy.new_digest_key()
    >>> dc.privacy.check_digest_key(key) == key
    True
    """
    if not isinstance(key, str):
        wanted = Message("text, got {kind}", kind=type(key).__name__)
        raise InputTypeError(Message(_REFUSED_KEY_OF_DIGESTS, wanted=wanted))
    if (fault := _wanted(key)) is not None:
        raise InputError(Message(_REFUSED_KEY_OF_DIGESTS, wanted=fault))
    return key


def secret_of(path: str | os.PathLike[str]) -> str:
    """Read the secret that a file holds, which its owner alone may read.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    str
        The secret, as `new_digest_key` makes it.

    Raises
    ------
    InputError
        If others may read the file, or it holds anything else. No message shows what it holds.
    OSError
        If it is not there or may not be read.
    """
    from detcount.reading.content import content_of

    name = Path(path).name
    try:
        secret = check_digest_key(content_of(path, most=_MOST_OF_SECRET).decode("utf-8-sig").strip())
    except (InputError, UnicodeDecodeError):
        raise InputError(
            Message(
                "{file}: expected a secret that detcount wrote, got another file. Name the right one as "
                "--key-file, or one that is not there to have it made",
                file=name,
            )
        ) from None
    mode = Path(path).stat().st_mode
    if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(
            Message(
                "{file}: expected a file that its owner alone can read, as it holds a secret, got one that "
                "others can read. Type chmod 600 {file}",
                file=name,
            )
        )
    return secret


def _wanted(key: str) -> Message | None:
    """Say what a secret lacks; None where it is good."""
    if len(key) < TUNING.key_length:
        return Message("at least {least} characters, got {n}", least=TUNING.key_length, n=len(key))
    if set(key) - set(_KEY_ALPHABET):
        return Message("letters A to Z and digits 2 to 7 alone")
    if (n := len(set(key))) < TUNING.fewest_different:
        return Message("characters drawn at random, got {n} different ones", n=n)
    return None


class Digested(Protocol):
    """Data that have a digest: a table, or lists of people with their days."""

    @property
    def digest(self) -> str:
        """SHA-256 of the data."""


@dataclass(frozen=True)
class Blur:
    """Amount by which limits of linked lists are blurred under the owner's key.

    Parameters
    ----------
    distance : float, standard deviations
        How far apart the printed limits are, at most, with one person and without: two normal laws so far
        apart are told from each other in 7% more cases than by a guess, as 2 Phi(distance/2) - 1. Policy: a
        tenth at most. The rest is for spreads that differ: at .2 one folder of eleven was above it.
    tables : int, tables
        Drawn tables that say how far one person moves a limit. Computational: each takes one fit for every
        capture history, and `benchmarks/public_numbers.py` judges the noise that so many give.
    step : float, units of the second digit
        Of which a printed limit is a multiple, outward. Convention: 5 below 1,000 persons, 50 below 10,000.
    between : float, share
        Of the way from the lower limit to the upper one, by ratio, at which the number between them is
        printed: to print its own place would take more noise. The median of invented tables
        (`benchmarks/public_numbers.py`), of which nine in ten have it between .31 and .46.
    level : float, probability
        Of the limits that are blurred. Convention: those of reports.
    """

    distance: float = 0.17
    tables: int = 4
    step: float = 0.5
    between: float = 0.39
    level: float = 0.95


BLUR = Blur()


def blurred_limits(
    low: float, high: float, moves: tuple[float, float], key: str, question: str
) -> tuple[float, float]:
    """Add noise to limits, so that it is hardly seen whether any one person is on the lists.

    Normal noise is added to the logarithm of each limit. Its variance is as d (d + e) / distance^2, where d
    is how far one person moves the limit and e how far the other one: so the two printed limits differ, with
    and without anybody, by at most `Blur.distance` standard deviations in all. Before that each limit goes
    outward by what keeps the cover: from z s to z sqrt(s^2 + noise^2), with s the standard deviation that
    the limits imply.

    Parameters
    ----------
    low, high : float
        Limits of 95%, persons.
    moves : tuple of float
        The most that one person moves the logarithm of either.
    key : str
        A secret made by `new_digest_key`.
    question : str
        What the noise is drawn for: other words draw other noise, the same words the same.

    Returns
    -------
    tuple of float
        Persons, to half of the second digit, outward. Without an upper limit there is none.

    Examples
    --------
    >>> import detcount as dc
    >>> key = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    >>> dc.privacy.blurred_limits(450.0, 830.0, (0.005, 0.007), key, "an example")
    (435.0, 795.0)
    """
    secret = check_digest_key(key).encode()
    drawn = hmac.new(secret, f"noise: {question}".encode(), hashlib.sha256).digest()
    parts = (int.from_bytes(drawn[first : first + 6], "big") + 0.5 for first in (0, 6))
    ends = noisy((low, high), moves, tuple(float(ndtri(part / 256**6)) for part in parts))
    steps = [BLUR.step * 10.0 ** (math.floor(math.log10(end)) - 1) for end in ends]
    below = math.floor(ends[0] / steps[0] + TUNING.near) * steps[0]
    above = math.ceil(ends[1] / steps[1] - TUNING.near) * steps[1] if math.isfinite(high) else math.inf
    return below, above


def canonical(table: CaptureTable) -> str:
    """Give a table as words that neither the names nor the order of its lists change.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> dc.privacy.canonical(table)
    '40 in 1 of 60, 60 in 1 of 80, 20 in 2 of 140'
    """
    sizes = table.histories.astype(np.int64) @ np.array(list(table.list_sizes.values()))
    times = table.histories.sum(axis=1)
    rows = sorted(zip(times.tolist(), sizes.tolist(), table.counts.tolist(), strict=True))
    return ", ".join(f"{persons} in {of} of {size}" for of, size, persons in rows)


def noisy(limits: tuple[float, float], moves: tuple[float, float], normal: Any) -> tuple[Any, Any]:
    """Give limits with so many standard normal deviates of noise each, before they are rounded."""
    low, high = limits
    z = float(ndtri(0.5 + BLUR.level / 2))
    spread = (math.log(high) - math.log(low)) / (2 * z) if math.isfinite(high) else math.inf
    ends = []
    for end, move, side, drawn in zip(limits, moves, (-1, 1), normal, strict=True):
        noise = math.sqrt(move * sum(moves)) / BLUR.distance
        outward = z * (math.hypot(spread, noise) - spread) if math.isfinite(spread) else 0.0
        ends.append(end * np.exp(side * outward + noise * drawn))
    return ends[0], ends[1]


@door
def keyed_digest(table: Digested, key: str) -> str:
    """Give a digest of data from which nothing can be learned without the key.

    Without a key somebody could guess the data by trying tables: of a small table few are possible.

    Parameters
    ----------
    table : CaptureTable or PersonLists
        The data.
    key : str
        A secret made by `new_digest_key`.

    Returns
    -------
    str
        HMAC-SHA256 of the digest of the data, in 64 hexadecimal digits.

    Raises
    ------
    InputError
        If the key could be guessed.
    InputTypeError
        If the key is not text.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> len(dc.privacy.keyed_digest(table, dc.privacy.new_digest_key()))
    64
    """
    secret = check_digest_key(key).encode()
    return hmac.new(secret, table.digest.encode(), hashlib.sha256).hexdigest()
