"""Where the cases of known size lie among each other, by how their lists overlap: the file that ships.

    python benchmarks/similarity.py     # writes src/detcount/calibration/similarity.json

To be run whenever cases of known size are added or change; a test compares the file with the cases.
"""

from __future__ import annotations

import json
from pathlib import Path

from detcount import calibration
from detcount.calibration.similarity import PLACES, Places, places_of

FILE = Path(__file__).parents[1] / "src" / "detcount" / "calibration" / PLACES
DIGITS = 10


def stored(places: Places) -> dict[str, list]:
    """What is kept of the places."""
    return {
        "names": list(places.names),
        "groups": places.among.groups.tolist(),
        "points": [[round(value, DIGITS) for value in point] for point in places.among.points.tolist()],
        "own": [round(value, DIGITS) for value in places.own.tolist()],
    }


def main() -> None:
    content = {
        key: stored(places_of(calibration.training_cases(), of_two))
        for key, of_two in (("more", False), ("two", True))
    }
    FILE.write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
