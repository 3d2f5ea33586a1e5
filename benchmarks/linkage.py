"""Who is who on invented lists of names: ours beside four baselines, and what each makes of N.

    OMP_NUM_THREADS=1 python benchmarks/linkage.py                   # writes benchmarks/results/linkage.md
    OMP_NUM_THREADS=1 python benchmarks/linkage.py acceptance --seeds 3 --out -

The lists are those of `simulate.name_lists`, whose generator shares no code with the model and on which no
parameter of it was set. The baselines are rows with the same document; rows with the same cleaned words of
the name; and Splink with its stock comparisons, on columns that our parser cleaned for it. Its threshold is
that with the best F1 on the lists of other seeds. N is estimated by independent lists (`LogLinear()`), which
is how the lists were made: what is off is linkage. Ours pools 100 drawn tables, the baselines have their one
table.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from detcount import abundance, linkage, pooling, simulate
from detcount._numerics.linkage.agreement import (
    codes_of,
    connected,
    counted,
    numbered,
    pairs_within,
    shared_pairs,
)
from detcount._numerics.patterns import unpack
from detcount.data.captures import CaptureTable
from detcount.errors import DetcountError

RESULTS = Path(__file__).parent / "results" / "linkage.md"
WORLDS: dict[str, dict[str, Any]] = {
    "acceptance": {"population": 1000},
    "small": {"population": 300},
    "tiny": {"population": 65},
    "narrow": {"population": 5000, "pool": "narrow"},
}
N_SEEDS = {"acceptance": 10, "small": 10, "tiny": 10, "narrow": 3}
FIRST_SEED = 2000  # of the lists that are reported
TUNING_SEEDS = (71, 72)  # of the lists that thresholds are set on
THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0)
METHODS = ("ours", "exact document", "exact name", "Splink stock")


def main() -> None:
    """Run the worlds and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("worlds", nargs="*", help="worlds to run; all without it")
    parser.add_argument("--seeds", type=int, help="number of seeds of each world")
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        world, seed, tuned = arguments.child.split(":")
        sys.stdout.write(json.dumps(measured(world, int(seed), float(tuned))))
        return
    parts = []
    for world in arguments.worlds or WORLDS:
        tuned = best_threshold(world)
        rows = []
        for seed in range(arguments.seeds or N_SEEDS[world]):
            found = in_a_process(f"{world}:{FIRST_SEED + seed}:{tuned}")
            sys.stderr.write(f"{world} {FIRST_SEED + seed}: F1 {found['ours']['f1']:.4f}\n")
            rows.append(found)
        parts.append(report(world, rows, tuned))
        sys.stdout.write(parts[-1])
    if arguments.out != "-":
        Path(arguments.out).write_text(HEAD + "\n".join(parts), encoding="utf-8")


HEAD = """# Linkage of invented lists of names

Written by `benchmarks/linkage.py`; what stands behind the columns is said there. Means over seeds.

"""


def in_a_process(task: str) -> dict[str, Any]:
    """One seed, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--child", task], capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def worlds_lists(world: str, seed: int) -> Any:
    """Invented lists of a world."""
    return simulate.name_lists(seed=seed, **WORLDS[world])


def best_threshold(world: str) -> float:
    """Threshold of Splink with the best F1 on the lists of other seeds."""
    world = "acceptance" if world == "narrow" else world  # hours for nothing: scores mean the same there
    totals = np.zeros(len(THRESHOLDS))
    for seed in TUNING_SEEDS:
        invented = worlds_lists(world, seed)
        lists = linkage.read_lists(invented.frames)
        truth = truth_of(invented, lists)
        first, second, probability = splink_pairs(lists)
        for j, threshold in enumerate(THRESHOLDS):
            kept = probability >= threshold
            totals[j] += f1_of(connected(len(truth), first[kept], second[kept]), truth)
    return THRESHOLDS[int(totals.argmax())]


def truth_of(invented: Any, lists: Any) -> Any:
    """Person of each row, in the order of the records."""
    truth = invented.truth
    order = {name: k for k, name in enumerate(lists.lists)}
    position = np.array([order[name] for name in truth.lists])[truth.list_of]
    return numbered(truth.person[np.lexsort((truth.row, position))])


def f1_of(labels: Any, truth: Any) -> float:
    """F1 of pairs."""
    kept, true = pairs_within(labels), pairs_within(truth)
    return 2 * shared_pairs(labels, truth) / (kept + true) if kept + true else 1.0


def measured(world: str, seed: int, threshold: float) -> dict[str, Any]:
    """Everything about the lists of one seed."""
    invented = worlds_lists(world, seed)
    start = time.process_time()
    lists = linkage.read_lists(invented.frames)
    linked = linkage.link(lists, seed=0)
    seconds = time.process_time() - start
    truth = truth_of(invented, lists)
    perfect = estimate_of(table_of(truth, linked))
    population = invented.truth.population
    n = len(truth)
    found: dict[str, Any] = {"ours": scored(linked.person, truth, linked, population, perfect)}
    found["ours"] |= of_posterior(linked, truth, population, perfect) | {"seconds": seconds}
    first, second, probability = splink_pairs(lists)
    kept = probability >= threshold
    partitions = {
        "exact document": same([document for document, _ in cells(lists, "document")], {-1}),
        "exact name": same([" ".join(sorted(name.words)) for name in cells(lists, "names")], {""}),
        "Splink stock": connected(n, first[kept], second[kept]),
    }
    for method, labels in partitions.items():
        found[method] = scored(labels, truth, linked, population, perfect)
    return found


def cells(lists: Any, what: str) -> list[Any]:
    """Cells of all rows, in the order of the records."""
    return [cell for name in lists.lists for cell in getattr(lists.parsed[name], what)]


def same(values: list[Any], empty: set[Any]) -> Any:
    """Rows with the same value are one person; rows without any are alone."""
    keys = [(value, -1) if value not in empty else ("", k) for k, value in enumerate(values)]
    number = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    return numbered(np.array([number[key] for key in keys]))


def table_of(labels: Any, linked: Any) -> CaptureTable:
    """Capture table of a partition."""
    codes, persons = counted(codes_of(labels, linked.list_of, linked.counts))
    return CaptureTable(linked.lists, unpack(codes.astype(np.uint64), len(linked.lists)), persons)


def estimate_of(table: CaptureTable) -> tuple[float, float, float] | None:
    """Low, point and high of N by independent lists."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimate = abundance.LogLinear().fit(table)
    except DetcountError:
        return None
    limits = estimate.interval(0.95)
    return limits.low, estimate.point, limits.high


def scored(labels: Any, truth: Any, linked: Any, population: int, perfect: Any) -> dict[str, Any]:
    """Pairs, clusters, persons and N of one partition."""
    kept, true, right = pairs_within(labels), pairs_within(truth), shared_pairs(labels, truth)
    sets = [{tuple(np.flatnonzero(x == label)) for label in range(x.max() + 1)} for x in (labels, truth)]
    answer = estimate_of(table_of(labels, linked))
    return {
        "precision": right / kept if kept else 1.0,
        "recall": right / true if true else 1.0,
        "f1": 2 * right / (kept + true) if kept + true else 1.0,
        "clusters": 2 * len(sets[0] & sets[1]) / (len(sets[0]) + len(sets[1])),
        "persons": (labels.max() - truth.max()) / (truth.max() + 1),
        **n_of(answer, population, perfect),
    }


def n_of(answer: Any, population: int, perfect: Any) -> dict[str, float]:
    """Error of log N beside that of a perfect linkage, cover and width."""
    if answer is None or perfect is None:
        return {"bias": float("nan"), "factor": float("nan"), "covers": 0.0, "width": float("nan")}
    return {
        "bias": float(np.log(answer[1] / perfect[1])),
        "factor": answer[1] / population,
        "covers": float(answer[0] <= population <= answer[2]),
        "perfect_covers": float(perfect[0] <= population <= perfect[2]),
        "width": float(np.log(answer[2] / answer[0]) / np.log(perfect[2] / perfect[0])),
    }


def of_posterior(linked: Any, truth: Any, population: int, perfect: Any) -> dict[str, Any]:
    """Calibration of pairs, cover of the overlaps, and pooled N."""
    p = linked.pair_probability
    right = truth[linked.pair_first] == truth[linked.pair_second]
    sure = p > 0.99
    bins = [
        (float(p[kept].mean()), float(right[kept].mean()), int(kept.sum()))
        for low, high in itertools.pairwise(BINS)
        if (kept := (p > low) & (p <= high)).any()
    ]
    tables = linked.tables(100, seed=1)
    pooled = pooling.pool(abundance.LogLinear(), tables)
    limits = pooled.interval(0.95)
    perfect_table = table_of(truth, linked)
    held = []
    for names in overlaps(linked.lists):
        low, high = np.quantile([table.overlap(*names) for table in tables], [0.025, 0.975])
        held.append(bool(low <= perfect_table.overlap(*names) <= high))
    return {
        "sure": [float(right[sure].sum()), int(sure.sum())],
        "bins": bins,
        "doubts": np.sort(p[(p > 0) & (p <= BINS[-2])]).round(6).tolist(),
        "overlaps": held,
        "share": pooled.detail.share_between,
        **n_of((limits.low, pooled.point, limits.high), population, perfect),
    }


def gap_if_true(p: Any) -> tuple[float, float]:
    """Mean gap over bins, and its 95% quantile, if pairs were right as often as stated: what chance makes."""
    rng = np.random.default_rng(0)
    gaps = []
    for low, high in itertools.pairwise(BINS[:-1]):
        inside = p[(p > low) & (p <= high)]
        if len(inside):
            right = np.array([(rng.random(len(inside)) < inside).mean() for _ in range(500)])
            gaps.append(abs(right - inside.mean()))
    together = np.sum(gaps, axis=0) / (len(gaps) + 1)  # pairs above .99 leave no gap to speak of
    return float(together.mean()), float(np.quantile(together, 0.95))


def overlaps(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every set of two lists or more."""
    for size in range(2, len(names) + 1):
        yield from itertools.combinations(names, size)


def splink_pairs(lists: Any) -> tuple[Any, Any, Any]:
    """Splink with its stock comparisons, on clean columns."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    records = lists.records()
    words: list[dict[bool, list[str]]] = [{True: [], False: []} for _ in range(len(records))]
    order = np.lexsort((records.word_place, records.word_record))
    for k in order.tolist():
        given = bool(records.word_given[k] > 0.5)
        words[records.word_record[k]][given].append(records.words[records.word[k]])

    def day(spans: Any) -> list[str | None]:
        known = (spans[:, 0] == spans[:, 1]) & (spans[:, 0] > -1_000_000)
        return [
            str(np.datetime64(int(a), "D")) if ok else None for (a, _), ok in zip(spans, known, strict=True)
        ]

    frame = pd.DataFrame(
        {
            "unique_id": np.arange(len(records)),
            "source_dataset": [records.lists[k] for k in records.list_of],
            "first_name": [" ".join(w[True]) or None for w in words],
            "surname": [" ".join(w[False]) or None for w in words],
            "document": [str(d) if d >= 0 else None for d in records.document],
            "dob": day(records.born),
            "arrested": day(records.arrested),
            "place": [str(k) if k >= 0 else None for k in records.place],
            "sex": [str(k) if k >= 0 else None for k in records.sex],
        }
    )
    frame["first_given"] = frame["first_name"].str.split().str[0]
    frame["first_surname"] = frame["surname"].str.split().str[0]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.DateOfBirthComparison("arrested", input_is_string=True),
            cl.LevenshteinAtThresholds("document", [1, 2]),
            cl.ExactMatch("place"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("document"),
            block_on("first_surname", "first_given"),
            block_on("dob"),
            block_on("surname"),
            block_on("arrested", "first_surname"),
            block_on("arrested", "first_given"),
        ],
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine = DuckDBAPI()
        linker = Linker(engine.register(frame), settings, log_level=logging.ERROR)
        linker.training.estimate_probability_two_random_records_match([block_on("document")], recall=0.5)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for rule in (
            block_on("document"),
            block_on("first_surname", "first_given"),
            block_on("arrested", "sex"),
        ):
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(rule)
            except Exception as error:
                sys.stderr.write(f"Splink: {type(error).__name__}\n")
        pairs = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    first, second = pairs["unique_id_l"].to_numpy(np.int64), pairs["unique_id_r"].to_numpy(np.int64)
    return first, second, pairs["match_probability"].to_numpy(np.float64)


def report(world: str, rows: list[dict[str, Any]], tuned: float) -> str:
    """The tables of one world."""
    lines = [
        f"## {world}: {WORLDS[world]}, {len(rows)} seeds",
        "",
        f"Threshold of Splink set on other seeds: {tuned}.",
        "",
        "| method | precision | recall | F1 | worst F1 | F1 of clusters | persons | N / truth | log N "
        "beside perfect | covers |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for method in METHODS:
        mine = [row[method] for row in rows]

        def mean(key: str, mine: list[dict[str, Any]] = mine) -> float:
            return float(np.nanmean([each[key] for each in mine]))

        lines.append(
            f"| {method} | {mean('precision'):.4f} | {mean('recall'):.4f} | {mean('f1'):.4f} | "
            f"{min(each['f1'] for each in mine):.4f} | {mean('clusters'):.4f} | {mean('persons'):+.2%} | "
            f"{mean('factor'):.3f} | {mean('bias'):+.3f} | {mean('covers'):.2f} |"
        )
    ours = [row["ours"] for row in rows]
    right, sure = (sum(each["sure"][k] for each in ours) for k in (0, 1))
    binned: dict[int, list[tuple[float, float, int]]] = {}
    for each in ours:
        for stated, true, n in each["bins"]:
            binned.setdefault(int(np.searchsorted(BINS, stated)), []).append((stated, true, n))
    gaps = []
    for values in binned.values():
        n = sum(v[2] for v in values)
        gaps.append(abs(sum((v[0] - v[1]) * v[2] for v in values) / n))
    held = [one for each in ours for one in each["overlaps"]]
    floor = gap_if_true(np.concatenate([each["doubts"] for each in ours]))
    lines += [
        "",
        f"Ours: pairs stated above .99 right in {right / sure if sure else 1:.4f} of {sure:,}; mean gap "
        "over bins "
        f"{np.mean(gaps):.3f} (a posterior that states the truth would show {floor[0]:.3f}, and in 95 of 100 "
        f"such runs at most {floor[1]:.3f}); 95% intervals of the drawn tables hold {np.mean(held):.2f} of "
        f"{len(held)} true overlaps; pooled N covers in {np.mean([e['covers'] for e in ours]):.2f} "
        "(perfect linkage "
        f"{np.mean([e['perfect_covers'] for e in ours]):.2f}), {np.mean([e['width'] for e in ours]):.3f} "
        "times as wide, "
        f"log N off by {np.mean([e['bias'] for e in ours]):+.4f}; {np.mean([e['share'] for e in ours]):.1%} "
        "of the "
        f"variance is linkage; {np.mean([e['seconds'] for e in ours]):.1f} CPU seconds.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
