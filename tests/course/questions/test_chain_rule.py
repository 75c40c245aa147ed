"""Right and wrong answers to the self-checks of lesson 1; the rules they obey stand in test_questions.py."""

import math

import numpy as np

from bplib.course.questions import chain_rule

# question, a right answer in one or more styles
RIGHT = [
    (chain_rule.dearer_apple, (2.2,)),
    (chain_rule.dearer_apple, (2 * 1.1,)),
    (chain_rule.three_links, (2, 4, -0.6536, -5.2291)),
    (chain_rule.three_links, (2.0, np.float64(4), math.cos(4), 2 * 4 * math.cos(4))),
    (chain_rule.signal_through_a_square, (lambda E, x: E * 2 * x,)),
    (chain_rule.signal_through_a_square, (lambda E, x: np.array(E) * (x + x),)),
    (chain_rule.circuit, (5, 5, 2)),
    (chain_rule.circuit, (np.float32(5), 5.0, np.array(2))),
    (chain_rule.two_fruits, (165, 650)),
    (chain_rule.two_fruits, (150 * 1.1, 650.0)),
    (chain_rule.cost, (2_000_000, 1)),
    (chain_rule.cost, (2e6, 1.0)),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (chain_rule.dearer_apple, (1,), "one apple only"),
    (chain_rule.dearer_apple, (2,), "tax left out"),
    (chain_rule.dearer_apple, (1.1,), "count left out"),
    (chain_rule.dearer_apple, (222.2,), "the new bill"),
    (chain_rule.three_links, (2, 1, -0.6536, -1.307), "taken at x"),
    (chain_rule.three_links, (2, 4, math.cos(0.5), 7.02), "taken at x"),
    (chain_rule.three_links, (2, 4, math.cos(math.radians(4)), 7.98), "degrees"),
    (chain_rule.three_links, (2, 4, -0.6536, 2 + 4 + math.cos(4)), "added"),
    (chain_rule.three_links, (2, 4, -0.6536, 4 * math.cos(4)), "inner factor forgotten"),
    (chain_rule.three_links, (2, 4, -0.6536, math.cos(4)), "last link only"),
    (chain_rule.signal_through_a_square, (lambda E, x: 2 * x,), "upstream ignored"),
    (chain_rule.signal_through_a_square, (lambda E, x: E + 2 * x,), "upstream added"),
    (chain_rule.signal_through_a_square, (lambda E, x: E * x * x,), "value for derivative"),
    (chain_rule.signal_through_a_square, (lambda E, x: E,), "local derivative left out"),
    (chain_rule.signal_through_a_square, (lambda E, x: E * x,), "factor 2"),
    (chain_rule.circuit, (1, 5, 2), "upstream ignored"),
    (chain_rule.circuit, (2, 2, 5), "inputs swapped"),
    (chain_rule.circuit, (5, 5, 10), "values for gradients"),
    (chain_rule.two_fruits, (150, 650), "upstream ignored"),
    (chain_rule.two_fruits, (3.3, 650), "inputs swapped"),
    (chain_rule.two_fruits, (495, 650), "all oranges"),
    (chain_rule.two_fruits, (165, 715), "the bill itself"),
    (chain_rule.two_fruits, (165, 450), "one fruit only"),
    (chain_rule.two_fruits, (165, 200), "one fruit only"),
    (chain_rule.two_fruits, (165, 6.5), "per cent"),
    (chain_rule.cost, (1e6, 1), "forward difference"),
    (chain_rule.cost, (1e6 + 1, 1), "forward difference"),
    (chain_rule.cost, (2, 1), "one input only"),
    (chain_rule.cost, (2e6, 1e6), "one sweep each"),
]


def test_a_number_with_too_few_digits_is_asked_for_more():
    report = chain_rule.three_links(2, 4, -0.65, -5.2)
    assert report.verdict == "not yet"
    assert report.mistakes == ("too few digits", "too few digits")


def test_a_rule_without_a_return_is_told_so():
    def back(E, x):
        E * 2 * x

    report = chain_rule.signal_through_a_square(back)
    assert set(report.mistakes) == {"left at None"}
    assert "not answered" not in str(report)
