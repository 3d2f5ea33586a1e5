"""Printed pages on other processors: the same words and numbers under other kernels of linear algebra.

OpenBLAS takes the kernel of an older processor where it is asked to, and numpy leaves out instructions. Both
change the last bits of sums, exponentials and logarithms, as another processor would.
"""

import os
import platform
import subprocess
import sys

import numpy as np
import pytest

pytestmark = pytest.mark.slow

PAGES = [
    ["assess", "--dataset", "kosovo"],
    ["releases", "--dataset", "exchange_releases_2025"],
    ["stock", "--dataset", "venezuela_stock_2017"],
]
CHAINS = ("hare", "korea", "artificial_3")
SCRIPT = f"""
import hashlib
import numpy as np
import detcount as dc
from detcount.cli import main
for words in {PAGES!r}:
    assert main(words) == 0
for name in {CHAINS!r}:
    estimate = dc.abundance.LatentClass().fit(dc.datasets.load(name), seed=1)
    print(name, hashlib.sha256(estimate.draws.tobytes()).hexdigest())
print(float(np.exp(np.linspace(-3, 3, 1001)) @ np.log(np.linspace(1, 3, 1001))).hex())
"""


def features():
    """Instructions that numpy knows, and whether this processor has them."""
    from numpy._core import _multiarray_umath as inside

    return {name: bool(inside.__cpu_features__.get(name)) for name in inside.__cpu_dispatch__}


def kernels():
    """Kernels that this processor can take, the plainest first, with what numpy is to leave out."""
    here = [name for name, has in features().items() if has]
    wide = [name for name in here if "512" in name or name == "X86_V4"]
    found = [{"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": " ".join(here)}]
    if wide:
        found.append({"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": " ".join(wide)})
    return found


def start(more):
    """Print the pages in a process of its own."""
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, **one, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the kernels are of x86-64")
def test_pages_are_the_same_under_other_kernels():
    running = [start(more) for more in ({}, *kernels())]
    answers = []
    for process in running:
        out, said = process.communicate(timeout=900)
        assert process.returncode == 0, said[-2000:]
        answers.append(out.splitlines())
    usual, *others = answers
    assert len(usual) > 200
    for other in others:
        assert other[:-1] == usual[:-1]
    if np.any([*features().values()]):
        # the kernels were other ones: the last bits of a plain sum moved
        assert {other[-1] for other in others} != {usual[-1]}
