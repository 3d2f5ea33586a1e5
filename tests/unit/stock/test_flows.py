"""`flows`: arrests of a window from lists, exits by balance, draw by draw."""

import pytest
from scipy import stats

from detcount import abundance, simulate, stock
from detcount.errors import NotEstimableError, error_text
from register_totals import monitors

CLEAR = {"delay": 0.0, "exit_delay": 0.0, "exit_never": 0.0, "partial": 0.0}
PLAIN = {"never_found": 0.0, "dependence": 0.0, "brief": 0.0}
AS_THEY_ARE = {"late_exits": None, "wrong": None}


def invented(shares=(0.6, 0.5), seed=0, **options):
    lists = monitors(*shares, **{**CLEAR, **options})
    return simulate.detention_system(n_days=200, lists=lists, seed=seed, **PLAIN)


def moved(made, estimator, first=30, last=180, **asked):
    dates = made.truth.dates
    path = stock.series(estimator, stock.snapshots(made.people, dates[first : last + 1 : 50]), **AS_THEY_ARE)
    return stock.flows(estimator, made.people, path, dates[first], dates[last], **asked), path


@pytest.fixture(scope="module")
def made():
    return invented(seed=1)


@pytest.fixture(scope="module")
def found(made):
    return moved(made, abundance.Chapman())


def test_lists_without_a_fault_give_the_very_numbers():
    made = invented((1.0, 1.0), seed=2)
    result, _ = moved(made, abundance.Chapman(interval=abundance.Hypergeometric()))
    arrests = made.truth.arrests(result.start, result.end)
    # whoever entered and left on one day was never held at the end of a day, and is on no list
    assert result.named_arrests == arrests == result.arrests.median
    assert result.named_exits == made.truth.exits(result.start, result.end) == result.exits.median


def test_every_draw_balances_and_keeps_the_bounds(found):
    result, path = found
    before, after = path.at(result.start).draws, path.at(result.end).draws
    assert (before + result.arrests.draws - result.exits.draws == after).all()
    assert (result.arrests.draws >= result.named_arrests).all()
    assert (result.exits.draws >= result.named_exits).all()
    assert result.exits.bounds[0] == result.named_exits


def test_errors_of_arrests_and_stock_are_mostly_one(made):
    result, path = moved(made, abundance.Chapman())
    stocks = path.at(result.start).draws + path.at(result.end).draws
    assert 0.9 < stats.spearmanr(stocks, result.arrests.draws).statistic < 0.98


def test_arrests_are_not_moved_by_when_somebody_is_listed():
    """Names that are found late are discoveries, and count on the day of the arrest."""
    early, late = (
        moved(invented(seed=4, delay=delay), abundance.Chapman(), last=130)[0] for delay in (0.0, 30.0)
    )
    truth = invented(seed=4).truth.arrests(early.start, early.end)
    assert early.arrests.median == pytest.approx(truth, rel=0.06)
    assert late.arrests.median == pytest.approx(truth, rel=0.1)


def test_a_window_without_arrests_on_two_lists_is_declined():
    lists = monitors(0.5, 0.5, **CLEAR)
    made = simulate.detention_system(n_days=120, lists=lists, daily=0.0, waves=(), seed=1)
    dates = made.truth.dates
    path = stock.series(abundance.Chapman(), stock.snapshots(made.people, [dates[60], dates[100]]))
    with pytest.raises(NotEstimableError, match="arrested in the window") as caught:
        stock.flows(abundance.Chapman(), made.people, path, dates[60], dates[100])
    assert "ventana" in error_text(caught.value, "es")


def test_entries_that_do_not_belong_are_no_arrests():
    made = invented(seed=3, exit_delay=10.0)
    dates = made.truth.dates
    taken = stock.snapshots(made.people, dates[30:181:50])
    found = {}
    for share in (None, 0.05):
        wrong = None if share is None else stock.WrongShare(shares=share)
        path = stock.series(abundance.Chapman(), taken, wrong=wrong)
        found[share] = stock.flows(abundance.Chapman(), made.people, path, dates[30], dates[180])
    assert found[0.05].arrests.median < 0.97 * found[None].arrests.median
    assert found[0.05].named_arrests < found[None].named_arrests
