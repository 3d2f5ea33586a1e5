"""Records of each release: made again, or different exactly where the change log of a later version says.

A record stands here as the release wrote it, with the name of the data set that it was made of.
"""

import json
import re
from pathlib import Path

import pytest

import detcount as dc
from detcount.errors import InputError

HERE = Path(__file__).parent
CHANGES = (HERE.parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
# of chains: an option more, and Monte Carlo errors of 0.14.0; before 0.10.0 draws of their own, whose numbers
# are within the Monte Carlo error of what stands there
CLASSES = "estimates / latent class"
DRAWN = tuple(f"{CLASSES} / {place}" for place in ("point", "low", "high"))
CHAINS = {
    "LatentClass": (f"{CLASSES} / specification / options / max_r_hat", f"{CLASSES} / monte_carlo_error")
}
LATENT = {"LatentClass": (*CHAINS["LatentClass"], *DRAWN, f"{CLASSES} / standard_error")}
PRINTED = {"assess": ("printed",)}  # the numbers as they are rounded for print, which older records lack
# how each count of releases stands in its event, which older records lack
STANDING = {
    "assess_releases": tuple(
        f"events / {k} / {name}" for k in range(1, 4) for name in ("row", "role", "standing", "event_number")
    )
}
# by version: methods whose numbers changed since, as the change log names them, and the places of each
CHANGED = {
    "0.7.0": {**LATENT, **PRINTED},
    "0.8.0": {**LATENT, **PRINTED},
    "0.9.0": {**LATENT, **PRINTED},
    "0.10.0": {**CHAINS, **PRINTED},
    "0.11.0": {**CHAINS, "assess_releases": ("definition", *STANDING["assess_releases"])},
    "0.12.0": {**CHAINS, **STANDING},
    "0.13.0": {**CHAINS, **STANDING},
    "0.14.0": STANDING,
    "0.15.0": STANDING,
    "0.16.0": STANDING,
    "0.17.0": STANDING,
    "0.18.0": STANDING,
    "0.19.0": {},
    "0.20.0": {},
    "0.21.0": {},
    "0.22.0": {},
    "0.23.0": {},
}


def records():
    found = sorted((HERE / "records").glob("*/*.json"))
    quick = {HERE / "records" / version / "korea.json" for version in (next(iter(CHANGED)), [*CHANGED][-1])}
    return [
        pytest.param(
            path, id=f"{path.parent.name}-{path.stem}", marks=() if path in quick else pytest.mark.slow
        )
        for path in found
    ]


def said_since(version):
    newer = CHANGES[: CHANGES.index(f"\n## {version} ")]
    return "\n".join(re.findall(r"### Numbers that change\n(.*?)(?=\n#|\Z)", newer, flags=re.DOTALL))


@pytest.mark.parametrize("path", records())
def test_a_record_is_made_again_or_differs_where_it_is_said(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    data = dc.datasets.load(path.stem.removesuffix("_public"))
    if "batches" in record:  # of announced releases, by a method that is withdrawn
        with pytest.raises(
            InputError, match=r"made by 0\.10, whose method of announced releases is withdrawn"
        ):
            dc.reproduce(record, data)
        return
    made = dc.reproduce(record, data)
    if made.public:
        assert made.agrees != ("- Public reports of lists:" in said_since(path.parent.name))
        return
    changed = CHANGED[path.parent.name]
    said = said_since(path.parent.name)
    assert all(f"`{name}`" in said for name in changed)
    allowed = tuple(place for places in changed.values() for place in places)
    moved = [value.name for value in made.values if value.outcome not in ("same", "rounding")]
    assert [name for name in moved if not name.startswith(allowed)] == []
    outcomes = {value.outcome for value in made.values if value.name in DRAWN}
    assert outcomes <= {"same", "rounding", "within Monte Carlo error"}
    # the rest of the record was compared too
    assert len(made.values) - len(moved) > 30


def test_records_of_the_last_release_are_kept():
    last = re.findall(r"^## (\d+\.\d+\.\d+) (?!\(unreleased)", CHANGES, flags=re.MULTILINE)[0]
    assert {path.parent.name for path in (HERE / "records").glob("*/*.json")} >= {last}
    assert set(CHANGED) == {path.name for path in (HERE / "records").iterdir()}
