"""Assessments that many tests look at, made once in a run."""

import time
from functools import cache, partial

from detcount import datasets
from detcount.assessment import FAMILIES, Assessment, assess
from detcount.assessment.abundance.verdict import RULES, Evidence
from detcount.assessment.common.verdict import apply_rules

# Against such evidence no rule speaks.
FAIR = Evidence(
    n_lists=3,
    empty_lists=(),
    n_shared=50,
    sample_coverage=0.7,
    n_claims=4,
    unlisted_per_listed=1.2,
    disagreement=1.3,
)
found_by = partial(apply_rules, rules=RULES)

# Every family but the latent classes, whose chains take most of the time.
QUICK = tuple(family.key for family in FAMILIES if family.key != "latent class")


@cache
def _timed(name: str) -> tuple[Assessment, float]:
    """An assessment, and the CPU seconds it took."""
    start = time.process_time()
    return assess(datasets.load(name)), time.process_time() - start


def assessed(name: str) -> Assessment:
    """Assess a table that ships."""
    return _timed(name)[0]


def seconds_of(name: str) -> float:
    """CPU seconds that it took to assess a table."""
    return _timed(name)[1]


@cache
def assessed_quickly(name: str) -> Assessment:
    """The same without latent classes."""
    return assess(datasets.load(name), families=QUICK)
