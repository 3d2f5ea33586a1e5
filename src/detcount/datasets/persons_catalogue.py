"""Where each table of persons by capture history comes from, with what to mind.

One long table, a row each: what is counted, the publication, where the counts were copied from, and notes.
"""

from __future__ import annotations

from detcount.datasets.definitions import DEFINITIONS
from detcount.datasets.record import Dataset

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

PERSONS: tuple[Dataset, ...] = (
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
        "census_rehearsal_1988",
        "people of one stratum of a rehearsal of the census, United States, 1988",
        "Darroch, Fienberg, Glonek & Junker (1993). A three-sample multiple-recapture approach to census population "
        "estimation with heterogeneous catchability. Journal of the American Statistical Association, 88, 1137-1148",
        1993,
        "GitHub repository cran/Rcapture, commit 09223d1, as its tests repeat stratum R3 of the publication",
        (
            "a census, a survey after it and administrative records, not lists of detained persons; used here to judge "
            "estimators by",
            "the copy calls the stratum R3 and the lists E1, E2 and E3, and says no more of either",
            "models that fit the seven cells almost equally well give from 681 to 1,400 people, as the copy shows",
        ),
        definition=DEFINITIONS["census_rehearsal_1988"],
        people="census_rehearsal_1988",
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
        "cottontails",
        "cottontail rabbits, trapped over 18 nights in an enclosure where 135 had been put",
        "Edwards & Eberhardt (1967). Estimating cottontail abundance from livetrapping data. Journal of Wildlife "
        "Management, 31(1), 87-96",
        1967,
        "GitHub repository MurrayEfford/RMark, commit 759910b, the example of program MARK",
        (
            "animals and trapping nights, in order: an example whose truth is known, and no evidence on lists of persons",
            "43 of the 76 rabbits were caught once; a rabbit that has been caught may come back, or keep away",
        ),
        truth=135,
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
        "pwid_hcv_scotland",
        "persons with a diagnosis of hepatitis C who have injected drugs, Scotland, to the end of 2009",
        "McDonald, Hutchinson, Schnier, McLeod & Goldberg (2014). Estimating the number of injecting drug users in "
        "Scotland's HCV-diagnosed population using capture-recapture methods. Epidemiology and Infection, 142(1), "
        "200-207",
        2014,
        "the publication, table 2",
        (
            "medical " + _REGISTERS,
            "the sources are the HCV diagnosis, an HIV test, hospital discharges or deaths, and the drug misuse "
            "database; they may fill in one another, as a risk once known is asked for again",
            "the population lies inside another of known size: 25,521 persons had the diagnosis",
            "kept outside the bank of known truths, to judge what was learned from it",
        ),
        definition=DEFINITIONS["pwid_hcv_scotland"],
        people="pwid_hcv_scotland",
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
