"""The rules that decide what can be printed, and the sentence that can."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from detcount.assumptions import Assumption, Language
from detcount.estimates import AbundanceEstimate, Interval
from detcount.report.content import Finding, Verdict
from detcount.report.messages import LANGUAGES, Text, join, percent, persons, ratio, rounded, say
from detcount.report.translations import translate

__all__ = [
    "LEAST_COVERAGE",
    "MOST_DISAGREEMENT",
    "MOST_UNLISTED",
    "MOST_WIDTH",
    "RULES",
    "Evidence",
    "Rule",
    "apply_rules",
    "printable_sentence",
    "strictest",
]

LEAST_COVERAGE = 0.55
MOST_UNLISTED = 5.0
MOST_DISAGREEMENT = 2.0
MOST_WIDTH = 4.0  # a factor of 2 to either side
_COMMON = (Assumption.CLOSED_POPULATION, Assumption.ERROR_FREE_LINKAGE, Assumption.NO_OVERCOVERAGE)
_STRICTNESS: tuple[Verdict, ...] = ("estimate", "range", "refuse", "floor only")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the rules look at.

    Parameters
    ----------
    n_lists : int
        Lists, 2 or more.
    empty_lists : tuple of str
        Lists that name nobody.
    n_shared : int
        Persons on two or more lists.
    sample_coverage : float
        Mean over the lists of the share of their persons who are on another list.
    n_claims : int
        Families that claim a number and have one.
    needs_empty_overlap : str
        Why the recommended model cannot do with the overlaps there are; empty if it can.
    existence_code : int
        0, or what is wrong with the recommended model: 1 no maximum, 2 not identified, 3 both.
    unlisted_a_listed : float, optional
        Unlisted persons for each listed one, by the recommended estimate.
    disagreement : float, optional
        Highest over lowest number among the families that claim one.
    not_calibrated : str
        Why there is no calibrated interval; empty if there is one.
    width : float, optional
        Upper over lower limit of the calibrated interval; None where there is none.
    modes : tuple of (Text, tuple of float)
        Families whose posterior has several modes, and these, persons.
    """

    n_lists: int
    empty_lists: tuple[str, ...]
    n_shared: int
    sample_coverage: float
    n_claims: int
    needs_empty_overlap: str = ""
    existence_code: int = 0
    unlisted_a_listed: float | None = None
    disagreement: float | None = None
    not_calibrated: str = ""
    width: float | None = None
    modes: tuple[tuple[Text, tuple[float, ...]], ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule against printing a number as it stands.

    Parameters
    ----------
    key : str
        Name of the rule.
    verdict : {"range", "floor only", "refuse"}
        The most that can be printed where it applies.
    holds : callable
        Whether it applies to some evidence.
    text : callable
        What it found, as a clause.
    """

    key: str
    verdict: Verdict
    holds: Callable[[Evidence], bool]
    text: Callable[[Evidence], Text]


def _both(en: str, es: str, write: Callable[[Language], Mapping[str, str]]) -> Text:
    """A clause with its numbers written in each language."""
    return Text(en.format(**write("en")), es.format(**write("es")))


_CODES: dict[int, Text] = {
    1: Text("no finite maximum", "sin máximo finito"),
    2: Text("not identified", "no identificado"),
    3: Text("no finite maximum and not identified", "sin máximo finito y no identificado"),
}

RULES: tuple[Rule, ...] = (
    Rule(
        "no overlap",
        "floor only",
        lambda seen: seen.n_shared == 0,
        lambda _: Text(
            "nobody is named on two lists, so nothing limits the total from above (no upper bound)",
            "ninguna persona figura en dos listas, de modo que nada limita el total por arriba "
            "(sin cota superior)",
        ),
    ),
    Rule(
        "empty list",
        "refuse",
        lambda seen: bool(seen.empty_lists),
        lambda seen: _both(
            "{names} names nobody; leave it out (table.drop)"
            if len(seen.empty_lists) == 1
            else "the lists {names} name nobody; leave them out (table.drop)",
            "la lista {names} no incluye a nadie; déjela fuera (table.drop)"
            if len(seen.empty_lists) == 1
            else "las listas {names} no incluyen a nadie; déjelas fuera (table.drop)",
            lambda lang: {"names": join([repr(name) for name in seen.empty_lists], lang)},
        ),
    ),
    Rule(
        "empty overlap",
        "refuse",
        lambda seen: seen.n_shared > 0 and bool(seen.needs_empty_overlap),
        lambda seen: _both(
            "the model needs an overlap that is empty: {why}",
            "el modelo necesita una coincidencia entre listas que está vacía: {why}",
            lambda lang: {"why": translate(seen.needs_empty_overlap, lang)},
        ),
    ),
    Rule(
        "existence",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.existence_code != 0,
        lambda seen: _both(
            "the data do not determine the model (existence code {code}: {what})",
            "los datos no determinan el modelo (código de existencia {code}: {what})",
            lambda lang: {"code": str(seen.existence_code), "what": _CODES[seen.existence_code].say(lang)},
        ),
    ),
    Rule(
        "no answer",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.n_claims == 0,
        lambda _: Text(
            "no method that claims a number can answer", "ningún método que dé una cifra puede responder"
        ),
    ),
    Rule(
        "coverage",
        "range",
        lambda seen: seen.n_lists > 2 and seen.n_shared > 0 and seen.sample_coverage <= LEAST_COVERAGE,
        lambda seen: _both(
            "the lists overlap too little for one number: sample coverage is {c}, "
            "and that needs more than {least}",
            "las listas coinciden demasiado poco para una cifra única: la cobertura muestral es de {c} "
            "y haría falta más de {least}",
            lambda lang: {
                "c": percent(seen.sample_coverage, lang),
                "least": percent(LEAST_COVERAGE, lang),
            },
        ),
    ),
    Rule(
        "unlisted",
        "refuse",
        lambda seen: seen.n_shared > 0 and (seen.unlisted_a_listed or 0.0) > MOST_UNLISTED,
        lambda seen: _both(
            "the estimate sets {ratio} unlisted people beside each listed one, more than {most}",
            "la estimación pone {ratio} personas no listadas por cada persona listada, más de {most}",
            lambda lang: {
                "ratio": ratio(seen.unlisted_a_listed or 0.0, lang),
                "most": ratio(MOST_UNLISTED, lang),
            },
        ),
    ),
    Rule(
        "disagreement",
        "range",
        lambda seen: seen.disagreement is not None and seen.disagreement > MOST_DISAGREEMENT,
        lambda seen: _both(
            "the methods disagree: the highest number is {ratio} times the lowest, more than {most}",
            "los métodos no coinciden: la cifra más alta es {ratio} veces la más baja, más de {most}",
            lambda lang: {
                "ratio": ratio(seen.disagreement or 0.0, lang),
                "most": ratio(MOST_DISAGREEMENT, lang),
            },
        ),
    ),
    Rule(
        "modes",
        "range",
        lambda seen: bool(seen.modes),
        lambda seen: _both(
            "a posterior has several modes ({modes} people), and one number would hide all but one of them",
            "una distribución a posteriori tiene varias modas ({modes} personas), "
            "y una cifra única ocultaría todas menos una",
            lambda lang: {
                "modes": "; ".join(
                    f"{name.say(lang)}: {join([rounded(mode, lang, figures=3) for mode in modes], lang)}"
                    for name, modes in seen.modes
                )
            },
        ),
    ),
    Rule(
        "width",
        "range",
        lambda seen: seen.width is not None and seen.width > MOST_WIDTH,
        lambda seen: _both(
            "the calibrated interval is wide: its upper limit is {ratio} times the lower, more than {most}",
            "el intervalo calibrado es amplio: su límite superior es {ratio} veces el inferior, "
            "más de {most}",
            lambda lang: {"ratio": ratio(seen.width or 0.0, lang), "most": ratio(MOST_WIDTH, lang)},
        ),
    ),
    Rule(
        "not calibrated",
        "range",
        lambda seen: seen.n_shared > 0 and not seen.empty_lists and bool(seen.not_calibrated),
        lambda seen: _both(
            "no interval learned from populations of known size can be given ({why})",
            "no se puede dar un intervalo aprendido de poblaciones de tamaño conocido ({why})",
            lambda lang: {"why": translate(seen.not_calibrated, lang)},
        ),
    ),
)


def apply_rules(evidence: Evidence, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Give what each rule that applies has found, in the order of the rules."""
    return tuple(
        Finding(rule.key, rule.verdict, rule.text(evidence)) for rule in rules if rule.holds(evidence)
    )


def strictest(findings: Iterable[Finding]) -> Verdict:
    """Give the verdict that every finding allows."""
    return max((finding.verdict for finding in findings), key=_STRICTNESS.index, default="estimate")


def printable_sentence(
    verdict: Verdict,
    *,
    n_observed: int,
    findings: Iterable[Finding],
    recommended: AbundanceEstimate | None,
    calibrated: bool,
    span: Interval | None,
    n_claims: int,
) -> Text:
    """Write the sentence that can be printed, in both languages."""
    en, es = (
        _sentence(verdict, n_observed, tuple(findings), recommended, calibrated, span, n_claims, lang)
        for lang in LANGUAGES
    )
    return Text(en, es)


def _sentence(
    verdict: Verdict,
    n_observed: int,
    findings: tuple[Finding, ...],
    recommended: AbundanceEstimate | None,
    calibrated: bool,
    span: Interval | None,
    n_claims: int,
    lang: Language,
) -> str:
    """The floor, then as much as the verdict allows."""
    floor = say("at least one" if n_observed == 1 else "at least", lang)
    start = floor.format(n=persons(n_observed, lang))
    if verdict == "floor only":
        return f"{start} {say('supports floor', lang)}"
    if verdict == "range" and span is not None:
        reason = _reasons(findings, verdict, lang)
        if calibrated and recommended is not None:
            words = _limits("supports calibrated range", span, n_observed, lang)
            return f"{start} {words.format(condition=_conditions(recommended, lang), reason=reason)}"
        words = _limits("supports range", span, n_observed, lang)
        return f"{start} {words.format(k=n_claims, reason=reason)}"
    if verdict == "estimate" and recommended is not None:
        words = _limits("supports estimate", recommended.interval(), n_observed, lang)
        return f"{start} " + words.format(
            point=rounded(recommended.point, lang, floor=n_observed, figures=_figures(recommended.point)),
            condition=_conditions(recommended, lang),
        )
    return f"{start} {say('supports nothing', lang).format(reason=_reasons(findings, 'refuse', lang))}"


def _conditions(recommended: AbundanceEstimate, lang: Language) -> str:
    """What an estimate assumes besides what all of them do."""
    sentences = [
        assumption.sentence(lang) for assumption in recommended.assumptions if assumption not in _COMMON
    ]
    return (", y si " if lang == "es" else ", and if ").join(sentences)


def _reasons(findings: tuple[Finding, ...], verdict: Verdict, lang: Language) -> str:
    """What the rules behind a verdict found."""
    return "; ".join(finding.text.say(lang) for finding in findings if finding.verdict == verdict)


def _figures(point: float) -> int:
    """Significant figures of a point in a sentence: three above a thousand, two below."""
    return 3 if point >= 1000 else 2


def _limits(key: str, interval: Interval, floor: float, lang: Language) -> str:
    """A message with the limits filled in, and the other gaps left open."""
    unlimited = not math.isfinite(interval.high)
    gaps = {
        "low": rounded(interval.low, lang, floor=floor),
        "high": rounded(interval.high, lang, floor=floor),
        "level": percent(interval.level, lang, 0 if round(100 * interval.level, 6) % 1 == 0 else 1),
    }
    text = say(f"{key} without limit" if unlimited else key, lang)
    for gap, value in gaps.items():
        text = text.replace(f"{{{gap}}}", value)
    return text
