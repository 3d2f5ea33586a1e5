"""What holds for copies, extracts and wrong entries in any table."""

from hypothesis import given
from hypothesis import strategies as st

import detcount as dc
from detcount.copies import FEWEST_ON_LIST, copied_lists
from detcount.wrong_entries import without_wrong_entries
from strategies import capture_tables, renamings


def _found(table):
    """Kinds of what is found, with the sizes of the lists: what no renaming can change."""
    sizes = table.list_sizes
    return sorted(
        (copy.kind, sorted(sizes[name] for name in (*copy.smaller, copy.larger)))
        for copy in copied_lists(table)
    )


@given(capture_tables(2, 5), st.data())
def test_order_and_names_of_lists_find_the_same_copies(table, data):
    assert _found(data.draw(renamings(table))) == _found(table)


@given(capture_tables(2, 5))
def test_whatever_a_finding_states_of_counts_is_true(table):
    for copy in copied_lists(table):
        for name, other, least in copy.shares:
            assert table.overlap(name, other) >= least * table.list_sizes[name]
        if copy.kind != "all on one":
            assert table.list_sizes[copy.smaller[0]] >= FEWEST_ON_LIST
            assert table.list_sizes[copy.smaller[0]] <= table.list_sizes[copy.larger]


@given(capture_tables(2, 4, min_count=3), st.data())
def test_a_list_repeated_whole_is_never_a_witness(table, data):
    copied = data.draw(st.sampled_from(table.lists))
    if table.list_sizes[copied] < FEWEST_ON_LIST:
        return
    columns = {name: table.histories[:, k] for k, name in enumerate(table.lists)}
    columns |= {"the copy": columns[copied], "n": table.counts}
    doubled = dc.CaptureTable.from_frame(columns, lists=[*table.lists, "the copy"], count="n")
    found = {
        copy.kind for copy in copied_lists(doubled) if {*copy.smaller, copy.larger} == {copied, "the copy"}
    }
    assert found in ({"copy"}, {"alike"})
    merged = doubled.merge([copied, "the copy"], into=copied)
    assert merged.keep(table.lists) == table


@given(capture_tables(2, 4), st.floats(0.0, 0.5), st.data())
def test_wrong_entries_are_taken_from_one_list_alone(table, share, data):
    name = data.draw(st.sampled_from(table.lists))
    if table.n_observed - table.exclusives[name] == 0 and table.n_observed <= 1:
        return
    rest = without_wrong_entries(table, name, share)
    taken = table.n_observed - rest.n_observed
    assert 0 <= taken <= max(round(share * table.list_sizes[name]), 1)
    assert rest.exclusives[name] == table.exclusives[name] - taken
    assert (rest.capture_frequencies[1:] == table.capture_frequencies[1:]).all()
