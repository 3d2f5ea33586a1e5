"""The assumptions that a number can rest on, as sentences in English and Spanish."""

from __future__ import annotations

from enum import Enum

from detcount.words import Language

__all__ = ["Assumption", "Language"]


class Assumption(Enum):
    """A condition under which an estimate means what it says."""

    CLOSED_POPULATION = (
        "nobody enters or leaves the population while the lists are made",
        "nadie entra ni sale de la población mientras se elaboran las listas",
    )
    ERROR_FREE_LINKAGE = (
        "a person named on several lists is recognised as one person, and no two persons are taken for one",
        "una persona que figura en varias listas se reconoce como una sola, y nunca se toma a dos personas por una",
    )
    NO_OVERCOVERAGE = (
        "nobody outside the population is on a list",
        "en las listas no figura nadie ajeno a la población",
    )
    INDEPENDENT_LISTS = (
        "being on one list does not change a person's chance of being on another",
        "figurar en una lista no cambia la probabilidad de figurar en otra",
    )
    EQUAL_LIST_SHARES = (
        "every list names the same share of the population",
        "cada lista recoge la misma proporción de la población",
    )
    HOMOGENEOUS_PERSONS = (
        "on any one list, every person had the same chance of being named",
        "en cada lista, todas las personas tuvieron la misma probabilidad de figurar",
    )
    KNOWN_ODDS_RATIO = (
        "the odds ratio between the lists is the one stated; data on the listed persons cannot show it",
        "la razón de momios entre las listas es la indicada; los datos de las personas listadas no pueden mostrarla",
    )
    MODELLED_DEPENDENCE = (
        "lists depend on each other only through the interactions that the model contains",
        "las listas dependen entre sí solo mediante las interacciones que contiene el modelo",
    )
    SELECTED_DEPENDENCE = (
        "some candidate model describes how the lists depend on each other, for listed and unlisted persons alike",
        "alguno de los modelos candidatos describe cómo dependen las listas entre sí, "
        "tanto para las personas listadas como para las no listadas",
    )
    NO_HIGHEST_ORDER_INTERACTION = (
        "the dependence among all the lists together is the value stated (an odds ratio; 1 means none); "
        "data on the listed persons cannot show it",
        "la dependencia conjunta de todas las listas tiene el valor indicado (una razón de momios; 1 significa ninguna); "
        "los datos de las personas listadas no pueden mostrarla",
    )
    HETEROGENEITY_FORM = (
        "persons differ in how easily they are listed in the way that the stated form describes",
        "las personas difieren en su facilidad para ser listadas según la forma indicada",
    )
    LOWER_BOUND = (
        "persons may differ in how easily they are listed; the number is then a lower bound",
        "las personas pueden diferir en su facilidad para ser listadas; la cifra es entonces un límite inferior",
    )
    SAMPLE_COVERAGE = (
        "the dependence seen between pairs of lists is carried to the unlisted through the sample coverage",
        "la dependencia observada entre pares de listas se traslada a las personas no listadas mediante la cobertura muestral",
    )
    ORDERED_LISTS = (
        "the lists were made one after another in the order given, and being named once changes later chances",
        "las listas se elaboraron una tras otra en el orden indicado, y haber figurado una vez cambia las probabilidades posteriores",
    )
    LATENT_CLASSES = (
        "persons fall into classes within which the lists are independent, listed and unlisted persons alike",
        "las personas se reparten en clases dentro de las cuales las listas son independientes, "
        "tanto las personas listadas como las no listadas",
    )
    COUNT_DISTRIBUTION = (
        "the number of times the list names a person follows the stated distribution, the same for listed and unlisted",
        "el número de veces que la lista nombra a una persona sigue la distribución indicada, igual para listadas y no listadas",
    )
    EXCHANGEABLE_ERROR = (
        "standard estimators miss here by as much, and in the same direction, and lists depend on each other as strongly, "
        "as in the populations of known size they were compared with",
        "los estimadores habituales yerran aquí tanto, y en el mismo sentido, y las listas dependen unas de otras tanto, "
        "como en las poblaciones de tamaño conocido con las que se compararon",
    )
    VERIFIED_HAPPENED = (
        "every release that a monitor counts as verified did happen, is counted once, and is one of those announced",
        "toda excarcelación que un observador da por verificada ocurrió, se cuenta una sola vez y es una de las anunciadas",
    )
    COMMON_DELAY = (
        "how long verification takes follows one distribution of the stated form, the same for all releases of one monitor",
        "el tiempo que tarda la verificación sigue una sola distribución de la forma indicada, igual para todas las "
        "excarcelaciones de un mismo observador",
    )
    STATED_VERIFICATION = (
        "the chance that a monitor ever verifies a release that happened follows the stated prior; "
        "published totals cannot show it",
        "la probabilidad de que un observador llegue a verificar una excarcelación que ocurrió sigue la distribución a priori "
        "indicada; los totales publicados no pueden mostrarla",
    )
    INDEPENDENT_MONITORS = (
        "among the releases that happened, being verified by one monitor does not change the chance of being verified by "
        "another, or changes it by the odds ratio stated",
        "entre las excarcelaciones que ocurrieron, que un observador verifique una no cambia la probabilidad de que la "
        "verifique otro, o la cambia según la razón de momios indicada",
    )
    STEADY_VERIFICATION = (
        "recent releases are verified in the end as often, and as fast, as earlier ones were",
        "las excarcelaciones recientes acaban verificándose con la misma frecuencia y rapidez que las anteriores",
    )
    STATED_WINDOWS = (
        "the days that a published total names are those of the releases it counts, and all totals of one source in one "
        "role come from one register, apart from corrections",
        "los días que indica un total publicado son los de las excarcelaciones que cuenta, y todos los totales de una fuente "
        "con el mismo papel salen de un mismo registro, salvo correcciones",
    )
    RELEASE_CAMPAIGNS = (
        "days to come resemble days past: few releases on most days, many on some, in campaigns that fade over weeks; "
        "no limit is set on how many can be released",
        "los días por venir se parecen a los pasados: pocas excarcelaciones la mayoría de los días, muchas algunos, en campañas "
        "que se apagan en semanas; no se impone un límite a cuántas personas pueden salir",
    )

    CONSISTENT_REGISTER = (
        "the stock and the arrest total of the monitor belong to one register: whoever enters is in both, and whoever "
        "leaves is out of the stock by the next bulletin",
        "las personas detenidas y el total de arrestos que publica el observador corresponden a un mismo registro: quien "
        "entra figura en ambos, y quien sale deja de contarse entre las detenidas en el boletín siguiente",
    )

    def __init__(self, english: str, spanish: str) -> None:
        self.english = english
        self.spanish = spanish

    def sentence(self, lang: Language = "en") -> str:
        """Say the assumption in English or Spanish, without a full stop."""
        return self.spanish if lang == "es" else self.english

    def __str__(self) -> str:
        return self.english
