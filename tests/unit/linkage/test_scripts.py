"""Names in several scripts, and days that have not come."""

import pytest

from detcount import linkage, simulate
from detcount.errors import InputError

LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстуввхуз", strict=True))


def cyrillic(text):
    plain = text.lower().replace("ñ", "n")
    return "".join(LETTERS.get(letter, letter) for letter in plain)


@pytest.fixture(scope="module")
def frames():
    return simulate.name_lists(80, mistakes=simulate.Mistakes.none(), seed=5).frames


def renamed(frame, documents=True):
    """A list with its names in Cyrillic letters."""
    column = next(name for name in frame.columns if "ombre" in name)
    changed = frame.assign(**{column: frame[column].map(cyrillic)})
    kept = [name for name in changed.columns if documents or "dula" not in name]
    return changed[kept]


def test_lists_in_two_scripts_are_refused_with_the_remedy(frames):
    both = {"a": frames["government"], "b": renamed(frames["foro_penal"])}
    n = len(both["b"])
    match = (
        rf"^list 'b': {n} names are in Cyrillic letters, and others in Latin letters, so that one person "
        "would count as two. Write all names in one script, or give documents in both$"
    )
    with pytest.raises(InputError, match=match):
        linkage.read_lists(both)
    mixed = frames["government"].copy()
    mixed.iloc[:10] = renamed(mixed).iloc[:10]
    with pytest.raises(InputError, match=r"^list 'b': 10 names are in Cyrillic letters"):
        linkage.read_lists({"b": mixed})


def test_documents_in_both_stand_for_names_and_a_slip_is_no_script():
    whole = tuple(
        simulate.WrittenList(name=name, share=0.6, documents_missing=0.0, birth="none") for name in "ab"
    )
    invented = simulate.name_lists(60, lists=whole, mistakes=simulate.Mistakes.none(), seed=3)
    lists = linkage.read_lists({"a": invented.frames["a"], "b": renamed(invented.frames["b"])})
    assert any("names are not in" in note for note in lists.notes)
    linked = linkage.link(lists, n_draws=50)
    assert abs(linked.n_persons - invented.truth.n_persons) <= 1
    few = {name: frame.copy() for name, frame in invented.frames.items()}
    few["a"] = few["a"].loc[few["a"].index.repeat(4)].reset_index(drop=True)
    few["a"].iloc[:1] = renamed(few["a"]).iloc[:1]
    assert any("1 name is not in Latin letters" in note for note in linkage.read_lists(few).notes)


def test_names_all_in_another_script_are_compared_letter_by_letter_and_it_is_said(frames):
    lists = linkage.read_lists({"a": renamed(frames["government"]), "b": renamed(frames["foro_penal"])})
    (note,) = (note for note in lists.notes if "letters" in note)
    assert note == (
        "all names are in Cyrillic letters: they were compared letter by letter, without what is known of "
        "spellings in Spanish"
    )
    assert not [note for note in linkage.read_lists(frames).notes if "letter by letter" in note]
