"""The Nudge: what it measures, what it says, and what a reader without a kernel sees."""

import math
import re

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.measuring import NUDGES, differences
from bplib.widgets.nudge import Nudge, nudge_data
from bplib.widgets.nudge_still import window


def circuit(x, y, z):
    return (x + y) * z


def exp(x):
    return np.exp(x)


def log(x):
    return np.log(x)


def measured(f, **inputs):
    return nudge_data(f, inputs)["measured"]


def error_at(h, found, scheme):
    return differences(found)[scheme]["errors"][NUDGES.index(h)]


def test_the_nudges_are_handy_numbers_from_1e_16_to_1():
    assert NUDGES[0] == 1e-16
    assert NUDGES[-4:] == [0.1, 0.2, 0.5, 1.0]
    assert NUDGES == sorted(NUDGES)


def test_a_cube_is_measured_as_by_hand():
    found = measured(lambda x: x**3, x=1.0)
    half = NUDGES.index(0.5)
    assert (found["value"], found["slope"]) == (1.0, 3.0)
    assert (found["right"][half], found["left"][half]) == (3.375, 0.125)
    assert differences(found)["forward"]["slopes"][half] == 4.75  # (3.375 − 1) / 0.5
    assert differences(found)["central"]["slopes"][half] == 3.25  # (3.375 − 0.125) / 1
    assert [0.0, 0.0] in found["curve"]


def test_the_errors_of_a_composed_function_are_those_of_the_lesson():
    found = measured(lambda x: np.sin((2 * x + 1) ** 2), x=1.0)
    assert found["slope"] == pytest.approx(math.cos(9) * 12, rel=1e-15)
    assert error_at(1e-5, found, "forward") == pytest.approx(3.3e-4, rel=0.02)
    assert error_at(1e-5, found, "central") == pytest.approx(2.4e-8, rel=0.02)
    assert error_at(1e-12, found, "forward") == pytest.approx(9.7e-4, rel=0.02)


@pytest.mark.parametrize("scheme, order", [("forward", 1), ("central", 2)])
def test_the_truncation_falls_with_h_and_the_rounding_rises_against_it(scheme, order):
    found = measured(lambda x: bp.sigmoid(x), x=1.0)
    assert error_at(0.1, found, scheme) / error_at(0.01, found, scheme) == pytest.approx(10**order, rel=0.05)
    assert error_at(1e-15, found, scheme) > 1e3 * error_at(1e-9, found, scheme)


def test_the_best_h_is_longer_for_the_central_difference():
    found = measured(lambda x: bp.sigmoid(x), x=1.0)
    forward, central = (NUDGES[differences(found)[s]["best"]] for s in ("forward", "central"))
    assert 1e-9 <= forward <= 1e-7
    assert 1e-6 <= central <= 1e-4


def test_of_a_straight_line_the_longest_h_is_the_best():
    found = measured(lambda x: 3 * x, x=2.0)
    assert NUDGES[differences(found)["forward"]["best"]] == 1.0


def test_an_h_that_rounding_swallows_gives_the_slope_zero():
    found = measured(lambda x: x * x, x=4.0)
    assert differences(found)["forward"]["slopes"][0] == 0.0
    assert error_at(1e-16, found, "forward") == 8.0


def test_each_input_has_its_own_slope_and_its_own_curve():
    data = nudge_data(circuit, {"x": -2, "y": 5, "z": -4}, "z")
    assert data["measured"]["slope"] == 3.0
    assert data["measured"]["curve"][0] == [-10.0, -30.0]
    assert [slider["name"] for slider in data["sliders"]] == ["x", "y", "z"]


def test_where_f_has_no_value_the_curve_has_a_gap():
    found = measured(log, x=0.5)
    assert found["curve"][0] == [-1.0, None]
    assert found["left"][NUDGES.index(1.0)] is None
    assert differences(found)["central"]["slopes"][NUDGES.index(1.0)] is None
    assert differences(found)["forward"]["slopes"][NUDGES.index(1.0)] == pytest.approx(math.log(3))


def test_the_window_leaves_out_a_pole():
    low, high = window([*range(100), 1e9], 50)
    assert -20 < low < 0
    assert 100 < high < 120


class Triple:
    """A student's gate."""

    def forward(self, x):
        return 3 * x

    def backward(self, upstream, out, x):
        return (3 * upstream,)


def tripled(x):
    return bp.apply(Triple(), x)


def bent(x):
    return 2 * x if x > 1 else x


@pytest.mark.parametrize("f, who", [(exp, "browser"), (tripled, "kernel"), (bent, "kernel")])
def test_python_measures_own_gates_and_functions_that_branch(f, who):
    assert nudge_data(f, {"x": 1.5})["computes"] == who


def test_a_bent_function_is_measured_on_the_branch_that_each_x_takes():
    found = measured(bent, x=1.0)
    assert found["right"][NUDGES.index(0.5)] == 3.0
    assert found["left"][NUDGES.index(0.5)] == 0.5


def test_a_slider_of_a_function_that_python_measures_brings_new_numbers():
    nudge = Nudge(tripled, x=1.0)
    nudge.inputs = {"x": 2.0}
    assert nudge.data["measured"]["value"] == 6.0
    assert nudge.data["sliders"][0]["value"] == 1.0


def test_a_slider_in_the_browser_sends_nothing_back():
    nudge = Nudge(circuit, x=-2, y=5, z=-4)
    before = nudge.data
    nudge.inputs = nudge.inputs | {"x": 3.0}
    nudge.chosen = "y"
    assert nudge.data is before
    assert nudge.trace.value["x"] == 3.0


def test_python_says_that_a_slider_has_left_what_it_can_compute_and_recovers():
    nudge = Nudge(lambda x: bp.log(tripled(x)), x=1.0)
    nudge.inputs = {"x": -1.0}
    assert "NaN" in nudge.data["message"]
    nudge.inputs = {"x": 2.0}
    assert nudge.data["message"] == ""


@pytest.mark.parametrize(
    "make, said",
    [
        (lambda: Nudge(lambda x: x * np.ones(3), x=1.0), r"shape \(3,\)"),
        (lambda: Nudge(lambda x: x.sum(), x=np.ones((2, 3))), "f needs an input that is a number"),
        (
            lambda: Nudge(lambda x, w: x * w.sum(), x=1.0, w=np.ones((2, 3))),
            r"w is an array of shape \(2, 3\)",
        ),
        (lambda: Nudge(log, x=-1.0), "NaN"),
        (lambda: Nudge(circuit, chosen="q", x=1, y=2, z=3), "chosen is 'q'; the inputs are x, y, z"),
        (lambda: Nudge(exp, x=1.0, ranges={"x": (2, 3)}), "Nudge: x = 1 lies outside"),
    ],
    ids=["not a number", "array", "number and array", "nan", "chosen", "range"],
)
def test_what_cannot_be_shown_is_said_in_its_place(make, said):
    nudge = make()
    assert re.search(said, nudge.data["message"])
    data, _ = nudge._repr_mimebundle_()
    assert data["text/plain"] == nudge.data["message"]


@pytest.mark.parametrize("h", [0, -1.0, math.nan])
def test_a_nudge_that_is_not_positive_is_refused(h):
    with pytest.raises(bp.InputError, match="h must be a positive number"):
        Nudge(exp, x=1.0, h=h)


def test_any_h_is_taken_to_the_nearest_of_the_scale():
    assert Nudge(exp, x=1.0, h=3e-5).h == 2e-5
    nudge = Nudge(exp, x=1.0, h=40.0)
    assert nudge.h == 1.0
    nudge.h = 6e-3
    assert nudge.h == 5e-3
    with pytest.raises(bp.InputError, match="h must be a positive number"):
        nudge.h = 0


@pytest.mark.parametrize("central, slope", [(False, "4.75"), (True, "3.25")])
def test_the_still_picture_has_the_numbers_of_the_widget(central, slope):
    data, _ = Nudge(lambda x: x**3, x=1.0, h=0.5, central=central)._repr_mimebundle_()
    assert {"image/svg+xml", "image/png", "text/plain"} < set(data)
    assert "derivative from the gates' rules: 3\n" in data["text/plain"]
    assert f"{slope}, error" in data["text/plain"]
    assert "predicted change gradient × h = 1.5, actual 2.375" in data["text/plain"]
    assert "max-width:100%" in data["image/svg+xml"]


def test_the_still_picture_of_a_function_with_gaps_draws_what_there_is():
    data, _ = Nudge(log, x=0.5, h=1.0, central=True)._repr_mimebundle_()
    assert "central difference" not in data["text/plain"]
    assert "secant" not in data["image/svg+xml"]


def test_an_input_that_f_does_not_use_has_no_slider():
    nudge = Nudge(lambda x, unused: x * x, x=3.0, unused=1.0)
    assert [slider["name"] for slider in nudge.data["sliders"]] == ["x"]
    assert nudge.trace.gradient["x"] == 6.0


def test_where_f_itself_refuses_an_x_the_curve_has_a_gap_and_python_measures():
    data = nudge_data(lambda x: x * {True: 2}[x > 0], {"x": 1.0})
    assert data["computes"] == "kernel"
    assert data["measured"]["curve"][0] == [-2.0, None]
    assert data["measured"]["curve"][-1] == [2.0, 4.0]
