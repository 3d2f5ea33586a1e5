"""Messy folders of invented monitors: lists of names with days, published counts, and what is no table.

Nobody in them exists. The truth is that of the invented system of detention, apart from the files.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import numpy as np
import pandas as pd

import detcount as dc
from cases import tables
from detcount._numerics.stock.spells import NEVER
from detcount.simulate.names.people import invent_people
from detcount.simulate.names.writing import Mistakes, WrittenList, titled, write_rows

EPOCH = dt.date(1970, 1, 1)
_HOW = tables("kinds_of_folders")
KINDS = tuple(_HOW["ways"])
"""Six unlike ways in which monitors keep their files."""


@dataclass(frozen=True)
class Truth:
    """What happened: persons ever held, and the system that the files were written from."""

    system: dc.simulate.DetentionSystem
    names: frozenset[str]

    @property
    def ever(self) -> int:
        return len(self.system.truth.entered)

    def held(self, day: dt.date) -> int:
        return self.system.truth.at(day)


def _lists(kind: str) -> list[WrittenList]:
    return [WrittenList(**how) for how in _HOW["ways"][kind]]


def system_of(kind: str, n_days: int, size: float, seed: int) -> dc.simulate.DetentionSystem:
    """The invented system behind a folder; lists are called as their files are."""
    shares = (0.65, 0.5, 0.45)
    lists = tuple(
        dc.simulate.DetaineeList(name=how.name, share=share, delay=12.0, exit_delay=20.0)
        for how, share in zip(_lists(kind), shares, strict=False)
    )
    if kind == "copied":
        lists = (replace(lists[0], forwards=("alianza", 0.4)), *lists[1:])
    return dc.simulate.detention_system(
        n_days=n_days,
        daily=0.4 * size,
        bursts=(dc.simulate.Burst(day=10, arrests=round(70 * size)),),
        waves=(dc.simulate.ReleaseWave(day=n_days // 2, share=0.3),),
        lists=lists,
        seed=seed,
    )


def write_folder(place: Path, kind: str, *, n_days: int = 210, size: float = 1.0, seed: int = 0) -> Truth:
    system = system_of(kind, n_days, size, seed)
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    first = (system.truth.first_day - EPOCH).days
    people = invent_people(int(system.people.person.max()) + 1, "wide", 0.03, first, rng)
    frames = {how.name: _list(how, system, people, kind, rng) for how in _lists(kind)}
    place.mkdir(parents=True, exist_ok=True)
    _write_lists(place, kind, frames)
    _write_counts(place, kind, system)
    readme = docx.Document()
    readme.add_paragraph("Las listas son de cada monitor.")
    readme.save(str(place / "LEEME.docx"))
    (place / "notas.md").write_text("Recordar: preguntar por los trasladados.\n", encoding="utf-8")
    words = {word for both in (*people.given, *people.family) for word in both if len(word) > 3}
    return Truth(system, frozenset(words))


def _list(how: WrittenList, system: dc.simulate.DetentionSystem, people, kind: str, rng) -> pd.DataFrame:
    """The rows of one list, in the hand of its monitor."""
    held = system.people
    mine = np.flatnonzero(held.on == held.lists.index(how.name))
    mine = rng.permutation(np.concatenate([mine, rng.choice(mine, len(mine) // 40)]))  # some twice
    person = held.person[mine]
    arrested = np.zeros(len(people), dtype=np.int64)
    arrested[person] = held.entered_last[mine]
    made = replace(people, arrested=np.where(arrested, arrested, held.entered_last.max()))
    rows = write_rows(how, Mistakes(words=0.06, days=0.03, days_missing=0.02), made, person, rng)
    frame = pd.DataFrame(titled(how, rows, None), dtype=str)
    if kind == "no days":
        return frame.drop(columns=[name for name in frame if "detención" in name])
    out = held.left_last[mine] < NEVER
    exit_, status, listed, heard = _HOW["later"][how.headers]
    inside, released = _HOW["states"][how.headers]
    frame[exit_] = _days(how, np.where(out, held.left_last[mine], NEVER))
    frame[status] = np.where(out, released, inside)
    frame[listed] = _days(how, held.listed[mine])
    if kind in ("plain", "english", "copied"):
        frame[heard] = _days(how, held.left_known[mine])
    if kind != "workbooks":
        frame.insert(0, "N°", range(1, len(frame) + 1))
    return frame


def _days(how: WrittenList, days: np.ndarray) -> list[str]:
    """Days as the list writes them; blank for never."""
    iso = how.day == "2024-08-24"
    dates = [None if day >= NEVER else EPOCH + dt.timedelta(int(day)) for day in days]
    return ["" if day is None else day.isoformat() if iso else f"{day:%d/%m/%Y}" for day in dates]


def _write_lists(place: Path, kind: str, frames: dict[str, pd.DataFrame]) -> None:
    if kind == "one book":
        with pd.ExcelWriter(place / "base de datos.xlsx") as book:
            for name, frame in frames.items():
                frame.to_excel(book, sheet_name=name, index=False)
        return
    for number, (name, frame) in enumerate(frames.items()):
        if kind == "workbooks" and number == 0:
            with pd.ExcelWriter(place / f"{name}.xlsx") as book:
                frame.to_excel(book, sheet_name="Lista", index=False, startrow=2)
                book.sheets["Lista"].cell(1, 1, "Personas detenidas, actualizado")
        elif kind == "workbooks":
            text = frame.to_csv(index=False, sep=";", lineterminator="\r\n")
            (place / f"{name}.csv").write_bytes(text.encode("cp1252"))
        elif kind == "english":
            frame.to_csv(place / f"{name}.tsv", index=False, sep="\t")
        else:
            frame.to_csv(place / f"{name}.csv", index=False, encoding="utf-8-sig" if number else "utf-8")


def _write_counts(place: Path, kind: str, system: dc.simulate.DetentionSystem) -> None:
    """What registers and authorities publish, under headers of their own."""
    totals = system.stock.to_frame()[["date", "source", "role", "count"]]
    released = system.releases.to_frame() if system.releases is not None else pd.DataFrame()
    verified = released.assign(
        source=system.people.lists[0], role="verified", count=(released["count"] * 0.4).astype(int)
    )
    columns = ["published", "source", "role", "event", "start", "end", "count"]
    released = pd.concat([released, verified])[columns]
    spanish = _HOW["spanish"]
    if kind == "english":
        totals.to_csv(place / "held.csv", index=False)
        released.to_excel(place / "releases.xlsx", index=False)
        _waves(system).to_csv(place / "waves.csv", index=False)
        return
    if kind in ("plain", "one book", "copied"):
        totals.rename(columns=spanish).to_csv(place / "totales.csv", index=False, sep=";")
    if kind in ("plain", "workbooks", "no days"):
        released.rename(columns=spanish).to_csv(place / "excarcelaciones.csv", index=False)
    if kind in ("plain", "one book"):
        arrests = system.arrests.to_frame()[columns].rename(columns=spanish)
        arrests.to_csv(place / "detenciones publicadas.csv", index=False)


def _waves(system: dc.simulate.DetentionSystem) -> pd.DataFrame:
    """What came of the largest day of releases, beside the list of the first monitor."""
    truth = system.truth
    day = truth.first_day + dt.timedelta(days=truth.n_days // 2)
    listed = int(system.stock.count[system.stock.date.astype("M8[D]") <= np.datetime64(day)][-1])
    first = {"day": day.isoformat(), "source": system.people.lists[0], "list_size_before": listed}
    return pd.DataFrame([_HOW["wave"] | first])


def words_before_folds(page):
    """Words that a reader sees before anything is unfolded; pictures, drawn for two widths, have none."""
    body = re.sub(r"<svg.*?</svg>", " ", page[page.index("<body") :], flags=re.DOTALL)
    depth, seen = 0, []
    for part in re.split(r"(</?details[^>]*>)", body):
        if part.startswith("<details"):
            depth += 1
        elif part.startswith("</details"):
            depth -= 1
        elif not depth:
            seen.append(re.sub(r"<[^>]+>", " ", part))
    return len(" ".join(seen).split())
