"""Documents, days, ages, statuses: one person written in every way gives the same numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import tables
from detcount.linkage import read_lists
from detcount.reading import cells
from detcount.reading.days import MONTH_FIRST, Span, as_written, born_by_age, days_within, read_age, read_span

TABLES = tables("reading_values")
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


@given(st.integers(10_000, 99_999_998), st.sampled_from("VE"))
def test_a_document_in_every_way_of_writing(figures, letter):
    kind = {"V": 1, "E": 2}[letter]
    with_letter = [
        *(f"{letter}{figures}", f"{letter}-{figures}", f"{letter}-{points(figures)}", f"{letter} {figures}"),
        *(f"{letter.lower()}.{points(figures)}", f"C.I. {letter}-{figures}", f"{letter}-{figures:09d}"),
        *(f"Cédula de identidad: {letter}-{points(figures)}", f" {letter} - {figures:,} "),
    ]
    for written in with_letter:
        assert cells.read_document(written) == (figures, kind, None), written
    plain = [
        str(figures),
        points(figures),
        f"{figures:,}",
        f"{figures:010d}",
        f"{figures}.0",
        f"CI {figures}",
    ]
    for written in plain:
        assert cells.read_document(written) == (figures, 0, None), written


@given(st.integers(1_000_000, 99_999_998), st.sampled_from("VE"), st.integers(0, 9))
def test_the_check_digit_of_a_taxpayer_is_taken_off(figures, letter, digit):
    kind = {"V": 1, "E": 2}[letter]
    assert cells.read_document(f"{letter}-{figures:08d}-{digit}") == (figures, kind, None)
    assert cells.read_document(f"RIF: {letter}-{figures}-{digit}") == (figures, kind, None)
    weights = [3, 2, 7, 6, 5, 4, 3, 2]
    total = {"V": 4, "E": 8}[letter] + sum(w * int(f) for w, f in zip(weights, f"{figures:08d}", strict=True))
    right = {10: 0, 11: 0}.get(11 - total % 11, 11 - total % 11)
    assert cells.read_document(f"RIF {letter}{figures:08d}{right}") == (figures, kind, None)
    if figures >= 10_000_000:  # with a zero before it, it may be a document that was filled up with zeros
        assert cells.read_document(f"{letter}{figures}{right}") == (figures, kind, None)


def test_passports_and_documents_with_letters_are_numbers_of_their_own():
    first, second = cells.read_document("AB123456"), cells.read_document("AB123457")
    assert first[1] == 3
    assert second[0] - first[0] == 1
    long = cells.read_document("GOMA900101HDFRRN09")  # 18 signs, as in Mexico
    assert 0 < long[0] < 2**63
    assert long[0] == cells.read_document("goma 900101 hdfrrn 09")[0]


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
        *(f"{(day - dt.date(1899, 12, 30)).days}", f"{day.day}° de {month} de {day.year}", f"{day}*"),
        *(f"{day.day}{month[:3].upper()}{day.year}", f"{day:%Y–%m–%d}", f"{day:%d\\%m\\%Y}"),
        *(f'="{day}"', f"{day.day} de {month} de 2.{day.year % 1000:03}" if day.year > 1999 else f"{day}"),
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


@pytest.mark.parametrize("near", ["c. {}", "ca. {}", "circa {}", "~{}", "aprox. {}", "{} (aprox.)"])
def test_a_day_that_is_near_is_a_span_and_no_exact_day(near):
    span, fault = read_span(near.format("2025-09-07"))
    assert (span.first, span.last, fault) == (
        number(dt.date(2025, 8, 31)),
        number(dt.date(2025, 9, 14)),
        None,
    )
    assert read_span(near.format("agosto 2024")) == read_span("2024-08")


@pytest.mark.parametrize("last", ["12/05/2024", "05/05/2024", "2024-05-12"])
def test_days_of_a_column_with_both_orders_are_read_in_none(last):
    days = ["25/03/2024", "03/25/2024", "04/03/2024", "13/04/2024", last]
    lists = read_lists({"foro": {"Nombre": ["Ana Pérez Rojas"] * 5, "Detención": days}}).parsed["foro"]
    found = [as_written(span) if span else "" for span in lists.arrested]
    either = last == "12/05/2024"
    rest = "" if either else "2024-05-05" if last[0] == "0" else last
    assert found == ["2024-03-25", "2024-03-25", "", "2024-04-13", rest]
    assert "the day first in row 1 and the month first in row 2" in lists.notes[0]
    assert [problem.row for problem in lists.problems] == [3, 5][: 1 + either]


def test_sexes_are_read_by_the_column():
    assert cells.read_sexes(["M", "F", "", "masculino", "Mujer", "x", "??", "perro"]) == (
        [0, 1, -1, 0, 1, 2, -1, -1],
        [7],
    )
    assert cells.read_sexes(["M", "H", "M"]) == ([1, 0, 1], [])  # mujer and hombre
    assert cells.read_sexes(["V", "H"])[0] == [0, 0]


@pytest.mark.parametrize("blank", ["", "sin fecha"])
def test_an_exit_without_a_day_is_an_exit_where_others_are_left_blank(blank):
    held, out = ["", "-", "no", "sin excarcelación"], ["sin fecha", "S/F", "Fecha desconocida", "?"]
    said = [blank, *held, *out] if not blank else [blank, *out]
    rows = {"Nombre": ["Ana Pérez Rojas"] * (len(said) + 1), "Estatus": [""] * len(said) + ["detenido"]}
    lists = read_lists({"foro": {**rows, "Excarcelado": [*said, "se desconoce"]}}).parsed["foro"]
    assert lists.status == [None if blank or cell in held else "released" for cell in said] + ["inside"]
    assert (len(lists.notes), len(lists.problems)) == (1, 0)


def test_a_row_is_forwarded_by_another_list_than_its_own():
    assert cells.is_referred("Foro Penal", "court")
    assert not cells.is_referred("Court", "court")
    assert not any(cells.is_referred(cell, "court") for cell in ("", "no", "N/A", "0", "-"))


def cell(kind, written):
    """What is read in a cell, as text, and what is said of it."""
    match kind:
        case "document":
            number, letter, told = cells.read_document(written)
            return f"{number} {letter}", told
        case "day" | "birth":
            span, told = read_span(written, born=kind == "birth")
            return as_written(span) if span else "", told
        case "age":
            years, told = read_age(written)
            return " to ".join(map(str, years or ())), told
        case "status":
            status, told = cells.read_status(written)
            return status or "", told
        case "place":
            return cells.place_name(written), None
        case "looks like a document":
            return str(cells.looks_like_document(written)), None


@pytest.mark.parametrize(("kind", "written", "found", "told"), TABLES["cells"])
def test_a_cell_says_this_or_is_said_to_say_nothing(kind, written, found, told):
    value, fault = cell(kind, written)
    assert value == found
    assert told in str(fault) if told else fault is None


@given(
    DAYS,
    st.sampled_from(["{:%d/%m/%Y}", "{0.day} de {1} de {0.year}", "{0.day} {2} {0.year}", "{:%Y-%m-%d}"]),
)
def test_the_day_in_a_title_is_found(day, written):
    text = written.format(day, MONTHS[day.month - 1], ENGLISH[day.month - 1])
    both = written.startswith("{:%d/") and day.day <= 12 and day.day != day.month
    wanted = [number(day), *([number(day.replace(day=day.month, month=day.day))] if both else [])]
    for title in (
        f"Lista de 735 excarcelados ({text})",
        f"excarcelados_{text}",
        f"ESTADO 12345: {text}, libertad",
    ):
        assert days_within(title) == [Span(each, each) for each in wanted]


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("liberados2025-12-25", ["2025-12-25"]),
        ("Released on Dec 25, 2025", ["2025-12-25"]),
        ("liste des libérés du 25 décembre 2025", ["2025-12-25"]),
        ("liberados em 25 de dezembro de 2025", ["2025-12-25"]),
        ("Список освобожденных 25 декабря 2025 года", ["2025-12-25"]),
        ("قائمة المفرج عنهم 25 ديسمبر 2025", ["2025-12-25"]),
        ("Excarcelados del 25 al 27 de diciembre de 2025", ["2025-12-25/2025-12-27"]),
        ("Excarcelados, diciembre 2025", ["2025-12-01/2025-12-31"]),
        ("Lista publicada el 3 de enero de 2026: excarcelados el 25 de diciembre de 2025", ["2025-12-25"]),
        ("Excarcelados 08.01.2026, 25.12.2025", ["2026-01-08", "2026-08-01", "2025-12-25"]),
        ("Gaceta 41.234 del 3 de enero de 2026", []),
        ("Excarcelados al 3 de enero de 2026", []),
        ("Excarcelados 2025", []),
        ("Excarcelados, fecha de corte 3 de enero de 2026", []),
        ("Excarcelados, corte al 3 de enero de 2026", []),
        ("Corte: 03/01/2026", []),
        ("Relación publicada 3 de enero de 2026", []),
        ("Liste publiée le 3 janvier 2026", []),
        ("Corte Suprema, 3 de enero de 2026", ["2026-01-03"]),
        ("Liberados por la Corte Interamericana el 3 de enero de 2026", ["2026-01-03"]),
        ("Liberados por orden de la corte, 3 de enero de 2026", ["2026-01-03"]),
        ("Corte de Apelaciones de Santiago 3 de enero de 2026", ["2026-01-03"]),
        ("Ministerio Público, liberados el 3 de enero de 2026", ["2026-01-03"]),
        ("Corte Suprema, publicado el 3 de enero de 2026", []),
        ("lista 45000 de excarcelados", []),
    ],
)
def test_days_in_titles(title, days):
    assert [as_written(span) for span in days_within(title)] == days
