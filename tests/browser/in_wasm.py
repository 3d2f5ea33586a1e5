"""Run pytest where only Python, numpy, scipy, pandas and matplotlib are compiled; read by `wasm.mjs`."""

import os
import sys


class NotCompiled:
    """Libraries of the environment that are compiled for another machine are not there."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("polars", "pyarrow", "duckdb", "lxml", "docx", "hypothesis"):
            raise ModuleNotFoundError(name)


sys.dont_write_bytecode = True
sys.meta_path.insert(0, NotCompiled())
sys.path[:0] = ["/repository/src", "/repository/tests"]
sys.path.append("/site")
os.chdir("/repository")

import pytest  # noqa: E402

int(pytest.main(list(WORDS)))  # noqa: F821
