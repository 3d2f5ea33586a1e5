"""What is folded away: on pages behind a line to be opened, in text left out unless it is asked for."""

import re

from detcount.reports import blocks
from detcount.reports.printed import WholeDocument
from detcount.reports.render.html import page
from detcount.reports.render.markdown import markdown
from detcount.reports.render.pictures import write_pictures

HOSTILE = '<b>"x"'


def draw(canvas):
    canvas.start(2.0, 1.0).add_subplot().plot([0, 1], [1, 0])


def document():
    figure = blocks.FigureSlot("line", "Line", "A line that falls from left to right.", draw)
    table = blocks.Table(("Day", "n"), (("12 January", "5"), ("1 January", "7")), "lr", anchors=("d-12", ""))
    return blocks.Document(
        "Title",
        (
            blocks.Heading("Title", 1, "title"),
            blocks.Heading("All", 2, "all"),
            table,
            blocks.Heading("12 January", 3, anchor="d-12"),
            blocks.Paragraph("Shown."),
            blocks.Details(
                f"More {HOSTILE}", (blocks.Paragraph("Folded."), blocks.Bullets(("One.",)), figure)
            ),
            blocks.Paragraph("After."),
        ),
    )


def test_a_page_folds_details_and_rows_lead_to_headings():
    text = page(document(), "en")
    folded = re.search(r"<details>\n<summary>(.*?)</summary>\n(.*?)</details>", text, re.DOTALL)
    assert folded.group(1) == "More &lt;b&gt;&quot;x&quot;"
    assert all(part in folded.group(2) for part in ("<p>Folded.</p>", "<li", "<figure"))
    assert '<th scope="row"><a href="#d-12">12 January</a></th>' in text
    assert '<th scope="row">1 January</th>' in text
    assert text.count('<h3 id="d-12">12 January</h3>') == 1
    assert text.count("<section") == text.count("</section>") == 1


def test_text_leaves_details_out_unless_they_are_asked_for():
    for short, long in (
        (markdown(document(), "en"), markdown(document(), "en", detail=True)),
        (
            WholeDocument(document()).translated("en"),
            WholeDocument(document()).translated("en", detail=True),
        ),
    ):
        assert "Folded." not in short
        assert "More" not in short
        assert "Shown." in short
        assert "After." in short
        assert re.search(r"Shown\..*More.*Folded\..*One\..*After\.", long, re.DOTALL)


def test_a_notebook_folds_them_and_has_no_figures():
    piece = WholeDocument(document()).html("en")
    assert re.search(r"<details>.*Folded\..*</details>", piece, re.DOTALL)
    assert "<svg" not in piece


def test_figures_inside_details_are_written_too(tmp_path):
    assert [path.name for path in write_pictures(document(), tmp_path, "svg", "en")] == ["line.svg"]
    assert sum(isinstance(block, blocks.FigureSlot) for block in blocks.unfolded(document().blocks)) == 1
