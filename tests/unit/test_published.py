"""Published counts: what the constructors refuse, what was known when, and the tables about it."""

import datetime as dt
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from detcount import PublishedReleases, datasets
from detcount.errors import InputError
from detcount.published import PublishedArrests, PublishedStock

SECRET = "Zutano Ñáñez"
# asymmetric: no two rows, sources or days alike
COLUMNS = {
    "published": ["2026-01-12", "2026-01-12", "2026-01-14", "2026-01-12", "2026-01-13"],
    "source": ["ministry", "monitor", "monitor", "monitor", "press"],
    "role": ["announced", "verified", "verified", "verified", "reported"],
    "start": [None, "2026-01-08", "2026-01-08", "2026-01-08", "2026-01-07"],
    "end": ["2026-01-12", "2026-01-12", "2026-01-14", "2026-01-12", None],
    "count": [116, 41, 84, 56, 56],
    "at_least": [False, True, False, False, None],
    "event": ["lot", "lot", "lot", "lot", "lot"],
    "measure": ["exit", "exit", "exit", "exit", ""],
    "note": ["no list", "", "evening", "night", None],
}


SPANISH = {
    "Fecha": COLUMNS["published"],
    "fuente": COLUMNS["source"],
    "Papel": ["anunciado", "Verificada", "verificados", "verificado", "informado"],
    "desde": COLUMNS["start"],
    "FIN": COLUMNS["end"],
    "Número": COLUMNS["count"],
    "al menos": ["no", "Sí", "falso", "-", ""],
    "evento": COLUMNS["event"],
    "medida": COLUMNS["measure"],
    "nota": COLUMNS["note"],
}


def with_cell(column, row, value):
    """The columns with one cell changed."""
    cells = list(COLUMNS[column])
    cells[row] = value
    return {**COLUMNS, column: cells}


def reports(**columns):
    return PublishedReleases.from_frame({**COLUMNS, **columns})


def test_rows_are_kept_by_day_and_within_a_day_as_given():
    made = reports()
    assert made.count.tolist() == [116, 41, 56, 56, 84]
    assert made.source == ("ministry", "monitor", "monitor", "press", "monitor")
    assert made.published.astype(str).tolist() == [*["2026-01-12"] * 3, "2026-01-13", "2026-01-14"]
    assert made.note == ("no list", "", "night", "", "evening")
    assert made.at_least.tolist() == [False, True, False, False, False]
    assert np.isnat(made.start).tolist() == [True, False, False, False, False]
    assert (made.first_published, made.last_published) == (dt.date(2026, 1, 12), dt.date(2026, 1, 14))
    assert made.sources == ("ministry", "monitor", "press")
    assert made.events == ("lot",)
    assert len(made) == 5


def test_a_column_with_several_values_a_row_is_refused():
    with pytest.raises(InputError, match=r"column 'count': expected one value a row, got shape \(2, 1\)"):
        PublishedReleases.from_frame({**COLUMNS, "count": np.array([[1], [2]])})


def test_a_frame_read_back_is_the_same():
    made = reports()
    assert PublishedReleases.from_frame(made.to_frame()) == made
    assert PublishedReleases.from_frame(pl.from_pandas(made.to_frame())) == made
    assert list(made.to_frame().columns)[:3] == ["published", "source", "role"]
    stock = datasets.load("venezuela_stock")
    assert PublishedStock.from_frame(stock.to_frame()) == stock
    arrests = datasets.load("venezuela_arrests")
    assert PublishedArrests.from_frame(arrests.to_frame()) == arrests


def test_optional_columns_may_be_absent():
    required = {name: COLUMNS[name] for name in ("published", "source", "role", "start", "end", "count")}
    made = PublishedReleases.from_frame(required)
    assert made.event == made.measure == made.note == ("",) * 5
    assert not made.at_least.any()
    assert PublishedReleases.from_frame({**required, "url": ["x"] * 5, "women": [1] * 5}) == made


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("published", "2026-01-11"),
        ("source", "another"),
        ("role", "reported"),
        ("start", "2026-01-09"),
        ("end", "2026-01-13"),
        ("count", 85),
        ("at_least", True),
        ("event", "other"),
        ("measure", "review"),
        ("note", "morning"),
    ],
)
def test_digest_covers_every_field(column, value):
    row = 4 if column == "published" else 2
    changed = PublishedReleases.from_frame(with_cell(column, row, value))
    assert changed.digest != reports().digest
    assert changed != reports()
    assert hash(changed) != hash(reports())


def test_copies_and_pickles_stay_read_only():
    given = np.array(COLUMNS["count"])
    made = PublishedReleases.from_frame({**COLUMNS, "count": given})
    given[0] = 1
    assert made.count[0] == 116
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    for table in (made, again):
        with pytest.raises(ValueError, match="read-only"):
            table.count[0] = 3
        with pytest.raises(AttributeError, match="cannot assign"):
            table.count = given


@pytest.mark.parametrize(
    ("column", "row", "value", "message"),
    [
        ("published", 2, None, r"published, data row 3: the day is missing"),
        ("published", 2, " ", r"published, data row 3: the day is missing"),
        ("published", 1, "12 January", r"published, data row 2: .* got text without a year in four digits"),
        ("published", 1, "12/01/26", r"published, data row 2: .* got text without a year in four digits"),
        (
            "published",
            1,
            "12/01/2026",
            r"published, data row 2: .* got the year last, .* If it is the day, write dayfirst=True",
        ),
        ("published", 1, "2026-01", r"published, data row 2: .* got a month without a day"),
        ("published", 1, "2026-02-30", r"published, data row 2: .* a month or day that does not exist"),
        ("published", 1, SECRET, r"published, data row 2: expected a day as in 2026-01-31, got text"),
        ("published", 1, 46034, r"published, data row 2: expected a day, got a number"),
        ("published", 1, "0026-01-12", r"published, data row 2: expected a year from 1900 to 2199, got 26"),
        ("start", 3, "8 Jan", r"start, data row 4: .* without a year"),
        (
            "end",
            2,
            "2026-01-07",
            r"data row 3: the window ends on 2026-01-07, before it starts",
        ),
        ("start", 4, dt.date(2026, 1, 15), None),  # passed on before its window: no fault of the table
        (
            "published",
            2,
            "2026-01-07",
            r"data row 3: verified releases from 2026-01-08 on were published before that",
        ),
        ("source", 0, "", r"source, data row 1: is blank. Say who published"),
        ("source", 0, None, r"source, data row 1: is blank"),
        ("source", 0, 7, r"source, data row 1: expected text, got int"),
        ("source", 2, "Monitor ", r"source, data rows 2 and 3: one name in two spellings"),
        ("source", 2, "mónitor", r"source, data rows 2 and 3: one name in two spellings"),
        ("event", 4, "LOT", r"event, data rows 1 and 5: one name in two spellings"),
        (
            "role",
            1,
            "verifed",
            r"role, data row 2: expected 'announced', 'verified' or 'reported', .*Did you mean 'verified'",
        ),
        ("role", 1, "Anounced", r"role, data row 2: .*Did you mean 'announced'\?"),
        ("role", 1, "confirmado", r"role, data row 2: .*Did you mean 'verified'\?"),
        ("role", 1, SECRET, r"role, data row 2: .*got another word\. A body of the state"),
        ("role", 1, None, r"role, data row 2: .*got nothing"),
        ("role", 1, 2, r"role, data row 2: .*got int"),
        ("count", 3, "56", r"count, data row 4: expected a whole number of persons, got text"),
        ("count", 3, SECRET, r"count, data row 4: expected a whole number of persons, got text"),
        ("count", 3, -1, r"count, data row 4: expected a whole number of persons, 0 or more, got -1"),
        ("count", 3, 12.5, r"count, data row 4: .* 0 or more, got 12.5"),
        ("count", 3, Decimal("12.5"), r"count, data row 4: .* 0 or more, got 12.5"),
        ("count", 3, -17_890_123, r"count, data row 4: .* got another number"),
        ("count", 3, None, r"count, data row 4: the count is missing"),
        ("count", 3, float("nan"), r"count, data row 4: the count is missing"),
        (
            "count",
            3,
            float("inf"),
            r"count, data row 4: expected a number of persons, got more than are alive",
        ),
        ("count", 3, True, r"count, data row 4: expected a whole number of persons, got bool"),
        ("count", 3, 2**53, r"count, data row 4: .* more than are alive"),
        (
            "at_least",
            1,
            SECRET,
            r"at_least, data row 2: expected yes, no or nothing, got text. Write yes or no",
        ),
        ("at_least", 1, 2, r"at_least, data row 2: expected yes, no or nothing, got something else"),
        ("note", 1, 3.5, r"note, data row 2: expected text, got float"),
    ],
)
def test_a_bad_cell_is_named_and_not_shown(column, row, value, message):
    columns = with_cell(column, row, value)
    if message is None:
        assert len(PublishedReleases.from_frame(columns)) == 5
        return
    with pytest.raises(InputError, match=message) as caught:
        PublishedReleases.from_frame(columns)
    assert SECRET not in str(caught.value)


def test_the_word_in_a_column_of_text_is_named_rather_than_its_first_row():
    with pytest.raises(InputError, match=r"count, data row 4: expected a whole number of persons, got text"):
        reports(count=["9", "16", "41", "fifty-six", "84"])
    with pytest.raises(InputError, match=r"count, data row 1: expected a whole number of persons, got text"):
        reports(count=["9", "16", "41", "56", "84"])


def test_zero_and_decimals_that_are_whole_are_counts():
    assert reports(count=[0, 41.0, Decimal(84), np.int32(56), np.uint8(56)]).count.tolist() == [
        0,
        41,
        56,
        56,
        84,
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({name: [] for name in COLUMNS}, "the frame has no rows. Published releases need at least one count"),
        (
            {("publisched" if name == "published" else name): cells for name, cells in COLUMNS.items()},
            r"no column 'published'. Rename the columns that are meant, as in \{'publisched': 'published'\}",
        ),
        (
            {("kind" if name == "role" else name): cells for name, cells in COLUMNS.items() if name != "end"},
            r"no columns 'role', 'end'. Rename .* \{'kind': 'role'\}",
        ),
        (
            {name: cells for name, cells in COLUMNS.items() if name != "start"},
            "no column 'start'. It needs published, source, role",
        ),
        (
            {("at_lest" if name == "at_least" else name): cells for name, cells in COLUMNS.items()},
            r"column 'at_lest': is not among those that are read. Did you mean 'at_least'\?",
        ),
        (
            {**SPANISH, "Publicado": SPANISH["Fecha"]},
            r"columns 'Fecha', 'Publicado': expected one read as 'published', got 2. Rename",
        ),
        ({**COLUMNS, "count": [1, 2]}, r"the columns have different lengths, \[2, 5\]"),
        ({**COLUMNS, "count": 3}, "column 'count': expected one value a row, got int"),
        ({**COLUMNS, "source": "press"}, "column 'source': expected one value a row, got str"),
    ],
)
def test_a_bad_frame_says_what_to_do(columns, message):
    with pytest.raises(InputError, match=message):
        PublishedReleases.from_frame(columns)


def test_columns_and_roles_are_read_in_spanish():
    made = PublishedReleases.from_frame(SPANISH)
    assert made == reports()
    assert made.where([0, 1]).notes == made.notes == pickle.loads(pickle.dumps(made)).notes
    assert made.notes == (
        "it was read so: 'Fecha' as 'published', 'fuente' as 'source', 'Papel' as 'role', 'desde' as "
        "'start', 'FIN' as 'end', 'Número' as 'count', 'al menos' as 'at_least', 'evento' as 'event', "
        "'medida' as 'measure', 'nota' as 'note', 'anunciado' as 'announced', 'Verificada' as 'verified', "
        "'verificados' as 'verified', 'verificado' as 'verified', 'informado' as 'reported'",
    )
    assert made.notes[0].say("es").startswith("se leyó así: 'Fecha' como 'published', ")
    assert made.notes[0] in made.summary().notes
    assert reports().notes == ()
    stock = PublishedStock.from_frame(SPANISH)
    assert (stock.role, stock.count.tolist()) == (made.role, made.count.tolist())
    assert stock.notes[0].startswith("it was read so: 'Fecha' as 'date', ")


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("x", 1),
        ("sí", 1),
        ("SI", 1),
        ("yes", 1),
        ("verdadero", 1),
        ("true", 1),
        ("1", 1),
        ("no", 0),
        ("0", 0),
    ],
)
def test_flags_are_read_as_people_write_them(word, means):
    assert reports(at_least=[word] * 5).at_least.tolist() == [bool(means)] * 5


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-13",
        dt.date(2026, 1, 13),
        pd.Timestamp("2026-01-13 23:59").to_pydatetime(),
        np.datetime64("2026-01-13T05"),
    ],
)
def test_as_of_keeps_what_was_known(day):
    assert reports().as_of(day).count.tolist() == [116, 41, 56, 56]
    assert reports().as_of(pd.Timestamp(day)) == reports().as_of(day)


def test_as_of_before_the_first_count_says_when_it_was():
    with pytest.raises(InputError, match=r"as_of 2026-01-11: nothing .* first count is of 2026-01-12"):
        reports().as_of("2026-01-11")
    with pytest.raises(InputError, match="as_of: expected a day as in 2026-01-31, got text without a year"):
        reports().as_of("13 January")
    with pytest.raises(InputError, match="as_of: the day is missing"):
        reports().as_of(None)
    assert reports().as_of("2199-12-31") == reports()


def test_where_takes_masks_and_numbers():
    made = reports()
    assert made.where(np.array(made.role) == "verified").count.tolist() == [41, 56, 84]
    assert made.where([4, 0]).count.tolist() == [116, 84]
    assert made.where([-1]).count.tolist() == [84]
    assert made.where(np.array([True] * 5)) == made
    for rows, message in (
        ([], "no row is left"),
        ([False] * 5, "no row is left"),
        ([True], r"expected a mask of 5 values, got shape \(1,\)"),
        ([5], "expected numbers below 5"),
        (["a"], "expected a mask or row numbers"),
    ):
        with pytest.raises(InputError, match=message):
            made.where(rows)


def test_stock_keeps_two_figures_for_one_day():
    stock = datasets.load("venezuela_stock")
    assert stock.on("2025-09-08") == (823, 816)
    assert stock.on("2025-09-09") == ()
    assert stock.last_date == dt.date(2026, 1, 28)
    assert np.isnan(stock.entered_in_week).sum() == 51 - 14
    assert stock.as_of("2024-09-30").count.tolist() == [1793]
    with pytest.raises(
        InputError, match="as_of 2024-01-01: nothing was known yet, as the first count is of 2024-09-02"
    ):
        stock.as_of("2024-01-01")
    columns = {"date": ["2025-01-01"], "source": ["A"], "role": ["verified"], "count": [7]}
    for name in ("entered_in_week", "released_in_week"):
        assert np.isnan(getattr(PublishedStock.from_frame(columns), name)).all()
        with pytest.raises(InputError, match=f"{name}, data row 1: expected a whole number of persons"):
            PublishedStock.from_frame({**columns, name: ["3"]})


# --- slips of the pen at the door


@pytest.mark.parametrize("count", [10**10, 10**15, 8 * 10**15, 10**30, float(10**12)])
def test_more_people_than_are_alive_are_refused(count):
    with pytest.raises(InputError, match=r"count, data row 3: expected a number of .* more than are alive"):
        PublishedReleases.from_frame(with_cell("count", 2, count))


def test_a_count_published_in_days_to_come_is_refused_unless_it_is_meant():
    columns = with_cell("published", 2, "2099-01-14")
    with pytest.raises(InputError, match=r"published, data row 3: .* got 2099-01-14, .* allow_future=True"):
        PublishedReleases.from_frame(columns)
    assert PublishedReleases.from_frame(columns, allow_future=True).last_published.year == 2099
    stock = {"date": ["2099-01-14"], "source": ["monitor"], "role": ["verified"], "count": [7]}
    with pytest.raises(InputError, match="date, data row 1: expected a day that has come"):
        PublishedStock.from_frame(stock)


def test_today_has_come_everywhere_on_earth():
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert PublishedReleases.from_frame(with_cell("published", 2, tomorrow)).last_published == tomorrow
    with pytest.raises(InputError, match="a day that has come"):
        PublishedReleases.from_frame(with_cell("published", 2, tomorrow + dt.timedelta(days=2)))


@pytest.mark.parametrize(("kind", "things"), [(PublishedReleases, "releases"), (PublishedArrests, "arrests")])
def test_counts_of_a_window_are_named_by_what_they_count(kind, things):
    made = kind.from_frame(COLUMNS)
    assert type(made.as_of("2026-01-13").select(source="monitor").where([0])) is kind
    assert made.first_published == dt.date(2026, 1, 12)
    with pytest.raises(InputError, match=f"verified {things} from 2026-01-20 on were published before that"):
        kind.from_frame(with_cell("start", 2, "2026-01-20") | {"end": [None] * 5})
    with pytest.raises(InputError, match=f"no row is left of the published {things}"):
        made.where([])
