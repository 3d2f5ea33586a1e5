"""Where each series of published counts comes from: one long table, a row each."""

from __future__ import annotations

from detcount.datasets.definitions import DEFINITIONS
from detcount.datasets.record import Dataset

_VENEZUELA = "Statements of state bodies and of monitors as the press printed them, July 2024 to January 2026"
_PRESS = "public web pages of the press; each row of the file has its address, and its note in our own words"
_DATES = (
    "the column date_basis of the file says how far a day can be trusted: stated, weekday, page, or "
    "inferred, which is right to a day or worse"
)
_FORO_PENAL = (
    "Foro Penal counts people it has classified, case by case, as held for political ends: neither "
    "house arrest nor arrests of up to 48 hours, nor cases that families did not report or did not allow to "
    "be used"
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

COUNTS: tuple[Dataset, ...] = (
    Dataset(
        "algeria_releases_2021",
        "releases announced and counted, Algeria, February 2021, as published",
        "Statements of the presidency, the ministry of justice and the CNLD as the press printed them, "
        "February 2021",
        2021,
        _PRESS_ELSEWHERE,
        (
            "a promise with two figures: 55 and 60 are the two ends of one sentence of a speech",
            "the ministry's 33 and 59 are its own, and no check of it; the CNLD says at least 35 and counts "
            "no further",
            _SECOND_HAND,
        ),
        kind="releases",
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
        definition=DEFINITIONS["bahrain_releases_2024"],
    ),
    Dataset(
        "cuba_releases_2010",
        "releases promised and accepted, Cuba, July 2010 to April 2011, as published",
        "Statements of the archdiocese of Havana and of the Spanish foreign ministry as the press printed them, "
        "2010 and 2011",
        2011,
        _PRESS_ELSEWHERE,
        (
            "two measures of one source: whoever accepted to leave for Spain, and the 52 of the group of 75",
            "counts are acceptances; departures followed within days",
            "the archdiocese arranged what it counts: it is no independent check",
            "a figure of 60 whose day is not known is left out",
            _SECOND_HAND,
        ),
        kind="releases",
        definition=DEFINITIONS["cuba_releases_2010"],
    ),
    Dataset(
        "cuba_releases_2025",
        "releases announced and verified, Cuba, January to March 2025, as published",
        "Statements of the foreign ministry, the supreme court and three monitors as the press printed them, "
        "2025",
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
        definition=DEFINITIONS["cuba_releases_2025"],
    ),
    Dataset(
        "egypt_releases_2022",
        "releases announced and verified, Egypt, April 2022 to March 2023, as published",
        "Statements of the presidential pardon committee and of non-governmental organisations as the press "
        "printed them, 2022-2023",
        2023,
        _PRESS_ELSEWHERE,
        (
            "two universes: the committee counts releases before trial, the organisations those of the 2,418 "
            "names on their own lists, 49",
            "1,000 of January 2023 is below 1,040 of November 2022 and said with 'more than'",
            "three days of publication are inferred",
            _SECOND_HAND,
        ),
        kind="releases",
        definition=DEFINITIONS["egypt_releases_2022"],
    ),
    Dataset(
        "england_wales_stock",
        "prisoners of all kinds, England and Wales, nearly every week, July 2023 to November 2024",
        "Ministry of Justice, prison population figures (2023-2024), Open Government Licence v3.0",
        2024,
        "repository Prison-Reform-Trust/Prison-population (MIT licence), of which the end was copied",
        (
            "a count by the prison service of everybody held, for any offence: it shows how an ordinary "
            "prison system moves, and says nothing of what a monitor does not know",
            "early releases began in September and again in October 2024, and the number fell in one week",
            "no flows are published with it",
        ),
        kind="stock",
    ),
    Dataset(
        "exchange_releases_2025",
        "prisoners released in an exchange on 25 January 2025, as published",
        "Statements of the prisoners' media office and of the press at the crossings, January 2025",
        2025,
        _PRESS_ELSEWHERE,
        (
            "everybody was counted at the gate on the day, 114, 16 and 70 by destination: nothing is "
            "pending, and what is left of the announcement is nobody",
            _SECOND_HAND,
        ),
        kind="releases",
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
        definition=DEFINITIONS["myanmar_releases_2011"],
    ),
    Dataset(
        "myanmar_releases_2021",
        "releases announced and verified, Myanmar, June 2021 to August 2023, as published",
        "Statements of the State Administration Council and of AAPP as the press and AAPP printed them, "
        "2021-2023",
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
        "Statements of the State Administration Council and of AAPP as the press and AAPP printed them, "
        "November 2022",
        2022,
        _PRESS_ELSEWHERE,
        (
            _ALL_OFFENCES,
            "712 of the 5,774 are political by the authorities' own word; AAPP had verified 402 after four "
            "days",
            _SECOND_HAND,
        ),
        kind="releases",
        definition=DEFINITIONS["myanmar_releases_2022"],
    ),
    Dataset(
        "myanmar_stock",
        "persons held for opposing the military, Myanmar, March 2021 to February 2025, as published",
        "Briefings of AAPP, and others that quote them, 2021-2025",
        2025,
        _PRESS_ELSEWHERE,
        (
            "between January and May 2023 the series was placed on a new basis, with some 3,600 more persons "
            "held",
            "two counts of March 2021 include people who were evading arrest",
            "3,459 for 15 April 2021 is a later revision, above what AAPP gave for 20 April",
            "the columns arrested_since_2021_02 and released_since_2021_02 of the file are running totals; "
            "in the rows that have all three, arrested is held and released",
            _SECOND_HAND,
        ),
        kind="stock",
    ),
    Dataset(
        "nicaragua_stock",
        "persons held for political ends, Nicaragua, December 2020 to July 2024, as published",
        "Reports of the Mecanismo para el Reconocimiento de Personas Presas Políticas, 2020-2024",
        2024,
        _PRESS_ELSEWHERE,
        (
            "222 people were expelled on 9 February 2023, so that 245 and 64 are not of one development",
            "people are confirmed months late: arrests of July to November 2021 were added in February and "
            "March 2022",
            "reports are of a month; where the press gives no day it is the last of the month",
            "64 is what 78 being 14 more than before makes of the report before",
            _SECOND_HAND,
        ),
        kind="stock",
    ),
    Dataset(
        "palestine_stock",
        "persons in administrative detention, Israel, March 2003 to November 2023, as published",
        "HaMoked, from figures of the Israel Prison Service, 2003-2023",
        2023,
        _PRESS_ELSEWHERE,
        (
            "administrative data that the prison service gives to HaMoked, month by month; dense only in "
            "2023",
            "where the press gives the month alone, the day is the first of it, or the last",
            "between 1 October and 1 November 2023 the number rose from 1,319 to 2,070",
            _SECOND_HAND,
        ),
        kind="stock",
    ),
    Dataset(
        "venezuela_arrests",
        "arrests for political ends, Venezuela, July 2024 to January 2026, as published",
        _VENEZUELA,
        2026,
        _PRESS,
        (
            "an arrest total is a flow, and the running total since 2014 of Foro Penal also grows by cases "
            "of earlier arrests that are entered late",
            "on 28 April 2025 the running total stood where it had on 14 April although the bulletin prints "
            "17 new detentions: one of the two is stale",
            "the running totals come from the bulletins of persons held and are dated as these are",
            "the rows of late-reported cases count people detained earlier who were entered within the "
            "window",
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
            "events with different names have different windows and are not to be compared as they stand: "
            "monitors count since 8 January 2026, the government since December 2025, since 24 December, or "
            "from a day it does not say",
            "definitions differ: from November 2024 to March 2025 the prosecutors count reviews of custody "
            "measures and not exits; Foro Penal counts leaving prison, and not house arrest; the Attorney "
            "General counts people under measures as free",
            "no official list of names was published",
            "225 and 255 are both printed for November 2024; 255 is probably a misprint",
            "533 and 177 do not give 910: a round of about 200 between 14 and 23 December 2024 was not seen",
            "25 December 2025: the ministry says 99, the Attorney General 102; Foro Penal verified 75 on the "
            "day after, then 61 on 29 December",
            "1 January 2026: the ministry says 88, the Attorney General 92 and dates it 31 December, "
            "committees say 87; the 187 of the ministry for December are 99 and 88, so they hold 1 January; "
            "the Acting President says 194",
            "14 January 2026: 406 were announced, while the lots that the ministry published add up to 303",
            "20 January 2026: 145 and 151 are both given for Foro Penal by one agency; 28 January: 297, then "
            "302",
            "24 to 26 January 2026: the official totals are 626, 643 and 808, over windows that differ",
            "released and held of the opposition coalition add up to 1,112 each time, so it works from a "
            "fixed list",
            _DATES,
        ),
        kind="releases",
        definition=DEFINITIONS["venezuela_releases"],
    ),
    Dataset(
        "venezuela_releases_2017",
        "releases announced and verified, Venezuela, December 2017, as published",
        "Statements of the National Constituent Assembly, the Attorney General and Foro Penal as the press "
        "printed them, December 2017",
        2017,
        _PRESS_ELSEWHERE,
        (
            "a promise half kept: more than 80, or 69, were announced, 44 verified by the fourth day, and "
            "then no more",
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
        "venezuela_stock_2017",
        "persons held for political ends, Venezuela, April 2017 to March 2022, as published",
        "Statements of Foro Penal as the press printed them, 2017-2022",
        2022,
        _PRESS_ELSEWHERE,
        (
            "gaps of months: what happened within them is not seen",
            "in January 2019 the number rose from 273 to 966, of which 273 is only in a note",
            "between 31 August and 15 September 2020 people were pardoned and released",
            "the days of some counts are inferred",
            _FORO_PENAL,
            _SECOND_HAND,
        ),
        kind="stock",
    ),
)
