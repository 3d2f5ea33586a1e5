"""Documents as one HTML file that needs nothing from anywhere: styles and figures are inside it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import replace

from detcount.reports import resource
from detcount.reports.blocks import (
    Answer,
    Answers,
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
)
from detcount.reports.canvas import drawn
from detcount.reports.printing.html import bullets, escaped, fragment, html_table
from detcount.reports.render.svg import inline_svg
from detcount.reports.style import PALETTE
from detcount.reports.writing import GENERATOR
from detcount.words import translated


def page(document: Document, lang: str) -> str:
    """Set a document as a page.

    Parameters
    ----------
    document : Document
        The document.
    lang : str
        Code of the language.

    Returns
    -------
    str
        The page; it loads nothing.
    """
    body: list[str] = []
    within: list[tuple[int, str]] = []  # levels of the sections that are open, and what ends them
    fold = ""  # words of the section that is to be folded from its next block on
    for block in document.blocks:
        level = block.level if isinstance(block, Heading) else None
        if fold and not isinstance(block, Quote) and (level is None or level > within[-1][0]):
            body.append(f"<details>\n<summary>{escaped(fold, lang)}</summary>")
            within[-1], fold = (within[-1][0], "</details>\n</section>"), ""
        if isinstance(block, Heading) and block.level > 1 and block.part:
            while within and within[-1][0] >= block.level:
                body.append(within.pop()[1])
            within.append((block.level, "</section>"))
            body.append(f'<section class="{block.part.replace(" ", "-")}">')
            fold = document.folded.get(block.part, fold)
            if block.part in document.folded and not fold:  # the heading opens its part
                within[-1] = (block.level, "</details>\n</section>")
                body.append(f'<details class="part">\n<summary>{_block(block, lang)}</summary>')
                continue
        body.append(_block(block, lang))
    body += [end for _, end in reversed(within)]
    return string.Template(resource("page.html")).substitute(
        lang=lang,
        generator=GENERATOR,
        title=escaped(document.title, lang),
        style=f"{resource('page.css')}{dark_rules()}",
        body="\n".join(body),
    )


def piece(document: Document, lang: str) -> str:
    """Set a document as a piece of a notebook's page, without its figures.

    Parameters
    ----------
    document : Document
        The document.
    lang : str
        Code of the language.

    Returns
    -------
    str
        The piece.
    """
    return fragment((_block(block, lang) for block in _without_figures(document.blocks)), lang)


def _without_figures(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks and details, without the figures in either."""
    for block in blocks:
        if isinstance(block, Details):
            yield replace(block, blocks=tuple(b for b in block.blocks if not isinstance(b, FigureSlot)))
        elif not isinstance(block, FigureSlot):
            yield block


def _block(block: Block, lang: str) -> str:
    """One block."""
    match block:
        case Heading():
            place = f' id="{escaped(block.anchor, lang)}"' if block.anchor else ""
            return f"<h{block.level}{place}>{escaped(block.text, lang)}</h{block.level}>"
        case Paragraph():
            return f"<p>{escaped(block.text, lang)}</p>"
        case Quote():
            return f"<blockquote><p>{escaped(block.text, lang)}</p></blockquote>"
        case Bullets():
            return bullets(block.items, lang)
        case FigureSlot():
            return _figure(block, lang)
        case Table():
            return _table(block, lang)
        case Answers():
            inner = "\n".join(_answer(each, lang) for each in block.items)
            return f'<div class="answers">\n{inner}\n</div>'
        case Details():
            inner = "\n".join(_block(each, lang) for each in block.blocks)
            return f"<details>\n<summary>{escaped(block.summary, lang)}</summary>\n{inner}\n</details>"


def _answer(answer: Answer, lang: str) -> str:
    """One answer: question, number, limits, sentence and verdict."""
    names = ("question", "number", "limits", "sentence", "verdict")
    words = {name: escaped(getattr(answer, name), lang) for name in names}
    if answer.anchor:
        words["question"] = f'<a href="#{escaped(answer.anchor, lang)}">{words["question"]}</a>'
    parts = [f'<p class="{name}">{words[name]}</p>' for name in names[:3]]
    if answer.sentence:
        parts.append(f"<blockquote><p>{words['sentence']}</p></blockquote>")
    parts.append(f'<p class="{answer.grade}">{answer.mark} {words["verdict"]}</p>')
    return '<div class="answer">' + "\n".join(parts) + "</div>"


def _figure(slot: FigureSlot, lang: str) -> str:
    """A figure inside the page, drawn for a page and for a telephone; its style shows one of the two."""
    title, alt = translated(slot.title, lang), translated(slot.alt, lang)
    key = re.sub(r"\W+", "-", slot.key)
    pictures = [
        inline_svg(
            drawn(slot.draw, lang, narrow=narrow), key=f"{key}-{kind}-", title=title, alt=alt, kind=kind
        )
        for kind, narrow in (("wide", False), ("narrow", True))
    ]
    return (
        f"<figure>{pictures[0]}\n{pictures[1]}\n<figcaption>{escaped(slot.title, lang)}</figcaption></figure>"
    )


def _table(table: Table, lang: str) -> str:
    """A table."""
    return html_table(
        table.columns,
        table.rows,
        lang,
        align=table.align,
        caption=table.caption,
        codes=table.code,
        strong=table.strong,
        anchors=table.anchors,
    )


def dark_rules() -> str:
    """Give the rules of style that turn the colours of figures for a page that is read in the dark.

    Returns
    -------
    str
        A media rule; by day, and on paper, figures keep the colours that they were drawn in.
    """
    rules = [
        f'  figure svg [{what}="{colour.light}"] {{ {what}: {colour.dark}; }}'
        for colour in PALETTE.values()
        for what in ("fill", "stroke")
    ]
    return "\n".join(["@media screen and (prefers-color-scheme: dark) {", *rules, "}"])
