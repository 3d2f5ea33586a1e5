"""How well one wave of releases says how many are held beside a register: invented systems of a year.

The register is that of an invented monitor. On a day in the middle of the year a random lot of 100, 200 and
400 people is taken from those inside, and it is counted how many of them it had listed. The model takes the
wave as an anchor, as it is, and with those on the list who have left taken out. Errors are means of absolute
logarithms over the weeks. Run with ``python benchmarks/coverage_anchors.py``.
"""

from __future__ import annotations

import numpy as np

from detcount import simulate, stock

N_SYSTEMS = 12
LOTS = (100, 200, 400)
MODEL = stock.IntegratedStock(n_draws=1000)


def made(seed: int) -> simulate.DetentionSystem:
    """A system whose register knows two to four of five people."""
    rng = np.random.default_rng([3, seed])
    share, stay, daily = rng.uniform(0.4, 0.8), rng.uniform(200, 600), rng.uniform(1.5, 4)
    lists = (
        simulate.DetaineeList(name="monitor", share=share, delay=15.0),
        simulate.DetaineeList(name="families", share=0.45, delay=30.0),
    )
    return simulate.detention_system(n_days=365, seed=100 + seed, stay=stay, daily=daily, lists=lists)


def scored(path: stock.StockPath, system: simulate.DetentionSystem) -> tuple[float, float]:
    """Error and cover at 95%, week by week."""
    first = (path.dates[0] - system.truth.first_day).days
    truth = system.truth.stock[first : first + len(path.dates)][::7]
    limits = path.interval(0.95)
    inside = (limits.low[::7] <= truth) & (truth <= limits.high[::7])
    return float(np.abs(np.log(path.point[::7] / truth)).mean()), float(inside.mean())


def wave(system: simulate.DetentionSystem, size: int, rng: np.random.Generator) -> stock.CoverageEstimate:
    """A lot of those inside on a day, and how many of them the register had."""
    totals, people = system.stock, system.people
    days = [(day.item() - system.truth.first_day).days for day in totals.date]
    row = int(np.argmin(np.abs(np.array(days) - 200)))
    day, held = totals.date[row], int(system.truth.stock[days[row]])
    mine = people.on == people.lists.index("monitor")
    inside = mine & (people.listed <= int(day.astype(int))) & (people.left_last > int(day.astype(int)))
    listed = min(int(inside.sum()), held - 1)
    both = int(rng.hypergeometric(listed, held - listed, size))
    cells = {
        "wave": "w",
        "day": str(day),
        "list_size_before": int(totals.count[row]),
        "released_identified": size,
    }
    cells |= {"of_these_on_list": both, "released_counts": "same"}
    waves = stock.ReleaseWaves.from_frame({name: [value] for name, value in cells.items()})
    return stock.CoverageFromReleases().fit(waves)


def main() -> None:
    """Print the table."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in range(N_SYSTEMS):
        system, rng = made(seed), np.random.default_rng([4, seed])
        alone = stock.IntegratedStock(coverage=(0.33, 0.9), n_draws=1000)
        rows.setdefault("stated coverage", []).append(scored(alone.fit(system.stock, seed=1), system))
        for size in LOTS:
            waves = wave(system, size, rng)
            for name, anchors in (("as it is", waves.anchors()), ("who has left taken out", waves)):
                path = MODEL.fit(system.stock, anchors=anchors, seed=1)
                rows.setdefault(f"{size} released, {name}", []).append(scored(path, system))
    print("what | error | cover at 95%")
    for name, found in rows.items():
        error, cover = (float(np.mean([row[k] for row in found])) for k in (0, 1))
        print(f"{name} | {error:.3f} | {cover:.2f}")


if __name__ == "__main__":
    main()
