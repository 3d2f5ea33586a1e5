"""Sex, status, place and referral as lists write them, read as codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from detcount.arguments import plain
from detcount.reading.letters import words_of
from detcount.words import Message

Status = Literal["inside", "released", "dead", "transferred", "house arrest", "unknown"]
EXPECTED_SEX = Message("the sex, such as M or F")
EXPECTED_STATUS = Message("a status, such as inside, released or dead")

_BLANK = re.compile(
    r"(?:[-–—./*? ]*|n/?[acdpi]|s/?[nid]|nd|sd|null|none|nan|unknown|desconocid[oa]|se desconoce|"
    r"(?:sin|no|not)\b.*|por (?:verificar|confirmar)|pendiente)"
)
_FEMALE = words_of(
    """
    f fem femenino femenina female mujer woman girl nina hembra
    """
)
_MALE = words_of(
    """
    m masc masculino masculina male hombre man boy nino varon h v
    """
)
_THIRD = words_of(
    """
    x otro otra other no binario trans lgbti lgbtiq intersex nb o
    """
)

_NOT_OUT = re.compile(
    r"\b(?:no|not|sin|aun)\b.*\b(?:liberad[oa]|excarcelad[oa]|released|free|libre|libertad)\b"
)
# the first that is found says it: "no ha sido liberado" is inside
_STATUSES: tuple[tuple[str, Status], ...] = (
    (r"\b(?:casa por carcel|arresto domiciliario|domiciliari[oa]|house arrest)\b", "house arrest"),
    (r"\b(?:muert[oa]|fallecid[oa]|fallecio|murio|dead|died|deceased|asesinad[oa])\b", "dead"),
    (r"\b(?:trasladad[oa]|traslado|transferid[oa]|transferred|moved)\b", "transferred"),
    (_NOT_OUT.pattern, "inside"),
    (r"\b(?:privad[oa] de (?:la )?libertad|deprived of liberty)\b", "inside"),
    (
        r"\b(?:liberad[oa]s?|excarcelad[oa]s?|excarcelacion|libre|libertad|salio|released|freed|free|"
        r"at liberty|discharged|medidas? cautelar(?:es)?|presentacion|presentaciones|out)\b",
        "released",
    ),
    (
        r"\b(?:detenid[oa]s?|pres[oa]s?|recluid[oa]s?|encarcelad[oa]|arrestad[oa]|aislad[oa]|activ[oa]|adentro|dentro|"
        r"inside|detained|held|in custody|imprisoned|jailed|in prison|in|prision|carcel|continua)\b",
        "inside",
    ),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), status) for pattern, status in _STATUSES)
_KIND_OF_PLACE = re.compile(
    r"^(?:(?:estado|edo|municipio|mcpio|mpio|mun|ciudad|parroquia|pq|state|city)\b\.?\s*(?:de |of )?)"
)
_SIGNS = re.compile(r"[^\w]+")


def read_sexes(cells: Sequence[str]) -> tuple[list[int], list[int]]:
    """Code of the sex in each cell (0 male, 1 female, 2 another, -1 none), and positions of other cells.

    An M stands for mujer in a column where an H stands for hombre.
    """
    words = [plain(cell).strip(" .") for cell in cells]
    m_is_woman = bool({"h", "hombre"} & set(words)) and not {
        "f",
        "femenino",
        "female",
        "fem",
        "masculino",
    } & set(words)
    codes, wrong = [], []
    for position, word in enumerate(words):
        if not word or (_BLANK.fullmatch(word) and word not in _THIRD):
            codes.append(-1)
        elif word in _FEMALE or (word == "m" and m_is_woman):
            codes.append(1)
        elif word in _MALE:
            codes.append(0)
        elif word.split()[0] in _THIRD or word in _THIRD:
            codes.append(2)
        else:
            codes.append(-1)
            wrong.append(position)
    return codes, wrong


def looks_like_sex(cells: Iterable[str]) -> bool:
    """Whether all cells that say something say a sex, one of the two at least."""
    words = {plain(cell).strip(" .") for cell in cells} - {""}
    return bool(words) and words <= _FEMALE | _MALE | _THIRD and bool(words & (_FEMALE | _MALE - {"v"}))


def read_status(text: str) -> tuple[Status | None, Message | None]:
    """The status that a cell says; None where it says none, or another than was expected, which is said."""
    words = plain(text).strip(" .")
    if not words or (_BLANK.fullmatch(words) and not _NOT_OUT.search(words)):
        return None, None
    for pattern, status in _PATTERNS:
        if pattern.search(words):
            return status, None
    return None, EXPECTED_STATUS


def is_referred(text: str, own: str) -> bool:
    """Whether a cell says that another list forwarded the row."""
    words = plain(text).strip(" .")
    return (
        bool(words)
        and words not in ("0", "false", "f")
        and not _BLANK.fullmatch(words)
        and words != plain(own)
    )


def place_name(text: str) -> str:
    """A place without what its spellings differ in; empty where none is written."""
    words = _SIGNS.sub(" ", plain(text)).strip()
    if not words or _BLANK.fullmatch(plain(text).strip(" .")):
        return ""
    return _KIND_OF_PLACE.sub("", words) or words
