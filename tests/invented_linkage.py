"""A linkage made of an invented truth and known errors, without any reading or scoring."""

import hashlib
import hmac

import numpy as np

from detcount import simulate
from detcount._numerics.linkage.agreement import numbered
from detcount.linkage.files import key_check
from detcount.linkage.result import Linkage

KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def invented_linkage(*, truth=None, seed=0, n_draws=300, doubtful=30, lists=None, **options):
    """Draws that differ from the truth in some pairs, each put together with a probability of its own."""
    truth = simulate.name_lists(300, seed=seed).truth if truth is None else truth
    rng = np.random.default_rng(seed)
    person = truth.person
    n = len(person)
    first, second = [], []
    for label in np.unique(person).tolist():
        rows = np.flatnonzero(person == label)
        first += [int(a) for k, a in enumerate(rows) for _ in rows[k + 1 :]]
        second += [int(b) for k in range(len(rows)) for b in rows[k + 1 :]]
    # doubtful pairs: two rows alone, which a draw puts together or not
    alone = np.flatnonzero(np.bincount(person.astype(np.intp))[person] == 1)
    rng.shuffle(alone)
    pairs = alone[: 2 * doubtful].reshape(-1, 2)
    p = rng.uniform(0.1, 0.9, len(pairs))
    draws = np.empty((n_draws, n), dtype=np.int32)
    for k in range(n_draws):
        labels = person.copy()
        for (a, b), join in zip(pairs, rng.random(len(pairs)) < p, strict=True):
            if join:
                labels[b] = labels[a]
        draws[k] = numbered(labels)
    share = np.mean([draws[:, a] == draws[:, b] for a, b in pairs], axis=1) if len(pairs) else np.zeros(0)
    point = person.copy()
    for (a, b), often in zip(pairs, share, strict=True):
        if often > 0.5:
            point[b] = point[a]
    probability = np.concatenate([np.ones(len(first)), share])
    names = truth.lists if lists is None else lists
    digests = [
        hmac.new(KEY.encode(), f"{names[k]}|{row}".encode(), hashlib.sha256).hexdigest()[:32].encode()
        for k, row in zip(truth.list_of.tolist(), truth.row.tolist(), strict=True)
    ]
    values = {
        "lists": names,
        "list_of": truth.list_of,
        "row": truth.row,
        "person": numbered(point),
        "draws": draws,
        "pair_first": np.concatenate([first, pairs.min(axis=1)]),
        "pair_second": np.concatenate([second, pairs.max(axis=1)]),
        "pair_probability": probability,
        "pair_evidence": {
            "names": rng.normal(size=len(probability)),
            "document": rng.normal(size=len(probability)),
        },
        "doubtful_relatives": pairs[:2],
        "referred": truth.forwarded,
        "linkable": np.ones(n, bool),
        "digests": np.array(digests, dtype="S32"),
        "key": key_check(KEY),
        "missed": 0.0,
        "r_hat": 1.0,
        "seed": seed,
        "counts": np.ones(n, bool),
    }
    return Linkage(**{**values, **options})
