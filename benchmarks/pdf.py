"""Lists in PDF: rows of documents that were made for it against what was written into them.

`python benchmarks/pdf.py` writes benchmarks/results/pdf.md. The documents are those of tests/pdfs.py.
"""

import resource
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import pdfs  # noqa: E402
from detcount.errors import InputError  # noqa: E402
from detcount.reading.content import Source  # noqa: E402
from detcount.reading.pdf import tables_of_pdf  # noqa: E402
from detcount.reading.tables import read_with_notes  # noqa: E402

GROUPS = {
    "Arabic, Persian, Hebrew": pdfs.RIGHT_TO_LEFT,
    "Cyrillic": ("Cyrillic",),
    "Latin, cells of several lines": ("wrapped",),
    "Latin, numbered lists": ("numbered",),
    "Latin, tables": ("",),
}
LONG = 20_000


def rows_of(content, table=0):
    grid = [*tables_of_pdf(Source("a.pdf", content)).values()][table]
    return grid.rows, " ".join(map(str, grid.notes))


def compared(made):
    """Rows, rows that are right, wrong ones, and of them those without a note that asks to compare."""
    n = right = silent = 0
    for table, rows in enumerate([made.rows, *([made.second] if made.second else [])]):
        found, notes = rows_of(made.content, table)
        same = Counter(map(tuple, found[found.index(rows[0]) :])) & Counter(map(tuple, rows))
        wrong = len(rows) - sum(same.values())
        n, right = n + len(rows) - 1, right + len(rows) - 1 - wrong
        silent += wrong if "Compare" not in notes else 0
    return n, right, silent


def refused(content):
    try:
        tables_of_pdf(Source("a.pdf", content))
    except InputError:
        return True
    return False


def spent():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used), sum(each.ru_maxrss for each in used) >> 10


def main():
    lines = ["# Rows read of PDFs that were made for it", ""]
    lines += ["| documents | how many | rows | right | wrong | of them in silence |", f"|{6 * '---|'}"]
    made = {name: make() for name, make in pdfs.DOCUMENTS.items()}
    left, total = dict(made), [0, 0, 0, 0]
    for group, words in GROUPS.items():
        names = [name for name in left if any(word in name for word in words)]
        found = [compared(left.pop(name)) for name in names]
        n, right, silent = map(sum, zip(*found, strict=True))
        total = [a + b for a, b in zip(total, (len(names), n, right, silent), strict=True)]
        lines.append(f"| {group} | {len(names)} | {n:,} | {right:,} | {n - right} | {silent} |")
    n_made, n, right, silent = total
    lines.append(f"| all | {n_made} | {n:,} | {right:,} | {n - right} | {silent} |")
    scans = [refused(make()) for make in pdfs.SCANS.values()]
    lines += ["", f"Right: {100 * right / n:.2f}% of the rows."]
    lines += [f"Scans, locked and damaged files that are refused: {sum(scans)} of {len(scans)}."]
    content = pdfs.reportlab(pdfs.people(LONG), pdfs.GRID)
    begun, (before, _) = time.monotonic(), spent()
    frame, _ = read_with_notes(Source("a.pdf", content))
    after, memory = spent()
    assert len(frame) == LONG
    lines += [
        f"A ruled table of {LONG:,} rows: {after - before:.0f} seconds of one processor, in both processes "
        f"together at most {memory:,} MB. On the clock {time.monotonic() - begun:.0f} seconds."
    ]
    (ROOT / "benchmarks" / "results" / "pdf.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
