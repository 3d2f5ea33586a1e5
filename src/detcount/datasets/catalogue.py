"""Every table that ships, by name, and what is known of it."""

from __future__ import annotations

from typing import Literal

from detcount.datasets.counts_catalogue import COUNTS
from detcount.datasets.persons_catalogue import PERSONS
from detcount.datasets.record import Dataset
from detcount.datasets.strata_catalogue import STRATA

# The tables of persons by capture history; a test holds it to the catalogue.
CaptureName = Literal[
    "artificial_3",
    "census_rehearsal_1988",
    "colombia_recruitment_2000_2004",
    "congenital",
    "cottontails",
    "deaths_maryland",
    "diabetes",
    "duck",
    "gaza",
    "hare",
    "hav",
    "hiv_lorestan",
    "hiv_rome",
    "homeless_budapest",
    "homeless_st_petersburg",
    "korea",
    "kosovo",
    "lcm_sim1_expected",
    "ned",
    "ned_5",
    "neworl",
    "neworl_186",
    "neworl_5",
    "neworl_5_186",
    "oud_massachusetts_2011",
    "oud_massachusetts_2012",
    "oud_massachusetts_2013",
    "oud_massachusetts_2014",
    "oud_massachusetts_2015",
    "peru_OTHER_1980_84",
    "peru_OTHER_1985_89",
    "peru_OTHER_1990_2002",
    "peru_SHINING_PATH_1980_84",
    "peru_SHINING_PATH_1985_89",
    "peru_SHINING_PATH_1990_2002",
    "peru_STATE_1980_84",
    "peru_STATE_1985_89",
    "peru_STATE_1990_2002",
    "peru_all",
    "peru_disappeared",
    "peru_killed",
    "pwid_brighton",
    "pwid_brussels",
    "pwid_hcv_scotland",
    "spina",
    "spina_626",
    "sudan_deaths",
    "ukdat",
    "ukdat_5",
    "western",
]

# The series of persons held; the same test.
StockName = Literal[
    "england_wales_stock",
    "myanmar_stock",
    "nicaragua_stock",
    "palestine_stock",
    "venezuela_stock",
    "venezuela_stock_2017",
]

CATALOGUE: tuple[Dataset, ...] = tuple(sorted((*PERSONS, *STRATA, *COUNTS), key=lambda dataset: dataset.name))
