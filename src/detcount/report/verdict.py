"""The rules that decide what can be printed, and the sentence that can."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from detcount._numerics.sample_coverage import LEAST_COVERAGE
from detcount.assumptions import Assumption
from detcount.copies import NEARLY_ALL, CopyKind, ListCopy
from detcount.estimates import AbundanceEstimate, Interval
from detcount.report.content import Finding, Verdict
from detcount.report.messages import LANGUAGES, Text, decimal, join, percent, persons, ratio, rounded, say
from detcount.words import Message

__all__ = [
    "FEWEST_PERSONS",
    "LEAST_COVERAGE",
    "MOST_DISAGREEMENT",
    "MOST_UNLISTED",
    "MOST_WIDTH",
    "RULES",
    "WIDTH_OF_NOTHING",
    "Evidence",
    "Rule",
    "apply_rules",
    "conditions",
    "printable_sentence",
    "strictest",
]

MOST_UNLISTED = 5.0
MOST_DISAGREEMENT = 2.0
MOST_WIDTH = 4.0  # a factor of 2 to either side
WIDTH_OF_NOTHING = 20.0  # of the tables that ship, the widest interval has 17 times its lower limit
FEWEST_PERSONS = 10  # with fewer one person more or less on two lists changes everything
_MOST_DIGITS = 12
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
    n_observed : int, optional
        Persons on at least one list; None where it is not looked at.
    copies : tuple of ListCopy
        Lists that share nearly everybody, or lie nearly whole inside another.
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
    n_observed: int | None = None
    copies: tuple[ListCopy, ...] = ()


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
    kinds : tuple of str, optional
        Kinds of `ListCopy` that it is about.
    """

    key: str
    verdict: Verdict
    holds: Callable[[Evidence], bool]
    text: Callable[[Evidence], Text]
    kinds: tuple[CopyKind, ...] = ()

    def copies(self, evidence: Evidence) -> tuple[ListCopy, ...]:
        """The lists that it is about."""
        return tuple(copy for copy in evidence.copies if copy.kind in self.kinds)


def _both(en: str, es: str, write: Callable[[str], Mapping[str, str]]) -> Text:
    """A clause with its numbers written in each language."""
    return Text(en.format(**write("en")), es.format(**write("es")))


_CODES: dict[int, Text] = {
    1: Text("no finite maximum", "sin máximo finito"),
    2: Text("not identified", "no identificado"),
    3: Text("no finite maximum and not identified", "sin máximo finito y no identificado"),
}

_NO_WITNESS: dict[CopyKind, str] = {
    "copy": (
        "{pairs:;} name nearly the same people (at least {share:.0%} of either list is on the other), "
        "more than lists made apart would by what the other lists show: one looks like a copy of the "
        "other, and a copy is not a second witness; merge the two into one list"
    ),
    "alike": (
        "{pairs:;} name nearly the same people (at least {share:.0%} of either list is on the other), and"
        " nothing shows whether both are nearly complete or one is a copy of the other; a copy is not a "
        "second witness, and says nothing of people who are on neither"
    ),
    "extract": (
        "at least {share:.0%} of one list is on another ({pairs:;}), more than lists made apart would "
        "share by what the other lists show: it looks like an extract, which is not a second witness and "
        "makes the numbers too low; compare them with those of a table in which the two are merged"
    ),
    "inside": (
        "at least {share:.0%} of one list is on the other ({pairs:;}), and nothing shows whether the "
        "larger is nearly complete or the smaller was taken from it; an extract is not a second witness, "
        "and says nothing of people who are on neither"
    ),
}


_ALL_ON_ONE = (
    "everybody listed is on one list ({pairs:;}): it may be complete, or the others were taken from "
    "it, and then they are not witnesses of their own"
)


def _no_witness(kinds: tuple[CopyKind, ...]) -> Callable[[Evidence], Text]:
    """Say which lists are no witnesses of their own."""

    def text(seen: Evidence) -> Text:
        found = {kind: [_pair(copy) for copy in seen.copies if copy.kind == kind] for kind in kinds}
        told = [
            Message(_ALL_ON_ONE, pairs=pairs)
            if kind == "all on one"
            else Message(_NO_WITNESS[kind], pairs=pairs, share=NEARLY_ALL)
            for kind, pairs in found.items()
            if pairs
        ]
        return _text(Message.together(told, "; "))

    return text


def _pair(copy: ListCopy) -> Message:
    """The lists of one finding."""
    if copy.kind == "all on one":
        return Message("{name!r}", name=copy.larger)
    if copy.kind in ("copy", "alike"):
        return Message("{names!r}", names=(copy.larger, *copy.smaller))
    return Message("{smaller!r} on {larger!r}", smaller=copy.smaller[0], larger=copy.larger)


def _text(message: Message) -> Text:
    """A message in every language."""
    return Text(*(message.say(lang) for lang in LANGUAGES))


def _above(value: float, limit: float, lang: str) -> str:
    """A factor with as many digits as it takes to be above its limit as printed."""
    for digits in range(2, _MOST_DIGITS):
        if round(value, digits) > limit:
            break
    return ratio(value, lang) if ratio(value, lang) != ratio(limit, lang) else decimal(value, lang, digits)


def _copy_rule(key: str, verdict: Verdict, *kinds: CopyKind) -> Rule:
    """A rule about lists that are no witnesses of their own."""
    return Rule(
        key,
        verdict,
        lambda seen: any(copy.kind in kinds for copy in seen.copies),
        _no_witness(kinds),
        kinds,
    )


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
        "too few",
        "floor only",
        lambda seen: seen.n_observed is not None and seen.n_observed < FEWEST_PERSONS,
        lambda seen: _text(
            Message("only one person is listed, fewer than {least}", least=FEWEST_PERSONS)
            if seen.n_observed == 1
            else Message(
                "only {n} people are listed, fewer than {least}", n=seen.n_observed or 0, least=FEWEST_PERSONS
            )
        ),
    ),
    Rule(
        "says nothing",
        "floor only",
        lambda seen: seen.width is not None and seen.width > WIDTH_OF_NOTHING,
        lambda seen: _text(
            Message(
                "the calibrated interval says next to nothing: its upper limit is more than {most:.0f} times "
                "the lower",
                most=WIDTH_OF_NOTHING,
            )
            if math.isfinite(seen.width or 0.0)
            else Message("the calibrated interval says next to nothing: it has no upper limit")
        ),
    ),
    _copy_rule("copied lists", "refuse", "copy"),
    _copy_rule("lists alike", "refuse", "alike", "inside"),
    _copy_rule("nested lists", "range", "extract", "all on one"),
    Rule(
        "empty list",
        "refuse",
        lambda seen: bool(seen.empty_lists),
        lambda seen: _text(
            Message(
                "the list {names!r} names nobody; leave it out"
                if len(seen.empty_lists) == 1
                else "the lists {names!r} name nobody; leave them out",
                names=seen.empty_lists,
            )
        ),
    ),
    Rule(
        "empty overlap",
        "refuse",
        lambda seen: seen.n_shared > 0 and bool(seen.needs_empty_overlap),
        lambda seen: _text(
            Message(
                "the log-linear model needs an overlap that is empty: {why}", why=seen.needs_empty_overlap
            )
        ),
    ),
    Rule(
        "existence",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.existence_code != 0,
        lambda seen: _both(
            "the data do not determine the log-linear model ({what})",
            "los datos no determinan el modelo log-lineal ({what})",
            lambda lang: {"what": _CODES[seen.existence_code].say(lang)},
        ),
    ),
    Rule(
        "no answer",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.n_claims == 0,
        lambda _: Text(
            "no method that claims a number gave an answer", "ningún método que da una cifra ha respondido"
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
                "ratio": _above(seen.unlisted_a_listed or 0.0, MOST_UNLISTED, lang),
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
                "ratio": _above(seen.disagreement or 0.0, MOST_DISAGREEMENT, lang),
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
        lambda seen: seen.width is not None and MOST_WIDTH < seen.width <= WIDTH_OF_NOTHING,
        lambda seen: _both(
            "the calibrated interval is wide: its upper limit is {ratio} times the lower, more than {most}",
            "el intervalo calibrado es amplio: su límite superior es {ratio} veces el inferior, "
            "más de {most}",
            lambda lang: {
                "ratio": _above(seen.width or 0.0, MOST_WIDTH, lang),
                "most": ratio(MOST_WIDTH, lang),
            },
        ),
    ),
    Rule(
        "not calibrated",
        "range",
        lambda seen: seen.n_shared > 0 and not seen.empty_lists and bool(seen.not_calibrated),
        lambda seen: _text(
            Message(
                "no interval learned from populations of known size can be given ({why})",
                why=seen.not_calibrated,
            )
        ),
    ),
)


def apply_rules(evidence: Evidence, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Give what each rule that applies has found, in the order of the rules."""
    return tuple(
        Finding(rule.key, rule.verdict, rule.text(evidence), rule.copies(evidence))
        for rule in rules
        if rule.holds(evidence)
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
    lang: str,
) -> str:
    """The floor, then as much as the verdict allows."""
    floor = say("at least one" if n_observed == 1 else "at least", lang)
    start = floor.format(n=persons(n_observed, lang))
    if verdict == "floor only":
        if all(finding.rule != "no overlap" for finding in findings):
            words = say("supports too little", lang)
            return f"{start} {words.format(reason=_reasons(findings, verdict, lang))}"
        return f"{start} {say('supports floor', lang)}"
    if verdict == "range" and span is not None:
        reason = _reasons(findings, verdict, lang)
        if calibrated and recommended is not None:
            words = _limits("supports calibrated range", span, n_observed, lang)
            return (
                f"{start} {words.format(condition=conditions(recommended.assumptions, lang), reason=reason)}"
            )
        words = _limits("supports range" if n_claims > 1 else "supports range one", span, n_observed, lang)
        return f"{start} {words.format(k=n_claims, reason=reason)}"
    if verdict == "estimate" and recommended is not None:
        words = _limits("supports estimate", recommended.interval(), n_observed, lang)
        return f"{start} " + words.format(
            point=rounded(recommended.point, lang, floor=n_observed, figures=_figures(recommended.point)),
            condition=conditions(recommended.assumptions, lang),
        )
    return f"{start} {say('supports nothing', lang).format(reason=_reasons(findings, 'refuse', lang))}"


def conditions(assumptions: Iterable[Assumption], lang: str) -> str:
    """Say what an estimate assumes besides what all of them do."""
    sentences = [assumption.sentence.say(lang) for assumption in assumptions if assumption not in _COMMON]
    return (", y si " if lang == "es" else ", and if ").join(sentences)


def _reasons(findings: tuple[Finding, ...], verdict: Verdict, lang: str) -> str:
    """What the rules behind a verdict found."""
    return "; ".join(finding.text.say(lang) for finding in findings if finding.verdict == verdict)


def _figures(point: float) -> int:
    """Significant figures of a point in a sentence: three above a thousand, two below."""
    return 3 if point >= 1000 else 2


def _limits(key: str, interval: Interval, floor: float, lang: str) -> str:
    """A message with the limits filled in, and the other gaps left open."""
    unlimited = not math.isfinite(interval.high)
    gaps = {
        "low": rounded(interval.low, lang, floor=floor, towards="down"),
        "high": rounded(interval.high, lang, floor=floor, towards="up"),
        "level": percent(interval.level, lang, 0 if round(100 * interval.level, 6) % 1 == 0 else 1),
    }
    text = say(f"{key} without limit" if unlimited else key, lang)
    for gap, value in gaps.items():
        text = text.replace(f"{{{gap}}}", value)
    return text
