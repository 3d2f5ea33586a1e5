"""Outcomes of the numbers of a record: each beside what was found, and how far they agree."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detcount.reports.printing import Columns, Summary
from detcount.reports.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["same", "rounding", "within Monte Carlo error", "different"]
OUTCOMES: tuple[Outcome, ...] = ("same", "rounding", "within Monte Carlo error", "different")


@dataclass(frozen=True)
class Tuning:
    """Tolerances of a reproduced record.

    Parameters
    ----------
    rounding : float, relative
        Difference of exact values that counts as rounding. Convention: nine digits.
    loose : float, share
        Difference of what describes draws. Convention: 5%.
    errors : float, Monte Carlo standard errors
        Difference of values of draws. Convention: four.
    largest : int
        Largest whole number that is compared as a float. Convention: double precision.
    """

    rounding: float = 1e-9
    loose: float = 0.05
    errors: float = 4.0
    largest: int = 10**300


TUNING = Tuning()


_PLACES = {  # whose Monte Carlo error stands under which name
    "point": "monte_carlo_error",
    "low": "monte_carlo_error_low",
    "high": "monte_carlo_error_high",
}
_DERIVED = frozenset({"range", "envelope", "modes", "disagreement", "standard_error", *_PLACES.values()})
# what tells of the machine, and of nothing that was computed
_ELSEWHERE = frozenset({"versions", "platform", "cpu", "blas", "made_by", "private", "notes", "with_anchors"})
# what records of earlier versions do not have
_SINCE = frozenset({"specification", "listed", "training"})
# what records of earlier versions have besides
_UNTIL = frozenset({"deaths", "bank"})
_JOBS = {
    "lists": Message("lists"),
    "stock": Message("people held"),
    "released": Message("people named as released"),
    "releases": Message("releases"),
    "waves": Message("waves of releases"),
    "audit": Message("entries that were checked"),
    "who by sex": Message("men and women among all"),
    "who by age": Message("ages among all"),
    "who by place": Message("places among all"),
    "audited": Message("the number without wrong entries"),
}
_VERSION = re.compile(r"[0-9a-z.+-]{1,40}")
_MOST_SHOWN = 40  # values that differ
_VERSIONS = re.compile(r"^## (?=\d)", re.MULTILINE)
_NUMBERS = re.compile(r"^### Numbers that change\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Compared:
    """One value of a record.

    Parameters
    ----------
    name : str
        Where it stands, as ``estimates / chapman / low``.
    recorded, found : object
        What the record says, and what was found; None where one of them lacks it.
    outcome : {"same", "rounding", "within Monte Carlo error", "different"}
        How far they agree.
    error : float, optional
        Monte Carlo error of the difference, where one is stated.
    """

    name: str
    recorded: Any
    found: Any
    outcome: Outcome
    error: float | None = None


def compared(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Compared, ...]:
    """Compare every value of two records.

    Parameters
    ----------
    recorded, found : mapping
        The records, as JSON holds them.

    Returns
    -------
    tuple of Compared
        A row for each value of either.
    """
    greatest = max([0.0, *_errors(recorded), *_errors(found)])
    return tuple(_walk(recorded, found, (), None, greatest))


def _walk(
    recorded: Any, found: Any, place: tuple[str, ...], error: float | None, greatest: float
) -> Iterator[Compared]:
    """Each value below a place; `error` is what the place above states for it."""
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys([*recorded, *found]):
            if key in _ELSEWHERE | _UNTIL or (key in _SINCE and key not in recorded):
                continue
            stated = _error_stated(recorded, found, key, greatest)
            inside = stated if stated is not None else error
            name = str(key) if key in found else "?"  # which anybody may have written there
            yield from _walk(recorded.get(key), found.get(key), (*place, name), inside, greatest)
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for number, (one, other) in enumerate(zip(recorded, found, strict=True), start=1):
            yield from _walk(one, other, (*place, str(number)), error, greatest)
    else:
        yield Compared(" / ".join(place), recorded, found, _outcome(recorded, found, error), error)


def _error_stated(
    recorded: Mapping[str, Any], found: Mapping[str, Any], key: str, greatest: float
) -> float | None:
    """Monte Carlo error of the difference of two values of one name."""
    if key in _PLACES:
        numbers = _numbers(recorded, found, _PLACES[key])
        return math.hypot(*numbers) if numbers else None
    if key in _DERIVED and greatest > 0:
        # an error of an error, a spread of draws, a ratio of estimates: what moves with the draws
        if key in ("range", "envelope", "modes"):
            return greatest
        return TUNING.loose * max(map(abs, _numbers(recorded, found, key)), default=0.0)
    return None


def _numbers(recorded: Mapping[str, Any], found: Mapping[str, Any], key: str) -> list[float]:
    """Give the two numbers of one name in two records, where they are numbers."""
    values = [record.get(key) for record in (recorded, found)]
    return [float(value) for value in values if value is not None and _is_number(value)]


def _outcome(recorded: Any, found: Any, error: float | None) -> Outcome:
    """Compare two values."""
    if _is_number(recorded) and _is_number(found):
        if recorded == found:
            return "same"
        if math.isclose(recorded, found, rel_tol=TUNING.rounding):
            return "rounding"
        if error is not None and abs(recorded - found) <= TUNING.errors * error:
            return "within Monte Carlo error"
        return "different"
    return "same" if recorded == found else "different"


def _errors(record: Any) -> Iterator[float]:
    """Every Monte Carlo error that a record states."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            if key in _PLACES.values() and _is_number(value):
                yield float(value)
            else:
                yield from _errors(value)


def _is_number(value: Any) -> bool:
    """Check whether a value is a number, and no truth value; whole ones that no float holds are none."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= TUNING.largest
    return isinstance(value, float)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Reproduction(Result):
    """A record made again: what each of its values became.

    Made by `reproduce`.

    Parameters
    ----------
    values : tuple of Compared
        Every value of the record, and what was found.
    recorded_versions, versions : dict of str to str
        Versions of the libraries then and now.
    changes : tuple of (str, str)
        What the change log says of numbers that changed since, by version; empty for the same version.
    public : bool
        Whether the record is a public one, of which what was printed is compared.
    jobs : dict of str to Reproduction, optional
        What each job became, where the record is of a report of several.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> record = dc.abundance.Chapman().fit(table).record()
    >>> print(dc.reproduce(record, table).headline())
    all 21 values are the same, to the last bit
    """

    values: tuple[Compared, ...]
    recorded_versions: dict[str, str]
    versions: dict[str, str]
    changes: tuple[tuple[str, str], ...] = ()
    public: bool = False
    jobs: dict[str, Reproduction] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Outcome, int]:
        """Number of values that ended in each way."""
        found = Counter(value.outcome for value in self.values)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def agrees(self) -> bool:
        """True if no value is different."""
        return self.counts["different"] == 0

    @property
    def different(self) -> tuple[Compared, ...]:
        """The values that are different."""
        return tuple(value for value in self.values if value.outcome == "different")

    def headline(self) -> Message:
        """Say in one line whether the record was made again.

        Returns
        -------
        Message
            The line.
        """
        counts, n = self.counts, len(self.values)
        same, rounding, sampled = (counts[outcome] for outcome in OUTCOMES[:3])
        if self.public and self.agrees:
            return Message("the data agree with what was printed")
        if self.public:
            return Message("the data do not agree with what was printed")
        if same == n:
            return Message("all {n:,} values are the same, to the last bit", n=n)
        if self.agrees:
            return Message(
                "all {n:,} values agree: {same:,} the same, {rounding:,} but for rounding, {sampled:,} "
                "within Monte Carlo error",
                n=n,
                same=same,
                rounding=rounding,
                sampled=sampled,
            )
        different = counts["different"]
        return Message(
            "{different:,} of {n:,} values are different; {same:,} are the same, {rounding:,} but for "
            "rounding, {sampled:,} within Monte Carlo error",
            n=n,
            different=different,
            same=same,
            rounding=rounding,
            sampled=sampled,
        )

    def sentence(self) -> Message:
        """Say the same with the versions.

        Returns
        -------
        Message
            Whole sentences.
        """
        stated, now = self.recorded_versions.get("detcount", ""), self.versions["detcount"]
        then = stated if _VERSION.fullmatch(stated) else "?"
        return Message(
            "{headline}. The record is of detcount {then}, and was made again with detcount {now}.",
            headline=self.headline(),
            then=then,
            now=now,
        )

    @property
    def notes(self) -> tuple[Message, ...]:
        """Notes on each job, and those of the change log on numbers that changed since."""
        each = [
            Message("{job}: {verdict}", job=_JOBS[job], verdict=made.headline())
            for job, made in self.jobs.items()
        ]
        changed = (
            Message(
                "detcount {version}, numbers that change: {text}",
                version=version,
                text=" ".join(text.split()),
            )
            for version, text in self.changes
        )
        return (*each, *changed)

    @property
    def _table(self) -> Columns | None:
        """The first values that differ; none of a public record."""
        shown = [] if self.public else self.different[:_MOST_SHOWN]
        rows = tuple((value.name, _stated(value.recorded), _short(value.found)) for value in shown)
        head = (Message("value"), Message("in the record"), Message("found"))
        return Columns(head, rows) if rows else None

    def to_frame(self) -> pd.DataFrame:
        """Give every value as a row.

        Returns
        -------
        pandas.DataFrame
            Columns ``name``, ``recorded``, ``found``, ``outcome``, ``error``.
        """
        import pandas as pd

        names = ("name", "recorded", "found", "outcome", "error")
        return pd.DataFrame({name: [getattr(value, name) for value in self.values] for name in names})

    def _in_notebook(self) -> Summary:
        """Without the values, which are of lists that not everybody may see."""
        return Summary(headline=self.headline(), sentence=self.sentence())


def _stated(value: object) -> str:
    """A value of the record in a line of a table; not what somebody may have written there."""
    return Message("text") if isinstance(value, (str, dict, list)) else _short(value)


def _short(value: object) -> str:
    """A value in a line of a table."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def changed_numbers(since: str) -> tuple[tuple[str, str], ...]:
    """Give what is said of numbers that changed after a version.

    Parameters
    ----------
    since : str
        The version that made a record.

    Returns
    -------
    tuple of (str, str)
        Version and text, the newest first; empty where no number changed, or the version is a newer one.
    """
    inside, at_root = files("detcount").joinpath("CHANGELOG.md"), Path(__file__).parents[3] / "CHANGELOG.md"
    text = ""  # it is beside the package once installed, and at the root of a checkout
    if inside.is_file() or at_root.is_file():
        text = (inside if inside.is_file() else at_root).read_text(encoding="utf-8")
    found = []
    for part in _VERSIONS.split(text)[1:]:
        version, numbers = part.split()[0], _NUMBERS.search(part)
        if numbers and numbers[1].strip() and _parts(version) > _parts(since):
            found.append((version, numbers[1].strip()))
    return tuple(found)


def _parts(version: str) -> tuple[int, ...]:
    """A version as numbers."""
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version)[:3])
