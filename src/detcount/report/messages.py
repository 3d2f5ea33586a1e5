"""What reports say, in English and Spanish, and how they write numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from detcount.errors import InputError
from detcount.words.locale import join, locale_of, number

__all__ = [
    "LANGUAGES",
    "MESSAGES",
    "Text",
    "check_language",
    "decimal",
    "interval_name",
    "join",
    "percent",
    "persons",
    "ratio",
    "rounded",
    "say",
    "sentence_case",
    "to_figures",
]

Towards = Literal["nearest", "down", "up"]
LANGUAGES = ("en", "es")
_NEAR = 1e-9  # what a float lacks to a whole unit is no reason to go to the next one


@dataclass(frozen=True)
class Text:
    """The same words in English and Spanish.

    Parameters
    ----------
    en, es : str
        The words in each language.
    """

    en: str
    es: str

    def say(self, lang: str) -> str:
        """Give the words in one language."""
        return self.es if lang == "es" else self.en


def check_language(lang: str) -> str:
    """Refuse a language that reports are not written in."""
    if lang not in LANGUAGES:
        raise InputError(f"lang: expected 'en' or 'es', got {lang!r}")
    return "es" if lang == "es" else "en"


def say(key: str, lang: str) -> str:
    """Look up a message."""
    return MESSAGES[key].say(lang)


def persons(value: float, lang: str) -> str:
    """Write a number of persons as a whole number, thousands set apart."""
    return number(value, ",.0f", lang) if math.isfinite(value) else say("no upper limit", lang)


def rounded(
    value: float, lang: str, *, floor: float = 0.0, figures: int = 2, towards: Towards = "nearest"
) -> str:
    """Write a number of persons to so many significant figures, but never below the floor.

    Numbers with no more digits than that are written to the nearest whole, as tables write them.
    """
    way: Towards = "nearest" if value < 10**figures else towards
    return persons(max(to_figures(value, figures, way), floor), lang)


def to_figures(value: float, figures: int, towards: Towards = "nearest") -> float:
    """Round persons to significant figures, one way or to the nearest; to whole persons at the finest."""
    if not math.isfinite(value) or value <= 0:
        return value
    unit = 10 ** max(math.floor(math.log10(value)) - figures + 1, 0)
    nearest = float(round(value / unit) * unit)
    if towards == "nearest" or math.isclose(nearest, value, rel_tol=_NEAR):
        return nearest
    return float((math.floor if towards == "down" else math.ceil)(value / unit) * unit)


def decimal(value: float, lang: str, places: int = 2) -> str:
    """Write a number with decimals: a point in English, a comma in Spanish."""
    return number(value, f",.{places}f", lang)


def ratio(value: float, lang: str) -> str:
    """Write an odds ratio or a factor to three significant figures, without idle zeros."""
    if math.isfinite(value) and value >= 1000:
        return persons(to_figures(value, 2), lang)
    return number(value, ".3g" if value >= 0.001 else ".1g", lang)


def percent(share: float, lang: str, places: int = 0) -> str:
    """Write a share as a percentage; Spanish puts a space before the sign."""
    return number(100 * share, f",.{places}f", lang) + locale_of(lang).percent


def interval_name(method: str, lang: str) -> str:
    """Name of an interval, as it is printed."""
    return _INTERVALS[method].say(lang) if method in _INTERVALS else method


def sentence_case(text: str) -> str:
    """Start with a capital and end with a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


_INTERVALS = {
    "log-normal": Text("log-normal", "log-normal"),
    "percentile bootstrap": Text("percentile bootstrap", "bootstrap de percentiles"),
    "BCa bootstrap": Text("BCa bootstrap", "bootstrap BCa"),
    "exact hypergeometric": Text("exact hypergeometric", "hipergeométrico exacto"),
    "profile likelihood": Text("profile likelihood", "verosimilitud perfilada"),
    "posterior": Text("posterior", "a posteriori"),
    "calibrated": Text("calibrated", "calibrado"),
}

MESSAGES: dict[str, Text] = {
    "no upper limit": Text("no upper limit", "sin límite superior"),
    "title": Text(
        "How many people: what the lists can carry", "Cuántas personas: lo que las listas permiten decir"
    ),
    # verdicts
    "verdict": Text("Verdict", "Dictamen"),
    "verdict estimate": Text("an estimate can be printed", "se puede publicar una estimación"),
    "verdict range": Text("print a range, not one number", "publicar un rango, no una cifra única"),
    "verdict floor only": Text("print the floor only", "publicar solo el mínimo"),
    "verdict refuse": Text("do not print an estimate of the total", "no publicar una estimación del total"),
    "reasons": Text("Why", "Por qué"),
    "no rule fired": Text(
        "no rule against printing an estimate applies",
        "no se aplica ninguna regla en contra de publicar una estimación",
    ),
    "sentence": Text("A sentence that can be printed", "Una frase que se puede publicar"),
    # the sentence
    "at least": Text(
        "At least {n} people are named on the lists.", "Al menos {n} personas figuran en las listas."
    ),
    "at least one": Text(
        "At least 1 person is named on the lists.", "Al menos 1 persona figura en las listas."
    ),
    "supports estimate": Text(
        "The lists support an estimate of about {point} in all ({level} interval {low} to {high}), if "
        "{condition}.",
        "Las listas permiten estimar un total de unas {point} (intervalo del {level}: de {low} a {high}), "
        "si {condition}.",
    ),
    "supports estimate without limit": Text(
        "The lists support an estimate of about {point} in all ({level} interval {low} or more, "
        "with no upper limit), if {condition}.",
        "Las listas permiten estimar un total de unas {point} (intervalo del {level}: {low} o más, "
        "sin límite superior), si {condition}.",
    ),
    "supports range": Text(
        "The lists support a range and no single number: {low} to {high} in all (from the lowest to the "
        "highest "
        "limit of the {level} intervals of {k} methods). The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: de {low} a {high} en total (del menor al "
        "mayor de los "
        "límites de los intervalos del {level} de {k} métodos). El motivo: {reason}.",
    ),
    "supports range without limit": Text(
        "The lists support a range and no single number: {low} or more in all, with no upper limit (from the "
        "{level} intervals of {k} methods). The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: {low} o más en total, sin límite superior "
        "(según los "
        "intervalos del {level} de {k} métodos). El motivo: {reason}.",
    ),
    "supports range one": Text(
        "The lists support a range and no single number: {low} to {high} in all ({level} interval of the "
        "one method that "
        "gives a number). The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: de {low} a {high} en total (intervalo del "
        "{level} del "
        "único método que da una cifra). El motivo: {reason}.",
    ),
    "supports range one without limit": Text(
        "The lists support a range and no single number: {low} or more in all, with no upper limit "
        "({level} interval of "
        "the one method that gives a number). The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: {low} o más en total, sin límite superior "
        "(intervalo del "
        "{level} del único método que da una cifra). El motivo: {reason}.",
    ),
    "supports calibrated range": Text(
        "The lists support a range and no single number: {low} to {high} in all ({level} interval, learned "
        "from "
        "populations of known size), if {condition}. The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: de {low} a {high} en total (intervalo del "
        "{level}, "
        "aprendido de poblaciones de tamaño conocido), si {condition}. El motivo: {reason}.",
    ),
    "supports calibrated range without limit": Text(
        "The lists support a range and no single number: {low} or more in all, with no upper limit "
        "({level} interval, "
        "learned from populations of known size), if {condition}. The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: {low} o más en total, sin límite superior "
        "(intervalo "
        "del {level}, aprendido de poblaciones de tamaño conocido), si {condition}. El motivo: {reason}.",
    ),
    "not for print": Text(
        "Not to be printed, but to be known: the 95% interval learned from populations of known size goes "
        "from {low} "
        "to {high}. It says how little the lists tell; the reasons above are reasons not to rely on it.",
        "No es para publicar, pero conviene saberlo: el intervalo del 95 % aprendido de poblaciones de "
        "tamaño conocido "
        "va de {low} a {high}. Indica lo poco que dicen las listas; los motivos de arriba lo son también "
        "para no "
        "apoyarse en él.",
    ),
    "calibration": Text(
        "The calibrated interval assumes that these people and lists are like those it was learned from in "
        "how far "
        "standard methods miss and in how lists depend on each other: {k} cases of known size from {d} "
        "data sets, where "
        "the 95% intervals of established software packages held the truth only {least} to {most} of the "
        "time.",
        "El intervalo calibrado supone que estas personas y listas se parecen a aquellas de las que se "
        "aprendió en "
        "cuánto yerran los métodos habituales y en cómo dependen las listas unas de otras: {k} casos de "
        "tamaño conocido de {d} "
        "conjuntos de datos, en los que los intervalos del 95 % de los programas establecidos contuvieron "
        "la verdad solo "
        "entre el {least} y el {most} de las veces.",
    ),
    "calibration two": Text(
        "The calibrated interval assumes that these people and lists are like those it was learned from in "
        "how far "
        "standard methods miss: {k} pairs of lists of populations of known size from {d} data sets, where "
        "Chapman's "
        "own 95% interval held the truth only {chapman} of the time.",
        "El intervalo calibrado supone que estas personas y listas se parecen a aquellas de las que se "
        "aprendió en "
        "cuánto yerran los métodos habituales: {k} pares de listas de poblaciones de tamaño conocido de "
        "{d} conjuntos de "
        "datos, en los que el propio intervalo del 95 % de Chapman contuvo la verdad solo el {chapman} de "
        "las veces.",
    ),
    "supports floor": Text(
        "Nobody is named on two lists, so nothing in them limits the total from above: no upper bound can "
        "be given.",
        "Ninguna persona figura en dos listas, de modo que nada en ellas limita el total por arriba: "
        "no se puede dar una cota superior.",
    ),
    "supports too little": Text(
        "They say too little of the people who are on none of them for any number of the total: {reason}.",
        "Dicen demasiado poco de las personas que no figuran en ninguna como para dar una cifra del total: {reason}.",
    ),
    "supports nothing": Text(
        "The lists cannot carry an estimate of the total: {reason}.",
        "Las listas no permiten estimar el total: {reason}.",
    ),
    # sections
    "floor": Text("The floor: people listed", "El mínimo: personas listadas"),
    "floor sentence": Text(
        "{n} people are named on at least one of {k} lists.",
        "{n} personas figuran en al menos una de {k} listas.",
    ),
    "floor sentence one": Text(
        "1 person is named on at least one of {k} lists.", "1 persona figura en al menos una de {k} listas."
    ),
    "coverage sentence": Text(
        "Sample coverage is {c}: that share of a list's people is, on average over the lists, also on "
        "another list.",
        "La cobertura muestral es de {c}: esa proporción de las personas de una lista figura también, "
        "en promedio, en alguna otra.",
    ),
    "families": Text("Every method side by side", "Todos los métodos, uno junto a otro"),
    "declined": Text("Methods that cannot answer", "Métodos que no pueden responder"),
    "none declined": Text("Every method gave an answer.", "Todos los métodos dieron una respuesta."),
    "none answered": Text("No method gave an answer.", "Ningún método dio una respuesta."),
    "overlaps": Text("Overlaps", "Coincidencias entre listas"),
    "sensitivity": Text("If the lists depend on each other", "Si las listas dependen entre sí"),
    "wrong entries": Text(
        "If some entries do not belong on a list", "Si algunos registros no deberían estar en una lista"
    ),
    "wrong list": Text("List with wrong entries", "Lista con registros erróneos"),
    "floor change": Text("People listed", "Personas listadas"),
    "total change": Text("Total", "Total"),
    "wrong entries sentence": Text(
        "Lists often hold people who do not belong to those counted: freed before, held for another "
        "reason, or entered "
        "under a wrong name. If {share} of the entries of one list are such, and stand on no other list, "
        "the floor above "
        "is too high, and the total as a rule too. Without these entries they would change by as much as "
        "the table says, "
        "the unlisted as by the model of one method ({base}).",
        "Es frecuente que las listas incluyan a personas ajenas a la población contada: liberadas antes, "
        "detenidas por "
        "otro motivo o registradas con un nombre erróneo. Si son así el {share} de los registros de una "
        "lista, y no "
        "figuran en ninguna otra, el mínimo de arriba es demasiado alto y, por lo general, también el "
        "total. Sin esos "
        "registros cambiarían lo que dice la tabla; las personas no listadas, según el modelo de un método "
        "({base}).",
    ),
    "leave out": Text("Leaving out one list at a time", "Dejando fuera una lista a la vez"),
    "assumptions": Text("What the recommended method assumes", "Lo que supone el método recomendado"),
    "assumptions all": Text("What the methods assume", "Lo que suponen los métodos"),
    "notes": Text("Notes", "Notas"),
    "provenance": Text("To make the numbers again", "Para repetir las cifras"),
    "citation": Text("Citation", "Cita"),
    # columns
    "list": Text("List", "Lista"),
    "persons": Text("People", "Personas"),
    "exclusive": Text("On no other list", "En ninguna otra lista"),
    "pair": Text("Lists", "Listas"),
    "on both": Text("On both", "En ambas"),
    "on exactly": Text("On exactly these lists", "Exactamente en estas listas"),
    "times": Text("Number of lists", "Número de listas"),
    "method": Text("Method", "Método"),
    "estimator": Text("Estimator", "Estimador"),
    "listed": Text("Listed", "Listadas"),
    "low": Text("Low", "Inferior"),
    "point": Text("Point", "Estimación"),
    "high": Text("High", "Superior"),
    "interval": Text("Interval", "Intervalo"),
    "kind": Text("Gives", "Da"),
    "reason": Text("Reason", "Motivo"),
    "remedy": Text("What to do", "Qué hacer"),
    "odds ratio": Text("Odds ratio", "Razón de momios"),
    "left out": Text("List left out", "Lista excluida"),
    "change": Text("Change", "Cambio"),
    "name": Text("Item", "Dato"),
    "value": Text("Value", "Valor"),
    # kinds of family
    "kind claim": Text("a number", "una cifra"),
    "kind bound": Text("a lower bound", "una cota inferior"),
    "kind baseline": Text("a baseline", "una referencia"),
    "kind calibrated": Text("a calibrated interval", "un intervalo calibrado"),
    "recommended": Text("recommended", "recomendado"),
    "recommended mark": Text("★ marks the recommended method.", "★ señala el método recomendado."),
    "no point": Text(
        "Its number is left out (–), as the verdict is against printing one.",
        "Se omite su cifra (–), pues el dictamen es contrario a publicar una.",
    ),
    "agreement sentence": Text(
        "The {k} methods that claim a number give nearly the same one.",
        "Los {k} métodos que dan una cifra dan casi la misma.",
    ),
    "kinds sentence two": Text(
        "The calibrated interval is made from another method and does not count when the methods are "
        "compared.",
        "El intervalo calibrado se elabora a partir de otro método y no cuenta al comparar los métodos.",
    ),
    "kinds sentence": Text(
        "A lower bound, a baseline and the calibrated interval, which is made from other methods, do not "
        "count when "
        "the methods are compared.",
        "Una cota inferior, una referencia y el intervalo calibrado, que se elabora a partir de otros "
        "métodos, no "
        "cuentan al comparar los métodos.",
    ),
    "modes sentence": Text(
        "Some disagree within themselves: the posterior has several modes ({modes}), as models that fit "
        "about as well "
        "say different things, and one number hides it.",
        "Algunos no coinciden ni consigo mismos: la distribución a posteriori tiene varias modas "
        "({modes}), pues modelos "
        "que se ajustan más o menos igual de bien dicen cosas distintas, y una cifra única lo oculta.",
    ),
    "monte carlo": Text(
        "After ± stands the Monte Carlo error: by about how much other random draws would move the number. "
        "The number is rounded to steps of at least twice that, the limits outwards.",
        "Tras ± figura el error de Monte Carlo: en cuánto, aproximadamente, moverían la cifra otros sorteos "
        "aleatorios. La cifra se redondea a pasos de al menos el doble; los límites, hacia fuera.",
    ),
    "ticks sentence": Text(
        "In the figure, a shaded strip shows where a method puts its probability, and ticks mark the modes.",
        "En la figura, la banda sombreada muestra dónde pone un método su probabilidad, y las rayas marcan "
        "las modas.",
    ),
    "strips sentence": Text(
        "In the figure, a shaded strip shows where a method puts its probability.",
        "En la figura, la banda sombreada muestra dónde pone un método su probabilidad.",
    ),
    "disagreement sentence": Text(
        "The highest number is {ratio} times the lowest, over {k} methods that claim one.",
        "La cifra más alta es {ratio} veces la más baja, entre los {k} métodos que dan una.",
    ),
    # sensitivity
    "sensitivity sentence": Text(
        "The odds ratio says how much likelier people are to be on lists together than by what the method "
        "assumes; 1 is what it assumes ({base}), and no data on listed people can show it.",
        "La razón de momios indica cuánto más probable es figurar en las listas a la vez que según lo que "
        "supone "
        "el método; 1 es lo que supone ({base}), y ningún dato sobre las personas listadas puede mostrarla.",
    ),
    "sensitivity calibrated": Text(
        "The calibrated interval allows for such dependence already, as far as it was found in the "
        "populations of "
        "known size.",
        "El intervalo calibrado ya tiene en cuenta esa dependencia, en la medida en que se halló en las "
        "poblaciones de "
        "tamaño conocido.",
    ),
    "tipping sentence": Text(
        "The total reaches {claim} people ({meaning}) at an odds ratio of {tipping}.",
        "El total llega a {claim} personas ({meaning}) con una razón de momios de {tipping}.",
    ),
    "tipping within": Text(
        "The total reaches {claim} people ({meaning}) at an odds ratio between {low} and {high}.",
        "El total llega a {claim} personas ({meaning}) con una razón de momios entre {low} y {high}.",
    ),
    "tipping none": Text(
        "No odds ratio brings the total to {claim} people ({meaning}): that is not above the number listed.",
        "Ninguna razón de momios lleva el total a {claim} personas ({meaning}): no supera el número de "
        "personas listadas.",
    ),
    "claim half": Text(
        "the point where half of the people are listed",
        "el punto en que la mitad de las personas está listada",
    ),
    "claim given": Text("the claim under test", "la afirmación puesta a prueba"),
    "no sensitivity": Text("There is no estimate to vary.", "No hay una estimación que variar."),
    "leave out sentence": Text(
        "The total by the same method ({base}) when one list is left out.",
        "El total por el mismo método ({base}) cuando se deja fuera una lista.",
    ),
    "leave out largest": Text(
        "Of {n} lists the {k} largest are left out, one at a time; each list more would take seconds.",
        "De {n} listas se dejan fuera las {k} más grandes, una por una; cada lista más tomaría segundos.",
    ),
    "leave out three": Text(
        "The total from the two lists that stay when one is left out ({base}).",
        "El total a partir de las dos listas que quedan cuando se deja fuera una ({base}).",
    ),
    "leave out two": Text(
        "With two lists none can be left out.", "Con dos listas no se puede dejar fuera ninguna."
    ),
    "no leave out": Text("There is no estimate to repeat.", "No hay una estimación que repetir."),
    "cannot answer": Text("cannot answer: {reason}", "no puede responder: {reason}"),
    # suppression, length
    # what is printed
    "disclosure": Text("What is printed here, and what is not", "Lo que se publica aquí y lo que no"),
    "disclosure full": Text(
        "This report is full: it gives every count. Whoever reads it can work out how many people are on exactly which "
        "lists, even where they are one or two. Share it only with those who may see the lists themselves; the public "
        "report is made without asking for anything.",
        "Este informe es completo: da todos los recuentos. Quien lo lea puede deducir cuántas personas figuran exactamente "
        "en qué listas, aun cuando sean una o dos. Compártalo solo con quienes pueden ver las propias listas; el informe "
        "público es el que se elabora si no se pide otra cosa.",
    ),
    "disclosure dataset": Text(
        "This report is full: it gives every count, as the data set is public.",
        "Este informe es completo: da todos los recuentos, pues el conjunto de datos es público.",
    ),
    "disclosure public": Text(
        "This report is for the public. It gives the number of people listed as it is, and otherwise rounded numbers: "
        "limits go outward, and where a combination of lists has 1 to 4 people, so far that at least one other table, in which "
        "every such count is another one, gives the same page. How many people are on one list alone, on a pair or on a combination of lists is left out, and so are "
        "the numbers of each method. This keeps a reader from finding such a count by subtracting or by computing. It is no proof against "
        "somebody who knows all counts but one, and each further report on nearly the same people tells more.",
        "Este informe es para el público. Da el número de personas listadas tal como es y, por lo demás, cifras "
        "redondeadas: los límites se amplían y, si en una combinación de listas figuran de 1 a 4 personas, hasta que al "
        "menos otra tabla, en la que cada recuento así es distinto, da la misma página. Se omite cuántas personas figuran en una sola lista, en dos a la vez o en una combinación de "
        "listas, así como las cifras de cada método. Así nadie puede hallar uno de esos recuentos restando o calculando. "
        "No protege frente a quien conozca todos los recuentos menos uno, y cada nuevo informe sobre casi las mismas "
        "personas revela algo más.",
    ),
    "disclosure rounded": Text(
        "This report is for the public. It gives the number of people listed as it is, and otherwise rounded numbers. How "
        "many people are on each list, on a pair or on a combination of lists is left out, and so are the numbers of each "
        "method. With so many lists the tables that would give the same page cannot be counted; that keeps a reader from "
        "finding a small count by subtracting or by computing. It is no proof against somebody who knows all counts but "
        "one, and each further report on nearly the same people tells more.",
        "Este informe es para el público. Da el número de personas listadas tal como es y, por lo demás, cifras "
        "redondeadas. Se omite cuántas personas figuran en cada lista, en dos a la vez o en una combinación de listas, así "
        "como las cifras de cada método. Con tantas listas no pueden contarse las tablas que darían la misma página; así "
        "nadie puede hallar un recuento pequeño restando o calculando. No protege frente a quien conozca todos los recuentos "
        "menos uno, y cada nuevo informe sobre casi las mismas personas revela algo más.",
    ),
    "public few": Text(
        "the lists name so few people that anything beyond their number would show who is on which list",
        "las listas incluyen a tan pocas personas que todo lo que no sea su número mostraría quién figura en qué lista",
    ),
    "public other rule": Text(
        "a rule against printing more applies, and its reason cannot be given without numbers that would show small counts",
        "se aplica una regla en contra de publicar más, y su motivo no puede darse sin cifras que mostrarían recuentos "
        "pequeños",
    ),
    "public empty overlap": Text(
        "the model needs an overlap of lists that is empty",
        "el modelo necesita una coincidencia entre listas que está vacía",
    ),
    "public existence": Text("the data do not determine the model", "los datos no determinan el modelo"),
    "public coverage": Text(
        "the lists overlap too little for one number: sample coverage is not above {coverage}",
        "las listas coinciden demasiado poco para una cifra única: la cobertura muestral no supera el {coverage}",
    ),
    "public unlisted": Text(
        "the estimate sets more than {unlisted} unlisted people beside each listed one",
        "la estimación pone más de {unlisted} personas no listadas por cada persona listada",
    ),
    "public disagreement": Text(
        "the methods disagree: the highest number is more than {disagreement} times the lowest",
        "los métodos no coinciden: la cifra más alta es más de {disagreement} veces la más baja",
    ),
    "public modes": Text(
        "a posterior has several modes, and one number would hide all but one of them",
        "una distribución a posteriori tiene varias modas, y una cifra única ocultaría todas menos una",
    ),
    "public width": Text(
        "the calibrated interval is wide: its upper limit is more than {width} times the lower",
        "el intervalo calibrado es amplio: su límite superior es más de {width} veces el inferior",
    ),
    "public not calibrated": Text(
        "no interval learned from populations of known size can be given",
        "no se puede dar un intervalo aprendido de poblaciones de tamaño conocido",
    ),
    "public estimate": Text(
        "The lists support an estimate of {low} to {high} in all ({level} interval), if {condition}.",
        "Las listas permiten estimar un total de {low} a {high} (intervalo del {level}), si {condition}.",
    ),
    "public estimate without limit": Text(
        "The lists support an estimate of {low} or more in all ({level} interval, with no upper limit), if {condition}.",
        "Las listas permiten estimar un total de {low} o más (intervalo del {level}, sin límite superior), si {condition}.",
    ),
    "public range": Text(
        "The lists support a range and no single number: {low} to {high} in all ({level} interval), if {condition}. "
        "The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: de {low} a {high} en total (intervalo del {level}), si "
        "{condition}. El motivo: {reason}.",
    ),
    "public range without limit": Text(
        "The lists support a range and no single number: {low} or more in all, with no upper limit ({level} interval), "
        "if {condition}. The reason: {reason}.",
        "Las listas permiten dar un rango y no una cifra única: {low} o más en total, sin límite superior (intervalo del "
        "{level}), si {condition}. El motivo: {reason}.",
    ),
    "public methods": Text(
        "These methods gave an answer: {names}. The figure shows them without their numbers.",
        "Estos métodos dieron una respuesta: {names}. La figura los muestra sin sus cifras.",
    ),
    "public declined": Text(
        "These did not, for all that may be told here: {names}. The full report says why.",
        "Estos no la dieron, hasta donde puede decirse aquí: {names}. El informe completo dice por qué.",
    ),
    "public not asked": Text(
        "These were not asked, on request or because there are too many lists for them: {names}.",
        "A estos no se les preguntó, a petición o porque hay demasiadas listas para ellos: {names}.",
    ),
    "public spread": Text(
        "All {k} methods that claim a number, lowest to highest limit",
        "Los {k} métodos que dan una cifra, del límite inferior al superior",
    ),
    "public sizes": Text(
        "The people on each list are rounded to the nearest {unit}.",
        "Las personas de cada lista están redondeadas a múltiplos de {unit}.",
    ),
    "public no sizes": Text(
        "How many people are on each list is left out: even rounded, it could show a small count.",
        "Se omite cuántas personas hay en cada lista: aun redondeado, podría mostrar un recuento pequeño.",
    ),
    "keyed digest": Text("Keyed digest of the data", "Resumen con clave de los datos"),
    "more rows": Text("{k} more not shown.", "{k} más que no se muestran."),
    "lists in no bar": Text(
        "{k} lists are in none of these combinations.",
        "{k} listas no están en ninguna de estas combinaciones.",
    ),
    # figures
    "figure forest": Text("Number of people by each method", "Número de personas según cada método"),
    "figure upset": Text(
        "People by the lists that name them", "Personas según las listas en las que figuran"
    ),
    "figure sensitivity": Text(
        "Total if the lists depend on each other", "Total si las listas dependen entre sí"
    ),
    "axis persons": Text("people", "personas"),
    "axis odds ratio": Text("odds ratio between the lists", "razón de momios entre las listas"),
    "floor line": Text("{n} listed", "{n} listadas"),
    "claim half short": Text("{n}: half of them listed", "{n}: la mitad listada"),
    "claim given short": Text("{n}: the claim", "{n}: la afirmación"),
    "tipping label": Text("{n} reached at {value}", "{n} se alcanza con {value}"),
    "assumed label": Text("assumed", "supuesto"),
    "nothing to draw": Text("nothing to draw", "nada que mostrar"),
    "alt forest": Text(
        "Estimates and 95% intervals of {k} methods beside the {n} people listed.",
        "Estimaciones e intervalos del 95 % de {k} métodos junto a las {n} personas listadas.",
    ),
    "alt forest public": Text(
        "95% intervals of {k} methods, roughly and without numbers, beside the {n} people listed.",
        "Intervalos del 95 % de {k} métodos, aproximados y sin cifras, junto a las {n} personas listadas.",
    ),
    "alt upset": Text(
        "Bars: people named on each combination of the {k} lists. The table that follows gives the counts.",
        "Barras: personas que figuran en cada combinación de las {k} listas. La tabla siguiente da los "
        "recuentos.",
    ),
    "alt sensitivity": Text(
        "Curve: the total as the odds ratio between the lists goes from {low} to {high}. The table that "
        "follows "
        "gives the values.",
        "Curva: el total cuando la razón de momios entre las listas va de {low} a {high}. La tabla "
        "siguiente da los valores.",
    ),
    # provenance
    "software": Text("Software", "Programas"),
    "seed": Text("Seed", "Semilla"),
    "digest": Text("SHA-256 of the data", "SHA-256 de los datos"),
}
