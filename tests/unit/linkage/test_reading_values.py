"""Documents, days, ages, statuses: one person written in every way gives the same numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount.reading.cells import (
    is_referred,
    looks_like_document,
    place_name,
    read_document,
    read_sexes,
    read_status,
)
from detcount.reading.days import MONTH_FIRST, Span, as_written, born_by_age, read_age, read_span

MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
ENGLISH = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
EPOCH = dt.date(1970, 1, 1)
DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2060, 12, 31))


def number(day):
    return (day - EPOCH).days


def points(figures):
    return f"{figures:,}".replace(",", ".")


# Documents.


@given(st.integers(10_000, 99_999_998), st.sampled_from("VE"))
def test_a_document_in_every_way_of_writing(figures, letter):
    kind = {"V": 1, "E": 2}[letter]
    with_letter = [
        *(f"{letter}{figures}", f"{letter}-{figures}", f"{letter}-{points(figures)}", f"{letter} {figures}"),
        *(f"{letter.lower()}.{points(figures)}", f"C.I. {letter}-{figures}", f"{letter}-{figures:09d}"),
        *(f"Cédula de identidad: {letter}-{points(figures)}", f" {letter} - {figures:,} "),
    ]
    for written in with_letter:
        assert read_document(written) == (figures, kind, None), written
    plain = [
        str(figures),
        points(figures),
        f"{figures:,}",
        f"{figures:010d}",
        f"{figures}.0",
        f"CI {figures}",
    ]
    for written in plain:
        assert read_document(written) == (figures, 0, None), written


@given(st.integers(1_000_000, 99_999_998), st.sampled_from("VE"), st.integers(0, 9))
def test_the_check_digit_of_a_taxpayer_is_taken_off(figures, letter, digit):
    kind = {"V": 1, "E": 2}[letter]
    assert read_document(f"{letter}-{figures:08d}-{digit}") == (figures, kind, None)
    assert read_document(f"RIF: {letter}-{figures}-{digit}") == (figures, kind, None)
    weights = [3, 2, 7, 6, 5, 4, 3, 2]
    total = {"V": 4, "E": 8}[letter] + sum(w * int(f) for w, f in zip(weights, f"{figures:08d}", strict=True))
    right = {10: 0, 11: 0}.get(11 - total % 11, 11 - total % 11)
    assert read_document(f"RIF {letter}{figures:08d}{right}") == (figures, kind, None)
    if figures >= 10_000_000:  # with a zero before it, it may be a document that was filled up with zeros
        assert read_document(f"{letter}{figures}{right}") == (figures, kind, None)


@pytest.mark.parametrize(
    "written",
    ["", "-", "s/n", "S/C", "no posee", "Sin cédula", "indocumentado", "N/A", "0", "00000000", "99999999"],
)
def test_no_document_is_no_fault(written):
    assert read_document(written) == (-1, 0, None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,23E+07", "all its figures; a spreadsheet shortened"),
        ("12", "at least 4 figures"),
        ("Caracas", "one document number"),
        ("V-123.456 y V-234.567", "one document number"),
        ("J-12345678-9", "not of a company"),
        ("1" * 30, "one document number"),
    ],
)
def test_what_is_no_document_is_said(written, expected):
    found, kind, told = read_document(written)
    assert (found, kind) == (-1, 0)
    assert expected in str(told)


def test_a_document_that_a_spreadsheet_wrote_with_all_its_figures_is_read():
    assert read_document("1.2345678E7")[0] == 12345678
    assert read_document("1,2345678e+07")[0] == 12345678


def test_passports_and_documents_with_letters_are_numbers_of_their_own():
    assert read_document("P-1234567") == (1234567, 3, None)
    assert read_document("Pasaporte 1234567") == (1234567, 3, None)
    first, second = read_document("AB123456"), read_document("AB123457")
    assert first[1] == 3
    assert second[0] - first[0] == 1
    long = read_document("GOMA900101HDFRRN09")  # 18 signs, as in Mexico
    assert 0 < long[0] < 2**63
    assert long[0] == read_document("goma 900101 hdfrrn 09")[0]
    assert not looks_like_document("2024")
    assert not looks_like_document("0414-1234567")
    assert looks_like_document("V-12.345.678")


# Days.


@given(DAYS)
def test_a_day_in_every_way_of_writing(day):
    one = Span(number(day), number(day))
    month, english = MONTHS[day.month - 1], ENGLISH[day.month - 1]
    ways = [
        *(day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}"),
        *(f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day:%Y%m%d}", f"{day:%d/%m/%Y} 14:30", f"{day}T00:00:00"),
        *(f"{day.day} de {month} de {day.year}", f"{day.day} {month[:3]} {day.year}"),
        f"{day.day}-{month[:3]}-{day.year}",
        *(f"{day.day} DE {month.upper()} DEL {day.year}", f"lunes {day.day} de {month} de {day.year}"),
        *(f"{english} {day.day}, {day.year}", f"{day.day} {english} {day.year}"),
        f"{english[:3]} {day.day} {day.year}",
        f"{(day - dt.date(1899, 12, 30)).days}",
    ]  # fmt: skip
    for written in ways:
        assert read_span(written) == (one, None), written
    assert read_span(f"{day:%m/%d/%Y}", MONTH_FIRST) == (one, None)
    assert as_written(one) == day.isoformat()


@given(DAYS)
def test_a_month_in_every_way_of_writing(day):
    first = day.replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    month = MONTHS[day.month - 1]
    ways = (
        *(f"{day:%Y-%m}", f"{day:%m/%Y}", f"{month} {day.year}"),
        *(f"{month} de {day.year}", f"{month[:3]}-{day.year}"),
        f"{ENGLISH[day.month - 1]} {day.year}",
        *(f"mes de {month} {day.year}", f"{month.upper()} DEL {day.year}"),
    )  # fmt: skip
    for written in ways:
        assert read_span(written) == (Span(number(first), number(last)), None), written
    assert read_span(f"{day.year}") == (
        Span(number(dt.date(day.year, 1, 1)), number(dt.date(day.year, 12, 31))),
        None,
    )


def test_two_days_and_ends_that_are_open():
    first, last = number(dt.date(2024, 8, 24)), number(dt.date(2024, 8, 26))
    for written in ("2024-08-24/2024-08-26", "entre 24/08/2024 y 26/08/2024", "24/08/2024 - 26/08/2024",
                    "del 24 al 26 de agosto de 2024", "24 y 26 de agosto de 2024"):  # fmt: skip
        assert read_span(written) == (Span(first, last), None), written
    before, after = read_span("antes del 24/08/2024")[0], read_span("después de agosto 2024")[0]
    assert (before.last, after.first) == (first - 1, number(dt.date(2024, 9, 1)))
    assert as_written(before) == "before 2024-08-24"
    assert as_written(after) == "after 2024-08-31"
    assert as_written(read_span("agosto 2024")[0]) == "2024-08-01/2024-08-31"


@pytest.mark.parametrize("written", ["", "-", "s/f", "n/d", "No se sabe", "desconocida", "NaT"])
def test_no_day_is_no_fault(written):
    assert read_span(written) == (None, None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("31/02/2024", "a day of the calendar"),
        ("32/13/2024", "a day of the calendar"),
        ("2024-13", "a day of the calendar"),
        ("24/08/1024", "a day of the calendar"),
        ("ayer", "a day, a month or a year"),
        ("hace 3 días", "a day, a month or a year"),
        ("26/08/2024 - 24/08/2024", "the earlier of two days first"),
        ("12345678", "a day of the calendar|a day, a month or a year"),
    ],
)
def test_what_is_no_day_is_said(written, expected):
    span, told = read_span(written)
    assert span is None
    assert any(part in str(told) for part in expected.split("|"))


def test_years_of_two_figures_are_of_the_nearer_century():
    arrested = read_span("24/08/24")[0]
    assert arrested == Span(number(dt.date(2024, 8, 24)), number(dt.date(2024, 8, 24)))
    born = read_span("3/2/71", born=True)[0]
    assert born == Span(number(dt.date(1971, 2, 3)), number(dt.date(1971, 2, 3)))
    young = read_span("3/2/05", born=True)[0]
    assert young == Span(number(dt.date(2005, 2, 3)), number(dt.date(2005, 2, 3)))


# Ages.


@given(DAYS, st.integers(0, 40_000))
def test_an_age_holds_the_birth_and_no_other_age(day, lived):
    born = day - dt.timedelta(days=lived)
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if (born.month, born.day) == (2, 29):  # some count the birthday on 28 February, some on 1 March
        return
    span = born_by_age((age, age), Span(number(day), number(day)))
    assert span.first <= number(born) <= span.last
    for other in (age - 1, age + 1):
        if other >= 0:
            apart = born_by_age((other, other), Span(number(day), number(day)))
            assert apart.last < span.first or apart.first > span.last
    assert 364 <= span.last - span.first <= 365


def test_ages_in_every_way_of_writing():
    for written in ("23", "23 años", "23 AÑOS", "23 a", "23.0", "23 years old", "23 yrs", "23 años de edad"):
        assert read_age(written) == ((23, 23), None), written
    assert read_age("20-25") == ((20, 25), None)
    assert read_age("entre 20") != ((20, 20), None)
    assert read_age("8 meses") == ((0, 0), None)
    assert read_age("menor de edad") == ((0, 17), None)
    assert read_age("n/d") == (None, None)
    for wrong in ("230", "joven", "25-20"):
        assert "from 0 to 115" in str(read_age(wrong)[1])


# Marks.


def test_sexes_are_read_by_the_column():
    assert read_sexes(["M", "F", "", "masculino", "Mujer", "x", "??", "perro"]) == (
        [0, 1, -1, 0, 1, 2, -1, -1],
        [7],
    )
    assert read_sexes(["M", "H", "M"]) == ([1, 0, 1], [])  # mujer and hombre
    assert read_sexes(["V", "H"])[0] == [0, 0]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Detenido", "inside"), ("PRESO POLÍTICO", "inside"), ("Privado de libertad", "inside"),
        ("aún no ha sido liberado", "inside"), ("no liberado", "inside"),
        ("Excarcelada", "released"), ("libertad plena", "released"),
        ("released on bail", "released"), ("Fallecido", "dead"), ("Trasladado a Tocorón", "transferred"),
        ("casa por cárcel", "house arrest"), ("", None), ("se desconoce", None),
    ],
)  # fmt: skip
def test_statuses_in_both_languages(written, status):
    assert read_status(written) == (status, None)


def test_a_status_that_is_none_is_said():
    assert "a status" in str(read_status("azul")[1])


def test_places_differ_in_their_words_alone():
    assert place_name("Edo. Miranda") == place_name("ESTADO MIRANDA") == place_name("Miranda") == "miranda"
    assert place_name("San Cristóbal") == "san cristobal"
    assert place_name("Estado") == "estado"
    assert place_name("n/d") == place_name("") == ""


def test_a_row_is_forwarded_by_another_list_than_its_own():
    assert is_referred("Foro Penal", "court")
    assert not is_referred("Court", "court")
    assert not any(is_referred(cell, "court") for cell in ("", "no", "N/A", "0", "-"))
