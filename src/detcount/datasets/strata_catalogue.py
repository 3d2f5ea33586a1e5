"""Where tables come from that are strata, years or kinds of one source: Peru and Massachusetts."""

from __future__ import annotations

from detcount.datasets.definitions import DEFINITIONS
from detcount.datasets.record import Dataset

_PERU = (
    "Ball, Asher, Sulmont & Manrique (2003). How many Peruvians have died? An estimate of the total number of "
    "victims killed or disappeared in the armed internal conflict between 1980 and 2000. American Association for "
    "the Advancement of Science, Washington; Rendon (2019), Research and Politics, 6(1)"
)
_PERU_COPY = (
    "data of Das, Kennedy & Jewell (2023), Journal of the American Statistical Association, tabulated"
)
_PERU_LISTS = (
    "the lists are of the truth commission (CVR), the ombudsman (DP), COMISEDH, the national coordination of human "
    "rights (CNDDHH), CEDAP and the Red Cross (CICR); that DP is the ombudsman was inferred from its overlaps",
    "identified persons only, and lists that were copied from other lists are left out",
)
_PERU_STRATA = (
    "strata by the agent and the period that the source gives; the nine strata hold 22,646 of the 24,057 persons "
    "of peru_all, and the source of the table does not say who is in none"
)
_OUD = (
    "Barocas, White, Wang, Walley, LaRochelle, Bernson, Land, Morgan, Samet & Linas (2018). Estimated prevalence of "
    "opioid use disorder in Massachusetts, 2011-2015: a capture-recapture analysis. American Journal of Public "
    "Health, 108(12), 1675-1681"
)
_OUD_COPY = "supplement of the publication, tables F to J"
_OUD_LISTS = (
    "registers, not lists of detained persons; used here to judge estimators by",
    "the five years hold mostly the same people, so they are one source, not five",
    "deaths and births make odd populations: they name about one person in a hundred",
    "the lists are insurance claims (APCD), treatment of substance use (BSAS), hospital (CaseMix), deaths and births "
    "(RVRS), the ambulance service (MATRIS, from 2013) and prescription monitoring (PMP)",
)


def _peru(name: str, what: str, *caveats: str) -> Dataset:
    """A table of Peru."""
    return Dataset(
        name,
        what,
        _PERU,
        2003,
        _PERU_COPY,
        (*_PERU_LISTS, *caveats),
        definition=DEFINITIONS[name],
        people="peru",
    )


def _massachusetts(year: int, *caveats: str) -> Dataset:
    """A year of Massachusetts."""
    name = f"oud_massachusetts_{year}"
    return Dataset(
        name,
        f"persons with opioid use disorder, Massachusetts, {year}",
        _OUD,
        2018,
        _OUD_COPY,
        (*_OUD_LISTS, *caveats),
        definition=DEFINITIONS[name],
        people="oud_massachusetts",
    )


STRATA: tuple[Dataset, ...] = (
    _massachusetts(2011),
    _massachusetts(
        2012,
        "claims name 19,421 persons in 2012 and 63,138 in 2013: what they hold has changed between the years",
    ),
    _massachusetts(
        2013,
        "claims name 19,421 persons in 2012 and 63,138 in 2013: what they hold has changed between the years",
        "the supplement prints 39,951 persons in treatment where its cells give 36,951; of 33 printed totals this one "
        "alone disagrees, so that list is not used as a population of known size",
    ),
    _massachusetts(2014),
    _massachusetts(2015),
    _peru(
        "peru_OTHER_1980_84",
        "persons killed or disappeared, Peru, 1980-1984; other agents than the state and the Shining Path",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 980 persons CICR 3",
    ),
    _peru(
        "peru_OTHER_1985_89",
        "persons killed or disappeared, Peru, 1985-1989; other agents than the state and the Shining Path",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 1,192 persons CICR 17",
    ),
    _peru(
        "peru_OTHER_1990_2002",
        "persons killed or disappeared, Peru, 1990-2002; other agents than the state and the Shining Path",
        _PERU_STRATA,
        "list CEDAP names nobody in this stratum",
    ),
    _peru(
        "peru_SHINING_PATH_1980_84",
        "persons killed or disappeared, Peru, 1980-1984; agent the Shining Path",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 2,448 persons DP 22, COMISEDH 8, CNDDHH 8 and CICR 2",
    ),
    _peru(
        "peru_SHINING_PATH_1985_89",
        "persons killed or disappeared, Peru, 1985-1989; agent the Shining Path",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 3,142 persons DP 36, COMISEDH 11 and CNDDHH 18",
        "list CICR names nobody in this stratum",
    ),
    _peru(
        "peru_SHINING_PATH_1990_2002",
        "persons killed or disappeared, Peru, 1990-2002; agent the Shining Path",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 3,557 persons DP 41, COMISEDH 4, CNDDHH 33, CEDAP 6 and CICR 11",
    ),
    _peru(
        "peru_STATE_1980_84",
        "persons killed or disappeared, Peru, 1980-1984; agent the state",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 3,367 persons CICR 5",
    ),
    _peru(
        "peru_STATE_1985_89",
        "persons killed or disappeared, Peru, 1985-1989; agent the state",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 3,179 persons CICR 4",
    ),
    _peru(
        "peru_STATE_1990_2002",
        "persons killed or disappeared, Peru, 1990-2002; agent the state",
        _PERU_STRATA,
        "lists that hardly cover this stratum: of 2,640 persons CICR 49",
        "list CEDAP names nobody in this stratum",
    ),
    _peru(
        "peru_all",
        "persons killed or disappeared, Peru, 1980-2000",
        "peru_killed and peru_disappeared add up to it; its strata by agent and period hold 22,646 of its 24,057 persons",
    ),
    _peru(
        "peru_disappeared",
        "persons disappeared, Peru, 1980-2000",
        "a part of peru_all, and the same people as in the strata by agent and period",
    ),
    _peru(
        "peru_killed",
        "persons killed, Peru, 1980-2000",
        "a part of peru_all, and the same people as in the strata by agent and period",
    ),
)
