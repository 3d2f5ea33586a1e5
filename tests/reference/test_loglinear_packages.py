"""Fixed log-linear models against SparseMSE, MultipleSystemsEstimation and Rcapture.

The methods are exact, so every tolerance comes from the digits stored or from where R stops iterating.
"""

import warnings
from functools import cache

import numpy as np
import pytest

from cases import extra, of_package
from detcount import datasets
from detcount._numerics.existence import existence_codes
from detcount._numerics.patterns import all_hierarchical, formula, from_generators, generators, sizes
from detcount._numerics.poisson import fit_hierarchical
from detcount.abundance import LogLinear, ProfileLikelihood
from detcount.errors import DetcountWarning, NotEstimableError
from stirling import as_rcapture

pytestmark = pytest.mark.reference

FIT = 1e-6  # relative: R's glm stops at a relative change of the deviance of 1e-8
PRINTED = 1e-6  # relative: eight digits are stored in `extra`, after glm's own error
ZERO = 1e-6  # absolute, for a deviance that is zero but for rounding
GLM_VARIANCE = 5e-5  # relative: glm's covariance has the weights of the last step but one
STIRLING = 4e-4  # relative: Stirling's formula for 29 unseen persons, see test_rcapture_profile_is_stirling
REPEATED = 1e-6  # relative: root finding in Rcapture
Z = 1.959963984540054  # normal quantile at 0.975
EXACT_PERSONS = 100  # populations up to here have their factorials as they are in Rcapture

# Rows that another package answers and detcount does not, or answers otherwise: (dataset, row, figure).
NO_MAXIMUM = "code 1, no extended maximum: glm ran off to 1e13 persons, and says so (infoFit not 0)"
NO_ROW = "Rcapture stopped with an error: none of its fits is clean"
EXTENDED_DF = (
    "a term is at minus infinity: Rcapture counts the histories that the model excludes among its degrees "
    "of freedom, detcount (like SparseMSE) does not"
)
EXCEPTIONS = {
    ("artificial_3", "closedpMS.t best BIC", "all"): NO_MAXIMUM,
    ("artificial_3", "closedpMS.t best AIC", "all"): NO_MAXIMUM,
    ("western", "closedpMS.t best AIC", "all"): NO_MAXIMUM,
    ("artificial_3", "closedpCI.t BIC-best", "all"): NO_ROW,
    ("artificial_3", "closedpCI.t AIC-best", "all"): NO_ROW,
    ("ukdat_5", "closedpMS.t best AIC", "df"): EXTENDED_DF,
    ("ned_5", "closedpMS.t best BIC", "df"): EXTENDED_DF,
    ("ned_5", "closedpMS.t best AIC", "df"): EXTENDED_DF,
}


def chosen(file, condition):
    found = [row for row in of_package(file) if condition(row) and not is_excepted(row, "all")]
    assert found
    return found


def label(row):
    return f"{row['dataset']} {row['method']}"


def is_excepted(row, figure):
    return (row["dataset"], row["method"], figure) in EXCEPTIONS


@cache
def table(name):
    return datasets.load(name)


def cells(name):
    return np.concatenate([[0.0], table(name).dense().astype(float)])


def fitted(estimator, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        return estimator.fit(table(name))


def pairs_of(row):
    """Pairs of lists that SparseMSE kept, and the empty overlaps that it took out."""
    info = extra(row)
    return tuple(tuple(pair.split(":")) for pair in f"{info['pairs']} {info['emptyoverlaps']}".split())


def model_of(row):
    """Model of a row of Rcapture."""
    return LogLinear() if "Mt" in row["method"] else LogLinear.from_formula(extra(row)["model"])


def is_sparsemse(row):
    return row["package"] == "SparseMSE" and row["method"].startswith("estimatepopulation")


def is_rcapture_fit(row):
    return "closedpMS.t" in row["method"] or row["method"] == "closedp.t Mt"


def is_rcapture_profile(row):
    return row["method"] == "closedpCI.t Mt" or row["method"].startswith(
        ("closedpCI.t BIC-best", "closedpCI.t AIC-best")
    )


def rcapture(condition):
    return chosen("rcapture_ms", condition) + chosen("rcapture_closed", condition)


def test_sparsemse(subtests):
    for row in chosen("sparsemse_point", is_sparsemse):
        with subtests.test(label(row)):
            estimate = fitted(LogLinear(pairs_of(row)), row["dataset"])
            found, info = estimate.detail, extra(row)
            assert estimate.point == pytest.approx(float(row["estimate"]), rel=FIT)
            assert found.deviance == pytest.approx(float(info["deviance"]), rel=PRINTED)
            assert found.degrees_of_freedom == int(info["df"])
            assert {frozenset(names) for names in found.empty_overlaps} == {
                frozenset(pair.split(":")) for pair in info["emptyoverlaps"].split()
            }
            # terms at minus infinity count
            assert found.aic == pytest.approx(float(info["AIC"]), rel=PRINTED)


def test_sparsemse_interval_is_normal_on_the_intercept(subtests):
    """Its limits are n + n_0 exp(+-z se), with the standard error of the intercept."""
    for row in chosen("sparsemse_point", is_sparsemse):
        with subtests.test(label(row)):
            estimate = fitted(LogLinear(pairs_of(row)), row["dataset"])
            n, unobserved = estimate.n_observed, estimate.n_unobserved
            spread = np.exp(Z * np.sqrt(estimate.standard_error**2 - unobserved) / unobserved)
            assert n + unobserved / spread == pytest.approx(float(row["lower"]), rel=GLM_VARIANCE)
            assert n + unobserved * spread == pytest.approx(float(row["upper"]), rel=GLM_VARIANCE)


def test_sparsemse_checkident(subtests):
    for row in chosen("sparsemse_point", lambda row: row["method"].startswith("checkident")):
        with subtests.test(label(row)):
            lists = table(row["dataset"]).n_lists
            what = row["method"].removeprefix("checkident ")
            if what == "main effects":
                groups = []
            elif what == "all two-list effects":
                groups = [(i, j) for i in range(1, lists + 1) for j in range(i + 1, lists + 1)]
            else:
                groups = [tuple(int(digit) for digit in what.removeprefix("pair "))]
            code = LogLinear(tuple(groups)).existence_code(table(row["dataset"]))
            assert code == int(float(row["estimate"]))
            if "MSE_check_extended_MLE" in row["extra"]:
                assert code == int(extra(row)["MSE_check_extended_MLE"])


def test_sparsemse_checkallmodels(subtests):
    """Its answer lists the sets of pairs without a maximum, a matrix written by columns, or NULL."""
    for row in chosen("sparsemse_checkall", lambda row: True):
        with subtests.test(label(row)):
            models = all_hierarchical(table(row["dataset"]).n_lists, 2)
            without = models[existence_codes(models, cells(row["dataset"])) & 1 == 1]
            pairs = np.flatnonzero(sizes(table(row["dataset"]).n_lists) == 2)
            found = {tuple(model[pairs].astype(int).tolist()) for model in without}
            if row["extra"].startswith("result= NULL"):
                expected = set()
            else:
                numbers = row["extra"].split("]", 1)[1].split("-", 1)[0].split()
                expected = set(
                    zip(*np.array(numbers, dtype=int).reshape(len(pairs), -1).tolist(), strict=True)
                )
            assert found == expected


def test_multiple_systems_estimation(subtests):
    """Up to five lists: the best model by BIC, its BIC, and how many models can be fitted."""
    for row in chosen("sparsemse_point", lambda row: row["method"].endswith("default (auto)")):
        with subtests.test(label(row)):
            info = extra(row)
            if row["settings"] == "stepwise":
                step = next(
                    other
                    for other in of_package("sparsemse_point")
                    if is_sparsemse(other)
                    and other["dataset"] == row["dataset"]
                    and "stepwise" in other["method"]
                )
                estimate = fitted(LogLinear(pairs_of(step)), row["dataset"])
                assert estimate.point == pytest.approx(float(row["estimate"]), rel=FIT)
                continue
            n_lists = table(row["dataset"]).n_lists
            models = all_hierarchical(n_lists, min(n_lists - 1, 3))
            fits = fit_hierarchical(models, cells(row["dataset"]), with_variance=False)
            criterion = fits.bic(float(table(row["dataset"]).n_observed))
            best = int(np.nanargmin(criterion))
            assert (fits.code == 0).sum() == int(info["n_models"])
            assert formula(models[best]) == info["model"]
            assert criterion[best] == pytest.approx(float(info["BIC"]), rel=PRINTED)
            assert table(row["dataset"]).n_observed + fits.n_unobserved[best] == pytest.approx(
                float(row["estimate"]), rel=FIT
            )
            estimate = fitted(LogLinear.from_formula(info["model"]), row["dataset"])
            assert estimate.point == pytest.approx(float(row["estimate"]), rel=FIT)
            assert estimate.detail.bic == pytest.approx(float(info["BIC"]), rel=PRINTED)


def test_multiple_systems_estimation_main_effects(subtests):
    for row in chosen("sparsemse_point", lambda row: row["method"].endswith("fixed main effects")):
        with subtests.test(label(row)):
            estimate = fitted(LogLinear(), row["dataset"])
            assert estimate.point == pytest.approx(float(row["estimate"]), rel=FIT)


def test_rcapture(subtests):
    for row in rcapture(is_rcapture_fit):
        with subtests.test(label(row)):
            estimate = fitted(model_of(row), row["dataset"])
            found, info = estimate.detail, extra(row)
            assert estimate.point == pytest.approx(float(row["estimate"]), rel=FIT)
            assert estimate.standard_error == pytest.approx(float(info["se"]), rel=GLM_VARIANCE)
            assert found.deviance == pytest.approx(float(info["deviance"]), rel=PRINTED, abs=ZERO)
            assert found.aic == pytest.approx(float(info["AIC"]), rel=PRINTED)
            assert found.bic == pytest.approx(float(info["BIC"]), rel=PRINTED)
            assert is_excepted(row, "df") == bool(found.empty_overlaps)
            if not is_excepted(row, "df"):
                assert found.degrees_of_freedom == int(info["df"])


def test_standard_error_is_the_inverse_information(subtests):
    """The same variance from the design matrix: where R differs in the sixth digit, R has not converged."""
    for row in rcapture(is_rcapture_fit):
        with subtests.test(label(row)):
            estimate = fitted(model_of(row), row["dataset"])
            found = estimate.detail
            lists = table(row["dataset"]).n_lists
            codes = np.arange(1, 1 << lists)
            terms = np.flatnonzero(from_generators(_codes(found.formula), lists))
            finite = [
                term for term, value in zip(terms, _in_order(found, terms), strict=True) if np.isfinite(value)
            ]
            design = (np.array(finite) & ~codes[:, None] == 0).astype(float)
            information = design.T @ (found.fitted[:, None] * design)
            variance = estimate.n_unobserved + estimate.n_unobserved**2 * np.linalg.inv(information)[0, 0]
            # rounding of an inverse
            assert estimate.standard_error == pytest.approx(np.sqrt(variance), rel=1e-8)


def _codes(text):
    return [sum(1 << (int(digit) - 1) for digit in term) for term in text.strip("[]").split(",")]


def _in_order(found, terms):
    """Coefficients, which stand by size and then by code, in the order of the codes."""
    by_size = sorted(terms.tolist(), key=lambda code: (code.bit_count(), code))
    values = dict(zip(by_size, found.coefficients.values(), strict=True))
    return [values[term] for term in terms.tolist()]


def test_rcapture_profile(subtests):
    for row in rcapture(is_rcapture_profile):
        with subtests.test(label(row)):
            estimator = LogLinear(model_of(row).interactions, interval=ProfileLikelihood())
            estimate = fitted(estimator, row["dataset"])
            interval = estimate.interval()
            assert estimate.point == pytest.approx(float(extra(row)["poisson_est"]), rel=PRINTED)
            tolerance = REPEATED if interval.high <= EXACT_PERSONS else STIRLING
            assert estimate.detail.multinomial_point == pytest.approx(float(row["estimate"]), rel=tolerance)
            raw = extra(row).get("CI_raw", f"{row['lower']}/{row['upper']}").split("/")
            assert [interval.low, interval.high] == pytest.approx(
                [float(raw[0]), float(raw[1])], rel=tolerance
            )


def test_rcapture_profile_is_stirling(subtests):
    """With Stirling's formula in place of factorials above 100 persons, its figures come out to 1e-6."""
    for row in rcapture(is_rcapture_profile):
        with subtests.test(label(row)):
            estimator = LogLinear(model_of(row).interactions, interval=ProfileLikelihood())
            printed = [float(row[name]) for name in ("estimate", "lower", "upper")]
            assert as_rcapture(fitted(estimator, row["dataset"])) == pytest.approx(printed, rel=REPEATED)


@pytest.mark.parametrize(
    "key", sorted(key for key, why in EXCEPTIONS.items() if why == NO_MAXIMUM), ids=" ".join
)
def test_models_that_rcapture_lets_run_away_are_declined(key):
    row = next(r for r in of_package("rcapture_ms") if (r["dataset"], r["method"]) == key[:2])
    assert extra(row)["infoFit"] != "0"
    estimator = LogLinear.from_formula(extra(row)["model"])
    assert estimator.existence_code(table(row["dataset"])) == 1
    with pytest.raises(NotEstimableError, match=r"has no finite maximum.*\(existence code 1\)"):
        estimator.fit(table(row["dataset"]))


def test_formulas_are_written_as_the_packages_do():
    texts = [extra(row)["model"] for row in of_package("rcapture_ms") if "model" in extra(row)]
    assert len(texts) > 20
    for text in texts:
        lists = max(int(digit) for digit in text if digit.isdigit())
        model = from_generators(_codes(text), lists)
        assert formula(model) == text
        assert [*_codes(text)] == generators(model)
