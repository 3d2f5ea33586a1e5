"""Where each table comes from, and what a reader must know before using it.

One long table, a row each: what is counted, the publication, where the counts were copied from, and notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detcount.datasets.definitions import DEFINITIONS
from detcount.definition import Definition

__all__ = ["CATALOGUE", "CaptureName", "Dataset", "DatasetKind"]

DatasetKind = Literal["captures", "releases", "stock", "arrests"]
# The tables of persons by capture history; a test holds it to the catalogue.
CaptureName = Literal[
    "artificial_3",
    "colombia_recruitment_2000_2004",
    "congenital",
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
    "spina",
    "spina_626",
    "sudan_deaths",
    "ukdat",
    "ukdat_5",
    "western",
]


@dataclass(frozen=True)
class Dataset:
    """A table that ships with the library, without its counts.

    Parameters
    ----------
    name : str
        What `load` takes.
    what : str
        Who or what is counted, where and when.
    source : str
        The publication the counts come from.
    year : int
        Year of that publication.
    found_in : str
        Where the counts were copied from: a package, or the publication itself.
    caveats : tuple of str
        What a reader must know before using the table; never empty.
    truth : int, optional
        Size of the population where it is known by construction.
    kind : {"captures", "releases", "stock", "arrests"}, optional
        What `load` gives: a `CaptureTable`, or `PublishedReleases`, `PublishedStock`, `PublishedArrests`.
    definition : Definition, optional
        Who is counted, as far as the source says it. None for animals and invented populations, and for
        published counts, whose sources count by definitions of their own.
    people : str, optional
        One name for all tables that hold the same people: what is learned from one of them is not new to
        another. None for animals, invented populations and published counts.
    """

    name: str
    what: str
    source: str
    year: int
    found_in: str
    caveats: tuple[str, ...]
    truth: int | None = None
    kind: DatasetKind = "captures"
    definition: Definition | None = None
    people: str | None = None


_KOSOVO = (
    "Ball, Betts, Scheuren, Dudukovich & Asher (2002). Killings and refugee flow in Kosovo, March-June 1999"
)
_UK = "Silverman (2014). Modern slavery: an application of multiple systems estimation. Home Office, London"
_NED = (
    "van Dijk, Cruyff, van der Heijden & Kragten-Heerdink (2017). Monitoring target 16.2 of the United Nations "
    "Sustainable Development Goals: the Netherlands. UNODC, Vienna"
)
_NEW_ORLEANS = (
    "Bales, Murphy & Silverman (2020). How many trafficked people are there in Greater New Orleans? "
    "Journal of Human Trafficking, 6(4), 375-387"
)
_SPINA = (
    "Hook, Albright & Cross (1980). Use of Bernoulli census and log-linear methods for estimating the prevalence "
    "of spina bifida in livebirths. American Journal of Epidemiology, 112, 750-758"
)

_TWO_NEW_ORLEANS = (
    "two versions are published: they differ by one person on lists C and D only. Stepwise selection gives "
    "1,184 persons on the table of 185 and 1,110 on the table of 186, so say which one a number comes from"
)
_TWO_SPINA = (
    "two versions are published, of 621 and of 626 cases, with the lists in another order "
    "(S1, S2, S3 are D3, D2, D1) and small differences between the cells; say which one a number comes from"
)
_POTENTIAL = "these are potential victims: being named is no finding by a court"
_SPARSE = (
    "many pairs of lists share nobody or almost nobody: check that an estimate exists before believing one"
)

_REGISTERS = "registers, not lists of detained persons; used here to judge estimators by"
_HOMELESS = (
    "lists of homeless persons, not of detained ones; used here to judge estimators by: people enter and leave "
    "homelessness while the lists are made"
)

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
    _REGISTERS,
    "the five years hold mostly the same people, so they are one source, not five",
    "deaths and births make odd populations: they name about one person in a hundred",
    "the lists are insurance claims (APCD), treatment of substance use (BSAS), hospital (CaseMix), deaths and births "
    "(RVRS), the ambulance service (MATRIS, from 2013) and prescription monitoring (PMP)",
)

_VENEZUELA = "Statements of state bodies and of monitors as the press printed them, July 2024 to January 2026"
_PRESS = "public web pages of the press; each row of the file has its address, and its note in our own words"
_DATES = (
    "the column date_basis of the file says how far a day can be trusted: stated, weekday, page, or inferred, "
    "which is right to a day or worse"
)
_FORO_PENAL = (
    "Foro Penal counts people it has classified, case by case, as held for political ends: neither "
    "house arrest nor arrests of up to 48 hours, nor cases that families did not report or did not allow to be used"
)

_SECOND_HAND = (
    "second hand: copied from the pages that the column note names, most of them the press's words of what a "
    "body or a monitor said"
)
_PRESS_ELSEWHERE = "public web pages of the press and of monitors, named in the column note"
_ALL_OFFENCES = (
    "the announcement counts prisoners of all kinds and the monitor political ones: what is missing from the "
    "monitor's count was not all announced in its sense, and nothing of it may be called unsubstantiated"
)


CATALOGUE: tuple[Dataset, ...] = (
    Dataset(
        "algeria_releases_2021",
        "releases announced and counted, Algeria, February 2021, as published",
        "Statements of the presidency, the ministry of justice and the CNLD as the press printed them, February 2021",
        2021,
        _PRESS_ELSEWHERE,
        (
            "a promise with two figures: 55 and 60 are the two ends of one sentence of a speech",
            "the ministry's 33 and 59 are its own, and no check of it; the CNLD says at least 35 and counts no further",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "artificial_3",
        "invented persons on three lists",
        "Chan, Silverman & Vincent (2021). Multiple systems estimation for sparse capture data: inferential "
        "challenges when there are nonoverlapping lists. Journal of the American Statistical Association, 116, "
        "1297-1306",
        2021,
        "R packages SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0",
        (
            "made to show when an estimate fails to exist: only lists A and B overlap, and list C shares nobody "
            "with either; no population stands behind it",
        ),
    ),
    Dataset(
        "bahrain_releases_2024",
        "releases announced and verified, Bahrain, April to September 2024, as published",
        "Royal decrees and statements of BIRD as the press printed them, 2024",
        2024,
        _PRESS_ELSEWHERE,
        (
            _ALL_OFFENCES,
            "three pardons, and at most one count of a monitor for each: nothing follows how a count grows",
            "the day on which the 8 of June were published is inferred",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "colombia_recruitment_2000_2004",
        "children recruited in the armed conflict, Colombia, 2000-2004",
        "Truth Commission, Special Jurisdiction for Peace and Human Rights Data Analysis Group (2022). Joint "
        "project of data integration and statistical estimation (JEP-CEV-HRDAG)",
        2022,
        "example data of the R package verdata, tabulated",
        (
            "one replicate of a multiple imputation, so an estimate from it leaves out the uncertainty of what "
            "was imputed; published figures pool several replicates within strata",
            "34 lists, some of which name nobody in these years; drop those, and merge lists that share a source, "
            "before fitting",
            "it is not one stratum of the published analysis, and its estimates are not comparable with it",
        ),
        definition=DEFINITIONS["colombia_recruitment_2000_2004"],
        people="verdata",
    ),
    Dataset(
        "congenital",
        "children with a congenital anomaly, Massachusetts",
        "Wittes, Colton & Sidel (1974). Capture-recapture methods for assessing the completeness of case "
        "ascertainment when using multiple information sources. Journal of Chronic Diseases, 27, 25-36",
        1974,
        "R packages CARE1 1.1.0 and dga 2.0.2",
        (
            "medical registers, not lists of detained persons; used here to compare with published estimates",
            "list L3 names 36 children, far fewer than the others",
        ),
        definition=DEFINITIONS["congenital"],
        people="Congenital",
    ),
    Dataset(
        "cuba_releases_2025",
        "releases announced and verified, Cuba, January to March 2025, as published",
        "Statements of the foreign ministry, the supreme court and three monitors as the press printed them, 2025",
        2025,
        _PRESS_ELSEWHERE,
        (
            _ALL_OFFENCES,
            "two windows: the ministry and the court count since 14 January, the monitors since 15 January",
            "the court names the end itself, 553; the monitors end at 202, 209 and 212",
            "releases stopped from late January to mid February and went on",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "deaths_maryland",
        "persons killed by injury at work, Maryland, United States",
        "Cormack, Chang & Smith (2000). Estimating deaths from industrial injury by capture-recapture: a cautionary "
        "tale. International Journal of Epidemiology",
        2000,
        "GitHub repository cran/Rcapture, commit 09223d1, as its tests repeat table 3a of the publication",
        (
            _REGISTERS,
            "one list, of death certificates, names 212 of the 215: what it misses can be seen on three persons only",
            "ntof is read here as National Traumatic Occupational Fatalities, mosh as Maryland Occupational Safety "
            "and Health; the copy has the abbreviations alone, and no years",
            "kept outside the bank of known truths: the publication holds the lists against an in-depth study of "
            "medical examiners' records, whose total is not in the table",
        ),
        definition=DEFINITIONS["deaths_maryland"],
        people="deaths_maryland",
    ),
    Dataset(
        "diabetes",
        "persons known to have diabetes, Casale Monferrato, Italy, 1988",
        "Bruno, LaPorte, Merletti, Biggeri, McCarty & Pagano (1994). National diabetes programs: application of "
        "capture-recapture to count diabetes? Diabetes Care, 17, 548-556",
        1994,
        "R package CARE1 1.1.0",
        (
            "medical registers, not lists of detained persons; used here to compare with published estimates",
            "lists such as these feed each other (a clinic prescribes), so independence fails",
        ),
        definition=DEFINITIONS["diabetes"],
        people="Diabetes",
    ),
    Dataset(
        "duck",
        "eider ducks over six years",
        "Coulson (1984). The population dynamics of the eider duck Somateria mollissima and evidence of extensive "
        "non-breeding by adult ducks. Ibis, 126, 525-543",
        1984,
        "R package Rcapture 1.4.4",
        (
            "an open population: birds die and arrive between the years, so every estimator that assumes a "
            "closed population is wrong for it; it serves open-population models, and as a warning",
            "the lists are years, in order",
        ),
    ),
    Dataset(
        "egypt_releases_2022",
        "releases announced and verified, Egypt, April 2022 to March 2023, as published",
        "Statements of the presidential pardon committee and of non-governmental organisations as the press printed them, 2022-2023",
        2023,
        _PRESS_ELSEWHERE,
        (
            "two universes: the committee counts releases before trial, the organisations those of the 2,418 names on their own lists, 49",
            "1,000 of January 2023 is below 1,040 of November 2022 and said with 'more than'",
            "three days of publication are inferred",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "exchange_releases_2025",
        "prisoners released in an exchange on 25 January 2025, as published",
        "Statements of the prisoners' media office and of the press at the crossings, January 2025",
        2025,
        _PRESS_ELSEWHERE,
        (
            "everybody was counted at the gate on the day, 114, 16 and 70 by destination: nothing is pending, and what is left of the announcement is nobody",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "gaza",
        "deaths by traumatic injury, Gaza Strip, 7 October 2023 to 30 June 2024",
        "Jamaluddine, Abukmail, Aly, Campbell & Checchi (2025). Traumatic injury mortality in the Gaza Strip from "
        "Oct 7, 2023, to June 30, 2024: a capture-recapture analysis. The Lancet, 405, 469-477",
        2025,
        "the publication",
        (
            "one table for everybody; the published estimate, 64,260 (55,298 to 78,525), is made within strata of "
            "age and sex and differs from any estimate on this table",
            "29,271 persons do not buy identification: families of models that fit these three lists give "
            "numbers far apart",
        ),
        definition=DEFINITIONS["gaza"],
        people="gaza",
    ),
    Dataset(
        "hare",
        "snowshoe hares trapped over six nights",
        "Cormack (1989). Log-linear models for capture-recapture. Biometrics, 45, 395-413",
        1989,
        "R package Rcapture 1.4.4",
        (
            "animals and trapping nights, in order; used here to compare heterogeneity models with published values",
        ),
    ),
    Dataset(
        "hav",
        "students infected with hepatitis A, northern Taiwan, April to July 1995",
        "Chao, Shau, Lu, Chen, Chu, Shu & Horng (1997). A large outbreak of hepatitis A in a college school in "
        "Taiwan. Epidemiology Bulletin, Taiwan",
        1997,
        "R package CARE1 1.1.0; Chao, Tsay, Lin, Shau & Chao (2001), Statistics in Medicine, 20, 3123-3157",
        (
            "sample coverage is about 0.51: the overlap is too small for the full sample-coverage estimate, which "
            "its authors also say",
            "a later serum screening is reported to have found about 545 infected students; that figure is "
            "second-hand here",
        ),
        definition=DEFINITIONS["hav"],
        people="hav",
    ),
    Dataset(
        "hiv_lorestan",
        "persons infected with HIV, Lorestan Province, Iran, 2016",
        "Poorolajal, Mohammadi & Farzinara (2017). Using the capture-recapture method to estimate the human "
        "immunodeficiency virus-positive population. Epidemiology and Health, 39, e2017042",
        2017,
        "GitHub repository YZHA-yuzi/CRC_PriorInfo, commit fc4f914",
        (
            "medical registers, one of them of prisons, not lists of detained persons; used here to judge estimators by",
            "the copy does not name its study: it is known by the sizes of the three lists and the persons on them "
            "together, which are those of the abstract",
            "the lists are of the transfusion centre, of volunteer counselling and testing centres, and of prisons",
        ),
        definition=DEFINITIONS["hiv_lorestan"],
        people="hiv_lorestan",
    ),
    Dataset(
        "hiv_rome",
        "persons infected with HIV reported by four large testing sites, Rome and Lazio, Italy, 1990",
        "Abeni, Brancato & Perucci (1994). Capture-recapture to estimate the size of the population with human "
        "immunodeficiency virus type 1 infection. Epidemiology, 5, 410-414",
        1994,
        "GitHub repository YZHA-yuzi/CRC_PriorInfo, commit fc4f914; it agrees with what R package Rcapture (GitHub "
        "repository cran/Rcapture, commit 09223d1) prints of the same table",
        (
            "medical " + _REGISTERS,
            "the names of the sites are not published with the counts; the lists stand in the order of the R script, "
            "and Rcapture has them in reverse",
            "nobody is on all four lists and seven persons are on three",
        ),
        definition=DEFINITIONS["hiv_rome"],
        people="hiv_rome",
    ),
    Dataset(
        "homeless_budapest",
        "homeless persons, Budapest, Hungary, 1996",
        "David & Snijders (2002). Estimating the size of the homeless population in Budapest, Hungary. Quality and "
        "Quantity, 36, 291-303",
        2002,
        "GitHub repository daroczig/david-snijders-2000, commit d993b08",
        (
            _HOMELESS,
            "the lists go without their names in the copy",
        ),
        definition=DEFINITIONS["homeless_budapest"],
        people="homeless_budapest",
    ),
    Dataset(
        "homeless_st_petersburg",
        "homeless persons aged 18 to 79, St Petersburg, Russia, season of 2019/2020",
        "Besedina (2026). Tables to an article, in Russian, on the number of homeless persons by capture-recapture: "
        "the example of St Petersburg",
        2026,
        "GitHub repository Larisa-Besedina/capture-recapture-homeless, commit 085484a; six strata of sex and age "
        "added up",
        (
            _HOMELESS,
            "one season of seven that are published, 2019/2020 to 2025/2026; the same persons recur in the others, "
            "so these are not further populations",
            "the lists carry abbreviations, transliterated here; the files read do not say what they stand for",
            "authors, journal and year of the article are not in the files read; name and year are those of the "
            "repository's licence",
        ),
        definition=DEFINITIONS["homeless_st_petersburg"],
        people="homeless_st_petersburg",
    ),
    Dataset(
        "korea",
        "Korean women held in Palembang, Indonesia, 1940s",
        "Ball, Shin & Yang (2018). There may have been 14 undocumented Korean comfort women in Palembang, "
        "Indonesia. Human Rights Data Analysis Group",
        2018,
        "R package MultipleSystemsEstimation 1.2.0",
        ("lists c and d share no woman who is not also on list b, so one of the seven cells is empty",),
        definition=DEFINITIONS["korea"],
        people="korea",
    ),
    Dataset(
        "kosovo",
        "persons killed, Kosovo, 20 March to 22 June 1999",
        _KOSOVO,
        2002,
        "R packages LCMCR 0.4.14 and MultipleSystemsEstimation 1.2.0",
        (
            "killings, linked by name by the authors; one table for the whole period and territory",
            "models that fit almost equally well give from 9,000 to 18,000 persons: the choice of a single best "
            "model is not robust",
        ),
        definition=DEFINITIONS["kosovo"],
        people="Kosovo",
    ),
    Dataset(
        "lcm_sim1_expected",
        "an invented population of 2,000 in two classes, on five lists",
        "design of Manrique-Vallier (2016). Bayesian population size estimation using Dirichlet process mixtures. "
        "Biometrics, 72, 1246-1254",
        2016,
        "computed from the design",
        (
            "these are expected counts, rounded to whole persons, not a sample: intervals from it have no meaning",
            "the file also holds the 1,273 persons on no list; `load` leaves that cell out, as no estimator may "
            "see it, and it is recorded as `truth`, 2,000 persons",
        ),
        truth=2000,
    ),
    Dataset(
        "myanmar_releases_2011",
        "releases announced and verified, Myanmar, October 2011 and January 2012, as published",
        "Statements of the government and of AAPP as the press and AAPP printed them, 2011-2012",
        2012,
        _PRESS_ELSEWHERE,
        (
            "6,359 and 651 are prisoners of all kinds; of the 651 a minister calls 302 political",
            "AAPP's later figures, 247 and 300, come weeks after its first, 220 and 272",
            "300 is printed 3001 with the mark of a footnote; two days of publication are inferred",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "myanmar_releases_2021",
        "releases announced and verified, Myanmar, June 2021 to August 2023, as published",
        "Statements of the State Administration Council and of AAPP as the press and AAPP printed them, 2021-2023",
        2023,
        _PRESS_ELSEWHERE,
        (
            "three amnesties, and one verified count for each: nothing follows how a count grows",
            "of October 2021 AAPP has 480 by name and 4,065 not named within a week, and prints both",
            "2,296 and 7,749 hold prisoners of other kinds",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "myanmar_releases_2022",
        "releases announced and verified, Myanmar, November 2022, as published",
        "Statements of the State Administration Council and of AAPP as the press and AAPP printed them, November 2022",
        2022,
        _PRESS_ELSEWHERE,
        (
            _ALL_OFFENCES,
            "712 of the 5,774 are political by the authorities' own word; AAPP had verified 402 after four days",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "ned",
        "presumed victims of trafficking in persons, Netherlands, 2010-2015",
        _NED,
        2017,
        "R packages SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0; Silverman (2020), Journal of the Royal "
        "Statistical Society A, 183, 691-736",
        (_SPARSE, _POTENTIAL, "six years taken as one closed population"),
        definition=DEFINITIONS["ned"],
        people="Ned",
    ),
    Dataset(
        "ned_5",
        "presumed victims of trafficking in persons, Netherlands, 2010-2015; lists I and O merged",
        _NED,
        2017,
        "R packages SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0; Silverman (2020), Journal of the Royal "
        "Statistical Society A, 183, 691-736",
        (
            _SPARSE,
            "latent-class samplers disagree between chains on this table; one chain is no evidence",
            _POTENTIAL,
        ),
        definition=DEFINITIONS["ned_5"],
        people="Ned",
    ),
    Dataset(
        "neworl",
        "victims of modern slavery and trafficking, Greater New Orleans, 2016",
        _NEW_ORLEANS,
        2020,
        "R package SparseMSE 2.0.1",
        (f"185 persons; {_TWO_NEW_ORLEANS}", _SPARSE),
        definition=DEFINITIONS["neworl"],
        people="neworl",
    ),
    Dataset(
        "neworl_186",
        "victims of modern slavery and trafficking, Greater New Orleans, 2016; version of 186 persons",
        _NEW_ORLEANS,
        2020,
        "R package MultipleSystemsEstimation 1.2.0",
        (f"186 persons; {_TWO_NEW_ORLEANS}", _SPARSE),
        definition=DEFINITIONS["neworl_186"],
        people="neworl",
    ),
    Dataset(
        "neworl_5",
        "victims of modern slavery and trafficking, Greater New Orleans, 2016; lists B, E, F, G merged",
        _NEW_ORLEANS,
        2020,
        "R package SparseMSE 2.0.1",
        (
            "185 persons; two versions are published, which differ by one person on lists C and D only; "
            "neworl_5_186 is the other",
            _SPARSE,
        ),
        definition=DEFINITIONS["neworl_5"],
        people="neworl",
    ),
    Dataset(
        "neworl_5_186",
        "victims of modern slavery and trafficking, Greater New Orleans, 2016; lists B, E, F, G merged, version "
        "of 186 persons",
        _NEW_ORLEANS,
        2020,
        "R package MultipleSystemsEstimation 1.2.0",
        (
            "186 persons; two versions are published, which differ by one person on lists C and D only; "
            "neworl_5 is the other",
            _SPARSE,
        ),
        definition=DEFINITIONS["neworl_5_186"],
        people="neworl",
    ),
    Dataset(
        "oud_massachusetts_2011",
        "persons with opioid use disorder, Massachusetts, 2011",
        _OUD,
        2018,
        _OUD_COPY,
        (*_OUD_LISTS,),
        definition=DEFINITIONS["oud_massachusetts_2011"],
        people="oud_massachusetts",
    ),
    Dataset(
        "oud_massachusetts_2012",
        "persons with opioid use disorder, Massachusetts, 2012",
        _OUD,
        2018,
        _OUD_COPY,
        (
            *_OUD_LISTS,
            "claims name 19,421 persons in 2012 and 63,138 in 2013: what they hold has changed between the years",
        ),
        definition=DEFINITIONS["oud_massachusetts_2012"],
        people="oud_massachusetts",
    ),
    Dataset(
        "oud_massachusetts_2013",
        "persons with opioid use disorder, Massachusetts, 2013",
        _OUD,
        2018,
        _OUD_COPY,
        (
            *_OUD_LISTS,
            "claims name 19,421 persons in 2012 and 63,138 in 2013: what they hold has changed between the years",
            "the supplement prints 39,951 persons in treatment where its cells give 36,951; of 33 printed totals this one "
            "alone disagrees, so that list is not used as a population of known size",
        ),
        definition=DEFINITIONS["oud_massachusetts_2013"],
        people="oud_massachusetts",
    ),
    Dataset(
        "oud_massachusetts_2014",
        "persons with opioid use disorder, Massachusetts, 2014",
        _OUD,
        2018,
        _OUD_COPY,
        (*_OUD_LISTS,),
        definition=DEFINITIONS["oud_massachusetts_2014"],
        people="oud_massachusetts",
    ),
    Dataset(
        "oud_massachusetts_2015",
        "persons with opioid use disorder, Massachusetts, 2015",
        _OUD,
        2018,
        _OUD_COPY,
        (*_OUD_LISTS,),
        definition=DEFINITIONS["oud_massachusetts_2015"],
        people="oud_massachusetts",
    ),
    Dataset(
        "peru_OTHER_1980_84",
        "persons killed or disappeared, Peru, 1980-1984; other agents than the state and the Shining Path",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 980 persons CICR 3",
        ),
        definition=DEFINITIONS["peru_OTHER_1980_84"],
        people="peru",
    ),
    Dataset(
        "peru_OTHER_1985_89",
        "persons killed or disappeared, Peru, 1985-1989; other agents than the state and the Shining Path",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 1,192 persons CICR 17",
        ),
        definition=DEFINITIONS["peru_OTHER_1985_89"],
        people="peru",
    ),
    Dataset(
        "peru_OTHER_1990_2002",
        "persons killed or disappeared, Peru, 1990-2002; other agents than the state and the Shining Path",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "list CEDAP names nobody in this stratum",
        ),
        definition=DEFINITIONS["peru_OTHER_1990_2002"],
        people="peru",
    ),
    Dataset(
        "peru_SHINING_PATH_1980_84",
        "persons killed or disappeared, Peru, 1980-1984; agent the Shining Path",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 2,448 persons DP 22, COMISEDH 8, CNDDHH 8 and CICR 2",
        ),
        definition=DEFINITIONS["peru_SHINING_PATH_1980_84"],
        people="peru",
    ),
    Dataset(
        "peru_SHINING_PATH_1985_89",
        "persons killed or disappeared, Peru, 1985-1989; agent the Shining Path",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 3,142 persons DP 36, COMISEDH 11 and CNDDHH 18",
            "list CICR names nobody in this stratum",
        ),
        definition=DEFINITIONS["peru_SHINING_PATH_1985_89"],
        people="peru",
    ),
    Dataset(
        "peru_SHINING_PATH_1990_2002",
        "persons killed or disappeared, Peru, 1990-2002; agent the Shining Path",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 3,557 persons DP 41, COMISEDH 4, CNDDHH 33, CEDAP 6 and CICR 11",
        ),
        definition=DEFINITIONS["peru_SHINING_PATH_1990_2002"],
        people="peru",
    ),
    Dataset(
        "peru_STATE_1980_84",
        "persons killed or disappeared, Peru, 1980-1984; agent the state",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 3,367 persons CICR 5",
        ),
        definition=DEFINITIONS["peru_STATE_1980_84"],
        people="peru",
    ),
    Dataset(
        "peru_STATE_1985_89",
        "persons killed or disappeared, Peru, 1985-1989; agent the state",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 3,179 persons CICR 4",
        ),
        definition=DEFINITIONS["peru_STATE_1985_89"],
        people="peru",
    ),
    Dataset(
        "peru_STATE_1990_2002",
        "persons killed or disappeared, Peru, 1990-2002; agent the state",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            _PERU_STRATA,
            "lists that hardly cover this stratum: of 2,640 persons CICR 49",
            "list CEDAP names nobody in this stratum",
        ),
        definition=DEFINITIONS["peru_STATE_1990_2002"],
        people="peru",
    ),
    Dataset(
        "peru_all",
        "persons killed or disappeared, Peru, 1980-2000",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            "peru_killed and peru_disappeared add up to it; its strata by agent and period hold 22,646 of its 24,057 persons",
        ),
        definition=DEFINITIONS["peru_all"],
        people="peru",
    ),
    Dataset(
        "peru_disappeared",
        "persons disappeared, Peru, 1980-2000",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            "a part of peru_all, and the same people as in the strata by agent and period",
        ),
        definition=DEFINITIONS["peru_disappeared"],
        people="peru",
    ),
    Dataset(
        "peru_killed",
        "persons killed, Peru, 1980-2000",
        _PERU,
        2003,
        _PERU_COPY,
        (
            *_PERU_LISTS,
            "a part of peru_all, and the same people as in the strata by agent and period",
        ),
        definition=DEFINITIONS["peru_killed"],
        people="peru",
    ),
    Dataset(
        "pwid_brighton",
        "persons aged 15 to 44 who inject drugs, Brighton, England, 2000/2001",
        "Hickman, Higgins, Hope, Bellis, Tilling, Walker & Henry (2004). Injecting drug use in Brighton, Liverpool, "
        "and London: best estimates of prevalence and coverage of public health indicators. Journal of Epidemiology "
        "and Community Health, 58, 766-771",
        2004,
        "GitHub repository fellstat/shinyrecap, commit 84b4775",
        (
            "records of services and of a survey, not lists of detained persons; used here to judge estimators by",
            "a fifth source of the publication, accident and emergency, is not in the table: it holds 856 persons "
            "where the abstract counts 896",
            "the lists are specialist drug treatment, arrest referral, syringe exchange and a survey among users",
        ),
        definition=DEFINITIONS["pwid_brighton"],
        people="pwid_brighton",
    ),
    Dataset(
        "pwid_brussels",
        "persons who inject drugs, Brussels, Belgium",
        "Sun, Van Baelen, Plettinckx & Crawford (2020). Partial identification and dependence-robust confidence "
        "intervals for capture-recapture surveys. arXiv:2008.00127",
        2020,
        "GitHub repository Jinghao-Sun/crc.partialid, commit 0b60f7d",
        (
            "records of services and of a study, not lists of detained persons; used here to judge estimators by",
            "the copy has no year, and no published figure was seen that the table could be held against",
        ),
        definition=DEFINITIONS["pwid_brussels"],
        people="pwid_brussels",
    ),
    Dataset(
        "spina",
        "live births with spina bifida, upstate New York, 1969-1974; version of 621 cases",
        _SPINA,
        1980,
        "R package conting 1.7",
        (f"621 cases; {_TWO_SPINA}",),
        definition=DEFINITIONS["spina"],
        people="spina",
    ),
    Dataset(
        "spina_626",
        "live births with spina bifida, upstate New York, 1969-1974; version of 626 cases",
        _SPINA,
        1980,
        "R package dga 2.0.2",
        (f"626 cases; {_TWO_SPINA}",),
        definition=DEFINITIONS["spina_626"],
        people="spina",
    ),
    Dataset(
        "sudan_deaths",
        "persons who died, Sudan, April 2023 to June 2024",
        "Dahab, AbuKoura, Checchi & others (2024). War-time mortality in Sudan: a capture-recapture analysis. London "
        "School of Hygiene and Tropical Medicine, London",
        2024,
        "list data that the authors published with the study, tabulated",
        (
            "records were matched by scores of how much they agree; scores of 3 and above are taken as one person here, "
            "and another threshold gives another table",
            "few persons are on two lists: 291 of 4,823",
        ),
        definition=DEFINITIONS["sudan_deaths"],
        people="sudan_deaths",
    ),
    Dataset(
        "ukdat",
        "potential victims of trafficking in persons, United Kingdom, 2013",
        _UK,
        2014,
        "R packages SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0; Bales, Hesketh & Silverman (2015), "
        "Significance, 12(3), 16-21",
        (
            _POTENTIAL,
            "local authorities and the general public share nobody; selection rules give from 11,000 to 25,000",
        ),
        definition=DEFINITIONS["ukdat"],
        people="UKdat",
    ),
    Dataset(
        "ukdat_5",
        "potential victims of trafficking in persons, United Kingdom, 2013; lists PF and NCA merged",
        _UK,
        2014,
        "R packages SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0; Bales, Hesketh & Silverman (2015), "
        "Significance, 12(3), 16-21",
        (
            _POTENTIAL,
            "models within 1.6 units of BIC give 12,262, 22,991, 25,311 and 28,822 persons",
        ),
        definition=DEFINITIONS["ukdat_5"],
        people="UKdat",
    ),
    Dataset(
        "venezuela_arrests",
        "arrests for political ends, Venezuela, July 2024 to January 2026, as published",
        _VENEZUELA,
        2026,
        _PRESS,
        (
            "an arrest total is a flow, and the running total since 2014 of Foro Penal also grows by cases of "
            "earlier arrests that are entered late",
            "on 28 April 2025 the running total stood where it had on 14 April although the bulletin prints 17 new "
            "detentions: one of the two is stale",
            "the running totals come from the bulletins of persons held and are dated as these are",
            "the rows of late-reported cases count people detained earlier who were entered within the window",
            _FORO_PENAL,
            _DATES,
        ),
        kind="arrests",
    ),
    Dataset(
        "venezuela_releases",
        "releases announced, verified and reported, Venezuela, November 2024 to January 2026, as published",
        _VENEZUELA,
        2026,
        _PRESS,
        (
            "events with different names have different windows and are not to be compared as they stand: monitors "
            "count since 8 January 2026, the government since December 2025, since 24 December, or from a day it "
            "does not say",
            "definitions differ: from November 2024 to March 2025 the prosecutors count reviews of custody measures "
            "and not exits; Foro Penal counts leaving prison, and not house arrest; the Attorney General counts "
            "people under measures as free",
            "no official list of names was published",
            "225 and 255 are both printed for November 2024; 255 is probably a misprint",
            "533 and 177 do not give 910: a round of about 200 between 14 and 23 December 2024 was not seen",
            "25 December 2025: the ministry says 99, the Attorney General 102; Foro Penal verified 75 on the day "
            "after, then 61 on 29 December",
            "1 January 2026: the ministry says 88, the Attorney General 92 and dates it 31 December, committees say "
            "87; the 187 of the ministry for December are 99 and 88, so they hold 1 January; the Acting President "
            "says 194",
            "14 January 2026: 406 were announced, while the lots that the ministry published add up to 303",
            "20 January 2026: 145 and 151 are both given for Foro Penal by one agency; 28 January: 297, then 302",
            "24 to 26 January 2026: the official totals are 626, 643 and 808, over windows that differ",
            "released and held of the opposition coalition add up to 1,112 each time, so it works from a fixed list",
            _DATES,
        ),
        kind="releases",
    ),
    Dataset(
        "venezuela_releases_2017",
        "releases announced and verified, Venezuela, December 2017, as published",
        "Statements of the National Constituent Assembly, the Attorney General and Foro Penal as the press printed them, December 2017",
        2017,
        _PRESS_ELSEWHERE,
        (
            "a promise half kept: more than 80, or 69, were announced, 44 verified by the fourth day, and then no more",
            "two days of publication are inferred",
            _SECOND_HAND,
        ),
        kind="releases",
    ),
    Dataset(
        "venezuela_stock",
        "persons held for political ends, Venezuela, September 2024 to January 2026, as published",
        _VENEZUELA,
        2026,
        _PRESS,
        (
            "a stock has no total: the same persons recur day after day",
            "registers differ: Justicia, Encuentro y Perdon had 1,067 persons when Foro Penal had 875",
            "8 September 2025: 823 and 816 are both printed; 816 is the total of the week before",
            "the weekly flows are those the bulletin prints, and most bulletins seen here lack them",
            "people found late are added, so that the stock can rise without an arrest",
            "no official stock was published",
            _FORO_PENAL,
            _DATES,
        ),
        kind="stock",
    ),
    Dataset(
        "western",
        "victims of modern slavery, a site in the western United States",
        "Farrell, Dank, Kfafian, Lockwood, Pfeffer, Hughes & Vincent (2019). Capturing human trafficking "
        "victimization through crime reporting. National Institute of Justice, Washington",
        2019,
        "R package SparseMSE 2.0.1",
        (_SPARSE, "the site and the lists go without their names in the copy"),
        definition=DEFINITIONS["western"],
        people="western",
    ),
)
