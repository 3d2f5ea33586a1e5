"""What reports about releases say, in English and Spanish, and how they write days, windows and names."""

from __future__ import annotations

import datetime as dt

from detcount.report.messages import Text, percent, persons
from detcount.words import Said, day, said

__all__ = [
    "RELEASES",
    "between",
    "event_words",
    "share",
    "tell",
    "times",
    "window_words",
]


def window_words(start: dt.date | None, end: dt.date | None, lang: str) -> str:
    """Say which days a count covers, so that it can follow the noun: of 12 January 2026, up to, since."""
    if start is None and end is None:
        return tell("window unknown", lang)
    if start is None and end is not None:
        return tell("window to", lang).format(day(end, lang))
    if start is not None and end is None:
        return tell("window from", lang).format(day(start, lang))
    assert start is not None
    assert end is not None
    if start == end:
        return tell("window day", lang).format(day(start, lang))
    return between(start, end, lang)


def between(start: dt.date, end: dt.date, lang: str) -> str:
    """Say a span of days, with the year once where it is one year."""
    first = day(start, lang, year=start.year != end.year)
    if start.year == end.year and start.month == end.month:
        first = str(start.day)
    return tell("window span", lang).format(first, day(end, lang))


def event_words(event: str, lang: str) -> str:
    """Say the name of an event; one that the library or its data gave begins with a capital."""
    if not isinstance(event, Said):
        return event
    words = said(event, lang)
    return words[:1].upper() + words[1:]


def tell(key: str, lang: str) -> str:
    """Look up a message."""
    return RELEASES[key].say(lang)


def times(key: str, n: float, lang: str) -> str:
    """Look up the form of a message for none, for one or for more, and write the number into it."""
    form = {0: "none", 1: "one"}.get(round(n), "many")
    if f"{key} {form}" not in RELEASES:
        form = "many"
    return tell(f"{key} {form}", lang).replace("{n}", persons(n, lang))


def share(part: float, whole: float, lang: str) -> str:
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
    "no count": Text(
        "no count published by {day} lies within those days ({by})",
        "ningún recuento publicado al {day} cae dentro de esos días ({by})",
    ),
    "of the announced one": Text("{0} of the 1 announced", "{0} de la 1 anunciada"),
    "of the announced many": Text("{0} of the {n} announced", "{0} de las {n} anunciadas"),
    "at most": Text("at most {0}", "como máximo {0}"),
    "more verified": Text(
        "More were verified than announced, so there is no gap to explain; the two may count different people.",
        "Se verificaron más de las anunciadas, de modo que no hay brecha que explicar; puede que no cuenten a las mismas personas.",
    ),
    "all verified": Text(
        "By the count of {by}, as many were verified as were announced.",
        "Según el recuento de {by}, se verificaron tantas como se anunciaron.",
    ),
    "silent since": Text(
        "In the {n} days from then to {day}, {by} published no further figure of these releases that says more.",
        "En los {n} días transcurridos hasta el {day}, {by} no publicó otra cifra de estas excarcelaciones que diga más.",
    ),
    "silent since inside": Text(
        "In the {n} days from then to {day}, {by} published no further figure that lies within those days.",
        "En los {n} días transcurridos hasta el {day}, {by} no publicó otra cifra que caiga dentro de esos días.",
    ),
    "others verified": Text("Other monitors had verified {0}.", "Otros observadores habían verificado {0}."),
    "others reported": Text(
        "Reported by others, without saying that each case was confirmed, and not used here: {0}.",
        "Reportadas por otros, sin decir que confirmaran cada caso, y no usadas aquí: {0}.",
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
    "pending data zero": Text(
        "From how long verification took before, no more are expected to be verified.",
        "Según lo que la verificación tardó antes, no se espera verificar más.",
    ),
    "pending prior zero": Text(
        "By a stated prior, not by the counts, no more are expected to be verified.",
        "Según un supuesto previo declarado, no según los recuentos, no se espera verificar más.",
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
    "pending model none": Text(
        "From this monitor's counts of all days and how long it took before, no more of these days are expected to be "
        "verified ({span}).",
        "Según los recuentos de este observador para todos los días y lo que tardó antes, no se espera que verifique más de esos "
        "días ({span}).",
    ),
    "pending model one": Text(
        "From this monitor's counts of all days and how long it took before, about 1 more of these days is in its other counts or "
        "will be verified ({span}).",
        "Según los recuentos de este observador para todos los días y lo que tardó antes, aproximadamente 1 más de esos "
        "días está en sus otros recuentos o se verificará ({span}).",
    ),
    "pending model many": Text(
        "From this monitor's counts of all days and how long it took before, about {n} more of these days are in its other "
        "counts or will be verified ({span}).",
        "Según los recuentos de este observador para todos los días y lo que tardó antes, unas {n} más de esos días están en sus otros "
        "recuentos o se verificarán ({span}).",
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
    "both prior again": Text(
        "By a prior too, the rest splits into carried out but never to be verified, {unverifiable}, and "
        "unsubstantiated, that is announced and not carried out in the definition used, {unsubstantiated}.",
        "También según un supuesto previo, el resto se reparte en realizadas que nunca se verificarán, {unverifiable}, y sin "
        "sustento, es decir, anunciadas y no realizadas según la definición usada, {unsubstantiated}.",
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
    "counts alone": Text("the counts alone", "los recuentos"),
    "counts of all": Text("the counts of all monitors", "los recuentos de todos los observadores"),
    "cannot account none": Text(
        "By {counts}, all of them can be accounted for.",
        "Solo con {counts}, ninguna queda sin explicar.",
    ),
    "cannot account one": Text(
        "By {counts}, at most 1 ({share}) cannot be accounted for, and perhaps none.",
        "Solo con {counts}, queda sin explicar como máximo 1 ({share}), y quizá ninguna.",
    ),
    "cannot account many": Text(
        "By {counts}, at most {n} ({share}) cannot be accounted for, and perhaps none.",
        "Solo con {counts}, quedan sin explicar como máximo {n} ({share}), y quizá ninguna.",
    ),
    "cannot account between": Text(
        "By {counts}, at least {low} and at most {n} ({share}) cannot be accounted for.",
        "Solo con {counts}, quedan sin explicar como mínimo {low} y como máximo {n} ({share}).",
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
    "part pending or elsewhere": Text(
        "pending: to be verified, or in other counts", "pendientes: por verificar, o en otros recuentos"
    ),
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
    "alt gaps": Text(
        "Stacked bars, one for each of {k} announced numbers: verified, pending, carried out but never to be verified, "
        "and unsubstantiated, as shares of what was announced. The table that follows gives the numbers.",
        "Barras apiladas, una por cada uno de los {k} anuncios: verificadas, pendientes, realizadas que nunca se verificarán y "
        "sin sustento, como proporción de lo anunciado. La tabla siguiente da las cifras.",
    ),
    "alt gaps one": Text(
        "A stacked bar for 1 announced number: verified, pending, carried out but never to be verified, "
        "and unsubstantiated, as shares of what was announced. The table that follows gives the numbers.",
        "Una barra apilada para 1 anuncio: verificadas, pendientes, realizadas que nunca se verificarán y "
        "sin sustento, como proporción de lo anunciado. La tabla siguiente da las cifras.",
    ),
    "alt windows": Text(
        "Lines in time, one for each of {k} published counts: the days whose releases it covers, and the day it was "
        "published. The table that follows gives the days and the numbers.",
        "Líneas en el tiempo, una por cada uno de los {k} recuentos publicados: los días cuyas excarcelaciones abarca y el día "
        "en que se publicó. La tabla siguiente da los días y las cifras.",
    ),
    "alt fan": Text(
        "Curve: the total that {source} had verified rises from {first} on {from_day} to {last} on {to_day}.{more} "
        "Announced totals are drawn as lines: {lines}.",
        "Curva: el total que {source} había verificado sube de {first} el {from_day} a {last} el {to_day}.{more} "
        "Los totales anunciados aparecen como líneas: {lines}.",
    ),
    "alt fan expected": Text(
        " A band shows what it is expected to be by {day}: {low} to {high} (95%).",
        " Una banda muestra lo que se espera para el {day}: de {low} a {high} (95\u00a0%).",
    ),
    "alt fan no lines": Text("none", "ninguno"),
    # the report
    "as of": Text("What was known on {0}", "Lo que se sabía el {0}"),
    "counts read one": Text(
        "{n} published count by {sources}, from {first} to {last}.",
        "{n} recuento publicado por {sources}, del {first} al {last}.",
    ),
    "counts read many": Text(
        "{n} published counts by {sources}, from {first} to {last}.",
        "{n} recuentos publicados por {sources}, del {first} al {last}.",
    ),
    "source one": Text("{n} source", "{n} fuente"),
    "source many": Text("{n} sources", "{n} fuentes"),
    "conflict one": Text(
        "{n} pair of counts contradicts itself or another.", "{n} par de recuentos se contradice."
    ),
    "conflict none": Text("No counts contradict each other.", "Ningún recuento contradice a otro."),
    "conflict many": Text(
        "{n} pairs of counts contradict each other.", "{n} pares de recuentos se contradicen."
    ),
    "printable": Text("Sentences that can be printed", "Frases que se pueden publicar"),
    "no batch": Text(
        "No announcement of one day or round can be set against a verified count of the same event.",
        "Ningún anuncio de un día o una ronda puede compararse con un recuento verificado del mismo hecho.",
    ),
    "older sentences": Text(
        "{0} older announcements stand in the table below.",
        "{0} anuncios anteriores figuran en la tabla de abajo.",
    ),
    "identified": Text(
        "What the counts can tell, and what they cannot", "Lo que los recuentos pueden decir y lo que no"
    ),
    "identified data": Text(
        "From the counts: how long a monitor takes to verify, and so how many more it will have verified in the end "
        "(pending). This needs several successive reports of one thing; where there is only one, it rests on a prior.",
        "Según los recuentos: cuánto tarda un observador en verificar y, por tanto, cuántas más habrá verificado al final "
        "(pendientes). Esto exige varios reportes sucesivos de lo mismo; donde solo hay uno, depende de un supuesto previo.",
    ),
    "identified bounds": Text(
        "As bounds: the number carried out is at least what is verified and, if the announcement is not short, at most "
        "what was announced. No assumption is needed for that.",
        "Como cotas: las realizadas son al menos las verificadas y, si el anuncio no se queda corto, como máximo las anunciadas. "
        "Para eso no hace falta ningún supuesto.",
    ),
    "identified prior": Text(
        "Not from totals: how many of the rest happened and will never be verified, and how many did not happen. That "
        "split rests on a prior, stated with the numbers; only two or more monitors whose people are matched case by case can settle it.",
        "No según los totales: cuántas del resto ocurrieron y nunca se verificarán, y cuántas no ocurrieron. Ese reparto depende de un "
        "supuesto previo, declarado junto a las cifras; solo pueden resolverlo dos o más observadores cuyos casos se cotejen uno a uno.",
    ),
    "facts": Text("The facts: who counted what", "Los hechos: quién contó qué"),
    "facts sentence": Text(
        "The last count of each source about each event. Windows that differ are not compared without a model.",
        "El último recuento de cada fuente sobre cada hecho. Las ventanas distintas no se comparan sin un modelo.",
    ),
    "contradictions": Text("Counts that contradict each other", "Recuentos que se contradicen"),
    "batches": Text("Announcements of one day or round", "Anuncios de un día o una ronda"),
    "totals": Text("Announced totals, each in its own window", "Totales anunciados, cada uno en su ventana"),
    "totals sentence": Text(
        "Each announced total is set against what was verified in the same days, as the model of daily releases has it.",
        "Cada total anunciado se compara con lo verificado en los mismos días, según el modelo de excarcelaciones diarias.",
    ),
    "growth": Text("Verified totals as they grow", "Cómo crecen los totales verificados"),
    "delay": Text("How long verification takes", "Cuánto tarda la verificación"),
    "delay sentence": Text(
        "Share of the releases that are ever verified that had been verified so many days after the release.",
        "Proporción de las excarcelaciones que llegan a verificarse que ya estaban verificadas tantos días después.",
    ),
    "audit": Text("Exits implied by the number held", "Salidas que implica el número de personas detenidas"),
    "silent": Text("Without an answer", "Sin respuesta"),
    "assumptions": Text("What the numbers assume", "Lo que suponen las cifras"),
    "source": Text("Source", "Fuente"),
    "role": Text("Kind", "Tipo"),
    "days": Text("Releases", "Excarcelaciones"),
    "published": Text("Published", "Publicado"),
    "count": Text("Count", "Recuento"),
    "event": Text("Event", "Hecho"),
    "quantity": Text("Quantity", "Magnitud"),
    "low": Text("Low", "Inferior"),
    "mean": Text("Mean", "Media"),
    "high": Text("High", "Superior"),
    "rests on": Text("Rests on", "Se apoya en"),
    "bounds": Text("Bounds", "Cotas"),
    "rests data": Text("the counts", "los recuentos"),
    "rests prior": Text("a stated prior", "un supuesto previo"),
    "rests bounds": Text("bounds alone", "solo cotas"),
    "quantity announced": Text("announced", "anunciadas"),
    "quantity verified": Text("verified so far", "verificadas hasta ahora"),
    "quantity eventually verified": Text("verified in the end", "verificadas al final"),
    "quantity carried out": Text("carried out", "realizadas"),
    "quantity pending": Text("pending", "pendientes"),
    "quantity unverifiable": Text("carried out, never to be verified", "realizadas que nunca se verificarán"),
    "quantity unsubstantiated": Text("unsubstantiated", "sin sustento"),
    "days since": Text("Days since the release", "Días desde la excarcelación"),
    "share verified": Text("Verified by then", "Verificadas para entonces"),
    "more counts": Text("{0} older ones are not shown.", "{0} anteriores no se muestran."),
    "conflict fell": Text(
        "{first}: {a} published on {day_a}, then {b} on {day_b} ({event}).",
        "{first}: {a} el {day_a}, luego {b} el {day_b} ({event}).",
    ),
    "conflict two totals": Text(
        "{first}: {a} and {b} for the same days, both published on {day_a} ({event}).",
        "{first}: {a} y {b} para los mismos días, publicados ambos el {day_a} ({event}).",
    ),
    "conflict window moved back": Text(
        "{first}: the days counted moved back between {day_a} and {day_b} ({event}).",
        "{first}: los días contados retrocedieron entre el {day_a} y el {day_b} ({event}).",
    ),
    "conflict announcements differ": Text(
        "{first} announced {a} ({day_a}), {second} {b} ({day_b}): {event}.",
        "{first} anunció {a} ({day_a}); {second}, {b} ({day_b}): {event}.",
    ),
    "conflict verified above announced": Text(
        "More verified than announced: {first} {a} ({day_a}), {second} {b} ({day_b}) ({event}). Definitions differ, or the announcement was short.",
        "Más verificadas que anunciadas: {first} {a} ({day_a}), {second} {b} ({day_b}) ({event}). Las definiciones difieren, o el anuncio se quedó corto.",
    ),
    "conflict part above whole": Text(
        "{first}: {a} for some days ({event}), but only {b} for more days that hold them ({day_b}).",
        "{first}: {a} para unos días ({event}), pero solo {b} para más días que los incluyen ({day_b}).",
    ),
    "conflict stands twice": Text(
        "{first}: {a} of {day_a} stands twice ({event}).",
        "{first}: {a} del {day_a} figura dos veces ({event}).",
    ),
    "specifications": Text("Specification", "Especificación"),
    "counted": Text(
        "Most counts are of: {0}. Others are not: {1}.",
        "La mayoría de los recuentos son de: {0}. Otros no: {1}.",
    ),
    "others above": Text(
        "What others counted does not fit this split, in which at most {high} were carried out ({level} interval): "
        "look into it before printing.",
        "Lo que otros contaron no encaja con este reparto, en el que se realizaron como máximo {high} (intervalo del {level}): "
        "averígüelo antes de publicar.",
    ),
    "table level": Text(
        "Low and high are limits at {0}. Bounds are what the counts allow whatever is assumed.",
        "Inferior y superior son los límites al {0}. Las cotas son lo que los recuentos permiten con cualquier supuesto.",
    ),
    "part of report batches": Text("Announcements of one day or round", "Anuncios de un día o una ronda"),
    "part of report process": Text("Daily releases", "Excarcelaciones diarias"),
    "part of report audit": Text("Audit of the number held", "Auditoría del número de personas detenidas"),
    "span up to": Text("up to {high}", "hasta {high}"),
    "audit held": Text("held on {0}", "detenidas el {0}"),
    "audit arrests": Text("arrested since", "arrestadas desde entonces"),
    "audit exits": Text("exits implied", "salidas implícitas"),
    "audit limits": Text("limits of the exits at {0}", "límites de las salidas al {0}"),
    "audit excess": Text("Above the exits", "Por encima de las salidas"),
    "audit compared": Text(
        "Published totals of the same days, the largest first",
        "Totales publicados de los mismos días, de mayor a menor",
    ),
    "audit sentence": Text(
        "By its own counts, {source} had {held} people as held on {start}, added {arrests} arrests, and had {left} on {end}: "
        "so about {exits} people left its register ({level} interval {span}).",
        "Según sus propios recuentos, {source} tenía a {held} personas como detenidas el {start}, sumó {arrests} arrestos y tenía a "
        "{left} el {end}: por tanto, unas {exits} personas salieron de su registro (intervalo del {level}: {span}).",
    ),
    "audit sentence bounds": Text(
        "By its own counts, {source} had {held} people as held on {start}, added {arrests} arrests, and had {left} on {end}: "
        "so {exits} people left its register if the arrests are complete ({span} in any case).",
        "Según sus propios recuentos, {source} tenía a {held} personas como detenidas el {start}, sumó {arrests} arrestos y tenía a "
        "{left} el {end}: por tanto, {exits} personas salieron de su registro si los arrestos están completos ({span} en cualquier caso).",
    ),
    "audit announced more": Text(
        "The authorities ({by}) announced {number} releases {window}: {more} more than those exits ({span}).",
        "Las autoridades ({by}) anunciaron {number} excarcelaciones {window}: {more} más que esas salidas ({span}).",
    ),
    "audit announced less": Text(
        "The authorities ({by}) announced {number} releases {window}, no more than those exits.",
        "Las autoridades ({by}) anunciaron {number} excarcelaciones {window}, no más que esas salidas.",
    ),
    "audit outside one": Text(
        "1 of the days announced lies outside the days of the exits, and the difference takes it in.",
        "1 de los días anunciados queda fuera de los días de las salidas, y la diferencia lo incluye.",
    ),
    "audit outside many": Text(
        "{n} of the days announced lie outside the days of the exits, and the difference takes them in.",
        "{n} de los días anunciados quedan fuera de los días de las salidas, y la diferencia los incluye.",
    ),
    "audit mind": Text(
        "People whom {source} never listed are in neither number of its register, so the difference is no proof that "
        "a release did not happen.",
        "Las personas que {source} nunca registró no figuran en ninguna de sus cifras, de modo que la diferencia no prueba que una "
        "excarcelación no ocurriera.",
    ),
}
