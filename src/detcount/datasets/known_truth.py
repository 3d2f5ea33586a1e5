"""Real populations of known size with real lists of them: what an interval can be held to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from detcount import arguments
from detcount.captures import CaptureTable
from detcount.errors import InputError
from detcount.words import Message

__all__ = ["KnownCase", "known_truth"]

_SHARED_PEOPLE = {"UKdat_5": "UKdat", "Ned_5": "Ned"}  # the same persons, some lists merged


@dataclass(frozen=True)
class KnownCase:
    """The members of one list, whose number is known, and the other lists cut to them.

    Parameters
    ----------
    name : str
        Name of the case, of no other one.
    dataset : str
        The table it comes from.
    group : str
        Data sets that share people have one group; whoever learns from cases leaves a whole group out.
    reference_list : str
        The list whose members are the population.
    truth : int
        Its members: the size to be estimated.
    table : CaptureTable
        The members that other lists name, by capture history over these lists.
    left_out : tuple of str, optional
        Lists that name too few members, or are too many, and take no part.

    Raises
    ------
    InputError
        If a name is empty, or fewer persons than the table lists are said to be the truth.
    """

    name: str
    dataset: str
    group: str
    reference_list: str
    truth: int
    table: CaptureTable
    left_out: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for field_name in ("name", "dataset", "group", "reference_list"):
            value = getattr(self, field_name)
            if not isinstance(value, str) or not value.strip():
                raise InputError(
                    Message(
                        "{field}: expected text, got {got}. A case needs its labels",
                        field=field_name,
                        got=repr(value),
                    )
                )
        if not isinstance(self.table, CaptureTable):
            raise TypeError(
                Message("table: expected a CaptureTable, got {kind}", kind=type(self.table).__name__)
            )
        object.__setattr__(self, "truth", arguments.whole_number("truth", self.truth, unit="of persons"))
        if self.truth < self.table.n_observed:
            raise InputError(
                Message(
                    "truth: expected at least the {n_observed:,} persons listed, got {truth:,}. "
                    "Listed persons belong to the population",
                    n_observed=self.table.n_observed,
                    truth=self.truth,
                )
            )

    @property
    def n_unobserved(self) -> int:
        """Members that no other list names: what an estimator has to find."""
        return self.truth - self.table.n_observed


@cache
def known_truth() -> tuple[KnownCase, ...]:
    """Give 28 populations of known size, from eight data sets of six groups.

    Returns
    -------
    tuple of KnownCase
        From lists of persons killed (Kosovo), potential victims of trafficking (United Kingdom,
        Netherlands), children recruited (Colombia), and patients (diabetes, congenital anomalies).

    See Also
    --------
    detcount.calibration.cases_from : The rule that made them, for tables of one's own.

    Examples
    --------
    >>> from detcount import datasets
    >>> case = datasets.known_truth()[0]
    >>> case.name, case.truth, case.table.n_observed
    ('Kosovo|EXH', 1910, 779)
    """
    file = resources.files("detcount.datasets") / "data" / "known_truth.json"
    return tuple(map(_case, json.loads(file.read_text(encoding="utf-8"))))


def _case(entry: dict[str, Any]) -> KnownCase:
    """One record of the file."""
    cells = np.array(entry["cells"], dtype=np.int64)
    return KnownCase(
        name=entry["name"],
        dataset=entry["dataset"],
        group=_SHARED_PEOPLE.get(entry["dataset"], entry["dataset"]),
        reference_list=entry["reference_list"],
        truth=entry["truth"],
        table=CaptureTable(tuple(entry["lists"]), cells[:, :-1].astype(np.uint8), cells[:, -1]),
    )
