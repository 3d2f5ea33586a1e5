"""Names written by different rules: what linking them costs beside lists by one rule.

    OMP_NUM_THREADS=1 python benchmarks/rewritten.py          # writes benchmarks/results/rewritten.md
    OMP_NUM_THREADS=1 python benchmarks/rewritten.py --quick  # one linkage of each kind, to the screen

Persons, days, documents, errors and rules of writing are those of `benchmarks/other_rules.py`, with three
kinds whose lists are in two scripts. Nobody in them exists. Lists are of some 120 rows, and of some 400 for
every third kind.

What was fixed before any figure of it was seen:

- The numbers of the library were set on lists of Arabic, Burmese, Korean, Chinese, Belarusian and Persian
  names with other seeds. All other kinds were left out of sight. No number was changed after these figures.
- Settings take turns: ordinary lists, few documents, no documents, documents of which a fifth are wrong,
  names and days of arrest alone.
- F1 is that of pairs of rows. Persons are those of the best partition over the truth, less one. Limits are
  those of 95% of the number of persons; where a sign speaks there are none.
- The same lists are linked with the letters that are learned and without, as before version 0.21.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from other_rules import WRONG, lists_of

from detcount import linkage
from detcount.linkage import linking

RESULTS = Path(__file__).parent / "results" / "rewritten.md"
TWO_SCRIPTS = {
    "arabic letters and english": ("arabic", ("script", "english")),
    "arabic letters and french": ("arabic", ("script", "french")),
    "russian letters and english": ("slavic", ("russian letters", "english")),
}
SETTINGS = ("ordinary", "few documents", "no documents", "wrong documents", "neither")
SIZES = (240, 800)
SEEN = ("arabic", "burmese", "korean", "pinyin", "belarusian", "persian")
FIRST_SEED = 91_000


def main() -> None:
    """Link all, and write how well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one setting of each kind, to the screen")
    asked = parser.parse_args()
    WRONG.update(TWO_SCRIPTS)
    rows = []
    for at, kind in enumerate(WRONG):
        for turn, population in enumerate(SIZES[:1] if asked.quick else (SIZES[0], SIZES[at % 3 == 0])):
            settings = SETTINGS[(at + 2 * turn) % len(SETTINGS)]
            rows.append(linked(kind, settings, population, FIRST_SEED + 10 * at + turn))
            sys.stderr.write(f"{rows[-1]}\n")
    text = report(rows)
    sys.stdout.write(text)
    if not asked.quick:
        RESULTS.write_text(text, encoding="utf-8")


def linked(kind: str, settings: str, population: int, seed: int) -> dict[str, Any]:
    """Link lists of a kind with letters that are learned, and without."""
    frames, truth = lists_of(kind, settings, population, seed)
    row: dict[str, Any] = {"kind": kind, "settings": settings, "population": population}
    found = linking.rewritten_words
    for name, words in (("with", found), ("without", lambda _: None)):
        linking.rewritten_words = words
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = linkage.link(linkage.read_lists(frames), n_draws=200)
        row[f"seconds {name}"] = time.process_time() - start
        low, high = np.quantile(result.n_persons_draws, [0.025, 0.975])
        row[f"persons {name}"] = result.n_persons / truth.n_persons - 1
        row[f"limits {name}"] = result.range is not None
        row[f"holds {name}"] = bool(low <= truth.n_persons <= high)
        row[f"F1 {name}"], row[f"precision {name}"] = agreement(result, truth)
    linking.rewritten_words = found
    return row


def agreement(result: Any, truth: Any) -> tuple[float, float]:
    """F1 and precision of pairs of rows."""
    both = result.clusters.merge(truth.to_frame(), on=["list", "row"], suffixes=("", "_true"))

    def pairs(*columns: str) -> int:
        sizes = both.groupby([*columns]).size().to_numpy()
        return int((sizes * (sizes - 1) // 2).sum())

    right, mine, true = pairs("person", "person_true"), pairs("person"), pairs("person_true")
    return 2 * right / max(mine + true, 1), right / max(mine, 1)


def report(rows: list[dict[str, Any]]) -> str:
    """The tables."""

    def line(name: str, mine: list[dict[str, Any]]) -> str:
        with_limits = [row for row in mine if row["limits with"]]
        holds = sum(row["holds with"] for row in with_limits)
        cells = [
            name,
            str(len(mine)),
            *(f"{np.mean([row[f'F1 {which}'] for row in mine]):.3f}" for which in ("without", "with")),
            f"{min(row['F1 with'] for row in mine):.3f}",
            f"{np.mean([row['precision with'] for row in mine]):.3f}",
            *(
                f"{np.mean([abs(row[f'persons {which}']) for row in mine]):.1%}"
                for which in ("without", "with")
            ),
            f"{holds} of {len(with_limits)}",
            f"{np.mean([row['seconds with'] for row in mine]):.0f}",
        ]
        return f"| {' | '.join(cells)} |"

    head = [
        "| {} | linkages | F1 without | F1 with | worst | precision | persons without | persons with |"
        " limits hold | CPU s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    seen = [row for row in rows if row["kind"].startswith(SEEN)]
    unseen = [row for row in rows if row not in seen]
    groups = {
        "kind": {kind: [row for row in rows if row["kind"] == kind] for kind in WRONG},
        "setting": {name: [row for row in rows if row["settings"] == name] for name in SETTINGS},
        "rows": {f"some {size // 2}": [row for row in rows if row["population"] == size] for size in SIZES},
        "all": {"kinds that numbers were set on": seen, "kinds left out of sight": unseen, "all": rows},
    }
    parts = ["# Names written by different rules, linked", "", "Written by `benchmarks/rewritten.py`."]
    for name, group in groups.items():
        parts += ["", head[0].format(name), head[1]]
        parts += [line(each, mine) for each, mine in group.items() if mine]
    return "\n".join([*parts, ""])


if __name__ == "__main__":
    main()
