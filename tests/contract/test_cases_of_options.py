"""Options that cannot be: each is refused when it is written down, in both languages, with what was expected.

The cases stand in `cases_of_options.json`; DETCOUNT_WRITE_GOLDEN=1 writes what is found again.
"""

import datetime
import importlib
from pathlib import Path

import numpy as np
import pytest

from cases import stored, wanted
from detcount.errors import InputError, error_text
from house import FACES
from templates import words_left

CASES = Path(__file__).with_name("cases_of_options.json")
STORED = stored(CASES)
PUBLIC = {name: getattr(face, name) for face in map(importlib.import_module, FACES) for name in face.__all__}
PUBLIC |= {"datetime": datetime, "array": np.array, "nan": np.nan, "inf": np.inf}


@pytest.mark.parametrize("name", STORED)
def test_each_case_is_refused(name):
    with pytest.raises((InputError, TypeError)) as refused:
        eval(name, dict(PUBLIC))
    spanish = error_text(refused.value, "es")
    found = [type(refused.value).__name__, str(refused.value), spanish]
    assert found == wanted(CASES, STORED, name, found)
    assert words_left(spanish, "es") <= {*STORED[name].get("names", ())}
