"""DecomposableGraphs against the R package dga 2.0.2 on every table it was run on."""

import re

import pytest

from cases import of_package
from detcount import datasets
from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.priors import InverseN

pytestmark = pytest.mark.reference

MEAN_TOLERANCE = 2e-7  # dga's means are printed to eight digits
QUANTILE_TOLERANCE = 1e-4  # relative: dga reads limits from whole numbers, so do we, give or take one person
PROBABILITY_TOLERANCE = 6e-5  # printed to four decimals

ROWS = of_package("dga")
EXCEPTIONS = {
    ("spina_626", "delta=1;Nmissing=1:300;informative logprior a=13.14 b=55.17"): (
        "the row does not say which density has these two parameters"
    )
}
COMPARED = [row for row in ROWS if (row["dataset"], row["settings"]) not in EXCEPTIONS]


def _setting(row, name):
    match = re.search(rf"{name}=([^;]+)", row["settings"] + ";" + row["extra"])
    return match.group(1)


def test_every_row_is_compared_or_excepted():
    assert (len(ROWS), len(COMPARED)) == (56, 55)


@pytest.mark.parametrize("row", COMPARED, ids=lambda row: f"{row['dataset']}-{row['settings'][:60]}")
def test_row(row):
    delta = float(
        _setting(row, "delta_value") if "delta_value" in row["settings"] else _setting(row, "delta")
    )
    most = int(_setting(row, "Nmissing").split(":")[1])
    table = datasets.load(row["dataset"])
    spec = DecomposableGraphs(delta=delta, saturated=True, prior=InverseN(1, most))
    estimate = spec.fit(table)
    detail = estimate.detail
    if "mean=" in row["extra"]:
        assert detail.mean == pytest.approx(float(_setting(row, "mean")), rel=MEAN_TOLERANCE)
    one_person = 1.0
    interval = estimate.interval(0.95)
    for ours, theirs in zip(
        (estimate.point, interval.low, interval.high),
        (row["estimate"], row["lower"], row["upper"]),
        strict=True,
    ):
        assert abs(ours - float(theirs)) <= max(one_person, QUANTILE_TOLERANCE * float(theirs))
    if "sd=" in row["extra"]:
        assert detail.standard_deviation == pytest.approx(float(_setting(row, "sd")), rel=1e-6)
    if "top_models=" in row["extra"]:
        _check_graphs(table, detail, _setting(row, "top_models"))


def _check_graphs(table, detail, printed):
    ours = {frozenset(frozenset(edge) for edge in graph.edges): graph.probability for graph in detail.graphs}
    compared = 0
    for cliques, probability in re.findall(r"((?:\[[^\]]+\])+):([0-9.e-]+)", printed):
        edges = set()
        for clique in re.findall(r"\[([^\]]+)\]", cliques):
            names = [_named_here(table, name) for name in clique.split(",")]
            edges |= {frozenset((a, b)) for i, a in enumerate(names) for b in names[i + 1 :]}
        assert ours.get(frozenset(edges), 0.0) == pytest.approx(float(probability), abs=PROBABILITY_TOLERANCE)
        compared += 1
    assert compared > 0


@pytest.mark.parametrize(
    ("dataset", "delta", "mean", "low", "high"),
    [  # the same package, the saturated graph taken out of its list of graphs
        ("korea", 1 / 8, 207.2716, 132, 407),
        ("kosovo", 1 / 16, 12_749.35, 9_827, 16_544),
    ],
)
def test_without_the_saturated_graph(dataset, delta, mean, low, high):
    caps = {"korea": 5_000, "kosovo": 88_000}
    spec = DecomposableGraphs(delta=delta, prior=InverseN(1, caps[dataset]))
    estimate = spec.fit(datasets.load(dataset))
    assert estimate.detail.mean == pytest.approx(mean, rel=1e-6)
    assert estimate.interval().low == pytest.approx(low, abs=1)
    assert estimate.interval().high == pytest.approx(high, abs=1)


@pytest.mark.parametrize(
    ("dataset", "delta", "point", "low", "high"),
    [  # published comparison of the default and larger prior masses, saturated graph left out
        ("kosovo", 0.5, 11_439, 7_536, 14_539),
        ("kosovo", 1.0, 9_458, 6_945, 12_745),
        ("korea", 0.125, None, 132, 407),
    ],
)
def test_prior_mass_without_the_saturated_graph(dataset, delta, point, low, high):
    caps = {"korea": 5_000, "kosovo": 88_000}
    spec = DecomposableGraphs(delta=delta, prior=InverseN(1, caps[dataset]))
    estimate = spec.fit(datasets.load(dataset))
    printed_to = 1.0  # persons
    if point is not None:
        assert min(abs(estimate.point - point), abs(estimate.detail.mean - point)) <= printed_to
    assert estimate.interval().low == pytest.approx(low, abs=printed_to)
    assert estimate.interval().high == pytest.approx(high, abs=printed_to)


def _named_here(table, name):
    """Name of a list in our table; one run of dga calls its lists D1, D2, ... in the same order."""
    return name if name in table.lists else table.lists[int(name.removeprefix("D")) - 1]
