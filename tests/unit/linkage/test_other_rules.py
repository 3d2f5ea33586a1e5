"""Names written by different rules: letters that are learned, and what is refused where a sign speaks."""

import zlib

import numpy as np
import pytest

import detcount as dc
from detcount import linkage, simulate
from detcount.cli import main
from detcount.errors import InputError, NotEstimableError
from detcount.linkage.result import ONE_RULE
from detcount.words import Message
from invented_linkage import invented_linkage

OTHER = str.maketrans({"a": "e", "e": "ie", "i": "y", "o": "ou", "u": "oe", "v": "w", "c": "k", "r": "rh"})


def written(frame, rule=OTHER):
    """The names of a list by another rule."""
    names = [name for name in frame.columns if "ombre" in name or "pellido" in name]
    return frame.assign(**{name: frame[name].str.lower().str.translate(rule) for name in names})


def code(word):
    """A word that has nothing of another but its length: no letters stand for each other."""
    rng = np.random.default_rng(zlib.crc32(word.encode()))
    return "".join(rng.choice(list("abdefghiklmnoprstuz"), len(word)))


def coded(frame):
    """The names of a list, each word by a code of its own."""
    names = [name for name in frame.columns if "ombre" in name or "pellido" in name]
    words = {name: [" ".join(map(code, text.lower().split())) for text in frame[name]] for name in names}
    return frame.assign(**words)


def lists_of(seed=1, size=80, *, missing=0.9, birth="age", **options):
    lists = tuple(
        simulate.WrittenList(
            name=name, share=share, documents_missing=missing, birth=birth, day="2024-08-24", accents=False
        )
        for name, share in (("a", 0.6), ("b", 0.5))
    )
    return simulate.name_lists(size, lists=lists, seed=seed, **options)


def together(frames, days, rng):
    """Everybody arrested on one of few days is a student of 20 to 22."""
    for frame in frames.values():
        mine = frame["Fecha de detención"].isin(days)
        frame.loc[mine, "Edad"] = rng.integers(20, 23, mine.sum()).astype(str)
    return frames


def by_two_rules(rule=coded, **options):
    """Lists by two rules, linked, and the number of persons on them."""
    invented = lists_of(**options)
    frames = {"a": invented.frames["a"], "b": rule(invented.frames["b"])}
    return invented, linkage.link(linkage.read_lists(frames), n_draws=40)


@pytest.mark.parametrize(
    "options",
    [{"size": 100, "missing": 0.7}, pytest.param({"size": 160, "missing": 1.0}, marks=pytest.mark.slow)],
    ids=["some documents", "no documents"],
)
@pytest.mark.slow
def test_letters_of_another_rule_are_learned_and_a_note_says_so(options):
    invented, linked = by_two_rules(written, **options)
    truth = invented.truth.n_persons
    assert not linked.other_rules
    assert abs(linked.n_persons - truth) <= 0.02 * truth
    assert linked.range is not None
    assert linked.measure(invented.truth.to_frame()).f1.point > 0.97
    assert [
        note for note in linked.notes if "how letters of one stand for those of another was learned" in note
    ]


@pytest.mark.slow
def test_strangers_by_two_rules_are_not_joined():
    invented = lists_of(size=200, missing=1.0)
    truth = invented.truth.to_frame()
    alone = truth[(truth["list"] == "b") & ~truth.person.isin(truth[truth["list"] == "a"].person)]
    rows = alone.row.to_numpy() - 1
    frames = {"a": invented.frames["a"], "b": written(invented.frames["b"].iloc[rows].reset_index(drop=True))}
    linked = linkage.link(linkage.read_lists(frames), n_draws=40)
    across = linked.clusters.groupby("person")["list"].nunique()
    assert (across > 1).sum() <= 1


@pytest.mark.parametrize(
    "options",
    [
        {"size": 60, "missing": 0.3, "birth": "none"},
        pytest.param({"size": 250, "missing": 1.0}, marks=pytest.mark.slow),
    ],
    ids=["words", "days and ages"],
)
@pytest.mark.slow
def test_names_by_two_rules_have_bounds_and_no_limits(options):
    invented, linked = by_two_rules(**options)
    truth = invented.truth.n_persons
    assert linked.other_rules
    assert linked.least <= truth < linked.n_persons
    assert linked.range is None
    assert linked.verdict == "refuse"
    assert ONE_RULE in linked.notes


def test_where_all_rows_bear_a_document_links_rest_on_it_and_a_note_says_so():
    exact = simulate.Mistakes(documents=0, shared=0)
    invented, linked = by_two_rules(size=60, missing=0.0, mistakes=exact)
    assert linked.n_persons == invented.truth.n_persons
    assert linked.range is not None
    assert [note for note in linked.notes if "rows are linked by their documents" in note]


OWN = [
    {"missing": 0.7, "students": True},
    {"pool": "narrow", "missing": 0.5},
    {"missing": 0.3, "mistakes": simulate.Mistakes(documents=0.2, shared=0.1), "students": True},
    {"birth": "none", "missing": 1.0},
    *(
        pytest.param(each, marks=pytest.mark.slow)
        for each in (
            {"size": 300, "missing": 0.15, "students": True},
            {"birth": "day", "missing": 0.6},
            {"again": 0.2, "relatives": 0.4, "duplicates": 0.2, "students": True},
            {"missing": 0.5, "mistakes": simulate.Mistakes(words=0.3), "students": True},
        )
    ),
]


@pytest.mark.parametrize("options", OWN)
def test_spanish_lists_are_not_touched(options):
    options = {"size": 60, **options}
    students = options.pop("students", False)
    frames = lists_of(seed=3, **options).frames
    if students:
        days = np.unique(frames["a"]["Fecha de detención"])[:12].tolist()
        frames = together(frames, days, np.random.default_rng(0))
    silent(linkage.link(linkage.read_lists(frames), n_draws=40))


@pytest.mark.parametrize("seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 12))])
@pytest.mark.slow
def test_the_lists_of_the_generator_are_not_touched(seed):
    silent(linkage.link(linkage.read_lists(simulate.name_lists(150, seed=seed).frames), n_draws=40))


def silent(linked):
    assert not linked.other_rules
    assert linked.range is not None
    assert not [note for note in linked.notes if "different rules" in note]


WHY = (Message("names seem to be written by another rule"),)


@pytest.fixture(scope="module")
def refused():
    return invented_linkage(seed=2, other_rules=True, without_limits=WHY)


RESTS = {
    "persons_interval": lambda linked: linked.persons_interval(),
    "tables": lambda linked: linked.tables(3),
    "people": lambda linked: linked.people(draws=3),
    "bound": lambda linked: linked.bound(),
    "quality": lambda linked: linked.quality,
    "assess": lambda linked: dc.assess(linked, n_draws=3),
}


@pytest.mark.parametrize("name", RESTS)
def test_what_rests_on_draws_is_refused_with_reason_and_remedy(refused, name):
    with pytest.raises(NotEstimableError, match=WHY[0]) as declined:
        RESTS[name](refused)
    assert declined.value.remedy == ONE_RULE
    assert declined.value.message.translated("es") != str(declined.value)


def test_only_bounds_are_said(refused):
    least, most = refused.least, refused.n_persons
    longest = max(len(np.unique(refused.person[refused.list_of == k])) for k in range(len(refused.lists)))
    assert least == longest
    for said in (refused.headline(), refused.sentence()):
        assert f"at least {least:,}" in said
        assert f"como mucho {most:,}" in said.translated("es")
        assert f"at most {most:,}" in said
        assert "doubtful" not in said
        assert "95% probability" not in said
    assert WHY[0] in refused.sentence()
    assert WHY[0] in refused.table().notes
    assert refused.record()["range"] is None
    assert refused.plot().axes[0].texts[0].get_text() == f"{least:,} – {most:,}"


@pytest.fixture
def folder(tmp_path):
    invented = lists_of(missing=0.5)
    for name, frame in (("a", invented.frames["a"]), ("b", coded(invented.frames["b"]))):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


@pytest.mark.slow
def test_the_command_says_bounds_and_what_to_do(folder, capsys):
    files = [str(folder / "a.csv"), str(folder / "b.csv")]
    for disclosure, lang in (("public", "en"), ("full", "es")):
        assert main(["link", *files, "--disclosure", disclosure, "--lang", lang]) == 0
        printed = capsys.readouterr().out
        assert ONE_RULE.translated(lang) in printed
        assert "%" not in printed or disclosure == "full"
    assert main(["link", *files, "--html", str(folder / "out.html")]) == 2
    assert str(ONE_RULE) in capsys.readouterr().err
    assert not (folder / "out.html").exists()


@pytest.mark.slow
def test_a_folder_of_them_alone_is_refused_and_beside_others_left_out(folder):
    with pytest.raises(InputError, match=f"nothing is estimated from this list of names, .*{ONE_RULE}"):
        dc.report(folder)
    rows = "date,source,role,count\n2024-09-01,FP,verified,300\n2024-10-01,FP,verified,310\n"
    (folder / "totals.csv").write_text(rows, encoding="utf-8")
    made = dc.report(folder)
    assert made.lists is None
    assert made.stock is not None
    assert str(ONE_RULE) in made.full().to_markdown()
    said = made.to_markdown()
    assert said.index("2 files are lists of names that seem to be written by different rules") < said.index(
        "##"
    )
    assert "contradict" not in said
