"""Scores of pairs of rows: how much speaks for one person, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from detcount._numerics.arrays import Floats, frozen
from detcount._numerics.linkage.fields import DayMass
from detcount._numerics.linkage.scores import FIELDS, Rates, learn_rates, weigh
from detcount.linkage.candidates import Candidates
from detcount.linkage.channel import TokenChannel
from detcount.linkage.compare import STRENGTH, Comparer, comparer, defaults
from detcount.linkage.records import Records
from detcount.words import Message

_RATED = ("document", "born", "arrested", "place", "sex", "names")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FieldRates:
    """How often each field is wrong, and how common its values are.

    Parameters
    ----------
    fields : tuple of str
        The fields that have a rate of errors.
    beta : dict of str to float
        Probability that a row has the field wrong, where the two rows of a pair are one person.
    learned : dict of str to bool
        Whether the rate comes from the data more than from published defaults.
    match : ndarray of float64, shape (n_lists, n_lists)
        Probability that two rows are one person, by their lists; on the diagonal within a list.
    relatives : float
        Probability that two rows are relatives who were arrested together.
    mixtures : Rates
        All rates, pair by pair: what happened to two dates, levels of documents, what is missing.
    births, arrests : DayMass
        Distribution of days of birth and of arrest.
    places, sexes : ndarray of float64
        Frequency of each code.
    shared_document : float
        Probability that two people have the same document.
    """

    fields: tuple[str, ...]
    beta: MappingProxyType[str, float]
    learned: MappingProxyType[str, bool]
    match: Floats
    relatives: float
    mixtures: Rates
    births: DayMass
    arrests: DayMass
    places: Floats
    sexes: Floats
    shared_document: float

    def __repr__(self) -> str:
        return f"<FieldRates: {', '.join(self.fields)}>"

    def background(self, field: str, values: np.ndarray) -> Floats:
        """Probability of written values where nothing is known of who is meant.

        Parameters
        ----------
        field : {"document", "born", "arrested", "place", "sex"}
            The field.
        values : ndarray of int64, shape (k,), or (k, 2) for days
            Values as in the records; missing ones have probability 1.

        Returns
        -------
        ndarray of float64, shape (k,)
            Their probabilities.
        """
        if field in ("born", "arrested"):
            mass = self.births if field == "born" else self.arrests
            known = values[:, 0] > -(10**9)
            return np.where(known, mass(values[:, 0], values[:, 1]), 1.0)
        if field == "document":
            return np.where(values >= 0, self.shared_document, 1.0)
        table = self.places if field == "place" else self.sexes
        return np.where(values >= 0, table[np.maximum(values, 0)], 1.0)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PairScores:
    """How much speaks for one person in each pair of rows.

    Parameters
    ----------
    weight : ndarray of float64, shape (p,)
        Log likelihood ratio of one person against two.
    probability : ndarray of float64, shape (p,)
        Probability of one person, looking at the pair alone.
    by_field : ndarray of float64, shape (p, n_fields)
        The weight, field by field; the rows sum to `weight`.
    fields : tuple of str
        The fields. `missing` is what the lack of fields in both says; `relatives` is what is taken off
        because relatives arrested together share surnames, place and day.
    rates : FieldRates
        Rates of errors and frequencies of values.
    shared_document : ndarray of bool, shape (p,)
        Pairs with one document and not, on the whole, one person: the document is not believed.
    notes : tuple of Message
        Where rates come from, and documents that several people have.
    """

    weight: Floats
    probability: Floats
    by_field: Floats
    fields: tuple[str, ...]
    rates: FieldRates
    shared_document: np.ndarray
    notes: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        for name in ("weight", "probability", "by_field"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))
        object.__setattr__(self, "shared_document", frozen(self.shared_document, np.bool_))

    def __repr__(self) -> str:
        return f"<PairScores: {len(self.weight)} pairs>"


def score(records: Records, channel: TokenChannel, candidates: Candidates, *, seed: int = 0) -> PairScores:
    """Score pairs of rows by how much likelier they are as one person than as two.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words and how they get written.
    candidates : Candidates
        The pairs.
    seed : int, optional
        Not used, as nothing is drawn; kept so that all steps are called alike.

    Returns
    -------
    PairScores
        Weights, probabilities and rates.

    Notes
    -----
    Fellegi-Sunter scores with levels for near agreement. Rates of errors are learned by EM, with Dirichlet
    priors at published defaults that are worth 50 pairs of one person: thirty rows are scored by the
    defaults, thousands by their own rates. Frequencies of values come from all rows. Two people are strangers
    or relatives arrested together. The rate of matches within a list is learned apart from that across lists.

    References
    ----------
    Fellegi & Sunter 1969, JASA 64:1183-1210. Copas & Hilton 1990, JRSS A 153:287-320, for errors by hit and
    miss.
    """
    del seed
    if candidates._compared is not None:
        tool, alike, rates = candidates._compared
    else:
        tool = comparer(records, channel)
        alike = tool.compare(candidates.first, candidates.second)
        rates = learn_rates(
            alike, defaults(records), tool.n_pairs(), tool.chance_missing(), tool.both_documents()
        )
    by_field = weigh(alike, rates)
    weight = by_field.sum(axis=1)
    odds = np.log(rates.match / (1 - rates.match))
    probability = 1.0 / (1.0 + np.exp(-np.clip(weight + odds[alike.cell], -500, 500)))
    shared = (alike.document == 0) & (probability < 0.5)
    field_rates = _field_rates(rates, tool, len(records.lists))
    return PairScores(
        weight=weight,
        probability=probability,
        by_field=by_field,
        fields=FIELDS,
        rates=field_rates,
        shared_document=shared,
        notes=_notes(field_rates, rates, shared),
    )


def _field_rates(rates: Rates, tool: Comparer, n_lists: int) -> FieldRates:
    """Rates by row, and frequencies of values."""
    clash = float(rates.clash.mean())
    right = (rates.document[0], rates.born[0], rates.arrested[0], rates.place, rates.sex, 1 - clash)
    match = np.maximum(rates.match.reshape(n_lists, n_lists), 0.0)
    match = np.triu(match) + np.triu(match, 1).T
    return FieldRates(
        fields=_RATED,
        beta=MappingProxyType({f: float(1 - np.sqrt(r)) for f, r in zip(_RATED, right, strict=True)}),
        learned=MappingProxyType(
            {f: bool(n >= STRENGTH) for f, n in zip(_RATED, rates.informed, strict=True)}
        ),
        match=frozen(match, np.float64),
        relatives=rates.relatives,
        mixtures=rates,
        births=tool.births,
        arrests=tool.arrests,
        places=frozen(tool.places, np.float64),
        sexes=frozen(tool.sexes, np.float64),
        shared_document=float(rates.document_chance[0]),
    )


_WORDS = MappingProxyType(
    {
        "document": Message("documents"),
        "born": Message("birth"),
        "arrested": Message("arrest"),
        "place": Message("place"),
        "sex": Message("sex"),
        "names": Message("names"),
    }
)


def _notes(rates: FieldRates, learned: Rates, shared: np.ndarray) -> tuple[Message, ...]:
    """Say where the rates come from, and which documents are not believed."""
    notes = []
    own = [_WORDS[name] for name in rates.fields if rates.learned[name]]
    default = [_WORDS[name] for name in rates.fields if not rates.learned[name]]
    if own:
        notes.append(
            Message(
                "Rates of errors learned from about {n:,.0f} pairs of rows of one person: {fields}.",
                n=learned.n_matches,
                fields=own,
            )
        )
    if default:
        notes.append(
            Message(
                "Rates of errors that rest mostly on published defaults, as too few pairs tell of them: "
                "{fields}.",
                fields=default,
            )
        )
    if shared.any():
        notes.append(
            Message.counted(
                "In one pair of rows the document is the same and the rest is not: it is not believed.",
                "In {n:,} pairs of rows the document is the same and the rest is not: it is not believed.",
                n=int(shared.sum()),
            )
        )
    return tuple(notes)
