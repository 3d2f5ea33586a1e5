"""From lists of names to a linkage: candidates, and the posterior of who is who.

It is one chain of steps, with the notes that each of them leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints, bincount
from detcount._numerics.linkage.agreement import bridges, kinds_of_merges, numbered
from detcount._numerics.linkage.settings import TUNING
from detcount._numerics.linkage.words import Confusions
from detcount._numerics.parallel import progress as progress_bar
from detcount._numerics.stock.spells import NEVER
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.errors import InputError
from detcount.linkage.attaching import attached
from detcount.linkage.candidates import Candidates, Missed, candidates, missed_share
from detcount.linkage.channel import TokenChannel, learn_channel, shortened
from detcount.linkage.files import Decisions, decided_pairs, key_check, read_decisions
from detcount.linkage.groups import refuse_contradictions
from detcount.linkage.large import ENGINES, large_candidates
from detcount.linkage.list_notes import letters_of, scripts_of
from detcount.linkage.name_lists import NameLists, ReleasedLists, without_content
from detcount.linkage.other_rules import by_documents, written_otherwise
from detcount.linkage.posterior import PartitionPosterior, partition_posterior
from detcount.linkage.prefilter import LearnedPairs, learned_pairs
from detcount.linkage.records import Records, content_order, first_of_alike, written_again
from detcount.linkage.released import ReleasedRows
from detcount.linkage.result import ONE_RULE, Linkage
from detcount.linkage.rewritten import rewritten_words, seldom_alike
from detcount.linkage.word_errors import known_pairs
from detcount.words import Message

_STAGES = (Message("words"), Message("candidates"), Message("who is who"))


@without_content
def link(
    lists: NameLists,
    *,
    seed: int = 0,
    decisions: Decisions | str | PathLike[str] | None = None,
    max_copies: Mapping[str, int] | None = None,
    key: bytes | str | None = None,
    n_draws: int = 1000,
    definition: Definition | None = None,
    engine: str | None = None,
) -> Linkage:
    """Find which rows of some lists of names are one person, within and across all lists at once.

    Parameters
    ----------
    lists : NameLists
        The lists, as `read_lists` reads them.
    seed : int, optional
        Seed of the draws.
    decisions : Decisions, str or path, optional
        Decisions on pairs of rows, or the review in which people wrote them. Every draw agrees with them.
    max_copies : dict of str to int, optional
        Lists in which one person has at most so many rows: 1 for a list without duplicates.
    key : bytes or str, optional
        The secret of the digests that stand for rows in decisions. Without it a random one is used once, and
        no decision outlives the linkage. `detcount.privacy.new_digest_key` makes one.
    n_draws : int, optional
        Draws of the posterior that are kept, at most 20,000.
    definition : Definition, optional
        Who is counted.
    engine : {"duckdb", "spark"}, optional
        Where Splink chooses the pairs that are compared: in memory, or on Spark on this machine, which uses a
        disk too. Without it all rules of this library choose them up to 100,000 rows, and DuckDB above.

    Returns
    -------
    Linkage
        Persons, pairs, and draws of who is who; numbers only.

    Raises
    ------
    InputError
        If decisions contradict each other, were made with another key, a list is not there, or one is in
        another script and shares too few persons with the others to show its letters.
    EngineError
        If the engine fails, there is no Java for Spark, or Spark runs in this process already.

    See Also
    --------
    read_lists : Reads lists.

    Notes
    -----
    Pairs of rows are compared where any of several rules brings them together: a rare word, two words, a
    document with one digit masked, days close together. Clusters of rows are then scored as persons, not as
    bags of pairs, because three rows that resemble each other resemble each other once [1]_: the likelihood
    of a cluster sums over what is true of its person. Draws of whole partitions come from the posterior [2]_
    [3]_.

    References
    ----------
    .. [1] Steorts, R. C. (2015). Entity resolution with empirically motivated priors. Bayesian Analysis,
       10(4), 849-875. https://doi.org/10.1214/15-BA965SI
    .. [2] Sadinle, M. (2018). Bayesian propagation of record linkage uncertainty into population size
       estimation of human rights violations. The Annals of Applied Statistics, 12(2), 1013-1038.
       https://doi.org/10.1214/18-AOAS1178
    .. [3] Aleshin-Guendel, S. and Sadinle, M. (2023). Multifile partitioning for record linkage and duplicate
       detection. Journal of the American Statistical Association, 118(543), 1786-1795.
       https://doi.org/10.1080/01621459.2021.2013242

    Examples
    --------
    >>> from detcount import linkage
    >>> lists = linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> linked = linkage.link(lists, n_draws=200)
    >>> linked.clusters.to_numpy().tolist()
    [['families', 1, 0], ['press', 1, 0], ['press', 2, 1]]
    """
    n_draws = arguments.whole_number(
        "n_draws",
        n_draws,
        least=2,
        most=TUNING.most_draws,
        remedy=Message("Limits of 95% need some hundreds"),
    )
    if engine is not None:
        arguments.one_of("engine", engine, ENGINES)
    copies = _copies(max_copies, lists.lists)
    check = key_check(key)
    given = Decisions((), (), (), check) if decisions is None else decisions
    every = lists.records(key)
    together, apart, n_left_out = decided_pairs(
        given if isinstance(given, Decisions) else read_decisions(given), every.key, check
    )
    stated = [lists.lists.index(name) for name in copies]
    first = first_of_alike(every, stated, apart.tolist())
    order = content_order(every)
    kept = order[first[order] == order]  # so that nothing depends on the order in which rows were given
    place = np.empty(len(every), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    entry = place[first]
    records = every.taken(kept)
    joined, parted = entry[together], entry[apart]
    refuse_contradictions(records, joined, parted)

    def who_is_who(
        rewritten: Confusions | None, step: Callable[[int], object]
    ) -> tuple[Candidates, LearnedPairs, PartitionPosterior]:
        channel = learn_channel(records, rewritten=rewritten)
        step(1)
        if engine is not None or len(records) > TUNING.engine_rows:
            found = large_candidates(records, channel, engine=engine or ENGINES[0], seed=seed)
        else:
            found = candidates(records, channel)
        step(1)
        learned = learned_from(records, channel, found, rewritten)
        return (
            found,
            learned,
            partition_posterior(
                records, learned, together=joined, apart=parted, max_copies=copies, n_draws=n_draws, seed=seed
            ),
        )

    with progress_bar(len(_STAGES), Message("linkage"), at_once=True, names=_STAGES) as bar:
        rewritten = _as_others_write(records)
        found, learned, posterior = who_is_who(rewritten, bar)
        otherwise = written_otherwise(records, posterior.point, rewritten)
        if otherwise and rewritten is None and (rewritten := rewritten_words(records)) is not None:
            found, learned, posterior = who_is_who(rewritten, lambda _: None)
            otherwise = written_otherwise(records, posterior.point, rewritten)
        bar(1)
    person = numbered(posterior.point[entry])
    drawn = np.array([numbered(draw[entry]) for draw in posterior.draws])
    released = None
    if lists.released is not None:
        released = _released(lists, lists.released, kept, drawn[:, kept], person, seed)
    likely = found.taken(learned.places)
    missed = missed_share(records, likely, posterior.pair_probability[posterior.compared])
    kinds, draws = _missed(records, likely, posterior, missed)
    again = np.flatnonzero(kept[entry] != np.arange(len(every)))
    repeated = Message.counted(
        "1 row repeats another of its list in every cell, and is taken for the same person",
        "{n:,} rows repeat another of their list in every cell, and are taken for the same person",
        n=len(again),
    )
    documented = bool(otherwise) and by_documents(records)
    remark: list[Message] = []
    if rewritten is not None:
        remark.append(
            Message(
                "lists seem to write names by different rules: how letters of one stand for those of another "
                "was learned from rows that are likely one person"
            )
        )
    if documented:
        remark.append(
            Message(
                "names seem to be written by different rules, so that rows are linked by their documents: "
                "whoever has a wrong one stands as two, and limits of the number of persons are somewhat too "
                "high"
            )
        )
    elif otherwise:
        remark.append(ONE_RULE)
    otherwise = () if documented else otherwise
    return Linkage(
        lists=every.lists,
        list_of=every.list_of,
        row=every.row,
        person=person,
        draws=drawn,
        **_pairs(posterior, kept, np.stack([kept[entry[again]], again])),
        referred=every.referred,
        linkable=every.linkable,
        digests=every.key,
        key=check,
        missed=missed.share,
        r_hat=float(posterior.r_hat),
        seed=seed,
        counts=np.ones(len(every), dtype=bool),
        spells=lists.spells(),
        notes=(
            *lists.notes,
            *remark,
            *found.notes,
            *posterior.notes,
            *_notes(records, missed, draws, n_left_out),
            *copied_notes(records, posterior.point),
            *([repeated] if len(again) else ()),
        ),
        definition=definition,
        bounded=posterior.bounds,
        without_limits=(*otherwise, *found.unseen, *posterior.without_limits),
        other_rules=bool(otherwise),
        missed_kinds=kinds,
        missed_draws=draws,
        released=released,
    )


def _as_others_write(records: Records) -> Confusions | None:
    """Words as other lists write them, where lists are in several scripts or hardly share a word.

    A list in another script is refused where too few persons show its letters and rows lack documents.
    """
    scripts = scripts_of(records)
    if len(set(scripts)) == 1:
        return rewritten_words(records) if seldom_alike(records) else None
    found = rewritten_words(records)
    known = np.zeros(len(records.words), dtype=bool)
    known[[] if found is None else found.written] = True
    usual = Counter(scripts).most_common(1)[0][0]
    rows = np.maximum(bincount(records.list_of, minlength=len(scripts)), 1)
    written = bincount(records.list_of, records.document >= 0, minlength=len(scripts))
    documented = bool((written >= TUNING.script_documented * rows).all())
    for k, (name, script) in enumerate(zip(records.lists, scripts, strict=True)):
        shown = known[records.word[(records.list_of == k)[records.word_record]]].any()
        if script != usual and not documented and not shown:
            raise InputError(
                Message(
                    "list {name!r}: its names are in {script}, and too few persons on it and on another list "
                    "were found to learn how one writes the names of the other. Give documents in both, or "
                    "ask who keeps the list for its names in the script of the others",
                    name=name,
                    script=letters_of(script),
                )
            )
    return found


def _released(
    lists: NameLists, others: ReleasedLists, kept: Ints, draws: np.ndarray, person: Ints, seed: int
) -> ReleasedRows:
    """Rows of lists of released people as persons, beside those of the registers."""
    theirs = others.lists
    both = NameLists(lists=(*lists.lists, *theirs.lists), parsed={**lists.parsed, **theirs.parsed}).records()
    n = len(person)
    order = n + content_order(both.taken(np.arange(n, len(both))))
    first = first_of_alike(both, (), ())
    alone = order[first[order] == order]  # rows that a list does not repeat to the last cell
    records = both.taken(np.concatenate([kept, alone]))
    rewritten = _as_others_write(records)
    # rows that copy each other's errors tell nothing of how often rows err, nor of what is a name
    again = written_again(records, len(kept))
    first_row, second_row, sure = known_pairs(records)
    shown = np.minimum(first_row, second_row) < len(kept)
    channel = learn_channel(records, (first_row[shown], second_row[shown], sure[shown]), rewritten, again)
    found = candidates(records, channel)
    found = found.taken(np.flatnonzero(found.second >= len(kept)))
    learned = learned_from(records, channel, found, rewritten, again, len(kept))
    result = attached(records, learned, draws, person[kept], seed)
    place = np.empty(len(both), dtype=np.int64)
    place[alone] = np.arange(len(alone))
    place = place[first[n:]]
    at = both.list_of[n:] - len(lists.lists)
    names = theirs.lists
    exits = [span for name in names for span in theirs.parsed[name].left]
    days = [span.first if span and span.first == span.last else NEVER for span in exits]
    reasons = (
        []
        if result.agree
        else [
            Message("draws do not agree on how many of those named as released are on a list of the detained")
        ]
    )
    return ReleasedRows(
        lists=names,
        kinds=tuple(others.kinds[name] for name in names),
        days=np.array([others.days_of(name) for name in names], dtype=np.int64),
        checked_from=others.checked_from,
        list_of=at,
        row=both.row[n:],
        day=np.array(days, dtype=np.int64),
        ended=tuple(status or "" for name in names for status in theirs.parsed[name].status),
        person=result.person[:, place],
        best=result.best[place],
        n_registered=int(person.max(initial=-1)) + 1,
        without_limits=tuple(reasons),
    )


def learned_from(
    records: Records,
    channel: TokenChannel,
    found: Candidates,
    rewritten: Confusions | None = None,
    again: Bools | None = None,
    n_taught: int | None = None,
) -> LearnedPairs:
    """Learn rates of errors from pairs, and errors in words from likely ones where documents show too few."""
    learned = learned_pairs(records, channel, found, n_taught)
    for _ in range(0 if channel.known else TUNING.channel_again):
        better = learn_channel(records, learned.likely, rewritten, again)
        if not better.known:
            break
        learned = learned_pairs(records, better, found, n_taught)
    return learned


def _pairs(posterior: PartitionPosterior, kept: Ints, repeated: Ints) -> dict[str, Any]:
    """Pairs of the rows as they were given, rows that repeat another one after all others."""
    ends = np.sort(kept[np.stack([posterior.pair_first, posterior.pair_second])], axis=0)
    order = np.lexsort(ends[::-1])
    ends = np.concatenate([ends[:, order], repeated], axis=1)
    none = np.zeros(repeated.shape[1])
    relatives = np.sort(kept[posterior.doubtful_relatives], axis=1)
    return {
        "pair_first": ends[0],
        "pair_second": ends[1],
        "pair_probability": np.append(posterior.pair_probability[order], none + 1.0),
        "pair_evidence": {
            name: np.append(values[order], none) for name, values in posterior.pair_evidence.items()
        },
        "doubtful_relatives": relatives[np.lexsort(relatives.T[::-1])],
    }


def _copies(max_copies: Mapping[str, int] | None, names: tuple[str, ...]) -> dict[str, int]:
    """Most rows of one person by list."""
    stated = dict(max_copies or {})
    for name in stated:
        arguments.one_of("max_copies", name, names)
    return {name: arguments.whole_number("max_copies", most, least=1) for name, most in stated.items()}


def _notes(records: Records, missed: Missed, draws: Floats | None, n_left_out: int) -> list[Message]:
    """Notes on rows, decisions, and links that were never compared."""
    notes = []
    n_unlinkable = int((~records.linkable).sum())
    if n_unlinkable:
        notes.append(
            Message.counted(
                "1 row has neither a name nor a document, and is a person of its own",
                "{n:,} rows have neither a name nor a document, and are persons of their own",
                n=n_unlinkable,
            )
        )
    if n_left_out:
        notes.append(
            Message.counted(
                "1 decision was left out: one of its rows is not there any more, or was changed",
                "{n:,} decisions were left out: one of their rows is not there any more, or was changed",
                n=n_left_out,
            )
        )
    if draws is None:
        notes.append(
            Message(
                "between {low:.1%} and {high:.0%} of the right links may never have been compared: no rule "
                "brought their rows together, and too few rows have documents to tell how many; drawn tables "
                "hold none of these links, so that overlaps may be too low, and numbers of persons too high",
                low=missed.low,
                high=missed.high,
            )
        )
    elif missed.share > TUNING.noted_missed:
        notes.append(
            Message(
                "about {share:.1%} of the right links may never have been compared: no rule brought their "
                "rows together",
                share=missed.share,
            )
        )
    n_referred = int(records.referred.sum())
    if n_referred:
        notes.append(
            Message.counted(
                "1 row was forwarded by another list, which says nothing of how many are on neither: take it "
                "out of the list that received it before estimating",
                "{n:,} rows were forwarded by another list, which says nothing of how many are on neither: "
                "take them out of the lists that received them before estimating",
                n=n_referred,
            )
        )
    return notes


def copied_notes(records: Records, person: Ints) -> list[Message]:
    """Say which two lists share misspellings that no other row has, as only copied rows do.

    A word that two rows of one person write and nobody else, one letter away from a frequent one, is seldom a
    name. The other lists show how often it is, and how often two lists that do not copy err alike.
    """
    count = bincount(records.word, minlength=len(records.words))
    frequent = [records.words[k] for k in np.flatnonzero(count >= TUNING.copied_rows).tolist()]
    near = set().union(*map(shortened, frequent))
    row = np.where(records.referred, -1, np.arange(len(records)))[records.word_record]
    order = np.argsort(records.word, kind="stable")
    start = np.cumsum(count) - count
    shared: Counter[tuple[int, ...]] = Counter()
    for k in np.flatnonzero(count == 2).tolist():
        one, two = row[order[start[k] : start[k] + 2]].tolist()
        lists = tuple(sorted(records.list_of[[one, two]].tolist()))
        alike = min(one, two) >= 0 and person[one] == person[two] and lists[0] != lists[1]
        if (
            alike
            and len(records.words[k]) >= TUNING.copied_letters
            and not near.isdisjoint(shortened(records.words[k]))
        ):
            shared[lists] += 1
    (lists, n), *others = [*shared.most_common(2), ((0, 0), 0)][:2]
    if n < max(TUNING.copied_words, TUNING.copied_ratio * (others[0][1] if others else 0)):
        return []
    one, other = (records.lists[k] for k in lists)
    return [
        Message(
            "lists {one!r} and {other!r} share {n:,} misspellings that no other row has: one took rows from "
            "the other, or both from one source. Such rows are no two finds, and the number of all persons "
            "comes out too low. Mark them as taken from another list, and leave them out",
            one=one,
            other=other,
            n=n,
        )
    ]


def _missed(
    records: Records, found: Candidates, posterior: PartitionPosterior, missed: Missed
) -> tuple[Ints | None, Floats | None]:
    """Kinds of persons who stand as two because their rows were never compared, and draws of how many."""
    if missed.high - missed.low > TUNING.widest_missed:
        return None, None
    same = posterior.point[found.first] == posterior.point[found.second]
    first, second = found.first[same], found.second[same]
    lists = np.sort(np.stack([records.list_of[first], records.list_of[second]]), axis=0)
    return kinds_of_merges(
        lists[0] * len(records.lists) + lists[1],
        *bridges(posterior.point, records.list_of, first, second),
        missed.pairs[:: -(-len(missed.pairs) // TUNING.missed_draws_kept)],
    )
