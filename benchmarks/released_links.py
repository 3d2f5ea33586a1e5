"""Lists of released people linked whole to registers: counts, and the number released, of fifteen kinds.

    OMP_NUM_THREADS=1 python benchmarks/released_links.py C 4   # writes benchmarks/results/released_links.md

What was fixed before any figure of these seeds was seen. Campaigns are those of `simulate.released_lists`.
Seeds 1103 and on (A) are for development, of the first twelve kinds. 2103 and on (B) were scored once, when
the last four of them were held out; what failed there was mended, so that B is for development too. 3103 and
on (C) are scored once: three kinds that were invented when the method was fixed, four campaigns of each; the
four that failed, the first two seeds; the first eight, the first; in this order, until the time is up. A
change is taken if it follows from the model and improves the interval score over A; seeds below 1103 count
for nothing.

- 95% limits of `named`, `on_register`, `verified`, `already_out` and `held_after` of every list are to hold
  the truth in 93% over kinds and in 88% of each, each with a better interval score than the same counts from
  `link` of all lists at once (columns put right by hand), on the first three seeds of A and B.
- The median is to miss by at most 1.5% of the list on average, `on_register` by at most 3% of it.
- Of the persons of a list who are on a register, at most 1% of the list are said not to be by the best
  partition. Of common prisoners on no register at most 0.5% are put beside somebody of a register, and at
  most 2% of those put beside somebody are such.
- At most 5% of campaigns have no limits. Persons of registers are the same, to the bit, as without them.
- `released`, with drawn links: where monitors work apart 95% limits hold the truth in 90%, 80% limits in 70
  to 92%, with a mean absolute log error of at most .10; where they check from the official list 95% limits in
  95%, with an error of at most .12. The error is below that of Chapman's estimator with the best links.
"""

from __future__ import annotations

import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from released_by_name import chapman

from detcount import linkage, releases, simulate
from detcount.simulate.released import InventedReleases

Made = InventedReleases
RESULT = Path(__file__).parent / "results" / "released_links.md"
LONG_AGO, NEVER = -1_000_000, 1_000_000  # no day is known
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

HELD_OUT = {
    "releases in four waves": {
        "detained": 300,
        "released": lists(
            *(
                OFFICIAL | {"name": f"wave {k}", "named": 40, "day": 4 * k, "over_days": 2, "before": 0.1 * k}
                for k in range(4)
            ),
            MONITOR | {"finds": 0.5},
            MONITOR | {"name": "other", "finds": 0.4},
        ),
    },
    "an official list issued twice": {
        "detained": 250, "released": lists(OFFICIAL, MONITOR), "copied": ("official", "reissued", 0.9),
    },
    "monitors share an informant": {
        "detained": 250, "released": lists(OFFICIAL, MONITOR, MONITOR | {"name": "other", "finds": 0.4}),
        "copied": ("monitor", "other", 0.4),
    },
    "a register with names from the official list": {
        "detained": 200, "released": lists(OFFICIAL | {"named": 300, "inside": 0.2}, MONITOR),
        "registers": registers(0.3, 0.6), "copied": ("official", "register 0", 0.25),
    },
}  # fmt: skip
UNSEEN = {
    "a monitor writes names as a register has them": {
        "detained": 250, "released": lists(OFFICIAL, MONITOR | {"name": "theirs", "documents_missing": 1.0}),
        "changed": "names of a register",
    },
    "documents slid by a row in a part of the official list": {
        "detained": 250, "released": lists(OFFICIAL, MONITOR), "changed": "documents slid",
    },
    "registers without days, one filled from the official list": {
        "detained": 200, "released": lists(OFFICIAL | {"named": 200, "inside": 0.3}, MONITOR),
        "registers": registers(0.3, 0.6), "copied": ("official", "register 0", 0.25), "changed": "no days",
    },
}  # fmt: skip
KINDS |= HELD_OUT | UNSEEN
COUNTS = ("named", "on_register", "verified", "already_out", "held_after")


def respelt(name: str, rng: np.random.Generator) -> str:
    """A name in another hand: given names first, no accents, and a letter in ten words by its sound."""
    family, _, given = name.partition(",")
    plain = (
        unicodedata.normalize("NFKD", f"{given} {family}".strip().lower()).encode("ascii", "ignore").decode()
    )
    sounds = str.maketrans("vzyj", "bsig")
    return " ".join(w.translate(sounds) if rng.random() < 0.1 else w for w in plain.split()).title()


def copied(made: Made, source: str, into: str, share: float) -> Made:
    """Put a share of the rows of one list into another one, or into a new one of the same kind and days."""
    rng, truth = np.random.default_rng([made.seed, 9]), made.truth
    names = (*truth.registers, *truth.released_lists)
    mine = np.flatnonzero(truth.list_of == names.index(source))
    mine = mine[np.argsort(truth.row[mine])]
    mine = mine[rng.random(len(mine)) < share]
    of = made.frames[source].iloc[truth.row[mine] - 1]
    there = made.frames.get(into, of.iloc[:0])
    title = next(column for column in there if column.casefold().startswith(("nombre", "apellidos")))
    rows = pd.DataFrame({title: [respelt(name, rng) for name in of[of.columns[0]]]})
    for column in set(there.columns) - {title}:
        rows[column] = [*of[column]] if column in of else ""
    verified = [column for column in there if column == "Verificado el" and column in of]
    frames = made.frames | {into: pd.concat([there, rows[[*there.columns]]], ignore_index=True)}
    as_register = into in truth.registers
    number = names.index(into) if into in names else len(names)
    new = {
        "list_of": np.full(len(mine), number), "row": len(there) + 1 + np.arange(len(mine)),
        "person": truth.person[mine], "stay": np.full(len(mine), -1),
        "day": truth.day[mine] if not as_register else np.full(len(mine), NEVER),
        "left": np.full(len(mine), NEVER), "seen": np.full(len(mine), LONG_AGO),
    }  # fmt: skip
    assert as_register or verified or made.released[source] == "announced"
    changed = {key: np.concatenate([getattr(truth, key), values]) for key, values in new.items()}
    if into in names:
        return replace(made, frames=frames, truth=replace(truth, **changed))
    at = truth.released_lists.index(source)
    changed |= {"released_lists": (*truth.released_lists, into), "kinds": (*truth.kinds, truth.kinds[at])}
    changed["days"] = np.concatenate([truth.days, truth.days[[at]]])
    return replace(
        made, frames=frames, truth=replace(truth, **changed), days=made.days | {into: made.days[source]},
        released=made.released | {into: made.released[source]},
    )  # fmt: skip


def campaign(kind: str, seed: int) -> Made:
    options = dict(KINDS[kind])
    extra, change = options.pop("copied", None), options.pop("changed", None)
    made = simulate.released_lists(seed=seed, **options)
    made = copied(made, *extra) if extra else made
    return made if change is None else CHANGES[change](made)


def named_as_on_a_register(made: Made) -> Made:
    """A monitor's rows with the name that a register has for the person, errors included."""
    truth, source = made.truth, made.truth.registers[0]
    names = (*truth.registers, *truth.released_lists)
    title = made.frames[source].columns[0]
    known = {
        who: made.frames[source][title].iloc[row - 1]
        for who, row, k in zip(truth.person.tolist(), truth.row.tolist(), truth.list_of.tolist(), strict=True)
        if names[k] == source
    }
    theirs = made.frames["theirs"].copy()
    for who, row in truth_rows(made, "theirs"):
        theirs.iloc[row - 1, 0] = known.get(who, theirs.iloc[row - 1, 0])
    return replace(made, frames=made.frames | {"theirs": theirs})


def truth_rows(made: Made, name: str) -> list[tuple[int, int]]:
    """Persons of the rows of a list, and the rows' numbers."""
    mine = made.truth.list_of == (*made.truth.registers, *made.truth.released_lists).index(name)
    return [*zip(made.truth.person[mine].tolist(), made.truth.row[mine].tolist(), strict=True)]


def with_slid_documents(made: Made) -> Made:
    """An official list of which a block of a sixth of the rows has the documents of the row above."""
    official = made.frames["official"].copy()
    size = len(official) // 6
    begin = int(np.random.default_rng([made.seed, 11]).integers(1, len(official) - size))
    column = official.columns.get_loc("Cédula")
    official.iloc[begin : begin + size, column] = official.iloc[
        begin - 1 : begin + size - 1, column
    ].to_numpy()
    return replace(made, frames=made.frames | {"official": official})


def without_days(made: Made) -> Made:
    """Registers of names, documents and births alone."""
    frames = dict(made.frames)
    for name in made.truth.registers:
        days = ("Fecha de detención", "Fecha de liberación", "Última vez visto")
        dropped = [title for title in frames[name] if title in days]
        frames[name] = frames[name].drop(columns=dropped)
    truth = made.truth
    nothing = {"left": np.full(len(truth.left), NEVER), "seen": np.full(len(truth.seen), LONG_AGO)}
    return replace(made, frames=frames, truth=replace(truth, **nothing))


CHANGES = {
    "names of a register": named_as_on_a_register, "documents slid": with_slid_documents,
    "no days": without_days,
}  # fmt: skip


def at_once(made: Made, linked: linkage.Linkage, seed: int, n_draws: int) -> linkage.Linkage:
    """The same lists linked as if all were registers, with the columns that such lists share."""
    wanted = ("Apellidos y nombres", "Nombre y apellido", "Cédula")
    frames = {
        name: frame[[column for column in frame if column in wanted]] if name in made.released else frame
        for name, frame in made.frames.items()
    }
    plain, rows = linkage.link(linkage.read_lists(frames), seed=seed, n_draws=n_draws), linked.released
    at = {key: k for k, key in enumerate(zip(plain.list_of.tolist(), plain.row.tolist(), strict=True))}

    def places(lists: tuple[str, ...], list_of: np.ndarray, row: np.ndarray) -> list[int]:
        return [
            at[plain.lists.index(lists[k]), r] for k, r in zip(list_of.tolist(), row.tolist(), strict=True)
        ]

    registers = places(linked.lists, linked.list_of, linked.row)
    others = places(rows.lists, rows.list_of, rows.row)
    released = replace(rows, person=plain.draws[:, others], best=plain.person[others], without_limits=())
    return replace(linked, draws=plain.draws[:, registers], person=plain.person[registers], released=released)


def score(low: float, high: float, truth: float) -> float:
    """Interval score of 95% limits: their width, and 40 times by how much they miss."""
    return high - low + 40 * (max(low - truth, 0) + max(truth - high, 0))


def measured(kind: str, seed: int, first: int, n_draws: int = 300) -> list[dict]:
    made = campaign(kind, seed)
    alone = {name: frame for name, frame in made.frames.items() if name not in made.released}
    without = linkage.link(linkage.read_lists(alone), seed=seed, n_draws=n_draws) if seed % 10 == 1 else None
    began = time.process_time()
    read = linkage.read_lists(
        made.frames, released=made.released, days=made.days, checked_from=made.checked_from
    )
    linked = linkage.link(read, seed=seed, n_draws=n_draws)
    monitors = tuple(name for name, each in made.released.items() if each == "verified")
    found = releases.ReleasedByName(apart=None if made.checked_from else monitors).fit(linked)
    seconds = time.process_time() - began
    plain = None
    if seed < first + 3:
        plain = releases.ReleasedByName().fit(at_once(made, linked, seed, n_draws))
    truth, rows, number = made.truth, linked.released, found.released
    known = truth.on(*truth.registers)
    whole = {"checked": bool(made.checked_from), "limits": not rows.without_limits, "seconds": seconds}
    whole["same"] = without is None or bool((without.draws == linked.draws).all())
    if number is not None and number.median is not None:
        whole["log error"] = np.log(number.median / truth.released)
        for level in (0.95, 0.8):
            low, high = number.interval(level)
            whole[f"held {level}"] = low <= truth.released <= high
        whole["bounds"] = False
        if len(monitors) > 1:
            whole["chapman"] = np.log(chapman(linked) / truth.released)
    elif number is not None:  # bounds alone, which are to hold it too
        low, high = number.interval(0.95)
        whole |= {"bounds": True, "held 0.95": low <= truth.released <= high}
    table = []
    for k, name in enumerate(rows.lists):
        mine = np.flatnonzero(rows.list_of == k)
        own = np.flatnonzero(truth.list_of == (truth.registers + truth.released_lists).index(name))
        own = own[np.argsort(truth.row[own])]
        assert (rows.row[mine] == truth.row[own]).all()
        person, counts, said = truth.person[own], truth.counts(name), found.lists[name]
        row = {"kind": kind, "seed": seed, "list": name} | (whole if k == 0 else {})
        for what in COUNTS:
            if what not in counts:
                continue
            count = getattr(said, what)
            if count.median is None:
                continue
            low, high = count.interval(0.95)
            row[f"{what} held"] = low <= counts[what] <= high
            row[f"{what} score"] = score(low, high, counts[what])
            row[f"{what} width"] = high - low
            row[f"{what} bias"] = count.median - counts[what]
            row[f"{what} error"] = abs(row[f"{what} bias"])
            row[f"{what} squared"] = (count.mean - counts[what]) ** 2
            row[f"{what} variance"] = float(count.probabilities @ (count.values - count.mean) ** 2)
            if plain is not None:
                low, high = getattr(plain.lists[name], what).interval(0.95)
                row[f"{what} plain"] = score(low, high, counts[what]) - row[f"{what} score"]
        on = rows.best[mine] < rows.n_registered
        stranger = ~truth.inside[person] & ~np.isin(person, [*known])
        row |= {
            "n": counts["named"], "n on": counts["on_register"], "rows": len(mine),
            "said not": int((np.isin(person, [*known]) & ~on).sum()), "put beside": int(on.sum()),
            "outside": int(stranger.sum()), "outside beside": int((stranger & on).sum()),
        }  # fmt: skip
        table.append(row)
    return table


def summed(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of counts and of the number released, by kind."""

    def counted(part: pd.DataFrame) -> dict:
        row = {"campaigns": part["seed"].nunique()}
        for what in COUNTS:
            row[f"{what}: held"] = part[f"{what} held"].astype(float).mean()
            size = part["n on" if what == "on_register" else "n"]
            row[f"{what}: error, %"] = 100 * (part[f"{what} error"] / size).mean()
            row[f"{what}: worse by, at once"] = part.get(f"{what} plain", pd.Series(dtype=float)).mean()
        return row

    def linked(part: pd.DataFrame) -> dict:
        row = {
            "width": part["on_register width"].mean(),
            "bias": part["on_register bias"].mean(),
            "squared error / variance": part["on_register squared"].sum()
            / part["on_register variance"].sum(),
            "said not, %": 100 * part["said not"].sum() / part["rows"].sum(),
            "strangers joined, %": 100 * part["outside beside"].sum() / max(part["outside"].sum(), 1),
            "of those joined, %": 100 * part["outside beside"].sum() / max(part["put beside"].sum(), 1),
            "no limits, %": 100 * (1 - part["limits"].dropna().astype(float).mean()),
            "same bits": bool(part["same"].dropna().all()),
            "CPU s": part["seconds"].mean(),
        }
        for level in (0.95, 0.8):
            row[f"released held, {level}"] = (
                part.get(f"held {level}", pd.Series()).dropna().astype(float).mean()
            )
        row["released, bounds alone, %"] = 100 * part["bounds"].dropna().astype(float).mean()
        for name in ("log error", "chapman"):
            row[f"released, {name}"] = part.get(name, pd.Series(dtype=float)).abs().mean()
        return row

    frame = frame.assign(seed=frame["kind"] + frame["seed"].astype(str))
    kinds = [*frame.groupby("kind", sort=False)]
    whole = [
        ("eight kinds", frame[~frame["kind"].isin({**HELD_OUT, **UNSEEN})]),
        ("four kinds that failed", frame[frame["kind"].isin(HELD_OUT)]),
        ("three new kinds", frame[frame["kind"].isin(UNSEEN)]),
        ("all", frame),
    ]
    whole = [
        (name, part.assign(seed=part["kind"] + part["seed"].astype(str))) for name, part in whole if len(part)
    ]
    first, second = (pd.DataFrame({k: of(part) for k, part in kinds + whole}).T for of in (counted, linked))
    return first, second


def written(table: pd.DataFrame) -> str:
    shown = table.map(lambda value: f"{value:.3g}" if isinstance(value, float) else str(value))
    lines = [["kind", *shown.columns], ["---"] * (1 + len(shown.columns))]
    lines += [[kind, *line] for kind, line in zip(shown.index, shown.to_numpy().tolist(), strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    which, number = sys.argv[1], int(sys.argv[2])
    first = {"A": 1103, "B": 2103, "C": 3103}[which]
    rows: list[dict] = []
    for seed in range(first, first + number):
        for kind in dict.fromkeys((*UNSEEN, *HELD_OUT, *KINDS)):
            seeds = number if which != "C" or kind in UNSEEN else 2 if kind in HELD_OUT else 1
            if seed >= first + seeds or (which != "C" and kind in UNSEEN):
                continue
            rows += measured(kind, seed, first if which != "C" else 0)
            text = "\n\n".join(map(written, summed(pd.DataFrame(rows))))
            head = "# Rows of released people on registers\n\nThe rule is in benchmarks/released_links.py."
            if which == "C":
                RESULT.write_text(f"{head}\n\n{text}\n", encoding="utf-8")
        if which != "C":
            print(text, flush=True)
