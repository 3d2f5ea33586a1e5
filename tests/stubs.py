"""An estimator that answers what a function of the data and the seed says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from detcount.assumptions import Assumption
from detcount.estimates import AbundanceEstimate, LogNormalRule, PercentileRule


@dataclass(frozen=True)
class Stub:
    """A number, or the fields of an estimate; what they leave out are limits of the draws, or log-normal."""

    function: Callable[..., Any] | None = field(default=None, repr=False)
    assumes: Any = field(default=(Assumption.CLOSED_POPULATION,), repr=False)
    references: Any = field(default=(), repr=False)

    def fit(self, data: Any, *, seed: int = 0) -> AbundanceEstimate:
        assert self.function is not None
        said = self.function(data, seed)
        made = said if isinstance(said, dict) else {"point": said}
        rule = (
            PercentileRule(made["draws"]) if "draws" in made else LogNormalRule(90.0, 400.0, data.n_observed)
        )
        known = {"n_observed": data.n_observed, "estimator": self, "digest": data.digest, "seed": seed}
        return AbundanceEstimate(**{"interval_rule": rule, **known, **made})
