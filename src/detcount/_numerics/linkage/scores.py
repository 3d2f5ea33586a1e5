"""Fellegi-Sunter scores of pairs: rates of errors and of matches by EM, with prior counts at given values.

Pairs that are not one person are strangers, or relatives who share surnames, place and day of arrest; what
speaks for one person is weighed against both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.fields_names import NamesAlike

FIELDS = ("document", "born", "arrested", "place", "sex", "names", "missing", "relatives")
WITH_MISSING = 5  # the first fields, which a row may lack

_ROUNDS = 100
_MOST_PAIRS = 100_000  # that are looked at in each round
_DULL = -4.0  # log odds at the defaults below which a pair is one of many, and a sample of them will do
_TOLERANCE = 1e-5
_HOPELESS = -14.0  # log odds at the defaults below which a pair teaches nothing of errors
_KIN = 5.0  # log likelihood ratio of relatives, at the defaults, from which it teaches something of them


@dataclass(frozen=True, eq=False)
class Alike:
    """How alike the two rows of each pair are, field by field; columns that need no further rates.

    Parameters
    ----------
    document : ndarray of int64, shape (p,)
        0 equal, 1 nearly, 2 different, -1 missing.
    born : ndarray of float64, shape (p, 5)
        Ratios by what happened; 1 where missing.
    arrested : ndarray of float64, shape (p, 3)
        Ratios by what happened; 1 where missing.
    place, sex : ndarray of float64, shape (p,)
        One over the frequency where both are equal, 0 where they differ, 1 where missing.
    names : NamesAlike
        Words paired and left.
    lacking : ndarray of int64, shape (p, 5)
        How many of the two rows lack each field.
    cell : ndarray of int64, shape (p,)
        The two lists as one number.
    lot : ndarray of float64, shape (p,)
        A number in [0, 1) for each pair that depends on what its rows say, and not on their places.
    """

    document: Ints
    born: Floats
    arrested: Floats
    place: Floats
    sex: Floats
    names: NamesAlike
    lacking: Ints
    cell: Ints
    lot: Floats

    def take(self, which: np.ndarray) -> Alike:
        """Some of the pairs."""
        names = NamesAlike(
            self.names.given[which],
            self.names.surname[which],
            self.names.paired[which],
            self.names.clash[which],
            self.names.crossed[which],
        )
        return Alike(
            self.document[which],
            self.born[which],
            self.arrested[which],
            self.place[which],
            self.sex[which],
            names,
            self.lacking[which],
            self.cell[which],
            self.lot[which],
        )


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates that turn likeness into weights.

    Parameters
    ----------
    document, document_chance : ndarray of float64, shape (3,)
        Probability of equal, nearly equal and different documents, for one person and for two.
    born : ndarray of float64, shape (5,)
        Probability of what happened to the two dates of birth of one person.
    arrested : ndarray of float64, shape (3,)
        The same for the days of arrest.
    place, sex : float
        Probability that both are right.
    clash : ndarray of float64, shape (2,)
        Probability that one person's given name, or surname, is written as another word.
    crossed : float
        Probability that one person's given names, or surnames, change their order or lose the first.
    missing : ndarray of float64, shape (5, 3)
        How much likelier none, one or two of the rows of one person lack a field than two rows by chance.
    match : ndarray of float64, shape (n_cells,)
        Probability that a pair is one person, by the two lists.
    relatives : float
        Probability that two people are relatives who were arrested together.
    n_matches : float
        Expected number of pairs that are one person.
    informed : ndarray of float64, shape (6,)
        Expected number of such pairs in which both rows have the field: document to sex, and names.
    rounds : int
        Rounds of EM; 0 where nothing was learned.
    """

    document: Floats
    document_chance: Floats
    born: Floats
    arrested: Floats
    place: float
    sex: float
    clash: Floats
    crossed: float
    missing: Floats
    match: Floats
    relatives: float
    n_matches: float
    informed: Floats
    rounds: int


@dataclass(frozen=True, eq=False)
class Defaults:
    """Prior means of the rates, and how many pairs each is worth.

    Parameters
    ----------
    rates : Rates
        The prior means.
    strength : float
        Pairs of one person that the rates of errors are worth.
    chance_strength : float
        Pairs of two people that the chance levels of documents and the rate of relatives are worth.
    match_strength : float
        Matches that the prior of their rate is worth, for each two lists.
    """

    rates: Rates
    strength: float
    chance_strength: float
    match_strength: float


def weigh(alike: Alike, rates: Rates) -> Floats:
    """Log likelihood ratio of one person against two, field by field.

    Parameters
    ----------
    alike : Alike
        How alike the rows are.
    rates : Rates
        Rates of errors.

    Returns
    -------
    ndarray of float64, shape (p, n_fields)
        One column for each of `FIELDS`; their sum is the weight.
    """
    names = alike.names
    weights = np.zeros((len(alike.document), len(FIELDS)))
    ratio = np.log(rates.document / rates.document_chance)
    weights[:, 0] = np.where(alike.document >= 0, ratio[alike.document], 0.0)
    weights[:, 1] = np.log(alike.born @ rates.born)
    weights[:, 2] = np.log(alike.arrested @ rates.arrested)
    weights[:, 3] = np.log(1 - rates.place + rates.place * alike.place)
    sex = np.log(1 - rates.sex + rates.sex * alike.sex)
    # Who has the same given name has the same sex, mostly: agreement says little more then.
    weights[:, 4] = np.where(sex > 0, sex * (1 - np.minimum(names.paired[:, 0], 1.0)), sex)
    surname = (
        names.surname
        + names.paired[:, 1] * np.log(1 - rates.clash[1])
        + names.clash[:, 1] * np.log(rates.clash[1])
        + names.crossed[:, 1] * np.log(rates.crossed)
    )
    given = (
        names.given
        + names.paired[:, 0] * np.log(1 - rates.clash[0])
        + names.clash[:, 0] * np.log(rates.clash[0])
        + names.crossed[:, 0] * np.log(rates.crossed)
    )
    weights[:, 5] = given + surname
    which = np.arange(WITH_MISSING)
    weights[:, 6] = np.log(rates.missing[which, alike.lacking]).sum(axis=1)
    weights[:, 7] = -np.log1p(rates.relatives * (np.exp(_family(alike, rates, surname, weights)) - 1.0))
    return weights


def _family(alike: Alike, rates: Rates, surname: Floats, weights: Floats) -> Floats:
    """Log likelihood ratio of two relatives arrested together against two strangers."""
    return np.asarray(np.clip(surname + weights[:, 2] + weights[:, 3], -50.0, 50.0))


def learn_rates(
    alike: Alike, defaults: Defaults, n_pairs: Floats, chance_missing: Floats, both_known: float
) -> Rates:
    """Learn rates of errors, of matches and of relatives from pairs of rows.

    Parameters
    ----------
    alike : Alike
        How alike the rows of each candidate pair are.
    defaults : Defaults
        Prior means and what they are worth.
    n_pairs : ndarray of float64, shape (n_cells,)
        Number of all pairs of rows, by the two lists.
    chance_missing : ndarray of float64, shape (n_cells, 5, 3)
        Probability that none, one or both of two rows lack each field, by the two lists.
    both_known : float
        Number of all pairs of rows in which both have a document.

    Returns
    -------
    Rates
        The posterior mode, given that all pairs which are no candidates are two people.
    """
    rates = defaults.rates
    odds = np.log(rates.match / (1 - rates.match))
    weights = weigh(alike, rates)
    surname = alike.names.surname + alike.names.clash[:, 1] * np.log(rates.clash[1])
    hopeful = weights.sum(axis=1) + odds[alike.cell] > _HOPELESS
    hopeful |= (alike.document == 0) | (alike.document == 1)
    hopeful |= _family(alike, rates, surname, weights) > _KIN
    # Of very many pairs that are hardly one person a sample is taken, and each counts for several.
    dull = hopeful & (weights.sum(axis=1) + odds[alike.cell] < _DULL) & (alike.document != 0)
    share = min(_MOST_PAIRS / max(dull.sum(), 1), 1.0)
    count = np.where(dull, 1.0 / share, 1.0)
    hopeful &= ~dull | (alike.lot < share)
    alike, count = alike.take(hopeful), count[hopeful]
    if not hopeful.any():
        return rates
    for rounds in range(1, _ROUNDS + 1):
        weights = weigh(alike, rates)
        odds = np.log(rates.match / (1 - rates.match))
        one = 1.0 / (1.0 + np.exp(-np.clip(weights.sum(axis=1) + odds[alike.cell], -500, 500)))
        before = rates
        split = (count * one, count * (1.0 - one))
        rates = _step(alike, defaults, rates, split, weights, n_pairs, chance_missing, both_known, rounds)
        if _moved(before, rates) < _TOLERANCE:
            break
    return rates


def _moved(one: Rates, other: Rates) -> float:
    """Largest change of a rate, matches on the scale of logarithms."""
    pairs = (
        (one.document, other.document),
        (one.born, other.born),
        (one.arrested, other.arrested),
        (one.clash, other.clash),
        (np.log(one.match), np.log(other.match)),
        (np.array([one.place, one.sex]), np.array([other.place, other.sex])),
    )
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _step(
    alike: Alike,
    defaults: Defaults,
    rates: Rates,
    split: tuple[Floats, Floats],
    weights: Floats,
    n_pairs: Floats,
    chance_missing: Floats,
    both_known: float,
    rounds: int,
) -> Rates:
    """One round of EM: rates that are likeliest given how likely each pair is one person."""
    prior, strength = defaults.rates, defaults.strength
    one, other = split
    present = alike.lacking == 0
    names = alike.names

    def mixture(ratios: Floats, now: Floats, mean: Floats, known: np.ndarray) -> Floats:
        share = ratios[known] * now
        share *= (one[known] / share.sum(axis=1))[:, None]
        tally = strength * mean + share.sum(axis=0)
        return np.asarray(tally / tally.sum())

    def hit(ratio: Floats, now: float, mean: float, known: np.ndarray) -> float:
        right = now * ratio[known] / (1 - now + now * ratio[known])
        return float((strength * mean + one[known] @ right) / (strength + one[known].sum()))

    levels = [alike.document == k for k in range(3)]
    document = strength * prior.document + np.array([one @ level for level in levels])
    worth = defaults.chance_strength
    two = worth * prior.document_chance[:2] + np.array([other @ level for level in levels[:2]])
    two = two / (worth + both_known)
    paired = one @ names.paired
    clash = one @ names.clash
    several = (names.paired + names.clash > 1.5) | names.crossed
    crossed = (one[:, None] * names.crossed).sum()
    missing = np.ones_like(rates.missing)
    chance = chance_missing[alike.cell]
    for field in range(missing.shape[0]):
        for level in range(3):
            seen = one @ (alike.lacking[:, field] == level)
            missing[field, level] = (strength + seen) / (strength + one @ chance[:, field, level])
    matched = np.bincount(alike.cell, one, minlength=len(n_pairs))
    family = np.exp(-weights[:, 7])
    kin = 1.0 - (1.0 - rates.relatives) / family
    return Rates(
        document=document / document.sum(),
        document_chance=np.append(two, 1 - two.sum()),
        born=mixture(alike.born, rates.born, prior.born, present[:, 1]),
        arrested=mixture(alike.arrested, rates.arrested, prior.arrested, present[:, 2]),
        place=hit(alike.place, rates.place, prior.place, present[:, 3]),
        sex=hit(alike.sex, rates.sex, prior.sex, present[:, 4]),
        clash=(strength * prior.clash + clash) / (strength + paired + clash),
        crossed=float((strength * prior.crossed + crossed) / (strength + (one[:, None] * several).sum())),
        missing=missing,
        match=(defaults.match_strength + matched) / (defaults.match_strength / prior.match + n_pairs),
        relatives=float((worth * prior.relatives + other @ np.maximum(kin, 0.0)) / (worth + n_pairs.sum())),
        n_matches=float(one.sum()),
        informed=np.append(one @ present, one @ (names.paired + names.clash > 0).any(axis=1)),
        rounds=rounds,
    )
