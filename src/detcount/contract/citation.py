"""Citation of the library and of the papers behind a method."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

from detcount.errors import InputError, InputTypeError
from detcount.words import Message

__all__ = ["cite"]

CitationStyle = Literal["text", "bibtex", "cff"]

_TITLE = "detcount: how many people are detained, and how sure we can be"
_AUTHORS = "The detcount developers"
_SOURCE = "https://github.com/detcount/detcount"
_RELEASED = "2026-12-05"


@dataclass(frozen=True)
class Reference:
    """A published paper.

    Parameters
    ----------
    key : str
        BibTeX key, ``surname`` and year.
    authors : str
        Authors as BibTeX wants them, ``Surname, I. and Surname, I.``
    year : int
        Year of publication.
    title : str
        Title, without a full stop.
    journal : str
        Journal, or the publisher of a book.
    volume : str, optional
        Volume, with the issue in brackets where pages start again.
    pages : str, optional
        First and last page.
    doi : str, optional
        Digital object identifier, without the resolver.

    Examples
    --------
    >>> import detcount as dc
    >>> print(dc.abundance.Chapman.references[0].text()[:60])
    Chapman, D. G. (1951). Some properties of the hypergeometric
    """

    key: str
    authors: str
    year: int
    title: str
    journal: str
    volume: str = ""
    pages: str = ""
    doi: str = ""

    def text(self) -> str:
        """Give the reference as one line of prose."""
        names = self.authors.replace(" and ", "; ")
        place = ", ".join(part for part in (self.journal, self.volume, self.pages) if part)
        link = f" https://doi.org/{self.doi}" if self.doi else ""
        return f"{names} ({self.year}). {self.title}. {place}.{link}"

    def bibtex(self) -> str:
        """Give the reference as a BibTeX entry."""
        fields = {
            "author": self.authors,
            "year": str(self.year),
            "title": f"{{{self.title}}}",
            "journal": self.journal,
            "volume": self.volume,
            "pages": self.pages.replace("-", "--"),
            "doi": self.doi,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@article{{{self.key},", *lines, "}"])


def cite(style: CitationStyle = "text", *, references: tuple[Reference, ...] = ()) -> str:
    """Say how to cite this version of detcount, and the papers of a method.

    Parameters
    ----------
    style : {"text", "bibtex", "cff"}, optional
        A line of prose, BibTeX entries, or a Citation File Format document.
    references : tuple of Reference, optional
        Papers to add after the library.

    Returns
    -------
    str
        The citation, its last line without a newline.

    Raises
    ------
    InputError
        If the style is none of the three.

    Examples
    --------
    >>> from detcount import cite
    >>> cite().startswith("The detcount developers (2026). detcount:")
    True
    """
    from importlib import metadata

    if not isinstance(references, (tuple, list)) or not all(isinstance(one, Reference) for one in references):
        raise InputTypeError(
            Message("references: expected those that an estimator has, as Chapman.references")
        )
    known, got = get_args(CitationStyle), repr(style) if isinstance(style, str) else type(style).__name__
    if not isinstance(style, str) or style not in known:
        raise InputError(
            Message("{name}: expected {known!r:or}, got {got}", name="style", known=known, got=got)
        )
    version = metadata.version("detcount")
    year = _RELEASED[:4]
    if style == "text":
        own = f"{_AUTHORS} ({year}). {_TITLE}. Version {version} [software]."
        return "\n".join([own, *(reference.text() for reference in references)])
    if style == "bibtex":
        own = "\n".join(
            [
                f"@software{{detcount_{version.replace('.', '_')},",
                f"  author = {{{{{_AUTHORS}}}}},",
                f"  title = {{{{{_TITLE}}}}},",
                f"  year = {{{year}}},",
                f"  version = {{{version}}},",
                "}",
            ]
        )
        return "\n\n".join([own, *(reference.bibtex() for reference in references)])
    return _cff(version, references)


def _cff(version: str, references: tuple[Reference, ...]) -> str:
    """Citation File Format 1.2.0, as ``citation.cff`` has it."""
    text = (
        resources.files("detcount.contract").joinpath("citation.cff").read_text(encoding="utf-8").rstrip("\n")
    )
    own = {"title": _TITLE, "authors": _AUTHORS, "source": _SOURCE}
    lines = [text.format(**own, version=version, released=_RELEASED, year=_RELEASED[:4])]
    if references:
        lines.append("references:")
    for reference in references:
        lines += ["  - type: article", f'    title: "{reference.title}"', "    authors:"]
        lines += [f'      - name: "{name}"' for name in reference.authors.split(" and ")]
        lines += [f"    year: {reference.year}", f'    journal: "{reference.journal}"']
        lines += [f"    doi: {reference.doi}"] if reference.doi else []
    return "\n".join(lines)
