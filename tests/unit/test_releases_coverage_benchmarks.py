"""The page on cover of releases is that of the figures, and the figures are what was promised."""

from cases import rows_in
from scripts import loaded

LEAST = 0.92  # of 95%


batches, monitors = (loaded(f"benchmarks/{name}_coverage.py") for name in ("batches", "monitored"))


def figures(module, kind):
    text = kind.__annotations__
    return [
        kind(**{key: row[key] if text[key] == "str" else eval(text[key])(row[key]) for key in text})
        for row in rows_in(module.FIGURES)
    ]


def between(module):
    page = module.PAGE.read_text(encoding="utf-8")
    return page.split(module.BEGIN)[1].split(module.END)[0].strip().splitlines()


def test_the_pages_are_those_of_the_figures():
    assert between(batches) == batches.tables(figures(batches, batches.Cell))
    assert between(monitors) == monitors.table(figures(monitors, monitors.Row))


def test_every_world_has_its_figures():
    found = figures(batches, batches.Cell)
    assert [(one.world, one.part) for one in found] == [
        (world, part) for world in batches.WORLDS for part in batches.PARTS
    ]
    assert {row.world for row in figures(monitors, monitors.Row)} == set(monitors.WORLDS)


def test_batches_cover_as_promised_where_the_model_is_wrong():
    for one in figures(batches, batches.Cell):
        assert one.cover95 >= LEAST, (one.world, one.part)
        assert one.bounded >= LEAST, (one.world, one.part)


def test_monitors_that_copy_half_are_covered():
    rows = {(row.world, row.specification): row for row in figures(monitors, monitors.Row)}
    for world in ("b copies half of a", "c copies half of a", "c copies half of b"):
        assert rows[world, "dependent"].cover95 >= 0.85
        assert rows[world, "independent"].cover95 < 0.5
    assert rows["independent", "dependent"].cover95 >= 0.85
    assert rows["independent", "dependent"].width95 < 1.6 * rows["independent", "independent"].width95
