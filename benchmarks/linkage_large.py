"""What linking a million rows costs up to one partition: candidates and scores on DuckDB, draws apart.

    export OMP_NUM_THREADS=1
    python benchmarks/linkage_large.py make 800000 rows.npz     # invents and reads the lists
    python benchmarks/linkage_large.py link rows.npz            # in a process of its own

The rows are invented, so that they may stand in a file. Seconds are those of the wall and of the processor.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from detcount import linkage, simulate
from detcount._numerics.linkage.agreement import numbered, pairs_within, shared_pairs
from detcount.linkage.candidates import missed_share
from detcount.linkage.channel import learn_channel
from detcount.linkage.large import large_candidates
from detcount.linkage.linking import learned_from
from detcount.linkage.posterior import partition_posterior
from detcount.linkage.records import Records


def main() -> None:
    """Make rows, or link them."""
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        link(sys.argv[2])


def say(what: str) -> None:
    """Say how long it took until now, and the most memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"{what}: {time.time() - START:.0f} s, {time.process_time():.0f} CPU s, {peak:.2f} GB\n")
    sys.stdout.flush()


def make(population: int, path: str) -> None:
    """Invent lists and read them."""
    invented = simulate.name_lists(population, seed=1)
    say("invented")
    truth = invented.truth
    lists = linkage.read_lists(invented.frames)
    say("read")
    records = lists.records()
    order = {name: k for k, name in enumerate(lists.lists)}
    position = np.array([order[name] for name in truth.lists])[truth.list_of]
    person = truth.person[np.lexsort((truth.row, position))]
    np.savez(path, person=person, **{name: getattr(records, name) for name in records.__dataclass_fields__})
    say(f"{len(records):,} rows written")


def link(path: str) -> None:
    """Link the rows of a file."""
    with np.load(path) as saved:
        held = {name: saved[name] for name in saved.files}
    truth = numbered(held.pop("person"))
    named = {name: tuple(map(str, held.pop(name))) for name in ("lists", "words")}
    records = Records(**named, **held)
    say(f"{len(records):,} rows loaded")
    channel = learn_channel(records)
    say("words")
    found = large_candidates(records, channel)
    say(f"{len(found):,} candidates")
    learned = learned_from(records, channel, found)
    posterior = partition_posterior(records, learned, n_draws=100)
    person = posterior.point
    say("who is who")
    kept, true, right = pairs_within(person), pairs_within(truth), shared_pairs(person, truth)
    lost = 1 - (truth[found.first] == truth[found.second]).sum() / true
    likely = found.taken(learned.places)
    said = missed_share(records, likely, posterior.pair_probability[posterior.compared])
    sys.stdout.write(
        f"candidates miss {lost:.4f} of the true pairs, and say {said.share:.4f} ({said.low:.4f} to "
        f"{said.high:.4f}); precision {right / kept:.4f}, recall {right / true:.4f}; persons "
        f"{(person.max() + 1) / (truth.max() + 1) - 1:+.2%}\n"
    )


START = time.time()
if __name__ == "__main__":
    main()
