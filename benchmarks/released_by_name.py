"""Score the number released by name on invented campaigns with true links.

Rule, set before any figure was seen. Eight kinds of campaigns, numbers drawn anew for each. Of `released`:
where two monitors work apart 95% limits cover at least .90 and 80% limits .70 to .92, with a mean absolute
log error of at most .10; where they check from the official list 95% limits cover at least .95, with an error
of at most .12; in every kind with two monitors the error is below that of Chapman's estimator of their lists.
Priors were set on seeds 0 to 39. Seeds 1000 and on (A) are for development, 2000 and on (B) are scored once.

    python benchmarks/released_by_name.py B 40 > benchmarks/results/released_by_name.md
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from detcount import releases, simulate
from detcount.simulate import ReleasedList, WrittenList
from invented_released import true_links

KINDS = ("apart", "apart, three", "apart, registers miss many", "checked, one", "checked, both",
         "amnesty, apart", "amnesty, checked", "several lists, apart")  # fmt: skip


def campaign(kind, seed):
    """One campaign of a kind."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    u = rng.uniform
    few = "miss many" in kind
    registers = tuple(
        WrittenList(name=name, share=u(*share))
        for name, share in (("foro", (0.25, 0.4) if few else (0.5, 0.75)), ("families", (0.15, 0.3)))
    )
    checked, amnesty = "checked" in kind, "amnesty" in kind
    named = int(u(400, 2000)) if amnesty else int(u(60, 300))
    inside = u(1 / 15, 0.5) if amnesty else u(0.85, 1.0)
    n_monitors = 1 if "one" in kind else 3 if "three" in kind else 2
    n_lists = 3 if "several" in kind else 1
    official = [
        ReleasedList(name=f"lista {k}", named=named, inside=inside, day=k * int(u(2, 12)),
                     over_days=int(u(1, 4)), undone=u(0.01, 0.1), before=u(0, 0.06))
        for k in range(n_lists)
    ]  # fmt: skip
    monitors = [
        ReleasedList(name=name, kind="verified", finds=u(0.15, 0.4) if checked else u(0.35, 0.75),
                     unknown=u(0.5, 0.9), checks=("lista 0", u(0.4, 0.8)) if checked else None,
                     wrong=u(0, 0.03), delay=u(1, 6))
        for name in ("comité", "foro verificados", "familias")[:n_monitors]
    ]  # fmt: skip
    detained = max(int(n_lists * named * inside * u(1.6, 4)), 150)
    return simulate.released_lists(
        detained, registers=registers, released=(*official, *monitors), unannounced=u(0.02, 0.15),
        left_before=u(0.1, 0.4), exits_known=u(0.4, 0.9), seen_inside=u(0.2, 0.8), seed=seed,
    )  # fmt: skip


def chapman(linked):
    """Chapman's estimator of the first two verified lists, by the best links."""
    rows = linked.released
    which = [k for k, kind in enumerate(rows.kinds) if kind == "verified"][:2]
    one, two = ({*rows.best[rows.list_of == k].tolist()} for k in which)
    return (len(one) + 1) * (len(two) + 1) / (len(one & two) + 1) - 1


def scored(kind, seed, stated=True):
    """Log error, cover of 95 and 80% limits, log error of Chapman, and whether there is a number."""
    made = campaign(kind, seed)
    linked = true_links(made)
    monitors = tuple(name for name, each in made.released.items() if each == "verified")
    apart = monitors if stated and "apart" in kind else None
    found = releases.ReleasedByName(apart=apart).fit(linked)
    truth = made.truth.released
    if found.released is None or found.released.median is None:
        return None, *(low <= truth <= high for low, high in [found.range] * 2), None
    covered = [low <= truth <= high for low, high in map(found.released.interval, (0.95, 0.8))]
    other = abs(np.log(chapman(linked) / truth)) if len(monitors) > 1 else np.nan
    return np.log(found.released.median / truth), *covered, other


def main(first, n):
    print("| kind | campaigns | cover 95% | cover 80% | mean log error | bias | Chapman | bounds alone |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in KINDS:
        rows = [scored(kind, seed) for seed in range(first, first + n)]
        numbers = [row for row in rows if row[0] is not None]
        error, wide, narrow, other = np.array(numbers, dtype=float).T
        print(
            f"| {kind} | {n} | {wide.mean():.2f} | {narrow.mean():.2f} | {abs(error).mean():.3f} | "
            f"{error.mean():+.3f} | {other.mean():.3f} | {n - len(numbers)} |", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main({"A": 1000, "B": 2000}[sys.argv[1]], int(sys.argv[2]))
