"""compare says right or wrong, where, and which mistake; a Report says it as text and as a card."""

import math
from fractions import Fraction

import numpy as np
import pytest

from bplib import Node
from bplib.check.compare import Mistake, compare
from bplib.check.report import Finding, Report
from bplib.errors import GradientMismatch


def ok(yours, wanted, **options):
    return compare("dx", yours, wanted, **options).ok


# -------------------------------------------------------------------------------------- tolerance


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_tolerance_is_relative_to_the_scale_of_the_whole_array(scale):
    wanted = scale * np.array([1.0, 0.0, -2.0])
    assert ok(wanted + scale * np.array([0, 1.9e-6, 0]), wanted)
    assert not ok(wanted + scale * np.array([0, 2.1e-6, 0]), wanted)


def test_a_wrong_tiny_gradient_does_not_hide():
    assert not ok(0.0, 1e-9)
    assert not ok(2e-9, 1e-9)


def test_a_true_zero_passes_within_the_floor_and_not_beyond():
    assert ok(0.0, 0.0)
    assert ok(np.full(3, 1e-12), np.zeros(3), floor=2e-12)
    assert not ok(np.full(3, 3e-12), np.zeros(3), floor=2e-12)


def test_the_tolerance_can_be_chosen():
    assert ok(1.009, 1.0, rtol=1e-2) and not ok(1.011, 1.0, rtol=1e-2)


# ----------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("yours", [2, 2.0, np.float32(2), np.array(2), np.int64(2), Fraction(2)], ids=repr)
def test_any_kind_of_real_number_is_an_answer(yours):
    assert ok(yours, 2.0)


def test_a_list_is_an_answer_where_an_array_is_wanted():
    assert ok([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]]))


@pytest.mark.parametrize("yours", [None, ...])
def test_a_missing_answer_is_not_answered_yet(yours):
    finding = compare("dx", yours, 2.0)
    assert not finding.ok and finding.says == "not answered yet"


NO_NUMBERS = (
    "2.0", b"2.0", "two", 2 + 0j, np.array([2 + 1j]), [..., ...], [[1, 2], [3]], {}, {2.0}, object(), ["2.0"],
    np.array("2020", "M8"), Node(2.0), [Node(2.0)], lambda: 2.0,
)  # fmt: skip


@pytest.mark.parametrize("yours", NO_NUMBERS, ids=lambda yours: type(yours).__name__)
def test_what_is_no_number_is_wrong_and_never_raises(yours):
    finding = compare("dx", yours, 2.0)
    assert not finding.ok
    assert finding.says == f"should be a number or an array of numbers; got {type(yours).__name__}"


def test_an_entry_that_is_still_none_is_wrong():
    assert "never set" in compare("dx", [1.0, None], [1.0, 2.0]).advice


@pytest.mark.parametrize("yours", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_are_wrong_with_a_word_about_where_they_come_from(yours):
    finding = compare("dx", [1.0, yours], [1.0, 2.0])
    assert not finding.ok and finding.says == f"contains {yours}" and finding.mistake == "not finite"
    assert finding.advice.startswith("look for a division by zero")
    assert not ok(yours, yours)


@pytest.mark.parametrize(
    ("yours", "wanted"), [((1, 3), (3,)), ((3,), (1, 3)), ((3, 2), (2, 3)), ((1,), (2, 1))], ids=str
)
def test_the_shape_must_be_exact(yours, wanted):
    finding = compare("dx", np.ones(yours), np.ones(wanted))
    assert not finding.ok and finding.says == f"has shape {yours}, but needs {wanted}"


def test_a_single_number_is_called_so_and_not_an_empty_shape():
    assert compare("dx", 2.0, np.ones((2, 3))).says == "is a single number, but needs shape (2, 3)"
    assert compare("dx", 2.0, np.ones(1)).says == "is a single number, but needs shape (1,)"
    assert compare("dx", np.ones((2, 3)), 1.0).says == "has shape (2, 3), but should be a single number"


def test_a_minus_in_front_of_a_zero_is_not_shown():
    for zero in (-0.0, np.array([-0.0, 0.0])):
        assert "expected 0 " in compare("dx", np.ones(np.shape(zero)), zero).says


@pytest.mark.parametrize(
    ("yours", "wanted"),
    [(-0.65, -0.653644), (0.33, 1 / 3), (0.13, 0.125), (12.0, 12.04), (-5.2, -5.2291), (0.0035, 0.003471)],
)
def test_a_number_rounded_too_early_is_told_to_give_more_digits(yours, wanted):
    assert compare("slope", yours, wanted, rtol=1e-3).mistake == "too few digits"


@pytest.mark.parametrize(
    ("yours", "wanted"),
    [(-0.66, -0.653644), (0.3, 1 / 3), (0.0, 0.4), (5.0, 5.2), (0.65, -0.653644), (7.0, 0.0)],
)
def test_another_number_or_a_single_digit_is_no_rounded_answer(yours, wanted):
    finding = compare("slope", yours, wanted, rtol=1e-3)
    assert not finding.ok and finding.mistake == ""


def test_a_mistake_that_is_known_is_named_before_a_rounding():
    known = [Mistake("one way only", "there are two", 1.2)]
    assert compare("slope", 1.2, 1.2345, known, rtol=1e-3).mistake == "one way only"


def test_a_difference_is_shown_where_it_is_worst():
    finding = compare("dx", [[1.0, 2.0], [0.304, 4.0]], [[1.0, 2.001], [0.112, 4.0]], against="numerical")
    assert finding.says == "differs at [1, 0]: yours 0.304, numerical 0.112 (relative error 4.8e-02)"
    assert compare("dx", 3.0, 2.0).says == "differs: yours 3, expected 2 (relative error 5.0e-01)"
    assert compare("dx", 3.0, 0.0).says == "differs: yours 3, expected 0 (relative error inf)"


def test_the_wanted_value_can_be_kept_to_oneself():
    for yours in (3.0, 0.5):
        assert compare("dx", yours, 0.12345, show=False).says == f"differs: yours {yours:g}"
    vector = compare("dx", [3.0, 9.0], [3.0, 0.12345], show=False)
    assert vector.says == "differs at [1]: yours 9"


def test_nothing_is_written_into_an_answer():
    yours, wanted = np.array([1, 2]), np.array([1.0, 3.0])
    for array in (yours, wanted):
        array.flags.writeable = False
    compare("dx", yours, wanted)


# ---------------------------------------------------------------------------------------- mistakes

SIGN = Mistake("sign", "the sign is wrong", -2.0)
DOUBLE = Mistake("factor 2", "twice too large", 4.0)


def test_the_first_mistake_that_explains_the_answer_is_named():
    other = Mistake("another", "also gives 4", 4.0)
    finding = compare("dx", 4.0, 2.0, [SIGN, DOUBLE, other])
    assert (finding.mistake, finding.advice) == ("factor 2", "twice too large")


def test_an_answer_that_no_mistake_explains_has_no_name():
    assert compare("dx", 5.0, 2.0, [SIGN, DOUBLE]).mistake == ""


def test_a_mistake_that_gives_the_right_value_here_explains_nothing():
    harmless = Mistake("harmless", "gives the same here", 2.0 * (1 + 3e-6))
    assert compare("dx", 2.0 * (1 + 2e-6), 2.0, [harmless]).mistake == ""


def test_mistakes_are_not_even_computed_for_a_right_answer():
    def never():
        yield pytest.fail("a mistake was computed")

    assert compare("dx", 2.0, 2.0, never()).ok


def test_a_mistake_may_have_another_shape_than_the_right_answer():
    unsummed = Mistake("sum forgotten", "sum it", [[1.0, 2.0], [3.0, 4.0]])
    assert compare("db", [[1.0, 2.0], [3.0, 4.0]], [4.0, 6.0], [unsummed]).mistake == "sum forgotten"


# ------------------------------------------------------------------------------------------ report

RIGHT = Finding("dx", True, "agrees")
WRONG = Finding("d<y>", False, "differs: yours 3 & more", "sign", "turn <it> round")
OPEN = Finding("dz", False, "not answered yet")


def test_a_report_is_true_when_all_findings_are():
    assert Report("t", (RIGHT, RIGHT)) and not Report("t", (RIGHT, WRONG))
    assert Report("t", (RIGHT,)).verdict == "right"
    assert Report("t", (RIGHT, WRONG)).verdict == "not yet"
    assert Report("t", (RIGHT, OPEN)).verdict == "your turn"


def test_a_report_that_looked_at_nothing_is_not_true():
    assert not Report("t", ())


def test_a_report_as_text_says_everything():
    assert str(Report("Exp.backward", (RIGHT, WRONG), "look again")) == (
        "Exp.backward: not yet\n"
        "  ok       dx: agrees\n"
        "  not yet  d<y>: differs: yours 3 & more\n"
        "           sign: turn <it> round\n"
        "  Hint: look again"
    )
    assert repr(Report("t", (RIGHT,))) == "t: right\n  ok       dx: agrees"


def test_a_report_as_a_card_escapes_every_text():
    card = Report("<b>title</b>", (RIGHT, WRONG), "<script>")._repr_html_()
    for text in (
        "&lt;b&gt;title&lt;/b&gt;",
        "d&lt;y&gt;",
        "3 &amp; more",
        "turn &lt;it&gt; round",
        "&lt;script&gt;",
    ):
        assert text in card
    assert "<script>" not in card and "<it>" not in card and 'role="status"' in card


def test_a_report_names_the_mistakes_it_recognised():
    assert Report("t", (RIGHT, WRONG, OPEN)).mistakes == ("sign",)


def test_raise_unless_ok_raises_the_whole_report():
    Report("t", (RIGHT,)).raise_unless_ok()
    with pytest.raises(GradientMismatch, match=r"(?s)Exp: not yet.*turn <it> round"):
        Report("Exp", (WRONG,)).raise_unless_ok()
    assert issubclass(GradientMismatch, AssertionError)
