"""Lists that copy another without a mark: misspellings that both share and nobody else writes are said."""

import numpy as np
import pytest

from detcount import linkage, simulate


def lists_of(share, seed=3):
    """Three lists, the last of which has taken a share of the rows of the first as they are."""
    frames = dict(simulate.name_lists(420, seed=seed, mistakes=None).frames)
    taken = frames["government"].sample(frac=share, random_state=1) if share else frames["government"][:0]
    frames["committee"] = taken.reset_index(drop=True) if share else frames["committee"]
    return frames


@pytest.mark.parametrize(("share", "said"), [(0.0, False), (0.6, True)])
def test_copied_rows_are_said_and_others_not(share, said):
    linked = linkage.link(linkage.read_lists(lists_of(share)), n_draws=10)
    found = [note for note in linked.notes if "misspellings" in note]
    assert bool(found) is said
    if said:
        assert "'committee' and 'government'" in found[0]
        words = {word for name in lists_of(share)["government"].iloc[:, 0] for word in name.split()}
        assert not any(word in found[0] for word in words if len(word) > 3)
        assert found[0].translated("es") != found[0]


@pytest.mark.slow
def test_rows_that_are_marked_are_not_said_again():
    frames = lists_of(0.6)
    frames["committee"] = frames["committee"].assign(**{"Referido por": "government"})
    linked = linkage.link(linkage.read_lists(frames), n_draws=10)
    assert not any("misspellings" in note for note in linked.notes)
    assert np.count_nonzero(linked.referred)
