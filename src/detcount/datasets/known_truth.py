"""Real populations of known size with real lists of them: what an interval can be held to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from detcount.datasets.catalogue import CaptureName
from detcount.datasets.known_cases import KnownCase, cases_from
from detcount.datasets.tables import load

_OF_TWO = 3  # a table of three lists gives populations with two lists of them


@dataclass(frozen=True)
class _Source:
    """A table that gives cases: what their names begin with, and which lists are populations."""

    table: CaptureName
    label: str | None = None
    largest: int | None = None  # so many of its lists only
    without: tuple[str, ...] = ()  # lists whose size is in doubt


# Strata of Peru, and neither the whole nor its kinds: each person once. Of two versions of one table the one
# whose lists are not reordered.
_SOURCES = (
    _Source("kosovo", "Kosovo"),
    _Source("ukdat", "UKdat"),
    _Source("ukdat_5", "UKdat_5"),
    _Source("ned", "Ned"),
    _Source("ned_5", "Ned_5"),
    _Source("diabetes", "Diabetes"),
    _Source("congenital", "Congenital"),
    _Source("colombia_recruitment_2000_2004", "verdata", largest=4),
    _Source("peru_STATE_1980_84"),
    _Source("peru_STATE_1985_89"),
    _Source("peru_STATE_1990_2002"),
    _Source("peru_SHINING_PATH_1980_84"),
    _Source("peru_SHINING_PATH_1985_89"),
    _Source("peru_SHINING_PATH_1990_2002"),
    _Source("peru_OTHER_1980_84"),
    _Source("peru_OTHER_1985_89"),
    _Source("peru_OTHER_1990_2002"),
    _Source("oud_massachusetts_2011"),
    _Source("oud_massachusetts_2012"),
    _Source("oud_massachusetts_2013", without=("BSAS",)),
    _Source("oud_massachusetts_2014"),
    _Source("oud_massachusetts_2015"),
    _Source("hiv_rome"),
    _Source("pwid_brighton"),
    _Source("deaths_maryland"),
    _Source("gaza"),
    _Source("census_rehearsal_1988"),
    _Source("hiv_lorestan"),
    _Source("homeless_budapest"),
    _Source("homeless_st_petersburg"),
    _Source("pwid_brussels"),
    _Source("spina"),
    _Source("sudan_deaths"),
)


@cache
def known_truth() -> tuple[KnownCase, ...]:
    """Give 106 populations of known size, 84 of them with three lists or more.

    Returns
    -------
    tuple of KnownCase
        From lists of persons killed or disappeared (Kosovo, Peru, Gaza, Sudan), potential victims of
        trafficking (United Kingdom, Netherlands), children recruited (Colombia), patients and persons who
        use drugs or are homeless, deaths at work, and people counted in a census. Tables of three lists give
        populations with two.

    See Also
    --------
    detcount.calibration.cases_from : The rule that makes them, for tables of one's own.

    Notes
    -----
    The tables of people that ship, by the defaults of `cases_from`, with `min_lists=2` for tables of three
    lists, and with three exceptions: in the Colombian table the four largest lists alone are populations; of
    the Peruvian tables the nine strata give cases, and neither the whole nor its kinds, which hold the same
    people again; and the treatment list of Massachusetts in 2013 is no population, as its printed total and
    its cells disagree.

    Examples
    --------
    >>> from detcount import datasets
    >>> case = datasets.known_truth()[0]
    >>> case.name, case.truth, case.table.n_observed
    ('Kosovo|EXH', 1910, 779)
    """
    return tuple(case for source in _SOURCES for case in _cases(source))


def _cases(source: _Source) -> tuple[KnownCase, ...]:
    """The cases of one table, by the rule."""
    table = load(source.table)
    by_size = sorted(table.lists, key=lambda name: -table.list_sizes[name])[: source.largest]
    return cases_from(
        table,
        dataset=source.label or source.table,
        references=[name for name in by_size if name not in source.without],
        min_lists=2 if table.n_lists == _OF_TWO else 3,
    )
