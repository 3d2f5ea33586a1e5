"""Lists in which dozens of rows nearly say the same: one person many times, or many persons of one name."""

import string

import numpy as np

GIVEN = ["Ana", "Luis", "José", "Juan", "Rosa", "Raúl", "Elsa", "Omar"]
SURNAMES = ["Pérez", "Rojas", "Mora", "Salas", "Gil", "Parra"]


def spelt(rng, word):
    """A word, one half of the times with one letter wrong or missing."""
    if rng.random() < 0.5:
        return word
    at = int(rng.integers(len(word)))
    letter = rng.choice(list(string.ascii_lowercase)) if rng.random() < 0.6 else ""
    return word[:at] + letter + word[at + 1 :]


def namesakes(seed, persons, rows=36, others=50, no_document=0.6):
    """Two lists with some rows of one name, which are so many persons, beside other people.

    Gives the tables, and the number of persons on them.
    """
    rng = np.random.default_rng(seed)
    documents = [f"V-{rng.integers(5_000_000, 30_000_000)}" for _ in range(persons)]
    days = rng.integers(1, 29, persons)
    who = np.concatenate([np.arange(persons), rng.integers(persons, size=max(rows - persons, 0))])
    tables = []
    for name in ("a", "b"):
        names, cells, arrested = [], [], []
        for _ in range(others):
            words = [*rng.choice(GIVEN, 2), *rng.choice(SURNAMES, 2)]
            names.append(" ".join(words))
            cells.append(f"V-{rng.integers(5_000_000, 30_000_000)}")
            arrested.append(f"2024-08-{rng.integers(1, 29):02d}")
        mine = who if name == "a" else rng.permutation(np.arange(persons))[: persons // 3]
        for person in mine.tolist():
            names.append(f"{spelt(rng, 'Alejandro')} {spelt(rng, 'Colmenares')} Villarroel")
            cells.append("" if rng.random() < no_document else documents[person])
            day = int(np.clip(days[person] + rng.integers(0, 2), 1, 28))
            arrested.append(f"2024-08-{day:02d}")
        tables.append({"Nombre": names, "Cédula": cells, "Fecha de detención": arrested})
    return dict(zip(("a", "b"), tables, strict=True)), 2 * others + persons
