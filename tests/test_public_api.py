"""The public names: all documented, each estimator with a reference, each repr a specification."""

import builtins
import dataclasses
import importlib
import inspect
import pickle
import re
import sys
from pathlib import Path

import pytest

import detcount
from cases import tables
from detcount import abundance, errors
from detcount.estimates import Estimator
from house import FACES, fenced

ROOT = Path(__file__).parent.parent
REFERENCE_TESTS = sorted((ROOT / "tests" / "reference").glob("test_*.py"))


@dataclasses.dataclass(frozen=True)
class Told:
    """A classifier of a user, who names it in a specification."""

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return [[0.4, 0.4, 0.2]] * len(X)


# One specification or more for every class, with each option away from its default at least once.
MADE_OF = dict(vars(abundance)) | {"Told": Told, "Operates": detcount.Operates}
VARIANTS = [eval(written, MADE_OF) for written in tables("specifications")["variants"]]
# Defaults that depend on another option, and are said once they are known.
FILLED_IN = {abundance.Heterogeneity: "Heterogeneity(form='Chao')"}
CLASSES = [getattr(abundance, name) for name in abundance.__all__]
ESTIMATORS = [cls for cls in CLASSES if hasattr(cls, "fit")]


@pytest.mark.parametrize("module", [detcount, abundance, errors], ids=lambda module: module.__name__)
def test_all_is_sorted_and_complete(module):
    names = list(module.__all__)
    assert names == sorted(set(names))
    unlisted = {
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__.startswith(module.__name__) and name[0] != "_"
    }
    assert unlisted <= set(names)


@pytest.mark.parametrize("name", ["", *(name for name in detcount.__all__ if name.islower())])
def test_completion_shows_public_names_and_no_modules_within(name):
    module = getattr(detcount, name) if name else detcount
    if inspect.ismodule(module):
        assert set(dir(module)) - {"__version__"} == set(module.__all__)


def test_a_name_of_a_room_is_found_from_outside():
    with pytest.raises(AttributeError, match=r"no attribute 'Chapman'. Write dc\.abundance\.Chapman$"):
        detcount.Chapman  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'nobodys'$"):
        detcount.nobodys  # noqa: B018


def test_estimators_are_those_of_the_table_in_choosing():
    text = (ROOT / "docs" / "choosing.md").read_text(encoding="utf-8")
    table = text.split("\n## All estimators\n", 1)[1].split("\n## ", 1)[0]
    documented = re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)
    assert sorted(documented) == sorted(cls.__name__ for cls in ESTIMATORS)


# Public without standing in a page: what scripts catch.
FOR_SCRIPTS = {*errors.__all__, "CoverageEstimate"}


def test_public_names_stand_in_the_code_of_readme_pages_and_notebooks():
    texts = [fenced(page) for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "examples").glob("*.py")]
    written = {word for text in texts for word in re.findall(r"[^\W\d]\w*", text)}
    public = {name for face in FACES for name in importlib.import_module(face).__all__}
    assert public - FOR_SCRIPTS - written - {*tables("laws")["public names in no code"]} == set()


def test_estimator_has_a_reference_from_outside(subtests):
    for estimator in ESTIMATORS:
        with subtests.test(estimator.__name__):
            used = re.compile(rf"\b{estimator.__name__}\b")
            files = [path.name for path in REFERENCE_TESTS if used.search(path.read_text(encoding="utf-8"))]
            assert files, f"no test in tests/reference uses {estimator.__name__}"


def test_estimator_keeps_the_protocol(subtests):
    for estimator in ESTIMATORS:
        with subtests.test(estimator.__name__):
            signature = inspect.signature(estimator.fit)
            data, seed = list(signature.parameters.values())[1:]
            assert data.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
            assert (seed.name, seed.kind, seed.default) == ("seed", inspect.Parameter.KEYWORD_ONLY, 0)
            instance = next(spec for spec in VARIANTS if isinstance(spec, estimator))
            assert isinstance(instance, Estimator)


def test_every_class_and_every_option_has_a_variant():
    assert {type(spec) for spec in VARIANTS} == set(CLASSES)
    for cls in CLASSES:
        moved = {
            field.name
            for spec in VARIANTS
            if isinstance(spec, cls)
            for field in dataclasses.fields(spec)
            if getattr(spec, field.name) != field.default
        }
        assert moved == {field.name for field in dataclasses.fields(cls)}, cls.__name__


def test_repr_makes_the_specification_again(subtests):
    for spec in VARIANTS:
        with subtests.test(repr(spec)):
            again = pickle.loads(pickle.dumps(eval(repr(spec), MADE_OF)))
            assert again == spec
            assert repr(again) == repr(spec)
            assert hash(again) == hash(spec)
            assert type(again) is type(spec)


def test_specification_is_frozen_and_says_its_defaults_by_silence(subtests):
    for cls in CLASSES:
        with subtests.test(cls.__name__):
            spec = next(spec for spec in VARIANTS if isinstance(spec, cls))
            with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
                spec.anything = 1
            if all(field.default is not dataclasses.MISSING for field in dataclasses.fields(cls)):
                assert repr(cls()) == FILLED_IN.get(cls, f"{cls.__name__}()")


def test_no_public_name_shadows_a_builtin():
    named = [getattr(detcount, name) for name in detcount.__all__]
    modules = [detcount, *(value for value in named if inspect.ismodule(value))]
    public = {name for module in modules for name in getattr(module, "__all__", ())}
    assert public.isdisjoint(dir(builtins))


def test_a_public_name_is_imported_when_it_is_asked_for():
    assert set(detcount.__all__) <= set(dir(detcount))
    assert sys.modules["detcount.assessment"].assess is detcount.assess
    assert detcount.io.read_frame.__module__ == "detcount.reading.tables"


def test_version_is_looked_up_when_asked_for():
    assert re.fullmatch(r"\d+\.\d+\.\d+", detcount.__version__)
    with pytest.raises(AttributeError, match="module 'detcount' has no attribute 'nothing'"):
        detcount.nothing  # noqa: B018
