"""Rows of lists of released people attached to the persons of registers: eight kinds of campaigns.

    OMP_NUM_THREADS=1 python benchmarks/released_links.py 10   # writes benchmarks/results/released_links.md

What was fixed before any figure of it was seen. Campaigns are those of `simulate.released_lists`, of eight
unlike kinds, seeds 103 and on; seeds below 103 were looked at while the sampler was made. Of each list of
released people:

- 95% limits of `named`, persons on it, and of `on_register`, those of them on a register, are to hold the
  truth in 93% over kinds and in 88% of each kind; each limit is a quantile of the draws, rounded outwards.
- The median is to miss `named` by at most 1.5% of the list on average, `on_register` by at most 3% of it.
- Of its persons who are on a register, at most 1% of the list are said not to be by the best partition. Of
  common prisoners at most 0.5% are put beside somebody of a register, and at most 2% of those put beside
  somebody are common prisoners.
- At most 5% of campaigns have no limits. Persons of registers are the same, to the bit, as without them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from detcount import linkage, simulate

RESULT = Path(__file__).parent / "results" / "released_links.md"
OFFICIAL = {"name": "official", "named": 90}
MONITOR = {"name": "monitor", "kind": "verified", "documents_missing": 0.6}


def lists(*each: dict) -> tuple[simulate.ReleasedList, ...]:
    return tuple(simulate.ReleasedList(**options) for options in each)


def registers(*missing: float) -> tuple[simulate.WrittenList, ...]:
    layouts = ("given surnames", "columns", "surnames given")
    shares = (0.6, 0.45, 0.3)
    return tuple(
        simulate.WrittenList(
            name=f"register {k}", share=shares[k], layout=layouts[k], documents_missing=share,
            birth=("day", "age", "none")[k],
        )
        for k, share in enumerate(missing)
    )  # fmt: skip


KINDS = {
    "plain": {"detained": 250, "released": lists(OFFICIAL, MONITOR)},
    "no documents on lists of released": {
        "detained": 250,
        "released": lists(OFFICIAL | {"documents_missing": 1.0}, MONITOR | {"documents_missing": 1.0}),
    },
    "amnesty, one in twenty inside": {
        "detained": 200,
        "released": lists(OFFICIAL | {"named": 800, "inside": 0.05, "documents_missing": 0.3}, MONITOR),
    },
    "few surnames, half the documents": {
        "detained": 250, "pool": "narrow", "registers": registers(0.5, 0.5),
        "released": lists(OFFICIAL | {"documents_missing": 0.5, "inside": 0.5}, MONITOR),
    },
    "two announcements, two monitors, clerks": {
        "detained": 250,
        "released": lists(
            OFFICIAL | {"named": 60, "clerks": 3, "repeated": 0.1, "over_days": 4},
            OFFICIAL | {"name": "second", "named": 50, "day": 10, "before": 0.2},
            MONITOR | {"clerks": 2, "repeated": 0.08},
            MONITOR | {"name": "other", "finds": 0.4},
        ),
    },
    "kin, half inside": {
        "detained": 250, "relatives": 0.2, "again": 0.15,
        "released": lists(OFFICIAL | {"named": 120, "inside": 0.5}, MONITOR),
    },
    "many errors, checked from the list": {
        "detained": 250,
        "mistakes": simulate.Mistakes(words=0.2, documents=0.08, second_surnames=0.5),
        "released": lists(OFFICIAL | {"undone": 0.2}, MONITOR | {"checks": ("official", 0.8), "finds": 0.2}),
    },
    "sixty names, three registers": {
        "detained": 200, "registers": registers(0.3, 0.6, 0.9), "again": 0.1,
        "released": lists(OFFICIAL | {"named": 60}, MONITOR),
    },
}  # fmt: skip


def measured(kind: str, seed: int, n_draws: int = 300) -> list[dict]:
    made = simulate.released_lists(seed=seed, **KINDS[kind])
    alone = {name: frame for name, frame in made.frames.items() if name not in made.released}
    without = linkage.link(linkage.read_lists(alone), seed=seed, n_draws=n_draws) if seed % 10 == 1 else None
    began = time.process_time()
    read = linkage.read_lists(
        made.frames, released=made.released, days=made.days, checked_from=made.checked_from
    )
    linked = linkage.link(read, seed=seed, n_draws=n_draws)
    seconds = time.process_time() - began
    rows, truth, found = linked.released, made.truth, []
    top = linked.draws.max(axis=1)
    known = truth.on(*truth.registers)
    for k, name in enumerate(rows.lists):
        at = truth.registers + truth.released_lists
        mine = np.flatnonzero(rows.list_of == k)
        own = np.flatnonzero(truth.list_of == at.index(name))
        person = truth.person[own[np.argsort(truth.row[own])]]
        counts = truth.counts(name)
        parts = [np.unique(draw[mine]) for draw in rows.person]
        drawn = {
            "named": np.array([len(each) for each in parts]),
            "on_register": np.array([(each <= most).sum() for each, most in zip(parts, top, strict=True)]),
        }
        row = {
            "kind": kind,
            "seed": seed,
            "list": name,
            "seconds": seconds,
            "limits": not rows.without_limits,
        }
        row["same"] = without is None or bool((without.draws == linked.draws).all())
        for what, values in drawn.items():
            low, high = np.floor(np.quantile(values, 0.025)), np.ceil(np.quantile(values, 0.975))
            row[f"{what} held"] = low <= counts[what] <= high
            row[f"{what} width"] = high - low
            row[f"{what} bias"] = np.median(values) - counts[what]
            row[f"{what} error"] = abs(row[f"{what} bias"])
        on = rows.best[mine] < rows.n_registered
        outside = ~truth.inside[person]
        row |= {
            "n": counts["named"], "n on": counts["on_register"], "rows": len(mine),
            "said not": int((np.isin(person, [*known]) & ~on).sum()), "put beside": int(on.sum()),
            "outside": int(outside.sum()), "outside beside": int((outside & on).sum()),
        }  # fmt: skip
        found.append(row)
    return found


def summed(frame: pd.DataFrame) -> pd.DataFrame:
    def of(part: pd.DataFrame) -> dict:
        return {
            "campaigns": part["seed"].nunique(),
            "named held": part["named held"].mean(),
            "on_register held": part["on_register held"].mean(),
            "named error, %": 100 * (part["named error"] / part["n"]).mean(),
            "on_register error, %": 100 * (part["on_register error"] / part["n on"]).mean(),
            "said not, %": 100 * part["said not"].sum() / part["rows"].sum(),
            "strangers joined, %": 100 * part["outside beside"].sum() / max(part["outside"].sum(), 1),
            "of those joined, %": 100 * part["outside beside"].sum() / max(part["put beside"].sum(), 1),
            "no limits, %": 100 * (1 - part.groupby("seed")["limits"].all().mean()),
            "same bits": bool(part["same"].all()),
            "width": part["on_register width"].mean(),
            "bias": part["on_register bias"].mean(),
            "CPU s": part["seconds"].mean(),
        }

    rows = {kind: of(part) for kind, part in frame.groupby("kind", sort=False)}
    whole = of(frame.assign(seed=frame["kind"] + frame["seed"].astype(str)))
    return pd.DataFrame(rows | {"all": whole}).T


if __name__ == "__main__":
    number, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 103
    rows: list[dict] = []
    for seed in range(first, first + number):
        for kind in KINDS:
            rows += measured(kind, seed)
        table = summed(pd.DataFrame(rows))
        shown = table.map(lambda value: f"{value:.3g}" if isinstance(value, float) else str(value))
        if first < 103:
            print(shown.to_string(), flush=True)
            continue
        lines = [["kind", *shown.columns], ["---"] * (1 + len(shown.columns))]
        lines += [[kind, *line] for kind, line in zip(shown.index, shown.to_numpy().tolist(), strict=True)]
        text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        head = "# Rows of released people on registers\n\nThe rule is in benchmarks/released_links.py."
        RESULT.write_text(f"{head}\n\n{text}\n", encoding="utf-8")
