"""Spanish for the sentences that estimators write in English: reasons, remedies and notes.

Estimators speak English. A report in Spanish looks each sentence up here; one that is not found
stays in English, which a test forbids for every sentence that the shipped tables bring out.
"""

from __future__ import annotations

import re

from detcount.assumptions import Language
from detcount.report.messages import NO_BREAK

__all__ = ["has_translation", "translate"]

# Each pattern matches a whole sentence; its groups go into the Spanish, numbers written the Spanish way.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        r"needs exactly (\d+) lists, got (\d+)",
        r"necesita exactamente {0} listas y hay {1}",
    ),
    (r"needs at least (\d+) lists, got (\d+)", r"necesita al menos {0} listas y hay {1}"),
    (r"takes at most (\d+) lists, got (\d+)", r"admite como máximo {0} listas y hay {1}"),
    (r"list ('.*'|\".*\") names nobody", r"la lista {0} no incluye a nadie"),
    (r"Leave it out: table\.drop\((.*)\)\.", r"Déjela fuera: table.drop({0})."),
    (
        r"Use LogLinear, or merge the lists into (\d+)\.",
        r"Use LogLinear, o una las listas hasta que queden {0}.",
    ),
    (r"Add a list that was made independently\.", r"Añada una lista elaborada de forma independiente."),
    (
        r"Use Chapman with an odds-ratio sensitivity, or add a list that was made independently\.",
        r"Use Chapman con un análisis de sensibilidad a la razón de momios, o añada una lista elaborada de forma "
        r"independiente.",
    ),
    (
        r"Merge lists that share a source \(table\.merge\), or keep the largest \(table\.keep\)\.",
        r"Una las listas que comparten fuente (table.merge) o conserve las más grandes (table.keep).",
    ),
    (
        r"everybody on list ('.*'|\".*\") is also on list ('.*'|\".*\"), so no spread can be estimated",
        r"todas las personas de la lista {0} figuran también en la lista {1}, de modo que no se puede estimar "
        r"la dispersión",
    ),
    (
        r"Use Chapman\(interval=Hypergeometric\(\)\), and check that (.*) is no copy of (.*)\.",
        r"Use Chapman(interval=Hypergeometric()), y compruebe que {0} no es una copia de {1}.",
    ),
)

_COMPILED = tuple((re.compile(pattern), spanish) for pattern, spanish in _SENTENCES)
_NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?(e[+-]?\d+)?%?")


def translate(text: str, lang: Language) -> str:
    """Give a sentence of an estimator in the language of the report."""
    if lang == "en":
        return text
    return " ".join(_spanish(part) or part for part in _parts(text))


def has_translation(text: str) -> bool:
    """Whether every sentence of the text is known in Spanish."""
    return all(_spanish(part) is not None for part in _parts(text))


def _parts(text: str) -> list[str]:
    """The text whole, if it is known; else its sentences."""
    if _spanish(text) is not None:
        return [text]
    return re.split(r"(?<=\.) (?=[A-Z])", text)


def _spanish(text: str) -> str | None:
    """Spanish of one sentence, if known."""
    for pattern, spanish in _COMPILED:
        found = pattern.fullmatch(text)
        if found:
            return spanish.format(*(_localised(group or "") for group in found.groups()))
    return None


def _localised(group: str) -> str:
    """A number the Spanish way; anything else as it stands."""
    if not _NUMBER.fullmatch(group):
        return group
    whole, point, fraction = group.partition(".")
    digits = len(re.sub(r"\D", "", whole))
    whole = whole.replace(",", NO_BREAK if digits > 4 else "")
    text = f"{whole},{fraction}" if point else whole
    return text.replace("%", f"{NO_BREAK}%")
