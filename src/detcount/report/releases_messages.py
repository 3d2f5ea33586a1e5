"""What reports about releases say, in English and Spanish, and how they write days, windows and names."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from detcount.assumptions import Language
from detcount.report.messages import Text, percent, persons

__all__ = [
    "RELEASES",
    "between",
    "day_words",
    "event_words",
    "measure_words",
    "share",
    "short_day",
    "source_words",
    "tell",
    "times",
    "window_words",
]

_MONTHS = {
    "en": tuple(calendar.month_name),
    "es": (
        "",
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
}

# Bodies and groups of the shipped series as a Spanish-speaking reader knows them.
_SOURCES = {
    "Acting President": "Presidenta encargada",
    "Aporrea (sum by the outlet)": "Aporrea (suma del medio)",
    "Comite de Madres en Defensa de la Verdad": "Comité de Madres en Defensa de la Verdad",
    "Comite por la Libertad de los Presos Politicos (CLIPPVE)": (
        "Comité por la Libertad de los Presos Políticos (CLIPPVE)"
    ),
    "Families with CLIPPVE": "Familiares, con CLIPPVE",
    "Interior Minister": "Ministro del Interior",
    "Justicia, Encuentro y Perdon (JEP)": "Justicia, Encuentro y Perdón (JEP)",
    "Ministry of Penitentiary Service": "Ministerio para el Servicio Penitenciario",
    "NGOs (via AFP)": "ONG (vía AFP)",
    "National Assembly President": "Presidente de la Asamblea Nacional",
    "Opposition leaders' spokesperson office": "Vocería de los líderes opositores",
    "Plataforma Unitaria Democratica (PUD)": "Plataforma Unitaria Democrática (PUD)",
    "Public Ministry / Attorney General": "Ministerio Público / Fiscal General",
    "UN Independent International Fact-Finding Mission": (
        "Misión Internacional Independiente de Determinación de los Hechos (ONU)"
    ),
    "Unnamed monitoring groups": "Organizaciones de monitoreo sin nombrar",
}
_MEASURES = {
    "custody-measure reviews requested/granted by prosecutors": (
        "revisiones de medidas de privación de libertad solicitadas o concedidas por la fiscalía"
    ),
    "release from prison (usually with precautionary measures)": (
        "salida de prisión (por lo general con medidas cautelares)"
    ),
}

# Names of events as files write them, and the words that a reader expects; what stands in brackets in the
# pattern is a day or a month.
_DAY = r"(\d{4}-\d{2}(?:-\d{2})?)"
_EVENTS: tuple[tuple[str, Text], ...] = (
    (rf"event {_DAY}", Text("event of {0}", "anuncio del {0}")),
    (rf"round {_DAY}", Text("round of {0}", "ronda del {0}")),
    (rf"day {_DAY}", Text("day of {0}", "día {0}")),
    (rf"month {_DAY}", Text("{0}", "{0}")),
    (rf"week to {_DAY}", Text("week to {0}", "semana hasta el {0}")),
    (rf"since before {_DAY}", Text("since before {0}", "desde antes de {0}")),
    (rf"since {_DAY}", Text("since {0}", "desde {0}")),
    (rf"cumulative since {_DAY}", Text("in all since {0}", "acumulado desde {0}")),
    (rf"{_DAY} to {_DAY}", Text("{0} to {1}", "del {0} al {1}")),
)


def day_words(day: dt.date, lang: Language, *, year: bool = True) -> str:
    """Write a day: 12 January 2026, 12 de enero de 2026."""
    month = _MONTHS[lang][day.month]
    if lang == "es":
        return f"{day.day} de {month} de {day.year}" if year else f"{day.day} de {month}"
    return f"{day.day} {month} {day.year}" if year else f"{day.day} {month}"


def short_day(day: dt.date, lang: Language, *, year: bool = False) -> str:
    """Write a day in few letters, for a figure: 12 Jan, 12 ene 2026."""
    text = f"{day.day} {_MONTHS[lang][day.month][:3]}"
    return f"{text} {day.year}" if year else text


def window_words(start: dt.date | None, end: dt.date | None, lang: Language) -> str:
    """Say which days a count covers, so that it can follow the noun: of 12 January 2026, up to, since."""
    if start is None and end is None:
        return tell("window unknown", lang)
    if start is None and end is not None:
        return tell("window to", lang).format(day_words(end, lang))
    if start is not None and end is None:
        return tell("window from", lang).format(day_words(start, lang))
    assert start is not None
    assert end is not None
    if start == end:
        return tell("window day", lang).format(day_words(start, lang))
    return between(start, end, lang)


def between(start: dt.date, end: dt.date, lang: Language) -> str:
    """Say a span of days, with the year once where it is one year."""
    first = day_words(start, lang, year=start.year != end.year)
    if start.year == end.year and start.month == end.month:
        first = str(start.day)
    return tell("window span", lang).format(first, day_words(end, lang))


def event_words(event: str, lang: Language) -> str:
    """Say the name of an event, where it is made of days in the way that files write them."""
    for pattern, words in _EVENTS:
        found = re.fullmatch(pattern, event)
        if found:
            days = [_named_day(day, lang) for day in found.groups()]
            said = words.say(lang).format(*days)
            if lang == "es":
                said = re.sub(r"^(desde|acumulado desde) (?=\d)", r"\1 el ", said)
            return said[:1].upper() + said[1:]
    found = re.fullmatch(r"([A-Z][a-z]+) (\d{4})", event)
    if found and lang == "es" and found.group(1) in _MONTHS["en"]:
        month = _MONTHS["es"][_MONTHS["en"].index(found.group(1))]
        return f"{month[:1].upper()}{month[1:]} de {found.group(2)}"
    return event


def _named_day(text: str, lang: Language) -> str:
    """A day or a month written with hyphens, in words."""
    if len(text) == len("2026-01-12"):
        return day_words(dt.date.fromisoformat(text), lang)
    year, month = text.split("-")
    joint = " de " if lang == "es" else " "
    return f"{_MONTHS[lang][int(month)]}{joint}{year}"


def source_words(source: str, lang: Language) -> str:
    """Say the name of a source."""
    return _SOURCES.get(source, source) if lang == "es" else source


def measure_words(measure: str, lang: Language) -> str:
    """Say what was counted."""
    return _MEASURES.get(measure, measure) if lang == "es" else measure


def tell(key: str, lang: Language) -> str:
    """Look up a message."""
    return RELEASES[key].say(lang)


def times(key: str, n: float, lang: Language) -> str:
    """Look up the form of a message for none, for one or for more, and write the number into it."""
    form = {0: "none", 1: "one"}.get(round(n), "many")
    if f"{key} {form}" not in RELEASES:
        form = "many"
    return tell(f"{key} {form}", lang).replace("{n}", persons(n, lang))


def share(part: float, whole: float, lang: Language) -> str:
    """Write a share in whole percent; what is neither none nor all is never rounded to it."""
    value = part / whole
    if 0 < value < 0.01:
        return tell("less than", lang).format(percent(0.01, lang))
    if 0.99 < value < 1:
        return tell("more than", lang).format(percent(0.99, lang))
    return percent(value, lang)


RELEASES: dict[str, Text] = {
    "title": Text(
        "Announced and verified releases: what the counts can carry",
        "Excarcelaciones anunciadas y verificadas: lo que los recuentos permiten decir",
    ),
    # days
    "window unknown": Text("of days that the source did not say", "de días que la fuente no precisó"),
    "window to": Text("up to {0}", "hasta el {0}"),
    "window from": Text("since {0}", "desde el {0}"),
    "window day": Text("of {0}", "del {0}"),
    "window span": Text("from {0} to {1}", "del {0} al {1}"),
    # numbers
    "less than": Text("less than {0}", "menos del {0}"),
    "more than": Text("more than {0}", "más del {0}"),
    "release one": Text("{n} release", "{n} excarcelación"),
    "release many": Text("{n} releases", "{n} excarcelaciones"),
    "announced one": Text("{n} release", "{n} excarcelación"),
    "announced many": Text("{n} releases", "{n} excarcelaciones"),
    "at least": Text("at least {0}", "al menos {0}"),
    "no upper limit": Text("with no upper limit", "sin límite superior"),
    # the sentences
    "of announced": Text(
        "Of {announced} {window} announced by the authorities ({by})",
        "De {announced} {window} que anunciaron las autoridades ({by})",
    ),
    "had verified none": Text(
        "none had been verified by {day} ({by})", "no se había verificado ninguna al {day} ({by})"
    ),
    "had verified one": Text("1 had been verified by {day} ({by})", "se había verificado 1 al {day} ({by})"),
    "had verified many": Text(
        "{n} had been verified by {day} ({by})", "se habían verificado {n} al {day} ({by})"
    ),
    "of the announced one": Text("{0} of the 1 announced", "{0} de la 1 anunciada"),
    "of the announced many": Text("{0} of the {n} announced", "{0} de las {n} anunciadas"),
    "at most": Text("at most {0}", "como máximo {0}"),
    "more verified": Text(
        "More were verified than announced, so there is no gap to explain; the two may count different people.",
        "Se verificaron más de las anunciadas, de modo que no hay brecha que explicar; puede que no cuenten a las mismas personas.",
    ),
    "all verified": Text(
        "All that was announced is verified: there is no gap to explain.",
        "Todo lo anunciado está verificado: no hay brecha que explicar.",
    ),
    "about none": Text("none", "ninguna"),
    "about few": Text("probably none", "probablemente ninguna"),
    "about one": Text("about 1", "aproximadamente 1"),
    "about many": Text("about {n}", "unas {n}"),
    "pending data none": Text(
        "From how long verification took before, no more are expected to be verified ({span}).",
        "Según lo que la verificación tardó antes, no se espera verificar más ({span}).",
    ),
    "pending data one": Text(
        "From how long verification took before, about 1 more will be verified ({span}).",
        "Según lo que la verificación tardó antes, se verificará aproximadamente 1 más ({span}).",
    ),
    "pending data many": Text(
        "From how long verification took before, about {n} more will be verified ({span}).",
        "Según lo que la verificación tardó antes, se verificarán unas {n} más ({span}).",
    ),
    "pending prior none": Text(
        "By a stated prior, not by the counts, no more are expected to be verified ({span}).",
        "Según un supuesto previo declarado, no según los recuentos, no se espera verificar más ({span}).",
    ),
    "pending prior one": Text(
        "By a stated prior, not by the counts, about 1 more will be verified ({span}).",
        "Según un supuesto previo declarado, no según los recuentos, se verificará aproximadamente 1 más ({span}).",
    ),
    "pending prior many": Text(
        "By a stated prior, not by the counts, about {n} more will be verified ({span}).",
        "Según un supuesto previo declarado, no según los recuentos, se verificarán unas {n} más ({span}).",
    ),
    "pending bounds": Text(
        "How many more will be verified the counts do not say: {span}.",
        "Los recuentos no dicen cuántas más se verificarán: {span}.",
    ),
    "pending not modelled": Text(
        "Verification is taken as complete: delay is not modelled here.",
        "La verificación se toma por completa: aquí no se modela la demora.",
    ),
    "both prior": Text(
        "By a stated prior, not by the counts, the rest splits into carried out but never to be verified, "
        "{unverifiable}, and unsubstantiated, that is announced and not carried out in the definition used, "
        "{unsubstantiated}.",
        "Según un supuesto previo declarado, no según los recuentos, el resto se reparte en realizadas que nunca se "
        "verificarán, {unverifiable}, y sin sustento, es decir, anunciadas y no realizadas según la definición usada, "
        "{unsubstantiated}.",
    ),
    "both data": Text(
        "From the counts, the rest splits into carried out but never to be verified, {unverifiable}, and "
        "unsubstantiated, that is announced and not carried out in the definition used, {unsubstantiated}.",
        "Según los recuentos, el resto se reparte en realizadas que nunca se verificarán, {unverifiable}, y sin sustento, "
        "es decir, anunciadas y no realizadas según la definición usada, {unsubstantiated}.",
    ),
    "both bounds": Text(
        "How the rest splits into carried out but never to be verified ({unverifiable}) and unsubstantiated, "
        "that is announced and not carried out in the definition used ({unsubstantiated}), the counts do not say.",
        "Los recuentos no dicen cómo se reparte el resto en realizadas que nunca se verificarán ({unverifiable}) y sin "
        "sustento, es decir, anunciadas y no realizadas según la definición usada ({unsubstantiated}).",
    ),
    "another measure": Text(
        "Mind that the two count different things. Announced: {announced}. Verified: {verified}.",
        "Obsérvese que no cuentan lo mismo. Anunciado: {announced}. Verificado: {verified}.",
    ),
    "unverifiable": Text(
        "Carried out, and never to be verified: {0}.", "Realizadas y que nunca se verificarán: {0}."
    ),
    "unsubstantiated": Text(
        "Unsubstantiated, that is announced and not carried out in the definition used: {0}.",
        "Sin sustento, es decir, anunciadas y no realizadas según la definición usada: {0}.",
    ),
    "about data": Text("{0} ({1}; from the counts)", "{0} ({1}; según los recuentos)"),
    "about prior": Text(
        "{0} ({1}; from a stated prior, not from the counts)",
        "{0} ({1}; según un supuesto previo declarado, no según los recuentos)",
    ),
    "about bounds": Text("{1} (bounds; the counts say no more)", "{1} (cotas; los recuentos no dicen más)"),
    "span": Text("{level} interval {low} to {high}", "intervalo del {level}: de {low} a {high}"),
    "span open": Text("{level} interval {low} or more", "intervalo del {level}: {low} o más"),
    "span bounds": Text("{low} to {high}", "de {low} a {high}"),
    "span bounds open": Text("{low} or more", "{low} o más"),
    "cannot account none": Text(
        "By the counts alone, all of them can be accounted for.",
        "Solo con los recuentos, ninguna queda sin explicar.",
    ),
    "cannot account one": Text(
        "By the counts alone, at most 1 ({share}) cannot be accounted for, and perhaps none.",
        "Solo con los recuentos, queda sin explicar como máximo 1 ({share}), y quizá ninguna.",
    ),
    "cannot account many": Text(
        "By the counts alone, at most {n} ({share}) cannot be accounted for, and perhaps none.",
        "Solo con los recuentos, quedan sin explicar como máximo {n} ({share}), y quizá ninguna.",
    ),
    "cannot account between": Text(
        "By the counts alone, at least {low} and at most {n} ({share}) cannot be accounted for.",
        "Solo con los recuentos, quedan sin explicar como mínimo {low} y como máximo {n} ({share}).",
    ),
    "at least base": Text(
        "The announcement said “at least”, so the percentages are upper limits.",
        "El anuncio decía «al menos», de modo que los porcentajes son límites superiores.",
    ),
    "no accusation": Text(
        "Pending is not false, and unsubstantiated is not proof that a release did not happen.",
        "Pendiente no quiere decir falso, y sin sustento no prueba que una excarcelación no ocurriera.",
    ),
    # figures
    "figure gaps": Text("What became of what was announced", "Qué fue de lo anunciado"),
    "axis share": Text("share of the announced releases", "proporción de las excarcelaciones anunciadas"),
    "bar announced": Text("{0} announced", "{0} anunciadas"),
    "not split": Text("{0} that the counts do not split", "{0} que los recuentos no reparten"),
    "part verified": Text("verified so far", "verificadas hasta ahora"),
    "part pending": Text("pending: will be verified", "pendientes: se verificarán"),
    "part unverifiable": Text("carried out, never to be verified", "realizadas, pero nunca se verificarán"),
    "part unsubstantiated": Text("unsubstantiated", "sin sustento"),
    "line eventually": Text(
        "verified in the end ({level} interval)", "verificadas al final (intervalo del {level})"
    ),
    "line carried out": Text("carried out ({level} interval)", "realizadas (intervalo del {level})"),
    "hatched": Text(
        "hatched: rests on a stated prior, not on the counts",
        "rayado: según un supuesto previo, no según los recuentos",
    ),
    "figure windows": Text(
        "Who counted the releases of which days", "Quién contó las excarcelaciones de qué días"
    ),
    "role announced": Text("announced", "anunciado"),
    "role verified": Text("verified", "verificado"),
    "role reported": Text("reported", "reportado"),
    "mark published": Text("day of publication", "día de publicación"),
    "start unknown": Text("start not said", "inicio no precisado"),
    "more windows": Text("{0} older ones not shown.", "{0} anteriores no se muestran."),
    "figure fan": Text("Verified by {0}, {1}", "Verificadas por {0}, {1}"),
    "axis releases": Text("releases", "excarcelaciones"),
    "axis published": Text("day of publication", "día de publicación"),
    "short start unknown": Text("(start not said)", "(inicio no precisado)"),
    "short since": Text("since {0}", "desde el {0}"),
    "in the end": Text("{0} in the end ({1} to {2})", "{0} al final (de {1} a {2})"),
    "fan verified": Text("verified, as published", "verificadas, según lo publicado"),
    "fan expected": Text(
        "expected for the same days (80% and 95%)", "esperadas para los mismos días (80\u00a0% y 95\u00a0%)"
    ),
    "fan announced": Text("announced for the same days", "anunciadas para los mismos días"),
    "fan announced elsewhere": Text(
        "announced for other days: not comparable as it stands",
        "anunciadas para otros días: no comparables tal cual",
    ),
}
