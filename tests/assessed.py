"""Assessments that many tests look at, made once in a run."""

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
def assessed(name: str) -> Assessment:
    return assess(datasets.load(name))


@cache
def assessed_quickly(name: str) -> Assessment:
    """The same without latent classes."""
    return assess(datasets.load(name), families=QUICK)
