"""Every estimator held to populations whose size is known: cover, width, score, bias and error.

    python benchmarks/known_truth.py                   # writes results/known_truth.md and docs
    python benchmarks/known_truth.py --latent-class    # with LatentClass too, some minutes
    python benchmarks/known_truth.py --estimates       # fits the default base to the cases anew

`Calibrated` is fitted for every group of data sets from the others. Figures are averages over data sets,
each once; width, bias and error are medians over cases.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import detcount
from detcount import Calibrated, abundance, calibration, datasets

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "known_truth.md"
PAGE = ROOT / "docs" / "calibration.md"
ESTIMATES = ROOT / "src" / "detcount" / "datasets" / "data" / "known_truth_estimates.json"
BEGIN, END = "<!-- figures begin -->", "<!-- figures end -->"
LEVELS = (0.5, 0.8, 0.95)

# R packages at their defaults on the same 28 cases, run once and kept as figures
# Cases, cover, score, width, bias, absolute error.
PACKAGES = [
    ("independence (Mt, profile), Rcapture", 28, 0.53, 5.04, 0.20, -0.234, 0.265),
    ("Chao's lower bound (Mth), Rcapture", 28, 0.53, 5.04, 0.26, -0.137, 0.241),
    ("latent classes, LCMCR", 28, 0.53, 4.68, 0.69, -0.230, 0.230),
    ("decomposable graphs, dga", 28, 0.66, 3.02, 0.57, -0.150, 0.178),
    ("thresholded Bayes, MultipleSystemsEstimation", 28, 0.62, 3.30, 0.27, -0.105, 0.212),
    ("BIC and BCa bootstrap, MultipleSystemsEstimation", 26, 0.62, 2.56, 0.25, -0.129, 0.212),
]
CALIBRATED = [Calibrated(), Calibrated(learns=("errors",)), Calibrated(learns=("interactions",))]
SINGLE = [
    Calibrated(base=base, learns=("errors",))
    for base in (
        abundance.LogLinear(),
        abundance.ChaoLowerBound(),
        abundance.SelectedLogLinear(),
        abundance.DecomposableGraphs(),
    )
]
ESTIMATORS = [
    abundance.LogLinear(),
    abundance.LogLinear(interval=abundance.ProfileLikelihood()),
    abundance.SelectedLogLinear(),
    abundance.StepwiseLogLinear(),
    abundance.AveragedLogLinear(),
    abundance.NoHighestOrderInteraction(),
    abundance.DecomposableGraphs(),
    abundance.SampleCoverage(),
    abundance.ChaoLowerBound(),
    abundance.Heterogeneity(),
    abundance.Heterogeneity(model="Mth", form="Darroch"),
    abundance.Heterogeneity(model="Mth", form="Poisson"),
]
OF_TWO = [
    Calibrated(),
    Calibrated(learns=("interactions",)),
    abundance.Chapman(),
    abundance.LincolnPetersen(),
]
# Cases outside the bank, predicted from all of it. Fixed before their figures were seen.
OUTSIDE = {"min_members": 50, "min_observed": 20, "min_on_list": 5, "min_lists": 2}
PEOPLE = (
    "korea",
    "hav",
    "gaza",
    "spina",
    "western",
    "neworl_5",
    "hiv_rome",
    "hiv_lorestan",
    "pwid_brighton",
    "pwid_brussels",
    "homeless_budapest",
    "homeless_st_petersburg",
    "deaths_maryland",
)
BIRDS, INVENTED, MANY_LISTS = ("duck",), ("lcm_sim1_expected",), "colombia_recruitment_2000_2004"
SIX = 6
RANKED = tuple(round(0.02 * k, 2) for k in range(1, 50))  # levels that the weighted score is taken over
HEAD = [
    "| estimator | cases | cover 50% | cover 80% | cover 95% | score 95% | width 95% | bias | error |",
    "|:---|---:|---:|---:|---:|---:|---:|---:|---:|",
]
HEAD_OUTSIDE = [f"{HEAD[0]} ranked |", f"{HEAD[1]}---:|"]


def outside(names, more: bool) -> calibration.Bank:
    """Cases of two lists, or of more, from tables whose people are not in the bank."""
    cases = [
        case
        for name in names
        for case in calibration.cases_from(datasets.load(name), dataset=name, **OUTSIDE)
    ]
    bank = calibration.Bank("outside", tuple(cases))
    part = bank.of_more_lists if more else bank.of_two_lists
    assert part is not None
    return part


def many_lists() -> calibration.Bank:
    """Cases of six lists or more from the Colombian table; the bank has its cases of five at most."""
    table = datasets.load(MANY_LISTS)
    cases = calibration.cases_from(table, dataset=MANY_LISTS, group="verdata", max_lists=table.n_lists)
    return calibration.Bank("many lists", tuple(case for case in cases if case.table.n_lists >= SIX))


def outside_report() -> list[str]:
    """Tables of cases outside the bank."""
    parts = [
        ("People, three lists or more", outside(PEOPLE, more=True), abundance.LogLinear()),
        ("People, two lists", outside(PEOPLE, more=False), abundance.Chapman()),
        ("Birds over years, three lists or more", outside(BIRDS, more=True), abundance.LogLinear()),
        ("Birds over years, two lists", outside(BIRDS, more=False), abundance.Chapman()),
        (
            "Invented people in two classes, three lists or more",
            outside(INVENTED, more=True),
            abundance.LogLinear(),
        ),
        ("Colombia with six lists to nineteen, its group left out", many_lists(), abundance.ChaoLowerBound()),
    ]
    lines = []
    for title, bank, plain in parts:
        names = ", ".join(
            f"{name} {len(part.cases)}"
            for name, part in calibration.evaluate(plain, bank).by_dataset().items()
        )
        # Said outright: otherwise the cases judged would be the ones learned from.
        learning = [replace(each, bank=calibration.known_bank()) for each in CALIBRATED]
        rows = [
            f"{figures(each, bank, shown)[0]} {ranked(each, bank)} |"
            for each, shown in [*zip(learning, CALIBRATED, strict=True), (plain, plain)]
        ]
        lines += [f"{title}: {len(bank.cases)} cases ({names}).", "", *HEAD_OUTSIDE, *rows, ""]
    return lines


def ranked(estimator, bank) -> str:
    """The weighted interval score over many levels."""
    return f"{calibration.evaluate(estimator, bank, levels=RANKED).weighted_score():.4f}"


def figures(estimator, bank, shown=None) -> tuple[str, calibration.Evaluation | None]:
    """A row of the table, and what stands behind it."""
    start = time.process_time()
    result = calibration.evaluate(estimator, bank, levels=LEVELS)
    name = repr(estimator if shown is None else shown)
    print(f"{name}: {time.process_time() - start:.1f} s of CPU time", flush=True)
    if result.n_answered == 0:
        return f"| `{name}` | 0 | - | - | - | - | - | - | - |", None
    row = result.row()
    covers = " | ".join(f"{row[f'cover {level:g}']:.2f}" for level in LEVELS)
    return (
        f"| `{name}` | {row['cases']} | {covers} | {row['score']:.2f} | {row['width']:.2f} | "
        f"{row['bias']:+.3f} | {row['absolute error']:.3f} |"
    ), result


def by_dataset(results) -> list[str]:
    """Cover of 95% intervals in every data set."""
    names = list(results[0].by_dataset())
    lines = [f"| estimator | {' | '.join(names)} |", f"|:---|{'---:|' * len(names)}"]
    for result in results:
        parts = result.by_dataset()
        shown = [
            f"{sum(low <= case.truth <= high for case in part.answered for low, high in case.limits[-1:])}"
            f"/{part.n_answered}"
            for part in parts.values()
        ]
        lines.append(f"| `{result.estimator}` | {' | '.join(shown)} |")
    return lines


def report(latent_class: bool) -> str:
    """The page of figures."""
    bank = calibration.known_bank()
    rows, results = [], []
    chosen = [*CALIBRATED, *SINGLE, *ESTIMATORS, *([abundance.LatentClass()] if latent_class else [])]
    for estimator in chosen:
        row, result = figures(estimator, bank)
        rows.append(row)
        if result is not None:
            results.append(result)
    rows += [
        f"| {name} | {cases} | - | - | {cover:.2f} | {score:.2f} | {width:.2f} | {bias:+.3f} | {error:.3f} |"
        for name, cases, cover, score, width, bias, error in PACKAGES
    ]
    pairs = bank.of_two_lists
    two = [figures(estimator, pairs)[0] for estimator in OF_TWO]
    lines = [
        f"Three lists or more: {len(bank.cases)} cases from {len(results[0].by_dataset())} data sets, "
        f"`Calibrated` learning from the other groups of data sets only.",
        "",
        *HEAD,
        *rows,
        "",
        f"Two lists: {len(pairs.cases)} pairs from the same cases.",
        "",
        *HEAD,
        *two,
        "",
        "Cases outside the bank, predicted from all of it:",
        "",
        *outside_report(),
        "Cases of the bank whose truth lies in the 95% interval, by data set:",
        "",
        *by_dataset(results),
        "",
        "Score, width, bias and error are of log N. Score: width plus 40 times the miss, lower is better. "
        "Cover and score are averages over data sets, each once; width, bias and error are medians over "
        "cases. An interval without an upper limit has an infinite score (inf). "
        "Ranked: weighted interval score over the levels 2% to 98%, close to the continuous ranked "
        "probability score, lower is better. "
        "The last six rows of the first table are R packages at their defaults on the same cases, run once.",
    ]
    if not latent_class:
        lines += ["", "`LatentClass` takes minutes over all cases, and is left out here."]
    return "\n".join(lines) + "\n"


def write_estimates() -> None:
    """Fit the default base to every case, and keep the persons it finds unlisted."""
    bank = calibration.known_bank().of_more_lists
    parts = [
        json.dumps(repr(estimator))
        + ": [\n"
        + ",\n".join(
            json.dumps(
                {
                    "case": case.name,
                    "digest": case.table.digest,
                    "unobserved": calibration.fitted_unobserved(estimator, case),
                }
            )
            for case in bank.cases
        )
        + "\n]"
        for estimator in calibration.DEFAULT_BASE
    ]
    head = json.dumps(
        {"version": detcount.__version__, "made_by": "python benchmarks/known_truth.py --estimates"}
    )
    ESTIMATES.write_text(f'{head[:-1]}, "estimates": {{\n' + ",\n".join(parts) + "\n}}\n", encoding="utf-8")


def put_into_page(text: str) -> None:
    """Replace the figures of the page in docs."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--latent-class", action="store_true", help="hold LatentClass to the cases too")
    parser.add_argument("--estimates", action="store_true", help="fit the default base anew")
    options = parser.parse_args()
    if options.estimates:
        write_estimates()
        return
    text = report(options.latent_class)
    RESULTS.write_text(
        f"# Populations of known size\n\n`python benchmarks/known_truth.py`\n\n{text}", encoding="utf-8"
    )
    if PAGE.exists():
        put_into_page(text)
    print(text)


if __name__ == "__main__":
    main()
