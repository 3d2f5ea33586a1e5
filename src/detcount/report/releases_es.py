"""Spanish for the notes, reasons and remedies of the estimators of releases.

They write English, from templates that are constants of their modules: ``NOTE_...``, ``REASON_...``,
``REMEDY_...``. Each has its Spanish form here under the same name; a test fails where one is missing.
Days, numbers and the sources of the shipped series are written in the language of the report.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from functools import cache
from types import ModuleType

from detcount.assumptions import Language
from detcount.releases import audit, batches, delay, monitored, process
from detcount.report import releases_content
from detcount.report.releases_messages import SOURCES, day_words, event_inside
from detcount.report.translations import has_translation, localised_number, translate
from detcount.words import Message

__all__ = ["SPANISH", "english_templates", "is_known", "translate_release"]

_BATCHES = {
    "NOTE_RESTATED": (
        "El anuncio también se dio como {others}. La estimación usa {announced}, la última cifra de {source}, que lo anunció "
        "primero; otra cifra desplaza la parte sin sustento en la diferencia."
    ),
    "NOTE_AT_LEAST_ANNOUNCED": (
        "El anuncio decía al menos {announced}: el reparto es de ese número, y las excarcelaciones que lo superen no se cuentan."
    ),
    "NOTE_NO_START": (
        "{source} no dijo cuándo empezaron las excarcelaciones anunciadas: se toman como del {day}, el último día."
    ),
    "NOTE_NO_END": (
        "{source} no dijo cuándo terminaron las excarcelaciones anunciadas: se toma como último el día de publicación, {day}."
    ),
    "NOTE_SPREAD": (
        "Las excarcelaciones anunciadas se toman como repartidas por igual en los {days} días del {start} al {end}."
    ),
    "NOTE_EARLY": (
        "{monitor} verificó excarcelaciones el {day}, antes del primer día anunciado: se toma que empezaron entonces."
    ),
    "NOTE_WITHDRAWN": (
        "{monitor} dio {before} verificadas el {day_before} y {after} el {day_after}: se usa la última cifra, y {withdrawn} "
        "excarcelaciones verificadas cuentan como retiradas."
    ),
    "NOTE_SAME_DAY": (
        "{monitor} dio varias cifras el {day} ({figures}): se usa la mayor, como última palabra de ese día."
    ),
    "NOTE_AT_LEAST_VERIFIED": (
        "{monitor} dijo «al menos {count}» el {day}: las verificadas entonces pueden ser más, y su número se trata como desconocido."
    ),
    "NOTE_PART_OF_WINDOW": (
        "Las {count} que {monitor} dio el {day} abarcan parte de los días anunciados: se usan como cota inferior."
    ),
    "NOTE_BOUNDS_IN_A_ROW": (
        "{monitor} dijo «al menos» varias veces seguidas: solo se usa la mayor de esas cifras, {count}."
    ),
    "NOTE_BY_WINDOW": (
        "Las cifras de {monitors} corresponden a este anuncio por sus días, no por su nombre: pueden contar otras excarcelaciones "
        "de los mismos días."
    ),
    "NOTE_OTHER_MONITORS": "Otros observadores verificaron {others}.",
    "NOTE_EXCEEDS": (
        "{monitor} verificó {verified}, más que las {announced} anunciadas: todas las anunciadas cuentan como realizadas, y {more} "
        "verificadas quedan fuera del anuncio, por definición, por días o por error."
    ),
    "NOTE_ALL_VERIFIED": "{monitor} verificó todas las anunciadas ({announced}).",
    "NOTE_NO_DELAY": (
        "No se modeló la demora: lo no verificado al {day} cuenta como que nunca se verificará, de modo que nada queda pendiente."
    ),
    "NOTE_DELAY_FROM_PRIOR": (
        "Las cifras sucesivas de {monitor} no muestran cuánto tarda su verificación: lo pendiente se apoya aquí en el supuesto "
        "previo declarado sobre la demora."
    ),
    "NOTE_SPLIT_FROM_PRIOR": (
        "Los totales publicados no distinguen lo inverificable de lo que carece de sustento: ese reparto se apoya en la "
        "probabilidad previa, Beta({a}; {b}) con media {mean}, de que {monitor} llegue a verificar una excarcelación verdadera. "
        "Las cotas estrictas valen sin ella."
    ),
    "NOTE_ONE_CHANCE": (
        "La probabilidad de que un observador llegue a verificar una excarcelación se toma igual en todos los anuncios, de modo que uno que "
        "verificó entero hace más seguros los demás; con verification_varies=True no es así."
    ),
    "NOTE_LONE": (
        "Un solo anuncio: la probabilidad de que una excarcelación anunciada se realice tiene la distribución previa Beta({c}; {d}), "
        "y ningún otro anuncio la informa."
    ),
    "NOTE_POOLED": (
        "La probabilidad de que una excarcelación anunciada se realice se combina entre {n} anuncios: su media tiene la "
        "distribución previa Beta({c}; {d}), y su concentración, una con mediana {concentration}."
    ),
    "NOTE_WEIGHTS": (
        "Las simulaciones equivalen a {worth} independientes, con forma de Pareto {shape}: no confíe en los límites."
    ),
    "NOTE_NO_PAIR": (
        "La razón de momios no cambia nada aquí: ningún anuncio tiene cifras de dos observadores."
    ),
    "NOTE_DECLINED": "Sin estimar, {label}: {reason}. {remedy}",
    "NOTE_UNMATCHED": (
        "{n} de {total} cifras verificadas no corresponden a ningún anuncio, ni por nombre ni por días, y no se usan aquí; "
        "ReleaseProcess compara cifras de ventanas distintas."
    ),
    "NOTE_UNDATED": "{n} de esas cifras no tienen primer día, de modo que solo se pudieron asignar por su nombre.",
    "REASON_RUNNING_TOTAL": (
        "{source} anunció con ese nombre un total acumulado, {first} al principio y {last} después, no un solo anuncio"
    ),
    "REASON_LONG": "los días anunciados son {days}, más que los {most} de un anuncio de una vez",
    "REASON_NONE_ANNOUNCED": "ninguna fila es una cifra anunciada",
    "REMEDY_NONE_ANNOUNCED": "Dé a lo anunciado el papel 'announced'.",
    "REASON_NONE_VERIFIED": "ninguna fila es una cifra verificada",
    "REMEDY_NONE_VERIFIED": (
        "Informe del anuncio como no verificado, o cuente las cifras reportadas con roles=('verified', 'reported')."
    ),
    "REASON_NO_MONITOR": "ninguno de los observadores {monitors} tiene una cifra",
    "REMEDY_NO_MONITOR": "Revise los nombres en monitors, o el día de as_of.",
    "REASON_NO_BATCH": "ningún anuncio es de una vez y tiene respuesta ({reasons})",
    "NOTE_MEASURES": (
        "Lo que anunció {source} y lo que verificó {monitors} no se miden igual, según dice cada medida: parte de la diferencia puede ser "
        "de definición."
    ),
    "NOTE_NO_FIGURES": "Ninguna cifra de estas filas es de {monitors}.",
    "REASON_UNVERIFIED": "ningún observador publicó una cifra verificada",
    "REASON_HEADLINE": "{monitor} no publicó ninguna cifra verificada",
    "REASON_MANY": "se indicó una razón de momios, y {n} observadores tienen cifras",
    "REASON_BOUND": "se indicó una razón de momios, y la última cifra de {monitor} es un «al menos»",
    "REMEDY_PROCESS": "Use ReleaseProcess, que compara totales de ventanas distintas.",
    "REMEDY_WINDOW": "Use ReleaseProcess, o aumente max_window si fue un solo anuncio.",
    "REMEDY_UNVERIFIED": (
        "Informe del anuncio como no verificado, o dé a las filas de los observadores su nombre o sus días."
    ),
    "REMEDY_HEADLINE": "Quite headline, o nombre a un observador de este anuncio.",
    "REMEDY_MANY": "Nombre a dos de ellos en monitors, o deje la razón de momios en 1.",
    "REMEDY_BOUND": "Deje la razón de momios en 1, o quite esa fila.",
}

_AUDIT = {
    "NOTE_EXITS": (
        "Las salidas son personas que dejaron el registro de {source}: la mayoría fueron excarceladas; algunas pueden haber pasado a "
        "casa por cárcel, fallecido o sido excluidas. No incluyen a quienes nunca registró."
    ),
    "NOTE_MOVED": (
        "Ningún boletín da ambas cifras el {day}; se usa el del {used}, y la ventana va del {start} al {end}."
    ),
    "NOTE_BEHIND": (
        "El total acumulado de arrestos iba por detrás de los ingresos que imprimen los boletines en {n_behind} de los {n_checked} "
        "períodos que se pueden comprobar, hasta en {most} personas. El intervalo supone que fue así el primer y el último día."
    ),
    "NOTE_NEVER_BEHIND": (
        "El total acumulado de arrestos nunca se vio por detrás de los ingresos que imprimen los boletines, en {n_checked} períodos que "
        "se pueden comprobar, así que el intervalo no tiene amplitud por ello; tan pocos períodos no excluyen un faltante."
    ),
    "NOTE_UNCHECKED": (
        "Nada en la serie dice cuán completo era el total acumulado de arrestos, así que solo se dan cotas junto a las {implied} "
        "salidas que implica tal como está."
    ),
    "NOTE_ALL_PRINTED": (
        "Todos los boletines de la ventana imprimen los ingresos, de modo que se usan en lugar del total acumulado."
    ),
    "NOTE_SHORT": (
        "El total acumulado, tal como está, implica {implied} salidas, menos que las {low} a las que obliga el número de detenidos: le faltan "
        "ingresos, y el intervalo se apoya en los faltantes vistos en otros períodos."
    ),
    "NOTE_GIVEN": (
        "Los ingresos que el total acumulado no contiene se toman como se declararon, de {low} a {high} personas, y no se juzgan por la serie."
    ),
    "NOTE_BALANCE": (
        "En los {n_checked} boletines que imprimen ingresos y excarcelaciones y pueden compararse con el anterior, ambos explican el cambio "
        "del número de detenidos hasta la última persona."
    ),
    "NOTE_NOT_BALANCED": (
        "En {n_open} de los {n_checked} boletines que imprimen ingresos y excarcelaciones y pueden compararse con el anterior, ambos no "
        "explican el cambio del número de detenidos; la mayor diferencia es de {most} personas."
    ),
    "NOTE_NO_DEATHS": "Las muertes bajo custodia no se restan de las salidas.",
    "NOTE_LATE_CASES": (
        "{source} mismo cuenta {count} personas detenidas antes que se ingresaron entre el {start} y el {end}; se supone que el total "
        "acumulado de arrestos las contiene."
    ),
    "NOTE_TWO_FIGURES": "Para el {day} hay varias cifras publicadas, {figures}; a todas se les da el mismo peso.",
    "NOTE_INTERPOLATED": (
        "Ningún boletín da ambas cifras el {day}: lo ocurrido entre el {before} y el {after} se reparte ahí en proporción media a los "
        "días, con un supuesto previo declarado, y las cotas admiten cualquier reparto."
    ),
    "NOTE_FELL": (
        "El total acumulado de arrestos bajó de {first} a {second} entre el {before} y el {after}, así que se corrigió dentro de la "
        "ventana; los ingresos son entonces menos seguros de lo que dice el intervalo."
    ),
    "NOTE_NO_CEILING": (
        "Las salidas no tienen cota superior: pueden haberse ingresado casos que ningún total contiene."
    ),
}

_PROCESS = {
    "NOTE_NO_START": (
        "{n} de los recuentos no dicen desde qué día cuentan, y se dejaron fuera (publicados por {sources})."
    ),
    "NOTE_NO_END": "{n} de los recuentos no dicen hasta qué día cuentan; se toma el día de publicación.",
    "NOTE_EARLY": "{n} de los recuentos se publicaron antes del primer día que cuentan, y se dejaron fuera.",
    "NOTE_CORRECTION": (
        "{source} tenía {old} el {old_day} para días que su total de {new} del {new_day} contiene: vale la última cifra, y al menos "
        "{withdrawn} personas se retiraron."
    ),
    "NOTE_SAME_DAY": (
        "{source} publicó {old} y después {new} el {day} para los mismos días; vale la última cifra."
    ),
    "NOTE_NO_NEWS": (
        "{source} dijo «al menos {old}» el {day}, menos que sus cifras anteriores para los mismos días; eso no añade nada y se dejó fuera."
    ),
    "NOTE_OVERLAP": (
        "{source}: {n} pares de sus recuentos comparten algunos días sin que una ventana contenga a la otra; se toman como evidencia "
        "separada, y los intervalos pueden ser algo estrechos."
    ),
    "NOTE_DELAY_PRIOR": (
        "Hay muy pocos recuentos sucesivos para saber cuánto tarda la verificación: lo que falta por verificar se apoya en el supuesto "
        "previo declarado sobre la demora."
    ),
    "NOTE_VERIFICATION_PRIOR": (
        "Cuántas excarcelaciones ocurrieron y nunca se verificarán no puede saberse por los totales: se apoya en el supuesto previo "
        "declarado de que una excarcelación verdadera tiene una probabilidad de {mean} (de {low} a {high}) de llegar a verificarse."
    ),
    "NOTE_NO_ANNOUNCEMENT": (
        "No se pudo usar ninguna cifra anunciada: no hay con qué comparar las excarcelaciones verificadas."
    ),
    "NOTE_MIXING": (
        "Las cadenas de simulación no se mezclaron del todo (R-hat {r_hat}, {effective} simulaciones efectivas): tome los límites como "
        "aproximados."
    ),
    "NOTE_MORE_VERIFIED": (
        "{verified_by} verificó {verified} excarcelaciones de esos días, más que las {announced} anunciadas; las ventanas o las "
        "definiciones difieren, o el anuncio dejó a personas fuera."
    ),
    "NOTE_ANNOUNCED_SUM": "El número anunciado es la suma de {n} anuncios de {announced_by} dentro de la ventana.",
    "NOTE_ANNOUNCED_PART": (
        "Los anuncios de {announced_by} dentro de la ventana abarcan {covered} de sus {days} días."
    ),
    "NOTE_NOTHING_VERIFIED": (
        "{verified_by} no tiene ningún recuento dentro de la ventana: sus excarcelaciones ahí son estimadas."
    ),
    "NOTE_THINNED": (
        "De muchos recuentos se usan todos los de los últimos {days} días, y de los anteriores el último de cada período: "
        "los que hay entre ellos dicen poco más."
    ),
    "NOTE_FUTURE": (
        "La ventana termina después del último recuento; la brecha es la de los días hasta el {as_of}."
    ),
}

_DELAY = {
    "NOTE_LATER": "Las verificaciones posteriores al {day} no se conocían entonces y se dejan fuera: {n}.",
    "NOTE_LONGER": (
        "Las excarcelaciones verificadas después de más de {maximum} días se cuentan a los {maximum} días: {n}."
    ),
    "NOTE_NOT_BEYOND": (
        "Lo que se sabe hasta un día no puede mostrar la proporción de demoras más largas: se supone que toda verificación llega en "
        "{maximum} días."
    ),
    "NOTE_TAIL": (
        "La excarcelación más antigua tuvo {longest} días para ser verificada; la proporción de demoras más largas, {share}, no la "
        "identifican los datos y se apoya en la forma {family}."
    ),
    "NOTE_NEVER": "Las excarcelaciones que nunca se verificarán no están entre las esperadas.",
    "NOTE_WITHIN_WINDOW": "Dentro de cada ventana, los días de excarcelación se toman como igual de probables.",
    "NOTE_NO_START": "Los totales cuya ventana no tiene primer día se dejan fuera: {n}.",
    "NOTE_NO_END": "Los totales cuya ventana no tiene último día, y aún pueden crecer, se dejan fuera: {n}.",
    "NOTE_ONE_LOOK": "Las ventanas con un solo total nada dicen de la demora y se dejan fuera: {n}.",
    "NOTE_CORRECTED": (
        "Los totales superiores a uno posterior de la misma ventana se toman como corregidos y se dejan fuera: {n}."
    ),
    "NOTE_AT_LEAST": "Los totales publicados como «al menos» se toman como exactos: {n}.",
    "NOTE_SEVERAL_MONITORS": "Las demoras de {n} observadores se toman como una sola distribución.",
}

_MONITORED = {
    "NOTE_LATER": _DELAY["NOTE_LATER"],
    "NOTE_UNKNOWN": (
        "Las excarcelaciones que ningún observador había verificado al {day} no se conocían entonces y se dejan fuera: {n}."
    ),
    "NOTE_TWO_MONITORS": (
        "Con dos observadores los datos no muestran si uno sigue al otro: se supone que trabajan de forma independiente."
    ),
    "NOTE_ALONE": (
        "El observador {monitor} no comparte ninguna excarcelación con otro, de modo que la proporción que verifica se apoya en el "
        "supuesto previo."
    ),
    "NOTE_TAIL": (
        "La excarcelación más antigua tuvo {longest} días para ser verificada; la proporción de demoras más largas de {monitor}, {share}, "
        "no la identifican los datos y se apoya en la forma {family}."
    ),
    "NOTE_WITHIN": (
        "A cada excarcelación se le dieron {within} días para ser verificada: {n} excarcelaciones de los días hasta el {last} que algún "
        "observador verificó en ese plazo pasaron a {estimator}."
    ),
    "NOTE_SHORT": (
        "En {within} días el observador {monitor} verifica el {share} de lo que llega a verificar; más días dejarían menos de la mitad de las "
        "excarcelaciones."
    ),
    "NOTE_FIRST_DELAY": (
        "Cuántas nunca se verificarán se apoya en la forma {family} de la demora de la primera verificación."
    ),
    "NOTE_EXCEEDED": "Se verificaron más excarcelaciones de las anunciadas: {verified} de {announced}.",
    "NOTE_ESTIMATOR": "{estimator}: {note}",
}

_CONTENT = {
    "REASON_NO_FIRST_DAY": (
        "no se precisó el primer día que cuenta, de modo que no puede compararse con nada"
    ),
    "REASON_NO_COUNT": "ningún recuento verificado de {monitor} cae dentro de sus días",
    "REMEDY_NO_COUNT": (
        "Pregunte de qué días son las verificadas; ReleaseProcess.gap dice lo que implican los recuentos de otros días."
    ),
    "REMEDY_NO_FIRST_DAY": "Pregunte a {source} desde qué día cuenta.",
}

# Reasons and remedies that stand where they are raised; a test reads them from there.
_INLINE: tuple[tuple[str, str], ...] = (
    ("an iteration did not converge", "una iteración no llegó a converger"),
    ("Use another family.", "Use otro método."),
    (
        "no count of a monitor says which days it covers",
        "ningún recuento de un observador dice qué días abarca",
    ),
    (
        "Add verified counts with the first day of their window.",
        "Añada recuentos verificados con el primer día de su ventana.",
    ),
    (
        "nothing was announced for days inside {first} to {last}",
        "no se anunció nada para días comprendidos entre el {first} y el {last}",
    ),
    (
        "Ask for a window that holds the window of an announcement.",
        "Pida una ventana que contenga la de un anuncio.",
    ),
    (
        "the stock of {source} forces at least {low} exits, and its arrests as they stand allow {implied}",
        "el número de detenidos de {source} obliga a al menos {low} salidas, y sus arrestos, tal como están, permiten {implied}",
    ),
    (
        "The running total lacks entries: give late_entries, or choose other days.",
        "Al total acumulado le faltan ingresos: indique late_entries, o elija otros días.",
    ),
    (
        "no source gives both persons held and a running total of arrests that begins before the window and reaches its end",
        "ninguna fuente da a la vez personas detenidas y un total acumulado de arrestos que empiece antes de la ventana y llegue a su final",
    ),
    (
        "Add the bulletins that lack, or choose other days.",
        "Añada los boletines que faltan, o elija otros días.",
    ),
    (
        "the bulletins of {source} leave no span between {start} and {end}",
        "los boletines de {source} no dejan ningún período entre el {start} y el {end}",
    ),
    ("Choose days that are farther apart.", "Elija días más separados."),
    (
        "the running total of arrests of {source} is lower on {after} than on {before}",
        "el total acumulado de arrestos de {source} es menor el {after} que el {before}",
    ),
    ("It was corrected in between: choose other days.", "Se corrigió entre medias: elija otros días."),
    (
        "{day} does not lie between two bulletins of {source} that give both figures",
        "el {day} no cae entre dos boletines de {source} que den ambas cifras",
    ),
    (
        "no bulletin of {source} within {within} days of {day} gives both persons held and the running total of arrests",
        "ningún boletín de {source} a menos de {within} días del {day} da a la vez personas detenidas y el total acumulado de arrestos",
    ),
    (
        "The nearest that does is of {days}; take one of them, or interpolate=True to split the span between them.",
        "Los más cercanos que sí son del {days}; use uno de ellos, o interpolate=True para repartir el período entre ambos.",
    ),
    ("The nearest that does is of {days}.", "El más cercano que sí es del {days}."),
    ("No bulletin gives both.", "Ningún boletín da ambas."),
)

SPANISH: tuple[tuple[ModuleType, dict[str, str]], ...] = (
    (audit, _AUDIT),
    (batches, _BATCHES),
    (delay, _DELAY),
    (monitored, _MONITORED),
    (process, _PROCESS),
    (releases_content, _CONTENT),
)

_ISO = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])")
_NUMBER = re.compile(r"(?<![\w.-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?![\w-])")


def english_templates(module: ModuleType) -> dict[str, str]:
    """Sentences that a module of estimators can write, by the names of their constants."""
    prefixes = ("NOTE_", "REASON_", "REMEDY_")
    return {name: value for name, value in vars(module).items() if name.startswith(prefixes)}


def translate_release(text: str, lang: Language) -> str:
    """Give a sentence of an estimator of releases in the language of the report, its days in words.

    Parameters
    ----------
    text : str
        A note, reason or remedy, as the estimator wrote it in English.
    lang : {"en", "es"}
        Language of the report.

    Returns
    -------
    str
        The sentence; what has no Spanish form stays as it is.
    """
    if isinstance(text, Message):
        return text.say(lang)
    if lang == "en":
        return _ISO.sub(lambda found: _words(found.group(), "en"), text)
    found = _spanish(text)
    return translate(text, "es") if found is None else found


def is_known(text: str) -> bool:
    """Whether a sentence has its Spanish form."""
    return isinstance(text, Message) or _spanish(text) is not None or has_translation(text)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of the English templates and the Spanish ones, the longest first."""
    found = [(_pattern(english), spanish) for english, spanish in _INLINE]
    for module, spanish in SPANISH:
        for name, english in english_templates(module).items():
            if name in spanish:
                found.append((_pattern(english), spanish[name]))
    return tuple(sorted(found, key=lambda pair: -len(pair[0].pattern)))


def _pattern(template: str) -> re.Pattern[str]:
    """A pattern that matches what a template writes, its fields by name."""
    parts, seen = [], set()
    for literal, field, _, _ in string.Formatter().parse(template):
        parts.append(re.escape(literal))
        if field is not None:
            name = re.split(r"[.\[!:]", field)[0]
            held = r"[A-Z]\w*\(.*\)" if name == "estimator" else ".+?"
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{held})")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _spanish(text: str) -> str | None:
    """Spanish of one sentence, if known; what stands in its fields is looked up in turn."""
    for pattern, spanish in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return spanish.format(**{name: _field(value) for name, value in found.groupdict().items()})
    return None


def _field(value: str) -> str:
    """What a field held: a sentence, or days, numbers and names."""
    known = _spanish(value)
    if known is not None:
        return known
    if has_translation(value):
        return translate(value, "es")
    said = event_inside(value, "es")
    if said != value:
        return said
    for english, spanish in SOURCES.items():
        value = value.replace(english, spanish)
    value = value.replace(" and ", " y ").replace(" or ", " o ")
    days: list[str] = []

    def keep(found: re.Match[str]) -> str:
        days.append(_words(found.group(), "es"))
        return "\0"

    value = _ISO.sub(keep, value)
    value = _NUMBER.sub(lambda found: localised_number(found.group()), value)
    for day in days:
        value = value.replace("\0", day, 1)
    return value


def _words(day: str, lang: Language) -> str:
    """A day written with hyphens, in words; left as it is where the calendar has no such day."""
    try:
        return day_words(dt.date.fromisoformat(day), lang)
    except ValueError:
        return day
