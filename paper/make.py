"""Make the references of the paper from those of the library, and its figure from a stored benchmark.

    python paper/make.py

`paper.bib` has the papers that `paper.md` cites, as `detcount.cite` writes them. `figure.png` draws the share
of populations of known size that nominal 95% intervals cover, from `benchmarks/results/known_truth.md`.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE.parent / "benchmarks" / "results" / "known_truth.md"
TABLE = "The first 28 cases, beside R packages at their defaults, run once; tables count alike:"
OURS, OTHERS = "#1f5a7a", "#b9b9b9"
FEWEST = 20  # of the 28 cases: estimators that decline more have a cover of another population


def cited(text: str) -> list[str]:
    """Find the keys that a paper cites."""
    return sorted(set(re.findall(r"@([a-z]+\d{4})", text)))


def bibliography(keys: list[str]) -> str:
    """Write BibTeX entries of papers that the library knows by these keys."""
    from detcount import cite
    from detcount.contract import references

    known = {paper.key: paper for paper in references.papers().values()}
    entries = cite("bibtex", references=tuple(known[key] for key in keys))
    return entries[entries.index("@", 1) :].strip() + "\n"  # without that of the library itself


def covers(text: str) -> dict[str, float]:
    """Read the cover at 95% of each estimator that answers most cases; those of detcount are in backticks."""
    table = text.split(TABLE, 1)[1].strip().split("\n\n")[0].splitlines()
    names = [name.strip() for name in table[0].strip("|").split("|")]
    found = {}
    for line in table[2:]:
        row = dict(zip(names, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
        if int(row["cases"]) >= FEWEST:
            found[row["estimator"]] = float(row["cover 95%"])
    return found


def draw(found: dict[str, float], path: Path) -> None:
    """Draw the covers as bars, those of R packages in grey, with a line at what is promised."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted(found, key=found.__getitem__)
    figure, axes = pyplot.subplots(figsize=(7, 0.28 * len(names) + 0.8), layout="constrained")
    colours = [OURS if name.startswith("`") else OTHERS for name in names]
    bars = axes.barh([name.strip("`") for name in names], [found[name] for name in names], color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
    axes.axvline(0.95, color="black", linewidth=0.8)
    axes.set(xlim=(0, 1.08), xlabel="share covered by nominal 95% intervals (line: 0.95)")
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=130, metadata={"Software": None})
    pyplot.close(figure)


if __name__ == "__main__":
    keys = cited((HERE / "paper.md").read_text(encoding="utf-8"))
    (HERE / "paper.bib").write_text(bibliography(keys), encoding="utf-8")
    draw(covers(RESULTS.read_text(encoding="utf-8")), HERE / "figure.png")
