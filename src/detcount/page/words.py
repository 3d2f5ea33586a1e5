"""The words of the page, by the names that its templates have for them."""

from __future__ import annotations

from detcount.page.limits import Limits
from detcount.words import Message

FIELDS: dict[str, Message] = {
    "lists": Message("Lists"),
    "count": Message("Persons in each row"),
    "person": Message("Identifier of each person"),
    "list": Message("Name of the list"),
    "pattern": Message("History"),
    "names": Message("Names of the lists, in the order of the history"),
    "rows": Message("A row for each person on each list"),
    "histories": Message("Histories such as 101"),
    "yes": Message("Marks that mean: is on the list"),
    "no": Message("Marks that mean: is not on the list"),
    "blank_is_0": Message("A blank cell means: is not on the list"),
    "who": Message("Whom the data count"),
    "where": Message("Where"),
    "period": Message("Period"),
    "first": Message("First day"),
    "last": Message("Last day"),
    "day": Message("Or the day at whose end people are counted"),
    "claim": Message("A number that somebody claims"),
    "as_of": Message("Last day that may be known"),
    "sheet": Message("Sheet"),
    "header_row": Message("Row that names the columns"),
    "dayfirst": Message("Days are written 31/01/2026, the month in the middle"),
    "families": Message("Methods to compare"),
    "full": Message("Show small counts too, for those who may see the lists"),
    "lang": Message("Language of the report"),
}
"""The fields of the forms."""

KIND_NAMES: dict[str, Message] = {
    "columns": Message("A column for each list"),
    "rows": Message("A row for each person on each list"),
    "histories": Message("Histories such as 101"),
    "releases": Message("Releases, announced and verified"),
    "stock": Message("People held, as published"),
    "waves": Message("Waves of releases beside a list"),
}
"""What a row of a file can be."""

STAGES: dict[str, Message] = {
    "start": Message("Starting."),
    "reading": Message("Reading the file."),
    "fitting": Message("Working on the numbers: every method is run on the data."),
    "writing": Message("Writing the report."),
}
"""What is being done."""

WORDS: dict[str, Message] = {
    "product": Message("detcount: a page on this computer"),
    "start_title": Message("How many people are detained?"),
    "start_lead": Message(
        "Choose a file with lists of people, with releases, or with people held. You get a report that says "
        "how many there are, and how sure one can be."
    ),
    "file": Message("Your file"),
    "read_file": Message("Read the file"),
    "stays_title": Message("Your data stay here"),
    "stays_memory": Message(
        "The file is kept in the memory of this computer alone, and nothing of it is written to the disk."
    ),
    "stays_network": Message("Nothing is sent to any other computer. The page loads nothing from outside."),
    "stays_cells": Message("The screen shows names of columns and counts, and never what a cell holds."),
    "languages": Message("Language of this page"),
    "what_file_title": Message("What a file looks like"),
    "what_columns": Message(
        "One row for each person, with a column for each list that holds 1 where the person is on it and 0 "
        "where not. Or one row for each combination of lists, with a column that counts its persons."
    ),
    "what_releases": Message("Releases: columns published, source, role, start, end, count."),
    "what_stock": Message("People held: columns date, source, role, count."),
    "what_waves": Message(
        "Waves of releases beside a list: columns wave and day, and the counts that the guide names."
    ),
    "columns_title": Message("What the columns are"),
    "kind": Message("What the file holds"),
    "looks_like_list": Message("looks like a list"),
    "tick_lists": Message("Tick the columns that are lists"),
    "none": Message("none"),
    "choose": Message("choose a column"),
    "count_hint": Message("Where a row stands for several persons."),
    "person_hint": Message("It is checked that nobody stands twice, and it is not kept."),
    "names_hint": Message("With commas between them, as in: press, families, court"),
    "marks": Message("Marks in the cells"),
    "marks_hint": Message("Beside 1 and 0. With commas between them, as in: x, yes"),
    "more_who": Message("Who is counted"),
    "who_hint": Message("It is printed on the report as you write it. Never write a name of a person here."),
    "day_hint": Message("As in 2026-01-31."),
    "more_compare": Message("What to compare"),
    "claim_hint": Message("The report says what would have to be true for it. In figures, as in 12000."),
    "families_hint": Message(
        "All of them, unless you untick some. Fewer are quicker; the report names those left out."
    ),
    "more_reading": Message("How the file is read"),
    "read_again": Message("Read it again"),
    "header_hint": Message("Counted from 1. Leave it empty for the first."),
    "answer": Message("Make the report"),
    "as_of_hint": Message("Leave it empty for the last day of the file."),
    "filled": Message(
        "The form is filled in as the file seems to be meant. Look at it, change what is wrong, and go on."
    ),
    "working_title": Message("At work"),
    "working_lead": Message("Most files take less than a minute, and many long lists several minutes."),
    "working_looks": Message("This page looks again by itself."),
    "working_still": Message("Do not look again by itself"),
    "working_again": Message("Look again now"),
    "working_go": Message("Look again by itself"),
    "stop": Message("Stop"),
    "report_bar": Message("This report"),
    "save_as": Message("Save as"),
    "as_word": Message("Word"),
    "as_excel": Message("Excel"),
    "as_page": Message("Web page"),
    "as_record": Message("Record (JSON)"),
    "ask_again": Message("Change the question"),
    "forget": Message("Forget file and report"),
    "another": Message("Another file"),
    "refused_title": Message("This cannot be done"),
    "fault_title": Message("Something has to be changed"),
    "notice_title": Message("Look at this"),
}
"""What stands on the pages."""


def words_with(limits: Limits) -> dict[str, Message]:
    """Give what stands on the pages, with the limits that hold."""
    return WORDS | {
        "file_hint": Message(
            "CSV or Excel, up to {most} MB. You can also drop it on this field.", most=limits.file_bytes >> 20
        ),
        "stays_forgets": Message(
            "File and report are forgotten after {minutes} minutes without use, or when you say so.",
            minutes=round(limits.unseen / 60),
        ),
    }
