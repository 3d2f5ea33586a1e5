"""Spanish and Latin American names: given names, surnames, a married name, and how sure the split is."""

from __future__ import annotations

from dataclasses import dataclass

from detcount.errors import InputError
from detcount.linkage.splitting import WITH_DE, Name, split_names, tokens_of
from detcount.reading.text import FEMALE
from detcount.words import Message

_MOST_LETTERS = 500


@dataclass(frozen=True, repr=False)
class PersonName:
    """A name in its parts. It shows nothing of itself: ask for what you need.

    Parameters
    ----------
    given : tuple of str
        Given names as written, each with its particles.
    surnames : tuple of str
        Surnames as written, each with its particles.
    married : str
        Surname of the husband after "de", with the particle; empty where there is none.
    probability : float
        Probability of this split among all splits of the same words.

    See Also
    --------
    parse : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> name = dc.linkage.names.parse("PEREZ ROJAS, ANA MARIA")
    >>> name.given, name.surnames
    (('ANA', 'MARIA'), ('PEREZ', 'ROJAS'))
    """

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    married: str
    probability: float

    def __repr__(self) -> str:
        return (
            f"<PersonName: {len(self.given)} given, {len(self.surnames)} surnames, "
            f"probability {self.probability:.2f}>"
        )


def parse(name: str, *, surname_first: bool | None = None) -> PersonName:
    """Split one written name into given names and surnames.

    A comma parts surnames from given names. Without one, each word is taken for a given name or a surname by
    a table of common words and by its ending, and the whole by the usual numbers of each. Where many names
    are read together, `read_lists` learns the words and the order of each list from all of them, and splits
    better than this can.

    Parameters
    ----------
    name : str
        The name as somebody wrote it.
    surname_first : bool, optional
        Whether surnames stand first, where that is known.

    Returns
    -------
    PersonName
        The parts, and the probability of the split.

    Raises
    ------
    InputError
        If the text names nobody, or is too long for a name.

    Examples
    --------
    >>> from detcount import linkage
    >>> name = linkage.names.parse("José González de la Cruz")
    >>> name.given, name.surnames
    (('José',), ('González', 'de la Cruz'))
    >>> linkage.names.parse("PEREZ GARCIA, MARIA DEL CARMEN").given
    ('MARIA', 'DEL CARMEN')
    >>> linkage.names.parse("Carmen Luisa Gómez de Salazar").married
    'de Salazar'
    >>> name
    <PersonName: 1 given, 2 surnames, probability 0.96>
    """
    if not isinstance(name, str):
        raise TypeError(Message("name: expected text, got {kind}", kind=type(name).__name__))
    if len(name) > _MOST_LETTERS:
        raise InputError(
            Message("name: expected a name of at most {most} letters, got more", most=_MOST_LETTERS)
        )
    tokens = tokens_of(name)
    if not tokens.words:
        raise InputError(Message("name: expected the name of a person, got none. Check the column"))
    said = {} if surname_first is None else {0: surname_first}
    found = split_names([Name(tokens.words, tokens.kinds, n_surnames=tokens.comma)], [0], said)
    order, n_given, probability = (part[0] for part in found.split)
    n = len(tokens.words)
    first = range(n_given) if order == 0 else range(n - n_given, n)
    given = tuple(tokens.shown[k] for k in first)
    rest = [k for k in range(n) if k not in first]
    married = ""
    if len(rest) > 1 and tokens.kinds[rest[-1]] == WITH_DE and any(tokens.words[k] in FEMALE for k in first):
        married = tokens.shown[rest.pop()]
    return PersonName(given, tuple(tokens.shown[k] for k in rest), married, float(probability))
