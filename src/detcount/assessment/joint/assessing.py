"""The assessment of all that there is: every job that some data allow, in one report."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from typing import Any

from detcount import arguments
from detcount.assessment.abundance import Assessment, assess
from detcount.assessment.joint.content import message
from detcount.assessment.joint.result import JointReport
from detcount.assessment.joint.sources import Reading, SourceRow, gathered
from detcount.assessment.releases import assess_releases
from detcount.assessment.stock import assess_stock
from detcount.definition import Definition
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.quality import AuditAnswers, Audited, Trimmed
from detcount.quality.trimming import TrimmedEstimate
from detcount.reading.kinds import Kind
from detcount.stock import CoverageFromReleases
from detcount.words import Message
from detcount.wrong_entries import MOST_WRONG


def report(
    data: str | os.PathLike[str] | Mapping[str, Any],
    *,
    as_of: Any = None,
    families: Sequence[str] | None = None,
    definition: Definition | None = None,
    take: Mapping[str, str] | None = None,
    lists: Sequence[str] | None = None,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    blank_is_0: bool = False,
    dayfirst: bool = False,
    allow_future: bool = False,
    seed: int = 0,
) -> JointReport:
    """Say all that the data of a folder can carry, in one report: lists, releases and people held.

    Each file is recognised by the names of its columns, and the report says which file was taken for what and
    why. Each job is done by its own function, `assess`, `assess_releases` and `assess_stock`; their reports
    follow one first page. Nothing is estimated from two jobs together: numbers that may be set beside each
    other are, as remarks.

    Parameters
    ----------
    data : str, path-like or mapping
        A folder with files as `detcount.io.read_frame` reads them, or a mapping of names to files, frames or
        data of detcount. The names "lists", "people", "stock", "arrests", "releases", "waves" and "audit"
        of a mapping say what stands there.
    as_of : str or datetime.date, optional
        The last day that may be known of releases and people held; by default the last of the data.
    families : sequence of str, optional
        The families that `assess` runs; by default all of them.
    definition : Definition, optional
        Who is counted in the tables that are read; data of detcount have their own.
    take : mapping of str to str, optional
        What a file is, by its name: "lists", "people", "stock", "arrests", "releases", "waves", "audit", or
        "nothing" for one that is to be left aside.
    lists : sequence of str, optional
        Columns that are lists, where other columns hold marks too.
    yes, no : sequence of str, optional
        Marks that mean 1 and 0 in those columns, beside 1 and 0 themselves.
    blank_is_0 : bool, optional
        Whether a blank in those columns means 0.
    dayfirst : bool, optional
        Whether 31/01/2026 is a day, the month in the middle.
    allow_future : bool, optional
        Whether counts of days that have not come are accepted.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    JointReport
        The assessment of each job, and their report.

    Raises
    ------
    InputError
        If nothing in the data is understood, two files are of one kind, a file could be two things, or what
        is understood cannot be read; the message names the file and says what to do.
    TypeError
        If the data are neither a folder nor a mapping, or something in it is no data.

    See Also
    --------
    assess : One table of lists.
    assess_releases : Announced and verified releases.
    assess_stock : How many are held, day by day.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    >>> print(dc.report({"lists": table}).headline())
    lists: an estimate can be printed
    """
    seed = arguments.seed(seed)
    reading = Reading(
        take=dict(take or {}),  # type: ignore[arg-type]
        lists=lists,
        yes=yes,
        no=no,
        blank_is_0=blank_is_0,
        dayfirst=dayfirst,
        allow_future=allow_future,
        definition=definition,
    )
    read = gathered(data, reading)
    found = read.data
    has_stock = "people" in found or "stock" in found
    beside = {kind: found[kind] for kind in ("arrests", "releases") if kind in found and "stock" in found}
    files = tuple(_with_job(row, found) for row in read.rows)
    if not any(kind in found for kind in ("lists", "people", "stock", "releases", "waves", "audit")):
        raise InputError(message("report expected lists"))
    lists = assess(found["lists"], families=families, seed=seed) if "lists" in found else None
    return JointReport(
        lists=lists,
        stock=assess_stock(
            people=found.get("people"), stock=found.get("stock"), as_of=as_of, seed=seed, **beside
        )
        if has_stock
        else None,
        releases=assess_releases(found["releases"], as_of=as_of, seed=seed) if "releases" in found else None,
        waves=CoverageFromReleases().fit(found["waves"], seed=seed) if "waves" in found else None,
        files=files,
        seed=seed,
        audit=found.get("audit"),
        audited=audited_of(lists, found["audit"], seed) if lists is not None and "audit" in found else None,
    )


def audited_of(
    lists: Assessment, audit: AuditAnswers, seed: int
) -> AbundanceEstimate | TrimmedEstimate | None:
    """The recommended number without the entries that do not belong.

    Where the samples say on which lists their entries stand they are taken out as `Audited` does; of samples
    of whole lists the exact upper limit is taken for the greatest share that may be wrong, which `Trimmed`
    makes bounds of. None where no number is recommended, or a list that was checked is not in the table.
    """
    table, names = lists.table, {name for each in audit.checked for name in each.lists}
    if lists.recommended is None or not names <= set(table.lists):
        return None
    estimator: Any = lists.recommended.estimator
    persons = {
        frozenset(itertools.compress(table.lists, history)): n
        for history, n in zip(table.histories.tolist(), table.counts.tolist(), strict=True)
    }
    by_history = len(audit.drawn) < len(audit.checked) or all(
        each.drawn_from == persons.get(frozenset(each.lists)) for each in audit.checked
    )
    on = next(iter(names)) if len(names) == 1 else None
    most = min(max(each.shares()[1] for each in audit.drawn), MOST_WRONG)
    try:
        if by_history:
            return Audited(audit.audits(), estimator).fit(table, seed=seed)
        return Trimmed(on=on, most=most, estimator=estimator).fit(table, seed=seed)
    except NotEstimableError:
        return None


def _with_job(row: SourceRow, found: Mapping[Kind, Any]) -> SourceRow:
    """A file of arrests has no use without totals, and it is said."""
    if row.kind != "arrests" or "stock" in found:
        return row
    why = Message("it holds arrests, which need the published totals of people held beside them")
    return SourceRow(row.name, None, why)
