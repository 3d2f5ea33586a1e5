"""Who is counted in each table that ships, as far as its source says it."""

from __future__ import annotations

import datetime as dt

from detcount.definition import Definition
from detcount.words import Message


def _days(start: str, end: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period."""
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


_KINDS = Message(
    "people who left prison: the announcements count prisoners of all kinds, or political ones where they "
    "say so, and the monitors political ones"
)
# A year is left out where it dates the lists and no period.
DEFINITIONS: dict[str, Definition] = {
    "census_rehearsal_1988": Definition(
        unit="person",
        who=Message("people of one stratum of a rehearsal of the census"),
        where=Message("United States"),
        period=_days("1988-01-01", "1988-12-31"),
    ),
    "colombia_recruitment_2000_2004": Definition(
        unit="person",
        who=Message("children recruited in the armed conflict"),
        where=Message("Colombia"),
        period=_days("2000-01-01", "2004-12-31"),
    ),
    "congenital": Definition(
        unit="person",
        who=Message("children with a congenital anomaly"),
        where=Message("Massachusetts"),
    ),
    "deaths_maryland": Definition(
        unit="person",
        who=Message("persons killed by injury at work"),
        where=Message("Maryland, United States"),
    ),
    "diabetes": Definition(
        unit="person",
        who=Message("persons known to have diabetes"),
        where=Message("Casale Monferrato, Italy"),
    ),
    "gaza": Definition(
        unit="person",
        who=Message("persons who died of traumatic injury"),
        where=Message("Gaza Strip"),
        period=_days("2023-10-07", "2024-06-30"),
    ),
    "hav": Definition(
        unit="person",
        who=Message("students infected with hepatitis A"),
        where=Message("northern Taiwan"),
        period=_days("1995-04-01", "1995-07-31"),
    ),
    "hiv_lorestan": Definition(
        unit="person",
        who=Message("persons infected with HIV"),
        where=Message("Lorestan Province, Iran"),
    ),
    "hiv_rome": Definition(
        unit="person",
        who=Message("persons infected with HIV"),
        where=Message("Rome and Lazio, Italy"),
    ),
    "homeless_budapest": Definition(
        unit="person",
        who=Message("homeless persons"),
        where=Message("Budapest, Hungary"),
    ),
    "homeless_st_petersburg": Definition(
        unit="person",
        who=Message("homeless persons aged 18 to 79"),
        where=Message("St Petersburg, Russia"),
    ),
    "korea": Definition(
        unit="person",
        who=Message("Korean women held"),
        where=Message("Palembang, Indonesia"),
    ),
    "kosovo": Definition(
        unit="person",
        who=Message("persons killed"),
        where=Message("Kosovo"),
        period=_days("1999-03-20", "1999-06-22"),
    ),
    "ned": Definition(
        unit="person",
        who=Message("presumed victims of trafficking in persons"),
        where=Message("Netherlands"),
        period=_days("2010-01-01", "2015-12-31"),
    ),
    "venezuela_releases": Definition(
        unit="person",
        who=Message(
            "people held for political ends who left prison, each source by its own list and its own words; "
            "where a count is of reviews of custody that is said"
        ),
        where=Message("Venezuela"),
    ),
    "neworl": Definition(
        unit="person",
        who=Message("victims of modern slavery and trafficking"),
        where=Message("Greater New Orleans"),
        period=_days("2016-01-01", "2016-12-31"),
    ),
    "pwid_brighton": Definition(
        unit="person",
        who=Message("persons aged 15 to 44 who inject drugs"),
        where=Message("Brighton, England"),
    ),
    "pwid_brussels": Definition(
        unit="person",
        who=Message("persons who inject drugs"),
        where=Message("Brussels, Belgium"),
    ),
    "pwid_hcv_scotland": Definition(
        unit="person",
        who=Message("persons with a diagnosis of hepatitis C who have injected drugs"),
        where=Message("Scotland"),
    ),
    "spina": Definition(
        unit="person",
        who=Message("live births with spina bifida"),
        where=Message("upstate New York"),
        period=_days("1969-01-01", "1974-12-31"),
    ),
    "sudan_deaths": Definition(
        unit="person",
        who=Message("persons who died"),
        where=Message("Sudan"),
        period=_days("2023-04-01", "2024-06-30"),
    ),
    "ukdat": Definition(
        unit="person",
        who=Message("potential victims of trafficking in persons"),
        where=Message("United Kingdom"),
        period=_days("2013-01-01", "2013-12-31"),
    ),
    "western": Definition(
        unit="person",
        who=Message("victims of modern slavery"),
        where=Message("a site in the western United States"),
    ),
}
DEFINITIONS |= {
    name: Definition(unit="person", who=who, where=where)
    for name, who, where in (
        ("bahrain_releases_2024", _KINDS, Message("Bahrain")),
        (
            "cuba_releases_2010",
            Message(
                "people let out: those who accepted to leave for Spain, and, apart, the 52 who "
                "were left of the group of 75"
            ),
            Message("Cuba"),
        ),
        ("cuba_releases_2025", _KINDS, Message("Cuba")),
        (
            "egypt_releases_2022",
            Message(
                "people released: the committee counts those let out before trial, the organisations those "
                "named on their own lists"
            ),
            Message("Egypt"),
        ),
        ("myanmar_releases_2011", _KINDS, Message("Myanmar")),
        ("myanmar_releases_2022", _KINDS, Message("Myanmar")),
    )
}
DEFINITIONS["ned_5"] = DEFINITIONS["ned"]
DEFINITIONS["neworl_186"] = DEFINITIONS["neworl"]
DEFINITIONS["neworl_5"] = DEFINITIONS["neworl"]
DEFINITIONS["neworl_5_186"] = DEFINITIONS["neworl"]
DEFINITIONS["spina_626"] = DEFINITIONS["spina"]
DEFINITIONS["ukdat_5"] = DEFINITIONS["ukdat"]
DEFINITIONS |= {
    f"oud_massachusetts_{year}": Definition(
        unit="person",
        who=Message("persons with opioid use disorder"),
        where=Message("Massachusetts"),
        period=_days(f"{year}-01-01", f"{year}-12-31"),
    )
    for year in range(2011, 2016)
}
_PERIODS = {
    "1980_84": _days("1980-01-01", "1984-12-31"),
    "1985_89": _days("1985-01-01", "1989-12-31"),
    "1990_2002": _days("1990-01-01", "2002-12-31"),
}
_AGENTS = {
    "OTHER": Message("persons killed or disappeared by other agents than the state and the Shining Path"),
    "SHINING_PATH": Message("persons killed or disappeared by the Shining Path"),
    "STATE": Message("persons killed or disappeared by agents of the state"),
}
DEFINITIONS |= {
    f"peru_{agent}_{period}": Definition(unit="person", who=who, where=Message("Peru"), period=days)
    for agent, who in _AGENTS.items()
    for period, days in _PERIODS.items()
}
DEFINITIONS |= {
    f"peru_{kind}": Definition(
        unit="person", who=who, where=Message("Peru"), period=_days("1980-01-01", "2000-12-31")
    )
    for kind, who in {
        "all": Message("persons killed or disappeared"),
        "disappeared": Message("persons disappeared"),
        "killed": Message("persons killed"),
    }.items()
}
