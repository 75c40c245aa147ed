"""Tables of numbers in the browser: written as on paper."""

import pytest

from bplib.draw.wording import writer

TABLES = [
    [[1.0, -2.0], [0.0, 4.0]],
    [[1.0, -2.5]],
    [[100.0, 99999.0]],
    [[3e5, 1.0]],
    [[0.004, 1.0, -0.05]],
]


@pytest.mark.parametrize("values", TABLES, ids=["whole", "one is not", "hundreds", "huge", "small"])
def test_the_browser_writes_a_table_as_python_does(module, values):
    written = module("elements")("xs.flat().map(writer(xs))", *values)
    assert written == [writer(values)(x) for row in values for x in row]


def test_a_sum_is_spelled_with_its_signs_and_a_long_one_by_its_terms_that_are_not_zero(module):
    ask = module("table")
    spell = "products(xs, [String, String]).join('')"
    assert ask(spell, [4, 0], [-1, -2]) == "4 · 0 + (−1) · (−2)"
    assert ask(spell, *[[1, k % 2] for k in range(10)]) == " + ".join(["1 · 1"] * 5)
    assert ask(spell, *[[1, 1]] * 9) == " + ".join(["1 · 1"] * 8) + " + … (9 terms)"
    assert ask(spell, *[[1, 0]] * 9) == "0"
