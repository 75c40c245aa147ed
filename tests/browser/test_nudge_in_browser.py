"""The Nudge on a plain page: the browser measures as Python does, and a reader can do everything by keys."""

import numpy as np
import pytest

from bplib.widgets.measuring import NUDGES, differences
from bplib.widgets.nudge import Nudge, nudge_data
from bplib.widgets.nudge_still import window
from tests.browser.conftest import keeps_its_keys


def cube(x):
    return x**3


def circuit(x, y, z):
    return (x + y) * z


def neuron(w, x, b):
    return 1 / (1 + np.exp(-1 * (w * x + b)))


def words(widget, place=0):
    return widget.locator(".words").nth(place).inner_text()


def slide(widget, name, presses, key="ArrowLeft"):
    for _ in range(presses):
        widget.get_by_role("slider", name=name, exact=True).press(key)


@pytest.mark.parametrize("f", [cube, circuit, neuron])
def test_the_browser_measures_what_python_measures(module, f):
    rng = np.random.default_rng(7)
    names = f.__code__.co_varnames[: f.__code__.co_argcount]
    start, later = (dict(zip(names, rng.uniform(0.5, 2, len(names)), strict=True)) for _ in range(2))
    ranges = dict.fromkeys(names, (-2, 3))
    measuring_js = module("measuring")
    for chosen in names:
        data = nudge_data(f, start, chosen, ranges)
        found = measuring_js("measure(...xs)", data, later, chosen)
        expected = nudge_data(f, later, chosen, ranges)["measured"]
        for key in ("value", "slope", "right", "left"):
            assert found[key] == pytest.approx(expected[key], rel=1e-14)
        assert np.array(found["curve"]) == pytest.approx(np.array(expected["curve"]), rel=1e-14)


def test_slopes_errors_and_the_best_h_are_those_of_python(module):
    measured = nudge_data(lambda x: np.log(x), {"x": 0.5})["measured"]  # with gaps
    nowhere = measured | {side: [None] * len(NUDGES) for side in ("left", "right")}
    measuring_js = module("measuring")
    for each in (measured, nowhere):
        assert measuring_js("differences(...xs)", each, NUDGES) == differences(each)


def test_the_window_on_a_curve_with_a_pole_and_a_gap_is_that_of_python(module):
    curve = [[x, None if x < -50 else 1 / (x or 1e-9)] for x in range(-60, 61)]
    found = module("plot")("windowOf(...xs)", curve, 0.5)
    assert found == pytest.approx(window([y for _, y in curve if y is not None], 0.5), rel=1e-14)


def test_the_first_sight_has_the_secant_beside_the_derivative(view):
    widget = view(Nudge(cube, x=1.0))
    assert words(widget).startswith("Slope of the secant (f(x + h) − f(x)) / h = 4.75, error 1.75")
    assert "Derivative from the gates’ rules: 3\n" in words(widget)
    assert "predicted change, gradient × h = 3 × 0.5 = 1.5" in words(widget, 1)
    assert "Actual change of the output: 2.375, actual / predicted = 1.583333" in words(widget, 1)


def test_a_shorter_h_settles_the_slope_until_rounding_takes_over(view):
    widget = view(Nudge(cube, x=1.0))
    slide(widget, "h", 8)  # 0.5, 0.2, 0.1, 0.05 … 0.001
    assert "= 3.003001, error 3.0e−3" in words(widget)
    assert "Yours is longer" in words(widget)
    assert "actual / predicted = 1.001" in words(widget, 1)
    slide(widget, "h", 35)
    assert "Yours is shorter" in words(widget)
    slide(widget, "h", 9)
    assert "Nothing moves" in words(widget, 1)
    assert widget.evaluate("({ model }) => model.get('h')") == 1e-16


def test_the_central_difference_is_one_press_away(view):
    widget = view(Nudge(cube, x=1.0))
    widget.get_by_role("button", name="central").press("Enter")
    assert "(f(x + h) − f(x − h)) / 2h = 3.25, error 0.25" in words(widget)
    assert widget.get_by_role("button", name="central").get_attribute("aria-pressed") == "true"


def test_a_slider_moves_the_point_and_python_is_told(view):
    widget = view(Nudge(cube, x=1.0))
    slide(widget, "x", 1, "End")
    assert "Derivative from the gates’ rules: 12" in words(widget)
    assert widget.evaluate("({ model }) => model.get('inputs').x") == 2


def test_a_nudge_runs_through_the_graph_and_the_prediction_is_checked(view):
    widget = view(Nudge(circuit, x=-2, y=5, z=-4))
    assert words(widget) == "Where does x + h bring the output? Press x + h when you have said it."
    widget.get_by_role("button", name="x + h").click()
    assert "predicted change, gradient × h = −4 × 0.5 = −2" in words(widget)
    assert widget.locator(".box.forward").count() == 3  # x, + and ×
    assert "Actual change of the output: −2, actual / predicted = 1" in words(widget)
    assert "−14.00" in widget.locator("text.value").all_text_contents()


def test_an_input_is_chosen_by_a_button_or_by_its_box(view):
    widget = view(Nudge(circuit, x=-2, y=5, z=-4))
    widget.get_by_role("button", name="z", exact=True).click()
    widget.get_by_role("button", name="z + h").click()
    assert "z + h: predicted change, gradient × h = 3 × 0.5 = 1.5" in words(widget)
    widget.get_by_role("button", name="input y").press("Enter")
    assert words(widget).startswith("Where does y + h")


def test_what_python_has_measured_is_shown_where_the_browser_knows_no_rule(view):
    widget = view(Nudge(lambda x: 2 * x if x > 1 else x, x=1.0, h=0.5))
    assert "= 4, error 3" in words(widget)  # (3 − 1) / 0.5: the other branch


def test_every_control_has_a_name_and_every_plot_a_description(view):
    widget = view(Nudge(circuit, x=-2, y=5, z=-4))
    for name in ("x", "y", "z", "h"):
        assert widget.get_by_role("slider", name=name, exact=True).count() == 1
    assert widget.get_by_role("group", name="difference").count() == 1
    assert widget.get_by_role("img", name="error of the two differences over h").count() == 1
    assert all(map(keeps_its_keys, widget.locator("button, input, [tabindex]").locator("visible=true").all()))


def test_where_f_has_no_value_a_sentence_takes_the_place_of_the_plots(view):
    widget = view(Nudge(lambda x: np.log(x), x=1.0))
    slide(widget, "x", 1, "Home")
    assert widget.locator(".message").inner_text() == "Here f has no value or no derivative. Move a slider."
    slide(widget, "x", 1, "End")
    assert "rules: 0.5" in words(widget)


def test_a_closed_view_stops_listening(view):
    widget = view(Nudge(cube, x=1.0))
    widget.evaluate("widget => widget.cleanUp()")
    assert widget.evaluate("({ model }) => model.listeners.size") == 0


@pytest.mark.parametrize("width", [380, 800])
def test_it_fits_the_page(view, width):
    widget = view(Nudge(circuit, x=-2, y=5, z=-4))
    widget.page.set_viewport_size({"width": width, "height": 700})
    assert widget.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
