"""What became of the numbers of a record."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detcount.printing import Columns, Summary, Whole
from detcount.reproduction.comparing import OUTCOMES, Compared, Outcome
from detcount.shown import Shown
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_JOBS = {
    "lists": Message("lists"),
    "stock": Message("people held"),
    "releases": Message("releases"),
}
_VERSION = re.compile(r"[0-9a-z.+-]{1,40}")
_MOST_SHOWN = 40  # values that differ


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Reproduction(Shown):
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
        """How many values ended in each way."""
        found = Counter(value.outcome for value in self.values)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def agrees(self) -> bool:
        """Whether no value is different."""
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
        n, counts = len(self.values), self.counts
        if self.public:
            if self.agrees:
                return Message("the data agree with what was printed")
            return Message("the data do not agree with what was printed")
        if counts["same"] == n:
            return Message("all {n:,} values are the same, to the last bit", n=n)
        if self.agrees:
            return Message(
                "all {n:,} values agree: {same:,} the same, {rounding:,} but for rounding, {sampled:,} "
                "within Monte Carlo error",
                n=n,
                same=counts["same"],
                rounding=counts["rounding"],
                sampled=counts["within Monte Carlo error"],
            )
        return Message(
            "{different:,} of {n:,} values are different; {same:,} are the same, {rounding:,} but for "
            "rounding, {sampled:,} within Monte Carlo error",
            different=counts["different"],
            n=n,
            same=counts["same"],
            rounding=counts["rounding"],
            sampled=counts["within Monte Carlo error"],
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

    def summary(self) -> Summary:
        """Give the whole: the sentence, the values that differ, and what the change log says.

        Returns
        -------
        Summary
            ``print`` shows it.
        """
        shown = [] if self.public else self.different[:_MOST_SHOWN]
        rows = [(value.name, _stated(value.recorded), _short(value.found)) for value in shown]
        columns = (Message("value"), Message("in the record"), Message("found"))
        notes = [
            Message(
                "detcount {version}, numbers that change: {text}",
                version=version,
                text=" ".join(text.split()),
            )
            for version, text in self.changes
        ]
        each = [
            Message("{job}: {verdict}", job=_JOBS[job], verdict=made.headline())
            for job, made in self.jobs.items()
        ]
        return Summary(
            headline=self.headline(),
            sentence=self.sentence(),
            columns=Columns(columns, tuple(rows)) if rows else None,
            notes=(*each, *notes),
        )

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

    def _in_notebook(self) -> Whole:
        """Without the values, which are of lists that not everybody may see."""
        return Summary(headline=self.headline(), sentence=self.sentence())

    def __repr__(self) -> str:
        return f"<Reproduction: {self.headline()}>"


def _stated(value: object) -> str:
    """A value of the record in a line of a table; not what somebody may have written there."""
    return Message("text") if isinstance(value, (str, dict, list)) else _short(value)


def _short(value: object) -> str:
    """A value in a line of a table."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
