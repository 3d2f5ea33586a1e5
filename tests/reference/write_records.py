"""Write the records of this version, to be kept: python tests/reference/write_records.py, once a release."""

import json
from pathlib import Path

import detcount as dc

HERE = Path(__file__).parent / "records" / dc.__version__
LISTS = ("kosovo", "korea")
RELEASES = ("exchange_releases_2025",)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    made = {name: dc.assess(dc.datasets.load(name)).full().record() for name in LISTS}
    made["korea_public"] = dc.assess(dc.datasets.load("korea")).public().record()
    made |= {name: dc.assess_releases(dc.datasets.load(name)).record() for name in RELEASES}
    for name, record in made.items():
        text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
