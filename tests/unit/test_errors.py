"""Errors and assumptions: one root, what they carry, and a clause each that every language can say."""

import errno
import os
import pickle
import sys
import warnings

import pytest

from detcount import errors
from detcount.assumptions import Assumption
from detcount.words import Message
from templates import words_left

RAISED = [
    errors.InputError("list 'court', data row 2: expected 0 or 1, got 2"),
    errors.NotEstimableError("Chapman", "needs exactly 2 lists, got 4", "Merge the lists into two."),
    errors.ConvergenceError("the fit did not converge", last=[1.5, 2.5]),
    errors.MissingExtraError("reading Excel", "excel"),
]
BUILTINS = [ValueError, ValueError, RuntimeError, ImportError]


@pytest.mark.parametrize(("error", "builtin"), list(zip(RAISED, BUILTINS, strict=True)))
def test_each_error_is_ours_and_a_builtin(error, builtin):
    assert isinstance(error, errors.DetcountError)
    assert isinstance(error, builtin)


@pytest.mark.parametrize("error", RAISED)
def test_errors_cross_processes(error):
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)


def test_what_errors_say_and_carry():
    declined = RAISED[1]
    assert str(declined) == "Chapman: needs exactly 2 lists, got 4. Merge the lists into two."
    assert (declined.estimator, declined.reason) == ("Chapman", "needs exactly 2 lists, got 4")
    assert declined.remedy == "Merge the lists into two."
    assert str(RAISED[2]) == "the fit did not converge"
    assert RAISED[2].last == [1.5, 2.5]
    assert errors.ConvergenceError("stopped").last is None
    said = "reading Excel needs libraries that are not installed. Install them with: "
    assert str(RAISED[3]) == said + errors.install_command("excel")
    assert RAISED[3].extra == "excel"


def test_in_a_browser_nothing_is_asked_to_be_installed(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    said = "reading Excel needs libraries that a browser does not have. Do it where detcount is installed"
    assert str(RAISED[3]).startswith(said)
    assert "pip" not in errors.error_text(RAISED[3], "es")


def test_warnings_have_one_root():
    for name in errors.__all__:
        if name.endswith("Warning"):
            category = getattr(errors, name)
            assert issubclass(category, errors.DetcountWarning)
            with pytest.warns(errors.DetcountWarning, match="two lists share nobody"):
                warnings.warn("two lists share nobody", category, stacklevel=1)


def test_advice_for_readers_names_no_code():
    declined = errors.NotEstimableError(
        "Chapman", "list 'x' names nobody", "Use table.drop('x').", advice="Leave it out."
    )
    assert RAISED[1].advice == RAISED[1].remedy
    assert str(declined) == "Chapman: list 'x' names nobody. Use table.drop('x')."
    other = pickle.loads(pickle.dumps(declined))
    assert (other.remedy, other.advice) == ("Use table.drop('x').", "Leave it out.")


def test_errors_are_said_in_a_language():
    lacks = errors.NotEstimableError(
        "Chapman",
        Message("needs exactly {needed} lists, got {found}", needed=2, found=3),
        Message("Leave it out."),
    )
    assert errors.error_text(lacks) == str(lacks)
    assert errors.error_text(lacks, "es") == "Chapman: necesita exactamente 2 listas y hay 3. Déjela fuera."
    note = Message("list {name!r} names nobody", name="people with visas")
    for kind in (errors.InputError, errors.ConvergenceError, TypeError):
        again = pickle.loads(pickle.dumps(kind(note)))
        assert str(again) == note
        assert errors.error_text(again, "es") == "la lista 'people with visas' no incluye a nadie"
    assert errors.error_text(OSError(2, "No such file"), "es") == "[Errno 2] No such file"
    assert errors.error_text(KeyError(), "es") == ""
    away = pickle.loads(pickle.dumps(FileNotFoundError(2, Message("Leave it out."), "it's.html")))
    assert errors.error_text(away) == str(away)
    for code in (errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOSPC):
        of_system = OSError(code, os.strerror(code), "people.csv")
        assert errors.error_text(of_system) == str(of_system)
        assert words_left(errors.error_text(of_system, "es").replace("Errno", ""), "es") == set()
    assert errors.error_text(away, "es") == '[Errno 2] Déjela fuera.: "it\'s.html"'


@pytest.mark.parametrize("assumption", Assumption)
def test_each_is_a_sentence_in_both_languages(assumption):
    english, spanish = str(assumption), assumption.sentence.translated("es")
    for sentence in (english, spanish):
        assert sentence == sentence.strip()
        assert not sentence.endswith(".")
        assert sentence[0].islower()
        assert len(sentence.split()) > 5
    assert english != spanish
    assert assumption.sentence == english
    assert pickle.loads(pickle.dumps(assumption)) is assumption


def test_no_two_say_the_same():
    # an enum makes an alias of a member whose value stands twice
    assert len(Assumption.__members__) == len(list(Assumption))
    assert len({assumption.sentence.translated("es") for assumption in Assumption}) == len(Assumption)
