"""What the verbs give is said in any language: the same figures and names, no English left."""

from __future__ import annotations

import re

import pytest

from detcount import (
    CaptureTable,
    abundance,
    datasets,
    diagnose,
    fit_strata,
    jackknife,
    leave_one_list_out,
    posterior_predictive,
    prior_sensitivity,
    tipping_odds_ratio,
)

THREE = CaptureTable.from_counts(
    {"100": 60, "010": 50, "110": 14, "001": 45, "101": 12, "011": 0, "111": 4},
    lists=["prensa", "juzgados", "familias"],
)
TWO = THREE.keep(["prensa", "familias"])
KOREA = datasets.load("korea")
ENGLISH = re.compile(r"\b(the|of|and|persons|listed|with|without|no|lists?|reach|shown|on|is|are|from|to)\b")


def results():
    graphs = abundance.DecomposableGraphs()
    yield diagnose.list_summary(THREE)
    yield diagnose.overlap_table(THREE)
    yield diagnose.pairwise_odds_ratios(THREE)
    yield diagnose.sample_coverage(THREE)
    yield diagnose.residuals(abundance.LogLinear().fit(THREE), THREE)
    yield jackknife(abundance.Chapman(), TWO)
    yield jackknife(abundance.Chapman(), TWO, over="population")
    yield leave_one_list_out(abundance.Chapman(), THREE)
    yield fit_strata(abundance.Chapman(), {"norte": TWO, "sur": THREE})
    yield posterior_predictive(graphs.fit(KOREA), KOREA, n_draws=100)
    yield prior_sensitivity(graphs, KOREA, [abundance.InverseN(), abundance.UniformN(1, 900)])
    yield tipping_odds_ratio(abundance.Chapman().fit(TWO), 900)


RESULTS = list(results())


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_the_spanish_has_the_figures_and_no_english(result):
    english, spanish = result.say("en"), result.say("es")
    assert english == str(result)
    assert len(spanish.splitlines()) == len(english.splitlines())
    left = ENGLISH.findall(re.sub(r"\w+\([^)]*\)", "", spanish))  # specifications are code
    assert [word for word in left if word not in {"no"}] == []

    def figures(text):
        return re.sub(r"\D", "", text)

    assert figures(spanish) == figures(english)
