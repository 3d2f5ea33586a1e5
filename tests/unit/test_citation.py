"""How to cite: three styles, one version, the papers of a method."""

import ast
import re
from importlib import metadata

import pytest
import yaml

from detcount import abundance, calibration, cite, pooling, quality, releases, stock
from detcount.contract import references
from detcount.contract.citation import Reference
from detcount.strata.missing import Imputed
from house import trees

VERSION = metadata.version("detcount")
REFERENCES = [*references.papers().values()]
PLAIN = Reference(
    "person2001", "Person, A. and Otra, B.", 2001, "A title", "A Journal", "7(2)", "11-19", "10.1/x"
)
BOOK = Reference("book1999", "Libro, C.", 1999, "A book", "A publisher")


def test_text_is_one_line_with_the_version():
    assert re.fullmatch(
        rf"The detcount developers \(\d{{4}}\)\. detcount: .*\. Version {VERSION} \[software\]\.", cite()
    )


def test_text_adds_the_papers():
    assert cite(references=(PLAIN, BOOK)).splitlines()[1:] == [
        "Person, A.; Otra, B. (2001). A title. A Journal, 7(2), 11-19. https://doi.org/10.1/x",
        "Libro, C. (1999). A book. A publisher.",
    ]


def test_bibtex_entries():
    own, paper, book = cite("bibtex", references=(PLAIN, BOOK)).split("\n\n")
    assert own.startswith("@software{detcount_")
    assert f"version = {{{VERSION}}}" in own
    assert "author = {{The detcount developers}}" in own  # braces keep a group from being split into names
    assert "author = {Person, A. and Otra, B.}" in paper
    assert "pages = {11--19}" in paper
    assert "doi = {10.1/x}" in paper
    assert "volume" not in book
    for entry in (own, paper, book):
        assert entry.count("{") == entry.count("}")


def test_cff_is_yaml_of_its_standard():
    document = yaml.safe_load(cite("cff", references=(PLAIN, BOOK)))
    assert document["cff-version"] == "1.2.0"
    assert document["type"] == "software"
    assert str(document["version"]) == VERSION
    assert document["license"] == "BSD-3-Clause"
    assert document["authors"] == [{"name": "The detcount developers"}]
    assert {"message", "title", "abstract", "date-released"} <= set(document)
    first, second = document["references"]
    assert first["authors"] == [{"name": "Person, A."}, {"name": "Otra, B."}]
    assert (first["doi"], first["year"], first["journal"]) == ("10.1/x", 2001, "A Journal")
    assert "doi" not in second
    assert "references" not in yaml.safe_load(cite("cff"))


def test_keys_are_unique():
    keys = [reference.key for reference in REFERENCES]
    assert len(set(keys)) == len(keys)


def test_reference_is_complete(subtests):
    for reference in REFERENCES:
        with subtests.test(reference.key):
            assert re.fullmatch(r"[a-z]+\d{4}[a-z]?", reference.key)
            assert str(reference.year) in reference.key
            assert all(re.match(r"[^,]+, \S", name) for name in reference.authors.split(" and "))
            assert not reference.title.endswith(".")
            assert reference.journal
            assert re.fullmatch(r"(10\.\d{4,}/\S+)?", reference.doi)


def test_the_source_names_papers_that_there_are():
    named = {
        node.attr
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "references"
    }
    assert len(named) > 50
    assert {name for name in named if name.isupper()} <= references.papers().keys()
    with pytest.raises(AttributeError, match="has no paper 'NOBODY_1900'"):
        _ = references.NOBODY_1900


def test_every_reference_is_cited_by_some_estimator():
    cited = {
        reference.key
        for cls in (
            *(getattr(abundance, name) for name in abundance.__all__),
            *(getattr(releases, name) for name in releases.__all__),
            calibration.Calibrated,
            quality.Trimmed,
            pooling.Pooled,
            Imputed,
            *(getattr(stock, name) for name in stock.__all__),
        )
        for reference in getattr(cls, "references", ())
    }
    assert {reference.key for reference in REFERENCES} <= cited
