"""What the training cases that ship teach of how lists depend on each other, learned once and stored.

    python benchmarks/dependence.py            # writes src/detcount/calibration/dependence.json
    python benchmarks/dependence.py --check    # learns again and compares, writes nothing

To be run after a change of the training cases or of what learns from them; a test compares what is stored.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from detcount.calibration import TrainingCases, training_cases
from detcount.calibration.dependence import SHIPPED, learned_anew

FILE = Path(__file__).parents[1] / "src" / "detcount" / "calibration" / SHIPPED
DIGITS = 10


def digest_of_cases(training: TrainingCases) -> str:
    """Digest of all that this depends on: tables, truths, groups."""
    lines = [f"{case.table.digest} {case.truth} {case.group}" for case in training.cases]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def training() -> dict[str, object]:
    """What the cases teach, as it is stored."""
    training = training_cases()
    found = learned_anew(training)
    return {
        "cases": digest_of_cases(training),
        "sizes": {name: round(value, DIGITS) for name, value in asdict(found.learned.sizes).items()},
        "omega": round(found.learned.omega, DIGITS),
        "shared": round(found.shared, DIGITS),
        "n_cases": found.n_cases,
        "n_datasets": found.n_datasets,
        "n_groups": found.n_groups,
        "most_lists": found.most_lists,
    }


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    text = json.dumps(training(), indent=1) + "\n"
    if parser.parse_args().check:
        print("the same" if FILE.read_text(encoding="utf-8") == text else f"differs:\n{text}")
    else:
        FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
