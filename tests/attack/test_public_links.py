"""An attack on what the command prints of linked lists: counts by history, and the number of persons."""

import re

import numpy as np

from attack.pages import SMALL, cells_of, made, random_cells
from detcount.linkage import histories_text
from detcount.linkage.files import public_words
from detcount.privacy import FEW_LISTED, companions

TABLES = 200


def printed(cells):
    table = made(cells)
    words = public_words(table.n_observed, table.lists)
    return "\n".join((histories_text(table), str(words), words.translated("es")))


def test_no_small_count_follows_from_the_public_histories():
    """Each small count has a second value in data of which all that is printed is the same."""
    rng = np.random.default_rng(3)
    n_hidden = 0
    for number in range(TABLES):
        cells = random_cells(rng, 2 + number % 3)
        text = printed(cells)
        counts = [line.rsplit(",", 1)[1] for line in text.split("\n\n")[0].splitlines()[1:]]
        told = [int(count) for count in counts if count.isdigit()]
        assert all(count % 10 == 0 and count > 0 for count in told)
        if sum(cells) < FEW_LISTED:
            assert told == []
            continue
        family = companions(made(cells))
        n_hidden += sum(n in SMALL for n in cells)
        assert all(printed(cells_of(other)) == text for other in family)
        for place, n in enumerate(cells):
            values = {cells_of(other)[place] for other in family}
            assert n not in SMALL or not family or len(values) > 1
    assert n_hidden > 100


def test_one_person_less_changes_one_ten_of_one_history_or_nothing():
    rng = np.random.default_rng(4)
    alike = []
    for number in range(TABLES):
        cells = random_cells(rng, 2 + number % 2)
        place = int(rng.choice(len(cells), p=np.array(cells) / sum(cells)))
        fewer = tuple(n - (j == place) for j, n in enumerate(cells))
        if sum(fewer):
            one, other = printed(cells), printed(fewer)
            alike.append(one == other)
            assert re.sub(r"\d+", "#", one.split("rounded_count")[0]) == re.sub(
                r"\d+", "#", other.split("rounded_count")[0]
            )
    assert np.mean(alike) > 0.8
