"""The assessment of all that there is: every job that some data allow, in one report."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, TypeVar

from detcount._numerics.parallel import progress
from detcount.abundance import PartialLists
from detcount.assessment.abundance import Assessment, assess
from detcount.assessment.abundance.linked import LISTED, LinkageAssessment
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.facts import EverHeld, Job
from detcount.assessment.joint.names import OTHERS, UNSTATED
from detcount.assessment.joint.result import JointReport
from detcount.assessment.joint.settings import Settings, message
from detcount.assessment.joint.sources import Fault, gathered
from detcount.assessment.joint.summaries import PRINTABLE
from detcount.assessment.releases import assess_releases
from detcount.assessment.stock import StockAssessment, assess_stock
from detcount.assessment.stock.registers import exits_about
from detcount.calibration import Calibrated
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.linkage import Linkage
from detcount.pooling import Pooled
from detcount.quality import AuditAnswers, Audited, Trimmed
from detcount.quality.trimming import TrimmedEstimate
from detcount.reading.cells import place_name
from detcount.reading.kinds import Kind
from detcount.stock import CoverageFromReleases, flows
from detcount.strata import composition
from detcount.strata.cache import DEFINITION
from detcount.words import Message
from detcount.wrong_entries import MOST_WRONG

Made = TypeVar("Made")
_FEWEST_DRAWS = 2  # that can be pooled


@door
def report(
    data: str | os.PathLike[str] | Mapping[str, Any],
    *,
    as_of: Annotated[Any, arguments.day] = None,
    families: Sequence[str] | None = None,
    definition: Definition | None = None,
    take: Mapping[str, str] | None = None,
    lists: Sequence[str] | None = None,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    blank_is_0: bool = False,
    dayfirst: bool | None = None,
    allow_future: bool = False,
    seed: int = 0,
) -> JointReport:
    """Say all that the data of a folder can carry, in one report: lists, releases and people held.

    Each file is recognised by the names of its columns, and the report says which file was taken for what and
    why. Lists of names are linked, as many as there are, with numbers over draws of who is who. Each job is
    done by its own function, `assess`, `assess_releases` and `assess_stock`; their reports follow one first
    page. Nothing is estimated from two jobs together: numbers that may be set beside each other are, as
    remarks, and those that contradict each other are said first. What a folder's ``detcount.toml`` says,
    which ``detcount start`` writes, holds where nothing else is asked; ``.detcount`` then keeps what was
    computed there.

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
        Whether days such as 31/01/2026 begin with the day; without it, as a row of the file shows.
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
        If nothing in the data can be used; the message lists each file with what to do. Of a folder what
        cannot be used is left aside, and said first; of a mapping it is refused.
    InputTypeError
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
    how = {"as_of": as_of, "families": families, "lists": lists, "yes": yes, "no": no}
    how |= {"blank_is_0": blank_is_0, "dayfirst": dayfirst, "allow_future": allow_future}
    asked = Settings(definition=definition, take=dict(take or {}), read=how)
    read = gathered(data, asked, seed)
    found = read.data
    faults: dict[str, Fault] = {}
    as_of, families = map(read.settings.read.get, ("as_of", "families"))
    as_of = None if as_of is None else arguments.day("as_of", as_of)
    wrong: dict[str, Any] = {"wrong": read.wrong} if read.wrong else {}
    rows = read.operates.rows if read.operates else ()
    days = tuple(row for row in rows if row[1] is None)
    of_people = wrong | ({"operates": Operates(days)} if days else {})

    def kept(job: Job, parts: Mapping[str, Any], compute: Callable[..., Made], **stated: Any) -> Made:
        """A job that was done before with the same data, or that is done now."""
        if read.cache is None:
            return compute(**stated)
        digests = [(name, _digest(part)) for name, part in parts.items()]
        how = repr((job, digests, sorted(stated.items()), str(as_of), families, seed))
        known = {"data": found.get("lists"), DEFINITION: read.settings.definition}
        return read.cache.kept((how,), partial(compute, **stated), known)

    def tried(kind: Kind, compute: Callable[[], Made]) -> Made | None:
        """A job, or None where it refuses what files of a folder hold."""
        try:
            return compute()
        except InputError as error:
            if isinstance(data, Mapping):
                raise
            faults.setdefault(kind, error)
            return None

    def held(parts: Mapping[str, Any]) -> StockAssessment:
        beside = of_people if "people" in parts else {}
        return kept("stock", parts, partial(assess_stock, **parts, as_of=as_of, seed=seed), **beside)

    people, totals = (
        {kind: found[kind] for kind in kinds if kind in found}
        for kinds in (("people",), ("stock", "arrests", "releases") if "stock" in found else ())
    )
    named = [
        str(job) for job in ("lists", "stock", "releases") if job in found or (job == "stock" and people)
    ]
    with progress(len(named), "report", at_once=True, names=named) as done:
        of_lists = of_stock = releases = None
        if "lists" in found:
            compute = partial(assess, found["lists"], families=families, seed=seed)
            of_lists = kept("lists", {"lists": found["lists"]}, compute, **wrong)
            done(1)
        if people or totals:
            of_stock = tried("stock" if totals else "people", partial(held, people | totals))
            if of_stock is None and people and totals:  # one of the two alone
                of_stock = tried("people", partial(held, people))
                if of_stock is None and (of_stock := tried("people", partial(held, totals))) is not None:
                    del faults["stock"]
            done(1)
        if "releases" in found:
            announced = partial(assess_releases, found["releases"], as_of=as_of, seed=seed)
            releases = tried("releases", announced)
    waves = audited = None
    if "waves" in found:
        waves = tried("waves", partial(CoverageFromReleases().fit, found["waves"], seed=seed))
    if of_lists is not None and "audit" in found:
        audited = tried("audit", partial(audited_of, of_lists, found["audit"], seed))
    read = read.without(faults, jobs=True)
    who = {}
    if of_lists is not None and "who" in found and of_lists.verdict in PRINTABLE:
        total = Calibrated(listed=LISTED if isinstance(of_lists, LinkageAssessment) else 0.0)
        for kind, tables in found["who"].items():
            with suppress(NotEstimableError):
                shares = partial(composition, tables, estimator=total, seed=seed)
                who[kind] = kept("who", {kind: tables}, shares)
    partly = None
    if of_lists is not None and read.operates and len(days) < len(rows):
        by_place = found.get("who", {}).get("place", ())[1:]  # drawn, without wrong entries
        partly = _where_they_operate(by_place, read.operates, seed)
    if read.cache is not None:
        read.cache.forget_others()
    return JointReport(
        lists=of_lists,
        stock=of_stock,
        releases=releases,
        waves=waves,
        files=read.rows,
        seed=seed,
        audit=read.data.get("audit"),
        audited=audited,
        who=who,
        between=read.between,
        partly=partly,
        ever=_ever(of_stock, seed) if of_stock and isinstance(of_lists, LinkageAssessment) else None,
        about=exits_about(totals["stock"], totals["arrests"], releases.reports, seed)
        if of_stock and releases and "arrests" in totals
        else (),
    )


def _where_they_operate(
    draws: Sequence[Mapping[str, CaptureTable]], operates: Operates, seed: int
) -> AbundanceEstimate | Message:
    """N with each list counted where it operates alone, over drawn links; or why there is none.

    Of people of other places, or of none that is known, nobody says which lists could name them: all could.
    """
    if len(draws) < _FEWEST_DRAWS:
        return message("operates not used", why=message("places of few"))
    rows: list[Any] = []
    for name, place, _, _ in operates.rows:
        group = message("of place", place=place_name(place).title()) if place else None
        rows += [(name, of, None, None) for of in (group, OTHERS, UNSTATED)]
    estimator = PartialLists(operates=Operates(tuple(dict.fromkeys(rows))))
    try:
        return Pooled(estimator).fit(draws, seed=seed)
    except (InputError, NotEstimableError, ConvergenceError) as error:
        return message("operates not used", why=getattr(error, "reason", error.args[0]))


def _ever(held: StockAssessment, seed: int) -> EverHeld | None:
    """Those held on the first day of a path of lists, and those arrested since, draw by draw."""
    path = held.answers.get("lists")
    if held.people is None or path is None or len(path.dates) < 2 or held.verdict not in PRINTABLE:
        return None
    first, last = path.dates[0], path.dates[-1]
    try:
        since = flows(None, held.people, path, first, last, seed=seed)
    except (NotEstimableError, ConvergenceError):
        return None
    low, high = since.arrests.interval(LEVEL)
    within = path.interval(LEVEL)
    people = held.people
    again = len(people.spells.n_rows) > people.n_persons
    k = int(within.low.argmax())
    _, exits = since.exits.interval(LEVEL)
    most, left = (path.dates[k], float(within.low[k])), (last, exits)
    return EverHeld(first, float(within.low[0] + low), float(within.high[0] + high), again, most, left)


def _digest(part: Any) -> str:
    """What data of detcount are, to the last entry; of several all of them."""
    if isinstance(part, (tuple, list, dict)):
        return " ".join(map(_digest, part.values() if isinstance(part, dict) else part))
    audits = f"{part.wrong!r} {part.counts.sum()}" if isinstance(part, Linkage) else ""
    return f"{part.digest} {audits}"


def audited_of(
    lists: Assessment, audit: AuditAnswers, seed: int
) -> AbundanceEstimate | TrimmedEstimate | None:
    """The recommended number without the entries that do not belong.

    Where the samples say on which lists their entries stand they are taken out as `Audited` does; of samples
    of whole lists the exact upper limit is taken for the greatest share that may be wrong, which `Trimmed`
    makes bounds of. None where no number is recommended, or a list that was checked is not in the table.
    """
    table, names = lists.table, {name for each in audit.checked for name in each.lists}
    if lists.recommended is None or not names <= set(table.lists) or isinstance(lists, LinkageAssessment):
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
