"""The pages of help: in the language that is asked for, or that of the computer."""

import pytest

from cases import tables
from detcount.cli import main
from detcount.cli.command import language_in
from detcount.cli.parser import build, commands, declared

TABLES = tables("cli_help")


def page(*words, capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        main(words)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    TABLES["help_in_the_language_that_is_asked_for"],
)
def test_help_in_the_language_that_is_asked_for(words, capsys):
    text = page(*words, capsys=capsys)
    assert text.startswith("uso: detcount")
    assert "opciones:\n  -h, --help" in text
    assert "muestra esta ayuda y termina" in text


@pytest.mark.parametrize("command", commands(build()))
def test_help_in_english_is_the_words_of_the_parser(command, capsys):
    text = " ".join(page(command, "--help", capsys=capsys).split())
    for action in commands(build())[command]._actions:
        assert action.help is None or " ".join(action.help.split()) in text


@pytest.mark.parametrize(
    ("variables", "lang"),
    TABLES["the_language_of_the_computer"],
)
def test_the_language_of_the_computer(variables, lang, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_in(["assess"]) == lang
    assert language_in(["assess", "--lang", "es"]) == "es"
    assert language_in(["assess", "--lang", "es", "--lang=en"]) == "en"
    assert language_in(["assess", "--lang", "xx"]) == "en"


def test_the_computer_gives_the_language_of_faults_and_not_of_answers(monkeypatch, capsys):
    monkeypatch.setenv("LANGUAGE", "es")
    assert main(["assess"]) == 2
    assert "se esperaba un archivo" in capsys.readouterr().err
    words = ["assess", "--dataset", "kosovo", "--families", "chapman"]
    assert main(words) == 0
    english = capsys.readouterr().out
    assert main(["--lang", "es", *words]) == 0
    spanish = capsys.readouterr().out
    assert main([*words, "--lang", "es"]) == 0
    assert spanish == capsys.readouterr().out != english
    assert main(["--lang", "es", *words, "--lang", "en"]) == 0
    assert english == capsys.readouterr().out


def test_no_command_is_the_help(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: detcount")
    assert main(["--lang", "es"]) == 0
    assert capsys.readouterr().out.startswith("uso: detcount")


def test_commands_to_copy_stay_whole(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    lines = page("assess", "--help", capsys=capsys).splitlines()
    assert lines[-1] == "detcount assess people.csv --lists prensa,familias,ong --lang es --html informe.html"
    assert not any(line.endswith("-") for line in lines)


def test_every_group_and_option_of_the_table_is_taken():
    table = declared()
    takers = [*table["commands"].values(), *table["groups"].values()]
    taken = {name for taker in takers for name in taker["takes"]}
    assert taken == {*table["options"], *(f"+{name}" for name in table["groups"])}
