"""Ten million persons by six lists into a capture table: CPU time and memory, beside pandas and polars.

    python benchmarks/tabulate.py            # writes benchmarks/results/tabulate.md
    python benchmarks/tabulate.py --rows 1000000 --out -

Each case runs in a process of its own. Time is CPU time, the least of three runs, one thread. Memory is
what the process needs beyond the input: the rise of the resident set (where the system tells it) and of
what tracemalloc sees. The baselines count the same rows in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "tabulate.md"
LISTS = ["press", "court", "families", "monitor", "union", "registry"]
SHARES = [0.30, 0.22, 0.41, 0.17, 0.12, 0.35]
CASES = [
    ("pandas", "int64"),
    ("pandas", "int8"),
    ("pandas", "bool"),
    ("pandas", "float64"),
    ("polars", "int64"),
    ("polars", "int8"),
    ("polars", "bool"),
    ("memberships pandas", "int64"),
    ("memberships pandas", "text"),
    ("memberships polars", "text"),
    ("strata of Parquet", "int8"),
]
N_STRATA = 50
MOST_SECONDS = 1.5  # for persons by lists
MOST_MEMORY = 2.0  # times the input, the input itself included


def person_rows(rows: int):
    """Marks of persons on lists; nobody is on none."""
    import numpy as np

    rng = np.random.default_rng(20261124)
    marks = np.empty((6, rows), dtype=bool)
    for k, share in enumerate(SHARES):
        marks[k] = rng.random(rows, dtype=np.float32) < share
    marks[2] |= ~marks.any(axis=0)
    return marks


def make_frame(library: str, dtype: str, rows: int):
    """The input, and its size in bytes."""
    import numpy as np
    import pandas as pd
    import polars as pl

    kind = library.split()[-1]
    if kind == "Parquet":
        return parquet_rows(rows)
    if library.startswith("memberships"):
        marks = person_rows(rows // 2)
        who, which = np.nonzero(marks.T)
        keep = np.random.default_rng(3).permutation(min(len(who), rows))
        columns = {"person": who[keep], "list": np.array(LISTS)[which[keep]]}
        if dtype == "text":
            columns["person"] = np.char.add("P", columns["person"].astype(str))
    else:
        columns = {name: row.astype(dtype) for name, row in zip(LISTS, person_rows(rows), strict=True)}
    if kind == "pandas":
        frame = pd.DataFrame(columns)
        return frame, int(frame.memory_usage(index=False, deep=False).sum())
    frame = pl.DataFrame(columns)
    return frame, int(frame.estimated_size())


def parquet_rows(rows: int):
    """Strata and marks in a folder of Parquet, and the size of the columns in memory."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(tempfile.mkdtemp())
    names = pa.array([f"place {k:02d}" for k in range(N_STRATA)])
    step = 1_000_000
    for part, start in enumerate(range(0, rows, step)):
        n_rows = min(step, rows - start)
        which = np.random.default_rng(part).integers(0, N_STRATA, n_rows, dtype=np.int8)
        place = pa.DictionaryArray.from_arrays(pa.array(which), names).cast(pa.string())
        marks = {name: row.astype(np.int8) for name, row in zip(LISTS, person_rows(n_rows), strict=True)}
        pq.write_table(pa.table({"place": place, **marks}), folder / f"part {part:03d}.parquet")
    return folder, rows * (len(LISTS) + 8)


def by_hand(library: str, dtype: str, data):
    """The same counts without our checks, by the library or by numpy."""
    import numpy as np
    import polars as pl

    if library == "strata of Parquet":
        return pl.scan_parquet(data / "*.parquet").group_by("place", *LISTS).len().collect(engine="streaming")
    if (library, dtype) == ("memberships pandas", "int64"):
        return data.groupby("person").size()
    if library.startswith("memberships"):
        data = data if isinstance(data, pl.DataFrame) else pl.from_pandas(data)
        bits = {name: 1 << k for k, name in enumerate(LISTS)}
        bit = pl.col("list").replace_strict(bits, return_dtype=pl.Int64).sum()
        return data.group_by("person").agg(bit).group_by("list").len()
    if (library, dtype) == ("pandas", "bool"):
        codes = np.zeros(len(data), dtype=np.uint8)
        for k, name in enumerate(LISTS):
            codes |= data[name].to_numpy().view(np.uint8) << np.uint8(k)
        return np.bincount(codes, minlength=1 << len(LISTS))
    return data.value_counts() if library == "pandas" else data.group_by(LISTS).len()


def resident(field: str) -> int | None:
    """Bytes of the resident set from the system: VmRSS now, VmHWM at its height."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    except OSError:
        return None
    return None


def least_cpu(call, repeats: int = 3) -> float:
    """CPU seconds of the fastest run."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
    return min(seconds)


def measure(library: str, dtype: str, rows: int) -> dict[str, object]:
    """One case, in a process of its own."""
    from detcount import CaptureTable
    from detcount.strata import stratify

    frame, n_bytes = make_frame(library, dtype, rows)
    memberships = library.startswith("memberships")

    def ours(data):
        if memberships:
            return CaptureTable.from_memberships(data, person="person", list="list", lists=LISTS)
        if library == "strata of Parquet":
            return stratify(data, by="place", lists=LISTS)
        return CaptureTable.from_frame(data, lists=LISTS)

    of_strata = library == "strata of Parquet"

    def baseline(data):
        return by_hand(library, dtype, data)

    first = make_frame(library, dtype, 1000)[0] if of_strata else frame.head(1000)
    ours(first), baseline(first)  # imports and first calls
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")  # forget the height of the resident set
    before = resident("VmRSS")
    found = ours(frame)
    n_observed = sum(table.n_observed for table in found.values()) if of_strata else found.n_observed
    height = resident("VmHWM")
    seconds = least_cpu(lambda: ours(frame))
    base_seconds = least_cpu(lambda: baseline(frame), repeats=1 if memberships else 3)
    tracemalloc.start()
    ours(frame)
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    if of_strata:
        shutil.rmtree(frame), shutil.rmtree(first)
    return {
        "library": library,
        "dtype": dtype,
        "rows": rows if of_strata else len(frame),
        "n_observed": n_observed,
        "bytes": n_bytes,
        "seconds": seconds,
        "baseline_seconds": base_seconds,
        "resident": None if before is None or height is None else max(0, height - before),
        "traced": traced,
    }


def table(cases: list[dict]) -> str:
    """The results as Markdown."""
    import numpy as np
    import pandas as pd
    import polars as pl

    lines = [
        "# Tabulating persons by lists",
        "",
        f"{cases[0]['rows']:,} persons by 6 lists; one thread; `python benchmarks/tabulate.py`. "
        f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}, "
        f"polars {pl.__version__}.",
        "",
        "Targets for persons by lists: under 1.5 s of CPU time, and less than twice the input in memory, "
        "the input included.",
        "",
        "| input | MB | `CaptureTable` CPU s | baseline | baseline CPU s | ratio | peak beyond the input, MB "
        "(resident / traced) | input + peak, times the input | targets |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for case in cases:
        mb = case["bytes"] / 1e6
        peak = max(case["traced"], case["resident"] or 0)
        times = 1 + peak / case["bytes"]
        rows_of_lists = case["library"] in ("pandas", "polars")
        met = case["seconds"] < MOST_SECONDS and times < MOST_MEMORY
        name = {
            "pandas": "`frame.value_counts()`",
            "polars": "`frame.group_by(lists).len()`",
            "memberships pandas": "as polars, and then as below",
            "memberships polars": "bits summed by person, and persons counted by sum, in polars",
            "strata of Parquet": "`pl.scan_parquet(...).group_by(place, *lists).len()`",
        }[case["library"]]
        if (case["library"], case["dtype"]) == ("pandas", "bool"):
            name = "shifts into bytes and `bincount`, in numpy"
        if (case["library"], case["dtype"]) == ("memberships pandas", "int64"):
            name = '`frame.groupby("person").size()`'
        shown = "-" if case["resident"] is None else f"{case['resident'] / 1e6:.1f}"
        lines.append(
            f"| {case['library']}, {case['dtype']} | {mb:.1f} | {case['seconds']:.3f} | {name} | "
            f"{case['baseline_seconds']:.3f} | {case['baseline_seconds'] / case['seconds']:.1f} | "
            f"{shown} / {case['traced'] / 1e6:.1f} | {times:.2f} | "
            f"{('met' if met else 'MISSED') if rows_of_lists else 'none set'} |"
        )
    lines += [
        "",
        "The ratio is how many times longer the baseline takes. `value_counts` and `group_by` count the "
        "same rows without checking that values are 0 or 1, that none is missing and that everybody is on "
        f"a list. Memberships are {cases[-2]['rows']:,} rows of (person, list); where persons are numbers "
        "the baseline, in pandas, only counts the rows of each person. Strata are "
        f"{N_STRATA}, and their rows stay in the files: "
        "their size is that of the columns in memory, which nobody makes. Resident memory that the process "
        "already held is used again, so the "
        "larger of the two figures counts.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen")
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case is not None:
        print(json.dumps(measure(*CASES[options.case], options.rows)))
        return
    threads = dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    cases = []
    for number, _ in enumerate(CASES):
        command = [sys.executable, __file__, "--rows", str(options.rows), "--case", str(number)]
        run = subprocess.run(
            command, env={**os.environ, **threads}, capture_output=True, text=True, check=True
        )
        cases.append(json.loads(run.stdout))
    text = table(cases)
    if options.out == "-":
        print(text)
    else:
        Path(options.out).write_text(text, encoding="utf-8")
        print(text)


if __name__ == "__main__":
    main()
