"""Public doors: an answer or an error of the library, whatever stands in the place of what is asked."""

import builtins
import contextlib
import doctest
import importlib
import inspect
import io
import pkgutil
import warnings
from functools import cache, wraps
from types import UnionType
from typing import Any, Union

import pandas as pd
import pytest

import detcount as dc
from detcount.contract.specification import _Known, _read
from detcount.errors import DetcountError, DetcountWarning, InputError
from house import FACES

# Rooms below the errors, whose readers are this library's own modules; and the command.
OF_THE_HOUSE = ("detcount.words", "detcount.errors", "detcount.cli", "detcount.assumptions")
WRONG = {
    "None": None,
    "text": "text",
    "number": 3,
    "nan": float("nan"),
    "list": [1],
    "mapping": {"a": 1},
    "object": object(),
    "frame": pd.DataFrame({"a": [1]}),
    "estimator": dc.abundance.Chapman(),
    "class": dc.abundance.Chapman,
    "table": dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"]),
}


def accepts_anything(kind):
    base, parts = _read(kind)
    one = base in (Any, object) or base.__module__.startswith("numpy")
    return one or (base in (Union, UnionType) and any(map(accepts_anything, parts)))


def kinds_of(method):
    """What a door asks for, by parameter; what can be anything is left to the function."""
    known = _Known(vars(builtins) | inspect.unwrap(method).__globals__)
    kinds = {name: known.kind(each) for name, each in method.__annotations__.items() if name != "return"}
    return [name for name, kind in kinds.items() if not accepts_anything(kind)]


@cache
def doors():
    """Public functions and methods by name, each with the class that has it, or None."""
    found = {}
    for face in map(importlib.import_module, FACES):
        for item in (getattr(face, name) for name in face.__all__):
            home = getattr(item, "__module__", "")
            if home.startswith("detcount") and not home.startswith(OF_THE_HOUSE):
                held = vars(item).items() if inspect.isclass(item) else [("", item)]
                methods = {name: getattr(one, "__func__", one) for name, one in held}
                found |= {
                    (f"{home}.{item.__name__}", name): (item if name else None, method)
                    for name, method in methods.items()
                    if inspect.isfunction(method) and (name == "__init__" or name[:1] != "_")
                }
    return dict(sorted(found.items()))


def test_a_door_refuses_what_it_does_not_ask_for(subtests):
    """Before it looks at its other arguments, and by the name of the parameter."""
    asked = 0
    for (name, part), (owner, method) in doors().items():
        for parameter in kinds_of(method) if part != "__init__" else ():
            asked += 1
            several = inspect.signature(method).parameters[parameter].kind is inspect.Parameter.VAR_POSITIONAL
            given = {} if several else {parameter: object()}
            of_whom = [] if owner is None else [None]
            with (
                subtests.test(f"{name} {part}: {parameter}"),
                pytest.raises(InputError, match=f"{parameter}|^source: "),
            ):
                method(*of_whom, *([object()] if several else []), **given)
    assert asked > 300


QUICK = "abundance.identification abundance.priors data.captures data.published.cases data.repeated "
QUICK += "simulate.populations"


@cache
def valid_calls(examples):
    """A valid call of each door that the examples of docstrings of some modules come to."""
    calls, depth = {}, [0]

    def recorded(key, method):
        @wraps(method)
        def called(*args, **given):
            depth[0] += 1
            try:
                return method(*args, **given)
            finally:
                depth[0] -= 1
                if key not in calls or (depth[0] == 0 and calls[key][0]):
                    calls[key] = (depth[0], method, args, given)

        return called

    names = [module.name for module in pkgutil.walk_packages(dc.__path__, "detcount.")]
    modules = [dc, *(importlib.import_module(name) for name in names if "__main__" not in name)]
    with pytest.MonkeyPatch.context() as patch:
        for key, (owner, method) in doors().items():
            if owner is None:
                for module in modules:
                    for name, held in list(vars(module).items()):
                        if held is method:
                            patch.setattr(module, name, recorded(key, method))
            elif not issubclass(owner, BaseException):
                held = vars(owner)[key[1]]
                within = isinstance(held, (classmethod, staticmethod))
                patch.setattr(
                    owner, key[1], type(held)(recorded(key, method)) if within else recorded(key, method)
                )
        runner = doctest.DocTestRunner(verbose=False)
        for module in map(importlib.import_module, (f"detcount.{name}" for name in examples.split())):
            with contextlib.redirect_stdout(io.StringIO()):
                for test in doctest.DocTestFinder(exclude_empty=True).find(module):
                    runner.run(test, out=lambda text: None)
    return calls


def outcome(key, method, args, given):
    """What comes of a call: nothing to say, or what is wrong with it."""
    if key[1] == "__init__":
        args = (object.__new__(doors()[key][0]), *args[1:])
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            method(*args, **given)
    except (DetcountError, DetcountWarning) as error:
        return "" if "nobody expected" not in str(error) else str(error)
    except OSError as error:
        return "" if error.filename else str(error)  # there is no such file
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    return ""


def everything():
    """The names of all modules."""
    names = (module.name for module in pkgutil.walk_packages(dc.__path__, "detcount."))
    return " ".join(name.removeprefix("detcount.") for name in names if "__main__" not in name)


@pytest.mark.parametrize("label", WRONG)
@pytest.mark.parametrize(
    ("examples", "fewest"),
    [pytest.param(QUICK, 25, id="quick"), pytest.param(everything(), 150, marks=pytest.mark.slow, id="all")],
)
def test_something_of_a_wrong_kind_has_an_answer_or_an_error_of_the_library(
    examples, fewest, label, tmp_path, monkeypatch
):
    """But for None where it stands if nothing is given, and a seed and workers that are numbers."""
    monkeypatch.chdir(tmp_path)  # what "text" names
    calls, found = valid_calls(examples), {}
    for key, (_, method, args, given) in calls.items():
        signature = inspect.signature(method)
        for parameter in signature.parameters.values():
            asked = label == "number" and parameter.name in ("seed", "n_jobs")
            if parameter.name in ("self", "cls") or asked or WRONG[label] is parameter.default:
                continue
            changed = signature.bind(*args, **given)
            several = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            changed.arguments[parameter.name] = (WRONG[label],) if several else WRONG[label]
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                if said := outcome(key, method, changed.args, changed.kwargs):
                    found[".".join(key), parameter.name] = said
    assert len(calls) > fewest
    assert found == {}
