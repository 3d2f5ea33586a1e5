import numpy as np
import pytest

from detcount._numerics.patterns import (
    all_hierarchical,
    formula,
    from_generators,
    number_of_lists,
    parse_formula,
    term_label,
)


@pytest.mark.parametrize(
    ("n_lists", "max_order", "expected"),
    # numbers of monotone functions with every singleton in and the full set out; 2**(pairs) at order 2
    [
        (2, None, 1),
        (3, None, 8),
        (4, None, 113),
        (5, None, 6893),
        (5, 3, 6212),
        (5, 2, 1024),
        (6, 2, 32768),
        (3, 3, 9),
    ],
)
def test_number_of_hierarchical_models(n_lists, max_order, expected):
    models = all_hierarchical(n_lists, max_order)
    assert models.shape == (expected, 1 << n_lists)
    assert len(np.unique(models, axis=0)) == expected


def test_more_than_nine_lists_are_parted_by_dots():
    model = from_generators([0b10000000001, 0b110], 11)
    text = formula(model)
    assert text == "[1.11,2.3,4,5,6,7,8,9,10]"
    assert (from_generators(parse_formula(text), 11) == model).all()
    assert parse_formula("[1,10,11]", 11) == [1, 1 << 9, 1 << 10]
    assert term_label(0b1011, 4) == "124"
    assert term_label(0b1011, 12) == "1.2.4"


def test_number_of_lists():
    assert number_of_lists(32) == 5
    with pytest.raises(ValueError, match="power of two"):
        number_of_lists(24)
