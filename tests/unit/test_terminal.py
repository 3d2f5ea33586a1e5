"""Terminals that are not UTF-8 get the whole answer, some characters as others."""

import io
import sys

import pytest

from detcount.assessment.abundance.content import message
from detcount.cli import main
from detcount.terminal import degraded, forgiving_streams
from detcount.words import translation


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", '* N-0 de 3800 a 64 000 - >= 2... "Nandu" ? Comite'),
        ("cp1252", "* N\u20130 de 3800 a 64\u00a0000 \u2014 >= 2\u2026 \u201cÑandú\u201d ? Comite"),
        ("cp850", '* N-0 de 3800 a 64\u00a0000 - >= 2... "Ñandú" ? Comite'),
        ("utf-8", "★ N\u20130 de 3800 a 64\u00a0000 \u2014 ≥ 2\u2026 \u201cÑandú\u201d 人 Comite\u0301"),
    ],
)
def test_what_an_encoding_has_stays_and_the_rest_is_degraded(monkeypatch, encoding, expected):
    written = {}
    for name in ("stdout", "stderr"):
        written[name] = io.BytesIO()
        monkeypatch.setattr(sys, name, io.TextIOWrapper(written[name], encoding=encoding, errors="strict"))
    text = "★ N\u20130 de 3800 a 64\u00a0000 \u2014 ≥ 2\u2026 \u201cÑandú\u201d 人 Comite\u0301"
    with forgiving_streams():
        for stream in (sys.stdout, sys.stderr):
            stream.write(text)
            stream.flush()
    assert {name: content.getvalue().decode(encoding) for name, content in written.items()} == {
        "stdout": expected,
        "stderr": expected,
    }
    assert sys.stdout.errors == "strict"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_reports_say_is_never_a_question_mark_instead(lang):
    for template in (text for text in message.templates.values() if isinstance(text, str)):
        said = template if lang == "en" else translation(template, lang)
        assert said
        assert degraded(said).isascii()
        assert degraded(said).count("?") == said.count("?") + said.count("¿")


def test_streams_of_other_kinds_are_left_alone(monkeypatch):
    taken = io.StringIO()
    monkeypatch.setattr(sys, "stdout", taken)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["datasets"]) == 0
    assert "kosovo" in taken.getvalue()
