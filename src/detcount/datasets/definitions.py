"""Who is counted in each table that ships, as far as its source says it."""

from __future__ import annotations

import datetime as dt

from detcount.definition import Definition

__all__ = ["DEFINITIONS"]


def _days(start: str, end: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period."""
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


# A year is left out where it dates the lists and no period.
DEFINITIONS: dict[str, Definition] = {
    "colombia_recruitment_2000_2004": Definition(
        unit="person",
        who="children recruited in the armed conflict",
        where="Colombia",
        period=_days("2000-01-01", "2004-12-31"),
    ),
    "congenital": Definition(unit="person", who="children with a congenital anomaly", where="Massachusetts"),
    "deaths_maryland": Definition(
        unit="person", who="persons killed by injury at work", where="Maryland, United States"
    ),
    "diabetes": Definition(
        unit="person", who="persons known to have diabetes", where="Casale Monferrato, Italy"
    ),
    "gaza": Definition(
        unit="person",
        who="persons who died of traumatic injury",
        where="Gaza Strip",
        period=_days("2023-10-07", "2024-06-30"),
    ),
    "hav": Definition(
        unit="person",
        who="students infected with hepatitis A",
        where="northern Taiwan",
        period=_days("1995-04-01", "1995-07-31"),
    ),
    "hiv_lorestan": Definition(
        unit="person", who="persons infected with HIV", where="Lorestan Province, Iran"
    ),
    "hiv_rome": Definition(unit="person", who="persons infected with HIV", where="Rome and Lazio, Italy"),
    "homeless_budapest": Definition(unit="person", who="homeless persons", where="Budapest, Hungary"),
    "homeless_st_petersburg": Definition(
        unit="person", who="homeless persons aged 18 to 79", where="St Petersburg, Russia"
    ),
    "korea": Definition(unit="person", who="Korean women held", where="Palembang, Indonesia"),
    "kosovo": Definition(
        unit="person", who="persons killed", where="Kosovo", period=_days("1999-03-20", "1999-06-22")
    ),
    "ned": Definition(
        unit="person",
        who="presumed victims of trafficking in persons",
        where="Netherlands",
        period=_days("2010-01-01", "2015-12-31"),
    ),
    "neworl": Definition(
        unit="person",
        who="victims of modern slavery and trafficking",
        where="Greater New Orleans",
        period=_days("2016-01-01", "2016-12-31"),
    ),
    "pwid_brighton": Definition(
        unit="person", who="persons aged 15 to 44 who inject drugs", where="Brighton, England"
    ),
    "pwid_brussels": Definition(unit="person", who="persons who inject drugs", where="Brussels, Belgium"),
    "spina": Definition(
        unit="person",
        who="live births with spina bifida",
        where="upstate New York",
        period=_days("1969-01-01", "1974-12-31"),
    ),
    "ukdat": Definition(
        unit="person",
        who="potential victims of trafficking in persons",
        where="United Kingdom",
        period=_days("2013-01-01", "2013-12-31"),
    ),
    "western": Definition(
        unit="person", who="victims of modern slavery", where="a site in the western United States"
    ),
}
DEFINITIONS["ned_5"] = DEFINITIONS["ned"]
DEFINITIONS["neworl_186"] = DEFINITIONS["neworl"]
DEFINITIONS["neworl_5"] = DEFINITIONS["neworl"]
DEFINITIONS["neworl_5_186"] = DEFINITIONS["neworl"]
DEFINITIONS["spina_626"] = DEFINITIONS["spina"]
DEFINITIONS["ukdat_5"] = DEFINITIONS["ukdat"]
