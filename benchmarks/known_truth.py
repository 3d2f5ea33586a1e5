"""Every estimator held to populations whose size is known: scores, cover, width, bias and error.

    python benchmarks/known_truth.py                   # writes results/known_truth.md and docs
    python benchmarks/known_truth.py --latent-class    # with LatentClass too, some minutes
    python benchmarks/known_truth.py --estimates       # fits the default base to the cases anew

`Calibrated` is fitted for every group of data sets from the others.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import detcount
from detcount import Calibrated, CaptureTable, abundance, calibration, datasets
from detcount.calibration import Evaluation, TrainingCases
from detcount.calibration.errors import unobserved
from detcount.calibration.scored import CaseResult
from detcount.calibration.similarity import similarity
from detcount.estimates import Estimator

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "known_truth.md"
PAGE = ROOT / "docs" / "calibration.md"
PICTURE = ROOT / "docs" / "pit.svg"
SHOWN = "![Histogram of the probability that the answer gave to at most the truth; flat is right](pit.svg)"
ESTIMATES = ROOT / "src" / "detcount" / "datasets" / "data" / "known_truth_estimates.json"
BEGIN, END = "<!-- figures begin -->", "<!-- figures end -->"
LEVELS = (0.5, 0.8, 0.95)
WAYS = ("groups", "tables", "weights")

# R packages at their defaults on the first 28 cases, run once and kept as figures
# Cases, cover, score, width, bias, absolute error.
PACKAGES = [
    ("independence (Mt, profile), Rcapture", 28, 0.53, 5.04, 0.20, -0.234, 0.265),
    ("Chao's lower bound (Mth), Rcapture", 28, 0.53, 5.04, 0.26, -0.137, 0.241),
    ("latent classes, LCMCR", 28, 0.53, 4.68, 0.69, -0.230, 0.230),
    ("decomposable graphs, dga", 28, 0.66, 3.02, 0.57, -0.150, 0.178),
    ("thresholded Bayes, MultipleSystemsEstimation", 28, 0.62, 3.30, 0.27, -0.105, 0.212),
    ("BIC and BCa bootstrap, MultipleSystemsEstimation", 26, 0.62, 2.56, 0.25, -0.129, 0.212),
]
OF_THE_PACKAGES = ("Kosovo", "UKdat", "Ned", "Diabetes", "Congenital", "verdata")
DEFAULT = Calibrated()
CALIBRATED = [DEFAULT]
# Estimators whose limits are quantiles or formulas, so that the weighted score costs little.
QUICK = [
    abundance.LogLinear(),
    abundance.ChaoLowerBound(),
    abundance.SelectedLogLinear(),
    abundance.DecomposableGraphs(),
    abundance.SampleCoverage(),
    abundance.NoHighestOrderInteraction(),
]
OTHERS = [
    abundance.LogLinear(interval=abundance.ProfileLikelihood()),
    abundance.Heterogeneity(),
    abundance.Heterogeneity(model="Mth", form="Darroch"),
    abundance.Heterogeneity(model="Mth", form="Poisson"),
]
OF_TWO = [DEFAULT, abundance.Chapman(), abundance.LincolnPetersen()]
# Cases outside the training cases, predicted from all of these. Fixed before their figures were seen.
OUTSIDE = {"min_members": 50, "min_observed": 20, "min_on_list": 5, "min_lists": 2}
SMALL = ("korea", "hav", "western", "neworl_5")  # people, too few for the rule
FRESH, BIRDS, INVENTED = ("pwid_hcv_scotland",), ("duck",), ("lcm_sim1_expected",)
MANY_LISTS = "colombia_recruitment_2000_2004"
SIX = 6


def outside(names: Iterable[str], more: bool = True, **rule) -> TrainingCases | None:
    """Cases from tables whose people are not in the training cases; None where the rule gives none."""
    cases = [
        case for name in names for case in calibration.cases_from(datasets.load(name), dataset=name, **rule)
    ]
    part = TrainingCases("outside", tuple(cases))
    return part.of_more_lists if more else part.of_two_lists


def many_lists() -> TrainingCases:
    """Cases of six lists or more from the Colombian table; among the training cases are those of five."""
    table = datasets.load(MANY_LISTS)
    cases = calibration.cases_from(table, dataset=MANY_LISTS, max_lists=table.n_lists)
    return TrainingCases("many lists", tuple(case for case in cases if case.table.n_lists >= SIX))


def evaluated(estimator, training: TrainingCases, *, ranked: bool = True) -> Evaluation:
    """An estimator held to cases, and what it cost."""
    start = time.process_time()
    result = calibration.evaluate(estimator, training, levels=LEVELS, ranked=ranked)
    print(f"{result.estimator}: {time.process_time() - start:.1f} s of CPU time", flush=True)
    return result


def table(head: str, rows: Iterable[str]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    n_columns = head.count("|") - 1
    return [head, "|:---|" + "---:|" * (n_columns - 1), *rows, ""]


def scored(results: Iterable[Evaluation]) -> list[str]:
    """Scores in the three ways, and covers by tables."""
    rows = []
    for each in results:
        if not each.n_answered:
            rows.append(f"| `{each.estimator}` | 0 |" + " - |" * 11)
            continue
        weighted = " | ".join(f"{each.weighted_score(by):.3f}" for by in WAYS)
        at95 = " | ".join(f"{each.score(0.95, by):.2f}" for by in WAYS[:2])
        covers = " | ".join(f"{each.cover(level):.2f}" for level in LEVELS)
        rows.append(
            f"| `{each.estimator}` | {each.n_answered} | {weighted} | {at95} | {covers} | "
            f"{each.width():.2f} | {each.bias:+.3f} | {each.absolute_error:.3f} |"
        )
    return table(
        "| estimator | cases | WIS groups | WIS tables | WIS weights | score 95% groups | score 95% tables | "
        "cover 50% | cover 80% | cover 95% | width 95% | bias | error |",
        rows,
    )


def limits_of_cover(result: Evaluation, level: float, by: str) -> tuple[float, float]:
    """95% limits of the cover, groups drawn anew with replacement; with few groups they are too narrow."""
    inside, weights, groups = result._inside(level), result._weights(by), result._groups
    n_groups = int(groups.max()) + 1
    total = np.bincount(groups, weights=weights * inside, minlength=n_groups)
    weight = np.bincount(groups, weights=weights, minlength=n_groups)
    drawn = np.random.default_rng(0).multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=4000)
    low, high = np.quantile(drawn @ total / (drawn @ weight), [0.025, 0.975])
    return float(low), float(high)


def covers(result: Evaluation) -> list[str]:
    """Covers in the three ways, with limits from groups drawn again."""
    rows = []
    for level in LEVELS:
        cells = []
        for by in WAYS:
            low, high = limits_of_cover(result, level, by)
            cells.append(f"{result.cover(level, by):.2f} ({low:.2f} to {high:.2f})")
        rows.append(f"| {level:.0%} | " + " | ".join(cells) + " |")
    return table("| level | by groups | by tables | by weights |", rows)


def parts(result: Evaluation, by_group: bool) -> list[str]:
    """The default in every group, or every table."""
    found = result.by_group() if by_group else result.by_dataset()
    rows = []
    for name, part in found.items():
        above = sum(case.truth > case.limits[-1][1] for case in part.answered)
        below = sum(case.truth < case.limits[-1][0] for case in part.answered)
        inside = [
            f"{sum(low <= case.truth <= high for case in part.answered for low, high in [case.limits[k]])}"
            for k in range(len(LEVELS))
        ]
        rows.append(
            f"| {name} | {part.n_answered} | {' | '.join(inside)} | {above} | {below} | "
            f"{part.weighted_score('groups'):.3f} | {part.score(by='groups'):.2f} | {part.width():.2f} | "
            f"{part.bias:+.3f} |"
        )
    what = "group" if by_group else "table"
    return table(
        f"| {what} | cases | in 50% | in 80% | in 95% | truth above | truth below | WIS | score 95% | "
        "width 95% | bias |",
        rows,
    )


def probabilities(result: Evaluation) -> list[str]:
    """Histogram of PIT values, groups counting alike, and their slope."""
    shares = result.pit_histogram(10, "groups")
    slope = result.pit_slope()
    PICTURE.write_text(picture(shares), encoding="utf-8")
    return [
        SHOWN,
        "",
        *table(
            "| probability of at most the truth | share, groups alike |",
            (f"| {k / 10:.1f} to {(k + 1) / 10:.1f} | {share:.2f} |" for k, share in enumerate(shares)),
        ),
        f"Slope of their density: {slope.slope:+.2f} ± {slope.standard_error:.2f} (t-test of the groups' "
        f"means against a half: p = {slope.p_value:.2f}). Above 0, truths lie higher than the intervals say.",
        "",
    ]


def picture(shares: Sequence[float]) -> str:
    """The same histogram as a picture, with the line on which all bars would end if they were even."""
    width, height, base, left, step = 560, 250, 206, 46, 50
    scale = 160 / 0.2
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="12" fill="#333">',
        "<title>Where the truths lie in the answers of Calibrated()</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="14" y="22" font-size="14">Share of truths, groups alike</text>',
    ]
    even = base - 0.1 * scale
    for k, share in enumerate(shares):
        tall = share * scale
        lines.append(
            f'<rect x="{left + k * step + 3}" y="{base - tall:.1f}" width="{step - 6}" height="{tall:.1f}" '
            f'fill="#2f6f9f"><title>{k / 10:.1f} to {(k + 1) / 10:.1f}: {share:.2f}</title></rect>'
        )
    across = f"M{left} {even:g}H{left + 10 * step}"
    lines.append(f'<path d="{across}" stroke="#b3541e" stroke-dasharray="5 4" fill="none"/>')
    lines += [
        f'<text x="{left + (k + 0.5) * step:g}" y="{base - share * scale - 4:.1f}" text-anchor="middle" '
        f'stroke="#fff" stroke-width="4" paint-order="stroke">{share:.2f}</text>'
        for k, share in enumerate(shares)
    ]
    lines += [
        f'<text x="{left + k * step}" y="{base + 16}" text-anchor="middle">{k / 10:.1f}</text>'
        for k in range(11)
    ]
    lines += [
        f'<text x="{left + 5 * step}" y="{base + 36}" text-anchor="middle">'
        "probability that the answer gave to at most the truth; flat is right</text>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def marks(result: Evaluation, training: TrainingCases) -> list[str]:
    """The cases that are unlike the other groups, and the rest."""
    marked = {
        case.name
        for group in training.groups
        for case in training.cases
        if case.group == group and similarity(case.table, training.without(group)).marked
    }
    rows = []
    for name, chosen in (("marked", True), ("the rest", False)):
        part = replace(result, cases=tuple(case for case in result.cases if (case.name in marked) == chosen))
        losses = np.array([case.loss for case in part.answered])
        rows.append(
            f"| {name} | {part.n_answered} | {len(part.by_group())} | {losses.mean():.3f} | "
            f"{np.mean([interval_score(case) for case in part.answered]):.2f} | "
            f"{np.mean([inside(case) for case in part.answered]):.2f} |"
        )
    return [
        *table("| cases | number | groups | WIS | score 95% | cover 95% |", rows),
        f"Averages over cases. Marked are {len(marked) / len(training.cases):.0%} of the cases: "
        f"{', '.join(sorted(marked))}.",
        "",
    ]


def inside(case: CaseResult) -> bool:
    """Whether the truth lies in the widest interval."""
    low, high = case.limits[-1]
    return low <= case.truth <= high


def interval_score(case: CaseResult) -> float:
    """Interval score of log N at the highest level."""
    low, high = np.log(case.limits[-1])
    truth = np.log(case.truth)
    return high - low + 2 / (1 - LEVELS[-1]) * (max(low - truth, 0) + max(truth - high, 0))


def with_packages(results: Iterable[Evaluation]) -> list[str]:
    """Estimators beside R packages on the same cases, tables counting alike."""
    rows = []
    for each in results:
        row = each.row()
        covers = " | ".join(f"{row[f'cover {level:g}']:.2f}" for level in LEVELS)
        rows.append(
            f"| `{each.estimator}` | {row['cases']} | {covers} | {row['score']:.2f} | {row['width']:.2f} | "
            f"{row['bias']:+.3f} | {row['absolute error']:.3f} |"
        )
    rows += [
        f"| {name} | {cases} | - | - | {cover:.2f} | {score:.2f} | {width:.2f} | {bias:+.3f} | {error:.3f} |"
        for name, cases, cover, score, width, bias, error in PACKAGES
    ]
    return table(
        "| estimator | cases | cover 50% | cover 80% | cover 95% | score 95% | width 95% | bias | error |",
        rows,
    )


def outside_report() -> list[str]:
    """Tables of cases outside the training cases."""
    tested = [
        ("Fresh people, looked at once, by the final default", outside(FRESH), abundance.LogLinear()),
        (
            "People in small tables, three lists or more",
            outside(SMALL, **OUTSIDE),
            abundance.LogLinear(),
        ),
        ("People in small tables, two lists", outside(SMALL, more=False, **OUTSIDE), abundance.Chapman()),
        ("Birds over years, three lists or more", outside(BIRDS, **OUTSIDE), abundance.LogLinear()),
        (
            "Invented people in two classes, three lists or more",
            outside(INVENTED, **OUTSIDE),
            abundance.LogLinear(),
        ),
        ("Colombia with six lists to nineteen, its group left out", many_lists(), abundance.ChaoLowerBound()),
    ]
    lines = []
    for title, training, plain in tested:
        if training is None:
            continue
        names = ", ".join(
            f"{name} {len(part.cases)}"
            for name, part in calibration.evaluate(plain, training, ranked=False).by_dataset().items()
        )
        # Said outright: otherwise the cases judged would be the ones learned from.
        learning = evaluated(replace(DEFAULT, training=calibration.training_cases()), training)
        results = [replace(learning, estimator=repr(DEFAULT)), evaluated(plain, training)]
        lines += [f"{title}: {len(training.cases)} cases ({names}).", "", *scored(results)]
    return lines


def report(latent_class: bool) -> str:
    """The page of figures."""
    whole = calibration.training_cases()
    training, pairs = whole.of_more_lists, whole.of_two_lists
    default = evaluated(DEFAULT, training)
    rest = [evaluated(estimator, training) for estimator in (*CALIBRATED[1:], *QUICK)]
    of_two = [evaluated(estimator, pairs) for estimator in OF_TWO]
    shared = TrainingCases("28", tuple(case for case in training.cases if case.group in OF_THE_PACKAGES))
    beside = [
        replace(default, cases=tuple(case for case in default.cases if case.group in OF_THE_PACKAGES)),
        *(
            evaluated(estimator, shared, ranked=False)
            for estimator in (*QUICK, *OTHERS, *([abundance.LatentClass()] if latent_class else []))
        ),
    ]
    lines = [
        f"Three lists or more: {len(training.cases)} cases from {len(default.by_dataset())} data sets in "
        f"{len(training.groups)} groups, `Calibrated` learning from the other groups only.",
        "",
        *scored([default, *rest]),
        "Cover of `Calibrated()`, with 95% limits from groups drawn again:",
        "",
        *covers(default),
        "By group:",
        "",
        *parts(default, by_group=True),
        "By table:",
        "",
        *parts(default, by_group=False),
        "Where the truths lie in the answers of `Calibrated()`:",
        "",
        *probabilities(default),
        "Tables that are unlike those learned from, each case held to the other groups:",
        "",
        *marks(default, training),
        f"Two lists: {len(pairs.cases)} pairs from {len(pairs.groups)} groups.",
        "",
        *scored(of_two),
        f"`Chapman()` on the pairs of lists of the cases of three lists or more: "
        f"{evaluated(abundance.Chapman(), training.of_two_lists, ranked=False).cover(0.95):.2f} at 95%.",
        "",
        "By group:",
        "",
        *parts(of_two[0], by_group=True),
        "The first 28 cases, beside R packages at their defaults, run once; tables count alike:",
        "",
        *with_packages(beside),
        "Cases outside the training cases, predicted from all of these:",
        "",
        *outside_report(),
        "WIS, score, width, bias and error are of log N. WIS: twice the mean loss of the limits of the 2%, "
        "4%, ..., 98% intervals and the median as quantiles. Score: width plus 40 times the miss. Lower is "
        "better in both. Groups: every group of data sets that share people counts once; tables: every data "
        "set once; weights: a case weighs min(1, 6 / cases of its group). Covers in tables without another "
        "word are by tables; width, bias and error are medians over cases. An interval without an upper "
        "limit has an infinite score (inf).",
    ]
    if not latent_class:
        lines += ["", "`LatentClass` takes minutes over all cases, and is left out here."]
    return "\n".join(lines) + "\n"


def fitted(estimator: Estimator, table: CaptureTable) -> float | None:
    """Persons on no list by an estimator, whatever is stored; None where it declines."""
    answer = unobserved(estimator, table, seed=0)
    return answer if isinstance(answer, float) else None


def write_estimates() -> None:
    """Fit the default base to every case, and keep the persons it finds unlisted."""
    training = calibration.training_cases().of_more_lists
    stored = [
        json.dumps(repr(estimator))
        + ": [\n"
        + ",\n".join(
            json.dumps(
                {
                    "case": case.name,
                    "digest": case.table.digest,
                    "unobserved": fitted(estimator, case.table),
                }
            )
            for case in training.cases
        )
        + "\n]"
        for estimator in calibration.FOUR_FAMILIES
    ]
    head = json.dumps(
        {"version": detcount.__version__, "made_by": "python benchmarks/known_truth.py --estimates"}
    )
    ESTIMATES.write_text(f'{head[:-1]}, "estimates": {{\n' + ",\n".join(stored) + "\n}}\n", encoding="utf-8")


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
    figures = text.replace(f"{SHOWN}\n\n", "")  # the picture stands in docs alone
    RESULTS.write_text(
        f"# Populations of known size\n\n`python benchmarks/known_truth.py`\n\n{figures}", encoding="utf-8"
    )
    if PAGE.exists():
        put_into_page(text)
    print(text)


if __name__ == "__main__":
    main()
