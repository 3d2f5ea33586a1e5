"""Specifications: the repr is the methods sentence."""

import pickle
import re
from dataclasses import FrozenInstanceError, field
from functools import partial
from typing import Annotated, ClassVar

import numpy as np
import pytest

from detcount import CaptureTable, assess, odds_ratio_curve
from detcount.abundance import Chapman, LogLinear
from detcount.contract.arguments import Proportion, whole_number
from detcount.contract.specification import checked, specification
from detcount.errors import InputError, InputTypeError


@specification
class Option:
    size: int = 10


@specification
class Method:
    groups: tuple[tuple[str, ...], ...] = ()
    factor: float = 1.0
    option: Option = Option()
    extra: dict = field(default_factory=dict)
    made: str = field(default="derived", init=False)

    def __post_init__(self):
        object.__setattr__(self, "made", f"from {self.factor}")


@specification
class Needs:
    cap: float


@checked(kw_only=True)
class Part:
    days: Annotated[int | None, partial(whole_number, least=1)] = None
    share: Proportion = 0.5
    _where: ClassVar[str] = "Part: "

    def __post_init__(self):
        if self.days == 7:
            raise InputError("after the others")


SAID = {
    "Method()": Method(),
    "Method(groups=(('a', 'b'), ('c',)))": Method(groups=(("a", "b"), ("c",))),
    "Method(factor=2.5)": Method(factor=np.float64(2.5)),
    "Method(option=Option(size=7))": Method(option=Option(7)),
    "Method(groups=(('a', 'b'),), factor=float('inf'))": Method(groups=((np.str_("a"), "b"),), factor=np.inf),
    "Needs(cap=5)": Needs(5),
    "Needs(cap=float('nan'))": Needs(np.nan),
    "Method(extra={'x': 1})": Method(extra={"x": 1}),
}


@pytest.mark.parametrize(("text", "made"), SAID.items(), ids=SAID.keys())
def test_the_repr_leaves_out_defaults_and_can_be_evaluated(text, made):
    assert repr(made) == text
    again = eval(text, {"Method": Method, "Option": Option, "Needs": Needs})
    assert repr(again) == text
    if "nan" not in text:
        assert again == made
        assert pickle.loads(pickle.dumps(made)) == made


def test_specifications_are_values():
    assert repr(Method(factor=1.0, option=Option(10))) == "Method()"
    assert Option() != Method()
    assert len({Option(3), Option(3), Option(4)}) == 2
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'size'"):
        Option().size = 3


def test_declared_fields_are_checked_in_their_order_and_before_those_that_depend_on_each_other():
    types = [*Part.__init__.__annotations__.values(), Chapman.__init__.__annotations__["interval"]]
    assert types == ["int | None", "float", None, "LogNormal | Hypergeometric"]
    made = Part(days=np.float64(3), share=1)
    assert (type(made.days), type(made.share), Part().days) == (int, float, None)
    with pytest.raises(InputError, match="Part: days: expected a whole number of at least 1, got 0"):
        Part(days=0, share=2)
    with pytest.raises(InputError, match="after the others"):
        Part(days=7)


BY_OTHER_NAMES = {
    "LogLinear: no argument 'random_state'. Write fit(data, seed=0)": lambda table: LogLinear(random_state=1),
    "LogLinear.fit: no argument 'random_state'. Write seed=0": lambda table: LogLinear().fit(
        table, random_state=1
    ),
    "AbundanceEstimate.interval: no argument 'alpha'. Write level=1 - alpha": lambda table: (
        LogLinear().fit(table).interval(alpha=0.05)
    ),
    "Result.summary: no argument 'lang'. Write summary().translated(lang)": lambda table: (
        LogLinear().fit(table).summary(lang="es")
    ),
    "LogLinear.fit: no argument 'X'. Write table=table": lambda table: LogLinear().fit(X=table),
    "assess: no argument 'disclosure'. Write assess(table).public()": lambda table: assess(
        table, disclosure="public"
    ),
    "estimate: expected AbundanceEstimate, got LogLinear. Fit it first: estimator.fit(table)": lambda table: (
        odds_ratio_curve(LogLinear())
    ),
}


@pytest.mark.parametrize("said", BY_OTHER_NAMES)
def test_arguments_by_other_names_are_refused_with_ours(said):
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    with pytest.raises(InputTypeError, match=f"^{re.escape(said)}$"):
        BY_OTHER_NAMES[said](table)


def test_arguments_that_nobody_knows_are_refused_as_python_does():
    with pytest.raises(TypeError, match="unexpected keyword argument 'nobodys'"):
        LogLinear(nobodys=1)
    with pytest.raises(TypeError, match="unexpected keyword argument 'alpha'"):
        LogLinear(alpha=1)
