"""Making a record again from the data.

It is one thing: a function for each kind of data, with what is asked of the record first.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Any, TypeVar, cast

from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedReleases, PublishedStock
from detcount.errors import InputError, InputTypeError
from detcount.reproduction.reading import (
    changed_by_hand,
    read_record,
    read_specification,
    require_keys,
    unknown_specification,
)
from detcount.reproduction.result import Reproduction, changed_numbers, compared
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.abundance import Anchored
    from detcount.estimates import AbundanceEstimate
    from detcount.linkage import Linkage
    from detcount.linkage.name_lists import NameLists
    from detcount.stock import ReleaseWaves

    Data = (
        CaptureTable
        | Linkage
        | NameLists
        | PublishedReleases
        | PublishedStock
        | PersonLists
        | ReleaseWaves
        | Mapping[str, Any]
    )

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_TURNED = 6  # lists whose orders are tried, which are 720
DataOfList = TypeVar("DataOfList", "CaptureTable", "ReleaseWaves", "Linkage")
_KEYED = "keyed people"  # a digest in the record of people held
_OF_STOCK = ("people", "stock", "arrests", "releases", "anchors")


@door
def reproduce(
    record: Mapping[str, Any] | str | os.PathLike[str],
    data: Data | str | os.PathLike[str],
    *,
    families: Sequence[str] | None = None,
    digest_key: str | None = None,
    anchor: Anchored | None = None,
) -> Reproduction:
    """Make every number of a record again, and say of each what became of it.

    Parameters
    ----------
    record : mapping, str or path-like
        What `record` of an `AbundanceEstimate`, an `Assessment`, a `ReleasesAssessment`, a
        `StockAssessment`, a `CoverageEstimate`, a `Composition`, a `Plan` or a `JointReport` gave, or the
        file of JSON that it was written to. With the private record of lists every number is compared, with
        the public one what was printed.
    data : CaptureTable, Linkage, NameLists, PublishedReleases, PublishedStock, PersonLists, ReleaseWaves, \
mapping or path
        The data that it was made from; the lists may stand in another order. For a record of lists of names
        the linkage, or the lists, which are then linked as the record says. For a record of the stock that
        was made from several, a mapping with what `assess_stock` was given: ``people``, ``stock``,
        ``arrests``, ``releases``, ``anchors``; of a composition, or of strata with lists that do not operate
        everywhere, the tables by name; of rows with covariates the frame. For the record of a
        report of several jobs, what `report` was given: the folder, or a mapping.
    families : sequence of str, optional
        The families that `assess` was asked for. A public record does not name them, and is compared with
        that of all families without this; other records do.
    digest_key : str, optional
        The secret of `Assessment.public`, which a public record of lists of names needs where its limits have
        noise that was drawn with it.
    anchor : Anchored, optional
        The random sample that `assess` was given, which a public record does not hold.

    Returns
    -------
    Reproduction
        A row for each number: the same bits, equal but for rounding (1e-9), within Monte Carlo error (4
        standard errors of the difference, as both runs state them), or different.

    Raises
    ------
    InputError
        If the record is not whole, is of other data, or names a specification that this version does not
        know; if its limits have noise and the secret is not given, or it has a random sample and that is not.
    InputTypeError
        If the data are of another kind than those of the record.

    Notes
    -----
    Where the record is of another version, `Reproduction.changes` is what the change log says of numbers that
    changed since.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.datasets.load("kosovo")
    >>> record = dc.abundance.ChaoLowerBound().fit(table).record()
    >>> made = dc.reproduce(record, table)
    >>> print(made)
    all 26 values are the same, to the last bit
    """
    recorded = read_record(record)
    if "jobs" in recorded:
        return _of_jobs(recorded, data, families, digest_key, anchor)
    return _made(recorded, _found(recorded, data, families, digest_key, _anchor(recorded, anchor)))


def _anchor(recorded: Mapping[str, Any], anchor: Anchored | None) -> Anchored | None:
    """The random sample of a record, which a public one names alone; None where it has none."""
    if "anchor" not in recorded:
        return None
    if recorded.get("disclosure") != "public":
        return cast("Anchored", _specified(str(recorded["anchor"])))
    if anchor is None or anchor.sample != recorded["anchor"]:
        raise InputError(
            Message(
                "anchor: expected the random sample {name!r} with its design, which a public record does not "
                "hold. Give what assess was given",
                name=str(recorded["anchor"]),
            )
        )
    return anchor


def _found(
    recorded: dict[str, Any],
    data: Any,
    families: Sequence[str] | None,
    digest_key: str | None,
    anchor: Anchored | None = None,
) -> dict[str, Any]:
    """The record made again from data of one kind."""
    from detcount.assessment import assess
    from detcount.linkage import Linkage
    from detcount.linkage.name_lists import NameLists
    from detcount.quality import AuditAnswers
    from detcount.stock import ReleaseWaves
    from detcount.strata.composing import together

    if isinstance(data, Linkage) and "parts" in recorded:
        return _of_released(recorded, data)
    if isinstance(data, (Linkage, NameLists)):
        return _of_linkage(recorded, data, families, digest_key, anchor)
    if isinstance(data, CaptureTable):
        if "plan" in recorded:
            return _of_plan(recorded, data)
        return _of_lists(recorded, data, families, partial(assess, anchor=anchor))
    if isinstance(data, PublishedReleases):
        return _of_releases(recorded, data)
    if isinstance(data, ReleaseWaves):
        return _of_waves(recorded, data)
    if isinstance(data, AuditAnswers):
        return data.record()
    if isinstance(data, PublishedStock):
        return _of_stock(recorded, {"stock": data}, digest_key)
    if isinstance(data, PersonLists):
        return _of_stock(recorded, {"people": data}, digest_key)
    if "composition" in recorded and isinstance(data, (Mapping, list)):
        return _of_groups(recorded, data)
    if "estimator" in recorded and "interval" in recorded:
        return _of_estimate(recorded, data)
    if isinstance(data, Mapping):
        if "groups" in recorded:
            return _of_lists(recorded, together(data), families, partial(assess, by=data))
        return _of_stock(recorded, data, digest_key)
    raise InputTypeError(
        Message(
            "data: expected a CaptureTable, PublishedReleases, PublishedStock, PersonLists, ReleaseWaves or "
            "a mapping of them, got {kind}",
            kind=type(data).__name__,
        )
    )


def _made(recorded: dict[str, Any], found: dict[str, Any]) -> Reproduction:
    """A record beside what was found."""
    now: dict[str, Any] = json.loads(json.dumps(found))
    versions = recorded["versions"], now["versions"]
    made_by = str(versions[0].get("detcount", "")) if isinstance(versions[0], Mapping) else ""
    return Reproduction(
        values=compared(recorded, now),
        recorded_versions=dict(versions[0]) if isinstance(versions[0], Mapping) else {},
        versions=dict(versions[1]),
        changes=changed_numbers(made_by) if made_by and made_by != versions[1]["detcount"] else (),
        public=recorded.get("disclosure") == "public",
    )


def _of_jobs(
    recorded: dict[str, Any],
    data: Any,
    families: Sequence[str] | None,
    digest_key: str | None,
    anchor: Anchored | None,
) -> Reproduction:
    """The record of a report of several jobs, each made again by itself."""
    from detcount.assessment.joint.settings import Settings
    from detcount.assessment.joint.sources import gathered

    jobs = recorded["jobs"]
    if not (isinstance(jobs, dict) and set(jobs) <= {"lists", "stock", "released", "releases"}):
        raise changed_by_hand(Message("lists, stock, released or releases among its jobs, and no others"))
    jobs |= {job: recorded[job] for job in ("waves", "audit", "audited", "partly") if job in recorded}
    who = recorded.get("who", {})
    jobs |= {f"who by {kind}": each for kind, each in ({"sex": who} if "kind" in who else who).items()}
    require_keys(recorded, () if jobs else ("waves",))
    read = gathered(data, Settings(), recorded["seed"])
    given: Any = read.data
    beside = {kind: given[kind] for kind in ("arrests", "releases") if kind in given and "stock" in given}
    held = {kind: given[kind] for kind in ("people", "stock") if kind in given}
    data_of = {
        "lists": given.get("lists"),
        "stock": (held | beside) if held else None,
        "released": given.get("released"),
        "releases": given.get("releases"),
        "waves": given.get("waves"),
        "audit": given.get("audit"),
        "audited": given.get("lists"),
        "partly": given.get("who", {}).get("place", ())[1:] or None,
        **{f"who by {kind}": tables for kind, tables in given.get("who", {}).items()},
    }
    made: dict[str, Reproduction] = {}
    for job, record in jobs.items():
        one = record if job == "audit" else read_record(record)
        if data_of.get(job) is None:
            raise InputError(
                Message(
                    "data: expected those of the job {job!r} too, which the record has, and they are not "
                    "there. Give the folder that the report was made from",
                    job=job,
                )
            )
        sample = _anchor(one, anchor or read.anchor)
        made[job] = _made(one, _found(one, data_of[job], families, digest_key, sample))
    whole = next(iter(made.values()))
    return replace(
        whole,
        values=tuple(
            replace(value, name=f"{job} / {value.name}")
            for job, each in made.items()
            for value in each.values
        ),
        public=any(each.public for each in made.values()),
        jobs=made,
    )


def _of_linkage(
    recorded: dict[str, Any],
    data: Any,
    families: Sequence[str] | None,
    digest_key: str | None,
    anchor: Anchored | None,
) -> dict[str, Any]:
    """The record of lists of names made again, from the linkage or from the lists themselves."""
    from detcount.assessment import assess
    from detcount.linkage import Linkage, link

    made = recorded.get("linkage", recorded)
    require_keys(made, ("seed", "draws"))
    linked = data if isinstance(data, Linkage) else link(data, seed=made["seed"], n_draws=made["draws"])
    linked = _defined(linked, recorded)
    if made is recorded:
        return linked.record(disclosure=recorded["disclosure"])
    require_keys(made, ("tables",))
    blurred = _is_blurred(recorded, digest_key)

    def assessed(_: CaptureTable, **asked: Any) -> Any:
        return assess(linked, n_draws=made["tables"], wrong=made.get("wrong", 0), anchor=anchor, **asked)

    return _of_lists(recorded, linked.table(), families, assessed, digest_key if blurred else None)


def _is_blurred(recorded: Mapping[str, Any], digest_key: str | None) -> bool:
    """Check whether limits have noise, which nobody can make again without the secret."""
    blurred = bool(recorded.get("blurred"))
    if blurred and digest_key is None:
        raise InputError(
            Message(
                "digest_key: expected the secret that the noise of these limits was drawn with, got none. "
                "Give it, or have who made the record compare it"
            )
        )
    return blurred


def _of_lists(
    recorded: dict[str, Any],
    table: CaptureTable,
    families: Sequence[str] | None,
    assess: Callable[..., Any] | None = None,
    digest_key: str | None = None,
) -> dict[str, Any]:
    """The record of lists made again."""
    from detcount import assessment
    from detcount.assessment.abundance.families import ANCHORED, ON_REQUEST

    assess = assess or assessment.assess

    table = _defined(table, recorded)
    if "estimates" not in recorded and "estimator" in recorded:
        return _of_estimate(recorded, table)
    public = recorded.get("disclosure") == "public"
    require_keys(recorded, ("lists", "verdict"))
    if public:
        require_keys(recorded, ("reasons",))
        table = _ordered(table, list(recorded["lists"]))
        whole = assess(table, seed=recorded["seed"], families=families)
        again = whole.public(digest_key).record()
        return {**again, "keyed_digest": recorded.get("keyed_digest")}
    require_keys(recorded, ("data_sha256", "estimates", "declined"))
    table = _ordered(table, list(recorded["lists"]))
    _require_same(table.digest, recorded["data_sha256"])
    declined = recorded["declined"].items()
    asked = [*recorded["estimates"], *(key for key, why in declined if why["reason"] != ON_REQUEST)]
    asked = [key for key in asked if key != ANCHORED]
    return assess(table, seed=recorded["seed"], families=asked).record()


def _of_estimate(recorded: dict[str, Any], data: Any) -> dict[str, Any]:
    """The record of one estimate made again; rows and tables of strata have the digest that their fit has."""
    require_keys(recorded, ("data_sha256", "level"))
    if isinstance(data, CaptureTable):
        data = _as_recorded(data, recorded)
        _require_same(data.digest, recorded["data_sha256"])
    estimator = _estimator_of(recorded)
    try:
        estimate: AbundanceEstimate = estimator.fit(data, seed=recorded["seed"])
    except AttributeError:  # an estimator stands where a prior belongs, or the other way round
        raise unknown_specification() from None
    _require_same(estimate.digest, recorded["data_sha256"])
    return estimate.record(recorded["level"])


def _of_plan(recorded: dict[str, Any], table: CaptureTable) -> dict[str, Any]:
    """The record of a plan made again."""
    from detcount import planning

    require_keys(recorded, ("estimator", "level", "disclosure", "budget", "goal", "data_sha256"))
    if not isinstance(recorded["plan"], list):
        raise changed_by_hand(Message("the steps of a plan"))
    if recorded["disclosure"] != "public":
        table = _as_recorded(table, recorded)
        _require_same(table.digest, recorded["data_sha256"])
    known = {name: getattr(planning, name) for name in planning.__all__}
    steps = [read_specification(str(step), known, has="condition") for step in recorded["plan"]]
    asked = {name: recorded[name] for name in ("budget", "goal", "level", "disclosure", "seed")}
    return planning.plan(table, steps, estimator=_estimator_of(recorded), **asked).record()


def _estimator_of(recorded: dict[str, Any]) -> Any:
    """The estimator that a record names."""
    return _specified(str(recorded["estimator"]))


def _specified(text: str) -> Any:
    """The estimator that a text names."""
    from detcount import abundance, calibration, linkage, quality
    from detcount.data import operates
    from detcount.pooling import Pooled

    known = {
        name: getattr(room, name)
        for room in (abundance, calibration, operates, quality)
        for name in room.__all__
    }
    return read_specification(text, known | {"Audit": linkage.Audit, "Pooled": Pooled})


def _of_groups(recorded: dict[str, Any], tables: Mapping[str, Any] | list[Any]) -> dict[str, Any]:
    """The record of a composition made again."""
    from detcount.strata import composition

    require_keys(recorded, ("estimator", "data_sha256", "level", "population"))
    groups = [row["group"] for row in recorded["composition"]]
    people = recorded["population"]
    made = composition(
        tables,
        estimator=_estimator_of(recorded),
        population=None if people is None else dict(zip(groups, people, strict=True)),
        seed=recorded["seed"],
    )
    _require_same(made.digest, recorded["data_sha256"])
    return made.record(recorded["level"])


def _of_waves(recorded: dict[str, Any], waves: ReleaseWaves) -> dict[str, Any]:
    """The record of an estimate from waves of releases, made again."""
    from detcount.stock import CoverageFromReleases

    require_keys(recorded, ("method", "withheld" if "withheld" in recorded else "waves_sha256"))
    known = {"CoverageFromReleases": CoverageFromReleases}
    estimator = read_specification(str(recorded["method"]), known)
    found = estimator.fit(_defined(waves, recorded), seed=recorded["seed"])
    made: dict[str, Any] = (found.public() if "withheld" in recorded else found).record()
    _require_same(made.get("waves_sha256", ""), str(recorded.get("waves_sha256", "")))
    return made


def _of_released(recorded: dict[str, Any], linked: Linkage) -> dict[str, Any]:
    """The record of lists of released people made again."""
    from detcount.assessment import assess_released
    from detcount.releases import ReleasedByName

    require_keys(recorded, ("disclosure", "seed", "method"))
    stated = (recorded.get("answer") or {}).get("stated", {})
    made = assess_released(
        _defined(linked, recorded),
        estimator=read_specification(str(recorded["method"]), {"ReleasedByName": ReleasedByName}),
        announced={name: n for name, n in stated.items() if n is not None},
        seed=recorded["seed"],
    )
    return (made.public() if recorded["disclosure"] == "public" else made.full()).record()


def _of_releases(recorded: dict[str, Any], reports: PublishedReleases) -> dict[str, Any]:
    """The record of an assessment of releases made again."""
    from detcount.assessment import assess_releases

    if "batches" in recorded:
        raise InputError(
            Message(
                "record: made by {version}, whose method of announced releases is withdrawn. Make the report "
                "again from the data",
                version="0.10",
            )
        )
    require_keys(recorded, ("as_of", "data_sha256", "events"))
    if recorded.get("register") is not None:
        raise InputError(
            Message(
                "record: expected one of announced releases alone, got one with an audit of a register, "
                "which needs more data than are given here"
            )
        )
    made = assess_releases(reports, as_of=recorded["as_of"], seed=recorded["seed"]).record()
    _require_same(made["data_sha256"], recorded["data_sha256"])
    return made


def _of_stock(recorded: dict[str, Any], data: Mapping[str, Any], digest_key: str | None) -> dict[str, Any]:
    """The record of an assessment of the stock made again."""
    from detcount.assessment import assess_stock
    from detcount.data.operates import Operates

    require_keys(recorded, ("as_of", "data_sha256", "answers", "disclosure"))
    for name in data:
        if name not in _OF_STOCK:
            raise InputError(
                Message(
                    "data: expected {known} as names, got {name!r}", known=list(_OF_STOCK), name=str(name)
                )
            )
    stated = recorded.get("with_anchors")
    if stated is not None and bool(stated) != (data.get("anchors") is not None):
        raise InputError(
            Message(
                "data: expected anchors where the record was made with them, and none where it was not. Give "
                "what assess_stock was given"
            )
        )
    public = recorded["disclosure"] == "public"
    _is_blurred(recorded, digest_key)
    where = recorded.get("operates")
    made = assess_stock(
        **data,
        as_of=recorded["as_of"],
        wrong=recorded.get("wrong"),
        operates=None if where is None else Operates(**where),
        seed=recorded["seed"],
    )
    stated = recorded["data_sha256"]
    keyed = {name: stated[name] for name in (_KEYED,) if isinstance(stated, Mapping) and name in stated}
    again = (made.public(digest_key if keyed else None) if public else made.full()).record()
    if digest_key is None:  # nothing can be said of a digest that was made with the key
        again["data_sha256"] |= keyed
    _require_same_parts(again["data_sha256"], stated)
    return again


def _require_same_parts(found: Mapping[str, str], recorded: Any) -> None:
    """Refuse other data than those of the record, or fewer or more of them."""
    stated = recorded if isinstance(recorded, Mapping) else {}
    if sorted(found) != sorted(stated):
        raise InputError(
            Message(
                "data: expected {recorded}, which the record was made from, got {found}",
                recorded=[name for name in sorted(stated) if name in _OF_STOCK],
                found=sorted(found),
            )
        )
    for name in found:
        _require_same(found[name], stated[name])


def _defined(table: DataOfList, recorded: Mapping[str, Any]) -> DataOfList:
    """The data with the definition of the record, in whose words the sentences are."""
    stated = recorded.get("definition")
    if not isinstance(stated, Mapping):
        return table
    try:
        definition = Definition(**{**stated, "excludes": tuple(stated.get("excludes") or ())})
    except TypeError:
        raise changed_by_hand(Message("the definition of who is counted")) from None
    return replace(table, definition=definition)


def _ordered(table: CaptureTable, lists: list[str]) -> CaptureTable:
    """The table with its lists in the order of the record."""
    if sorted(map(repr, lists)) != sorted(map(repr, table.lists)):  # whatever stands in a damaged record
        raise InputError(
            Message(
                "data: expected the {n} lists of the record, got {found} lists, and not the same names. Give "
                "the table that the record was made from",
                n=len(lists),
                found=table.n_lists,
            )
        )
    return table if tuple(lists) == table.lists else table.keep(lists)


def _as_recorded(table: CaptureTable, recorded: Mapping[str, Any]) -> CaptureTable:
    """The table with its lists in the order that has the digest of the record, where one has."""
    if table.n_lists > _MOST_TURNED or table.digest == recorded["data_sha256"]:
        return table
    turned = (table.keep(order) for order in permutations(table.lists))
    return next((each for each in turned if each.digest == recorded["data_sha256"]), table)


def _require_same(digest: str, stated: Any) -> None:
    """Refuse other data than those of the record, whose digest is stated there."""
    if digest != stated:
        raise InputError(
            Message(
                "data: expected those of the record, whose SHA-256 begins with {recorded}, got data with "
                "{found}. Give the data that the record was made from: every row and column counts",
                recorded=stated[:12] if isinstance(stated, str) and _DIGEST.fullmatch(stated) else "?",
                found=digest[:12],
            )
        )
